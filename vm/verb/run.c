#include "verb/chain.h"
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

static bool agreed_chain(Cli *c, bool *yes, Err *e) {
  *yes = c->yes;
  if (*yes) return true;
  if (cli_may_ask(c)) return cli_ask(c, "run the chain, each step written as it is done?", yes, e);
  err_set(e, ERR_USAGE, "nobody is here to confirm the changes");
  err_todo(e, "to run the chain without asking: pareto run %s --yes", c->arg[0]);
  return err_todo(e, "to see what it would do, on a copy: pareto plan %s", c->arg[0]);
}

static bool run_chain(Cli *c, Playbook *p, Err *e) {
  int64_t resume = 0;
  bool yes;
  if (!cli_opt_int(c, "resume", 1, &resume, e) || !agreed_chain(c, &yes, e)) return false;
  if (yes) return chain_run(c, p, resume, e);
  out_say("nothing was written");
  return true;
}

static bool run(Cli *c, Err *e) {
  if (!cli_store(c, STORE_WRITE, e)) return false;
  Play play = {0};
  Plan *p = NULL;
  bool ok = play_open(c, c->arg[0], &play, e);
  if (ok && playbook_kind(play.playbook) == CHAIN) {
    ok = run_chain(c, play.playbook, e);
    play_close(&play);
    return ok;
  }
  if (ok && cli_opt(c, "resume")) ok = err_set(e, ERR_USAGE, "--resume belongs to a chain; %s is a playbook", c->arg[0]);
  ok = ok && step_of_its_own(c, e) && may_go_on(c, play.playbook, e) && play_plan(c, &play, &p, e) &&
            apply(c, &play, &p, e);
  plan_free(p);
  play_close(&play);
  return ok;
}

static const OptDef options[] = {
  {"resume", "RUN", "of a chain: go on with that run, from the step that failed", false},
  {"limit", "RULE", "only changes to rows for which the rule holds", false},
  {"allow-percent", "PERCENT", "replaces the playbook's guard max_percent for this once", false},
  {"allow-changes", "N", "replaces the playbook's guard max_changes for this once", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_run = {
  .name = "run",
  .summary = "plan a playbook, show the changes, and apply them when confirmed",
  .usage = (const char *const[]){"run NAME [--set ARG=VALUE]… [--as-of DAY] [--limit RULE] [--yes]",
                                "run CHAIN [--set ARG=VALUE]… [--as-of DAY] [--resume RUN] [--yes]", NULL},
  .about = "The changes are written in one transaction with their record: see history, show, why.\n"
           "The steps of a chain are written one after another; when one waits for a signature the exit code is 3\n"
           "(pareto approve RUN); after a failure it is taken up with --resume. Its runs: pareto schedule log.",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = run,
};
