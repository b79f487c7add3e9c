#include "model/route_work.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t route_random(RouteWork *w) {
  uint64_t z = (w->random += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

int32_t route_next_open(const RouteWork *w, int32_t c, int32_t d, int32_t t) {
  const RouteProblem *p = w->p;
  if (!p->first_window) return t;
  const int32_t *first = &p->first_window[(size_t)c * p->days + d];
  for (int32_t i = first[0]; i < first[1]; i++)
    if (t <= p->windows[i].to) return t > p->windows[i].from ? t : p->windows[i].from;
  return ROUTE_OPEN;
}

int32_t route_last_open(const RouteWork *w, int32_t c, int32_t d, int32_t t) {
  const RouteProblem *p = w->p;
  if (!p->first_window) return t;
  const int32_t *first = &p->first_window[(size_t)c * p->days + d];
  for (int32_t i = first[1] - 1; i >= first[0]; i--)
    if (t >= p->windows[i].from) return t < p->windows[i].to ? t : p->windows[i].to;
  return -1;
}

static void time_forward(RouteWork *w, int32_t v, int32_t from) {
  const RouteProblem *p = w->p;
  Route *r = &w->route[v];
  int32_t d = p->vehicle[v].day;
  for (int32_t i = from; i <= r->count; i++) {
    int32_t c = r->stop[i], wait = i > 1 ? route_service(p, r->stop[i - 1], d) : 0;
    int32_t t = r->early[i - 1] + wait + p->time[(size_t)r->at[i - 1] * p->places + r->at[i]];
    r->early[i] = route_next_open(w, c, d, t);
  }
}

static void time_backward(RouteWork *w, int32_t v, int32_t from) {
  const RouteProblem *p = w->p;
  Route *r = &w->route[v];
  int32_t d = p->vehicle[v].day;
  for (int32_t i = from; i >= 1; i--) {
    int32_t c = r->stop[i];
    int32_t t = r->late[i + 1] - p->time[(size_t)r->at[i] * p->places + r->at[i + 1]] - route_service(p, c, d);
    r->late[i] = route_last_open(w, c, d, t);
  }
}

static void ends_of(RouteWork *w, int32_t v) {
  const RouteVehicle *car = &w->p->vehicle[v];
  Route *r = &w->route[v];
  r->at[0] = car->start;
  r->at[r->count + 1] = car->end;
  r->early[0] = car->from;
  r->late[r->count + 1] = car->to;
}

void route_rebuild(RouteWork *w, int32_t v) {
  const RouteProblem *p = w->p;
  Route *r = &w->route[v];
  int32_t d = p->vehicle[v].day;
  ends_of(w, v);
  r->load = 0;
  r->length = r->service = 0;
  r->parent = -1;
  for (int32_t i = 1; i <= r->count; i++) {
    int32_t c = r->stop[i];
    r->at[i] = p->place[c];
    r->load += p->demand[c];
    r->service += route_service(p, c, d);
    w->on[(size_t)c * p->days + d] = v;
    w->pos[(size_t)c * p->days + d] = i;
  }
  for (int32_t i = 0; i <= r->count; i++) {
    r->leg[i] = r->count ? p->length[(size_t)r->at[i] * p->places + r->at[i + 1]] : 0;
    r->length += r->leg[i];
  }
  if (!w->timed || w->rough) return;
  time_forward(w, v, 1);
  time_backward(w, v, r->count);
}

/* --- changes ----------------------------------------------------------------------------------------------------- */

void route_touch(RouteWork *w, int32_t v) {
  if (w->touched[v]) return;
  RouteBefore *b = &w->before[w->before_count++];
  Route *r = &w->route[v];
  w->touched[v] = w->before_count;
  b->vehicle = v;
  b->count = r->count;
  b->load = r->load;
  b->version = r->version;
  b->length = r->length;
  memcpy(b->stop, r->stop + 1, (size_t)r->count * sizeof *b->stop);
}

static int64_t day_cost(const RouteWork *w, int32_t c, int32_t d) {
  const RouteProblem *p = w->p;
  int64_t cost = p->day_cost ? p->day_cost[(size_t)c * p->days + d] : 0;
  if (p->with && p->with[c] >= 0) cost += p->with_cost;
  return cost;
}

/* What is saved by c and those it is wished together with being there on the same day, if both are. */
static int64_t together(const RouteWork *w, int32_t c, int32_t d) {
  const RouteProblem *p = w->p;
  if (!p->with) return 0;
  int64_t saved = 0;
  if (p->with[c] >= 0 && w->on[(size_t)p->with[c] * p->days + d] >= 0) saved += p->with_cost;
  for (int32_t other = 0; other < p->customers; other++)
    if (p->with[other] == c && other != c && w->on[(size_t)other * p->days + d] >= 0) saved += p->with_cost;
  return saved;
}

void route_insert(RouteWork *w, int32_t v, int32_t at, int32_t c) {
  const RouteProblem *p = w->p;
  Route *r = &w->route[v];
  int32_t d = p->vehicle[v].day;
  route_touch(w, v);
  int64_t before = r->length;
  memmove(r->stop + at + 1, r->stop + at, (size_t)(r->count + 1 - at) * sizeof *r->stop);
  memmove(r->at + at + 1, r->at + at, (size_t)(r->count + 2 - at) * sizeof *r->at);
  r->stop[at] = c;
  r->at[at] = p->place[c];
  r->count++;
  w->over -= route_over(w, v, r->load);
  r->load += p->demand[c];
  w->over += route_over(w, v, r->load);
  r->service += route_service(p, c, d);
  r->parent = r->version;
  r->inserted = at;
  r->version = ++w->version;
  for (int32_t i = at; i <= r->count; i++) w->pos[(size_t)r->stop[i] * p->days + d] = i;
  w->on[(size_t)c * p->days + d] = v;
  w->planned[c]++;
  const int32_t *l = p->length;
  int32_t a = r->at[at - 1], b = r->at[at], e = r->at[at + 1];
  memmove(r->leg + at + 1, r->leg + at, (size_t)(r->count - at) * sizeof *r->leg);
  r->length -= r->leg[at - 1];
  r->leg[at - 1] = l[(size_t)a * p->places + b];
  r->leg[at] = l[(size_t)b * p->places + e];
  r->length += (int64_t)r->leg[at - 1] + r->leg[at];
  w->cost += r->length - before + p->uneven * (2 * r->count - 1) + day_cost(w, c, d) - together(w, c, d);
  if (!w->timed || w->rough) return;
  memmove(r->late + at + 1, r->late + at, (size_t)(r->count + 1 - at) * sizeof *r->late);
  time_forward(w, v, at);
  time_backward(w, v, at);
}

void route_take_all(RouteWork *w) {
  const RouteProblem *p = w->p;
  for (int32_t i = 0; i < w->gone_count; i++) {
    int32_t c = w->gone[i].customer, d = w->gone[i].day;
    size_t cell = (size_t)c * p->days + d;
    Route *r = &w->route[w->on[cell]];
    route_touch(w, w->on[cell]);
    r->stop[w->pos[cell]] = -1;
    if (r->version > 0) r->version = -r->version - 1; /* to be closed up */
    w->on[cell] = -1;
    w->planned[c]--;
    w->cost -= day_cost(w, c, d) - together(w, c, d);
  }
  for (int32_t i = 0; i < w->before_count; i++) {
    int32_t v = w->before[i].vehicle, kept = 0;
    Route *r = &w->route[v];
    if (r->version > 0) continue;
    int64_t length = r->length;
    w->over -= route_over(w, v, r->load);
    for (int32_t k = 1; k <= r->count; k++)
      if (r->stop[k] >= 0) r->stop[++kept] = r->stop[k];
    w->cost -= p->uneven * ((int64_t)r->count * r->count - (int64_t)kept * kept);
    r->count = kept;
    route_rebuild(w, v);
    w->cost += r->length - length;
    w->over += route_over(w, v, r->load);
    r->version = ++w->version;
  }
  w->gone_count = 0;
}

void route_mark(RouteWork *w, int32_t c) {
  if (w->is_out[c]) return;
  w->is_out[c] = 1;
  w->cadence_before[w->out_count] = w->cadence_cost[c];
  w->out[w->out_count++] = c;
}

void route_note(RouteWork *w, int32_t c) {
  bool lacks = w->p->cadence ? w->planned[c] < w->p->cadence[c].most : !w->planned[c];
  if (lacks && !w->lacking_at[c]) {
    w->lacking[w->lacking_count++] = c;
    w->lacking_at[c] = w->lacking_count;
  } else if (!lacks && w->lacking_at[c]) {
    int32_t hole = w->lacking_at[c] - 1, last = w->lacking[--w->lacking_count];
    w->lacking[hole] = last;
    w->lacking_at[last] = hole + 1;
    w->lacking_at[c] = 0;
  }
}

static void step_ends(RouteWork *w) {
  for (int32_t i = 0; i < w->before_count; i++) w->touched[w->before[i].vehicle] = 0;
  for (int32_t i = 0; i < w->out_count; i++) {
    w->is_out[w->out[i]] = 0;
    route_note(w, w->out[i]);
  }
  w->before_count = w->out_count = 0;
}

/* A route that came back as it was is the same version again: what is remembered of it holds. */
void route_keep(RouteWork *w) {
  for (int32_t i = 0; i < w->before_count; i++) {
    const RouteBefore *b = &w->before[i];
    Route *r = &w->route[b->vehicle];
    if (r->count != b->count || memcmp(r->stop + 1, b->stop, (size_t)b->count * sizeof *b->stop) != 0) continue;
    r->version = b->version;
    r->parent = -1;
  }
  step_ends(w);
}

void route_undo(RouteWork *w) {
  const RouteProblem *p = w->p;
  for (int32_t i = 0; i < w->before_count; i++) {
    int32_t v = w->before[i].vehicle, d = p->vehicle[v].day;
    Route *r = &w->route[v];
    for (int32_t k = 1; k <= r->count; k++) {
      w->on[(size_t)r->stop[k] * p->days + d] = -1;
      w->planned[r->stop[k]]--;
    }
  }
  for (int32_t i = 0; i < w->before_count; i++) {
    const RouteBefore *b = &w->before[i];
    Route *r = &w->route[b->vehicle];
    memcpy(r->stop + 1, b->stop, (size_t)b->count * sizeof *b->stop);
    r->count = b->count;
    r->version = b->version;
    for (int32_t k = 1; k <= r->count; k++) w->planned[r->stop[k]]++;
    route_rebuild(w, b->vehicle);
  }
  for (int32_t i = 0; i < w->out_count; i++) w->cadence_cost[w->out[i]] = w->cadence_before[i];
  step_ends(w);
}

/* --- from outside ------------------------------------------------------------------------------------------------ */

typedef struct Near {
  int64_t length;
  int32_t customer;
} Near;

static int nearer(const void *a, const void *b) {
  const Near *x = a, *y = b;
  if (x->length != y->length) return x->length < y->length ? -1 : 1;
  return x->customer < y->customer ? -1 : x->customer > y->customer;
}

static void find_near(RouteWork *w) {
  const RouteProblem *p = w->p;
  int32_t n = p->customers;
  Near *list = mem_alloc((size_t)n * sizeof *list);
  w->near = mem_alloc((size_t)n * n * sizeof *w->near);
  for (int32_t c = 0; c < n; c++) {
    int32_t found = 0;
    for (int32_t o = 0; o < n; o++) {
      if (o == c) continue;
      size_t go = (size_t)p->place[c] * p->places + p->place[o], come = (size_t)p->place[o] * p->places + p->place[c];
      list[found++] = (Near){(int64_t)p->length[go] + p->length[come], o};
    }
    qsort(list, (size_t)found, sizeof *list, nearer);
    for (int32_t i = 0; i < found; i++) w->near[(size_t)c * (n - 1) + i] = list[i].customer;
  }
  mem_free(list);
}

static void transpose(RouteWork *w) {
  const RouteProblem *p = w->p;
  size_t n = (size_t)p->places;
  bool symmetric = true;
  for (size_t i = 0; i < n && symmetric; i++)
    for (size_t k = 0; k < i && symmetric; k++) symmetric = p->length[i * n + k] == p->length[k * n + i];
  w->back = p->length;
  if (symmetric) return;
  w->back_own = mem_alloc(n * n * sizeof *w->back_own);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++) w->back_own[k * n + i] = p->length[i * n + k];
  w->back = w->back_own;
}

static void number_vehicles(RouteWork *w) {
  const RouteProblem *p = w->p;
  w->first_vehicle = mem_zalloc((size_t)p->days + 1, sizeof *w->first_vehicle);
  w->twin = mem_alloc((size_t)p->vehicles * sizeof *w->twin);
  for (int32_t v = 0; v < p->vehicles; v++) w->first_vehicle[p->vehicle[v].day + 1]++;
  for (int32_t d = 0; d < p->days; d++) w->first_vehicle[d + 1] += w->first_vehicle[d];
  for (int32_t v = 0; v < p->vehicles; v++) {
    w->twin[v] = v;
    for (int32_t o = w->first_vehicle[p->vehicle[v].day]; o < v; o++)
      if (!memcmp(&p->vehicle[o], &p->vehicle[v], sizeof *p->vehicle)) {
        w->twin[v] = o;
        break;
      }
  }
}

RouteWork *route_new(const RouteProblem *p, uint64_t seed) {
  RouteWork *w = mem_zalloc(1, sizeof *w);
  size_t n = (size_t)p->customers, v = (size_t)p->vehicles, cells = n * (size_t)p->days;
  w->p = p;
  w->random = seed;
  w->timed = p->first_window != NULL;
  for (size_t i = 0; i < v; i++) w->timed = w->timed || p->vehicle[i].to < ROUTE_OPEN;
  w->plain = !p->first_window && (p->time == p->length || !w->timed);
  transpose(w);
  number_vehicles(w);
  find_near(w);
  w->route = mem_zalloc(v, sizeof *w->route);
  w->before = mem_zalloc(v, sizeof *w->before);
  w->touched = mem_zalloc(v, sizeof *w->touched);
  w->on = mem_alloc(cells * sizeof *w->on);
  w->pos = mem_zalloc(cells, sizeof *w->pos);
  memset(w->on, -1, cells * sizeof *w->on);
  w->spot = mem_zalloc(n * v, sizeof *w->spot);
  w->cadence_cost = mem_zalloc(n, sizeof *w->cadence_cost);
  w->cadence_before = mem_zalloc(n, sizeof *w->cadence_before);
  w->planned = mem_zalloc(n, sizeof *w->planned);
  w->out = mem_zalloc(n, sizeof *w->out);
  w->is_out = mem_zalloc(n, 1);
  w->lacking = mem_zalloc(n, sizeof *w->lacking);
  w->lacking_at = mem_zalloc(n, sizeof *w->lacking_at);
  w->gone = mem_zalloc(cells, sizeof *w->gone);
  w->best_stop = mem_alloc(cells * sizeof *w->best_stop);
  w->best_count = mem_zalloc(v, sizeof *w->best_count);
  int32_t most = 0;
  for (size_t c = 0; p->cadence && c < n; c++) most = p->cadence[c].most > most ? p->cadence[c].most : most;
  w->chain = mem_alloc((size_t)(most + 1) * p->days * sizeof *w->chain);
  w->chain_from = mem_alloc((size_t)(most + 1) * p->days * sizeof *w->chain_from);
  w->version = 1;
  for (size_t i = 0; i < v; i++) {
    int32_t cap = (p->vehicle[i].stops < p->customers ? p->vehicle[i].stops : p->customers) + 2;
    Route *r = &w->route[i];
    r->stop = mem_zalloc((size_t)cap * 6, sizeof *r->stop);
    r->at = r->stop + cap;
    r->leg = r->at + cap;
    r->early = r->leg + cap;
    r->late = r->early + cap;
    w->before[i].stop = r->late + cap;
    r->version = ++w->version;
    route_rebuild(w, (int32_t)i);
  }
  for (int32_t c = 0; c < p->customers; c++) {
    w->cost += w->cadence_cost[c] = route_absent_cost(w, c);
    route_note(w, c);
  }
  w->blink = 100;
  w->best_current = true;
  return w;
}

void route_free(RouteWork *w) {
  if (!w) return;
  for (int32_t v = 0; v < w->p->vehicles; v++) mem_free(w->route[v].stop);
  void *own[] = {w->back_own, w->first_vehicle, w->twin, w->near, w->route, w->before, w->touched, w->on, w->pos, w->spot,
                 w->cadence_cost, w->cadence_before, w->planned, w->out, w->is_out, w->lacking, w->lacking_at, w->gone,
                 w->best_stop, w->best_count, w->chain, w->chain_from};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) mem_free(own[i]);
  mem_free(w);
}

static void reprice(RouteWork *w, int32_t c) {
  w->cost -= w->cadence_cost[c];
  w->cost += w->cadence_cost[c] = route_absent_cost(w, c);
  route_note(w, c);
}

void route_load(RouteWork *w, int32_t v, const int32_t *stops, int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    route_insert(w, v, i + 1, stops[i]);
    reprice(w, stops[i]);
  }
  route_keep(w);
}

bool route_put(RouteWork *w, int32_t c, int32_t day) {
  int32_t v, at;
  if (w->on[(size_t)c * w->p->days + day] >= 0 || route_place(w, c, day, &v, &at) >= ROUTE_NEVER) return false;
  route_insert(w, v, at + 1, c);
  reprice(w, c);
  route_keep(w);
  return true;
}

void route_remove(RouteWork *w, int32_t c, int32_t day) {
  if (w->on[(size_t)c * w->p->days + day] < 0) return;
  w->gone[w->gone_count++] = (RouteVisit){c, day};
  route_take_all(w);
  reprice(w, c);
  route_keep(w);
}

int64_t route_cost(const RouteWork *w) { return w->cost; }
int64_t route_steps(const RouteWork *w) { return w->steps; }

int32_t route_stops(const RouteWork *w, int32_t v, const int32_t **stops) {
  *stops = w->route[v].stop + 1;
  return w->route[v].count;
}

int32_t route_vehicle_of(const RouteWork *w, int32_t c, int32_t day) { return w->on[(size_t)c * w->p->days + day]; }
int32_t route_begin(const RouteWork *w, int32_t v, int32_t i) { return w->route[v].early[i + 1]; }
