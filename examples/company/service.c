#include "company.h"

/* What serving the account costs a year, in yuan, and how that is spent: part on
 * visits, part on calls, training and engineers. */
static double yearly_service(const Account *a) { return a->size * (a->service + 0.004); }

static int visits_a_year(const Account *a) {
  static const int usual[] = {20, 9, 3, 1, 0};
  double affordable = yearly_service(a) / 400;
  int n = usual[a->tier];
  return affordable < n ? (int)affordable : n;
}

/* Visits or the like over the whole time: fewer for who came late or left early. */
static int over_time(const Company *c, const Account *a, int each_year) {
  int months = a->course == NEWCOMER ? c->months - a->turn + 1 : a->course == LOST ? a->turn + 3 : c->months;
  return (each_year * (months < c->months ? months : c->months) + 11) / 12;
}

static int64_t spend(double yuan, Rng *r) {
  double noise = 1 + 0.35 * rng_normal(r);
  return (int64_t)(yuan * (noise > 0.2 ? noise : 0.2)) * 100;
}

static bool served(const Account *a) { return a->course != SILENT || a->tier <= TIER_C; }

static void write_visit(Csv *f, Company *c, int account, Day day, bool ahead, double yuan, Rng *r) {
  static const char *const finding[] = {"扩产计划待批", "对交期有意见", "竞品在试用", "预算下季度确定", "需要培训", NULL, NULL, NULL};
  static const int fate_weight[] = {92, 5, 3};
  static const char *const fates[] = {"done", "cancelled", "missed"};
  Account *a = &c->account[account];
  bool off = company_absent(c, company_owner_on(a, day), day) || company_closed(c, account, day);
  const char *status = ahead ? off ? fates[1] : "planned" : fates[rng_pick(r, fate_weight, 3)];
  bool done = status == fates[0], executive = a->tier == TIER_A && rng_chance(r, 0.12);
  int contact = a->contacts > 0 ? rng_below(r, a->contacts) : NOBODY, owner = company_owner_on(a, day);
  csv_account(f, c, account);
  csv_staff(f, c, executive ? 1 : owner);
  csv_contact(f, c, account, contact);
  csv_day(f, day);
  csv_day(f, rng_chance(r, 0.85) ? day : day - rng_int(r, 1, 5));
  csv_text(f, status);
  if (done) csv_int(f, rng_int(r, 2, 8) * 15);
  else csv_empty(f);
  csv_text(f, executive ? "executive" : "regular");
  if (done) csv_money(f, spend(yuan, r));
  else csv_empty(f);
  csv_text(f, done ? finding[rng_below(r, 8)] : NULL);
  csv_end(f);
  if (done && contact != NOBODY && day > a->met[contact]) a->met[contact] = day;
}

void write_visits(Company *c) {
  Csv *f = csv_open(c->o.out, "visits", "account,staff,contact,day,planned,status,minutes,kind,cost,findings");
  for (int i = 0; i < c->o.accounts; i++) {
    Account *a = &c->account[i];
    int each = visits_a_year(a), n = over_time(c, a, each);
    double yuan = each > 0 ? yearly_service(a) * 0.5 / each : 0;
    if (yuan > 4000) yuan = 4000;
    Rng r = company_rng(c, OF_VISIT, (uint64_t)i);
    for (int k = 0; k < n && served(a); k++) write_visit(f, c, i, company_some_day(c, a, &r), false, yuan, &r);
    if (a->tier <= TIER_B && a->owner != NOBODY && rng_chance(&r, 0.5))
      write_visit(f, c, i, company_workday(c->o.until + rng_int(&r, 1, 21), c->o.until, c->o.until + 25), true, 0, &r);
  }
  csv_close(f);
}

void write_activities(const Company *c) {
  static const char *const kind[] = {"call", "mail", "service", "training", "sample"};
  static const int weight[] = {40, 25, 22, 8, 5}, minutes[] = {15, 5, 180, 240, 45};
  Csv *f = csv_open(c->o.out, "activities", "account,staff,contact,day,kind,minutes,cost,text");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    int visits = visits_a_year(a), each = visits * 2 + 2, n = over_time(c, a, each);
    double left = yearly_service(a) - (visits > 0 ? yearly_service(a) * 0.5 : 0);
    Rng r = company_rng(c, OF_ACTIVITY, (uint64_t)i);
    for (int k = 0; k < n && served(a); k++) {
      Day day = company_some_day(c, a, &r);
      int what = rng_pick(&r, weight, 5);
      csv_account(f, c, i);
      csv_staff(f, c, company_owner_on(a, day));
      csv_contact(f, c, i, a->contacts > 0 ? rng_below(&r, a->contacts) : NOBODY);
      csv_day(f, day);
      csv_text(f, kind[what]);
      csv_int(f, minutes[what] * rng_int(&r, 1, 3));
      csv_money(f, spend(left / each, &r));
      csv_empty(f);
      csv_end(f);
    }
  }
  csv_close(f);
}

static bool unhappy(const Account *a) { return a->course == FADING || a->course == LOST; }

void write_complaints(const Company *c) {
  static const char *const kind[] = {"quality", "delivery", "service", "price"};
  static const char *const text[] = {"密封处渗漏", "交期晚了一周", "工程师响应慢", "账单与报价不符"};
  static const int often[] = {34, 38, 20, 8};
  Csv *f = csv_open(c->o.out, "complaints",
                    "code,account,contact,product,opened,due,closed,status,severity,kind,first_owner,owner,text");
  int number = 0;
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    static const int usual[] = {5, 3, 1, 1, 0};
    Rng r = company_rng(c, OF_COMPLAINT, (uint64_t)i);
    int n = a->course == SILENT ? 0 : rng_below(&r, usual[a->tier] + (unhappy(a) ? 3 : 1));
    for (int k = 0; k < n; k++) {
      Day opened = company_some_day(c, a, &r), due = opened + 10;
      int what = rng_pick(&r, often, 4), takes = rng_int(&r, 1, unhappy(a) ? 45 : 14);
      bool open = opened + takes > c->o.until;
      csv_code(f, "T", ++number, 5);
      csv_account(f, c, i);
      csv_contact(f, c, i, a->contacts > 0 ? rng_below(&r, a->contacts) : NOBODY);
      csv_text(f, c->product[a->assortment[rng_below(&r, a->nassortment)]].code);
      csv_day(f, opened);
      csv_day(f, due);
      csv_day(f, open ? DAY_NONE : opened + takes);
      csv_text(f, !open ? "closed" : rng_chance(&r, 0.1) ? "reopened" : "open");
      csv_text(f, rng_chance(&r, 0.15) ? "high" : rng_chance(&r, 0.7) ? "normal" : "low");
      csv_text(f, kind[what]);
      csv_staff(f, c, company_owner_on(a, opened));
      csv_staff(f, c, a->owner);
      csv_text(f, text[what]);
      csv_end(f);
    }
  }
  csv_close(f);
}

void write_surveys(const Company *c) {
  static const char *const kind[] = {"delivery", "service", "yearly"};
  Csv *f = csv_open(c->o.out, "surveys", "account,contact,day,score,kind,text");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_SURVEY, (uint64_t)i);
    for (int half = 0; half < 2 * c->o.years && a->course != SILENT && a->contacts > 0; half++) {
      if (!rng_chance(&r, a->tier <= TIER_B ? 0.7 : 0.25)) continue;
      /* One in three who leave are still polite about it. */
      double score = 4.0 - (unhappy(a) && i % 3 != 0 ? 0.9 : 0) + 0.7 * rng_normal(&r);
      csv_account(f, c, i);
      csv_contact(f, c, i, rng_below(&r, a->contacts));
      csv_day(f, company_some_day(c, a, &r));
      csv_int(f, score < 1 ? 1 : score > 5 ? 5 : (int)(score + 0.5));
      csv_text(f, kind[rng_below(&r, 3)]);
      csv_empty(f);
      csv_end(f);
    }
  }
  csv_close(f);
}
