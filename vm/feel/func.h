/* The functions of the rule language, in one table: name, parameters, result,
 * a line for help. Those that work on the values of one row have their code
 * beside them; series, set and row functions are the checker's and evaluator's
 * and stand here for help, arity and suggestions. */
#ifndef FEEL_FUNC_H
#define FEEL_FUNC_H
#include "base/err.h"
#include "feel/type.h"

enum { FUNC_ARGS = 16 }; /* no call has more; a list may be as long as it likes */

typedef struct FuncCtx {
  Arena *arena; /* for results */
  Day asof;
  Err *e;       /* where a figure too large to make is said; NULL: it is null */
} FuncCtx;
typedef Val (*FuncFn)(FuncCtx *c, const Val *arg, int n);

typedef enum FuncKind {
  FN_ROW,    /* fn on the values of a row */
  FN_SERIES, /* also over a measure and a window */
  FN_SET,    /* over the population */
  FN_SPECIAL /* the checker knows it by name */
} FuncKind;

typedef struct Func {
  const char *name;
  /* A letter a parameter: n number, t text, b true/false, d date, u duration, w window, l list, a anything;
   * what follows '?' may be left out, '+' repeats the last. */
  const char *params;
  /* The same letters; 1: as the first argument, e: an element of the first, L: a list of the first's kind. */
  const char *result;
  FuncKind kind;
  bool nulls;        /* takes null arguments; else any null gives null */
  Unit unit;         /* of a number it gives, where '1' and 'e' do not say */
  FuncFn fn;
  const char *usage; /* "days_since(events | date) -> days" */
  const char *about;
} Func;

const Func *func_find(Str name);
const Func *func_list(size_t *n);
const char *func_example(Str name); /* a rule over accounts that calls it; NULL: none can stand alone */

/* The tables by subject that make up the whole. */
extern const Func func_text[], func_number[], func_list_table[], func_date[], func_wide[];
extern const size_t func_text_n, func_number_n, func_list_n, func_date_n, func_wide_n;

/* What several of them need. */
Val func_sum(FuncCtx *c, const Val *v, size_t n);
Val func_compare_text(Str a, Str b);
/* Days that a duration is long, counted back from as-of for months; false when v is no duration. */
bool func_days(Val v, Day asof, Val *out, Arena *a);
#endif
