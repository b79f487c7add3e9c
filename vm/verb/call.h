/* One command line, run inside this process: main's own, and the steps of schedules and chains. */
#ifndef VERB_CALL_H
#define VERB_CALL_H
#include "base/err.h"

/* Reads the options, runs the verb, delivers what it sent, closes what it opened. The exit code; with an error set, which
 * is not printed yet, its kind. argv[0] is the program; texts of argv are kept while it runs. last: the process ends with it. */
int cli_call(int argc, char **argv, bool last, Err *e);
/* To stderr, with what was left untouched. */
void cli_complain(Err *e);
#endif
