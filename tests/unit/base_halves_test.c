#include "base/halves.h"
#include "testing.h"

#include <stdlib.h>

enum { MANY = 10000 };
typedef struct Seen { unsigned char by[MANY]; size_t from[2], to[2]; } Seen;

static void see(void *ctx, int half, size_t from, size_t to) {
  Seen *s = ctx;
  s->from[half] = from;
  s->to[half] = to;
  for (size_t i = from; i < to; i++) s->by[i]++;
}

static void every_row_is_met_once_whoever_does_it(void **state) {
  (void)state;
  static const char *const threads[] = {"1", "2"};
  for (size_t k = 0; k < 2; k++) {
    setenv("PARETO_THREADS", threads[k], 1);
    for (size_t n = 0; n < MANY; n += 97) {
      Seen s = {0};
      in_halves(n, 500, 64, see, &s);
      for (size_t i = 0; i < MANY; i++) assert_int_equal(s.by[i], i < n);
      assert_int_equal(s.from[0], 0);
      if (s.to[1]) {
        assert_true(k == 1 && n >= 500);
        assert_int_equal(s.to[0], s.from[1]);
        assert_int_equal(s.from[1] % 64, 0);
        assert_int_equal(s.to[1], n);
      }
    }
  }
  unsetenv("PARETO_THREADS");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_is_met_once_whoever_does_it)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
