#include "company.h"

static void csv_partner(Csv *f, int partner) { csv_code(f, "P", partner + 1, 3); }

/* A partner sells in its own region and perhaps one more, two or three lines. */
static void write_partners(const Company *c) {
  Csv *f = csv_open(c->o.out, "partners", "code,name,region,regions,lines,active");
  for (int i = 0; i < c->o.partners; i++) {
    Rng r = company_rng(c, OF_PARTNER, (uint64_t)i);
    char name[NAME_SIZE], text[NAME_SIZE];
    int home = city_table[name_city(&r)].region, more = rng_below(&r, REGIONS), line = rng_below(&r, LINES);
    name_partner(name, c->o.seed, i);
    csv_partner(f, i);
    csv_text(f, name);
    csv_text(f, region_name[home]);
    snprintf(text, sizeof text, more == home ? "%s" : "%s, %s", region_name[home], region_name[more]);
    csv_text(f, text);
    snprintf(text, sizeof text, "%s, %s", line_table[line].name, line_table[(line + 2) % LINES].name);
    csv_text(f, text);
    csv_bool(f, rng_chance(&r, 0.94));
    csv_end(f);
  }
  csv_close(f);
}

static void write_registrations(const Company *c) {
  Csv *f = csv_open(c->o.out, "registrations", "partner,account,product_line,registered,expires,last_action,status");
  for (int i = 0; i < c->o.partners; i++) {
    Rng r = company_rng(c, OF_PARTNER, (uint64_t)i | ((uint64_t)1 << 40));
    int n = rng_int(&r, 1, 6);
    for (int k = 0; k < n; k++) {
      Day registered = c->o.until - rng_below(&r, 500), expires = registered + 180;
      csv_partner(f, i);
      csv_account(f, c, rng_below(&r, c->o.accounts));
      csv_text(f, line_table[rng_below(&r, LINES)].name);
      csv_day(f, registered);
      csv_day(f, expires);
      csv_day(f, registered + rng_below(&r, c->o.until - registered + 1));
      csv_text(f, expires <= c->o.until ? "expired" : rng_chance(&r, 0.95) ? "active" : "released");
      csv_end(f);
    }
  }
  csv_close(f);
}

static const char *const rival[] = {"甲公司", "乙公司", "丙公司", "外资品牌丁", "本地厂戊"};

static void write_competitors(const Company *c) {
  Csv *f = csv_open(c->o.out, "competitors", "account,name,product_line,share,day,text");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_MARKET, (uint64_t)i | ((uint64_t)1 << 40));
    int n = a->tier <= TIER_B ? rng_below(&r, 4) : a->tier == TIER_C ? rng_below(&r, 2) : 0;
    for (int k = 0; k < n; k++) {
      csv_account(f, c, i);
      csv_text(f, rival[(i + k) % 5]);
      csv_text(f, line_table[rng_below(&r, LINES)].name);
      if (rng_chance(&r, 0.6)) csv_percent(f, (double)rng_int(&r, 1, 12) * 0.05);
      else csv_empty(f);
      csv_day(f, company_some_day(c, a, &r));
      csv_empty(f);
      csv_end(f);
    }
  }
  csv_close(f);
}

/* The budget is what we sell them and more; known for the large, rarely for the small. */
static void write_wallet(const Company *c) {
  static const char *const source[] = {"客户年报", "采购访谈", "估计"};
  Csv *f = csv_open(c->o.out, "wallet", "account,day,category_spend,product_line,source");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_MARKET, (uint64_t)i | ((uint64_t)1 << 41));
    if (!rng_chance(&r, a->tier <= TIER_B ? 0.7 : a->tier == TIER_C ? 0.2 : 0.02)) continue;
    double ours = rng_between(&r, 0.1, 0.9), budget = a->size / ours;
    for (int year = 0; year < c->o.years; year++) {
      csv_account(f, c, i);
      csv_day(f, company_workday(day_add_months(c->o.from, 12 * year) + rng_below(&r, 60), c->o.from, c->o.until));
      csv_money(f, (int64_t)(budget / 1000) * 100000);
      csv_empty(f);
      csv_text(f, source[rng_below(&r, 3)]);
      csv_end(f);
      budget *= 1 + 0.06 * rng_normal(&r);
    }
  }
  csv_close(f);
}

static void write_losses(const Company *c) {
  static const char *const cause[] = {"price", "technology", "service", "policy", "relations", "quality", "complaints",
                                      "growth", "other"};
  static const int often[] = {28, 10, 14, 4, 12, 12, 12, 4, 4};
  Csv *f = csv_open(c->o.out, "losses", "account,day,cause,competitor,amount,text");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_MARKET, (uint64_t)i | ((uint64_t)1 << 42));
    if (a->course != LOST || rng_chance(&r, 0.25)) continue; /* a quarter was never reviewed */
    Day day = month_start(day_month(c->o.from) + a->turn + 3) + rng_below(&r, 28);
    csv_account(f, c, i);
    csv_day(f, day > c->o.until ? c->o.until : day);
    csv_text(f, cause[rng_pick(&r, often, 9)]);
    csv_text(f, rng_chance(&r, 0.6) ? rival[rng_below(&r, 5)] : NULL);
    csv_money(f, (int64_t)a->size * 100);
    csv_empty(f);
    csv_end(f);
  }
  csv_close(f);
}

static void write_events(const Company *c) {
  static const char *const name[] = {"大客户俱乐部年会", "新品演示", "维护培训班"};
  static const char *const kind[] = {"club", "demonstration", "training"};
  Csv *f = csv_open(c->o.out, "events", "account,contact,name,day,kind,attended");
  for (int year = 0; year < c->o.years; year++)
    for (int e = 0; e < 3; e++) {
      Day day = company_workday(day_add_months(c->o.from, 12 * year + 4 * e + 1) + 9, c->o.from, c->o.until);
      for (int i = 0; i < c->o.accounts; i++) {
        const Account *a = &c->account[i];
        Rng r = company_rng(c, OF_MARKET, (uint64_t)(year * 3 + e) << 44 | (uint64_t)i | ((uint64_t)1 << 43));
        if (a->tier > TIER_B || a->contacts == 0 || !rng_chance(&r, 0.4)) continue;
        csv_account(f, c, i);
        csv_contact(f, c, i, rng_below(&r, a->contacts));
        csv_text(f, name[e]);
        csv_day(f, day);
        csv_text(f, kind[e]);
        csv_bool(f, rng_chance(&r, 0.65));
        csv_end(f);
      }
    }
  csv_close(f);
}

void write_market(const Company *c) {
  write_partners(c);
  write_registrations(c);
  write_competitors(c);
  write_wallet(c);
  write_losses(c);
  write_events(c);
}
