#include "feel/dmn_inside.h"

#include "base/lang.h"

enum { DEPTH = 400 }; /* of boxed expressions in one another, through functions too */

bool dmn_going(DmnRun *r) { return !r->top->fault.kind && !r->top->stopped.kind; }

Val dmn_broken(DmnRun *r, const Src *src, const char *fmt, ...) {
  DmnRun *top = r->top;
  Buf text = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&text, lang_text(fmt), ap);
  va_end(ap);
  if (r->m->mode == DMN_LETTER) standard_null(&top->std, "%.*s", STR_ARG(buf_view(&text)));
  else if (src) src_err(&top->fault, src, 0, src->text.n, "%.*s", STR_ARG(buf_view(&text)));
  else err_set(&top->fault, ERR_FAIL, "%.*s", STR_ARG(buf_view(&text)));
  buf_free(&text);
  return val_null();
}

static const char *const kinds[] = {
  [STD_ANY] = "Any",
  [STD_NULL] = "Null",
  [STD_NUMBER] = "number",
  [STD_STRING] = "string",
  [STD_BOOLEAN] = "boolean",
  [STD_DATE] = "date",
  [STD_TIME] = "time",
  [STD_DATE_TIME] = "date and time",
  [STD_DAYS_DURATION] = "days and time duration",
  [STD_MONTHS_DURATION] = "years and months duration",
  [STD_LIST] = "list",
  [STD_RANGE] = "range",
  [STD_CONTEXT] = "context",
  [STD_FUNCTION] = "function",
};

Str dmn_type_say(const StdType *t) { return t->name.n ? t->name : str_of(kinds[t->kind]); }

Val dmn_conform(DmnRun *r, Val v, const StdType *t, const Src *src, const char *who, Str name) {
  if (!t) return v;
  Val fit = standard_coerce(&r->top->std, v, t, NULL);
  if (fit.t != V_NULL || v.t == V_NULL || r->m->mode == DMN_LETTER || !dmn_going(r)) return fit;
  Buf text = {0};
  standard_print(v, &text);
  dmn_broken(r, src, "%s %.*s: %.*s does not conform to %.*s", who, STR_ARG(name), STR_ARG(buf_view(&text)),
             STR_ARG(dmn_type_say(t)));
  buf_free(&text);
  return fit;
}

Val dmn_eval_text(DmnRun *r, const DmnText *t, const Scope *scope) {
  if (t->fault) return standard_null(&r->top->std, "%s", t->fault);
  return t->node ? standard_eval(&r->top->std, t->node, scope) : val_null();
}

/* A frame of names that outlives the call: functions made in it keep it. */
static Scope *frame(DmnRun *r, const Scope *up, const ValEntry *entry, size_t n) {
  Scope *s = arena_zalloc(&r->top->arena, 1, sizeof *s);
  *s = (Scope){.up = up, .entry = entry, .n = n, .kept = !up || up->kept};
  return s;
}

/* --- contexts, lists, relations */

static Val eval_context(DmnRun *r, const DmnBox *b, const Scope *scope) {
  Arena *a = &r->top->arena;
  ValEntry *entry = arena_zalloc(a, b->nkid + 1, sizeof *entry);
  Scope *inner = frame(r, scope, entry, 0);
  for (size_t i = 0; i < b->nkid; i++) {
    Val v = dmn_eval(r, b->kid[i], inner);
    v = dmn_conform(r, v, b->param[i].type, NULL, "context entry", b->param[i].name);
    if (!b->param[i].name.n) return v;
    entry[inner->n++] = (ValEntry){b->param[i].name, v};
  }
  return standard_context(entry, inner->n, a);
}

static Val eval_list(DmnRun *r, const DmnBox *b, const Scope *scope) {
  Val *v = arena_zalloc(&r->top->arena, b->nkid + 1, sizeof *v);
  for (size_t i = 0; i < b->nkid; i++) v[i] = dmn_eval(r, b->kid[i], scope);
  return val_list(v, b->nkid);
}

static Val eval_row(DmnRun *r, const DmnBox *relation, const DmnBox *row, const Scope *scope) {
  ValEntry *entry = arena_zalloc(&r->top->arena, row->nkid + 1, sizeof *entry);
  for (size_t i = 0; i < row->nkid; i++) {
    const DmnParam *column = &relation->param[i];
    Val v = dmn_conform(r, dmn_eval(r, row->kid[i], scope), column->type, NULL, "column", column->name);
    entry[i] = (ValEntry){column->name, v};
  }
  return standard_context(entry, row->nkid, &r->top->arena);
}

static Val eval_relation(DmnRun *r, const DmnBox *b, const Scope *scope) {
  Val *v = arena_zalloc(&r->top->arena, b->nkid + 1, sizeof *v);
  for (size_t i = 0; i < b->nkid; i++) v[i] = eval_row(r, b, b->kid[i], scope);
  return val_list(v, b->nkid);
}

/* --- functions and their invocation */

typedef struct Closure {
  DmnRun *run;
  const DmnBox *box;
  const Scope *scope;
} Closure;

static Val call_closure(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s;
  const Closure *c = f->ctx;
  ValEntry *entry = arena_zalloc(&c->run->top->arena, n + 1, sizeof *entry);
  for (size_t i = 0; i < n; i++) entry[i] = (ValEntry){f->param[i], arg[i]};
  return dmn_eval(c->run, c->box->kid[0], frame(c->run, c->scope, entry, n));
}

static Val eval_function(DmnRun *r, const DmnBox *b, const Scope *scope) {
  Arena *a = &r->top->arena;
  StdFunc *f = arena_zalloc(a, 1, sizeof *f);
  Closure *c = arena_zalloc(a, 1, sizeof *c);
  Str *name = arena_zalloc(a, b->nparam + 1, sizeof *name);
  const StdType **type = arena_zalloc(a, b->nparam + 1, sizeof(StdType *));
  *c = (Closure){r, b, scope};
  for (size_t i = 0; i < b->nparam; i++) {
    name[i] = b->param[i].name;
    type[i] = b->param[i].type;
  }
  *f = (StdFunc){.nparam = b->nparam, .param = name, .type = type, .ctx = c};
  if (!b->external && b->nkid) f->call = call_closure;
  if (b->type) f->result = b->type->kind == STD_FUNCTION ? b->type->of : b->type;
  return standard_func(f);
}

static Val eval_invocation(DmnRun *r, const DmnBox *b, const Scope *scope) {
  Val f = dmn_eval(r, b->kid[0], scope);
  Val *arg = arena_zalloc(&r->top->arena, b->nparam + 1, sizeof *arg);
  Str *name = arena_zalloc(&r->top->arena, b->nparam + 1, sizeof *name);
  for (size_t i = 0; i < b->nparam; i++) {
    name[i] = b->param[i].name;
    const DmnBox *kid = b->kid[1 + i];
    arg[i] = dmn_conform(r, kid ? dmn_eval(r, kid, scope) : val_null(), b->param[i].type, NULL, "parameter",
                         name[i]);
  }
  if (f.t != V_FUNC) return standard_null(&r->top->std, "%s is no function to invoke", standard_kind(f));
  return standard_call(&r->top->std, f, arg, b->nparam ? name : NULL, b->nparam);
}

/* --- conditions and loops */

static bool holds(Val v) { return v.t == V_BOOL && v.u.i; }

static Val eval_if(DmnRun *r, const DmnBox *b, const Scope *scope) {
  return dmn_eval(r, b->kid[holds(dmn_eval(r, b->kid[0], scope)) ? 1 : 2], scope);
}

/* The items of what a loop goes through: a list, a range of numbers, or one thing as a list of it. */
static bool items_of(DmnRun *r, Val in, Val *out) {
  if (in.t == V_LIST) {
    *out = in;
    return true;
  }
  Val one[] = {in};
  if (in.t == V_RANGE) { /* as FEEL's own loop has it */
    static const Src text = {.text = {"for i in r return i", 19}};
    static const Str name = {"r", 1};
    Arena *a = &r->top->arena;
    Err none = {0};
    const Node *loop = standard_parse(&text, NULL, 0, a, &none);
    err_free(&none);
    ValEntry entry = {name, in};
    Scope scope = {.entry = &entry, .n = 1};
    *out = loop ? standard_eval(&r->top->std, loop, &scope) : val_null();
    return out->t == V_LIST;
  }
  *out = val_copy(val_list(one, 1), &r->top->arena);
  return in.t != V_NULL;
}

static Val eval_for(DmnRun *r, const DmnBox *b, const Scope *scope) {
  Val list;
  if (!items_of(r, dmn_eval(r, b->kid[0], scope), &list))
    return standard_null(&r->top->std, "nothing to go through");
  Val *out = arena_zalloc(&r->top->arena, list.n + 1, sizeof *out);
  for (uint32_t i = 0; i < list.n && dmn_going(r) && standard_step(&r->top->std); i++) {
    ValEntry *entry = arena_zalloc(&r->top->arena, 2, sizeof *entry);
    entry[0] = (ValEntry){b->param[0].name, list.u.v[i]};
    entry[1] = (ValEntry){STR("partial"), val_list(out, i)};
    out[i] = dmn_eval(r, b->kid[1], frame(r, scope, entry, 2));
  }
  return val_list(out, list.n);
}

/* some and every, with three values: a null leaves the answer open. */
static Val eval_quantified(DmnRun *r, const DmnBox *b, const Scope *scope) {
  bool decides = b->kind == BOX_SOME, unknown = false;
  Val list;
  if (!items_of(r, dmn_eval(r, b->kid[0], scope), &list))
    return standard_null(&r->top->std, "nothing to go through");
  for (uint32_t i = 0; i < list.n && dmn_going(r) && standard_step(&r->top->std); i++) {
    ValEntry entry = {b->param[0].name, list.u.v[i]};
    Scope inner = {.up = scope, .entry = &entry, .n = 1};
    Val v = dmn_eval(r, b->kid[1], &inner);
    if (v.t == V_BOOL && (v.u.i != 0) == decides) return v;
    if (v.t != V_BOOL && v.t != V_NULL)
      return standard_null(&r->top->std, "what has to be satisfied is true or false, not %s",
                           standard_kind(v));
    unknown |= v.t == V_NULL;
  }
  return unknown ? standard_null(&r->top->std, "what has to be satisfied is null for an item")
                 : val_bool(!decides);
}

static Val eval_filter(DmnRun *r, const DmnBox *b, const Scope *scope) {
  Val list;
  if (!items_of(r, dmn_eval(r, b->kid[0], scope), &list))
    return standard_null(&r->top->std, "nothing to filter");
  Val *out = arena_zalloc(&r->top->arena, list.n + 1, sizeof *out);
  size_t n = 0;
  for (uint32_t i = 0; i < list.n && dmn_going(r) && standard_step(&r->top->std); i++) {
    Val v = list.u.v[i];
    const ValContext *own = v.t == V_CONTEXT ? v.u.p : NULL;
    ValEntry item = {STR("item"), v};
    Scope inner = {.up = scope, .entry = &item, .n = 1};
    Scope entries = {.up = &inner, .entry = own ? own->entry : NULL, .n = own ? own->n : 0};
    Val match = dmn_eval(r, b->kid[1], &entries);
    if (match.t != V_BOOL && match.t != V_NULL)
      return standard_null(&r->top->std, "what a filter matches by is true or false, not %s",
                           standard_kind(match));
    if (holds(match)) out[n++] = v;
  }
  return val_list(out, n);
}

static Val eval_box(DmnRun *r, const DmnBox *b, const Scope *scope) {
  switch (b->kind) {
    case BOX_LITERAL: return dmn_eval_text(r, &b->text, scope);
    case BOX_TABLE: return dmn_eval_table(r, b->table, scope);
    case BOX_CONTEXT: return eval_context(r, b, scope);
    case BOX_LIST: return eval_list(r, b, scope);
    case BOX_RELATION: return eval_relation(r, b, scope);
    case BOX_FUNCTION: return eval_function(r, b, scope);
    case BOX_INVOCATION: return eval_invocation(r, b, scope);
    case BOX_IF: return eval_if(r, b, scope);
    case BOX_FOR: return eval_for(r, b, scope);
    case BOX_FILTER: return eval_filter(r, b, scope);
    default: return eval_quantified(r, b, scope);
  }
}

Val dmn_eval(DmnRun *r, const DmnBox *b, const Scope *scope) {
  if (!dmn_going(r) || !standard_step(&r->top->std)) return val_null();
  if (r->top->depth == DEPTH) {
    err_set(&r->top->stopped, ERR_FAIL, "%.*s: expressions and calls stand more than %d deep in one another",
            STR_ARG(b->owner), DEPTH);
    return val_null();
  }
  r->top->depth++;
  Val v = eval_box(r, b, scope);
  r->top->depth--;
  return b->kind == BOX_FUNCTION ? v : dmn_conform(r, v, b->type, NULL, "expression of", b->owner);
}
