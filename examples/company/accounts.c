#include "company.h"

static const char *service_level(int tier) {
  static const char *const level[] = {"green", "priority", "standard", "standard", NULL};
  return level[tier];
}

static double clip(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

void write_accounts(const Company *c) {
  Csv *f = csv_open(c->o.out, "accounts",
                    "code,name,status,tier,industry,region,city,address,latitude,longitude,parent,service_level,"
                    "credit_limit,credit_days,headcount,influence_rating,growth_potential,reference,since,file_updated,visit_minutes");
  static const char *const road[] = {"工业大道", "创新路", "滨江路", "科技一路", "迎宾大道", "开发区三街"};
  static const int days[] = {0, 30, 45, 60, 90};
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_MARKET, (uint64_t)i);
    char address[NAME_SIZE];
    const char *street = road[rng_below(&r, 6)]; /* one draw an expression: C fixes no order of arguments */
    snprintf(address, sizeof address, "%s%s%d号", city_table[a->city].name, street, rng_int(&r, 1, 900));
    csv_account(f, c, i);
    csv_text(f, a->name);
    csv_text(f, a->status);
    csv_text(f, company_tier(a));
    csv_text(f, industry_table[a->industry].name);
    csv_text(f, region_name[a->region]);
    csv_text(f, city_table[a->city].name);
    csv_text(f, address);
    csv_decimal(f, (int64_t)(a->latitude * 10000 + 0.5), 4);
    csv_decimal(f, (int64_t)(a->longitude * 10000 + 0.5), 4);
    csv_account(f, c, a->parent);
    csv_text(f, service_level(a->tier));
    csv_money(f, (int64_t)(a->size / 4 / 10000 + 1) * 1000000);
    csv_int(f, days[rng_below(&r, 5)]);
    if (rng_chance(&r, 0.15)) csv_empty(f); /* nobody has asked */
    else csv_int(f, (int64_t)(20 + a->size / 8000 * rng_between(&r, 0.3, 2)));
    if (a->tier == TIER_D || a->tier == TIER_NONE) csv_empty(f);
    else csv_int(f, (int64_t)clip(4.4 - a->tier + 0.8 * rng_normal(&r), 1, 5));
    if (a->tier == TIER_NONE) csv_empty(f);
    else csv_int(f, (int64_t)clip(50 + (a->course == GROWING ? 20 : 0) + 18 * rng_normal(&r), 0, 100));
    csv_bool(f, a->tier <= TIER_B && rng_chance(&r, 0.25));
    if (a->course == SILENT) csv_empty(f);
    else if (a->course == NEWCOMER) csv_day(f, month_start(day_month(c->o.from) + a->turn) - rng_below(&r, 40));
    else csv_day(f, c->o.from - rng_below(&r, 3000));
    csv_day(f, c->o.until - rng_below(&r, a->tier <= TIER_B ? 60 : 400));
    if (a->tier == TIER_A && rng_chance(&r, 0.15)) csv_int(f, 90);
    else csv_empty(f);
    csv_end(f);
  }
  csv_close(f);
}

/* Hours, visits a day, where the day begins and ends; nothing for those who make no visits. Directors fly. */
static void day_of_visits(Csv *f, const Company *c, int staff) {
  const Staff *s = &c->staff[staff];
  Rng r = company_rng(c, OF_VISITING, (uint64_t)staff);
  if (s->home == NOBODY) {
    for (int i = 0; i < 8; i++) csv_empty(f);
    return;
  }
  bool early = rng_chance(&r, 0.2), director = s->region == NOBODY, part_time = rng_chance(&r, 0.05);
  csv_text(f, director ? "08:00" : early ? "08:00" : NULL);
  csv_text(f, director ? "20:00" : early ? "17:00" : NULL);
  if (!director && rng_chance(&r, 0.2)) csv_int(f, rng_chance(&r, 0.5) ? 5 : 6);
  else csv_empty(f);
  csv_text(f, part_time && !director ? "Wed" : NULL);
  double north = city_table[s->home].latitude + rng_between(&r, -0.05, 0.05);
  double east = city_table[s->home].longitude + rng_between(&r, -0.05, 0.05);
  csv_decimal(f, (int64_t)(north * 10000 + 0.5), 4);
  csv_decimal(f, (int64_t)(east * 10000 + 0.5), 4);
  if (rng_chance(&r, 0.1)) { /* leaves from home, comes back to the office */
    csv_decimal(f, (int64_t)(city_table[s->home].latitude * 10000 + 0.5), 4);
    csv_decimal(f, (int64_t)(city_table[s->home].longitude * 10000 + 0.5), 4);
  } else {
    csv_empty(f);
    csv_empty(f);
  }
}

void write_staff(const Company *c) {
  Csv *f = csv_open(c->o.out, "staff",
                    "code,name,login,level,grade,role,region,department,manager,active,work_from,work_to,visits_a_day,"
                    "weekdays_off,start_latitude,start_longitude,end_latitude,end_longitude");
  for (int i = 0; i < c->nstaff; i++) {
    const Staff *s = &c->staff[i];
    csv_staff(f, c, i);
    csv_text(f, s->name);
    csv_code(f, "s", i + 1, 3);
    csv_text(f, s->level);
    csv_text(f, s->grade);
    csv_text(f, s->role);
    csv_text(f, s->region == NOBODY ? NULL : region_name[s->region]);
    csv_text(f, s->department);
    csv_staff(f, c, s->superior);
    csv_bool(f, s->active);
    day_of_visits(f, c, i);
    csv_end(f);
  }
  csv_close(f);
}

static void assign(Csv *f, const Company *c, int account, int staff, const char *role, Day from, Day to) {
  csv_account(f, c, account);
  csv_staff(f, c, staff);
  csv_text(f, role);
  csv_day(f, from);
  csv_day(f, to);
  csv_end(f);
}

void write_assignments(const Company *c) {
  Csv *f = csv_open(c->o.out, "assignments", "account,staff,role,from_day,to_day");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_OWNER, (uint64_t)i);
    if (a->former != NOBODY) assign(f, c, i, a->former, "owner", c->o.from, a->handover);
    if (a->owner != NOBODY)
      assign(f, c, i, a->owner, "owner", a->former != NOBODY ? a->handover : c->o.from, DAY_NONE);
    int deputy = c->first_manager + rng_below(&r, c->o.managers);
    if (a->tier == TIER_A && rng_chance(&r, 0.7) && deputy != a->owner)
      assign(f, c, i, deputy, "deputy", c->o.from, DAY_NONE);
    if (a->tier == TIER_A) assign(f, c, i, 1, "executive", c->o.from, DAY_NONE);
  }
  csv_close(f);
}
