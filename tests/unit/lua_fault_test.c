#include "testing.h"

#include "lua_company.h"

#include "lua/limit.h"
#include "lua/playbook.h"
#include "lua/session.h"
#include "run/state.h"

/* The n-th allocation of Lua fails, and all after it, for every n until all goes well: each time an Err that
 * speaks of memory, never a crash, and nothing left behind (the sanitizers look). */

static Company company;
static const char *const NOTHING[] = {NULL};
static const char *const WRITES[] = {"account.tier", "account.kind", "segment:big", "task", NULL};

static int open_company(void **state) {
  (void)state;
  company_open(&company);
  return 0;
}

static int close_company(void **state) {
  (void)state;
  company_close(&company);
  return 0;
}

static void check_err(Err *e, long n) {
  if (e->kind != ERR_FAIL || !strstr(e->what, "memory")) fail_msg("allocation %ld: %s", n, e->what ? e->what : "no error");
  err_free(e);
}

static void opening_a_session_survives_every_failing_allocation(void **state) {
  (void)state;
  RunSpec spec = {.what = "session", .args = "", .writes = NOTHING, .grants = NOTHING, .asof = company_asof()};
  Run *run = run_reading(company.store, &spec);
  Session *s = NULL;
  long n = 0;
  while (!s) {
    Err e = {0};
    budget_fail_after(++n);
    s = session_new(run, &e);
    budget_fail_after(0);
    if (!s) check_err(&e, n);
  }
  assert_true(n > 100);
  session_free(s);
  run_reading_free(run);
}

static void every_line_survives_every_failing_allocation(void **state) {
  static const char *const LINE[] = {
      "= tier = 'A' and status = 'active'",
      "accounts:sort(\"-tier, name\"):top(3, \"sum(revenue, 1m)\"):show \"code, name, tier, owner.name\"",
      "accounts:group(\"tier\", \"count, sum(sum(revenue, 1m)) as r\"):sort \"-r\"",
      "accounts:matrix(\"tier\", \"status\", \"count\"), accounts:migration(\"tier\", \"3m\")",
      "for a in accounts do print(a.code, a.name, a.owner, #a.contacts, a:say \"{name}\") end",
      "accounts:where(\"industry = i and sum(revenue, 1m) > c\", { i = \"电信\", c = \"0.1万\" }) + accounts[1].subsidiaries",
      "account(\"C1\")",
      "{ account \"C1\", money(5) * 0.5, date \"2026-01-31\" + \"1m\", duration \"12m\", a = { 1 } }",
      "accounts:chart(\"pareto\", \"sum(revenue, 3m)\"), accounts:shares(\"sum(revenue, 3m)\", \"20%, 50%\")",
      "local t = {} for i = 1, 50 do t[i] = { i % 5 } end table.sort(t, function(a, b) return a[1] < b[1] end) return #t",
      "local t = {} for k, v in pairs({ a = 1, b = 2 }) do t[k] = v end return ('%s'):format(t):gsub('t(.)', '%1')",
      "pcall(error, {}), xpcall(error, tostring, 'x'), coroutine.wrap(function() coroutine.yield(1) end)()",
      "nosuchname",
      "accounts:whre()",
      "accounts \"teir = 'A'\"",
  };
  (void)state;
  RunSpec spec = {.what = "session", .args = "", .writes = NOTHING, .grants = NOTHING, .asof = company_asof()};
  Run *run = run_reading(company.store, &spec);
  for (size_t i = 0; i < sizeof LINE / sizeof *LINE; i++) {
    long n = 0;
    bool done = false;
    while (!done) {
      Err e = {0};
      Buf out = {0};
      bool more = false;
      Session *s = session_new(run, &e);
      assert_non_null(s);
      budget_fail_after(++n);
      bool ok = session_line(s, LINE[i], &more, &out, &e);
      budget_fail_after(0);
      done = ok || !strstr(e.what, "memory");
      if (!done) check_err(&e, n);
      err_free(&e);
      session_free(s);
      buf_free(&out);
    }
    assert_true(n > 3);
  }
  run_reading_free(run);
}

static void a_playbook_survives_every_failing_allocation(void **state) {
  static const char TEXT[] =
      "return playbook { name = \"x\", writes = { \"account.tier\", \"account.kind\", \"segment:big\", \"task\" },\n"
      "  fields = [[ kind : one of large, small ]], metrics = [[ sold : ¥ = sum(revenue, 1m) ]],\n"
      "  tables = { kind = [[\n    first | sold || kind\n | > 2500 || large\n else | || small\n ]] },\n"
      "  run = function(book)\n    local all = book.all:decide \"kind\"\n"
      "    local m = segment(\"big\"):becomes(all:where \"kind = 'large'\")\n"
      "    all:assign(\"tier\", \"if kind = 'large' then 'A' else 'B'\")\n"
      "    m.joined:each(function(a) task { kind = \"c\", account = a, due = \"7d\", title = a:say \"{name}\" } end)\n"
      "    book:note \"cut {as_of}\"  book:page(\"p\", all[1])  book:chart(\"c\", all:matrix(\"kind\", \"tier\"))\n"
      "    book:show(\"t\", all, \"code, kind\")\n  end }";
  (void)state;
  char path[128];
  snprintf(path, sizeof path, "%s/book.lua", company.folder);
  FILE *f = fopen(path, "w");
  fputs(TEXT, f);
  fclose(f);
  RunSpec spec = {.what = "x", .args = "", .writes = WRITES, .grants = NOTHING, .asof = company_asof(), .max_percent = -1,
                  .max_changes = -1};
  bool done = false;
  for (long n = 1; !done; n++) {
    Err e = {0};
    Playbook *p = NULL;
    budget_fail_after(n);
    bool loaded = playbook_load(path, &p, &e) && playbook_check(p, company.store, &e);
    struct Run run = {.store = company.store, .spec = &spec};
    Err begin = {0};
    assert_true(store_begin(company.store, &begin));
    done = loaded && playbook_run(p, &run, &e);
    budget_fail_after(0);
    store_rollback(company.store);
    if (!done) check_err(&e, n);
    report_free(&run.report);
    buf_free(&run.decided);
    buf_free(&run.log);
    playbook_free(p);
  }
  unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opening_a_session_survives_every_failing_allocation),
      cmocka_unit_test(every_line_survives_every_failing_allocation),
      cmocka_unit_test(a_playbook_survives_every_failing_allocation),
  };
  return cmocka_run_group_tests(tests, open_company, close_company);
}
