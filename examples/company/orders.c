#include "base/mem.h"
#include "company.h"

typedef struct Order {
  Day day;
  int account;
  uint32_t number; /* of the account */
  uint32_t lines;
} Order;
typedef struct Orders {
  Order *order;
  size_t n, cap;
} Orders;

static uint64_t order_key(const Order *o) { return ((uint64_t)o->account << 32) | o->number; }

/* Days of k orders spread evenly over what the account demands, each a little off:
 * regular customers buy regularly, more in season, more as they grow. */
static void place(const Company *c, int account, Order *order, size_t k) {
  const Account *a = &c->account[account];
  double demand[MONTHS_MAX] = {0}, total = 0, run = 0;
  int month = 0, first = day_month(c->o.from);
  for (int t = 0; t < c->months; t++) total += demand[t] = company_demand(c, a, t);
  for (size_t i = 0; i < k; i++) {
    Rng r = company_rng(c, OF_ORDER, order_key(&order[i]));
    double at = ((double)i + rng_unit(&r)) / (double)k * total;
    while (month < c->months - 1 && run + demand[month] <= at) run += demand[month++];
    Day start = month_start(first + month), end = month_start(first + month + 1) - 1;
    double part = demand[month] > 0 ? (at - run) / demand[month] : 0;
    Day d = start + (Day)(part * (double)(end - start + 1));
    order[i].day = company_workday(d > end ? end : d, c->o.from, c->o.until);
  }
}

static void plan_account(const Company *c, int account, Orders *all) {
  const Account *a = &c->account[account];
  Rng r = company_rng(c, OF_ORDER, (uint64_t)account | ((uint64_t)1 << 62));
  int typical = rng_int(&r, 1, 6);
  size_t start = all->n;
  for (long left = a->lines; left > 0;) {
    long lines = 1 + rng_below(&r, 2 * typical);
    if (lines > left) lines = left;
    mem_grow(all->order, all->cap, all->n + 1);
    all->order[all->n] = (Order){c->o.from, account, (uint32_t)(all->n - start), (uint32_t)lines};
    all->n++;
    left -= lines;
  }
  place(c, account, all->order + start, all->n - start);
}

/* By day, and within it by account: a counting sort keeps the order. */
static Order *by_day(const Company *c, const Orders *all) {
  size_t days = (size_t)(c->o.until - c->o.from) + 2;
  size_t *at = mem_zalloc(days, sizeof *at);
  Order *sorted = mem_alloc(all->n * sizeof *sorted);
  for (size_t i = 0; i < all->n; i++) at[all->order[i].day - c->o.from + 1]++;
  for (size_t d = 1; d < days; d++) at[d] += at[d - 1];
  for (size_t i = 0; i < all->n; i++) sorted[at[all->order[i].day - c->o.from]++] = all->order[i];
  mem_free(at);
  return sorted;
}

typedef struct Sold {
  int product;
  int64_t quantity, revenue, cost;
} Sold;

/* A line worth about what this account's lines are worth. */
static Sold sell(const Company *c, const Account *a, const Order *o, uint32_t line, Rng *r) {
  double worth = a->revenue / (double)a->lines * 100, noise = 1 + 0.3 * rng_normal(r), discount;
  Sold s = {.product = a->assortment[rng_below(r, a->nassortment)]};
  discount = a->discount + 0.012 * rng_normal(r);
  int64_t unit = (int64_t)((double)company_price(c, s.product, o->day) * (1 - (discount > 0 ? discount : 0)) + 0.5);
  s.quantity = (int64_t)(worth * (noise > 0.15 ? noise : 0.15) / (double)unit + 0.5);
  if (s.quantity < 1) s.quantity = 1;
  if (line > 0 && rng_chance(r, 0.012)) s.quantity = -(s.quantity + 9) / 10; /* a return */
  s.revenue = s.quantity * unit;
  s.cost = s.quantity * company_cost(c, s.product, o->day);
  return s;
}

/* "261031-0042": day and number of the order on that day. */
static void order_number(char out[24], Day d, int number) {
  int year, month, day;
  day_parts(d, &year, &month, &day);
  unsigned digits = (unsigned)(year % 100 * 10000 + month * 100 + day), n = (unsigned)number % 100000;
  char *at = out + 12;
  *at = 0;
  for (int i = 0; i < 5; i++, n /= 10) *--at = (char)('0' + n % 10);
  *--at = '-';
  for (int i = 0; i < 6; i++, digits /= 10) *--at = (char)('0' + digits % 10);
}

static void write_order(Csv *f, const Company *c, const Order *o, int number) {
  const Account *a = &c->account[o->account];
  Rng r = company_rng(c, OF_LINE, order_key(o));
  bool cost_lost = o->account % 701 == 350 && o->number % 16 == 3; /* the ERP had no cost that day */
  char text[24];
  order_number(text, o->day, number);
  for (uint32_t i = 0; i < o->lines; i++) {
    Sold s = sell(c, a, o, i, &r);
    csv_account(f, c, o->account);
    csv_text(f, text);
    csv_int(f, i + 1);
    csv_day(f, o->day);
    csv_text(f, c->product[s.product].code);
    csv_int(f, s.quantity);
    csv_money(f, s.revenue);
    if (cost_lost && i == 0) csv_empty(f);
    else csv_money(f, s.cost);
    csv_end(f);
  }
}

void write_orders(const Company *c) {
  Csv *f = csv_open(c->o.out, "orders", "account,order_no,line_no,day,product,quantity,revenue,cost");
  Orders all = {0};
  for (int i = 0; i < c->o.accounts; i++) plan_account(c, i, &all);
  Order *sorted = by_day(c, &all);
  int number = 0;
  for (size_t i = 0; i < all.n; i++) {
    number = i > 0 && sorted[i].day == sorted[i - 1].day ? number + 1 : 1;
    write_order(f, c, &sorted[i], number);
  }
  mem_free(sorted);
  mem_free(all.order);
  csv_close(f);
}
