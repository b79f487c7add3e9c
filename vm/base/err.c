#include "base/err.h"

#include "base/lang.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

bool err_vset(Err *e, ErrKind kind, const char *fmt, va_list ap) {
  if (e->kind) return false;
  Buf b = {0};
  buf_vprintf(&b, lang_text(fmt), ap);
  e->kind = kind;
  e->what = buf_take(&b);
  return false;
}

bool err_set(Err *e, ErrKind kind, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  err_vset(e, kind, fmt, ap);
  va_end(ap);
  return false;
}

bool err_at(Err *e, const char *file, int line, int col) {
  if (e->file) return false;
  e->file = mem_strdup(file);
  e->line = line;
  e->col = col;
  return false;
}

static size_t char_start(Str s, size_t at) {
  while (at > 0 && at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80) at--;
  return at;
}

/* A tab is one blank and any other control one mark: the caret counts on it. */
static void one_column_each(Str s, Buf *out) {
  for (size_t i = 0; i < s.n;) {
    uint32_t c = utf8_next(s, &i);
    utf8_put(out, c == '\t' ? ' ' : c < 0x20 || (c >= 0x7F && c < 0xA0) ? 0xFFFD : c);
  }
}

bool err_source(Err *e, Str line, size_t at, size_t len) {
  enum { BEFORE = 120, AFTER = 240 }; /* bytes shown of a very long line */
  if (e->source) return false;
  if (at > line.n) at = line.n;
  if (len > line.n - at) len = line.n - at;
  size_t from = at > BEFORE ? char_start(line, at - BEFORE) : 0;
  size_t to = line.n - at > AFTER ? char_start(line, at + AFTER) : line.n;
  Buf b = {0}, before = {0}, marked = {0};
  if (from > 0) buf_puts(&before, "…");
  one_column_each(str_sub(line, from, at), &before);
  one_column_each(str_sub(line, at, at + len < to ? at + len : to), &marked);
  buf_str(&b, buf_view(&before));
  buf_str(&b, buf_view(&marked));
  if (at + len < to) one_column_each(str_sub(line, at + len, to), &b);
  if (to < line.n) buf_puts(&b, "…");
  buf_char(&b, '\n');
  int wide = utf8_width(buf_view(&marked));
  buf_fill(&b, ' ', (size_t)utf8_width(buf_view(&before)));
  buf_fill(&b, '^', wide > 0 ? (size_t)wide : 1);
  e->source = buf_take(&b);
  buf_free(&before);
  buf_free(&marked);
  return false;
}

bool err_above(Err *e, Str line, int width) {
  if (!e->source) return false;
  Buf b = {0};
  size_t to = 0, next = 0;
  while (next < line.n) {
    utf8_next(line, &next);
    if (utf8_width(str_sub(line, 0, next)) > width) break;
    to = next;
  }
  one_column_each(str_sub(line, 0, to), &b);
  buf_printf(&b, "%s\n%s", to < line.n ? " …" : "", e->source);
  mem_free(e->source);
  e->source = buf_take(&b);
  buf_free(&b);
  return false;
}

/* Is `line` one of the lines of text? */
static bool says_already(const char *text, Str line) {
  Str rest = str_of(text);
  while (rest.n)
    if (str_eq(str_split(rest, '\n', &rest), line)) return true;
  return false;
}

bool err_todo(Err *e, const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  if (says_already(e->todo, buf_view(&b))) { /* two who noticed the same */
    buf_free(&b);
    return false;
  }
  Buf all = {0};
  if (e->todo) buf_printf(&all, "%s\n", e->todo);
  buf_str(&all, buf_view(&b));
  buf_free(&b);
  mem_free(e->todo);
  e->todo = buf_take(&all);
  return false;
}

bool err_left(Err *e, const char *fmt, ...) {
  if (e->left) return false;
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  e->left = buf_take(&b);
  return false;
}

static void indented(Buf *out, const char *text, int by) {
  Str rest = str_of(text);
  while (rest.p) {
    Str line = str_split(rest, '\n', &rest);
    buf_fill(out, ' ', (size_t)by);
    str_visible(line, false, out);
    buf_char(out, '\n');
  }
}

void err_print(const Err *e, Buf *out) {
  if (!e->kind) return;
  if (e->file) {
    str_visible(str_of(e->file), false, out);
    if (e->line > 0) buf_printf(out, ":%d", e->line);
    if (e->line > 0 && e->col > 0) buf_printf(out, ":%d", e->col);
    buf_puts(out, ": ");
  } else {
    buf_puts(out, "pareto: ");
  }
  str_visible(str_of(e->what), true, out);
  buf_char(out, '\n');
  if (e->source) indented(out, e->source, 4);
  if (e->todo) indented(out, e->todo, 2);
  Str left = str_of(e->left);
  bool said = left.n && (strcasestr(e->what, e->left) || (e->todo && strcasestr(e->todo, e->left)));
  if (e->left && !said) indented(out, e->left, 2);
}

void err_free(Err *e) {
  mem_free(e->file);
  mem_free(e->what);
  mem_free(e->source);
  mem_free(e->todo);
  mem_free(e->left);
  *e = (Err){0};
}

void err_move(Err *to, Err *from) {
  if (to->kind) {
    err_free(from);
    return;
  }
  *to = *from;
  *from = (Err){0};
}
