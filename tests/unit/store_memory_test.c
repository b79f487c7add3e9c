/* Memory runs out at the n-th allocation, ours or SQLite's: the database is as it was, or wholly changed. */
#include "store_db.h"

#include <sys/wait.h>

enum {
  DONE = 0,
  /* without the failure */ SPARED = 2 /* it failed, and SQLite could do without */,
  OURS = 1 /* mem.h ends the process */,
  ERROR = 3,
  CHANGED_BY_HALF = 4
};

static bool work(Store **s, Err *e) {
  static const int64_t id[] = {1, 2};
  const Val v[] = {val_text(STR("P1")), val_text(STR("P2"))};
  const Str name[] = {STR("account"), STR("title")};
  const Val task[] = {val_text(STR("C1")), val_text(STR("call"))};
  Arena a = {0};
  Journal j = {0};
  SegmentMove m;
  size_t changed;
  int64_t row;
  Val out[2];
  bool ok = store_open(db_path, STORE_WRITE, s, e) && store_begin(*s, e) && store_journal_start(*s, &j, e) &&
            store_add_field(*s, "account", "profit_type", (Type){.kind = T_TEXT}, "type", e) &&
            store_assign(*s, "account", "profit_type", 20000, id, v, 2, &changed, e) &&
            store_insert(*s, catalog_entity(STR("task")), name, task, 2, &row, e) &&
            store_segment_become(*s, "vip", 20000, id, 2, &a, &m, e);
  const FeelHost *h = ok ? store_host(*s) : NULL;
  const HostField *f = ok ? h->field(h->ctx, 1, STR("revenue")) : NULL;
  ok = ok && h->series(h->ctx, 1, f, AGG_SUM, 19000, 20000, id, 2, &a, out, e);
  ok = ok && store_commit(*s, e);
  journal_free(&j);
  arena_free(&a);
  return ok;
}

static int attempt(long n) {
  pid_t child = fork();
  if (child == 0) {
    Err e = {0};
    Store *s = NULL;
    if (!freopen("/dev/null", "w", stderr)) _exit(ERROR);
    mem_fail_after(n);
    bool ok = work(&s, &e);
    bool failed = true;
    for (long i = 0; i < n && failed; i++) failed = !mem_should_fail(); /* is it still to come? */
    _exit(ok ? failed ? SPARED : DONE : e.kind && e.what ? ERROR : CHANGED_BY_HALF);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The database as it was. */
static char *bytes;
static size_t nbytes;

static void keep_file(void) {
  FILE *f = fopen(db_path, "rb");
  assert_non_null(f);
  bytes = malloc(1 << 22);
  nbytes = fread(bytes, 1, 1 << 22, f);
  fclose(f);
}

static void put_back(void) {
  db_remove();
  FILE *f = fopen(db_path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(bytes, 1, nbytes, f), nbytes);
  fclose(f);
}

static void running_out_of_memory_leaves_the_database_whole(void **state) {
  (void)state;
  Err e = {0};
  db_exec(db, "INSERT INTO account(id, code) VALUES(1, 'C1'), (2, 'C2')");
  assert_true(store_commit(db, &e));
  store_close(db);
  db = NULL;
  keep_file();
  int errors = 0, ours = 0;
  long n = 1;
  for (int got = -1; got != DONE; n += n < 60 ? 1 : n / 30) {
    got = attempt(n);
    if (got != DONE && got != SPARED && got != OURS && got != ERROR)
      fail_msg("allocation %ld: ended with %d", n, got);
    errors += got == ERROR;
    ours += got == OURS;
    Store *s = NULL;
    if (!store_open(db_path, STORE_WRITE, &s, &e)) fail_msg("allocation %ld: %s", n, e.what);
    int64_t changed =
        db_number(s, "SELECT (SELECT count(*) FROM task) + (SELECT count(*) FROM segment_member) + "
                     "(SELECT count(*) FROM field WHERE added)");
    assert_int_equal(changed, got == DONE || got == SPARED ? 4 : 0);
    store_close(s);
    if (changed) put_back();
  }
  free(bytes);
  if (errors < 100 || !ours)
    fail_msg("%d errors of SQLite, %d of ours, up to allocation %ld", errors, ours,
             n); /* both kinds are met */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(running_out_of_memory_leaves_the_database_whole, db_setup,
                                      db_teardown)};
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
