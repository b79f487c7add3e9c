/* What the verbs of schedules share: the moment that counts as now, the keeper of this command line, and what a job does. */
#ifndef VERB_JOB_H
#define VERB_JOB_H
#include "run/keeper.h"
#include "verb/verb.h"

/* --now MOMENT where the verb has it, else the clock. */
bool job_now(const Cli *c, int64_t *out, Err *e);
/* Needs c->db to exist. Texts live in the Cli. */
bool job_keeper(Cli *c, KeeperSpec *out, Err *e);
/* The body of the keeper: a command line of its own, `run TARGET --yes` with the schedule's arguments. */
int job_body(void *ctx, const Job *j, const JobRun *r);
/* Writes into the row of this duty's run how many steps there are; nothing without a duty. */
bool job_begin_steps(Store *s, int steps, Err *e);
/* The same, of its detail. For the row only: what goes wrong here is nobody's error. */
void job_detail(const char *db, int64_t run, const char *text);
#endif
