/* What holds scripts, and our own mistakes, off the database: set once on every connection. */
#include "base/stop.h"
#include "store/db.h"

static int authorize(void *ctx, int action, const char *a, const char *b, const char *schema,
                     const char *trigger) {
  const Store *s = ctx;
  (void)a, (void)schema, (void)trigger;
  if (s->host_sql) return SQLITE_OK;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: return SQLITE_OK;
    case SQLITE_FUNCTION: return b && sqlite3_stricmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    default: return SQLITE_DENY; /* ATTACH, DDL, PRAGMA, transactions, and what is not known yet */
  }
}

static int on_commit(void *ctx) {
  const Store *s = ctx;
  return !s->ending; /* not zero turns the commit into a rollback */
}

static int on_progress(void *ctx) {
  (void)ctx;
  return stop_asked();
}

void guard_set(Store *s) {
  enum { OPCODES = 20000 };
  sqlite3_set_authorizer(s->db, authorize, s);
  sqlite3_commit_hook(s->db, on_commit, s);
  sqlite3_progress_handler(s->db, OPCODES, on_progress, s);
}
