#include "feel/radix.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = 50000 };
static uint64_t seed = 7;

static uint64_t next(void) {
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return seed;
}

static const int64_t *key;
static int sign;

static int slowly(const void *p, const void *q) {
  uint32_t i = *(const uint32_t *)p, j = *(const uint32_t *)q;
  if (key[i] != key[j]) return key[i] < key[j] ? -sign : sign;
  return (i > j) - (i < j);
}

static void sorted_as_if_compared_one_by_one(size_t n, int bits, bool descending) {
  int64_t *x = mem_alloc(n * sizeof *x);
  uint32_t *at = mem_alloc(n * sizeof *at), *want = mem_alloc(n * sizeof *want);
  for (size_t i = 0; i < n; i++) {
    x[i] = bits ? (int64_t)(next() >> (64 - bits)) - (bits < 64 ? (int64_t)1 << (bits - 1) : 0) : 5;
    at[i] = want[i] = (uint32_t)i;
  }
  const PlainVec p = {val_int(0), val_null(), x, NULL, 1};
  assert_true(radix_plain(&p, descending, at, n));
  key = x;
  sign = descending ? -1 : 1;
  qsort(want, n, sizeof *want, slowly);
  assert_memory_equal(at, want, n * sizeof *at);
  mem_free(x);
  mem_free(at);
  mem_free(want);
}

static void order_is_by_figure_then_by_place(void **state) {
  (void)state;
  static const int bits[] = {0, 1, 3, 11, 12, 20, 35, 50, 64};
  static const char *const threads[] = {"1", "2"};
  for (size_t k = 0; k < 2; k++) {
    setenv("PARETO_THREADS", threads[k], 1);
    for (size_t b = 0; b < sizeof bits / sizeof *bits; b++)
      for (int down = 0; down < 2; down++) {
        sorted_as_if_compared_one_by_one(10, bits[b], down);
        sorted_as_if_compared_one_by_one(MANY, bits[b], down);
      }
  }
  unsetenv("PARETO_THREADS");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(order_is_by_figure_then_by_place)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
