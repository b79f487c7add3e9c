#define SQLITE_ENABLE_PREUPDATE_HOOK /* Debian's library has it; the header hides it without this */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/month_sql.h"

/* --- column names, which the hook itself may not ask for ------------------ */

typedef struct Tap {
  Str table;
  size_t ncol;
  Str *col;
} Tap;
struct Taps {
  Tap *tap;
  size_t n, cap;
  const Tap *last;
  /* Scratch of one row, as wide as the widest table. */
  Str *col;
  Val *was, *now;
};

void taps_forget(Store *s) {
  if (!s->taps) return;
  mem_free(s->taps->tap);
  mem_free(s->taps->col);
  mem_free(s->taps->was);
  mem_free(s->taps->now);
  mem_free(s->taps);
  s->taps = NULL;
}

static bool tap_column(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Store *s = ctx;
  Taps *t = s->taps;
  Arena *a = &s->journal->arena; /* changes point to these names */
  Str table = val_str(val[0]), col = val_str(val[1]);
  if (!t->n || !str_eq(t->tap[t->n - 1].table, table)) {
    mem_grow(t->tap, t->cap, t->n + 1);
    t->tap[t->n++] = (Tap){{arena_strndup(a, table.p, table.n), table.n}, 0,
                           arena_alloc(a, (size_t)val[2].u.i * sizeof(Str))};
  }
  Tap *tap = &t->tap[t->n - 1];
  tap->col[tap->ncol++] = (Str){arena_strndup(a, col.p, col.n), col.n};
  return true;
}

bool taps_read(Store *s, Err *e) {
  taps_forget(s);
  if (!s->journal) return true;
  s->taps = mem_zalloc(1, sizeof *s->taps);
  bool before = s->host_sql;
  s->host_sql = true; /* table-valued PRAGMA functions */
  bool ok = store_query(s, "SELECT t.name, c.name, count(*) OVER (PARTITION BY t.name) FROM sqlite_schema t, "
                           "pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
                        NULL, 0, tap_column, s, e);
  s->host_sql = before;
  size_t most = 1;
  for (size_t i = 0; i < s->taps->n; i++)
    if (s->taps->tap[i].ncol > most) most = s->taps->tap[i].ncol;
  s->taps->col = mem_zalloc(most, sizeof *s->taps->col);
  s->taps->was = mem_zalloc(most, sizeof *s->taps->was);
  s->taps->now = mem_zalloc(most, sizeof *s->taps->now);
  if (!ok) taps_forget(s);
  return ok;
}

static const Tap *tap_of(Taps *t, const char *table) {
  if (t->last && str_is(t->last->table, table)) return t->last;
  for (size_t i = 0; i < t->n; i++)
    if (str_is(t->tap[i].table, table)) return t->last = &t->tap[i];
  return NULL;
}

/* --- recording ----------------------------------------------------------- */

static Val value_of(sqlite3_value *v, Arena *a) {
  int kind = sqlite3_value_type(v);
  if (kind == SQLITE_INTEGER) return val_int(sqlite3_value_int64(v));
  if (kind == SQLITE_FLOAT) return val_real(sqlite3_value_double(v));
  if (kind == SQLITE_NULL) return val_null();
  size_t n = (size_t)sqlite3_value_bytes(v);
  const char *p = kind == SQLITE_TEXT ? (const char *)sqlite3_value_text(v) : sqlite3_value_blob(v);
  Val out = val_text((Str){arena_strndup(a, p ? p : "", p ? n : 0), p ? n : 0});
  if (kind == SQLITE_BLOB) out.flags = VAL_BLOB;
  return out;
}

bool raw_same(Val x, Val y) {
  if (x.t != y.t) return false;
  if (x.t == V_NULL) return true;
  if (x.t == V_TEXT) return x.flags == y.flags && str_eq(val_str(x), val_str(y));
  return x.u.i == y.u.i; /* a REAL by its bits */
}

static Val *values(sqlite3 *db, int (*get)(sqlite3 *, int, sqlite3_value **), size_t ncol, Arena *a) {
  Val *v = arena_zalloc(a, ncol, sizeof *v);
  for (size_t i = 0; i < ncol; i++) {
    sqlite3_value *raw = NULL;
    if (get(db, (int)i, &raw) == SQLITE_OK && raw) v[i] = value_of(raw, a);
  }
  return v;
}

/* What most columns of an update are: looked at where SQLite has them, and left there. */
static bool alike(sqlite3_value *x, sqlite3_value *y) {
  int kind = sqlite3_value_type(x);
  if (kind != sqlite3_value_type(y)) return false;
  if (kind == SQLITE_NULL) return true;
  if (kind == SQLITE_INTEGER) return sqlite3_value_int64(x) == sqlite3_value_int64(y);
  if (kind == SQLITE_FLOAT) return raw_same(val_real(sqlite3_value_double(x)), val_real(sqlite3_value_double(y)));
  const void *a = sqlite3_value_blob(x), *b = sqlite3_value_blob(y);
  int n = sqlite3_value_bytes(x);
  return n == sqlite3_value_bytes(y) && (!n || memcmp(a, b, (size_t)n) == 0);
}

static void *kept(Arena *a, const void *p, size_t size) {
  void *out = arena_alloc(a, size);
  memcpy(out, p, size);
  return out;
}

static void add(Journal *j, Change c) {
  mem_grow(j->change, j->cap, j->n + 1);
  j->change[j->n++] = c;
}

/* Columns that an update may have changed: all, or the one that the host's own statement sets. */
static size_t changeable(const Store *s, const Tap *tap, size_t *from) {
  *from = 0;
  if (!s->sets.n || sqlite3_preupdate_depth(s->db) != 0) return tap->ncol;
  while (*from < tap->ncol && !str_eq(tap->col[*from], s->sets)) ++*from;
  if (*from < tap->ncol) return *from + 1;
  *from = 0;
  return tap->ncol;
}

static void record_update(const Store *s, const Tap *tap, int64_t id) {
  Journal *j = s->journal;
  sqlite3 *db = s->db;
  const Taps *t = s->taps;
  size_t n = 0, from, to = changeable(s, tap, &from);
  for (size_t i = from; i < to; i++) {
    sqlite3_value *was = NULL, *now = NULL;
    if (sqlite3_preupdate_old(db, (int)i, &was) != SQLITE_OK || sqlite3_preupdate_new(db, (int)i, &now) != SQLITE_OK ||
        !was || !now || alike(was, now))
      continue;
    t->col[n] = tap->col[i];
    t->was[n] = value_of(was, &j->arena);
    t->now[n++] = value_of(now, &j->arena);
  }
  if (!n) return;
  add(j, (Change){CHANGE_UPDATE, tap->table, id, n, kept(&j->arena, t->col, n * sizeof *t->col),
                  kept(&j->arena, t->was, n * sizeof *t->was), kept(&j->arena, t->now, n * sizeof *t->now)});
}

/* A script's changes are held in memory; what is written to the database itself comes from files or was counted before. */
enum { JOURNAL_MOST = 512 << 20 };

static void on_preupdate(void *ctx, sqlite3 *db, int op, const char *schema, const char *table,
                         sqlite3_int64 old_id, sqlite3_int64 new_id) {
  (void)schema;
  Store *s = ctx;
  if (!s->journal || month_is_own(table)) return; /* they follow from the rows */
  Journal *j = s->journal;
  if (s->copy && j->arena.total > JOURNAL_MOST) {
    s->journal_full = true;
    return;
  }
  if (s->foretold && op == SQLITE_UPDATE && sqlite3_preupdate_depth(db) == 0) return;
  s->astray |= s->foretold;
  const Tap *tap = tap_of(s->taps, table);
  if (!tap || (size_t)sqlite3_preupdate_count(db) != tap->ncol) {
    s->journal_lost = true;
    return;
  }
  if (op == SQLITE_UPDATE && old_id == new_id) {
    record_update(s, tap, new_id);
    return;
  }
  Val *was = op == SQLITE_INSERT ? NULL : values(db, sqlite3_preupdate_old, tap->ncol, &j->arena);
  Val *now = op == SQLITE_DELETE ? NULL : values(db, sqlite3_preupdate_new, tap->ncol, &j->arena);
  if (was) add(j, (Change){CHANGE_DELETE, tap->table, old_id, tap->ncol, tap->col, was, NULL});
  if (now) add(j, (Change){CHANGE_INSERT, tap->table, new_id, tap->ncol, tap->col, NULL, now});
}

/* --- what is known before ------------------------------------------------ */

typedef struct Telling {
  Store *s;
  const Tap *tap;
  const Str *col;
  const Val *now;
} Telling;

static bool tell(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Telling *t = ctx;
  Journal *j = t->s->journal;
  if (raw_same(val[1], *t->now)) return true;
  if (j->arena.total > JOURNAL_MOST) t->s->journal_full = true;
  if (t->s->journal_full) return sql_journaled(t->s, e);
  Val *was = arena_alloc(&j->arena, sizeof *was);
  *was = val_copy(val[1], &j->arena);
  was->flags = val[1].flags;
  add(j, (Change){CHANGE_UPDATE, t->tap->table, val[0].u.i, 1, t->col, was, t->now});
  return true;
}

static bool foretell(Telling *t, const char *column, int64_t first, int64_t last, Err *e) {
  Buf sql = {0};
  Val bind[] = {val_int(first), val_int(last)};
  buf_puts(&sql, "SELECT id, ");
  sql_name(&sql, str_of(column));
  buf_puts(&sql, " FROM ");
  sql_name(&sql, t->tap->table);
  buf_puts(&sql, " WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
  bool ok = store_query(t->s, sql.p, bind, 2, tell, t, e);
  buf_free(&sql);
  return ok;
}

bool journal_update(Store *s, const char *table, const char *column, const char *update, Val now, int64_t first, int64_t last,
                    bool *astray, Err *e) {
  Telling t = {.s = s, .tap = s->journal ? tap_of(s->taps, table) : NULL};
  Val bind[] = {now, val_int(first), val_int(last)};
  for (size_t i = 0; t.tap && i < t.tap->ncol; i++)
    if (str_is(t.tap->col[i], column)) t.col = &t.tap->col[i];
  if (t.col) {
    Val *to = arena_alloc(&s->journal->arena, sizeof *to);
    *to = val_copy(now, &s->journal->arena);
    t.now = to;
    if (!foretell(&t, column, first, last, e)) return false;
  }
  s->foretold = t.col != NULL;
  s->astray = false;
  bool ok = store_exec(s, update, bind, 3, e);
  s->foretold = false;
  *astray = s->astray;
  return ok && (!s->astray || err_set(e, ERR_FAIL, "a trigger writes where rows are updated"));
}

void store_host_writes(Store *s, bool on) {
  sql_forget(s); /* statements are prepared with the hook or without it */
  sqlite3_preupdate_hook(s->db, on ? NULL : on_preupdate, on ? NULL : s);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, !on, NULL);
}

void journal_hook(Store *s) { sqlite3_preupdate_hook(s->db, on_preupdate, s); }

bool store_journal_start(Store *s, Journal *j, Err *e) {
  if (s->journal) return err_set(e, ERR_FAIL, "a journal is being kept already");
  *j = (Journal){0};
  s->journal = j;
  s->journal_lost = s->journal_full = false;
  if (taps_read(s, e)) return true;
  s->journal = NULL;
  return false;
}

void store_journal_stop(Store *s) {
  s->journal = NULL;
  taps_forget(s);
}
size_t store_journal_mark(Store *s) { return s->journal ? s->journal->n : 0; }

void store_journal_cut(Store *s, size_t mark) {
  if (s->journal && s->journal->n > mark) s->journal->n = mark;
}

void journal_free(Journal *j) {
  if (!j->leans) mem_free(j->change);
  arena_free(&j->arena);
  *j = (Journal){0};
}

/* --- one net change a row ------------------------------------------------ */

static const Val *cell(const Change *c, const Val *vals, Str col) {
  for (size_t i = 0; i < c->ncol; i++)
    if (str_eq(c->col[i], col)) return &vals[i];
  return NULL;
}

/* base's columns with the values `over` has for them. */
static const Val *overlaid(const Change *base, const Val *vals, const Change *over, const Val *with,
                           Arena *a) {
  Val *out = arena_alloc(a, base->ncol * sizeof *out);
  for (size_t i = 0; i < base->ncol; i++) {
    const Val *v = cell(over, with, base->col[i]);
    out[i] = v ? *v : vals[i];
  }
  return out;
}

/* An update from the columns of two: `was` of the earlier where it has one, `now` of the later. */
static void merge_updates(Change *x, const Change *y, Arena *a) {
  size_t n = 0, more = y->was && y->now ? y->ncol : 0, most = x->ncol + more;
  Str *col = arena_alloc(a, most * sizeof *col);
  Val *was = arena_alloc(a, most * sizeof *was), *now = arena_alloc(a, most * sizeof *now);
  for (size_t i = 0; i < x->ncol; i++) {
    const Val *later = cell(y, y->now, x->col[i]);
    col[n] = x->col[i], was[n] = x->was[i], now[n] = later ? *later : x->now[i];
    n += !raw_same(was[n], now[n]);
  }
  for (size_t i = 0; i < more; i++) {
    if (cell(x, x->was, y->col[i])) continue;
    col[n] = y->col[i], was[n] = y->was[i], now[n] = y->now[i];
    n += !raw_same(was[n], now[n]);
  }
  x->ncol = n, x->col = col, x->was = was, x->now = now;
}

/* A row deleted and inserted again was updated. */
static void replaced(Change *x, const Change *y, Arena *a) {
  Change gone = *x;
  Change update = {.op = CHANGE_UPDATE, .table = x->table, .id = x->id, .ncol = y->ncol, .col = y->col};
  Val *was = arena_zalloc(a, y->ncol, sizeof *was); /* a column added in between was null */
  for (size_t i = 0; i < y->ncol; i++) {
    const Val *v = cell(&gone, gone.was, y->col[i]);
    if (v) was[i] = *v;
  }
  update.was = was, update.now = y->now;
  Change none = {0};
  merge_updates(&update, &none, a);
  *x = update;
}

/* x then y, on the same row, becomes x; op 0 = nothing happened. */
static void fold(Change *x, const Change *y, Arena *a) {
  if (x->op == CHANGE_INSERT && y->op == CHANGE_UPDATE) {
    /* a field added after the insert is not among its columns yet */
    size_t n = x->ncol;
    Str *col = arena_alloc(a, (x->ncol + y->ncol) * sizeof *col);
    Val *now = arena_alloc(a, (x->ncol + y->ncol) * sizeof *now);
    const Val *over = overlaid(x, x->now, y, y->now, a);
    if (n) memcpy(col, x->col, n * sizeof *col), memcpy(now, over, n * sizeof *now);
    for (size_t i = 0; i < y->ncol; i++)
      if (!cell(x, x->now, y->col[i])) col[n] = y->col[i], now[n++] = y->now[i];
    x->ncol = n, x->col = col, x->now = now;
  } else if (x->op == CHANGE_INSERT) {
    x->op = 0;
  } else if (x->op == CHANGE_UPDATE && y->op == CHANGE_UPDATE) {
    merge_updates(x, y, a);
  } else if (x->op == CHANGE_UPDATE) {
    const Val *was = overlaid(y, y->was, x, x->was, a);
    *x = *y;
    x->was = was;
  } else if (x->op == CHANGE_DELETE) {
    replaced(x, y, a);
  } else {
    *x = *y;
  }
  if (x->op == CHANGE_UPDATE && !x->ncol) x->op = 0;
}

typedef struct Place { Str table; int64_t id; size_t at; } Place;

static int place_order(const void *x, const void *y) {
  const Place *a = x, *b = y;
  int c = a->table.p == b->table.p ? 0 : str_cmp(a->table, b->table);
  if (c) return c;
  if (a->id != b->id) return a->id < b->id ? -1 : 1;
  return a->at < b->at ? -1 : a->at > b->at;
}

static int name_order(const void *x, const void *y) {
  return str_cmp(*(const Str *)x, *(const Str *)y);
}

/* Columns by name, so that the order in which fields were once added does not show. Changes that share their names go on
 * sharing them: `from` and `to` are those of the change before. */
typedef struct Sorted {
  const Str *from, *to;
  size_t n;
} Sorted;

static bool in_order(const Change *c) {
  for (size_t i = 1; i < c->ncol; i++)
    if (str_cmp(c->col[i - 1], c->col[i]) > 0) return false;
  return true;
}

static void sort_columns(Change *c, Sorted *before, Arena *a) {
  if (before->to && before->to == c->col) return;
  if (in_order(c)) {
    *before = (Sorted){c->col, c->col, c->ncol};
    return;
  }
  bool same = before->from && before->from == c->col && before->n == c->ncol;
  Str *col = same ? (Str *)before->to : arena_alloc(a, c->ncol * sizeof *col);
  Val *was = c->was ? arena_alloc(a, c->ncol * sizeof *was) : NULL;
  Val *now = c->now ? arena_alloc(a, c->ncol * sizeof *now) : NULL;
  if (!same) {
    if (c->ncol) memcpy(col, c->col, c->ncol * sizeof *col);
    qsort(col, c->ncol, sizeof *col, name_order);
    *before = (Sorted){c->col, col, c->ncol};
  }
  for (size_t i = 0; i < c->ncol; i++) {
    if (was) was[i] = *cell(c, c->was, col[i]);
    if (now) now[i] = *cell(c, c->now, col[i]);
  }
  c->col = col, c->was = was, c->now = now;
}

/* Each row once, and in order. */
static bool compact(const Journal *j) {
  for (size_t i = 1; i < j->n; i++) {
    const Change *x = &j->change[i - 1], *y = &j->change[i];
    int c = x->table.p == y->table.p ? 0 : str_cmp(x->table, y->table);
    if (c > 0 || (c == 0 && x->id >= y->id)) return false;
  }
  return true;
}

void journal_compact(Journal *j) {
  Sorted sorted = {0};
  if (compact(j)) {
    for (size_t i = 0; i < j->n; i++) sort_columns(&j->change[i], &sorted, &j->arena);
    return;
  }
  Place *place = mem_alloc(j->n * sizeof *place);
  for (size_t i = 0; i < j->n; i++) place[i] = (Place){j->change[i].table, j->change[i].id, i};
  qsort(place, j->n, sizeof *place, place_order);
  Change *out = mem_alloc(j->n * sizeof *out);
  size_t n = 0;
  for (size_t i = 0; i < j->n;) {
    Change net = j->change[place[i].at];
    size_t k = i + 1;
    for (; k < j->n && place[k].id == place[i].id && str_eq(place[k].table, place[i].table); k++)
      fold(&net, &j->change[place[k].at], &j->arena);
    i = k;
    if (!net.op) continue;
    sort_columns(&net, &sorted, &j->arena);
    out[n++] = net;
  }
  mem_free(place);
  mem_free(j->change);
  j->change = out;
  j->n = n;
  j->cap = n;
}
