/* Cells under a text column, where bare words are values: A, B · break-even ·
 * >= director · not(A) · [director..manager]. They are cut at commas before any
 * token is read, for a word need not be one: 3-5, 4h response. */
#include "feel/parse.h"

#include <string.h>

typedef struct Cut {
  const Src *src;
  Arena *a;
  Err *e;
} Cut;

static uint32_t at_char(const Cut *c, size_t at, size_t to, size_t *next) {
  Lexer lx = {.src = c->src, .end = to, .dialect = DIALECT_RULES, .arena = c->a, .e = c->e};
  return lex_char(&lx, at, next);
}

static bool blank(uint32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000; }

static void trim(const Cut *c, size_t *from, size_t *to) {
  size_t next;
  while (*from < *to && blank(at_char(c, *from, *to, &next))) *from = next;
  while (*to > *from && memchr(" \t\r\n", c->src->text.p[*to - 1], 4)) --*to;
}

/* The end of the quoted text at `at`, or of the one character there. */
static size_t skip_quoted(const Cut *c, size_t at, size_t to) {
  Err ignored = {0};
  Lexer lx = {.src = c->src, .end = to, .dialect = DIALECT_RULES, .arena = c->a, .e = &ignored};
  Tok t;
  size_t next;
  at_char(c, at, to, &next);
  if (lex_quote(&lx, at) && lex_text(&lx, at, &t)) next = t.at + t.len;
  err_free(&ignored);
  return next;
}

/* Where the next `sign` stands outside quotes and brackets; `to` when there is none. */
static size_t find(const Cut *c, size_t at, size_t to, uint32_t sign) {
  int open = 0;
  for (size_t next; at < to; at = next) {
    uint32_t ch = at_char(c, at, to, &next);
    if (open == 0 && ch == sign) return at;
    open += ch == '(' || ch == '[' || ch == '{';
    open -= (ch == ')' || ch == ']' || ch == '}') && open > 0;
    next = skip_quoted(c, at, to);
  }
  return to;
}

static bool is_word(const Cut *c, size_t from, size_t to) {
  size_t next;
  if (from >= to || !lex_name_part(DIALECT_RULES, at_char(c, from, to, &next))) return false;
  for (size_t at = from; at < to; at = next) {
    uint32_t ch = at_char(c, at, to, &next);
    if (at + 1 < to && ch == '.' && c->src->text.p[at + 1] == '.') return false;
    bool part = lex_name_part(DIALECT_RULES, ch) || ch == 0xB7 || (ch < 0x80 && strchr(" -./&+%'", (int)ch));
    if (!part || ch == 0) return false;
  }
  Str s = str_sub(c->src->text, from, to);
  return !str_is(s, "true") && !str_is(s, "false") && !str_is(s, "null");
}

static Parser parser(const Cut *c, size_t from, size_t to) {
  return parser_of(c->src, from, to, DIALECT_RULES, c->a, c->e);
}

static Node *word(const Cut *c, size_t from, size_t to) {
  Parser p = parser(c, from, to);
  p.end = to;
  Node *x = parse_lit(&p, from, val_text(str_sub(c->src->text, from, to)), UNIT_NONE);
  x->op = LIT_WORD;
  return x;
}

/* A bare word, or anything that the parser reads up to `to`. */
static Node *operand(const Cut *c, size_t from, size_t to) {
  trim(c, &from, &to);
  if (is_word(c, from, to)) return word(c, from, to);
  Parser p = parser(c, from, to);
  if (!parse_next(&p)) return NULL;
  Node *x = parse_cell_test(&p);
  return x && parse_finish(&p) ? x : NULL;
}

/* [a..b) with words at its ends. NULL without an error: it is no such range. */
static Node *range(const Cut *c, size_t from, size_t to) {
  size_t in, last = to - 1, dots;
  uint32_t open = at_char(c, from, to, &in);
  char close = c->src->text.p[last];
  if ((open != '[' && open != '(' && open != ']') || last <= in || !memchr("])[", close, 3)) return NULL;
  for (dots = in; dots + 1 < last && memcmp(c->src->text.p + dots, "..", 2) != 0; dots++) continue;
  if (dots + 1 >= last) return NULL;
  size_t a = in, b = dots, x = dots + 2, y = last;
  trim(c, &a, &b);
  trim(c, &x, &y);
  if (!is_word(c, a, b) && !is_word(c, x, y)) return NULL;
  Node *low = operand(c, a, b), *high = low ? operand(c, x, y) : NULL;
  if (!high) return NULL;
  Parser p = parser(c, from, to);
  p.end = to;
  Node *r = parse_node2(&p, N_RANGE, from, low, high);
  if (r) r->op = (uint8_t)((open == '[' ? VAL_RANGE_LOW_IN : 0) | (close == ']' ? VAL_RANGE_HIGH_IN : 0));
  return r;
}

/* The comparison sign at `at`, if one stands there. */
static NodeOp sign(const Cut *c, size_t at, size_t to, size_t *behind) {
  Err ignored = {0};
  Parser p = parser(c, at, to);
  p.e = p.lx.e = &ignored;
  size_t next;
  uint32_t ch = at_char(c, at, to, &next);
  bool maybe = ch == '<' || ch == '>' || ch == '=' || ch == '!' || (ch >= SIGN_LE && ch <= SIGN_NE);
  NodeOp op = maybe && parse_next(&p) ? parse_comparing(&p) : (NodeOp)0;
  *behind = p.tok.at + p.tok.len;
  err_free(&ignored);
  return op;
}

static Node *test(const Cut *c, size_t from, size_t to) {
  size_t behind;
  trim(c, &from, &to);
  if (from == to) {
    src_err(c->e, c->src, from, 0, "expected a value before this place");
    return NULL;
  }
  NodeOp op = sign(c, from, to, &behind);
  if (op) {
    trim(c, &behind, &to);
    if (!is_word(c, behind, to)) return operand(c, from, to);
    Parser p = parser(c, from, to);
    p.end = to;
    Node *x = parse_node1(&p, N_TEST, from, word(c, behind, to));
    if (x) x->op = (uint8_t)op;
    return x;
  }
  Node *r = range(c, from, to);
  return r || c->e->kind ? r : operand(c, from, to);
}

static Node *list(const Cut *c, size_t from, size_t to) {
  Kids k = {0};
  Parser p = parser(c, from, to);
  for (size_t at = from;;) {
    size_t cut = find(c, at, to, ','), next;
    Node *x = test(c, at, cut);
    if (!x) return NULL;
    kids_add(&p, &k, x, (Str){0});
    if (cut >= to) break;
    at_char(c, cut, to, &next);
    at = next;
  }
  p.end = to;
  return parse_node(&p, N_TESTS, from, &k);
}

/* not( … ) around the whole cell: where its inside lies. */
static bool negated(const Cut *c, size_t from, size_t to, size_t *in, size_t *out) {
  size_t at = from + 3, next;
  if (to - from < 5 || memcmp(c->src->text.p + from, "not", 3) != 0) return false;
  while (at < to && blank(at_char(c, at, to, &next))) at = next;
  if (at >= to || at_char(c, at, to, &next) != '(') return false;
  *in = next;
  *out = find(c, next, to, ')');
  size_t behind = *out;
  if (behind < to) at_char(c, behind, to, &behind);
  return *out < to && behind == to;
}

Node *parse_words(const Src *src, Arena *a, Err *e) {
  Cut c = {src, a, e};
  size_t from = 0, to = src->text.n, in, out, next;
  trim(&c, &from, &to);
  Parser p = parser(&c, from, to);
  if (at_char(&c, from, to, &next) == '-' && next == to) {
    p.end = to;
    return parse_node(&p, N_ANY, from, NULL);
  }
  if (!negated(&c, from, to, &in, &out)) return list(&c, from, to);
  Node *x = list(&c, in, out);
  if (x) x->op = 1, x->at = (uint32_t)from, x->len = (uint32_t)(to - from);
  return x;
}
