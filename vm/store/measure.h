/* Inside the store: histories as rows with an account, a day and a figure. measure.c defines them and reads
 * their rows; scan.c keeps what windows gave; steps.c cuts a window into steps. */
#ifndef STORE_MEASURE_H
#define STORE_MEASURE_H
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
enum { MEASURE_REVENUE = 2, MEASURE_COST = 3, MEASURE_PROFIT = 4, MEASURES = 10 }; /* for measure_at */
static inline int measure_minor(const Store *s, const Measure *m) {
  return m->unit == UNIT_MONEY ? s->minor : 0;
}

/* account, day (yyyymmdd), value, order number, id of the rows of a source, unordered unless they are order
 * lines. ?1 ?2 bound order lines by id, ?3 ?4 other rows by day. */
void source_sql(const Source *src, Buf *sql);
bool source_is_lines(const Source *src);

typedef struct Rows {    /* a statement over [from, to), the day second; give q back with sql_done */
  Store *s;
  sqlite3_stmt *q;
  int64_t yyyymmdd;      /* of the last row, and the same as a Day */
  Day day;
} Rows;
bool rows_open(Rows *r, Store *s, const char *sql, Day from, Day to, Err *e);
bool rows_next(Rows *r, bool *row, Err *e);
bool rows_value(const Rows *r, const Measure *m, Arena *a, Val *out, Err *e);
bool rows_new_order(const Rows *r, OrderSet *set, uint32_t account); /* not met before in the set */

typedef struct Span { bool read, any; Day first, last; } Span;
bool span_read(Store *s, const Measure *m, Span *span, Err *e);
#endif
