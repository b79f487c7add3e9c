#include "store/added.h"

#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "store/db.h"
#include "store/orders.h"

#define FACTOR 0xD6E8FEB86659FD93u
#define OTHER 0x9E3779B97F4A7C15u

static uint64_t mix(uint64_t x) {
  x ^= x >> 32;
  x *= FACTOR;
  x ^= x >> 32;
  x *= FACTOR;
  return x ^ x >> 32;
}

/* Each step of mix can be taken back. */
static uint64_t unmix(uint64_t x) {
  uint64_t inverse = FACTOR;
  for (int i = 0; i < 5; i++) inverse *= 2 - FACTOR * inverse;
  x ^= x >> 32;
  x *= inverse;
  x ^= x >> 32;
  x *= inverse;
  return x ^ x >> 32;
}

static uint64_t bytes_hash(const char *p, size_t n, uint64_t seed) {
  uint64_t h = seed ^ n * OTHER, word;
  for (; n >= 8; p += 8, n -= 8) {
    memcpy(&word, p, 8);
    h = mix(h ^ word);
  }
  word = 0;
  memcpy(&word, p, n);
  return mix(h ^ word);
}

uint64_t added_seed(const char *column) { return str_hash(str_of(column)); }
uint64_t added_int(int64_t v, uint64_t seed) { return mix(seed ^ (uint64_t)v); }
uint64_t added_text(Str v, uint64_t seed) { return bytes_hash(v.n ? v.p : "", v.n, seed); }

void added_row(AddedSum *s, uint64_t row) {
  s->sum[0] += mix(row);
  s->sum[1] += mix(row ^ OTHER);
  s->n++;
}

static uint64_t real_hash(double d, uint64_t seed) {
  uint64_t bits;
  memcpy(&bits, &d, sizeof bits);
  return mix(seed ^ mix(bits));
}

uint64_t added_val(Val v, uint64_t seed) {
  if (v.t == V_NULL) return 0;
  if (v.t == V_TEXT) return added_text(val_str(v), seed);
  return v.t == V_REAL ? real_hash(v.u.d, seed) : added_int(v.u.i, seed);
}

bool added_read(Str digest, uint64_t sum[2]) {
  unsigned long long a, b;
  if (digest.n != ADDED_DIGEST - 1 || sscanf(digest.p, "%16llx%16llx", &a, &b) != 2) return false;
  sum[0] = a, sum[1] = b;
  return true;
}

bool added_odd(const uint64_t want[2], const uint64_t found[2], uint64_t row, uint64_t *was) {
  *was = unmix(mix(row) + want[0] - found[0]);
  return mix(*was ^ OTHER) == mix(row ^ OTHER) + want[1] - found[1];
}

bool added_extra(const uint64_t want[2], const uint64_t found[2], uint64_t row) {
  return mix(row) == found[0] - want[0] && mix(row ^ OTHER) == found[1] - want[1];
}

bool added_whole(uint64_t hash, uint64_t seed, int64_t *out) {
  static const int64_t small = INT64_C(1) << 40; /* chance seldom gives one */
  *out = (int64_t)(unmix(hash) ^ seed);
  return *out > -small && *out < small;
}

static uint64_t value_hash(sqlite3_stmt *q, int col, uint64_t seed) {
  switch (sqlite3_column_type(q, col)) {
  case SQLITE_INTEGER:
    return added_int(sqlite3_column_int64(q, col), seed);
  case SQLITE_FLOAT:
    return real_hash(sqlite3_column_double(q, col), seed);
  case SQLITE_NULL:
    return 0;
  default: {
    const char *p = sqlite3_column_blob(q, col);
    return bytes_hash(p ? p : "", p ? (size_t)sqlite3_column_bytes(q, col) : 0, seed);
  }
  }
}

uint16_t added_mark(uint64_t row) {
  uint16_t mark = (uint16_t)(mix(row) >> 48);
  return mark ? mark : 1;
}

/* mark: of each id from `first` on, or NULL. */
static bool sum_rows(Store *s, const char *table, int64_t first, int64_t last, AddedSum *out, uint16_t *mark, Err *e) {
  enum { COLUMNS = 2048 };
  Buf sql = {0};
  uint64_t seed[COLUMNS];
  *out = (AddedSum){0};
  buf_printf(&sql, "SELECT * FROM \"%s\" WHERE id BETWEEN ?1 AND ?2", table);
  sqlite3_stmt *q = sql_prepare(s, sql.p, e);
  bool row = true, ok = q && sql_bind(s, q, 1, val_int(first), e) && sql_bind(s, q, 2, val_int(last), e);
  int ncol = 0;
  while (ok && (ok = sql_step(s, q, &row, e)) && row) {
    if (!ncol) {
      ncol = sqlite3_column_count(q);
      if (ncol > COLUMNS) ncol = COLUMNS;
      for (int k = 0; k < ncol; k++)
        seed[k] = added_seed(sqlite3_column_name(q, k));
    }
    uint64_t h = 0;
    for (int k = 0; k < ncol; k++)
      h += value_hash(q, k, seed[k]);
    added_row(out, h);
    if (mark) mark[sqlite3_column_int64(q, 0) - first] = added_mark(h);
    if (out->n % 65536 == 0) ok = stop_check(e);
  }
  sql_done(s, q);
  buf_free(&sql);
  return ok;
}

static void print(const AddedSum *s, char out[ADDED_DIGEST]) {
  snprintf(out, ADDED_DIGEST, "%016llx%016llx", (unsigned long long)s->sum[0], (unsigned long long)s->sum[1]);
}

bool store_added_digest(Store *s, const char *table, int64_t first, int64_t last, int64_t *n,
                        char out[ADDED_DIGEST], Err *e) {
  AddedSum sum;
  bool ok = sum_rows(s, table, first, last, &sum, NULL, e);
  *n = sum.n;
  print(&sum, out);
  return ok;
}

static bool record(Store *s, int64_t run, const char *table, int64_t first, int64_t last, const AddedSum *sum, Str marks,
                   Err *e) {
  char digest[ADDED_DIGEST];
  print(sum, digest);
  Val bind[] = {val_int(run), val_text(str_of(table)), val_int(first), val_int(last),
                val_int(sum->n), val_text(str_of(digest)), marks.n ? val_text(marks) : val_null()};
  bind[6].flags = VAL_BLOB;
  return store_exec(s, "INSERT INTO added(run, tbl, first, last, n, digest, marks) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    bind, 7, e);
}

/* Order lines are many, and stand by the day: marks of them would be a hundredth of the file. */
static bool is_orders(const char *table) { return strcmp(table, "orders") == 0; }

static bool record_rows(Store *s, int64_t run, const char *table, int64_t first, int64_t last, bool always, Err *e) {
  uint16_t mark[ADDED_ROWS] = {0};
  AddedSum sum;
  bool marked = !is_orders(table) && last - first < ADDED_ROWS;
  if (!sum_rows(s, table, first, last, &sum, marked ? mark : NULL, e)) return false;
  Str marks = {(const char *)mark, marked && sum.n ? (size_t)(last - first + 1) * sizeof *mark : 0};
  return (!sum.n && !always) || record(s, run, table, first, last, &sum, marks, e);
}

bool store_added_sum(Store *s, int64_t run, const char *table, int64_t first, int64_t last, const AddedSum *sum, Err *e) {
  return !sum->n || record(s, run, table, first, last, sum, (Str){0}, e);
}

bool store_added(Store *s, int64_t run, const char *table, int64_t first, int64_t last, Err *e) {
  bool ok = true;
  for (int64_t from = first, to; ok && from <= last; from = to + 1) {
    to = is_orders(table) || last - from < ADDED_ROWS ? last : from + ADDED_ROWS - 1;
    ok = record_rows(s, run, table, from, to, false, e);
  }
  return ok;
}

/* The first row from `from` on, and the last id that goes into one range with it: order lines go by the day. */
static bool next_range(Store *s, const char *table, int64_t from, int64_t *first, int64_t *last, Err *e) {
  Arena a = {0};
  Val lo, hi, bind = val_int(from);
  bool ok = store_value(s, arena_printf(&a, "SELECT min(id) FROM \"%s\" WHERE id >= ?1", table), &bind, 1, &a, &lo, e) &&
            store_value(s, arena_printf(&a, "SELECT max(id) FROM \"%s\"", table), NULL, 0, &a, &hi, e);
  *first = ok && lo.t == V_NUM ? lo.u.i : 1;
  *last = ok && lo.t == V_NUM ? hi.u.i : 0;
  if (is_orders(table) && *last > *first) *last = *first / ORDERS_A_DAY * ORDERS_A_DAY + ORDERS_A_DAY - 1;
  else if (*last > *first && *last - *first >= ADDED_ROWS) *last = *first + ADDED_ROWS - 1;
  arena_free(&a);
  return ok;
}

/* Of a table that was always empty there is nothing to say. */
static bool was_there(Store *s, const char *table, bool *yes, Err *e) {
  Arena a = {0};
  Val v, bind = val_text(str_of(table));
  bool ok = store_value(s, "SELECT 1 FROM change WHERE tbl = ?1 UNION ALL SELECT 1 FROM added WHERE tbl = ?1 LIMIT 1", &bind, 1,
                        &a, &v, e);
  *yes = ok && v.t != V_NULL;
  arena_free(&a);
  return ok;
}

bool store_added_all(Store *s, int64_t run, const char *table, bool always, Err *e) {
  int64_t first, last, from = INT64_MIN;
  if (!always && !was_there(s, table, &always, e)) return false;
  for (bool any = false;; any = true, from = last + 1) {
    AddedSum sum = {0};
    if (!next_range(s, table, from, &first, &last, e)) return false;
    if (first > last) return any || !always || record(s, run, table, 1, 0, &sum, (Str){0}, e);
    if (!record_rows(s, run, table, first, last, true, e)) return false;
    if (last == INT64_MAX) return true;
  }
}
