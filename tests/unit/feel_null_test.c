#include "feel_fake.h"

#include "feel/func.h"

static const char *value_of(char letter, bool null) {
  switch (letter) {
    case 'n': return null ? "none_n" : "2";
    case 't': return null ? "none_t" : "'ab'";
    case 'b': return null ? "none_b" : "true";
    case 'd': return null ? "none_d" : "2026-01-02";
    case 'u': return null ? "none_u" : "3d";
    case 'l': case 'm': return null ? "none_l" : "[1, 2]";
    default: return null ? "none_n" : "2";
  }
}

static Fake *nothing(void) {
  Fake *f = fake_new();
  fake_num(f, ACCOUNT, "none_n", UNIT_NONE);
  fake_text(f, ACCOUNT, "none_t", NULL);
  fake_of(f, ACCOUNT, "none_b", T_BOOL);
  fake_of(f, ACCOUNT, "none_d", T_DATE);
  fake_of(f, ACCOUNT, "none_u", T_SECS);
  fake_of(f, ACCOUNT, "none_l", T_LIST);
  fake_row(f, ACCOUNT, "C1");
  return f;
}

static void every_function_of_null_is_null(void **s) {
  (void)s;
  Fake *f = nothing();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  size_t n, asked = 0;
  const Func *fn = func_list(&n);
  for (size_t i = 0; i < n; i++) {
    if (!fn[i].fn || fn[i].nulls) continue;
    size_t np = 0;
    char letter[8];
    for (const char *p = fn[i].params; *p; p++)
      if (*p != '?' && *p != '+') letter[np++] = *p;
    if (strcmp(fn[i].name, "range") == 0 || strcmp(fn[i].name, "string_join") == 0 ||
        strcmp(fn[i].name, "share_true") == 0)
      continue;
    for (size_t k = 0; k < np; k++) {
      Buf b = {0};
      buf_printf(&b, "%s(", fn[i].name);
      for (size_t j = 0; j < np; j++) buf_printf(&b, "%s%s", j ? ", " : "", value_of(letter[j], j == k));
      buf_char(&b, ')');
      char *got = fake_ask(f, r, "account", b.p, WANT_ANY);
      if (strcmp(got, "null") != 0) fail_msg("%s gives %s", b.p, got);
      asked++;
      mem_free(got);
      buf_free(&b);
    }
  }
  assert_true(asked > 80);
  rules_free(r);
  fake_free(f);
}

static void every_operator_of_null_is_null(void **s) {
  (void)s;
  static const char *const null[] = {"none_n + 1",
                                     "1 + none_n",
                                     "none_n - 1",
                                     "none_n * 0",
                                     "none_n / 1",
                                     "0 / none_n",
                                     "none_n ** 2",
                                     "-none_n",
                                     "none_n = 1",
                                     "none_n != 1",
                                     "none_n < 1",
                                     "none_n <= 1",
                                     "none_n > 1",
                                     "none_n >= 1",
                                     "none_n = none_n + 1",
                                     "none_t = 'a'",
                                     "none_t != 'a'",
                                     "none_t + 'a'",
                                     "none_b and true",
                                     "true and none_b",
                                     "none_b or false",
                                     "false or none_b",
                                     "not(none_b)",
                                     "none_n between 1 and 2",
                                     "1 between none_n and 2",
                                     "1 between 0 and none_n",
                                     "none_n in [1..2]",
                                     "none_n not in [1..2]",
                                     "1 in [none_n..2]",
                                     "none_n in (1, 2)",
                                     "none_n not in (1, 2)",
                                     "none_t in ('a')",
                                     "1 in (2, none_n)",
                                     "1 not in (2, none_n)",
                                     "none_d + 1m",
                                     "2026-01-01 + none_u",
                                     "none_d - 2026-01-01",
                                     "none_d within 12m",
                                     "none_d > 2026-01-01",
                                     "none_u > 3d",
                                     "none_u * 2",
                                     "none_u + 1d",
                                     "if none_b then 1 else 2",
                                     "none_l[1]",
                                     "none_l[item > 1]",
                                     "for x in none_l return x",
                                     "some x in none_l satisfies x > 1",
                                     "every x in none_l satisfies x > 1",
                                     "[1, none_n][2]",
                                     "owner.name",
                                     "owner.level > '省'",
                                     "1 in none_l",
                                     "none_n in none_l",
                                     "none_l = [1]",
                                     "sum([1, none_n])",
                                     "min([1, none_n])",
                                     "mean([1, none_n])",
                                     "any([false, none_b])",
                                     "all([true, none_b])",
                                     "ago(none_n, 1m)",
                                     "rank(none_n)",
                                     "share(none_n)",
                                     "classes(none_n, 5)",
                                     "zscore(none_n)",
                                     "last(satisfaction)",
                                     "mean(satisfaction, all)",
                                     "scale(none_n, 0, 1)",
                                     "default(none_n, none_n + 1)",
                                     "none_d.year",
                                     "yoy(none_n)",
                                     "if true then none_n else 1"};
  static const char *const not_null[] = {"none_n = null",
                                         "none_n is unknown",
                                         "known(none_n) = false",
                                         "default(none_n, 0) = 0",
                                         "none_b or true",
                                         "true or none_b",
                                         "(none_b and false) = false",
                                         "(false and none_b) = false",
                                         "1 in (1, none_n)",
                                         "count([none_n]) = 1",
                                         "any([true, none_b])",
                                         "all([false, none_b]) = false",
                                         "1 in [none_n..0] = false",
                                         "sum(owner.accounts.headcount) = null",
                                         "count(contacts) = 0",
                                         "list_contains([1, none_n], none_n)",
                                         "string(none_n) = 'null'",
                                         "days_since(orders) > 100000"};
  Fake *f = nothing();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  int wrong = 0;
  for (size_t i = 0; i < sizeof null / sizeof *null; i++) {
    char *got = fake_ask(f, r, "account", null[i], WANT_ANY);
    if (strcmp(got, "null") != 0) print_error("%s gives %s\n", null[i], got), wrong++;
    mem_free(got);
  }
  for (size_t i = 0; i < sizeof not_null / sizeof *not_null; i++) {
    char *got = fake_ask(f, r, "account", not_null[i], WANT_ANY);
    if (strcmp(got, "true") != 0) print_error("%s gives %s\n", not_null[i], got), wrong++;
    mem_free(got);
  }
  rules_free(r);
  fake_free(f);
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_function_of_null_is_null),
      cmocka_unit_test(every_operator_of_null_is_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
