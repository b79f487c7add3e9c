/* Facts by month: what the file has of them, and what has to be built from rows. */
#include "store/month.h"

#include <stdlib.h>
#include <string.h>

#include "base/stop.h"

/* --- what is there ------------------------------------------------------------ */

bool months_open(Months *m, Store *s, const IdMap *map, Err *e) {
  *m = (Months){.s = s, .map = map};
  sqlite3_stmt *q = sql_prepare(s, "SELECT id FROM month_stale ORDER BY id", e);
  if (!q) return false;
  size_t cap = 0;
  bool row, ok;
  while ((ok = sql_step(s, q, &row, e)) && row) {
    mem_grow(m->stale, cap, m->nstale + 1);
    m->stale[m->nstale++] = sqlite3_column_int64(q, 0);
  }
  sql_done(s, q);
  return ok;
}

static void drop_built(FactMonth *fm) {
  for (int i = 0; fm->built && i < PARTS; i++) buf_free(&fm->built[i]);
  mem_free(fm->built);
  fm->built = NULL;
}

void months_close(Months *m) {
  for (FactMonths *f = m->fact; f; f = f->next)
    for (size_t i = 0; i < f->n; i++) drop_built(&f->month[i]);
  mem_free(m->stale);
  mem_free(m->span);
  mem_free(m->value);
  mem_free(m->null);
  arena_free(&m->arena);
  *m = (Months){0};
}

static int by_id(const void *x, const void *y) {
  int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
  return a < b ? -1 : a > b;
}

static bool is_stale(const Months *m, const Fact *f, int month) {
  int64_t id = (int64_t)f->table->number * 1000000 + month_number(month);
  return m->nstale && bsearch(&id, m->stale, m->nstale, sizeof id, by_id);
}

static bool read_directory(Months *m, FactMonths *f, Err *e) {
  sqlite3_stmt *q = sql_prepare(m->s,
                                "SELECT id % 1000000, rows, accounts, extremes, first_day, last_day FROM month_fact "
                                "WHERE id > ?1 AND id < ?2",
                                e);
  if (!q) return false;
  const Val bind[] = {val_int(fact_month_id(f->fact, 0)), val_int(fact_month_id(f->fact, 999999))};
  bool row = true, ok = sql_bind(m->s, q, 1, bind[0], e) && sql_bind(m->s, q, 2, bind[1], e);
  while (ok && (ok = sql_step(m->s, q, &row, e)) && row) {
    int month = month_of_number(sqlite3_column_int(q, 0));
    f->built_before = true;
    FactMonth *fm = months_at(f, month);
    if (!fm) continue;
    fm->extremes = sqlite3_column_int(q, 3); /* also of a stale one: what it had it gets again */
    if (is_stale(m, f->fact, month)) continue;
    Day start = month_start(month);
    *fm = (FactMonth){.ready = true,
                      .rows = sqlite3_column_int64(q, 1),
                      .n = (size_t)sqlite3_column_int64(q, 2),
                      .extremes = fm->extremes,
                      .first = start + sqlite3_column_int(q, 4) - 1,
                      .last = start + sqlite3_column_int(q, 5) - 1};
  }
  sql_done(m->s, q);
  return ok;
}

FactMonths *months_of(Months *m, const Fact *f, Err *e) {
  for (FactMonths *have = m->fact; have; have = have->next)
    if (have->fact == f) return have;
  Span span = {0};
  if (!fact_span(m->s, f, &span, e)) return NULL;
  FactMonths *own = arena_zalloc(&m->arena, 1, sizeof *own);
  own->fact = f;
  if (span.any) {
    own->low = day_month(span.first);
    own->n = (size_t)(day_month(span.last) - own->low) + 1;
  }
  own->month = arena_zalloc(&m->arena, own->n + 1, sizeof *own->month);
  if (!m->from_rows && !read_directory(m, own, e)) return NULL;
  own->next = m->fact;
  return m->fact = own;
}

/* --- building -------------------------------------------------------------------- */

typedef struct Build {
  Months *m;
  FactMonths *f;
  bool extremes, of_extremes; /* asked for; of the open one */
  int month;             /* being built; its Month is open */
  Month *open;
  FactMonth *into;
} Build;

static bool take_part(void *ctx, int part, Str bytes, Err *e) {
  (void)e;
  Build *b = ctx;
  buf_clear(&b->into->built[part]);
  buf_str(&b->into->built[part], bytes);
  return true;
}

static bool end_month(Build *b, Err *e) {
  if (!b->open) return true;
  FactMonth *fm = months_at(b->f, b->month);
  MonthSummary sum;
  drop_built(fm);
  fm->built = mem_zalloc(PARTS, sizeof *fm->built);
  b->into = fm;
  bool ok = month_seal(b->open, &sum, take_part, b, e);
  month_free(b->open);
  b->open = NULL;
  Day start = month_start(b->month);
  fm->ready = ok;
  fm->extremes = b->of_extremes;
  fm->rows = sum.rows;
  fm->n = sum.accounts;
  fm->first = start + sum.first_day - 1;
  fm->last = start + sum.last_day - 1;
  fm->place = NULL;
  b->m->unsaved = true;
  b->m->use.built++;
  return ok;
}

static bool wants(const FactMonth *fm, bool extremes) { return !fm->ready || (extremes && !fm->extremes); }

static void begin_month(Build *b, int month) {
  const Fact *f = b->f->fact;
  int figures = 0;
  while (figures < FACT_FIGURES && f->figure[figures]) figures++;
  b->month = month;
  b->of_extremes = b->extremes || months_at(b->f, month)->extremes;
  b->open = month_new(figures, fact_is_lines(f), b->of_extremes);
}

/* A figure that is no number at all makes its column wide, so that whoever asks for it meets the row. */
static Val figure_of(const Rows *r, int col, bool money, Arena *a) {
  int kind = sqlite3_column_type(r->q, col);
  if (kind == SQLITE_INTEGER) return val_int(sqlite3_column_int64(r->q, col));
  Val v = val_text((Str){0});
  if (kind == SQLITE_NULL) return val_null();
  if (money || !view_value(r->q, col, COL_NUM, 0, a, &v)) return val_text((Str){0});
  return v;
}

static void add_row(Build *b, const Rows *r, Arena *a) {
  const Fact *f = b->f->fact;
  Val figure[FACT_FIGURES] = {0};
  for (int i = 0; i < FACT_FIGURES && f->figure[i]; i++)
    figure[i] = figure_of(r, FACT_COLUMNS + i, f->money >> i & 1, a);
  OrderDay none;
  int64_t account = sqlite3_column_int64(r->q, 0);
  uint64_t key = fact_is_lines(f) ? order_key(account, rows_order_no(r, 2, &none)) : 0;
  month_add(b->open, account, r->day - month_start(b->month) + 1, figure, key);
}

/* Rows of [first, last] in the order of their days; months that are wanted are built. */
static bool build(Months *m, FactMonths *f, int first, int last, bool extremes, Err *e) {
  Build b = {.m = m, .f = f, .extremes = extremes};
  Buf sql = {0};
  Arena a = {0};
  fact_sql(f->fact, &sql);
  Rows r;
  bool row = true, ok = rows_open(&r, m->s, sql.p, month_start(first), month_start(last + 1), e);
  while (ok && (ok = rows_next(&r, &row, e)) && row) {
    int month = b.open && r.day < month_start(b.month + 1) ? b.month : day_month(r.day);
    if (b.open && month != b.month) ok = end_month(&b, e) && stop_check(e);
    FactMonth *fm = months_at(f, month);
    if (!ok || !fm) continue;
    if (!b.open && !wants(fm, extremes)) continue;
    if (!b.open) begin_month(&b, month);
    add_row(&b, &r, &a);
    m->use.rows++;
    if (a.total) arena_free(&a);
  }
  sql_done(m->s, r.q);
  ok = ok && end_month(&b, e);
  for (int month = first; ok && month <= last; month++) { /* without a row */
    if (!wants(months_at(f, month), extremes)) continue;
    begin_month(&b, month);
    ok = end_month(&b, e);
  }
  month_free(b.open);
  arena_free(&a);
  buf_free(&sql);
  return ok;
}

bool months_ready(Months *m, FactMonths *f, int first, int last, bool extremes, Err *e) {
  if (first < f->low) first = f->low;
  if (last >= f->low + (int)f->n) last = f->low + (int)f->n - 1;
  bool any = false, by_id = fact_is_lines(f->fact);
  for (int i = first; i <= last; i++) {
    if (!wants(months_at(f, i), extremes)) continue;
    int to = i;
    /* order lines are found by month; of other tables all rows are looked through once */
    while (to < last && (!by_id || wants(months_at(f, to + 1), extremes))) to++;
    if (!build(m, f, i, to, extremes, e)) return false;
    any = true;
    i = to;
  }
  if (any && by_id) m->spans_known = false;
  return !any || !m->s->writing || m->from_rows || months_save(m, e);
}

/* --- reading columns ------------------------------------------------------------- */

static bool err_damaged(const Months *m, const FactMonths *f, int month, Err *e) {
  err_set(e, ERR_FAIL, "%s is damaged: the monthly column of %s for %d does not read", m->s->path, f->fact->from,
          month_number(month));
  return err_todo(e, "build the columns anew from the rows: pareto rebuild");
}

bool months_bytes(Months *m, FactMonths *f, int month, int part, PartUse use, void *ctx, Err *e) {
  const FactMonth *fm = months_at(f, month);
  if (fm->built) return use(ctx, buf_view(&fm->built[part]), e);
  sqlite3_stmt *q = sql_prepare(m->s, "SELECT data FROM month_column WHERE id = ?1", e);
  if (!q) return false;
  bool row = false;
  Val id = val_int(fact_month_id(f->fact, month_number(month)) * 100 + part);
  bool ok = sql_bind(m->s, q, 1, id, e) && sql_step(m->s, q, &row, e);
  if (ok && !row) ok = err_damaged(m, f, month, e);
  if (ok) {
    const char *p = sqlite3_column_blob(q, 0);
    ok = use(ctx, (Str){p ? p : "", (size_t)sqlite3_column_bytes(q, 0)}, e);
  }
  sql_done(m->s, q);
  return ok;
}

typedef struct Reading { Months *m; FactMonths *f; int month; Vector *out; FactMonth *fm; } Reading;

static void reserve(Months *m, size_t n) {
  if (n <= m->cap) return;
  m->cap = n;
  m->value = mem_resize(m->value, n, sizeof *m->value);
  m->null = mem_resize(m->null, n, 1);
}

static bool read_vector(void *ctx, Str bytes, Err *e) {
  Reading *r = ctx;
  reserve(r->m, r->fm->n + 1);
  *r->out = (Vector){.v = r->m->value, .null = r->m->null};
  return vector_decode(bytes, r->fm->n, r->out) || err_damaged(r->m, r->f, r->month, e);
}

bool months_vector(Months *m, FactMonths *f, int month, int part, Vector *out, Err *e) {
  Reading r = {m, f, month, out, months_at(f, month)};
  return months_bytes(m, f, month, part, read_vector, &r, e);
}

typedef struct Unpacked { PackedUse use; void *ctx; size_t n; bool *packed; } Unpacked;

static bool use_packed(void *ctx, Str bytes, Err *e) {
  (void)e;
  const Unpacked *u = ctx;
  Packed v;
  *u->packed = vector_packed(bytes, u->n, &v);
  if (*u->packed) u->use(u->ctx, &v, u->n);
  return true;
}

bool months_packed(Months *m, FactMonths *f, int month, int part, PackedUse use, void *ctx, bool *packed, Err *e) {
  Unpacked u = {use, ctx, months_at(f, month)->n, packed};
  return months_bytes(m, f, month, part, use_packed, &u, e);
}

static bool read_places(void *ctx, Str bytes, Err *e) {
  Reading *r = ctx;
  size_t n;
  reserve(r->m, r->fm->n + 1);
  if (!who_count(bytes, &n) || n != r->fm->n || !who_decode(bytes, r->m->value))
    return err_damaged(r->m, r->f, r->month, e);
  uint32_t *place = arena_alloc(&r->m->arena, (n + 1) * sizeof *place);
  for (size_t i = 0; i < n; i++) place[i] = idmap_at(r->m->map, r->m->value[i]);
  r->fm->place = place;
  return true;
}

bool months_places(Months *m, FactMonths *f, int month, Err *e) {
  Reading r = {m, f, month, NULL, months_at(f, month)};
  if (!r.fm) return err_damaged(m, f, month, e);
  return r.fm->place || months_bytes(m, f, month, PART_WHO, read_places, &r, e);
}
