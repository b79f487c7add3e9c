/* One staff member's sites and days as a RouteProblem: a vehicle for each working day. */
#include "model/visits_work.h"

#include <math.h>
#include <string.h>

typedef struct Maker {
  const VisitIndex *x;
  const uint64_t *elsewhere;
  VisitSub *sub;
  int32_t *global; /* place of each local place */
} Maker;

static void *array(Maker *m, size_t count, size_t size) { return arena_zalloc(&m->sub->arena, count ? count : 1, size); }

static void make_sites(Maker *m) {
  const VisitProblem *p = m->x->p;
  int32_t *site = array(m, (size_t)(m->x->first_site[m->sub->staff + 1] - m->x->first_site[m->sub->staff]), sizeof *site);
  for (int32_t i = m->x->first_site[m->sub->staff]; i < m->x->first_site[m->sub->staff + 1]; i++) {
    int32_t s = m->x->site[i];
    if (p->sites[s].place >= 0 && m->x->facts[s].most > 0) site[m->sub->count++] = s;
  }
  m->sub->site = site;
}

static void make_places(Maker *m) {
  const VisitProblem *p = m->x->p;
  VisitSub *sub = m->sub;
  size_t n = (size_t)sub->count + 2;
  int32_t *place = array(m, (size_t)sub->count, sizeof *place);
  m->global = array(m, n, sizeof *m->global);
  m->global[0] = p->staff[sub->staff].start;
  m->global[1] = p->staff[sub->staff].end;
  for (int32_t i = 0; i < sub->count; i++) {
    place[i] = i + 2;
    m->global[i + 2] = p->sites[sub->site[i]].place;
  }
  int32_t *time = array(m, n * n, sizeof *time), *length = array(m, n * n, sizeof *length);
  bool both = !p->travel->pair_count;
  for (size_t a = 0; a < n; a++)
    for (size_t b = 0; b < n; b++) {
      time[a * n + b] = both && b < a ? time[b * n + a] : travel_minutes(p->travel, m->global[a], m->global[b]);
      length[a * n + b] = (int32_t)floor(time[a * n + b] * p->weights.travel * VISIT_UNIT + 0.5);
    }
  sub->routes.places = (int32_t)n;
  sub->routes.place = place;
  sub->routes.time = time;
  sub->routes.length = length;
}

static void make_vehicles(Maker *m) {
  const VisitProblem *p = m->x->p;
  RouteVehicle *car = array(m, (size_t)p->days, sizeof *car);
  for (int32_t d = 0; d < p->days; d++) {
    const VisitDay *day = visit_at_work(p, m->sub->staff, d);
    if (!visit_works(p, m->sub->staff, d)) continue;
    car[m->sub->routes.vehicles++] = (RouteVehicle){.day = d, .start = 0, .end = 1, .from = day->work.from,
                                                    .to = day->work.to, .load = ROUTE_OPEN, .stops = day->visits};
  }
  m->sub->routes.vehicle = car;
}

static void make_windows(Maker *m) {
  const VisitProblem *p = m->x->p;
  VisitSub *sub = m->sub;
  int32_t *service = array(m, (size_t)sub->count, sizeof *service), at = 0;
  int32_t *day_service = array(m, (size_t)sub->count * p->days, sizeof *day_service);
  bool differ = false;
  int32_t *first = array(m, (size_t)sub->count * p->days + 1, sizeof *first);
  RouteWindow *windows = array(m, (size_t)sub->count * p->days * 3, sizeof *windows);
  for (int32_t i = 0; i < sub->count; i++) {
    service[i] = p->sites[sub->site[i]].minutes;
    for (int32_t d = 0; d < p->days; d++) {
      int32_t site = sub->site[i], minutes = visit_minutes(m->x, site, d);
      day_service[(size_t)i * p->days + d] = minutes;
      differ = differ || minutes != service[i];
      bool pinned = visit_day_in(m->x->facts[site].pinned, d);
      first[(size_t)i * p->days + d] = at;
      if (!visit_works(p, sub->staff, d) || visit_day_in(p->sites[site].shut, d)) continue;
      if (!pinned && (d < p->frozen || visit_next_near(&p->sites[site], d))) continue;
      at += visit_windows(m->x, site, d, visit_at_work(p, sub->staff, d)->work, windows + at);
    }
  }
  first[(size_t)sub->count * p->days] = at;
  sub->routes.service = service;
  sub->routes.day_service = differ ? day_service : NULL;
  sub->routes.demand = array(m, (size_t)sub->count, sizeof *sub->routes.demand);
  sub->routes.first_window = first;
  sub->routes.windows = windows;
}

static void make_cadences(Maker *m) {
  const VisitProblem *p = m->x->p;
  VisitSub *sub = m->sub;
  RouteCadence *cadence = array(m, (size_t)sub->count, sizeof *cadence);
  for (int32_t i = 0; i < sub->count; i++) {
    int32_t s = sub->site[i], most = m->x->facts[s].most;
    int64_t *first = array(m, (size_t)p->days, sizeof *first), *gap = array(m, (size_t)p->days, sizeof *gap);
    int64_t *last = array(m, (size_t)p->days, sizeof *last), *missing = array(m, (size_t)most + 1, sizeof *missing);
    for (int32_t d = 0; d < p->days; d++) {
      first[d] = visit_first_cost(m->x, s, d);
      gap[d] = d ? visit_gap_cost(m->x, s, d) : ROUTE_NEVER;
      last[d] = visit_last_cost(m->x, s, d);
    }
    for (int32_t k = 0; k <= most; k++) missing[k] = visit_missing_cost(m->x, s, k);
    cadence[i] = (RouteCadence){.most = most, .missing = missing, .first = first, .gap = gap, .last = last, .unpinned = VISIT_UNPINNED};
    memcpy(cadence[i].pinned, m->x->facts[s].pinned, sizeof cadence[i].pinned);
  }
  sub->routes.cadence = cadence;
}

/* Moves against the plan in force, and sites of others whose days are wished for. */
static void make_day_costs(Maker *m) {
  const VisitProblem *p = m->x->p;
  VisitSub *sub = m->sub;
  int64_t *cost = array(m, (size_t)sub->count * p->days, sizeof *cost);
  int32_t *with = array(m, (size_t)sub->count, sizeof *with);
  int64_t move = (int64_t)(p->weights.move * VISIT_UNIT), apart = (int64_t)(p->weights.gap * VISIT_UNIT);
  bool any = false;
  for (int32_t i = 0; i < sub->count; i++) {
    const VisitSite *s = &p->sites[sub->site[i]];
    const VisitFacts *f = &m->x->facts[sub->site[i]];
    with[i] = -1;
    for (int32_t o = 0; s->with >= 0 && o < sub->count; o++)
      if (sub->site[o] == s->with && o != i) with[i] = o, any = true;
    for (int32_t d = 0; d < p->days; d++) {
      if (visit_day_in(f->kept, d)) cost[(size_t)i * p->days + d] -= move;
      if (s->with < 0 || with[i] >= 0) continue;
      if (!m->elsewhere || !visit_day_in(&m->elsewhere[2 * (size_t)s->with], d)) cost[(size_t)i * p->days + d] += apart;
    }
  }
  sub->routes.day_cost = cost;
  sub->routes.with = any ? with : NULL;
  sub->routes.with_cost = apart;
}

void visit_sub_make(const VisitIndex *x, int32_t staff, const uint64_t *elsewhere, VisitSub *sub) {
  Maker m = {.x = x, .elsewhere = elsewhere, .sub = sub};
  *sub = (VisitSub){.staff = staff};
  make_sites(&m);
  sub->routes.customers = sub->count;
  sub->routes.days = x->p->days;
  make_places(&m);
  make_vehicles(&m);
  make_windows(&m);
  make_cadences(&m);
  make_day_costs(&m);
  sub->routes.uneven = (int64_t)floor(x->p->weights.uneven * VISIT_UNIT + 0.5);
}

void visit_sub_free(VisitSub *sub) { arena_free(&sub->arena); }
