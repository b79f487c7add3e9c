#include "base/format.h"
#include "base/num.h"
#include "testing.h"

#include <string.h>

static Arena A;
static const FmtEnv sentence = {.currency_sign = "¥", .minor = 2, .null = "?"};
static const FmtEnv cell = {.currency_sign = "¥", .minor = 2, .null = "–", .cell = true};

static Val num(const char *s) {
  Val v;
  assert_true(num_parse(str_of(s), &v, &A));
  return v;
}

static const char *shown(Val v, Unit unit, const char *format, const FmtEnv *env) {
  static Buf b;
  Fmt f = FMT_NONE;
  if (*format) assert_true(fmt_parse(str_of(format), &f));
  buf_clear(&b);
  buf_puts(&b, "");
  fmt_val(v, unit, f, env, &b);
  return b.p;
}

static const struct {
  const char *x;
  Unit unit;
  const char *format, *sentence, *cell;
} numbers[] = {
    {"0.162", UNIT_NONE, "%", "16.2 %", "16.2 %"},
    {"0.72", UNIT_PERCENT, "", "72 %", "72 %"},
    {"0.7204", UNIT_PERCENT, "", "72.0 %", "72.0 %"},
    {"-0.0225", UNIT_PERCENT, "%", "-2.3 %", "-2.3 %"},
    {"0.162", UNIT_PERCENT, "%.2", "16.20 %", "16.20 %"},
    {"0.162", UNIT_PERCENT, ".2", "16.20 %", "16.20 %"},
    {"12.345", UNIT_PERCENT, "%", "1,234.5 %", "1,234.5 %"},
    {"0.032", UNIT_PERCENT, "+%", "+3.2 %", "+3.2 %"},
    {"-0.032", UNIT_PERCENT, "+%", "-3.2 %", "-3.2 %"},
    {"0", UNIT_PERCENT, "+%", "0 %", "0 %"},
    {"0.0001", UNIT_PERCENT, "+%", "0.0 %", "0.0 %"},
    {"2861000", UNIT_MONEY, "万", "286.1万", "286.1"},
    {"12045000.00", UNIT_MONEY, "万", "1,204.5万", "1,204.5"},
    {"12045000", UNIT_MONEY, "万.0", "1,205万", "1,205"},
    {"123456789012", UNIT_MONEY, "亿", "1,234.6亿", "1,234.6"},
    {"42118260", UNIT_NONE, "¥", "¥ 42,118,260.00", "42,118,260.00"},
    {"42118260", UNIT_MONEY, "", "¥ 42,118,260.00", "42,118,260.00"},
    {"-866.9", UNIT_MONEY, "¥.0", "¥ -867", "-867"},
    {"47", UNIT_DAYS, "", "47 d", "47"},
    {"46.5", UNIT_NONE, "d", "47 d", "47"},
    {"58", UNIT_NONE, "pts", "58 pts", "58"},
    {"58", UNIT_POINTS, "", "58", "58"},
    {"58.25", UNIT_POINTS, "", "58.3", "58.3"},
    {"0.375", UNIT_PART, "", "0.38", "0.38"},
    {"3.14159", UNIT_NONE, ".1", "3.1", "3.1"},
    {"1842", UNIT_NONE, "", "1842", "1,842"},
    {"1842.50", UNIT_NONE, "", "1842.5", "1,842.5"},
    {"0.0046435999", UNIT_NONE, "", "0.004644", "0.004644"},
    {"0.000012345678", UNIT_NONE, "", "0.00001235", "0.00001235"},
    {"0.71513999", UNIT_NONE, "", "0.71514", "0.71514"},
    {"1842", UNIT_NONE, "plain", "1842", "1842"},
    {"5", UNIT_NONE, "date", "5", "5"},
};

static void numbers_show_as_their_unit_and_format_say(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    assert_string_equal(shown(num(numbers[i].x), numbers[i].unit, numbers[i].format, &sentence),
                        numbers[i].sentence);
    assert_string_equal(shown(num(numbers[i].x), numbers[i].unit, numbers[i].format, &cell), numbers[i].cell);
  }
}

static void a_third_is_not_shown_with_34_digits(void **state) {
  (void)state;
  Val third = num_div(val_int(1), val_int(3), &A);
  assert_string_equal(shown(third, UNIT_NONE, "", &sentence), "0.333333");
  assert_string_equal(shown(third, UNIT_PERCENT, "", &sentence), "33.3 %");
}

static void the_currency_is_the_databases(void **state) {
  (void)state;
  FmtEnv yen = {.currency_sign = "JP¥", .minor = 0, .null = "?"};
  assert_string_equal(shown(num("1204.6"), UNIT_MONEY, "", &yen), "JP¥ 1,205");
  assert_string_equal(fmt_heading(UNIT_MONEY, FMT_NONE, &yen), "JP¥");
}

static ValClock nine = {.days = 20758, .nanos = 34200000000000, .offset = VAL_NO_ZONE};
static ValClock zoned = {.days = 20758, .nanos = 34200500000000, .offset = 28800};

static void other_values_have_a_plain_form(void **state) {
  (void)state;
  Val range[] = {val_int(1), val_int(5), val_null()};
  Val list[] = {val_text(STR("a")), val_int(2), val_null()};
  ValEntry entry[] = {{STR("x"), val_int(1)}, {STR("y"), val_text(STR("b"))}};
  ValContext ctx = {2, entry};
  const struct {
    Val v;
    const char *shown, *data;
  } cases[] = {
      {val_null(), "?", ""},
      {val_bool(true), "true", "true"},
      {val_text(STR("甲|乙")), "甲|乙", "甲|乙"},
      {val_date(day_of(2026, 11, 1)), "2026-11-01", "2026-11-01"},
      {val_days(90), "90d", "90"},
      {val_days(0), "0d", "0"},
      {val_days(-2), "-2d", "-2"},
      {{.t = V_SECS, .u.i = 31500}, "8h 45min", "PT8H45M"},
      {{.t = V_SECS, .u.i = 864015, .e = -1}, "1d 1.5s", "P1DT1.5S"},
      {{.t = V_SECS, .u.i = -90}, "-1min 30s", "-PT1M30S"},
      {val_months(12), "12m", "P12M"},
      {val_months(24), "2y", "P24M"},
      {val_months(-7), "-7m", "-P7M"},
      {val_never(), "never", "never"},
      {{.t = V_RANGE, .u.v = range, .e = VAL_RANGE_LOW_IN}, "[1..5)", "[1..5)"},
      {{.t = V_RANGE, .u.v = range + 1, .e = 0}, "> 5", "> 5"},
      {val_list(list, 3), "a, 2, ?", "a, 2, "},
      {{.t = V_CONTEXT, .u.p = &ctx}, "{x: 1, y: b}", "{x: 1, y: b}"},
      {{.t = V_DATETIME, .u.p = &nine}, "2026-11-01 09:30:00", "2026-11-01T09:30:00"},
      {{.t = V_TIME, .u.p = &zoned}, "09:30:00.5+08:00", "09:30:00.5+08:00"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Buf b = {0};
    buf_puts(&b, "");
    fmt_data(cases[i].v, &b);
    assert_string_equal(shown(cases[i].v, UNIT_NONE, "", &sentence), cases[i].shown);
    assert_string_equal(b.p, cases[i].data);
    buf_free(&b);
  }
}

static void durations_in_days_are_whole(void **state) {
  (void)state;
  assert_string_equal(shown(val_days(47), UNIT_DAYS, "", &sentence), "47 d");
  assert_string_equal(shown((Val){.t = V_SECS, .u.i = 86400 * 12 + 43200}, UNIT_NONE, "d", &cell), "13");
  assert_string_equal(shown(val_never(), UNIT_DAYS, "d", &cell), "never");
  assert_string_equal(shown(val_null(), UNIT_DAYS, "d", &cell), "–");
}

static void data_is_exact(void **state) {
  (void)state;
  Buf b = {0};
  fmt_data(num("12345678.90"), &b);
  buf_char(&b, ' ');
  fmt_data(num_div(val_int(1), val_int(3), &A), &b);
  buf_char(&b, ' ');
  fmt_data(val_real(0.1), &b);
  assert_string_equal(b.p, "12345678.9 0.3333333333333333333333333333333333 0.1");
  buf_free(&b);
}

static void parts_show_as_bars(void **state) {
  (void)state;
  Val part[] = {val_int(0), num("0.5"), val_null(), num("0.99"), val_int(1), val_int(7), val_int(-7)};
  assert_string_equal(shown(val_list(part, 7), UNIT_NONE, "bars", &cell), "▁▅ ███▁");
}

static void formats_and_units_are_told_from_other_text(void **state) {
  (void)state;
  Fmt f;
  Unit u;
  static const char *const good[] = {"%",  "+%",  "万",   "亿",   "¥",   "￥", "d",
                                     ".1", "pts", "bars", "date", "%.2", " % "};
  static const char *const bad[] = {"", "x", ".", ".x", "%%", "dd", "万万", "1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(fmt_parse(str_of(good[i]), &f));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(fmt_parse(str_of(bad[i]), &f));
  for (int i = UNIT_MONEY; i <= UNIT_PART; i++) {
    assert_true(unit_parse(str_of(unit_name((Unit)i)), &u));
    assert_int_equal(u, i);
  }
  assert_false(unit_parse(STR(""), &u));
  assert_false(unit_parse(STR("kg"), &u));
  assert_true(fmt_parse(STR("万.2"), &f));
  assert_string_equal(fmt_name(f), "万");
  assert_int_equal(f.decimals, 2);
  assert_string_equal(fmt_name(FMT_NONE), "");
}

static void numbers_stand_right(void **state) {
  (void)state;
  assert_true(fmt_right(val_int(1), UNIT_NONE, FMT_NONE));
  assert_true(fmt_right(val_never(), UNIT_DAYS, FMT_NONE));
  assert_true(fmt_right(val_null(), UNIT_MONEY, FMT_NONE));
  assert_false(fmt_right(val_null(), UNIT_NONE, FMT_NONE));
  assert_false(fmt_right(val_text(STR("1")), UNIT_NONE, FMT_NONE));
}

static int free_arena(void **state) {
  (void)state;
  arena_free(&A);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_show_as_their_unit_and_format_say),
      cmocka_unit_test(a_third_is_not_shown_with_34_digits),
      cmocka_unit_test(the_currency_is_the_databases),
      cmocka_unit_test(other_values_have_a_plain_form),
      cmocka_unit_test(durations_in_days_are_whole),
      cmocka_unit_test(data_is_exact),
      cmocka_unit_test(parts_show_as_bars),
      cmocka_unit_test(formats_and_units_are_told_from_other_text),
      cmocka_unit_test(numbers_stand_right),
  };
  return cmocka_run_group_tests(tests, NULL, free_arena);
}
