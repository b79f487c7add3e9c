#include "run/origin_past.h"

#include "base/lang.h"
#include "base/stop.h"
#include "run/origin_table.h"
#include "run/personal.h"
#include "run/seal.h"
#include "run/undo_log.h"
#include "store/journal.h"

#include <stdlib.h>
#include <string.h>

static const char *const table_name[] = {"history", "metric", "metric_value", "field", "outbox", "delivery"};
enum { TABLES = sizeof table_name / sizeof *table_name };

const char *past_table(size_t i) { return i < TABLES ? table_name[i] : NULL; }

/* What a run did to a row, by hashes: of an update their difference. */
typedef struct Past {
  int64_t id, run;
  uint64_t hash, full; /* without and with the row's own id and run */
  uint8_t table;
  char op;
  bool erased;         /* a value of it is gone from the log */
} Past;

typedef struct Replay {
  Store *s;
  int64_t since[TABLES];
  Past *past;
  size_t n, cap;
} Replay;

static bool add_cells(Store *s, const Change *c, const Val *cell, int sign, Past *p, Err *e) {
  Arena a = {0};
  bool ok = true;
  for (size_t i = 0; cell && ok && i < c->ncol; i++) {
    Val v = cell[i];
    bool erased = false;
    if (personal_column(c->table, c->col[i])) ok = personal_value(s, v, &a, &v, &erased, e);
    p->erased |= erased;
    uint64_t hash = added_val(v, str_hash(c->col[i])) * (uint64_t)(int64_t)sign;
    p->full += hash;
    if (!str_is(c->col[i], "id") && !str_is(c->col[i], "run")) p->hash += hash;
  }
  arena_free(&a);
  return ok;
}

static bool replay_change(Replay *r, int64_t run, const Change *c, Err *e) {
  uint8_t t = 0;
  while (t < TABLES && !str_is(c->table, table_name[t])) t++;
  if (t == TABLES || run <= r->since[t]) return true;
  mem_grow(r->past, r->cap, r->n + 1);
  Past *p = &r->past[r->n++];
  *p = (Past){.id = c->id, .run = run, .table = t, .op = (char)c->op};
  bool update = c->op == CHANGE_UPDATE;
  return add_cells(r->s, c, c->now, 1, p, e) && add_cells(r->s, c, c->was, update ? -1 : 1, p, e);
}

static bool replay_run(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Replay *r = ctx;
  Journal j;
  if (!journal_decode(val_str(val[1]), &j, e)) {
    err_free(e);
    return true; /* the link says that the record was altered */
  }
  bool ok = stop_check(e);
  for (size_t i = 0; ok && i < j.n; i++) ok = replay_change(r, val[0].u.i, &j.change[i], e);
  journal_free(&j);
  return ok;
}

/* A run without a journal has such rows in table change. */
static bool replay_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Replay *r = ctx;
  Journal j = {0};
  Err none = {0};
  bool ok = stop_check(e);
  if (!undo_log_change(&j, val, &none)) err_free(&none); /* the link says that the record was altered */
  else if (ok) ok = replay_change(r, val[UNDO_LOG_RUN].u.i, &j.change[0], e);
  journal_free(&j);
  return ok;
}

static bool replay_rows(Replay *r, Err *e) {
  bool ok = true;
  for (size_t t = 0; ok && t < TABLES; t++) {
    Val bind = val_text(str_of(table_name[t]));
    ok = store_query(r->s, "SELECT " UNDO_LOG_COLUMNS ", run FROM change WHERE tbl = ?1 ORDER BY run, id", &bind, 1, replay_row, r, e);
  }
  return ok;
}

static int by_row(const void *x, const void *y) {
  const Past *a = x, *b = y;
  if (a->table != b->table) return a->table < b->table ? -1 : 1;
  if (a->id != b->id) return a->id < b->id ? -1 : 1;
  return a->run < b->run ? -1 : a->run > b->run;
}

/* --- one table ------------------------------------------------------------------------------ */

typedef struct Meet {
  OriginTable t;
  const Past *past, *end;
  size_t at;     /* the range that is met, or the next one */
  AddedSum sum;  /* of its rows as they came */
  bool unsure;   /* it cannot be told, or was told already */
} Meet;

static bool range_done(Meet *m, Err *e) {
  const OriginRange *r = &m->t.range[m->at++];
  AddedSum sum = m->sum;
  bool same = !r->summed || (sum.sum[0] == r->want[0] && sum.sum[1] == r->want[1]), unsure = m->unsure;
  m->sum = (AddedSum){0};
  m->unsure = false;
  if (r->undone || unsure || (same && sum.n == r->n)) return true;
  Buf run = {0};
  origin_run(&m->t, r->run, &run);
  bool ok = origin_fault(&m->t, e, "rows #%lld to #%lld of %s, which came by %s: %s past pareto", (long long)r->first,
                         (long long)r->last, m->t.name, run.p,
                         sum.n < r->n   ? _("some were taken away")
                         : sum.n > r->n ? _("some were added")
                                        : _("some were changed"));
  buf_free(&run);
  return ok;
}

static bool fault(Meet *m, int64_t id, int64_t run, const char *what, Err *e) {
  Buf text = {0};
  origin_run(&m->t, run, &text);
  bool ok = origin_fault(&m->t, e, "%s #%lld: %s %s", m->t.name, (long long)id, text.p, what);
  buf_free(&text);
  return ok;
}

typedef struct Today {
  uint64_t hash, full;
  bool there, given, emptied; /* by init; by the erasing of a person */
} Today;

static void count_as_it_came(Meet *m, const Today *now, const Past *p, const Past *end) {
  uint64_t full = now->full;
  m->unsure |= now->emptied;
  if (p < end && p->op == 'I') return;
  const Past *gone = p;
  while (gone < end && gone->op != 'D') gone++;
  if (gone < end) full = gone->full;
  else if (!now->there) m->unsure = true;
  for (; p < gone; p++) full -= p->full;
  added_row(&m->sum, full);
}

/* The row of today (there or not), and what runs did to it. */
static bool look(Meet *m, int64_t id, const Today *now, const Past *p, const Past *end, Err *e) {
  while (m->at < m->t.n && m->t.range[m->at].last < id)
    if (!range_done(m, e)) return false;
  const OriginRange *r = m->at < m->t.n && m->t.range[m->at].first <= id ? &m->t.range[m->at] : NULL;
  if (r && r->undone) r = NULL;
  while (r && p < end && p->run <= r->run) p++;
  bool there = r != NULL, known = false, erased = false;
  uint64_t hash = 0;
  for (const Past *x = p; x < end; x++) {
    there = x->op != 'D';
    known |= x->op == 'I';
    erased = x->op == 'U' ? erased | x->erased : x->erased;
    hash = x->op == 'U' ? hash + x->hash : x->hash;
  }
  bool ok = true;
  int64_t last = p < end ? end[-1].run : 0;
  if (p == end && !r && now->there && !now->given) origin_stranger(&m->t, id);
  else ok = origin_strangers_end(&m->t, e);
  if (ok && p < end && there && !now->there) ok = fault(m, id, last, "left it, and it is gone", e);
  if (ok && p < end && !there && now->there) ok = fault(m, id, last, "took it away, and it is there again", e);
  if (ok && there && now->there && known && !erased && !now->emptied && hash != now->hash)
    ok = fault(m, id, last, "wrote it; it was changed past pareto", e);
  if (r) count_as_it_came(m, now, p, end);
  return ok;
}

static bool look_until(Meet *m, int64_t id, Err *e) {
  bool ok = true;
  while (ok && m->past < m->end && m->past->id < id) {
    const Past *from = m->past;
    while (m->past < m->end && m->past->id == from->id) m->past++;
    ok = look(m, from->id, &(Today){0}, from, m->past, e);
  }
  return ok;
}

static bool is_empty(Val v) { return v.t == V_TEXT && !v.n; }

static bool present(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  Meet *m = ctx;
  Today now = {.there = true};
  int empty = 0;
  for (int i = 0; i < ncol; i++) {
    uint64_t hash = added_val(val[i], str_hash(name[i]));
    now.full += hash;
    if (!str_is(name[i], "id") && !str_is(name[i], "run")) now.hash += hash;
    if (str_is(name[i], "added") && strcmp(m->t.name, "field") == 0) now.given = val[i].t == V_NUM && val[i].u.i == 0;
    if (strcmp(m->t.name, "outbox") == 0) empty += is_empty(val[i]);
  }
  bool delivery = strcmp(m->t.name, "delivery") == 0; /* no journal knows it */
  if (delivery && !seal_holds(m->t.s, val[0].u.i, &now.given, e)) return false;
  now.emptied = empty >= 3; /* target, name, body */
  if (!look_until(m, val[0].u.i, e)) return false;
  const Past *from = m->past;
  while (m->past < m->end && m->past->id == val[0].u.i) m->past++;
  return look(m, val[0].u.i, &now, from, m->past, e);
}

static bool look_at_table(Meet *m, Err *e) {
  Buf sql = {0};
  buf_printf(&sql, "SELECT * FROM %s ORDER BY id", m->t.name);
  bool ok = store_query(m->t.s, sql.p, NULL, 0, present, m, e) && look_until(m, INT64_MAX, e);
  while (ok && m->at < m->t.n) ok = range_done(m, e);
  ok = ok && origin_strangers_end(&m->t, e);
  buf_free(&sql);
  return ok;
}

bool past_verify(Store *s, StoreFaultFn fn, void *ctx, Err *e) {
  Replay r = {.s = s};
  Meet meet[TABLES] = {0};
  bool ok = true;
  for (size_t t = 0; ok && t < TABLES; t++) {
    meet[t].t = (OriginTable){.s = s, .name = table_name[t], .fn = fn, .ctx = ctx};
    ok = origin_open(&meet[t].t, e);
    r.since[t] = meet[t].t.since;
  }
  ok = ok && store_query(s, "SELECT id, journal FROM run WHERE journal IS NOT NULL ORDER BY id", NULL, 0, replay_run, &r, e) &&
       replay_rows(&r, e);
  if (r.n) qsort(r.past, r.n, sizeof *r.past, by_row);
  for (size_t t = 0, from = 0; ok && t < TABLES; t++) {
    size_t to = from;
    while (to < r.n && r.past[to].table == t) to++;
    if (r.past) meet[t].past = r.past + from, meet[t].end = r.past + to;
    from = to;
    ok = look_at_table(&meet[t], e);
  }
  for (size_t t = 0; t < TABLES; t++) origin_close(&meet[t].t);
  mem_free(r.past);
  return ok;
}
