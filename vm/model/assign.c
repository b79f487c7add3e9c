#include "model/assign.h"

#include "base/mem.h"
#include "base/stop.h"
#include "model/assign_work.h"

#include <math.h>
#include <stdlib.h>

AssignWeights assign_usual(void) { return (AssignWeights){.travel = 1, .load = 1, .value = 0.5, .move = 240}; }

/* --- what is no problem ------------------------------------------------------------------------------------------ */

static bool in_or_none(int32_t i, size_t count) { return i == ASSIGN_NONE || (i >= 0 && (size_t)i < count); }
static bool is_figure(double d) { return isfinite(d) && d >= 0; }

static bool check_account(const AssignProblem *p, size_t i, Err *e) {
  const AssignAccount *a = &p->accounts[i];
  if (!in_or_none(a->place, p->place_count)) return err_set(e, ERR_FAIL, "account %zu: there is no place %d", i, a->place);
  if (!in_or_none(a->owner, p->owner_count)) return err_set(e, ERR_FAIL, "account %zu: there is no owner %d", i, a->owner);
  if (a->group < ASSIGN_NONE || a->group >= ASSIGN_GROUPS) return err_set(e, ERR_FAIL, "account %zu: group %d", i, a->group);
  if (!is_figure(a->minutes) || !is_figure(a->visits) || !is_figure(a->value))
    return err_set(e, ERR_FAIL, "account %zu: %g minutes in %g visits, value %g", i, a->minutes, a->visits, a->value);
  return true;
}

static bool check(const AssignProblem *p, Err *e) {
  if (p->account_count > INT32_MAX / 2 || p->owner_count > INT32_MAX / 2) return err_set(e, ERR_FAIL, "too many to assign");
  if (!p->travel || !(p->travel->road > 0) || !(p->travel->kmh > 0) || !isfinite(p->travel->road))
    return err_set(e, ERR_FAIL, "travel needs a road factor and a speed above 0");
  for (size_t i = 0; i < p->place_count; i++)
    if (!isfinite(p->travel->lat[i]) || !isfinite(p->travel->lon[i])) return err_set(e, ERR_FAIL, "place %zu is nowhere", i);
  const AssignWeights *w = &p->weights;
  if (!is_figure(w->travel) || !is_figure(w->load) || !is_figure(w->value) || !is_figure(w->move))
    return err_set(e, ERR_FAIL, "weights are 0 or more");
  for (size_t i = 0; i < p->owner_count; i++) {
    const AssignOwner *o = &p->owners[i];
    if (!in_or_none(o->place, p->place_count)) return err_set(e, ERR_FAIL, "owner %zu: there is no place %d", i, o->place);
    if (!is_figure(o->minutes) || !is_figure(o->most) || o->accounts < ASSIGN_NONE)
      return err_set(e, ERR_FAIL, "owner %zu: capacity %g, limits %d and %g", i, o->minutes, o->accounts, o->most);
  }
  for (size_t i = 0; i < p->account_count; i++)
    if (!check_account(p, i, e)) return false;
  return true;
}

/* --- the state --------------------------------------------------------------------------------------------------- */

bool assign_may(const AssignProblem *p, int32_t a, int32_t o) {
  const AssignOwner *owner = &p->owners[o];
  if (p->accounts[a].owner == o) return true;
  if (owner->minutes <= 0) return false;
  int32_t g = p->accounts[a].group;
  return g < 0 || (owner->groups[g >> 6] >> (g & 63) & 1) || !(owner->groups[0] | owner->groups[1] | owner->groups[2] | owner->groups[3]);
}

bool assign_has_room(const AssignWork *w, int32_t o, int32_t a, int32_t without) {
  const AssignOwner *owner = &w->p->owners[o];
  int32_t fresh = w->fresh[o] - (without >= 0 && w->p->accounts[without].owner != o);
  if (w->p->accounts[a].owner == o && !fresh) return true;
  int32_t count = w->count[o] + 1 - (without >= 0);
  double load = w->load[o] + w->p->accounts[a].minutes - (without >= 0 ? w->p->accounts[without].minutes : 0);
  return (owner->accounts < 0 || count <= owner->accounts) && (owner->most <= 0 || load <= owner->most * (1 + 1e-9));
}

double assign_cost(const AssignWork *w, int32_t a, int32_t o) {
  const AssignAccount *account = &w->p->accounts[a];
  double cost = w->p->weights.travel * 2 * account->visits * w->road[(size_t)a * w->p->owner_count + (size_t)o];
  return account->owner >= 0 && account->owner != o ? cost + w->p->weights.move : cost;
}

/* (x + more - fair)² ÷ fair less (x - fair)² ÷ fair */
static double square_more(double x, double fair, double more) { return fair > 0 ? more * (2 * (x - fair) + more) / fair : 0; }

double assign_balance(const AssignWork *w, int32_t o, double minutes, double value) {
  const AssignWeights *weights = &w->p->weights;
  return weights->load * square_more(w->load[o], w->fair_load[o], minutes) +
         weights->value * w->value_minutes * square_more(w->value[o], w->fair_value[o], value);
}

double assign_join(const AssignWork *w, int32_t a, int32_t o) {
  return assign_cost(w, a, o) + assign_balance(w, o, w->p->accounts[a].minutes, w->p->accounts[a].value);
}

double assign_leave(const AssignWork *w, int32_t a) {
  int32_t o = w->owner[a];
  return assign_balance(w, o, -w->p->accounts[a].minutes, -w->p->accounts[a].value) - w->paid[a];
}

void assign_put(AssignWork *w, int32_t a, int32_t o) {
  w->owner[a] = o;
  w->paid[a] = assign_cost(w, a, o);
  w->load[o] += w->p->accounts[a].minutes;
  w->value[o] += w->p->accounts[a].value;
  w->count[o]++;
  w->fresh[o] += w->p->accounts[a].owner != o;
  w->before[a] = ASSIGN_NONE;
  w->next[a] = w->first[o];
  if (w->first[o] >= 0) w->before[w->first[o]] = a;
  w->first[o] = a;
}

void assign_take(AssignWork *w, int32_t a) {
  int32_t o = w->owner[a];
  w->owner[a] = ASSIGN_NONE;
  w->load[o] -= w->p->accounts[a].minutes;
  w->value[o] -= w->p->accounts[a].value;
  w->count[o]--;
  w->fresh[o] -= w->p->accounts[a].owner != o;
  if (w->before[a] >= 0) w->next[w->before[a]] = w->next[a];
  else w->first[o] = w->next[a];
  if (w->next[a] >= 0) w->before[w->next[a]] = w->before[a];
}

/* Who has no place on record is no nearer than the farthest who has one. */
static void find_roads(AssignWork *w, int32_t a) {
  const AssignProblem *p = w->p;
  int32_t *road = w->road + (size_t)a * p->owner_count, place = p->accounts[a].place, farthest = 0;
  if (place < 0) return;
  for (size_t o = 0; o < p->owner_count; o++) {
    if (p->owners[o].place < 0) continue;
    road[o] = travel_minutes(p->travel, p->owners[o].place, place);
    if (road[o] > farthest) farthest = road[o];
  }
  for (size_t o = 0; o < p->owner_count; o++)
    if (p->owners[o].place < 0) road[o] = farthest;
}

static void find_near(AssignWork *w, int32_t a) {
  const AssignProblem *p = w->p;
  const int32_t *road = w->road + (size_t)a * p->owner_count;
  int32_t *near = w->near + (size_t)a * w->near_count, found = 0;
  for (int32_t o = 0; o < (int32_t)p->owner_count; o++) {
    if (!assign_may(p, a, o)) continue;
    if (found == w->near_count && road[near[found - 1]] <= road[o]) continue;
    int32_t at = found < w->near_count ? found++ : found - 1;
    for (; at > 0 && road[near[at - 1]] > road[o]; at--) near[at] = near[at - 1];
    near[at] = o;
  }
  for (; found < w->near_count; found++) near[found] = ASSIGN_NONE;
}

void assign_open(const AssignProblem *p, AssignWork *w) {
  size_t n = p->account_count, m = p->owner_count;
  double capacity = 0, load = 0, value = 0;
  *w = (AssignWork){.p = p, .near_count = m < ASSIGN_NEAREST_OWNERS ? (int32_t)m : ASSIGN_NEAREST_OWNERS};
  w->road = mem_zalloc(n * m, sizeof *w->road);
  w->near = mem_zalloc(n * (size_t)w->near_count, sizeof *w->near);
  w->owner = mem_alloc(n * sizeof *w->owner);
  w->paid = mem_zalloc(n, sizeof *w->paid);
  w->least = mem_zalloc(n, sizeof *w->least);
  w->next = mem_alloc(n * sizeof *w->next);
  w->before = mem_alloc(n * sizeof *w->before);
  w->first = mem_alloc(m * sizeof *w->first);
  w->load = mem_zalloc(m, sizeof *w->load);
  w->value = mem_zalloc(m, sizeof *w->value);
  w->count = mem_zalloc(m, sizeof *w->count);
  w->fresh = mem_zalloc(m, sizeof *w->fresh);
  w->fair_load = mem_zalloc(m, sizeof *w->fair_load);
  w->fair_value = mem_zalloc(m, sizeof *w->fair_value);
  for (size_t o = 0; o < m; o++) w->first[o] = ASSIGN_NONE, capacity += p->owners[o].minutes;
  for (size_t a = 0; a < n; a++) load += p->accounts[a].minutes, value += p->accounts[a].value;
  w->value_minutes = value > 0 ? load / value : 0;
  for (size_t o = 0; o < m && capacity > 0; o++) {
    w->fair_load[o] = load * p->owners[o].minutes / capacity;
    w->fair_value[o] = value * p->owners[o].minutes / capacity;
  }
  for (int32_t a = 0; a < (int32_t)n; a++) {
    w->owner[a] = ASSIGN_NONE;
    find_roads(w, a);
    find_near(w, a);
    if (m && w->near[(size_t)a * w->near_count] >= 0)
      w->least[a] = p->weights.travel * 2 * p->accounts[a].visits * w->road[(size_t)a * m + (size_t)w->near[(size_t)a * w->near_count]];
    if (p->accounts[a].owner >= 0) assign_put(w, a, p->accounts[a].owner);
  }
}

void assign_close(AssignWork *w) {
  void *own[] = {w->road, w->near,  w->owner, w->next,  w->before,    w->first,
                 w->load, w->value, w->count, w->fresh, w->fair_load, w->fair_value, w->paid, w->least};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) mem_free(own[i]);
}

/* --- what is said of the result ---------------------------------------------------------------------------------- */

static double score_of(const AssignWork *w) {
  const AssignProblem *p = w->p;
  double score = 0;
  for (int32_t a = 0; a < (int32_t)p->account_count; a++)
    if (w->owner[a] >= 0) score += assign_cost(w, a, w->owner[a]);
  for (size_t o = 0; o < p->owner_count; o++) {
    double load = w->load[o] - w->fair_load[o], value = w->value[o] - w->fair_value[o];
    if (w->fair_load[o] > 0) score += p->weights.load * load * load / w->fair_load[o];
    if (w->fair_value[o] > 0) score += p->weights.value * w->value_minutes * value * value / w->fair_value[o];
  }
  return score;
}

double assign_score(const AssignProblem *p, const int32_t *owner) {
  AssignWork w;
  assign_open(p, &w);
  for (int32_t a = 0; a < (int32_t)p->account_count; a++) {
    if (w.owner[a] == owner[a]) continue;
    if (w.owner[a] >= 0) assign_take(&w, a);
    if (owner[a] >= 0) assign_put(&w, a, owner[a]);
  }
  double score = score_of(&w);
  assign_close(&w);
  return score;
}

static bool is_known(const AssignProblem *p, int32_t a, int32_t o) { return p->accounts[a].place >= 0 && p->owners[o].place >= 0; }

/* The cheapest other owner, all else as it is, and how many might have it. */
static int32_t find_next(const AssignWork *w, int32_t a, AssignPick *pick) {
  const AssignProblem *p = w->p;
  int32_t may = 0;
  double leave = pick->owner >= 0 ? assign_leave(w, a) : 0, least = INFINITY;
  for (int32_t o = 0; o < (int32_t)p->owner_count; o++) {
    if (!assign_may(p, a, o)) continue;
    may++;
    if (o == pick->owner || !assign_has_room(w, o, a, ASSIGN_NONE)) continue;
    double more = leave + assign_join(w, a, o);
    if (more >= least) continue;
    least = more;
    pick->next = o;
    pick->next_more = more;
  }
  return may;
}

static void explain(const AssignWork *w, int32_t a, AssignPick *pick) {
  const AssignProblem *p = w->p;
  const int32_t *road = w->road + (size_t)a * p->owner_count;
  *pick = (AssignPick){.account = a, .owner = w->owner[a], .before = p->accounts[a].owner, .nearer = ASSIGN_NONE,
                       .next = ASSIGN_NONE, .minutes = ASSIGN_NONE};
  int32_t may = find_next(w, a, pick);
  if (pick->owner < 0) {
    pick->reason = may ? ASSIGN_ALL_FULL : ASSIGN_NO_GROUP;
    return;
  }
  if (is_known(p, a, pick->owner)) pick->minutes = road[pick->owner];
  if (pick->before == pick->owner) {
    pick->reason = ASSIGN_KEPT;
    return;
  }
  for (int32_t o = 0; o < (int32_t)p->owner_count; o++)
    if (is_known(p, a, o) && assign_may(p, a, o) && road[o] < road[pick->nearer >= 0 ? pick->nearer : pick->owner]) pick->nearer = o;
  if (may == 1) pick->reason = ASSIGN_ONLY;
  else if (p->accounts[a].place < 0) pick->reason = ASSIGN_BY_LOAD;
  else if (pick->nearer < 0) pick->reason = ASSIGN_NEAREST;
  else pick->reason = assign_has_room(w, pick->nearer, a, ASSIGN_NONE) ? ASSIGN_BALANCE : ASSIGN_LIMIT;
}

static AssignLoad *loads_of(const AssignWork *w) {
  const AssignProblem *p = w->p;
  AssignLoad *loads = mem_zalloc(p->owner_count, sizeof *loads);
  for (size_t o = 0; o < p->owner_count; o++)
    loads[o] = (AssignLoad){.minutes = w->load[o], .value = w->value[o], .fair_minutes = w->fair_load[o],
                            .fair_value = w->fair_value[o], .accounts = w->count[o]};
  for (int32_t a = 0; a < (int32_t)p->account_count; a++) {
    int32_t o = w->owner[a];
    if (o < 0) continue;
    loads[o].fresh += o != p->accounts[a].owner;
    if (is_known(p, a, o)) loads[o].travel += 2 * p->accounts[a].visits * w->road[(size_t)a * p->owner_count + (size_t)o];
  }
  return loads;
}

bool assign_plan(const AssignProblem *p, AssignPlan *out, Err *e) {
  AssignWork w;
  *out = (AssignPlan){0};
  if (!check(p, e)) return false;
  assign_open(p, &w);
  out->before = loads_of(&w);
  bool ok = assign_search(&w, &out->exact, e);
  if (ok) {
    out->loads = loads_of(&w);
    out->picks = mem_zalloc(p->account_count, sizeof *out->picks);
    out->score = score_of(&w);
    for (int32_t a = 0; a < (int32_t)p->account_count; a++) {
      AssignPick *pick = &out->picks[a];
      explain(&w, a, pick);
      out->without += pick->owner < 0;
      out->placed += pick->owner >= 0 && pick->before < 0;
      out->moved += pick->before >= 0 && pick->owner != pick->before;
    }
  } else {
    assign_plan_free(out);
  }
  assign_close(&w);
  return ok;
}

void assign_plan_free(AssignPlan *plan) {
  mem_free(plan->picks);
  mem_free(plan->before);
  mem_free(plan->loads);
  *plan = (AssignPlan){0};
}

/* --- who is near ------------------------------------------------------------------------------------------------- */

static int nearer(const void *a, const void *b) {
  const AssignNear *x = a, *y = b;
  if (x->minutes != y->minutes) return x->minutes < y->minutes ? -1 : 1;
  if (x->km < y->km || x->km > y->km) return x->km < y->km ? -1 : 1;
  return x->owner < y->owner ? -1 : x->owner > y->owner;
}

size_t assign_near(const AssignProblem *p, int32_t account, size_t k, AssignNear *out) {
  int32_t place = p->accounts[account].place;
  if (place < 0) return 0;
  AssignNear *all = mem_zalloc(p->owner_count, sizeof *all);
  AssignLoad *loads = mem_zalloc(p->owner_count, sizeof *loads);
  for (size_t i = 0; i < p->account_count; i++) {
    const AssignAccount *a = &p->accounts[i];
    if (a->owner < 0) continue;
    AssignLoad *l = &loads[a->owner];
    l->minutes += a->minutes;
    l->value += a->value;
    l->accounts++;
    if (is_known(p, (int32_t)i, a->owner)) l->travel += 2 * a->visits * travel_minutes(p->travel, p->owners[a->owner].place, a->place);
  }
  double capacity = 0, load = 0, value = 0;
  for (size_t i = 0; i < p->owner_count; i++) capacity += p->owners[i].minutes;
  for (size_t i = 0; i < p->account_count; i++) load += p->accounts[i].minutes, value += p->accounts[i].value;
  size_t found = 0;
  for (int32_t o = 0; o < (int32_t)p->owner_count; o++) {
    const AssignOwner *owner = &p->owners[o];
    if (owner->place < 0 || !assign_may(p, account, o)) continue;
    AssignLoad *l = &loads[o];
    l->fair_minutes = load * owner->minutes / capacity;
    l->fair_value = value * owner->minutes / capacity;
    bool full = (owner->accounts >= 0 && l->accounts >= owner->accounts) || (owner->most > 0 && l->minutes >= owner->most);
    all[found++] = (AssignNear){o, travel_km(p->travel, owner->place, place), travel_minutes(p->travel, owner->place, place), *l, full};
  }
  if (found) qsort(all, found, sizeof *all, nearer);
  if (found > k) found = k;
  for (size_t i = 0; i < found; i++) out[i] = all[i];
  mem_free(all);
  mem_free(loads);
  return found;
}
