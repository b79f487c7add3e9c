/* A database in a folder of its own, for the tests of runs: one for each test, open for writing. */
#ifndef RUN_TEST_HOME_H
#define RUN_TEST_HOME_H
#include "testing.h"

#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Fixture {
  char dir[64], path[96];
  Store *s;
  int64_t id[4]; /* accounts C1 … C4, where a test makes them */
  Err e;
} Fixture;

/* The whole message, where it was not good. */
static void ok(Fixture *f, bool good) {
  if (good) return;
  Buf b = {0};
  err_print(&f->e, &b);
  print_error("%s", b.p ? b.p : "no error given\n");
  buf_free(&b);
  fail();
}

static Fixture *home_open(void) {
  Fixture *f = calloc(1, sizeof *f);
  strcpy(f->dir, "/tmp/pareto-run-XXXXXX");
  assert_non_null(mkdtemp(f->dir));
  snprintf(f->path, sizeof f->path, "%s/t.db", f->dir);
  ok(f, store_init(f->path, (StoreInit){"CNY", 2}, &f->e));
  ok(f, store_open(f->path, STORE_WRITE, &f->s, &f->e));
  return f;
}

static int teardown(void **state) {
  Fixture *f = *state;
  char cmd[128];
  store_close(f->s);
  snprintf(cmd, sizeof cmd, "rm -rf %s", f->dir);
  int code = system(cmd);
  err_free(&f->e);
  free(f);
  return code == 0 ? 0 : -1;
}
#endif
