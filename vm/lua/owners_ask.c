/* What set:propose is told, as an OwnersAsk. */
#include "lua/owners.h"

#include "base/num.h"
#include "lua/rule.h"
#include "lua/value.h"

#include <math.h>
#include <string.h>

static const Str KNOWN[] = {{"accounts", 8}, {"minutes", 7}, {"visits", 6}, {"value", 5}, {"within", 6},
                            {"capacity", 8}, {"limit", 5}, {"again", 5}};

static void check_keys(lua_State *L, int spec) {
  for (lua_pushnil(L); lua_next(L, spec); lua_pop(L, 1)) {
    Str key = {0};
    bool known = false;
    if (lua_type(L, -2) != LUA_TSTRING) engine_fail(L, "a proposal is asked for by name: staff:propose { accounts = … }");
    key.p = lua_tolstring(L, -2, &key.n);
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) known = known || str_eq(KNOWN[i], key);
    if (!known) engine_unknown(L, "part of a proposal:", key, KNOWN, sizeof KNOWN / sizeof *KNOWN);
  }
}

/* The rule under that key over the set, one value a row, pushed; NULL and nothing pushed without one. */
static const Val *rule_at(lua_State *L, int spec, const char *key, const Set *s, Unit *unit) {
  if (lua_getfield(L, spec, key) == LUA_TNIL) {
    lua_pop(L, 1);
    return NULL;
  }
  if (lua_type(L, -1) != LUA_TSTRING) engine_fail(L, "%s is a rule, such as \"revenue_12m\"", key);
  Expr *x = rule_expr(L, s->entity, engine_src(L, lua_gettop(L)), WANT_ANY, 0);
  if (unit) *unit = expr_type(x).unit;
  return rule_eval(L, x, s->id, s->n); /* the text stays below it */
}

/* Figures of a rule; a duration counts in minutes. What is not known counts as the mean of what is. */
static const double *figures(lua_State *L, int spec, const char *key, const Set *s, Unit *unit, size_t *unknown) {
  const Val *v = rule_at(L, spec, key, s, unit);
  if (!v) return NULL;
  double *out = engine_array(L, s->n + 1, sizeof *out), sum = 0;
  size_t known = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (v[i].t == V_SECS) out[i] = num_double(val_dec(v[i].u.i, v[i].e)) / 60;
    else out[i] = val_is_num(v[i]) ? num_double(v[i]) : (double)NAN;
    if (out[i] < 0) engine_fail(L, "%s: %g of %.*s is below 0", key, out[i], STR_ARG(val_str(set_key(L, s->entity, s->id[i]))));
    if (isnan(out[i])) continue;
    sum += out[i];
    known++;
  }
  for (size_t i = 0; i < s->n; i++)
    if (isnan(out[i])) out[i] = known ? sum / (double)known : 0;
  if (unknown) *unknown = s->n - known;
  return out;
}

static const Str *texts(lua_State *L, int spec, const char *key, const Set *s) {
  const Val *v = rule_at(L, spec, key, s, NULL);
  if (!v) return NULL;
  Str *out = engine_array(L, s->n + 1, sizeof *out);
  for (size_t i = 0; i < s->n; i++)
    if (v[i].t == V_TEXT) out[i] = val_str(v[i]);
  return out;
}

/* The field of owners that says the same: partners have `regions` for an account's region. */
static const Str *takes(lua_State *L, int spec, const Set *among, bool partners) {
  if (!partners) return texts(L, spec, "within", among);
  if (lua_getfield(L, spec, "within") == LUA_TNIL) {
    lua_pop(L, 1);
    return NULL;
  }
  bool region = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "region") == 0;
  lua_pop(L, 1);
  if (!region) return texts(L, spec, "within", among);
  Expr *x = rule_expr(L, among->entity, (Src){.text = STR("regions"), .line = 1, .col = 1}, WANT_ANY, 0);
  const Val *v = rule_eval(L, x, among->id, among->n);
  Str *out = engine_array(L, among->n + 1, sizeof *out);
  for (size_t i = 0; i < among->n; i++)
    if (v[i].t == V_TEXT) out[i] = val_str(v[i]);
  return out;
}

double owners_setting(lua_State *L, const char *name, double usual) {
  Engine *h = engine(L);
  Err ignored = {0};
  Expr *x = rules_expr(h->rules, NULL, (Src){.text = str_of(name), .line = 1, .col = 1}, WANT_ANY, NULL, 0, &ignored);
  err_free(&ignored);
  Val v = x && !expr_varies(x) ? rule_eval_alone(L, x) : val_null();
  double d = val_is_num(v) ? num_double(v) : usual;
  if (d <= 0 || d > 1000) engine_fail(L, "%s is a number above 0, not %g", name, d);
  return d;
}

static int32_t limit_at(lua_State *L, int spec) {
  int is = 1;
  lua_Integer n = ASSIGN_NONE;
  if (lua_getfield(L, spec, "limit") != LUA_TNIL) {
    n = lua_tointegerx(L, -1, &is);
    if (!is || n < 0 || n > 1000000) engine_fail(L, "limit is the number of accounts that one may have at most");
  }
  lua_pop(L, 1);
  return (int32_t)n;
}

void owners_ask(lua_State *L, int among, int spec, Owners *o) {
  Engine *h = engine(L);
  OwnersAsk *ask = &o->ask;
  const Set *owners = set_check(L, among);
  if (!lua_istable(L, spec)) engine_fail(L, "write staff:propose { accounts = …, value = \"revenue_12m\" }");
  luaL_checkstack(L, 40, NULL);
  check_keys(L, spec);
  if (lua_getfield(L, spec, "accounts") == LUA_TNIL) engine_fail(L, "which accounts? staff:propose { accounts = accounts \"…\" }");
  const Set *s = set_check_of(L, -1, catalog_entity(STR("account"))->number);
  ask->asof = eval_asof(h->ev);
  ask->partners = owners->entity == catalog_entity(STR("partner"))->number;
  ask->account = s->id;
  ask->accounts = s->n;
  ask->among = owners->id;
  ask->among_count = owners->n;
  ask->visits = figures(L, spec, "visits", s, NULL, NULL);
  ask->minutes = figures(L, spec, "minutes", s, NULL, &o->unknown[0]);
  ask->value = figures(L, spec, "value", s, &o->worth, &o->unknown[1]);
  ask->capacity = figures(L, spec, "capacity", owners, NULL, NULL);
  ask->group = texts(L, spec, "within", s);
  ask->takes = takes(L, spec, owners, ask->partners);
  ask->limit = limit_at(L, spec);
  lua_getfield(L, spec, "again");
  ask->again = lua_toboolean(L, -1);
  lua_pop(L, 1);
  ask->kmh = owners_setting(L, "travel_speed", 40);
  ask->road = owners_setting(L, "road_factor", 1.3);
  if (!owners_world(h->store, ask, &o->world, &h->err)) engine_raise(L);
  /* Without a worth of their own accounts do not weigh twice. */
  if (!ask->value) o->world.p.weights.value = 0;
  ask->account = ask->among = NULL; /* of sets that need not stay */
  ask->group = ask->takes = NULL;
  if (!assign_plan(&o->world.p, &o->plan, &h->err)) engine_raise(L);
}
