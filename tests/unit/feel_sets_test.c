#include "feel_fake.h"

#include <stdio.h>

static const Day AS_OF = 20758; /* 2026-11-01 */

/* Accounts with these head counts (-1: unknown), in order of code; `group` gives their region letter by
 * letter. */
static Fake *heads(const int *head, const char *group, size_t n) {
  Fake *f = fake_new();
  for (size_t i = 0; i < n; i++) {
    char code[8];
    snprintf(code, sizeof code, "C%03zu", i);
    int64_t id = fake_row(f, ACCOUNT, code);
    fake_set(f, ACCOUNT, id, "headcount", head[i] < 0 ? val_null() : val_int(head[i]));
    if (group && group[i] != '-') fake_set(f, ACCOUNT, id, "region", val_text((Str){group + i, 1}));
  }
  return f;
}

typedef struct Ask {
  const char *rule, *want;
} Ask;

static void ask_all(Fake *f, const Ask *ask, size_t n) {
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  Err e = {0};
  assert_true(rules_check(r, &e));
  int wrong = 0;
  for (size_t i = 0; i < n; i++) {
    char *got = fake_ask(f, r, "account", ask[i].rule, WANT_ANY);
    if (strcmp(got, ask[i].want) != 0) {
      print_error("%s\n  got  %s\n  want %s\n", ask[i].rule, got, ask[i].want);
      wrong++;
    }
    mem_free(got);
  }
  rules_free(r);
  fake_free(f);
  assert_int_equal(wrong, 0);
}
#define ASK(fake, list) ask_all(fake, list, sizeof(list) / sizeof *(list))

static void equal_values_share_a_place(void **s) {
  (void)s;
  static const int head[] = {10, 20, 20, 50, -1};
  static const Ask ask[] = {
      {"rank(headcount)", "4 | 2 | 2 | 1 | null"},
      {"share(headcount)", "0.1 | 0.2 | 0.2 | 0.5 | null"},
      {"share_ahead(headcount)", "0.9 | 0.5 | 0.5 | 0 | null"},
      {"running_share(headcount)", "1 | 0.9 | 0.9 | 0.5 | null"},
      {"rank(-headcount)", "1 | 2 | 2 | 4 | null"},
      {"zscore(headcount)", "-1 | -0.333333 | -0.333333 | 1.666667 | null"},
      {"quantile(headcount, 50%)", "20 | 20 | 20 | 20 | null"},
      {"quantile(headcount, 0%)", "10 | 10 | 10 | 10 | null"},
      {"quantile(headcount, 100%)", "50 | 50 | 50 | 50 | null"},
      {"quantile(headcount, 90%)", "41 | 41 | 41 | 41 | null"},
  };
  ASK(heads(head, NULL, 5), ask);
}

static void a_crowd_is_an_option(void **s) {
  (void)s;
  static const int head[] = {10, 20, 30, 40, 50, 60};
  static const Ask ask[] = {
      {"rank(headcount, within region)", "2 | 1 | 3 | 2 | 1 | null"},
      {"share(headcount, within region)", "0.333333 | 0.666667 | 0.25 | 0.333333 | 0.416667 | null"},
      {"rank(headcount, among headcount < 45)", "4 | 3 | 2 | 1 | null | null"},
      {"share_ahead(headcount, within region, among headcount > 10)",
       "null | 0 | 0.75 | 0.416667 | 0 | null"},
      {"quantile(headcount, 100%, among headcount < 45)", "40 | 40 | 40 | 40 | 40 | 40"},
      {"rank(headcount, among region = null)", "null | null | null | null | null | 1"},
      {"rank(headcount, among region = 'z')", "null | null | null | null | null | null"},
      {"share(headcount - headcount)", "null | null | null | null | null | null"},
  };
  ASK(heads(head, "aabbb-", 6), ask);
}

/* Quintile cuts of 1..10 are 2.8 4.6 6.4 8.2 (type 7). */
static void classes_are_cut_by_value(void **s) {
  (void)s;
  static const int head[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  static const Ask ask[] = {
      {"classes(headcount, 5)", "1 | 1 | 2 | 2 | 3 | 3 | 4 | 4 | 5 | 5"},
      {"classes(headcount, 5, 'ntile')", "1 | 1 | 2 | 2 | 3 | 3 | 4 | 4 | 5 | 5"},
      {"classes(headcount, 3, 'ntile')", "1 | 1 | 1 | 1 | 2 | 2 | 2 | 3 | 3 | 3"},
      {"classes(headcount, 3)", "1 | 1 | 1 | 1 | 2 | 2 | 2 | 3 | 3 | 3"}, /* 4 and 7 lie on a cut */
      {"classes(headcount, 1)", "1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1"},
      {"classes(headcount, 20, 'ntile')", "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10"},
  };
  ASK(heads(head, NULL, 10), ask);
}

static void ties_decide(void **s) {
  (void)s;
  static const int head[] = {1, 1, 1, 1, 2, 3, -1};
  static const Ask ask[] = {
      {"classes(headcount, 3)", "1 | 1 | 1 | 1 | 3 | 3 | null"}, /* cuts 1 and 1.333… */
      {"classes(headcount, 3, 'ntile')",
       "2 | 2 | 1 | 1 | 3 | 3 | null"}, /* tiles part equal values: of these the first code ranks highest */
      {"[classes(headcount, 2), tied(headcount)][2]", "4 | 4 | 4 | 4 | 4 | 4 | 4"},
      {"if true then 1 else classes(headcount, 0)", "1 | 1 | 1 | 1 | 1 | 1 | 1"},
      {"classes(headcount, 0)", "the number of classes is a whole number from 1"},
      {"quantile(headcount, 2)", "the share lies between 0 % and 100 %"},
      {"tied(headcount + 1)", "tied(headcount + 1): nothing is cut into classes by it"},
      {"rank(region)", "rank needs a number to order by, this is text"},
      {"classes(headcount)", "classes(x, 5): into how many classes?"},
      {"rank(headcount, 5)", "rank takes no more values"},
      {"sum([headcount], within region)",
       "sum takes no within or among · rank share running_share share_ahead quantile classes zscore do"},
  };
  ASK(heads(head, NULL, 7), ask);
}

static void never_is_longer_than_anything(void **s) {
  (void)s;
  Fake *f = fake_new();
  for (int i = 0; i < 5; i++) {
    char code[4] = {'C', (char)('0' + i), 0};
    int64_t id = fake_row(f, ACCOUNT, code);
    for (int k = 0; k < i; k++) fake_event(f, "orders", id, AS_OF - 10 * i, val_int(1));
  }
  static const Ask ask[] = {
      {"days_since(orders)", "never | 10 | 20 | 30 | 40"},
      {"rank(days_since(orders))", "1 | 5 | 4 | 3 | 2"},
      {"classes(days_since(orders), 2)", "2 | 1 | 1 | 2 | 2"}, /* it makes no cut, and lies above all */
      {"max(days_since(orders), 100)", "never | 100 | 100 | 100 | 100"},
      {"min(days_since(orders), 25)", "25 | 10 | 20 | 25 | 25"},
      {"days_since(orders) = days_since(orders) + 0", "null | true | true | true | true"},
      {"scale(days_since(orders), 0, 40)", "1 | 0.25 | 0.5 | 0.75 | 1"},
      {"scale(days_since(orders), 40, 0)", "0 | 0.75 | 0.5 | 0.25 | 0"},
      {"days_since(orders) > 10y", "true | false | false | false | false"},
  };
  ASK(f, ask);
}

static void the_population_is_the_scope_or_the_set_at_hand(void **s) {
  (void)s;
  static const int head[] = {10, 20, 30, 40};
  Fake *f = heads(head, "abab", 4);
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  Err e = {0};
  assert_true(rules_scope(r, fake_src("region = 'a'", "s"), &e));
  assert_true(rules_metrics(r, fake_src("place = rank(headcount)", "m"), &e));
  assert_true(rules_check(r, &e));
  Expr *x = rules_expr(r, NULL, fake_src("place", NULL), WANT_ANY, NULL, 0, &e);
  Eval *ev = eval_new(r, AS_OF);
  const int64_t *id = f->entity[ACCOUNT].id;
  Val v[4];
  assert_true(eval_expr(ev, x, id, 4, v, &e));
  assert_int_equal(v[0].u.i, 2);
  assert_int_equal(v[1].t, V_NULL); /* outside the scope nobody has a place */
  assert_int_equal(v[2].u.i, 1);
  eval_population(ev, id + 1, 3);
  assert_true(eval_expr(ev, x, id, 4, v, &e));
  assert_int_equal(v[0].t, V_NULL);
  assert_int_equal(v[1].u.i, 3);
  eval_population(ev, NULL, 0);
  assert_true(eval_expr(ev, x, id, 4, v, &e));
  assert_int_equal(v[0].u.i, 2);
  fake_set(f, ACCOUNT, id[0], "headcount", val_int(99));
  assert_true(eval_expr(ev, x, id, 1, v, &e));
  assert_int_equal(v[0].u.i, 2); /* what was computed stays … */
  eval_touch(ev);
  assert_true(eval_expr(ev, x, id, 1, v, &e));
  assert_int_equal(v[0].u.i, 1); /* … until told otherwise */
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_values_share_a_place),
      cmocka_unit_test(a_crowd_is_an_option),
      cmocka_unit_test(classes_are_cut_by_value),
      cmocka_unit_test(ties_decide),
      cmocka_unit_test(never_is_longer_than_anything),
      cmocka_unit_test(the_population_is_the_scope_or_the_set_at_hand),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
