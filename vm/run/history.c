/* What has happened: the list of runs, and one run in full. */
#include "run/actor.h"
#include "run/difference.h"
#include "run/personal.h"
#include "run/rawtext.h"
#include "run/undo_log.h"
#include "run/run.h"

#include "base/lang.h"

#include <string.h>
#include <time.h>

/* The log keeps UTC; people read their own clock. */
static void print_local(Str at, Buf *out) {
  struct tm tm = {0};
  char text[64] = {0};
  if (at.n < sizeof text) memcpy(text, at.p, at.n);
  const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
  if (!end || *end) {
    buf_str(out, at);
    return;
  }
  time_t t = timegm(&tm);
  localtime_r(&t, &tm);
  strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm);
  buf_puts(out, text);
}

static Val kept(Report *r, Buf *b) {
  Val v = val_copy(val_text(buf_view(b)), &r->arena);
  buf_clear(b);
  return v;
}

enum { HISTORY_COLUMNS = 6 };

typedef struct HistoryRows {
  Report *report;
  Val *cell;
  size_t n;
} HistoryRows;

static bool history_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  HistoryRows *h = ctx;
  Val *row = h->cell + h->n++ * HISTORY_COLUMNS;
  Buf b = {0};
  row[0] = val[0];
  print_local(val_str(val[1]), &b);
  row[1] = kept(h->report, &b);
  row[2] = val_copy(val[2], &h->report->arena);
  row[3] = val_copy(val[3], &h->report->arena);
  row[4] = val[4];
  row[5] = val[5].t == V_TEXT ? val_copy(val[5], &h->report->arena) : val_text(STR(""));
  buf_free(&b);
  return true;
}

static bool count_runs(Store *s, size_t most, size_t *n, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "SELECT count(*) FROM run", NULL, 0, &a, &v, e);
  *n = ok && (size_t)v.u.i < most ? (size_t)v.u.i : most;
  arena_free(&a);
  return ok;
}

bool run_history(Store *s, size_t most, Report *out, Err *e) {
  static const UiColumn col[HISTORY_COLUMNS] = {
    UI_WORD("run"), UI_WORD("when"),    UI_WORD("what"),
    UI_WORD("by"),  UI_WORD("changes"), UI_WORD("of which"),
  };
  size_t n;
  if (!count_runs(s, most, &n, e)) return false;
  HistoryRows h = {.report = out};
  ReportItem *item = report_table(out, (Str){0}, col, HISTORY_COLUMNS, n, &h.cell);
  item->table.words = true;
  if (n == 0) item->table.foot = str_of(_("nothing has run yet"));
  Val bind = val_int((int64_t)n);
  return store_query(s, "SELECT id, at, what, actor, changes, detail FROM run ORDER BY id DESC LIMIT ?1", &bind, 1,
                     history_row, &h, e);
}

/* --- one run -------------------------------------------------------------- */

enum { S_AT, S_WHAT, S_ACTOR, S_ASOF, S_SEED, S_HASH, S_ARGS, S_CHANGES, S_DETAIL, S_DIGEST, S_REPORT, S_LOG, S_JOURNAL,
       S_GRANTS, S_BOOKS, S_UNDOES, S_COUNT };

typedef struct Shown {
  Arena a;
  bool found;
  Val v[S_COUNT];
  const char *hidden; /* what is said in place of a report that cannot be shown, or NULL */
} Shown;

static bool shown_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  Shown *x = ctx;
  x->found = true;
  for (size_t i = 0; i < S_COUNT; i++) x->v[i] = val_copy(val[i], &x->a);
  return true;
}

static void line(Buf *out, const char *label, Val v) {
  if (v.t != V_TEXT || v.n == 0) return;
  buf_printf(out, "%-9s%.*s\n", label, STR_ARG(val_str(v)));
}

static void heading(const Shown *x, int64_t id, Report *out) {
  Buf b = {0};
  buf_say(&b, "run %lld %.*s · ", (long long)id, STR_ARG(val_str(x->v[S_WHAT])));
  print_local(val_str(x->v[S_AT]), &b);
  buf_say(&b, " by %.*s · as of %.*s\n", STR_ARG(val_str(x->v[S_ACTOR])), STR_ARG(val_str(x->v[S_ASOF])));
  line(&b, "with", x->v[S_ARGS]);
  buf_printf(&b, "%-9s%lld\n", "seed", (long long)x->v[S_SEED].u.i);
  line(&b, "script", x->v[S_HASH]);
  line(&b, "uses", x->v[S_BOOKS]);
  line(&b, "digest", x->v[S_DIGEST]);
  buf_printf(&b, "%-9s", "changes");
  count_print((size_t)x->v[S_CHANGES].u.i, &b);
  if (x->v[S_DETAIL].t == V_TEXT) buf_printf(&b, " (%.*s)", STR_ARG(val_str(x->v[S_DETAIL])));
  report_note(out, val_str(kept(out, &b)));
  buf_free(&b);
}

/* The stored report is decoded into out first; what is added later and belongs before it moves there. */
static void move_last_to_front(Report *r) {
  if (r->n < 2) return;
  ReportItem last = r->item[r->n - 1];
  memmove(r->item + 1, r->item, (r->n - 1) * sizeof *r->item);
  r->item[0] = last;
}

/* What an undo of an import did stands in table change; of very many rows the heading has said how many. */
static bool changes_of(Store *s, int64_t id, Val bytes, bool undo, Journal *out, Err *e) {
  enum { MOST = 50000 };
  if (bytes.t == V_TEXT) return journal_decode(val_str(bytes), out, e);
  return !undo || undo_log_journal(s, id, MOST, out, e);
}

static bool show_changes(Store *s, int64_t id, Val bytes, bool undo, Report *out, Err *e) {
  Journal j = {0};
  Buf b = {0};
  bool ok = changes_of(s, id, bytes, undo, &j, e);
  if (ok) difference_print(s, &j, (Str){0}, id, 20, &b);
  if (ok && b.n) {
    Buf text = {0};
    buf_say(&text, "changed\n");
    buf_str(&text, str_sub(buf_view(&b), 0, b.n - 1));
    report_note(out, val_str(kept(out, &text)));
    buf_free(&text);
  }
  buf_free(&b);
  journal_free(&j);
  return ok;
}

static bool decision_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  Buf *b = ctx;
  buf_printf(b, "%s%.*s: ", b->n ? "\n" : "", STR_ARG(val_str(val[0])));
  count_print((size_t)val[1].u.i, b);
  buf_say(b, " decided");
  return true;
}

static bool show_decisions(Store *s, int64_t id, Report *out, Err *e) {
  Buf b = {0};
  Val bind = val_int(id);
  bool ok = store_query(s, "SELECT tbl, sum(coalesce(n, 1)) FROM decision WHERE run = ?1 GROUP BY tbl ORDER BY min(id)", &bind, 1,
                        decision_row, &b, e);
  if (ok && b.n) report_note(out, val_str(kept(out, &b)));
  buf_free(&b);
  return ok;
}

/* A text kept as a personal value, for those who may see it, until it is erased. */
static bool reveal(Store *s, Shown *x, int col, Err *e) {
  Val v;
  bool erased, yes = true;
  if (!personal_value(s, x->v[col], &x->a, &v, &erased, e)) return false;
  bool token = erased || v.u.s != x->v[col].u.s;
  if (token && !actor_may_see(s, val_str(x->v[S_GRANTS]), &yes, e)) return false;
  x->v[col] = yes ? v : val_null();
  if (erased) x->hidden = _("what it reported held personal values that were erased");
  else if (!yes) x->hidden = arena_say(&x->a, "what it reported is masked for you: it takes %.*s", STR_ARG(val_str(x->v[S_GRANTS])));
  return true;
}

bool run_show(Store *s, int64_t run_id, Report *out, Err *e) {
  Shown x = {0};
  Val bind = val_int(run_id);
  bool ok = store_query(s,
                        "SELECT at, what, actor, asof, seed, script_hash, args, changes, detail, digest, report, log,"
                        " journal, grants, books, undoes FROM run WHERE id = ?1",
                        &bind, 1, shown_row, &x, e);
  if (ok && !x.found) {
    err_set(e, ERR_FAIL, "there is no run %lld", (long long)run_id);
    err_todo(e, "the runs: pareto history");
    ok = false;
  }
  ok = ok && reveal(s, &x, S_REPORT, e) && reveal(s, &x, S_LOG, e);
  if (ok && x.v[S_REPORT].t == V_TEXT) ok = report_decode(val_str(x.v[S_REPORT]), out, e);
  if (ok) {
    heading(&x, run_id, out);
    move_last_to_front(out);
    ok = show_changes(s, run_id, x.v[S_JOURNAL], x.v[S_UNDOES].t != V_NULL, out, e);
  }
  ok = ok && show_decisions(s, run_id, out, e);
  if (ok && x.v[S_LOG].t == V_TEXT && x.v[S_LOG].n) {
    Buf b = {0};
    buf_str(&b, str_trim(val_str(x.v[S_LOG])));
    report_note(out, val_str(kept(out, &b)));
    buf_free(&b);
  }
  if (ok && x.hidden) report_note(out, str_of(x.hidden));
  arena_free(&x.a);
  return ok;
}

bool run_journal(Store *s, int64_t run_id, Journal *out, Err *e) {
  Arena a = {0};
  Val there, v, bind = val_int(run_id);
  *out = (Journal){0};
  bool ok = store_value(s, "SELECT undoes IS NOT NULL FROM run WHERE id = ?1", &bind, 1, &a, &there, e) &&
            store_value(s, "SELECT journal FROM run WHERE id = ?1", &bind, 1, &a, &v, e);
  if (ok && there.t == V_NULL) {
    err_set(e, ERR_USAGE, "there is no run %lld", (long long)run_id);
    ok = err_todo(e, "the runs: pareto history");
  } else if (ok && v.t != V_TEXT && there.u.i) {
    ok = undo_log_journal(s, run_id, SIZE_MAX, out, e);
  } else if (ok && v.t != V_TEXT) {
    ok = err_set(e, ERR_USAGE, "run %lld has no list of changes to compare: it is an import", (long long)run_id);
  }
  if (ok && v.t == V_TEXT) ok = journal_decode(val_str(v), out, e);
  arena_free(&a);
  return ok;
}
