/* Types of rule expressions, as the checker sees them. */
#ifndef FEEL_TYPE_H
#define FEEL_TYPE_H
#include "base/format.h"

typedef enum TypeKind {
  T_ANY, T_NULL, T_BOOL, T_NUM, T_TEXT, T_DATE, T_TIME, T_DATETIME, T_SECS /* days and time */,
  T_MONTHS /* years and months */, T_WINDOW, T_LIST, T_RANGE, T_CONTEXT, T_FUNC,
  T_ROW,   /* one row of `entity` */
  T_ROWS,  /* rows of `entity`, a list */
  T_SERIES /* a measure: a history, not a figure */
} TypeKind;

typedef struct Domain { /* the values a text field may take */
  bool ranked;          /* first is highest: < and >= compare by rank */
  size_t n;
  const Str *value;
} Domain;

typedef struct Type {
  TypeKind kind;
  Unit unit;              /* of T_NUM, T_SERIES, or of a list's elements */
  int entity;             /* T_ROW, T_ROWS */
  const Domain *domain;   /* T_TEXT, or NULL */
  const struct Type *of;  /* T_LIST, T_RANGE: element type, NULL = any */
} Type;

const char *type_name(TypeKind k); /* "number", "text", "date", "duration", … */
#endif
