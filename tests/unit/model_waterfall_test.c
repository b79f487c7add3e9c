#include "testing.h"

#include "model/waterfall.h"

static uint64_t state = 7;
static int64_t random_to(int64_t most) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (int64_t)((state >> 17) % (uint64_t)(most + 1));
}

static void parts_are_rounded_half_away_from_zero(void **unused) {
  (void)unused;
  assert_int_equal(water_part(50, 10000), 1);   /* 0.5 */
  assert_int_equal(water_part(-50, 10000), -1);
  assert_int_equal(water_part(49, 10000), 0);
  assert_int_equal(water_part(899999999999999, WATER_WHOLE), 899999999999999);
}

static void the_odd_cents_go_to_the_largest_remainders(void **unused) {
  (void)unused;
  int64_t w[] = {1, 1, 1}, out[3];
  assert_true(water_spread(100, w, 3, out));
  assert_int_equal(out[0], 34);
  assert_int_equal(out[1], 33);
  int64_t uneven[] = {50, 30, 20};
  assert_true(water_spread(7, uneven, 3, out)); /* 3.5 2.1 1.4 */
  assert_int_equal(out[0], 4);
  assert_int_equal(out[1], 2);
  assert_int_equal(out[2], 1);
  int64_t none[] = {0, 0};
  assert_true(water_spread(5, none, 2, out));
  assert_int_equal(out[0], 3);
  int64_t bad[] = {1, -1};
  assert_false(water_spread(5, bad, 2, out));
  assert_false(water_spread(5, NULL, 0, out));
}

static void what_is_spread_adds_up_and_no_share_is_a_unit_off(void **unused) {
  (void)unused;
  for (int round = 0; round < 20000; round++) {
    int64_t w[12], out[12], all = 0, sum = 0, total = random_to(round % 2 ? 50 : 800000000000000);
    size_t n = 1 + (size_t)random_to(11);
    for (size_t i = 0; i < n; i++) all += w[i] = random_to(round % 3 ? 3 : 900000000);
    assert_true(water_spread(total, w, n, out));
    for (size_t i = 0; i < n; i++) {
      sum += out[i];
      if (!all) continue;
      __int128 share = (__int128)total * w[i], got = (__int128)out[i] * all;
      assert_true(got - share < all && share - got < all);
    }
    assert_true(sum == total);
  }
}

static void discounts_in_a_row_compound(void **unused) {
  (void)unused;
  WaterLine l = {.list = 100000, .net = 70000, .cost = 50000, .agreement = 100000, .volume = 200000};
  WaterTerms t = {.bundle = 7000, .rebate = 20000, .freight = 500, .interest = 73000, .payment_days = 50};
  int64_t o[WATER_STEPS];
  assert_true(waterfall(&l, 1, t, o));
  assert_int_equal(o[WATER_AGREEMENT], 10000);
  assert_int_equal(o[WATER_VOLUME], 18000); /* 20 % of 90,000 */
  assert_int_equal(o[WATER_ASKED], 2000);
  assert_int_equal(o[WATER_REBATE], 1260);  /* 2 % of 63,000 */
  assert_int_equal(o[WATER_TERMS], 630);    /* 7.3 % a year over 50 days: 1 % */
  assert_int_equal(o[WATER_POCKET], 60610);
}

static void every_step_is_accounted_for(void **unused) {
  (void)unused;
  for (int round = 0; round < 20000; round++) {
    WaterLine l[5];
    int64_t o[5 * WATER_STEPS], bundle = 0, freight = 0, own = 0;
    size_t n = 1 + (size_t)random_to(4);
    for (size_t i = 0; i < n; i++) {
      l[i] = (WaterLine){random_to(9999999), random_to(9999999), random_to(9999999), random_to(999),
                         (int32_t)random_to(WATER_WHOLE), (int32_t)random_to(WATER_WHOLE)};
      own += l[i].freight;
    }
    WaterTerms t = {random_to(99999), random_to(9999), (int32_t)random_to(300000), (int32_t)random_to(90000),
                    (int32_t)random_to(180)};
    assert_true(waterfall(l, n, t, o));
    for (size_t i = 0; i < n; i++) {
      const int64_t *x = o + i * WATER_STEPS;
      int64_t left = x[WATER_LIST];
      for (int k = WATER_AGREEMENT; k <= WATER_TERMS; k++) left -= x[k];
      assert_int_equal(left, x[WATER_POCKET]);
      bundle += x[WATER_BUNDLE];
      freight += x[WATER_FREIGHT];
    }
    assert_int_equal(bundle, t.bundle);
    assert_int_equal(freight, t.freight + own);
  }
}

static void what_cannot_be_is_refused(void **unused) {
  (void)unused;
  int64_t o[WATER_STEPS];
  WaterLine good = {.list = 10, .net = 9, .cost = 5};
  assert_true(waterfall(&good, 1, (WaterTerms){0}, o));
  assert_false(waterfall(&good, 0, (WaterTerms){0}, o));
  assert_false(waterfall(&(WaterLine){.list = 10, .net = -9}, 1, (WaterTerms){0}, o));
  assert_false(waterfall(&(WaterLine){.list = INT64_MAX, .net = 9}, 1, (WaterTerms){0}, o));
  assert_false(waterfall(&good, 1, (WaterTerms){.bundle = -1}, o));
  assert_false(waterfall(&good, 1, (WaterTerms){.rebate = WATER_WHOLE + 1}, o));
  assert_false(waterfall(&good, 1, (WaterTerms){.payment_days = -1}, o));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_are_rounded_half_away_from_zero),
      cmocka_unit_test(the_odd_cents_go_to_the_largest_remainders),
      cmocka_unit_test(what_is_spread_adds_up_and_no_share_is_a_unit_off),
      cmocka_unit_test(discounts_in_a_row_compound),
      cmocka_unit_test(every_step_is_accounted_for),
      cmocka_unit_test(what_cannot_be_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
