/* The syntax tree of the rule language, both dialects. Nodes live in the arena
 * they were parsed into; nobody frees one. The parser fills everything up to
 * `unit`; `type`, `ref` and `slot` are the checker's. */
#ifndef FEEL_AST_H
#define FEEL_AST_H
#include "base/format.h"
#include "feel/src.h"
#include "feel/type.h"

typedef enum Dialect { DIALECT_RULES, DIALECT_STANDARD } Dialect;

typedef enum NodeKind {
  N_LIT,      /* lit, unit (15% has UNIT_PERCENT, 90d is V_SECS); op = LIT_* says how it was written */
  N_NAME,     /* name */
  N_PATH,     /* kid[0] . name */
  N_CALL,     /* name(kid…); with op = CALL_EXPR kid[0] is the callee (x.top(2)) and the rest the
                 arguments. names[i] is the i-th kid's parameter name, or NULL when all by position */
  N_OPT,      /* an option of a call: within g, among cond. name = "within" | "among", kid[0] */
  N_BIN,      /* op: OP_*, kid[0], kid[1] */
  N_NEG,      /* - kid[0] */
  N_BETWEEN,  /* kid[0] between kid[1] and kid[2] */
  N_IN,       /* kid[0] in kid[1..]: each a test (N_TEST, N_RANGE, N_ANY, expression) */
  N_WITHIN,   /* kid[0] within kid[1]; kid[0] is NULL for the row's own day: surveys[within 12m] */
  N_TEST,     /* unary test: op kid[0], the value tested is implied (OP_EQ … OP_GE) */
  N_TESTS,    /* unary tests, any of kid…; op = 1: not(…) of them */
  N_ANY,      /* the cell "-" */
  N_RANGE,    /* kid[0] .. kid[1] (either may be NULL in the standard dialect), op = VAL_RANGE_*, N_RANGE_STEPS */
  N_IF,       /* kid[0] then kid[1] else kid[2] */
  N_FOR,      /* names[i] in kid[i] …, return kid[nkid-1] */
  N_SOME, N_EVERY, /* names[i] in kid[i] …, satisfies kid[nkid-1] */
  N_FILTER,   /* kid[0] [ kid[1] ] */
  N_LIST,     /* [kid…] */
  N_CONTEXT,  /* { names[i] : kid[i] } */
  N_FUNCTION, /* function(names…) kid[0], names[i] with i < nname; types[i] as declared or empty.
                 op = 1: external, kid[0] is the context that names it */
  N_INSTANCE, /* kid[0] instance of name */
  N_TEMPLATE  /* text with {expr:fmt}: kid[i] a N_LIT text or a N_HOLE */
  , N_HOLE    /* kid[0], fmt */
} NodeKind;

enum { CALL_NAME = 0, CALL_EXPR = 1 };
enum { LIT_PLAIN = 0,
       LIT_WORD = 1, /* a bare word of a cell under a text column: 'A', or the name of an arg */
       LIT_AT = 2 }; /* @"2020-01-01" */
enum { N_RANGE_STEPS = 16 }; /* for i in 3..1: of N_RANGE, beside VAL_RANGE_* */
enum { FEEL_DEPTH = 1000 }; /* no tree is deeper: walkers may recurse */

typedef enum NodeOp {
  OP_OR = 1, OP_AND, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_POW,
  OP_NOT_IN /* on N_IN: not in */
} NodeOp;

typedef struct Node {
  uint8_t kind; /* NodeKind */
  uint8_t op;
  uint16_t depth;   /* of the tree below, this node included */
  uint32_t at, len; /* bytes in *src */
  const Src *src;
  Str name;
  Val lit;
  Unit unit;
  Fmt fmt;
  uint32_t nkid, nname;
  struct Node **kid;
  Str *names;
  Str *types; /* N_FUNCTION parameter types, else NULL */
  Type type;  /* what the checker found */
  const void *ref; /* what the name resolved to */
  int32_t slot;
} Node;

/* Parses one expression; the whole text must be used. NULL and an error otherwise. The Src itself is
 * copied into the arena, its text is not. */
Node *feel_parse(const Src *src, Dialect d, Arena *a, Err *e);
/* The same where names with spaces or signs are known (standard dialect): the longest that fits is
 * taken. Other words that stand side by side are read as one name with spaces. */
Node *feel_parse_named(const Src *src, Dialect d, const Str *known, size_t nknown, Arena *a, Err *e);
Node *feel_parse_tests_named(const Src *src, Dialect d, const Str *known, size_t nknown, Arena *a, Err *e);
/* Parses the unary tests of a decision table cell: "-", "< 5, > 9", "[1..2)", "not(A)", "{expr}".
 * In the rules dialect with `words` bare words separated by commas are text values (LIT_WORD); true,
 * false and null stay what they are. The root is N_ANY for "-", else N_TESTS. */
Node *feel_parse_tests(const Src *src, Dialect d, bool words, Arena *a, Err *e);
/* Parses a template: plain text with {expr} and {expr:fmt}; "{{" is a brace. */
Node *feel_parse_template(const Src *src, Dialect d, Arena *a, Err *e);

typedef struct Column { /* one of "name, owner.name, earned:万 as 利润" */
  Node *expr;
  Fmt fmt;
  uint32_t fmt_at, fmt_len; /* where it is written, behind its colon */
  Str title; /* "as …", or the text as written (owner.name: "owner"; with ", 万" for a scaled format) */
  bool descending; /* only for sort keys: a leading "-" before something that is not a number is
                      the checker's to read; the parser leaves N_NEG in place */
} Column;
bool feel_parse_columns(const Src *src, Dialect d, Arena *a, Column **out, size_t *n, Err *e);

/* The tree as an S-expression, for tests: (and (= tier "A") (>= churn_risk red)). */
void feel_dump(const Node *x, Buf *out);
/* The tree back as rule text, canonical. */
void feel_unparse(const Node *x, Buf *out);
#endif
