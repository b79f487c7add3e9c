#include "feel/frame.h"

#include "base/num.h"
#include "feel/window.h"

#include <math.h>
#include <string.h>

typedef struct Window {
  Day from, to, first; /* first: of the measure; DAY_NONE when it is empty */
  bool all, early;     /* early: starts before the measure's first day */
} Window;

/* The window as days, cut at as-of; an open one starts at the measure's first day. */
static bool window_of(Frame *f, const Op *op, Window *w) {
  Val v;
  const HostField *m = op->ref;
  const FeelHost *h = f->ev->host;
  if (!frame_value(f, op->kid[0], &v)) return false;
  if (!window_days(v, f->asof, &w->from, &w->to)) {
    Buf b = {0};
    FmtEnv env = eval_fmt(f->ev, "null");
    fmt_val(v, UNIT_NONE, FMT_NONE, &env, &b);
    const Node *n = op->kid[0]->node ? op->kid[0]->node : op->node;
    src_err(f->ev->e, n->src, n->at, n->len, "%.*s is no window", (int)b.n, b.p);
    buf_free(&b);
    return false;
  }
  if (w->to > f->asof) w->to = f->asof;
  Day last;
  w->first = DAY_NONE;
  bool any = h->span && h->span(h->ctx, f->entity, m, &w->first, &last);
  if (!any) w->first = DAY_NONE;
  w->all = w->from == DAY_NONE;
  if (w->all) w->from = any && w->first < w->to ? w->first : w->to;
  w->early = !w->all && h->span && (!any || w->from < w->first);
  if (w->from > w->to) w->from = w->to;
  return true;
}

static void too_early(Frame *f, const HostField *m) {
  EvalCounts *c = &f->ev->counts;
  c->before_first_day += f->n;
  if (!c->measure.n) c->measure = m->name;
}

static bool series(Frame *f, const HostField *m, Agg agg, Day from, Day to, Val *out) {
  const FeelHost *h = f->ev->host;
  if (!f->n) return true;
  if (!h->series) return err_set(f->ev->e, ERR_FAIL, "%.*s: there are no histories here", STR_ARG(m->name));
  return h->series(h->ctx, f->entity, m, agg, from, to, f->id, f->n, f->arena, out, f->ev->e);
}

/* --- one figure a window ------------------------------------------------ */

static bool mean_of_rows(Frame *f, const HostField *m, const Window *w, Val *out) {
  Val *count = column_new(f, f->n);
  if (!series(f, m, AGG_SUM, w->from, w->to, out) || !series(f, m, AGG_COUNT, w->from, w->to, count))
    return false;
  for (size_t i = 0; i < f->n; i++) out[i] = num_div(out[i], count[i], f->arena);
  return true;
}

/* Mean days between the days with a row: from the first to the last, shared among the gaps. */
static bool gap(Frame *f, const HostField *m, const Window *w, Val *out) {
  Val *first = column_new(f, f->n), *days = column_new(f, f->n);
  if (!series(f, m, AGG_FIRST_DAY, w->from, w->to, first) ||
      !series(f, m, AGG_LAST_DAY, w->from, w->to, out) || !series(f, m, AGG_DAYS, w->from, w->to, days))
    return false;
  for (size_t i = 0; i < f->n; i++) {
    bool known = first[i].t == V_DATE && out[i].t == V_DATE && days[i].t == V_NUM && days[i].u.i > 1;
    out[i] =
        known ? num_div(val_int(out[i].u.i - first[i].u.i), val_int(days[i].u.i - 1), f->arena) : val_null();
  }
  return true;
}

static bool days_since(Frame *f, const HostField *m, const Window *w, Val *out) {
  if (!series(f, m, AGG_LAST_DAY, w->from, w->to, out)) return false;
  for (size_t i = 0; i < f->n; i++)
    out[i] = out[i].t == V_DATE ? val_int((int64_t)f->asof - out[i].u.i) : val_never();
  return true;
}

/* --- a figure a step ---------------------------------------------------- */

static Day step_back(Day to, StepUnit unit, int k) {
  switch (unit) {
    case STEP_DAY: return to - k;
    case STEP_WEEK: return to - 7 * k;
    case STEP_QUARTER: return day_add_months(to, -3 * k);
    case STEP_YEAR: return day_add_months(to, -12 * k);
    default: return day_add_months(to, -k);
  }
}

/* Edges of the whole steps that fit the window, counted back from its end. */
static Day *edges(Frame *f, const Window *w, StepUnit unit, size_t *nstep) {
  size_t n = 0;
  while (n < 40000 && step_back(w->to, unit, (int)n + 1) >= w->from) n++;
  Day *edge = arena_alloc(f->arena, (n + 1) * sizeof *edge);
  for (size_t k = 0; k <= n; k++) edge[k] = step_back(w->to, unit, (int)(n - k));
  *nstep = n;
  return edge;
}

/* Least squares over the steps that have a value; the steps are 0, 1, 2 … */
typedef struct Fit { double sx, sy, sxx, sxy, known; } Fit;

static inline void fit_add(Fit *f, size_t step, Val v) {
  if (!val_is_num(v)) return;
  double y = num_double(v), x = (double)step;
  f->sx += x, f->sy += y, f->sxx += x * x, f->sxy += x * y, f->known++;
}

static Val fit_value(const Fit *f, SeriesFn fn) {
  double d = f->known * f->sxx - f->sx * f->sx;
  if (f->known < 2 || d == 0) return val_null();
  double slope = (f->known * f->sxy - f->sx * f->sy) / d, mean = f->sy / f->known;
  if (fn == SER_SLOPE) return val_real(slope);
  return mean != 0 ? val_real(slope / mean) : val_null();
}

static Val spread_of(const Val *v, size_t n) {
  double sum = 0, known = 0, squares = 0;
  for (size_t i = 0; i < n; i++)
    if (val_is_num(v[i])) sum += num_double(v[i]), known++;
  if (known < 2) return val_null();
  double mean = sum / known;
  for (size_t i = 0; i < n; i++)
    if (val_is_num(v[i])) squares += (num_double(v[i]) - mean) * (num_double(v[i]) - mean);
  return val_real(sqrt(squares / (known - 1)));
}

static Val extreme(const Val *v, size_t n, int sign) {
  Val best = val_null();
  for (size_t i = 0; i < n; i++)
    if (val_is_num(v[i]) && (!best.t || sign * num_cmp(v[i], best) > 0)) best = v[i];
  return best;
}

static Val mean_of(const Val *v, size_t n, Arena *a) {
  Val sum = val_int(0);
  int64_t known = 0;
  for (size_t i = 0; i < n; i++)
    if (val_is_num(v[i])) sum = num_add(sum, v[i], a), known++;
  return known ? num_div(sum, val_int(known), a) : val_null();
}

static Val of_steps(SeriesFn fn, const Val *v, size_t n, Arena *a) {
  switch (fn) {
    case SER_MIN: return extreme(v, n, -1);
    case SER_MAX: return extreme(v, n, 1);
    case SER_MEAN: return mean_of(v, n, a);
    case SER_STDDEV: return spread_of(v, n);
    default: {
      Fit fit = {0};
      for (size_t i = 0; i < n; i++) fit_add(&fit, i, v[i]);
      return fit_value(&fit, fn);
    }
  }
}

/* The steps' figures: v[i * nstep + k]. */
static bool read_steps(Frame *f, const HostField *m, const Day *edge, size_t nstep, Arena *a, Val *v) {
  const FeelHost *h = f->ev->host;
  if (!h->steps(h->ctx, f->entity, m, AGG_SUM, edge, nstep, f->id, f->n, a, v, f->ev->e)) return false;
  if (m->flow) return true; /* a rating: the step's mean */
  Val *count = arena_zalloc(a, f->n * nstep, sizeof *count);
  if (!h->steps(h->ctx, f->entity, m, AGG_COUNT, edge, nstep, f->id, f->n, a, count, f->ev->e)) return false;
  for (size_t i = 0; i < f->n * nstep; i++) v[i] = num_div(v[i], count[i], a);
  return true;
}

/* A line through long steps takes them one after the other, and needs but one column at a time. */
static bool fitted(Frame *f, const Op *op, const Day *edge, size_t nstep, Val *out) {
  Arena own = {0};
  Fit *fit = arena_zalloc(&own, f->n, sizeof *fit);
  bool ok = true;
  for (size_t k = 0; ok && k < nstep; k++) {
    Arena tmp = {0};
    Val *v = arena_zalloc(&tmp, f->n, sizeof *v);
    ok = read_steps(f, op->ref, edge + k, 1, &tmp, v);
    for (size_t i = 0; ok && i < f->n; i++) fit_add(&fit[i], k, v[i]);
    arena_free(&tmp);
  }
  for (size_t i = 0; ok && i < f->n; i++) out[i] = fit_value(&fit[i], (SeriesFn)op->code);
  arena_free(&own);
  return ok;
}

static bool over_steps(Frame *f, const Op *op, const Window *w, Val *out) {
  const HostField *m = op->ref;
  size_t nstep;
  const Day *edge = edges(f, w, (StepUnit)op->num, &nstep);
  if (!f->n) return true;
  if (!f->ev->host->steps) return err_set(f->ev->e, ERR_FAIL, "%.*s: there are no histories here", STR_ARG(m->name));
  if ((op->code == SER_SLOPE || op->code == SER_TREND) && op->num >= STEP_MONTH) return fitted(f, op, edge, nstep, out);
  Arena tmp = {0};
  Val *v = arena_zalloc(&tmp, f->n * nstep, sizeof *v);
  bool ok = !nstep || read_steps(f, m, edge, nstep, &tmp, v);
  for (size_t i = 0; ok && i < f->n; i++)
    out[i] = val_copy(of_steps((SeriesFn)op->code, v + i * nstep, nstep, &tmp), f->arena);
  arena_free(&tmp);
  return ok;
}

bool wide_series(Frame *f, const Op *op, Vec *out) {
  *out = vec_null();
  if (f->blind) return true;
  const HostField *m = op->ref;
  Window w;
  if (!window_of(f, op, &w)) return false;
  if (w.early) {
    too_early(f, m);
    return true;
  }
  Val *v = column_new(f, f->n);
  *out = (Vec){v, 1};
  if (op->num != STEP_NONE) return over_steps(f, op, &w, v);
  switch ((SeriesFn)op->code) {
    case SER_SUM: return series(f, m, AGG_SUM, w.from, w.to, v);
    case SER_COUNT: return series(f, m, AGG_COUNT, w.from, w.to, v);
    case SER_MIN: return series(f, m, AGG_MIN, w.from, w.to, v);
    case SER_MAX: return series(f, m, AGG_MAX, w.from, w.to, v);
    case SER_FIRST: return series(f, m, AGG_FIRST, w.from, w.to, v);
    case SER_LAST: return series(f, m, AGG_LAST, w.from, w.to, v);
    case SER_GAP: return gap(f, m, &w, v);
    case SER_SINCE: return days_since(f, m, &w, v);
    default: return mean_of_rows(f, m, &w, v);
  }
}

/* --- as plain columns ----------------------------------------------------- */

static bool plain_series(Frame *f, const HostField *m, Agg agg, Day from, Day to, bool again, PlainVec *out) {
  const FeelHost *h = f->ev->host;
  *out = (PlainVec){0};
  if (!h->plain || !f->n) return true;
  return h->plain(h->ctx, f->entity, m, agg, from, to, again, f->id, f->n, f->arena, out, f->ev->e);
}

static bool plain_since(Frame *f, const HostField *m, const Window *w, PlainVec *out) {
  PlainVec day;
  *out = (PlainVec){0};
  if (!plain_series(f, m, AGG_LAST_DAY, w->from, w->to, true, &day)) return false;
  if (!day.i || day.like.t != V_DATE || !day.step) return true;
  int64_t *quiet = arena_alloc(f->arena, f->n * sizeof *quiet);
  for (size_t i = 0; i < f->n; i++) quiet[i] = (int64_t)f->asof - day.i[i];
  *out = (PlainVec){val_int(0), val_never(), quiet, day.has, 1};
  return true;
}

/* A line through steps that all have a figure for everybody: what does not differ from row to row is kept once. */
typedef struct Lines {
  Fit common;
  double *sy, *sxy;
} Lines;

/* Whole numbers below 2^53 are doubles. */
static bool all_exact(const int64_t *v, size_t n) {
  uint64_t some = 0;
  for (size_t i = 0; i < n; i++) some |= (uint64_t)(v[i] < 0 ? ~v[i] : v[i]); /* the bits of its magnitude, or of one less */
  return !(some >> 53);
}

static bool add_step(Frame *f, const HostField *m, const Day *edge, size_t step, Lines *l, bool *plain) {
  Arena tmp = {0};
  PlainVec p;
  const FeelHost *h = f->ev->host;
  bool ok = h->plain(h->ctx, f->entity, m, AGG_SUM, edge[step], edge[step + 1], false, f->id, f->n, &tmp, &p, f->ev->e);
  *plain = ok && p.i && p.step && !p.has && p.like.t == V_NUM;
  const double x = (double)step, ten = *plain && p.like.e <= 0 ? num_double(val_dec(1, -p.like.e)) : 0;
  if (*plain && ten > 0 && all_exact(p.i, f->n)) { /* then this is what num_double does */
    for (size_t i = 0; i < f->n; i++) {
      double y = (double)p.i[i] / ten;
      l->sy[i] += y;
      l->sxy[i] += x * y;
    }
  } else if (*plain) {
    for (size_t i = 0; i < f->n; i++) {
      double y = num_double(val_dec(p.i[i], p.like.e));
      l->sy[i] += y;
      l->sxy[i] += x * y;
    }
  }
  l->common.sx += x, l->common.sxx += x * x, l->common.known++;
  arena_free(&tmp);
  return ok;
}

static bool plain_fit(Frame *f, const Op *op, const Window *w, PlainVec *out) {
  size_t nstep;
  const HostField *m = op->ref;
  const Day *edge = edges(f, w, (StepUnit)op->num, &nstep);
  Arena own = {0};
  Lines l = {.sy = arena_zalloc(&own, f->n, sizeof(double)), .sxy = arena_zalloc(&own, f->n, sizeof(double))};
  bool ok = true, plain = nstep > 1;
  for (size_t k = 0; ok && plain && k < nstep; k++) ok = add_step(f, m, edge, k, &l, &plain);
  int64_t *v = arena_alloc(f->arena, f->n * sizeof *v);
  uint8_t *has = arena_alloc(f->arena, f->n);
  size_t known = 0;
  for (size_t i = 0; ok && plain && i < f->n; i++) {
    Fit fit = l.common;
    fit.sy = l.sy[i];
    fit.sxy = l.sxy[i];
    Val x = fit_value(&fit, (SeriesFn)op->code);
    has[i] = x.t == V_REAL;
    v[i] = has[i] ? x.u.i : 0;
    known += has[i];
  }
  arena_free(&own);
  if (ok && plain) *out = (PlainVec){{.t = V_REAL}, val_null(), v, known < f->n ? has : NULL, 1};
  return ok;
}

bool series_plain(Frame *f, const Op *op, PlainVec *out) {
  static const Agg agg[] = {[SER_SUM] = AGG_SUM, [SER_COUNT] = AGG_COUNT, [SER_MIN] = AGG_MIN, [SER_MAX] = AGG_MAX,
                            [SER_FIRST] = AGG_FIRST, [SER_LAST] = AGG_LAST};
  const HostField *m = op->ref;
  const bool line = (op->code == SER_SLOPE || op->code == SER_TREND) && op->num >= STEP_MONTH && m->flow;
  Window w;
  *out = (PlainVec){0};
  if (!f->ev->host->plain || !f->n || f->blind || (op->num != STEP_NONE && !line)) return true;
  if (op->num == STEP_NONE && op->code > SER_LAST && op->code != SER_SINCE) return true;
  if (!window_of(f, op, &w)) return false;
  if (w.early) return true;
  if (line) return plain_fit(f, op, &w, out);
  if (op->code == SER_SINCE) return plain_since(f, m, &w, out);
  return plain_series(f, m, agg[op->code], w.from, w.to, true, out);
}

bool wide_forecast(Frame *f, const Op *op, Vec *out) {
  *out = vec_null();
  if (f->blind) return true;
  Val months;
  if (!frame_value(f, op->kid[0], &months)) return false;
  const FeelHost *h = f->ev->host;
  Val *v = column_new(f, f->n);
  *out = (Vec){v, 1};
  return !f->n || h->forecast(h->ctx, f->entity, op->ref, f->asof, (int)months.u.i, f->id, f->n, f->arena, v,
                              f->ev->e);
}
