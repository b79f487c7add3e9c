#include "feel/dmn_inside.h"

typedef struct Walk {
  const Src *src;
  Err *e;
} Walk;

static bool in_scope(const DmnNames *s, Str name) {
  for (; s; s = s->up)
    for (size_t i = 0; i < s->n; i++)
      if (str_eq(s->name[i], name)) return true;
  return false;
}

/* Inside a filter the entries of the items are names too, and nobody knows them before the items are there. */
static bool open_scope(const DmnNames *s) { return in_scope(s, STR("?*")); }

static bool check_name(const Walk *w, const Node *x, const DmnNames *scope) {
  if (in_scope(scope, x->name) || standard_is_builtin(x->name) || open_scope(scope)) return true;
  Str name[256];
  size_t n = 0;
  for (const DmnNames *s = scope; s; s = s->up)
    for (size_t i = 0; i < s->n && n < 256; i++) name[n++] = s->name[i];
  src_err(w->e, w->src, x->at, x->name.n ? x->len : 1, "there is no %.*s here", STR_ARG(x->name));
  src_suggest(w->e, x->name, name, n);
  if (!w->e->todo) err_todo(w->e, "a decision sees what its requirements name; texts stand in quotes");
  return false;
}

static bool walk(const Walk *w, const Node *x, const DmnNames *scope);

static bool walk_kids(const Walk *w, const Node *x, uint32_t from, const DmnNames *scope) {
  for (uint32_t i = from; i < x->nkid; i++)
    if (x->kid[i] && !walk(w, x->kid[i], scope)) return false;
  return true;
}

/* Each variable is seen by what follows it; "partial" by the result of a for. */
static bool walk_loop(const Walk *w, const Node *x, const DmnNames *scope) {
  static const Str partial[] = {{"partial", 7}};
  const DmnNames base = {partial, x->kind == N_FOR, scope, NULL};
  for (uint32_t i = 0; i < x->nkid; i++) {
    DmnNames inner = {x->names, i, &base, NULL};
    if (!walk(w, x->kid[i], &inner)) return false;
  }
  return true;
}

static bool walk_context(const Walk *w, const Node *x, const DmnNames *scope) {
  for (uint32_t i = 0; i < x->nkid; i++) {
    DmnNames inner = {x->names, i + (x->kid[i]->kind == N_FUNCTION), scope, NULL};
    if (!walk(w, x->kid[i], &inner)) return false;
  }
  return true;
}

static bool walk(const Walk *w, const Node *x, const DmnNames *scope) {
  static const Str item[] = {{"item", 4}, {"?*", 2}};
  switch (x->kind) {
    case N_NAME: return check_name(w, x, scope);
    case N_CALL: return (x->op == CALL_EXPR || check_name(w, x, scope)) && walk_kids(w, x, 0, scope);
    case N_FOR:
    case N_SOME:
    case N_EVERY: return walk_loop(w, x, scope);
    case N_CONTEXT: return walk_context(w, x, scope);
    case N_FUNCTION: {
      DmnNames inner = {x->names, x->nname, scope, NULL};
      return x->op == 1 || walk_kids(w, x, 0, &inner);
    }
    case N_FILTER: {
      DmnNames inner = {item, 2, scope, NULL};
      return walk(w, x->kid[0], scope) && walk_kids(w, x, 1, &inner);
    }
    default: return walk_kids(w, x, 0, scope);
  }
}

bool dmn_check_names(const Src *src, const Node *x, const DmnNames *scope, Err *e) {
  Walk w = {src, e};
  return walk(&w, x, scope);
}
