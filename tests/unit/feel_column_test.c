/* A name that has a value of its own for each row. */
#include "feel_fake.h"

static Rules *rules_of(Fake *f) {
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  return r;
}

/* What a rule says of every account when `was` is a column, or the error. */
static void asks(Fake *f, const ParamColumn *was, const char *rule, const char *want) {
  Err e = {0};
  Buf b = {0};
  Rules *r = rules_of(f);
  Param p = {.name = STR("was"), .column = was};
  const FakeEntity *a = &f->entity[ACCOUNT];
  Expr *x = rules_expr(r, NULL, fake_src(rule, NULL), WANT_ANY, &p, 1, &e);
  Eval *ev = eval_new(r, day_of(2026, 11, 1));
  Val *v = mem_zalloc(a->n + 1, sizeof *v);
  if (x && eval_expr(ev, x, a->id, a->n, v, &e))
    for (size_t i = 0; i < a->n; i++) {
      if (i) buf_puts(&b, " | ");
      fake_show(v[i], &b);
    }
  if (e.kind) fake_error(&e, &b);
  if (strcmp(b.p, want) != 0) print_error("%s\n", rule);
  assert_string_equal(b.p, want);
  mem_free(v);
  eval_free(ev);
  rules_free(r);
  buf_free(&b);
}

static void each_row_has_its_own_value_and_others_none(void **state) {
  (void)state;
  Fake *f = fake_company();
  const int64_t *account = f->entity[ACCOUNT].id;
  const int64_t id[] = {account[0], account[2]};
  const Val val[] = {val_text(STR("B")), val_text(STR("D"))};
  const ParamColumn was = {.type = {.kind = T_TEXT, .domain = &fake_tier}, .n = 2, .id = id, .val = val};
  asks(f, &was, "was", "B | null | D | null");
  asks(f, &was, "was = 'B'", "true | null | false | null");
  asks(f, &was, "was != tier", "true | null | true | null");
  asks(f, &was, "if known(was) then was else tier", "B | A | D | null");
  fake_free(f);
}

static void its_values_are_checked_like_those_of_a_field(void **state) {
  (void)state;
  Fake *f = fake_company();
  const ParamColumn was = {.type = {.kind = T_TEXT, .domain = &fake_tier}};
  Rules *r = rules_of(f);
  Err e = {0};
  Param p = {.name = STR("was"), .column = &was};
  assert_null(rules_expr(r, NULL, fake_src("was = 'b'", NULL), WANT_CONDITION, &p, 1, &e));
  assert_non_null(strstr(e.what, "one of A, B, C, D"));
  err_free(&e);
  assert_null(rules_expr(r, NULL, fake_src("was > 3", NULL), WANT_CONDITION, &p, 1, &e));
  err_free(&e);
  rules_free(r);
  fake_free(f);
}

/* A published figure of the same name is older than what stands here. */
static void it_stands_before_a_field_of_its_name(void **state) {
  (void)state;
  Fake *f = fake_company();
  const int64_t id[] = {f->entity[ACCOUNT].id[1]};
  const Val val[] = {val_int(7)};
  const ParamColumn column = {.type = {.kind = T_NUM}, .n = 1, .id = id, .val = val};
  Rules *r = rules_of(f);
  Err e = {0};
  Param p = {.name = STR("headcount"), .column = &column};
  Expr *x = rules_expr(r, NULL, fake_src("headcount", NULL), WANT_ANY, &p, 1, &e);
  Eval *ev = eval_new(r, day_of(2026, 11, 1));
  Val v;
  assert_true(eval_expr(ev, x, id, 1, &v, &e));
  assert_int_equal(v.u.i, 7);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_row_has_its_own_value_and_others_none),
                                     cmocka_unit_test(its_values_are_checked_like_those_of_a_field),
                                     cmocka_unit_test(it_stands_before_a_field_of_its_name)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
