/* Histories: rows with an account, a day and a figure. Order lines of a window are one range of ids, in the
 * order of their days. */
#include "store/measure.h"

#include <string.h>

#include "store/orders.h"

#define LINES(value) {"orders", "day", value, NULL}
#define SERVICE(sign)                                                                                        \
  {"activity", "day", sign "cost", "cost IS NOT NULL"}, { "visit", "day", sign "cost", "cost IS NOT NULL" }

static const Measure measure[] = {
    {"orders", UNIT_NONE, true, true, false, "orders placed; lines of one order count once", {LINES("1")}},
    {"quantity", UNIT_NONE, true, false, false, "quantity of order lines", {LINES("quantity")}},
    {"revenue", UNIT_MONEY, true, false, false, "revenue of order lines", {LINES("revenue")}},
    {"cost", UNIT_MONEY, true, false, false, "cost of goods of order lines", {LINES("cost")}},
    {"profit",
     UNIT_MONEY,
     true,
     false,
     true,
     "revenue less cost less cost to serve",
     {LINES("revenue - cost"), SERVICE("-")}},
    {"cost_to_serve",
     UNIT_MONEY,
     true,
     false,
     true,
     "costs on record for activities and visits",
     {SERVICE("")}},
    {"visits",
     UNIT_NONE,
     true,
     false,
     false,
     "visits made (status done, or none given)",
     {{"visit", "day", "1", "coalesce(status, 'done') = 'done'"}}},
    {"activities", UNIT_NONE, true, false, false, "activities", {{"activity", "day", "1", NULL}}},
    {"complaints",
     UNIT_NONE,
     true,
     false,
     false,
     "complaints received",
     {{"complaint", "opened", "1", NULL}}},
    {"surveys", UNIT_NONE, false, false, false, "satisfaction scores", {{"survey", "day", "score", NULL}}},
};
_Static_assert(sizeof measure / sizeof *measure == MEASURES, "measure.h counts them");

const Measure *measure_at(size_t i) { return i < MEASURES ? &measure[i] : NULL; }

void measure_describe(const Measure *m, HostField *out) {
  *out = (HostField){.name = str_of(m->name), .kind = HOST_MEASURE, .flow = m->flow, .about = m->about,
                     .type = {.kind = T_SERIES, .unit = m->unit}};
}

bool source_is_lines(const Source *src) { return strcmp(src->table, "orders") == 0; }

/* --- reading rows -------------------------------------------------------- */

void source_sql(const Source *src, Buf *sql) {
  if (source_is_lines(src))
    buf_printf(sql, "SELECT account, day AS d, %s AS v, order_no, id FROM orders WHERE id >= ?1 AND id < ?2",
               src->value);
  else
    buf_printf(sql,
               "SELECT account, CAST(replace(%s, '-', '') AS INTEGER) AS d, %s AS v, NULL AS order_no, id "
               "FROM %s WHERE %s >= ?3 AND %s < ?4",
               src->day, src->value, src->table, src->day, src->day);
  if (src->where) buf_printf(sql, " AND %s", src->where);
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
  return err_set(e, ERR_FAIL, "%s, row %lld: the figure for %s is no number", m->source[0].table,
                 (long long)sqlite3_column_int64(r->q, 4), m->name);
}

/* An order without a number is the account's order of that day. */
bool rows_new_order(const Rows *r, OrderSet *set, uint32_t account) {
  char day[16] = {1};
  Str no = val_str(sql_raw(r->q, 3));
  if (sqlite3_column_type(r->q, 3) == SQLITE_NULL) {
    memcpy(day + 1, &r->day, sizeof r->day);
    no = (Str){day, 1 + sizeof r->day};
  }
  return orderset_add(set, account, no);
}

/* --- the days a measure is known for ------------------------------------- */

static bool span_source(Store *s, const Source *src, Span *span, Err *e) {
  static const char *const ends[] = {"min", "max"};
  Arena a = {0};
  Day day[2] = {0};
  bool ok = true, any = true;
  for (int i = 0; ok && any && i < 2; i++) {
    Val v;
    const char *sql = source_is_lines(src)
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

bool span_read(Store *s, const Measure *m, Span *span, Err *e) {
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
