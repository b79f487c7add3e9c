/* Hit policies and the unknown: under every policy, a test of an unknown value never holds, whatever the
 * test is, and the case is undecided; only null, not(null), known(?) and - take it. */
#include "feel_tables.h"

static const char *const policy[] = {"unique",       "any",       "priority",  "first", "rule order", "output order", "collect",
                                     "collect +",    "collect <", "collect >", "collect #", "U", "A", "P", "F", "R", "O", "C",
                                     "C+", "C<", "C>", "C#", "rule-order", "output-order"};
enum { POLICIES = sizeof policy / sizeof *policy };

static bool one_of_four(const char *p) { return strchr("uapfUAPF", *p) && strchr("uapf", *p | 32) != NULL; }

/* Tests of a column of each type, all of which an ordinary value might pass. */
static const struct { const char *head, *cell; } test[] = {
    {"headcount", "1"},          {"headcount", "< 1"},          {"headcount", "<= 1"},      {"headcount", "> 1"},
    {"headcount", ">= 1"},       {"headcount", "[1..2]"},       {"headcount", "(1..2)"},    {"headcount", "1, 2"},
    {"headcount", "not(1)"},     {"headcount", "not(< 1)"},     {"headcount", "not(1, 2)"}, {"headcount", "> {1 + 1}"},
    {"tier", "A"},               {"tier", "A, B"},              {"tier", "not(A)"},         {"tier", "not(A, B, C, D)"},
    {"region", "x"},             {"region", "not(x)"},          {"owner.level", ">= 省"},   {"owner.level", "not(>= 省)"},
    {"headcount = 1", "true"},   {"headcount = 1", "false"},    {"headcount = 1", "not(true)"},
    {"distinct(quotes.lines.product.line)", "x"},
    {"distinct(quotes.lines.product.line)", "not(x)"}};

static void decide_null(const char *p, const char *head, const char *cell, const char *extra, int32_t *row, int32_t *blocked,
                        Val *out, bool *ok) {
  Buf grid = {0};
  buf_printf(&grid, "%s | %s || x\n | %s || 7\n%s", p, head, cell, extra);
  Book b = book(strpbrk(p, "+<>") ? NULL : "x : ranked 7, 8, 9", NULL, grid.p); /* those reckon with numbers */
  Val in[1] = {val_null()};
  Err e = {0};
  *row = *blocked = 0;
  *out = val_int(-1);
  *ok = table_decide(b.ev, info(&b), in, row, blocked, out, &e);
  if (!*ok) assert_non_null(strstr(e.what, "hit no row"));
  err_free(&e);
  if (out->t != V_NULL && out->t != V_LIST && out->t != V_NUM) *out = val_bool(true);
  out->n = out->t == V_LIST ? out->n : 0;
  shut(&b);
  buf_free(&grid);
}

static void the_unknown_passes_no_test(void **s) {
  (void)s;
  for (size_t p = 0; p < POLICIES; p++)
    for (size_t k = 0; k < sizeof test / sizeof *test; k++) {
      int32_t row, blocked;
      Val out;
      bool ok;
      decide_null(policy[p], test[k].head, test[k].cell, "", &row, &blocked, &out, &ok);
      if (!ok || row > 0) fail_msg("%s, %s: %s holds for the unknown", policy[p], test[k].head, test[k].cell);
      if (one_of_four(policy[p])) {
        assert_int_equal(row, ROW_NULL);
        assert_int_equal(blocked, 1);
        assert_int_equal(out.t, V_NULL);
      }
    }
}

static void the_unknown_row_takes_the_undecided(void **s) {
  (void)s;
  for (size_t p = 0; p < POLICIES; p++) {
    int32_t row, blocked;
    Val out;
    bool ok;
    if (!one_of_four(policy[p])) continue;
    decide_null(policy[p], "headcount", "> 1", "unknown | || 9\nelse | || 8\n", &row, &blocked, &out, &ok);
    assert_true(ok);
    assert_int_equal(row, ROW_UNKNOWN);
    decide_null(policy[p], "headcount?", "> 1", "unknown | || 9\nelse | || 8\n", &row, &blocked, &out, &ok);
    assert_true(ok);
    assert_int_equal(row, ROW_ELSE); /* the heading lets it miss */
  }
}

static void null_and_any_take_the_unknown(void **s) {
  (void)s;
  static const char *const cell[] = {"null", "-"};
  for (size_t p = 0; p < POLICIES; p++)
    for (size_t k = 0; k < 2; k++) {
      int32_t row, blocked;
      Val out;
      bool ok;
      decide_null(policy[p], "headcount", cell[k], "", &row, &blocked, &out, &ok);
      if (!ok || row != 1) fail_msg("%s: %s does not take the unknown", policy[p], cell[k]);
    }
}

/* An undecided row ends the search, in first and unique also where another row holds. */
static void undecided_stops(void **s) {
  (void)s;
  static const struct { const char *grid; int32_t row, blocked; } t[] = {
      {"first | headcount | tier || x\n | > 1 | - || a\n | - | - || b", ROW_NULL, 1},
      {"first | headcount | tier || x\n | - | - || b\n | > 1 | - || a", 1, 0},
      {"first | headcount | tier || x\n | > 1 | B || a\n | - | - || b", 2, 0}, /* one cell false: missed */
      {"first | headcount | tier || x\n | > 1 | - || a\n | - | - || b\nunknown | | || c", ROW_UNKNOWN, 1},
      {"unique | headcount | tier || x\n | > 1 | - || a\n | - | A || b", ROW_NULL, 1},
      {"unique | headcount | tier || x\n | - | A || b\n | > 1 | - || a\nunknown | | || c", ROW_UNKNOWN, 2},
      {"any | headcount | tier || x\n | > 1 | - || a\n | - | A || a", 2, 0},
  };
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
    Book b = book(NULL, NULL, t[i].grid);
    Val in[2] = {val_null(), val_text(STR("A"))}, out;
    int32_t row = 0, blocked = 0;
    Err e = {0};
    assert_true(table_decide(b.ev, info(&b), in, &row, &blocked, &out, &e));
    if (row != t[i].row || blocked != t[i].blocked) fail_msg("%s\nrow %d, blocked %d", t[i].grid, row, blocked);
    shut(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_unknown_passes_no_test),
      cmocka_unit_test(the_unknown_row_takes_the_undecided),
      cmocka_unit_test(null_and_any_take_the_unknown),
      cmocka_unit_test(undecided_stops),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
