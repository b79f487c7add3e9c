#include "store/overlay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct Overlay {
  sqlite3_vfs vfs;
  char name[40];
  sqlite3_vfs *own;    /* the system's */
  sqlite3_file *base;  /* the database: belongs to the connection that reads it */
  int64_t base_size;
  int page;
};

typedef struct File {
  sqlite3_file head;
  sqlite3_file *written;  /* pages of the copy's own, each where it stands in the whole */
  Overlay *over;
  int64_t size, base_end; /* of the whole; of what the base still gives */
  uint8_t *mine;          /* a bit for each page: is it among those written? */
  size_t nmine;
} File;

/* Where the head of a database says how it is written: 2 is WAL, 1 with a rollback journal. */
enum { HEAD = 100, WRITE_VERSION = 18, READ_VERSION = 19, IN_WAL = 2, ROLLBACK = 1 };

static bool is_mine(const File *f, int64_t page) {
  return (size_t)(page / 8) < f->nmine && (f->mine[page / 8] >> page % 8 & 1);
}

static void make_mine(File *f, int64_t page) {
  size_t need = (size_t)(page / 8) + 1;
  if (need > f->nmine) {
    size_t n = need < 2 * f->nmine ? 2 * f->nmine : need;
    f->mine = mem_resize(f->mine, n, 1);
    memset(f->mine + f->nmine, 0, n - f->nmine);
    f->nmine = n;
  }
  f->mine[page / 8] |= (uint8_t)(1 << page % 8);
}

/* The copy alone is written to, without a log: its head says so. */
static void as_rollback(char *p, int n, int64_t at) {
  for (int64_t i = WRITE_VERSION; i <= READ_VERSION; i++)
    if (i >= at && i < at + n) p[i - at] = ROLLBACK;
}

/* Bytes of one page. */
static int read_part(File *f, char *p, int n, int64_t at) {
  const Overlay *o = f->over;
  if (is_mine(f, at / o->page)) return f->written->pMethods->xRead(f->written, p, n, at);
  int there = at >= f->base_end ? 0 : f->base_end - at < n ? (int)(f->base_end - at) : n;
  memset(p + there, 0, (size_t)(n - there));
  int rc = there ? o->base->pMethods->xRead(o->base, p, there, at) : SQLITE_OK;
  as_rollback(p, there, at);
  return rc;
}

static int over_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at) {
  File *f = (File *)file;
  char *p = to;
  int rc = SQLITE_OK, page = f->over->page;
  bool beyond = at + n > f->size;
  while (n > 0 && rc == SQLITE_OK) {
    int part = page - (int)(at % page);
    if (part > n) part = n;
    rc = read_part(f, p, part, at);
    if (rc == SQLITE_IOERR_SHORT_READ) rc = SQLITE_OK; /* of a file with holes; zeroes were given */
    p += part, n -= part, at += part;
  }
  return rc == SQLITE_OK && beyond ? SQLITE_IOERR_SHORT_READ : rc;
}

static int over_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at) {
  File *f = (File *)file;
  int page = f->over->page;
  if (n % page || at % page) return SQLITE_IOERR_WRITE; /* the pager writes whole pages */
  int rc = f->written->pMethods->xWrite(f->written, from, n, at);
  if (rc != SQLITE_OK) return rc;
  for (int64_t i = at; i < at + n; i += page) make_mine(f, i / page);
  if (at + n > f->size) f->size = at + n;
  return SQLITE_OK;
}

static int over_truncate(sqlite3_file *file, sqlite3_int64 size) {
  File *f = (File *)file;
  int64_t page = f->over->page;
  for (int64_t i = (size + page - 1) / page; i < (int64_t)f->nmine * 8; i++) f->mine[i / 8] &= (uint8_t)~(1 << i % 8);
  if (size < f->base_end) f->base_end = size;
  f->size = size;
  return SQLITE_OK;
}

static int over_size(sqlite3_file *file, sqlite3_int64 *out) {
  *out = ((File *)file)->size;
  return SQLITE_OK;
}

static int over_close(sqlite3_file *file) {
  File *f = (File *)file;
  int rc = f->written->pMethods ? f->written->pMethods->xClose(f->written) : SQLITE_OK;
  mem_free(f->written);
  mem_free(f->mine);
  return rc;
}

static int over_sync(sqlite3_file *file, int flags) {
  (void)file, (void)flags;
  return SQLITE_OK; /* it is gone with the process */
}

static int over_lock(sqlite3_file *file, int level) {
  (void)file, (void)level;
  return SQLITE_OK; /* nobody else has it */
}

static int over_reserved(sqlite3_file *file, int *out) {
  (void)file;
  *out = 0;
  return SQLITE_OK;
}

static int over_control(sqlite3_file *file, int op, void *arg) {
  (void)file, (void)op, (void)arg;
  return SQLITE_NOTFOUND;
}

static int over_sector(sqlite3_file *file) {
  (void)file;
  return 4096;
}

static int over_device(sqlite3_file *file) {
  (void)file;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
  .iVersion = 1, .xClose = over_close, .xRead = over_read, .xWrite = over_write, .xTruncate = over_truncate, .xSync = over_sync,
  .xFileSize = over_size, .xLock = over_lock, .xUnlock = over_lock, .xCheckReservedLock = over_reserved,
  .xFileControl = over_control, .xSectorSize = over_sector, .xDeviceCharacteristics = over_device,
};

static int over_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out) {
  Overlay *o = vfs->pAppData;
  if (!(flags & SQLITE_OPEN_MAIN_DB)) return o->own->xOpen(o->own, path, file, flags, out);
  File *f = (File *)file;
  *f = (File){.head.pMethods = &methods, .over = o, .size = o->base_size, .base_end = o->base_size};
  f->written = mem_zalloc(1, (size_t)o->own->szOsFile);
  int rc = o->own->xOpen(o->own, path, f->written, flags, out);
  if (rc != SQLITE_OK) {
    over_close(file);
    f->head.pMethods = NULL;
  }
  return rc;
}

/* It has no files beside it that somebody left. */
static int over_access(sqlite3_vfs *vfs, const char *path, int flags, int *out) {
  (void)vfs, (void)path, (void)flags;
  *out = 0;
  return SQLITE_OK;
}

static sqlite3_file *file_of(Store *s, int which) {
  sqlite3_file *file = NULL;
  int rc = sqlite3_file_control(s->db, "main", which, &file);
  return rc == SQLITE_OK && file && file->pMethods ? file : NULL;
}

Overlay *overlay_of(Store *s) {
  sqlite3_vfs *own = sqlite3_vfs_find(NULL);
  sqlite3_file *base = s->reading && own ? file_of(s, SQLITE_FCNTL_FILE_POINTER) : NULL;
  sqlite3_file *log = base ? file_of(s, SQLITE_FCNTL_JOURNAL_POINTER) : NULL;
  sqlite3_int64 size = 0, logged = 1;
  unsigned char head[HEAD];
  if (!log || log->pMethods->xFileSize(log, &logged) != SQLITE_OK || logged) return NULL;
  if (base->pMethods->xFileSize(base, &size) != SQLITE_OK || size < HEAD) return NULL;
  if (base->pMethods->xRead(base, head, HEAD, 0) != SQLITE_OK || head[READ_VERSION] != IN_WAL) return NULL;
  int page = head[16] << 8 | head[17];
  Overlay *o = mem_zalloc(1, sizeof *o);
  *o = (Overlay){.vfs = *own, .own = own, .base = base, .base_size = size, .page = page == 1 ? 65536 : page};
  snprintf(o->name, sizeof o->name, "over-%p", (void *)o);
  o->vfs.zName = o->name;
  o->vfs.pAppData = o;
  o->vfs.pNext = NULL;
  if (o->vfs.szOsFile < (int)sizeof(File)) o->vfs.szOsFile = (int)sizeof(File);
  o->vfs.xOpen = over_open;
  o->vfs.xAccess = over_access;
  if (sqlite3_vfs_register(&o->vfs, 0) == SQLITE_OK) return o;
  mem_free(o);
  return NULL;
}

const char *overlay_vfs(const Overlay *o) { return o->name; }

void overlay_free(Overlay *o) {
  if (!o) return;
  sqlite3_vfs_unregister(&o->vfs);
  mem_free(o);
}
