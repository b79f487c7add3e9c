#include "feel/frame.h"

#include "base/num.h"
#include "base/stop.h"

#include <string.h>

enum { MOST_PAIRS = 200000000 };

/* Every row of f beside every row of the entity. */
static bool all_rows(Frame *f, const Op *op, Frame **out) {
  Eval *ev = f->ev;
  const int64_t *every;
  size_t n;
  const FeelHost *h = ev->host;
  if (!h->all)
    return err_set(ev->e, ERR_FAIL, "the rows of %.*s are not listed here",
                   STR_ARG(entity_plural(h, op->num)));
  if (!h->all(h->ctx, op->num, f->asof, f->arena, &every, &n, ev->e)) return false;
  if (f->n && n > MOST_PAIRS / f->n)
    return err_set(ev->e, ERR_FAIL,
                   "%.*s[…] for each of %zu rows would look at %zu × %zu pairs; use a relation or a rank",
                   STR_ARG(entity_plural(h, op->num)), f->n, f->n, n);
  size_t total = n * f->n;
  int64_t *id = arena_alloc(f->arena, total * sizeof *id);
  uint32_t *up = arena_alloc(f->arena, total * sizeof *up);
  for (size_t i = 0, k = 0; i < f->n; i++)
    for (size_t j = 0; j < n; j++, k++) {
      id[k] = every[j];
      up[k] = (uint32_t)i;
    }
  *out = frame_rows_of(f, op->num, id, up, total);
  return true;
}

/* The field that says since when a related row is known; NULL: its rows are never too new. */
static const HostField *day_known(const FeelHost *h, int entity) {
  const HostEntity *info = host_info(h, entity);
  if (!info || !info->day.n || info->ahead) return NULL;
  const HostField *day = host_field(h, entity, info->day);
  return day && day->kind == HOST_FIELD ? day : NULL;
}

/* Of rows what had happened before the day of f. */
static bool drop_later(Frame *f, int entity, HostRows *rows) {
  const FeelHost *h = f->ev->host;
  const HostField *field = day_known(h, entity);
  if (!field || !rows->n) return true;
  Val *day = column_new(f, rows->n);
  if (!h->column(h->ctx, entity, field, f->asof, rows->id, rows->n, f->arena, day, f->ev->e)) return false;
  size_t n = 0;
  while (n < rows->n && (day[n].t != V_DATE || day[n].u.i < f->asof)) n++;
  if (n == rows->n) return true;
  int64_t *id = arena_alloc(f->arena, rows->n * sizeof *id);
  uint32_t *parent = arena_alloc(f->arena, rows->n * sizeof *parent);
  n = 0;
  for (size_t i = 0; i < rows->n; i++) {
    if (day[i].t == V_DATE && day[i].u.i >= f->asof) continue;
    id[n] = rows->id[i];
    parent[n++] = rows->parent[i];
  }
  *rows = (HostRows){n, id, parent};
  return true;
}

static bool many_rows(Frame *f, const Op *op, Frame **out) {
  const HostField *field = op->ref;
  const FeelHost *h = f->ev->host;
  HostRows rows = {0};
  if (f->n && !f->blind &&
      !h->many(h->ctx, f->entity, field, f->asof, f->id, f->n, f->arena, &rows, f->ev->e))
    return false;
  if (!drop_later(f, field->target, &rows)) return false;
  *out = frame_rows_of(f, field->target, rows.id, rows.parent, rows.n);
  return true;
}

/* For each row of f the rows that hang on the row of another frame it points to. */
static Frame *spread(Frame *f, Frame *to, const uint32_t *idx, Frame *rows) {
  if (!idx) return frame_moved(rows, f, rows->upidx);
  size_t *start = arena_zalloc(f->arena, to->n + 1, sizeof *start);
  for (size_t i = 0; i < rows->n; i++) start[rows->upidx[i] + 1]++;
  for (size_t i = 0; i < to->n; i++) start[i + 1] += start[i];
  size_t total = 0;
  for (size_t i = 0; i < f->n; i++)
    if (idx[i] != NO_ROW) total += start[idx[i] + 1] - start[idx[i]];
  int64_t *id = arena_alloc(f->arena, total * sizeof *id);
  uint32_t *up = arena_alloc(f->arena, total * sizeof *up),
           *from = arena_alloc(f->arena, total * sizeof *from);
  size_t k = 0;
  for (size_t i = 0; i < f->n; i++) {
    if (idx[i] == NO_ROW) continue;
    for (size_t j = start[idx[i]]; j < start[idx[i] + 1]; j++, k++) {
      id[k] = rows->id[j];
      up[k] = (uint32_t)i;
      from[k] = (uint32_t)j;
    }
  }
  Frame *out = frame_rows_of(f, rows->entity, id, up, total);
  out->base = rows;
  out->baseidx = from;
  return out;
}

static bool at_rows(Frame *f, const Op *op, Frame **out) {
  Frame *to, *rows;
  const uint32_t *idx;
  if (!frame_ref(f, op->kid[0], &to, &idx) || !frame_rows(to, op->kid[1], &rows)) return false;
  *out = spread(f, to, idx, rows);
  return true;
}

static bool flat_rows(Frame *f, const Op *op, Frame **out) {
  Frame *mid, *deep;
  if (!frame_rows(f, op->kid[0], &mid) || !frame_rows(mid, op->kid[1], &deep)) return false;
  uint32_t *up = arena_alloc(f->arena, deep->n * sizeof *up);
  for (size_t i = 0; i < deep->n; i++) up[i] = mid->upidx[deep->upidx[i]];
  *out = frame_moved(deep, f, up);
  return true;
}

static bool filtered_rows(Frame *f, const Op *op, Frame **out) {
  Frame *rows;
  Vec cond;
  if (!frame_rows(f, op->kid[0], &rows) || !frame_eval(rows, op->kid[1], &cond)) return false;
  uint32_t *sel = arena_alloc(f->arena, rows->n * sizeof *sel);
  size_t n = 0;
  for (size_t i = 0; i < rows->n; i++) {
    Val v = vec_at(cond, i);
    if (v.t == V_BOOL && v.u.i) sel[n++] = (uint32_t)i;
  }
  int64_t *id = arena_alloc(f->arena, n * sizeof *id);
  uint32_t *up = arena_alloc(f->arena, n * sizeof *up);
  for (size_t i = 0; i < n; i++) {
    id[i] = rows->id[sel[i]];
    up[i] = rows->upidx[sel[i]];
  }
  *out = frame_rows_of(f, rows->entity, id, up, n);
  (*out)->base = rows;
  (*out)->baseidx = sel;
  return true;
}

static bool metric_rows(Frame *f, const Op *op, Frame **out) {
  Frame *rows = NULL;
  const Sym *metric = op->ref;
  Kept *k = frame_find(f, f, KEPT_ROOT);
  if (!k) {
    Frame *root = frame_root(f->ev, f->arena, f->entity, f->asof, f->id, f->n);
    root->blind = f->blind;
    root->ord = f->ord;
    k = frame_keep(f, f, KEPT_ROOT);
    k->thing = root;
  }
  if (!frame_rows(k->thing, metric->op, &rows)) return false;
  *out = frame_moved(rows, f, rows->upidx);
  return true;
}

static bool find_rows(Frame *f, const Op *op, Frame **out) {
  if (!stop_check(f->ev->e)) return false;
  switch ((OpKind)op->kind) {
    case K_ALL: return all_rows(f, op, out);
    case K_MANY: return many_rows(f, op, out);
    case K_AT_ROWS: return at_rows(f, op, out);
    case K_FLAT: return flat_rows(f, op, out);
    case K_FILTER: return filtered_rows(f, op, out);
    case K_METRIC_ROWS: return metric_rows(f, op, out);
    default: return err_set(f->ev->e, ERR_FAIL, "no rows");
  }
}

bool frame_rows(Frame *f, const Op *op, Frame **out) {
  Kept *k = frame_find(f, op, KEPT_ROWS);
  if (!k) {
    Frame *rows = NULL;
    if (!find_rows(f, op, &rows) || !rows) return false;
    k = frame_keep(f, op, KEPT_ROWS);
    k->thing = rows;
  }
  *out = k->thing;
  return true;
}

/* --- lists -------------------------------------------------------------- */

/* v, one a row of `rows`, as one list for each row of f. */
static Vec grouped(Frame *f, const Frame *rows, const Val *v) {
  Val *out = column_new(f, f->n);
  size_t at = 0;
  for (size_t i = 0; i < f->n; i++) {
    size_t from = at;
    while (at < rows->n && rows->upidx[at] == i) at++;
    out[i] = val_list(v ? v + from : NULL, at - from);
  }
  return (Vec){out, 1};
}

static bool each(Frame *f, const Op *op, Vec *out) {
  Frame *rows;
  const Val *v;
  if (!frame_rows(f, op->kid[0], &rows) || !frame_full(rows, op->kid[1], &v)) return false;
  *out = grouped(f, rows, v);
  return true;
}

static bool collect(Frame *f, const Op *op, Vec *out) {
  Frame *rows;
  if (!frame_rows(f, op->kid[0], &rows)) return false;
  Val *v = column_new(f, rows->n);
  for (size_t i = 0; i < rows->n; i++) v[i] = val_row((uint32_t)rows->entity, rows->id[i]);
  *out = grouped(f, rows, v);
  return true;
}

static bool count(Frame *f, const Op *op, Vec *out) {
  Frame *rows;
  if (!frame_rows(f, op->kid[0], &rows)) return false;
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) v[i] = op->code ? val_bool(false) : val_int(0);
  for (size_t i = 0; i < rows->n; i++) {
    if (op->code) v[rows->upidx[i]] = val_bool(true);
    else v[rows->upidx[i]].u.i++;
  }
  *out = f->blind ? vec_null() : (Vec){v, 1};
  return true;
}

/* Days since the last of the rows' days before as-of; never when there is no row; null when no row has a day.
 */
static bool since(Frame *f, const Op *op, Vec *out) {
  Frame *rows;
  const Val *day;
  if (!frame_rows(f, op->kid[0], &rows) || !frame_full(rows, op->kid[1], &day)) return false;
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) v[i] = val_never();
  for (size_t i = 0; i < rows->n; i++) {
    Val *at = &v[rows->upidx[i]];
    if (day[i].t != V_DATE) {
      if (at->t == V_NEVER) *at = val_null();
    } else if (day[i].u.i < f->asof) {
      int64_t days = (int64_t)f->asof - day[i].u.i;
      if (at->t != V_NUM || days < at->u.i) *at = val_int(days);
    }
  }
  *out = f->blind ? vec_null() : (Vec){v, 1};
  return true;
}

/* Of each row's rows the value with the latest day before as-of; of one day the last as they stand. */
static bool latest(Frame *f, const Op *op, Vec *out) {
  Frame *rows;
  const Val *value, *day;
  if (!frame_rows(f, op->kid[0], &rows) || !frame_full(rows, op->kid[1], &value) ||
      !frame_full(rows, op->kid[2], &day))
    return false;
  Val *v = column_new(f, f->n);
  int64_t *best = arena_zalloc(f->arena, f->n + 1, sizeof *best);
  for (size_t i = 0; i < f->n; i++) v[i] = val_null();
  for (size_t i = 0; i < rows->n; i++) {
    uint32_t at = rows->upidx[i];
    bool counts = value[i].t != V_NULL && day[i].t == V_DATE && day[i].u.i < f->asof;
    if (!counts || (v[at].t != V_NULL && day[i].u.i < best[at])) continue;
    v[at] = value[i];
    best[at] = day[i].u.i;
  }
  *out = f->blind ? vec_null() : (Vec){v, 1};
  return true;
}

/* The items of each row's list as a frame; *lists: the column of lists. */
static bool items(Frame *f, const Op *op, Frame **out, const Val **lists) {
  const Val *v;
  if (!frame_full(f, op, &v)) return false;
  size_t n = 0;
  for (size_t i = 0; i < f->n; i++) n += v[i].t == V_LIST ? v[i].n : 0;
  Val *item = column_new(f, n);
  uint32_t *up = arena_alloc(f->arena, n * sizeof *up);
  size_t k = 0;
  for (size_t i = 0; i < f->n; i++)
    for (uint32_t j = 0; v[i].t == V_LIST && j < v[i].n; j++, k++) {
      item[k] = v[i].u.v[j];
      up[k] = (uint32_t)i;
    }
  *out = frame_items_of(f, item, up, n);
  (*out)->blind = f->blind;
  *lists = v;
  return true;
}

static bool quantify(Frame *f, const Op *op, Vec *out) {
  Frame *in;
  const Val *list, *holds;
  if (!items(f, op->kid[0], &in, &list) || !frame_full(in, op->kid[1], &holds)) return false;
  bool some = op->code == N_SOME;
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) {
    bool empty = list[i].t == V_LIST && list[i].n == 0 && op->num;
    v[i] = list[i].t != V_LIST || empty ? val_null() : val_bool(!some);
  }
  for (size_t i = 0; i < in->n; i++) {
    Val *at = &v[in->upidx[i]];
    *at = some ? value_or(*at, holds[i]) : value_and(*at, holds[i]);
  }
  *out = (Vec){v, 1};
  return true;
}

static bool for_each(Frame *f, const Op *op, Vec *out) {
  Frame *in;
  const Val *list, *v;
  if (!items(f, op->kid[0], &in, &list) || !frame_full(in, op->kid[1], &v)) return false;
  Vec made = grouped(f, in, v);
  Val *lists = (Val *)made.v;
  for (size_t i = 0; i < f->n; i++) {
    if (list[i].t != V_LIST) {
      lists[i] = val_null();
      continue;
    }
    if (!op->code) continue;
    size_t n = 0;
    for (uint32_t k = 0; k < lists[i].n; k++) n += lists[i].u.v[k].t == V_LIST ? lists[i].u.v[k].n : 1;
    Val *all = column_new(f, n);
    size_t at = 0;
    for (uint32_t k = 0; k < lists[i].n; k++) {
      Val one = lists[i].u.v[k];
      for (uint32_t j = 0; one.t == V_LIST && j < one.n; j++) all[at++] = one.u.v[j];
      if (one.t != V_LIST) all[at++] = one;
    }
    lists[i] = val_list(all, n);
  }
  *out = made;
  return true;
}

static bool sift(Frame *f, const Op *op, Vec *out) {
  Frame *in;
  const Val *list, *holds;
  if (!items(f, op->kid[0], &in, &list) || !frame_full(in, op->kid[1], &holds)) return false;
  Val *kept = column_new(f, in->n), *v = column_new(f, f->n);
  size_t at = 0, k = 0;
  for (size_t i = 0; i < f->n; i++) {
    size_t from = k;
    for (; at < in->n && in->upidx[at] == i; at++)
      if (holds[at].t == V_BOOL && holds[at].u.i) kept[k++] = in->item[at];
    v[i] = list[i].t == V_LIST ? val_list(kept + from, k - from) : val_null();
  }
  *out = (Vec){v, 1};
  return true;
}

static bool pick(Frame *f, const Op *op, Vec *out) {
  Vec list, index;
  if (!frame_eval(f, op->kid[0], &list) || !frame_eval(f, op->kid[1], &index)) return false;
  Val *v = column_new(f, f->n);
  for (size_t i = 0; i < f->n; i++) {
    Val l = vec_at(list, i), x = vec_at(index, i);
    int64_t k;
    v[i] = val_null();
    if (l.t != V_LIST || !val_is_num(x) || !num_int(x, &k)) continue;
    if (k > 0 && k <= (int64_t)l.n) v[i] = l.u.v[k - 1];
    if (k < 0 && -k <= (int64_t)l.n) v[i] = l.u.v[(int64_t)l.n + k];
  }
  *out = (Vec){v, 1};
  return true;
}

bool wide_list(Frame *f, const Op *op, Vec *out) {
  switch ((OpKind)op->kind) {
    case K_EACH: return each(f, op, out);
    case K_COLLECT: return collect(f, op, out);
    case K_COUNT: return count(f, op, out);
    case K_SINCE: return since(f, op, out);
    case K_LATEST: return latest(f, op, out);
    case K_QUANTIFY: return quantify(f, op, out);
    case K_FOR: return for_each(f, op, out);
    case K_SIFT: return sift(f, op, out);
    case K_PICK: return pick(f, op, out);
    default: return err_set(f->ev->e, ERR_FAIL, "nothing computes operation %d", op->kind);
  }
}
