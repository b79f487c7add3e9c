/* Figures over windows, for all accounts at once, kept until the data changes. */
#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/window.h"

typedef struct KeptSpan { struct KeptSpan *next; const Measure *m; Span span; } KeptSpan;
struct Known {
  int64_t version;       /* of the data */
  Arena arena;
  IdMap map;             /* account ids */
  Months months;
  Scan *scan;
  KeptSpan *span;
};
enum { KEPT_BYTES = 64 << 20, KEPT_LEAST = 3 };

Months *known_months(Known *k) { return &k->months; }

void measure_forget(Store *s) {
  struct Known *k = s->known;
  if (!k) return;
  while (k->scan) {
    Scan *next = k->scan->next;
    scan_free(k->scan);
    k->scan = next;
  }
  months_close(&k->months);
  arena_free(&k->arena);
  mem_free(k);
  s->known = NULL;
}

static bool read_accounts(Store *s, struct Known *k, Err *e) {
  const int64_t *id = NULL;
  size_t n = 0;
  int account = catalog_entity(STR("account"))->number;
  if (!view_all(s->host, account, 0, &k->arena, &id, &n, e)) return false;
  idmap_build(&k->map, id, n, &k->arena);
  return true;
}

/* What is kept, emptied when the data has changed since. */
Known *known_of(Store *s, Err *e) {
  int64_t version;
  if (!view_data_version(s, &version, e)) return NULL;
  if (s->known && s->known->version == version) return s->known;
  measure_forget(s);
  s->known = mem_zalloc(1, sizeof *s->known);
  s->known->version = version;
  if (read_accounts(s, s->known, e) && months_open(&s->known->months, s, &s->known->map, e)) return s->known;
  measure_forget(s);
  return NULL;
}

static void scan_keep(struct Known *k, Scan *scan) {
  scan->next = k->scan;
  k->scan = scan;
  size_t bytes = 0, count = 0;
  for (Scan **at = &k->scan; *at;) {
    bytes += (*at)->n * ((*at)->tally ? sizeof(Tally) : (*at)->rows ? sizeof(uint32_t) : sizeof(int64_t) + 1) + (*at)->arena.total;
    if (++count > KEPT_LEAST && bytes > KEPT_BYTES) {
      Scan *old = *at;
      *at = old->next;
      scan_free(old);
    } else {
      at = &(*at)->next;
    }
  }
}

static const Scan *scan_kept(const struct Known *k, const Measure *m, TallyKind kind, Day from, Day to) {
  for (const Scan *s = k->scan; s; s = s->next)
    if (s->m == m && s->from == from && s->to == to && (s->kind == kind || (kind == TALLY_LATEST && s->kind == TALLY_RANGE)))
      return s;
  return NULL;
}

/* Revenue, cost and profit are asked for together: where rows have to be read, one reading gives all three. */
static bool together(Known *k, const Measure *m, TallyKind kind, Day from, Day to, bool *all, Err *e) {
  *all = false;
  bool money = m == measure_at(MEASURE_REVENUE) || m == measure_at(MEASURE_COST) || m == measure_at(MEASURE_PROFIT);
  if (kind != TALLY_SUM || !money) return true;
  return window_has_edges(&k->months, m, from, to, all, e);
}

static const Scan *scan_of(struct Known *k, const Measure *m, TallyKind kind, Day from, Day to, Err *e) {
  const Scan *kept = scan_kept(k, m, kind, from, to);
  bool all;
  if (kept) return kept;
  if (!stop_check(e) || !together(k, m, kind, from, to, &all, e)) return NULL;
  Scan *scan[3];
  size_t n = all ? 3 : 1;
  for (size_t i = 0; i < n; i++)
    scan[i] = scan_new(k->map.n, all ? measure_at(MEASURE_REVENUE + i) : m, kind, from, to);
  bool ok = window_fill(&k->months, scan, n, e);
  for (size_t i = 0; i < n; i++) {
    if (ok) scan_keep(k, scan[i]);
    else scan_free(scan[i]);
  }
  return ok ? scan_kept(k, m, kind, from, to) : NULL;
}

static TallyKind kind_of(const Measure *m, Agg agg) {
  switch (agg) {
    case AGG_SUM: return measure_counts(m) ? TALLY_COUNT : TALLY_SUM;
    case AGG_COUNT: return TALLY_COUNT;
    case AGG_MIN: return TALLY_MIN;
    case AGG_MAX: return TALLY_MAX;
    case AGG_FIRST: return TALLY_FIRST;
    case AGG_LAST: return TALLY_LAST;
    case AGG_DAYS: return TALLY_DAYS;
    case AGG_FIRST_DAY: return TALLY_RANGE;
    case AGG_LAST_DAY: return TALLY_LATEST;
  }
  return TALLY_RANGE;
}

/* What a tally says, in one form whatever columns it came from. */
static Val figure(const Tally *t, const Measure *m, Agg agg, int minor, Arena *a) {
  if (agg == AGG_SUM && measure_counts(m)) agg = AGG_COUNT;
  Val v = tally_value(t, agg, m->flow, minor);
  if (v.t == V_NUM && v.e != 0 && m->unit != UNIT_MONEY) return num_norm(v);
  return v.t == V_BIG ? val_copy(v, a) : v;
}

bool view_series(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, const int64_t *id,
                 size_t n, Arena *a, Val *out, Err *e) {
  (void)entity;
  Host *h = ctx;
  const Measure *m = field_of(f)->measure;
  struct Known *k = known_of(h->s, e);
  const Scan *scan = k ? scan_of(k, m, kind_of(m, agg), from, to, e) : NULL;
  if (!scan) return false;
  int minor = measure_minor(h->s, m);
  for (size_t i = 0; i < n; i++) {
    uint32_t at = idmap_at(&k->map, id[i]);
    const Tally t = scan_at(scan, at);
    out[i] = figure(&t, m, agg, minor, a);
  }
  return true;
}

/* --- as plain columns ------------------------------------------------------------ */

/* Where each of the ids stands in the scan; NULL: they are all its accounts, in their order. */
static const uint32_t *places_of(const IdMap *map, const int64_t *id, size_t n, Arena *a) {
  if (n == map->n && (!n || memcmp(id, map->id, n * sizeof *id) == 0)) return NULL;
  uint32_t *at = arena_alloc(a, (n + 1) * sizeof *at);
  for (size_t i = 0; i < n; i++) at[i] = idmap_at(map, id[i]);
  return at;
}

#define PICK(type, from)                                                                \
  do {                                                                                  \
    const type *x = from;                                                               \
    for (size_t i = 0; i < n; i++) {                                                    \
      uint32_t k = at ? at[i] : (uint32_t)i;                                            \
      v[i] = k == IDMAP_NONE ? 0 : x[k];                                                \
    }                                                                                   \
  } while (0)

/* What a scan that has no tallies says; rows without any are 0 where `flow` has it so. */
static PlainVec column_of(const Scan *s, Agg agg, bool flow, int minor, const uint32_t *at, size_t n, Arena *a) {
  int64_t *v = arena_alloc(a, (n + 1) * sizeof *v);
  PlainVec out = {.like = val_int(0), .i = v, .step = 1};
  if (s->rows) PICK(uint32_t, s->rows);
  else if (s->sum && !at && n) memcpy(v, s->sum, n * sizeof *v);
  else if (s->sum) PICK(int64_t, s->sum);
  else if (agg == AGG_FIRST_DAY) PICK(Day, s->first);
  else PICK(Day, s->last);
  if (s->sum) out.like = val_dec(0, s->any ? s->e : -minor);
  if (s->first) out.like = val_date(0);
  if (flow && !s->first) return out;
  uint8_t *has = arena_alloc(a, n + 1);
  size_t known = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t k = at ? at[i] : (uint32_t)i;
    known += has[i] = k != IDMAP_NONE && (s->rows ? s->rows[k] != 0 : s->some[k]);
  }
  if (known < n) out.has = has;
  return out;
}

bool view_plain(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, bool again, const int64_t *id,
                size_t n, Arena *a, PlainVec *out, Err *e) {
  (void)entity;
  Host *h = ctx;
  const Measure *m = field_of(f)->measure;
  const TallyKind kind = kind_of(m, agg);
  *out = (PlainVec){0};
  if (kind != TALLY_SUM && kind != TALLY_COUNT && kind < TALLY_RANGE) return true;
  struct Known *k = known_of(h->s, e);
  if (!k) return false;
  Scan *own = NULL;
  const Scan *scan = again ? scan_of(k, m, kind, from, to, e) : scan_kept(k, m, kind, from, to);
  if (!scan && again) return false;
  if (!scan) {
    scan = own = scan_new(k->map.n, m, kind, from, to);
    if (!stop_check(e) || !window_fill(&k->months, &own, 1, e)) {
      scan_free(own);
      return false;
    }
  }
  if (!scan->tally)
    *out = column_of(scan, agg, m->flow, measure_minor(h->s, m), places_of(&k->map, id, n, a), n, a);
  if (own) scan_free(own);
  return true;
}

bool view_span(void *ctx, int entity, const HostField *f, Day *first, Day *last) {
  (void)entity;
  Host *h = ctx;
  Err ignored = {0}; /* the figures that follow come from the same rows and say what is wrong */
  const Measure *m = field_of(f)->measure;
  struct Known *k = known_of(h->s, &ignored);
  KeptSpan *kept = k ? k->span : NULL;
  while (kept && kept->m != m) kept = kept->next;
  Span span = {0};
  if (k && !kept && measure_span(h->s, m, &span, &ignored)) {
    kept = arena_alloc(&k->arena, sizeof *kept);
    *kept = (KeptSpan){k->span, m, span};
    k->span = kept;
  }
  bool any = kept && kept->span.any;
  if (any) *first = kept->span.first, *last = kept->span.last;
  err_free(&ignored);
  return any;
}
