#include "lua/header.h"

#include "lua/find.h"
#include "lua/engine.h"
#include "lua/header_score.h"
#include "lua/header_steps.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Reader {
  Header *h;
  bool loaded; /* past the syntax */
} Reader;

static const char MADE; /* registry: the table that playbook{} and its like were given */

/* --- errors and texts --------------------------------------------------- */

int header_fault(lua_State *L, const Header *h, const char *key, const char *fmt, ...) {
  Err *e = &engine(L)->err;
  va_list ap;
  va_start(ap, fmt);
  err_free(e);
  err_vset(e, ERR_FAIL, fmt, ap);
  va_end(ap);
  const Key *at = scan_key(&h->scan, str_of(key));
  if (at) err_at(e, h->path, at->line, at->col);
  engine_raise(L);
}

Src header_src(lua_State *L, Header *h, const char *key) {
  if (lua_type(L, -1) != LUA_TSTRING)
    header_fault(L, h, key, "%s has to be text, not a %s", key, luaL_typename(L, -1));
  size_t n;
  const char *p = lua_tolstring(L, -1, &n);
  Src src = {.text = {arena_strndup(&h->arena, p, n), n}, .file = h->path, .line = 1, .col = 1};
  const Literal *lit = scan_find(&h->scan, str_of(key), src.text);
  const Key *at = scan_key(&h->scan, str_of(key));
  if (lit) {
    src.line = lit->line;
    src.col = lit->col;
  } else if (at) {
    src.line = at->line;
    src.col = at->col;
  }
  lua_pop(L, 1);
  return src;
}

static const char *text_of(lua_State *L, Header *h, const char *key) {
  const char *p = header_src(L, h, key).text.p;
  return p;
}

void header_known(lua_State *L, const Header *h, const char *in, const char *const *known, bool list) {
  const Key *first = NULL;
  const char *wrong = NULL;
  int table = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    if (lua_type(L, -2) == LUA_TNUMBER && list) continue;
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
    bool good = false;
    for (size_t i = 0; key && known[i]; i++) good = good || strcmp(known[i], key) == 0;
    if (good) continue;
    if (!key) header_fault(L, h, "", "%s has a value without a name: every entry is name = value", in);
    const Key *at = scan_key(&h->scan, str_of(key));
    if (!wrong || (at && first && (at->line < first->line || (at->line == first->line && at->col < first->col))) ||
        (!at && !first && strcmp(key, wrong) < 0)) {
      wrong = key;
      first = at;
    }
  }
  if (!wrong) return;
  size_t n = 0;
  while (known[n]) n++;
  Str *names = engine_array(L, n, sizeof *names);
  for (size_t i = 0; i < n; i++) names[i] = str_of(known[i]);
  Err *e = &engine(L)->err;
  err_free(e);
  err_set(e, ERR_FAIL, "%s has no key %s", in, wrong);
  src_suggest(e, str_of(wrong), names, n);
  if (first) err_at(e, h->path, first->line, first->col);
  engine_raise(L);
}

/* --- keys --------------------------------------------------------------- */

typedef enum How { KEY_TEXT, KEY_SRC, KEY_LIST, KEY_GUARDS, KEY_ON_ERROR, KEY_TABLES, KEY_SCORES, KEY_RUN, KEY_STEPS, KEY_LATER } How;
enum { IN_PLAYBOOK = 1 << PLAYBOOK, IN_RULEBOOK = 1 << RULEBOOK, IN_CHAIN = 1 << CHAIN, IN_TESTS = 1 << TESTS };

static const struct {
  const char *name;
  How how;
  unsigned in;
  size_t offset;
} KEYS[] = {
#define AT(member) offsetof(Header, member)
    {"name", KEY_TEXT, IN_PLAYBOOK | IN_RULEBOOK | IN_CHAIN, AT(name)},
    {"title", KEY_TEXT, IN_PLAYBOOK | IN_RULEBOOK | IN_CHAIN, AT(title)},
    {"about", KEY_TEXT, IN_PLAYBOOK | IN_RULEBOOK | IN_CHAIN, AT(about)},
    {"tags", KEY_LIST, IN_PLAYBOOK | IN_RULEBOOK | IN_CHAIN, AT(tags)},
    {"of", KEY_TEXT, IN_PLAYBOOK | IN_RULEBOOK, AT(of)},
    {"scope", KEY_SRC, IN_PLAYBOOK, AT(scope)},
    {"uses", KEY_LIST, IN_PLAYBOOK | IN_RULEBOOK, AT(uses)},
    {"writes", KEY_LIST, IN_PLAYBOOK, AT(writes)},
    {"grants", KEY_LIST, IN_PLAYBOOK, AT(grants)},
    {"guards", KEY_GUARDS, IN_PLAYBOOK, 0},
    {"on_error", KEY_ON_ERROR, IN_PLAYBOOK, 0},
    {"fields", KEY_SRC, IN_PLAYBOOK | IN_RULEBOOK, AT(fields)},
    {"args", KEY_SRC, IN_PLAYBOOK | IN_RULEBOOK | IN_CHAIN, AT(args)},
    {"metrics", KEY_SRC, IN_PLAYBOOK | IN_RULEBOOK, AT(metrics)},
    {"tables", KEY_TABLES, IN_PLAYBOOK | IN_RULEBOOK, 0},
    {"publish", KEY_LIST, IN_PLAYBOOK, AT(publish)},
    {"run", KEY_RUN, IN_PLAYBOOK, 0},
    {"scores", KEY_SCORES, IN_PLAYBOOK | IN_RULEBOOK, 0},
    {"pairs", KEY_LATER, IN_PLAYBOOK, 0},
    {"steps", KEY_STEPS, IN_CHAIN, 0},
    {"backtest", KEY_SRC, IN_PLAYBOOK, AT(backtest)},
    {"every", KEY_TEXT, IN_PLAYBOOK | IN_CHAIN, AT(every)},
    {"catch_up", KEY_TEXT, IN_PLAYBOOK | IN_CHAIN, AT(catch_up)},
    {"as_of", KEY_TEXT, IN_TESTS | IN_CHAIN, AT(as_of)},
#undef AT
};
enum { NKEYS = sizeof KEYS / sizeof *KEYS };

static const char **list_of(lua_State *L, Header *h, const char *key) {
  if (!lua_istable(L, -1)) header_fault(L, h, key, "%s has to be a list: { \"…\", \"…\" }", key);
  int table = lua_gettop(L);
  header_known(L, h, key, (const char *const[]){NULL}, true);
  lua_Unsigned n = lua_rawlen(L, table);
  const char **list = arena_zalloc(&h->arena, n + 1, sizeof *list);
  for (lua_Unsigned i = 0; i < n; i++) {
    if (lua_rawgeti(L, table, (lua_Integer)i + 1) != LUA_TSTRING)
      header_fault(L, h, key, "%s has to be a list of texts; entry %d is a %s", key, (int)i + 1, luaL_typename(L, -1));
    list[i] = arena_strndup(&h->arena, lua_tostring(L, -1), lua_rawlen(L, -1));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return list;
}

static void read_guards(lua_State *L, Header *h) {
  if (!lua_istable(L, -1)) header_fault(L, h, "guards", "guards has to be { max_changes = …, max_percent = … }");
  header_known(L, h, "guards", (const char *const[]){"max_changes", "max_percent", NULL}, false);
  if (lua_getfield(L, -1, "max_changes") != LUA_TNIL) {
    if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) < 0)
      header_fault(L, h, "max_changes", "max_changes has to be a whole number of changes");
    h->max_changes = lua_tointeger(L, -1);
  }
  if (lua_getfield(L, -2, "max_percent") != LUA_TNIL) {
    if (lua_type(L, -1) != LUA_TNUMBER || lua_tonumber(L, -1) < 0 || lua_tonumber(L, -1) > 100)
      header_fault(L, h, "max_percent", "max_percent has to be a number from 0 to 100");
    h->max_percent = lua_tonumber(L, -1);
  }
  lua_pop(L, 3);
}

static bool ends(Str s, const char *tail) {
  size_t n = strlen(tail);
  return s.n > n && memcmp(s.p + s.n - n, tail, n) == 0;
}

/* Reads the file; where it was found, or NULL. One that is there and cannot be read is the one. */
static const char *table_file(Header *h, Str name, Buf *text, Err *e) {
  Str folder = find_folder(h->path), base = name;
  for (size_t i = 0; i < name.n; i++)
    if (name.p[i] == '/') base = str_sub(name, i + 1, name.n);
  const char *const place[] = {
    arena_printf(&h->arena, "%.*s%.*s", STR_ARG(folder), STR_ARG(name)),
    arena_printf(&h->arena, "%.*s%.*s", STR_ARG(folder), STR_ARG(base)), /* of a kept plan, without its folder */
    arena_printf(&h->arena, "%.*stables/%.*s", STR_ARG(folder), STR_ARG(name)),
  };
  for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
    err_free(e);
    buf_clear(text);
    if (find_table(place[i], text, e)) return place[i];
    if (access(place[i], F_OK) != 0) continue;
    err_at(e, place[i], 0, 0);
    return NULL;
  }
  return NULL;
}

/* A grid, or the name of a file that holds it, beside the playbook or in tables/ there. */
static void read_grid(lua_State *L, Header *h, HeaderTable *t) {
  t->grid = header_src(L, h, t->name);
  Str s = t->grid.text;
  if (memchr(s.p, '\n', s.n) || memchr(s.p, '|', s.n)) return;
  t->dmn = ends(s, ".dmn");
  t->csv = ends(s, ".csv") || ends(s, ".xlsx");
  if (!t->dmn && !t->csv)
    header_fault(L, h, t->name, "table %s is neither a grid nor the name of a .csv, .xlsx or .dmn file", t->name);
  Buf *text = engine_buf(L);
  Err *e = &engine(L)->err;
  const char *file = table_file(h, s, text, e);
  if (!file) {
    const Key *at = scan_key(&h->scan, str_of(t->name));
    bool damaged = e->file != NULL;
    if (at) err_at(e, h->path, at->line, at->col);
    if (!damaged) err_todo(e, "table %s is read from %.*s beside the playbook or in tables/ there", t->name, STR_ARG(s));
    engine_raise(L);
  }
  t->grid = (Src){.text = {arena_strndup(&h->arena, text->p ? text->p : "", text->n), text->n},
                  .file = file, .line = 1, .col = 1};
  buf_free(text);
  lua_pop(L, 1);
}

static int by_place(const void *a, const void *b) {
  const HeaderTable *x = a, *y = b;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  return strcmp(x->name, y->name);
}

static void read_tables(lua_State *L, Header *h) {
  if (!lua_istable(L, -1)) header_fault(L, h, "tables", "tables has to be { name = [[ grid ]], … }");
  int table = lua_gettop(L);
  size_t n = 0;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) n++;
  h->table = arena_zalloc(&h->arena, n + 1, sizeof *h->table);
  for (lua_pushnil(L); lua_next(L, table);) {
    if (lua_type(L, -2) != LUA_TSTRING) header_fault(L, h, "tables", "a table needs a name: tables = { name = [[ grid ]] }");
    HeaderTable *t = &h->table[h->ntable++];
    t->name = arena_strndup(&h->arena, lua_tostring(L, -2), lua_rawlen(L, -2));
    const Key *at = scan_key(&h->scan, str_of(t->name));
    t->line = at ? at->line : 0;
    if (lua_istable(L, -1)) {
      header_known(L, h, t->name, (const char *const[]){"of", NULL}, true);
      if (lua_getfield(L, -1, "of") != LUA_TNIL)
        t->of = text_of(L, h, "of");
      else
        lua_pop(L, 1);
      lua_rawgeti(L, -1, 1);
      lua_remove(L, -2);
    }
    read_grid(L, h, t);
  }
  qsort(h->table, h->ntable, sizeof *h->table, by_place);
  lua_pop(L, 1);
}

/* The value of key i on top of the stack; pops it. */
static void read_key(lua_State *L, Header *h, size_t i) {
  void *member = (char *)h + KEYS[i].offset;
  const char *key = KEYS[i].name;
  const Key *at = scan_key(&h->scan, str_of(key));
  switch (KEYS[i].how) {
    case KEY_TEXT: *(const char **)member = text_of(L, h, key); break;
    case KEY_SRC: *(Src *)member = header_src(L, h, key); break;
    case KEY_LIST: *(const char ***)member = list_of(L, h, key); break;
    case KEY_GUARDS: read_guards(L, h); break;
    case KEY_TABLES: read_tables(L, h); break;
    case KEY_SCORES: header_scores(L, h); break;
    case KEY_STEPS: header_steps(L, h); break;
    case KEY_ON_ERROR:
      if (!str_is(header_src(L, h, key).text, "skip")) header_fault(L, h, key, "on_error knows one value: \"skip\"");
      h->skip_errors = true;
      break;
    case KEY_RUN:
      if (!lua_isfunction(L, -1)) header_fault(L, h, key, "run has to be a function: run = function(book) … end");
      h->has_run = true;
      lua_pop(L, 1);
      break;
    case KEY_LATER:
      if (!h->unsupported) {
        h->unsupported = key;
        h->unsupported_line = at ? at->line : 0;
      }
      lua_pop(L, 1);
      break;
  }
}

static const char *const KIND_NAME[] = {"playbook", "rulebook", "chain", "tests"};

/* Reads the table on top of the stack into h. */
static void read_header(lua_State *L, Header *h) {
  const char *known[NKEYS + 1];
  size_t n = 0;
  for (size_t i = 0; i < NKEYS; i++)
    if (KEYS[i].in & (1u << h->kind)) known[n++] = KEYS[i].name;
  known[n] = NULL;
  header_known(L, h, KIND_NAME[h->kind], known, h->kind == TESTS);
  for (size_t i = 0; i < NKEYS; i++) {
    if (!(KEYS[i].in & (1u << h->kind))) continue;
    if (lua_getfield(L, -1, KEYS[i].name) == LUA_TNIL)
      lua_pop(L, 1);
    else
      read_key(L, h, i);
  }
  if (h->kind == TESTS) {
    if (!h->as_of) header_fault(L, h, "", "tests need as_of = \"YYYY-MM-DD\": what holds, holds on a day");
    header_tests(L, h);
  } else if (!h->name || !*h->name) {
    header_fault(L, h, "name", "a %s needs a name = \"…\"", KIND_NAME[h->kind]);
  } else if (h->kind == CHAIN && !h->nstep) {
    header_fault(L, h, "", "a chain needs steps = { { \"playbook\" }, … }");
  }
}

/* --- the empty environment ------------------------------------------------ */

/* playbook{…}: upvalue 1 = kind. Marks the table and gives it back. */
static int make(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  Header *h = lua_touserdata(L, lua_upvalueindex(2));
  h->kind = (PlaybookKind)lua_tointeger(L, lua_upvalueindex(1));
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &MADE);
  return 1;
}

static int named_tests(lua_State *L) {
  Header *h = lua_touserdata(L, lua_upvalueindex(1));
  size_t n;
  const char *p = luaL_checklstring(L, 1, &n);
  h->name = arena_strndup(&h->arena, p, n);
  lua_pushinteger(L, TESTS);
  lua_pushlightuserdata(L, h);
  lua_pushcclosure(L, make, 2);
  return 1;
}

/* decide "table" [[…]]: the second call makes { kind, name, value, line }. */
static int test_item(lua_State *L) {
  luaL_checkany(L, 1);
  lua_createtable(L, 4, 0);
  for (int i = 1; i <= 3; i++) {
    if (i < 3)
      lua_pushvalue(L, lua_upvalueindex(i));
    else
      lua_pushvalue(L, 1);
    lua_rawseti(L, -2, i);
  }
  lua_pushvalue(L, lua_upvalueindex(3));
  lua_rawseti(L, -2, 4);
  return 1;
}

static int test_named(lua_State *L) {
  luaL_checkstring(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushinteger(L, engine_line(L));
  lua_pushcclosure(L, test_item, 3);
  return 1;
}

static const Str WORDS[] = {{"playbook", 8}, {"rulebook", 8}, {"chain", 5},   {"tests", 5},
                            {"decide", 6},   {"case", 4},     {"property", 8}};

static int unknown(lua_State *L) {
  Str wrong = {0};
  if (lua_type(L, 2) == LUA_TSTRING) wrong.p = lua_tolstring(L, 2, &wrong.n);
  return engine_unknown(L, "name", wrong, WORDS, sizeof WORDS / sizeof *WORDS);
}

static void open_words(lua_State *L, Header *h) {
  static const char *const TESTS_OF[] = {"decide", "case", "property"};
  lua_newtable(L);
  for (int kind = PLAYBOOK; kind <= CHAIN; kind++) {
    lua_pushinteger(L, kind);
    lua_pushlightuserdata(L, h);
    lua_pushcclosure(L, make, 2);
    lua_setfield(L, -2, KIND_NAME[kind]);
  }
  lua_pushlightuserdata(L, h);
  lua_pushcclosure(L, named_tests, 1);
  lua_setfield(L, -2, "tests");
  for (int i = 0; i < 3; i++) {
    lua_pushinteger(L, i);
    lua_pushcclosure(L, test_named, 1);
    lua_setfield(L, -2, TESTS_OF[i]);
  }
  lua_newtable(L);
  lua_pushcfunction(L, unknown);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

static int read_file(lua_State *L) {
  Reader *r = engine_ctx(L);
  Header *h = r->h;
  open_words(L, h);
  Str base = find_base(h->path);
  const char *chunk = arena_printf(&h->arena, "@%.*s.lua", STR_ARG(base));
  engine_load(L, buf_view(&h->source), chunk);
  r->loaded = true;
  limit_call(L, 0);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &MADE);
  if (!lua_istable(L, -1) || !lua_rawequal(L, -1, -2))
    return engine_fail(L, "the file returns no playbook: it has to end in return playbook { … }"
                        " (or rulebook, chain, tests \"name\")");
  read_header(L, h);
  return 0;
}

bool header_read(const char *path, Header **out, Err *e) {
  Header *h = mem_zalloc(1, sizeof *h);
  Engine eng = {.steps = HEADER_STEPS};
  Reader r = {.h = h};
  bool ok = false;
  h->path = arena_strndup(&h->arena, path, strlen(path));
  h->max_percent = -1;
  h->max_changes = -1;
  if (!find_read(path, &h->source, e)) goto done;
  scan_file(buf_view(&h->source), &h->scan);
  eng.file = h->path;
  eng.scan = &h->scan;
  if (!engine_open(&eng, HEADER_MEMORY, e)) goto done;
  if (!engine_do(&eng, read_file, &r, e)) {
    if (!r.loaded) scan_closed_early(&h->scan, h->path, e->line, e);
    err_at(e, h->path, 0, 0);
    goto done;
  }
  ok = true;
done:
  engine_close(&eng);
  if (ok)
    *out = h;
  else
    header_free(h);
  return ok;
}

void header_free(Header *h) {
  if (!h) return;
  source_scan_free(&h->scan);
  buf_free(&h->source);
  arena_free(&h->arena);
  mem_free(h);
}
