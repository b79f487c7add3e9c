/* Ruin, recreate, accept. */
#include "model/route_work.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- ruin -------------------------------------------------------------------------------------------------------- */

/* Of so many ruins one takes a whole route or two: where all vehicles are full, strings alone never do without one. */
enum { LONGEST_STRING = 10, WHOLE_ROUTES = 20, LONGEST_ROUTE = 40 };

typedef struct Ruin {
  int32_t longest;   /* string, this time */
  int32_t strings;   /* routes to take strings from */
  int32_t day;       /* the only one, or -1 */
  bool routes;       /* these as a whole */
} Ruin;

static void take(RouteWork *w, int32_t v, int32_t at) {
  const RouteProblem *p = w->p;
  int32_t c = w->route[v].stop[at];
  w->gone[w->gone_count++] = (RouteVisit){c, p->vehicle[v].day};
  route_mark(w, c);
}

/* A string of `length` stops that has position `at`; or a longer one of which some stops in a row stay. */
static void take_string(RouteWork *w, int32_t v, int32_t at, int32_t length) {
  Route *r = &w->route[v];
  int32_t stay = 0;
  if (length > 1 && length < r->count && route_below(w, 2)) {
    stay = 1;
    while (length + stay < r->count && route_below(w, 100)) stay++;
  }
  int32_t whole = length + stay, low = at - whole + 1 > 1 ? at - whole + 1 : 1;
  int32_t high = at + whole - 1 < r->count ? at : r->count - whole + 1;
  int32_t from = low + (int32_t)route_below(w, (uint32_t)(high - low + 1));
  int32_t stay_from = stay ? from + 1 + (int32_t)route_below(w, (uint32_t)length) : 0;
  for (int32_t i = from; i < from + whole; i++)
    if (!stay || i < stay_from || i >= stay_from + stay) take(w, v, i);
}

static void ruin_at(RouteWork *w, const Ruin *ruin, int32_t c, int32_t d) {
  const RouteProblem *p = w->p;
  size_t cell = (size_t)c * p->days + d;
  int32_t v = w->on[cell];
  if (v < 0 || w->touched[v]) return;
  Route *r = &w->route[v];
  int32_t most = r->count < ruin->longest ? r->count : ruin->longest;
  int32_t length = ruin->routes && r->count <= LONGEST_ROUTE ? r->count : 1 + (int32_t)route_below(w, (uint32_t)most);
  take_string(w, v, w->pos[cell], length);
  route_touch(w, v);
}

static void ruin_strings(RouteWork *w, const Ruin *ruin, int32_t seed) {
  const RouteProblem *p = w->p;
  for (int32_t i = -1; i < p->customers - 1 && w->before_count < ruin->strings; i++) {
    int32_t c = i < 0 ? seed : w->near[(size_t)seed * (p->customers - 1) + i];
    if (!w->planned[c]) continue;
    if (ruin->day >= 0) {
      ruin_at(w, ruin, c, ruin->day);
      continue;
    }
    int32_t turn = p->days > 1 ? (int32_t)route_below(w, (uint32_t)p->days) : 0;
    for (int32_t k = 0; k < p->days && w->before_count < ruin->strings; k++)
      ruin_at(w, ruin, c, k + turn < p->days ? k + turn : k + turn - p->days);
  }
}

/* Every visit of the customers that lost one. */
static void take_whole(RouteWork *w) {
  const RouteProblem *p = w->p;
  for (int32_t i = 0; i < w->out_count; i++) {
    int32_t c = w->out[i];
    if (!w->planned[c]) continue;
    for (int32_t d = 0; d < p->days; d++)
      if (w->on[(size_t)c * p->days + d] >= 0) w->gone[w->gone_count++] = (RouteVisit){c, d};
  }
  route_take_all(w);
}

static void ruin(RouteWork *w, double removed) {
  const RouteProblem *p = w->p;
  double longest = w->mean_stops < LONGEST_STRING ? w->mean_stops : LONGEST_STRING;
  double strings = 4 * removed / (1 + longest) - 1;
  if (longest < 1) longest = 1;
  Ruin ruin = {.longest = (int32_t)(longest + 0.5), .day = -1};
  ruin.strings = 1 + (int32_t)route_below(w, (uint32_t)(strings < 1 ? 1 : strings));
  int32_t seed = (int32_t)route_below(w, (uint32_t)p->customers);
  bool one_day = p->days > 1 && route_below(w, 2), whole = p->days > 1 && route_below(w, 2) == 0;
  if (one_day && w->planned[seed]) {
    int32_t nth = (int32_t)route_below(w, (uint32_t)w->planned[seed]);
    for (int32_t d = 0; d < p->days; d++)
      if (w->on[(size_t)seed * p->days + d] >= 0 && nth-- == 0) ruin.day = d;
  }
  if (p->days > 1 && w->over_price && route_below(w, WHOLE_ROUTES) == 0) {
    ruin.routes = true;
    ruin.strings = 1 + (int32_t)route_below(w, 2);
  }
  ruin_strings(w, &ruin, seed);
  route_take_all(w);
  if (whole && !ruin.routes) take_whole(w);
}

/* --- recreate ---------------------------------------------------------------------------------------------------- */

typedef struct Turn {
  int64_t key;
  int32_t customer;
} Turn;

static int by_key(const void *a, const void *b) {
  const Turn *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->customer < y->customer ? -1 : x->customer > y->customer;
}

static int64_t visits_of(const RouteProblem *p, int32_t c) {
  if (p->cadence) return p->cadence[c].most;
  return __builtin_popcountll(p->patterns[p->first_pattern[c]]);
}

static int64_t window_of(const RouteProblem *p, int32_t c, int what) {
  if (!p->first_window) return 0;
  int64_t from = 0, to = 0, length = 0;
  for (int32_t i = p->first_window[(size_t)c * p->days]; i < p->first_window[(size_t)(c + 1) * p->days]; i++) {
    if (!length || p->windows[i].from < from) from = p->windows[i].from;
    if (!length || p->windows[i].to > to) to = p->windows[i].to;
    length += p->windows[i].to - p->windows[i].from + 1;
  }
  return what == 0 ? length : what == 1 ? from : -to;
}

static int64_t depot_length(const RouteProblem *p, int32_t c) {
  return p->length[(size_t)p->vehicle[0].start * p->places + p->place[c]];
}

/* Who comes first: anybody; the largest; the farthest; the nearest; the narrowest, earliest, latest window. */
static void order(RouteWork *w, Turn *turns) {
  const RouteProblem *p = w->p;
  uint32_t how = route_below(w, p->first_window ? 17 : 11);
  for (int32_t i = 0; i < w->out_count; i++) {
    int32_t c = w->out[i];
    int64_t key;
    if (how < 4) key = (int64_t)(route_random(w) >> 2);
    else if (how < 8) key = p->cadence ? -p->cadence[c].missing[p->cadence[c].most] : -p->demand[c] * visits_of(p, c);
    else if (how < 10) key = -depot_length(p, c);
    else if (how < 11) key = depot_length(p, c);
    else if (how < 13) key = window_of(p, c, 0);
    else if (how < 15) key = window_of(p, c, 1);
    else key = window_of(p, c, 2);
    turns[i] = (Turn){key, c};
  }
  if (w->out_count > 1) qsort(turns, (size_t)w->out_count, sizeof *turns, by_key);
}

static void recreate(RouteWork *w, Turn *turns) {
  order(w, turns);
  for (int32_t i = 0; i < w->out_count; i++) route_place_customer(w, turns[i].customer);
}

/* Those that lack visits get a new try: where nobody should lack any, all of a few; otherwise one, or it would be
 * always the same that lose their place. */
static void call_lacking(RouteWork *w) {
  int32_t most = w->p->cadence ? 1 : 8;
  if (most > w->lacking_count) most = w->lacking_count;
  uint32_t first = w->lacking_count ? route_below(w, (uint32_t)w->lacking_count) : 0;
  for (int32_t i = 0; i < most; i++) route_mark(w, w->lacking[(first + (uint32_t)i) % (uint32_t)w->lacking_count]);
}

void route_fill(RouteWork *w) {
  const RouteProblem *p = w->p;
  Turn *turns = mem_alloc((size_t)p->customers * sizeof *turns);
  for (int32_t i = 0; i < w->lacking_count; i++) route_mark(w, w->lacking[i]);
  int32_t blink = w->blink;
  w->blink = INT32_MAX;
  for (int32_t i = 0; i < w->out_count; i++) {
    int32_t c = w->out[i];
    turns[i] = (Turn){p->cadence ? -p->cadence[c].missing[p->cadence[c].most] : -visits_of(p, c) * (1 + p->demand[c]), c};
  }
  if (w->out_count > 1) qsort(turns, (size_t)w->out_count, sizeof *turns, by_key);
  for (int32_t i = 0; i < w->out_count; i++) route_place_customer(w, turns[i].customer);
  w->blink = blink;
  route_keep(w);
  mem_free(turns);
}

/* --- the best ---------------------------------------------------------------------------------------------------- */

static void save_best(RouteWork *w) {
  int32_t *to = w->best_stop;
  for (int32_t v = 0; v < w->p->vehicles; v++) {
    const Route *r = &w->route[v];
    w->best_count[v] = r->count;
    memcpy(to, r->stop + 1, (size_t)r->count * sizeof *to);
    to += r->count;
  }
  w->best_cost = w->cost;
}

static void restore_best(RouteWork *w) {
  const RouteProblem *p = w->p;
  size_t cells = (size_t)p->customers * (size_t)p->days;
  const int32_t *from = w->best_stop;
  memset(w->on, -1, cells * sizeof *w->on);
  memset(w->planned, 0, (size_t)p->customers * sizeof *w->planned);
  for (int32_t v = 0; v < p->vehicles; v++) {
    Route *r = &w->route[v];
    r->count = w->best_count[v];
    memcpy(r->stop + 1, from, (size_t)r->count * sizeof *from);
    from += r->count;
    r->version = ++w->version;
    for (int32_t i = 1; i <= r->count; i++) w->planned[r->stop[i]]++;
    route_rebuild(w, v);
  }
  for (int32_t c = 0; c < p->customers; c++) {
    w->cadence_cost[c] = route_absent_cost(w, c);
    route_note(w, c);
  }
  w->cost = w->best_cost;
}

/* --- the search -------------------------------------------------------------------------------------------------- */

static double mean_leg(const RouteWork *w) {
  int64_t length = 0, legs = 0;
  for (int32_t v = 0; v < w->p->vehicles; v++)
    if (w->route[v].count) length += w->route[v].length, legs += w->route[v].count + 1;
  return legs ? (double)length / (double)legs : 1;
}

static void mean_stops(RouteWork *w) {
  int64_t stops = 0, routes = 0;
  for (int32_t v = 0; v < w->p->vehicles; v++)
    if (w->route[v].count) stops += w->route[v].count, routes++;
  w->mean_stops = routes ? (double)stops / (double)routes : 1;
}

/* -ln of a uniform number, from a table in 1/65536: the same on every machine, whatever its library. */
enum { LOGS = 4096 };
static void fill_logs(int32_t *logs) {
  for (int i = 0; i < LOGS; i++) logs[i] = (int32_t)(-log((i + 0.5) / LOGS) * 65536 + 0.5);
}

static bool accepts(RouteWork *w, int64_t cost, int64_t current, double heat, const int32_t *logs) {
  if (cost <= current) return true;
  double allowed = heat * logs[route_below(w, LOGS)] / 65536;
  return (double)(cost - current) < allowed;
}

/* --- overload ---------------------------------------------------------------------------------------------------- */

#define NO_MORE_OVERLOAD 0.98 /* share of the search */

/* Where loads are tight nothing fits beside what is there, and good plans are far apart. So a search without windows
 * may overload vehicles at a price that rises and falls until every other plan is one that is allowed; only such
 * a plan can be the best. Customers with a cadence may be left out instead. */
static void let_overload(RouteWork *w, double hot) {
  const RouteProblem *p = w->p;
  int64_t demand = 0;
  for (int32_t c = 0; c < p->customers; c++) demand += p->demand[c];
  if (!w->plain || p->cadence || demand <= 0) return;
  w->over_price = 1 + (int64_t)(3 * hot * p->customers / (double)demand);
  for (int32_t v = 0; v < p->vehicles; v++) {
    w->route[v].version = ++w->version; /* what did not fit does now */
    w->route[v].parent = -1;
  }
}

static void price_overload(RouteWork *w, int32_t allowed, int32_t of) {
  if (!w->over_price || !of) return;
  int64_t part = w->over_price / 16;
  if (!allowed && w->over_price < ROUTE_FAR) w->over_price *= 2;
  else if (2 * allowed < of && w->over_price < ROUTE_FAR) w->over_price += part + 1;
  else if (2 * allowed >= of && w->over_price > 1) w->over_price -= part > 0 ? part : 1;
}

/* The end of the search makes the best better that is allowed. */
static void forbid_overload(RouteWork *w) {
  if (!w->over_price) return;
  w->over_price = w->over = 0;
  restore_best(w);
}

void route_search(RouteWork *w, const RouteSearch *how) {
  const RouteProblem *p = w->p;
  if (p->customers < 1 || p->vehicles < 1) return;
  int32_t *logs = mem_alloc(LOGS * sizeof *logs);
  Turn *turns = mem_alloc((size_t)p->customers * sizeof *turns);
  fill_logs(logs);
  double leg = mean_leg(w), hot = how->hot > 0 ? how->hot : leg, cold = how->cold > 0 ? how->cold : leg / 100;
  double heat = hot, removed = how->removed > 0 ? how->removed : 10;
  int32_t tried = 0, allowed = 0;
  save_best(w);
  let_overload(w, hot);
  w->rough = w->plain;
  for (int64_t step = 0; step < how->steps; step++, w->steps++) {
    if (step % 256 == 0) {
      double done = (double)step / (double)how->steps;
      if (how->share) done = how->share(how->ctx, done);
      if (done > 1) break;
      heat = (double)(float)(hot * pow(cold / hot, done));
      mean_stops(w);
      if (done >= NO_MORE_OVERLOAD) forbid_overload(w);
      else price_overload(w, allowed, tried);
      tried = allowed = 0;
    }
    int64_t cost = w->cost, over = w->over, current = cost + over * w->over_price;
    ruin(w, removed);
    call_lacking(w);
    recreate(w, turns);
    tried++;
    if (!w->over) allowed++;
    if (!accepts(w, w->cost + w->over * w->over_price, current, heat, logs)) {
      route_undo(w);
      w->cost = cost;
      w->over = over;
      continue;
    }
    bool best = !w->over && w->cost < w->best_cost;
    route_keep(w);
    if (best) save_best(w);
  }
  w->rough = false;
  w->over_price = w->over = 0;
  restore_best(w);
  mem_free(turns);
  mem_free(logs);
}
