/* What an import leaves in the log: the ranges of ids it added with their digests, and each row it changed as a row of
 * `change`. Nothing of it is held in memory: five million lines are a few hundred ranges. */
#ifndef RUN_IMPORT_LOG_H
#define RUN_IMPORT_LOG_H
#include "run/run.h"

typedef struct ImportLog {
  Store *s;
  int64_t run, seq;  /* of the run to come; 0 until the first change */
} ImportLog;
/* Records a change of the import under way (ImportSpec.changed). */
bool import_log_changed(void *log, const Change *c, Err *e);
#endif
