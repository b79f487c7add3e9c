/* set:decide "table": the outputs that `writes` names are planned, every case is logged. */
#include "lua/rule.h"
#include "lua/set.h"
#include "lua/show.h"
#include "lua/write.h"

#include <string.h>

enum { SKIPPED_MOST = 1000 };

/* Does `writes` name what.field? Asking run_may_write would make an error of a no. */
static bool declared(const Engine *h, const char *entity, Str field) {
  const char *const *w = run_spec(h->run)->writes;
  size_t n = strlen(entity);
  for (; w && *w; w++)
    if (strncmp(*w, entity, n) == 0 && (*w)[n] == '.' && str_is(field, *w + n + 1)) return true;
  return false;
}

/* Writes the outputs that `writes` names. */
static void write_outputs(lua_State *L, const Decision *d) {
  Engine *h = engine(L);
  const char *entity = rule_entity_name(d->table->entity);
  bool wrote = false;
  for (size_t o = 0; o < d->table->nout; o++) {
    if (!declared(h, entity, d->table->out[o])) continue;
    Val *v = engine_array(L, d->n + 1, sizeof *v);
    for (size_t i = 0; i < d->n; i++) v[i] = d->out[i * d->table->nout + o];
    const char *field = lua_pushlstring(L, d->table->out[o].p, d->table->out[o].n);
    if (!run_assign(h->run, entity, field, d->id, v, d->n, &h->err)) engine_raise(L);
    lua_pop(L, 2);
    wrote = true;
  }
  if (wrote) rule_changed(L);
}

/* --- on_error = "skip" ------------------------------------------------------------- */

typedef struct Skipping {
  Str table;
  int64_t *bad;
  size_t nbad;
  Err first;
} Skipping;

/* Finds the rows that cannot be decided by halving; false when there are too many, or time is up. */
static bool find_bad(Engine *h, Skipping *s, const int64_t *id, size_t n, Err *e) {
  const Decision *d;
  Err own = {0};
  if (n == 0 || eval_decide(h->ev, s->table, id, n, &d, &own)) return true;
  if (own.kind != ERR_FAIL || (n == 1 && s->nbad == SKIPPED_MOST)) {
    err_move(e, &own);
    return false;
  }
  if (n == 1) {
    s->bad[s->nbad++] = id[0];
    err_move(&s->first, &own);
    return true;
  }
  err_free(&own);
  return find_bad(h, s, id, n / 2, e) && find_bad(h, s, id + n / 2, n - n / 2, e);
}

static void tell_skipped(lua_State *L, const Skipping *s, int entity) {
  Engine *h = engine(L);
  Buf *b = engine_buf(L);
  set_count_text(h, entity, s->nbad, b);
  buf_say(b, " skipped: %s", s->first.what);
  run_log(h->run, "%s", b->p);
  report_note(show_report(L), buf_view(b));
  lua_pop(L, 1);
}

/* The set at index without the rows that table cannot decide, pushed. */
static Set *without_bad(lua_State *L, const Set *s, Str table) {
  Engine *h = engine(L);
  Skipping skip = {.table = table, .bad = engine_array(L, SKIPPED_MOST, sizeof(int64_t))};
  bool ok = find_bad(h, &skip, s->id, s->n, &h->err);
  err_move(&h->err, &skip.first); /* owned by the engine while Lua is called */
  if (!ok) engine_raise(L);
  Set *out = set_new(L, s->entity, s->n);
  out->n = 0;
  for (size_t i = 0, k = 0; i < s->n; i++) {
    if (k < skip.nbad && skip.bad[k] == s->id[i])
      k++;
    else
      out->id[out->n++] = s->id[i];
  }
  skip.first = h->err;
  if (skip.nbad) tell_skipped(L, &skip, s->entity);
  err_free(&h->err);
  return out;
}

/* --- deciding ---------------------------------------------------------------------- */

static void decide_one(lua_State *L, const Set *s, Str table) {
  Engine *h = engine(L);
  const Decision *d = NULL;
  if (limit_over(L)) limit_stop(L);
  if (!eval_decide(h->ev, table, s->id, s->n, &d, &h->err)) {
    if (!h->skip || h->err.kind != ERR_FAIL) engine_raise(L);
    err_free(&h->err);
    s = without_bad(L, s, table);
    if (!eval_decide(h->ev, table, s->id, s->n, &d, &h->err)) engine_raise(L);
  }
  if (!run_decided(h->run, h->ev, d, &h->err)) engine_raise(L);
  write_outputs(L, d);
}

/* The tables that this one leans on are decided first, and each is logged and written as its own. */
void write_decide(lua_State *L, int set, Str table) {
  Engine *h = engine(L);
  Set *s = lua_touserdata(L, set);
  const TableInfo *t = rules_table_info(h->rules, table);
  rule_population(L, set);
  for (size_t i = 0; i < t->nlean; i++) {
    const TableInfo *lean = rules_table_info(h->rules, t->lean[i]);
    if (lean && lean->entity == s->entity) decide_one(L, s, lean->name);
  }
  decide_one(L, s, table);
  h->generation++; /* outputs are fields of the rows from now on */
}

static int decide(lua_State *L) {
  Engine *h = engine(L);
  Set *s = set_or_row(L, 1);
  int set = lua_gettop(L);
  Str name;
  name.p = luaL_checklstring(L, 2, &name.n);
  const TableInfo *t = rules_table_info(h->rules, name);
  if (!t) {
    const TableInfo *const *list;
    size_t n = rules_table_list(h->rules, &list);
    Str *names = engine_array(L, n + 1, sizeof *names);
    for (size_t i = 0; i < n; i++) names[i] = list[i]->name;
    return engine_unknown(L, "table", name, names, n);
  }
  if (t->entity != s->entity)
    return engine_fail(L, "table %.*s decides %s, not %s", STR_ARG(name), catalog_at((size_t)t->entity - 1)->plural,
                     catalog_at((size_t)s->entity - 1)->plural);
  write_decide(L, set, name);
  lua_settop(L, 1);
  return 1;
}

void decide_open(lua_State *L) {
  set_methods(L);
  lua_pushcfunction(L, decide);
  lua_setfield(L, -2, "decide");
  row_methods(L);
  lua_pushcfunction(L, decide);
  lua_setfield(L, -2, "decide");
  lua_pop(L, 2);
}
