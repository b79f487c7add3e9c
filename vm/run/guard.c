#include "run/guard.h"

#include "base/num.h"
#include "run/state.h"

#include <math.h>
#include <string.h>

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

/* --- what is unlike the runs before ------------------------------------------------------ */

typedef struct Past { /* args of earlier runs, the newest first */
  Str *args;
  size_t n, cap;
  Arena a;
} Past;

static bool take_args(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Past *p = ctx;
  mem_grow(p->args, p->cap, p->n + 1);
  p->args[p->n++] = (Str){arena_strndup(&p->a, val[0].u.s, val[0].n), val[0].n};
  return true;
}

/* Takes the next "name=value" off args; a value in quotes may hold blanks. */
static bool next_arg(Str *args, Str *name, Str *value) {
  *args = str_trim(*args);
  const char *eq = args->n ? memchr(args->p, '=', args->n) : NULL;
  if (!eq) return false;
  size_t at = (size_t)(eq - args->p), end = at + 1;
  char stop = end < args->n && args->p[end] == '\'' ? '\'' : ' ';
  if (stop == '\'') end++;
  while (end < args->n && args->p[end] != stop) end++;
  if (stop == '\'' && end < args->n) end++;
  *name = str_sub(*args, 0, at);
  *value = str_sub(*args, at + 1, end);
  *args = str_sub(*args, end, args->n);
  return true;
}

static Str arg_of(Str args, Str want) {
  Str name, value;
  while (next_arg(&args, &name, &value))
    if (str_eq(name, want)) return value;
  return (Str){0};
}

/* "because: window is 1m today (12m in the last 11 runs)", a line for each arg that is not what it was. */
static void because(Store *s, const RunSpec *spec, Err *e) {
  Past past = {0};
  Err none = {0};
  Val what = val_text(str_of(spec->what));
  bool ok = store_query(s, "SELECT args FROM run WHERE what = ?1 AND args IS NOT NULL ORDER BY id DESC LIMIT 1000", &what, 1,
                        take_args, &past, &none);
  Str rest = str_of(spec->args), name, value;
  while (ok && past.n && next_arg(&rest, &name, &value)) {
    Str was = arg_of(past.args[0], name);
    size_t n = 1;
    while (n < past.n && str_eq(arg_of(past.args[n], name), was)) n++;
    if (!was.n || str_eq(was, value)) continue;
    if (n > 1)
      err_todo(e, "because: %.*s is %.*s today (%.*s in the last %zu runs)", STR_ARG(name), STR_ARG(value), STR_ARG(was), n);
    else
      err_todo(e, "because: %.*s is %.*s today (%.*s in the last run)", STR_ARG(name), STR_ARG(value), STR_ARG(was));
  }
  err_free(&none);
  mem_free(past.args);
  arena_free(&past.a);
}

static bool too_many(Store *s, const RunSpec *spec, const CatEntity *ent, Str field, size_t hit, size_t of, Err *e) {
  double percent = of ? 100.0 * (double)hit / (double)of : 0;
  if (percent <= spec->max_percent) return true;
  char *some = grouped(hit), *all = grouped(of);
  err_set(e, ERR_FAIL, "%s would change %.3g %% of %s%s%.*s (%s of %s; guard max_percent %g): stopped before commit",
          spec->what, percent, ent->name, field.n ? "." : "", STR_ARG(field), some, all, spec->max_percent);
  because(s, spec, e);
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
  if (!too_many(s, spec, ent, (Str){0}, deleted, before, e)) return false;
  Str *col;
  size_t ncol = changed_columns(j, from, to, a, &col);
  for (size_t k = 0; k < ncol; k++)
    if (!too_many(s, spec, ent, col[k], touched(j, from, to, col[k]), before, e)) return false;
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
    because(s, spec, e);
    err_todo(e, "run on purpose: --allow-changes %zu, logged with your name", n);
    mem_free(count);
    return err_left(e, "nothing was written");
  }
  return spec->max_percent < 0 || check_percent(s, spec, j, e);
}
