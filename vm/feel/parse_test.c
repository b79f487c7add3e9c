/* Unary tests: "< 5", "[1..2)", "A, B", what stands behind "in". */
#include "feel/parse.h"

#include <stdio.h>

Node *parse_test(Parser *p) {
  size_t at = p->tok.at;
  NodeOp op = parse_comparing(p);
  if (!op) return parse_expr(p);
  if (!parse_next(p)) return NULL;
  Node *x = parse_additive(p);
  if (x) x = parse_node1(p, N_TEST, at, x);
  if (x) x->op = (uint8_t)op;
  return x;
}

static bool goes_on(const Parser *p) { /* is the parenthesis before only the start of an operand? */
  if (parse_word(p, WORD_INSTANCE)) return true;
  switch (p->tok.kind == TOK_SIGN ? p->tok.sign : 0) {
    case '+': case '-': case '*': case '/': case '.': case '[': case '(': case SIGN_POW: return true;
    default: return false;
  }
}

/* in (a, < 5, [1..2]), in (1..2), in (a) + 1. "(" at hand. */
static bool in_parentheses(Parser *p, Kids *k) {
  size_t at = p->tok.at;
  bool closed = false; /* by a range: (1..2] */
  do {
    if (!parse_next(p)) return false;
    Node *x = parse_test(p);
    if (!x) return false;
    if (parse_is(p, SIGN_DOTS) && k->n == 1 && x->kind != N_TEST) {
      x = parse_range(p, x, at, false);
      if (!x) return false;
      closed = true;
    }
    kids_add(p, k, x, (Str){0});
  } while (!closed && parse_is(p, ','));
  if (!closed && !parse_expect(p, ')', "a comma or ) in the list behind in")) return false;
  if (k->n != 2 || k->v[1]->kind == N_TEST || !goes_on(p)) return true;
  p->given = k->v[1];
  k->v[1] = parse_additive(p);
  return k->v[1] != NULL;
}

Node *parse_in(Parser *p, Node *left, size_t at, int op) {
  Kids k = {0};
  kids_add(p, &k, left, (Str){0});
  if (parse_is(p, '(')) {
    if (!in_parentheses(p, &k)) return NULL;
  } else {
    Node *x = parse_comparing(p) ? parse_test(p) : parse_additive(p);
    if (!x) return NULL;
    kids_add(p, &k, x, (Str){0});
  }
  Node *x = parse_node(p, N_IN, at, &k);
  if (x) x->op = (uint8_t)op;
  return x;
}

/* --- cells of a decision table */

/* {expr} as a whole, or the operand of a comparison; a context has "name:" behind its brace. */
static Node *braced(Parser *p) {
  Tok brace = p->tok;
  size_t end = p->end;
  Str label = {0};
  if (!parse_next(p)) return NULL;
  bool context = parse_is(p, '}') || (p->tok.kind == TOK_LIT && p->tok.lit.t == V_TEXT);
  if (!context && !parse_label(p, &label)) return NULL;
  if (label.n) context = true;
  if (context) {
    p->tok = brace, p->end = end;
    return parse_expr(p);
  }
  Node *x = parse_expr(p);
  return x && parse_expect(p, '}', "} to close the expression") ? x : NULL;
}

Node *parse_cell_test(Parser *p) {
  size_t at = p->tok.at;
  NodeOp op = parse_comparing(p);
  if (op && !parse_next(p)) return NULL;
  Node *x = parse_rules(p) && parse_is(p, '{') ? braced(p) : op ? parse_additive(p) : parse_expr(p);
  if (!op || !x) return x;
  x = parse_node1(p, N_TEST, at, x);
  if (x) x->op = (uint8_t)op;
  return x;
}

static Node *cell_list(Parser *p) {
  Kids k = {0};
  size_t at = p->tok.at;
  for (;;) {
    Node *x = parse_cell_test(p);
    if (!x) return NULL;
    kids_add(p, &k, x, (Str){0});
    if (!parse_is(p, ',')) break;
    if (!parse_next(p)) return NULL;
  }
  return parse_node(p, N_TESTS, at, &k);
}

/* not(…) around the whole cell; "not" is taken, "(" at hand. */
static Node *none_of(Parser *p, size_t at) {
  if (!parse_next(p)) return NULL;
  Node *x = cell_list(p);
  if (!x || !parse_expect(p, ')', "a comma or ) behind not(")) return NULL;
  x->op = 1;
  x->at = (uint32_t)at;
  x->len = (uint32_t)(p->end - at);
  return x;
}

/* A cell that begins with not( is a negated list; or an expression when it goes on behind
 * the parenthesis, or when only that can be read. */
static Node *negated(Parser *p, size_t at) {
  Err as_list = {0}, as_expr = {0};
  Parser q = *p;
  q.e = q.lx.e = &as_list;
  Node *x = parse_next(&q) && parse_is(&q, '(') ? none_of(&q, at) : NULL;
  if (!x || q.tok.kind != TOK_END) {
    bool list = x != NULL;
    q = *p;
    q.e = q.lx.e = &as_expr;
    x = cell_list(&q);
    if (!x) err_move(p->e, list || !as_list.kind ? &as_expr : &as_list);
  }
  err_free(&as_list);
  err_free(&as_expr);
  q.e = q.lx.e = p->e;
  *p = q;
  return x;
}

static Node *cell(Parser *p) {
  return parse_word(p, WORD_NOT) ? negated(p, p->tok.at) : cell_list(p);
}

static Node *any(Parser *p, size_t at) {
  return parse_next(p) ? parse_node(p, N_ANY, at, NULL) : NULL;
}

bool parse_spreadsheet_date(Str s, int *a, int *b) {
  static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char copy[32];
  int used = 0;
  if (s.n >= sizeof copy) return false;
  for (size_t i = 0; i < s.n; i++) copy[i] = s.p[i];
  copy[s.n] = 0;
  if (sscanf(copy, "%2d月%2d日%n", a, b, &used) == 2 && used == (int)s.n) return true;
  for (int m = 0; m < 12; m++) {
    char name[4] = "";
    bool fits = sscanf(copy, "%2d-%3[A-Za-z]%n", b, name, &used) == 2 && used == (int)s.n;
    fits = fits || (sscanf(copy, "%3[A-Za-z]-%2d%n", name, b, &used) == 2 && used == (int)s.n);
    if (fits && str_is(str_of(name), month[m])) {
      *a = m + 1;
      return true;
    }
  }
  return false;
}

static bool damaged(const Src *src, Err *e) {
  Str s = str_trim(src->text);
  int a, b;
  size_t at = (size_t)(s.p - src->text.p);
  if (!s.n) {
    src_err(e, src, 0, 0, "blank");
    err_todo(e, "write - for \"any\"");
    return true;
  }
  if (!parse_spreadsheet_date(s, &a, &b)) return false;
  src_err(e, src, at, s.n, "\"%.*s\" is no test for a number. A spreadsheet made a date of %d-%d",
          STR_ARG(s), a, b);
  err_todo(e, "write [%d..%d]", a, b);
  return true;
}

static Node *tests(const Src *src, Dialect d, const Str *known, size_t nknown, Arena *a, Err *e) {
  Parser p = parser_of(src, 0, src->text.n, d, a, e);
  p.lx.known = known, p.lx.nknown = nknown;
  if (!parse_next(&p)) return NULL;
  Tok first = p.tok;
  Node *x = NULL;
  if (parse_is(&p, '-')) { /* "-" alone, or the sign of a number */
    if (!parse_next(&p)) return NULL;
    bool alone = p.tok.kind == TOK_END;
    p.tok = first, p.end = 0;
    if (alone) x = any(&p, first.at);
  }
  if (!x) x = cell(&p);
  bool and_or = parse_word(&p, WORD_AND) || parse_word(&p, WORD_OR);
  if (x && parse_finish(&p)) return x;
  if (x && and_or) err_todo(e, "limits stand in a range, [5..9); alternatives behind commas: < 5, > 9");
  return NULL;
}

Node *feel_parse_tests_named(const Src *src, Dialect d, const Str *known, size_t nknown, Arena *a, Err *e) {
  src = parser_src(src, a, e);
  return src && !damaged(src, e) ? tests(src, d, known, nknown, a, e) : NULL;
}

Node *feel_parse_tests(const Src *src, Dialect d, bool words, Arena *a, Err *e) {
  if (!words || d == DIALECT_STANDARD) return feel_parse_tests_named(src, d, NULL, 0, a, e);
  src = parser_src(src, a, e);
  return src && (str_trim(src->text).n || !damaged(src, e)) ? parse_words(src, a, e) : NULL;
}
