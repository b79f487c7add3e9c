/* for, some, every, filters. */
#include "feel/std.h"

#include "base/num.h"

/* What an iteration goes through: a list's items, or the steps from one end of a range to the other. */
typedef struct Course {
  const Val *item; /* of a list, else NULL */
  size_t n;
  Val at;          /* first number or date */
  int step;
} Course;

static int direction(Val low, Val high) {
  int o = 0;
  return standard_compare(low, high, &o) && o > 0 ? -1 : 1;
}

static bool steps_between(Standard *s, Val low, Val high, size_t *n) {
  int64_t whole;
  if (low.t == V_DATE && high.t == V_DATE) {
    whole = high.u.i > low.u.i ? high.u.i - low.u.i : low.u.i - high.u.i;
  } else {
    Val d = num_abs(num_sub(high, low, s->arena), s->arena);
    if (!std_whole(d, &whole) || whole > INT32_MAX) return false;
  }
  *n = (size_t)whole + 1;
  return true;
}

static bool range_course(Standard *s, Val range, Course *out) {
  Val low = range.u.v[0], high = range.u.v[1];
  bool numbers = val_is_num(low) && val_is_num(high);
  if (!numbers && !(low.t == V_DATE && high.t == V_DATE)) return false;
  *out = (Course){.at = low, .step = direction(low, high)};
  if (!steps_between(s, low, high, &out->n)) return false;
  Val last = numbers ? num_add(low, val_int(out->step * (int64_t)(out->n - 1)), s->arena) : high;
  int o = 1;
  bool reaches = standard_compare(last, high, &o) && o == 0;
  if (!(range.e & VAL_RANGE_HIGH_IN) && reaches && out->n) out->n--;
  if (!(range.e & VAL_RANGE_LOW_IN) && out->n) {
    out->n--;
    out->at = numbers ? num_add(low, val_int(out->step), s->arena) : moment_date(low.u.i + out->step);
  }
  return true;
}

static Val course_item(Standard *s, const Course *c, size_t i) {
  if (c->item) return c->item[i];
  int64_t off = c->step * (int64_t)i;
  return c->at.t == V_DATE ? moment_date(c->at.u.i + off) : num_add(c->at, val_int(off), s->arena);
}

/* Steps, 3..1, may run downwards; a range, [3..1], may not. */
static Val course_value(Standard *s, const Node *x, const Scope *scope) {
  if (x->kind != N_RANGE || !(x->op & N_RANGE_STEPS)) return standard_eval(s, x, scope);
  Val *end = arena_alloc(s->arena, 2 * sizeof *end);
  for (int i = 0; i < 2; i++) end[i] = standard_eval(s, x->kid[i], scope);
  return (Val){.t = V_RANGE, .e = VAL_RANGE_LOW_IN | VAL_RANGE_HIGH_IN, .u.v = end};
}

static bool course_of(Standard *s, Val v, Course *out) {
  static const Val none;
  if (v.t == V_LIST) {
    *out = (Course){.item = v.n ? v.u.v : &none, .n = v.n};
    return true;
  }
  if (v.t == V_NULL) {
    standard_null(s, "there is nothing to go through");
    return false;
  }
  if (v.t == V_RANGE) {
    if (range_course(s, v, out)) return true;
    standard_null(s, "a range to go through has whole steps between two numbers or dates");
    return false;
  }
  Val *one = arena_alloc(s->arena, sizeof *one);
  *one = v;
  *out = (Course){.item = one, .n = 1};
  return true;
}

/* One nest of iterations: names[i] goes through kid[i]; `each` is told when all have a value. */
typedef struct Nest {
  const Node *x;
  ValEntry *entry;
  Scope *frame; /* one per iteration, each inside the one before */
  bool (*each)(struct Nest *nest, Standard *s, const Scope *scope); /* false: enough */
  Items done;   /* N_FOR: results so far */
  uint16_t deepest; /* … how deep a list of them is nested */
  Val truth;    /* N_SOME, N_EVERY */
  bool failed;  /* nothing to go through: the whole is null */
} Nest;

static bool walk(Nest *nest, Standard *s, uint32_t level, const Scope *scope) {
  const Node *x = nest->x;
  if (level == x->nname) return nest->each(nest, s, scope);
  Course c;
  if (!course_of(s, course_value(s, x->kid[level], scope), &c)) {
    nest->failed = true;
    return false;
  }
  ValEntry *e = &nest->entry[level];
  nest->frame[level] = (Scope){.up = scope, .entry = e, .n = 1};
  for (size_t i = 0; i < c.n; i++) {
    *e = (ValEntry){x->names[level], course_item(s, &c, i)};
    if (!standard_step(s) || !walk(nest, s, level + 1, &nest->frame[level])) return false;
  }
  return true;
}

static Nest nest_of(Standard *s, const Node *x) {
  return (Nest){.x = x,
                .entry = arena_alloc(s->arena, x->nname * sizeof(ValEntry)),
                .frame = arena_alloc(s->arena, x->nname * sizeof(Scope))};
}

static bool collect(Nest *nest, Standard *s, const Scope *scope) {
  ValEntry partial = {STR("partial"), val_list(nest->done.v, nest->done.n)};
  partial.val.flags = nest->deepest;
  Scope inside = {.up = scope, .entry = &partial, .n = 1};
  Val v = standard_eval(s, nest->x->kid[nest->x->nname], &inside);
  bool holds = v.t == V_LIST || v.t == V_CONTEXT;
  if (holds && v.flags >= nest->deepest) nest->deepest = (uint16_t)(v.flags + 1);
  return items_add(s, &nest->done, v);
}

Val std_loop(Standard *s, const Node *x, const Scope *scope) {
  Nest nest = nest_of(s, x);
  nest.each = collect;
  walk(&nest, s, 0, scope);
  return nest.failed || s->e->kind ? val_null() : items_val(s, &nest.done);
}

static bool some(Nest *nest, Standard *s, const Scope *scope) {
  nest->truth = std_or(nest->truth, standard_eval(s, nest->x->kid[nest->x->nname], scope));
  return !std_is_true(nest->truth);
}

static bool every(Nest *nest, Standard *s, const Scope *scope) {
  nest->truth = std_and(nest->truth, standard_eval(s, nest->x->kid[nest->x->nname], scope));
  return !std_is_false(nest->truth);
}

Val std_quantify(Standard *s, const Node *x, const Scope *scope) {
  Nest nest = nest_of(s, x);
  nest.each = x->kind == N_SOME ? some : every;
  nest.truth = val_bool(x->kind == N_EVERY);
  walk(&nest, s, 0, scope);
  return nest.failed ? val_null() : nest.truth;
}

/* --- filters */

/* The condition with one item at hand: its entries, if it is a context, then "item". */
static Val judge(Standard *s, const Node *cond, Val item, const Scope *scope) {
  ValEntry entry = {STR("item"), item};
  Scope named = {.up = scope, .entry = &entry, .n = 1};
  const ValContext *c = item.t == V_CONTEXT ? item.u.p : NULL;
  Scope inside = {.up = &named, .entry = c ? c->entry : NULL, .n = c ? c->n : 0};
  return standard_eval(s, cond, c ? &inside : &named);
}

static Val pick(Standard *s, Val list, Val place) {
  size_t at;
  if (std_index(place, list.n, &at)) return list.u.v[at];
  return standard_null(s, "the list has %u items, none at this place", (unsigned)list.n);
}

/* Nothing to try the condition on: is it a place all the same? */
static Val of_empty(Standard *s, const Node *cond, const Scope *scope) {
  void (*note)(void *, const Src *, size_t, size_t, const char *) = s->note;
  s->note = NULL;
  Val v = standard_eval(s, cond, scope);
  s->note = note;
  return val_is_num(v) ? val_null() : val_list(NULL, 0);
}

Val std_filter(Standard *s, const Node *x, const Scope *scope) {
  const Node *cond = x->kid[1];
  Val list = standard_eval(s, x->kid[0], scope);
  if (list.t == V_NULL) return standard_null(s, "there is nothing to filter");
  if (list.t != V_LIST) list = std_list(s, &list, 1);
  if (list.n == 0) return of_empty(s, cond, scope);
  if (cond->kind == N_LIT && val_is_num(cond->lit)) return pick(s, list, cond->lit);
  Items out = {0};
  for (uint32_t i = 0; i < list.n; i++) {
    Val v = judge(s, cond, list.u.v[i], scope);
    if (i == 0 && val_is_num(v)) return pick(s, list, v);
    if (s->e->kind || (std_is_true(v) && !items_add(s, &out, list.u.v[i]))) return val_null();
    if (v.t != V_BOOL && v.t != V_NULL) standard_null(s, "a condition gave a %s", standard_kind(v));
  }
  return items_val(s, &out);
}
