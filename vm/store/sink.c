#include "store/sink.h"

#include "base/mem.h"

struct Sink {
  SinkFn fn; /* NULL: no scan is under way */
  void *ctx;
  Err *e;
  bool failed;
};

/* SQLite's aggregate functions see rows without leaving its loop: this one makes nothing of them. */
static void take_row(sqlite3_context *c, int n, sqlite3_value **value) {
  (void)n;
  struct Sink *k = sqlite3_user_data(c);
  if (!k->fn || k->fn(k->ctx, value, k->e)) return;
  k->failed = true;
  sqlite3_result_error(c, "ended", -1);
}

static void end_rows(sqlite3_context *c) { sqlite3_result_null(c); }

static bool ready(Store *s, Err *e) {
  if (s->sink) return true;
  s->sink = mem_zalloc(1, sizeof *s->sink);
  int rc = sqlite3_create_function_v2(s->db, "take_row", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, s->sink, NULL, take_row,
                                      end_rows, NULL);
  return rc == SQLITE_OK || sql_err(s, rc, e);
}

bool sink_scan(Store *s, const char *columns, const char *table, SinkFn fn, void *ctx, Err *e) {
  Buf sql = {0};
  buf_printf(&sql, "SELECT take_row(%s) FROM %s", columns, table);
  bool ok = ready(s, e);
  sqlite3_stmt *q = ok ? sql_prepare(s, sql.p, e) : NULL;
  buf_free(&sql);
  if (!q) return false;
  *s->sink = (struct Sink){.fn = fn, .ctx = ctx, .e = e};
  int rc = sqlite3_step(q);
  ok = !s->sink->failed && (rc == SQLITE_ROW || rc == SQLITE_DONE || sql_err(s, rc, e));
  *s->sink = (struct Sink){0};
  sql_done(s, q);
  return ok;
}

void sink_forget(Store *s) {
  mem_free(s->sink);
  s->sink = NULL;
}
