#include "feel/dmn_inside.h"

#include "base/lang.h"

#include <stdlib.h>
#include <string.h>

typedef struct Work { /* one table being decided */
  DmnRun *r;
  const DmnTable *t;
  const Scope *scope;
  Val *in;           /* nin */
  uint32_t *failed;  /* by rule: 1-based column it failed on, 0 = hit */
  size_t *hit;       /* rules that hit, in order */
  size_t nhit;
  Val *out;          /* nhit: the outputs of each, one value or a context */
} Work;

static bool holds(Val v) { return v.t == V_BOOL && v.u.i; }

static const Node *allowed_of(const DmnColumn *c) {
  return c->values.node && c->values.node->kind == N_TESTS ? c->values.node : NULL;
}

/* --- inputs and hits */

/* Is it an input of the model as it was given, or an entry of one? */
static bool was_given(const Work *w, const DmnColumn *c) {
  Str text = str_trim(c->expr.src.text), rest;
  unsigned input = 1U << DMN_INPUT;
  return dmn_find(w->r->m, text, input) || dmn_find(w->r->m, str_trim(str_split(text, '.', &rest)), input);
}

static bool take_input(Work *w, size_t i) {
  const DmnColumn *c = &w->t->in[i];
  Standard *s = &w->r->top->std;
  w->in[i] = dmn_eval_text(w->r, &c->expr, w->scope);
  const Node *allowed = allowed_of(c);
  if (!allowed || holds(standard_test(s, allowed, w->in[i], w->scope))) return true;
  Buf text = {0};
  standard_print(w->in[i], &text);
  dmn_broken(w->r, &c->expr.src, "%.*s is %.*s, and its values are %.*s", STR_ARG(c->name),
             STR_ARG(buf_view(&text)), STR_ARG(c->values.src.text));
  Err *fault = &w->r->top->fault; /* whoever gave it can give another; what the model computed is its own */
  if (fault->kind == ERR_FAIL && was_given(w, c)) fault->kind = ERR_USAGE;
  buf_free(&text);
  return false;
}

/* The 1-based column that rule `row` fails on, 0 when it hits. */
static uint32_t fails_on(Work *w, const DmnRule *rule) {
  Standard *s = &w->r->top->std;
  for (size_t i = 0; i < w->t->nin; i++) {
    const DmnText *cell = &rule->in[i];
    if (cell->fault) standard_null(s, "%s", cell->fault);
    if (cell->fault || (cell->node && !holds(standard_test(s, cell->node, w->in[i], w->scope))))
      return (uint32_t)i + 1;
  }
  return 0;
}

static bool find_hits(Work *w) {
  bool first = w->t->policy == POLICY_FIRST;
  for (size_t row = 0; row < w->t->nrule; row++) {
    if (!dmn_going(w->r) || !standard_step(&w->r->top->std)) return false;
    w->failed[row] = fails_on(w, &w->t->rule[row]);
    if (w->failed[row]) continue;
    w->hit[w->nhit++] = row;
    if (first) { /* the rows behind it were not asked */
      for (size_t rest = row + 1; rest < w->t->nrule; rest++) w->failed[rest] = UINT32_MAX;
      break;
    }
  }
  return dmn_going(w->r);
}

/* --- outputs */

static Val checked_output(Work *w, const DmnText *cell, const DmnColumn *c) {
  Standard *s = &w->r->top->std;
  Val v = dmn_eval_text(w->r, cell, w->scope);
  Str name = c->name.n ? c->name : w->t->name;
  v = dmn_conform(w->r, v, c->type, &cell->src, "output", name);
  const Node *allowed = allowed_of(c);
  if (!allowed || v.t == V_NULL || holds(standard_test(s, allowed, v, w->scope))) return v;
  Buf text = {0};
  standard_print(v, &text);
  v = dmn_broken(w->r, &cell->src, "%.*s is %.*s, and its values are %.*s", STR_ARG(name),
                 STR_ARG(buf_view(&text)), STR_ARG(c->values.src.text));
  buf_free(&text);
  return v;
}

static Val outputs(Work *w, const DmnRule *rule) { /* NULL: the defaults */
  const DmnTable *t = w->t;
  if (t->nout == 1) return checked_output(w, rule ? &rule->out[0] : &t->out[0].fallback, &t->out[0]);
  Arena *a = &w->r->top->arena;
  ValEntry *entry = arena_zalloc(a, t->nout, sizeof *entry);
  for (size_t i = 0; i < t->nout; i++)
    entry[i] =
      (ValEntry){t->out[i].name, checked_output(w, rule ? &rule->out[i] : &t->out[i].fallback, &t->out[i])};
  return standard_context(entry, t->nout, a);
}

static Val no_hit(Work *w) {
  const DmnTable *t = w->t;
  for (size_t i = 0; i < t->nout; i++)
    if (t->out[i].fallback.src.text.n) return outputs(w, NULL);
  if (t->policy == POLICY_COLLECT && t->aggregate == AGGREGATE_COUNT) return val_int(0);
  bool list = t->policy == POLICY_RULE_ORDER || t->policy == POLICY_OUTPUT_ORDER ||
              (t->policy == POLICY_COLLECT && t->aggregate == AGGREGATE_NONE);
  if (list) return val_list(NULL, 0);
  return standard_null(&w->r->top->std, "table %.*s: no row hits", STR_ARG(t->name));
}

/* --- hit policies */

static Val two_rows(Work *w, size_t i, size_t k, const char *what) {
  const DmnTable *t = w->t;
  Src at = t->rule[w->hit[k]].in ? t->rule[w->hit[k]].in[0].src : (Src){0};
  if (!t->nin) at = t->rule[w->hit[k]].out[0].src;
  at.what = NULL;
  at.text.n = 0;
  return dmn_broken(w->r, &at, "table %.*s: rows %zu and %zu both hit%s", STR_ARG(t->name), w->hit[i] + 1,
                    w->hit[k] + 1, _(what));
}

static Val unique(Work *w) {
  if (w->nhit == 1) return w->out[0];
  return two_rows(w, 0, 1, ", and the hit policy is unique");
}

static Val any(Work *w) {
  for (size_t i = 1; i < w->nhit; i++)
    if (!standard_same(w->out[0], w->out[i]))
      return two_rows(w, 0, i, " with different outputs, and the hit policy is any");
  return w->out[0];
}

/* Where a value stands in the list of those allowed; one that is not there comes last. */
static uint32_t place(Work *w, const DmnColumn *c, Val v) {
  const Node *tests = allowed_of(c);
  if (!tests && c->type) tests = c->type->allowed;
  if (!tests || tests->kind != N_TESTS) return 0;
  Node one = *tests;
  one.nkid = 1;
  for (uint32_t i = 0; i < tests->nkid; i++) {
    one.kid = &tests->kid[i];
    if (holds(standard_test(&w->r->top->std, &one, v, w->scope))) return i;
  }
  return tests->nkid;
}

static Val part(const DmnTable *t, Val v, size_t i) {
  return t->nout == 1 ? v : ((const ValContext *)v.u.p)->entry[i].val;
}

static int by_priority(Work *w, size_t x, size_t y) {
  for (size_t i = 0; i < w->t->nout; i++) {
    uint32_t a = place(w, &w->t->out[i], part(w->t, w->out[x], i));
    uint32_t b = place(w, &w->t->out[i], part(w->t, w->out[y], i));
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

static Val priority(Work *w) {
  size_t best = 0;
  for (size_t i = 1; i < w->nhit; i++)
    if (by_priority(w, i, best) < 0) best = i;
  return w->out[best];
}

static Val output_order(Work *w) { /* stable: rows of one priority stay in their order */
  for (size_t i = 1; i < w->nhit; i++)
    for (size_t k = i; k > 0 && by_priority(w, k, k - 1) < 0; k--) {
      Val v = w->out[k];
      w->out[k] = w->out[k - 1];
      w->out[k - 1] = v;
    }
  return val_list(w->out, w->nhit);
}

static Val apply(Work *w, const char *builtin, Val list) {
  Val f;
  if (!standard_builtin(str_of(builtin), &f)) return val_null();
  return standard_call(&w->r->top->std, f, &list, NULL, 1);
}

static Val collect(Work *w) {
  static const char *const builtin[] = {
    [AGGREGATE_SUM] = "sum", [AGGREGATE_COUNT] = "count", [AGGREGATE_MIN] = "min", [AGGREGATE_MAX] = "max"};
  const DmnTable *t = w->t;
  Val all = val_list(w->out, w->nhit);
  if (t->aggregate == AGGREGATE_NONE) return all;
  if (t->nout == 1 || t->aggregate == AGGREGATE_COUNT) return apply(w, builtin[t->aggregate], all);
  Arena *a = &w->r->top->arena;
  ValEntry *entry = arena_zalloc(a, t->nout, sizeof *entry);
  for (size_t i = 0; i < t->nout; i++) {
    Val *column = arena_zalloc(a, w->nhit, sizeof *column);
    for (size_t k = 0; k < w->nhit; k++) column[k] = part(t, w->out[k], i);
    entry[i] = (ValEntry){t->out[i].name, apply(w, builtin[t->aggregate], val_list(column, w->nhit))};
  }
  return standard_context(entry, t->nout, a);
}

static Val settle(Work *w) {
  switch (w->t->policy) {
    case POLICY_UNIQUE: return unique(w);
    case POLICY_ANY: return any(w);
    case POLICY_PRIORITY: return priority(w);
    case POLICY_FIRST: return w->out[0];
    case POLICY_RULE_ORDER: return val_list(w->out, w->nhit);
    case POLICY_OUTPUT_ORDER: return output_order(w);
    default: return collect(w);
  }
}

/* --- what is kept for why */

static void trace(Work *w, Val out) {
  DmnRun *top = w->r->top;
  const DmnTable *t = w->t;
  Arena *a = &top->arena;
  mem_grow(top->trace, top->captrace, top->ntrace + 1);
  Str *in = arena_zalloc(a, t->nin + 1, sizeof *in),
      *cell = arena_zalloc(a, t->nin * t->nrule + 1, sizeof *cell);
  int *line = arena_zalloc(a, t->nrule + 1, sizeof *line);
  for (size_t i = 0; i < t->nin; i++) in[i] = t->in[i].name;
  for (size_t row = 0; row < t->nrule; row++) {
    line[row] = t->rule[row].line;
    for (size_t i = 0; i < t->nin; i++) cell[row * t->nin + i] = t->rule[row].in[i].src.text;
  }
  top->trace[top->ntrace++] =
    (DmnTableTrace){t->name, t->nin, t->nrule, in, w->in, w->failed, cell, line, out};
}

Val dmn_eval_table(DmnRun *r, const DmnTable *t, const Scope *scope) {
  Arena *a = &r->top->arena;
  Work w = {.r = r, .t = t, .scope = scope};
  w.in = arena_zalloc(a, t->nin + 1, sizeof *w.in);
  w.failed = arena_zalloc(a, t->nrule + 1, sizeof *w.failed);
  w.hit = arena_zalloc(a, t->nrule + 1, sizeof *w.hit);
  for (size_t i = 0; i < t->nin; i++)
    if (!take_input(&w, i)) return val_null();
  if (!find_hits(&w)) return val_null();
  Val v;
  if (w.nhit) {
    w.out = arena_zalloc(a, w.nhit, sizeof *w.out);
    for (size_t i = 0; i < w.nhit; i++) w.out[i] = outputs(&w, &t->rule[w.hit[i]]);
    v = settle(&w);
  } else {
    v = no_hit(&w);
  }
  if (r->top->traced) trace(&w, v);
  return v;
}
