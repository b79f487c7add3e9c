#include "store/ask.h"

#include <string.h>

#include "base/mem.h"
#include "store/db.h"

/* What the statement named that it may not: the first of them is said. */
typedef struct Asked {
  const FeelHost *host;
  Buf tables; /* names of all tables and views, each behind a zero byte; other names are the statement's own */
  Buf no;
  bool writes;
} Asked;

/* Tables beside the entities that hold nothing of a person. */
static const char *const OPEN[] = {"setting", "setting_day", "calendar", "alias", "segment", "sqlite_schema", "sqlite_master", "json_each", "json_tree"};

static const CatEntity *entity_of(const char *table) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++)
    if (sqlite3_stricmp(ent->table, table) == 0) return ent;
  return NULL;
}

static bool is_open(const Asked *k, const char *table) {
  for (size_t i = 0; i < sizeof OPEN / sizeof *OPEN; i++)
    if (sqlite3_stricmp(OPEN[i], table) == 0) return true;
  if (sqlite3_strnicmp(table, "sqlite_", 7) == 0 || sqlite3_strnicmp(table, "pragma_", 7) == 0 || sqlite3_stricmp(table, "dbstat") == 0)
    return false;
  for (size_t at = 0; at < k->tables.n; at += strlen(k->tables.p + at) + 1)
    if (sqlite3_stricmp(k->tables.p + at, table) == 0) return false;
  return true;
}

static int read_column(Asked *k, const char *table, const char *column) {
  const CatEntity *ent = entity_of(table);
  if (!ent) {
    if (is_open(k, table)) return SQLITE_OK;
    if (!k->no.n) buf_puts(&k->no, table);
    return SQLITE_DENY;
  }
  const HostField *f = k->host->field(k->host->ctx, ent->number, str_of(column));
  bool masked = f && f->personal && !k->host->granted(k->host->ctx, ent->number, f);
  return masked ? SQLITE_IGNORE : SQLITE_OK;
}

static int judge(void *ctx, int action, const char *a, const char *b, const char *schema, const char *within) {
  Asked *k = ctx;
  (void)schema, (void)within;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ: return read_column(k, a, b ? b : "");
    case SQLITE_FUNCTION: return b && sqlite3_stricmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    default: k->writes = true; return SQLITE_DENY;
  }
}

static bool err_asked(Store *s, const Asked *k, int rc, Err *e) {
  if (k->writes) {
    err_set(e, ERR_FAIL, "sql only reads");
    return err_todo(e, "a playbook changes data, so that it can be explained and undone");
  }
  if (k->no.n) {
    err_set(e, ERR_FAIL, "the table %.*s is not for sql", STR_ARG(buf_view(&k->no)));
    return err_todo(e, "what happened is asked by history, why and explain; .tables lists what sql reads");
  }
  if ((rc & 0xff) == SQLITE_ERROR) return err_set(e, ERR_FAIL, "%s", sqlite3_errmsg(s->db));
  return sql_err(s, rc, e);
}

/* Not from the cache: what a statement may read is settled when it is prepared. */
static sqlite3_stmt *prepare(Store *s, Asked *k, const char *sql, Err *e) {
  sqlite3_stmt *q = NULL;
  const char *rest = "";
  int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, &rest);
  if (rc != SQLITE_OK) {
    err_asked(s, k, rc, e);
    return NULL;
  }
  if (q && !rest[strspn(rest, "; \t\r\n")] && sqlite3_stmt_readonly(q) && sqlite3_column_count(q)) return q;
  bool more = q && rest[strspn(rest, "; \t\r\n")];
  sqlite3_finalize(q);
  if (more) err_set(e, ERR_FAIL, "sql takes one statement at a time");
  else err_set(e, ERR_FAIL, "sql takes a SELECT");
  return NULL;
}

static bool each_row(Store *s, Asked *k, sqlite3_stmt *q, StoreRowFn fn, void *ctx, Err *e) {
  int n = sqlite3_column_count(q);
  Arena a = {0};
  Str *name = arena_zalloc(&a, (size_t)n, sizeof *name);
  Val *val = arena_zalloc(&a, (size_t)n, sizeof *val);
  bool ok;
  int rc = SQLITE_DONE;
  for (int i = 0; i < n; i++) name[i] = str_of(sqlite3_column_name(q, i));
  ok = fn(ctx, n, name, NULL, e);
  while (ok && (rc = sqlite3_step(q)) == SQLITE_ROW) {
    for (int i = 0; i < n; i++) val[i] = sql_raw(q, i);
    ok = fn(ctx, n, name, val, e);
  }
  if (ok && rc != SQLITE_DONE) ok = err_asked(s, k, rc, e);
  arena_free(&a);
  return ok;
}

static bool take_table(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  buf_str(ctx, val_str(val[0]));
  buf_char(ctx, 0);
  return true;
}

bool store_ask(Store *s, const char *sql, StoreRowFn fn, void *ctx, Err *e) {
  Asked k = {.host = store_host(s)}; /* awake from here on */
  if (!store_query(s, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')", NULL, 0, take_table, &k.tables, e)) {
    buf_free(&k.tables);
    return false;
  }
  sqlite3_set_authorizer(s->db, judge, &k);
  sqlite3_stmt *q = prepare(s, &k, sql, e);
  bool ok = q && each_row(s, &k, q, fn, ctx, e);
  sqlite3_finalize(q);
  guard_set(s);
  buf_free(&k.tables);
  buf_free(&k.no);
  return ok;
}
