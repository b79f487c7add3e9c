/* Sets of rows as Lua values, and single rows.
 *
 * Members are fixed when a set is made; fields are read live. A row keeps the set it
 * was met in, so that reading a field in a loop computes the column once. */
#ifndef LUA_SET_H
#define LUA_SET_H
#include "lua/engine.h"

typedef struct Set {
  int entity;
  size_t n;
  size_t cursor;  /* where `for x in set` is */
  int64_t id[];
} Set;
/* User values of a Set. */
enum { SET_COLUMNS = 1 /* field -> column */, SET_UNKNOWN /* rows left out for null */, SET_SHOWN /* columns its rule named, each behind a SET_COLUMN */,
       SET_INDEX /* id -> place */, SET_NEAR /* names it lends its rules: a Lent */, SET_USER = SET_NEAR };

#define SET_COLUMN '\x1f' /* parts the columns of SET_SHOWN, which hold commas themselves */

typedef struct Row {
  int entity;
  int64_t id;
  size_t at; /* place in its set */
} Row;
extern Class CLASS_SET, CLASS_ROW;

void set_open(lua_State *L);
Set *set_new(lua_State *L, int entity, size_t n);          /* on the stack, ids to be filled in */
Set *set_check(lua_State *L, int index);                   /* raises when it is no set */
Set *set_check_of(lua_State *L, int index, int entity);    /* … or one of another entity */
Row *row_check(lua_State *L, int index);
void set_push_all(lua_State *L, int entity);
void set_push_row(lua_State *L, int entity, int64_t id);
void set_push_rows(lua_State *L, int entity, const Val *row, size_t n);
void set_push_member(lua_State *L, int set, size_t at);    /* row `at` of the set at that index */
bool set_value(lua_State *L, int index, Arena *a, Val *out); /* rows as a Val; false: neither set nor row */
/* The set at index, or the row there as a set of one, pushed. */
Set *set_or_row(lua_State *L, int index);
/* The field of a row by name, pushed. */
void row_field(lua_State *L, int row, Str name);
/* A row's name for people: its key, or its number where the entity has none. */
Val set_key(lua_State *L, int entity, int64_t id);
/* "1,204 accounts" */
void set_count_text(Engine *h, int entity, size_t n, Buf *out);

/* The table of methods that sets and rows share, on the stack; verbs add to it. */
void set_methods(lua_State *L);
void row_methods(lua_State *L);
void verb_open(lua_State *L);   /* where sort top sum … */
void decide_open(lua_State *L);
void write_open(lua_State *L);  /* assign put, segment, task{} … */
void acting_open(lua_State *L);  /* acting(level, region) */
void sql_open(lua_State *L);     /* sql "SELECT …", at the prompt alone */
void reads_open(lua_State *L);   /* reads(table) */
void figures_open(lua_State *L);  /* the tables that these make: */
void group_open(lua_State *L);  /* group matrix migration */
#endif
