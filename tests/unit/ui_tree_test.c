#include "base/mem.h"
#include "testing.h"
#include "ui/tree.h"

#include <string.h>

static Arena A;
static Buf B;

/* "0 ├─ 1": a line a row, its lead and its number, how many are below, … where some are not drawn. */
static const char *drawn(const int64_t *above, size_t n, int depth, UiTree *t) {
  ui_tree(above, n, depth, &A, t);
  buf_clear(&B);
  for (size_t i = 0; i < t->n; i++) {
    buf_str(&B, t->row[i].lead);
    buf_printf(&B, "%zu", t->row[i].row);
    if (t->row[i].below) buf_printf(&B, " (%zu%s)", t->row[i].below, t->row[i].cut ? "…" : "");
    buf_char(&B, '\n');
  }
  return B.p ? B.p : "";
}

static void lines_lead_to_those_below(void **state) {
  (void)state;
  UiTree t;
  const int64_t above[] = {-1, 0, 0, 1, 1, 2, -1, 6, -1};
  assert_string_equal(drawn(above, 9, 0, &t), "0 (5)\n"
                                              "├─ 1 (2)\n"
                                              "│  ├─ 3\n"
                                              "│  └─ 4\n"
                                              "└─ 2 (1)\n"
                                              "   └─ 5\n"
                                              "6 (1)\n"
                                              "└─ 7\n"
                                              "8\n");
  assert_int_equal(t.trees, 2);
  assert_int_equal(t.alone, 1);
  assert_int_equal(t.levels, 3);
  assert_int_equal(t.rings, 0);
}

static void what_is_deeper_than_asked_for_is_counted(void **state) {
  (void)state;
  UiTree t;
  const int64_t above[] = {-1, 0, 1, 2, 1};
  assert_string_equal(drawn(above, 5, 2, &t), "0 (4)\n└─ 1 (3…)\n");
  assert_int_equal(t.levels, 4);
}

/* Nobody is lost and nothing runs for ever when a row stands above itself. */
static void a_ring_is_drawn_once_from_its_first_row(void **state) {
  (void)state;
  UiTree t;
  const int64_t above[] = {2, 0, 1, 1, 4, 3};
  assert_string_equal(drawn(above, 6, 0, &t), "0 (4)\n"
                                              "└─ 1 (3)\n"
                                              "   ├─ 2\n"
                                              "   └─ 3 (1)\n"
                                              "      └─ 5\n"
                                              "4\n");
  assert_int_equal(t.rings, 2);
  assert_int_equal(t.trees, 2);
}

static void a_row_above_that_is_not_there_is_none(void **state) {
  (void)state;
  UiTree t;
  const int64_t above[] = {99, 0, -7};
  assert_string_equal(drawn(above, 3, 0, &t), "0 (1)\n└─ 1\n2\n");
  assert_string_equal(drawn(NULL, 0, 0, &t), "");
  assert_int_equal(t.levels, 0);
}

/* 20,000 in one line, and 20,000 below one: what is not drawn costs nothing. */
static void many_rows_are_drawn_in_their_order(void **state) {
  (void)state;
  enum { N = 20000 };
  UiTree t;
  int64_t *above = arena_alloc(&A, N * sizeof *above);
  for (size_t i = 0; i < N; i++) above[i] = (int64_t)i - 1;
  ui_tree(above, N, 0, &A, &t);
  assert_int_equal(t.levels, N);
  assert_int_equal(t.n, UI_TREE_LEVELS);
  assert_int_equal(t.row[0].below, N - 1);
  assert_true(t.row[UI_TREE_LEVELS - 1].cut);
  for (size_t i = 0; i < N; i++) above[i] = i ? 0 : -1;
  ui_tree(above, N, 0, &A, &t);
  assert_int_equal(t.n, N);
  for (size_t i = 0; i < N; i++) assert_int_equal(t.row[i].row, i);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_lead_to_those_below),
      cmocka_unit_test(what_is_deeper_than_asked_for_is_counted),
      cmocka_unit_test(a_ring_is_drawn_once_from_its_first_row),
      cmocka_unit_test(a_row_above_that_is_not_there_is_none),
      cmocka_unit_test(many_rows_are_drawn_in_their_order),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  arena_free(&A);
  buf_free(&B);
  return failed;
}
