#include "lua/rule.h"

#include "lua/value.h"

#include <string.h>

static const char CACHE, NEAR; /* registry keys by address */

void rule_open(lua_State *L) {
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &CACHE);
}

const char *rule_entity_name(int entity) {
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  return ent ? ent->name : "row";
}

/* The values of a params table; text that reads as a literal becomes that when `literals`. */
static Param *params_of(lua_State *L, int index, bool literals, Arena *a, size_t *n, bool *any_literal) {
  luaL_checktype(L, index, LUA_TTABLE);
  size_t cap = 0;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) cap++;
  Param *list = arena_zalloc(a, cap + 1, sizeof *list);
  *n = 0;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) engine_fail(L, "values enter a rule by name: { i = … }");
    Param *p = &list[(*n)++];
    size_t len;
    const char *name = lua_tolstring(L, -2, &len);
    p->name = (Str){arena_strndup(a, name, len), len};
    p->val = val_copy(value_to(L, -1, a, &p->unit), a);
    Val lit;
    Unit unit;
    if (p->val.t == V_TEXT && value_literal(val_str(p->val), a, &lit, &unit)) {
      *any_literal = true;
      if (literals) {
        p->val = lit;
        p->unit = unit;
      }
    }
  }
  return list;
}

static const char *own_or(const Engine *h, int entity) {
  return rules_entity(h->rules) == entity ? NULL : rule_entity_name(entity);
}

Lent *rule_lend(lua_State *L, size_t n) {
  Lent *lent = lua_newuserdatauv(L, sizeof *lent + n * sizeof *lent->name, 1);
  memset(lent, 0, sizeof *lent + n * sizeof *lent->name);
  lent->n = n;
  return lent;
}

/* Behind the values given, what the set at hand lends its rules. */
static size_t add_near(const Engine *h, Param **list, size_t n, Arena *a) {
  if (!h->near) return n;
  Param *all = arena_alloc(a, (n + h->near->n) * sizeof *all);
  if (n) memcpy(all, *list, n * sizeof *all);
  memcpy(all + n, h->near->name, h->near->n * sizeof *all);
  *list = all;
  return n + h->near->n;
}

/* With params: { cut = "50万" } is text first and, where text does not fit, the amount it writes. */
static Expr *expr_with(lua_State *L, int entity, Src src, ExprWant want, int params) {
  Engine *h = engine(L);
  store_awake(h->store);
  Arena *a = engine_arena(L);
  bool literal = false;
  size_t n;
  Param *list = params ? params_of(L, params, false, a, &n, &literal) : (n = 0, NULL);
  n = add_near(h, &list, n, a);
  Expr *x = rules_expr(h->rules, own_or(h, entity), src, want, list, n, &h->err);
  if (!x && literal) {
    list = params_of(L, params, true, a, &n, &literal);
    n = add_near(h, &list, n, a);
    Err second = {0};
    x = rules_expr(h->rules, own_or(h, entity), src, want, list, n, &second);
    err_free(&second);
    if (x) err_free(&h->err);
  }
  if (!x) engine_raise(L);
  lua_pop(L, 1);
  return x;
}

Expr *rule_expr(lua_State *L, int entity, Src src, ExprWant want, int params) {
  Engine *h = engine(L);
  store_awake(h->store);
  if (params || h->near) return expr_with(L, entity, src, want, params);
  luaL_checkstack(L, 6, NULL);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &CACHE);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addchar(&b, (char)('0' + entity % 64));
  luaL_addchar(&b, (char)('0' + want));
  luaL_addlstring(&b, src.text.p, src.text.n);
  luaL_pushresult(&b);
  lua_pushvalue(L, -1);
  Expr *x = lua_rawget(L, -3) == LUA_TLIGHTUSERDATA ? lua_touserdata(L, -1) : NULL;
  lua_pop(L, 1);
  if (!x) {
    x = rules_expr(h->rules, own_or(h, entity), src, want, NULL, 0, &h->err);
    if (!x) engine_raise(L);
    lua_pushlightuserdata(L, x);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  } else {
    lua_pop(L, 2);
  }
  return x;
}

Expr **rule_columns(lua_State *L, int entity, Src src, bool grouped, int params, size_t *n) {
  Engine *h = engine(L);
  store_awake(h->store);
  Arena *a = engine_arena(L);
  size_t nparam = 0;
  bool literal;
  Param *list = params ? params_of(L, params, false, a, &nparam, &literal) : NULL;
  nparam = add_near(h, &list, nparam, a);
  Expr **out = NULL;
  if (!rules_columns(h->rules, own_or(h, entity), src, grouped, list, nparam, &out, n, &h->err)) engine_raise(L);
  lua_pop(L, 1);
  return out;
}

void rule_near(lua_State *L, int set) {
  lua_getiuservalue(L, set, SET_NEAR);
  engine(L)->near = lua_touserdata(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &NEAR); /* alive as long as rules may look at it */
}

void rule_population(lua_State *L, int set) {
  Engine *h = engine(L);
  rule_near(L, set);
  if (!h->prompt) return;
  Set *s = set_check(L, set);
  eval_population_of(h->ev, s->entity, s->id, s->n);
}

Val *rule_eval(lua_State *L, const Expr *x, const int64_t *id, size_t n) {
  Engine *h = engine(L);
  Val *out = engine_array(L, n ? n : 1, sizeof *out);
  if (limit_over(L)) limit_stop(L);
  if (n && !eval_expr(h->ev, x, id, n, out, &h->err)) engine_raise(L);
  return out;
}

void rule_push_known(lua_State *L, const Expr *x, const Set *s) {
  Val *v = rule_eval(L, x, s->id, s->n);
  lua_createtable(L, (int)s->n, 0);
  lua_Integer n = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (v[i].t == V_NULL) continue;
    value_push(L, v[i], expr_type(x));
    lua_rawseti(L, -2, ++n);
  }
}

void rule_eval_into(lua_State *L, const Expr *x, const int64_t *id, size_t n, Val *out, size_t step, Arena *a) {
  Engine *h = engine(L);
  if (limit_over(L)) limit_stop(L);
  if (n && !eval_into(h->ev, x, id, n, out, step, a, &h->err)) engine_raise(L);
}

void rule_eval_column(lua_State *L, const Expr *x, const int64_t *id, size_t n, EvalColumn use, void *ctx) {
  Engine *h = engine(L);
  if (limit_over(L)) limit_stop(L);
  if (!eval_column(h->ev, x, id, n, use, ctx, &h->err)) engine_raise(L);
}

Val rule_eval_alone(lua_State *L, const Expr *x) {
  Engine *h = engine(L);
  const int64_t *id = NULL, none = 0;
  size_t n = 0;
  Val out = val_null();
  if (!eval_scope(h->ev, &id, &n, &h->err)) engine_raise(L);
  if (!eval_expr(h->ev, x, n ? id : &none, 1, &out, &h->err)) engine_raise(L);
  return out;
}

void rule_changed(lua_State *L) {
  Engine *h = engine(L);
  h->generation++;
  if (h->ev) eval_touch(h->ev);
}

int rule_rank(const Domain *d, Val v) {
  if (!d || v.t != V_TEXT) return -1;
  for (size_t i = 0; i < d->n; i++)
    if (str_eq(d->value[i], val_str(v))) return (int)i;
  return -1;
}

int rule_order(Type t, Val x, Val y, bool descending) {
  if (x.t == V_NULL || y.t == V_NULL) return (x.t == V_NULL) - (y.t == V_NULL);
  int p = rule_rank(t.domain, x), q = rule_rank(t.domain, y);
  int c = p >= 0 && q >= 0 ? p - q : val_order(x, y);
  return descending ? -c : c;
}
