/* What a backtest asks: a block of definitions in a playbook's header.
 *
 *   predict = churn_risk >= red          a condition, asked on each as-of day
 *   outcome = sum(revenue, 6m) < …       a condition, asked one horizon later of the same rows
 *   horizon = 6m      since = 2024-01-01      every = 1m
 *   value   = sum(profit, 12m)           what a row was worth on the as-of day; this, where there are profits,
 *                                        when it is left out
 *
 * The days are since + k × every as long as their horizon has passed by the last day known. */
#ifndef FEEL_BACKTEST_H
#define FEEL_BACKTEST_H
#include "feel/rules.h"

typedef struct Backtest {
  const Expr *predict, *outcome;
  const Expr *value;  /* a number, or NULL */
  Val horizon, every; /* V_MONTHS or whole days of V_SECS, above zero */
  Day since;
} Backtest;

/* After rules_check. Errors name the definition that is missing, unknown or of another kind. The
 * expressions live as long as r. */
bool rules_backtest(Rules *r, Src block, Backtest *out, Err *e);
/* d plus n times a duration; months are clipped to their last day. */
Day day_later(Day d, Val duration, int n);

/* The fields that the backtest and the scope read, of whatever entity, in metrics, tables and crowds
 * they lean on too, each once in order of appearance. */
size_t backtest_reads(const Rules *r, const Backtest *b, Arena *a, const HostField ***out);

/* … and those that a table and all it leans on decide by; none when there is no such table. */
size_t rules_table_reads(const Rules *r, Str table, Arena *a, const HostField ***out);

/* The score that predict stands on, driver by driver; 0 when it stands on none. */
typedef struct BacktestDriver {
  Str name;
  Val points;
} BacktestDriver;
size_t backtest_drivers(const Backtest *b, Arena *a, BacktestDriver **out);
/* After predict was asked of these rows in ev: how much of each driver counts, n × ndriver, 0..1 or null. */
void backtest_parts(Eval *ev, const Backtest *b, const int64_t *id, size_t n, Val *out);
/* … and what predict says when the score has no such driver. From then on ev knows the score only so:
 * SIZE_MAX brings the whole one back. */
bool backtest_without(Eval *ev, const Backtest *b, size_t driver, const int64_t *id, size_t n, Val *out, Err *e);
#endif
