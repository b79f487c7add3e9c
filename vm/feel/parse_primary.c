/* Values, names, calls, lists, ranges, contexts. */
#include "feel/parse.h"

#include "feel/temporal.h"

static Node *name_or_call(Parser *p) {
  size_t at = p->tok.at;
  bool within = parse_word(p, WORD_WITHIN);
  Str name;
  if (parse_reserved(p) && !parse_word(p, WORD_NOT)) return parse_fail(p, "a value");
  if (!parse_name(p, &name)) return NULL;
  if (within && parse_is(p, '(')) return parse_within_call(p, at);
  if (parse_is(p, '(')) return parse_call(p, NULL, name, at);
  if (str_is(name, "not")) return parse_fail(p, "( after not");
  Node *x = parse_node(p, N_NAME, at, NULL);
  x->name = name;
  return x;
}

static Node *constant(Parser *p) {
  Val v = parse_word(p, WORD_NULL) ? val_null() : val_bool(parse_word(p, WORD_TRUE));
  size_t at = p->tok.at;
  return parse_next(p) ? parse_lit(p, at, v, UNIT_NONE) : NULL;
}

static Node *literal(Parser *p) {
  Tok t = p->tok;
  return parse_next(p) ? parse_lit(p, t.at, t.lit, t.unit) : NULL;
}

Node *parse_primary(Parser *p) {
  if (p->given) {
    Node *x = p->given;
    p->given = NULL;
    return x;
  }
  if (p->tok.kind == TOK_LIT) return literal(p);
  if (p->tok.kind == TOK_NAME) switch (p->tok.word) {
      case WORD_TRUE: case WORD_FALSE: case WORD_NULL: return constant(p);
      case WORD_IF: case WORD_FOR: case WORD_SOME: case WORD_EVERY: case WORD_FUNCTION:
        return parse_special(p);
      default: return name_or_call(p);
    }
  if (p->tok.kind == TOK_SIGN) switch (p->tok.sign) {
      case '(': return parse_round(p);
      case '[': case ']': return parse_bracket(p);
      case '{': return parse_context(p);
      case '@': return parse_at(p);
      default: break;
    }
  return parse_fail(p, "a value");
}

Node *parse_half_range(Parser *p, size_t at) {
  NodeOp op = parse_comparing(p);
  if (op == OP_NE && parse_rules(p)) return parse_fail(p, "a value");
  if (!parse_deeper(p) || !parse_next(p)) return NULL;
  Node *x = parse_additive(p);
  p->nest--;
  if (!x) return NULL;
  bool both = op == OP_EQ || op == OP_NE, low = both || op == OP_GT || op == OP_GE, high = both || !low;
  Node *r = parse_node2(p, N_RANGE, at, low ? x : NULL, high ? x : NULL);
  if (!r) return NULL;
  if (op == OP_GE || op == OP_EQ) r->op |= VAL_RANGE_LOW_IN;
  if (op == OP_LE || op == OP_EQ) r->op |= VAL_RANGE_HIGH_IN;
  if (both && !parse_rules(p)) r->op |= op == OP_EQ ? VAL_RANGE_ONE : VAL_RANGE_OTHER;
  return r;
}

/* (expr), (1..2] */
Node *parse_round(Parser *p) {
  size_t at = p->tok.at;
  if (!parse_next(p)) return NULL;
  Node *x = parse_expr(p);
  if (!x) return NULL;
  if (parse_is(p, SIGN_DOTS)) return parse_range(p, x, at, false);
  if (parse_is(p, ',')) {
    parse_fail(p, ") to close the parenthesis");
    err_todo(p->e, "a list stands in brackets: [1, 2]");
    return NULL;
  }
  return parse_expect(p, ')', ") to close the parenthesis") ? x : NULL;
}

Node *parse_range(Parser *p, Node *low, size_t at, bool low_in) {
  bool endpoint = p->endpoint;
  if (!parse_deeper(p) || !parse_next(p)) return NULL;
  p->endpoint = true;
  Node *high = parse_additive(p);
  p->endpoint = endpoint;
  p->nest--;
  if (!high) return NULL;
  bool high_in = parse_is(p, ']');
  if (!high_in && !parse_is(p, ')') && !parse_is(p, '[')) return parse_fail(p, "] or ) to close the range");
  if (!parse_next(p)) return NULL;
  Node *x = parse_node2(p, N_RANGE, at, low, high);
  if (x) x->op = (uint8_t)((low_in ? VAL_RANGE_LOW_IN : 0) | (high_in ? VAL_RANGE_HIGH_IN : 0));
  return x;
}

Node *parse_bracket(Parser *p) {
  size_t at = p->tok.at;
  bool low_in = parse_is(p, '[');
  Kids k = {0};
  if (!parse_next(p)) return NULL;
  while (!(low_in && parse_is(p, ']') && k.n == 0)) {
    Node *x = parse_expr(p);
    if (!x) return NULL;
    if (k.n == 0 && parse_is(p, SIGN_DOTS)) return parse_range(p, x, at, low_in);
    if (!low_in) return parse_fail(p, ".. (an open range: ]1..2[)");
    kids_add(p, &k, x, (Str){0});
    if (!parse_is(p, ',')) break;
    if (!parse_next(p)) return NULL;
  }
  if (!parse_expect(p, ']', "] to close the list")) return NULL;
  return parse_node(p, N_LIST, at, &k);
}

Node *parse_context(Parser *p) {
  size_t at = p->tok.at, nknown = p->lx.nknown;
  Kids k = {0};
  if (!parse_next(p)) return NULL;
  while (!(parse_is(p, '}') && k.n == 0)) {
    Str key = {0};
    if (p->tok.kind == TOK_LIT && p->tok.lit.t == V_TEXT) {
      key = val_str(p->tok.lit);
      if (!parse_next(p) || !parse_expect(p, ':', ": after the name of an entry")) return NULL;
    } else {
      if (!parse_label(p, &key)) return NULL;
      if (!key.p) return parse_fail(p, "the name of an entry and a colon: { name: value }");
    }
    Node *x = parse_expr(p);
    if (!x || !parse_declare(p, key)) return NULL;
    kids_add(p, &k, x, key);
    if (!parse_is(p, ',')) break;
    if (!parse_next(p)) return NULL;
  }
  p->lx.nknown = nknown;
  if (!parse_expect(p, '}', "} to close the context")) return NULL;
  Node *x = parse_node(p, N_CONTEXT, at, &k);
  if (x) x->names = k.name;
  return x;
}

Node *parse_at(Parser *p) {
  size_t at = p->tok.at;
  Val v = val_null();
  if (!parse_next(p)) return NULL;
  if (p->tok.kind != TOK_LIT || p->tok.lit.t != V_TEXT)
    return parse_fail(p, "a date, time or duration in quotes");
  Str text = val_str(p->tok.lit);
  bool ok = parse_rules(p) ? temporal_parse(text, p->a, &v) : temporal_parse_standard(text, p->a, &v);
  if (!ok && parse_rules(p)) {
    src_err(p->e, p->lx.src, p->tok.at, p->tok.len, "%.*s is no date, time or duration", STR_ARG(text));
    err_todo(p->e, "@\"2026-11-01\", @\"08:30:00\", @\"2026-11-01T08:30:00\", @\"P90D\", @\"P12M\"");
    return NULL;
  }
  if (!parse_next(p)) return NULL;
  Node *x = parse_lit(p, at, v, UNIT_NONE);
  x->op = ok ? LIT_AT : LIT_PLAIN;
  return x;
}
