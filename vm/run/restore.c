#include "run/restore.h"

#include "run/json.h"
#include "run/lookup.h"

#include <stdlib.h>
#include <string.h>

typedef struct Row {
  int64_t id;
  size_t at;
} Row;

typedef struct Looking {
  const Row *row; /* by id */
  size_t n;
  Str field;
  Arena *a;
  Val *out;
  bool *changed;
} Looking;

static int by_id(const void *x, const void *y) {
  const Row *a = x, *b = y;
  return (a->id > b->id) - (a->id < b->id);
}

/* The first change after the run says what it left. */
static bool take(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  const Looking *l = ctx;
  const Row *r = bsearch(&(Row){.id = v[0].u.i}, l->row, l->n, sizeof *l->row, by_id);
  if (!r || l->changed[r->at] || v[1].t != V_TEXT) return true;
  l->out[r->at] = val_copy(lookup_in(val_str(v[1]), l->field, l->a), l->a);
  l->changed[r->at] = true;
  return true;
}

static bool is_run(Store *s, int64_t run, Arena *a, Err *e) {
  Val bind = val_int(run), found = val_null();
  if (run == 0) return true;
  if (!store_value(s, "SELECT 1 FROM run WHERE id = ?1", &bind, 1, a, &found, e)) return false;
  if (found.t == V_NUM) return true;
  err_set(e, ERR_FAIL, "there is no run %lld", (long long)run);
  return err_todo(e, "the runs: pareto history");
}

bool run_value_after(Store *s, const CatEntity *ent, Str field, int64_t run, const int64_t *id, size_t n, Arena *a, Val *out,
                     bool *changed, Err *e) {
  const CatColumn *col = catalog_column(ent, field);
  Row *row = arena_alloc(a, (n + 1) * sizeof *row);
  Buf path = {0};
  if (col) field = str_of(col->name);
  for (size_t i = 0; i < n; i++) {
    row[i] = (Row){id[i], i};
    out[i] = val_null();
    changed[i] = false;
  }
  if (n) qsort(row, n, sizeof *row, by_id);
  buf_puts(&path, "$.");
  json_text(field, &path);
  Looking l = {row, n, field, a, out, changed};
  Val bind[] = {val_text(str_of(ent->table)), val_int(run), val_text(buf_view(&path))};
  bool ok = is_run(s, run, a, e) &&
            store_query(s,
                        "SELECT row, was FROM change WHERE tbl = ?1 AND run > ?2 AND op = 'U' AND json_type(now, ?3) IS NOT NULL"
                        " ORDER BY run, seq",
                        bind, 3, take, &l, e);
  buf_free(&path);
  return ok;
}
