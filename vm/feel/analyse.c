#include "feel/analyse.h"

#include "base/lang.h"

#include "feel/boxes.h"

#include <stdlib.h>
#include <string.h>

enum { TOLD = 8 }; /* so many gaps and overlaps of a table are told one by one */

typedef struct Analysis {
  Space s;
  const Table *t;
  Arena *a;   /* of the findings */
  Finding *found;
  size_t n, cap;
  bool large; /* told already */
} Analysis;

/* --- findings ----------------------------------------------------------- */

static const char *kept(Analysis *x, Buf *b) {
  const char *z = b->n ? arena_strndup(x->a, b->p, b->n) : NULL;
  buf_free(b);
  return z;
}

static int line_of(const Analysis *x, size_t row) { return x->t->grid.line[x->s.grid[row]]; }
static int32_t number_of(const Analysis *x, size_t row) { return x->t->number[x->s.grid[row]]; }

static Finding *find(Analysis *x, FindingKind kind, bool error, size_t row, Buf *what, Buf *todo) {
  mem_grow(x->found, x->cap, x->n + 1);
  Finding *f = &x->found[x->n++];
  bool whole = row == SIZE_MAX;
  *f = (Finding){.kind = kind, .error = error, .file = x->t->text.file,
                 .line = whole ? x->t->info.line : line_of(x, row), .row = whole ? 0 : number_of(x, row),
                 .what = kept(x, what), .todo = kept(x, todo)};
  return f;
}

static const Val *example(Analysis *x, Box b) {
  Val *v = arena_alloc(x->a, x->s.ncol * sizeof *v);
  box_example(&x->s, b, v);
  for (size_t k = 0; k < x->s.ncol; k++) v[k] = val_copy(v[k], x->a);
  return v;
}

/* Gave the last search up? What it returned means nothing then. */
static bool gave_up(Analysis *x) {
  if (!space_gave_up(&x->s)) return false;
  if (!x->large) {
    Buf what = {0}, todo = {0};
    buf_say(&what, "the rows interlock too much to be looked through in full; what is not said here may still be so");
    find(x, FIND_LARGE, false, SIZE_MAX, &what, &todo);
    x->large = true;
  }
  return true;
}

/* The rows of a list in words: 1, 3 and 4. */
static void say_rows(const Analysis *x, const uint32_t *row, size_t n, Buf *out) {
  size_t most = n > 8 ? 6 : n;
  buf_say(out, n == 1 ? "row " : N_("rows "));
  for (size_t i = 0; i < most; i++)
    buf_printf(out, "%s%d", i == 0 ? "" : i + 1 == n ? " and " : ", ", number_of(x, row[i]));
  if (most < n) buf_say(out, " and %zu more", n - most);
}

/* --- gaps --------------------------------------------------------------- */

static void tell_gap(Analysis *x, Box b) {
  Buf what = {0}, todo = {0};
  const Val *in = example(x, b);
  buf_say(&what, "no row for ");
  size_t mark = what.n;
  box_say(&x->s, b, &what);
  if (what.n == mark) buf_say(&what, "any case");
  buf_say(&todo, "for example ");
  box_say_case(&x->s, in, &todo);
  buf_say(&todo, ": add a row for it, or an else row");
  find(x, FIND_GAP, true, SIZE_MAX, &what, &todo)->example = in;
}

/* A case that no row takes stops the run, unless there is an else row or collecting nothing is a result. */
static void gaps(Analysis *x) {
  Space *s = &x->s;
  HitPolicy p = x->t->info.policy;
  bool open = p == HIT_UNIQUE || p == HIT_ANY || p == HIT_PRIORITY || p == HIT_FIRST;
  if (!open || x->t->else_row >= 0) return;
  Box *row = arena_alloc(s->a, (s->nrow + 2 * (size_t)TOLD + 2) * sizeof *row);
  size_t n = s->nrow, told = 0;
  if (n) memcpy(row, s->maybe, n * sizeof *row);
  for (int pass = 0; pass < 2; pass++) { /* known values first */
    Box universe = pass ? s->open : s->known, b = box_new(s);
    while (told <= TOLD && space_left_over(s, universe, row, n, b)) {
      if (gave_up(x)) return;
      space_widen(s, b, universe, row, n);
      if (told++ < TOLD) tell_gap(x, b);
      row[n] = box_copy(s, b);
      space_widen(s, row[n], s->all, row, n); /* with what is unknown beside it, told once */
      n++;
    }
    if (gave_up(x)) return;
  }
  if (told <= TOLD) return;
  Buf what = {0}, todo = {0};
  buf_say(&what, "there are more cases that no row takes");
  find(x, FIND_GAP, true, SIZE_MAX, &what, &todo);
}

/* --- outputs ------------------------------------------------------------ */

static const Cell *output(const Table *t, size_t row, size_t k) {
  return &t->cell[row * (t->info.nin + t->info.nout) + t->info.nin + k];
}

/* Do two grid rows give the same, whatever the case? Notes count too: they are outputs. */
static bool same_outputs(const Table *t, size_t a, size_t b) {
  for (size_t k = 0; k < t->info.nout; k++) {
    const Op *x = output(t, a, k)->op, *y = output(t, b, k)->op;
    if (x == y) continue;
    if (!x || !y) {
      const Op *one = x ? x : y;
      if (one->kind != K_LIT || one->lit.t != V_NULL) return false;
    } else if (x->kind == K_LIT && y->kind == K_LIT) {
      if (val_order(x->lit, y->lit) != 0) return false;
    } else if (!str_eq(output(t, a, k)->src.text, output(t, b, k)->src.text)) {
      return false;
    }
  }
  return true;
}

/* The outputs that are written, without the words beside them. */
static void say_outputs(const Table *t, size_t row, Buf *out) {
  bool said = false;
  for (size_t k = 0; k < t->info.nout; k++) {
    Str text = str_trim(output(t, row, k)->src.text);
    if (t->out[k].note || (t->info.nout > 1 && k + 1 == t->info.nout && said && text.n > 24)) continue;
    buf_printf(out, "%s%.*s", said ? ", " : "", STR_ARG(text.n ? text : STR("nothing")));
    said = true;
  }
}

/* --- overlaps ----------------------------------------------------------- */

/* Does a cell's test read an arg or the day? What its column reads is another matter. */
static bool reads_arg(const Op *op) {
  if (op->kind == K_MEMO) return false;
  if (op->kind == K_ARG || op->kind == K_ASOF || op->kind == K_INSIDE) return true;
  for (uint32_t i = 0; i < op->nkid; i++)
    if (reads_arg(op->kid[i])) return true;
  return false;
}

/* Does what a row tests stand whatever the args and the day are? */
static bool fixed(const Analysis *x, size_t row) {
  const Table *t = x->t;
  for (size_t k = 0; k < t->info.nin; k++) {
    const Cell *cell = &t->cell[x->s.grid[row] * (t->info.nin + t->info.nout) + k];
    if (cell->op && !cell->any && reads_arg(cell->op)) return false;
  }
  return true;
}

static const Src *cell_of(const Analysis *x, size_t row, size_t col) {
  return &x->t->cell[x->s.grid[row] * (x->t->info.nin + x->t->info.nout) + col].src;
}

static void tell_overlap(Analysis *x, size_t i, size_t j, Box b, bool error, const char *end) {
  Buf what = {0}, todo = {0};
  const Val *in = example(x, b);
  buf_say(&what, "rows %d and %d overlap", number_of(x, i), number_of(x, j));
  size_t mark = what.n;
  buf_say(&what, " for ");
  size_t head = what.n;
  box_say(&x->s, b, &what);
  if (what.n == head) what.n = mark, what.p[mark] = 0;
  if (x->t->info.policy != HIT_UNIQUE) {
    buf_puts(&what, ": ");
    say_outputs(x->t, x->s.grid[i], &what);
    buf_say(&what, " or ");
    say_outputs(x->t, x->s.grid[j], &what);
  }
  buf_say(&todo, "for example ");
  box_say_case(&x->s, in, &todo);
  buf_puts(&todo, _(end));
  Finding *f = find(x, FIND_OVERLAP, error, j, &what, &todo);
  f->other = number_of(x, i);
  f->example = in;
  f->broken = error;
  f->cell = cell_of(x, j, 0);
}

static void overlaps(Analysis *x) {
  Space *s = &x->s;
  HitPolicy p = x->t->info.policy;
  if (p != HIT_UNIQUE && p != HIT_ANY && p != HIT_FIRST) return;
  const char *end = p == HIT_UNIQUE ? N_(": make the rows exclude each other, or write first")
                    : p == HIT_ANY  ? N_(": make their outputs equal, or write first")
                                    : N_("; the earlier row counts");
  Box b = box_new(s);
  size_t met = 0, first[2] = {0};
  for (size_t j = 1; j < s->nrow; j++)
    for (size_t i = 0; i < j; i++) {
      if (s->opaque[i] || s->opaque[j] || !box_meet(s, s->hit[i], s->hit[j], b)) continue;
      if (p != HIT_UNIQUE && same_outputs(x->t, s->grid[i], s->grid[j])) continue;
      if (met++ == 0) first[0] = i, first[1] = j;
      if (p != HIT_FIRST && met <= TOLD) tell_overlap(x, i, j, b, true, end);
    }
  if (p == HIT_FIRST && met == 1) {
    box_meet(s, s->hit[first[0]], s->hit[first[1]], b);
    tell_overlap(x, first[0], first[1], b, false, end);
  } else if (p == HIT_FIRST && met) {
    Buf what = {0}, todo = {0};
    buf_say(&what, "%zu pairs of rows overlap with different outputs, rows %d and %d the first; the earlier row counts",
            met, number_of(x, first[0]), number_of(x, first[1]));
    find(x, FIND_OVERLAP, false, first[1], &what, &todo)->other = number_of(x, first[0]);
  } else if (met > TOLD) {
    Buf what = {0}, todo = {0};
    buf_say(&what, "%zu more pairs of rows overlap", met - TOLD);
    find(x, FIND_OVERLAP, true, SIZE_MAX, &what, &todo);
  }
}

/* --- rows that are never reached ----------------------------------------- */

/* The column in which the row's cell holds for no value there is. */
static size_t impossible(const Analysis *x, size_t row) {
  const Space *s = &x->s;
  for (size_t k = 0; k < s->ncol; k++) {
    uint64_t any = 0;
    for (size_t i = s->at[k]; i < (k + 1 < s->ncol ? s->at[k + 1] : s->words); i++) any |= s->hit[row].w[i];
    if (!any) return k;
  }
  return SIZE_MAX;
}

/* With every column of the figure, as it takes them all together. */
static void tell_never(Analysis *x, size_t row, size_t col) {
  const Cell *of = &x->t->cell[x->s.grid[row] * (x->t->info.nin + x->t->info.nout)], *cell = NULL;
  Str head = str_trim(x->t->in[col].src.text);
  Buf what = {0}, todo = {0};
  bool arg = false;
  buf_say(&what, "row %d never holds: no %.*s is", number_of(x, row), STR_ARG(head));
  for (size_t k = col; k < x->s.ncol; k++) {
    if (x->s.speaks[k] != col || of[k].any) continue;
    buf_say(&what, cell ? " and %.*s" : N_(" %.*s"), STR_ARG(str_trim(of[k].src.text)));
    arg = arg || reads_arg(of[k].op);
    if (!cell) cell = &of[k];
  }
  if (!cell) cell = &of[col];
  Finding *f = find(x, FIND_NEVER, true, row, &what, &todo);
  f->column = arena_strndup(x->a, head.p, head.n);
  f->broken = !arg;
  f->cell = &cell->src;
}

/* Of the rows that cover the box together, those that it takes. */
static size_t needed(Analysis *x, Box b, uint32_t *row, size_t n) {
  Space *s = &x->s;
  Box *box = arena_alloc(s->a, (n + 1) * sizeof *box), out = box_new(s);
  size_t kept_n = 0;
  for (size_t i = 0; i < n; i++)
    if (box_meets(s, b, s->maybe[row[i]])) row[kept_n++] = row[i];
  n = kept_n;
  for (size_t i = 0; i < n; i++)
    if (box_within(s, b, s->maybe[row[i]])) {
      row[0] = row[i];
      return 1;
    }
  for (size_t i = n; i-- > 0 && n <= 64;) {
    size_t m = 0;
    for (size_t k = 0; k < n; k++)
      if (k != i) box[m++] = s->maybe[row[k]];
    if (space_left_over(s, b, box, m, out) || space_gave_up(s)) continue;
    memmove(row + i, row + i + 1, (n - i - 1) * sizeof *row);
    n--;
  }
  return n;
}

static ptrdiff_t place(const Domain *d, const Op *op) {
  if (!d || !op || op->kind != K_LIT || op->lit.t != V_TEXT) return -1;
  for (size_t i = 0; i < d->n; i++)
    if (str_eq(d->value[i], val_str(op->lit))) return (ptrdiff_t)i;
  return -1;
}

/* Does `other` go before `row` wherever both take a case? */
static bool goes_before(const Analysis *x, size_t other, size_t row) {
  const Table *t = x->t;
  if (t->info.policy == HIT_FIRST) return other < row;
  const Domain *d = t->out[0].type.domain;
  ptrdiff_t a = place(d, output(t, x->s.grid[other], 0)->op), b = place(d, output(t, x->s.grid[row], 0)->op);
  return a >= 0 && b >= 0 && (a < b || (a == b && other < row));
}

/* The rows that go before this one and are certain, their boxes beside them. In priority what cannot be
 * tested does not end the search, so only where a row holds does it go before. */
static size_t before(Analysis *x, size_t row, uint32_t *list, Box *box) {
  size_t n = 0;
  for (size_t i = 0; i < x->s.nrow; i++) {
    if (i == row || x->s.opaque[i] || !goes_before(x, i, row)) continue;
    box[n] = x->t->info.policy == HIT_FIRST ? x->s.maybe[i] : x->s.hit[i];
    list[n++] = (uint32_t)i;
  }
  return n;
}

static bool unreachable(Analysis *x, size_t row) {
  Space *s = &x->s;
  HitPolicy p = x->t->info.policy;
  if (p != HIT_FIRST && p != HIT_PRIORITY) return false;
  uint32_t *list = arena_alloc(s->a, (s->nrow + 1) * sizeof *list);
  Box *box = arena_alloc(s->a, (s->nrow + 1) * sizeof *box), out = box_new(s);
  Box mine = p == HIT_FIRST ? s->maybe[row] : s->hit[row];
  size_t n = before(x, row, list, box);
  if (space_left_over(s, mine, box, n, out) || gave_up(x)) return false;
  n = needed(x, mine, list, n);
  Buf what = {0}, todo = {0};
  buf_say(&what, "row %d is never reached: ", number_of(x, row));
  say_rows(x, list, n, &what);
  buf_say(&what, n == 1 ? " takes" : N_(" take"));
  buf_say(&what, " all its cases");
  buf_say(&todo, p == HIT_FIRST ? "move it up, or remove it" : N_("its output comes after theirs; remove it"));
  Finding *f = find(x, FIND_UNREACHABLE, true, row, &what, &todo);
  f->other = n ? number_of(x, list[0]) : 0;
  f->broken = fixed(x, row);
  for (size_t i = 0; i < n; i++) f->broken = f->broken && fixed(x, list[i]);
  f->cell = cell_of(x, row, 0);
  return true;
}

/* --- rows without which nothing would change ------------------------------ */

typedef struct Without {
  Analysis *x;
  size_t row; /* taken out */
  size_t at;  /* rows before this one are dealt with */
  bool hit;   /* in the box the row holds; else it cannot be told */
} Without;

/* Would any case of the box be decided otherwise without the row? */
static bool differs(void *ctx, Box b) {
  const Without *w = ctx;
  Space *s = &w->x->s;
  const Table *t = w->x->t;
  if (space_gave_up(s)) return true;
  for (size_t j = w->at; j < s->nrow; j++) {
    s->spent += s->words;
    if (j == w->row || !box_meets(s, b, s->maybe[j])) continue;
    if (s->opaque[j]) return true;
    Box both = box_new(s);
    if (j > w->row && w->hit) {
      if (!same_outputs(t, s->grid[j], s->grid[w->row])) return true;
      box_meet(s, b, s->maybe[j], both);
      if (!box_within(s, both, s->hit[j])) return true;
    } else if (j > w->row && box_meet(s, b, s->hit[j], both)) {
      return true; /* it would be hit where now nothing can be told */
    }
    Without next = {w->x, w->row, j + 1, w->hit};
    return space_without(s, b, s->maybe[j], differs, &next);
  }
  return !w->hit || t->else_row < 0 || !same_outputs(t, (size_t)t->else_row, s->grid[w->row]);
}

static void redundant(Analysis *x, size_t row) {
  Space *s = &x->s;
  const Table *t = x->t;
  if (t->info.policy != HIT_FIRST || s->opaque[row]) return;
  bool twin = t->else_row >= 0 && same_outputs(t, (size_t)t->else_row, s->grid[row]);
  for (size_t j = row + 1; j < s->nrow && !twin; j++) twin = same_outputs(t, s->grid[j], s->grid[row]);
  if (!twin) return;
  Arena mine = {0}, *was = s->a;
  s->a = &mine;
  space_begin(s);
  Without hit = {x, row, 0, true}, doubt = {x, row, 0, false};
  bool other = (!box_empty(s, s->hit[row]) && differs(&hit, s->hit[row])) ||
               space_without(s, s->maybe[row], s->hit[row], differs, &doubt);
  s->a = was;
  arena_free(&mine);
  if (gave_up(x) || other) return;
  Buf what = {0}, todo = {0};
  buf_say(&what, "row %d changes nothing: without it the rows below give the same", number_of(x, row));
  find(x, FIND_REDUNDANT, false, row, &what, &todo);
}

/* In `any` a row is redundant when rows with the same outputs take all its cases. */
static void redundant_any(Analysis *x, size_t row) {
  Space *s = &x->s;
  if (x->t->info.policy != HIT_ANY || s->opaque[row]) return;
  uint32_t *list = arena_alloc(s->a, (s->nrow + 1) * sizeof *list);
  Box *box = arena_alloc(s->a, (s->nrow + 1) * sizeof *box), out = box_new(s);
  size_t n = 0;
  for (size_t i = 0; i < s->nrow; i++)
    if (i != row && !s->opaque[i] && same_outputs(x->t, s->grid[i], s->grid[row])) box[n] = s->hit[i], list[n++] = (uint32_t)i;
  if (!n || !box_within(s, s->maybe[row], s->hit[row]) || space_left_over(s, s->maybe[row], box, n, out) || gave_up(x))
    return;
  n = needed(x, s->maybe[row], list, n);
  Buf what = {0}, todo = {0};
  buf_say(&what, "row %d changes nothing: ", number_of(x, row));
  say_rows(x, list, n, &what);
  buf_say(&what, n == 1 ? " takes" : N_(" take"));
  buf_say(&what, " all its cases with the same outputs");
  find(x, FIND_REDUNDANT, false, row, &what, &todo);
}

static void rows(Analysis *x, bool all) {
  for (size_t i = 0; i < x->s.nrow; i++) {
    size_t col = impossible(x, i);
    if (col != SIZE_MAX) {
      tell_never(x, i, col);
    } else if (!unreachable(x, i) && all) {
      redundant(x, i);
      redundant_any(x, i);
    }
  }
}

/* --- columns and cells ---------------------------------------------------- */

/* A column decides nothing when every row treats all its known values alike. */
static void columns(Analysis *x) {
  const Space *s = &x->s;
  for (size_t k = 0; k < s->ncol; k++) {
    bool tells = s->speaks[k] != k, tested = false;
    for (size_t i = 0; i < s->nrow && !tells; i++) {
      const Cell *cell = &x->t->cell[s->grid[i] * (x->t->info.nin + x->t->info.nout) + k];
      tested |= !cell->any;
      tells = s->parts[k].some_opaque || s->ngroup[k] > 1 + (size_t)s->null[k];
    }
    if (tells || !s->nrow) continue;
    Str head = str_trim(x->t->in[k].src.text);
    Buf what = {0}, todo = {0};
    buf_say(&what, "column %.*s never decides: %s", STR_ARG(head),
            tested ? _("its cells hold for the same values in every row") : _("every cell is -"));
    find(x, FIND_COLUMN, false, SIZE_MAX, &what, &todo)->column = arena_strndup(x->a, head.p, head.n);
  }
}

static void opaque_cells(Analysis *x) {
  const Space *s = &x->s;
  for (size_t i = 0; i < s->nrow; i++)
    for (size_t k = 0; k < s->ncol && s->opaque[i]; k++) {
      const Parts *p = &s->parts[k];
      if (!p->n || p->says[s->grid[i] * p->n] != SAYS_OPAQUE) continue;
      const Cell *cell = &x->t->cell[s->grid[i] * (x->t->info.nin + x->t->info.nout) + k];
      Str head = str_trim(x->t->in[k].src.text);
      Buf what = {0}, todo = {0};
      buf_say(&what, "row %d, %.*s: cell %.*s is not analysed; it may hold or not", number_of(x, i), STR_ARG(head),
              STR_ARG(str_trim(cell->src.text)));
      find(x, FIND_OPAQUE, false, i, &what, &todo)->column = arena_strndup(x->a, head.p, head.n);
    }
}

/* --- the whole ------------------------------------------------------------ */

static int by_weight(const Finding *a, const Finding *b) {
  if (a->error != b->error) return a->error ? -1 : 1;
  if (a->line != b->line) return a->line < b->line ? -1 : 1;
  return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : 0;
}

static void everything(Analysis *x) {
  gaps(x);
  overlaps(x);
  rows(x, true);
  columns(x);
  opaque_cells(x);
}

static void reached(Analysis *x) { rows(x, false); }

static size_t look(Eval *ev, const Table *t, bool wide, void (*at)(Analysis *x), Arena *a, Finding **out) {
  Err none = {0};
  Arena work = {0};
  Analysis x = {.t = t, .a = a};
  eval_enter(ev, &none);
  space_open(&x.s, ev, x.t, wide, &work);
  at(&x);
  eval_leave(ev, true);
  err_free(&none);
  arena_free(&work);
  *out = x.found;
  return x.n;
}

size_t table_analyse(Eval *ev, const TableInfo *info, Arena *a, const Finding **out) {
  const Table *t = (const Table *)(const void *)info;
  *out = NULL;
  if (t->score) return 0; /* drivers add up: none of this can be said of them */
  Finding *found, *list;
  size_t n = look(ev, t, false, everything, a, &found);
  list = arena_alloc(a, (n + 1) * sizeof *list);
  if (n) memcpy(list, found, n * sizeof *list);
  mem_free(found);
  for (size_t i = 1; i < n; i++)
    for (size_t k = i; k > 0 && by_weight(&list[k - 1], &list[k]) > 0; k--) {
      Finding f = list[k];
      list[k] = list[k - 1];
      list[k - 1] = f;
    }
  *out = list;
  return n;
}

/* --- what no run goes on with ---------------------------------------------- */

static bool refused(const Table *t, const Finding *f, size_t n, Err *e) {
  size_t first = n, more = 0;
  for (size_t i = 0; i < n; i++) {
    if (!f[i].broken) continue;
    more += first < n;
    if (first == n || f[i].line < f[first].line) first = i;
  }
  if (first == n) return false;
  const Src *cell = f[first].cell;
  size_t len = str_trim(cell->text).n;
  if (cell->what && strstr(cell->what, _("table "))) src_err(e, cell, 0, len, "%s", f[first].what);
  else src_err(e, cell, 0, len, "table %.*s: %s", STR_ARG(t->info.name), f[first].what);
  if (f[first].todo) err_todo(e, "%s", f[first].todo);
  if (more) err_todo(e, "%zu more such row%s of this table: pareto check names all", more, more == 1 ? "" : "s");
  err_left(e, "nothing has run");
  return true;
}

/* That a row is never reached has to be so whatever its figures are: another table's outputs may change tomorrow. */
static bool sound(Eval *ev, const Table *t, Err *e) {
  struct { bool wide; void (*at)(Analysis *x); } step[] = {{true, reached}, {false, overlaps}};
  bool ok = true;
  for (size_t i = t->info.policy == HIT_FIRST ? 1 : 2; i-- > 0 && ok;) {
    Arena a = {0};
    Finding *f;
    size_t n = look(ev, t, step[i].wide, step[i].at, &a, &f);
    ok = !refused(t, f, n, e);
    mem_free(f);
    arena_free(&a);
  }
  return ok;
}

bool tables_sound(Rules *r, Day asof, Err *e) {
  bool ok = true;
  for (size_t i = 0; i < r->nuse && ok; i++) ok = tables_sound(r->use[i], asof, e);
  if (!ok || !r->ntable) return ok;
  Eval *ev = eval_new(r, asof);
  for (size_t i = 0; i < r->ntable && ok; i++) ok = sound(ev, r->table[i], e);
  eval_free(ev);
  return ok;
}

const char *finding_name(FindingKind k) {
  static const char *const name[] = {"gap", "overlap", "never", "unreachable", "redundant", "column", "opaque", "large", "policy"};
  return name[k];
}

const char *table_file(const TableInfo *t) { return ((const Table *)(const void *)t)->text.file; }
