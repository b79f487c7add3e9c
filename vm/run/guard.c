#include "run/guard.h"

#include "base/num.h"
#include "run/state.h"

#include <math.h>

size_t guard_count(const Journal *j) {
  size_t n = 0;
  for (size_t i = 0; i < j->n; i++) {
    Str table = j->change[i].table;
    n += !table_is_record(table) && !str_is(table, "segment");
  }
  return n;
}

static char *grouped(size_t n) {
  Buf b = {0};
  num_fixed(val_int((int64_t)n), 0, true, &b);
  return buf_take(&b);
}

static bool rows_of(Store *s, const CatEntity *ent, size_t *n, Err *e) {
  Arena a = {0};
  Val v;
  Buf sql = {0};
  buf_printf(&sql, "SELECT count(*) FROM \"%s\"", ent->table);
  bool ok = store_value(s, sql.p, NULL, 0, &a, &v, e);
  if (ok) *n = (size_t)v.u.i;
  buf_free(&sql);
  arena_free(&a);
  return ok;
}

static bool too_many(const RunSpec *spec, const CatEntity *ent, Str field, size_t hit, size_t of, Err *e) {
  double percent = of ? 100.0 * (double)hit / (double)of : 0;
  if (percent <= spec->max_percent) return true;
  char *some = grouped(hit), *all = grouped(of);
  err_set(e, ERR_FAIL, "%s would change %.3g %% of %s%s%.*s (%s of %s; guard max_percent %g): stopped before commit",
          spec->what, percent, ent->name, field.n ? "." : "", STR_ARG(field), some, all, spec->max_percent);
  err_todo(e, "run on purpose: --allow-percent %.0f, logged with your name", ceil(percent));
  mem_free(some);
  mem_free(all);
  return err_left(e, "nothing was written");
}

static size_t of_op(const Journal *j, size_t from, size_t to, ChangeOp op) {
  size_t n = 0;
  for (size_t i = from; i < to; i++) n += j->change[i].op == op;
  return n;
}

static size_t touched(const Journal *j, size_t from, size_t to, Str column) {
  size_t n = 0;
  Val was, now;
  for (size_t i = from; i < to; i++) n += change_of(&j->change[i], column, &was, &now);
  return n;
}

static bool check_table(Store *s, const RunSpec *spec, const CatEntity *ent, const Journal *j, size_t from, size_t to,
                        Arena *a, Err *e) {
  size_t now = 0, deleted = of_op(j, from, to, CHANGE_DELETE);
  if (!rows_of(s, ent, &now, e)) return false;
  size_t before = now + deleted - of_op(j, from, to, CHANGE_INSERT);
  if (!too_many(spec, ent, (Str){0}, deleted, before, e)) return false;
  Str *col;
  size_t ncol = changed_columns(j, from, to, a, &col);
  for (size_t k = 0; k < ncol; k++)
    if (!too_many(spec, ent, col[k], touched(j, from, to, col[k]), before, e)) return false;
  return true;
}

static bool check_percent(Store *s, const RunSpec *spec, const Journal *j, Err *e) {
  Arena a = {0};
  bool ok = true;
  for (size_t from = 0; ok && from < j->n; from = table_end(j, from)) {
    const CatEntity *ent = entity_of_table(j->change[from].table);
    if (ent) ok = check_table(s, spec, ent, j, from, table_end(j, from), &a, e);
  }
  arena_free(&a);
  return ok;
}

bool guard_check(Store *s, const RunSpec *spec, const Journal *j, Err *e) {
  size_t n = guard_count(j);
  if (spec->max_changes >= 0 && n > (size_t)spec->max_changes) {
    char *count = grouped(n);
    err_set(e, ERR_FAIL, "%s would change %s rows (guard max_changes %lld): stopped before commit", spec->what, count,
            (long long)spec->max_changes);
    err_todo(e, "run on purpose: --allow-changes %zu, logged with your name", n);
    mem_free(count);
    return err_left(e, "nothing was written");
  }
  return spec->max_percent < 0 || check_percent(s, spec, j, e);
}
