/* Histories: rows with an account, a day and figures. Order lines of a window are one range of ids, in the order
 * of their days. */
#include "store/measure.h"

#include "base/lang.h"

#include <string.h>

#include "store/orders.h"

const FactTable fact_table[FACT_TABLES] = {
    {1, "orders", "day", NULL},       {2, "activity", "day", NULL}, {3, "visit", "day", NULL},
    {4, "complaint", "opened", "code"}, {5, "survey", "day", NULL},   {6, "observation", "day", NULL},
};
enum { ORDERS, ACTIVITY, VISIT, COMPLAINT, SURVEY };

static const Fact lines = {.number = FACT_LINES, .table = &fact_table[ORDERS], .from = "orders", .day = "day",
                           .figure = {"quantity", "revenue", "cost"}, .money = 6};
static const Fact activity_cost = {.number = 2, .table = &fact_table[ACTIVITY], .from = "activity", .day = "day",
                                   .where = "cost IS NOT NULL", .figure = {"cost"}, .money = 1};
static const Fact visit_cost = {.number = 3, .table = &fact_table[VISIT], .from = "visit", .day = "day",
                                .where = "cost IS NOT NULL", .figure = {"cost"}, .money = 1};
static const Fact visits = {.number = 4, .table = &fact_table[VISIT], .from = "visit", .day = "day",
                            .where = "coalesce(status, 'done') = 'done'"};
static const Fact activities = {.number = 5, .table = &fact_table[ACTIVITY], .from = "activity", .day = "day"};
static const Fact complaints = {.number = 6, .table = &fact_table[COMPLAINT], .from = "complaint", .day = "opened"};
static const Fact surveys = {.number = 7, .table = &fact_table[SURVEY], .from = "survey", .day = "day",
                             .figure = {"score"}};

static const Fact *const fact[] = {&lines, &activity_cost, &visit_cost, &visits, &activities, &complaints, &surveys};

const Fact *fact_at(size_t i) { return i < sizeof fact / sizeof *fact ? fact[i] : NULL; }

static const Measure measure[] = {
    {"orders", UNIT_NONE, true, true, false, N_("orders placed; lines of one order count once"), {{&lines, FIG_ONE, false}}},
    {"quantity", UNIT_NONE, true, false, false, N_("quantity of order lines"), {{&lines, LINE_QUANTITY, false}}},
    {"revenue", UNIT_MONEY, true, false, false, N_("revenue of order lines"), {{&lines, LINE_REVENUE, false}}},
    {"cost", UNIT_MONEY, true, false, false, N_("cost of goods of order lines"), {{&lines, LINE_COST, false}}},
    {"profit", UNIT_MONEY, true, false, true, N_("revenue less cost less cost to serve"),
     {{&lines, FIG_PROFIT, false}, {&activity_cost, 0, true}, {&visit_cost, 0, true}}},
    {"cost_to_serve", UNIT_MONEY, true, false, true, N_("costs on record for activities and visits"),
     {{&activity_cost, 0, false}, {&visit_cost, 0, false}}},
    {"visits", UNIT_NONE, true, false, false, N_("visits made (status done, or none given)"), {{&visits, FIG_ONE, false}}},
    {"activities", UNIT_NONE, true, false, false, N_("activities"), {{&activities, FIG_ONE, false}}},
    {"complaints", UNIT_NONE, true, false, false, N_("complaints received"), {{&complaints, FIG_ONE, false}}},
    {"surveys", UNIT_NONE, false, false, false, N_("satisfaction scores"), {{&surveys, 0, false}}},
};
_Static_assert(sizeof measure / sizeof *measure == MEASURES, "measure.h counts them");

const Measure *measure_at(size_t i) { return i < MEASURES ? &measure[i] : NULL; }

void measure_describe(const Measure *m, HostField *out) {
  *out = (HostField){.name = str_of(m->name), .kind = HOST_MEASURE, .flow = m->flow, .about = m->about,
                     .type = {.kind = T_SERIES, .unit = m->unit}};
}

/* --- reading rows -------------------------------------------------------- */

static void put_where(const Fact *f, Buf *sql) {
  if (fact_is_lines(f)) buf_puts(sql, " FROM orders WHERE id >= ?1 AND id < ?2");
  else buf_printf(sql, " FROM %s WHERE %s >= ?3 AND %s < ?4", f->from, f->day, f->day);
  if (f->where) buf_printf(sql, " AND %s", f->where);
  if (!f->table) buf_printf(sql, " AND %s IS date(%s, '+0 days')", f->day, f->day); /* a view holds what it likes */
}

static void put_day(const Fact *f, Buf *sql) {
  if (fact_is_lines(f)) buf_puts(sql, "day AS d");
  else buf_printf(sql, "CAST(replace(%s, '-', '') AS INTEGER) AS d", f->day);
}

void source_sql(const Source *src, Buf *sql) {
  const Fact *f = src->fact;
  buf_puts(sql, "SELECT account, ");
  put_day(f, sql);
  buf_puts(sql, src->minus ? ", -" : ", ");
  if (src->figure == FIG_ONE) buf_puts(sql, "1");
  else if (src->figure == FIG_PROFIT) buf_puts(sql, "revenue - cost");
  else buf_puts(sql, f->figure[src->figure]);
  buf_printf(sql, " AS v, %s, %s AS n", fact_is_lines(f) ? "order_no" : "NULL", f->table ? "id" : "0");
  put_where(f, sql);
}

void fact_sql(const Fact *f, Buf *sql) {
  buf_puts(sql, "SELECT account, ");
  put_day(f, sql);
  buf_printf(sql, ", %s, id", fact_is_lines(f) ? "order_no" : "NULL");
  for (int i = 0; i < FACT_FIGURES && f->figure[i]; i++) buf_printf(sql, ", %s", f->figure[i]);
  put_where(f, sql);
  buf_puts(sql, fact_is_lines(f) ? " ORDER BY id" : " ORDER BY d, id");
}

bool rows_open(Rows *r, Store *s, const char *sql, Day from, Day to, Err *e) {
  *r = (Rows){.s = s, .q = sql_prepare(s, sql, e)};
  if (!r->q) return false;
  int bound = sqlite3_bind_parameter_count(r->q);
  Day low = from == DAY_NONE ? day_of(1, 1, 1) : from;
  const Val v[] = {val_int(orders_first_id(low)), val_int(orders_first_id(to)), val_date(low), val_date(to)};
  bool ok = true;
  for (int i = 0; ok && i < bound && i < 4; i++) ok = sql_bind(s, r->q, i + 1, v[i], e);
  return ok;
}

bool rows_next(Rows *r, bool *row, Err *e) {
  if (!sql_step(r->s, r->q, row, e)) return false;
  if (!*row) return true;
  int64_t d = sqlite3_column_int64(r->q, 1);
  if (d != r->yyyymmdd) {
    r->yyyymmdd = d;
    r->day = orders_day_of(d);
  }
  return true;
}

bool rows_value(const Rows *r, const Measure *m, Arena *a, Val *out, Err *e) {
  if (view_value(r->q, 2, m->unit == UNIT_MONEY ? COL_MONEY : COL_NUM, r->s->minor, a, out)) return true;
  return err_set(e, ERR_FAIL, "%s, row %lld: the figure for %s is no number", m->source[0].fact->from,
                 (long long)sqlite3_column_int64(r->q, 4), m->name);
}

/* --- orders -------------------------------------------------------------- */

Str order_no(Day d, Str no, bool has_no, OrderDay *day) {
  if (has_no) return no;
  *day = (OrderDay){{1}};
  memcpy(day->byte + 1, &d, sizeof d);
  return (Str){day->byte, 1 + sizeof d};
}

Str rows_order_no(const Rows *r, int column, OrderDay *day) {
  bool has = sqlite3_column_type(r->q, column) != SQLITE_NULL;
  return order_no(r->day, has ? val_str(sql_raw(r->q, column)) : (Str){0}, has, day);
}

uint64_t order_key(int64_t account, Str no) {
  uint64_t h = (str_hash(no) ^ (uint64_t)account * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
  h ^= h >> 31;
  h *= UINT64_C(0x94D049BB133111EB);
  return h ^ (h >> 32);
}

/* --- the days a measure is known for ------------------------------------- */

bool fact_span(Store *s, const Fact *f, Span *span, Err *e) {
  static const char *const ends[] = {"min", "max"};
  Arena a = {0};
  Day day[2] = {0};
  bool ok = true, any = true;
  for (int i = 0; ok && any && i < 2; i++) {
    Val v;
    const char *sql = fact_is_lines(f) ? arena_printf(&a, "SELECT %s(id) FROM orders", ends[i])
                                       : arena_printf(&a, "SELECT %s(%s) FROM %s WHERE %s", ends[i], f->day, f->from,
                                                      f->where ? f->where : "true");
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

bool measure_span(Store *s, const Measure *m, Span *span, Err *e) {
  bool ok = true;
  *span = (Span){0};
  if (m->since_orders) ok = fact_span(s, &lines, span, e);
  Day first = span->first;
  bool orders = span->any;
  for (const Source *src = m->source; ok && src->fact; src++) ok = fact_span(s, src->fact, span, e);
  if (orders) span->first = first;
  return ok;
}
