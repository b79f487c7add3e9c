#include <math.h> /* sqrt alone: exact everywhere */

#include "company.h"

static int year_of(Day d) {
  int year, month, day;
  day_parts(d, &year, &month, &day);
  return year;
}

static int half_year(const Company *c, Day d) { return (day_month(d) - c->first_year * 12) / 6; }

int64_t company_price(const Company *c, int product, Day d) {
  return c->product[product].price[day_month(d) / 12 - c->first_year];
}
int64_t company_cost(const Company *c, int product, Day d) { return c->product[product].cost[half_year(c, d)]; }

/* Two leading digits, as price lists have them. */
static int64_t rounded(double yuan) {
  int64_t step = 1, n = (int64_t)(yuan + 0.5);
  while (n / step >= 100) step *= 10;
  return (n + step / 2) / step * step * 100;
}

/* x^share for share in 0..1, by halving: no libm. */
static double part_way(double low, double high, double share) {
  for (int i = 0; i < 20; i++) {
    double middle = sqrt(low * high);
    if (share < 0.5) {
      high = middle;
      share *= 2;
    } else {
      low = middle;
      share = share * 2 - 1;
    }
  }
  return low;
}

void company_products(Company *c) {
  for (int i = 0; i < PRODUCTS; i++) {
    Rng r = company_rng(c, OF_PRODUCT, (uint64_t)i);
    Product *p = &c->product[i];
    int k = i % PER_LINE;
    p->line = i / PER_LINE;
    const Line *line = &line_table[p->line];
    snprintf(p->code, sizeof p->code, "%s%02d", line->letter, k + 1);
    snprintf(p->name, sizeof p->name, "%s-%s%d", line->kind[k % 4], line->letter, k / 4 + 1);
    p->active = k != 11;
    p->stale = i == 16 || i == 40;
    double price = (double)rounded(part_way(line->cheapest, line->dearest, (k + rng_unit(&r)) / PER_LINE));
    double cost = price * (line->cost + 0.03 * rng_normal(&r));
    double dearer = i % 9 == 4 ? 0.035 : 0.012; /* some materials rise faster than the price list */
    for (int s = 0; s < STEPS; s++) {
      p->price[s] = s < STEPS / 2 ? rounded(price / 100) : 0;
      p->cost[s] = (int64_t)(cost + 0.5);
      price *= 1.025;
      cost *= 1 + dearer + 0.006 * rng_normal(&r);
    }
  }
}

static void write_prices(const Company *c) {
  Csv *f = csv_open(c->o.out, "prices", "product,unit_price,region,from_day,to_day");
  for (int i = 0; i < PRODUCTS; i++)
    for (int year = c->first_year; year <= year_of(c->o.until); year++) {
      csv_text(f, c->product[i].code);
      csv_money(f, c->product[i].price[year - c->first_year]);
      csv_empty(f);
      csv_day(f, day_of(year, 1, 1));
      csv_day(f, year == year_of(c->o.until) ? DAY_NONE : day_of(year + 1, 1, 1));
      csv_end(f);
    }
  csv_close(f);
}

static void write_cost(Csv *f, const Product *p, int half, Day from, Day to) {
  csv_text(f, p->code);
  csv_money(f, p->cost[half]);
  csv_day(f, from);
  csv_day(f, to);
  csv_end(f);
}

/* By half-year; what holds today was confirmed this month, but for those that nobody has renewed. */
static void write_costs(const Company *c) {
  Csv *f = csv_open(c->o.out, "costs", "product,unit_cost,from_day,to_day");
  int last = half_year(c, c->o.until);
  Day confirmed = month_start(day_month(c->o.until));
  for (int i = 0; i < PRODUCTS; i++) {
    int end = c->product[i].stale && last > 2 ? last - 2 : last;
    for (int h = 0; h <= end; h++) {
      Day from = month_start(c->first_year * 12 + h * 6), to = month_start(c->first_year * 12 + h * 6 + 6);
      bool renewed = h == last && from < confirmed;
      write_cost(f, &c->product[i], h, from, renewed ? confirmed : h == end ? DAY_NONE : to);
      if (renewed) write_cost(f, &c->product[i], h, confirmed, DAY_NONE);
    }
  }
  csv_close(f);
}

void write_products(const Company *c) {
  Csv *f = csv_open(c->o.out, "products", "code,name,line,unit,active");
  for (int i = 0; i < PRODUCTS; i++) {
    const Product *p = &c->product[i];
    csv_text(f, p->code);
    csv_text(f, p->name);
    csv_text(f, line_table[p->line].name);
    csv_text(f, line_table[p->line].unit);
    csv_bool(f, p->active);
    csv_end(f);
  }
  csv_close(f);
  write_prices(c);
  write_costs(c);
}
