/* A Pareto database: one SQLite file. Opening, creating, copying, settings,
 * transactions. The only floor that knows SQLite; nothing of sqlite3.h shows here.
 *
 * A Store belongs to one thread. Errors: a file that is not ours, newer than
 * us, damaged, on a network file system, read-only, locked: ERR_FAIL or
 * ERR_BUSY with what to do, and the file untouched. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include "base/err.h"
#include "base/val.h"
#include "feel/host.h"

typedef struct Store Store;

typedef struct StoreInit {
  const char *currency; /* ISO 4217, "CNY" */
  int minor;            /* digits of its minor unit, 0..4 */
} StoreInit;
/* Creates the file; an existing file is an error and stays as it was. */
bool store_init(const char *path, StoreInit how, Err *e);

typedef enum StoreMode { STORE_READ, STORE_WRITE } StoreMode;
/* Opens and migrates (STORE_WRITE; the file is backed up beside itself first). STORE_READ on an older
 * schema says to open it once for writing. */
bool store_open(const char *path, StoreMode mode, Store **out, Err *e);
/* A Store to be read that is opened when something is first asked of it: then its snapshot is taken, and then is said
 * what is wrong with it beyond what the head of the file shows. */
bool store_open_later(const char *path, Store **out, Err *e);
void store_awake(Store *s);              /* opens such a one now; when it cannot be, the next question says why */
bool store_asleep(const Store *s);       /* it was never needed, or cannot be opened */
bool store_wake(Store *s, Err *e);       /* store_awake that says why */
void store_close(Store *s); /* NULL is allowed */
void store_end(Store *s);   /* the same where the process ends: memory is not given back first */
const char *store_path(const Store *s);
/* A private copy of what s shows now, in $TMPDIR, under no name and gone at close. Locks nobody. It may grow by
 * STORE_COPY_GROWTH bytes. While s has a snapshot open the copy leans on it, and is to be closed before it ends. */
enum { STORE_COPY_GROWTH = 1 << 30 };
bool store_copy(Store *s, Store **out, Err *e);

/* Settings (table setting): currency, minor, year_start, … ; arena-free: valid until the next change. */
const char *store_setting(Store *s, const char *name); /* NULL = not set */
/* The day for which dated settings ("kam.red") are asked, and the value in force then; p NULL = none. */
void store_set_day(Store *s, Day day);
bool store_setting_dated(Store *s, const char *name, Arena *a, Str *out, Err *e);
bool store_set(Store *s, const char *name, const char *value, Err *e);
bool store_set_from(Store *s, const char *name, const char *value, Day from, Err *e); /* from a day on */
/* What a role of staff may: "approve", or a personal field ("contact.name"). Twice is once. */
bool store_role_may(Store *s, const char *role, const char *what, bool yes, Err *e);
int store_minor(Store *s);

/* Only the host opens and ends transactions; scripts never do (the authorizer and commit hook hold that). */
bool store_begin(Store *s, Err *e);      /* BEGIN IMMEDIATE; ERR_BUSY after the busy timeout */
bool store_commit(Store *s, Err *e);
void store_rollback(Store *s);
/* A read transaction: one snapshot until store_end_read. store_upgrade turns it into a write
 * transaction iff nobody has written since (false, ERR_STALE otherwise). */
bool store_begin_read(Store *s, Err *e);
void store_end_read(Store *s);
bool store_end_kept(Store *s);           /* the same; true: columns built in it are in the file, newer than it now */
bool store_reading(const Store *s);      /* is one open? */
bool store_writes(const Store *s);       /* was it opened to be written to? */
bool store_upgrade(Store *s, Err *e);

/* The run whose number history and published values carry from now on; 0 = not known yet (on a private
 * copy: store_apply then fills in the number it is applied under). */
void store_set_run(Store *s, int64_t run);

/* The rule language's view: entities, fields, relations, measures. Valid until store_close or a change of
 * schema (store_add_field), after which it has to be asked for again. */
const FeelHost *store_host(Store *s);
const FeelHost *store_host_later(Store *s); /* the same, which opens a Store asleep when it is first asked; `fmt` is empty till then */
/* Personal fields that may be read: "contact.name". */
void store_grant(Store *s, const char *const *grants, size_t n);

/* Values as SQL has them: INTEGER is a number, REAL is V_REAL, TEXT is text, and a BLOB is text with this
 * flag. Dates are ISO text (orders.day: the number yyyymmdd). Bound values: V_DATE as ISO text, whole
 * numbers as INTEGER, other decimals as REAL where 15 digits carry them, else as text. */
enum { VAL_BLOB = 0x8000 }; /* in Val.flags */

/* Read-only SQL for reports inside the host and for tests: rows to a callback. */
typedef bool (*StoreRowFn)(void *ctx, int ncol, const Str *name, const Val *val, Err *e);
bool store_query(Store *s, const char *sql, const Val *bind, size_t nbind, StoreRowFn fn, void *ctx, Err *e);
/* One statement that writes, with values bound by position: ?1, ?2 … For run/ and import only. */
bool store_exec(Store *s, const char *sql, const Val *bind, size_t nbind, Err *e);
/* Was a change asked for since it was opened, and refused, because no transaction that writes was open? */
bool store_refused(const Store *s);
int64_t store_last_id(Store *s);
int64_t store_changes(Store *s);         /* rows changed by the last store_exec */
/* One value of the first row; null when there is none. Text is copied to a. */
bool store_value(Store *s, const char *sql, const Val *bind, size_t nbind, Arena *a, Val *out, Err *e);
#endif
