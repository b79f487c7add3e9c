/* Turns an instance into a RouteProblem, searches for the CPU seconds allowed, prints what the checker makes of it. */
#include "instance.h"

#include "model/route.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

typedef struct Clock {
  double from, seconds;
} Clock;

static double share_of_time(void *ctx, double steps) {
  const Clock *c = ctx;
  (void)steps;
  double share = (cpu_now() - c->from) / c->seconds;
  return share < 1 ? share : 2;
}

/* Units an integer counts, a power of two so that whole distances stay whole. */
static double fine(const Instance *p) {
  double most = 1;
  for (int i = 0; i <= p->customers; i++) {
    for (int k = 0; k < i; k++) most = fmax(most, distance(p, i, k));
    if (p->close) most = fmax(most, p->close[i] / 4);
  }
  for (int d = 0; d < p->days; d++) most = fmax(most, p->longest[d] / 4);
  return exp2(floor(log2(ROUTE_OPEN / 2.0 / most)) - 2);
}

static void build(const Instance *p, double unit, RouteProblem *r) {
  int n = p->customers, places = n + 1;
  int32_t *length = calloc((size_t)places * places, sizeof *length), *place = calloc(n, sizeof *place);
  int32_t *service = calloc(n, sizeof *service), *demand = calloc(n, sizeof *demand);
  int32_t *first_pattern = calloc(n + 1, sizeof *first_pattern), *first_window = calloc(n + 1, sizeof *first_window);
  int64_t *missing = calloc(n, sizeof *missing);
  RouteWindow *windows = calloc(n, sizeof *windows);
  RouteVehicle *car = calloc((size_t)p->days * p->vehicles, sizeof *car);
  if (!length || !place || !service || !demand || !first_pattern || !first_window || !missing || !windows || !car) exit(1);
  double far = 0;
  for (int i = 0; i < places; i++)
    for (int k = 0; k < places; k++) {
      length[i * places + k] = (int32_t)ceil(distance(p, i, k) * unit); /* up: what fits here fits there */
      far = fmax(far, distance(p, i, k));
    }
  for (int c = 0; c < n; c++) {
    place[c] = c + 1;
    service[c] = (int32_t)ceil(p->service[c + 1] * unit);
    demand[c] = p->demand[c + 1];
    first_pattern[c + 1] = p->first_pattern[c + 2];
    first_window[c + 1] = c + 1;
    if (p->open) windows[c] = (RouteWindow){(int32_t)ceil(p->open[c + 1] * unit), (int32_t)floor(p->close[c + 1] * unit)};
    missing[c] = (int64_t)(4 * far * unit);
  }
  for (int d = 0; d < p->days; d++)
    for (int v = 0; v < p->vehicles; v++) {
      RouteVehicle *one = &car[d * p->vehicles + v];
      *one = (RouteVehicle){.day = d, .to = ROUTE_OPEN, .load = ROUTE_OPEN, .stops = ROUTE_OPEN};
      if (p->longest[d] > 0) one->to = (int32_t)floor(p->longest[d] * unit);
      if (p->close) one->to = (int32_t)floor(p->close[0] * unit);
      if (p->most_load[d]) one->load = p->most_load[d];
    }
  *r = (RouteProblem){.customers = n, .days = p->days, .vehicles = p->days * p->vehicles, .places = places,
                      .length = length, .time = length, .vehicle = car, .place = place, .service = service, .demand = demand,
                      .first_window = p->open ? first_window : NULL, .windows = windows, .first_pattern = first_pattern,
                      .patterns = p->pattern, .missing = missing};
}

static int tours_of(const RouteProblem *r, const RouteWork *w, Tour *tours) {
  int count = 0;
  for (int v = 0; v < r->vehicles; v++) {
    const int32_t *stops;
    int n = route_stops(w, v, &stops);
    if (!n) continue;
    Tour *t = &tours[count++];
    *t = (Tour){r->vehicle[v].day, n, calloc((size_t)n, sizeof(int))};
    if (!t->stop) exit(1);
    for (int i = 0; i < n; i++) t->stop[i] = stops[i] + 1;
  }
  return count;
}

static void print_tours(const Tour *tours, int count) {
  for (int i = 0; i < count; i++) {
    printf("  %d:", tours[i].day + 1);
    for (int k = 0; k < tours[i].count; k++) printf(" %d", tours[i].stop[k]);
    puts("");
  }
}

typedef struct Options {
  double seconds;
  uint64_t seed;
  int64_t steps;
  bool show;
} Options;

/* The gap in percent, or NAN when nothing is known; *bad counts what is not feasible. */
static double solve(const Instance *p, const Options *o, int *bad) {
  RouteProblem problem;
  double from = cpu_now(), cost = 0;
  build(p, fine(p), &problem);
  Clock clock = {from, o->seconds};
  RouteWork *w = route_new(&problem, o->seed);
  route_fill(w);
  RouteSearch how = {.seed = o->seed, .steps = o->steps ? o->steps : INT64_MAX};
  if (!o->steps) how.share = share_of_time, how.ctx = &clock;
  route_search(w, &how);
  Tour *tours = calloc((size_t)problem.vehicles, sizeof *tours);
  if (!tours) exit(1);
  int count = tours_of(&problem, w, tours);
  const char *wrong = check_tours(p, tours, count, &cost);
  double gap = p->known > 0 ? 100 * (cost / p->known - 1) : NAN;
  printf("%-8s %10.2f ", p->name, cost);
  if (p->known > 0) printf("%+7.2f %% of %.2f", gap, p->known);
  else printf("      ?");
  printf("  %s%s%s", wrong ? "INFEASIBLE (" : "feasible", wrong ? wrong : "", wrong ? ")" : "");
  printf("  %.1f s, %lld steps\n", cpu_now() - from, (long long)route_steps(w));
  fflush(stdout);
  if (o->show) print_tours(tours, count);
  if (wrong) ++*bad;
  route_free(w);
  return gap;
}

static int usage(const char *name) {
  fprintf(stderr, "usage: %s FILE… [--seconds CPU-SECONDS] [--seed N] [--steps N] [--tours]\n", name);
  return 2;
}

int bench_main(int argc, char **argv, bool (*read)(const char *, Instance *)) {
  Options o = {.seconds = 10, .seed = 1};
  double sum = 0, worst = -INFINITY;
  int known = 0, bad = 0, files = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 1; i < argc; i++) {
      const char *value = i + 1 < argc ? argv[i + 1] : NULL;
      if (!strcmp(argv[i], "--tours")) {
        o.show = true;
      } else if (!strncmp(argv[i], "--", 2)) {
        if (!value) return usage(argv[0]);
        if (!strcmp(argv[i], "--seconds")) o.seconds = strtod(value, NULL);
        else if (!strcmp(argv[i], "--seed")) o.seed = strtoull(value, NULL, 10);
        else if (!strcmp(argv[i], "--steps")) o.steps = strtoll(value, NULL, 10);
        else return usage(argv[0]);
        i++;
      } else if (pass) {
        Instance p;
        files++;
        if (!read(argv[i], &p)) {
          fprintf(stderr, "%s: %s cannot be read\n", argv[0], argv[i]);
          return 1;
        }
        double gap = solve(&p, &o, &bad);
        if (isnan(gap)) continue;
        sum += gap;
        worst = fmax(worst, gap);
        known++;
      }
    }
  if (!files) return usage(argv[0]);
  if (known > 1) printf("mean %+.2f %%, worst %+.2f %%, %d files, %d infeasible\n", sum / known, worst, files, bad);
  return bad ? 1 : 0;
}
