#include "store/import_table.h"

#include <string.h>

typedef struct Table { sqlite3_vtab base; const RowTable *rows; } Table;
typedef struct Cursor { sqlite3_vtab_cursor base; const RowTable *rows; size_t row; } Cursor;

static int connect(sqlite3 *db, void *rows, int argc, const char *const *argv, sqlite3_vtab **out, char **error) {
  (void)argc, (void)argv, (void)error;
  Buf sql = {0};
  for (int i = 0; i < TABLE_COLUMNS; i++) buf_printf(&sql, "%s c%d", i ? "," : "CREATE TABLE import_row(", i);
  buf_char(&sql, ')');
  int rc = sqlite3_declare_vtab(db, sql.p);
  buf_free(&sql);
  if (rc != SQLITE_OK) return rc;
  Table *t = mem_zalloc(1, sizeof *t);
  t->rows = rows;
  *out = &t->base;
  return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *t) {
  mem_free(t);
  return SQLITE_OK;
}

static int best_index(sqlite3_vtab *t, sqlite3_index_info *info) {
  (void)t;
  info->estimatedCost = 1000;
  return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out) {
  Cursor *c = mem_zalloc(1, sizeof *c);
  c->rows = ((Table *)t)->rows;
  *out = &c->base;
  return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *c) {
  mem_free(c);
  return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *c, int number, const char *name, int argc, sqlite3_value **argv) {
  (void)number, (void)name, (void)argc, (void)argv;
  ((Cursor *)c)->row = 0;
  return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *c) {
  ((Cursor *)c)->row++;
  return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *c) { return ((Cursor *)c)->row >= ((Cursor *)c)->rows->n; }

static int column(sqlite3_vtab_cursor *c, sqlite3_context *out, int k) {
  const Cursor *at = (Cursor *)c;
  sql_result(out, at->rows->cell(at->rows->ctx, at->row, (size_t)k));
  return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *c, sqlite3_int64 *out) {
  *out = (sqlite3_int64)((Cursor *)c)->row;
  return SQLITE_OK;
}

/* Without xCreate it is there by its name alone. */
static const sqlite3_module module = {
  .iVersion = 1, .xConnect = connect, .xBestIndex = best_index, .xDisconnect = disconnect, .xOpen = open_cursor,
  .xClose = close_cursor, .xFilter = filter, .xNext = next, .xEof = at_end, .xColumn = column, .xRowid = row_id,
};

bool table_open(Store *s, const char *name, RowTable *t, Err *e) {
  int rc = sqlite3_create_module_v2(s->db, name, &module, t, NULL);
  return rc == SQLITE_OK || sql_err(s, rc, e);
}

void table_close(Store *s, const char *name) { sqlite3_create_module_v2(s->db, name, NULL, NULL, NULL); }
