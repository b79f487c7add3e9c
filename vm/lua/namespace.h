/* What a Playbook is made of (internal to vm/lua), and its namespace: the rules of the header and
 * of the rulebooks it uses, built against one database. */
#ifndef LUA_NAMESPACE_H
#define LUA_NAMESPACE_H
#include "lua/header.h"

typedef struct SetArg { /* an arg as the user set it */
  char *name, *text;
} SetArg;

typedef struct Stand { /* something that stands in for what a header says: playbook_vary */
  VaryKind kind;
  char *name, *text;
  bool met;               /* what it stands for exists */
} Stand;

struct Playbook {
  Header *header;
  Playbook *root;         /* of a rulebook: the playbook that is being checked */
  Stand *stand;
  size_t nstand, capstand;
  Rules *rules;           /* NULL until checked */
  Playbook **used;        /* rulebooks; their rules outlive ours */
  size_t nused;
  Playbook **book;        /* of the root: all rulebooks that it and they use, each once; owned */
  size_t nbook, capbook;
  char *called;           /* a rulebook: as `uses` names it */
  Playbook *asker;        /* … and who is waiting for it while it is checked; NULL: checked */
  SetArg *set;
  size_t nset, setcap;
  char *ask_code, *ask_day; /* a question to the visits in force, or NULL */
};

void namespace_drop(Playbook *p);
/* chain_book.c: the args of a chain, and what its steps name. */
bool chain_check(Playbook *p, Store *s, Err *e);
/* Checks the playbook and gives the store the fields that it and its rulebooks add; then checks it again, for a
 * change of schema leaves no rules standing. Writes: the caller is inside a transaction. */
bool namespace_ready(Playbook *p, Store *s, Err *e);
/* A rulebook's file: beside the playbook, else where playbooks are sought. */
bool namespace_find(const Header *h, const char *name, Buf *path, Err *e);
#endif
