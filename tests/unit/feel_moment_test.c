/* Dates far away and zones, the latter against the C library's reading of the same tables. */
#include "testing.h"

#include "feel/moment.h"
#include "feel/temporal.h"
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t seed = 20261122;

static int64_t random_in(int64_t low, int64_t high) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return low + (int64_t)((seed >> 16) % (uint64_t)(high - low + 1));
}

static void every_day_has_one_date(void **state) {
  (void)state;
  for (int i = 0; i < 20000; i++) {
    int64_t y = random_in(-MOMENT_YEAR_MOST, MOMENT_YEAR_MOST), year;
    int m = (int)random_in(1, 12), month, day;
    int d = (int)random_in(1, civil_month_length(y, m));
    int64_t days = civil_days(y, m, d);
    civil_parts(days, &year, &month, &day);
    assert_true(year == y && month == m && day == d);
    civil_parts(days + 1, &year, &month, &day);
    assert_true(day == d + 1 || (day == 1 && d == civil_month_length(y, m)));
    assert_int_equal(civil_weekday(days + 1), civil_weekday(days) % 7 + 1);
  }
  for (int i = 0; i < 2000; i++) {
    Day d = (Day)random_in(-700000, 2900000);
    int y, m, day;
    day_parts(d, &y, &m, &day);
    assert_int_equal(civil_days(y, m, day), d);
    assert_int_equal(civil_weekday(d), day_weekday(d));
  }
}

static void what_is_added_can_be_taken_away(void **state) {
  (void)state;
  Arena a = {0};
  for (int i = 0; i < 5000; i++) {
    ValClock k = {.days = random_in(-1000000, 1000000), .nanos = random_in(0, 86399) * MOMENT_SECOND,
                  .offset = i % 2 ? VAL_NO_ZONE : (int32_t)random_in(-50400, 50400)};
    Val v = moment_clock(V_DATETIME, k, &a);
    Nanos span = (Nanos)random_in(-1000000000, 1000000000) * random_in(1, 1000000000);
    Val later = moment_add(v, span, &a);
    assert_true(secs_nanos(moment_sub(later, v)) == span);
    assert_int_equal(moment_order(later, v), span < 0 ? -1 : span > 0);
    Val back = moment_add(later, -span, &a);
    const ValClock *b = back.u.p;
    assert_true(b->days == k.days && b->nanos == k.nanos && b->offset == k.offset);
  }
  arena_free(&a);
}

static void zones_are_those_of_the_c_library(void **state) {
  (void)state;
  static const char *const zone[] = {
      "Europe/Paris", "America/New_York", "Australia/Melbourne", "Asia/Shanghai", "Asia/Kathmandu",
      "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "America/St_Johns", "Etc/GMT+5", "UTC"};
  for (size_t z = 0; z < sizeof zone / sizeof *zone; z++) {
    if (!zone_known(str_of(zone[z]))) {
      print_message("  skipped: no time zone %s here\n", zone[z]);
      continue;
    }
    setenv("TZ", zone[z], 1);
    tzset();
    for (int i = 0; i < 2000; i++) {
      time_t t = (time_t)random_in(-1500000000, 4000000000);
      struct tm tm;
      int32_t offset = 0, local = 0;
      assert_non_null(localtime_r(&t, &tm));
      assert_true(zone_at(str_of(zone[z]), t, &offset));
      if (offset != tm.tm_gmtoff)
        fail_msg("%s at %lld: %d, not %ld", zone[z], (long long)t, offset, tm.tm_gmtoff);
      assert_true(zone_at_local(str_of(zone[z]), t + offset, &local));
      int32_t again = 0; /* a reading that comes twice means the earlier moment */
      assert_true(zone_at(str_of(zone[z]), t + offset - local, &again));
      assert_true(again == local && local >= offset);
    }
  }
  unsetenv("TZ");
  tzset();
}

static void readings_that_are_skipped_or_come_twice(void **state) {
  (void)state;
  const Str paris = STR("Europe/Paris");
  if (!zone_known(paris)) skip();
  int32_t offset;
  int64_t spring = civil_days(2020, 3, 29) * MOMENT_DAY, autumn = civil_days(2020, 10, 25) * MOMENT_DAY;
  assert_true(zone_at_local(paris, spring + 3600, &offset) && offset == 3600);
  assert_true(zone_at_local(paris, spring + 2 * 3600 + 1800, &offset) && offset == 3600);
  assert_true(zone_at_local(paris, spring + 3 * 3600, &offset) && offset == 7200);
  assert_true(zone_at_local(paris, autumn + 2 * 3600 + 1800, &offset) && offset == 7200);
  assert_true(zone_at_local(paris, autumn + 3 * 3600, &offset) && offset == 3600);
}

static void only_zones_of_the_table_are_known(void **state) {
  (void)state;
  static const char *const none[] = {"",           "Europe/Nowhere", "../../etc/passwd",
                                     "localtime",  "posixrules",     "/etc/localtime",
                                     "Europe",     "zone.tab",       "europe/paris",
                                     "a\nb"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_false(zone_known(str_of(none[i])));
  for (int i = 0; i < 200; i++) { /* more than are kept */
    char name[16];
    snprintf(name, sizeof name, "No/Zone%d", i);
    assert_false(zone_known(str_of(name)));
  }
  int32_t offset;
  assert_true(zone_fixed(STR("Etc/UTC"), &offset) && offset == 0);
  assert_false(zone_fixed(STR("Europe/Paris"), &offset));
}

static void what_is_printed_can_be_read(void **state) {
  (void)state;
  static const char *const text[] = {"-999999999-01-01", "0001-01-01", "12345-06-07", "23:59:59.999999999",
                                     "00:00:00Z",
                                     "10:00:00+14:00", "10:00:00@Asia/Tokyo", "2020-02-29T12:00:00.5-03:30",
                                     "P1DT2H3M4.000000001S", "-PT0.5S", "P0M", "PT0S", "-P1Y11M", "P999999D"};
  Arena a = {0};
  for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
    Val v;
    Buf b = {0};
    assert_true(temporal_parse_standard(str_of(text[i]), &a, &v));
    temporal_print(v, &b);
    assert_string_equal(b.p, text[i]);
    buf_free(&b);
  }
  Val v;
  assert_false(temporal_parse(STR("9999999-01-01"), &a, &v));
  assert_true(temporal_parse_standard(STR("9999999-01-01"), &a, &v));
  assert_false(temporal_parse_standard(STR("9999999999-01-01"), &a, &v));
  arena_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_day_has_one_date),
      cmocka_unit_test(what_is_added_can_be_taken_away),
      cmocka_unit_test(zones_are_those_of_the_c_library),
      cmocka_unit_test(readings_that_are_skipped_or_come_twice),
      cmocka_unit_test(only_zones_of_the_table_are_known),
      cmocka_unit_test(what_is_printed_can_be_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
