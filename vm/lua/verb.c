/* Verbs of sets that ask: where sort top count sum mean min max values, and say on rows. */
#include "lua/rule.h"
#include "lua/set.h"
#include "lua/sort.h"
#include "lua/value.h"

#include "base/lang.h"

#include <string.h>

static int params_at(lua_State *L, int index) { return lua_istable(L, index) ? index : 0; }

/* accounts "C0042" is a slip for account "C0042". */
static void check_no_code(lua_State *L, const Set *s, Src src) {
  Engine *h = engine(L);
  const CatEntity *ent = catalog_at((size_t)s->entity - 1);
  const CatColumn *key = catalog_key(ent);
  if (!key || src.text.n > 40 || memchr(src.text.p, ' ', src.text.n)) return;
  if (!store_find(h->store, ent, src.text)) return;
  err_free(&h->err);
  err_set(&h->err, ERR_FAIL, "'%.*s' is no condition", STR_ARG(src.text));
  err_todo(&h->err, "one %s: %s \"%.*s\"     a set: %s \"%s = '%.*s'\"", ent->name, ent->name, STR_ARG(src.text),
           ent->plural, key->name, STR_ARG(src.text));
  engine_raise(L);
}

/* What the rule named and compared, as columns for showing: "code, name" are added there. */
static void keep_shown(lua_State *L, int set, const Expr *x) {
  const Str *name;
  size_t n = expr_names(x, &name);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < n; i++) {
    if (i) luaL_addchar(&b, SET_COLUMN);
    luaL_addlstring(&b, name[i].p, name[i].n);
  }
  luaL_pushresult(&b);
  lua_setiuservalue(L, set, SET_SHOWN);
}

/* The rows for which x holds, pushed; those for which it is unknown are kept beside them. */
static void push_those(lua_State *L, const Set *s, const Expr *x) {
  Val *v = rule_eval(L, x, s->id, s->n);
  size_t hit = 0, unknown = 0;
  for (size_t i = 0; i < s->n; i++) {
    hit += v[i].t == V_BOOL && v[i].u.i;
    unknown += v[i].t == V_NULL;
  }
  Set *out = set_new(L, s->entity, hit);
  int at = lua_gettop(L);
  Set *left = unknown ? set_new(L, s->entity, unknown) : NULL;
  hit = unknown = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (v[i].t == V_BOOL && v[i].u.i) out->id[hit++] = s->id[i];
    if (v[i].t == V_NULL) left->id[unknown++] = s->id[i];
  }
  if (left) lua_setiuservalue(L, at, SET_UNKNOWN);
  keep_shown(L, at, x);
}

static int where(lua_State *L) {
  Set *s = set_check(L, 1);
  if (lua_isboolean(L, 2)) { /* a filter argument left at true */
    Set *out = set_new(L, s->entity, lua_toboolean(L, 2) ? s->n : 0);
    if (out->n) memcpy(out->id, s->id, out->n * sizeof *out->id);
    return 1;
  }
  Src src = engine_src(L, 2);
  check_no_code(L, s, src);
  rule_population(L, 1);
  Expr *x = rule_expr(L, s->entity, src, WANT_CONDITION, params_at(L, 3));
  push_those(L, s, x);
  int at = lua_gettop(L);
  lua_getiuservalue(L, 1, SET_NEAR);
  lua_setiuservalue(L, at, SET_NEAR);
  return 1;
}

/* set:nearly("kind", "重要"): one cell short of it. `missed` is the column, with .value and .test, in rules over
 * what comes out. */
static int nearly(lua_State *L) {
  static const char *const RULE[] = {"nearly(table, value)", "nearly(table, value).missed", "nearly(table, value).value",
                                     "nearly(table, value).test"};
  enum { NAMES = 3 };
  static const char *const NAME[NAMES] = {"missed", "missed.value", "missed.test"};
  Engine *h = engine(L);
  Set *s = set_check(L, 1);
  luaL_checkstring(L, 2);
  luaL_checkany(L, 3);
  lua_settop(L, 3);
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, 2);
  lua_setfield(L, 4, "table");
  lua_pushvalue(L, 3);
  lua_setfield(L, 4, "value");
  rule_population(L, 1);
  h->near = NULL;
  Expr *x[1 + NAMES];
  for (int i = 0; i <= NAMES; i++) {
    Src src = {.text = str_of(RULE[i]), .file = h->prompt ? NULL : h->file, .line = engine_line(L)};
    x[i] = rule_expr(L, s->entity, src, i ? WANT_ANY : WANT_CONDITION, 4);
  }
  push_those(L, s, x[0]);
  int out = lua_gettop(L);
  Lent *near = rule_lend(L, NAMES);
  for (int i = 0; i < NAMES; i++) near->name[i] = (Param){.name = str_of(NAME[i]), .expr = x[i + 1]};
  lua_setiuservalue(L, out, SET_NEAR);
  lua_pushfstring(L, "%s%c%s%c%s", NAME[0], SET_COLUMN, NAME[1], SET_COLUMN, NAME[2]);
  lua_setiuservalue(L, out, SET_SHOWN);
  return 1;
}

/* Sorting keeps what the rule of the set left out and named. */
static void inherit(lua_State *L, int from, int to) {
  static const int KEPT[] = {SET_UNKNOWN, SET_SHOWN, SET_NEAR};
  for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++) {
    lua_getiuservalue(L, from, KEPT[i]);
    lua_setiuservalue(L, to, KEPT[i]);
  }
}

static int sort(lua_State *L) {
  set_check(L, 1);
  Src src = engine_src(L, 2);
  sort_set(L, 1, src, params_at(L, 3), false);
  inherit(L, 1, lua_gettop(L));
  return 1;
}

static int top(lua_State *L) {
  set_check(L, 1);
  lua_Integer n = luaL_checkinteger(L, 2);
  if (n < 0) return engine_fail(L, "top takes how many and by what: set:top(5, \"revenue_12m\")");
  Src src = engine_src(L, 3);
  Set *s = sort_set(L, 1, src, params_at(L, 4), true);
  if ((lua_Unsigned)n < s->n) s->n = (size_t)n;
  inherit(L, 1, lua_gettop(L));
  return 1;
}

static int first(lua_State *L) {
  Set *s = set_check(L, 1);
  lua_Integer n = luaL_optinteger(L, 2, 1);
  size_t most = n < 0 ? 0 : (lua_Unsigned)n < s->n ? (size_t)n : s->n;
  Set *out = set_new(L, s->entity, most);
  if (most) memcpy(out->id, s->id, most * sizeof *out->id);
  inherit(L, 1, lua_gettop(L));
  return 1;
}

/* One figure for the whole set: the same aggregate that group columns use. */
static int aggregate(lua_State *L) {
  const char *fn = lua_tostring(L, lua_upvalueindex(1));
  Engine *h = engine(L);
  Set *s = set_check(L, 1);
  Src src = engine_src(L, 2);
  int open = (int)strlen(fn) + 1;
  lua_pushfstring(L, "%s(", fn);
  lua_pushvalue(L, 2);
  lua_pushliteral(L, ")");
  lua_concat(L, 3);
  src.text.p = lua_tolstring(L, -1, &src.text.n);
  src.col = src.col > open ? src.col - open : 1;
  rule_population(L, 1);
  size_t n;
  Expr **x = rule_columns(L, s->entity, src, true, params_at(L, 3), &n);
  if (n != 1) return engine_fail(L, "%s takes one value, not %zu columns", fn, n);
  uint32_t *group = engine_array(L, s->n + 1, sizeof *group);
  Groups g = {.n = 1, .group = group};
  Val *out = engine_array(L, 1, sizeof *out);
  if (!eval_grouped(h->ev, x[0], &g, s->id, s->n, out, &h->err)) return engine_raise(L);
  value_push(L, *out, expr_type(x[0]));
  return 1;
}

static int count(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    where(L);
    lua_replace(L, 1);
  }
  lua_pushinteger(L, (lua_Integer)set_check(L, 1)->n);
  return 1;
}

/* The known values of an expression, in the set's order. */
static int values(lua_State *L) {
  Set *s = set_check(L, 1);
  Src src = engine_src(L, 2);
  rule_population(L, 1);
  Expr *x = rule_expr(L, s->entity, src, WANT_ANY, params_at(L, 3));
  rule_push_known(L, x, s);
  return 1;
}

/* A sentence said of a second row of a set will be said of the others too: what it leans on is worked out for all of
 * them at once, and found again row by row. */
static void foresee(lua_State *L, int row, Expr *x) {
  int top = lua_gettop(L);
  if (lua_getiuservalue(L, row, 1) == LUA_TNIL) {
    lua_settop(L, top);
    return;
  }
  const Set *s = lua_touserdata(L, -1);
  if (lua_getiuservalue(L, -1, SET_COLUMNS) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, -3, SET_COLUMNS);
  }
  lua_rawgetp(L, -1, x);
  lua_Integer said = lua_tointeger(L, -1);
  if (s->n > 1 && said == 1) rule_eval(L, x, s->id, s->n);
  lua_pushinteger(L, said + 1);
  lua_rawsetp(L, top + 2, x);
  lua_settop(L, top);
}

/* a:say "{name}: {margin:%}" */
static int say(lua_State *L) {
  Row *r = row_check(L, 1);
  Src src = engine_src(L, 2);
  Expr *x = rule_expr(L, r->entity, src, WANT_TEMPLATE, params_at(L, 3));
  if (!params_at(L, 3)) foresee(L, 1, x);
  Val *v = rule_eval(L, x, &r->id, 1);
  value_push(L, v[0], (Type){0});
  return 1;
}

/* a:why "tier", a:whynot("tier", "A"): from the log, as text. */
static int why(lua_State *L) {
  Engine *h = engine(L);
  Row *r = row_check(L, 1);
  Src field = engine_src(L, 2);
  bool negative = lua_toboolean(L, lua_upvalueindex(1));
  Str value = {0};
  if (negative && !str_starts(field.text, "segment:")) value.p = luaL_checklstring(L, 3, &value.n);
  Buf *key = engine_buf(L), *said = engine_buf(L);
  value_text(h, set_key(L, r->entity, r->id), UNIT_NONE, key);
  const char *entity = rule_entity_name(r->entity);
  Day day = h->dated ? eval_asof(h->ev) : DAY_ANY;
  if (!h->prompt) lang_plain(1);
  bool ok = negative ? run_whynot_on(h->store, entity, buf_view(key), field.text, value, day, said, &h->err)
                : run_why_on(h->store, entity, buf_view(key), field.text, day, said, &h->err);
  if (!h->prompt) lang_plain(-1);
  if (!ok) return engine_raise(L);
  Str text = str_trim(buf_view(said));
  lua_pushlstring(L, text.p ? text.p : "", text.n);
  return 1;
}

static const char ROW_METHODS;
void row_methods(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &ROW_METHODS); }

void verb_open(lua_State *L) {
  static const luaL_Reg VERB[] = {{"where", where}, {"sort", sort},   {"top", top},      {"first", first}, {"nearly", nearly},
                                  {"count", count}, {"values", values}, {NULL, NULL}};
  static const char *const AGGREGATE[] = {"sum", "mean", "min", "max", "median"};
  static const luaL_Reg ROW[] = {{"say", say}, {NULL, NULL}};
  set_methods(L);
  luaL_setfuncs(L, VERB, 0);
  for (size_t i = 0; i < sizeof AGGREGATE / sizeof *AGGREGATE; i++) {
    lua_pushstring(L, AGGREGATE[i]);
    lua_pushcclosure(L, aggregate, 1);
    lua_setfield(L, -2, AGGREGATE[i]);
  }
  luaL_newlib(L, ROW);
  for (int negative = 0; negative < 2; negative++) {
    lua_pushboolean(L, negative);
    lua_pushcclosure(L, why, 1);
    lua_setfield(L, -2, negative ? "whynot" : "why");
  }
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ROW_METHODS);
  lua_pop(L, 1);
}
