/* Trees into values: names, operators, choices, lists, contexts, functions; the limits of the work. */
#include "feel/std.h"

#include "base/lang.h"
#include "base/stop.h"

#include <stdio.h>
#include <string.h>

enum { LOOK = 4096 }; /* steps between two looks at the clock */

void standard_init(Standard *s, Arena *a, Err *e) {
  *s = (Standard){.arena = a, .e = e, .steps = STD_STEPS, .memory = STD_MEMORY};
  s->now.offset = 0;
}

bool std_end(Standard *s, const char *what) {
  if (s->at) return src_err(s->e, s->at->src, s->at->at, s->at->len, "%s", _(what));
  return err_set(s->e, ERR_FAIL, "%s", _(what));
}

bool std_room(Standard *s, size_t more) {
  if (s->arena->total <= s->memory && more <= s->memory) return true;
  return std_end(s, "this takes too much memory: does it ever end?");
}

bool standard_step(Standard *s) {
  if (s->e->kind) return false;
  if (s->steps == 0) return std_end(s, "this takes too many steps: does it ever end?");
  if (!std_room(s, 0)) return false;
  return s->steps-- % LOOK != 0 || stop_check(s->e);
}

Val standard_null(Standard *s, const char *fmt, ...) {
  char text[256];
  va_list ap;
  if (!s->note) return val_null();
  va_start(ap, fmt);
  vsnprintf(text, sizeof text, lang_text(fmt), ap);
  va_end(ap);
  s->note(s->note_ctx, s->at ? s->at->src : NULL, s->at ? s->at->at : 0, s->at ? s->at->len : 0, text);
  return val_null();
}

/* --- names */

bool standard_find(const Scope *s, Str name, Val *out) {
  for (; s; s = s->up)
    for (size_t i = s->n; i-- > 0;)
      if (str_eq(s->entry[i].key, name)) {
        *out = s->entry[i].val;
        return true;
      }
  return false;
}

static Val name(Standard *s, const Node *x, const Scope *scope) {
  Val v;
  if (standard_find(scope, x->name, &v) || standard_builtin(x->name, &v)) return v;
  return standard_null(s, "there is nothing called %.*s", STR_ARG(x->name));
}

/* --- functions */

static const Scope *keep(Standard *s, const Scope *scope) {
  if (!scope || scope->kept) return scope;
  Scope *to = arena_alloc(s->arena, sizeof *to);
  ValEntry *entry = arena_alloc(s->arena, scope->n * sizeof *entry);
  if (scope->n) memcpy(entry, scope->entry, scope->n * sizeof *entry);
  *to = (Scope){.up = keep(s, scope->up), .entry = entry, .n = scope->n, .kept = true};
  return to;
}

Val std_closure(Standard *s, const Node *x, const Scope *scope) {
  StdFunc *f = arena_zalloc(s->arena, 1, sizeof *f);
  f->nparam = x->nname;
  f->param = x->names;
  if (!x->op) f->body = x->kid[0];
  f->scope = keep(s, scope);
  if (x->types) {
    const StdType **type = arena_alloc(s->arena, x->nname * sizeof *type);
    for (uint32_t i = 0; i < x->nname; i++) {
      type[i] = x->types[i].n ? standard_type(x->types[i], s->types, s->arena) : NULL;
      if (x->types[i].n && !type[i]) return standard_null(s, "there is no type %.*s", STR_ARG(x->types[i]));
    }
    f->type = type;
  }
  return standard_func(f);
}

Val standard_func(const StdFunc *f) { return (Val){.t = V_FUNC, .u.p = f}; }

/* --- lists and contexts */

static Val list(Standard *s, const Node *x, const Scope *scope) {
  Val *v = arena_alloc(s->arena, x->nkid * sizeof *v);
  for (uint32_t i = 0; i < x->nkid; i++) v[i] = standard_eval(s, x->kid[i], scope);
  return std_made_list(s, v, x->nkid);
}

/* A function that is an entry sees its own name, so that it can call itself. */
static Val entry_value(Standard *s, const Node *x, Str key, const Scope *scope) {
  Val v = standard_eval(s, x, scope);
  if (x->kind != N_FUNCTION || v.t != V_FUNC) return v;
  StdFunc *f = arena_alloc(s->arena, sizeof *f);
  *f = *(const StdFunc *)v.u.p;
  ValEntry *self = arena_alloc(s->arena, sizeof *self);
  Scope *own = arena_alloc(s->arena, sizeof *own);
  *self = (ValEntry){key, standard_func(f)};
  *own = (Scope){.up = f->scope, .entry = self, .n = 1, .kept = true};
  f->scope = own;
  f->name = key;
  return self->val;
}

static Val context(Standard *s, const Node *x, const Scope *scope) {
  ValEntry *entry = arena_alloc(s->arena, x->nkid * sizeof *entry);
  Scope inside = {.up = scope, .entry = entry};
  for (uint32_t i = 0; i < x->nkid; i++) {
    for (uint32_t k = 0; k < i; k++)
      if (str_eq(x->names[k], x->names[i]))
        return standard_null(s, "the context has two entries called %.*s", STR_ARG(x->names[i]));
    Val v = entry_value(s, x->kid[i], x->names[i], &inside);
    entry[i] = (ValEntry){x->names[i], v};
    inside.n = i + 1;
    if (!standard_step(s)) return val_null();
  }
  ValContext *c = arena_alloc(s->arena, sizeof *c);
  *c = (ValContext){.n = x->nkid, .entry = entry};
  return std_made(s, (Val){.t = V_CONTEXT, .u.p = c});
}

/* --- operators */

static Val logic(Standard *s, const Node *x, const Scope *scope) {
  Val a = standard_eval(s, x->kid[0], scope);
  if (x->op == OP_AND) return std_is_false(a) ? a : std_and(a, standard_eval(s, x->kid[1], scope));
  return std_is_true(a) ? a : std_or(a, standard_eval(s, x->kid[1], scope));
}

static Val compared(Standard *s, NodeOp op, Val a, Val b) {
  Val v = op == OP_EQ   ? standard_equal(s, a, b)
          : op == OP_NE ? std_not(standard_equal(s, a, b))
                        : std_ordered(a, b, op);
  if (v.t == V_NULL && a.t != V_NULL && b.t != V_NULL)
    return standard_null(s, "a %s and a %s do not compare", standard_kind(a), standard_kind(b));
  return v;
}

static Val binary(Standard *s, const Node *x, const Scope *scope) {
  if (x->op == OP_AND || x->op == OP_OR) return logic(s, x, scope);
  Val a = standard_eval(s, x->kid[0], scope), b = standard_eval(s, x->kid[1], scope);
  if (x->op >= OP_EQ && x->op <= OP_GE) return compared(s, (NodeOp)x->op, a, b);
  return std_arith(s, (NodeOp)x->op, a, b);
}

static Val between(Standard *s, const Node *x, const Scope *scope) {
  Val v = standard_eval(s, x->kid[0], scope);
  Val low = compared(s, OP_GE, v, standard_eval(s, x->kid[1], scope));
  return std_and(low, compared(s, OP_LE, v, standard_eval(s, x->kid[2], scope)));
}

static Val instance(Standard *s, const Node *x, const Scope *scope) {
  Val v = standard_eval(s, x->kid[0], scope);
  const StdType *t = standard_type(x->name, s->types, s->arena);
  bool bare = str_is(x->name, "list") || str_is(x->name, "range"); /* types only with their items' type */
  if (!t || bare) return standard_null(s, "there is no type %.*s", STR_ARG(x->name));
  if (v.t == V_NULL) return val_bool(t->kind == STD_NULL);
  return val_bool(standard_conforms(s, v, t, NULL));
}

static Val choice(Standard *s, const Node *x, const Scope *scope) {
  Val cond = standard_eval(s, x->kid[0], scope);
  return standard_eval(s, x->kid[std_is_true(cond) ? 1 : 2], scope);
}

static Val literal(Standard *s, const Node *x) {
  if (x->lit.t == V_NULL && x->len && x->src->text.p[x->at] == '@')
    return standard_null(s, "the text behind @ is no date, time or duration");
  return x->lit;
}

static Val eval(Standard *s, const Node *x, const Scope *scope) {
  switch ((NodeKind)x->kind) {
  case N_LIT: return literal(s, x);
  case N_NAME: return name(s, x, scope);
  case N_PATH: return std_path(s, standard_eval(s, x->kid[0], scope), x->name);
  case N_CALL: return std_invoke(s, x, scope);
  case N_BIN: return binary(s, x, scope);
  case N_NEG: return std_negate(s, standard_eval(s, x->kid[0], scope));
  case N_BETWEEN: return between(s, x, scope);
  case N_IN: return std_in(s, x, scope);
  case N_ANY: return val_bool(true);
  case N_RANGE: return std_range(s, x, scope);
  case N_IF: return choice(s, x, scope);
  case N_FOR: return std_loop(s, x, scope);
  case N_SOME:
  case N_EVERY: return std_quantify(s, x, scope);
  case N_FILTER: return std_filter(s, x, scope);
  case N_LIST: return list(s, x, scope);
  case N_CONTEXT: return context(s, x, scope);
  case N_FUNCTION: return std_closure(s, x, scope);
  case N_INSTANCE: return instance(s, x, scope);
  default: return standard_null(s, "this means nothing in a value");
  }
}

Val standard_eval(Standard *s, const Node *x, const Scope *scope) {
  const Node *before = s->at;
  Val v = val_null();
  s->at = x;
  if (standard_step(s)) {
    if (s->depth >= STD_DEPTH) {
      std_end(s, "calls in calls in calls: does this ever end?");
    } else {
      s->depth++;
      v = eval(s, x, scope);
      s->depth--;
    }
  }
  s->at = before;
  return s->e->kind ? val_null() : v;
}
