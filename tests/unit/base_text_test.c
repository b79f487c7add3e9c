#include "base/str.h"
#include "base/mem.h"
#include "testing.h"

#include <string.h>

static void views_compare_by_bytes(void **state) {
  (void)state;
  assert_true(str_eq(STR(""), (Str){NULL, 0}));
  assert_true(str_eq(STR("a\0b"), STR("a\0b")));
  assert_false(str_eq(STR("a"), STR("ab")));
  assert_true(str_cmp(STR("a"), STR("ab")) < 0);
  assert_true(str_cmp(STR("b"), STR("ab")) > 0);
  assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
  assert_int_equal(str_cmp(STR(""), STR("")), 0);
  assert_true(str_is(str_of(NULL), ""));
  assert_true(str_starts(STR("+86123"), "+86"));
  assert_false(str_starts(STR("+8"), "+86"));
}

static void trimming_takes_blanks_off_both_ends(void **state) {
  (void)state;
  assert_true(str_is(str_trim(STR(" \t a b \r\n")), "a b"));
  assert_true(str_is(str_trim(STR("   ")), ""));
  assert_true(str_is(str_sub(STR("abcdef"), 2, 4), "cd"));
  assert_true(str_is(str_sub(STR("abc"), 2, 99), "c"));
  assert_true(str_is(str_sub(STR("abc"), 5, 1), ""));
}

static void splitting_keeps_empty_parts(void **state) {
  (void)state;
  const char *parts[] = {"a", "", "b", ""};
  Str rest = STR("a,,b,");
  for (size_t i = 0; i < 4; i++) {
    assert_non_null(rest.p);
    assert_true(str_is(str_split(rest, ',', &rest), parts[i]));
  }
  assert_null(rest.p);
}

static void a_buffer_grows_and_is_taken(void **state) {
  (void)state;
  Buf b = {0};
  assert_true(str_is(buf_view(&b), ""));
  for (int i = 0; i < 1000; i++) buf_printf(&b, "%d,", i);
  buf_fill(&b, '-', 3);
  buf_add(&b, NULL, 0);
  assert_int_equal(b.n, strlen(b.p));
  assert_true(str_is(str_sub(buf_view(&b), b.n - 7, b.n), "999,---"));
  buf_clear(&b);
  assert_string_equal(b.p, "");
  buf_puts(&b, "x");
  char *mine = buf_take(&b);
  assert_string_equal(mine, "x");
  assert_null(b.p);
  mem_free(mine);
  mine = buf_take(&b); /* nothing was ever added */
  assert_string_equal(mine, "");
  mem_free(mine);
}

static void broken_utf8_is_one_mark_a_byte(void **state) {
  (void)state;
  Str s = STR("a\xff\xE5\x8C北");
  const uint32_t want[] = {'a', 0xFFFD, 0xFFFD, 0xFFFD, 0x5317};
  size_t at = 0, bad;
  for (size_t i = 0; i < 5; i++) assert_int_equal(utf8_next(s, &at), want[i]);
  assert_int_equal(at, s.n);
  assert_int_equal(utf8_count(s), 5);
  assert_false(utf8_valid(s, &bad));
  assert_int_equal(bad, 1);
  assert_true(utf8_valid(STR("北京 é 😀"), NULL));
  assert_false(utf8_valid(STR("\xED\xA0\x80"), NULL)); /* a surrogate */
  assert_false(utf8_valid(STR("\xC0\xAF"), NULL));     /* overlong */
}

static void code_points_survive_writing_and_reading(void **state) {
  (void)state;
  for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
    if (c >= 0xD800 && c < 0xE000) continue;
    Buf b = {0};
    utf8_put(&b, c);
    size_t at = 0;
    assert_int_equal(utf8_next(buf_view(&b), &at), c);
    assert_int_equal(at, b.n);
    buf_free(&b);
  }
  Buf b = {0};
  utf8_put(&b, 0xD800);
  utf8_put(&b, 0x110000);
  assert_string_equal(b.p, "\xEF\xBF\xBD\xEF\xBF\xBD");
  buf_free(&b);
}

static const struct {
  const char *s;
  int width;
} widths[] = {{"", 0},       {"abc", 3},   {"北京", 4}, {"（", 2},  {"e\xCC\x81", 1}, {"é", 1}, {"ｱ", 1},
              {"한", 2},     {"😀", 2},    {"¥", 1},    {"–", 1},   {"…", 1},         {"█", 1}, {"▁", 1},
              {"a\tb", 3},   {"\x1b", 1},  {"\xff", 1}, {"同比 -18 %", 10}};

static void width_is_what_a_terminal_takes(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
    if (utf8_width(str_of(widths[i].s)) != widths[i].width) fail_msg("\"%s\"", widths[i].s);
}

static void what_a_terminal_would_obey_is_shown(void **state) {
  (void)state;
  Buf b = {0};
  str_visible(STR("a\033[2J\n\t\r\xff\xE2\x80\xAE\xC2\x9B北\0"), false, &b);
  assert_string_equal(b.p, "a\\x1b[2J\\n\\t\\r\\xff\\u202e\\x9b北\\x00");
  buf_clear(&b);
  str_visible(STR("a\nb\xEF\xBF\xBD"), true, &b); /* a real U+FFFD is no broken byte */
  assert_string_equal(b.p, "a\nb\xEF\xBF\xBD");
  buf_free(&b);
}

static const struct {
  const char *a, *b;
  int max, d;
} distances[] = {{"churn", "chrun", 3, 1}, {"tier", "teir", 2, 1},    {"abc", "abc", 2, 0}, {"", "ab", 2, 2},
                 {"abcdef", "x", 2, 3},    {"客户", "客互", 2, 1},    {"kitten", "sitting", 5, 3},
                 {"abcd", "badc", 4, 2},   {"revenue", "renevue", 3, 2}};

static void distance_counts_slips_of_the_hand(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
    Str a = str_of(distances[i].a), b = str_of(distances[i].b);
    assert_int_equal(str_distance(a, b, distances[i].max), distances[i].d);
    assert_int_equal(str_distance(b, a, distances[i].max), distances[i].d);
  }
  char longer[200];
  memset(longer, 'a', sizeof longer);
  assert_int_equal(str_distance((Str){longer, 200}, (Str){longer, 200}, 2), 3); /* too long to compare */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(views_compare_by_bytes),
      cmocka_unit_test(trimming_takes_blanks_off_both_ends),
      cmocka_unit_test(splitting_keeps_empty_parts),
      cmocka_unit_test(a_buffer_grows_and_is_taken),
      cmocka_unit_test(broken_utf8_is_one_mark_a_byte),
      cmocka_unit_test(code_points_survive_writing_and_reading),
      cmocka_unit_test(width_is_what_a_terminal_takes),
      cmocka_unit_test(what_a_terminal_would_obey_is_shown),
      cmocka_unit_test(distance_counts_slips_of_the_hand),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
