/* Assigning, inserting, adding fields, publishing, segments: what is written, what is refused. */
#include "store_db.h"

#include "base/num.h"

static int given(void **state) {
  if (db_setup(state)) return -1;
  db_exec(
      db,
      "INSERT INTO account(id, code, name, tier) VALUES(1, 'C1', 'a', 'A'), (2, 'C2', 'b', 'B'), (3, 'C3', 'c', NULL)");
  db_exec(db, "INSERT INTO staff(id, code) VALUES(1, 'S1')");
  return 0;
}

static const int64_t all[] = {1, 2, 3};
#define DAY day_of(2026, 11, 1)

static Val text(const char *z) { return val_text(str_of(z)); }

static size_t assign(const char *field, Day day, Val x, Val y, Val z) {
  Err e = {0};
  Val v[] = {x, y, z};
  size_t changed;
  if (!store_assign(db, "account", field, day, all, v, 3, &changed, &e)) fail_msg("%s", e.what);
  return changed;
}

static void what_is_unchanged_writes_nothing(void **state) {
  (void)state;
  assert_int_equal(assign("tier", DAY, text("A"), text("B"), val_null()), 0);
  assert_int_equal(db_number(db, "SELECT count(*) FROM history"), 0);
  assert_int_equal(assign("tier", DAY, text("A"), text("C"), text("D")), 2);
  assert_int_equal(db_number(db, "SELECT count(*) FROM history"),
                   3); /* B since ever, C and D from the day on */
  assert_int_equal(assign("tier", DAY, text("A"), text("C"), text("D")), 0);
  assert_int_equal(assign("tier", DAY, text("A"), val_null(), text("D")), 1);
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE tier IS NULL"), 1);
  assert_int_equal(assign("credit_limit", DAY, val_dec(125, -1), val_dec(12345, -3), val_null()), 2);
  assert_int_equal(db_number(db, "SELECT credit_limit FROM account WHERE id = 1"), 1250);
  assert_int_equal(db_number(db, "SELECT credit_limit FROM account WHERE id = 2"),
                   1235); /* half away from zero */
  assert_int_equal(assign("credit_limit", DAY, val_dec(1250, -2), val_dec(12345, -3), val_null()), 0);
  assert_int_equal(assign("latitude", DAY, val_dec(125, -1), val_real(0.1), val_int(31)), 3);
  assert_int_equal(assign("latitude", DAY, val_dec(125, -1), val_real(0.1), val_int(31)), 0);
  assert_int_equal(assign("latitude", DAY, val_dec(125, -1), val_dec(1, -1), val_int(31)), 0);
  assert_int_equal(assign("parent", DAY, val_null(), val_row(1, 1), text("C2")), 2);
  assert_int_equal(assign("parent", DAY, val_null(), text("C1"), val_row(1, 2)), 0);
  assert_int_equal(assign("since", DAY, val_date(DAY), val_null(), val_null()), 1);
  assert_int_equal(assign("since", DAY, val_date(DAY), val_null(), val_null()), 0);
}

static void history_names_the_run(void **state) {
  (void)state;
  store_set_run(db, 131);
  assign("tier", DAY, text("B"), text("B"), text("D"));
  assert_int_equal(db_number(db, "SELECT count(*) FROM history WHERE run = 131"),
                   3); /* with what stood before */
}

typedef struct Bad { const char *entity, *field; Val v; const char *error; } Bad;

static void wrong_values_name_the_row_and_write_nothing(void **state) {
  (void)state;
  Err e = {0};
  const Bad bad[] = {
      {"account", "tier", text("a"), "account C3: tier is one of A, B, C, D; 'a' is none of them"},
      {"account", "tier", val_int(1), "account C3: tier takes text"},
      {"account", "headcount", val_dec(15, -1), "takes a whole number"},
      {"account", "credit_limit", text("x"), "an amount of money"},
      {"account", "reference", val_int(1), "true or false"},
      {"account", "since", text("2026-01-01"), "takes a date"},
      {"account", "latitude", val_bool(true), "takes a number"},
      {"account", "parent", text("C9"), "there is no account C9"},
      {"account", "code", val_null(), "cannot be empty"},
      {"account", "teir", text("A"), "no field teir"},
      {"account", "id", val_int(1), "cannot be written"},
      {"account", "revenue", val_int(1), "cannot be written"},
      {"account", "owner", text("S1"), "cannot be written"},
      {"quote", "given_away", val_int(1), "cannot be written"},
      {"acount", "tier", text("A"), "no entity acount"},
      {"orders", "day", val_date(0), "part of its number"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    size_t changed = 9;
    Val v[] = {bad[i].v, bad[i].v, bad[i].v};
    if (!strcmp(bad[i].field, "tier")) v[0] = v[1] = text("D");
    db_refused(store_assign(db, bad[i].entity, bad[i].field, DAY, i < 2 ? all : all + 2, v, i < 2 ? 3 : 1,
                            &changed, &e),
               &e, ERR_FAIL, bad[i].error);
    assert_int_equal(changed, 0);
  }
  assert_int_equal(db_number(db, "SELECT count(*) FROM history"),
                   0); /* rows before the wrong one are put back */
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE tier = 'D'"), 0);
  int64_t none = 77;
  Val v = text("x");
  size_t changed;
  db_refused(store_assign(db, "account", "name", DAY, &none, &v, 1, &changed, &e), &e, ERR_FAIL,
             "account 77 is not there");
}

/* --- inserting ----------------------------------------------------------- */

static void rows_are_inserted_with_keys_as_text(void **state) {
  (void)state;
  Err e = {0};
  int64_t id;
  const Str name[] = {STR("account"), STR("owner"), STR("kind"), STR("due"), STR("title")};
  Val val[] = {text("C2"), val_row(3, 1), text("churn"), val_date(DAY), text("x")};
  if (!store_insert(db, catalog_entity(STR("task")), name, val, 5, &id, &e)) fail_msg("%s", e.what);
  assert_int_equal(
      db_number(db, "SELECT count(*) FROM task WHERE account = 2 AND owner = 1 AND due = '2026-11-01'"), 1);
  assert_int_equal(id, db_number(db, "SELECT id FROM task"));
  val[0] = text("C9");
  db_refused(store_insert(db, catalog_entity(STR("task")), name, val, 5, &id, &e), &e, ERR_FAIL,
             "no account C9");
  db_refused(store_insert(db, catalog_entity(STR("task")), name + 2, val + 2, 3, &id, &e), &e, ERR_FAIL,
             "needs account");
  const Str wrong[] = {STR("account"), STR("titel")};
  val[0] = text("C1"), val[1] = text("x");
  db_refused(store_insert(db, catalog_entity(STR("task")), wrong, val, 2, &id, &e), &e, ERR_FAIL,
             "no field titel");
  assert_int_equal(id, 0);
}

static void order_lines_number_themselves_within_their_day(void **state) {
  (void)state;
  Err e = {0};
  int64_t id;
  const Str name[] = {STR("account"), STR("day"), STR("revenue"), STR("quantity")};
  Val val[] = {text("C1"), val_date(DAY), val_dec(1999, -2), val_dec(25, -1)};
  for (int64_t k = 0; k < 3; k++) {
    if (!store_insert(db, catalog_entity(STR("orders")), name, val, 4, &id, &e)) fail_msg("%s", e.what);
    assert_int_equal(id, INT64_C(202611010000000) + k);
  }
  assert_int_equal(db_number(db, "SELECT sum(revenue) FROM orders WHERE day = 20261101 AND quantity = 2.5"),
                   3 * 1999);
  val[0] = val_row(1, 77); /* orders have no foreign key of their own */
  db_refused(store_insert(db, catalog_entity(STR("orders")), name, val, 4, &id, &e), &e, ERR_FAIL,
             "no account 77");
}

static void rows_are_found_by_their_key(void **state) {
  (void)state;
  assert_int_equal(store_find(db, catalog_entity(STR("account")), STR("C2")), 2);
  assert_int_equal(store_find(db, catalog_entity(STR("account")), STR("c2")), 0);
  db_exec(db, "INSERT INTO task(id, account) VALUES(5, 1)");
  assert_int_equal(store_find(db, catalog_entity(STR("task")), STR("5")), 5);
  assert_int_equal(store_find(db, catalog_entity(STR("task")), STR("5x")), 0);
}

/* --- fields -------------------------------------------------------------- */

static const Str types[] = {{"P1", 2}, {"P2", 2}, {"P3", 2}};
static const Domain three = {true, 3, types}, two = {true, 2, types};

static void a_field_added_is_a_column_with_a_history(void **state) {
  (void)state;
  Err e = {0};
  Type t = {.kind = T_TEXT, .domain = &three};
  if (!store_add_field(db, "account", "盈利类型", t, "profit type", &e)) fail_msg("%s", e.what);
  const FeelHost *h = store_host(db);
  const HostField *f = h->field(h->ctx, 1, STR("盈利类型"));
  assert_non_null(f);
  assert_true(f->history && f->type.domain->ranked);
  assert_int_equal(f->type.domain->n, 3);
  assert_string_equal(f->about, "profit type");
  assert_int_equal(assign("盈利类型", DAY, text("P1"), text("P3"), val_null()), 2);
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE \"盈利类型\" = 'P1'"), 1);
  assert_true(store_add_field(db, "account", "盈利类型", t, NULL, &e)); /* the same again is nothing */
  assert_int_equal(db_number(db, "SELECT count(*) FROM field WHERE added"), 1);
  t.domain = &two;
  db_refused(store_add_field(db, "account", "盈利类型", t, NULL, &e), &e, ERR_FAIL,
             "'P3', which is not among the new ones");
  assign("盈利类型", DAY, text("P1"), text("P2"), val_null());
  assert_true(store_add_field(db, "account", "盈利类型", t, NULL, &e));
  h = store_host(db);
  assert_int_equal(h->field(h->ctx, 1, STR("盈利类型"))->type.domain->n, 2);
  t = (Type){.kind = T_NUM, .unit = UNIT_MONEY};
  assert_true(store_add_field(db, "quote", "at_stake", t, NULL, &e));
  assert_true(store_commit(db, &e));
  Store *again = NULL;
  assert_true(store_open(db_path, STORE_READ, &again, &e));
  h = store_host(again);
  assert_int_equal(h->field(h->ctx, h->entity(h->ctx, STR("quote")), STR("at_stake"))->type.unit, UNIT_MONEY);
  store_close(again);
}

static void names_that_clash_or_are_none_are_refused(void **state) {
  (void)state;
  Err e = {0};
  Type t = {.kind = T_TEXT};
  typedef struct { const char *entity, *name, *error; } Case;
  static const Case cases[] = {
      {"account", "tier", "already"},   {"account", "revenue", "already"},
      {"account", "visits", "already"}, {"account", "Tier", "capitals"},
      {"account", "a b", "no name"},    {"account", "1a", "no name"},
      {"account", "", "no name"},       {"account", "x\"; DROP TABLE account; --", "no name"},
      {"account", "RowId", "reserved"}, {"nothing", "x", "no entity"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    db_refused(store_add_field(db, cases[i].entity, cases[i].name, t, NULL, &e), &e, ERR_FAIL,
               cases[i].error);
  db_refused(store_add_field(db, "account", "x", (Type){.kind = T_LIST}, NULL, &e), &e, ERR_FAIL,
             "cannot hold a list");
  assert_true(store_add_field(db, "account", "x", t, NULL, &e));
  db_refused(store_add_field(db, "account", "x", (Type){.kind = T_NUM}, NULL, &e), &e, ERR_FAIL, "already");
  assert_true(store_add_field(db, "account", "select", t, NULL, &e)); /* SQL's words are no hindrance */
  assert_int_equal(assign("select", DAY, text("y"), val_null(), val_null()), 1);
}

static void a_field_rolled_back_is_gone(void **state) {
  (void)state;
  Err e = {0};
  assert_true(store_commit(db, &e));
  assert_true(store_begin(db, &e));
  assert_true(store_add_field(db, "account", "x", (Type){.kind = T_DATE}, NULL, &e));
  const FeelHost *h = store_host(db);
  assert_non_null(h->field(h->ctx, 1, STR("x")));
  store_rollback(db);
  h = store_host(db);
  assert_null(h->field(h->ctx, 1, STR("x")));
  assert_true(store_begin(db, &e));
  assert_true(store_add_field(db, "account", "x", (Type){.kind = T_DATE}, NULL, &e));
}

/* --- segments ------------------------------------------------------------ */

static void a_segment_becomes_exactly_these(void **state) {
  (void)state;
  Err e = {0};
  Arena a = {0};
  SegmentMove m;
  static const int64_t one_two[] = {1, 2, 2}, two_three[] = {2, 3};
  assert_true(store_segment_become(db, "vip", DAY, one_two, 3, &a, &m, &e));
  assert_int_equal(m.njoined, 2);
  assert_int_equal(m.nleft + m.nstayed, 0);
  assert_true(store_segment_become(db, "vip", DAY + 30, two_three, 2, &a, &m, &e));
  assert_int_equal(m.njoined, 1);
  assert_int_equal(m.joined[0], 3);
  assert_int_equal(m.nleft, 1);
  assert_int_equal(m.left[0], 1);
  assert_int_equal(m.nstayed, 1);
  assert_int_equal(m.stayed[0], 2);
  assert_true(store_segment_become(db, "vip", DAY + 30, two_three, 2, &a, &m, &e)); /* once more: nothing */
  assert_int_equal(m.njoined + m.nleft, 0);
  assert_int_equal(db_number(db, "SELECT count(*) FROM segment_member"), 3);
  assert_true(store_segment_become(db, "vip", DAY + 30, one_two, 1, &a, &m, &e)); /* again, the same day */
  assert_int_equal(db_number(db, "SELECT count(*) FROM segment_member WHERE account = 3"), 0);
  assert_int_equal(db_number(db, "SELECT count(*) FROM segment_member WHERE to_day = from_day"), 0);
  int64_t *id;
  size_t n;
  assert_true(store_segment_members(db, "vip", DAY + 29, &a, &id, &n, &e));
  assert_int_equal(n, 2);
  assert_true(store_segment_members(db, "none", DAY, &a, &id, &n, &e));
  assert_int_equal(n, 0);
  arena_free(&a);
}

static void joining_earlier_ends_where_the_next_stay_begins(void **state) {
  (void)state;
  Err e = {0};
  Arena a = {0};
  SegmentMove m;
  static const int64_t one[] = {1};
  assert_true(store_segment_become(db, "vip", DAY, one, 1, &a, &m, &e));
  assert_true(store_segment_become(db, "vip", DAY - 30, one, 1, &a, &m, &e));
  assert_int_equal(m.njoined, 1);
  assert_int_equal(db_number(db, "SELECT count(*) FROM segment_member WHERE to_day = '2026-11-01'"), 1);
  assert_int_equal(db_number(db, "SELECT count(*) FROM segment_member WHERE to_day IS NULL"), 1);
  arena_free(&a);
}

/* --- published metrics --------------------------------------------------- */

static Val published(const char *name, int64_t id, Day asof, Arena *a) {
  Err e = {0};
  Val v;
  const FeelHost *h = store_host(db);
  const HostField *f = h->field(h->ctx, 1, str_of(name));
  assert_non_null(f);
  assert_true(f->published);
  assert_true(h->column(h->ctx, 1, f, asof, &id, 1, a, &v, &e));
  return v;
}

static void a_published_metric_is_read_as_of_its_day(void **state) {
  (void)state;
  Err e = {0};
  Arena a = {0};
  Val v[] = {val_dec(72, -2), val_real(0.1), val_null()}, w[] = {val_dec(60, -2), val_null(), val_int(1)};
  assert_true(store_publish(db, "account", "churn_risk", UNIT_PERCENT, DAY, all, v, 3, &e));
  assert_true(store_publish(db, "account", "churn_risk", UNIT_PERCENT, DAY + 30, all, w, 3, &e));
  assert_int_equal(published("churn_risk", 1, DAY - 1, &a).t, V_NULL);
  assert_int_equal(num_cmp(published("churn_risk", 1, DAY + 29, &a), val_dec(72, -2)), 0);
  assert_int_equal(num_cmp(published("churn_risk", 1, DAY + 30, &a), val_dec(6, -1)), 0);
  assert_int_equal(num_cmp(published("churn_risk", 2, DAY, &a), val_dec(1, -1)), 0);
  assert_int_equal(published("churn_risk", 2, DAY + 30, &a).t, V_NULL); /* left out then */
  assert_true(
      store_publish(db, "account", "churn_risk", UNIT_PERCENT, DAY, all, w, 3, &e)); /* replaces its day */
  assert_int_equal(published("churn_risk", 2, DAY, &a).t, V_NULL);
  assert_int_equal(db_number(db, "SELECT count(*) FROM metric_value"), 4);
  db_refused(store_publish(db, "account", "churn_risk", UNIT_MONEY, DAY, all, v, 3, &e), &e, ERR_FAIL,
             "unit '%'");
  v[0] = text("x");
  db_refused(store_publish(db, "account", "other", UNIT_NONE, DAY, all, v, 3, &e), &e, ERR_FAIL,
             "is a number");
  assert_int_equal(db_number(db, "SELECT count(*) FROM metric"), 1);
  arena_free(&a);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, given, db_teardown)
  const struct CMUnitTest tests[] = {
      TEST(what_is_unchanged_writes_nothing),
      TEST(history_names_the_run),
      TEST(wrong_values_name_the_row_and_write_nothing),
      TEST(rows_are_inserted_with_keys_as_text),
      TEST(order_lines_number_themselves_within_their_day),
      TEST(rows_are_found_by_their_key),
      TEST(a_field_added_is_a_column_with_a_history),
      TEST(names_that_clash_or_are_none_are_refused),
      TEST(a_field_rolled_back_is_gone),
      TEST(a_segment_becomes_exactly_these),
      TEST(joining_earlier_ends_where_the_next_stay_begins),
      TEST(a_published_metric_is_read_as_of_its_day),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
