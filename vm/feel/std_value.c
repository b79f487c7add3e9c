/* What kind a value is, and what one can tell of two. */
#include "feel/std.h"

#include "base/dec.h"

#include <string.h>

StdKind std_kind(Val v) {
  switch (v.t) {
  case V_BOOL: return STD_BOOLEAN;
  case V_NUM:
  case V_BIG:
  case V_REAL: return STD_NUMBER;
  case V_TEXT: return STD_STRING;
  case V_DATE: return STD_DATE;
  case V_TIME: return STD_TIME;
  case V_DATETIME: return STD_DATE_TIME;
  case V_SECS: return STD_DAYS_DURATION;
  case V_MONTHS: return STD_MONTHS_DURATION;
  case V_LIST: return STD_LIST;
  case V_RANGE: return STD_RANGE;
  case V_CONTEXT: return STD_CONTEXT;
  case V_FUNC: return STD_FUNCTION;
  default: return STD_NULL;
  }
}

Val std_text(Standard *s, Buf *b) {
  Val v = val_text((Str){arena_strndup(s->arena, b->p ? b->p : "", b->n), b->n});
  buf_free(b);
  return v;
}

Val std_list(Standard *s, const Val *v, size_t n) {
  Val *to = arena_alloc(s->arena, n * sizeof *to);
  if (n) memcpy(to, v, n * sizeof *to);
  return std_made_list(s, to, n);
}

Val std_made(Standard *s, Val v) {
  const ValContext *c = v.t == V_CONTEXT ? v.u.p : NULL;
  size_t n = c ? c->n : v.n;
  unsigned deepest = 0;
  for (size_t i = 0; i < n; i++) {
    Val part = c ? c->entry[i].val : v.u.v[i];
    if ((part.t == V_LIST || part.t == V_CONTEXT) && part.flags > deepest) deepest = part.flags;
  }
  v.flags = (uint16_t)(deepest + 1);
  if (v.flags <= STD_NEST) return v;
  std_end(s, "lists or contexts in one another without end");
  return val_null();
}

Val std_made_list(Standard *s, const Val *v, size_t n) { return std_made(s, val_list(v, n)); }

Val items_val(Standard *s, const Items *l) { return std_made_list(s, l->v, l->n); }

Val standard_context(const ValEntry *entry, size_t n, Arena *a) {
  ValContext *c = arena_alloc(a, sizeof *c);
  c->n = n;
  c->entry = arena_alloc(a, n * sizeof *c->entry);
  if (n) memcpy(c->entry, entry, n * sizeof *entry);
  return (Val){.t = V_CONTEXT, .u.p = c};
}

bool std_context_get(Val context, Str key, Val *out) {
  if (context.t != V_CONTEXT) return false;
  const ValContext *c = context.u.p;
  for (size_t i = 0; i < c->n; i++)
    if (str_eq(c->entry[i].key, key)) {
      *out = c->entry[i].val;
      return true;
    }
  return false;
}

bool items_add(Standard *s, Items *list, Val v) {
  if (list->n == list->cap) {
    size_t cap = list->cap ? list->cap * 2 : 8;
    Val *to = arena_alloc(s->arena, cap * sizeof *to);
    if (list->n) memcpy(to, list->v, list->n * sizeof *to);
    list->v = to, list->cap = cap;
  }
  list->v[list->n++] = v;
  return standard_step(s);
}

/* --- three values of truth */

Val std_and(Val a, Val b) {
  if (std_is_false(a) || std_is_false(b)) return val_bool(false);
  return std_is_true(a) && std_is_true(b) ? val_bool(true) : val_null();
}

Val std_or(Val a, Val b) {
  if (std_is_true(a) || std_is_true(b)) return val_bool(true);
  return std_is_false(a) && std_is_false(b) ? val_bool(false) : val_null();
}

Val std_not(Val a) { return a.t == V_BOOL ? val_bool(!a.u.i) : val_null(); }

/* --- order */

static int order_nanos(Nanos a, Nanos b) { return a < b ? -1 : a > b; }

bool standard_compare(Val a, Val b, int *order) {
  if (std_kind(a) != std_kind(b)) return false;
  switch (a.t) {
  case V_NUM:
  case V_BIG:
  case V_REAL: *order = num_cmp(a, b); return true;
  case V_TEXT: *order = str_cmp(val_str(a), val_str(b)); return true;
  case V_TIME:
  case V_DATETIME: *order = moment_order(a, b); return true;
  case V_SECS: *order = order_nanos(secs_nanos(a), secs_nanos(b)); return true;
  case V_DATE:
  case V_MONTHS: *order = order_nanos(a.u.i, b.u.i); return true;
  default: return false;
  }
}

Val std_ordered(Val a, Val b, NodeOp op) {
  int o = 0;
  if (!standard_compare(a, b, &o)) return val_null();
  return val_bool(op == OP_LT ? o < 0 : op == OP_LE ? o <= 0 : op == OP_GT ? o > 0 : o >= 0);
}

/* --- equality: of the whole values, with `leaf` for what has no parts */

enum { LONGEST = 10000000 }; /* parts that may share parts make more pairs than there are values */
typedef struct Look {
  Val (*leaf)(Val a, Val b);
  uint64_t left; /* pairs that may still be looked at; beyond that nothing is equal */
} Look;

static Val same_parts(Val a, Val b, Look *look, int depth);

static Val same_lists(const Val *a, const Val *b, size_t n, Look *look, int depth) {
  for (size_t i = 0; i < n; i++)
    if (!std_is_true(same_parts(a[i], b[i], look, depth))) return val_bool(false);
  return val_bool(true);
}

static Val same_contexts(Val a, Val b, Look *look, int depth) {
  const ValContext *c = a.u.p, *d = b.u.p;
  if (c->n != d->n) return val_bool(false);
  for (size_t i = 0; i < c->n; i++) {
    Val other;
    if (!std_context_get(b, c->entry[i].key, &other)) return val_bool(false);
    if (!std_is_true(same_parts(c->entry[i].val, other, look, depth))) return val_bool(false);
  }
  return val_bool(true);
}

static Val same_parts(Val a, Val b, Look *look, int depth) {
  if (depth > 2 * STD_NEST || look->left == 0) return val_bool(false);
  look->left--;
  if (a.t == V_NULL || b.t == V_NULL) return val_bool(a.t == b.t);
  if (std_kind(a) != std_kind(b)) return val_null();
  switch (a.t) {
  case V_LIST: return a.n == b.n ? same_lists(a.u.v, b.u.v, a.n, look, depth + 1) : val_bool(false);
  case V_CONTEXT: return same_contexts(a, b, look, depth + 1);
  case V_RANGE: return a.e == b.e ? same_lists(a.u.v, b.u.v, 2, look, depth + 1) : val_bool(false);
  case V_FUNC: return val_bool(a.u.p == b.u.p);
  case V_BOOL: return val_bool(a.u.i == b.u.i);
  default: return look->leaf(a, b);
  }
}

static Val equal_leaf(Val a, Val b) {
  int o = 1;
  return val_bool(standard_compare(a, b, &o) && o == 0);
}

static Val identical_leaf(Val a, Val b) {
  if (a.t != V_TIME && a.t != V_DATETIME) return equal_leaf(a, b);
  const ValClock *x = a.u.p, *y = b.u.p;
  bool clock = x->days == y->days && x->nanos == y->nanos;
  return val_bool(clock && x->offset == y->offset && str_eq(x->zone, y->zone));
}

Val standard_equal(Standard *s, Val a, Val b) {
  Look look = {equal_leaf, s->steps};
  Val v = same_parts(a, b, &look, 0);
  s->steps = look.left;
  return standard_step(s) ? v : val_null();
}

bool standard_same(Val a, Val b) {
  Look look = {equal_leaf, LONGEST};
  return std_is_true(same_parts(a, b, &look, 0));
}

bool std_identical(Val a, Val b) {
  Look look = {identical_leaf, LONGEST};
  return std_is_true(same_parts(a, b, &look, 0));
}

/* --- numbers as places */

bool std_whole(Val number, int64_t *out) {
  Dec d;
  if (!dec_of(number, &d)) return false;
  d = dec_round(d, 0, NUM_DOWN, NULL);
  if (d.c == 0) d.q = 0;
  if (d.q > 18 || d.c > INT64_MAX) return false;
  unsigned __int128 n = d.c * dec_ten(d.q);
  if (n > INT64_MAX) return false;
  *out = d.neg ? -(int64_t)n : (int64_t)n;
  return true;
}

bool std_index(Val number, size_t n, size_t *out) {
  int64_t i;
  if (!std_whole(number, &i) || i == 0 || i > (int64_t)n || i < -(int64_t)n) return false;
  *out = i > 0 ? (size_t)i - 1 : n - (size_t)-i;
  return true;
}
