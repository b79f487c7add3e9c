/* Names, labels and types. In the standard dialect a name may hold blanks: words
 * that stand side by side are one name, since no operator is written so. */
#include "feel/parse.h"

#include <string.h>

static bool rejoined(const Parser *p) { /* can the token at hand go on a name? */
  if (p->tok.kind == TOK_NAME) return !parse_reserved(p);
  if (p->tok.kind != TOK_LIT || p->tok.lit.t != V_NUM) return false;
  for (uint32_t i = 0; i < p->tok.len; i++) {
    char c = p->lx.src->text.p[p->tok.at + i];
    if (c < '0' || c > '9') return false;
  }
  return true;
}

/* src[from, to) with each run of blanks as one. */
static Str squeezed(Parser *p, size_t from, size_t to) {
  Buf b = {0};
  Str t = p->lx.src->text;
  for (size_t i = from; i < to; i++) {
    bool blank = t.p[i] == ' ' || t.p[i] == '\t' || t.p[i] == '\n' || t.p[i] == '\r';
    if (!blank) buf_char(&b, t.p[i]);
    else if (b.n && b.p[b.n - 1] != ' ') buf_char(&b, ' ');
  }
  Str s = {arena_strndup(p->a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return s;
}

bool parse_name(Parser *p, Str *out) {
  size_t at = p->tok.at;
  int n = 1;
  *out = p->tok.name;
  if (!parse_next(p)) return false;
  if (parse_rules(p)) return true;
  for (; rejoined(p); n++)
    if (!parse_next(p)) return false;
  if (n > 1) *out = squeezed(p, at, p->end);
  return true;
}

bool parse_label(Parser *p, Str *out) {
  Tok first = p->tok;
  size_t end = p->end;
  *out = (Str){0};
  if (first.kind != TOK_NAME) return true;
  int n = 0;
  do {
    if (!parse_next(p)) return false;
    n++;
  } while (!parse_rules(p) && (p->tok.kind == TOK_NAME || rejoined(p) ||
                               (p->tok.kind == TOK_SIGN && memchr("+-*/.", p->tok.sign, 5))));
  if (parse_is(p, ':')) {
    *out = n == 1 ? first.name : squeezed(p, first.at, p->end);
    return parse_next(p);
  }
  p->tok = first, p->end = end;
  return true;
}

bool parse_declare(Parser *p, Str name) {
  bool plain = true;
  for (size_t i = 0; i < name.n;) plain = lex_name_part(p->lx.dialect, utf8_next(name, &i)) && plain;
  if (parse_rules(p) || plain) return true;
  Str *known = arena_alloc(p->a, (p->lx.nknown + 1) * sizeof *known);
  if (p->lx.nknown) memcpy(known, p->lx.known, p->lx.nknown * sizeof *known);
  known[p->lx.nknown++] = name;
  p->lx.known = known;
  return true;
}

/* --- types */

static bool type_into(Parser *p, Buf *b);

/* <a, b> or <name: a>, of a function also none; "<" at hand */
static bool arguments(Parser *p, bool function, Buf *b) {
  for (char sign = '<';; sign = ',') {
    Str label;
    if (!parse_next(p) || !parse_label(p, &label)) return false;
    buf_char(b, sign);
    if (sign == ',') buf_char(b, ' ');
    if (label.n) buf_str(b, label), buf_puts(b, ": ");
    bool none = function && sign == '<' && parse_is(p, '>');
    if (none) buf_char(b, ' '); /* <> is a sign of its own */
    if (!none && !type_into(p, b)) return false;
    if (!parse_is(p, ',')) break;
  }
  buf_char(b, '>');
  return parse_expect(p, '>', "> to close the type");
}

static bool simple(Parser *p, Buf *b) {
  static const char *const phrases[] = {"date and time", "days and time duration",
                                        "years and months duration"};
  if (p->tok.kind != TOK_NAME) return parse_fail(p, "a type") != NULL;
  for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
    size_t n = lex_phrase(&p->lx, p->tok.at, str_of(phrases[i]));
    if (!n) continue;
    buf_puts(b, phrases[i]);
    p->tok.len = (uint32_t)n;
    return parse_next(p);
  }
  for (;;) {
    Str name;
    if (p->tok.kind != TOK_NAME) return parse_fail(p, "a type") != NULL;
    if (!parse_name(p, &name)) return false;
    buf_str(b, name);
    if (!parse_is(p, '.')) return true;
    buf_char(b, '.');
    if (!parse_next(p)) return false;
  }
}

static bool type_into(Parser *p, Buf *b) {
  if (!parse_deeper(p)) return false;
  bool function = parse_word(p, WORD_FUNCTION);
  if (function) buf_puts(b, "function");
  if (!(function ? parse_next(p) : simple(p, b))) return false;
  if (parse_is(p, '<') && !arguments(p, function, b)) return false;
  if (function) {
    buf_puts(b, "->");
    if (!parse_expect(p, SIGN_ARROW, "-> and the type of the result") || !type_into(p, b)) return false;
  }
  p->nest--;
  return true;
}

bool parse_type(Parser *p, Str *out) {
  Buf b = {0};
  bool ok = type_into(p, &b);
  if (ok) *out = (Str){arena_strndup(p->a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return ok;
}
