/* Tables as Lua values: what group, matrix and migration give. Cells are values with types;
 * they live in the frame. Rows are numbered from 1; frame[i] is a Lua table by heading. */
#ifndef LUA_FIGURES_H
#define LUA_FIGURES_H
#include "lua/set.h"

typedef struct Figures {
  Arena arena;
  size_t ncol, nrow, nkey; /* the first nkey columns are what the rows are grouped by */
  UiColumn *col;
  Str *text;               /* each column's rule, by which it can be named too */
  Type *type;
  Val *cell;
  Str foot;
  bool matrix;
  bool words;              /* headings are ours: people read them translated */
  size_t cursor;
} Figures;
extern Class CLASS_FIGURES, CLASS_CHART;

typedef struct Chart {
  Buf text;
} Chart;

Figures *figures_new(lua_State *L, size_t ncol, size_t nrow); /* on the stack, cells null */
typedef struct FiguresHead {
  const char *name;
  Unit unit;
  Fmt fmt;
} FiguresHead;
#define FIGURES_PLAIN {FMT_AUTO, -1}
Figures *figures_headed(lua_State *L, const FiguresHead *head, size_t ncol, size_t nrow); /* the same, with headings */
Val figures_word(Figures *f, const char *z);                  /* kept in the frame; NULL or empty: null */
/* A class whose parts are found by `index`, a closure over the table of its verbs. */
void figures_class_verbs(lua_State *L, const char *class, const luaL_Reg *verb, lua_CFunction index);
void figures_column(Figures *f, size_t i, const Expr *x);     /* heading and type from a column's rule */
/* The column called so, by heading or rule; raises with a suggestion. */
size_t figures_find(lua_State *L, const Figures *f, Str name);
/* The columns named in "code, owner.name as owner, worth:万", as a table of their own, pushed (figures_group.c). */
Figures *figures_pick(lua_State *L, const Figures *f, Src columns);
/* table:group(columns, aggregates) */
int figures_group(lua_State *L);
#endif
