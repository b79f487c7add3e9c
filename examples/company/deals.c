#include "company.h"

typedef struct Files {
  Csv *quotes, *lines, *offers, *concessions;
} Files;

/* Where a quote of this age stands. What was granted or won before the database began is past: a grant is the
 * database's own, held against its lines, which are imported after it. */
static const char *outcome(int age, Rng *r) {
  static const char *const done[] = {"past", "lost", "refused", "expired"};
  static const int weight[] = {56, 28, 8, 8};
  if (age < 12) return rng_chance(r, 0.75) ? "requested" : "engaging";
  if (age < 40 && rng_chance(r, 0.3)) return rng_chance(r, 0.5) ? "requested" : "prospecting";
  return done[rng_pick(r, weight, 4)];
}

static bool is(const char *a, const char *b) { return a[0] == b[0] && a[1] == b[1] && a[2] == b[2]; }

static void code(Csv *f, int number) { csv_code(f, "Q-", number, 5); }

static int64_t write_lines(const Files *out, const Company *c, const Account *a, int number, Day day, double depth,
                           int64_t *list_total, Rng *r) {
  int n = rng_int(r, 1, 4);
  int64_t net_total = 0;
  double worth = a->lines > 0 ? a->revenue / (double)a->lines * 300 : 500000;
  *list_total = 0;
  for (int k = 0; k < n; k++) {
    int p = a->assortment[rng_below(r, a->nassortment)];
    int64_t list = company_price(c, p, day), net = (int64_t)((double)list * (1 - depth) + 0.5);
    int64_t quantity = (int64_t)(worth / (double)list * rng_between(r, 0.5, 1.5)) + 1;
    code(out->lines, number);
    csv_int(out->lines, k + 1);
    csv_text(out->lines, c->product[p].code);
    csv_int(out->lines, quantity);
    csv_money(out->lines, list);
    csv_money(out->lines, net);
    csv_money(out->lines, company_cost(c, p, day));
    if (rng_chance(r, 0.06)) csv_empty(out->lines);
    else csv_money(out->lines, list * quantity / 100 + 2000);
    csv_end(out->lines);
    *list_total += list * quantity;
    net_total += net * quantity;
  }
  return net_total;
}

static void write_offer(Csv *f, const Company *c, int account, int number, Day made, Rng *r) {
  static const char *const kind[] = {"service", "training", "delivery", "stock", "price"};
  static const char *const text[] = {"指定工程师, 4 小时响应", "操作培训两天", "绿色通道一季度", "备货协议", "一次性折扣"};
  int what = rng_below(r, 5);
  csv_account(f, c, account);
  code(f, number);
  csv_text(f, kind[what]);
  csv_day(f, made);
  csv_text(f, text[what]);
  csv_end(f);
}

/* What an agreement gives off list price; the rest of an account's discount is asked for deal by deal. */
static double agreed(const Account *a) { return (double)(int)(a->discount * 100 / 3) / 100; }

static bool has_agreement(const Account *a, Rng *r) {
  return a->course != SILENT && rng_chance(r, a->tier == TIER_A ? 0.8 : a->tier == TIER_B ? 0.4 : 0.03);
}

/* What is asked for today: most within what somebody may grant, some beyond everybody, a few below cost; never less
 * than the agreement gives anyhow. */
static double requested_depth(const Company *c, int account, Rng *r) {
  static const int weight[] = {28, 32, 24, 12, 4};
  static const double from[] = {0.005, 0.03, 0.08, 0.14, 0.38}, upto[] = {0.02, 0.08, 0.14, 0.24, 0.46};
  const Account *a = &c->account[account];
  Rng signs = company_rng(c, OF_AGREEMENT, (uint64_t)account);
  int kind = rng_pick(r, weight, 5);
  double depth = rng_between(r, from[kind], upto[kind]);
  double least = has_agreement(a, &signs) ? agreed(a) + rng_between(r, 0.005, 0.03) : 0;
  return depth > least ? depth : least;
}

static void write_quote(const Files *out, const Company *c, int account, int number, Rng *r) {
  static const char *const reason[] = {"competitor", "volume", "retention", "new project", NULL};
  const Account *a = &c->account[account];
  int age = rng_chance(r, 0.2) ? rng_below(r, 40) : rng_below(r, 365 < 365 * c->o.years ? 540 : 360);
  Day asked = company_workday(c->o.until - age, c->o.from, c->o.until), decided;
  const char *status = outcome(age, r), *why = reason[rng_below(r, 5)];
  bool asked_now = is(status, "requested");
  Rng now = company_rng(c, OF_REQUEST, (uint64_t)number);
  double depth = a->discount + rng_between(r, 0, 0.12);
  if (asked_now) depth = requested_depth(c, account, &now);
  int64_t list_total, net_total = write_lines(out, c, a, number, asked, depth, &list_total, r);
  bool open = asked_now || is(status, "engaging") || is(status, "prospecting");
  int owner = company_owner_on(a, asked);
  decided = asked + rng_int(r, 1, 11);
  if (open || decided > c->o.until) decided = open ? DAY_NONE : c->o.until;
  code(out->quotes, number);
  csv_account(out->quotes, c, account);
  csv_staff(out->quotes, c, owner);
  csv_empty(out->quotes);
  csv_text(out->quotes, status);
  csv_day(out->quotes, asked);
  csv_day(out->quotes, decided);
  csv_text(out->quotes, why);
  csv_money(out->quotes, list_total);
  csv_money(out->quotes, net_total);
  csv_empty(out->quotes);
  csv_end(out->quotes);
  if (rng_chance(r, 0.5)) write_offer(out->offers, c, account, number, asked - rng_int(r, 1, 30), r);
  else if (asked_now && rng_chance(&now, 0.6))
    write_offer(out->offers, c, account, number, asked - rng_int(&now, 1, 30), &now);
  if (is(status, "past") && depth > a->discount + 0.02) {
    csv_account(out->concessions, c, account);
    code(out->concessions, number);
    csv_day(out->concessions, decided);
    csv_text(out->concessions, why && is(why, "retention") ? "retention" : "discount");
    csv_money(out->concessions, (int64_t)((double)list_total * (depth - a->discount)));
    csv_staff(out->concessions, c, owner == NOBODY ? 1 : c->staff[owner].superior);
    csv_text(out->concessions, why);
    csv_end(out->concessions);
  }
}

static void write_agreements(const Company *c) {
  Csv *f = csv_open(c->o.out, "agreements", "code,account,kind,discount,terms,from_day,to_day");
  int number = 0;
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_AGREEMENT, (uint64_t)i);
    if (!has_agreement(a, &r)) continue;
    Day from = month_start(day_month(c->o.until) - rng_int(&r, 1, 20));
    csv_code(f, "AG", ++number, 4);
    csv_account(f, c, i);
    csv_text(f, rng_chance(&r, 0.7) ? "framework" : "service");
    csv_percent(f, agreed(a));
    csv_text(f, "年度框架, 月结");
    csv_day(f, from);
    csv_day(f, day_add_months(from, 24));
    csv_end(f);
  }
  csv_close(f);
}

typedef struct Limit {
  const char *level, *region, *tier, *lines;
  int deal, percent, amount; /* yuan; 0 = any */
  const char *text;
} Limit;

static void write_limit(Csv *f, const Company *c, const Limit *x) {
  csv_text(f, x->level);
  csv_text(f, x->region);
  csv_text(f, x->tier);
  csv_text(f, x->lines);
  if (x->deal > 0) csv_money(f, (int64_t)x->deal * 100);
  else csv_empty(f);
  csv_percent(f, x->percent / 100.0);
  csv_money(f, (int64_t)x->amount * 100);
  csv_day(f, c->o.from);
  csv_empty(f);
  csv_text(f, x->text);
  csv_end(f);
}

/* Who may give away how much. What the head of a region may, differs from region to region. */
static void write_authority(const Company *c) {
  static const Limit low[] = {
    {"客户经理", NULL, "A, B", NULL, 500000, 3, 10000, "客户经理弹性"},
    {"客户经理", NULL, "C", NULL, 500000, 2, 5000, "客户经理弹性"},
    {"地市", NULL, NULL, "仪表, 阀门, 传感器, 备件, 服务", 2000000, 8, 100000, "授权书第三条"},
    {"地市", NULL, NULL, "控制系统", 2000000, 5, 100000, "授权书第三条"},
  };
  static const Limit whole = {"总部", NULL, NULL, NULL, 0, 18, 2000000, "总经办"};
  Csv *f = csv_open(c->o.out, "authority",
                    "level,region,tier,product_line,max_deal,max_percent,max_amount,from_day,to_day,text");
  for (size_t i = 0; i < sizeof low / sizeof *low; i++) write_limit(f, c, &low[i]);
  for (int i = 0; i < REGIONS; i++) {
    Rng r = company_rng(c, OF_AUTHORITY, (uint64_t)i);
    Limit x = {"省", region_name[i], NULL, NULL, 5000000, rng_int(&r, 9, 11), rng_int(&r, 25, 35) * 10000, "授权书第四条"};
    write_limit(f, c, &x);
    if (i > 1) continue; /* the two largest regions may more for their largest accounts */
    x.tier = "A";
    x.percent = 12;
    x.amount = 400000;
    write_limit(f, c, &x);
  }
  write_limit(f, c, &whole);
  csv_close(f);
}

void write_quotes(const Company *c) {
  Files out = {
    csv_open(c->o.out, "quotes",
             "code,account,requester,product,status,requested_on,decided,reason,list_total,net_total,text"),
    csv_open(c->o.out, "quote_lines", "quote,line_no,product,qty,list_price,net_price,unit_cost,freight"),
    csv_open(c->o.out, "offers", "account,quote,kind,made,text"),
    csv_open(c->o.out, "concessions", "account,quote,day,kind,amount,approver,reason")};
  static const double often[] = {0.95, 0.8, 0.35, 0.12, 0.1};
  int number = 0;
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_QUOTE, (uint64_t)i);
    while (number < 99999999 && rng_chance(&r, a->course == LOST ? 0.1 : often[a->tier] * 0.75))
      write_quote(&out, c, i, ++number, &r);
  }
  csv_close(out.quotes);
  csv_close(out.lines);
  csv_close(out.offers);
  csv_close(out.concessions);
  write_agreements(c);
  write_authority(c);
}
