/* The price waterfall of quotes and of their lines, as columns of the rule language (quote.pocket_margin, the same
 * as pocket_margin(quote)). What any line lacks is lacking for its whole quote: null, never 0. */
#include "model/waterfall.h"

#include <math.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/catalog_price.h"
#include "store/quotes.h"

enum { SHARE_OF_NET = WATER_STEPS };

static const struct { const char *of_quote, *of_line, *about; } step[] = {
    [WATER_LIST] = {"list_amount", "list_amount", "waterfall: at list price"},
    [WATER_AGREEMENT] = {"agreement_off", "agreement_off", "waterfall: what the agreement in force takes off"},
    [WATER_VOLUME] = {"volume_off", "volume_off", "waterfall: what the quantity takes off that"},
    [WATER_ASKED] = {"asked_off", "asked_off", "waterfall: what is asked beyond"},
    [WATER_BUNDLE] = {"bundle_off", "bundle_off", "waterfall: of the discount on the whole"},
    [WATER_REBATE] = {"rebate_off", "rebate_off", "waterfall: paid back later"},
    [WATER_FREIGHT] = {"freight_off", "freight_off", "waterfall: freight borne by us"},
    [WATER_TERMS] = {"terms_off", "terms_off", "waterfall: interest while the payment is awaited (setting interest)"},
    [WATER_POCKET] = {"pocket_price", "pocket", "waterfall: what is left in the pocket"},
    [WATER_COST] = {"cost_amount", "cost_amount", "waterfall: at cost"},
    [SHARE_OF_NET] = {"pocket_margin", "pocket_margin", "what is left in the pocket above cost, as a part of it"},
};

bool view_waterfall_step(size_t i, bool of_line, HostField *out) {
  if (i >= sizeof step / sizeof *step) return false;
  *out = (HostField){.name = str_of(of_line ? step[i].of_line : step[i].of_quote),
                     .kind = HOST_FIELD,
                     .type = {.kind = T_NUM, .unit = i == SHARE_OF_NET ? UNIT_PERCENT : UNIT_MONEY},
                     .derived = true,
                     .about = step[i].about};
  return true;
}

const char *store_worked_from(const HostField *pub) {
  const Field *f = field_of(pub);
  return f->from == FROM_WATERFALL ? waterfall_reads : f->column ? f->column->reads : NULL;
}

/* One quote while it is worked out. */
typedef struct Pour {
  const Quotes *q;
  size_t step;
  bool of_line;
  IdMap map;
  Arena *a;
  Val *out;
  WaterLine *line;
  int64_t *amount;
  size_t capline, capamount;
  int32_t interest;
} Pour;

static double half_away(double x) { return trunc(x + (x < 0 ? -0.5 : 0.5)); }
static int64_t or_zero(int64_t x) { return x == AMOUNT_NONE ? 0 : x; }

/* In millionths; false when it is no part that can be. */
static bool share(double x, int32_t *out) {
  double millionths = isnan(x) ? 0 : half_away(x * WATER_WHOLE);
  *out = millionths >= 0 && millionths <= INT32_MAX ? (int32_t)millionths : 0;
  return millionths >= 0 && millionths <= INT32_MAX;
}

static bool times(int64_t price, double qty, int64_t *out) {
  double x = price == AMOUNT_NONE || isnan(qty) ? NAN : half_away((double)price * qty);
  *out = fabs(x) < 9e15 ? (int64_t)x : 0;
  return fabs(x) < 9e15 && x >= 0;
}

static double agreed(const Quotes *q, const QuoteRow *r, uint32_t line) {
  const QuoteAccount *a = r->account == PLACE_NONE ? NULL : &q->account[r->account];
  double most = NAN;
  for (uint32_t i = 0; a && i < a->ndeal; i++) {
    const DealRow *d = &q->deal[a->deal + i];
    if (!d->line || d->line == line) most = fmax(most, d->discount);
  }
  return most;
}

static bool pour_line(Pour *p, const QuoteRow *r, const QuoteLine *l, WaterLine *out) {
  const Quotes *q = p->q;
  const PricedProduct *of = l->product == PLACE_NONE ? NULL : &q->product[l->product];
  int64_t now = of ? or_zero(of->cost) : 0, freight = or_zero(l->freight);
  *out = (WaterLine){.freight = freight};
  bool ok = times(l->list, l->qty, &out->list) && times(l->net, l->qty, &out->net) && l->cost != AMOUNT_NONE && l->cost > 0 &&
            times(l->cost > now ? l->cost : now, l->qty, &out->cost);
  return ok && freight >= 0 && share(agreed(q, r, of ? of->line : WORD_NONE), &out->agreement) && share(quotes_volume(q, l), &out->volume);
}

static int64_t days_to_pay(const Quotes *q, const QuoteRow *r) {
  const QuoteAccount *a = r->account == PLACE_NONE ? NULL : &q->account[r->account];
  int64_t most = AMOUNT_NONE;
  for (uint32_t i = 0; a && i < a->ndeal; i++)
    if (q->deal[a->deal + i].payment_days > most) most = q->deal[a->deal + i].payment_days;
  return r->payment_days != AMOUNT_NONE ? r->payment_days : or_zero(most);
}

static Val value_of(const Pour *p, const int64_t *o) {
  if (p->step != SHARE_OF_NET) return val_dec(o[p->step], -p->q->s->minor);
  if (o[WATER_POCKET] <= 0) return val_null(); /* no part of nothing */
  return num_div(val_int(o[WATER_POCKET] - o[WATER_COST]), val_int(o[WATER_POCKET]), p->a);
}

static void put(const Pour *p, int64_t id, Val v) {
  for (uint32_t k = idmap_at(&p->map, id); k != IDMAP_NONE; k = idmap_next(&p->map, k)) p->out[k] = v;
}

static bool pour(Pour *p, const QuoteRow *r) {
  WaterTerms t = {.bundle = or_zero(r->bundle), .freight = or_zero(r->freight), .interest = p->interest};
  int64_t days = days_to_pay(p->q, r);
  bool ok = r->nline && quotes_freight_known(p->q, r) && share(quotes_rebate(p->q, r), &t.rebate) && days >= 0 && days <= INT32_MAX;
  t.payment_days = ok ? (int32_t)days : 0;
  mem_grow(p->line, p->capline, r->nline + 1);
  mem_grow(p->amount, p->capamount, ((size_t)r->nline + 1) * WATER_STEPS);
  for (uint32_t i = 0; ok && i < r->nline; i++) ok = pour_line(p, r, &p->q->line[r->line + i], &p->line[i]);
  return ok && waterfall(p->line, r->nline, t, p->amount);
}

static void pour_out(Pour *p, const QuoteRow *r) {
  int64_t sum[WATER_STEPS] = {0};
  if (!pour(p, r)) return;
  for (uint32_t i = 0; i < r->nline; i++) {
    const int64_t *o = p->amount + i * WATER_STEPS;
    for (int k = 0; k < WATER_STEPS; k++) sum[k] += o[k];
    if (p->of_line) put(p, p->q->line[r->line + i].id, value_of(p, o));
  }
  if (!p->of_line) put(p, r->id, value_of(p, sum));
}

/* The quotes that lines are of; many lines are read with all of them. */
static const int64_t *quotes_of(Store *s, const int64_t *line, size_t n, Arena *a, Err *e) {
  if (n > QUOTES_FEW) return line;
  int64_t *out = arena_zalloc(a, n + 1, sizeof *out);
  for (size_t i = 0; i < n; i++) {
    Val v, bind = val_int(line[i]);
    if (!store_value(s, "SELECT quote FROM quote_line WHERE id = ?1", &bind, 1, a, &v, e)) return NULL;
    out[i] = v.t == V_NUM ? v.u.i : 0;
  }
  return out;
}

bool view_waterfall(Host *h, const Field *f, bool of_line, Day asof, const int64_t *id, size_t n, Arena *a, Val *out,
                    Err *e) {
  for (size_t i = 0; i < n; i++) out[i] = val_null();
  const int64_t *quote = of_line ? quotes_of(h->s, id, n, a, e) : id;
  const Quotes *q = quote ? quotes_read(h->s, asof, quote, n, e) : NULL;
  if (!q) return false;
  Pour p = {.q = q, .step = f->step, .of_line = of_line, .a = a, .out = out};
  if (!share(q->interest, &p.interest)) return true;
  idmap_build(&p.map, id, n, a);
  for (size_t i = 0; i < q->n; i++)
    if (of_line || idmap_at(&p.map, q->row[i].id) != IDMAP_NONE) pour_out(&p, &q->row[i]);
  mem_free(p.line);
  mem_free(p.amount);
  return stop_check(e);
}
