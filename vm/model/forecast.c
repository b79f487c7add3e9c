#include "model/forecast.h"

#include <math.h>

bool forecast_seasonal_naive(const double *y, size_t n, size_t season, size_t horizon, double *sum) {
  if (!season || n < season) return false;
  const double *last = y + (n - season);
  double cycle = 0, rest = 0;
  for (size_t i = 0; i < season; i++) {
    cycle += last[i];
    if (i < horizon % season) rest += last[i];
  }
  size_t cycles = horizon / season;
  *sum = cycle * (double)cycles + rest;
  return isfinite(*sum);
}
