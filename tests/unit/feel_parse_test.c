#include "feel_said.h"

static void operators_bind_as_the_standard_has_them(void **state) {
  (void)state;
  static const Case c[] = {
      {"a or b and c", "(or a (and b c))"},
      {"a + b * c ** d", "(+ a (* b (** c d)))"},
      {"a - b - c", "(- (- a b) c)"},
      {"2 ** 3 ** 2", "(** (** 2 3) 2)"},
      {"-a ** 2", "(** (neg a) 2)"},
      {"-5 + 3", "(+ -5 3)"},
      {"-(5)", "(neg 5)"},
      {"-90d", "-90d"},
      {"- -5", "5"},
      {"a = b and c < d", "(and (= a b) (< c d))"},
      {"(a + b) * c", "(* (+ a b) c)"},
      {"-x.y[1]", "(neg (filter (. x y) 1))"},
      {"x instance of number and y", "(and (instance x number) y)"},
      {"f(1)(2)", "(call (f 1) 2)"},
  };
  CHECK(RULE, c);
}

static void comparisons_know_limits_lists_windows_and_the_unknown(void **state) {
  (void)state;
  static const Case c[] = {
      {"x between 1 and 3 and y", "(and (between x 1 3) y)"},
      {"x in (1, > 5, [7..8))", "(in x 1 (test > 5) (range \"[)\" 7 8))"},
      {"x not in ('a', 'b')", "(not-in x \"a\" \"b\")"},
      {"x in [1..2]", "(in x (range \"[]\" 1 2))"},
      {"x in (1..2)", "(in x (range \"()\" 1 2))"},
      {"x in ]1..2[", "(in x (range \"()\" 1 2))"},
      {"x in [1, 2]", "(in x (list 1 2))"},
      {"x in < 5", "(in x (test < 5))"},
      {"x in (a) + b", "(in x (+ a b))"},
      {"x in (1..2)[1]", "(in x (filter (range \"()\" 1 2) 1))"},
      {"expires in [from..from + 4w]", "(in expires (range \"[]\" from (+ from 28d)))"},
      {"closed in period", "(in closed period)"},
      {"met within 6m and active", "(and (within met 6m) active)"},
      {"surveys[within 12m].score", "(. (filter surveys (within _ 12m)) score)"},
      {"contacts[active and within 6m]", "(filter contacts (and active (within _ 6m)))"},
      {"contacts[active and met within 6m]", "(filter contacts (and active (within met 6m)))"},
      {"x not within 6m", "(not (within x 6m))"},
      {"x not between 1 and 2", "(not (between x 1 2))"},
      {"owner is known", "(known owner)"},
      {"owner is unknown and a", "(and (not (known owner)) a)"},
      {"owner is not known", "(not (known owner))"},
      {"not any(xs) and b", "(and (not (any xs)) b)"},
      {"not(a) = b", "(= (not a) b)"},
      {"not not a", "(not (not a))"},
  };
  CHECK(RULE, c);
}

static void calls_take_names_and_options(void **state) {
  (void)state;
  static const Case c[] = {
      {"rank(x, within g, among a and b)", "(rank x (within g) (among (and a b)))"},
      {"rank(x, within (g))", "(rank x (within g))"},
      {"share_ahead(earned, among earned > 0)", "(share_ahead earned (among (> earned 0)))"},
      {"f(within, among)", "(f within among)"},
      {"churn_risk.top(2)", "(call (. churn_risk top) 2)"},
      {"f()", "(f)"},
      {"f(x: 1, y: a + b)", "(f :x 1 :y (+ a b))"},
      {"rank(value: x, within g)", "(rank :value x (within g))"},
      {"share(mine, file_updated within 1m)", "(share mine (within file_updated 1m))"},
  };
  CHECK(RULE, c);
}

static void values_nest(void **state) {
  (void)state;
  static const Case c[] = {
      {"[]", "(list)"},
      {"[1, [2, 3]]", "(list 1 (list 2 3))"},
      {"{}", "(context)"},
      {"{a: 1, 'b c': 2}.a", "(. (context :a 1 :b c 2) a)"},
      {"if a then b else c + 1", "(if a b (+ c 1))"},
      {"1 + if a then b else c", "(+ 1 (if a b c))"},
      {"for x in xs, y in 1..n return x * y", "(for :x xs :y (range \"[]\" 1 n) (* x y))"},
      {"some x in xs satisfies x > 3", "(some :x xs (> x 3))"},
      {"every x in xs, y in ys satisfies x = y", "(every :x xs :y ys (= x y))"},
      {"function(x: list<number>, y) x + y", "(function x:list<number> y (+ x y))"},
      {"function(x) external {java: {class: 'C'}}", "(external x (context :java (context :class \"C\")))"},
      {"x instance of function<number, string>->boolean", "(instance x function<number, string>->boolean)"},
      {"x instance of context<a: number>", "(instance x context<a: number>)"},
      {"x instance of date and time and y", "(and (instance x date and time) y)"},
      {"@\"2020-01-01\" + @'P1DT2H'", "(+ @\"2020-01-01\" @\"P1DT2H\")"},
      {"lines[x[1] > 2][-1]", "(filter (filter lines (> (filter x 1) 2)) -1)"},
  };
  CHECK(RULE, c);
}

static void the_standard_dialect_joins_names_and_leaves_units_alone(void **state) {
  (void)state;
  static const Case c[] = {
      {"Full Name + \"x\"", "(+ Full Name \"x\")"},
      {"Employee.Full   Name", "(. Employee Full Name)"},
      {"string length(\"abc\") > Loan 1", "(> (string length \"abc\") Loan 1)"},
      {"date and time(\"2020-01-01T00:00:00\")", "(date and time \"2020-01-01T00:00:00\")"},
      {"get or else(a, b)", "(get or else a b)"},
      {"number(from: \"1\", grouping separator: \",\", decimal separator: \".\")",
       "(number :from \"1\" :grouping separator \",\" :decimal separator \".\")"},
      {"for each one in xs return each one * 2", "(for :each one xs (* each one 2))"},
      {"{first name: 1, b: first name + 1}", "(context :first name 1 :b (+ first name 1))"},
      {"{a-b: 1, c: a-b}", "(context :a-b 1 :c a-b)"},
      {"2020-01-01", "(- (- 2020 1) 1)"},
      {"@\"2020-01-01\"", "@\"2020-01-01\""},
      {"@\"nonsense\"", "null"},
      {"(< 5)", "(range \"()\" _ 5)"},
      {"(>= 10)", "(range \"[)\" 10 _)"},
      {"x in (=5)", "(in x (test = 5))"},
      {"'a'", "!1:1 ' means nothing here"},
      {"x instance of days and time duration", "(instance x days and time duration)"},
      {"function(first name: string) first name", "(function first name:string first name)"},
      {"1 < 2 = true", "(= (< 1 2) true)"},
      {"within 5", "within 5"},
      {"is known", "is known"},
  };
  CHECK(STANDARD, c);
}

static void known_names_are_taken_whole_the_longest_first(void **state) {
  (void)state;
  static const Str known[] = {{"a-b", 3}, {"Loan and Risk", 13}, {"Loan", 4}, {"x+y z", 5}};
  static const Case c[] = {
      {"a-b + 1", "(+ a-b 1)"},
      {"a - b", "a-b"},
      {"Loan and  Risk and Loan", "(and Loan and Risk Loan)"},
      {"a-bc", "(- a bc)"},
      {"x + y z * 2", "(* x+y z 2)"},
      {"Loaned", "Loaned"},
  };
  for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
    Arena a = {0};
    Err e = {0};
    Buf b = {0};
    Src src = {.text = str_of(c[i].text), .line = 1, .col = 1};
    Node *x = feel_parse_named(&src, DIALECT_STANDARD, known, 4, &a, &e);
    assert_non_null(x);
    feel_dump(x, &b);
    assert_string_equal(b.p, c[i].want);
    buf_free(&b);
    arena_free(&a);
  }
}

static void a_missing_piece_is_named_where_it_is_missing(void **state) {
  (void)state;
  static const Case c[] = {
      {"", "!1:1 expected a value, but the text ends here"},
      {"tier = ", "!1:8 expected a value, but the text ends here"},
      {"a and", "!1:6 expected a value, but the text ends here"},
      {"a and or b", "!1:7 expected a value, found or"},
      {"tier 'A'", "!1:6 expected an operator (and, or, =, +, …) or the end, found 'A'"},
      {"churn risk > 3",
       "!1:7 expected an operator (and, or, =, +, …) or the end, found risk · a name has no blanks: "
       "churn_risk? A text stands in quotes"},
      {"a AND b", "!1:3 expected an operator (and, or, =, +, …) or the end, found AND · write and"},
      {"(a", "!1:3 expected ) to close the parenthesis, but the text ends here"},
      {"(a, b)", "!1:3 expected ) to close the parenthesis, found , · a list stands in brackets: [1, 2]"},
      {"f(a b)", "!1:5 expected a comma or ) in the arguments, found b"},
      {"xs[]", "!1:4 expected a condition or a position in the brackets, found ]"},
      {"xs[1", "!1:5 expected ] to close the brackets, but the text ends here"},
      {"[1..2", "!1:6 expected ] or ) to close the range, but the text ends here"},
      {"x.", "!1:3 expected a name after the dot, but the text ends here"},
      {"x between 1", "!1:12 expected and (x between low and high), but the text ends here"},
      {"if a then b", "!1:12 expected else (if … then … else …), but the text ends here"},
      {"for x return 1", "!1:7 expected in (for x in list return …), found return"},
      {"1 < x < 3",
       "!1:7 expected and, or or the end, found < · a comparison has two sides; between limits: "
       "x between 1 and 3, or x in [1..3)"},
      {"x is null",
       "!1:6 expected known or unknown, found null · x is known, x is unknown; to compare write x = null"},
      {"f(x: 1, 2)", "!1:9 arguments are given by name or by place, not both"},
      {"{a 1}", "!1:2 expected the name of an entry and a colon: { name: value }, found a"},
      {"x not 3", "!1:7 expected in (x not in (…)), found 3"},
      {"@'soon'",
       "!1:2 soon is no date, time or duration · @\"2026-11-01\", @\"08:30:00\", "
       "@\"2026-11-01T08:30:00\", @\"P90D\", @\"P12M\""},
  };
  CHECK(RULE, c);
}

static void within_is_no_function_and_the_rewrite_is_shown(void **state) {
  (void)state;
  static const Case c[] = {
      {"within(行业, rank(revenue_12m)) <= 3 and tier != 'A'",
       "!1:1 within(…) is no function; a crowd is an option of rank · write  rank(revenue_12m, within 行业) "
       "<= 3"},
      {"a and within(share(x), g) > 5%",
       "!1:7 within(…) is no function; a crowd is an option of share · write  share(x, within g) > 5%"},
      {"f(within(g, rank(x)))",
       "!1:3 within(…) is no function; a crowd is an option of rank · write  rank(x, within g)"},
      {"within(a, b, c)",
       "!1:1 within(…) is no function; a crowd is an option of rank · write  rank(x, within g)"},
      {"1 + within(g, rank(x)) * 2",
       "!1:5 within(…) is no function; a crowd is an option of rank · write  rank(x, within g)"},
      {"within(6m)", "(within _ 6m)"},
      {"met within (6m)", "(within met 6m)"},
  };
  CHECK(RULE, c);
}

static void cells_are_unary_tests(void **state) {
  (void)state;
  static const Case c[] = {
      {"-", "any"},
      {" - ", "any"},
      {"< 5, > 9", "(tests (test < 5) (test > 9))"},
      {"[1..2)", "(tests (range \"[)\" 1 2))"},
      {"(5%..good]", "(tests (range \"(]\" 5% good))"},
      {"]1..2[", "(tests (range \"()\" 1 2))"},
      {"]1..2[, ]3..4[", "(tests (range \"()\" 1 2) (range \"()\" 3 4))"},
      {"]1..xs[1][", "(tests (range \"()\" 1 (filter xs 1)))"},
      {"> good", "(tests (test > good))"},
      {"< -fade", "(tests (test < (neg fade)))"},
      {"-1", "(tests -1)"},
      {"4,5", "(tests 4 5)"},
      {"not(A, B)", "(none-of A B)"},
      {"not(x) and y", "(tests (and (not x) y))"},
      {"not(f(x), [1..2])", "(none-of (f x) (range \"[]\" 1 2))"},
      {"{a.b + 1}", "(tests (+ (. a b) 1))"},
      {"<= {requester.level}", "(tests (test <= (. requester level)))"},
      {"{a: 1}", "(tests (context :a 1))"},
      {"{}", "(tests (context))"},
      {"? > 3 and ? < 5", "(tests (and (> ? 3) (< ? 5)))"},
      {"？ > 3", "(tests (> ? 3))"},
      {"true", "(tests true)"},
      {"null", "(tests null)"},
      {"5%..10%",
       "!1:3 expected an operator (and, or, =, +, …) or the end, found .. · a range stands in brackets: "
       "[1..5], or [1..5) without its end"},
      {"> 5 and < 9",
       "!1:5 expected an operator (and, or, =, +, …) or the end, found and · limits stand in a range, "
       "[5..9); alternatives behind commas: < 5, > 9"},
      {"", "!1:1 blank · write - for \"any\""},
      {"  ", "!1:1 blank · write - for \"any\""},
      {"1,,2", "!1:3 expected a value, found ,"},
      {"<", "!1:2 expected a value, but the text ends here"},
      {"3月5日", "!1:1 \"3月5日\" is no test for a number. A spreadsheet made a date of 3-5 · write [3..5]"},
      {"5-Mar", "!1:1 \"5-Mar\" is no test for a number. A spreadsheet made a date of 3-5 · write [3..5]"},
  };
  CHECK(CELL, c);
}

static void under_text_columns_bare_words_are_values(void **state) {
  (void)state;
  static const Case c[] = {
      {"-", "any"},
      {"A, B", "(tests A B)"},
      {"A，B", "(tests A B)"},
      {"大客户", "(tests 大客户)"},
      {"break-even", "(tests break-even)"},
      {"4h response, named engineer", "(tests 4h response named engineer)"},
      {"3-5", "(tests 3-5)"},
      {"'A, B', \"C\"", "(tests \"A, B\" \"C\")"},
      {"not(A, B)", "(none-of A B)"},
      {"not ( 'x' )", "(none-of \"x\")"},
      {">= director", "(tests (test >= director))"},
      {"≥ 省", "(tests (test >= 省))"},
      {"[director..manager)", "(tests (range \"[)\" director manager))"},
      {"<= {requester.level}", "(tests (test <= (. requester level)))"},
      {"{requester.level}, A", "(tests (. requester level) A)"},
      {"starts_with(?, 'x')", "(tests (starts_with ? \"x\"))"},
      {"null, A", "(tests null A)"},
      {"true", "(tests true)"},
      {"A,,B", "!1:3 expected a value before this place"},
      {"A,", "!1:3 expected a value before this place"},
      {"", "!1:1 blank · write - for \"any\""},
      {"'A",
       "!1:1 this text is never closed · it began with '; close it with the same quote on the same line"},
  };
  CHECK(WORDS, c);
}

static void a_bare_word_is_told_from_a_quoted_one(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Src src = {.text = STR("A, 'B'"), .line = 1, .col = 1};
  Node *x = feel_parse_tests(&src, DIALECT_RULES, true, &a, &e);
  assert_non_null(x);
  assert_int_equal(x->kid[0]->op, LIT_WORD);
  assert_int_equal(x->kid[1]->op, LIT_PLAIN);
  assert_int_equal(x->kid[1]->at, 3);
  assert_int_equal(x->kid[1]->len, 3);
  arena_free(&a);
}

static void templates_hold_expressions_with_formats(void **state) {
  (void)state;
  static const Case c[] = {
      {"earns {margin:%}, it's", "(template \"earns \" (hole margin :2.-1) \", it's\")"},
      {"{missing}", "(template (hole missing))"},
      {"{{x}} {y}", "(template \"{x} \" (hole y))"},
      {"{-worst:¥}", "(template (hole (neg worst) :6.-1))"},
      {"{trust_mean:.1} of 5", "(template (hole trust_mean :8.1) \" of 5\")"},
      {"{ {a: 1}.a }", "(template (hole (. (context :a 1) a)))"},
      {"{f('}')}", "(template (hole (f \"}\")))"},
      {"", "(template)"},
      {"a } b", "(template \"a } b\")"},
      {"{", "!1:1 this { is never closed · a brace itself is written {{"},
      {"ab {x", "!1:4 this { is never closed · a brace itself is written {{"},
      {"{x:%", "!1:1 this { is never closed · a brace itself is written {{"},
      {"{}", "!1:1 nothing stands between the braces · a brace itself is written {{"},
      {"{a b}", "!1:4 expected } to close the expression, found b"},
      {"{a:often}", "!1:4 often is no format · formats: %  +%  万  亿  ¥  d  .1  pts  bars  date"},
  };
  CHECK(TEMPLATE, c);
}

static void columns_have_formats_and_titles(void **state) {
  (void)state;
  static const Case c[] = {
      {"code, owner.name", "code \"code\" ; (. owner name) \"owner\""},
      {"earned:万, earned:万 as 利润", "earned :万 \"earned, 万\" ; earned :万 \"利润\""},
      {"ago(profit_type, 1m) as was", "(ago profit_type 1m) \"was\""},
      {"share(count):%, churn_risk.top(2) as drivers",
       "(share count) :% \"share(count)\" ; (call (. churn_risk top) 2) \"drivers\""},
      {"-sum(at_risk), -a - b", "(neg (sum at_risk)) \"-sum(at_risk)\" ; (- (neg a) b) \"-a - b\""},
      {"a as 'x, y'，b as two words", "a \"x, y\" ; b \"two words\""},
      {"rank(kpi, within department) as rank, kpi.parts:bars",
       "(rank kpi (within department)) \"rank\" ; (. kpi parts) :bars \"kpi.parts\""},
      {"", "!1:1 expected a column, but the text ends here"},
      {"a,", "!1:3 expected a column, but the text ends here"},
      {"a,,b", "!1:3 expected a column, found ,"},
      {"a b",
       "!1:3 expected an operator (and, or, =, +, …) or the end, found b · a name has no blanks: a_b? A text "
       "stands in quotes"},
      {"a as", "!1:5 expected a title behind as"},
      {"a:", "!1:3 a colon without a format · formats: %  +%  万  亿  ¥  d  .1  pts  bars  date"},
  };
  CHECK(COLUMNS, c);
}

/* Repeats a piece until the text would be `n` deep. */
static char *repeated(How how, const char *before, const char *piece, const char *after, int n) {
  Buf b = {0};
  buf_puts(&b, before);
  for (int i = 0; i < n; i++) buf_puts(&b, piece);
  buf_puts(&b, after);
  char *got = said(how, buf_view(&b));
  buf_free(&b);
  return got;
}

static void deep_nesting_is_an_error_not_a_crash(void **state) {
  (void)state;
  static const char *const pieces[] = {
      "(",          "[",    "-",      "not ", "{a:",       "f(",         "xs[",
      "if a then ", "]",    "x.y(",   "]1..", "within(a,", "some x in ", "function(x) ",
      "a ** -",     "not(", "x in (", "(< ",  "x in < (",  "[1..",       "within within(",
      "x[1]",       ".a"};
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
    for (int how = RULE; how <= COLUMNS; how++) {
      char *got = repeated((How)how, how == TEMPLATE ? "{" : "", pieces[i], "1", 40000);
      mem_free(got);
    }
  char *got = repeated(RULE, "", "(", "1", 40000);
  assert_string_equal(got, "!1:201 nested deeper than 200 levels: split the rule");
  mem_free(got);
  got = repeated(RULE, "a", " + a", "", 5000);
  assert_string_equal(got, "!1:1 a rule of more than 1000 steps in a row: split it");
  mem_free(got);
  got = repeated(RULE, "x instance of ", "list<", "", 5000);
  assert_memory_equal(got, "!1:", 3);
  mem_free(got);
  got = repeated(RULE, "", "                    ", "1", 60000);
  assert_string_equal(got, "!1:1 a rule of 1200001 bytes; the longest is 1048576");
  mem_free(got);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(operators_bind_as_the_standard_has_them),
      cmocka_unit_test(comparisons_know_limits_lists_windows_and_the_unknown),
      cmocka_unit_test(calls_take_names_and_options),
      cmocka_unit_test(values_nest),
      cmocka_unit_test(the_standard_dialect_joins_names_and_leaves_units_alone),
      cmocka_unit_test(known_names_are_taken_whole_the_longest_first),
      cmocka_unit_test(a_missing_piece_is_named_where_it_is_missing),
      cmocka_unit_test(within_is_no_function_and_the_rewrite_is_shown),
      cmocka_unit_test(cells_are_unary_tests),
      cmocka_unit_test(under_text_columns_bare_words_are_values),
      cmocka_unit_test(a_bare_word_is_told_from_a_quoted_one),
      cmocka_unit_test(templates_hold_expressions_with_formats),
      cmocka_unit_test(columns_have_formats_and_titles),
      cmocka_unit_test(deep_nesting_is_an_error_not_a_crash),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
