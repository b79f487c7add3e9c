/* What a site's days cost, and the cost of a whole plan. */
#include "model/visits_work.h"

#include <math.h>
#include <stdlib.h>

static int64_t units(double minutes) { return (int64_t)floor(minutes * VISIT_UNIT + 0.5); }

static double off_target(const VisitSite *s, double gap) {
  double off = s->target > 0 ? fabs(gap - s->target) : 0;
  return off < VISIT_GAP_MOST ? off : VISIT_GAP_MOST;
}

/* Days within these days that are beyond no_later when the visit before was on day `last` and the next is on day d. */
static int32_t late_days(const VisitSite *s, int32_t last, int32_t d) {
  if (s->no_later <= 0) return 0;
  int32_t due = last == VISIT_NEVER ? 0 : last + s->no_later;
  if (due < 0) due = 0;
  return d > due ? d - due : 0;
}

static int64_t late_cost(const VisitIndex *x, int32_t site, int32_t days) {
  return x->facts[site].missed * days / (2 * x->p->days);
}

static double first_off(const VisitSite *s, int32_t d) {
  if (s->target <= 0) return 0;
  if (s->last != VISIT_NEVER) return off_target(s, d - s->last);
  return d < VISIT_GAP_MOST ? d : VISIT_GAP_MOST;
}

static bool other_weekday(const VisitSite *s, int32_t last, int32_t d) {
  return s->same_weekday && last != VISIT_NEVER && (d - last) % 7 != 0;
}

int64_t visit_first_cost(const VisitIndex *x, int32_t site, int32_t d) {
  const VisitSite *s = &x->p->sites[site];
  if (s->last != VISIT_NEVER && d - s->last < (s->no_sooner > 1 ? s->no_sooner : 1)) return ROUTE_NEVER;
  double off = first_off(s, d) + (other_weekday(s, s->last, d) ? 1 : 0);
  return units(off * x->p->weights.gap) + late_cost(x, site, late_days(s, s->last, d));
}

int64_t visit_gap_cost(const VisitIndex *x, int32_t site, int32_t gap) {
  const VisitSite *s = &x->p->sites[site];
  if (gap < (s->no_sooner > 1 ? s->no_sooner : 1)) return ROUTE_NEVER;
  double off = off_target(s, gap) + (other_weekday(s, 0, gap) ? 1 : 0);
  return units(off * x->p->weights.gap) + late_cost(x, site, late_days(s, 0, gap));
}

int64_t visit_last_cost(const VisitIndex *x, int32_t site, int32_t d) {
  return late_cost(x, site, late_days(&x->p->sites[site], d, x->p->days));
}

int64_t visit_missing_cost(const VisitIndex *x, int32_t site, int32_t visits) {
  int32_t spare = x->facts[site].most - x->p->sites[site].asked; /* pinned beyond what is asked */
  return visits > spare ? (visits - (spare > 0 ? spare : 0)) * x->facts[site].missed : 0;
}

int64_t visit_days_cost(const VisitIndex *x, int32_t site, const uint64_t days[2]) {
  const VisitFacts *f = &x->facts[site];
  int32_t before = -1, count = 0;
  int64_t cost = 0;
  for (int32_t d = 0; d < x->p->days; d++) {
    bool there = visit_day_in(days, d);
    if (visit_day_in(f->kept, d) && !there) cost += units(x->p->weights.move);
    if (visit_day_in(f->pinned, d) && !there) cost += VISIT_UNPINNED;
    if (!there) continue;
    cost += count ? visit_gap_cost(x, site, d - before) : visit_first_cost(x, site, d);
    before = d;
    count++;
  }
  if (count < f->most) return cost + visit_missing_cost(x, site, f->most - count);
  return count ? cost + visit_last_cost(x, site, before) : cost;
}

int visit_windows(const VisitIndex *x, int32_t site, int32_t d, VisitWindow work, RouteWindow windows[3]) {
  const VisitProblem *p = x->p;
  const VisitSite *s = &p->sites[site];
  const VisitWindow all = {0, 1440}, *open = &all;
  int count = 1, found = 0;
  if (s->hours >= 0) {
    const VisitHours *h = &p->hours[s->hours];
    open = h->open[(p->weekday + d) % 7];
    count = h->count[(p->weekday + d) % 7];
  }
  int32_t pin = visit_pin_on(x, site, d), at = pin >= 0 ? x->pins[pin].at : VISIT_ANY, minutes = visit_minutes(x, site, d);
  for (int i = 0; i < count; i++) {
    int32_t from = open[i].from > work.from ? open[i].from : work.from;
    int32_t to = (open[i].to < work.to ? open[i].to : work.to) - minutes;
    if (at >= 0 && from < at) from = at;
    if (at >= 0 && to > at) to = at;
    if (from <= to) windows[found++] = (RouteWindow){from, to};
  }
  return found;
}

/* --- the cost of a plan ------------------------------------------------------------------------------------------ */


static int by_staff_and_time(const void *a, const void *b) {
  const VisitStop *x = a, *y = b;
  if (x->staff != y->staff) return x->staff < y->staff ? -1 : 1;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  return x->begin < y->begin ? -1 : x->begin > y->begin;
}

typedef struct Tally {
  const VisitIndex *x;
  uint64_t *days; /* [site × 2]: planned */
  VisitCost *out;
  double score;   /* VISIT_UNIT */
} Tally;

static void add_gap(Tally *t, int32_t site, int32_t late, double off, bool other) {
  const VisitProblem *p = t->x->p;
  t->out->late += late > 0;
  t->out->late_days += late;
  t->out->off_target += off;
  t->out->other_weekday += other;
  if (late && p->sites[site].asked) t->out->lost += p->sites[site].worth / p->sites[site].asked * late / (2.0 * p->days);
}

static void tally_site(Tally *t, int32_t site) {
  const VisitProblem *p = t->x->p;
  const VisitSite *s = &p->sites[site];
  const VisitFacts *f = &t->x->facts[site];
  const uint64_t *days = &t->days[2 * (size_t)site];
  int32_t count = 0, before = s->last;
  for (int32_t d = 0; d < p->days; d++) {
    if (visit_day_in(f->kept, d) && !visit_day_in(days, d)) t->out->moved++;
    if (!visit_day_in(days, d)) continue;
    double off = count ? off_target(s, d - before) : first_off(s, d);
    add_gap(t, site, late_days(s, before, d), off, other_weekday(s, before, d));
    if (s->with >= 0 && !visit_day_in(&t->days[2 * (size_t)s->with], d)) {
      t->out->apart++;
      t->score += p->weights.gap * VISIT_UNIT;
    }
    before = d;
    count++;
  }
  t->out->visits += count;
  if (count < s->asked) {
    t->out->missed += s->asked - count;
    t->out->lost += s->worth * (s->asked - count) / s->asked;
  } else if (count) {
    add_gap(t, site, late_days(s, before, p->days), 0, false);
  }
  t->score += (double)visit_days_cost(t->x, site, days);
}

static void tally_roads(Tally *t, const VisitStop *stops, size_t count) {
  const VisitProblem *p = t->x->p;
  size_t i = 0;
  t->out->idlest = INT32_MAX;
  for (int32_t staff = 0; staff < (int32_t)p->staff_count; staff++)
    for (int32_t d = 0; d < p->days; d++) {
      int32_t visits = 0, at = p->staff[staff].start;
      for (; i < count && stops[i].staff == staff && stops[i].day == d; i++, visits++) {
        int32_t to = p->sites[stops[i].site].place;
        t->out->travel += travel_minutes(p->travel, at, to);
        at = to;
      }
      if (visits) t->out->travel += travel_minutes(p->travel, at, p->staff[staff].end);
      if (!visit_works(p, staff, d)) continue;
      if (visits > t->out->busiest) t->out->busiest = visits;
      if (visits < t->out->idlest) t->out->idlest = visits;
      t->out->uneven += (double)visits * visits;
    }
  if (t->out->idlest == INT32_MAX) t->out->idlest = 0;
}

void visits_cost(const VisitProblem *p, const VisitStop *stops, size_t count, VisitCost *out) {
  VisitIndex x;
  *out = (VisitCost){0};
  visit_index(p, &x);
  Tally t = {.x = &x, .out = out, .days = mem_zalloc(2 * p->site_count, sizeof *t.days)};
  VisitStop *sorted = mem_alloc(count * sizeof *sorted);
  for (size_t i = 0; i < count; i++) {
    sorted[i] = stops[i];
    visit_day_add(&t.days[2 * (size_t)stops[i].site], stops[i].day);
  }
  for (int32_t site = 0; site < (int32_t)p->site_count; site++) tally_site(&t, site);
  if (count) qsort(sorted, count, sizeof *sorted, by_staff_and_time);
  tally_roads(&t, sorted, count);
  out->score = t.score / VISIT_UNIT + (double)out->travel * p->weights.travel + out->uneven * p->weights.uneven;
  mem_free(sorted);
  mem_free(t.days);
  visit_index_free(&x);
}
