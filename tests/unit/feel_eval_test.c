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
      {"days_since(orders) = never", "false | false | false | true"},
      {"days_since(orders) < never", "true | true | true | false"},
      {"days_since(orders) in (22, never)", "true | true | false | true"},
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
      {"sum(quotes.lines.price * quotes.lines.qty)", "50 | 100 | null | null"},
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
      {"count(for i in 1..100000000000 return i)",
       "a range from 1 to 100000000000 is too long to go through · at most 1,000,000 numbers"},
      {"count(for i in 1000000..1 return i)", "1000000 | 1000000 | 1000000 | 1000000"},
      {"[1, 2, 3][item > 1]", "[2 3] | [2 3] | [2 3] | [2 3]"},
  };
  ASK("account", ask);
}

static void related_rows_are_those_before_as_of(void **s) {
  (void)s;
  Fake *f = fake_company();
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  Err e = {0};
  assert_true(rules_check(r, &e));
  int64_t c1 = f->entity[ACCOUNT].id[0];
  for (int i = 0; i < 2; i++) { /* one on as-of itself, one without a day */
    int64_t b = fake_row(f, COMPLAINT, i ? "B3" : "B2");
    fake_set(f, COMPLAINT, b, "account", val_row(ACCOUNT, c1));
    if (!i) fake_set(f, COMPLAINT, b, "opened", val_date(day_of(2026, 11, 1)));
  }
  static const Ask ask[] = {
      {"count(complaints[true])", "2 | 0 | 0 | 0"},
      {"any(complaints[opened >= as_of])", "false | false | false | false"},
      {"ago(count(complaints[true]), 1m)", "1 | 0 | 0 | 0"},
      {"ago(count(distinct(complaints.status)), 1m) = count(distinct(complaints.status))",
       "false | true | true | true"},
      {"ago(count(owner.accounts.complaints[true]), 1m)", "1 | 0 | 1 | 0"},
      {"ago(sum(quotes.lines.qty), 1m)", "null | null | null | null"},
      {"count(complaints[true]) - count(contacts[true])", "0 | -1 | -1 | 0"},
  };
  for (size_t i = 0; i < sizeof ask / sizeof *ask; i++) {
    char *got = fake_ask(f, r, "account", ask[i].rule, WANT_ANY);
    if (strcmp(got, ask[i].want) != 0) print_error("%s\n", ask[i].rule);
    assert_string_equal(got, ask[i].want);
    mem_free(got);
  }
  rules_free(r);
  fake_free(f);
}

static void planned_visits_stay_visible(void **s) {
  (void)s;
  Fake *f = fake_company();
  f->entity[VISIT].info.ahead = true;
  fake_set(f, VISIT, f->entity[VISIT].id[2], "day", val_date(day_of(2026, 12, 24)));
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  Err e = {0};
  assert_true(rules_check(r, &e));
  char *got = fake_ask(f, r, "account", "count(visits[day > as_of])", WANT_ANY);
  assert_string_equal(got, "0 | 1 | 0 | 0");
  mem_free(got);
  rules_free(r);
  fake_free(f);
}

/* --- a host of columns alone, as an import has it ------------------------------ */

static const HostField columns[] = {
    {.name = {"Quantity", 8}, .kind = HOST_FIELD, .type = {.kind = T_NUM}, .id = 0},
    {.name = {"UnitPrice", 9}, .kind = HOST_FIELD, .type = {.kind = T_NUM}, .id = 1},
    {.name = {"InvoiceNo", 9}, .kind = HOST_FIELD, .type = {.kind = T_TEXT}, .id = 2},
    {.name = {"日期", 6}, .kind = HOST_FIELD, .type = {.kind = T_TEXT}, .id = 3}};

static const HostField *column_field(void *ctx, int entity, Str name) {
  (void)ctx, (void)entity;
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    if (str_eq(columns[i].name, name)) return &columns[i];
  return NULL;
}

static bool column_values(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n,
                          Arena *a, Val *out, Err *e) {
  (void)ctx, (void)entity, (void)asof, (void)a, (void)e;
  for (size_t i = 0; i < n; i++) {
    int64_t k = id[i];
    if (f->id == 0) out[i] = k % 7 == 0 ? val_null() : val_int(k % 5 - 1);
    if (f->id == 1) out[i] = val_dec(k * 25, -2);
    if (f->id == 2) out[i] = fake_str(k % 3 ? "536365" : "C536365");
    if (f->id == 3) out[i] = fake_str("2026-02-30");
  }
  return true;
}

static void columns_of_a_file_are_host_enough(void **s) {
  (void)s;
  enum { ROWS = 5000 };
  FeelHost host = {
      .field = column_field, .column = column_values, .fmt = {.currency_sign = "¥", .minor = 2, .null = "–"}};
  Err e = {0};
  Rules *r = rules_new(&host, DIALECT_RULES, "import", "orders");
  assert_true(rules_check(r, &e));
  Expr *where = rules_expr(
      r, NULL, fake_src("Quantity > 0 and UnitPrice > 0 and not(starts_with(InvoiceNo, 'C'))", "--where"),
      WANT_CONDITION, NULL, 0, &e);
  Expr *revenue = rules_expr(r, NULL, fake_src("Quantity * UnitPrice", "--map"), WANT_ANY, NULL, 0, &e);
  Expr *day = rules_expr(r, NULL, fake_src("date(日期)", "--map"), WANT_ANY, NULL, 0, &e);
  assert_true(where && revenue && day);
  assert_null(rules_expr(r, NULL, fake_src("Quantity * UnitPrise", "--map"), WANT_ANY, NULL, 0, &e));
  assert_string_equal(e.what, "unknown name UnitPrise");
  err_free(&e);
  assert_null(rules_expr(r, NULL, fake_src("InvoiceNo * 2", "--map"), WANT_ANY, NULL, 0, &e));
  err_free(&e);
  int64_t *id = mem_alloc(ROWS * sizeof *id);
  Val *v = mem_alloc(ROWS * sizeof *v);
  for (int i = 0; i < ROWS; i++) id[i] = i + 1;
  Eval *ev = eval_new(r, 20758);
  for (int batch = 0; batch < 3; batch++) { /* one batch after the other, nothing kept */
    assert_true(eval_expr(ev, where, id, ROWS, v, &e));
    size_t yes = 0, unknown = 0;
    for (int i = 0; i < ROWS; i++) yes += v[i].t == V_BOOL && v[i].u.i, unknown += v[i].t == V_NULL;
    size_t want = 0, lacking = 0;
    for (int k = 1; k <= ROWS; k++) {
      bool cancelled = k % 3 == 0;
      if (k % 7 == 0) lacking += !cancelled;
      else want += k % 5 - 1 > 0 && !cancelled;
    }
    assert_int_equal(yes, want);
    assert_int_equal(unknown, lacking);
    assert_int_equal(eval_counts(ev).unknown, lacking);
    assert_true(eval_expr(ev, revenue, id, ROWS, v, &e));
    assert_int_equal(v[2].u.i * 100, v[2].e == -2 ? 15000 : v[2].e == -1 ? 1500 : 150); /* 2 × 0.75 */
    assert_true(eval_expr(ev, day, id, 1, v, &e));
    assert_int_equal(v[0].t, V_NULL); /* 30 February is no day */
    eval_release(ev);
  }
  eval_free(ev);
  mem_free(id);
  mem_free(v);
  rules_free(r);
}

static void names_shown_beside_a_condition(void **s) {
  (void)s;
  static const struct { const char *rule, *names; } asked[] = {
      {"tier = 'A' and revenue_12m > 5 and tier != 'B'", "tier revenue_12m "},
      {"owner.level > '省' or sum(revenue, 3m) > 1", "owner.level sum(revenue, 3m) "},
      {"any(contacts[attitude >= 'neutral'])", ""},
      {"count(contacts)", "count(contacts) "},
      {"1 + 1", ""}};
  Fake *f = fake_company();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    Expr *x = rules_expr(r, NULL, fake_src(asked[i].rule, NULL), WANT_ANY, NULL, 0, &e);
    const Str *name;
    Buf b = {0};
    size_t n = expr_names(x, &name);
    for (size_t k = 0; k < n; k++) buf_printf(&b, "%.*s ", STR_ARG(name[k]));
    assert_string_equal(b.p ? b.p : "", asked[i].names);
    buf_free(&b);
  }
  rules_free(r);
  fake_free(f);
}

static void windows_before_the_first_day_are_counted(void **s) {
  (void)s;
  Fake *f = fake_company();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  Expr *x = rules_expr(r, NULL, fake_src("revenue_4y", NULL), WANT_ANY, NULL, 0, &e);
  Eval *ev = eval_new(r, 20758);
  Val v[4];
  assert_true(eval_expr(ev, x, f->entity[ACCOUNT].id, 4, v, &e));
  EvalCounts c = eval_counts(ev);
  assert_int_equal(c.before_first_day, 4);
  assert_int_equal(str_cmp(c.measure, STR("revenue")), 0);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

static void values_given_by_name_are_values(void **s) {
  (void)s;
  Fake *f = fake_company();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  Param p[] = {{.name = STR("i"), .val = fake_str("上海' or true or '")},
               {.name = STR("cut"), .val = val_int(500000), .unit = UNIT_MONEY}};
  Expr *x = rules_expr(r, NULL, fake_src("region = i", NULL), WANT_CONDITION, p, 2, &e);
  Eval *ev = eval_new(r, 20758);
  Val v[4];
  assert_true(eval_expr(ev, x, f->entity[ACCOUNT].id, 4, v, &e));
  for (int i = 0; i < 3; i++) assert_true(v[i].t == V_BOOL && !v[i].u.i);
  assert_null(rules_expr(r, NULL, fake_src("headcount / 100% > 3 and yoy(revenue_12m) > cut", NULL),
                         WANT_CONDITION, p, 2, &e));
  assert_string_equal(e.what, "yoy(revenue_12m) > cut compares % with ¥");
  err_free(&e);
  p[0].name = STR("tier");
  assert_null(rules_expr(r, NULL, fake_src("tier = 'A'", NULL), WANT_CONDITION, p, 2, &e));
  assert_string_equal(e.what, "tier is both a name of account and an arg: which is meant?");
  err_free(&e);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_matches_nothing),
      cmocka_unit_test(numbers_are_decimals),
      cmocka_unit_test(windows_end_before_as_of),
      cmocka_unit_test(related_rows_are_lists),
      cmocka_unit_test(related_rows_are_those_before_as_of),
      cmocka_unit_test(planned_visits_stay_visible),
      cmocka_unit_test(columns_of_a_file_are_host_enough),
      cmocka_unit_test(names_shown_beside_a_condition),
      cmocka_unit_test(windows_before_the_first_day_are_counted),
      cmocka_unit_test(values_given_by_name_are_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
