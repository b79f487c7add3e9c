/* A window cut into steps: months, quarters, weeks. Added up in the caller's array. */
#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/window.h"

typedef struct Steps {
  Store *s;
  const Measure *m;
  Agg agg;
  const Day *edge;
  size_t nstep;
  const int64_t *id;
  size_t n;
  IdMap map;             /* of id, where rows are read */
  Arena *a;
  Val *out;
} Steps;
enum { SOME = 1 };       /* in Val.flags while adding up: a row was there; a null that has it stays null */

static Val with_flags(Val v, uint16_t flags) {
  v.flags = flags;
  return v;
}

static void step_add(const Steps *t, Val *cell, Val v) {
  bool some = cell->flags & SOME;
  if (t->agg == AGG_COUNT) {
    *cell = val_int(some ? cell->u.i + 1 : 1);
  } else if (!some) {
    *cell = v;
  } else if (cell->t == V_NULL || v.t == V_NULL) {
    *cell = val_null();
  } else {
    *cell = num_add(*cell, v, t->a);
  }
  cell->flags = SOME;
}

/* Rows of all steps in one reading. */
static bool step_source(const Steps *t, const Source *src, Err *e) {
  Buf sql = {0};
  OrderSet orders = {0};
  source_sql(src, &sql);
  if (!fact_is_lines(src->fact)) buf_puts(&sql, " ORDER BY d");
  Rows r;
  size_t step = 0;
  bool row = true, ok = rows_open(&r, t->s, sql.p, t->edge[0], t->edge[t->nstep], e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    if (r.day >= t->edge[step + 1]) orderset_clear(&orders); /* an order may reach into the next step */
    while (r.day >= t->edge[step + 1]) step++;
    uint32_t at = idmap_at(&t->map, sqlite3_column_int64(r.q, 0));
    OrderDay day;
    if (at == IDMAP_NONE || (t->m->distinct && !orderset_add(&orders, at, rows_order_no(&r, 3, &day)))) continue;
    Val v = val_null();
    if (t->agg == AGG_SUM) ok = rows_value(&r, t->m, t->a, &v, e);
    for (; ok && at != IDMAP_NONE; at = idmap_next(&t->map, at))
      step_add(t, &t->out[at * t->nstep + step], v);
  }
  sql_done(t->s, r.q);
  orderset_clear(&orders);
  buf_free(&sql);
  return ok;
}

/* Steps that begin with a month, or reach over months, are windows like others. */
static bool by_window(const Steps *t) {
  bool aligned = true;
  for (size_t k = 0; k <= t->nstep; k++) aligned &= t->edge[k] == month_start(day_month(t->edge[k]));
  return aligned || t->edge[1] - t->edge[0] > 60;
}

static bool step_window(const Steps *t, Months *months, size_t step, Err *e) {
  TallyKind kind = t->agg == AGG_COUNT || measure_counts(t->m) ? TALLY_COUNT : TALLY_SUM;
  Scan *scan = scan_new(months->map->n, t->m, kind, t->edge[step], t->edge[step + 1]);
  bool ok = window_fill(months, &scan, 1, e);
  for (size_t i = 0; ok && i < t->n; i++) {
    uint32_t at = idmap_at(months->map, t->id[i]);
    const Tally y = scan_at(scan, at);
    if (!y.rows) continue;
    Val *cell = &t->out[i * t->nstep + step];
    *cell = kind == TALLY_COUNT ? val_int(y.rows) : y.unknown ? val_null() : val_copy(y.value, t->a);
    cell->flags = SOME;
  }
  scan_free(scan);
  return ok;
}

/* One step alone, and no figure but where it has a row. */
static bool one_window(const Steps *t, Err *e) {
  Known *k = known_of(t->s, e);
  if (!k) return false;
  Months *months = known_months(k);
  TallyKind kind = t->agg == AGG_COUNT || measure_counts(t->m) ? TALLY_COUNT : TALLY_SUM;
  Scan *scan = scan_new(months->map->n, t->m, kind, t->edge[0], t->edge[1]);
  bool ok = window_fill(months, &scan, 1, e), norm = t->m->unit != UNIT_MONEY;
  const Val none = t->m->flow ? val_dec(0, t->agg == AGG_SUM ? -measure_minor(t->s, t->m) : 0) : val_null();
  for (size_t i = 0; ok && i < t->n; i++) {
    uint32_t at = idmap_at(months->map, t->id[i]);
    const Tally y = scan_at(scan, at);
    Val v = !y.rows ? none : kind == TALLY_COUNT ? val_int(y.rows) : y.unknown ? val_null() : val_copy(y.value, t->a);
    t->out[i] = norm && v.t == V_NUM && v.e != 0 && y.rows ? num_norm(v) : v;
  }
  scan_free(scan);
  return ok;
}

static bool all_steps(Steps *t, Arena *own, Err *e) {
  bool ok = true;
  if (!by_window(t)) {
    idmap_build(&t->map, t->id, t->n, own);
    for (const Source *src = t->m->source; ok && src->fact; src++) ok = step_source(t, src, e);
    return ok;
  }
  Known *k = known_of(t->s, e);
  for (size_t step = 0; ok && k && step < t->nstep; step++) ok = step_window(t, known_months(k), step, e);
  return k && ok;
}

bool view_steps(void *ctx, int entity, const HostField *f, Agg agg, const Day *edge, size_t nstep,
                const int64_t *id, size_t n, Arena *a, Val *out, Err *e) {
  (void)entity;
  Host *h = ctx;
  Arena own = {0};
  Steps t = {
      .s = h->s, .m = field_of(f)->measure, .agg = agg, .edge = edge, .nstep = nstep, .id = id, .n = n, .a = a, .out = out};
  if (nstep == 1 && by_window(&t)) return stop_check(e) && one_window(&t, e);
  memset(out, 0, n * nstep * sizeof *out);
  bool ok = nstep == 0 || stop_check(e);
  if (ok && nstep) ok = all_steps(&t, &own, e);
  int minor = agg == AGG_SUM ? measure_minor(h->s, t.m) : 0;
  for (size_t i = 0; i < n * nstep; i++) {
    if (out[i].t == V_NUM && out[i].e != 0 && t.m->unit != UNIT_MONEY) out[i] = with_flags(num_norm(out[i]), out[i].flags);
    if (!(out[i].flags & SOME) && t.m->flow) out[i] = val_dec(0, -minor);
    out[i].flags = 0;
  }
  arena_free(&own);
  return ok;
}
