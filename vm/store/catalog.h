/* The entities of DESIGN 2 as data: one table of C structs from which the schema, the
 * rule language's names, import's columns, Lua's sets and `help` are all made. */
#ifndef STORE_CATALOG_H
#define STORE_CATALOG_H
#include "store/store.h"

typedef enum ColType {
  COL_TEXT,
  COL_INT,
  COL_NUM,     /* decimal: INTEGER when whole, REAL when 15 digits carry it, TEXT beyond */
  COL_MONEY,   /* minor units */
  COL_PERCENT, /* as COL_NUM: 0.15 is 15 % */
  COL_DATE,    /* TEXT, ISO 8601; orders.day is the integer yyyymmdd */
  COL_BOOL,    /* 0 or 1 */
  COL_REF,     /* id of another entity */
  COL_DAYS     /* whole days; computed only */
} ColType;

typedef struct CatColumn {
  const char *name;      /* column of the SQL table and field of the rule language */
  ColType type;
  const char *ref;       /* COL_REF: entity, found by its key on import */
  const char *values;    /* "A, B, C" closed set; "ranked: x, y", first is highest; NULL = any */
  unsigned flags;        /* CAT_* */
  const char *about;
  const char *back;      /* COL_REF: what the other entity calls these rows ("visits"); NULL = nothing */
  const char *also;      /* a second name in rules, or NULL */
  const char *sql;       /* computed, not stored: an SQL expression over the row; ?1 is the as-of day (ISO) */
  const char *reads;     /* computed: the stored fields it is worked out from, "cost.unit_cost quote.bundle"; or NULL */
  int figure;            /* computed: of price requests, worked out for many at once (store/quotes.h); or 0 */
  int since;             /* schema version that brought the column; 0 = with its entity */
  const char *made;      /* SQL: its value in rows made because another file names them; NULL = null */
} CatColumn;
enum { CAT_REQUIRED = 1, CAT_KEY = 2 /* names the row for people, unique */, CAT_PERSONAL = 4,
       CAT_HISTORY = 8, CAT_DAY = 16 /* the row's own day */, CAT_HIDDEN = 32 /* not in rules */,
       CAT_INDEX = 64 /* looked up by */,
       CAT_AHEAD = 128 /* beside CAT_DAY: rows are known before their day, or made on as-of itself */ };

typedef struct CatEntity {
  int number;            /* from 1, without a gap: catalog_at(number - 1) */
  const char *name, *plural, *table, *about;
  const CatColumn *col;
  size_t ncol;
  int since;             /* schema version that brought the table; 0 = the first */
} CatEntity;
const CatEntity *catalog_entity(Str name);            /* by name or plural; NULL = none */
const CatEntity *catalog_at(size_t i);                /* 0.. ; NULL past the end */
const CatColumn *catalog_column(const CatEntity *ent, Str name); /* by name or second name; NULL = none */
const CatColumn *catalog_key(const CatEntity *ent);   /* the CAT_KEY column; NULL = the id names the row */
const CatColumn *catalog_day(const CatEntity *ent);   /* the CAT_DAY column, or NULL */

/* Columns a playbook added (table field): name, type, owner. They are real columns. */
bool store_add_field(Store *s, const char *entity, const char *name, Type type, const char *about, Err *e);
/* Takes an added field away that never held a value: what held one is part of the log. Its column stays, empty. */
bool store_drop_field(Store *s, const char *entity, const char *name, Err *e);
/* The numbers that an added field may hold, null = open; fails when it holds another one now. */
bool store_field_range(Store *s, const char *entity, const char *name, Val low, Val high, Err *e);
/* The stored fields that a computed one is worked out from, "cost.unit_cost quote.bundle"; NULL: not said. */
const char *store_worked_from(const HostField *pub);
/* id of the row with this key (account code …); 0 = none. */
int64_t store_find(Store *s, const CatEntity *ent, Str key);
/* The same, where a read that failed must not look like a row that is not there: *out is 0 only then. */
bool store_find_row(Store *s, const CatEntity *ent, Str key, int64_t *out, Err *e);
/* Writes a field of many rows and its history from `day` on. Values as the rule language has them;
 * wrong types or values outside the set are errors that name the row. Unchanged values write nothing. */
bool store_assign(Store *s, const char *entity, const char *field, Day day, const int64_t *id, const Val *val,
                  size_t n, size_t *changed, Err *e);
/* Makes segment `name` consist of exactly these accounts from `day` on. The three lists live in the arena. */
typedef struct SegmentMove { int64_t *joined, *left, *stayed; size_t njoined, nleft, nstayed; } SegmentMove;
bool store_segment_become(Store *s, const char *name, Day day, const int64_t *id, size_t n, Arena *a,
                          SegmentMove *out, Err *e);
bool store_segment_members(Store *s, const char *name, Day day, Arena *a, int64_t **id, size_t *n, Err *e);
/* Inserts one row of an entity: names and values; keys of other entities as text. */
bool store_insert(Store *s, const CatEntity *ent, const Str *name, const Val *val, size_t n, int64_t *id,
                  Err *e);
/* A published metric: one value per row and as-of. */
bool store_publish(Store *s, const char *entity, const char *metric, Unit unit, Day day, const int64_t *id,
                   const Val *val, size_t n, Err *e);
#endif
