/* The digest of a plan: the same script, arguments, day, seed and changes give the same one, also
 * when the ids of new rows differ because others were inserted meanwhile, or the run has another number. */
#ifndef RUN_DIGEST_H
#define RUN_DIGEST_H
#include "run/run.h"

/* j is compacted. out: 64 hex digits and a NUL. */
void plan_digest_of(const Plan *p, const Journal *j, char out[65]);

/* A net change in bytes in which ids of rows that the journal adds are symbolic: equal bytes, equal change. */
enum { SYMBOL_COLUMNS = 16 };
typedef struct SymbolColumn { /* what was found out of a column, which the next change has too */
  const char *table, *name;
  Str target;                 /* table of the rows it holds ids of; empty: it holds none */
  bool left_out;
} SymbolColumn;
typedef struct Symbols {
  const Journal *j;
  int64_t *nth; /* of each change that is a new row: it is the nth of its table, from 1; else 0 */
  SymbolColumn column[SYMBOL_COLUMNS];
} Symbols;
Symbols symbols_of(const Journal *j);
void symbols_put(Symbols *r, const Change *c, Buf *out); /* a change of j */
void symbols_free(Symbols *r);
#endif
