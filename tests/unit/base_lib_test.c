/* Libraries loaded on demand: what is there can be called, what is missing is named with its package. */
#include "testing.h"

#include "base/lib.h"

#include <string.h>

static void a_function_can_be_called(void **state) {
  (void)state;
  double (*down)(double) = NULL;
  const LibName name[] = {{"floor", &down}};
  Err e = {0};
  assert_true(lib_load("libm.so.6", "libc6", name, 1, &e));
  assert_true(down(2.5) == 2);
}

static void what_is_missing_is_named(void **state) {
  (void)state;
  void *at = NULL;
  const LibName name[] = {{"no_such_function", &at}};
  static const char *const lib[] = {"libpareto-none.so.1", "libm.so.6"};
  static const char *const said[] = {"libpareto-none.so.1", "no_such_function"};
  for (int i = 0; i < 2; i++) {
    Err e = {0};
    assert_false(lib_load(lib[i], "libpareto-none", name, 1, &e));
    assert_non_null(strstr(e.what, said[i]));
    assert_non_null(strstr(e.todo, "libpareto-none"));
    err_free(&e);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_function_can_be_called),
    cmocka_unit_test(what_is_missing_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
