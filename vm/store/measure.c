/* Histories: rows with an account, a day and a figure, aggregated over windows by reading the rows. Order lines
 * of a window are one range of ids, in the order of their days. */
#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/orders.h"
#include "store/tally.h"

typedef struct Source {
  const char *table, *day, *value, *where; /* table NULL ends a list; value and where are SQL over a row */
} Source;

struct Measure {
  const char *name;
  Unit unit;
  bool flow;
  bool distinct;         /* rows of one order count once */
  bool since_orders;     /* known from the first order on: nothing on record is 0 */
  const char *about;
  Source source[4];
};

#define LINES(value) {"orders", "day", value, NULL}
#define SERVICE(sign) {"activity", "day", sign "cost", "cost IS NOT NULL"}, {"visit", "day", sign "cost", "cost IS NOT NULL"}

static const Measure measure[] = {
    {"orders", UNIT_NONE, true, true, false, "orders placed; lines of one order count once", {LINES("1")}},
    {"quantity", UNIT_NONE, true, false, false, "quantity of order lines", {LINES("quantity")}},
    {"revenue", UNIT_MONEY, true, false, false, "revenue of order lines", {LINES("revenue")}},
    {"cost", UNIT_MONEY, true, false, false, "cost of goods of order lines", {LINES("cost")}},
    {"profit", UNIT_MONEY, true, false, true, "revenue less cost less cost to serve",
     {LINES("revenue - cost"), SERVICE("-")}},
    {"cost_to_serve", UNIT_MONEY, true, false, true, "costs on record for activities and visits", {SERVICE("")}},
    {"visits", UNIT_NONE, true, false, false, "visits made (status done, or none given)",
     {{"visit", "day", "1", "coalesce(status, 'done') = 'done'"}}},
    {"activities", UNIT_NONE, true, false, false, "activities", {{"activity", "day", "1", NULL}}},
    {"complaints", UNIT_NONE, true, false, false, "complaints received", {{"complaint", "opened", "1", NULL}}},
    {"surveys", UNIT_NONE, false, false, false, "satisfaction scores", {{"survey", "day", "score", NULL}}},
};
enum { NMEASURE = sizeof measure / sizeof *measure, REVENUE = 2, COST = 3, PROFIT = 4 };

const Measure *measure_at(size_t i) { return i < NMEASURE ? &measure[i] : NULL; }

void measure_describe(const Measure *m, HostField *out) {
  *out = (HostField){.name = str_of(m->name), .kind = HOST_MEASURE, .flow = m->flow, .about = m->about,
                     .type = {.kind = T_SERIES, .unit = m->unit}};
}

static bool is_lines(const Source *src) { return strcmp(src->table, "orders") == 0; }

/* --- reading rows -------------------------------------------------------- */

/* account, day (yyyymmdd), value … of the rows of one source or, by day, of all of them. ?1 ?2 bound order
 * lines by id, ?3 ?4 other rows by day. */
static void select_source(const Source *src, Buf *sql) {
  if (is_lines(src))
    buf_printf(sql, "SELECT account, day AS d, %s AS v, order_no, id FROM orders WHERE id >= ?1 AND id < ?2",
               src->value);
  else
    buf_printf(sql, "SELECT account, CAST(replace(%s, '-', '') AS INTEGER) AS d, %s AS v, NULL AS order_no, id "
                    "FROM %s WHERE %s >= ?3 AND %s < ?4", src->day, src->value, src->table, src->day, src->day);
  if (src->where) buf_printf(sql, " AND %s", src->where);
}

typedef struct Rows {    /* a statement over [from, to) */
  Store *s;
  sqlite3_stmt *q;
  int64_t yyyymmdd;      /* of the last row, and the same as a Day */
  Day day;
} Rows;

static bool rows_open(Rows *r, Store *s, const char *sql, Day from, Day to, Err *e) {
  *r = (Rows){.s = s, .q = sql_prepare(s, sql, e)};
  if (!r->q) return false;
  int bound = sqlite3_bind_parameter_count(r->q);
  Day low = from == DAY_NONE ? day_of(1, 1, 1) : from;
  const Val v[] = {val_int(orders_first_id(low)), val_int(orders_first_id(to)), val_date(low), val_date(to)};
  bool ok = true;
  for (int i = 0; ok && i < bound && i < 4; i++) ok = sql_bind(s, r->q, i + 1, v[i], e);
  return ok;
}

static bool rows_next(Rows *r, bool *row, Err *e) {
  if (!sql_step(r->s, r->q, row, e)) return false;
  if (!*row) return true;
  int64_t d = sqlite3_column_int64(r->q, 1);
  if (d != r->yyyymmdd) {
    r->yyyymmdd = d;
    r->day = orders_day_of(d);
  }
  return true;
}

static bool rows_value(const Rows *r, const Measure *m, int col, int minor, Arena *a, Val *out, Err *e) {
  if (view_value(r->q, col, m->unit == UNIT_MONEY ? COL_MONEY : COL_NUM, minor, a, out)) return true;
  return err_set(e, ERR_FAIL, "%s, row %lld: the figure for %s is no number", m->source[0].table,
                 (long long)sqlite3_column_int64(r->q, 4), m->name);
}

/* An order without a number is the account's order of that day. */
static bool rows_new_order(const Rows *r, OrderSet *set, uint32_t account) {
  char day[16] = {1};
  Str no = val_str(sql_raw(r->q, 3));
  if (sqlite3_column_type(r->q, 3) == SQLITE_NULL) {
    memcpy(day + 1, &r->day, sizeof r->day);
    no = (Str){day, 1 + sizeof r->day};
  }
  return orderset_add(set, account, no);
}

/* --- kept scans ---------------------------------------------------------- */

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
typedef struct Span { bool read, any; Day first, last; } Span;
struct Known {
  int64_t version;       /* of the data */
  Arena arena;
  IdMap map;             /* account ids */
  Scan *scan;
  Span span[NMEASURE];
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
    if (scan->kind != TALLY_RANGE) ok = rows_value(&r, m, 2, s->minor, &scan->arena, &v, e);
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
    select_source(src, &sql);
    if (by_day && src[1].table) {
      buf_puts(&sql, " UNION ALL ");
      continue;
    }
    if (by_day && sql.p) buf_puts(&sql, src == scan->m->source && is_lines(src) ? " ORDER BY id" : " ORDER BY d, id");
    ok = scan_sql(s, k, scan, sql.p, e);
    buf_clear(&sql);
  }
  buf_free(&sql);
  return ok;
}

/* Revenue, cost and profit are asked for together: one reading of the lines gives the sums of all three. */
static bool scan_money(Store *s, struct Known *k, Day from, Day to, Err *e) {
  Scan *scan[3];
  for (int i = 0; i < 3; i++) scan[i] = scan_new(k, &measure[REVENUE + i], TALLY_SUM, from, to);
  Rows r;
  bool row = true;
  bool ok = rows_open(&r, s, "SELECT account, day, revenue, cost FROM orders WHERE id >= ?1 AND id < ?2", from, to, e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    uint32_t at = idmap_at(&k->map, sqlite3_column_int64(r.q, 0));
    if (at == IDMAP_NONE) continue;
    const int64_t revenue = sqlite3_column_int64(r.q, 2), cost = sqlite3_column_int64(r.q, 3);
    const bool has[] = {revenue || sqlite3_column_type(r.q, 2) != SQLITE_NULL, cost || sqlite3_column_type(r.q, 3) != SQLITE_NULL};
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
  if (ok) ok = scan_sources(s, k, scan[2], &measure[PROFIT].source[1], e);
  for (int i = 0; i < 3; i++) {
    if (ok) scan_keep(k, scan[i]);
    else scan_free(scan[i]);
  }
  return ok;
}

static const Scan *scan_of(Store *s, struct Known *k, const Measure *m, TallyKind kind, Day from, Day to, Err *e) {
  const Scan *kept = scan_kept(k, m, kind, from, to);
  if (!kept && kind == TALLY_RANGE && !m->distinct) kept = scan_kept(k, m, TALLY_SUM, from, to); /* knows the days too */
  if (kept) return kept;
  if (!stop_check(e)) return NULL;
  if (kind == TALLY_SUM && m >= &measure[REVENUE] && m <= &measure[PROFIT])
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

static int minor_of(const Store *s, const Measure *m) { return m->unit == UNIT_MONEY ? s->minor : 0; }

bool view_series(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, const int64_t *id, size_t n,
                 Arena *a, Val *out, Err *e) {
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
    out[i] = val_copy(tally_value(t, agg, m->flow, minor_of(h->s, m)), a);
  }
  return true;
}

/* --- steps --------------------------------------------------------------- */

typedef struct Steps {
  Store *s;
  const Measure *m;
  Agg agg;
  const Day *edge;
  size_t nstep;
  IdMap map;
  Arena *a;
  Val *out;
} Steps;
enum { SOME = 1 };       /* in Val.flags while adding up: a row was there; a null that has it stays null */

static void step_add(const Steps *t, Val *cell, Val v) {
  bool some = cell->flags & SOME;
  if (t->agg == AGG_COUNT) {
    *cell = val_int(some ? cell->u.i + 1 : 1);
  } else if (!some) {
    *cell = v;
  } else if (cell->t == V_NULL || v.t == V_NULL) {
    *cell = val_null();
  } else {
    *cell = num_add(*cell, v, t->a);
  }
  cell->flags = SOME;
}

static bool step_source(const Steps *t, const Source *src, Err *e) {
  Buf sql = {0};
  OrderSet orders = {0};
  select_source(src, &sql);
  if (!is_lines(src)) buf_puts(&sql, " ORDER BY d");
  Rows r;
  size_t step = 0;
  bool row = true, ok = rows_open(&r, t->s, sql.p, t->edge[0], t->edge[t->nstep], e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    if (r.day >= t->edge[step + 1]) orderset_clear(&orders); /* an order may reach into the next step */
    while (r.day >= t->edge[step + 1]) step++;
    uint32_t at = idmap_at(&t->map, sqlite3_column_int64(r.q, 0));
    if (at == IDMAP_NONE || (t->m->distinct && !rows_new_order(&r, &orders, at))) continue;
    Val v = val_null();
    if (t->agg == AGG_SUM) ok = rows_value(&r, t->m, 2, t->s->minor, t->a, &v, e);
    for (; ok && at != IDMAP_NONE; at = idmap_next(&t->map, at)) step_add(t, &t->out[at * t->nstep + step], v);
  }
  sql_done(t->s, r.q);
  orderset_clear(&orders);
  buf_free(&sql);
  return ok;
}

bool view_steps(void *ctx, int entity, const HostField *f, Agg agg, const Day *edge, size_t nstep, const int64_t *id,
                size_t n, Arena *a, Val *out, Err *e) {
  (void)entity;
  Host *h = ctx;
  Arena own = {0};
  Steps t = {.s = h->s, .m = field_of(f)->measure, .agg = agg, .edge = edge, .nstep = nstep, .a = a, .out = out};
  idmap_build(&t.map, id, n, &own);
  memset(out, 0, n * nstep * sizeof *out);
  bool ok = nstep == 0 || stop_check(e);
  for (const Source *src = t.m->source; ok && nstep && src->table; src++) ok = step_source(&t, src, e);
  int minor = agg == AGG_SUM ? minor_of(h->s, t.m) : 0;
  for (size_t i = 0; i < n * nstep; i++) {
    if (!(out[i].flags & SOME) && t.m->flow) out[i] = val_dec(0, -minor);
    out[i].flags = 0;
  }
  arena_free(&own);
  return ok;
}

/* --- the days a measure is known for ------------------------------------- */

static bool span_source(Store *s, const Source *src, Span *span, Err *e) {
  static const char *const ends[] = {"min", "max"};
  Arena a = {0};
  Day day[2] = {0};
  bool ok = true, any = true;
  for (int i = 0; ok && any && i < 2; i++) {
    Val v;
    const char *sql = is_lines(src)
                          ? arena_printf(&a, "SELECT %s(id) FROM orders", ends[i])
                          : arena_printf(&a, "SELECT %s(%s) FROM %s WHERE %s", ends[i], src->day, src->table,
                                         src->where ? src->where : "true");
    ok = store_value(s, sql, NULL, 0, &a, &v, e);
    any = ok && v.t != V_NULL;
    if (any && v.t == V_NUM) day[i] = orders_day_of(v.u.i / ORDERS_A_DAY);
    else if (any) any = day_parse(val_str(v), &day[i]);
  }
  if (ok && any) {
    if (!span->any || day[0] < span->first) span->first = day[0];
    if (!span->any || day[1] > span->last) span->last = day[1];
    span->any = true;
  }
  arena_free(&a);
  return ok;
}

static bool span_read(Store *s, const Measure *m, Span *span, Err *e) {
  static const Source lines = LINES("1");
  bool ok = true;
  if (m->since_orders) ok = span_source(s, &lines, span, e);
  Day first = span->first;
  bool orders = span->any;
  for (const Source *src = m->source; ok && src->table; src++) ok = span_source(s, src, span, e);
  if (orders) span->first = first;
  span->read = ok;
  return ok;
}

bool view_span(void *ctx, int entity, const HostField *f, Day *first, Day *last) {
  (void)entity;
  Host *h = ctx;
  Err ignored = {0}; /* the figures that follow come from the same rows and say what is wrong */
  const Measure *m = field_of(f)->measure;
  struct Known *k = known(h->s, &ignored);
  Span *span = k ? &k->span[m - measure] : NULL;
  bool ok = span && (span->read || span_read(h->s, m, span, &ignored)) && span->any;
  if (ok) *first = span->first, *last = span->last;
  err_free(&ignored);
  return ok;
}
