/* Verbs that plan changes: assign put; segment(…):becomes; task{…}, alert{…}. All of them
 * through vm/run, which holds `writes` and the guards. */
#include "lua/write.h"

#include "lua/rule.h"
#include "lua/sandbox.h"
#include "lua/value.h"
#include "run/restore.h"
#include "store/job.h"

#include <string.h>

enum { INSERTS_MOST = 200000 };

static Class CLASS_SEGMENT = "segment";
typedef struct Segment {
  size_t n;
  char name[];
} Segment;

/* --- assign and put --------------------------------------------------------------- */

/* The field called so, which can be written to; raises with a suggestion. */
static const HostField *field_named(lua_State *L, int entity, Str name) {
  const FeelHost *f = store_host(engine(L)->store);
  const HostField *field = f->field(f->ctx, entity, name);
  if (field && (field->kind == HOST_FIELD || field->kind == HOST_ONE)) return field;
  const HostField *const *list;
  size_t n = f->fields(f->ctx, entity, &list), k = 0;
  Str *names = engine_array(L, n + 1, sizeof *names);
  for (size_t i = 0; i < n; i++)
    if (list[i]->kind == HOST_FIELD || list[i]->kind == HOST_ONE) names[k++] = list[i]->name;
  lua_pushfstring(L, "field of %s:", rule_entity_name(entity));
  engine_unknown(L, lua_tostring(L, -1), name, names, k);
  return NULL;
}

static const HostField *field_at(lua_State *L, int entity, int index, const char **name) {
  *name = luaL_checkstring(L, index);
  return field_named(L, entity, str_of(*name));
}

/* Rows that are to be stored in a field are named by their key. */
static void rows_to_keys(lua_State *L, Val *v, size_t n, Arena *a) {
  for (size_t i = 0; i < n; i++)
    if (v[i].t == V_ROW) v[i] = val_copy(set_key(L, (int)v[i].n, v[i].u.i), a);
}

static void write_field(lua_State *L, const Set *s, const char *field, const Val *v) {
  Engine *h = engine(L);
  if (!run_assign(h->run, rule_entity_name(s->entity), field, s->id, v, s->n, &h->err)) engine_raise(L);
  rule_changed(L);
}

/* set:assign("rfm", "{r}-{f}-{m}"), set:assign("due", "as_of + good_for") */
static int assign(lua_State *L) {
  Set *s = set_or_row(L, 1);
  int set = lua_gettop(L);
  const char *name;
  const HostField *field = field_at(L, s->entity, 2, &name);
  Src src = engine_src(L, 3);
  bool text = field->type.kind == T_TEXT && memchr(src.text.p, '{', src.text.n);
  rule_population(L, set);
  Expr *x = rule_expr(L, s->entity, src, text ? WANT_TEMPLATE : WANT_ANY, lua_istable(L, 4) ? 4 : 0);
  Val *v = rule_eval(L, x, s->id, s->n);
  rows_to_keys(L, v, s->n, engine_arena(L));
  write_field(L, s, name, v);
  lua_settop(L, 1);
  return 1;
}

/* The calendar of public holidays and make-up days, read once for the script. */
static const CronDays *calendar(lua_State *L) {
  Engine *h = engine(L);
  if (!h->calendar.day && !job_calendar(h->store, &h->kept, &h->calendar, &h->err)) engine_raise(L);
  return &h->calendar;
}

/* "2 workdays" from as-of: days off, by the week and by the calendar, are not counted. */
static bool workdays(lua_State *L, Str s, Day from, Day *out) {
  Str rest, number = str_split(s, ' ', &rest);
  int64_t n = 0;
  if (!rest.p || !(str_is(rest, "workdays") || str_is(rest, "workday")) || !number.n || number.n > 3) return false;
  for (size_t i = 0; i < number.n; i++) {
    if (number.p[i] < '0' || number.p[i] > '9') return false;
    n = n * 10 + (number.p[i] - '0');
  }
  for (*out = from; n > 0; n -= cron_works(calendar(L), *out)) ++*out;
  return true;
}

/* Text for a date or a number is read as a literal: due = "7d" counts from as-of. */
static Val fitted(lua_State *L, Val v, TypeKind kind, Arena *a) {
  Engine *h = engine(L);
  Val lit;
  Unit unit;
  Day day;
  if (kind == T_DATE && (v.t == V_SECS || v.t == V_MONTHS) && value_move_day(eval_asof(h->ev), v, 1, &day))
    return val_date(day);
  if (v.t != V_TEXT || kind == T_TEXT || kind == T_ROW || kind == T_ANY) return v;
  if (kind == T_DATE && workdays(L, val_str(v), eval_asof(h->ev), &day)) return val_date(day);
  if (!value_literal(val_str(v), a, &lit, &unit)) {
    if (kind == T_DATE) engine_fail(L, "%.*s is no date (YYYY-MM-DD, a day that exists, or a duration from as-of)", STR_ARG(val_str(v)));
    return v;
  }
  if (kind == T_DATE) return lit.t == V_DATE ? lit : fitted(L, lit, kind, a);
  return lit;
}

static int put(lua_State *L) {
  luaL_checkany(L, 3);
  Set *s = set_or_row(L, 1);
  const char *name;
  const HostField *field = field_at(L, s->entity, 2, &name);
  Arena *a = engine_arena(L);
  Unit unit;
  Val one = fitted(L, value_to(L, 3, a, &unit), field->kind == HOST_ONE ? T_ROW : field->type.kind, a);
  rows_to_keys(L, &one, 1, a);
  Val *v = engine_array(L, s->n + 1, sizeof *v);
  for (size_t i = 0; i < s->n; i++) v[i] = one;
  write_field(L, s, name, v);
  lua_settop(L, 1);
  return 1;
}

/* --- putting back -------------------------------------------------------------------------- */

/* A value of the log as assign takes it. */
static Val from_log(lua_State *L, const HostField *f, Val v) {
  Day day;
  if (v.t == V_NULL) return v;
  if (f->kind == HOST_ONE) return val_is_num(v) ? set_key(L, f->target, v.u.i) : v;
  if (f->type.unit == UNIT_MONEY && v.t == V_NUM) return val_dec(v.u.i, -store_minor(engine(L)->store));
  if (f->type.kind == T_BOOL && v.t == V_NUM) return val_bool(v.u.i != 0);
  if (f->type.kind == T_DATE && v.t == V_TEXT && day_parse(val_str(v), &day)) return val_date(day);
  return v;
}

/* set:restore("profit_type", 130): what the field was when run 130 was done, of the rows that later runs changed. */
static int restore(lua_State *L) {
  Engine *h = engine(L);
  if (!lua_isinteger(L, 3)) return engine_fail(L, "restore takes a field and a run: set:restore(\"profit_type\", 130)");
  lua_Integer run = lua_tointeger(L, 3);
  Set *s = set_or_row(L, 1);
  const char *name;
  const HostField *field = field_at(L, s->entity, 2, &name);
  Arena *a = engine_arena(L);
  Val *v = engine_array(L, s->n + 1, sizeof *v);
  bool *changed = engine_array(L, s->n + 1, sizeof *changed);
  const CatEntity *ent = catalog_at((size_t)s->entity - 1);
  if (!run_value_after(h->store, ent, field->name, run, s->id, s->n, a, v, changed, &h->err)) return engine_raise(L);
  Set *those = set_new(L, s->entity, s->n);
  those->n = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (!changed[i]) continue;
    those->id[those->n] = s->id[i];
    v[those->n++] = val_copy(from_log(L, field, v[i]), a);
  }
  write_field(L, those, name, v);
  lua_settop(L, 1);
  return 1;
}

/* --- rows ---------------------------------------------------------------------------- */

static int compare_names(lua_State *L, int i, int j) {
  Str a, b;
  a.p = lua_tolstring(L, i, &a.n);
  b.p = lua_tolstring(L, j, &b.n);
  return str_cmp(a, b);
}

/* The keys of the table at 1 on the stack, in order, each pushed; returns how many. */
static size_t push_names(lua_State *L) {
  size_t n = 0;
  int base = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, 1);) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING) engine_fail(L, "every entry of a row is field = value");
    if (n == 64) engine_fail(L, "a row has no 64 fields");
    luaL_checkstack(L, 4, NULL);
    lua_pushvalue(L, -1);
    lua_insert(L, base + 1);
    n++;
  }
  for (size_t i = 1; i < n; i++)
    for (size_t j = i; j > 0 && compare_names(L, base + (int)j, base + (int)j + 1) > 0; j--) {
      lua_pushvalue(L, base + (int)j);
      lua_copy(L, base + (int)j + 1, base + (int)j);
      lua_replace(L, base + (int)j + 1);
    }
  return n;
}

static TypeKind kind_of(const CatColumn *c) {
  switch (c->type) {
    case COL_TEXT: return T_TEXT;
    case COL_DATE: return T_DATE;
    case COL_REF: return T_ROW;
    case COL_BOOL: return T_BOOL;
    default: return T_NUM;
  }
}

static void insert(lua_State *L, const CatEntity *ent) {
  Engine *h = engine(L);
  lua_settop(L, 1);
  Arena *a = engine_arena(L);
  size_t n = push_names(L);
  int base = lua_gettop(L) - (int)n;
  Str *name = engine_array(L, n + 1, sizeof *name);
  Val *val = engine_array(L, n + 1, sizeof *val);
  for (size_t i = 0; i < n; i++) {
    Unit unit;
    name[i].p = lua_tolstring(L, base + 1 + (int)i, &name[i].n);
    field_named(L, ent->number, name[i]);
    lua_pushvalue(L, base + 1 + (int)i);
    lua_rawget(L, 1);
    const CatColumn *c = catalog_column(ent, name[i]);
    val[i] = val_copy(fitted(L, value_to(L, -1, a, &unit), c ? kind_of(c) : T_ANY, a), a);
    lua_pop(L, 1);
  }
  rows_to_keys(L, val, n, a);
  if (++h->inserted > INSERTS_MOST) engine_fail(L, "a run adds at most %d rows", INSERTS_MOST);
  if (!run_insert(h->run, ent->name, name, val, n, &h->err)) engine_raise(L);
  h->generation++;
}

/* account "C0042" is one; task { … } plans one. Upvalue 1: the entity's number. */
static int one_of(lua_State *L) {
  Engine *h = engine(L);
  const CatEntity *ent = catalog_at((size_t)lua_tointeger(L, lua_upvalueindex(1)) - 1);
  if (lua_istable(L, 1)) {
    insert(L, ent);
    return 0;
  }
  if (lua_type(L, 1) != LUA_TSTRING) return engine_fail(L, "%s takes a code: %s \"C0001\"", ent->name, ent->name);
  Str key;
  key.p = lua_tolstring(L, 1, &key.n);
  int64_t id = store_find(h->store, ent, key);
  if (!id) return engine_fail(L, "there is no %s %.*s", ent->name, STR_ARG(key));
  set_push_row(L, ent->number, id);
  return 1;
}

/* --- segments --------------------------------------------------------------------------- */

static Segment *segment_check(lua_State *L) {
  Segment *s = engine_is(L, 1, CLASS_SEGMENT);
  if (!s) engine_fail(L, "write segment(\"name\"):becomes(set), with a colon");
  return s;
}

static int segment(lua_State *L) {
  size_t n;
  const char *name = luaL_checklstring(L, 1, &n);
  Segment *s = engine_new(L, CLASS_SEGMENT, sizeof *s + n + 1, 0);
  s->n = n;
  memcpy(s->name, name, n + 1);
  return 1;
}

static int account_entity(void) { return catalog_entity(STR("account"))->number; }

static void push_ids(lua_State *L, const int64_t *id, size_t n) {
  Set *s = set_new(L, account_entity(), n);
  if (n) memcpy(s->id, id, n * sizeof *id);
}

static int becomes(lua_State *L) {
  Engine *h = engine(L);
  Segment *seg = segment_check(L);
  Set *s = set_check_of(L, 2, account_entity());
  Arena *a = engine_arena(L);
  SegmentMove m = {0};
  if (!run_segment(h->run, seg->name, s->id, s->n, a, &m, &h->err)) return engine_raise(L);
  lua_createtable(L, 0, 3);
  push_ids(L, m.joined, m.njoined);
  lua_setfield(L, -2, "joined");
  push_ids(L, m.left, m.nleft);
  lua_setfield(L, -2, "left");
  push_ids(L, m.stayed, m.nstayed);
  lua_setfield(L, -2, "stayed");
  arena_free(a);
  rule_changed(L);
  return 1;
}

static int members(lua_State *L, Day day) {
  Engine *h = engine(L);
  Segment *seg = segment_check(L);
  Arena *a = engine_arena(L);
  int64_t *id = NULL;
  size_t n = 0;
  if (!store_segment_members(h->store, seg->name, day, a, &id, &n, &h->err)) return engine_raise(L);
  push_ids(L, id, n);
  arena_free(a);
  return 1;
}

static int segment_now(lua_State *L) { return members(L, eval_asof(engine(L)->ev)); }
static int segment_at(lua_State *L) { return members(L, value_check_date(L, 2)); }

static int segment_text(lua_State *L) {
  Segment *s = segment_check(L);
  lua_pushfstring(L, "segment %s", s->name);
  return 1;
}

static int segment_index(lua_State *L) {
  static const Str VERB[] = {{"becomes", 7}, {"now", 3}, {"at", 2}};
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  Str wrong;
  wrong.p = luaL_tolstring(L, 2, &wrong.n);
  return engine_unknown(L, "verb of a segment:", wrong, VERB, 3);
}

/* --- globals ------------------------------------------------------------------------------- */

/* accounts, contacts …: all rows of an entity. account, task …: the function above. */
static int bare_word(lua_State *L) {
  Str name;
  name.p = lua_tolstring(L, 1, &name.n);
  const CatEntity *ent = catalog_entity(name);
  if (!ent) return 0;
  if (str_is(name, ent->plural)) {
    set_push_all(L, ent->number);
    return 1;
  }
  lua_pushinteger(L, ent->number);
  lua_pushcclosure(L, one_of, 1);
  return 1;
}

void write_open(lua_State *L) {
  static const luaL_Reg VERB[] = {{"assign", assign}, {"put", put}, {"restore", restore}, {NULL, NULL}};
  static const luaL_Reg SEGMENT[] = {{"becomes", becomes}, {"now", segment_now}, {"at", segment_at}, {NULL, NULL}};
  static const luaL_Reg META[] = {{"__tostring", segment_text}, {NULL, NULL}};
  set_methods(L);
  luaL_setfuncs(L, VERB, 0);
  row_methods(L);
  luaL_setfuncs(L, VERB, 0);
  lua_pop(L, 2);
  engine_class(L, CLASS_SEGMENT, META);
  lua_rawgetp(L, LUA_REGISTRYINDEX, CLASS_SEGMENT);
  luaL_newlib(L, SEGMENT);
  lua_pushcclosure(L, segment_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_pushcfunction(L, segment);
  sandbox_global(L, "segment");
  lua_pushcfunction(L, bare_word);
  sandbox_lookup(L);
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    sandbox_word(L, ent->name);
    sandbox_word(L, ent->plural);
  }
}
