#include "store/import_decode.h"

#include "base/mem.h"
#include "base/stop.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };

typedef struct Decoder {
  int in, out;
  const char *path, *encoding, *folder;
  iconv_t cd;
  uint64_t at, line; /* bytes and line ends before the chunk at hand */
} Decoder;

static bool make_temporary(const char **folder, int *fd, Err *e) {
  *folder = getenv("TMPDIR");
  if (!*folder || !**folder) *folder = "/tmp";
  Buf name = {0};
  buf_printf(&name, "%s/pareto-import-XXXXXX", *folder);
  *fd = mkostemp(name.p, 0);
  if (*fd >= 0) unlink(name.p);
  int why = errno;
  buf_free(&name);
  return *fd >= 0 || err_set(e, ERR_FAIL, "no temporary file can be made in %s: %s", *folder, strerror(why));
}

static bool write_all(const Decoder *d, const char *p, size_t n, Err *e) {
  while (n) {
    ssize_t k = write(d->out, p, n);
    if (k < 0 && errno == EINTR) {
      if (!stop_check(e)) return false;
      continue;
    }
    if (k < 0) {
      int why = errno;
      err_set(e, ERR_FAIL, "the text does not fit into %s: %s", d->folder, strerror(why));
      err_at(e, d->path, 0, 0);
      return err_todo(e, "make room there, or set TMPDIR to another folder");
    }
    p += k;
    n -= (size_t)k;
  }
  return true;
}

static bool undecodable(const Decoder *d, const char *chunk, size_t good, Err *e) {
  uint64_t line = d->line + 1;
  for (size_t i = 0; i < good; i++) line += chunk[i] == '\n';
  err_set(e, ERR_FAIL, "byte %llu of the file (0x%02X) is not %s", (unsigned long long)(d->at + good + 1),
          (unsigned char)chunk[good], d->encoding);
  err_at(e, d->path, (int)line, 0);
  return err_todo(e, "is --encoding right? Chinese Windows writes GB18030, Western Windows windows-1252");
}

/* Decodes what it can of chunk[0, n); *left bytes at its end need more behind them. */
static bool decode_chunk(Decoder *d, char *chunk, size_t n, bool last, size_t *left, Err *e) {
  static char text[CHUNK * 4];
  char *in = chunk;
  *left = n;
  while (*left) {
    char *out = text;
    size_t room = sizeof text;
    size_t r = iconv(d->cd, &in, left, &out, &room);
    int why = errno;
    if (!write_all(d, text, (size_t)(out - text), e)) return false;
    if (r != (size_t)-1 || why == E2BIG) continue;
    if (why == EINVAL && !last) break;
    return undecodable(d, chunk, (size_t)(in - chunk), e);
  }
  for (size_t i = 0; i < n - *left; i++) d->line += chunk[i] == '\n';
  d->at += n - *left;
  return true;
}

static bool copy(Decoder *d, Err *e) {
  static char chunk[CHUNK];
  size_t have = 0;
  for (bool last = false; !last;) {
    ssize_t k = read(d->in, chunk + have, sizeof chunk - have);
    if (k < 0 && errno == EINTR && stop_check(e)) continue;
    if (k < 0) {
      int why = errno;
      err_set(e, ERR_FAIL, "cannot be read: %s", strerror(why));
      return err_at(e, d->path, 0, 0);
    }
    last = k == 0;
    have += (size_t)k;
    size_t left = 0;
    if (!d->encoding) {
      if (!write_all(d, chunk, have, e)) return false;
    } else {
      size_t n = have;
      if (!decode_chunk(d, chunk, n, last, &left, e)) return false;
      memmove(chunk, chunk + n - left, left);
    }
    have = left;
    if (!stop_check(e)) return false;
  }
  return true;
}

bool decode_file(int fd, const char *path, const char *encoding, int *out, Err *e) {
  Decoder d = {.in = fd, .path = path, .encoding = encoding, .cd = (iconv_t)-1, .out = -1};
  if (encoding && (d.cd = iconv_open("UTF-8", encoding)) == (iconv_t)-1) {
    err_set(e, ERR_USAGE, "--encoding: '%s' is not known", encoding);
    return err_todo(e, "iconv -l lists the names: GB18030, GBK, BIG5, SHIFT_JIS, windows-1252, UTF-16 …");
  }
  bool ok = make_temporary(&d.folder, &d.out, e) && copy(&d, e);
  if (d.cd != (iconv_t)-1) iconv_close(d.cd);
  if (!ok && d.out >= 0) close(d.out);
  if (ok) *out = d.out;
  return ok;
}
