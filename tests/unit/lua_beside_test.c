#include "testing.h"

#include "lua/playbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Tests beside a playbook: what they say when they fail. */

static char folder[] = "/tmp/pareto-beside-XXXXXX";

static void write_file(const char *name, const char *text) {
  char path[96];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static int make_folder(void **state) {
  (void)state;
  if (!mkdtemp(folder)) return -1;
  write_file("types.lua",
             "return playbook { name = \"types\", scope = \"status = 'active'\", writes = { \"account.kind\", \"segment:big\" },\n"
             "  fields = [[ kind : one of large, small, none ]], args = [[ cut = 200 ]],\n"
             "  metrics = [[ sold : ¥ = sum(revenue, 3m)\n quiet : d = days_since(orders) ]],\n"
             "  tables = { kind = [[\n    first | sold | quiet || kind | why\n | > cut | < 90 || large | sold {sold:¥}\n"
             "          | > 0 | - || small |\n    unknown | | || none |\n    else | | || none | nothing sold\n  ]] },\n"
             "  run = function(book)\n    local all = book.all:decide \"kind\"\n"
             "    segment(\"big\"):becomes(all:where \"kind = 'large'\")\n  end }\n");
  return 0;
}

static int remove_folder(void **state) {
  static const char *const NAME[] = {"types.lua", "types_test.lua"};
  (void)state;
  for (int i = 0; i < 2; i++) {
    char path[96];
    snprintf(path, sizeof path, "%s/%s", folder, NAME[i]);
    unlink(path);
  }
  return rmdir(folder);
}

static char *outcome(const char *items, int *passed, int *failed) {
  Buf text = {0}, out = {0};
  Err e = {0};
  char path[96];
  buf_printf(&text, "return tests \"types\" {\n  as_of = \"2026-11-01\",\n%s\n}", items);
  write_file("types_test.lua", text.p);
  snprintf(path, sizeof path, "%s/types_test.lua", folder);
  *passed = *failed = 0;
  if (!playbook_test(path, &out, passed, failed, &e)) {
    buf_clear(&out);
    err_print(&e, &out);
    err_free(&e);
  }
  buf_free(&text);
  return buf_take(&out);
}

static void passes(const char *items, int count) {
  int passed, failed;
  char *out = outcome(items, &passed, &failed);
  if (passed != count || failed) fail_msg("%d passed, %d failed\n%s", passed, failed, out);
  mem_free(out);
}

static void fails_with(const char *items, const char *part) {
  int passed, failed;
  char *out = outcome(items, &passed, &failed);
  if (passed || !strstr(out, part)) fail_msg("%s\n--- said:\n%s--- without: %s", items, out, part);
  mem_free(out);
}

static const char ROWS[] = "given = { account = [[\n code | status | kind\n C1 | active | large\n C2 | active |\n C3 | closed | large ]],\n"
                           " monthly = [[\n revenue C1 50 x12\n revenue C2 100 x12\n profit C2 10 x12 ]],\n"
                           " segment = { big = \"C1, C3\" } },\n";

static void case_of(const char *expect, const char *part) {
  Buf b = {0};
  buf_printf(&b, "case \"it\" { %s expect = { %s } }", ROWS, expect);
  if (part)
    fails_with(b.p, part);
  else
    passes(b.p, 1);
  buf_free(&b);
}

static void figures_are_decided_by_the_table_alone(void **state) {
  (void)state;
  passes("decide \"kind\" [[\n sold | quiet || kind | because\n 300 | 10 || large | both\n 300 | 90d || small | a bare number is days\n"
         " cut | 1 || small | args may stand for figures\n null | - || none |\n 0.03万 | never || small |\n ]]", 5);
  fails_with("decide \"kind\" [[\n sold | quiet || kind | row\n 300 | 10 || small | 2\n ]]",
             "FAIL  kind 1   (");
  fails_with("decide \"kind\" [[\n sold | quiet || kind\n 300 | 10 || small\n ]]", "kind: expected small, got large (row 1)");
  fails_with("decide \"kind\" [[\n sold || kind || x\n 300 || small || 1\n ]]", "");
  fails_with("decide \"kind\" [[\n soldd || kind\n 300 || small\n ]]", "did you mean sold");
  fails_with("decide \"kinds\" [[\n sold || kind\n 300 || small\n ]]", "did you mean kind");
  fails_with("decide \"kind\" [[\n sold | quiet || kind\n 300 || small\n ]]", "2 cells where the heading has 3");
}

static void cases_play_the_whole_playbook(void **state) {
  (void)state;
  case_of("changed = [[\n code | kind | was\n C1 | small | large\n C2 | large | null ]], segment = { big = \"C2\" },"
          " why = { C2 = \"kind row 1: sold 300.00 > 200.00\" }, untouched = \"C3\","
          " values = [[\n code | sold | quiet\n C1 | 150 | 31\n C2 | 300 | 31d ]]", NULL);
  case_of("changed = [[\n code | kind\n C1 | none ]]", "C1: kind is: none expected, small found");
  case_of("changed = [[\n code | kind | was\n C1 | small | none ]]", "C1: kind was: none expected, large found");
  case_of("changed = [[\n code | status\n C1 | active ]]", "C1: nothing of this has changed");
  case_of("changed = [[\n code | kind\n C9 | none ]]", "there is no account C9");
  case_of("segment = { big = \"C1\" }", "segment big: C1 expected, C2 found");
  case_of("untouched = \"C1\"", "C1: kind has changed");
  case_of("why = { C2 = \"kind row 2\" }", "\"2\" is not said");
  case_of("fails = \"anything\"", "it went well");
  case_of("values = [[\n code | sold\n C1 | 151 ]]", "C1: sold is: 151 expected, ¥ 150.00 found");
  case_of("chnged = [[ x ]]", "did you mean changed");
}

static void what_is_given_is_checked(void **state) {
  (void)state;
  fails_with("case \"x\" { given = { acount = [[ code ]] }, expect = { untouched = \"C1\" } }", "no entity acount");
  fails_with("case \"x\" { given = { account = [[\n code | staus\n C1 | active ]] }, expect = { untouched = \"C1\" } }", "status");
  fails_with("case \"x\" { given = { account = [[\n code\n C1 ]], monthly = [[ revenu C1 5 ]] }, expect = { untouched = \"C1\" } }",
             "did you mean revenue");
  fails_with("case \"x\" { given = { account = [[\n code\n C1 ]], monthly = [[ revenue C9 5 ]] }, expect = { untouched = \"C1\" } }", "C9");
  fails_with("case \"x\" { given = { segment = { big = \"C9\" } }, expect = { untouched = \"C1\" } }", "C9, which is not given");
}

static void properties_hold_over_random_accounts(void **state) {
  (void)state;
  passes("property \"p\" { accounts = \"random 200\", holds = \"known(kind)\" }", 1);
  fails_with("property \"p\" { accounts = \"random 200\", holds = \"kind = 'large'\" }", "does not hold for R0");
  fails_with("property \"p\" { accounts = \"random\", holds = \"true\" }", "random N");
  fails_with("property \"p\" { accounts = \"random 5\", holds = \"kidn = 'x'\" }", "unknown name kidn");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(figures_are_decided_by_the_table_alone),
      cmocka_unit_test(cases_play_the_whole_playbook),
      cmocka_unit_test(what_is_given_is_checked),
      cmocka_unit_test(properties_hold_over_random_accounts),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
