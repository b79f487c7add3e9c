/* Rows that a run changed, or added, by the log. */
#include "store/idmap.h"
#include "store/view.h"

typedef struct Marking {
  const IdMap *map;
  const int64_t *id;
  size_t n;
  Val *out;
} Marking;

static bool mark_row(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  const Marking *m = ctx;
  for (uint32_t k = idmap_at(m->map, v[0].u.i); k != IDMAP_NONE; k = idmap_next(m->map, k)) m->out[k] = val_bool(true);
  return true;
}

/* Of rows that came in great number the log has ranges. */
static bool mark_range(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  const Marking *m = ctx;
  for (size_t i = 0; i < m->n; i++)
    if (m->id[i] >= v[0].u.i && m->id[i] <= v[1].u.i) m->out[i] = val_bool(true);
  return true;
}

static bool is_run(Store *s, int64_t run, Err *e) {
  Arena a = {0};
  Val bind = val_int(run), found = val_null();
  bool ok = store_value(s, "SELECT 1 FROM run WHERE id = ?1", &bind, 1, &a, &found, e);
  arena_free(&a);
  if (!ok || found.t == V_NUM) return ok;
  err_set(e, ERR_FAIL, "there is no run %lld", (long long)run);
  return err_todo(e, "the runs: pareto history");
}

bool view_changed_by(void *ctx, int entity, int64_t run, const int64_t *id, size_t n, Val *out, Err *e) {
  Host *h = ctx;
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  Arena a = {0};
  IdMap map;
  idmap_build(&map, id, n, &a);
  Marking m = {&map, id, n, out};
  for (size_t i = 0; i < n; i++) out[i] = val_bool(false);
  const Val bind[] = {val_int(run), val_text(str_of(ent->table))};
  bool ok = is_run(h->s, run, e) &&
            store_query(h->s, "SELECT row FROM change WHERE run = ?1 AND tbl = ?2", bind, 2, mark_row, &m, e) &&
            store_query(h->s, "SELECT first, last FROM added WHERE run = ?1 AND tbl = ?2", bind, 2, mark_range, &m, e);
  arena_free(&a);
  return ok;
}
