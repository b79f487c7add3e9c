#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/alloc.h"
#include "store/altered.h"
#include "store/db.h"
#include "store/later.h"
#include "store/schema.h"
#include "store/overlay.h"
#include "store/view.h"

#include "base/lang.h"

/* BEGIN alone takes no snapshot: the first read does */
static const char SNAPSHOT[] = "BEGIN; SELECT 1 FROM setting";

static bool err_cannot_open(const char *path, sqlite3 *db, Err *e) {
  int why = db ? sqlite3_system_errno(db) : 0;
  if (why) return err_set(e, ERR_FAIL, "%s cannot be opened: %s", path, strerror(why));
  return err_set(e, ERR_FAIL, "%s cannot be opened: %s", path, db ? sqlite3_errmsg(db) : _("out of memory"));
}

static bool settle(Store *s, Err *e) {
  sqlite3_busy_timeout(s->db, BUSY_MS);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  /* A reader goes through columns once: what it has read the system keeps */
  return sql_host(s, s->mode == STORE_READ ? "PRAGMA cache_size = -1024" : "PRAGMA cache_size = -8192", e) &&
         sql_host(s, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY", e);
}

static bool connect_file(Store *s, int flags, Err *e) {
  alloc_install();
  int rc = sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                           s->overlay ? overlay_vfs(s->overlay) : NULL);
  return rc == SQLITE_OK || err_cannot_open(s->path, s->db, e);
}

static bool connect_to(Store *s, int flags, Err *e) { return connect_file(s, flags, e) && settle(s, e); }

static Store *store_new(const char *path, StoreMode mode) {
  Store *s = mem_zalloc(1, sizeof *s);
  s->path = mem_strdup(path);
  s->mode = mode;
  return s;
}

void store_close(Store *s) {
  if (!s) return;
  store_rollback(s);
  store_end_read(s);
  host_close(s);
  measure_forget(s);
  keys_forget(s);
  quotes_forget(s);
  taps_forget(s);
  sql_forget(s);
  sqlite3_close(s->db);
  overlay_free(s->overlay);
  sink_forget(s);
  given_forget(s);
  store_grant(s, NULL, 0);
  mem_free(s->setting);
  mem_free(s->path);
  mem_free(s);
}

void store_end(Store *s) {
  alloc_end();
  store_close(s);
}

/* A migration may change a table's own text, which is forbidden at any other time. */
static bool sql_schema(Store *s, const char *sql, Err *e) {
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
  bool ok = sql_host(s, sql, e);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  return ok;
}

/* --- creating ------------------------------------------------------------ */

/* A new file is written under this name: it appears whole or not at all. */
static Buf part_name(const char *path) {
  Buf part = {0};
  buf_printf(&part, "%s.new-%ld", path, (long)getpid());
  unlink(part.p);
  return part;
}

/* A file that came to stand there meanwhile is not replaced. */
static bool appear(Buf *part, const char *path, bool ok, Err *e) {
  if (ok && link(part->p, path) != 0 && (errno == EEXIST || rename(part->p, path) != 0))
    ok = err_set(e, ERR_FAIL, "%s cannot be made: %s", path, strerror(errno));
  unlink(part->p);
  buf_free(part);
  return ok;
}

static bool fill_new(Store *s, StoreInit how, Err *e) {
  Buf sql = {0};
  buf_printf(&sql, "PRAGMA page_size = %d; PRAGMA application_id = %d; BEGIN;\n", SCHEMA_PAGE,
             SCHEMA_APPLICATION);
  for (int v = 1; v <= SCHEMA_VERSION; v++) schema_migration(v, &sql);
  buf_printf(&sql,
             "INSERT INTO setting(name, value) VALUES('currency', '%s'), ('minor', '%d');\n"
             "PRAGMA user_version = %d; COMMIT; PRAGMA journal_mode = WAL;",
             how.currency, how.minor, SCHEMA_VERSION);
  s->ending = true;
  bool ok = sql_schema(s, sql.p, e);
  buf_free(&sql);
  return ok;
}

static bool currency_ok(const char *c) {
  if (!c || strlen(c) != 3) return false;
  for (; *c; c++)
    if (*c < 'A' || *c > 'Z') return false;
  return true;
}

bool store_init(const char *path, StoreInit how, Err *e) {
  if (!currency_ok(how.currency))
    return err_set(e, ERR_USAGE, "%s is no currency code; write it as in ISO 4217: CNY",
                   how.currency ? how.currency : "");
  if (how.minor < 0 || how.minor > 4)
    return err_set(e, ERR_USAGE, "a currency has 0 to 4 minor digits, not %d", how.minor);
  if (access(path, F_OK) == 0) {
    err_set(e, ERR_FAIL, "%s is there already", path);
    return err_left(e, "The file is untouched.");
  }
  if (!file_place(path, e)) return false;
  Buf part = part_name(path);
  Store *s = store_new(part.p, STORE_WRITE);
  bool ok = connect_to(s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e) && fill_new(s, how, e);
  store_close(s);
  return appear(&part, path, ok, e);
}

/* --- opening ------------------------------------------------------------- */

static bool read_minor(Store *s, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "SELECT value FROM setting WHERE name = 'minor'", NULL, 0, &a, &v, e);
  if (ok && (v.t != V_TEXT || v.n != 1 || v.u.s[0] < '0' || v.u.s[0] > '4'))
    ok = err_set(e, ERR_FAIL, "%s is damaged: setting minor is missing", s->path);
  if (ok) s->minor = v.u.s[0] - '0';
  arena_free(&a);
  return ok;
}

static int look_up(Store *s, const char *table) {
  return sqlite3_table_column_metadata(s->db, "main", table, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* The schema has been read by then: a name is looked up in it, no table is. When another process has brought the file up
 * to date since, a statement finds that out, and it is read again. */
static bool check_tables(Store *s, Err *e) {
  const char *name;
  bool ok = true, again = false;
  for (size_t i = 0; ok && (name = schema_table(i)); i++) {
    int rc = look_up(s, name);
    if (rc == SQLITE_ERROR && !again) {
      again = true;
      if (!sql_host(s, "SELECT 1 FROM sqlite_schema LIMIT 1", e)) return false;
      rc = look_up(s, name);
    }
    if (rc == SQLITE_OK) continue;
    if ((rc & 0xff) != SQLITE_ERROR) return sql_err(s, rc, e);
    err_set(e, ERR_FAIL, "%s is damaged: table %s is missing", s->path, name);
    err_todo(e, "restore it from a backup (pareto restore)");
    ok = err_left(e, "The file is untouched.");
  }
  return ok;
}

static bool schema_version(Store *s, int *version, Err *e) {
  s->host_sql = true;
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "PRAGMA user_version", NULL, 0, &a, &v, e);
  s->host_sql = false;
  *version = ok ? (int)v.u.i : 0;
  arena_free(&a);
  sql_forget(s);
  return ok;
}

/* One that an attempt broken off has left stays as it is. */
static Buf backup_name(const char *path, int version) {
  Buf name = {0};
  buf_printf(&name, "%s.version-%d", path, version);
  for (int i = 2; access(name.p, F_OK) == 0; i++) {
    buf_clear(&name);
    buf_printf(&name, "%s.version-%d-%d", path, version, i);
  }
  return name;
}

/* With the write lock held: nothing is written between the backup and the first change. SQLite copies only through
 * a handle that is not writing. */
static bool migrate_locked(Store *s, int from, int to, void (*migration)(int version, Buf *sql), Err *e) {
  Buf backup = backup_name(s->path, from), part = part_name(backup.p), sql = {0};
  int same;
  bool ok = appear(&part, backup.p, store_backup_of(s->path, part.p, &same, e), e);
  if (ok) {
    for (int v = from + 1; v <= to; v++) migration(v, &sql);
    buf_printf(&sql, "PRAGMA user_version = %d; COMMIT;", to);
    ok = sql_schema(s, sql.p, e);
    if (!ok) err_left(e, "The database is as it was; its backup is %s.", backup.p);
  }
  buf_free(&backup);
  buf_free(&sql);
  return ok;
}

bool store_migrate(Store *s, int from, int to, void (*migration)(int version, Buf *sql), Err *e) {
  int now;
  s->ending = true;
  bool ok = sql_host(s, "BEGIN IMMEDIATE", e) && schema_version(s, &now, e);
  /* another process may have done it while this one waited */
  if (ok && now == from) ok = migrate_locked(s, from, to, migration, e);
  Err ignored = {0};
  if (!sqlite3_get_autocommit(s->db)) sql_host(s, "ROLLBACK", &ignored);
  err_free(&ignored);
  s->ending = false;
  return ok;
}

/* What is read at the opening, on one snapshot: to take one for every statement costs more than the statements. */
static bool read_all(Store *s, Err *e) {
  bool ok = sql_host(s, "BEGIN", e) && check_tables(s, e) && read_minor(s, e);
  guard_set(s);
  journal_hook(s);
  ok = ok && view_refresh(s, e);
  Err ignored = {0};
  if (!sqlite3_get_autocommit(s->db)) sql_host(s, "ROLLBACK", &ignored);
  err_free(&ignored);
  return ok;
}

static bool open_ours(Store *s, Err *e) {
  int version;
  /* A reader too opens for writing where it may: only so can it recover a WAL and take it away at the end */
  if (!connect_file(s, SQLITE_OPEN_READWRITE, e) || !file_header(s, e) || !settle(s, e)) return false;
  if (!schema_version(s, &version, e)) return false;
  if (s->mode == STORE_READ && !sql_host(s, "PRAGMA query_only = ON", e)) return false;
  if (version < SCHEMA_VERSION) {
    if (s->mode == STORE_READ) {
      err_set(e, ERR_FAIL, "%s has an older schema (version %d of %d)", s->path, version, SCHEMA_VERSION);
      return err_todo(
          e, "any command that writes brings it up to date, and backs it up first: pareto --db %s rebuild",
          s->path);
    }
    if (!store_migrate(s, version, SCHEMA_VERSION, schema_migration, e)) return false;
  }
  return read_all(s, e);
}

bool store_open(const char *path, StoreMode mode, Store **out, Err *e) {
  *out = NULL;
  if (!file_check(path, mode == STORE_WRITE, e)) return false;
  Store *s = store_new(path, mode);
  if (!open_ours(s, e)) {
    store_close(s);
    return false;
  }
  *out = s;
  return true;
}

/* --- opening when it is needed ---------------------------------------------- */

bool store_open_later(const char *path, Store **out, Err *e) {
  *out = NULL;
  if (!file_check(path, false, e) || !file_header_of(path, e)) return false;
  *out = store_new(path, STORE_READ);
  (*out)->asleep = true;
  return true;
}

bool store_asleep(const Store *s) { return s->asleep; }
bool store_wake(Store *s, Err *e) { return later_open(s, e); }

void store_awake(Store *s) {
  Err ignored = {0};
  later_open(s, &ignored);
  err_free(&ignored);
}

bool later_open(Store *s, Err *e) {
  if (!s->asleep) return true;
  s->asleep = false;
  if (open_ours(s, e) && (!s->reading || sql_host(s, SNAPSHOT, e))) return true;
  host_close(s);
  sql_forget(s);
  sqlite3_close(s->db);
  s->db = NULL;
  s->asleep = true;
  return false;
}

/* --- copies -------------------------------------------------------------- */

static bool copy_pages(Store *from, sqlite3 *to, Err *e) {
  sqlite3_backup *b = sqlite3_backup_init(to, "main", from->db, "main");
  if (!b) return err_set(e, ERR_FAIL, "the copy failed: %s", sqlite3_errmsg(to));
  int rc = sqlite3_backup_step(b, -1);
  sqlite3_backup_finish(b);
  if (rc == SQLITE_DONE) return true;
  if ((rc & 0xff) == SQLITE_FULL) {
    err_set(e, ERR_FAIL, "the disk is full: the database could not be copied");
    return err_todo(e, "make room, or set TMPDIR to a folder with room");
  }
  return sql_err(from, rc, e);
}

bool store_backup_of(const char *path, const char *to, int *version, Err *e) {
  Store *s = store_new(path, STORE_READ);
  bool ok = file_check(path, false, e) && connect_file(s, SQLITE_OPEN_READWRITE, e) && file_header(s, e) &&
            settle(s, e) && schema_version(s, version, e) && store_backup(s, to, e);
  store_close(s);
  return ok;
}

bool store_backup(Store *s, const char *path, Err *e) {
  if (access(path, F_OK) == 0) {
    err_set(e, ERR_FAIL, "the backup %s is there already", path);
    err_todo(e, "move it away and try again");
    return err_left(e, "Both files are untouched.");
  }
  Store *to = store_new(path, STORE_WRITE);
  bool ok = connect_to(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e) && copy_pages(s, to->db, e);
  store_close(to);
  if (!ok) unlink(path);
  return ok;
}

/* What a script writes on its copy has to fit on the disk. */
static void limit_growth(Store *copy) {
  Arena a = {0};
  Err ignored = {0};
  Val pages;
  bool before = copy->host_sql;
  copy->host_sql = true;
  if (store_value(copy, "SELECT page_count FROM pragma_page_count()", NULL, 0, &a, &pages, &ignored) && pages.t == V_NUM)
    sql_host(copy, arena_printf(&a, "PRAGMA max_page_count = %lld",
                                (long long)(pages.u.i + STORE_COPY_GROWTH / SCHEMA_PAGE)), &ignored);
  copy->host_sql = before;
  err_free(&ignored);
  arena_free(&a);
}

bool store_copy(Store *s, Store **out, Err *e) {
  *out = NULL;
  const char *folder = getenv("TMPDIR");
  Buf path = {0};
  buf_printf(&path, "%s/pareto-XXXXXX", folder && *folder ? folder : "/tmp");
  int fd = mkostemp(path.p, O_CLOEXEC);
  if (fd < 0) {
    err_set(e, ERR_FAIL, "no private copy of the database could be made: %s: %s", path.p, strerror(errno));
    buf_free(&path);
    return err_todo(e, "set TMPDIR to a folder with room");
  }
  close(fd);
  Store *c = store_new(path.p, STORE_WRITE);
  c->copy = true;
  c->overlay = overlay_of(s);
  /* An exclusive lock is held and the rollback journal is memory, so that no second file appears, and the name
   * can go at once: whatever ends the process ends the copy. */
  bool ok =
      connect_to(c, SQLITE_OPEN_READWRITE, e) &&
      sql_host(c, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF",
               e) &&
      (c->overlay || copy_pages(s, c->db, e)) && sql_host(c, "PRAGMA journal_mode = MEMORY", e) && read_minor(c, e);
  unlink(path.p);
  buf_free(&path);
  if (!ok) {
    store_close(c);
    return false;
  }
  limit_growth(c);
  guard_set(c);
  journal_hook(c);
  if (!altered_copied(c, s, e) || !view_refresh(c, e)) {
    store_close(c);
    return false;
  }
  c->day = s->day;
  for (size_t i = 0; i < s->ngrant; i++) {
    mem_grow(c->grant, c->ngrant, i + 1);
    c->grant[i] = mem_strdup(s->grant[i]);
    c->ngrant = i + 1;
  }
  *out = c;
  return true;
}

/* --- settings ------------------------------------------------------------ */

const char *store_path(const Store *s) { return s->path; }
int store_minor(Store *s) {
  store_awake(s);
  return s->minor;
}
void store_set_day(Store *s, Day day) { s->day = day; }
void store_set_run(Store *s, int64_t run) { s->run = run; }

const char *store_setting(Store *s, const char *name) {
  Err e = {0};
  Arena a = {0};
  Val v, bind = val_text(str_of(name));
  mem_free(s->setting);
  s->setting = NULL;
  if (store_value(s, "SELECT value FROM setting WHERE name = ?1", &bind, 1, &a, &v, &e) && v.t == V_TEXT)
    s->setting = mem_strndup(v.u.s, v.n);
  arena_free(&a);
  err_free(&e);
  return s->setting;
}

bool store_setting_dated(Store *s, const char *name, Arena *a, Str *out, Err *e) {
  Val v, bind[] = {val_text(str_of(name)), s->day ? val_date(s->day) : val_text(STR("9999"))};
  bool ok = store_value(s, "SELECT value FROM setting_day WHERE name = ?1 AND day <= ?2 ORDER BY day DESC LIMIT 1", bind, 2, a, &v, e);
  *out = ok && v.t == V_TEXT ? val_str(v) : (Str){0};
  return ok;
}

bool store_set(Store *s, const char *name, const char *value, Err *e) {
  static const char *const fixed[] = {"currency", "minor"}; /* every amount stored depends on them */
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
    if (strcmp(name, fixed[i]) == 0) {
      const char *now = store_setting(s, name);
      if (now && strcmp(now, value) == 0) return true;
      return err_set(e, ERR_FAIL, "%s is fixed when the database is made", name);
    }
  bool own = !s->writing;
  if (own && !store_begin(s, e)) return false;
  Val bind[] = {val_text(str_of(name)), val_text(str_of(value))};
  bool ok = store_exec(s, "INSERT INTO setting(name, value) VALUES(?1, ?2) "
                          "ON CONFLICT(name) DO UPDATE SET value = excluded.value", bind, 2, e);
  if (own && ok) ok = store_commit(s, e);
  if (own && !ok) store_rollback(s);
  return ok;
}

void store_grant(Store *s, const char *const *grants, size_t n) {
  char **list = n ? mem_alloc(n * sizeof *list) : NULL;
  for (size_t i = 0; i < n; i++) list[i] = mem_strdup(grants[i]);
  for (size_t i = 0; i < s->ngrant; i++) mem_free(s->grant[i]);
  mem_free(s->grant);
  s->grant = list;
  s->ngrant = n;
}

/* --- transactions -------------------------------------------------------- */

static bool err_lost(Store *s, Err *e) {
  (void)s;
  return err_set(e, ERR_FAIL, "the transaction was ended by a failed statement; nothing was written");
}

static void rollback(Store *s) {
  Err ignored = {0};
  if (!s->asleep && !sqlite3_get_autocommit(s->db)) sql_host(s, "ROLLBACK", &ignored);
  err_free(&ignored);
}

bool store_begin(Store *s, Err *e) {
  if (s->writing || s->reading) return err_set(e, ERR_FAIL, "a transaction is open already");
  if (s->mode == STORE_READ) return err_set(e, ERR_FAIL, "%s is open for reading only", s->path);
  if (!sql_host(s, "BEGIN IMMEDIATE", e)) return false;
  if (!altered_triggers(s, e)) {
    rollback(s);
    return false;
  }
  s->writing = true;
  return true;
}

bool store_commit(Store *s, Err *e) {
  if (!s->writing) return err_set(e, ERR_FAIL, "no transaction is open");
  if (sqlite3_get_autocommit(s->db)) { /* INSERT OR ROLLBACK, a full disk, an interrupt */
    s->writing = false;
    return err_lost(s, e);
  }
  s->ending = true;
  bool ok = sql_host(s, "COMMIT", e);
  s->ending = false;
  if (!ok) {
    store_rollback(s);
    return false;
  }
  s->writing = s->named = false;
  s->version++;
  return true;
}

void store_rollback(Store *s) {
  if (!s->writing) return;
  rollback(s);
  s->writing = false;
  s->version++;
  if (s->named) host_forget(s);
  s->named = false;
}

bool store_begin_read(Store *s, Err *e) {
  if (s->writing || s->reading) return err_set(e, ERR_FAIL, "a transaction is open already");
  measure_refresh(s);
  if (!s->asleep && !sql_host(s, SNAPSHOT, e)) {
    rollback(s);
    return false;
  }
  s->reading = true;
  return true;
}

bool store_reading(const Store *s) { return s->reading; }
bool store_writes(const Store *s) { return s->mode == STORE_WRITE; }

void store_end_read(Store *s) {
  if (!s->reading) return;
  measure_keep(s);
  rollback(s);
  s->reading = false;
}

bool store_end_kept(Store *s) {
  bool built = measure_unkept(s);
  store_end_read(s);
  return built && !measure_unkept(s);
}

bool store_upgrade(Store *s, Err *e) {
  if (!s->reading) return err_set(e, ERR_FAIL, "no snapshot is open");
  if (s->mode == STORE_READ) return err_set(e, ERR_FAIL, "%s is open for reading only", s->path);
  /* The first write of a read transaction takes the write lock, or SQLITE_BUSY_SNAPSHOT at once */
  int rc = sqlite3_exec(s->db, "UPDATE setting SET value = value WHERE 0", NULL, NULL, NULL);
  if (rc == SQLITE_BUSY_SNAPSHOT) return err_set(e, ERR_STALE, "the database was changed since it was read");
  if (rc != SQLITE_OK) return sql_err(s, rc, e);
  if (!altered_triggers(s, e)) return false;
  s->reading = false;
  s->writing = true;
  return true;
}
