/* decide "table" [[ figures || outputs | because ]]: the table alone, on given figures. */
#include "lua/test.h"

#include "base/lang.h"

#include "lua/value.h"

#include <string.h>

typedef struct Bench {
  TestRun *t;
  const TableInfo *table;
  TestGrid grid;
  size_t *in, *out;  /* column of the table for each column of the grid */
  Type *type;        /* of each input of the table */
  Eval *ev;
} Bench;

enum { COL_BECAUSE = SIZE_MAX, COL_NUMBER = SIZE_MAX - 1 };

/* "urgent?" is the heading urgent with a mark. */
static Str heading(Str s) {
  s = str_trim(s);
  if (s.n && s.p[s.n - 1] == '?') s.n--;
  return str_trim(s);
}

static bool find_column(const Src *head, const Str *list, size_t n, const char *what, size_t *out, Err *e) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(heading(list[i]), heading(head->text))) {
      *out = i;
      return true;
    }
  src_err(e, head, 0, head->text.n, "the table has no %s %.*s", what, STR_ARG(head->text));
  return src_suggest(e, head->text, list, n);
}

static bool bind(Bench *b, Err *e) {
  Arena *a = &b->t->arena;
  const TestGrid *g = &b->grid;
  b->in = arena_alloc(a, g->ncol * sizeof *b->in);
  b->out = arena_alloc(a, g->ncol * sizeof *b->out);
  if (g->nin == g->ncol) return src_err(e, &g->head[0], 0, 1, "|| has to stand between the figures and what is expected");
  for (size_t c = 0; c < g->nin; c++)
    if (!find_column(&g->head[c], b->table->in, b->table->nin, "input", &b->in[c], e)) return false;
  for (size_t c = g->nin; c < g->ncol; c++) {
    if (str_is(g->head[c].text, "because"))
      b->out[c] = COL_BECAUSE;
    else if (str_is(g->head[c].text, "row"))
      b->out[c] = COL_NUMBER;
    else if (!find_column(&g->head[c], b->table->out, b->table->nout, "output", &b->out[c], e))
      return false;
  }
  return true;
}

/* The type of each input: headings are rules. */
static bool types(Bench *b, Err *e) {
  Rules *r = playbook_rules(b->t->book);
  const char *entity = catalog_at((size_t)b->table->entity - 1)->name;
  b->type = arena_zalloc(&b->t->arena, b->table->nin + 1, sizeof *b->type);
  for (size_t i = 0; i < b->table->nin; i++) {
    if (b->table->score) { /* true, false or a part: whatever the driver's rule could give */
      b->type[i] = (Type){.kind = T_ANY};
      continue;
    }
    Src src = {.text = heading(b->table->in[i]), .line = 1, .col = 1};
    Expr *x = rules_expr(r, entity, src, WANT_ANY, NULL, 0, e);
    if (!x) return false;
    b->type[i] = expr_type(x);
  }
  return true;
}

/* A figure that is no literal may be a rule over args: `good`, `2 * fade`. */
static bool figure(Bench *b, const Src *cell, Type type, Val *out, Err *e) {
  Err no_literal = {0};
  if (str_is(cell->text, "-")) {
    *out = val_null();
    return true;
  }
  if (test_value(cell, type, &b->t->arena, out, &no_literal)) return true;
  err_free(&no_literal);
  Expr *x = rules_expr(playbook_rules(b->t->book), NULL, *cell, WANT_ANY, NULL, 0, e);
  int64_t none = 0;
  return x && eval_expr(b->ev, x, &none, 1, out, e);
}

static void compare(Bench *b, size_t r, int32_t row, const Val *out) {
  TestRun *t = b->t;
  Buf got = {0};
  for (size_t c = b->grid.nin; c < b->grid.ncol; c++) {
    const Src *cell = test_cell(&b->grid, r, c);
    Type type = {.kind = T_TEXT};
    Val v;
    if (b->out[c] == COL_BECAUSE || str_is(cell->text, "-")) continue;
    if (b->out[c] == COL_NUMBER) {
      type.kind = T_NUM;
      v = val_int(row);
    } else {
      v = out[b->out[c]];
      if (v.t != V_TEXT) type.kind = T_ANY;
    }
    if (test_matches(cell, type, v, &t->arena)) continue;
    buf_clear(&got);
    test_show(t, v, type, &got);
    test_fault(t, "%.*s: expected %.*s, got %s (%s %d)", STR_ARG(b->grid.head[c].text), STR_ARG(cell->text.n ? cell->text : STR("null")),
               got.p ? got.p : "", row > 0 ? _("row") : row == ROW_ELSE ? _("else row") : row == ROW_UNKNOWN ? _("unknown row") : _("no row"),
               row > 0 ? (int)row : 0);
  }
  buf_free(&got);
}

static bool one_row(Bench *b, size_t r, Err *e) {
  TestRun *t = b->t;
  Val *in = arena_zalloc(&t->arena, b->table->nin + 1, sizeof *in);
  Val *out = arena_zalloc(&t->arena, b->table->nout + 1, sizeof *out);
  int32_t row = 0, blocked = 0;
  Str because = {0};
  for (size_t c = 0; c < b->grid.nin; c++)
    if (!figure(b, test_cell(&b->grid, r, c), b->type[b->in[c]], &in[b->in[c]], e)) return false;
  for (size_t c = b->grid.nin; c < b->grid.ncol; c++)
    if (b->out[c] == COL_BECAUSE) because = test_cell(&b->grid, r, c)->text;
  Err fault = {0};
  if (table_decide(b->ev, b->table, in, &row, &blocked, out, &fault))
    compare(b, r, row, out);
  else
    test_fault(t, "%s", fault.what);
  err_free(&fault);
  Buf name = {0};
  buf_printf(&name, "%.*s %zu", STR_ARG(t->item->name), r + 1);
  if (because.n) buf_printf(&name, ": %.*s", STR_ARG(because));
  test_done(t, buf_view(&name), test_cell(&b->grid, r, 0)->line);
  buf_free(&name);
  return true;
}

bool test_decide(TestRun *t, Err *e) {
  Rules *r = playbook_rules(t->book);
  Bench b = {.t = t, .table = rules_table_info(r, t->item->name)};
  if (!b.table) {
    const TableInfo *const *list;
    size_t n = rules_table_list(r, &list);
    Str *name = arena_alloc(&t->arena, (n + 1) * sizeof *name);
    for (size_t i = 0; i < n; i++) name[i] = list[i]->name;
    err_set(e, ERR_FAIL, "%s has no table %.*s", playbook_name(t->book), STR_ARG(t->item->name));
    src_suggest(e, t->item->name, name, n);
    return err_at(e, t->tests->path, t->item->line, 0);
  }
  if (!test_grid(&t->item->grid, &t->arena, &b.grid, e) || !bind(&b, e) || !types(&b, e)) return false;
  b.ev = eval_new(r, t->asof);
  bool ok = true;
  for (size_t i = 0; ok && i < b.grid.nrow; i++) ok = one_row(&b, i, e);
  eval_free(b.ev);
  return ok;
}
