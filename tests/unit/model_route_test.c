#include "testing.h"

#include "base/mem.h"
#include "model/route.h"

#include <stdlib.h>
#include <string.h>

static uint64_t state = 11;
static int32_t below(int32_t n) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (int32_t)((state >> 33) % (uint64_t)n);
}

enum { MOST = 6, DAYS = 3, CARS = 2 };

/* A tiny problem on a grid; windows and patterns as asked. */
typedef struct Tiny {
  int32_t n, days, cars, length[(MOST + 1) * (MOST + 1)], place[MOST], service[MOST], demand[MOST];
  int32_t first_window[MOST * DAYS + 1], first_pattern[MOST + 1];
  RouteWindow windows[MOST * DAYS];
  uint64_t patterns[MOST * 3];
  int64_t missing[MOST];
  RouteVehicle car[DAYS * CARS];
  RouteProblem p;
} Tiny;

static void make(Tiny *t, int32_t n, int32_t days, bool windows) {
  int32_t x[MOST + 1], y[MOST + 1], count = 0;
  *t = (Tiny){.n = n, .days = days, .cars = CARS};
  for (int32_t i = 0; i <= n; i++) x[i] = below(50), y[i] = below(50);
  for (int32_t a = 0; a <= n; a++)
    for (int32_t b = 0; b <= n; b++) t->length[a * (n + 1) + b] = abs(x[a] - x[b]) + abs(y[a] - y[b]);
  for (int32_t c = 0; c < n; c++) {
    t->place[c] = c + 1;
    t->service[c] = 5;
    t->demand[c] = 1 + below(5);
    t->missing[c] = 100000 + below(3) * 1000;
    for (int32_t d = 0; d < days; d++) {
      int32_t from = below(100);
      t->first_window[c * days + d + 1] = c * days + d + 1;
      t->windows[c * days + d] = (RouteWindow){from, from + 20 + below(60)};
    }
    for (int k = 0; k < 3; k++) t->patterns[count++] = 1 + (uint64_t)below((1 << days) - 1);
    t->first_pattern[c + 1] = count;
  }
  for (int32_t v = 0; v < days * CARS; v++)
    t->car[v] = (RouteVehicle){.day = v / CARS, .to = windows ? 250 : ROUTE_OPEN, .load = 9, .stops = 4};
  t->p = (RouteProblem){.customers = n, .days = days, .vehicles = days * CARS, .places = n + 1, .length = t->length, .time = t->length,
                        .vehicle = t->car, .place = t->place, .service = t->service, .demand = t->demand,
                        .first_window = windows ? t->first_window : NULL, .windows = t->windows,
                        .first_pattern = t->first_pattern, .patterns = t->patterns, .missing = t->missing};
}

/* --- the oracle: every order of every set in every split --------------------------------------------------------- */

static int64_t best_tour(const Tiny *t, int32_t d, uint32_t set, int32_t at, int32_t time, int32_t length) {
  int32_t n = t->n + 1;
  if (!set) return !t->p.first_window || time + t->length[at * n] <= 250 ? length + t->length[at * n] : ROUTE_NEVER;
  int64_t best = ROUTE_NEVER;
  for (int32_t c = 0; c < t->n; c++) {
    if (!(set >> c & 1)) continue;
    int32_t leg = t->length[at * n + c + 1], begin = time + leg;
    if (t->p.first_window) {
      RouteWindow w = t->windows[c * t->days + d];
      if (begin < w.from) begin = w.from;
      if (begin > w.to) continue;
    }
    int64_t cost = best_tour(t, d, set & ~(1u << c), c + 1, begin + t->service[c], length + leg);
    if (cost < best) best = cost;
  }
  return best;
}

static int64_t one_car(const Tiny *t, int32_t d, uint32_t set) {
  int32_t load = 0;
  for (int32_t c = 0; c < t->n; c++) load += set >> c & 1 ? t->demand[c] : 0;
  if (load > 9 || __builtin_popcount(set) > 4) return ROUTE_NEVER;
  return set ? best_tour(t, d, set, 0, 0, 0) : 0;
}

/* [day × 2^n]: of two cars. */
static void price_sets(const Tiny *t, int64_t *day) {
  int64_t one[1 << MOST];
  for (int32_t d = 0; d < t->days; d++) {
    for (uint32_t set = 0; set < 1u << t->n; set++) one[set] = one_car(t, d, set);
    for (uint32_t set = 0; set < 1u << t->n; set++) {
      int64_t best = ROUTE_NEVER;
      for (uint32_t part = set;; part = (part - 1) & set) {
        if (one[part] + one[set & ~part] < best) best = one[part] + one[set & ~part];
        if (!part) break;
      }
      day[(size_t)d << t->n | set] = best;
    }
  }
}

static int64_t best_choice(const Tiny *t, const int64_t *day, int32_t c, uint32_t *sets, int64_t cost) {
  if (c == t->n) {
    for (int32_t d = 0; d < t->days; d++) cost += day[(size_t)d << t->n | sets[d]];
    return cost < ROUTE_NEVER ? cost : ROUTE_NEVER;
  }
  int64_t best = best_choice(t, day, c + 1, sets, cost + t->missing[c]);
  for (int32_t i = t->first_pattern[c]; i < t->first_pattern[c + 1]; i++) {
    for (int32_t d = 0; d < t->days; d++) sets[d] |= (uint32_t)(t->patterns[i] >> d & 1) << c;
    int64_t other = best_choice(t, day, c + 1, sets, cost);
    if (other < best) best = other;
    for (int32_t d = 0; d < t->days; d++) sets[d] &= ~(1u << c);
  }
  return best;
}

static int64_t exact(const Tiny *t) {
  int64_t *day = mem_alloc(((size_t)t->days << t->n) * sizeof *day);
  uint32_t sets[DAYS] = {0};
  price_sets(t, day);
  int64_t best = best_choice(t, day, 0, sets, 0);
  mem_free(day);
  return best;
}

/* --- the search -------------------------------------------------------------------------------------------------- */

static int64_t searched(const Tiny *t, uint64_t seed) {
  RouteWork *w = route_new(&t->p, seed);
  route_fill(w);
  route_search(w, &(RouteSearch){.seed = seed, .steps = 20000, .hot = 200, .cold = 1, .removed = 4});
  int64_t cost = route_cost(w);
  route_free(w);
  return cost;
}

static void what_the_search_finds_is_the_exact_optimum(bool windows, int32_t days) {
  for (int round = 0; round < 12; round++) {
    Tiny t;
    make(&t, days == 1 ? MOST : MOST - 1, days, windows);
    assert_int_equal(searched(&t, 1 + (uint64_t)round), exact(&t));
  }
}

static void tiny_routes_with_loads_equal_brute_force(void **unused) {
  (void)unused;
  what_the_search_finds_is_the_exact_optimum(false, 1);
}

static void tiny_routes_with_time_windows_equal_brute_force(void **unused) {
  (void)unused;
  what_the_search_finds_is_the_exact_optimum(true, 1);
}

static void tiny_periodic_routes_equal_brute_force(void **unused) {
  (void)unused;
  what_the_search_finds_is_the_exact_optimum(false, 3);
}

static void tiny_periodic_routes_with_windows_equal_brute_force(void **unused) {
  (void)unused;
  what_the_search_finds_is_the_exact_optimum(true, 2);
}

/* --- bookkeeping ------------------------------------------------------------------------------------------------- */

static int64_t recount(const Tiny *t, const RouteWork *w) {
  int64_t cost = 0;
  bool seen[MOST] = {false};
  for (int32_t v = 0; v < t->p.vehicles; v++) {
    const int32_t *stops;
    int32_t n = route_stops(w, v, &stops), at = 0;
    for (int32_t i = 0; i < n; i++) {
      cost += t->length[at * (t->n + 1) + stops[i] + 1];
      at = stops[i] + 1;
      seen[stops[i]] = true;
      assert_int_equal(route_vehicle_of(w, stops[i], t->car[v].day), v);
    }
    cost += t->length[at * (t->n + 1)];
  }
  for (int32_t c = 0; c < t->n; c++) cost += seen[c] ? 0 : t->missing[c];
  return cost;
}

static void the_cost_kept_while_searching_is_that_of_the_routes(void **unused) {
  (void)unused;
  for (int round = 0; round < 20; round++) {
    Tiny t;
    make(&t, MOST, DAYS, round & 1);
    RouteWork *w = route_new(&t.p, (uint64_t)round);
    for (int part = 0; part < 5; part++) {
      route_fill(w);
      route_search(w, &(RouteSearch){.steps = 100, .hot = 5000, .cold = 500});
      assert_int_equal(route_cost(w), recount(&t, w));
    }
    route_free(w);
  }
}

static void the_same_seed_gives_the_same_routes(void **unused) {
  (void)unused;
  Tiny t;
  make(&t, MOST, DAYS, true);
  RouteWork *a = route_new(&t.p, 5), *b = route_new(&t.p, 5);
  RouteSearch how = {.steps = 3000};
  route_fill(a);
  route_fill(b);
  route_search(a, &how);
  route_search(b, &how);
  for (int32_t v = 0; v < t.p.vehicles; v++) {
    const int32_t *x, *y;
    int32_t n = route_stops(a, v, &x);
    assert_int_equal(n, route_stops(b, v, &y));
    assert_memory_equal(x, y, (size_t)n * sizeof *x);
  }
  route_free(a);
  route_free(b);
}

static void nobody_to_visit_and_nobody_to_go_are_no_trouble(void **unused) {
  (void)unused;
  Tiny t;
  make(&t, 1, 1, false);
  t.p.vehicles = 0;
  RouteWork *w = route_new(&t.p, 1);
  route_fill(w);
  route_search(w, &(RouteSearch){.steps = 10});
  assert_int_equal(route_cost(w), t.missing[0]);
  route_free(w);
  t.p.vehicles = CARS;
  t.p.customers = 0;
  w = route_new(&t.p, 1);
  route_fill(w);
  route_search(w, &(RouteSearch){.steps = 10});
  assert_int_equal(route_cost(w), 0);
  route_free(w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tiny_routes_with_loads_equal_brute_force),
    cmocka_unit_test(tiny_routes_with_time_windows_equal_brute_force),
    cmocka_unit_test(tiny_periodic_routes_equal_brute_force),
    cmocka_unit_test(tiny_periodic_routes_with_windows_equal_brute_force),
    cmocka_unit_test(the_cost_kept_while_searching_is_that_of_the_routes),
    cmocka_unit_test(the_same_seed_gives_the_same_routes),
    cmocka_unit_test(nobody_to_visit_and_nobody_to_go_are_no_trouble),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
