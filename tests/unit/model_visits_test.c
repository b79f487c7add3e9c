#include "visit_small.h"

#include "base/mem.h"

#include <string.h>

static uint64_t state = 3;
static int below(int n) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (int)((state >> 33) % (uint64_t)n);
}

/* --- the oracle: every set of days of every site, every order of a day ------------------------------------------- */

enum { TINY = 4, TINY_DAYS = 4 };

static int64_t unit_of(const VisitProblem *p, int site) {
  double worth = 0, asked = 0;
  for (size_t i = 0; i < p->site_count; i++)
    if (p->sites[i].worth > 0) worth += p->sites[i].worth, asked += p->sites[i].asked;
  double share = p->sites[site].worth / p->sites[site].asked / (worth > 0 ? worth / asked : 1);
  return llround((share + 0.1) * p->weights.lost * 100);
}

static double off(const VisitSite *s, int gap) {
  double o = s->target > 0 ? fabs(gap - s->target) : 0;
  return o < 7 ? o : 7;
}

/* In hundredths; -1: not allowed. */
static int64_t days_score(const VisitProblem *p, int site, unsigned days) {
  const VisitSite *s = &p->sites[site];
  int64_t unit = unit_of(p, site), score = 0;
  int count = 0, before = s->last, late;
  for (int d = 0; d < p->days; d++) {
    for (size_t k = 0; k < p->kept_count; k++)
      if (p->kept[k].site == site && p->kept[k].day == d && !(days >> d & 1)) score += llround(p->weights.move * 100);
    if (!(days >> d & 1)) continue;
    if (s->shut[0] >> d & 1) return -1;
    if (before != VISIT_NEVER && d - before < s->no_sooner) return -1;
    int due = before == VISIT_NEVER ? 0 : before + s->no_later;
    late = s->no_later && d > (due > 0 ? due : 0) ? d - (due > 0 ? due : 0) : 0;
    double gaps = before == VISIT_NEVER ? (s->target > 0 ? (d < 7 ? d : 7) : 0) : off(s, d - before);
    if (s->same_weekday && before != VISIT_NEVER && (d - before) % 7) gaps++;
    score += llround(gaps * p->weights.gap * 100) + unit * late / (2 * p->days);
    before = d;
    count++;
  }
  if (count > s->asked) return -1;
  if (count < s->asked) return score + (s->asked - count) * unit;
  late = s->no_later && p->days > before + s->no_later ? p->days - before - s->no_later : 0;
  return count ? score + unit * late / (2 * p->days) : score;
}

static int day_road(const VisitProblem *p, int d, unsigned set, int at, int t, int visits) {
  if (!set) {
    int home = travel_minutes(p->travel, at, p->staff[0].end);
    return t + home <= p->at_work[d].work.to ? home : 100000;
  }
  int best = 100000;
  if (visits == p->at_work[d].visits) return best;
  for (int i = 0; i < (int)p->site_count; i++) {
    if (!(set >> i & 1)) continue;
    const VisitSite *s = &p->sites[i];
    int leg = travel_minutes(p->travel, at, s->place), begin = t + leg, open = s->hours < 0;
    for (int w = 0; s->hours >= 0 && !open && w < p->hours[s->hours].count[(p->weekday + d) % 7]; w++) {
      VisitWindow o = p->hours[s->hours].open[(p->weekday + d) % 7][w];
      int from = begin > o.from ? begin : o.from;
      if (from + s->minutes <= o.to) begin = from, open = 1;
    }
    if (!open) continue;
    int road = leg + day_road(p, d, set & ~(1u << i), s->place, begin + s->minutes, visits + 1);
    if (road < best) best = road;
  }
  return best;
}

static double exact(const VisitProblem *p) {
  int64_t day[TINY_DAYS][1 << TINY], site[TINY][1 << TINY_DAYS];
  for (int d = 0; d < TINY_DAYS; d++)
    for (unsigned set = 0; set < 1u << TINY; set++) {
      int n = __builtin_popcount(set);
      bool works = p->at_work[d].work.from < p->at_work[d].work.to;
      int road = set ? day_road(p, d, set, p->staff[0].start, p->at_work[d].work.from, 0) : 0;
      day[d][set] = (n && !works) || road >= 100000 ? -1 : 100 * road + 100 * n * n;
    }
  for (int i = 0; i < TINY; i++)
    for (unsigned days = 0; days < 1u << TINY_DAYS; days++) site[i][days] = days_score(p, i, days);
  int64_t best = INT64_MAX;
  for (unsigned all = 0; all < 1u << (TINY * TINY_DAYS); all++) {
    int64_t score = 0;
    for (int i = 0; i < TINY && score >= 0; i++) {
      int64_t more = site[i][all >> (i * TINY_DAYS) & 15];
      score = more < 0 ? -1 : score + more;
    }
    for (int d = 0; d < TINY_DAYS && score >= 0; d++) {
      unsigned set = 0;
      for (int i = 0; i < TINY; i++) set |= (all >> (i * TINY_DAYS + d) & 1) << i;
      score = day[d][set] < 0 ? -1 : score + day[d][set];
    }
    if (score >= 0 && score < best) best = score;
  }
  return (double)best / 100;
}

static void make_tiny(Small *s) {
  make(s, 1, TINY, TINY_DAYS);
  s->p.weekday = below(7);
  for (int d = 0; d < TINY_DAYS; d++)
    s->at_work[d] = (VisitDay){{480, (int16_t)(below(5) ? 600 + 60 * below(6) : 0)}, (int16_t)(1 + below(3))};
  for (int w = 0; w < 7; w++) {
    s->hours[0].count[w] = (uint8_t)below(3);
    s->hours[0].open[w][0] = (VisitWindow){(int16_t)(480 + below(60)), (int16_t)(600 + below(60))};
    s->hours[0].open[w][1] = (VisitWindow){(int16_t)(700 + below(30)), (int16_t)(800 + below(200))};
  }
  for (int i = 0; i < TINY; i++) {
    VisitSite *site = &s->sites[i];
    s->lat[STAFF + i] = 0.01 * below(60) - 0.3;
    s->lon[STAFF + i] = 0.01 * below(60) - 0.3;
    site->asked = 1 + below(3);
    site->target = below(3) * 0.75;
    site->no_sooner = below(3);
    site->no_later = below(4);
    site->last = below(3) ? -1 - below(6) : VISIT_NEVER;
    site->worth = below(4) * 50;
    site->minutes = 30 + below(60);
    site->hours = below(2) - 1;
    site->same_weekday = below(3) == 0;
    site->shut[0] = (uint64_t)(below(4) ? 0 : below(16));
    for (int d = 0; d < TINY_DAYS; d++)
      if (!below(5)) s->kept[s->p.kept_count++] = (VisitKept){i, d, VISIT_ANY, 0};
  }
}

static void tiny_plans_equal_brute_force(void **unused) {
  (void)unused;
  for (int round = 0; round < 150; round++) {
    Small s;
    make_tiny(&s);
    VisitPlan plan = plan_of(&s);
    double best = exact(&s.p);
    if (fabs(plan.cost.score - best) > 0.005) fail_msg("round %d: %.2f, not %.2f", round, plan.cost.score, best);
    visit_plan_free(&plan);
  }
}

/* --- reasons ----------------------------------------------------------------------------------------------------- */

static VisitLeft only_left(const Small *s) {
  VisitPlan plan = plan_of(s);
  assert_int_equal(plan.left_count, 1);
  VisitLeft left = plan.left[0];
  visit_plan_free(&plan);
  return left;
}

static void nothing_is_left_out_when_there_is_room(const Small *s) {
  VisitPlan plan = plan_of(s);
  assert_int_equal(plan.left_count, 0);
  visit_plan_free(&plan);
}

static void who_has_no_place_or_owner_is_told_so(void **unused) {
  (void)unused;
  Small s;
  make(&s, 2, 2, 5);
  s.sites[0].place = VISIT_ANY;
  VisitLeft l = only_left(&s);
  assert_int_equal(l.reason, VISIT_NO_PLACE);
  assert_int_equal(l.remedy, VISIT_REMEDY_PLACE);
  make(&s, 2, 2, 5);
  s.sites[1].owner = VISIT_ANY;
  l = only_left(&s);
  assert_int_equal(l.reason, VISIT_NO_OWNER);
  assert_int_equal(l.remedy, VISIT_REMEDY_OWNER);
  s.sites[1].owner = l.to;
  nothing_is_left_out_when_there_is_room(&s);
}

static void one_that_is_worth_more_outbids_and_a_slot_more_helps(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 3, 1);
  s.at_work[0].visits = 2;
  s.sites[1].worth = 10;
  VisitLeft l = only_left(&s);
  assert_int_equal(l.site, 1);
  assert_int_equal(l.reason, VISIT_OUTBID);
  assert_true(l.other == 0 || l.other == 2);
  assert_int_equal(l.remedy, VISIT_REMEDY_SLOT);
  s.at_work[l.day].visits++;
  nothing_is_left_out_when_there_is_room(&s);
}

static void a_day_short_by_minutes_says_by_how_many(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 2, 1);
  s.at_work[0].work = (VisitWindow){480, 480 + 2 * 60 + 15 + 15 + 29}; /* by the first place to the second and back */
  nothing_is_left_out_when_there_is_room(&s);
  s.at_work[0].work.to -= 7;
  s.sites[0].worth = 90;
  VisitLeft l = only_left(&s);
  assert_int_equal(l.reason, VISIT_OUTBID);
  assert_int_equal(l.remedy, VISIT_REMEDY_LONGER);
  s.at_work[0].work.to = (int16_t)(s.at_work[0].work.to + l.amount - 1);
  only_left(&s);
  s.at_work[0].work.to++;
  nothing_is_left_out_when_there_is_room(&s);
}

static void too_far_says_by_how_many_minutes(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 1, 3);
  s.lat[STAFF] = 4;
  VisitLeft l = only_left(&s);
  assert_int_equal(l.reason, VISIT_TOO_FAR);
  assert_int_equal(l.minutes, 60 + 2 * travel_minutes(&s.travel, 0, STAFF) - (1020 - 480));
}

static void days_off_shut_frozen_and_too_soon_are_told_apart(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 1, 2);
  s.at_work[0] = s.at_work[1] = (VisitDay){{0, 0}, 5};
  assert_int_equal(only_left(&s).reason, VISIT_OWNER_OFF);
  make(&s, 1, 1, 2);
  s.sites[0].shut[0] = 3;
  VisitLeft l = only_left(&s);
  assert_int_equal(l.reason, VISIT_SHUT);
  assert_int_equal(l.remedy, VISIT_REMEDY_UNSHUT);
  s.sites[0].shut[0] &= ~(UINT64_C(1) << l.day);
  nothing_is_left_out_when_there_is_room(&s);
  make(&s, 1, 1, 2);
  s.p.frozen = 2;
  assert_int_equal(only_left(&s).reason, VISIT_FROZEN);
  make(&s, 1, 1, 5);
  s.sites[0].last = -1;
  s.sites[0].no_sooner = 10;
  l = only_left(&s);
  assert_int_equal(l.reason, VISIT_MIN_GAP);
  assert_int_equal(l.remedy, VISIT_REMEDY_SOONER);
  assert_int_equal(l.amount, 5);
  s.sites[0].no_sooner -= l.amount;
  nothing_is_left_out_when_there_is_room(&s);
}

static void hours_that_never_meet_are_a_window_and_being_let_in_helps(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 1, 2);
  s.sites[0].hours = 0;
  for (int w = 0; w < 7; w++) s.hours[0].count[w] = 1, s.hours[0].open[w][0] = (VisitWindow){300, 450};
  VisitLeft l = only_left(&s);
  assert_int_equal(l.reason, VISIT_WINDOW);
  assert_int_equal(l.remedy, VISIT_REMEDY_OPEN);
  s.hours[0].open[l.day][0] = (VisitWindow){(int16_t)l.amount, (int16_t)(l.amount + 60)};
  nothing_is_left_out_when_there_is_room(&s);
}

static void a_day_full_of_pins_names_one_and_unpinning_helps(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 2, 1);
  s.at_work[0].visits = 1;
  s.sites[0].worth = 1000;
  s.pins[s.p.pin_count++] = (VisitPin){1, 0, 600};
  VisitLeft l = only_left(&s);
  assert_int_equal(l.site, 0);
  assert_int_equal(l.reason, VISIT_PINNED_DAY);
  assert_int_equal(l.other, 1);
  assert_int_equal(l.remedy, VISIT_REMEDY_UNPIN);
  s.p.pin_count = 0;
  l = only_left(&s);
  assert_int_equal(l.site, 1);
}

static void pins_that_clash_are_named_with_who_is_in_the_way(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 2, 3);
  s.pins[s.p.pin_count++] = (VisitPin){0, 1, 600};
  s.pins[s.p.pin_count++] = (VisitPin){1, 1, 630};
  VisitLeft l = only_left(&s);
  assert_int_equal(l.reason, VISIT_PIN_CLASH);
  assert_int_equal(l.best_day, 1);
  assert_int_equal(l.other, 1 - l.site);
}

/* --- a plan in force --------------------------------------------------------------------------------------------- */

static void keep(Small *s, const VisitPlan *plan) {
  s->p.kept_count = plan->stop_count;
  for (size_t i = 0; i < plan->stop_count; i++)
    s->kept[i] = (VisitKept){plan->stops[i].site, plan->stops[i].day, plan->stops[i].begin, plan->stops[i].end - plan->stops[i].begin};
}

static void make_month(Small *s) {
  make(s, STAFF, SITES, DAYS);
  for (int i = 0; i < STAFF * DAYS; i++)
    if (i % DAYS % 7 > 4) s->at_work[i] = (VisitDay){{0, 0}, 0};
  for (int i = 0; i < SITES; i++) {
    s->sites[i].owner = i % STAFF;
    s->sites[i].asked = 1 + i % 4;
    s->sites[i].target = 28.0 / s->sites[i].asked;
    s->sites[i].no_sooner = 4;
    s->sites[i].no_later = 35;
    s->sites[i].last = -1 - below(20);
  }
}

static void a_plan_that_is_planned_again_stays_as_it_is(void **unused) {
  (void)unused;
  Small s;
  make_month(&s);
  VisitPlan plan = plan_of(&s);
  keep(&s, &plan);
  VisitPlan again = plan_of(&s);
  assert_int_equal(again.cost.moved, 0);
  assert_int_equal(again.stop_count, plan.stop_count);
  visit_plan_free(&plan);
  visit_plan_free(&again);
}

static void of_more_visits_in_force_than_asked_some_go(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 1, 10);
  for (int d = 2; d < 5; d++) s.kept[s.p.kept_count++] = (VisitKept){0, d, VISIT_ANY, 0};
  VisitPlan plan = plan_of(&s);
  assert_int_equal(plan.stop_count, 1);
  assert_int_equal(plan.cost.moved, 2);
  assert_true(plan.stops[0].kept);
  visit_plan_free(&plan);
}

static void frozen_days_keep_their_visits_and_get_no_others(void **unused) {
  (void)unused;
  Small s;
  make_month(&s);
  VisitPlan plan = plan_of(&s);
  keep(&s, &plan);
  s.p.frozen = 7;
  for (int i = 0; i < SITES; i++) s.sites[i].asked++, s.sites[i].worth += below(1000), s.sites[i].minutes += i == 4 ? 45 : 0;
  VisitPlan again = plan_of(&s);
  for (size_t i = 0; i < plan.stop_count; i++)
    if (plan.stops[i].day < 7) assert_true(has(&again, plan.stops[i].site, plan.stops[i].day));
  visit_plan_free(&plan);
  visit_plan_free(&again);
}

static void a_frozen_visit_that_takes_longer_pushes_the_others_but_keeps_them(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 4, 1);
  for (int i = 0; i < 4; i++) s.lat[STAFF + i] = 0.01;
  for (int i = 0; i < 4; i++) s.kept[s.p.kept_count++] = (VisitKept){i, 0, 540 + 70 * i, 0};
  s.p.frozen = 1;
  s.sites[1].minutes += 45;
  VisitPlan plan = plan_of(&s);
  assert_int_equal(plan.stop_count, 4);
  assert_int_equal(plan.left_count, 0);
  visit_plan_free(&plan);
}

/* The day is full to the minute: what was agreed stands as it was agreed, and only later visits take longer. */
static void a_frozen_visit_keeps_the_length_it_was_agreed_with(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 4, 8);
  for (int i = 0; i < 4; i++) {
    s.lat[STAFF + i] = 0, s.lon[STAFF + i] = s.lon[0], s.lat[0] = 0;
    s.sites[i].minutes = 60, s.sites[i].asked = 2, s.sites[i].no_sooner = 3, s.sites[i].hours = VISIT_ANY;
    s.kept[s.p.kept_count++] = (VisitKept){i, 0, 540 + 60 * i, 60};
  }
  for (int d = 0; d < 8; d++) s.at_work[d] = (VisitDay){{540, d ? 1080 : 780}, 5};
  s.p.frozen = 1;
  s.sites[1].minutes = s.sites[2].minutes = 75;
  VisitPlan plan = plan_of(&s);
  assert_int_equal(plan.left_count, 0);
  for (int i = 0; i < 4; i++) {
    assert_int_equal(plan.stops[i].day, 0);
    assert_int_equal(plan.stops[i].site, i);
    assert_int_equal(plan.stops[i].begin, 540 + 60 * i);
    assert_int_equal(plan.stops[i].end, 600 + 60 * i);
  }
  for (size_t i = 4; i < plan.stop_count; i++)
    assert_int_equal(plan.stops[i].end - plan.stops[i].begin, s.sites[plan.stops[i].site].minutes);
  visit_plan_free(&plan);
}

static void threads_do_not_change_the_plan(void **unused) {
  (void)unused;
  Small s;
  make_month(&s);
  VisitPlan one, three;
  Err e = {0};
  assert_true(visits_plan(&s.p, &(VisitSearch){.seed = 3, .effort = 100, .threads = 1}, &one, &e));
  assert_true(visits_plan(&s.p, &(VisitSearch){.seed = 3, .effort = 100, .threads = 3}, &three, &e));
  assert_int_equal(one.stop_count, three.stop_count);
  for (size_t i = 0; i < one.stop_count; i++) {
    assert_int_equal(one.stops[i].site, three.stops[i].site);
    assert_int_equal(one.stops[i].day, three.stops[i].day);
    assert_int_equal(one.stops[i].begin, three.stops[i].begin);
  }
  visit_plan_free(&one);
  visit_plan_free(&three);
}

static bool stop_after_first(void *told, const VisitProgress *at) {
  (void)at;
  ++*(int *)told;
  return false;
}

static void a_search_that_is_stopped_leaves_a_plan_that_keeps_the_rules(void **unused) {
  (void)unused;
  Small s;
  make_month(&s);
  VisitPlan plan;
  Err e = {0};
  int told = 0;
  VisitSearch how = {.seed = 3, .effort = 1000000, .threads = 2, .tell = stop_after_first, .told = &told};
  assert_true(visits_plan(&s.p, &how, &plan, &e));
  assert_true(told >= 1);
  assert_false(plan.complete);
  assert_null(visit_rule_broken(&s.p, &plan));
  assert_true(plan.stop_count > 0);
  visit_plan_free(&plan);
}

/* --- together, questions, capacity ------------------------------------------------------------------------------- */

static void a_contact_is_seen_on_a_day_of_its_account(void **unused) {
  (void)unused;
  for (int other = 0; other < 2; other++) { /* by the same manager, by another */
    Small s;
    make(&s, 2, 2, 10);
    s.sites[0].last = -8;
    s.sites[0].target = 14;
    s.sites[1].place = s.sites[0].place;
    s.sites[1].owner = other;
    s.sites[1].with = 0;
    VisitPlan plan = plan_of(&s);
    assert_true(has(&plan, 0, 6));
    assert_true(has(&plan, 1, 6));
    assert_int_equal(plan.cost.apart, 0);
    visit_plan_free(&plan);
  }
}

static void trying_a_visit_says_what_each_day_costs(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 2, 7);
  s.sites[0].last = -10;
  s.sites[0].target = 14;
  s.at_work[2] = (VisitDay){{0, 0}, 0};
  s.sites[0].shut[0] = 1 << 3;
  VisitPlan plan = plan_of(&s);
  assert_true(has(&plan, 0, 4));
  VisitTry tries[7];
  Err e = {0};
  assert_true(visits_try(&s.p, &plan, 0, 4, tries, &e));
  assert_int_equal(tries[2].reason, VISIT_OWNER_OFF);
  assert_int_equal(tries[3].reason, VISIT_SHUT);
  assert_true(tries[4].planned);
  for (int d = 0; d < 7; d++)
    if (tries[d].reason == VISIT_PLANNED) assert_true(tries[d].score >= tries[4].score);
  assert_true(tries[1].score > tries[5].score); /* three days off target, and one */
  assert_false(visits_try(&s.p, &plan, 99, VISIT_ANY, tries, &e));
  err_free(&e);
  visit_plan_free(&plan);
}

static void capacity_is_needed_against_possible_by_tier(void **unused) {
  (void)unused;
  Small s;
  make(&s, 1, 4, 2);
  for (int i = 0; i < 4; i++) s.sites[i].asked = 2, s.sites[i].tier = i / 2;
  s.at_work[0].visits = s.at_work[1].visits = 3;
  VisitRoom *rooms;
  size_t count;
  Err e = {0};
  assert_true(visits_capacity(&s.p, &rooms, &count, &e));
  assert_int_equal(count, 2);
  assert_int_equal(rooms[0].needed, 4);
  assert_int_equal(rooms[0].over, 0);
  assert_int_equal(rooms[1].needed, 4);
  assert_int_equal(rooms[1].possible, 2);
  assert_int_equal(rooms[1].over, 2);
  assert_true(rooms[1].fits_each == 1);
  VisitPlan plan = plan_of(&s);
  assert_int_equal(plan.cost.visits, 6);
  visit_plan_free(&plan);
  mem_free(rooms);
}

static void no_plan_makes_more_visits_than_capacity_says(void **unused) {
  (void)unused;
  for (int round = 0; round < 40; round++) {
    Small s;
    VisitRoom *rooms;
    size_t count;
    Err e = {0};
    int possible = 0;
    make_tiny(&s);
    assert_true(visits_capacity(&s.p, &rooms, &count, &e));
    for (size_t i = 0; i < count; i++) possible += rooms[i].needed - rooms[i].over;
    VisitPlan plan = plan_of(&s);
    assert_true(plan.cost.visits <= possible);
    visit_plan_free(&plan);
    mem_free(rooms);
  }
}

static void a_problem_that_is_none_is_refused_with_its_fault(void **unused) {
  (void)unused;
  Small s;
  Err e = {0};
  make(&s, 1, 2, 5);
  s.sites[1].owner = 7;
  assert_false(visits_check(&s.p, &e));
  assert_string_equal(e.what, "site 1: there is no staff 7");
  err_free(&e);
  make(&s, 1, 2, 5);
  s.sites[0].worth = NAN;
  assert_false(visits_check(&s.p, &e));
  err_free(&e);
  make(&s, 1, 2, 5);
  s.p.days = VISIT_DAYS + 1;
  assert_false(visits_check(&s.p, &e));
  err_free(&e);
}

static void a_table_of_travel_goes_before_the_straight_line(void **unused) {
  (void)unused;
  double lat[] = {0, 0.1, 0.2}, lon[] = {0, 0, 0};
  TravelPair pairs[] = {{0, 1, 3}, {1, 0, 9}, {0, 1, 4}, {2, 0, 50}};
  Travel t = {.lat = lat, .lon = lon, .road = 1.3, .kmh = 60, .pairs = pairs, .pair_count = 4};
  travel_index(&t);
  assert_int_equal(travel_minutes(&t, 0, 1), 4);
  assert_int_equal(travel_minutes(&t, 1, 0), 9);
  assert_int_equal(travel_minutes(&t, 0, 2), 29); /* 22.24 km × 1.3 = 28.91 km */
  assert_int_equal(travel_minutes(&t, 1, 1), 0);
  t.both_ways = true;
  assert_int_equal(travel_minutes(&t, 0, 2), 50);
  travel_free(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tiny_plans_equal_brute_force),
    cmocka_unit_test(who_has_no_place_or_owner_is_told_so),
    cmocka_unit_test(one_that_is_worth_more_outbids_and_a_slot_more_helps),
    cmocka_unit_test(a_day_short_by_minutes_says_by_how_many),
    cmocka_unit_test(too_far_says_by_how_many_minutes),
    cmocka_unit_test(days_off_shut_frozen_and_too_soon_are_told_apart),
    cmocka_unit_test(hours_that_never_meet_are_a_window_and_being_let_in_helps),
    cmocka_unit_test(a_day_full_of_pins_names_one_and_unpinning_helps),
    cmocka_unit_test(pins_that_clash_are_named_with_who_is_in_the_way),
    cmocka_unit_test(a_plan_that_is_planned_again_stays_as_it_is),
    cmocka_unit_test(of_more_visits_in_force_than_asked_some_go),
    cmocka_unit_test(frozen_days_keep_their_visits_and_get_no_others),
    cmocka_unit_test(a_frozen_visit_that_takes_longer_pushes_the_others_but_keeps_them),
    cmocka_unit_test(a_frozen_visit_keeps_the_length_it_was_agreed_with),
    cmocka_unit_test(threads_do_not_change_the_plan),
    cmocka_unit_test(a_search_that_is_stopped_leaves_a_plan_that_keeps_the_rules),
    cmocka_unit_test(a_contact_is_seen_on_a_day_of_its_account),
    cmocka_unit_test(trying_a_visit_says_what_each_day_costs),
    cmocka_unit_test(capacity_is_needed_against_possible_by_tier),
    cmocka_unit_test(no_plan_makes_more_visits_than_capacity_says),
    cmocka_unit_test(a_problem_that_is_none_is_refused_with_its_fault),
    cmocka_unit_test(a_table_of_travel_goes_before_the_straight_line),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
