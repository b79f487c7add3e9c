#include "feel/deciding.h"

#include "base/lang.h"
#include "base/num.h"

static void case_name(Deciding *d, size_t i, Buf *out) {
  const HostEntity *info = host_info(d->ev->host, d->f->entity);
  const HostField *key = info ? host_field(d->ev->host, d->f->entity, info->key) : NULL;
  Val name = val_null();
  Err none = {0};
  if (key && d->f->id)
    d->ev->host->column(d->ev->host->ctx, d->f->entity, key, d->f->asof, &d->f->id[i], 1, &d->ev->temp, &name,
                        &none);
  err_free(&none);
  if (name.t == V_TEXT) buf_str(out, val_str(name));
  else if (d->f->id) buf_printf(out, "%lld", (long long)d->f->id[i]);
  else buf_say(out, "the case given");
}

static bool case_inputs(Deciding *d, size_t i, Val *in) {
  for (size_t k = 0; k < d->t->info.nin; k++) {
    Vec v;
    if (!frame_eval(d->f, d->t->in[k].op, &v)) return false;
    in[k] = vec_at(v, i);
  }
  return true;
}

bool deciding_fault_none(Deciding *d) {
  Eval *ev = d->ev;
  const Table *t = d->t;
  size_t count = 0, first = 0;
  for (size_t i = d->f->n; i-- > 0;)
    if (d->grid[i] == GRID_OPEN) count++, first = i;
  if (!count) return true;
  Val *in = arena_zalloc(&ev->temp, t->info.nin, sizeof *in);
  if (!case_inputs(d, first, in)) return false;
  Buf b = {0}, add = {0};
  num_fixed(val_int((int64_t)count), 0, true, &b);
  buf_say(&b, " of ");
  num_fixed(val_int((int64_t)d->f->n), 0, true, &b);
  buf_say(&b, " %.*s hit no row of table %.*s (first: ", STR_ARG(entity_plural(ev->host, d->f->entity)),
          STR_ARG(t->info.name));
  case_name(d, first, &b);
  FmtEnv env = eval_fmt(ev, _("unknown"));
  for (size_t k = 0; k < t->info.nin; k++) {
    buf_printf(&b, "%s%.*s ", k ? ", " : " ", STR_ARG(t->in[k].src.text));
    fmt_val(in[k], t->in[k].type.unit, FMT_NONE, &env, &b);
  }
  buf_char(&b, ')');
  err_set(ev->e, ERR_FAIL, "%.*s", (int)b.n, b.p);
  if (ev->r->name[0]) err_at(ev->e, ev->r->name, 0, 0);
  table_gap(ev, t, in, &add);
  err_todo(ev->e, "nothing was written. Add a row for %.*s, or an else row.", (int)add.n, add.p ? add.p : "");
  if (ev->r->name[0]) err_todo(ev->e, "pareto check would have said so before the run.");
  buf_free(&b);
  buf_free(&add);
  return false;
}

bool deciding_fault_two(Deciding *d, size_t i, int32_t a, int32_t b, const char *why) {
  Buf name = {0};
  case_name(d, i, &name);
  err_set(d->ev->e, ERR_FAIL, "rows %d and %d of table %.*s %s (%.*s)", a, b, STR_ARG(d->t->info.name), _(why),
          (int)name.n, name.p);
  buf_free(&name);
  const Table *t = d->t;
  err_at(d->ev->e, t->text.file, t->info.line, 0);
  return err_todo(
      d->ev->e, t->info.policy == HIT_UNIQUE
                    ? "make the rows exclude each other, or write first: the first row that hits then counts"
                    : N_("make their outputs equal, or write first"));
}
