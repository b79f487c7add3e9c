#include "feel_standard.h"

static void iterations(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"for x in [1, 2] return x * 2", "[2, 4]"},
      {"for x in [] return x", "[]"},
      {"for x in null return x", "null"},
      {"for x in 5 return x + 1", "[6]"},
      {"for i in 1..3 return i", "[1, 2, 3]"},
      {"for i in 3..1 return i", "[3, 2, 1]"},
      {"for i in 1..1 return i", "[1]"},
      {"for i in (1..4) return i", "[2, 3]"},
      {"for i in [3..1] return i", "null"}, /* steps may go down, a range may not */
      {"for i in [1..3] return i", "[1, 2, 3]"},
      {"for i in 1..\"3\" return i", "null"},
      {"for i in 1..null return i", "null"},
      {"for d in @\"2020-02-28\"..@\"2020-03-01\" return d.day", "[28, 29, 1]"},
      {"for x in [1, 2], y in [3, 4] return x * y", "[3, 4, 6, 8]"},
      {"for x in [[1, 2], [3]], y in x return y", "[1, 2, 3]"},
      {"for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"},
      {"for x in [1, \"a\"] return x + 1", "[2, null]"},
      {"some x in [1, 2] satisfies x > 1", "true"},
      {"some x in [1, 2] satisfies x > 2", "false"},
      {"some x in [1, null] satisfies x > 2", "null"},
      {"some x in [] satisfies true", "false"},
      {"some x in null satisfies true", "null"},
      {"some x in [1, 2], y in [2, 3] satisfies x = y", "true"},
      {"every x in [1, 2] satisfies x > 0", "true"},
      {"every x in [1, null] satisfies x > 0", "null"},
      {"every x in [1, null, -1] satisfies x > 0", "false"},
      {"every x in [] satisfies false", "true"},
      {"every x in 5 satisfies x = 5", "true"},
      {"(for f in [function(x) x + 1] return f(1))[1]", "2"},
      {"(for i in 1..3 return function() i)[2]()", "2"},
  };
  hold(claim);
}

static void filters(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"[1, 2, 3][2]", "2"},
      {"[1, 2, 3][-1]", "3"},
      {"[1, 2, 3][0]", "null"},
      {"[1, 2, 3][4]", "null"},
      {"[1, 2, 3][1 + 1]", "2"},
      {"[][1]", "null"},
      {"[1, 2, 3][item > 1]", "[2, 3]"},
      {"[{x: 1, y: 2}, {x: null, y: 3}][x < 2]", "[{x: 1, y: 2}]"},
      {"[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]"},
      {"[{x: 1}, {y: 2}][y > 1]", "[{y: 2}]"},
      {"[1, 2][null]", "[]"},
      {"[1, 2][\"a\"]", "[]"},
      {"[][item > 1]", "[]"},
      {"5[1]", "5"},
      {"5[item > 1]", "[5]"},
      {"5[item > 5]", "[]"},
      {"null[1]", "null"},
      {"{a: [10, 20], i: 2, r: a[i]}.r", "20"},
      {"{a: [{b: 1, c: 2}, {b: 2, c: 3}], k: 2, r: a[b = k].c}.r", "[3]"},
      {"[[1, 2], [3]][2][1]", "3"},
  };
  hold(claim);
}

static void contexts_and_functions(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"{a: 1, b: a + 1, c: {d: b}}.c.d", "2"},
      {"{\"a b\": 1}.a b", "1"},
      {"{a b: 1, c: a b + 1}.c", "2"},
      {"{a-b: 5, c: a-b + 1}.c", "6"},
      {"{a: 1, a: 2}", "null"},
      {"{\"\": 1} = {\"\": 1}", "true"},
      {"(function(x, y) x - y)(3, 1)", "2"},
      {"(function(x, y) x - y)(y: 1, x: 3)", "2"},
      {"(function(x, y) y)(x: 3)", "null"},
      {"(function(x) x)(1, 2)", "null"},
      {"(function(x, y) 1)(1)", "null"},
      {"(function(x) 1)(z: 1)", "null"},
      {"(function(x: number) x)(\"a\")", "null"},
      {"(function(x: number) 1)(null)", "1"},
      {"(function(x: number) x)([1])", "1"},
      {"(function(x: list<number>) x)(1)", "[1]"},
      {"(function(x: date and time) x)(@\"2020-01-01\")", "@\"2020-01-01T00:00:00Z\""},
      {"(function(x: unheard of) x)(1)", "null"},
      {"{add: function(n) function(m) n + m, r: add(1)(2)}.r", "3"},
      {"{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(20)}.r", "2432902008176640000"},
      {"{x: 1, f: function() x, r: (for x in [5] return f())[1]}.r", "1"},
      {"(function(x) external {java: {class: \"java.lang.Math\", method signature: \"cos(double)\"}})(0)",
       "null"},
      {"1(2)", "null"},
      {"null()", "null"},
      {"{f: 1}.f(2)", "null"},
  };
  hold(claim);
}

static void instances(void **state) {
  (void)state;
  static const Claim claim[] = {
      {"1 instance of number", "true"},
      {"1 instance of string", "false"},
      {"1 instance of Any", "true"},
      {"null instance of Any", "false"},
      {"null instance of Null", "true"},
      {"null instance of number", "false"},
      {"\"a\" instance of string", "true"},
      {"true instance of boolean", "true"},
      {"@\"2020-01-01\" instance of date", "true"},
      {"@\"2020-01-01\" instance of date and time", "false"},
      {"@\"2020-01-01T00:00:00\" instance of date and time", "true"},
      {"@\"10:00:00\" instance of time", "true"},
      {"@\"P1D\" instance of days and time duration", "true"},
      {"@\"P1D\" instance of years and months duration", "false"},
      {"[1, 2] instance of list<number>", "true"},
      {"[1, \"a\"] instance of list<number>", "false"},
      {"[1, \"a\"] instance of list<Any>", "true"},
      {"[] instance of list<string>", "true"},
      {"[[1]] instance of list<list<number>>", "true"},
      {"1 instance of list<number>", "false"},
      {"1 instance of list", "null"},
      {"{a: 1, b: 2} instance of context<a: number>", "true"},
      {"{b: 2} instance of context<a: number>", "false"},
      {"{a: \"x\"} instance of context<a: number>", "false"},
      {"{a: 1} instance of context", "true"},
      {"[1..2] instance of range<number>", "true"},
      {"[\"a\"..\"b\"] instance of range<number>", "false"},
      {"(function(x: number) x) instance of function<number>->Any", "true"},
      {"(function(x: number) x) instance of function<string>->Any", "false"},
      {"(function(x) x) instance of function<number, number>->Any", "false"},
      {"(function() \"a\") instance of function<>->string", "true"},
      {"(function() \"a\") instance of function<>->number", "false"},
      {"1 instance of unheard of", "null"},
      {"(function() 1) instance of function<>->Any", "true"},
      {"(function() function() 1) instance of function<>->function<>->number", "true"},
      {"1 + 1 instance of number", "null"},
      {"(1 + 1) instance of number", "true"},
  };
  hold(claim);
}

static Val test_of(const char *text, const char *input, Arena *a) {
  Err e = {0};
  Src src = {.text = str_of(text), .line = 1, .col = 1};
  Val v = value_of(input, NULL, a, &e);
  Node *x = standard_parse_tests(&src, NULL, 0, a, &e);
  assert_non_null(x);
  Standard s = standard_at(a, &e);
  Val in = standard_test(&s, x, v, NULL);
  assert_int_equal(e.kind, ERR_NONE);
  return in;
}

static void unary_tests(void **state) {
  (void)state;
  static const struct { const char *tests, *input; int is; /* 1, 0, -1: null */ } claim[] = {
      {"-", "null", 1},          {"1", "1", 1},             {"1", "2", 0},
      {"1, 2", "2", 1},          {"not(1, 2)", "2", 0},     {"not(1, 2)", "3", 1},
      {"< 5", "4", 1},           {"< 5", "5", 0},           {"< 5", "null", -1},
      {"< 5, > 8", "9", 1},      {"[1..5)", "5", 0},        {"[1..5), 5", "5", 1},
      {"not([1..5])", "3", 0},   {"not(< 5)", "null", -1},  {"null", "null", 1},
      {"null", "1", 0},          {"not(null)", "1", 1},     {"true", "true", 1},
      {"true", "false", 0},      {"false", "false", 1},     {"? > 3", "5", 1},
      {"? > 3", "1", 0},         {"? = false", "false", 1}, {"? = true", "false", 0},
      {"[1, 2]", "2", 1},        {"[1, 2]", "[1, 2]", 1},   {"\"a\", \"b\"", "\"b\"", 1},
      {"< 5", "\"a\"", -1},      {"count(?) > 1", "[1, 2]", 1}, {"1 < 2", "5", 1},
      {"@\"2020-01-01\"", "@\"2020-01-01\"", 1}, {"< @\"2020-01-01\"", "@\"2019-01-01\"", 1},
      {"not(? > 3)", "5", 0},    {"(< 5), 7", "7", 1},      {"= 5", "5", 1},
      {"!= 5", "5", 0},          {"!= 5", "6", 1},
  };
  for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
    Arena a = {0};
    Val v = test_of(claim[i].tests, claim[i].input, &a);
    int is = v.t == V_BOOL ? (int)v.u.i : -1;
    if (is != claim[i].is) fail_msg("%s of %s is %d", claim[i].tests, claim[i].input, is);
    arena_free(&a);
  }
}

static Val doubled(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  assert_int_equal(n, f->nparam);
  assert_string_equal((const char *)f->ctx, "ctx");
  Val sum = val_null(), both[] = {arg[0], arg[0]}, add;
  assert_true(standard_builtin(STR("sum"), &add));
  sum = standard_call(s, add, both, NULL, 2);
  return sum;
}

static void a_host_gives_names_values_and_functions(void **state) {
  (void)state;
  Arena a = {0};
  const Str param[] = {STR("a number")};
  const StdType *type[] = {standard_builtin_type(STR("number"))};
  StdFunc f = {.name = STR("double it"), .nparam = 1, .param = param, .type = type,
               .result = type[0], .call = doubled, .ctx = "ctx"};
  ValEntry inner[] = {{STR("net - price"), val_int(7)}, {STR("tax/duty"), val_int(2)}};
  ValEntry entry[] = {{STR("Order Total"), val_int(40)},
                      {STR("double it"), standard_func(&f)},
                      {STR("the order"), standard_context(inner, 2, &a)},
                      {STR("sum"), val_int(3)}};
  Scope scope = {.entry = entry, .n = 4, .kept = true};
  assert_true(same("Order Total + 2", "42", &scope));
  assert_true(same("Order   Total+2", "42", &scope));
  assert_true(same("double it(Order Total)", "80", &scope));
  assert_true(same("double it(a number: 4)", "8", &scope));
  assert_true(same("double it(\"4\")", "null", &scope));
  assert_true(same("double it(1, 2)", "null", &scope));
  assert_true(same("the order.net - price", "7", &scope));
  assert_true(same("the order.net-price + the order.tax/duty", "9", &scope));
  assert_true(same("sum + 1", "4", &scope));
  assert_true(same("for Order Total in [1] return Order Total", "[1]", &scope));
  arena_free(&a);
}

static const StdType *find_type(void *ctx, Str name) { return str_is(name, "a grade") ? ctx : NULL; }

static void values_are_held_against_types(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Src tests = {.text = STR("1, 2, 3")};
  StdType grade = {.kind = STD_NUMBER, .name = STR("a grade")};
  grade.allowed = standard_parse_tests(&tests, NULL, 0, &a, &e);
  StdTypes types = {find_type, &grade};
  const StdType *list = standard_type(STR("list<a grade>"), &types, &a);
  assert_non_null(list);
  assert_null(standard_type(STR("list<a grade"), &types, &a));
  assert_null(standard_type(STR("list<other>"), &types, &a));
  assert_null(standard_type(STR("context<a: number> x"), &types, &a));
  assert_non_null(standard_type(STR("function<number, list<string>>->date and time"), &types, &a));
  Standard s = standard_at(&a, &e);
  s.types = &types;
  Val three = val_int(3), four = val_int(4), both[] = {three, four};
  assert_true(standard_conforms(&s, three, &grade, NULL));
  assert_false(standard_conforms(&s, four, &grade, NULL));
  assert_true(standard_same(standard_coerce(&s, val_list(&three, 1), &grade, NULL), three));
  assert_int_equal(standard_coerce(&s, four, &grade, NULL).t, V_NULL);
  assert_non_null(strstr(noted, "a grade"));
  assert_true(standard_same(standard_coerce(&s, three, list, NULL), val_list(&three, 1)));
  assert_int_equal(standard_coerce(&s, val_list(both, 2), list, NULL).t, V_NULL);
  assert_int_equal(standard_coerce(&s, val_null(), list, NULL).t, V_NULL);
  assert_true(standard_same(standard_coerce(&s, four, NULL, NULL), four));
  arena_free(&a);
}

static void typed_texts_are_read(void **state) {
  (void)state;
  static const struct { const char *type, *text, *as; } claim[] = {
      {"xsd:string", " a ", "\" a \""},     {"xsd:decimal", "1.50", "1.5"},
      {"xsd:double", "1e3", "1000"},        {"xsd:boolean", "true", "true"},
      {"xs:date", "2020-01-01", "@\"2020-01-01\""},
      {"xsd:dateTime", "2020-01-01T00:00:00Z", "@\"2020-01-01T00:00:00Z\""},
      {"xsd:time", "10:00:00", "@\"10:00:00\""},
      {"xsd:duration", "P1M", "@\"P1M\""},  {"xsd:duration", "P1D", "@\"P1D\""},
      {"number", "+7", "7"},                {"years and months duration", "P1Y", "@\"P1Y\""},
  };
  Arena a = {0};
  Err e = {0};
  Val v;
  for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
    assert_true(standard_read(str_of(claim[i].type), str_of(claim[i].text), &a, &v));
    assert_true(standard_same(v, value_of(claim[i].as, NULL, &a, &e)));
  }
  assert_false(standard_read(STR("xsd:decimal"), STR("x"), &a, &v));
  assert_false(standard_read(STR("xsd:boolean"), STR("yes"), &a, &v));
  assert_false(standard_read(STR("xsd:date"), STR("10:00:00"), &a, &v));
  assert_false(standard_read(STR("xsd:date"), STR("2020-02-30"), &a, &v));
  assert_false(standard_read(STR("xsd:colour"), STR("red"), &a, &v));
  arena_free(&a);
}

static void a_null_says_why(void **state) {
  (void)state;
  static const struct { const char *text, *why; } claim[] = {
      {"1 + \"a\"", "the sum of number and string"},     {"nothing", "nothing called nothing"},
      {"f(1)", "no function f"},                         {"sum(\"a\")", "holds a string"},
      {"@\"x\"", "no date"},                             {"{a: 1, a: 2}", "two entries called a"},
      {"[1][2]", "none at this place"},                  {"abs(\"a\")", "abs does not take (string)"},
      {"1 < \"a\"", "do not compare"},                   {"{a: 1}.b", "has no b"},
      {"1 / 0", "division by zero"},
  };
  for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
    Arena a = {0};
    Err e = {0};
    assert_int_equal(value_of(claim[i].text, NULL, &a, &e).t, V_NULL);
    if (!strstr(noted, claim[i].why)) fail_msg("%s: %s", claim[i].text, noted);
    arena_free(&a);
  }
}

static void work_without_end_ends_with_an_error(void **state) {
  (void)state;
  static const struct { const char *text, *why; } claim[] = {
      {"{f: function(n) f(n) + 1, r: f(1)}.r", "does this ever end"},
      {"{f: function(n) sort([1, 2], function(x, y) f(n)), r: f(1)}.r", "does this ever end"},
      {"count(for i in 1..100000000 return i)", "does it ever end"},
      {"count(for i in 1..1000000000000 return i)", ""},
      {"for i in 1..100000 return [partial[-1]]", "without end"},
      {"for i in 1..100000 return {a: partial[-1]}", "without end"},
      {"for i in 1..100000 return append([], partial[-1])", "without end"},
      {"count((for i in 1..40 return [partial[-1], partial[-1]]) = "
       "(for i in 1..40 return [partial[-1], partial[-1]]))",
       "does it ever end"},
      {"for i in 1..60 return if i = 1 then \"aaaaaaaaaaaaaaaa\" else partial[-1] + partial[-1]",
       "too much memory"},
      {"replace((for i in 1..16 return if i = 1 then \"aaaaaaaa\" else partial[-1] + partial[-1])[-1], \"a\","
       "(for i in 1..16 return if i = 1 then \"bbbbbbbb\" else partial[-1] + partial[-1])[-1])",
       "too much memory"},
      {"string join(for i in 1..100000 return \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", "
       "(for i in 1..14 return if i = 1 then \"bbbbbbbb\" else partial[-1] + partial[-1])[-1])",
       "too much memory"},
  };
  for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
    Arena a = {0};
    Err e = {0};
    Src src = {.text = str_of(claim[i].text), .line = 1, .col = 1};
    Node *x = standard_parse(&src, NULL, 0, &a, &e);
    assert_non_null(x);
    Standard s = standard_at(&a, &e);
    s.steps = 2000000;
    s.memory = 64 << 20;
    assert_int_equal(standard_eval(&s, x, NULL).t, V_NULL);
    bool said = e.kind && strstr(e.what, claim[i].why);
    if (*claim[i].why && !said) fail_msg("%s: %s", claim[i].text, e.what);
    err_free(&e);
    arena_free(&a);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(iterations),
      cmocka_unit_test(filters),
      cmocka_unit_test(contexts_and_functions),
      cmocka_unit_test(instances),
      cmocka_unit_test(unary_tests),
      cmocka_unit_test(a_host_gives_names_values_and_functions),
      cmocka_unit_test(values_are_held_against_types),
      cmocka_unit_test(typed_texts_are_read),
      cmocka_unit_test(a_null_says_why),
      cmocka_unit_test(work_without_end_ends_with_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
