#include "store/month_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

typedef struct Extreme { int64_t v[FIG_PARTS]; uint8_t null_first, null_last; } Extreme;

typedef struct Cell {            /* one account */
  int64_t account;
  int64_t sum[MONTH_FIGURES];
  uint32_t days, rows, orders;
  uint8_t some, null;            /* bits of figures: one was there, one was unknown */
} Cell;

struct Month {
  int figures;
  bool has_orders, extremes;
  int e[MONTH_FIGURES];
  bool wide[MONTH_FIGURES + 1];  /* the last: revenue less cost */
  bool wide_sum[MONTH_FIGURES];
  Cell *cell;
  Extreme (*extreme)[MONTH_FIGURES + 1];
  size_t n, cap, cap_extreme;
  uint32_t *near;                /* place + 1 of accounts with a small id */
  size_t nnear;
  uint32_t *far;                 /* the others, open addressing */
  size_t nfar, far_mask;
  struct Placed { uint64_t key; uint32_t at; } *key;
  size_t nkey, capkey;
  uint64_t last_key;
  int64_t rows;
};
enum { NEAR = 1 << 22 };

Month *month_new(int figures, bool orders, bool extremes) {
  Month *m = mem_zalloc(1, sizeof *m);
  m->figures = figures;
  m->has_orders = orders;
  m->extremes = extremes;
  return m;
}

void month_free(Month *m) {
  if (!m) return;
  mem_free(m->cell);
  mem_free(m->extreme);
  mem_free(m->near);
  mem_free(m->far);
  mem_free(m->key);
  mem_free(m);
}

size_t month_bytes(const Month *m) {
  return m->cap * sizeof *m->cell + m->cap_extreme * sizeof *m->extreme + m->nnear * sizeof *m->near +
         m->far_mask * sizeof *m->far + m->capkey * sizeof *m->key;
}

/* --- places of accounts ---------------------------------------------------- */

static uint32_t add_cell(Month *m, int64_t account) {
  mem_grow(m->cell, m->cap, m->n + 1);
  m->cell[m->n] = (Cell){.account = account};
  if (m->extremes) {
    mem_grow(m->extreme, m->cap_extreme, m->n + 1);
    memset(&m->extreme[m->n], 0, sizeof *m->extreme);
  }
  return (uint32_t)m->n++;
}

static size_t far_slot(const Month *m, int64_t account) {
  size_t i = ((uint64_t)account * UINT64_C(0x9E3779B97F4A7C15) >> 20) & m->far_mask;
  while (m->far[i] && m->cell[m->far[i] - 1].account != account) i = (i + 1) & m->far_mask;
  return i;
}

static uint32_t far_place(Month *m, int64_t account) {
  if (m->nfar * 2 >= m->far_mask) {
    uint32_t *old = m->far;
    size_t n = old ? m->far_mask + 1 : 0;
    m->far_mask = n ? n * 2 - 1 : 1023;
    m->far = mem_zalloc(m->far_mask + 1, sizeof *m->far);
    for (size_t i = 0; i < n; i++)
      if (old[i]) m->far[far_slot(m, m->cell[old[i] - 1].account)] = old[i];
    mem_free(old);
  }
  size_t slot = far_slot(m, account);
  if (!m->far[slot]) {
    m->far[slot] = add_cell(m, account) + 1;
    m->nfar++;
  }
  return m->far[slot] - 1;
}

static uint32_t place(Month *m, int64_t account) {
  if (account < 0 || account >= NEAR) return far_place(m, account);
  if ((size_t)account >= m->nnear) {
    size_t n = (size_t)account + 1 > m->nnear * 2 ? (size_t)account + 1 : m->nnear * 2;
    m->near = mem_resize(m->near, n, sizeof *m->near);
    memset(m->near + m->nnear, 0, (n - m->nnear) * sizeof *m->near);
    m->nnear = n;
  }
  uint32_t at = m->near[account];
  if (at) return at - 1;
  at = add_cell(m, account);
  m->near[account] = at + 1;
  return at;
}

void month_soon(const Month *m, int64_t next, int64_t later) {
  enum { FEW = 1 << 15 };
  if (m->nnear < FEW) return;
  if ((uint64_t)later < m->nnear) __builtin_prefetch(&m->near[later]);
  if ((uint64_t)next < m->nnear && m->near[next]) __builtin_prefetch(&m->cell[m->near[next] - 1]);
}

/* --- figures ----------------------------------------------------------------- */

static bool times_ten(int64_t *v, int times) {
  while (times-- > 0)
    if (__builtin_mul_overflow(*v, 10, v)) return false;
  return true;
}

/* More decimals than any figure before: all of them get as many. */
static void finer(Month *m, int f, int e) {
  int by = m->e[f] - e;
  m->e[f] = e;
  for (size_t i = 0; i < m->n; i++) {
    if (!times_ten(&m->cell[i].sum[f], by)) m->wide_sum[f] = true;
    for (int k = FIG_MIN; m->extremes && k < FIG_PARTS; k++)
      if (!times_ten(&m->extreme[i][f].v[k], by)) m->wide[f] = true;
  }
}

static void add_extremes(Extreme *x, bool first, bool null, int64_t v) {
  if (first) {
    x->v[FIG_FIRST] = null ? 0 : v;
    x->null_first = null;
  }
  x->v[FIG_LAST] = null ? 0 : v;
  x->null_last = null;
  if (null) return;
  bool some = x->v[FIG_SUM]; /* there is no sum here: the place says whether there was a figure */
  if (!some || v < x->v[FIG_MIN]) x->v[FIG_MIN] = v;
  if (!some || v > x->v[FIG_MAX]) x->v[FIG_MAX] = v;
  x->v[FIG_SUM] = 1;
}

/* A figure as v × 10^e of its column; false when it is wide. */
static bool scaled(Month *m, int f, Val in, int64_t *v) {
  enum { DECIMALS = 9 };
  if (m->wide[f]) return false;
  *v = in.u.i;
  if (in.t == V_NUM && in.e == m->e[f]) return true;
  in = in.t == V_NUM ? num_norm(in) : in;
  *v = in.u.i;
  if (in.t != V_NUM || in.e < -DECIMALS) return false;
  if (in.e < m->e[f]) finer(m, f, in.e);
  return !m->wide[f] && times_ten(v, in.e - m->e[f]);
}

static void add_figure(Month *m, uint32_t at, int f, Val in, bool first, int64_t *v) {
  Cell *c = &m->cell[at];
  bool null = in.t == V_NULL;
  if (null) {
    c->null = (uint8_t)(c->null | 1u << f);
  } else if (!scaled(m, f, in, v)) {
    m->wide[f] = true;
  } else {
    c->some = (uint8_t)(c->some | 1u << f);
    if (__builtin_add_overflow(c->sum[f], *v, &c->sum[f])) m->wide_sum[f] = true;
  }
  if (m->extremes && !m->wide[f]) add_extremes(&m->extreme[at][f], first, null, *v);
}

/* Of order lines, revenue less cost, which are whole minor units. */
static void add_profit(Month *m, uint32_t at, const Val *in, bool first, const int64_t *v) {
  bool null = in[1].t == V_NULL || in[2].t == V_NULL;
  int64_t profit = 0;
  if (!null && (m->wide[1] || m->wide[2] || m->e[1] != m->e[2] || __builtin_sub_overflow(v[1], v[2], &profit)))
    m->wide[MONTH_FIGURES] = true;
  else add_extremes(&m->extreme[at][MONTH_FIGURES], first, null, profit);
}

void month_add(Month *m, int64_t account, int day, const Val *figure, uint64_t key) {
  uint32_t at = place(m, account);
  Cell *c = &m->cell[at];
  bool first = c->rows == 0;
  c->rows++;
  c->days |= 1u << (day - 1);
  m->rows++;
  int64_t v[MONTH_FIGURES] = {0};
  for (int f = 0; f < m->figures; f++) add_figure(m, at, f, figure[f], first, &v[f]);
  if (m->extremes && m->has_orders) add_profit(m, at, figure, first, v);
  if (!m->has_orders || (m->nkey && m->last_key == key)) return;
  m->last_key = key;
  mem_grow(m->key, m->capkey, m->nkey + 1);
  m->key[m->nkey++] = (struct Placed){key, at};
}

/* --- sealing ------------------------------------------------------------------- */

/* By key, eleven bits at a time; what is left in order after that many digits is in order but for rare ties of
 * the leading digits, which an insertion mends. */
static void sort_keys(Month *m) {
  enum { BITS = 11, RADIX = 1 << BITS };
  size_t n = m->nkey;
  struct Placed *a = m->key, *b = mem_alloc((n + 1) * sizeof *b);
  for (int shift = 64 - 3 * BITS; shift < 64; shift += BITS) {
    size_t count[RADIX] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++) count[a[i].key >> shift & (RADIX - 1)]++;
    for (size_t i = 0; i < RADIX; i++) {
      size_t c = count[i];
      count[i] = sum;
      sum += c;
    }
    for (size_t i = 0; i < n; i++) b[count[a[i].key >> shift & (RADIX - 1)]++] = a[i];
    struct Placed *swap = a;
    a = b, b = swap;
  }
  for (size_t i = 1; i < n; i++) {
    struct Placed x = a[i];
    size_t k = i;
    for (; k && a[k - 1].key > x.key; k--) a[k] = a[k - 1];
    a[k] = x;
  }
  m->key = a;
  mem_free(b);
}

static void count_orders(Month *m) {
  sort_keys(m);
  size_t n = 0;
  for (size_t i = 0; i < m->nkey; i++) {
    if (n && m->key[i].key == m->key[n - 1].key) continue;
    m->cell[m->key[i].at].orders++;
    m->key[n++] = m->key[i];
  }
  m->nkey = n;
}

typedef struct ById { int64_t id; uint32_t at; } ById;
static int by_id(const void *x, const void *y) {
  const ById *a = x, *b = y;
  return a->id < b->id ? -1 : a->id > b->id;
}

/* Places in ascending order of their accounts. */
static uint32_t *ascending(const Month *m) {
  uint32_t *order = mem_alloc((m->n + 1) * sizeof *order);
  size_t k = 0;
  for (size_t i = 0; !m->nfar && i < m->nnear; i++)
    if (m->near[i]) order[k++] = m->near[i] - 1;
  if (!m->nfar) return order;
  ById *id = mem_alloc((m->n + 1) * sizeof *id);
  for (size_t i = 0; i < m->n; i++) id[i] = (ById){m->cell[i].account, (uint32_t)i};
  qsort(id, m->n, sizeof *id, by_id);
  for (size_t i = 0; i < m->n; i++) order[i] = id[i].at;
  mem_free(id);
  return order;
}

typedef struct Seal {
  Month *m;
  const uint32_t *order;
  Vector v;
  Buf bytes;
  PartSink put;
  void *ctx;
} Seal;

static bool give(Seal *s, int part, Err *e) {
  buf_clear(&s->bytes);
  vector_encode(&s->v, &s->bytes);
  return s->put(s->ctx, part, buf_view(&s->bytes), e);
}

static bool seal_keys(Seal *s, Err *e) {
  Month *m = s->m;
  uint32_t *rank = mem_alloc((m->n + 1) * sizeof *rank);
  for (size_t i = 0; i < m->n; i++) rank[s->order[i]] = (uint32_t)i;
  Vector who = {.n = m->nkey, .v = mem_alloc((m->nkey + 1) * sizeof *who.v)};
  buf_clear(&s->bytes);
  for (size_t i = 0; i < m->nkey; i++) {
    put_u64(&s->bytes, m->key[i].key, 8);
    who.v[i] = rank[m->key[i].at];
  }
  bool ok = s->put(s->ctx, PART_KEYS, buf_view(&s->bytes), e);
  buf_clear(&s->bytes);
  vector_encode(&who, &s->bytes);
  ok = ok && s->put(s->ctx, PART_KEY_WHO, buf_view(&s->bytes), e);
  mem_free(rank);
  mem_free(who.v);
  return ok;
}

static bool seal_counts(Seal *s, Err *e) {
  Month *m = s->m;
  s->v.e = 0;
  memset(s->v.null, 0, m->n);
  for (size_t i = 0; i < m->n; i++) s->v.v[i] = m->cell[s->order[i]].rows;
  if (!give(s, PART_ROWS, e)) return false;
  for (size_t i = 0; i < m->n; i++) s->v.v[i] = m->cell[s->order[i]].days;
  if (!give(s, PART_DAYS, e)) return false;
  if (!m->has_orders) return true;
  for (size_t i = 0; i < m->n; i++) s->v.v[i] = m->cell[s->order[i]].orders;
  return give(s, PART_ORDERS, e) && seal_keys(s, e);
}

static bool seal_sum(Seal *s, int f, Err *e) {
  Month *m = s->m;
  s->v.e = m->e[f];
  s->v.wide = m->wide[f] || m->wide_sum[f];
  for (size_t i = 0; i < m->n; i++) {
    const Cell *c = &m->cell[s->order[i]];
    s->v.v[i] = c->sum[f];
    s->v.null[i] = c->null >> f & 1;
  }
  bool ok = give(s, part_of(f, FIG_SUM), e);
  s->v.wide = false;
  return ok;
}

static bool unknown(const Month *m, uint32_t at, int f, int what) {
  const Extreme *x = &m->extreme[at][f];
  if (what == FIG_FIRST) return x->null_first;
  if (what == FIG_LAST) return x->null_last;
  uint8_t null = m->cell[at].null;
  return f == MONTH_FIGURES ? null >> 1 & 3 : null >> f & 1;
}

static bool seal_extremes(Seal *s, int f, Err *e) {
  Month *m = s->m;
  bool ok = true;
  s->v.e = m->e[f == MONTH_FIGURES ? 1 : f];
  s->v.wide = m->wide[f];
  for (int what = FIG_MIN; ok && what < FIG_PARTS; what++) {
    for (size_t i = 0; i < m->n; i++) {
      s->v.v[i] = m->extreme[s->order[i]][f].v[what];
      s->v.null[i] = unknown(m, s->order[i], f, what);
    }
    ok = give(s, part_of(f, what), e);
  }
  s->v.wide = false;
  return ok;
}

bool month_seal(Month *m, MonthSummary *sum, PartSink put, void *ctx, Err *e) {
  if (m->has_orders) count_orders(m);
  uint32_t *order = ascending(m), days = 0;
  int64_t *id = mem_alloc((m->n + 1) * sizeof *id);
  for (size_t i = 0; i < m->n; i++) {
    id[i] = m->cell[order[i]].account;
    days |= m->cell[i].days;
  }
  *sum = (MonthSummary){.rows = m->rows, .accounts = m->n};
  if (days) sum->first_day = __builtin_ctz(days) + 1, sum->last_day = 32 - __builtin_clz(days);
  Seal s = {m, order, {.n = m->n, .v = mem_alloc((m->n + 1) * sizeof(int64_t)), .null = mem_zalloc(m->n + 1, 1)},
            {0}, put, ctx};
  who_encode(id, m->n, &s.bytes);
  bool ok = put(ctx, PART_WHO, buf_view(&s.bytes), e) && seal_counts(&s, e);
  for (int f = 0; ok && f < m->figures; f++) ok = seal_sum(&s, f, e);
  for (int f = 0; ok && m->extremes && f < m->figures; f++) ok = seal_extremes(&s, f, e);
  if (ok && m->extremes && m->has_orders) ok = seal_extremes(&s, MONTH_FIGURES, e);
  buf_free(&s.bytes);
  mem_free(s.v.v);
  mem_free(s.v.null);
  mem_free(id);
  mem_free(order);
  return ok;
}
