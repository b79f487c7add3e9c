#include "run/guard.h"

#include "base/num.h"
#include "run/state.h"

#include <math.h>

size_t guard_count(const Journal *j) {
  size_t n = 0;
  for (size_t i = 0; i < j->n; i++) n += !table_is_record(j->change[i].table);
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

typedef struct Tally { /* changes of one table */
  size_t deleted, ncol;
  const Str *col;
  size_t *touched;
} Tally;

static void tally_table(const Journal *j, size_t from, size_t to, Arena *a, Tally *t) {
  *t = (Tally){.ncol = j->change[from].ncol, .col = j->change[from].col};
  t->touched = arena_zalloc(a, t->ncol + 1, sizeof *t->touched);
  for (size_t i = from; i < to; i++) {
    const Change *c = &j->change[i];
    t->deleted += c->op == CHANGE_DELETE;
    for (size_t k = 0; c->op == CHANGE_UPDATE && k < c->ncol && k < t->ncol; k++) t->touched[k] += change_touches(c, k);
  }
}

static bool check_table(Store *s, const RunSpec *spec, const CatEntity *ent, const Tally *t, const Journal *j,
                        size_t from, size_t to, Err *e) {
  size_t now = 0, inserted = 0;
  if (!rows_of(s, ent, &now, e)) return false;
  for (size_t i = from; i < to; i++) inserted += j->change[i].op == CHANGE_INSERT;
  size_t before = now + t->deleted - inserted;
  if (!too_many(spec, ent, (Str){0}, t->deleted, before, e)) return false;
  for (size_t k = 0; k < t->ncol; k++)
    if (!too_many(spec, ent, t->col[k], t->touched[k], before, e)) return false;
  return true;
}

static bool check_percent(Store *s, const RunSpec *spec, const Journal *j, Err *e) {
  Arena a = {0};
  bool ok = true;
  for (size_t from = 0, to; ok && from < j->n; from = to) {
    for (to = from + 1; to < j->n && str_eq(j->change[to].table, j->change[from].table); to++)
      ;
    const CatEntity *ent = entity_of_table(j->change[from].table);
    if (!ent) continue;
    Tally t;
    tally_table(j, from, to, &a, &t);
    ok = check_table(s, spec, ent, &t, j, from, to, e);
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
