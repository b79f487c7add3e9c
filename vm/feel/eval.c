#include "feel/frame.h"

#include "base/halves.h"
#include "base/num.h"
#include "base/stop.h"
#include "feel/func.h"
#include "feel/window.h"

#include <string.h>

/* Columns of intermediate results: a stack of blocks, given back in the order they were taken. */
typedef struct Scratch {
  Arena arena;
  Val **block;
  size_t n, cap, used;
  size_t batch;
} Scratch;

static Val *scratch_take(Scratch *s) {
  if (s->used == s->n) {
    mem_grow(s->block, s->cap, s->n + 1);
    s->block[s->n++] = arena_alloc(&s->arena, s->batch * sizeof(Val));
  }
  return s->block[s->used++];
}

static void scratch_free(Scratch *s) {
  mem_free(s->block);
  arena_free(&s->arena);
}

Val *column_new(Frame *f, size_t n) { return arena_alloc(f->arena, (n ? n : 1) * sizeof(Val)); }

Vec vec_null(void) {
  static const Val null = {0};
  return (Vec){&null, 0};
}

/* --- one op over a batch ------------------------------------------------ */

static Vec span(Frame *f, const Op *op, size_t from, size_t n, Scratch *s);

static bool int_pair(Val a, Val b) { return a.t == V_NUM && b.t == V_NUM && a.e == b.e; }

static void arith(Frame *f, const Op *op, Vec a, Vec b, Val *out, size_t n) {
  NodeOp code = (NodeOp)op->code;
  for (size_t i = 0; i < n; i++) {
    Val x = vec_at(a, i), y = vec_at(b, i);
    int64_t r;
    if (int_pair(x, y) && ((code == OP_ADD && !__builtin_add_overflow(x.u.i, y.u.i, &r)) ||
                           (code == OP_SUB && !__builtin_sub_overflow(x.u.i, y.u.i, &r))))
      out[i] = val_dec(r, x.e);
    else out[i] = value_arith(code, x, y, f->asof, f->arena);
  }
}

static void compare(Frame *f, const Op *op, Vec a, Vec b, Val *out, size_t n) {
  for (size_t i = 0; i < n; i++)
    out[i] = value_compare((NodeOp)op->code, (CmpHow)op->how, op->ref, vec_at(a, i), vec_at(b, i), f->asof);
}

static Val list_of(Frame *f, const Vec *kid, uint32_t nkid, size_t i) {
  Val *v = arena_alloc(f->arena, (nkid ? nkid : 1) * sizeof *v);
  for (uint32_t k = 0; k < nkid; k++) v[k] = vec_at(kid[k], i);
  return val_list(v, nkid);
}

static Val range_of(Frame *f, const Op *op, const Vec *kid, size_t i) {
  Val *v = arena_alloc(f->arena, 2 * sizeof *v);
  v[0] = vec_at(kid[0], i);
  v[1] = vec_at(kid[1], i);
  if (!v[0].t || !v[1].t) return val_null();
  return (Val){.t = V_RANGE, .e = (int8_t)op->code, .n = 2, .u.v = v};
}

static Val call(FuncCtx *c, const Op *op, const Vec *kid, size_t i) {
  const Func *fn = op->ref;
  Val arg[FUNC_ARGS];
  int n = 0;
  for (uint32_t k = 0; k < op->nkid; k++) {
    arg[n] = vec_at(kid[k], i);
    if (!fn->nulls && arg[n].t == V_NULL) return val_null();
    n++;
  }
  return fn->fn(c, arg, n);
}

static Val filled(Frame *f, const Op *op, const Vec *kid, size_t i, const FmtEnv *env, Buf *b) {
  buf_clear(b);
  for (uint32_t k = 0; k < op->nkid; k++) {
    buf_str(b, op->text[k]);
    fmt_val(vec_at(kid[k], i), op->kid[k]->type.unit, op->fmt[k], env, b);
  }
  buf_str(b, op->text[op->nkid]);
  return val_text((Str){arena_strndup(f->arena, b->p ? b->p : "", b->n), b->n});
}

static Val missing(Frame *f, const Op *op, const Vec *kid, size_t i, Buf *b) {
  buf_clear(b);
  for (uint32_t k = 0; k < op->nkid; k++)
    if (vec_at(kid[k], i).t == V_NULL) buf_printf(b, "%s%.*s", b->n ? ", " : "", STR_ARG(op->text[k]));
  return val_text((Str){arena_strndup(f->arena, b->p ? b->p : "", b->n), b->n});
}

static Val one_row(Frame *f, const Op *op, const Vec *kid, size_t i) {
  Val a = vec_at(kid[0], i);
  switch ((OpKind)op->kind) {
    case K_NEG: return value_neg(a, f->arena);
    case K_ISNULL: return val_bool((a.t == V_NULL) != (op->code == 1));
    case K_NOT: return value_not(a);
    case K_AND: return value_and(a, vec_at(kid[1], i));
    case K_OR: return value_or(a, vec_at(kid[1], i));
    case K_IF: return a.t != V_BOOL ? val_null() : vec_at(kid[a.u.i ? 1 : 2], i);
    case K_HAS: return value_has(a, vec_at(kid[1], i));
    case K_INSIDE: return value_inside(a, vec_at(kid[1], i), f->asof);
    case K_INRANGE: return value_in_range(a, vec_at(kid[1], i), f->asof);
    case K_DAYS: {
      Val d;
      return func_days(a, f->asof, &d, f->arena) ? d : a.t == V_NEVER || val_is_num(a) ? a : val_null();
    }
    case K_RANGE: return range_of(f, op, kid, i);
    default: return val_null();
  }
}

/* Text op by op: one buffer serves all rows. */
static void sentences(Frame *f, const Op *op, const Vec *kid, Val *out, size_t n) {
  FmtEnv env = eval_fmt(f->ev, "?");
  Buf b = {0};
  for (size_t i = 0; i < n; i++)
    out[i] = op->kind == K_TEMPLATE ? filled(f, op, kid, i, &env, &b) : missing(f, op, kid, i, &b);
  buf_free(&b);
}

/* Rules say what is too large; by the standard it is null. */
static Err *frame_faults(const Frame *f) {
  return f->ev->r->dialect == DIALECT_RULES ? f->ev->e : NULL;
}

static void compute(Frame *f, const Op *op, const Vec *kid, Val *out, size_t n) {
  switch ((OpKind)op->kind) {
    case K_ARITH: arith(f, op, kid[0], kid[1], out, n); return;
    case K_CMP: compare(f, op, kid[0], kid[1], out, n); return;
    case K_TEMPLATE: case K_MISSING: sentences(f, op, kid, out, n); return;
    case K_CALL: {
      FuncCtx c = {.arena = f->arena, .asof = f->asof, .e = frame_faults(f)};
      for (size_t i = 0; i < n; i++) out[i] = call(&c, op, kid, i);
      return;
    }
    case K_LIST:
      for (size_t i = 0; i < n; i++) out[i] = list_of(f, kid, op->nkid, i);
      return;
    default:
      for (size_t i = 0; i < n; i++) out[i] = one_row(f, op, kid, i);
  }
}

static Vec constant(Frame *f, const Op *op) {
  if (op->kind == K_LIT) return (Vec){&op->lit, 0};
  Kept *k = frame_find(f, op, KEPT_VEC);
  return k ? k->vec : vec_null();
}

static bool is_constant(const Op *op) { return op->kind == K_LIT || op->kind == K_ARG || op->kind == K_ASOF; }

static Vec span(Frame *f, const Op *op, size_t from, size_t n, Scratch *s) {
  if (is_constant(op)) return constant(f, op);
  if (op_wide(op)) {
    Vec v = frame_find(f, op, KEPT_VEC)->vec;
    return (Vec){v.v + from * v.step, v.step};
  }
  size_t mark = s->used;
  Val *out = scratch_take(s); /* below its operands, so that they can go */
  Vec few[4], *kid = op->nkid <= 4 ? few : mem_alloc(op->nkid * sizeof *kid);
  bool varies = false;
  for (uint32_t i = 0; i < op->nkid; i++) {
    kid[i] = span(f, op->kid[i], from, n, s);
    varies |= kid[i].step != 0;
  }
  compute(f, op, kid, out, varies ? n : 1);
  if (kid != few) mem_free(kid);
  s->used = mark + 1;
  return (Vec){out, varies};
}

/* --- a column ----------------------------------------------------------- */

static bool keep_constant(Frame *f, const Op *op) {
  if (op->kind == K_LIT || frame_find(f, op, KEPT_VEC)) return true;
  Val *v = column_new(f, 1);
  if (op->kind == K_ASOF) {
    *v = val_date(f->asof);
  } else {
    const Sym *arg = op->ref;
    *v = arg->val;
    if (arg->op) { /* an arg is the same on every day looked back to */
      Frame *top = frame_on(frame_constant(f), f->ev->asof);
      if (!frame_value(top, arg->op, v)) return false;
    }
  }
  frame_keep(f, op, KEPT_VEC)->vec = (Vec){v, 0};
  return true;
}

/* Everything that a batch will find ready: constants and wide columns below op. */
static bool prepare(Frame *f, const Op *op) {
  if (is_constant(op)) return keep_constant(f, op);
  Vec v;
  if (op_wide(op)) return frame_eval(f, op, &v);
  for (uint32_t i = 0; i < op->nkid; i++)
    if (!prepare(f, op->kid[i])) return false;
  return true;
}

/* Does each row say for itself what it comes to, without the host, and without times, whose zones are kept? */
static bool row_by_row(const Op *op) {
  TypeKind kind = op->type.kind;
  if (is_constant(op) || op_wide(op)) return true;
  if (kind != T_NUM && kind != T_BOOL && kind != T_TEXT && kind != T_DATE) return false;
  if (op->kind == K_TEMPLATE || op->kind == K_MISSING) return false;
  for (uint32_t i = 0; i < op->nkid; i++) {
    kind = op->kid[i]->type.kind;
    if ((kind != T_NUM && kind != T_BOOL && kind != T_TEXT && kind != T_DATE) || !row_by_row(op->kid[i])) return false;
  }
  return true;
}

typedef struct Making { /* a column, from row `first` on */
  Frame *f;
  const Op *op;
  Val *v;
  size_t first, batch;
  Arena arena; /* of the second half, and what went wrong there */
  Err e;
} Making;

static void some_batches(void *ctx, int half, size_t from, size_t to) {
  Making *c = ctx;
  Frame f = *c->f;
  Eval ev = *f.ev;
  f.ev = &ev;
  if (half) {
    f.arena = &c->arena;
    ev.e = &c->e;
  }
  Scratch s = {.batch = c->batch};
  for (size_t n; from < to && !ev.e->kind && stop_check(ev.e); from += n) {
    n = to - from < s.batch ? to - from : s.batch;
    s.used = 0;
    Vec v = span(&f, c->op, c->first + from, n, &s);
    memcpy(c->v + c->first + from, v.v, n * sizeof *v.v);
  }
  scratch_free(&s);
}

/* The first half's error is the one that stands. */
static bool rest_of(Making *c) {
  enum { MANY = 8192 };
  const size_t n = c->f->n - c->first;
  Err *e = c->f->ev->e;
  in_halves(n, row_by_row(c->op) ? MANY : SIZE_MAX, c->batch, some_batches, c);
  arena_join(c->f->arena, &c->arena);
  if (c->e.kind && !e->kind) err_move(e, &c->e);
  err_free(&c->e);
  return !e->kind;
}

static bool in_batches(Frame *f, const Op *op, Vec *out) {
  Scratch s = {.batch = f->n < f->ev->batch ? (f->n ? f->n : 1) : f->ev->batch};
  const size_t n = f->n < s.batch ? f->n : s.batch;
  Vec v = span(f, op, 0, n, &s);
  bool ok = !f->ev->e->kind;
  Val *col = column_new(f, v.step ? f->n : 1);
  memcpy(col, v.v, (v.step ? n : 1) * sizeof *col);
  *out = (Vec){col, v.step};
  if (ok && v.step && n < f->n) ok = rest_of(&(Making){.f = f, .op = op, .v = col, .first = n, .batch = s.batch});
  scratch_free(&s);
  return ok;
}

bool frame_eval(Frame *f, const Op *op, Vec *out) {
  if (is_constant(op)) {
    if (!keep_constant(f, op)) return false;
    *out = constant(f, op);
    return true;
  }
  if (!op_wide(op)) return prepare(f, op) && in_batches(f, op, out);
  Kept *k = frame_find(f, op, KEPT_VEC);
  if (k) {
    *out = k->vec;
    return true;
  }
  Frame *at = op->varies || f == f->constant ? f : frame_constant(f);
  if (at != f) {
    if (!frame_eval(at, op, out)) return false;
    out->step = 0;
  } else if (!wide_eval(f, op, out)) {
    return false;
  }
  frame_keep(f, op, KEPT_VEC)->vec = *out;
  return true;
}

bool frame_value(Frame *f, const Op *op, Val *out) {
  Vec v;
  if (!frame_eval(frame_constant(f), op, &v)) return false;
  *out = vec_at(v, 0);
  return true;
}

bool frame_full(Frame *f, const Op *op, const Val **out) {
  Vec v;
  if (!frame_eval(f, op, &v)) return false;
  if (v.step == 1 || f->n == 0) {
    *out = v.v;
    return true;
  }
  Val *col = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) col[i] = vec_at(v, i);
  *out = col;
  return true;
}
