#include "feel/deciding.h"

#include "base/num.h"
#include "base/stop.h"

#include <stdlib.h>
#include <string.h>

/* Every row of the table is put to all cases that are still open, cell by cell, unless the table is compiled. */

/* The same from the sets of rows that were found for each case. */
static void test_place(const Deciding *d, size_t row, uint32_t *sel, size_t *n, uint32_t *unsure, size_t *nunsure) {
  size_t place = (size_t)d->t->number[row] - 1, hits = 0;
  uint64_t mask = UINT64_C(1) << place % 64;
  *nunsure = 0;
  for (size_t i = 0; i < *n; i++) {
    size_t at = sel[i] * d->words + place / 64;
    if (d->hit[at] & mask) sel[hits++] = sel[i];
    else if (d->maybe[at] & mask) unsure[(*nunsure)++] = sel[i];
  }
  *n = hits;
}

/* Of the cases sel[0..n): those that grid row `row` hits and those it cannot tell, compacted in place. */
static bool test_row(Deciding *d, size_t row, uint32_t *sel, size_t *n, uint32_t *unsure, size_t *nunsure) {
  const Table *t = d->t;
  if (d->compiled) {
    test_place(d, row, sel, n, unsure, nunsure);
    return true;
  }
  uint8_t *doubt = arena_zalloc(&d->ev->temp, *n + 1, 1);
  size_t left = *n;
  bool ok = true;
  Arena tmp = {0};
  for (size_t k = 0; k < t->info.nin && left && ok; k++) {
    const Cell *cell = deciding_cell(t, row, k);
    if (cell->any) continue;
    Frame *s = left == d->f->n ? d->f : frame_subset(d->f, &tmp, sel, left);
    Vec v;
    ok = frame_eval(s, cell->op, &v);
    size_t kept = 0;
    for (size_t i = 0; i < left && ok; i++) {
      Val x = vec_at(v, i);
      bool null = x.t != V_BOOL;
      if (null ? t->in[k].lenient : !x.u.i) continue;
      sel[kept] = sel[i];
      doubt[kept++] = doubt[i] | null;
    }
    if (ok) left = kept;
    arena_free(&tmp);
  }
  *n = *nunsure = 0;
  for (size_t i = 0; i < left; i++) {
    if (doubt[i]) unsure[(*nunsure)++] = sel[i];
    else sel[(*n)++] = sel[i];
  }
  return ok;
}

/* The output cells of a grid row for the cases sel[0..n), to their places (stride apart). */
bool deciding_outputs(Deciding *d, size_t row, const uint32_t *sel, size_t n) {
  const Table *t = d->t;
  size_t nout = t->info.nout;
  if (!n) return true;
  Frame *s = n == d->f->n ? d->f : frame_subset(d->f, &d->ev->temp, sel, n);
  for (size_t k = 0; k < nout; k++) {
    const Cell *cell = deciding_cell(t, row, t->info.nin + k);
    Vec v = vec_null();
    if (cell->op && !frame_eval(s, cell->op, &v)) return false;
    for (size_t i = 0; i < n; i++) d->out[sel[i] * nout + k] = vec_at(v, i);
  }
  return true;
}
/* --- policies ----------------------------------------------------------- */

static size_t still_open(Deciding *d, uint32_t *sel) {
  size_t n = 0;
  for (size_t i = 0; i < d->f->n; i++)
    if (d->grid[i] == GRID_OPEN) sel[n++] = (uint32_t)i;
  return n;
}

static void to_unknown(Deciding *d, uint32_t i, int32_t by) {
  d->blocked[i] = by;
  d->grid[i] = d->t->unknown_row >= 0 ? d->t->unknown_row : GRID_NULL;
  d->row[i] = d->t->unknown_row >= 0 ? ROW_UNKNOWN : ROW_NULL;
}

void deciding_open(Deciding *d) {
  for (size_t i = 0; i < d->f->n; i++) d->grid[i] = GRID_OPEN;
  memset(d->row, 0, d->f->n * sizeof *d->row);
  memset(d->blocked, 0, d->f->n * sizeof *d->blocked);
}

void deciding_first(Deciding *d, const Decider *compiled, size_t from, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const uint64_t *hit = d->hit + i * d->words, *maybe = d->maybe + i * d->words;
    size_t w = 0;
    while (w < d->words && !maybe[w]) w++;
    if (w == d->words) continue;
    size_t place = w * 64 + (size_t)__builtin_ctzll(maybe[w]);
    if (hit[w] & maybe[w] & -maybe[w]) {
      d->grid[from + i] = (int32_t)decider_row(compiled, place);
      d->row[from + i] = (int32_t)place + 1;
    } else {
      to_unknown(d, (uint32_t)(from + i), (int32_t)place + 1);
    }
  }
}

static bool decide_first(Deciding *d) {
  const Table *t = d->t;
  if (d->compiled) return true; /* deciding_first has been through all cases */
  uint32_t *sel = arena_alloc(&d->ev->temp, d->f->n * sizeof *sel),
           *unsure = arena_alloc(&d->ev->temp, d->f->n * sizeof *unsure);
  for (size_t row = 0; row < t->grid.nrow; row++) {
    if (t->number[row] < 0) continue;
    size_t n = still_open(d, sel), nunsure;
    if (!n) break;
    if (!test_row(d, row, sel, &n, unsure, &nunsure) || !stop_check(d->ev->e)) return false;
    for (size_t i = 0; i < n; i++) d->grid[sel[i]] = (int32_t)row, d->row[sel[i]] = t->number[row];
    for (size_t i = 0; i < nunsure; i++) to_unknown(d, unsure[i], t->number[row]);
  }
  return true;
}

/* Unique: all rows are tested; one hit decides, a row that cannot be tested leaves the case unknown. */
static bool decide_unique(Deciding *d) {
  const Table *t = d->t;
  uint32_t *sel = arena_alloc(&d->ev->temp, d->f->n * sizeof *sel),
           *unsure = arena_alloc(&d->ev->temp, d->f->n * sizeof *unsure);
  for (size_t row = 0; row < t->grid.nrow; row++) {
    if (t->number[row] < 0) continue;
    size_t n = d->f->n, nunsure;
    for (size_t i = 0; i < n; i++) sel[i] = (uint32_t)i;
    if (!test_row(d, row, sel, &n, unsure, &nunsure) || !stop_check(d->ev->e)) return false;
    for (size_t i = 0; i < n; i++) {
      if (d->row[sel[i]] > 0) return deciding_fault_two(d, sel[i], d->row[sel[i]], t->number[row], "both hit");
      d->row[sel[i]] = t->number[row];
      if (!d->blocked[sel[i]]) d->grid[sel[i]] = (int32_t)row;
    }
    for (size_t i = 0; i < nunsure; i++)
      if (!d->blocked[unsure[i]]) d->blocked[unsure[i]] = t->number[row];
  }
  for (size_t i = 0; i < d->f->n; i++)
    if (d->blocked[i]) to_unknown(d, (uint32_t)i, d->blocked[i]);
  return true;
}

static ptrdiff_t place(const Domain *dom, Val v) {
  for (size_t i = 0; v.t == V_TEXT && i < dom->n; i++)
    if (str_eq(dom->value[i], val_str(v))) return (ptrdiff_t)i;
  return (ptrdiff_t)dom->n;
}

typedef struct Hit {
  uint32_t of;    /* case */
  int32_t grid, number;
  const Val *out;
} Hit;

static bool equal_outputs(const Hit *a, const Hit *b, size_t nout) {
  for (size_t k = 0; k < nout; k++)
    if (val_order(a->out[k], b->out[k]) != 0) return false;
  return true;
}

static Val aggregate(HitPolicy p, const Hit *hit, size_t n, Arena *a) {
  Val v = hit[0].out[0];
  if (p == HIT_COUNT) return val_int((int64_t)n);
  for (size_t i = 1; i < n; i++) {
    Val x = hit[i].out[0];
    if (v.t == V_NULL || x.t == V_NULL) return val_null();
    if (p == HIT_SUM) v = num_add(v, x, a);
    else if (p == HIT_MIN ? val_order(x, v) < 0 : val_order(x, v) > 0) v = x;
  }
  return v;
}

static void lists(Deciding *d, const Hit *hit, size_t n, Val *out) {
  for (size_t k = 0; k < d->t->info.nout; k++) {
    Val *v = arena_alloc(&d->ev->temp, (n ? n : 1) * sizeof *v);
    for (size_t i = 0; i < n; i++) v[i] = hit[i].out[k];
    out[k] = val_list(v, n);
  }
}

static int by_place(const void *p, const void *q, void *ctx) {
  const Hit *a = p, *b = q;
  ptrdiff_t x = place(ctx, a->out[0]), y = place(ctx, b->out[0]);
  return x != y ? (x < y ? -1 : 1) : a->number - b->number;
}

/* All that hit one case, together. */
static bool join_hits(Deciding *d, Hit *hit, size_t n) {
  const Table *t = d->t;
  HitPolicy p = t->info.policy;
  size_t nout = t->info.nout, i = hit[0].of;
  Val *out = &d->out[i * nout];
  const Domain *dom = t->out[0].type.domain;
  if ((p == HIT_PRIORITY || p == HIT_OUTPUT_ORDER) && dom)
    qsort_r(hit, n, sizeof *hit, by_place, (void *)dom);
  d->row[i] = hit[0].number;
  d->grid[i] = GRID_NULL; /* its outputs are made here */
  if (p == HIT_ANY)
    for (size_t k = 1; k < n; k++)
      if (!equal_outputs(&hit[0], &hit[k], nout))
        return deciding_fault_two(d, i, hit[0].number, hit[k].number, "hit with different outputs");
  if (p == HIT_ANY || p == HIT_PRIORITY) {
    memcpy(out, hit[0].out, nout * sizeof *out);
  } else if (p == HIT_COLLECT || p == HIT_RULE_ORDER || p == HIT_OUTPUT_ORDER) {
    lists(d, hit, n, out);
  } else {
    out[0] = aggregate(p, hit, n, &d->ev->temp);
  }
  return true;
}

static int by_case(const void *p, const void *q) {
  const Hit *a = p, *b = q;
  return a->of != b->of ? (a->of < b->of ? -1 : 1) : a->number - b->number;
}

static bool decide_all(Deciding *d) {
  const Table *t = d->t;
  size_t nout = t->info.nout, nhit = 0, cap = 0;
  Hit *hit = NULL;
  uint32_t *sel = arena_alloc(&d->ev->temp, d->f->n * sizeof *sel),
           *unsure = arena_alloc(&d->ev->temp, d->f->n * sizeof *unsure);
  bool ok = true;
  for (size_t row = 0; row < t->grid.nrow && ok; row++) {
    if (t->number[row] < 0) continue;
    size_t n = d->f->n, nunsure;
    for (size_t i = 0; i < n; i++) sel[i] = (uint32_t)i;
    ok = test_row(d, row, sel, &n, unsure, &nunsure) && deciding_outputs(d, row, sel, n) && stop_check(d->ev->e);
    for (size_t i = 0; i < nunsure && ok; i++)
      if (!d->blocked[unsure[i]]) d->blocked[unsure[i]] = t->number[row];
    mem_grow(hit, cap, nhit + n);
    for (size_t i = 0; i < n && ok; i++) {
      Val *out = arena_alloc(&d->ev->temp, nout * sizeof *out);
      memcpy(out, &d->out[sel[i] * nout], nout * sizeof *out);
      hit[nhit++] = (Hit){sel[i], (int32_t)row, t->number[row], out};
    }
  }
  if (ok && nhit) qsort(hit, nhit, sizeof *hit, by_case);
  for (size_t i = 0; i < nhit && ok;) {
    size_t end = i;
    while (end < nhit && hit[end].of == hit[i].of) end++;
    ok = join_hits(d, hit + i, end - i);
    i = end;
  }
  mem_free(hit);
  HitPolicy p = t->info.policy;
  for (size_t i = 0; i < d->f->n && ok; i++) {
    if (d->row[i] > 0) {
      d->blocked[i] = 0;
      continue;
    }
    if (d->blocked[i] && (p == HIT_ANY || p == HIT_PRIORITY)) to_unknown(d, (uint32_t)i, d->blocked[i]);
    else if (t->else_row < 0 && p != HIT_ANY && p != HIT_PRIORITY) { /* to collect nothing is a result */
      d->grid[i] = GRID_NULL;
      for (size_t k = 0; k < nout; k++) d->out[i * nout + k] = p == HIT_COUNT ? val_int(0) : val_null();
      if (p == HIT_COLLECT || p == HIT_RULE_ORDER || p == HIT_OUTPUT_ORDER)
        lists(d, NULL, 0, &d->out[i * nout]);
    }
  }
  return ok;
}

bool deciding_hits(Deciding *d) {
  switch (d->t->info.policy) {
    case HIT_FIRST: return decide_first(d);
    case HIT_UNIQUE: return decide_unique(d);
    default: return decide_all(d);
  }
}
