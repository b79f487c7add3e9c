#include "run/joblock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool joblock_folder(const char *db, Buf *out, Err *e) {
  buf_printf(out, "%s.jobs", db);
  if (mkdir(out->p, 0755) == 0 || errno == EEXIST) return true;
  return err_set(e, ERR_FAIL, "%s cannot be made: %s", out->p, strerror(errno));
}

int joblock_take(const char *db, const char *name, Err *e) {
  Buf path = {0};
  int fd = -1;
  if (joblock_folder(db, &path, e)) {
    buf_printf(&path, "/%s.lock", name);
    fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
      err_set(e, ERR_FAIL, "%s cannot be opened: %s", path.p, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) err_set(e, ERR_FAIL, "%s cannot be locked: %s", path.p, strerror(errno));
      close(fd);
      fd = -1;
    }
  }
  buf_free(&path);
  return fd;
}

bool joblock_held(const char *db, const char *name) {
  Buf path = {0};
  buf_printf(&path, "%s.jobs/%s.lock", db, name);
  int fd = open(path.p, O_RDONLY | O_CLOEXEC);
  bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (fd >= 0) close(fd);
  buf_free(&path);
  return held;
}
