#include "feel/concentration.h"
#include "feel/frame.h"
#include "feel/radix.h"

#include "base/halves.h"
#include "base/num.h"
#include "base/stop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* By position in the population: a plain column, or values. */
typedef struct Values {
  PlainVec p;
  const Val *v;
} Values;
static inline Val column_at(const Values *c, size_t i) { return c->v ? c->v[i] : plain_at(&c->p, i); }

/* The members of one crowd, highest first. */
typedef struct Crowd {
  const uint32_t *at; /* positions in the population */
  size_t n;
  const Values *x;    /* by position */
  Val *out;           /* by position; or, of functions that give places: */
  int64_t *place;
  const int64_t *sorted; /* their figures as they stand in the order; or NULL */
  ValBig *big;        /* room for a long share by position, so that who reads them row by row meets them in a row */
  Arena *a;
  Day asof;
} Crowd;

bool population(Eval *ev, int entity, Day asof, Arena *a, const int64_t **id, size_t *n) {
  const FeelHost *h = ev->host;
  if (ev->pop_set && entity == ev->pop_entity) {
    *id = ev->pop;
    *n = ev->npop;
    return true;
  }
  struct Listed *l = &ev->listed;
  if (l->id && l->entity == entity && l->asof == asof) {
    *id = l->id;
    *n = l->n;
    return true;
  }
  if (!h->all)
    return err_set(ev->e, ERR_FAIL, "the rows of %.*s are not listed here",
                   STR_ARG(entity_plural(h, entity)));
  const int64_t *every;
  size_t total;
  if (!h->all(h->ctx, entity, asof, a, &every, &total, ev->e)) return false;
  *id = every;
  *n = total;
  if (entity != ev->r->entity || !ev->r->scope_op) return true;
  Vec in;
  Frame *f = frame_root(ev, a, entity, asof, every, total);
  PlainVec p;
  if (!frame_plain(f, ev->r->scope_op, &p) || (!p.i && !frame_eval(f, ev->r->scope_op, &in))) return false;
  int64_t *kept = arena_alloc(&ev->memos, total * sizeof *kept);
  *n = 0;
  for (size_t i = 0; i < total; i++) {
    Val v = p.i ? plain_at(&p, i) : vec_at(in, i);
    if (v.t == V_BOOL && v.u.i) kept[(*n)++] = every[i];
  }
  *l = (struct Listed){entity, asof, kept, *n};
  *id = kept;
  return true;
}

static int order_values(Val a, Val b, Day asof) {
  int o;
  if (a.t == V_NUM && b.t == V_NUM && a.e == b.e) return (a.u.i > b.u.i) - (a.u.i < b.u.i);
  return value_order(a, b, asof, &o) ? o : val_order(a, b);
}

/* --- sorting ------------------------------------------------------------ */

typedef struct Sort {
  const Values *group, *x; /* group: or NULL */
  Day asof;
} Sort;

static int by_group_and_value(const void *p, const void *q, void *ctx) {
  const Sort *s = ctx;
  uint32_t i = *(const uint32_t *)p, j = *(const uint32_t *)q;
  int o = s->group ? val_order(column_at(s->group, i), column_at(s->group, j)) : 0;
  if (!o) o = -order_values(column_at(s->x, i), column_at(s->x, j), s->asof);
  return o ? o : (i > j) - (i < j); /* the population is in order of code */
}

/* The k-th highest. */
static inline Val member(const Crowd *c, size_t k) {
  if (!c->sorted) return column_at(c->x, c->at[k]);
  Val v = c->x->p.like;
  v.u.i = c->sorted[k];
  return v;
}

static bool tie(const Crowd *c, size_t i, size_t j) {
  return c->sorted ? c->sorted[i] == c->sorted[j] : order_values(member(c, i), member(c, j), c->asof) == 0;
}

/* --- the functions over one crowd --------------------------------------- */

static void rank(const Crowd *c) {
  size_t place = 0;
  for (size_t i = 0; i < c->n; i++) {
    if (i && !tie(c, i, i - 1)) place = i;
    c->place[c->at[i]] = (int64_t)place + 1;
  }
}

static Val total(const Crowd *c) {
  Val sum = val_int(0);
  for (size_t i = 0; i < c->n; i++) sum = num_add(sum, member(c, i), c->a);
  return sum;
}

static Val quotient(const Crowd *c, size_t at, Val part, const NumBy *all, Arena *a) {
  const Arena before = *a;
  Val v = num_div_by(part, all, a);
  if (v.t != V_BIG) return v;
  c->big[at] = *(const ValBig *)v.u.p;
  v.u.p = &c->big[at];
  if (a->chunk == before.chunk) a->at = before.at;
  return v;
}

/* Figures that add up within 64 bits: what is divided is known before the first division. */
typedef struct Parts {
  const Crowd *c;
  const NumBy *all;
  const int64_t *part; /* by place in the crowd */
} Parts;

static void some_quotients(void *ctx, int half, size_t from, size_t to) {
  (void)half;
  const Parts *p = ctx;
  Arena own = {0};
  Val part = p->c->x->p.like;
  for (size_t k = from; k < to; k++) {
    part.u.i = p->part[k];
    p->c->out[p->c->at[k]] = quotient(p->c, p->c->at[k], part, p->all, &own);
  }
  arena_free(&own);
}

static bool whole_shares(const Crowd *c, SetFn fn, const NumBy *all) {
  enum { MANY = 4096 };
  if (!c->sorted || c->x->p.like.t != V_NUM) return false;
  int64_t *part = mem_alloc((c->n + 1) * sizeof *part), ahead = 0;
  bool over = false;
  for (size_t i = 0; i < c->n && !over;) {
    size_t end = i;
    int64_t with = ahead;
    for (; end < c->n && c->sorted[end] == c->sorted[i]; end++) over |= __builtin_add_overflow(with, c->sorted[end], &with);
    for (size_t k = i; k < end; k++) part[k] = fn == SET_SHARE ? c->sorted[k] : fn == SET_RUNNING ? with : ahead;
    ahead = with;
    i = end;
  }
  if (!over) in_halves(c->n, MANY, 1, some_quotients, &(Parts){c, all, part});
  mem_free(part);
  return !over;
}

/* Equal values share a place: all of them are ahead of the next, none ahead of another. */
static void shares(const Crowd *c, SetFn fn) {
  const NumBy all = num_by(total(c));
  Val ahead = val_int(0);
  if (whole_shares(c, fn, &all)) return;
  for (size_t i = 0; i < c->n;) {
    size_t end = i;
    Val with = ahead;
    for (; end < c->n && tie(c, i, end); end++) with = num_add(with, member(c, end), c->a);
    for (size_t k = i; k < end; k++) {
      Val part = fn == SET_SHARE ? member(c, k) : fn == SET_RUNNING ? with : ahead;
      c->out[c->at[k]] = quotient(c, c->at[k], part, &all, c->a);
    }
    ahead = with;
    i = end;
  }
}

static void zscore(const Crowd *c) {
  double sum = 0, squares = 0, n = (double)c->n;
  for (size_t i = 0; i < c->n; i++) sum += num_double(member(c, i));
  double mean = sum / n;
  for (size_t i = 0; i < c->n; i++) {
    double d = num_double(member(c, i)) - mean;
    squares += d * d;
  }
  double sd = sqrt(squares / n);
  for (size_t i = 0; i < c->n; i++)
    c->out[c->at[i]] = sd > 0 ? val_real((num_double(member(c, i)) - mean) / sd) : val_null();
}

/* Between two neighbours from below: `low` of them are behind, part/of is the way to the next. */
static Val between(const Crowd *c, int64_t low, Val part, Val of) {
  Val x = member(c, c->n - 1 - (size_t)low);
  if (val_is_num(part) && num_cmp(part, val_int(0)) == 0) return x;
  Val y = member(c, c->n - 2 - (size_t)low);
  if (!val_is_num(x) || !val_is_num(y)) return x;
  return num_add(x, num_div(num_mul(num_sub(y, x, c->a), part, c->a), of, c->a), c->a);
}

/* Quantile at p (Hyndman and Fan, type 7) of all values but the first `from`, highest first. */
static Val quantile(const Crowd *c, size_t from, Val p) {
  size_t n = c->n - from;
  if (!n) return val_null();
  Val h = num_mul(val_int((int64_t)n - 1), p, c->a);
  int64_t low;
  if (!num_int(num_round(h, 0, NUM_FLOOR, c->a), &low) || low < 0 || low >= (int64_t)n) return val_null();
  return between(c, low, num_sub(h, val_int(low), c->a), val_int(1));
}

/* The same at j/k, which a decimal may not hold exactly: a value on its cut must stay on it. */
static Val quantile_at(const Crowd *c, size_t from, int64_t j, int64_t k) {
  size_t n = c->n - from;
  if (!n) return val_null();
  int64_t h = ((int64_t)n - 1) * j;
  return between(c, h / k, val_int(h % k), val_int(k));
}

/* `never` has no place on a scale: it lies above every cut and makes none. */
static size_t nevers(const Crowd *c) {
  size_t n = 0;
  while (n < c->n && member(c, n).t == V_NEVER) n++;
  return n;
}

static Val *cuts(const Crowd *c, int64_t k) {
  Val *cut = arena_alloc(c->a, (size_t)k * sizeof *cut);
  size_t from = nevers(c);
  for (int64_t j = 1; j < k; j++) cut[j - 1] = quantile_at(c, from, j, k);
  return cut;
}

static void classes_by_cut(const Crowd *c, int64_t k) {
  const Val *cut = cuts(c, k);
  for (size_t i = 0; i < c->n; i++) {
    int64_t class = 1;
    Val x = member(c, i);
    for (int64_t j = 0; j + 1 < k; j++)
      if (cut[j].t == V_NULL ? x.t == V_NEVER : order_values(x, cut[j], c->asof) > 0) class++;
    c->place[c->at[i]] = class;
  }
}

/* SQL's NTILE from the foot of the ranking (value descending, then code): the first classes are the larger ones. */
static void classes_by_tile(const Crowd *c, int64_t k) {
  int64_t n = (int64_t)c->n, small = n / k, larger = n % k;
  for (int64_t i = 0, class = 0, left = 0; i < n; i++, left--) {
    if (!left) left = class++ < larger ? small + 1 : small;
    c->place[c->at[c->n - 1 - (size_t)i]] = class;
  }
}

/* How many members lie exactly on a cut; of tiles: whose value is in two of them. */
static int64_t tied(const Crowd *c, int64_t k, bool tiles) {
  int64_t n = 0;
  if (tiles) {
    classes_by_tile(c, k);
    for (size_t i = 0; i < c->n;) {
      size_t end = i;
      bool split = false;
      for (; end < c->n && tie(c, i, end); end++) split |= c->place[c->at[end]] != c->place[c->at[i]];
      if (split) n += (int64_t)(end - i);
      i = end;
    }
    return n;
  }
  const Val *cut = cuts(c, k);
  for (size_t i = 0; i < c->n; i++) {
    bool on = false;
    for (int64_t j = 0; j + 1 < k; j++) on |= cut[j].t && order_values(member(c, i), cut[j], c->asof) == 0;
    n += on;
  }
  return n;
}

/* --- over the population ------------------------------------------------ */

typedef struct Asked { /* a set function with its constants read */
  SetFn fn;
  const SetCall *call;
  Val p;
  int64_t k;
  bool tiles;
} Asked;

static bool read_constants(Frame *f, const Op *op, Asked *q) {
  q->fn = (SetFn)op->code;
  q->call = q->fn == SET_TIED ? op->kid[0]->ref : op->ref;
  const Node *n = op->node;
  if (q->call->k) {
    if (!frame_value(f, q->call->k, &q->p)) return false;
    bool whole = num_int(q->p, &q->k);
    bool share = q->fn == SET_QUANTILE || q->fn == SET_TOP_SHARE || q->fn == SET_CARRIERS;
    if (!share && (!val_is_num(q->p) || !whole || q->k < 1 || q->k > 1000000))
      return src_err(f->ev->e, n->src, n->at, n->len, "the number of classes is a whole number from 1");
    if (share && (!val_is_num(q->p) || num_cmp(q->p, val_int(0)) < 0 || num_cmp(q->p, val_int(1)) > 0))
      return src_err(f->ev->e, n->src, n->at, n->len, "the share lies between 0 %% and 100 %%");
  }
  if (q->call->how) {
    Val how;
    if (!frame_value(f, q->call->how, &how)) return false;
    q->tiles = how.t == V_TEXT && str_is(val_str(how), "ntile");
    if (!q->tiles && !(how.t == V_TEXT && str_is(val_str(how), "quantile")))
      return src_err(f->ev->e, n->src, n->at, n->len, "classes are cut by 'quantile' or by 'ntile'");
  }
  return true;
}

static int64_t one_crowd(const Asked *q, const Crowd *c) {
  switch (q->fn) {
    case SET_RANK: rank(c); return 0;
    case SET_SHARE: case SET_RUNNING: case SET_AHEAD: shares(c, q->fn); return 0;
    case SET_ZSCORE: zscore(c); return 0;
    case SET_CLASSES:
      if (q->tiles) classes_by_tile(c, q->k);
      else classes_by_cut(c, q->k);
      return 0;
    case SET_QUANTILE: {
      Val v = quantile(c, nevers(c), q->p);
      for (size_t i = 0; i < c->n; i++) c->out[c->at[i]] = v;
      return 0;
    }
    case SET_GINI: case SET_HHI: case SET_TOP_SHARE: case SET_CARRIERS: {
      Val *x = arena_alloc(c->a, c->n * sizeof *x);
      for (size_t i = 0; i < c->n; i++) x[i] = member(c, i);
      Val v = concentration(q->fn, x, c->n, q->p, c->a);
      for (size_t i = 0; i < c->n; i++) c->out[c->at[i]] = v;
      return 0;
    }
    default: return tied(c, q->k, q->tiles);
  }
}

/* Functions whose answer is one figure for the whole crowd. */
static bool tells_all(SetFn fn) { return fn == SET_QUANTILE || fn >= SET_GINI; }

/* Members: known value, known group, among those asked for. */
static bool column_of(Frame *p, const Op *op, Values *out) {
  *out = (Values){0};
  return frame_plain(p, op, &out->p) && (out->p.i || frame_full(p, op, &out->v));
}

static bool all_known(const Values *c) { return c->p.i && !c->p.has; }

/* Nobody is left out: the usual case. */
static bool everybody(const Frame *p, const Asked *q, const Values *x, const Values *group, uint32_t **at, size_t *n) {
  bool all = !q->call->among && all_known(x) && val_is_num(x->p.like) && (!q->call->within || all_known(group));
  if (!all) return false;
  for (size_t i = 0; i < p->n; i++) (*at)[i] = (uint32_t)i;
  *n = p->n;
  return true;
}

static bool members(Frame *p, const Asked *q, Values *x, Values *group, uint32_t **at, size_t *n) {
  Vec among = {NULL, 0};
  if (!column_of(p, q->call->x, x)) return false;
  if (q->call->within && !column_of(p, q->call->within, group)) return false;
  if (q->call->among && !frame_eval(p, q->call->among, &among)) return false;
  *at = arena_alloc(p->arena, p->n * sizeof **at);
  *n = 0;
  if (everybody(p, q, x, group, at, n)) return true;
  bool numbers = q->fn != SET_RANK && q->fn != SET_CLASSES && q->fn != SET_TIED && q->fn != SET_QUANTILE;
  for (size_t i = 0; i < p->n; i++) {
    Val v = column_at(x, i);
    if (v.t == V_NULL || (numbers && !val_is_num(v)) || (q->call->within && column_at(group, i).t == V_NULL)) continue;
    if (among.v) {
      Val in = vec_at(among, i);
      if (in.t != V_BOOL || !in.u.i) continue;
    }
    (*at)[(*n)++] = (uint32_t)i;
  }
  return true;
}

/* A quantile is told to everybody of the group, member of the crowd or not. */
static void tell_all(const Frame *p, const Values *group, const uint32_t *at, size_t n, Val *out) {
  for (size_t i = 0; i < p->n; i++) {
    if (out[i].t) continue;
    for (size_t k = 0; k < n; k++)
      if (!group || (column_at(group, i).t && val_order(column_at(group, i), column_at(group, at[k])) == 0)) {
        out[i] = out[at[k]];
        break;
      }
  }
}

/* Positions by group, and within one by value from above; equals as they stand. */
static void sort_members(const Values *x, const Values *group, Day asof, uint32_t *at, size_t n) {
  Sort sort = {.group = group, .x = x, .asof = asof};
  bool ok = x->p.i ? radix_plain(&x->p, true, at, n) : radix_order(x->v, true, at, n);
  if (ok && group) ok = group->p.i ? radix_plain(&group->p, false, at, n) : radix_order(group->v, false, at, n);
  if (!ok) qsort_r(at, n, sizeof *at, by_group_and_value, &sort);
}

/* Plain figures, none of them unknown or `never`, in the order of `at`. */
static const int64_t *in_order(const PlainVec *p, const uint32_t *at, size_t n, Arena *a) {
  if (!p->i || !p->step || p->like.t == V_REAL) return NULL;
  int64_t *sorted = arena_alloc(a, (n + 1) * sizeof *sorted);
  for (size_t k = 0; k < n; k++) {
    if (!plain_has(p, at[k])) return NULL;
    sorted[k] = p->i[at[k]];
  }
  return sorted;
}

static bool gives_shares(SetFn fn) { return fn == SET_SHARE || fn == SET_RUNNING || fn == SET_AHEAD; }

/* Functions that give everybody a place or a class. */
static bool gives_places(SetFn fn) { return fn == SET_RANK || fn == SET_CLASSES; }

/* Where the group of at[i] ends. */
static size_t group_end(const Values *group, const uint32_t *at, size_t i, size_t n) {
  size_t end = i + 1;
  const PlainVec *p = &group->p;
  if (all_known(group) && p->like.t != V_REAL)
    while (end < n && p->i[at[i] * p->step] == p->i[at[end] * p->step]) end++;
  else
    while (end < n && val_order(column_at(group, at[i]), column_at(group, at[end])) == 0) end++;
  return end;
}

typedef struct Answer { /* by position: places, 0 where there is none; or values */
  int64_t *place;
  Val *out;
} Answer;

static bool compute(Frame *p, const Op *op, Answer *answer) {
  Asked q = {0};
  Values x = {0}, within = {0};
  uint32_t *at;
  size_t n;
  if (!read_constants(p, op, &q) || !members(p, &q, &x, &within, &at, &n)) return false;
  const Values *group = q.call->within ? &within : NULL;
  if (gives_places(q.fn) || q.fn == SET_TIED) answer->place = arena_zalloc(p->arena, p->n + 1, sizeof *answer->place);
  if (!gives_places(q.fn)) answer->out = arena_zalloc(p->arena, p->n + 1, sizeof *answer->out);
  sort_members(&x, group, p->asof, at, n);
  const int64_t *sorted = q.tiles && q.fn == SET_CLASSES ? NULL : in_order(&x.p, at, n, p->arena);
  ValBig *big = gives_shares(q.fn) ? arena_alloc(&p->ev->memos, (p->n + 1) * sizeof *big) : NULL;
  int64_t on_cut = 0;
  for (size_t i = 0; i < n;) {
    size_t end = group ? group_end(group, at, i, n) : n;
    Crowd c = {.at = at + i, .n = end - i, .x = &x, .out = answer->out, .place = answer->place, .a = p->arena,
               .sorted = sorted ? sorted + i : NULL, .big = big, .asof = p->asof};
    on_cut += one_crowd(&q, &c);
    i = end;
    if (!stop_check(p->ev->e)) return false;
  }
  if (tells_all(q.fn) && (q.call->among || q.fn >= SET_GINI)) tell_all(p, group, at, n, answer->out);
  if (q.fn == SET_TIED)
    for (size_t i = 0; i < p->n; i++) answer->out[i] = val_int(on_cut);
  return true;
}

static void put_answer(Eval *ev, const Op *op, Memo *m, const uint32_t *ord, size_t n, const Answer *answer, Arena *a) {
  if (answer->out) {
    memo_put(ev, m, ord, n, answer->out, gives_shares((SetFn)op->code)); /* shares are made in ev->memos */
    return;
  }
  uint8_t *has = arena_alloc(a, n + 1);
  size_t placed = 0;
  for (size_t i = 0; i < n; i++) placed += has[i] = answer->place[i] != 0;
  const PlainVec p = {val_int(0), val_null(), answer->place, placed < n ? has : NULL, 1};
  memo_put_plain(ev, m, ord, n, &p);
}

/* The whole population at once, kept for all who ask. */
static bool fill(Eval *ev, const Op *op, Day asof, Memo *m) {
  int entity = ((const SetCall *)op->ref)->entity;
  Arena own = {0};
  const int64_t *id = NULL;
  size_t n = 0;
  bool ok = population(ev, entity, asof, &own, &id, &n);
  if (ok) {
    Frame *p = frame_root(ev, &own, entity, asof, id, n);
    Answer answer = {0};
    ok = compute(p, op, &answer);
    const uint32_t *ord = frame_ordinals(p);
    memo_room(ev, m, index_of(ev, entity)->n);
    if (p->dense) ord = NULL;
    if (ok) put_answer(ev, op, m, ord, n, &answer, &own);
    m->whole = ok;
  }
  arena_free(&own);
  return ok;
}

static bool filled(Frame *f, const Op *op, Memo **out) {
  Eval *ev = f->ev;
  Memo *m = memo_of(ev, op->code == SET_TIED ? (const void *)op : op->ref, f->asof);
  if (!m->whole && !fill(ev, op, f->asof, m)) return false;
  frame_ordinals(f);
  memo_room(ev, m, index_of(ev, f->entity)->n);
  *out = m;
  return true;
}

bool set_plain(Frame *f, const Op *op, PlainVec *out) {
  Memo *m;
  *out = (PlainVec){0};
  if (op->code == SET_TIED) return true;
  if (!filled(f, op, &m)) return false;
  *out = memo_plain(f, m);
  return true;
}

bool wide_set(Frame *f, const Op *op, Vec *out) {
  *out = vec_null();
  Memo *m;
  if (f->blind) return true;
  if (!filled(f, op, &m)) return false;
  if (op->code == SET_TIED) { /* the same figure for everybody, member or not */
    Val *one = column_new(f, 1);
    *one = val_int(0);
    for (uint32_t i = 0; i < m->cap; i++)
      if (m->have[i]) *one = memo_at(m, i);
    *out = (Vec){one, 0};
    return true;
  }
  *out = memo_column(f, m);
  return true;
}
