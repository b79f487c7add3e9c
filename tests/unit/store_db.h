/* A database in a folder of its own, for the tests of the store: opened for writing, a transaction open. */
#ifndef STORE_TEST_DB_H
#define STORE_TEST_DB_H
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/catalog.h"
#include "store/journal.h"

static char db_folder[] = "/tmp/pareto-test-XXXXXX";
static char db_path[128];
static Store *db;

static void db_remove(void) {
  static const char *const end[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < 3; i++) {
    char name[160];
    snprintf(name, sizeof name, "%s%s", db_path, end[i]);
    unlink(name);
  }
}

static int db_setup(void **state) {
  (void)state;
  Err e = {0};
  if (!strcmp(db_folder + sizeof db_folder - 7, "XXXXXX") && !mkdtemp(db_folder)) return -1;
  snprintf(db_path, sizeof db_path, "%s/a.db", db_folder);
  db_remove();
  bool ok = store_init(db_path, (StoreInit){"CNY", 2}, &e) && store_open(db_path, STORE_WRITE, &db, &e) &&
            store_begin(db, &e);
  if (!ok) fprintf(stderr, "%s\n", e.what);
  return ok ? 0 : -1;
}

static int db_teardown(void **state) {
  (void)state;
  store_close(db);
  db = NULL;
  db_remove();
  return 0;
}

static int db_finish(void **state) {
  (void)state;
  return rmdir(db_folder);
}

static inline void db_exec(Store *s, const char *sql) {
  Err e = {0};
  if (!store_exec(s, sql, NULL, 0, &e)) fail_msg("%s: %s", sql, e.what);
}

static inline Val db_value(Store *s, const char *sql, Arena *a) {
  Err e = {0};
  Val v;
  if (!store_value(s, sql, NULL, 0, a, &v, &e)) fail_msg("%s: %s", sql, e.what);
  return v;
}

static inline int64_t db_number(Store *s, const char *sql) {
  Arena a = {0};
  Val v = db_value(s, sql, &a);
  arena_free(&a);
  return v.u.i;
}

/* An error of this kind whose words hold `part`; then none. */
static inline void db_refused(bool ok, Err *e, ErrKind kind, const char *part) {
  if (ok) fail_msg("let through; expected: %s", part);
  if (e->kind != kind || !strstr(e->what, part))
    fail_msg("expected %d …%s…, got %d %s", kind, part, e->kind, e->what);
  err_free(e);
}
#endif
