/* Creating, opening and refusing databases; transactions; private copies. */
#include "testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/schema.h"

static char folder[] = "/tmp/pareto-open-XXXXXX";
static char path[128];

static int make_folder(void **state) {
  (void)state;
  if (!mkdtemp(folder)) return -1;
  snprintf(path, sizeof path, "%s/a.db", folder);
  return 0;
}

static void remove_file(const char *p) {
  static const char *const end[] = {"", "-wal", "-shm", ".version-1", ".version-2", ".version-3", ".version-4", ".version-5"};
  for (size_t i = 0; i < sizeof end / sizeof *end; i++) {
    char name[256];
    snprintf(name, sizeof name, "%s%s", p, end[i]);
    unlink(name);
  }
}

static int remove_folder(void **state) {
  (void)state;
  remove_file(path);
  return rmdir(folder);
}

static int fresh(void **state) {
  (void)state;
  Err e = {0};
  remove_file(path);
  return store_init(path, (StoreInit){"CNY", 2}, &e) ? 0 : -1;
}

static Store *opened(StoreMode mode) {
  Err e = {0};
  Store *s = NULL;
  if (!store_open(path, mode, &s, &e)) fail_msg("%s", e.what);
  return s;
}

static void expect_error(bool ok, Err *e, ErrKind kind, const char *part) {
  assert_false(ok);
  if (e->kind != kind || !strstr(e->what, part))
    fail_msg("expected %d …%s…, got %d %s", kind, part, e->kind, e->what);
  err_free(e);
}

static int64_t number(Store *s, const char *sql) {
  Err e = {0};
  Arena a = {0};
  Val v;
  if (!store_value(s, sql, NULL, 0, &a, &v, &e)) fail_msg("%s: %s", sql, e.what);
  arena_free(&a);
  return v.u.i;
}

static void a_new_database_opens_and_knows_its_currency(void **state) {
  (void)state;
  Store *s = opened(STORE_READ);
  assert_string_equal(store_setting(s, "currency"), "CNY");
  assert_int_equal(store_minor(s), 2);
  assert_string_equal(store_path(s), path);
  const FeelHost *h = store_host(s);
  assert_string_equal(h->fmt.currency_sign, "¥");
  assert_null(store_setting(s, "nothing"));
  store_close(s);
}

static void init_leaves_an_existing_file_alone(void **state) {
  (void)state;
  Err e = {0};
  expect_error(store_init(path, (StoreInit){"CNY", 2}, &e), &e, ERR_FAIL, "is there already");
  expect_error(store_init("/tmp/pareto-none.db", (StoreInit){"yuan", 2}, &e), &e, ERR_USAGE,
               "no currency code");
  expect_error(store_init("/tmp/pareto-none.db", (StoreInit){"CNY", 5}, &e), &e, ERR_USAGE, "0 to 4");
  expect_error(store_init("/nowhere/x.db", (StoreInit){"CNY", 2}, &e), &e, ERR_FAIL, "cannot be opened");
  assert_int_equal(access("/tmp/pareto-none.db", F_OK), -1);
}

/* --- refusals: the file is damaged in place, opened, and must not have changed --- */

typedef struct Damage {
  const char *name;
  off_t at;              /* bytes to write there; -1: cut the file to `n` bytes */
  const char *bytes;
  size_t n;
  const char *error;
} Damage;

static const Damage damage[] = {
    {"another kind of file", 0, "PK\3\4", 4, "not a Pareto database"},
    {"a database of another program", 68, "\0\0\0\1", 4, "not a Pareto database"},
    {"a newer schema", 60, "\0\0\1\0", 4, "newer Pareto"},
    {"no schema version", 60, "\0\0\0\0", 4, "damaged"},
    {"an impossible page size", 16, "\x11\x11", 2, "damaged"},
    {"half a file", -1, NULL, 100 * 1024, "damaged"},
    {"a header only", -1, NULL, 100, "damaged"},
    {"a few bytes", -1, NULL, 20, "not a Pareto database"},
    {"an empty file", -1, NULL, 0, "not a Pareto database"},
    {"a schema table overwritten", 100, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8, "damaged"},
};

static char *whole_file(size_t *n) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  char *p = malloc(1 << 22);
  *n = fread(p, 1, 1 << 22, f);
  fclose(f);
  return p;
}

static void what_is_not_ours_is_refused_and_left_as_it_was(void **state) {
  for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
    const Damage *d = &damage[i];
    assert_int_equal(fresh(state), 0);
    if (d->at < 0) {
      assert_int_equal(truncate(path, (off_t)d->n), 0);
    } else {
      int fd = open(path, O_WRONLY);
      assert_int_equal(pwrite(fd, d->bytes, d->n, d->at), d->n);
      close(fd);
    }
    size_t n, after;
    char *was = whole_file(&n);
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
      Store *s = NULL;
      Err e = {0};
      bool ok = store_open(path, (StoreMode)mode, &s, &e);
      if (ok || !e.what || !strstr(e.what, d->error)) fail_msg("%s: %s", d->name, ok ? "opened" : e.what);
      assert_null(s);
      err_free(&e);
    }
    char *is = whole_file(&after);
    assert_int_equal(n, after);
    assert_memory_equal(was, is, n);
    free(was);
    free(is);
  }
}

static void a_missing_file_says_how_to_make_one(void **state) {
  (void)state;
  Store *s = NULL;
  Err e = {0};
  assert_false(store_open("/tmp/pareto-not-there.db", STORE_READ, &s, &e));
  assert_non_null(strstr(e.todo, "pareto init"));
  err_free(&e);
  expect_error(store_open("/tmp", STORE_READ, &s, &e), &e, ERR_FAIL, "is no file");
}

static void a_missing_table_is_damage(void **state) {
  (void)state;
  Store *s = opened(STORE_WRITE);
  Err e = {0};
  s->ending = true;
  assert_true(sql_host(s, "DROP TABLE alert", &e));
  store_close(s);
  expect_error(store_open(path, STORE_WRITE, &s, &e), &e, ERR_FAIL, "table alert is missing");
}

static void a_store_asleep_is_opened_when_asked(void **state) {
  (void)state;
  Err e = {0};
  Store *s = NULL;
  assert_true(store_open_later(path, &s, &e));
  assert_true(store_begin_read(s, &e));
  const FeelHost *host = store_host_later(s);
  int account = host->entity(host->ctx, STR("account"));
  assert_true(account > 0 && store_reading(s) && store_asleep(s));
  assert_non_null(host->field(host->ctx, account, STR("code")));
  assert_false(store_asleep(s));
  assert_int_equal(store_minor(s), 2);
  Store *other = opened(STORE_WRITE); /* the snapshot is one from then on */
  assert_true(store_set(other, "unit.test", "1", &e));
  assert_null(store_setting(s, "unit.test"));
  store_close(other);
  store_close(s);
}

static void what_is_wrong_with_a_store_asleep_is_said_then(void **state) {
  (void)state;
  Store *s = opened(STORE_WRITE);
  Err e = {0};
  Arena a = {0};
  Val v;
  s->ending = true;
  assert_true(sql_host(s, "DROP TABLE alert", &e));
  store_close(s);
  assert_true(store_open_later(path, &s, &e));
  const FeelHost *host = store_host_later(s);
  assert_null(host->field(host->ctx, 1, STR("code")));
  for (int i = 0; i < 2; i++) {
    bool ok = store_value(s, "SELECT 1", NULL, 0, &a, &v, &e);
    expect_error(ok, &e, ERR_FAIL, "table alert is missing");
  }
  expect_error(store_wake(s, &e), &e, ERR_FAIL, "table alert is missing");
  assert_true(store_asleep(s));
  store_close(s);
  arena_free(&a);
}

static void network_file_systems_are_known(void **state) {
  (void)state;
  assert_true(file_is_network(0x6969));
  assert_true(file_is_network((long)0xFF534D42));
  assert_false(file_is_network(0xEF53)); /* ext4 */
}

static void folders_that_cannot_be_written_are_refused(void **state) {
  (void)state;
  pid_t child = fork();
  if (child == 0) { /* root may write anywhere */
    Store *s = NULL;
    Err e = {0};
    bool ready =
        chmod(path, 0644) == 0 && chmod(folder, 0555) == 0 && (geteuid() != 0 || seteuid(65534) == 0);
    bool refused = ready && !store_open(path, STORE_READ, &s, &e) && strstr(e.what, "read-only");
    _exit(refused ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  chmod(folder, 0755);
  assert_int_equal(status, 0);
}

/* --- transactions -------------------------------------------------------- */

static void only_the_host_ends_transactions(void **state) {
  (void)state;
  Err e = {0};
  Store *s = opened(STORE_WRITE);
  expect_error(store_exec(s, "INSERT INTO segment(name) VALUES('x')", NULL, 0, &e), &e, ERR_FAIL, "outside");
  assert_true(store_begin(s, &e));
  static const char *const denied[] = {"COMMIT",
                                       "ROLLBACK",
                                       "SAVEPOINT x",
                                       "ATTACH '/tmp/x.db' AS x",
                                       "PRAGMA user_version = 7",
                                       "DROP TABLE task",
                                       "CREATE TABLE x(y)",
                                       "ALTER TABLE task ADD COLUMN z",
                                       "VACUUM",
                                       "CREATE TEMP TABLE t(x)",
                                       "REINDEX"};
  for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) {
    bool ok = store_exec(s, denied[i], NULL, 0, &e);
    if (ok) fail_msg("%s was let through", denied[i]);
    err_free(&e);
  }
  assert_true(store_exec(s, "INSERT INTO segment(name) VALUES('x')", NULL, 0, &e));
  assert_true(store_commit(s, &e));
  assert_int_equal(number(s, "SELECT count(*) FROM segment"), 1);
  expect_error(store_commit(s, &e), &e, ERR_FAIL, "no transaction");
  store_close(s);
}

static void a_transaction_ended_by_a_statement_is_noticed(void **state) {
  (void)state;
  Err e = {0};
  Store *s = opened(STORE_WRITE);
  assert_true(store_begin(s, &e));
  assert_true(store_exec(s, "INSERT INTO segment(name) VALUES('a')", NULL, 0, &e));
  assert_false(store_exec(s, "INSERT OR ROLLBACK INTO segment(name) VALUES('a')", NULL, 0, &e));
  err_free(&e);
  store_exec(s, "INSERT INTO segment(name) VALUES('b')", NULL, 0, &e); /* would commit by itself */
  err_free(&e);
  expect_error(store_commit(s, &e), &e, ERR_FAIL, "nothing was written");
  assert_int_equal(number(s, "SELECT count(*) FROM segment"), 0);
  store_close(s);
}

static void a_second_writer_is_told_the_database_is_busy(void **state) {
  (void)state;
  Err e = {0};
  Store *a = opened(STORE_WRITE), *b = opened(STORE_WRITE);
  sqlite3_busy_timeout(b->db, 10);
  assert_true(store_begin(a, &e));
  expect_error(store_begin(b, &e), &e, ERR_BUSY, "is busy");
  store_rollback(a);
  assert_true(store_begin(b, &e));
  store_close(b);
  store_close(a);
}

static void a_snapshot_stays_and_becomes_a_write_only_when_fresh(void **state) {
  (void)state;
  Err e = {0};
  Store *a = opened(STORE_WRITE), *b = opened(STORE_WRITE);
  assert_true(store_begin_read(a, &e));
  assert_true(store_set(b, "year_start", "4", &e));
  assert_null(store_setting(a, "year_start"));
  expect_error(store_upgrade(a, &e), &e, ERR_STALE, "changed since");
  store_end_read(a);
  assert_true(store_begin_read(a, &e));
  assert_string_equal(store_setting(a, "year_start"), "4");
  assert_true(store_upgrade(a, &e));
  assert_true(store_exec(a, "INSERT INTO segment(name) VALUES('x')", NULL, 0, &e));
  assert_true(store_commit(a, &e));
  assert_int_equal(number(b, "SELECT count(*) FROM segment"), 1);
  store_close(a);
  store_close(b);
}

static void reading_only_does_not_write(void **state) {
  (void)state;
  Err e = {0};
  Store *s = opened(STORE_READ);
  expect_error(store_begin(s, &e), &e, ERR_FAIL, "reading only");
  expect_error(store_set(s, "year_start", "1", &e), &e, ERR_FAIL, "reading only");
  store_close(s);
}

static void the_currency_cannot_change(void **state) {
  (void)state;
  Err e = {0};
  Store *s = opened(STORE_WRITE);
  expect_error(store_set(s, "minor", "3", &e), &e, ERR_FAIL, "fixed");
  assert_true(store_set(s, "minor", "2", &e));
  store_close(s);
}

/* --- copies -------------------------------------------------------------- */

static void a_copy_is_private_and_leaves_no_file(void **state) {
  (void)state;
  Err e = {0};
  Store *s = opened(STORE_WRITE), *c = NULL;
  setenv("TMPDIR", folder, 1);
  assert_true(store_set(s, "year_start", "4", &e));
  if (!store_copy(s, &c, &e)) fail_msg("%s", e.what);
  assert_string_equal(store_setting(c, "year_start"), "4");
  assert_true(store_begin(c, &e));
  assert_true(store_exec(c, "INSERT INTO segment(name) VALUES('x')", NULL, 0, &e));
  assert_true(store_commit(c, &e));
  assert_int_equal(number(c, "SELECT count(*) FROM segment"), 1);
  assert_int_equal(number(s, "SELECT count(*) FROM segment"), 0);
  assert_int_equal(access(c->path, F_OK), -1);
  assert_true(store_begin(s, &e)); /* nobody is locked */
  store_rollback(s);
  store_close(c);
  store_close(s);
  setenv("TMPDIR", "/nowhere", 1);
  s = opened(STORE_READ);
  expect_error(store_copy(s, &c, &e), &e, ERR_FAIL, "no private copy");
  unsetenv("TMPDIR");
  store_close(s);
}

enum { NOW = SCHEMA_VERSION, NEXT, AFTER_NEXT };

static void two_versions_on(int version, Buf *sql) {
  if (version == NEXT) buf_puts(sql, "CREATE TABLE extra(id INTEGER PRIMARY KEY) STRICT;");
  if (version == AFTER_NEXT) buf_puts(sql, "INSERT INTO extra VALUES(1);");
}

static void broken_on_the_way(int version, Buf *sql) {
  if (version == NEXT)
    buf_puts(sql, "CREATE TABLE extra(id INTEGER PRIMARY KEY) STRICT; INSERT INTO none VALUES(1);");
}

static void migrations_back_up_first_and_happen_whole_or_not_at_all(void **state) {
  (void)state;
  Err e = {0};
  char backup[2][256];
  snprintf(backup[0], sizeof *backup, "%s.version-%d", path, NOW);
  snprintf(backup[1], sizeof *backup, "%s.version-%d-2", path, NOW);
  Store *s = opened(STORE_WRITE);
  assert_false(store_migrate(s, NOW, NEXT, broken_on_the_way, &e));
  assert_non_null(strstr(e.left, "backup"));
  err_free(&e);
  assert_int_equal(number(s, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"), 0);
  if (!store_migrate(s, NOW, AFTER_NEXT, two_versions_on, &e)) fail_msg("%s", e.what);
  assert_int_equal(number(s, "SELECT count(*) FROM extra"), 1);
  store_close(s);
  for (int i = 0; i < 2; i++) { /* that of the attempt broken off, and that of the second */
    assert_true(store_open(backup[i], STORE_READ, &s, &e));
    assert_int_equal(number(s, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"), 0);
    store_close(s);
    unlink(backup[i]);
  }
  expect_error(store_open(path, STORE_WRITE, &s, &e), &e, ERR_FAIL, "newer");
}

/* --- invariants that stand in the schema --------------------------------- */

typedef struct Refused { const char *sql, *error; } Refused;
static const Refused refused[] = {
    {"INSERT INTO assignment(account, staff, role, from_day) VALUES(1, 2, 'owner', '2026-06-01')",
     "one main owner"},
    {"UPDATE assignment SET role = 'owner' WHERE role = 'deputy'", "one main owner"},
    {"UPDATE complaint SET first_owner = 2", "first responder"},
    {"INSERT OR REPLACE INTO complaint(id, code, account, opened, first_owner) VALUES(1, 'P1', 1, '2026-01-01', 2)",
     "first responder"},
    {"DELETE FROM account WHERE id = 1", "FOREIGN KEY"},
    {"DELETE FROM account WHERE id = 2", "order lines"},
    {"DELETE FROM run", "append-only"},
    {"UPDATE run SET what = 'y'", "append-only"},
    {"INSERT OR REPLACE INTO run(id, at, what, actor, asof, seed, status, changes) VALUES(1, '', '', '', '', 0, '', 0)",
     "append-only"},
    {"INSERT INTO orders(id, account, day) VALUES(202601010000001, 1, 20260102)", "CHECK"},
    {"INSERT INTO visit(account, day) VALUES(1, '2026-02-30')", "CHECK"},
    {"INSERT INTO visit(account, day) VALUES(99, '2026-02-03')", "FOREIGN KEY"},
    {"INSERT INTO contact(code, account, active) VALUES('K1', 1, 7)", "CHECK"},
    {"INSERT INTO account(code) VALUES('C1')", "UNIQUE"},
    {"INSERT INTO account(name) VALUES('C1')", "NOT NULL"},
    {"UPDATE account SET parent = 4 WHERE id = 2", "ring"},
    {"UPDATE OR REPLACE account SET parent = 1 WHERE id = 1", "ring"},
    {"INSERT INTO account(id, code, parent) VALUES(5, 'C5', 5)", "ring"},
    {"INSERT OR REPLACE INTO staff(id, code, manager) VALUES(2, 'S2', 2)", "ring"},
    {"INSERT INTO account(code) VALUES('C9')", "merged"},
    {"UPDATE OR IGNORE account SET code = 'C9' WHERE id = 2", "merged"},
};

static void the_schema_refuses_what_no_script_may_do(void **state) {
  (void)state;
  Err e = {0};
  Store *s = opened(STORE_WRITE);
  assert_true(store_begin(s, &e));
  static const char *const given[] = {
      "INSERT INTO account(id, code) VALUES(1, 'C1'), (2, 'C2')",
      "INSERT INTO staff(id, code) VALUES(1, 'S1'), (2, 'S2')",
      "INSERT INTO assignment(account, staff, role, from_day, to_day) VALUES(1, 1, 'owner', '2025-01-01', NULL)",
      "INSERT INTO assignment(account, staff, role, from_day, to_day) VALUES(1, 2, 'deputy', '2025-01-01', NULL)",
      "INSERT INTO assignment(account, staff, role, from_day, to_day) VALUES(2, 1, 'owner', '2024-01-01', '2025-01-01')",
      "INSERT INTO assignment(account, staff, role, from_day) VALUES(2, 2, 'owner', '2025-01-01')",
      "INSERT INTO complaint(id, code, account, opened, first_owner) VALUES(1, 'P1', 1, '2026-01-01', 1)",
      "INSERT INTO orders(id, account, day) VALUES(202601010000001, 2, 20260101)",
      "DELETE FROM assignment WHERE account = 2",
      "INSERT INTO run(id, at, what, actor, asof, seed, status, changes) VALUES(1, '', '', '', '', 0, '', 0)",
      "INSERT INTO account(id, code, parent) VALUES(3, 'C3', 2), (4, 'C4', 3)",
      "INSERT INTO alias(entity, code, row) VALUES('account', 'C9', 1)",
  };
  for (size_t i = 0; i < sizeof given / sizeof *given; i++)
    if (!store_exec(s, given[i], NULL, 0, &e)) fail_msg("%s: %s", given[i], e.what);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    bool ok = store_exec(s, refused[i].sql, NULL, 0, &e);
    if (ok || !strstr(e.what, refused[i].error))
      fail_msg("%s: %s", refused[i].sql, ok ? "let through" : e.what);
    err_free(&e);
  }
  assert_true(store_commit(s, &e));
  store_close(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_new_database_opens_and_knows_its_currency, fresh),
      cmocka_unit_test_setup(init_leaves_an_existing_file_alone, fresh),
      cmocka_unit_test(what_is_not_ours_is_refused_and_left_as_it_was),
      cmocka_unit_test(a_missing_file_says_how_to_make_one),
      cmocka_unit_test_setup(a_store_asleep_is_opened_when_asked, fresh),
      cmocka_unit_test_setup(what_is_wrong_with_a_store_asleep_is_said_then, fresh),
      cmocka_unit_test_setup(a_missing_table_is_damage, fresh),
      cmocka_unit_test(network_file_systems_are_known),
      cmocka_unit_test_setup(folders_that_cannot_be_written_are_refused, fresh),
      cmocka_unit_test_setup(only_the_host_ends_transactions, fresh),
      cmocka_unit_test_setup(a_transaction_ended_by_a_statement_is_noticed, fresh),
      cmocka_unit_test_setup(a_second_writer_is_told_the_database_is_busy, fresh),
      cmocka_unit_test_setup(a_snapshot_stays_and_becomes_a_write_only_when_fresh, fresh),
      cmocka_unit_test_setup(reading_only_does_not_write, fresh),
      cmocka_unit_test_setup(the_currency_cannot_change, fresh),
      cmocka_unit_test_setup(a_copy_is_private_and_leaves_no_file, fresh),
      cmocka_unit_test_setup(migrations_back_up_first_and_happen_whole_or_not_at_all, fresh),
      cmocka_unit_test_setup(the_schema_refuses_what_no_script_may_do, fresh),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
