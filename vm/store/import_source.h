/* A file of rows to import: opened, its bytes made UTF-8, its shape judged, read
 * in windows as often as wanted. At most a few MiB of it are in memory at a time.
 *
 * Ownership: a FileSource owns its descriptor and names; SourceRows own the window
 * that their fields point into. Errors (ERR_FAIL) name file, line and what to do:
 * not there, empty, a spreadsheet, not UTF-8, half a file, shrunk while it was read. */
#ifndef STORE_IMPORT_SOURCE_H
#define STORE_IMPORT_SOURCE_H
#include "store/csv.h"

typedef struct SourceSpec {
  const char *path;     /* "-" reads standard input, through an unlinked temporary file */
  const char *encoding; /* iconv's name; NULL = UTF-8 */
  const char *sep;      /* NULL = judged; "\t" and "tab" are a TAB */
  const char *quote;    /* NULL = "; "none" = none; else one character */
  const char *header;   /* "yes", "no"; NULL = judged */
} SourceSpec;

typedef struct SourceColumn {
  Str title; /* as in the file; "c3" when it has none */
  Str name;  /* as the rule language can say it: "Order ID" is Order_ID. Never twice in a file */
} SourceColumn;

typedef struct FileSource {
  const char *path;
  CsvShape shape;
  bool header;          /* the first record holds the titles */
  bool open_end;        /* the last line has no line end, nor does a quote close its last cell */
  bool empty;           /* not one record, not even a heading */
  SourceColumn *column;
  size_t ncol;
  uint64_t size;        /* bytes, after decoding */
  uint64_t read;        /* bytes read since the last rewind: for progress */
  /* its own */
  int fd;
  uint64_t start;       /* behind the byte order mark */
  int64_t stamp[2];     /* time of last change at opening */
  bool ended, checked;  /* checked: its UTF-8 was seen to be right by a whole pass */
  char sep[8];
  Buf rest;             /* bytes read and not yet scanned */
  CsvPlace place;
  Arena arena;
} FileSource;

typedef struct SourceRows {
  CsvRows csv;          /* csv.n = 0: the end of the file */
  uint64_t bytes;       /* of the file that these rows took */
  char *window;
  size_t cap;
} SourceRows;

bool filesource_open(FileSource *s, const SourceSpec *spec, Err *e); /* ready to read the first data record */
void filesource_close(FileSource *s);                                /* a zeroed FileSource is allowed */
bool filesource_rewind(FileSource *s, Err *e);
/* The next records. Rows with another number of fields than ncol come as they are. */
bool filesource_next(FileSource *s, SourceRows *out, Err *e);
void filesource_rows_free(SourceRows *rows);
/* The column of this title (letter case aside), rule name, or number "c3"; -1 = none. */
int filesource_column(const FileSource *s, Str name);
#endif
