#include "feel/dmn_inside.h"

#include <string.h>

enum { SERVICES = 100, ITEMS = 2000 }; /* the most services, and decisions, that ask one another */

typedef struct ItemFunc { /* what a function made of an element keeps */
  DmnRun *run;
  const DmnItem *item;
} ItemFunc;

static Val function_of(DmnRun *r, const DmnItem *item);

/* --- what an element sees */

typedef struct Frame {
  ValEntry *entry;
  size_t n;
  struct { const DmnImport *import; ValEntry *entry; size_t n, at; } *import; /* contexts being filled */
  size_t nimport, most;
} Frame;

static void add_to_import(DmnRun *r, Frame *f, const DmnImport *import, ValEntry own) {
  size_t i = 0;
  while (i < f->nimport && f->import[i].import != import) i++;
  if (i == f->nimport) {
    f->import[i].import = import;
    f->import[i].entry = arena_zalloc(&r->top->arena, f->most, sizeof(ValEntry));
    f->import[i].at = f->n++;
    f->nimport++;
  }
  f->import[i].entry[f->import[i].n++] = own;
}

static void add(DmnRun *r, Frame *f, const DmnItem *item, const DmnItem *other, Val v) {
  const DmnImport *import = other->model == item->model ? NULL : dmn_import(item->model, other->model);
  if (other->model != item->model && !import) return;
  ValEntry entry = {other->name, v};
  if (import && import->name.n) add_to_import(r, f, import, entry);
  else f->entry[f->n++] = entry;
}

static const Scope *frame_of(DmnRun *r, const DmnItem *item) {
  Arena *a = &r->top->arena;
  Frame f = {.most = item->nneed + item->nknow + 2};
  f.entry = arena_zalloc(a, f.most, sizeof *f.entry);
  f.import = arena_zalloc(a, f.most, sizeof *f.import);
  for (size_t i = 0; i < item->nneed; i++) add(r, &f, item, item->need[i], dmn_value(r, item->need[i]));
  if (item->kind == DMN_BKM) add(r, &f, item, item, function_of(r, item)); /* it may call itself */
  for (size_t i = 0; i < item->nknow; i++)
    if (item->know[i] != item) add(r, &f, item, item->know[i], function_of(r, item->know[i]));
  for (size_t i = 0; i < f.nimport; i++)
    f.entry[f.import[i].at] =
      (ValEntry){f.import[i].import->name, standard_context(f.import[i].entry, f.import[i].n, a)};
  Scope *s = arena_zalloc(a, 1, sizeof *s);
  *s = (Scope){.entry = f.entry, .n = f.n, .kept = true};
  return s;
}

/* Types that expressions name are those of the model they stand in. */
static Val eval_in_model(DmnRun *r, const DmnItem *item, const DmnBox *box, const Scope *scope) {
  Standard *s = &r->top->std;
  const StdTypes *before = s->types;
  StdTypes own = dmn_types_of(item->model);
  s->types = &own;
  Val v = dmn_eval(r, box, scope);
  s->types = before;
  return v;
}

/* --- decisions */

static Val input_value(DmnRun *r, const DmnItem *item) {
  if (r->m->mode == DMN_STRICT && r == r->top)
    return dmn_broken(r, NULL, "input %.*s is missing", STR_ARG(item->name));
  return standard_null(&r->top->std, "input %.*s is missing", STR_ARG(item->name));
}

static Val decision_value(DmnRun *r, const DmnItem *item) {
  const Scope *scope = frame_of(r, item);
  if (!item->logic) return standard_null(&r->top->std, "decision %.*s has no logic", STR_ARG(item->name));
  Val v = eval_in_model(r, item, item->logic, scope);
  return dmn_conform(r, v, item->type, NULL, "decision", item->name);
}

Val dmn_value(DmnRun *r, const DmnItem *item) {
  char *state = &r->state[item->index];
  if (*state == 2) return r->value[item->index];
  if (*state == 1 || !dmn_going(r)) return val_null();
  if (r->top->items == ITEMS) {
    err_set(&r->top->stopped, ERR_FAIL, "decision %.*s: decisions ask one another more than %d deep",
            STR_ARG(item->name), ITEMS);
    return val_null();
  }
  *state = 1;
  r->top->items++;
  Val v = item->kind == DMN_INPUT ? input_value(r, item) : decision_value(r, item);
  r->top->items--;
  r->value[item->index] = v;
  *state = 2;
  return v;
}

/* --- functions made of knowledge models and services */

static Val call_bkm(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s;
  const ItemFunc *c = f->ctx;
  Arena *a = &c->run->top->arena;
  ValEntry *entry = arena_zalloc(a, n + 1, sizeof *entry);
  for (size_t i = 0; i < n; i++) entry[i] = (ValEntry){f->param[i], arg[i]};
  Scope *inner = arena_zalloc(a, 1, sizeof *inner);
  *inner = (Scope){.up = frame_of(c->run, c->item), .entry = entry, .n = n, .kept = true};
  return eval_in_model(c->run, c->item, c->item->logic->kid[0], inner);
}

static Val service_result(DmnRun *r, const DmnItem *service) {
  if (service->nneed == 1) return dmn_value(r, service->need[0]);
  ValEntry *entry = arena_zalloc(&r->top->arena, service->nneed + 1, sizeof *entry);
  for (size_t i = 0; i < service->nneed; i++)
    entry[i] = (ValEntry){service->need[i]->name, dmn_value(r, service->need[i])};
  return standard_context(entry, service->nneed, &r->top->arena);
}

/* What a service decides is its own: it sees its inputs, and nobody outside sees what it computed. */
static Val serve(DmnRun *r, const DmnItem *service, const Val *arg) {
  Arena *a = &r->top->arena;
  DmnRun *inner = arena_zalloc(a, 1, sizeof *inner);
  inner->m = r->m;
  inner->top = r->top;
  inner->value = arena_zalloc(a, r->m->nitem + 1, sizeof *inner->value);
  inner->state = arena_zalloc(a, r->m->nitem + 1, 1);
  for (size_t i = 0; i < service->ninput; i++) {
    inner->value[service->input[i]->index] = arg[i];
    inner->state[service->input[i]->index] = 2;
  }
  if (r->top->services == SERVICES) {
    err_set(&r->top->stopped, ERR_FAIL, "service %.*s: services call one another more than %d deep",
            STR_ARG(service->name), SERVICES);
    return val_null();
  }
  r->top->services++;
  Val v = service_result(inner, service);
  r->top->services--;
  return v;
}

static Val call_service(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s;
  (void)n;
  const ItemFunc *c = f->ctx;
  return serve(c->run, c->item, arg);
}

static void bkm_params(StdFunc *f, const DmnItem *item, Str *name, const StdType **type) {
  const DmnBox *logic = item->logic;
  if (!logic) return; /* called, it is null */
  f->nparam = logic->nparam;
  for (size_t i = 0; i < logic->nparam; i++) {
    name[i] = logic->param[i].name;
    type[i] = logic->param[i].type;
  }
  if (!logic->external && logic->nkid) f->call = call_bkm;
  if (logic->type) f->result = logic->type->kind == STD_FUNCTION ? logic->type->of : logic->type;
}

static Val function_of(DmnRun *r, const DmnItem *item) {
  Arena *a = &r->top->arena;
  StdFunc *f = arena_zalloc(a, 1, sizeof *f);
  ItemFunc *ctx = arena_zalloc(a, 1, sizeof *ctx);
  size_t n = item->kind == DMN_SERVICE ? item->ninput : item->logic ? item->logic->nparam : 0;
  Str *name = arena_zalloc(a, n + 1, sizeof *name);
  const StdType **type = arena_zalloc(a, n + 1, sizeof(StdType *));
  *ctx = (ItemFunc){r, item};
  *f = (StdFunc){.name = item->name, .param = name, .type = type, .ctx = ctx};
  if (item->typeref.n) f->result = item->type->kind == STD_FUNCTION ? item->type->of : item->type;
  if (item->kind == DMN_BKM) {
    bkm_params(f, item, name, type);
    return standard_func(f);
  }
  f->nparam = n;
  f->call = call_service;
  for (size_t i = 0; i < n; i++) {
    name[i] = item->input[i]->name;
    type[i] = item->input[i]->type;
  }
  return standard_func(f);
}

/* --- the run, from outside */

enum { NOTES = 1000, NOTE_BYTES = 400 };

static void keep_note(void *ctx, const Src *src, size_t at, size_t len, const char *text) {
  DmnRun *r = ctx;
  (void)len;
  (void)at;
  if (r->nnote == NOTES) return;
  mem_grow(r->note, r->capnote, r->nnote + 1);
  r->note[r->nnote++] = src && src->line ? arena_printf(&r->arena, "%s:%d: %.*s", src->file ? src->file : "",
                                                        src->line, NOTE_BYTES, text)
                                         : arena_printf(&r->arena, "%.*s", NOTE_BYTES, text);
}

DmnRun *dmn_run_new(const Dmn *m, ValClock now) {
  DmnRun *r = mem_zalloc(1, sizeof *r);
  r->m = m;
  r->top = r;
  standard_init(&r->std, &r->arena, &r->stopped);
  r->std.now = now;
  r->std.note = keep_note;
  r->std.note_ctx = r;
  r->value = arena_zalloc(&r->arena, m->nitem + 1, sizeof *r->value);
  r->state = arena_zalloc(&r->arena, m->nitem + 1, 1);
  return r;
}

void dmn_run_free(DmnRun *r) {
  if (!r) return;
  arena_free(&r->arena);
  err_free(&r->stopped);
  err_free(&r->fault);
  mem_free(r->note);
  mem_free(r->trace);
  mem_free(r);
}

Arena *dmn_run_arena(DmnRun *r) { return &r->arena; }
Standard *dmn_run_standard(DmnRun *r) { return &r->std; }
void dmn_run_trace(DmnRun *r) { r->traced = true; }

/* Ends a call from outside: the first fault is its error. */
static bool finish(DmnRun *r, Val v, Val *out, Err *e) {
  err_move(e, &r->stopped);
  err_move(e, &r->fault);
  *out = e->kind ? val_null() : v;
  return !e->kind;
}

bool dmn_give(DmnRun *r, const DmnItem *input, Val v, Err *e) {
  Val fit = standard_coerce(&r->std, v, input->type, NULL);
  r->value[input->index] = fit;
  r->state[input->index] = 2;
  if (r->stopped.kind) {
    err_move(e, &r->stopped);
    return false;
  }
  if (fit.t != V_NULL || v.t == V_NULL || r->m->mode == DMN_LETTER) return true;
  Buf text = {0};
  standard_print(v, &text);
  const Node *allowed = input->type->allowed;
  if (allowed && allowed->src)
    err_set(e, ERR_FAIL, "input %.*s is %.*s, and its values are %.*s", STR_ARG(input->name),
            STR_ARG(buf_view(&text)), STR_ARG(allowed->src->text));
  else
    err_set(e, ERR_FAIL, "input %.*s: %.*s does not conform to %.*s", STR_ARG(input->name),
            STR_ARG(buf_view(&text)), STR_ARG(dmn_type_say(input->type)));
  buf_free(&text);
  return false;
}

bool dmn_decide(DmnRun *r, const DmnItem *decision, Val *out, Err *e) {
  return finish(r, dmn_value(r, decision), out, e);
}

bool dmn_serve(DmnRun *r, const DmnItem *service, Val *out, Err *e) {
  Val *arg = arena_zalloc(&r->arena, service->ninput + 1, sizeof *arg);
  for (size_t i = 0; i < service->ninput; i++) {
    const DmnItem *in = service->input[i];
    if (r->state[in->index] == 2) arg[i] = r->value[in->index];
    else if (r->m->mode == DMN_STRICT) dmn_broken(r, NULL, "input %.*s is missing", STR_ARG(in->name));
  }
  return finish(r, dmn_going(r) ? serve(r, service, arg) : val_null(), out, e);
}

bool dmn_invoke(DmnRun *r, const DmnItem *bkm, const Val *arg, const Str *name, size_t n, Val *out, Err *e) {
  return finish(r, standard_call(&r->std, function_of(r, bkm), arg, name, n), out, e);
}

size_t dmn_notes(const DmnRun *r, const char *const **list) {
  *list = r->note;
  return r->nnote;
}

size_t dmn_traces(const DmnRun *r, const DmnTableTrace **list) {
  *list = r->trace;
  return r->ntrace;
}
