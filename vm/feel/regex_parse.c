/* The pattern as a tree of pieces. */
#include "feel/regex_inside.h"

#include "base/lang.h"

#include <string.h>

enum { NEST = 100, LONGEST = 20000, REPEAT_MOST = 1000 };

typedef struct Reader {
  Str s;
  size_t at;
  Arena *a;
  const char *why;
  bool literal, closed[REGEX_GROUPS];
  uint32_t ngroup;
  int nest;
} Reader;

static Piece *fail(Reader *r, const char *why) {
  if (!r->why) r->why = why;
  return NULL;
}

static bool end(const Reader *r) { return r->at >= r->s.n; }
static char peek(const Reader *r) { return end(r) ? 0 : r->s.p[r->at]; }

static bool take(Reader *r, char c) {
  if (end(r) || r->s.p[r->at] != c) return false;
  r->at++;
  return true;
}

static Piece *piece(Reader *r, PieceKind kind, const Piece *a, const Piece *b) {
  Piece *p = arena_zalloc(r->a, 1, sizeof *p);
  p->kind = kind;
  p->a = a;
  p->b = b;
  return p;
}

/* --- classes */

static bool no_set(Reader *r, const char *why) { return fail(r, why) != NULL; }

/* \d \p{L} …, the backslash taken. *plain: it is a character instead. */
static bool escape(Reader *r, SetItem *item, uint32_t *plain) {
  static const char self[] = "\\|.?*+(){}-[]^$";
  char c = peek(r);
  if (end(r)) return no_set(r, "the pattern ends behind a backslash");
  *plain = 0;
  *item = (SetItem){0};
  r->at++;
  item->negated = c == 'D' || c == 'W' || c == 'S' || c == 'I' || c == 'C' || c == 'P';
  switch (c) {
  case 'n': *plain = '\n'; return true;
  case 'r': *plain = '\r'; return true;
  case 't': *plain = '\t'; return true;
  case 'd': case 'D': item->kind = SET_CATEGORY; memcpy(item->category, "Nd", 3); return true;
  case 'w': case 'W': item->kind = SET_WORD; return true;
  case 's': case 'S': item->kind = SET_SPACE; return true;
  case 'i': case 'I': item->kind = SET_NAME_START; return true;
  case 'c': case 'C': item->kind = SET_NAME_PART; return true;
  default: break;
  }
  if (c == 'p' || c == 'P') {
    const char *close = take(r, '{') ? memchr(r->s.p + r->at, '}', r->s.n - r->at) : NULL;
    if (!close) return no_set(r, "\\p needs a name in braces: \\p{L}");
    Str name = str_sub(r->s, r->at, (size_t)(close - r->s.p));
    r->at += name.n + 1;
    return set_property(name, item->negated, item) || no_set(r, "there is no such category or block");
  }
  if (!memchr(self, c, sizeof self - 1)) return no_set(r, "a backslash before something that needs none");
  *plain = (unsigned char)c;
  return true;
}

/* One character or escape inside brackets. */
static bool member(Reader *r, SetItem *item, uint32_t *c) {
  if (take(r, '\\')) return escape(r, item, c);
  if (end(r)) return no_set(r, "a class in brackets is never closed");
  if (peek(r) == '[') return no_set(r, "a [ inside brackets needs a backslash");
  *c = utf8_next(r->s, &r->at);
  return true;
}

static Set *bracket(Reader *r);

static bool subtraction(Reader *r, Set *set) {
  if (++r->nest > NEST) return no_set(r, "nested too deep");
  set->less = bracket(r);
  r->nest--;
  return set->less && (take(r, ']') || no_set(r, "nothing may follow a subtraction"));
}

static bool is_last_minus(const Reader *r) { return r->at + 1 < r->s.n && r->s.p[r->at + 1] == ']'; }

static Set *bracket(Reader *r) { /* "[" taken */
  Set *set = arena_zalloc(r->a, 1, sizeof *set);
  set->negated = take(r, '^');
  for (bool first = true; first || peek(r) != ']'; first = false) {
    SetItem item = {0}, high = {0};
    uint32_t low = 0, to = 0;
    if (first && peek(r) == ']') return no_set(r, "an empty class"), NULL;
    if (!first && peek(r) == '-' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '[') {
      r->at += 2;
      return subtraction(r, set) ? set : NULL;
    }
    if (!member(r, &item, &low)) return NULL;
    if (low) item = (SetItem){SET_RANGE, false, low, low, ""};
    bool range = low && peek(r) == '-' && !is_last_minus(r) && r->at + 1 < r->s.n && r->s.p[r->at + 1] != '[';
    if (range) {
      r->at++;
      if (!member(r, &high, &to)) return NULL;
      if (!to || to < low) return no_set(r, "a range from high to low"), NULL;
      item.high = to;
    }
    set_add(set, item, r->a);
    if (end(r)) return no_set(r, "a class in brackets is never closed"), NULL;
  }
  r->at++;
  return set;
}

/* --- atoms and their number */

static const Piece *branches(Reader *r);

static Piece *group(Reader *r) { /* "(" taken */
  uint32_t number = 0;
  if (take(r, '?')) {
    if (!take(r, ':')) return fail(r, "only (?: is known behind a bracket");
  } else if ((number = ++r->ngroup) >= REGEX_GROUPS) {
    return fail(r, "too many groups");
  }
  if (++r->nest > NEST) return fail(r, "nested too deep");
  const Piece *inside = branches(r);
  r->nest--;
  if (!inside) return NULL;
  if (!take(r, ')')) return fail(r, "a ( is never closed");
  r->closed[number] = true;
  Piece *p = piece(r, RX_GROUP, inside, NULL);
  p->c = number;
  return p;
}

static Piece *back_reference(Reader *r) { /* at a digit from 1 to 9 */
  uint32_t n = (uint32_t)(r->s.p[r->at++] - '0');
  while (peek(r) >= '0' && peek(r) <= '9') {
    uint32_t more = n * 10 + (uint32_t)(peek(r) - '0');
    if (more > r->ngroup) break;
    n = more;
    r->at++;
  }
  if (n > r->ngroup || !r->closed[n]) return fail(r, "a back reference to a group that is not closed yet");
  Piece *p = piece(r, RX_BACK, NULL, NULL);
  p->c = n;
  return p;
}

static Piece *character(Reader *r, uint32_t c) {
  Piece *p = piece(r, RX_CHAR, NULL, NULL);
  p->c = c;
  return p;
}

static Piece *escaped(Reader *r) { /* "\" taken */
  if (peek(r) >= '1' && peek(r) <= '9') return back_reference(r);
  SetItem item;
  uint32_t c;
  if (!escape(r, &item, &c)) return NULL;
  if (c) return character(r, c);
  Set *set = arena_zalloc(r->a, 1, sizeof *set);
  set_add(set, item, r->a);
  Piece *p = piece(r, RX_SET, NULL, NULL);
  p->set = set;
  return p;
}

static Piece *atom(Reader *r) {
  if (r->literal) return character(r, utf8_next(r->s, &r->at));
  char c = peek(r);
  switch (c) {
  case '(': r->at++; return group(r);
  case '\\': r->at++; return escaped(r);
  case '.': r->at++; return piece(r, RX_ANY, NULL, NULL);
  case '^': r->at++; return piece(r, RX_BEGIN, NULL, NULL);
  case '$': r->at++; return piece(r, RX_END, NULL, NULL);
  case '[': {
    r->at++;
    Set *set = bracket(r);
    if (!set) return NULL;
    Piece *p = piece(r, RX_SET, NULL, NULL);
    p->set = set;
    return p;
  }
  case '?': case '*': case '+': case '{': return fail(r, "there is nothing to repeat");
  case '}': case ']': return fail(r, "a } or ] without its beginning needs a backslash");
  default: return character(r, utf8_next(r->s, &r->at));
  }
}

static bool count(Reader *r, int *out) {
  size_t from = r->at;
  for (*out = 0; peek(r) >= '0' && peek(r) <= '9'; r->at++)
    if (*out <= REPEAT_MOST) *out = *out * 10 + (peek(r) - '0');
  return r->at > from;
}

static bool braces(Reader *r, int *least, int *most) { /* "{" taken */
  if (!count(r, least)) return no_set(r, "a number belongs behind {");
  *most = *least;
  if (take(r, ',') && !count(r, most)) *most = -1;
  if (!take(r, '}')) return no_set(r, "a { is never closed");
  if (*most >= 0 && *most < *least) return no_set(r, "from more to fewer repetitions");
  return (*least <= REPEAT_MOST && *most <= REPEAT_MOST) || no_set(r, "too many repetitions");
}

static const Piece *repeated(Reader *r) {
  Piece *p = atom(r);
  int least = 1, most = 1;
  if (!p || r->literal || end(r)) return p;
  if (take(r, '?')) least = 0;
  else if (take(r, '*')) least = 0, most = -1;
  else if (take(r, '+')) most = -1;
  else if (!take(r, '{')) return p;
  else if (!braces(r, &least, &most)) return NULL;
  Piece *q = piece(r, RX_REPEAT, p, NULL);
  q->least = least, q->most = most;
  q->reluctant = take(r, '?');
  return q;
}

/* A row of pieces as a balanced tree, so that a long pattern is no deep one. */
static const Piece *joined(Reader *r, PieceKind kind, const Piece *const *p, size_t n) {
  if (n == 0) return piece(r, RX_EMPTY, NULL, NULL);
  if (n == 1) return p[0];
  return piece(r, kind, joined(r, kind, p, n / 2), joined(r, kind, p + n / 2, n - n / 2));
}

typedef struct Row {
  const Piece **p;
  size_t n, cap;
} Row;

static void row_add(Reader *r, Row *row, const Piece *p) {
  if (row->n == row->cap) {
    size_t cap = row->cap ? row->cap * 2 : 8;
    const Piece **to = arena_alloc(r->a, cap * sizeof *to);
    if (row->n) memcpy(to, row->p, row->n * sizeof *to);
    row->p = to, row->cap = cap;
  }
  row->p[row->n++] = p;
}

static const Piece *branch(Reader *r) {
  Row row = {0};
  while (!end(r) && (r->literal || (peek(r) != '|' && peek(r) != ')'))) {
    const Piece *p = repeated(r);
    if (!p) return NULL;
    row_add(r, &row, p);
  }
  return joined(r, RX_CAT, row.p, row.n);
}

static const Piece *branches(Reader *r) {
  Row row = {0};
  do {
    const Piece *p = branch(r);
    if (!p) return NULL;
    row_add(r, &row, p);
  } while (take(r, '|'));
  return joined(r, RX_ALT, row.p, row.n);
}

/* --- the whole */

/* Flag x: blanks mean nothing outside of brackets. */
static Str without_blanks(Str s, Arena *a) {
  char *to = arena_alloc(a, s.n + 1);
  size_t n = 0;
  int open = 0;
  bool behind_backslash = false;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (open == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    if (!behind_backslash) open += c == '[', open -= c == ']' && open > 0;
    behind_backslash = c == '\\' && !behind_backslash;
    to[n++] = c;
  }
  return (Str){to, n};
}

Regex *regex_parse(Str pattern, Str flags, Arena *a, const char **why) {
  Regex *r = arena_zalloc(a, 1, sizeof *r);
  Reader in = {.s = pattern, .a = a};
  bool blanks = false;
  for (size_t i = 0; i < flags.n; i++) switch (flags.p[i]) {
      case 's': r->dot_all = true; break;
      case 'm': r->lines = true; break;
      case 'i': r->caseless = true; break;
      case 'x': blanks = true; break;
      case 'q': in.literal = true; break;
      default: *why = N_("the flags are s, m, i, x and q"); return NULL;
    }
  if (pattern.n > LONGEST) {
    *why = N_("the pattern is too long");
    return NULL;
  }
  if (blanks && !in.literal) in.s = without_blanks(pattern, a);
  const Piece *p = in.literal ? branch(&in) : branches(&in);
  if (p && !end(&in)) p = fail(&in, "a ) without its beginning needs a backslash");
  r->ngroup = in.ngroup;
  if (p && regex_compile(r, p, a)) return r;
  *why = in.why ? in.why : r->why ? r->why : N_("the pattern is none");
  return NULL;
}

size_t regex_groups(const Regex *r) { return r->ngroup; }
