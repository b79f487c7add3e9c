#include "store/added.h"

#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "store/db.h"

static uint64_t mix(uint64_t x) {
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93u;
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93u;
  return x ^ x >> 32;
}

static uint64_t bytes_hash(const char *p, size_t n, uint64_t seed) {
  uint64_t h = seed ^ n * 0x9E3779B97F4A7C15u, word;
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
  s->sum[1] += mix(row ^ 0x9E3779B97F4A7C15u);
  s->n++;
}

static uint64_t value_hash(sqlite3_stmt *q, int col, uint64_t seed) {
  switch (sqlite3_column_type(q, col)) {
  case SQLITE_INTEGER:
    return added_int(sqlite3_column_int64(q, col), seed);
  case SQLITE_FLOAT: {
    double d = sqlite3_column_double(q, col);
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return mix(seed ^ mix(bits));
  }
  case SQLITE_NULL:
    return 0;
  default: {
    const char *p = sqlite3_column_blob(q, col);
    return bytes_hash(p ? p : "", p ? (size_t)sqlite3_column_bytes(q, col) : 0, seed);
  }
  }
}

static bool sum_rows(Store *s, const char *table, int64_t first, int64_t last, AddedSum *out, Err *e) {
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
  bool ok = sum_rows(s, table, first, last, &sum, e);
  *n = sum.n;
  print(&sum, out);
  return ok;
}

bool store_added_sum(Store *s, int64_t run, const char *table, int64_t first, int64_t last, const AddedSum *sum, Err *e) {
  char digest[ADDED_DIGEST];
  if (!sum->n) return true;
  print(sum, digest);
  Val bind[] = {val_int(run), val_text(str_of(table)), val_int(first), val_int(last),
                val_int(sum->n), val_text(str_of(digest))};
  return store_exec(s, "INSERT INTO added(run, tbl, first, last, n, digest) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                    bind, 6, e);
}

bool store_added(Store *s, int64_t run, const char *table, int64_t first, int64_t last, Err *e) {
  AddedSum sum;
  if (first > last) return true;
  return sum_rows(s, table, first, last, &sum, e) && store_added_sum(s, run, table, first, last, &sum, e);
}
