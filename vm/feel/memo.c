#include "feel/frame.h"

#include <string.h>

Index *index_of(Eval *ev, int entity) {
  for (size_t i = 0; i < ev->nindex; i++)
    if (ev->index[i].entity == entity) return &ev->index[i];
  ev->index = mem_resize(ev->index, ev->nindex + 1, sizeof *ev->index);
  ev->index[ev->nindex] = (Index){.entity = entity};
  return &ev->index[ev->nindex++];
}

/* Ids are small, mostly, and then each has a place of its own; with one that is not, they are spread. */
static size_t place(const Index *x, int64_t id) {
  uint64_t h = (uint64_t)id * 0x9E3779B97F4A7C15u;
  return (x->far ? h ^ (h >> 29) : (uint64_t)id) & (x->nslot - 1);
}

static void rehash(Index *x, size_t n) {
  size_t least = x->nslot ? x->nslot : 1024;
  while (n * 2 >= least) least *= 2;
  x->nslot = least;
  mem_free(x->slot);
  x->slot = mem_zalloc(x->nslot, sizeof *x->slot);
  for (size_t i = 0; i < x->n; i++) {
    size_t at = place(x, x->id[i]);
    while (x->slot[at]) at = (at + 1) & (x->nslot - 1);
    x->slot[at] = (uint32_t)i + 1;
  }
}

void index_room(Index *x, size_t n) {
  if (n * 2 >= x->nslot) rehash(x, n);
  if (n > x->cap) mem_grow(x->id, x->cap, n);
}

static void retire(Eval *ev, void *p) {
  if (!p) return;
  mem_grow(ev->retired, ev->capretired, ev->nretired + 1);
  ev->retired[ev->nretired++] = p;
}

const uint32_t *index_plain(Eval *ev, Index *x, size_t n) {
  if (n <= x->nplain) return x->plain;
  if (x->plain) retire(ev, x->plain);
  x->nplain = x->n > n ? x->n : n;
  x->plain = mem_alloc(x->nplain * sizeof *x->plain);
  for (size_t i = 0; i < x->nplain; i++) x->plain[i] = (uint32_t)i;
  return x->plain;
}

uint32_t index_ordinal(Index *x, int64_t id) {
  if (x->n * 2 >= x->nslot) rehash(x, x->n);
  if (!x->far && (uint64_t)id >= x->nslot) {
    x->far = true;
    rehash(x, x->n);
  }
  size_t at = place(x, id);
  for (; x->slot[at]; at = (at + 1) & (x->nslot - 1))
    if (x->id[x->slot[at] - 1] == id) return x->slot[at] - 1;
  mem_grow(x->id, x->cap, x->n + 1);
  x->id[x->n] = id;
  x->slot[at] = (uint32_t)++x->n;
  return (uint32_t)x->n - 1;
}

Memo *memo_of(Eval *ev, const void *key, Day asof) {
  for (size_t i = 0; i < ev->nmemo; i++)
    if (ev->memo[i]->key == key && ev->memo[i]->asof == asof) return ev->memo[i];
  Memo *m = mem_zalloc(1, sizeof *m);
  m->key = key;
  m->asof = asof;
  mem_grow(ev->memo, ev->capmemo, ev->nmemo + 1);
  ev->memo[ev->nmemo++] = m;
  return m;
}

void memo_release(Eval *ev) {
  for (size_t i = 0; i < ev->nretired; i++) mem_free(ev->retired[i]);
  ev->nretired = 0;
}

/* A longer copy of it, for others may still look at the old one. */
static void *longer(Eval *ev, void *old, size_t had, size_t bytes) {
  if (!had) return mem_zalloc(bytes, 1);
  char *p = mem_alloc(bytes);
  memcpy(p, old, had);
  memset(p + had, 0, bytes - had);
  retire(ev, old);
  return p;
}

void memo_room(Eval *ev, Memo *m, size_t n) {
  if (n <= m->cap) return;
  size_t cap = m->cap * 2 > n ? m->cap * 2 : n;
  if (m->v) {
    m->v = longer(ev, m->v, m->cap * sizeof *m->v, cap * sizeof *m->v);
  } else {
    m->i = longer(ev, m->i, m->cap * sizeof *m->i, cap * sizeof *m->i);
    m->known = longer(ev, m->known, m->cap, cap);
  }
  m->have = mem_resize(m->have, cap, 1);
  memset(m->have + m->cap, 0, cap - m->cap);
  m->cap = cap;
}

Val memo_at(const Memo *m, uint32_t at) {
  if (at >= m->cap || !m->have[at]) return val_null();
  if (m->v) return m->v[at];
  Val v = m->like;
  v.u.i = m->i[at];
  return m->known[at] ? v : m->none;
}

/* Something came that the plain column has no room for. */
static void widen(Eval *ev, Memo *m) {
  if (m->v) return;
  Val *v = mem_zalloc(m->cap + 1, sizeof *v);
  for (size_t at = 0; m->count && at < m->cap; at++) v[at] = memo_at(m, (uint32_t)at);
  m->v = v;
  retire(ev, m->i);
  retire(ev, m->known);
  m->i = NULL;
  m->known = NULL;
}

void memo_put(Eval *ev, Memo *m, const uint32_t *at, size_t n, const Val *v, bool copied) {
  if (!m->v) {
    Arena own = {0};
    PlainVec p = plain_of(v, 1, n, &own);
    if (p.i) memo_put_plain(ev, m, at, n, &p);
    arena_free(&own);
    if (p.i) return;
    widen(ev, m);
  }
  for (size_t k = 0; k < n; k++) {
    const size_t to = at ? at[k] : k;
    m->v[to] = copied ? v[k] : val_copy(v[k], &ev->memos);
    m->count += !m->have[to];
    m->have[to] = 1;
  }
}

/* Is it of one kind with what is there already? */
static bool fits(Memo *m, const PlainVec *p, size_t nknown, size_t nnone) {
  if (m->v) return false;
  if (nknown && m->nknown && !plain_alike(p->like, m->like)) return false;
  if (nnone && m->nnone && p->none.t != m->none.t) return false;
  if (nknown) m->like = (Val){.t = p->like.t, .e = p->like.e};
  if (nnone) m->none = p->none;
  return true;
}

void memo_put_plain(Eval *ev, Memo *m, const uint32_t *at, size_t n, const PlainVec *p) {
  size_t nnone = 0;
  for (size_t k = 0; p->has && k < n; k++) nnone += !p->has[k * p->step];
  if (!fits(m, p, n - nnone, nnone)) {
    Val *v = mem_alloc((n + 1) * sizeof *v);
    plain_values(p, n, v, 1);
    widen(ev, m);
    memo_put(ev, m, at, n, v, true);
    mem_free(v);
    return;
  }
  if (!m->i) return; /* there are no rows yet */
  m->nknown += n - nnone;
  m->nnone += nnone;
  if (!at && !m->count && !nnone && p->step) {
    memcpy(m->i, p->i, n * sizeof *m->i);
    memset(m->known, 1, n);
    memset(m->have, 1, n);
    m->count = n;
    return;
  }
  for (size_t k = 0; k < n; k++) {
    const size_t to = at ? at[k] : k;
    bool known = plain_has(p, k);
    m->i[to] = known ? p->i[k * p->step] : 0;
    m->known[to] = known;
    m->count += !m->have[to];
    m->have[to] = 1;
  }
}

Vec memo_column(Frame *f, const Memo *m) {
  const uint32_t *ord = frame_ordinals(f);
  if (f->dense && m->v && m->cap >= f->n) return (Vec){m->v, 1};
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) v[i] = memo_at(m, ord[i]);
  return (Vec){v, 1};
}

/* Rows it has not are null, which `none` need not be. */
PlainVec memo_plain(Frame *f, const Memo *m) {
  const uint32_t *ord = frame_ordinals(f);
  const size_t total = index_of(f->ev, f->entity)->n;
  bool all = m->count == total;
  if (m->v || !m->nknown || m->cap < total || (!all && m->nnone && m->none.t != V_NULL)) return (PlainVec){0};
  PlainVec whole = {m->like, m->nnone ? m->none : val_null(), m->i, m->nnone || !all ? m->known : NULL, 1};
  return f->dense ? whole : plain_gather(&whole, ord, f->n, f->arena);
}

static void memo_drop(Eval *ev, Memo *m) {
  retire(ev, m->v);
  retire(ev, m->i);
  retire(ev, m->known);
  mem_free(m->have);
  mem_free(m);
}

static bool is_leaning(const Eval *ev, const void *key) {
  const Rules *r = ev->r;
  for (size_t i = 0; i < r->nsym; i++)
    if (r->sym[i] == key) return r->sym[i]->leans;
  for (size_t u = 0; u < r->nuse; u++)
    for (size_t i = 0; i < r->use[u]->nsym; i++)
      if (r->use[u]->sym[i] == key) return r->use[u]->sym[i]->leans;
  return true; /* a set function: what it looks at may lean */
}

void memo_clear(Eval *ev, bool leaning_only) {
  size_t kept = 0;
  ev->listed.id = NULL;
  for (size_t i = 0; i < ev->nmemo; i++) {
    if (leaning_only && (ev->memo[i]->field || !is_leaning(ev, ev->memo[i]->key))) ev->memo[kept++] = ev->memo[i];
    else memo_drop(ev, ev->memo[i]);
  }
  if (!ev->depth) memo_release(ev);
  ev->nmemo = kept;
  if (!leaning_only) arena_free(&ev->memos);
}

Decided *decided_of(Eval *ev, const Table *t, Day asof) {
  for (size_t i = 0; i < ev->ndecided; i++)
    if (ev->decided[i]->table == t && ev->decided[i]->asof == asof) return ev->decided[i];
  Decided *d = mem_zalloc(1, sizeof *d);
  d->table = t;
  d->asof = asof;
  mem_grow(ev->decided, ev->capdecided, ev->ndecided + 1);
  ev->decided[ev->ndecided++] = d;
  return d;
}

void decided_room(Decided *d, size_t n) {
  if (n <= d->cap) return;
  size_t cap = d->cap * 2 > n ? d->cap * 2 : n, nin = d->table->info.nin, nout = d->table->info.nout;
  d->have = mem_resize(d->have, cap, 1);
  memset(d->have + d->cap, 0, cap - d->cap);
  d->row = mem_resize(d->row, cap, sizeof *d->row);
  d->blocked = mem_resize(d->blocked, cap, sizeof *d->blocked);
  d->in = mem_resize(d->in, cap * (nin ? nin : 1), sizeof *d->in);
  d->out = mem_resize(d->out, cap * (nout ? nout : 1), sizeof *d->out);
  d->cap = cap;
}
