/* The price waterfall of quotes and of their lines, as columns of the rule language (quote.pocket_margin, the same
 * as pocket_margin(quote)). What any line lacks is lacking for its whole quote: null, never 0. */
#include "model/waterfall.h"

#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/schema_price.h"
#include "store/view.h"

enum { FEW = 256, SHARE_OF_NET = WATER_STEPS };

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

#define SHARE(x) "CAST(round(coalesce(" x ", 0) * 1000000) AS INTEGER)"
#define IN_FORCE(row) PRICE_HOLDS(row, "?1")
static const char lines[] =
    "SELECT q.id, l.id, " PRICE_AMOUNT("l.list_price * l.qty") ", " PRICE_AMOUNT("l.net_price * l.qty") ","
    " CASE WHEN l.unit_cost > 0 THEN " PRICE_AMOUNT("max(l.unit_cost, coalesce(" PRICE_COST("l", "?1") ", 0)) * l.qty") " END,"
    " coalesce(l.freight, 0), " SHARE("(SELECT max(g.discount) FROM agreement g WHERE g.account = q.account AND " IN_FORCE("g")
    " AND (g.product_line IS NULL OR g.product_line = p.line))") ", "
    SHARE("(SELECT max(v.discount) FROM volume v WHERE v.min_qty <= l.qty AND " IN_FORCE("v")
    " AND (v.product IS NULL OR v.product = l.product) AND (v.product_line IS NULL OR v.product_line = p.line))") ","
    " coalesce(q.bundle, 0), coalesce(q.freight, 0), " SHARE(PRICE_REBATE("q", "?1")) ","
    " coalesce(q.payment_days, (SELECT max(g.payment_days) FROM agreement g WHERE g.account = q.account AND " IN_FORCE("g") "), 0),"
    " coalesce((SELECT CAST(round(CAST(value AS REAL) * 1000000) AS INTEGER) FROM setting WHERE name = 'interest'), 0)"
    " FROM quote q JOIN quote_line l ON l.quote = q.id LEFT JOIN product p ON p.id = l.product";

/* One quote while it is read. */
typedef struct Quote {
  int64_t id, *line_id, *out;
  WaterLine *line;
  WaterTerms terms;
  size_t n, cap_id, cap_line, cap_out;
  bool known;
} Quote;

typedef struct Reading {
  Host *h;
  size_t step;
  bool of_line;
  IdMap map;
  Arena *a;
  Val *out;
} Reading;

static bool figure(sqlite3_stmt *q, int col, int64_t most, int64_t *out) {
  *out = sqlite3_column_int64(q, col);
  return sqlite3_column_type(q, col) == SQLITE_INTEGER && *out >= 0 && *out <= most;
}

static void take_line(Quote *quote, sqlite3_stmt *q) {
  enum { LIST = 2, TERMS = 8, LAST = 12 };
  int64_t v[LAST + 1] = {0};
  for (int i = LIST; i <= LAST; i++)
    quote->known &= figure(q, i, i <= 5 || i == TERMS || i == TERMS + 1 ? INT64_MAX : INT32_MAX, &v[i]);
  mem_grow(quote->line, quote->cap_line, quote->n + 1);
  mem_grow(quote->line_id, quote->cap_id, quote->n + 1);
  quote->line_id[quote->n] = sqlite3_column_int64(q, 1);
  quote->line[quote->n++] = (WaterLine){v[2], v[3], v[4], v[5], (int32_t)v[6], (int32_t)v[7]};
  quote->terms = (WaterTerms){v[8], v[9], (int32_t)v[10], (int32_t)v[12], (int32_t)v[11]};
}

static Val value_of(const Reading *r, const int64_t *o) {
  if (r->step != SHARE_OF_NET) return val_dec(o[r->step], -r->h->s->minor);
  if (o[WATER_POCKET] <= 0) return val_null(); /* no part of nothing */
  return num_div(val_int(o[WATER_POCKET] - o[WATER_COST]), val_int(o[WATER_POCKET]), r->a);
}

static void put(const Reading *r, int64_t id, Val v) {
  for (uint32_t k = idmap_at(&r->map, id); k != IDMAP_NONE; k = idmap_next(&r->map, k)) r->out[k] = v;
}

static void finish(const Reading *r, Quote *quote) {
  if (!quote->n) return;
  mem_grow(quote->out, quote->cap_out, quote->n * WATER_STEPS);
  if (quote->known && waterfall(quote->line, quote->n, quote->terms, quote->out)) {
    int64_t sum[WATER_STEPS] = {0};
    for (size_t i = 0; i < quote->n; i++) {
      const int64_t *o = quote->out + i * WATER_STEPS;
      for (int k = 0; k < WATER_STEPS; k++) sum[k] += o[k];
      if (r->of_line) put(r, quote->line_id[i], value_of(r, o));
    }
    if (!r->of_line) put(r, quote->id, value_of(r, sum));
  }
  quote->n = 0;
}

static bool read_lines(const Reading *r, sqlite3_stmt *q, Err *e) {
  Quote quote = {0};
  bool row = true, ok = true;
  while (ok && (ok = sql_step(r->h->s, q, &row, e)) && row) {
    int64_t id = sqlite3_column_int64(q, 0);
    if (id != quote.id || !quote.n) {
      finish(r, &quote);
      quote.id = id;
      quote.known = true;
    }
    take_line(&quote, q);
  }
  if (ok) finish(r, &quote);
  mem_free(quote.line);
  mem_free(quote.line_id);
  mem_free(quote.out);
  return ok;
}

bool view_waterfall(Host *h, const Field *f, bool of_line, Day asof, const int64_t *id, size_t n, Arena *a, Val *out,
                    Err *e) {
  Reading r = {.h = h, .step = f->step, .of_line = of_line, .a = a, .out = out};
  idmap_build(&r.map, id, n, a);
  for (size_t i = 0; i < n; i++) out[i] = val_null();
  bool few = n <= FEW;
  const char *which = !few ? "" : of_line ? " WHERE q.id = (SELECT quote FROM quote_line WHERE id = ?2)" : " WHERE q.id = ?2";
  sqlite3_stmt *q = sql_prepare(h->s, arena_printf(a, "%s%s ORDER BY %sl.id", lines, which, few ? "" : "q.id, "), e);
  bool ok = q && sql_bind(h->s, q, 1, val_date(asof), e);
  for (size_t i = 0; ok && i < (few ? n : 1); i++) {
    sqlite3_reset(q);
    ok = stop_check(e) && (!few || sql_bind(h->s, q, 2, val_int(id[i]), e)) && read_lines(&r, q, e);
  }
  sql_done(h->s, q);
  return ok;
}
