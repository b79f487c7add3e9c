/* The full environment of playbooks and sessions: sandbox, values, sets, verbs, library. */
#ifndef LUA_SCRIPT_H
#define LUA_SCRIPT_H
#include "lua/engine.h"

/* Opens a state for what h->run, store, rules, ev, report, seed and prompt say. */
bool script_open(Engine *h, Err *e);
#endif
