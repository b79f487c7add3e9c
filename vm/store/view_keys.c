/* Rows in the order of their keys, and the keys: read in one go, and kept while the data stays as it is. */
#include <string.h>

#include "store/sink.h"
#include "store/view.h"

struct Keys {
  int entity;
  int64_t version;       /* of the data */
  size_t n, cap, room;   /* of `id`, of `end` */
  int64_t *id;
  size_t *end;           /* of each key in `text` */
  Buf text;
  bool odd;              /* some key is no text: whoever wants keys meets it elsewhere */
  bool mixed;            /* they came in another order */
  bool mapped;
  IdMap map;
  Arena arena;
};

void keys_forget(Store *s) {
  struct Keys *k = s->keys;
  if (!k) return;
  mem_free(k->id);
  mem_free(k->end);
  buf_free(&k->text);
  arena_free(&k->arena);
  mem_free(k);
  s->keys = NULL;
}

/* Keys that are text, of rows that hold on every day. */
static const CatColumn *plain_key(const ViewEntity *v) {
  const CatColumn *key = catalog_key(v->cat);
  return key && key->type == COL_TEXT && !key->sql && !v->dated ? key : NULL;
}

/* How many rows there are at most, by their numbers; rows that were never touched take no memory. */
static bool expected(Host *h, const ViewEntity *v, Arena *a, size_t *n, Err *e) {
  enum { MOST = 1 << 20 };
  Val last;
  if (!store_value(h->s, arena_printf(a, "SELECT max(id) FROM %s", v->cat->table), NULL, 0, a, &last, e)) return false;
  *n = last.t != V_NUM || last.u.i < 0 ? 0 : last.u.i < MOST ? (size_t)last.u.i : MOST;
  return true;
}

static void empty(struct Keys *k) {
  k->n = 0;
  k->odd = k->mixed = false;
  buf_clear(&k->text);
}

/* A row's id and key. */
static bool add_key(struct Keys *k, int64_t id, sqlite3_value *key) {
  mem_grow(k->id, k->cap, k->n + 1);
  mem_grow(k->end, k->room, k->n + 1);
  size_t last = k->n > 1 ? k->end[k->n - 2] : 0, from = k->text.n;
  if (sqlite3_value_type(key) != SQLITE_TEXT) k->odd = true;
  else buf_add(&k->text, sqlite3_value_blob(key), (size_t)sqlite3_value_bytes(key));
  if (k->n) k->mixed |= str_cmp(str_sub(buf_view(&k->text), last, from), str_sub(buf_view(&k->text), from, k->text.n)) > 0;
  k->id[k->n] = id;
  k->end[k->n++] = k->text.n;
  return true;
}

static bool take_key(void *ctx, sqlite3_value **v, Err *e) {
  (void)e;
  return add_key(ctx, sqlite3_value_int64(v[0]), v[1]);
}

static bool read_sorted(Host *h, const ViewEntity *v, struct Keys *k, Err *e) {
  const char *sql = arena_printf(&k->arena, "SELECT id, %s FROM %s ORDER BY %s", plain_key(v)->name, v->cat->table, plain_key(v)->name);
  sqlite3_stmt *q = sql_prepare(h->s, sql, e);
  if (!q) return false;
  bool row, ok;
  while ((ok = sql_step(h->s, q, &row, e)) && row) add_key(k, sqlite3_column_int64(q, 0), sqlite3_column_value(q, 1));
  sql_done(h->s, q);
  return ok;
}

/* SQLite goes through the index of the keys, the smallest there is with both columns, and so in their order, although
 * it promises none: when it did not, they are asked for again. */
static bool read_keys(Host *h, const ViewEntity *v, struct Keys *k, Err *e) {
  size_t most;
  if (!expected(h, v, &k->arena, &most, e)) return false;
  mem_grow(k->id, k->cap, most + 1);
  mem_grow(k->end, k->room, most + 1);
  buf_reserve(&k->text, most * 8);
  if (!sink_scan(h->s, arena_printf(&k->arena, "id, %s", plain_key(v)->name), v->cat->table, take_key, k, e)) return false;
  if (!k->mixed && !k->odd) return true;
  empty(k);
  return read_sorted(h, v, k, e);
}

/* *out is NULL where the entity has no such keys. */
static bool keys_of(Host *h, int entity, struct Keys **out, Err *e) {
  const ViewEntity *v = &h->ent[entity];
  Store *s = h->s;
  int64_t version;
  *out = NULL;
  if (!plain_key(v)) return true;
  if (!view_data_version(s, &version, e)) return false;
  if (!s->keys || s->keys->entity != entity || s->keys->version != version) {
    keys_forget(s);
    s->keys = mem_zalloc(1, sizeof *s->keys);
    s->keys->entity = entity;
    s->keys->version = version;
    if (!read_keys(h, v, s->keys, e)) {
      keys_forget(s);
      return false;
    }
  }
  *out = s->keys;
  return true;
}

bool keys_all(Host *h, int entity, Arena *a, const int64_t **id, size_t *n, bool *known, Err *e) {
  struct Keys *k;
  if (!keys_of(h, entity, &k, e)) return false;
  *known = k != NULL;
  if (!k) return true;
  int64_t *own = arena_alloc(a, k->n * sizeof *own);
  if (k->n) memcpy(own, k->id, k->n * sizeof *own);
  *id = own;
  *n = k->n;
  return true;
}

/* The rows asked for mostly come in this order too, some left out. */
static uint32_t place_of(struct Keys *k, int64_t id, size_t *next) {
  enum { AHEAD = 32 };
  for (size_t i = *next; i < k->n && i < *next + AHEAD; i++)
    if (k->id[i] == id) {
      *next = i + 1;
      return (uint32_t)i;
    }
  if (!k->mapped) idmap_build(&k->map, k->id, k->n, &k->arena);
  k->mapped = true;
  uint32_t at = idmap_at(&k->map, id);
  if (at != IDMAP_NONE) *next = at + 1;
  return at;
}

bool keys_column(Host *h, int entity, const Field *f, const int64_t *id, size_t n, Arena *a, Val *out, bool *known, Err *e) {
  struct Keys *k = NULL;
  *known = false;
  if (f->from != FROM_COLUMN || !f->column || f->column != plain_key(&h->ent[entity]) || f->history) return true;
  if (!keys_of(h, entity, &k, e)) return false;
  if (!k || k->odd) return true;
  *known = true;
  const char *text = n * 4 >= k->n ? arena_strndup(a, buf_view(&k->text).p, k->text.n) : NULL; /* all at once */
  size_t next = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t at = place_of(k, id[i], &next);
    size_t from = at == IDMAP_NONE || !at ? 0 : k->end[at - 1], bytes = at == IDMAP_NONE ? 0 : k->end[at] - from;
    if (at == IDMAP_NONE) out[i] = val_null();
    else if (text) out[i] = val_text((Str){text + from, bytes});
    else out[i] = val_text((Str){arena_strndup(a, k->text.p + from, bytes), bytes});
  }
  return true;
}
