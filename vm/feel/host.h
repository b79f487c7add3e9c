/* What the rule language asks of the floors above: entities, their fields and
 * relations, columns of values, series over time. feel never sees a database;
 * vm/store fills this for accounts, vm/store's importer for a file's columns,
 * tests for arrays in memory.
 *
 * Entities are numbered from 1; rows have int64 ids, unique in their entity.
 * All callbacks work on whole columns: n ids in, n values out. Values they give
 * live in the arena passed or in the host, at least until the Eval is freed.
 * Dated things are asked "as of" a day D: a row holds when from <= D < to, and
 * D is the first moment of its day. A callback left NULL means "there is none". */
#ifndef FEEL_HOST_H
#define FEEL_HOST_H
#include "base/err.h"
#include "feel/plain.h"
#include "feel/type.h"

typedef enum HostKind {
  HOST_FIELD,   /* one value a row */
  HOST_ONE,     /* a row of another entity, or null: owner, account, parent */
  HOST_MANY,    /* rows of another entity: contacts, visits, complaints */
  HOST_MEASURE  /* a history: orders, revenue, profit */
} HostKind;

typedef struct HostField {
  Str name;
  HostKind kind;
  Type type;        /* FIELD: of the value. MEASURE: kind T_SERIES and the unit */
  int target;       /* ONE, MANY: the other entity */
  bool history;     /* FIELD: kept with its history (ago() is exact) */
  bool personal;    /* masked unless granted: naming it is an error (see `granted`) */
  bool published;   /* FIELD: a metric some playbook published; a metric of this name in a namespace stands before it */
  bool derived;     /* FIELD: worked out from other rows: read once for each row and day */
  bool flow;        /* MEASURE: 0 where there is no row (orders); else null (ratings) */
  const char *about;/* one line for people, or NULL */
  int id;           /* the host's own */
  const struct HostField *measure; /* ONE, MANY: the measure of the same name (visits are rows, and
                                      count(visits, 3m) a history), or NULL */
} HostField;

typedef struct HostEntity {
  int number;
  Str name, plural;  /* "account", "accounts" */
  Str key;           /* field that names a row for people: "code" */
  /* Field that is a row's own day (visits: the day of the visit), or empty. Related rows (orders of an
   * account) are those before as-of by it: what comes later had not happened, and ago() holds back more.
   * A row without a day stays; so do all where `ahead` says so. A set named by its plural (count(accounts)) is not held back. */
  Str day;
  bool ahead; /* rows are known before their day (a plan), or made on as-of itself: none is held back */
} HostEntity;

typedef enum Agg { AGG_SUM, AGG_COUNT, AGG_MIN, AGG_MAX, AGG_FIRST, AGG_LAST, AGG_FIRST_DAY, AGG_LAST_DAY,
                   AGG_DAYS /* days with at least one row */ } Agg;

typedef struct HostRows { /* rows of another entity, grouped by the row that asked */
  size_t n;
  const int64_t *id;      /* in ascending parent order */
  const uint32_t *parent; /* index 0..n-1 into the ids that were passed */
} HostRows;

typedef struct FeelHost {
  void *ctx;
  int (*entity)(void *ctx, Str name); /* by name or plural; 0 = none */
  const HostEntity *(*entity_info)(void *ctx, int entity);
  const HostField *(*field)(void *ctx, int entity, Str name); /* NULL = none */
  size_t (*fields)(void *ctx, int entity, const HostField *const **list); /* all, for suggestions */
  bool (*granted)(void *ctx, int entity, const HostField *f); /* may a personal field be read? */

  /* All rows that exist, in order of their key (code). */
  bool (*all)(void *ctx, int entity, Day asof, Arena *a, const int64_t **id, size_t *n, Err *e);
  bool (*column)(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n,
                 Arena *a, Val *out, Err *e);
  /* The same for several fields: out[k][i * step]. NULL: they are asked one by one. */
  bool (*columns)(void *ctx, int entity, const HostField *const *f, size_t nf, Day asof, const int64_t *id, size_t n,
                  Arena *a, Val *const *out, size_t step, Err *e);
  bool (*one)(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n,
              int64_t *target /* 0 = null */, Err *e);
  bool (*many)(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n,
               Arena *a, HostRows *out, Err *e);
  /* A measure over [from, to): one value a row. AGG_*_DAY gives dates. Null when there is no row
   * and the measure is no flow; for a flow SUM and COUNT are 0, the others null. */
  bool (*series)(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, const int64_t *id,
                 size_t n, Arena *a, Val *out, Err *e);
  /* The same as a plain column. out->i stays NULL where the figures are of no one kind; NULL: they never are. `again`:
   * it may be asked for again soon. */
  bool (*plain)(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, bool again, const int64_t *id,
                size_t n, Arena *a, PlainVec *out, Err *e);
  /* SUM or COUNT per step: steps are [edge[k], edge[k+1]), k < nstep; out[i * nstep + k]. */
  bool (*steps)(void *ctx, int entity, const HostField *f, Agg agg, const Day *edge, size_t nstep,
                const int64_t *id, size_t n, Arena *a, Val *out, Err *e);
  /* First and last day that the measure has any row on; false = empty. */
  bool (*span)(void *ctx, int entity, const HostField *f, Day *first, Day *last);
  /* Member of the named segment at as-of: V_BOOL; an unknown segment is an error. */
  bool (*in_segment)(void *ctx, Str segment, Day asof, const int64_t *id, size_t n, Val *out, Err *e);
  /* Did that run change or add the row? V_BOOL; a run that is not there is an error. */
  bool (*changed_by)(void *ctx, int entity, int64_t run, const int64_t *id, size_t n, Val *out, Err *e);
  /* Expected sum of a measure over [asof, asof + months). */
  bool (*forecast)(void *ctx, int entity, const HostField *f, Day asof, int months, const int64_t *id,
                   size_t n, Arena *a, Val *out, Err *e);
  FmtEnv fmt; /* currency and minor digits */
} FeelHost;
#endif
