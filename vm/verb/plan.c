#include "verb/chain.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include "run/planfile.h"

static bool plan(Cli *c, Err *e) {
  if (!cli_store(c, STORE_READ, e)) return false;
  cli_look_at_clock(c);
  Play play = {0};
  Plan *p = NULL;
  bool ok = play_open(c, c->arg[0], &play, e);
  if (ok && playbook_kind(play.playbook) == CHAIN) {
    ok = chain_plan(c, play.playbook, e);
    play_close(&play);
    return ok;
  }
  ok = ok && play_plan(c, &play, &p, e);
  Buf where = {0};
  if (ok && (!plan_empty(p) || cli_opt(c, "out"))) ok = plan_save(p, c->db, cli_opt(c, "out"), &where, e);
  if (ok) {
    out_say("nothing was written");
    if (where.n) out_say("kept as %s; to apply it: pareto apply %s", where.p, cli_opt(c, "out") ? where.p : plan_name(p));
    if (cli_flag(c, "detailed-exitcode") && !plan_empty(p)) c->exit_code = ERR_PENDING;
  }
  buf_free(&where);
  plan_free(p);
  play_close(&play);
  return ok;
}

static const OptDef options[] = {
  {"out", "FILE", "keep the plan as FILE (default: p-0001 … in DATABASE.plans)", false},
  {"limit", "RULE", "only changes to rows for which the rule holds", false},
  {"detailed-exitcode", NULL, "exit with 3 when changes are pending", false},
  {"allow-percent", "PERCENT", "replaces the playbook's guard max_percent for this once", false},
  {"allow-changes", "N", "replaces the playbook's guard max_changes for this once", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_plan = {
  .name = "plan",
  .summary = "execute a playbook on a private copy and show what it would change",
  .usage = (const char *const[]){"plan NAME [--set ARG=VALUE]… [--as-of DAY] [--limit RULE] [--out FILE]", NULL},
  .about = "Nothing is skipped and nothing is written: the playbook runs for real on a copy of the database.\n"
           "What it would change is kept as a plan: see show, diff and apply.\n"
           "The steps of a chain build on one another: they run on one copy, and no plan is kept.",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = plan,
};
