/* Changes typed at the prompt: planned on a copy as a playbook's are, shown, confirmed, written as a run. */
#include "verb/repl.h"

#include "base/lang.h"

#include "verb/out.h"
#include "verb/play.h"

#include <stdio.h>

enum { TRIES = 5 };

/* y, n, or s to see every row of the plan first. */
static char ask(void) {
  char line[64];
  fputs(_("apply? [y]es [n]o [s]ee all  "), stderr);
  fflush(stderr);
  if (!fgets(line, sizeof line, stdin)) {
    fputc('\n', stderr);
    clearerr(stdin);
    return 'n';
  }
  return line[0] == 'Y' ? 'y' : line[0] == 'S' ? 's' : line[0];
}

static bool agreed(Repl *r, const Plan *p, Store *s, bool *yes, Err *e) {
  for (;;) {
    char answer = ask();
    *yes = answer == 'y';
    if (answer != 's') return true;
    Buf all = {0};
    plan_print_all(p, s, &all);
    bool ok = repl_show(r, buf_view(&all), e);
    buf_free(&all);
    if (!ok) return false;
  }
}

/* When somebody wrote meanwhile, the plan is made again; only the same changes are written. */
static bool apply(Repl *r, Store *s, const RunSpec *spec, Plan **p, int64_t *run, Err *e) {
  for (int i = 0;; i++) {
    if (run_apply(s, *p, run, e)) return true;
    if (e->kind != ERR_STALE || i == TRIES) return false;
    err_free(e);
    Plan *fresh = NULL;
    if (!run_plan(s, spec, wishes_run, r->wishes, &fresh, e)) return false;
    bool same = plan_adopt(fresh, *p, s, e);
    plan_free(*p);
    *p = fresh;
    if (!same) return false;
  }
}

static bool confirm(Repl *r, Store *s, const RunSpec *spec, Plan **p, bool *written, Err *e) {
  Buf text = {0};
  bool yes;
  int64_t run = 0;
  plan_print(*p, s, &text);
  bool ok = repl_show(r, buf_view(&text), e);
  buf_free(&text);
  if (!ok || plan_empty(*p)) return ok;
  if (!agreed(r, *p, s, &yes, e)) return false;
  if (!yes) {
    out_say("nothing written");
    return true;
  }
  if (!apply(r, s, spec, p, &run, e)) return false;
  play_applied(run, plan_changes(*p));
  return *written = true;
}

bool repl_change(Repl *r, Str line, bool *written, Err *e) {
  Cli *c = r->c;
  Cli own = *c;
  Plan *p = NULL;
  static const char *const nothing[] = {NULL};
  own.store = NULL;
  RunSpec spec = {
    .what = "session",
    .script = line,
    .args = "",
    .asof = c->asof,
    .seed = c->seed,
    .writes = wishes_writes(r->wishes),
    .grants = nothing,
    .max_percent = -1,
    .max_changes = -1,
    .seconds = c->seconds < 0 ? VERB_SECONDS : c->seconds,
    .file = "session.lua",
  };
  bool ok = cli_store(&own, STORE_WRITE, e) && run_plan(own.store, &spec, wishes_run, r->wishes, &p, e) &&
            confirm(r, own.store, &spec, &p, written, e);
  plan_free(p);
  store_close(own.store);
  return ok;
}
