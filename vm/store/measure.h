/* Inside the store: histories. A Fact is what one table says: rows with an account, a day and figures. A Measure
 * is what the rule language sees: one figure of a fact, or of several added up. measure.c defines both and reads
 * their rows; month.c keeps facts summed up by month; scan.c gives windows, steps.c windows cut into steps. */
#ifndef STORE_MEASURE_H
#define STORE_MEASURE_H
#include "store/tally.h"

typedef struct FactTable {       /* a table whose changes are marked by month (month_sql.c) */
  int number;                    /* in month_stale; never changes its meaning */
  const char *name, *day, *key;  /* key: another UNIQUE column, which OR REPLACE goes by too, or NULL */
} FactTable;
enum { FACT_TABLES = 6, FACT_FIGURES = 3 };
extern const FactTable fact_table[FACT_TABLES]; /* [0] is orders */

typedef struct Fact {
  int number;                    /* in month_fact; never changes its meaning. 0: not kept, scanned */
  const FactTable *table;        /* NULL: a view */
  const char *from, *day, *where;/* SQL; where may be NULL */
  const char *figure[FACT_FIGURES];
  unsigned money;                /* bits of figures that are whole minor units */
} Fact;
enum { FACT_LINES = 1, FACT_OBSERVED = 1000 /* and the number of its name in month_name */ };
enum { LINE_QUANTITY, LINE_REVENUE, LINE_COST };
enum { FIG_ONE = -1, FIG_PROFIT = FACT_FIGURES /* of order lines: revenue less cost */ };
const Fact *fact_at(size_t i);   /* those that are always there; NULL past the end */
static inline bool fact_is_lines(const Fact *f) { return f->number == FACT_LINES; }

typedef struct Source {
  const Fact *fact;              /* NULL ends a list */
  int figure;                    /* of the fact, or FIG_* */
  bool minus;
} Source;

struct Measure {
  const char *name;
  Unit unit;
  bool flow;
  bool distinct;                 /* rows of one order count once */
  bool since_orders;             /* known from the first order on: nothing on record is 0 */
  const char *about;
  Source source[4];
};
enum { MEASURE_REVENUE = 2, MEASURE_COST = 3, MEASURE_PROFIT = 4, MEASURES = 10 }; /* for measure_at */
static inline int measure_minor(const Store *s, const Measure *m) {
  return m->unit == UNIT_MONEY ? s->minor : 0;
}
static inline bool measure_counts(const Measure *m) { return m->source[0].figure == FIG_ONE; }

/* account, day (yyyymmdd), value, order number, id of the rows of a source, unordered unless they are order
 * lines. ?1 ?2 bound order lines by id, ?3 ?4 other rows by day. */
void source_sql(const Source *src, Buf *sql);
/* The same of a whole fact: account, day, order number, id, figures from column FACT_COLUMNS on; by day. */
void fact_sql(const Fact *f, Buf *sql);
enum { FACT_COLUMNS = 4 };

typedef struct Rows {    /* a statement over [from, to), the day second; give q back with sql_done */
  Store *s;
  sqlite3_stmt *q;
  int64_t yyyymmdd;      /* of the last row, and the same as a Day */
  Day day;
} Rows;
bool rows_open(Rows *r, Store *s, const char *sql, Day from, Day to, Err *e);
bool rows_next(Rows *r, bool *row, Err *e);
/* As source_sql gives them. */
bool rows_value(const Rows *r, const Measure *m, Arena *a, Val *out, Err *e);
/* The number of the row's order as bytes; an order without a number is the account's order of that day. Valid
 * until the next step, or while `day` lives. */
typedef struct OrderDay { char byte[8]; } OrderDay;
Str order_no(Day d, Str no, bool has_no, OrderDay *day);
Str rows_order_no(const Rows *r, int column, OrderDay *day);
/* What tells orders apart when they are compared month with month: 64 bits, so that two among ten million differ
 * with all but a chance of one in 300,000. */
uint64_t order_key(int64_t account, Str no);

typedef struct Span { bool any; Day first, last; } Span;
bool fact_span(Store *s, const Fact *f, Span *span, Err *e); /* widened by the rows of f */
bool measure_span(Store *s, const Measure *m, Span *span, Err *e);
#endif
