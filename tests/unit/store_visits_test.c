/* Rows as a problem of visits, a plan as rows, and what the database refuses of both. */
#include "store_db.h"

#include "store/visits_basis.h"
#include "store/visits_day.h"
#include "store/visits_steady.h"

static Day date(const char *text) {
  Day d;
  assert_true(day_parse(str_of(text), &d));
  return d;
}

/* Two managers and a director in 华东, three accounts; Monday 2026-11-02 begins four weeks. */
static int company(void **state) {
  if (db_setup(state)) return -1;
  db_exec(db, "INSERT INTO staff(code, name, grade, region, active, start_latitude, start_longitude) VALUES"
              "('S1', '李敏', 'manager', '华东', 1, 31.23, 121.47), ('S2', '王强', 'manager', '华东', 1, 31.25, 121.49),"
              "('S9', '赵总', 'director', '华东', 1, 31.20, 121.40)");
  db_exec(db, "INSERT INTO account(code, name, status, tier, latitude, longitude) VALUES"
              "('A1', '一', 'active', 'A', 31.24, 121.48), ('A2', '二', 'active', 'B', 31.22, 121.45), ('A3', '三', 'active', 'C', 31.26, 121.50)");
  db_exec(db, "INSERT INTO assignment(account, staff, role, from_day) VALUES(1, 1, 'owner', '2026-01-01'), (2, 1, 'owner', '2026-01-01'),"
              "(3, 2, 'owner', '2026-01-01')");
  db_exec(db, "INSERT INTO contact(code, account, name, active) VALUES('P1', 1, '张总', 1)");
  return 0;
}

static VisitNeed need[8];
static VisitAsk ask_of(size_t n) {
  need[0] = (VisitNeed){.account = 1, .target = 7, .minutes = 60, .no_sooner = 4, .no_later = 10, .worth = 20};
  need[1] = (VisitNeed){.account = 2, .target = 14, .minutes = 45, .no_sooner = 10, .no_later = 21, .worth = 5};
  need[2] = (VisitNeed){.account = 3, .target = 28, .minutes = 30, .no_sooner = 21, .no_later = 45, .worth = 1};
  need[3] = (VisitNeed){.account = 1, .contact = 1, .who = STR("director"), .target = 91, .minutes = 60, .bound = true, .worth = 20};
  return (VisitAsk){.asof = date("2026-11-01"), .from = date("2026-11-02"), .days = 28, .a_day = 5, .work = {510, 1050}, .kmh = 40,
                    .road = 1.3, .need = need, .count = n};
}

static void read_world(const VisitAsk *ask, VisitWorld *w) {
  Err e = {0};
  if (!visits_world(db, ask, w, &e)) fail_msg("%s", e.what);
}

/* Plans and writes; how many rows changed. */
static size_t plan_and_write(const VisitAsk *ask, int64_t effort) {
  VisitWorld w;
  VisitPlan plan;
  VisitChange *change;
  size_t n, refused;
  Err e = {0};
  VisitSearch how = {.seed = 1, .effort = effort, .threads = 1};
  read_world(ask, &w);
  if (!visits_plan(&w.p, &how, &plan, &e)) fail_msg("%s", e.what);
  visits_steady(&w, &plan);
  visits_changes(&w, &plan, &change, &n, &refused);
  if (!visits_write(db, &w, change, n, &e)) fail_msg("%s", e.what);
  assert_int_equal(refused, 0);
  visit_plan_free(&plan);
  visits_world_free(&w);
  return n;
}

static void refused_with(const char *sql, const char *part) {
  Err e = {0};
  db_refused(store_exec(db, sql, NULL, 0, &e), &e, ERR_FAIL, part);
}

static void what_is_asked_follows_from_the_last_visit_and_the_days_from_calendar_leave_and_week(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO visit(account, staff, day, status, kind) VALUES(1, 1, '2026-10-29', 'done', 'regular')");
  db_exec(db, "INSERT INTO absence(staff, from_day, to_day) VALUES(1, '2026-11-03', '2026-11-05')");
  db_exec(db, "INSERT INTO holiday(region, day, works) VALUES('华东', '2026-11-06', 0), ('华东', '2026-11-07', 1)");
  db_exec(db, "UPDATE staff SET weekdays_off = 'Mon', visits_a_day = 2 WHERE id = 2");
  VisitAsk ask = ask_of(4);
  VisitWorld w;
  read_world(&ask, &w);
  assert_int_equal(w.p.sites[0].asked, 4);
  assert_int_equal(w.p.sites[0].last, -4);
  assert_int_equal(w.p.sites[2].last, VISIT_NEVER);
  assert_int_equal(w.p.sites[3].with, 0);
  assert_true(w.p.sites[3].only);
  assert_string_equal(w.person[w.p.sites[3].owner].code, "S9");
  const VisitDay *first = w.p.at_work, *second = w.p.at_work + ask.days;
  static const bool works[] = {true, false, false, true, false, true, false};
  for (int d = 0; d < 7; d++) assert_int_equal(first[d].work.to > first[d].work.from, works[d]);
  assert_int_equal(second[1].visits, 2);
  assert_int_equal(second[0].visits, 0);
  visits_world_free(&w);
}

static void a_plan_is_written_says_its_gaps_and_is_written_once(void **state) {
  (void)state;
  VisitAsk ask = ask_of(3);
  assert_true(plan_and_write(&ask, 40) >= 6);
  assert_int_equal(db_number(db, "SELECT count(*) FROM visit WHERE account = 1 AND min_gap = 4"), 4);
  assert_int_equal(db_number(db, "SELECT count(*) FROM visit WHERE min_gap IS NULL"), 0);
  ask.keep_count = (size_t)db_number(db, "SELECT count(*) FROM visit");
  int64_t keep[64];
  for (size_t i = 0; i < ask.keep_count; i++) keep[i] = (int64_t)i + 1;
  ask.keep = keep;
  assert_int_equal(plan_and_write(&ask, 0), 0);
}

static void another_gap_is_noted_without_moving_anybody(void **state) {
  (void)state;
  VisitAsk ask = ask_of(3);
  plan_and_write(&ask, 40);
  int64_t days = db_number(db, "SELECT sum(julianday(day) * account) FROM visit"), keep[64];
  ask = ask_of(3);
  ask.keep_count = (size_t)db_number(db, "SELECT count(*) FROM visit");
  for (size_t i = 0; i < ask.keep_count; i++) keep[i] = (int64_t)i + 1;
  ask.keep = keep;
  need[0].no_sooner = 3;
  assert_int_equal(plan_and_write(&ask, 0), 4);
  assert_int_equal(db_number(db, "SELECT count(*) FROM visit WHERE account = 1 AND min_gap = 3"), 4);
  assert_int_equal(db_number(db, "SELECT sum(julianday(day) * account) FROM visit"), days);
}

#define VISIT_OF_A2(day, status) "INSERT INTO visit(account, staff, day, status, kind) VALUES(2, 1, '" day "', '" status "', 'regular')"

static void nobody_books_nearer_than_the_gap(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO visit(account, staff, day, status, kind, min_gap) VALUES(2, 1, '2026-11-11', 'planned', 'regular', 10)");
  refused_with(VISIT_OF_A2("2026-11-20", "planned"), "nearer");
  refused_with(VISIT_OF_A2("2026-11-02", "planned"), "nearer");
  db_exec(db, VISIT_OF_A2("2026-11-18", "fixed")); /* agreed with them: theirs to say */
}

static void the_gap_ends_where_it_is_kept_and_counts_from_done_visits_too(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO visit(account, staff, day, status, kind, min_gap) VALUES(2, 1, '2026-11-11', 'planned', 'regular', 10)");
  db_exec(db, VISIT_OF_A2("2026-12-01", "planned"));
  db_exec(db, "INSERT INTO visit(account, staff, day, status, kind, min_gap) VALUES(2, 1, '2026-11-21', 'planned', 'regular', 10)");
  refused_with("UPDATE visit SET day = '2026-11-19' WHERE day = '2026-11-21'", "nearer");
  db_exec(db, "UPDATE visit SET status = 'done' WHERE day = '2026-11-11'");
  refused_with("UPDATE visit SET day = '2026-11-20' WHERE day = '2026-11-21'", "nearer");
  db_exec(db, "UPDATE visit SET status = 'cancelled' WHERE day = '2026-11-21'");
  refused_with(VISIT_OF_A2("2026-11-13", "planned"), "nearer");
  db_exec(db, "INSERT INTO visit(account, staff, day, status, kind) VALUES(2, 1, '2026-11-13', 'planned', 'by phone')");
  db_exec(db, "INSERT INTO visit(account, staff, contact, day, status, kind) VALUES(2, 3, NULL, '2026-11-12', 'planned', 'executive')");
}

static void a_visit_behind_the_days_keeps_its_distance(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO visit(account, staff, day, status, kind, begins, ends, min_gap)"
              " VALUES(2, 1, '2026-12-01', 'planned', 'regular', '10:00', '10:45', 10)");
  VisitAsk ask = ask_of(3);
  plan_and_write(&ask, 40);
  assert_true(db_number(db, "SELECT count(*) FROM visit WHERE account = 2 AND day < '2026-12-01'") >= 1);
  assert_int_equal(db_number(db, "SELECT count(*) FROM visit WHERE account = 2 AND day > '2026-11-21' AND day < '2026-12-01'"), 0);
}

static void who_goes_along_is_not_the_managers_to_plan(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO visit(account, staff, contact, day, status, kind, begins, ends) VALUES"
              "(1, 3, NULL, '2026-11-05', 'planned', 'executive', '10:00', '11:00'), (1, NULL, 1, '2026-11-12', 'planned', 'executive', NULL, NULL),"
              "(1, 3, 1, '2026-11-19', 'planned', 'executive', '10:00', '11:00')");
  VisitAsk ask = ask_of(3);
  VisitWorld w;
  read_world(&ask, &w);
  assert_int_equal(w.row_count, 2);
  for (size_t i = 0; i < w.row_count; i++) {
    assert_true((size_t)w.row[i].site >= ask.count);
    assert_string_equal(w.person[w.p.sites[w.row[i].site].owner].code, "S9");
  }
  visits_world_free(&w);
  plan_and_write(&ask, 40);
  assert_int_equal(db_number(db, "SELECT count(*) FROM visit WHERE kind = 'executive' AND status = 'planned'"), 3);
  assert_int_equal(db_number(db, "SELECT count(*) FROM visit WHERE staff = 3 AND kind = 'regular'"), 0);
}

static void an_executive_without_time_is_not_replaced_by_a_manager(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO absence(staff, from_day, to_day) VALUES(3, '2026-10-01', '2027-01-01')");
  VisitAsk ask = ask_of(4);
  VisitWorld w;
  VisitPlan plan;
  Err e = {0};
  VisitSearch how = {.seed = 1, .effort = 40, .threads = 1};
  read_world(&ask, &w);
  assert_true(visits_plan(&w.p, &how, &plan, &e));
  assert_int_equal(plan.left_count, 1);
  assert_int_equal(plan.left[0].site, 3);
  assert_int_equal(plan.left[0].reason, VISIT_OWNER_OFF);
  assert_int_equal(plan.left[0].remedy, VISIT_REMEDY_WORK);
  visit_plan_free(&plan);
  visits_world_free(&w);
}

static void whose_affairs_are_as_they_were_is_settled_and_nobody_else(void **state) {
  (void)state;
  VisitAsk ask = ask_of(3);
  plan_and_write(&ask, 40);
  int64_t keep[64];
  ask = ask_of(3);
  ask.keep_count = (size_t)db_number(db, "SELECT count(*) FROM visit");
  for (size_t i = 0; i < ask.keep_count; i++) keep[i] = (int64_t)i + 1;
  ask.keep = keep;
  VisitWeights weights = visits_usual();
  VisitWorld w;
  Err e = {0};
  read_world(&ask, &w);
  int64_t *basis = visits_basis(&w, &weights, 200), id[2] = {w.person[0].id, w.person[1].id};
  Val val[2] = {val_int(basis[0]), val_int(basis[1])};
  assert_int_equal(w.p.staff_count, 2);
  assert_true(store_publish(db, "staff", "basis_of_test", UNIT_NONE, ask.asof, id, val, 2, &e));
  assert_true(visits_settle(db, &w, basis, "basis_of_test", &e));
  assert_true(w.p.settled[0] && w.p.settled[1]);
  assert_int_equal(w.p.stood_count, w.row_count);
  assert_true(visits_settle(db, &w, visits_basis(&w, &weights, 400), "basis_of_test", &e));
  assert_false(w.p.settled[0] || w.p.settled[1]); /* more search was asked for */
  visits_world_free(&w);
  need[2].worth = 2;
  read_world(&ask, &w);
  assert_true(visits_settle(db, &w, visits_basis(&w, &weights, 200), "basis_of_test", &e));
  for (int i = 0; i < 2; i++) assert_int_equal(w.p.settled[i], strcmp(w.person[i].code, "S1") == 0);
  visits_world_free(&w);
  need[2].worth = 1;
  db_exec(db, "UPDATE visit SET status = 'missed' WHERE id = (SELECT min(id) FROM visit WHERE staff = 1)");
  read_world(&ask, &w);
  assert_true(visits_settle(db, &w, visits_basis(&w, &weights, 200), "basis_of_test", &e));
  for (int i = 0; i < 2; i++) assert_int_equal(w.p.settled[i], strcmp(w.person[i].code, "S2") == 0);
  visits_world_free(&w);
}

static void a_visit_gets_an_hour_among_the_others_of_its_day(void **state) {
  (void)state;
  db_exec(db, "INSERT INTO visit(account, staff, day, status, kind, begins, ends) VALUES(1, 1, '2026-11-04', 'fixed', 'regular', '10:00', '11:00')");
  db_exec(db, VISIT_OF_A2("2026-11-04", "moved"));
  VisitRetime how = {.staff = 1, .day = date("2026-11-04"), .place = 2, .at = 630, .a_day = 5, .work = {510, 1050}, .kmh = 40, .road = 1.3};
  size_t changed;
  Err e = {0};
  db_refused(visits_retime(db, &how, &changed, &e), &e, ERR_FAIL, "it cannot be at that time");
  how.at = VISIT_ANY;
  assert_true(visits_retime(db, &how, &changed, &e));
  assert_int_equal(changed, 0);
  assert_int_equal(db_number(db, "SELECT count(*) FROM visit WHERE id = 2 AND (ends <= '10:00' OR begins >= '11:00')"), 1);
}

static void a_place_that_is_none_and_a_plan_of_the_past_are_refused(void **state) {
  (void)state;
  VisitAsk ask = ask_of(3);
  VisitWorld w;
  Err e = {0};
  ask.from = date("2026-10-30");
  db_refused(visits_world(db, &ask, &w, &e), &e, ERR_FAIL, "begins on as-of or later");
  ask = ask_of(3);
  db_exec(db, "UPDATE account SET latitude = 131 WHERE id = 1");
  db_refused(visits_world(db, &ask, &w, &e), &e, ERR_FAIL, "no place on earth");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, company, db_teardown)
  const struct CMUnitTest tests[] = {
      TEST(what_is_asked_follows_from_the_last_visit_and_the_days_from_calendar_leave_and_week),
      TEST(a_plan_is_written_says_its_gaps_and_is_written_once),
      TEST(another_gap_is_noted_without_moving_anybody),
      TEST(nobody_books_nearer_than_the_gap),
      TEST(the_gap_ends_where_it_is_kept_and_counts_from_done_visits_too),
      TEST(a_visit_behind_the_days_keeps_its_distance),
      TEST(who_goes_along_is_not_the_managers_to_plan),
      TEST(an_executive_without_time_is_not_replaced_by_a_manager),
      TEST(whose_affairs_are_as_they_were_is_settled_and_nobody_else),
      TEST(a_visit_gets_an_hour_among_the_others_of_its_day),
      TEST(a_place_that_is_none_and_a_plan_of_the_past_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}
