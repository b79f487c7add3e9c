/* Forecasts of one series from its own past.
 *
 * Seasonal naive (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.2): the value of a
 * step to come is that of the same season in the last full cycle on record. It claims no growth: the honest
 * first guess, and the one that better methods have to beat. */
#ifndef MODEL_FORECAST_H
#define MODEL_FORECAST_H
#include <stdbool.h>
#include <stddef.h>

/* The sum of the `horizon` steps that follow y[0 .. n), oldest first, with `season` steps a cycle. False when there
 * is less than one full cycle, or no cycle at all. Any horizon; 0 gives 0. */
bool forecast_seasonal_naive(const double *y, size_t n, size_t season, size_t horizon, double *sum);
#endif
