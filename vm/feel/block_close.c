/* A Lua text block that a rule's own "]]" closed. */
#include "feel/grid.h"

#include <string.h>

static char at_byte(Str s, size_t i) { return i < s.n ? s.p[i] : 0; }

static size_t line_end(Str s, size_t at) {
  const char *nl = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;
  return nl ? (size_t)(nl - s.p) : s.n;
}

static int open_brackets(Str s, size_t from, size_t to) {
  int open = 0, round = 0;
  for (size_t i = from; i < to; i = block_skip_text(s, i, to)) {
    char c = s.p[i];
    if (c == '[') open++;
    if (c == ']' && open > 0) open--;
    if (c == '(') round++;
    if (c == ')' && --round < 0) round = 0, open -= open > 0; /* [1..2) */
  }
  return open;
}

/* The level of the long bracket at `at` ([[ is 0, [=[ is 1), -1 when there is none. */
static int bracket_level(Str s, size_t at) {
  int n = 0;
  if (at_byte(s, at) != '[') return -1;
  while (at_byte(s, at + 1 + (size_t)n) == '=') n++;
  return at_byte(s, at + 1 + (size_t)n) == '[' ? n : -1;
}

static size_t bracket_close(Str s, size_t at, int level) { /* where ]==] begins; s.n: nowhere */
  for (; at < s.n; at++) {
    int n = 0;
    if (s.p[at] != ']') continue;
    while (at_byte(s, at + 1 + (size_t)n) == '=') n++;
    if (n == level && at_byte(s, at + 1 + (size_t)n) == ']') return at;
  }
  return s.n;
}

static size_t lua_string(Str s, size_t at) { /* behind the quoted string at `at` */
  char quote = s.p[at++];
  for (; at < s.n && s.p[at] != quote && s.p[at] != '\n'; at++) at += s.p[at] == '\\';
  return at + 1;
}

static bool ends_in_rule(const Src *file, size_t open, size_t close, Err *e) {
  Str s = file->text;
  size_t line = close;
  while (line > open + 2 && s.p[line - 1] != '\n') line--;
  if (block_comment(s, line, close) < close || open_brackets(s, line, close) == 0) return false;
  Src begin = src_sub(file, open, open);
  src_err(e, file, close, 2, "the block opened with [[ on line %d ended here, at \"]]\" inside a rule",
          begin.line);
  err_todo(e, "open it with [=[ and close it with ]=]  (pareto new writes blocks so)");
  return true;
}

bool block_closed_early(const Src *file, Err *e) {
  Str s = file->text;
  for (size_t at = 0; at < s.n;) {
    bool comment = s.p[at] == '-' && at_byte(s, at + 1) == '-';
    if (comment) at += 2;
    int level = bracket_level(s, at);
    if (level >= 0) {
      size_t open = at, close = bracket_close(s, at + 2 + (size_t)level, level);
      if (level == 0 && !comment && close < s.n && ends_in_rule(file, open, close, e)) return false;
      at = close + 2 + (size_t)level;
    } else if (comment) {
      at = line_end(s, at) + 1;
    } else if (s.p[at] == '"' || s.p[at] == '\'') {
      at = lua_string(s, at);
    } else {
      at++;
    }
  }
  return true;
}
