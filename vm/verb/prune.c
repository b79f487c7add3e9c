#include "verb/out.h"
#include "verb/verbs.h"

#include "run/chain.h"

static bool agreed(Cli *c, bool *yes, Err *e) {
  *yes = c->yes;
  if (*yes) return true;
  if (cli_may_ask(c))
    return cli_ask(c, arena_say(&c->arena, "take the runs of before %s out of the log?", c->arg[0]), yes, e);
  err_set(e, ERR_USAGE, "nobody is here to confirm that the log is cut");
  return err_todo(e, "to do it without asking: pareto prune %s --yes", c->arg[0]);
}

static bool prune(Cli *c, Err *e) {
  Day day;
  bool yes;
  int64_t run, n;
  if (!day_parse(str_of(c->arg[0]), &day)) {
    err_set(e, ERR_USAGE, "'%s' is no date", c->arg[0]);
    return err_todo(e, "write it as 2026-01-01");
  }
  if (!cli_store(c, STORE_WRITE, e) || !agreed(c, &yes, e)) return false;
  if (yes && !chain_prune(c->store, day, c->asof, &run, &n, e)) return false;
  if (!yes) out_say("nothing was written");
  else if (!run) out_say("no run is that old");
  else out_say("run %lld: %lld run%s pruned", (long long)run, (long long)n, n == 1 ? "" : "s");
  return true;
}

const Verb verb_prune = {
    .name = "prune",
    .summary = "take old runs out of the log; a checkpoint in the chain stays in their place",
    .usage = (const char *const[]){"prune DAY [--yes]", NULL},
    .about = "Runs of before DAY go, with their changes, decisions, reports and messages that have left. The data and the\n"
             "history of fields stay as they are; why, show and undo end there. Verify passes afterwards, and knows a\n"
             "head printed since, or of the last run that went. A backup from before keeps what is cut.",
    .least = 1,
    .most = 1,
    .run = prune,
};
