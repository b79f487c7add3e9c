/* CSV files, fast: five million lines in seconds. Every put adds one field, csv_end
 * closes the row. A row whose fields do not fit the heading, and a write that fails
 * (disk full), end the program with a message. */
#ifndef COMPANY_CSV_H
#define COMPANY_CSV_H
#include <stdio.h>

#include "base/date.h"

typedef struct Csv {
  FILE *file;
  const char *name;
  int columns, field;
  long rows;
  size_t used;
  Day day;          /* the last day written, and its text */
  char day_text[10];
  char text[1 << 16];
} Csv;

/* DIR/name.csv with this heading: "code,name". Given back by csv_close. */
Csv *csv_open(const char *dir, const char *name, const char *heading);
void csv_close(Csv *c);
void csv_text(Csv *c, const char *s);                    /* NULL = empty */
void csv_int(Csv *c, int64_t n);
void csv_decimal(Csv *c, int64_t scaled, int digits);    /* 12345, 2: 123.45 */
void csv_money(Csv *c, int64_t fen);
void csv_percent(Csv *c, double share);                  /* 0.125: 12.5% */
void csv_day(Csv *c, Day d);                             /* DAY_NONE = empty */
void csv_bool(Csv *c, bool b);
void csv_code(Csv *c, const char *prefix, int n, int width); /* "C", 42, 4: C0042 */
void csv_empty(Csv *c);
void csv_end(Csv *c);
#endif
