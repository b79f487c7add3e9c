#include "store/columns.h"

#include <string.h>

#include "base/stop.h"
#include "store/window.h"

typedef bool (*FactUse)(Months *m, FactMonths *f, void *ctx, Err *e);

/* Each fact that is kept, once. */
static bool each_fact(Months *m, FactUse use, void *ctx, Err *e) {
  bool ok = true;
  const Measure *x;
  for (size_t i = 0; ok && fact_at(i); i++) {
    FactMonths *f = months_of(m, fact_at(i), e);
    ok = f && use(m, f, ctx, e);
  }
  for (size_t i = MEASURES; ok && (x = measure_in(m->s, i)); i++) {
    if (!x->source[0].fact->number) continue;
    FactMonths *f = months_of(m, x->source[0].fact, e);
    ok = f && use(m, f, ctx, e);
  }
  return ok;
}

static bool rebuild_fact(Months *m, FactMonths *f, void *ctx, Err *e) {
  int64_t *months = ctx;
  bool ok = true;
  for (int month = f->low; ok && month < f->low + (int)f->n; month++)
    ok = months_ready(m, f, month, month, true, e) && stop_check(e);
  *months += (int64_t)f->n;
  return ok;
}

bool store_columns_rebuild(Store *s, int64_t *months, Err *e) {
  static const char *const tables[] = {"month_column", "month_fact", "month_stale"};
  IdMap nobody = {0};
  Months m = {0};
  bool ok = s->writing || err_set(e, ERR_FAIL, "a change outside a transaction");
  for (size_t i = 0; ok && i < sizeof tables / sizeof *tables; i++) {
    char sql[64] = "DELETE FROM ";
    strcat(sql, tables[i]);
    ok = month_exec(s, sql, NULL, 0, e);
  }
  *months = 0;
  measure_forget(s);
  ok = ok && months_open(&m, s, &nobody, e) && each_fact(&m, rebuild_fact, months, e);
  FactMonths *lines = ok ? months_of(&m, fact_at(0), e) : NULL;
  ok = lines && (!lines->n || months_spans(&m, lines, e));
  months_close(&m);
  return ok;
}

/* --- comparing ------------------------------------------------------------------ */

typedef struct Verify {
  Months file;           /* as the file has them */
  ColumnsDiffer differ;
  void *ctx;
  int64_t months;
} Verify;

typedef struct Same { Str want; bool same; } Same;

static bool compare(void *ctx, Str bytes, Err *e) {
  (void)e;
  Same *s = ctx;
  s->same = s->want.n == bytes.n && (!bytes.n || memcmp(s->want.p, bytes.p, bytes.n) == 0);
  return true;
}

static bool verify_month(Verify *v, Months *m, FactMonths *f, FactMonths *have, int month, Err *e) {
  const FactMonth *was = months_at(have, month);
  if (!was || !was->ready) return true;
  v->months++;
  if (!months_ready(m, f, month, month, was->extremes, e)) return false;
  FactMonth *now = months_at(f, month);
  bool same = now->rows == was->rows && now->n == was->n && now->first == was->first && now->last == was->last;
  for (int part = 0; same && part < PARTS; part++) {
    if (!now->built[part].p) continue;
    Same s = {buf_view(&now->built[part]), false};
    Err ignored = {0};
    same = months_bytes(&v->file, have, month, part, compare, &s, &ignored) && s.same;
    err_free(&ignored);
  }
  for (int part = 0; part < PARTS; part++) /* not needed any more, but for the orders */
    if (part != PART_WHO && part != PART_KEYS && part != PART_KEY_WHO) buf_free(&now->built[part]);
  return same || v->differ(v->ctx, f->fact->from, month_number(month), e);
}

static bool verify_fact(Months *m, FactMonths *f, void *ctx, Err *e) {
  Verify *v = ctx;
  FactMonths *have = months_of(&v->file, f->fact, e);
  bool ok = have;
  for (int month = f->low; ok && month < f->low + (int)f->n; month++)
    ok = verify_month(v, m, f, have, month, e) && stop_check(e);
  return ok;
}

static bool verify_orders(Verify *v, Months *m, Err *e) {
  FactMonths *f = months_of(m, fact_at(0), e), *have = f ? months_of(&v->file, fact_at(0), e) : NULL;
  if (!have || !have->n) return have;
  for (size_t i = 0; i < have->n; i++)
    if (!have->month[i].ready) return true;
  if (!months_spans(&v->file, have, e)) return false;
  if (v->file.spans_unsaved) return true;
  if (!months_spans(m, f, e)) return false;
  bool same = m->nspan == v->file.nspan;
  for (size_t i = 0; same && i < m->nspan; i++) {
    const OrderSpan *x = &m->span[i], *y = &v->file.span[i];
    same = x->key == y->key && x->account == y->account && x->month == y->month;
  }
  return same || v->differ(v->ctx, "orders", 0, e);
}

bool store_columns_verify(Store *s, ColumnsDiffer differ, void *ctx, int64_t *months, Err *e) {
  IdMap nobody = {0};
  Verify v = {.differ = differ, .ctx = ctx};
  Months m = {.s = s, .map = &nobody, .from_rows = true};
  bool ok = months_open(&v.file, s, &nobody, e) && each_fact(&m, verify_fact, &v, e) && verify_orders(&v, &m, e);
  *months = v.months;
  months_close(&v.file);
  months_close(&m);
  return ok;
}
