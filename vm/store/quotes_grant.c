/* Who may grant each of many price requests: schema_grant.h in C. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/quotes.h"
#include "store/schema_grant.h"

enum { LOWEST = 4, MASK_BITS = 64 };

typedef struct Row { /* of authority, in force; the lowest level first */
  int rank;
  bool any_deal, any_amount;
  double percent, amount, deal;
} Row;
typedef struct Masks { uint64_t *bits; size_t n; } Masks; /* of each word: the rows that it is listed in; of word 0: that list all */
typedef struct Power { int64_t staff; uint32_t region; int rank; } Power; /* region 0: everywhere */

typedef struct Sums { /* what several requests give away: those that give nothing make up for none that does */
  double list, given;
  uint32_t n, unknown;
} Sums;

typedef struct Grant {
  Quotes *q;
  Row *row;
  size_t nrow, cap, width; /* width: of a mask, in words of 64 bits */
  Buf lists;               /* texts of the rows: region, tier, line, reason, each ended by zero, or \1 for none */
  Masks region, tier, line, reason;
  uint64_t *mask;          /* of each quote */
  Power *power;
  size_t npower, cappower;
  IdMap staff;             /* first of `power` */
  double *given;           /* of each quote; NAN: not known */
  struct Class *class;     /* of the account at hand */
  size_t nclass, capclass;
} Grant;

/* --- reading ------------------------------------------------------------------- */

static void keep_list(Grant *g, sqlite3_stmt *st, int col) {
  Str s = val_str(sql_raw(st, col));
  if (sqlite3_column_type(st, col) == SQLITE_TEXT) buf_str(&g->lists, s);
  else buf_char(&g->lists, '\1');
  buf_char(&g->lists, '\0');
}

static bool read_rows(Grant *g, Err *e) {
  sqlite3_stmt *st = sql_prepare(g->q->s, "SELECT " GRANT_RANK("a.level") " AS rank, CAST(a.max_percent AS REAL), a.max_amount, a.max_deal, a.region,"
                                 " a.tier, a.product_line, a.reason FROM authority a WHERE " PRICE_HOLDS("a", "?1") " AND rank IS NOT NULL"
                                 " ORDER BY rank DESC, a.id", e);
  bool row = true, ok = st && sql_bind(g->q->s, st, 1, val_date(g->q->day), e);
  while (ok && (ok = sql_step(g->q->s, st, &row, e)) && row) {
    mem_grow(g->row, g->cap, g->nrow + 1);
    g->row[g->nrow++] = (Row){.rank = sqlite3_column_int(st, 0), .percent = sqlite3_column_double(st, 1),
      .any_amount = sqlite3_column_type(st, 2) == SQLITE_NULL, .amount = sqlite3_column_double(st, 2),
      .any_deal = sqlite3_column_type(st, 3) == SQLITE_NULL, .deal = sqlite3_column_double(st, 3)};
    for (int k = 4; k < 8; k++) keep_list(g, st, k);
  }
  sql_done(g->q->s, st);
  g->width = (g->nrow + MASK_BITS - 1) / MASK_BITS;
  return ok;
}

static bool read_powers(Grant *g, Err *e) {
  sqlite3_stmt *st = sql_prepare(g->q->s, "SELECT p.id, " GRANT_RANK("s.level") " AS rank, CASE WHEN s.level <> '总部' THEN s.region END FROM staff p JOIN"
                                 " staff s ON s.id = p.id OR s.id IN (SELECT d.staff FROM delegation d WHERE d.deputy = p.id AND " PRICE_HOLDS("d", "?1")
                                 ") WHERE coalesce(p.active, 1) AND rank IS NOT NULL ORDER BY p.id, rank", e);
  Quotes *q = g->q;
  bool row = true, ok = st && sql_bind(q->s, st, 1, val_date(q->day), e);
  while (ok && (ok = sql_step(q->s, st, &row, e)) && row) {
    mem_grow(g->power, g->cappower, g->npower + 1);
    Val region = sql_raw(st, 2);
    g->power[g->npower++] = (Power){sqlite3_column_int64(st, 0), region.t == V_TEXT ? words_put(&q->region, val_str(region), &q->arena) : WORD_NONE,
                                    sqlite3_column_int(st, 1)};
  }
  sql_done(q->s, st);
  int64_t *id = arena_alloc(&q->arena, (g->npower + 1) * sizeof *id);
  for (size_t i = 0; i < g->npower; i++) id[i] = g->power[i].staff;
  idmap_build(&g->staff, id, g->npower, &q->arena);
  return ok;
}

/* --- which rows hold for which words --------------------------------------------- */

/* "A, B", "A，B", "A、B" as ",A,B," */
static void normal_list(const char *list, Buf *out) {
  static const char *const comma[] = {", ", "，", "、"};
  buf_clear(out);
  buf_char(out, ',');
  while (*list) {
    size_t skip = 0;
    for (size_t i = 0; i < sizeof comma / sizeof *comma && !skip; i++)
      if (strncmp(list, comma[i], strlen(comma[i])) == 0) skip = strlen(comma[i]);
    buf_char(out, skip ? ',' : *list);
    list += skip ? skip : 1;
  }
  buf_char(out, ',');
}

static void masks_of(Grant *g, const WordSet *w, int which, Masks *m) {
  Buf list = {0}, word = {0};
  const char *at = g->lists.p;
  m->n = w->n + 1;
  m->bits = arena_zalloc(&g->q->arena, m->n * g->width + 1, sizeof *m->bits);
  for (size_t r = 0; r < g->nrow; r++) {
    const char *mine = at;
    for (int k = 0; k < 4; k++, at += strlen(at) + 1)
      if (k == which) mine = at;
    bool all = mine[0] == '\1' && !mine[1];
    normal_list(mine, &list);
    for (size_t i = 0; i < m->n; i++) {
      bool in = all;
      if (!all && i) {
        Str x = w->word[i - 1].text;
        buf_clear(&word);
        buf_printf(&word, ",%.*s,", STR_ARG(x));
        in = which == 3 ? str_is(x, mine) : strstr(list.p, word.p) != NULL;
      }
      if (in) m->bits[i * g->width + r / MASK_BITS] |= (uint64_t)1 << (r % MASK_BITS);
    }
  }
  buf_free(&list);
  buf_free(&word);
}

static void mask_quote(const Grant *g, const QuoteRow *r, uint64_t *mask) {
  const Quotes *q = g->q;
  const QuoteAccount *a = r->account == PLACE_NONE ? NULL : &q->account[r->account];
  for (size_t k = 0; k < g->width; k++) {
    mask[k] = g->region.bits[(a ? a->region : 0) * g->width + k] & g->tier.bits[(a ? a->tier : 0) * g->width + k] & g->reason.bits[r->reason * g->width + k];
    for (uint32_t i = 0; i < r->nline; i++) {
      uint32_t product = q->line[r->line + i].product;
      mask[k] &= g->line.bits[(product == PLACE_NONE ? 0 : q->product[product].line) * g->width + k];
    }
  }
}

/* --- sums and levels --------------------------------------------------------------- */

/* given <= round(percent * list, 4), as SQLite rounds */
static bool within_percent(double given, double percent, double list) {
  double most = percent * list;
  if (fabs(given - most) > 0.001) return given < most;
  char text[64];
  snprintf(text, sizeof text, "%.4f", most);
  return given <= strtod(text, NULL);
}

static bool within(const Row *r, double given, double list) {
  return (r->any_amount || given <= r->amount) && (r->any_deal || list < r->deal) && within_percent(given, r->percent, list);
}

typedef bool (*SufficesFn)(const Row *row, size_t r, const void *ctx);

/* The rank of the lowest level with a row of the mask that suffices; 0: none. */
static int lowest(const Grant *g, const uint64_t *mask, SufficesFn suffices, const void *ctx) {
  for (size_t k = 0; k < g->width; k++)
    for (uint64_t left = mask[k]; left; left &= left - 1) {
      size_t r = k * MASK_BITS + (size_t)__builtin_ctzll(left);
      if (suffices(&g->row[r], r, ctx)) return g->row[r].rank;
    }
  return 0;
}

static bool sums_within(const Row *row, size_t r, const void *ctx) {
  (void)r;
  const Sums *s = ctx;
  return within(row, s->given, s->list);
}

static int level_of(const Grant *g, size_t quote, Sums s) {
  if (s.unknown) return 0;
  return s.given <= 0 ? LOWEST : lowest(g, g->mask + quote * g->width, sums_within, &s);
}

static void sums_add(Sums *s, const Grant *g, size_t quote, bool itself, int sign) {
  const QuoteRow *r = &g->q->row[quote];
  double given = g->given[quote];
  s->n += (uint32_t)sign;
  if (isnan(given)) s->unknown += (uint32_t)sign;
  else s->given += sign * (itself ? given : fmax(given, 0));
  s->list += sign * r->list_now;
}

static bool stands(const QuoteRow *r) {
  return r->is & QUOTE_GRANTED || (r->is & QUOTE_GRANT && !(r->is & QUOTE_ENDED)) || (r->is & QUOTE_WON && r->is & QUOTE_APPROVER);
}

static bool lately(const Quotes *q, const QuoteRow *r) {
  Day of = r->decided != DAY_NONE ? r->decided : r->requested_on;
  return stands(r) && of != DAY_NONE && abs(of - q->day) < q->split;
}

static int own_rank(const Grant *g, const QuoteRow *r) {
  const Quotes *q = g->q;
  uint32_t region = r->account == PLACE_NONE ? WORD_NONE : q->account[r->account].region;
  int best = 0;
  for (uint32_t k = r->requester ? idmap_at(&g->staff, r->requester) : IDMAP_NONE; k != IDMAP_NONE; k = idmap_next(&g->staff, k)) {
    const Power *p = &g->power[k];
    if ((!p->region || p->region == region) && (!best || p->rank < best)) best = p->rank;
  }
  return best;
}

/* --- what is granted in the same run ------------------------------------------------- */

/* Requests of one account that are granted beside each other, one by one, in whatever order they are written: none may find
 * itself beyond its rows because of the others, whichever of them are written before it, or at all. For each row: what the
 * others are over its percentage, those under it making up for none. */
typedef struct Beside {
  const Grant *g;
  Sums late, admitted;
  double *over;         /* of each row: by how much admitted requests are beyond its percentage, added up */
  size_t quote;
  int least;            /* only rows of this rank and lower levels: what whoever asks may give */
} Beside;

/* Admitted requests with the same rows and the same level of whoever asks: one row has to suffice for all of them. */
typedef struct Class { size_t like; int rank; double *slack; } Class; /* slack: of each row, the least that any of them is under it */

static const double CLOSE = 4e-5; /* SQLite rounds to four places */

static double over(const Row *r, double given, double list) { return given - r->percent * list; }

static bool beside_within(const Row *row, size_t r, const void *ctx) {
  const Beside *b = ctx;
  double given = b->g->given[b->quote], list = b->g->q->row[b->quote].list_now;
  double sum = given + b->late.given + b->admitted.given;
  if (row->rank < b->least) return false;
  if (!row->any_amount && sum > row->amount) return false;
  if (!row->any_deal && list + b->late.list + b->admitted.list >= row->deal) return false;
  return over(row, given, list) + over(row, b->late.given, b->late.list) + b->over[r] <= CLOSE;
}

typedef struct Joined { const Beside *beside; const Class *class; } Joined;

/* Would this row still suffice for every request of a class with one more beside them? */
static bool class_within(const Row *row, size_t r, const void *ctx) {
  const Joined *j = ctx;
  const Beside *b = j->beside;
  double given = fmax(b->g->given[b->quote], 0), list = b->g->q->row[b->quote].list_now;
  if (row->rank < j->class->rank) return false;
  if (!row->any_amount && given + b->late.given + b->admitted.given > row->amount) return false;
  if (!row->any_deal && list + b->late.list + b->admitted.list >= row->deal) return false;
  double beyond = b->over[r] + fmax(over(row, b->g->given[b->quote], list), 0) + over(row, b->late.given, b->late.list);
  return beyond <= j->class->slack[r] + CLOSE;
}

static bool leaves_others(const Grant *g, const Beside *b) {
  for (size_t i = 0; i < g->nclass; i++) {
    Joined j = {b, &g->class[i]};
    if (!lowest(g, g->mask + g->class[i].like * g->width, class_within, &j)) return false;
  }
  return true;
}

static Class *class_of(Grant *g, size_t quote, int rank) {
  const uint64_t *mask = g->mask + quote * g->width;
  for (size_t i = 0; i < g->nclass; i++)
    if (g->class[i].rank == rank && !memcmp(g->mask + g->class[i].like * g->width, mask, g->width * sizeof *mask)) return &g->class[i];
  if (g->nclass == g->capclass) {
    mem_grow(g->class, g->capclass, g->nclass + 1);
    for (size_t i = g->nclass; i < g->capclass; i++) g->class[i].slack = arena_alloc(&g->q->arena, (g->nrow + 1) * sizeof(double));
  }
  Class *c = &g->class[g->nclass++];
  c->like = quote;
  c->rank = rank;
  for (size_t r = 0; r < g->nrow; r++) c->slack[r] = INFINITY;
  return c;
}

static void admit(Grant *g, Beside *b, int rank) {
  double list = g->q->row[b->quote].list_now;
  Class *c = class_of(g, b->quote, rank);
  for (size_t r = 0; r < g->nrow; r++) {
    double beyond = over(&g->row[r], g->given[b->quote], list);
    b->over[r] += fmax(beyond, 0);
    c->slack[r] = fmin(c->slack[r], fmax(-beyond, 0));
  }
  sums_add(&b->admitted, g, b->quote, false, 1);
}

/* The quote at hand, with what was granted lately and those admitted before it: the lowest level that suffices. */
static int level_beside(Beside *b, int least) {
  const Grant *g = b->g;
  b->least = least;
  if (b->late.unknown) return 0;
  if (g->given[b->quote] + b->late.given + b->admitted.given <= 0) return LOWEST;
  return lowest(g, g->mask + b->quote * g->width, beside_within, b);
}

/* --- an account ----------------------------------------------------------------------- */

typedef struct Turn { Day day; uint32_t quote; } Turn;

static int by_turn(const void *x, const void *y) {
  const Turn *a = x, *b = y;
  if (a->day != b->day) return (a->day > b->day) - (a->day < b->day);
  return (a->quote > b->quote) - (a->quote < b->quote);
}

/* The quote alone, with what was granted lately, and with what is open as well. */
static int level_now(const Grant *g, size_t quote, const uint32_t *other, size_t n, const Sums all[2]) {
  enum { EXACT = 64 };
  const QuoteRow *r = &g->q->row[quote];
  Sums s[3] = {0};
  if (!r->nline) return 0;
  sums_add(&s[0], g, quote, true, 1);
  bool late = lately(g->q, r), open = late || r->is & QUOTE_OPEN;
  for (int k = 0; k < 2; k++) {
    if (n <= EXACT) continue;
    s[k + 1] = all[k];
    if (k ? open : late) sums_add(&s[k + 1], g, quote, false, -1);
  }
  for (size_t i = 0; i < (n <= EXACT ? n : 0); i++) {
    const QuoteRow *o = &g->q->row[other[i]];
    if (other[i] == quote || !o->nline) continue;
    bool was = lately(g->q, o);
    if (was) sums_add(&s[1], g, other[i], false, 1);
    if (was || o->is & QUOTE_OPEN) sums_add(&s[2], g, other[i], false, 1);
  }
  int least = level_of(g, quote, s[0]);
  for (int k = 1; k < 3 && least; k++) {
    s[k].given += s[0].given, s[k].list += s[0].list, s[k].unknown += s[0].unknown;
    int level = level_of(g, quote, s[k]);
    least = level < least ? level : least;
  }
  return least;
}

static void put(const Grant *g, size_t quote, int level, bool own) {
  g->q->covered[quote] = (uint8_t)level;
  g->q->own[quote] = own;
}

static void decide_account(Grant *g, const uint32_t *quote, size_t n, double *over_row, Turn *turn) {
  const Quotes *q = g->q;
  Sums all[2] = {0};
  Beside b = {.g = g, .over = over_row};
  size_t nturn = 0;
  g->nclass = 0;
  memset(over_row, 0, g->nrow * sizeof *over_row);
  for (size_t i = 0; i < n; i++) {
    const QuoteRow *r = &q->row[quote[i]];
    bool late = lately(q, r);
    if (r->nline && late) sums_add(&all[0], g, quote[i], false, 1);
    if (r->nline && (late || r->is & QUOTE_OPEN)) sums_add(&all[1], g, quote[i], false, 1);
    turn[nturn++] = (Turn){r->requested_on == DAY_NONE ? INT32_MAX : r->requested_on, quote[i]};
  }
  b.late = all[0];
  if (nturn) qsort(turn, nturn, sizeof *turn, by_turn);
  for (size_t i = 0; i < nturn; i++) {
    b.quote = turn[i].quote;
    const QuoteRow *r = &q->row[b.quote];
    int level = level_now(g, b.quote, quote, n, all), rank = own_rank(g, r);
    bool own = rank && rank <= level;
    if (level && n > 1 && r->is & QUOTE_OPEN && !lately(q, r)) {
      int beside = level_beside(&b, 0);
      level = beside < level ? beside : level;
      own = own && level_beside(&b, rank) && leaves_others(g, &b);
      if (own) admit(g, &b, rank);
    }
    put(g, b.quote, level, own);
  }
}

static bool any_odd(const Quotes *q, const uint32_t *quote, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (q->row[quote[i]].is & QUOTE_ODD) return true;
  return false;
}

static void decide_all(Grant *g) {
  Quotes *q = g->q;
  size_t most = 1;
  for (size_t i = 0; i < q->naccount; i++) most = q->account[i].n > most ? q->account[i].n : most;
  double *over_row = mem_alloc((g->nrow + 1) * sizeof *over_row);
  Turn *turn = mem_alloc(most * sizeof *turn);
  for (size_t i = 0; i < q->naccount; i++) {
    const uint32_t *quote = q->of_account + q->account[i].first;
    bool odd = any_odd(q, quote, q->account[i].n);
    if (!odd) decide_account(g, quote, q->account[i].n, over_row, turn);
    for (size_t k = 0; odd && k < q->account[i].n; k++) put(g, quote[k], QUOTE_LEVEL_ODD, false);
  }
  for (uint32_t i = 0; i < q->n; i++) {
    if (q->row[i].account != PLACE_NONE) continue;
    if (q->row[i].is & QUOTE_ODD) put(g, i, QUOTE_LEVEL_ODD, false);
    else decide_account(g, &i, 1, over_row, turn);
  }
  mem_free(over_row);
  mem_free(turn);
}

bool quotes_grant(Quotes *q, Err *e) {
  if (q->covered) return true;
  Grant g = {.q = q};
  bool ok = read_rows(&g, e) && read_powers(&g, e);
  if (ok) {
    masks_of(&g, &q->region, 0, &g.region);
    masks_of(&g, &q->tier, 1, &g.tier);
    masks_of(&g, &q->line_word, 2, &g.line);
    masks_of(&g, &q->reason, 3, &g.reason);
    g.mask = mem_alloc((q->n * g.width + 1) * sizeof *g.mask);
    g.given = mem_alloc((q->n + 1) * sizeof *g.given);
    for (size_t i = 0; i < q->n; i++) {
      const QuoteRow *r = &q->row[i];
      mask_quote(&g, r, g.mask + i * g.width);
      g.given[i] = r->is & QUOTE_KNOWN ? r->list_now - r->net + quotes_beside(r) : NAN;
    }
    q->covered = arena_zalloc(&q->arena, q->n + 1, sizeof *q->covered);
    q->own = arena_zalloc(&q->arena, q->n + 1, sizeof *q->own);
    decide_all(&g);
  }
  mem_free(g.row);
  mem_free(g.power);
  mem_free(g.mask);
  mem_free(g.given);
  mem_free(g.class);
  buf_free(&g.lists);
  return ok;
}
