/* Arithmetic on numbers, text, dates, times and durations (DMN 1.5, tables 55 to 60). */
#include "feel/std.h"

#include "base/lang.h"
#include "base/num.h"

static bool is_moment(Val v) { return v.t == V_DATE || v.t == V_TIME || v.t == V_DATETIME; }
static bool is_span(Val v) { return v.t == V_SECS || v.t == V_MONTHS; }

/* A span times a number; months keep whole months. */
static Val scaled(Standard *s, Val span, Val number, bool divide) {
  Arena *a = s->arena;
  bool months = span.t == V_MONTHS;
  Val amount = months ? val_int(span.u.i) : val_dec(span.u.i, span.e);
  Val v = divide ? num_div(amount, number, a) : num_mul(amount, number, a);
  int64_t n;
  if (v.t == V_NULL) return standard_null(s, "a duration cannot be divided by zero");
  if (months) {
    if (!std_whole(v, &n)) return standard_null(s, "a duration beyond what there is");
    return val_months(n);
  }
  v = num_round(v, 9, NUM_DOWN, a);
  for (int e = 0; e <= 9; e++)
    if (num_minor(v, e, &n, NULL)) return (Val){.t = V_SECS, .e = (int8_t)-e, .u.i = n};
  return standard_null(s, "a duration beyond what there is");
}

static Val span_ratio(Standard *s, Val a, Val b) {
  Val x = a.t == V_MONTHS ? val_int(a.u.i) : val_dec(a.u.i, a.e);
  Val y = b.t == V_MONTHS ? val_int(b.u.i) : val_dec(b.u.i, b.e);
  Val v = num_div(x, y, s->arena);
  return v.t == V_NULL ? standard_null(s, "division by a duration of zero") : v;
}

static Val add_spans(Standard *s, Val a, Val b, int sign) {
  int64_t n;
  if (a.t == V_SECS) {
    Val v = secs_of_nanos(secs_nanos(a) + sign * secs_nanos(b));
    return v.t == V_NULL ? standard_null(s, "a duration beyond what there is") : v;
  }
  if (sign > 0 ? __builtin_add_overflow(a.u.i, b.u.i, &n) : __builtin_sub_overflow(a.u.i, b.u.i, &n))
    return standard_null(s, "a duration beyond what there is");
  return val_months(n);
}

static Val shifted(Standard *s, Val v, Val span, int sign) {
  Val r = span.t == V_SECS ? moment_add(v, sign * secs_nanos(span), s->arena)
          : span.u.i == INT64_MIN ? val_null()
                                  : moment_add_months(v, sign * span.u.i, s->arena);
  if (r.t != V_NULL) return r;
  if (v.t == V_TIME) return standard_null(s, "months cannot be added to a time");
  return standard_null(s, "a date beyond the years that there are");
}

static Val distance(Standard *s, Val a, Val b) {
  Val v = moment_sub(a, b);
  if (v.t == V_NULL) return standard_null(s, "one has a time zone and the other not, or they do not compare");
  return v;
}

static Val no_meaning(Standard *s, const char *what, Val a, Val b) {
  return standard_null(s, "%s of %s and %s is not defined", _(what), standard_kind(a), standard_kind(b));
}

static Val number(Standard *s, Val v) {
  if (v.t == V_REAL) return num_of_double(v.u.d, s->arena);
  return v.t == V_NULL ? standard_null(s, "no number: division by zero, or beyond what there is") : v;
}

static Val add(Standard *s, Val a, Val b) {
  if (a.t == V_TEXT && b.t == V_TEXT) {
    Buf text = {0};
    buf_str(&text, val_str(a));
    buf_str(&text, val_str(b));
    return std_text(s, &text);
  }
  if (is_span(a) && a.t == b.t) return add_spans(s, a, b, 1);
  if (is_moment(a) && is_span(b)) return shifted(s, a, b, 1);
  if (is_span(a) && is_moment(b)) return shifted(s, b, a, 1);
  return no_meaning(s, "the sum", a, b);
}

static Val subtract(Standard *s, Val a, Val b) {
  if (is_span(a) && a.t == b.t) return add_spans(s, a, b, -1);
  if (is_moment(a) && is_span(b)) return shifted(s, a, b, -1);
  if (is_moment(a) && is_moment(b)) return distance(s, a, b);
  return no_meaning(s, "the difference", a, b);
}

static Val multiply(Standard *s, Val a, Val b) {
  if (is_span(a) && val_is_num(b)) return scaled(s, a, b, false);
  if (val_is_num(a) && is_span(b)) return scaled(s, b, a, false);
  return no_meaning(s, "the product", a, b);
}

static Val divide(Standard *s, Val a, Val b) {
  if (is_span(a) && val_is_num(b)) return scaled(s, a, b, true);
  if (is_span(a) && a.t == b.t) return span_ratio(s, a, b);
  return no_meaning(s, "the quotient", a, b);
}

Val std_arith(Standard *s, NodeOp op, Val a, Val b) {
  if (a.t == V_NULL || b.t == V_NULL) return val_null();
  bool numbers = val_is_num(a) && val_is_num(b);
  switch (op) {
  case OP_ADD: return numbers ? number(s, num_add(a, b, s->arena)) : add(s, a, b);
  case OP_SUB: return numbers ? number(s, num_sub(a, b, s->arena)) : subtract(s, a, b);
  case OP_MUL: return numbers ? number(s, num_mul(a, b, s->arena)) : multiply(s, a, b);
  case OP_DIV: return numbers ? number(s, num_div(a, b, s->arena)) : divide(s, a, b);
  case OP_POW: return numbers ? number(s, num_pow(a, b, s->arena)) : no_meaning(s, "the power", a, b);
  default: return val_null();
  }
}

Val std_negate(Standard *s, Val v) {
  if (val_is_num(v)) return num_neg(v, s->arena);
  if (!is_span(v) || v.u.i == INT64_MIN)
    return v.t == V_NULL ? v : standard_null(s, "there is no minus of a %s", standard_kind(v));
  v.u.i = -v.u.i;
  return v;
}
