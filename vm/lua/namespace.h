/* What a Playbook is made of (internal to vm/lua), and its namespace: the rules of the header and
 * of the rulebooks it uses, built against one database. */
#ifndef LUA_NAMESPACE_H
#define LUA_NAMESPACE_H
#include "lua/header.h"

typedef struct SetArg { /* an arg as the user set it */
  char *name, *text;
} SetArg;

struct Playbook {
  Header *header;
  Rules *rules;           /* NULL until checked */
  Playbook **used;        /* rulebooks, owned; their rules outlive ours */
  size_t nused;
  SetArg *set;
  size_t nset, setcap;
};

void namespace_drop(Playbook *p);
/* The fields that the header and its rulebooks add and the store does not have yet. *added: any. */
bool namespace_add_fields(Playbook *p, Store *s, bool *added, Err *e);
/* A rulebook's file: beside the playbook, else where playbooks are sought. */
bool namespace_find(const Header *h, const char *name, Buf *path, Err *e);
#endif
