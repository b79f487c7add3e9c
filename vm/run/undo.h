/* Taking back a run, or an import: the inverse of what it changed, in one transaction, whole or not at all. */
#ifndef RUN_UNDO_H
#define RUN_UNDO_H
#include "run/run.h"

/* SQL: 1 when the run of this id is undone. An undo can be undone, and that one too: each of them turns it round. */
#define RUN_UNDONE(id)                                                                                          \
  "(WITH RECURSIVE later(id) AS (SELECT l.id FROM run l WHERE l.undoes = " id " UNION ALL SELECT l.id FROM run l" \
  " JOIN later ON l.undoes = later.id) SELECT count(*) % 2 FROM later)"

/* May there be an undo at all? Asked before a person is: the run is there, stands, and changed something. `what`: its name
 * and how much it changed, "tiers, 2 changes". */
bool run_undo_asked(Store *s, int64_t run, Buf *what, Err *e);
/* Each row is checked first. What has changed since, or was undone already, is ERR_STALE with the differences
 * field by field, and nothing is touched. An undo is a run and can be undone. `said` gets what people should know
 * besides (messages that had left already). */
bool run_undo(Store *s, int64_t run, Day asof, int64_t *run_id, int64_t *changes, Buf *said, Err *e);
#endif
