#include "feel/frame.h"

#include <string.h>

static Frame *frame_new(Eval *ev, Arena *a, int entity, Day asof, size_t n) {
  Frame *f = arena_zalloc(a, 1, sizeof *f);
  f->ev = ev;
  f->arena = a;
  f->entity = entity;
  f->asof = asof;
  f->n = n;
  return f;
}

Frame *frame_root(Eval *ev, Arena *a, int entity, Day asof, const int64_t *id, size_t n) {
  Frame *f = frame_new(ev, a, entity, asof, n);
  f->id = id;
  return f;
}

Frame *frame_subset(Frame *f, Arena *a, const uint32_t *sel, size_t n) {
  Frame *s = frame_new(f->ev, a, f->entity, f->asof, n);
  s->level = f->level;
  s->blind = f->blind;
  s->base = f;
  s->baseidx = sel;
  s->rows = f->rows;
  s->groups = f->groups;
  if (f->id) {
    int64_t *id = arena_alloc(a, n * sizeof *id);
    for (size_t i = 0; i < n; i++) id[i] = f->id[sel[i]];
    s->id = id;
  }
  if (f->item) {
    Val *item = arena_alloc(a, n * sizeof *item);
    for (size_t i = 0; i < n; i++) item[i] = f->item[sel[i]];
    s->item = item;
  }
  return s;
}

Frame *frame_rows_of(Frame *up, int entity, const int64_t *id, const uint32_t *upidx, size_t n) {
  Frame *f = frame_new(up->ev, up->arena, entity, up->asof, n);
  f->level = up->level + 1;
  f->id = id;
  f->up = up;
  f->upidx = upidx;
  return f;
}

Frame *frame_items_of(Frame *up, const Val *item, const uint32_t *upidx, size_t n) {
  Frame *f = frame_rows_of(up, 0, NULL, upidx, n);
  f->item = item;
  return f;
}

Frame *frame_moved(Frame *rows, Frame *up, const uint32_t *upidx) {
  Frame *f = frame_rows_of(up, rows->entity, rows->id, upidx, rows->n);
  f->base = rows;
  return f;
}

Frame *frame_on(Frame *f, Day asof) {
  if (f->asof == asof) return f;
  for (Frame *o = f->other_day; o && o != f; o = o->other_day)
    if (o->asof == asof) return o;
  Frame *o = arena_alloc(f->arena, sizeof *o);
  *o = *f;
  o->asof = asof;
  o->kept = NULL;
  o->constant = NULL;
  o->base = NULL;
  if (f->base && !f->up) { /* a selection climbs through its base */
    o->base = frame_on(f->base, asof);
    o->baseidx = f->baseidx;
  }
  o->other_day = f->other_day ? f->other_day : f;
  f->other_day = o;
  return o;
}

Frame *frame_constant(Frame *f) {
  if (f->constant) return f->constant;
  Frame *k = frame_new(f->ev, f->arena, 0, f->asof, 1);
  k->level = f->level;
  k->blind = f->blind;
  k->constant = k;
  f->constant = k;
  return k;
}

static const uint32_t *compose(Arena *a, const uint32_t *first, const uint32_t *then, size_t n) {
  if (!first) return then;
  if (!then) return first;
  uint32_t *idx = arena_alloc(a, n * sizeof *idx);
  for (size_t i = 0; i < n; i++) idx[i] = then[first[i]];
  return idx;
}

void frame_climb(Frame *f, int level, Frame **to, const uint32_t **idx) {
  const uint32_t *at = NULL;
  Frame *here = f;
  while (here->level != level) {
    if (here->up) {
      at = compose(f->arena, at, here->upidx, f->n);
      here = here->up;
    } else {
      at = compose(f->arena, at, here->baseidx, f->n);
      here = here->base;
    }
  }
  *to = frame_on(here, f->asof);
  *idx = at;
}

const uint32_t *frame_ordinals(Frame *f) {
  if (f->ord) return f->ord;
  Index *x = index_of(f->ev, f->entity);
  if (f->n && f->n <= x->n && memcmp(x->id, f->id, f->n * sizeof *f->id) == 0) {
    f->dense = true;
    return f->ord = index_plain(f->ev, x, f->n);
  }
  uint32_t *ord = arena_alloc(f->arena, f->n * sizeof *ord);
  if (!x->n) index_room(x, f->n);
  uint32_t next = 0; /* rows are mostly in the order in which they were first met */
  bool dense = true;
  for (size_t i = 0; i < f->n; i++) {
    ord[i] = next < x->n && x->id[next] == f->id[i] ? next : index_ordinal(x, f->id[i]);
    dense &= ord[i] == i;
    next = ord[i] + 1;
  }
  f->dense = dense;
  f->ord = ord;
  return ord;
}

Kept *frame_find(Frame *f, const void *key, int tag) {
  for (Kept *k = f->kept; k; k = k->next)
    if (k->key == key && k->tag == tag) return k;
  if (!f->base || (tag != KEPT_VEC && tag != KEPT_PLAIN)) return NULL;
  Kept *there = frame_find(f->base, key, tag);
  if (!there) return NULL;
  Kept *k = frame_keep(f, key, tag);
  if (tag == KEPT_PLAIN) {
    PlainVec *own = arena_alloc(f->arena, sizeof *own);
    *own = *(const PlainVec *)there->thing;
    if (f->baseidx) *own = plain_gather(own, f->baseidx, f->n, f->arena);
    k->thing = own;
    return k;
  }
  k->vec = there->vec;
  if (!there->vec.step || !f->baseidx) return k;
  Val *v = arena_alloc(f->arena, f->n * sizeof *v);
  for (size_t i = 0; i < f->n; i++) v[i] = vec_at(there->vec, f->baseidx[i]);
  k->vec = (Vec){v, 1};
  return k;
}

Kept *frame_keep(Frame *f, const void *key, int tag) {
  Kept *k = arena_zalloc(f->arena, 1, sizeof *k);
  k->key = key;
  k->tag = tag;
  k->next = f->kept;
  f->kept = k;
  return k;
}
