/* Visit plans: who sees whom on which day and at what time, and why somebody is not seen.
 *
 * A plan covers `days` days that follow each other on the calendar; day 0 is its first. Times are whole minutes after
 * midnight of the day. Staff, sites and places are numbered from 0, as their arrays stand. A *site* is whoever has a
 * cadence of his own: an account, or a contact of one (then with the account's place, and `with` = the account's site).
 *
 * Kept always: a site is seen by its owner, at most once a day, on days that are its own and not shut, at its place,
 * wholly within one opening window; no two visits nearer than no_sooner; staff only on days at work, from their start
 * place to their end place within the hours and with no more visits than the day allows; pins; frozen days.
 * Wished, in this order: little value lost to missed and late visits; gaps on target and on the same weekday; nothing
 * moved against the plan in force; little travel; even days. VisitWeights says how many minutes of travel each is worth;
 * those of visits_usual are so far apart that the order holds: a visit won is worth any road.
 *
 * A missed visit loses worth ÷ asked; a day beyond no_later, within these days, half of that ÷ days. Gaps count against
 * the target by at most 7 days each. Who was never visited is due on day 0, and so is late from then on.
 *
 * Method: ruin and recreate (Christiaens and Vanden Berghe, Slack Induction by String Removals, 2020); a removed site
 * gets its days back by an exact dynamic programme over what a visit costs on each day (Vidal and others, 2012, for
 * periodic routes). Owners are fixed, so each staff member is a problem of its own: the same problem, seed and effort
 * give the same plan on any machine and with any number of threads. There is no clock here.
 *
 * Ownership: a VisitProblem is the caller's and only read; a VisitPlan is given back with visit_plan_free. */
#ifndef MODEL_VISITS_H
#define MODEL_VISITS_H
#include "base/err.h"
#include "model/travel.h"

enum {
  VISIT_DAYS = 128,        /* most days a plan can have */
  VISIT_NEVER = INT32_MIN, /* as `last`: not seen yet */
  VISIT_ANY = -1           /* no such thing: no owner, no place, any time */
};

typedef struct VisitWindow {
  int16_t from, to; /* minutes after midnight, 0..1440; the visit begins and ends within; from >= to: none */
} VisitWindow;

/* One staff member on one day. */
typedef struct VisitDay {
  VisitWindow work;  /* leaves the start place and is back at the end place within; from >= to: off */
  int16_t visits;    /* at most so many; 0: none */
} VisitDay;

typedef struct VisitStaff {
  int32_t start, end;  /* places */
} VisitStaff;

/* Opening hours: by weekday (of day 0 + d, see VisitProblem.weekday), at most three windows a day, in order, apart. */
typedef struct VisitHours {
  uint8_t count[7];           /* 0: shut on that weekday */
  VisitWindow open[7][3];
} VisitHours;

typedef struct VisitSite {
  int32_t place;      /* or VISIT_ANY: none on record, cannot be planned */
  int32_t owner;      /* staff, or VISIT_ANY: nobody, cannot be planned */
  int32_t tier;       /* 0 is the highest; groups the proof of capacity, nothing else */
  int32_t minutes;    /* a visit takes so long; > 0 */
  int32_t hours;      /* in VisitProblem.hours, or VISIT_ANY: any time */
  int32_t asked;      /* visits asked for in these days; 0: none is due (but pins are kept) */
  int32_t last;       /* day of the last visit done, negative before day 0; or VISIT_NEVER */
  int32_t next;       /* day of a visit that stands behind these days, >= VisitProblem.days; 0: none */
  int32_t no_sooner;  /* days between two visits, at least; 0 and 1: one a day */
  int32_t no_later;   /* days between two visits; beyond it a visit is late; 0: never late */
  double target;      /* days between two visits, wished; 0: no wish */
  double worth;       /* lost when no visit is made in these days: in any one unit, >= 0 */
  bool same_weekday;  /* wished: the weekday of the visit before */
  int32_t with;       /* wished: on days this site is planned too (by anybody); or VISIT_ANY */
  uint64_t shut[2];   /* bit d % 64 of shut[d / 64]: not on day d */
  uint64_t firm[2];   /* of these, days on which nobody could ask to be let in */
  bool only;          /* nobody but the owner can go: another is not proposed */
} VisitSite;

/* A visit that stands: a pin, a fixed appointment, or one that the caller wants in the plan on that day. */
typedef struct VisitPin {
  int32_t site, day;
  int32_t at;         /* the visit begins at this minute; or VISIT_ANY: on that day, whenever */
} VisitPin;

/* The plan in force. Visits on days before VisitProblem.frozen stand as pins with their time and length; the others are a
 * wish. */
typedef struct VisitKept {
  int32_t site, day;
  int32_t at;         /* or VISIT_ANY */
  int32_t minutes;    /* its length, if another than the site asks for now: of frozen days; 0: the site's */
} VisitKept;

/* What one of each is worth, in minutes of travel. */
typedef struct VisitWeights {
  double lost;    /* a visit missed at a site of the average worth per asked visit among those of its owner; a
                   * tenth of it more at every site, so that the worthless are seen too when there is room */
  double gap;     /* a day off the target gap; a visit on another weekday than the one before; a day without `with` */
  double move;    /* a visit of the plan in force that is on another day or gone; two days off target, or too many
                   * would be moved for a gap that could be a day better */
  double travel;  /* a minute of travel */
  double uneven;  /* the square of a day's visits, summed over the days: little when days are even */
} VisitWeights;

typedef struct VisitProblem {
  int32_t days, weekday;       /* 1..VISIT_DAYS; weekday of day 0, 0 = Monday */
  int32_t frozen;              /* days before this one stand as the plan in force has them, pins apart */
  size_t staff_count, site_count, hours_count, place_count, pin_count, kept_count;
  const VisitStaff *staff;
  const VisitDay *at_work;     /* staff_count × days: [staff × days + day] */
  const VisitSite *sites;
  const VisitHours *hours;
  const VisitPin *pins;
  const VisitKept *kept;       /* any order */
  const uint64_t *firm_off;    /* [staff_count × 2]: days off that stay so (the calendar, not a leave); or NULL: none */
  const VisitWindow *usual;    /* [staff_count] hours of a day at work, for who has none in these days; or NULL */
  const bool *settled;         /* [staff_count] whose stops stand as they are, for nothing has changed; or NULL: nobody's */
  const struct VisitStop *stood; /* stops of the settled, by staff, day, time */
  size_t stood_count;
  const Travel *travel;        /* between place_count places */
  VisitWeights weights;
} VisitProblem;

/* False and a sentence with the array and number at fault: an index out of range, hours that overlap, NaN … */
bool visits_check(const VisitProblem *p, Err *e);
VisitWeights visits_usual(void);  /* lost 100000, gap 500, move 1000, travel 1, uneven 1 */

/* --- the plan ---------------------------------------------------------------------------------------------------- */

typedef struct VisitStop {
  int32_t staff, day, site;
  int32_t travel;         /* minutes on the road from the stop before, or from the start place */
  int32_t begin, end;     /* minutes after midnight */
  bool pinned, kept;      /* stands as a pin or frozen; was on this day in the plan in force */
} VisitStop;

/* The wishes, as they are printed. Sums over sites, or staff and days. */
typedef struct VisitCost {
  double lost;            /* in units of worth: missed and late visits */
  int32_t missed;         /* asked visits not planned */
  int32_t late, late_days;/* gaps beyond no_later, the end of the days included; by how many days */
  int32_t visits;         /* planned */
  double off_target;      /* days, sum of |gap - target| */
  int32_t other_weekday, apart; /* visits not on the weekday of the one before; without their `with` */
  int32_t moved;          /* visits of the plan in force on another day or gone */
  int64_t travel;         /* minutes */
  int32_t busiest, idlest;/* visits of the fullest and the emptiest working day, over all staff */
  double uneven;          /* sum of squares of visits a day */
  double score;           /* what the search makes small, in minutes of travel */
} VisitCost;

typedef enum VisitReason {
  VISIT_PLANNED,          /* nothing missed */
  VISIT_NO_PLACE,         /* no place on record */
  VISIT_NO_OWNER,
  VISIT_OWNER_OFF,        /* the owner works on none of the days that are left to it */
  VISIT_SHUT,             /* no-visit days leave none of the owner's working days */
  VISIT_WINDOW,           /* the opening windows and the owner's hours leave no room for the visit, even on an empty day */
  VISIT_TOO_FAR,          /* even on an empty day there and back and the visit take longer than the hours: by `minutes` */
  VISIT_MIN_GAP,          /* every day left is nearer than no_sooner to a visit done or planned */
  VISIT_FROZEN,           /* only frozen days are left */
  VISIT_PIN_CLASH,        /* pinned to best_day, but the pins of that day cannot all be kept: `other` is in the way */
  VISIT_DAY_FULL,         /* the best day lacks `minutes`, and nobody there is worth less */
  VISIT_NO_SLOT,          /* the best day has as many visits as it may have, and nobody there is worth less */
  VISIT_OUTBID,           /* the best day is full; `other`, worth more there, takes the room */
  VISIT_PINNED_DAY,       /* the best day is full of pinned visits; `other` is one of them */
  VISIT_WINDOW_TAKEN,     /* the day has room, but only `minutes` outside the opening windows */
  VISIT_UNWISHED          /* it fits on best_day, but by the weights the gaps it makes cost more than it is worth */
} VisitReason;

/* What makes it fit; each was tried on the plan before it is offered. `day`, `to` and `amount` are those of VisitLeft. */
typedef enum VisitRemedy {
  VISIT_REMEDY_NONE,
  VISIT_REMEDY_PLACE,     /* put the place on record */
  VISIT_REMEDY_OWNER,     /* give it to staff `to`, who has room on `day` */
  VISIT_REMEDY_LONGER,    /* let the owner work `amount` minutes longer on `day` */
  VISIT_REMEDY_SLOT,      /* allow the owner one visit more on `day` */
  VISIT_REMEDY_BOTH,      /* one visit more and `amount` minutes longer on `day` */
  VISIT_REMEDY_OPEN,      /* be let in on `day` at `amount` (minutes after midnight), outside the opening windows */
  VISIT_REMEDY_SOONER,    /* allow `amount` days fewer than no_sooner between visits: it fits on `day` */
  VISIT_REMEDY_WORK,      /* have the owner at work on `day`, with the hours of his longest day */
  VISIT_REMEDY_UNSHUT,    /* be let in on `day`, a no-visit day */
  VISIT_REMEDY_UNPIN,     /* unpin site `to` on `day` */
  VISIT_REMEDY_THAW,      /* let frozen `day` change */
  VISIT_REMEDY_PIN        /* pin it to `day` */
} VisitRemedy;

typedef struct VisitLeft {
  int32_t site, missed;   /* asked visits that are not planned */
  VisitReason reason;
  int32_t minutes;        /* short by; 0 when it is not about minutes */
  int32_t other;          /* site in the way, or VISIT_ANY */
  int32_t best_day;       /* where it would come nearest; or VISIT_ANY */
  VisitRemedy remedy;
  int32_t day, to, amount;/* of the remedy; VISIT_ANY, VISIT_ANY, 0 where it has none */
  double lost;            /* of its worth, for the missed visits */
} VisitLeft;

typedef struct VisitPlan {
  VisitStop *stops;       /* by staff, day, time */
  size_t stop_count;
  VisitLeft *left;        /* by site; sites with fewer visits than asked, and pins that cannot be kept */
  size_t left_count;
  VisitCost cost;
  bool complete;          /* false: stopped early; the plan keeps the rules all the same */
} VisitPlan;

typedef struct VisitProgress {
  size_t done, staff;     /* staff members whose search is finished; 0 of them: the first plan stands */
  double score;           /* of all, now */
  int32_t visits;
} VisitProgress;

typedef struct VisitSearch {
  uint64_t seed;
  int64_t effort;         /* steps of the search per visit asked, 40 at least; 0: the first plan alone; usual 200 */
  int threads;            /* >= 1 */
  /* Called from the caller's thread: once with the first plan, then now and then. False ends the search. May be NULL. */
  bool (*tell)(void *told, const VisitProgress *at);
  void *told;
} VisitSearch;

/* The best plan found. Stops early, keeping the best, when tell says so or stop_asked. Fails only as visits_check. */
bool visits_plan(const VisitProblem *p, const VisitSearch *how, VisitPlan *out, Err *e);
void visit_plan_free(VisitPlan *plan);

/* --- questions to a plan ----------------------------------------------------------------------------------------- */

/* One day for one visit of a site, tried on a plan whose other visits stay. */
typedef struct VisitTry {
  int32_t day;
  VisitReason reason;     /* VISIT_PLANNED: it fits, at `begin` */
  int32_t begin, end, travel_more; /* minutes; travel_more: with it less without it */
  int32_t minutes, other; /* as in VisitLeft */
  double score;           /* with a visit on this day less without any, in minutes of travel; lower is better */
  bool planned;           /* the plan has it on this day */
} VisitTry;

/* "Why on Tuesday?", "what if I add it?": tries a visit on every day. The site's visit on day `instead` is taken out
 * first (VISIT_ANY: none is). `tries` has p->days elements. The best is the one that fits with the lowest score. */
bool visits_try(const VisitProblem *p, const VisitPlan *plan, int32_t site, int32_t instead, VisitTry *tries, Err *e);

/* Reasons, remedies and cost of a plan that stands, from its stops (by staff, day, time) alone. */
bool visits_explain(const VisitProblem *p, VisitPlan *plan, Err *e);

/* Cost of any plan, computed from its stops alone. */
void visits_cost(const VisitProblem *p, const VisitStop *stops, size_t count, VisitCost *out);

/* --- capacity ---------------------------------------------------------------------------------------------------- */

/* Of one staff member and tier. A bound, so a proof: nobody can make more than `possible`, however he drives. */
typedef struct VisitRoom {
  int32_t staff, tier;
  int32_t sites, needed;  /* visits asked */
  int64_t minutes;        /* for needed visits: service alone */
  int32_t possible;       /* of this tier, when those above it have taken theirs */
  int32_t over;           /* needed - possible, at least 0 */
  double fits_each;       /* visits a site that would fit, on average; needed ÷ sites when all fit */
} VisitRoom;

/* By staff, tier; only pairs with sites. *rooms is given back with mem_free. */
bool visits_capacity(const VisitProblem *p, VisitRoom **rooms, size_t *count, Err *e);
#endif
