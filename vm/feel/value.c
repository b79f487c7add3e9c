#include "feel/frame.h"

#include "base/num.h"
#include "feel/func.h"
#include "feel/window.h"

static bool is_span(Val v) { return v.t == V_SECS || v.t == V_MONTHS; }

/* Whole days of a duration of seconds; months stay. */
static bool whole_days(Val v, int64_t *out) {
  if (v.t == V_SECS && v.e == 0 && v.u.i % 86400 == 0) {
    *out = v.u.i / 86400;
    return true;
  }
  return val_is_num(v) && num_int(v, out);
}

static Val move_date(Val date, Val span, int sign) {
  int64_t n;
  if (span.t == V_MONTHS) {
    int64_t month = day_month((Day)date.u.i) + sign * span.u.i;
    if (month < 12 || month >= 10000 * 12) return val_null();
    return val_date(day_add_months((Day)date.u.i, (int)(sign * span.u.i)));
  }
  if (!whole_days(span, &n)) return val_null();
  int64_t day = date.u.i + sign * n;
  if (day < day_of(1, 1, 1) || day > day_of(9999, 12, 31)) return val_null();
  return val_date((Day)day);
}

/* Seconds as a number, so that durations can be reckoned with. */
static Val seconds(Val v, Arena *a) {
  if (v.t == V_SECS) return val_dec(v.u.i, v.e);
  return num_mul(v, val_int(86400), a);
}

static Val of_seconds(Val v) {
  v = num_norm(v);
  if (v.t == V_NUM && v.e > 0) {
    int64_t i;
    if (!num_int(v, &i)) return val_null();
    v = val_int(i);
  }
  if (v.t != V_NUM) return val_null();
  return (Val){.t = V_SECS, .e = v.e, .u.i = v.u.i};
}

static Val add_spans(Val a, Val b, int sign, Arena *arena) {
  if (a.t == V_MONTHS && b.t == V_MONTHS) {
    int64_t m;
    if (sign > 0 ? __builtin_add_overflow(a.u.i, b.u.i, &m) : __builtin_sub_overflow(a.u.i, b.u.i, &m))
      return val_null();
    return val_months(m);
  }
  if (a.t == V_MONTHS || b.t == V_MONTHS) return val_null();
  Val x = seconds(a, arena), y = seconds(b, arena);
  return of_seconds(sign > 0 ? num_add(x, y, arena) : num_sub(x, y, arena));
}

static Val scale_span(NodeOp op, Val span, Val by, Arena *arena) {
  if (span.t == V_MONTHS) {
    Val m = op == OP_MUL ? num_mul(val_int(span.u.i), by, arena) : num_div(val_int(span.u.i), by, arena);
    m = num_round(m, 0, NUM_DOWN, arena);
    int64_t i;
    return num_int(m, &i) ? val_months(i) : val_null();
  }
  Val x = seconds(span, arena);
  Val s = op == OP_MUL ? num_mul(x, by, arena) : num_div(x, by, arena);
  return of_seconds(num_round(s, 9, NUM_HALF_EVEN, arena));
}

static Val divide_spans(Val a, Val b, Arena *arena) {
  if (a.t == V_MONTHS && b.t == V_MONTHS) return num_div(val_int(a.u.i), val_int(b.u.i), arena);
  if (a.t == V_MONTHS || b.t == V_MONTHS) return val_null();
  return num_div(seconds(a, arena), seconds(b, arena), arena);
}

static Val concat(Val a, Val b, Arena *arena) {
  size_t n = (size_t)a.n + b.n;
  char *p = arena_alloc(arena, n);
  for (size_t i = 0; i < a.n; i++) p[i] = a.u.s[i];
  for (size_t i = 0; i < b.n; i++) p[a.n + i] = b.u.s[i];
  return val_text((Str){p, n});
}

static Val arith_other(NodeOp op, Val a, Val b, Arena *arena) {
  bool add = op == OP_ADD || op == OP_SUB;
  int sign = op == OP_ADD ? 1 : -1;
  if (op == OP_ADD && a.t == V_TEXT && b.t == V_TEXT) return concat(a, b, arena);
  if (a.t == V_DATE && b.t == V_DATE) return op == OP_SUB ? val_days(a.u.i - b.u.i) : val_null();
  if (a.t == V_DATE && add) return move_date(a, b, sign);
  if (b.t == V_DATE && op == OP_ADD) return move_date(b, a, 1);
  if ((is_span(a) || is_span(b)) && add && (is_span(a) || val_is_num(a)) && (is_span(b) || val_is_num(b)))
    return add_spans(a, b, sign, arena);
  if (op == OP_MUL && is_span(a) && val_is_num(b)) return scale_span(op, a, b, arena);
  if (op == OP_MUL && is_span(b) && val_is_num(a)) return scale_span(op, b, a, arena);
  if (op == OP_DIV && is_span(b)) return divide_spans(a, b, arena);
  if (op == OP_DIV && is_span(a) && val_is_num(b)) return scale_span(op, a, b, arena);
  return val_null();
}

Val value_arith(NodeOp op, Val a, Val b, Day asof, Arena *arena) {
  (void)asof;
  if (a.t == V_NULL || b.t == V_NULL) return val_null();
  if (!val_is_num(a) || !val_is_num(b)) return arith_other(op, a, b, arena);
  switch (op) {
    case OP_ADD: return num_add(a, b, arena);
    case OP_SUB: return num_sub(a, b, arena);
    case OP_MUL: return num_mul(a, b, arena);
    case OP_DIV: return num_div(a, b, arena);
    case OP_POW: return num_pow(a, b, arena);
    default: return val_null();
  }
}

Val value_neg(Val a, Arena *arena) {
  if (val_is_num(a)) return num_neg(a, arena);
  if (!is_span(a)) return val_null();
  a.u.i = -a.u.i;
  return a;
}

bool value_order(Val a, Val b, Day asof, int *out) {
  if (a.t == V_NULL || b.t == V_NULL) return false;
  if (a.t == V_NEVER || b.t == V_NEVER) {
    bool fine =
        (a.t == V_NEVER || val_is_num(a) || is_span(a)) && (b.t == V_NEVER || val_is_num(b) || is_span(b));
    *out = (a.t == V_NEVER) - (b.t == V_NEVER);
    return fine;
  }
  if (val_is_num(a) && val_is_num(b)) {
    *out = num_cmp(a, b);
    return true;
  }
  if ((is_span(a) || is_span(b)) && (a.t != b.t || a.e != b.e)) {
    Arena tmp = {0};
    Val x = a, y = b;
    bool fine = (!is_span(a) || func_days(a, asof, &x, &tmp)) &&
                (!is_span(b) || func_days(b, asof, &y, &tmp)) && val_is_num(x) && val_is_num(y);
    if (fine) *out = num_cmp(x, y);
    arena_free(&tmp);
    return fine;
  }
  if (a.t != b.t) return false;
  *out = val_order(a, b);
  return true;
}

static ptrdiff_t rank_in(const Domain *d, Val v) {
  if (v.t != V_TEXT) return -1;
  for (size_t i = 0; i < d->n; i++)
    if (str_eq(d->value[i], val_str(v))) return (ptrdiff_t)i;
  return -1;
}

static Val verdict(NodeOp op, int order) {
  switch (op) {
    case OP_EQ: return val_bool(order == 0);
    case OP_NE: return val_bool(order != 0);
    case OP_LT: return val_bool(order < 0);
    case OP_LE: return val_bool(order <= 0);
    case OP_GT: return val_bool(order > 0);
    case OP_GE: return val_bool(order >= 0);
    default: return val_null();
  }
}

/* Lists are equal when all elements are; one unknown element and no difference: unknown. */
static Val equal_lists(Val a, Val b, Day asof) {
  if (a.n != b.n) return val_bool(false);
  Val all = val_bool(true);
  for (uint32_t i = 0; i < a.n; i++)
    all = value_and(all, value_compare(OP_EQ, CMP_PLAIN, NULL, a.u.v[i], b.u.v[i], asof));
  return all;
}

Val value_compare(NodeOp op, CmpHow how, const Domain *d, Val a, Val b, Day asof) {
  if (a.t == V_NUM && b.t == V_NUM && a.e == b.e) return verdict(op, (a.u.i > b.u.i) - (a.u.i < b.u.i));
  if (a.t == V_NULL || b.t == V_NULL) return val_null();
  if (how == CMP_RANK) {
    ptrdiff_t x = rank_in(d, a), y = rank_in(d, b);
    return x < 0 || y < 0 ? val_null() : verdict(op, (x < y) - (x > y)); /* the first is the highest */
  }
  if (a.t == V_LIST && b.t == V_LIST && (op == OP_EQ || op == OP_NE)) {
    Val same = equal_lists(a, b, asof);
    return op == OP_EQ ? same : value_not(same);
  }
  int order;
  return value_order(a, b, asof, &order) ? verdict(op, order) : val_null();
}

Val value_has(Val x, Val list) {
  if (x.t == V_NULL || list.t == V_NULL) return val_null();
  if (list.t != V_LIST) return value_compare(OP_EQ, CMP_PLAIN, NULL, x, list, 0);
  Val any = val_bool(false);
  for (uint32_t i = 0; i < list.n; i++) {
    any = value_or(any, value_compare(OP_EQ, CMP_PLAIN, NULL, x, list.u.v[i], 0));
    if (any.t == V_BOOL && any.u.i) break;
  }
  return any;
}

Val value_in_range(Val x, Val range, Day asof) {
  if (x.t == V_NULL || range.t != V_RANGE) return val_null();
  Val lo = range.u.v[0], hi = range.u.v[1];
  Val above = lo.t ? value_compare(range.e & VAL_RANGE_LOW_IN ? OP_GE : OP_GT, CMP_PLAIN, NULL, x, lo, asof)
                   : val_bool(true);
  Val below = hi.t ? value_compare(range.e & VAL_RANGE_HIGH_IN ? OP_LE : OP_LT, CMP_PLAIN, NULL, x, hi, asof)
                   : val_bool(true);
  return value_and(above, below);
}

Val value_inside(Val day, Val window, Day asof) {
  Day from, to;
  if (day.t != V_DATE || !window_days(window, asof, &from, &to)) return val_null();
  return val_bool((from == DAY_NONE || day.u.i >= from) && day.u.i < to);
}

Val value_and(Val a, Val b) {
  bool fa = a.t == V_BOOL && !a.u.i, fb = b.t == V_BOOL && !b.u.i;
  if (fa || fb) return val_bool(false);
  return a.t == V_BOOL && b.t == V_BOOL ? val_bool(true) : val_null();
}

Val value_or(Val a, Val b) {
  bool ta = a.t == V_BOOL && a.u.i, tb = b.t == V_BOOL && b.u.i;
  if (ta || tb) return val_bool(true);
  return a.t == V_BOOL && b.t == V_BOOL ? val_bool(false) : val_null();
}

Val value_not(Val a) { return a.t == V_BOOL ? val_bool(!a.u.i) : val_null(); }
