/* The rows of a file, with those of the file joined to it, as the rule language
 * sees them: entity "row", one field a column, typed by what was judged. */
#ifndef STORE_IMPORT_VIEW_H
#define STORE_IMPORT_VIEW_H
#include "feel/host.h"
#include "store/import_join.h"

typedef struct ViewColumn {
  Str title, name;      /* name is never there twice in a view */
  const Judged *judged;
  bool joined;
  int at;               /* column of its file */
  HostField field;
} ViewColumn;

typedef struct Batch {  /* some rows of the file; they live until the batch is read into again */
  SourceRows rows;
  size_t n;             /* rows with the right number of columns … */
  uint32_t *row;        /* … and where they are among rows.csv.row */
  const Str **match;    /* the joined cells of each, or NULL */
  size_t cap;
} Batch;

typedef struct FileView {
  const FileSource *file;
  const Judge *judge;
  const Join *join;     /* or NULL */
  ViewColumn *column;
  size_t ncol;
  const HostField **list;
  HostEntity info;
  FeelHost host;
  const Batch *batch;   /* the rows the host speaks of: row i has id i + 1 */
  Arena arena;
} FileView;

/* All of file, judge and join must outlive the view. fmt: currency and digits, for templates in rules. */
void fileview_open(FileView *v, const FileSource *file, const Judge *judge, const Join *join, FmtEnv fmt);
void fileview_close(FileView *v);
/* The column of this title, name or number, -1 = none. */
int fileview_column(const FileView *v, Str name);
/* Trimmed; empty when it is null or nothing was joined to this row. */
Str fileview_cell(const FileView *v, const Batch *b, size_t row, size_t col);
uint64_t batch_line(const Batch *b, size_t row);
/* Sets row, n and match from rows.csv; rows with another number of columns are left out. */
void batch_index(const FileView *v, Batch *b);
void batch_free(Batch *b);
#endif
