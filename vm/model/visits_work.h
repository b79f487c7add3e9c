/* What the parts of a visit plan share; for visits*.c alone. Costs here are in hundredths of a minute of travel. */
#ifndef MODEL_VISITS_WORK_H
#define MODEL_VISITS_WORK_H
#include "base/mem.h"
#include "model/route.h"
#include "model/visits.h"

#define VISIT_UNIT 100.0
#define VISIT_MISSED_MOST 5e9 /* dearest missed visit */
#define VISIT_UNPINNED (INT64_C(2000000000000)) /* dearer than all missed visits of a site */
enum {
  VISIT_GAP_MOST = 7,
  VISIT_EASED = -2 /* less the minute, as `at` of a pin: any time, but the minute still says who comes first */
};

static inline bool visit_day_in(const uint64_t days[2], int32_t d) { return days[d >> 6] >> (d & 63) & 1; }
static inline void visit_day_add(uint64_t days[2], int32_t d) { days[d >> 6] |= UINT64_C(1) << (d & 63); }
static inline const VisitDay *visit_at_work(const VisitProblem *p, int32_t staff, int32_t d) {
  return &p->at_work[(size_t)staff * p->days + d];
}
static inline bool visit_works(const VisitProblem *p, int32_t staff, int32_t d) {
  const VisitDay *day = visit_at_work(p, staff, d);
  return day->work.from < day->work.to && day->visits > 0;
}

/* Nearer than no_sooner to a visit behind these days. */
static inline bool visit_next_near(const VisitSite *s, int32_t d) { return s->next && s->next - d < s->no_sooner; }

/* Everything about a site that takes more than its line to know; one for all sites. */
typedef struct VisitFacts {
  uint64_t pinned[2];  /* pins, and visits in force on frozen days */
  uint64_t kept[2];    /* in force on days that may change */
  int64_t missed;      /* cost of a missed visit */
  int32_t first_pin, pin_count; /* in VisitIndex.pins */
  int32_t most;        /* visits: asked, or pins when they are more */
} VisitFacts;

typedef struct VisitIndex {
  const VisitProblem *p;
  VisitFacts *facts;   /* [site_count] */
  VisitPin *pins;      /* pins and frozen visits by site, day */
  bool *frozen;        /* the pin is a frozen visit: it keeps its day, and its minute if that can be held */
  int32_t *length;     /* of the pin's visit: that of the frozen one, or the site's */
  int32_t *first_site, *site; /* sites of staff s: site[first_site[s]] up to first_site[s + 1] */
} VisitIndex;

void visit_index(const VisitProblem *p, VisitIndex *x);
void visit_index_free(VisitIndex *x);
int32_t visit_pin_on(const VisitIndex *x, int32_t site, int32_t d);  /* number of its pin on that day, or VISIT_ANY */
int32_t visit_minutes(const VisitIndex *x, int32_t site, int32_t d); /* a visit on that day takes so long */

/* Prices of a site's days (visits_wish.c). */
int64_t visit_first_cost(const VisitIndex *x, int32_t site, int32_t d); /* ROUTE_NEVER: nearer than no_sooner */
int64_t visit_gap_cost(const VisitIndex *x, int32_t site, int32_t gap);
int64_t visit_last_cost(const VisitIndex *x, int32_t site, int32_t d);
int64_t visit_missing_cost(const VisitIndex *x, int32_t site, int32_t visits); /* of most */
int64_t visit_days_cost(const VisitIndex *x, int32_t site, const uint64_t days[2]); /* of the whole set */
/* When a visit of the site may begin on day d within `work`, by its opening windows and the minute of its pin alone: at
 * most 3 windows; 0: never. */
int visit_windows(const VisitIndex *x, int32_t site, int32_t d, VisitWindow work, RouteWindow windows[3]);

/* The problem of one staff member (visits_sub.c). */
typedef struct VisitSub {
  int32_t staff, count;
  const int32_t *site;  /* [count] */
  RouteProblem routes;
  Arena arena;
} VisitSub;

/* elsewhere: [site_count × 2] days on which sites of others are planned, or NULL. */
void visit_sub_make(const VisitIndex *x, int32_t staff, const uint64_t *elsewhere, VisitSub *sub);
void visit_sub_free(VisitSub *sub);

/* A plan by staff and day (visits_try.c). */
typedef struct VisitDesk {
  const VisitIndex *x;
  const VisitStop *stops;
  int32_t *first;      /* [staff × days + d], one more at the end */
  uint64_t *days;      /* [site × 2]: planned */
} VisitDesk;

/* Rules let go for a trial. */
typedef struct VisitEase {
  bool hours, slots, windows; /* the day may be longer; have one visit more; the site is open all day */
  int32_t without;            /* site whose visit is taken out, or VISIT_ANY */
} VisitEase;

typedef struct VisitFit {
  bool fits;
  int32_t begin, travel_more, over; /* over: minutes beyond the hours, when they may be longer */
} VisitFit;

void visit_desk(const VisitIndex *x, const VisitStop *stops, size_t count, VisitDesk *desk);
void visit_desk_free(VisitDesk *desk);
static inline int32_t visit_desk_count(const VisitDesk *k, int32_t staff, int32_t d) {
  return k->first[(size_t)staff * k->x->p->days + d + 1] - k->first[(size_t)staff * k->x->p->days + d];
}
/* The best position of the site on that day of staff, whatever the calendar says of the day but for its hours. */
VisitFit visit_fit(const VisitDesk *k, int32_t site, int32_t staff, int32_t d, VisitWindow work, VisitEase ease);
/* What stands against the site on that day, `days` being its other days: VISIT_PLANNED when nothing does. */
VisitReason visit_obstacle(const VisitDesk *k, int32_t site, int32_t staff, int32_t d, const uint64_t days[2], VisitTry *to);
int32_t visit_gap_short(const VisitIndex *x, int32_t site, int32_t d, const uint64_t days[2]); /* days nearer than allowed */

/* Reasons and remedies of all that is left (visits_left.c); plan->stops must stand. */
void visit_reasons(const VisitIndex *x, VisitPlan *plan);
#endif
