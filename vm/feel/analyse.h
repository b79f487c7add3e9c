/* A decision table looked at whole, before anything runs: cases that no row takes, rows that overlap,
 * rows that can never be reached or change nothing, columns that never decide. Exact over the tests of
 * cells, with args as they stand and the unknown as a value of its own; a cell that does more than test
 * its column (Parts, opaque) may hold or not, and nothing is claimed that depends on it.
 *
 * Findings and their texts live in the arena given. */
#ifndef FEEL_ANALYSE_H
#define FEEL_ANALYSE_H
#include "feel/rules.h"

typedef enum FindingKind {
  FIND_GAP,         /* cases that no row takes */
  FIND_OVERLAP,     /* rows that take the same cases */
  FIND_NEVER,       /* a row that no case can hit */
  FIND_UNREACHABLE, /* a row that earlier or higher rows leave nothing */
  FIND_REDUNDANT,   /* a row without which nothing would change */
  FIND_COLUMN,      /* a column that never decides */
  FIND_OPAQUE,      /* a cell that is not looked into */
  FIND_LARGE,       /* given up: the rows interlock too much */
  FIND_POLICY       /* policy.h */
} FindingKind;

typedef struct Finding {
  FindingKind kind;
  bool error;        /* else a note */
  const char *file;  /* of the table, or NULL */
  int line;
  int32_t row, other;/* 0 = none */
  const char *column;/* or NULL */
  const char *what, *todo; /* sentences; todo may be NULL */
  bool broken;       /* whatever the data: no table that has it is used */
  const Src *cell;   /* where the row says so, or NULL */
  const Val *example;/* a case, by input, or NULL */
} Finding;

/* The table as it stands with the args and the day of `ev`: errors before notes, each by row. */
size_t table_analyse(Eval *ev, const TableInfo *info, Arena *a, const Finding **out);
/* Refuses the namespace when a table of it, or of a rulebook that it uses, is broken beyond doubt: a cell that no
 * value fits, a row that is never reached, rows that overlap in unique or contradict each other in any. What is so
 * only because of an arg's value is not, except that rows overlap. Gaps are told when a case falls into one. */
bool tables_sound(Rules *r, Day asof, Err *e);
const char *finding_name(FindingKind k); /* "gap", "overlap" … */
const char *hit_policy_name(HitPolicy p);
const char *table_file(const TableInfo *t); /* or NULL */
#endif
