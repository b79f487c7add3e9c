/* Many decisions of one table as one text of the log: a JSON array of [row, hit, blocked, input…, output…], by row.
 * The names of inputs and outputs stand beside it, as JSON arrays. Any tool reads it; here it is taken apart without
 * decoding a value. A walk ends where the text is no such block. */
#ifndef RUN_BLOCK_H
#define RUN_BLOCK_H
#include "feel/rules.h"

enum { BLOCK_CASES = 4096 };

void block_names(const Str *name, size_t n, Buf *out);
/* The cases of d in order of their rows; mem_free it. */
uint32_t *block_order(const Decision *d);
/* What was written for values that come again; mem_free it. */
typedef struct BlockSaid BlockSaid;
BlockSaid *block_said_new(void);
/* Appends cases order[0..n) of d as one block. */
void block_put(const Decision *d, const uint32_t *order, size_t n, BlockSaid *said, Buf *out);

typedef struct BlockCase {
  int64_t id, hit, blocked;
  Str text;   /* of the whole case, with its brackets */
  Str values; /* inputs and outputs, with commas between */
} BlockCase;
/* The next case; rest begins as the whole text. False: there is none. */
bool block_next(Str *rest, BlockCase *out);
/* The case of a row. False: the block has none. */
bool block_find(Str cases, int64_t id, BlockCase *out);
/* What the case of a row lacks, of {"id": lines, …}; in a. */
Str block_root(Str roots, int64_t id, Arena *a);
/* Appends inputs and outputs of a case as the objects that a decision in a row of its own has. False: the values do
 * not fit the names. */
bool block_objects(Str values, Str inputs, Str outputs, Buf *in, Buf *out);
#endif
