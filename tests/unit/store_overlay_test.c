/* A private copy that leans on the database: it shows what a whole copy would, whatever is written to it, and to the
 * database meanwhile; and the database does not notice. */
#include "store_db.h"

#include "store/db.h"

static Store *copy, *other;

static void must(bool ok, const Err *e) {
  if (!ok) fail_msg("%s", e->what);
}

/* Opened anew, so that all of it stands in the file. */
static int given(void **state) {
  Err e = {0};
  if (db_setup(state)) return -1;
  db_exec(db, "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
              " INSERT INTO account(id, code, name) SELECT i, 'C' || i, printf('%.*c', i % 90, 'x') FROM n");
  must(store_commit(db, &e), &e);
  store_close(db);
  must(store_open(db_path, STORE_WRITE, &db, &e), &e);
  return 0;
}

static int cleared(void **state) {
  store_close(copy);
  store_close(other);
  copy = other = NULL;
  return db_teardown(state);
}

static void leaning_copy(void) {
  Err e = {0};
  must(store_begin_read(db, &e) && store_copy(db, &copy, &e), &e);
  assert_non_null(copy->overlay);
}

static int64_t sum(Store *s) { return db_number(s, "SELECT sum(id * 7 + length(code) + length(name) * 3) + count(*) FROM account"); }

static void sound(Store *s) {
  Arena a = {0};
  Err e = {0};
  Val v;
  s->host_sql = true;
  must(store_value(s, "PRAGMA integrity_check", NULL, 0, &a, &v, &e), &e);
  s->host_sql = false;
  assert_true(str_is(val_str(v), "ok"));
  arena_free(&a);
}

static void what_is_written_to_the_copy_stays_there(void **state) {
  (void)state;
  Err e = {0};
  leaning_copy();
  int64_t before = sum(db);
  assert_int_equal(sum(copy), before);
  must(store_begin(copy, &e), &e);
  db_exec(copy, "UPDATE account SET name = name || 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' WHERE id % 2");
  db_exec(copy, "DELETE FROM account WHERE id % 5 = 0");
  must(store_commit(copy, &e), &e);
  assert_int_equal(db_number(copy, "SELECT count(*) FROM account"), 2400);
  assert_int_equal(sum(db), before);
  sound(copy);
  sound(db);
}

static void what_others_write_meanwhile_does_not_reach_it(void **state) {
  (void)state;
  Err e = {0};
  leaning_copy();
  int64_t before = sum(copy);
  must(store_open(db_path, STORE_WRITE, &other, &e), &e);
  for (int i = 0; i < 20; i++) { /* enough for checkpoints to be tried */
    must(store_begin(other, &e), &e);
    db_exec(other, "UPDATE account SET name = name || 'changed by somebody else, at length'");
    must(store_commit(other, &e), &e);
  }
  must(sql_host(other, "PRAGMA wal_checkpoint(PASSIVE)", &e), &e);
  assert_int_equal(sum(copy), before);
  must(store_begin(copy, &e), &e);
  db_exec(copy, "UPDATE account SET name = 'mine' WHERE id = 1");
  must(store_commit(copy, &e), &e);
  sound(copy);
  store_close(copy);
  copy = NULL;
  store_end_read(db);
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE name LIKE '%somebody else%'"), 3000);
}

static void a_log_that_is_not_empty_is_copied_with_the_rest(void **state) {
  (void)state;
  Err e = {0};
  must(store_begin(db, &e), &e);
  db_exec(db, "UPDATE account SET name = 'in the log' WHERE id = 1");
  must(store_commit(db, &e), &e);
  must(store_begin_read(db, &e) && store_copy(db, &copy, &e), &e);
  assert_null(copy->overlay);
  assert_int_equal(db_number(copy, "SELECT count(*) FROM account WHERE name = 'in the log'"), 1);
}

static void without_a_snapshot_it_stands_alone(void **state) {
  (void)state;
  Err e = {0};
  must(store_copy(db, &copy, &e), &e);
  assert_null(copy->overlay);
  must(store_begin(db, &e), &e);
  db_exec(db, "DELETE FROM account");
  must(store_commit(db, &e), &e);
  assert_int_equal(db_number(copy, "SELECT count(*) FROM account"), 3000);
}

/* Random statements on a leaning copy and on a whole one. */
static const char *const statement[] = {
  "UPDATE account SET name = printf('%%.*c', abs(id * %d) %% 900, 'z') WHERE id %% 17 = %d",
  "DELETE FROM account WHERE id %% 13 = %d %% 13 AND id > %d",
  "INSERT INTO account(code, name) SELECT 'D%d-' || id, name || %d FROM account WHERE id < 400",
  "INSERT INTO task(account, title) SELECT id, name FROM account WHERE id %% 9 = %d %% 9 AND id > %d",
  "DELETE FROM task WHERE id %% 3 = %d %% 3 AND id > %d",
};

static void a_whole_copy_would_be_the_same(void **state) {
  (void)state;
  Err e = {0};
  uint32_t seed = 4711;
  must(store_copy(db, &other, &e), &e);
  assert_null(other->overlay);
  leaning_copy();
  Store *both[] = {copy, other};
  for (int i = 0; i < 60; i++) {
    char sql[300];
    seed = seed * 1664525 + 1013904223;
    size_t k = seed >> 8 & 255;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(sql, sizeof sql, statement[k % 5], i, (int)(seed >> 20));
#pragma GCC diagnostic pop
    bool done[2];
    for (int c = 0; c < 2; c++) {
      must(store_begin(both[c], &e), &e);
      done[c] = store_exec(both[c], sql, NULL, 0, &e); /* an account that has tasks stays */
      err_free(&e);
      if (i % 7 == 3) store_rollback(both[c]);
      else must(store_commit(both[c], &e), &e);
    }
    if (i % 20 == 19) must(sql_host(copy, "VACUUM", &e), &e);
    assert_int_equal(done[0], done[1]);
    assert_int_equal(sum(copy), sum(other));
  }
  assert_int_equal(db_number(copy, "SELECT count(*) FROM task"), db_number(other, "SELECT count(*) FROM task"));
  sound(copy);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, given, cleared)
  const struct CMUnitTest tests[] = {
      TEST(what_is_written_to_the_copy_stays_there),
      TEST(what_others_write_meanwhile_does_not_reach_it),
      TEST(a_log_that_is_not_empty_is_copied_with_the_rest),
      TEST(without_a_snapshot_it_stands_alone),
      TEST(a_whole_copy_would_be_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
