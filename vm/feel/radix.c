#include "feel/radix.h"

#include "base/halves.h"

#include <string.h>

typedef struct Placed { uint64_t key; uint32_t at; } Placed;
enum { DIGIT = 11, VALUES = 1 << DIGIT };

/* By the digits in which some keys differ, the lowest first. */
static Placed *by_each(Placed *a, Placed *b, size_t n, uint64_t differ) {
  for (int shift = 0; shift < 64 && differ >> shift; shift += DIGIT) {
    if (!(differ >> shift & (VALUES - 1))) continue;
    size_t start[VALUES] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++) start[a[i].key >> shift & (VALUES - 1)]++;
    for (size_t d = 0; d < VALUES; d++) {
      size_t count = start[d];
      start[d] = sum;
      sum += count;
    }
    for (size_t i = 0; i < n; i++) b[start[a[i].key >> shift & (VALUES - 1)]++] = a[i];
    Placed *swap = a;
    a = b, b = swap;
  }
  return a;
}

typedef struct Sides { /* keys of one are all below those of the other */
  Placed *from, *room;
  size_t n, cut;
  uint64_t differ;
} Sides;

static void one_side(void *ctx, int half, size_t from, size_t to) {
  const Sides *s = ctx;
  (void)half;
  for (size_t side = from; side < to; side++) {
    size_t at = side ? s->cut : 0, n = side ? s->n - s->cut : s->cut;
    const Placed *sorted = by_each(s->from + at, s->room + at, n, s->differ);
    if (sorted != s->room + at) memcpy(s->room + at, sorted, n * sizeof *sorted);
  }
}

/* Where the first digits that differ part the keys most evenly: how many are below, and below which digits. */
static size_t middle(const Placed *a, size_t n, int shift, uint64_t *below) {
  size_t count[VALUES] = {0}, cut = 0;
  for (size_t i = 0; i < n; i++) count[a[i].key >> shift & (VALUES - 1)]++;
  for (*below = 0; *below < VALUES && cut < n / 2; ++*below) cut += count[*below];
  return cut;
}

/* Long lists are parted in two, which are sorted at once. */
static Placed *by_digits(Placed *a, Placed *b, size_t n, uint64_t differ) {
  enum { LONG = 1 << 14 };
  const int bits = differ ? 64 - __builtin_clzll(differ) : 0, shift = bits > DIGIT ? bits - DIGIT : 0;
  uint64_t below;
  if (n < LONG || !shift) return by_each(a, b, n, differ);
  Sides s = {.from = b, .room = a, .n = n, .differ = differ, .cut = middle(a, n, shift, &below)};
  size_t low = 0, high = s.cut;
  for (size_t i = 0; i < n; i++) b[(a[i].key >> shift & (VALUES - 1)) < below ? low++ : high++] = a[i];
  in_halves(2, 2, 1, one_side, &s);
  return a;
}

static bool scaled(Val v, int e, int64_t *out) {
  *out = v.u.i;
  if (v.u.i == 0) return true;
  for (; e < v.e; e++)
    if (__builtin_mul_overflow(*out, 10, out)) return false;
  return true;
}

static bool common_exponent(const Val *x, const uint32_t *at, size_t n, int *e) {
  *e = n ? x[at[0]].e : 0;
  for (size_t i = 0; i < n; i++) {
    if (x[at[i]].t != V_NUM) return false;
    if (x[at[i]].e < *e) *e = x[at[i]].e;
  }
  return true;
}

bool radix_order(const Val *x, bool descending, uint32_t *at, size_t n) {
  int e;
  if (!common_exponent(x, at, n, &e)) return false;
  if (n < 2) return true;
  Placed *a = mem_alloc(2 * n * sizeof *a);
  uint64_t differ = 0;
  bool ok = true;
  for (size_t i = 0; i < n && ok; i++) {
    int64_t v;
    ok = scaled(x[at[i]], e, &v);
    uint64_t key = (uint64_t)v ^ UINT64_C(1) << 63;
    a[i] = (Placed){descending ? ~key : key, at[i]};
    differ |= a[i].key ^ a[0].key;
  }
  const Placed *sorted = ok ? by_digits(a, a + n, n, differ) : a;
  for (size_t i = 0; ok && i < n; i++) at[i] = sorted[i].at;
  mem_free(a);
  return ok;
}

/* Those that have a figure in front, or behind the others when `behind`; in their order. Returns how many have one. */
static size_t part(const PlainVec *x, bool behind, uint32_t *at, size_t n) {
  uint32_t *rest = mem_alloc((n + 1) * sizeof *rest);
  size_t known = 0, other = 0;
  for (size_t i = 0; i < n; i++) {
    if (plain_has(x, at[i])) at[known++] = at[i];
    else rest[other++] = at[i];
  }
  if (behind) memmove(at + other, at, known * sizeof *at);
  if (other) memcpy(behind ? at : at + known, rest, other * sizeof *at);
  mem_free(rest);
  return known;
}

bool radix_plain(const PlainVec *x, bool descending, uint32_t *at, size_t n) {
  if (x->like.t == V_REAL) return false;
  size_t known = x->has && x->none.t == V_NEVER ? part(x, descending, at, n) : n;
  if (descending) at += n - known;
  if (known < 2) return true;
  Placed *a = mem_alloc(2 * known * sizeof *a);
  uint64_t differ = 0;
  for (size_t i = 0; i < known; i++) {
    uint64_t key = (uint64_t)x->i[at[i] * x->step] ^ UINT64_C(1) << 63;
    a[i] = (Placed){descending ? ~key : key, at[i]};
    differ |= a[i].key ^ a[0].key;
  }
  const Placed *sorted = by_digits(a, a + known, known, differ);
  for (size_t i = 0; i < known; i++) at[i] = sorted[i].at;
  mem_free(a);
  return true;
}
