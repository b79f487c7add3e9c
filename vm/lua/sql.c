/* sql "SELECT …" at the prompt: what the rule language does not ask; read-only, and a table like any other. */
#include "lua/figures.h"
#include "lua/sandbox.h"
#include "store/ask.h"

#include <string.h>

enum { ROWS_MOST = 1000000 };

typedef struct Rows {
  Arena *a;
  Str *name;
  Val *cell;
  size_t ncol, nrow, cap;
} Rows;

static bool take(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  Rows *r = ctx;
  if (!val) {
    r->ncol = (size_t)ncol;
    r->name = arena_zalloc(r->a, r->ncol, sizeof *r->name);
    for (size_t i = 0; i < r->ncol; i++) r->name[i] = (Str){arena_strndup(r->a, name[i].p, name[i].n), name[i].n};
    return true;
  }
  if (r->nrow == ROWS_MOST) {
    err_set(e, ERR_FAIL, "more than %d rows", ROWS_MOST);
    return err_todo(e, "add a LIMIT, or group them");
  }
  if (r->nrow == r->cap) {
    r->cap = r->cap ? 2 * r->cap : 64;
    Val *wider = arena_alloc(r->a, r->cap * r->ncol * sizeof *wider);
    if (r->nrow) memcpy(wider, r->cell, r->nrow * r->ncol * sizeof *wider);
    r->cell = wider;
  }
  for (size_t i = 0; i < r->ncol; i++) r->cell[r->nrow * r->ncol + i] = val_copy(val[i], r->a);
  r->nrow++;
  return true;
}

/* Text where any cell is: SQLite's columns hold what they were given. */
static Type type_of(const Figures *f, size_t col) {
  Type t = {.kind = T_NUM};
  for (size_t i = 0; i < f->nrow; i++)
    if (f->cell[i * f->ncol + col].t == V_TEXT) t.kind = T_TEXT;
  return t;
}

static int sql(lua_State *L) {
  Engine *h = engine(L);
  const char *text = luaL_checkstring(L, 1);
  Rows r = {.a = engine_arena(L)};
  if (!store_ask(h->store, text, take, &r, &h->err)) return engine_raise(L);
  Figures *f = figures_new(L, r.ncol, r.nrow);
  for (size_t i = 0; i < r.nrow * r.ncol; i++) f->cell[i] = val_copy(r.cell[i], &f->arena);
  for (size_t i = 0; i < r.ncol; i++) {
    f->text[i] = (Str){arena_strndup(&f->arena, r.name[i].p, r.name[i].n), r.name[i].n};
    f->type[i] = type_of(f, i);
    f->col[i] = (UiColumn){.title = f->text[i]};
  }
  arena_free(r.a);
  return 1;
}

void sql_open(lua_State *L) {
  lua_pushcfunction(L, sql);
  sandbox_global(L, "sql");
}
