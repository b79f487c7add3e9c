/* What visits.plan is told, as needs: cadence from the fields that a decision table filled. */
#include "lua/visits.h"

#include "base/num.h"
#include "lua/rule.h"
#include "lua/value.h"

#include <stdlib.h>
#include <string.h>

enum { WEEKS_MOST = VISIT_DAYS / 7, MINUTES_USUAL = 60 };
static const double MONTH = 365.25 / 12;

/* --- the spec ---------------------------------------------------------------------------------------------------- */

static const Str KNOWN[] = {{"accounts", 8}, {"of", 2}, {"contacts", 8}, {"from", 4}, {"weeks", 5}, {"days", 4}, {"frozen", 6},
                            {"a_day", 5}, {"lose_least", 10}, {"keep", 4}, {"effort", 6}, {"seed", 4}, {"write", 5}, {"weights", 7}};

static void check_keys(lua_State *L, int spec) {
  for (lua_pushnil(L); lua_next(L, spec); lua_pop(L, 1)) {
    Str key = {0};
    bool known = false;
    if (lua_type(L, -2) != LUA_TSTRING) engine_fail(L, "a plan is asked for by name: visits.plan { accounts = …, from = … }");
    key.p = lua_tolstring(L, -2, &key.n);
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) known = known || str_eq(KNOWN[i], key);
    if (!known) engine_unknown(L, "part of a visit plan:", key, KNOWN, sizeof KNOWN / sizeof *KNOWN);
  }
}

static int64_t whole_at(lua_State *L, int spec, const char *key, int64_t least, int64_t most, int64_t usual) {
  int64_t n = usual;
  if (lua_getfield(L, spec, key) != LUA_TNIL) {
    int is = 0;
    n = lua_tointegerx(L, -1, &is);
    if (!is || n < least || n > most)
      engine_fail(L, "%s is a whole number of %lld to %lld", key, (long long)least, (long long)most);
  }
  lua_pop(L, 1);
  return n;
}

static void weights(lua_State *L, int spec, VisitWeights *w) {
  static const Str NAME[] = {{"lost", 4}, {"gap", 3}, {"move", 4}, {"travel", 6}, {"uneven", 6}};
  double *const to[] = {&w->lost, &w->gap, &w->move, &w->travel, &w->uneven};
  if (lua_getfield(L, spec, "weights") != LUA_TNIL) {
    if (!lua_istable(L, -1)) engine_fail(L, "weights is a table: weights = { gap = 240, travel = 1 }");
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
      Str key = {"", 0};
      size_t k = 0;
      if (lua_type(L, -2) == LUA_TSTRING) key.p = lua_tolstring(L, -2, &key.n);
      while (k < 5 && !str_eq(NAME[k], key)) k++;
      if (k == 5) engine_unknown(L, "weight of a visit plan:", key, NAME, 5);
      int is = 0;
      double x = lua_tonumberx(L, -1, &is);
      if (!is || !(x >= 0 && x <= 1e9)) engine_fail(L, "weights.%s is a number of minutes of travel, from 0 on", NAME[k].p);
      *to[k] = x;
    }
  }
  lua_pop(L, 1);
}

/* Days of a duration; false: it is none. */
static bool span_days(Val v, double *out) {
  if (v.t == V_SECS) *out = num_double(val_dec(v.u.i, v.e)) / 86400;
  else if (v.t == V_MONTHS) *out = (double)v.u.i * MONTH;
  else return false;
  return true;
}

static int32_t days_at(lua_State *L, int spec, const char *key) {
  double days = 0;
  if (lua_getfield(L, spec, key) != LUA_TNIL) {
    Unit unit;
    Arena *a = engine_arena(L);
    Val v = value_to(L, -2, a, &unit), lit;
    if (v.t == V_TEXT && value_literal(val_str(v), a, &lit, &unit)) v = lit;
    if (!span_days(v, &days) || days < 0) engine_fail(L, "%s is a duration, such as 1w", key);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return days > VISIT_DAYS ? VISIT_DAYS : (int32_t)(days + 0.5);
}

/* --- settings of the company ------------------------------------------------------------------------------------- */

/* The value of a name that a rulebook may define (calendar); null when nobody does. */
static Val setting(lua_State *L, const char *name) {
  Engine *h = engine(L);
  Err ignored = {0};
  Expr *x = rules_expr(h->rules, NULL, (Src){.text = str_of(name), .line = 1, .col = 1}, WANT_ANY, NULL, 0, &ignored);
  err_free(&ignored);
  return x && !expr_varies(x) ? rule_eval_alone(L, x) : val_null();
}

static double figure(lua_State *L, const char *name, double usual) {
  Val v = setting(L, name);
  double x = val_is_num(v) ? num_double(v) : usual;
  if (x <= 0 || x > 1000) engine_fail(L, "%s is a number above 0, not %g", name, x);
  return x;
}

static int16_t clock_setting(lua_State *L, const char *name, int32_t usual) {
  Val v = setting(L, name);
  int32_t m = usual;
  if (v.t != V_NULL && (v.t != V_TEXT || !visits_clock(val_str(v), &m))) engine_fail(L, "%s is a time of day, such as 08:30", name);
  return (int16_t)m;
}

/* --- cadence ----------------------------------------------------------------------------------------------------- */

typedef struct Cadence {
  const Set *set;
  const Val *per, *no_sooner, *no_later, *takes, *weekday, *worth, *who, *bound, *account;
} Cadence;

/* The field of each row, pushed; NULL when there is no such field. */
static const Val *field(lua_State *L, const Set *s, const char *name) {
  Engine *h = engine(L);
  Err e = {0};
  const char *of = rules_entity(h->rules) == s->entity ? NULL : rule_entity_name(s->entity);
  Expr *x = rules_expr(h->rules, of, (Src){.text = str_of(name), .line = 1, .col = 1}, WANT_ANY, NULL, 0, &e);
  err_free(&e);
  if (!x) return NULL;
  return rule_eval(L, x, s->id, s->n);
}

static void cadence(lua_State *L, int set, const char *worth, VisitsPlan *v, Cadence *out) {
  const Set *s = set_check(L, set);
  luaL_checkstack(L, 16, NULL);
  *out = (Cadence){.set = s, .per = field(L, s, "per"), .no_sooner = field(L, s, "no_sooner"), .no_later = field(L, s, "no_later"),
                   .takes = field(L, s, "takes"), .weekday = field(L, s, "same_weekday")};
  if (!out->per)
    engine_fail(L, "these %s have no cadence: decide them by a table with the outputs per, no_sooner, no_later, takes first",
                catalog_at((size_t)s->entity - 1)->plural);
  if (worth) {
    Expr *x = rule_expr(L, s->entity, (Src){.text = str_of(worth), .line = 1, .col = 1}, WANT_ANY, 0);
    v->worth = expr_type(x).unit;
    v->lose = arena_strndup(&v->arena, worth, strlen(worth));
    out->worth = rule_eval(L, x, s->id, s->n);
  }
}

/* "3 per 1w", "1w", 7d: days between two visits; false: not visited. */
static bool target_of(lua_State *L, Val per, Arena *a, double *target) {
  if (per.t == V_NULL) return false;
  if (span_days(per, target)) return *target >= 1 || (engine_fail(L, "per: more often than once a day"), false);
  Str text = per.t == V_TEXT ? val_str(per) : (Str){"", 0};
  size_t at = 0;
  while (at + 5 <= text.n && memcmp(text.p + at, " per ", 5) != 0) at++;
  Val times, span;
  Unit unit;
  bool rate = at + 5 <= text.n;
  Str head = rate ? str_trim(str_sub(text, 0, at)) : STR("1"), tail = str_trim(rate ? str_sub(text, at + 5, text.n) : text);
  int64_t n;
  double days;
  if (!value_literal(head, a, &times, &unit) || !num_int(times, &n) || n < 1 || !value_literal(tail, a, &span, &unit) ||
      !span_days(span, &days) || days <= 0)
    engine_fail(L, "per: '%.*s' is no cadence, such as 2 per 4w", STR_ARG(text));
  *target = days / (double)n;
  if (*target < 1) engine_fail(L, "per: '%.*s' is more often than once a day", STR_ARG(text));
  return true;
}

/* Minutes of a visit; 0: it is none (by phone). */
static int32_t minutes_of(lua_State *L, Val takes, Arena *a) {
  Val v = takes;
  Unit unit;
  if (v.t == V_NULL) return MINUTES_USUAL;
  if (v.t == V_TEXT && !value_literal(val_str(v), a, &v, &unit)) return 0;
  double days;
  if (!span_days(v, &days) || days <= 0 || days >= 1) engine_fail(L, "takes: a visit lasts minutes of a day, such as 45min");
  return (int32_t)(days * 1440 + 0.5);
}

static int32_t gap_of(lua_State *L, const Val *list, size_t i, const char *name) {
  double days = 0;
  if (list && list[i].t != V_NULL && list[i].t != V_NEVER && !span_days(list[i], &days)) {
    Val v;
    Unit unit;
    Arena a = {0};
    bool ok = list[i].t == V_TEXT && value_literal(val_str(list[i]), &a, &v, &unit) && span_days(v, &days);
    arena_free(&a);
    if (!ok) engine_fail(L, "%s is a duration, such as 4d", name);
  }
  return days > 100000 ? 100000 : (int32_t)(days + 0.5);
}

static void add_need(lua_State *L, VisitsPlan *v, const Cadence *c, size_t i, VisitNeed n) {
  if (!target_of(L, c->per[i], &v->arena, &n.target)) {
    v->undue += !n.contact;
    return;
  }
  n.minutes = c->takes ? minutes_of(L, c->takes[i], &v->arena) : MINUTES_USUAL;
  if (n.minutes == 0) {
    v->phoned += !n.contact;
    return;
  }
  n.no_sooner = gap_of(L, c->no_sooner, i, "no_sooner");
  n.no_later = gap_of(L, c->no_later, i, "no_later");
  n.same_weekday = c->weekday && c->weekday[i].t == V_BOOL && c->weekday[i].u.i;
  if (c->worth && val_is_num(c->worth[i])) n.worth = num_double(c->worth[i]);
  if (n.worth < 0) n.worth = 0;
  v->need[v->world.ask.count++] = n;
}

static Str kept_text(VisitsPlan *v, const Val *list, size_t i) {
  if (!list || list[i].t != V_TEXT) return (Str){0};
  Str s = val_str(list[i]);
  return (Str){arena_strndup(&v->arena, s.p, s.n), s.n};
}

static void account_needs(lua_State *L, int set, const char *worth, VisitsPlan *v) {
  Cadence c;
  cadence(L, set, worth, v, &c);
  v->need = arena_zalloc(&v->arena, c.set->n + 1, sizeof *v->need);
  for (size_t i = 0; i < c.set->n; i++) add_need(L, v, &c, i, (VisitNeed){.account = c.set->id[i]});
}

/* A contact is worth what the account is: seeing the executive decides as much. */
static double worth_of(const VisitsPlan *v, size_t accounts, int64_t account) {
  for (size_t i = 0; i < accounts; i++)
    if (v->need[i].account == account) return v->need[i].worth;
  return 0;
}

static void contact_needs(lua_State *L, int set, VisitsPlan *v) {
  Cadence c;
  cadence(L, set, NULL, v, &c);
  c.who = field(L, c.set, "who");
  c.bound = field(L, c.set, "bound_to");
  c.account = field(L, c.set, "account");
  size_t accounts = v->world.ask.count;
  VisitNeed *all = arena_zalloc(&v->arena, accounts + c.set->n + 1, sizeof *all);
  if (accounts) memcpy(all, v->need, accounts * sizeof *all);
  v->need = all;
  for (size_t i = 0; c.account && i < c.set->n; i++) {
    if (c.account[i].t != V_ROW) continue;
    int64_t account = c.account[i].u.i;
    add_need(L, v, &c, i,
             (VisitNeed){.account = account, .contact = c.set->id[i], .who = kept_text(v, c.who, i), .worth = worth_of(v, accounts, account),
                         .bound = c.bound && c.bound[i].t == V_TEXT && c.bound[i].n});
  }
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

static int by_id(const void *x, const void *y) {
  int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
  return (a > b) - (a < b);
}

static void keep(lua_State *L, int spec, VisitsPlan *v) {
  if (lua_getfield(L, spec, "keep") != LUA_TNIL) {
    const Set *s = set_check_of(L, -1, catalog_entity(STR("visit"))->number);
    int64_t *id = arena_alloc(&v->arena, (s->n + 1) * sizeof *id);
    if (s->n) {
      memcpy(id, s->id, s->n * sizeof *id);
      qsort(id, s->n, sizeof *id, by_id);
    }
    v->world.ask.keep = id;
    v->world.ask.keep_count = s->n;
  }
  lua_pop(L, 1);
}

void visits_ask(lua_State *L, int spec, VisitsPlan *v) {
  Engine *h = engine(L);
  VisitAsk *ask = &v->world.ask;
  if (!lua_istable(L, spec)) engine_fail(L, "write visits.plan { accounts = …, from = …, weeks = 4 }");
  check_keys(L, spec);
  ask->asof = eval_asof(h->ev);
  lua_getfield(L, spec, "from");
  ask->from = lua_isnil(L, -1) ? ask->asof : value_check_date(L, -1);
  lua_pop(L, 1);
  int64_t weeks = whole_at(L, spec, "weeks", 1, WEEKS_MOST, 4);
  ask->days = (int32_t)whole_at(L, spec, "days", 1, VISIT_DAYS, weeks * 7);
  ask->a_day = (int32_t)whole_at(L, spec, "a_day", 0, 1000, 5);
  /* nothing moves this near to as-of */
  int64_t frozen = (int64_t)ask->asof + days_at(L, spec, "frozen") - ask->from;
  v->frozen = ask->frozen = frozen > 0 ? (int32_t)frozen : 0;
  ask->kmh = figure(L, "travel_speed", 40);
  ask->road = figure(L, "road_factor", 1.3);
  ask->work = (VisitWindow){clock_setting(L, "visits_from", 510), clock_setting(L, "visits_to", 1050)};
  if (ask->work.from >= ask->work.to) engine_fail(L, "visits_from is before visits_to");
  v->how = (VisitSearch){.seed = (uint64_t)whole_at(L, spec, "seed", 0, INT64_MAX, (int64_t)(h->seed & INT64_MAX)),
                         .effort = whole_at(L, spec, "effort", 0, 1000000, 200), .threads = 1};
  const char *worth = NULL;
  if (lua_getfield(L, spec, "lose_least") == LUA_TSTRING) worth = lua_tostring(L, -1); /* stays on the stack */
  else if (!lua_isnil(L, -1)) engine_fail(L, "lose_least is the name of a metric");
  if (lua_getfield(L, spec, "accounts") == LUA_TNIL) {
    lua_pop(L, 1);
    lua_getfield(L, spec, "of");
  }
  bool accounts = !lua_isnil(L, -1), contacts;
  if (accounts) {
    set_check_of(L, -1, catalog_entity(STR("account"))->number);
    account_needs(L, lua_gettop(L), worth, v);
  }
  contacts = lua_getfield(L, spec, "contacts") != LUA_TNIL;
  if (!accounts && !contacts) engine_fail(L, "which accounts? visits.plan { accounts = set:decide \"cadence\" … }");
  if (contacts) {
    set_check_of(L, -1, catalog_entity(STR("contact"))->number);
    contact_needs(L, lua_gettop(L), v);
  }
  keep(L, spec, v);
  ask->need = v->need;
  VisitAsk copy = *ask;
  VisitWeights wishes = visits_usual();
  weights(L, spec, &wishes);
  if (!visits_world(h->store, &copy, &v->world, &h->err)) engine_raise(L);
  v->world.p.weights = wishes;
}
