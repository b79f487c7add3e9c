/* Who stands below whom, drawn: an organisation, a group of companies. Plain arrays in, rows with the lines that lead to
 * them out; nothing fails. Rows that stand above themselves (a ring in the data) are drawn once, from the first of them. */
#ifndef UI_TREE_H
#define UI_TREE_H
#include "base/mem.h"
#include "base/str.h"

enum { UI_TREE_TOP = -1, UI_TREE_LEVELS = 32 /* drawn unless another depth is asked for */, UI_TREE_MOST = 100 };

typedef struct UiTreeRow {
  size_t row;      /* index into what was given */
  int level;       /* 0: at the top */
  size_t below;    /* rows below it on all levels, those not drawn too */
  bool cut;        /* some of them are not drawn: they stand deeper than asked for */
  Str lead;        /* "│  ├─ " */
} UiTreeRow;

typedef struct UiTree {
  UiTreeRow *row;  /* trees in the order of their tops, each top before its rows; rows that stand alone last */
  size_t n;
  size_t trees, alone, rings;
  int levels;      /* of the deepest tree, drawn or not */
} UiTree;

/* above[i]: the row that i stands below, or UI_TREE_TOP; n of them. depth: levels drawn, 1…UI_TREE_MOST; 0: UI_TREE_LEVELS.
 * Everything lives in a. */
void ui_tree(const int64_t *above, size_t n, int depth, Arena *a, UiTree *out);
#endif
