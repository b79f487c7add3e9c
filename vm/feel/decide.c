#include "feel/decider.h"
#include "feel/score.h"

#include "base/num.h"
#include "base/stop.h"

#include <stdlib.h>
#include <string.h>

/* Deciding a table for the rows of a frame: every row of the table is put to all
 * cases that are still open, cell by cell. */
typedef struct Deciding {
  Eval *ev;
  const Table *t;
  Frame *f;
  int32_t *row, *blocked;   /* by case */
  int32_t *grid;            /* by case: the grid row that gives the outputs, -1 = none */
  Val *out;                 /* n × nout */
  const Decider *compiled;  /* or NULL: cell by cell */
  uint64_t *hit, *maybe;    /* compiled: the rows of each case, by place among the plain rows */
  size_t words;
} Deciding;

enum { GRID_OPEN = -2, GRID_NULL = -1 };

/* Inputs that decide: the sentences of a score are only told. */
static size_t tested(const Table *t) { return t->score ? score_tested(t->score) : t->info.nin; }

static const Cell *cell_of(const Table *t, size_t row, size_t col) {
  return &t->cell[row * (t->info.nin + t->info.nout) + col];
}

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
    const Cell *cell = cell_of(t, row, k);
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
static bool fill_outputs(Deciding *d, size_t row, const uint32_t *sel, size_t n) {
  const Table *t = d->t;
  size_t nout = t->info.nout;
  if (!n) return true;
  Frame *s = n == d->f->n ? d->f : frame_subset(d->f, &d->ev->temp, sel, n);
  for (size_t k = 0; k < nout; k++) {
    const Cell *cell = cell_of(t, row, t->info.nin + k);
    Vec v = vec_null();
    if (cell->op && !frame_eval(s, cell->op, &v)) return false;
    for (size_t i = 0; i < n; i++) d->out[sel[i] * nout + k] = vec_at(v, i);
  }
  return true;
}

/* --- errors that name the case ------------------------------------------ */

static void case_name(Deciding *d, size_t i, Buf *out) {
  const HostEntity *info = host_info(d->ev->host, d->f->entity);
  const HostField *key = info ? host_field(d->ev->host, d->f->entity, info->key) : NULL;
  Val name = val_null();
  Err none = {0};
  if (key && d->f->id)
    d->ev->host->column(d->ev->host->ctx, d->f->entity, key, d->f->asof, &d->f->id[i], 1, &d->ev->temp, &name,
                        &none);
  err_free(&none);
  if (name.t == V_TEXT) buf_str(out, val_str(name));
  else if (d->f->id) buf_printf(out, "%lld", (long long)d->f->id[i]);
  else buf_puts(out, "the case given");
}

static bool case_inputs(Deciding *d, size_t i, Val *in) {
  for (size_t k = 0; k < d->t->info.nin; k++) {
    Vec v;
    if (!frame_eval(d->f, d->t->in[k].op, &v)) return false;
    in[k] = vec_at(v, i);
  }
  return true;
}

static bool no_row(Deciding *d) {
  Eval *ev = d->ev;
  const Table *t = d->t;
  size_t count = 0, first = 0;
  for (size_t i = d->f->n; i-- > 0;)
    if (d->grid[i] == GRID_OPEN) count++, first = i;
  if (!count) return true;
  Val *in = arena_zalloc(&ev->temp, t->info.nin, sizeof *in);
  if (!case_inputs(d, first, in)) return false;
  Buf b = {0}, add = {0};
  num_fixed(val_int((int64_t)count), 0, true, &b);
  buf_puts(&b, " of ");
  num_fixed(val_int((int64_t)d->f->n), 0, true, &b);
  buf_printf(&b, " %.*s hit no row of table %.*s (first: ", STR_ARG(entity_plural(ev->host, d->f->entity)),
             STR_ARG(t->info.name));
  case_name(d, first, &b);
  FmtEnv env = eval_fmt(ev, "unknown");
  for (size_t k = 0; k < t->info.nin; k++) {
    buf_printf(&b, "%s%.*s ", k ? ", " : " ", STR_ARG(t->in[k].src.text));
    fmt_val(in[k], t->in[k].type.unit, FMT_NONE, &env, &b);
  }
  buf_char(&b, ')');
  err_set(ev->e, ERR_FAIL, "%.*s", (int)b.n, b.p);
  if (ev->r->name[0]) err_at(ev->e, ev->r->name, 0, 0);
  table_gap(ev, t, in, &add);
  err_todo(ev->e, "add a row for %.*s, or an else row", (int)add.n, add.p ? add.p : "");
  buf_free(&b);
  buf_free(&add);
  return false;
}

static bool two_rows(Deciding *d, size_t i, int32_t a, int32_t b, const char *why) {
  Buf name = {0};
  case_name(d, i, &name);
  err_set(d->ev->e, ERR_FAIL, "rows %d and %d of table %.*s %s (%.*s)", a, b, STR_ARG(d->t->info.name), why,
          (int)name.n, name.p);
  buf_free(&name);
  const Table *t = d->t;
  err_at(d->ev->e, t->text.file, t->info.line, 0);
  return err_todo(
      d->ev->e, t->info.policy == HIT_UNIQUE
                    ? "make the rows exclude each other, or write first: the first row that hits then counts"
                    : "make their outputs equal, or write first");
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

/* The first row that may hold decides. */
static void first_of_sets(Deciding *d) {
  for (size_t i = 0; i < d->f->n; i++) {
    const uint64_t *hit = d->hit + i * d->words, *maybe = d->maybe + i * d->words;
    size_t w = 0;
    while (w < d->words && !maybe[w]) w++;
    if (w == d->words) continue;
    size_t place = w * 64 + (size_t)__builtin_ctzll(maybe[w]);
    if (hit[w] & maybe[w] & -maybe[w]) {
      d->grid[i] = (int32_t)decider_row(d->compiled, place);
      d->row[i] = (int32_t)place + 1;
    } else {
      to_unknown(d, (uint32_t)i, (int32_t)place + 1);
    }
  }
}

static bool decide_first(Deciding *d) {
  const Table *t = d->t;
  if (d->compiled) {
    first_of_sets(d);
    return true;
  }
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
      if (d->row[sel[i]] > 0) return two_rows(d, sel[i], d->row[sel[i]], t->number[row], "both hit");
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
        return two_rows(d, i, hit[0].number, hit[k].number, "hit with different outputs");
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
    ok = test_row(d, row, sel, &n, unsure, &nunsure) && fill_outputs(d, row, sel, n) && stop_check(d->ev->e);
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

/* --- the whole ---------------------------------------------------------- */

/* Does the row give the same to every case, without looking at any? */
static bool plain_outputs(const Table *t, size_t row) {
  for (size_t k = 0; k < t->info.nout; k++) {
    const Op *op = cell_of(t, row, t->info.nin + k)->op;
    if (op && op->kind != K_LIT) return false;
  }
  return true;
}

static bool outputs_by_row(Deciding *d) {
  const Table *t = d->t;
  size_t nout = t->info.nout, nrow = t->grid.nrow, rest = 0;
  uint32_t *sel = arena_alloc(&d->ev->temp, d->f->n * sizeof *sel), *left = arena_alloc(&d->ev->temp, d->f->n * sizeof *left);
  Val *plain = arena_zalloc(&d->ev->temp, nrow * nout + 1, sizeof *plain);
  uint8_t *is_plain = arena_zalloc(&d->ev->temp, nrow + 1, 1);
  for (size_t row = 0; row < nrow; row++) {
    is_plain[row] = plain_outputs(t, row);
    for (size_t k = 0; k < nout && is_plain[row]; k++) {
      const Op *op = cell_of(t, row, t->info.nin + k)->op;
      if (op) plain[row * nout + k] = op->lit;
    }
  }
  for (size_t i = 0; i < d->f->n; i++) {
    if (d->grid[i] < 0) continue;
    const Val *from = plain + (size_t)d->grid[i] * nout;
    if (!is_plain[d->grid[i]]) left[rest++] = (uint32_t)i;
    else
      for (size_t k = 0; k < nout; k++) d->out[i * nout + k] = from[k];
  }
  for (size_t row = 0; row < nrow && rest; row++) {
    size_t n = 0;
    for (size_t i = 0; i < rest; i++)
      if (d->grid[left[i]] == (int32_t)row) sel[n++] = left[i];
    if (!fill_outputs(d, row, sel, n)) return false;
  }
  return true;
}

enum { COMPILE_FROM = 256 }; /* cases: for fewer it does not pay */

/* With all inputs at hand: the rows of every case at once, where the table can be compiled. */
static void find_sets(Deciding *d) {
  const Table *t = d->t;
  Arena *a = &d->ev->temp;
  Decided *store = decided_of(d->ev, t, d->f->asof);
  if (!store->compiled && d->f->n >= COMPILE_FROM) {
    store->decider = decider_new(d->ev, t, d->f->asof);
    store->compiled = true;
  }
  if (!store->decider) return;
  d->words = decider_words(store->decider);
  d->hit = arena_alloc(a, d->f->n * d->words * sizeof *d->hit);
  d->maybe = arena_alloc(a, d->f->n * d->words * sizeof *d->maybe);
  Vec *in = arena_alloc(a, t->info.nin * sizeof *in);
  for (size_t k = 0; k < t->info.nin; k++) in[k] = frame_find(d->f, t->in[k].op, KEPT_VEC)->vec;
  if (decider_sets(store->decider, in, d->f->n, d->hit, d->maybe)) d->compiled = store->decider;
}

static bool decide_frame(Deciding *d) {
  const Table *t = d->t;
  Arena *a = &d->ev->temp;
  size_t n = d->f->n;
  d->row = arena_zalloc(a, n, sizeof *d->row);
  d->blocked = arena_zalloc(a, n, sizeof *d->blocked);
  d->grid = arena_alloc(a, n * sizeof *d->grid);
  d->out = arena_zalloc(a, n * t->info.nout, sizeof *d->out);
  for (size_t i = 0; i < n; i++) d->grid[i] = GRID_OPEN;
  for (size_t k = 0; k < tested(t); k++) { /* for the whole frame, so that every selection finds them */
    Vec v;
    if (!frame_eval(d->f, t->in[k].op, &v)) return false;
  }
  if (t->score) {
    for (size_t i = 0; i < n; i++) d->grid[i] = GRID_NULL;
    return score_frame(d->f, t, d->row, d->out);
  }
  find_sets(d);
  bool ok = t->info.policy == HIT_FIRST    ? decide_first(d)
            : t->info.policy == HIT_UNIQUE ? decide_unique(d)
                                           : decide_all(d);
  if (!ok) return false;
  for (size_t i = 0; i < n; i++)
    if (d->grid[i] == GRID_OPEN && t->else_row >= 0) d->grid[i] = t->else_row, d->row[i] = ROW_ELSE;
  return no_row(d) && outputs_by_row(d);
}

bool decide_rows(Eval *ev, const Table *t, Day asof, const int64_t *id, size_t n) {
  Decided *store = decided_of(ev, t, asof);
  bool outer = store->busy;
  if (outer) return err_set(ev->e, ERR_FAIL, "table %.*s needs its own output", STR_ARG(t->info.name));
  store->busy = true;
  Frame *f = frame_root(ev, &ev->temp, t->info.entity, asof, id, n);
  Deciding d = {.ev = ev, .t = t, .f = f};
  bool ok = decide_frame(&d);
  const uint32_t *ord = frame_ordinals(f);
  decided_room(store, index_of(ev, t->info.entity)->n);
  for (size_t k = 0; k < t->info.nin && ok; k++) {
    Vec v = vec_null();
    ok = k >= tested(t) || frame_eval(f, t->in[k].op, &v);
    for (size_t i = 0; i < n && ok; i++)
      store->in[ord[i] * t->info.nin + k] = val_copy(vec_at(v, i), &ev->decisions);
  }
  for (size_t i = 0; i < n && ok; i++) {
    store->have[ord[i]] = 1;
    store->row[ord[i]] = d.row[i];
    store->blocked[ord[i]] = d.blocked[i];
    for (size_t k = 0; k < t->info.nout; k++)
      store->out[ord[i] * t->info.nout + k] = val_copy(d.out[i * t->info.nout + k], &ev->decisions);
  }
  store->busy = false;
  return ok;
}

/* Decided on purpose: the outputs stay, and metrics that read them are computed anew. */
static bool decide_asked(Eval *ev, const Table *t, const int64_t *id, size_t n) {
  if (!decide_rows(ev, t, ev->asof, id, n)) return false;
  decided_of(ev, t, ev->asof)->asked = true;
  memo_clear(ev, true);
  return true;
}

static bool lean_first(Eval *ev, Table *t, const int64_t *id, size_t n, int depth) {
  for (size_t i = 0; i < t->nlean; i++) {
    Table *other = t->lean[i];
    Decided *d = decided_of(ev, other, ev->asof);
    if (other->info.entity != t->info.entity || d->busy || depth > 64) continue;
    d->busy = true; /* a ring through fields: the earlier value stands */
    bool ok = lean_first(ev, other, id, n, depth + 1);
    d->busy = false;
    if (!ok || !decide_asked(ev, other, id, n)) return false;
  }
  return true;
}

static Decision *gather(Eval *ev, const Table *t, const int64_t *id, size_t n) {
  const Decided *store = decided_of(ev, t, ev->asof);
  Arena *a = &ev->keep;
  size_t nin = t->info.nin, nout = t->info.nout;
  Decision *d = arena_zalloc(a, 1, sizeof *d);
  int64_t *ids = arena_alloc(a, n * sizeof *ids);
  int32_t *row = arena_alloc(a, n * sizeof *row), *blocked = arena_alloc(a, n * sizeof *blocked);
  Val *in = arena_alloc(a, n * nin * sizeof *in), *out = arena_alloc(a, n * nout * sizeof *out);
  Index *x = index_of(ev, t->info.entity);
  for (size_t i = 0; i < n; i++) {
    uint32_t ord = index_ordinal(x, id[i]);
    ids[i] = id[i];
    row[i] = store->row[ord];
    blocked[i] = store->blocked[ord];
    for (size_t k = 0; k < nin; k++) in[i * nin + k] = val_copy(store->in[ord * nin + k], a);
    for (size_t k = 0; k < nout; k++) out[i * nout + k] = val_copy(store->out[ord * nout + k], a);
  }
  *d = (Decision){.table = &t->info, .n = n, .id = ids, .row = row, .out = out, .in = in, .blocked = blocked};
  return d;
}

bool eval_decide(Eval *ev, Str table, const int64_t *id, size_t n, const Decision **out, Err *e) {
  Table *t = table_find(ev->r, table);
  if (!t) {
    err_set(e, ERR_FAIL, "there is no table %.*s", STR_ARG(table));
    Str *name = mem_alloc((ev->r->ntable + 1) * sizeof *name);
    for (size_t i = 0; i < ev->r->ntable; i++) name[i] = ev->r->table[i]->info.name;
    src_suggest(e, table, name, ev->r->ntable);
    mem_free(name);
    return false;
  }
  eval_enter(ev, e);
  Decided *d = decided_of(ev, t, ev->asof);
  d->busy = true;
  bool ok = lean_first(ev, t, id, n, 0);
  d->busy = false;
  ok = ok && decide_asked(ev, t, id, n);
  if (ok) {
    Decision *made = gather(ev, t, id, n);
    *out = made;
    if (t->score) /* gather has just made these inputs */
      ok = score_sentences(frame_root(ev, &ev->temp, t->info.entity, ev->asof, made->id, n), t, (Val *)made->in);
  }
  return eval_leave(ev, ok);
}

/* --- on given figures --------------------------------------------------- */

enum { GIVEN_BATCH = 16384 };

/* Does an output say something that is not given? */
static bool answers(const Table *t, const Op *op) {
  if (op->kind == K_MEMO) return true;
  if (op->kind == K_ARG || op->kind == K_LIT || op->kind == K_ASOF) return true;
  if (op_wide(op) && op->kind != K_LOGIC && op->kind != K_QUANTIFY) return false;
  for (uint32_t i = 0; i < op->nkid; i++)
    if (!answers(t, op->kid[i])) return false;
  return true;
}

bool table_decide_many(Eval *ev, const TableInfo *t, const Val *const *in, size_t n, int32_t *row, int32_t *blocked,
                       Val *out, Err *e) {
  const Table *table = (const Table *)(const void *)t;
  bool ok = true;
  eval_enter(ev, e);
  for (size_t from = 0; from < n && ok; from += GIVEN_BATCH) {
    size_t m = n - from < GIVEN_BATCH ? n - from : GIVEN_BATCH;
    Frame *f = frame_root(ev, &ev->temp, 0, ev->asof, NULL, m);
    f->blind = true;
    for (size_t k = 0; k < t->nin; k++) frame_keep(f, table->in[k].op, KEPT_VEC)->vec = (Vec){in[k] + from, 1};
    Deciding d = {.ev = ev, .t = table, .f = f};
    ok = decide_frame(&d);
    if (ok) memcpy(row + from, d.row, m * sizeof *row);
    if (ok) memcpy(blocked + from, d.blocked, m * sizeof *blocked);
    for (size_t i = 0; i < m * t->nout && ok; i++) out[from * t->nout + i] = d.out[i];
  }
  for (size_t i = 0; i < n * t->nout && ok; i++) out[i] = val_copy(out[i], &ev->keep);
  return eval_leave(ev, ok);
}

bool table_decide(Eval *ev, const TableInfo *t, const Val *in, int32_t *row, int32_t *blocked, Val *out,
                  Err *e) {
  const Table *table = (const Table *)(const void *)t; /* the info is its first member */
  eval_enter(ev, e);
  Frame *f = frame_constant(frame_root(ev, &ev->temp, 0, ev->asof, NULL, 0));
  f->blind = true;
  for (size_t k = 0; k < t->nin; k++) frame_keep(f, table->in[k].op, KEPT_VEC)->vec = (Vec){&in[k], 1};
  Deciding d = {.ev = ev, .t = table, .f = f};
  bool ok = decide_frame(&d);
  if (ok) {
    *row = d.row[0];
    *blocked = d.blocked[0];
    for (size_t k = 0; k < t->nout; k++) {
      out[k] = val_copy(d.out[k], &ev->keep);
      const Cell *cell = d.grid[0] >= 0 ? cell_of(table, (size_t)d.grid[0], t->nin + k) : NULL;
      if (cell && cell->op && !answers(table, cell->op)) out[k] = val_text(str_trim(cell->src.text));
    }
  }
  return eval_leave(ev, ok);
}
