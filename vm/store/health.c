#include "store/health.h"

#include "base/lang.h"

#include <string.h>

#include "store/altered.h"
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
               arena_say(&h->a, "%.*s %lld refers to a row of %.*s that is not there",
                            STR_ARG(val_str(val[0])), val[1].t == V_NUM ? (long long)val[1].u.i : 0LL,
                            STR_ARG(val_str(val[2]))),
               e);
}

static bool line_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Health *h = ctx;
  return h->fn(h->ctx,
               arena_say(&h->a, "order line %lld belongs to account %lld, which is not there",
                            (long long)val[0].u.i, val[1].t == V_NUM ? (long long)val[1].u.i : 0LL),
               e);
}

static bool check_invariants(Health *h, Err *e) {
  const SchemaInvariant *inv;
  for (size_t i = 0; (inv = schema_invariant(i)); i++) {
    Val v;
    if (!store_value(h->s, inv->sql, NULL, 0, &h->a, &v, e)) return false;
    if (v.t == V_TEXT &&
        !h->fn(h->ctx, arena_say(&h->a, "%.*s: broken: %s", STR_ARG(val_str(v)), _(inv->what)), e))
      return false;
  }
  return true;
}

static bool merged_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Health *h = ctx;
  return h->fn(h->ctx,
               arena_say(&h->a, "%.*s %.*s: this code was merged into another", STR_ARG(val_str(val[0])),
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
                  arena_say(&x->h->a, "%s: %.*s is not what its history says",
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
      store_sound(s, fn, ctx, e) && altered_faults(s, fn, ctx, e) && pragma(&h, "PRAGMA foreign_key_check", key_row, e) &&
      store_query(s, "SELECT id, account FROM orders WHERE account NOT IN (SELECT id FROM account) LIMIT 20",
                  NULL, 0, line_row, &h, e) &&
      check_invariants(&h, e) && check_merged(&h, e) && check_fields(&h, e);
  arena_free(&h.a);
  return ok;
}
