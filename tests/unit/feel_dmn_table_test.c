/* Decision tables of DMN models: every hit policy, and what a cell can test. */
#include "dmn_model.h"

#include <string.h>

/* Three rules over a number: < 5 gives the first output, [3..8] the second, > 7 the third. */
static const char *policy_table(Arena *a, const char *policy, const char *out1, const char *out2,
                                const char *out3, const char *output) {
  return arena_printf(
    a,
    "<inputData id='n' name='n'><variable name='n' typeRef='number'/></inputData>"
    "<decision id='d' name='d'><variable name='d'/>"
    "<informationRequirement><requiredInput href='#n'/></informationRequirement>"
    "<decisionTable hitPolicy='%s'><input><inputExpression><text>n</text></inputExpression></input>"
    "<output>%s</output>"
    "<rule><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>%s</text></outputEntry></rule>"
    "<rule><inputEntry><text>[3..8]</text></inputEntry><outputEntry><text>%s</text></outputEntry></rule>"
    "<rule><inputEntry><text>&gt; 7</text></inputEntry><outputEntry><text>%s</text></outputEntry></rule>"
    "</decisionTable></decision>",
    policy, output, out1, out2, out3);
}

#define ORDER "<outputValues><text>\"high\", \"mid\", \"low\"</text></outputValues>"

static void check_policy(const char *policy, const char *n, DmnMode mode, const char *output, bool numbers,
                         const char *want) {
  Arena a = {0};
  const char *text = numbers ? policy_table(&a, policy, "1", "2", "30", output)
                             : policy_table(&a, policy, "\"low\"", "\"mid\"", "\"high\"", output);
  Model x = model_open(text, mode);
  if (x.m) assert_true(model_give(&x, "n", n));
  const char *got = model_decide(&x, "d");
  if (strcmp(got, want) != 0) fail_msg("%s, n = %s: expected %s, got %s", policy, n, want, got);
  model_close(&x);
  arena_free(&a);
}

static void each_hit_policy_takes_its_rows(void **state) {
  (void)state;
  static const struct { const char *policy, *n, *want; } texts[] = {
    {"UNIQUE", "1", "low"},           {"UNIQUE", "20", "high"},         {"UNIQUE", "4", "null"},
    {"ANY", "1", "low"},              {"ANY", "4", "null"},             {"PRIORITY", "4", "mid"},
    {"PRIORITY", "8", "high"},        {"FIRST", "4", "low"},            {"FIRST", "8", "mid"},
    {"RULE ORDER", "4", "[\"low\", \"mid\"]"},   {"RULE ORDER", "8", "[\"mid\", \"high\"]"},
    {"OUTPUT ORDER", "4", "[\"mid\", \"low\"]"}, {"OUTPUT ORDER", "8", "[\"high\", \"mid\"]"},
    {"COLLECT", "4", "[\"low\", \"mid\"]"},      {"COLLECT' aggregation='COUNT", "4", "2"},
    {"UNIQUE", "null", "null"},       {"FIRST", "null", "null"},        {"PRIORITY", "null", "null"},
    {"COLLECT", "null", "[]"},        {"RULE ORDER", "null", "[]"},     {"OUTPUT ORDER", "null", "[]"},
    {"COLLECT' aggregation='COUNT", "null", "0"},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    check_policy(texts[i].policy, texts[i].n, DMN_LETTER, ORDER, false, texts[i].want);
}

static void collect_adds_up_and_finds_the_ends(void **state) {
  (void)state;
  static const struct { const char *policy, *n, *want; } numbers[] = {
    {"COLLECT' aggregation='SUM", "4", "3"},    {"COLLECT' aggregation='SUM", "8", "32"},
    {"COLLECT' aggregation='MIN", "4", "1"},    {"COLLECT' aggregation='MIN", "8", "2"},
    {"COLLECT' aggregation='MAX", "4", "2"},    {"COLLECT' aggregation='MAX", "8", "30"},
    {"COLLECT' aggregation='SUM", "20", "30"},  {"COLLECT' aggregation='MAX", "null", "null"},
    {"COLLECT' aggregation='SUM", "null", "null"},
  };
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    check_policy(numbers[i].policy, numbers[i].n, DMN_LETTER, "", true, numbers[i].want);
}

static void a_default_answers_where_no_row_does(void **state) {
  (void)state;
#define DEFAULT "<defaultOutputEntry><text>\"none\"</text></defaultOutputEntry>"
  check_policy("UNIQUE", "null", DMN_LETTER, DEFAULT, false, "none");
  check_policy("FIRST", "null", DMN_LETTER, DEFAULT, false, "none");
  check_policy("UNIQUE", "4", DMN_LETTER, DEFAULT, false,
               "null"); /* two rows hit: that is no default's case */
}

static void for_people_a_broken_policy_is_an_error_that_names_the_rows(void **state) {
  (void)state;
  check_policy("UNIQUE", "4", DMN_STRICT, "", false,
               "table d: rows 1 and 2 both hit, and the hit policy is unique");
  check_policy("ANY", "8", DMN_STRICT, "", false,
               "table d: rows 2 and 3 both hit with different outputs, and the hit policy is any");
  check_policy("PRIORITY", "8", DMN_STRICT, "", false,
               "table d goes by the order of its output's values, and none are given");
}

static void an_output_outside_its_values_is_refused_or_null(void **state) {
  (void)state;
#define OTHERS "<outputValues><text>\"high\", \"low\"</text></outputValues>"
  check_policy("FIRST", "6", DMN_STRICT, OTHERS, false, "the output is never this");
  check_policy("FIRST", "6", DMN_LETTER, OTHERS, false, "null");
}

/* Does one row with this cell hit this input? */
static const char *hits(Arena *a, const char *cell, const char *input) {
  const char *text = arena_printf(
    a,
    "<inputData id='n' name='n'><variable name='n'/></inputData>"
    "<inputData id='m' name='the limit'><variable name='the limit'/></inputData>"
    "<decision id='d' name='d'><variable name='d'/>"
    "<informationRequirement><requiredInput href='#n'/></informationRequirement>"
    "<informationRequirement><requiredInput href='#m'/></informationRequirement>"
    "<decisionTable "
    "hitPolicy='FIRST'><input><inputExpression><text>n</text></inputExpression></input><output/>"
    "<rule><inputEntry><text><![CDATA[%s]]></text></inputEntry><outputEntry><text>\"hit\"</text></"
    "outputEntry></rule>"
    "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>\"no\"</text></outputEntry></rule>"
    "</decisionTable></decision>",
    cell);
  Model x = model_open(text, DMN_STRICT);
  if (x.m) {
    assert_true(model_give(&x, "n", input));
    assert_true(model_give(&x, "the limit", "10"));
  }
  const char *got = arena_printf(a, "%s", model_decide(&x, "d"));
  model_close(&x);
  return got;
}

static void a_cell_tests_as_the_standard_says(void **state) {
  (void)state;
  static const struct { const char *cell, *input; bool hit;
  } cases[] = {
    {"[1..5]", "1", true},
    {"[1..5]", "5", true},
    {"(1..5)", "1", false},
    {"(1..5)", "5", false},
    {"(1..5]", "5", true},
    {"[1..5)", "5", false},
    {"]1..5[", "1", false},
    {"]1..5[", "2", true},
    {"[1..5], 9", "9", true},
    {"< 1, > 5", "0", true},
    {"< 1, > 5", "3", false},
    {">= 5", "5", true},
    {"not(1, 2)", "3", true},
    {"not(1, 2)", "2", false},
    {"not([1..5])", "5", false},
    {"not([1..5])", "6", true},
    {"not(< 3)", "3", true},
    {"not(< 3)", "2", false},
    {"\"A\", \"B\"", "\"B\"", true},
    {"not(\"A\", \"B\")", "\"B\"", false},
    {"not(\"A\", \"B\")", "\"C\"", true},
    {"< the limit", "9", true},
    {"[5..the limit]", "10", true},
    {"the limit", "10", true},
    {"the limit * 2", "20", true},
    {"< date(\"2026-01-01\")", "date(\"2025-12-31\")", true},
    {"< date(\"2026-01-01\")", "date(\"2026-01-01\")", false},
    {"[date(\"2026-01-01\")..date(\"2026-12-31\")]", "@\"2026-12-31\"", true},
    {"(@\"2026-01-01\"..@\"2026-12-31\")", "@\"2026-12-31\"", false},
    {"not(@\"2026-05-01\")", "@\"2026-05-01\"", false},
    {"> duration(\"P90D\")", "@\"P91D\"", true},
    {"> duration(\"P1Y\")", "@\"P12M\"", false},
    {"< time(\"12:00:00\")", "@\"08:30:00\"", true},
    {"-", "null", true},
    {"null", "null", true},
    {"1", "null", false},
    {"< 5", "null", false},
    {"[1..5]", "null", false},
    {"not(1)", "null", true},
    {"\"A\"", "null", false},
    {"? > 3 and ? < 6", "5", true},
    {"? > 3 and ? < 6", "6", false},
    {"[1, 2, 3]", "2", true},
    {"< 5", "\"text\"", false},
    {"contains(?, \"x\")", "\"axb\"", true},
  };
  Arena a = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *got = hits(&a, cases[i].cell, cases[i].input);
    if (strcmp(got, cases[i].hit ? "hit" : "no") != 0)
      fail_msg("%s against %s: expected %d, got %s", cases[i].cell, cases[i].input, cases[i].hit, got);
  }
  arena_free(&a);
}

static void several_outputs_are_a_context(void **state) {
  (void)state;
  const char *text =
    "<decision id='d' name='d'><variable name='d'/><decisionTable hitPolicy='COLLECT' aggregation='MAX'>"
    "<input><inputExpression><text>1</text></inputExpression></input><output name='a'/><output name='b c'/>"
    "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></"
    "outputEntry><outputEntry><text>7</text></outputEntry></rule>"
    "<rule><inputEntry><text/></inputEntry><outputEntry><text>4</text></outputEntry><outputEntry><text>5</"
    "text></outputEntry></rule>"
    "</decisionTable></decision>"
    "<decision id='e' name='e'><variable name='e'/><informationRequirement><requiredDecision href='#d'/>"
    "</informationRequirement><literalExpression><text>d.b c - d.a</text></literalExpression></decision>";
  Model x = model_open(text, DMN_STRICT);
  assert_string_equal(model_decide(&x, "d"), "{a: 4, \"b c\": 7}");
  assert_string_equal(model_decide(&x, "e"), "3");
  model_close(&x);
}

static void a_trace_tells_what_each_row_failed_on(void **state) {
  (void)state;
  Arena a = {0};
  Model x = model_open(policy_table(&a, "FIRST", "1", "2", "3", ""), DMN_STRICT);
  const DmnTableTrace *t;
  dmn_run_trace(x.run);
  assert_true(model_give(&x, "n", "6"));
  assert_string_equal(model_decide(&x, "d"), "2");
  assert_int_equal(dmn_traces(x.run, &t), 1);
  assert_int_equal(t->nrow, 3);
  assert_int_equal(t->failed[0], 1);
  assert_int_equal(t->failed[1], 0);
  assert_true(t->failed[2] == UINT32_MAX);
  assert_true(str_is(t->cell[0], "< 5"));
  model_close(&x);
  arena_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_hit_policy_takes_its_rows),
    cmocka_unit_test(collect_adds_up_and_finds_the_ends),
    cmocka_unit_test(a_default_answers_where_no_row_does),
    cmocka_unit_test(for_people_a_broken_policy_is_an_error_that_names_the_rows),
    cmocka_unit_test(an_output_outside_its_values_is_refused_or_null),
    cmocka_unit_test(a_cell_tests_as_the_standard_says),
    cmocka_unit_test(several_outputs_are_a_context),
    cmocka_unit_test(a_trace_tells_what_each_row_failed_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
