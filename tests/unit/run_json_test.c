#include "testing.h"

#include "base/num.h"
#include "run/json.h"

#include <stdio.h>

static void values_come_back_as_they_were(void **state) {
  (void)state;
  Val list[] = {val_text(STR("A")), val_null(), val_int(3)};
  Val v[] = {val_null(),          val_bool(true),  val_bool(false),  val_int(-7),
             val_dec(162, -3),    val_text(STR("")), val_text(STR("华东 \"仪表\"\\\n\x01")), val_date(day_of(2026, 11, 1)),
             val_days(47),        val_dec(1, 0),   val_months(12),   val_never(),
             val_list(list, 3),   {.t = V_SECS, .e = -1, .u.i = 15}, {.t = V_WINDOW, .u.i = 77}, val_row(3, 42)};
  enum { N = sizeof v / sizeof *v };
  Str name[N];
  char label[N][16];
  for (size_t i = 0; i < N; i++) {
    snprintf(label[i], sizeof label[i], "列%zu", i);
    name[i] = str_of(label[i]);
  }
  Buf b = {0};
  json_object(name, v, N, &b);
  Arena a = {0};
  Str *names;
  Val *back;
  size_t n;
  assert_true(json_read(buf_view(&b), &a, &names, &back, &n));
  assert_int_equal(n, N);
  for (size_t i = 0; i < N; i++) {
    assert_true(str_eq(names[i], name[i]));
    assert_int_equal(back[i].t, v[i].t);
    assert_int_equal(val_order(back[i], v[i]), 0);
  }
  arena_free(&a);
  buf_free(&b);
}

static void other_tools_can_read_it(void **state) {
  (void)state;
  Str name[] = {STR("margin"), STR("quiet"), STR("why"), STR("day")};
  Val v[] = {val_dec(162, -3), val_days(47), val_text(STR("a \"b\"")), val_date(day_of(2026, 2, 3))};
  Buf b = {0};
  json_object(name, v, 4, &b);
  assert_string_equal(b.p, "{\"margin\":0.162,\"quiet\":{\"days\":47},\"why\":\"a \\\"b\\\"\","
                           "\"day\":{\"date\":\"2026-02-03\"}}");
  buf_free(&b);
}

static void broken_text_is_refused(void **state) {
  (void)state;
  static const char *const bad[] = {"",        "{",        "{\"a\"}",  "{\"a\":}",      "{\"a\":1",       "{\"a\":1}x",
                                    "[1]",     "{\"a\":[1,}", "{\"a\":\"x}", "{\"a\":{\"days\":\"x\"}}", "{\"a\":\"\\u12\"}",
                                    "{\"a\":1 }"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Arena a = {0};
    Str *names;
    Val *back;
    size_t n;
    assert_false(json_read(str_of(bad[i]), &a, &names, &back, &n));
    arena_free(&a);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_come_back_as_they_were),
    cmocka_unit_test(other_tools_can_read_it),
    cmocka_unit_test(broken_text_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
