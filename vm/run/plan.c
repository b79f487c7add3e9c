#include "run/child.h"
#include "run/digest.h"
#include "run/guard.h"
#include "run/hash.h"
#include "run/limit.h"
#include "run/record.h"
#include "run/state.h"
#include "run/wire.h"

#include <string.h>

typedef struct Work {
  Store *copy;
  bool reading;          /* copy is the database itself, on the caller's snapshot */
  bool twice;            /* once what it had to build is kept, the caller begins again with a newer snapshot */
  const RunSpec *spec;
  RunBody body;
  void *ctx;
} Work;

/* Instead of findings: columns were built and kept, and the snapshot that was to be written after is an old one. */
static const char again[] = "again";

/* The decisions, of which there may be many bytes, begin the result as they are; how many is its last word. */
static void put_findings(Run *r, Buf *out) {
  int64_t decided = (int64_t)r->decided.n;
  buf_free(out);
  *out = r->decided;
  r->decided = (Buf){0};
  size_t at = wire_open(out);
  journal_encode(&r->journal, out);
  wire_close(out, at);
  at = wire_open(out);
  report_encode(&r->report, out);
  wire_close(out, at);
  wire_put_str(out, buf_view(&r->log));
  wire_put_int(out, decided);
}

/* In the child, on the caller's snapshot of the database itself: what writes nothing needs no copy. When it did want to
 * write (publish, book:send) there is no result, whatever it made of the refusal, and it is done again on a copy. */
static bool execute_reading(Work *w, Run *r, Buf *result, Err *e) {
  Limit limit = {0};
  if (w->spec->limit && !limit_open(&limit, w->copy, w->spec, e)) return false;
  bool ok = w->body(w->ctx, r, e) && (!w->spec->limit || limit_hold(&limit, w->copy, r, e));
  if (store_refused(w->copy)) {
    err_free(e);
    return true;
  }
  if (!ok) return false;
  put_findings(r, result);
  if (store_end_kept(w->copy) && w->twice) {
    buf_clear(result);
    buf_puts(result, again);
  }
  return true;
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
  if (w->reading) return execute_reading(w, &r, result, e);
  Limit limit = {0};
  if (w->spec->limit && !limit_open(&limit, w->copy, w->spec, e)) return false;
  if (!store_begin(w->copy, e) || !store_journal_start(w->copy, &r.journal, e)) return false;
  if (!w->body(w->ctx, &r, e)) return false;
  store_journal_stop(w->copy);
  if (!store_commit(w->copy, e)) return false;
  journal_compact(&r.journal);
  if (w->spec->limit && !limit_hold(&limit, w->copy, &r, e)) return false;
  if (!guard_check(w->copy, w->spec, &r.journal, e)) return false;
  put_findings(&r, result);
  return true;
}

static bool take_findings(Buf *result, Plan *p, Err *e) {
  enum { WORD = 8 };
  Str all = buf_view(result);
  Wire end = {.rest = str_sub(all, all.n < WORD ? all.n : all.n - WORD, all.n)};
  int64_t decided = wire_int(&end);
  bool whole = !end.broken && decided >= 0 && (uint64_t)decided <= all.n - WORD;
  Wire w = {.rest = str_sub(all, whole ? (size_t)decided : all.n, all.n), .broken = !whole};
  Str journal = wire_str(&w), report = wire_str(&w);
  buf_str(&p->log, wire_str(&w));
  if (w.broken) return err_set(e, ERR_FAIL, "the result of the plan is damaged");
  if (!journal_decode(journal, &p->journal, e) || !report_decode_in_place(report, &p->report, e)) return false;
  p->decided = *result; /* long tables of the report lie in it too */
  p->decided.n = (size_t)decided;
  *result = (Buf){0};
  return true;
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
 * and the copy is idle when the child takes it over: SQLite's handles do not survive a fork otherwise. A reader goes on
 * with ours, which does nothing until the child has ended: the locks of the snapshot are this process's, which holds
 * them until the plan ends, and the child ends with this process. */
static bool work(Plan *p, Store *s, Work w, Buf *result, Err *e) {
  bool ok = true;
  w.copy = s;
  if (!w.reading) ok = store_copy(s, &w.copy, e);
  ok = ok && child_run(p->what, execute, &w, w.spec->seconds, result, e);
  if (!w.reading) store_close(w.copy);
  return ok;
}

static bool fill(Plan *p, Store *s, const RunSpec *spec, RunBody body, void *ctx, Err *e) {
  Buf result = {0};
  bool shared = store_reading(s); /* the snapshot of a plan made before, which is to be compared with */
  if (!shared && !store_begin_read(s, e)) return false;
  p->holding = !shared;
  Work w = {.reading = !spec->writes || !spec->writes[0], .spec = spec, .body = body, .ctx = ctx};
  w.twice = w.reading && !shared && store_writes(s);
  bool ok = newest_run(s, &p->last_run, e) && work(p, s, w, &result, e);
  if (ok && w.twice && str_is(buf_view(&result), again)) {
    w.twice = false;
    buf_clear(&result);
    store_end_read(s);
    ok = store_begin_read(s, e) && newest_run(s, &p->last_run, e) && work(p, s, w, &result, e);
  }
  if (ok && w.reading && !result.n) {
    w.reading = false;
    ok = work(p, s, w, &result, e);
  }
  ok = ok && take_findings(&result, p, e);
  buf_free(&result);
  return ok;
}

bool run_plan(Store *s, const RunSpec *spec, RunBody body, void *ctx, Plan **out, Err *e) {
  Plan *p = mem_zalloc(1, sizeof *p);
  p->store = s;
  plan_keep_spec(p, spec);
  record_now(p->made);
  hash_random(p->id);
  if (!fill(p, s, spec, body, ctx, e)) {
    plan_free(p);
    return err_left(e, "nothing was written");
  }
  plan_digest_of(p, &p->journal, p->digest);
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
  arena_free(&p->arena);
  mem_free(p);
}

static char *kept(Plan *p, const char *z) { return z ? arena_strndup(&p->arena, z, strlen(z)) : NULL; }

static const char **kept_list(Plan *p, const char *const *list) {
  size_t n = 0;
  while (list && list[n]) n++;
  const char **out = arena_zalloc(&p->arena, n + 1, sizeof *out);
  for (size_t i = 0; i < n; i++) out[i] = kept(p, list[i]);
  return out;
}

static Str kept_str(Plan *p, Str s) { return (Str){arena_strndup(&p->arena, s.p ? s.p : "", s.n), s.n}; }

void plan_keep_spec(Plan *p, const RunSpec *spec) {
  p->what = kept(p, spec->what);
  p->args = kept(p, spec->args ? spec->args : "");
  p->limit = kept(p, spec->limit);
  p->of = kept(p, spec->of);
  p->note = kept(p, spec->note);
  p->file = kept(p, spec->file ? spec->file : spec->what);
  p->asof = spec->asof;
  p->seed = spec->seed;
  p->max_percent = spec->max_percent;
  p->max_changes = spec->max_changes;
  p->script = kept_str(p, spec->script);
  p->nbook = spec->nbook;
  p->book = arena_zalloc(&p->arena, p->nbook + 1, sizeof *p->book);
  for (size_t i = 0; i < p->nbook; i++)
    p->book[i] = (RunBook){kept(p, spec->book[i].name), kept_str(p, spec->book[i].source)};
  p->set = kept_list(p, spec->set);
  p->grants = kept_list(p, spec->grants);
  hash_hex(p->script, p->script_hash);
}

void plan_books(const Plan *p, Buf *out) {
  for (size_t i = 0; i < p->nbook; i++) {
    char hash[65];
    hash_hex(p->book[i].source, hash);
    buf_printf(out, "%s%s %s", i ? " " : "", p->book[i].name, hash);
  }
}

RunSpec plan_spec(const Plan *p) {
  return (RunSpec){.what = p->what,
                   .script = p->script,
                   .args = p->args,
                   .asof = p->asof,
                   .seed = p->seed,
                   .grants = p->grants,
                   .max_percent = p->max_percent,
                   .max_changes = p->max_changes,
                   .note = p->note,
                   .limit = p->limit,
                   .of = p->of,
                   .file = p->file,
                   .book = p->book,
                   .nbook = p->nbook,
                   .set = p->set};
}

const char *plan_name(const Plan *p) { return p->name ? p->name : ""; }
const char *plan_id(const Plan *p) { return p->id; }

const Journal *plan_journal(const Plan *p) { return &p->journal; }
const Report *plan_report(const Plan *p) { return &p->report; }
const char *plan_digest(const Plan *p) { return p->digest; }
bool plan_empty(const Plan *p) { return p->journal.n == 0; }
size_t plan_changes(const Plan *p) { return p->changes; }
