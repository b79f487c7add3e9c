#include "store/assign.h"

#include "store/given.h"

static Val cell(void *ctx, size_t row, size_t column) {
  const Assigned *w = ctx;
  return column ? w->val[row] : val_int(w->id[row]);
}

static bool each(Store *s, const Assigned *w, const char *sql, const Val *bind, size_t nbind, Err *e) {
  return store_exec_given(s, sql, bind, nbind, w->n, cell, (void *)w, e);
}

/* What stood in the table before any history holds since ever. */
static bool log_all(Store *s, const Assigned *w, Arena *a, Err *e) {
  Val bind[] = {val_int(w->f->history), s->run ? val_int(s->run) : val_null(), val_date(w->day)};
  const char *before = arena_printf(
      a,
      "INSERT INTO history(field, row, day, value, run) SELECT ?1, t.id, '0001-01-01', t.%s, ?2 FROM given g CROSS JOIN %s t ON t.id = g.c0"
      " WHERE t.%s IS NOT NULL AND NOT EXISTS(SELECT 1 FROM history h WHERE h.field = ?1 AND h.row = g.c0)",
      w->f->value, w->ent->table, w->f->value);
  return each(s, w, before, bind, 2, e) &&
         each(s, w, "INSERT INTO history(field, row, day, value, run) SELECT ?1, c0, ?3, c1, ?2 FROM given", bind, 3, e);
}

static bool all_there(Store *s, const Assigned *w, size_t changed, Err *e) {
  if (changed == w->n) return true;
  Arena a = {0};
  Val v, bind;
  bool ok = true;
  const char *sql = arena_printf(&a, "SELECT 1 FROM %s WHERE id = ?1", w->ent->table);
  for (size_t i = 0; ok && i < w->n; i++) {
    bind = val_int(w->id[i]);
    ok = store_value(s, sql, &bind, 1, &a, &v, e);
    if (ok && v.t == V_NULL) ok = err_set(e, ERR_FAIL, "%s %lld is not there", w->ent->name, (long long)w->id[i]);
  }
  arena_free(&a);
  return ok;
}

bool assign_many(Store *s, const Assigned *w, Err *e) {
  Arena a = {0};
  Val bind[] = {val_int(w->f->history), val_date(w->day)};
  const char *later = " AND NOT EXISTS(SELECT 1 FROM history h WHERE h.field = ?1 AND h.row = given.c0 AND h.day > ?2)";
  const char *update = arena_printf(&a, "UPDATE %s SET %s = given.c1 FROM given WHERE %s.id = given.c0%s", w->ent->table, w->f->value, w->ent->table,
                                    w->f->history ? later : "");
  bool ok = !w->f->history || log_all(s, w, &a, e);
  s->sets = str_of(w->f->value);
  ok = ok && each(s, w, update, bind, w->f->history ? 2 : 0, e);
  s->sets = (Str){0};
  ok = ok && all_there(s, w, (size_t)store_changes(s), e);
  arena_free(&a);
  return ok;
}
