/* The days of one customer: what a visit costs on each, and the choice of them. */
#include "model/route_work.h"

#include <string.h>

static inline void offer(RouteSpot *spot, int32_t cost, int32_t at) {
  if (cost >= spot->next_cost) return;
  if (cost < spot->cost) {
    spot->next_cost = spot->cost, spot->next_at = spot->at;
    spot->cost = cost, spot->at = (int16_t)at;
  } else {
    spot->next_cost = cost, spot->next_at = (int16_t)at;
  }
}

/* Places as the loop over all would find them, from those before the one stop was inserted. False: none of that. */
static bool look_again(const RouteWork *w, int32_t c, int32_t v, RouteSpot *spot) {
  const RouteProblem *p = w->p;
  const Route *r = &w->route[v];
  int32_t new = r->inserted;
  if (spot->version != r->parent || spot->at == new || spot->next_at == new) return false;
  spot->version = r->version;
  if (spot->at > new) spot->at++;
  if (spot->next_at > new) spot->next_at++;
  const int32_t *go = p->length + (size_t)p->place[c] * p->places, *come = w->back + (size_t)p->place[c] * p->places;
  for (int32_t i = new - 1; i <= new; i++) {
    int32_t cost = come[r->at[i]] + go[r->at[i + 1]] - r->leg[i], at = i + 1;
    if (cost < spot->cost || (cost == spot->cost && at < spot->at)) {
      spot->next_cost = spot->cost, spot->next_at = spot->at;
      spot->cost = cost, spot->at = (int16_t)at;
    } else if (cost < spot->next_cost || (cost == spot->next_cost && at < spot->next_at)) {
      spot->next_cost = cost, spot->next_at = (int16_t)at;
    }
  }
  return true;
}

/* The two cheapest feasible places of c in the route of v; of a plain one, whether they fit or not. */
static void look(const RouteWork *w, int32_t c, int32_t v, RouteSpot *spot) {
  const RouteProblem *p = w->p;
  const Route *r = &w->route[v];
  const RouteVehicle *car = &p->vehicle[v];
  *spot = (RouteSpot){r->version, ROUTE_FAR, ROUTE_FAR, 0, 0};
  if (!w->plain && (r->count >= car->stops || r->load + p->demand[c] > car->load)) return;
  size_t places = (size_t)p->places;
  const int32_t here = p->place[c], *go = p->length + here * places, *come = w->back + here * places;
  const int32_t *at = r->at;
  if (w->plain) {
    int32_t one = ROUTE_FAR, two = ROUTE_FAR, one_at = 0, two_at = 0;
    const int32_t *leg = r->leg;
    for (int32_t i = 0, n = r->count; i <= n; i++) {
      int32_t cost = come[at[i]] + go[at[i + 1]] - leg[i];
      if (cost >= two) continue;
      if (cost < one) two = one, two_at = one_at, one = cost, one_at = i + 1;
      else two = cost, two_at = i + 1;
    }
    *spot = (RouteSpot){r->version, one, two, (int16_t)one_at, (int16_t)two_at};
    return;
  }
  int32_t service = route_service(p, c, car->day);
  for (int32_t i = 0; i <= r->count; i++) {
    int32_t cost = come[at[i]] + go[at[i + 1]] - r->leg[i];
    if (cost >= spot->next_cost) continue;
    int32_t t = r->early[i] + (i ? route_service(p, r->stop[i], car->day) : 0) + p->time[at[i] * places + here];
    t = route_next_open(w, c, car->day, t);
    if (t >= ROUTE_OPEN || t + service + p->time[here * places + at[i + 1]] > r->late[i + 1]) continue;
    offer(spot, cost, i + 1);
  }
}

static bool blinks(RouteWork *w) {
  if (--w->blink > 0) return false;
  w->blink = 1 + (int32_t)route_below(w, 199); /* one place in a hundred */
  return true;
}

/* The cheapest place of c on day d; ROUTE_NEVER when there is none. */
static int64_t look_day(RouteWork *w, int32_t c, int32_t d) {
  const RouteProblem *p = w->p;
  if (p->first_window) {
    const int32_t *first = &p->first_window[(size_t)c * p->days + d];
    if (first[0] == first[1]) return ROUTE_NEVER;
  }
  int64_t best = ROUTE_NEVER;
  bool empty = false, hours = w->plain && w->timed;
  int32_t service = hours ? route_service(p, c, d) : 0;
  for (int32_t v = w->first_vehicle[d]; v < w->first_vehicle[d + 1]; v++) {
    const Route *r = &w->route[v];
    if (!r->count && w->twin[v] != v && empty) continue; /* one empty vehicle is like the other */
    empty = empty || !r->count;
    int64_t extra = p->uneven * (2 * r->count + 1);
    bool blink = blinks(w);
    if (w->plain) {
      int64_t over = route_over(w, v, r->load + p->demand[c]);
      if ((over && !w->over_price) || r->count >= p->vehicle[v].stops) continue;
      if (over) extra += (over - route_over(w, v, r->load)) * w->over_price;
      if (over && extra >= best) continue;
    }
    RouteSpot *spot = &w->spot[(size_t)c * p->vehicles + v];
    if (spot->version != r->version && !(w->plain && look_again(w, c, v, spot))) look(w, c, v, spot);
    int64_t cost = spot->cost;
    int32_t at = spot->at;
    if (blink) cost = spot->next_cost, at = spot->next_at;
    if (cost >= ROUTE_FAR) continue;
    if (hours && r->length + r->service + cost + service > p->vehicle[v].to - p->vehicle[v].from) continue;
    cost += extra;
    if (cost >= best) continue;
    best = cost;
    w->spot_vehicle[d] = v;
    w->spot_at[d] = at;
  }
  return best;
}

int64_t route_place(RouteWork *w, int32_t c, int32_t day, int32_t *vehicle, int32_t *at) {
  w->blink = INT32_MAX;
  int64_t cost = look_day(w, c, day);
  w->blink = 100;
  if (cost >= ROUTE_NEVER) return cost;
  if (vehicle) *vehicle = w->spot_vehicle[day];
  if (at) *at = w->spot_at[day] - 1;
  return cost;
}

static bool day_in(const uint64_t *days, int32_t d) { return days[d >> 6] >> (d & 63) & 1; }

void route_price_days(RouteWork *w, int32_t c) {
  const RouteProblem *p = w->p;
  for (int32_t d = 0; d < p->days; d++) {
    size_t cell = (size_t)c * p->days + d;
    if (w->on[cell] >= 0) {
      w->price[d] = 0;
      continue;
    }
    int64_t price = look_day(w, c, d);
    if (price < ROUTE_NEVER) {
      if (p->day_cost) price += p->day_cost[cell];
      if (p->with) {
        if (p->with[c] >= 0 && w->on[(size_t)p->with[c] * p->days + d] < 0) price += p->with_cost;
        for (int32_t o = 0; o < p->customers; o++)
          if (p->with[o] == c && w->on[(size_t)o * p->days + d] >= 0) price -= p->with_cost;
      }
    }
    w->price[d] = price;
  }
}

/* --- patterns ---------------------------------------------------------------------------------------------------- */

static int64_t choose_pattern(RouteWork *w, int32_t c, uint64_t days[2]) {
  const RouteProblem *p = w->p;
  uint64_t kept = 0;
  for (int32_t d = 0; d < p->days && w->planned[c]; d++)
    if (w->on[(size_t)c * p->days + d] >= 0) kept |= UINT64_C(1) << d;
  int64_t best = ROUTE_NEVER;
  days[0] = days[1] = 0;
  for (int32_t i = p->first_pattern[c]; i < p->first_pattern[c + 1]; i++) {
    if ((p->patterns[i] & kept) != kept) continue;
    int64_t cost = 0;
    for (uint64_t rest = p->patterns[i]; rest; rest &= rest - 1) cost += w->price[__builtin_ctzll(rest)];
    if (cost >= best) continue;
    best = cost;
    days[0] = p->patterns[i];
  }
  return best;
}

/* --- cadences ---------------------------------------------------------------------------------------------------- */

static bool kept_between(const uint64_t *kept, int32_t from, int32_t to) {
  for (int32_t d = from + 1; d < to; d++)
    if (day_in(kept, d)) return true;
  return false;
}

/* The cheapest way to make visits on days of finite price, all days in `kept` among them.
 *
 * chain[k × days + d]: of k + 1 visits, the last on day d. Pins left out are paid when a gap leaps over them. */
static int64_t choose_days(RouteWork *w, int32_t c, const uint64_t kept[2], uint64_t days[2]) {
  const RouteProblem *p = w->p;
  const RouteCadence *cadence = &p->cadence[c];
  int32_t n = p->days, list[ROUTE_DAYS], open = 0, most = cadence->most;
  bool must = kept[0] || kept[1], pinned = cadence->pinned[0] || cadence->pinned[1];
  int64_t pins_to[ROUTE_DAYS + 1]; /* cost of the pins on days before this one */
  pins_to[0] = 0;
  for (int32_t d = 0; d < n; d++) {
    if (w->price[d] < ROUTE_NEVER) list[open++] = d;
    pins_to[d + 1] = pins_to[d] + (pinned && day_in(cadence->pinned, d) ? cadence->unpinned : 0);
  }
  if (most > open) most = open;
  int64_t best = must ? ROUTE_NEVER : cadence->missing[cadence->most] + pins_to[n];
  int32_t best_k = -1, best_d = -1;
  for (int32_t k = 0; k < most; k++) {
    int64_t *chain = w->chain + (size_t)k * n, *before = chain - n;
    int16_t *from = w->chain_from + (size_t)k * n;
    bool any = false;
    for (int32_t i = 0; i < open; i++) {
      int32_t d = list[i];
      int64_t cost = ROUTE_NEVER;
      if (!k) {
        if (!must || !kept_between(kept, -1, d)) cost = cadence->first[d] + pins_to[d];
        from[d] = -1;
      } else {
        for (int32_t j = k - 1; j < i; j++) {
          int32_t e = list[j];
          int64_t other = before[e] + cadence->gap[d - e] + pins_to[d] - pins_to[e + 1];
          if (other >= cost || (must && kept_between(kept, e, d))) continue;
          cost = other;
          from[d] = (int16_t)e;
        }
      }
      chain[d] = cost < ROUTE_NEVER ? cost + w->price[d] : ROUTE_NEVER;
      if (chain[d] >= ROUTE_NEVER) continue;
      any = true;
      int64_t end = chain[d] + cadence->missing[cadence->most - k - 1] + pins_to[n] - pins_to[d + 1];
      if (k + 1 == cadence->most) end += cadence->last[d];
      if (end >= best || (must && kept_between(kept, d, n))) continue;
      best = end, best_k = k, best_d = d;
    }
    if (!any) break;
  }
  days[0] = days[1] = 0;
  for (int32_t k = best_k, d = best_d; k >= 0; k--) {
    days[d >> 6] |= UINT64_C(1) << (d & 63);
    d = w->chain_from[(size_t)k * n + d];
  }
  return best;
}

/* Of the days it has now, alone. */
static int64_t cadence_of(const RouteWork *w, int32_t c) {
  const RouteProblem *p = w->p;
  const RouteCadence *cadence = &p->cadence[c];
  int32_t before = -1, count = 0;
  int64_t cost = 0;
  for (int32_t d = 0; d < p->days; d++) {
    bool there = w->on[(size_t)c * p->days + d] >= 0;
    if (!there && day_in(cadence->pinned, d)) cost += cadence->unpinned;
    if (!there) continue;
    cost += before < 0 ? cadence->first[d] : cadence->gap[d - before];
    before = d;
    count++;
  }
  if (count > cadence->most) return cost + ROUTE_NEVER; /* put there from outside */
  if (count < cadence->most) return cost + cadence->missing[cadence->most - count];
  return count ? cost + cadence->last[before] : cost;
}

int64_t route_absent_cost(const RouteWork *w, int32_t c) {
  if (w->p->cadence) return cadence_of(w, c);
  return w->planned[c] ? 0 : w->p->missing[c];
}

/* --- placing ----------------------------------------------------------------------------------------------------- */

static void take_rest(RouteWork *w, int32_t c) {
  for (int32_t d = 0; d < w->p->days; d++)
    if (w->on[(size_t)c * w->p->days + d] >= 0) w->gone[w->gone_count++] = (RouteVisit){c, d};
  route_take_all(w);
}

void route_place_customer(RouteWork *w, int32_t c) {
  const RouteProblem *p = w->p;
  uint64_t days[2];
  route_price_days(w, c);
  if (p->cadence) {
    uint64_t kept[2] = {0, 0};
    for (int32_t d = 0; d < p->days && w->planned[c]; d++)
      if (w->on[(size_t)c * p->days + d] >= 0) kept[d >> 6] |= UINT64_C(1) << (d & 63);
    choose_days(w, c, kept, days);
  } else if (choose_pattern(w, c, days) >= ROUTE_NEVER && w->planned[c]) {
    take_rest(w, c); /* what is left of it goes with no pattern that is possible */
    route_price_days(w, c);
    choose_pattern(w, c, days);
  }
  for (int32_t d = 0; d < p->days; d++)
    if (day_in(days, d) && w->on[(size_t)c * p->days + d] < 0) route_insert(w, w->spot_vehicle[d], w->spot_at[d], c);
  w->cost -= w->cadence_cost[c];
  w->cost += w->cadence_cost[c] = route_absent_cost(w, c);
}
