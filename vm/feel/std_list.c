/* Built-in functions of lists (DMN 1.5, 10.3.4.4): figures over them, looking for items, other lists. */
#include "feel/std.h"

#include "base/num.h"

#include <string.h>

/* --- figures */

static bool all_numbers(Standard *s, Val list) {
  for (uint32_t i = 0; i < list.n; i++)
    if (!val_is_num(list.u.v[i])) {
      standard_null(s, "the list holds a %s, not only numbers", standard_kind(list.u.v[i]));
      return false;
    }
  return true;
}

/* The list of numbers has one at least; else a note. */
static bool figures(Standard *s, Val list) {
  if (list.n == 0) standard_null(s, "the list is empty");
  return list.n && all_numbers(s, list);
}

static Val count(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  return val_int(arg[0].n);
}

static Val extreme(Standard *s, Val list, int sign) {
  if (list.n == 0) return standard_null(s, "the list is empty");
  Val best = list.u.v[0];
  int o = 0;
  if (!standard_compare(best, best, &o)) return standard_null(s, "a %s has no order", standard_kind(best));
  for (uint32_t i = 1; i < list.n; i++) {
    if (!standard_compare(list.u.v[i], best, &o)) return standard_null(s, "the items do not compare");
    if (o * sign > 0) best = list.u.v[i];
  }
  return best;
}

static Val least(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return extreme(s, arg[0], -1);
}

static Val most(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return extreme(s, arg[0], 1);
}

static Val total(Standard *s, Val list) {
  Val t = val_int(0);
  for (uint32_t i = 0; i < list.n; i++) t = num_add(t, list.u.v[i], s->arena);
  return t;
}

static Val sum(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return figures(s, arg[0]) ? total(s, arg[0]) : val_null();
}

static Val product(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val p = val_int(1);
  if (!figures(s, arg[0])) return val_null();
  for (uint32_t i = 0; i < arg[0].n; i++) p = num_mul(p, arg[0].u.v[i], s->arena);
  return p;
}

static Val average(Standard *s, Val list) { return num_div(total(s, list), val_int(list.n), s->arena); }

static Val mean(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return figures(s, arg[0]) ? average(s, arg[0]) : val_null();
}

/* Of a sample: the sum of squares is divided by n - 1. */
static Val stddev(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Arena *a = s->arena;
  Val list = arg[0], squares = val_int(0);
  if (!figures(s, list)) return val_null();
  if (list.n < 2) return standard_null(s, "one number has no deviation");
  Val middle = average(s, list);
  for (uint32_t i = 0; i < list.n; i++) {
    Val d = num_sub(list.u.v[i], middle, a);
    squares = num_add(squares, num_mul(d, d, a), a);
  }
  return num_sqrt(num_div(squares, val_int((int64_t)list.n - 1), a), a);
}

/* --- order */

/* Does b come before a? *ok false: they do not compare, or the function gave no answer. */
typedef bool (*Before)(Standard *s, Val b, Val a, Val precedes, bool *ok);

static bool natural(Standard *s, Val b, Val a, Val precedes, bool *ok) {
  int o = 0;
  (void)precedes;
  if (!standard_compare(b, a, &o)) *ok = false, standard_null(s, "the items do not compare");
  return o < 0;
}

static bool asked(Standard *s, Val b, Val a, Val precedes, bool *ok) {
  Val arg[] = {b, a}, v = standard_call(s, precedes, arg, NULL, 2);
  if (v.t != V_BOOL) *ok = false, standard_null(s, "the order's function gave a %s", standard_kind(v));
  return std_is_true(v);
}

static bool merge(Standard *s, const Val *from, Val *to, size_t low, size_t mid, size_t high, Val precedes,
                  Before f) {
  size_t i = low, k = mid;
  bool ok = true;
  for (size_t at = low; at < high; at++) {
    bool right = i == mid || (k < high && f(s, from[k], from[i], precedes, &ok));
    to[at] = right ? from[k++] : from[i++];
    if (!ok || !standard_step(s)) return false;
  }
  return true;
}

/* Equal items keep their order. */
static bool sorted(Standard *s, Val list, Val precedes, Before f, Val *out) {
  size_t n = list.n;
  Val copy = std_list(s, list.u.v, n);
  Val *from = arena_alloc(s->arena, n * sizeof *from), *to = arena_alloc(s->arena, n * sizeof *to);
  if (n) memcpy(from, copy.u.v, n * sizeof *from);
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t low = 0; low < n; low += 2 * width) {
      size_t mid = low + width < n ? low + width : n, high = low + 2 * width < n ? low + 2 * width : n;
      if (!merge(s, from, to, low, mid, high, precedes, f)) return false;
    }
    Val *swap = from;
    from = to, to = swap;
  }
  *out = std_made_list(s, from, n);
  return true;
}

static Val sort(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val out;
  bool function = arg[1].t == V_FUNC;
  if (function && !std_is_function(arg[1], 2)) return standard_null(s, "an order's function takes two items");
  return sorted(s, arg[0], arg[1], function ? asked : natural, &out) ? out : val_null();
}

static Val median(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val list;
  if (!figures(s, arg[0]) || !sorted(s, arg[0], val_null(), natural, &list)) return val_null();
  Val high = list.u.v[list.n / 2];
  if (list.n % 2) return high;
  return num_div(num_add(list.u.v[list.n / 2 - 1], high, s->arena), val_int(2), s->arena);
}

static Val mode(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val list;
  size_t best = 0;
  Items out = {0};
  if (!all_numbers(s, arg[0]) || !sorted(s, arg[0], val_null(), natural, &list)) return val_null();
  for (size_t i = 0, k; i < list.n; i = k) {
    for (k = i; k < list.n && num_cmp(list.u.v[i], list.u.v[k]) == 0; k++) continue;
    if (k - i > best) best = k - i, out.n = 0;
    if (k - i == best && !items_add(s, &out, list.u.v[i])) return val_null();
  }
  return items_val(s, &out);
}

/* --- truth */

/* `decides` decides at once; nulls leave the rest open; anything but truth values is an error. */
static Val truth(Standard *s, Val list, bool decides) {
  bool decided = false, open = false;
  for (uint32_t i = 0; i < list.n; i++) {
    Val v = list.u.v[i];
    if (v.t != V_NULL && v.t != V_BOOL) return standard_null(s, "the list holds a %s", standard_kind(v));
    if (v.t == V_NULL) open = true;
    else if ((v.u.i != 0) == decides) decided = true;
  }
  return decided ? val_bool(decides) : open ? val_null() : val_bool(!decides);
}

static Val all(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return truth(s, arg[0], false);
}

static Val any(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return truth(s, arg[0], true);
}


const Builtin std_list_table[] = {
    {"count", "llist", count, "How many items."},
    {"min", "llist*", least, "The least item."},
    {"max", "llist*", most, "The greatest item."},
    {"sum", "llist*", sum, "The sum of the numbers."},
    {"product", "llist*", product, "The product of the numbers."},
    {"mean", "llist*", mean, "The arithmetic mean."},
    {"median", "llist*", median, "The middle number, or the mean of the two in the middle."},
    {"stddev", "llist*", stddev, "The standard deviation of a sample."},
    {"mode", "llist*", mode, "The most frequent numbers, rising."},
    {"all", "llist*", all, "Are all true?"},
    {"any", "llist*", any, "Is one true?"},
    {"sort", "llist,?fprecedes", sort, "In order; precedes tells whether one item comes before another."},
};
const size_t std_list_n = sizeof std_list_table / sizeof *std_list_table;
