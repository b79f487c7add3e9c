/* The compiled table against going through its cells, on the same cases. */
#include "feel_tables.h"

enum { CASES = 600 };

static Val random_number(Arena *a) {
  Val v;
  switch (roll(12)) {
    case 0: return val_null();
    case 1: return val_dec((int64_t)roll(60) - 10, -1);
    case 2: return val_dec((int64_t)roll(5000) - 500, -3);
    case 3: return val_dec((int64_t)roll(3), (int)roll(19));
    case 4: return val_dec(INT64_MAX - (int64_t)roll(3), (int)roll(3) - 1);
    case 5: return val_dec(INT64_MIN + (int64_t)roll(3), -(int)roll(18));
    case 6: return val_real((double)roll(50) / 8 - 1);
    case 7: return num_parse(STR("1.00000000000000000000000001"), &v, a) ? v : val_null();
    case 8: return val_dec((int64_t)roll(4) * 100, -2);
    case 9: return val_never();
    default: return val_int((int64_t)roll(7) - 2);
  }
}

static Val random_text(void) {
  static const char *const text[] = {"A", "B", "C", "D", "x", "y", "xx", "p", "", "a rather long text", NULL};
  return roll(8) ? val_text(str_of(one_of(text))) : val_null();
}

static Val random_tier(void) {
  static const char *const tier[] = {"A", "B", "C", "D", NULL};
  return roll(40) == 0 ? val_text(STR("Z")) : roll(8) ? val_text(str_of(one_of(tier))) : val_null();
}

static void one_table(const char *policy, size_t *decided) {
  RandomTable t = random_table(policy);
  while (t.list) t = random_table(policy);
  char *grid = grid_of(&t, SIZE_MAX, SIZE_MAX);
  Book b = book("x : ranked u, v, w, z", NULL, grid);
  const TableInfo *table = info(&b);
  Arena a = {0};
  Val *col[INPUTS], out[CASES], one;
  int32_t row[CASES], blocked[CASES], row1, blocked1;
  for (size_t k = 0; k < INPUTS; k++) col[k] = arena_alloc(&a, CASES * sizeof(Val));
  for (size_t i = 0; i < CASES; i++) {
    col[0][i] = random_tier();
    col[1][i] = random_number(&a);
    col[2][i] = random_text();
  }
  if (roll(2)) /* else a tier that is none keeps the table from deciding compiled */
    for (size_t i = 0; i < CASES; i++)
      if (col[0][i].t == V_TEXT && *col[0][i].u.s == 'Z') col[0][i] = val_null();
  /* cases that end in an error would end the whole */
  size_t n = 0;
  for (size_t i = 0; i < CASES; i++) {
    Err e = {0};
    Val in[INPUTS] = {col[0][i], col[1][i], col[2][i]};
    bool ok = table_decide(b.ev, table, in, &row1, &blocked1, &one, &e);
    err_free(&e);
    if (!ok) continue;
    for (size_t k = 0; k < INPUTS; k++) col[k][n] = in[k];
    n++;
  }
  if (n >= 256) {
    Err e = {0};
    if (!table_decide_many(b.ev, table, (const Val *const *)col, n, row, blocked, out, &e)) fail_msg("%s\n%s", grid, e.what);
    for (size_t i = 0; i < n; i++) {
      Val in[INPUTS] = {col[0][i], col[1][i], col[2][i]};
      assert_true(table_decide(b.ev, table, in, &row1, &blocked1, &one, &e));
      if (row[i] != row1 || blocked[i] != blocked1 || val_order(out[i], one) != 0) {
        Buf text = {0};
        for (size_t k = 0; k < t.nin; k++) fake_show(in[k], &text), buf_char(&text, ' ');
        fail_msg("%s\n%s: row %d blocked %d, cell by cell row %d blocked %d", grid, text.p, row[i], blocked[i], row1, blocked1);
      }
    }
    *decided += n;
  }
  arena_free(&a);
  shut(&b);
  mem_free(grid);
}

static void compiled_and_cell_by_cell_agree(void **s) {
  (void)s;
  static const char *const policies[] = {"first", "unique", "any", "priority", "rule order", "output order", "collect", "C#", NULL};
  size_t decided = 0;
  for (int i = 0; i < 300; i++) one_table(one_of(policies), &decided);
  assert_true(decided > 40000);
}

static void a_case_without_a_row_ends_all(void **s) {
  (void)s;
  Book b = book(NULL, NULL, "unique | headcount || x\n | < 5 || a\n | > 5 || b\n | > 9 || c");
  const TableInfo *table = info(&b);
  static Val v[300], out[300];
  static int32_t row[300], blocked[300];
  for (int i = 0; i < 300; i++) v[i] = val_int(i % 5);
  const Val *in[] = {v};
  Err e = {0};
  assert_true(table_decide_many(b.ev, table, in, 300, row, blocked, out, &e));
  v[299] = val_int(5);
  assert_false(table_decide_many(b.ev, table, in, 300, row, blocked, out, &e));
  assert_non_null(strstr(e.what, "hit no row"));
  err_free(&e);
  v[299] = val_int(10);
  assert_false(table_decide_many(b.ev, table, in, 300, row, blocked, out, &e));
  assert_string_equal(e.what, "rows 2 and 3 of table t both hit (the case given)");
  err_free(&e);
  shut(&b);
}

/* A table is compiled with its args; other args, another table. */
static void args_are_compiled_in(void **s) {
  (void)s;
  Book b = book(NULL, "margin : % = headcount / 100", "first | margin || x\n | > good || 1\n | - || 2");
  const TableInfo *table = info(&b);
  static Val v[300], out[300];
  static int32_t row[300], blocked[300];
  Err e = {0};
  for (int i = 0; i < 300; i++) v[i] = val_dec(10, -2);
  const Val *in[] = {v};
  assert_true(table_decide_many(b.ev, table, in, 300, row, blocked, out, &e));
  assert_int_equal(row[299], 2);
  assert_true(rules_set_arg(b.r, STR("good"), STR("5%"), &e));
  eval_touch(b.ev);
  assert_true(table_decide_many(b.ev, table, in, 300, row, blocked, out, &e));
  assert_int_equal(row[299], 1);
  shut(&b);
}

/* More rows than bits in a word. */
static void many_rows(void **s) {
  (void)s;
  Buf grid = {0};
  buf_puts(&grid, "first | headcount || x\n");
  for (int i = 0; i < 200; i++) buf_printf(&grid, " | %d.5 || %d\n", i, i);
  buf_puts(&grid, "unknown | || 1000\nelse | || -1\n");
  Book b = book(NULL, NULL, grid.p);
  static Val v[500], out[500];
  static int32_t row[500], blocked[500];
  Err e = {0};
  for (int i = 0; i < 500; i++) v[i] = i == 450 ? val_null() : val_dec(i * 5, -1);
  const Val *in[] = {v};
  assert_true(table_decide_many(b.ev, info(&b), in, 500, row, blocked, out, &e));
  for (int i = 0; i < 500; i++) {
    assert_int_equal(row[i], i == 450 ? ROW_UNKNOWN : i % 2 && i < 400 ? i / 2 + 1 : ROW_ELSE);
    assert_int_equal(out[i].u.i, i == 450 ? 1000 : i % 2 && i < 400 ? i / 2 : -1);
  }
  assert_int_equal(blocked[450], 1);
  shut(&b);
  buf_free(&grid);
}

/* A step of one is lost beside a figure of more digits than a decimal holds. */
static void huge_limits(void **s) {
  (void)s;
  static const struct { const char *cell; int32_t row[3]; } claim[] = {
      {"1e400", {ROW_ELSE, ROW_ELSE, ROW_ELSE}},  {"< 1e400", {1, 1, 1}},
      {"> 1e400", {ROW_ELSE, ROW_ELSE, ROW_ELSE}}, {"> -1e400", {1, 1, 1}},
      {"-1e400", {ROW_ELSE, ROW_ELSE, ROW_ELSE}},  {"[-1e400..5]", {1, 1, ROW_ELSE}},
      {">= 1e6144", {ROW_ELSE, ROW_ELSE, ROW_ELSE}},
  };
  for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
    Buf grid = {0};
    buf_printf(&grid, "first | half || x\n | %s || 1\nelse | || 0\n", claim[i].cell);
    Book b = book(NULL, "half = headcount / 2", grid.p);
    Val v[] = {val_int(-7), val_int(0), val_dec(75, -1)}, out[3];
    const Val *in[] = {v};
    int32_t row[3], blocked[3];
    Err e = {0};
    assert_true(table_decide_many(b.ev, info(&b), in, 3, row, blocked, out, &e));
    for (int k = 0; k < 3; k++)
      if (row[k] != claim[i].row[k]) fail_msg("%s: value %d: row %d", claim[i].cell, k, row[k]);
    shut(&b);
    buf_free(&grid);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(compiled_and_cell_by_cell_agree),
      cmocka_unit_test(a_case_without_a_row_ends_all),
      cmocka_unit_test(args_are_compiled_in),
      cmocka_unit_test(many_rows),
      cmocka_unit_test(huge_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
