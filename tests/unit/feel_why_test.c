#include "feel_fake.h"

#include <stdlib.h>

static const Day AS_OF = 20758; /* 2026-11-01 */

static const char grid[] =
    "first   | margin     | drift   | ahead   || kind     | why\n"
    "        | > good     | < -fade | -       || P3       | falls\n"
    "        | > good     | -       | < carry || P1       | large\n"
    "        | (5%..good] | -       | -       || moderate | \n"
    "        | -          | -       | 10%, 20% || odd     | \n"
    "else    |            |         |         || rest     | \n"
    "unknown |            |         |         || unclear  | \n";

static Rules *space(Fake *f) {
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "book", "account");
  assert_true(rules_args(r, fake_src("good = 15%\ncarry = 80%\nfade = 1%", "a.lua"), &e));
  assert_true(rules_metrics(r,
                            fake_src("margin : % = profit_12m / revenue_12m\ndrift : % = trend(profit, 12m)\n"
                                     "ahead : % = share_ahead(profit_12m)",
                                     "m.lua"),
                            &e));
  assert_true(rules_table(r, "kind", NULL, fake_src(grid, "t.lua"), &e));
  assert_true(rules_check(r, &e));
  return r;
}

typedef struct Told {
  const char *in[3], *why, *want, *whynot; /* figures in thousandths, NULL = unknown */
} Told;

static void decisions_are_told_in_words(void **s) {
  (void)s;
  static const Told told[] = {
      {{"162", "-69", "410"},
       "  row 1 hit   margin 16.2 % > good 15 %   and   drift -6.9 % < -1 %\n",
       "P1",
       "P1 is row 2; row 1 was hit first. Row 2 itself would hold:  margin 16.2 % > good 15 %,  ahead 41 % < carry 80 %.\n"
       "  To be P1: drift at or above -1 % (now -6.9 %).\n"},
      {{"100", "-69", "900"},
       "  row 3 hit   margin 10 % in (5 %..good 15 %]\n"
       "  row 1 no    margin 10 % > good 15 %\n"
       "  row 2 no    margin 10 % > good 15 %   and   ahead 90 % < carry 80 %\n",
       "P1",
       "P1 is row 2; it does not hold:  margin 10 % > good 15 %,  ahead 90 % < carry 80 %.\n"
       "  To be P1: margin above good 15 % (now 10 %) and ahead below carry 80 % (now 90 %).\n"},
      {{"162", NULL, "410"},
       "  row 1 could not be tested: drift is not known; the unknown row\n"
       "  row 2 would have held; write drift? in the heading to let unknowns pass\n",
       "moderate",
       "moderate is row 3; it does not hold:  margin 16.2 % in (5 %..good 15 %].\n  To be moderate: margin in (5 %..good 15 %] (now 16.2 %).\n"},
      {{"10", "0", "900"},
       "  no row hit: the else row\n"
       "  row 1 no    margin 1 % > good 15 %   and   drift 0 % < -1 %\n"
       "  row 2 no    margin 1 % > good 15 %   and   ahead 90 % < carry 80 %\n"
       "  row 3 no    margin 1 % in (5 %..good 15 %]\n"
       "  row 4 no    ahead 90 % in 10%, 20%\n",
       "P9",
       "no row of table kind gives P9\n"},
      {{"162", "-69", "410"},
       "  row 1 hit   margin 16.2 % > good 15 %   and   drift -6.9 % < -1 %\n",
       "rest",
       "rest is the else row, for what no row hits; row 1 was hit:  margin 16.2 % > good 15 %,  drift -6.9 % < -1 %.\n"
       "  To be rest: drift at or above -1 % (now -6.9 %).\n"},
      {{"162", "-69", "410"},
       "  row 1 hit   margin 16.2 % > good 15 %   and   drift -6.9 % < -1 %\n",
       "unclear",
       "unclear is the unknown row, for what a row cannot be tested on; row 1 was hit:  margin 16.2 % > good 15 %,  "
       "drift -6.9 % < -1 %.\n"},
      {{"10", "0", "100"},
       "  row 4 hit   ahead 10 % in 10%, 20%\n"
       "  row 1 no    margin 1 % > good 15 %   and   drift 0 % < -1 %\n"
       "  row 2 no    margin 1 % > good 15 %\n"
       "  row 3 no    margin 1 % in (5 %..good 15 %]\n",
       "odd",
       "it is odd: row 4 was hit\n"},
  };
  Fake *f = fake_company();
  Rules *r = space(f);
  Eval *ev = eval_new(r, AS_OF);
  const TableInfo *t = rules_table_info(r, STR("kind"));
  int wrong = 0;
  for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
    Val in[3], out[2];
    for (int k = 0; k < 3; k++)
      in[k] = told[i].in[k] ? val_dec(strtol(told[i].in[k], NULL, 10), -3) : val_null();
    Err e = {0};
    int32_t row, blocked;
    Buf why = {0}, not = {0};
    assert_true(table_decide(ev, t, in, &row, &blocked, out, &e));
    decision_why(ev, t, row, blocked, in, &why);
    decision_whynot(ev, t, 0, fake_str(told[i].want), row, in, &not);
    if (strcmp(why.p, told[i].why) != 0 || strcmp(not.p, told[i].whynot) != 0) {
      print_error("got\n%s%swant\n%s%s", why.p, not.p, told[i].why, told[i].whynot);
      wrong++;
    }
    buf_free(&why);
    buf_free(&not);
  }
  eval_free(ev);
  rules_free(r);
  fake_free(f);
  assert_int_equal(wrong, 0);
}

/* What a cell compares with may stand in the row alone: the words then say its name. */
static void a_figure_of_the_row_is_said_by_its_name(void **s) {
  (void)s;
  Fake *f = fake_company();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "book", "account");
  assert_true(
      rules_metrics(r, fake_src("sold : ¥ = revenue_12m\nbefore : ¥ = ago(revenue_12m, 12m)", "m.lua"), &e));
  assert_true(rules_table(
      r, "t", NULL, fake_src("first | sold || x\n | < before || less\n | >= before || more", "t.lua"), &e));
  assert_true(rules_check(r, &e));
  Eval *ev = eval_new(r, AS_OF);
  const Decision *d;
  Buf why = {0};
  assert_true(eval_decide(ev, STR("t"), f->entity[ACCOUNT].id, 1, &d, &e));
  decision_why(ev, d->table, d->row[0], d->blocked[0], d->in, &why);
  assert_string_equal(why.p,
                      "  row 2 hit   sold ¥ 4,800.00 >= before\n  row 1 no    sold ¥ 4,800.00 < before\n");
  buf_free(&why);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

/* The wanted row and the one to be missed ask something of the same column: it is said once. */
static void a_column_is_wished_for_once(void **s) {
  (void)s;
  static const struct {
    const char *rows, *want, *wish;
  } told[] = {
      {" | < 5000 || a\n | > 6000 || b\n", "b", "sold above ¥ 6,000.00 (now ¥ 4,800.00).\n"},
      {" | < 5000 || a\n | [5500..6000] || b\n", "b", "sold in [¥ 5,500.00..¥ 6,000.00] (now ¥ 4,800.00).\n"},
      {" | [4000..5000] || a\n | > 4900 || b\n", "b",
       "sold above ¥ 4,900.00 and outside [¥ 4,000.00..¥ 5,000.00] (now ¥ 4,800.00).\n"},
  };
  for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
    Fake *f = fake_company();
    Err e = {0};
    Rules *r = rules_new(&f->host, DIALECT_RULES, "book", "account");
    Buf table = {0}, not = {0};
    const Decision *d;
    buf_printf(&table, "first | sold || x\n%selse | || rest\n", told[i].rows);
    assert_true(rules_metrics(r, fake_src("sold : ¥ = revenue_12m", "m.lua"), &e));
    assert_true(rules_table(r, "t", NULL, fake_src(table.p, "t.lua"), &e));
    assert_true(rules_check(r, &e));
    Eval *ev = eval_new(r, AS_OF);
    assert_true(eval_decide(ev, STR("t"), f->entity[ACCOUNT].id, 1, &d, &e));
    decision_whynot(ev, d->table, 0, fake_str(told[i].want), d->row[0], d->in, &not);
    const char *wish = strstr(not.p, "To be b: ");
    assert_non_null(wish);
    assert_string_equal(wish + 9, told[i].wish);
    buf_free(&table);
    buf_free(&not);
    eval_free(ev);
    rules_free(r);
    fake_free(f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(decisions_are_told_in_words),
                                     cmocka_unit_test(a_column_is_wished_for_once),
                                     cmocka_unit_test(a_figure_of_the_row_is_said_by_its_name)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
