/* A chain, run by hand, by a schedule, or on a copy to see what it would do: its steps in order, each written before the
 * next begins. What is done is kept, so that it can be taken up from the step that failed or waits. */
#ifndef VERB_CHAIN_H
#define VERB_CHAIN_H
#include "verb/play.h"

/* c->store is open for writing. `resume`: a run of the chain to go on with, or 0. Exit code ERR_PENDING: it waits for a
 * signature. */
bool chain_run(Cli *c, Playbook *p, int64_t resume, Err *e);
/* On a private copy of the database; nothing is written, nothing sent. c->store is open. */
bool chain_plan(Cli *c, Playbook *p, Err *e);
/* Applies the plan that run `id` waits with, as the person at hand, and goes on with the rest; or refuses it. */
bool chain_sign(Cli *c, int64_t id, bool refuse, const char *text, Err *e);
/* Is there a run of this number that waits for a signature? */
bool chain_waits(Store *s, const char *number, int64_t *id, Err *e);
#endif
