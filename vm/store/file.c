/* What can be said of a database file before SQLite reads it as one. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/schema.h"

#include "base/lang.h"

enum { HEADER = 100 };

bool file_is_network(long fs_type) {
  static const unsigned long shared[] = {
      0x6969 /* NFS */,   0x517B /* SMB */,    0xFF534D42 /* CIFS */, 0xFE534D42 /* SMB2 */, 0x564C /* NCP */,
      0x73757245 /* Coda */, 0x5346414F /* AFS */, 0x6B414653 /* kAFS */, 0x00C36400 /* Ceph */,
      0x0BD00BD0 /* Lustre */, 0x47504653 /* GPFS */,
  };
  for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
    if (((unsigned long)fs_type & 0xFFFFFFFFu) == shared[i]) return true;
  return false;
}

static bool err_untouched(Err *e) { return err_left(e, "The file is untouched."); }

static uint32_t big_endian(const unsigned char *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool has_wal(const char *path) {
  Buf wal = {0};
  buf_printf(&wal, "%s-wal", path);
  struct stat st;
  bool found = stat(wal.p, &st) == 0 && st.st_size > 0;
  buf_free(&wal);
  return found;
}

static bool check_header(const char *path, const unsigned char *h, int64_t size, Err *e) {
  if (memcmp(h, "SQLite format 3", 16) != 0 || big_endian(h + 68) != SCHEMA_APPLICATION) {
    err_set(e, ERR_FAIL, "%s is not a Pareto database", path);
    err_todo(e, "name another file with --db, or make a new one with pareto init");
    return err_untouched(e);
  }
  uint32_t version = big_endian(h + 60);
  if (version > SCHEMA_VERSION) {
    err_set(e, ERR_FAIL,
            "%s was written by a newer Pareto: its schema is version %u, this program knows up to %d", path,
            version, SCHEMA_VERSION);
    err_todo(e, "use the newer program");
    return err_untouched(e);
  }
  uint32_t page = (uint32_t)h[16] << 8 | h[17];
  if (page == 1) page = 65536;
  uint32_t pages = big_endian(h + 28);
  bool counted = big_endian(h + 24) == big_endian(h + 92); /* else the page count was not kept up */
  bool shape = page >= 512 && (page & (page - 1)) == 0 && h[21] == 64 && h[22] == 32 && h[23] == 32;
  if (!shape || version == 0 || (counted && !has_wal(path) && (int64_t)pages * page > size)) {
    err_set(e, ERR_FAIL, "%s is damaged: %s", path,
            shape && version ? _("it is shorter than its header says") : _("its header makes no sense"));
    err_todo(e, "restore it from a backup (pareto restore)");
    return err_untouched(e);
  }
  return true;
}

/* Read through SQLite's own handle: closing another one on the same file would drop the locks of every
 * connection this process has to it (POSIX). */
bool file_header(Store *s, Err *e) {
  sqlite3_file *f = NULL;
  sqlite3_int64 size = 0;
  unsigned char h[HEADER] = {0};
  if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &f) != SQLITE_OK || !f || !f->pMethods)
    return err_set(e, ERR_FAIL, "%s cannot be read", s->path);
  int rc = f->pMethods->xFileSize(f, &size);
  if (rc == SQLITE_OK) rc = f->pMethods->xRead(f, h, HEADER, 0);
  if (rc == SQLITE_IOERR_SHORT_READ) memset(h, 0, sizeof h); /* too short for a header: not ours */
  else if (rc != SQLITE_OK) return sql_err(s, rc, e);
  return check_header(s->path, h, size, e);
}

bool file_header_of(const char *path, Err *e) {
  unsigned char h[HEADER] = {0};
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  if (fd < 0 || fstat(fd, &st) != 0) {
    err_set(e, ERR_FAIL, "%s cannot be opened: %s", path, strerror(errno));
    if (fd >= 0) close(fd);
    return false;
  }
  if (pread(fd, h, HEADER, 0) != HEADER) memset(h, 0, sizeof h);
  close(fd);
  return check_header(path, h, st.st_size, e);
}

static bool writable(const char *path) { return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0; }

static char *folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return mem_strdup(".");
  return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

/* WAL keeps two more files beside the database, even for readers. */
static bool check_folder(const char *path, Err *e) {
  char *folder = folder_of(path);
  bool ok = writable(folder);
  if (!ok) {
    err_set(e, ERR_FAIL, "the folder of %s is read-only for you: %s", path, strerror(errno));
    err_todo(
        e, "the database keeps two files beside itself while it is open; move it to a folder you may write");
    err_untouched(e);
  }
  mem_free(folder);
  return ok;
}

static bool check_system(const char *path, const char *on, Err *e) {
  struct statfs fs;
  if (statfs(on, &fs) != 0 || !file_is_network((long)fs.f_type)) return true;
  err_set(e, ERR_FAIL, "%s lies on a network file system", path);
  return err_todo(e, "locks do not hold there and the database would be damaged; use a local disk");
}

bool file_place(const char *path, Err *e) {
  char *folder = folder_of(path);
  bool ok = access(folder, F_OK) != 0 || (check_system(path, folder, e) && check_folder(path, e));
  mem_free(folder);
  return ok;
}

static bool check_kind(const char *path, Err *e) {
  struct stat st;
  if (stat(path, &st) != 0) {
    int why = errno;
    err_set(e, ERR_FAIL, "%s: %s", path, strerror(why));
    if (why == ENOENT) err_todo(e, "make a database with pareto init, or name one with --db FILE");
    return false;
  }
  if (!S_ISREG(st.st_mode)) return err_set(e, ERR_FAIL, "%s is no file", path);
  return check_system(path, path, e) || err_untouched(e);
}

bool file_check(const char *path, bool writing, Err *e) {
  if (!check_kind(path, e) || !check_folder(path, e)) return false;
  if (writing && !writable(path)) {
    err_set(e, ERR_FAIL, "%s is read-only for you", path);
    return err_untouched(e);
  }
  return true;
}
