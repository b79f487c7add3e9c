#include "feel/figure.h"

#include "base/num.h"
#include "feel/func.h"

#include <string.h>

static Figure figure_at(const Op *op, Arena *a, int depth);

static Figure anything(void) { return (Figure){0}; }

static Figure from_zero(bool never_null) {
  return (Figure){.low = val_int(0), .whole = true, .never_null = never_null};
}

static Figure none_yet(Arena *a) {
  return (Figure){.finite = true, .val = arena_alloc(a, FIGURE_VALUES * sizeof(Val)), .never_null = true};
}

/* Null is no value but makes the figure one that may be null. Too many: anything. */
static void add(Figure *f, Val v) {
  if (v.t == V_NULL) {
    f->never_null = false;
    return;
  }
  for (size_t i = 0; i < f->n; i++)
    if (val_order(f->val[i], v) == 0) return;
  if (f->n == FIGURE_VALUES) f->finite = false;
  else f->val[f->n++] = v;
}

static Figure classes(const SetCall *s, Arena *a) {
  Figure f = none_yet(a);
  int64_t n;
  f.never_null = false;
  if (s->k->kind != K_LIT || !num_int(s->k->lit, &n) || n < 1 || n > FIGURE_VALUES)
    return (Figure){.low = val_int(1), .whole = true};
  for (int64_t i = 1; i <= n; i++) add(&f, val_int(i));
  return f;
}

static Figure either(Figure x, Figure y, Arena *a) {
  if (x.finite && y.finite) {
    Figure f = none_yet(a);
    for (size_t i = 0; i < x.n; i++) add(&f, x.val[i]);
    for (size_t i = 0; i < y.n; i++) add(&f, y.val[i]);
    f.never_null = x.never_null && y.never_null;
    return f.finite ? f : anything();
  }
  Figure *side[] = {&x, &y};
  for (int k = 0; k < 2; k++) { /* a finite one as limits */
    Figure *f = side[k];
    if (!f->finite) continue;
    if (!f->n) return *side[1 - k];
    f->low = f->high = f->val[0];
    f->whole = true;
    for (size_t i = 0; i < f->n; i++) {
      int64_t whole;
      f->whole = f->whole && val_is_num(f->val[i]) && num_int(f->val[i], &whole);
      if (val_order(f->val[i], f->low) < 0) f->low = f->val[i];
      if (val_order(f->val[i], f->high) > 0) f->high = f->val[i];
    }
  }
  Figure f = {.whole = x.whole && y.whole, .never_null = x.never_null && y.never_null};
  bool numbers = (!x.low.t || val_is_num(x.low)) && (!y.low.t || val_is_num(y.low));
  if (!numbers) return anything();
  if (x.low.t && y.low.t) f.low = num_cmp(x.low, y.low) < 0 ? x.low : y.low;
  if (x.high.t && y.high.t) f.high = num_cmp(x.high, y.high) > 0 ? x.high : y.high;
  return f;
}

static Figure arithmetic(const Op *op, Figure x, Figure y, Arena *a) {
  bool plain = op->code == OP_ADD || op->code == OP_SUB || op->code == OP_MUL;
  Figure f = none_yet(a);
  if (!plain || !x.finite || !y.finite || x.n * y.n > FIGURE_VALUES) return anything();
  for (size_t i = 0; i < x.n; i++)
    for (size_t k = 0; k < y.n; k++) {
      if (!val_is_num(x.val[i]) || !val_is_num(y.val[k])) return anything();
      add(&f, op->code == OP_ADD   ? num_add(x.val[i], y.val[k], a)
              : op->code == OP_SUB ? num_sub(x.val[i], y.val[k], a)
                                   : num_mul(x.val[i], y.val[k], a));
    }
  f.never_null = f.never_null && x.never_null && y.never_null;
  return f;
}

/* What the rows of a table give in this column, when all of them say it outright. */
static Figure output(const Sym *s, Arena *a) {
  const Table *t = s->table;
  const TableOutput *o = &t->out[s->col];
  HitPolicy p = t->info.policy;
  bool one = p == HIT_UNIQUE || p == HIT_ANY || p == HIT_PRIORITY || p == HIT_FIRST;
  if (o->field || o->host_field) /* the field, until the table has said */
    return o->field ? (Figure){.low = o->field->low, .high = o->field->high} : anything();
  if (!one) return anything();
  Figure f = none_yet(a);
  f.never_null = t->unknown_row >= 0;
  for (size_t row = 0; row < t->grid.nrow; row++) {
    const Op *op = t->cell[row * (t->info.nin + t->info.nout) + t->info.nin + s->col].op;
    if (op && op->kind != K_LIT) return anything();
    add(&f, op ? op->lit : val_null());
  }
  return f.finite ? f : anything();
}

static Figure set_figure(const Op *op, Arena *a) {
  switch ((SetFn)op->code) {
    case SET_CLASSES: return classes(op->ref, a);
    case SET_RANK: return (Figure){.low = val_int(1), .whole = true};
    default: return anything();
  }
}

static Figure figure_at(const Op *op, Arena *a, int depth) {
  if (depth > HEIGHT_MOST) return anything();
  depth++;
  switch ((OpKind)op->kind) {
    case K_LIT: {
      Figure f = none_yet(a);
      if (op->lit.t == V_LIST || op->lit.t == V_CONTEXT) return anything();
      add(&f, op->lit);
      return f;
    }
    case K_MEMO: return figure_at(op->kid[0], a, depth);
    case K_METRIC: {
      const Sym *s = op->ref; /* a published one may be read from an earlier run */
      return s->op ? figure_at(s->op, a, depth) : anything();
    }
    case K_COUNT: return op->code ? anything() : from_zero(true);
    case K_SINCE: return from_zero(false);
    case K_SERIES:
      return op->code == SER_COUNT || op->code == SER_SINCE ? from_zero(false) : anything();
    case K_SET: return set_figure(op, a);
    case K_OUTPUT: return output(op->ref, a);
    case K_ARITH:
      return arithmetic(op, figure_at(op->kid[0], a, depth), figure_at(op->kid[1], a, depth), a);
    case K_LOGIC:
      if (op->code != K_IF) return anything();
      /* fall through */
    case K_IF: {
      Figure f = either(figure_at(op->kid[1], a, depth), figure_at(op->kid[2], a, depth), a);
      f.never_null = false; /* the condition may be */
      return f;
    }
    case K_CALL:
      if (strcmp(((const Func *)op->ref)->name, "default") != 0 || op->nkid != 2) return anything();
      {
        Figure x = figure_at(op->kid[0], a, depth), y = figure_at(op->kid[1], a, depth), f;
        x.never_null = true;
        f = either(x, y, a);
        f.never_null = y.never_null;
        return f;
      }
    default: return anything();
  }
}

Figure figure_of(const Op *op, Arena *a) { return figure_at(op, a, 0); }
