/* What the verbs that take a playbook share: finding, reading and checking it against the
 * database, its arguments, and the RunSpec of one execution. */
#ifndef VERB_BOOK_H
#define VERB_BOOK_H
#include "lua/playbook.h"
#include "verb/verb.h"

typedef struct Book {
  Playbook *playbook;
  RunSpec spec;  /* filled by book_spec; texts live in the book or the Cli */
  Buf args;
} Book;

/* Needs c->store. The playbook of this name, checked, with every --set in force. */
bool book_open(Cli *c, const char *name, Book *out, Err *e);
void book_spec(Cli *c, Book *b);
void book_close(Book *b);

/* Options of plan and run that loosen guards on purpose. */
bool book_guards(const Cli *c, RunSpec *spec, Err *e);
enum { BOOK_SECONDS = 600 }; /* a run's deadline unless --timeout says otherwise */

/* Plans it and shows the report and the difference. The caller frees the plan, also on failure. */
bool book_plan(Cli *c, Book *b, Plan **plan, Err *e);
#endif
