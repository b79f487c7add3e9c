#include "feel/block.h"

#include "feel/grid.h"
#include "feel/lex.h"

#include <string.h>

static char at_byte(Str s, size_t i) { return i < s.n ? s.p[i] : 0; }

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

size_t block_skip_text(Str s, size_t at, size_t end) {
  static const char *const pair[][2] = {{"\"", "\""}, {"'", "'"}, {"“", "”"}, {"‘", "’"}};
  for (size_t k = 0; k < 4; k++) {
    size_t open = strlen(pair[k][0]), close = strlen(pair[k][1]);
    if (at + open > end || memcmp(s.p + at, pair[k][0], open) != 0) continue;
    unsigned char before = at ? (unsigned char)s.p[at - 1] : ' ';
    bool inside = (before >= '0' && before <= '9') || (before >= 'A' && before <= 'Z') ||
                  (before >= 'a' && before <= 'z') || before >= 0x80;
    if (k == 1 && inside) return at + 1;
    for (size_t i = at + open; i + close <= end; i++) {
      if (s.p[i] == '\\' && k < 2) i++;
      else if (memcmp(s.p + i, pair[k][1], close) == 0) return i + close;
    }
    return at + open;
  }
  return at + 1;
}

static size_t line_end(Str s, size_t at) {
  const char *nl = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;
  return nl ? (size_t)(nl - s.p) : s.n;
}

size_t block_comment(Str s, size_t from, size_t end) {
  for (size_t i = from; i < end; i = block_skip_text(s, i, end))
    if (s.p[i] == '/' && at_byte(s, i + 1) == '/') return i;
  return end;
}

typedef struct Line {
  size_t from, end; /* without indent, blanks at the end and the comment */
  int indent;       /* in columns of the file */
  Str about;
} Line;

static Line read_line(const Src *b, size_t at, size_t end) {
  Line l = {.indent = at == 0 && b->col > 0 ? b->col - 1 : 0};
  Str s = b->text;
  for (; at < end && blank(s.p[at]); at++) l.indent = s.p[at] == '\t' ? (l.indent / 8 + 1) * 8 : l.indent + 1;
  size_t stop = block_comment(s, at, end);
  if (stop < end) l.about = str_trim(str_sub(s, stop + 2, end));
  while (stop > at && blank(s.p[stop - 1])) stop--;
  l.from = at;
  l.end = stop;
  return l;
}

typedef struct Raw { /* one definition, not yet cut into its parts */
  size_t from, end, first_end;
  Str about;
} Raw;

static void add_about(Raw *r, Str more, Arena *a) {
  if (!more.n) return;
  if (!r->about.n) r->about = more;
  else r->about = str_of(arena_printf(a, "%.*s %.*s", STR_ARG(r->about), STR_ARG(more)));
}

/* The first of the signs `one` (ASCII) or `wide` (full-width) outside quotes and brackets. */
static size_t find(Str s, size_t from, size_t end, char one, const char *wide, size_t *len) {
  int open = 0;
  for (size_t i = from, next; i < end; i = next) {
    next = block_skip_text(s, i, end);
    char c = s.p[i];
    if (next > i + 1) continue;
    if (c == '(' || c == '[' || c == '{') open++;
    if ((c == ')' || c == ']' || c == '}') && open > 0) open--;
    if (open) continue;
    *len = strlen(wide);
    if (i + *len <= end && memcmp(s.p + i, wide, *len) == 0) return i;
    *len = 1;
    bool compares = c == '=' && i > from && memchr("<>!=", s.p[i - 1], 4);
    if (c == one && !compares && !(c == '=' && at_byte(s, i + 1) == '=')) return i;
  }
  return end;
}

static Src part(const Src *b, size_t from, size_t to) {
  while (from < to && (blank(b->text.p[from]) || b->text.p[from] == '\n')) from++;
  while (to > from && (blank(b->text.p[to - 1]) || b->text.p[to - 1] == '\n')) to--;
  return src_sub(b, from, to);
}

static bool is_name(Str s) { /* earned, quote.verdict, 审批人 */
  bool start = true;
  for (size_t i = 0; i < s.n;) {
    uint32_t c = utf8_next(s, &i);
    if (c == '.' && !start) start = true;
    else if (start ? !lex_name_start(DIALECT_RULES, c) : !lex_name_part(DIALECT_RULES, c)) return false;
    else start = false;
  }
  return s.n && !start;
}

static bool no_definition(const Src *b, const Raw *r, Err *e) {
  Str line = str_sub(b->text, r->from, r->first_end);
  src_err(e, b, r->from, line.n, "this line defines nothing");
  return err_todo(e, "a definition is  name = rule  or  name : type = rule; "
                     "a line that continues one stands deeper");
}

static bool cut(const Src *b, const Raw *r, Def *out, Err *e) {
  size_t n = 0, colon_n = 0;
  size_t eq = find(b->text, r->from, r->end, '=', "＝", &n);
  size_t colon = find(b->text, r->from, eq, ':', "：", &colon_n);
  bool typed = colon < eq, ruled = eq < r->end;
  if (!typed && !ruled) return no_definition(b, r, e);
  *out = (Def){.name = part(b, r->from, typed ? colon : eq), .about = r->about};
  out->type = typed ? part(b, colon + colon_n, eq) : src_sub(b, eq, eq);
  out->rule = ruled ? part(b, eq + n, r->end) : src_sub(b, r->end, r->end);
  Str name = out->name.text;
  if (!name.n) return src_err(e, b, r->from, 1, "expected a name before this sign");
  if (!is_name(name)) {
    src_err(e, &out->name, 0, name.n, "%.*s is no name", STR_ARG(name));
    return err_todo(e, "a name is letters of any script, digits and _, without blanks");
  }
  if (typed && !out->type.text.n)
    return src_err(e, b, colon, colon_n, "expected a type or unit behind the colon");
  if (ruled && !out->rule.text.n) return src_err(e, b, eq, n, "expected a rule behind =");
  return true;
}

static bool unique(const Def *def, size_t n, Err *e) {
  const Def *last = &def[n];
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(def[i].name.text, last->name.text)) continue;
    src_err(e, &last->name, 0, last->name.text.n, "%.*s is defined twice, in line %d and in line %d",
            STR_ARG(last->name.text), def[i].name.line, last->name.line);
    return err_todo(e, "choose another name for one of them");
  }
  return true;
}

bool block_defs(const Src *block, Arena *a, Def **out, size_t *n, Err *e) {
  Src *b = arena_alloc(a, sizeof *b);
  *b = *block;
  Raw *raw = NULL;
  size_t cap = 0, count = 0;
  int indent = 0;
  for (size_t at = 0; at < b->text.n;) {
    size_t end = line_end(b->text, at);
    Line l = read_line(b, at, end);
    at = end + 1;
    if (l.from >= l.end) continue;
    if (count && l.indent > indent) {
      raw[count - 1].end = l.end;
    } else {
      mem_grow(raw, cap, count + 1);
      raw[count++] = (Raw){.from = l.from, .end = l.end, .first_end = l.end};
      indent = l.indent;
    }
    add_about(&raw[count - 1], l.about, a);
  }
  Def *def = arena_zalloc(a, count ? count : 1, sizeof *def);
  bool ok = true;
  for (size_t i = 0; ok && i < count; i++) ok = cut(b, &raw[i], &def[i], e) && unique(def, i, e);
  mem_free(raw);
  *out = def;
  *n = count;
  return ok;
}
