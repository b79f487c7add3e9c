#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "run/planfile.h"

static bool not_yet(Cli *c, const Plan *p, Err *e) {
  int64_t run = 0;
  if (!plan_applied(p, c->store, &run, e)) return false;
  if (!run) return true;
  err_set(e, ERR_STALE, "plan %s was applied already, as run %lld", plan_name(p), (long long)run);
  err_todo(e, "what it did: pareto show %lld", (long long)run);
  return err_left(e, "nothing was written");
}

static bool apply(Cli *c, Err *e) {
  Plan *kept = NULL, *fresh = NULL;
  Play play = {0};
  int64_t run_id = 0;
  bool ok = cli_store(c, STORE_WRITE, e) && plan_load(c->db, c->arg[0], &kept, e) && not_yet(c, kept, e) &&
            play_reopen(c, kept, &play, e) && play_again(c, &play, kept, &fresh, e) &&
            plan_adopt(fresh, kept, c->store, e) && not_yet(c, kept, e) &&
            play_apply(c, &play, &fresh, &run_id, e);
  if (ok) play_applied(run_id, plan_changes(fresh));
  plan_free(fresh);
  plan_free(kept);
  play_close(&play);
  return ok;
}

const Verb verb_apply = {
    .name = "apply",
    .summary = "write what a plan shows, if it is still what would happen",
    .usage = (const char *const[]){"apply PLAN", NULL},
    .about = "The plan is computed again, with the script, arguments, day and seed it was made with; nobody "
             "is locked out\n"
             "meanwhile. Only the very same changes are written, in one transaction. Otherwise, or when the "
             "plan was\n"
             "applied already, nothing is (exit 4).",
    .least = 1,
    .most = 1,
    .run = apply,
};
