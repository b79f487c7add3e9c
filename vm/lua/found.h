/* What a question to the whole database found, as a value of the session: whatif(…):changed(), backtest(…).recall.
 * The floor above fills a Found and hands it over; scripts see figures by name, tables, sets of rows that know what they
 * were and would be, and who would come into a segment and leave it. */
#ifndef LUA_FOUND_H
#define LUA_FOUND_H
#include "lua/figures.h"

typedef struct FoundValue {
  const char *name;
  Val val;
  Unit unit;
} FoundValue;

typedef struct FoundTable { /* found:name() */
  const char *name;
  size_t ncol, nrow;
  const UiColumn *col;
  const TypeKind *kind;
  const Val *cell;          /* nrow × ncol */
  bool words;               /* headings are ours: people read them translated */
} FoundTable;

typedef struct FoundColumn {
  Str name;
  Str field;                /* whose values they are, for their order; may be empty */
  TypeKind kind;
  Unit unit;
  const Val *val;           /* n */
} FoundColumn;

typedef struct FoundRows {  /* found:changed("profit_type") */
  Str name;
  const char *entity;
  size_t n, ncol, nshown;   /* the first nshown columns stand in a table of them */
  const int64_t *id;        /* ascending */
  const FoundColumn *col;
} FoundRows;

typedef struct FoundMoves { /* found:segment("valid-key") */
  Str name;
  const int64_t *joined, *left;
  size_t njoined, nleft;
} FoundMoves;

typedef struct Found {
  Arena arena;              /* of all of it */
  const char *what;         /* "whatif profit-types" */
  Str said;                 /* what people see of it */
  const FoundValue *value;
  FoundTable *table;        /* the first is what programs see of it */
  const FoundRows *rows;    /* the first is meant when none is named */
  const FoundMoves *moves;
  size_t nvalue, ntable, nrows, nmoves;
} Found;
extern Class CLASS_FOUND;

Found *found_new(const char *what, const char *of); /* "backtest", "churn-warning"; of may be NULL */
/* One table more, at most three; copies the cells. */
void found_table(Found *f, const char *name, const UiColumn *col, size_t ncol, size_t nrow, const Val *cell, bool words);
void found_says(Found *f, Str text);       /* copied, without the blanks around it */
void found_free(Found *f);                 /* NULL is allowed */
Found **found_slot(lua_State *L);          /* pushes an answer that is not there yet; what is put here is Lua's */
const Found *found_at(lua_State *L, int index); /* NULL: something else stands there */
/* As a part of the report: in words, or (programs) its first table. */
void found_show(lua_State *L, int index, bool words);
struct Offering;
void found_parts(lua_State *L, int index, struct Offering *o); /* their names, for completion */
void found_open(lua_State *L);
#endif
