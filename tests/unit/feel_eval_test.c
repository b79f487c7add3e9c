#include "feel_fake.h"

typedef struct Ask {
  const char *rule, *want; /* the values for C1 | C2 | C3 | C4 */
} Ask;

static void ask_all(const char *entity, const Ask *ask, size_t n) {
  Fake *f = fake_company();
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", entity);
  Err e = {0};
  assert_true(rules_check(r, &e));
  int wrong = 0;
  for (size_t i = 0; i < n; i++) {
    char *got = fake_ask(f, r, entity, ask[i].rule, WANT_ANY);
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
#define ASK(entity, list) ask_all(entity, list, sizeof(list) / sizeof *(list))

static void null_matches_nothing(void **s) {
  (void)s;
  static const Ask ask[] = {
      {"tier = 'A'", "true | true | false | null"},
      {"tier != 'A'", "false | false | true | null"},
      {"not(tier = 'A')", "false | false | true | null"},
      {"tier in ('A', 'B')", "true | true | true | null"},
      {"tier not in ('A', 'B')", "false | false | false | null"},
      {"tier = null", "false | false | false | true"},
      {"tier != null", "true | true | true | false"},
      {"known(tier)", "true | true | true | false"},
      {"tier is known", "true | true | true | false"},
      {"default(tier, 'D')", "A | A | B | D"},
      {"headcount > 150", "false | true | true | null"},
      {"headcount > 150 and tier = 'A'", "false | true | false | null"},
      {"headcount > 150 or tier = 'A'", "true | true | true | null"},
      {"false and tier = 'A'", "false | false | false | false"},
      {"true or tier = 'A'", "true | true | true | true"},
      {"if tier = 'A' then 1 else 2", "1 | 1 | 2 | null"},
      {"headcount + 1", "101 | 201 | 301 | null"},
      {"-headcount", "-100 | -200 | -300 | null"},
      {"headcount between 100 and 200", "true | true | false | null"},
      {"headcount in [100..200)", "true | false | false | null"},
      {"sum([headcount, 1])", "101 | 201 | 301 | null"},
      {"max(headcount, 150)", "150 | 200 | 300 | null"},
  };
  ASK("account", ask);
}

static void numbers_are_decimals(void **s) {
  (void)s;
  static const Ask ask[] = {
      {"1 - 0.85 <= 0.15", "true | true | true | true"},
      {"0.1 + 0.2 = 0.3", "true | true | true | true"},
      {"headcount / 0", "null | null | null | null"},
      {"2 ** 10", "1024 | 1024 | 1024 | 1024"},
      {"headcount * 15%", "15 | 30 | 45 | null"},
      {"headcount / 4 * 4 = headcount", "true | true | true | null"},
  };
  ASK("account", ask);
}

static void windows_end_before_as_of(void **s) {
  (void)s;
  static const Ask ask[] = {
      {"revenue_12m", "4800 | 1200 | 40 | 0"},
      {"sum(revenue, 12m)", "4800 | 1200 | 40 | 0"},
      {"sum(revenue, ytd)", "4000 | 1000 | 30 | 0"},
      {"sum(revenue, 2025)", "4800 | 1200 | 40 | 0"},
      {"sum(revenue, last_quarter)", "1200 | 300 | 10 | 0"},
      {"sum(revenue, all)", "14400 | 3600 | 120 | 0"},
      {"sum(revenue, 60m)", "null | null | null | null"},
      {"count(orders, 12m)", "12 | 12 | 4 | 0"},
      {"days_since(orders)", "22 | 22 | 83 | never"},
      {"days_since(orders) > 60", "false | false | true | true"},
      {"days_since(orders) > 1q", "false | false | false | true"},
      {"mean(satisfaction, 12m)", "3 | null | null | null"},
      {"last(satisfaction)", "2 | 5 | null | null"},
      {"latest(satisfaction)", "2 | 5 | null | null"},
      {"first(satisfaction, all)", "4 | 5 | null | null"},
      {"max(revenue, 12m)", "400 | 100 | 10 | null"},
      {"mean(revenue, 12m, month)", "400 | 100 | 3.333333 | 0"},
      {"yoy(sum(profit, 12m))", "-0.275 | 0.083333 | 0 | null"},
      {"pop(sum(profit, 1m))", "-0.1 | 1 | null | null"},
      {"ago(sum(profit, 1m), 1m)", "50 | 30 | 0 | 0"},
      {"ago(tier, 12m)", "B | A | B | null"},
      {"gap(orders, 24m)", "30.391304 | 30.391304 | 91.142857 | null"},
      {"trend(revenue, 12m)", "0 | 0 | -0.083916 | null"},
      {"as_of - 2026-10-01", "31d | 31d | 31d | 31d"},
  };
  ASK("account", ask);
}

static void related_rows_are_lists(void **s) {
  (void)s;
  static const Ask ask[] = {
      {"count(contacts)", "2 | 1 | 1 | 0"},
      {"count(contacts[decision_role = 'decider'])", "1 | 1 | 0 | 0"},
      {"any(contacts[attitude >= 'neutral'])", "true | true | false | false"},
      {"count(contacts[met within 6m])", "0 | 0 | 1 | 0"},
      {"owner.name", "李敏 | 周航 | 李敏 | null"},
      {"owner.level >= '地市'", "true | false | true | null"},
      {"days_since(visits)", "42 | 12 | never | never"},
      {"days_since(visits[status = 'done'])", "42 | never | never | never"},
      {"count(visits[staff = this.owner])", "1 | 0 | 0 | 0"},
      {"count(distinct(visits.staff))", "2 | 1 | 0 | 0"},
      {"quotes.lines.product.line", "[软件 软件] | [软件 硬件] | [] | []"},
      {"distinct(quotes.lines.product.line)", "[软件] | [软件 硬件] | [] | []"},
      {"sum(quotes.lines.price * quotes.lines.qty)", "50 | 100 | 0 | 0"},
      {"min(quotes.lines.price - quotes.lines.unit_cost)", "2 | null | null | null"},
      {"some c in contacts satisfies c.decision_role = 'buyer'", "true | false | false | false"},
      {"every c in contacts satisfies c.active", "false | true | true | true"},
      {"for c in contacts return c.decision_role", "[decider buyer] | [decider] | [user] | []"},
      {"count(quotes[requested_on within 1m])", "1 | 1 | 0 | 0"},
      {"max(complaints[status = 'open'].age)", "20 | null | null | null"},
      {"default(max(complaints[status = 'open'].age), 0d) > 10d", "true | false | false | false"},
      {"in_segment('valid-key')", "false | true | false | false"},
      {"count(accounts)", "4 | 4 | 4 | 4"},
      {"count(accounts[tier = this.tier])", "2 | 2 | 1 | 0"},
      {"contacts[1].decision_role", "decider | decider | user | null"},
      {"share(contacts, active)", "0.5 | 1 | 1 | null"},
      {"for i in 1..3 return i * 2", "[2 4 6] | [2 4 6] | [2 4 6] | [2 4 6]"},
      {"[1, 2, 3][item > 1]", "[2 3] | [2 3] | [2 3] | [2 3]"},
  };
  ASK("account", ask);
}

static void sets_share_places(void **s) {
  (void)s;
  static const Ask ask[] = {
      {"rank(revenue_12m)", "1 | 2 | 3 | 4"},
      {"rank(headcount)", "3 | 2 | 1 | null"},
      {"rank(revenue_12m, within tier)", "1 | 2 | 1 | null"},
      {"share(revenue_12m)", "0.794702 | 0.198675 | 0.006623 | 0"},
      {"share_ahead(revenue_12m)", "0 | 0.794702 | 0.993377 | 1"},
      {"running_share(revenue_12m)", "0.794702 | 0.993377 | 1 | 1"},
      {"share_ahead(revenue_12m, among revenue_12m > 100)", "0 | 0.8 | null | null"},
      {"classes(revenue_12m, 2)", "2 | 2 | 1 | 1"},
      {"classes(revenue_12m, 3)", "3 | 2 | 1 | 1"}, /* on a cut is not above it */
      {"classes(revenue_12m, 2, 'ntile')", "2 | 2 | 1 | 1"},
      {"quantile(revenue_12m, 50%)", "620 | 620 | 620 | 620"},
      {"classes(days_since(orders), 2)", "1 | 1 | 2 | 2"},
  };
  ASK("account", ask);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_matches_nothing),    cmocka_unit_test(numbers_are_decimals),
      cmocka_unit_test(windows_end_before_as_of), cmocka_unit_test(related_rows_are_lists),
      cmocka_unit_test(sets_share_places),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
