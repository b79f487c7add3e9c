/* Rows of a query as text, for the tests of the store. */
#ifndef STORE_TEST_ROWS_H
#define STORE_TEST_ROWS_H
#include "testing.h"

#include "base/format.h"
#include "base/mem.h"
#include "store/store.h"

static bool rows_add(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)name, (void)e;
  Buf *out = ctx;
  for (int i = 0; i < ncol; i++) {
    if (i) buf_char(out, '|');
    fmt_data(val[i], out);
  }
  buf_char(out, '\n');
  return true;
}

/* "a|b\n…", empty when there are none; the caller frees it. */
static char *rows(Store *s, const char *sql) {
  Buf b = {0};
  Err e = {0};
  if (!store_query(s, sql, NULL, 0, rows_add, &b, &e)) fail_msg("%s: %s", sql, e.what);
  return buf_take(&b);
}

static void assert_rows(Store *s, const char *sql, const char *want) {
  char *got = rows(s, sql);
  assert_string_equal(got, want);
  mem_free(got);
}
#endif
