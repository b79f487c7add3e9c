/* Inside the store: a value of the rule language made ready for a column, or refused with the reason. */
#ifndef STORE_CELL_H
#define STORE_CELL_H
#include "store/view.h"

/* `where` heads the error: "account C0042". Text for a relation is the key of the row it names. */
bool cell_ready(Store *s, const Field *f, const char *where, Val v, Val *out, Err *e);
/* "account C0042", or "visit 17" where the id is the name. */
const char *cell_row_name(Store *s, const CatEntity *ent, int64_t id, Arena *a);
#endif
