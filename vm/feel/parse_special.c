/* if, for, some, every, function. */
#include "feel/parse.h"

#include "base/lang.h"

static bool take(Parser *p, Word w, const char *what) {
  if (!parse_word(p, w)) return parse_fail(p, what) != NULL;
  return parse_next(p);
}

static Node *choice(Parser *p) {
  size_t at = p->tok.at;
  Kids k = {0};
  static const struct { Word w; const char *what; } part[] = {
      {WORD_IF, "if"},
      {WORD_THEN, N_("then (if … then … else …)")},
      {WORD_ELSE, N_("else (if … then … else …)")}};
  for (int i = 0; i < 3; i++) {
    if (!take(p, part[i].w, part[i].what)) return NULL;
    Node *x = parse_expr(p);
    if (!x) return NULL;
    kids_add(p, &k, x, (Str){0});
  }
  return parse_node(p, N_IF, at, &k);
}

static bool new_name(Parser *p, Str *name) {
  if (p->tok.kind != TOK_NAME || parse_reserved(p)) return parse_fail(p, "a name of your own") != NULL;
  return parse_name(p, name);
}

/* x in list, or i in 1..10 */
static Node *domain(Parser *p) {
  size_t at = p->tok.at;
  Node *low = parse_expr(p), *high, *x;
  if (!low || !parse_is(p, SIGN_DOTS)) return low;
  if (!parse_next(p) || !(high = parse_expr(p))) return NULL;
  x = parse_node2(p, N_RANGE, at, low, high);
  if (x) x->op = VAL_RANGE_LOW_IN | VAL_RANGE_HIGH_IN | N_RANGE_STEPS;
  return x;
}

static Node *iteration(Parser *p, NodeKind kind, Word end, const char *what) {
  size_t at = p->tok.at, nknown = p->lx.nknown;
  Kids k = {0};
  do {
    Str name = {0};
    if (!parse_next(p) || !new_name(p, &name)) return NULL;
    if (!take(p, WORD_IN, "in (for x in list return …)")) return NULL;
    Node *x = domain(p);
    if (!x || !parse_declare(p, name)) return NULL;
    kids_add(p, &k, x, name);
  } while (parse_is(p, ','));
  if (!take(p, end, what)) return NULL;
  Node *body = parse_expr(p);
  p->lx.nknown = nknown;
  if (!body) return NULL;
  kids_add(p, &k, body, (Str){0});
  Node *x = parse_node(p, kind, at, &k);
  if (x) x->names = k.name, x->nname = k.n - 1;
  return x;
}

static bool parameters(Parser *p, Kids *name, Kids *type, bool *typed) {
  if (!parse_expect(p, '(', "( and the parameters")) return false;
  while (!(parse_is(p, ')') && name->n == 0)) {
    Str s = {0}, t = {0};
    if (!new_name(p, &s)) return false;
    if (parse_is(p, ':')) {
      if (!parse_next(p) || !parse_type(p, &t)) return false;
      *typed = true;
    }
    if (!parse_declare(p, s)) return false;
    kids_add(p, name, NULL, s);
    kids_add(p, type, NULL, t);
    if (!parse_is(p, ',')) break;
    if (!parse_next(p)) return false;
  }
  return parse_expect(p, ')', "a comma or ) in the parameters");
}

static Node *function(Parser *p) {
  size_t at = p->tok.at, nknown = p->lx.nknown;
  Kids name = {0}, type = {0};
  bool typed = false, external = false;
  if (!parse_next(p) || !parameters(p, &name, &type, &typed)) return NULL;
  if (parse_word(p, WORD_EXTERNAL)) {
    Tok word = p->tok;
    size_t end = p->end;
    if (!parse_next(p)) return NULL;
    external = parse_is(p, '{');
    if (!external) p->tok = word, p->end = end;
  }
  Node *body = parse_expr(p);
  p->lx.nknown = nknown;
  if (!body) return NULL;
  Node *x = parse_node1(p, N_FUNCTION, at, body);
  if (!x) return NULL;
  x->op = external;
  x->names = name.name;
  x->nname = name.n;
  if (typed) x->types = type.name;
  return x;
}

Node *parse_special(Parser *p) {
  switch (p->tok.word) {
    case WORD_IF: return choice(p);
    case WORD_FOR: return iteration(p, N_FOR, WORD_RETURN, "return (for x in list return …)");
    case WORD_SOME: return iteration(p, N_SOME, WORD_SATISFIES, "satisfies (some x in list satisfies …)");
    case WORD_EVERY: return iteration(p, N_EVERY, WORD_SATISFIES, "satisfies (every x in list satisfies …)");
    case WORD_FUNCTION: return function(p);
    default: return NULL;
  }
}
