#include "feel/parts.h"

#include "base/num.h"
#include "feel/check.h"
#include "feel/figure.h"

#include <stdlib.h>
#include <string.h>

enum { LISTS_MOST = 2048 };

/* --- examples ----------------------------------------------------------- */

/* The roundest number strictly between. */
static Val number_between(Val lo, Val hi, bool whole, Arena *a) {
  for (int e = 12; e >= (whole ? 0 : -17); e--) {
    Val step = num_norm(val_dec(1, e)), x = num_add(num_round(lo, -e, NUM_FLOOR, a), step, a);
    if (x.t == V_NULL || num_cmp(x, lo) <= 0 || num_cmp(x, hi) >= 0) continue;
    if (num_cmp(lo, val_int(0)) < 0 && num_cmp(hi, val_int(0)) > 0) return val_int(0);
    return num_norm(x);
  }
  return val_null();
}

static Val number_beside(Val at, int sign, Unit unit, bool whole, Arena *a) {
  Val step = unit == UNIT_PERCENT || unit == UNIT_PART ? val_dec(1, -2) : val_int(1);
  if (whole) at = num_round(at, 0, sign > 0 ? NUM_FLOOR : NUM_CEILING, a);
  Val v = sign > 0 ? num_add(at, step, a) : num_sub(at, step, a);
  if (v.t == V_NULL || num_cmp(v, at)) return num_norm(v);
  /* Beyond 34 digits a step is lost in rounding. */
  bool away = (num_cmp(at, val_int(0)) > 0) == (sign > 0);
  return num_norm(num_mul(at, away ? val_int(2) : val_dec(5, -1), a));
}

/* A count of days, seconds or months between two others; null when there is none. */
static Val counted_between(Val lo, Val hi) {
  Val v = lo.t ? lo : hi;
  int64_t far = lo.t == V_SECS || hi.t == V_SECS ? 86400 : 1, x;
  if (lo.t && hi.t) {
    if (hi.u.i - lo.u.i < 2) return val_null();
    x = lo.u.i + (hi.u.i - lo.u.i) / 2;
    if (far > 1 && x / far * far > lo.u.i) x = x / far * far;
  } else if (lo.t ? __builtin_add_overflow(lo.u.i, far, &x) : __builtin_sub_overflow(hi.u.i, far, &x)) {
    return val_null();
  }
  v.u.i = x;
  return v;
}

static Val between(Val lo, Val hi, Unit unit, bool whole, Arena *a) {
  Val some = lo.t ? lo : hi;
  if (val_is_num(some)) {
    if (lo.t && hi.t) return number_between(lo, hi, whole, a);
    return lo.t ? number_beside(lo, 1, unit, whole, a) : number_beside(hi, -1, unit, whole, a);
  }
  return counted_between(lo, hi);
}

/* --- the kind of figures ------------------------------------------------ */

/* Which values the column may have; those of a declared field lie within its limits. */
static Figure figure(const Table *t, size_t col, Arena *a) {
  const Op *op = t->in[col].op->kid[0];
  Figure f = figure_of(op, a);
  Str name = op->kind == K_FIELD ? ((const HostField *)op->ref)->name : op->kind == K_UNSET ? op->node->name : (Str){0};
  for (size_t i = 0; name.n && i < t->home->nsym; i++) {
    const Sym *s = t->home->sym[i];
    if (s->kind == SYM_FIELD && s->entity == t->info.entity && str_eq(s->name, name))
      f.low = s->low, f.high = s->high;
  }
  return f;
}

/* --- building ----------------------------------------------------------- */

typedef struct Maker {
  PartPoints points;
  Figure figure;
  Parts *out;
  size_t cap;
  const size_t *more; /* other columns of the same figure, whose cells count as well */
  size_t nmore;
  bool **opaque;      /* of their rows */
} Maker;

static void add(Maker *m, Part p) {
  mem_grow(m->out->part, m->cap, m->out->n + 1);
  m->out->part[m->out->n++] = p;
}

static int by_order(const void *p, const void *q, void *asof) {
  int order = 0;
  value_order(*(const Val *)p, *(const Val *)q, *(const Day *)asof, &order);
  return order;
}

static bool out_of(Val v, Val low, Val high, Day asof) {
  int order;
  return (low.t && value_order(v, low, asof, &order) && order < 0) ||
         (high.t && value_order(v, high, asof, &order) && order > 0);
}

static void sort_points(Maker *m) {
  PartPoints *p = &m->points;
  size_t n = 0;
  if (p->n) qsort_r(p->val, p->n, sizeof *p->val, by_order, &p->asof);
  for (size_t i = 0; i < p->n; i++)
    if (!n || by_order(&p->val[n - 1], &p->val[i], &p->asof)) p->val[n++] = p->val[i];
  p->n = n;
}

/* Months beside days: as days, so that there is something between them. */
static void one_scale(Maker *m) {
  PartPoints *p = &m->points;
  bool mixed = false;
  for (size_t i = 1; i < p->n; i++) mixed |= p->val[i].t != p->val[0].t || p->val[i].e != p->val[0].e;
  if (!mixed || p->type.kind == T_NUM) {
    bool spans = false;
    for (size_t i = 0; i < p->n; i++) spans |= !val_is_num(p->val[i]);
    if (!mixed && !(spans && p->type.kind == T_NUM)) return;
  }
  for (size_t i = 0; i < p->n; i++) {
    Val days;
    if (val_is_num(p->val[i]) || func_days(p->val[i], p->asof, &days, p->a))
      p->val[i] = val_is_num(p->val[i]) ? p->val[i] : days;
  }
}

static void ordered_parts(Maker *m) {
  PartPoints *p = &m->points;
  Parts *out = m->out;
  Val low = m->figure.low, high = m->figure.high;
  out->whole = m->figure.whole || p->type.kind == T_DATE || p->type.kind == T_MONTHS;
  if (low.t || high.t) {
    mem_grow(p->val, p->cap, p->n + 2);
    if (low.t) p->val[p->n++] = low;
    if (high.t) p->val[p->n++] = high;
  }
  one_scale(m);
  sort_points(m);
  out->npoint = p->n;
  out->point = arena_alloc(p->a, p->n * sizeof(Val));
  for (size_t i = 0; i < p->n; i++) out->point[i] = val_copy(p->val[i], p->a);
  for (size_t i = 0; i <= p->n; i++) {
    Val lo = i ? out->point[i - 1] : val_null(), hi = i < p->n ? out->point[i] : val_null();
    Val example = p->n ? between(lo, hi, p->type.unit, out->whole, p->a)
                  : p->type.kind == T_DATE ? val_date(p->asof) : val_int(1);
    if (!p->n && (p->type.kind == T_SECS || p->type.kind == T_MONTHS)) example = val_days(1);
    if (example.t && !out_of(example, low, high, p->asof)) add(m, (Part){PART_BETWEEN, lo, hi, example});
    bool real = !out->whole || !val_is_num(hi) || num_int(hi, &(int64_t){0});
    if (hi.t && real && !out_of(hi, low, high, p->asof)) add(m, (Part){PART_POINT, hi, hi, hi});
  }
  if (p->type.kind != T_DATE && (p->type.kind != T_NUM || p->type.unit == UNIT_DAYS))
    add(m, (Part){PART_NEVER, val_never(), val_never(), val_never()});
}

/* The only values there are, in order. */
static void finite_parts(Maker *m) {
  PartPoints *p = &m->points;
  p->n = 0;
  for (size_t i = 0; i < m->figure.n; i++) {
    mem_grow(p->val, p->cap, p->n + 1);
    p->val[p->n++] = m->figure.val[i];
  }
  if (parts_ordered(p->type)) {
    one_scale(m);
    sort_points(m);
    m->out->npoint = p->n;
    m->out->point = arena_alloc(p->a, p->n * sizeof(Val));
  }
  for (size_t i = 0; i < p->n; i++) {
    Val v = val_copy(p->val[i], p->a);
    if (m->out->point) m->out->point[i] = v;
    add(m, (Part){parts_ordered(p->type) ? PART_POINT : PART_VALUE, v, v, v});
  }
}

/* Are all values of the figure of the column's type, so that they can be looked at one by one? */
static bool finite(const Maker *m) {
  const PartPoints *p = &m->points;
  bool fits = m->figure.finite && m->figure.n;
  for (size_t i = 0; i < m->figure.n && fits; i++) {
    Val v = m->figure.val[i];
    fits = p->type.kind == T_TEXT   ? v.t == V_TEXT && !p->type.domain
           : p->type.kind == T_NUM  ? v.t == V_NUM
           : p->type.kind == T_SECS ? v.t == V_SECS
                                    : false;
  }
  return fits;
}

static void text_parts(Maker *m) {
  PartPoints *p = &m->points;
  const Domain *d = p->type.domain;
  for (size_t i = 0; d && i < d->n; i++) {
    Val v = val_text(d->value[i]);
    add(m, (Part){PART_VALUE, v, v, v});
  }
  for (size_t i = 0; !d && i < p->n; i++) {
    bool met = false;
    for (size_t k = 0; k < i; k++) met |= val_order(p->val[i], p->val[k]) == 0;
    Val v = val_copy(p->val[i], p->a);
    if (!met) add(m, (Part){PART_VALUE, v, v, v});
  }
  Str other = STR("any other");
  for (size_t i = 0; !d && i < p->n; i++)
    if (str_eq(val_str(p->val[i]), other)) other.n--, i = (size_t)-1; /* a prefix that nobody names */
  if (!d) add(m, (Part){PART_OTHER, val_null(), val_null(), val_text(other)});
}

static void bool_parts(Maker *m) {
  for (int i = 1; i >= 0; i--) add(m, (Part){PART_VALUE, val_bool(i), val_bool(i), val_bool(i)});
}

/* --- lists: the sets of elements that make a difference ------------------ */

static uint8_t both(uint8_t a, uint8_t b) {
  if (a == SAYS_MISS || b == SAYS_MISS) return SAYS_MISS;
  return a == SAYS_HIT && b == SAYS_HIT ? SAYS_HIT : a == SAYS_OPAQUE || b == SAYS_OPAQUE ? SAYS_OPAQUE : SAYS_DOUBT;
}

static void make_list(Part *p, const Part *from, const Part *with, Arena *a) {
  Val old = from ? from->example : val_list(NULL, 0);
  Val *v = arena_alloc(a, (old.n + 1) * sizeof *v);
  if (old.n) memcpy(v, old.u.v, old.n * sizeof *v);
  v[old.n] = with->example;
  *p = (Part){.kind = PART_LIST, .example = val_list(v, old.n + 1)};
}

/* What a list says is what its elements say together, so a set is new only when that is. */
static bool list_parts(Maker *m) {
  PartPoints *p = &m->points;
  Parts *out = m->out;
  size_t nrow = p->t->grid.nrow, n = 0, cap = 0, element = out->n;
  Part *list = NULL;
  uint8_t *says = mem_alloc(LISTS_MOST * nrow + 1), *one = mem_alloc(element * nrow + 1), *joined = mem_alloc(nrow + 1);
  Val *v = arena_alloc(p->a, (element + 1) * sizeof *v);
  for (size_t i = 0; i < element; i++) {
    Part single;
    make_list(&single, NULL, &out->part[i], p->a);
    v[i] = single.example;
  }
  parts_say(p->ev, p->t, p->col, p->asof, v, element, p->opaque, one);
  bool fits = true;
  for (size_t at = 0; at <= n && fits; at++) /* the empty set first, then each that was found */
    for (size_t i = 0; i < element && fits; i++) {
      for (size_t r = 0; r < nrow; r++)
        joined[r] = at ? both(says[(at - 1) * nrow + r], one[r * element + i]) : one[r * element + i];
      bool met = false;
      for (size_t k = 0; k < n && !met; k++) met = memcmp(says + k * nrow, joined, nrow) == 0;
      if (met || !(fits = n < LISTS_MOST)) continue;
      mem_grow(list, cap, n + 1);
      make_list(&list[n], at ? &list[at - 1] : NULL, &out->part[i], p->a);
      memcpy(says + n++ * nrow, joined, nrow);
    }
  out->n = 0;
  for (size_t i = 0; i < n && fits; i++) add(m, list[i]);
  mem_free(list);
  mem_free(says);
  mem_free(one);
  mem_free(joined);
  return fits;
}

/* --- what the cells say -------------------------------------------------- */

/* What is wrong with a cell is found elsewhere; here it is only not known. */
static bool evaluates(Frame *f, const Op *op, Vec *out) {
  Err none = {0}, *was = f->ev->e;
  f->ev->e = &none;
  bool ok = frame_eval(f, op, out);
  f->ev->e = was;
  err_free(&none);
  return ok;
}

void parts_say(Eval *ev, const Table *t, size_t col, Day asof, const Val *value, size_t n, const bool *opaque,
               uint8_t *says) {
  for (size_t row = 0; row < t->grid.nrow; row++) {
    const Cell *cell = &t->cell[row * (t->info.nin + t->info.nout) + col];
    uint8_t *out = says + row * n;
    if (t->number[row] < 0 || cell->any || opaque[row]) {
      memset(out, opaque[row] ? SAYS_OPAQUE : SAYS_HIT, n);
      continue;
    }
    Arena tmp = {0};
    Frame *f = frame_root(ev, &tmp, 0, asof, NULL, n);
    f->blind = true;
    frame_keep(f, t->in[col].op, KEPT_VEC)->vec = (Vec){value, 1};
    Vec v;
    bool ok = evaluates(f, cell->op, &v);
    for (size_t i = 0; i < n; i++) {
      Val x = ok ? vec_at(v, i) : val_null();
      out[i] = !ok              ? SAYS_OPAQUE
               : x.t != V_BOOL  ? (t->in[col].lenient ? SAYS_MISS : SAYS_DOUBT)
               : x.u.i          ? SAYS_HIT
                                : SAYS_MISS;
    }
    arena_free(&tmp);
  }
}

static void say(Maker *m) {
  PartPoints *p = &m->points;
  Parts *out = m->out;
  Val *v = arena_alloc(p->a, (out->n + 1) * sizeof *v);
  for (size_t i = 0; i < out->n; i++) v[i] = out->part[i].example;
  size_t size = p->t->grid.nrow * out->n;
  out->says = arena_alloc(p->a, size + 1);
  parts_say(p->ev, p->t, p->col, p->asof, v, out->n, p->opaque, out->says);
  uint8_t *also = arena_alloc(p->a, size + 1);
  for (size_t k = 0; k < m->nmore; k++) {
    parts_say(p->ev, p->t, m->more[k], p->asof, v, out->n, m->opaque[k], also);
    for (size_t i = 0; i < size; i++) out->says[i] = both(out->says[i], also[i]);
  }
  for (size_t i = 0; i < p->t->grid.nrow * out->n; i++) out->some_opaque |= out->says[i] == SAYS_OPAQUE;
}

/* The points that cells of the same figure's other columns name. */
static void more_points(Maker *m) {
  PartPoints *p = &m->points;
  m->opaque = arena_alloc(p->a, (m->nmore + 1) * sizeof *m->opaque);
  for (size_t k = 0; k < m->nmore; k++) {
    PartPoints other = *p;
    other.col = m->more[k];
    other.opaque = m->opaque[k] = arena_zalloc(p->a, p->t->grid.nrow + 1, sizeof **m->opaque);
    parts_points(&other);
    p->val = other.val, p->n = other.n, p->cap = other.cap;
  }
}

static void make(Eval *ev, const Table *t, size_t col, const size_t *more, size_t nmore, Day asof, Arena *a, Figure known,
                 Parts *out) {
  *out = (Parts){0};
  Type type = t->in[col].type;
  bool list = type.kind == T_LIST;
  Frame *root = frame_root(ev, a, 0, asof, NULL, 0);
  root->blind = true;
  Maker m = {.points = {.ev = ev, .t = t, .col = col, .asof = asof, .a = a, .f = root},
             .figure = known,
             .out = out,
             .more = more,
             .nmore = nmore};
  PartPoints *p = &m.points;
  p->type = list ? type_element(type) : type;
  p->opaque = arena_zalloc(a, t->grid.nrow + 1, sizeof *p->opaque);
  parts_points(p);
  more_points(&m);
  if (!list && finite(&m)) finite_parts(&m);
  else if (p->type.kind == T_TEXT) text_parts(&m);
  else if (p->type.kind == T_BOOL) bool_parts(&m);
  else if (parts_ordered(p->type)) ordered_parts(&m);
  else add(&m, (Part){PART_OTHER, val_null(), val_null(), val_int(1)});
  if (list) {
    add(&m, (Part){.kind = PART_NULL});
    if (!list_parts(&m)) {
      for (size_t i = 0; i < t->grid.nrow; i++)
        p->opaque[i] = t->number[i] > 0 && !t->cell[i * (t->info.nin + t->info.nout) + col].any;
      add(&m, (Part){PART_OTHER, val_null(), val_null(), val_int(1)});
    }
  }
  if (!m.figure.never_null) add(&m, (Part){.kind = PART_NULL});
  Part *kept = arena_alloc(a, (out->n + 1) * sizeof *kept);
  if (out->n) memcpy(kept, out->part, out->n * sizeof *kept);
  mem_free(out->part);
  mem_free(p->val);
  out->part = kept;
  say(&m);
}

void parts_of(Eval *ev, const Table *t, size_t col, Day asof, Arena *a, Parts *out) {
  make(ev, t, col, NULL, 0, asof, a, figure(t, col, a), out);
}

void parts_joined(Eval *ev, const Table *t, const size_t *col, size_t n, bool wide, Day asof, Arena *a, Parts *out) {
  Figure f = {0};
  if (!wide) f = figure(t, col[0], a);
  make(ev, t, col[0], col + 1, n - 1, asof, a, f, out);
}

void parts_spoken_for(const Table *t, Arena *a, Parts *out) {
  *out = (Parts){.n = 1, .part = arena_zalloc(a, 1, sizeof *out->part), .says = arena_alloc(a, t->grid.nrow + 1)};
  out->part[0].kind = PART_OTHER;
  memset(out->says, SAYS_HIT, t->grid.nrow);
}
