/* Calls: what is called, which argument is which parameter, what conforms. */
#include "feel/std.h"

#include <string.h>

/* Arguments in order of the parameters, null for those not named; false and a note when they are not f's. */
static bool arrange(Standard *s, const StdFunc *f, const Val *arg, const Str *names, size_t n, Val *out) {
  for (size_t i = 0; i < f->nparam; i++) out[i] = val_null();
  if (n > f->nparam || (!names && n < f->nparam)) {
    standard_null(s, "%.*s takes %zu arguments, not %zu", STR_ARG(f->name.n ? f->name : STR("the function")),
                  f->nparam, n);
    return false;
  }
  for (size_t i = 0; i < n; i++) {
    size_t at = i;
    if (names && names[i].n)
      for (at = 0; at < f->nparam && !str_eq(f->param[at], names[i]); at++) continue;
    if (at == f->nparam) {
      standard_null(s, "there is no parameter %.*s", STR_ARG(names[i]));
      return false;
    }
    for (size_t k = 0; names && k < i; k++)
      if (str_eq(names[k], names[i])) {
        standard_null(s, "the argument %.*s is given twice", STR_ARG(names[i]));
        return false;
      }
    const StdType *t = f->type ? f->type[at] : NULL;
    out[at] = standard_coerce(s, arg[i], t, f->scope);
    if (out[at].t == V_NULL && arg[i].t != V_NULL) return false;
  }
  return true;
}

static Val run_body(Standard *s, const StdFunc *f, const Val *arg) {
  ValEntry *entry = arena_alloc(s->arena, f->nparam * sizeof *entry);
  for (size_t i = 0; i < f->nparam; i++) entry[i] = (ValEntry){f->param[i], arg[i]};
  Scope inside = {.up = f->scope, .entry = entry, .n = f->nparam};
  return standard_eval(s, f->body, &inside);
}

Val standard_call(Standard *s, Val callee, const Val *arg, const Str *names, size_t n) {
  if (callee.t != V_FUNC) return standard_null(s, "a %s cannot be called", standard_kind(callee));
  const StdFunc *f = callee.u.p;
  if (f->variadic) return std_builtin_call(s, f->name, arg, names, n);
  Val *in = arena_alloc(s->arena, (f->nparam + 1) * sizeof *in);
  if (!standard_step(s) || !arrange(s, f, arg, names, n, in)) return val_null();
  if (!f->call && !f->body) return standard_null(s, "functions outside of FEEL are not called");
  Val v = f->call ? f->call(s, f, in, f->nparam) : run_body(s, f, in);
  return s->e->kind ? val_null() : standard_coerce(s, v, f->result, f->scope);
}

static bool find_callee(Standard *s, const Node *x, const Scope *scope, Val *out) {
  if (x->op == CALL_EXPR) {
    *out = standard_eval(s, x->kid[0], scope);
    return true;
  }
  return standard_find(scope, x->name, out);
}

Val std_invoke(Standard *s, const Node *x, const Scope *scope) {
  uint32_t first = x->op == CALL_EXPR;
  size_t n = x->nkid - first;
  Val callee;
  bool found = find_callee(s, x, scope, &callee);
  if (!found && !standard_is_builtin(x->name))
    return standard_null(s, "there is no function %.*s", STR_ARG(x->name));
  Val *arg = arena_alloc(s->arena, (n + 1) * sizeof *arg);
  for (size_t i = 0; i < n; i++) arg[i] = standard_eval(s, x->kid[first + i], scope);
  if (s->e->kind) return val_null();
  const Str *names = x->names ? x->names + first : NULL;
  if (!found) return std_builtin_call(s, x->name, arg, names, n);
  return standard_call(s, callee, arg, names, n);
}

bool std_is_function(Val v, size_t params) {
  const StdFunc *f = v.u.p;
  return v.t == V_FUNC && (f->variadic || f->nparam == params);
}
