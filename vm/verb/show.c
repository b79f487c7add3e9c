#include "verb/out.h"
#include "verb/verbs.h"

#include "run/planfile.h"

#include <errno.h>
#include <stdlib.h>

static bool show_plan(Cli *c, Err *e) {
  Plan *p = NULL;
  Buf text = {0}, day = {0};
  bool ok = cli_store(c, STORE_READ, e) && plan_load(c->db, c->arg[0], &p, e);
  if (ok) {
    RunSpec spec = plan_spec(p);
    int64_t run = 0;
    day_print(spec.asof, &day);
    buf_say(&text, "plan %s of %s · made %.10s %.5s UTC · as of %s\n", plan_name(p), spec.what,
            plan_made(p), plan_made(p) + 11, day.p);
    if (*spec.args) buf_printf(&text, "%-9s%s\n", "with", spec.args);
    if (spec.limit) buf_printf(&text, "%-9s%s\n", "limit", spec.limit);
    buf_printf(&text, "%-9s%llu\n%-9s%s\n", "seed", (unsigned long long)spec.seed, "digest", plan_digest(p));
    ok = plan_applied(p, c->store, &run, e);
    if (ok && run) buf_say(&text, "applied as run %lld\n", (long long)run);
    buf_char(&text, '\n');
  }
  ok = ok && out_text(c, buf_view(&text), e) &&
       (!plan_report(p)->n || out_report(c, plan_report(p), UI_TABLE, e));
  if (ok) {
    buf_clear(&text);
    if (plan_report(p)->n) buf_char(&text, '\n');
    plan_print(p, c->store, &text);
    ok = out_text(c, buf_view(&text), e);
  }
  buf_free(&text);
  buf_free(&day);
  plan_free(p);
  return ok;
}

static bool show(Cli *c, Err *e) {
  if (plan_named(c->db, c->arg[0])) return show_plan(c, e);
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
    .summary = "one run or plan: who, when, with what, its report, changes and decisions",
    .usage = (const char *const[]){"show RUN", "show PLAN", NULL},
    .least = 1,
    .most = 1,
    .run = show,
};
