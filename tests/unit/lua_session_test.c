#include "testing.h"

#include "lua_company.h"

#include "base/stop.h"
#include "lua/session.h"

static Company company;
static const char *const NOTHING[] = {NULL};
static RunSpec spec = {.what = "session", .args = "", .writes = NOTHING, .grants = NOTHING, .max_percent = -1, .max_changes = -1};
static Run *reading;

static int open_company(void **state) {
  (void)state;
  company_open(&company);
  spec.asof = company_asof();
  reading = run_reading(company.store, &spec);
  return 0;
}

static int close_company(void **state) {
  (void)state;
  run_reading_free(reading);
  company_close(&company);
  return 0;
}

static Session *start(void) {
  Err e = {0};
  Session *s = session_new(reading, &e);
  if (!s) fail_msg("%s", e.what);
  return s;
}

/* The line's output, blanks at line ends and runs of blanks left out. */
static char *say(Session *s, const char *line) {
  Buf out = {0}, plain = {0};
  Err e = {0};
  bool more = false;
  if (!session_line(s, line, &more, &out, &e)) {
    buf_clear(&out);
    err_print(&e, &out);
    err_free(&e);
  }
  if (more) buf_puts(&out, "(more)");
  for (size_t i = 0; i < out.n; i++) {
    char c = out.p[i];
    bool blank = c == ' ' && (i == 0 || out.p[i - 1] == ' ' || out.p[i - 1] == '\n' || i + 1 == out.n || out.p[i + 1] == '\n');
    if (!blank && !(c == '\n' && i + 1 == out.n)) buf_char(&plain, c);
  }
  buf_free(&out);
  return buf_take(&plain);
}

static void says(Session *s, const char *line, const char *want) {
  char *got = say(s, line);
  if (strcmp(got, want) != 0) fail_msg("%s\n--- said:\n%s\n--- not:\n%s", line, got, want);
  mem_free(got);
}

static void says_in(const char *line, const char *part) {
  Session *s = start();
  char *got = say(s, line);
  if (!strstr(got, part)) fail_msg("%s\n--- said:\n%s\n--- without:\n%s", line, got, part);
  mem_free(got);
  session_free(s);
}

static void a_rule_shows_the_columns_it_used_and_what_it_left_out(void **state) {
  (void)state;
  Session *s = start();
  says(s, "= tier = 'A' and status = 'active'",
       "code name tier status\nC1 华东仪表 A active\nC3 宏图光电 A active\n"
       "2 accounts · 1 with unknown tier is not among them");
  says(s, "_.unknown:ids()", "{ C4 }");
  says(s, "_1:ids()", "{ C1, C3 }");
  session_free(s);
}

static void sets_can_be_asked(void **state) {
  (void)state;
  static const struct {
    const char *line, *want;
  } CASE[] = {
      {"#accounts, #accounts \"tier = 'A'\", accounts:count \"status = 'active'\"", "6 2 5"},
      {"accounts:sort(\"-name\"):ids()", "{ C2, C5, C6, C3, C4, C1 }"},
      {"accounts:sort(\"tier, -code\"):ids()", "{ C3, C1, C2, C6, C5, C4 }"},
      {"accounts:sort(\"-tier\"):ids()", "{ C5, C6, C2, C1, C3, C4 }"},
      {"accounts:top(2, \"sum(revenue, 3m)\"):ids()", "{ C4, C3 }"},
      {"(accounts \"tier = 'A'\" + accounts \"industry = '电信'\"):ids()", "{ C1, C3, C2, C6 }"},
      {"(accounts \"tier = 'A'\" - accounts \"industry = '电信'\"):ids()", "{ C3 }"},
      {"(accounts \"tier = 'A'\" & accounts \"industry = '电信'\"):ids()", "{ C1 }"},
      {"accounts:has \"C1\", accounts \"tier = 'A'\":has \"C2\", accounts:has(account \"C6\")", "true false true"},
      {"accounts \"tier = 'A'\":sum \"sum(revenue, 1m)\"", "¥ 4,000.00"},
      {"accounts:where(\"industry = i\", { i = \"医疗\" }):ids()", "{ C3, C4 }"},
      {"accounts:where(\"sum(revenue, 1m) > cut\", { cut = \"0.25万\" }):ids()", "{ C3, C4 }"},
      {"accounts[2].name, accounts[7]", "金石电气 nil"},
      {"local n = {} for a in accounts \"tier = 'A'\" do for b in accounts \"tier = 'A'\" do n[#n + 1] = a.code .. b.code end end print(n[1], n[2], n[4])",
       "C1C1 C1C3 C3C3"},
      {"local t = {} for a in accounts do t[a] = a.code end print(t[account \"C3\"])", "C3"},
      {"account \"C1\" == accounts[1], account \"C1\"", "true account C1"},
      {"account(\"C1\").contacts:ids()", "{ K1, K2 }"},
      {"account(\"C1\").owner.name, account(\"C2\").owner, account(\"C4\").tier", "李敏 nil nil"},
      {"account(\"C1\")[\"行业\"]", "电信"},
      {"contacts \"account.tier = 'A' and decision_role = 'decider'\":ids()", "{ K1 }"},
      {"account(\"C1\"):say \"{code}: {name}\"", "C1: 华东仪表"},
      {"accounts:values(\"tier\")", "{ A, B, A, C, C }"},
      {"segment(\"none\"):now():count()", "0"},
      {"_ENV.x, 1", "unknown name x"},
  };
  for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
    Session *s = start();
    char *got = say(s, CASE[i].line);
    bool same = strcmp(got, CASE[i].want) == 0 || (strstr(CASE[i].want, "unknown") && strstr(got, CASE[i].want));
    if (!same) fail_msg("%s\n--- said:\n%s\n--- not:\n%s", CASE[i].line, got, CASE[i].want);
    mem_free(got);
    session_free(s);
  }
}

static void groups_are_tables_in_order(void **state) {
  (void)state;
  Session *s = start();
  says(s, "accounts:group(\"tier\", \"count, sum(sum(revenue, 1m)) as r\")",
       "tier count r, ¥\nA 2 4,000.00\nB 1 2,000.00\nC 2 0.00\n(unknown) 1 4,000.00");
  says(s, "_:sort(\"-r\"):top(1, \"count\")[1].tier", "A");
  says(s, "for g in _1 do if g.tier == \"B\" then print(g.count, g.r) end end", "1 ¥ 2,000.00");
  says(s, "#_1, _1[9]", "4 nil");
  says(s, "accounts:matrix(\"tier\", \"status\", \"count\")",
       "tier \\ status active closed\nA 2 –\nB 1 –\nC 1 1\n(unknown) 1 –\ncount");
  session_free(s);
}

static void lines_are_values_statements_or_beginnings(void **state) {
  (void)state;
  Session *s = start();
  says(s, "x = 5", "");
  says(s, "x + 1", "6");
  says(s, "for i = 1, 2 do", "(more)");
  says(s, "for i = 1, 2 do\nprint(i) end", "1\n2");
  says(s, "_2", "6");
  says(s, "{ 1, 2, a = { 3 } }", "{ 1, 2, a = {…} }");
  says(s, "nil", "");
  says(s, "= 1 + 2", "3");
  says(s, "= as_of", "2026-11-01");
  says(s, "", "");
  session_free(s);
}

static void mistakes_say_what_to_do(void **state) {
  (void)state;
  static const struct {
    const char *line, *part;
  } CASE[] = {
      {"account \"C9\"", "there is no account C9"},
      {"accounts \"C1\"", "one account: account \"C1\""},
      {"account(\"C1\").nam", "did you mean name"},
      {"accounts:whre(\"true\")", "did you mean where"},
      {"acounts", "did you mean account"},
      {"account(\"C1\").tier = \"B\"", "x:put(\"tier\", value)"},
      {"account(\"C1\"):put(\"tier\", \"B\")", "only reads"},
      {"accounts:assign(\"teir\", \"'A'\")", "did you mean tier"},
      {"accounts:decide \"x\"", "unknown table x"},
      {"accounts + contacts", "a set of accounts is wanted here"},
      {"accounts \"tier = 'X'\"", "never occurs"},
      {"accounts:export \"/tmp/x.exe\"", "not in .exe"},
      {"accounts:chart(\"pie\", \"tier\")", "unknown kind of chart pie"},
      {"contacts[1].name", "masked"},
      {"accounts:migration(\"tier\", \"tomorrow\")", "looks back by a duration"},
      {"accounts:where(\"tier = t\", { 1 })", "by name"},
      {"accounts:where(\"tier = t\", { t = print })", "is no value for a rule"},
      {"task { kind = \"x\" }", "only reads"},
      {"segment(\"s\"):becomes(accounts)", "only reads"},
      {"error(\"own words\")", "own words"},
      {"accounts.code", "unknown verb of a set"},
      {"math.pi = 3", "stays as it is"},
  };
  for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) says_in(CASE[i].line, CASE[i].part);
}

static void a_session_survives_its_lines(void **state) {
  (void)state;
  Session *s = start();
  says(s, "x = 1", "");
  stop_at(0.05);
  char *got = say(s, "while true do end");
  stop_at(0);
  assert_non_null(strstr(got, "timed out"));
  mem_free(got);
  got = say(s, "('x'):rep(1e9)");
  if (!strstr(got, "memory")) fail_msg("%s", got);
  mem_free(got);
  says(s, "x", "1");
  session_free(s);
}

static void a_query_is_a_table(void **state) {
  (void)state;
  Session *s = start();
  Report r = {0};
  Err e = {0};
  if (!session_query(s, "account", "tier = 'A'", "code, name as 名称", "-code", &r, &e)) fail_msg("%s", e.what);
  assert_int_equal(r.n, 1);
  assert_int_equal(r.item[0].table.nrow, 2);
  assert_true(str_is(val_str(r.item[0].table.cell[0]), "C3"));
  assert_true(str_is(r.item[0].table.col[1].title, "名称"));
  report_free(&r);
  assert_false(session_query(s, "acount", "true", NULL, NULL, &r, &e));
  assert_non_null(strstr(e.todo, "account"));
  err_free(&e);
  report_free(&r);
  session_free(s);
}

static void an_export_is_a_file(void **state) {
  (void)state;
  Session *s = start();
  char line[256], path[128], text[256] = "";
  snprintf(path, sizeof path, "%s/list.csv", company.folder);
  snprintf(line, sizeof line, "accounts \"tier = 'A'\":export(\"%s\", \"code, tier\")", path);
  char *got = say(s, line);
  assert_non_null(strstr(got, "2 rows, 2 columns"));
  mem_free(got);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  size_t n = fread(text, 1, sizeof text - 1, f);
  fclose(f);
  unlink(path);
  text[n] = 0;
  assert_non_null(strstr(text, "C1,A"));
  session_free(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_rule_shows_the_columns_it_used_and_what_it_left_out),
      cmocka_unit_test(sets_can_be_asked),
      cmocka_unit_test(groups_are_tables_in_order),
      cmocka_unit_test(lines_are_values_statements_or_beginnings),
      cmocka_unit_test(mistakes_say_what_to_do),
      cmocka_unit_test(a_session_survives_its_lines),
      cmocka_unit_test(a_query_is_a_table),
      cmocka_unit_test(an_export_is_a_file),
  };
  return cmocka_run_group_tests(tests, open_company, close_company);
}
