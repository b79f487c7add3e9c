#include "run/whatif.h"

#include "run/decided.h"
#include "run/json.h"
#include "run/rawtext.h"
#include "run/state.h"

#include <stdlib.h>
#include <string.h>

/* --- decisions, by table and row --------------------------------------------------------- */

typedef struct Item {
  size_t table, nth;
  int64_t id;
  Str outputs;
} Item;

typedef struct Items {
  Item *item;
  size_t n, cap;
  WhatIf *out; /* where tables are entered as they are met */
  size_t captable;
  Arena *a;
} Items;

static size_t table_of(Items *x, const DecidedCase *c) {
  WhatIf *out = x->out;
  for (size_t i = 0; i < out->ntable; i++)
    if (str_eq(out->table[i].name, c->table) && str_eq(out->table[i].entity, c->entity)) return i;
  mem_grow(out->table, x->captable, out->ntable + 1);
  out->table[out->ntable] = (WhatIfTable){.name = {arena_strndup(x->a, c->table.p, c->table.n), c->table.n},
                                          .entity = {arena_strndup(x->a, c->entity.p, c->entity.n), c->entity.n}};
  return out->ntable++;
}

static bool take(void *ctx, const DecidedCase *c, Err *e) {
  (void)e;
  Items *x = ctx;
  mem_grow(x->item, x->cap, x->n + 1);
  x->item[x->n] = (Item){table_of(x, c), x->n, c->id, {arena_strndup(x->a, c->outputs.p, c->outputs.n), c->outputs.n}};
  x->n++;
  return true;
}

static int by_row(const Item *x, const Item *y) {
  if (x->table != y->table) return x->table < y->table ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

static int by_place(const void *a, const void *b) {
  const Item *x = a, *y = b;
  int c = by_row(x, y);
  return c ? c : x->nth < y->nth ? -1 : x->nth > y->nth;
}

/* Sorted; of a row that was decided twice the last word counts. */
static bool read_items(const Plan *p, Items *x, Err *e) {
  if (!decided_each(buf_view(&p->decided), take, x, e)) return false;
  if (x->n) qsort(x->item, x->n, sizeof *x->item, by_place);
  size_t n = 0;
  for (size_t i = 0; i < x->n; i++) {
    if (i + 1 < x->n && by_row(&x->item[i], &x->item[i + 1]) == 0) continue;
    x->item[n++] = x->item[i];
  }
  x->n = n;
  return true;
}

typedef struct Compare {
  const FeelHost *host;
  WhatIf *out;
  size_t cap;
  Arena *a;
  Arena temp;
} Compare;

static bool decides(const Compare *w, const WhatIfTable *t, size_t col, Str name) {
  if (col == 0) return true;
  int entity = w->host->entity(w->host->ctx, t->entity);
  const HostField *f = entity ? w->host->field(w->host->ctx, entity, name) : NULL;
  return f && f->kind == HOST_FIELD;
}

static void change(Compare *w, const Item *at, Str column, Val was, Val now) {
  mem_grow(w->out->change, w->cap, w->out->nchange + 1);
  w->out->change[w->out->nchange++] =
      (WhatIfChange){at->table, {arena_strndup(w->a, column.p, column.n), column.n}, at->id, val_copy(was, w->a),
                     val_copy(now, w->a)};
}

static bool compare_case(Compare *w, const Item *x, const Item *y, Err *e) {
  WhatIfTable *t = &w->out->table[x->table];
  t->cases++;
  if (str_eq(x->outputs, y->outputs)) return true;
  arena_free(&w->temp);
  Str *name, *other;
  Val *was, *now;
  size_t n, m;
  if (!json_read(x->outputs, &w->temp, &name, &was, &n) || !json_read(y->outputs, &w->temp, &other, &now, &m))
    return err_set(e, ERR_FAIL, "the decisions of the plan are damaged");
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    while (k < m && !str_eq(other[k], name[i])) k++;
    Val v = k < m ? now[k] : val_null();
    if (val_order(was[i], v) == 0 || !decides(w, t, i, name[i])) continue;
    change(w, x, name[i], was[i], v);
    any = true;
  }
  t->changed += any;
  return true;
}

static bool compare_items(Compare *w, const Items *x, const Items *y, Err *e) {
  size_t i = 0, k = 0;
  while (i < x->n || k < y->n) {
    int c = i == x->n ? 1 : k == y->n ? -1 : by_row(&x->item[i], &y->item[k]);
    if (c < 0) w->out->table[x->item[i].table].gone++;
    if (c > 0) w->out->table[y->item[k].table].come++;
    if (c == 0 && !compare_case(w, &x->item[i], &y->item[k], e)) return false;
    i += c <= 0;
    k += c >= 0;
  }
  return true;
}

/* --- members of segments ------------------------------------------------------------------- */

static bool open_end(const Change *c, const Val *cells) { return cells && change_cell(c, cells, "to_day").t == V_NULL; }

static Str segment_name(const Journal *j, Store *s, int64_t id, Arena *a, Err *e) {
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if (!str_is(c->table, "segment") || c->id != id || !c->now) continue;
    Val v = change_cell(c, c->now, "name");
    if (v.t == V_TEXT) return (Str){arena_strndup(a, v.u.s, v.n), v.n};
  }
  Val bind = val_int(id), name = val_null();
  if (!store_value(s, "SELECT name FROM segment WHERE id = ?1", &bind, 1, a, &name, e)) return (Str){0};
  return name.t == V_TEXT ? val_str(name) : STR("?");
}

static WhatIfSegment *segment_of(WhatIf *out, size_t *cap, Str name) {
  for (size_t i = 0; i < out->nsegment; i++)
    if (str_eq(out->segment[i].name, name)) return &out->segment[i];
  mem_grow(out->segment, *cap, out->nsegment + 1);
  out->segment[out->nsegment] = (WhatIfSegment){.name = name};
  return &out->segment[out->nsegment++];
}

typedef struct Step { /* of one account into a segment of the second plan or out of it */
  size_t segment;
  int64_t account, by;
} Step;

typedef struct Steps {
  Step *step;
  size_t n, cap;
} Steps;

static bool count_moves(Store *s, const Journal *j, bool now, WhatIf *out, size_t *cap, Steps *steps, Arena *a, Err *e) {
  Str name = {0};
  int64_t last = 0;
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if (!str_is(c->table, "segment_member")) continue;
    Val id = change_cell(c, c->now ? c->now : c->was, "segment");
    if (id.t != V_NUM) continue;
    if (!name.p || id.u.i != last) {
      name = segment_name(j, s, id.u.i, a, e);
      if (!name.p) return false;
    }
    last = id.u.i;
    WhatIfSegment *seg = segment_of(out, cap, name);
    int by = open_end(c, c->now) - open_end(c, c->was);
    if (now) seg->now += by;
    else seg->was += by;
    Val account = change_cell(c, c->now ? c->now : c->was, "account");
    if (!by || account.t != V_NUM) continue;
    mem_grow(steps->step, steps->cap, steps->n + 1);
    steps->step[steps->n++] = (Step){(size_t)(seg - out->segment), account.u.i, now ? by : -by};
  }
  return true;
}

static int by_account(const void *a, const void *b) {
  const Step *x = a, *y = b;
  if (x->segment != y->segment) return x->segment < y->segment ? -1 : 1;
  return (x->account > y->account) - (x->account < y->account);
}

/* Who is in it by one plan alone: what both do to an account cancels out. */
static void who_moved(Steps *k, WhatIf *out, Arena *a) {
  if (k->n) qsort(k->step, k->n, sizeof *k->step, by_account);
  for (size_t g = 0; g < out->nsegment; g++) {
    WhatIfSegment *seg = &out->segment[g];
    int64_t *joined = arena_alloc(a, (k->n + 1) * sizeof *joined), *left = arena_alloc(a, (k->n + 1) * sizeof *left);
    seg->joined = joined;
    seg->left = left;
    for (size_t i = 0; i < k->n;) {
      const Step *at = &k->step[i];
      int64_t by = 0;
      for (; i < k->n && by_account(&k->step[i], at) == 0; i++) by += k->step[i].by;
      if (at->segment != g || !by) continue;
      if (by > 0) joined[seg->njoined++] = at->account;
      else left[seg->nleft++] = at->account;
    }
  }
}

static int by_name(const void *a, const void *b) {
  const WhatIfSegment *x = a, *y = b;
  return val_order(val_text(x->name), val_text(y->name));
}

static bool count_segments(Store *s, const Plan *was, const Plan *now, WhatIf *out, Arena *a, Err *e) {
  size_t cap = 0;
  Steps steps = {0};
  bool ok = count_moves(s, plan_journal(was), false, out, &cap, &steps, a, e) &&
            count_moves(s, plan_journal(now), true, out, &cap, &steps, a, e);
  if (ok) who_moved(&steps, out, a);
  mem_free(steps.step);
  if (!ok) return false;
  for (size_t i = 0; i < out->nsegment; i++) {
    Val bind[] = {val_text(out->segment[i].name), val_date(was->asof)}, n = val_null();
    if (!store_value(s,
                     "SELECT count(*) FROM segment_member m JOIN segment g ON g.id = m.segment WHERE g.name = ?1"
                     " AND m.from_day <= ?2 AND (m.to_day IS NULL OR m.to_day > ?2)",
                     bind, 2, a, &n, e))
      return false;
    out->segment[i].was += n.u.i;
    out->segment[i].now += n.u.i;
  }
  if (out->nsegment) qsort(out->segment, out->nsegment, sizeof *out->segment, by_name);
  return true;
}

/* --- all of it --------------------------------------------------------------------------------- */

static void *settle(void *list, size_t n, size_t size, Arena *a) {
  void *kept = arena_alloc(a, (n + 1) * size);
  if (n) memcpy(kept, list, n * size);
  mem_free(list);
  return kept;
}

bool whatif_compare(Store *s, const Plan *was, const Plan *now, Arena *a, WhatIf *out, Err *e) {
  *out = (WhatIf){0};
  Items x = {.out = out, .a = a}, y = {.out = out, .a = a};
  Compare w = {.host = store_host(s), .out = out, .a = a};
  bool ok = read_items(was, &x, e);
  y.captable = x.captable;
  ok = ok && read_items(now, &y, e) && compare_items(&w, &x, &y, e) && count_segments(s, was, now, out, a, e);
  out->table = settle(out->table, out->ntable, sizeof *out->table, a);
  out->change = settle(out->change, out->nchange, sizeof *out->change, a);
  out->segment = settle(out->segment, out->nsegment, sizeof *out->segment, a);
  mem_free(x.item);
  mem_free(y.item);
  arena_free(&w.temp);
  return ok;
}
