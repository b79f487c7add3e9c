#include "base/date.h"
#include "testing.h"

static Day day(const char *s) {
  Day d = DAY_NONE;
  assert_true(day_parse(str_of(s), &d));
  return d;
}

static const char *text(Day d) {
  static Buf b;
  buf_clear(&b);
  day_print(d, &b);
  return b.p;
}

static void days_count_from_1970(void **state) {
  (void)state;
  assert_int_equal(day_of(1970, 1, 1), 0);
  assert_int_equal(day_of(2000, 3, 1), 11017);
  assert_int_equal(day_of(1969, 12, 31), -1);
  assert_int_equal(day("2026-11-01") - day("2026-10-31"), 1);
}

static void every_day_of_four_centuries_is_the_next(void **state) {
  (void)state;
  Day d = day_of(1799, 12, 31);
  for (int y = 1800; y < 2200; y++)
    for (int m = 1; m <= 12; m++)
      for (int i = 1; i <= month_length(y, m); i++) {
        assert_int_equal(day_of(y, m, i), ++d);
        int py, pm, pd;
        day_parts(d, &py, &pm, &pd);
        assert_true(py == y && pm == m && pd == i);
        assert_int_equal(day_month(d), y * 12 + m - 1);
        assert_int_equal((day("2026-11-01") - d) % 7 == 0, day_weekday(d) == 7); /* a Sunday */
      }
}

static void only_real_dates_are_read(void **state) {
  (void)state;
  static const char *const bad[] = {"2026-02-30",  "2025-02-29", "1900-02-29", "2026-13-01", "2026-00-01",
                                    "2026-01-00",  "0000-01-01", "2026-1-01",  "2026/01/01", "2026-01-1a",
                                    "2026-01-011", "",           "20260101"};
  Day d;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (day_parse(str_of(bad[i]), &d)) fail_msg("%s", bad[i]);
  assert_string_equal(text(day("2024-02-29")), "2024-02-29");
  assert_string_equal(text(day("2000-02-29")), "2000-02-29");
  assert_string_equal(text(day("0001-01-01")), "0001-01-01");
  assert_string_equal(text(day("9999-12-31")), "9999-12-31");
}

static const struct {
  const char *from;
  int n;
  const char *to;
} steps[] = {{"2026-01-31", 1, "2026-02-28"},   {"2024-01-31", 1, "2024-02-29"},
             {"2026-11-01", -12, "2025-11-01"}, {"2026-03-31", -1, "2026-02-28"},
             {"2026-12-15", 1, "2027-01-15"},   {"2026-01-15", -1, "2025-12-15"},
             {"2024-02-29", 12, "2025-02-28"},  {"2026-05-31", 0, "2026-05-31"}};

static void months_are_clipped_to_their_last_day(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    assert_string_equal(text(day_add_months(day(steps[i].from), steps[i].n)), steps[i].to);
  assert_int_equal(month_start(day_month(day("2026-11-17"))), day("2026-11-01"));
  assert_true(day_add_months(day("2026-01-01"), INT32_MAX) > day("9999-12-31"));
  assert_true(day_add_months(day("2026-01-01"), INT32_MIN) < day("0001-01-01"));
}

static void weeks_begin_on_monday(void **state) {
  (void)state;
  assert_int_equal(day_weekday(day("2026-11-02")), 1);
  assert_int_equal(day_weekday(day("2026-11-01")), 7);
  assert_int_equal(day_weekday(day("1969-12-31")), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_count_from_1970),
      cmocka_unit_test(every_day_of_four_centuries_is_the_next),
      cmocka_unit_test(only_real_dates_are_read),
      cmocka_unit_test(months_are_clipped_to_their_last_day),
      cmocka_unit_test(weeks_begin_on_monday),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
