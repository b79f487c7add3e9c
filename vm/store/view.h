/* Inside the store: the rule language's view of the database. view.c knows the names, view_rows.c reads columns
 * and relations, measure.c reads histories. */
#ifndef STORE_VIEW_H
#define STORE_VIEW_H
#include "store/db.h"
#include "store/idmap.h"

typedef struct Measure Measure; /* measure.c */

typedef enum FieldFrom {
  FROM_COLUMN,    /* a column, or an expression over the row */
  FROM_PUBLISHED, /* metric_value, the last before as-of */
  FROM_OWNER,     /* account -> staff through the assignment as owner */
  FROM_OWNED,     /* staff -> accounts, the same backwards */
  FROM_GROUP,     /* account -> itself and all below it */
  FROM_WATERFALL, /* the price waterfall of a quote or a line of one */
  FROM_BACK,      /* rows of another entity that name this one */
  FROM_MEASURE
} FieldFrom;

typedef struct Field {
  HostField pub;          /* first: a HostField of ours is a Field */
  FieldFrom from;
  ColType type;
  const char *value;      /* COLUMN: SQL that gives the value */
  const CatColumn *column;/* COLUMN: NULL for the id and for added fields */
  const CatEntity *of;    /* BACK: whose rows */
  const char *ref;        /* BACK: their column that names this entity's row */
  int64_t history;        /* id in table field, 0 = no history kept */
  Val low, high;          /* added number lo..hi; null = open */
  int64_t metric;         /* PUBLISHED: id in table metric */
  const Measure *measure;
  size_t step;            /* WATERFALL: which one */
} Field;

typedef struct NameSlot { Str name; Field *field; } NameSlot;
typedef struct ViewEntity {
  HostEntity pub;
  const CatEntity *cat;
  bool dated;             /* has from_day and to_day: holds only between them */
  const HostField **list;
  size_t n, cap;
  NameSlot *slot;         /* open addressing, `slots` a power of two */
  size_t slots;
} ViewEntity;

struct Host {
  FeelHost feel;
  Store *s;
  Arena arena;
  ViewEntity *ent;        /* [1 .. n] */
  size_t n;
  int64_t seen;           /* data_version it was built at */
  const Measure **own;    /* measures that stand in this database */
  size_t nown;
  struct Host *older;     /* given out before; kept until the Store closes, since Rules point into it */
};

Field *view_field(const Host *h, int entity, Str name); /* NULL = none */
static inline const Field *field_of(const HostField *f) { return (const Field *)f; }
/* Grows when another connection, or this one, changed data: for caches. */
bool view_data_version(Store *s, int64_t *out, Err *e);

/* A stored value as the rule language has it; false when the bytes in the file are none of this type. */
bool view_value(sqlite3_stmt *q, int col, ColType type, int minor, Arena *a, Val *out);
bool view_stored(sqlite3_value *v, ColType type, int minor, Arena *a, Val *out); /* the same of a value */
ColType view_col_type(Type t);             /* for added fields */
const char *view_type_name(Type t);        /* as table field has it; NULL = no column can hold it */
ColType view_col_named(Str name);          /* the column for such a type name */
bool view_refresh(Store *s, Err *e);       /* s->host is there and knows all names */

/* fields.c: the column of an added field, unless the table has it. */
bool field_column(Store *s, const char *table, Str name, ColType type, Err *e);

/* view_keys.c: all rows in the order of their keys, and the keys; *known is false where that is to be read otherwise */
bool keys_all(Host *h, int entity, Arena *a, const int64_t **id, size_t *n, bool *known, Err *e);
bool keys_column(Host *h, int entity, const Field *f, const int64_t *id, size_t n, Arena *a, Val *out, bool *known, Err *e);

/* view_rows.c */
bool view_all(void *ctx, int entity, Day asof, Arena *a, const int64_t **id, size_t *n, Err *e);
bool view_column(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n, Arena *a,
                 Val *out, Err *e);
bool view_columns(void *ctx, int entity, const HostField *const *f, size_t nf, Day asof, const int64_t *id, size_t n,
                  Arena *a, Val *const *out, size_t step, Err *e);
bool view_one(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n, int64_t *target,
              Err *e);
bool view_many(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n, Arena *a,
               HostRows *out, Err *e);
/* waterfall.c: the steps as fields of quotes or of lines (false past the last), and one of them read */
bool view_waterfall_step(size_t i, bool of_line, HostField *out);
bool view_waterfall(Host *h, const Field *f, bool of_line, Day asof, const int64_t *id, size_t n, Arena *a, Val *out,
                    Err *e);
/* view_group.c */
bool view_group(Host *h, const int64_t *id, size_t n, Arena *a, HostRows *out, Err *e);
/* view_changed.c */
bool view_changed_by(void *ctx, int entity, int64_t run, const int64_t *id, size_t n, Val *out, Err *e);
bool view_in_segment(void *ctx, Str segment, Day asof, const int64_t *id, size_t n, Val *out, Err *e);

/* measure.c */
const Measure *measure_at(size_t i);       /* built in; NULL past the end */
const Measure *measure_in(const Store *s, size_t i); /* those, and then the database's own */
/* Measures of rows of `observation`, one for each name, and of views measure_NAME(account, day, value). */
bool measure_read_own(Host *h, Err *e);
void measure_describe(const Measure *m, HostField *out); /* name, type, flow, about */
bool view_series(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, const int64_t *id, size_t n,
                 Arena *a, Val *out, Err *e);
bool view_steps(void *ctx, int entity, const HostField *f, Agg agg, const Day *edge, size_t nstep,
                const int64_t *id, size_t n, Arena *a, Val *out, Err *e);
bool view_plain(void *ctx, int entity, const HostField *f, Agg agg, Day from, Day to, bool again, const int64_t *id,
                size_t n, Arena *a, PlainVec *out, Err *e); /* sums, counts, first and last days; scan.c */
bool view_forecast(void *ctx, int entity, const HostField *f, Day asof, int months, const int64_t *id, size_t n,
                   Arena *a, Val *out, Err *e); /* forecast.c */
bool view_span(void *ctx, int entity, const HostField *f, Day *first, Day *last);
void measure_forget(Store *s);             /* cached scans */
/* Columns built for the snapshot that is about to end go into the file, if nobody is writing and nothing changed
 * since; before a snapshot of a Store that may write, months marked stale are built. Both without waiting, and
 * whether they could or not shows in no figure. */
void measure_keep(Store *s);
bool measure_unkept(Store *s); /* some were built that are not in the file */
void measure_refresh(Store *s);
#endif
