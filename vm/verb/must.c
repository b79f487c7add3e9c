#include "verb/must.h"

#include "feel/rules.h"

static const Rules *known;

void must_know(const Rules *args) { known = args; }

bool must_hold(Store *s, Day asof, const char *rule, const ImportCounts *n, Err *e) {
  enum { COUNTS = 5, ARGS_MOST = 100 };
  Param name[COUNTS + ARGS_MOST] = {{.name = STR("rows"), .val = val_int(n->rows)},
                         {.name = STR("added"), .val = val_int(n->added)},
                         {.name = STR("changed"), .val = val_int(n->changed)},
                         {.name = STR("unchanged"), .val = val_int(n->unchanged)},
                         {.name = STR("rejected"), .val = val_int(n->rejected)}};
  const ArgInfo *arg = NULL;
  size_t have = COUNTS, narg = known ? rules_arg_list(known, &arg) : 0;
  for (size_t i = 0; i < narg && have < COUNTS + ARGS_MOST; i++)
    if (arg[i].val.t != V_NULL) name[have++] = (Param){.name = arg[i].name, .val = arg[i].val, .unit = arg[i].unit};
  Src src = {.text = str_of(rule), .file = "--must", .line = 1, .col = 1};
  Rules *r = rules_new(store_host(s), DIALECT_RULES, "import", "account");
  Eval *ev = NULL;
  int64_t none = 0;
  Val v = val_null();
  Expr *x = rules_check(r, e) ? rules_expr(r, NULL, src, WANT_CONDITION, name, have, e) : NULL;
  bool ok = x && (!expr_varies(x) || src_err(e, &src, 0, src.text.n, "it is asked of the import: rows, added, changed, unchanged, rejected"));
  if (ok) {
    ev = eval_new(r, asof);
    ok = eval_expr(ev, x, &none, 1, &v, e);
  }
  bool holds = ok && v.t == V_BOOL && v.u.i;
  if (ok && !holds) {
    err_set(e, ERR_FAIL, "%s does not hold: %lld rows, %lld added, %lld changed, %lld unchanged, %lld rejected", rule, (long long)n->rows,
            (long long)n->added, (long long)n->changed, (long long)n->unchanged, (long long)n->rejected);
    err_todo(e, "is it the right file, and all of it?");
  }
  eval_free(ev);
  rules_free(r);
  return holds;
}
