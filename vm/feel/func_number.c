#include "feel/func.h"

#include "base/num.h"

static Val f_abs(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Val v = a[0];
  if (v.t == V_SECS || v.t == V_MONTHS) {
    v.u.i = v.u.i < 0 ? -v.u.i : v.u.i;
    return v;
  }
  return num_abs(v, c->arena);
}

/* The second argument: so many decimals; 0 when left out. */
static bool digits(const Val *a, int n, int *out) {
  int64_t d = 0;
  if (n > 1 && (!num_int(a[1], &d) || d < -30 || d > 30)) return false;
  *out = (int)d;
  return true;
}

static Val rounded(FuncCtx *c, const Val *a, int n, NumRound how) {
  int d;
  return digits(a, n, &d) ? num_round(a[0], d, how, c->arena) : val_null();
}

static Val f_ceiling(FuncCtx *c, const Val *a, int n) { return rounded(c, a, n, NUM_CEILING); }
static Val f_floor(FuncCtx *c, const Val *a, int n) { return rounded(c, a, n, NUM_FLOOR); }
static Val f_half_up(FuncCtx *c, const Val *a, int n) { return rounded(c, a, n, NUM_HALF_UP); }
static Val f_half_down(FuncCtx *c, const Val *a, int n) { return rounded(c, a, n, NUM_HALF_DOWN); }
static Val f_half_even(FuncCtx *c, const Val *a, int n) { return rounded(c, a, n, NUM_HALF_EVEN); }
static Val f_up(FuncCtx *c, const Val *a, int n) { return rounded(c, a, n, NUM_UP); }
static Val f_down(FuncCtx *c, const Val *a, int n) { return rounded(c, a, n, NUM_DOWN); }

static Val f_modulo(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return num_modulo(a[0], a[1], c->arena);
}

static Val f_sqrt(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return num_sqrt(a[0], c->arena);
}

static Val f_exp(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return num_exp(a[0], c->arena);
}

static Val f_log(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return num_ln(a[0], c->arena);
}

static Val parity(Val v, int64_t want) {
  int64_t i;
  return num_int(v, &i) ? val_bool((i & 1) == want) : val_is_num(v) ? val_bool(false) : val_null();
}

static Val f_even(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return parity(a[0], 0);
}

static Val f_odd(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return parity(a[0], 1);
}

/* Where x lies between lo and hi, 0..1, clipped; lo > hi turns the scale round. `never` lies beyond any hi.
 */
static Val f_scale(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Arena *m = c->arena;
  if (!val_is_num(a[1]) || !val_is_num(a[2])) return val_null();
  int turned = num_cmp(a[1], a[2]);
  if (turned == 0) return val_null();
  if (a[0].t == V_NEVER) return val_int(turned < 0 ? 1 : 0);
  Val part = num_div(num_sub(a[0], a[1], m), num_sub(a[2], a[1], m), m);
  if (part.t == V_NULL) return part;
  if (num_cmp(part, val_int(0)) < 0) return val_int(0);
  return num_cmp(part, val_int(1)) > 0 ? val_int(1) : part;
}

static Val f_default(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return a[0].t == V_NULL ? a[1] : a[0];
}

/* x ÷ earlier - 1; what fell from nothing or from a loss has no rate */
static Val f_growth(FuncCtx *c, const Val *a, int n) {
  (void)n;
  if (!val_is_num(a[0]) || !val_is_num(a[1]) || num_cmp(a[1], val_int(0)) <= 0) return val_null();
  return num_sub(num_div(a[0], a[1], c->arena), val_int(1), c->arena);
}

const Func func_number[] = {
    {"abs", "a", "1", FN_ROW, false, 0, f_abs, "abs(x)", "Without its sign."},
    {"ceiling", "n?n", "1", FN_ROW, false, 0, f_ceiling, "ceiling(x [, decimals])",
     "Up to the next whole number."},
    {"floor", "n?n", "1", FN_ROW, false, 0, f_floor, "floor(x [, decimals])",
     "Down to the next whole number."},
    {"round", "n?n", "1", FN_ROW, false, 0, f_half_up, "round(x [, decimals])",
     "Half away from zero, as money is rounded."},
    {"decimal", "nn", "1", FN_ROW, false, 0, f_half_even, "decimal(x, decimals)", "Half to the even digit."},
    {"round_half_up", "n?n", "1", FN_ROW, false, 0, f_half_up, "round_half_up(x [, decimals])",
     "Half away from zero."},
    {"round_half_down", "n?n", "1", FN_ROW, false, 0, f_half_down, "round_half_down(x [, decimals])",
     "Half towards zero."},
    {"round_up", "n?n", "1", FN_ROW, false, 0, f_up, "round_up(x [, decimals])", "Away from zero."},
    {"round_down", "n?n", "1", FN_ROW, false, 0, f_down, "round_down(x [, decimals])", "Towards zero."},
    {"modulo", "nn", "1", FN_ROW, false, 0, f_modulo, "modulo(x, y)", "x - y × floor(x / y)."},
    {"sqrt", "n", "n", FN_ROW, false, 0, f_sqrt, "sqrt(x)", "Square root."},
    {"exp", "n", "n", FN_ROW, false, 0, f_exp, "exp(x)", "e to the power x."},
    {"log", "n", "n", FN_ROW, false, 0, f_log, "log(x)", "Natural logarithm."},
    {"even", "n", "b", FN_ROW, false, 0, f_even, "even(x)", "Is x an even whole number?"},
    {"odd", "n", "b", FN_ROW, false, 0, f_odd, "odd(x)", "Is x an odd whole number?"},
    {"scale", "ann", "n", FN_SPECIAL, false, UNIT_PART, f_scale, "scale(x, lo, hi)",
     "Where x lies from lo to hi, 0..1, clipped; lo > hi is allowed."},
    {"default", "aa", "1", FN_SPECIAL, true, 0, f_default, "default(x, y)", "x, or y when x is unknown."},
    {"growth", "nn", "n", FN_ROW, false, UNIT_PERCENT, f_growth, "growth(x, earlier)",
     "x ÷ earlier - 1; unknown where the earlier figure is zero or less."},
};
const size_t func_number_n = sizeof func_number / sizeof *func_number;
