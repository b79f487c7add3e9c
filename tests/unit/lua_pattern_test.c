#include "testing.h"

#include "lua/engine.h"
#include "lua/search.h"

#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Our string functions against Lua's own, on patterns and texts drawn by chance from the characters that matter. */

static Engine eng;

static int open_ours(lua_State *L) {
  luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
  lua_newtable(L);
  search_open(L);
  lua_pushvalue(L, -1);
  lua_setglobal(L, "ours");
  lua_pushvalue(L, -2);
  lua_setglobal(L, "theirs");
  return 0;
}

static int open_engine(void **state) {
  Err e = {0};
  (void)state;
  eng = (Engine){.steps = -1};
  return engine_open(&eng, 64 << 20, &e) && engine_do(&eng, open_ours, NULL, &e) ? 0 : -1;
}

static int close_engine(void **state) {
  (void)state;
  engine_close(&eng);
  return 0;
}

static uint64_t seed = 1;
static int below(int n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (int)((seed >> 33) % (uint64_t)n);
}

static void draw(const char *const *parts, size_t n, int most, char *out) {
  *out = 0;
  for (int i = below(most + 1); i > 0; i--) strcat(out, parts[below((int)n)]);
}

/* The results of library.fn(s, p, x) as one text; errors are "error" or "malformed". */
static void call(lua_State *L, const char *library, const char *fn, const char *s, const char *p, const char *x, char *out) {
  int top = lua_gettop(L);
  lua_getglobal(L, library);
  lua_getfield(L, -1, fn);
  lua_pushstring(L, s);
  lua_pushstring(L, p);
  if (x) lua_pushstring(L, x);
  *out = 0;
  if (lua_pcall(L, x ? 3 : 2, LUA_MULTRET, 0) != LUA_OK) {
    bool malformed = strstr(lua_tostring(L, -1), "malformed") || strstr(lua_tostring(L, -1), "missing");
    strcpy(out, malformed ? "malformed" : "error");
  } else {
    for (int i = top + 2; i <= lua_gettop(L); i++) {
      size_t n = strlen(out);
      snprintf(out + n, 4096 - n, "[%s]", lua_isnil(L, i) ? "nil" : lua_isfunction(L, i) ? "function" : lua_tostring(L, i));
    }
  }
  lua_settop(L, top);
}

static void agree(lua_State *L, const char *fn, const char *s, const char *p, const char *x) {
  static char ours[4096], theirs[4096];
  call(L, "ours", fn, s, p, x, ours);
  call(L, "theirs", fn, s, p, x, theirs);
  if (strcmp(ours, "malformed") == 0) return; /* we look at the whole pattern first, Lua as it goes */
  if (strcmp(ours, theirs) != 0) fail_msg("%s(\"%s\", \"%s\", %s)\n  ours:   %s\n  theirs: %s", fn, s, p, x ? x : "-", ours, theirs);
}

static int compare_random(lua_State *L) {
  static const char *const PATTERN[] = {"a", "b", ".", "%a", "%d", "%s", "%W", "%S", "[ab]", "[^a]", "[a-c1]", "[]]", "[%d-]", "*", "+", "-",
                                        "?", "(", ")", "()", "$", "^", "%1", "%2", "%b()", "%f[%w]", "%f[%z]", "%%", "[", "%", "]", "1", "%x",
                                        "%p", "%g", "%c", "%l", "%u", "%Z"};
  static const char *const TEXT[] = {"a", "b", "c", "1", "2", " ", "(", ")", "ab", "aa", "]", "-", "A", "Z", "%", "盈", "\n"};
  static const char *const NEW[] = {"x", "%0", "%1", "%%", "%2", "y"};
  char s[256], p[256], x[64];
  for (int i = 0; i < 60000; i++) {
    draw(TEXT, sizeof TEXT / sizeof *TEXT, 12, s);
    draw(PATTERN, sizeof PATTERN / sizeof *PATTERN, 6, p);
    draw(NEW, sizeof NEW / sizeof *NEW, 3, x);
    agree(L, "find", s, p, NULL);
    agree(L, "match", s, p, NULL);
    agree(L, "gsub", s, p, x);
  }
  return 0;
}

static int compare_scripts(lua_State *L) {
  static const char CODE[] =
      "local function all(f, ...) local t = {} for a, b in f(...) do t[#t + 1] = tostring(a) .. ':' .. tostring(b) end return theirs.rep('', 0) .. "
      "table_concat(t) end\n"
      "local case = {{'hello world', '%w+'}, {'abc', ''}, {'a=1, b=2', '(%w+)=(%w+)'}, {'aXbX', '()X'}, {'^a^a', '^a'}, {'abc', 'b', -2}, {'x', 'x', 5}}\n"
      "for i, c in ipairs_(case) do local o, t = all(ours.gmatch, c[1], c[2], c[3]), all(theirs.gmatch, c[1], c[2], c[3]) "
      "if o ~= t then error_(c[2] .. ': ' .. o .. ' not ' .. t) end end\n"
      "local r = {a = 1, b = false, c = 'C'}\n"
      "for _, x in ipairs_{r, function(a, b) return b and a .. b end, function() end, 7, '%1'} do\n"
      " for _, p in ipairs_{'%w', '(%w)(%w)', '', '^a', '.-', '[ab]*'} do\n"
      "  local o, n = ours.gsub('abcabc', p, x) local t, m = theirs.gsub('abcabc', p, x)\n"
      "  if o ~= t or n ~= m then error_(p .. ': ' .. o .. ' not ' .. t) end\n"
      "  o, n = ours.gsub('abcabc', p, x, 2) t, m = theirs.gsub('abcabc', p, x, 2)\n"
      "  if o ~= t or n ~= m then error_(p .. ': ' .. o .. ' not ' .. t) end end end\n"
      "for i = -9, 9 do for _, p in ipairs_{'b', '.', '', 'a.c', '^b'} do\n"
      "  local a, b = ours.find('abcabc', p, i) local c, d = theirs.find('abcabc', p, i)\n"
      "  if a ~= c or b ~= d then error_(p .. i) end\n"
      "  a, b = ours.find('a.c', p, i, true) c, d = theirs.find('a.c', p, i, true)\n"
      "  if a ~= c or b ~= d then error_('plain ' .. p .. i) end end end\n";
  luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
  for (const char *const *f = (const char *const[]){"ipairs", "error", "tostring", NULL}; *f; f++) {
    lua_getfield(L, -1, *f);
    lua_pushfstring(L, strcmp(*f, "tostring") == 0 ? "%s" : "%s_", *f);
    lua_insert(L, -2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_insert(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  }
  luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 0);
  lua_getfield(L, -1, "concat");
  lua_setglobal(L, "table_concat");
  if (luaL_loadstring(L, CODE) != LUA_OK) return lua_error(L);
  lua_call(L, 0, 0);
  return 0;
}

static void random_patterns_match_as_in_lua(void **state) {
  (void)state;
  Err e = {0};
  if (!engine_do(&eng, compare_random, NULL, &e)) fail_msg("%s", e.what);
}

static void functions_tables_and_starts_do_as_in_lua(void **state) {
  (void)state;
  Err e = {0};
  if (!engine_do(&eng, compare_scripts, NULL, &e)) fail_msg("%s", e.what);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_patterns_match_as_in_lua),
      cmocka_unit_test(functions_tables_and_starts_do_as_in_lua),
  };
  return cmocka_run_group_tests(tests, open_engine, close_engine);
}
