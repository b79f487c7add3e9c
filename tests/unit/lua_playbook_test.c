#include "testing.h"

#include "lua_company.h"

#include "lua/playbook.h"

static char path[128];

static void write_file(const Company *c, const char *name, const char *text) {
  char at[128];
  snprintf(at, sizeof at, "%s/%s", c->folder, name);
  FILE *f = fopen(at, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static void remove_file(const Company *c, const char *name) {
  char at[128];
  snprintf(at, sizeof at, "%s/%s", c->folder, name);
  unlink(at);
}

/* Every test has a company of its own. */
static int open_company(void **state) {
  Company *c = calloc(1, sizeof *c);
  company_open(c);
  snprintf(path, sizeof path, "%s/book.lua", c->folder);
  *state = c;
  return 0;
}

static int close_company(void **state) {
  Company *c = *state;
  remove_file(c, "book.lua");
  remove_file(c, "shared.lua");
  company_close(c);
  free(c);
  return 0;
}

static Playbook *load(const Company *c, const char *text, Err *e) {
  write_file(c, "book.lua", text);
  Playbook *p = NULL;
  if (!playbook_load(path, &p, e)) return NULL;
  if (playbook_check(p, c->store, e)) return p;
  playbook_free(p);
  return NULL;
}

/* Plans and applies; what the report shows, or the error. */
static bool run(const Company *c, const char *text, Buf *out, Err *e) {
  Playbook *p = load(c, text, e);
  Plan *plan = NULL;
  if (!p) return false;
  RunSpec spec = {.what = playbook_name(p), .script = playbook_source(p), .args = "", .asof = company_asof(), .seed = 1,
                  .writes = playbook_writes(p), .grants = playbook_grants(p), .max_percent = -1, .max_changes = -1,
                  .seconds = 20};
  int64_t id;
  bool ok = run_plan(c->store, &spec, playbook_run, p, &plan, e);
  if (ok) {
    FmtEnv env = store_host(c->store)->fmt;
    UiStyle style = {.env = &env};
    report_print(plan_report(plan), UI_TABLE, &style, out);
    report_print(plan_report(plan), UI_CSV, &style, out);
    ok = run_apply(c->store, plan, &id, e);
  }
  plan_free(plan);
  playbook_free(p);
  return ok;
}

static char *shows(const Company *c, const char *text) {
  Buf out = {0};
  Err e = {0};
  if (!run(c, text, &out, &e)) {
    buf_clear(&out);
    err_print(&e, &out);
    fail_msg("%s\n  failed: %s", text, out.p);
  }
  return buf_take(&out);
}

static char *value(const Company *c, const char *sql) {
  Arena a = {0};
  Err e = {0};
  Val v;
  Buf b = {0};
  if (!store_value(c->store, sql, NULL, 0, &a, &v, &e)) fail_msg("%s", e.what);
  fmt_data(v, &b);
  arena_free(&a);
  return buf_take(&b);
}

static void has(const Company *c, const char *sql, const char *want) {
  char *got = value(c, sql);
  assert_string_equal(got, want);
  mem_free(got);
}

static const char TYPES[] =
    "return playbook {\n  name = \"types\",\n  scope = \"status = 'active'\",\n"
    "  writes = { \"account.kind\", \"segment:big\", \"task\" },\n"
    "  fields = [[ kind : one of large, small, none   // size ]],\n"
    "  args = [[ cut = 2500 ]],\n"
    "  metrics = [[ sold : ¥ = sum(revenue, 1m) ]],\n"
    "  tables = { kind = [[\n    first | sold  || kind  | why\n          | > cut || large | sold {sold:¥}\n"
    "          | > 0   || small |\n    else  |       || none  | nothing sold\n  ]] },\n";

static void without_run_every_table_is_decided_written_and_counted(void **state) {
  Company *c = *state;
  Buf text = {0};
  buf_printf(&text, "%s}", TYPES);
  char *out = shows(c, text.p);
  assert_non_null(strstr(out, "large,2,"));
  has(c, "SELECT group_concat(code || kind) FROM (SELECT * FROM account WHERE kind IS NOT NULL ORDER BY code)",
      "C1small,C2small,C3large,C4large,C6none");
  mem_free(out);
  buf_free(&text);
}

static void a_run_writes_fields_segments_and_rows(void **state) {
  Company *c = *state;
  Buf text = {0};
  buf_printf(&text, "%s  run = function(book)\n    local all = book.all:decide \"kind\"\n"
                    "    local big = all:where \"kind = 'large'\"\n"
                    "    local moved = segment(\"big\"):becomes(big)\n"
                    "    book:note(\"joined {n}, cut {cut}\", { n = #moved.joined })\n"
                    "    big:each(function(a) task { kind = \"call\", account = a, due = \"7d\", title = a:say \"call {name}\" } end)\n"
                    "    book:show(\"Large\", big:sort \"-sold\", \"code, sold:万\")\n  end,\n}", TYPES);
  char *out = shows(c, text.p);
  assert_non_null(strstr(out, "joined 2, cut 2500"));
  assert_non_null(strstr(out, "C4,4000"));
  has(c, "SELECT count(*) FROM segment_member", "2");
  has(c, "SELECT group_concat(title || due) FROM (SELECT * FROM task ORDER BY id)",
      "call 宏图光电2026-11-08,call 天工机床2026-11-08");
  mem_free(out);
  buf_free(&text);
}

static void what_is_not_declared_is_not_written(void **state) {
  Company *c = *state;
  Err e = {0};
  Buf out = {0};
  assert_false(run(c, "return playbook { name = \"x\", writes = { \"task\" },\n run = function(book)\n"
                      "  book.all:assign(\"tier\", \"'A'\")\n end }", &out, &e));
  assert_non_null(strstr(e.what, "not in writes"));
  assert_int_equal(e.line, 3);
  has(c, "SELECT count(*) FROM account WHERE tier = 'A'", "2");
  err_free(&e);
  buf_free(&out);
}

static void a_row_read_after_a_write_shows_what_was_written(void **state) {
  Company *c = *state;
  char *out = shows(c, "return playbook { name = \"x\", writes = { \"account.tier\" },\n run = function(book)\n"
                       "  for a in book.all \"tier = 'A'\" do\n    local was = a.tier\n    a:put(\"tier\", \"B\")\n"
                       "    print(a.code, was, a.tier)\n  end\n"
                       "  print(#book.all \"tier = 'B'\")\n  book.all:put(\"tier\", null)\n  print(book.all[1].tier)\n end }");
  assert_non_null(strstr(out, "C1  A  B\nC3  A  B\n3\nnil"));
  has(c, "SELECT count(tier) FROM account", "0");
  mem_free(out);
}

static void args_are_set_before_the_run(void **state) {
  Company *c = *state;
  Err e = {0};
  Playbook *p = load(c, "return playbook { name = \"x\", args = [[\n cut = 15%\n w = 12m\n t = 'a b' ]] }", &e);
  Buf text = {0};
  assert_non_null(p);
  playbook_args_text(p, &text);
  assert_string_equal(text.p, "cut=15% w=12m t='a b'");
  assert_true(playbook_set_arg(p, "cut", "20%", &e));
  assert_true(playbook_check(p, c->store, &e));
  buf_clear(&text);
  playbook_args_text(p, &text);
  assert_string_equal(text.p, "cut=20% w=12m t='a b'");
  assert_false(playbook_set_arg(p, "cutt", "20%", &e));
  assert_non_null(strstr(e.todo, "cut"));
  err_free(&e);
  assert_false(playbook_set_arg(p, "w", "tomorrow", &e));
  err_free(&e);
  buf_free(&text);
  playbook_free(p);
}

static void a_case_without_a_row_fails_the_run_or_is_skipped(void **state) {
  static const char TEXT[] = "return playbook { name = \"x\", %s writes = { \"account.kind\" },\n"
                             " fields = [[ kind : text ]], metrics = [[ sold : ¥ = sum(revenue, 1m) ]],\n"
                             " tables = { kind = [[\n  first | sold || kind\n | > 1500 || big\n | > 0 || small\n ]] },\n"
                             " run = function(book) book.all:decide \"kind\" end }";
  Company *c = *state;
  Buf text = {0}, out = {0};
  Err e = {0};
  buf_printf(&text, TEXT, "");
  assert_false(run(c, text.p, &out, &e));
  assert_non_null(strstr(e.what, "2 of 6 accounts hit no row"));
  has(c, "SELECT count(*) FROM field WHERE name = 'kind'", "0");
  err_free(&e);
  buf_clear(&text);
  buf_printf(&text, TEXT, "on_error = \"skip\",");
  char *said = shows(c, text.p);
  if (!strstr(said, "2 accounts skipped")) fail_msg("%s", said);
  has(c, "SELECT group_concat(code || kind) FROM (SELECT * FROM account WHERE kind IS NOT NULL ORDER BY code)",
      "C1small,C2big,C3big,C4big");
  mem_free(said);
  buf_free(&text);
  buf_free(&out);
}

static void rulebooks_lend_their_rules(void **state) {
  Company *c = *state;
  write_file(c, "shared.lua", "return rulebook { name = \"shared\", metrics = [[ sold : ¥ = sum(revenue, 1m) ]] }");
  char *out = shows(c, "return playbook { name = \"x\", uses = { \"shared\" },\n"
                       " run = function(book) print(book.all:sum \"sold\") end }");
  assert_non_null(strstr(out, "¥ 10,000.00"));
  mem_free(out);
}

static void published_metrics_are_kept(void **state) {
  Company *c = *state;
  char *out = shows(c, "return playbook { name = \"x\", publish = { \"sold\", \"twice\" },\n"
                       " metrics = [[ sold : ¥ = sum(revenue, 1m)\n twice : ¥ = 2 * sold ]], run = function() end }");
  has(c, "SELECT count(*) FROM metric_value", "12");
  mem_free(out);
}

/* text, then line, column (0 = any) and a part of what is said */
static void faults_are_placed(void **state) {
  static const struct {
    const char *text;
    int line, col;
    const char *what;
  } CASE[] = {
      {"return playbook { name = \"x\",\n  scope = \"statsu = 'active'\" }", 2, 12, "unknown name statsu"},
      {"return playbook { name = \"x\", metrics = [[\n  a = 1\n  b = aa + 1\n]] }", 3, 7, "unknown name aa"},
      {"return playbook { name = \"x\", metrics = [[\n  big = revenue > 5\n]] }", 2, 9, "over which window"},
      {"return playbook { name = \"x\", metrics = [[\n  tier = 1\n]] }", 2, 3, "tier"},
      {"return playbook { name = \"x\", of = \"acount\" }", 1, 31, "no entity acount"},
      {"return playbook { name = \"x\", publish = { \"no\" } }", 1, 31, "no metric"},
      {"return playbook { name = \"x\", uses = { \"nowhere\" } }", 1, 31, "nowhere"},
      {"return playbook { name = \"x\",\n scores = { s = { out_of = 100 } } }", 2, 13, "score s has no grid"},
      {"return playbook { name = \"x\",\n scores = { s = { outof = 100, [[x]] } } }", 2, 19, "s has no key outof"},
      {"return playbook { name = \"x\",\n scores = { s = [[\n a | points | when\n b | 1 | teir = 'A' ]] } }", 4, 10,
       "unknown name teir"},
      {"return playbook { name = \"x\",\n pairs = \"a.b = b.b\" }", 2, 0, "pairs are not supported by this version"},
      {"return chain { name = \"x\", steps = {} }", 1, 0, "1 to 100 steps, this has 0"},
      {"return chain { name = \"x\" }", 0, 0, "a chain needs steps"},
      {"return chain { name = \"x\",\n steps = { { \"nowhere\" } } }", 2, 15, "no playbook is called nowhere"},
      {"return chain { name = \"x\",\n steps = { { \"import\", \"a.csv\" } } }", 2, 15, "what are these rows"},
      {"return chain { name = \"x\",\n steps = { { \"report\", \"{mont}.html\" } } }", 2, 26, "unknown name mont"},
      {"return chain { name = \"x\",\n steps = { { \"report\", \"x\", when = \"tier = 'A' and\" } } }", 2, 0, ""},
      {"return playbook { name = \"x\",\n tables = { t = [[\n first | teir || t\n | 1 || 2 ]] } }", 3, 10, "unknown name teir"},
      {"return playbook { name = \"x\" metrics = [[ a = any(quotes[requested_on in [a..b]]) ]] }", 1, 0, "inside a rule"},
      {"return playbook { name = \"x\"\n scope = \"true\" }", 2, 0, "'}' expected"},
      {"return playbook {\n name = \"x\", metrics = [[\n  a = count(visits[day in [a..b]])\n]] }", 3, 32, "inside a rule"},
  };
  Company *c = *state;
  for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
    Err e = {0};
    Playbook *p = load(c, CASE[i].text, &e);
    if (p) fail_msg("%s\n  is taken for good", CASE[i].text);
    if (!strstr(e.what, CASE[i].what)) fail_msg("%s\n  said: %s", CASE[i].text, e.what);
    if (e.line != CASE[i].line || (CASE[i].col && e.col != CASE[i].col))
      fail_msg("%s\n  said at %d:%d: %s", CASE[i].text, e.line, e.col, e.what);
    err_free(&e);
  }
}

/* The same for what shows only when it runs. */
static void faults_of_a_run_are_placed(void **state) {
  static const struct {
    const char *body;
    int line, col;
    const char *what;
  } CASE[] = {
      {"book.all:where \"teir = 'A'\"", 2, 18, "unknown name teir"},
      {"local x = 1\n book.all\n  :where(\"tier = 'A'\")\n  :sort(\"-nam\")", 5, 11, "unknown name nam"},
      {"local a = book.all[1]\n return a.nmae", 3, 0, "unknown name nmae"},
      {"local x\n x.y = 1", 3, 0, "attempt to index a nil value"},
      {"book:shw(\"x\")", 2, 0, "unknown part of book: shw"},
      {"book:note \"{nope}\"", 2, 14, "unknown name nope"},
      {"book:note \"{name}\"", 2, 14, "name differs from row to row, and here is no row"},
      {"local a = book.args.cutt", 2, 0, "unknown arg cutt"},
      {"book.args.cut = 1", 2, 0, "before the run"},
      {"book:send(1)", 2, 0, "book:send takes"},
      {"book.all:export \"a/x.csv\"", 2, 0, "names the file alone"},
      {"task { kind = \"x\", acount = 1 }", 2, 0, "did you mean account"},
      {"error \"enough\"", 2, 0, "enough"},
      {"book.all:put(\"tier\", \"Z\")", 2, 0, "Z"},
      {"book.all:each(function(a)\n  a:put(\"since\", \"2026-02-30\")\n end)", 3, 0, "2026-02-30"},
  };
  Company *c = *state;
  for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
    Err e = {0};
    Buf text = {0}, out = {0};
    buf_printf(&text, "return playbook { name = \"x\", writes = { \"task\", \"account.tier\", \"account.since\" }, args = [[ cut = 1 ]], run = function(book)\n %s\nend }",
               CASE[i].body);
    if (run(c, text.p, &out, &e)) fail_msg("%s\n  went well", CASE[i].body);
    Buf whole = {0};
    err_print(&e, &whole);
    if (!strstr(whole.p, CASE[i].what)) fail_msg("%s\n  said: %s", CASE[i].body, whole.p);
    if (e.line != CASE[i].line || (CASE[i].col && e.col != CASE[i].col))
      fail_msg("%s\n  said at %d:%d: %s", CASE[i].body, e.line, e.col, e.what);
    assert_string_equal(e.file, path);
    err_free(&e);
    buf_free(&text);
    buf_free(&out);
    buf_free(&whole);
  }
}

static void a_run_ends_at_its_deadline(void **state) {
  Company *c = *state;
  Err e = {0};
  Playbook *p = load(c, "return playbook { name = \"x\",\n run = function() while true do pcall(error) end end }", &e);
  Plan *plan = NULL;
  RunSpec spec = {.what = "x", .args = "", .asof = company_asof(), .writes = playbook_writes(p), .grants = playbook_grants(p),
                  .max_percent = -1, .max_changes = -1, .seconds = 0.2};
  assert_false(run_plan(c->store, &spec, playbook_run, p, &plan, &e));
  assert_int_equal(e.kind, ERR_TIMEOUT);
  assert_int_equal(e.line, 2);
  err_free(&e);
  playbook_free(p);
}

static void the_same_run_gives_the_same_plan(void **state) {
  static const char TEXT[] = "return playbook { name = \"x\", writes = { \"account.tier\" }, run = function(book)\n"
                             " for a in book.all do a:put(\"tier\", ({ \"A\", \"B\", \"C\" })[math.random(3)]) end end }";
  Company *c = *state;
  char first[65] = "";
  for (int i = 0; i < 3; i++) {
    Err e = {0};
    Plan *plan = NULL;
    Playbook *p = load(c, TEXT, &e);
    RunSpec spec = {.what = "x", .script = playbook_source(p), .args = "", .asof = company_asof(), .seed = 42,
                    .writes = playbook_writes(p), .grants = playbook_grants(p), .max_percent = -1, .max_changes = -1};
    assert_true(run_plan(c->store, &spec, playbook_run, p, &plan, &e));
    assert_false(plan_empty(plan));
    if (i == 0) snprintf(first, sizeof first, "%s", plan_digest(plan));
    assert_string_equal(plan_digest(plan), first);
    plan_free(plan);
    playbook_free(p);
  }
}

#define OWN(test) cmocka_unit_test_setup_teardown(test, open_company, close_company)
int main(void) {
  const struct CMUnitTest tests[] = {
      OWN(without_run_every_table_is_decided_written_and_counted),
      OWN(a_run_writes_fields_segments_and_rows),
      OWN(what_is_not_declared_is_not_written),
      OWN(a_row_read_after_a_write_shows_what_was_written),
      OWN(args_are_set_before_the_run),
      OWN(a_case_without_a_row_fails_the_run_or_is_skipped),
      OWN(rulebooks_lend_their_rules),
      OWN(published_metrics_are_kept),
      OWN(faults_are_placed),
      OWN(faults_of_a_run_are_placed),
      OWN(a_run_ends_at_its_deadline),
      OWN(the_same_run_gives_the_same_plan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
