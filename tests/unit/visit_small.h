/* A small field force for tests of visit plans, and plans of it that keep every rule. */
#ifndef VISIT_SMALL_H
#define VISIT_SMALL_H
#include "testing.h"

#include "visit_rules.h"

enum { SITES = 12, DAYS = 28, STAFF = 3 };

/* A small field force on one meridian: 0.1 degree is 11.12 km, 15 minutes at 60 km/h with a road factor of 1.3. */
typedef struct Small {
  VisitStaff staff[STAFF];
  VisitDay at_work[STAFF * DAYS];
  VisitSite sites[SITES];
  VisitHours hours[2];
  VisitPin pins[SITES];
  VisitKept kept[SITES * DAYS];
  double lat[STAFF + SITES], lon[STAFF + SITES];
  Travel travel;
  VisitProblem p;
} Small;

static void make(Small *s, int staff, int sites, int days) {
  *s = (Small){.travel = {.lat = s->lat, .lon = s->lon, .road = 1.3, .kmh = 60}};
  for (int i = 0; i < staff; i++) {
    s->staff[i] = (VisitStaff){i, i};
    for (int d = 0; d < days; d++) s->at_work[i * days + d] = (VisitDay){{480, 1020}, 5};
  }
  for (int i = 0; i < sites; i++) {
    s->lat[STAFF + i] = 0.1 * (i + 1);
    s->sites[i] = (VisitSite){.place = STAFF + i, .minutes = 60, .hours = VISIT_ANY, .asked = 1, .last = VISIT_NEVER,
                              .worth = 100, .with = VISIT_ANY};
  }
  s->p = (VisitProblem){.days = days, .staff_count = (size_t)staff, .site_count = (size_t)sites, .hours_count = 2,
                        .place_count = STAFF + SITES, .staff = s->staff, .at_work = s->at_work, .sites = s->sites,
                        .hours = s->hours, .pins = s->pins, .kept = s->kept, .travel = &s->travel, .weights = visits_usual()};
}

static VisitPlan plan_of(const Small *s) {
  VisitPlan plan;
  Err e = {0};
  VisitSearch how = {.seed = 7, .effort = 500, .threads = 1};
  if (!visits_plan(&s->p, &how, &plan, &e)) fail_msg("%s", e.what);
  const char *wrong = visit_rule_broken(&s->p, &plan);
  if (!wrong) wrong = visit_pins_broken(&s->p, &plan);
  if (!wrong) wrong = visit_left_broken(&s->p, &plan);
  if (wrong) fail_msg("%s", wrong);
  return plan;
}

static bool has(const VisitPlan *plan, int site, int day) { return visit_rule_planned(plan, site, day, -1); }
#endif
