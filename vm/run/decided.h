/* Decisions on their way from the child to the log: as bytes, one block a table, one record a case. */
#ifndef RUN_DECIDED_H
#define RUN_DECIDED_H
#include "run/wire.h"
#include "store/catalog.h"

#include "feel/rules.h"

/* Appends a decided table; with the words of `why` for each case, unless they are many: see recall.h. */
bool decided_add(Buf *out, Store *s, Eval *ev, const Decision *d, Err *e);

typedef struct DecidedCase {
  Str table, entity, definition; /* the same views for all cases of a block; definition: feel/save.h */
  int64_t id, hit, blocked;
  Str inputs, outputs, why; /* JSON objects, words */
} DecidedCase;
typedef bool (*DecidedFn)(void *ctx, const DecidedCase *c, Err *e);
bool decided_each(Str bytes, DecidedFn fn, void *ctx, Err *e);
bool ids_have(const int64_t *id, size_t n, int64_t x); /* id ascending */
/* Leaves only the cases of `entity` whose rows are among id[0..n), ascending, and all of other entities. */
bool decided_keep(Buf *decided, Str entity, const int64_t *id, size_t n, Err *e);
#endif
