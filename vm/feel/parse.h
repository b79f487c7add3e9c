/* Inside of the parser: one token at hand, recursive descent, nodes in the arena.
 * Every function that returns a Node returns NULL after an error; p->end is the
 * byte behind the last token taken. Only parse*.c and template.c include this. */
#ifndef FEEL_PARSE_H
#define FEEL_PARSE_H
#include "feel/lex.h"

typedef struct Parser {
  Lexer lx;
  Arena *a;
  Err *e;
  Tok tok;       /* at hand, not yet taken */
  size_t end;
  int nest;      /* how deep brackets and branches stand in one another */
  bool endpoint; /* in the upper end of a range: "[" may close it (]1..2[) */
  Node *given;   /* an operand already read in parentheses, for the next primary */
} Parser;

/* A parser over src text [from, to). src must lie in the arena. */
Parser parser_of(const Src *src, size_t from, size_t to, Dialect d, Arena *a, Err *e);
const Src *parser_src(const Src *src, Arena *a, Err *e); /* copied; NULL: text too long */

bool parse_next(Parser *p);                     /* takes the token at hand */
bool parse_is(const Parser *p, int sign);
bool parse_word(const Parser *p, Word w);
bool parse_starts_value(const Parser *p);       /* can the token at hand begin a value? */
bool parse_rules(const Parser *p);              /* the rules dialect? */
bool parse_reserved(const Parser *p);           /* a word that can be no name */
NodeOp parse_comparing(const Parser *p);        /* OP_EQ … OP_GE at hand, or 0 */
bool parse_deeper(Parser *p);                   /* one level down; the caller takes p->nest back */
bool parse_expect(Parser *p, int sign, const char *what);
Node *parse_fail(Parser *p, const char *wanted); /* "expected …, found …" at the token at hand */
bool parse_finish(Parser *p);                   /* nothing may follow */

Node *parse_expr(Parser *p);
Node *parse_additive(Parser *p);                /* an operand of a comparison */
Node *parse_primary(Parser *p);
Node *parse_bracket(Parser *p);                 /* [list] or a range */
Node *parse_round(Parser *p);                   /* (expr), (1..2), (< 5) */
Node *parse_range(Parser *p, Node *low, size_t at, bool low_in); /* from ".." on, with its end */
Node *parse_half_range(Parser *p, size_t at);   /* < 5 as a value, the range below 5: standard dialect */
Node *parse_test(Parser *p);                    /* one positive unary test */
Node *parse_cell_test(Parser *p);               /* the same in a cell, {expr} included */
Node *parse_words(const Src *src, Arena *a, Err *e); /* a cell under a text column */
Node *parse_in(Parser *p, Node *left, size_t at, int op); /* behind "in" */
Node *parse_within(Parser *p, size_t at);       /* "within" taken, no operand before it */
Node *parse_within_call(Parser *p, size_t at);  /* within(…) is no function: the error */
Node *parse_special(Parser *p);                 /* for if some every function; NULL, no error: none of them */
Node *parse_context(Parser *p);
Node *parse_at(Parser *p);                      /* @"…" */
Node *parse_call(Parser *p, Node *callee, Str name, size_t at); /* "(" at hand */
bool parse_name(Parser *p, Str *out);           /* joined in the standard dialect */
bool parse_label(Parser *p, Str *out);          /* "name:" of an argument or entry, taken only if it is one */
bool parse_type(Parser *p, Str *out);
bool parse_declare(Parser *p, Str name);        /* a name with blanks that holds from now on */

typedef struct Kids { /* grows in the arena */
  Node **v;
  Str *name;
  uint32_t n, cap;
} Kids;
void kids_add(Parser *p, Kids *k, Node *kid, Str name);
/* A node from byte `at` to p->end. NULL and an error when the tree grows too deep. */
Node *parse_node(Parser *p, NodeKind kind, size_t at, const Kids *kids);
Node *parse_node1(Parser *p, NodeKind kind, size_t at, Node *x);
Node *parse_node2(Parser *p, NodeKind kind, size_t at, Node *x, Node *y);
Node *parse_lit(Parser *p, size_t at, Val v, Unit unit);
/* "3月5日", "5-Mar", "Mar-05": what a spreadsheet makes of 3-5. */
bool parse_spreadsheet_date(Str s, int *a, int *b);
#endif
