#include "lua/engine.h"

#include "base/lang.h"
#include "base/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Class CLASS_ERROR = "error", CLASS_ARENA = "arena", CLASS_BUF = "buffer";

Engine *engine(lua_State *L) { return *(Engine **)lua_getextraspace(L); }

static int collect_err(lua_State *L) {
  err_free(lua_touserdata(L, 1));
  return 0;
}

static int err_text(lua_State *L) {
  const Err *e = engine_is(L, 1, CLASS_ERROR);
  lua_pushstring(L, e && e->what ? e->what : "error");
  return 1;
}

static int collect_arena(lua_State *L) {
  arena_free(lua_touserdata(L, 1));
  return 0;
}

static int collect_buf(lua_State *L) {
  buf_free(lua_touserdata(L, 1));
  return 0;
}

static const luaL_Reg ERROR_META[] = {{"__gc", collect_err}, {"__tostring", err_text}, {NULL, NULL}};
static const luaL_Reg ARENA_META[] = {{"__gc", collect_arena}, {NULL, NULL}};
static const luaL_Reg BUF_META[] = {{"__gc", collect_buf}, {NULL, NULL}};

void engine_class(lua_State *L, const char *class, const luaL_Reg *meta) {
  lua_createtable(L, 0, 8);
  luaL_setfuncs(L, meta, 0);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushstring(L, class);
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, class);
}

void *engine_is(lua_State *L, int index, const char *class) {
  if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, class);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return same ? lua_touserdata(L, index) : NULL;
}

void *engine_new(lua_State *L, const char *class, size_t size, int nuser) {
  void *p = lua_newuserdatauv(L, size, nuser);
  memset(p, 0, size);
  lua_rawgetp(L, LUA_REGISTRYINDEX, class);
  lua_setmetatable(L, -2);
  return p;
}

static int open_classes(lua_State *L) {
  engine_class(L, CLASS_ERROR, ERROR_META);
  engine_class(L, CLASS_ARENA, ARENA_META);
  engine_class(L, CLASS_BUF, BUF_META);
  return 0;
}

static int on_panic(lua_State *L) {
  const char *s = lua_tostring(L, -1);
  fprintf(stderr, "pareto: error outside a protected call: %s\n", s ? s : "?");
  return 0;
}

bool engine_open(Engine *h, size_t memory, Err *e) {
  h->budget = (Budget){.max = memory};
  h->L = lua_newstate(budget_alloc, &h->budget);
  if (!h->L) return err_set(e, ERR_FAIL, "not enough memory to start a script");
  *(Engine **)lua_getextraspace(h->L) = h;
  lua_atpanic(h->L, on_panic);
  return engine_do(h, open_classes, NULL, e);
}

void engine_close(Engine *h) {
  if (h->L) lua_close(h->L);
  err_free(&h->err);
  buf_free(&h->said);
  arena_free(&h->kept);
  h->L = NULL;
}

void *engine_ctx(lua_State *L) { return lua_touserdata(L, 1); }

/* Takes "short_src:12:" off the front of Lua's own messages. */
static const char *strip_place(const Engine *h, const char *s, int *line) {
  size_t n = strlen(h->short_src);
  if (!n || strncmp(s, h->short_src, n) != 0 || s[n] != ':') return s;
  char *end;
  long l = strtol(s + n + 1, &end, 10);
  if (end == s + n + 1 || *end != ':') return s;
  *line = (int)l;
  end++;
  return *end == ' ' ? end + 1 : end;
}

enum { WORDS_MOST = 2000 };

/* Allocates nothing from Lua. */
void engine_box(lua_State *L, int status, Err *out) {
  const Engine *h = engine(L);
  Err *boxed = engine_is(L, -1, CLASS_ERROR);
  int line = 0;
  if (boxed) {
    err_move(out, boxed);
  } else if (h->stopped && !stop_check(out)) { /* past a limit, whatever it raised on the way out */
    line = h->stop_line;
  } else if (status == LUA_ERRMEM || h->exhausted) {
    err_set(out, ERR_FAIL, "the script needs more than its %zu MB of memory", h->budget.max >> 20);
  } else if (lua_type(L, -1) == LUA_TSTRING) {
    err_set(out, ERR_FAIL, "%.*s", WORDS_MOST, strip_place(h, lua_tostring(L, -1), &line));
  } else {
    err_set(out, ERR_FAIL, "the script raised a %s as its error", luaL_typename(L, -1));
  }
  lua_pop(L, 1);
  if (!line) line = engine_line(L);
  if (h->file && line && !h->prompt) err_at(out, h->file, line, 0);
}

bool engine_do(Engine *h, lua_CFunction fn, void *ctx, Err *e) {
  lua_State *L = h->L;
  int top = lua_gettop(L), plain = lang_plain(0);
  h->stopped = h->exhausted = h->closing = false;
  lua_pushcfunction(L, fn);
  lua_pushlightuserdata(L, ctx);
  int status = lua_pcall(L, 1, 0, 0);
  lang_plain(plain - lang_plain(0)); /* coroutines that nobody resumed */
  if (status != LUA_OK) engine_box(L, status, e);
  lua_settop(L, top);
  err_free(&h->err);
  return status == LUA_OK;
}

void engine_load(lua_State *L, Str text, const char *chunk) {
  Engine *h = engine(L);
  const char *p = text.p;
  size_t n = text.n;
  if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) p += 3, n -= 3;
  if (n && p[0] == LUA_SIGNATURE[0]) engine_fail(L, "this is compiled Lua, not the text of a playbook");
  lua_Debug ar;
  int status = luaL_loadbufferx(L, p, n, chunk, "t");
  if (status != LUA_OK) {
    /* Nothing is loaded that could tell its short name: Lua cuts chunk names the same way for all. */
    lua_State *t = L;
    if (luaL_loadbufferx(t, "", 0, chunk, "t") == LUA_OK && lua_getinfo(t, ">S", &ar))
      memcpy(h->short_src, ar.short_src, sizeof h->short_src);
    else
      lua_pop(L, 1);
    lua_error(L);
  }
  lua_pushvalue(L, -1);
  lua_getinfo(L, ">S", &ar);
  memcpy(h->short_src, ar.short_src, sizeof h->short_src);
}

int engine_raise(lua_State *L) {
  Engine *h = engine(L);
  if (h->err.kind == ERR_TIMEOUT || h->err.kind == ERR_INTERRUPT) h->stopped = true;
  Err *box = engine_new(L, CLASS_ERROR, sizeof *box, 0);
  err_move(box, &h->err);
  if (!box->file && h->file && !h->prompt) {
    int line = engine_line(L);
    if (line) err_at(box, h->file, line, 0);
  }
  lua_error(L);
  abort(); /* never reached: for the compiler */
}

int engine_fail(lua_State *L, const char *fmt, ...) {
  Engine *h = engine(L);
  va_list ap;
  va_start(ap, fmt);
  err_free(&h->err);
  err_vset(&h->err, ERR_FAIL, fmt, ap);
  va_end(ap);
  engine_raise(L);
}

static int by_bytes(const void *a, const void *b) { return str_cmp(*(const Str *)a, *(const Str *)b); }

/* The names are sorted first: of several that are equally near, the same one is meant every time. */
int engine_unknown(lua_State *L, const char *what, Str wrong, const Str *name, size_t n) {
  Engine *h = engine(L);
  err_free(&h->err);
  Str *sorted = engine_array(L, n + 1, sizeof *sorted);
  if (n) memcpy(sorted, name, n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, by_bytes);
  err_set(&h->err, ERR_FAIL, "unknown %s %.*s", _(what), STR_ARG(wrong));
  src_suggest(&h->err, wrong, sorted, n);
  engine_raise(L);
}

Arena *engine_arena(lua_State *L) { return engine_new(L, CLASS_ARENA, sizeof(Arena), 0); }
Buf *engine_buf(lua_State *L) { return engine_new(L, CLASS_BUF, sizeof(Buf), 0); }

void *engine_array(lua_State *L, size_t n, size_t size) {
  if (size && n > SIZE_MAX / size) luaL_error(L, "not enough memory");
  void *p = lua_newuserdatauv(L, n * size, 0);
  memset(p, 0, n * size);
  return p;
}

int engine_line(lua_State *L) {
  const Engine *h = engine(L);
  lua_Debug ar;
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline > 0 && strcmp(ar.short_src, h->short_src) == 0) return ar.currentline;
  }
  return 0;
}

Src engine_src(lua_State *L, int index) {
  const Engine *h = engine(L);
  size_t n;
  const char *p = luaL_checklstring(L, index, &n);
  Src src = {.text = {p, n}, .line = 1, .col = 1};
  if (h->prompt || !h->file) return src;
  src.file = h->file;
  src.line = engine_line(L);
  const Literal *lit = h->scan ? scan_nearest(h->scan, src.text, src.line) : NULL;
  if (lit) {
    src.line = lit->line;
    src.col = lit->col;
  }
  return src;
}
