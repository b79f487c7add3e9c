#include "store/health.h"

#include <string.h>

#include "store/cell.h"
#include "store/schema.h"

typedef struct Health {
  Store *s;
  StoreFaultFn fn;
  void *ctx;
  Arena a;
} Health;

static bool page_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Health *h = ctx;
  return str_is(val_str(val[0]), "ok") || h->fn(h->ctx, val[0].u.s, e);
}

static bool key_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Health *h = ctx;
  return h->fn(h->ctx,
               arena_printf(&h->a, "%.*s %lld refers to a row of %.*s that is not there",
                            STR_ARG(val_str(val[0])), val[1].t == V_NUM ? (long long)val[1].u.i : 0LL,
                            STR_ARG(val_str(val[2]))),
               e);
}

static bool line_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Health *h = ctx;
  return h->fn(h->ctx,
               arena_printf(&h->a, "order line %lld belongs to account %lld, which is not there",
                            (long long)val[0].u.i, val[1].t == V_NUM ? (long long)val[1].u.i : 0LL),
               e);
}

static bool check_invariants(Health *h, Err *e) {
  const SchemaInvariant *inv;
  for (size_t i = 0; (inv = schema_invariant(i)); i++) {
    Val v;
    if (!store_value(h->s, inv->sql, NULL, 0, &h->a, &v, e)) return false;
    if (v.t == V_TEXT &&
        !h->fn(h->ctx, arena_printf(&h->a, "%.*s: broken: %s", STR_ARG(val_str(v)), inv->what), e))
      return false;
  }
  return true;
}

static bool merged_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Health *h = ctx;
  return h->fn(h->ctx,
               arena_printf(&h->a, "%.*s %.*s: this code was merged into another", STR_ARG(val_str(val[0])),
                            STR_ARG(val_str(val[1]))),
               e);
}

static bool check_merged(Health *h, Err *e) {
  const CatEntity *ent;
  bool ok = true;
  for (size_t i = 0; ok && (ent = catalog_at(i)); i++) {
    const CatColumn *key = catalog_key(ent);
    Val name = val_text(str_of(ent->name));
    if (key)
      ok = store_query(h->s,
                       arena_printf(&h->a, "SELECT ?1, %s FROM %s WHERE %s IN (SELECT code FROM alias WHERE entity = ?1) LIMIT 20",
                                    key->name, ent->table, key->name),
                       &name, 1, merged_row, h, e);
  }
  return ok;
}

/* --- triggers: as a new database has them ------------------------------------------------- */

static bool same_trigger(Health *h, const char *name, const char *sql, Err *e) {
  Val v, bind = val_text(str_of(name));
  if (!store_value(h->s, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1", &bind, 1,
                   &h->a, &v, e))
    return false;
  if (v.t != V_TEXT) return h->fn(h->ctx, arena_printf(&h->a, "trigger %s is missing", name), e);
  return str_is(val_str(v), sql) || h->fn(h->ctx, arena_printf(&h->a, "trigger %s was altered", name), e);
}

typedef struct Known {
  Health *h;
  sqlite3_stmt *q;
} Known;

/* A trigger of somebody else's writes with every run, under that run's name. */
static bool known_trigger(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Known *k = ctx;
  Str trigger = val_str(val[0]), table = val_str(val[1]);
  sqlite3_reset(k->q);
  sqlite3_bind_text(k->q, 1, trigger.p, (int)trigger.n, SQLITE_TRANSIENT);
  if (sqlite3_step(k->q) == SQLITE_ROW) return true;
  return k->h->fn(k->h->ctx,
                  arena_printf(&k->h->a, "trigger %.*s on %.*s is none of Pareto's; drop it", STR_ARG(trigger),
                               STR_ARG(table)),
                  e);
}

static bool check_foreign_triggers(Health *h, sqlite3 *ours, Err *e) {
  Known k = {.h = h};
  if (sqlite3_prepare_v2(ours, "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = ?1", -1,
                         &k.q, NULL) != SQLITE_OK)
    return err_set(e, ERR_FAIL, "the schema could not be compared: %s", sqlite3_errmsg(ours));
  bool ok = store_query(h->s, "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name LIMIT 1000",
                        NULL, 0, known_trigger, &k, e);
  sqlite3_finalize(k.q);
  return ok;
}

static bool check_triggers(Health *h, Err *e) {
  sqlite3 *db = NULL;
  sqlite3_stmt *q = NULL;
  Buf sql = {0};
  for (int v = 1; v <= SCHEMA_VERSION; v++)
    schema_migration(v, &sql);
  bool ok = sqlite3_open(":memory:", &db) == SQLITE_OK &&
            sqlite3_exec(db, sql.p, NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name",
                               -1, &q, NULL) == SQLITE_OK;
  if (!ok)
    err_set(e, ERR_FAIL, "the schema could not be compared: %s", db ? sqlite3_errmsg(db) : "out of memory");
  while (ok && sqlite3_step(q) == SQLITE_ROW)
    ok = same_trigger(h, (const char *)sqlite3_column_text(q, 0), (const char *)sqlite3_column_text(q, 1), e);
  sqlite3_finalize(q);
  ok = ok && check_foreign_triggers(h, db, e);
  sqlite3_close(db);
  buf_free(&sql);
  return ok;
}

/* --- fields and their history ---------------------------------------------------------------- */

typedef struct Field0 {
  int64_t id;
  Str entity, name;
} Field0;
typedef struct Fields {
  Health *h;
  Field0 *f;
  size_t n, cap;
} Fields;

static bool field_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Fields *l = ctx;
  mem_grow(l->f, l->cap, l->n + 1);
  l->f[l->n++] =
      (Field0){val[0].u.i, val_str(val_copy(val[1], &l->h->a)), val_str(val_copy(val[2], &l->h->a))};
  return true;
}

typedef struct Astray {
  Health *h;
  const CatEntity *ent;
  Str field;
} Astray;

static bool astray_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Astray *x = ctx;
  return x->h->fn(x->h->ctx,
                  arena_printf(&x->h->a, "%s: %.*s is not what its history says",
                               cell_row_name(x->h->s, x->ent, val[0].u.i, &x->h->a), STR_ARG(x->field)),
                  e);
}

static bool check_field(Health *h, const Field0 *f, Err *e) {
  const CatEntity *ent = catalog_entity(f->entity);
  if (!ent) return true;
  Buf sql = {0}, col = {0};
  sql_name(&col, f->name);
  buf_printf(&sql,
             "SELECT t.id FROM history h JOIN %s t ON t.id = h.row WHERE h.field = ?1 AND t.%s IS NOT "
             "h.value AND NOT EXISTS("
             "SELECT 1 FROM history n WHERE n.field = h.field AND n.row = h.row AND (n.day > h.day OR (n.day "
             "= h.day AND"
             " n.id > h.id))) LIMIT 20",
             ent->table, col.p);
  Val bind = val_int(f->id);
  Astray x = {h, ent, f->name};
  bool ok = store_query(h->s, sql.p, &bind, 1, astray_row, &x, e);
  buf_free(&sql);
  buf_free(&col);
  return ok;
}

static bool check_fields(Health *h, Err *e) {
  Fields l = {.h = h};
  bool ok = store_query(h->s, "SELECT id, entity, name FROM field ORDER BY id", NULL, 0, field_row, &l, e);
  for (size_t i = 0; ok && i < l.n; i++)
    ok = check_field(h, &l.f[i], e);
  mem_free(l.f);
  return ok;
}

static bool pragma(Health *h, const char *sql, StoreRowFn fn, Err *e) {
  bool before = h->s->host_sql;
  h->s->host_sql = true;
  bool ok = store_query(h->s, sql, NULL, 0, fn, h, e);
  h->s->host_sql = before;
  return ok;
}

bool store_sound(Store *s, StoreFaultFn fn, void *ctx, Err *e) {
  Health h = {s, fn, ctx, {0}};
  bool ok = pragma(&h, "PRAGMA integrity_check(20)", page_row, e);
  arena_free(&h.a);
  return ok;
}

bool store_health(Store *s, StoreFaultFn fn, void *ctx, Err *e) {
  Health h = {s, fn, ctx, {0}};
  bool ok =
      store_sound(s, fn, ctx, e) && pragma(&h, "PRAGMA foreign_key_check", key_row, e) &&
      store_query(s, "SELECT id, account FROM orders WHERE account NOT IN (SELECT id FROM account) LIMIT 20",
                  NULL, 0, line_row, &h, e) &&
      check_invariants(&h, e) && check_merged(&h, e) && check_triggers(&h, e) && check_fields(&h, e);
  arena_free(&h.a);
  return ok;
}
