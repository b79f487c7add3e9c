#include "testing.h"

#include "feel/block.h"

#include <string.h>

typedef enum Form { TABLE, CASES, CSV } Form;

static void show(const Grid *g, Buf *b) {
  buf_printf(b, "%.*s:", STR_ARG(g->policy.text));
  for (size_t i = 0; i < g->nin; i++) buf_printf(b, " <%.*s>", STR_ARG(g->in[i].text));
  if (g->nout) buf_puts(b, " ||");
  for (size_t i = 0; i < g->nout; i++)
    buf_printf(b, " <%.*s>%s", STR_ARG(g->out[i].text), g->note[i] ? "note" : "");
  size_t per = g->nin + g->nout;
  for (size_t r = 0; r < g->nrow; r++) {
    buf_printf(b, "\n%d%s", g->line[r],
               g->mark[r] == GRID_ELSE      ? " else"
               : g->mark[r] == GRID_UNKNOWN ? " unknown"
                                            : "");
    for (size_t i = 0; i < per; i++) buf_printf(b, " <%.*s>", STR_ARG(g->cell[r * per + i].text));
  }
}

static char *parsed(Form form, const char *text) {
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  Grid g;
  Src src = {.text = str_of(text), .file = "t", .line = 1, .col = 1};
  bool ok = form == TABLE   ? grid_parse(&src, &a, &g, &e)
            : form == CASES ? grid_parse_cases(&src, &a, &g, &e)
                            : grid_parse_csv(&src, &a, &g, &e);
  if (ok) {
    show(&g, &b);
  } else {
    buf_printf(&b, "!%d:%d %s", e.line, e.col, e.what);
    for (const char *p = e.todo; p && *p; p++) {
      if (p == e.todo || p[-1] == '\n') buf_puts(&b, " · ");
      if (*p != '\n') buf_char(&b, *p);
    }
    if (e.left) buf_printf(&b, " (%s)", e.left);
  }
  err_free(&e);
  arena_free(&a);
  return buf_take(&b);
}

typedef struct Case {
  const char *text, *want;
} Case;

static void check(Form form, const Case *c, size_t n) {
  for (size_t i = 0; i < n; i++) {
    char *got = parsed(form, c[i].text);
    assert_string_equal(got, c[i].want);
    mem_free(got);
  }
}
#define CHECK(form, cases) check(form, cases, sizeof(cases) / sizeof *(cases))

static void a_table_has_policy_inputs_outputs_and_marked_rows(void **state) {
  (void)state;
  static const Case c[] = {
      {"// a guard first\n first | margin | urgent? || type | why\n\n"
       "       | > good | -       || P1   | earns {margin:%} // really\n"
       " else  |        |         || P2   |\n"
       " unknown|       |         || none | no {missing}",
       "first: <margin> <urgent?> || <type> <why>\n4 <> good> <-> <P1> <earns {margin:%}>\n5 else <> <> <P2> "
       "<>\n"
       "6 unknown <> <> <none> <no {missing}>"},
      {"unique | times || f\n | [12..24) || 4\n | ]6..12[ || 3\n | (2..6] || 2",
       "unique: <times> || <f>\n2 <[12..24)> <4>\n3 <]6..12[> <3>\n4 <(2..6]> <2>"},
      {"first | a | b | c || d\n | ]1..2[ | [3..4) | ]5..6[ || x",
       "first: <a> <b> <c> || <d>\n2 <]1..2[> <[3..4)> <]5..6[> <x>"},
  };
  CHECK(TABLE, c);
}

static void a_bar_in_quotes_braces_or_brackets_is_text(void **state) {
  (void)state;
  static const Case c[] = {
      {"first | a | b || c | d\n | 'x|y' | {f('|')} || say {x | y} | xs[\"|\"]",
       "first: <a> <b> || <c> <d>\n2 <'x|y'> <{f('|')}> <say {x | y}> <xs[\"|\"]>"},
      {"first | a || c | d\n | - || it's | don't", "first: <a> || <c> <d>\n2 <-> <it's> <don't>"},
      {"first | a || c | d\n | - || an { alone | and \"half",
       "first: <a> || <c> <d>\n2 <-> <an { alone> <and \"half>"},
      {"first | a || c | d\n | - || see http://x.y | z", "first: <a> || <c> <d>\n2 <-> <see http://x.y> <z>"},
  };
  CHECK(TABLE, c);
}

static void cases_and_plain_rows_begin_with_their_first_cell(void **state) {
  (void)state;
  static const Case c[] = {
      {"margin | drift || type | because\n 22% | -3% || P3 | falling\n null | - || unclear |",
       ": <margin> <drift> || <type> <because>\n2 <22%> <-3%> <P3> <falling>\n3 <null> <-> <unclear> <>"},
      {"code | name | status\nC1 | 华东仪表 | active",
       ": <code> <name> <status>\n2 <C1> <华东仪表> <active>"},
      {"code\nC1\nC2", ": <code>\n2 <C1>\n3 <C2>"},
  };
  CHECK(CASES, c);
}

static void a_row_of_another_width_is_an_error_that_counts(void **state) {
  (void)state;
  static const Case c[] = {
      {"first | a | b || c\n | 1 || x",
       "!2:2 3 columns where the heading has 4 · an empty cell is a blank between two |; any value is -"},
      {"first | a || c\n | 1 || x | y",
       "!2:2 4 columns where the heading has 3 · is a | meant as text? put the cell in quotes"},
      {"first | a | b || c\n | 1 || 2 | x",
       "!2:2 1 inputs before || where the heading has 2 · || stands in the same place in every row"},
      {"first | a || c\n | 1 | x",
       "!2:2 2 inputs before || where the heading has 1 · || stands in the same place in every row"},
      {"first | a || c\n P1 | 1 || x",
       "!2:2 a row begins with a blank cell, else or unknown, not with P1 · is a | missing at the start of "
       "the line?"},
      {"first | a | c\n | 1 | x",
       "!1:1 this heading has no || · first | input | input || output: inputs stand before ||, outputs "
       "behind it"},
      {"first | a || b || c\n", "!1:1 a heading has one || between inputs and outputs"},
      {"first || b\n || c",
       "!1:1 this heading has no input column · first | input | input || output: the first cell is the hit "
       "policy"},
      {"first | a | || c\n", "!1:13 column 2 has no heading"},
      {"first | a || c", "!1:1 a grid without rows · a heading, then a line for each row"},
      {" \n// x\n", "!1:1 an empty grid · a heading, then a line for each row"},
  };
  CHECK(TABLE, c);
}

static void headings_and_cells_say_where_they_stand(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  Grid g;
  Src src = {.text = STR("first   | chrun_risk || red\n   | >= red || x"),
             .file = "s.lua",
             .line = 17,
             .col = 5,
             .what = "table risk_grade"};
  assert_true(grid_parse(&src, &a, &g, &e));
  assert_string_equal(g.cell[0].what, "table risk_grade, row 1, column chrun_risk");
  src_err(&e, &g.in[0], 0, 10, "unknown name chrun_risk");
  err_print(&e, &b);
  assert_string_equal(b.p,
                      "s.lua:17:15: unknown name chrun_risk\n"
                      "    heading of table risk_grade, column 1: chrun_risk\n"
                      "                                           ^^^^^^^^^^\n");
  buf_free(&b);
  err_free(&e);
  arena_free(&a);
}

static void csv_marks_outputs_and_notes_in_its_heading(void **state) {
  (void)state;
  static const Case c[] = {
      {"\xEF\xBB\xBF"
       "first,区域,\"级\"\"别\",out:审批人,note：依据\r\n,-,\"A, "
       "B\",客户经理,地市弹性\r\nelse,,,拒绝,\r\nunknown,,,拒绝,{missing} 未知\r\n,,,,\r\n",
       "first: <区域> <级\"别> || <审批人> <依据>note\n2 <-> <A, B> <客户经理> <地市弹性>\n3 else <> <> "
       "<拒绝> <>\n"
       "4 unknown <> <> <拒绝> <{missing} 未知>"},
      {"first;a;out:b\n;\"1;2\";x", "first: <a> || <b>\n2 <1;2> <x>"},
      {"first\ta\tout:b\n\t> 1\tx", "first: <a> || <b>\n2 <> 1> <x>"},
      {"first,out:b,a,,\n,x,> 1,,\n", "first: <a> || <b>\n2 <> 1> <x>"},
      {"first,a,out:b\n,\"one\ntwo\",x\n,1,y", "first: <a> || <b>\n2 <one\ntwo> <x>\n4 <1> <y>"},
  };
  CHECK(CSV, c);
}

static void the_damage_a_spreadsheet_does_is_told_whole(void **state) {
  (void)state;
  static const Case c[] = {
      {"first,群体规模,年收入,out:类别,note:说明\n,>= "
       "500,-,a,b\n,,-,a,b\n,,3,a,b\n,1,2,a,档案不全,先补档\n,,2,a,b\n",
       "!0:0 blank. Merged cells lose all but their first value in CSV.\n"
       "  write - for \"any\", or import with --fill down (rows 3-4 would become \">= 500\")\n"
       "t:5: 6 columns where the heading has 5; is the comma in \"档案不全,先补档\" meant as text? quote the cell or write ，\n"
       "t:6, column 群体规模: blank. Merged cells lose all but their first value in CSV.\n"
       "  write - for \"any\", or import with --fill down (row 6 would become \"1\") (3 faults, table refused)"},
      {"first,a,out:b\n,,x\n",
       "!0:0 blank. Merged cells lose all but their first value in CSV.\n  write - for \"any\" (table refused)"},
      {"first,a,out:b\n,1\n",
       "!0:0 2 columns where the heading has 3; each row has a cell for each heading: write - for \"any\" "
       "(table refused)"},
      {"first,a,out:b\nelsewhere,1,x\n",
       "!0:0 a row begins with a blank cell, else or unknown, not with elsewhere\n  is a | missing at the "
       "start of the line? (table refused)"},
      {"first,a,b\n,1,2",
       "!1:1 no column of this table is an output · a heading reads  "
       "first,region,tier,out:approver,note:reason"},
      {"first,a,out:b\n,\"1,2", "!2:2 this quote is never closed"},
      {"first,a,out:b\n,\"1\"2,x", "!2:5 text behind the closing quote of a cell"},
      {"first,a,out:b\n", "!1:1 a heading without rows"},
      {"", "!1:1 an empty file"},
      {"first,\xFF\xFF,out:b\n",
       "!1:7 this file is neither UTF-8 nor GB18030, in which Excel saves in China · save it as \"CSV UTF-8\""},
  };
  CHECK(CSV, c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_table_has_policy_inputs_outputs_and_marked_rows),
      cmocka_unit_test(a_bar_in_quotes_braces_or_brackets_is_text),
      cmocka_unit_test(cases_and_plain_rows_begin_with_their_first_cell),
      cmocka_unit_test(a_row_of_another_width_is_an_error_that_counts),
      cmocka_unit_test(headings_and_cells_say_where_they_stand),
      cmocka_unit_test(csv_marks_outputs_and_notes_in_its_heading),
      cmocka_unit_test(the_damage_a_spreadsheet_does_is_told_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
