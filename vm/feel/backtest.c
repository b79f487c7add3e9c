#include "feel/backtest.h"

#include "feel/check.h"
#include "feel/score.h"

#include <string.h>

Day day_later(Day d, Val duration, int n) {
  int64_t count = duration.u.i * n;
  return duration.t == V_MONTHS ? day_add_months(d, (int)count) : d + (Day)(count / 86400);
}

/* --- the block ------------------------------------------------------------------------- */

enum { PREDICT, OUTCOME, HORIZON, SINCE, EVERY, VALUE, KEYS };
static const Str key[KEYS] = {
    {"predict", 7}, {"outcome", 7}, {"horizon", 7}, {"since", 5}, {"every", 5}, {"value", 5}};

static bool sort_defs(const Src *block, const Def *def, size_t n, Def *of, Err *e) {
  for (size_t i = 0; i < n; i++) {
    const Src *name = &def[i].name;
    size_t k = 0;
    while (k < KEYS && !str_eq(key[k], name->text)) k++;
    if (k == KEYS) {
      src_err(e, name, 0, name->text.n, "a backtest has no %.*s", STR_ARG(name->text));
      src_suggest(e, name->text, key, KEYS);
      return err_todo(e, "it has predict, outcome, horizon, since, every and, if you like, value");
    }
    if (!def[i].rule.text.n)
      return src_err(e, name, 0, name->text.n, "%.*s says nothing: write %.*s = …", STR_ARG(name->text),
                     STR_ARG(name->text));
    of[k] = def[i];
  }
  for (size_t k = 0; k < VALUE; k++)
    if (!of[k].name.text.n) {
      err_set(e, ERR_FAIL, "the backtest says no %.*s", STR_ARG(key[k]));
      return err_at(e, block->file, block->line, 0);
    }
  return true;
}

static bool constant(Rules *r, const Def *def, Val *out, Err *e) {
  const Src *src = &def->rule;
  Expr *x = rules_expr(r, NULL, *src, WANT_ANY, NULL, 0, e);
  if (!x) return false;
  if (x->op->varies)
    return src_err(e, src, 0, src->text.n, "%.*s is the same for all rows: a duration or a date", STR_ARG(def->name.text));
  return op_constant(r, x->op, out, e);
}

static bool span(Rules *r, const Def *def, Val *out, Err *e) {
  if (!constant(r, def, out, e)) return false;
  bool whole = out->t == V_MONTHS || (out->t == V_SECS && out->e == 0 && out->u.i % 86400 == 0);
  if (whole && out->u.i > 0) return true;
  src_err(e, &def->rule, 0, def->rule.text.n, "%.*s is no duration of whole days", STR_ARG(def->name.text));
  return err_todo(e, "write 6m, 2w or 90d");
}

bool rules_backtest(Rules *r, Src block, Backtest *out, Err *e) {
  *out = (Backtest){0};
  block = rules_copy_src(r, block);
  Def *def;
  size_t n;
  Def of[KEYS] = {0};
  if (!block_defs(&block, &r->arena, &def, &n, e) || !sort_defs(&block, def, n, of, e)) return false;
  out->predict = rules_expr(r, NULL, of[PREDICT].rule, WANT_CONDITION, NULL, 0, e);
  if (!out->predict) return false;
  out->outcome = rules_expr(r, NULL, of[OUTCOME].rule, WANT_CONDITION, NULL, 0, e);
  if (!out->outcome) return false;
  if (of[VALUE].name.text.n) {
    const Src *src = &of[VALUE].rule;
    out->value = rules_expr(r, NULL, *src, WANT_ANY, NULL, 0, e);
    if (!out->value) return false;
    if (expr_type(out->value).kind != T_NUM)
      return src_err(e, src, 0, src->text.n, "value is a figure, such as sum(profit, 12m)");
  }
  if (!out->value && !of[VALUE].name.text.n) {
    const HostField *profit = host_field(r->host, r->entity, STR("profit"));
    Src usual = {.text = STR("sum(profit, 12m)"), .line = 1, .col = 1};
    if (profit && profit->kind == HOST_MEASURE) out->value = rules_expr(r, NULL, usual, WANT_ANY, NULL, 0, e);
    if (profit && profit->kind == HOST_MEASURE && !out->value) return false;
  }
  if (!span(r, &of[HORIZON], &out->horizon, e) || !span(r, &of[EVERY], &out->every, e)) return false;
  Val since = val_null();
  const Src *src = &of[SINCE].rule;
  if (!constant(r, &of[SINCE], &since, e)) return false;
  if (since.t != V_DATE) {
    src_err(e, src, 0, src->text.n, "since is no date");
    return err_todo(e, "write 2024-01-01");
  }
  out->since = (Day)since.u.i;
  return true;
}

/* --- fields that an expression leans on -------------------------------------------------- */

typedef struct Reads {
  const HostField **field;
  size_t n, cap;
  const void **seen; /* metrics and tables walked through */
  size_t nseen, capseen;
} Reads;

static bool meet(Reads *r, const void *thing) {
  for (size_t i = 0; i < r->nseen; i++)
    if (r->seen[i] == thing) return false;
  mem_grow(r->seen, r->capseen, r->nseen + 1);
  r->seen[r->nseen++] = thing;
  return true;
}

static void add_field(Reads *r, const HostField *f) {
  for (size_t i = 0; i < r->n; i++)
    if (r->field[i] == f) return;
  mem_grow(r->field, r->cap, r->n + 1);
  r->field[r->n++] = f;
}

static void walk(Reads *r, const Op *op);

static void walk_table(Reads *r, const Table *t) {
  if (!meet(r, t)) return;
  size_t nin = t->score ? score_tested(t->score) : t->info.nin; /* what a score says decides nothing */
  for (size_t i = 0; i < nin; i++) walk(r, t->in[i].op);
  size_t width = t->info.nin + t->info.nout;
  for (size_t i = 0; i < t->grid.nrow * width; i++) walk(r, t->cell[i].op);
}

static void walk(Reads *r, const Op *op) {
  if (!op) return;
  if (op->kind == K_FIELD && op->type.kind != T_SERIES) add_field(r, op->ref);
  if ((op->kind == K_METRIC || op->kind == K_METRIC_ROWS) && meet(r, op->ref)) walk(r, ((const Sym *)op->ref)->op);
  if (op->kind == K_OUTPUT) walk_table(r, ((const Sym *)op->ref)->table);
  if (op->kind == K_SCORE) walk_table(r, op->ref);
  if (op->kind == K_SET) {
    const SetCall *s = op->ref;
    walk(r, s->x);
    walk(r, s->within);
    walk(r, s->among);
  }
  for (uint32_t i = 0; i < op->nkid; i++) walk(r, op->kid[i]);
}

static size_t taken(Reads *met, Arena *a, const HostField ***out) {
  *out = arena_zalloc(a, met->n + 1, sizeof **out);
  if (met->n) memcpy(*out, met->field, met->n * sizeof **out);
  mem_free(met->field);
  mem_free(met->seen);
  return met->n;
}

size_t rules_table_reads(const Rules *r, Str table, Arena *a, const HostField ***out) {
  Reads met = {0};
  const Table *t = table_find(r, table);
  if (t) walk_table(&met, t);
  return taken(&met, a, out);
}

size_t backtest_reads(const Rules *r, const Backtest *b, Arena *a, const HostField ***out) {
  Reads met = {0};
  walk(&met, r->scope_op);
  walk(&met, b->predict->op);
  walk(&met, b->outcome->op);
  if (b->value) walk(&met, b->value->op);
  return taken(&met, a, out);
}
