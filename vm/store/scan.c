/* Figures over windows, for all accounts at once, kept until the data changes. */
#include "base/num.h"
#include "base/stop.h"
#include "store/measure.h"

/* What one reading of the rows gave for every account, by the account's place in `Known.map`. */
typedef struct Scan {
  struct Scan *next;     /* most recent first */
  const Measure *m;
  TallyKind kind;
  Day from, to;
  size_t n;
  Tally *tally;
  Arena arena;           /* big sums */
} Scan;
struct Known {
  int64_t version;       /* of the data */
  Arena arena;
  IdMap map;             /* account ids */
  Scan *scan;
  Span span[MEASURES];
};
enum { KEPT_BYTES = 64 << 20, KEPT_LEAST = 3 };

static void scan_free(Scan *s) {
  arena_free(&s->arena);
  mem_free(s->tally);
  mem_free(s);
}

void measure_forget(Store *s) {
  struct Known *k = s->known;
  if (!k) return;
  while (k->scan) {
    Scan *next = k->scan->next;
    scan_free(k->scan);
    k->scan = next;
  }
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

/* The kept scans, emptied when the data has changed since. */
static struct Known *known(Store *s, Err *e) {
  int64_t version;
  if (!view_data_version(s, &version, e)) return NULL;
  if (s->known && s->known->version == version) return s->known;
  measure_forget(s);
  s->known = mem_zalloc(1, sizeof *s->known);
  s->known->version = version;
  if (read_accounts(s, s->known, e)) return s->known;
  measure_forget(s);
  return NULL;
}

static Scan *scan_new(const struct Known *k, const Measure *m, TallyKind kind, Day from, Day to) {
  Scan *scan = mem_zalloc(1, sizeof *scan);
  *scan = (Scan){.m = m, .kind = kind, .from = from, .to = to, .n = k->map.n};
  scan->tally = mem_zalloc(scan->n, sizeof *scan->tally);
  return scan;
}

static void scan_keep(struct Known *k, Scan *scan) {
  scan->next = k->scan;
  k->scan = scan;
  size_t bytes = 0, count = 0;
  for (Scan **at = &k->scan; *at;) {
    bytes += (*at)->n * sizeof(Tally) + (*at)->arena.total;
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
    if (s->m == m && s->kind == kind && s->from == from && s->to == to) return s;
  return NULL;
}

static bool scan_sql(Store *s, const struct Known *k, Scan *scan, const char *sql, Err *e) {
  const Measure *m = scan->m;
  OrderSet orders = {0};
  Rows r;
  bool row = true, ok = rows_open(&r, s, sql, scan->from, scan->to, e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    uint32_t at = idmap_at(&k->map, sqlite3_column_int64(r.q, 0));
    if (at == IDMAP_NONE) continue;
    if (m->distinct && scan->kind == TALLY_SUM && !rows_new_order(&r, &orders, at)) continue;
    Val v = val_null();
    if (scan->kind != TALLY_RANGE) ok = rows_value(&r, m, &scan->arena, &v, e);
    if (ok) tally_add(&scan->tally[at], scan->kind, v, r.day, &scan->arena);
  }
  sql_done(s, r.q);
  orderset_clear(&orders);
  return ok;
}

/* Sources one after the other, or all by day when the order matters. */
static bool scan_sources(Store *s, const struct Known *k, Scan *scan, const Source *src, Err *e) {
  bool by_day = scan->kind >= TALLY_FIRST && scan->kind <= TALLY_DAYS, ok = true;
  Buf sql = {0};
  for (; ok && src->table; src++) {
    source_sql(src, &sql);
    if (by_day && src[1].table) {
      buf_puts(&sql, " UNION ALL ");
      continue;
    }
    if (by_day && sql.p)
      buf_puts(&sql, src == scan->m->source && source_is_lines(src) ? " ORDER BY id" : " ORDER BY d, id");
    ok = scan_sql(s, k, scan, sql.p, e);
    buf_clear(&sql);
  }
  buf_free(&sql);
  return ok;
}

/* Revenue, cost and profit are asked for together: one reading of the lines gives the sums of all three. */
static bool scan_money(Store *s, struct Known *k, Day from, Day to, Err *e) {
  Scan *scan[3];
  for (int i = 0; i < 3; i++)
    scan[i] = scan_new(k, measure_at(MEASURE_REVENUE + (size_t)i), TALLY_SUM, from, to);
  Rows r;
  bool row = true;
  bool ok = rows_open(&r, s, "SELECT account, day, revenue, cost FROM orders WHERE id >= ?1 AND id < ?2",
                      from, to, e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    uint32_t at = idmap_at(&k->map, sqlite3_column_int64(r.q, 0));
    if (at == IDMAP_NONE) continue;
    const int64_t revenue = sqlite3_column_int64(r.q, 2), cost = sqlite3_column_int64(r.q, 3);
    const bool has[] = {revenue || sqlite3_column_type(r.q, 2) != SQLITE_NULL,
                        cost || sqlite3_column_type(r.q, 3) != SQLITE_NULL};
    int64_t figure[] = {revenue, cost, 0};
    bool small = has[0] && has[1] && !__builtin_sub_overflow(revenue, cost, &figure[2]);
    for (int i = 0; i < 3; i++) {
      Tally *t = &scan[i]->tally[at];
      Arena *a = &scan[i]->arena;
      if (i < 2 ? has[i] : small) tally_sum(t, figure[i], -s->minor, r.day, a);
      else if (i == 2 && has[0] && has[1])
        tally_add(t, TALLY_SUM, num_sub(val_dec(revenue, -s->minor), val_dec(cost, -s->minor), a), r.day, a);
      else tally_add(t, TALLY_SUM, val_null(), r.day, a);
    }
  }
  sql_done(s, r.q);
  if (ok) ok = scan_sources(s, k, scan[2], &measure_at(MEASURE_PROFIT)->source[1], e);
  for (int i = 0; i < 3; i++) {
    if (ok) scan_keep(k, scan[i]);
    else scan_free(scan[i]);
  }
  return ok;
}

static const Scan *scan_of(Store *s, struct Known *k, const Measure *m, TallyKind kind, Day from, Day to,
                           Err *e) {
  const Scan *kept = scan_kept(k, m, kind, from, to);
  if (!kept && kind == TALLY_RANGE && !m->distinct)
    kept = scan_kept(k, m, TALLY_SUM, from, to); /* knows the days too */
  if (kept) return kept;
  if (!stop_check(e)) return NULL;
  if (kind == TALLY_SUM && m >= measure_at(MEASURE_REVENUE) && m <= measure_at(MEASURE_PROFIT))
    return scan_money(s, k, from, to, e) ? scan_kept(k, m, kind, from, to) : NULL;
  Scan *scan = scan_new(k, m, kind, from, to);
  if (!scan_sources(s, k, scan, m->source, e)) {
    scan_free(scan);
    return NULL;
  }
  scan_keep(k, scan);
  return scan;
}

static TallyKind kind_of(Agg agg) {
  switch (agg) {
    case AGG_MIN: return TALLY_MIN;
    case AGG_MAX: return TALLY_MAX;
    case AGG_FIRST: return TALLY_FIRST;
    case AGG_LAST: return TALLY_LAST;
    case AGG_DAYS: return TALLY_DAYS;
    case AGG_SUM:
    case AGG_COUNT: break;
    case AGG_FIRST_DAY:
    case AGG_LAST_DAY: return TALLY_RANGE;
  }
  return TALLY_SUM;
}

bool view_series(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, const int64_t *id,
                 size_t n, Arena *a, Val *out, Err *e) {
  (void)entity;
  Host *h = ctx;
  const Measure *m = field_of(f)->measure;
  struct Known *k = known(h->s, e);
  const Scan *scan = k ? scan_of(h->s, k, m, kind_of(agg), from, to, e) : NULL;
  if (!scan) return false;
  static const Tally none;
  for (size_t i = 0; i < n; i++) {
    uint32_t at = idmap_at(&k->map, id[i]);
    const Tally *t = at == IDMAP_NONE ? &none : &scan->tally[at];
    out[i] = val_copy(tally_value(t, agg, m->flow, measure_minor(h->s, m)), a);
  }
  return true;
}

bool view_span(void *ctx, int entity, const HostField *f, Day *first, Day *last) {
  (void)entity;
  Host *h = ctx;
  Err ignored = {0}; /* the figures that follow come from the same rows and say what is wrong */
  const Measure *m = field_of(f)->measure;
  struct Known *k = known(h->s, &ignored);
  Span *span = k ? &k->span[m - measure_at(0)] : NULL;
  bool ok = span && (span->read || span_read(h->s, m, span, &ignored)) && span->any;
  if (ok) *first = span->first, *last = span->last;
  err_free(&ignored);
  return ok;
}
