#include "store/altered.h"
#include "store/db.h"
#include "store/later.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/lang.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/stop.h"

static bool err_busy(Store *s, Err *e) {
  err_set(e, ERR_BUSY, "%s is busy: another program is writing to it", s->path);
  return err_todo(e, "try again when it is done");
}

static bool err_damaged(Store *s, Err *e) {
  err_set(e, ERR_FAIL, "%s is damaged: %s", s->path, sqlite3_errmsg(s->db));
  return err_todo(e, "restore it from a backup (pareto restore)");
}

/* A column that is gone is named with its table; one that never was is the statement's mistake. */
static bool err_statement(Store *s, Err *e) {
  char *text = mem_strdup(sqlite3_errmsg(s->db));
  bool column = str_starts(str_of(text), "no such column") || strstr(text, "has no column named");
  if (!column || !altered_columns(s, e)) err_set(e, ERR_FAIL, "%s", text);
  mem_free(text);
  return false;
}

static bool err_full(Store *s, Err *e) {
  if (s->copy) {
    err_set(e, ERR_FAIL, "the private copy that the run writes on could not grow: it may by %d MB, or its disk is full",
            STORE_COPY_GROWTH >> 20);
    return err_todo(e, "write less at once; or set TMPDIR to a folder with room");
  }
  err_set(e, ERR_FAIL, "the disk is full: %s could not grow", s->path);
  return err_todo(e, "make room on it");
}

/* A reader too needs room: for what connections share beside the file. */
static bool err_io(Store *s, Err *e) {
  enum { SHARED = 32 << 10 };
  struct statvfs fs;
  if (!s->copy && statvfs(s->path, &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize < SHARED) {
    err_set(e, ERR_FAIL, "the disk of %s is full: it cannot be opened, not even to be read", s->path);
    return err_todo(e, "make room on it");
  }
  err_set(e, ERR_FAIL, "%s could not be read or written: %s", s->path, sqlite3_errmsg(s->db));
  return err_todo(e, "check the disk and its free space");
}

bool sql_err(Store *s, int rc, Err *e) {
  switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return err_busy(s, e);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return err_damaged(s, e);
    case SQLITE_FULL: return err_full(s, e);
    case SQLITE_READONLY:
      err_set(e, ERR_FAIL, "%s is open for reading only", s->path);
      return false;
    case SQLITE_NOMEM: return err_set(e, ERR_FAIL, "out of memory");
    case SQLITE_INTERRUPT:
      if (stop_check(e)) err_set(e, ERR_INTERRUPT, "interrupted");
      return false;
    case SQLITE_IOERR: return err_io(s, e);
    case SQLITE_ERROR: return err_statement(s, e);
    default: return err_set(e, ERR_FAIL, "%s", _(sqlite3_errmsg(s->db)));
  }
}

static sqlite3_stmt *prepare_new(Store *s, const char *sql, Err *e) {
  sqlite3_stmt *q = NULL;
  int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL);
  if (rc != SQLITE_OK) {
    sql_err(s, rc, e);
    return NULL;
  }
  return q;
}

sqlite3_stmt *sql_prepare(Store *s, const char *sql, Err *e) {
  if (s->asleep && !later_open(s, e)) return NULL;
  for (size_t i = 0; i < SQL_CACHE; i++) {
    SqlCached *c = &s->cached[i];
    if (c->q && !c->busy && strcmp(c->sql, sql) == 0) {
      c->busy = true;
      return c->q;
    }
  }
  sqlite3_stmt *q = prepare_new(s, sql, e);
  if (!q) return NULL;
  for (size_t tried = 0; tried < SQL_CACHE; tried++) {
    SqlCached *c = &s->cached[s->next_cached];
    s->next_cached = (s->next_cached + 1) % SQL_CACHE;
    if (c->busy) continue;
    if (c->q) {
      sqlite3_finalize(c->q);
      mem_free(c->sql);
    }
    *c = (SqlCached){mem_strdup(sql), q, true};
    break;
  }
  return q;
}

void sql_done(Store *s, sqlite3_stmt *q) {
  if (!q) return;
  for (size_t i = 0; i < SQL_CACHE; i++)
    if (s->cached[i].q == q) {
      s->cached[i].busy = false;
      sqlite3_reset(q);
      sqlite3_clear_bindings(q);
      return;
    }
  sqlite3_finalize(q);
}

void sql_forget(Store *s) {
  for (size_t i = 0; i < SQL_CACHE; i++) {
    sqlite3_finalize(s->cached[i].q);
    mem_free(s->cached[i].sql);
    s->cached[i] = (SqlCached){0};
  }
}

/* Whole numbers as INTEGER; decimals as the nearest double when that reads back as the same
 * decimal (15 digits always do), else as text: exact either way. */
typedef enum Stored { STORED_WHOLE, STORED_REAL, STORED_TEXT } Stored;

static Stored stored_as(Val v, int64_t *whole, double *real) {
  enum { DOUBLE_DIGITS = 15 };
  static const int64_t limit = INT64_C(1000000000000000);
  if (v.t == V_REAL) { /* as it came out, for the journal */
    *real = v.u.d;
    return STORED_REAL;
  }
  if (num_int(v, whole)) return STORED_WHOLE;
  Val plain = v.t == V_NUM ? num_norm(v) : v;
  bool exact = plain.t == V_NUM && plain.e < 0 && plain.e >= -DOUBLE_DIGITS && plain.u.i < limit && plain.u.i > -limit;
  if (exact) *real = num_double(plain);
  return exact ? STORED_REAL : STORED_TEXT;
}

static int bind_number(sqlite3_stmt *q, int at, Val v) {
  int64_t whole;
  double real;
  Stored as = stored_as(v, &whole, &real);
  if (as == STORED_WHOLE) return sqlite3_bind_int64(q, at, whole);
  if (as == STORED_REAL) return sqlite3_bind_double(q, at, real);
  Buf b = {0};
  num_print(v, &b);
  int rc = sqlite3_bind_text(q, at, b.p, (int)b.n, SQLITE_TRANSIENT);
  buf_free(&b);
  return rc;
}

static void number_result(sqlite3_context *out, Val v) {
  int64_t whole;
  double real;
  Stored as = stored_as(v, &whole, &real);
  if (as == STORED_WHOLE) sqlite3_result_int64(out, whole);
  if (as == STORED_REAL) sqlite3_result_double(out, real);
  if (as != STORED_TEXT) return;
  Buf b = {0};
  num_print(v, &b);
  sqlite3_result_text(out, b.p, (int)b.n, SQLITE_TRANSIENT);
  buf_free(&b);
}

static void day_result(sqlite3_context *out, Day d) {
  Buf b = {0};
  day_print(d, &b);
  sqlite3_result_text(out, b.p, (int)b.n, SQLITE_TRANSIENT);
  buf_free(&b);
}

void sql_result(sqlite3_context *out, Val v) {
  if (v.t == V_NUM && v.e == 0) sqlite3_result_int64(out, v.u.i);
  else if (v.t == V_TEXT) sqlite3_result_text(out, v.n ? v.u.s : "", (int)v.n, SQLITE_STATIC);
  else if (v.t == V_BOOL || v.t == V_ROW) sqlite3_result_int64(out, v.u.i);
  else if (val_is_num(v)) number_result(out, v);
  else if (v.t == V_NULL) sqlite3_result_null(out);
  else if (v.t == V_DATE) day_result(out, (Day)v.u.i);
  else sqlite3_result_error(out, "a value of this type cannot be kept in a column", -1);
}

static int bind_day(sqlite3_stmt *q, int at, Day d) {
  Buf b = {0};
  day_print(d, &b);
  int rc = sqlite3_bind_text(q, at, b.p, (int)b.n, SQLITE_TRANSIENT);
  buf_free(&b);
  return rc;
}

static bool bind(Store *s, sqlite3_stmt *q, int at, Val v, sqlite3_destructor_type life, Err *e) {
  int rc;
  switch ((ValType)v.t) {
    case V_NULL: rc = sqlite3_bind_null(q, at); break;
    case V_BOOL:
    case V_ROW: rc = sqlite3_bind_int64(q, at, v.u.i); break;
    case V_NUM:
    case V_BIG:
    case V_REAL: rc = bind_number(q, at, v); break;
    case V_DATE: rc = bind_day(q, at, (Day)v.u.i); break;
    case V_TEXT:
      if (v.flags & VAL_BLOB) rc = sqlite3_bind_blob64(q, at, v.n ? v.u.s : "", v.n, life);
      else rc = sqlite3_bind_text64(q, at, v.n ? v.u.s : "", v.n, life, SQLITE_UTF8);
      break;
    default: return err_set(e, ERR_FAIL, "a value of this type cannot be kept in a column");
  }
  return rc == SQLITE_OK || sql_err(s, rc, e);
}

bool sql_bind(Store *s, sqlite3_stmt *q, int at, Val v, Err *e) { return bind(s, q, at, v, SQLITE_TRANSIENT, e); }

bool sql_step(Store *s, sqlite3_stmt *q, bool *row, Err *e) {
  int rc = sqlite3_step(q);
  *row = rc == SQLITE_ROW;
  return rc == SQLITE_ROW || rc == SQLITE_DONE || sql_err(s, rc, e);
}

Val sql_raw(sqlite3_stmt *q, int col) {
  switch (sqlite3_column_type(q, col)) {
    case SQLITE_INTEGER: return val_int(sqlite3_column_int64(q, col));
    case SQLITE_FLOAT: return val_real(sqlite3_column_double(q, col));
    case SQLITE_TEXT: {
      const char *p = (const char *)sqlite3_column_text(q, col);
      return val_text((Str){p ? p : "", (size_t)sqlite3_column_bytes(q, col)});
    }
    case SQLITE_BLOB: {
      const char *p = sqlite3_column_blob(q, col);
      Val v = val_text((Str){p ? p : "", (size_t)sqlite3_column_bytes(q, col)});
      v.flags = VAL_BLOB;
      return v;
    }
    default: return val_null();
  }
}

bool sql_run(Store *s, const char *sql, Err *e) {
  if (s->asleep && !later_open(s, e)) return false;
  int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK || sql_err(s, rc, e);
}

bool sql_host(Store *s, const char *sql, Err *e) {
  bool before = s->host_sql;
  s->host_sql = true;
  bool ok = sql_run(s, sql, e);
  s->host_sql = before;
  return ok;
}

void sql_name(Buf *b, Str name) {
  buf_char(b, '"');
  for (size_t i = 0; i < name.n; i++) {
    if (name.p[i] == '"') buf_char(b, '"');
    buf_char(b, name.p[i]);
  }
  buf_char(b, '"');
}

/* The values outlive the statement's use: the caller's call is over before they are. */
static sqlite3_stmt *prepare_bound(Store *s, const char *sql, const Val *value, size_t nvalue, Err *e) {
  sqlite3_stmt *q = sql_prepare(s, sql, e);
  if (!q) return NULL;
  for (size_t i = 0; i < nvalue; i++)
    if (!bind(s, q, (int)i + 1, value[i], SQLITE_STATIC, e)) {
      sql_done(s, q);
      return NULL;
    }
  return q;
}

bool store_query(Store *s, const char *sql, const Val *bind, size_t nbind, StoreRowFn fn, void *ctx, Err *e) {
  sqlite3_stmt *q = prepare_bound(s, sql, bind, nbind, e);
  if (!q) return false;
  bool ok = true;
  if (!sqlite3_stmt_readonly(q)) ok = err_set(e, ERR_FAIL, "this statement would write");
  Arena a = {0};
  Str *name = NULL;
  Val *val = NULL;
  int ncol = 0;
  bool row = true;
  while (ok && (ok = sql_step(s, q, &row, e)) && row) {
    if (!name) { /* the first step may prepare the statement anew */
      ncol = sqlite3_column_count(q);
      name = arena_zalloc(&a, (size_t)ncol, sizeof *name);
      val = arena_zalloc(&a, (size_t)ncol, sizeof *val);
      for (int i = 0; i < ncol; i++) name[i] = str_of(sqlite3_column_name(q, i));
    }
    for (int i = 0; i < ncol; i++) val[i] = sql_raw(q, i);
    ok = fn(ctx, ncol, name, val, e);
  }
  arena_free(&a);
  sql_done(s, q);
  return ok;
}

static bool may_change(Store *s, Err *e) {
  if (s->writing) return true;
  s->refused = true;
  return err_set(e, ERR_FAIL, "a change outside a transaction");
}

bool store_refused(const Store *s) { return s->refused; }

bool store_exec(Store *s, const char *sql, const Val *bind, size_t nbind, Err *e) {
  if (!may_change(s, e)) return false;
  sqlite3_stmt *q = prepare_bound(s, sql, bind, nbind, e);
  if (!q) return false;
  size_t mark = store_journal_mark(s);
  bool row = true, ok = true;
  while (ok && row) ok = sql_step(s, q, &row, e);
  sql_done(s, q);
  s->version++;
  if (!ok) store_journal_cut(s, mark); /* the rows it had changed were put back unseen */
  return ok && sql_journaled(s, e);
}

bool sql_journaled(Store *s, Err *e) {
  if (s->journal && s->journal_full) return err_set(e, ERR_FAIL, "a run changes at most 512 MB of data");
  if (!s->journal || !s->journal_lost) return true;
  return err_set(e, ERR_FAIL, "a table was changed that was not there when the run began");
}

bool sql_atomically(Store *s, bool (*body)(Store *, void *, Err *), void *ctx, Err *e) {
  if (!may_change(s, e)) return false;
  size_t mark = store_journal_mark(s);
  if (!sql_host(s, "SAVEPOINT part", e)) return false;
  s->version++;
  bool ok = body(s, ctx, e) && sql_journaled(s, e);
  Err ignored = {0};
  if (!ok) {
    sql_host(s, "ROLLBACK TO part", &ignored);
    store_journal_cut(s, mark);
    if (s->named) taps_read(s, &ignored); /* a column added is gone again */
  }
  if (!sql_host(s, "RELEASE part", ok ? e : &ignored)) ok = false;
  err_free(&ignored);
  return ok;
}

int64_t store_last_id(Store *s) { return sqlite3_last_insert_rowid(s->db); }
int64_t store_changes(Store *s) { return sqlite3_changes64(s->db); }

bool store_value(Store *s, const char *sql, const Val *bind, size_t nbind, Arena *a, Val *out, Err *e) {
  *out = val_null();
  sqlite3_stmt *q = prepare_bound(s, sql, bind, nbind, e);
  if (!q) return false;
  bool row, ok = sql_step(s, q, &row, e);
  if (ok && row && sqlite3_column_count(q) > 0) {
    uint16_t flags = sql_raw(q, 0).flags;
    *out = val_copy(sql_raw(q, 0), a);
    out->flags = flags;
  }
  sql_done(s, q);
  return ok;
}
