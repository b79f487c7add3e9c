/* The record of a run in the log's tables: run, change, decision. All inside the caller's transaction. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H
#include "run/link.h"
#include "run/run.h"

typedef struct RunRow {
  const char *what, *script_hash, *args, *digest, *detail; /* NULL where there is none */
  Day asof;
  uint64_t seed;
  int64_t changes;
  Str report, log, journal;                                /* empty where there is none */
  int64_t undoes;                                          /* 0 = none */
  const char *plan, *grants, *books;                       /* NULL where there is none */
} RunRow;

/* The one place that reads a clock. UTC, ISO 8601. */
void record_now(char out[32]);
bool record_run(Store *s, const RunRow *row, int64_t *run_id, Err *e);
bool record_change(Store *s, int64_t run_id, int64_t seq, const Change *c, Err *e);
bool record_changes(Store *s, int64_t run_id, const Journal *j, Err *e);
bool record_changes_linked(Store *s, int64_t run_id, const Journal *j, LinkRows *link, Err *e); /* for chain_append_known */
/* Changes of any table, numbered from `seq` on, of a run that need not be there yet. */
bool record_page(Store *s, int64_t run_id, int64_t seq, const Journal *j, Err *e);
/* `was` or `now` of a row of change, as the columns hold it; false when the text is none of ours. */
bool record_cells(Str text, Arena *a, Str **name, Val **val, size_t *n);
/* Of a run that saw personal fields (`saw`) texts are kept as personal values: the log itself holds their hashes. */
bool record_decisions(Store *s, int64_t run_id, Day asof, Str decided, bool saw, Err *e);
#endif
