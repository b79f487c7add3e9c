/* What why and whynot share. */
#ifndef RUN_WHYNOT_H
#define RUN_WHYNOT_H
#include "run/lookup.h"

void why_indented(Buf *out, Str text, int by);                  /* its lines, blank ones left out */
void why_run(const RunRef *r, Buf *out);                        /* "run 131 profit-types, 2026-11-01" */
Val why_output(const DecisionRef *d, Str field, Arena *a);      /* null when the table has no such output */
typedef struct FieldAnswer {
  bool stored;         /* a field of the row; else an output of a table that no field holds */
  Val value, was;      /* as stored, on the day asked and before `run`; was null: not known, or there was none */
  RunRef run;          /* that set it; id 0: it came with the data */
  DecisionRef decided; /* run.id 0: none on record */
} FieldAnswer;
bool why_find(Store *s, const RowRef *row, Str field, Day day, Arena *a, FieldAnswer *out, Err *e);
void why_value(Store *s, const RowRef *row, Str field, const FieldAnswer *f, Arena *a, Buf *out); /* in words */
/* The account's place in the segment and the run that last moved it (id 0: none). */
bool why_member(Store *s, const RowRef *row, Str segment, Arena *a, Membership *m, RunRef *run, Err *e);
#endif
