/* Histories against plain SQL: the same figures, whatever the window. */
#include "store_db.h"

#include "base/num.h"
#include "store/orders.h"

enum { ACCOUNTS = 40, LINES = 4000, ROUNDS = 60 };
static uint64_t seed;

static uint32_t pick(uint32_t below) { /* xorshift64* (Vigna 2016) */
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return (uint32_t)(((seed * 2685821657736338717u) >> 32) % below);
}

static Day random_day(void) { return day_of(2024, 1, 1) + (Day)pick(800); }
static Val maybe(Val v) { return pick(40) ? v : val_null(); }

static void put(const char *sql, const Val *bind, size_t n) {
  Err e = {0};
  if (!store_exec(db, sql, bind, n, &e)) fail_msg("%s: %s", sql, e.what);
}

static void fill(void) {
  seed = 88172645463325252u;
  for (int i = 1; i <= ACCOUNTS; i++) {
    char code[16];
    snprintf(code, sizeof code, "C%03d", i);
    Val bind[] = {val_int(i < 5 ? i * 100000 : i), val_text(str_of(code))}; /* ids are not dense */
    put("INSERT INTO account(id, code) VALUES(?1, ?2)", bind, 2);
  }
  int64_t line = 0;
  for (int i = 0; i < LINES; i++) {
    char no[16];
    snprintf(no, sizeof no, "%u", pick(900));
    Day day = random_day();
    uint32_t who = pick(ACCOUNTS - 3) + 1; /* the last three buy nothing, one line in a hundred is nobody's */
    Val account = val_int(!pick(100) ? 999999 : who < 5 ? who * 100000 : who);
    Val quantity = pick(3) ? val_int((int64_t)pick(50)) : val_dec((int64_t)pick(100000), -3);
    Val bind[] = {val_int(orders_first_id(day) + line++),
                  account,
                  maybe(val_text(str_of(no))),
                  val_int(orders_day(day)),
                  maybe(quantity),
                  maybe(val_int((int64_t)pick(1000000) - 1000)),
                  maybe(val_int((int64_t)pick(900000)))};
    put("INSERT INTO orders(id, account, order_no, day, quantity, revenue, cost) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        bind, 7);
  }
  static const char *const status[] = {"done", "planned", "cancelled"};
  for (int i = 0; i < 400; i++) {
    uint32_t who = pick(ACCOUNTS - 3) + 1;
    Val account = val_int(who < 5 ? who * 100000 : who);
    Val visit[] = {account, val_date(random_day()), maybe(val_text(str_of(status[pick(3)]))),
                   pick(2) ? val_int((int64_t)pick(5000)) : val_null()};
    put("INSERT INTO visit(account, day, status, cost) VALUES(?1, ?2, ?3, ?4)", visit, 4);
    Val activity[] = {account, val_date(random_day()), pick(3) ? val_int((int64_t)pick(3000)) : val_null()};
    put("INSERT INTO activity(account, day, cost) VALUES(?1, ?2, ?3)", activity, 3);
    Val survey[] = {account, val_date(random_day()), maybe(val_dec((int64_t)pick(50), -1))};
    put("INSERT INTO survey(account, day, score) VALUES(?1, ?2, ?3)", survey, 3);
  }
}

/* The rows of a measure as SQL: account, day (ISO), value, ok = 0 when the value is not known. */
typedef struct Plain { const char *measure, *rows; bool flow, money; } Plain;
#define LINE_ROWS(value)                                                                                     \
  "SELECT account, substr(day,1,4)||'-'||substr(day,5,2)||'-'||substr(day,7,2) AS day, " value               \
  " AS v, id AS n, order_no FROM orders"
#define SERVICE_ROWS(sign)                                                                                   \
  "SELECT account, day, " sign                                                                               \
  "cost AS v, id AS n, NULL AS order_no FROM activity WHERE cost IS NOT NULL UNION ALL "                     \
  "SELECT account, day, " sign "cost, id, NULL FROM visit WHERE cost IS NOT NULL"
static const Plain plain[] = {
    {"revenue", LINE_ROWS("revenue"), true, true},
    {"cost", LINE_ROWS("cost"), true, true},
    {"quantity", LINE_ROWS("CAST(round(quantity * 1000) AS INTEGER)"), true, false},
    {"cost_to_serve", SERVICE_ROWS(""), true, true},
    {"profit", LINE_ROWS("revenue - cost") " UNION ALL " SERVICE_ROWS("-"), true, true},
    {"visits",
     "SELECT account, day, 1 AS v, id AS n, NULL AS order_no FROM visit WHERE status IS NULL OR status = 'done'",
     true, false},
    {"activities", "SELECT account, day, 1 AS v, id AS n, NULL AS order_no FROM activity", true, false},
    {"surveys",
     "SELECT account, day, CAST(round(score * 10) AS INTEGER) AS v, id AS n, NULL AS order_no FROM survey",
     false, false},
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

static int scale_of(const Plain *p, Agg agg) {
  if (agg == AGG_COUNT || agg == AGG_DAYS || agg == AGG_FIRST_DAY || agg == AGG_LAST_DAY) return 0;
  return p->money ? -2 : !strcmp(p->measure, "quantity") ? -3 : !strcmp(p->measure, "surveys") ? -1 : 0;
}

static Val expected(const Plain *p, Agg agg, Day from, Day to, int64_t account, Arena *a) {
  Err e = {0};
  Val v, bind[] = {val_date(from), val_date(to), val_int(account)};
  const char *sql = arena_printf(
      a,
      "WITH w AS MATERIALIZED (SELECT * FROM (%s) WHERE day >= ?1 AND day < ?2 AND account = ?3) "
      "SELECT %s FROM w GROUP BY account",
      p->rows, plain_agg[agg]);
  if (!store_value(db, sql, bind, 3, a, &v, &e)) fail_msg("%s: %s", sql, e.what);
  Day d;
  if (v.t == V_TEXT && day_parse(val_str(v), &d)) return val_date(d);
  if (v.t == V_NUM) return val_dec(v.u.i, scale_of(p, agg));
  bool none = p->flow && (agg == AGG_SUM || agg == AGG_COUNT);
  if (none) {
    const char *any =
        arena_printf(a, "SELECT count(*) FROM (%s) WHERE day >= ?1 AND day < ?2 AND account = ?3", p->rows);
    Val rows;
    assert_true(store_value(db, any, bind, 3, a, &rows, &e));
    if (rows.u.i == 0) return val_int(0);
  }
  return v;
}

static const HostField *measure_field(const FeelHost *h, const char *name) {
  const HostField *f = h->field(h->ctx, 1, str_of(name));
  assert_non_null(f);
  if (f->kind != HOST_MEASURE) f = f->measure;
  assert_non_null(f);
  assert_int_equal(f->kind, HOST_MEASURE);
  return f;
}

static void show(Val v, char *out, size_t n) {
  Buf b = {0};
  if (v.t == V_NULL) buf_puts(&b, "null");
  else fmt_data(v, &b);
  snprintf(out, n, "%s", b.p);
  buf_free(&b);
}

static void compare(const FeelHost *h, const Plain *p, Agg agg, Day from, Day to) {
  Arena a = {0};
  Err e = {0};
  const int64_t *id;
  size_t n;
  assert_true(h->all(h->ctx, 1, to, &a, &id, &n, &e));
  Val *out = arena_alloc(&a, n * sizeof *out);
  if (!h->series(h->ctx, 1, measure_field(h, p->measure), agg, from, to, id, n, &a, out, &e))
    fail_msg("%s", e.what);
  for (size_t i = 0; i < n; i++) {
    Val want = expected(p, agg, from, to, id[i], &a);
    if (val_order(want, out[i]) == 0) continue;
    char x[64], y[64];
    show(want, x, sizeof x);
    show(out[i], y, sizeof y);
    fail_msg("%s, aggregate %d, [%d, %d), account %lld: SQL says %s, series %s", p->measure, (int)agg, from,
             to, (long long)id[i], x, y);
  }
  arena_free(&a);
}

static void every_aggregate_of_every_measure_is_what_sql_says(void **state) {
  (void)state;
  fill();
  const FeelHost *h = store_host(db);
  for (size_t m = 0; m < sizeof plain / sizeof *plain; m++)
    for (int agg = AGG_SUM; agg <= AGG_DAYS; agg++) {
      /* profit mixes rows of several tables: the order within one day is theirs */
      if (!strcmp(plain[m].measure, "profit") && (agg == AGG_FIRST || agg == AGG_LAST)) continue;
      if (!strcmp(plain[m].measure, "cost_to_serve") && (agg == AGG_FIRST || agg == AGG_LAST)) continue;
      compare(h, &plain[m], (Agg)agg, day_of(2024, 6, 15), day_of(2025, 6, 15));
    }
  for (int i = 0; i < ROUNDS; i++) {
    Day from = random_day(), to = from + (Day)pick(200);
    static const Agg some[] = {AGG_SUM, AGG_COUNT, AGG_LAST_DAY, AGG_DAYS};
    compare(h, &plain[pick(sizeof plain / sizeof *plain)], some[pick(4)], from, to);
  }
}

static void orders_count_each_order_once(void **state) {
  (void)state;
  fill();
  const FeelHost *h = store_host(db);
  Arena a = {0};
  Err e = {0};
  const int64_t *id;
  size_t n;
  assert_true(h->all(h->ctx, 1, 0, &a, &id, &n, &e));
  Val *out = arena_alloc(&a, n * sizeof *out);
  Day from = day_of(2024, 3, 7), to = day_of(2025, 3, 7);
  assert_true(h->series(h->ctx, 1, measure_field(h, "orders"), AGG_COUNT, from, to, id, n, &a, out, &e));
  for (size_t i = 0; i < n; i++) {
    Val v, bind[] = {val_int(orders_day(from)), val_int(orders_day(to)), val_int(id[i])};
    assert_true(store_value(db, "SELECT count(DISTINCT coalesce(order_no, 'day' || day)) FROM orders "
                                "WHERE day >= ?1 AND day < ?2 AND account = ?3", bind, 3, &a, &v, &e));
    assert_int_equal(out[i].u.i, v.u.i);
  }
  arena_free(&a);
}

static void steps_are_the_series_of_their_windows(void **state) {
  (void)state;
  fill();
  const FeelHost *h = store_host(db);
  static const char *const names[] = {"revenue", "orders", "profit", "quantity", "surveys", "visits"};
  enum { NSTEP = 9 };
  Day edge[NSTEP + 1];
  for (int k = 0; k <= NSTEP; k++) edge[k] = day_add_months(day_of(2024, 10, 31), k);
  for (size_t m = 0; m < sizeof names / sizeof *names; m++)
    for (int agg = AGG_SUM; agg <= AGG_COUNT; agg++) {
      if (agg == AGG_SUM && !strcmp(names[m], "orders")) continue;
      Arena a = {0};
      Err e = {0};
      const int64_t *id;
      size_t n;
      assert_true(h->all(h->ctx, 1, 0, &a, &id, &n, &e));
      Val *out = arena_alloc(&a, n * NSTEP * sizeof *out), *one = arena_alloc(&a, n * sizeof *one);
      const HostField *f = measure_field(h, names[m]);
      assert_true(h->steps(h->ctx, 1, f, (Agg)agg, edge, NSTEP, id, n, &a, out, &e));
      for (size_t k = 0; k < NSTEP; k++) {
        assert_true(h->series(h->ctx, 1, f, (Agg)agg, edge[k], edge[k + 1], id, n, &a, one, &e));
        for (size_t i = 0; i < n; i++)
          if (val_order(out[i * NSTEP + k], one[i]) || out[i * NSTEP + k].flags)
            fail_msg("%s, account %lld, step %zu", names[m], (long long)id[i], k);
      }
      arena_free(&a);
    }
}

static void the_same_account_twice_is_answered_twice(void **state) {
  (void)state;
  fill();
  const FeelHost *h = store_host(db);
  Arena a = {0};
  Err e = {0};
  int64_t id[] = {7, 9, 7, 123456};
  Val out[4], two[8];
  Day edge[] = {day_of(2024, 1, 1), day_of(2025, 1, 1), day_of(2026, 1, 1)};
  const HostField *f = measure_field(h, "visits");
  assert_true(h->series(h->ctx, 1, f, AGG_COUNT, edge[0], edge[2], id, 4, &a, out, &e));
  assert_true(h->steps(h->ctx, 1, f, AGG_COUNT, edge, 2, id, 4, &a, two, &e));
  assert_int_equal(out[0].u.i, out[2].u.i);
  assert_true(out[0].u.i > 0);
  assert_int_equal(out[3].u.i, 0);
  assert_int_equal(two[0].u.i + two[1].u.i, out[0].u.i);
  assert_int_equal(two[4].u.i + two[5].u.i, out[2].u.i);
  arena_free(&a);
}

static void spans_are_the_first_and_last_day(void **state) {
  (void)state;
  const FeelHost *h = store_host(db);
  Day first, last;
  assert_false(h->span(h->ctx, 1, measure_field(h, "revenue"), &first, &last));
  fill();
  assert_true(h->span(h->ctx, 1, measure_field(h, "revenue"), &first, &last));
  assert_int_equal(orders_day(first), db_number(db, "SELECT min(day) FROM orders"));
  assert_int_equal(orders_day(last), db_number(db, "SELECT max(day) FROM orders"));
  assert_true(h->span(h->ctx, 1, measure_field(h, "surveys"), &first, &last));
  Arena a = {0};
  Day day;
  assert_true(day_parse(val_str(db_value(db, "SELECT min(day) FROM survey", &a)), &day));
  assert_int_equal(first, day);
  arena_free(&a);
}

static int64_t revenue_of_7(const FeelHost *h) {
  Arena a = {0};
  Err e = {0};
  int64_t id = 7;
  Val v;
  assert_true(h->series(h->ctx, 1, measure_field(h, "revenue"), AGG_SUM, day_of(2026, 1, 1),
                        day_of(2027, 1, 1), &id, 1, &a, &v, &e));
  arena_free(&a);
  return v.u.i;
}

static void figures_follow_changes_by_anyone(void **state) {
  (void)state;
  Err e = {0};
  db_exec(db, "INSERT INTO account(id, code) VALUES(7, 'C7')");
  db_exec(db, "INSERT INTO orders(id, account, day, revenue) VALUES(202606010000000, 7, 20260601, 100)");
  const FeelHost *h = store_host(db);
  assert_int_equal(revenue_of_7(h), 100);
  db_exec(db, "UPDATE orders SET revenue = 250");
  assert_int_equal(revenue_of_7(h), 250);
  assert_true(store_commit(db, &e));
  Store *other = NULL;
  assert_true(store_open(db_path, STORE_WRITE, &other, &e));
  assert_true(store_begin(other, &e));
  db_exec(other, "INSERT INTO orders(id, account, day, revenue) VALUES(202606020000000, 7, 20260602, 7)");
  assert_true(store_commit(other, &e));
  assert_int_equal(revenue_of_7(h), 257);
  store_close(other);
}

static void sums_beyond_64_bits_stay_exact(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO account(id, code) VALUES(7, 'C7')");
  db_exec(
      db,
      "INSERT INTO orders(id, account, day, revenue) VALUES(202606010000000, 7, 20260601, 9223372036854775807), "
      "(202606010000001, 7, 20260601, 9223372036854775807), (202606010000002, 7, 20260601, 2)");
  const FeelHost *h = store_host(db);
  Arena a = {0};
  Err e = {0};
  int64_t id = 7;
  Val v;
  assert_true(h->series(h->ctx, 1, measure_field(h, "revenue"), AGG_SUM, day_of(2026, 1, 1),
                        day_of(2027, 1, 1), &id, 1, &a, &v, &e));
  char text[64];
  show(v, text, sizeof text);
  assert_string_equal(text, "184467440737095516.16");
  arena_free(&a);
}

static void a_figure_that_is_no_number_is_named(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO account(id, code) VALUES(7, 'C7')");
  db_exec(db, "INSERT INTO orders(id, account, day, quantity) VALUES(202606010000000, 7, 20260601, 'many')");
  const FeelHost *h = store_host(db);
  Arena a = {0};
  Err e = {0};
  int64_t id = 7;
  Val v;
  bool ok = h->series(h->ctx, 1, measure_field(h, "quantity"), AGG_SUM, day_of(2026, 1, 1),
                      day_of(2027, 1, 1), &id, 1, &a, &v, &e);
  db_refused(ok, &e, ERR_FAIL, "orders, row 202606010000000");
  arena_free(&a);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, db_setup, db_teardown)
  const struct CMUnitTest tests[] = {
      TEST(every_aggregate_of_every_measure_is_what_sql_says),
      TEST(orders_count_each_order_once),
      TEST(steps_are_the_series_of_their_windows),
      TEST(the_same_account_twice_is_answered_twice),
      TEST(spans_are_the_first_and_last_day),
      TEST(figures_follow_changes_by_anyone),
      TEST(sums_beyond_64_bits_stay_exact),
      TEST(a_figure_that_is_no_number_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
