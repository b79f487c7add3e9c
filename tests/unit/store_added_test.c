#include "testing.h"

#include "store/added.h"

#include <string.h>

enum { ROWS = 1000 };

static uint64_t row_hash(int64_t id, int64_t revenue) {
  return added_int(id, added_seed("id")) + added_int(revenue, added_seed("revenue"));
}

static AddedSum sum_of(int64_t n, int64_t odd_id, int64_t odd_revenue) {
  AddedSum s = {0};
  for (int64_t id = 1; id <= n; id++) added_row(&s, row_hash(id, id == odd_id ? odd_revenue : id * 10));
  return s;
}

static void the_one_row_that_differs_is_found_and_what_it_was(void **state) {
  (void)state;
  AddedSum want = sum_of(ROWS, 0, 0), found = sum_of(ROWS, 400, 5);
  int64_t id = 0, n = 0, was = 0;
  uint64_t before = 0;
  for (int64_t i = 1; i <= ROWS; i++) {
    uint64_t hash;
    if (!added_odd(want.sum, found.sum, row_hash(i, i == 400 ? 5 : i * 10), &hash)) continue;
    id = i, before = hash;
    n++;
  }
  assert_int_equal(n, 1);
  assert_int_equal(id, 400);
  uint64_t seed = added_seed("revenue"), had = added_int(5, seed) + before - row_hash(400, 5);
  assert_true(added_whole(had, seed, &was));
  assert_int_equal(was, 4000);
  assert_false(added_whole(had, added_seed("id"), &was));
}

static void the_one_row_too_many_is_found(void **state) {
  (void)state;
  AddedSum want = sum_of(ROWS - 1, 0, 0), found = sum_of(ROWS, 0, 0);
  for (int64_t i = 1; i <= ROWS; i++) assert_int_equal(added_extra(want.sum, found.sum, row_hash(i, i * 10)), i == ROWS);
}

static void of_two_rows_that_differ_none_is_blamed(void **state) {
  (void)state;
  AddedSum want = sum_of(ROWS, 0, 0), found = {0};
  for (int64_t i = 1; i <= ROWS; i++) added_row(&found, row_hash(i, i < 3 ? 7 : i * 10));
  for (int64_t i = 1; i <= ROWS; i++) {
    uint64_t was;
    assert_false(added_odd(want.sum, found.sum, row_hash(i, i < 3 ? 7 : i * 10), &was));
  }
}

static void values_of_other_types_differ_and_null_counts_nothing(void **state) {
  (void)state;
  uint64_t seed = added_seed("x");
  assert_int_equal(added_val(val_null(), seed), 0);
  assert_true(added_val(val_int(1), seed) != added_val(val_text(STR("1")), seed));
  assert_true(added_val(val_int(1), seed) != added_val(val_real(1), seed));
  assert_true(added_val(val_int(1), seed) != added_val(val_int(1), added_seed("y")));
  assert_true(added_val(val_int(1), seed) == added_int(1, seed));
  assert_true(added_val(val_text(STR("ab")), seed) == added_text(STR("ab"), seed));
}

static void a_digest_is_read_back_and_nothing_else_is_one(void **state) {
  (void)state;
  uint64_t sum[2];
  assert_true(added_read(STR("000000000000000100000000000000ff"), sum));
  assert_int_equal(sum[0], 1);
  assert_int_equal(sum[1], 255);
  assert_false(added_read(STR("01"), sum));
  assert_false(added_read(STR("zz0000000000000100000000000000ff"), sum));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_one_row_that_differs_is_found_and_what_it_was),
      cmocka_unit_test(the_one_row_too_many_is_found),
      cmocka_unit_test(of_two_rows_that_differ_none_is_blamed),
      cmocka_unit_test(values_of_other_types_differ_and_null_counts_nothing),
      cmocka_unit_test(a_digest_is_read_back_and_nothing_else_is_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
