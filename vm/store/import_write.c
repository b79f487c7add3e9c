#include "store/import_write.h"

#include "base/lang.h"
#include "base/num.h"
#include "store/orders.h"
#include "store/schema.h"

#include <string.h>

/* --- statements ------------------------------------------------------------------- */

static void column_list(const Writer *w, Buf *sql, const char *between) {
  for (size_t i = 0; i < w->nplain; i++) {
    buf_puts(sql, between);
    sql_name(sql, str_of(w->im->target[w->plain[i]].name));
  }
}

/* One row of bound values, or all of import_row. */
static char *insert_sql(Writer *w, bool all) {
  Buf sql = {0};
  buf_printf(&sql, "INSERT INTO %s(id", w->im->ent->table);
  column_list(w, &sql, ", ");
  buf_puts(&sql, all ? ") SELECT c0" : ") VALUES(?");
  for (size_t i = 0; i < w->nplain; i++)
    if (all) buf_printf(&sql, ", c%zu", i + 1);
    else buf_puts(&sql, ",?");
  buf_puts(&sql, all ? " FROM import_row" : ")");
  return buf_take(&sql);
}

/* The row as it is: id, then every target in order. */
static char *select_sql(const Writer *w) {
  const Import *im = w->im;
  Buf sql = {0};
  buf_puts(&sql, "SELECT id");
  for (size_t k = 0; k < im->ntarget; k++) {
    buf_puts(&sql, ", ");
    sql_name(&sql, str_of(im->target[k].name));
  }
  buf_printf(&sql, " FROM %s WHERE %s = ?1", im->ent->table, im->own_key ? catalog_key(im->ent)->name : "id");
  return buf_take(&sql);
}

static char *update_sql(const Writer *w) {
  Buf sql = {0};
  buf_printf(&sql, "UPDATE %s SET ", w->im->ent->table);
  for (size_t i = 0; i < w->nplain; i++) {
    if (i) buf_puts(&sql, ", ");
    sql_name(&sql, str_of(w->im->target[w->plain[i]].name));
    buf_printf(&sql, " = ?%zu", i + 2);
  }
  buf_puts(&sql, " WHERE id = ?1");
  return buf_take(&sql);
}

static bool open_feed(Writer *w, Err *e) {
  static const char *const name[] = {"account", "order_no", "quantity", "revenue", "cost"};
  const Import *im = w->im;
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    w->fed[i] = -1;
    for (size_t k = 0; k < im->ntarget; k++)
      if (strcmp(im->target[k].name, name[i]) == 0) w->fed[i] = (int)k;
  }
  return feed_open(im->s, &w->feed, e);
}

static bool next_id(Writer *w, const char *table, int64_t *id, Err *e) {
  Buf sql = {0};
  Val v;
  schema_next_id(table, &sql);
  bool ok = store_value(w->im->s, sql.p, NULL, 0, &w->arena, &v, e);
  *id = ok ? v.u.i : 1;
  buf_free(&sql);
  return ok;
}

static bool open_pages(Writer *w, Err *e) {
  Import *im = w->im;
  if (!im->orders || im->nkey || im->assigns || im->by_rows || im->s->journal) return true;
  const char **column = arena_alloc(&w->arena, im->ntarget * sizeof *column);
  for (size_t k = 0; k < im->ntarget; k++) column[k] = im->target[k].name;
  return pages_open(im->s, im->ent->table, column, im->ntarget, &w->pages, e);
}

/* What follows, or reads the table, goes the way of statements. */
static bool end_pages(Writer *w, Err *e) {
  bool held = true;
  if (!w->pages) return true;
  bool ok = pages_end(w->pages, &held, e);
  pages_close(w->pages);
  w->pages = NULL;
  w->im->lost = ok && !held;
  return ok && (held || err_set(e, ERR_FAIL, "order lines did not hold as pages of %s", w->im->s->path));
}

bool writer_open(Writer *w, Import *im, Err *e) {
  w->im = im;
  w->plain = arena_alloc(&w->arena, (im->ntarget + 1) * sizeof *w->plain);
  for (size_t k = 0; k < im->ntarget; k++)
    if (!im->target[k].history) w->plain[w->nplain++] = k;
  w->id_seed = added_seed("id");
  w->assign = arena_zalloc(&w->arena, 2 * im->ntarget + 1, sizeof *w->assign);
  w->insert_one = insert_sql(w, false);
  w->insert_many = insert_sql(w, true);
  w->select = select_sql(w);
  w->update = update_sql(w);
  bool ok = next_id(w, im->ent->table, &w->next, e) && next_id(w, "history", &w->history, e);
  w->first = w->next;
  w->last = w->next - 1;
  return ok && table_open(im->s, "import_row", &w->table, e) && open_pages(w, e) && (!im->orders || open_feed(w, e));
}

void writer_close(Writer *w) {
  if (w->im) {
    sql_forget(w->im->s);
    table_close(w->im->s, "import_row");
  }
  pages_close(w->pages);
  feed_close(w->feed);
  Err ignored = {0};
  if (w->im && w->wide) sql_host(w->im->s, "PRAGMA cache_size = -8192", &ignored);
  err_free(&ignored);
  mem_free(w->insert_one);
  mem_free(w->insert_many);
  mem_free(w->select);
  mem_free(w->update);
  mem_free(w->count);
  mem_free(w->was);
  for (size_t k = 0; w->im && k < 2 * w->im->ntarget; k++) {
    mem_free(w->assign[k].id);
    mem_free(w->assign[k].val);
  }
  arena_free(&w->arena);
  *w = (Writer){0};
}

/* --- ids ---------------------------------------------------------------------------- */

static DayCount *find_day(Writer *w, int64_t day) {
  size_t i = ((uint64_t)day * 0x9E3779B97F4A7C15u >> 32) & w->mask;
  while (w->count[i].day && w->count[i].day != day) i = (i + 1) & w->mask;
  return &w->count[i];
}

static void grow_days(Writer *w) {
  DayCount *old = w->count;
  w->of_day = NULL;
  size_t n = old ? w->mask + 1 : 0;
  w->mask = n ? n * 2 - 1 : 1023;
  w->count = mem_zalloc(w->mask + 1, sizeof *w->count);
  for (size_t i = 0; i < n; i++)
    if (old[i].day) *find_day(w, old[i].day) = old[i];
  mem_free(old);
}

static bool day_count(Writer *w, int64_t day, DayCount **out, Err *e) {
  if (!w->count || w->ncount * 2 > w->mask) grow_days(w);
  DayCount *c = *out = find_day(w, day);
  if (!c->day) {
    Val bind[] = {val_int(day * ORDERS_A_DAY), val_int((day + 1) * ORDERS_A_DAY)}, last = val_null();
    const char *sql = w->pages ? ORDERS_LAST_LOGGED : ORDERS_LAST;
    if (!store_value(w->im->s, sql, bind, 2, &w->arena, &last, e)) return false;
    int64_t next = last.t == V_NUM ? last.u.i + 1 : day * ORDERS_A_DAY;
    *c = (DayCount){.day = day, .first = next, .next = next};
    w->ncount++;
  }
  return true;
}

/* The id of one more order line of this day. */
static bool order_id(Writer *w, int64_t day, int64_t *id, Err *e) {
  DayCount *c;
  if (!day_count(w, day, &c, e)) return false;
  if (c->next >= (day + 1) * ORDERS_A_DAY)
    return err_set(e, ERR_FAIL, "%lld has more than %lld order lines", (long long)day,
                   (long long)ORDERS_A_DAY);
  *id = c->next++;
  return true;
}

/* Own keys that other rows of the file refer to got their ids when the keys were read. */
static bool new_id(Writer *w, const RowBatch *b, size_t row, int64_t *id, Err *e) {
  Import *im = w->im;
  const Val *val = b->val + row * im->ntarget;
  if (im->orders) return order_id(w, val[im->day].u.i, id, e);
  if (im->self && im->own_key) {
    for (size_t k = 0; k < im->ntarget; k++)
      if (im->target[k].key) *id = refs_find(im->self, val_str(val[k]));
    return true;
  }
  *id = w->next++;
  return true;
}

/* --- binding ---------------------------------------------------------------------------- */

/* Text is not copied: it lives as long as the batch, and the statement is done before. */
static bool bind(Writer *w, sqlite3_stmt *q, int at, Val v, Err *e) {
  int rc;
  if (v.t == V_NUM && v.e == 0) rc = sqlite3_bind_int64(q, at, v.u.i);
  else if (v.t == V_TEXT) rc = sqlite3_bind_text(q, at, v.n ? v.u.s : "", (int)v.n, SQLITE_STATIC);
  else if (v.t == V_NULL) rc = sqlite3_bind_null(q, at);
  else return sql_bind(w->im->s, q, at, v, e);
  return rc == SQLITE_OK || sql_err(w->im->s, rc, e);
}

static bool bind_row(Writer *w, sqlite3_stmt *q, int *at, const RowBatch *b, size_t row, Val id, Err *e) {
  const Val *val = b->val + row * w->im->ntarget;
  if (!bind(w, q, (*at)++, id, e)) return false;
  for (size_t i = 0; i < w->nplain; i++)
    if (!bind(w, q, (*at)++, val[w->plain[i]], e)) return false;
  return true;
}

/* One step of a statement that gives no rows. *refused: a constraint says no, and e is untouched. */
static bool step(Writer *w, sqlite3_stmt *q, bool *refused, Err *e) {
  int rc = sqlite3_step(q);
  sqlite3_reset(q);
  *refused = (rc & 0xff) == SQLITE_CONSTRAINT;
  return rc == SQLITE_DONE || *refused || sql_err(w->im->s, rc, e);
}

/* Many places of the file are written in turn: their pages have to stay at hand. */
static bool widen_cache(Writer *w, Err *e) {
  w->wide = true;
  return sql_host(w->im->s, "PRAGMA cache_size = -65536", e);
}

/* --- rows of other entities ------------------------------------------------------------------ */

typedef struct Made { const struct RefRow *row; const MadeRow *made; } Made; /* one of them */

static Val made_cell(const void *ctx, size_t row, size_t column) {
  const Made *m = ctx;
  if (column) return val_text(m->row ? m->row[row].key : m->made[row].key);
  return val_int(m->row ? m->row[row].id : m->made[row].id);
}

/* What orders mention is alive: an account made for them is active, so that it stands in every scope. */
static bool write_made(Writer *w, const CatEntity *ent, Made made, size_t n, Err *e) {
  Buf sql = {0}, more = {0};
  buf_printf(&sql, "INSERT INTO %s(id, %s", ent->table, catalog_key(ent)->name);
  for (size_t k = 0; k < ent->ncol; k++)
    if (ent->col[k].made) {
      buf_printf(&sql, ", %s", ent->col[k].name);
      buf_printf(&more, ", %s", ent->col[k].made);
    }
  buf_printf(&sql, ") SELECT c0, c1%.*s FROM import_row", STR_ARG(buf_view(&more)));
  w->table = (RowTable){n, made_cell, &made};
  bool ok = store_exec(w->im->s, sql.p, NULL, 0, e);
  w->table = (RowTable){0};
  buf_free(&more);
  buf_free(&sql);
  w->im->count.made += ok ? (int64_t)n : 0;
  return ok;
}

/* Before the rows that refer to them, for which they have to be there. */
static bool write_made_of(Writer *w, const RowBatch *b, Err *e) {
  bool ok = true;
  for (size_t i = 0, n; ok && !w->im->orders && i < b->nmade; i += n) {
    for (n = 1; i + n < b->nmade && b->made[i + n].refs == b->made[i].refs;) n++;
    ok = write_made(w, b->made[i].refs->ent, (Made){.made = b->made + i}, n, e);
  }
  return ok;
}

/* No key holds order lines to their accounts: these come all at once, with room for the index of their codes. */
static bool write_all_made(Writer *w, Err *e) {
  enum { MANY = 50000 };
  Import *im = w->im;
  bool ok = true;
  for (size_t i = 0; ok && im->orders && i < im->nrefs; i++) {
    const Refs *r = &im->refs[i];
    size_t n = r->n - r->made;
    if (n > MANY && !w->wide) ok = widen_cache(w, e);
    ok = ok && (!n || write_made(w, r->ent, (Made){.row = r->row + r->made}, n, e));
  }
  return ok;
}

/* --- fields with a history ---------------------------------------------------------------------- */
/* Changed rows from as-of; new rows since ever: what is first known of a row holds before that day too. */

static void assign_later(Writer *w, size_t k, int64_t id, Val v) {
  struct Assign *a = &w->assign[k];
  size_t cap = a->cap;
  mem_grow(a->id, cap, a->n + 1);
  mem_grow(a->val, a->cap, a->n + 1);
  a->id[a->n] = id;
  a->val[a->n++] = v;
}

static bool assign_all(Writer *w, Err *e) {
  Import *im = w->im;
  const Day since_ever = day_of(1, 1, 1);
  for (size_t k = 0; k < 2 * im->ntarget; k++) {
    struct Assign *a = &w->assign[k];
    size_t changed;
    Day from = k < im->ntarget ? im->spec.asof : since_ever;
    if (a->n && !store_assign(im->s, im->ent->name, im->target[k < im->ntarget ? k : k - im->ntarget].name, from, a->id, a->val,
                              a->n, &changed, e))
      return false;
    a->n = 0;
  }
  return true;
}

/* --- new rows --------------------------------------------------------------------------------------- */

/* An id one above the greatest is left to SQLite, which then need not look whether it is taken. */
static Val id_to_bind(Writer *w, int64_t id) {
  bool follows = w->im->orders && w->last >= 0 && id == w->last + 1;
  if (w->last >= 0 && id > w->last) w->last = id;
  return follows ? val_null() : val_int(id);
}

static bool reject_now(Writer *w, RowBatch *b, size_t row, Err *e) {
  const char *why = _(sqlite3_errmsg(w->im->s->db));
  Reject r = import_rows_reject(w->im, b, b->at[row],
                                str_of(arena_say(&b->arena, "is refused by the database: %s", why)),
                                str_of(arena_printf(&b->arena, "%s", why)));
  w->im->count.rejected++;
  w->last = -1;
  return rejects_add(&w->im->rejects, &r, e);
}

static bool feed(Writer *w, const Val *val, Err *e) {
  Val figure[FACT_FIGURES] = {0}, no = val_null();
  for (int i = 0; i < FACT_FIGURES; i++)
    if (w->fed[2 + i] >= 0) figure[i] = val[w->fed[2 + i]];
  if (w->fed[1] >= 0) no = val[w->fed[1]];
  return feed_line(w->feed, val[w->fed[0]].u.i, val[w->im->day].u.i, val_str(no), no.t == V_TEXT, figure, e);
}

static void feed_ahead(const Writer *w, const RowBatch *b, size_t row) {
  enum { NEXT = 12, LATER = 24 };
  const size_t width = w->im->ntarget;
  const Val *account = b->val + w->fed[0];
  if (row + LATER < b->n) feed_soon(w->feed, account[(row + NEXT) * width].u.i, account[(row + LATER) * width].u.i);
}

static void add_up(Writer *w, const RowBatch *b, size_t row) {
  int64_t day = b->val[row * w->im->ntarget + (size_t)w->im->day].u.i;
  if (!w->of_day || w->of_day->day != day) w->of_day = find_day(w, day);
  added_row(&w->of_day->sum, b->hash[row] + added_int(b->id[row], w->id_seed));
}

static bool added(Writer *w, const RowBatch *b, size_t row, Err *e) {
  if (w->im->summed) add_up(w, b, row);
  if (w->last >= 0 && b->id[row] > w->last) w->last = b->id[row];
  const Val *val = b->val + row * w->im->ntarget;
  for (size_t k = 0; w->im->assigns && k < w->im->ntarget; k++)
    if (w->im->target[k].history && val[k].t != V_NULL)
      assign_later(w, w->im->ntarget + k, b->id[row], val[k]);
  w->im->count.added++;
  if (!w->feed) return true;
  feed_ahead(w, b, row);
  return feed(w, val, e);
}

static bool insert_one(Writer *w, RowBatch *b, size_t row, Err *e) {
  bool refused = false;
  int at = 1;
  sqlite3_stmt *q = sql_prepare(w->im->s, w->insert_one, e);
  if (!q) return false;
  bool ok = bind_row(w, q, &at, b, row, val_int(b->id[row]), e) && step(w, q, &refused, e);
  if (ok) ok = refused ? reject_now(w, b, row, e) : added(w, b, row, e);
  sql_done(w->im->s, q);
  return ok;
}

typedef struct Fresh { Writer *w; const RowBatch *b; const uint32_t *row; } Fresh;

static Val fresh_cell(const void *ctx, size_t at, size_t column) {
  const Fresh *f = ctx;
  size_t row = f->row[at];
  if (column) return f->b->val[row * f->w->im->ntarget + f->w->plain[column - 1]];
  return id_to_bind(f->w, f->b->id[row]);
}

/* Rows in one statement; when one of them is refused none is in, and they go one by one. */
static bool insert_many(Writer *w, RowBatch *b, const uint32_t *row, size_t n, Err *e) {
  enum { FEW = 2 };
  bool refused = n <= FEW || w->nplain >= TABLE_COLUMNS, ok = true;
  if (!refused) {
    Fresh fresh = {w, b, row};
    sqlite3_stmt *q = sql_prepare(w->im->s, w->insert_many, e);
    if (!q) return false;
    w->table = (RowTable){n, fresh_cell, &fresh};
    ok = step(w, q, &refused, e);
    sql_done(w->im->s, q);
    w->table = (RowTable){0};
    if (refused) w->last = -1;
  }
  for (size_t i = 0; ok && i < n; i++) ok = refused ? insert_one(w, b, row[i], e) : added(w, b, row[i], e);
  return ok;
}

/* The rows that go in as pages: all, until one of them cannot. *row is the one to go on from. */
static bool place_rows(Writer *w, RowBatch *b, size_t *row, Err *e) {
  bool taken = true;
  for (size_t i = *row; i < b->n && w->pages; i++) {
    if (!new_id(w, b, i, &b->id[i], e) || !pages_add(w->pages, b->id[i], b->val + i * w->im->ntarget, &taken, e)) return false;
    if (!taken) {
      w->of_day = NULL;
      find_day(w, b->val[i * w->im->ntarget + (size_t)w->im->day].u.i)->next--; /* it will ask for its id again */
      return end_pages(w, e);
    }
    if (!added(w, b, i, e)) return false;
    *row = i + 1;
  }
  return true;
}

/* --- known rows ---------------------------------------------------------------------------------------- */

static bool same(const Target *t, Val was, Val now, Arena *a) {
  int64_t minor;
  if (t->history && t->type == COL_MONEY && num_minor(now, t->minor, &minor, NULL)) now = val_int(minor);
  if (was.t == V_NULL || now.t == V_NULL) return was.t == now.t;
  if (was.t == V_REAL && val_is_num(now)) was = num_of_double(was.u.d, a);
  if (val_is_num(was) && val_is_num(now)) return num_cmp(was, now) == 0;
  Buf x = {0}, y = {0};
  key_put(&x, was);
  key_put(&y, now);
  bool equal = str_eq(buf_view(&x), buf_view(&y));
  buf_free(&x);
  buf_free(&y);
  return equal;
}

/* Reads the row and compares: *id 0 when there is none; *plain, *other: columns of each kind differ. */
static bool compare(Writer *w, RowBatch *b, size_t row, int64_t *id, bool *plain, bool *other, Err *e) {
  Import *im = w->im;
  const Val *val = b->val + row * im->ntarget;
  Val key = val_int(b->id[row]);
  for (size_t k = 0; im->own_key && k < im->ntarget; k++)
    if (im->target[k].key) key = val[k];
  *id = 0;
  *plain = *other = false;
  if (!im->own_key && !b->id[row]) return true;
  sqlite3_stmt *q = sql_prepare(im->s, w->select, e);
  if (!q) return false;
  bool there = false, ok = bind(w, q, 1, key, e) && sql_step(im->s, q, &there, e);
  if (ok && there) {
    *id = sqlite3_column_int64(q, 0);
    for (size_t k = 0; k < im->ntarget; k++) {
      const Target *t = &im->target[k];
      if (same(t, sql_raw(q, (int)k + 1), val[k], &b->arena)) continue;
      if (!t->history) *plain = true;
      else *other = true, assign_later(w, k, *id, val[k]);
    }
  }
  sql_done(im->s, q);
  return ok;
}

/* A line whose day changes gets an id of the new day: it moves. */
static bool move_order(Writer *w, RowBatch *b, size_t row, Err *e) {
  Val day = b->val[row * w->im->ntarget + (size_t)w->im->day], was = val_int(b->id[row]);
  DayCount *from; /* counted with the line that leaves: its id is not given to another */
  if (!day_count(w, was.u.i / ORDERS_A_DAY, &from, e) || !order_id(w, day.u.i, &b->id[row], e)) return false;
  w->last = -1;
  Val bind[] = {was, val_int(b->id[row]), day};
  return store_exec(w->im->s, "UPDATE orders SET id = ?2, day = ?3 WHERE id = ?1", bind, 3, e);
}

static bool update_row(Writer *w, RowBatch *b, size_t row, Err *e) {
  Import *im = w->im;
  const Val *val = b->val + row * im->ntarget;
  bool refused = false, moves = im->orders && val[im->day].u.i != b->id[row] / ORDERS_A_DAY;
  int at = 1;
  if (w->feed && (!feed_changed(w->feed, b->id[row] / ORDERS_A_DAY, e) || !feed_changed(w->feed, val[im->day].u.i, e)))
    return false;
  if (moves && !move_order(w, b, row, e)) return false;
  sqlite3_stmt *q = sql_prepare(im->s, w->update, e);
  if (!q) return false;
  bool ok = bind_row(w, q, &at, b, row, val_int(b->id[row]), e) && step(w, q, &refused, e);
  if (ok && refused) ok = reject_now(w, b, row, e);
  else if (ok) im->count.changed++;
  sql_done(im->s, q);
  return ok;
}

static bool im_asked(const Writer *w) { return w->im->spec.changed != NULL; }

static bool known_row(Writer *w, RowBatch *b, size_t row, bool *is_new, Err *e) {
  int64_t id;
  bool plain, other;
  if (!compare(w, b, row, &id, &plain, &other, e)) return false;
  *is_new = id == 0;
  if (*is_new) return true;
  b->id[row] = id;
  if ((plain || other) && im_asked(w) && !writer_was(w, b, id, e)) return false;
  if (plain) {
    bool ok = update_row(w, b, row, e);
    if (im_asked(w)) w->was[w->nwas - 1].now = b->id[row];
    return ok;
  }
  if (other) w->im->count.changed++;
  else w->im->count.unchanged++;
  return true;
}

bool writer_batch(Writer *w, RowBatch *b, Err *e) {
  Import *im = w->im;
  /* lines in no order of days grow the table at as many places as there are days */
  if (b->scattered && !w->wide && !widen_cache(w, e)) return false;
  if (b->unsummed) im->summed = false;
  for (size_t i = 0; i < b->nreject; i++)
    if (!rejects_add(&im->rejects, &b->reject[i], e)) return false;
    else im->count.rejected += !b->reject[i].also;
  im->count.rows += b->count.rows;
  im->count.left_out += b->count.left_out;
  im->count.copies += b->count.copies;
  im->count.unknown += b->count.unknown;
  if (!write_made_of(w, b, e)) return false;
  uint32_t *fresh = arena_alloc(&b->arena, (b->n + 1) * sizeof *fresh);
  size_t n = 0, first = 0;
  if (!place_rows(w, b, &first, e)) return false;
  for (size_t i = first; i < b->n; i++) {
    bool is_new = true;
    if (im->nkey && !known_row(w, b, i, &is_new, e)) return false;
    if (!is_new) continue;
    if (!new_id(w, b, i, &b->id[i], e)) return false;
    fresh[n++] = (uint32_t)i;
  }
  if (!insert_many(w, b, fresh, n, e)) return false;
  return assign_all(w, e) && writer_told(w, b, e);
}

bool writer_end(Writer *w, Err *e) {
  return end_pages(w, e) && write_all_made(w, e) && (!w->feed || feed_end(w->feed, e));
}

/* --- keys that no index holds -------------------------------------------------------- */

typedef struct KeyScan { Writer *w; Buf key; } KeyScan;

static bool scan_key(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)name, (void)e;
  KeyScan *scan = ctx;
  buf_clear(&scan->key);
  for (int i = 1; i < ncol; i++) key_put(&scan->key, val[i]);
  KeyEntry *entry = keys_find(&scan->w->im->keys, buf_view(&scan->key));
  if (!entry) return true;
  entry->many = entry->id != 0;
  entry->id = val[0].u.i;
  return true;
}

bool writer_find_keys(Writer *w, Err *e) {
  Import *im = w->im;
  Buf sql = {0};
  KeyScan scan = {.w = w};
  buf_puts(&sql, "SELECT id");
  for (size_t k = 0; k < im->ntarget; k++) {
    if (!im->target[k].key) continue;
    buf_puts(&sql, ", ");
    sql_name(&sql, str_of(im->target[k].name));
  }
  buf_printf(&sql, " FROM %s", im->ent->table);
  bool ok = store_query(im->s, sql.p, NULL, 0, scan_key, &scan, e);
  buf_free(&sql);
  buf_free(&scan.key);
  return ok;
}
