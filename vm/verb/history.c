#include "verb/out.h"
#include "verb/verbs.h"

static bool history(Cli *c, Err *e) {
  int64_t most = 20;
  if (!cli_opt_int(c, "last", 1, &most, e) || !cli_store(c, STORE_READ, e)) return false;
  Report rep = {0};
  bool ok = run_history(c->store, (size_t)most, &rep, e) && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}

static const OptDef options[] = {
  {"last", "N", "only the last N runs (default 20)", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_history = {
  .name = "history",
  .summary = "the runs and imports so far, the latest first",
  .usage = (const char *const[]){"history [--last N]", NULL},
  .opt = options,
  .run = history,
};
