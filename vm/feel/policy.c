#include "feel/policy.h"

#include "base/lang.h"
#include "base/num.h"
#include "feel/space.h"

static const double CLIFF = 0.05; /* a part given away that is so much less beyond the edge */

typedef struct Limit {
  bool is, any;   /* a limit; no test at all */
  bool percent;
  double value;
} Limit;

typedef struct Policy {
  const Table *t;
  Arena *a;
  Finding *found;
  size_t n, cap;
} Policy;

static const Cell *cell_of(const Table *t, size_t row, size_t k) { return &t->cell[row * (t->info.nin + t->info.nout) + k]; }
static Str text_of(const Table *t, size_t row, size_t k) { return str_trim(cell_of(t, row, k)->src.text); }
static Str heading(const Table *t, size_t k) { return str_trim(t->in[k].src.text); }

static Limit limit_of(const Policy *p, size_t row, size_t k) {
  const Cell *c = cell_of(p->t, row, k);
  Str s = text_of(p->t, row, k);
  if (c->any || !s.n || str_is(s, "-")) return (Limit){.is = true, .any = true};
  if (s.p[0] != '<') return (Limit){0};
  Src src = {.text = str_trim(str_sub(s, s.n > 1 && s.p[1] == '=' ? 2 : 1, s.n))};
  Err none = {0};
  const Node *n = feel_parse(&src, DIALECT_RULES, p->a, &none);
  err_free(&none);
  if (!n || n->kind != N_LIT || !val_is_num(n->lit)) return (Limit){0};
  return (Limit){.is = true, .percent = n->unit == UNIT_PERCENT, .value = num_double(n->lit)};
}

static bool less(Limit x, Limit y) { return x.is && y.is && !x.any && (y.any || x.value < y.value); }

static void tell(Policy *p, size_t row, const char *what) {
  mem_grow(p->found, p->cap, p->n + 1);
  p->found[p->n++] = (Finding){.kind = FIND_POLICY, .file = p->t->text.file, .line = p->t->grid.line[row], .row = p->t->number[row], .what = what};
}

/* Which value of the ranked output the row gives; -1 when it writes none of them. */
static int rank_of(const Table *t, size_t row, size_t out) {
  const Op *op = cell_of(t, row, t->info.nin + out)->op;
  const Domain *d = t->out[out].type.domain ? t->out[out].type.domain : t->out[out].field ? t->out[out].field->type.domain
                    : t->out[out].host_field ? t->out[out].host_field->type.domain : NULL;
  for (size_t i = 0; d && d->ranked && op && op->kind == K_LIT && op->lit.t == V_TEXT && i < d->n; i++)
    if (str_eq(d->value[i], val_str(op->lit))) return (int)i;
  return -1;
}

/* Rows about the same cases but for their limits; the wider one may say nothing where the other asks. */
static bool about_same(const Policy *p, size_t row, size_t wider) {
  for (size_t k = 0; k < p->t->info.nin; k++) {
    Limit x = limit_of(p, row, k), y = limit_of(p, wider, k);
    if ((x.is && y.is) || y.any) continue;
    if (x.is != y.is || !str_eq(text_of(p->t, row, k), text_of(p->t, wider, k))) return false;
  }
  return true;
}

/* A higher level that may give less. */
static void inverted(Policy *p, size_t low, size_t high, size_t out) {
  for (size_t k = 0; k < p->t->info.nin; k++) {
    if (!less(limit_of(p, high, k), limit_of(p, low, k))) continue;
    Str up = text_of(p->t, high, p->t->info.nin + out), down = text_of(p->t, low, p->t->info.nin + out);
    tell(p, high, arena_say(p->a, "level upside down: %.*s may give less than %.*s of row %d (%.*s %.*s against %.*s)", STR_ARG(up), STR_ARG(down),
                            p->t->number[low], STR_ARG(heading(p->t, k)), STR_ARG(text_of(p->t, high, k)), STR_ARG(text_of(p->t, low, k))));
    return;
  }
}

/* Of one level: beyond the limit of a row in one column, another gives much less. */
static void cliff(Policy *p, size_t row, size_t beyond, size_t out) {
  for (size_t k = 0; k < p->t->info.nin; k++) {
    Limit edge = limit_of(p, row, k);
    if (!less(edge, limit_of(p, beyond, k))) continue;
    for (size_t m = 0; m < p->t->info.nin; m++) {
      Limit x = limit_of(p, row, m), y = limit_of(p, beyond, m);
      if (m == k || !x.percent || !y.percent || y.value >= x.value - CLIFF) continue;
      Str level = text_of(p->t, row, p->t->info.nin + out);
      tell(p, beyond, arena_say(p->a, "cliff: %.*s gives up to %.*s %.*s while %.*s %.*s (row %d), and beyond it %.*s", STR_ARG(level), STR_ARG(heading(p->t, m)),
                                STR_ARG(text_of(p->t, row, m)), STR_ARG(heading(p->t, k)), STR_ARG(text_of(p->t, row, k)), p->t->number[row],
                                STR_ARG(text_of(p->t, beyond, m))));
      return;
    }
  }
}

static void never_come_to(Policy *p, size_t out, const Domain *d) {
  for (size_t v = 0; v < d->n; v++) {
    bool found = false;
    for (size_t row = 0; row < p->t->grid.nrow && !found; row++) found = rank_of(p->t, row, out) == (int)v;
    if (!found) tell(p, 0, arena_say(p->a, "level never reached: no row gives %.*s %.*s", STR_ARG(str_trim(p->t->info.out[out])), STR_ARG(d->value[v])));
  }
}

static const Domain *ranked(const Table *t, size_t out) {
  const TableOutput *o = &t->out[out];
  const Domain *d = o->field ? o->field->type.domain : o->host_field ? o->host_field->type.domain : o->type.domain;
  return d && d->ranked && !o->note ? d : NULL;
}

static void levels(Policy *p, size_t out) {
  const Table *t = p->t;
  bool limits = false;
  for (size_t i = 0; i < t->grid.nrow; i++)
    for (size_t k = 0; k < t->info.nin && t->number[i] > 0; k++) limits = limits || (limit_of(p, i, k).is && !limit_of(p, i, k).any);
  if (!limits) return; /* no table of limits */
  for (size_t i = 0; i < t->grid.nrow; i++)
    for (size_t j = 0; j < t->grid.nrow; j++) {
      if (i == j || t->number[i] <= 0 || t->number[j] <= 0 || !about_same(p, i, j)) continue;
      int x = rank_of(t, i, out), y = rank_of(t, j, out);
      if (x >= 0 && y >= 0 && y < x) inverted(p, i, j, out);
      if (x >= 0 && x == y) cliff(p, i, j, out);
    }
  never_come_to(p, out, ranked(t, out));
}

/* Outputs called target, normal, floor: each row's grow in that order. */
static void bands(Policy *p) {
  static const char *const name[] = {"target", "normal", "floor"};
  size_t at[3];
  for (size_t b = 0; b < 3; b++) {
    size_t k = 0;
    while (k < p->t->info.nout && !str_is(str_trim(p->t->info.out[k]), name[b])) k++;
    if (k == p->t->info.nout) return;
    at[b] = p->t->info.nin + k;
  }
  for (size_t row = 0; row < p->t->grid.nrow; row++)
    for (size_t b = 1; b < 3; b++) {
      const Op *x = cell_of(p->t, row, at[b - 1])->op, *y = cell_of(p->t, row, at[b])->op;
      if (!x || !y || x->kind != K_LIT || y->kind != K_LIT || !val_is_num(x->lit) || !val_is_num(y->lit) || num_cmp(x->lit, y->lit) <= 0) continue;
      tell(p, row, arena_say(p->a, "band upside down: %s %.*s is under %s %.*s", name[b], STR_ARG(text_of(p->t, row, at[b])), name[b - 1],
                             STR_ARG(text_of(p->t, row, at[b - 1]))));
    }
}

size_t table_policy(const TableInfo *info, Arena *a, const Finding **out) {
  Policy p = {.t = (const Table *)(const void *)info, .a = a};
  *out = NULL;
  if (info->score || !info->nrow) return 0;
  for (size_t k = 0; k < info->nout; k++)
    if (ranked(p.t, k)) levels(&p, k);
  bands(&p);
  Finding *list = arena_alloc(a, (p.n + 1) * sizeof *list);
  for (size_t i = 0; i < p.n; i++) list[i] = p.found[i];
  mem_free(p.found);
  *out = list;
  return p.n;
}

/* --- how deep a row goes ------------------------------------------------------------------ */

static void go_deep(Policy *p, PolicyDepth *list, size_t *n, size_t row, double part, Str says) {
  const Table *t = p->t;
  Str *cell = arena_alloc(p->a, (t->info.nin + 1) * sizeof *cell);
  size_t ncell = 0;
  for (size_t k = 0; k < t->info.nin; k++)
    if (!limit_of(p, row, k).is) cell[ncell++] = text_of(t, row, k);
  list[(*n)++] = (PolicyDepth){.at = {.kind = FIND_POLICY, .file = t->text.file, .line = t->grid.line[row], .row = t->number[row]},
                               .part = part, .says = arena_strndup(p->a, says.p, says.n), .cell = cell, .ncell = ncell};
}

/* An output that stands for a level of authority, whose last value gives nothing. */
static bool is_authority(const Table *t, size_t out) {
  const Domain *d = ranked(t, out);
  return d && (str_is(str_trim(t->info.out[out]), "审批人") || str_is(str_trim(t->info.out[out]), "approval_level"));
}

static bool gives_part(const Table *t, size_t out) {
  Str name = str_trim(t->info.out[out]);
  return str_is(name, "discount") || str_is(name, "floor");
}

size_t table_depths(const TableInfo *info, Arena *a, const PolicyDepth **out) {
  Policy p = {.t = (const Table *)(const void *)info, .a = a};
  const Table *t = p.t;
  PolicyDepth *list = arena_alloc(a, (info->nrow * (info->nin + info->nout) + 1) * sizeof *list);
  size_t n = 0;
  *out = list;
  if (info->score) return 0;
  for (size_t row = 0; row < t->grid.nrow; row++) {
    if (t->number[row] <= 0) continue;
    for (size_t o = 0; o < info->nout; o++) {
      const Op *op = cell_of(t, row, info->nin + o)->op;
      int rank = is_authority(t, o) ? rank_of(t, row, o) : -1;
      for (size_t k = 0; rank >= 0 && rank + 1 < (int)ranked(t, o)->n && k < info->nin; k++) {
        Limit x = limit_of(&p, row, k);
        if (x.is && !x.any && x.percent) go_deep(&p, list, &n, row, x.value, text_of(t, row, k));
      }
      if (gives_part(t, o) && op && op->kind == K_LIT && val_is_num(op->lit)) go_deep(&p, list, &n, row, num_double(op->lit), text_of(t, row, info->nin + o));
    }
  }
  return n;
}
