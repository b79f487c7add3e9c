#include "feel/frame.h"

#include "base/num.h"
#include "feel/func.h"

#include <stdlib.h>
#include <string.h>

/* Rows in order of group: start[g] .. start[g + 1] of `order`. */
static void by_group(Frame *f, size_t **start, uint32_t **order) {
  const Groups *g = f->groups;
  size_t n = f->rows->n;
  *start = arena_zalloc(f->arena, g->n + 2, sizeof **start);
  *order = arena_alloc(f->arena, n * sizeof **order);
  for (size_t i = 0; i < n; i++) (*start)[g->group[i] + 1]++;
  for (size_t i = 0; i < g->n; i++) (*start)[i + 1] += (*start)[i];
  size_t *next = arena_alloc(f->arena, (g->n + 1) * sizeof *next);
  memcpy(next, *start, (g->n + 1) * sizeof *next);
  for (size_t i = 0; i < n; i++) (*order)[next[g->group[i]]++] = (uint32_t)i;
}

/* Each known value once. */
static Val distinct(Frame *f, Val list) {
  const Func *fn = func_find(STR("distinct"));
  FuncCtx c = {.arena = f->arena, .asof = f->asof};
  Val once = fn->fn(&c, &list, 1);
  Val *v = column_new(f, once.n);
  uint32_t n = 0;
  for (uint32_t i = 0; i < once.n; i++)
    if (once.u.v[i].t) v[n++] = once.u.v[i];
  return val_list(v, n);
}

static Val counted(Val list) {
  int64_t n = 0;
  for (uint32_t i = 0; i < list.n; i++) n += list.u.v[i].t != V_NULL;
  return val_int(n);
}

static bool aggregate(Frame *f, const Op *op, Vec *out) {
  size_t *start;
  uint32_t *order;
  by_group(f, &start, &order);
  Val *v = column_new(f, f->n);
  *out = (Vec){v, 1};
  if (!op->nkid) {
    for (size_t g = 0; g < f->n; g++) v[g] = val_int((int64_t)(start[g + 1] - start[g]));
    return true;
  }
  const Val *x;
  if (!frame_full(f->rows, op->kid[0], &x)) return false;
  const Func *fn = op->ref;
  bool count = strcmp(fn->name, "count") == 0;
  FuncCtx c = {.arena = f->arena, .asof = f->asof};
  for (size_t g = 0; g < f->n; g++) {
    size_t n = start[g + 1] - start[g];
    Val *values = column_new(f, n);
    for (size_t i = 0; i < n; i++) values[i] = x[order[start[g] + i]];
    Val list = val_list(values, n);
    if (op->code) list = distinct(f, list);
    bool none = !list.n && strcmp(fn->name, "sum") == 0; /* a set that is empty sums to nothing, and is known */
    v[g] = count ? counted(list) : none ? val_int(0) : fn->fn(&c, &list, 1);
  }
  return true;
}

static bool share(Frame *f, const Op *op, Vec *out) {
  const Val *x;
  if (!frame_full(f, op->kid[0], &x)) return false;
  Val all = val_int(0), *v = column_new(f, f->n);
  for (size_t g = 0; g < f->n; g++) all = num_add(all, x[g], f->arena);
  for (size_t g = 0; g < f->n; g++) v[g] = num_div(x[g], all, f->arena);
  *out = (Vec){v, 1};
  return true;
}

bool wide_grouped(Frame *f, const Op *op, Vec *out) {
  if (f->base) { /* a selection of groups: as all of them have it */
    const Val *all;
    if (!frame_full(f->base, op, &all)) return false;
    Val *v = column_new(f, f->n);
    for (size_t i = 0; i < f->n; i++) v[i] = all[f->baseidx[i]];
    *out = (Vec){v, 1};
    return true;
  }
  return op->kind == K_GROUPED ? aggregate(f, op, out) : share(f, op, out);
}

/* --- making groups ------------------------------------------------------ */

typedef struct Keys {
  const Val **key;
  const Domain **domain;
  size_t nkey;
} Keys;

static int order_key(const Domain *d, Val a, Val b) {
  if (d && d->ranked && a.t == V_TEXT && b.t == V_TEXT) {
    size_t x = 0, y = 0;
    while (x < d->n && !str_eq(d->value[x], val_str(a))) x++;
    while (y < d->n && !str_eq(d->value[y], val_str(b))) y++;
    if (x != y) return x < y ? -1 : 1;
  }
  return val_order(a, b);
}

static int by_keys(const void *p, const void *q, void *ctx) {
  const Keys *k = ctx;
  uint32_t i = *(const uint32_t *)p, j = *(const uint32_t *)q;
  for (size_t n = 0; n < k->nkey; n++) {
    int o = order_key(k->domain[n], k->key[n][i], k->key[n][j]);
    if (o) return o;
  }
  return (i > j) - (i < j);
}

static bool same_keys(const Keys *k, uint32_t i, uint32_t j) {
  for (size_t n = 0; n < k->nkey; n++)
    if (val_order(k->key[n][i], k->key[n][j]) != 0) return false;
  return true;
}

bool eval_group(Eval *ev, Expr *const *key, size_t nkey, const int64_t *id, size_t n, Groups *out, Err *e) {
  eval_enter(ev, e);
  *out = (Groups){.nkey = nkey};
  const Val *column[16];
  const Domain *domain[16];
  if (nkey > 16) return eval_leave(ev, err_set(e, ERR_FAIL, "at most 16 keys to a group"));
  Frame *f = frame_root(ev, &ev->temp, nkey ? key[0]->entity : ev->r->entity, ev->asof, id, n);
  for (size_t k = 0; k < nkey; k++) {
    domain[k] = key[k]->op->type.domain;
    if (!frame_full(f, key[k]->op, &column[k])) return eval_leave(ev, false);
  }
  Keys keys = {.key = column, .domain = domain, .nkey = nkey};
  uint32_t *order = arena_alloc(&ev->temp, n * sizeof *order);
  for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
  if (nkey) qsort_r(order, n, sizeof *order, by_keys, &keys);
  uint32_t *group = arena_alloc(&ev->keep, n * sizeof *group),
           *first = arena_alloc(&ev->temp, n * sizeof *first);
  for (size_t i = 0; i < n; i++) {
    if (!i || !same_keys(&keys, order[i], order[i - 1])) first[out->n++] = order[i];
    group[order[i]] = (uint32_t)out->n - 1;
  }
  if (!nkey && !n) out->n = 1; /* the group of all, of none */
  Val *values = arena_alloc(&ev->keep, out->n * nkey * sizeof *values);
  for (size_t g = 0; g < out->n; g++)
    for (size_t k = 0; k < nkey; k++) values[g * nkey + k] = val_copy(column[k][first[g]], &ev->keep);
  out->key = values;
  out->group = group;
  return eval_leave(ev, true);
}

bool eval_grouped(Eval *ev, const Expr *x, const Groups *g, const int64_t *id, size_t n, Val *out, Err *e) {
  eval_enter(ev, e);
  Frame *rows = frame_root(ev, &ev->temp, x->entity, ev->asof, id, n);
  Frame *f = frame_root(ev, &ev->temp, 0, ev->asof, NULL, g->n);
  f->rows = rows;
  f->groups = g;
  const Val *v;
  bool ok = frame_full(f, x->op, &v);
  for (size_t i = 0; ok && i < g->n; i++) out[i] = val_copy(v[i], &ev->keep);
  return eval_leave(ev, ok);
}
