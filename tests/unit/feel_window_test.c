#include "testing.h"

#include "feel/temporal.h"
#include "feel/type.h"
#include "feel/window.h"

#include <string.h>

static char *span(Val v, const char *asof) {
  Day d, from, to;
  Buf b = {0};
  assert_true(day_parse(str_of(asof), &d));
  if (!window_days(v, d, &from, &to)) {
    buf_puts(&b, "none");
    return buf_take(&b);
  }
  if (from == DAY_NONE) buf_puts(&b, "…");
  else day_print(from, &b);
  buf_puts(&b, " ");
  day_print(to, &b);
  return buf_take(&b);
}

static void check(Val v, const char *asof, const char *want) {
  char *got = span(v, asof);
  assert_string_equal(got, want);
  mem_free(got);
}

static void a_duration_reaches_back_from_as_of_with_months_clipped(void **state) {
  (void)state;
  check(val_months(12), "2026-11-01", "2025-11-01 2026-11-01");
  check(val_months(1), "2026-03-31", "2026-02-28 2026-03-31");
  check(val_months(12), "2024-02-29", "2023-02-28 2024-02-29");
  check(val_days(90), "2026-11-01", "2026-08-03 2026-11-01");
  check(val_days(0), "2026-11-01", "2026-11-01 2026-11-01");
  check(val_months(1000000), "2026-11-01", "0001-01-01 2026-11-01");
  check(val_days(INT32_MAX), "2026-11-01", "0001-01-01 2026-11-01");
  check(val_months(-1), "2026-11-01", "none");
  check((Val){.t = V_SECS, .u.i = 3600}, "2026-11-01", "none");
  check(val_text(STR("x")), "2026-11-01", "none");
  check(val_null(), "2026-11-01", "none");
}

static void calendar_windows_are_known_by_name(void **state) {
  (void)state;
  static const struct {
    const char *name, *asof, *want;
  } c[] = {
      {"all", "2026-11-01", "… 2026-11-01"},
      {"ytd", "2026-11-01", "2026-01-01 2026-11-01"},
      {"last_month", "2026-01-15", "2025-12-01 2026-01-01"},
      {"last_quarter", "2026-11-01", "2026-07-01 2026-10-01"},
      {"last_quarter", "2026-02-01", "2025-10-01 2026-01-01"},
      {"last_year", "2026-11-01", "2025-01-01 2026-01-01"},
      {"2025", "2026-11-01", "2025-01-01 2026-01-01"},
      {"2025Q3", "2026-11-01", "2025-07-01 2025-10-01"},
      {"2025-02", "2026-11-01", "2025-02-01 2025-03-01"},
  };
  for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
    Val v;
    Buf b = {0};
    assert_true(window_named(str_of(c[i].name), &v));
    check(v, c[i].asof, c[i].want);
    window_print(v, &b);
    assert_string_equal(b.p, c[i].name);
    buf_free(&b);
  }
  Val v;
  static const char *const wrong[] = {"", "month", "2025Q5", "2025Q0", "2025-13", "20a5", "0000", "2025Q3x"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(window_named(str_of(wrong[i]), &v));
}

static void a_bare_number_is_a_year(void **state) {
  (void)state;
  check(val_int(2025), "2026-11-01", "2025-01-01 2026-01-01");
  check(val_int(0), "2026-11-01", "none");
  check(val_dec(20255, -1), "2026-11-01", "none");
}

static void windows_print_as_they_are_written(void **state) {
  (void)state;
  Buf b = {0};
  window_print(val_months(12), &b);
  buf_char(&b, ' ');
  window_print(val_days(90), &b);
  buf_char(&b, ' ');
  window_print(val_int(2025), &b);
  assert_string_equal(b.p, "12m 90d 2025");
  buf_free(&b);
}

static void iso_texts_read_and_print_the_same(void **state) {
  (void)state;
  static const struct {
    const char *text;
    ValType t;
  } c[] = {
      {"2026-11-01", V_DATE},
      {"-0044-03-15", V_DATE},
      {"12345-01-01", V_DATE},
      {"08:30:00", V_TIME},
      {"08:30:00.25", V_TIME},
      {"23:59:59Z", V_TIME},
      {"08:30:00+08:00", V_TIME},
      {"08:30:00-03:30", V_TIME},
      {"08:30:00@Asia/Shanghai", V_TIME},
      {"2026-11-01T08:30:00", V_DATETIME},
      {"2026-11-01T08:30:00.000000001Z", V_DATETIME},
      {"P1Y2M", V_MONTHS},
      {"-P14Y", V_MONTHS},
      {"P0M", V_MONTHS},
      {"P1D", V_SECS},
      {"P1DT2H3M4.5S", V_SECS},
      {"-PT1M", V_SECS},
      {"PT0S", V_SECS},
      {"PT0.001S", V_SECS},
  };
  for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
    Arena a = {0};
    Buf b = {0};
    Val v;
    assert_true(temporal_parse(str_of(c[i].text), &a, &v));
    assert_int_equal(v.t, c[i].t);
    temporal_print(v, &b);
    assert_string_equal(b.p, c[i].text);
    buf_free(&b);
    arena_free(&a);
  }
}

static void what_is_no_iso_text_is_refused(void **state) {
  (void)state;
  static const char *const wrong[] = {"",
                                      "2026-02-30",
                                      "2026-1-1",
                                      "2026-13-01",
                                      "02026-01-01",
                                      "24:00:01",
                                      "08:60:00",
                                      "8:30:00",
                                      "08:30:00+15:00",
                                      "08:30:00@",
                                      "08:30:00@A B",
                                      "2026-11-01T",
                                      "P",
                                      "PT",
                                      "P1DT",
                                      "P1M1Y",
                                      "P1Y1D",
                                      "P1.5Y",
                                      "PT1.5H",
                                      "1D",
                                      "P1H",
                                      "--P1D",
                                      "2026-11-01 ",
                                      "P99999999999999999D",
                                      "PT999999999999999999S"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    Arena a = {0};
    Val v = val_int(7);
    assert_false(temporal_parse(str_of(wrong[i]), &a, &v));
    assert_int_equal(v.u.i, 7);
    arena_free(&a);
  }
}

static void every_type_has_a_name(void **state) {
  (void)state;
  for (int k = T_ANY; k <= T_SERIES; k++) assert_true(strlen(type_name((TypeKind)k)) > 2);
  assert_string_equal(type_name(T_NUM), "number");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_duration_reaches_back_from_as_of_with_months_clipped),
      cmocka_unit_test(calendar_windows_are_known_by_name),
      cmocka_unit_test(a_bare_number_is_a_year),
      cmocka_unit_test(windows_print_as_they_are_written),
      cmocka_unit_test(iso_texts_read_and_print_the_same),
      cmocka_unit_test(what_is_no_iso_text_is_refused),
      cmocka_unit_test(every_type_has_a_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
