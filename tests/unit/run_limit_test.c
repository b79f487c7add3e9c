#include "run_home.h"

#include "run/direct.h"
#include "run/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool exec_body(void *ctx, Store *s, Err *e) { return store_exec(s, ctx, NULL, 0, e); }

static int setup(void **state) {
  static char rows[] = "INSERT INTO account(id, code, region) VALUES(1, 'C1', 'north'), (2, 'C2', 'south'), (3, 'C3', NULL)";
  int64_t run, n;
  Fixture *f = home_open();
  ok(f, run_direct(f->s, "seed", NULL, day_of(2026, 11, 1), exec_body, rows, &run, &n, &f->e));
  *state = f;
  return 0;
}

static bool all_to_a(void *ctx, Run *r, Err *e) {
  (void)ctx;
  static const int64_t id[] = {1, 2, 3};
  Val v[] = {val_text(STR("A")), val_text(STR("A")), val_text(STR("A"))};
  return run_assign(r, "account", "tier", id, v, 3, e);
}

static bool task_for(Run *r, const char *account, Err *e) {
  Str name[] = {STR("account"), STR("title")};
  Val val[] = {val_text(str_of(account)), val_text(STR("visit"))};
  return run_insert(r, "task", name, val, 2, e);
}

static bool tasks_for_two(void *ctx, Run *r, Err *e) {
  (void)ctx;
  return task_for(r, "C1", e) && task_for(r, "C2", e);
}

static bool a_product(void *ctx, Run *r, Err *e) {
  (void)ctx;
  Str name[] = {STR("code")};
  Val val[] = {val_text(STR("P1"))};
  return run_insert(r, "product", name, val, 1, e);
}

static bool plan(Fixture *f, RunBody body, const char *limit, Plan **out) {
  static const char *const writes[] = {"account", "account.tier", "account.parent", "task", "product", NULL}, *const nothing[] = {NULL};
  RunSpec spec = {.what = "limited", .script = STR("return playbook {}"), .args = "", .asof = day_of(2026, 11, 1),
                  .seed = 1,         .writes = writes,                    .grants = nothing, .max_percent = -1,
                  .max_changes = -1, .seconds = 20,                       .limit = limit};
  return run_plan(f->s, &spec, body, f, out, &f->e);
}

/* Rows of table that the plan changes, as bits: the row with id n is bit n. */
static unsigned rows(const Plan *p, const char *table, const char *column) {
  unsigned bits = 0;
  const Journal *j = plan_journal(p);
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if (!str_is(c->table, table)) continue;
    int64_t id = c->id;
    for (size_t k = 0; column && k < c->ncol; k++)
      if (str_is(c->col[k], column)) id = c->now[k].u.i;
    bits |= 1u << id;
  }
  return bits;
}

static unsigned limited(Fixture *f, RunBody body, const char *limit, const char *table, const char *column) {
  Plan *p = NULL;
  ok(f, plan(f, body, limit, &p));
  unsigned bits = rows(p, table, column);
  plan_free(p);
  return bits;
}

static void only_rows_for_which_the_rule_holds_change(void **state) {
  Fixture *f = *state;
  assert_int_equal(limited(f, all_to_a, "region = 'north'", "account", NULL), 1 << 1);
  assert_int_equal(limited(f, all_to_a, NULL, "account", NULL), 1 << 1 | 1 << 2 | 1 << 3);
}

static void a_row_of_which_it_is_not_known_stays_out(void **state) {
  Fixture *f = *state;
  assert_int_equal(limited(f, all_to_a, "region != 'north'", "account", NULL), 1 << 2);
}

static void their_history_goes_with_them(void **state) {
  Fixture *f = *state;
  assert_int_equal(limited(f, all_to_a, "region = 'south'", "history", "row"), 1 << 2);
}

static void what_hangs_on_a_row_goes_by_that_row(void **state) {
  Fixture *f = *state;
  assert_int_equal(limited(f, tasks_for_two, "region = 'south'", "task", "account"), 1 << 2);
}

static void what_hangs_on_no_account_cannot_be_limited_by_accounts(void **state) {
  Fixture *f = *state;
  Plan *p = NULL;
  assert_false(plan(f, a_product, "region = 'south'", &p));
  assert_null(p);
  assert_non_null(strstr(f->e.what, "cannot be told by accounts"));
}

enum { MANY = 20000 };

/* New accounts, which no limit can have met, and a task for C1 with each. */
static bool many_rows(void *ctx, Run *r, Err *e) {
  (void)ctx;
  Str name[] = {STR("code")};
  for (int i = 0; i < MANY; i++) {
    char code[16];
    snprintf(code, sizeof code, "N%05d", i);
    Val val[] = {val_text(str_of(code))};
    if (!run_insert(r, "account", name, val, 1, e) || !task_for(r, "C1", e)) return false;
  }
  return true;
}

static bool below_one_of_many(void *ctx, Run *r, Err *e) {
  int64_t id = 1;
  Val above = val_text(STR("N13331"));
  return many_rows(ctx, r, e) && run_assign(r, "account", "parent", &id, &above, 1, e);
}

static size_t count(const Plan *p, const char *table) {
  const Journal *j = plan_journal(p);
  size_t n = 0;
  for (size_t i = 0; i < j->n; i++) n += str_is(j->change[i].table, table);
  return n;
}

static void of_many_new_rows_those_stay_that_hang_on_one_inside(void **state) {
  Fixture *f = *state;
  Plan *p = NULL;
  ok(f, plan(f, many_rows, "region = 'north'", &p));
  assert_int_equal(count(p, "account"), 0);
  assert_int_equal(count(p, "task"), MANY);
  plan_free(p);
}

static void a_row_that_needs_one_left_out_is_named(void **state) {
  Fixture *f = *state;
  Plan *p = NULL;
  assert_false(plan(f, below_one_of_many, "region = 'north'", &p));
  assert_non_null(strstr(f->e.what, "--limit leaves out account N13331, which account C1 refers to (parent)"));
}

static void a_rule_that_names_nothing_known_is_refused(void **state) {
  Fixture *f = *state;
  Plan *p = NULL;
  assert_false(plan(f, all_to_a, "reggion = 'south'", &p));
  assert_non_null(strstr(f->e.what, "reggion"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(only_rows_for_which_the_rule_holds_change, setup, teardown),
      cmocka_unit_test_setup_teardown(a_row_of_which_it_is_not_known_stays_out, setup, teardown),
      cmocka_unit_test_setup_teardown(their_history_goes_with_them, setup, teardown),
      cmocka_unit_test_setup_teardown(what_hangs_on_a_row_goes_by_that_row, setup, teardown),
      cmocka_unit_test_setup_teardown(what_hangs_on_no_account_cannot_be_limited_by_accounts, setup, teardown),
      cmocka_unit_test_setup_teardown(of_many_new_rows_those_stay_that_hang_on_one_inside, setup, teardown),
      cmocka_unit_test_setup_teardown(a_row_that_needs_one_left_out_is_named, setup, teardown),
      cmocka_unit_test_setup_teardown(a_rule_that_names_nothing_known_is_refused, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
