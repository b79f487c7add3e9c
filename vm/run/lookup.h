/* Finding things in the log for why and whynot: the row that is meant, who last set a field of it,
 * which decision stands behind. */
#ifndef RUN_LOOKUP_H
#define RUN_LOOKUP_H
#include "store/catalog.h"

typedef struct RowRef {
  const CatEntity *ent;
  int64_t id;
} RowRef;
/* An unknown entity or key is an error with the nearest name. */
bool lookup_row(Store *s, const char *entity, Str key, RowRef *out, Err *e);
/* False and an error with the nearest name when rows of this entity have no such field. */
bool lookup_field(Store *s, const CatEntity *ent, Str field, Err *e);

typedef struct RunRef {    /* id 0: there is none */
  int64_t id;
  Str what, asof, actor, args;
  int64_t undoes;          /* the run it took back, or 0, */
  Str undone;              /* and what that was */
} RunRef;
/* The last run that changed the field; was and now as stored (was null for a row that came then). */
bool lookup_change(Store *s, const RowRef *row, Str field, Arena *a, RunRef *run, Val *was, Val *now, Err *e);
/* A member of a row of the log, as stored; null when it has none. */
Val lookup_in(Str object, Str field, Arena *a);
/* Is the field kept with its history? */
bool lookup_dated(Store *s, const CatEntity *ent, Str field);
/* The same for a field with a history as it stood on `day`; false in *found when nothing is noted up to then. */
bool lookup_change_on(Store *s, const RowRef *row, Str field, Day day, Arena *a, bool *found, RunRef *run, Val *was,
                      Val *now, Err *e);
/* The last run that touched row `id` of a table. */
bool lookup_touch(Store *s, const char *table, int64_t id, Arena *a, RunRef *run, Err *e);

typedef struct DecisionRef {
  RunRef run;
  Str table;
  int64_t hit, blocked, definition;
  Str inputs, outputs, why;
  Str roots;              /* what its unknown figures lack, lines; part of why */
  bool masked;            /* it saw personal fields that take a grant you lack: inputs and outputs are empty */
} DecisionRef;
/* The decision whose outputs hold `field` and that holds on `day`: of the run with the latest as-of up to then,
 * for a field without a history simply the last, runs that are undone left out; with `run` > 0 only of that run. run.id 0: none. */
bool lookup_decision(Store *s, const RowRef *row, Str field, int64_t run, Day day, Arena *a, DecisionRef *out,
                     Err *e);
/* All decisions of a run about the row, in the order they were made. */
bool lookup_decisions(Store *s, const RowRef *row, int64_t run, Arena *a, DecisionRef **out, size_t *n, Err *e);

typedef struct Membership {
  int64_t row, segment;   /* row 0: never a member; segment 0: there is no such segment */
  Str from, to;           /* to empty: still */
} Membership;
bool lookup_member(Store *s, const RowRef *account, Str segment, Arena *a, Membership *out, Err *e);
#endif
