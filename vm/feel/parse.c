#include "feel/parse.h"

#include "base/lang.h"

#include <string.h>

enum { NEST = 200, LONGEST = 1 << 20 };

const Src *parser_src(const Src *src, Arena *a, Err *e) {
  if (src->text.n > LONGEST) {
    src_err(e, src, 0, 0, "a rule of %zu bytes; the longest is %d", src->text.n, LONGEST);
    return NULL;
  }
  Src *copy = arena_alloc(a, sizeof *copy);
  *copy = *src;
  if (!copy->text.p) copy->text.p = "";
  return copy;
}

Parser parser_of(const Src *src, size_t from, size_t to, Dialect d, Arena *a, Err *e) {
  return (Parser){.lx = {.src = src, .end = to, .dialect = d, .arena = a, .e = e},
                  .a = a, .e = e, .tok = {.at = (uint32_t)from}, .end = from};
}

/* --- tokens */

bool parse_next(Parser *p) {
  p->end = p->tok.at + p->tok.len;
  return lex_at(&p->lx, p->end, &p->tok);
}

bool parse_is(const Parser *p, int sign) { return p->tok.kind == TOK_SIGN && p->tok.sign == sign; }
bool parse_word(const Parser *p, Word w) { return p->tok.kind == TOK_NAME && p->tok.word == w; }

bool parse_rules(const Parser *p) { return p->lx.dialect == DIALECT_RULES; }

bool parse_reserved(const Parser *p) {
  return p->tok.kind == TOK_NAME && p->tok.word != WORD_NONE && p->tok.word < WORD_FREE;
}

bool parse_starts_value(const Parser *p) {
  if (p->tok.kind == TOK_LIT) return true;
  if (p->tok.kind == TOK_NAME)
    switch (p->tok.word) {
      case WORD_AND: case WORD_OR: case WORD_IN: case WORD_BETWEEN: case WORD_THEN: case WORD_ELSE:
      case WORD_RETURN: case WORD_SATISFIES: case WORD_INSTANCE: return false;
      default: return true;
    }
  return p->tok.kind == TOK_SIGN && memchr("([{]-@", p->tok.sign, 6);
}

/* What other languages write, and what it is called here. */
static const struct { const char *word, *say; } slips[] = {
    {"AND", N_("write and")}, {"OR", N_("write or")}, {"NOT", N_("write not")}, {"IN", N_("write in")},
    {"LIKE", N_("write contains(x, 'part') or starts_with(x, 'part')")},
    {"like", N_("write contains(x, 'part') or starts_with(x, 'part')")},
    {"mod", N_("write modulo(x, 5)")}, {"where", N_("a condition stands in brackets: visits[status = 'done']")},
    {"且", N_("write and")}, {"或", N_("write or")},
};

Node *parse_fail(Parser *p, const char *wanted) {
  const Src *src = p->lx.src;
  if (p->tok.kind == TOK_END) {
    src_err(p->e, src, p->tok.at, 0, "expected %s, but the text ends here", _(wanted));
    return NULL;
  }
  size_t n = p->tok.len > 40 ? 40 : p->tok.len;
  while (n < p->tok.len && ((unsigned char)src->text.p[p->tok.at + n] & 0xC0) == 0x80) n--;
  src_err(p->e, src, p->tok.at, p->tok.len, "expected %s, found %.*s%s", _(wanted), (int)n,
          src->text.p + p->tok.at, n < p->tok.len ? "…" : "");
  if (p->tok.kind != TOK_NAME) return NULL;
  for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
    if (str_is(p->tok.name, slips[i].word)) err_todo(p->e, "%s", _(slips[i].say));
  return NULL;
}

bool parse_expect(Parser *p, int sign, const char *what) {
  if (!parse_is(p, sign)) return parse_fail(p, what) != NULL;
  return parse_next(p);
}

/* The name that ends right before the token at hand, if one does. */
static Str name_before(const Parser *p) {
  size_t from = p->end, at = 0;
  Str t = p->lx.src->text;
  while (from > 0 && ((unsigned char)t.p[from - 1] >= 0x80 || t.p[from - 1] == '_' ||
                      lex_name_part(DIALECT_RULES, (uint32_t)(unsigned char)t.p[from - 1])))
    from--;
  Str s = str_sub(t, from, p->end);
  return s.n && lex_name_start(DIALECT_RULES, utf8_next(s, &at)) ? s : (Str){0};
}

bool parse_finish(Parser *p) {
  if (p->tok.kind == TOK_END) return true;
  Str before = name_before(p);
  bool names = p->tok.kind == TOK_NAME && !parse_reserved(p) && before.n && p->end < p->tok.at;
  Str now = p->tok.name;
  bool range = parse_is(p, SIGN_DOTS);
  parse_fail(p, "an operator (and, or, =, +, …) or the end");
  if (names && !p->e->todo)
    err_todo(p->e, "a name has no blanks: %.*s_%.*s? A text stands in quotes", STR_ARG(before),
             STR_ARG(now));
  if (range) err_todo(p->e, "a range stands in brackets: [1..5], or [1..5) without its end");
  return false;
}

/* --- nodes */

void kids_add(Parser *p, Kids *k, Node *kid, Str name) {
  if (k->n == k->cap) {
    uint32_t cap = k->cap ? k->cap * 2 : 4;
    Node **v = arena_alloc(p->a, cap * sizeof *v);
    Str *names = arena_alloc(p->a, cap * sizeof *names);
    if (k->n) memcpy(v, k->v, k->n * sizeof *v), memcpy(names, k->name, k->n * sizeof *names);
    k->v = v, k->name = names, k->cap = cap;
  }
  k->v[k->n] = kid;
  k->name[k->n++] = name;
}

Node *parse_node(Parser *p, NodeKind kind, size_t at, const Kids *kids) {
  unsigned depth = 0;
  Node *x = arena_zalloc(p->a, 1, sizeof *x);
  x->kind = (uint8_t)kind;
  x->at = (uint32_t)at;
  x->len = (uint32_t)(p->end > at ? p->end - at : 0);
  x->src = p->lx.src;
  x->fmt = (Fmt){FMT_AUTO, -1};
  if (kids) x->nkid = kids->n, x->kid = kids->v;
  for (uint32_t i = 0; i < x->nkid; i++)
    if (x->kid[i] && x->kid[i]->depth > depth) depth = x->kid[i]->depth;
  if (depth >= FEEL_DEPTH) {
    src_err(p->e, p->lx.src, at, 0, "a rule of more than %d steps in a row: split it", FEEL_DEPTH);
    return NULL;
  }
  x->depth = (uint16_t)(depth + 1);
  return x;
}

Node *parse_node1(Parser *p, NodeKind kind, size_t at, Node *x) {
  Kids k = {0};
  kids_add(p, &k, x, (Str){0});
  return parse_node(p, kind, at, &k);
}

Node *parse_node2(Parser *p, NodeKind kind, size_t at, Node *x, Node *y) {
  Kids k = {0};
  kids_add(p, &k, x, (Str){0});
  kids_add(p, &k, y, (Str){0});
  return parse_node(p, kind, at, &k);
}

Node *parse_lit(Parser *p, size_t at, Val v, Unit unit) {
  Node *x = parse_node(p, N_LIT, at, NULL);
  x->lit = v;
  x->unit = unit;
  return x;
}

bool parse_deeper(Parser *p) {
  if (++p->nest <= NEST) return true;
  return src_err(p->e, p->lx.src, p->tok.at, p->tok.len, "nested deeper than %d levels: split the rule",
                 NEST);
}

/* --- entry */

Node *feel_parse_named(const Src *src, Dialect d, const Str *known, size_t nknown, Arena *a, Err *e) {
  src = parser_src(src, a, e);
  if (!src) return NULL;
  Parser p = parser_of(src, 0, src->text.n, d, a, e);
  p.lx.known = known, p.lx.nknown = nknown;
  if (!parse_next(&p)) return NULL;
  Node *x = parse_expr(&p);
  return x && parse_finish(&p) ? x : NULL;
}

Node *feel_parse(const Src *src, Dialect d, Arena *a, Err *e) {
  return feel_parse_named(src, d, NULL, 0, a, e);
}
