#include "store/apply_range.h"

#include <string.h>

enum { WORTH = 16, GAP = 64 };

bool range_alike(const Change *x, const Change *y) {
  if (!str_eq(x->table, y->table) || x->ncol != y->ncol) return false;
  for (size_t k = 0; k < x->ncol; k++)
    if (!str_eq(x->col[k], y->col[k])) return false;
  return true;
}

size_t range_length(const Change *c, size_t n) {
  size_t i = 1;
  if (c->op != CHANGE_UPDATE || !c->ncol) return 0;
  while (i < n && c[i].op == CHANGE_UPDATE && c[i].id > c[i - 1].id && c[i].id - c[i - 1].id <= GAP && range_alike(c, &c[i])) i++;
  return i < WORTH ? 0 : i;
}

typedef struct Range {
  const Change *c;
  size_t n, at; /* the change that was asked for last */
  bool *done;
} Range;

/* The statement comes by in the order of ids; what it skips is looked up. */
static bool seek(Range *r, int64_t id) {
  if (r->at < r->n && r->c[r->at].id == id) return true;
  if (r->at + 1 < r->n && r->c[r->at + 1].id == id) return ++r->at;
  size_t lo = 0, hi = r->n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (r->c[mid].id < id) lo = mid + 1;
    else hi = mid;
  }
  r->at = lo;
  return lo < r->n && r->c[lo].id == id;
}

static bool stands(sqlite3_value *v, Val was) {
  switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return was.t == V_NUM && sqlite3_value_int64(v) == was.u.i;
    case SQLITE_FLOAT: return raw_same(val_real(sqlite3_value_double(v)), was);
    case SQLITE_NULL: return was.t == V_NULL;
    default: {
      bool blob = sqlite3_value_type(v) == SQLITE_BLOB;
      const void *p = sqlite3_value_blob(v);
      if (was.t != V_TEXT || blob != ((was.flags & VAL_BLOB) != 0) || (size_t)sqlite3_value_bytes(v) != was.n) return false;
      return !was.n || memcmp(p, was.u.s, was.n) == 0;
    }
  }
}

/* range_was(id, columns …): is this a row of the range, and as its change says? */
static void was(sqlite3_context *out, int argc, sqlite3_value **arg) {
  Range *r = sqlite3_user_data(out);
  bool ok = seek(r, sqlite3_value_int64(arg[0]));
  for (int k = 1; ok && k < argc; k++) ok = stands(arg[k], r->c[r->at].was[k - 1]);
  if (ok) r->done[r->at] = true;
  sqlite3_result_int(out, ok);
}

/* range_now(id, column): what it is to be. */
static void now(sqlite3_context *out, int argc, sqlite3_value **arg) {
  (void)argc;
  Range *r = sqlite3_user_data(out);
  if (seek(r, sqlite3_value_int64(arg[0]))) sql_result(out, r->c[r->at].now[sqlite3_value_int(arg[1])]);
}

static bool functions(Store *s, Range *r) {
  int rc = sqlite3_create_function_v2(s->db, "range_was", -1, SQLITE_UTF8, r, r ? was : NULL, NULL, NULL, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_create_function_v2(s->db, "range_now", 2, SQLITE_UTF8, r, r ? now : NULL, NULL, NULL, NULL);
  return rc == SQLITE_OK;
}

static void update_sql(const Change *c, Buf *sql) {
  buf_puts(sql, "UPDATE ");
  sql_name(sql, c->table);
  for (size_t k = 0; k < c->ncol; k++) {
    buf_puts(sql, k ? ", " : " SET ");
    sql_name(sql, c->col[k]);
    buf_printf(sql, " = range_now(id, %zu)", k);
  }
  buf_puts(sql, " WHERE id BETWEEN ?1 AND ?2 AND range_was(id");
  for (size_t k = 0; k < c->ncol; k++) {
    buf_puts(sql, ", ");
    sql_name(sql, c->col[k]);
  }
  buf_char(sql, ')');
}

void range_update(Store *s, const Change *c, size_t n, bool *done) {
  enum { ARGUMENTS = 100 }; /* that SQLite lets a function have */
  Range r = {c, n, 0, done};
  Err ignored = {0};
  Buf sql = {0};
  Val bind[] = {val_int(c[0].id), val_int(c[n - 1].id)};
  memset(done, 0, n * sizeof *done);
  if (c->ncol >= ARGUMENTS) return;
  update_sql(c, &sql);
  if (!functions(s, &r) || !store_exec(s, sql.p, bind, 2, &ignored)) memset(done, 0, n * sizeof *done);
  functions(s, NULL);
  buf_free(&sql);
  err_free(&ignored);
}
