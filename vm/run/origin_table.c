#include "run/origin_table.h"

#include "base/lang.h"

#include "run/rawtext.h"
#include "run/state.h"
#include "run/undo.h"

#include <stdlib.h>

static bool take_range(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  OriginTable *t = ctx;
  OriginRange r = {.first = val[0].u.i, .last = val[1].u.i, .n = val[2].u.i, .run = val[3].u.i, .undone = val[5].u.i};
  r.summed = val[4].t == V_TEXT && added_read(val_str(val[4]), r.want);
  while (t->n && t->range[t->n - 1].last >= r.first && t->range[t->n - 1].run < r.run) t->n--;
  if (r.first > r.last || (t->n && t->range[t->n - 1].last >= r.first)) return true;
  mem_grow(t->range, t->cap, t->n + 1);
  t->range[t->n++] = r;
  return true;
}

bool origin_open(OriginTable *t, Err *e) {
  Val v, bind[] = {val_text(str_of(t->name)), val_int(0)};
  t->ent = entity_of_table(str_of(t->name));
  bool ok = store_value(t->s,
                        "SELECT max(a.run) FROM added a JOIN run r ON r.id = a.run WHERE a.tbl = ?1 AND " RUN_TAKES_NOTE("r"),
                        bind, 1, &t->a, &v, e);
  t->since = ok && v.t == V_NUM ? v.u.i : 0;
  bind[1] = val_int(t->since);
  return ok && store_query(t->s,
                           "SELECT first, last, n, run, digest, " RUN_UNDONE("added.run")
                           " FROM added WHERE tbl = ?1 AND run >= ?2 ORDER BY first, run",
                           bind, 2, take_range, t, e);
}

void origin_close(OriginTable *t) {
  mem_free(t->range);
  arena_free(&t->a);
}

bool origin_fault(const OriginTable *t, Err *e, const char *fmt, ...) {
  if (t->seeking) return true;
  Buf text = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&text, lang_text(fmt), ap);
  va_end(ap);
  bool ok = t->fn(t->ctx, text.p, e);
  buf_free(&text);
  return ok;
}

void origin_row(const OriginTable *t, int64_t id, Buf *out) {
  buf_printf(out, "%s ", t->ent ? t->ent->name : t->name);
  if (t->ent) row_label(t->s, NULL, t->ent, id, out);
  else buf_printf(out, "#%lld", (long long)id);
}

void origin_run(const OriginTable *t, int64_t run, Buf *out) {
  Arena a = {0};
  Err own = {0};
  Val v, bind = val_int(run);
  buf_say(out, "run %lld", (long long)run);
  if (store_value(t->s, "SELECT what FROM run WHERE id = ?1", &bind, 1, &a, &v, &own) && v.t == V_TEXT)
    buf_printf(out, " (%.*s)", STR_ARG(val_str(v)));
  err_free(&own);
  arena_free(&a);
}

void origin_stranger(OriginTable *t, int64_t id) {
  if (t->seeking) return;
  if (!t->span_n++) t->span_first = id;
  t->span_last = id;
}

bool origin_strangers_end(OriginTable *t, Err *e) {
  int64_t n = t->span_n;
  if (!n) return true;
  t->span_n = 0;
  const char *name = t->ent ? t->ent->name : t->name;
  if (n > 1)
    return origin_fault(t, e, "%lld rows of %s (#%lld to #%lld): no run brought them; they were written past pareto",
                        (long long)n, name, (long long)t->span_first, (long long)t->span_last);
  Buf row = {0};
  origin_row(t, t->span_first, &row);
  bool ok = origin_fault(t, e, "%s: no run brought it; it was written past pareto", row.p);
  buf_free(&row);
  return ok;
}
