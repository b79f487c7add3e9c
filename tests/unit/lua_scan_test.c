#include "testing.h"

#include "lua/scan.h"

#include <string.h>

static Scan scan(const char *text) {
  Scan s;
  scan_file(str_of(text), &s);
  return s;
}

static void a_block_starts_where_its_text_starts(void **state) {
  (void)state;
  Scan s = scan("return playbook {\n  args = [[\n    good = 15%\n  ]],\n}\n");
  const Literal *l = scan_find(&s, STR("args"), STR("    good = 15%\n  "));
  assert_non_null(l);
  assert_int_equal(l->line, 3);
  assert_int_equal(l->col, 1);
  assert_int_equal(l->open_line, 2);
  assert_int_equal(l->close_line, 4);
  source_scan_free(&s);
}

static void columns_count_characters_not_bytes(void **state) {
  (void)state;
  Scan s = scan("x = \"盈利\", scope = \"status = 'active'\"");
  const Literal *l = scan_find(&s, STR("scope"), STR("status = 'active'"));
  assert_non_null(l);
  assert_int_equal(l->line, 1);
  assert_int_equal(l->col, 20);
  source_scan_free(&s);
}

static void the_same_text_twice_is_told_apart_by_its_key(void **state) {
  (void)state;
  Scan s = scan("a = [[ x ]]\nb = [[ x ]]\n");
  assert_int_equal(scan_find(&s, STR("b"), STR(" x "))->line, 2);
  assert_int_equal(scan_find(&s, STR("a"), STR(" x "))->line, 1);
  assert_int_equal(scan_nearest(&s, STR(" x "), 2)->line, 2);
  source_scan_free(&s);
}

static void comments_hold_no_literals(void **state) {
  (void)state;
  Scan s = scan("-- a = \"no\"\n--[[ b = \"no\" ]] c = \"yes\" --[==[ d = \"no\" ]==]\n");
  assert_int_equal(s.nlit, 1);
  assert_true(str_is(s.lit[0].text, "yes"));
  assert_true(str_is(s.lit[0].key, "c"));
  source_scan_free(&s);
}

static void escapes_are_read_as_lua_reads_them(void **state) {
  (void)state;
  Scan s = scan("a = 'it\\'s \\x41\\66\\u{76C8}\\n'");
  assert_true(str_is(s.lit[0].text, "it's AB盈\n"));
  source_scan_free(&s);
}

static void bracketed_keys_are_keys(void **state) {
  (void)state;
  Scan s = scan("segment = { [\"valid-key\"] = \"C1, C2\" }");
  const Literal *l = scan_find(&s, STR("valid-key"), STR("C1, C2"));
  assert_non_null(l);
  assert_true(str_is(l->key, "valid-key"));
  source_scan_free(&s);
}

static void half_a_file_does_no_harm(void **state) {
  (void)state;
  static const char *const PART[] = {"a = [[", "a = \"", "a = '\\", "--[==[", "[", "[=", "a = '\\u{", "", "a = \"\\x"};
  for (size_t i = 0; i < sizeof PART / sizeof *PART; i++) {
    Scan s = scan(PART[i]);
    source_scan_free(&s);
  }
}

static void a_block_closed_inside_a_rule_is_named(void **state) {
  (void)state;
  static const char TEXT[] = "return playbook {\n  metrics = [[\n    since = 1\n"
                             "    urgent = any(quotes[expires in [from..from + 4w]])\n  ]],\n}\n";
  Scan s = scan(TEXT);
  Err e = {0};
  err_set(&e, ERR_FAIL, "'}' expected near ')'");
  scan_closed_early(&s, "visit-plan.lua", 4, &e);
  assert_string_equal(e.what, "the block opened with [[ on line 2 ended here, at \"]]\" inside a rule");
  assert_int_equal(e.line, 4);
  assert_int_equal(e.col, 52);
  assert_non_null(strstr(e.source, "urgent = any(quotes[expires in [from..from + 4w]])\n"));
  assert_non_null(strstr(e.todo, "[=["));
  err_free(&e);
  source_scan_free(&s);
}

static void another_syntax_error_stays_as_it_is(void **state) {
  (void)state;
  Scan s = scan("return playbook {\n  tables = { t = [[\n   first | [60..120) || x\n  ]] }\n  run = = 1\n}\n");
  Err e = {0};
  err_set(&e, ERR_FAIL, "unexpected symbol near '='");
  scan_closed_early(&s, "x.lua", 5, &e);
  assert_string_equal(e.what, "unexpected symbol near '='");
  err_free(&e);
  source_scan_free(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_block_starts_where_its_text_starts),
      cmocka_unit_test(columns_count_characters_not_bytes),
      cmocka_unit_test(the_same_text_twice_is_told_apart_by_its_key),
      cmocka_unit_test(comments_hold_no_literals),
      cmocka_unit_test(escapes_are_read_as_lua_reads_them),
      cmocka_unit_test(bracketed_keys_are_keys),
      cmocka_unit_test(half_a_file_does_no_harm),
      cmocka_unit_test(a_block_closed_inside_a_rule_is_named),
      cmocka_unit_test(another_syntax_error_stays_as_it_is),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
