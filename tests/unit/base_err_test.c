#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "testing.h"

#include <signal.h>
#include <string.h>

static const char *printed(Err *e) {
  static Buf b;
  buf_clear(&b);
  buf_puts(&b, "");
  err_print(e, &b);
  err_free(e);
  return b.p;
}

static void an_error_says_where_what_and_what_to_do(void **state) {
  (void)state;
  Err e = {0};
  assert_false(err_set(&e, ERR_FAIL, "unknown name %s", "chrun_risk"));
  assert_false(err_at(&e, "scripts/churn.lua", 18, 15));
  assert_false(err_source(&e, STR("= 客户 chrun_risk\t> 1"), 9, 10));
  assert_false(err_todo(&e, "did you mean churn_risk?"));
  assert_false(err_todo(&e, "or slide?"));
  assert_false(err_left(&e, "nothing has run."));
  assert_int_equal(e.kind, ERR_FAIL);
  assert_string_equal(printed(&e), "scripts/churn.lua:18:15: unknown name chrun_risk\n"
                                   "    = 客户 chrun_risk > 1\n"
                                   "           ^^^^^^^^^^\n"
                                   "  did you mean churn_risk?\n"
                                   "  or slide?\n"
                                   "  nothing has run.\n");
}

static void the_first_failure_stays(void **state) {
  (void)state;
  Err e = {0};
  err_set(&e, ERR_BUSY, "first");
  err_at(&e, "a", 1, 0);
  err_set(&e, ERR_FAIL, "second");
  err_at(&e, "b", 2, 2);
  err_left(&e, "one");
  err_left(&e, "two");
  assert_int_equal(e.kind, ERR_BUSY);
  assert_string_equal(printed(&e), "a:1: first\n  one\n");
  assert_string_equal(printed(&e), ""); /* freed = no error */
}

static void without_a_place_it_is_the_programs(void **state) {
  (void)state;
  Err e = {0};
  err_set(&e, ERR_USAGE, "no such verb");
  assert_string_equal(printed(&e), "pareto: no such verb\n");
}

static void moving_keeps_the_first(void **state) {
  (void)state;
  Err to = {0}, from = {0};
  err_set(&from, ERR_FAIL, "inner");
  err_move(&to, &from);
  assert_int_equal(from.kind, ERR_NONE);
  err_set(&from, ERR_FAIL, "later");
  err_move(&to, &from);
  assert_null(from.what);
  assert_string_equal(printed(&to), "pareto: inner\n");
}

static void the_caret_stands_at_the_end_when_nothing_is_there(void **state) {
  (void)state;
  Err e = {0};
  err_set(&e, ERR_FAIL, "x");
  err_source(&e, STR("a +"), 99, 5);
  assert_string_equal(printed(&e), "pareto: x\n    a +\n       ^\n");
}

static void a_huge_line_is_shown_around_the_caret(void **state) {
  (void)state;
  size_t n = 30000;
  char *line = mem_alloc(n);
  for (size_t i = 0; i < n; i += 3) memcpy(line + i, "客", 3);
  Err e = {0};
  err_set(&e, ERR_FAIL, "x");
  err_source(&e, (Str){line, n}, 15000, 20000);
  Str first = str_split(str_of(e.source), '\n', &(Str){0});
  assert_true(first.n < 400);
  assert_true(utf8_valid(first, NULL));
  assert_int_equal(strspn(strchr(e.source, '\n') + 1, " "), 81); /* … and 40 characters of two columns */
  err_free(&e);
  mem_free(line);
}

static void data_in_a_message_cannot_move_the_cursor(void **state) {
  (void)state;
  Err e = {0};
  err_set(&e, ERR_FAIL, "unknown account %s", "\033[2J");
  err_at(&e, "a\033b.csv", 1, 1);
  err_source(&e, STR("\033[2J,x"), 5, 1);
  assert_string_equal(printed(&e), "a\\x1bb.csv:1:1: unknown account \\x1b[2J\n"
                                   "    \xEF\xBF\xBD[2J,x\n"
                                   "         ^\n");
}

static void work_ends_on_a_signal_or_a_deadline(void **state) {
  (void)state;
  Err e = {0};
  stop_on_signals();
  assert_true(stop_check(&e));
  raise(SIGINT);
  assert_true(stop_asked());
  assert_false(stop_check(&e));
  assert_int_equal(e.kind, ERR_INTERRUPT);
  err_free(&e);
  stop_clear();
  assert_true(stop_check(&e));
  stop_at(1e-9);
  while (!stop_asked()) continue;
  assert_false(stop_check(&e));
  assert_int_equal(e.kind, ERR_TIMEOUT);
  assert_non_null(strstr(e.todo, "--timeout"));
  err_free(&e);
  stop_at(0);
  assert_false(stop_asked());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_error_says_where_what_and_what_to_do),
      cmocka_unit_test(the_first_failure_stays),
      cmocka_unit_test(without_a_place_it_is_the_programs),
      cmocka_unit_test(moving_keeps_the_first),
      cmocka_unit_test(the_caret_stands_at_the_end_when_nothing_is_there),
      cmocka_unit_test(a_huge_line_is_shown_around_the_caret),
      cmocka_unit_test(data_in_a_message_cannot_move_the_cursor),
      cmocka_unit_test(work_ends_on_a_signal_or_a_deadline),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
