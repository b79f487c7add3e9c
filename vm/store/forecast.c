/* What is expected of a measure: its months up to as-of, handed to the model as plain arrays. */
#include "base/num.h"
#include "model/forecast.h"
#include "store/view.h"

enum { SEASON = 12 }; /* months: the year's own rhythm */

/* Money in minor units, so that sums of doubles stay whole numbers and exact. */
static double plain(Val v, bool money, int minor) {
  int64_t n;
  bool rounded;
  if (money && num_minor(v, minor, &n, &rounded)) return (double)n;
  return num_double(v);
}

static Val amount(double sum, bool money, int minor, Arena *a) {
  Val v = num_of_double(sum, a);
  if (!money) return v;
  int64_t whole;
  bool rounded;
  return num_minor(v, 0, &whole, &rounded) ? val_dec(whole, -minor) : val_null();
}

/* A row whose first entry is later than a season ago has not shown a whole season yet. */
bool view_forecast(void *ctx, int entity, const HostField *f, Day asof, int months, const int64_t *id, size_t n,
                   Arena *a, Val *out, Err *e) {
  const Host *h = ctx;
  bool money = f->type.unit == UNIT_MONEY;
  int minor = h->s->minor;
  Day edge[SEASON + 1], first_day, last_day;
  for (int k = 0; k <= SEASON; k++) edge[k] = day_add_months(asof, k - SEASON);
  for (size_t i = 0; i < n; i++) out[i] = val_null();
  if (months < 1 || !view_span(ctx, entity, f, &first_day, &last_day) || first_day > edge[0]) return true;
  Val *first = arena_alloc(a, n * sizeof *first), *step = arena_alloc(a, n * SEASON * sizeof *step);
  if (!view_series(ctx, entity, f, AGG_FIRST_DAY, first_day, asof, id, n, a, first, e) ||
      !view_steps(ctx, entity, f, AGG_SUM, edge, SEASON, id, n, a, step, e))
    return false;
  for (size_t i = 0; i < n; i++) {
    double y[SEASON], sum;
    bool known = first[i].t == V_DATE && first[i].u.i <= edge[0];
    for (int k = 0; known && k < SEASON; k++) {
      known = val_is_num(step[i * SEASON + (size_t)k]);
      if (known) y[k] = plain(step[i * SEASON + (size_t)k], money, minor);
    }
    if (known && forecast_seasonal_naive(y, SEASON, SEASON, (size_t)months, &sum)) out[i] = amount(sum, money, minor, a);
  }
  return true;
}
