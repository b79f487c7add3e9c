/* What a script shows: sets, rows, tables and charts as parts of a report, files at the prompt. */
#ifndef LUA_SHOW_H
#define LUA_SHOW_H
#include "lua/figures.h"

/* Adds the value at index to the report under a title. columns: stack index of a text, or 0 for the key,
 * the name and what the set's rule named; params: index or 0. */
void show_value(lua_State *L, int index, Str title, int columns, int params);
/* A set as a table; with nothing in `columns` the default ones. Rows beyond `most` are left to the foot. */
void show_set(lua_State *L, int set, Str title, Src columns, int params, bool foot);
/* Adds a line (print); lines that follow each other are one part of the report. */
void show_line(lua_State *L, Str line);
/* Makes the lines printed so far a part of the report. Every other part is added through here first;
 * raises when the report has outgrown its limit. */
Report *show_report(lua_State *L);
/* A plain value as it shows at the prompt. */
void show_plain(lua_State *L, int index, Buf *out);
void show_fields(lua_State *L, int row); /* every field of it that is known */
int show_verb(lua_State *L);   /* x:show(columns) */
int export_verb(lua_State *L); /* x:export(path, columns) */
int chart_verb(lua_State *L);  /* x:chart(kind, value) */
void show_open(lua_State *L);
#endif
