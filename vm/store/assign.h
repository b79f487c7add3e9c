/* Inside the store: one field of many rows, each its own value, written by one statement for all of them. A statement a row
 * leaves its pages with the savepoint around them, and SQLite walks through all of those at the end of each. */
#ifndef STORE_ASSIGN_H
#define STORE_ASSIGN_H
#include "store/view.h"

typedef struct Assigned {
  const CatEntity *ent;
  const Field *f;
  Day day;             /* from when on, where a history is kept */
  const int64_t *id;   /* each once */
  const Val *val;      /* ready for the column (cell_ready) */
  size_t n;
} Assigned;

/* Within sql_atomically. A row that is not there is an error. What a history has for a later day keeps its place. */
bool assign_many(Store *s, const Assigned *w, Err *e);
#endif
