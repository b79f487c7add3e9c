/* An import: a file of rows becomes rows of an entity, all of them or none.
 *
 *   import_open   reads the file once: what its columns hold; binds them to fields; checks the rules
 *   import_stage  begins a transaction and writes every row in it; what cannot be taken is counted
 *   import_report the plan: what the transaction holds
 *   then the caller commits (store_commit) or rolls back (store_rollback), and import_close.
 *
 * Rejected rows are no error of import_stage: the caller decides (import_refused). Errors name the file,
 * the line, the option or the rule at fault; after one no transaction is open and nothing was written. */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H
#include "store/import_source.h"
#include "store/journal.h"

typedef struct ImportSpec {       /* lists are NULL-terminated; NULL = none */
  SourceSpec file;
  const char *entity;
  const char *const *map;         /* "field = rule, field = rule" */
  const char *where;
  const char *key;                /* "order_no, line_no"; NULL = the entity's own key */
  const char *const *create;      /* "account", "account, product" */
  const char *join, *on;
  const char *dates, *decimal;
  const char *const *null_words;  /* NULL = the empty cell, and the word NULL */
  const char *const *alias;       /* "product: GTXPro = GTX Pro" */
  bool round;
  int64_t max_errors;             /* rows that may be rejected */
  const char *rejects;            /* file for them, or NULL */
  Day asof;                       /* of the rules, and from when fields with a history hold */
  void (*progress)(void *ctx, int64_t done, int64_t total); /* bytes read, or NULL */
  void *progress_ctx;
  /* Each known row that it changes, with the columns that differ as stored; NULL = nobody asks. The change is
   * not the caller's to keep. */
  bool (*changed)(void *ctx, const Change *c, Err *e);
  void *changed_ctx;
} ImportSpec;

typedef struct ImportCounts {
  int64_t rows;                   /* in the file */
  int64_t left_out, unknown;      /* by --where; of them: the rule could not be decided */
  int64_t added, changed, unchanged, rejected;
  int64_t copies;                 /* rows that say of their key what an earlier row says: taken once */
  int64_t made;                   /* rows of other entities, by --create */
} ImportCounts;

typedef struct Import Import;
bool import_open(Store *s, const ImportSpec *spec, Import **out, Err *e); /* texts of spec must outlive it */
bool import_stage(Import *im, Err *e);
const ImportCounts *import_counts(const Import *im);
/* More rejected than allowed: ERR_REJECTED, with the first of them and what to do. */
bool import_refused(const Import *im, Err *e);   /* true = refused */
/* Records the rows that were added, for `run`, in the same transaction: what undo takes back. */
bool import_added(Import *im, int64_t run, Err *e);
/* What the transaction holds, in lines for people. */
void import_report(const Import *im, Buf *out);
/* Lines about the rejected rows. */
void import_rejected(const Import *im, Buf *out);
/* Puts the file of rejected rows in place; *kept: there is one. */
bool import_keep_rejects(Import *im, bool *kept, Err *e);
void import_close(Import *im);                   /* NULL is allowed */
#endif
