/* The rules of a visit plan, checked from its stops and the problem alone. Nothing here is shared with the search. */
#ifndef VISIT_RULES_H
#define VISIT_RULES_H
#include "model/visits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static char visit_rule_said[200];

#define BROKEN(...) return snprintf(visit_rule_said, sizeof visit_rule_said, __VA_ARGS__), visit_rule_said

static bool visit_rule_open(const VisitProblem *p, const VisitSite *s, const VisitStop *t) {
  if (s->hours < 0) return t->begin >= 0 && t->end <= 1440;
  const VisitHours *h = &p->hours[s->hours];
  int weekday = (p->weekday + t->day) % 7;
  for (int i = 0; i < h->count[weekday]; i++)
    if (t->begin >= h->open[weekday][i].from && t->end <= h->open[weekday][i].to) return true;
  return false;
}

/* A frozen visit keeps its length. */
static int visit_rule_minutes(const VisitProblem *p, const VisitStop *t) {
  for (size_t i = 0; i < p->kept_count && t->day < p->frozen; i++)
    if (p->kept[i].site == t->site && p->kept[i].day == t->day && p->kept[i].minutes) return p->kept[i].minutes;
  return p->sites[t->site].minutes;
}

/* NULL when all rules are kept. Stops must be by staff, day, time, as plans have them. */
static const char *visit_rule_broken(const VisitProblem *p, const VisitPlan *plan) {
  unsigned char *seen = calloc(p->site_count * (size_t)p->days + 1, 1);
  if (!seen) abort();
  const VisitStop *end = plan->stops + plan->stop_count;
  for (const VisitStop *t = plan->stops; t < end; t++) {
    const VisitSite *s = &p->sites[t->site];
    const VisitDay *day = &p->at_work[(size_t)t->staff * p->days + t->day];
    bool first = t == plan->stops || t[-1].staff != t->staff || t[-1].day != t->day;
    bool last = t + 1 == end || t[1].staff != t->staff || t[1].day != t->day;
    if (s->owner != t->staff) BROKEN("site %d is seen by %d, not by its owner", t->site, t->staff);
    if (s->place < 0) BROKEN("site %d has no place", t->site);
    if (day->work.from >= day->work.to) BROKEN("staff %d is off on day %d", t->staff, t->day);
    if (s->shut[t->day / 64] >> (t->day % 64) & 1) BROKEN("site %d is shut on day %d", t->site, t->day);
    if (t->end - t->begin != visit_rule_minutes(p, t)) BROKEN("site %d: a visit of %d minutes", t->site, t->end - t->begin);
    if (!visit_rule_open(p, s, t)) BROKEN("site %d is not open on day %d at %d", t->site, t->day, t->begin);
    if (seen[(size_t)t->site * p->days + t->day]) BROKEN("site %d twice on day %d", t->site, t->day);
    seen[(size_t)t->site * p->days + t->day] = 1;
    int from = first ? p->staff[t->staff].start : p->sites[t[-1].site].place, free = first ? day->work.from : t[-1].end;
    if (t->travel != travel_minutes(p->travel, from, s->place)) BROKEN("site %d: travel", t->site);
    if (t->begin < free + t->travel) BROKEN("site %d on day %d: nobody is there before %d", t->site, t->day, free + t->travel);
    if (last && t->end + travel_minutes(p->travel, s->place, p->staff[t->staff].end) > day->work.to)
      BROKEN("staff %d comes home late on day %d", t->staff, t->day);
    int visits = 1;
    for (const VisitStop *b = t; b > plan->stops && b[-1].staff == t->staff && b[-1].day == t->day; b--) visits++;
    if (visits > day->visits) BROKEN("staff %d has more than %d visits on day %d", t->staff, day->visits, t->day);
  }
  for (size_t i = 0; i < p->site_count; i++) {
    const VisitSite *s = &p->sites[i];
    for (int d = 0, before = s->last; d < p->days; d++) {
      if (!seen[i * p->days + d]) continue;
      if (before != VISIT_NEVER && d - before < s->no_sooner) BROKEN("site %zu: days %d and %d", i, before, d);
      before = d;
      if (s->next && s->next - d < s->no_sooner) BROKEN("site %zu: days %d and %d", i, d, s->next);
    }
  }
  free(seen);
  return NULL;
}

static bool visit_rule_planned(const VisitPlan *plan, int site, int day, int at) {
  for (size_t i = 0; i < plan->stop_count; i++)
    if (plan->stops[i].site == site && plan->stops[i].day == day && (at < 0 || plan->stops[i].begin == at)) return true;
  return false;
}

static bool visit_rule_named(const VisitPlan *plan, int site) {
  for (size_t i = 0; i < plan->left_count; i++)
    if (plan->left[i].site == site) return true;
  return false;
}

/* Pins and frozen days are kept, or the site is named among those left out; frozen days have nothing else. */
static const char *visit_pins_broken(const VisitProblem *p, const VisitPlan *plan) {
  for (size_t i = 0; i < p->pin_count; i++)
    if (!visit_rule_planned(plan, p->pins[i].site, p->pins[i].day, p->pins[i].at) && !visit_rule_named(plan, p->pins[i].site))
      BROKEN("pin %zu is lost", i);
  for (size_t i = 0; i < p->kept_count; i++)
    if (p->kept[i].day < p->frozen && !visit_rule_planned(plan, p->kept[i].site, p->kept[i].day, -1) &&
        !visit_rule_named(plan, p->kept[i].site))
      BROKEN("frozen visit %zu is lost", i);
  for (size_t i = 0; i < plan->stop_count; i++) {
    const VisitStop *t = &plan->stops[i];
    bool stood = t->day >= p->frozen;
    for (size_t k = 0; k < p->pin_count && !stood; k++) stood = p->pins[k].site == t->site && p->pins[k].day == t->day;
    for (size_t k = 0; k < p->kept_count && !stood; k++) stood = p->kept[k].site == t->site && p->kept[k].day == t->day;
    if (!stood) BROKEN("site %d is new on frozen day %d", t->site, t->day);
  }
  return NULL;
}

/* Everybody with fewer visits than asked is named with that number, and nobody else without a pin is. */
static const char *visit_left_broken(const VisitProblem *p, const VisitPlan *plan) {
  int *planned = calloc(p->site_count + 1, sizeof *planned);
  if (!planned) abort();
  for (size_t i = 0; i < plan->stop_count; i++) planned[plan->stops[i].site]++;
  for (size_t i = 0; i < plan->left_count; i++) {
    const VisitLeft *l = &plan->left[i];
    int missed = p->sites[l->site].asked - planned[l->site];
    if (l->missed != (missed > 0 ? missed : 0)) BROKEN("site %d: %d missed, not %d", l->site, missed, l->missed);
    if (l->reason == VISIT_PLANNED) BROKEN("site %d is left without a reason", l->site);
    planned[l->site] = p->sites[l->site].asked;
  }
  for (size_t i = 0; i < p->site_count; i++)
    if (planned[i] < p->sites[i].asked) BROKEN("site %zu is left out silently", i);
  free(planned);
  return NULL;
}
#endif
