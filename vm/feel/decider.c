#include "feel/decider.h"

#include "base/dec.h"
#include "feel/parts.h"

#include <string.h>

enum { NO_CLASS = UINT16_MAX, LUT_MOST = 8192, DIGITS = 18 };

static inline int64_t power(int k) { return (int64_t)dec_tens[k]; }

typedef struct Word { /* a text that cells name */
  uint64_t key;
  Str text;
  uint16_t class;
} Word;

typedef struct Input {
  enum { BY_ORDER, BY_TEXT, BY_TRUTH } by;
  uint16_t null, never, other; /* classes, or NO_CLASS */
  uint16_t truth[2];
  /* BY_ORDER: below[i] is the class below point i and at[i] its own; below[npoint] is above all */
  Day asof;
  size_t npoint;
  const Val *point;
  uint16_t *below, *at;
  uint8_t type;       /* of values on the fast path */
  int8_t e;           /* … scaled to this exponent */
  bool scaled;
  int64_t *scale;     /* points as integers × 10^e */
  uint16_t *lut;      /* of x - low, and what lies between it and the next; or NULL */
  int64_t low, high;  /* one below the first point, one above the last */
  /* BY_TEXT */
  Word *slot;
  uint64_t factor;
  unsigned shift;
  size_t nclass;
  uint64_t *set;      /* by class: words of hit, words of maybe */
} Input;

struct Decider {
  Arena arena;
  size_t ncol, words, nrow;
  Input *col;
  uint32_t *row;      /* grid row by place */
};

/* --- a value's class ------------------------------------------------------ */

/* x × 10^e as an integer at the column's scale, rounded down; *exact when nothing was cut. Out of range
 * values keep their side. */
static inline int64_t scaled(int64_t x, int e, int to, bool *exact) {
  int up = e - to;
  *exact = true;
  if (__builtin_expect(up == 0, 1)) return x;
  if (up > 0) {
    int64_t r;
    if (up <= DIGITS && !__builtin_mul_overflow(x, power(up), &r)) return r;
    return x > 0 ? INT64_MAX : x < 0 ? INT64_MIN : 0;
  }
  if (-up > DIGITS) {
    *exact = x == 0;
    return x < 0 ? -1 : 0;
  }
  int64_t q = x / power(-up), rest = x % power(-up);
  *exact = rest == 0;
  return rest < 0 ? q - 1 : q;
}

static uint16_t search_scaled(const Input *c, int64_t x, bool exact) {
  size_t lo = 0, hi = c->npoint; /* the first point >= x */
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (c->scale[mid] < x) lo = mid + 1;
    else hi = mid;
  }
  if (lo < c->npoint && c->scale[lo] == x) return exact ? c->at[lo] : c->below[lo + 1];
  return c->below[lo];
}

static uint16_t search_any(const Input *c, Val v) {
  for (size_t lo = 0, hi = c->npoint;;) {
    if (lo == hi) return c->below[lo];
    size_t mid = lo + (hi - lo) / 2;
    int order;
    if (!value_order(c->point[mid], v, c->asof, &order)) return NO_CLASS;
    if (order == 0) return c->at[mid];
    if (order < 0) lo = mid + 1;
    else hi = mid;
  }
}

/* Without a branch: where values lie is not to be foretold. */
static inline uint16_t lut_class(const Input *c, int64_t x, bool exact) {
  x = x < c->low ? c->low : x;
  x = x > c->high ? c->high : x;
  return c->lut[2 * (x - c->low) + !exact];
}

static __attribute__((noinline)) uint16_t order_rare(const Input *c, Val v) {
  if (v.t == V_NULL) return c->null;
  if (v.t == V_NEVER) return c->never;
  return search_any(c, v);
}

static inline uint16_t order_class(const Input *c, Val v) {
  if (__builtin_expect(v.t != c->type || !c->scaled, 0)) return order_rare(c, v);
  bool exact;
  int64_t x = scaled(v.u.i, v.e, c->e, &exact);
  return c->lut ? lut_class(c, x, exact) : search_scaled(c, x, exact);
}

/* Up to eight bytes and the length tell short texts apart; of longer ones both ends count. */
static inline uint64_t text_key(const char *p, size_t n) {
  uint64_t key = 0;
  if (n - 1 < 4) {
    key = (uint64_t)(uint8_t)p[0] | (uint64_t)(uint8_t)p[n / 4] << 8 | (uint64_t)(uint8_t)p[n / 2] << 16 |
          (uint64_t)(uint8_t)p[n - 1] << 24;
  } else if (n >= 8) {
    uint64_t end;
    memcpy(&key, p, 8);
    memcpy(&end, p + n - 8, 8);
    if (n > 8) key ^= end * UINT64_C(0xD6E8FEB86659FD93);
  } else if (n) {
    uint32_t a, b;
    memcpy(&a, p, 4);
    memcpy(&b, p + n - 4, 4);
    key = (uint64_t)b << 32 | a;
  }
  return key ^ (uint64_t)n << 56;
}

static inline uint16_t text_class(const Input *c, Val v) {
  if (__builtin_expect(v.t != V_TEXT, 0)) return v.t == V_NULL ? c->null : NO_CLASS;
  uint64_t key = text_key(v.u.s, v.n);
  const Word *w = &c->slot[key * c->factor >> c->shift];
  bool same = w->key == key && w->text.n == v.n && (v.n <= 8 || memcmp(w->text.p, v.u.s, v.n) == 0);
  return same ? w->class : c->other;
}

static uint16_t truth_class(const Input *c, Val v) {
  return v.t == V_BOOL ? c->truth[v.u.i != 0] : v.t == V_NULL ? c->null : NO_CLASS;
}

/* --- the sets -------------------------------------------------------------- */

enum { BATCH = 512 };

static inline uint16_t class_of(const Input *c, Val v) {
  return c->by == BY_ORDER ? order_class(c, v) : c->by == BY_TEXT ? text_class(c, v) : truth_class(c, v);
}

/* Of one word: value, class and sets in one go. Returns whether some value has no class. */
static inline bool narrow(const Input *c, const Val *v, size_t step, size_t n, uint64_t *hit, uint64_t *maybe,
                          uint16_t (*class)(const Input *, Val)) {
  bool none = false;
  for (size_t i = 0; i < n; i++) {
    uint16_t k = class(c, v[i * step]);
    none |= k == NO_CLASS;
    k = k == NO_CLASS ? 0 : k;
    hit[i] &= c->set[2 * (size_t)k];
    maybe[i] &= c->set[2 * (size_t)k + 1];
  }
  return none;
}

static inline uint16_t lut_value(const Input *c, Val v) {
  int up = v.e - c->e;
  int64_t x;
  if (__builtin_expect(v.t != c->type || (unsigned)up > DIGITS || __builtin_mul_overflow(v.u.i, power(up), &x), 0))
    return order_class(c, v);
  return lut_class(c, x, true);
}

static bool narrow_one(const Input *c, Vec in, size_t from, size_t n, uint64_t *hit, uint64_t *maybe) {
  const Val *v = in.v + from * in.step;
  if (c->by == BY_TEXT) return narrow(c, v, in.step, n, hit, maybe, text_class);
  if (c->by == BY_ORDER && c->lut) return narrow(c, v, in.step, n, hit, maybe, lut_value);
  return narrow(c, v, in.step, n, hit, maybe, class_of);
}

static bool narrow_many(const Input *c, Vec in, size_t from, size_t n, size_t words, uint64_t *hit, uint64_t *maybe) {
  const Val *v = in.v + from * in.step;
  for (size_t i = 0; i < n; i++, hit += words, maybe += words) {
    uint16_t k = class_of(c, v[i * in.step]);
    if (k == NO_CLASS) return true;
    const uint64_t *set = c->set + 2 * (size_t)k * words;
    for (size_t w = 0; w < words; w++) hit[w] &= set[w], maybe[w] &= set[words + w];
  }
  return false;
}

bool decider_sets(const Decider *d, const Vec *in, size_t n, uint64_t *hit, uint64_t *maybe) {
  size_t words = d->words;
  uint64_t last = d->nrow % 64 ? (UINT64_C(1) << d->nrow % 64) - 1 : ~UINT64_C(0);
  for (size_t i = 0; i < n * words; i++) hit[i] = maybe[i] = i % words + 1 == words ? last : ~UINT64_C(0);
  for (size_t from = 0; from < n; from += BATCH) {
    size_t m = n - from < BATCH ? n - from : BATCH;
    uint64_t *h = hit + from * words, *p = maybe + from * words;
    for (size_t k = 0; k < d->ncol; k++)
      if (words == 1 ? narrow_one(&d->col[k], in[k], from, m, h, p)
                     : narrow_many(&d->col[k], in[k], from, m, words, h, p))
        return false;
  }
  return true;
}

size_t decider_words(const Decider *d) { return d->words; }
size_t decider_row(const Decider *d, size_t place) { return d->row[place]; }

/* --- compiling -------------------------------------------------------------- */

/* Each part gets a class; parts that all rows treat alike share one. */
static bool make_sets(Decider *d, const Parts *p, Input *c, uint16_t *class) {
  size_t words = d->words;
  c->set = arena_alloc(&d->arena, (p->n + 1) * 2 * words * sizeof *c->set);
  for (size_t i = 0; i < p->n; i++) {
    uint64_t *set = c->set + c->nclass * 2 * words;
    memset(set, 0, 2 * words * sizeof *set);
    for (size_t r = 0; r < d->nrow; r++) {
      uint8_t says = p->says[d->row[r] * p->n + i];
      if (says == SAYS_HIT) set[r / 64] |= UINT64_C(1) << r % 64;
      if (says != SAYS_MISS) set[words + r / 64] |= UINT64_C(1) << r % 64;
    }
    size_t k = 0;
    while (k < c->nclass && memcmp(c->set + k * 2 * words, set, 2 * words * sizeof *set) != 0) k++;
    if (k == c->nclass && ++c->nclass == NO_CLASS) return false;
    class[i] = (uint16_t)k;
  }
  return true;
}

/* Values tend to have a digit or two more than the points: they are then scaled up, never down. */
static void finer(Input *c) {
  if (c->type != V_NUM) return;
  for (int more = 0; more < 2; more++) {
    int64_t last = c->scale[c->npoint - 1], first = c->scale[0];
    if ((last - first) * 10 > LUT_MOST / 2 - 3 || c->e <= -DIGITS || last > INT64_MAX / 20 || first < INT64_MIN / 20) return;
    for (size_t i = 0; i < c->npoint; i++) c->scale[i] *= 10;
    c->e--;
  }
}

static bool scale_points(Decider *d, Input *c) {
  if (!c->npoint) return false;
  c->type = c->point[0].t;
  c->e = c->type == V_NUM ? DIGITS : 0;
  for (size_t i = 0; i < c->npoint; i++) {
    Val v = num_norm(c->point[i]);
    if (c->point[i].t != c->type || (c->type != V_NUM && c->point[i].e != 0)) return false;
    if (c->type == V_NUM && v.e < c->e) c->e = v.e;
  }
  if (c->type != V_NUM && c->type != V_DATE && c->type != V_SECS && c->type != V_MONTHS) return false;
  c->scale = arena_alloc(&d->arena, c->npoint * sizeof *c->scale);
  for (size_t i = 0; i < c->npoint; i++) {
    bool exact;
    c->scale[i] = scaled(c->point[i].u.i, c->point[i].e, c->e, &exact);
    if (!exact || c->scale[i] > INT64_MAX / 2 || c->scale[i] < INT64_MIN / 2) return false;
  }
  return true;
}

static void make_lut(Decider *d, Input *c) {
  int64_t span = c->scaled ? c->scale[c->npoint - 1] - c->scale[0] : LUT_MOST;
  if (span > LUT_MOST / 2 - 3) return;
  c->low = c->scale[0] - 1;
  c->high = c->scale[c->npoint - 1] + 1;
  c->lut = arena_alloc(&d->arena, 2 * (size_t)(span + 3) * sizeof *c->lut);
  for (int64_t x = c->low; x <= c->high; x++)
    for (int part = 0; part < 2; part++) c->lut[2 * (x - c->low) + part] = search_scaled(c, x, part == 0);
}

static void order_column(Decider *d, const Parts *p, Input *c, const uint16_t *class) {
  c->by = BY_ORDER;
  c->npoint = p->npoint;
  Val *point = arena_alloc(&d->arena, (p->npoint + 1) * sizeof *point);
  for (size_t i = 0; i < p->npoint; i++) point[i] = val_copy(p->point[i], &d->arena);
  c->point = point;
  c->at = arena_alloc(&d->arena, (p->npoint + 1) * sizeof *c->at);
  c->below = arena_alloc(&d->arena, (p->npoint + 1) * sizeof *c->below);
  for (size_t i = 0; i <= p->npoint; i++) c->at[i] = c->below[i] = NO_CLASS;
  for (size_t k = 0, i = 0; k < p->n; k++) {
    const Part *x = &p->part[k];
    int order;
    if (x->kind != PART_POINT && x->kind != PART_BETWEEN) continue;
    const Val *low = &x->low;
    while (i < p->npoint && low->t && value_order(p->point[i], *low, c->asof, &order) && order < 0) i++;
    if (x->kind == PART_POINT) c->at[i] = class[k];
    else c->below[low->t ? i + 1 : 0] = class[k];
  }
  c->scaled = scale_points(d, c);
  if (c->scaled) finer(c);
  make_lut(d, c);
}

/* A factor that gives every word a slot of its own. */
static bool text_column(Decider *d, const Parts *p, Input *c, const uint16_t *class) {
  c->by = BY_TEXT;
  unsigned bits = 2;
  while ((UINT64_C(1) << bits) < 2 * p->n) bits++;
  for (int tries = 0; tries < 64 && bits < 16; tries++) {
    uint64_t factor = (UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(2 * tries + 1)) | 1;
    if (tries % 8 == 7) bits++;
    c->slot = arena_zalloc(&d->arena, UINT64_C(1) << bits, sizeof *c->slot);
    for (uint64_t i = 0; i < UINT64_C(1) << bits; i++) c->slot[i].text.n = SIZE_MAX;
    bool fits = true;
    for (size_t i = 0; i < p->n && fits; i++) {
      if (p->part[i].kind != PART_VALUE) continue;
      Str text = val_str(p->part[i].low);
      Word *w = &c->slot[text_key(text.p, text.n) * factor >> (64 - bits)];
      fits = w->text.n == SIZE_MAX;
      *w = (Word){text_key(text.p, text.n), {arena_strndup(&d->arena, text.p, text.n), text.n}, class[i]};
    }
    c->factor = factor;
    c->shift = 64 - bits;
    if (fits) return true;
  }
  return false;
}

static bool compile(Decider *d, const Parts *p, const Type *type, Input *c) {
  uint16_t *class = arena_alloc(&d->arena, (p->n + 1) * sizeof *class);
  if (p->some_opaque || !make_sets(d, p, c, class)) return false;
  c->null = c->never = c->other = c->truth[0] = c->truth[1] = NO_CLASS;
  for (size_t i = 0; i < p->n; i++) {
    const Part *x = &p->part[i];
    if (x->kind == PART_NULL) c->null = class[i];
    if (x->kind == PART_NEVER) c->never = class[i];
    if (x->kind == PART_OTHER) c->other = class[i];
    if (x->kind == PART_VALUE && x->low.t == V_BOOL) c->truth[x->low.u.i != 0] = class[i];
  }
  if (parts_ordered(*type)) order_column(d, p, c, class);
  else if (type->kind == T_TEXT) return text_column(d, p, c, class);
  else if (type->kind == T_BOOL) c->by = BY_TRUTH;
  else return false;
  return true;
}

Decider *decider_new(Eval *ev, const Table *t, Day asof) {
  Decider *d = mem_zalloc(1, sizeof *d);
  Arena work = {0};
  bool ok = true;
  d->ncol = t->info.nin;
  d->row = arena_alloc(&d->arena, (t->grid.nrow + 1) * sizeof *d->row);
  for (size_t row = 0; row < t->grid.nrow; row++)
    if (t->number[row] > 0) d->row[d->nrow++] = (uint32_t)row;
  d->words = d->nrow ? (d->nrow + 63) / 64 : 1;
  d->col = arena_zalloc(&d->arena, d->ncol, sizeof *d->col);
  for (size_t k = 0; k < d->ncol && ok; k++) {
    Parts p;
    parts_of(ev, t, k, asof, &work, &p);
    d->col[k].asof = asof;
    ok = compile(d, &p, &t->in[k].type, &d->col[k]);
  }
  arena_free(&work);
  if (ok && d->nrow) return d;
  decider_free(d);
  return NULL;
}

void decider_free(Decider *d) {
  if (!d) return;
  arena_free(&d->arena);
  mem_free(d);
}
