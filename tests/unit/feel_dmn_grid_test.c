/* The decision table of a .dmn file as a playbook's grid: the same table, or an error that names the cell. */
#include "dmn_model.h"
#include "feel/dmn_grid.h"

#include <string.h>

typedef struct Table {
  Arena arena;
  Err e;
  Grid g;
  bool ok;
} Table;

static Table table_of(const char *heading, const char *cell, const char *output, const char *more) {
  Table t = {0};
  const char *elements = arena_printf(
    &t.arena,
    "<inputData id='n' name='status'><variable name='status'/></inputData>"
    "<inputData id='m' name='margin'><variable name='margin'/></inputData>"
    "<inputData id='g' name='good margin'><variable name='good margin'/></inputData>"
    "<decision id='d' name='kind'><variable name='kind'/>"
    "<informationRequirement><requiredInput href='#n'/></informationRequirement>"
    "<informationRequirement><requiredInput href='#m'/></informationRequirement>"
    "<informationRequirement><requiredInput href='#g'/></informationRequirement>"
    "<decisionTable hitPolicy='FIRST'><input><inputExpression><text>%s</text></inputExpression></input>"
    "<output name='kind'>%s</output><annotation name='reason'/>"
    "<rule><inputEntry><text><![CDATA[%s]]></text></inputEntry><outputEntry><text><![CDATA[%s]]></text></"
    "outputEntry>"
    "<annotationEntry><text>because</text></annotationEntry></rule></decisionTable></decision>",
    heading, more, cell, output);
  Src src = {.text = str_of(model_text(&t.arena, elements)), .file = "kinds.dmn", .line = 1, .col = 1};
  t.ok = grid_parse_dmn(&src, STR("kind"), &t.arena, &t.g, &t.e);
  return t;
}

static void table_free(Table *t) {
  err_free(&t->e);
  arena_free(&t->arena);
}

static void what_both_dialects_read_alike_becomes_a_cell(void **state) {
  (void)state;
  static const struct { const char *cell, *output, *in, *out; } same[] = {
    {"\"A\", \"B\"", "\"large\"", "\"A\", \"B\"", "\"large\""},
    {"not(\"A\")", "5", "not(\"A\")", "5"},
    {"[1..5)", "true", "[1..5)", "true"},
    {"> 3", "margin * 2", "> 3", "{margin * 2}"},
    {"margin", "\"x\"", "{margin}", "\"x\""},
    {"", "-1", "-", "-1"},
    {"-", "\"it is\" + status", "-", "{\"it is\" + status}"},
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    Table t = table_of("status", same[i].cell, same[i].output, "");
    if (!t.ok) fail_msg("%s / %s: %s", same[i].cell, same[i].output, t.e.what);
    if (!str_is(t.g.cell[0].text, same[i].in) || !str_is(t.g.cell[1].text, same[i].out))
      fail_msg("%s / %s: got %.*s / %.*s", same[i].cell, same[i].output, STR_ARG(t.g.cell[0].text),
               STR_ARG(t.g.cell[1].text));
    table_free(&t);
  }
}

static void what_they_read_otherwise_is_an_error_at_its_cell(void **state) {
  (void)state;
  static const struct { const char *heading, *cell, *output, *what; } other[] = {
    {"status", "good margin", "1", "table kind, row 1, column status"},
    {"status", "> good margin", "1", "table kind, row 1, column status"},
    {"string length(status)", "1", "1", "table kind, heading of input 1"},
    {"status", "1", "string length(status)", "table kind, row 1, column kind"},
    {"status", "1", "\"say \\\"so\\\"\"", "table kind, row 1, column kind"},
    {"status", "\"A\", margin", "1", "table kind, row 1, column status"},
  };
  for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
    Table t = table_of(other[i].heading, other[i].cell, other[i].output, "");
    assert_false(t.ok);
    assert_string_equal(t.e.what, "in a playbook this means something else");
    if (!strstr(t.e.source, other[i].what)) fail_msg("%s: %s", other[i].cell, t.e.source);
    assert_string_equal(t.e.file, "kinds.dmn");
    assert_int_equal(t.e.line, 2);
    table_free(&t);
  }
}

static void a_default_is_the_else_row_and_annotations_are_notes(void **state) {
  (void)state;
  Table t =
    table_of("status", "-", "\"x\"", "<defaultOutputEntry><text>\"none\"</text></defaultOutputEntry>");
  assert_true(t.ok);
  assert_true(str_is(t.g.policy.text, "first"));
  assert_int_equal(t.g.nrow, 2);
  assert_int_equal(t.g.nin, 1);
  assert_int_equal(t.g.nout, 2);
  assert_true(t.g.note[1] && !t.g.note[0]);
  assert_true(str_is(t.g.out[1].text, "reason"));
  assert_true(str_is(t.g.cell[2].text, "because"));
  assert_int_equal(t.g.mark[0], GRID_ROW);
  assert_int_equal(t.g.mark[1], GRID_ELSE);
  assert_true(str_is(t.g.cell[4].text, "\"none\""));
  table_free(&t);
}

static void a_file_without_the_table_says_which_it_has(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Grid g;
#define DECISION(name)                                                                                      \
  "<decision id='" name "' name='" name "'><decisionTable><output/></decisionTable></decision>"
  Src src = {
    .text = str_of(model_text(&a, DECISION("one") DECISION("two"))), .file = "x.dmn", .line = 1, .col = 1};
  assert_false(grid_parse_dmn(&src, STR("three"), &a, &g, &e));
  assert_string_equal(e.what, "there is no decision table three in it");
  assert_string_equal(e.todo, "its tables: one, two");
  err_free(&e);
  arena_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_both_dialects_read_alike_becomes_a_cell),
    cmocka_unit_test(what_they_read_otherwise_is_an_error_at_its_cell),
    cmocka_unit_test(a_default_is_the_else_row_and_annotations_are_notes),
    cmocka_unit_test(a_file_without_the_table_says_which_it_has),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
