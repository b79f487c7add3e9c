/* One Lua state with what its script works on: internal to vm/lua.
 *
 * Everything that touches the state runs inside engine_do, a protected call, so no
 * Lua error ever leaves this folder: it arrives as an Err with file and line.
 *
 * Discipline of the bindings: what they hold while calling Lua is owned by Lua
 * (engine_arena, engine_buf, plain userdata). A binding reports a failure by filling
 * engine(L)->err and returning engine_raise(L). */
#ifndef LUA_ENGINE_H
#define LUA_ENGINE_H
#include "base/cron.h"
#include "feel/rules.h"
#include "lua/limit.h"
#include "lua/scan.h"
#include "run/run.h"

#include <lauxlib.h>
#include <lua.h>

typedef struct Engine {
  lua_State *L;
  lua_State *volatile running; /* the coroutine that runs right now, NULL outside scripts */
  Budget budget;
  int64_t steps;           /* instructions left; < 0 = only the clock counts */
  bool stopped;            /* past a limit: nothing of the script goes on */
  int stop_line;
  bool closing;            /* a coroutine's __close handlers run, where nothing may yield */
  bool exhausted;          /* memory ran out: no pcall goes on after that */
  Err err;                 /* of the binding that is failing */
  const char *file;        /* as errors name it; NULL at the prompt */
  char short_src[LUA_IDSIZE];
  const Scan *scan;        /* where the literals of `file` are, or NULL */
  bool prompt;             /* a person types: sets are populations of their own, files may be written */
  /* What the script works on, borrowed; NULL while a header is read. */
  Run *run;
  Store *store;
  Rules *rules;
  Eval *ev;
  Report *report;
  bool skip;               /* on_error = "skip": rows that cannot be decided are reported and left out */
  bool dated;              /* the as-of day was asked for: why explains what held on it */
  bool safe;               /* … and no file is written after all */
  int width;               /* columns of the terminal, 0 = not known */
  bool hint;               /* words for a person at the prompt belong below tables */
  uint64_t seed;
  const struct Lent *near; /* names that the set at hand lends its rules (`missed`, `was`), or NULL */
  unsigned generation;     /* changes whenever what rows show may have changed */
  size_t inserted;         /* rows a script inserted */
  const char *ask_code, *ask_day; /* a question to the visits in force (playbook_ask_visit), or NULL */
  bool answered;
  Arena kept;              /* lives as long as the engine */
  CronDays calendar;       /* days that are not as the week says; day is NULL until asked for */
  Buf said;                /* lines printed and not yet a part of the report */
} Engine;

bool engine_open(Engine *h, size_t memory, Err *e);
void engine_close(Engine *h);
Engine *engine(lua_State *L);

/* Runs fn(L) protected, with ctx as its only argument (a light userdata). Errors arrive in e. */
bool engine_do(Engine *h, lua_CFunction fn, void *ctx, Err *e);
void *engine_ctx(lua_State *L); /* that argument */

/* Loads text (never bytecode) under the given chunk name and leaves the function on the stack;
 * raises what is wrong with it. */
void engine_load(lua_State *L, Str text, const char *chunk);

/* Raises engine(L)->err as an error value. The int is for `return engine_raise(L)`. */
int engine_raise(lua_State *L) __attribute__((noreturn));
/* The same for a sentence made here. */
int engine_fail(lua_State *L, const char *fmt, ...) __attribute__((format(printf, 2, 3), noreturn));
/* The same, with "did you mean" out of n names. */
int engine_unknown(lua_State *L, const char *what, Str wrong, const Str *name, size_t n) __attribute__((noreturn));

/* Pushed onto the stack, empty; given back by the collector, or emptied earlier by the caller. */
Arena *engine_arena(lua_State *L);
Buf *engine_buf(lua_State *L);
/* n elements of `size` as a userdata on the stack, zeroed. */
void *engine_array(lua_State *L, size_t n, size_t size);

/* The error value on top of L (of a script that stopped there) as a boxed error with its line; pops it. */
void engine_box(lua_State *L, int status, Err *out);
/* The line of the script's own file that is running; 0 = not known. */
int engine_line(lua_State *L);
/* A text of the script with its place in the file, exact when it is a literal there. */
Src engine_src(lua_State *L, int index);

/* Kinds of userdata, told apart by the address of their name (looking one up allocates nothing, so
 * it is safe where no protected call stands around it). Scripts cannot reach the metatables. */
typedef const char Class[];
void engine_class(lua_State *L, const char *class, const luaL_Reg *meta);
void *engine_is(lua_State *L, int index, const char *class);  /* NULL: something else */
void *engine_new(lua_State *L, const char *class, size_t size, int nuser);  /* zeroed, on the stack */
extern Class CLASS_ERROR, CLASS_ARENA, CLASS_BUF;
#endif
