/* Pieces that both forms of a tree, S-expression and rule text, write alike. */
#ifndef FEEL_UNPARSE_H
#define FEEL_UNPARSE_H
#include "feel/ast.h"

const char *node_op_sign(int op);             /* "and", "=", "<=", … "" when there is none */
void node_lit(const Node *x, Buf *out);       /* 15%, "text", 90d, @"P1D", true, null */
void node_text(Str s, Buf *out);              /* quoted and escaped */
const char *node_low_sign(const Node *range); /* "[" or "(" */
const char *node_high_sign(const Node *range);
#endif
