/* What `whatif` found, on its way to be told: two plans of one playbook held side by side. Internal to verb/whatif*.c. */
#ifndef VERB_WHATIF_H
#define VERB_WHATIF_H
#include "run/whatif.h"
#include "verb/play.h"

struct Found;

typedef struct What {
  Cli *c;
  Play was, now;
  Plan *before, *after;
  WhatIf found;
  Expr **total; /* columns of the rows, asked under the playbook as it stands */
  size_t ntotal;
  Val *figure;  /* nchange × ntotal; rows of other entities than the playbook's have none */
  Report rep;
} What;

typedef struct Move { /* rows of one table that go from one value to another */
  const WhatIfChange *first;
  size_t n;
  Val *sum; /* ntotal */
} Move;

/* "fade 3 % for 1 %, table kinds new.csv"; nothing when nothing was changed. */
void whatif_given(const What *w, Buf *out);
/* Columns of `text`, or the playbook's own figures in money, the first few; what they are of every change. */
bool whatif_totals(What *w, Err *e);
/* Values of columns for rows of the playbook's entity, as it stands: out[i * n + k], in c->arena. */
bool whatif_figures(What *w, Expr *const *x, size_t n, const int64_t *id, size_t nid, Val **out, Err *e);
/* What happens to the rows of one table, the most frequent first. */
size_t whatif_moves(const What *w, size_t table, Move **out);
/* As text and tables for people and programs. */
bool whatif_show(What *w, Err *e);
/* As a value of a session; what it gives is the caller's (lua/found.h). */
bool whatif_value(What *w, struct Found **out, Err *e);
#endif
