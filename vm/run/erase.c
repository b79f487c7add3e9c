#include "run/erase.h"

#include "run/direct.h"
#include "run/origin.h"
#include "run/personal.h"
#include "store/added.h"
#include "store/log.h"

typedef struct Erase {
  const RowRef *row;
  Arena a;
  Val *live;
  size_t n;
  int64_t first, last; /* the range of rows that is noted anew */
  Erased *out;
} Erase;

/* Column by column: in STRICT tables personal ones are text, and none is required. */
static bool empty_fields(void *ctx, Store *s, Err *e) {
  Erase *x = ctx;
  const CatEntity *ent = x->row->ent;
  x->live = arena_zalloc(&x->a, ent->ncol + 1, sizeof *x->live);
  bool ok = origin_range(s, ent->table, x->row->id, &x->first, &x->last, e);
  for (size_t k = 0; ok && k < ent->ncol; k++) {
    if (!(ent->col[k].flags & CAT_PERSONAL)) continue;
    Val v, bind = val_int(x->row->id);
    const char *name = ent->col[k].name;
    ok = store_value(s, arena_printf(&x->a, "SELECT \"%s\" FROM %s WHERE id = ?1", name, ent->table), &bind, 1, &x->a, &v,
                     e);
    if (!ok || v.t == V_NULL) continue;
    x->live[x->n++] = v;
    ok = store_exec(s, arena_printf(&x->a, "UPDATE %s SET \"%s\" = NULL WHERE id = ?1", ent->table, name), &bind, 1, e);
  }
  return ok;
}

/* The digest of the rows that came with this one was made of what is gone now: they are noted as they are. */
static bool empty_log(void *ctx, Store *s, int64_t run, Err *e) {
  Erase *x = ctx;
  return store_added(s, run, x->row->ent->table, x->first, x->last, e) &&
         personal_erase(s, x->row->ent->table, x->row->id, x->live, x->n, &x->out->values, &x->out->texts, e);
}

static bool has_personal(const CatEntity *ent) {
  for (size_t k = 0; k < ent->ncol; k++)
    if (ent->col[k].flags & CAT_PERSONAL) return true;
  return false;
}

bool run_erase(Store *s, const RowRef *row, const char *name, Day asof, Erased *out, Err *e) {
  Erase x = {.row = row, .out = out};
  int64_t changes;
  *out = (Erased){0};
  if (!has_personal(row->ent)) return err_set(e, ERR_USAGE, "rows of %s hold nothing personal", row->ent->name);
  char *what = arena_printf(&x.a, "erase %s", name);
  bool ok = store_overwrite(s, e) &&
            run_direct_then(s, what, NULL, asof, empty_fields, empty_log, &x, &out->run, &changes, e);
  out->fields = (int64_t)x.n;
  if (ok) store_fold(s);
  arena_free(&x.a);
  return ok;
}
