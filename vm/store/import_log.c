/* What an import leaves for undo, without holding it: changed rows batch by batch, new ones as ranges of ids. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/import_write.h"

typedef struct Taking {
  RowWas *to;
  Arena *a;
} Taking;

static bool take(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)e;
  Taking *t = ctx;
  RowWas *r = t->to;
  r->n = (size_t)ncol;
  r->col = arena_alloc(t->a, r->n * sizeof *r->col);
  r->val = arena_alloc(t->a, r->n * sizeof *r->val);
  for (size_t k = 0; k < r->n; k++) {
    r->col[k] = (Str){arena_strndup(t->a, name[k].p, name[k].n), name[k].n};
    r->val[k] = val_copy(val[k], t->a);
    r->val[k].flags = val[k].flags;
  }
  return true;
}

static bool read_row(Writer *w, RowBatch *b, int64_t id, RowWas *to, Err *e) {
  Taking t = {to, &b->arena};
  Val bind = val_int(id);
  const char *sql = arena_printf(&b->arena, "SELECT * FROM %s WHERE id = ?1", w->im->ent->table);
  return store_query(w->im->s, sql, &bind, 1, take, &t, e);
}

bool writer_was(Writer *w, RowBatch *b, int64_t id, Err *e) {
  mem_grow(w->was, w->capwas, w->nwas + 1);
  RowWas *r = &w->was[w->nwas++];
  *r = (RowWas){.id = id, .now = id};
  return read_row(w, b, id, r, e);
}

static bool tell(Writer *w, Change c, Err *e) {
  c.table = str_of(w->im->ent->table);
  return w->im->spec.changed(w->im->spec.changed_ctx, &c, e);
}

static bool tell_update(Writer *w, RowBatch *b, const RowWas *was, const RowWas *now, Err *e) {
  Str *col = arena_alloc(&b->arena, was->n * sizeof *col);
  Val *old = arena_alloc(&b->arena, was->n * sizeof *old), *new = arena_alloc(&b->arena, was->n * sizeof *new);
  size_t n = 0;
  for (size_t k = 0; k < was->n && k < now->n; k++) {
    if (raw_same(was->val[k], now->val[k])) continue;
    col[n] = was->col[k], old[n] = was->val[k], new[n++] = now->val[k];
  }
  return !n || tell(w, (Change){.op = CHANGE_UPDATE, .id = was->id, .ncol = n, .col = col, .was = old, .now = new}, e);
}

bool writer_told(Writer *w, RowBatch *b, Err *e) {
  bool ok = true;
  for (size_t i = 0; ok && i < w->nwas; i++) {
    const RowWas *was = &w->was[i];
    RowWas now = {0};
    ok = read_row(w, b, was->now, &now, e);
    if (!ok || !now.n) continue;
    if (was->id == was->now) {
      ok = tell_update(w, b, was, &now, e);
    } else { /* an order line that went to another day has another id */
      ok = tell(w, (Change){.op = CHANGE_DELETE, .id = was->id, .ncol = was->n, .col = was->col, .was = was->val}, e) &&
           tell(w, (Change){.op = CHANGE_INSERT, .id = was->now, .ncol = now.n, .col = now.col, .now = now.val}, e);
    }
  }
  w->nwas = 0;
  return ok;
}

static void add_range(Import *im, const char *table, int64_t first, int64_t last, AddedSum sum) {
  if (first > last) return;
  mem_grow(im->added, im->capadded, im->nadded + 1);
  im->added[im->nadded++] = (struct AddedRange){table, first, last, sum};
}

static int by_first(const void *x, const void *y) {
  const struct AddedRange *a = x, *b = y;
  int c = strcmp(a->table, b->table);
  return c ? c : a->first < b->first ? -1 : a->first > b->first;
}

/* What other columns of rows that the import makes add to each one's hash; they are the same for all. */
static bool made_hash(Store *s, const CatEntity *ent, Arena *a, uint64_t *out, bool *known, Err *e) {
  bool ok = true;
  *out = 0;
  *known = true;
  for (size_t k = 0; ok && k < ent->ncol; k++) {
    const CatColumn *c = &ent->col[k];
    Val v;
    if (!c->made) continue;
    ok = store_value(s, arena_printf(a, "SELECT %s", c->made), NULL, 0, a, &v, e);
    if (v.t == V_TEXT) *out += added_text(val_str(v), added_seed(c->name));
    else *known = *known && v.t == V_NULL;
  }
  return ok;
}

/* The digest of the rows made of one entity, without reading them again but the first, which has to agree. */
static bool made_sum(Writer *w, const Refs *r, AddedSum *sum, Err *e) {
  uint64_t rest, id = added_seed("id"), key = added_seed(catalog_key(r->ent)->name);
  bool known;
  AddedSum first = {0};
  char now[ADDED_DIGEST], was[ADDED_DIGEST];
  int64_t n;
  *sum = (AddedSum){0};
  if (!w->im->orders || r->n == r->made) return true;
  if (!made_hash(w->im->s, r->ent, &w->arena, &rest, &known, e)) return false;
  if (!store_added_digest(w->im->s, r->ent->table, r->first, r->first, &n, now, e)) return false;
  for (size_t i = r->made; i < r->n; i++) {
    added_row(sum, rest + added_int(r->row[i].id, id) + added_text(r->row[i].key, key));
    if (i == r->made) first = *sum;
  }
  snprintf(was, sizeof was, "%016llx%016llx", (unsigned long long)first.sum[0], (unsigned long long)first.sum[1]);
  if (!known || n != 1 || strcmp(was, now) != 0) *sum = (AddedSum){0};
  return true;
}

bool writer_ranges(Writer *w, Err *e) {
  Import *im = w->im;
  Val last = val_null();
  for (size_t i = 0; im->orders && w->count && i <= w->mask; i++)
    if (w->count[i].day)
      add_range(im, im->ent->table, w->count[i].first, w->count[i].next - 1, im->summed ? w->count[i].sum : (AddedSum){0});
  if (!im->orders && !(im->self && im->own_key)) add_range(im, im->ent->table, w->first, w->next - 1, (AddedSum){0});
  bool ok = true;
  for (size_t i = 0; ok && i < im->nrefs; i++) {
    AddedSum sum;
    ok = made_sum(w, &im->refs[i], &sum, e);
    add_range(im, im->refs[i].ent->table, im->refs[i].first, im->refs[i].next - 1, sum);
  }
  ok = ok && (!im->assigns || store_value(im->s, "SELECT max(id) FROM history", NULL, 0, &w->arena, &last, e));
  if (last.t == V_NUM) add_range(im, "history", w->history, last.u.i, (AddedSum){0});
  if (im->nadded) qsort(im->added, im->nadded, sizeof *im->added, by_first);
  return ok;
}
