/* From records of the file to rows of the database, a batch at a time: --where, rules,
 * types, references, keys. Works beside the thread that writes, so it touches no database. */
#ifndef STORE_IMPORT_ROWS_H
#define STORE_IMPORT_ROWS_H
#include "store/import_job.h"

typedef struct MadeRow { Refs *refs; int64_t id; Str key; } MadeRow;

typedef struct RowBatch {
  Batch batch;
  size_t n;               /* rows that may be written … */
  Val *val;               /* … their values, n × ntarget, as they are bound … */
  uint32_t *at;           /* … and where they are in batch */
  int64_t *id;            /* row of the database that each is, 0 = a new one */
  uint64_t *hash;         /* im->summed: of each row but its id */
  MadeRow *made;          /* rows of other entities that have to be there first */
  size_t nmade;
  Reject *reject;         /* by line */
  size_t nreject;
  ImportCounts count;     /* rows, left_out, unknown */
  Str *before;            /* cells of the row before, by target … */
  bool kept;              /* … which is the last of val */
  bool unsummed;          /* some value is not stored as it is bound, so there are no hashes */
  bool scattered;         /* the days of its order lines came in no order */
  uint64_t read;          /* bytes of the file so far */
  Eval *eval;             /* holds the values of rules */
  Arena arena;
  size_t capval, cap, capmade, capreject;
} RowBatch;

/* Reads and prepares the next batch; *more = false at the end of the file. keys_only: for the pass that
 * collects the keys (im->keys), before anything is written. */
bool import_rows_next(Import *im, bool keys_only, RowBatch *out, bool *more, Err *e);
void import_rows_free(RowBatch *b);
/* The values of key columns as bytes of im->keys. */
void import_rows_key(const Import *im, const Val *val, Buf *key);
/* "order_no 536365, line_no 1", for messages. */
void import_rows_key_text(const Import *im, const RowBatch *b, size_t row, Buf *out);
/* A reject of a whole row that was prepared. */
Reject import_rows_reject(const Import *im, const RowBatch *b, size_t row, Str reason, Str group);
#endif
