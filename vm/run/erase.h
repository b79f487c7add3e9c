/* A person's right to be forgotten: what is personal about one row goes, from the data and from the log. The chain over
 * the log holds hashes of it only and stays whole; what was erased cannot be put back by undo. */
#ifndef RUN_ERASE_H
#define RUN_ERASE_H
#include "run/lookup.h"

typedef struct Erased {
  int64_t run;
  int64_t fields; /* of the row, emptied */
  int64_t values; /* of the log */
  int64_t texts;  /* reports, decisions and messages that held one of them */
} Erased;
/* `name` is what the record calls it: "contact P1". */
bool run_erase(Store *s, const RowRef *row, const char *name, Day asof, Erased *out, Err *e);
#endif
