#include "feel/func.h"

#include "base/num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

Val func_sum(FuncCtx *c, const Val *v, size_t n) {
  Val sum = val_int(0);
  for (size_t i = 0; i < n; i++) {
    if (v[i].t == V_NULL) return val_null();
    int64_t r;
    if (v[i].t == V_NUM && sum.t == V_NUM && v[i].e == sum.e &&
        !__builtin_add_overflow(v[i].u.i, sum.u.i, &r))
      sum.u.i = r;
    else if (val_is_num(v[i])) sum = i ? num_add(sum, v[i], c->arena) : v[i];
    else if (v[i].t == V_SECS || v[i].t == V_MONTHS) {
      if (i == 0) sum = v[i];
      else if (sum.t != v[i].t || sum.e != v[i].e || __builtin_add_overflow(sum.u.i, v[i].u.i, &sum.u.i))
        return val_null();
    } else return val_null();
  }
  return sum;
}

static Val *copy(FuncCtx *c, Val list) {
  Val *v = arena_alloc(c->arena, (list.n ? list.n : 1) * sizeof *v);
  if (list.n) memcpy(v, list.u.v, list.n * sizeof *v);
  return v;
}

static bool has_null(Val list) {
  for (uint32_t i = 0; i < list.n; i++)
    if (list.u.v[i].t == V_NULL) return true;
  return false;
}

static Val f_count(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return val_int(a[0].n);
}

static Val f_sum(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return a[0].n ? func_sum(c, a[0].u.v, a[0].n) : val_null(); /* FEEL: of nothing there is no sum */
}

static Val f_product(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Val p = val_int(1);
  for (uint32_t i = 0; i < a[0].n; i++) p = num_mul(p, a[0].u.v[i], c->arena);
  return a[0].n ? p : val_null();
}

static Val f_mean(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Val sum = func_sum(c, a[0].u.v, a[0].n);
  if (!a[0].n) return val_null();
  if (sum.t == V_SECS) return (Val){.t = V_SECS, .e = sum.e, .u.i = sum.u.i / (int64_t)a[0].n};
  return num_div(sum, val_int(a[0].n), c->arena);
}

/* never is longer than any number of days */
static int order(Val x, Val y) {
  if (x.t == V_NEVER || y.t == V_NEVER) return (x.t == V_NEVER) - (y.t == V_NEVER);
  return val_order(x, y);
}

static int by_value(const void *p, const void *q) { return order(*(const Val *)p, *(const Val *)q); }

static Val extreme(Val list, int sign) {
  if (!list.n || has_null(list)) return val_null();
  Val best = list.u.v[0];
  for (uint32_t i = 1; i < list.n; i++)
    if (sign * order(list.u.v[i], best) > 0) best = list.u.v[i];
  return best;
}

static Val f_min(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return extreme(a[0], -1);
}

static Val f_max(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return extreme(a[0], 1);
}

static Val *sorted(FuncCtx *c, Val list) {
  Val *v = copy(c, list);
  qsort(v, list.n, sizeof *v, by_value);
  return v;
}

static Val f_median(FuncCtx *c, const Val *a, int n) {
  (void)n;
  if (!a[0].n || has_null(a[0])) return val_null();
  Val *v = sorted(c, a[0]);
  uint32_t half = a[0].n / 2;
  if (a[0].n % 2) return v[half];
  return num_div(num_add(v[half - 1], v[half], c->arena), val_int(2), c->arena);
}

/* The most frequent value, the smallest of several; FEEL's own gives a list, rules one value. */
static Val f_mode(FuncCtx *c, const Val *a, int n) {
  (void)n;
  if (!a[0].n || has_null(a[0])) return val_null();
  Val *v = sorted(c, a[0]), best = v[0];
  uint32_t most = 0;
  for (uint32_t i = 0; i < a[0].n;) {
    uint32_t end = i;
    while (end < a[0].n && order(v[i], v[end]) == 0) end++;
    if (end - i > most) most = end - i, best = v[i];
    i = end;
  }
  return best;
}

static Val f_stddev(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  Val list = a[0];
  if (list.n < 2) return val_null();
  double sum = 0, squares = 0;
  for (uint32_t i = 0; i < list.n; i++) {
    if (!val_is_num(list.u.v[i])) return val_null();
    sum += num_double(list.u.v[i]);
  }
  double mean = sum / list.n;
  for (uint32_t i = 0; i < list.n; i++) {
    double d = num_double(list.u.v[i]) - mean;
    squares += d * d;
  }
  return val_real(sqrt(squares / (list.n - 1)));
}

/* Three-valued: `decides` settles it, an unknown leaves it open. */
static Val quantified(Val list, bool decides) {
  bool unknown = false;
  for (uint32_t i = 0; i < list.n; i++) {
    Val v = list.u.v[i];
    if (v.t != V_BOOL) unknown = true;
    else if ((v.u.i != 0) == decides) return val_bool(decides);
  }
  return unknown ? val_null() : val_bool(!decides);
}

static Val f_all(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return quantified(a[0], false);
}

static Val f_any(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return quantified(a[0], true);
}

static Val f_share_true(FuncCtx *c, const Val *a, int n) {
  (void)n;
  int64_t yes = 0;
  for (uint32_t i = 0; i < a[0].n; i++) {
    if (a[0].u.v[i].t != V_BOOL) return val_null();
    yes += a[0].u.v[i].u.i;
  }
  return a[0].n ? num_div(val_int(yes), val_int(a[0].n), c->arena) : val_null();
}

static Val f_first(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return a[0].n ? a[0].u.v[0] : val_null();
}

static Val f_last(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return a[0].n ? a[0].u.v[a[0].n - 1] : val_null();
}

static Val joined(FuncCtx *c, const Val *a, int n) {
  size_t total = 0;
  for (int i = 0; i < n; i++) total += a[i].t == V_LIST ? a[i].n : 1;
  Val *v = arena_alloc(c->arena, (total ? total : 1) * sizeof *v);
  size_t at = 0;
  for (int i = 0; i < n; i++) {
    if (a[i].t != V_LIST) v[at++] = a[i];
    else for (uint32_t k = 0; k < a[i].n; k++) v[at++] = a[i].u.v[k];
  }
  return val_list(v, total);
}

static Val f_append(FuncCtx *c, const Val *a, int n) {
  Val *v = arena_alloc(c->arena, (a[0].n + (size_t)n) * sizeof *v);
  if (a[0].n) memcpy(v, a[0].u.v, a[0].n * sizeof *v);
  for (int i = 1; i < n; i++) v[a[0].n + (uint32_t)i - 1] = a[i];
  return val_list(v, a[0].n + (size_t)n - 1);
}

static int by_place_and_value(const void *p, const void *q, void *ctx) {
  const Val *v = ctx;
  uint32_t i = *(const uint32_t *)p, j = *(const uint32_t *)q;
  int o = val_order(v[i], v[j]);
  return o ? o : (i > j) - (i < j);
}

static Val f_distinct(FuncCtx *c, const Val *a, int n) {
  (void)n;
  uint32_t m = a[0].n;
  uint32_t *order_of = arena_alloc(c->arena, (m + 1) * sizeof *order_of);
  bool *again = arena_zalloc(c->arena, m + 1, sizeof *again);
  for (uint32_t i = 0; i < m; i++) order_of[i] = i;
  if (m) qsort_r(order_of, m, sizeof *order_of, by_place_and_value, (void *)a[0].u.v);
  for (uint32_t i = 1; i < m; i++)
    again[order_of[i]] = val_order(a[0].u.v[order_of[i]], a[0].u.v[order_of[i - 1]]) == 0;
  Val *v = arena_alloc(c->arena, (m ? m : 1) * sizeof *v);
  uint32_t k = 0;
  for (uint32_t i = 0; i < m; i++)
    if (!again[i]) v[k++] = a[0].u.v[i];
  return val_list(v, k);
}

static Val f_union(FuncCtx *c, const Val *a, int n) {
  Val all = joined(c, a, n);
  return f_distinct(c, &all, 1);
}

static size_t flat_size(Val v) {
  if (v.t != V_LIST) return 1;
  size_t n = 0;
  for (uint32_t i = 0; i < v.n; i++) n += flat_size(v.u.v[i]);
  return n;
}

static void flatten(Val v, Val *out, size_t *at) {
  if (v.t != V_LIST) out[(*at)++] = v;
  else for (uint32_t i = 0; i < v.n; i++) flatten(v.u.v[i], out, at);
}

static Val f_flatten(FuncCtx *c, const Val *a, int n) {
  (void)n;
  size_t m = flat_size(a[0]), at = 0;
  Val *v = arena_alloc(c->arena, (m ? m : 1) * sizeof *v);
  flatten(a[0], v, &at);
  return val_list(v, m);
}

static Val f_index_of(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Val *v = arena_alloc(c->arena, (a[0].n ? a[0].n : 1) * sizeof *v);
  uint32_t k = 0;
  for (uint32_t i = 0; i < a[0].n; i++)
    if (val_order(a[0].u.v[i], a[1]) == 0) v[k++] = val_int(i + 1);
  return val_list(v, k);
}

/* A place in the list, counted from 1, or from its end when negative; -1 when outside. */
static int64_t position(Val list, Val at, int64_t most) {
  int64_t i;
  if (!val_is_num(at) || !num_int(at, &i)) return -1;
  if (i < 0) i += (int64_t)list.n + 1;
  return i >= 1 && i <= most ? i - 1 : -1;
}

static Val f_insert_before(FuncCtx *c, const Val *a, int n) {
  (void)n;
  int64_t at = position(a[0], a[1], (int64_t)a[0].n);
  if (at < 0) return val_null();
  Val *v = arena_alloc(c->arena, ((size_t)a[0].n + 1) * sizeof *v);
  for (uint32_t i = 0, k = 0; i < a[0].n; i++) {
    if (i == at) v[k++] = a[2];
    v[k++] = a[0].u.v[i];
  }
  return val_list(v, (size_t)a[0].n + 1);
}

static Val f_remove(FuncCtx *c, const Val *a, int n) {
  (void)n;
  int64_t at = position(a[0], a[1], (int64_t)a[0].n);
  if (at < 0) return val_null();
  Val *v = arena_alloc(c->arena, a[0].n * sizeof *v);
  uint32_t k = 0;
  for (uint32_t i = 0; i < a[0].n; i++)
    if (i != at) v[k++] = a[0].u.v[i];
  return val_list(v, k);
}

static Val f_list_contains(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  if (a[0].t != V_LIST) return val_null();
  for (uint32_t i = 0; i < a[0].n; i++)
    if (val_order(a[0].u.v[i], a[1]) == 0) return val_bool(true);
  return val_bool(false);
}

static Val f_reverse(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Val *v = arena_alloc(c->arena, (a[0].n ? a[0].n : 1) * sizeof *v);
  for (uint32_t i = 0; i < a[0].n; i++) v[i] = a[0].u.v[a[0].n - 1 - i];
  return val_list(v, a[0].n);
}

static Val f_sort(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return val_list(sorted(c, a[0]), a[0].n);
}

static Val f_sublist(FuncCtx *c, const Val *a, int n) {
  (void)c;
  int64_t at = position(a[0], a[1], (int64_t)a[0].n), len = (int64_t)a[0].n - at;
  if (at < 0) return val_null();
  if (n > 2 && (!val_is_num(a[2]) || !num_int(a[2], &len) || len < 0 || at + len > (int64_t)a[0].n))
    return val_null();
  return val_list(a[0].u.v + at, (size_t)len);
}

/* 1..5 as a list, for loops */
static Val f_range(FuncCtx *c, const Val *a, int n) {
  (void)n;
  int64_t lo, hi;
  enum { MOST = 1000000 };
  if (a[0].t != V_RANGE || !val_is_num(a[0].u.v[0]) || !val_is_num(a[0].u.v[1]) ||
      !num_int(a[0].u.v[0], &lo) || !num_int(a[0].u.v[1], &hi))
    return val_null();
  if (lo < hi - MOST + 1 || lo - MOST + 1 > hi) {
    if (c->e && !c->e->kind) {
      err_set(c->e, ERR_FAIL, "a range from %lld to %lld is too long to go through", (long long)lo, (long long)hi);
      err_todo(c->e, "at most 1,000,000 numbers");
    }
    return val_null();
  }
  int64_t step = lo <= hi ? 1 : -1, m = (hi - lo) * step + 1;
  Val *v = arena_alloc(c->arena, (size_t)m * sizeof *v);
  for (int64_t i = 0; i < m; i++) v[i] = val_int(lo + i * step);
  return val_list(v, (size_t)m);
}

const Func func_list_table[] = {
    {"count", "m", "n", FN_SERIES, false, 0, f_count, "count(list | rows) | count(measure, window)",
     "How many."},
    {"sum", "m", "e", FN_SERIES, false, 0, f_sum, "sum(list) | sum(measure, window)",
     "Of nothing 0; unknown when one is unknown."},
    {"mean", "m", "e", FN_SERIES, false, 0, f_mean, "mean(list) | mean(measure, window [, month])",
     "Of a measure: per row (order line); with a step, of its sums per step, 0 where a flow has no row."},
    {"min", "m", "e", FN_SERIES, false, 0, f_min, "min(list) | min(a, b, …) | min(measure, window [, month])",
     "The least."},
    {"max", "m", "e", FN_SERIES, false, 0, f_max, "max(list) | max(a, b, …) | max(measure, window [, month])",
     "The greatest."},
    {"first", "l", "e", FN_SERIES, false, 0, f_first, "first(list) | first(measure, window)",
     "The first value."},
    {"last", "l", "e", FN_SERIES, false, 0, f_last, "last(list) | last(measure [, window])",
     "The last value."},
    {"median", "m", "e", FN_ROW, false, 0, f_median, "median(list)", "The middle value."},
    {"mode", "m", "e", FN_ROW, false, 0, f_mode, "mode(list)",
     "The most frequent value, the least of several."},
    {"stddev", "m", "e", FN_SERIES, false, 0, f_stddev, "stddev(list) | stddev(measure, window [, month])",
     "Sample standard deviation (÷ n - 1); unknown of fewer than two. Of a measure: of its sums per step."},
    {"product", "m", "n", FN_ROW, false, 0, f_product, "product(list)", "All multiplied."},
    {"all", "m", "b", FN_ROW, false, 0, f_all, "all(list)", "True when every one is true."},
    {"any", "m", "b", FN_ROW, false, 0, f_any, "any(rows) | any(list)",
     "True when there is a row; of a list: when one is true."},
    {"share_true", "l", "n", FN_ROW, false, UNIT_PERCENT, f_share_true, "share_true(list)",
     "The part that is true."},
    {"append", "la+", "L", FN_ROW, true, 0, f_append, "append(list, x, …)", "The list with x at its end."},
    {"concatenate", "ll+", "L", FN_ROW, false, 0, joined, "concatenate(list, list, …)",
     "One list after the other."},
    {"union", "ll+", "L", FN_ROW, false, 0, f_union, "union(list, list, …)", "Both, each value once."},
    {"distinct", "l", "L", FN_ROW, false, 0, f_distinct, "distinct(list)", "Each value once."},
    {"distinct_values", "l", "L", FN_ROW, false, 0, f_distinct, "distinct_values(list)", "Each value once."},
    {"flatten", "l", "L", FN_ROW, false, 0, f_flatten, "flatten(list)",
     "Lists in the list become its elements."},
    {"index_of", "la", "N", FN_ROW, false, 0, f_index_of, "index_of(list, x)", "Where x stands."},
    {"insert_before", "lna", "L", FN_ROW, true, 0, f_insert_before, "insert_before(list, place, x)",
     "x put before a place."},
    {"remove", "ln", "L", FN_ROW, false, 0, f_remove, "remove(list, place)", "Without the one at a place."},
    {"list_contains", "la", "b", FN_ROW, true, 0, f_list_contains, "list_contains(list, x)",
     "Is x in the list? Takes null too."},
    {"reverse", "l", "L", FN_ROW, false, 0, f_reverse, "reverse(list)", "Last first."},
    {"sort", "l", "L", FN_ROW, false, 0, f_sort, "sort(list)", "In ascending order, unknown last."},
    {"sublist", "ln?n", "L", FN_ROW, false, 0, f_sublist, "sublist(list, from [, length])",
     "A part of the list."},
    {"range", "a", "N", FN_ROW, false, 0, f_range, "range(1..5)", "The whole numbers of a range."},
};
const size_t func_list_n = sizeof func_list_table / sizeof *func_list_table;
