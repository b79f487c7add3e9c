#include "feel/frame.h"

#include "feel/decider.h"
#include "feel/window.h"

#include <string.h>

enum { BATCH = 1024 };

Eval *eval_new(Rules *r, Day asof) {
  Eval *ev = mem_zalloc(1, sizeof *ev);
  ev->r = r;
  ev->host = r->host;
  ev->asof = asof;
  ev->batch = BATCH;
  return ev;
}

static void drop_decider(Decided *d) {
  decider_free(d->decider);
  d->decider = NULL;
  d->compiled = false;
}

static void drop_decided(Eval *ev) {
  for (size_t i = 0; i < ev->ndecided; i++) {
    Decided *d = ev->decided[i];
    drop_decider(d);
    mem_free(d->have);
    mem_free(d->row);
    mem_free(d->blocked);
    mem_free(d->in);
    mem_free(d->out);
    mem_free(d);
  }
  ev->ndecided = 0;
  arena_free(&ev->decisions);
}

static void drop_index(Eval *ev) {
  for (size_t i = 0; i < ev->nindex; i++) {
    mem_free(ev->index[i].id);
    mem_free(ev->index[i].slot);
    mem_free(ev->index[i].plain);
  }
  mem_free(ev->index);
  ev->index = NULL;
  ev->nindex = 0;
}

void eval_free(Eval *ev) {
  if (!ev) return;
  memo_clear(ev, false);
  drop_decided(ev);
  drop_index(ev);
  mem_free(ev->memo);
  mem_free(ev->retired);
  mem_free(ev->decided);
  mem_free(ev->pop);
  arena_free(&ev->keep);
  arena_free(&ev->temp);
  mem_free(ev);
}

Day eval_asof(const Eval *ev) { return ev->asof; }

void eval_touch(Eval *ev) {
  memo_clear(ev, false);
  for (size_t i = 0; i < ev->ndecided; i++) {
    Decided *d = ev->decided[i];
    drop_decider(d); /* args may have changed */
    if (!d->asked && d->cap) memset(d->have, 0, d->cap);
  }
}

void eval_release(Eval *ev) {
  memo_clear(ev, false);
  drop_decided(ev);
  drop_index(ev);
  arena_free(&ev->keep);
}

EvalCounts eval_counts(const Eval *ev) { return ev->counts; }

void eval_enter(Eval *ev, Err *e) {
  if (ev->depth++ == 0) ev->e = e;
}

bool eval_leave(Eval *ev, bool ok) {
  if (--ev->depth == 0) {
    arena_free(&ev->temp);
    memo_release(ev);
  }
  return ok;
}

void eval_population(Eval *ev, const int64_t *id, size_t n) {
  eval_population_of(ev, ev->r->entity, id, n);
}

void eval_population_of(Eval *ev, int entity, const int64_t *id, size_t n) {
  mem_free(ev->pop);
  ev->pop = NULL;
  ev->pop_set = id != NULL;
  ev->pop_entity = entity;
  ev->npop = n;
  if (id) {
    ev->pop = mem_alloc(n * sizeof *ev->pop);
    if (n) memcpy(ev->pop, id, n * sizeof *ev->pop);
  }
  memo_clear(ev, false);
}

bool eval_scope(Eval *ev, const int64_t **id, size_t *n, Err *e) {
  eval_enter(ev, e);
  const int64_t *found;
  bool set = ev->pop_set;
  ev->pop_set = false;
  bool ok = population(ev, ev->r->entity, ev->asof, &ev->temp, &found, n);
  ev->pop_set = set;
  if (ok) {
    int64_t *copy = arena_alloc(&ev->keep, *n * sizeof *copy);
    if (*n) memcpy(copy, found, *n * sizeof *copy);
    *id = copy;
  }
  return eval_leave(ev, ok);
}

bool eval_expr(Eval *ev, const Expr *x, const int64_t *id, size_t n, Val *out, Err *e) {
  return eval_into(ev, x, id, n, out, 1, &ev->keep, e);
}

bool eval_into(Eval *ev, const Expr *x, const int64_t *id, size_t n, Val *out, size_t step, Arena *a, Err *e) {
  eval_enter(ev, e);
  ev->counts.unknown = 0;
  Frame *f = frame_root(ev, &ev->temp, x->entity, ev->asof, id, n);
  Vec v = {0};
  PlainVec p;
  bool ok = frame_plain(f, x->op, &p) && (p.i || frame_eval(f, x->op, &v));
  if (ok && p.i) plain_values(&p, n, out, step);
  for (size_t i = 0; ok && !p.i && i < n; i++) out[i * step] = val_copy(vec_at(v, i), a);
  for (size_t i = 0; ok && x->want == WANT_CONDITION && i < n; i++) ev->counts.unknown += out[i * step].t == V_NULL;
  return eval_leave(ev, ok);
}

bool eval_column(Eval *ev, const Expr *x, const int64_t *id, size_t n, EvalColumn use, void *ctx, Err *e) {
  eval_enter(ev, e);
  Frame *f = frame_root(ev, &ev->temp, x->entity, ev->asof, id, n);
  Vec v = {0};
  PlainVec p;
  bool ok = frame_plain(f, x->op, &p) && (p.i || frame_eval(f, x->op, &v));
  if (ok) use(ctx, &p, v.v, v.step);
  return eval_leave(ev, ok);
}

/* --- values for people -------------------------------------------------- */

static void show_other(void *ctx, Val v, Buf *out) {
  Eval *ev = ctx;
  if (v.t == V_WINDOW) {
    window_print(v, out);
    return;
  }
  if (v.t != V_ROW) {
    buf_puts(out, "…");
    return;
  }
  const HostEntity *info = host_info(ev->host, (int)v.n);
  const HostField *key = info ? host_field(ev->host, (int)v.n, info->key) : NULL;
  Val name = val_null();
  Err none = {0};
  if (key && ev->host->column(ev->host->ctx, (int)v.n, key, ev->asof, &v.u.i, 1, &ev->temp, &name, &none) &&
      name.t == V_TEXT)
    buf_str(out, val_str(name));
  else buf_printf(out, "%.*s %lld", STR_ARG(entity_name(ev->host, (int)v.n)), (long long)v.u.i);
  err_free(&none);
}

FmtEnv eval_fmt(Eval *ev, const char *null) {
  FmtEnv env = ev->host->fmt;
  env.null = null;
  env.cell = false;
  env.other = show_other;
  env.ctx = ev;
  return env;
}

/* --- constants of the checker ------------------------------------------- */

bool op_constant(Rules *r, const Op *op, Val *out, Err *e) {
  Eval *ev = eval_new(r, 0);
  eval_enter(ev, e);
  Frame *f = frame_constant(frame_root(ev, &ev->temp, 0, 0, NULL, 0));
  f->blind = true;
  Val v;
  bool ok = frame_value(f, op, &v);
  if (ok) *out = val_copy(v, &r->arena);
  eval_leave(ev, ok);
  eval_free(ev);
  return ok;
}
