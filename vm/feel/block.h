/* Text blocks of a playbook header: one definition a line, a deeper indent
 * continues it, // comments (outside quotes). Splits, does not parse rules. */
#ifndef FEEL_BLOCK_H
#define FEEL_BLOCK_H
#include "base/mem.h"
#include "feel/src.h"

typedef struct Def {   /* name : type = rule  // about */
  Src name;
  Src type;            /* text.n = 0 when absent */
  Src rule;            /* after "="; text.n = 0 when absent. May span lines */
  Str about;           /* the comment at its end, trimmed */
} Def;
/* Definitions of a block, in order. A line that is none, or a name twice, is an error. */
bool block_defs(const Src *block, Arena *a, Def **out, size_t *n, Err *e);

typedef struct Grid {  /* a decision table as text, cells not yet parsed */
  Src policy;                /* first cell of the heading: "first" */
  size_t nin, nout, nrow;
  Src *in, *out;             /* headings; a trailing "?" on an input stays in its text */
  Src *cell;                 /* nrow × (nin + nout); rows in order, else and unknown rows among them */
  enum GridMark { GRID_ROW, GRID_ELSE, GRID_UNKNOWN } *mark; /* nrow */
  int *line;                 /* of each row in its file */
  bool *note;                /* nout: a "note:" column (CSV) */
} Grid;
/* "first | a | b || x | why" with rows below; `||` ends the inputs. The first cell of a row is blank, "else"
 * or "unknown". Rows with another number of cells are errors that count them. A `|` inside quotes, { }
 * or [ ] is text. A heading line may be preceded by a // comment. */
bool grid_parse(const Src *text, Arena *a, Grid *out, Err *e);
/* Rows that start with their first cell, without a policy and without marks: the cases of a test
 * ("margin | drift || profit_type | because") and plain rows ("code | name | status", nout = 0). */
bool grid_parse_cases(const Src *text, Arena *a, Grid *out, Err *e);
/* The same from CSV text (first,区域,…,out:审批人,note:依据). Damage is told whole: places and faults as lines of one
 * error without a line of its own, whose `left` says that the table is refused. */
bool grid_parse_csv(const Src *text, Arena *a, Grid *out, Err *e);
/* CSV text with the blank tests that merged cells left filled from above, UTF-8 with its mark; how many were. */
bool grid_fill_down(const Src *text, Buf *out, size_t *filled, Err *e);

/* For a Lua file that failed to load: false and an error when a block opened with [[ ended at a "]]"
 * that belongs to a rule, as in [[ count(xs[ys[1]]) ]]. */
bool block_closed_early(const Src *file, Err *e);
#endif
