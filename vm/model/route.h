/* Periodic routes by ruin and recreate: which days each customer is visited on, by which vehicle, in which order.
 *
 * Ruin: strings of neighbouring stops leave some routes; recreate: each customer comes back where it costs least, with
 * now and then a place overlooked; simulated annealing decides (Christiaens and Vanden Berghe, Slack Induction by String
 * Removals for vehicle routing problems, Transportation Science 54, 2020). The cheapest place of a customer in a route is
 * remembered until the route changes. As days are independent given the routes, the days of a customer are chosen exactly.
 *
 * All figures are integers in units of the caller: lengths and times may differ in theirs, costs are in that of lengths.
 * Sums must stay below 2^31 for times and for the length of one route, 2^62 for costs. A customer is visited at most
 * once a day; routes always keep loads, stops, hours and windows (loads not while a search without windows is under
 * way, always when it ends); what cannot be placed is left out at its price.
 * Ownership: a RouteProblem and its arrays are the caller's and only read. Nothing fails. No clock, no global state. */
#ifndef MODEL_ROUTE_H
#define MODEL_ROUTE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROUTE_DAYS = 128 };
#define ROUTE_NEVER (INT64_C(1) << 50) /* a cost that is never paid */
#define ROUTE_OPEN (INT32_MAX / 4)     /* as an hour or a load: no limit */

typedef struct RouteWindow {
  int32_t from, to; /* service begins within, both ends included */
} RouteWindow;

typedef struct RouteVehicle {
  int32_t day;
  int32_t start, end;   /* places */
  int32_t from, to;     /* leaves and is back within */
  int32_t load, stops;  /* at most */
} RouteVehicle;

/* The price of a sequence of days, for customers whose days are not from a list of patterns. */
typedef struct RouteCadence {
  int32_t most;           /* visits, at most and best; fewer cost: */
  const int64_t *missing; /* [most + 1]: of so many visits missing; missing[0] is 0 */
  const int64_t *first;   /* [days]: of the first visit on that day */
  const int64_t *gap;     /* [days]: of so many days between two visits; ROUTE_NEVER: not allowed */
  const int64_t *last;    /* [days]: of the last visit on that day, paid when none is missing */
  uint64_t pinned[2];     /* days it has to be on; each absent one costs: */
  int64_t unpinned;
} RouteCadence;

typedef struct RouteProblem {
  int32_t customers, days, vehicles, places;
  const int32_t *length, *time;    /* [from × places + to]; time may be length */
  const RouteVehicle *vehicle;     /* by day */
  const int32_t *place, *service, *demand;
  const int32_t *day_service;      /* [c × days + d]: instead of service, where days differ; or NULL */
  /* Windows of customer c on day d: windows[first_window[c × days + d]] up to that of the next; none: not that day.
   * Without first_window nothing is timed but the vehicles' hours. */
  const int32_t *first_window;
  const RouteWindow *windows;
  /* Either patterns (days < 64): customer c has patterns[first_pattern[c]] up to that of the next, bit d for day d, and
   * costs missing[c] when it is left out; or cadences. */
  const int32_t *first_pattern;
  const uint64_t *patterns;
  const int64_t *missing;
  const RouteCadence *cadence;
  const int64_t *day_cost;         /* [c × days + d], may be negative; or NULL */
  const int32_t *with;             /* customer whose days c would share, or -1; or NULL */
  int64_t with_cost;               /* of each visit of c on a day without it */
  int64_t uneven;                  /* cost of a vehicle with n stops: n × n × uneven */
} RouteProblem;

typedef struct RouteSearch {
  uint64_t seed;
  int64_t steps;         /* at most; cooling is spread over them */
  double hot, cold;      /* temperatures, in cost; 0: from the lengths */
  double removed;        /* customers a ruin removes, on average; 0: 10 */
  /* Called every 256 steps: the share of the search that is behind us, 0..1, or beyond 1 to stop; `steps` gives its
   * own idea of it. NULL: by steps alone. */
  double (*share)(void *ctx, double steps);
  void *ctx;
} RouteSearch;

typedef struct RouteWork RouteWork; /* a solution and what the search needs beside it */

RouteWork *route_new(const RouteProblem *p, uint64_t seed);
void route_free(RouteWork *w);
/* Puts customers, one after the other, into the empty route of vehicle v. For a start that is known to be feasible. */
void route_load(RouteWork *w, int32_t v, const int32_t *stops, int32_t count);
/* Puts customer c where it costs least on that day, whatever its cadence says; false when it fits nowhere. */
bool route_put(RouteWork *w, int32_t c, int32_t day);
/* Takes c's stop of that day to be searched again, or out for good. Nothing when there is none. */
void route_remove(RouteWork *w, int32_t c, int32_t day);
void route_fill(RouteWork *w);   /* whoever is not placed as he should be is placed where he costs least; once */
void route_search(RouteWork *w, const RouteSearch *how);  /* ends with the best seen */
int64_t route_cost(const RouteWork *w);
int64_t route_steps(const RouteWork *w);
int32_t route_stops(const RouteWork *w, int32_t v, const int32_t **stops); /* customers of vehicle v, in order */
int32_t route_vehicle_of(const RouteWork *w, int32_t c, int32_t day);      /* or -1 */
/* Earliest begin of service at the stop in position i (0..), all others as they stand. */
int32_t route_begin(const RouteWork *w, int32_t v, int32_t i);
/* What the customer's absence on this day, against its best place there, costs: length and unevenness only; ROUTE_NEVER
 * when it does not fit. *vehicle and *at (position) may be NULL. */
int64_t route_place(RouteWork *w, int32_t c, int32_t day, int32_t *vehicle, int32_t *at);
#endif
