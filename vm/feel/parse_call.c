/* Calls with their arguments and options, and the crowd that is no function. */
#include "feel/parse.h"

/* Is there a comma directly inside the parentheses at hand? Looked for in the next few hundred
 * tokens only: the question comes up at every level of a hostile text. */
static bool several(const Parser *p) {
  enum { FAR = 500 };
  Err ignored = {0};
  Parser q = *p;
  q.e = q.lx.e = &ignored;
  int open = 0, seen = 0;
  bool comma = false;
  do {
    if (parse_is(&q, '(') || parse_is(&q, '[') || parse_is(&q, '{')) open++;
    if (parse_is(&q, ')') || parse_is(&q, ']') || parse_is(&q, '}')) open--;
    if (parse_word(&q, WORD_FOR) || parse_word(&q, WORD_SOME) || parse_word(&q, WORD_EVERY)) break;
    comma = open == 1 && parse_is(&q, ',');
  } while (!comma && open > 0 && seen++ < FAR && parse_next(&q) && q.tok.kind != TOK_END);
  err_free(&ignored);
  return comma;
}

static Str written(const Parser *p, const Node *x) {
  return str_sub(p->lx.src->text, x->at, x->at + x->len);
}

static bool is_call(const Node *x) { return x->kind == N_CALL && x->op == CALL_NAME && x->nkid; }

/* within(g, rank(x)) <= 3  ->  rank(x, within g) <= 3, when it can be read so. */
static bool rewrite(const Parser *p, Buf *out, Str *name) {
  Err ignored = {0};
  Parser q = *p;
  q.e = q.lx.e = &ignored;
  Node *a = NULL, *b = NULL;
  bool ok = parse_next(&q) && (a = parse_expr(&q)) && parse_is(&q, ',') && parse_next(&q) &&
            (b = parse_expr(&q)) && parse_is(&q, ')') && parse_next(&q);
  if (ok && !is_call(b)) {
    Node *swap = a;
    a = b, b = swap;
  }
  ok = ok && is_call(b);
  if (ok) {
    size_t tail = q.end, to = tail;
    if (parse_comparing(&q) && parse_next(&q) && parse_additive(&q)) to = q.end;
    Str call = written(p, b);
    *name = b->name;
    buf_printf(out, "%.*s, within %.*s)%.*s", (int)call.n - 1, call.p, STR_ARG(written(p, a)),
               STR_ARG(str_sub(p->lx.src->text, tail, to)));
  }
  err_free(&ignored);
  return ok;
}

Node *parse_within_call(Parser *p, size_t at) {
  Buf b = {0};
  Str name = STR("rank");
  bool ok = rewrite(p, &b, &name);
  src_err(p->e, p->lx.src, at, sizeof "within" - 1,
          "within(…) is no function; a crowd is an option of %.*s", STR_ARG(name));
  err_todo(p->e, "write  %s", ok ? b.p : "rank(x, within g)");
  buf_free(&b);
  return NULL;
}

Node *parse_within(Parser *p, size_t at) {
  if (parse_is(p, '(') && several(p)) return parse_within_call(p, at);
  Node *w = parse_additive(p);
  return w ? parse_node2(p, N_WITHIN, at, NULL, w) : NULL;
}

/* within g, among cond. NULL without an error: no option stands here. */
static Node *option(Parser *p) {
  if (!parse_rules(p) || !(parse_word(p, WORD_WITHIN) || parse_word(p, WORD_AMONG))) return NULL;
  Tok word = p->tok;
  size_t end = p->end;
  if (!parse_next(p)) return NULL;
  if (!parse_starts_value(p)) {
    p->tok = word, p->end = end;
    return NULL;
  }
  if (word.word == WORD_WITHIN && parse_is(p, '(') && several(p)) return parse_within_call(p, word.at);
  Node *x = parse_expr(p);
  if (!x) return NULL;
  x = parse_node1(p, N_OPT, word.at, x);
  if (x) x->name = word.name;
  return x;
}

static Node *argument(Parser *p, Str *name) {
  *name = (Str){0};
  Node *x = option(p);
  if (x || p->e->kind) return x;
  if (!parse_label(p, name)) return NULL;
  return parse_expr(p);
}

static bool mixed(Parser *p, size_t at, bool named, bool placed) {
  if (!named || !placed) return false;
  src_err(p->e, p->lx.src, at, p->end - at, "arguments are given by name or by place, not both");
  return true;
}

Node *parse_call(Parser *p, Node *callee, Str name, size_t at) {
  Kids k = {0};
  bool named = false, placed = false;
  if (callee) kids_add(p, &k, callee, (Str){0});
  uint32_t first = k.n;
  bool endpoint = p->endpoint;
  p->endpoint = false;
  if (!parse_next(p)) return NULL;
  while (!(parse_is(p, ')') && k.n == first)) {
    size_t from = p->tok.at;
    Str label;
    Node *x = argument(p, &label);
    if (!x) return NULL;
    named = named || label.n;
    placed = placed || (!label.n && x->kind != N_OPT);
    if (mixed(p, from, named, placed)) return NULL;
    kids_add(p, &k, x, label);
    if (!parse_is(p, ',')) break;
    if (!parse_next(p)) return NULL;
  }
  p->endpoint = endpoint;
  if (!parse_expect(p, ')', "a comma or ) in the arguments")) return NULL;
  Node *x = parse_node(p, N_CALL, at, &k);
  if (!x) return NULL;
  x->op = callee ? CALL_EXPR : CALL_NAME;
  x->name = name;
  if (named) x->names = k.name;
  return x;
}
