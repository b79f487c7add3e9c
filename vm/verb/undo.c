#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "run/undo.h"

#include <stdlib.h>

static bool read_run(const Cli *c, int64_t *run, Err *e) {
  char *end;
  *run = strtoll(c->arg[0], &end, 10);
  if (end != c->arg[0] && !*end && *run > 0) return true;
  err_set(e, ERR_USAGE, "'%s' is no number of a run", c->arg[0]);
  return err_todo(e, "the runs: pareto history");
}

static bool agreed(Cli *c, int64_t run, bool *yes, Err *e) {
  Buf what = {0};
  *yes = c->yes;
  if (*yes) return true;
  bool ok = run_undo_asked(c->store, run, &what, e) || err_left(e, "nothing was written");
  if (ok && cli_may_ask(c)) {
    ok = cli_ask(c, arena_say(&c->arena, "undo run %lld (%.*s)?", (long long)run, STR_ARG(buf_view(&what))), yes, e);
  } else if (ok) {
    err_set(e, ERR_USAGE, "nobody is here to confirm the undo");
    err_todo(e, "to undo without asking: pareto undo %s --yes", c->arg[0]);
    ok = err_todo(e, "to see the run first: pareto show %s", c->arg[0]);
  }
  buf_free(&what);
  return ok;
}

static bool undo(Cli *c, Err *e) {
  int64_t run, run_id = 0, changes = 0;
  bool yes;
  Buf said = {0};
  if (!read_run(c, &run, e) || !cli_store(c, STORE_WRITE, e) || !agreed(c, run, &yes, e)) return false;
  if (!yes) {
    out_say("nothing was written");
    return true;
  }
  if (c->seconds > 0) stop_at(c->seconds);
  bool ok = run_undo(c->store, run, c->asof, &run_id, &changes, &said, e);
  if (ok && said.n) out_say("%.*s", STR_ARG(str_trim(buf_view(&said))));
  if (ok) play_applied(run_id, (size_t)changes);
  buf_free(&said);
  return ok;
}

const Verb verb_undo = {
    .name = "undo",
    .summary = "take back a run or an import, whole or not at all",
    .usage = (const char *const[]){"undo RUN [--yes]", NULL},
    .about = "Every row is checked first: when one has changed since, the differences are shown and nothing "
             "is touched (exit 4).\n"
             "An undo is a run itself and can be undone. Messages that have left are not called back.",
    .least = 1,
    .most = 1,
    .run = undo,
};
