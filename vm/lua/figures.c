#include "lua/figures.h"

#include "lua/rule.h"
#include "lua/show.h"
#include "lua/sort.h"
#include "lua/value.h"

#include <stdlib.h>
#include <string.h>

Class CLASS_FIGURES = "table of figures", CLASS_CHART = "chart";

Figures *figures_new(lua_State *L, size_t ncol, size_t nrow) {
  Figures *f = engine_new(L, CLASS_FIGURES, sizeof *f, 1);
  f->ncol = ncol;
  f->nrow = nrow;
  f->col = arena_zalloc(&f->arena, ncol + 1, sizeof *f->col);
  f->text = arena_zalloc(&f->arena, ncol + 1, sizeof *f->text);
  f->type = arena_zalloc(&f->arena, ncol + 1, sizeof *f->type);
  f->cell = arena_zalloc(&f->arena, ncol * nrow + 1, sizeof *f->cell);
  return f;
}

Figures *figures_headed(lua_State *L, const FiguresHead *head, size_t ncol, size_t nrow) {
  Figures *f = figures_new(L, ncol, nrow);
  for (size_t i = 0; i < ncol; i++) {
    f->text[i] = str_of(arena_strndup(&f->arena, head[i].name, strlen(head[i].name)));
    f->col[i] = (UiColumn){f->text[i], head[i].unit, head[i].fmt};
    f->type[i].unit = head[i].unit;
  }
  return f;
}

Val figures_word(Figures *f, const char *z) {
  return z && *z ? val_text(str_of(arena_strndup(&f->arena, z, strlen(z)))) : val_null();
}

void figures_class_verbs(lua_State *L, const char *class, const luaL_Reg *verb, lua_CFunction index) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, class);
  lua_newtable(L);
  luaL_setfuncs(L, verb, 0);
  lua_pushcclosure(L, index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}

static Str copied(Figures *f, Str s) { return (Str){arena_strndup(&f->arena, s.p ? s.p : "", s.n), s.n}; }

/* The heading without ", 万": tables add what the format says. */
static Str bare_title(const Expr *x) {
  Str title = expr_title(x), mark = str_of(fmt_name(expr_fmt(x)));
  size_t n = mark.n + 2;
  bool marked = mark.n && title.n > n && memcmp(title.p + title.n - n, ", ", 2) == 0 &&
                memcmp(title.p + title.n - mark.n, mark.p, mark.n) == 0;
  return marked ? str_sub(title, 0, title.n - n) : title;
}

void figures_column(Figures *f, size_t i, const Expr *x) {
  f->type[i] = expr_type(x);
  f->text[i] = copied(f, expr_text(x));
  f->col[i] = (UiColumn){copied(f, bare_title(x)), f->type[i].unit, expr_fmt(x)};
}

/* "sum( at_risk )" names the column "sum(at_risk)". */
static bool same_rule(Str a, Str b) {
  size_t i = 0, j = 0;
  for (;;) {
    while (i < a.n && a.p[i] == ' ') i++;
    while (j < b.n && b.p[j] == ' ') j++;
    if (i == a.n || j == b.n) return i == a.n && j == b.n;
    if (a.p[i++] != b.p[j++]) return false;
  }
}

size_t figures_find(lua_State *L, const Figures *f, Str name) {
  for (size_t i = 0; i < f->ncol; i++)
    if (same_rule(f->col[i].title, name) || same_rule(f->text[i], name)) return i;
  for (size_t i = 0; i < f->ncol; i++) { /* "sum(x)" for a column written "sum(x):万" */
    Str t = f->text[i];
    const char *colon = memchr(t.p, ':', t.n);
    if (colon && same_rule((Str){t.p, (size_t)(colon - t.p)}, name)) return i;
  }
  Str *names = engine_array(L, f->ncol + 1, sizeof *names);
  for (size_t i = 0; i < f->ncol; i++) names[i] = f->col[i].title;
  engine_unknown(L, "column", name, names, f->ncol);
  return 0;
}

/* --- sorting ------------------------------------------------------------------- */

enum { KEYS_MOST = 8 };
typedef struct FiguresOrder {
  const Figures *f;
  size_t nkey, col[KEYS_MOST];
  bool descending[KEYS_MOST];
} FiguresOrder;

static int by_columns(const void *x, const void *y, void *ctx) {
  const FiguresOrder *o = ctx;
  size_t i = *(const size_t *)x, j = *(const size_t *)y;
  for (size_t k = 0; k < o->nkey; k++) {
    size_t c = o->col[k];
    int r = rule_order(o->f->type[c], o->f->cell[i * o->f->ncol + c], o->f->cell[j * o->f->ncol + c], o->descending[k]);
    if (r) return r;
  }
  return (i > j) - (i < j);
}

static Figures *sorted(lua_State *L, const Figures *f, Src keys, bool largest) {
  FiguresOrder o = {.f = f};
  Src key;
  while (sort_next_key(&keys, &key)) {
    if (o.nkey == KEYS_MOST) engine_fail(L, "a table is sorted by at most %d columns", KEYS_MOST);
    bool minus = key.text.n && key.text.p[0] == '-';
    Str name = minus ? str_trim(str_sub(key.text, 1, key.text.n)) : key.text;
    o.col[o.nkey] = figures_find(L, f, name);
    o.descending[o.nkey++] = minus != largest;
  }
  size_t *order = engine_array(L, f->nrow + 1, sizeof *order);
  for (size_t i = 0; i < f->nrow; i++) order[i] = i;
  qsort_r(order, f->nrow, sizeof *order, by_columns, &o);
  Figures *out = figures_new(L, f->ncol, f->nrow);
  out->nkey = f->nkey;
  out->foot = copied(out, f->foot);
  out->words = f->words;
  for (size_t c = 0; c < f->ncol; c++) {
    out->type[c] = f->type[c];
    out->text[c] = copied(out, f->text[c]);
    out->col[c] = f->col[c];
    out->col[c].title = copied(out, f->col[c].title);
    for (size_t r = 0; r < f->nrow; r++)
      out->cell[r * f->ncol + c] = val_copy(f->cell[order[r] * f->ncol + c], &out->arena);
  }
  return out;
}

static Figures *check(lua_State *L) {
  Figures *f = engine_is(L, 1, CLASS_FIGURES);
  if (!f) engine_fail(L, "a table of figures is wanted here, not a %s", luaL_typename(L, 1));
  return f;
}

static int figures_sort(lua_State *L) {
  Figures *f = check(L);
  sorted(L, f, engine_src(L, 2), false);
  return 1;
}

static int figures_top(lua_State *L) {
  Figures *f = check(L);
  lua_Integer n = luaL_checkinteger(L, 2);
  Figures *out = sorted(L, f, engine_src(L, 3), true);
  if (n >= 0 && (lua_Unsigned)n < out->nrow) out->nrow = (size_t)n;
  return 1;
}

/* --- reading -------------------------------------------------------------------- */

/* Row i as a Lua table, the same one each time, pushed. */
static void push_row(lua_State *L, int frame, size_t i) {
  Figures *f = lua_touserdata(L, frame);
  if (lua_getiuservalue(L, frame, 1) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, frame, 1);
  }
  if (lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TTABLE) {
    lua_remove(L, -2);
    return;
  }
  lua_pop(L, 1);
  lua_createtable(L, 0, (int)f->ncol);
  for (size_t c = 0; c < f->ncol; c++) {
    value_push(L, f->cell[i * f->ncol + c], f->type[c]);
    lua_pushlstring(L, f->text[c].p, f->text[c].n);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
    lua_pushlstring(L, f->col[c].title.p, f->col[c].title.n);
    lua_insert(L, -2);
    lua_rawset(L, -3);
  }
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, (lua_Integer)i + 1);
  lua_pushinteger(L, (lua_Integer)i + 1); /* and back, for `for` */
  lua_pushvalue(L, -2);
  lua_insert(L, -2);
  lua_rawset(L, -4);
  lua_remove(L, -2);
}

static int figures_call(lua_State *L) {
  Figures *f = check(L);
  size_t at = 0;
  if (lua_istable(L, 3)) {
    lua_getiuservalue(L, 1, 1);
    lua_pushvalue(L, 3);
    lua_rawget(L, -2);
    at = (size_t)lua_tointeger(L, -1);
  }
  if (at >= f->nrow) return 0;
  push_row(L, 1, at);
  return 1;
}

static int figures_len(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)check(L)->nrow);
  return 1;
}

static int figures_text(lua_State *L) {
  Figures *f = check(L);
  lua_pushfstring(L, "table of %d rows, %d columns", (int)f->nrow, (int)f->ncol);
  return 1;
}

static int figures_gc(lua_State *L) {
  arena_free(&((Figures *)lua_touserdata(L, 1))->arena);
  return 0;
}

static int figures_index(lua_State *L) {
  Figures *f = check(L);
  if (lua_isinteger(L, 2)) {
    lua_Integer i = lua_tointeger(L, 2);
    if (i < 1 || (lua_Unsigned)i > f->nrow) return 0;
    push_row(L, 1, (size_t)i - 1);
    return 1;
  }
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  static const Str VERB[] = {{"sort", 4}, {"top", 3}, {"show", 4}, {"export", 6}, {"chart", 5}, {"group", 5}};
  Str wrong;
  wrong.p = luaL_tolstring(L, 2, &wrong.n);
  return engine_unknown(L, "verb of a table:", wrong, VERB, sizeof VERB / sizeof *VERB);
}

static int chart_gc(lua_State *L) {
  buf_free(&((Chart *)lua_touserdata(L, 1))->text);
  return 0;
}

static int chart_text(lua_State *L) {
  Chart *c = lua_touserdata(L, 1);
  lua_pushlstring(L, c->text.p ? c->text.p : "", c->text.n);
  return 1;
}

void figures_open(lua_State *L) {
  static const luaL_Reg FRAME[] = {{"__gc", figures_gc},   {"__len", figures_len},       {"__call", figures_call},
                                   {"__tostring", figures_text}, {NULL, NULL}};
  static const luaL_Reg VERB[] = {{"sort", figures_sort},     {"top", figures_top},     {"show", show_verb},
                                  {"export", export_verb}, {"chart", chart_verb},
                                  {"group", figures_group}, {NULL, NULL}};
  static const luaL_Reg CHART[] = {{"__gc", chart_gc}, {"__tostring", chart_text}, {NULL, NULL}};
  engine_class(L, CLASS_FIGURES, FRAME);
  engine_class(L, CLASS_CHART, CHART);
  figures_class_verbs(L, CLASS_FIGURES, VERB, figures_index);
}
