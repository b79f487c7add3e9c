/* One fact of one month, summed up account by account as its rows go by; then its columns as bytes. Knows no
 * database: rows may come from a statement or from an importer, in any order (FIRST and LAST, which `extremes`
 * asks for, go by the order in which they come). */
#ifndef STORE_MONTH_BUILD_H
#define STORE_MONTH_BUILD_H
#include "base/err.h"
#include "base/val.h"
#include "store/month_code.h"

enum { MONTH_FIGURES = 3 };

typedef enum Part {      /* numbers of columns in the file: they never change their meaning */
  PART_WHO,              /* accounts that have a row */
  PART_ROWS,             /* how many */
  PART_DAYS,             /* bit d - 1: on day d there is one */
  PART_ORDERS,           /* distinct orders (order lines only) */
  PART_KEYS,             /* order_key of each of them, ascending */
  PART_KEY_WHO,          /* and whose they are, as places in PART_WHO */
  PART_FIGURE = 10       /* and 10 more for each figure; order lines have revenue less cost as a fourth */
} Part;
enum { FIG_SUM, FIG_MIN, FIG_MAX, FIG_FIRST, FIG_LAST, FIG_PARTS };
enum { PARTS = PART_FIGURE + 10 * (MONTH_FIGURES + 1) };
static inline int part_of(int figure, int what) { return PART_FIGURE + 10 * figure + what; }

typedef struct Month Month;
/* figures: of the fact. profit: revenue less cost (figures 1 and 2) has extremes too. */
Month *month_new(int figures, bool orders, bool extremes);
void month_free(Month *m);                       /* NULL is allowed */
/* day: 1..31; key: order_key, when there are orders. A figure that is no decimal of 64 bits makes its column wide. */
/* A line of `next` comes soon, one of `later` after it: of a million accounts, few are in any cache. */
void month_soon(const Month *m, int64_t next, int64_t later);
void month_add(Month *m, int64_t account, int day, const Val *figure, uint64_t key);

typedef struct MonthSummary { int64_t rows; size_t accounts; int first_day, last_day; } MonthSummary;
typedef bool (*PartSink)(void *ctx, int part, Str bytes, Err *e);
/* Every column there is to the sink, PART_WHO first. The month takes no more rows. */
bool month_seal(Month *m, MonthSummary *sum, PartSink put, void *ctx, Err *e);
size_t month_bytes(const Month *m);              /* memory it holds */
#endif
