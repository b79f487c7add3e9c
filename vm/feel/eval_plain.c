#include "feel/frame.h"

#include "base/stop.h"
#include "feel/func.h"
#include "feel/plain_op.h"

#include <string.h>

/* What could be a plain column, as far as the checker knows. */
static bool figure_type(const Op *op) {
  return op->type.kind == T_NUM || op->type.kind == T_BOOL || op->type.kind == T_DATE;
}

static bool is_constant(const Op *op) { return op->kind == K_LIT || op->kind == K_ARG || op->kind == K_ASOF; }

/* max(a, b, …), min(a, b, …) */
static int extreme_sign(const Op *op) {
  if (op->kind != K_CALL || op->nkid != 1 || op->kid[0]->kind != K_LIST || op->kid[0]->nkid < 2) return 0;
  const Func *fn = op->ref;
  return strcmp(fn->name, "max") == 0 ? 1 : strcmp(fn->name, "min") == 0 ? -1 : 0;
}

/* Operations with a way of their own over plain columns. */
static bool reckoned(const Op *op) {
  switch ((OpKind)op->kind) {
    case K_ARITH: return op->code == OP_ADD || op->code == OP_SUB || op->code == OP_MUL;
    case K_CMP: return op->how != CMP_RANK;
    case K_CALL: return extreme_sign(op) != 0;
    case K_NEG: case K_ISNULL: case K_NOT: case K_AND: case K_OR: case K_IF: case K_DAYS: return true;
    default: return false;
  }
}

/* --- batches ---------------------------------------------------------------- */

typedef struct Rooms { /* given back in the order they were taken */
  PlainRoom **room;
  size_t n, cap, used;
} Rooms;

static PlainRoom *take(Rooms *r) {
  if (r->used == r->n) {
    mem_grow(r->room, r->cap, r->n + 1);
    r->room[r->n++] = mem_alloc(sizeof **r->room);
  }
  return r->room[r->used++];
}

static void rooms_free(Rooms *r) {
  for (size_t i = 0; i < r->n; i++) mem_free(r->room[i]);
  mem_free(r->room);
}

static bool reckon(Frame *f, const Op *op, size_t from, size_t n, Rooms *r, PlainVec *out);

static bool extreme_of(Frame *f, const Op *op, size_t from, size_t n, Rooms *r, PlainRoom *room, PlainVec *out) {
  const Op *list = op->kid[0];
  int sign = extreme_sign(op);
  PlainVec next;
  if (!reckon(f, list->kid[0], from, n, r, out)) return false;
  PlainRoom *other = take(r);
  for (uint32_t i = 1; i < list->nkid; i++) {
    bool last = i + 1 == list->nkid, mine = (list->nkid - 1 - i) % 2 == 0; /* so that the last is put into `room` */
    size_t mark = r->used;
    if (!reckon(f, list->kid[i], from, n, r, &next) || !plain_extreme(sign, *out, next, n, mine ? room : other, out))
      return false;
    if (!last) r->used = mark;
  }
  return true;
}

static bool operate(const Op *op, const PlainVec *kid, size_t n, PlainRoom *room, PlainVec *out) {
  NodeOp code = (NodeOp)op->code;
  switch ((OpKind)op->kind) {
    case K_ARITH: return plain_arith(code, kid[0], kid[1], n, room, out);
    case K_CMP: return plain_compare(code, kid[0], kid[1], n, room, out);
    case K_NEG: return plain_negate(kid[0], n, room, out);
    case K_ISNULL: return plain_is_null(kid[0], op->code == 1, n, room, out);
    case K_NOT: return plain_not(kid[0], n, room, out);
    case K_AND: return plain_both(kid[0], kid[1], false, n, room, out);
    case K_OR: return plain_both(kid[0], kid[1], true, n, room, out);
    default: return plain_choose(kid[0], kid[1], kid[2], n, room, out);
  }
}

static bool reckon(Frame *f, const Op *op, size_t from, size_t n, Rooms *r, PlainVec *out) {
  if (!reckoned(op)) {
    const Kept *k = frame_find(f, op, KEPT_PLAIN);
    *out = *(const PlainVec *)k->thing;
    if (out->step) out->i += from;
    if (out->step && out->has) out->has += from;
    return true;
  }
  if (op->kind == K_DAYS) /* a number of days, or never, is what it is */
    return reckon(f, op->kid[0], from, n, r, out) && out->like.t == V_NUM;
  size_t mark = r->used;
  PlainRoom *room = take(r); /* below its operands, so that they can go */
  PlainVec kid[3] = {0};
  bool ok = true;
  if (extreme_sign(op)) {
    ok = extreme_of(f, op, from, n, r, room, out);
  } else {
    for (uint32_t i = 0; ok && i < op->nkid; i++) ok = reckon(f, op->kid[i], from, n, r, &kid[i]);
    ok = ok && operate(op, kid, n, room, out);
  }
  r->used = mark + 1;
  return ok;
}

/* Leaves of the tree of reckoned operations are plain; *plain false: one of them is not. */
static bool prepare(Frame *f, const Op *op, bool *plain) {
  PlainVec p;
  if (!reckoned(op)) {
    if (!frame_plain(f, op, &p)) return false;
    *plain = p.i != NULL;
    return true;
  }
  const Op *at = extreme_sign(op) ? op->kid[0] : op;
  for (uint32_t i = 0; i < at->nkid && *plain; i++)
    if (!prepare(f, at->kid[i], plain)) return false;
  return true;
}

typedef struct Made { /* a column being put together */
  int64_t *i;
  uint8_t *has;
  PlainVec like;
} Made;

/* Another batch of the same kind; false: it is of another. */
static bool append(Made *m, const PlainVec *part, size_t from, size_t n, size_t total, Arena *a) {
  if (!from) m->like = *part;
  if (!plain_alike(m->like.like, part->like)) return false;
  if (part->has) {
    if (m->has && m->like.none.t != part->none.t) return false;
    m->like.none = part->none;
  }
  if (part->has && !m->has) {
    m->has = arena_alloc(a, total);
    memset(m->has, 1, total);
  }
  if (part->step) memcpy(m->i + from, part->i, n * sizeof *m->i);
  if (part->step && part->has && m->has) memcpy(m->has + from, part->has, n);
  return true;
}

static bool constant_column(Frame *f, const PlainVec *p, PlainVec *out) {
  int64_t *one = arena_alloc(f->arena, sizeof *one);
  uint8_t *has = p->has ? arena_alloc(f->arena, 1) : NULL;
  *one = p->i[0];
  if (has) *has = p->has[0];
  *out = (PlainVec){p->like, p->none, one, has, 0};
  return true;
}

/* Kinds may differ from batch to batch only where nothing is known; then the general way says what it is. */
static bool in_batches(Frame *f, const Op *op, PlainVec *out) {
  Rooms rooms = {0};
  Made m = {.i = arena_alloc(f->arena, (f->n + 1) * sizeof *m.i)};
  PlainVec part;
  bool ok = true, plain = true, one = false;
  *out = (PlainVec){0};
  for (size_t from = 0; ok && plain && !one && (from < f->n || !from); from += PLAIN_BATCH) {
    size_t n = f->n - from < PLAIN_BATCH ? f->n - from : PLAIN_BATCH;
    rooms.used = 0;
    plain = reckon(f, op, from, n ? n : 1, &rooms, &part);
    one = plain && !part.step;
    if (!plain || one) break;
    plain = append(&m, &part, from, n, f->n, f->arena);
    ok = stop_check(f->ev->e);
  }
  if (one) constant_column(f, &part, out);
  else if (ok && plain) *out = (PlainVec){m.like.like, m.like.none, m.i, m.has, 1};
  rooms_free(&rooms);
  return ok;
}

/* --- a column --------------------------------------------------------------- */

static void keep(Frame *f, const Op *op, const PlainVec *p) {
  PlainVec *own = arena_alloc(f->arena, sizeof *own);
  *own = *p;
  frame_keep(f, op, KEPT_PLAIN)->thing = own;
}

static bool of_values(Frame *f, const Op *op, PlainVec *out) {
  Vec v;
  *out = (PlainVec){0};
  if (!frame_eval(f, op, &v)) return false;
  if (f->n || !v.step) *out = plain_of(v.v, v.step, f->n, f->arena);
  return true;
}

static bool wide_plain(Frame *f, const Op *op, PlainVec *out) {
  if (!op->varies || frame_find(f, op, KEPT_VEC)) return of_values(f, op, out);
  switch ((OpKind)op->kind) {
    case K_METRIC: return metric_plain(f, op, out);
    case K_SERIES: return series_plain(f, op, out);
    case K_SET: return set_plain(f, op, out);
    case K_AGO: return ago_plain(f, op, out);
    default: return of_values(f, op, out);
  }
}

bool frame_plain(Frame *f, const Op *op, PlainVec *out) {
  const Kept *k = frame_find(f, op, KEPT_PLAIN);
  bool plain = true;
  if (k) {
    *out = *(const PlainVec *)k->thing;
    return true;
  }
  *out = (PlainVec){0};
  if (op_is_rows(op)) return true;
  if (is_constant(op)) {
    if (!of_values(f, op, out)) return false;
  } else if (!figure_type(op) || f->blind) {
    return true;
  } else if (op_wide(op)) {
    if (!wide_plain(f, op, out)) return false;
  } else if (reckoned(op)) {
    if (!prepare(f, op, &plain) || (plain && !in_batches(f, op, out))) return false;
  } else {
    if (!of_values(f, op, out)) return false;
  }
  if (out->i) keep(f, op, out);
  return true;
}
