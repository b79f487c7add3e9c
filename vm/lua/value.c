#include "lua/value.h"

#include "base/num.h"
#include "feel/ast.h"
#include "feel/window.h"
#include "lua/set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

Class CLASS_MONEY = "money", CLASS_DATE = "date", CLASS_SPAN = "duration", CLASS_NULL = "null";

static int digits(lua_State *L) {
  const Engine *h = engine(L);
  return h->store ? store_minor(h->store) : 2;
}

void value_text(Engine *h, Val v, Unit unit, Buf *out) {
  FmtEnv env = {.currency_sign = "¥", .minor = 2};
  if (h->store) env = store_host(h->store)->fmt;
  env.null = "nil";
  env.cell = false;
  if (v.t == V_WINDOW)
    window_print(v, out);
  else
    fmt_val(v, unit, FMT_NONE, &env, out);
}

/* --- literals ------------------------------------------------------------- */

bool value_literal(Str s, Arena *a, Val *out, Unit *unit) {
  s = str_trim(s);
  Day d;
  *unit = UNIT_NONE;
  if (day_parse(s, &d)) {
    *out = val_date(d);
    return true;
  }
  if (window_named(s, out)) return true;
  if (!s.n || s.p[0] == '\'' || s.p[0] == '"') return false;
  Src src = {.text = s};
  Err e = {0};
  const Node *node = feel_parse(&src, DIALECT_RULES, a, &e);
  err_free(&e);
  bool minus = node && node->kind == N_NEG;
  if (minus) node = node->kid[0];
  if (!node || node->kind != N_LIT || node->lit.t == V_TEXT || node->lit.t == V_NULL) return false;
  *out = minus ? num_neg(node->lit, a) : node->lit;
  if (minus && !val_is_num(node->lit)) {
    *out = node->lit;
    if (out->t != V_SECS && out->t != V_MONTHS) return false;
    out->u.i = -out->u.i;
  }
  *unit = node->unit;
  return true;
}

bool value_move_day(Day d, Val span, int sign, Day *out) {
  switch (span.t) {
    case V_MONTHS:
      if (llabs(span.u.i) > 120000) return false;
      *out = day_add_months(d, sign * (int)span.u.i);
      return true;
    case V_SECS: {
      if (span.e != 0 || span.u.i % 86400 != 0 || llabs(span.u.i / 86400) > 4000000) return false;
      *out = d + (Day)(sign * (span.u.i / 86400));
      return true;
    }
    default: return false;
  }
}

/* --- to Lua ----------------------------------------------------------------- */

void value_push_money(lua_State *L, int64_t minor) {
  ((Money *)engine_new(L, CLASS_MONEY, sizeof(Money), 0))->minor = minor;
}

void value_push_date(lua_State *L, Day d) { ((CivilDate *)engine_new(L, CLASS_DATE, sizeof(CivilDate), 0))->day = d; }
void value_push_span(lua_State *L, Val v) { ((Span *)engine_new(L, CLASS_SPAN, sizeof(Span), 0))->val = v; }

static void push_number(lua_State *L, Val v, Unit unit) {
  int64_t i;
  if (unit == UNIT_MONEY) {
    bool inexact = false;
    if (num_minor(v, digits(L), &i, &inexact)) {
      value_push_money(L, i);
      return;
    }
    engine_fail(L, "an amount of money beyond 64 bits of its minor unit");
  }
  if (v.t != V_REAL && num_int(v, &i))
    lua_pushinteger(L, i);
  else
    lua_pushnumber(L, num_double(v));
}

enum { NESTED_MOST = 64, TEXT_MOST = 1 << 20 };

static void value_push_in(lua_State *L, Val v, Type t, int deep);

static void push_list(lua_State *L, Val v, Type t, int deep) {
  Type of = t.of ? *t.of : (Type){0};
  bool rows = t.kind == T_ROWS;
  for (uint32_t i = 0; i < v.n; i++) rows = v.u.v[i].t == V_ROW && (rows || i == 0);
  if (rows && (v.n > 0 || t.entity)) {
    set_push_rows(L, t.entity ? t.entity : (int)v.u.v[0].n, v.u.v, v.n);
    return;
  }
  lua_createtable(L, (int)v.n, 0);
  for (uint32_t i = 0; i < v.n; i++) {
    value_push_in(L, v.u.v[i], of, deep + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static void push_context(lua_State *L, const ValContext *c, int deep) {
  lua_createtable(L, 0, (int)c->n);
  for (size_t i = 0; i < c->n; i++) {
    lua_pushlstring(L, c->entry[i].key.p, c->entry[i].key.n);
    value_push_in(L, c->entry[i].val, (Type){0}, deep + 1);
    lua_rawset(L, -3);
  }
}

static void value_push_in(lua_State *L, Val v, Type t, int deep) {
  luaL_checkstack(L, 6, "too deep a list");
  if (deep > NESTED_MOST) engine_fail(L, "a list nested deeper than %d levels", NESTED_MOST);
  switch ((ValType)v.t) {
    case V_NULL: lua_pushnil(L); break;
    case V_BOOL: lua_pushboolean(L, v.u.i != 0); break;
    case V_NUM:
    case V_BIG:
    case V_REAL: push_number(L, v, t.unit); break;
    case V_TEXT: lua_pushlstring(L, v.u.s, v.n); break;
    case V_DATE: value_push_date(L, (Day)v.u.i); break;
    case V_SECS:
    case V_MONTHS:
    case V_NEVER:
    case V_WINDOW: value_push_span(L, v); break;
    case V_LIST: push_list(L, v, t, deep); break;
    case V_CONTEXT: push_context(L, v.u.p, deep); break;
    case V_ROW: set_push_row(L, (int)v.n, v.u.i); break;
    case V_TIME:
    case V_DATETIME:
    case V_RANGE:
    case V_FUNC: {
      Buf *b = engine_buf(L);
      value_text(engine(L), v, t.unit, b);
      lua_pushlstring(L, b->p ? b->p : "", b->n);
      buf_free(b);
      lua_remove(L, -2);
      break;
    }
  }
}

void value_push(lua_State *L, Val v, Type t) { value_push_in(L, v, t, 0); }

/* --- from Lua --------------------------------------------------------------- */

static Val value_to_in(lua_State *L, int index, Arena *a, Unit *unit, int deep);

static Val table_to(lua_State *L, int index, Arena *a, int deep) {
  if (deep > NESTED_MOST) engine_fail(L, "a table nested deeper than %d levels is no value for a rule (does it hold itself?)", NESTED_MOST);
  lua_Unsigned n = lua_rawlen(L, index);
  if (n > TABLE_MOST) engine_fail(L, "a list of %llu values is too long for a rule", (unsigned long long)n);
  Val *v = arena_alloc(a, (n + 1) * sizeof *v);
  luaL_checkstack(L, 4, "too deep a list");
  for (lua_Unsigned i = 0; i < n; i++) {
    Unit unit;
    lua_rawgeti(L, index, (lua_Integer)i + 1);
    v[i] = val_copy(value_to_in(L, -1, a, &unit, deep + 1), a);
    lua_pop(L, 1);
  }
  return val_list(v, n);
}

static Val value_to_in(lua_State *L, int index, Arena *a, Unit *unit, int deep) {
  index = lua_absindex(L, index);
  *unit = UNIT_NONE;
  switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL: return val_null();
    case LUA_TBOOLEAN: return val_bool(lua_toboolean(L, index));
    case LUA_TNUMBER:
      if (lua_isinteger(L, index)) return val_int(lua_tointeger(L, index));
      return num_of_double(lua_tonumber(L, index), a);
    case LUA_TSTRING: {
      Str s;
      s.p = lua_tolstring(L, index, &s.n);
      if (s.n > TEXT_MOST) engine_fail(L, "a text of %zu bytes is too long for a rule or a field (1 MB at most)", s.n);
      if (!utf8_valid(s, NULL)) engine_fail(L, "this text is not UTF-8");
      return val_text(s);
    }
    case LUA_TTABLE: return table_to(L, index, a, deep);
    default: break;
  }
  if (engine_is(L, index, CLASS_NULL)) return val_null();
  const Money *m = engine_is(L, index, CLASS_MONEY);
  if (m) {
    *unit = UNIT_MONEY;
    return val_dec(m->minor, -digits(L));
  }
  const CivilDate *d = engine_is(L, index, CLASS_DATE);
  if (d) return val_date(d->day);
  const Span *s = engine_is(L, index, CLASS_SPAN);
  if (s) return s->val;
  Val rows;
  if (set_value(L, index, a, &rows)) return rows;
  engine_fail(L, "a %s is no value for a rule", luaL_typename(L, index));
  return val_null();
}

Val value_to(lua_State *L, int index, Arena *a, Unit *unit) { return value_to_in(L, index, a, unit, 0); }

Day value_check_date(lua_State *L, int index) {
  const CivilDate *d = engine_is(L, index, CLASS_DATE);
  if (d) return d->day;
  Day day = DAY_NONE;
  if (lua_type(L, index) == LUA_TSTRING) {
    Str s;
    s.p = lua_tolstring(L, index, &s.n);
    if (day_parse(s, &day)) return day;
    engine_fail(L, "%.*s is no date (YYYY-MM-DD, a day that exists)", STR_ARG(s));
  }
  engine_fail(L, "a date is wanted here, not a %s", luaL_typename(L, index));
  return DAY_NONE;
}
