/* Journals: what is recorded, its net form, its bytes, applying and undoing it. */
#include "store_db.h"

#include "base/num.h"

static Store *copy;

static void put(Store *s, const char *sql) { db_exec(s, sql); }

/* The database of the test, committed, and a private copy with a transaction and a journal. */
static Journal recorded;
static void begin_recording(void) {
  Err e = {0};
  if (!store_commit(db, &e) || !store_copy(db, &copy, &e) || !store_begin(copy, &e) ||
      !store_journal_start(copy, &recorded, &e))
    fail_msg("%s", e.what);
}

static int given(void **state) {
  if (db_setup(state)) return -1;
  put(db,
      "INSERT INTO account(id, code, name, tier) VALUES(1, 'C1', 'a', 'A'), (2, 'C2', 'b', 'B'), (3, 'C3', 'c', NULL)");
  put(db, "INSERT INTO contact(id, code, account) VALUES(1, 'K1', 1)");
  return 0;
}

static int cleared(void **state) {
  if (copy) store_journal_stop(copy);
  store_close(copy);
  copy = NULL;
  journal_free(&recorded);
  return db_teardown(state);
}

/* All rows of all tables, in order: what two databases with the same content have in common. */
static bool dump_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)e;
  for (int i = 0; i < ncol; i++) {
    buf_printf(ctx, "%.*s=", STR_ARG(name[i]));
    if (val[i].t == V_TEXT) buf_printf(ctx, "'%.*s' ", STR_ARG(val_str(val[i])));
    else if (val[i].t == V_NULL) buf_puts(ctx, "- ");
    else if (val[i].t == V_REAL) buf_printf(ctx, "%a ", val[i].u.d);
    else buf_printf(ctx, "%lld ", (long long)val[i].u.i);
  }
  buf_char(ctx, '\n');
  return true;
}

static char *dump(Store *s) {
  static const char *const tables[] = {"account", "contact",      "task",   "field",
                                       "history", "metric_value", "orders", "segment"};
  Buf b = {0};
  Err e = {0};
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY id", tables[i]);
    buf_printf(&b, "%s\n", tables[i]);
    if (!store_query(s, sql, NULL, 0, dump_row, &b, &e)) fail_msg("%s", e.what);
  }
  return buf_take(&b);
}

/* The first line that differs: cmocka shows the beginning of long texts only. */
static void same_text(const char *a, const char *b) {
  Str x = str_of(a), y = str_of(b);
  while (x.p && y.p) {
    Str p = str_split(x, '\n', &x), q = str_split(y, '\n', &y);
    if (!str_eq(p, q)) fail_msg("\n%.*s\n%.*s", STR_ARG(p), STR_ARG(q));
  }
  assert_ptr_equal(x.p, y.p);
}

static void same_dump(Store *x, Store *y) {
  char *a = dump(x), *b = dump(y);
  same_text(a, b);
  mem_free(a);
  mem_free(b);
}

static void apply(Store *s, const Journal *j) {
  Err e = {0};
  if (!store_begin(s, &e) || !store_apply(s, j, &e) || !store_commit(s, &e)) fail_msg("%s", e.what);
}

static void changes_are_recorded_with_what_was_and_is(void **state) {
  (void)state;
  begin_recording();
  put(copy, "UPDATE account SET tier = 'C', name = name WHERE id <= 2");
  put(copy, "INSERT INTO task(account, title) VALUES(1, 'x')");
  put(copy, "DELETE FROM contact");
  assert_int_equal(recorded.n, 4);
  const Change *c = recorded.change;
  assert_int_equal(c[0].op, CHANGE_UPDATE);
  assert_true(str_is(c[0].table, "account"));
  assert_int_equal(c[0].ncol, 1); /* only what changed */
  assert_true(str_is(c[0].col[0], "tier"));
  assert_true(str_is(val_str(c[0].was[0]), "A"));
  assert_true(str_is(val_str(c[0].now[0]), "C"));
  assert_int_equal(c[2].op, CHANGE_INSERT);
  assert_null(c[2].was);
  assert_int_equal(c[3].op, CHANGE_DELETE);
  assert_null(c[3].now);
  assert_int_equal(c[3].id, 1);
}

static void a_failed_statement_leaves_nothing_in_the_journal(void **state) {
  (void)state;
  Err e = {0};
  begin_recording();
  put(copy, "UPDATE account SET tier = 'D' WHERE id = 3");
  assert_false(
      store_exec(copy, "UPDATE account SET code = 'C' WHERE id < 3", NULL, 0, &e)); /* the second row fails */
  err_free(&e);
  assert_int_equal(recorded.n, 1);
  int64_t id[] = {1, 2};
  Val v[] = {val_text(STR("B")), val_text(STR("?"))};
  size_t changed;
  assert_false(store_assign(copy, "account", "tier", 20000, id, v, 2, &changed, &e));
  err_free(&e);
  assert_int_equal(recorded.n, 1);
  assert_int_equal(db_number(copy, "SELECT count(*) FROM history"), 0);
}

typedef struct Net { const char *what, *sql[5], *net; } Net;
static const Net nets[] = {
    {"there and back",
     {"UPDATE account SET tier = 'C' WHERE id = 1", "UPDATE account SET tier = 'A' WHERE id = 1"},
     ""},
    {"two updates",
     {"UPDATE account SET tier = 'C' WHERE id = 1", "UPDATE account SET tier = 'D', name = 'z' WHERE id = 1"},
     "U account 1 name a>z tier A>D;"},
    {"inserted and deleted", {"INSERT INTO task(id, account) VALUES(9, 1)", "DELETE FROM task"}, ""},
    {"inserted and changed",
     {"INSERT INTO segment(id, name) VALUES(9, 'x')", "UPDATE segment SET name = 'y'"},
     "I segment 9 id >9 name >y text >;"},
    {"changed and deleted", {"UPDATE contact SET code = 'K9'", "DELETE FROM contact"}, "D contact 1"},
    {"deleted and put back",
     {"DELETE FROM contact", "INSERT INTO contact(id, code, account) VALUES(1, 'K1', 1)"},
     ""},
    {"deleted and put back otherwise",
     {"DELETE FROM contact", "INSERT INTO contact(id, code, account) VALUES(1, 'K2', 1)"},
     "U contact 1 code K1>K2;"},
    {"a row renumbered",
     {"UPDATE segment SET id = 5", "INSERT INTO segment(id, name) VALUES(1, 'a')",
      "UPDATE segment SET id = 6"},
     "I segment 6 id >6 name >a text >;"},
    {"inserted, deleted, inserted",
     {"INSERT INTO segment(id, name) VALUES(9, 'x')", "DELETE FROM segment",
      "INSERT INTO segment(id, name) VALUES(9, 'z')"},
     "I segment 9 id >9 name >z text >;"},
};

static void say(Buf *b, const Val *v) {
  if (v && v->t == V_TEXT) buf_str(b, val_str(*v));
  if (v && v->t == V_NUM) buf_printf(b, "%lld", (long long)v->u.i);
}

static void one_net_change_a_row(void **state) {
  for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
    if (i) assert_int_equal(given(state), 0);
    begin_recording();
    for (size_t k = 0; k < 5 && nets[i].sql[k]; k++) put(copy, nets[i].sql[k]);
    journal_compact(&recorded);
    Buf b = {0};
    buf_puts(&b, "");
    for (size_t k = 0; k < recorded.n; k++) {
      const Change *c = &recorded.change[k];
      buf_printf(&b, "%c %.*s %lld", (char)c->op, STR_ARG(c->table), (long long)c->id);
      if (c->op == CHANGE_DELETE) continue;
      for (size_t m = 0; m < c->ncol; m++) {
        buf_printf(&b, " %.*s ", STR_ARG(c->col[m]));
        say(&b, c->was ? &c->was[m] : NULL);
        buf_char(&b, '>');
        say(&b, c->now ? &c->now[m] : NULL);
      }
      buf_char(&b, ';');
    }
    if (strcmp(b.p, nets[i].net)) fail_msg("%s: %s", nets[i].what, b.p);
    buf_free(&b);
    cleared(state);
  }
  assert_int_equal(given(state), 0);
}

static void what_a_plan_wrote_is_written(void **state) {
  (void)state;
  begin_recording();
  put(copy, "UPDATE account SET code = 'T' WHERE id = 1"); /* two keys swapped */
  put(copy, "UPDATE account SET code = 'C1' WHERE id = 2");
  put(copy,
      "UPDATE account SET code = 'C2', latitude = 31.25, growth_potential = '0.12345678901234567890' WHERE id = 1");
  put(copy, "INSERT INTO account(id, code) VALUES(8, 'C8'), (9, 'C9')");
  put(copy, "UPDATE account SET parent = 9 WHERE id = 8"); /* a row that leans on a later one */
  put(copy, "DELETE FROM contact");
  put(copy, "INSERT INTO contact(id, code, account) VALUES(2, 'K1', 2)");
  journal_compact(&recorded);
  apply(db, &recorded);
  same_dump(db, copy);
}

static void a_field_and_its_values_travel(void **state) {
  (void)state;
  Err e = {0};
  begin_recording();
  int64_t id[] = {1, 2};
  Val v[] = {val_text(STR("P1")), val_text(STR("P2"))};
  size_t changed;
  assert_true(store_add_field(copy, "account", "profit_type", (Type){.kind = T_TEXT}, NULL, &e));
  if (!store_assign(copy, "account", "profit_type", 20000, id, v, 2, &changed, &e)) fail_msg("%s", e.what);
  put(copy, "INSERT INTO account(id, code, profit_type) VALUES(10, 'C10', 'P3')");
  put(copy, "UPDATE account SET name = 'later' WHERE id = 10");
  store_journal_stop(copy);
  journal_compact(&recorded);
  store_set_run(db, 12);
  apply(db, &recorded);
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE profit_type IS NOT NULL"), 3);
  assert_int_equal(db_number(db, "SELECT count(*) FROM history WHERE run = 12"),
                   2); /* the run has its number now */
  const FeelHost *h = store_host(db);
  assert_non_null(h->field(h->ctx, 1, STR("profit_type")));

  Journal undo;
  journal_invert(&recorded, &undo);
  apply(db, &undo);
  h = store_host(db);
  assert_null(h->field(h->ctx, 1, STR("profit_type")));
  assert_int_equal(db_number(db, "SELECT count(*) FROM history"), 0);
  assert_int_equal(db_number(db, "SELECT count(*) FROM account"), 3);
  apply(db, &recorded); /* and once more: the empty column is taken up again */
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE profit_type = 'P1'"), 1);
  journal_free(&undo);
}

typedef struct Conflict { const char *planned, *meanwhile, *error; } Conflict;
static const Conflict conflicts[] = {
    {"UPDATE account SET tier = 'D' WHERE id = 1", "UPDATE account SET tier = 'C' WHERE id = 1",
     "account C1: tier should be 'A' and is 'C'"},
    {"UPDATE account SET tier = 'D' WHERE id = 3", "UPDATE account SET tier = 'C' WHERE id = 3",
     "account C3: tier should be empty and is 'C'"},
    {"UPDATE contact SET code = 'K2'", "DELETE FROM contact", "contact 1 is no longer there"},
    {"DELETE FROM contact", "UPDATE contact SET phone = '138'",
     "phone has changed since"}, /* personal: not shown */
    {"INSERT INTO segment(id, name) VALUES(1, 'x')", "INSERT INTO segment(id, name) VALUES(1, 'y')",
     "segment y is there already"},
    {"INSERT INTO segment(id, name) VALUES(1, 'x')", "INSERT INTO segment(id, name) VALUES(2, 'x')",
     "UNIQUE"},
    {"INSERT INTO task(id, account) VALUES(1, 3)", "DELETE FROM account WHERE id = 3",
     "refer to rows that would be gone"},
};

static void what_is_no_longer_as_planned_is_named_and_nothing_written(void **state) {
  for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++) {
    Err e = {0};
    if (i) assert_int_equal(given(state), 0);
    begin_recording();
    put(copy, "UPDATE account SET name = 'changed too' WHERE id = 2");
    put(copy, conflicts[i].planned);
    journal_compact(&recorded);
    assert_true(store_begin(db, &e));
    put(db, conflicts[i].meanwhile);
    char *before = dump(db);
    ErrKind kind = strcmp(conflicts[i].error, "UNIQUE") ? ERR_STALE : ERR_FAIL;
    db_refused(store_apply(db, &recorded, &e), &e, kind, conflicts[i].error);
    char *after = dump(db);
    same_text(before, after);
    mem_free(before);
    mem_free(after);
    cleared(state);
  }
  assert_int_equal(given(state), 0);
}

static void other_fields_of_a_row_may_change_meanwhile(void **state) {
  (void)state;
  Err e = {0};
  begin_recording();
  put(copy, "UPDATE account SET tier = 'D' WHERE id = 1");
  assert_true(store_begin(db, &e));
  put(db, "UPDATE account SET name = 'renamed' WHERE id = 1");
  assert_true(store_commit(db, &e));
  apply(db, &recorded);
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE name = 'renamed' AND tier = 'D'"), 1);
}

static void a_second_owner_is_refused_though_triggers_are_off(void **state) {
  (void)state;
  Err e = {0};
  put(db, "INSERT INTO staff(id, code) VALUES(1, 'S1'), (2, 'S2')");
  begin_recording();
  put(copy,
      "INSERT INTO assignment(id, account, staff, role, from_day) VALUES(1, 1, 1, 'owner', '2026-01-01')");
  assert_true(store_begin(db, &e));
  put(db,
      "INSERT INTO assignment(id, account, staff, role, from_day) VALUES(2, 1, 2, 'owner', '2026-01-01')");
  db_refused(store_apply(db, &recorded, &e), &e, ERR_STALE, "one main owner");
  store_rollback(db);
  assert_true(store_begin(db, &e));
  put(db,
      "INSERT INTO run(id, at, what, actor, asof, seed, status, changes) VALUES(1, '', '', '', '', 0, '', 0)");
  assert_false(store_exec(db, "DELETE FROM run", NULL, 0, &e)); /* the triggers are on again */
  err_free(&e);
}

/* --- bytes --------------------------------------------------------------- */

static void bytes_read_back_as_the_same_journal(void **state) {
  (void)state;
  begin_recording();
  put(copy,
      "UPDATE account SET latitude = 0.1, longitude = -7, name = 'x''y', credit_limit = -9223372036854775807 - 1 WHERE id = 1");
  put(copy,
      "INSERT INTO run(id, at, what, actor, asof, seed, status, changes, report) VALUES(1, '', '', '', '', 9223372036854775807, '', 0, x'00FF')");
  put(copy, "DELETE FROM contact");
  Buf once = {0}, twice = {0};
  Err e = {0};
  Journal back;
  journal_encode(&recorded, &once);
  assert_true(journal_decode(buf_view(&once), &back, &e));
  journal_encode(&back, &twice);
  assert_int_equal(once.n, twice.n);
  assert_memory_equal(once.p, twice.p, once.n);
  for (size_t cut = 0; cut < once.n; cut++) { /* half a journal is none */
    Journal part;
    Str some = {once.p, cut};
    db_refused(journal_decode(some, &part, &e), &e, ERR_FAIL, "damaged");
  }
  for (size_t at = 0; at < once.n; at++) /* any byte wrong: an error or another journal, never a crash */
    for (int bit = 0; bit < 8; bit++) {
      Journal other;
      once.p[at] ^= (char)(1 << bit);
      if (journal_decode(buf_view(&once), &other, &e)) journal_free(&other);
      err_free(&e);
      once.p[at] ^= (char)(1 << bit);
    }
  journal_free(&back);
  buf_free(&once);
  buf_free(&twice);
}

/* --- random changes ------------------------------------------------------ */

static uint64_t seed;
static uint32_t pick(uint32_t below) { /* xorshift64* (Vigna 2016) */
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return (uint32_t)(((seed * 2685821657736338717u) >> 32) % below);
}

static void random_change(Store *s) {
  static const char *const sql[] = {
      "INSERT OR IGNORE INTO account(id, code, name) VALUES(?1, 'N' || ?2, ?3)",
      "INSERT OR REPLACE INTO contact(id, code, account) VALUES(?1, 'K' || ?2, 1 + ?3 % 3)",
      "UPDATE account SET name = ?3, latitude = ?2 / 7.0 WHERE id = ?1",
      "UPDATE account SET name = NULL WHERE id > ?1",
      "UPDATE OR IGNORE account SET code = 'N' || ?2 WHERE id = ?1",
      "UPDATE OR IGNORE contact SET id = ?2 WHERE id = ?1",
      "DELETE FROM contact WHERE id = ?1",
      "DELETE FROM task WHERE id % 3 = ?1 % 3",
      "INSERT OR IGNORE INTO task(id, account, title) VALUES(?1, 1 + ?2 % 3, ?3)",
      "UPDATE task SET account = 1 + ?2 % 3, title = title || ?3 WHERE id >= ?1",
      "INSERT OR REPLACE INTO orders(id, account, day, revenue) VALUES(202601010000000 + ?1, ?2, 20260101, ?3)",
      "DELETE FROM orders WHERE account = ?2",
      "UPDATE orders SET revenue = NULL WHERE id % 5 = ?1 % 5",
  };
  Err e = {0};
  Val bind[] = {val_int((int64_t)pick(25) + 1), val_int((int64_t)pick(25)), val_int((int64_t)pick(1000))};
  const char *one = sql[pick(sizeof sql / sizeof *sql)];
  size_t n = strstr(one, "?3") ? 3 : strstr(one, "?2") ? 2 : 1;
  if (!store_exec(s, one, bind, n, &e)) err_free(&e); /* a constraint: nothing happened */
}

static void applying_is_what_was_done_and_undoing_takes_it_back(void **state) {
  (void)state;
  seed = 20261122;
  put(db, "UPDATE account SET name = 'n' || id");
  for (int round = 0; round < 60; round++) {
    Err e = {0};
    if (round) assert_true(store_begin(db, &e));
    begin_recording();
    char *before = dump(db);
    uint32_t n = pick(40);
    for (uint32_t i = 0; i < n; i++) random_change(copy);
    store_journal_stop(copy);
    journal_compact(&recorded);
    Buf bytes = {0};
    Journal sent, undo;
    journal_encode(&recorded, &bytes); /* as a plan travels */
    assert_true(journal_decode(buf_view(&bytes), &sent, &e));
    apply(db, &sent);
    same_dump(db, copy);
    journal_invert(&sent, &undo);
    apply(db, &undo);
    char *after = dump(db);
    same_text(before, after);
    if (round % 2) apply(db, &sent);
    mem_free(before);
    mem_free(after);
    buf_free(&bytes);
    journal_free(&sent);
    journal_free(&undo);
    journal_free(&recorded);
    store_close(copy);
    copy = NULL;
  }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, given, cleared)
  const struct CMUnitTest tests[] = {
      TEST(changes_are_recorded_with_what_was_and_is),
      TEST(a_failed_statement_leaves_nothing_in_the_journal),
      TEST(one_net_change_a_row),
      TEST(what_a_plan_wrote_is_written),
      TEST(a_field_and_its_values_travel),
      TEST(what_is_no_longer_as_planned_is_named_and_nothing_written),
      TEST(other_fields_of_a_row_may_change_meanwhile),
      TEST(a_second_owner_is_refused_though_triggers_are_off),
      TEST(bytes_read_back_as_the_same_journal),
      TEST(applying_is_what_was_done_and_undoing_takes_it_back),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
