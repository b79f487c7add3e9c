#include "feel_said.h"

#include <string.h>

static void numbers_take_percent_ten_thousands_and_exponents(void **state) {
  (void)state;
  static const Case c[] = {
      {"15%", "15%"},
      {"15 %", "15%"},
      {"0.5%", "0.5%"},
      {"50万", "500000"},
      {"1.2亿", "120000000"},
      {".5", "0.5"},
      {"1e3", "1000"},
      {"1.50", "1.5"},
      {"１５％", "15%"},
      {"-3", "-3"},
      {"1 - 0.85", "(- 1 0.85)"},
      {"12345678901234567890", "12345678901234567890"},
      {"90x",
       "!1:1 90x is no number · after a number may stand % 万 亿, or d w m q y h min s for a duration: 90d, "
       "12m"},
      {"3月",
       "!1:1 3月 is no number · after a number may stand % 万 亿, or d w m q y h min s for a duration: 90d, "
       "12m"},
      {"1e999999", "!1:1 a number too large to count with"},
  };
  CHECK(RULE, c);
}

static void durations_add_their_parts_and_keep_months_apart_from_days(void **state) {
  (void)state;
  static const Case c[] = {
      {"90d", "90d"},
      {"6w", "42d"},
      {"12m", "12m"},
      {"4q", "12m"},
      {"2y", "24m"},
      {"8h", "8h"},
      {"45min", "45min"},
      {"1h30min", "90min"},
      {"1y6m", "18m"},
      {"1.5h", "90min"},
      {"0.25s", "0.25s"},
      {"1m2d",
       "!1:1 1m2d is no number · after a number may stand % 万 亿, or d w m q y h min s for a duration: 90d, "
       "12m"},
      {"0.5m",
       "!1:1 0.5m is no number · after a number may stand % 万 亿, or d w m q y h min s for a duration: 90d, "
       "12m"},
  };
  CHECK(RULE, c);
}

static void dates_are_real_dates(void **state) {
  (void)state;
  static const Case c[] = {
      {"2026-11-01", "2026-11-01"},
      {"2026-11-01 - 90d", "(- 2026-11-01 90d)"},
      {"2025Q3", "2025Q3"},
      {"2026 - 11 - 1", "(- (- 2026 11) 1)"},
      {"2026-02-30", "!1:1 2026-02-30 is no date · that month has 28 days"},
      {"2026-13-01", "!1:1 2026-13-01 is no date · dates are written year-month-day: 2026-11-01"},
      {"2026-1-5",
       "!1:1 2026-1-5 is neither a date nor a plain subtraction · a date reads 2026-01-05; put blanks "
       "around - to subtract"},
      {"2026/11/1",
       "!1:1 2026/11/1 is neither a date nor a plain division · a date reads 2026-01-05; put blanks "
       "around / to divide"},
  };
  CHECK(RULE, c);
}

static void texts_stand_in_either_quote_and_know_escapes(void **state) {
  (void)state;
  static const Case c[] = {
      {"'a'", "\"a\""},
      {"\"it's\"", "\"it's\""},
      {"“大客户”", "\"大客户\""},
      {"‘a’", "\"a\""},
      {"\"a\\nb\"", "\"a\\nb\""},
      {"'\\u5927\\u5BA2'", "\"大客\""},
      {"'\\uD83D\\uDE00'", "\"😀\""},
      {"'\\U01F600'", "\"😀\""},
      {"'\\d+'", "\"\\\\d+\""},
      {"''", "\"\""},
      {"x = 'abc",
       "!1:5 this text is never closed · it began with '; close it with the same quote on the same line"},
      {"'a\nb'",
       "!1:1 this text is never closed · it began with '; close it with the same quote on the same line"},
  };
  CHECK(RULE, c);
}

static void full_width_signs_read_as_plain_ones(void **state) {
  (void)state;
  static const Case c[] = {
      {"不良 ＞ 5％ and（甲 ≥ “好”）", "(and (> 不良 5%) (>= 甲 \"好\"))"},
      {"a ≤ b or a ≠ c", "(or (<= a b) (!= a c))"},
      {"f（a，b、c）", "(f a b c)"},
      {"a＋b－c＊d／e", "(- (+ a b) (/ (* c d) e))"},
      {"a ＞＝ 1", "(>= a 1)"},
      {"x in ［1．．2］", "(in x (range \"[]\" 1 2))"},
      {"a\u3000=\u00A0b", "(= a b)"},
  };
  CHECK(RULE, c);
}

static void names_are_of_any_script_and_words_may_be_names(void **state) {
  (void)state;
  static const Case c[] = {
      {"客户级别", "客户级别"},
      {"_a1", "_a1"},
      {"größe", "größe"},
      {"account.quotes.in", "(. (. account quotes) in)"},
      {"churn_risk.known", "(. churn_risk known)"},
      {"of + as", "(+ of as)"},
      {"known(x)", "(known x)"},
      {"within", "within"},
  };
  CHECK(RULE, c);
}

static void stray_signs_say_what_to_write(void **state) {
  (void)state;
  static const Case c[] = {
      {"a == b", "!1:3 == means nothing here · write = (one sign) to compare"},
      {"a <> b", "!1:3 <> means nothing here · write != for \"differs\""},
      {"a && b", "!1:3 && means nothing here · write and"},
      {"!a", "!1:1 ! means nothing here · write not(…), or != for \"differs\""},
      {"2 ^ 3", "!1:3 ^ means nothing here · write ** for powers"},
      {"$tier", "!1:1 $ means nothing here · names are written bare: tier, not $tier"},
      {"a # b", "!1:3 # means nothing here"},
      {"a \xFF b", "!1:3 a character that cannot be read (not UTF-8)"},
      {"a + /* b", "!1:5 this comment is never closed"},
  };
  CHECK(RULE, c);
}

static void comments_and_lines_are_blank(void **state) {
  (void)state;
  static const Case c[] = {{"a // first\n  + b // second", "(+ a b)"},
                           {"a /* x */ + b", "(+ a b)"},
                           {"'http://x'", "\"http://x\""}};
  CHECK(RULE, c);
}

static void an_error_shows_the_line_with_a_caret_under_the_place(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  Src src = {.text = STR("甲 = 1\n  and 乙 $ 3"), .file = "r.lua", .line = 7, .col = 5};
  assert_null(feel_parse(&src, DIALECT_RULES, &a, &e));
  err_print(&e, &b);
  assert_string_equal(b.p,
                      "r.lua:8:9: $ means nothing here\n"
                      "    and 乙 $ 3\n"
                      "           ^\n"
                      "  names are written bare: tier, not $tier\n");
  buf_free(&b);
  err_free(&e);
  arena_free(&a);
}

static void a_part_of_a_text_shows_its_whole_line_and_what_heads_it(void **state) {
  (void)state;
  Buf b = {0};
  Src block = {.text = STR("  a = 1\n  at_risk = sum(x)  // y"), .file = "k.lua", .line = 17, .col = 1};
  Src rule = src_sub(&block, 20, 26);
  Err e = {0};
  src_err(&e, &rule, 4, 1, "x is unknown");
  err_print(&e, &b);
  assert_string_equal(b.p,
                      "k.lua:18:17: x is unknown\n"
                      "    at_risk = sum(x)  // y\n"
                      "                  ^\n");
  err_free(&e);
  buf_clear(&b);
  Src cell = src_sub(&block, 10, 17);
  cell.what = "heading of table risk_grade, column 1";
  src_err(&e, &cell, 0, 7, "unknown name at_risk");
  err_print(&e, &b);
  assert_string_equal(b.p,
                      "k.lua:18:3: unknown name at_risk\n"
                      "    heading of table risk_grade, column 1: at_risk\n"
                      "                                           ^^^^^^^\n");
  buf_free(&b);
  err_free(&e);
}

static void a_long_line_is_shown_around_the_caret_without_control_characters(void **state) {
  (void)state;
  Buf text = {0};
  for (int i = 0; i < 3000; i++) buf_puts(&text, "好\x1b");
  buf_puts(&text, "$");
  for (int i = 0; i < 3000; i++) buf_puts(&text, "x");
  Src src = {.text = buf_view(&text), .file = "t", .line = 1, .col = 1};
  Err e = {0};
  src_err(&e, &src, 12000, 1, "here");
  assert_true(strlen(e.source) < 400);
  assert_null(strchr(e.source, 0x1b));
  assert_true(utf8_valid(str_of(e.source), NULL));
  const char *line = strchr(e.source, '$'), *caret = strchr(e.source, '^'),
             *start = strchr(e.source, '\n') + 1;
  assert_int_equal(utf8_width((Str){e.source, (size_t)(line - e.source)}), caret - start);
  buf_free(&text);
  err_free(&e);
}

static void a_suggestion_is_the_nearest_name(void **state) {
  (void)state;
  static const Str name[] = {{"churn_risk", 10}, {"margin", 6}, {"days_since", 10},
                             {"Tier", 4},        {"利润率", 9}, {"x", 1}};
  static const struct {
    const char *wrong, *todo;
  } c[] = {{"chrun_risk", "did you mean churn_risk?"},
           {"marign", "did you mean margin?"},
           {"TIER", "did you mean Tier?"},
           {"days", "did you mean days_since?"},
           {"利润", "did you mean 利润率?"},
           {"completely", NULL},
           {"q", NULL}};
  for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
    Err e = {0};
    err_set(&e, ERR_FAIL, "unknown name");
    assert_false(src_suggest(&e, str_of(c[i].wrong), name, 6));
    if (c[i].todo) assert_non_null(e.todo), assert_string_equal(e.todo, c[i].todo);
    else assert_null(e.todo);
    err_free(&e);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_take_percent_ten_thousands_and_exponents),
      cmocka_unit_test(durations_add_their_parts_and_keep_months_apart_from_days),
      cmocka_unit_test(dates_are_real_dates),
      cmocka_unit_test(texts_stand_in_either_quote_and_know_escapes),
      cmocka_unit_test(full_width_signs_read_as_plain_ones),
      cmocka_unit_test(names_are_of_any_script_and_words_may_be_names),
      cmocka_unit_test(stray_signs_say_what_to_write),
      cmocka_unit_test(comments_and_lines_are_blank),
      cmocka_unit_test(an_error_shows_the_line_with_a_caret_under_the_place),
      cmocka_unit_test(a_part_of_a_text_shows_its_whole_line_and_what_heads_it),
      cmocka_unit_test(a_long_line_is_shown_around_the_caret_without_control_characters),
      cmocka_unit_test(a_suggestion_is_the_nearest_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
