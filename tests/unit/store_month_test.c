/* Monthly columns against plain SQL: whatever is done to the rows, by whom and how, every figure is theirs. */
#include "store_db.h"

#include "base/num.h"
#include "store/columns.h"
#include "store/explain.h"
#include "store/merge.h"
#include "store/orders.h"

enum { ACCOUNTS = 12, DAYS = 420, ROUNDS = 120, OPS = 14, CHECKS = 8 };
static uint64_t seed = 88172645463325252u;
static Store *other; /* a second connection */

static uint32_t pick(uint32_t below) { /* xorshift64* (Vigna 2016) */
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return (uint32_t)(((seed * 2685821657736338717u) >> 32) % below);
}

static Day random_day(void) { return day_of(2024, 11, 1) + (Day)pick(DAYS); }

static void iso(Day d, char out[16]) {
  Buf b = {0};
  day_print(d, &b);
  snprintf(out, 16, "%s", b.p);
  buf_free(&b);
}

/* --- changes ------------------------------------------------------------------- */

static long long line_id(Day d) { return (long long)(orders_first_id(d) + pick(6)); }

static void line_sql(Buf *sql, const char *how, Day d) {
  buf_printf(sql, "INSERT %s INTO orders(id, account, order_no, day, quantity, revenue, cost) VALUES(%lld, %u, %s'%u', %lld, ",
             how, line_id(d), pick(ACCOUNTS) + 1, pick(20) ? "" : "NULL || ", pick(60), (long long)orders_day(d));
  buf_printf(sql, pick(3) ? "%u" : "%u.25", pick(50));
  if (pick(30)) buf_printf(sql, ", %d", (int)pick(100000) - 500);
  else buf_puts(sql, ", NULL");
  if (pick(30)) buf_printf(sql, ", %u)", pick(90000));
  else buf_puts(sql, ", NULL)");
}

typedef void (*Op)(Buf *sql, Day d, const char *day);
static void op_line(Buf *sql, Day d, const char *day) { (void)day; line_sql(sql, "OR IGNORE", d); }
static void op_replace(Buf *sql, Day d, const char *day) { (void)day; line_sql(sql, "OR REPLACE", d); }
static void op_amount(Buf *sql, Day d, const char *day) {
  (void)day;
  static const char *const or[] = {"", "OR FAIL ", "OR ABORT ", "OR IGNORE ", "OR REPLACE "};
  buf_printf(sql, "UPDATE %sorders SET revenue = %u, quantity = %u WHERE id >= %lld AND id < %lld", or[pick(5)], pick(9999),
             pick(9), (long long)orders_first_id(d), (long long)orders_first_id(d + (Day)pick(60)));
}
static void op_account(Buf *sql, Day d, const char *day) {
  (void)day;
  buf_printf(sql, "UPDATE orders SET account = %u WHERE account = %u AND day >= %lld AND day < %lld", pick(ACCOUNTS) + 1,
             pick(ACCOUNTS) + 1, (long long)orders_day(d), (long long)orders_day(d + 40));
}
static void op_merge(Buf *sql, Day d, const char *day) {
  (void)d, (void)day;
  buf_printf(sql, "UPDATE orders SET account = %u WHERE account = %u", pick(ACCOUNTS) + 1, pick(ACCOUNTS) + 1);
}
static void op_day(Buf *sql, Day d, const char *day) {
  (void)day;
  Day to = random_day();
  buf_printf(sql, "UPDATE OR REPLACE orders SET %s = %lld, day = %lld WHERE id = %lld", pick(2) ? "id" : "rowid",
             line_id(to), (long long)orders_day(to), line_id(d));
}
static void op_delete(Buf *sql, Day d, const char *day) {
  (void)day;
  buf_printf(sql, "DELETE FROM orders WHERE id >= %lld AND id < %lld", (long long)orders_first_id(d),
             (long long)orders_first_id(d + (Day)(pick(10) ? 2 : 70)));
}
static void op_renumber(Buf *sql, Day d, const char *day) {
  (void)day;
  buf_printf(sql, "UPDATE orders SET order_no = '%u' WHERE day = %lld", pick(60), (long long)orders_day(d));
}
static void op_visit(Buf *sql, Day d, const char *day) {
  (void)d;
  static const char *const status[] = {"'done'", "NULL", "'planned'"};
  buf_printf(sql, "INSERT OR REPLACE INTO visit(id, account, day, status, cost) VALUES(%u, %u, '%s', %s, ", pick(40) + 1,
             pick(ACCOUNTS) + 1, day, status[pick(3)]);
  buf_puts(sql, pick(2) ? "NULL)" : "1250)");
}
static void op_visit_moves(Buf *sql, Day d, const char *day) {
  (void)d;
  buf_printf(sql, "UPDATE OR REPLACE visit SET id = %u, day = '%s' WHERE id = %u", pick(40) + 1, day, pick(40) + 1);
}
static void op_visit_off(Buf *sql, Day d, const char *day) {
  (void)d, (void)day;
  buf_printf(sql, pick(2) ? "DELETE FROM visit WHERE id = %u" : "UPDATE visit SET status = 'missed' WHERE id = %u", pick(40) + 1);
}
static void op_activity(Buf *sql, Day d, const char *day) {
  (void)d;
  buf_printf(sql, "REPLACE INTO activity(id, account, day, cost) VALUES(%u, %u, '%s', %s)", pick(30) + 1, pick(ACCOUNTS) + 1, day,
             pick(3) ? "777" : "NULL");
}
static void op_complaint(Buf *sql, Day d, const char *day) {
  (void)d;
  buf_printf(sql, "INSERT OR REPLACE INTO complaint(code, account, opened) VALUES('P%u', %u, '%s')", pick(20), pick(ACCOUNTS) + 1,
             day);
}
static void op_complaint_moves(Buf *sql, Day d, const char *day) {
  (void)d;
  buf_printf(sql, "UPDATE OR REPLACE complaint SET code = 'P%u', opened = '%s' WHERE code = 'P%u'", pick(20), day, pick(20));
}
static void op_survey(Buf *sql, Day d, const char *day) {
  (void)d;
  buf_printf(sql, "INSERT OR REPLACE INTO survey(id, account, day, score) VALUES(%u, %u, '%s', %s)", pick(30) + 1,
             pick(ACCOUNTS) + 1, day, pick(9) ? "4.5" : "NULL");
}
static void op_observe(Buf *sql, Day d, const char *day) {
  (void)d;
  buf_printf(sql, "INSERT OR REPLACE INTO observation(id, account, measure, day, value) VALUES(%u, %u, '%s', '%s', %u)",
             pick(40) + 1, pick(ACCOUNTS) + 1, pick(2) ? "heat" : "it''s", day, pick(100));
}
static void op_observe_moves(Buf *sql, Day d, const char *day) {
  (void)d;
  buf_printf(sql, "UPDATE OR REPLACE observation SET id = %u, measure = 'heat', day = '%s' WHERE id = %u", pick(40) + 1, day,
             pick(40) + 1);
}

static const Op ops[] = {op_line,     op_line,     op_line,      op_line,     op_line,      op_line,
                         op_replace,  op_amount,   op_account,   op_merge,    op_day,       op_day,
                         op_delete,   op_renumber, op_visit,     op_visit,    op_visit_moves, op_visit_off,
                         op_activity, op_complaint, op_complaint_moves, op_survey, op_observe, op_observe_moves};

static void change(Store *s) {
  Buf sql = {0};
  Day d = random_day();
  char day[16];
  iso(d, day);
  uint32_t which = pick(sizeof ops / sizeof *ops);
  if (ops[which] == op_merge && pick(6)) which = 0;
  ops[which](&sql, d, day);
  Err e = {0};
  if (!store_exec(s, sql.p, NULL, 0, &e)) fail_msg("%s: %s", sql.p, e.what);
  buf_free(&sql);
}

/* --- what plain SQL says ------------------------------------------------------------- */

typedef struct Plain { const char *measure, *rows; bool flow; int scale; } Plain;
#define LINES(value)                                                                                                     \
  "SELECT account, date(substr(day,1,4)||'-'||substr(day,5,2)||'-'||substr(day,7,2)) AS day, " value                     \
  " AS v, id AS n, coalesce(order_no, char(1) || day) AS o FROM orders"
#define SERVICE(sign)                                                                                                    \
  "SELECT account, day, " sign "cost AS v, id AS n, id AS o FROM activity WHERE cost IS NOT NULL UNION ALL SELECT account, " \
  "day, " sign "cost, id, id FROM visit WHERE cost IS NOT NULL"
#define ROWS(value, day, from) "SELECT account, " day " AS day, " value " AS v, id AS n, id AS o FROM " from
static const Plain plain[] = {
    {"orders", LINES("1"), true, 0},
    {"revenue", LINES("revenue"), true, -2},
    {"cost", LINES("cost"), true, -2},
    {"quantity", LINES("CAST(round(quantity * 100) AS INTEGER)"), true, -2},
    {"profit", LINES("revenue - cost") " UNION ALL " SERVICE("-"), true, -2},
    {"cost_to_serve", SERVICE(""), true, -2},
    {"visits", ROWS("1", "day", "visit WHERE coalesce(status, 'done') = 'done'"), true, 0},
    {"activities", ROWS("1", "day", "activity"), true, 0},
    {"complaints", ROWS("1", "opened", "complaint"), true, 0},
    {"surveys", ROWS("CAST(round(score * 10) AS INTEGER)", "day", "survey"), false, -1},
    {"heat", ROWS("value", "day", "observation WHERE measure = 'heat'"), false, 0},
    {"it's", ROWS("value", "day", "observation WHERE measure = 'it''s'"), false, 0},
    {"big", ROWS("revenue", "date(substr(day,1,4)||'-'||substr(day,5,2)||'-'||substr(day,7,2))", "orders WHERE revenue > 5000"),
     false, 0},
};
static const char *const plain_agg[] = {
    [AGG_SUM] = "CASE WHEN count(*) = count(v) THEN sum(v) END",
    [AGG_COUNT] = "count(*)",
    [AGG_MIN] = "CASE WHEN count(*) = count(v) THEN min(v) END",
    [AGG_MAX] = "CASE WHEN count(*) = count(v) THEN max(v) END",
    [AGG_FIRST] = "(SELECT v FROM w f WHERE f.account = w.account ORDER BY day, n LIMIT 1)",
    [AGG_LAST] = "(SELECT v FROM w f WHERE f.account = w.account ORDER BY day DESC, n DESC LIMIT 1)",
    [AGG_FIRST_DAY] = "min(day)",
    [AGG_LAST_DAY] = "max(day)",
    [AGG_DAYS] = "count(DISTINCT day)",
};

typedef struct Want { const Plain *p; Agg agg; Val value[ACCOUNTS + 1]; bool any[ACCOUNTS + 1]; } Want;

static bool take_want(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Want *w = ctx;
  Day d;
  int64_t account = val[0].u.i;
  if (account < 1 || account > ACCOUNTS) return true;
  bool figure = w->agg != AGG_COUNT && w->agg != AGG_DAYS;
  w->any[account] = true;
  if (val[1].t == V_TEXT && day_parse(val_str(val[1]), &d)) w->value[account] = val_date(d);
  else if (val[1].t == V_NUM) w->value[account] = val_dec(val[1].u.i, figure ? w->p->scale : 0);
  return true;
}

static void expected(Store *s, Want *w, Day from, Day to) {
  Arena a = {0};
  Err e = {0};
  const Val bind[] = {val_date(from), val_date(to)};
  bool orders = !strcmp(w->p->measure, "orders") && (w->agg == AGG_SUM || w->agg == AGG_COUNT);
  const char *sql = arena_printf(&a, "WITH w AS MATERIALIZED (SELECT * FROM (%s) WHERE day >= ?1 AND day < ?2) SELECT account, %s "
                                     "FROM w GROUP BY account",
                                 w->p->rows, orders ? "count(DISTINCT o)" : plain_agg[w->agg]);
  if (!store_query(s, sql, bind, 2, take_want, w, &e)) fail_msg("%s: %s", sql, e.what);
  arena_free(&a);
  bool zero = w->p->flow && (w->agg == AGG_SUM || w->agg == AGG_COUNT);
  for (int i = 1; i <= ACCOUNTS; i++)
    if (zero && !w->any[i]) w->value[i] = val_int(0);
}

/* --- comparing -------------------------------------------------------------------------- */

static const HostField *measure_field(const FeelHost *h, const char *name) {
  const HostField *f = h->field(h->ctx, 1, str_of(name));
  return f && f->kind != HOST_MEASURE ? f->measure : f;
}

static void same(const Want *w, int account, Day from, Day to, Val got, const char *who) {
  if (val_order(w->value[account], got) == 0) return;
  Buf x = {0}, y = {0};
  fmt_data(w->value[account], &x);
  fmt_data(got, &y);
  fail_msg("%s: %s, aggregate %d, [%d, %d), account %d: SQL says %s, the columns %s", who, w->p->measure, (int)w->agg, from, to,
           account, x.p ? x.p : "null", y.p ? y.p : "null");
}

/* FIRST and LAST of several tables: the order within a day is theirs. */
static bool settled(const Plain *p, Agg agg) {
  bool several = !strcmp(p->measure, "profit") || !strcmp(p->measure, "cost_to_serve");
  return !several || (agg != AGG_FIRST && agg != AGG_LAST);
}

static Day month_edge(void) { return month_start(day_month(random_day())); }

static void check_window(Store *s, const char *who) {
  const FeelHost *h = store_host(s);
  int64_t id[ACCOUNTS];
  Val out[ACCOUNTS];
  Arena a = {0};
  Err e = {0};
  Want w = {.p = &plain[pick(sizeof plain / sizeof *plain)], .agg = (Agg)pick(AGG_DAYS + 1)};
  Day from = pick(2) ? month_edge() : random_day(), to = from + (Day)pick(400);
  if (pick(2)) to = month_start(day_month(to));
  if (to < from) to = from;
  const HostField *f = measure_field(h, w.p->measure);
  if (!f || !settled(w.p, w.agg)) return;
  for (int i = 0; i < ACCOUNTS; i++) id[i] = i + 1;
  expected(s, &w, from, to);
  if (!h->series(h->ctx, 1, f, w.agg, from, to, id, ACCOUNTS, &a, out, &e)) fail_msg("%s: %s", who, e.what);
  for (int i = 0; i < ACCOUNTS; i++) same(&w, i + 1, from, to, out[i], who);
  arena_free(&a);
}

static void check_steps(Store *s, const char *who) {
  const FeelHost *h = store_host(s);
  enum { STEPS = 5 };
  int64_t id[ACCOUNTS];
  Val out[ACCOUNTS * STEPS];
  Arena a = {0};
  Err e = {0};
  const Plain *p = &plain[pick(sizeof plain / sizeof *plain)];
  Agg agg = pick(2) ? AGG_SUM : AGG_COUNT;
  Day edge[STEPS + 1] = {pick(2) ? month_edge() : random_day()};
  int months = pick(2) ? 1 : 3;
  for (int k = 1; k <= STEPS; k++) edge[k] = day_add_months(edge[0], k * months);
  const HostField *f = measure_field(h, p->measure);
  if (!f) return;
  for (int i = 0; i < ACCOUNTS; i++) id[i] = i + 1;
  if (!h->steps(h->ctx, 1, f, agg, edge, STEPS, id, ACCOUNTS, &a, out, &e)) fail_msg("%s: %s", who, e.what);
  for (int k = 0; k < STEPS; k++) {
    Want w = {.p = p, .agg = agg};
    expected(s, &w, edge[k], edge[k + 1]);
    for (int i = 0; i < ACCOUNTS; i++) same(&w, i + 1, edge[k], edge[k + 1], out[i * STEPS + k], who);
  }
  arena_free(&a);
}

static void check(Store *s, const char *who) {
  for (int i = 0; i < CHECKS; i++) check_window(s, who);
  if (pick(3) == 0) check_steps(s, who);
}

static bool no_difference(void *ctx, const char *table, int yyyymm, Err *e) {
  return err_set(e, ERR_FAIL, "%s: the columns of %s for %d are not what the rows say", (const char *)ctx, table, yyyymm);
}

static void verify(Store *s, const char *who) {
  Err e = {0};
  int64_t months;
  if (!store_columns_verify(s, no_difference, (void *)(uintptr_t)who, &months, &e)) fail_msg("%s", e.what);
}

/* --- who does it --------------------------------------------------------------------------- */

static void commit(Store *s) {
  Err e = {0};
  if (!store_commit(s, &e)) fail_msg("%s", e.what);
}
static void begin(Store *s) {
  Err e = {0};
  if (!store_begin(s, &e)) fail_msg("%s", e.what);
}

static void writes(Store *s, bool reads_too) {
  begin(s);
  for (uint32_t n = pick(OPS) + 1; n; n--) {
    change(s);
    if (reads_too && !pick(4)) check(s, "a writer amid its changes");
  }
  if (pick(5)) commit(s);
  else store_rollback(s);
}

static void reads(StoreMode mode, bool snapshot) {
  Store *s;
  Err e = {0};
  if (!store_open(db_path, mode, &s, &e)) fail_msg("%s", e.what);
  if (snapshot) assert_true(store_begin_read(s, &e));
  check(s, mode == STORE_READ ? "a reader" : "a reader that may write");
  store_close(s);
}

static void plans_and_undoes(void) {
  Err e = {0};
  Store *copy;
  Journal j, inverse;
  assert_true(store_begin_read(db, &e));
  if (!store_copy(db, &copy, &e)) fail_msg("%s", e.what);
  store_end_read(db);
  assert_true(store_journal_start(copy, &j, &e));
  begin(copy);
  for (uint32_t n = pick(OPS) + 1; n; n--) {
    change(copy);
    if (!pick(3)) check(copy, "a plan on its copy");
  }
  bool merged = pick(2);
  if (merged) {
    int64_t from = pick(ACCOUNTS) + 1;
    if (!store_merge(copy, catalog_entity(STR("account")), from, from % ACCOUNTS + 1, &e)) fail_msg("%s", e.what);
    check(copy, "a merge on its copy");
  }
  store_journal_stop(copy);
  journal_compact(&j);
  store_close(copy);
  for (size_t i = 0; i < j.n; i++) assert_false(str_starts(j.change[i].table, "month_"));
  begin(db);
  if (!store_apply(db, &j, &e)) fail_msg("%s", e.what);
  check(db, "a plan applied");
  commit(db);
  check(db, "a plan applied and committed");
  if (merged || pick(2)) { /* the other rounds count on every account */
    assert_true(journal_invert(&j, &inverse));
    begin(db);
    if (!store_apply(db, &inverse, &e)) fail_msg("%s", e.what);
    commit(db);
    check(db, "a plan undone");
    journal_free(&inverse);
  }
  journal_free(&j);
}

static void start(void) {
  for (int i = 1; i <= ACCOUNTS; i++) {
    char sql[96];
    snprintf(sql, sizeof sql, "INSERT INTO account(id, code) VALUES(%d, 'C%02d')", i, i);
    db_exec(db, sql);
  }
  commit(db);
  Err e = {0};
  assert_true(store_open(db_path, STORE_WRITE, &other, &e));
}

/* A view is made by a tool of the user's, not by us. */
static void make_view(void) {
  char line[400];
  snprintf(line, sizeof line,
           "sqlite3 %s \"CREATE VIEW measure_big AS SELECT id, account, substr(day,1,4)||'-'||substr(day,5,2)||'-'||"
           "substr(day,7,2) AS day, revenue AS value FROM orders WHERE revenue > 5000\"",
           db_path);
  if (system(line) != 0) fail_msg("the sqlite3 shell is needed for this test");
}

/* The shell writes too, and starts with foreign keys off. */
static void the_shell_writes(void) {
  Buf sql = {0};
  buf_printf(&sql, "sqlite3 %s \"", db_path);
  for (int i = 0; i < 4; i++) {
    Day d = random_day();
    char day[16];
    iso(d, day);
    ops[pick(sizeof ops / sizeof *ops)](&sql, d, day);
    buf_puts(&sql, "; ");
  }
  buf_puts(&sql, "\"");
  if (system(sql.p) != 0) fail_msg("%s", sql.p);
  buf_free(&sql);
}

/* PARETO_SEED=7 PARETO_ROUNDS=2000: another history, and a longer one. */
static int asked_for(const char *name, int usual) { return getenv(name) ? atoi(getenv(name)) : usual; }

static void whoever_changes_rows_every_figure_is_theirs(void **state) {
  (void)state;
  start();
  make_view();
  seed += (uint64_t)asked_for("PARETO_SEED", 0) * 0x9E3779B97F4A7C15u;
  int rounds = asked_for("PARETO_ROUNDS", ROUNDS);
  for (int round = 0; round < rounds; round++) {
    switch (pick(8)) {
      case 0: case 1: writes(db, true); break;
      case 2: writes(other, pick(2)); break;
      case 3: reads(STORE_READ, true); break;
      case 4: reads(pick(2) ? STORE_READ : STORE_WRITE, pick(2)); break;
      case 5: plans_and_undoes(); break;
      case 6: the_shell_writes(); break;
      default: writes(other, false); writes(db, false); break;
    }
    check(pick(2) ? db : other, "afterwards");
    if (round % 4 == 0) verify(db, "now and then");
  }
  store_close(other);
}

/* --- what is read ---------------------------------------------------------------------------- */

static Val one(const char *measure, Agg agg, Day from, Day to, int64_t id) {
  const FeelHost *h = store_host(db);
  static Arena a;
  Err e = {0};
  Val v;
  if (!h->series(h->ctx, 1, measure_field(h, measure), agg, from, to, &id, 1, &a, &v, &e)) fail_msg("%s", e.what);
  return v;
}

static void three_orders(void) {
  db_exec(db, "INSERT INTO account(id, code) VALUES(1, 'A'), (2, 'B')");
  db_exec(db, "INSERT INTO orders(id, account, order_no, day, revenue, cost) VALUES"
              "(202601300000000, 1, 'X', 20260130, 100, 60), (202602020000000, 1, 'X', 20260202, 50, 20),"
              "(202602020000001, 1, 'Y', 20260202, 10, 5), (202603050000000, 1, 'X', 20260305, 1, 1),"
              "(202603050000001, 2, 'X', 20260305, 7, 1)");
}

static void an_order_in_three_months_is_one_order(void **state) {
  (void)state;
  three_orders();
  assert_int_equal(one("orders", AGG_COUNT, day_of(2026, 1, 1), day_of(2026, 4, 1), 1).u.i, 2);
  assert_int_equal(one("orders", AGG_COUNT, day_of(2026, 2, 1), day_of(2026, 4, 1), 1).u.i, 2);
  assert_int_equal(one("orders", AGG_COUNT, day_of(2026, 1, 31), day_of(2026, 3, 5), 1).u.i, 2);
  assert_int_equal(one("orders", AGG_COUNT, day_of(2026, 1, 1), day_of(2026, 4, 1), 2).u.i, 1);
  db_exec(db, "DELETE FROM orders WHERE id = 202602020000000");
  assert_int_equal(one("orders", AGG_COUNT, day_of(2026, 2, 1), day_of(2026, 3, 1), 1).u.i, 1);
  assert_int_equal(one("orders", AGG_COUNT, day_of(2026, 1, 1), day_of(2026, 4, 1), 1).u.i, 2);
}

static void whole_months_come_from_columns_and_only_edges_from_rows(void **state) {
  (void)state;
  MeasureLog log = {0};
  three_orders();
  one("revenue", AGG_SUM, day_of(2026, 1, 1), day_of(2026, 4, 1), 1);
  db_exec(db, "UPDATE orders SET revenue = 60 WHERE id = 202602020000000");
  store_explain(db, &log);
  assert_int_equal(one("revenue", AGG_SUM, day_of(2026, 1, 1), day_of(2026, 4, 1), 1).u.i, 171);
  assert_int_equal(log.n, 1);
  assert_int_equal(log.use[0].months, 3);
  assert_int_equal(log.use[0].built, 1);
  assert_int_equal(log.use[0].edge_rows, 0);
  assert_int_equal(log.use[0].built_rows, 2);
  one("revenue", AGG_SUM, day_of(2026, 1, 30), day_of(2026, 3, 5), 1); /* all rows of January are inside */
  assert_int_equal(log.use[1].months, 2);
  assert_int_equal(log.use[1].edge_days, 4);
  assert_int_equal(log.use[1].edge_rows, 0);
  store_explain(db, NULL);
  measure_log_free(&log);
}

static void damaged_columns_are_found_and_built_anew(void **state) {
  (void)state;
  Err e = {0};
  int64_t months;
  three_orders();
  one("revenue", AGG_SUM, day_of(2026, 1, 1), day_of(2026, 4, 1), 1);
  verify(db, "before");
  db_exec(db, "UPDATE month_column SET data = zeroblob(length(data)) WHERE id = 120260120");
  db_exec(db, "UPDATE month_column SET data = zeroblob(5) WHERE id = 120260220");
  assert_false(store_columns_verify(db, no_difference, (void *)(uintptr_t)"after", &months, &e));
  assert_non_null(strstr(e.what, "orders"));
  err_free(&e);
  if (!store_columns_rebuild(db, &months, &e)) fail_msg("%s", e.what);
  assert_int_equal(months, 3);
  verify(db, "built anew");
  assert_int_equal(one("revenue", AGG_SUM, day_of(2026, 1, 1), day_of(2026, 4, 1), 1).u.i, 161);
  assert_int_equal(one("revenue", AGG_MIN, day_of(2026, 1, 1), day_of(2026, 4, 1), 1).u.i, 1);
}

static void figures_beyond_64_bits_are_read_from_rows(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO account(id, code) VALUES(1, 'A')");
  db_exec(db, "INSERT INTO orders(id, account, day, revenue, cost, quantity) VALUES"
              "(202601010000000, 1, 20260101, 9223372036854775807, 1, '123456789012345678901.5'),"
              "(202601020000000, 1, 20260102, 9223372036854775807, 1, 0.5)");
  Buf b = {0};
  num_print(one("revenue", AGG_SUM, day_of(2026, 1, 1), day_of(2026, 2, 1), 1), &b);
  assert_string_equal(b.p, "184467440737095516.14");
  buf_clear(&b);
  num_print(one("profit", AGG_SUM, day_of(2026, 1, 1), day_of(2026, 2, 1), 1), &b);
  assert_string_equal(b.p, "184467440737095516.12");
  buf_clear(&b);
  num_print(one("quantity", AGG_SUM, day_of(2026, 1, 1), day_of(2026, 2, 1), 1), &b);
  assert_string_equal(b.p, "123456789012345678902");
  buf_clear(&b);
  num_print(one("quantity", AGG_MAX, day_of(2026, 1, 1), day_of(2026, 2, 1), 1), &b);
  assert_string_equal(b.p, "123456789012345678901.5");
  buf_free(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(whoever_changes_rows_every_figure_is_theirs, db_setup, db_teardown),
      cmocka_unit_test_setup_teardown(an_order_in_three_months_is_one_order, db_setup, db_teardown),
      cmocka_unit_test_setup_teardown(whole_months_come_from_columns_and_only_edges_from_rows, db_setup, db_teardown),
      cmocka_unit_test_setup_teardown(damaged_columns_are_found_and_built_anew, db_setup, db_teardown),
      cmocka_unit_test_setup_teardown(figures_beyond_64_bits_are_read_from_rows, db_setup, db_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
