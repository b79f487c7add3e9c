/* Journals as bytes: "PJ1", then change after change. A name is a number: that of a name seen before, or the
 * next one, followed by its text. Integers are LEB128, signed ones zigzag. */
#include <string.h>

#include "base/mem.h"
#include "store/journal.h"

static const char magic[] = "PJ1";
enum { TAG_NULL, TAG_INT, TAG_REAL, TAG_TEXT, TAG_BLOB };

/* --- writing ------------------------------------------------------------- */

typedef struct Names {
  Str *name;
  size_t n, cap;
} Names;

static void put_count(Buf *b, uint64_t n) {
  for (; n > 127; n >>= 7) buf_char(b, (char)(n | 128));
  buf_char(b, (char)n);
}

static void put_int(Buf *b, int64_t i) { put_count(b, ((uint64_t)i << 1) ^ (i < 0 ? UINT64_MAX : 0)); }

static void put_str(Buf *b, Str s) {
  put_count(b, s.n);
  buf_str(b, s);
}

static void put_name(Buf *b, Names *names, Str s) {
  size_t i = 0;
  while (i < names->n && names->name[i].p != s.p && !str_eq(names->name[i], s)) i++;
  put_count(b, i);
  if (i < names->n) return;
  put_str(b, s);
  mem_grow(names->name, names->cap, names->n + 1);
  names->name[names->n++] = s;
}

static void put_val(Buf *b, Val v) {
  switch ((ValType)v.t) {
    case V_NUM:
      buf_char(b, TAG_INT);
      put_int(b, v.u.i);
      break;
    case V_REAL:
      buf_char(b, TAG_REAL);
      buf_add(b, (const char *)&v.u.d, sizeof v.u.d);
      break;
    case V_TEXT:
      buf_char(b, v.flags & VAL_BLOB ? TAG_BLOB : TAG_TEXT);
      put_str(b, val_str(v));
      break;
    default: buf_char(b, TAG_NULL);
  }
}

/* The first changes tell how much room the others take: a buffer that grows takes twice that. */
enum { SOME = 1000 };

void journal_encode(const Journal *j, Buf *out) {
  Names names = {0};
  buf_puts(out, magic);
  put_count(out, j->n);
  size_t from = out->n;
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if (i == SOME) buf_reserve(out, (out->n - from) / SOME * (j->n - SOME) / 10 * 11);
    buf_char(out, (char)c->op);
    put_name(out, &names, c->table);
    put_int(out, c->id);
    put_count(out, c->ncol);
    for (size_t k = 0; k < c->ncol; k++) {
      put_name(out, &names, c->col[k]);
      if (c->was) put_val(out, c->was[k]);
      if (c->now) put_val(out, c->now[k]);
    }
  }
  mem_free(names.name);
}

/* --- reading ------------------------------------------------------------- */

typedef struct Source {
  Str rest;
  bool bad;
  Names names;
  Str *col;       /* of the change at hand */
  size_t cap;
  const Str *last; /* columns of the one before, and how many: those that are the same are shared */
  size_t nlast;
  Arena *a;
} Source;

static int get_byte(Source *s) {
  if (!s->rest.n) {
    s->bad = true;
    return 0;
  }
  s->rest.n--;
  return (unsigned char)*s->rest.p++;
}

static uint64_t get_count(Source *s) {
  uint64_t n = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    int c = get_byte(s);
    n |= (uint64_t)(c & 127) << shift;
    if (c < 128) return n;
  }
  s->bad = true;
  return 0;
}

/* A count of things that take at least one byte each cannot exceed what is left. */
static size_t get_size(Source *s) {
  uint64_t n = get_count(s);
  if (n > s->rest.n) s->bad = true;
  return s->bad ? 0 : (size_t)n;
}

static int64_t get_int(Source *s) {
  uint64_t z = get_count(s);
  return (int64_t)(z >> 1) ^ -(int64_t)(z & 1);
}

static Str get_str(Source *s) {
  size_t n = get_size(s);
  Str out = {arena_strndup(s->a, s->rest.p, n), n};
  s->rest.p += n;
  s->rest.n -= n;
  return out;
}

static Str get_name(Source *s) {
  uint64_t i = get_count(s);
  if (i < s->names.n) return s->names.name[i];
  if (i > s->names.n) s->bad = true;
  if (s->bad) return (Str){"", 0};
  mem_grow(s->names.name, s->names.cap, s->names.n + 1);
  s->names.name[s->names.n] = get_str(s);
  return s->names.name[s->names.n++];
}

static Val get_val(Source *s) {
  Val v = val_null();
  switch (get_byte(s)) {
    case TAG_NULL: break;
    case TAG_INT: v = val_int(get_int(s)); break;
    case TAG_TEXT: v = val_text(get_str(s)); break;
    case TAG_BLOB:
      v = val_text(get_str(s));
      v.flags = VAL_BLOB;
      break;
    case TAG_REAL: {
      double d = 0;
      if (s->rest.n < sizeof d) {
        s->bad = true;
        break;
      }
      memcpy(&d, s->rest.p, sizeof d);
      s->rest.p += sizeof d;
      s->rest.n -= sizeof d;
      v = val_real(d);
      break;
    }
    default: s->bad = true;
  }
  return v;
}

static const Str *columns(Source *s, size_t n) {
  size_t k = 0;
  while (n == s->nlast && k < n && s->last[k].p == s->col[k].p) k++;
  if (n != s->nlast || k < n) {
    Str *col = arena_alloc(s->a, n * sizeof *col);
    if (n) memcpy(col, s->col, n * sizeof *col);
    s->last = col, s->nlast = n;
  }
  return s->last;
}

static void get_change(Source *s, Change *c) {
  *c = (Change){.op = (ChangeOp)get_byte(s)};
  bool was = c->op != CHANGE_INSERT, now = c->op != CHANGE_DELETE;
  if (c->op != CHANGE_INSERT && c->op != CHANGE_UPDATE && c->op != CHANGE_DELETE) s->bad = true;
  c->table = get_name(s);
  c->id = get_int(s);
  size_t n = get_size(s);
  mem_grow(s->col, s->cap, n);
  Val *old = was ? arena_zalloc(s->a, n, sizeof *old) : NULL,
      *new = now ? arena_zalloc(s->a, n, sizeof *new) : NULL;
  for (size_t k = 0; k < n && !s->bad; k++) {
    s->col[k] = get_name(s);
    if (was) old[k] = get_val(s);
    if (now) new[k] = get_val(s);
  }
  c->ncol = s->bad ? 0 : n, c->col = columns(s, c->ncol), c->was = old, c->now = new;
}

bool journal_decode(Str bytes, Journal *out, Err *e) {
  *out = (Journal){0};
  Source s = {.rest = bytes, .a = &out->arena, .bad = !str_starts(bytes, magic)};
  size_t head = sizeof magic - 1;
  if (!s.bad) s.rest = (Str){bytes.p + head, bytes.n - head};
  size_t n = s.bad ? 0 : get_size(&s);
  out->change = mem_zalloc(n, sizeof *out->change);
  out->cap = n;
  for (; out->n < n && !s.bad; out->n++) get_change(&s, &out->change[out->n]);
  mem_free(s.names.name);
  mem_free(s.col);
  if (!s.bad && !s.rest.n) return true;
  journal_free(out);
  return err_set(e, ERR_FAIL, "the record of changes is damaged");
}

bool journal_invert(const Journal *j, Journal *out) {
  *out = (Journal){.n = j->n, .cap = j->n, .change = mem_zalloc(j->n, sizeof *out->change)};
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[j->n - 1 - i];
    ChangeOp op = c->op == CHANGE_INSERT ? CHANGE_DELETE : c->op == CHANGE_DELETE ? CHANGE_INSERT : CHANGE_UPDATE;
    out->change[i] = (Change){op, c->table, c->id, c->ncol, c->col, c->now, c->was};
  }
  return true;
}
