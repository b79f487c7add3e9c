/* What the append-only log lets go of, on purpose and only here: runs of long ago, and messages about a person. The
 * triggers that keep it are off meanwhile; the caller holds the transaction and records what it did. */
#ifndef STORE_LOG_H
#define STORE_LOG_H
#include "store/store.h"

/* Runs with an id below `before`: their rows of run, change, decision, added and personal, what they sent and was
 * delivered, and definitions that nothing names any more. Histories of fields stay. *n: runs. */
bool store_log_prune(Store *s, int64_t before, int64_t *n, Err *e);
/* And their links, once the checkpoint has its own, which hangs on the last of them. */
bool store_log_prune_chain(Store *s, int64_t before, Err *e);
/* Empties delivered messages and files that hold this text; *n grows by their number. */
bool store_log_forget(Store *s, Val text, int64_t *n, Err *e);
/* What is deleted from now on is overwritten in the file. */
bool store_overwrite(Store *s, Err *e);
/* After the commit: the log beside the file is written back and cut, as far as readers allow. */
void store_fold(Store *s);
#endif
