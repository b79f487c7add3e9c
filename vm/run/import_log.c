#include "run/import_log.h"

#include "base/lang.h"
#include "base/mem.h"
#include "base/stop.h"
#include "run/personal.h"
#include "run/record.h"
#include "run/state.h"
#include "store/added.h"

#include <string.h>
#include <unistd.h>

static bool next_run(ImportLog *log, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(log->s, "SELECT coalesce(max(id), 0) + 1 FROM run", NULL, 0, &a, &v, e);
  log->run = ok ? v.u.i : 0;
  arena_free(&a);
  return ok;
}

bool import_log_changed(void *ctx, const Change *c, Err *e) {
  ImportLog *log = ctx;
  if (!log->run && !next_run(log, e)) return false;
  Journal one = {.n = 1, .change = (Change *)c}, logged = {0};
  bool ok = personal_tokens(log->s, &one, &logged, e) &&
            record_change(log->s, log->run, ++log->seq, &logged.change[0], e);
  journal_free(&logged);
  return ok;
}

typedef struct Inverse {
  Store *s;
  Journal *j;
  int64_t run;
  bool some;
  size_t nmoved; /* the first changes: rows that an update gave another id */
  const Str *col; /* columns of the row taken last, and where they stood in it */
  const size_t *from;
  size_t ncol;
} Inverse;

static Val *cells_of(Journal *j, Str json, Str **name, size_t *n) {
  Val *val = NULL;
  return record_cells(json, &j->arena, name, &val, n) ? val : NULL;
}

static void add(Journal *j, Change c) {
  mem_grow(j->change, j->cap, j->n + 1);
  j->change[j->n++] = c;
}

static Str kept(Journal *j, Val v) { return (Str){arena_strndup(&j->arena, v.u.s, v.n), v.n}; }

/* tbl, row, op, was, now, the latest first: each becomes its opposite. */
static bool take_change(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Inverse *x = ctx;
  Str *col = NULL;
  size_t n = 0, m = 0;
  char op = val[2].u.s[0];
  Change c = {.table = kept(x->j, val[0]), .id = val[1].u.i};
  Val *was = val[3].t == V_TEXT ? cells_of(x->j, kept(x->j, val[3]), &col, &n) : NULL;
  Val *now = val[4].t == V_TEXT ? cells_of(x->j, kept(x->j, val[4]), &col, &m) : NULL;
  if (op == 'U' && (!was || !now || n != m))
    return err_set(e, ERR_FAIL, "the record of run %lld is damaged", (long long)x->run);
  c.op = op == 'I' ? CHANGE_DELETE : op == 'D' ? CHANGE_INSERT : CHANGE_UPDATE;
  c.ncol = was ? n : m;
  c.col = col;
  c.was = op == 'D' ? NULL : now;
  c.now = op == 'I' ? NULL : was;
  x->some = true;
  add(x->j, c);
  return true;
}

/* --- ranges -------------------------------------------------------------------------- */

typedef struct Ranges {
  struct {
    char *table;
    int64_t first, last, n;
    char *digest;
  } * range;
  size_t n, cap;
  Arena a;
} Ranges;

static bool take_range(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Ranges *r = ctx;
  mem_grow(r->range, r->cap, r->n + 1);
  r->range[r->n].table = arena_strndup(&r->a, val[0].u.s, val[0].n);
  r->range[r->n].first = val[1].u.i;
  r->range[r->n].last = val[2].u.i;
  r->range[r->n].n = val[3].u.i;
  r->range[r->n++].digest = val[4].t == V_TEXT ? arena_strndup(&r->a, val[4].u.s, val[4].n) : NULL;
  return true;
}

/* Rows of a table share the names of its columns, which journals have in their order: column k of a row is its cell
 * from[k]. */
static bool same_names(const Inverse *x, const Str *name, size_t n) {
  if (n != x->ncol) return false;
  for (size_t k = 0; k < n; k++)
    if (!str_eq(x->col[k], name[x->from[k]])) return false;
  return true;
}

static void take_names(Inverse *x, const Str *name, size_t n) {
  Arena *a = &x->j->arena;
  Str *col = arena_alloc(a, n * sizeof *col);
  size_t *from = arena_alloc(a, n * sizeof *from);
  for (size_t k = 0; k < n; k++) {
    size_t at = k;
    for (; at > 0 && str_cmp(col[at - 1], name[k]) > 0; at--) col[at] = col[at - 1], from[at] = from[at - 1];
    col[at] = kept(x->j, val_text(name[k])), from[at] = k;
  }
  x->col = col, x->from = from, x->ncol = n;
}

static bool take_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)e;
  Inverse *x = ctx;
  Journal *j = x->j;
  for (size_t i = 0; i < x->nmoved; i++)
    if (j->change[i].op == CHANGE_DELETE && j->change[i].id == val[0].u.i &&
        str_is(j->change[i].table, "orders"))
      return true;
  if (!same_names(x, name, (size_t)ncol)) take_names(x, name, (size_t)ncol);
  Val *was = arena_alloc(&j->arena, x->ncol * sizeof *was);
  for (size_t k = 0; k < x->ncol; k++) {
    const Val *v = &val[x->from[k]];
    was[k] = val_copy(*v, &j->arena);
    was[k].flags = v->flags;
  }
  add(j, (Change){.op = CHANGE_DELETE, .id = val[0].u.i, .ncol = x->ncol, .col = x->col, .was = was});
  return true;
}

static bool touched_since(Inverse *x, const char *table, int64_t first, int64_t last, Err *e) {
  Val v, bind[] = {val_text(str_of(table)), val_int(first), val_int(last), val_int(x->run)};
  if (!store_value(x->s, "SELECT min(run) FROM change WHERE tbl = ?1 AND row BETWEEN ?2 AND ?3 AND run > ?4",
                   bind, 4, &x->j->arena, &v, e))
    return false;
  if (v.t != V_NUM) return true;
  err_set(e, ERR_STALE, "run %lld cannot be undone: run %lld changed rows of %s that it added",
          (long long)x->run, (long long)v.u.i, table);
  return err_todo(e, "undo run %lld first", (long long)v.u.i);
}

static bool delete_range(Inverse *x, const char *table, int64_t first, int64_t last, int64_t n,
                         const char *digest, Err *e) {
  int64_t found;
  char now[ADDED_DIGEST];
  if (!store_added_digest(x->s, table, first, last, &found, now, e)) return false;
  if (found != n || (digest && strcmp(digest, now) != 0)) {
    if (!touched_since(x, table, first, last, e)) return false;
    err_set(e, ERR_STALE,
            "run %lld cannot be undone: rows of %s that it added (%lld to %lld) have changed since%s",
            (long long)x->run, table, (long long)first, (long long)last,
            found == n  ? ""
            : found < n ? _("; some are gone")
                        : _("; there are more"));
    return err_left(e, "nothing was touched");
  }
  Buf sql = {0};
  buf_printf(&sql, "SELECT * FROM \"%s\" WHERE id BETWEEN ?1 AND ?2 ORDER BY id", table);
  Val bind[] = {val_int(first), val_int(last)};
  size_t from = x->j->n;
  char *named = arena_strndup(&x->j->arena, table, strlen(table));
  mem_grow(x->j->change, x->j->cap, from + (size_t)n); /* at once: there may be millions */
  bool ok = stop_check(e) && store_query(x->s, sql.p, bind, 2, take_row, x, e);
  for (size_t i = from; i < x->j->n; i++)
    x->j->change[i].table = str_of(named);
  x->some = true;
  buf_free(&sql);
  return ok;
}

/* An undo holds the rows that it takes back. Said before it is tried: nobody's machine is brought to a stand. */
static bool fits(Inverse *x, Err *e) {
  enum { ROW = 544 }; /* bytes, about */
  Val v, bind = val_int(x->run);
  if (!store_value(x->s,
                   "SELECT (SELECT coalesce(sum(n), 0) FROM added WHERE run = ?1) + (SELECT count(*) FROM change WHERE run = ?1)",
                   &bind, 1, &x->j->arena, &v, e))
    return false;
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  double need = (double)v.u.i * ROW, most = pages > 0 && size > 0 ? 0.75 * (double)pages * (double)size : need;
  if (need <= most) return true;
  err_set(e, ERR_FAIL, "run %lld cannot be undone on this machine: its %lld rows take about %.1f GB of memory, and %.1f may be used",
          (long long)x->run, (long long)v.u.i, need / 1e9, most / 1e9);
  err_todo(e, "a backup from before it has the data as they were: pareto restore FILE");
  return err_left(e, "nothing was touched");
}

bool import_inverse(Store *s, int64_t run, Journal *out, Err *e) {
  Inverse x = {.s = s, .j = out, .run = run};
  Ranges r = {0};
  Val bind = val_int(run);
  *out = (Journal){0};
  bool ok = fits(&x, e) && store_query(s, "SELECT tbl, row, op, was, now FROM change WHERE run = ?1 ORDER BY seq DESC",
                        &bind, 1, take_change, &x, e) &&
            personal_restore(s, out, e) &&
            store_query(s, "SELECT tbl, first, last, n, digest FROM added WHERE run = ?1 ORDER BY id", &bind,
                        1, take_range, &r, e);
  for (size_t i = 0; i < out->n; i++)
    if (out->change[i].op == CHANGE_DELETE) x.nmoved = i + 1;
  for (size_t i = 0; ok && i < r.n; i++)
    ok = delete_range(&x, r.range[i].table, r.range[i].first, r.range[i].last, r.range[i].n,
                      r.range[i].digest, e);
  if (ok && !x.some) {
    err_set(e, ERR_STALE, "run %lld left no record of what it changed and cannot be undone", (long long)run);
    ok = err_todo(e, "what it did is shown by: pareto show %lld", (long long)run);
  }
  mem_free(r.range);
  arena_free(&r.a);
  if (ok) journal_compact(out);
  return ok;
}
