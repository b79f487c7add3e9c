#include "feel_standard.h"

static void numbers_are_decimals_of_34_digits(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"0.1 + 0.2 = 0.3", "true"},
      {"1 - 0.85 <= 0.15", "true"},
      {"1/3", "0.3333333333333333333333333333333333"},
      {"2 ** 10", "1024"},
      {"2 ** -1", "0.5"},
      {"-3 ** 2", "9"},
      {"3 ** 4 ** 5", "3486784401"},
      {"10 ** 6145", "null"},
      {"1 / 0", "null"},
      {"0 ** -1", "null"},
      {"5 - 3 - 1", "1"},
      {"2 + 3 * 4", "14"},
      {".5 + 1.50", "2"},
      {"--10", "10"},
      {"-(-(1))", "1"},
      {"1.0 = 1.00", "true"},
      {"9999999999999999999999999999999999 + 1", "10000000000000000000000000000000000"},
      {"1 + \"1\"", "null"},
      {"1 + null", "null"},
      {"null * null", "null"},
      {"[1] + 1", "null"},
      {"true + true", "null"},
      {"\"a\" + \"b\"", "\"ab\""},
      {"\"a\" - \"b\"", "null"},
      {"\"a\" + null", "null"},
      {"-\"1\"", "null"},
      {"-null", "null"},
  };
  hold(claim);
}

static void logic_has_three_values(void **state) {
  (void)state;
  static const char *const value[] = {"true", "false", "null", "1", "\"true\"", "[]"};
  for (int i = 0; i < 6; i++)
    for (int k = 0; k < 6; k++) {
      char text[64];
      const char *both = i == 1 || k == 1 ? "false" : i == 0 && k == 0 ? "true" : "null";
      const char *one = i == 0 || k == 0 ? "true" : i == 1 && k == 1 ? "false" : "null";
      snprintf(text, sizeof text, "%s and %s", value[i], value[k]);
      assert_true(same(text, both, NULL));
      snprintf(text, sizeof text, "%s or %s", value[i], value[k]);
      assert_true(same(text, one, NULL));
    }
  static const Claim claim[] = {
      {"not(true)", "false"}, {"not(false)", "true"}, {"not(null)", "null"},
      {"not(1)", "null"},     {"not()", "null"},      {"not([true])", "null"},
      {"if true then 1 else 2", "1"},
      {"if null then 1 else 2", "2"},
      {"if \"true\" then 1 else 2", "2"},
      {"if 1 = \"1\" then 1 else 2", "2"},
  };
  hold(claim);
}

static void equality_is_of_one_kind(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"null = null", "true"},
      {"null != null", "false"},
      {"1 = null", "false"},
      {"null != 1", "true"},
      {"1 = \"1\"", "null"},
      {"1 != \"1\"", "null"},
      {"true = 1", "null"},
      {"[] = null", "false"},
      {"[] = []", "true"},
      {"[1, 2] = [1, 2.0]", "true"},
      {"[1, 2] = [2, 1]", "false"},
      {"[1, 2] = [1]", "false"},
      {"[1, null] = [1, null]", "true"},
      {"[1] = 1", "null"},
      {"{} = {}", "true"},
      {"{a: 1, b: 2} = {b: 2, a: 1}", "true"},
      {"{a: 1} = {b: 1}", "false"},
      {"{a: 1} = {a: 1, b: 2}", "false"},
      {"{a: {b: [1]}} = {a: {b: [1]}}", "true"},
      {"{a: 1} = [1]", "null"},
      {"[1..5] = [1..5]", "true"},
      {"[1..5] = [1..5)", "false"},
      {"(<5) = (<5)", "true"},
      {"(<5) = (<=5)", "false"},
      {"@\"P1Y\" = @\"P12M\"", "true"},
      {"@\"P1D\" = @\"PT24H\"", "true"},
      {"@\"P0D\" = @\"P0Y\"", "null"},
      {"@\"2020-01-01\" = @\"2020-01-01T00:00:00\"", "null"},
      {"@\"10:00:00Z\" = @\"11:00:00+01:00\"", "true"},
      {"@\"2020-01-01T10:00:00Z\" = @\"2020-01-01T11:00:00@Europe/Paris\"", "true"},
      {"@\"2020-07-01T10:00:00Z\" = @\"2020-07-01T12:00:00@Europe/Paris\"", "true"},
      {"@\"10:00:00\" = @\"10:00:00+05:00\"", "true"},
      {"is(@\"10:00:00\", @\"10:00:00+05:00\")", "false"},
      {"\"\" = null", "false"},
      {"\"a\" = \"A\"", "false"},
  };
  hold(claim);
}

static void order_is_of_one_kind(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"1 < 2", "true"},
      {"2 <= 2.0", "true"},
      {"1 < null", "null"},
      {"null <= null", "null"},
      {"1 < \"2\"", "null"},
      {"true < false", "null"},
      {"[1] < [2]", "null"},
      {"\"a\" < \"b\"", "true"},
      {"\"Z\" < \"a\"", "true"},
      {"\"\" < \"a\"", "true"},
      {"@\"2020-01-01\" < @\"2020-01-02\"", "true"},
      {"@\"-0001-01-01\" < @\"2020-01-02\"", "true"},
      {"@\"10:00:00Z\" < @\"10:00:00-01:00\"", "true"},
      {"@\"10:00:00\" < @\"10:30:00Z\"", "true"},
      {"@\"P1D\" < @\"P1M\"", "null"},
      {"@\"P1M\" < @\"P1Y\"", "true"},
      {"@\"PT1S\" < @\"PT1.5S\"", "true"},
      {"1 between 1 and 2", "true"},
      {"3 between 1 and 2", "false"},
      {"1 between null and 2", "null"},
      {"3 between null and 2", "false"},
      {"null between 1 and 2", "null"},
  };
  hold(claim);
}

static void a_value_is_in_lists_ranges_and_tests(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"1 in [1..2)", "true"},
      {"2 in [1..2)", "false"},
      {"1 in (1..2]", "false"},
      {"1 in ]1..2[", "false"},
      {"1.5 in ]1..2[", "true"},
      {"null in [1..2]", "null"},
      {"\"a\" in [1..2]", "null"},
      {"1 in (1, 2)", "true"},
      {"3 in (1, 2)", "false"},
      {"1 in (< 2)", "true"},
      {"1 in < 2", "true"},
      {"5 in (< 2, > 4)", "true"},
      {"3 in (< 2, > 4)", "false"},
      {"1 in [1, 2]", "true"},
      {"3 in [1, 2]", "false"},
      {"1 in ([1, 2], 3)", "true"},
      {"3 in [[1..2], [3..4]]", "true"},
      {"[1, 2] in [[1, 2], [3]]", "true"},
      {"[1, 2] in ([1, 2])", "true"},
      {"null in (null)", "true"},
      {"null in (1, null)", "true"},
      {"1 in (null)", "false"},
      {"1 in \"1\"", "null"},
      {"5 in (? > 3)", "true"},
      {"2 in (? > 3)", "false"},
      {"@\"2020-02-01\" in [@\"2020-01-01\"..@\"2020-12-31\"]", "true"},
      {"5 in [1..null]", "null"},
      {"0 in [1..null]", "false"},
      {"3 in [5..1]", "false"},
      {"[1..2] in ([1..2], [3..4])", "true"},
      {"(=10).start included", "true"},
      {"(=10).end", "10"},
      {"(!=10).start", "10"},
      {"(!=10).end included", "false"},
      {"(=10) = (=10)", "true"},
      {"(=10) = [10..10]", "false"},
      {"(!=10) = (!=10)", "true"},
      {"(!=10) = (=10)", "false"},
      {"(<10) = (null..10)", "false"},
      {"10 in [(=10)]", "true"},
      {"10 in [(!=10)]", "false"},
      {"11 in [(!=10)]", "true"},
      {"null in [(!=10)]", "false"},
      {"[5..1]", "null"},
      {"[1..\"a\"]", "null"},
      {"[1..null]", "null"},
  };
  hold(claim);
}

static void time_is_added_to_and_taken_from(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"@\"2020-01-31\" + @\"P1M\"", "@\"2020-02-29\""},
      {"@\"2020-03-31\" - @\"P1M\"", "@\"2020-02-29\""},
      {"@\"P1Y\" + @\"2020-02-29\"", "@\"2021-02-28\""},
      {"@\"2020-01-31\" + @\"P1D\"", "@\"2020-02-01\""},
      {"@\"2020-01-31\" + @\"PT23H\"", "@\"2020-01-31\""},
      {"@\"2020-01-31\" - @\"PT1H\"", "@\"2020-01-30\""},
      {"@\"2020-01-31T23:30:00\" + @\"PT1H\"", "@\"2020-02-01T00:30:00\""},
      {"@\"23:30:00\" + @\"PT1H\"", "@\"00:30:00\""},
      {"@\"00:30:00Z\" - @\"PT1H\"", "@\"23:30:00Z\""},
      {"@\"10:00:00\" + @\"P1M\"", "null"},
      {"@\"2020-03-01\" - @\"2020-02-01\"", "@\"P29D\""},
      {"@\"2020-03-01T12:00:00\" - @\"2020-03-01T00:00:00\"", "@\"PT12H\""},
      {"@\"2020-03-01T12:00:00Z\" - @\"2020-03-01\"", "@\"PT12H\""},
      {"@\"2020-03-01T12:00:00\" - @\"2020-03-01\"", "null"},
      {"@\"2020-03-01T12:00:00\" - @\"2020-03-01T12:00:00Z\"", "null"},
      {"@\"2020-03-29T12:00:00@Europe/Paris\" - @\"2020-03-28T12:00:00@Europe/Paris\"", "@\"PT23H\""},
      {"string(@\"2020-03-28T12:00:00@Europe/Paris\" + @\"PT24H\")", "\"2020-03-29T13:00:00@Europe/Paris\""},
      {"string(@\"2020-03-28T12:00:00@Europe/Paris\" + @\"P1M\")", "\"2020-04-28T12:00:00@Europe/Paris\""},
      {"@\"10:00:00\" - @\"09:00:00\"", "@\"PT1H\""},
      {"@\"10:00:00\" - @\"09:00:00Z\"", "null"},
      {"@\"10:00:00\" - @\"2020-01-01\"", "null"},
      {"@\"2020-01-01\" + @\"2020-01-01\"", "null"},
      {"@\"P1D\" - @\"2020-01-01\"", "null"},
      {"@\"2020-01-01\" + 1", "null"},
      {"@\"P1D\" + @\"PT1H\"", "@\"P1DT1H\""},
      {"@\"P1D\" + @\"P1M\"", "null"},
      {"@\"P1Y\" - @\"P2M\"", "@\"P10M\""},
      {"@\"P1D\" * 2", "@\"P2D\""},
      {"0.5 * @\"P1D\"", "@\"PT12H\""},
      {"@\"P1Y\" * 1.5", "@\"P18M\""},
      {"@\"P1Y\" / 5", "@\"P2M\""},
      {"@\"P1D\" / @\"PT1H\"", "24"},
      {"@\"P1Y\" / @\"P1M\"", "12"},
      {"@\"P1Y\" / @\"P0M\"", "null"},
      {"@\"P1D\" / 0", "null"},
      {"@\"P1D\" * @\"P1D\"", "null"},
      {"1 / @\"P1D\"", "null"},
      {"-@\"P1DT2H\"", "@\"-P1DT2H\""},
      {"-@\"2020-01-01\"", "null"},
      {"date(999999999, 12, 31) + @\"P1D\"", "null"},
      {"date(999999999, 12, 31) + @\"P1M\"", "null"},
      {"string(date(-999999999, 1, 1))", "\"-999999999-01-01\""},
      {"@\"24:00:00\"", "@\"00:00:00\""},
      {"@\"2020-12-31T24:00:00\"", "@\"2021-01-01T00:00:00\""},
      {"@\"2020-02-30\"", "null"},
      {"@\"2020-01-01T00:00:00@Mars/Olympus\"", "null"},
      {"@\"2020-01-01T00:00:00@../../etc/passwd\"", "null"},
  };
  hold(claim);
}

static void values_have_parts(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"@\"2018-12-10\".year", "2018"},
      {"@\"2018-12-10\".month", "12"},
      {"@\"2018-12-10\".day", "10"},
      {"@\"2018-12-10\".weekday", "1"},
      {"@\"2018-12-09\".weekday", "7"},
      {"@\"2018-12-10\".hour", "null"},
      {"@\"2018-12-10T10:30:01.5\".second", "1.5"},
      {"@\"2018-12-10T10:30:01\".hour", "10"},
      {"@\"2018-12-10T10:30:01\".minute", "30"},
      {"@\"2018-12-10T10:30:01+05:00\".time offset", "@\"PT5H\""},
      {"@\"2018-12-10T10:30:01\".time offset", "null"},
      {"@\"2018-12-10T10:30:01@Etc/UTC\".timezone", "\"Etc/UTC\""},
      {"@\"2018-12-10T10:30:01+05:00\".timezone", "null"},
      {"@\"2018-07-10T10:30:01@Europe/Paris\".time offset", "@\"PT2H\""},
      {"@\"2100-07-10T10:30:01@Europe/Paris\".time offset", "@\"PT2H\""},
      {"@\"10:30:01Z\".time offset", "@\"PT0S\""},
      {"@\"10:30:01@Etc/UTC\".time offset", "@\"PT0S\""},
      {"@\"10:30:01@Europe/Paris\".time offset", "null"},
      {"@\"10:30:01\".day", "null"},
      {"@\"P1DT2H3M4.5S\".days", "1"},
      {"@\"P1DT2H3M4.5S\".hours", "2"},
      {"@\"P1DT2H3M4.5S\".minutes", "3"},
      {"@\"P1DT2H3M4.5S\".seconds", "4.5"},
      {"@\"-P1DT2H\".days", "-1"},
      {"@\"-P1DT2H\".hours", "-2"},
      {"@\"P1DT2H\".years", "null"},
      {"@\"P1Y2M\".years", "1"},
      {"@\"P1Y2M\".months", "2"},
      {"@\"P1Y2M\".days", "null"},
      {"[1..5).start", "1"},
      {"[1..5).end", "5"},
      {"[1..5).start included", "true"},
      {"[1..5).end included", "false"},
      {"(< 5).start", "null"},
      {"(< 5).end", "5"},
      {"(< 5).start included", "false"},
      {"{a: {b: 1}}.a.b", "1"},
      {"{a: 1}.b", "null"},
      {"null.a", "null"},
      {"1.a", "null"},
      {"[{a: 1}, {b: 2}, 3].a", "[1, null, null]"},
      {"[{a: [1, 2]}, {a: [3]}].a", "[[1, 2], [3]]"},
      {"[].a", "[]"},
  };
  hold(claim);
}

static void texts_know_their_escapes(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"string length(\"\\u0041\\U01F40E\")", "2"},
      {"\"\\ud83d\\udc0e\" = \"\\U01F40E\"", "true"},
      {"string length(\"\\t\\n\\\"\\\\\")", "4"},
      {"string length(\"\\d\")", "2"},
      {"string length(\"\")", "0"},
      {"\"横綱\" + \"!\"", "\"横綱!\""},
  };
  hold(claim);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_decimals_of_34_digits), cmocka_unit_test(logic_has_three_values),
      cmocka_unit_test(equality_is_of_one_kind),           cmocka_unit_test(order_is_of_one_kind),
      cmocka_unit_test(a_value_is_in_lists_ranges_and_tests),
      cmocka_unit_test(time_is_added_to_and_taken_from),
      cmocka_unit_test(values_have_parts),                 cmocka_unit_test(texts_know_their_escapes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
