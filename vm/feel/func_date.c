#include "feel/func.h"

#include "base/num.h"

static Val f_date(FuncCtx *c, const Val *a, int n) {
  (void)c;
  Day d;
  int64_t y, m, day;
  if (n == 1 && a[0].t == V_DATE) return a[0];
  if (n == 1) return a[0].t == V_TEXT && day_parse(val_str(a[0]), &d) ? val_date(d) : val_null();
  if (n != 3 || !val_is_num(a[0]) || !val_is_num(a[1]) || !val_is_num(a[2]) || !num_int(a[0], &y) ||
      !num_int(a[1], &m) || !num_int(a[2], &day) || y < 1 || y > 9999 || m < 1 || m > 12 || day < 1 ||
      day > 31 || !day_real((int)y, (int)m, (int)day))
    return val_null();
  return val_date(day_of((int)y, (int)m, (int)day));
}

static Val part(Val v, int which) {
  int p[3];
  if (v.t != V_DATE) return val_null();
  day_parts((Day)v.u.i, &p[0], &p[1], &p[2]);
  return val_int(p[which]);
}

static Val f_year(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return part(a[0], 0);
}

static Val f_month(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return part(a[0], 1);
}

static Val f_day(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return part(a[0], 2);
}

static Val f_weekday(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return val_int(day_weekday((Day)a[0].u.i));
}

static Val f_day_of_year(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  int y, m, d;
  day_parts((Day)a[0].u.i, &y, &m, &d);
  return val_int(a[0].u.i - day_of(y, 1, 1) + 1);
}

/* ISO 8601: the week of its Thursday. */
static Val f_week_of_year(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  Day d = (Day)a[0].u.i, thursday = d - (day_weekday(d) - 4);
  int y, m, day;
  day_parts(thursday, &y, &m, &day);
  return val_int((thursday - day_of(y, 1, 1)) / 7 + 1);
}

static Val f_last_day_of_month(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return val_date(month_start(day_month((Day)a[0].u.i) + 1) - 1);
}

static Val f_next_monday(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  Day d = (Day)a[0].u.i;
  return val_date(d + 8 - day_weekday(d));
}

static Val f_age(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return a[0].t == V_DATE ? val_int((int64_t)c->asof - a[0].u.i) : val_null();
}

/* Whole units of a duration. */
static Val f_years(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return a[0].t == V_MONTHS ? val_int(a[0].u.i / 12) : val_null();
}

static Val f_months(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return a[0].t == V_MONTHS ? val_int(a[0].u.i) : val_null();
}

static Val f_days(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Val d;
  if (!func_days(a[0], c->asof, &d, c->arena)) return val_null();
  return num_round(d, 0, NUM_DOWN, c->arena);
}

static Val f_hours(FuncCtx *c, const Val *a, int n) {
  (void)n;
  if (a[0].t != V_SECS) return val_null();
  return num_round(num_div(val_dec(a[0].u.i, a[0].e), val_int(3600), c->arena), 0, NUM_DOWN, c->arena);
}

const Func func_date[] = {
    {"date", "a?nn", "d", FN_ROW, false, 0, f_date, "date(year, month, day) | date('2026-11-01')",
     "A date; unknown when there is no such day."},
    {"year", "d", "n", FN_ROW, false, 0, f_year, "year(date) | date.year", "Its year."},
    {"month", "d", "n", FN_ROW, false, 0, f_month, "month(date) | date.month", "Its month, 1 to 12."},
    {"day", "d", "n", FN_ROW, false, 0, f_day, "day(date) | date.day", "Its day of the month."},
    {"weekday", "d", "n", FN_ROW, false, 0, f_weekday, "weekday(date) | date.weekday",
     "1 Monday to 7 Sunday."},
    {"day_of_year", "d", "n", FN_ROW, false, 0, f_day_of_year, "day_of_year(date)", "1 to 366."},
    {"week_of_year", "d", "n", FN_ROW, false, 0, f_week_of_year, "week_of_year(date)", "ISO week, 1 to 53."},
    {"last_day_of_month", "d", "d", FN_ROW, false, 0, f_last_day_of_month, "last_day_of_month(date)",
     "The month's last day."},
    {"next_monday", "d", "d", FN_ROW, false, 0, f_next_monday, "next_monday(date)", "The Monday after it."},
    {"age", "d", "n", FN_ROW, false, UNIT_DAYS, f_age, "age(date)",
     "Days from then to as-of; age alone is that of the row's own day."},
    {"years", "u", "n", FN_ROW, false, 0, f_years, "years(duration)", "Whole years."},
    {"months", "u", "n", FN_ROW, false, 0, f_months, "months(duration)", "Whole months."},
    {"days", "u", "n", FN_ROW, false, UNIT_DAYS, f_days, "days(duration)",
     "Whole days; months are counted back from as-of."},
    {"hours", "u", "n", FN_ROW, false, 0, f_hours, "hours(duration)", "Whole hours."},
};
const size_t func_date_n = sizeof func_date / sizeof *func_date;
