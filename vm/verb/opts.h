/* Reading argv into a Cli. Unknown verbs and options are ERR_USAGE with the nearest name. */
#ifndef VERB_OPTS_H
#define VERB_OPTS_H
#include "verb/verb.h"

typedef struct CliOpt {
  const OptDef *def;
  const char *value; /* "" for a flag */
} CliOpt;

/* argv[0] is the program. Without a verb c->verb stays NULL. Texts of argv are kept, not copied. */
bool opts_read(Cli *c, int argc, char **argv, Err *e);
void opts_free(Cli *c);
/* 90, 90s, 20min, 2h, 1d */
bool opts_seconds(const char *text, double *out);
#endif
