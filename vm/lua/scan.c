#include "lua/scan.h"

#include <stdlib.h>
#include <string.h>

typedef struct Cursor {
  Str s;
  size_t at;
  int line, col;
  Scan *out;
  size_t litcap, keycap;
  Arena *arena;
  Str ident;         /* the token before is this name */
  int ident_line, ident_col;
  Str key;           /* `name =` stands right before */
  Str bracketed;     /* the text of ["…"] that just closed, or still to close */
  int bracket_state; /* 0 none, 1 after [, 2 after [ "…", 3 after ["…"] */
} Cursor;

static int peek(const Cursor *c, size_t ahead) {
  return c->at + ahead < c->s.n ? (unsigned char)c->s.p[c->at + ahead] : -1;
}

static void step(Cursor *c) {
  unsigned char b = (unsigned char)c->s.p[c->at++];
  if (b == '\n') {
    c->line++;
    c->col = 1;
  } else if ((b & 0xC0) != 0x80) {
    c->col++;
  }
}

static void steps(Cursor *c, size_t n) {
  while (n-- && c->at < c->s.n) step(c);
}

/* The level of a long bracket that opens here, or -1. */
static int long_level(const Cursor *c) {
  if (peek(c, 0) != '[') return -1;
  int level = 0;
  while (peek(c, 1 + (size_t)level) == '=') level++;
  return peek(c, 1 + (size_t)level) == '[' ? level : -1;
}

static bool closes(const Cursor *c, int level) {
  if (peek(c, 0) != ']') return false;
  for (int i = 0; i < level; i++)
    if (peek(c, 1 + (size_t)i) != '=') return false;
  return peek(c, 1 + (size_t)level) == ']';
}

/* Line ends of long strings as Lua makes them: \r\n, \n\r and \r become \n. */
static Str plain_lines(Cursor *c, Str raw) {
  if (!raw.p || !memchr(raw.p, '\r', raw.n)) return raw;
  char *p = arena_alloc(c->arena, raw.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < raw.n; i++) {
    char b = raw.p[i];
    if (b != '\r' && b != '\n') {
      p[n++] = b;
      continue;
    }
    p[n++] = '\n';
    if (i + 1 < raw.n && raw.p[i + 1] != b && (raw.p[i + 1] == '\r' || raw.p[i + 1] == '\n')) i++;
  }
  return (Str){p, n};
}

static void add_literal(Cursor *c, Literal lit) {
  if (c->bracket_state == 1) {
    c->bracketed = lit.text;
    c->bracket_state = 2;
  }
  lit.key = c->key;
  c->key = (Str){0};
  c->ident = (Str){0};
  mem_grow(c->out->lit, c->litcap, c->out->nlit + 1);
  c->out->lit[c->out->nlit++] = lit;
}

static void long_string(Cursor *c, int level, bool comment) {
  Literal lit = {.open_line = c->line, .level = level};
  steps(c, (size_t)level + 2);
  if (peek(c, 0) == '\r') step(c);
  if (peek(c, 0) == '\n') step(c);
  size_t from = c->at;
  lit.line = c->line;
  lit.col = c->col;
  while (c->at < c->s.n && !closes(c, level)) step(c);
  lit.text = plain_lines(c, str_sub(c->s, from, c->at));
  lit.close_at = c->at;
  lit.close_line = c->line;
  steps(c, (size_t)level + 2);
  if (!comment) add_literal(c, lit);
}

static int hex(int b) {
  if (b >= '0' && b <= '9') return b - '0';
  if (b >= 'a' && b <= 'f') return b - 'a' + 10;
  if (b >= 'A' && b <= 'F') return b - 'A' + 10;
  return -1;
}

/* One escape after the backslash. */
static void escape(Cursor *c, Buf *b) {
  static const char NAME[] = "abfnrtv", VALUE[] = "\a\b\f\n\r\t\v";
  int e = peek(c, 0);
  const char *named = e > 0 ? strchr(NAME, e) : NULL;
  if (named) {
    buf_char(b, VALUE[named - NAME]);
    step(c);
  } else if (e == 'z') {
    step(c);
    while (c->at < c->s.n && strchr(" \t\r\n\v\f", peek(c, 0))) step(c);
  } else if (e == 'x') {
    int hi = hex(peek(c, 1)), lo = hex(peek(c, 2));
    if (hi >= 0 && lo >= 0) buf_char(b, (char)(hi * 16 + lo));
    steps(c, 3);
  } else if (e == 'u' && peek(c, 1) == '{') {
    uint32_t u = 0;
    steps(c, 2);
    for (; hex(peek(c, 0)) >= 0; step(c)) u = u * 16 + (uint32_t)hex(peek(c, 0));
    utf8_put(b, u);
    steps(c, 1);
  } else if (e >= '0' && e <= '9') {
    int v = 0;
    for (int i = 0; i < 3 && peek(c, 0) >= '0' && peek(c, 0) <= '9'; i++, step(c)) v = v * 10 + peek(c, 0) - '0';
    buf_char(b, (char)v);
  } else if (e >= 0) {
    buf_char(b, (char)e);
    step(c);
  }
}

static void quoted(Cursor *c) {
  int quote = peek(c, 0);
  Literal lit = {.open_line = c->line, .level = -1};
  step(c);
  lit.line = c->line;
  lit.col = c->col;
  Buf b = {0};
  while (c->at < c->s.n && peek(c, 0) != quote && peek(c, 0) != '\n') {
    if (peek(c, 0) != '\\') {
      buf_char(&b, c->s.p[c->at]);
      step(c);
      continue;
    }
    step(c);
    escape(c, &b);
  }
  lit.close_at = c->at;
  lit.close_line = c->line;
  steps(c, 1);
  lit.text = (Str){arena_strndup(c->arena, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  add_literal(c, lit);
}

static bool name_byte(int b, bool first) { return b > 0 && str_name_byte((char)b) && !(first && b >= '0' && b <= '9'); }

static void name(Cursor *c) {
  size_t from = c->at;
  c->ident_line = c->line;
  c->ident_col = c->col;
  while (name_byte(peek(c, 0), false)) step(c);
  c->ident = str_sub(c->s, from, c->at);
  c->key = (Str){0};
}

static void equals(Cursor *c) {
  bool twice = peek(c, 1) == '=';
  Str key = c->bracket_state == 3 ? c->bracketed : c->ident;
  if (!twice && key.n) {
    c->key = key;
    mem_grow(c->out->key, c->keycap, c->out->nkey + 1);
    c->out->key[c->out->nkey++] = (Key){key, c->ident_line, c->ident_col};
  }
  c->ident = (Str){0};
  c->bracket_state = 0;
  steps(c, twice ? 2 : 1);
}

static void comment(Cursor *c) {
  steps(c, 2);
  int level = long_level(c);
  if (level >= 0) {
    long_string(c, level, true);
    return;
  }
  while (c->at < c->s.n && peek(c, 0) != '\n') step(c);
}

static void other(Cursor *c) {
  int b = peek(c, 0);
  if (b == '[') {
    c->bracket_state = 1;
    c->ident_line = c->line;
    c->ident_col = c->col;
  } else if (b == ']' && c->bracket_state == 2) {
    c->bracket_state = 3;
  } else if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
    c->bracket_state = 0;
  } else {
    step(c);
    return; /* blanks change nothing */
  }
  c->ident = c->key = (Str){0};
  step(c);
}

void scan_file(Str source, Scan *out) {
  *out = (Scan){.source = source};
  if (!source.p) return;
  Cursor c = {.s = source, .line = 1, .col = 1, .out = out, .arena = &out->arena};
  if (str_starts(source, "\xEF\xBB\xBF")) c.at = 3;
  if (str_starts(str_sub(source, c.at, source.n), "#"))
    while (c.at < source.n && peek(&c, 0) != '\n') step(&c);
  while (c.at < source.n) {
    int b = peek(&c, 0);
    int level = long_level(&c);
    if (b == '-' && peek(&c, 1) == '-')
      comment(&c);
    else if (b == '"' || b == '\'')
      quoted(&c);
    else if (level >= 0)
      long_string(&c, level, false);
    else if (name_byte(b, true))
      name(&c);
    else if (b == '=')
      equals(&c);
    else
      other(&c);
  }
}

void source_scan_free(Scan *s) {
  mem_free(s->lit);
  mem_free(s->key);
  arena_free(&s->arena);
  *s = (Scan){0};
}

const Literal *scan_find(const Scan *s, Str key, Str text) {
  const Literal *any = NULL;
  for (size_t i = 0; i < s->nlit; i++) {
    const Literal *l = &s->lit[i];
    if (!str_eq(l->text, text)) continue;
    if (str_eq(l->key, key)) return l;
    if (!any) any = l;
  }
  return any;
}

const Literal *scan_nearest(const Scan *s, Str text, int line) {
  const Literal *best = NULL;
  for (size_t i = 0; i < s->nlit; i++) {
    const Literal *l = &s->lit[i];
    if (str_eq(l->text, text) && (!best || abs(l->open_line - line) < abs(best->open_line - line))) best = l;
  }
  return best;
}

const Key *scan_key(const Scan *s, Str wanted) {
  for (size_t i = 0; i < s->nkey; i++)
    if (str_eq(s->key[i].name, wanted)) return &s->key[i];
  return NULL;
}

/* How many [ of the text are still open at its end. */
static int open_brackets(Str line) {
  int open = 0;
  for (size_t i = 0; i < line.n; i++) {
    if (line.p[i] == '[') open++;
    if (line.p[i] == ']' && open > 0) open--;
  }
  return open;
}

static Str last_line(Str text) {
  size_t from = text.n;
  while (from > 0 && text.p[from - 1] != '\n') from--;
  return str_sub(text, from, text.n);
}

void scan_closed_early(const Scan *s, const char *file, int line, Err *e) {
  const Literal *found = NULL;
  for (size_t i = 0; i < s->nlit; i++) {
    const Literal *l = &s->lit[i];
    Str tail = last_line(l->text);
    if (l->level != 0 || l->close_line > line || !tail.n) continue;
    char before = tail.p[tail.n - 1];
    /* A block that was closed on purpose ends after a blank or a line end. */
    if (before != ' ' && before != '\t' && open_brackets(tail) > 0) found = l;
  }
  if (!found) return;
  size_t from = found->close_at, to = from;
  while (from > 0 && s->source.p[from - 1] != '\n') from--;
  while (to < s->source.n && s->source.p[to] != '\n') to++;
  Str whole = str_sub(s->source, from, to), shown = str_trim(whole);
  size_t at = found->close_at - from - (size_t)(shown.p - whole.p);
  Str lead = str_sub(s->source, from, found->close_at);
  err_free(e);
  err_set(e, ERR_FAIL, "the block opened with [[ on line %d ended here, at \"]]\" inside a rule", found->open_line);
  err_at(e, file, found->close_line, (int)utf8_count(lead) + 1);
  err_source(e, shown, at, 2);
  err_todo(e, "open it with [=[ and close it with ]=]  (pareto new writes blocks so)");
}
