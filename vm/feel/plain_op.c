#include "feel/plain_op.h"

#include <string.h>

typedef struct Pair { /* two sides under one exponent */
  PlainVec a, b;
  int64_t room[PLAIN_BATCH];
} Pair;

static bool times_ten(PlainVec *p, int by, size_t n, int64_t *room) {
  int64_t factor = 1;
  for (; by > 0; by--)
    if (__builtin_mul_overflow(factor, 10, &factor)) return false;
  size_t rows = p->step ? n : 1;
  for (size_t k = 0; k < rows; k++)
    if (__builtin_mul_overflow(p->i[k], factor, &room[k])) return false;
  p->i = room;
  return true;
}

static bool align(Pair *p, size_t n) {
  int a = p->a.like.e, b = p->b.like.e;
  PlainVec *high = a > b ? &p->a : &p->b;
  if (a == b) return true;
  if (!times_ten(high, a > b ? a - b : b - a, n, p->room)) return false;
  high->like.e = (int8_t)(a < b ? a : b);
  return true;
}

static bool all_known(PlainVec p, size_t n) {
  if (!p.has) return true;
  return !memchr(p.has, 0, p.step ? n : 1);
}

/* Numbers, and null where nothing is known. */
static bool figures(PlainVec p, size_t n) { return p.like.t == V_NUM && (p.none.t == V_NULL || all_known(p, n)); }

/* Rows of which both sides are known; NULL: all. */
static const uint8_t *both_known(PlainVec a, PlainVec b, size_t n, uint8_t *room) {
  if (!a.has && !b.has) return NULL;
  for (size_t k = 0; k < n; k++) room[k] = plain_has(&a, k) && plain_has(&b, k);
  return room;
}

static uint32_t step_of(PlainVec a, PlainVec b) { return a.step | b.step; }

bool plain_arith(NodeOp op, PlainVec a, PlainVec b, size_t n, PlainRoom *room, PlainVec *out) {
  Pair p = {.a = a, .b = b};
  if (!figures(a, n) || !figures(b, n)) return false;
  const size_t x = a.step, y = b.step, rows = x | y ? n : 1;
  bool over = false;
  *out = (PlainVec){.like = a.like, .i = room->i, .step = step_of(a, b)};
  if (op == OP_MUL) {
    int e = a.like.e + b.like.e;
    if (e < -18 || e > 18) return false;
    out->like.e = (int8_t)e;
    for (size_t k = 0; k < rows; k++) over |= __builtin_mul_overflow(a.i[k * x], b.i[k * y], &room->i[k]);
  } else {
    if (!align(&p, n)) return false;
    out->like = p.a.like;
    if (op == OP_ADD)
      for (size_t k = 0; k < rows; k++) over |= __builtin_add_overflow(p.a.i[k * x], p.b.i[k * y], &room->i[k]);
    else if (op == OP_SUB)
      for (size_t k = 0; k < rows; k++) over |= __builtin_sub_overflow(p.a.i[k * x], p.b.i[k * y], &room->i[k]);
    else return false;
  }
  out->has = both_known(a, b, rows, room->has);
  return !over;
}

/* a's flags are of a room that others will have. */
static const uint8_t *own_flags(PlainVec a, size_t rows, PlainRoom *room) {
  return a.has ? memcpy(room->has, a.has, rows) : NULL;
}

bool plain_negate(PlainVec a, size_t n, PlainRoom *room, PlainVec *out) {
  if (!figures(a, n)) return false;
  size_t rows = a.step ? n : 1;
  bool over = false;
  for (size_t k = 0; k < rows; k++) over |= __builtin_sub_overflow((int64_t)0, a.i[k], &room->i[k]);
  *out = (PlainVec){a.like, a.none, room->i, own_flags(a, rows, room), a.step};
  return !over;
}

static bool holds(NodeOp op, int order) {
  switch (op) {
    case OP_EQ: return order == 0;
    case OP_NE: return order != 0;
    case OP_LT: return order < 0;
    case OP_LE: return order <= 0;
    case OP_GT: return order > 0;
    default: return order >= 0;
  }
}

/* Both sides known: a table of the three orders, so that the loop has no branch. */
static void compare_known(NodeOp op, const Pair *p, size_t rows, int64_t *out) {
  const int64_t say[3] = {holds(op, -1), holds(op, 0), holds(op, 1)};
  const size_t x = p->a.step, y = p->b.step;
  for (size_t k = 0; k < rows; k++) {
    int64_t i = p->a.i[k * x], j = p->b.i[k * y];
    out[k] = say[1 + (i > j) - (i < j)];
  }
}

bool plain_compare(NodeOp op, PlainVec a, PlainVec b, size_t n, PlainRoom *room, PlainVec *out) {
  bool numbers = a.like.t == V_NUM && b.like.t == V_NUM;
  if (!numbers && (a.like.t != V_DATE || b.like.t != V_DATE)) return false;
  Pair p = {.a = a, .b = b};
  if (!align(&p, n)) return false;
  const size_t rows = a.step | b.step ? n : 1;
  compare_known(op, &p, rows, room->i);
  *out = (PlainVec){.like = {.t = V_BOOL}, .i = room->i, .step = step_of(a, b)};
  if (!a.has && !b.has) return true;
  if (!numbers && (!figures(a, n) || !figures(b, n)) && (a.none.t == V_NEVER || b.none.t == V_NEVER)) return false;
  out->has = room->has;
  for (size_t k = 0; k < rows; k++) {
    bool left = plain_has(&a, k), right = plain_has(&b, k);
    room->has[k] = (left || a.none.t == V_NEVER) && (right || b.none.t == V_NEVER);
    if (room->has[k] && !(left && right)) room->i[k] = holds(op, !left - !right); /* never is longer than anything */
    if (!room->has[k]) room->i[k] = 0;
  }
  return true;
}

bool plain_both(PlainVec a, PlainVec b, bool either, size_t n, PlainRoom *room, PlainVec *out) {
  if (a.like.t != V_BOOL || b.like.t != V_BOOL || a.none.t != V_NULL || b.none.t != V_NULL) return false;
  const size_t rows = a.step | b.step ? n : 1, x = a.step, y = b.step;
  *out = (PlainVec){.like = {.t = V_BOOL}, .i = room->i, .step = step_of(a, b)};
  if (!a.has && !b.has) {
    for (size_t k = 0; k < rows; k++) room->i[k] = either ? a.i[k * x] | b.i[k * y] : a.i[k * x] & b.i[k * y];
    return true;
  }
  out->has = room->has;
  for (size_t k = 0; k < rows; k++) { /* one side that decides is enough */
    bool left = plain_has(&a, k), right = plain_has(&b, k);
    bool decided = (left && (a.i[k * x] != 0) == either) || (right && (b.i[k * y] != 0) == either);
    room->has[k] = decided || (left && right);
    room->i[k] = room->has[k] && decided == either;
  }
  return true;
}

bool plain_not(PlainVec a, size_t n, PlainRoom *room, PlainVec *out) {
  if (a.like.t != V_BOOL || a.none.t != V_NULL) return false;
  const size_t rows = a.step ? n : 1;
  for (size_t k = 0; k < rows; k++) room->i[k] = !a.i[k];
  *out = (PlainVec){a.like, a.none, room->i, own_flags(a, rows, room), a.step};
  return true;
}

bool plain_is_null(PlainVec a, bool is_not, size_t n, PlainRoom *room, PlainVec *out) {
  for (size_t k = 0, rows = a.step ? n : 1; k < rows; k++)
    room->i[k] = (a.none.t == V_NULL && !plain_has(&a, k)) != is_not;
  *out = (PlainVec){.like = {.t = V_BOOL}, .i = room->i, .step = a.step};
  return true;
}

static bool nothing_known(PlainVec p, size_t n) { return p.has && !memchr(p.has, 1, p.step ? n : 1); }

bool plain_choose(PlainVec cond, PlainVec yes, PlainVec no, size_t n, PlainRoom *room, PlainVec *out) {
  Pair p = {.a = yes, .b = no};
  if (cond.like.t != V_BOOL || cond.none.t != V_NULL) return false;
  if (nothing_known(yes, n)) p.a.like = no.like; /* null, or never, is of any kind */
  if (nothing_known(no, n)) p.b.like = p.a.like;
  if (p.a.like.t != p.b.like.t || (p.a.like.t != V_NUM && p.a.like.e != p.b.like.e)) return false;
  bool null = cond.has || (yes.has && yes.none.t == V_NULL) || (no.has && no.none.t == V_NULL);
  bool never = (yes.has && yes.none.t == V_NEVER) || (no.has && no.none.t == V_NEVER);
  if ((null && never) || !align(&p, n)) return false;
  const size_t rows = cond.step | yes.step | no.step ? n : 1;
  *out = (PlainVec){.like = p.a.like, .i = room->i, .step = cond.step | step_of(yes, no)};
  if (never) out->none = val_never();
  if (null || never) out->has = room->has;
  for (size_t k = 0; k < rows; k++) {
    bool known = plain_has(&cond, k), first = cond.i[k * cond.step] != 0;
    const PlainVec *from = first ? &p.a : &p.b;
    room->has[k] = known && plain_has(from, k);
    room->i[k] = room->has[k] ? from->i[k * from->step] : 0;
  }
  return true;
}

bool plain_extreme(int sign, PlainVec a, PlainVec b, size_t n, PlainRoom *room, PlainVec *out) {
  Pair p = {.a = a, .b = b};
  if (!figures(a, n) || !figures(b, n) || !align(&p, n)) return false;
  const size_t rows = a.step | b.step ? n : 1, x = a.step, y = b.step;
  for (size_t k = 0; k < rows; k++) {
    int64_t i = p.a.i[k * x], j = p.b.i[k * y];
    room->i[k] = sign > 0 ? i > j ? i : j : i < j ? i : j;
  }
  *out = (PlainVec){.like = p.a.like, .i = room->i, .has = both_known(a, b, rows, room->has), .step = step_of(a, b)};
  return true;
}
