/* The state of a search for routes, shared by route*.c alone.
 *
 * A route keeps its stops with one place more at either end: at[0] is the vehicle's start, at[count + 1] its end;
 * stop[1 .. count] are customers. early[i] is the earliest begin of service there, late[i] the latest that still lets
 * the rest of the route go as it stands; of the ends, the hours. `version` is another one whenever the stops are. */
#ifndef MODEL_ROUTE_WORK_H
#define MODEL_ROUTE_WORK_H
#include "model/route.h"

typedef struct Route {
  int32_t count, load, version;
  int64_t length, service;
  int32_t parent, inserted; /* the version of which this one differs by the stop at that position alone; or -1 */
  int32_t *stop, *at, *leg, *early, *late; /* leg[i]: from at[i] to at[i + 1]; 0 when there are no stops */
} Route;

/* The two cheapest places of a customer in a route, for one version of it; ROUTE_FAR: none. */
typedef struct RouteSpot {
  int32_t version, cost, next_cost;
  int16_t at, next_at;
} RouteSpot;
#define ROUTE_FAR (INT32_MAX / 2)

typedef struct RouteVisit {
  int32_t customer, day;
} RouteVisit;

/* A route before the step: to go back to. */
typedef struct RouteBefore {
  int32_t vehicle, count, load, version;
  int64_t length;
  int32_t *stop; /* count of them */
} RouteBefore;

struct RouteWork {
  const RouteProblem *p;
  const int32_t *back;     /* length transposed: [to × places + from]; length itself when it is symmetric */
  int32_t *back_own;
  Route *route;
  int32_t *first_vehicle;  /* [days + 1] */
  int32_t *twin;           /* [vehicles]: an earlier vehicle that is the same, or itself */
  int32_t *on, *pos;       /* [c × days + d]: vehicle or -1; position, from 1 */
  int64_t *cadence_cost;   /* [c]: of its days, as they were when it was placed */
  int32_t *planned;        /* [c]: visits */
  RouteSpot *spot;         /* [c × vehicles + v] */
  int32_t *near;           /* [c × (customers - 1)]: the others, nearest first */
  int32_t version;
  int64_t cost;
  int64_t over;            /* load beyond what vehicles take, while the search lets them */
  int64_t over_price;      /* of a unit of it; 0: vehicles are never overloaded */
  int64_t steps;
  bool timed;
  bool plain;              /* times are lengths and nobody has windows: hours are a limit of the length */
  bool rough;              /* a plain search is under way: nobody asks for hours */
  /* the step under way */
  RouteBefore *before;     /* [vehicles] */
  int32_t before_count, *touched; /* [vehicles]: number in before + 1 */
  int32_t *out;            /* customers to place */
  int32_t out_count;
  uint8_t *is_out;
  int64_t *cadence_before; /* of customers in `out` */
  int32_t *lacking, lacking_count, *lacking_at; /* customers with fewer visits than they should have; their number + 1 */
  RouteVisit *gone;        /* visits the ruin takes */
  int32_t gone_count;
  int64_t price[ROUTE_DAYS]; /* of the customer under way on each day */
  int32_t spot_vehicle[ROUTE_DAYS], spot_at[ROUTE_DAYS];
  int64_t *chain;          /* of the dynamic programme: [(most + 1) × days] */
  int16_t *chain_from;
  /* the best seen */
  int32_t *best_stop, *best_count; /* one vehicle after the other */
  int64_t best_cost;
  bool best_current;       /* the routes are the best themselves, nothing was copied yet */
  uint64_t random;
  int32_t blink;           /* places to look at until one is overlooked */
  double mean_stops;
};

static inline int32_t route_service(const RouteProblem *p, int32_t c, int32_t d) {
  return p->day_service ? p->day_service[(size_t)c * p->days + d] : p->service[c];
}

static inline int64_t route_over(const RouteWork *w, int32_t v, int32_t load) {
  int32_t most = w->p->vehicle[v].load;
  return load > most ? load - most : 0;
}

/* route.c */
uint64_t route_random(RouteWork *w);
static inline uint32_t route_below(RouteWork *w, uint32_t n) {
  return (uint32_t)(((route_random(w) >> 32) * n) >> 32);
}
void route_touch(RouteWork *w, int32_t v);        /* keeps what it was, once a step */
void route_insert(RouteWork *w, int32_t v, int32_t at, int32_t c);
void route_take_all(RouteWork *w);                /* takes w->gone out of their routes */
void route_mark(RouteWork *w, int32_t c);         /* into `out` */
void route_note(RouteWork *w, int32_t c);         /* keeps `lacking` and is right about c */
void route_undo(RouteWork *w);
void route_keep(RouteWork *w);                    /* the step stands */
int32_t route_next_open(const RouteWork *w, int32_t c, int32_t d, int32_t t); /* or ROUTE_OPEN */
int32_t route_last_open(const RouteWork *w, int32_t c, int32_t d, int32_t t); /* or negative */
void route_rebuild(RouteWork *w, int32_t v);      /* all figures from its stops */
/* route_days.c */
/* Looks at every day: w->price (ROUTE_NEVER: impossible), w->spot_*. */
void route_price_days(RouteWork *w, int32_t c);
/* Places c on the cheapest choice of days there is and notes its cost. */
void route_place_customer(RouteWork *w, int32_t c);
int64_t route_absent_cost(const RouteWork *w, int32_t c); /* of its cadence with the visits it has now */
#endif
