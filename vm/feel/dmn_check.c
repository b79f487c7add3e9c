#include "feel/dmn_inside.h"

#include "base/lang.h"

/* --- kinds of literals */

static StdKind kind_of(Val v) {
  switch (v.t) {
    case V_BOOL: return STD_BOOLEAN;
    case V_NUM:
    case V_BIG: return STD_NUMBER;
    case V_TEXT: return STD_STRING;
    case V_DATE: return STD_DATE;
    case V_TIME: return STD_TIME;
    case V_DATETIME: return STD_DATE_TIME;
    case V_SECS: return STD_DAYS_DURATION;
    case V_MONTHS: return STD_MONTHS_DURATION;
    default: return STD_ANY;
  }
}

static const char *const kinds[] = {
  [STD_NUMBER] = N_("a number"),
  [STD_STRING] = N_("text"),
  [STD_BOOLEAN] = N_("true or false"),
  [STD_DATE] = N_("a date"),
  [STD_TIME] = N_("a time"),
  [STD_DATE_TIME] = N_("a date and time"),
  [STD_DAYS_DURATION] = N_("a duration in days and time"),
  [STD_MONTHS_DURATION] = N_("a duration in years and months"),
};

static const Node *literal(const Node *x) {
  if (x && x->kind == N_NEG && x->kid[0]->kind == N_LIT) return x->kid[0];
  return x && x->kind == N_LIT && x->lit.t != V_NULL ? x : NULL;
}

static bool simple(StdKind k) { return k >= STD_NUMBER && k <= STD_MONTHS_DURATION; }

static bool same_kind(const Src *src, const Node *lit, const DmnColumn *c, Err *e) {
  if (!lit || !c->type || !simple(c->type->kind) || !simple(kind_of(lit->lit))) return true;
  StdKind have = kind_of(lit->lit);
  if (have == c->type->kind || (have == STD_DATE && c->type->kind == STD_DATE_TIME)) return true;
  return src_err(e, src, lit->at, lit->len, "%.*s is %s, this is %s", STR_ARG(c->name), _(kinds[c->type->kind]),
                 _(kinds[have]));
}

/* --- values outside those that are allowed */

typedef struct Judge {
  Arena arena;
  Err e;
  Standard std;
} Judge;

static bool allowed(Judge *j, const Src *src, const Node *lit, const DmnColumn *c, Err *e) {
  const Node *tests = c->values.node ? c->values.node : c->type ? c->type->allowed : NULL;
  if (!lit || !tests || lit->kind != N_LIT) return true;
  Val ok = standard_test(&j->std, tests, lit->lit, NULL);
  if (j->e.kind || (ok.t == V_BOOL && ok.u.i)) return true;
  src_err(e, src, lit->at, lit->len, "%.*s is never this", STR_ARG(c->name.n ? c->name : STR("the output")));
  Str text = c->values.node ? c->values.src.text : tests->src ? tests->src->text : (Str){0};
  return text.n ? err_todo(e, "it is one of %.*s", STR_ARG(text)) : false;
}

static bool check_literal(Judge *j, const Src *src, const Node *x, const DmnColumn *c, bool value, Err *e) {
  const Node *lit = literal(x);
  return same_kind(src, lit, c, e) && (!value || lit != x || allowed(j, src, lit, c, e));
}

static bool check_test(Judge *j, const Src *src, const Node *x, const DmnColumn *c, Err *e) {
  if (x->kind == N_TEST) return check_literal(j, src, x->kid[0], c, x->op == OP_EQ, e);
  if (x->kind == N_RANGE)
    return check_literal(j, src, x->kid[0], c, false, e) && check_literal(j, src, x->kid[1], c, false, e);
  return check_literal(j, src, x, c, true, e);
}

static bool check_cell(Judge *j, const DmnText *t, const DmnColumn *c, Err *e) {
  if (!t->node || t->node->kind != N_TESTS) return true;
  for (uint32_t i = 0; i < t->node->nkid; i++)
    if (!check_test(j, &t->src, t->node->kid[i], c, e)) return false;
  return true;
}

static bool check_output(Judge *j, const DmnText *t, const DmnColumn *c, Err *e) {
  return !t->node || check_literal(j, &t->src, t->node, c, true, e);
}

static bool check_rows(Judge *j, const DmnTable *t, Err *e) {
  for (size_t r = 0; r < t->nrule; r++) {
    for (size_t i = 0; i < t->nin; i++)
      if (!check_cell(j, &t->rule[r].in[i], &t->in[i], e)) return false;
    for (size_t i = 0; i < t->nout; i++) {
      const DmnText *cell = &t->rule[r].out[i];
      if (!cell->src.text.n) return src_err(e, &cell->src, 0, 0, "%s: the output is blank", cell->src.what);
      if (!check_output(j, cell, &t->out[i], e)) return false;
    }
  }
  return true;
}

static bool check_policy(const DmnModel *m, const DmnTable *t, Err *e) {
  if (t->policy != POLICY_PRIORITY && t->policy != POLICY_OUTPUT_ORDER) return true;
  bool ordered = false;
  for (size_t i = 0; i < t->nout; i++)
    ordered |= t->out[i].values.node || (t->out[i].type && t->out[i].type->allowed);
  if (ordered) return true;
  dmn_fault(m, t->xml, e, "table %.*s goes by the order of its output's values, and none are given",
            STR_ARG(t->name));
  return err_todo(e, "list them in outputValues, the most important first");
}

bool dmn_check_table(const DmnModel *m, const DmnTable *t, Err *e) {
  Judge j = {0};
  standard_init(&j.std, &j.arena, &j.e);
  bool ok = check_policy(m, t, e);
  for (size_t i = 0; i < t->nout && ok; i++) ok = check_output(&j, &t->out[i].fallback, &t->out[i], e);
  ok = ok && check_rows(&j, t, e);
  err_free(&j.e);
  arena_free(&j.arena);
  return ok;
}
