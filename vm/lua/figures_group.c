/* Tables of figures by their own columns: some of them, and groups of rows. */
#include "lua/figures.h"

#include "base/num.h"
#include "lua/sort.h"
#include "lua/value.h"

#include <stdlib.h>
#include <string.h>

typedef struct Pick {
  Str name, title;
  Fmt fmt;
  bool format, as;
} Pick;

/* "owner.name:万 as owner" */
static Pick pick_of(lua_State *L, Str text) {
  Pick p = {.name = text, .fmt = FMT_NONE};
  for (size_t i = 0; i + 4 <= p.name.n; i++) {
    if (memcmp(p.name.p + i, " as ", 4) != 0) continue;
    p.title = str_trim(str_sub(p.name, i + 4, p.name.n));
    p.name = str_trim(str_sub(p.name, 0, i));
    p.as = true;
  }
  const char *colon = p.name.n ? memrchr(p.name.p, ':', p.name.n) : NULL;
  if (colon) {
    Str format = str_trim((Str){colon + 1, (size_t)(p.name.p + p.name.n - colon - 1)});
    if (!fmt_parse(format, &p.fmt)) engine_fail(L, "%.*s is no format", STR_ARG(format));
    p.format = true;
    p.name = str_trim((Str){p.name.p, (size_t)(colon - p.name.p)});
  }
  return p;
}

static Str copied(Figures *f, Str s) { return (Str){arena_strndup(&f->arena, s.p ? s.p : "", s.n), s.n}; }

static void column_like(Figures *out, size_t to, const Figures *f, size_t from, const Pick *p) {
  out->type[to] = f->type[from];
  out->text[to] = copied(out, f->text[from]);
  out->col[to] = f->col[from];
  out->col[to].title = copied(out, p->as ? p->title : f->col[from].title);
  if (p->format) out->col[to].fmt = p->fmt;
}

static size_t count_keys(Src list) {
  size_t n = 0;
  Src key;
  while (sort_next_key(&list, &key)) n++;
  return n;
}

Figures *figures_pick(lua_State *L, const Figures *f, Src columns) {
  size_t n = count_keys(columns), i = 0;
  Figures *out = figures_new(L, n, f->nrow);
  Src key;
  for (; sort_next_key(&columns, &key); i++) {
    Pick p = pick_of(L, key.text);
    size_t from = figures_find(L, f, p.name);
    column_like(out, i, f, from, &p);
    for (size_t r = 0; r < f->nrow; r++) out->cell[r * n + i] = val_copy(f->cell[r * f->ncol + from], &out->arena);
  }
  out->foot = copied(out, f->foot);
  out->words = f->words;
  return out;
}

/* --- groups ------------------------------------------------------------------------------------------------------ */

typedef enum Aggregate { COUNT, SUM, MEAN, MIN, MAX } Aggregate;
static const char *const AGGREGATE[] = {[COUNT] = "count", [SUM] = "sum(", [MEAN] = "mean(", [MIN] = "min(", [MAX] = "max("};

static Aggregate aggregate_of(lua_State *L, Str *name) {
  if (str_is(*name, "count")) return COUNT;
  for (int k = SUM; k <= MAX; k++)
    if (str_starts(*name, AGGREGATE[k]) && name->p[name->n - 1] == ')') {
      *name = str_trim(str_sub(*name, strlen(AGGREGATE[k]), name->n - 1));
      return (Aggregate)k;
    }
  engine_fail(L, "%.*s is no figure of a group: count, sum(x), mean(x), min(x), max(x)", STR_ARG(*name));
}

enum { KEYS_MOST = 8 };
typedef struct GroupOrder {
  const Figures *f;
  size_t key[KEYS_MOST], nkey;
} GroupOrder;

static int key_order(const GroupOrder *o, size_t i, size_t j) {
  for (size_t k = 0; k < o->nkey; k++) {
    int c = val_order(o->f->cell[i * o->f->ncol + o->key[k]], o->f->cell[j * o->f->ncol + o->key[k]]);
    if (c) return c;
  }
  return 0;
}
static int by_keys(const void *x, const void *y, void *ctx) {
  size_t i = *(const size_t *)x, j = *(const size_t *)y;
  int c = key_order(ctx, i, j);
  return c ? c : (i > j) - (i < j);
}

static Val figure_of(const Figures *f, Aggregate what, size_t col, const size_t *row, size_t n, Arena *a) {
  Val out = val_null();
  int64_t known = 0;
  if (what == COUNT) return val_int((int64_t)n);
  for (size_t i = 0; i < n; i++) {
    Val v = f->cell[row[i] * f->ncol + col];
    if (v.t == V_NULL || (what <= MEAN && !val_is_num(v))) continue;
    known++;
    if (out.t == V_NULL) out = v;
    else if (what == MIN || what == MAX) out = (val_order(v, out) < 0) == (what == MIN) ? v : out;
    else out = num_add(out, v, a);
  }
  return what == MEAN && known ? val_real(num_double(out) / (double)known) : out;
}

int figures_group(lua_State *L) {
  Figures *f = engine_is(L, 1, CLASS_FIGURES);
  if (!f) return engine_fail(L, "a table of figures is wanted here, not a %s", luaL_typename(L, 1));
  Src keys = engine_src(L, 2), figures = engine_src(L, 3), key;
  size_t nkey = count_keys(keys), nfig = count_keys(figures), c = 0;
  if (nkey > KEYS_MOST) return engine_fail(L, "a table is grouped by at most %d columns", KEYS_MOST);
  GroupOrder o = {.f = f, .nkey = nkey};
  Pick *pick = engine_array(L, nkey + nfig + 1, sizeof *pick);
  Aggregate *what = engine_array(L, nfig + 1, sizeof *what);
  size_t *col = engine_array(L, nfig + 1, sizeof *col), *row = engine_array(L, f->nrow + 1, sizeof *row);
  while (sort_next_key(&keys, &key)) {
    pick[c] = pick_of(L, key.text);
    o.key[c] = figures_find(L, f, pick[c].name);
    c++;
  }
  for (; sort_next_key(&figures, &key); c++) {
    pick[c] = pick_of(L, key.text);
    Str name = pick[c].name;
    what[c - nkey] = aggregate_of(L, &name);
    if (what[c - nkey] != COUNT) col[c - nkey] = figures_find(L, f, name);
  }
  for (size_t i = 0; i < f->nrow; i++) row[i] = i;
  qsort_r(row, f->nrow, sizeof *row, by_keys, &o);
  size_t groups = 0;
  for (size_t i = 0; i < f->nrow; i++) groups += i == 0 || key_order(&o, row[i - 1], row[i]) != 0;
  Figures *out = figures_new(L, nkey + nfig, groups);
  out->nkey = nkey;
  for (size_t k = 0; k < nkey; k++) column_like(out, k, f, o.key[k], &pick[k]);
  for (size_t k = 0; k < nfig; k++) {
    Pick p = pick[nkey + k];
    if (!p.as) p.title = p.name;
    p.as = true;
    if (what[k] == COUNT) out->col[nkey + k] = (UiColumn){copied(out, p.title), UNIT_NONE, p.fmt};
    else column_like(out, nkey + k, f, col[k], &p);
    out->text[nkey + k] = copied(out, p.name);
  }
  for (size_t i = 0, g = 0, end; i < f->nrow; i = end, g++) {
    for (end = i + 1; end < f->nrow && key_order(&o, row[i], row[end]) == 0;) end++;
    Val *cell = &out->cell[g * out->ncol];
    for (size_t k = 0; k < nkey; k++) cell[k] = val_copy(f->cell[row[i] * f->ncol + o.key[k]], &out->arena);
    for (size_t k = 0; k < nfig; k++) cell[nkey + k] = val_copy(figure_of(f, what[k], col[k], row + i, end - i, &out->arena), &out->arena);
  }
  return 1;
}
