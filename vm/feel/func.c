#include "feel/func.h"

#include "base/num.h"

#include <string.h>

enum { MOST = 160 };

static Func all[MOST];
static size_t count;

static void add(const Func *f, size_t n) {
  for (size_t i = 0; i < n && count < MOST; i++) all[count++] = f[i];
}

const Func *func_list(size_t *n) {
  if (!count) {
    add(func_wide, func_wide_n);
    add(func_list_table, func_list_n);
    add(func_number, func_number_n);
    add(func_text, func_text_n);
    add(func_date, func_date_n);
  }
  *n = count;
  return all;
}

const Func *func_find(Str name) {
  size_t n;
  const Func *f = func_list(&n);
  for (size_t i = 0; i < n; i++)
    if (str_is(name, f[i].name)) return &f[i];
  return NULL;
}

bool func_days(Val v, Day asof, Val *out, Arena *a) {
  if (v.t == V_SECS) {
    bool whole = v.e == 0 && v.u.i % 86400 == 0;
    *out = whole ? val_int(v.u.i / 86400) : num_div(val_dec(v.u.i, v.e), val_int(86400), a);
    return true;
  }
  if (v.t != V_MONTHS) return false;
  int64_t month = day_month(asof) - v.u.i;
  if (month < 12 || month > 9998 * 12) return false;
  *out = val_int((int64_t)asof - day_add_months(asof, (int)-v.u.i));
  return true;
}

static Val since(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return a[0].t == V_DATE ? val_int((int64_t)c->asof - a[0].u.i) : val_null();
}

const Func func_wide[] = {
    /* over a measure and a window, or over a list */
    {"days_since", "d", "n", FN_SERIES, false, UNIT_DAYS, since, "days_since(events | date)",
     "Whole days from the last event before as-of; never when there is none, and never > any number of days."},
    {"latest", "a?w", "n", FN_SERIES, false, 0, NULL, "latest(measure) | latest(rows.figure)",
     "The last value before as-of; of rows, the known figure with the latest day."},
    {"gap", "a?w", "n", FN_SERIES, false, UNIT_DAYS, NULL, "gap(measure, window)",
     "Mean days between the days with an event."},
    {"slope", "awa", "n", FN_SERIES, false, 0, NULL, "slope(measure, window, month)",
     "Least-squares change from step to step, over the whole steps of the window, 0 where a flow has no row; steps day "
     "week month quarter year, months when none is named."},
    {"trend", "awa", "n", FN_SERIES, false, UNIT_PERCENT, NULL, "trend(measure, window, month)",
     "slope ÷ mean step: the change from step to step as a part of it; unknown when the mean is 0."},
    {"forecast", "aw", "n", FN_SPECIAL, false, 0, NULL, "forecast(measure, 12m)",
     "Expected sum of the months to come: each as in the same month of the last year (seasonal naive); unknown with "
     "less than a year of history."},
    /* another day */
    {"ago", "aw", "1", FN_SPECIAL, false, 0, NULL, "ago(x, 12m)", "x as it stood then."},
    {"yoy", "a", "n", FN_SPECIAL, false, UNIT_PERCENT, NULL, "yoy(x)",
     "x ÷ x a year ago - 1; unknown where the earlier figure is zero or less."},
    {"pop", "a", "n", FN_SPECIAL, false, UNIT_PERCENT, NULL, "pop(sum(revenue, 3m))",
     "x ÷ x one window earlier - 1; unknown where the earlier figure is zero or less."},
    /* over the population */
    {"rank", "a", "n", FN_SET, false, 0, NULL, "rank(x [, within g] [, among cond])",
     "Place among all, 1 for the highest; equal values share a place."},
    {"share", "a?a", "n", FN_SET, false, UNIT_PERCENT, NULL,
     "share(x [, within g] [, among cond]) | share(rows, cond)",
     "x ÷ the sum of all; of rows: the part for which cond holds."},
    {"running_share", "a", "n", FN_SET, false, UNIT_PERCENT, NULL,
     "running_share(x [, within g] [, among cond])", "Share held by this one and those ranked above."},
    {"share_ahead", "a", "n", FN_SET, false, UNIT_PERCENT, NULL, "share_ahead(x [, within g] [, among cond])",
     "Share held by those ranked above alone."},
    {"quantile", "an", "1", FN_SET, false, 0, NULL, "quantile(x, 90% [, within g] [, among cond])",
     "The value below which that share lies (type 7)."},
    {"classes", "an?t", "n", FN_SET, false, 0, NULL, "classes(x, 5 [, 'quantile' | 'ntile'])",
     "1 for the lowest class. 'quantile' (when none is named): 1 + the number of value cuts (type 7) below x, so equal "
     "values get equal classes. 'ntile': as many in each, the lower ones one more, counted up from the foot of the ranking (value descending, then code)."},
    {"zscore", "a", "n", FN_SET, false, 0, NULL, "zscore(x [, within g] [, among cond])",
     "Standard deviations from the mean, those of the whole crowd (÷ n); unknown when all are equal."},
    {"gini", "a", "n", FN_SET, false, 0, NULL, "gini(x [, within g] [, among cond])",
     "Gini coefficient of the whole: 0 all equal, towards 1 all with one."},
    {"hhi", "a", "n", FN_SET, false, 0, NULL, "hhi(x [, within g] [, among cond])",
     "Herfindahl-Hirschman index: the sum of squared shares, 1 when one holds all."},
    {"top_share", "an", "n", FN_SET, false, UNIT_PERCENT, NULL,
     "top_share(x, 20% [, within g] [, among cond])",
     "Part of the whole that the highest 20 % of the members hold."},
    {"carriers", "an", "n", FN_SET, false, 0, NULL, "carriers(x, 80% [, within g] [, among cond])",
     "How many members, from the highest, it takes to hold 80 % of the whole."},
    {"tied", "a", "n", FN_SET, false, 0, NULL, "tied(x)", "How many lie exactly on a cut of classes(x, …)."},
    {"nearly", "tt", "b", FN_SPECIAL, false, 0, NULL, "nearly('table', 'value')",
     "One cell short of a row of the table that gives the value: .missed is the column, .value what stands there, "
     ".test what the row asks."},
    /* of the domain */
    {"need_match", "n", "n", FN_SPECIAL, false, 0, NULL, "need_match(5)",
     "How well we meet what it needs, 1 to 5: the part of the organisation's open needs that are felt or solved and that "
     "an active product line of ours answers; unknown without an open need."},
    /* about values */
    {"known", "a", "b", FN_SPECIAL, true, 0, NULL, "known(x)", "True when x is not null."},
    {"not", "b", "b", FN_SPECIAL, false, 0, NULL, "not(cond)", "The opposite; unknown stays unknown."},
    {"in_segment", "t", "b", FN_SPECIAL, false, 0, NULL, "in_segment('name')",
     "Member of the segment at as-of."},
    {"changed_by", "n", "b", FN_SPECIAL, false, 0, NULL, "changed_by(131)", "Did that run change or add the row?"},
};
const size_t func_wide_n = sizeof func_wide / sizeof *func_wide;
