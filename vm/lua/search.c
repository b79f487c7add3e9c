/* string.find, match, gmatch and gsub over lua/pattern.h. */
#include "lua/search.h"

#include "lua/pattern.h"

#include <lauxlib.h>
#include <string.h>

static void push_capture(PatternMatch *m, int i) {
  if (i >= m->level) {
    if (i != 0) luaL_error(m->L, "invalid capture index %%%d", i + 1);
    lua_pushlstring(m->L, m->from, (size_t)(m->to - m->from));
  } else if (m->capture[i].len == PATTERN_PLACE) {
    lua_pushinteger(m->L, m->capture[i].at - m->text.p + 1);
  } else {
    if (m->capture[i].len == PATTERN_OPEN) luaL_error(m->L, "unfinished capture");
    lua_pushlstring(m->L, m->capture[i].at, (size_t)m->capture[i].len);
  }
}

/* All captures, or the whole match when the pattern has none and `whole`. */
static int push_captures(PatternMatch *m, bool whole) {
  int n = m->level == 0 && whole ? 1 : m->level;
  luaL_checkstack(m->L, n, "too many captures");
  for (int i = 0; i < n; i++) push_capture(m, i);
  return n;
}

static Str text_at(lua_State *L, int index) {
  Str s;
  s.p = luaL_checklstring(L, index, &s.n);
  return s;
}

/* The place where a search begins, from 0; negative counts from the end. */
static size_t start_at(lua_State *L, int index, size_t n) {
  lua_Integer i = luaL_optinteger(L, index, 1);
  if (i > 0) return (lua_Unsigned)i - 1;
  if (i == 0 || i < -(lua_Integer)n) return 0;
  return n - (size_t)-i;
}

static bool plain(Str p) {
  for (size_t i = 0; i < p.n; i++)
    if (p.p[i] && strchr("^$*+?.([%-", p.p[i])) return false;
  return true;
}

static int find_plain(lua_State *L, Str s, Str p, size_t from) {
  const char *at = p.n ? memmem(s.p + from, s.n - from, p.p, p.n) : s.p + from;
  if (!at) {
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, at - s.p + 1);
  lua_pushinteger(L, at - s.p + (lua_Integer)p.n);
  return 2;
}

/* Takes the ^ off a pattern that is tied to the start. */
static bool anchored(Str *p) {
  if (!p->n || p->p[0] != '^') return false;
  p->p++;
  p->n--;
  return true;
}

static int search(lua_State *L, bool find) {
  Str s = text_at(L, 1), p = text_at(L, 2);
  size_t from = start_at(L, 3, s.n);
  if (from > s.n) {
    lua_pushnil(L);
    return 1;
  }
  if (find && (lua_toboolean(L, 4) || plain(p))) return find_plain(L, s, p, from);
  bool tied = anchored(&p);
  PatternMatch m = {.L = L, .text = s};
  m.p = pattern_compile(L, p);
  for (const char *at = s.p + from; at <= s.p + s.n; at++) {
    if (pattern_match(&m, at)) {
      if (!find) return push_captures(&m, true);
      lua_pushinteger(L, m.from - s.p + 1);
      lua_pushinteger(L, m.to - s.p);
      return 2 + push_captures(&m, false);
    }
    if (tied) break;
  }
  lua_pushnil(L);
  return 1;
}

static int find(lua_State *L) { return search(L, true); }
static int match_first(lua_State *L) { return search(L, false); }

/* Upvalues: text, pattern, place to go on from, end of the last match (places from 0, -1 = none). */
static int next_match(lua_State *L) {
  PatternMatch m = {.L = L, .p = lua_touserdata(L, lua_upvalueindex(2))};
  m.text.p = lua_tolstring(L, lua_upvalueindex(1), &m.text.n);
  lua_Integer from = lua_tointeger(L, lua_upvalueindex(3)), last = lua_tointeger(L, lua_upvalueindex(4));
  for (; from <= (lua_Integer)m.text.n; from++) {
    if (!pattern_match(&m, m.text.p + from) || m.to - m.text.p == last) continue;
    lua_pushinteger(L, m.to - m.text.p);
    lua_pushvalue(L, -1);
    lua_replace(L, lua_upvalueindex(3));
    lua_replace(L, lua_upvalueindex(4));
    return push_captures(&m, true);
  }
  return 0;
}

static int all_matches(lua_State *L) {
  Str s = text_at(L, 1), p = text_at(L, 2);
  size_t from = start_at(L, 3, s.n);
  lua_pushvalue(L, 1);
  pattern_compile(L, p);
  lua_pushinteger(L, from > s.n ? (lua_Integer)s.n + 1 : (lua_Integer)from);
  lua_pushinteger(L, -1);
  lua_pushcclosure(L, next_match, 4);
  return 1;
}

/* %0 … %9 and %% in a replacement text. */
static void add_text(PatternMatch *m, luaL_Buffer *b, Str r) {
  for (size_t i = 0; i < r.n; i++) {
    char c = r.p[i];
    if (c != '%') {
      luaL_addchar(b, c);
      continue;
    }
    char x = ++i < r.n ? r.p[i] : 0;
    if (x == '%') {
      luaL_addchar(b, '%');
    } else if (x == '0') {
      luaL_addlstring(b, m->from, (size_t)(m->to - m->from));
    } else if (x >= '1' && x <= '9') {
      push_capture(m, x - '1');
      luaL_tolstring(m->L, -1, NULL); /* a place is a number */
      lua_remove(m->L, -2);
      luaL_addvalue(b);
    } else {
      luaL_error(m->L, "invalid use of '%%' in replacement string");
    }
  }
}

/* What stands for the match: false and nil leave it as it is. */
static void add_replacement(PatternMatch *m, luaL_Buffer *b, int type) {
  lua_State *L = m->L;
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(L, 3);
    lua_call(L, push_captures(m, true), 1);
  } else if (type == LUA_TTABLE) {
    push_capture(m, 0);
    lua_gettable(L, 3);
  } else {
    add_text(m, b, text_at(L, 3));
    return;
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    luaL_addlstring(b, m->from, (size_t)(m->to - m->from));
  } else if (!lua_isstring(L, -1)) {
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  } else {
    luaL_addvalue(b);
  }
}

static int replace(lua_State *L) {
  Str s = text_at(L, 1), p = text_at(L, 2);
  int type = lua_type(L, 3);
  luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
                   "string/function/table");
  lua_Integer most_times = luaL_optinteger(L, 4, (lua_Integer)s.n + 1), n = 0;
  bool tied = anchored(&p);
  PatternMatch m = {.L = L, .text = s};
  m.p = pattern_compile(L, p);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  const char *at = s.p, *end = s.p + s.n, *last = NULL;
  while (n < most_times) {
    if (pattern_match(&m, at) && m.to != last) {
      n++;
      const char *to = m.to;
      add_replacement(&m, &b, type);
      at = last = to;
    } else if (at < end) {
      luaL_addchar(&b, *at++);
    } else {
      break;
    }
    if (tied) break;
  }
  luaL_addlstring(&b, at, (size_t)(end - at));
  luaL_pushresult(&b);
  lua_pushinteger(L, n);
  return 2;
}

void search_open(lua_State *L) {
  static const luaL_Reg FN[] = {{"find", find}, {"match", match_first}, {"gmatch", all_matches}, {"gsub", replace}, {NULL, NULL}};
  luaL_setfuncs(L, FN, 0);
}
