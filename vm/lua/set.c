#include "lua/set.h"

#include "base/num.h"
#include "lua/rule.h"
#include "lua/sandbox.h"
#include "lua/value.h"
#include "lua/visits.h"

#include <string.h>

Class CLASS_SET = "set", CLASS_ROW = "row";
static const char ROWS, SET_METHODS; /* registry keys by address */

void set_methods(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &SET_METHODS); }

/* --- making ----------------------------------------------------------------- */

Set *set_new(lua_State *L, int entity, size_t n) {
  if (n > SIZE_MAX / 16) luaL_error(L, "not enough memory");
  Set *s = engine_new(L, CLASS_SET, sizeof *s + n * sizeof *s->id, SET_USER);
  s->entity = entity;
  s->n = n;
  return s;
}

Set *set_check(lua_State *L, int index) {
  Set *s = engine_is(L, index, CLASS_SET);
  if (!s) engine_fail(L, "a set is wanted here, not a %s", luaL_typename(L, index));
  return s;
}

Set *set_check_of(lua_State *L, int index, int entity) {
  Set *s = set_check(L, index);
  if (s->entity != entity)
    engine_fail(L, "a set of %s is wanted here, not of %s", catalog_at((size_t)entity - 1)->plural,
              catalog_at((size_t)s->entity - 1)->plural);
  return s;
}

Row *row_check(lua_State *L, int index) {
  Row *r = engine_is(L, index, CLASS_ROW);
  if (!r) engine_fail(L, "a row is wanted here, not a %s", luaL_typename(L, index));
  return r;
}

void set_push_all(lua_State *L, int entity) {
  Engine *h = engine(L);
  const FeelHost *f = store_host(h->store);
  Arena *a = engine_arena(L);
  const int64_t *id;
  size_t n;
  if (!f->all(f->ctx, entity, eval_asof(h->ev), a, &id, &n, &h->err)) engine_raise(L);
  Set *s = set_new(L, entity, n);
  if (n) memcpy(s->id, id, n * sizeof *id);
  arena_free(a);
  lua_remove(L, -2);
}

/* One userdata a row, so that rows serve as keys of tables; the set it was last met in is its user value. */
static Row *push_row(lua_State *L, int entity, int64_t id) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ROWS);
  lua_Integer key = (lua_Integer)((uint64_t)id * 64 + (uint64_t)entity);
  lua_rawgeti(L, -1, key);
  Row *r = lua_touserdata(L, -1);
  if (!r) {
    lua_pop(L, 1);
    r = engine_new(L, CLASS_ROW, sizeof *r, 1);
    r->entity = entity;
    r->id = id;
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, key);
  }
  lua_remove(L, -2);
  return r;
}

void set_push_member(lua_State *L, int set, size_t at) {
  set = lua_absindex(L, set);
  const Set *s = lua_touserdata(L, set);
  Row *r = push_row(L, s->entity, s->id[at]);
  r->at = at;
  lua_pushvalue(L, set);
  lua_setiuservalue(L, -2, 1);
}

void set_push_row(lua_State *L, int entity, int64_t id) {
  Row *r = push_row(L, entity, id);
  if (lua_getiuservalue(L, -1, 1) == LUA_TNIL) {
    Set *s = set_new(L, entity, 1);
    s->id[0] = id;
    r->at = 0;
    lua_setiuservalue(L, -3, 1);
  }
  lua_pop(L, 1);
}

void set_push_rows(lua_State *L, int entity, const Val *row, size_t n) {
  Set *s = set_new(L, entity, n);
  s->n = 0;
  for (size_t i = 0; i < n; i++)
    if (row[i].t == V_ROW) s->id[s->n++] = row[i].u.i;
}

bool set_value(lua_State *L, int index, Arena *a, Val *out) {
  const Row *r = engine_is(L, index, CLASS_ROW);
  if (r) {
    *out = val_row((uint32_t)r->entity, r->id);
    return true;
  }
  const Set *s = engine_is(L, index, CLASS_SET);
  if (!s) return false;
  Val *v = arena_alloc(a, (s->n + 1) * sizeof *v);
  for (size_t i = 0; i < s->n; i++) v[i] = val_row((uint32_t)s->entity, s->id[i]);
  *out = val_list(v, s->n);
  return true;
}

Set *set_or_row(lua_State *L, int index) {
  const Row *r = engine_is(L, index, CLASS_ROW);
  if (!r) {
    Set *s = set_check(L, index);
    lua_pushvalue(L, index);
    return s;
  }
  Set *s = set_new(L, r->entity, 1);
  s->id[0] = r->id;
  return s;
}

void set_count_text(Engine *h, int entity, size_t n, Buf *out) {
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  (void)h;
  num_fixed(val_int((int64_t)n), 0, true, out);
  buf_printf(out, " %s", n == 1 ? ent->name : ent->plural);
}

/* --- rows --------------------------------------------------------------------- */

/* A column of a set as last read: the first read asks for one row, the second for all, unless what was read of all went
 * stale before most of it was asked for: a script that writes row by row asks row by row. */
typedef struct FieldCache {
  unsigned generation;
  unsigned reads, patience;
  bool filled;
  Type type;
  Val val[];
} FieldCache;

/* The column of `field` in the set at index, pushed. */
static FieldCache *column_of(lua_State *L, int set, Str field) {
  Set *s = lua_touserdata(L, set);
  if (lua_getiuservalue(L, set, SET_COLUMNS) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, set, SET_COLUMNS);
  }
  lua_pushlstring(L, field.p, field.n);
  lua_pushvalue(L, -1);
  lua_rawget(L, -3);
  FieldCache *c = lua_touserdata(L, -1);
  if (!c) {
    lua_pop(L, 1);
    c = engine_array(L, 1, sizeof *c + s->n * sizeof *c->val);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, -5);
  }
  lua_remove(L, -2);
  lua_remove(L, -2);
  unsigned now = engine(L)->generation;
  if (c->generation != now) {
    enum { PATIENCE_MOST = 1 << 20 };
    if (c->filled && c->reads < s->n / 8 && c->patience < PATIENCE_MOST) c->patience = c->patience * 4 + 4;
    c->generation = now;
    c->reads = 0;
    c->filled = false;
  }
  return c;
}

static bool is_name(Str s) {
  for (size_t i = 0; i < s.n; i++) {
    unsigned char b = (unsigned char)s.p[i];
    bool word = b >= 0x80 || b == '_' || (b >= '0' && b <= '9') || ((b | 32) >= 'a' && (b | 32) <= 'z');
    if (!word && !(b == '.' && i > 0 && i + 1 < s.n)) return false;
  }
  return s.n > 0;
}

/* a.was, of a row met in a set that lends the name. */
static void near_name(lua_State *L, int row, Str name) {
  Engine *h = engine(L);
  int top = lua_gettop(L);
  h->near = NULL;
  bool lends = lua_getiuservalue(L, row, 1) != LUA_TNIL && lua_getiuservalue(L, -1, SET_NEAR) == LUA_TUSERDATA;
  const Lent *lent = lends ? lua_touserdata(L, -1) : NULL;
  for (size_t i = 0; lent && i < lent->n; i++)
    if (str_eq(lent->name[i].name, name)) rule_near(L, top + 1);
  lua_settop(L, top);
}

void row_field(lua_State *L, int row, Str name) {
  Engine *h = engine(L);
  row = lua_absindex(L, row);
  Row *r = lua_touserdata(L, row);
  if (!is_name(name)) engine_fail(L, "%.*s is no name of a field", STR_ARG(name));
  Src src = {.text = name, .file = h->prompt ? NULL : h->file, .line = engine_line(L), .col = 0};
  near_name(L, row, name);
  Expr *x = rule_expr(L, r->entity, src, WANT_ANY, 0);
  h->near = NULL;
  if (lua_getiuservalue(L, row, 1) == LUA_TNIL) {
    Val *v = rule_eval(L, x, &r->id, 1);
    value_push(L, v[0], expr_type(x));
    return;
  }
  int set = lua_gettop(L);
  Set *s = lua_touserdata(L, set);
  FieldCache *c = column_of(L, set, name);
  if (c->reads++ > c->patience && !c->filled) {
    if (!eval_expr(h->ev, x, s->id, s->n, c->val, &h->err)) engine_raise(L);
    c->filled = true;
  }
  if (c->filled) {
    value_push(L, c->val[r->at], expr_type(x));
  } else {
    Val *v = rule_eval(L, x, &r->id, 1);
    value_push(L, v[0], expr_type(x));
  }
}

Val set_key(lua_State *L, int entity, int64_t id) {
  const CatColumn *key = catalog_key(catalog_at((size_t)entity - 1));
  if (!key) return val_int(id);
  Expr *x = rule_expr(L, entity, (Src){.text = str_of(key->name)}, WANT_ANY, 0);
  Val *v = rule_eval(L, x, &id, 1);
  lua_pop(L, 1);
  return v[0];
}

static int row_index(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING) return engine_fail(L, "a row is read by the name of a field");
  row_methods(L);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, -2) != LUA_TNIL) return 1;
  lua_settop(L, 2);
  Str name;
  name.p = lua_tolstring(L, 2, &name.n);
  row_field(L, 1, name);
  return 1;
}

static int row_newindex(lua_State *L) {
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "field";
  return engine_fail(L, "a field is written by x:put(\"%s\", value), which the plan then shows", key);
}

static int row_text(lua_State *L) {
  Row *r = row_check(L, 1);
  Buf *b = engine_buf(L);
  buf_printf(b, "%s ", rule_entity_name(r->entity));
  value_text(engine(L), set_key(L, r->entity, r->id), UNIT_NONE, b);
  lua_pushlstring(L, b->p, b->n);
  buf_free(b);
  return 1;
}

static int row_eq(lua_State *L) {
  const Row *x = engine_is(L, 1, CLASS_ROW), *y = engine_is(L, 2, CLASS_ROW);
  lua_pushboolean(L, x && y && x->entity == y->entity && x->id == y->id);
  return 1;
}

/* --- sets --------------------------------------------------------------------- */

/* id -> place, pushed; made at the first question. */
static void push_index(lua_State *L, int set) {
  set = lua_absindex(L, set);
  if (lua_getiuservalue(L, set, SET_INDEX) == LUA_TTABLE) return;
  lua_pop(L, 1);
  Set *s = lua_touserdata(L, set);
  lua_createtable(L, 0, (int)s->n);
  for (size_t i = 0; i < s->n; i++) {
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_rawseti(L, -2, s->id[i]);
  }
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, set, SET_INDEX);
}

static bool in_index(lua_State *L, int index, int64_t id) {
  bool in = lua_rawgeti(L, index, id) != LUA_TNIL;
  lua_pop(L, 1);
  return in;
}

static int unite(lua_State *L) {
  Set *x = set_check(L, 1), *y = set_check_of(L, 2, x->entity);
  push_index(L, 1);
  int index = lua_gettop(L);
  Set *s = set_new(L, x->entity, x->n + y->n);
  if (x->n) memcpy(s->id, x->id, x->n * sizeof *x->id);
  s->n = x->n;
  for (size_t i = 0; i < y->n; i++)
    if (!in_index(L, index, y->id[i])) s->id[s->n++] = y->id[i];
  return 1;
}

static int keep(lua_State *L, bool those_in) {
  Set *x = set_check(L, 1);
  set_check_of(L, 2, x->entity);
  push_index(L, 2);
  int index = lua_gettop(L);
  Set *s = set_new(L, x->entity, x->n);
  s->n = 0;
  for (size_t i = 0; i < x->n; i++)
    if (in_index(L, index, x->id[i]) == those_in) s->id[s->n++] = x->id[i];
  lua_getiuservalue(L, 1, SET_NEAR);
  lua_setiuservalue(L, -2, SET_NEAR);
  return 1;
}

static int subtract(lua_State *L) { return keep(L, false); }
static int intersect(lua_State *L) { return keep(L, true); }

static int length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)set_check(L, 1)->n);
  return 1;
}

static int set_text(lua_State *L) {
  Set *s = set_check(L, 1);
  Buf *b = engine_buf(L);
  set_count_text(engine(L), s->entity, s->n, b);
  lua_pushlstring(L, b->p, b->n);
  buf_free(b);
  return 1;
}

/* accounts "rule" filters; for x in accounts do walks: the loop calls with nil, then with the last row. */
static int set_call(lua_State *L) {
  Set *s = set_check(L, 1);
  if (lua_type(L, 2) == LUA_TSTRING || lua_istable(L, 2)) {
    set_methods(L);
    lua_getfield(L, -1, "where");
    lua_replace(L, -2);
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
  }
  const Row *last = engine_is(L, 3, CLASS_ROW);
  size_t at = 0;
  if (last) {
    at = s->cursor;
    if (at >= s->n || s->id[at] != last->id) {
      /* another loop over the same set moved the cursor: find the place again */
      push_index(L, 1);
      lua_rawgeti(L, -1, last->id);
      at = (size_t)lua_tointeger(L, -1) - 1;
    }
    at++;
  }
  s->cursor = at;
  if (at >= s->n) return 0;
  set_push_member(L, 1, at);
  return 1;
}

static int unknown_verb(lua_State *L) {
  size_t cap = 0, n = 0;
  set_methods(L);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) cap++;
  Str *name = engine_array(L, cap + 1, sizeof *name), wrong;
  lua_insert(L, -2);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) name[n].p = lua_tolstring(L, -2, &name[n].n), n++;
  wrong.p = luaL_tolstring(L, 2, &wrong.n);
  return engine_unknown(L, "verb of a set:", wrong, name, n);
}

static int set_index(lua_State *L) {
  Set *s = set_check(L, 1);
  if (lua_isinteger(L, 2)) {
    lua_Integer i = lua_tointeger(L, 2);
    if (i < 1 || (lua_Unsigned)i > s->n) return 0;
    set_push_member(L, 1, (size_t)i - 1);
    return 1;
  }
  set_methods(L);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, -2) != LUA_TNIL) return 1;
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (strcmp(catalog_at((size_t)s->entity - 1)->name, "visit") == 0 && visits_function(L, key)) return 1;
  if (strcmp(key, "unknown") != 0) return unknown_verb(L);
  if (lua_getiuservalue(L, 1, SET_UNKNOWN) == LUA_TNIL) set_new(L, s->entity, 0);
  return 1;
}

static int set_has(lua_State *L) {
  Set *s = set_check(L, 1);
  const Row *r = engine_is(L, 2, CLASS_ROW);
  int64_t id = 0;
  if (r)
    id = r->entity == s->entity ? r->id : 0;
  else if (lua_type(L, 2) == LUA_TSTRING)
    id = store_find(engine(L)->store, catalog_at((size_t)s->entity - 1), str_of(lua_tostring(L, 2)));
  else
    return engine_fail(L, "has takes a row or a code");
  push_index(L, 1);
  lua_pushboolean(L, id != 0 && in_index(L, lua_gettop(L), id));
  return 1;
}

static int set_each(lua_State *L) {
  Set *s = set_check(L, 1);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  for (size_t i = 0; i < s->n; i++) {
    lua_pushvalue(L, 2);
    set_push_member(L, 1, i);
    lua_call(L, 1, 0);
    if ((i & 63) == 0 && limit_over(L)) return limit_stop(L);
  }
  lua_settop(L, 1);
  return 1;
}

static int set_ids(lua_State *L) {
  Set *s = set_check(L, 1);
  const CatColumn *key = catalog_key(catalog_at((size_t)s->entity - 1));
  lua_createtable(L, (int)s->n, 0);
  if (key) {
    Expr *x = rule_expr(L, s->entity, (Src){.text = str_of(key->name)}, WANT_ANY, 0);
    Val *v = rule_eval(L, x, s->id, s->n);
    for (size_t i = 0; i < s->n; i++) {
      value_push(L, v[i], expr_type(x));
      lua_rawseti(L, -3, (lua_Integer)i + 1);
    }
    lua_pop(L, 1);
    return 1;
  }
  for (size_t i = 0; i < s->n; i++) {
    lua_pushinteger(L, s->id[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int changed_in_place(lua_State *L) { return engine_fail(L, "a set is not changed in place; + - & make a new one"); }

void set_open(lua_State *L) {
  static const luaL_Reg SET[] = {{"__index", set_index}, {"__newindex", changed_in_place}, {"__call", set_call},
                                 {"__len", length},      {"__add", unite},        {"__sub", subtract},
                                 {"__band", intersect},  {"__tostring", set_text}, {NULL, NULL}};
  static const luaL_Reg ROW[] = {{"__index", row_index}, {"__newindex", row_newindex}, {"__eq", row_eq},
                                 {"__tostring", row_text}, {NULL, NULL}};
  static const luaL_Reg METHODS[] = {{"has", set_has}, {"each", set_each}, {"ids", set_ids}, {NULL, NULL}};
  engine_class(L, CLASS_SET, SET);
  engine_class(L, CLASS_ROW, ROW);
  luaL_newlib(L, METHODS);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &SET_METHODS);
  lua_newtable(L);
  lua_newtable(L);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ROWS);
}
