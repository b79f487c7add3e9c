/* The decision tables of a DMN model as tables of the rules dialect, so that `pareto check` can look at each whole: an input
 * column is a field of its type and allowed values, whatever its expression is. Names are those of the model with _ for
 * what is no letter, digit or _. What rules cannot read is not looked into, and said so. */
#ifndef FEEL_DMN_LINT_H
#define FEEL_DMN_LINT_H
#include "feel/dmn.h"
#include "feel/rules.h"

typedef struct DmnLint {
  Str name;           /* of the decision or knowledge model the table stands in */
  int line;
  size_t rows;
  Rules *r;           /* checked, with the table alone; NULL: see why */
  const Err *why;     /* not looked into, or wrong */
  bool wrong;         /* a cell has no value that its column can have; else rules have no such form */
} DmnLint;
typedef bool (*DmnLintFn)(void *ctx, const DmnLint *t, Err *e);
/* Each table of the model itself, in order of the file; what fn is given lives until it returns. False: fn did. */
bool dmn_lint(const Dmn *m, DmnLintFn fn, void *ctx, Err *e);
#endif
