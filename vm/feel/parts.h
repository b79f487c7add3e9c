/* The values of a table's input column, in parts that no cell of the column tells apart: for
 * numbers, dates and durations the points that cells name and what lies between, for text the values
 * named and any other, for lists the sets of elements that make a difference; the unknown last.
 * One example of each part stands for all of it, so that a table can be looked at whole (analyse.h)
 * and decided without going through its cells (decider.h).
 *
 * A cell that does more than test its column's value (it reads other figures, or calls a function)
 * is opaque: what it says is not known from the value alone. Everything lives in the arena given. */
#ifndef FEEL_PARTS_H
#define FEEL_PARTS_H
#include "feel/frame.h"

typedef enum PartKind {
  PART_POINT,   /* the value `low` */
  PART_BETWEEN, /* above low and below high, null = no end */
  PART_NEVER,
  PART_VALUE,   /* text, true or false: `low` */
  PART_OTHER,   /* any other value */
  PART_LIST,    /* lists of these elements: the example says which */
  PART_NULL
} PartKind;

typedef struct Part {
  PartKind kind;
  Val low, high;
  Val example;
} Part;

typedef enum CellSays { SAYS_MISS, SAYS_HIT, SAYS_DOUBT, SAYS_OPAQUE } CellSays;

typedef struct Parts {
  size_t n;
  Part *part;
  size_t npoint;
  Val *point;      /* ascending: of numbers, dates, durations */
  bool whole;      /* figures that are counted: 1.5 never occurs */
  bool some_opaque;
  uint8_t *says;   /* CellSays of grid row × n: says[row * n + part] */
} Parts;

/* Args and the day have the values they have now in `ev`. Never fails: what cannot be told is opaque. */
void parts_of(Eval *ev, const Table *t, size_t col, Day asof, Arena *a, Parts *out);
/* The same of n columns that ask one figure (not a list), whose cells hold together; `wide`: of every value of the type,
 * whatever is known of the figure in the heading. The others are spoken for: one part, for which every row holds. */
void parts_joined(Eval *ev, const Table *t, const size_t *col, size_t n, bool wide, Day asof, Arena *a, Parts *out);
void parts_spoken_for(const Table *t, Arena *a, Parts *out);
/* What the cells of the column say of each value: CellSays of grid row × n. */
void parts_say(Eval *ev, const Table *t, size_t col, Day asof, const Val *value, size_t n, const bool *opaque,
               uint8_t *says);
/* For parts.c and parts_points.c: the points and values that the cells name; opaque[grid row] is set. */
typedef struct PartPoints {
  Eval *ev;
  const Table *t;
  size_t col;
  Day asof;
  Arena *a;
  Frame *f;
  Type type;       /* of the value, or of the list's elements */
  Val *val;
  size_t n, cap;   /* val is mem_alloc'd */
  bool *opaque;
} PartPoints;
void parts_points(PartPoints *p);
bool parts_ordered(Type t); /* numbers, dates, durations */
#endif
