#include "testing.h"

#include <math.h>

#include "model/forecast.h"

/* Two years of quarters: the last year is what counts. */
static const double QUARTERS[] = {9, 9, 9, 9, 10, 20, 30, 40};

static double expected(size_t horizon) {
  double sum = -1;
  assert_true(forecast_seasonal_naive(QUARTERS, 8, 4, horizon, &sum));
  return sum;
}

static void a_whole_cycle_to_come_is_the_last_one(void **state) {
  (void)state;
  assert_true(expected(4) == 100);
  assert_true(expected(8) == 200);
}

static void each_step_is_the_same_season_of_the_last_cycle(void **state) {
  (void)state;
  assert_true(expected(1) == 10);
  assert_true(expected(2) == 30);
  assert_true(expected(3) == 60);
  assert_true(expected(5) == 110);
  assert_true(expected(7) == 160);
}

static void no_steps_are_nothing(void **state) {
  (void)state;
  assert_true(expected(0) == 0);
}

static void without_a_full_cycle_there_is_no_forecast(void **state) {
  (void)state;
  double sum;
  assert_false(forecast_seasonal_naive(QUARTERS, 3, 4, 1, &sum));
  assert_false(forecast_seasonal_naive(QUARTERS, 0, 4, 1, &sum));
  assert_false(forecast_seasonal_naive(QUARTERS, 8, 0, 1, &sum));
  assert_true(forecast_seasonal_naive(QUARTERS, 4, 4, 4, &sum) && sum == 36);
}

static void what_is_no_number_never_comes_out(void **state) {
  (void)state;
  const double bad[] = {1, NAN}, huge[] = {1e308, 1e308};
  double sum;
  assert_false(forecast_seasonal_naive(bad, 2, 2, 2, &sum));
  assert_false(forecast_seasonal_naive(huge, 2, 2, 2, &sum));
}

static void losses_are_forecast_as_losses(void **state) {
  (void)state;
  const double y[] = {-5, 3};
  double sum;
  assert_true(forecast_seasonal_naive(y, 2, 2, 3, &sum) && sum == -7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_whole_cycle_to_come_is_the_last_one),
      cmocka_unit_test(each_step_is_the_same_season_of_the_last_cycle),
      cmocka_unit_test(no_steps_are_nothing),
      cmocka_unit_test(without_a_full_cycle_there_is_no_forecast),
      cmocka_unit_test(what_is_no_number_never_comes_out),
      cmocka_unit_test(losses_are_forecast_as_losses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
