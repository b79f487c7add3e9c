#include "base/val.h"
#include "base/num.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Arena A;

/* In the order they sort, one value of every kind, some by pairs. */
static size_t ladder(Val *v) {
  static const ValClock noon = {.days = 20000, .nanos = 43200000000000, .offset = 0};
  static const ValClock later = {.days = 20000, .nanos = 43200000000000, .offset = -3600};
  Val *list = arena_alloc(&A, 3 * sizeof *list), *range = arena_alloc(&A, 2 * sizeof *range);
  list[0] = val_int(1);
  list[1] = val_text(STR("x"));
  list[2] = val_null();
  range[0] = val_int(1);
  range[1] = val_null();
  ValEntry *entry = arena_alloc(&A, sizeof *entry);
  *entry = (ValEntry){STR("k"), val_int(1)};
  ValContext *ctx = arena_alloc(&A, sizeof *ctx);
  *ctx = (ValContext){1, entry};
  Val third = num_div(val_int(1), val_int(3), &A);
  const Val all[] = {val_bool(false),
                     val_bool(true),
                     val_int(-5),
                     val_dec(33, -2),
                     third,
                     val_real(0.34),
                     val_dec(5, -1),
                     val_int(7),
                     num_pow(val_int(10), val_int(40), &A),
                     val_days(1),
                     val_days(60),
                     val_months(1),
                     val_never(),
                     val_date(1),
                     val_date(2),
                     {.t = V_DATETIME, .u.p = &noon},
                     {.t = V_DATETIME, .u.p = &later},
                     {.t = V_TIME, .u.p = &noon},
                     val_text(STR("")),
                     val_text(STR("a")),
                     val_text(STR("ab")),
                     val_text(STR("北")),
                     {.t = V_WINDOW, .u.i = 3},
                     {.t = V_RANGE, .u.v = range},
                     {.t = V_RANGE, .u.v = range, .e = VAL_RANGE_LOW_IN},
                     val_list(list, 0),
                     val_list(list, 2),
                     val_list(list, 3),
                     {.t = V_CONTEXT, .u.p = ctx},
                     val_row(1, 9),
                     val_row(2, 1),
                     {.t = V_FUNC, .u.p = ctx},
                     val_null()};
  memcpy(v, all, sizeof all);
  return sizeof all / sizeof *all;
}

static void there_is_one_order_of_all_values(void **state) {
  (void)state;
  Val v[64];
  size_t n = ladder(v);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      int c = val_order(v[i], v[j]);
      if ((i < j && c >= 0) || (i == j && c != 0) || (i > j && c <= 0))
        fail_msg("%zu against %zu: %d", i, j, c);
    }
}

static void equal_values_hash_alike(void **state) {
  (void)state;
  ValBig half = {{5, (uint64_t)(6176 - 1) << 49}};
  const Val same[] = {
      val_dec(5, -1), val_dec(50, -2), val_dec(500000, -6), val_real(0.5), {.t = V_BIG, .u.p = &half}};
  for (size_t i = 0; i < 5; i++)
    for (size_t j = 0; j < 5; j++) {
      assert_int_equal(val_order(same[i], same[j]), 0);
      assert_true(val_hash(same[i]) == val_hash(same[j]));
    }
  assert_true(val_hash(val_int(1200)) == val_hash(val_dec(12, 2)));
  assert_true(val_hash(val_real(1e22)) == val_hash(num_of_double(1e22, &A)));
  assert_true(val_hash((Val){.t = V_SECS, .u.i = 864000, .e = -1}) == val_hash(val_days(1)));
  assert_true(val_hash(val_real(-0.0)) == val_hash(val_int(0)));
}

static int by_hash(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static void different_values_rarely_hash_alike(void **state) {
  (void)state;
  enum { N = 20000 };
  static uint64_t h[2 * N];
  char text[2 * N][16];
  for (int i = 0; i < N; i++) {
    h[i] = val_hash(val_int(i));
    snprintf(text[i], sizeof text[i], "C%05d", i);
    h[N + i] = val_hash(val_text(str_of(text[i])));
  }
  qsort(h, 2 * N, sizeof *h, by_hash);
  for (int i = 1; i < 2 * N; i++) assert_true(h[i] != h[i - 1]);
}

static void a_copy_outlives_what_it_came_from(void **state) {
  (void)state;
  Val v[64];
  size_t n = ladder(v);
  Arena own = {0}, other = {0};
  Val first = val_list(v, (uint32_t)n - 2); /* all but the function, which nobody can copy, and null */
  Val mine = val_copy(first, &own);
  Val again = val_copy(mine, &other);
  arena_free(&own);
  assert_int_equal(val_order(first, again), 0);
  assert_true(val_hash(first) == val_hash(again));
  arena_free(&other);
}

static void a_real_is_never_infinite(void **state) {
  (void)state;
  assert_int_equal(val_real(0.0 / 0.0).t, V_NULL);
  assert_int_equal(val_real(-1.0 / 0.0).t, V_NULL);
  assert_int_equal(val_real(1.5).t, V_REAL);
  assert_int_equal((Val){0}.t, V_NULL);
}

static int free_arena(void **state) {
  (void)state;
  arena_free(&A);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(there_is_one_order_of_all_values),
      cmocka_unit_test(equal_values_hash_alike),
      cmocka_unit_test(different_values_rarely_hash_alike),
      cmocka_unit_test(a_copy_outlives_what_it_came_from),
      cmocka_unit_test(a_real_is_never_infinite),
  };
  return cmocka_run_group_tests(tests, NULL, free_arena);
}
