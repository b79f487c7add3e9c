#include "base/bid.h"
#include "base/dec.h"
#include "testing.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Arena A;

static Val num(const char *s) {
  Val v;
  assert_true(num_parse(str_of(s), &v, &A));
  return v;
}

static const char *text(Val v) {
  static Buf b;
  buf_clear(&b);
  if (v.t == V_NULL) return "null";
  num_print(v, &b);
  return b.p;
}

typedef Val Two(Val, Val, Arena *);
static const struct {
  Two *op;
  const char *x, *y, *result;
} arithmetic[] = {
    {num_add, "0.1", "0.2", "0.3"},
    {num_add, "9223372036854775807", "1", "9223372036854775808"},
    {num_add, "1e30", "0.001", "1000000000000000000000000000000.001"},
    {num_add, "-9223372036854775807", "-1", "-9223372036854775808"},
    {num_sub, "1", "0.85", "0.15"},
    {num_sub, "9223372036854775808", "1", "9223372036854775807"},
    {num_mul, "1.1", "1.1", "1.21"},
    {num_mul, "4294967296", "4294967296", "18446744073709551616"},
    {num_mul, "0.000000000001", "0.000000000001", "0.000000000000000000000001"},
    {num_div, "1", "8", "0.125"},
    {num_div, "1", "3", "0.3333333333333333333333333333333333"},
    {num_div, "2", "3", "0.6666666666666666666666666666666667"},
    {num_div, "-7", "2", "-3.5"},
    {num_div, "1e18", "1e-18", "1000000000000000000000000000000000000"},
    {num_div, "10", "0", "null"},
    {num_div, "8620114.00", "12", "718342.8333333333333333333333333333"},
    {num_pow, "2", "10", "1024"},
    {num_pow, "2", "100", "1267650600228229401496703205376"},
    {num_pow, "2", "-2", "0.25"},
    {num_pow, "0", "0", "1"},
    {num_pow, "0", "-1", "null"},
    {num_pow, "-8", "0.5", "null"},
    {num_pow, "4", "0.5", "2"},
    {num_pow, "10", "9000", "null"},
    {num_modulo, "12", "5", "2"},
    {num_modulo, "-12", "5", "3"},
    {num_modulo, "12", "-5", "-3"},
    {num_modulo, "10.1", "4.5", "1.1"},
    {num_modulo, "1e30", "7", "1"},
    {num_modulo, "-1e30", "7", "6"},
    {num_modulo, "5", "0", "null"},
};

static void arithmetic_is_decimal(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof arithmetic / sizeof *arithmetic; i++)
    assert_string_equal(text(arithmetic[i].op(num(arithmetic[i].x), num(arithmetic[i].y), &A)),
                        arithmetic[i].result);
}

static void results_that_fit_are_plain_again(void **state) {
  (void)state;
  Val third = num_div(val_int(1), val_int(3), &A);
  assert_int_equal(third.t, V_BIG);
  assert_int_equal(num_div(val_int(6), val_int(3), &A).t, V_NUM);
  Val back = num_sub(num_add(val_int(INT64_MAX), val_int(1), &A), val_int(1), &A);
  assert_int_equal(back.t, V_NUM);
  assert_true(back.u.i == INT64_MAX && back.e == 0);
}

static void one_less_85_percent_is_15_percent(void **state) {
  (void)state;
  Val left = num_sub(val_int(1), num("0.85"), &A);
  assert_true(num_cmp(left, num("0.15")) <= 0);
  assert_true(num_cmp(left, num("0.15")) == 0);
}

static void money_keeps_its_minor_digits(void **state) {
  (void)state;
  Val sum = num_add(val_dec(1250, -2), val_dec(150, -2), &A);
  assert_true(sum.t == V_NUM && sum.e == -2 && sum.u.i == 1400);
}

static const struct {
  const char *x;
  int digits;
  const char *result[7]; /* half up, half down, half even, up, down, floor, ceiling */
} rounding[] = {
    {"2.5", 0, {"3", "2", "2", "3", "2", "2", "3"}},
    {"-2.5", 0, {"-3", "-2", "-2", "-3", "-2", "-3", "-2"}},
    {"3.5", 0, {"4", "3", "4", "4", "3", "3", "4"}},
    {"2.51", 0, {"3", "3", "3", "3", "2", "2", "3"}},
    {"1.2", 5, {"1.2", "1.2", "1.2", "1.2", "1.2", "1.2", "1.2"}},
    {"1250", -2, {"1300", "1200", "1200", "1300", "1200", "1200", "1300"}},
    {"-0.001", 2, {"0", "0", "0", "-0.01", "0", "-0.01", "0"}},
    {"49", -2, {"0", "0", "0", "100", "0", "0", "100"}},
    {"5000000000000000000",
     -19,
     {"10000000000000000000", "0", "0", "10000000000000000000", "0", "0", "10000000000000000000"}},
    {"1",
     -30,
     {"0", "0", "0", "1000000000000000000000000000000", "0", "0", "1000000000000000000000000000000"}},
    {"0.33333333333333333333333333333", 3, {"0.333", "0.333", "0.333", "0.334", "0.333", "0.333", "0.334"}},
};

static void rounding_has_seven_ways(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rounding / sizeof *rounding; i++)
    for (int how = 0; how < 7; how++)
      assert_string_equal(text(num_round(num(rounding[i].x), rounding[i].digits, (NumRound)how, &A)),
                          rounding[i].result[how]);
}

static void functions_have_34_digits(void **state) {
  (void)state;
  assert_string_equal(text(num_sqrt(val_int(2), &A)), "1.414213562373095048801688724209698");
  assert_string_equal(text(num_sqrt(num("0.25"), &A)), "0.5");
  assert_string_equal(text(num_sqrt(val_int(-1), &A)), "null");
  assert_string_equal(text(num_exp(val_int(1), &A)), "2.718281828459045235360287471352662");
  assert_string_equal(text(num_exp(val_int(0), &A)), "1");
  assert_string_equal(text(num_ln(val_int(10), &A)), "2.302585092994045684017991454684364");
  assert_string_equal(text(num_ln(val_int(0), &A)), "null");
  assert_string_equal(text(num_exp(val_int(100000), &A)), "null");
  assert_string_equal(text(num_neg(val_int(INT64_MIN), &A)), "9223372036854775808");
  assert_string_equal(text(num_abs(num("-1.50"), &A)), "1.5");
}

static void what_is_no_number_gives_null(void **state) {
  (void)state;
  Val t = val_text(STR("5"));
  Two *two[] = {num_add, num_sub, num_mul, num_div, num_pow, num_modulo};
  for (size_t i = 0; i < sizeof two / sizeof *two; i++) {
    assert_int_equal(two[i](t, val_int(1), &A).t, V_NULL);
    assert_int_equal(two[i](val_int(1), val_null(), &A).t, V_NULL);
  }
  assert_int_equal(num_sqrt(t, &A).t, V_NULL);
  assert_int_equal(num_neg(t, &A).t, V_NULL);
  assert_int_equal(num_round(val_null(), 2, NUM_HALF_UP, &A).t, V_NULL);
}

static const struct {
  const char *in, *out; /* NULL: no number */
} parsing[] = {
    {"0", "0"},
    {"-0", "0"},
    {"1.50", "1.5"},
    {".5", "0.5"},
    {"-1.5", "-1.5"},
    {"1e3", "1000"},
    {"1E-3", "0.001"},
    {"1e+3", "1000"},
    {"007", "7"},
    {"0.0000000000000000000000000000001", "0.0000000000000000000000000000001"},
    {"1e300", "1e300"},
    {"-12345e300", "-1.2345e304"},
    {"1e-300", "1e-300"},
    {"123456789012345678901234567890", "123456789012345678901234567890"},
    {"12345678901234567890123456789012345", "12345678901234567890123456789012340"},
    {"12345678901234567890123456789012355", "12345678901234567890123456789012360"},
    {"1234567890123456789012345678901234500000000000000000000000001e-27",
     "1234567890123456789012345678901235"},
    {"0e99999999999", "0"},
    {"", NULL},
    {"-", NULL},
    {".", NULL},
    {"1.", NULL},
    {"+1", NULL},
    {"1e", NULL},
    {"1e+", NULL},
    {"1 ", NULL},
    {" 1", NULL},
    {"1,000", NULL},
    {"--1", NULL},
    {"1.2.3", NULL},
    {"0x10", NULL},
    {"nan", NULL},
    {"inf", NULL},
    {"1e99999", NULL},
    {"1e-99999", NULL},
};

static void numbers_are_read_strictly(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof parsing / sizeof *parsing; i++) {
    Val v;
    bool ok = num_parse(str_of(parsing[i].in), &v, &A);
    if (ok != (parsing[i].out != NULL)) fail_msg("\"%s\"", parsing[i].in);
    if (ok) assert_string_equal(text(v), parsing[i].out);
  }
}

static const struct {
  const char *x;
  int decimals;
  bool group;
  const char *out;
} fixing[] = {
    {"1234.5", 2, true, "1,234.50"},
    {"1234567", 0, true, "1,234,567"},
    {"123", 0, true, "123"},
    {"0.005", 2, false, "0.01"},
    {"-0.004", 2, false, "0.00"},
    {"-1234.565", 2, true, "-1,234.57"},
    {"0.5", 0, false, "1"},
    {"-0.5", 0, false, "-1"},
    {"1e20", 1, true, "100,000,000,000,000,000,000.0"},
    {"0", 3, false, "0.000"},
    {"42118260", 2, true, "42,118,260.00"},
    {"0.999", 2, false, "1.00"},
    {"1200000", 0, true, "1,200,000"},
};

static void fixed_decimals_round_half_away(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof fixing / sizeof *fixing; i++) {
    Buf b = {0};
    num_fixed(num(fixing[i].x), fixing[i].decimals, fixing[i].group, &b);
    assert_string_equal(b.p, fixing[i].out);
    buf_free(&b);
  }
}

static const struct {
  const char *x;
  int digits;
  bool exact, fits;
  int64_t out;
} minors[] = {
    {"12.34", 2, true, true, 1234},  {"12.345", 2, false, true, 1235}, {"-12.345", 2, false, true, -1235},
    {"-0.005", 2, false, true, -1},  {"0.0049", 2, false, true, 0},    {"1e17", 2, true, false, 0},
    {"1e16", 2, true, true, 1000000000000000000}, {"5", 0, true, true, 5},
    {"0.33333333333333333333333333", 3, false, true, 333}, {"0", 18, true, true, 0},
};

static void minor_units_round_half_away_and_say_so(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof minors / sizeof *minors; i++) {
    int64_t out = 0;
    bool inexact = false;
    Val x = num(minors[i].x);
    assert_int_equal(num_minor(x, minors[i].digits, &out, &inexact), minors[i].fits);
    if (!minors[i].fits) continue;
    assert_true(out == minors[i].out);
    assert_int_equal(inexact, !minors[i].exact);
    assert_int_equal(num_minor(x, minors[i].digits, &out, NULL), minors[i].exact);
  }
}

static void doubles_go_by_their_shortest_decimal(void **state) {
  (void)state;
  assert_string_equal(text(num_of_double(0.1, &A)), "0.1");
  assert_string_equal(text(num_of_double(-1e22, &A)), "-10000000000000000000000");
  assert_string_equal(text(num_of_double(5e-324, &A)), "5e-324");
  assert_string_equal(text(num_of_double(1.7976931348623157e308, &A)), "1.7976931348623157e308");
  assert_string_equal(text(num_of_double(0.1 + 0.2, &A)), "0.30000000000000004");
  assert_int_equal(num_of_double(1.0 / 0.0, &A).t, V_NULL);
  assert_true(num_cmp(val_real(0.1), num("0.1")) == 0);
  assert_true(num_cmp(val_real(0.1 + 0.2), num("0.3")) > 0);
  assert_true(num_cmp(val_real(1e18), val_int(1000000000000000000)) == 0);
  assert_true(num_cmp(val_real(1e18), val_int(1000000000000000001)) < 0);
  assert_true(num_cmp(num_div(val_int(1), val_int(3), &A), val_real(1.0 / 3)) > 0);
  assert_true(
      num_cmp(val_real(-1e300), num_parse(STR("-1e400"), &(Val){0}, &A) ? num("-1e400") : val_null()) > 0);
  assert_int_equal(num_add(val_real(1), val_int(1), &A).t, V_REAL);
}

/* xorshift64*: the same operands in every run */
static uint64_t seed = 88172645463325252u;
static uint64_t next(void) {
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return seed * 2685821657736338717u;
}

static Val any_num(void) {
  int64_t m = (int64_t)next() >> (next() % 63);
  return val_dec(m, (int)(next() % 37) - 18);
}

/* The same value as a decimal128, so that the slow path has to take it. */
static Val slow(Val v) {
  ValBig *b = arena_alloc(&A, sizeof *b);
  uint64_t m = v.u.i < 0 ? 0 - (uint64_t)v.u.i : (uint64_t)v.u.i;
  b->w[0] = m;
  b->w[1] = (v.u.i < 0 ? 1ull << 63 : 0) | (uint64_t)(6176 + v.e) << 49;
  return (Val){.t = V_BIG, .u.p = b};
}

static void fast_and_slow_paths_agree(void **state) {
  (void)state;
  static Two *const ops[] = {num_add, num_sub, num_mul, num_div, num_modulo};
  for (int i = 0; i < 50000; i++) {
    Val x = any_num(), y = any_num();
    if (num_cmp(x, y) != num_cmp(slow(x), slow(y))) fail_msg("cmp %s", text(x));
    if (num_cmp(x, y) != -num_cmp(y, x)) fail_msg("cmp is not antisymmetric at %s", text(x));
    for (size_t k = 0; k < 5; k++) {
      Val f = ops[k](x, y, &A), s = ops[k](slow(x), slow(y), &A);
      if (f.t == V_NULL && s.t == V_NULL) continue;
      if (f.t == V_NULL || s.t == V_NULL || num_cmp(f, s) != 0 || val_hash(f) != val_hash(s))
        fail_msg("operation %zu: %" PRId64 "e%d, %" PRId64 "e%d", k, x.u.i, x.e, y.u.i, y.e);
    }
    if (i % 1000 == 0) arena_free(&A);
  }
}

/* Up to 34 digits, some of them round, of exponents near enough to meet. */
static Val any_wide(void) {
  U128 c = ((U128)next() << 64 | next()) >> (next() % 120);
  c %= dec_ten(DEC_DIGITS);
  if (next() % 4 == 0) c = c / dec_ten((int)(next() % 20)) * dec_ten((int)(next() % 14));
  return dec_val((Dec){.neg = next() & 1, .c = c % dec_ten(DEC_DIGITS), .q = (int)(next() % 60) - 50}, &A);
}

static BID_UINT128 bid_of(Val v) {
  Dec d = {0};
  dec_of(v, &d);
  ValBig b = dec_pack(d);
  return (BID_UINT128){{b.w[0], b.w[1]}};
}

static Val of_bid(BID_UINT128 b) {
  Dec d = {0};
  return dec_unpack((ValBig){{b.w[0], b.w[1]}}, &d) ? dec_val(d, &A) : val_null();
}

static bool identical(Val x, Val y) {
  if (x.t != y.t || x.t != V_BIG) return x.t == y.t && x.e == y.e && x.u.i == y.u.i;
  return memcmp(x.u.p, y.u.p, sizeof(ValBig)) == 0;
}

static void our_own_arithmetic_is_the_library_s(void **state) {
  (void)state;
  for (int i = 0; i < 200000; i++) {
    Val x = i % 3 ? any_wide() : any_num(), y = i % 2 ? any_wide() : any_num();
    BID_UINT128 p = bid_of(x), q = bid_of(y);
    _IDEC_flags flags = 0;
    int order = bid128_quiet_greater(p, q, &flags) - bid128_quiet_less(p, q, &flags);
    if (num_cmp(x, y) != order) fail_msg("%s is not in order", text(x));
    if (x.t == V_BIG || y.t == V_BIG) { /* two plain ones keep their exponent when the sum is plain */
      if (!identical(num_add(x, y, &A), of_bid(bid128_add(p, q, BID_NEAREST_EVEN, &flags)))) fail_msg("%s + …", text(x));
      if (!identical(num_sub(x, y, &A), of_bid(bid128_sub(p, q, BID_NEAREST_EVEN, &flags)))) fail_msg("%s - …", text(x));
    }
    if (num_cmp(y, val_int(0)) == 0) continue;
    Val whole = num_div(x, y, &A), theirs = of_bid(bid128_div(p, q, BID_NEAREST_EVEN, &flags));
    if (num_cmp(whole, theirs) != 0 || (whole.t == V_BIG && !identical(whole, theirs))) fail_msg("%s / …", text(x));
    const NumBy by = num_by(y);
    if (!identical(num_div_by(x, &by, &A), whole)) fail_msg("%s / … by a divisor of many", text(x));
    if (i % 1000 == 0) arena_free(&A);
  }
  arena_free(&A);
}

static void subtraction_undoes_addition(void **state) {
  (void)state;
  for (int i = 0; i < 50000; i++) {
    int e = (int)(next() % 37) - 18;
    Val x = val_dec((int64_t)next() >> 2, e), y = val_dec((int64_t)next() >> 2, e);
    assert_int_equal(num_cmp(num_sub(num_add(x, y, &A), y, &A), x), 0);
  }
  arena_free(&A);
}

static void printing_and_reading_are_inverse(void **state) {
  (void)state;
  for (int i = 0; i < 50000; i++) {
    Val x = any_num();
    Val y = num_mul(x, any_num(), &A);
    assert_int_equal(num_cmp(num(text(x)), x), 0);
    assert_int_equal(num_cmp(num(text(y)), y), 0);
    assert_true(val_hash(num(text(x))) == val_hash(x));
    union {
      uint64_t u;
      double d;
    } bits = {.u = next()};
    Val r = num_of_double(bits.d, &A);
    if (r.t != V_NULL) assert_true(num_double(r) == bits.d);
    if (r.t != V_NULL)
      assert_true(num_cmp(r, val_real(bits.d)) == 0 && val_hash(r) == val_hash(val_real(bits.d)));
  }
  arena_free(&A);
}

/* As printf and strtod find it, digit by digit. */
static void shortest_by_trial(double d, char out[64]) {
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(out, 64, "%.*e", digits - 1, d);
    if (strtod(out, NULL) == d) return;
  }
}

static void doubles_of_everyday_size_have_their_shortest_decimal(void **state) {
  (void)state;
  for (int i = 0; i < 200000; i++) {
    double d = (double)(int64_t)(next() >> (next() % 60)) / (i % 3 == 0 ? 143.0 : i % 3 == 1 ? 1e6 : (double)(next() | 1));
    if (i % 7 == 0) d = nextafter((double)(1 + next() % 100000) / 100, i % 2 ? 1e300 : 0);
    char trial[64];
    shortest_by_trial(-d, trial);
    assert_int_equal(num_cmp(num_of_double(-d, &A), num(trial)), 0);
    assert_true(num_double(num_of_double(d, &A)) == d);
    if (i % 1000 == 0) arena_free(&A);
  }
  arena_free(&A);
}

static void normal_form_keeps_the_value(void **state) {
  (void)state;
  assert_true(num_norm(val_dec(1500, -2)).u.i == 15 && num_norm(val_dec(1500, -2)).e == 0);
  assert_true(num_norm(val_dec(12, 3)).u.i == 12000 && num_norm(val_dec(12, 3)).e == 0);
  assert_true(num_norm(val_dec(0, -5)).e == 0);
  for (int i = 0; i < 20000; i++) {
    Val x = any_num(), n = num_norm(x);
    assert_int_equal(num_cmp(n, x), 0);
    assert_true(val_hash(n) == val_hash(x));
  }
}

static void integers_are_told_apart(void **state) {
  (void)state;
  int64_t i;
  assert_true(num_int(num("1200"), &i) && i == 1200);
  assert_true(num_int(num("12.00"), &i) && i == 12);
  assert_true(num_int(val_real(3.0), &i) && i == 3);
  assert_false(num_int(num("12.5"), &i));
  assert_false(num_int(num("1e19"), &i));
  assert_false(num_int(val_text(STR("1")), &i));
}

static int free_arena(void **state) {
  (void)state;
  arena_free(&A);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arithmetic_is_decimal),
      cmocka_unit_test(results_that_fit_are_plain_again),
      cmocka_unit_test(one_less_85_percent_is_15_percent),
      cmocka_unit_test(money_keeps_its_minor_digits),
      cmocka_unit_test(rounding_has_seven_ways),
      cmocka_unit_test(functions_have_34_digits),
      cmocka_unit_test(what_is_no_number_gives_null),
      cmocka_unit_test(numbers_are_read_strictly),
      cmocka_unit_test(fixed_decimals_round_half_away),
      cmocka_unit_test(minor_units_round_half_away_and_say_so),
      cmocka_unit_test(doubles_go_by_their_shortest_decimal),
      cmocka_unit_test(our_own_arithmetic_is_the_library_s),
    cmocka_unit_test(fast_and_slow_paths_agree),
      cmocka_unit_test(subtraction_undoes_addition),
      cmocka_unit_test(printing_and_reading_are_inverse),
      cmocka_unit_test(doubles_of_everyday_size_have_their_shortest_decimal),
      cmocka_unit_test(normal_form_keeps_the_value),
      cmocka_unit_test(integers_are_told_apart),
  };
  return cmocka_run_group_tests(tests, NULL, free_arena);
}
