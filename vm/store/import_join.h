/* The second file of an import: its rows by key, in memory, only the columns that
 * are used. Order heads beside order lines.
 *
 * Errors: no such column, a key twice (both lines named), a row with too few columns. */
#ifndef STORE_IMPORT_JOIN_H
#define STORE_IMPORT_JOIN_H
#include "store/import_judge.h"

typedef struct Join {
  FileSource file;
  Judge judge;
  int key, left;          /* columns compared: here and in the first file */
  size_t nused;
  int *used;              /* columns of file, ascending */
  int *slot;              /* of each column of file: its place among the used, or -1 */
  size_t nrow, cap;
  Str *cell;              /* nrow × nused */
  struct JoinKey { Str text; uint64_t line; } *by; /* nrow */
  uint32_t *index;        /* open addressing: row + 1, 0 = free */
  size_t mask;
  Arena arena;
} Join;

/* Opens and judges. on: "KEY" or "LEFT=RIGHT". The caller set judge.decimal, dates and nulls. */
bool join_open(Join *j, const SourceSpec *spec, const FileSource *left, const char *on, Err *e);
/* Reads the columns marked in wanted[0 .. file.ncol). */
bool join_load(Join *j, const bool *wanted, Err *e);
/* Its cells (nused of them), or NULL when no row has this key. */
const Str *join_find(const Join *j, Str key);
void join_close(Join *j);     /* a zeroed Join with file.fd = -1, or one that failed to open */
#endif
