#include "testing.h"

#include "feel/block.h"

#include <string.h>

/* "line:col name|type|rule|about" a definition, or the error as one line. */
static char *split(const char *text, int col) {
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  Def *d;
  size_t n;
  Src src = {.text = str_of(text), .file = "p.lua", .line = 10, .col = col};
  if (block_defs(&src, &a, &d, &n, &e)) {
    for (size_t i = 0; i < n; i++)
      buf_printf(&b, "%s%d:%d %.*s|%.*s|%.*s|%.*s", i ? "\n" : "",
                 d[i].rule.text.n ? d[i].rule.line : d[i].name.line,
                 d[i].rule.text.n ? d[i].rule.col : d[i].name.col, STR_ARG(d[i].name.text),
                 STR_ARG(d[i].type.text), STR_ARG(d[i].rule.text), STR_ARG(d[i].about));
  } else {
    buf_printf(&b, "!%d:%d %s", e.line, e.col, e.what);
    if (e.todo) buf_printf(&b, " · %s", e.todo);
  }
  err_free(&e);
  arena_free(&a);
  return buf_take(&b);
}

typedef struct Case {
  const char *text, *want;
} Case;

static void check(const Case *c, size_t n) {
  for (size_t i = 0; i < n; i++) {
    char *got = split(c[i].text, 1);
    assert_string_equal(got, c[i].want);
    mem_free(got);
  }
}
#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static void a_definition_has_name_type_rule_and_about(void **state) {
  (void)state;
  static const Case c[] = {
      {"window = 12m     // how far back", "10:10 window||12m|how far back"},
      {"earned : ¥ = sum(profit, window)", "10:14 earned|¥|sum(profit, window)|"},
      {"last_save: d = days_since(x)", "10:16 last_save|d|days_since(x)|"},
      {"kept     : % = a / b", "10:16 kept|%|a / b|"},
      {"from  : date     = next_monday(as_of)", "10:20 from|date|next_monday(as_of)|"},
      {"who : account | filter = \"tier = 'A'\"  // --set",
       "10:26 who|account | filter|\"tier = 'A'\"|--set"},
      {"by = 'quantile'  in ['quantile', 'ntile']  // cut",
       "10:6 by||'quantile'  in ['quantile', 'ntile']|cut"},
      {"profit_type : one of P1, P2 // 盈利类型", "10:1 profit_type|one of P1, P2||盈利类型"},
      {"quote.审批人 : ranked 总部, 省", "10:1 quote.审批人|ranked 总部, 省||"},
      {"relation : number 0..100", "10:1 relation|number 0..100||"},
      {"年收入 ： ¥ ＝ sum(x)", "10:11 年收入|¥|sum(x)|"},
      {"same = if a.account = b.account then 'x' else 'y'",
       "10:8 same||if a.account = b.account then 'x' else 'y'|"},
      {"predict = churn_risk >= red", "10:11 predict||churn_risk >= red|"},
      {"ctx = {a: 1, b: x = 2}", "10:7 ctx||{a: 1, b: x = 2}|"},
  };
  CHECK(c);
}

static void comments_stand_outside_quotes(void **state) {
  (void)state;
  static const Case c[] = {
      {"a = 'http://x' // it's so", "10:5 a||'http://x'|it's so"},
      {"a = “b // c” // d", "10:5 a||“b // c”|d"},
      {"a = 'open // then", "10:5 a||'open|then"},
      {"// only a comment\n\n  // and one more\na = 1", "13:5 a||1|"},
      {"", ""},
  };
  CHECK(c);
}

static void a_deeper_line_continues(void **state) {
  (void)state;
  static const Case c[] = {
      {"  a = 1 // x\n    + 2 // y\n\n    + 3\n  b = 4",
       "10:7 a||1 // x\n    + 2 // y\n\n    + 3|x y\n14:7 b||4|"},
      {"a =\n  1 + 2\nb = 3", "11:3 a||1 + 2|\n12:5 b||3|"},
      {"  a = 1\nb = 2", "10:7 a||1|\n11:5 b||2|"},
      {"\ta = 1\n        + 2\n\tb = 3",
       "!11:9 this line defines nothing · a definition is  name = rule  or  name : type = "
       "rule; a line that continues one stands deeper"},
      {"a = f(\n  1\n)",
       "!12:1 this line defines nothing · a definition is  name = rule  or  name : type = rule; a line "
       "that continues one stands deeper"},
  };
  CHECK(c);
}

static void a_block_that_begins_behind_its_bracket_keeps_its_columns(void **state) {
  (void)state;
  char *got = split(" a = 1\n            b = 2\n              + 3", 12);
  assert_string_equal(got, "10:17 a||1|\n11:17 b||2\n              + 3|");
  mem_free(got);
}

static void what_is_no_definition_is_an_error_at_its_place(void **state) {
  (void)state;
  static const Case c[] = {
      {"churn_rate",
       "!10:1 this line defines nothing · a definition is  name = rule  or  name : type = rule; a line that "
       "continues one stands deeper"},
      {"= 5", "!10:1 expected a name before this sign"},
      {"a = ", "!10:3 expected a rule behind ="},
      {"a : = 5", "!10:3 expected a type or unit behind the colon"},
      {"a b = 5", "!10:1 a b is no name · a name is letters of any script, digits and _, without blanks"},
      {"2a = 5", "!10:1 2a is no name · a name is letters of any script, digits and _, without blanks"},
      {"a = 1\nb = 2\na = 3",
       "!12:1 a is defined twice, in line 10 and in line 12 · choose another name for one of them"},
  };
  CHECK(c);
}

static void brackets_that_close_their_own_block_are_found(void **state) {
  (void)state;
  Src src = {.text = STR("x = \"[[\" -- [[ a [ comment ]]\n--[[ b [ ]] return { metrics = [[\n  a = 1\n"
                         "  urgent = any(quotes[expires in [from..from + 4w]])\n]] }"),
             .file = "v.lua",
             .line = 1,
             .col = 1};
  Err e = {0};
  Buf b = {0};
  assert_false(block_closed_early(&src, &e));
  err_print(&e, &b);
  assert_string_equal(b.p,
                      "v.lua:4:50: the block opened with [[ on line 2 ended here, at \"]]\" inside a rule\n"
                      "    urgent = any(quotes[expires in [from..from + 4w]])\n"
                      "                                                   ^^\n"
                      "  open it with [=[ and close it with ]=]  (pareto new writes blocks so)\n");
  buf_free(&b);
  err_free(&e);
  src.text = STR("return { args = [[ r in [1..2) // b ]], metrics = [[\n a = xs[1]\n b = [1..2)\n]] }");
  assert_true(block_closed_early(&src, &e));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_definition_has_name_type_rule_and_about),
      cmocka_unit_test(comments_stand_outside_quotes),
      cmocka_unit_test(a_deeper_line_continues),
      cmocka_unit_test(a_block_that_begins_behind_its_bracket_keeps_its_columns),
      cmocka_unit_test(what_is_no_definition_is_an_error_at_its_place),
      cmocka_unit_test(brackets_that_close_their_own_block_are_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
