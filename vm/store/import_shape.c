#include "store/import_shape.h"

#include "store/import_cell.h"

#include <ctype.h>
#include <string.h>

/* Rows of the sample when cut with sep: how many have the commonest number of columns. */
static size_t agreement(Str sample, bool whole, char quote, char sep, uint32_t *columns) {
  enum { MOST = 64 };
  CsvShape shape = {.sep = {&sep, 1}, .quote = quote};
  shape.lone_cr = !memchr(sample.p, '\n', sample.n);
  CsvRows rows = {0};
  CsvPlace place = {1};
  size_t used, best = 0;
  Err ignored = {0};
  csv_scan(&shape, sample, whole, 1000, &place, &rows, &used, &ignored);
  size_t count[MOST + 1] = {0};
  for (size_t i = 0; i < rows.n; i++) {
    uint32_t n = rows.row[i].n;
    if (++count[n < MOST ? n : MOST] > best) best = count[n < MOST ? n : MOST], *columns = n;
  }
  csv_free(&rows);
  err_free(&ignored);
  return best;
}

bool shape_separator(Str sample, bool whole, char quote, char *sep) {
  static const char candidate[] = ",;\t|";
  size_t best = 0;
  uint32_t best_columns = 1;
  for (const char *c = candidate; *c; c++) {
    uint32_t columns = 1;
    size_t agree = sample.n ? agreement(sample, whole, quote, *c, &columns) : 0;
    if (columns < 2) continue;
    if (agree > best || (agree == best && columns > best_columns)) {
      best = agree;
      best_columns = columns;
      *sep = *c;
    }
  }
  return best > 0;
}

bool shape_compound(Str sample, bool whole, char sep, Buf *out) {
  CsvShape shape = {.sep = {&sep, 1}};
  shape.lone_cr = !memchr(sample.p, '\n', sample.n);
  CsvRows rows = {0};
  CsvPlace place = {1};
  size_t used, seen = 0;
  Str sign = {0};
  bool same = true;
  Err ignored = {0};
  csv_scan(&shape, sample, whole, 100, &place, &rows, &used, &ignored);
  for (size_t i = 0; i < rows.n && same; i++)
    for (uint32_t k = 1; k + 1 < rows.row[i].n; k += 2, seen++) {
      Str f = rows.field[rows.row[i].first + k];
      if (!sign.p) sign = f;
      same = same && str_eq(f, sign);
    }
  same = same && seen > 1 && sign.n <= 4;
  for (size_t i = 0; same && i < sign.n; i++) same = ispunct((unsigned char)sign.p[i]) != 0;
  if (same) {
    buf_char(out, sep);
    buf_str(out, sign);
    buf_char(out, sep);
  }
  csv_free(&rows);
  err_free(&ignored);
  return same;
}

bool shape_is_data(Str cell) {
  bool timed;
  return cell_looks_number(cell, '.') || cell_looks_number(cell, ',') || cell_date_orders(cell, &timed) != 0;
}

uint64_t shape_count_lines(Str bytes, const CsvShape *shape) {
  const char *p = bytes.p, *end = p + bytes.n;
  uint64_t n = 0;
  while (p < end && (p = memchr(p, shape->lone_cr ? '\r' : '\n', (size_t)(end - p)))) n++, p++;
  return n;
}

/* Bytes of the sequence at p, 0 when it is none (overlong, surrogate, above U+10FFFF, cut off, zero). */
static size_t sequence(const unsigned char *p, size_t left) {
  unsigned char c = p[0];
  if (c < 0x80) return c != 0;
  size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  if (c < 0xC2 || c > 0xF4 || left < n) return 0;
  for (size_t i = 1; i < n; i++)
    if ((p[i] & 0xC0) != 0x80) return 0;
  if (c == 0xE0 && p[1] < 0xA0) return 0;
  if (c == 0xED && p[1] > 0x9F) return 0;
  if (c == 0xF0 && p[1] < 0x90) return 0;
  if (c == 0xF4 && p[1] > 0x8F) return 0;
  return n;
}

bool shape_utf8(Str bytes, size_t *bad) {
  const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
  const unsigned char *p = (const unsigned char *)bytes.p;
  for (size_t i = 0; i < bytes.n;) {
    uint64_t w;
    if (bytes.n - i >= 8) {
      memcpy(&w, p + i, 8);
      if (!((w | (w - ones)) & highs)) { /* all plain ASCII, no zero among them */
        i += 8;
        continue;
      }
    }
    size_t n = sequence(p + i, bytes.n - i);
    if (!n) {
      *bad = i;
      return false;
    }
    i += n;
  }
  return true;
}
