/* Inside the chain: one step of each kind. */
#ifndef VERB_CHAIN_STEP_H
#define VERB_CHAIN_STEP_H
#include "verb/chain.h"
#include "store/job.h"

typedef struct ChainRun {
  Cli *c;
  Playbook *p;
  const char *db;      /* where it runs: c->db, or the copy */
  bool plan;           /* on a copy */
  Day asof;
  int64_t run;         /* job_run.id; 0 on a copy */
  JobStep *done;       /* what is there already; step 1 is done[0]; state NULL: not yet */
  const ChainStep *step;
  size_t n, from;      /* steps before `from` (counted from 0) are left as they are */
} ChainRun;

typedef enum StepEnd { STEP_DONE, STEP_WAITS, STEP_FAILS } StepEnd;
/* With STEP_FAILS the error says why. *waits: the name of the plan that waits. */
StepEnd step_playbook(ChainRun *k, const ChainStep *st, char **waits, Err *e);
StepEnd step_import(ChainRun *k, const ChainStep *st, Err *e);
StepEnd step_report(ChainRun *k, const ChainStep *st, Err *e);
/* "import orders-2026-10.csv" */
const char *step_title(ChainRun *k, const ChainStep *st);
#endif
