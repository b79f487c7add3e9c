#include "run/child.h"
#include "run/digest.h"
#include "run/guard.h"
#include "run/hash.h"
#include "run/state.h"
#include "run/wire.h"

typedef struct Work {
  Store *copy;
  const RunSpec *spec;
  RunBody body;
  void *ctx;
} Work;

static void put_findings(Run *r, Buf *out) {
  Buf part = {0};
  journal_encode(&r->journal, &part);
  wire_put_str(out, buf_view(&part));
  buf_clear(&part);
  report_encode(&r->report, &part);
  wire_put_str(out, buf_view(&part));
  wire_put_str(out, buf_view(&r->decided));
  wire_put_str(out, buf_view(&r->log));
  buf_free(&part);
}

/* In the child. The copy is thrown away, but only a commit shows that no statement of the run has
 * ended the transaction unseen (a full disk, an interrupt) and taken journalled changes back with it. */
static bool execute(void *ctx, Buf *result, Err *e) {
  Work *w = ctx;
  Run r = {.store = w->copy, .spec = w->spec};
  size_t ngrant = 0;
  while (w->spec->grants && w->spec->grants[ngrant]) ngrant++;
  store_grant(w->copy, w->spec->grants, ngrant);
  if (w->spec->note) run_log(&r, "%s", w->spec->note);
  if (!store_begin(w->copy, e) || !store_journal_start(w->copy, &r.journal, e)) return false;
  if (!w->body(w->ctx, &r, e)) return false;
  store_journal_stop(w->copy);
  if (!store_commit(w->copy, e)) return false;
  journal_compact(&r.journal);
  if (!guard_check(w->copy, w->spec, &r.journal, e)) return false;
  put_findings(&r, result);
  return true;
}

static bool take_findings(Str bytes, Plan *p, Err *e) {
  Wire w = {.rest = bytes};
  Str journal = wire_str(&w), report = wire_str(&w);
  buf_str(&p->decided, wire_str(&w));
  buf_str(&p->log, wire_str(&w));
  if (w.broken) return err_set(e, ERR_FAIL, "the result of the plan is damaged");
  return journal_decode(journal, &p->journal, e) && report_decode(report, &p->report, e);
}

static bool newest_run(Store *s, int64_t *out, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "SELECT max(id) FROM run", NULL, 0, &a, &v, e);
  *out = ok && v.t == V_NUM ? v.u.i : 0;
  arena_free(&a);
  return ok;
}

/* The copy is made here, not in the child, so that its file goes away whatever becomes of the child;
 * and the copy is idle when the child takes it over: SQLite's handles do not survive a fork otherwise. */
static bool fill(Plan *p, Store *s, const RunSpec *spec, RunBody body, void *ctx, Err *e) {
  Buf result = {0};
  Store *copy = NULL;
  if (!store_begin_read(s, e)) return false;
  p->holding = true;
  bool ok = newest_run(s, &p->last_run, e) && store_copy(s, &copy, e);
  if (ok) {
    Work w = {copy, spec, body, ctx};
    ok = child_run(spec->what, execute, &w, spec->seconds, &result, e) && take_findings(buf_view(&result), p, e);
  }
  store_close(copy);
  buf_free(&result);
  return ok;
}

bool run_plan(Store *s, const RunSpec *spec, RunBody body, void *ctx, Plan **out, Err *e) {
  Plan *p = mem_zalloc(1, sizeof *p);
  p->store = s;
  p->what = mem_strdup(spec->what);
  p->args = mem_strdup(spec->args ? spec->args : "");
  p->asof = spec->asof;
  p->seed = spec->seed;
  hash_hex(spec->script, p->script_hash);
  if (!fill(p, s, spec, body, ctx, e)) {
    plan_free(p);
    return err_left(e, "nothing was written");
  }
  plan_digest_of(p->script_hash, p->args, p->asof, p->seed, &p->journal, p->digest);
  p->changes = guard_count(&p->journal);
  *out = p;
  return true;
}

void plan_free(Plan *p) {
  if (!p) return;
  if (p->holding) store_end_read(p->store);
  journal_free(&p->journal);
  report_free(&p->report);
  buf_free(&p->decided);
  buf_free(&p->log);
  mem_free(p->what);
  mem_free(p->args);
  mem_free(p);
}

const Journal *plan_journal(const Plan *p) { return &p->journal; }
const Report *plan_report(const Plan *p) { return &p->report; }
const char *plan_digest(const Plan *p) { return p->digest; }
bool plan_empty(const Plan *p) { return p->journal.n == 0; }
size_t plan_changes(const Plan *p) { return p->changes; }
