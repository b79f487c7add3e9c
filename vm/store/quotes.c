#include "store/quotes.h"

#include <math.h>
#include <stdlib.h>

#include "base/stop.h"
#include "store/schema_price.h"
#include "store/sink.h"

static const double MOST = 1e13; /* of an amount: sums of hundreds of such are exact */

/* --- words ----------------------------------------------------------------- */

uint32_t words_put(WordSet *w, Str text, Arena *a) {
  uint64_t hash = str_hash(text);
  if ((w->n + 1) * 2 >= w->slots) {
    w->slots = w->slots ? w->slots * 2 : 64;
    mem_free(w->slot);
    w->slot = mem_zalloc(w->slots, sizeof *w->slot);
    for (size_t i = 0; i < w->n; i++) {
      size_t at = w->word[i].hash & (w->slots - 1);
      while (w->slot[at]) at = (at + 1) & (w->slots - 1);
      w->slot[at] = (uint32_t)i + 1;
    }
  }
  size_t at = hash & (w->slots - 1);
  for (; w->slot[at]; at = (at + 1) & (w->slots - 1)) {
    const WordEntry *known = &w->word[w->slot[at] - 1];
    if (known->hash == hash && str_eq(known->text, text)) return w->slot[at];
  }
  mem_grow(w->word, w->cap, w->n + 1);
  w->word[w->n++] = (WordEntry){{arena_strndup(a, text.p, text.n), text.n}, hash};
  return w->slot[at] = (uint32_t)w->n;
}

void words_free(WordSet *w) {
  mem_free(w->word);
  mem_free(w->slot);
  *w = (WordSet){0};
}

/* --- cells ----------------------------------------------------------------- */

static Str text_at(sqlite3_value *v) {
  const char *p = sqlite3_value_blob(v);
  return (Str){p ? p : "", p ? (size_t)sqlite3_value_bytes(v) : 0};
}

static uint32_t word_at(Quotes *q, WordSet *w, sqlite3_value *v) {
  return sqlite3_value_type(v) == SQLITE_TEXT ? words_put(w, text_at(v), &q->arena) : WORD_NONE;
}

static int64_t amount_at(sqlite3_value *v) {
  return sqlite3_value_type(v) == SQLITE_INTEGER ? sqlite3_value_int64(v) : AMOUNT_NONE;
}

static Day day_at(sqlite3_value *v) {
  Day d;
  return sqlite3_value_type(v) == SQLITE_TEXT && day_parse(text_at(v), &d) ? d : DAY_NONE;
}

/* False for a text. */
static bool number_at(sqlite3_value *v, double *out) {
  int kind = sqlite3_value_type(v);
  *out = kind == SQLITE_NULL ? NAN : sqlite3_value_double(v);
  return kind == SQLITE_NULL || kind == SQLITE_INTEGER || kind == SQLITE_FLOAT;
}

static Str name_at(Quotes *q, sqlite3_value *v) {
  if (sqlite3_value_type(v) != SQLITE_TEXT) return (Str){0};
  Str s = text_at(v);
  return (Str){arena_strndup(&q->arena, s.p, s.n), s.n};
}

/* --- statements ------------------------------------------------------------ */

enum { CELLS = 24 };
typedef bool (*TakeFn)(Quotes *q, sqlite3_value **v);

typedef struct Taking { Quotes *q; TakeFn take; } Taking;
static bool taken(void *ctx, sqlite3_value **v, Err *e) {
  (void)e;
  const Taking *t = ctx;
  return t->take(t->q, v);
}

/* ?1 is the day, ?2 the key. */
static bool step_all(Quotes *q, sqlite3_stmt *st, int64_t key, TakeFn take, Err *e) {
  sqlite3_value *v[CELLS];
  int marks = sqlite3_bind_parameter_count(st);
  bool row = true, ok = (marks < 1 || sql_bind(q->s, st, 1, val_date(q->day), e)) && (marks < 2 || sql_bind(q->s, st, 2, val_int(key), e));
  while (ok && (ok = sql_step(q->s, st, &row, e)) && row) {
    for (int i = 0; i < sqlite3_column_count(st); i++) v[i] = sqlite3_column_value(st, i);
    ok = take(q, v);
  }
  return ok;
}

/* All rows, or those of each of n keys. */
static bool rows_of(Quotes *q, const char *select, const char *where_key, const char *order, const int64_t *key, size_t n, TakeFn take,
                    Err *e) {
  Buf sql = {0};
  buf_printf(&sql, "%s%s%s", select, q->all ? "" : where_key, order);
  sqlite3_stmt *st = sql_prepare(q->s, sql.p, e);
  buf_free(&sql);
  bool ok = st != NULL;
  for (size_t i = 0; ok && i < (q->all ? 1 : n); i++) {
    sqlite3_reset(st);
    ok = step_all(q, st, q->all ? 0 : key[i], take, e);
  }
  sql_done(q->s, st);
  return ok;
}

static bool step_rows(Quotes *q, const char *sql, TakeFn take, Err *e) {
  sqlite3_stmt *st = sql_prepare(q->s, sql, e);
  bool ok = st && step_all(q, st, 0, take, e);
  sql_done(q->s, st);
  return ok;
}

/* --- quotes ------------------------------------------------------------------ */

static unsigned status_is(Str s) {
  static const struct { const char *name; unsigned is; } status[] = {
    {"requested", QUOTE_OPEN}, {"judged", QUOTE_OPEN}, {"approved", QUOTE_GRANTED}, {"granted", QUOTE_GRANTED}, {"refused", QUOTE_ENDED},
    {"expired", QUOTE_ENDED}, {"withdrawn", QUOTE_ENDED}, {"lost", QUOTE_ENDED}, {"won", QUOTE_WON}};
  for (size_t i = 0; i < sizeof status / sizeof *status; i++)
    if (str_is(s, status[i].name)) return status[i].is;
  return 0;
}

static bool huge(int64_t x) { return x != AMOUNT_NONE && (x >= (int64_t)MOST || x <= -(int64_t)MOST); }

#define QUOTE_CELLS                                                                                                \
  "id, account, requester, status, requested_on, decided, expires, reason, verdict, approver, bundle, rebate, freight, payment_days"

static bool take_quote(Quotes *q, sqlite3_value **v) {
  mem_grow(q->row, q->cap, q->n + 1);
  QuoteRow *r = &q->row[q->n++];
  *r = (QuoteRow){.id = sqlite3_value_int64(v[0]), .account_id = sqlite3_value_int64(v[1]), .requester = sqlite3_value_int64(v[2]),
                  .requested_on = day_at(v[4]), .decided = day_at(v[5]), .expires = day_at(v[6]), .reason = word_at(q, &q->reason, v[7]),
                  .bundle = amount_at(v[10]), .freight = amount_at(v[12]), .payment_days = amount_at(v[13]), .account = PLACE_NONE};
  r->is = status_is(sqlite3_value_type(v[3]) == SQLITE_TEXT ? text_at(v[3]) : (Str){0}) |
          (sqlite3_value_type(v[8]) == SQLITE_TEXT && str_is(text_at(v[8]), "grant") ? QUOTE_GRANT : 0U) |
          (sqlite3_value_type(v[9]) != SQLITE_NULL ? QUOTE_APPROVER : 0U);
  bool plain = number_at(v[11], &r->rebate);
  if (!plain) r->is |= QUOTE_ODD;
  if (huge(r->bundle) || huge(r->freight)) r->is |= QUOTE_HUGE;
  return true;
}

static bool of_key(Quotes *q, const char *where, int64_t key, Err *e) {
  return rows_of(q, "SELECT " QUOTE_CELLS " FROM quote", where, " ORDER BY id", &key, 1, take_quote, e);
}

/* Those asked for, and with each the others of its account. */
static bool read_few(Quotes *q, const int64_t *id, size_t n, Err *e) {
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    size_t k = 0;
    while (k < q->n && q->row[k].id != id[i]) k++;
    if (k < q->n) continue;
    if (!(ok = of_key(q, " WHERE id = ?2", id[i], e)) || k == q->n || !q->row[k].account_id) continue;
    int64_t account = q->row[k].account_id;
    q->n = k;
    ok = of_key(q, " WHERE account = ?2", account, e);
  }
  return ok;
}

static bool read_quotes(Quotes *q, const int64_t *id, size_t n, Err *e) {
  Taking t = {q, take_quote};
  if (!(q->all ? sink_scan(q->s, QUOTE_CELLS, "quote", taken, &t, e) : read_few(q, id, n, e))) return false;
  q->id = arena_alloc(&q->arena, (q->n + 1) * sizeof *q->id);
  for (size_t i = 0; i < q->n; i++) q->id[i] = q->row[i].id;
  idmap_build(&q->place, q->id, q->n, &q->arena);
  return true;
}

/* --- lines ------------------------------------------------------------------- */

#define LINE_CELLS "quote, id, line_no, product, qty, list_price, net_price, unit_cost, freight, cost_day"

static bool small(double qty, int64_t x) { return isnan(qty) || x == AMOUNT_NONE || fabs(qty * (double)x) < MOST; }

static bool take_line(Quotes *q, sqlite3_value **v) {
  uint32_t at = idmap_at(&q->place, sqlite3_value_int64(v[0]));
  if (at == IDMAP_NONE) return true;
  mem_grow(q->line, q->capline, q->nline + 1);
  QuoteLine *l = &q->line[q->nline++];
  *l = (QuoteLine){.id = sqlite3_value_int64(v[1]), .line_no = sqlite3_value_type(v[2]) == SQLITE_INTEGER ? sqlite3_value_int64(v[2]) : AMOUNT_NONE, .list = amount_at(v[5]), .net = amount_at(v[6]),
                   .cost = amount_at(v[7]), .freight = amount_at(v[8]), .cost_day = day_at(v[9]), .quote = at, .product = PLACE_NONE,
                   .whole = sqlite3_value_type(v[4]) == SQLITE_INTEGER};
  int64_t product = sqlite3_value_int64(v[3]);
  if (!number_at(v[4], &l->qty)) q->row[at].is |= QUOTE_ODD;
  bool plain = !huge(l->list) && !huge(l->net) && !huge(l->cost) && !huge(l->freight) && small(l->qty, 1) && small(l->qty, l->list) &&
               small(l->qty, l->net) && small(l->qty, l->cost);
  if (!plain) q->row[at].is |= QUOTE_HUGE;
  l->named = product != 0;
  if (product) l->product = idmap_at(&q->product_place, product);
  return true;
}

/* Line by line of their quotes, as their ids go. */
static void group_lines(Quotes *q) {
  uint32_t *start = mem_zalloc(q->n + 1, sizeof *start);
  bool sorted = true;
  for (size_t i = 0; i < q->nline; i++) {
    start[q->line[i].quote + 1]++;
    sorted = sorted && (!i || q->line[i - 1].quote <= q->line[i].quote);
  }
  for (size_t i = 0; i < q->n; i++) {
    q->row[i].nline = start[i + 1];
    start[i + 1] += start[i];
    q->row[i].line = start[i];
  }
  if (!sorted) {
    QuoteLine *to = mem_alloc(q->nline * sizeof *to);
    for (size_t i = 0; i < q->nline; i++) to[start[q->line[i].quote]++] = q->line[i];
    mem_free(q->line);
    q->line = to;
    q->capline = q->nline;
  }
  mem_free(start);
}

static bool read_lines(Quotes *q, Err *e) {
  Taking t = {q, take_line};
  bool ok = q->all ? sink_scan(q->s, LINE_CELLS, "quote_line", taken, &t, e)
                   : rows_of(q, "SELECT " LINE_CELLS " FROM quote_line", " WHERE quote = ?2", " ORDER BY id", q->id, q->n, take_line, e);
  if (ok) group_lines(q);
  return ok;
}

/* --- what prices them ---------------------------------------------------------- */

static bool take_product(Quotes *q, sqlite3_value **v) {
  mem_grow(q->product, q->capproduct, q->nproduct + 1);
  q->product[q->nproduct++] = (PricedProduct){.id = sqlite3_value_int64(v[0]), .cost = AMOUNT_NONE, .cost_day = DAY_NONE,
    .line = word_at(q, &q->line_word, v[1]), .name = name_at(q, v[2]), .code = name_at(q, v[3])};
  return true;
}

static bool take_cost(Quotes *q, sqlite3_value **v) {
  uint32_t at = idmap_at(&q->product_place, sqlite3_value_int64(v[0]));
  PricedProduct *p = at == IDMAP_NONE ? NULL : &q->product[at];
  if (p && p->cost == AMOUNT_NONE && p->cost_day == DAY_NONE) p->cost = amount_at(v[1]), p->cost_day = day_at(v[2]);
  return true;
}

static bool take_price(Quotes *q, sqlite3_value **v) {
  uint32_t at = idmap_at(&q->product_place, sqlite3_value_int64(v[0]));
  if (at == IDMAP_NONE) return true;
  if (!q->product[at].nprice++) q->product[at].price = (uint32_t)q->nprice;
  mem_grow(q->price, q->capprice, q->nprice + 1);
  q->price[q->nprice++] = (PriceRow){at, word_at(q, &q->region, v[1]), amount_at(v[2])};
  return true;
}

static bool take_volume(Quotes *q, sqlite3_value **v) {
  int64_t product = sqlite3_value_int64(v[0]);
  uint32_t at = product ? idmap_at(&q->product_place, product) : PLACE_NONE;
  if (product && at == IDMAP_NONE) return true;
  mem_grow(q->volume, q->capvolume, q->nvolume + 1);
  VolumeRow *x = &q->volume[q->nvolume];
  *x = (VolumeRow){.product = at, .line = word_at(q, &q->line_word, v[1])};
  number_at(v[2], &x->least);
  number_at(v[3], &x->discount);
  if (!product) q->nany++;
  else if (!q->product[at].nvolume++) q->product[at].volume = (uint32_t)q->nvolume;
  q->nvolume++;
  return true;
}

static bool take_account(Quotes *q, sqlite3_value **v) {
  mem_grow(q->account, q->capaccount, q->naccount + 1);
  q->account[q->naccount++] = (QuoteAccount){.id = sqlite3_value_int64(v[0]), .region = word_at(q, &q->region, v[1]), .tier = word_at(q, &q->tier, v[2])};
  return true;
}

static bool take_deal(Quotes *q, sqlite3_value **v) {
  mem_grow(q->deal, q->capdeal, q->ndeal + 1);
  DealRow *d = &q->deal[q->ndeal];
  *d = (DealRow){.account = sqlite3_value_int64(v[0]), .line = word_at(q, &q->line_word, v[1]), .payment_days = amount_at(v[4])};
  number_at(v[2], &d->discount);
  number_at(v[3], &d->rebate);
  q->ndeal++;
  return true;
}

/* Distinct ids of what the lines, or the quotes, name. */
static size_t distinct(int64_t *id, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    while (k < kept && id[k] != id[i]) k++;
    if (k == kept && id[i]) id[kept++] = id[i];
  }
  return kept;
}

#define HOLDS(row) PRICE_HOLDS(row, "?1")
/* The products that lines of these quotes name. */
static bool products_named(Quotes *q, int64_t **key, size_t *n, Err *e) {
  size_t cap = 0;
  bool row = true, ok;
  sqlite3_stmt *st = sql_prepare(q->s, "SELECT product FROM quote_line WHERE quote = ?1 AND product IS NOT NULL", e);
  ok = st != NULL;
  for (size_t i = 0; ok && i < q->n; i++) {
    sqlite3_reset(st);
    ok = sql_bind(q->s, st, 1, val_int(q->id[i]), e);
    while (ok && (ok = sql_step(q->s, st, &row, e)) && row) {
      mem_grow(*key, cap, *n + 1);
      (*key)[(*n)++] = sqlite3_column_int64(st, 0);
    }
  }
  sql_done(q->s, st);
  *n = distinct(*key, *n);
  return ok;
}

static bool read_products(Quotes *q, Err *e) {
  int64_t *key = NULL;
  size_t n = 0;
  bool ok = (q->all || products_named(q, &key, &n, e)) &&
            rows_of(q, "SELECT id, line, name, code FROM product", " WHERE id = ?2", " ORDER BY id", key, n, take_product, e);
  int64_t *id = arena_alloc(&q->arena, (q->nproduct + 1) * sizeof *id);
  for (size_t i = 0; i < q->nproduct; i++) id[i] = q->product[i].id;
  idmap_build(&q->product_place, id, q->nproduct, &q->arena);
  ok = ok && rows_of(q, "SELECT product, unit_cost, from_day FROM cost r WHERE " HOLDS("r"), " AND product = ?2",
                     " ORDER BY product, from_day DESC, unit_cost DESC", key, n, take_cost, e) &&
       rows_of(q, "SELECT product, region, unit_price FROM price r WHERE " HOLDS("r"), " AND product = ?2",
               " ORDER BY product, from_day DESC, id DESC", key, n, take_price, e) &&
       step_rows(q, "SELECT product, product_line, min_qty, discount FROM volume r WHERE product IS NULL AND " HOLDS("r"), take_volume, e) &&
       rows_of(q, "SELECT product, product_line, min_qty, discount FROM volume r WHERE product IS NOT NULL AND " HOLDS("r"), " AND product = ?2",
               " ORDER BY product, id", key, n, take_volume, e);
  mem_free(key);
  return ok;
}

/* Each row gets the place of its account, each account its rows: a counting sort. */
static void group_by_account(Quotes *q, const IdMap *map) {
  for (size_t i = 0; i < q->n; i++) {
    QuoteRow *r = &q->row[i];
    r->account = r->account_id ? idmap_at(map, r->account_id) : PLACE_NONE;
    if (r->account != PLACE_NONE) q->account[r->account].n++;
  }
  uint32_t next = 0;
  for (size_t i = 0; i < q->naccount; i++) {
    q->account[i].first = next;
    next += q->account[i].n;
    q->account[i].n = 0;
  }
  q->of_account = arena_alloc(&q->arena, (q->n + 1) * sizeof *q->of_account);
  for (size_t i = 0; i < q->n; i++) {
    QuoteAccount *a = q->row[i].account == PLACE_NONE ? NULL : &q->account[q->row[i].account];
    if (a) q->of_account[a->first + a->n++] = (uint32_t)i;
  }
}

static bool read_accounts(Quotes *q, Err *e) {
  int64_t *key = arena_alloc(&q->arena, (q->n + 1) * sizeof *key);
  size_t n = q->all ? 0 : q->n;
  for (size_t i = 0; i < n; i++) key[i] = q->row[i].account_id;
  n = distinct(key, n);
  if (!rows_of(q, "SELECT id, region, tier FROM account", " WHERE id = ?2", " ORDER BY id", key, n, take_account, e)) return false;
  IdMap map;
  int64_t *id = arena_alloc(&q->arena, (q->naccount + 1) * sizeof *id);
  for (size_t i = 0; i < q->naccount; i++) id[i] = q->account[i].id;
  idmap_build(&map, id, q->naccount, &q->arena);
  if (!rows_of(q, "SELECT account, product_line, discount, rebate, payment_days FROM agreement r WHERE " HOLDS("r"), " AND account = ?2",
               " ORDER BY account, id", key, n, take_deal, e))
    return false;
  for (size_t i = 0; i < q->ndeal; i++) {
    uint32_t at = idmap_at(&map, q->deal[i].account);
    if (at != IDMAP_NONE && !q->account[at].ndeal++) q->account[at].deal = (uint32_t)i;
  }
  group_by_account(q, &map);
  return true;
}

/* --- sums ----------------------------------------------------------------------- */

static int64_t list_in_force(const Quotes *q, const QuoteRow *r, uint32_t product) {
  const PricedProduct *p = &q->product[product];
  uint32_t region = r->account == PLACE_NONE ? WORD_NONE : q->account[r->account].region;
  int64_t anywhere = 0;
  bool found = false;
  for (uint32_t i = 0; i < p->nprice; i++) {
    const PriceRow *x = &q->price[p->price + i];
    if (x->region && x->region == region) return x->amount;
    if (!x->region && !found) anywhere = x->amount, found = true;
  }
  return anywhere;
}

static void sum_up(const Quotes *q, QuoteRow *r) {
  bool known = r->nline > 0;
  for (uint32_t i = 0; i < r->nline; i++) {
    const QuoteLine *l = &q->line[r->line + i];
    if (l->list == AMOUNT_NONE || l->net == AMOUNT_NONE || isnan(l->qty)) {
      known = false;
      continue;
    }
    int64_t list = l->product == PLACE_NONE ? 0 : list_in_force(q, r, l->product);
    r->list += (double)l->list * l->qty;
    r->net += (double)l->net * l->qty;
    r->list_now += (double)(list > l->list ? list : l->list) * l->qty;
  }
  if (known) r->is |= QUOTE_KNOWN;
}

/* A number, or a word: `is` when it is that one. */
static bool setting_of(Store *s, const char *name, double none, const char *is, double *out, Err *e) {
  Arena a = {0};
  Val v, bind[] = {val_text(str_of(name)), val_text(str_of(is ? is : ""))};
  bool ok = store_value(s, is ? "SELECT value = ?2 FROM setting WHERE name = ?1" : "SELECT CAST(value AS REAL) FROM setting WHERE name = ?1", bind, is ? 2 : 1, &a, &v, e);
  *out = !ok || v.t == V_NULL ? none : v.t == V_REAL ? v.u.d : (double)v.u.i;
  arena_free(&a);
  return ok;
}

static bool read_settings(Quotes *q, Err *e) {
  double fresh, split, paid;
  bool ok = setting_of(q->s, "cost_fresh", 90, NULL, &fresh, e) && setting_of(q->s, "split", 30, NULL, &split, e) &&
            setting_of(q->s, "interest", 0, NULL, &q->interest, e) && setting_of(q->s, "freight", 0, "customer", &paid, e);
  if (!ok) return false;
  q->cost_fresh = (int)fresh;
  q->split = (int)split;
  q->freight_paid = paid != 0;
  return true;
}

static void quotes_free(Quotes *q) {
  if (!q) return;
  mem_free(q->row);
  mem_free(q->line);
  mem_free(q->product);
  mem_free(q->price);
  mem_free(q->volume);
  mem_free(q->account);
  mem_free(q->deal);
  words_free(&q->line_word);
  words_free(&q->region);
  words_free(&q->tier);
  words_free(&q->reason);
  arena_free(&q->arena);
  mem_free(q);
}

void quotes_forget(Store *s) {
  quotes_free(s->quotes);
  s->quotes = NULL;
}

static bool fill(Quotes *q, const int64_t *id, size_t n, Err *e) {
  bool ok = read_settings(q, e) && read_quotes(q, id, n, e) && read_products(q, e) && read_lines(q, e) && read_accounts(q, e);
  for (size_t i = 0; ok && i < q->n; i++) sum_up(q, &q->row[i]);
  return ok && stop_check(e);
}

Quotes *quotes_read(Store *s, Day day, const int64_t *id, size_t n, Err *e) {
  int64_t version;
  if (!view_data_version(s, &version, e)) return NULL;
  Quotes *q = s->quotes;
  bool all = n > QUOTES_FEW, there = q && q->version == version && q->day == day && (q->all || !all);
  for (size_t i = 0; there && !q->all && i < n; i++) there = idmap_at(&q->place, id[i]) != IDMAP_NONE;
  if (there) return q;
  quotes_forget(s);
  s->quotes = q = mem_zalloc(1, sizeof *q);
  *q = (Quotes){.s = s, .version = version, .day = day, .all = all};
  if (fill(q, id, n, e)) return q;
  quotes_forget(s);
  return NULL;
}
