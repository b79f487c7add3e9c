#include "feel/src.h"

#include "base/mem.h"

#include <string.h>
#include <utf8proc.h>

enum { SHOWN = 160 }; /* bytes of a long line shown around the caret */

static bool holds(Str whole, Str part) {
  uintptr_t w = (uintptr_t)whole.p, p = (uintptr_t)part.p;
  return whole.n && p >= w && p + part.n <= w + whole.n;
}

static size_t line_start(Str s, size_t at) {
  while (at > 0 && s.p[at - 1] != '\n') at--;
  return at;
}

static size_t line_end(Str s, size_t at) {
  while (at < s.n && s.p[at] != '\n' && s.p[at] != '\r') at++;
  return at;
}

static void place(const Src *src, size_t at, int *line, int *col) {
  size_t start = line_start(src->text, at);
  int n = 0;
  for (size_t i = 0; i < start; i++, n++) {
    const char *nl = memchr(src->text.p + i, '\n', start - i);
    if (!nl) break;
    i = (size_t)(nl - src->text.p);
  }
  *line = src->line + n;
  *col = (int)utf8_count(str_sub(src->text, start, at)) + (start ? 1 : src->col);
}

static bool continues(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* Appends s without what a terminal would obey; byte counts stay, carets fit. */
static void add_plain(Buf *b, Str s) {
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    buf_char(b, c == '\t' ? ' ' : c < 0x20 || c == 0x7F ? '?' : s.p[i]);
  }
}

static void show(Err *e, const char *head, Str line, size_t at, size_t len) {
  size_t from = 0, to = line.n;
  while (from < at && (line.p[from] == ' ' || line.p[from] == '\t')) from++;
  if (at - from > SHOWN / 2) from = at - SHOWN / 2;
  while (from < at && continues(line.p[from])) from++;
  if (to - from > SHOWN) to = from + SHOWN;
  while (to < line.n && to > at && continues(line.p[to])) to--;
  while (to > from && (line.p[to - 1] == ' ' || line.p[to - 1] == '\t')) to--;
  if (to < at) to = at;
  if (!head && from == to) return;
  Buf b = {0};
  if (head) buf_printf(&b, "%s: ", head);
  size_t start = b.n;
  add_plain(&b, str_sub(line, from, to));
  if (at + len > to) len = to - at;
  err_source(e, buf_view(&b), start + (at - from), len);
  buf_free(&b);
}

bool src_err(Err *e, const Src *src, size_t at, size_t len, const char *fmt, ...) {
  if (e->kind) return false;
  va_list ap;
  va_start(ap, fmt);
  err_vset(e, ERR_FAIL, fmt, ap);
  va_end(ap);
  if (at > src->text.n) at = src->text.n;
  int line, col;
  place(src, at, &line, &col);
  if (src->line > 0) err_at(e, src->file, line, col);
  Str text = src->text;
  if (!src->what && holds(src->whole, text)) {
    at += (size_t)(text.p - src->whole.p);
    text = src->whole;
  }
  size_t start = line_start(text, at), end = line_end(text, at);
  if (end > start) show(e, src->what, str_sub(text, start, end), at - start, len);
  return false;
}

Src src_sub(const Src *src, size_t from, size_t to) {
  Src part = *src;
  part.text = str_sub(src->text, from, to);
  if (src->line > 0) place(src, (size_t)(part.text.p - src->text.p), &part.line, &part.col);
  if (!holds(src->whole, src->text)) part.whole = src->text;
  return part;
}

static Str lower(Str s, Buf *b) {
  buf_clear(b);
  for (size_t i = 0; i < s.n;) utf8_put(b, (uint32_t)utf8proc_tolower((utf8proc_int32_t)utf8_next(s, &i)));
  return buf_view(b);
}

static bool prefix(Str a, Str b) { return a.n <= b.n && memcmp(a.p, b.p, a.n) == 0; }

/* How far `name` is from what was written: 0 only the case differs; 99 far. */
static int distance(Str wrong, Str name) {
  enum { FAR = 99 };
  size_t n = utf8_count(wrong);
  int max = n <= 2 ? 1 : n <= 5 ? 2 : 3;
  if (n <= 1) max = 0;
  int d = str_distance(wrong, name, max);
  if (d <= max) return d * 2;
  bool starts = wrong.n >= 3 && name.n >= 3 && (prefix(wrong, name) || prefix(name, wrong));
  return starts ? 2 * max + 1 : FAR;
}

bool src_suggest(Err *e, Str wrong, const Str *name, size_t n) {
  Buf w = {0}, b = {0};
  Str want = lower(wrong, &w);
  int best = 99;
  size_t hit = 0;
  for (size_t i = 0; i < n; i++) {
    if (!name[i].n || str_eq(name[i], wrong)) continue;
    int d = distance(want, lower(name[i], &b));
    if (d < best) best = d, hit = i;
  }
  if (best < 99) err_todo(e, "did you mean %.*s?", STR_ARG(name[hit]));
  buf_free(&w);
  buf_free(&b);
  return false;
}
