/* Why a visit that was asked is not in the plan, and what would bring it there: each remedy is tried before it is named. */
#include "model/visits_work.h"

#include <math.h>
#include <stdlib.h>

typedef struct Case {
  const VisitDesk *desk;
  const VisitIndex *x;
  int32_t site, staff;
  uint64_t days[2];      /* planned */
  VisitLeft *left;
} Case;

enum { OTHERS = 8, SHORT_OVERTIME = 30 };

static const VisitSite *site_of(const Case *c) { return &c->x->p->sites[c->site]; }
static VisitWindow work_on(const Case *c, int32_t d) { return visit_at_work(c->x->p, c->staff, d)->work; }
static bool is_pinned(const Case *c, int32_t site, int32_t d) { return visit_day_in(c->x->facts[site].pinned, d); }

static bool offer(Case *c, VisitRemedy remedy, int32_t day, int32_t to, int32_t amount) {
  c->left->remedy = remedy;
  c->left->day = day;
  c->left->to = to;
  c->left->amount = amount;
  return true;
}

/* --- remedies ---------------------------------------------------------------------------------------------------- */

typedef struct Other {
  double km;
  int32_t staff;
} Other;

/* The nearest of the other staff who has room on a day the site may be seen on. */
static bool offer_owner(Case *c) {
  const VisitProblem *p = c->x->p;
  Other near[OTHERS];
  int count = 0;
  if (site_of(c)->only) return false;
  for (int32_t s = 0; s < (int32_t)p->staff_count; s++) {
    if (s == c->staff) continue;
    Other one = {travel_km(p->travel, p->staff[s].start, site_of(c)->place), s};
    int at = count < OTHERS ? count++ : OTHERS;
    for (; at > 0 && (at == OTHERS || at < count) && near[at - 1].km > one.km; at--)
      if (at < OTHERS) near[at] = near[at - 1];
    if (at < OTHERS) near[at] = one;
  }
  for (int i = 0; i < count; i++)
    for (int32_t d = p->frozen; d < p->days; d++) {
      VisitTry t = {0};
      if (visit_day_in(c->days, d) || visit_obstacle(c->desk, c->site, near[i].staff, d, c->days, &t) != VISIT_PLANNED) continue;
      return offer(c, VISIT_REMEDY_OWNER, d, near[i].staff, 0);
    }
  return false;
}

static bool offer_room(Case *c, int32_t d) {
  bool full = visit_desk_count(c->desk, c->staff, d) >= visit_at_work(c->x->p, c->staff, d)->visits;
  VisitFit fit = visit_fit(c->desk, c->site, c->staff, d, work_on(c, d), (VisitEase){.slots = true, .hours = true, .without = VISIT_ANY});
  if (fit.fits && fit.over == 0 && full) return offer(c, VISIT_REMEDY_SLOT, d, VISIT_ANY, 0);
  if (!fit.fits) return offer_owner(c);
  if (fit.over > SHORT_OVERTIME && offer_owner(c)) return true;
  return offer(c, full ? VISIT_REMEDY_BOTH : VISIT_REMEDY_LONGER, d, VISIT_ANY, fit.over);
}

/* Where no day is long enough, the one that has to last least longer. */
static int32_t least_overtime(const Case *c) {
  const VisitProblem *p = c->x->p;
  int32_t least = INT32_MAX, day = c->left->best_day;
  for (int32_t d = p->frozen; d < p->days; d++) {
    if (visit_day_in(c->days, d) || !visit_works(p, c->staff, d) || visit_day_in(site_of(c)->shut, d) || visit_gap_short(c->x, c->site, d, c->days) > 0) continue;
    VisitFit fit = visit_fit(c->desk, c->site, c->staff, d, work_on(c, d), (VisitEase){.slots = true, .hours = true, .without = VISIT_ANY});
    if (!fit.fits || fit.over >= least) continue;
    least = fit.over;
    day = d;
  }
  return day;
}

static bool offer_open(Case *c) {
  const VisitProblem *p = c->x->p;
  for (int32_t d = p->frozen; d < p->days; d++) {
    if (!visit_works(p, c->staff, d) || visit_day_in(site_of(c)->shut, d) || visit_gap_short(c->x, c->site, d, c->days) > 0) continue;
    VisitFit fit = visit_fit(c->desk, c->site, c->staff, d, work_on(c, d), (VisitEase){.windows = true, .without = VISIT_ANY});
    if (fit.fits) return offer(c, VISIT_REMEDY_OPEN, d, VISIT_ANY, fit.begin);
  }
  return offer_owner(c);
}

static bool offer_sooner(Case *c) {
  const VisitProblem *p = c->x->p;
  int32_t least = INT32_MAX, day = VISIT_ANY;
  for (int32_t d = p->frozen; d < p->days; d++) {
    int32_t missing = visit_gap_short(c->x, c->site, d, c->days);
    if (missing >= least || visit_day_in(c->days, d) || !visit_works(p, c->staff, d) || visit_day_in(site_of(c)->shut, d)) continue;
    if (!visit_fit(c->desk, c->site, c->staff, d, work_on(c, d), (VisitEase){.without = VISIT_ANY}).fits) continue;
    least = missing;
    day = d;
  }
  return day >= 0 && offer(c, VISIT_REMEDY_SOONER, day, VISIT_ANY, least);
}

static bool is_firm(const Case *c, VisitReason rule, int32_t d) {
  const uint64_t *off = c->x->p->firm_off;
  if (rule == VISIT_SHUT) return visit_day_in(site_of(c)->firm, d);
  return rule == VISIT_OWNER_OFF && off && visit_day_in(&off[2 * (size_t)c->staff], d);
}

/* A day that a rule forbids but where it would fit. */
static bool offer_day(Case *c, VisitReason rule, VisitRemedy remedy) {
  const VisitProblem *p = c->x->p;
  VisitWindow longest = p->usual ? p->usual[c->staff] : (VisitWindow){0, 0};
  for (int32_t d = 0; d < p->days; d++)
    if (visit_works(p, c->staff, d) && work_on(c, d).to - work_on(c, d).from > longest.to - longest.from) longest = work_on(c, d);
  for (int32_t d = 0; d < p->days; d++) {
    VisitTry t = {0};
    if (visit_day_in(c->days, d) || visit_obstacle(c->desk, c->site, c->staff, d, c->days, &t) != rule) continue;
    if (is_firm(c, rule, d) || visit_gap_short(c->x, c->site, d, c->days) > 0) continue;
    bool off = !visit_works(p, c->staff, d);
    if (off && visit_day_in(site_of(c)->shut, d)) continue;
    VisitWindow work = off ? longest : work_on(c, d);
    if (work.from >= work.to) continue;
    if (visit_fit(c->desk, c->site, c->staff, d, work, (VisitEase){.slots = off, .without = VISIT_ANY}).fits)
      return offer(c, remedy, d, VISIT_ANY, 0);
  }
  return offer_owner(c);
}

/* --- reasons ----------------------------------------------------------------------------------------------------- */

/* How far a day got: the later the rule that stops it, the nearer it is. */
static int32_t nearness(const VisitTry *t) {
  static const int32_t rank[] = {
    [VISIT_PLANNED] = 0, [VISIT_NO_SLOT] = 15, [VISIT_DAY_FULL] = 1, [VISIT_WINDOW_TAKEN] = 60,
    [VISIT_TOO_FAR] = 100000, [VISIT_WINDOW] = 300000, [VISIT_MIN_GAP] = 400000, [VISIT_FROZEN] = 500000,
    [VISIT_SHUT] = 600000, [VISIT_OWNER_OFF] = 700000, [VISIT_NO_PLACE] = 0, [VISIT_NO_OWNER] = 0, [VISIT_PIN_CLASH] = 0,
    [VISIT_OUTBID] = 0, [VISIT_PINNED_DAY] = 0, [VISIT_UNWISHED] = 0,
  };
  return rank[t->reason] + (t->minutes < 100000 ? t->minutes : 100000);
}

/* Who has the room on a full day: the one worth least of those whose absence would do. */
static void find_holder(Case *c, int32_t d) {
  const VisitDesk *k = c->desk;
  int32_t first = k->first[(size_t)c->staff * c->x->p->days + d], end = first + visit_desk_count(k, c->staff, d);
  int32_t free = VISIT_ANY, pinned = VISIT_ANY;
  for (int32_t i = first; i < end; i++) {
    int32_t other = k->stops[i].site;
    if (!visit_fit(k, c->site, c->staff, d, work_on(c, d), (VisitEase){.without = other}).fits) continue;
    int32_t *best = is_pinned(c, other, d) ? &pinned : &free;
    if (*best < 0 || c->x->facts[other].missed < c->x->facts[*best].missed) *best = other;
  }
  if (free >= 0 && c->x->facts[free].missed >= c->x->facts[c->site].missed) {
    c->left->reason = VISIT_OUTBID;
    c->left->other = free;
  } else if (free < 0 && pinned >= 0) {
    c->left->reason = VISIT_PINNED_DAY;
    c->left->other = pinned;
  }
}

static void find_remedy(Case *c) {
  VisitLeft *l = c->left;
  switch (l->reason) {
    case VISIT_NO_PLACE: offer(c, VISIT_REMEDY_PLACE, VISIT_ANY, VISIT_ANY, 0); break;
    case VISIT_NO_OWNER: offer_owner(c); break;
    case VISIT_OWNER_OFF: offer_day(c, VISIT_OWNER_OFF, VISIT_REMEDY_WORK); break;
    case VISIT_SHUT: offer_day(c, VISIT_SHUT, VISIT_REMEDY_UNSHUT); break;
    case VISIT_FROZEN: offer_day(c, VISIT_FROZEN, VISIT_REMEDY_THAW); break;
    case VISIT_MIN_GAP: offer_sooner(c); break;
    case VISIT_WINDOW: case VISIT_WINDOW_TAKEN: offer_open(c); break;
    case VISIT_PIN_CLASH: case VISIT_PINNED_DAY:
      offer(c, VISIT_REMEDY_UNPIN, l->best_day, l->reason == VISIT_PIN_CLASH ? c->site : l->other, 0);
      break;
    case VISIT_TOO_FAR:
      l->best_day = least_overtime(c);
      offer_room(c, l->best_day);
      break;
    case VISIT_DAY_FULL: case VISIT_NO_SLOT: case VISIT_OUTBID: offer_room(c, l->best_day); break;
    case VISIT_UNWISHED: offer(c, VISIT_REMEDY_PIN, l->best_day, VISIT_ANY, 0); break;
    case VISIT_PLANNED: break;
  }
}

/* A pin that is not kept: what stands against it on its own day, its other days being as they are. */
static bool explain_pin(Case *c) {
  const VisitProblem *p = c->x->p;
  for (int32_t d = 0; d < p->days; d++) {
    if (!is_pinned(c, c->site, d) || visit_day_in(c->days, d)) continue;
    VisitTry t = {.other = VISIT_ANY};
    c->left->reason = visit_obstacle(c->desk, c->site, c->staff, d, c->days, &t);
    c->left->best_day = d;
    c->left->minutes = t.minutes;
    if (c->left->reason != VISIT_DAY_FULL && c->left->reason != VISIT_NO_SLOT && c->left->reason != VISIT_WINDOW_TAKEN) return true;
    find_holder(c, d);
    c->left->reason = VISIT_PIN_CLASH;
    return true;
  }
  return false;
}

static void explain(Case *c) {
  const VisitProblem *p = c->x->p;
  VisitLeft *l = c->left;
  if (site_of(c)->place < 0 || site_of(c)->owner < 0) {
    l->reason = site_of(c)->place < 0 ? VISIT_NO_PLACE : VISIT_NO_OWNER;
    return;
  }
  if (explain_pin(c)) return;
  int32_t nearest = INT32_MAX;
  for (int32_t d = 0; d < p->days; d++) {
    VisitTry t = {.day = d};
    if (visit_day_in(c->days, d)) continue;
    t.reason = visit_obstacle(c->desk, c->site, c->staff, d, c->days, &t);
    if (nearness(&t) >= nearest) continue;
    nearest = nearness(&t);
    l->reason = t.reason;
    l->minutes = t.minutes;
    l->best_day = d;
  }
  if (l->reason == VISIT_DAY_FULL || l->reason == VISIT_NO_SLOT || l->reason == VISIT_WINDOW_TAKEN) find_holder(c, l->best_day);
  if (l->reason == VISIT_PLANNED) l->reason = VISIT_UNWISHED;
  if (l->reason == VISIT_OWNER_OFF || l->reason == VISIT_SHUT || l->reason == VISIT_FROZEN) l->best_day = VISIT_ANY;
}

static bool lacks(const VisitIndex *x, int32_t site, const uint64_t days[2], int32_t *missed) {
  const VisitFacts *f = &x->facts[site];
  int32_t planned = __builtin_popcountll(days[0]) + __builtin_popcountll(days[1]);
  *missed = x->p->sites[site].asked > planned ? x->p->sites[site].asked - planned : 0;
  return *missed || (f->pinned[0] & ~days[0]) || (f->pinned[1] & ~days[1]);
}

void visit_reasons(const VisitIndex *x, VisitPlan *plan) {
  const VisitProblem *p = x->p;
  VisitDesk desk;
  size_t cap = 0;
  visit_desk(x, plan->stops, plan->stop_count, &desk);
  for (int32_t site = 0; site < (int32_t)p->site_count; site++) {
    const uint64_t days[2] = {desk.days[2 * (size_t)site], desk.days[2 * (size_t)site + 1]};
    int32_t missed;
    if (!lacks(x, site, days, &missed)) continue;
    mem_grow(plan->left, cap, plan->left_count + 1);
    VisitLeft *l = &plan->left[plan->left_count++];
    *l = (VisitLeft){.site = site, .missed = missed, .other = VISIT_ANY, .best_day = VISIT_ANY, .day = VISIT_ANY, .to = VISIT_ANY};
    l->lost = missed ? p->sites[site].worth * missed / p->sites[site].asked : 0;
    Case c = {.desk = &desk, .x = x, .site = site, .staff = p->sites[site].owner, .days = {days[0], days[1]}, .left = l};
    explain(&c);
    find_remedy(&c);
    if (l->remedy == VISIT_REMEDY_OWNER && l->best_day < 0) l->best_day = l->day;
  }
  visit_desk_free(&desk);
}

bool visits_explain(const VisitProblem *p, VisitPlan *plan, Err *e) {
  if (!visits_check(p, e)) return false;
  VisitIndex x;
  visit_index(p, &x);
  mem_free(plan->left);
  plan->left = NULL;
  plan->left_count = 0;
  visits_cost(p, plan->stops, plan->stop_count, &plan->cost);
  visit_reasons(&x, plan);
  visit_index_free(&x);
  return true;
}
