#include "run/limit.h"

#include "run/decided.h"
#include "run/rawtext.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *x, const void *y) {
  int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
  return a < b ? -1 : a > b;
}

static bool find_rows(Limit *l, Store *s, Rules *rules, const RunSpec *spec, Err *e) {
  Expr *x = rules_expr(rules, NULL, (Src){.file = "--limit", .text = str_of(spec->limit)}, WANT_CONDITION,
                       NULL, 0, e);
  if (!x) return false;
  const FeelHost *h = store_host(s);
  Arena a = {0};
  const int64_t *id;
  size_t n = 0;
  Eval *ev = eval_new(rules, spec->asof);
  bool ok = h->all(h->ctx, l->ent->number, spec->asof, &a, &id, &n, e);
  Val *v = arena_zalloc(&a, n + 1, sizeof *v);
  ok = ok && eval_expr(ev, x, id, n, v, e);
  l->id = mem_alloc((n + 1) * sizeof *l->id);
  for (size_t i = 0; ok && i < n; i++)
    if (v[i].t == V_BOOL && v[i].u.i) l->id[l->n++] = id[i];
  qsort(l->id, l->n, sizeof *l->id, by_id);
  eval_free(ev);
  arena_free(&a);
  return ok;
}

bool limit_open(Limit *l, Store *s, const RunSpec *spec, Err *e) {
  *l = (Limit){.ent = catalog_entity(str_of(spec->of ? spec->of : "account"))};
  if (!l->ent) return err_set(e, ERR_FAIL, "there is no entity '%s'", spec->of);
  Rules *rules = rules_new(store_host(s), DIALECT_RULES, "limit", l->ent->name);
  bool ok = rules_check(rules, e) && find_rows(l, s, rules, spec, e);
  rules_free(rules);
  if (!ok) mem_free(l->id);
  return ok;
}

static bool has(const Limit *l, int64_t id) { return ids_have(l->id, l->n, id); }

/* --- which row of the limit's entity a change belongs to -------------------------------------- */

static const char *ref_to(const CatEntity *ent, const CatEntity *target) {
  for (size_t i = 0; i < ent->ncol; i++)
    if (ent->col[i].type == COL_REF && strcmp(ent->col[i].ref, target->name) == 0) return ent->col[i].name;
  return NULL;
}

static bool stored(Store *s, Str table, int64_t id, const char *column, Val *out, Err *e) {
  Arena a = {0};
  Val bind = val_int(id);
  char *sql = arena_printf(&a, "SELECT \"%s\" FROM \"%.*s\" WHERE id = ?1", column, STR_ARG(table));
  bool ok = store_value(s, sql, &bind, 1, &a, out, e);
  if (out->t == V_TEXT) *out = val_null();
  arena_free(&a);
  return ok;
}

/* The row of an entity that stands or stood in the database: does it concern rows inside the limit? */
static bool row_inside(const Limit *l, Store *s, const CatEntity *ent, int64_t id, const Change *c, bool *in,
                       Err *e) {
  *in = ent == l->ent && has(l, id);
  if (ent == l->ent) return true;
  const char *ref = ref_to(ent, l->ent);
  if (!ref) {
    err_set(e, ERR_FAIL, "--limit: a change of %s cannot be told by %s, which it does not name", ent->name,
            l->ent->plural);
    return err_todo(e, "run the playbook without --limit");
  }
  Val v = val_null();
  if (c && c->was) v = change_cell(c, c->was, ref);
  if (v.t == V_NULL && c && c->now) v = change_cell(c, c->now, ref);
  if (v.t == V_NULL && (!c || c->op == CHANGE_UPDATE) && !stored(s, str_of(ent->table), id, ref, &v, e))
    return false;
  *in = v.t == V_NUM && has(l, v.u.i);
  return true;
}

/* history and metric_value hang on a row of the entity that their field or metric is of. */
static bool record_inside(const Limit *l, Store *s, const Change *c, const char *of, bool *in, Err *e) {
  Val which = change_cell(c, c->now ? c->now : c->was, of),
      row = change_cell(c, c->now ? c->now : c->was, "row");
  if (c->op == CHANGE_UPDATE &&
      (!stored(s, c->table, c->id, of, &which, e) || !stored(s, c->table, c->id, "row", &row, e)))
    return false;
  Arena a = {0};
  Val name;
  char *sql = arena_printf(&a, "SELECT entity FROM \"%s\" WHERE id = ?1", of);
  bool ok = store_value(s, sql, &which, 1, &a, &name, e);
  const CatEntity *ent = ok && name.t == V_TEXT ? catalog_entity(val_str(name)) : NULL;
  *in = true;
  if (ok && ent && row.t == V_NUM) ok = row_inside(l, s, ent, row.u.i, NULL, in, e);
  arena_free(&a);
  return ok;
}

static bool inside(const Limit *l, Store *s, const Change *c, bool *in, Err *e) {
  const CatEntity *ent = entity_of_table(c->table);
  if (str_is(c->table, "history")) return record_inside(l, s, c, "field", in, e);
  if (str_is(c->table, "metric_value")) return record_inside(l, s, c, "metric", in, e);
  *in = true;
  if (!ent || str_is(c->table, "segment")) return true; /* what names things, and the outbox */
  return row_inside(l, s, ent, c->id, c, in, e);
}

/* --- new rows that need others ------------------------------------------------------------------ */

static bool is_left_out(const Journal *j, const bool *in, Str table, int64_t id) {
  size_t i = change_at(j, table, id);
  return i < j->n && !in[i] && j->change[i].op == CHANGE_INSERT;
}

static bool check_refs(Store *s, const Journal *j, const bool *in, const Change *c, Err *e) {
  const CatEntity *ent = entity_of_table(c->table);
  for (size_t k = 0; ent && c->now && k < c->ncol; k++) {
    const CatColumn *col = catalog_column(ent, c->col[k]);
    if (!col || col->type != COL_REF || c->now[k].t != V_NUM) continue;
    const CatEntity *to = catalog_entity(str_of(col->ref));
    if (!is_left_out(j, in, str_of(to->table), c->now[k].u.i)) continue;
    Buf who = {0}, whom = {0};
    row_label(s, j, ent, c->id, &who);
    row_label(s, j, to, c->now[k].u.i, &whom);
    err_set(e, ERR_FAIL, "--limit leaves out %s %s, which %s %s refers to (%s)", to->name, whom.p, ent->name,
            who.p, col->name);
    err_todo(e, "widen the limit, or run the playbook without it");
    buf_free(&who);
    buf_free(&whom);
    return false;
  }
  return true;
}

bool limit_hold(Limit *l, Store *s, Run *r, Err *e) {
  Journal *j = &r->journal;
  bool *in = mem_zalloc(j->n + 1, sizeof *in), ok = true;
  size_t n = 0;
  for (size_t i = 0; ok && i < j->n; i++)
    ok = inside(l, s, &j->change[i], &in[i], e);
  for (size_t i = 0; ok && i < j->n; i++)
    ok = !in[i] || check_refs(s, j, in, &j->change[i], e);
  for (size_t i = 0; ok && i < j->n; i++)
    if (in[i]) j->change[n++] = j->change[i];
  if (ok) {
    j->n = n;
    run_log(r, "limited to %zu of the %s: %s", l->n, l->ent->plural, r->spec->limit);
    ok = decided_keep(&r->decided, str_of(l->ent->name), l->id, l->n, e);
  }
  mem_free(in);
  mem_free(l->id);
  *l = (Limit){0};
  return ok;
}
