/* Taking back what has no journal: an import, or the undo of one. Its changed rows stand in table change, its new ones in
 * ranges of ids (table added). It is read page by page, so that memory does not grow with the number of rows; what it does
 * goes into table change as rows of the run that undoes, and is written from there.
 *
 * All of it within the caller's transaction. An error leaves it half done: the caller rolls back. */
#ifndef RUN_UNDO_LOG_H
#define RUN_UNDO_LOG_H
#include "run/run.h"

typedef struct UndoLog UndoLog;
/* Of `run`, into the record of run `as`, which need not be there yet. A range that no longer holds what was added is
 * ERR_STALE, a run that left no record too. */
bool undo_log_open(Store *s, int64_t run, int64_t as, UndoLog **out, Err *e);
/* Notes what is to be done. fn: for each cell that is not as the run left it (store_conflicts). */
bool undo_log_note(UndoLog *u, StoreConflictFn fn, void *ctx, Err *e);
int64_t undo_log_changes(const UndoLog *u);   /* rows, once noted … */
void undo_log_line(const UndoLog *u, Buf *out); /* … and in one line, as difference_line */
/* Writes it. *orphans: order lines or accounts came or went, so that lines may be left without their account. */
bool undo_log_write(UndoLog *u, bool *orphans, Err *e);
void undo_log_close(UndoLog *u);

/* One row of change, added to j: a query of these columns, and run as the next one. */
#define UNDO_LOG_COLUMNS "tbl, row, op, was, now"
enum { UNDO_LOG_RUN = 5 };
bool undo_log_change(Journal *j, const Val *val, Err *e);
/* What the log holds of a run without a journal, as one: for show and diff. Empty when there is none, or more than `most`. */
bool undo_log_journal(Store *s, int64_t run, size_t most, Journal *out, Err *e);
#endif
