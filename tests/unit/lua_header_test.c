#include "testing.h"

#include "lua/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/pareto-header-XXXXXX";
static char path[64];

static int make_folder(void **state) {
  (void)state;
  if (!mkdtemp(folder)) return -1;
  snprintf(path, sizeof path, "%s/book.lua", folder);
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  unlink(path);
  return rmdir(folder);
}

static Header *read_text(const char *text, Err *e) {
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
  Header *h = NULL;
  return header_read(path, &h, e) ? h : NULL;
}

static Err fault_of(const char *text) {
  Err e = {0};
  Header *h = read_text(text, &e);
  assert_null(h);
  assert_int_equal(e.kind, ERR_FAIL);
  return e;
}

static void a_playbook_is_read_as_data(void **state) {
  (void)state;
  Err e = {0};
  Header *h = read_text("return playbook {\n  name = \"types\", title = \"盈利\",\n  tags = { \"a\", \"b\" },\n"
                        "  scope = \"status = 'active'\",\n  guards = { max_changes = 5, max_percent = 15 },\n"
                        "  tables = { z = [[\n first | a || z ]], b = { of = \"contact\", [[\n first | c || b ]] } },\n"
                        "  run = function(book) os.exit(1) end,\n}\n", &e);
  assert_non_null(h);
  assert_int_equal(h->kind, PLAYBOOK);
  assert_string_equal(h->name, "types");
  assert_string_equal(h->title, "盈利");
  assert_string_equal(h->tags[1], "b");
  assert_null(h->tags[2]);
  assert_int_equal(h->scope.line, 4);
  assert_int_equal(h->scope.col, 12);
  assert_int_equal(h->max_changes, 5);
  assert_true(h->max_percent == 15);
  assert_true(h->has_run);
  assert_int_equal(h->ntable, 2);
  assert_string_equal(h->table[0].name, "z");
  assert_int_equal(h->table[0].grid.line, 7);
  assert_string_equal(h->table[1].of, "contact");
  header_free(h);
}

static void a_misspelt_key_is_named_with_its_place(void **state) {
  (void)state;
  Err e = fault_of("return playbook {\n  name = \"x\",\n  scoope = \"true\",\n}\n");
  assert_string_equal(e.what, "playbook has no key scoope");
  assert_int_equal(e.line, 3);
  assert_int_equal(e.col, 3);
  assert_non_null(strstr(e.todo, "scope"));
  err_free(&e);
}

static void an_unknown_name_is_an_error_with_a_suggestion(void **state) {
  (void)state;
  Err e = fault_of("\nreturn playbok { name = \"x\" }");
  assert_string_equal(e.what, "unknown name playbok");
  assert_int_equal(e.line, 2);
  assert_non_null(strstr(e.todo, "playbook"));
  err_free(&e);
}

static void code_cannot_run_in_a_header(void **state) {
  (void)state;
  static const struct {
    const char *text, *what;
  } CASE[] = {
      {"os.exit(1)\nreturn playbook { name = \"x\" }", "unknown name os"},
      {"while true do end", "computes without end"},
      {"local function f() return f() + 1 end f()", "8 MB of memory"},
      {"local s = \"x\" for i = 1, 100 do s = s .. s end", "memory"},
      {"local s = (\"x\"):rep(10)", "index a string"},
      {"return playbook { name = print }", "unknown name print"},
      {"\x1bLua", "compiled Lua"},
      {"local t = { name = \"x\" } t.t = t return playbook { name = t }", "name has to be text"},
      {"return 1", "returns no playbook"},
      {"", "returns no playbook"},
      {"return playbook { title = \"x\" }", "needs a name"},
      {"return playbook { name = \"x\", run = 1 }", "run has to be a function"},
      {"return playbook { name = \"x\", guards = { max_percent = 101 } }", "from 0 to 100"},
      {"return playbook { name = \"x\", on_error = \"stop\" }", "\"skip\""},
      {"return rulebook { name = \"x\", run = function() end }", "rulebook has no key run"},
      {"return tests \"x\" { as_of = \"2026-11-01\", case \"y\" {} }", "expects nothing"},
      {"return tests \"x\" { as_of = \"2026-11-01\", 5 }", "item 1 of tests is none"},
      {"return tests \"x\" { }", "as_of"},
      {"return playbook { name = \"x\", tables = { t = \"none.csv\" } }", "none.csv"},
  };
  for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
    Err e = fault_of(CASE[i].text);
    if (!strstr(e.what, CASE[i].what)) fail_msg("%s\n  said: %s", CASE[i].text, e.what);
    assert_string_equal(e.file, path);
    err_free(&e);
  }
}

static void a_grid_is_read_from_a_csv_beside_the_playbook(void **state) {
  (void)state;
  char csv[80];
  snprintf(csv, sizeof csv, "%s/kinds.csv", folder);
  FILE *f = fopen(csv, "w");
  fputs("first,a,out:kind\n,1,x\n", f);
  fclose(f);
  Err e = {0};
  Header *h = read_text("return playbook { name = \"x\", tables = { kind = \"kinds.csv\" } }", &e);
  assert_non_null(h);
  assert_true(h->table[0].csv);
  assert_string_equal(h->table[0].grid.file, csv);
  assert_int_equal(h->table[0].grid.line, 1);
  assert_true(str_starts(h->table[0].grid.text, "first,a"));
  header_free(h);
  unlink(csv);
}

static void tests_are_read_as_data(void **state) {
  (void)state;
  Err e = {0};
  Header *h = read_text("return tests \"x\" {\n  as_of = \"2026-11-01\",\n  decide \"t\" [[\n a || b\n 1 || 2 ]],\n"
                        "  case \"c\" { given = { account = [[ code\n C1 ]], segment = { [\"s-1\"] = \"C1\" } },\n"
                        "    expect = { untouched = \"C1\", why = { C1 = \"t row 1\" } } },\n"
                        "  property \"p\" { accounts = \"random 10\", holds = \"true\" },\n}", &e);
  assert_non_null(h);
  assert_int_equal(h->kind, TESTS);
  assert_string_equal(h->name, "x");
  assert_int_equal(h->ntest, 3);
  assert_int_equal(h->test[0].kind, TEST_DECIDE);
  assert_int_equal(h->test[0].line, 3);
  assert_true(str_is(h->test[1].name, "c"));
  assert_int_equal(h->test[1].nrows, 1);
  assert_string_equal(h->test[1].segment[0].name, "s-1");
  assert_string_equal(h->test[1].why[0].name, "C1");
  assert_true(str_is(h->test[2].holds.text, "true"));
  header_free(h);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_playbook_is_read_as_data),
      cmocka_unit_test(a_misspelt_key_is_named_with_its_place),
      cmocka_unit_test(an_unknown_name_is_an_error_with_a_suggestion),
      cmocka_unit_test(code_cannot_run_in_a_header),
      cmocka_unit_test(a_grid_is_read_from_a_csv_beside_the_playbook),
      cmocka_unit_test(tests_are_read_as_data),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
