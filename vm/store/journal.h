/* Every row change on a Store, caught by SQLite's preupdate hook: table, key,
 * old and new values. A plan is a journal taken on a private copy; applying it
 * writes the same rows to the real database, after checking that each still is
 * what the journal says it was; undoing applies the inverse. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H
#include "store/store.h"

typedef enum ChangeOp { CHANGE_INSERT = 'I', CHANGE_UPDATE = 'U', CHANGE_DELETE = 'D' } ChangeOp;
typedef struct Change {
  ChangeOp op;
  Str table;
  int64_t id;            /* integer primary key; keyless tables of more columns have key text in `key` */
  size_t ncol;
  const Str *col;
  const Val *was, *now;  /* ncol each; INSERT has no was, DELETE no now (NULL) */
} Change;
typedef struct Journal {
  size_t n, cap;
  Change *change;
  bool leans;            /* change is another journal's */
  Arena arena;
} Journal;

bool store_journal_start(Store *s, Journal *j, Err *e);  /* j must outlive the recording */
void store_journal_stop(Store *s);
/* While the host writes a journal and its record nobody takes one, and triggers have nothing to add: they guard what is
 * there, and what is written here is new or checked. Without hook and triggers it takes half the time. */
void store_host_writes(Store *s, bool on);
size_t store_journal_mark(Store *s);                     /* to cut phantom entries of a failed statement */
void store_journal_cut(Store *s, size_t mark);
void journal_compact(Journal *j);  /* one net change a row, sorted by table and key; no-ops dropped */
void journal_free(Journal *j);
void journal_encode(const Journal *j, Buf *out);         /* stable bytes: same changes, same bytes */
bool journal_decode(Str bytes, Journal *out, Err *e);
bool journal_invert(const Journal *j, Journal *out);     /* out leans on j: names and values are those of j */
/* Inside a transaction of s. Each row is checked first: a difference is ERR_STALE and names table, key,
 * column, what was expected and what is there. Nothing is left half written: the caller rolls back. */
bool store_apply(Store *s, const Journal *j, Err *e);
/* The same in parts, of a journal too large to be held: those that delete first, then those that update, then those that
 * insert, within one transaction. What is checked of all the rows together is checked at the end; ok: all went well. */
typedef struct StoreParts StoreParts;
bool store_parts_open(Store *s, StoreParts **out, Err *e); /* foreign keys wait from here on */
bool store_parts_write(Store *s, StoreParts *p, const Journal *j, Err *e);
bool store_parts_delete(Store *s, StoreParts *p, const char *table, int64_t first, int64_t last, Err *e); /* rows that are known */
bool store_parts_close(Store *s, StoreParts *p, bool ok, Err *e);
/* The same checks without writing: fn for each column that differs from what the journal expects; col is
 * STORE_ROW when the row is missing, or there though it should not be. */
#define STORE_ROW SIZE_MAX
typedef bool (*StoreConflictFn)(void *ctx, const Change *c, size_t col, Val found, Err *e);
bool store_conflicts(Store *s, const Journal *j, StoreConflictFn fn, void *ctx, Err *e);
#endif
