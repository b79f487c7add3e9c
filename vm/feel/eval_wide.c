#include "feel/score.h"

#include "base/num.h"
#include "base/stop.h"
#include "feel/window.h"

#include <string.h>

static bool one_column(Frame *f, const Op *op, Vec *out) {
  if (f->blind) {
    *out = vec_null();
    return true;
  }
  const HostField *field = op->ref;
  const FeelHost *h = f->ev->host;
  int64_t *id = arena_alloc(f->arena, f->n * sizeof *id);
  if (f->n && !h->one(h->ctx, f->entity, field, f->asof, f->id, f->n, id, f->ev->e)) return false;
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) v[i] = id[i] ? val_row((uint32_t)field->target, id[i]) : val_null();
  *out = (Vec){v, 1};
  return true;
}

/* Ids of those rows of f that the memo does not have, each once. */
static size_t lacking(Frame *f, const uint8_t *have, const uint32_t *ord, Arena *a, int64_t **id,
                      uint32_t **at) {
  *id = arena_alloc(a, f->n * sizeof **id);
  *at = arena_alloc(a, f->n * sizeof **at);
  size_t total = index_of(f->ev, f->entity)->n, n = 0;
  uint8_t *seen = arena_zalloc(a, total, 1);
  for (size_t i = 0; i < f->n; i++) {
    if (have[ord[i]] || seen[ord[i]]) continue;
    seen[ord[i]] = 1;
    (*id)[n] = f->id[i];
    (*at)[n++] = ord[i];
  }
  return n;
}

/* What is known of `what`, a column of the rows of f, each row computed once; `fill` computes it for some rows, as a
 * plain column where it can. */
typedef bool (*Fill)(Frame *fresh, const void *what, PlainVec *plain, const Val **out);

static bool remembered(Frame *f, const void *what, bool field, Fill fill, Memo **out) {
  Eval *ev = f->ev;
  const uint32_t *ord = frame_ordinals(f);
  Memo *m = memo_of(ev, what, f->asof);
  m->field = field;
  memo_room(ev, m, index_of(ev, f->entity)->n);
  Arena own = {0};
  *out = m;
  bool ok = true, none = f->dense && !m->count;
  if (none || m->count < index_of(ev, f->entity)->n) {
    int64_t *id = NULL;
    uint32_t *at = NULL;
    size_t n = none ? f->n : lacking(f, m->have, ord, &own, &id, &at);
    Frame *fresh = frame_root(ev, &own, f->entity, f->asof, none ? f->id : id, n);
    fresh->ord = none ? ord : at;
    fresh->dense = none;
    const Val *v = NULL;
    PlainVec p = {0};
    ok = !n || fill(fresh, what, &p, &v);
    if (n && ok) memo_room(ev, m, index_of(ev, f->entity)->n);
    if (n && ok && p.i) memo_put_plain(ev, m, fresh->dense ? NULL : fresh->ord, n, &p);
    else if (n && ok) memo_put(ev, m, fresh->dense ? NULL : fresh->ord, n, v, false);
  }
  arena_free(&own);
  return ok;
}

static bool fill_metric(Frame *fresh, const void *what, PlainVec *plain, const Val **out) {
  const Sym *metric = what;
  return frame_plain(fresh, metric->op, plain) && (plain->i || frame_full(fresh, metric->op, out));
}

static bool fill_field(Frame *fresh, const void *what, PlainVec *plain, const Val **out) {
  (void)plain;
  const FeelHost *h = fresh->ev->host;
  Val *v = column_new(fresh, fresh->n);
  *out = v;
  return h->column(h->ctx, fresh->entity, what, fresh->asof, fresh->id, fresh->n, fresh->arena, v, fresh->ev->e);
}

bool wide_metric(Frame *f, const Op *op, Vec *out) {
  Memo *m;
  *out = vec_null();
  if (f->blind) return true;
  if (!remembered(f, op->ref, false, fill_metric, &m)) return false;
  *out = memo_column(f, m);
  return true;
}

bool metric_plain(Frame *f, const Op *op, PlainVec *out) {
  Memo *m;
  if (!remembered(f, op->ref, false, fill_metric, &m)) return false;
  *out = memo_plain(f, m);
  return true;
}

static bool field_column(Frame *f, const Op *op, Vec *out) {
  const HostField *field = op->ref;
  if (f->blind || !field) {
    *out = vec_null();
    return true;
  }
  if (field->derived) {
    Memo *m;
    if (!remembered(f, field, true, fill_field, &m)) return false;
    *out = memo_column(f, m);
    return true;
  }
  const Val *v;
  if (f->n) {
    if (!fill_field(f, field, NULL, &v)) return false;
  } else {
    v = column_new(f, 0);
  }
  *out = (Vec){v, 1};
  return true;
}

bool decide_lacking(Frame *f, const Table *t, Decided **out) {
  Eval *ev = f->ev;
  const uint32_t *ord = frame_ordinals(f);
  Decided *d = decided_of(ev, t, f->asof);
  decided_room(d, index_of(ev, f->entity)->n);
  Arena own = {0};
  int64_t *id;
  uint32_t *at;
  size_t n = lacking(f, d->have, ord, &own, &id, &at);
  bool ok = !n || decide_rows(ev, t, f->asof, id, n);
  arena_free(&own);
  *out = d;
  return ok;
}

bool wide_output(Frame *f, const Op *op, Vec *out) {
  if (f->blind) {
    *out = vec_null();
    return true;
  }
  const Sym *s = op->ref;
  const Table *t = s->table;
  const TableOutput *o = &t->out[s->col];
  Eval *ev = f->ev;
  bool field = o->field || o->host_field;
  const uint32_t *ord = frame_ordinals(f);
  Decided *d = decided_of(ev, t, f->asof);
  decided_room(d, index_of(ev, f->entity)->n);
  if (!field && !decide_lacking(f, t, &d)) return false; /* a named value: decided when it is asked for */
  const Val *old = NULL;
  if (field) {
    const HostField *hf = host_field(ev->host, f->entity, s->name);
    Op read = {.kind = K_FIELD, .ref = hf};
    Vec v;
    bool all = true;
    for (size_t i = 0; i < f->n && all; i++) all = d->have[ord[i]];
    if (!all) {
      if (!field_column(f, &read, &v)) return false;
      if (v.step) old = v.v;
    }
  }
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++)
    v[i] = d->have[ord[i]] ? d->out[ord[i] * t->info.nout + s->col] : old ? old[i] : val_null();
  *out = (Vec){v, 1};
  return true;
}

static bool self_column(Frame *f, const Op *op, Vec *out) {
  Frame *to = f;
  const uint32_t *idx = NULL;
  if (op->kind == K_OUTER) frame_climb(f, op->num, &to, &idx);
  if (!to->id) {
    *out = vec_null();
    return true;
  }
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) v[i] = val_row((uint32_t)to->entity, to->id[idx ? idx[i] : i]);
  *out = (Vec){v, 1};
  return true;
}

static bool var_column(Frame *f, const Op *op, Vec *out) {
  Frame *to;
  const uint32_t *idx;
  frame_climb(f, op->num, &to, &idx);
  if (!idx) {
    *out = (Vec){to->item, 1};
    return true;
  }
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) v[i] = to->item[idx[i]];
  *out = (Vec){v, 1};
  return true;
}

/* The frame of the rows that op names, each once, and where each row of f finds its own. */
static bool distinct_rows(Frame *f, const Op *op, Frame **to, const uint32_t **idx) {
  const Val *v;
  if (!frame_full(f, op, &v)) return false;
  int entity = op->type.entity;
  for (size_t i = 0; i < f->n && !entity; i++)
    if (v[i].t == V_ROW) entity = (int)v[i].n;
  Index *x = index_of(f->ev, entity);
  uint32_t *at = arena_alloc(f->arena, f->n * sizeof *at);
  uint32_t *slot = NULL;
  size_t cap = 0, n = 0;
  int64_t *id = arena_alloc(f->arena, f->n * sizeof *id);
  for (size_t i = 0; i < f->n; i++) {
    at[i] = NO_ROW;
    if (v[i].t != V_ROW) continue;
    uint32_t ord = index_ordinal(x, v[i].u.i);
    if (ord >= cap) {
      size_t more = x->n * 2 + 64;
      slot = mem_resize(slot, more, sizeof *slot);
      memset(slot + cap, 0, (more - cap) * sizeof *slot);
      cap = more;
    }
    if (!slot[ord]) {
      id[n++] = v[i].u.i;
      slot[ord] = (uint32_t)n;
    }
    at[i] = slot[ord] - 1;
  }
  mem_free(slot);
  *to = frame_root(f->ev, f->arena, entity, f->asof, id, n);
  (*to)->blind = f->blind;
  *idx = at;
  return true;
}

typedef struct Ref {
  Frame *to;
  const uint32_t *idx;
} Ref;

bool frame_ref(Frame *f, const Op *op, Frame **to, const uint32_t **idx) {
  if (op->kind == K_OUTER) {
    frame_climb(f, op->num, to, idx);
    return true;
  }
  if (op->kind == K_SELF) {
    *to = f;
    *idx = NULL;
    return true;
  }
  Kept *k = frame_find(f, op, KEPT_REF);
  if (!k) {
    Ref *ref = arena_alloc(f->arena, sizeof *ref);
    if (!distinct_rows(f, op, &ref->to, &ref->idx)) return false;
    k = frame_keep(f, op, KEPT_REF);
    k->thing = ref;
  }
  const Ref *ref = k->thing;
  *to = ref->to;
  *idx = ref->idx;
  return true;
}

static bool at_column(Frame *f, const Op *op, Vec *out) {
  Frame *to;
  const uint32_t *idx;
  Vec v;
  if (!frame_ref(f, op->kid[0], &to, &idx) || !frame_eval(to, op->kid[1], &v)) return false;
  if (!idx) {
    *out = v;
    return true;
  }
  Val *col = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) col[i] = idx[i] == NO_ROW ? val_null() : vec_at(v, idx[i]);
  *out = (Vec){col, 1};
  return true;
}

/* --- and, or, if: the dear side only where it is needed ------------------ */

static size_t where(Frame *f, Vec a, uint32_t *sel, int want) {
  size_t n = 0;
  for (size_t i = 0; i < f->n; i++) {
    Val v = vec_at(a, i);
    int is = v.t != V_BOOL ? -1 : (int)v.u.i;
    if (want >= 2 ? is != want - 2 : is == want) sel[n++] = (uint32_t)i;
  }
  return n;
}

/* kid over the rows where `a` is `want` (0, 1), or is not want - 2; written to their places. */
static bool branch(Frame *f, const Op *kid, Vec a, int want, Val *col, bool combine, bool either) {
  uint32_t *sel = arena_alloc(f->arena, f->n * sizeof *sel);
  size_t n = where(f, a, sel, want);
  if (!n) return true;
  Vec v;
  Frame *s = n == f->n ? f : frame_subset(f, f->arena, sel, n);
  if (!frame_eval(s, kid, &v)) return false;
  for (size_t i = 0; i < n; i++) {
    Val b = vec_at(v, i);
    Val *at = &col[sel[i]];
    *at = !combine ? b : either ? value_or(*at, b) : value_and(*at, b);
  }
  return stop_check(f->ev->e);
}

bool wide_logic(Frame *f, const Op *op, Vec *out) {
  Vec a;
  if (!frame_eval(f, op->kid[0], &a)) return false;
  bool is_if = op->code == K_IF, either = op->code == K_OR;
  if (is_if && !a.step) { /* one answer for all rows: the other branch is never asked */
    if (a.v[0].t == V_BOOL) return frame_eval(f, op->kid[a.v[0].u.i ? 1 : 2], out);
    *out = vec_null();
    return true;
  }
  Val *col = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) col[i] = is_if ? val_null() : vec_at(a, i);
  *out = (Vec){col, 1};
  if (is_if)
    return branch(f, op->kid[1], a, 1, col, false, false) && branch(f, op->kid[2], a, 0, col, false, false);
  return branch(f, op->kid[1], a, either ? 3 : 2, col, true, either);
}

/* The same rows on the day that op->kid[1] leads back to; NULL and an error where it leads nowhere. */
static Frame *back_then(Frame *f, const Op *op) {
  Val w;
  Day from, to;
  if (!frame_value(f, op->kid[1], &w)) return NULL;
  if (!window_days(w, f->asof, &from, &to)) err_set(f->ev->e, ERR_FAIL, "ago needs a time such as 12m or last_quarter");
  else if (from == DAY_NONE) err_set(f->ev->e, ERR_FAIL, "ago cannot look back over all time: name a time such as 12m");
  else return frame_on(f, from);
  return NULL;
}

static bool ago_column(Frame *f, const Op *op, Vec *out) {
  Frame *then = back_then(f, op);
  return then && frame_eval(then, op->kid[0], out);
}

bool ago_plain(Frame *f, const Op *op, PlainVec *out) {
  Frame *then = back_then(f, op);
  return then && frame_plain(then, op->kid[0], out);
}

static bool segment_column(Frame *f, const Op *op, Vec *out) {
  Val name;
  if (!frame_value(f, op->kid[0], &name)) return false;
  if (f->blind || name.t != V_TEXT) {
    *out = vec_null();
    return true;
  }
  Val *v = column_new(f, f->n);
  *out = (Vec){v, 1};
  const FeelHost *h = f->ev->host;
  return !f->n || h->in_segment(h->ctx, val_str(name), f->asof, f->id, f->n, v, f->ev->e);
}

static bool changed_column(Frame *f, const Op *op, Vec *out) {
  Val run;
  int64_t number;
  if (!frame_value(f, op->kid[0], &run)) return false;
  if (f->blind || run.t == V_NULL) {
    *out = vec_null();
    return true;
  }
  Val *v = column_new(f, f->n);
  *out = (Vec){v, 1};
  const FeelHost *h = f->ev->host;
  if (!num_int(run, &number)) return err_set(f->ev->e, ERR_FAIL, "changed_by takes the number of a run");
  return !f->n || h->changed_by(h->ctx, op->num, number, f->id, f->n, v, f->ev->e);
}

static Val given(const ParamColumn *c, int64_t id) {
  size_t low = 0, high = c->n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (c->id[mid] < id) low = mid + 1;
    else high = mid;
  }
  return low < c->n && c->id[low] == id ? c->val[low] : val_null();
}

static bool given_column(Frame *f, const Op *op, Vec *out) {
  Val *v = column_new(f, f->n);
  *out = (Vec){v, 1};
  for (size_t i = 0; i < f->n; i++) v[i] = f->blind ? val_null() : given(op->ref, f->id[i]);
  return true;
}

bool wide_eval(Frame *f, const Op *op, Vec *out) {
  if (!stop_check(f->ev->e)) return false;
  switch ((OpKind)op->kind) {
    case K_LOGIC: return wide_logic(f, op, out);
    case K_FIELD: return field_column(f, op, out);
    case K_UNSET: *out = vec_null(); return true;
    case K_ONE: return one_column(f, op, out);
    case K_SELF: case K_OUTER: return self_column(f, op, out);
    case K_VAR: return var_column(f, op, out);
    case K_METRIC: return wide_metric(f, op, out);
    case K_OUTPUT: return wide_output(f, op, out);
    case K_AT: return at_column(f, op, out);
    case K_MEMO: return frame_eval(f, op->kid[0], out);
    case K_AGO: return ago_column(f, op, out);
    case K_SEGMENT: return segment_column(f, op, out);
    case K_CHANGED: return changed_column(f, op, out);
    case K_GIVEN: return given_column(f, op, out);
    case K_SERIES: return wide_series(f, op, out);
    case K_NEARLY: return wide_nearly(f, op, out);
    case K_SCORE: return wide_score(f, op, out);
    case K_FORECAST: return wide_forecast(f, op, out);
    case K_SET: return wide_set(f, op, out);
    case K_GROUPED: case K_GROUP_SHARE: return wide_grouped(f, op, out);
    default: return wide_list(f, op, out);
  }
}
