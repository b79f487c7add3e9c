/* A window cut into steps: months, quarters, weeks. Added up in the caller's array. */
#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/measure.h"

typedef struct Steps {
  Store *s;
  const Measure *m;
  Agg agg;
  const Day *edge;
  size_t nstep;
  IdMap map;
  Arena *a;
  Val *out;
} Steps;
enum { SOME = 1 };       /* in Val.flags while adding up: a row was there; a null that has it stays null */

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

static bool step_source(const Steps *t, const Source *src, Err *e) {
  Buf sql = {0};
  OrderSet orders = {0};
  source_sql(src, &sql);
  if (!source_is_lines(src)) buf_puts(&sql, " ORDER BY d");
  Rows r;
  size_t step = 0;
  bool row = true, ok = rows_open(&r, t->s, sql.p, t->edge[0], t->edge[t->nstep], e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    if (r.day >= t->edge[step + 1]) orderset_clear(&orders); /* an order may reach into the next step */
    while (r.day >= t->edge[step + 1]) step++;
    uint32_t at = idmap_at(&t->map, sqlite3_column_int64(r.q, 0));
    if (at == IDMAP_NONE || (t->m->distinct && !rows_new_order(&r, &orders, at))) continue;
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

bool view_steps(void *ctx, int entity, const HostField *f, Agg agg, const Day *edge, size_t nstep,
                const int64_t *id, size_t n, Arena *a, Val *out, Err *e) {
  (void)entity;
  Host *h = ctx;
  Arena own = {0};
  Steps t = {
      .s = h->s, .m = field_of(f)->measure, .agg = agg, .edge = edge, .nstep = nstep, .a = a, .out = out};
  idmap_build(&t.map, id, n, &own);
  memset(out, 0, n * nstep * sizeof *out);
  bool ok = nstep == 0 || stop_check(e);
  for (const Source *src = t.m->source; ok && nstep && src->table; src++) ok = step_source(&t, src, e);
  int minor = agg == AGG_SUM ? measure_minor(h->s, t.m) : 0;
  for (size_t i = 0; i < n * nstep; i++) {
    if (!(out[i].flags & SOME) && t.m->flow) out[i] = val_dec(0, -minor);
    out[i].flags = 0;
  }
  arena_free(&own);
  return ok;
}
