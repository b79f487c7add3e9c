/* Sets of cases of a decision table as boxes: for each input column a set of its parts (parts.h),
 * parts that all rows treat alike being one. A row is the box of the cases that it may decide; what
 * rows leave over is found by taking their boxes away one by one, exactly.
 *
 * Everything lives in the arena of the Space. A search that would take too long gives up
 * (space_gave_up), and what it returned means nothing. */
#ifndef FEEL_BOXES_H
#define FEEL_BOXES_H
#include "feel/parts.h"

typedef struct Box {
  uint64_t *w; /* of all columns, one behind the other */
} Box;

typedef struct Space {
  Eval *ev;
  const Table *t;
  Arena *a;
  size_t ncol;
  Parts *parts;     /* by column */
  size_t *speaks;   /* by column: itself, or the earlier one that asks the same figure and speaks for both */
  size_t *ngroup;   /* parts that are told apart */
  uint32_t **group; /* by column: the group of each part; the unknown has its own, the last */
  bool *null;       /* may the column be unknown? */
  size_t *at, words;/* where a column's words begin; of a whole box */
  size_t nrow;      /* plain rows */
  size_t *grid;     /* their place in the grid */
  Box *maybe;       /* where the row holds or cannot be told */
  Box *hit;         /* where it holds; an opaque cell is taken to hold */
  bool *opaque;     /* has an opaque cell */
  Box all, known;   /* everything; everything whose values are known */
  Box open;         /* … and where the unknown misses some row: elsewhere it leaves nothing over that a value does not */
  uint64_t spent, most; /* words looked at; how many the search at hand may */
} Space;
enum { SPACE_EACH = 15000000, SPACE_MOST = 200000000 }; /* of one search, of all */
/* A search begins; and did it give up? */
void space_begin(Space *s);
static inline bool space_gave_up(const Space *s) { return s->spent > s->most; }

/* `wide`: whatever is known of the figures in the headings (parts_joined). */
void space_open(Space *s, Eval *ev, const Table *t, bool wide, Arena *a);
Box box_new(Space *s);
Box box_copy(Space *s, Box from);
bool box_empty(const Space *s, Box b);
/* to = a ∩ b; false when it is empty. */
bool box_meet(const Space *s, Box a, Box b, Box to);
bool box_meets(const Space *s, Box a, Box b);
bool box_within(const Space *s, Box inner, Box outer);
bool box_has_null(const Space *s, Box b, size_t col);
bool box_same_column(const Space *s, Box a, Box b, size_t col);

/* A part of `b` that none of the rows covers, as a box; false: they cover all of it. */
bool space_left_over(Space *s, Box b, const Box *row, size_t n, Box out);
/* Makes the box as large as it may be within `limit` without meeting any of the rows. */
void space_widen(Space *s, Box b, Box limit, const Box *row, size_t n);
/* Calls fn for boxes that together are b without `row`; stops and returns true when fn does. */
typedef bool (*BoxFn)(void *ctx, Box piece);
bool space_without(Space *s, Box b, Box row, BoxFn fn, void *ctx);

/* One case of the box: a value for each column. */
void box_example(const Space *s, Box b, Val *out);
/* "margin > 15 %, drift >= -1 %": the columns that the box limits; nothing when it limits none. */
void box_say(const Space *s, Box b, Buf *out);
/* "margin 16 %, drift unknown" */
void box_say_case(const Space *s, const Val *in, Buf *out);
#endif
