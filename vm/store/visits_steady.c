#include "store/visits_steady.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_WORTH = 15 }; /* minutes on the road that asking somebody to another hour has to save */

typedef struct Cell { /* of one person on one day */
  int32_t rows, first; /* first: in the list of rows by person, day, begin */
} Cell;

typedef struct Days {
  const VisitWorld *w;
  Cell *cell;
  const VisitRow **row;
} Days;

static Cell *cell_of(const Days *d, int32_t staff, int32_t day) { return &d->cell[(size_t)staff * d->w->ask.days + day]; }

static int by_person_day_begin(const void *x, const void *y) {
  const VisitRow *a = *(const VisitRow *const *)x, *b = *(const VisitRow *const *)y;
  if (a->staff != b->staff) return a->staff < b->staff ? -1 : 1;
  if (a->day != b->day) return a->day < b->day ? -1 : 1;
  if (a->begins != b->begins) return a->begins < b->begins ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

static bool open_then(const VisitWorld *w, const VisitRow *r) {
  const VisitSite *s = &w->p.sites[r->site];
  if (r->ends - r->begins != s->minutes) return false;
  if (s->hours < 0) return true;
  const VisitHours *h = &w->p.hours[s->hours];
  int weekday = (w->p.weekday + r->day) % 7;
  for (int i = 0; i < h->count[weekday]; i++)
    if (r->begins >= h->open[weekday][i].from && r->ends <= h->open[weekday][i].to) return true;
  return false;
}

/* Minutes on the road of the day as it stands; -1: it cannot be kept so. */
static int64_t road_as_it_is(const Days *d, int32_t staff, int32_t day) {
  const Cell *c = cell_of(d, staff, day);
  const VisitProblem *p = &d->w->p;
  VisitWindow work = p->at_work[(size_t)staff * p->days + day].work;
  int32_t place = p->staff[staff].start, free = work.from;
  int64_t road = 0;
  for (int32_t i = 0; i < c->rows; i++) {
    const VisitRow *r = d->row[c->first + i];
    if (r->begins < 0 || p->sites[r->site].place < 0 || !open_then(d->w, r)) return -1;
    int32_t on = travel_minutes(p->travel, place, p->sites[r->site].place);
    if (free + on > r->begins) return -1;
    road += on;
    free = r->ends;
    place = p->sites[r->site].place;
  }
  int32_t home = travel_minutes(p->travel, place, p->staff[staff].end);
  return free + home > work.to ? -1 : road + home;
}

static int64_t road_planned(const VisitWorld *w, const VisitPlan *plan, size_t first, size_t n) {
  const VisitStop *last = &plan->stops[first + n - 1];
  int64_t road = travel_minutes(w->p.travel, w->p.sites[last->site].place, w->p.staff[last->staff].end);
  for (size_t i = 0; i < n; i++) road += plan->stops[first + i].travel;
  return road;
}

static const VisitRow *row_of(const Days *d, const Cell *c, int32_t site) {
  for (int32_t i = 0; i < c->rows; i++)
    if (d->row[c->first + i]->site == site) return d->row[c->first + i];
  return NULL;
}

static int by_time(const void *x, const void *y) {
  const VisitStop *a = x, *b = y;
  return (a->begin > b->begin) - (a->begin < b->begin);
}

/* The stops of a day get the hours, and the roads, they had. */
static void restore(const Days *d, const Cell *c, VisitStop *stop, size_t n) {
  const VisitProblem *p = &d->w->p;
  for (size_t i = 0; i < n; i++) {
    const VisitRow *r = row_of(d, c, stop[i].site);
    stop[i].begin = r->begins;
    stop[i].end = r->ends;
  }
  qsort(stop, n, sizeof *stop, by_time);
  for (size_t i = 0; i < n; i++)
    stop[i].travel = travel_minutes(p->travel, i ? p->sites[stop[i - 1].site].place : p->staff[stop[i].staff].start, p->sites[stop[i].site].place);
}

void visits_steady(const VisitWorld *w, VisitPlan *plan) {
  Days d = {.w = w, .cell = mem_zalloc(w->p.staff_count * (size_t)w->ask.days + 1, sizeof *d.cell),
            .row = mem_alloc((w->row_count + 1) * sizeof *d.row)};
  size_t n = 0;
  for (size_t i = 0; i < w->row_count; i++)
    if (w->row[i].staff >= 0 && w->row[i].begins >= 0) d.row[n++] = &w->row[i]; /* without an hour it holds up nobody */
  if (n) qsort(d.row, n, sizeof *d.row, by_person_day_begin);
  for (size_t i = 0; i < n; i++) {
    Cell *c = cell_of(&d, d.row[i]->staff, d.row[i]->day);
    if (!c->rows++) c->first = (int32_t)i;
  }
  for (size_t i = 0, end; i < plan->stop_count; i = end) { /* stops are by person, day, time */
    const VisitStop *t = &plan->stops[i];
    Cell *c = cell_of(&d, t->staff, t->day);
    bool same = true;
    for (end = i; end < plan->stop_count && plan->stops[end].staff == t->staff && plan->stops[end].day == t->day; end++)
      same = same && row_of(&d, c, plan->stops[end].site);
    if (!same || (size_t)c->rows != end - i) continue;
    int64_t road = road_as_it_is(&d, t->staff, t->day), others = 0;
    for (size_t k = i; k < end; k++) others += row_of(&d, c, plan->stops[k].site)->begins != plan->stops[k].begin;
    if (road >= 0 && road <= road_planned(w, plan, i, end - i) + others * HOUR_WORTH) restore(&d, c, plan->stops + i, end - i);
  }
  mem_free(d.cell);
  mem_free(d.row);
}
