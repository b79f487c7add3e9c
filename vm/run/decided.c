#include "run/decided.h"

#include "base/stop.h"
#include "feel/save.h"
#include "run/json.h"

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

static void put_case(Buf *out, Buf *scratch, Eval *ev, const Decision *d, size_t i) {
  const TableInfo *t = d->table;
  const Val *in = d->in + i * t->nin;
  wire_put_int(out, d->id[i]);
  wire_put_int(out, d->row[i]);
  wire_put_int(out, d->blocked[i]);
  put_object(out, scratch, t->in, in, t->nin);
  put_object(out, scratch, t->out, d->out + i * t->nout, t->nout);
  buf_clear(scratch);
  decision_why(ev, t, d->row[i], d->blocked[i], in, scratch);
  wire_put_str(out, str_trim(buf_view(scratch)));
}

bool decided_add(Buf *out, Store *s, Eval *ev, const Decision *d, Err *e) {
  Buf scratch = {0};
  wire_put_str(out, d->table->name);
  wire_put_str(out, entity_name(s, d->table->entity));
  rules_save(d->table, &scratch);
  wire_put_str(out, buf_view(&scratch));
  wire_put_int(out, (int64_t)d->n);
  bool ok = true;
  for (size_t i = 0; ok && i < d->n; i++) {
    if (i % 1024 == 0) ok = stop_check(e);
    put_case(out, &scratch, ev, d, i);
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
