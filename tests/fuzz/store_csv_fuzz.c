/* The CSV reader: the same bytes give the same rows however they are cut into pieces, and a field that is
 * written reads back as it was. First byte: the shape; second: the size of the pieces. */
#include "fuzz.h"

#include "store/csv.h"
#include "store/import_shape.h"

#include <string.h>

/* Rows as text, read in pieces. False: refused. */
static bool rows_of(const CsvShape *shape, Str bytes, size_t piece, size_t most, Buf *out) {
  CsvRows rows = {0};
  CsvPlace place = {1};
  Err e = {0};
  size_t from = 0, to = 0, used = 0;
  bool ok = true;
  do {
    if (!used || to == from) to = to + piece < bytes.n ? to + piece : bytes.n;
    csv_clear(&rows);
    ok = csv_scan(shape, str_sub(bytes, from, to), to == bytes.n, most, &place, &rows, &used, &e);
    for (size_t i = 0; ok && i < rows.n; i++) {
      buf_printf(out, "%llu:", (unsigned long long)rows.row[i].line);
      for (uint32_t k = 0; k < rows.row[i].n; k++) {
        Str f = rows.field[rows.row[i].first + k];
        buf_printf(out, "%zu=", f.n);
        buf_str(out, f);
        buf_char(out, '|');
      }
      buf_printf(out, "torn %u\n", rows.row[i].torn);
    }
    claim(!ok || used <= to - from, "no more is used than was given");
    claim(!ok || used || to < bytes.n || from == to || rows.n == 0, "rows take bytes");
    if (ok && !used && to == bytes.n) break;
    from += used;
  } while (ok && from < bytes.n);
  csv_free(&rows);
  err_free(&e);
  return ok;
}

static void reads_back(const CsvShape *shape, Str field) {
  Buf line = {0};
  CsvRows rows = {0};
  CsvPlace place = {1};
  Err e = {0};
  size_t used;
  buf_char(&line, 'x');
  buf_str(&line, shape->sep);
  csv_put(shape, field, &line);
  buf_char(&line, shape->lone_cr ? '\r' : '\n');
  bool ok = csv_scan(shape, buf_view(&line), true, SIZE_MAX, &place, &rows, &used, &e);
  claim(ok && rows.n == 1 && rows.row[0].n == 2, "a written field is one field");
  claim(ok && str_eq(rows.field[1], field), "a written field reads back");
  csv_free(&rows);
  buf_free(&line);
  err_free(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const Str seps[] = {{",", 1}, {";", 1}, {"\t", 1}, {"|", 1}, {"|+|", 3}, {",,", 2}};
  if (size < 2) return 0;
  CsvShape shape = {.sep = seps[data[0] % 6], .quote = data[0] & 64 ? 0 : '"', .lone_cr = data[0] & 128};
  Str bytes = {(const char *)data + 2, size - 2};
  Buf whole = {0}, cut = {0};
  bool ok = rows_of(&shape, bytes, SIZE_MAX / 2, SIZE_MAX, &whole);
  bool cut_ok = rows_of(&shape, bytes, 1 + data[1] % 16, 1 + data[1] / 16, &cut);
  claim(ok == cut_ok, "pieces are refused as the whole is");
  claim(!ok || str_eq(buf_view(&whole), buf_view(&cut)), "pieces give the rows of the whole");
  buf_free(&whole);
  buf_free(&cut);

  char sep;
  size_t bad;
  shape_separator(bytes, true, '"', &sep);
  shape_compound(bytes, true, '|', &cut);
  shape_utf8(bytes, &bad);
  shape_is_data(bytes);
  buf_free(&cut);
  if (shape.quote) reads_back(&shape, bytes);
  return 0;
}
