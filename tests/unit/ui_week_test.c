#include "base/mem.h"
#include "testing.h"
#include "ui/week.h"

#include <string.h>

static Buf B;
static Arena A;
enum { MONDAY = 20759 }; /* 2026-11-02 */

static const WeekVisit visits[] = {
    {MONDAY + 1, 545, 600, STR("C2"), 0},           {MONDAY, 540, 630, STR("C0042 华东仪表有限公司上海分公司"), '!'},
    {MONDAY + 1, 540, 585, STR("C1\033[2J"), 0},    {MONDAY, 855, 900, STR("C0907"), '*'},
    {MONDAY + 3, WEEK_ANY, WEEK_ANY, STR("电话"), 0}, {MONDAY + 60, 540, 600, STR("another month"), 0},
};
static const WeekOff off[] = {{MONDAY + 2, STR("春节")}, {MONDAY + 4, STR("")}};
static const WeekPerson person = {STR("李敏"), MONDAY, 7, visits, 6, off, 2};

static const char *week(const WeekPerson *w, int width) {
  buf_clear(&B);
  week_person(w, width, &B);
  return B.p;
}

static void a_week_has_days_side_by_side_and_hours_downwards(void **state) {
  (void)state;
  assert_string_equal(week(&person, 90),
                      "李敏\n"
                      "       Mon 11-02        Tue 11-03        Wed 11-04        Thu 11-05        Fri 11-06\n"
                      "                                         春节                              off\n"
                      "  any                                                     电话\n"
                      " 09:00 ! C0042 华东仪…  C1\\x1b[2J\n"
                      "                        :05 C2\n"
                      " 09:30 │                │\n"
                      " 10:00 │\n"
                      " 14:00 * :15 C0907\n"
                      " 14:30 │\n");
}

static int widest(const char *text) {
  int most = 0;
  Str rest = str_of(text);
  while (rest.p) {
    int w = utf8_width(str_split(rest, '\n', &rest));
    if (w > most) most = w;
  }
  return most;
}

static void no_line_is_wider_than_asked(void **state) {
  (void)state;
  for (int width = 24; width < 200; width++) assert_true(widest(week(&person, width)) <= width);
  assert_non_null(strstr(week(&person, 24), "Fri 11-06"));
}

static void a_weekend_is_shown_when_something_is_on_it(void **state) {
  (void)state;
  assert_null(strstr(week(&person, 120), "Sat"));
  const WeekVisit saturday = {MONDAY + 5, 600, 660, STR("C1"), 0};
  WeekPerson w = person;
  w.visit = &saturday, w.count = 1;
  assert_non_null(strstr(week(&w, 120), "Sat 11-07"));
  assert_null(strstr(week(&w, 120), "Sun"));
}

static void a_week_without_visits_says_so(void **state) {
  (void)state;
  assert_string_equal(week(&(WeekPerson){.first = MONDAY, .days = 1}, 80), "       Mon 11-02\n  no visits\n");
}

static const char *csv(const UiTable *t) {
  buf_clear(&B);
  ui_table(t, UI_CSV, &(UiStyle){0}, &B);
  return B.p;
}

static void as_a_table_each_visit_is_a_row(void **state) {
  (void)state;
  UiTable t;
  week_person_table(&person, &A, &t);
  assert_int_equal(t.nrow, 5);
  assert_non_null(strstr(csv(&t), "date,weekday,begins,ends,visit\n2026-11-02,Mon,09:00,10:30,C0042 华东仪表有限公司上海分公司"));
  assert_non_null(strstr(B.p, "2026-11-05,Thu,,,电话"));
}

static WeekCell cells[2 * 9] = {
    {5, 400, 480}, {0, 0, 480}, {WEEK_ANY, 0, 480}, {6, 500, 480}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {1, 60, 480}, {12, 480, 480},
    {1, 60, 480},  {2, 120, 480}, {3, 240, 480},    {4, 360, 480}, {1, 60, 0}, {0, 0, 0}, {0, 0, 0}, {1, 60, 480}, {0, 0, 480}};
static const Str names[] = {STR("李敏"), STR("Theodor von Hohenstein-Hardenberg")};
static const WeekTeam team = {STR("Team load"), MONDAY, 9, 2, names, cells};

static const char *grid(int width) {
  buf_clear(&B);
  week_team(&team, width, &B);
  return B.p;
}

static void a_team_is_people_by_days_with_marks_for_load(void **state) {
  (void)state;
  assert_string_equal(grid(80), "Team load\n"
                                "  2026-11-02 … 2026-11-10\n"
                                "                           Mo  Tu  We  Th  Fr  Mo  Tu\n"
                                "                            2   3   4   5   6   9  10   visits   load\n"
                                "  李敏                      5▇  0   ?   6!  ·   1▁ 12█       ?      ?\n"
                                "  Theodor von Hohenstein-…  1▁  2▂  3▄  4▆  1!  1▁  0       12   31 %\n");
}

static void a_narrow_terminal_gets_the_weeks_below_each_other(void **state) {
  (void)state;
  for (int width = 30; width < 120; width++) assert_true(widest(grid(width)) <= width);
  grid(54);
  assert_non_null(strstr(B.p, "2026-11-02 … 2026-11-06"));
  assert_non_null(strstr(B.p, "2026-11-09 … 2026-11-10"));
}

static void as_a_table_a_team_has_a_column_a_day(void **state) {
  (void)state;
  UiTable t;
  week_team_table(&team, &A, &t);
  assert_string_equal(csv(&t),
                      "person,2026-11-02,2026-11-03,2026-11-04,2026-11-05,2026-11-06,2026-11-07,2026-11-08,2026-11-09,"
                      "2026-11-10,visits,load\n"
                      "李敏,5,0,,6,,,,1,12,,\n"
                      "Theodor von Hohenstein-Hardenberg,1,2,3,4,1,,,1,0,12,0.313\n");
}

static int free_all(void **state) {
  (void)state;
  arena_free(&A);
  buf_free(&B);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_week_has_days_side_by_side_and_hours_downwards),
      cmocka_unit_test(no_line_is_wider_than_asked),
      cmocka_unit_test(a_weekend_is_shown_when_something_is_on_it),
      cmocka_unit_test(a_week_without_visits_says_so),
      cmocka_unit_test(as_a_table_each_visit_is_a_row),
      cmocka_unit_test(a_team_is_people_by_days_with_marks_for_load),
      cmocka_unit_test(a_narrow_terminal_gets_the_weeks_below_each_other),
      cmocka_unit_test(as_a_table_a_team_has_a_column_a_day),
  };
  return cmocka_run_group_tests(tests, NULL, free_all);
}
