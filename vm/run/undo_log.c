#include "run/undo_log.h"

#include "base/lang.h"
#include "base/mem.h"
#include "base/stop.h"
#include "run/difference.h"
#include "run/personal.h"
#include "run/record.h"
#include "run/state.h"
#include "store/added.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 2048 };

typedef struct Range {
  char *table, *digest;
  int64_t first, last, n;
} Range;

/* So many of one kind: new rows of a table, removed ones, changes of a column. */
typedef struct Tally {
  char *table;
  char op;
  Str column;
  size_t n;
} Tally;

struct UndoLog {
  Store *s;
  int64_t run, as, seq, listed; /* listed: rows of change noted before those of the ranges */
  int64_t changes;
  Range *range;                 /* by table and first id */
  size_t nrange, caprange, at;
  Tally *tally;
  size_t ntally, captally;
  Journal page;
  StoreParts *parts;
  StoreConflictFn conflict;
  void *conflict_ctx;
  bool lines;                   /* accounts went, or order lines came */
  Arena a;
};

/* --- pages --------------------------------------------------------------------------- */

static Str kept(Arena *a, Val v) { return (Str){arena_strndup(a, v.u.s, v.n), v.n}; }

static void add(Journal *j, Change c) {
  mem_grow(j->change, j->cap, j->n + 1);
  j->change[j->n++] = c;
}

static void page_clear(Journal *j) {
  arena_free(&j->arena);
  j->n = 0;
}

enum { ROW_TABLE, ROW_ID, ROW_OP, ROW_WAS, ROW_NOW };

/* Rows of a table mostly share the names of their columns, and who looks them up looks once. */
static const Str *shared(const Journal *j, const Str *col, size_t n) {
  const Change *before = j->n ? &j->change[j->n - 1] : NULL;
  if (!before || before->ncol != n) return col;
  for (size_t k = 0; k < n; k++)
    if (!str_eq(before->col[k], col[k])) return col;
  return before->col;
}

/* A row of change; inverse: its opposite. */
static bool take_change(Journal *j, const Val *val, int64_t run, bool inverse, Err *e) {
  Arena *a = &j->arena;
  Str *col = NULL, table = j->n && str_eq(j->change[j->n - 1].table, val_str(val[ROW_TABLE])) ? j->change[j->n - 1].table
                                                                                            : kept(a, val[ROW_TABLE]);
  Val *was = NULL, *now = NULL;
  size_t n = 0, m = 0;
  ChangeOp op = (ChangeOp)val[ROW_OP].u.s[0];
  bool ok = (op == CHANGE_INSERT || (val[ROW_WAS].t == V_TEXT && record_cells(kept(a, val[ROW_WAS]), a, &col, &was, &n))) &&
            (op == CHANGE_DELETE || (val[ROW_NOW].t == V_TEXT && record_cells(kept(a, val[ROW_NOW]), a, &col, &now, &m)));
  if (!ok || (op == CHANGE_UPDATE && n != m)) return err_set(e, ERR_FAIL, "the record of run %lld is damaged", (long long)run);
  Change c = {.op = op, .table = table, .id = val[ROW_ID].u.i, .ncol = was ? n : m, .was = was, .now = now};
  c.col = shared(j, col, c.ncol);
  if (inverse) {
    c.op = op == CHANGE_INSERT ? CHANGE_DELETE : op == CHANGE_DELETE ? CHANGE_INSERT : CHANGE_UPDATE;
    c.was = now, c.now = was;
  }
  add(j, c);
  return true;
}

/* --- how much of what -------------------------------------------------------------------- */

static void count(UndoLog *u, Str table, char op, Str column, size_t n) {
  size_t i = 0;
  while (i < u->ntally && !(u->tally[i].op == op && str_is(table, u->tally[i].table) && str_eq(u->tally[i].column, column))) i++;
  if (i == u->ntally) {
    mem_grow(u->tally, u->captally, u->ntally + 1);
    u->tally[u->ntally++] = (Tally){arena_strndup(&u->a, table.p, table.n), op, {arena_strndup(&u->a, column.p, column.n), column.n}, 0};
  }
  u->tally[i].n += n;
}

static void count_change(UndoLog *u, const Change *c) {
  bool account = str_is(c->table, "account"), orders = str_is(c->table, "orders");
  u->lines |= (account && c->op == CHANGE_DELETE) || (orders && c->op == CHANGE_INSERT);
  u->changes += !table_is_record(c->table) && !str_is(c->table, "segment");
  if (c->op != CHANGE_UPDATE) count(u, c->table, (char)c->op, STR(""), 1);
  for (size_t k = 0; c->op == CHANGE_UPDATE && k < c->ncol; k++) count(u, c->table, (char)c->op, c->col[k], 1);
}

int64_t undo_log_changes(const UndoLog *u) { return u->changes; }

/* New rows, removed ones, then columns by name. */
static int by_kind(const void *x, const void *y) {
  static const char order[] = "IDU";
  const Tally *a = x, *b = y;
  int c = strcmp(a->table, b->table);
  if (c) return c;
  if (a->op != b->op) return strchr(order, a->op) < strchr(order, b->op) ? -1 : 1;
  return str_cmp(a->column, b->column);
}

void undo_log_line(const UndoLog *u, Buf *out) {
  if (u->ntally) qsort(u->tally, u->ntally, sizeof *u->tally, by_kind);
  for (size_t i = 0; i < u->ntally; i++) {
    const Tally *t = &u->tally[i];
    const CatEntity *ent = entity_of_table(str_of(t->table));
    if (ent && strcmp(t->table, "segment") != 0) difference_item(t->n, (ChangeOp)t->op, str_of(ent->name), t->column, out);
  }
}

/* --- ranges ------------------------------------------------------------------------------ */

static bool take_range(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  UndoLog *u = ctx;
  mem_grow(u->range, u->caprange, u->nrange + 1);
  u->range[u->nrange++] = (Range){.table = arena_strndup(&u->a, val[0].u.s, val[0].n),
                                  .first = val[1].u.i,
                                  .last = val[2].u.i,
                                  .n = val[3].u.i,
                                  .digest = val[4].t == V_TEXT ? arena_strndup(&u->a, val[4].u.s, val[4].n) : NULL};
  return true;
}

static bool touched_since(UndoLog *u, const Range *r, Err *e) {
  Val v, bind[] = {val_text(str_of(r->table)), val_int(r->first), val_int(r->last), val_int(u->run)};
  if (!store_value(u->s, "SELECT min(run) FROM change WHERE tbl = ?1 AND row BETWEEN ?2 AND ?3 AND run > ?4", bind, 4, &u->a, &v, e))
    return false;
  if (v.t != V_NUM) return true;
  err_set(e, ERR_STALE, "run %lld cannot be undone: run %lld changed rows of %s that it added", (long long)u->run,
          (long long)v.u.i, r->table);
  return err_todo(e, "undo run %lld first", (long long)v.u.i);
}

static bool as_added(UndoLog *u, const Range *r, Err *e) {
  int64_t found;
  char now[ADDED_DIGEST];
  if (!stop_check(e) || !store_added_digest(u->s, r->table, r->first, r->last, &found, now, e)) return false;
  if (found == r->n && (!r->digest || strcmp(r->digest, now) == 0)) return true;
  if (!touched_since(u, r, e)) return false;
  err_set(e, ERR_STALE, "run %lld cannot be undone: rows of %s that it added (%lld to %lld) have changed since%s",
          (long long)u->run, r->table, (long long)r->first, (long long)r->last,
          found == r->n  ? ""
          : found < r->n ? _("; some are gone")
                         : _("; there are more"));
  return err_left(e, "nothing was touched");
}

/* Rows come in order of table and id: is this one in a range? It goes with that, whatever else the run did to it. */
static bool in_range(UndoLog *u, Str table, int64_t id) {
  for (; u->at < u->nrange; u->at++) {
    const Range *r = &u->range[u->at];
    int c = str_cmp(str_of(r->table), table);
    if (c > 0 || (c == 0 && r->first > id)) return false;
    if (c == 0 && r->last >= id) return true;
  }
  return false;
}

bool undo_log_open(Store *s, int64_t run, int64_t as, UndoLog **out, Err *e) {
  UndoLog *u = *out = mem_zalloc(1, sizeof *u);
  *u = (UndoLog){.s = s, .run = run, .as = as};
  Val v, bind = val_int(run);
  bool ok = store_parts_open(s, &u->parts, e) &&
            store_query(s, "SELECT tbl, first, last, n, digest FROM added WHERE run = ?1 ORDER BY tbl, first", &bind, 1, take_range, u, e) &&
            store_value(s, "SELECT 1 FROM change WHERE run = ?1 LIMIT 1", &bind, 1, &u->a, &v, e);
  if (ok && !u->nrange && v.t == V_NULL) {
    err_set(e, ERR_STALE, "run %lld left no record of what it changed and cannot be undone", (long long)run);
    ok = err_todo(e, "what it did is shown by: pareto show %lld", (long long)run);
  }
  for (size_t i = 0; ok && i < u->nrange; i++) ok = as_added(u, &u->range[i], e);
  return ok;
}

void undo_log_close(UndoLog *u) {
  Err none = {0};
  if (!u) return;
  if (u->parts) store_parts_close(u->s, u->parts, false, &none);
  journal_free(&u->page);
  mem_free(u->range);
  mem_free(u->tally);
  arena_free(&u->a);
  mem_free(u);
}

/* --- noting ------------------------------------------------------------------------------- */

static bool note_page(UndoLog *u, Err *e) {
  Journal logged = {0};
  for (size_t i = 0; i < u->page.n; i++) count_change(u, &u->page.change[i]);
  bool ok = stop_check(e) && personal_tokens(u->s, &u->page, &logged, e) && record_page(u->s, u->as, u->seq + 1, &logged, e);
  u->seq += (int64_t)u->page.n;
  journal_free(&logged);
  page_clear(&u->page);
  return ok;
}

static bool note_changes(UndoLog *u, Err *e) {
  if (!personal_restore(u->s, &u->page, e)) return false;
  journal_compact(&u->page);
  return store_conflicts(u->s, &u->page, u->conflict, u->conflict_ctx, e) && note_page(u, e);
}

static bool note_change(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  UndoLog *u = ctx;
  bool was_there = val[ROW_OP].u.s[0] == CHANGE_DELETE; /* and its id was given to another */
  if (!was_there && in_range(u, val_str(val[ROW_TABLE]), val[ROW_ID].u.i)) return true;
  if (u->page.n >= PAGE && u->page.change[u->page.n - 1].id != val[ROW_ID].u.i && !note_changes(u, e)) return false;
  return take_change(&u->page, val, u->run, true, e);
}

typedef struct Tables {
  char *name[64];
  size_t n;
  Arena *a;
} Tables;

static bool take_table(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Tables *t = ctx;
  if (t->n == sizeof t->name / sizeof *t->name) return err_set(e, ERR_FAIL, "the log names too many tables");
  t->name[t->n++] = arena_strndup(t->a, val[0].u.s, val[0].n);
  return true;
}

/* In order of table and id, the latest change of a row first: a page holds all that was done to its rows. */
static bool note_listed(UndoLog *u, Err *e) {
  Tables t = {.a = &u->a};
  Val run = val_int(u->run);
  bool ok = store_query(u->s, "SELECT DISTINCT tbl FROM change WHERE run = ?1 ORDER BY tbl", &run, 1, take_table, &t, e);
  for (size_t i = 0; ok && i < t.n; i++) {
    Val bind[] = {val_text(str_of(t.name[i])), run};
    ok = store_query(u->s, "SELECT " UNDO_LOG_COLUMNS " FROM change INDEXED BY change_row WHERE tbl = ?1 AND run = ?2 ORDER BY row, seq DESC",
                     bind, 2, note_change, u, e) &&
         note_changes(u, e);
  }
  u->listed = u->seq;
  return ok;
}

/* A row of a range, as it is removed; columns by name. */
static bool note_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  UndoLog *u = ctx;
  Arena *a = &u->page.arena;
  if (u->page.n >= PAGE && !note_page(u, e)) return false;
  Str *col = arena_alloc(a, (size_t)ncol * sizeof *col);
  Val *was = arena_alloc(a, (size_t)ncol * sizeof *was);
  for (int k = 0; k < ncol; k++) {
    int at = k;
    for (; at > 0 && str_cmp(col[at - 1], name[k]) > 0; at--) col[at] = col[at - 1], was[at] = was[at - 1];
    col[at] = (Str){arena_strndup(a, name[k].p, name[k].n), name[k].n};
    was[at] = val_copy(val[k], a);
    was[at].flags = val[k].flags;
  }
  add(&u->page, (Change){.op = CHANGE_DELETE, .table = str_of(u->range[u->at].table), .id = val[0].u.i, .ncol = (size_t)ncol, .col = col, .was = was});
  return true;
}

static bool note_range(UndoLog *u, const Range *r, Err *e) {
  Buf sql = {0};
  Val bind[] = {val_int(r->first), val_int(r->last)};
  buf_printf(&sql, "SELECT * FROM \"%s\" WHERE id BETWEEN ?1 AND ?2 ORDER BY id", r->table);
  bool ok = store_query(u->s, sql.p, bind, 2, note_row, u, e) && note_page(u, e);
  buf_free(&sql);
  return ok;
}

bool undo_log_note(UndoLog *u, StoreConflictFn fn, void *ctx, Err *e) {
  u->conflict = fn, u->conflict_ctx = ctx;
  bool ok = note_listed(u, e);
  for (u->at = 0; ok && u->at < u->nrange; u->at++) ok = note_range(u, &u->range[u->at], e);
  return ok;
}

/* --- writing -------------------------------------------------------------------------------- */

static bool write_page(UndoLog *u, Err *e) {
  bool ok = stop_check(e) && personal_restore(u->s, &u->page, e) && store_parts_write(u->s, u->parts, &u->page, e);
  page_clear(&u->page);
  return ok;
}

static bool write_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  UndoLog *u = ctx;
  if (u->page.n >= PAGE && !write_page(u, e)) return false;
  return take_change(&u->page, val, u->as, false, e);
}

static bool write_all(UndoLog *u, ChangeOp op, Err *e) {
  char letter = (char)op;
  Val bind[] = {val_int(u->as), val_int(u->listed), val_text((Str){&letter, 1})};
  return store_query(u->s, "SELECT " UNDO_LOG_COLUMNS " FROM change WHERE run = ?1 AND seq <= ?2 AND op = ?3 ORDER BY seq", bind, 3,
                     write_row, u, e) &&
         write_page(u, e);
}

bool undo_log_write(UndoLog *u, bool *orphans, Err *e) {
  StoreParts *parts = u->parts;
  bool ok = write_all(u, CHANGE_DELETE, e);
  for (size_t i = 0; ok && i < u->nrange; i++)
    ok = stop_check(e) && store_parts_delete(u->s, parts, u->range[i].table, u->range[i].first, u->range[i].last, e);
  ok = ok && write_all(u, CHANGE_UPDATE, e) && write_all(u, CHANGE_INSERT, e);
  *orphans = u->lines;
  u->parts = NULL;
  return store_parts_close(u->s, parts, ok, e);
}

/* --- for those who look at it ------------------------------------------------------------------ */

bool undo_log_change(Journal *j, const Val *val, Err *e) { return take_change(j, val, val[UNDO_LOG_RUN].u.i, false, e); }

static bool show_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  return undo_log_change(ctx, val, e);
}

bool undo_log_journal(Store *s, int64_t run, size_t most, Journal *out, Err *e) {
  Arena a = {0};
  Val n, bind = val_int(run);
  *out = (Journal){0};
  bool ok = store_value(s, "SELECT count(*) FROM change WHERE run = ?1", &bind, 1, &a, &n, e);
  if (ok && (size_t)n.u.i <= most)
    ok = store_query(s, "SELECT " UNDO_LOG_COLUMNS ", run FROM change WHERE run = ?1 ORDER BY seq", &bind, 1, show_row, out, e);
  if (ok) journal_compact(out);
  arena_free(&a);
  return ok;
}
