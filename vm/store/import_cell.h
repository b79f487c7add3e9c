/* Reading one cell of a file: number, date, yes or no. Nothing is guessed here:
 * how decimals and dates are written is passed in, and what a whole column
 * holds is import_judge's business.
 *
 * A cell that is no such thing gives false (or CELL_NOT) and no message: the
 * caller knows line and column. Big numbers are put into the arena passed. */
#ifndef STORE_IMPORT_CELL_H
#define STORE_IMPORT_CELL_H
#include "base/err.h"
#include "base/val.h"

typedef enum CellDate { CELL_NOT, CELL_UNREAL /* 30 February */, CELL_DAY } CellDate;

enum {
  DATES_YMD = 1,
  DATES_MDY = 2,
  DATES_DMY = 4,
  DATES_COMPACT = 8 /* 20260131, in the order of the others */,
  DATES_SHORT_YEAR = 16 /* 26 is 2026, 70 is 1970 */
};

/* "m/d/y", "d.m.y", "yyyy-mm-dd", "y年m月d日", "yyyymmdd" as a set of DATES_*; false and an error otherwise. */
bool cell_dates_parse(Str pattern, unsigned *out, Err *e);
const char *cell_dates_name(unsigned dates);  /* "m/d/y" */
/* "30 February" of a cell that is CELL_UNREAL. */
void cell_date_unreal(Str cell, unsigned dates, Buf *out);
/* A date in the one order of `dates`, with any of - / . 年月日 between its parts; a time behind it
 * is cut off. */
CellDate cell_date(Str cell, unsigned dates, Day *out);
/* The orders with a four-digit year that this cell could be a date in; 0 = it is no date. *timed is set
 * when a time follows. The day need not exist: a column of dates with one 30 February is one of dates. */
unsigned cell_date_orders(Str cell, bool *timed);

/* What a number looks like when a column is judged: no leading zeros, no plus sign, at most 15 digits
 * before the decimal sign, an exponent only behind a decimal sign or with a sign of its own. */
bool cell_looks_number(Str cell, char decimal);
/* A number for a column that wants one: grouped (1,234.50) or not, leading zeros and plus sign let pass,
 * ¥ $ € £ before it, % behind it (15% is 0.15). */
bool cell_number(Str cell, char decimal, Arena *a, Val *out);
bool cell_bool(Str cell, bool *out);          /* yes no true false 1 0 y n 是 否 */
#endif
