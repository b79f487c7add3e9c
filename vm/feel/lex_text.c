/* Texts in quotes, and their escapes. */
#include "feel/lex.h"

enum { PLAIN = '"', SINGLE = '\'', LEFT = 0x201C, RIGHT = 0x201D, LEFT1 = 0x2018, RIGHT1 = 0x2019,
       WIDE = 0xFF02, WIDE1 = 0xFF07 };

static uint32_t raw(const Lexer *lx, size_t at, size_t *next) {
  *next = at;
  return at < lx->end ? utf8_next((Str){lx->src->text.p, lx->end}, next) : 0;
}

bool lex_quote(const Lexer *lx, size_t at) {
  size_t next;
  uint32_t c = raw(lx, at, &next);
  if (lx->dialect == DIALECT_STANDARD) return c == PLAIN;
  return c == PLAIN || c == SINGLE || c == LEFT || c == RIGHT || c == LEFT1 || c == RIGHT1 || c == WIDE ||
         c == WIDE1;
}

/* Typed quotes close with themselves; curly ones with either curly one, since
 * input methods alternate between the two. */
static bool closes(uint32_t open, uint32_t c) {
  switch (open) {
    case LEFT: case RIGHT: return c == LEFT || c == RIGHT;
    case LEFT1: case RIGHT1: return c == LEFT1 || c == RIGHT1;
    default: return c == open;
  }
}

static bool hex(const Lexer *lx, size_t at, int digits, uint32_t *out) {
  *out = 0;
  if (at + (size_t)digits > lx->end) return false;
  for (int i = 0; i < digits; i++) {
    char c = lx->src->text.p[at + (size_t)i];
    int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
          : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (v < 0) return false;
    *out = *out * 16 + (uint32_t)v;
  }
  return true;
}

static size_t unicode(const Lexer *lx, size_t at, Buf *b) { /* at: behind the backslash, on u or U */
  uint32_t c, low;
  if (lx->src->text.p[at] == 'U') {
    if (!hex(lx, at + 1, 6, &c)) return 0;
    utf8_put(b, c);
    return 7;
  }
  if (!hex(lx, at + 1, 4, &c)) return 0;
  bool high = c >= 0xD800 && c < 0xDC00 && at + 6 < lx->end && lx->src->text.p[at + 5] == '\\' &&
              lx->src->text.p[at + 6] == 'u';
  if (high && hex(lx, at + 7, 4, &low) && low >= 0xDC00 && low < 0xE000) {
    utf8_put(b, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
    return 11;
  }
  utf8_put(b, c);
  return 5;
}

/* An escape that FEEL does not know stays as written, so that patterns keep their \d. */
static size_t escape(const Lexer *lx, size_t at, Buf *b) { /* at: behind the backslash */
  static const char from[] = "nrt\"'\\", to[] = "\n\r\t\"'\\";
  char c = at < lx->end ? lx->src->text.p[at] : 0;
  for (size_t i = 0; from[i]; i++)
    if (c == from[i]) {
      buf_char(b, to[i]);
      return 1;
    }
  size_t n = c == 'u' || c == 'U' ? unicode(lx, at, b) : 0;
  if (!n) buf_char(b, '\\');
  return n;
}

static Str unescape(const Lexer *lx, size_t from, size_t to) {
  Buf b = {0};
  for (size_t i = from; i < to;) {
    char c = lx->src->text.p[i++];
    if (c == '\\') i += escape(lx, i, &b);
    else buf_char(&b, c);
  }
  Str s = {arena_strndup(lx->arena, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return s;
}

bool lex_text(const Lexer *lx, size_t at, Tok *out) {
  size_t from, i, next;
  uint32_t open = raw(lx, at, &from);
  bool escaped = false;
  for (i = from;; i = next) {
    uint32_t c = raw(lx, i, &next);
    if (i >= lx->end || (c == '\n' && lx->dialect == DIALECT_RULES)) {
      src_err(lx->e, lx->src, at, i - at, "this text is never closed");
      return err_todo(lx->e, "it began with %.*s; close it with the same quote on the same line",
                      (int)(from - at), lx->src->text.p + at);
    }
    if (closes(open, c)) break;
    if (c == '\\') {
      escaped = true;
      raw(lx, next, &next);
    }
  }
  Str s = escaped ? unescape(lx, from, i) : str_sub(lx->src->text, from, i);
  *out = (Tok){.kind = TOK_LIT, .at = (uint32_t)at, .len = (uint32_t)(next - at), .lit = val_text(s)};
  return true;
}
