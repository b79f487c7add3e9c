#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/health.h"
#include "store/schema.h"

static bool first_fault(void *ctx, const char *text, Err *e) {
  return err_set(e, ERR_FAIL, "%s is damaged: %s", (const char *)ctx, text);
}

/* Opens it as any database of ours is opened, so that what is wrong with it is said in the same words. */
static bool check_file(const char *path, Err *e) {
  Store *s = NULL;
  bool ok = store_open(path, STORE_READ, &s, e) && store_sound(s, first_fault, (void *)path, e);
  store_close(s);
  return ok;
}

static bool sync_folder(const char *path, Err *e) {
  const char *slash = strrchr(path, '/');
  char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup(".");
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool ok = fd >= 0 && fsync(fd) == 0;
  if (!ok) err_set(e, ERR_FAIL, "%s cannot be written: %s", folder, strerror(errno));
  if (fd >= 0) close(fd);
  mem_free(folder);
  return ok;
}

static bool sync_file(const char *path, Err *e) {
  int fd = open(path, O_RDWR | O_CLOEXEC);
  bool ok = fd >= 0 && fsync(fd) == 0;
  if (!ok) err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
  if (fd >= 0) close(fd);
  return ok;
}

static void remove_beside(const char *path, const char *end) {
  Buf b = {0};
  buf_printf(&b, "%s%s", path, end);
  unlink(b.p);
  buf_free(&b);
}

static void remove_all(const char *path) {
  static const char *const end[] = {"", "-wal", "-shm", "-journal"};
  for (size_t i = 0; i < sizeof end / sizeof *end; i++)
    remove_beside(path, end[i]);
}

bool store_backup_file(Store *s, const char *path, Err *e) {
  if (access(path, F_OK) == 0) {
    err_set(e, ERR_FAIL, "%s is there already", path);
    err_todo(e, "choose another name; a backup never replaces a file");
    return err_left(e, "the file is untouched");
  }
  Buf part = {0};
  buf_printf(&part, "%s.part-%ld", path, (long)getpid());
  bool ok = store_backup(s, part.p, e) && check_file(part.p, e) && sync_file(part.p, e);
  if (ok && link(part.p, path) != 0)
    ok = err_set(e, ERR_FAIL, "%s cannot be made: %s", path, strerror(errno));
  ok = ok && sync_folder(path, e);
  remove_all(part.p);
  buf_free(&part);
  return ok;
}

/* --- restoring --------------------------------------------------------------------- */

/* A copy beside the database, made through SQLite: a backup with a WAL of its own is read whole. An older one is
 * brought up to date; what that keeps of it is the backup again. */
static bool copy_beside(const char *from, const char *part, Err *e) {
  Store *s = NULL;
  int version;
  if (!store_backup_of(from, part, &version, e)) return false;
  if (version == SCHEMA_VERSION && !check_file(from, e)) return false;
  bool ok = store_open(part, STORE_WRITE, &s, e);
  char kept[32];
  snprintf(kept, sizeof kept, ".version-%d", version);
  if (version < SCHEMA_VERSION) remove_beside(part, kept);
  if (ok) ok = sql_host(s, "PRAGMA journal_mode = WAL", e);
  store_close(s);
  return ok && check_file(part, e) && sync_file(part, e);
}

/* With the lock that excludes everybody the WAL is folded into the file, so that the file alone is the database. */
static bool seize(const char *path, sqlite3 **db, Err *e) {
  int rc = sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_busy_timeout(*db, 5000);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec(*db, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE",
                      NULL, NULL, NULL);
  if (rc == SQLITE_OK) return true;
  if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED) {
    err_set(e, ERR_BUSY, "%s is open elsewhere", path);
    return err_todo(e, "end what uses it and try again");
  }
  /* a database too damaged to be locked is just what a backup is for */
  return true;
}

static bool keep_old(const char *path, Buf *old, Err *e) {
  for (int i = 1; i < 1000; i++) {
    buf_clear(old);
    buf_printf(old, "%s.before-restore-%d", path, i);
    if (link(path, old->p) == 0) return true;
    if (errno != EEXIST)
      return err_set(e, ERR_FAIL, "%s cannot be kept as %s: %s", path, old->p, strerror(errno));
  }
  return err_set(e, ERR_FAIL, "too many files %s.before-restore-*", path);
}

static bool replace(const char *path, const char *part, Buf *old, Err *e) {
  sqlite3 *db = NULL;
  bool there = access(path, F_OK) == 0;
  if (there && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
    return err_set(e, ERR_FAIL, "%s is read-only for you", path);
  bool ok = !there || (seize(path, &db, e) && keep_old(path, old, e));
  if (ok && rename(part, path) != 0) {
    ok = err_set(e, ERR_FAIL, "%s cannot be replaced: %s", path, strerror(errno));
    if (there) unlink(old->p);
  }
  /* a log left by a process that died belongs to the old file, and would be played into the new one */
  if (ok) {
    static const char *const end[] = {"-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof end / sizeof *end; i++)
      remove_beside(path, end[i]);
  }
  sqlite3_close(db);
  return ok && sync_folder(path, e);
}

bool store_restore(const char *path, const char *from, Buf *old, Err *e) {
  Buf part = {0};
  buf_printf(&part, "%s.restore-%ld", path, (long)getpid());
  bool ok = copy_beside(from, part.p, e) && replace(path, part.p, old, e);
  remove_all(part.p);
  buf_free(&part);
  return ok || err_left(e, "%s is untouched", path);
}
