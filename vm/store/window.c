#include "store/window.h"

#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/explain.h"
#include "store/latest.h"

Scan *scan_new(size_t accounts, const Measure *m, TallyKind kind, Day from, Day to) {
  Scan *scan = mem_zalloc(1, sizeof *scan);
  *scan = (Scan){.m = m, .kind = kind, .from = from, .to = to, .n = accounts};
  if (kind == TALLY_COUNT) {
    scan->rows = mem_zalloc(scan->n, sizeof *scan->rows);
  } else if (kind == TALLY_SUM) {
    scan->sum = mem_zalloc(scan->n, sizeof *scan->sum);
    scan->some = mem_zalloc(scan->n, 1);
  } else if (kind >= TALLY_RANGE) {
    scan->first = mem_zalloc(scan->n, sizeof *scan->first);
    scan->last = mem_zalloc(scan->n, sizeof *scan->last);
    scan->some = mem_zalloc(scan->n, 1);
  } else {
    scan->tally = mem_zalloc(scan->n, sizeof *scan->tally);
  }
  return scan;
}

/* Sums as values: something came that the plain ones have no room for. */
static void widen(Scan *s) {
  Tally *tally = mem_alloc((s->n ? s->n : 1) * sizeof *tally);
  for (size_t i = 0; i < s->n; i++) tally[i] = scan_at(s, (uint32_t)i);
  s->tally = tally;
  mem_free(s->sum);
  mem_free(s->some);
  s->sum = NULL;
  s->some = NULL;
}

void scan_add(Scan *s, uint32_t at, Val v, Day day) {
  if (s->kind == TALLY_COUNT) {
    s->rows[at]++;
    return;
  }
  if (s->kind >= TALLY_RANGE) {
    if (!s->some[at] || day < s->first[at]) s->first[at] = day;
    if (!s->some[at] || day > s->last[at]) s->last[at] = day;
    s->some[at] = 1;
    return;
  }
  if (!s->tally && v.t == V_NUM && !s->any) {
    s->any = true;
    s->e = v.e;
  }
  int64_t sum;
  if (!s->tally && v.t == V_NUM && v.e == s->e && !__builtin_add_overflow(s->sum[at], v.u.i, &sum)) {
    s->sum[at] = sum;
    s->some[at] = 1;
    return;
  }
  if (!s->tally) widen(s);
  tally_add(&s->tally[at], s->kind, v, day, &s->arena);
}

void scan_free(Scan *s) {
  arena_free(&s->arena);
  mem_free(s->tally);
  mem_free(s->rows);
  mem_free(s->sum);
  mem_free(s->some);
  mem_free(s->first);
  mem_free(s->last);
  mem_free(s);
}

/* --- a window in pieces ------------------------------------------------------- */

typedef struct Piece { /* whole months from columns, or days from rows */
  bool whole;
  int low, high;       /* months, when whole */
  Day from, to;
} Piece;
enum { PIECES = 3 };

typedef struct Window {
  Months *m;
  Scan *const *scan;
  size_t n;
  const Measure *of;
  TallyKind kind;
  Day from, to;
  MeasureUse use;
} Window;

/* Days of the month outside the window have no row. */
static bool covers(const FactMonth *fm, int month, Day from, Day to) {
  if (from <= month_start(month) && to >= month_start(month + 1)) return true;
  return fm->ready && (!fm->rows || (from <= fm->first && fm->last < to));
}

static size_t cut(const FactMonths *f, Day from, Day to, Piece piece[PIECES]) {
  size_t n = 0;
  if (!f->n) return 0;
  Day first = month_start(f->low), end = month_start(f->low + (int)f->n);
  if (from < first) from = first;
  if (to > end) to = end;
  if (from >= to) return 0;
  int low = day_month(from), high = day_month(to - 1);
  bool head = covers(months_at(f, low), low, from, to), tail = covers(months_at(f, high), high, from, to);
  if (!head && low == high) return piece[0] = (Piece){false, 0, 0, from, to}, 1;
  if (!head) piece[n++] = (Piece){false, 0, 0, from, month_start(low + 1)}, low++;
  if (!tail) high--;
  if (low <= high) piece[n++] = (Piece){true, low, high, month_start(low), month_start(high + 1)};
  if (!tail) piece[n++] = (Piece){false, 0, 0, month_start(high + 1), to};
  return n;
}

/* Which of its days have rows is known of a month only once it is ready. */
static bool pieces_of(Months *m, FactMonths *f, Day from, Day to, bool extremes, Piece piece[PIECES], size_t *n, Err *e) {
  int low = day_month(from), high = day_month(to - 1);
  if (from < to && f->n && !months_ready(m, f, low, high, extremes, e)) return false;
  *n = from < to ? cut(f, from, to, piece) : 0;
  return true;
}

bool window_has_edges(Months *m, const Measure *of, Day from, Day to, bool *edges, Err *e) {
  FactMonths *f = months_of(m, of->source[0].fact, e);
  Piece piece[PIECES];
  size_t n;
  *edges = false;
  if (!f || !pieces_of(m, f, from, to, false, piece, &n, e)) return false;
  for (size_t i = 0; i < n; i++) *edges |= !piece[i].whole;
  return true;
}

/* --- days from rows -------------------------------------------------------------- */

static Day clamp(Day d) {
  static Day least;
  if (!least) least = day_of(1, 1, 1);
  return d < least ? least : d;
}

static void note_rows(Window *w, Day from, Day to, int64_t rows) {
  w->use.edge_days += (int)(to - from);
  w->use.edge_rows += rows;
}

static bool rows_into(Window *w, Scan *scan, const char *sql, Day from, Day to, Err *e) {
  Store *s = w->m->s;
  Rows r;
  int64_t count = 0;
  bool row = true, ok = rows_open(&r, s, sql, from, to, e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    count++;
    uint32_t at = idmap_at(w->m->map, sqlite3_column_int64(r.q, 0));
    if (at == IDMAP_NONE) continue;
    Val v = val_null();
    bool figure = scan->kind < TALLY_COUNT;
    if (figure) ok = rows_value(&r, scan->m, &scan->arena, &v, e);
    if (ok) scan_add(scan, at, v, r.day);
  }
  sql_done(s, r.q);
  note_rows(w, clamp(from), to, count);
  return ok;
}

static bool by_day(TallyKind kind) { return kind == TALLY_FIRST || kind == TALLY_LAST || kind == TALLY_DAYS; }

static bool source_rows(Window *w, Scan *scan, const Source *src, Day from, Day to, Err *e) {
  Buf sql = {0};
  source_sql(src, &sql);
  if (by_day(scan->kind)) buf_puts(&sql, fact_is_lines(src->fact) ? " ORDER BY id" : " ORDER BY d, n");
  bool ok = rows_into(w, scan, sql.p, from, to, e);
  buf_free(&sql);
  return ok;
}

/* All sources together, by day: where the order of rows matters and they come from several tables. */
static bool all_rows(Window *w, Scan *scan, Err *e) {
  Buf sql = {0};
  for (const Source *src = scan->m->source; src->fact; src++) {
    if (sql.p) buf_puts(&sql, " UNION ALL ");
    source_sql(src, &sql);
  }
  buf_puts(&sql, " ORDER BY d, n");
  bool ok = rows_into(w, scan, sql.p, w->from, w->to, e);
  buf_free(&sql);
  return ok;
}

/* Revenue, cost and profit from one reading of the lines. */
static bool money_rows(Window *w, Day from, Day to, Err *e) {
  Store *s = w->m->s;
  Rows r;
  int64_t count = 0;
  bool row = true;
  bool ok = rows_open(&r, s, "SELECT account, day, revenue, cost FROM orders WHERE id >= ?1 AND id < ?2", from, to, e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    count++;
    uint32_t at = idmap_at(w->m->map, sqlite3_column_int64(r.q, 0));
    if (at == IDMAP_NONE) continue;
    const int64_t revenue = sqlite3_column_int64(r.q, 2), cost = sqlite3_column_int64(r.q, 3);
    const bool has[] = {revenue || sqlite3_column_type(r.q, 2) != SQLITE_NULL,
                        cost || sqlite3_column_type(r.q, 3) != SQLITE_NULL};
    int64_t figure[] = {revenue, cost, 0};
    bool small = has[0] && has[1] && !__builtin_sub_overflow(revenue, cost, &figure[2]);
    for (int i = 0; i < 3; i++) {
      Scan *scan = w->scan[i];
      if (i < 2 ? has[i] : small) scan_sum(scan, at, figure[i], -s->minor);
      else if (i == 2 && has[0] && has[1])
        scan_add(scan, at, num_sub(val_dec(revenue, -s->minor), val_dec(cost, -s->minor), &scan->arena), r.day);
      else scan_add(scan, at, val_null(), r.day);
    }
  }
  sql_done(s, r.q);
  note_rows(w, from, to, count);
  return ok;
}

/* --- months from columns ------------------------------------------------------------ */

typedef struct Column { Window *w; Scan *scan; FactMonths *f; const Source *src; } Column;

static void add_one(Scan *scan, uint32_t at, Val v) { scan_add(scan, at, v, 0); }

/* Rows are there and say nothing but that: each is worth 1. */
static bool add_presence(const Column *c, int month) {
  const FactMonth *fm = months_at(c->f, month);
  for (size_t i = 0; i < fm->n; i++)
    if (fm->place[i] != IDMAP_NONE) add_one(c->scan, fm->place[i], val_int(1));
  return true;
}

typedef struct Into { /* one column's values on their way into a scan, as they are packed */
  Scan *scan;
  const uint32_t *place;
  bool minus;
  int e;                 /* the exponent they are to have, whatever the column says: of money; else EXPONENT_OWN */
  size_t done;
  uint32_t mask;         /* of days */
  Day start;
} Into;
enum { EXPONENT_OWN = INT8_MAX };

static void count_packed(void *ctx, const Packed *v, size_t n) {
  const Into *t = ctx;
  packed_count(v, n, t->place, t->scan->rows);
}

static void sum_packed(void *ctx, const Packed *v, size_t n) {
  Into *t = ctx;
  Scan *s = t->scan;
  int ex = t->e == EXPONENT_OWN ? v->e : t->e;
  if (s->tally || (s->any && s->e != ex)) return;
  s->any = true;
  s->e = ex;
  t->done = packed_sum(v, n, t->place, t->minus, s->sum, s->some);
}

static void days_packed(void *ctx, const Packed *v, size_t n) {
  const Into *t = ctx;
  packed_days(v, n, t->place, t->mask, t->start, t->scan->first, t->scan->last, t->scan->some);
}

static bool add_counts(const Column *c, int month, Err *e) {
  const FactMonth *fm = months_at(c->f, month);
  int part = c->scan->m->distinct ? PART_ORDERS : PART_ROWS;
  Into into = {.scan = c->scan, .place = fm->place};
  bool packed;
  if (!months_packed(c->w->m, c->f, month, part, count_packed, &into, &packed, e)) return false;
  if (packed) return true;
  Vector v;
  if (!months_vector(c->w->m, c->f, month, part, &v, e)) return false;
  for (size_t i = 0; i < fm->n; i++)
    if (fm->place[i] != IDMAP_NONE) c->scan->rows[fm->place[i]] += (uint32_t)v.v[i];
  return true;
}

/* One column's figures into the tallies; *wide when it has none. */
static bool add_vector(const Column *c, int month, int figure, int what, bool minus, bool *wide, Err *e) {
  const FactMonth *fm = months_at(c->f, month);
  bool money = figure == FIG_PROFIT || (c->f->fact->money >> figure & 1), packed;
  Scan *scan = c->scan;
  Into into = {.scan = scan, .place = fm->place, .minus = minus, .e = money ? -c->w->m->s->minor : EXPONENT_OWN};
  if (scan->kind == TALLY_SUM) {
    if (!months_packed(c->w->m, c->f, month, part_of(figure, what), sum_packed, &into, &packed, e)) return false;
    *wide = false;
    if (packed && into.done == fm->n) return true;
  }
  Vector v;
  if (!months_vector(c->w->m, c->f, month, part_of(figure, what), &v, e)) return false;
  *wide = v.wide;
  if (v.wide) return true;
  int ex = money ? -c->w->m->s->minor : v.e;
  for (size_t i = into.done; i < fm->n; i++) {
    uint32_t at = fm->place[i];
    if (at == IDMAP_NONE) continue;
    if (v.null && v.null[i]) {
      add_one(scan, at, val_null());
    } else if (minus && v.v[i] == INT64_MIN) {
      add_one(scan, at, num_neg(val_dec(v.v[i], ex), &scan->arena));
    } else {
      int64_t x = minus ? -v.v[i] : v.v[i];
      if (scan->kind == TALLY_SUM) scan_sum(scan, at, x, ex);
      else add_one(scan, at, val_dec(x, ex));
    }
  }
  return true;
}

static bool is_wide(const Column *c, int month, int figure, bool *wide, Err *e) {
  Vector v;
  bool ok = months_vector(c->w->m, c->f, month, part_of(figure, FIG_SUM), &v, e);
  *wide |= ok && v.wide;
  return ok;
}

static bool add_profit(const Column *c, int month, bool *wide, Err *e) {
  if (!is_wide(c, month, LINE_REVENUE, wide, e) || !is_wide(c, month, LINE_COST, wide, e)) return false;
  return *wide || (add_vector(c, month, LINE_REVENUE, FIG_SUM, c->src->minus, wide, e) &&
                   add_vector(c, month, LINE_COST, FIG_SUM, !c->src->minus, wide, e));
}

static bool add_month(const Column *c, int month, Err *e) {
  static const int what[] = {[TALLY_SUM] = FIG_SUM, [TALLY_MIN] = FIG_MIN, [TALLY_MAX] = FIG_MAX,
                             [TALLY_FIRST] = FIG_FIRST, [TALLY_LAST] = FIG_LAST};
  bool wide = false, ok, minus = c->src->minus;
  int part = c->scan->kind == TALLY_COUNT ? 0 : what[c->scan->kind];
  if (minus && part == FIG_MIN) part = FIG_MAX;
  else if (minus && part == FIG_MAX) part = FIG_MIN;
  if (!months_places(c->w->m, c->f, month, e)) return false;
  if (c->scan->kind == TALLY_COUNT) return add_counts(c, month, e);
  if (c->src->figure == FIG_ONE) return add_presence(c, month);
  if (c->src->figure == FIG_PROFIT && part == FIG_SUM) ok = add_profit(c, month, &wide, e);
  else ok = add_vector(c, month, c->src->figure, part, minus, &wide, e);
  if (ok && wide) ok = source_rows(c->w, c->scan, c->src, month_start(month), month_start(month + 1), e);
  return ok;
}

static bool add_months(Window *w, Scan *scan, FactMonths *f, const Source *src, const Piece *p, Err *e) {
  Column c = {w, scan, f, src};
  bool ok = true;
  for (int month = p->low; ok && month <= p->high; month++)
    if (months_at(f, month)->rows) ok = add_month(&c, month, e);
  return ok && stop_check(e);
}

/* --- orders ---------------------------------------------------------------------------- */

static bool in_months(const Months *m, uint64_t key, const Piece *whole) {
  size_t low = 0, high = m->nspan;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (m->span[mid].key < key) low = mid + 1;
    else high = mid;
  }
  for (; low < m->nspan && m->span[low].key == key; low++)
    if (m->span[low].month >= whole->low && m->span[low].month <= whole->high) return true;
  return false;
}

static bool order_rows(Window *w, Scan *scan, const Piece *p, const Piece *whole, OrderSet *met, Err *e) {
  Store *s = w->m->s;
  Buf sql = {0};
  source_sql(&scan->m->source[0], &sql);
  Rows r;
  int64_t count = 0;
  bool row = true, ok = rows_open(&r, s, sql.p, p->from, p->to, e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    count++;
    int64_t account = sqlite3_column_int64(r.q, 0);
    uint32_t at = idmap_at(w->m->map, account);
    OrderDay day;
    Str no = rows_order_no(&r, 3, &day);
    if (at == IDMAP_NONE || !orderset_add(met, at, no)) continue;
    if (!whole || !in_months(w->m, order_key(account, no), whole)) scan->rows[at]++;
  }
  sql_done(s, r.q);
  buf_free(&sql);
  note_rows(w, p->from, p->to, count);
  return ok;
}

/* Orders counted in several of the whole months are one. */
static void count_once(const Months *m, Scan *scan, const Piece *whole) {
  for (size_t i = 0; i < m->nspan;) {
    size_t k = i;
    uint32_t times = 0;
    for (; k < m->nspan && m->span[k].key == m->span[i].key; k++)
      times += m->span[k].month >= whole->low && m->span[k].month <= whole->high;
    uint32_t at = times > 1 ? idmap_at(m->map, m->span[i].account) : IDMAP_NONE;
    if (at != IDMAP_NONE) scan->rows[at] -= times - 1;
    i = k;
  }
}

static bool fill_orders(Window *w, Scan *scan, Err *e) {
  FactMonths *f = months_of(w->m, scan->m->source[0].fact, e);
  Piece piece[PIECES];
  const Piece *whole = NULL;
  size_t n = 0;
  if (!f || !pieces_of(w->m, f, w->from, w->to, false, piece, &n, e)) return false;
  for (size_t i = 0; i < n; i++)
    if (piece[i].whole) whole = &piece[i];
  if (whole) w->use.months = whole->high - whole->low + 1;
  bool several = whole && (n > 1 || whole->low < whole->high), ok = !several || months_spans(w->m, f, e);
  OrderSet met = {0};
  for (size_t i = 0; ok && i < n; i++)
    ok = piece[i].whole ? add_months(w, scan, f, &scan->m->source[0], &piece[i], e)
                        : order_rows(w, scan, &piece[i], whole, &met, e);
  if (ok && several) count_once(w->m, scan, whole);
  orderset_clear(&met);
  return ok;
}

/* --- days --------------------------------------------------------------------------------- */

static uint32_t days_inside(int month, Day from, Day to) {
  int low = from - month_start(month), high = to - month_start(month); /* bits [low, high) */
  uint64_t all = high >= 32 ? UINT64_C(0xFFFFFFFF) : high <= 0 ? 0 : (UINT64_C(1) << high) - 1;
  return (uint32_t)(low <= 0 ? all : low >= 32 ? 0 : all >> low << low);
}

static bool or_days(Window *w, FactMonths *f, int month, uint32_t *days, Err *e) {
  const FactMonth *fm = months_at(f, month);
  Vector v;
  if (!fm || !fm->rows) return true;
  if (!months_places(w->m, f, month, e) || !months_vector(w->m, f, month, PART_DAYS, &v, e)) return false;
  uint32_t mask = days_inside(month, w->from, w->to);
  for (size_t i = 0; i < fm->n; i++)
    if (fm->place[i] != IDMAP_NONE) days[fm->place[i]] |= (uint32_t)v.v[i] & mask;
  return true;
}

/* First and last day alone: whatever the order in which months and tables are met. */
static bool range_of_days(Window *w, Scan *scan, FactMonths *f, int month, Latest *latest, Err *e) {
  const FactMonth *fm = months_at(f, month);
  bool done = latest && !latest->left;
  if (!fm || !fm->rows || done) return true;
  if (latest && !latest_month(latest, month, days_inside(month, w->from, w->to), &done, e)) return false;
  if (done) return true;
  if (!months_places(w->m, f, month, e)) return false;
  Into into = {.scan = scan, .place = fm->place, .mask = days_inside(month, w->from, w->to), .start = month_start(month)};
  bool packed;
  if (!months_packed(w->m, f, month, PART_DAYS, days_packed, &into, &packed, e)) return false;
  Vector v; /* bits of days are never null nor wide: what does not read is damaged, and this says so */
  return packed || months_vector(w->m, f, month, PART_DAYS, &v, e);
}

/* Bits of days say all there is to know of days, so no row is read. */
static bool fill_days(Window *w, Scan *scan, Err *e) {
  FactMonths *f[4];
  size_t n = 0;
  int low = INT32_MAX, high = INT32_MIN;
  for (const Source *src = scan->m->source; src->fact; src++, n++) {
    f[n] = months_of(w->m, src->fact, e);
    if (!f[n]) return false;
    if (!f[n]->n) continue;
    if (!months_ready(w->m, f[n], day_month(w->from), day_month(w->to - 1), false, e)) return false;
    if (f[n]->low < low) low = f[n]->low;
    if (f[n]->low + (int)f[n]->n - 1 > high) high = f[n]->low + (int)f[n]->n - 1;
  }
  if (low < day_month(w->from)) low = day_month(w->from);
  if (high > day_month(w->to - 1)) high = day_month(w->to - 1);
  bool ok = true;
  if (scan->kind >= TALLY_RANGE) {
    Latest latest = {0};
    bool back = scan->kind == TALLY_LATEST && n == 1 && latest_begin(&latest, w->m, f[0], scan);
    for (int month = high; ok && month >= low; month--) {
      for (size_t i = 0; ok && i < n; i++) ok = range_of_days(w, scan, f[i], month, back ? &latest : NULL, e);
      w->use.months++;
    }
    latest_end(&latest);
    return ok;
  }
  uint32_t *days = mem_alloc((scan->n + 1) * sizeof *days);
  for (int month = low; ok && month <= high; month++) {
    memset(days, 0, scan->n * sizeof *days);
    for (size_t i = 0; ok && i < n; i++) ok = or_days(w, f[i], month, days, e);
    Day start = month_start(month);
    w->use.months++;
    for (size_t at = 0; ok && at < scan->n; at++) {
      if (!days[at]) continue;
      Tally *t = &scan->tally[at];
      if (!t->rows) t->first = start + __builtin_ctz(days[at]);
      t->last = start + 31 - __builtin_clz(days[at]);
      t->rows += (uint32_t)__builtin_popcount(days[at]);
    }
  }
  mem_free(days);
  return ok;
}

/* --- all together ---------------------------------------------------------------------------- */

static bool kept(const Measure *m) {
  for (const Source *src = m->source; src->fact; src++)
    if (!src->fact->number) return false;
  return true;
}

static bool fill_source(Window *w, Scan *scan, const Source *src, Err *e) {
  bool extremes = scan->kind >= TALLY_MIN && scan->kind <= TALLY_LAST && src->figure != FIG_ONE;
  FactMonths *f = months_of(w->m, src->fact, e);
  Piece piece[PIECES];
  size_t n = 0;
  bool ok = f && pieces_of(w->m, f, w->from, w->to, extremes, piece, &n, e);
  for (size_t i = 0; ok && i < n; i++) {
    if (piece[i].whole) w->use.months += piece[i].high - piece[i].low + 1;
    ok = piece[i].whole ? add_months(w, scan, f, src, &piece[i], e)
                        : source_rows(w, scan, src, piece[i].from, piece[i].to, e);
  }
  return ok;
}

static bool fill_money(Window *w, Err *e) {
  FactMonths *f = months_of(w->m, w->scan[0]->m->source[0].fact, e);
  Piece piece[PIECES];
  size_t n = 0;
  bool ok = f && pieces_of(w->m, f, w->from, w->to, false, piece, &n, e);
  for (size_t i = 0; ok && i < n; i++) {
    if (piece[i].whole) w->use.months += piece[i].high - piece[i].low + 1;
    else ok = money_rows(w, piece[i].from, piece[i].to, e);
    for (int k = 0; ok && piece[i].whole && k < 3; k++)
      ok = add_months(w, w->scan[k], f, &w->scan[k]->m->source[0], &piece[i], e);
  }
  for (const Source *src = &w->scan[2]->m->source[1]; ok && src->fact; src++) ok = fill_source(w, w->scan[2], src, e);
  return ok;
}

static bool fill(Window *w, Err *e) {
  Scan *scan = w->scan[0];
  if (w->n > 1) return fill_money(w, e);
  bool one_by_one = !by_day(scan->kind) && scan->kind < TALLY_RANGE, ok = true;
  if (!kept(w->of)) {
    if (!one_by_one || by_day(scan->kind)) return all_rows(w, scan, e);
    for (const Source *src = w->of->source; ok && src->fact; src++) ok = source_rows(w, scan, src, w->from, w->to, e);
    return ok;
  }
  if (scan->kind >= TALLY_DAYS) return fill_days(w, scan, e);
  if (w->of->distinct && scan->kind == TALLY_COUNT) return fill_orders(w, scan, e);
  if (by_day(scan->kind) && w->of->source[1].fact) return all_rows(w, scan, e);
  for (const Source *src = w->of->source; ok && src->fact; src++) ok = fill_source(w, scan, src, e);
  return ok;
}

bool window_fill(Months *m, Scan *const *scan, size_t n, Err *e) {
  Window w = {m, scan, n, scan[0]->m, scan[0]->kind, clamp(scan[0]->from), scan[0]->to, {0}};
  if (w.from >= w.to) return true;
  double start = explain_clock();
  bool ok = fill(&w, e);
  w.use.built = m->use.built - m->noted.built;
  w.use.built_rows = m->use.rows - m->noted.rows;
  m->noted = m->use;
  w.use.seconds = explain_clock() - start;
  for (size_t i = 0; ok && i < n; i++) explain_note(m->s, scan[i]->m->name, w.from, w.to, i ? NULL : &w.use);
  return ok;
}
