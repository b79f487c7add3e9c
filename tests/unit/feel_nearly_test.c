#include "feel_fake.h"

static void asks(Fake *f, Rules *r, const char *rule, const char *want) {
  char *got = fake_ask(f, r, "account", rule, WANT_ANY);
  if (strcmp(got, want) != 0) print_error("%s\n", rule);
  assert_string_equal(got, want);
  mem_free(got);
}

static Rules *with_table(Fake *f, const char *name, const char *grid) {
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  bool ok = rules_args(r, fake_src("big = 250", "a.lua"), &e) && rules_table(r, name, NULL, fake_src(grid, "t.lua"), &e) &&
            rules_check(r, &e);
  if (!ok) {
    Buf b = {0};
    err_print(&e, &b);
    fail_msg("%s", b.p);
  }
  return r;
}

/* C1: 100 people, tier A, 上海. C2: 200, A, 广东. C3: 300, B, 上海. C4: nothing is known. */
static const char kind[] = "first   | headcount | tier | region || kind\n"
                           "        | > big     | A    | -      || large\n"
                           "        | -         | A    | 上海   || near\n"
                           "        | -         | -    | -      || other\n"
                           "unknown |           |      |        || ?\n";

static void one_cell_short_of_a_row_is_near(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = with_table(f, "kind", kind);
  asks(f, r, "kind", "near | other | other | ?");
  asks(f, r, "nearly('kind', 'large')", "true | true | true | null");
  asks(f, r, "nearly('kind', 'large').missed", "headcount | headcount | tier | null");
  asks(f, r, "nearly('kind', 'large').value", "100 | 200 | B | null");
  asks(f, r, "nearly('kind', 'large').test", "> big 250 | > big 250 | = A | null");
  rules_free(r);
  fake_free(f);
}

static void who_has_the_value_is_not_near_it(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = with_table(f, "kind", kind);
  asks(f, r, "nearly('kind', 'near')", "false | true | true | null");
  asks(f, r, "nearly('kind', 'near').missed", "null | region | tier | null");
  rules_free(r);
  fake_free(f);
}

static void an_earlier_row_that_hits_keeps_a_case_away(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = with_table(f, "kind", "first | tier | headcount || kind\n"
                                   "      | A    | -         || mine\n"
                                   "      | -    | > 250     || size\n"
                                   "      | -    | -         || other\n");
  asks(f, r, "nearly('kind', 'size')", "false | false | false | null");
  rules_free(r);
  fake_free(f);
}

static void two_cells_short_is_not_near_and_unknown_is_not_sure(void **state) {
  (void)state;
  Fake *f = fake_company();
  const int64_t *id = f->entity[ACCOUNT].id;
  fake_set(f, ACCOUNT, id[1], "headcount", val_null());
  Rules *r = with_table(f, "kind", "first   | headcount | tier || kind\n"
                                   "        | > 500     | B    || x\n"
                                   "        | -         | -    || other\n"
                                   "unknown |           |      || ?\n");
  asks(f, r, "nearly('kind', 'x')", "false | null | true | null");
  rules_free(r);
  r = with_table(f, "kind", "first   | headcount? | tier || kind\n"
                            "        | > 500      | A    || x\n"
                            "        | -          | -    || other\n");
  asks(f, r, "nearly('kind', 'x')", "true | true | false | null"); /* lenient: an unknown misses */
  rules_free(r);
  fake_free(f);
}

static void mistakes_are_told(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = with_table(f, "kind", kind);
  asks(f, r, "nearly('kid', 'large')", "there is no table kid · did you mean kind?");
  asks(f, r, "nearly('kind', 'huge')", "no row of table kind gives huge");
  asks(f, r, "nearly('kind')", "nearly('table', 'value') takes a table and one of its values");
  asks(f, r, "nearly('kind', name)", "nearly needs one value of the table, written out");
  asks(f, r, "nearly('kind', 'large').mised", "nearly(…) has no mised · it has .missed, .value and .test");
  rules_free(r);
  r = with_table(f, "all", "collect | headcount || all\n        | > 5 || x\n");
  asks(f, r, "nearly('all', 'x')", "table all collects: no one row gives its value");
  rules_free(r);
  fake_free(f);
}

/* --- the last figure of related rows ------------------------------------------ */

static void latest_is_the_known_figure_of_the_last_day(void **state) {
  (void)state;
  Fake *f = fake_company();
  const int64_t *id = f->entity[ACCOUNT].id;
  static const struct { int account; int month; const char *status; } visit[] = {
      {0, 3, "a"}, {0, 9, "b"}, {0, 6, "c"}, {0, 10, NULL}, {1, 12, "later"}, {2, 2, "d"}};
  FakeEntity *visits = &f->entity[VISIT];
  visits->n = 0;
  for (size_t i = 0; i < sizeof visit / sizeof *visit; i++) {
    int64_t v = fake_row(f, VISIT, "v");
    fake_set(f, VISIT, v, "account", val_row(ACCOUNT, id[visit[i].account]));
    fake_set(f, VISIT, v, "day", val_date(day_of(2026, visit[i].month, 5)));
    if (visit[i].status) fake_set(f, VISIT, v, "status", fake_str(visit[i].status));
    else fake_set(f, VISIT, v, "status", val_null());
  }
  Rules *r = with_table(f, "kind", kind);
  asks(f, r, "latest(visits.status)", "b | null | d | null");
  asks(f, r, "ago(latest(visits.status), 4m)", "c | null | d | null");
  asks(f, r, "latest(visits[status != 'b'].status)", "c | null | d | null");
  asks(f, r, "latest(visits)", "latest(visits): which figure of the last row? · write it behind a point: latest(visits.…)");
  asks(f, r, "latest(contacts.met)", "rows of contacts have no day of their own: none is the latest");
  asks(f, r, "latest(satisfaction) > 0", "true | true | null | null");
  asks(f, r, "need_match(5)", "need_match looks at needs, and there are none here");
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_cell_short_of_a_row_is_near),
      cmocka_unit_test(who_has_the_value_is_not_near_it),
      cmocka_unit_test(an_earlier_row_that_hits_keeps_a_case_away),
      cmocka_unit_test(two_cells_short_is_not_near_and_unknown_is_not_sure),
      cmocka_unit_test(mistakes_are_told),
      cmocka_unit_test(latest_is_the_known_figure_of_the_last_day),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
