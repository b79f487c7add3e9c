/* Authority of many quotes is read by a statement of its own: it says what the expression of the triggers says of each. */
#include "store_db.h"

enum { QUOTES = 2000, SLICE = 100 };

/* Accounts, regions, levels, quantities and days of all kinds, some unknown, each from its own multiple of the number. */
static const char *const rows[] = {
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) INSERT INTO account(id, code, name, region, tier)"
    " SELECT i, 'C' || i, 'n' || i, CASE i % 4 WHEN 0 THEN '上海' WHEN 1 THEN '江苏' WHEN 2 THEN '广东' END, substr('ABC', i % 3 + 1, i % 17 > 0) FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) INSERT INTO staff(id, code, level, region, active)"
    " SELECT i, 'S' || i, CASE i % 5 WHEN 0 THEN '总部' WHEN 1 THEN '省' WHEN 2 THEN '地市' WHEN 3 THEN '客户经理' END,"
    " CASE i % 3 WHEN 0 THEN '上海' WHEN 1 THEN '江苏' END, CASE i % 11 WHEN 0 THEN 0 ELSE 1 END FROM n",
    "INSERT INTO delegation(staff, deputy, from_day, to_day) VALUES(5, 3, '2026-10-01', NULL), (10, 8, '2026-11-01', NULL)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO product(id, code, name, line)"
    " SELECT i, 'P' || i, 'p' || i, CASE i % 4 WHEN 0 THEN '硬件' WHEN 1 THEN '软件' WHEN 2 THEN '服务' END FROM n",
    "INSERT INTO price(product, unit_price, from_day, region) SELECT id, id * 130, '2026-01-01', CASE id % 4 WHEN 0 THEN '上海' END"
    " FROM product WHERE id % 2 = 0",
    "INSERT INTO authority(level, region, tier, product_line, reason, max_deal, max_percent, max_amount, from_day, to_day) VALUES"
    "('客户经理', NULL, NULL, NULL, NULL, NULL, 0.03, 500, '2026-01-01', NULL), ('地市', '上海, 江苏', NULL, NULL, NULL, 900000, 0.06, 4000, '2026-01-01', NULL),"
    "('地市', NULL, 'A，B', NULL, 'retention', NULL, 0.09, NULL, '2026-11-01', NULL), ('省', NULL, NULL, '硬件,软件', NULL, NULL, 0.12, 20000, '2026-01-01', NULL),"
    "('总部', NULL, NULL, NULL, NULL, 5000000, 0.2, NULL, '2026-01-01', '2026-12-01')",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000), r AS (SELECT i, i * 48271 % 65537 AS x FROM n)"
    " INSERT INTO quote(id, code, account, requester, status, approver, reason, requested_on, decided, bundle, rebate)"
    " SELECT i, 'Q' || i, CASE WHEN x % 19 THEN 1 + x % 150 END, CASE WHEN x % 23 THEN 1 + x % 30 END,"
    " CASE x % 7 WHEN 0 THEN 'requested' WHEN 1 THEN 'judged' WHEN 3 THEN 'refused' WHEN 4 THEN 'prospecting' END,"
    " NULL, CASE x % 5 WHEN 0 THEN 'retention' END, CASE WHEN x % 13 THEN date('2026-10-25', '-' || (x % 60) || ' days') END,"
    " CASE WHEN x % 7 IN (2, 5) THEN date('2026-10-25', '-' || (x % 50) || ' days') END, CASE x % 6 WHEN 0 THEN x % 900 END, CASE x % 8 WHEN 0 THEN 0.02 END FROM r",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3800), r AS (SELECT i, i * 16807 % 65537 AS x FROM n)"
    " INSERT INTO quote_line(quote, line_no, product, qty, list_price, net_price, unit_cost, cost_day)"
    " SELECT 1 + i / 2 % 2000, 1 + i % 2, CASE WHEN x % 29 THEN 1 + x % 40 END, CASE x % 31 WHEN 0 THEN 0.5 WHEN 1 THEN NULL WHEN 2 THEN 2.75 ELSE 1 + x % 30 END,"
    " CASE WHEN x % 37 THEN (1 + x % 40) * 130 END, (1 + x % 40) * (130 - x % 25), (1 + x % 40) * 80, '2026-09-01' FROM r",
    "UPDATE quote SET status = 'won', approver = CASE id * 48271 % 65537 % 7 WHEN 2 THEN 1 END WHERE id * 48271 % 65537 % 7 IN (2, 5) AND"
    " bundle IS NULL AND requested_on <= decided AND (SELECT count(l.qty) > 0 AND count(l.qty) = count(*) FROM quote_line l WHERE l.quote = quote.id)",
};

static int given(void **state) {
  if (db_setup(state)) return -1;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) db_exec(db, rows[i]);
  return 0;
}

static void read_by(const char *name, Day asof, size_t slice, Arena *a, Val *out) {
  const FeelHost *h = store_host(db);
  int quote = h->entity(h->ctx, STR("quote"));
  const HostField *f = h->field(h->ctx, quote, str_of(name));
  assert_non_null(f);
  int64_t *id = arena_alloc(a, QUOTES * sizeof *id);
  for (int64_t i = 0; i < QUOTES; i++) id[i] = i + 1;
  Err e = {0};
  for (size_t from = 0; from < QUOTES; from += slice)
    if (!h->column(h->ctx, quote, f, asof, id + from, slice, a, out + from, &e)) fail_msg("%s: %s", name, e.what);
}

static bool same(Val x, Val y) {
  if (x.t != y.t || x.t != V_TEXT) return x.t == y.t && (x.t == V_NULL || x.u.i == y.u.i);
  return str_eq(val_str(x), val_str(y));
}

static void same_for_many(const char *name, const char *day, int kinds) {
  Arena a = {0};
  Day asof;
  assert_true(day_parse(str_of(day), &asof));
  Val *one = arena_alloc(&a, QUOTES * sizeof *one), *all = arena_alloc(&a, QUOTES * sizeof *all);
  read_by(name, asof, SLICE, &a, one);
  read_by(name, asof, QUOTES, &a, all);
  int seen[8] = {0}, different = 0;
  for (int i = 0; i < QUOTES; i++) {
    if (!same(one[i], all[i])) fail_msg("%s of quote %d on %s differs", name, i + 1, day);
    int kind = one[i].t == V_NULL ? 0 : one[i].t == V_BOOL ? 1 + (one[i].u.i != 0) : 1 + (int)((uint8_t)one[i].u.s[2] % 7);
    different += !seen[kind]++;
  }
  assert_true(different >= kinds); /* or the rows show little */
  arena_free(&a);
}

static void the_level_that_covers_is_the_same(void **state) {
  (void)state;
  same_for_many("covered_by", "2026-10-25", 3);
  same_for_many("covered_by", "2026-11-15", 3);
  same_for_many("covered_by", "2025-01-01", 1);
}

static void authority_of_its_own_is_the_same(void **state) {
  (void)state;
  same_for_many("own_authority", "2026-10-25", 2);
  same_for_many("own_authority", "2026-11-15", 2);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, given, db_teardown)
  const struct CMUnitTest tests[] = {
      TEST(the_level_that_covers_is_the_same),
      TEST(authority_of_its_own_is_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
