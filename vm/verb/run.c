#include "verb/play.h"
#include "verb/job.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include "run/duty.h"

static bool nobody_to_ask(const Cli *c, Err *e) {
  err_set(e, ERR_USAGE, "nobody is here to confirm the changes");
  err_todo(e, "to apply without asking: pareto run %s --yes", c->arg[0]);
  return err_todo(e, "to see them first: pareto plan %s", c->arg[0]);
}

/* A run that changes nothing is recorded all the same: that it ran is worth knowing. */
static bool agreed(Cli *c, const Plan *p, bool *yes, Err *e) {
  *yes = c->yes || plan_empty(p);
  if (*yes) return true;
  return cli_may_ask(c) ? cli_ask(c, "apply?", yes, e) : nobody_to_ask(c, e);
}

static bool apply(Cli *c, Play *b, Plan **p, Err *e) {
  bool yes;
  if (!agreed(c, *p, &yes, e)) return false;
  if (!yes) {
    out_say("nothing was written");
    return true;
  }
  int64_t run_id = 0;
  if (!play_apply(c, b, p, &run_id, e)) return false;
  play_applied(run_id, plan_changes(*p));
  return true;
}

/* What may write is refused before the work when nobody could confirm it. */
static bool may_go_on(const Cli *c, const Playbook *p, Err *e) {
  return c->yes || cli_may_ask(c) || !*playbook_writes(p) || nobody_to_ask(c, e);
}

/* For a schedule a playbook is a chain of one step. */
static bool step_of_its_own(Cli *c, Err *e) {
  if (!duty_now() || duty_now()->step) return true;
  Duty one = *duty_now();
  one.step = 1;
  duty_take(&one);
  return job_begin_steps(c->store, 1, e);
}

static bool run(Cli *c, Err *e) {
  if (!cli_store(c, STORE_WRITE, e)) return false;
  Play play = {0};
  Plan *p = NULL;
  bool ok = play_open(c, c->arg[0], &play, e) && step_of_its_own(c, e) && may_go_on(c, play.playbook, e) && play_plan(c, &play, &p, e) &&
            apply(c, &play, &p, e);
  plan_free(p);
  play_close(&play);
  return ok;
}

static const OptDef options[] = {
  {"limit", "RULE", "only changes to rows for which the rule holds", false},
  {"allow-percent", "PERCENT", "replaces the playbook's guard max_percent for this once", false},
  {"allow-changes", "N", "replaces the playbook's guard max_changes for this once", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_run = {
  .name = "run",
  .summary = "plan a playbook, show the changes, and apply them when confirmed",
  .usage = (const char *const[]){"run NAME [--set ARG=VALUE]… [--as-of DAY] [--limit RULE] [--yes]", NULL},
  .about = "The changes are written in one transaction with their record: see history, show, why.",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = run,
};
