/* set:shares("spent", "1%, 5%, 20%"): what the largest members hold, one row a share asked for. */
#include "base/num.h"
#include "lua/figures.h"
#include "lua/rule.h"

#include <stdlib.h>

enum { SHARES_MOST = 100 };
enum { COL_LARGEST, COL_MEMBERS, COL_SUM, COL_PART, COLS };

static int descending(const void *x, const void *y) { return num_cmp(*(const Val *)y, *(const Val *)x); }

/* The figures that are known, largest first. */
static Val *largest_first(lua_State *L, const Set *s, const Expr *x, size_t *n) {
  Val *v = rule_eval(L, x, s->id, s->n), *known = engine_array(L, s->n + 1, sizeof *known);
  *n = 0;
  for (size_t i = 0; i < s->n; i++)
    if (val_is_num(v[i])) known[(*n)++] = v[i];
  qsort(known, *n, sizeof *known, descending);
  return known;
}

static Val sum(const Val *v, size_t n, Arena *a) {
  Val all = val_int(0);
  for (size_t i = 0; i < n; i++) all = num_add(all, v[i], a);
  return all;
}

/* "20%" or "0.2"; raises when it is no share. */
static Val read_share(lua_State *L, Str text, Arena *a) {
  Val v;
  bool percent = text.n && text.p[text.n - 1] == '%';
  Str digits = str_trim(str_sub(text, 0, text.n - percent));
  bool ok = num_parse(digits, &v, a);
  if (ok && percent) v = num_mul(v, val_dec(1, -2), a);
  if (!ok || num_cmp(v, val_int(0)) <= 0 || num_cmp(v, val_int(1)) > 0)
    engine_fail(L, "'%s' is no share between 0 %% and 100 %%", lua_pushlstring(L, text.p, text.n));
  return v;
}

static void heads(Figures *f, int entity, const Expr *x) {
  Str plural = str_of(catalog_at((size_t)entity - 1)->plural);
  figures_column(f, COL_SUM, x);
  f->type[COL_LARGEST] = f->type[COL_PART] = (Type){.kind = T_NUM, .unit = UNIT_PERCENT};
  f->type[COL_MEMBERS] = (Type){.kind = T_NUM};
  f->col[COL_LARGEST] = (UiColumn){STR("largest"), UNIT_PERCENT, FMT_NONE};
  f->col[COL_MEMBERS] = (UiColumn){plural, UNIT_NONE, FMT_NONE};
  f->col[COL_PART] = (UiColumn){STR("share"), UNIT_PERCENT, FMT_NONE};
  for (size_t c = 0; c < COLS; c++)
    if (c != COL_SUM) f->text[c] = f->col[c].title;
}

static int shares(lua_State *L) {
  Set *s = set_check(L, 1);
  Src src = engine_src(L, 2);
  Str rest = str_of(luaL_optstring(L, 3, "1%, 5%, 10%, 20%, 50%"));
  lua_settop(L, 3);
  rule_population(L, 1);
  Expr *x = rule_expr(L, s->entity, src, WANT_ANY, 0);
  if (expr_type(x).kind != T_NUM) engine_fail(L, "shares(%s): no number", lua_tostring(L, 2));
  size_t n, row = 0;
  Val *v = largest_first(L, s, x, &n);
  Figures *f = figures_new(L, COLS, SHARES_MOST);
  heads(f, s->entity, x);
  Val all = sum(v, n, &f->arena);
  while (rest.p) {
    Val p = read_share(L, str_trim(str_split(rest, ',', &rest)), &f->arena);
    if (row == SHARES_MOST) engine_fail(L, "at most %d shares", SHARES_MOST);
    int64_t k = 0;
    num_int(num_round(num_mul(val_int((int64_t)n), p, &f->arena), 0, NUM_HALF_UP, &f->arena), &k);
    Val held = sum(v, (size_t)k, &f->arena);
    Val *cell = f->cell + row++ * COLS;
    cell[COL_LARGEST] = p;
    cell[COL_MEMBERS] = val_int(k);
    cell[COL_SUM] = held;
    cell[COL_PART] = num_div(held, all, &f->arena);
  }
  f->nrow = row;
  return 1;
}

void shares_open(lua_State *L) {
  static const luaL_Reg VERB[] = {{"shares", shares}, {NULL, NULL}};
  set_methods(L);
  luaL_setfuncs(L, VERB, 0);
  lua_pop(L, 1);
}
