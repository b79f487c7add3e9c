#include "csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ROOM = 1024 }; /* what one field may take */

static void fail(const char *name, const char *what) {
  fprintf(stderr, "company: %s.csv %s\n", name, what);
  exit(1);
}

static void flush(Csv *c) {
  if (fwrite(c->text, 1, c->used, c->file) != c->used) fail(c->name, "cannot be written; is the disk full?");
  c->used = 0;
}

static char *begin(Csv *c) {
  if (c->used + ROOM > sizeof c->text) flush(c);
  if (c->field++ > 0) c->text[c->used++] = ',';
  return c->text + c->used;
}

static void put(Csv *c, const char *s, size_t n) {
  memcpy(begin(c), s, n);
  c->used += n;
}

Csv *csv_open(const char *dir, const char *name, const char *heading) {
  char path[4096];
  int n = snprintf(path, sizeof path, "%s/%s.csv", dir, name);
  Csv *c = mem_alloc(sizeof *c);
  c->name = name;
  if (n < 0 || (size_t)n >= sizeof path) fail(name, "has too long a path");
  c->file = fopen(path, "wb");
  if (!c->file) fail(name, "cannot be made in that folder");
  c->columns = 1;
  for (const char *p = heading; *p; p++) c->columns += *p == ',';
  c->field = 0;
  c->rows = 0;
  c->used = 0;
  c->day = DAY_NONE;
  put(c, heading, strlen(heading));
  c->field = c->columns;
  csv_end(c);
  c->rows = 0;
  return c;
}

void csv_close(Csv *c) {
  flush(c);
  if (fclose(c->file) != 0) fail(c->name, "cannot be written; is the disk full?");
  mem_free(c);
}

void csv_text(Csv *c, const char *s) {
  if (!s) s = "";
  size_t n = strlen(s);
  if (n > ROOM / 2 - 3) fail(c->name, "has too long a text");
  if (!strpbrk(s, ",\"\n")) {
    put(c, s, n);
    return;
  }
  char *at = begin(c), *start = at;
  *at++ = '"';
  for (; *s; s++) {
    if (*s == '"') *at++ = '"';
    *at++ = *s;
  }
  *at++ = '"';
  c->used += (size_t)(at - start);
}

void csv_decimal(Csv *c, int64_t scaled, int digits) {
  char text[32], *end = text + sizeof text, *at = end;
  uint64_t left = scaled < 0 ? (uint64_t)-scaled : (uint64_t)scaled;
  for (int i = 0; i < digits; i++, left /= 10) *--at = (char)('0' + left % 10);
  if (digits > 0) *--at = '.';
  do *--at = (char)('0' + left % 10);
  while (left /= 10);
  if (scaled < 0) *--at = '-';
  put(c, at, (size_t)(end - at));
}

void csv_int(Csv *c, int64_t n) { csv_decimal(c, n, 0); }
void csv_money(Csv *c, int64_t fen) { csv_decimal(c, fen, 2); }

void csv_percent(Csv *c, double share) {
  csv_decimal(c, (int64_t)(share * 1000 + (share < 0 ? -0.5 : 0.5)), 1);
  c->text[c->used++] = '%';
}

void csv_day(Csv *c, Day d) {
  if (d == DAY_NONE) {
    csv_empty(c);
    return;
  }
  if (d != c->day) {
    int year, month, day;
    char text[40];
    day_parts(d, &year, &month, &day);
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    memcpy(c->day_text, text, sizeof c->day_text);
    c->day = d;
  }
  put(c, c->day_text, sizeof c->day_text);
}

void csv_bool(Csv *c, bool b) { csv_text(c, b ? "true" : "false"); }

void csv_code(Csv *c, const char *prefix, int n, int width) {
  char *start = begin(c), *at = start, digits[16] = "";
  int used = 0;
  while (*prefix) *at++ = *prefix++;
  for (; n > 0 || used < width; n /= 10) digits[used++] = (char)('0' + n % 10);
  while (used > 0) *at++ = digits[--used];
  c->used += (size_t)(at - start);
}

void csv_empty(Csv *c) { (void)begin(c); }

void csv_end(Csv *c) {
  if (c->field != c->columns) fail(c->name, "has a row that does not fit its heading");
  c->text[c->used++] = '\n';
  c->field = 0;
  c->rows++;
}
