/* Values between rules and Lua.
 *
 *   null            nil (null, the global, writes it)
 *   number          integer, or a float when it has decimals
 *   money           money: ¥ to ¥ only; × and ÷ round half away from zero
 *   date            date: civil days; "2026-02-30" is an error
 *   duration        duration: 7d, 12m, never; a window such as last_quarter too
 *   row, rows       a row, a set (lua/set.h)
 *   list, context   table
 *
 * value_to gives Vals whose text points into Lua strings still on the stack, or into `a`. */
#ifndef LUA_VALUE_H
#define LUA_VALUE_H
#include "lua/engine.h"

typedef struct Money {
  int64_t minor; /* in minor units of the currency */
} Money;
typedef struct CivilDate {
  Day day;
} CivilDate;
typedef struct Span { /* V_SECS, V_MONTHS, V_NEVER, V_WINDOW */
  Val val;
} Span;
extern Class CLASS_MONEY, CLASS_DATE, CLASS_SPAN, CLASS_NULL;

void value_push(lua_State *L, Val v, Type t);
/* The value at index; *unit is what it carries. Raises when it is no value (a function). */
Val value_to(lua_State *L, int index, Arena *a, Unit *unit);
void value_push_money(lua_State *L, int64_t minor);
void value_push_date(lua_State *L, Day d);
void value_push_span(lua_State *L, Val v);
/* A date or the text of one; raises otherwise. */
Day value_check_date(lua_State *L, int index);
/* A literal of the rule language: 50万, 15%, 90d, 2026-11-01, last_quarter, -3. False: it is none. */
bool value_literal(Str s, Arena *a, Val *out, Unit *unit);
/* How a value shows in a sentence. */
void value_text(Engine *h, Val v, Unit unit, Buf *out);
/* A day moved by a duration; false when the span is not one to move by. */
bool value_move_day(Day d, Val span, int sign, Day *out);
#endif
