/* The chain of hashes over the log. Each run's link is the SHA-256 of the link before it, of the run's row, and of 8
 * bytes for each of its rows of change, decision, history and added; these bytes are kept, so that verify can name
 * the row that was altered. Whoever has a printed head can tell a chain that was made anew from the true one. */
#ifndef RUN_CHAIN_H
#define RUN_CHAIN_H
#include "run/link.h"
#include "store/store.h"

/* Adds the link of a run that is complete, inside its transaction. */
bool chain_append(Store *s, int64_t run, Err *e);
bool chain_append_known(Store *s, int64_t run, const LinkRows *changes, Err *e); /* its rows of change need not be read */
/* The hash of the last link; empty when there is none. */
bool chain_head(Store *s, Arena *a, Str *out, Err *e);

typedef struct Verified {
  size_t runs, rows, faults;
  size_t rows_astray; /* of the faults: rows that do not stand as the runs left them */
  size_t counted;     /* ranges of rows that were only counted, since values they had were erased */
  Buf text;           /* a line for each fault */
  char head[65];
} Verified;
/* Walks the chain and compares it with what is there; then keys, invariants and triggers of the database, and every row
 * with what the runs left (origin.h). */
bool chain_verify(Store *s, Verified *out, Err *e);
/* Takes the runs of before `day` (UTC) out of the log. A run that is chained itself records the hash of the last link
 * taken, which the rest hangs on from then on: the checkpoint; it takes note of the rows as they are, and is refused when
 * they are not as the runs left them. What fields were keeps its history; only why and undo end there. *run_id is 0 when
 * there is nothing that old. */
bool chain_prune(Store *s, Day day, Day asof, int64_t *run_id, int64_t *n, Err *e);
#endif
