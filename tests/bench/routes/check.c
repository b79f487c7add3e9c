/* Says whether tours solve an instance, with nothing of the search. */
#include "instance.h"

#include <stdio.h>

static char said[200];
static const double NEARLY = 1e-6;

static const char *check_tour(const Instance *p, const Tour *t, double *cost) {
  double load = 0, at = 0, length = 0, service = 0;
  int before = 0;
  for (int i = 0; i <= t->count; i++) {
    int here = i < t->count ? t->stop[i] : 0;
    double leg = distance(p, before, here);
    length += leg;
    at += leg;
    if (i < t->count) {
      load += p->demand[here];
      service += p->service[here];
    }
    if (p->open && at < p->open[here]) at = p->open[here];
    if (p->open && at > p->close[here] + NEARLY) {
      snprintf(said, sizeof said, "day %d: customer %d at %.6f, after %.6f", t->day, here, at, p->close[here]);
      return said;
    }
    at += p->service[here];
    before = here;
  }
  *cost += length;
  if (p->most_load[t->day] && load > p->most_load[t->day]) {
    snprintf(said, sizeof said, "day %d: load %g of %d", t->day, load, p->most_load[t->day]);
    return said;
  }
  if (p->longest[t->day] > 0 && length + service > p->longest[t->day] + NEARLY) {
    snprintf(said, sizeof said, "day %d: duration %.6f of %g", t->day, length + service, p->longest[t->day]);
    return said;
  }
  return NULL;
}

const char *check_tours(const Instance *p, const Tour *tours, int count, double *cost) {
  static uint64_t seen[100000];
  int used[64] = {0};
  for (int c = 0; c <= p->customers; c++) seen[c] = 0;
  *cost = 0;
  for (int i = 0; i < count; i++) {
    const char *wrong = check_tour(p, &tours[i], cost);
    if (wrong) return wrong;
    if (tours[i].count && ++used[tours[i].day] > p->vehicles) return "more vehicles than there are";
    for (int k = 0; k < tours[i].count; k++) {
      uint64_t bit = UINT64_C(1) << tours[i].day;
      int c = tours[i].stop[k];
      if (c < 1 || c > p->customers) return "a customer that is none";
      if (seen[c] & bit) return "a customer twice on a day";
      seen[c] |= bit;
    }
  }
  for (int c = 1; c <= p->customers; c++) {
    bool good = false;
    for (int k = p->first_pattern[c]; k < p->first_pattern[c + 1]; k++) good = good || p->pattern[k] == seen[c];
    if (good) continue;
    snprintf(said, sizeof said, "customer %d is not visited as it should be", c);
    return said;
  }
  return NULL;
}
