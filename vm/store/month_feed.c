#include "store/month_feed.h"

#include "store/month_sql.h"
#include "store/orders.h"
#include "store/window.h"

typedef struct FedMonth {
  int64_t yyyymm;
  Month *open;           /* NULL: closed, or stale */
  bool stale;
} FedMonth;

struct Feed {
  Store *s;
  int64_t low, high;     /* months that lines were in before, yyyymm; low > high: none */
  FedMonth *month;
  size_t n, cap;
  size_t last;           /* month of the last line, + 1 */
  int64_t fact_month;    /* being sealed */
};
enum { OPEN_BYTES = 24 << 20 };

bool feed_open(Store *s, Feed **out, Err *e) {
  Span span = {0};
  if (!fact_span(s, fact_at(0), &span, e)) return false;
  Feed *f = *out = mem_zalloc(1, sizeof *f);
  f->s = s;
  f->low = span.any ? orders_day(span.first) / 100 : 1;
  f->high = span.any ? orders_day(span.last) / 100 : 0;
  return true;
}

void feed_close(Feed *f) {
  if (!f) return;
  for (size_t i = 0; i < f->n; i++) month_free(f->month[i].open);
  mem_free(f->month);
  mem_free(f);
}

static bool make_stale(Feed *f, FedMonth *m, Err *e) {
  month_free(m->open);
  m->open = NULL;
  bool known = m->stale;
  m->stale = true;
  return known || month_mark(f->s, fact_table[0].number, (int)m->yyyymm, e);
}

static bool put_part(void *ctx, int part, Str bytes, Err *e) {
  Feed *f = ctx;
  return month_put(f->s, f->fact_month, part, bytes, e);
}

/* Its columns go into the file, which makes room; lines that still come make it stale. */
static bool close_month(Feed *f, FedMonth *m, Err *e) {
  MonthSummary sum;
  f->fact_month = fact_month_id(fact_at(0), (int)m->yyyymm);
  bool ok = month_seal(m->open, &sum, put_part, f, e) && month_put_fact(f->s, f->fact_month, &sum, false, e);
  month_free(m->open);
  m->open = NULL;
  return ok;
}

/* Files are mostly in the order of their days: a month is closed when another one begins and they take much room. */
static bool make_room(Feed *f, const FedMonth *but, Err *e) {
  size_t bytes = 0;
  bool ok = true;
  for (size_t i = 0; i < f->n; i++)
    if (f->month[i].open) bytes += month_bytes(f->month[i].open);
  for (size_t i = 0; ok && i < f->n && bytes > OPEN_BYTES; i++) {
    FedMonth *m = &f->month[i];
    if (!m->open || m == but) continue;
    bytes -= month_bytes(m->open);
    ok = close_month(f, m, e);
  }
  return ok;
}

static FedMonth *month_at(Feed *f, int64_t yyyymm) {
  if (f->last && f->month[f->last - 1].yyyymm == yyyymm) return &f->month[f->last - 1];
  size_t i = 0;
  while (i < f->n && f->month[i].yyyymm != yyyymm) i++;
  if (i == f->n) {
    mem_grow(f->month, f->cap, f->n + 1);
    f->month[f->n++] = (FedMonth){.yyyymm = yyyymm};
  }
  f->last = i + 1;
  return &f->month[i];
}

bool feed_changed(Feed *f, int64_t yyyymmdd, Err *e) { return make_stale(f, month_at(f, yyyymmdd / 100), e); }

static bool begin(Feed *f, FedMonth *m, bool fresh, Err *e) {
  if (!fresh || (m->yyyymm >= f->low && m->yyyymm <= f->high)) return make_stale(f, m, e);
  m->open = month_new(FACT_FIGURES, true, false);
  return make_room(f, m, e);
}

bool feed_line(Feed *f, int64_t account, int64_t yyyymmdd, Str no, bool has_no, const Val figure[FACT_FIGURES], Err *e) {
  size_t before = f->n;
  FedMonth *m = month_at(f, yyyymmdd / 100);
  if (m->stale) return true;
  if (!m->open && !begin(f, m, f->n > before, e)) return false;
  if (m->stale) return true;
  OrderDay day;
  if (!has_no) no = order_no(orders_day_of(yyyymmdd), no, false, &day);
  month_add(m->open, account, (int)(yyyymmdd % 100), figure, order_key(account, no));
  return true;
}

void feed_soon(const Feed *f, int64_t next, int64_t later) {
  const FedMonth *m = f->last ? &f->month[f->last - 1] : NULL;
  if (m && m->open) month_soon(m->open, next, later);
}

bool feed_end(Feed *f, Err *e) {
  bool ok = true, any = f->n > 0;
  for (size_t i = 0; ok && i < f->n; i++)
    if (f->month[i].open) ok = close_month(f, &f->month[i], e);
  if (!any || !ok) return ok;
  const Val id = val_int(fact_month_id(fact_at(0), 0));
  if (!month_exec(f->s, "DELETE FROM month_fact WHERE id = ?1", &id, 1, e)) return false;
  IdMap nobody = {0};
  Months m = {0};
  ok = months_open(&m, f->s, &nobody, e);
  FactMonths *lines = ok ? months_of(&m, fact_at(0), e) : NULL;
  ok = lines && months_spans(&m, lines, e); /* makes every month ready on the way */
  months_close(&m);
  return ok;
}
