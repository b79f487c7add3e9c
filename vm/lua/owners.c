#include "lua/owners.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/rule.h"
#include "lua/show.h"
#include "lua/value.h"
#include "lua/visits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

Class CLASS_OWNERS = "proposal";

static Owners *check(lua_State *L) {
  Owners *o = engine_is(L, 1, CLASS_OWNERS);
  if (!o) engine_fail(L, "a proposal is wanted here, not a %s", luaL_typename(L, 1));
  return o;
}

static int gc(lua_State *L) {
  Owners *o = lua_touserdata(L, 1);
  assign_plan_free(&o->plan);
  owners_world_free(&o->world);
  return 0;
}

/* --- words ------------------------------------------------------------------------------------------------------- */

static void person(const Owners *o, int32_t owner, Buf *out) {
  const OwnersName *n = &o->world.owner[owner];
  buf_puts(out, n->code);
  if (n->name) buf_printf(out, " %s", n->name);
}

static void reason(const Owners *o, const AssignPick *k, Buf *out) {
  switch (k->reason) {
    case ASSIGN_KEPT: buf_say(out, "stays"); break;
    case ASSIGN_NEAREST: buf_say(out, "nearest"); break;
    case ASSIGN_BALANCE:
      person(o, k->nearer, out);
      buf_say(out, " is nearer, but has more of his share already");
      break;
    case ASSIGN_LIMIT:
      person(o, k->nearer, out);
      buf_say(out, " is nearer, but at the limit");
      break;
    case ASSIGN_ONLY: buf_say(out, "nobody else may have it"); break;
    case ASSIGN_BY_LOAD: buf_say(out, "no place on record: by load alone"); break;
    case ASSIGN_NO_GROUP:
      if (o->world.p.accounts[k->account].group < 0) buf_say(out, "there is nobody");
      else buf_say(out, "nobody takes accounts of %s", o->world.group[o->world.p.accounts[k->account].group]);
      break;
    case ASSIGN_ALL_FULL: buf_say(out, "everybody who may have it is at the limit"); break;
  }
}

static int text(lua_State *L) {
  const Owners *o = check(L);
  Buf *b = engine_buf(L);
  visits_words(L, 1);
  buf_say(b, o->ask.partners ? "%zu accounts get a partner, %zu change theirs, %zu stay without"
                             : N_("%zu accounts get an owner, %zu change theirs, %zu stay without"),
          o->plan.placed, o->plan.moved, o->plan.without);
  if (o->unknown[0]) buf_say(b, "; %zu with unknown minutes count as the mean of the others", o->unknown[0]);
  if (o->unknown[1]) buf_say(b, "; %zu of unknown value count as the mean of the others", o->unknown[1]);
  if (o->plan.exact) buf_say(b, "; every choice was tried");
  visits_words(L, -1);
  lua_pushlstring(L, b->p, b->n);
  return 1;
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

static void name_cells(Figures *f, const OwnersName *names, int32_t i, Val *cell) {
  if (i < 0) return;
  cell[0] = figures_word(f, names[i].code);
  cell[1] = figures_word(f, names[i].name);
}

/* Every account that gets an owner, changes him, or stays without one. */
static void push_picks(lua_State *L, const Owners *o) {
  static const FiguresHead head[] = {{"code", UNIT_NONE, FIGURES_PLAIN}, {"name", UNIT_NONE, FIGURES_PLAIN}, {"was", UNIT_NONE, FIGURES_PLAIN}, {"was.name", UNIT_NONE, FIGURES_PLAIN},
                              {"owner", UNIT_NONE, FIGURES_PLAIN}, {"owner.name", UNIT_NONE, FIGURES_PLAIN}, {"reason", UNIT_NONE, FIGURES_PLAIN}, {"road", UNIT_NONE, FIGURES_PLAIN},
                              {"next", UNIT_NONE, FIGURES_PLAIN}, {"next.name", UNIT_NONE, FIGURES_PLAIN}, {"next_more", UNIT_NONE, FIGURES_PLAIN}};
  enum { NCOL = sizeof head / sizeof *head };
  const OwnersWorld *w = &o->world;
  Figures *f = figures_headed(L, head, NCOL, o->plan.placed + o->plan.moved + o->plan.without);
  Buf *b = engine_buf(L);
  size_t row = 0;
  for (size_t i = 0; i < w->p.account_count; i++) {
    const AssignPick *k = &o->plan.picks[i];
    if (k->owner >= 0 && k->owner == k->before) continue;
    Val *c = &f->cell[row++ * NCOL];
    name_cells(f, w->account, k->account, c);
    name_cells(f, w->owner, k->before, c + 2);
    name_cells(f, w->owner, k->owner, c + 4);
    buf_clear(b);
    visits_words(L, 1);
    reason(o, k, b);
    visits_words(L, -1);
    c[6] = figures_word(f, b->p);
    if (k->minutes >= 0) c[7] = val_int(k->minutes);
    name_cells(f, w->owner, k->next, c + 8);
    if (k->next >= 0 && k->owner >= 0) c[10] = val_int(llround(k->next_more));
  }
  lua_pop(L, 1);
}

static Val amount(lua_State *L, const Owners *o, double x) {
  int minor = o->worth == UNIT_MONEY ? store_minor(engine(L)->store) : 0;
  double scaled = x * pow(10, minor);
  return fabs(scaled) < 9e15 ? val_dec(llround(scaled), -minor) : val_real(x);
}

static void push_loads(lua_State *L, const Owners *o) {
  const FiguresHead head[] = {{"owner", UNIT_NONE, FIGURES_PLAIN}, {"name", UNIT_NONE, FIGURES_PLAIN}, {"accounts", UNIT_NONE, FIGURES_PLAIN}, {"new", UNIT_NONE, FIGURES_PLAIN},
                       {"minutes", UNIT_NONE, FIGURES_PLAIN}, {"load", UNIT_PERCENT, {FMT_PERCENT, 0}}, {"load_before", UNIT_PERCENT, {FMT_PERCENT, 0}},
                       {"value", o->worth, FIGURES_PLAIN}, {"value_before", o->worth, FIGURES_PLAIN}, {"road", UNIT_NONE, FIGURES_PLAIN}};
  enum { NCOL = sizeof head / sizeof *head };
  const OwnersWorld *w = &o->world;
  Figures *f = figures_headed(L, head, NCOL, w->p.owner_count);
  for (size_t i = 0; i < w->p.owner_count; i++) {
    const AssignLoad *l = &o->plan.loads[i], *was = &o->plan.before[i];
    Val *c = &f->cell[i * NCOL];
    name_cells(f, w->owner, (int32_t)i, c);
    c[2] = val_int(l->accounts);
    c[3] = val_int(l->fresh);
    c[4] = val_int(llround(l->minutes));
    if (l->fair_minutes > 0) {
      c[5] = val_dec(llround(l->minutes / l->fair_minutes * 100), -2);
      c[6] = val_dec(llround(was->minutes / l->fair_minutes * 100), -2);
    }
    if (o->ask.value) {
      c[7] = amount(L, o, l->value);
      c[8] = amount(L, o, was->value);
    }
    c[9] = val_int(llround(l->travel));
  }
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static void insert(lua_State *L, const Owners *o, const AssignPick *k) {
  static const Str ASSIGNMENT[] = {{"account", 7}, {"staff", 5}, {"role", 4}, {"from_day", 8}, {"to_day", 6}};
  static const Str REGISTRATION[] = {{"account", 7}, {"partner", 7}, {"status", 6}, {"registered", 10}, {"expires", 7}};
  Engine *h = engine(L);
  Day next = o->world.next[k->account];
  Val v[] = {val_text(str_of(o->world.account[k->account].code)), val_text(str_of(o->world.owner[k->owner].code)),
             val_text(o->ask.partners ? STR("active") : STR("owner")), val_date(o->ask.asof), val_null()};
  if (next != DAY_NONE) v[4] = val_date(next); /* somebody follows */
  const char *entity = o->ask.partners ? "registration" : "assignment";
  if (!run_insert(h->run, entity, o->ask.partners ? REGISTRATION : ASSIGNMENT, v, next != DAY_NONE ? 5 : 4, &h->err)) engine_raise(L);
}

/* The row in force ends on as-of, or changes hands when it began on that day. */
static void change(lua_State *L, const Owners *o, const AssignPick *k) {
  Engine *h = engine(L);
  const char *entity = o->ask.partners ? "registration" : "assignment";
  int64_t row = o->world.row[k->account];
  bool today = o->world.since[k->account] == o->ask.asof;
  Val v = today ? val_text(str_of(o->world.owner[k->owner].code)) : val_date(o->ask.asof);
  const char *field = today ? (o->ask.partners ? "partner" : "staff") : o->ask.partners ? "expires" : "to_day";
  if (!run_assign(h->run, entity, field, &row, &v, 1, &h->err)) engine_raise(L);
  if (!today) insert(L, o, k);
}

static int write_proposal(lua_State *L) {
  Owners *o = check(L);
  if (engine(L)->prompt) return engine_fail(L, "a session shows proposals; a playbook writes them: pareto run assign-owners");
  for (size_t i = 0; !o->written && i < o->world.p.account_count; i++) {
    const AssignPick *k = &o->plan.picks[i];
    if (k->owner < 0 || k->owner == k->before) continue;
    if (k->before >= 0) change(L, o, k);
    else insert(L, o, k);
  }
  o->written = true;
  rule_changed(L);
  lua_settop(L, 1);
  return 1;
}

static int index_of(lua_State *L) {
  static const Str KNOWN[] = {{"picks", 5}, {"loads", 5}, {"write", 5}};
  Owners *o = check(L);
  const char *key = luaL_checkstring(L, 2);
  if (strcmp(key, "picks") == 0) push_picks(L, o);
  else if (strcmp(key, "loads") == 0) push_loads(L, o);
  else if (strcmp(key, "write") == 0) lua_pushcfunction(L, write_proposal);
  else engine_unknown(L, "part of a proposal:", str_of(key), KNOWN, sizeof KNOWN / sizeof *KNOWN);
  return 1;
}

/* staff:propose { accounts = … } */
static int propose(lua_State *L) {
  const Set *s = set_check(L, 1);
  const char *entity = catalog_at((size_t)s->entity - 1)->name;
  if (strcmp(entity, "staff") != 0 && strcmp(entity, "partner") != 0)
    return engine_fail(L, "owners are proposed among staff or partners: staff:propose { accounts = … }");
  lua_settop(L, 2);
  Owners *o = engine_new(L, CLASS_OWNERS, sizeof *o, 0);
  owners_ask(L, 1, 2, o);
  lua_settop(L, 3);
  return 1;
}

/* --- near -------------------------------------------------------------------------------------------------------- */

/* Who owns what, read once for as long as the data stays the same. */
typedef struct Around {
  OwnersWorld world;
  unsigned generation;
  bool read;
} Around;
static Class CLASS_AROUND = "owners around";

static int around_gc(lua_State *L) {
  owners_world_free(&((Around *)lua_touserdata(L, 1))->world);
  return 0;
}

static int32_t place_of(const OwnersWorld *w, int64_t id) {
  size_t low = 0, high = w->p.account_count;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (w->account[mid].id < id) low = mid + 1;
    else high = mid;
  }
  return low < w->p.account_count && w->account[low].id == id ? (int32_t)low : ASSIGN_NONE;
}

static int by_number(const void *x, const void *y) {
  int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
  return (a > b) - (a < b);
}

static const OwnersWorld *around(lua_State *L, bool partners) {
  static const char key[2] = {0};
  Engine *h = engine(L);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key[partners]) != LUA_TUSERDATA) {
    engine_new(L, CLASS_AROUND, sizeof(Around), 0);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key[partners]);
  }
  Around *r = lua_touserdata(L, -1);
  if (r->read && r->generation == h->generation) return &r->world;
  owners_world_free(&r->world);
  r->read = false;
  set_push_all(L, catalog_entity(STR("account"))->number);
  const Set *s = set_check(L, -1);
  int64_t *id = engine_array(L, s->n + 1, sizeof *id);
  if (s->n) memcpy(id, s->id, s->n * sizeof *id);
  qsort(id, s->n, sizeof *id, by_number);
  OwnersAsk ask = {.asof = eval_asof(h->ev), .partners = partners, .account = id, .accounts = s->n, .limit = ASSIGN_NONE,
                   .kmh = owners_setting(L, "travel_speed", 40), .road = owners_setting(L, "road_factor", 1.3)};
  Arena *a = engine_arena(L);
  int64_t *among;
  if (!owners_in_force(h->store, ask.asof, partners, a, &among, &ask.among_count, &h->err)) engine_raise(L);
  ask.among = among;
  if (!owners_world(h->store, &ask, &r->world, &h->err)) engine_raise(L);
  r->generation = h->generation;
  r->read = true;
  return &r->world;
}

/* account:near("owner", 3): "何静 (3 km, load 61), 周航 (5 km, load 70)"; load is the accounts they have. */
static int near(lua_State *L) {
  lua_settop(L, 3);
  const Row *row = row_check(L, 1);
  const char *what = luaL_optstring(L, 2, "owner");
  lua_Integer k = luaL_optinteger(L, 3, 3);
  bool partners = strcmp(what, "partner") == 0;
  if (row->entity != catalog_entity(STR("account"))->number) return engine_fail(L, "near is asked of an account");
  if (!partners && strcmp(what, "owner") != 0) return engine_fail(L, "near what? account:near(\"owner\", 3) or (\"partner\", 3)");
  if (k < 1 || k > 100) return engine_fail(L, "near tells of 1 to 100");
  const OwnersWorld *w = around(L, partners);
  int32_t at = place_of(w, row->id);
  AssignNear *found = engine_array(L, (size_t)k, sizeof *found);
  size_t n = at >= 0 ? assign_near(&w->p, at, (size_t)k, found) : 0;
  Buf *b = engine_buf(L);
  visits_words(L, 1);
  for (size_t i = 0; i < n; i++) {
    const OwnersName *o = &w->owner[found[i].owner];
    buf_say(b, "%s%s (%.0f km, load %d)", i ? ", " : "", o->name ? o->name : o->code, found[i].km, found[i].load.accounts);
  }
  if (!n) buf_puts(b, at >= 0 && w->p.accounts[at].place < 0 ? _("no place on record") : _("nobody has an account"));
  visits_words(L, -1);
  lua_pushlstring(L, b->p, b->n);
  return 1;
}

void owners_open(lua_State *L) {
  static const luaL_Reg META[] = {{"__gc", gc}, {"__tostring", text}, {"__index", index_of}, {NULL, NULL}};
  static const luaL_Reg AROUND[] = {{"__gc", around_gc}, {NULL, NULL}};
  static const luaL_Reg SET[] = {{"propose", propose}, {NULL, NULL}};
  static const luaL_Reg ROW[] = {{"near", near}, {NULL, NULL}};
  engine_class(L, CLASS_OWNERS, META);
  engine_class(L, CLASS_AROUND, AROUND);
  set_methods(L);
  luaL_setfuncs(L, SET, 0);
  row_methods(L);
  luaL_setfuncs(L, ROW, 0);
  lua_pop(L, 2);
}
