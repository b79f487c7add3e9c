/* Visit plans and the database: what is known of staff, accounts and visits as a VisitProblem (model/visits.h), and a
 * plan as changes of rows.
 *
 * Sites 0..count-1 of the problem are the needs, in their order; behind them stand open visits of others, as pins that
 * take their place in the day. Staff on a day off by the calendar (table holiday of their region, else table calendar,
 * else the week), on weekdays_off, absent or no longer active are off. A person without a start place starts in the middle
 * of his accounts. The last visit of an account is the last one before the first day that was done, or is open: what was
 * to be made counts as made until it is said to be missed or cancelled, or plans would turn on reports that are late.
 *
 * Ownership: all of a VisitWorld is its own until visits_world_free. */
#ifndef STORE_VISITS_H
#define STORE_VISITS_H
#include "model/visits.h"
#include "store/store.h"

typedef struct VisitNeed {
  int64_t account, contact; /* contact 0: the account itself */
  Str who;                  /* "director": grade, role or code of who goes; empty: the main owner */
  double target;            /* days between two visits, wished; > 0 */
  int32_t minutes;          /* a visit takes so long, where the account says nothing; > 0 */
  int32_t no_sooner, no_later;
  double worth;
  bool same_weekday, bound; /* bound: on days on which the account is seen too */
} VisitNeed;

typedef struct VisitAsk {
  Day asof, from;           /* from >= asof */
  int32_t days, frozen;     /* frozen: so many of the days stand as they are */
  int32_t a_day;            /* visits a person can make a day, who says nothing else */
  VisitWindow work;         /* hours of who says nothing else */
  double kmh, road;
  const int64_t *keep;      /* planned visits that are a wish, rising; the others may go */
  size_t keep_count;
  const VisitNeed *need;
  size_t count;
} VisitAsk;

typedef struct VisitPerson {
  int64_t id;
  const char *code, *name, *region;
  bool placed;              /* the start place is on record */
  bool active;
} VisitPerson;

typedef struct VisitSpot {  /* beside each site */
  int64_t account, contact;
  const char *code, *name, *tier; /* code: of the contact when there is one */
  const char *account_code;
} VisitSpot;

typedef struct VisitRow {   /* an open visit within the days */
  int64_t id;
  int32_t site, staff;      /* staff VISIT_ANY: nobody */
  int32_t day, begins, ends;/* begins VISIT_ANY: no time yet */
  int32_t travel;           /* minutes on the road before it, as they were planned */
  bool stands;              /* pinned, fixed or moved; or not among the needs */
  bool timed;               /* stands at its time too */
  bool agreed;              /* fixed or moved: agreed with them */
  int32_t min_gap;          /* days to the account's other visits, as it was planned; 0: not said */
  int32_t hours;            /* of the account, in p.hours; VISIT_ANY: any time */
} VisitRow;

typedef struct VisitWorld {
  Arena arena;
  VisitAsk ask;
  VisitProblem p;
  Travel travel;
  VisitPerson *person;      /* [p.staff_count] */
  VisitSpot *spot;          /* [p.site_count] */
  VisitRow *row;            /* by site, day */
  size_t row_count;
  size_t unplaced;          /* persons without a start place who have sites */
} VisitWorld;

/* Fails when opening hours of an account are more than three a day, when a place is none on earth, or a plan begins before as-of. */
bool visits_world(Store *s, const VisitAsk *ask, VisitWorld *out, Err *e);
void visits_world_free(VisitWorld *w);

/* One change of the table visit. */
typedef enum VisitChangeKind {
  VISIT_NEW, VISIT_MOVE, VISIT_DROP,
  VISIT_GAP                 /* stays where it is; its min_gap is another */
} VisitChangeKind;
typedef struct VisitChange {
  VisitChangeKind kind;
  int64_t id;               /* of the row; 0: a new one */
  int32_t site, staff;
  int32_t was_day, was_begins; /* of a row */
  int32_t day, begins, ends, travel, min_gap;
} VisitChange;

/* The plan in force, as the rows have it: the stops of an empty `plan`. */
void visits_in_force(const VisitWorld *w, VisitPlan *plan);

/* What turns the rows into these stops: by site, day. Lives in the arena of the world. Where a row stands that the plan could not
 * keep (an appointment nobody can reach in time), the others of that person's day stay as they are: stops that would come
 * new are left out, and counted. */
void visits_changes(VisitWorld *w, VisitPlan *plan, VisitChange **out, size_t *n, size_t *refused);
/* Writes them; triggers may refuse, with the visit's name in the error. Inside the caller's transaction. */
bool visits_write(Store *s, const VisitWorld *w, const VisitChange *change, size_t n, Err *e);

/* "09:30"; false: no time of day. */
bool visits_clock(Str s, int32_t *minutes);
void visits_clock_print(int32_t minutes, Buf *out);
#endif
