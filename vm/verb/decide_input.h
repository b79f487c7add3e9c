/* Inputs of `pareto decide`: NAME=VALUE of the command line, a JSON file (an object, or a list of them), a
 * CSV file (a row each). What is misspelt, missing or of another type is an ERR_USAGE that names it. */
#ifndef VERB_DECIDE_INPUT_H
#define VERB_DECIDE_INPUT_H
#include "feel/dmn.h"

typedef struct DecideRow {
  const Val *value; /* by item; a case of its own */
  const char *where; /* "cases.csv:3", or NULL */
} DecideRow;

typedef struct DecideInputs {
  size_t nitem, nrow, ncol;
  const DmnItem *const *item; /* what the rows have values for */
  const DecideRow *row;
  const Str *col, *cell;      /* CSV: its own columns, nrow × ncol */
} DecideInputs;

/* `need` has to be given, whatever else is an input of the model may be. `file` may be NULL. */
bool decide_inputs(const Dmn *m, const DmnItem *const *need, size_t nneed, const char *file, char **given,
                   size_t ngiven, Arena *a, DecideInputs *out, Err *e);

/* --- parts: a value as its type asks for it (decide_value.c). `name` is told in errors. */

/* Text of a person or a cell: a number, a text with or without quotes, a date, null, or FEEL ("[1, 2]"). */
bool decide_text(const StdType *t, Str name, Str text, Arena *a, Val *out, Err *e);
/* A value of JSON: texts become dates where the type says so; entries that the type has not are refused. */
bool decide_fit(const StdType *t, Str name, Val v, Arena *a, Val *out, Err *e);
/* Puts v at `path` ("Monthly.Income") below *slot, making the contexts on the way. */
bool decide_put(const StdType *t, Str name, Str path, Val v, Arena *a, Val *slot, Err *e);
/* The type at that path, or NULL and an error that suggests. */
const StdType *decide_at(const StdType *t, Str name, Str path, Err *e);
/* Every entry that the type has must be there. */
bool decide_whole(const StdType *t, Str name, Val v, Err *e);
#endif
