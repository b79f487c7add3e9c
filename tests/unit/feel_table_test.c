#include "feel_fake.h"

static const Day AS_OF = 20758; /* 2026-11-01 */

static Rules *space(Fake *f, const char *name, const char *args, const char *metrics, const char *fields,
                    const char *scope) {
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, name, "account");
  if (args) assert_true(rules_args(r, fake_src(args, "a.lua"), &e));
  if (fields) assert_true(rules_fields(r, fake_src(fields, "f.lua"), &e));
  if (metrics) assert_true(rules_metrics(r, fake_src(metrics, "m.lua"), &e));
  if (scope) assert_true(rules_scope(r, fake_src(scope, "s.lua"), &e));
  return r;
}

static void add_table(Rules *r, const char *name, const char *grid) {
  Err e = {0};
  if (rules_table(r, name, NULL, fake_src(grid, "t.lua"), &e)) return;
  Buf b = {0};
  err_print(&e, &b);
  fail_msg("%s", b.p);
}

static void checked(Rules *r) {
  Err e = {0};
  if (rules_check(r, &e)) return;
  Buf b = {0};
  err_print(&e, &b);
  fail_msg("%s", b.p);
}

/* "row blocked: out, out" for each account, or the error. */
static char *decide(Fake *f, Rules *r, const char *table) {
  Eval *ev = eval_new(r, AS_OF);
  Err e = {0};
  Buf b = {0};
  const int64_t *id;
  size_t n;
  const Decision *d;
  (void)f;
  if (eval_scope(ev, &id, &n, &e) && eval_decide(ev, str_of(table), id, n, &d, &e)) {
    for (size_t i = 0; i < d->n; i++) {
      buf_printf(&b, "%s%d", i ? " | " : "", d->row[i]);
      if (d->blocked[i]) buf_printf(&b, "/%d", d->blocked[i]);
      buf_puts(&b, ": ");
      for (size_t k = 0; k < d->table->nout; k++) {
        if (k) buf_puts(&b, ", ");
        fake_show(d->out[i * d->table->nout + k], &b);
      }
    }
  } else {
    fake_error(&e, &b);
  }
  eval_free(ev);
  return buf_take(&b);
}

static void decides(Fake *f, Rules *r, const char *table, const char *want) {
  char *got = decide(f, r, table);
  assert_string_equal(got, want);
  mem_free(got);
}

static const char profit_grid[] =
    "first   | margin     | drift   | ahead   | growth  || profit_type  | why\n"
    "        | > good     | < -fade | -       | -       || P3           | earns {margin:%}, but falls {drift:%} a month\n"
    "        | > good     | -       | < carry | -       || P1           | among those who carry {carry:%} of all profit\n"
    "        | > good     | -       | -       | >= rise || P2           | earns {margin:%}, grew {growth:%}\n"
    "        | > good     | -       | -       | -       || unclear      | earns {margin:%}, neither large nor growing: a person decides\n"
    "        | (5%..good] | -       | -       | -       || moderate     | margin {margin:%}\n"
    "        | [-1%..5%]  | -       | -       | -       || break-even   | margin {margin:%}\n"
    "        | < -1%      | -       | -       | -       || unprofitable | margin {margin:%}\n"
    "unknown |            |         |         |         || unclear      | no {missing} in the last {window}\n";

static Rules *profit_types(Fake *f) {
  Rules *r = space(
      f, "profit-types",
      "    window = 12m     // how far back profit counts\n"
      "    good   = 15%     // margin from which an account is profitable 盈利型\n"
      "    carry  = 80%     // share of all profit that P1 carries together\n"
      "    fade   = 1%      // monthly fall, of the average month, that counts as losing value\n"
      "    rise   = 10%     // growth on the year before that makes P2\n",
      "    earned : ¥ = sum(profit, window)                         // profit after cost to serve\n"
      "    margin : % = earned / sum(revenue, window)               // null when nothing was sold\n"
      "    drift  : % = trend(profit, window, month)                // slope ÷ mean month\n"
      "    ahead  : % = share_ahead(earned, among earned > 0)       // profit held by those ranked above\n"
      "    growth : % = yoy(earned)\n",
      "profit_type : one of P1, P2, P3, moderate, break-even, unprofitable, unclear   // 盈利类型",
      "status = 'active'");
  rules_publish(r, STR("earned"));
  add_table(r, "profit_type", profit_grid);
  checked(r);
  return r;
}

static void profit_types_as_the_playbook_has_them(void **s) {
  (void)s;
  Fake *f = fake_company();
  Rules *r = profit_types(f);
  decides(f, r, "profit_type",
          "1: P3, earns 18.1 %, but falls -6.9 % a month | 2: P1, among those who carry 80 % of all profit | "
          "5: moderate, margin 10 % | -2/1: unclear, no margin, drift, ahead, growth in the last 12m");
  rules_free(r);
  fake_free(f);
}

static void given_figures_are_decided_alone(void **s) {
  (void)s;
  static const struct { const char *in[4], *type; } given[] = {
      {{"22%", "-3%", "10%", "50%"}, "P3"},     {{"22%", "0%", "0%", "0%"}, "P1"},
      {{"22%", "0%", "79.9%", "0%"}, "P1"},     {{"22%", "0%", "80%", "12%"}, "P2"},
      {{"22%", "0%", "95%", "3%"}, "unclear"},  {{"15%", "0%", "-", "0%"}, "moderate"},
      {{"-1%", "-", "-", "-"}, "break-even"},   {{"null", "0%", "-", "0%"}, "unclear"},
      {{"22%", "null", "90%", "20%"}, "unclear"}};
  Fake *f = fake_company();
  Rules *r = profit_types(f);
  Eval *ev = eval_new(r, AS_OF);
  const TableInfo *t = rules_table_info(r, STR("profit_type"));
  assert_int_equal(t->nrow, 7);
  assert_true(t->has_unknown && !t->has_else);
  for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
    Val in[4], out[2];
    Err e = {0};
    Arena a = {0};
    for (int k = 0; k < 4; k++) {
      size_t n = strlen(given[i].in[k]);
      Val v;
      in[k] = val_null();
      if (given[i].in[k][n - 1] == '%' && num_parse((Str){given[i].in[k], n - 1}, &v, &a))
        in[k] = num_div(v, val_int(100), &a);
    }
    int32_t row, blocked;
    assert_true(table_decide(ev, t, in, &row, &blocked, out, &e));
    assert_int_equal(str_cmp(val_str(out[0]), str_of(given[i].type)), 0);
    arena_free(&a);
  }
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

static void rfm_as_the_playbook_has_it(void **s) {
  (void)s;
  Fake *f = fake_company();
  Rules *r =
      space(f, "rfm",
            "window = 12m               // orders and money counted over\n"
            "by     = 'quantile'  in ['quantile', 'ntile', 'cuts']    // how the five classes are cut\n",
            "quiet  : d = days_since(orders)            // whole days since the last order\n"
            "times      = count(orders, window)         // distinct orders, not lines\n"
            "spent  : ¥ = sum(revenue, window)\n"
            "r = if by = 'cuts' then r_cut else 6 - classes(quiet, 5, by)   // small is good\n"
            "f = if by = 'cuts' then f_cut else classes(times, 5, by)\n"
            "m = if by = 'cuts' then m_cut else classes(spent, 5, by)\n",
            "rfm         : text                                              // e.g. 5-4-3\n"
            "rfm_segment : one of champions, loyal, promising, new, slipping, sleeping, lost\n",
            "status = 'active' and count(orders, all) > 0");
  add_table(
      r, "r_cut",
      "unique | quiet      || r_cut\n | < 30       || 5\n | [30..60)   || 4\n | [60..120)  || 3\n | [120..240) || 2\n | >= 240     || 1\n");
  add_table(
      r, "f_cut",
      "unique | times  || f_cut\n | >= 24  || 5\n | [12..24) || 4\n | [6..12)  || 3\n | [2..6)   || 2\n | < 2      || 1\n");
  add_table(
      r, "m_cut",
      "unique | spent          || m_cut\n | >= 500万       || 5\n | [100万..500万) || 4\n | [20万..100万)  || 3\n | [5万..20万)    || 2\n | < 5万          || 1\n");
  add_table(r, "rfm_segment",
            "      first | r  | f  | m   || rfm_segment | do\n"
            "            | 5  | 5  | 4,5 || champions   | ask for references; never for a discount first\n"
            "            | 4,5| 3,4,5 | - || loyal      | widen: white space\n"
            "            | 5  | 1  | -   || new         | second order within 60 days\n"
            "            | 4,5| 1,2| -   || promising   | find the second contact\n"
            "            | 3  | -  | -   || slipping    | visit in two weeks\n"
            "            | 2  | -  | 3,4,5 || slipping  | visit this week: {spent:万} at stake\n"
            "            | 2  | -  | 1,2 || sleeping    | call\n"
            "            | 1  | -  | -   || lost        | loss review\n");
  checked(r);
  Err e = {0};
  char *v = fake_ask(f, r, "account", "[r, f, m]", WANT_ANY);
  assert_string_equal(v, "[5 3 5] | [5 3 3] | [1 1 1] | [null null null]");
  mem_free(v);
  decides(f, r, "rfm_segment",
          "2: loyal, widen: white space | 2: loyal, widen: white space | 8: lost, loss review");
  assert_true(rules_set_arg(r, STR("by"), STR("cuts"), &e));
  v = fake_ask(f, r, "account", "[r, f, m]", WANT_ANY);
  assert_string_equal(v, "[5 4 1] | [5 4 1] | [3 2 1] | [1 1 1]");
  mem_free(v);
  assert_true(rules_set_arg(r, STR("by"), STR("quantile"), &e));
  v = fake_ask(f, r, "account", "Cut by {by}: {tied(times)} on a cut; {r}-{f}-{m}", WANT_TEMPLATE);
  assert_string_equal(
      v,
      "Cut by quantile: 2 on a cut; 5-3-5 | Cut by quantile: 2 on a cut; 5-3-3 | Cut by quantile: 2 on a cut; 1-1-1 | "
      "Cut by quantile: 2 on a cut; ?-?-?");
  mem_free(v);
  rules_free(r);
  fake_free(f);
}

typedef struct Try {
  const char *metrics, *fields, *grid, *want;
} Try;

static void all_tries(const Try *t, size_t n) {
  Fake *f = fake_company();
  int wrong = 0;
  for (size_t i = 0; i < n; i++) {
    Rules *r = space(f, "book", "late = 30d\nbig = 1000", t[i].metrics, t[i].fields, NULL);
    add_table(r, "t", t[i].grid);
    checked(r);
    char *got = decide(f, r, "t");
    if (strcmp(got, t[i].want) != 0) {
      print_error("%s\n  got  %s\n  want %s\n", t[i].grid, got, t[i].want);
      wrong++;
    }
    mem_free(got);
    rules_free(r);
  }
  fake_free(f);
  assert_int_equal(wrong, 0);
}

static void hit_policies(void **s) {
  (void)s;
  static const Try t[] = {
      /* first: an undecided row ends the search; a "?" lets null go on; else and unknown */
      {NULL, NULL,
       "first | tier | headcount || x\n | A | > 150 || one\n | - | < 150 || two\n else | | || three",
       "2: two | 1: one | -1: three | -3/1: null"},
      {NULL, NULL,
       "first | tier? | headcount? || x\n | A | > 150 || one\n | - | < 150 || two\n else | | || three",
       "2: two | 1: one | -1: three | -1: three"},
      {NULL, NULL, "first | tier || x\n | A || one\n | - || two\nunknown | || {missing} unknown",
       "1: one | 1: one | 2: two | -2/1: tier unknown"},
      /* one cell false is a miss, whatever the others */
      {NULL, NULL, "first | status | tier || x\n | closed | A || one\n | - | - || two",
       "2: two | 2: two | 2: two | 2: two"},
      /* unique */
      {NULL, NULL, "unique | headcount || x\n | < 150 || 1\n | >= 150 || 2\nunknown | || 3",
       "1: 1 | 2: 2 | 2: 2 | -2/1: 3"},
      {NULL, NULL, "unique | headcount || x\n | <= 200 || 1\n | >= 200 || 2\nunknown | || 3",
       "t.lua:1:0: rows 1 and 2 of table t both hit (C2) · make the rows exclude each other, or write first: the first row that hits then counts"},
      /* any, priority */
      {NULL, NULL, "any | headcount? || x\n | <= 200 || 1\n | >= 200 || 1\nelse | || 3",
       "1: 1 | 1: 1 | 2: 1 | -1: 3"},
      {NULL, "x : ranked hi, mid, lo",
       "priority | headcount? || x\n | > 0 || lo\n | >= 200 || mid\n | >= 300 || hi\nelse | || lo",
       "1: lo | 2: mid | 3: hi | -1: lo"},
      /* lists */
      {NULL, NULL, "collect | headcount? || x\n | > 0 || a\n | >= 200 || b\n | >= 300 || c",
       "1: [a] | 1: [a b] | 1: [a b c] | 0: []"},
      {NULL, "x : ranked c, b, a",
       "output order | headcount? || x\n | > 0 || a\n | >= 200 || b\n | >= 300 || c",
       "1: [a] | 2: [b a] | 3: [c b a] | 0: []"},
      {NULL, NULL, "C+ | headcount? || x\n | > 0 || 1\n | >= 200 || 2\n | >= 300 || 4",
       "1: 1 | 1: 3 | 1: 7 | 0: null"},
      {NULL, NULL, "C# | headcount? || x\n | > 0 || 1\n | >= 200 || 2\n | >= 300 || 4",
       "1: 1 | 1: 2 | 1: 3 | 0: 0"},
      {NULL, NULL, "C> | headcount? || x\n | > 0 || 1\n | >= 200 || 2\n | >= 300 || 4",
       "1: 1 | 1: 2 | 1: 4 | 0: null"},
  };
  all_tries(t, sizeof t / sizeof *t);
}

static void cells(void **s) {
  (void)s;
  static const Try t[] = {
      {NULL, NULL, "first | tier? || x\n | B, C || bc\n | not(A) || rest\n else | || a",
       "-1: a | -1: a | 1: bc | -1: a"},
      {NULL, NULL, "first | headcount? || x\n | [100..200) || low\n | 200, 300 || some\n else | || none",
       "1: low | 2: some | 2: some | -1: none"},
      {"quiet : d = days_since(orders)", NULL,
       "first | quiet || x\n | < late || fresh\n | < 90 || warm\n | - || cold",
       "1: fresh | 1: fresh | 2: warm | 3: cold"},
      {NULL, NULL,
       "first | revenue_12m || x\n | >= big || big\n | > {sum(revenue, 1m)} || small\n | - || none",
       "1: big | 1: big | 2: small | 3: none"},
      {"lines = distinct(quotes.lines.product.line)", NULL,
       "first | lines? || x\n | 软件 || soft\n | 软件, 硬件 || both\n | - || none",
       "1: soft | 2: both | 3: none | 3: none"},
      {"lines = distinct(quotes.lines.product.line)", NULL,
       "first | lines || x\n | 软件 || soft\n | - || both", "1: soft | 2: both | -3/1: null | -3/1: null"},
      {NULL, NULL, "first | owner.level? || x\n | >= 地市 || high\n | - || low",
       "1: high | 2: low | 1: high | 2: low"},
      {"done = any(visits[status = 'done'])", NULL, "first | done || x\n | true || yes\n | false || no",
       "1: yes | 2: no | 2: no | 2: no"},
      {NULL, "until : date\nshare : percent",
       "first | tier? || until | share\n | A || {as_of + late} | 5%\n | - || - | 1%",
       "1: 2026-12-01, 0.05 | 1: 2026-12-01, 0.05 | 2: null, 0.01 | 2: null, 0.01"},
      {NULL, NULL, "first | tier? || no_sooner | takes\n | A || 1d | 60min\n | - || 10d | by phone",
       "1: 1d, 60min | 1: 1d, 60min | 2: 10d, by phone | 2: 10d, by phone"},
  };
  all_tries(t, sizeof t / sizeof *t);
}

static void a_table_may_come_from_a_spreadsheet(void **s) {
  (void)s;
  Fake *f = fake_company();
  Err e = {0};
  Rules *r = space(f, "four-kinds", NULL,
                   "年收入 : ¥ = revenue_12m\n人数 = headcount\n产品线 = distinct(quotes.lines.product.line)",
                   "类别 : one of 重要, 商业, 普通, 待定", NULL);
  assert_true(rules_table_csv(r, "kind", NULL,
                              fake_src("first,人数,年收入,产品线?,out:类别,note:说明\n"
                                       ",>= 300,-,-,重要,\n"
                                       ",-,>= 1000,\"软件, 硬件\",商业,收入 {年收入:万}\n"
                                       "else,,,,普通,按行业标准服务\n"
                                       "unknown,,,,待定,{missing} 未知\n", "tables/kinds.csv"), &e));
  checked(r);
  decides(f, r, "kind", "2: 商业, 收入 0.5万 | 2: 商业, 收入 0.1万 | 1: 重要, null | -2/1: 待定, 人数 未知");
  const TableInfo *t = rules_table_info(r, STR("kind"));
  assert_true(t->has_else && t->has_unknown && t->nrow == 2 && t->nout == 2);
  rules_free(r);
  fake_free(f);
}

static void the_case_that_falls_through_is_named(void **s) {
  (void)s;
  static const Try t[] = {
      {"margin : % = profit_12m / revenue_12m\ndrift : % = trend(profit, 12m)", NULL,
       "first | margin? | drift? || x\n | > 15% | < -1% || a\n | (5%..15%] | - || b\n | <= 5% | - || c",
       "book: 2 of 4 accounts hit no row of table t (first: C2 margin 32.5 %, drift 3.6 %) · "
       "nothing was written. Add a row for margin > 15 %, drift >= -1 %, or an else row. · pareto check would have said so before the run."},
      {"sold : ¥ = revenue_12m", NULL, "first | sold || x\n | > 4800 || a\n | 4800 || b\nunknown | || u",
       "book: 3 of 4 accounts hit no row of table t (first: C2 sold ¥ 1,200.00) · nothing was written. Add a row for sold < ¥ 4,800.00, or an else row. · pareto check would have said so before the run."},
      {NULL, NULL, "first | tier || x\n | A || a\nunknown | || u",
       "book: 1 of 4 accounts hit no row of table t (first: C3 tier B) · nothing was written. Add a row for tier = B, or an else row. · pareto check would have said so before the run."},
  };
  all_tries(t, sizeof t / sizeof *t);
}

static void a_table_decides_what_it_leans_on(void **s) {
  (void)s;
  Fake *f = fake_company();
  Rules *r = space(f, "book", NULL, "due = if cadence = 1w then 7d else 14d", "grade : one of hi, lo", NULL);
  add_table(r, "cadence", "unique | tier? || cadence\n | A || 1w\n | B || 2w\n else | || 4w");
  add_table(r, "grade", "first | cadence || grade\n | 1w || hi\n | - || lo");
  add_table(r, "top", "first | grade || top\n | hi || yes\n | - || no");
  checked(r);
  decides(f, r, "top", "1: yes | 1: yes | 2: no | 2: no");
  const TableInfo *t = rules_table_info(r, STR("top"));
  assert_int_equal(t->nlean, 1);
  Eval *ev = eval_new(r, AS_OF);
  Err e = {0};
  Expr *x = rules_expr(r, NULL, fake_src("grade", NULL), WANT_ANY, NULL, 0, &e),
       *due = rules_expr(r, NULL, fake_src("due", NULL), WANT_ANY, NULL, 0, &e);
  FakeEntity *a = &f->entity[ACCOUNT];
  Val v[4];
  assert_true(eval_expr(ev, due, a->id, 4, v, &e)); /* a one-in one-out table is simply a named value */
  assert_int_equal(v[0].u.i, 7 * 86400);
  assert_int_equal(v[3].u.i, 14 * 86400);
  assert_true(eval_expr(ev, x, a->id, 4, v, &e));
  assert_int_equal(v[0].t, V_NULL); /* a field that nobody has set */
  const Decision *d;
  assert_true(eval_decide(ev, STR("grade"), a->id, 2, &d, &e));
  assert_true(eval_expr(ev, x, a->id, 4, v, &e));
  assert_int_equal(str_cmp(val_str(v[0]), STR("hi")), 0); /* … until the table says */
  assert_int_equal(v[3].t, V_NULL);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

static void a_scope_and_groups(void **s) {
  (void)s;
  Fake *f = fake_company();
  Rules *r = space(f, "book", NULL, "spent : ¥ = revenue_12m", NULL, "known(tier)");
  checked(r);
  Eval *ev = eval_new(r, AS_OF);
  Err e = {0};
  const int64_t *id;
  size_t n, nkey, ncol;
  assert_true(eval_scope(ev, &id, &n, &e));
  assert_int_equal(n, 3);
  Expr **key, **col;
  assert_true(rules_columns(r, NULL, fake_src("tier", NULL), false, NULL, 0, &key, &nkey, &e));
  assert_true(rules_columns(
      r, NULL,
      fake_src(
          "count, sum(spent):万, share(count):%, mean(headcount), first(region), count(distinct(region)) as regions",
          NULL),
      true, NULL, 0, &col, &ncol, &e));
  assert_int_equal(ncol, 6);
  Groups g;
  FakeEntity *a = &f->entity[ACCOUNT];
  assert_true(eval_group(ev, key, nkey, a->id, a->n, &g, &e));
  assert_int_equal(g.n, 3);
  Buf b = {0};
  for (size_t i = 0; i < g.n; i++) {
    fake_show(g.key[i], &b);
    for (size_t k = 0; k < ncol; k++) {
      Val v[4];
      assert_true(eval_grouped(ev, col[k], &g, a->id, a->n, v, &e));
      buf_char(&b, ' ');
      fake_show(v[i], &b);
    }
    buf_puts(&b, "; ");
  }
  assert_string_equal(b.p, "A 2 6000 0.5 150 上海 2; B 1 40 0.25 300 上海 1; null 1 0 0.25 null null 0; ");
  buf_free(&b);
  assert_false(rules_columns(r, NULL, fake_src("count, spent", NULL), true, NULL, 0, &col, &ncol, &e));
  assert_string_equal(e.what, "spent differs within a group");
  err_free(&e);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(profit_types_as_the_playbook_has_them),
      cmocka_unit_test(given_figures_are_decided_alone),
      cmocka_unit_test(rfm_as_the_playbook_has_it),
      cmocka_unit_test(hit_policies),
      cmocka_unit_test(a_table_may_come_from_a_spreadsheet),
      cmocka_unit_test(cells),
      cmocka_unit_test(the_case_that_falls_through_is_named),
      cmocka_unit_test(a_table_decides_what_it_leans_on),
      cmocka_unit_test(a_scope_and_groups),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
