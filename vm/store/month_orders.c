/* Orders with lines in several months: counts of orders add up over months but for these. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "store/month.h"

typedef struct Keys { uint64_t *key; size_t n, at; } Keys; /* of one month, ascending */

static bool read_keys(void *ctx, Str bytes, Err *e) {
  (void)e;
  Keys *k = ctx;
  k->n = bytes.n / 8;
  k->key = mem_alloc((k->n + 1) * sizeof *k->key);
  if (k->n) memcpy(k->key, bytes.p, k->n * sizeof *k->key);
  for (size_t i = 0; i < k->n; i++) k->key[i] = le64toh(k->key[i]);
  return true;
}

typedef struct Hit { uint64_t key; uint32_t month, slice; } Hit;
static int by_key(const void *x, const void *y) {
  const Hit *a = x, *b = y;
  if (a->key != b->key) return a->key < b->key ? -1 : 1;
  return a->month < b->month ? -1 : a->month > b->month;
}

typedef struct Hits { Hit *hit; size_t n, cap; } Hits;

/* Keys whose leading bits are `slice`, of all months: those that come twice. A table of a slice stays in cache. */
static void slice_hits(Keys *keys, size_t n, uint32_t slice, int bits, Hit *slot, size_t mask, Hits *out) {
  for (size_t i = 0; i < n; i++)
    for (Keys *k = &keys[i]; k->at < k->n && (bits == 0 || k->key[k->at] >> (64 - bits) == slice); k->at++) {
      uint64_t key = k->key[k->at];
      size_t at = (key ^ key >> 20) & mask;
      while (slot[at].slice == slice && slot[at].key != key) at = (at + 1) & mask;
      const Hit hit = {key, (uint32_t)i, slice};
      if (slot[at].slice != slice) {
        slot[at] = hit;
        continue;
      }
      mem_grow(out->hit, out->cap, out->n + 2);
      out->hit[out->n++] = slot[at];
      out->hit[out->n++] = hit;
    }
}

static void find_hits(Keys *keys, size_t n, Hits *out) {
  enum { SLICE = 1024 };
  size_t total = 0;
  int bits = 0;
  for (size_t i = 0; i < n; i++) total += keys[i].n;
  while (total >> bits > SLICE) bits++;
  size_t mask = 2 * SLICE - 1; /* a slice is as full as chance has it: twice the mean is far out of reach */
  while (mask < total >> bits) mask = mask * 2 + 1;
  Hit *slot = mem_alloc((mask + 1) * sizeof *slot);
  memset(slot, 0xFF, (mask + 1) * sizeof *slot); /* of no slice */
  for (uint32_t s = 0; s < UINT32_C(1) << bits; s++) slice_hits(keys, n, s, bits, slot, mask, out);
  mem_free(slot);
  if (out->n) qsort(out->hit, out->n, sizeof *out->hit, by_key);
  size_t k = 0;
  for (size_t i = 0; i < out->n; i++)
    if (!k || by_key(&out->hit[k - 1], &out->hit[i]) != 0) out->hit[k++] = out->hit[i];
  out->n = k;
}

typedef struct Owner { Months *m; const Keys *keys; const Hits *hits; uint32_t month; int64_t *who; size_t n; bool ok; } Owner;

static bool read_who(void *ctx, Str bytes, Err *e) {
  (void)e;
  Owner *o = ctx;
  o->ok = who_count(bytes, &o->n);
  o->who = mem_alloc((o->n + 1) * sizeof *o->who);
  o->ok = o->ok && who_decode(bytes, o->who);
  return true;
}

static bool read_owners(void *ctx, Str bytes, Err *e) {
  (void)e;
  Owner *o = ctx;
  const Keys *k = &o->keys[o->month];
  Vector v = {.v = mem_alloc((k->n + 1) * sizeof *v.v), .null = mem_alloc(k->n + 1)};
  uint8_t *null = v.null;
  o->ok = o->ok && vector_decode(bytes, k->n, &v);
  for (size_t i = 0, at = 0; o->ok && i < o->hits->n; i++) {
    if (o->hits->hit[i].month != o->month) continue;
    while (at < k->n && k->key[at] < o->hits->hit[i].key) at++;
    o->ok = at < k->n && v.v[at] >= 0 && (size_t)v.v[at] < o->n;
    if (o->ok) o->m->span[i].account = o->who[v.v[at]];
  }
  mem_free(v.v);
  mem_free(null);
  return true;
}

static bool find_owners(Months *m, FactMonths *f, const Keys *keys, const Hits *hits, Err *e) {
  m->span = mem_resize(m->span, hits->n + 1, sizeof *m->span);
  m->nspan = hits->n;
  uint8_t *has = mem_zalloc(f->n + 1, 1);
  for (size_t i = 0; i < hits->n; i++) {
    m->span[i] = (OrderSpan){hits->hit[i].key, 0, f->low + (int)hits->hit[i].month};
    has[hits->hit[i].month] = 1;
  }
  bool ok = true;
  for (uint32_t i = 0; ok && i < f->n; i++) {
    if (!has[i]) continue;
    Owner o = {m, keys, hits, i, NULL, 0, false};
    int month = f->low + (int)i;
    ok = months_bytes(m, f, month, PART_WHO, read_who, &o, e) && months_bytes(m, f, month, PART_KEY_WHO, read_owners, &o, e);
    if (ok && !o.ok) ok = err_set(e, ERR_FAIL, "%s is damaged: the orders of %d; pareto rebuild builds them anew", m->s->path, month_number(month));
    mem_free(o.who);
  }
  mem_free(has);
  return ok;
}

static bool find_spans(Months *m, FactMonths *f, Err *e) {
  Keys *keys = mem_zalloc(f->n + 1, sizeof *keys);
  Hits hits = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < f->n; i++) ok = months_bytes(m, f, f->low + (int)i, PART_KEYS, read_keys, &keys[i], e);
  if (ok) find_hits(keys, f->n, &hits);
  ok = ok && stop_check(e) && find_owners(m, f, keys, &hits, e);
  for (size_t i = 0; i < f->n; i++) mem_free(keys[i].key);
  mem_free(keys);
  mem_free(hits.hit);
  m->spans_known = m->spans_unsaved = m->unsaved = ok;
  return ok;
}

static bool read_spans(void *ctx, Str bytes, Err *e) {
  Months *m = ctx;
  m->nspan = bytes.n / 24;
  m->span = mem_resize(m->span, m->nspan + 1, sizeof *m->span);
  for (size_t i = 0; i < m->nspan; i++) {
    const char *p = bytes.p + i * 24;
    m->span[i] = (OrderSpan){get_u64(p, 8), (int64_t)get_u64(p + 8, 8), month_of_number((int)get_u64(p + 16, 8))};
  }
  (void)e;
  return true;
}

/* The list in the file holds when no month was built or marked since. */
static bool list_holds(Months *m, const FactMonths *f, bool *holds, Err *e) {
  *holds = !m->from_rows;
  for (size_t i = 0; i < f->n; i++) *holds &= f->month[i].ready && !f->month[i].built;
  for (size_t i = 0; i < m->nstale; i++) *holds &= m->stale[i] / 1000000 != f->fact->table->number;
  if (!*holds) return true;
  Arena a = {0};
  Val v;
  const Val id = val_int(fact_month_id(f->fact, 0));
  bool ok = store_value(m->s, "SELECT rows FROM month_fact WHERE id = ?1", &id, 1, &a, &v, e);
  *holds = ok && v.t != V_NULL;
  arena_free(&a);
  return ok;
}

bool months_spans(Months *m, FactMonths *f, Err *e) {
  bool holds;
  if (m->spans_known) return true;
  if (!list_holds(m, f, &holds, e)) return false;
  if (holds) {
    sqlite3_stmt *q = sql_prepare(m->s, "SELECT data FROM month_column WHERE id = ?1", e);
    if (!q) return false;
    bool row = false, ok = sql_bind(m->s, q, 1, val_int(fact_month_id(f->fact, 0) * 100), e) && sql_step(m->s, q, &row, e);
    const char *p = row ? sqlite3_column_blob(q, 0) : NULL;
    if (ok) ok = read_spans(m, (Str){p ? p : "", row ? (size_t)sqlite3_column_bytes(q, 0) : 0}, e);
    sql_done(m->s, q);
    m->spans_known = ok;
    return ok;
  }
  if (!f->n) {
    m->spans_known = true;
    return true;
  }
  if (!months_ready(m, f, f->low, f->low + (int)f->n - 1, false, e) || !find_spans(m, f, e)) return false;
  return !m->s->writing || m->from_rows || months_save(m, e);
}
