#include <math.h> /* sqrt alone: exact everywhere */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "company.h"

Rng company_rng(const Company *c, enum Stream subject, uint64_t index) {
  return rng_stream(c->o.seed, (uint64_t)subject, index);
}

const char *company_tier(const Account *a) {
  static const char *const name[] = {"A", "B", "C", "D", NULL};
  return name[a->tier];
}

double company_demand(const Company *c, const Account *a, int month) {
  int calendar = (day_month(c->o.from) + month) % 12;
  double season = industry_table[a->industry].season[calendar], since = month - a->turn;
  switch (a->course) {
    case STEADY: return season;
    case GROWING: return season * rng_exp(a->rate * (month - c->months / 2.0));
    case FADING: return since < 0 ? season : season * rng_exp(-a->rate * since);
    case LOST: return since < 0 ? season : since < 3 ? season * (0.6 - 0.2 * since) : 0;
    case NEWCOMER: return since < 0 ? 0 : season * (since < 3 ? 0.5 : 1);
    case OCCASIONAL: return (month + a->turn) % 11 == 0 ? 3 : 0;
    case SILENT: return 0;
  }
  return 0;
}

int company_owner_on(const Account *a, Day d) {
  return a->former != NOBODY && d < a->handover ? a->former : a->owner;
}

Day company_workday(Day d, Day from, Day until) {
  int weekday = day_weekday(d);
  if (weekday > 5) d += 8 - weekday;
  while (d > until || day_weekday(d) > 5) d--;
  return d < from ? from : d;
}

Day company_some_day(const Company *c, const Account *a, Rng *r) {
  Day first = c->o.from, last = c->o.until;
  if (a->course == NEWCOMER) first = month_start(day_month(first) + a->turn) - 45;
  if (a->course == LOST) last = month_start(day_month(first) + a->turn + 3);
  if (last > c->o.until) last = c->o.until;
  if (first < c->o.from) first = c->o.from;
  return company_workday(first + rng_below(r, last - first + 1), c->o.from, c->o.until);
}

void csv_account(Csv *f, const Company *c, int account) {
  if (account == NOBODY) csv_empty(f);
  else csv_code(f, "C", account + 1, c->width);
}

void csv_staff(Csv *f, const Company *c, int staff) {
  (void)c;
  if (staff == NOBODY) csv_empty(f);
  else csv_code(f, "S", staff + 1, 3);
}

/* --- staff: one executive, directors, a head per region, managers, engineers, back office --- */

static int region_of_share(double share) {
  static const double upto[REGIONS] = {0.36, 0.56, 0.70, 0.82, 0.91, 0.95, 1};
  int r = 0;
  while (r < REGIONS - 1 && share >= upto[r]) r++;
  return r;
}

static Staff *hire(Company *c, const char *level, const char *grade, const char *role, const char *department,
                   int region, int superior) {
  Rng r = company_rng(c, OF_STAFF, (uint64_t)c->nstaff);
  Staff *s = &c->staff[c->nstaff++];
  *s = (Staff){.level = level, .grade = grade, .role = role, .department = department, .region = region,
               .superior = superior, .home = NOBODY, .active = true};
  name_person(s->name, &r);
  return s;
}

/* The city that the k-th of n people of a region lives in: as many in each as it weighs. */
static int home_city(int region, int k, int n) {
  int total = 0, at = 0;
  for (int i = 0; i < city_count; i++) total += city_table[i].region == region ? city_table[i].weight : 0;
  int want = (int)((k + 0.5) / n * total);
  for (int i = 0; i < city_count; i++) {
    if (city_table[i].region != region) continue;
    at += city_table[i].weight;
    if (want < at) return i;
  }
  return 0;
}

static void settle(Company *c, int first, int n) {
  for (int i = 0, end; i < n; i = end) {
    for (end = i; end < n && c->staff[first + end].region == c->staff[first + i].region;) end++;
    for (int k = i; k < end; k++) c->staff[first + k].home = home_city(c->staff[first + i].region, k - i, end - i);
  }
}

static void build_staff(Company *c) {
  int directors = 1 + c->o.managers / 100, engineers = 2 + c->o.managers / 6;
  c->staff = mem_zalloc((size_t)(1 + directors + REGIONS + c->o.managers + 2 * engineers), sizeof *c->staff);
  hire(c, "总部", "executive", "management", "总经办", NOBODY, NOBODY);
  for (int i = 0; i < directors; i++) hire(c, "总部", "director", "management", "大客户部", NOBODY, 0);
  int heads = c->nstaff;
  for (int i = 0; i < REGIONS; i++) hire(c, "省", "head", "management", "大客户部", i, 1 + i % directors);
  c->first_manager = c->nstaff;
  for (int i = 0; i < c->o.managers; i++) {
    int region = region_of_share((i + 0.5) / c->o.managers);
    hire(c, i % 5 == 0 ? "地市" : "客户经理", "manager", "manager", "大客户部", region, heads + region);
  }
  settle(c, heads, REGIONS);
  settle(c, c->first_manager, c->o.managers);
  for (int i = 0; i < heads; i++) c->staff[i].home = 0;
  if (c->o.managers > 20) c->staff[c->first_manager + c->o.managers - 3].active = false; /* a leaver */
  for (int i = 0; i < engineers; i++) {
    int region = region_of_share((i + 0.5) / engineers);
    hire(c, "客户经理", "assistant", "engineer", "技术服务部", region, heads + region);
  }
  for (int i = 0; i < engineers; i++) hire(c, "客户经理", "assistant", "back office", "商务部", NOBODY, 1);
}

static double apart(int city, int other) {
  double north = city_table[city].latitude - city_table[other].latitude, east = city_table[city].longitude - city_table[other].longitude;
  return north * north + 0.7 * east * east;
}

/* One of those of the region who live nearest to the city. */
static int some_manager(const Company *c, int region, int city, Rng *r) {
  int near[64], count = 0;
  for (int pass = 0; pass < 2; pass++) {
    double least = 1e9;
    for (int i = 0; i < c->o.managers; i++) {
      const Staff *s = &c->staff[c->first_manager + i];
      if (s->region == region && apart(city, s->home) < least) least = apart(city, s->home);
    }
    count = 0;
    for (int i = 0; i < c->o.managers && count < 64; i++) {
      const Staff *s = &c->staff[c->first_manager + i];
      if (s->region == region && apart(city, s->home) <= least && (s->active || pass)) near[count++] = c->first_manager + i;
    }
    if (count) break;
  }
  if (count == 0) return c->first_manager + rng_below(r, c->o.managers);
  return near[rng_below(r, count)];
}

/* --- accounts --- */

static void take_course(const Company *c, Account *a, Rng *r) {
  static const int weight[] = {45, 20, 15, 7, 7, 4, 2};
  int last = c->months;
  a->course = (Course)rng_pick(r, weight, 7);
  a->status = "active";
  switch (a->course) {
    case GROWING: a->rate = rng_between(r, 0.008, 0.038); break;
    case FADING:
      a->rate = rng_between(r, 0.02, 0.10);
      a->turn = last - rng_int(r, 6, 24 < last ? 24 : last);
      break;
    case LOST:
      a->turn = last - rng_int(r, 4, 26 < last ? 26 : last);
      if (rng_chance(r, 0.5)) a->status = rng_chance(r, 0.8) ? "closed" : "suspended";
      break;
    case NEWCOMER: a->turn = last - rng_int(r, 2, 13 < last ? 13 : last); break;
    case OCCASIONAL: a->turn = rng_below(r, 11); break;
    case SILENT: a->status = rng_chance(r, 0.6) ? "prospect" : "active"; break;
    case STEADY: break;
  }
}

/* Four kinds of margin: ordinary, hard bargainers, those sold below what they cost, and the good ones. */
static double wanted_margin(Rng *r) {
  static const int weight[] = {56, 20, 5, 19};
  static const double mean[] = {0.18, 0.09, 0.0, 0.255}, spread[] = {0.045, 0.03, 0.04, 0.035};
  int kind = rng_pick(r, weight, 4);
  return mean[kind] + spread[kind] * rng_normal(r);
}

static void choose_assortment(const Company *c, Account *a, Rng *r) {
  double line_value = a->lines > 0 ? a->revenue / (double)a->lines : 0;
  int want = rng_int(r, 3, ASSORTMENT), cheapest = 0;
  for (int p = 1; p < PRODUCTS; p++)
    if (c->product[p].price[0] < c->product[cheapest].price[0]) cheapest = p;
  a->nassortment = 0;
  for (int tries = 0; tries < 60 && a->nassortment < want; tries++) {
    int p = rng_below(r, PRODUCTS);
    if ((double)c->product[p].price[0] / 100 < line_value && c->product[p].active)
      a->assortment[a->nassortment++] = (uint8_t)p;
  }
  if (a->nassortment == 0) a->assortment[a->nassortment++] = (uint8_t)cheapest;
}

static void build_account(Company *c, int i, int count[INDUSTRIES]) {
  Account *a = &c->account[i];
  Rng r = company_rng(c, OF_ACCOUNT, (uint64_t)i);
  int weight[INDUSTRIES];
  for (int k = 0; k < INDUSTRIES; k++) weight[k] = industry_table[k].weight;
  a->industry = rng_pick(&r, weight, INDUSTRIES);
  a->city = name_city(&r);
  a->region = city_table[a->city].region;
  a->latitude = city_table[a->city].latitude + rng_between(&r, -0.18, 0.18);
  a->longitude = city_table[a->city].longitude + rng_between(&r, -0.22, 0.22);
  name_company(a->name, c->o.seed, a->industry, count[a->industry]++);
  a->parent = NOBODY;
  double z = rng_normal(&r);
  a->size = 180000 * rng_exp(1.42 * z);
  double margin = wanted_margin(&r) - 0.008 * z;
  a->discount = 1 - 0.665 / (1 - margin);
  if (a->discount < 0) a->discount = 0;
  a->service = rng_exp(0.75 * rng_normal(&r) - 3.7);
  if (a->service > 0.3) a->service = 0.3;
  take_course(c, a, &r);
  double months = 0;
  for (int t = 0; t < c->months; t++) months += company_demand(c, a, t);
  a->revenue = a->size / 12 * months;
  a->owner = rng_chance(&r, 0.985) ? some_manager(c, a->region, a->city, &r) : NOBODY;
  a->former = NOBODY;
  if (a->owner != NOBODY && rng_chance(&r, 0.12)) {
    int other = some_manager(c, a->region, a->city, &r);
    if (other != a->owner) a->former = other;
    a->handover = month_start(day_month(c->o.from) + rng_int(&r, 1, c->months > 1 ? c->months - 1 : 1));
  }
}

/* Every 40th large account heads a group; the small ones after it that share its fate join. */
static void build_groups(Company *c) {
  int head = NOBODY, members = 0, groups = 0;
  char stem[24] = "";
  for (int i = 0; i < c->o.accounts; i++) {
    Account *a = &c->account[i];
    if (i % 40 == 7 && a->size > 150000) {
      head = i;
      members = 0;
      name_group(a->name, c->o.seed, groups++);
      snprintf(stem, sizeof stem, "%.*s", (int)(strlen(a->name) - strlen("集团")), a->name);
    } else if (head != NOBODY && members < 6 && a->industry == c->account[head].industry) {
      a->parent = head;
      snprintf(a->name, sizeof a->name, "%s%s%s", stem, city_table[a->city].name,
               industry_table[a->industry].words[++members % 4]);
    }
  }
}

/* Lines go with the root of revenue; exactly o.lines in all. */
static void share_lines(Company *c) {
  double total = 0, run = 0;
  long given = 0;
  for (int i = 0; i < c->o.accounts; i++) total += sqrt(c->account[i].revenue);
  for (int i = 0; i < c->o.accounts; i++) {
    Account *a = &c->account[i];
    run += sqrt(a->revenue);
    long upto = total > 0 ? (long)((double)c->o.lines * (run / total) + 0.5) : 0;
    a->lines = upto - given;
    given = upto;
  }
}

typedef struct Ranked { double size; int account; } Ranked;
static int larger_first(const void *x, const void *y) {
  const Ranked *a = x, *b = y;
  if (a->size != b->size) return a->size > b->size ? -1 : 1;
  return a->account - b->account;
}

/* Tiers as people set them: mostly by size, partly by habit, a few never. */
static void set_tiers(Company *c) {
  int n = c->o.accounts;
  Ranked *rank = mem_zalloc((size_t)n, sizeof *rank);
  for (int i = 0; i < n; i++) {
    Rng r = company_rng(c, OF_ACCOUNT, (uint64_t)i + ((uint64_t)1 << 40));
    rank[i] = (Ranked){c->account[i].size * rng_exp(0.5 * rng_normal(&r)), i};
  }
  qsort(rank, (size_t)n, sizeof *rank, larger_first);
  for (int i = 0; i < n; i++) {
    Account *a = &c->account[rank[i].account];
    double share = (i + 0.5) / n;
    a->tier = share < 0.05 ? TIER_A : share < 0.20 ? TIER_B : share < 0.58 ? TIER_C : TIER_D;
    if (share > 0.3 && rank[i].account % 31 == 0) a->tier = TIER_NONE;
  }
  mem_free(rank);
}

static void count_contacts(const Company *c) {
  static const int low[] = {4, 3, 1, 1, 0}, high[] = {CONTACTS_MAX, 6, 4, 2, 1};
  for (int i = 0; i < c->o.accounts; i++) {
    Account *a = &c->account[i];
    Rng r = company_rng(c, OF_CONTACT, (uint64_t)i);
    a->contacts = rng_int(&r, low[a->tier], high[a->tier]);
    if (a->tier == TIER_D && rng_chance(&r, 0.06)) a->contacts = 0;
    for (int k = 0; k < CONTACTS_MAX; k++) a->met[k] = DAY_NONE;
  }
}

Company *company_build(Options o) {
  Company *c = mem_zalloc(1, sizeof *c);
  int count[INDUSTRIES] = {0}, month, day;
  c->o = o;
  c->months = o.years * 12;
  c->width = o.accounts > 9999 ? 5 : 4;
  day_parts(o.from, &c->first_year, &month, &day);
  c->first_year--;
  company_products(c);
  build_staff(c);
  c->account = mem_zalloc((size_t)o.accounts, sizeof *c->account);
  for (int i = 0; i < o.accounts; i++) build_account(c, i, count);
  build_groups(c);
  share_lines(c);
  set_tiers(c);
  count_contacts(c);
  for (int i = 0; i < o.accounts; i++) {
    Rng r = company_rng(c, OF_PRODUCT, (uint64_t)i + PRODUCTS);
    choose_assortment(c, &c->account[i], &r);
  }
  return c;
}

void company_free(Company *c) {
  mem_free(c->account);
  mem_free(c->staff);
  mem_free(c);
}
