#include "base/val.h"

#include "base/dec.h"

#include <math.h>
#include <string.h>

Val val_real(double d) {
  if (!isfinite(d)) return val_null();
  return (Val){.t = V_REAL, .u.d = d + 0.0}; /* + 0.0 makes one zero of two */
}

static const Val *copy_all(const Val *v, size_t n, Arena *a) {
  Val *to = arena_alloc(a, n * sizeof *to);
  for (size_t i = 0; i < n; i++) to[i] = val_copy(v[i], a);
  return to;
}

static const ValContext *copy_context(const ValContext *c, Arena *a) {
  ValContext *to = arena_alloc(a, sizeof *to);
  to->n = c->n;
  to->entry = arena_alloc(a, c->n * sizeof *to->entry);
  for (size_t i = 0; i < c->n; i++) {
    to->entry[i].key = (Str){arena_strndup(a, c->entry[i].key.p, c->entry[i].key.n), c->entry[i].key.n};
    to->entry[i].val = val_copy(c->entry[i].val, a);
  }
  return to;
}

static const ValClock *copy_clock(const ValClock *c, Arena *a) {
  ValClock *to = arena_alloc(a, sizeof *to);
  *to = *c;
  to->zone.p = arena_strndup(a, c->zone.p, c->zone.n);
  return to;
}

Val val_copy_deep(Val v, Arena *a) {
  switch (v.t) {
  case V_TEXT: v.u.s = arena_strndup(a, v.u.s, v.n); break;
  case V_BIG: {
    ValBig *b = arena_alloc(a, sizeof *b);
    *b = *(const ValBig *)v.u.p;
    v.u.p = b;
    break;
  }
  case V_TIME:
  case V_DATETIME: v.u.p = copy_clock(v.u.p, a); break;
  case V_LIST: v.u.v = copy_all(v.u.v, v.n, a); break;
  case V_RANGE: v.u.v = copy_all(v.u.v, 2, a); break;
  case V_CONTEXT: v.u.p = copy_context(v.u.p, a); break;
  default: break;
  }
  return v;
}

static int rank_of(Val v) { /* null last; never after every duration and every number of days */
  static const int rank[] = {
      [V_BOOL] = 1,   [V_NUM] = 2,   [V_BIG] = 2,      [V_REAL] = 2, [V_SECS] = 3,  [V_MONTHS] = 4,
      [V_NEVER] = 5,  [V_DATE] = 6,  [V_DATETIME] = 7, [V_TIME] = 8, [V_TEXT] = 9,  [V_WINDOW] = 10,
      [V_RANGE] = 11, [V_LIST] = 12, [V_CONTEXT] = 13, [V_ROW] = 14, [V_FUNC] = 15, [V_NULL] = 16};
  return rank[v.t];
}

static int order_int(int64_t a, int64_t b) { return a < b ? -1 : a > b; }

static int order_clock(const ValClock *a, const ValClock *b) {
  const int64_t day = 86400000000000;
  int64_t oa = a->offset == VAL_NO_ZONE ? 0 : a->offset, ob = b->offset == VAL_NO_ZONE ? 0 : b->offset;
  __int128 ia = (__int128)a->days * day + a->nanos - oa * 1000000000;
  __int128 ib = (__int128)b->days * day + b->nanos - ob * 1000000000;
  if (ia != ib) return ia < ib ? -1 : 1;
  if (a->offset != b->offset) return order_int(a->offset, b->offset);
  return str_cmp(a->zone, b->zone);
}

static int order_all(const Val *a, size_t na, const Val *b, size_t nb) {
  for (size_t i = 0; i < na && i < nb; i++) {
    int c = val_order(a[i], b[i]);
    if (c) return c;
  }
  return order_int((int64_t)na, (int64_t)nb);
}

static int order_context(const ValContext *a, const ValContext *b) {
  for (size_t i = 0; i < a->n && i < b->n; i++) {
    int c = str_cmp(a->entry[i].key, b->entry[i].key);
    if (!c) c = val_order(a->entry[i].val, b->entry[i].val);
    if (c) return c;
  }
  return order_int((int64_t)a->n, (int64_t)b->n);
}

static Val secs_num(Val v) { return val_dec(v.u.i, v.e); }

int val_order(Val a, Val b) {
  int ra = rank_of(a), rb = rank_of(b);
  if (ra != rb) return ra < rb ? -1 : 1;
  switch ((ValType)a.t) {
  case V_NUM:
  case V_BIG:
  case V_REAL: return num_cmp(a, b);
  case V_SECS: return num_cmp(secs_num(a), secs_num(b));
  case V_BOOL:
  case V_DATE:
  case V_MONTHS:
  case V_WINDOW: return order_int(a.u.i, b.u.i);
  case V_TEXT: return str_cmp(val_str(a), val_str(b));
  case V_TIME:
  case V_DATETIME: return order_clock(a.u.p, b.u.p);
  case V_LIST: return order_all(a.u.v, a.n, b.u.v, b.n);
  case V_RANGE: {
    int c = order_all(a.u.v, 2, b.u.v, 2);
    return c ? c : order_int(a.e, b.e);
  }
  case V_CONTEXT: return order_context(a.u.p, b.u.p);
  case V_ROW: return a.n != b.n ? order_int(a.n, b.n) : order_int(a.u.i, b.u.i);
  case V_NULL:
  case V_NEVER:
  case V_FUNC: return 0; /* functions have no order that is the same in every run */
  }
  return 0;
}

static uint64_t mix(uint64_t h, uint64_t x) { /* the finalizer of MurmurHash3 */
  h = (h ^ x) * 0xff51afd7ed558ccdu;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
  return h ^ (h >> 33);
}

static uint64_t hash_num(Val v, uint64_t h) {
  Dec d;
  if (!dec_of(v, &d)) return h;
  d = dec_strip(d);
  h = mix(h, (uint64_t)d.c);
  if (d.c > UINT64_MAX) h = mix(h, (uint64_t)(d.c >> 64));
  return mix(h, (uint64_t)(d.q * 2 + d.neg));
}

static uint64_t hash_all(const Val *v, size_t n, uint64_t h) {
  for (size_t i = 0; i < n; i++) h = mix(h, val_hash(v[i]));
  return mix(h, n);
}

static uint64_t hash_context(const ValContext *c, uint64_t h) {
  for (size_t i = 0; i < c->n; i++) h = mix(mix(h, str_hash(c->entry[i].key)), val_hash(c->entry[i].val));
  return mix(h, c->n);
}

uint64_t val_hash(Val v) {
  uint64_t h = (uint64_t)rank_of(v);
  switch ((ValType)v.t) {
  case V_NUM:
  case V_BIG:
  case V_REAL: return hash_num(v, h);
  case V_SECS: return hash_num(secs_num(v), h);
  case V_BOOL:
  case V_DATE:
  case V_MONTHS:
  case V_WINDOW: return mix(h, (uint64_t)v.u.i);
  case V_TEXT: return mix(h, str_hash(val_str(v)));
  case V_TIME:
  case V_DATETIME: {
    const ValClock *c = v.u.p;
    int64_t at = c->offset == VAL_NO_ZONE ? 0 : c->offset;
    uint64_t s = (uint64_t)(c->days * 86400 - at) + (uint64_t)(c->nanos / 1000000000);
    return mix(mix(h, s), (uint64_t)(c->nanos % 1000000000));
  }
  case V_LIST: return hash_all(v.u.v, v.n, h);
  case V_RANGE: return mix(hash_all(v.u.v, 2, h), (uint64_t)v.e);
  case V_CONTEXT: return hash_context(v.u.p, h);
  case V_ROW: return mix(mix(h, v.n), (uint64_t)v.u.i);
  case V_NULL:
  case V_NEVER:
  case V_FUNC: return h;
  }
  return h;
}
