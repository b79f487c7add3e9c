/* Decisions on their way from the child to the log, as bytes: of a few, a record each with the words of `why`; of many,
 * blocks (block.h) without, when the rules can say the words again. */
#ifndef RUN_DECIDED_H
#define RUN_DECIDED_H
#include "run/wire.h"
#include "store/catalog.h"

#include "feel/rules.h"

/* Appends a decided table. `apart`: every decision by itself, as of a run that saw what may have to be erased. */
bool decided_add(Buf *out, Store *s, Eval *ev, const Decision *d, bool apart, Err *e);

typedef struct DecidedCase {
  Str table, entity, definition; /* the same views for all cases of a table; definition: feel/save.h */
  int64_t id, hit, blocked;
  Str inputs, outputs, why; /* JSON objects, words; of a case of a block they last as long as the call */
  Str roots;                /* of a case without words: what its unknown figures lack, lines */
} DecidedCase;
typedef struct DecidedBlock {
  Str table, entity, definition;
  Str inputs, outputs, cases; /* JSON arrays */
  Str roots;                  /* empty, or a JSON object: what cases lack, by the ids of their rows */
  int64_t first, last, n;
} DecidedBlock;
typedef bool (*DecidedFn)(void *ctx, const DecidedCase *c, Err *e);
typedef bool (*DecidedBlockFn)(void *ctx, const DecidedBlock *b, Err *e);
/* What stands in the words below an empty line: what unknown figures lack. */
Str decided_roots(Str words);
/* Cases one by one, blocks as they are. */
bool decided_walk(Str bytes, DecidedFn fn, DecidedBlockFn block, void *ctx, Err *e);
/* All cases, those of blocks too. */
bool decided_each(Str bytes, DecidedFn fn, void *ctx, Err *e);
/* The cases of one row. */
bool decided_row(Str bytes, Str entity, int64_t id, DecidedFn fn, void *ctx, Err *e);
bool ids_have(const int64_t *id, size_t n, int64_t x); /* id ascending */
/* Leaves only the cases of `entity` whose rows are among id[0..n), ascending, and all of other entities. */
bool decided_keep(Buf *decided, Str entity, const int64_t *id, size_t n, Err *e);
#endif
