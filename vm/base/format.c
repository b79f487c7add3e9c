#include "base/format.h"

#include "base/num.h"
#include "base/plain.h"

#include <string.h>

static const struct {
  FmtKind kind;
  const char *name;
} kinds[] = {{FMT_PERCENT, "%"}, {FMT_SIGNED_PERCENT, "+%"}, {FMT_WAN, "万"},     {FMT_YI, "亿"},
             {FMT_MONEY, "¥"},   {FMT_MONEY, "￥"},          {FMT_DAYS, "d"},     {FMT_POINTS, "pts"},
             {FMT_BARS, "bars"}, {FMT_DATE, "date"},         {FMT_PERCENT, "％"}, {FMT_PLAIN, "plain"}};
static const char *const units[] = {"", "¥", "%", "d", "pts", "0..1"};

const char *unit_name(Unit u) { return units[u]; }

bool unit_parse(Str s, Unit *out) {
  if (str_is(s, "￥")) s = STR("¥");
  if (str_is(s, "％")) s = STR("%");
  for (size_t i = 1; i < sizeof units / sizeof *units; i++)
    if (str_is(s, units[i])) {
      *out = (Unit)i;
      return true;
    }
  return false;
}

bool fmt_parse(Str s, Fmt *out) {
  s = str_trim(s);
  Fmt f = FMT_NONE;
  if (s.n >= 2 && s.p[s.n - 2] == '.' && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9') {
    f = (Fmt){FMT_DECIMALS, s.p[s.n - 1] - '0'};
    s.n -= 2;
    if (s.n == 0) {
      *out = f;
      return true;
    }
  }
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (str_is(s, kinds[i].name)) {
      f.kind = kinds[i].kind;
      *out = f;
      return true;
    }
  return false;
}

const char *fmt_name(Fmt f) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (kinds[i].kind == f.kind) return kinds[i].name;
  return "";
}

/* What is shown in the end: the format asked for, or the unit's. */
static FmtKind kind_of(Unit unit, Fmt f) {
  static const FmtKind own[] = {FMT_AUTO, FMT_MONEY, FMT_PERCENT, FMT_DAYS, FMT_AUTO, FMT_AUTO};
  return f.kind == FMT_AUTO || f.kind == FMT_DECIMALS ? own[unit] : f.kind;
}

/* Amounts without a format of their own, as the person asked for them. */
static Fmt as_asked(Unit unit, Fmt f, const FmtEnv *env) {
  return unit == UNIT_MONEY && f.kind == FMT_AUTO && env && env->money ? (Fmt){env->money, -1} : f;
}

const char *fmt_heading(Unit unit, Fmt f, const FmtEnv *env) {
  switch (kind_of(unit, as_asked(unit, f, env))) {
  case FMT_WAN: return "万";
  case FMT_YI: return "亿";
  case FMT_MONEY: return env && env->currency_sign ? env->currency_sign : "¥";
  case FMT_DAYS: return "d";
  case FMT_POINTS: return "pts";
  default: return "";
  }
}

/* Decimals asked for; -1 = left open. A zeroed Fmt leaves them open too. */
static int asked(Fmt f) { return f.kind == FMT_AUTO && f.decimals == 0 ? -1 : f.decimals; }

static bool is_percent(FmtKind k) { return k == FMT_PERCENT || k == FMT_SIGNED_PERCENT; }

int fmt_decimals(Val v, Unit unit, Fmt f) {
  FmtKind k = kind_of(unit, f);
  bool points = k == FMT_AUTO && unit == UNIT_POINTS;
  if (!val_is_num(v) || asked(f) >= 0 || !(is_percent(k) || points)) return -1;
  int64_t whole;
  bool cut;
  return num_minor(v, points ? 0 : 2, &whole, &cut) && !cut ? 0 : 1;
}

static int or_default(Fmt f, int otherwise) { return asked(f) >= 0 ? asked(f) : otherwise; }

static void show_percent(Val v, Unit unit, Fmt f, bool sign, Buf *out) {
  Arena a = {0};
  Val x = num_mul(v, val_int(100), &a);
  int decimals = or_default(f, fmt_decimals(v, unit, f));
  if (sign && num_cmp(num_round(x, decimals, NUM_HALF_UP, &a), val_int(0)) > 0) buf_char(out, '+');
  num_fixed(x, decimals, true, out);
  buf_puts(out, " %");
  arena_free(&a);
}

static void show_scaled(Val v, int tens, const char *name, Fmt f, bool cell, Buf *out) {
  Arena a = {0};
  num_fixed(num_mul(v, val_dec(1, -tens), &a), or_default(f, 1), true, out);
  if (!cell) buf_puts(out, name);
  arena_free(&a);
}

static void show_money(Val v, Fmt f, const FmtEnv *env, Buf *out) {
  if (!env->cell) buf_printf(out, "%s ", env->currency_sign ? env->currency_sign : "¥");
  num_fixed(v, or_default(f, env->minor), true, out);
}

static void show_with(Val v, Fmt f, int decimals, const char *unit, bool cell, Buf *out) {
  num_fixed(v, or_default(f, decimals), true, out);
  if (!cell) buf_printf(out, " %s", unit);
}

/* Numbers without a unit: what a person can take in, not all 34 digits of a third. */
static void show_number(Val v, bool group, Buf *out) {
  enum { MOST = 6, DIGITS = 4, FURTHEST = 15 };
  Arena a = {0};
  int decimals = MOST;
  Val abs = num_abs(v, &a);
  if (num_cmp(abs, val_int(0)) > 0)
    while (decimals < FURTHEST && num_cmp(abs, val_dec(1, DIGITS - 1 - decimals)) < 0) decimals++;
  Val r = num_norm(num_round(v, decimals, NUM_HALF_UP, &a));
  if (group && r.t == V_NUM) num_fixed(r, r.e < 0 ? -r.e : 0, true, out);
  else num_print(r, out);
  arena_free(&a);
}

static void show_num(Val v, Unit unit, Fmt f, const FmtEnv *env, Buf *out) {
  switch (kind_of(unit, f)) {
  case FMT_PERCENT: show_percent(v, unit, f, false, out); return;
  case FMT_SIGNED_PERCENT: show_percent(v, unit, f, true, out); return;
  case FMT_WAN: show_scaled(v, 4, "万", f, env->cell, out); return;
  case FMT_YI: show_scaled(v, 8, "亿", f, env->cell, out); return;
  case FMT_MONEY: show_money(v, f, env, out); return;
  case FMT_DAYS: show_with(v, f, 0, "d", env->cell, out); return;
  case FMT_POINTS: show_with(v, f, 0, "pts", env->cell, out); return;
  case FMT_PLAIN: num_print(v, out); return;
  default: break;
  }
  if (asked(f) >= 0) num_fixed(v, asked(f), true, out);
  else if (unit == UNIT_POINTS) num_fixed(v, fmt_decimals(v, unit, f), true, out);
  else if (unit == UNIT_PART) num_fixed(v, 2, true, out);
  else show_number(v, env->cell, out);
}

void fmt_level(double part, Buf *out) {
  static const char *const level[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  buf_puts(out, level[part >= 1 ? 7 : part > 0 ? (int)(part * 8) : 0]);
}

static bool show_bars(Val v, Buf *out) {
  for (size_t i = 0; i < v.n; i++)
    if (!val_is_num(v.u.v[i]) && v.u.v[i].t != V_NULL) return false;
  for (size_t i = 0; i < v.n; i++) {
    if (v.u.v[i].t == V_NULL) buf_char(out, ' ');
    else fmt_level(num_double(v.u.v[i]), out);
  }
  return true;
}

static void show_list(Val v, Unit unit, Fmt f, const FmtEnv *env, Buf *out) {
  if (f.kind == FMT_BARS && show_bars(v, out)) return;
  for (size_t i = 0; i < v.n; i++) {
    if (i) buf_puts(out, ", ");
    fmt_val(v.u.v[i], unit, f, env, out);
  }
}

void fmt_val(Val v, Unit unit, Fmt f, const FmtEnv *env, Buf *out) {
  static const FmtEnv none = {.currency_sign = "¥", .minor = 2, .null = "?"};
  if (!env) env = &none;
  f = as_asked(unit, f, env);
  if (val_is_num(v)) {
    show_num(v, unit, f, env, out);
  } else if (v.t == V_SECS && kind_of(unit, f) == FMT_DAYS) {
    Arena a = {0};
    show_with(num_div(val_dec(v.u.i, v.e), val_int(86400), &a), f, 0, "d", env->cell, out);
    arena_free(&a);
  } else if (v.t == V_LIST) {
    show_list(v, unit, f, env, out);
  } else if (v.t == V_DATETIME && f.kind == FMT_DATE) {
    day_print((Day)((const ValClock *)v.u.p)->days, out);
  } else {
    plain_val(v, env, out);
  }
}

static bool whole_days(Val v, int64_t *days) {
  int64_t s;
  if (!num_int(val_dec(v.u.i, v.e), &s) || s % 86400 != 0) return false;
  *days = s / 86400;
  return true;
}

void fmt_data(Val v, Buf *out) {
  int64_t days;
  if (val_is_num(v)) {
    num_print(v, out);
  } else if (v.t == V_SECS && whole_days(v, &days)) {
    num_print(val_int(days), out);
  } else if (v.t == V_SECS || v.t == V_MONTHS || v.t == V_DATE || v.t == V_TIME || v.t == V_DATETIME) {
    plain_iso(v, out);
  } else if (v.t == V_LIST) {
    for (size_t i = 0; i < v.n; i++) {
      if (i) buf_puts(out, ", ");
      fmt_data(v.u.v[i], out);
    }
  } else {
    plain_val(v, NULL, out);
  }
}

bool fmt_right(Val v, Unit unit, Fmt f) {
  if (v.t == V_NULL)
    return unit != UNIT_NONE || (f.kind != FMT_AUTO && f.kind != FMT_BARS && f.kind != FMT_DATE);
  return val_is_num(v) || v.t == V_SECS || v.t == V_MONTHS || v.t == V_NEVER;
}
