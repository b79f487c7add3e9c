#include "lua/quantity.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/sandbox.h"
#include "lua/value.h"

#include <string.h>

static Val number_at(lua_State *L, int index, Arena *a) {
  if (lua_isinteger(L, index)) return val_int(lua_tointeger(L, index));
  return num_of_double(lua_tonumber(L, index), a);
}

static const char *kind(lua_State *L, int index) {
  if (engine_is(L, index, CLASS_MONEY)) return _("money");
  if (engine_is(L, index, CLASS_DATE)) return _("a date");
  if (engine_is(L, index, CLASS_SPAN)) return _("a duration");
  return lua_type(L, index) == LUA_TNUMBER ? _("a plain number") : luaL_typename(L, index);
}

static int refuse(lua_State *L, const char *op) {
  const char *x = kind(L, 1), *y = kind(L, 2);
  engine_fail(L, "%s %s %s has no meaning", x, op, y);
  return 0;
}

/* --- money ------------------------------------------------------------------ */

static int push_rounded(lua_State *L, Val minor) {
  int64_t i;
  bool inexact;
  if (minor.t == V_NULL) return engine_fail(L, "division of money by zero");
  if (!num_minor(minor, 0, &i, &inexact)) return engine_fail(L, "an amount of money beyond 64 bits of its minor unit");
  value_push_money(L, i);
  return 1;
}

static int money_sum(lua_State *L, bool minus) {
  const Money *x = engine_is(L, 1, CLASS_MONEY), *y = engine_is(L, 2, CLASS_MONEY);
  if (!x || !y) {
    const char *other = kind(L, x ? 2 : 1);
    return engine_fail(L, "money and %s cannot be %s; write money(…) when an amount is meant", other,
                     minus ? _("subtracted") : _("added"));
  }
  int64_t r;
  bool over = minus ? __builtin_sub_overflow(x->minor, y->minor, &r) : __builtin_add_overflow(x->minor, y->minor, &r);
  if (over) return engine_fail(L, "an amount of money beyond 64 bits of its minor unit");
  value_push_money(L, r);
  return 1;
}

static int money_add(lua_State *L) { return money_sum(L, false); }
static int money_sub(lua_State *L) { return money_sum(L, true); }

static int money_mul(lua_State *L) {
  const Money *x = engine_is(L, 1, CLASS_MONEY), *y = engine_is(L, 2, CLASS_MONEY);
  int other = x ? 2 : 1;
  if ((x && y) || lua_type(L, other) != LUA_TNUMBER) return refuse(L, "*");
  Arena *a = engine_arena(L);
  return push_rounded(L, num_mul(val_int((x ? x : y)->minor), number_at(L, other, a), a));
}

static int money_div(lua_State *L) {
  const Money *x = engine_is(L, 1, CLASS_MONEY), *y = engine_is(L, 2, CLASS_MONEY);
  if (!x) return refuse(L, "/");
  if (y) {
    if (y->minor == 0) return engine_fail(L, "division by no money at all");
    lua_pushnumber(L, (lua_Number)x->minor / (lua_Number)y->minor);
    return 1;
  }
  if (lua_type(L, 2) != LUA_TNUMBER) return refuse(L, "/");
  Arena *a = engine_arena(L);
  return push_rounded(L, num_div(val_int(x->minor), number_at(L, 2, a), a));
}

static int money_neg(lua_State *L) {
  const Money *x = engine_is(L, 1, CLASS_MONEY);
  value_push_money(L, x->minor == INT64_MIN ? INT64_MAX : -x->minor);
  return 1;
}

static int money_compare(lua_State *L, bool equal) {
  const Money *x = engine_is(L, 1, CLASS_MONEY), *y = engine_is(L, 2, CLASS_MONEY);
  if (!x || !y) {
    const char *other = kind(L, x ? 2 : 1);
    return engine_fail(L, "money and %s cannot be compared", other);
  }
  lua_pushboolean(L, equal ? x->minor <= y->minor : x->minor < y->minor);
  return 1;
}

static int money_lt(lua_State *L) { return money_compare(L, false); }
static int money_le(lua_State *L) { return money_compare(L, true); }

static int money_eq(lua_State *L) {
  const Money *x = engine_is(L, 1, CLASS_MONEY), *y = engine_is(L, 2, CLASS_MONEY);
  lua_pushboolean(L, x && y && x->minor == y->minor);
  return 1;
}

static void check_key(lua_State *L, const char *what, const Str *known, size_t n) {
  Str key;
  key.p = luaL_checklstring(L, 2, &key.n);
  engine_unknown(L, what, key, known, n);
}

static int money_index(lua_State *L) {
  static const Str KNOWN[] = {{"amount", 6}, {"minor", 5}};
  const Money *m = engine_is(L, 1, CLASS_MONEY);
  const char *key = luaL_checkstring(L, 2);
  const Engine *h = engine(L);
  if (strcmp(key, "minor") == 0)
    lua_pushinteger(L, m->minor);
  else if (strcmp(key, "amount") == 0)
    lua_pushnumber(L, num_double(val_dec(m->minor, h->store ? -store_minor(h->store) : -2)));
  else
    check_key(L, "field of money", KNOWN, 2);
  return 1;
}

/* --- dates ------------------------------------------------------------------ */

static bool span_at(lua_State *L, int index, Arena *a, Val *out) {
  const Span *s = engine_is(L, index, CLASS_SPAN);
  Unit unit;
  if (s) {
    *out = s->val;
    return true;
  }
  if (lua_isinteger(L, index)) {
    *out = val_days(lua_tointeger(L, index));
    return true;
  }
  if (lua_type(L, index) != LUA_TSTRING) return false;
  Str text;
  text.p = lua_tolstring(L, index, &text.n);
  return value_literal(text, a, out, &unit) && (out->t == V_SECS || out->t == V_MONTHS);
}

static int date_move(lua_State *L, int date, int span, int sign) {
  const CivilDate *d = engine_is(L, date, CLASS_DATE);
  Arena *a = engine_arena(L);
  Val v;
  Day r;
  if (!span_at(L, span, a, &v) || !value_move_day(d->day, v, sign, &r))
    return engine_fail(L, "a date is moved by whole days or months: date %s \"7d\", date %s \"3m\"",
                     sign > 0 ? "+" : "-", sign > 0 ? "+" : "-");
  arena_free(a);
  value_push_date(L, r);
  return 1;
}

static int date_add(lua_State *L) {
  if (engine_is(L, 1, CLASS_DATE)) {
    if (engine_is(L, 2, CLASS_DATE)) return refuse(L, "+");
    return date_move(L, 1, 2, 1);
  }
  return date_move(L, 2, 1, 1);
}

static int date_sub(lua_State *L) {
  const CivilDate *x = engine_is(L, 1, CLASS_DATE), *y = engine_is(L, 2, CLASS_DATE);
  if (!x) return refuse(L, "-");
  if (!y) return date_move(L, 1, 2, -1);
  lua_pushinteger(L, (lua_Integer)x->day - y->day);
  return 1;
}

static int date_lt(lua_State *L) {
  lua_pushboolean(L, value_check_date(L, 1) < value_check_date(L, 2));
  return 1;
}

static int date_le(lua_State *L) {
  lua_pushboolean(L, value_check_date(L, 1) <= value_check_date(L, 2));
  return 1;
}

static int date_eq(lua_State *L) {
  const CivilDate *x = engine_is(L, 1, CLASS_DATE), *y = engine_is(L, 2, CLASS_DATE);
  lua_pushboolean(L, x && y && x->day == y->day);
  return 1;
}

static int date_index(lua_State *L) {
  static const Str KNOWN[] = {{"year", 4}, {"month", 5}, {"day", 3}, {"weekday", 7}};
  const CivilDate *d = engine_is(L, 1, CLASS_DATE);
  const char *key = luaL_checkstring(L, 2);
  int part[4];
  day_parts(d->day, &part[0], &part[1], &part[2]);
  part[3] = day_weekday(d->day);
  for (int i = 0; i < 4; i++) {
    if (!str_is(KNOWN[i], key)) continue;
    lua_pushinteger(L, part[i]);
    return 1;
  }
  check_key(L, "field of a date", KNOWN, 4);
  return 0;
}

/* --- durations -------------------------------------------------------------- */

/* <0, 0, >0; false when the two cannot be ordered (months against days). */
static bool span_cmp(Val x, Val y, int *cmp) {
  if (x.t == V_NEVER || y.t == V_NEVER) {
    *cmp = (x.t == V_NEVER) - (y.t == V_NEVER);
    return true;
  }
  if (x.t != y.t || (x.t != V_SECS && x.t != V_MONTHS)) return false;
  x.t = y.t = V_NUM;
  *cmp = num_cmp(x, y);
  return true;
}

static int span_order(lua_State *L) {
  Arena *a = engine_arena(L);
  Val x, y;
  int cmp = 0;
  if (!span_at(L, 1, a, &x) || !span_at(L, 2, a, &y)) {
    const char *p = kind(L, 1), *q = kind(L, 2);
    engine_fail(L, "%s and %s cannot be compared", p, q);
  }
  if (!span_cmp(x, y, &cmp)) engine_fail(L, "months and days cannot be compared: a month has no fixed length");
  arena_free(a);
  return cmp;
}

static int span_lt(lua_State *L) {
  lua_pushboolean(L, span_order(L) < 0);
  return 1;
}

static int span_le(lua_State *L) {
  lua_pushboolean(L, span_order(L) <= 0);
  return 1;
}

static int span_eq(lua_State *L) {
  const Span *x = engine_is(L, 1, CLASS_SPAN), *y = engine_is(L, 2, CLASS_SPAN);
  lua_pushboolean(L, x && y && val_order(x->val, y->val) == 0);
  return 1;
}

static int span_add(lua_State *L) {
  if (engine_is(L, 1, CLASS_DATE) || engine_is(L, 2, CLASS_DATE)) return date_add(L);
  return refuse(L, "+");
}

static int span_index(lua_State *L) {
  static const Str KNOWN[] = {{"days", 4}, {"months", 6}};
  const Span *s = engine_is(L, 1, CLASS_SPAN);
  const char *key = luaL_checkstring(L, 2);
  Val v = s->val;
  int64_t days;
  if (strcmp(key, "months") == 0) {
    if (v.t == V_MONTHS)
      lua_pushinteger(L, v.u.i);
    else
      lua_pushnil(L);
  } else if (strcmp(key, "days") == 0) {
    v.t = V_NUM;
    if (s->val.t != V_SECS)
      lua_pushnil(L);
    else if (num_int(v, &days) && days % 86400 == 0)
      lua_pushinteger(L, days / 86400);
    else
      lua_pushnumber(L, num_double(v) / 86400);
  } else {
    check_key(L, "field of a duration", KNOWN, 2);
  }
  return 1;
}

/* --- all of them -------------------------------------------------------------- */

static int show(lua_State *L) {
  Buf *b = engine_buf(L);
  Arena *a = engine_arena(L);
  Unit unit;
  Val v = value_to(L, 1, a, &unit);
  value_text(engine(L), v, unit, b);
  arena_free(a);
  lua_pushlstring(L, b->p ? b->p : "", b->n);
  buf_free(b);
  return 1;
}

static int join(lua_State *L) {
  luaL_Buffer b;
  lua_settop(L, 2);
  for (int i = 1; i <= 2; i++) {
    lua_pushcfunction(L, text_tostring);
    lua_pushvalue(L, i);
    lua_call(L, 1, 1);
    lua_replace(L, i);
  }
  luaL_buffinit(L, &b);
  for (int i = 1; i <= 2; i++) {
    lua_pushvalue(L, i);
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
  return 1;
}

static int fixed(lua_State *L) { return engine_fail(L, "money, dates and durations cannot be changed in place"); }

static int new_money(lua_State *L) {
  Arena *a = engine_arena(L);
  const Engine *h = engine(L);
  int minor = h->store ? store_minor(h->store) : 2;
  Val v = val_null();
  Unit unit = UNIT_NONE;
  int64_t i;
  bool inexact = false;
  if (lua_type(L, 1) == LUA_TNUMBER) v = number_at(L, 1, a);
  if (lua_type(L, 1) == LUA_TSTRING) {
    Str s;
    s.p = lua_tolstring(L, 1, &s.n);
    if (!value_literal(s, a, &v, &unit)) v = val_null();
  }
  if (!val_is_num(v) || unit == UNIT_PERCENT)
    return engine_fail(L, "money(…) takes a number or text like \"50万\", not %s", lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : kind(L, 1));
  if (!num_minor(v, minor, &i, &inexact)) return engine_fail(L, "an amount of money beyond 64 bits of its minor unit");
  arena_free(a);
  value_push_money(L, i);
  return 1;
}

static int new_date(lua_State *L) {
  if (lua_type(L, 1) == LUA_TNUMBER) {
    lua_Integer y = luaL_checkinteger(L, 1), m = luaL_checkinteger(L, 2), d = luaL_checkinteger(L, 3);
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31 || !day_real((int)y, (int)m, (int)d))
      return engine_fail(L, "%04lld-%02lld-%02lld is no date", (long long)y, (long long)m, (long long)d);
    value_push_date(L, day_of((int)y, (int)m, (int)d));
    return 1;
  }
  value_push_date(L, value_check_date(L, 1));
  return 1;
}

static int new_span(lua_State *L) {
  Arena *a = engine_arena(L);
  Val v;
  if (!span_at(L, 1, a, &v)) return engine_fail(L, "a duration is written \"7d\", \"6w\", \"12m\", \"2y\", \"45min\"");
  arena_free(a);
  value_push_span(L, v);
  return 1;
}

void quantity_open(lua_State *L) {
  static const luaL_Reg MONEY[] = {{"__add", money_add}, {"__sub", money_sub}, {"__mul", money_mul},
                                   {"__div", money_div}, {"__unm", money_neg}, {"__lt", money_lt},
                                   {"__le", money_le},   {"__eq", money_eq},   {"__index", money_index},
                                   {"__tostring", show}, {"__concat", join},   {"__newindex", fixed},
                                   {NULL, NULL}};
  static const luaL_Reg DATE[] = {{"__add", date_add}, {"__sub", date_sub},     {"__lt", date_lt},
                                  {"__le", date_le},   {"__eq", date_eq},       {"__index", date_index},
                                  {"__tostring", show}, {"__concat", join},     {"__newindex", fixed},
                                  {NULL, NULL}};
  static const luaL_Reg SPAN[] = {{"__add", span_add},     {"__sub", date_sub},   {"__lt", span_lt},
                                  {"__le", span_le},       {"__eq", span_eq},     {"__index", span_index},
                                  {"__tostring", show},    {"__concat", join},    {"__newindex", fixed},
                                  {NULL, NULL}};
  static const luaL_Reg NOTHING[] = {{"__tostring", show}, {NULL, NULL}};
  engine_class(L, CLASS_MONEY, MONEY);
  engine_class(L, CLASS_DATE, DATE);
  engine_class(L, CLASS_SPAN, SPAN);
  engine_class(L, CLASS_NULL, NOTHING);
  engine_new(L, CLASS_NULL, 1, 0);
  sandbox_global(L, "null");
  lua_pushcfunction(L, new_money);
  sandbox_global(L, "money");
  lua_pushcfunction(L, new_date);
  sandbox_global(L, "date");
  lua_pushcfunction(L, new_span);
  sandbox_global(L, "duration");
}
