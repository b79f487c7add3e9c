/* The full environment of playbooks and sessions: sandbox, values, sets, verbs, library. */
#ifndef LUA_SCRIPT_H
#define LUA_SCRIPT_H
#include "lua/host.h"

/* Opens a state for what h->run, store, rules, ev, report, seed and prompt say. */
bool script_open(Host *h, Err *e);
#endif
