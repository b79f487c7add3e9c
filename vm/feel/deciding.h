/* A table on its way to a decision, between the files that decide it: decide.c has the whole, decide_hit.c
 * the rows that hit and the hit policies, decide_fault.c the errors, which name the case. */
#ifndef FEEL_DECIDING_H
#define FEEL_DECIDING_H
#include "feel/decider.h"

typedef struct Deciding {
  Eval *ev;
  const Table *t;
  Frame *f;
  int32_t *row, *blocked;   /* by case */
  int32_t *grid;            /* by case: the grid row that gives the outputs, -1 = none */
  Val *in;                  /* n × nin: where inputs stay; or NULL, and row, blocked and out are the frame's own */
  bool *placed;             /* by input: it stands there */
  Val *out;                 /* n × nout */
  const Decider *compiled;  /* or NULL: cell by cell */
  uint64_t *hit, *maybe;    /* compiled: the rows of each case, by place among the plain rows; of `first` those of a slice */
  size_t words;
  uint8_t *plain;           /* by grid row: its outputs are the same for every case, and stay */
} Deciding;

enum { GRID_OPEN = -2, GRID_NULL = -1 };

static inline const Cell *deciding_cell(const Table *t, size_t row, size_t col) {
  return &t->cell[row * (t->info.nin + t->info.nout) + col];
}

/* No case has a row yet. */
void deciding_open(Deciding *d);
/* The first row that may hold decides cases from..from + n, whose sets are at hand. */
void deciding_first(Deciding *d, const Decider *compiled, size_t from, size_t n);
/* By the table's policy: grid, row and blocked of every case; of policies that join several hits, their outputs. */
bool deciding_hits(Deciding *d);
/* The output cells of a grid row for the cases sel[0..n), to their places (nout apart). */
bool deciding_outputs(Deciding *d, size_t row, const uint32_t *sel, size_t n);

/* True when every case has a row; else the error, with the row that is lacking. */
bool deciding_fault_none(Deciding *d);
/* Always false: rows a and b of case i, and why they may not both hit. */
bool deciding_fault_two(Deciding *d, size_t i, int32_t a, int32_t b, const char *why);
#endif
