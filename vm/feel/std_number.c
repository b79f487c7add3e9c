/* Built-in functions of numbers and truth values (DMN 1.5, 10.3.4.2, 10.3.4.5). */
#include "feel/std.h"

#include "base/dec.h"
#include "base/lang.h"

static Val rounded(Standard *s, const Val *arg, NumRound how) {
  int64_t scale = 0;
  if (arg[1].t != V_NULL && (!std_whole(arg[1], &scale) || scale < -DEC_QMAX || scale > -DEC_QMIN))
    return standard_null(s, "a scale lies between %d and %d", -DEC_QMAX, -DEC_QMIN);
  return num_norm(num_round(arg[0], (int)scale, how, s->arena));
}

#define ROUNDING(name, how)                                                                \
  static Val name(Standard *s, const StdFunc *f, const Val *arg, size_t n) {               \
    (void)f, (void)n;                                                                      \
    return rounded(s, arg, how);                                                           \
  }
ROUNDING(decimal, NUM_HALF_EVEN)
ROUNDING(floor_of, NUM_FLOOR)
ROUNDING(ceiling_of, NUM_CEILING)
ROUNDING(round_up, NUM_UP)
ROUNDING(round_down, NUM_DOWN)
ROUNDING(round_half_up, NUM_HALF_UP)
ROUNDING(round_half_down, NUM_HALF_DOWN)

static Val figure(Standard *s, Val v, const char *why) {
  return v.t == V_NULL ? standard_null(s, "%s", _(why)) : v;
}

static Val absolute(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val v = arg[0];
  if (val_is_num(v)) return num_abs(v, s->arena);
  return v.u.i < 0 ? std_negate(s, v) : v;
}

static Val modulo(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return figure(s, num_modulo(arg[0], arg[1], s->arena), "modulo of a division by zero");
}

static Val root(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return figure(s, num_sqrt(arg[0], s->arena), "a negative number has no root");
}

static Val logarithm(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return figure(s, num_ln(arg[0], s->arena), "only numbers above zero have a logarithm");
}

static Val exponential(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return figure(s, num_exp(arg[0], s->arena), "a number too large to count with");
}

static bool divides(Standard *s, Val x, int64_t by, int64_t rest) {
  return num_cmp(num_modulo(x, val_int(by), s->arena), val_int(rest)) == 0;
}

static Val odd(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return val_bool(divides(s, arg[0], 2, 1));
}

static Val even(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return val_bool(divides(s, arg[0], 2, 0));
}

static Val negation(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  if (arg[0].t != V_BOOL && arg[0].t != V_NULL) return standard_null(s, "not of a %s", standard_kind(arg[0]));
  return std_not(arg[0]);
}

static Val is(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  return val_bool(std_identical(arg[0], arg[1]));
}

const Builtin std_number_table[] = {
    {"decimal", "nn,nscale", decimal, "Rounded to so many decimals, halves to the even digit."},
    {"floor", "nn,?nscale", floor_of, "Rounded down."},
    {"ceiling", "nn,?nscale", ceiling_of, "Rounded up."},
    {"round up", "nn,nscale", round_up, "Rounded away from zero."},
    {"round down", "nn,nscale", round_down, "Rounded towards zero."},
    {"round half up", "nn,nscale", round_half_up, "To the nearest, halves away from zero."},
    {"round half down", "nn,nscale", round_half_down, "To the nearest, halves towards zero."},
    {"abs", "nn", absolute, "Without its sign."},
    {"abs", "un", absolute, "Without its sign, of a duration."},
    {"modulo", "ndividend,ndivisor", modulo, "The rest of a division, with the divisor's sign."},
    {"sqrt", "nnumber", root, "The square root."},
    {"log", "nnumber", logarithm, "The natural logarithm."},
    {"exp", "nnumber", exponential, "e to the power of a number."},
    {"odd", "nnumber", odd, "Is it odd?"},
    {"even", "nnumber", even, "Is it even?"},
    {"not", "anegand", negation, "The opposite; null stays null."},
    {"is", "avalue1,avalue2", is, "The same in kind, value and time zone?"},
};
const size_t std_number_n = sizeof std_number_table / sizeof *std_number_table;
