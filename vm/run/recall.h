/* A decision of the log with the rules that made it: its table as it stood then, its inputs, ready to be explained. */
#ifndef RUN_RECALL_H
#define RUN_RECALL_H
#include "run/lookup.h"

#include "feel/save.h"

typedef struct Recalled {
  SavedRules saved;
  const TableInfo *table;
  const Val *in;
  Eval *ev;
} Recalled;

/* False and an error when the rules or the inputs cannot be read any more. Values live in a; recall_free in any case. */
bool recall(Store *s, const DecisionRef *d, Arena *a, Recalled *out, Err *e);
void recall_free(Recalled *r);
/* Would rules saved so be read again? Then a decision may be kept without the words that explain it. */
bool recallable(Store *s, Str definition, Str table);
/* The words of a decision that was kept without them, in a; empty when its rules cannot be read any more. */
Str recall_words(Store *s, const DecisionRef *d, Arena *a);
/* The day of the last run of `what` that decided the table, whose version of it is therefore in force; empty: none. */
bool recall_version(Store *s, Str what, Str table, Arena *a, Str *day, Err *e);
#endif
