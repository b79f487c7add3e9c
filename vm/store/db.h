/* Inside the store only: what a Store is made of, and SQLite's calls wrapped so that a failure is an Err. */
#ifndef STORE_DB_H
#define STORE_DB_H
#include <sqlite3.h>

#include "store/catalog.h"
#include "store/journal.h"
#include "store/store.h"

enum { SQL_CACHE = 64, BUSY_MS = 5000 };
typedef struct SqlCached {
  char *sql;
  sqlite3_stmt *q;
  bool busy;       /* handed out by sql_prepare, not yet given back */
} SqlCached;

typedef struct Host Host; /* host.c: names and columns as the rule language sees them */
typedef struct Taps Taps; /* journal.c: table names to columns, for the preupdate hook */
typedef struct Given Given; /* given.c: rows in memory that a statement reads */

struct Store {
  sqlite3 *db;
  char *path;
  StoreMode mode;
  bool asleep;          /* not opened yet: later.c */
  FeelHost later;       /* … given out meanwhile */
  bool copy;            /* the file belongs to this Store alone */
  struct Overlay *overlay; /* … and holds what differs from another's: overlay.h; or NULL */
  bool ending;          /* the host itself is committing */
  Str sets;             /* the only column that the UPDATE at hand sets, if the host made it; else empty */
  bool host_sql;        /* the authorizer lets pass what only the host may do */
  bool looking;         /* altered.c: for what a failed statement missed */
  int64_t triggers_of;  /* … the schema whose triggers were looked at */
  bool refused;         /* a change was asked for outside a transaction that writes */
  bool writing, reading;/* a transaction of that kind is open */
  int minor;
  Day day;              /* that dated settings are asked for; 0 = the latest */
  int64_t run;          /* run that history rows name; 0 = not known yet */
  int64_t version;      /* grows with every change of data or schema made through this Store */
  SqlCached cached[SQL_CACHE];
  size_t next_cached;
  char *setting;        /* the last value store_setting gave */
  Host *host;
  bool host_stale;      /* names changed: build anew when asked */
  bool named;           /* this transaction changed names */
  struct Keys *keys;    /* view_keys.c: rows and keys of the entity last asked for */
  struct Sink *sink;    /* sink.c: the scan under way */
  struct Known *known;  /* scan.c: what was read of histories */
  struct Quotes *quotes;/* quotes.c: price requests as last read */
  struct MeasureLog *log; /* explain.c, or NULL */
  Journal *journal;
  bool journal_full;    /* a run wants to change more than memory is meant for */
  bool journal_lost;    /* the hook met a table it knows no columns of */
  bool foretold;        /* the rows that the UPDATE at hand changes are in the journal already */
  bool astray;          /* … and a trigger changed others */
  Taps *taps;
  Given *given;
  char **grant;
  size_t ngrant;
};

/* An Err in words from SQLite's last error: busy, damaged, full, read-only, out of memory, interrupted, or
 * its message. Always false. */
bool sql_err(Store *s, int rc, Err *e);
/* A statement from the cache or a new one; give it back with sql_done. NULL and an error when it cannot be. */
sqlite3_stmt *sql_prepare(Store *s, const char *sql, Err *e);
void sql_done(Store *s, sqlite3_stmt *q); /* NULL is allowed */
void sql_forget(Store *s);                /* finalizes all cached statements */
bool sql_bind(Store *s, sqlite3_stmt *q, int at, Val v, Err *e);
/* The same as the result of a function or the cell of a table of our own; text has to outlive the statement. */
void sql_result(sqlite3_context *out, Val v);
/* One step. *row: there is a row. */
bool sql_step(Store *s, sqlite3_stmt *q, bool *row, Err *e);
/* As stored: INTEGER, REAL (V_REAL), TEXT, BLOB (V_TEXT with VAL_BLOB). Text is valid until the next step. */
Val sql_raw(sqlite3_stmt *q, int col);
/* Several statements without values. With `host_sql` set around it also DDL and PRAGMA. */
bool sql_run(Store *s, const char *sql, Err *e);
bool sql_host(Store *s, const char *sql, Err *e); /* the same, allowed what the host alone may do */
/* Runs body inside a savepoint: when it fails its changes, and its part of the journal, are gone. */
bool sql_atomically(Store *s, bool (*body)(Store *, void *, Err *), void *ctx, Err *e);
bool sql_journaled(Store *s, Err *e);             /* false: the journal missed something */
void sql_name(Buf *b, Str name);                  /* "name", quotes doubled */

/* guard.c: authorizer, commit hook, progress (stop) handler. */
void guard_set(Store *s);
/* store.c */
bool store_backup(Store *s, const char *path, Err *e); /* a plain copy; a file that is there is an error */
/* The same of a file of ours, however old; version: of its schema. */
bool store_backup_of(const char *path, const char *to, int *version, Err *e);
/* From one schema version to a later one, in one transaction, backed up first as FILE.version-N (-2 …). */
bool store_migrate(Store *s, int from, int to, void (*migration)(int version, Buf *sql), Err *e);
/* file.c: kind, place and permissions; then, once it is open and before any SQL, whose and how old it is. */
bool file_check(const char *path, bool writing, Err *e);
bool file_place(const char *path, Err *e); /* where one is to be made */
bool file_header(Store *s, Err *e);
bool file_header_of(const char *path, Err *e); /* when no handle on it is open in this process */
bool file_is_network(long fs_type);

void host_forget(Store *s);  /* names changed: build anew when asked */
void host_close(Store *s);
void keys_forget(Store *s);
void quotes_forget(Store *s);
void sink_forget(Store *s);  /* after the database is closed */
void taps_forget(Store *s);
void given_forget(Store *s); /* after the database is closed */
void journal_hook(Store *s); /* sets the preupdate hook */
bool taps_read(Store *s, Err *e);         /* columns of all tables, for a journal being kept */
/* Runs `UPDATE table SET column = now WHERE id BETWEEN first AND last`, whose rows are journalled in one pass beforehand
 * instead of one by one by the hook. `now` has to be what will stand in the column, bit by bit. *astray: triggers wrote
 * too, perhaps to the same rows: it has to be taken back, and done in the usual way. */
bool journal_update(Store *s, const char *table, const char *column, const char *update, Val now, int64_t first, int64_t last,
                    bool *astray, Err *e);
bool raw_same(Val x, Val y);              /* the same stored value */
#endif
