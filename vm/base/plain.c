#include "base/plain.h"

#include "base/num.h"

static void clock_time(const ValClock *c, Buf *out) {
  int64_t s = c->nanos / 1000000000, frac = c->nanos % 1000000000;
  buf_printf(out, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
  if (frac) {
    int width = 9;
    for (; frac % 10 == 0; frac /= 10) width--;
    buf_printf(out, ".%0*lld", width, (long long)frac);
  }
  if (c->zone.n) {
    buf_char(out, '@');
    buf_str(out, c->zone);
  } else if (c->offset == 0) {
    buf_char(out, 'Z');
  } else if (c->offset != VAL_NO_ZONE) {
    int o = c->offset < 0 ? -c->offset : c->offset;
    buf_printf(out, "%c%02d:%02d", c->offset < 0 ? '-' : '+', o / 3600, o / 60 % 60);
    if (o % 60) buf_printf(out, ":%02d", o % 60);
  }
}

static void clock_print(Val v, char between, Buf *out) {
  const ValClock *c = v.u.p;
  if (v.t == V_DATETIME) {
    day_print((Day)c->days, out);
    buf_char(out, between);
  }
  clock_time(c, out);
}

/* |v| as days, hours, minutes and a rest of seconds with its decimals. */
typedef struct Span {
  bool neg;
  int64_t days, hours, minutes, seconds;
  Val fraction;
} Span;

static Span span_of(Val v) {
  Arena a = {0};
  Val abs = num_abs(val_dec(v.u.i, v.e), &a);
  Val whole = num_round(abs, 0, NUM_DOWN, &a);
  int64_t s = 0;
  num_int(whole, &s);
  Span p = {
      .neg = v.u.i < 0, .days = s / 86400, .hours = s / 3600 % 24, .minutes = s / 60 % 60, .seconds = s % 60};
  p.fraction = num_sub(abs, whole, &a);
  arena_free(&a); /* below one second with 18 decimals: never in the arena */
  return p;
}

static bool span_seconds(const Span *p, Buf *out) {
  if (p->seconds == 0 && p->fraction.u.i == 0) return false;
  Arena a = {0};
  num_print(num_add(val_int(p->seconds), p->fraction, &a), out);
  arena_free(&a);
  return true;
}

static void blank(Buf *out, size_t from) {
  if (out->n > from) buf_char(out, ' ');
}

static void secs_print(Val v, Buf *out) {
  Span p = span_of(v);
  if (p.neg) buf_char(out, '-');
  size_t from = out->n;
  const struct {
    int64_t n;
    const char *unit;
  } part[] = {{p.days, "d"}, {p.hours, "h"}, {p.minutes, "min"}};
  for (size_t i = 0; i < sizeof part / sizeof *part; i++)
    if (part[i].n) {
      blank(out, from);
      buf_printf(out, "%lld%s", (long long)part[i].n, part[i].unit);
    }
  Buf sec = {0};
  if (span_seconds(&p, &sec)) {
    blank(out, from);
    buf_printf(out, "%ss", sec.p);
  }
  buf_free(&sec);
  if (out->n == from) buf_puts(out, "0d");
}

static void secs_iso(Val v, Buf *out) {
  Span p = span_of(v);
  buf_puts(out, p.neg ? "-P" : "P");
  if (p.days) buf_printf(out, "%lldD", (long long)p.days);
  Buf t = {0};
  if (p.hours) buf_printf(&t, "%lldH", (long long)p.hours);
  if (p.minutes) buf_printf(&t, "%lldM", (long long)p.minutes);
  if (span_seconds(&p, &t)) buf_char(&t, 'S');
  if (t.n) buf_printf(out, "T%s", t.p);
  else if (!p.days) buf_puts(out, "T0S");
  buf_free(&t);
}

static void months_print(int64_t m, Buf *out) {
  if ((m >= 24 || m <= -24) && m % 12 == 0) buf_printf(out, "%lldy", (long long)(m / 12));
  else buf_printf(out, "%lldm", (long long)m);
}

static void range_print(Val v, const FmtEnv *env, Buf *out) {
  Val low = v.u.v[0], high = v.u.v[1];
  bool low_in = v.e & VAL_RANGE_LOW_IN, high_in = v.e & VAL_RANGE_HIGH_IN;
  if (low.t == V_NULL && high.t != V_NULL) {
    buf_puts(out, high_in ? "<= " : "< ");
    plain_val(high, env, out);
  } else if (high.t == V_NULL && low.t != V_NULL) {
    buf_puts(out, low_in ? ">= " : "> ");
    plain_val(low, env, out);
  } else {
    buf_char(out, low_in ? '[' : '(');
    plain_val(low, env, out);
    buf_puts(out, "..");
    plain_val(high, env, out);
    buf_char(out, high_in ? ']' : ')');
  }
}

static void list_print(Val v, const FmtEnv *env, Buf *out) {
  for (size_t i = 0; i < v.n; i++) {
    if (i) buf_puts(out, ", ");
    plain_val(v.u.v[i], env, out);
  }
}

static void context_print(const ValContext *c, const FmtEnv *env, Buf *out) {
  buf_char(out, '{');
  for (size_t i = 0; i < c->n; i++) {
    if (i) buf_puts(out, ", ");
    buf_str(out, c->entry[i].key);
    buf_puts(out, ": ");
    plain_val(c->entry[i].val, env, out);
  }
  buf_char(out, '}');
}

static void other_print(Val v, const FmtEnv *env, Buf *out) {
  if (env && env->other) env->other(env->ctx, v, out);
  else if (v.t == V_ROW) buf_printf(out, "row %lld", (long long)v.u.i);
  else buf_puts(out, v.t == V_WINDOW ? "window" : "function");
}

void plain_val(Val v, const FmtEnv *env, Buf *out) {
  switch ((ValType)v.t) {
  case V_NULL: buf_puts(out, env && env->null ? env->null : ""); break;
  case V_BOOL: buf_puts(out, v.u.i ? "true" : "false"); break;
  case V_NUM:
  case V_BIG:
  case V_REAL: fmt_val(v, UNIT_NONE, FMT_NONE, env, out); break;
  case V_TEXT: buf_str(out, val_str(v)); break;
  case V_DATE: day_print((Day)v.u.i, out); break;
  case V_TIME:
  case V_DATETIME: clock_print(v, ' ', out); break;
  case V_SECS: secs_print(v, out); break;
  case V_MONTHS: months_print(v.u.i, out); break;
  case V_NEVER: buf_puts(out, "never"); break;
  case V_LIST: list_print(v, env, out); break;
  case V_RANGE: range_print(v, env, out); break;
  case V_CONTEXT: context_print(v.u.p, env, out); break;
  case V_WINDOW:
  case V_FUNC:
  case V_ROW: other_print(v, env, out); break;
  }
}

void plain_iso(Val v, Buf *out) {
  if (v.t == V_SECS) secs_iso(v, out);
  else if (v.t == V_MONTHS)
    buf_printf(out, "%sP%lldM", v.u.i < 0 ? "-" : "", (long long)(v.u.i < 0 ? -v.u.i : v.u.i));
  else if (v.t == V_DATE) day_print((Day)v.u.i, out);
  else if (v.t == V_TIME || v.t == V_DATETIME) clock_print(v, 'T', out);
}
