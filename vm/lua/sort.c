#include "lua/sort.h"

#include "lua/rule.h"

#include <stdlib.h>
#include <string.h>

bool sort_next_key(Src *rest, Src *key) {
  Str s = rest->text;
  size_t i = 0;
  int depth = 0;
  char quote = 0;
  if (!s.n) return false;
  for (; i < s.n; i++) {
    char c = s.p[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      depth++;
    } else if (c == ')' || c == ']' || c == '}') {
      depth--;
    } else if (c == ',' && depth == 0) {
      break;
    }
  }
  *key = src_sub(rest, 0, i);
  *rest = src_sub(rest, i < s.n ? i + 1 : i, s.n);
  while (key->text.n && strchr(" \t\n", key->text.p[0])) *key = src_sub(key, 1, key->text.n);
  key->text = str_trim(key->text);
  return true;
}

enum { KEYS_MOST = 8 };

typedef struct Order {
  size_t nkey;
  Type type[KEYS_MOST];
  bool descending[KEYS_MOST];
  const Val *val[KEYS_MOST];
  const Val *code;
} Order;

static int by_keys(const void *x, const void *y, void *ctx) {
  const Order *o = ctx;
  size_t i = *(const size_t *)x, j = *(const size_t *)y;
  for (size_t k = 0; k < o->nkey; k++) {
    int c = rule_order(o->type[k], o->val[k][i], o->val[k][j], o->descending[k]);
    if (c) return c;
  }
  int c = o->code ? val_order(o->code[i], o->code[j]) : 0;
  return c ? c : (i > j) - (i < j);
}

/* "-x" of a number is the number turned round; before text and dates the minus is the order's. */
static Expr *key_expr(lua_State *L, int entity, Src key, int params, bool *descending) {
  Engine *h = engine(L);
  *descending = false;
  if (!key.text.n || key.text.p[0] != '-') return rule_expr(L, entity, key, WANT_ANY, params);
  if (!params) {
    const char *of = rules_entity(h->rules) == entity ? NULL : rule_entity_name(entity);
    Expr *x = rules_expr(h->rules, of, key, WANT_ANY, NULL, 0, &h->err);
    if (x) return x;
    err_free(&h->err);
  }
  *descending = true;
  Src bare = src_sub(&key, 1, key.text.n);
  bare.text = str_trim(bare.text);
  return rule_expr(L, entity, bare, WANT_ANY, params);
}

static const Val *codes(lua_State *L, const Set *s) {
  const CatColumn *key = catalog_key(catalog_at((size_t)s->entity - 1));
  if (!key) return NULL;
  Expr *x = rule_expr(L, s->entity, (Src){.text = str_of(key->name)}, WANT_ANY, 0);
  return rule_eval(L, x, s->id, s->n);
}

Set *sort_set(lua_State *L, int set, Src keys, int params, bool largest) {
  set = lua_absindex(L, set);
  Set *s = set_check(L, set);
  Order o = {0};
  Src key;
  luaL_checkstack(L, 2 * KEYS_MOST + 8, NULL);
  rule_population(L, set);
  int base = lua_gettop(L);
  while (sort_next_key(&keys, &key)) {
    if (!key.text.n) continue;
    if (o.nkey == KEYS_MOST) engine_fail(L, "a set is sorted by at most %d keys", KEYS_MOST);
    bool descending;
    Expr *x = key_expr(L, s->entity, key, params, &descending);
    o.type[o.nkey] = expr_type(x);
    o.descending[o.nkey] = descending != largest;
    o.val[o.nkey++] = rule_eval(L, x, s->id, s->n);
  }
  o.code = codes(L, s);
  size_t *order = engine_array(L, s->n + 1, sizeof *order);
  for (size_t i = 0; i < s->n; i++) order[i] = i;
  qsort_r(order, s->n, sizeof *order, by_keys, &o);
  Set *out = set_new(L, s->entity, s->n);
  for (size_t i = 0; i < s->n; i++) out->id[i] = s->id[order[i]];
  lua_insert(L, base + 1);
  lua_settop(L, base + 1);
  return out;
}
