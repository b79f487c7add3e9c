/* Comma-separated text as RFC 4180 has it and as the world writes it: any
 * separator of one or more bytes, quotes around fields with separators, line
 * ends or doubled quotes inside, LF, CRLF or lone CR at the end of a line.
 *
 * csv_scan is a function over bytes: the same bytes give the same rows however
 * they are cut into pieces. It knows no files, columns or types.
 *
 * Ownership: CsvRows owns its arrays and the text of fields that had doubled
 * quotes; all other fields point into the bytes passed and live as long.
 * Errors (ERR_FAIL, with line; the caller adds the file): a quote that is never
 * closed, a field above CSV_FIELD_MAX, a record above CSV_RECORD_MAX. */
#ifndef STORE_CSV_H
#define STORE_CSV_H
#include "base/err.h"
#include "base/mem.h"

enum { CSV_FIELD_MAX = 1 << 20, CSV_RECORD_MAX = 16 << 20 };

typedef struct CsvShape {
  Str sep;      /* never empty */
  char quote;   /* 0 = quotes are plain text */
  bool lone_cr; /* a CR without LF ends a line */
} CsvShape;

typedef struct CsvRow {
  Str raw;        /* the bytes of the record, without its line end */
  uint64_t line;  /* 1-based line of its first byte */
  uint32_t first; /* its fields are field[first .. first + n) */
  uint32_t n;
  uint32_t torn;  /* 1-based field with text after its closing quote; 0 = none */
} CsvRow;

typedef struct CsvRows {
  CsvRow *row;
  size_t n, cap;
  Str *field;
  size_t nfield, field_cap;
  Arena text;     /* fields whose doubled quotes were undone */
} CsvRows;

typedef struct CsvPlace { /* where the next byte to scan stands in the file */
  uint64_t line;          /* starts at 1 */
} CsvPlace;

/* Appends the whole records at the start of bytes, at most max_rows of them, to out. *used is the
 * number of bytes they took; the rest has to come again with more behind it. `last` says that nothing
 * follows bytes. Blank lines give no row. */
bool csv_scan(const CsvShape *shape, Str bytes, bool last, size_t max_rows, CsvPlace *place, CsvRows *out,
              size_t *used, Err *e);
void csv_clear(CsvRows *rows); /* keeps the room of the arrays */
void csv_free(CsvRows *rows);
/* Appends one field as CSV, quoted when it has to be. */
void csv_put(const CsvShape *shape, Str field, Buf *out);
#endif
