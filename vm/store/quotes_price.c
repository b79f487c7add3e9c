/* What each price request comes to, and what keeps it from being granted: schema_price.h in C, for many at once. */
#include <math.h>
#include <string.h>

#include "store/quotes.h"
#include "store/schema_price.h"

static double half_away(double x) { return trunc(x + (x < 0 ? -0.5 : 0.5)); }
static int64_t or_zero(int64_t x) { return x == AMOUNT_NONE ? 0 : x; }

double quotes_beside(const QuoteRow *r) {
  double bundle = (double)or_zero(r->bundle);
  return bundle + half_away((isnan(r->rebate) ? 0 : r->rebate) * (r->net - bundle));
}

double quotes_rebate(const Quotes *q, const QuoteRow *r) {
  if (!isnan(r->rebate)) return r->rebate;
  double most = NAN;
  const QuoteAccount *a = r->account == PLACE_NONE ? NULL : &q->account[r->account];
  for (uint32_t i = 0; a && i < a->ndeal; i++) most = fmax(most, q->deal[a->deal + i].rebate);
  return isnan(most) ? 0 : most;
}

double quotes_volume(const Quotes *q, const QuoteLine *l) {
  const PricedProduct *p = l->product == PLACE_NONE ? NULL : &q->product[l->product];
  size_t own = p ? p->volume : 0, nown = p ? p->nvolume : 0; /* its rows; those of any product come first */
  double most = NAN;
  for (size_t i = 0; i < q->nany + nown; i++) {
    const VolumeRow *v = &q->volume[i < q->nany ? i : own + (i - q->nany)];
    if (v->least <= l->qty && (!v->line || (p && v->line == p->line))) most = fmax(most, v->discount);
  }
  return most;
}

static int64_t cost_in_force(const Quotes *q, const QuoteLine *l) {
  return l->product == PLACE_NONE ? AMOUNT_NONE : q->product[l->product].cost;
}

static Day cost_day(const Quotes *q, const QuoteLine *l) {
  if (l->cost_day != DAY_NONE) return l->cost_day;
  return l->product == PLACE_NONE ? DAY_NONE : q->product[l->product].cost_day;
}

static bool huge(int64_t price, double qty) { return price != AMOUNT_NONE && fabs((double)price * qty) >= 9e14; }

static const char *line_breach(const Quotes *q, const QuoteLine *l) {
  Day of = cost_day(q, l);
  if (isnan(l->qty) || l->qty <= 0) return PRICE_NO_QTY;
  if (l->net == AMOUNT_NONE || l->net < 0 || (l->freight != AMOUNT_NONE && l->freight < 0)) return PRICE_NO_PRICE;
  if (!l->named || l->cost == AMOUNT_NONE || l->cost <= 0 || of == DAY_NONE) return PRICE_NO_COST;
  if (of > q->day || q->day - of > q->cost_fresh) return PRICE_STALE;
  if (l->net < l->cost || l->net < cost_in_force(q, l)) return PRICE_BELOW;
  return huge(l->net, l->qty) || huge(l->list, l->qty) ? PRICE_HUGE : NULL;
}

/* Rounded up as integers are, where all of them are and fit. */
static double bundle_share(int64_t bundle, const QuoteLine *l, double all) {
  int64_t x, most = (int64_t)all;
  if (l->whole && fabs(l->qty) < 9e15 && !__builtin_mul_overflow(bundle, l->net, &x) && !__builtin_mul_overflow(x, (int64_t)l->qty, &x) &&
      !__builtin_add_overflow(x, most - 1, &x)) {
    x /= most;
    return (double)x;
  }
  return ((double)bundle * (double)l->net * l->qty + all - 1) / all;
}

static const char *whole_breach(const Quotes *q, const QuoteRow *r) {
  const QuoteLine *line = &q->line[r->line];
  int64_t bundle = or_zero(r->bundle), freight = or_zero(r->freight);
  double rebate = quotes_rebate(q, r), all = 0, least = INFINITY, left = 0;
  bool any = bundle || freight || rebate != 0;
  for (uint32_t i = 0; i < r->nline; i++) {
    any = any || (line[i].freight != AMOUNT_NONE && line[i].freight != 0);
    all += half_away((double)line[i].net * line[i].qty);
  }
  if (!any) return NULL;
  if (all < 1) all = 1;
  for (uint32_t i = 0; i < r->nline; i++) {
    const QuoteLine *l = &line[i];
    int64_t now = or_zero(cost_in_force(q, l));
    double x = half_away((double)l->net * l->qty) - bundle_share(bundle, l, all) - half_away(rebate * (double)l->net * l->qty) -
               (double)or_zero(l->freight) - (double)(l->cost > now ? l->cost : now) * l->qty;
    least = fmin(least, x);
    left += x;
  }
  return least < 0 ? PRICE_BELOW : left - (double)freight < 0 ? PRICE_BELOW_ALL : NULL;
}

bool quotes_freight_known(const Quotes *q, const QuoteRow *r) {
  if (q->freight_paid || r->freight != AMOUNT_NONE) return true;
  for (uint32_t i = 0; i < r->nline; i++)
    if (q->line[r->line + i].freight == AMOUNT_NONE) return false;
  return true;
}

static bool terms_make_sense(const QuoteRow *r) {
  return or_zero(r->bundle) >= 0 && or_zero(r->freight) >= 0 && or_zero(r->payment_days) >= 0 && !(r->rebate < 0) && !(r->rebate >= 1);
}

static bool before(Day x, Day y) { return x != DAY_NONE && y != DAY_NONE && x < y; }

const char *quotes_breach(const Quotes *q, const QuoteRow *r) {
  if (before(r->decided, r->requested_on) || before(q->day, r->requested_on) || before(r->expires, r->decided)) return PRICE_REVERSED;
  if (!terms_make_sense(r)) return PRICE_BAD_TERMS;
  if (!r->nline) return r->is & QUOTE_WON && !(r->is & QUOTE_GRANT) ? NULL : PRICE_NO_LINES;
  for (uint32_t i = 0; i < r->nline; i++) {
    const char *why = line_breach(q, &q->line[r->line + i]);
    if (why) return why;
  }
  const char *why = whole_breach(q, r);
  return why || quotes_freight_known(q, r) ? why : PRICE_NO_FREIGHT;
}

/* --- columns ------------------------------------------------------------------- */

static Val product_name(const Quotes *q, const QuoteLine *l, Arena *a) {
  const PricedProduct *p = l->product == PLACE_NONE ? NULL : &q->product[l->product];
  Str name = {0};
  if (p) name = p->name.p ? p->name : p->code;
  if (!name.p) name = l->line_no == AMOUNT_NONE ? STR("a line") : str_of(arena_printf(a, "line %lld", (long long)l->line_no));
  return val_copy(val_text(name), a);
}

/* The line with the least, null before all; the first of several. */
static const QuoteLine *least_line(const Quotes *q, const QuoteRow *r, int64_t (*of)(const Quotes *, const QuoteLine *)) {
  const QuoteLine *least = NULL;
  for (uint32_t i = 0; i < r->nline; i++) {
    const QuoteLine *l = &q->line[r->line + i];
    if (!least || of(q, l) < of(q, least)) least = l;
  }
  return least;
}

static int64_t above_cost(const Quotes *q, const QuoteLine *l) {
  (void)q;
  return l->net == AMOUNT_NONE || l->cost == AMOUNT_NONE ? AMOUNT_NONE : l->net - l->cost;
}
static int64_t age(const Quotes *q, const QuoteLine *l) { return cost_day(q, l); }

static Val text_of_sql(const char *words) { /* 'words' */
  return val_text((Str){words + 1, strlen(words) - 2});
}

static bool figure(const Quotes *q, QuoteFigure f, size_t i, Arena *a, Val *out) {
  static const char *const level[] = {NULL, "总部", "省", "地市", "客户经理"};
  const QuoteRow *r = &q->row[i];
  const QuoteLine *l;
  const char *why;
  bool known = r->is & QUOTE_KNOWN, odd = r->is & QUOTE_ODD, inexact = r->is & (QUOTE_ODD | QUOTE_HUGE);
  switch (f) {
    case QUOTE_GIVEN_AWAY:
      *out = val_dec((int64_t)half_away(inexact ? 0 : r->list - r->net + quotes_beside(r)), -q->s->minor);
      return known && !inexact;
    case QUOTE_LIST_VALUE: *out = val_dec((int64_t)half_away(inexact ? 0 : r->list), -q->s->minor); return known && !inexact;
    case QUOTE_BREACH:
      why = odd ? NULL : quotes_breach(q, r);
      *out = why ? text_of_sql(why) : val_null();
      return !odd;
    case QUOTE_WORST_PRODUCT:
    case QUOTE_STALEST_PRODUCT:
      l = least_line(q, r, f == QUOTE_WORST_PRODUCT ? above_cost : age);
      *out = l ? product_name(q, l, a) : val_null();
      return true;
    case QUOTE_COVERED_BY:
      if (q->covered[i] == QUOTE_LEVEL_ODD) return false;
      *out = q->covered[i] ? val_text(str_of(level[q->covered[i]])) : val_null();
      return true;
    case QUOTE_OWN_AUTHORITY: *out = val_bool(q->own[i]); return q->covered[i] != QUOTE_LEVEL_ODD;
    case QUOTE_NO_FIGURE:
    case LINE_COST_AGE: break;
  }
  return false;
}

static void line_figures(const Quotes *q, const IdMap *map, Val *out, bool *plain) {
  for (size_t i = 0; i < q->nline; i++) {
    const QuoteLine *l = &q->line[i];
    Day of = l->cost != AMOUNT_NONE && l->cost > 0 ? cost_day(q, l) : DAY_NONE;
    for (uint32_t k = idmap_at(map, l->id); k != IDMAP_NONE; k = idmap_next(map, k)) {
      out[k] = of == DAY_NONE ? val_null() : val_days(q->day - of);
      plain[k] = true;
    }
  }
}

bool quotes_column(Store *s, QuoteFigure f, Day day, const int64_t *id, size_t n, Arena *a, Val *out, bool *plain, Err *e) {
  Quotes *q = quotes_read(s, day, id, n, e);
  if (!q || ((f == QUOTE_COVERED_BY || f == QUOTE_OWN_AUTHORITY) && !quotes_grant(q, e))) return false;
  IdMap map;
  idmap_build(&map, id, n, a);
  if (f == LINE_COST_AGE) {
    line_figures(q, &map, out, plain);
    return true;
  }
  for (size_t i = 0; i < q->n; i++) {
    uint32_t k = idmap_at(&map, q->row[i].id);
    Val v = val_null();
    if (k == IDMAP_NONE || !figure(q, f, i, a, &v)) continue;
    for (; k != IDMAP_NONE; k = idmap_next(&map, k)) out[k] = v, plain[k] = true;
  }
  return true;
}
