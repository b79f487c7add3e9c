/* The chain of hashes over the log. Each run's link is the SHA-256 of the link before it, of the run's row, and of 8
 * bytes for each of its rows of change, decision, history and added; these bytes are kept, so that verify can name
 * the row that was altered. Whoever has a printed head can tell a chain that was made anew from the true one. */
#ifndef RUN_CHAIN_H
#define RUN_CHAIN_H
#include "store/store.h"

/* Adds the link of a run that is complete, inside its transaction. */
bool chain_append(Store *s, int64_t run, Err *e);
/* The hash of the last link; empty when there is none. */
bool chain_head(Store *s, Arena *a, Str *out, Err *e);

typedef struct Verified {
  size_t runs, rows, faults;
  Buf text;           /* a line for each fault */
  char head[65];
} Verified;
/* Walks the chain and compares it with what is there; then keys, invariants and triggers of the database. */
bool chain_verify(Store *s, Verified *out, Err *e);
/* Takes runs before `run` out of the log; a run that records it holds the hash the rest hangs on. */
bool chain_prune(Store *s, int64_t before, Day asof, int64_t *run_id, int64_t *n, Err *e);
#endif
