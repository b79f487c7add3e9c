/* A rule held against what came of it: on each as-of day it is asked of the population as it stood then,
 * and one horizon later the outcome of the same rows is read. Nothing is written. */
#ifndef RUN_BACKTEST_H
#define RUN_BACKTEST_H
#include "feel/backtest.h"
#include "store/store.h"

/* Cases of one as-of day, or of all of them. A case is a row on a day. */
typedef struct BacktestCount {
  size_t cases;
  size_t silent;    /* predict was null: not flagged */
  size_t unread;    /* outcome was null: left out of all that follows */
  size_t flagged, came, caught; /* predicted; the outcome came; both */
  Val worth, saved; /* sum of value over those that came and over those caught; null without a value */
  size_t worthless; /* cases that came and whose value was null or below zero: count as 0 */
} BacktestCount;

typedef struct BacktestPart { /* a driver of the score that predict stands on; cases with a known outcome */
  BacktestDriver driver;
  size_t known;     /* its part was known */
  size_t fired;     /* … and above zero */
  size_t came;      /* of those that fired, the outcome came */
  size_t caught;    /* predicted without it, and came */
} BacktestPart;

typedef struct BacktestPast { /* fields of this name whose past is not fully known */
  Str name;
  Day since;        /* its history begins; DAY_NONE: nothing earlier than today's value is known */
  size_t days;      /* as-of days before that */
} BacktestPast;

typedef struct BacktestResult {
  size_t n;
  Day *day;
  BacktestCount *each; /* n */
  BacktestCount all;
  BacktestPart *part; /* as the score has them */
  size_t npart;
  BacktestPast *past;
  size_t npast;
} BacktestResult;

/* The days of b whose horizon has passed by `last`, oldest first. None: ERR_USAGE that says why. */
bool backtest_days(const Backtest *b, Day last, Arena *a, Day **day, size_t *n, Err *e);
/* Asks predict and outcome on each day. Texts and arrays of the result live in a. */
bool backtest_run(Store *s, Rules *r, const Backtest *b, Day last, Arena *a, BacktestResult *out, Err *e);

/* Of the cases: 0..1, or null when there is nothing to divide by. */
Val backtest_flagged(const BacktestCount *c);
Val backtest_base(const BacktestCount *c);
Val backtest_precision(const BacktestCount *c);
Val backtest_recall(const BacktestCount *c);
Val backtest_lift(const BacktestCount *c); /* precision / base */
Val backtest_saved(const BacktestCount *c);
#endif
