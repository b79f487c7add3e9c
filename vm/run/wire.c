#include "base/mem.h"
#include "run/wire.h"

#include <string.h>

void wire_put_int(Buf *b, int64_t n) {
  char byte[8];
  memcpy(byte, &n, 8);
  buf_add(b, byte, 8);
}

void wire_put_str(Buf *b, Str s) {
  wire_put_int(b, (int64_t)s.n);
  if (s.n) buf_str(b, s);
}

size_t wire_open(Buf *b) {
  size_t at = b->n;
  wire_put_int(b, 0);
  return at;
}

void wire_close(Buf *b, size_t at) {
  int64_t n = (int64_t)(b->n - at - sizeof n);
  memcpy(b->p + at, &n, sizeof n);
}

static void put_text(Buf *b, const char *z) {
  wire_put_int(b, z != NULL);
  if (z) wire_put_str(b, str_of(z));
}

void wire_put_err(Buf *b, const Err *e) {
  wire_put_int(b, e->kind);
  wire_put_int(b, e->line);
  wire_put_int(b, e->col);
  put_text(b, e->file);
  put_text(b, e->what);
  put_text(b, e->source);
  put_text(b, e->todo);
  put_text(b, e->left);
}

static Str take(Wire *w, size_t n) {
  if (w->broken || w->rest.n < n) {
    w->broken = true;
    return (Str){0};
  }
  Str part = {w->rest.p, n};
  w->rest = (Str){w->rest.p + n, w->rest.n - n};
  return part;
}

int64_t wire_int(Wire *w) {
  int64_t n = 0;
  Str part = take(w, 8);
  if (part.n == 8) memcpy(&n, part.p, 8);
  return n;
}

Str wire_str(Wire *w) {
  int64_t n = wire_int(w);
  if (n < 0) w->broken = true;
  return take(w, w->broken ? 0 : (size_t)n);
}

static char *take_text(Wire *w) {
  if (!wire_int(w)) return NULL;
  Str s = wire_str(w);
  return w->broken ? NULL : mem_strndup(s.p, s.n);
}

bool wire_err(Wire *w, Err *out) {
  Err e = {0};
  e.kind = (ErrKind)wire_int(w);
  e.line = (int)wire_int(w);
  e.col = (int)wire_int(w);
  e.file = take_text(w);
  e.what = take_text(w);
  e.source = take_text(w);
  e.todo = take_text(w);
  e.left = take_text(w);
  if (w->broken || !e.kind || !e.what) {
    err_free(&e);
    return false;
  }
  err_move(out, &e);
  return true;
}
