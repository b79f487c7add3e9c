/* Inside the store: facts by month, as the file has them and as they are now. Three tables keep them:
 *
 *   month_stale   id = table × 10^6 + yyyymm: rows of that month changed since its columns were built
 *   month_fact    id = fact × 10^6 + yyyymm: this month of this fact is built; rows, accounts, extremes, first and
 *                 last day with a row. yyyymm = 0 of order lines stands for month_orders.c's list
 *   month_column  id = month_fact.id × 100 + part (month_build.h): one value for each account with a row
 *   month_name    names of measures that rows of `observation` have
 *
 * What is stale or missing is built from the rows when it is asked for, and saved as soon as that can be done
 * without waiting: at once inside a transaction that writes, else when the snapshot is given back. */
#ifndef STORE_MONTH_H
#define STORE_MONTH_H
#include "store/measure.h"
#include "store/month_build.h"

typedef struct FactMonth {
  bool ready;            /* its columns are in the file and hold, or in `built` */
  bool extremes;
  int64_t rows;
  Day first, last;       /* days of its first and last row; when there are rows */
  size_t n;              /* accounts with a row … */
  uint32_t *place;       /* … and their places in the map, IDMAP_NONE = no account. NULL until asked for */
  Buf *built;            /* [PARTS], to be saved; or NULL */
} FactMonth;

typedef struct FactMonths {
  struct FactMonths *next;
  const Fact *fact;
  int low;               /* month[i] is month number low + i; the whole span of its rows */
  size_t n;
  FactMonth *month;
  bool built_before;     /* the file has columns of it, stale or not */
} FactMonths;

typedef struct OrderSpan { uint64_t key; int64_t account; int month; } OrderSpan;

typedef struct MonthsUse { int built; int64_t rows; } MonthsUse; /* months, from so many rows */

typedef struct Months {
  Store *s;
  const IdMap *map;
  FactMonths *fact;
  int64_t *stale;        /* ids of month_stale, ascending */
  size_t nstale;
  bool from_rows;        /* nothing is taken from the file, and nothing put into it */
  bool unsaved;
  bool spans_known, spans_unsaved;
  OrderSpan *span;       /* by key, then month: orders with lines in several months */
  size_t nspan;
  int64_t *value;        /* room for one vector */
  uint8_t *null;
  size_t cap;
  MonthsUse use, noted;  /* so far, and what of it the log has */
  Arena arena;
} Months;

static inline int month_number(int month) { return month / 12 * 100 + month % 12 + 1; } /* yyyymm */
static inline int month_of_number(int yyyymm) { return yyyymm / 100 * 12 + yyyymm % 100 - 1; }
static inline int64_t fact_month_id(const Fact *f, int yyyymm) { return (int64_t)f->number * 1000000 + yyyymm; }

bool months_open(Months *m, Store *s, const IdMap *map, Err *e); /* map must outlive it; NULL: nobody is looked up */
void months_close(Months *m);
/* The months of a fact, none built yet. NULL and an error when the rows cannot be read. */
FactMonths *months_of(Months *m, const Fact *f, Err *e);
/* Months [first, last] of the fact (as far as it has any) are ready, with extremes when they are asked for. */
bool months_ready(Months *m, FactMonths *f, int first, int last, bool extremes, Err *e);
static inline FactMonth *months_at(const FactMonths *f, int month) {
  return month < f->low || month >= f->low + (int)f->n ? NULL : &f->month[month - f->low];
}
/* A column of a month that is ready, valid until the next call; places are kept. */
bool months_vector(Months *m, FactMonths *f, int month, int part, Vector *out, Err *e);
/* The same packed: *packed false where it has to be decoded. Valid while `use` runs. */
typedef void (*PackedUse)(void *ctx, const Packed *v, size_t n);
bool months_packed(Months *m, FactMonths *f, int month, int part, PackedUse use, void *ctx, bool *packed, Err *e);
bool months_places(Months *m, FactMonths *f, int month, Err *e);
/* The bytes of a column; f is called once. */
typedef bool (*PartUse)(void *ctx, Str bytes, Err *e);
bool months_bytes(Months *m, FactMonths *f, int month, int part, PartUse use, void *ctx, Err *e);

/* month_orders.c: m->span for order lines, all of whose months are made ready. */
bool months_spans(Months *m, FactMonths *lines, Err *e);

/* month_save.c: what was built goes into the file, inside the transaction that is open. */
bool months_save(Months *m, Err *e);
/* One statement that touches only tables month_*: no figure changes, so no cache is dropped. */
bool month_exec(Store *s, const char *sql, const Val *bind, size_t n, Err *e);
bool month_put(Store *s, int64_t fact_month, int part, Str bytes, Err *e);
bool month_put_fact(Store *s, int64_t fact_month, const MonthSummary *sum, bool extremes, Err *e);
#endif
