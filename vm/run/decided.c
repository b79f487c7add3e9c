#include "run/decided.h"

#include "base/stop.h"
#include "feel/save.h"
#include "run/json.h"
#include "run/recall.h"

static Str entity_name(Store *s, int entity) {
  const FeelHost *h = store_host(s);
  const HostEntity *info = h->entity_info(h->ctx, entity);
  return info ? info->name : STR("?");
}

static void put_object(Buf *out, Buf *scratch, const Str *name, const Val *val, size_t n) {
  buf_clear(scratch);
  json_object(name, val, n, scratch);
  wire_put_str(out, buf_view(scratch));
}

enum { MANY = 64 }; /* of so many the words are found again when somebody asks: they take longer than deciding */

static void put_case(Buf *out, Buf *scratch, Eval *ev, const Decision *d, bool words, size_t i) {
  const TableInfo *t = d->table;
  const Val *in = d->in + i * t->nin;
  wire_put_int(out, d->id[i]);
  wire_put_int(out, d->row[i]);
  wire_put_int(out, d->blocked[i]);
  put_object(out, scratch, t->in, in, t->nin);
  put_object(out, scratch, t->out, d->out + i * t->nout, t->nout);
  buf_clear(scratch);
  if (words) decision_why(ev, t, d->row[i], d->blocked[i], in, scratch);
  wire_put_str(out, str_trim(buf_view(scratch)));
}

bool decided_add(Buf *out, Store *s, Eval *ev, const Decision *d, Err *e) {
  Buf scratch = {0};
  wire_put_str(out, d->table->name);
  wire_put_str(out, entity_name(s, d->table->entity));
  rules_save(d->table, &scratch);
  wire_put_str(out, buf_view(&scratch));
  wire_put_int(out, (int64_t)d->n);
  bool ok = true, words = d->n < MANY || !d->table->nrow || !recallable(s, buf_view(&scratch), d->table->name);
  for (size_t i = 0; ok && i < d->n; i++) {
    if (i % 1024 == 0) ok = stop_check(e);
    put_case(out, &scratch, ev, d, words, i);
  }
  buf_free(&scratch);
  return ok;
}

bool decided_each(Str bytes, DecidedFn fn, void *ctx, Err *e) {
  Wire w = {.rest = bytes};
  while (w.rest.n && !w.broken) {
    DecidedCase c = {0};
    c.table = wire_str(&w);
    c.entity = wire_str(&w);
    c.definition = wire_str(&w);
    int64_t n = wire_int(&w);
    for (int64_t i = 0; i < n && !w.broken; i++) {
      c.id = wire_int(&w);
      c.hit = wire_int(&w);
      c.blocked = wire_int(&w);
      c.inputs = wire_str(&w);
      c.outputs = wire_str(&w);
      c.why = wire_str(&w);
      if (!w.broken && !fn(ctx, &c, e)) return false;
    }
  }
  return !w.broken || err_set(e, ERR_FAIL, "the decisions of the run are damaged");
}

/* --- leaving out ------------------------------------------------------------------------ */

bool ids_have(const int64_t *id, size_t n, int64_t x) {
  size_t lo = 0, hi = n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (id[mid] == x) return true;
    if (id[mid] < x) lo = mid + 1;
    else hi = mid;
  }
  return false;
}

typedef struct Keep {
  Str entity;
  const int64_t *id;
  size_t n;
  Buf out, cases;
  Str block[3];     /* table, entity, definition of the block at hand */
  int64_t count;
} Keep;

static void end_block(Keep *k) {
  if (k->count) {
    for (int i = 0; i < 3; i++) wire_put_str(&k->out, k->block[i]);
    wire_put_int(&k->out, k->count);
    buf_str(&k->out, buf_view(&k->cases));
  }
  buf_clear(&k->cases);
  k->count = 0;
}

static bool keep_case(void *ctx, const DecidedCase *c, Err *e) {
  (void)e;
  Keep *k = ctx;
  if (k->block[0].p != c->table.p) end_block(k);
  k->block[0] = c->table, k->block[1] = c->entity, k->block[2] = c->definition;
  if (str_eq(c->entity, k->entity) && !ids_have(k->id, k->n, c->id)) return true;
  wire_put_int(&k->cases, c->id);
  wire_put_int(&k->cases, c->hit);
  wire_put_int(&k->cases, c->blocked);
  wire_put_str(&k->cases, c->inputs);
  wire_put_str(&k->cases, c->outputs);
  wire_put_str(&k->cases, c->why);
  k->count++;
  return true;
}

bool decided_keep(Buf *decided, Str entity, const int64_t *id, size_t n, Err *e) {
  Keep k = {.entity = entity, .id = id, .n = n};
  bool ok = decided_each(buf_view(decided), keep_case, &k, e);
  end_block(&k);
  buf_free(&k.cases);
  if (ok) {
    buf_free(decided);
    *decided = k.out;
  } else {
    buf_free(&k.out);
  }
  return ok;
}
