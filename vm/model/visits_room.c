/* Capacity: what nobody can exceed, whatever the plan. */
#include "model/visits_work.h"

#include <stdlib.h>

typedef struct Need {
  int32_t tier, minutes, asked;
} Need;

static int by_tier_then_minutes(const void *a, const void *b) {
  const Need *x = a, *y = b;
  if (x->tier != y->tier) return x->tier < y->tier ? -1 : 1;
  if (x->minutes != y->minutes) return x->minutes < y->minutes ? -1 : 1;
  return x->asked < y->asked ? -1 : x->asked > y->asked;
}

static int by_size(const void *a, const void *b) {
  const int32_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

typedef struct Supply {
  int64_t visits, minutes; /* over all days */
} Supply;

/* The shortest way out and home again with a visit on it. */
static int32_t least_road(const VisitIndex *x, int32_t staff) {
  const VisitProblem *p = x->p;
  int32_t least = INT32_MAX;
  for (int32_t i = x->first_site[staff]; i < x->first_site[staff + 1]; i++) {
    int32_t place = p->sites[x->site[i]].place;
    if (place < 0 || p->sites[x->site[i]].asked < 1) continue;
    int32_t road = travel_minutes(p->travel, p->staff[staff].start, place) + travel_minutes(p->travel, place, p->staff[staff].end);
    if (road < least) least = road;
  }
  return least == INT32_MAX ? 0 : least;
}

/* A day's visits are of different sites, so the shortest ones bound how many it can hold. With a table of travel the
 * detour over a third place may be shorter than the way itself, so that only a straight line counts as road. */
static Supply supply_of(const VisitIndex *x, int32_t staff) {
  const VisitProblem *p = x->p;
  int32_t count = 0, road = p->travel->pair_count ? 0 : least_road(x, staff);
  int32_t *minutes = mem_alloc((size_t)(x->first_site[staff + 1] - x->first_site[staff]) * sizeof *minutes);
  Supply all = {0, 0};
  for (int32_t i = x->first_site[staff]; i < x->first_site[staff + 1]; i++)
    if (p->sites[x->site[i]].asked > 0 && p->sites[x->site[i]].place >= 0) minutes[count++] = p->sites[x->site[i]].minutes;
  if (count) qsort(minutes, (size_t)count, sizeof *minutes, by_size);
  for (int32_t d = 0; d < p->days; d++) {
    if (!visit_works(p, staff, d)) continue;
    const VisitDay *day = visit_at_work(p, staff, d);
    int32_t left = day->work.to - day->work.from - road, visits = 0;
    if (left <= 0) continue;
    all.minutes += left;
    for (; visits < count && visits < day->visits && minutes[visits] <= left; visits++) left -= minutes[visits];
    all.visits += visits;
  }
  mem_free(minutes);
  return all;
}

static VisitRoom room_of(const Need *need, int32_t count, Supply *left, int32_t staff) {
  VisitRoom room = {.staff = staff, .tier = need->tier, .sites = count};
  int64_t minutes = left->minutes, fit = 0;
  for (int32_t i = 0; i < count; i++) {
    room.needed += need[i].asked;
    room.minutes += (int64_t)need[i].asked * need[i].minutes;
    int64_t more = minutes / need[i].minutes < need[i].asked ? minutes / need[i].minutes : need[i].asked;
    fit += more;
    minutes -= more * need[i].minutes;
  }
  if (fit == room.needed) fit += minutes / need->minutes;
  room.possible = (int32_t)(fit < left->visits ? fit : left->visits);
  int32_t taken = room.possible < room.needed ? room.possible : room.needed;
  room.over = room.needed - taken;
  room.fits_each = (double)taken / count;
  left->visits -= taken;
  left->minutes -= room.over ? left->minutes : room.minutes; /* whoever is over leaves nothing to those below */
  return room;
}

bool visits_capacity(const VisitProblem *p, VisitRoom **rooms, size_t *count, Err *e) {
  *rooms = NULL;
  *count = 0;
  if (!visits_check(p, e)) return false;
  VisitIndex x;
  size_t cap = 0;
  visit_index(p, &x);
  Need *need = mem_alloc(p->site_count * sizeof *need);
  for (int32_t staff = 0; staff < (int32_t)p->staff_count; staff++) {
    int32_t many = 0;
    for (int32_t i = x.first_site[staff]; i < x.first_site[staff + 1]; i++) {
      const VisitSite *s = &p->sites[x.site[i]];
      if (s->asked > 0) need[many++] = (Need){s->tier, s->minutes, s->asked};
    }
    if (many) qsort(need, (size_t)many, sizeof *need, by_tier_then_minutes);
    Supply left = supply_of(&x, staff);
    for (int32_t from = 0, to; from < many; from = to) {
      for (to = from; to < many && need[to].tier == need[from].tier;) to++;
      mem_grow(*rooms, cap, *count + 1);
      (*rooms)[(*count)++] = room_of(need + from, to - from, &left, staff);
    }
  }
  mem_free(need);
  visit_index_free(&x);
  return true;
}
