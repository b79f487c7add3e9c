/* A reading Run over the call's database, for verbs that only ask. */
#ifndef VERB_READ_H
#define VERB_READ_H
#include "verb/verb.h"

typedef struct Reading {
  RunSpec spec;
  Run *run;
} Reading;

/* Opens the database and starts the deadline. `what` and `text` (the code) are kept, not copied. */
bool reading_open(Cli *c, Reading *out, const char *what, const char *text, Err *e);
/* The same; the database is opened, and the snapshot taken, when something is asked of it. */
bool reading_open_later(Cli *c, Reading *out, const char *what, const char *text, Err *e);
void reading_close(Reading *r);
#endif
