#include "verb/out.h"
#include "verb/verbs.h"

#include <errno.h>
#include <stdlib.h>

static bool show(Cli *c, Err *e) {
  char *end;
  errno = 0;
  long long id = strtoll(c->arg[0], &end, 10);
  if (errno || end == c->arg[0] || *end || id <= 0) {
    err_set(e, ERR_USAGE, "'%s' is no number of a run", c->arg[0]);
    return err_todo(e, "the runs: pareto history");
  }
  if (!cli_store(c, STORE_READ, e)) return false;
  Report rep = {0};
  bool ok = run_show(c->store, id, &rep, e) && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}

const Verb verb_show = {
  .name = "show",
  .summary = "one run: who, when, with what, its report, changes and decisions",
  .usage = (const char *const[]){"show RUN", NULL},
  .least = 1,
  .most = 1,
  .run = show,
};
