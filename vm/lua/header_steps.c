#include "lua/header_steps.h"

#include <stdlib.h>
#include <string.h>

#include "lua/engine.h"

static const char *const KNOWN[] = {"as", "mapping", "must", "when", "on_fail", "wait", "args", "max_percent", "max_changes",
                                    "timeout", "of", "to", NULL};

/* An error at the step's own line. */
static _Noreturn void fault(lua_State *L, const Header *h, const ChainStep *st, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static _Noreturn void fault(lua_State *L, const Header *h, const ChainStep *st, const char *fmt, ...) {
  Err *e = &engine(L)->err;
  va_list ap;
  va_start(ap, fmt);
  err_free(e);
  err_vset(e, ERR_FAIL, fmt, ap);
  va_end(ap);
  const Key *at = scan_key(&h->scan, STR("steps"));
  if (st->name.text.n) err_at(e, h->path, st->name.line, st->name.col);
  else if (at) err_at(e, h->path, at->line, at->col);
  engine_raise(L);
}

static bool field(lua_State *L, const char *key) {
  if (lua_getfield(L, -1, key) != LUA_TNIL) return true;
  lua_pop(L, 1);
  return false;
}

/* A value on top of the stack as --set would have it: numbers and yes/no are written as they read. Pops it. */
static const char *value_text(lua_State *L, Header *h, const ChainStep *st, const char *name) {
  int type = lua_type(L, -1);
  const char *out = NULL;
  if (type == LUA_TBOOLEAN) out = lua_toboolean(L, -1) ? "true" : "false";
  else if (type == LUA_TSTRING || type == LUA_TNUMBER) out = arena_printf(&h->arena, "%s", lua_tostring(L, -1));
  else fault(L, h, st, "arg %s has to be text or a number, not a %s", name, luaL_typename(L, -1));
  lua_pop(L, 1);
  return out;
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* args = { watch = "30%", weeks = 4 }: as name=value, in order of name. */
static const char **read_args(lua_State *L, Header *h, const ChainStep *st) {
  if (!lua_istable(L, -1)) fault(L, h, st, "args has to be { name = value, … }");
  size_t n = 0, i = 0;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) n++;
  const char **list = arena_zalloc(&h->arena, n + 1, sizeof *list);
  for (lua_pushnil(L); lua_next(L, -2);) {
    if (lua_type(L, -2) != LUA_TSTRING) fault(L, h, st, "args has to be { name = value, … }: every entry with its name");
    const char *name = arena_strndup(&h->arena, lua_tostring(L, -2), lua_rawlen(L, -2));
    list[i++] = arena_printf(&h->arena, "%s=%s", name, value_text(L, h, st, name));
  }
  if (n) qsort(list, n, sizeof *list, by_text);
  lua_pop(L, 1);
  return list;
}

static const char **read_to(lua_State *L, Header *h, const ChainStep *st) {
  if (!lua_istable(L, -1)) fault(L, h, st, "to has to be a list: { \"sales-heads\" }");
  size_t n = lua_rawlen(L, -1);
  const char **list = arena_zalloc(&h->arena, n + 1, sizeof *list);
  for (size_t i = 0; i < n; i++) {
    if (lua_rawgeti(L, -1, (lua_Integer)i + 1) != LUA_TSTRING) fault(L, h, st, "to has to be a list of texts");
    list[i] = arena_strndup(&h->arena, lua_tostring(L, -1), lua_rawlen(L, -1));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return list;
}

static double seconds_of(lua_State *L, const Header *h, const ChainStep *st) {
  static const struct { const char *unit; double seconds; } units[] = {{"", 1}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
  const char *text = lua_tostring(L, -1);
  char *end = NULL;
  double v = text ? strtod(text, &end) : 0;
  for (size_t i = 0; text && end != text && v > 0 && i < sizeof units / sizeof *units; i++)
    if (strcmp(end, units[i].unit) == 0) {
      lua_pop(L, 1);
      return v * units[i].seconds;
    }
  fault(L, h, st, "timeout has to be a time: \"20min\", \"2h\", 90");
}

static void read_limits(lua_State *L, Header *h, ChainStep *st) {
  if (field(L, "max_percent")) {
    st->max_percent = lua_tonumber(L, -1);
    if (lua_type(L, -1) != LUA_TNUMBER || st->max_percent < 0 || st->max_percent > 100)
      fault(L, h, st, "max_percent has to be a number from 0 to 100");
    lua_pop(L, 1);
  }
  if (field(L, "max_changes")) {
    if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) < 0) fault(L, h, st, "max_changes has to be a whole number of changes");
    st->max_changes = lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  if (field(L, "timeout")) st->seconds = seconds_of(L, h, st);
}

static bool one_word(lua_State *L, Header *h, const ChainStep *st, const char *key, const char *word) {
  if (!field(L, key)) return false;
  if (!str_is(header_src(L, h, key).text, word)) fault(L, h, st, "%s knows one value: \"%s\"", key, word);
  return true;
}

static void read_step(lua_State *L, Header *h, ChainStep *st, int number) {
  if (!lua_istable(L, -1)) fault(L, h, st, "step %d has to be { \"playbook\", … }", number);
  if (lua_rawgeti(L, -1, 1) != LUA_TSTRING) fault(L, h, st, "step %d names nothing to run: { \"playbook\", … }", number);
  st->name = header_src(L, h, "steps");
  st->what = st->name.text.p;
  header_known(L, h, st->what, KNOWN, true);
  if (lua_rawgeti(L, -1, 2) != LUA_TNIL) st->file = header_src(L, h, "steps");
  else lua_pop(L, 1);
  if (field(L, "as")) st->as = header_src(L, h, "as").text.p;
  if (field(L, "mapping")) st->mapping = header_src(L, h, "mapping").text.p;
  if (field(L, "of")) st->of = header_src(L, h, "of").text.p;
  if (field(L, "must")) st->must = header_src(L, h, "must");
  if (field(L, "when")) st->when = header_src(L, h, "when");
  st->go_on = one_word(L, h, st, "on_fail", "go on");
  st->approve = one_word(L, h, st, "wait", "approve");
  if (field(L, "args")) st->set = read_args(L, h, st);
  if (field(L, "to")) st->to = read_to(L, h, st);
  read_limits(L, h, st);
  bool import = str_is(st->name.text, "import"), report = str_is(st->name.text, "report");
  st->kind = import ? STEP_IMPORT : report ? STEP_REPORT : STEP_PLAYBOOK;
  if (st->kind != STEP_PLAYBOOK && !st->file.text.n) fault(L, h, st, "%s which file? { \"%s\", \"…\" }", st->what, st->what);
  if (import && !st->as) fault(L, h, st, "import %s: what are these rows? as = \"orders\"", st->file.text.p);
  if (st->kind == STEP_PLAYBOOK && st->file.text.n) fault(L, h, st, "%s takes no file", st->what);
  if (!import && (st->as || st->mapping || st->must.text.n)) fault(L, h, st, "as, mapping and must belong to an import");
  if (!report && (st->of || st->to)) fault(L, h, st, "of and to belong to a report");
  if (report && st->of && strcmp(st->of, "all") != 0) fault(L, h, st, "of knows one value: \"all\"");
  if (st->kind != STEP_PLAYBOOK && (st->approve || st->set || st->max_percent >= 0 || st->max_changes >= 0))
    fault(L, h, st, "wait, args and guards belong to a playbook");
}

void header_steps(lua_State *L, Header *h) {
  enum { STEPS_MOST = 100 };
  ChainStep none = {.kind = STEP_PLAYBOOK};
  if (!lua_istable(L, -1)) fault(L, h, &none, "steps has to be a list: { { \"playbook\" }, … }");
  header_known(L, h, "steps", (const char *const[]){NULL}, true);
  size_t n = lua_rawlen(L, -1);
  if (!n || n > STEPS_MOST) fault(L, h, &none, "a chain has 1 to %d steps, this has %zu", STEPS_MOST, n);
  h->step = arena_zalloc(&h->arena, n, sizeof *h->step);
  for (size_t i = 0; i < n; i++) {
    h->step[i] = (ChainStep){.max_percent = -1, .max_changes = -1};
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    read_step(L, h, &h->step[i], (int)i + 1);
    lua_pop(L, 1);
  }
  h->nstep = n;
  lua_pop(L, 1);
}
