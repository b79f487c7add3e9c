#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "base/lang.h"

#include "run/compare.h"
#include "run/planfile.h"

#include <stdlib.h>

enum { SAMPLES = 20 };

static bool with_today(Cli *c, Err *e) {
  Plan *kept = NULL, *fresh = NULL;
  Play play = {0};
  Buf text = {0};
  if (!plan_named(c->db, c->arg[0])) {
    err_set(e, ERR_USAGE, "diff: '%s' is no plan", c->arg[0]);
    err_todo(e, "a plan against today: pareto diff p-0001");
    return err_todo(e, "two runs: pareto diff 12 13");
  }
  bool ok = cli_store(c, STORE_READ, e) && plan_load(c->db, c->arg[0], &kept, e) &&
            play_reopen(c, kept, &play, e) && play_again(c, &play, kept, &fresh, e);
  if (ok) {
    compare_print(c->store, plan_journal(kept), plan_journal(fresh), _("planned"), _("today"), SAMPLES, &text);
    ok = out_text(c, buf_view(&text), e);
  }
  buf_free(&text);
  plan_free(fresh);
  plan_free(kept);
  play_close(&play);
  return ok;
}

/* A plan or a run as changes, and what to call it. */
typedef struct Side {
  Plan *plan;
  Journal run;
  const Journal *j;
  const char *name;
} Side;

static bool open_side(Cli *c, const char *arg, Side *out, Err *e) {
  if (plan_named(c->db, arg)) {
    if (!plan_load(c->db, arg, &out->plan, e)) return false;
    out->j = plan_journal(out->plan);
    out->name = arena_say(&c->arena, "in %s", plan_name(out->plan));
    return true;
  }
  char *end;
  long long id = strtoll(arg, &end, 10);
  if (end == arg || *end || id <= 0) {
    err_set(e, ERR_USAGE, "'%s' is neither a plan nor the number of a run", arg);
    return err_todo(e, "the runs: pareto history");
  }
  out->j = &out->run;
  out->name = arena_say(&c->arena, "in run %lld", id);
  return run_journal(c->store, id, &out->run, e);
}

static void close_side(Side *s) {
  plan_free(s->plan);
  journal_free(&s->run);
}

static bool diff(Cli *c, Err *e) {
  if (c->narg == 1) return with_today(c, e);
  Side a = {0}, b = {0};
  Buf text = {0};
  bool ok = cli_store(c, STORE_READ, e) && open_side(c, c->arg[0], &a, e) && open_side(c, c->arg[1], &b, e);
  if (ok) {
    compare_print(c->store, a.j, b.j, a.name, b.name, SAMPLES, &text);
    ok = out_text(c, buf_view(&text), e);
  }
  buf_free(&text);
  close_side(&a);
  close_side(&b);
  return ok;
}

const Verb verb_diff = {
    .name = "diff",
    .summary = "what a plan would change today beside what it planned; or two runs",
    .usage = (const char *const[]){"diff PLAN", "diff RUN RUN", NULL},
    .about = "+ only the second changes the row, - only the first does, ≠ both do and differ.",
    .least = 1,
    .most = 2,
    .run = diff,
};
