/* Owners for accounts: against every choice there is, counted by code of its own; the rules on larger ones. */
#include "base/mem.h"
#include "model/assign.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 4096 };

static uint64_t state;
static double uniform(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (double)(state >> 11) / 9007199254740992.0;
}
static int below(int n) { return (int)(uniform() * n); }

static double lat[MOST + 128], lon[MOST + 128];
static AssignAccount accounts[MOST];
static AssignOwner owners[128];
static const Travel travel = {.lat = lat, .lon = lon, .road = 1.3, .kmh = 40};

/* Owners are places 0.., accounts follow. */
static AssignProblem make(uint64_t seed, int n, int m, bool groups, bool limits) {
  state = seed * 7919 + 17;
  for (int i = 0; i < n + m; i++) lat[i] = 31 + uniform(), lon[i] = 121 + uniform();
  for (int o = 0; o < m; o++)
    owners[o] = (AssignOwner){.place = below(8) ? o : ASSIGN_NONE, .groups = {groups && below(2) ? UINT64_C(1) << below(3) : 0},
                              .accounts = limits && below(3) ? (n + m - 1) / m + below(2) : ASSIGN_NONE,
                              .minutes = below(10) ? 2400 * (0.5 + uniform()) : 0, .most = limits && !below(4) ? 60.0 * n / m : 0};
  for (int a = 0; a < n; a++)
    accounts[a] = (AssignAccount){.place = below(12) ? m + a : ASSIGN_NONE, .owner = below(4) ? ASSIGN_NONE : below(m),
                                  .group = groups ? below(3) : ASSIGN_NONE, .visits = 1 + below(4), .value = 1000 * uniform()};
  for (int a = 0; a < n; a++) accounts[a].minutes = accounts[a].visits * (30 + 15 * below(3));
  return (AssignProblem){.account_count = (size_t)n, .owner_count = (size_t)m, .place_count = (size_t)(n + m), .accounts = accounts,
                         .owners = owners, .travel = &travel, .weights = assign_usual()};
}

/* --- another way to count ---------------------------------------------------------------------------------------- */

static double road(const AssignProblem *p, int a, int o) {
  double far = 0;
  if (p->accounts[a].place < 0) return 0;
  for (size_t i = 0; i < p->owner_count; i++)
    if (p->owners[i].place >= 0) far = fmax(far, travel_minutes(p->travel, p->owners[i].place, p->accounts[a].place));
  return p->owners[o].place < 0 ? far : travel_minutes(p->travel, p->owners[o].place, p->accounts[a].place);
}

static double score(const AssignProblem *p, const int32_t *owner) {
  double capacity = 0, load = 0, value = 0, sum = 0;
  for (size_t o = 0; o < p->owner_count; o++) capacity += p->owners[o].minutes;
  for (size_t a = 0; a < p->account_count; a++) load += p->accounts[a].minutes, value += p->accounts[a].value;
  for (size_t a = 0; a < p->account_count; a++) {
    if (owner[a] < 0) continue;
    sum += p->weights.travel * 2 * p->accounts[a].visits * road(p, (int)a, owner[a]);
    if (p->accounts[a].owner >= 0 && p->accounts[a].owner != owner[a]) sum += p->weights.move;
  }
  for (size_t o = 0; o < p->owner_count; o++) {
    double has = 0, worth = 0, part = p->owners[o].minutes / capacity;
    for (size_t a = 0; a < p->account_count; a++)
      if (owner[a] == (int32_t)o) has += p->accounts[a].minutes, worth += p->accounts[a].value;
    if (part <= 0) continue;
    sum += p->weights.load * pow(has - load * part, 2) / (load * part);
    if (value > 0) sum += p->weights.value * load / value * pow(worth - value * part, 2) / (value * part);
  }
  return sum;
}

static bool allowed(const AssignProblem *p, int a, int o) {
  const AssignOwner *w = &p->owners[o];
  if (p->accounts[a].owner == o) return true;
  return w->minutes > 0 && (!w->groups[0] || p->accounts[a].group < 0 || w->groups[0] >> p->accounts[a].group & 1);
}

static void assert_rules(const AssignProblem *p, const AssignPlan *plan) {
  for (size_t a = 0; a < p->account_count; a++) {
    const AssignPick *k = &plan->picks[a];
    assert_int_equal(k->account, a);
    assert_int_equal(k->before, p->accounts[a].owner);
    if (!p->again && k->before >= 0) assert_int_equal(k->owner, k->before);
    if (k->owner >= 0) assert_true(allowed(p, (int)a, k->owner));
    if (k->before >= 0) assert_true(k->owner >= 0);
  }
  for (size_t o = 0; o < p->owner_count; o++) {
    int count = 0, fresh = 0;
    double load = 0;
    for (size_t a = 0; a < p->account_count; a++) {
      bool his = plan->picks[a].owner == (int32_t)o;
      count += his;
      load += his ? p->accounts[a].minutes : 0;
      fresh += his && plan->picks[a].before != (int32_t)o;
    }
    assert_int_equal(plan->loads[o].accounts, count);
    assert_int_equal(plan->loads[o].fresh, fresh);
    assert_true(fabs(plan->loads[o].minutes - load) < 1e-6);
    if (!fresh) continue;
    if (p->owners[o].accounts >= 0) assert_true(count <= p->owners[o].accounts);
    if (p->owners[o].most > 0) assert_true(load <= p->owners[o].most * (1 + 1e-6));
  }
}

/* --- every choice ------------------------------------------------------------------------------------------------ */

typedef struct All {
  const AssignProblem *p;
  int32_t owner[16];
  int least_without;
  double least;
} All;

static bool limits_kept(const All *all) {
  const AssignProblem *p = all->p;
  for (size_t o = 0; o < p->owner_count; o++) {
    int count = 0, fresh = 0;
    double load = 0;
    for (size_t a = 0; a < p->account_count; a++)
      if (all->owner[a] == (int32_t)o) count++, load += p->accounts[a].minutes, fresh += p->accounts[a].owner != (int32_t)o;
    if (!fresh) continue;
    if (p->owners[o].accounts >= 0 && count > p->owners[o].accounts) return false;
    if (p->owners[o].most > 0 && load > p->owners[o].most) return false;
  }
  return true;
}

static void try_all(All *all, size_t a) {
  const AssignProblem *p = all->p;
  if (a == p->account_count) {
    int without = 0;
    for (size_t i = 0; i < a; i++) without += all->owner[i] < 0;
    if (without > all->least_without || !limits_kept(all)) return;
    double s = score(p, all->owner);
    if (without == all->least_without && s >= all->least) return;
    all->least_without = without;
    all->least = s;
    return;
  }
  if (p->accounts[a].owner >= 0 && !p->again) {
    all->owner[a] = p->accounts[a].owner;
    try_all(all, a + 1);
    return;
  }
  for (int o = 0; o < (int)p->owner_count; o++) {
    if (!allowed(p, (int)a, o)) continue;
    all->owner[a] = o;
    try_all(all, a + 1);
  }
  all->owner[a] = ASSIGN_NONE;
  if (p->accounts[a].owner < 0) try_all(all, a + 1);
}

static void small_cases_are_the_best_there_is(void **s) {
  (void)s;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    AssignProblem p = make(seed, 3 + (int)seed % 4, 2 + (int)seed % 3, seed % 2, seed % 3 == 0);
    p.again = seed % 5 == 0;
    AssignPlan plan;
    Err e = {0};
    assert_true(assign_plan(&p, &plan, &e));
    assert_true(plan.exact);
    assert_rules(&p, &plan);
    All all = {.p = &p, .least_without = 99};
    try_all(&all, 0);
    int32_t owner[16];
    for (size_t a = 0; a < p.account_count; a++) owner[a] = plan.picks[a].owner;
    assert_int_equal(plan.without, all.least_without);
    assert_true(fabs(plan.score - all.least) < 1e-6 * (1 + all.least));
    assert_true(fabs(plan.score - score(&p, owner)) < 1e-6 * (1 + all.least));
    assert_true(fabs(assign_score(&p, owner) - plan.score) < 1e-6 * (1 + all.least));
    assign_plan_free(&plan);
  }
}

/* Where not all are tried: against all of them, by increments. */
static double least_of(const AssignProblem *p, int a, const double cost[][4], double load[4], double value[4], const double part[4],
                       double whole, double worth, double sum, double bound) {
  if (a == (int)p->account_count) {
    for (int o = 0; o < 4; o++)
      sum += p->weights.load * pow(load[o] - whole * part[o], 2) / (whole * part[o]) +
             p->weights.value * whole / worth * pow(value[o] - worth * part[o], 2) / (worth * part[o]);
    return fmin(sum, bound);
  }
  for (int o = 0; o < 4; o++) {
    load[o] += p->accounts[a].minutes, value[o] += p->accounts[a].value;
    if (sum + cost[a][o] < bound) bound = least_of(p, a + 1, cost, load, value, part, whole, worth, sum + cost[a][o], bound);
    load[o] -= p->accounts[a].minutes, value[o] -= p->accounts[a].value;
  }
  return bound;
}

static void larger_ones_are_near_it(void **s) {
  (void)s;
  double worst = 0, mean = 0;
  enum { CASES = 12, N = 10 };
  for (uint64_t seed = 1; seed <= CASES; seed++) {
    AssignProblem p = make(seed, N, 4, false, false);
    double cost[N][4], load[4] = {0}, value[4] = {0}, part[4], capacity = 0, whole = 0, worth = 0;
    for (int o = 0; o < 4; o++) owners[o].place = o, capacity += owners[o].minutes = 2000 + 100 * o;
    for (int o = 0; o < 4; o++) part[o] = owners[o].minutes / capacity;
    for (int a = 0; a < N; a++) {
      accounts[a].owner = ASSIGN_NONE;
      whole += accounts[a].minutes, worth += accounts[a].value;
      for (int o = 0; o < 4; o++) cost[a][o] = 2 * accounts[a].visits * road(&p, a, o);
    }
    AssignPlan plan;
    Err e = {0};
    assert_true(assign_plan(&p, &plan, &e));
    assert_false(plan.exact);
    double least = least_of(&p, 0, cost, load, value, part, whole, worth, 0, INFINITY);
    assert_true(plan.score >= least - 1e-6);
    worst = fmax(worst, plan.score / least - 1);
    mean += (plan.score / least - 1) / CASES;
    assign_plan_free(&plan);
  }
  if (worst > 0.03 || mean > 0.005) fprintf(stderr, "%.2f %% on average, at worst %.2f %%\n", 100 * mean, 100 * worst);
  assert_true(mean <= 0.005);
  assert_true(worst <= 0.03);
}

static void rules_hold_at_size_and_the_same_comes_out_twice(void **s) {
  (void)s;
  for (uint64_t seed = 1; seed <= 6; seed++) {
    AssignProblem p = make(seed, 800, 25, seed % 2, seed % 3 == 0);
    p.again = seed > 4;
    AssignPlan plan, twin;
    Err e = {0};
    assert_true(assign_plan(&p, &plan, &e));
    assert_true(assign_plan(&p, &twin, &e));
    assert_rules(&p, &plan);
    for (size_t a = 0; a < p.account_count; a++) assert_memory_equal(&plan.picks[a], &twin.picks[a], sizeof twin.picks[a]);
    for (size_t a = 0; a < p.account_count; a++) { /* nobody would be cheaper elsewhere */
      bool is_free = p.again || plan.picks[a].before < 0;
      if (is_free && plan.picks[a].next >= 0 && plan.picks[a].owner >= 0) assert_true(plan.picks[a].next_more > -1e-6);
    }
    assign_plan_free(&plan);
    assign_plan_free(&twin);
  }
}

static void balance_evens_out_what_roads_alone_would_not(void **s) {
  (void)s;
  AssignProblem p = make(3, 300, 10, false, false);
  for (int o = 0; o < 10; o++) owners[o].minutes = 2400, owners[o].place = o;
  for (int a = 0; a < 300; a++) accounts[a].owner = ASSIGN_NONE;
  double spread[2];
  for (int i = 0; i < 2; i++) {
    AssignPlan plan;
    Err e = {0};
    if (!i) p.weights.load = p.weights.value = 0;
    else p.weights = assign_usual();
    assert_true(assign_plan(&p, &plan, &e));
    spread[i] = 0;
    for (int o = 0; o < 10; o++) spread[i] += pow(plan.loads[o].minutes / plan.loads[o].fair_minutes - 1, 2) / 10;
    for (int a = 0; a < 300 && !i; a++)
      assert_true(plan.picks[a].reason == ASSIGN_NEAREST || plan.picks[a].reason == ASSIGN_BY_LOAD);
    assign_plan_free(&plan);
  }
  assert_true(spread[1] < spread[0] / 4);
}

/* Three owners on a line: 0 at 121°, 1 at 122°, 2 at 123°. */
static AssignProblem line(int n) {
  for (int o = 0; o < 3; o++) {
    lat[o] = 31, lon[o] = 121 + o;
    owners[o] = (AssignOwner){.place = o, .accounts = ASSIGN_NONE, .minutes = 2400};
  }
  for (int a = 0; a < n; a++) {
    lat[3 + a] = 31, lon[3 + a] = 121.1;
    accounts[a] = (AssignAccount){.place = 3 + a, .owner = ASSIGN_NONE, .group = ASSIGN_NONE, .minutes = 60, .visits = 1, .value = 100};
  }
  return (AssignProblem){.account_count = (size_t)n, .owner_count = 3, .place_count = (size_t)(n + 3), .accounts = accounts,
                         .owners = owners, .travel = &travel, .weights = assign_usual()};
}

static AssignPick pick_of(const AssignProblem *p, int a) {
  AssignPlan plan;
  Err e = {0};
  assert_true(assign_plan(p, &plan, &e));
  AssignPick k = plan.picks[a];
  assign_plan_free(&plan);
  return k;
}

static void each_owner_has_his_reason(void **s) {
  (void)s;
  AssignProblem p = line(1);
  AssignPick k = pick_of(&p, 0);
  assert_int_equal(k.owner, 0);
  assert_int_equal(k.reason, ASSIGN_NEAREST);
  assert_int_equal(k.next, 1);
  assert_int_equal(k.minutes, travel_minutes(&travel, 0, 3));
  assert_true(fabs(k.next_more - 2 * (travel_minutes(&travel, 1, 3) - travel_minutes(&travel, 0, 3))) < 1e-6);

  owners[0].accounts = 0; /* at his limit */
  k = pick_of(&p, 0);
  assert_int_equal(k.owner, 1);
  assert_int_equal(k.reason, ASSIGN_LIMIT);
  assert_int_equal(k.nearer, 0);

  owners[1].accounts = owners[2].accounts = 0;
  k = pick_of(&p, 0);
  assert_int_equal(k.owner, ASSIGN_NONE);
  assert_int_equal(k.reason, ASSIGN_ALL_FULL);

  p = line(1);
  accounts[0].owner = 2;
  k = pick_of(&p, 0);
  assert_int_equal(k.reason, ASSIGN_KEPT);
  assert_int_equal(k.owner, 2);
  p.again = true; /* 180 km saved there and back are worth more than 240 minutes of a change */
  k = pick_of(&p, 0);
  assert_int_equal(k.owner, 0);
  assert_int_equal(k.before, 2);

  p = line(1);
  accounts[0].group = 7, owners[0].groups[0] = owners[1].groups[0] = 1 << 6, owners[2].groups[0] = 1 << 7;
  assert_int_equal(pick_of(&p, 0).reason, ASSIGN_ONLY);
  owners[2].groups[0] = 1 << 6;
  assert_int_equal(pick_of(&p, 0).reason, ASSIGN_NO_GROUP);

  p = line(1);
  accounts[0].place = ASSIGN_NONE;
  k = pick_of(&p, 0);
  assert_int_equal(k.reason, ASSIGN_BY_LOAD);
  assert_int_equal(k.minutes, ASSIGN_NONE);

  p = line(2);
  accounts[0].owner = 0, accounts[0].minutes = 20000; /* who is nearest has his hands full */
  k = pick_of(&p, 1);
  assert_int_equal(k.owner, 1);
  assert_int_equal(k.reason, ASSIGN_BALANCE);
  assert_int_equal(k.nearer, 0);
}

/* 20 accounts that owner 0 alone may have, 20 that anybody may: the latter have to go. */
static void others_make_room_for_who_has_no_choice(void **s) {
  (void)s;
  AssignProblem p = line(40);
  for (int o = 0; o < 3; o++) owners[o].accounts = o == 0 ? 20 : 10, owners[o].groups[0] = UINT64_C(1) << o;
  for (int a = 0; a < 40; a++) accounts[a].group = a < 20 ? ASSIGN_NONE : 0;
  AssignPlan plan;
  Err e = {0};
  assert_true(assign_plan(&p, &plan, &e));
  assert_false(plan.exact);
  assert_int_equal(plan.without, 0);
  assert_rules(&p, &plan);
  assign_plan_free(&plan);
}

static void near_owners_come_with_their_load(void **s) {
  (void)s;
  AssignProblem p = line(3);
  accounts[1].owner = 0, accounts[2].owner = 0;
  owners[0].accounts = 2;
  AssignNear near[5];
  assert_int_equal(assign_near(&p, 0, 2, near), 2);
  assert_int_equal(near[0].owner, 0);
  assert_true(near[0].full);
  assert_int_equal(near[0].load.accounts, 2);
  assert_true(fabs(near[0].load.minutes - 120) < 1e-9);
  assert_true(fabs(near[0].load.fair_minutes - 60) < 1e-9);
  assert_true(fabs(near[0].km - travel_km(&travel, 0, 3)) < 1e-9);
  assert_int_equal(near[1].owner, 1);
  assert_false(near[1].full);
  assert_int_equal(assign_near(&p, 0, 5, near), 3);
  accounts[0].place = ASSIGN_NONE;
  assert_int_equal(assign_near(&p, 0, 5, near), 0);
}

static void what_is_no_problem_is_refused_in_a_sentence(void **s) {
  (void)s;
  AssignPlan plan;
  Err e = {0};
  AssignProblem p = line(1);
  accounts[0].owner = 3;
  assert_false(assign_plan(&p, &plan, &e));
  assert_string_equal(e.what, "account 0: there is no owner 3");
  err_free(&e);
  p = line(1);
  accounts[0].value = (double)NAN;
  assert_false(assign_plan(&p, &plan, &e));
  assert_string_equal(e.what, "account 0: 60 minutes in 1 visits, value nan");
  err_free(&e);
  p = line(1);
  owners[2].minutes = -1;
  assert_false(assign_plan(&p, &plan, &e));
  assert_string_equal(e.what, "owner 2: capacity -1, limits -1 and 0");
  err_free(&e);
}

static void nobody_and_nothing_are_problems_too(void **s) {
  (void)s;
  AssignPlan plan;
  Err e = {0};
  AssignProblem p = line(2);
  p.owner_count = 0;
  assert_true(assign_plan(&p, &plan, &e));
  assert_int_equal(plan.without, 2);
  assert_int_equal(plan.picks[0].reason, ASSIGN_NO_GROUP);
  assign_plan_free(&plan);
  p = line(0);
  assert_true(assign_plan(&p, &plan, &e));
  assert_int_equal(plan.without, 0);
  assign_plan_free(&plan);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_cases_are_the_best_there_is),
      cmocka_unit_test(larger_ones_are_near_it),
      cmocka_unit_test(rules_hold_at_size_and_the_same_comes_out_twice),
      cmocka_unit_test(balance_evens_out_what_roads_alone_would_not),
      cmocka_unit_test(each_owner_has_his_reason),
      cmocka_unit_test(others_make_room_for_who_has_no_choice),
      cmocka_unit_test(near_owners_come_with_their_load),
      cmocka_unit_test(what_is_no_problem_is_refused_in_a_sentence),
      cmocka_unit_test(nobody_and_nothing_are_problems_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
