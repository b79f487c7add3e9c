#include "store/altered.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/schema.h"
#include "store/schema_held.h"

/* --- triggers: the text that makes them ------------------------------------------------------- */

typedef struct Trigger {
  Str name, sql; /* as sqlite_schema has it: from CREATE to END */
  bool seen;
} Trigger;

typedef struct Triggers {
  Trigger *t;
  size_t n, cap;
  Buf text; /* of all migrations */
} Triggers;

static Str word_at(const char *p) { return (Str){p, strcspn(p, " ;\n")}; }

/* It ends at an END that stands between two semicolons: that of a CASE does not. */
static const char *end_of(const char *p) {
  for (const char *q = p; (q = strstr(q, "END;")); q++) {
    const char *before = q;
    while (before > p && (before[-1] == ' ' || before[-1] == '\n')) before--;
    if (before > p && before[-1] == ';') return q + 3;
  }
  return p + strlen(p);
}

static void drop(Triggers *all, Str name) {
  for (size_t i = 0; i < all->n; i++)
    if (str_eq(all->t[i].name, name)) all->t[i] = all->t[--all->n];
}

static int by_name(const void *x, const void *y) { return str_cmp(((const Trigger *)x)->name, ((const Trigger *)y)->name); }

static Triggers triggers_ours(void) {
  static const char create[] = "CREATE", gone[] = "DROP", what[] = " TRIGGER ";
  Triggers all = {0};
  for (int v = 1; v <= SCHEMA_VERSION; v++) schema_migration(v, &all.text);
  for (const char *p = all.text.p; (p = strstr(p, what)); p++) {
    const char *name = p + sizeof what - 1;
    if (memcmp(p - (sizeof gone - 1), gone, sizeof gone - 1) == 0) drop(&all, word_at(name));
    if (memcmp(p - (sizeof create - 1), create, sizeof create - 1) != 0) continue;
    const char *from = p - (sizeof create - 1), *to = end_of(name);
    mem_grow(all.t, all.cap, all.n + 1);
    all.t[all.n++] = (Trigger){.name = word_at(name), .sql = {from, (size_t)(to - from)}};
    p = to - 1;
  }
  qsort(all.t, all.n, sizeof *all.t, by_name);
  return all;
}

static void triggers_free(Triggers *all) {
  mem_free(all->t);
  buf_free(&all->text);
}

/* A column renamed, and back again, has come to stand in quotes. */
static bool same_text(Str x, Str y, bool prefix) {
  size_t i = 0, k = 0;
  for (;; i++, k++) {
    while (i < x.n && x.p[i] == '"') i++;
    while (k < y.n && y.p[k] == '"') k++;
    if (i >= x.n || k >= y.n) return i >= x.n && (prefix || k >= y.n);
    if (x.p[i] != y.p[k]) return false;
  }
}

static char *seen_text(Arena *a, Str s) {
  Buf b = {0};
  str_visible(s, false, &b);
  char *text = arena_strndup(a, b.p ? b.p : "", b.n);
  buf_free(&b);
  return text;
}

typedef struct Looking {
  Store *s;
  Triggers ours;
  Arena a;
} Looking;

/* A name may hold what a shell or a terminal obeys. */
static bool plain_name(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_'))
      return false;
  return s.n > 0;
}

static bool err_foreign(Looking *l, Str name, Str table, Err *e) {
  const char *shown = seen_text(&l->a, name);
  err_set(e, ERR_FAIL, "trigger %s on %s is none of Pareto's: it would write with every run, under that run's name", shown,
          seen_text(&l->a, table));
  if (plain_name(name) && !l->s->copy) err_todo(e, "take it away: sqlite3 %s 'DROP TRIGGER %s'", l->s->path, shown);
  else err_todo(e, "take it away in the sqlite3 shell: DROP TRIGGER \"%s\"", shown);
  return err_todo(e, "what it wrote so far: pareto verify");
}

/* A column renamed takes the triggers that name it along. */
static bool err_not_ours(Looking *l, Str name, const char *what, Err *e) {
  if (altered_columns(l->s, e)) return false;
  err_set(e, ERR_FAIL, "trigger %s %s: nothing would hold what it guards", seen_text(&l->a, name), what);
  err_todo(e, "put it back as it was: pareto rebuild");
  return err_todo(e, "what was written meanwhile: pareto verify");
}

/* One on a table of the user's own never fires for what we write. Names stand as they were typed. */
static bool on_table_of_ours(Str table) {
  const char *name;
  for (size_t i = 0; (name = schema_table(i)); i++)
    if (strlen(name) == table.n && sqlite3_strnicmp(name, table.p, (int)table.n) == 0) return true;
  return false;
}

static bool look_at(void *ctx, int ncol, const Str *column, const Val *val, Err *e) {
  (void)ncol, (void)column;
  Looking *l = ctx;
  Trigger key = {.name = val_str(val[0])};
  Trigger *t = l->ours.n ? bsearch(&key, l->ours.t, l->ours.n, sizeof key, by_name) : NULL;
  if (!t) return !on_table_of_ours(val_str(val[1])) || err_foreign(l, key.name, val_str(val[1]), e);
  t->seen = true;
  return same_text(t->sql, val_str(val[2]), false) || err_not_ours(l, t->name, "was altered", e);
}

static const char triggers_there[] = "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name";

static bool schema_cookie(Store *s, int64_t *cookie, Err *e) {
  Arena a = {0};
  Val v;
  bool before = s->host_sql;
  s->host_sql = true;
  bool ok = store_value(s, "PRAGMA schema_version", NULL, 0, &a, &v, e);
  s->host_sql = before;
  *cookie = ok && v.t == V_NUM ? v.u.i + 1 : 0; /* 0: not looked at */
  arena_free(&a);
  return ok;
}

bool altered_triggers(Store *s, Err *e) {
  int64_t cookie;
  if (!schema_cookie(s, &cookie, e)) return false;
  if (cookie && cookie == s->triggers_of) return true;
  Looking l = {.s = s, .ours = triggers_ours()};
  bool ok = store_query(s, triggers_there, NULL, 0, look_at, &l, e);
  for (size_t i = 0; ok && i < l.ours.n; i++)
    ok = l.ours.t[i].seen || err_not_ours(&l, l.ours.t[i].name, "is missing", e);
  if (ok) s->triggers_of = cookie;
  triggers_free(&l.ours);
  arena_free(&l.a);
  return ok;
}

bool altered_copied(Store *copy, Store *from, Err *e) {
  return altered_triggers(from, e) && schema_cookie(copy, &copy->triggers_of, e);
}

/* --- mending ------------------------------------------------------------------------------------ */

typedef struct Mending {
  Triggers *ours;
  Buf sql;
  int64_t n;
} Mending;

static void make_again(Mending *m, const Trigger *t) {
  if (!m->n) held_views(&m->sql); /* some stand on views, and went with them */
  buf_printf(&m->sql, "DROP TRIGGER IF EXISTS %.*s; %.*s;\n", STR_ARG(t->name), STR_ARG(t->sql));
  m->n++;
}

static bool is_there(void *ctx, int ncol, const Str *column, const Val *val, Err *e) {
  (void)ncol, (void)column, (void)e;
  Mending *m = ctx;
  Trigger key = {.name = val_str(val[0])};
  Trigger *t = m->ours->n ? bsearch(&key, m->ours->t, m->ours->n, sizeof key, by_name) : NULL;
  if (!t) return true;
  t->seen = true;
  if (!same_text(t->sql, val_str(val[2]), false)) make_again(m, t);
  return true;
}

bool store_mend_triggers(Store *s, int64_t *n, Err *e) {
  Triggers ours = triggers_ours();
  Mending m = {.ours = &ours};
  s->ending = true;
  bool ok = sql_host(s, "BEGIN IMMEDIATE", e) && store_query(s, triggers_there, NULL, 0, is_there, &m, e);
  for (size_t i = 0; ok && i < ours.n; i++)
    if (!ours.t[i].seen) make_again(&m, &ours.t[i]);
  sql_forget(s);
  if (ok && m.n && altered_columns(s, e)) ok = false;
  ok = ok && (!m.n || sql_host(s, m.sql.p, e)) && sql_host(s, "COMMIT", e);
  Err ignored = {0};
  if (!sqlite3_get_autocommit(s->db)) sql_host(s, "ROLLBACK", &ignored);
  err_free(&ignored);
  s->ending = false;
  *n = ok ? m.n : 0;
  buf_free(&m.sql);
  triggers_free(&ours);
  return ok;
}

/* --- beside a new database ------------------------------------------------------------------------- */

static bool new_database(sqlite3 **db, Err *e) {
  Buf sql = {0};
  for (int v = 1; v <= SCHEMA_VERSION; v++) schema_migration(v, &sql);
  bool ok = sqlite3_open(":memory:", db) == SQLITE_OK && sqlite3_exec(*db, sql.p, NULL, NULL, NULL) == SQLITE_OK;
  if (!ok) err_set(e, ERR_FAIL, "the schema could not be compared: %s", *db ? sqlite3_errmsg(*db) : "out of memory");
  buf_free(&sql);
  return ok;
}

static bool has_column(sqlite3 *db, const char *table, const char *column) {
  return sqlite3_table_column_metadata(db, "main", table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

typedef struct Columns {
  Store *s;
  sqlite3 *model;
  const char *table; /* that misses some */
  Arena a;
  StoreFaultFn fn;
  void *ctx;
  char *odd;         /* a column of it that is none of ours */
  size_t nodd, nmissing;
} Columns;

static bool take_odd(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Columns *c = ctx;
  char *column = arena_strndup(&c->a, val[0].u.s, val[0].n);
  if (!has_column(c->model, c->table, column) && !c->nodd++) c->odd = column;
  return true;
}

/* Columns that nobody has a use for: renamed, a missing one is among them. */
static bool find_odd(Columns *c, Err *e) {
  Val bind = val_text(str_of(c->table));
  bool before = c->s->host_sql;
  c->odd = NULL;
  c->nodd = 0;
  c->s->host_sql = true;
  bool ok = store_query(c->s,
                        "SELECT name FROM pragma_table_info(?1) WHERE name NOT IN (SELECT f.name FROM field f)", &bind, 1,
                        take_odd, c, e);
  c->s->host_sql = before;
  return ok;
}

static bool missing(Columns *c, const char *table, const char *column, Err *e) {
  Buf text = {0};
  if (!c->table || strcmp(c->table, table) != 0) {
    c->table = table;
    Err ignored = {0}; /* table `field` may be the one that is altered */
    if (!find_odd(c, &ignored)) c->nodd = 0;
    err_free(&ignored);
  }
  c->nmissing++;
  buf_printf(&text, "table %s has no column %s: it was renamed or dropped past pareto", table, column);
  if (c->nodd == 1) {
    Str odd = str_of(c->odd);
    const char *shown = seen_text(&c->a, odd);
    buf_printf(&text, "\nis it %s now? then, in the sqlite3 shell: ALTER TABLE %s RENAME COLUMN \"%s\" TO %s", shown, table,
               shown, column);
  }
  bool ok = c->fn(c->ctx, text.p, e);
  buf_free(&text);
  return ok;
}

static bool added_field(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Columns *c = ctx;
  const CatEntity *ent = catalog_entity(val_str(val[0]));
  char *column = arena_strndup(&c->a, val[1].u.s, val[1].n);
  return !ent || has_column(c->s->db, ent->table, column) || missing(c, ent->table, column, e);
}

static bool each_missing(Columns *c, Err *e) {
  sqlite3_stmt *q = NULL;
  bool ok = true;
  if (sqlite3_prepare_v2(c->model,
                         "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
                         " ORDER BY t.name, c.cid",
                         -1, &q, NULL) != SQLITE_OK)
    return err_set(e, ERR_FAIL, "the schema could not be compared: %s", sqlite3_errmsg(c->model));
  while (ok && sqlite3_step(q) == SQLITE_ROW) {
    const char *table = arena_printf(&c->a, "%s", (const char *)sqlite3_column_text(q, 0));
    const char *column = (const char *)sqlite3_column_text(q, 1);
    if (!has_column(c->s->db, table, column)) ok = missing(c, table, column, e);
  }
  sqlite3_finalize(q);
  return ok && (c->nmissing || store_query(c->s, "SELECT entity, name FROM field WHERE added = 1", NULL, 0, added_field, c, e));
}

/* The first is the error. */
static bool as_error(void *ctx, const char *text, Err *e) {
  (void)ctx;
  Str rest, line = str_split(str_of(text), '\n', &rest);
  err_set(e, ERR_FAIL, "%.*s", STR_ARG(line));
  if (rest.n) err_todo(e, "%.*s", STR_ARG(rest));
  return err_todo(e, "the database as it was before: pareto restore FILE");
}

bool altered_columns(Store *s, Err *e) {
  Err own = {0};
  Columns c = {.s = s, .fn = as_error};
  if (s->looking) return false;
  s->looking = true;
  bool found = new_database(&c.model, &own) && !each_missing(&c, &own) && c.nmissing;
  s->looking = false;
  sqlite3_close(c.model);
  arena_free(&c.a);
  if (found) *e = own;
  else err_free(&own);
  return found;
}

/* --- everything ---------------------------------------------------------------------------------- */

typedef struct Beside {
  Columns c;
  Str type, name, sql;
} Beside;

static bool without_end(Str *s) {
  static const char end[] = ") STRICT";
  size_t n = sizeof end - 1;
  bool yes = s->n >= n && memcmp(s->p + s->n - n, end, n) == 0;
  if (yes) s->n -= n;
  return yes;
}

/* `, "name" TYPE` at *at: a column as playbooks add them, pushed forward behind it. */
static bool added_column(Str sql, size_t *at, Str *name) {
  static const char head[] = ", \"";
  size_t i = *at, n = sizeof head - 1;
  if (i + n > sql.n || memcmp(sql.p + i, head, n) != 0) return false;
  const char *end = memchr(sql.p + i + n, '"', sql.n - i - n);
  if (!end) return false;
  *name = str_sub(sql, i + n, (size_t)(end - sql.p));
  i = (size_t)(end - sql.p) + 1;
  if (i >= sql.n || sql.p[i++] != ' ') return false;
  while (i < sql.n && sql.p[i] >= 'A' && sql.p[i] <= 'Z') i++;
  if (i < sql.n && sql.p[i] != ',') return false;
  *at = i;
  return true;
}

/* Playbooks add columns at the end of a table, and a later version its own behind them. */
static Str without_added(Beside *b, Str sql) {
  Arena *a = &b->c.a;
  const char *table = arena_strndup(a, b->name.p, b->name.n);
  char *kept = arena_alloc(a, sql.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < sql.n;) {
    Str name;
    size_t next = i;
    if (added_column(sql, &next, &name) && !has_column(b->c.model, table, arena_strndup(a, name.p, name.n))) i = next;
    else kept[n++] = sql.p[i++];
  }
  kept[n] = 0;
  return (Str){kept, n};
}

static bool same_object(Beside *b, Str sql) {
  Str ours = b->sql;
  bool open = str_is(b->type, "table") && without_end(&ours);
  if (!open) return same_text(ours, sql, false);
  return without_end(&sql) && (same_text(ours, sql, true) || same_text(ours, without_added(b, sql), true));
}

static bool object(Beside *b, size_t missing_before, Err *e) {
  Val v, bind[] = {val_text(b->type), val_text(b->name)};
  Arena *a = &b->c.a;
  if (!store_value(b->c.s, "SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2", bind, 2, a, &v, e)) return false;
  if (v.t == V_TEXT && same_object(b, val_str(v))) return true;
  if (str_is(b->type, "table") && missing_before) return true; /* that it misses a column is said */
  return b->c.fn(b->c.ctx,
                 arena_printf(a, "%.*s %.*s %s", STR_ARG(b->type), STR_ARG(b->name), v.t == V_TEXT ? "was altered" : "is missing"),
                 e);
}

static bool foreign(void *ctx, int ncol, const Str *column, const Val *val, Err *e) {
  (void)ncol, (void)column;
  Beside *b = ctx;
  sqlite3_stmt *q = NULL;
  bool known = sqlite3_prepare_v2(b->c.model, "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = ?1", -1, &q, NULL) ==
                   SQLITE_OK &&
               sqlite3_bind_text(q, 1, val[0].u.s, (int)val[0].n, SQLITE_TRANSIENT) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW;
  sqlite3_finalize(q);
  return known || !on_table_of_ours(val_str(val[1])) || b->c.fn(b->c.ctx,
                          arena_printf(&b->c.a, "trigger %s on %s is none of Pareto's; drop it", seen_text(&b->c.a, val_str(val[0])),
                                       seen_text(&b->c.a, val_str(val[1]))),
                          e);
}

bool altered_faults(Store *s, StoreFaultFn fn, void *ctx, Err *e) {
  Beside b = {.c = {.s = s, .fn = fn, .ctx = ctx}};
  sqlite3_stmt *q = NULL;
  bool ok = new_database(&b.c.model, e) && each_missing(&b.c, e);
  if (ok && sqlite3_prepare_v2(b.c.model,
                               "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
                               " ORDER BY type = 'trigger', name",
                               -1, &q, NULL) != SQLITE_OK)
    ok = err_set(e, ERR_FAIL, "the schema could not be compared: %s", sqlite3_errmsg(b.c.model));
  while (ok && sqlite3_step(q) == SQLITE_ROW) {
    b.type = str_of((const char *)sqlite3_column_text(q, 0));
    b.name = str_of((const char *)sqlite3_column_text(q, 1));
    b.sql = str_of((const char *)sqlite3_column_text(q, 2));
    ok = object(&b, b.c.nmissing, e);
  }
  sqlite3_finalize(q);
  ok = ok && store_query(s, triggers_there, NULL, 0, foreign, &b, e);
  sqlite3_close(b.c.model);
  arena_free(&b.c.a);
  return ok;
}
