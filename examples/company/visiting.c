#include "company.h"

/* Public holidays of 2026 with their make-up days, as the State Council announced them, and one day of 2027. */
static const struct { const char *from, *to; bool works; const char *name; } calendar[] = {
  {"2026-01-01", "2026-01-03", false, "元旦"},   {"2026-01-04", NULL, true, "元旦调休"},
  {"2026-02-14", NULL, true, "春节调休"},         {"2026-02-15", "2026-02-23", false, "春节"},
  {"2026-02-28", NULL, true, "春节调休"},         {"2026-04-04", "2026-04-06", false, "清明节"},
  {"2026-05-01", "2026-05-05", false, "劳动节"}, {"2026-05-09", NULL, true, "劳动节调休"},
  {"2026-06-19", "2026-06-21", false, "端午节"}, {"2026-09-20", NULL, true, "国庆节调休"},
  {"2026-09-25", "2026-09-27", false, "中秋节"}, {"2026-10-01", "2026-10-07", false, "国庆节"},
  {"2026-10-10", NULL, true, "国庆节调休"},       {"2027-01-01", NULL, false, "元旦"},
};

static void write_calendar(const Company *c) {
  Csv *f = csv_open(c->o.out, "calendar", "day,works,name");
  for (size_t i = 0; i < sizeof calendar / sizeof *calendar; i++) {
    Day from, to;
    if (!day_parse(str_of(calendar[i].from), &from)) continue;
    if (!calendar[i].to || !day_parse(str_of(calendar[i].to), &to)) to = from;
    for (Day d = from; d <= to; d++) {
      csv_day(f, d);
      csv_bool(f, calendar[i].works);
      csv_text(f, calendar[i].name);
      csv_end(f);
    }
  }
  csv_close(f);
}

/* One region is off on a Thursday two weeks on, and makes up for it on the Saturday. */
static void write_holidays(const Company *c) {
  Csv *f = csv_open(c->o.out, "holidays", "region,day,works,name");
  Day thursday = c->o.until + 8;
  while (day_weekday(thursday) != 4) thursday++;
  for (int i = 0; i < 2; i++) {
    csv_text(f, region_name[4]);
    csv_day(f, thursday + 2 * i);
    csv_bool(f, i == 1);
    csv_text(f, i ? "区域公司日调休" : "区域公司日");
    csv_end(f);
  }
  csv_close(f);
}

/* A manager's days off: from `from` on until before `to`; false: none. */
static bool absence(const Company *c, int staff, Day *from, Day *to, Rng *r) {
  *r = company_rng(c, OF_VISITING, (uint64_t)staff | ((uint64_t)1 << 40));
  if (staff < c->first_manager || staff >= c->first_manager + c->o.managers || !rng_chance(r, 0.35)) return false;
  *from = company_workday(c->o.until + rng_int(r, 2, 40), c->o.until, c->o.until + 60);
  *to = *from + rng_int(r, 1, 5);
  return true;
}

bool company_absent(const Company *c, int staff, Day day) {
  Rng r;
  Day from, to;
  return absence(c, staff, &from, &to, &r) && day >= from && day < to;
}

static void write_absences(const Company *c) {
  static const char *const reason[] = {"年假", "培训", "展会"};
  Csv *f = csv_open(c->o.out, "absences", "staff,from_day,to_day,reason");
  for (int i = 0; i < c->nstaff; i++) {
    Rng r;
    Day from, to;
    if (!absence(c, i, &from, &to, &r)) continue;
    csv_staff(f, c, i);
    csv_day(f, from);
    csv_day(f, to);
    csv_text(f, reason[rng_below(&r, 3)]);
    csv_end(f);
  }
  csv_close(f);
}

/* Days on which an account takes no visits. */
static bool closure(const Company *c, int account, Day *from, Day *to, Rng *r) {
  *r = company_rng(c, OF_VISITING, (uint64_t)account | ((uint64_t)1 << 42));
  if (!rng_chance(r, 0.06)) return false;
  *from = c->o.until + rng_int(r, 1, 30);
  *to = *from + rng_int(r, 1, 7);
  return true;
}

bool company_closed(const Company *c, int account, Day day) {
  Rng r;
  Day from, to;
  return closure(c, account, &from, &to, &r) && day >= from && day < to;
}

static void opening(Csv *f, const Company *c, int account, const char *weekday, const char *opens, const char *closes) {
  csv_account(f, c, account);
  csv_text(f, weekday);
  csv_text(f, opens);
  csv_text(f, closes);
  csv_end(f);
}

static void write_openings(const Company *c) {
  static const char *const weekday[] = {"Mon", "Tue", "Wed", "Thu", "Fri"};
  Csv *f = csv_open(c->o.out, "openings", "account,weekday,opens,closes");
  for (int i = 0; i < c->o.accounts; i++) {
    Rng r = company_rng(c, OF_VISITING, (uint64_t)i | ((uint64_t)1 << 41));
    double how = rng_unit(&r);
    if (how < 0.70) continue;
    for (int k = how < 0.92 ? 0 : 1; k < (how < 0.92 ? 5 : 4); k++) {
      if (how < 0.92) {
        opening(f, c, i, weekday[k], "09:00", "11:30");
        opening(f, c, i, weekday[k], "13:30", "17:00");
      } else {
        opening(f, c, i, weekday[k], "09:30", "16:00"); /* Tuesday to Thursday */
      }
    }
  }
  csv_close(f);
}

static void write_no_visits(const Company *c) {
  static const char *const reason[] = {"盘点", "设备检修", "审计"};
  Csv *f = csv_open(c->o.out, "no_visits", "account,from_day,to_day,reason");
  for (int i = 0; i < c->o.accounts; i++) {
    Rng r;
    Day from, to;
    if (!closure(c, i, &from, &to, &r)) continue;
    csv_account(f, c, i);
    csv_day(f, from);
    csv_day(f, to);
    csv_text(f, reason[rng_below(&r, 3)]);
    csv_end(f);
  }
  csv_close(f);
}

static void way(Csv *f, const Company *c, int staff, int account, int minutes, bool back) {
  for (int i = 0; i < 2; i++) {
    if ((i == 0) != back) csv_staff(f, c, staff);
    else csv_account(f, c, account);
  }
  csv_int(f, minutes);
  csv_end(f);
}

/* Directors fly to the largest accounts: two and a half hours from door to door, and longer the farther it is. */
static void write_travels(const Company *c) {
  Csv *f = csv_open(c->o.out, "travels", "origin,destination,minutes");
  for (int s = 0; s < c->first_manager; s++) {
    const Staff *who = &c->staff[s];
    if (who->region != NOBODY || s == 0) continue;
    for (int i = 0; i < c->o.accounts; i++) {
      const Account *a = &c->account[i];
      double north = a->latitude - city_table[who->home].latitude, east = a->longitude - city_table[who->home].longitude;
      if (a->tier != TIER_A || north * north + east * east < 4) continue;
      int minutes = 150 + (int)(4 * ((north < 0 ? -north : north) + (east < 0 ? -east : east)));
      way(f, c, s, i, minutes, false);
      way(f, c, s, i, minutes, true);
    }
  }
  csv_close(f);
}

void write_visiting(const Company *c) {
  write_calendar(c);
  write_holidays(c);
  write_absences(c);
  write_openings(c);
  write_no_visits(c);
  write_travels(c);
}
