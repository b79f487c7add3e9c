/* The rule language's view: names, columns, relations, as it was. */
#include "store_db.h"

static const FeelHost *h;

static int given(void **state) {
  if (db_setup(state)) return -1;
  static const char *const rows[] = {
      "INSERT INTO account(id, code, name, status, tier, industry, credit_limit, latitude, growth_potential, reference, since, parent) VALUES"
      "(1, 'C2', '华东仪表', 'active', 'A', '电信', 12345, 31.25, '0.1234567890123456789', 1, '2024-02-29', NULL),"
      "(2, 'C1', '金石电气', 'closed', 'B', NULL, NULL, 31, NULL, 0, NULL, 1),"
      "(3, 'C3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1)",
      "INSERT INTO staff(id, code, name, grade) VALUES(1, 'S1', '李敏', 'manager'), (2, 'S2', '周航', 'director')",
      "INSERT INTO assignment(account, staff, role, from_day, to_day) VALUES"
      "(1, 1, 'owner', '2025-01-01', '2026-03-01'), (1, 2, 'owner', '2026-03-01', NULL), (1, 1, 'deputy', '2026-03-01', NULL),"
      "(2, 2, 'owner', '2025-01-01', NULL)",
      "INSERT INTO contact(id, code, account, name, attitude) VALUES(1, 'K1', 1, '王建国', 'neutral'), (2, 'K2', 2, 'x', NULL),"
      "(3, 'K3', 1, '陈立', 'supporter')",
      "INSERT INTO visit(id, account, staff, contact, day, status) VALUES(1, 2, 1, 2, '2026-01-05', 'done'), (2, 1, 2, 1, '2026-01-06', 'done'),"
      "(3, 2, 2, NULL, '2026-01-04', 'planned')",
      "INSERT INTO complaint(id, code, account, opened, closed, due) VALUES(1, 'P1', 1, '2026-01-01', NULL, '2026-01-20'),"
      "(2, 'P2', 1, '2026-01-01', '2026-01-11', '2026-01-20')",
      "INSERT INTO quote(id, code, account, list_total, net_total) VALUES(1, 'Q1', 1, 1000, 900)",
      "INSERT INTO agreement(code, account, from_day, to_day) VALUES('A1', 1, '2025-01-01', '2026-01-01'), ('A2', 1, '2026-01-01', NULL)",
      "INSERT INTO orders(id, account, order_no, day, quantity) VALUES(202601020000000, 2, '1', 20260102, 1),"
      "(202601020000001, 1, '1', 20260102, 1.5), (202601030000000, 2, '1', 20260103, 2)",
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) db_exec(db, rows[i]);
  h = store_host(db);
  return 0;
}

static int entity(const char *name) {
  int n = h->entity(h->ctx, str_of(name));
  assert_true(n > 0);
  return n;
}

static const HostField *field(const char *of, const char *name) {
  const HostField *f = h->field(h->ctx, entity(of), str_of(name));
  if (!f) fail_msg("%s.%s is not there", of, name);
  return f;
}

static Val column(const char *of, const char *name, int64_t id, Day asof, Arena *a) {
  Err e = {0};
  Val v;
  if (!h->column(h->ctx, entity(of), field(of, name), asof, &id, 1, a, &v, &e))
    fail_msg("%s.%s: %s", of, name, e.what);
  return v;
}

typedef struct Cell { const char *entity, *field; int64_t id; const char *text; } Cell;
static const Cell cells[] = {
    {"account", "code", 1, "C2"},
    {"account", "name", 1, "华东仪表"},
    {"account", "name", 3, NULL},
    {"account", "credit_limit", 1, "123.45"},
    {"account", "latitude", 1, "31.25"},
    {"account", "latitude", 2, "31"},
    {"account", "growth_potential", 1, "0.1234567890123456789"},
    {"account", "reference", 1, "true"},
    {"account", "reference", 2, "false"},
    {"account", "since", 1, "2024-02-29"},
    {"account", "since", 2, NULL},
    {"account", "行业", 1, "电信"},
    {"account", "id", 3, "3"},
    {"account", "code", 77, NULL},
    {"orders", "day", 202601020000001, "2026-01-02"},
    {"orders", "quantity", 202601020000001, "1.5"},
    {"quote", "given_away", 1, "1"},
    {"complaint", "overdue", 1, "true"},
    {"complaint", "overdue", 2, "false"},
};

static void columns_read_as_their_types(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    const Cell *c = &cells[i];
    Arena a = {0};
    Buf b = {0};
    Val v = column(c->entity, c->field, c->id, day_of(2026, 2, 1), &a);
    if (v.t == V_NULL) {
      if (c->text) fail_msg("%s.%s of %lld is null", c->entity, c->field, (long long)c->id);
    } else {
      fmt_data(v, &b);
      if (!c->text || strcmp(b.p, c->text))
        fail_msg("%s.%s of %lld is %s", c->entity, c->field, (long long)c->id, b.p);
    }
    buf_free(&b);
    arena_free(&a);
  }
  Arena a = {0};
  Val money = column("account", "credit_limit", 1, 0, &a);
  assert_int_equal(money.u.i, 12345); /* minor units stay integers */
  assert_int_equal(money.e, -2);
  Val age = column("complaint", "age", 1, day_of(2026, 2, 1), &a);
  assert_int_equal(age.t, V_SECS);
  assert_int_equal(age.u.i, 31 * 86400);
  assert_int_equal(column("complaint", "age", 2, day_of(2026, 2, 1), &a).u.i, 10 * 86400);
  assert_int_equal(column("complaint", "age", 2, day_of(2026, 1, 6), &a).u.i, 5 * 86400);
  arena_free(&a);
}

static void many_rows_read_as_one_row_does(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  enum { N = 1000 };
  int64_t id[N];
  Val out[N];
  for (int i = 0; i < N; i++) id[i] = i % 5;
  assert_true(h->column(h->ctx, 1, field("account", "code"), 0, id, N, &a, out, &e));
  for (int i = 0; i < N; i++) assert_int_equal(val_order(out[i], column("account", "code", id[i], 0, &a)), 0);
  arena_free(&a);
}

static void a_value_of_another_type_is_named(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Val v;
  int64_t id = 1;
  db_exec(db, "UPDATE account SET latitude = 'north' WHERE id = 1");
  db_refused(h->column(h->ctx, 1, field("account", "latitude"), 0, &id, 1, &a, &v, &e), &e, ERR_FAIL,
             "account, row 1: column latitude");
  arena_free(&a);
}

static void rows_come_in_order_of_their_key(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  const int64_t *id;
  size_t n;
  assert_true(h->all(h->ctx, entity("accounts"), 0, &a, &id, &n, &e));
  assert_int_equal(n, 3);
  static const int64_t by_code[] = {2, 1, 3};
  assert_memory_equal(id, by_code, sizeof by_code);
  assert_true(h->all(h->ctx, entity("agreement"), day_of(2025, 12, 31), &a, &id, &n, &e));
  assert_int_equal(n, 1); /* dated rows hold from <= D < to */
  assert_int_equal(id[0], 1);
  assert_true(h->all(h->ctx, entity("agreement"), day_of(2026, 1, 1), &a, &id, &n, &e));
  assert_int_equal(n, 1);
  assert_int_equal(id[0], 2);
  arena_free(&a);
}

static void an_owner_holds_between_his_days(void **state) {
  (void)state;
  Err e = {0};
  typedef struct { Day at; int64_t owner[3]; } Case;
  const Case cases[] = {{day_of(2024, 12, 31), {0, 0, 0}}, {day_of(2025, 1, 1), {1, 2, 0}},
                        {day_of(2026, 2, 28), {1, 2, 0}},  {day_of(2026, 3, 1), {2, 2, 0}}};
  static const int64_t id[] = {1, 2, 3};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t out[3];
    assert_true(h->one(h->ctx, 1, field("account", "owner"), cases[i].at, id, 3, out, &e));
    assert_memory_equal(out, cases[i].owner, sizeof out);
  }
  int64_t parent[3];
  assert_true(h->one(h->ctx, 1, field("account", "parent"), 0, id, 3, parent, &e));
  assert_int_equal(parent[0], 0);
  assert_int_equal(parent[1], 1);
}

typedef struct Many { const char *entity, *field; Day at; const char *pairs; } Many;

static void relations_are_grouped_by_who_asked(void **state) {
  (void)state;
  const Many many[] = {
      {"account", "contacts", 0, "0:1 0:3 1:2"},
      {"account", "visits", 0, "0:2 1:1 1:3"},
      {"account", "subsidiaries", 0, "0:2 0:3"},
      {"account", "agreements", day_of(2026, 5, 1), "0:2"},
      {"account", "orders", 0, "0:202601020000001 1:202601020000000 1:202601030000000"},
      {"account", "surveys", 0, ""},
      {"staff", "accounts", day_of(2026, 3, 1), "1:1 1:2"},
      {"staff", "accounts", day_of(2026, 2, 1), "0:1 1:2"},
      {"contact", "meetings", 0, "0:2 1:1"},
  };
  static const int64_t few[] = {1, 2, 3};
  for (size_t i = 0; i < sizeof many / sizeof *many; i++)
    for (size_t n = 3; n <= 300; n += 297) { /* one lookup a row, and one scan */
      Arena a = {0};
      Err e = {0};
      HostRows rows;
      int64_t id[300];
      for (size_t k = 0; k < n; k++) id[k] = k < 3 ? few[k] : 1000 + (int64_t)k;
      if (!h->many(h->ctx, entity(many[i].entity), field(many[i].entity, many[i].field), many[i].at, id, n,
                   &a, &rows, &e))
        fail_msg("%s: %s", many[i].field, e.what);
      Buf b = {0};
      buf_puts(&b, "");
      for (size_t k = 0; k < rows.n; k++)
        buf_printf(&b, "%s%u:%lld", k ? " " : "", rows.parent[k], (long long)rows.id[k]);
      if (strcmp(b.p, many[i].pairs)) fail_msg("%s.%s: %s", many[i].entity, many[i].field, b.p);
      buf_free(&b);
      arena_free(&a);
    }
}

static void who_asks_twice_is_answered_twice(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  HostRows rows;
  int64_t id[400];
  for (int i = 0; i < 400; i++) id[i] = i % 2 ? 1 : 3;
  assert_true(h->many(h->ctx, 1, field("account", "contacts"), 0, id, 400, &a, &rows, &e));
  assert_int_equal(rows.n, 400);
  for (size_t k = 0; k < rows.n; k++) assert_int_equal(rows.parent[k], (k / 2) * 2 + 1);
  arena_free(&a);
}

static void personal_fields_need_a_grant(void **state) {
  (void)state;
  const HostField *name = field("contact", "name"), *role = field("contact", "decision_role");
  assert_true(name->personal);
  assert_false(role->personal);
  assert_true(h->granted(h->ctx, entity("contact"), role));
  assert_false(h->granted(h->ctx, entity("contact"), name));
  static const char *const grants[] = {"contact.name"};
  store_grant(db, grants, 1);
  assert_true(h->granted(h->ctx, entity("contact"), name));
  assert_false(h->granted(h->ctx, entity("contact"), field("contact", "phone")));
}

static void rows_and_a_history_share_a_name(void **state) {
  (void)state;
  static const char *const both[] = {"orders", "visits", "activities", "complaints", "surveys"};
  for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
    const HostField *f = field("account", both[i]);
    assert_int_equal(f->kind, HOST_MANY);
    assert_non_null(f->measure);
    assert_int_equal(f->measure->kind, HOST_MEASURE);
  }
  assert_int_equal(field("account", "revenue")->kind, HOST_MEASURE);
  assert_false(field("account", "surveys")->measure->flow);
  assert_true(field("account", "revenue")->flow);
}

static void names_that_are_not_there_are_not_found(void **state) {
  (void)state;
  assert_int_equal(h->entity(h->ctx, STR("acount")), 0);
  assert_null(h->field(h->ctx, 1, STR("tiers")));
  assert_null(h->field(h->ctx, 99, STR("code")));
  assert_null(h->entity_info(h->ctx, 0));
}

static void every_name_in_the_list_is_found(void **state) {
  (void)state;
  for (size_t i = 0; catalog_at(i); i++) {
    const HostField *const *list;
    int n = (int)i + 1;
    size_t count = h->fields(h->ctx, n, &list);
    assert_int_equal(h->entity_info(h->ctx, n)->number, n);
    for (size_t k = 0; k < count; k++) {
      const HostField *f = h->field(h->ctx, n, list[k]->name);
      if (f != list[k]) fail_msg("%s has two fields %.*s", catalog_at(i)->name, STR_ARG(list[k]->name));
    }
    assert_non_null(h->field(h->ctx, n, h->entity_info(h->ctx, n)->key));
  }
}

static void ranked_values_know_their_order(void **state) {
  (void)state;
  Type t = field("account", "tier")->type;
  assert_int_equal(t.kind, T_TEXT);
  assert_true(t.domain->ranked);
  assert_int_equal(t.domain->n, 4);
  assert_true(str_is(t.domain->value[0], "A"));
  assert_false(field("account", "status")->type.domain->ranked);
}

/* --- as it was ----------------------------------------------------------- */

static void assign(const char *name, Day day, const char *value) {
  Err e = {0};
  int64_t id = 1;
  size_t changed;
  Val v = value ? val_text(str_of(value)) : val_null();
  if (!store_assign(db, "account", name, day, &id, &v, 1, &changed, &e)) fail_msg("%s", e.what);
}

typedef struct Then { int day; const char *tier; } Then;

static void a_field_reads_as_it_stood(void **state) {
  (void)state;
  Day d = day_of(2026, 1, 1);
  assign("tier", d, "B");       /* A before, since ever */
  assign("tier", d + 10, NULL);
  assign("tier", d + 20, "C");
  assign("tier", d + 20, "D");  /* once more on the same day: the later one counts */
  static const Then then[] = {{-1000, "A"}, {-1, "A"},  {0, "B"},  {9, "B"},
                              {10, NULL},   {19, NULL}, {20, "D"}, {500, "D"}};
  for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
    Arena a = {0};
    Val v = column("account", "tier", 1, d + then[i].day, &a);
    if (then[i].tier ? v.t != V_TEXT || !str_is(val_str(v), then[i].tier) : v.t != V_NULL)
      fail_msg("day %d", then[i].day);
    assert_true(str_is(val_str(column("account", "tier", 2, d + then[i].day, &a)), "B")); /* never changed */
    arena_free(&a);
  }
}

static void a_later_entry_keeps_its_place(void **state) {
  (void)state;
  Arena a = {0};
  Day d = day_of(2026, 1, 1);
  assign("tier", d + 20, "C");
  assign("tier", d, "B"); /* written afterwards, for an earlier day */
  assert_true(str_is(val_str(column("account", "tier", 1, d + 30, &a)), "C"));
  assert_true(str_is(val_str(column("account", "tier", 1, d + 5, &a)), "B"));
  assert_true(str_is(val_str(column("account", "tier", 1, d - 5, &a)), "A"));
  assert_true(str_is(val_str(db_value(db, "SELECT tier FROM account WHERE id = 1", &a)), "C"));
  arena_free(&a);
}

static void a_field_that_began_empty_was_empty(void **state) {
  (void)state;
  Arena a = {0};
  assign("service_level", day_of(2026, 1, 1), "green");
  assert_int_equal(column("account", "service_level", 1, day_of(2025, 12, 31), &a).t, V_NULL);
  assert_int_equal(column("account", "service_level", 1, day_of(2026, 1, 1), &a).t, V_TEXT);
  arena_free(&a);
}

static void members_of_a_segment_at_a_day(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  SegmentMove m;
  static const int64_t first[] = {1, 2}, second[] = {2, 3}, all[] = {1, 2, 3};
  Day d = day_of(2026, 1, 1);
  assert_true(store_segment_become(db, "vip", d, first, 2, &a, &m, &e));
  assert_true(store_segment_become(db, "vip", d + 30, second, 2, &a, &m, &e));
  Val out[3];
  assert_true(h->in_segment(h->ctx, STR("vip"), d + 29, all, 3, out, &e));
  assert_true(out[0].u.i && out[1].u.i && !out[2].u.i);
  assert_true(h->in_segment(h->ctx, STR("vip"), d + 30, all, 3, out, &e));
  assert_true(!out[0].u.i && out[1].u.i && out[2].u.i);
  assert_true(h->in_segment(h->ctx, STR("vip"), d - 1, all, 3, out, &e));
  assert_true(!out[0].u.i && !out[1].u.i && !out[2].u.i);
  db_refused(h->in_segment(h->ctx, STR("vips"), d, all, 3, out, &e), &e, ERR_FAIL, "no segment 'vips'");
  arena_free(&a);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, given, db_teardown)
  const struct CMUnitTest tests[] = {
      TEST(columns_read_as_their_types),
      TEST(many_rows_read_as_one_row_does),
      TEST(a_value_of_another_type_is_named),
      TEST(rows_come_in_order_of_their_key),
      TEST(an_owner_holds_between_his_days),
      TEST(relations_are_grouped_by_who_asked),
      TEST(who_asks_twice_is_answered_twice),
      TEST(personal_fields_need_a_grant),
      TEST(rows_and_a_history_share_a_name),
      TEST(names_that_are_not_there_are_not_found),
      TEST(every_name_in_the_list_is_found),
      TEST(ranked_values_know_their_order),
      TEST(a_field_reads_as_it_stood),
      TEST(a_later_entry_keeps_its_place),
      TEST(a_field_that_began_empty_was_empty),
      TEST(members_of_a_segment_at_a_day),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
