/* What the columns of a file hold, judged over all of its rows: a column is one of
 * numbers or dates only when every cell is; anything else is text, and why is kept. */
#ifndef STORE_IMPORT_JUDGE_H
#define STORE_IMPORT_JUDGE_H
#include "store/import_source.h"

typedef struct NullWords { /* cells that say "not known" */
  const char *const *word; /* given with --null; the empty cell always is one */
  size_t n;
  bool judged;             /* none was given: the word NULL counts, and is reported */
} NullWords;

typedef enum JudgedKind { JUDGED_EMPTY, JUDGED_NUMBER, JUDGED_DATE, JUDGED_TEXT } JudgedKind;

typedef struct Judged {
  JudgedKind kind;
  unsigned dates; /* DATES_*: the one order that fits every cell; of text columns the likeliest, or 0 */
  bool unsure;           /* day and month could be exchanged: m/d/y and d/m/y both fit */
  bool timed;            /* some dates have a time, which is cut off */
  uint64_t cells, words; /* that are not null; that are the word NULL */
  uint64_t odd_line;     /* text: the first cell that is none of what the ones before it were; 0 = none */
  Str odd;
  JudgedKind before;     /* what they were: JUDGED_NUMBER or JUDGED_DATE */
  /* while judging */
  uint64_t fit[3];       /* cells that could be y-m-d, m/d/y, d/m/y */
  unsigned orders;
  bool number, date;
} Judged;

typedef struct Judge {
  char decimal;          /* '.' or ',' */
  unsigned dates;        /* given with --dates, or 0 */
  NullWords nulls;
  size_t ncol;
  Judged *column;
  uint64_t rows, short_rows; /* short_rows: with another number of columns; not judged */
  Arena arena;
} Judge;

bool cell_is_null(const NullWords *nulls, Str cell);
void judge_start(Judge *j, size_t ncol);           /* decimal, dates and nulls are set by the caller */
void judge_rows(Judge *j, const CsvRows *rows);
void judge_end(Judge *j);
void judge_free(Judge *j);
/* Reads the whole source through judge_start … judge_end and rewinds it. */
bool judge_source(Judge *j, FileSource *s, Err *e);
const char *judged_name(JudgedKind kind);          /* "number", "date", "text", "empty" */
/* "text since line 77 holds “n/a”", for messages. */
void judged_describe(const Judged *c, Buf *out);
#endif
