/* JSON as values: what it may say, and where it is wrong. */
#include "testing.h"

#include "feel/standard.h"
#include "verb/decide_json.h"

#include <string.h>

static void check_value(const char *text, const char *want) {
  Arena a = {0};
  Err e = {0};
  Val v;
  Buf out = {0};
  if (!json_value(str_of(text), "x.json", &a, &v, &e)) fail_msg("%s: %s", text, e.what);
  standard_print(v, &out);
  if (strcmp(out.p, want) != 0) fail_msg("%s: expected %s, got %s", text, want, out.p);
  buf_free(&out);
  arena_free(&a);
}

static void json_becomes_contexts_lists_texts_and_exact_numbers(void **state) {
  (void)state;
  check_value(" {\"a b\": [1, -2.50, 1e3], \"c\": {\"d\": null}} ", "{\"a b\": [1, -2.5, 1000], c: {d: null}}");
  check_value("0.1", "0.1");
  check_value("12345678901234567890.123", "12345678901234567890.123");
  check_value("[true, false, null]", "[true, false, null]");
  check_value("[]", "[]");
  check_value("\"\\u4e2d\\ud83d\\ude00\\n\\\"\"", "\u4e2d\U0001F600\n\"");
  check_value("\xEF\xBB\xBF{}", "{}");
}

static void broken_json_is_an_error_at_its_place(void **state) {
  (void)state;
  static const struct { const char *text, *what; int line, col; } broken[] = {
    {"", "expected a value", 1, 1},
    {"{\"a\": 1,\n \"a\": 2}", "a name that comes twice", 2, 5},
    {"[1 2]", "expected , or ]", 1, 4},
    {"{\"a\" 1}", "expected :", 1, 6},
    {"{a: 1}", "expected a text in double quotes", 1, 2},
    {"\"abc", "a text that never ends", 1, 5},
    {"\"\\x\"", "no such escape", 1, 4},
    {"\"\\ud800\"", "half a surrogate pair", 1, 8},
    {"\"\\udc00\"", "half a surrogate pair", 1, 8},
    {"\"\\u12g4\"", "four hexadecimal digits", 1, 7},
    {"1 2", "something follows", 1, 3},
    {"nul", "expected a value", 1, 1},
    {"+1", "expected a value", 1, 1},
    {"\"\t\"", "a control character", 1, 3},
    {"\"\xff\"", "not UTF-8", 1, 2},
  };
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    Arena a = {0};
    Err e = {0};
    Val v;
    if (json_value(str_of(broken[i].text), "x.json", &a, &v, &e)) fail_msg("%s was read", broken[i].text);
    if (!strstr(e.what, broken[i].what)) fail_msg("%s: %s", broken[i].text, e.what);
    if (e.line != broken[i].line || e.col != broken[i].col) fail_msg("%s: at %d:%d", broken[i].text, e.line, e.col);
    assert_int_equal(e.kind, ERR_USAGE);
    err_free(&e);
    arena_free(&a);
  }
}

static void depth_has_a_limit(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Val v;
  Buf b = {0};
  buf_fill(&b, '[', 100000);
  assert_false(json_value(buf_view(&b), "x.json", &a, &v, &e));
  assert_non_null(strstr(e.what, "too deep"));
  err_free(&e);
  buf_free(&b);
  arena_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(json_becomes_contexts_lists_texts_and_exact_numbers),
    cmocka_unit_test(broken_json_is_an_error_at_its_place),
    cmocka_unit_test(depth_has_a_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
