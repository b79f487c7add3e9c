/* Writing a journal. Triggers stay off, since what they did is in the journal too; the invariants they hold
 * are checked afterwards. Foreign keys wait until all rows are there. */
#include <string.h>

#include "base/mem.h"
#include "base/lang.h"
#include "base/stop.h"
#include "store/apply_range.h"
#include "store/cell.h"
#include "store/month_sql.h"
#include "store/schema.h"

/* Rows found in another's way (two codes swapped): taken out, put back once the others have moved. */
typedef struct Parked {
  Str table, *col;
  Val *val;              /* the whole row as it will be */
  size_t n;
} Parked;

typedef struct Apply {
  const Journal *j;      /* the part at hand */
  Arena arena;           /* of that part */
  Arena kept;            /* what is parked */
  const Change *parking;
  uint64_t concerned;    /* the invariants that what was written may break, by their number */
  Parked *parked;
  size_t nparked, cap;
  Buf sql;               /* of the last update, */
  const Change *sql_of;  /* which was this one's */
  Val *cell;             /* values to bind */
  size_t cells;
  bool names;            /* fields or metrics came or went */
} Apply;

static const Val *value_named(const Change *c, const Val *vals, const char *name) {
  for (size_t i = 0; i < c->ncol; i++)
    if (str_is(c->col[i], name)) return &vals[i];
  return NULL;
}

/* --- new columns --------------------------------------------------------- */

static bool add_columns(Store *s, Apply *w, Err *e) {
  bool ok = true;
  for (size_t i = 0; ok && i < w->j->n; i++) {
    const Change *c = &w->j->change[i];
    if (str_is(c->table, "field") || str_is(c->table, "metric")) w->names = true;
    if (!str_is(c->table, "field") || c->op != CHANGE_INSERT) continue;
    const Val *entity = value_named(c, c->now, "entity"), *name = value_named(c, c->now, "name");
    const Val *type = value_named(c, c->now, "type"), *added = value_named(c, c->now, "added");
    const CatEntity *ent = entity && entity->t == V_TEXT ? catalog_entity(val_str(*entity)) : NULL;
    if (!ent || !name || name->t != V_TEXT || !type || type->t != V_TEXT)
      return err_set(e, ERR_FAIL, "the record of changes is damaged");
    if (added && added->t == V_NUM && added->u.i)
      ok = field_column(s, ent->table, val_str(*name), view_col_named(val_str(*type)), e);
  }
  return ok;
}

/* --- checking ------------------------------------------------------------ */

static void say(Val v, Buf *b) {
  if (v.t == V_NULL) buf_puts(b, "empty");
  else if (v.flags & VAL_BLOB) buf_printf(b, "%u bytes", v.n);
  else if (v.t == V_TEXT) buf_printf(b, "'%.*s'", STR_ARG(val_str(v)));
  else fmt_data(v, b);
}

static const char *row_name(Store *s, const Change *c, Apply *w) {
  const CatEntity *ent = catalog_entity(c->table);
  if (ent) return cell_row_name(s, ent, c->id, &w->arena);
  return arena_printf(&w->arena, "%.*s %lld", STR_ARG(c->table), (long long)c->id);
}

static bool differs(Store *s, Apply *w, const Change *c, size_t k, Val found, Err *e) {
  Buf want = {0}, got = {0};
  const CatEntity *ent = catalog_entity(c->table);
  const CatColumn *col = ent ? catalog_column(ent, c->col[k]) : NULL;
  bool masked = col && (col->flags & CAT_PERSONAL);
  say(c->was[k], &want);
  say(found, &got);
  if (masked) err_set(e, ERR_STALE, "%s: %.*s has changed since", row_name(s, c, w), STR_ARG(c->col[k]));
  else
    err_set(e, ERR_STALE, "%s: %.*s should be %s and is %s", row_name(s, c, w), STR_ARG(c->col[k]), want.p,
            got.p);
  buf_free(&want);
  buf_free(&got);
  return err_left(e, "Nothing was written.");
}

static void columns_sql(const Change *c, Buf *sql) {
  for (size_t k = 0; k < c->ncol; k++) {
    if (k) buf_puts(sql, ", ");
    sql_name(sql, c->col[k]);
  }
}

/* Rows that a private copy wrote before their run had a number. */
static bool run_unknown(const Change *c, size_t k, Val v) {
  return v.t == V_NULL && str_is(c->col[k], "run");
}

static bool check_row(Store *s, const Change *c, StoreConflictFn fn, void *ctx, Err *e) {
  Buf sql = {0};
  buf_puts(&sql, "SELECT ");
  if (c->op == CHANGE_INSERT) buf_puts(&sql, "id");
  else columns_sql(c, &sql);
  buf_puts(&sql, " FROM ");
  sql_name(&sql, c->table);
  buf_puts(&sql, " WHERE id = ?1");
  sqlite3_stmt *q = sql_prepare(s, sql.p, e);
  buf_free(&sql);
  bool row = false, ok = q && sql_bind(s, q, 1, val_int(c->id), e) && sql_step(s, q, &row, e);
  if (ok && row != (c->op != CHANGE_INSERT)) ok = fn(ctx, c, STORE_ROW, val_null(), e);
  for (size_t k = 0; ok && row && c->was && k < c->ncol; k++) {
    Val found = sql_raw(q, (int)k);
    if (!raw_same(found, c->was[k]) && !run_unknown(c, k, c->was[k])) ok = fn(ctx, c, k, found, e);
  }
  sql_done(s, q);
  return ok;
}

/* Updates are checked as they are written, unless all are asked for. */
static bool check_rows(Store *s, const Journal *j, bool all, StoreConflictFn fn, void *ctx, Err *e) {
  bool ok = true;
  for (size_t i = 0; ok && i < j->n; i++) {
    if (i % 4096 == 0) ok = stop_check(e);
    if (ok && (all || j->change[i].op != CHANGE_UPDATE)) ok = check_row(s, &j->change[i], fn, ctx, e);
  }
  return ok;
}

bool store_conflicts(Store *s, const Journal *j, StoreConflictFn fn, void *ctx, Err *e) {
  return check_rows(s, j, true, fn, ctx, e);
}

/* The first difference is an error. */
typedef struct First { Store *s; Apply *w; } First;

static bool first_difference(void *ctx, const Change *c, size_t col, Val found, Err *e) {
  First *f = ctx;
  if (col != STORE_ROW) return differs(f->s, f->w, c, col, found, e);
  err_set(e, ERR_STALE, c->op == CHANGE_INSERT ? "%s is there already" : N_("%s is no longer there"), row_name(f->s, c, f->w));
  return err_left(e, "Nothing was written.");
}

/* --- writing ------------------------------------------------------------- */

static bool delete_row(Store *s, const Change *c, Err *e) {
  Buf sql = {0};
  Val id = val_int(c->id);
  buf_puts(&sql, "DELETE FROM ");
  sql_name(&sql, c->table);
  buf_puts(&sql, " WHERE id = ?1");
  bool ok = store_exec(s, sql.p, &id, 1, e);
  buf_free(&sql);
  return ok;
}

static bool insert_values(Store *s, Str table, const Str *col, const Val *val, size_t n, Err *e) {
  Buf sql = {0};
  buf_puts(&sql, "INSERT INTO ");
  sql_name(&sql, table);
  for (size_t k = 0; k < n; k++) {
    buf_puts(&sql, k ? ", " : "(");
    sql_name(&sql, col[k]);
  }
  for (size_t k = 0; k < n; k++) buf_printf(&sql, "%s?%zu", k ? ", " : ") VALUES(", k + 1);
  buf_char(&sql, ')');
  bool ok = store_exec(s, sql.p, val, n, e);
  buf_free(&sql);
  return ok;
}

static bool insert_row(Store *s, Apply *w, const Change *c, Err *e) {
  Val *val = arena_alloc(&w->arena, c->ncol * sizeof *val);
  for (size_t k = 0; k < c->ncol; k++)
    val[k] = s->run && run_unknown(c, k, c->now[k]) ? val_int(s->run) : c->now[k];
  return insert_values(s, c->table, c->col, val, c->ncol, e);
}

static bool park_column(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)e;
  Apply *w = ctx;
  Parked *p = &w->parked[w->nparked - 1];
  p->n = (size_t)ncol;
  p->col = arena_alloc(&w->kept, p->n * sizeof *p->col);
  p->val = arena_alloc(&w->kept, p->n * sizeof *p->val);
  for (size_t k = 0; k < p->n; k++) {
    p->col[k] = (Str){arena_strndup(&w->kept, name[k].p, name[k].n), name[k].n};
    const Val *now = value_named(w->parking, w->parking->now, p->col[k].p);
    if (!now) now = &val[k];
    p->val[k] = val_copy(*now, &w->kept);
    p->val[k].flags = now->flags;
  }
  return true;
}

static bool park(Store *s, Apply *w, const Change *c, Err *e) {
  mem_grow(w->parked, w->cap, w->nparked + 1);
  w->parked[w->nparked++] = (Parked){.table = {arena_strndup(&w->kept, c->table.p, c->table.n), c->table.n}};
  w->parking = c;
  Buf sql = {0};
  Val id = val_int(c->id);
  buf_puts(&sql, "SELECT * FROM ");
  sql_name(&sql, c->table);
  buf_puts(&sql, " WHERE id = ?1");
  bool ok = store_query(s, sql.p, &id, 1, park_column, w, e) && delete_row(s, c, e);
  buf_free(&sql);
  return ok;
}

/* Rows of a run mostly change in the same columns: the statement is kept until they do not. */
static void update_sql(Apply *w, const Change *c) {
  Buf sql = w->sql;
  if (w->sql_of && range_alike(w->sql_of, c)) return;
  buf_clear(&sql);
  buf_puts(&sql, "UPDATE ");
  sql_name(&sql, c->table);
  for (size_t k = 0; k < c->ncol; k++) {
    buf_puts(&sql, k ? ", " : " SET ");
    sql_name(&sql, c->col[k]);
    buf_printf(&sql, " = ?%zu", k + 1);
  }
  buf_printf(&sql, " WHERE id = ?%zu", c->ncol + 1);
  for (size_t k = 0; k < c->ncol; k++) {
    buf_puts(&sql, " AND ");
    sql_name(&sql, c->col[k]);
    buf_printf(&sql, " IS ?%zu", c->ncol + 2 + k);
  }
  w->sql = sql;
  w->sql_of = c;
}

static bool update_row(Store *s, Apply *w, const Change *c, Err *e) {
  size_t n = 2 * c->ncol + 1;
  if (n > w->cells) w->cell = mem_resize(w->cell, w->cells = n, sizeof *w->cell);
  memcpy(w->cell, c->now, c->ncol * sizeof *w->cell);
  w->cell[c->ncol] = val_int(c->id);
  memcpy(w->cell + c->ncol + 1, c->was, c->ncol * sizeof *w->cell);
  update_sql(w, c);
  Err own = {0};
  bool ok = store_exec(s, w->sql.p, w->cell, n, &own);
  int rc = ok ? SQLITE_OK : sqlite3_extended_errcode(s->db);
  if (ok && store_changes(s) == 0) {
    First first = {s, w};
    return check_row(s, c, first_difference, &first, e) && err_set(e, ERR_STALE, "%s has changed since", row_name(s, c, w));
  }
  if (ok) return true;
  if (rc != SQLITE_CONSTRAINT_UNIQUE) {
    err_move(e, &own);
    return false;
  }
  err_free(&own);
  return park(s, w, c, e);
}

/* Changes from `from` on that are one statement; *n of them. Of those left over the first says why. */
static bool write_range(Store *s, Apply *w, size_t from, size_t *n, Err *e) {
  const Change *c = &w->j->change[from];
  *n = range_length(c, w->j->n - from);
  if (!*n) return true;
  bool *done = mem_alloc(*n * sizeof *done), ok = true;
  range_update(s, c, *n, done);
  for (size_t i = 0; ok && i < *n; i++) {
    if (!done[i]) ok = update_row(s, w, &c[i], e);
    if (ok && i % 4096 == 0) ok = stop_check(e);
  }
  mem_free(done);
  return ok;
}

static bool write_rows(Store *s, Apply *w, Err *e) {
  static const ChangeOp order[] = {CHANGE_DELETE, CHANGE_UPDATE, CHANGE_INSERT};
  bool ok = true;
  for (int pass = 0; pass < 3; pass++)
    for (size_t i = 0; ok && i < w->j->n; i++) {
      const Change *c = &w->j->change[i];
      if (i % 4096 == 0) ok = stop_check(e);
      if (!ok || c->op != order[pass]) continue;
      size_t together = 0;
      if (c->op == CHANGE_UPDATE && !write_range(s, w, i, &together, e)) return false;
      if (together) {
        i += together - 1;
        continue;
      }
      ok = c->op == CHANGE_DELETE   ? delete_row(s, c, e)
           : c->op == CHANGE_UPDATE ? update_row(s, w, c, e)
                                    : insert_row(s, w, c, e);
    }
  return ok;
}

static bool put_back(Store *s, const Apply *w, Err *e) {
  bool ok = true;
  for (size_t i = 0; ok && i < w->nparked; i++)
    ok = insert_values(s, w->parked[i].table, w->parked[i].col, w->parked[i].val, w->parked[i].n, e);
  return ok;
}

/* --- afterwards ---------------------------------------------------------- */

static bool concerns(const Journal *j, const SchemaInvariant *inv) {
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if (!str_is(c->table, inv->table)) continue;
    if (!inv->column || value_named(c, c->now ? c->now : c->was, inv->column)) return true;
  }
  return false;
}

static void note_concerned(Apply *w) {
  const SchemaInvariant *inv;
  for (size_t i = 0; (inv = schema_invariant(i)); i++)
    if (!(w->concerned >> i & 1) && concerns(w->j, inv)) w->concerned |= UINT64_C(1) << i;
}

/* The first rows that would refer to one that is gone, by name: visit V0012: staff. */
static bool say_orphans(Store *s, Err *e) {
  enum { SAID = 5 };
  bool before = s->host_sql, row = true;
  s->host_sql = true;
  err_set(e, ERR_STALE, "other rows refer to rows that would be gone");
  Err none = {0};
  sqlite3_stmt *q = sql_prepare(s, "PRAGMA foreign_key_check", &none);
  for (int i = 0; q && sql_step(s, q, &row, &none) && row; i++) {
    if (i == SAID) {
      err_todo(e, "…");
      break;
    }
    err_todo(e, "%s #%lld: its row of %s", (const char *)sqlite3_column_text(q, 0), (long long)sqlite3_column_int64(q, 1),
             (const char *)sqlite3_column_text(q, 2));
  }
  sql_done(s, q);
  err_free(&none);
  s->host_sql = before;
  return err_todo(e, "undo the later runs first: pareto history");
}

static bool check_invariants(Store *s, Apply *w, Err *e) {
  const SchemaInvariant *inv;
  bool ok = true;
  for (size_t i = 0; ok && (inv = schema_invariant(i)); i++) {
    if (!(w->concerned >> i & 1)) continue;
    Val v;
    ok = store_value(s, inv->sql, NULL, 0, &w->arena, &v, e);
    if (ok && v.t == V_TEXT)
      ok = err_set(e, ERR_STALE, "%.*s: %s", STR_ARG(val_str(v)), inv->what);
  }
  int waiting = 0, unused = 0;
  sqlite3_db_status(s->db, SQLITE_DBSTATUS_DEFERRED_FKS, &waiting, &unused, 0);
  return ok && (!waiting || say_orphans(s, e));
}

static bool write_part(Store *s, void *ctx, Err *e) {
  Apply *w = ctx;
  if (!add_columns(s, w, e)) return false;
  First first = {s, w};
  note_concerned(w);
  return check_rows(s, w->j, false, first_difference, &first, e) && month_mark_changes(s, w->j, e) && write_rows(s, w, e) &&
         month_mark_changes(s, w->j, e);
}

static bool finish(Store *s, void *ctx, Err *e) {
  Apply *w = ctx;
  return put_back(s, w, e) && check_invariants(s, w, e);
}

static bool apply_rows(Store *s, void *ctx, Err *e) {
  return sql_host(s, "PRAGMA defer_foreign_keys = ON", e) && write_part(s, ctx, e) && finish(s, ctx, e);
}

/* What triggers do stands in the journal. */
static bool without_triggers(Store *s, bool (*body)(Store *, void *, Err *), void *ctx, Err *e) {
  int before = 1;
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, -1, &before);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  bool ok = sql_atomically(s, body, ctx, e);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, before, NULL);
  return ok;
}

static void close(Store *s, Apply *w) {
  if (w->names) {
    host_forget(s);
    s->named = true;
  }
  mem_free(w->parked);
  mem_free(w->cell);
  buf_free(&w->sql);
  arena_free(&w->arena);
  arena_free(&w->kept);
}

bool store_apply(Store *s, const Journal *j, Err *e) {
  Apply w = {.j = j};
  bool ok = without_triggers(s, apply_rows, &w, e);
  close(s, &w);
  return ok;
}

/* --- in parts -------------------------------------------------------------- */

struct StoreParts {
  Apply w;
};

bool store_parts_open(Store *s, StoreParts **out, Err *e) {
  *out = mem_zalloc(1, sizeof **out);
  return sql_host(s, "PRAGMA defer_foreign_keys = ON", e);
}

bool store_parts_write(Store *s, StoreParts *p, const Journal *j, Err *e) {
  p->w.j = j;
  p->w.sql_of = NULL; /* it was the part's before, whose names are gone */
  bool ok = without_triggers(s, write_part, &p->w, e);
  arena_free(&p->w.arena);
  return ok;
}

bool store_parts_close(Store *s, StoreParts *p, bool ok, Err *e) {
  ok = ok && without_triggers(s, finish, &p->w, e);
  close(s, &p->w);
  mem_free(p);
  return ok;
}

typedef struct Span {
  const char *table;
  int64_t first, last;
} Span;

static bool delete_span(Store *s, void *ctx, Err *e) {
  const Span *r = ctx;
  Buf sql = {0};
  Val bind[] = {val_int(r->first), val_int(r->last)};
  buf_printf(&sql, "DELETE FROM \"%s\" WHERE id BETWEEN ?1 AND ?2", r->table);
  bool ok = month_mark_rows(s, r->table, r->first, r->last, e) &&
            store_exec(s, sql.p, bind, 2, e);
  buf_free(&sql);
  return ok;
}

bool store_parts_delete(Store *s, StoreParts *p, const char *table, int64_t first, int64_t last, Err *e) {
  const SchemaInvariant *inv;
  Span span = {table, first, last};
  for (size_t i = 0; (inv = schema_invariant(i)); i++)
    if (strcmp(inv->table, table) == 0) p->w.concerned |= UINT64_C(1) << i;
  return without_triggers(s, delete_span, &span, e);
}
