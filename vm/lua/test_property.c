/* property "sentence" { accounts = "random 5000", holds = "rule" }: the playbook on accounts drawn by chance,
 * the same every time; then the rule has to hold for every row of the scope. */
#include "lua/test.h"

#include "base/lang.h"

#include <stdlib.h>
#include <string.h>

enum { RANDOM_MOST = 100000, SHOWN = 3 };

static uint64_t draw(uint64_t *state) { /* splitmix64 (Steele, Lea, Flood 2014) */
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static int below(uint64_t *state, int n) { return (int)(draw(state) % (uint64_t)n); }

/* A value a field of this type may have; null every fourth time. */
static Val any_value(TestRun *t, const HostField *f, uint64_t *s) {
  Type type = f->type;
  if (below(s, 4) == 0) return val_null();
  if (type.domain && type.domain->n) return val_text(type.domain->value[below(s, (int)type.domain->n)]);
  switch (type.kind) {
    case T_TEXT: return val_text(str_of(arena_printf(&t->arena, "w%d", below(s, 12))));
    case T_NUM: return type.unit == UNIT_PERCENT ? val_dec(below(s, 100), -2) : val_int(below(s, 6));
    case T_BOOL: return val_bool(below(s, 2));
    case T_DATE: return val_date(t->asof - below(s, 1500));
    default: return val_null();
  }
}

/* The stored fields of accounts, in the catalog's order, then those of playbooks. */
static bool account_row(TestRun *t, int i, uint64_t *s, Err *e) {
  const FeelHost *h = store_host(t->store);
  const CatEntity *ent = catalog_entity(STR("account"));
  const HostField *const *list;
  size_t n = h->fields(h->ctx, ent->number, &list), k = 0;
  Str *name = arena_alloc(&t->arena, (n + 1) * sizeof *name);
  Val *val = arena_alloc(&t->arena, (n + 1) * sizeof *val);
  for (size_t c = 0; c < n; c++) {
    const CatColumn *col = catalog_column(ent, list[c]->name);
    bool own = !col || strcmp(col->name, "code") == 0 || col->sql || col->type == COL_REF || !str_is(list[c]->name, col->name);
    const FieldInfo *added = NULL;
    size_t nadded = rules_field_list(playbook_rules(t->book), &added);
    for (size_t f = 0; f < nadded && !col; f++)
      if (str_eq(added[f].name, list[c]->name)) own = false;
    if (own || list[c]->kind != HOST_FIELD) continue;
    Val v = any_value(t, list[c], s);
    if (str_is(list[c]->name, "status") && below(s, 5)) v = val_text(STR("active"));
    if (v.t == V_NULL) continue;
    name[k] = list[c]->name;
    val[k++] = v;
  }
  name[k] = STR("code");
  val[k++] = val_text(str_of(arena_printf(&t->arena, "R%05d", i + 1)));
  int64_t id;
  return store_insert(t->store, ent, name, val, k, &id, e);
}

/* Up to two years of orders: nothing, now and then, steady; gains, losses, returns. */
static bool orders_of(TestRun *t, int i, uint64_t *s, Err *e) {
  static const Str NAME[] = {{"account", 7}, {"order_no", 8}, {"line_no", 7}, {"day", 3}, {"quantity", 8}, {"revenue", 7}, {"cost", 4}};
  static const int MONTHS[] = {0, 1, 2, 6, 14, 24};
  const CatEntity *orders = catalog_entity(STR("orders"));
  const char *code = arena_printf(&t->arena, "R%05d", i + 1);
  int n = MONTHS[below(s, 6)], size = 1 + below(s, 1000), margin = below(s, 50) - 10;
  for (int k = 0; k < n; k++) {
    int64_t revenue = size * (80 + below(s, 41)), cost = revenue * (100 - margin - below(s, 5)) / 100, id;
    if (below(s, 30) == 0) revenue = -revenue;
    Val val[] = {val_text(str_of(code)), val_text(str_of(arena_printf(&t->arena, "%s-%d", code, k))), val_int(1),
                 val_date(t->asof - 1 - below(s, 730)), val_int(1 + below(s, 9)), val_int(revenue), val_int(cost)};
    if (!store_insert(t->store, orders, NAME, val, sizeof NAME / sizeof *NAME, &id, e)) return false;
  }
  return true;
}

static bool fill(TestRun *t, int n, Err *e) {
  uint64_t state = 20261101;
  for (int i = 0; i < n; i++)
    if (!account_row(t, i, &state, e) || !orders_of(t, i, &state, e)) return false;
  return true;
}

static bool how_many(TestRun *t, int *n, Err *e) {
  Str s = str_trim(t->item->accounts.text);
  char *end = NULL;
  long v = str_starts(s, "random ") ? strtol(s.p + 7, &end, 10) : 0;
  *n = (int)v;
  if (v >= 1 && v <= RANDOM_MOST && end == s.p + s.n) return true;
  return src_err(e, &t->item->accounts, 0, s.n, "accounts is \"random N\", N from 1 to %d", RANDOM_MOST);
}

/* Every row of the scope where the rule is not true. */
static bool check(TestRun *t, Err *e) {
  Rules *r;
  if (!playbook_check(t->book, t->store, e)) return false;
  r = playbook_rules(t->book);
  Expr *x = rules_expr(r, NULL, t->item->holds, WANT_CONDITION, NULL, 0, e);
  if (!x) return false;
  Eval *ev = eval_new(r, t->asof);
  const int64_t *id;
  size_t n = 0, broken = 0;
  Val *v = NULL;
  bool ok = eval_scope(ev, &id, &n, e);
  if (ok) {
    v = arena_alloc(&t->arena, (n + 1) * sizeof *v);
    ok = !n || eval_expr(ev, x, id, n, v, e);
  }
  const CatEntity *ent = catalog_at((size_t)rules_entity(r) - 1);
  for (size_t i = 0; ok && i < n; i++) {
    if ((v[i].t == V_BOOL && v[i].u.i) || broken++ >= SHOWN) continue;
    Val key = val_null();
    Expr *code = rules_expr(r, NULL, (Src){.text = str_of(catalog_key(ent) ? catalog_key(ent)->name : "id")}, WANT_ANY, NULL, 0, e);
    ok = code && eval_expr(ev, code, &id[i], 1, &key, e);
    Buf text = {0};
    test_show(t, key, (Type){0}, &text);
    if (ok) test_fault(t, "does not hold for %s%s", text.p, v[i].t == V_NULL ? _(" (unknown)") : "");
    buf_free(&text);
  }
  if (broken > SHOWN) test_fault(t, "… and %zu more of %zu", broken - SHOWN, n);
  if (ok && n == 0) test_fault(t, "the scope is empty: nothing was tried");
  eval_free(ev);
  return ok;
}

bool test_property(TestRun *t, Err *e) {
  int n;
  if (!how_many(t, &n, e) || !store_begin(t->store, e)) return false;
  if (!fill(t, n, e) || !store_commit(t->store, e)) {
    store_rollback(t->store);
    return false;
  }
  Plan *plan = NULL;
  Err fault = {0};
  if (!test_play(t, &plan, &fault)) {
    Buf text = {0};
    err_print(&fault, &text);
    test_faults(t, buf_view(&text));
    buf_free(&text);
  }
  plan_free(plan);
  bool ok = fault.kind || check(t, e);
  err_free(&fault);
  if (ok) test_done(t, t->item->name, t->item->line);
  return ok;
}
