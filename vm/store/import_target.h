/* One column of the database that an import fills, and how a cell, or the value of
 * a rule, becomes what is stored there.
 *
 * A value is ready to be bound: money in minor units, orders.day as yyyymmdd, other days
 * as V_DATE, references as ids. A reference to a row that is to be made is its key as text
 * with TARGET_MAKE among its flags. */
#ifndef STORE_IMPORT_TARGET_H
#define STORE_IMPORT_TARGET_H
#include "feel/rules.h"
#include "store/import_refs.h"
#include "store/import_view.h"

enum { TARGET_MAKE = 0x40 };

typedef struct Target {
  const char *name;       /* column of the table */
  ColType type;
  bool required, key;     /* key: one of the columns that rows are found by */
  bool history;           /* written through store_assign */
  bool day_number;        /* orders.day */
  int minor;              /* digits of money */
  const Domain *domain;   /* closed set, or NULL */
  Refs *refs;             /* COL_REF */
  int from;               /* column of the view that is copied, or -1 */
  Expr *rule;             /* or the rule that gives the value */
  bool round;             /* money with too many digits is rounded */
  unsigned dates;         /* DATES_* for text that has to be a date; 0 = y-m-d */
  bool dates_unsure;
  char decimal;
  const struct TargetAlias { Str from, to; } *alias;
  size_t nalias;
} Target;

typedef struct Refusal {  /* why a value cannot be stored; texts in the arena */
  Str value, reason;
  Str group;              /* what is counted together */
  Str hint;
} Refusal;

/* An empty cell is null. False: *why says it. */
bool target_text(const Target *t, Str cell, Arena *a, Val *out, Refusal *why);
bool target_value(const Target *t, Val v, Arena *a, Val *out, Refusal *why);
/* May a rule of this type fill the column? Else *wants is what it is ("money", "a date"). */
bool target_accepts(const Target *t, TypeKind kind, const char **wants);
#endif
