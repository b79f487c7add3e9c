/* One visit tried on a plan whose other visits stay: where it fits, or what stands against it. */
#include "model/visits_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_staff_day_time(const void *a, const void *b) {
  const VisitStop *x = a, *y = b;
  if (x->staff != y->staff) return x->staff < y->staff ? -1 : 1;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  return x->begin < y->begin ? -1 : x->begin > y->begin;
}

void visit_desk(const VisitIndex *x, const VisitStop *stops, size_t count, VisitDesk *desk) {
  const VisitProblem *p = x->p;
  size_t cells = p->staff_count * (size_t)p->days;
  VisitStop *sorted = mem_alloc(count * sizeof *sorted);
  *desk = (VisitDesk){.x = x, .stops = sorted};
  desk->first = mem_zalloc(cells + 1, sizeof *desk->first);
  desk->days = mem_zalloc(2 * p->site_count, sizeof *desk->days);
  if (count) {
    memcpy(sorted, stops, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_staff_day_time);
  }
  for (size_t i = 0; i < count; i++) {
    desk->first[(size_t)sorted[i].staff * p->days + sorted[i].day + 1]++;
    visit_day_add(&desk->days[2 * (size_t)sorted[i].site], sorted[i].day);
  }
  for (size_t i = 0; i < cells; i++) desk->first[i + 1] += desk->first[i];
}

void visit_desk_free(VisitDesk *desk) {
  mem_free((void *)desk->stops);
  mem_free(desk->first);
  mem_free(desk->days);
}

/* --- one day ----------------------------------------------------------------------------------------------------- */

enum { MOST_STOPS = 1442 }; /* a visit takes a minute at least */

typedef struct Leg {
  int32_t site, place, on; /* on: minutes to the next one */
} Leg;

/* Goes the day with the site behind leg `at`; the minute of coming home, or -1 when a window is missed. */
static int32_t drive(const VisitDesk *k, const Leg *legs, int32_t count, int32_t at, int32_t site, int32_t d, VisitWindow work,
                     bool open, int32_t *begin) {
  const VisitProblem *p = k->x->p;
  int32_t t = work.from, place = p->sites[site].place;
  for (int32_t i = 0; i <= count; i++) {
    int32_t here = i ? legs[i].site : -1;
    for (int turn = 0; turn < (i == at ? 2 : 1); turn++) {
      int32_t s = turn ? site : here;
      if (s >= 0) {
        int32_t minutes = visit_minutes(k->x, s, d);
        RouteWindow windows[3] = {{work.from, work.to - minutes}};
        int many = turn && open ? 1 : visit_windows(k->x, s, d, work, windows), w = 0;
        while (w < many && t > windows[w].to) w++;
        if (w == many) return -1;
        if (t < windows[w].from) t = windows[w].from;
        if (turn) *begin = t;
        t += minutes;
      }
      if (i == at && !turn) t += travel_minutes(p->travel, legs[i].place, place);
      else if (turn) t += travel_minutes(p->travel, place, legs[i + 1].place);
      else t += legs[i].on;
    }
  }
  return t;
}

VisitFit visit_fit(const VisitDesk *k, int32_t site, int32_t staff, int32_t d, VisitWindow work, VisitEase ease) {
  const VisitProblem *p = k->x->p;
  VisitFit best = {.over = INT32_MAX};
  Leg legs[MOST_STOPS];
  int32_t count = 0, first = k->first[(size_t)staff * p->days + d];
  legs[0] = (Leg){.site = -1, .place = p->staff[staff].start};
  for (int32_t i = first; i < first + visit_desk_count(k, staff, d); i++)
    if (k->stops[i].site != ease.without && count < MOST_STOPS - 2)
      legs[++count] = (Leg){.site = k->stops[i].site, .place = p->sites[k->stops[i].site].place};
  legs[count + 1] = (Leg){.site = -1, .place = p->staff[staff].end};
  if (!ease.slots && count >= visit_at_work(p, staff, d)->visits) return best;
  for (int32_t i = 0; i <= count; i++) legs[i].on = travel_minutes(p->travel, legs[i].place, legs[i + 1].place);
  VisitWindow hours = {work.from, ease.hours ? 1440 : work.to};
  for (int32_t at = 0; at <= count; at++) {
    int32_t begin = 0, home = drive(k, legs, count, at, site, d, hours, ease.windows, &begin), place = p->sites[site].place;
    if (home < 0 || home > hours.to) continue;
    int32_t more = travel_minutes(p->travel, legs[at].place, place) + travel_minutes(p->travel, place, legs[at + 1].place) -
                   (count ? legs[at].on : 0);
    int32_t over = home > work.to ? home - work.to : 0;
    if (over > best.over || (over == best.over && best.fits && more >= best.travel_more)) continue;
    best = (VisitFit){.fits = true, .begin = begin, .travel_more = more, .over = over};
  }
  return best;
}

int32_t visit_gap_short(const VisitIndex *x, int32_t site, int32_t d, const uint64_t days[2]) {
  const VisitSite *s = &x->p->sites[site];
  int32_t least = s->no_sooner > 1 ? s->no_sooner : 1, nearest = least;
  if (s->last != VISIT_NEVER && d - s->last < nearest) nearest = d - s->last;
  if (s->next && s->next - d < nearest) nearest = s->next - d;
  for (int32_t o = 0; o < x->p->days; o++)
    if (o != d && visit_day_in(days, o) && abs(o - d) < nearest) nearest = abs(o - d);
  return least - nearest;
}

/* Minutes between a begin and the nearest opening window. */
static int32_t outside(const VisitIndex *x, int32_t site, int32_t d, VisitWindow work, int32_t begin) {
  RouteWindow windows[3];
  int32_t nearest = INT32_MAX;
  int count = visit_windows(x, site, d, work, windows);
  for (int i = 0; i < count; i++) {
    int32_t off = begin < windows[i].from ? windows[i].from - begin : begin > windows[i].to ? begin - windows[i].to : 0;
    if (off < nearest) nearest = off;
  }
  return nearest == INT32_MAX ? 0 : nearest;
}

/* On an empty day. */
static VisitReason alone(const VisitDesk *k, int32_t site, int32_t staff, int32_t d, VisitWindow work, VisitTry *to) {
  const VisitProblem *p = k->x->p;
  RouteWindow windows[3];
  int32_t go = travel_minutes(p->travel, p->staff[staff].start, p->sites[site].place);
  int32_t back = travel_minutes(p->travel, p->sites[site].place, p->staff[staff].end), home = INT32_MAX;
  int32_t minutes = visit_minutes(k->x, site, d), least = go + minutes + back - (work.to - work.from);
  if (least > 0) {
    to->minutes = least;
    return VISIT_TOO_FAR;
  }
  int count = visit_windows(k->x, site, d, work, windows);
  for (int i = 0; i < count && home == INT32_MAX; i++) {
    int32_t begin = work.from + go > windows[i].from ? work.from + go : windows[i].from;
    if (begin <= windows[i].to) home = begin + minutes + back;
  }
  return home <= work.to ? VISIT_PLANNED : VISIT_WINDOW;
}

VisitReason visit_obstacle(const VisitDesk *k, int32_t site, int32_t staff, int32_t d, const uint64_t days[2], VisitTry *to) {
  const VisitProblem *p = k->x->p;
  VisitWindow work = visit_at_work(p, staff, d)->work;
  to->other = VISIT_ANY;
  if (!visit_works(p, staff, d)) return VISIT_OWNER_OFF;
  if (visit_day_in(p->sites[site].shut, d)) return VISIT_SHUT;
  if (d < p->frozen && !visit_day_in(k->x->facts[site].pinned, d)) return VISIT_FROZEN;
  if (visit_gap_short(k->x, site, d, days) > 0) return VISIT_MIN_GAP;
  VisitReason empty = alone(k, site, staff, d, work, to);
  if (empty != VISIT_PLANNED) return empty;
  bool full = visit_desk_count(k, staff, d) >= visit_at_work(p, staff, d)->visits;
  VisitFit fit = visit_fit(k, site, staff, d, work, (VisitEase){.slots = true, .without = site});
  if (fit.fits) {
    to->begin = fit.begin;
    to->end = fit.begin + visit_minutes(k->x, site, d);
    to->travel_more = fit.travel_more;
    return full && !visit_fit(k, site, staff, d, work, (VisitEase){.without = site}).fits ? VISIT_NO_SLOT : VISIT_PLANNED;
  }
  VisitFit freely = visit_fit(k, site, staff, d, work, (VisitEase){.slots = true, .windows = true, .without = site});
  if (freely.fits) {
    to->minutes = outside(k->x, site, d, work, freely.begin);
    return VISIT_WINDOW_TAKEN;
  }
  VisitFit later = visit_fit(k, site, staff, d, work, (VisitEase){.slots = true, .hours = true, .without = site});
  if (!later.fits) later = visit_fit(k, site, staff, d, work, (VisitEase){.slots = true, .hours = true, .windows = true, .without = site});
  to->minutes = later.fits ? later.over : visit_minutes(k->x, site, d);
  return VISIT_DAY_FULL;
}

bool visits_try(const VisitProblem *p, const VisitPlan *plan, int32_t site, int32_t instead, VisitTry *tries, Err *e) {
  if (!visits_check(p, e)) return false;
  if (site < 0 || (size_t)site >= p->site_count) return err_set(e, ERR_FAIL, "there is no site %d", site);
  VisitIndex x;
  VisitDesk desk;
  visit_index(p, &x);
  visit_desk(&x, plan->stops, plan->stop_count, &desk);
  const VisitSite *s = &p->sites[site];
  uint64_t days[2] = {desk.days[2 * (size_t)site], desk.days[2 * (size_t)site + 1]};
  if (instead >= 0 && instead < p->days) days[instead >> 6] &= ~(UINT64_C(1) << (instead & 63));
  for (int32_t d = 0; d < p->days; d++) {
    VisitTry *t = &tries[d];
    uint64_t others[2] = {days[0], days[1]}, with[2] = {days[0], days[1]};
    *t = (VisitTry){.day = d, .other = VISIT_ANY, .planned = visit_day_in(&desk.days[2 * (size_t)site], d)};
    others[d >> 6] &= ~(UINT64_C(1) << (d & 63));
    visit_day_add(with, d);
    if (s->place < 0) t->reason = VISIT_NO_PLACE;
    else if (s->owner < 0) t->reason = VISIT_NO_OWNER;
    else t->reason = visit_obstacle(&desk, site, s->owner, d, others, t);
    if (t->reason != VISIT_PLANNED) continue;
    int32_t there = visit_desk_count(&desk, s->owner, d) - (t->planned ? 1 : 0);
    t->score = (double)(visit_days_cost(&x, site, with) - visit_days_cost(&x, site, others)) / VISIT_UNIT +
               t->travel_more * p->weights.travel + (2 * there + 1) * p->weights.uneven;
    if (s->with >= 0 && !visit_day_in(&desk.days[2 * (size_t)s->with], d)) t->score += p->weights.gap;
  }
  visit_desk_free(&desk);
  visit_index_free(&x);
  return true;
}
