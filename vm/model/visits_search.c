/* The plan: a first one for everybody, then a search for each, on as many threads as asked. */
#include "base/stop.h"
#include "model/visits_work.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct Planner {
  const VisitIndex *x;
  const VisitSearch *how;
  VisitStop **stops;       /* [staff] */
  int32_t *stop_count;
  double *score;           /* [staff] */
  const uint64_t *elsewhere;
  const int32_t *turn;     /* staff of this wave */
  size_t turn_count, next; /* of turn */
  size_t done, running;
  bool first;              /* the first plan, not the search */
  bool stopped;
  pthread_mutex_t lock;
  pthread_cond_t news;
  bool told_by_worker;     /* one thread: the worker is the caller's */
} Planner;

static bool tell(Planner *w) {
  if (!w->how->tell) return true;
  VisitProgress at = {.done = w->done, .staff = w->x->p->staff_count};
  for (size_t s = 0; s < w->x->p->staff_count; s++) {
    at.score += w->score[s];
    at.visits += w->stop_count[s];
  }
  return w->how->tell(w->how->told, &at);
}

static double share(void *ctx, double steps) {
  Planner *w = ctx;
  if (w->told_by_worker && (stop_asked() || !tell(w))) w->stopped = true;
  pthread_mutex_lock(&w->lock);
  bool stopped = w->stopped;
  pthread_mutex_unlock(&w->lock);
  return stopped ? 2 : steps;
}

/* --- one staff member -------------------------------------------------------------------------------------------- */

static int32_t minute_of(const VisitKept *k) {
  if (k->at < VISIT_ANY) return VISIT_EASED - k->at;
  return k->at == VISIT_ANY ? 720 : k->at;
}

static int by_day_then_minute(const void *a, const void *b) {
  const VisitKept *x = a, *y = b;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  int32_t t = minute_of(x), u = minute_of(y);
  if (t != u) return t < u ? -1 : 1;
  return x->site < y->site ? -1 : x->site > y->site;
}

/* The visits that stand or stood, as far as they go. */
static void start_from_kept(const Planner *w, const VisitSub *sub, RouteWork *work) {
  const VisitIndex *x = w->x;
  int32_t total = 0;
  for (int32_t i = 0; i < sub->count; i++) {
    const VisitFacts *f = &x->facts[sub->site[i]];
    total += __builtin_popcountll(f->kept[0]) + __builtin_popcountll(f->kept[1]) + f->pin_count;
  }
  if (!total) return;
  VisitKept *list = mem_alloc((size_t)total * sizeof *list);
  int32_t *local = mem_alloc(x->p->site_count * sizeof *local), count = 0;
  memset(local, -1, x->p->site_count * sizeof *local);
  for (int32_t i = 0; i < sub->count; i++) {
    const VisitFacts *f = &x->facts[sub->site[i]];
    for (int32_t k = f->first_pin; k < f->first_pin + f->pin_count; k++)
      list[count++] = (VisitKept){.site = i, .day = x->pins[k].day, .at = x->pins[k].at};
    local[sub->site[i]] = i;
  }
  for (size_t k = 0; k < x->p->kept_count; k++) { /* in the order of their hours, so that a day comes out as it was */
    const VisitKept *kept = &x->p->kept[k];
    const VisitFacts *f = &x->facts[kept->site];
    int32_t i = x->p->sites[kept->site].owner == sub->staff ? local[kept->site] : VISIT_ANY;
    if (i < 0 || kept->day < x->p->frozen || visit_day_in(f->pinned, kept->day) || count == total) continue;
    list[count++] = (VisitKept){.site = i, .day = kept->day, .at = kept->at};
  }
  mem_free(local);
  qsort(list, (size_t)count, sizeof *list, by_day_then_minute);
  for (int pass = 0; pass < 2; pass++) /* what is pinned first */
    for (int32_t k = 0; k < count; k++) {
      bool pinned = visit_day_in(x->facts[sub->site[list[k].site]].pinned, list[k].day);
      if (pinned == !!pass) continue;
      int64_t before = route_cost(work);
      if (!route_put(work, list[k].site, list[k].day) || route_cost(work) - before < ROUTE_NEVER / 2) continue;
      route_remove(work, list[k].site, list[k].day); /* too near to another, or more than is asked now */
    }
  mem_free(list);
}

static void start_from_stops(const Planner *w, const VisitSub *sub, RouteWork *work) {
  int32_t *local = mem_alloc(w->x->p->site_count * sizeof *local), *list = mem_alloc((size_t)sub->count * sizeof *list);
  for (int32_t i = 0; i < sub->count; i++) local[sub->site[i]] = i;
  const VisitStop *stop = w->stops[sub->staff], *end = stop + w->stop_count[sub->staff];
  for (int32_t v = 0; v < sub->routes.vehicles; v++) {
    int32_t count = 0;
    while (stop < end && stop->day == sub->routes.vehicle[v].day) list[count++] = local[stop++->site];
    route_load(work, v, list, count);
  }
  mem_free(list);
  mem_free(local);
}

/* Nothing has changed for them: their stops stand. */
static void stand(Planner *w, int32_t staff) {
  const VisitProblem *p = w->x->p;
  size_t from = 0, n = 0;
  if (w->stops[staff]) return;
  while (from < p->stood_count && p->stood[from].staff != staff) from++;
  while (from + n < p->stood_count && p->stood[from + n].staff == staff) n++;
  VisitStop *to = mem_alloc((n + 1) * sizeof *to);
  if (n) memcpy(to, p->stood + from, n * sizeof *to);
  w->stops[staff] = to;
  pthread_mutex_lock(&w->lock);
  w->stop_count[staff] = (int32_t)n;
  pthread_mutex_unlock(&w->lock);
}

static void take_stops(Planner *w, const VisitSub *sub, const RouteWork *work) {
  const VisitIndex *x = w->x;
  int32_t count = 0, total = 0;
  for (int32_t v = 0; v < sub->routes.vehicles; v++) {
    const int32_t *stops;
    total += route_stops(work, v, &stops);
  }
  VisitStop *to = mem_alloc((size_t)total * sizeof *to);
  for (int32_t v = 0; v < sub->routes.vehicles; v++) {
    const int32_t *stops;
    int32_t n = route_stops(work, v, &stops), at = sub->routes.vehicle[v].start, d = sub->routes.vehicle[v].day;
    for (int32_t i = 0; i < n; i++) {
      int32_t site = sub->site[stops[i]], place = sub->routes.place[stops[i]], begin = route_begin(work, v, i);
      const VisitFacts *f = &x->facts[site];
      to[count++] = (VisitStop){.staff = sub->staff, .day = d, .site = site, .begin = begin,
                                .end = begin + visit_minutes(x, site, d),
                                .travel = sub->routes.time[(size_t)at * sub->routes.places + place],
                                .pinned = visit_day_in(f->pinned, d), .kept = visit_day_in(f->kept, d)};
      at = place;
    }
  }
  mem_free(w->stops[sub->staff]);
  w->stops[sub->staff] = to;
  pthread_mutex_lock(&w->lock);
  w->stop_count[sub->staff] = total;
  w->score[sub->staff] = (double)route_cost(work) / VISIT_UNIT;
  pthread_mutex_unlock(&w->lock);
}

static uint64_t seed_of(uint64_t seed, int32_t staff) { return seed * 0x9E3779B97F4A7C15u + (uint64_t)staff * 0xBF58476D1CE4E5B9u; }

static void ease_day(const VisitIndex *x, const VisitSub *sub, int32_t d) {
  for (int32_t i = 0; i < sub->count; i++) {
    const VisitFacts *f = &x->facts[sub->site[i]];
    for (int32_t k = f->first_pin; k < f->first_pin + f->pin_count; k++)
      if (x->frozen[k] && x->pins[k].day == d && x->pins[k].at >= 0) x->pins[k].at = VISIT_EASED - x->pins[k].at;
  }
}

/* Where a frozen visit cannot hold its minute, because another takes longer now, those of that day keep their day at
 * least. True when there was one. */
static bool ease_frozen(const Planner *w, const VisitSub *sub, const RouteWork *work) {
  const VisitIndex *x = w->x;
  bool any = false;
  for (int32_t i = 0; i < sub->count; i++) {
    const VisitFacts *f = &x->facts[sub->site[i]];
    for (int32_t k = f->first_pin; k < f->first_pin + f->pin_count; k++) {
      if (!x->frozen[k] || x->pins[k].at < 0 || route_vehicle_of(work, i, x->pins[k].day) >= 0) continue;
      ease_day(x, sub, x->pins[k].day);
      any = true;
    }
  }
  return any;
}

static void first_plan(Planner *w, VisitSub *sub, RouteWork **work) {
  start_from_kept(w, sub, *work);
  while (ease_frozen(w, sub, *work)) {
    int32_t staff = sub->staff;
    route_free(*work);
    visit_sub_free(sub);
    visit_sub_make(w->x, staff, w->elsewhere, sub);
    *work = route_new(&sub->routes, seed_of(w->how->seed, staff));
    start_from_kept(w, sub, *work);
  }
  route_fill(*work);
}

/* From hot enough to trade one missed visit for another, to cold enough for minutes on the road. A plan in force is good
 * already: it is mended from where it stands, for in the heat it would be turned over. A small one is
 * searched whole, and as long as a larger one. */
enum { FEW_VISITS = 40 };
static double heat_of(const Planner *w, bool in_force) { return 1 + (in_force ? 0.0002 : 0.1) * w->x->p->weights.lost; }

static void plan_one(Planner *w, int32_t staff) {
  if (w->x->p->settled && w->x->p->settled[staff]) {
    stand(w, staff);
    return;
  }
  VisitSub sub;
  visit_sub_make(w->x, staff, w->elsewhere, &sub);
  if (sub.count && sub.routes.vehicles) {
    RouteWork *work = route_new(&sub.routes, seed_of(w->how->seed, staff));
    if (w->first) {
      first_plan(w, &sub, &work);
    } else {
      int64_t asked = 0, kept = 0;
      for (int32_t i = 0; i < sub.count; i++) {
        const VisitFacts *f = &w->x->facts[sub.site[i]];
        asked += sub.routes.cadence[i].most;
        kept += __builtin_popcountll(f->kept[0]) + __builtin_popcountll(f->kept[1]);
      }
      start_from_stops(w, &sub, work);
      bool in_force = asked > FEW_VISITS && 2 * kept >= asked;
      RouteSearch how = {.steps = w->how->effort * (asked > FEW_VISITS ? asked : FEW_VISITS),
                         .hot = heat_of(w, in_force) * VISIT_UNIT, .cold = VISIT_UNIT, .removed = 10, .share = share, .ctx = w};
      route_search(work, &how);
      route_fill(work);
    }
    take_stops(w, &sub, work);
    route_free(work);
  }
  visit_sub_free(&sub);
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

static void *work_on(void *arg) {
  Planner *w = arg;
  pthread_mutex_lock(&w->lock);
  while (w->next < w->turn_count && (w->first || !w->stopped)) {
    int32_t staff = w->turn[w->next++];
    pthread_mutex_unlock(&w->lock);
    plan_one(w, staff);
    pthread_mutex_lock(&w->lock);
    if (!w->first) w->done++;
    pthread_cond_signal(&w->news);
  }
  w->running--;
  pthread_cond_signal(&w->news);
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

static void run_threads(Planner *w, int threads) {
  pthread_t id[64];
  int started = 0;
  if (threads > 64) threads = 64;
  if ((size_t)threads > w->turn_count) threads = (int)w->turn_count;
  w->next = 0;
  w->told_by_worker = threads <= 1 && !w->first;
  w->running = 1;
  if (threads <= 1) {
    work_on(w);
    return;
  }
  w->running = (size_t)threads;
  while (started < threads && pthread_create(&id[started], NULL, work_on, w) == 0) started++;
  pthread_mutex_lock(&w->lock);
  w->running -= (size_t)(threads - started);
  if (!started) {
    w->running = 1;
    pthread_mutex_unlock(&w->lock);
    work_on(w);
    return;
  }
  while (w->running) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_cond_timedwait(&w->news, &w->lock, &until);
    if (!w->first && !w->stopped && (stop_asked() || !tell(w))) w->stopped = true;
  }
  pthread_mutex_unlock(&w->lock);
  for (int i = 0; i < started; i++) pthread_join(id[i], NULL);
}

/* Staff whose sites go with sites of others come in the second wave: by then those days stand. */
static size_t waves(const VisitIndex *x, int32_t *turn, size_t *second) {
  const VisitProblem *p = x->p;
  bool *late = mem_zalloc(p->staff_count, sizeof *late);
  size_t count = 0;
  for (size_t i = 0; i < p->site_count; i++) {
    const VisitSite *s = &p->sites[i];
    if (s->with >= 0 && s->owner >= 0 && p->sites[s->with].owner != s->owner) late[s->owner] = true;
  }
  for (int wave = 0; wave < 2; wave++) {
    if (wave) *second = count;
    for (size_t s = 0; s < p->staff_count; s++)
      if (late[s] == (wave == 1)) turn[count++] = (int32_t)s;
  }
  mem_free(late);
  return count;
}

static void note_days(const Planner *w, uint64_t *days) {
  memset(days, 0, 2 * w->x->p->site_count * sizeof *days);
  for (size_t s = 0; s < w->x->p->staff_count; s++)
    for (int32_t i = 0; i < w->stop_count[s]; i++)
      visit_day_add(&days[2 * (size_t)w->stops[s][i].site], w->stops[s][i].day);
}

static void gather(const Planner *w, VisitPlan *out) {
  for (size_t s = 0; s < w->x->p->staff_count; s++) out->stop_count += (size_t)w->stop_count[s];
  out->stops = mem_alloc(out->stop_count * sizeof *out->stops);
  size_t at = 0;
  for (size_t s = 0; s < w->x->p->staff_count; s++) {
    if (w->stop_count[s]) memcpy(out->stops + at, w->stops[s], (size_t)w->stop_count[s] * sizeof *out->stops);
    at += (size_t)w->stop_count[s];
  }
}

bool visits_plan(const VisitProblem *p, const VisitSearch *how, VisitPlan *out, Err *e) {
  *out = (VisitPlan){0};
  if (!visits_check(p, e)) return false;
  VisitIndex x;
  visit_index(p, &x);
  Planner w = {.x = &x, .how = how};
  size_t staff = p->staff_count, second = 0;
  int32_t *turn = mem_alloc((staff + 1) * sizeof *turn);
  uint64_t *days = mem_zalloc(2 * p->site_count, sizeof *days);
  w.stops = mem_zalloc(staff, sizeof *w.stops);
  w.stop_count = mem_zalloc(staff, sizeof *w.stop_count);
  w.score = mem_zalloc(staff, sizeof *w.score);
  pthread_mutex_init(&w.lock, NULL);
  pthread_cond_init(&w.news, NULL);
  size_t count = waves(&x, turn, &second);
  for (int round = 0; round < (how->effort > 0 ? 2 : 1); round++) {
    w.first = round == 0;
    for (int wave = 0; wave < 2; wave++) {
      w.turn = wave ? turn + second : turn;
      w.turn_count = wave ? count - second : second;
      note_days(&w, days);
      w.elsewhere = days;
      if (w.turn_count) run_threads(&w, how->threads);
    }
    if (w.first && !tell(&w)) w.stopped = true;
    if (stop_asked()) w.stopped = true;
  }
  gather(&w, out);
  out->complete = !w.stopped;
  visits_cost(p, out->stops, out->stop_count, &out->cost);
  visit_reasons(&x, out);
  for (size_t s = 0; s < staff; s++) mem_free(w.stops[s]);
  mem_free(w.stops);
  mem_free(w.stop_count);
  mem_free(w.score);
  mem_free(days);
  mem_free(turn);
  pthread_cond_destroy(&w.news);
  pthread_mutex_destroy(&w.lock);
  visit_index_free(&x);
  return true;
}

void visit_plan_free(VisitPlan *plan) {
  mem_free(plan->stops);
  mem_free(plan->left);
  *plan = (VisitPlan){0};
}
