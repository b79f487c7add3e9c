/* Operators, from the tightest to the loosest; paths, filters and calls behind a value. */
#include "feel/parse.h"

#include "base/num.h"

static Node *binary(Parser *p, NodeOp op, size_t at, Node *l, Node *r) {
  if (!l || !r) return NULL;
  Node *x = parse_node2(p, N_BIN, at, l, r);
  if (x) x->op = (uint8_t)op;
  return x;
}

static bool folds(const Node *x, size_t at) { /* a number or duration right behind the minus */
  if (x->kind != N_LIT || x->at != at || x->op != LIT_PLAIN) return false;
  return val_is_num(x->lit) || x->lit.t == V_SECS || x->lit.t == V_MONTHS;
}

static Node *postfix(Parser *p);

static Node *instance(Parser *p) {
  size_t at = p->given ? p->given->at : p->tok.at;
  Node *x = postfix(p);
  while (x && parse_word(p, WORD_INSTANCE)) {
    Str type;
    if (!parse_next(p)) return NULL;
    if (!parse_word(p, WORD_OF)) return parse_fail(p, "of (x instance of number)");
    if (!parse_next(p) || !parse_type(p, &type)) return NULL;
    x = parse_node1(p, N_INSTANCE, at, x);
    if (x) x->name = type;
  }
  return x;
}

static Node *unary(Parser *p) {
  if (p->given || !parse_is(p, '-')) return instance(p);
  size_t at = p->tok.at;
  if (!parse_deeper(p) || !parse_next(p)) return NULL;
  size_t operand = p->tok.at;
  Node *x = unary(p);
  p->nest--;
  if (!x) return NULL;
  if (!folds(x, operand)) return parse_node1(p, N_NEG, at, x);
  if (val_is_num(x->lit)) x->lit = num_neg(x->lit, p->a);
  else x->lit.u.i = -x->lit.u.i;
  x->len += (uint32_t)(x->at - at);
  x->at = (uint32_t)at;
  return x;
}

static Node *power(Parser *p) {
  size_t at = p->given ? p->given->at : p->tok.at;
  Node *x = unary(p);
  while (x && parse_is(p, SIGN_POW)) {
    if (!parse_next(p)) return NULL;
    x = binary(p, OP_POW, at, x, unary(p));
  }
  return x;
}

static Node *product(Parser *p) {
  size_t at = p->given ? p->given->at : p->tok.at;
  Node *x = power(p);
  while (x && (parse_is(p, '*') || parse_is(p, '/'))) {
    NodeOp op = parse_is(p, '*') ? OP_MUL : OP_DIV;
    if (!parse_next(p)) return NULL;
    x = binary(p, op, at, x, power(p));
  }
  return x;
}

Node *parse_additive(Parser *p) {
  size_t at = p->given ? p->given->at : p->tok.at;
  Node *x = product(p);
  while (x && (parse_is(p, '+') || parse_is(p, '-'))) {
    NodeOp op = parse_is(p, '+') ? OP_ADD : OP_SUB;
    if (!parse_next(p)) return NULL;
    x = binary(p, op, at, x, product(p));
  }
  return x;
}

NodeOp parse_comparing(const Parser *p) {
  if (p->tok.kind != TOK_SIGN) return (NodeOp)0;
  switch (p->tok.sign) {
    case '=': return OP_EQ;
    case SIGN_NE: return OP_NE;
    case '<': return OP_LT;
    case SIGN_LE: return OP_LE;
    case '>': return OP_GT;
    case SIGN_GE: return OP_GE;
    default: return (NodeOp)0;
  }
}

static Node *call_of(Parser *p, const char *name, size_t at, Node *x) {
  if (!x) return NULL;
  Node *call = parse_node1(p, N_CALL, at, x);
  if (call) call->name = str_of(name);
  return call;
}

static Node *compare(Parser *p, NodeOp op, size_t at, Node *l) {
  if (!parse_next(p)) return NULL;
  Node *x = binary(p, op, at, l, parse_additive(p));
  if (x && parse_rules(p) && parse_comparing(p)) {
    parse_fail(p, "and, or or the end");
    err_todo(p->e, "a comparison has two sides; between limits: x between 1 and 3, or x in [1..3)");
    return NULL;
  }
  return x;
}

static Node *between(Parser *p, size_t at, Node *l) {
  Kids k = {0};
  if (!parse_next(p)) return NULL;
  Node *low = parse_additive(p);
  if (!low) return NULL;
  if (!parse_word(p, WORD_AND)) return parse_fail(p, "and (x between low and high)");
  if (!parse_next(p)) return NULL;
  Node *high = parse_additive(p);
  if (!high) return NULL;
  kids_add(p, &k, l, (Str){0});
  kids_add(p, &k, low, (Str){0});
  kids_add(p, &k, high, (Str){0});
  return parse_node(p, N_BETWEEN, at, &k);
}

static Node *in_window(Parser *p, size_t at, Node *l) {
  if (!parse_next(p)) return NULL;
  Node *w = parse_additive(p);
  return w ? parse_node2(p, N_WITHIN, at, l, w) : NULL;
}

/* x is known, x is unknown, x is not known */
static Node *is_known(Parser *p, size_t at, Node *l) {
  bool known, no = false;
  if (!parse_next(p)) return NULL;
  if (parse_word(p, WORD_NOT)) {
    no = true;
    if (!parse_next(p)) return NULL;
  }
  known = p->tok.kind == TOK_NAME && str_is(p->tok.name, "known");
  if (!known && !(p->tok.kind == TOK_NAME && str_is(p->tok.name, "unknown"))) {
    parse_fail(p, "known or unknown");
    err_todo(p->e, "x is known, x is unknown; to compare write x = null");
    return NULL;
  }
  if (!parse_next(p)) return NULL;
  Node *x = call_of(p, "known", at, l);
  return known == no ? call_of(p, "not", at, x) : x;
}

static Node *negated(Parser *p, size_t at, Node *l) { /* x not in, not between, not within */
  if (!parse_next(p)) return NULL;
  if (parse_word(p, WORD_IN)) return parse_next(p) ? parse_in(p, l, at, OP_NOT_IN) : NULL;
  if (parse_word(p, WORD_BETWEEN)) return call_of(p, "not", at, between(p, at, l));
  if (parse_word(p, WORD_WITHIN)) return call_of(p, "not", at, in_window(p, at, l));
  return parse_fail(p, "in (x not in (…))");
}

static Node *comparison(Parser *p) {
  size_t at = p->tok.at;
  Node *x;
  if (parse_rules(p) && parse_word(p, WORD_WITHIN)) {
    Tok word = p->tok;
    size_t end = p->end;
    if (!parse_next(p)) return NULL;
    if (parse_starts_value(p)) {
      x = parse_within(p, at);
    } else {
      p->tok = word, p->end = end;
      x = parse_additive(p);
    }
  } else if (!parse_rules(p) && parse_comparing(p)) {
    x = parse_half_range(p, at);
  } else {
    x = parse_additive(p);
  }
  while (x) {
    NodeOp op = parse_comparing(p);
    if (op) x = compare(p, op, at, x);
    else if (parse_word(p, WORD_BETWEEN)) x = between(p, at, x);
    else if (parse_word(p, WORD_IN)) x = parse_next(p) ? parse_in(p, x, at, 0) : NULL;
    else if (parse_rules(p) && parse_word(p, WORD_WITHIN)) x = in_window(p, at, x);
    else if (parse_rules(p) && parse_word(p, WORD_IS)) x = is_known(p, at, x);
    else if (parse_rules(p) && parse_word(p, WORD_NOT)) x = negated(p, at, x);
    else break;
  }
  return x;
}

static Node *negation(Parser *p) { /* not x, without parentheses: rules only */
  if (!parse_rules(p) || !parse_word(p, WORD_NOT)) return comparison(p);
  Tok word = p->tok;
  size_t end = p->end;
  if (!parse_next(p)) return NULL;
  if (parse_is(p, '(')) {
    p->tok = word, p->end = end;
    return comparison(p);
  }
  if (!parse_deeper(p)) return NULL;
  Node *x = negation(p);
  p->nest--;
  return call_of(p, "not", word.at, x);
}

static Node *conjunction(Parser *p) {
  size_t at = p->tok.at;
  Node *x = negation(p);
  while (x && parse_word(p, WORD_AND)) {
    if (!parse_next(p)) return NULL;
    x = binary(p, OP_AND, at, x, negation(p));
  }
  return x;
}

Node *parse_expr(Parser *p) {
  if (!parse_deeper(p)) return NULL;
  bool endpoint = p->endpoint;
  p->endpoint = false;
  size_t at = p->tok.at;
  Node *x = conjunction(p);
  while (x && parse_word(p, WORD_OR)) {
    if (!parse_next(p)) return NULL;
    x = binary(p, OP_OR, at, x, conjunction(p));
  }
  p->endpoint = endpoint;
  p->nest--;
  return x;
}

/* --- paths, filters, calls */

static Node *path(Parser *p, size_t at, Node *x) {
  Str name;
  if (!parse_next(p)) return NULL;
  if (p->tok.kind != TOK_NAME) return parse_fail(p, "a name after the dot");
  if (!parse_name(p, &name)) return NULL;
  Node *y = parse_node1(p, N_PATH, at, x);
  if (y) y->name = name;
  return y;
}

static Node *filter(Parser *p, size_t at, Node *x) {
  if (!parse_next(p)) return NULL;
  if (parse_is(p, ']')) return parse_fail(p, "a condition or a position in the brackets");
  Node *cond = parse_expr(p);
  if (!cond || !parse_expect(p, ']', "] to close the brackets")) return NULL;
  return parse_node2(p, N_FILTER, at, x, cond);
}

/* In ]1..2[ the last bracket opens nothing: no value can follow it. */
static bool closes_range(Parser *p) {
  Tok next;
  if (!p->endpoint || !lex_at(&p->lx, p->tok.at + p->tok.len, &next)) return false;
  Parser ahead = *p;
  ahead.tok = next;
  return !parse_starts_value(&ahead) || next.sign == ']';
}

static Node *postfix(Parser *p) {
  size_t at = p->given ? p->given->at : p->tok.at;
  Node *x = parse_primary(p);
  while (x) {
    if (parse_is(p, '.')) x = path(p, at, x);
    else if (parse_is(p, '[') && !closes_range(p)) x = p->e->kind ? NULL : filter(p, at, x);
    else if (parse_is(p, '(')) x = parse_call(p, x, (Str){0}, at);
    else break;
  }
  return x;
}
