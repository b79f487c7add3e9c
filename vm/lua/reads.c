/* reads("verdict", "account", "quote"): the stored fields of these entities that a table and all it leans on decide by,
 * as "account.tier quote.reason". */
#include "feel/backtest.h"
#include "lua/sandbox.h"
#include "lua/set.h"

#include <stdlib.h>
#include <string.h>

/* Which entity a field is of; NULL for one that is worked out, not stored. */
static const CatEntity *entity_of(const FeelHost *host, const HostField *f) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    const HostField *const *list;
    size_t n = host->fields(host->ctx, ent->number, &list);
    for (size_t k = 0; k < n; k++) {
      if (list[k] != f) continue;
      const CatColumn *c = catalog_column(ent, f->name);
      return (c ? !c->sql : f->history) ? ent : NULL;
    }
  }
  return NULL;
}

static bool wanted(lua_State *L, int last, const char *entity) {
  for (int i = 2; i <= last; i++)
    if (strcmp(luaL_checkstring(L, i), entity) == 0) return true;
  return last < 2;
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int reads(lua_State *L) {
  Engine *h = engine(L);
  int last = lua_gettop(L);
  Str table;
  table.p = luaL_checklstring(L, 1, &table.n);
  if (!rules_table_info(h->rules, table)) return engine_fail(L, "there is no table %s", table.p);
  Arena *a = engine_arena(L);
  const HostField **field;
  size_t n = rules_table_reads(h->rules, table, a, &field), have = 0;
  char **name = arena_zalloc(a, n + 1, sizeof *name);
  for (size_t i = 0; i < n; i++) {
    const CatEntity *ent = entity_of(store_host(h->store), field[i]);
    if (ent && wanted(L, last, ent->name)) name[have++] = arena_printf(a, "%s.%.*s", ent->name, STR_ARG(field[i]->name));
  }
  qsort(name, have, sizeof *name, by_text);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < have; i++) {
    if (i) luaL_addchar(&b, ' ');
    luaL_addstring(&b, name[i]);
  }
  luaL_pushresult(&b);
  arena_free(a);
  return 1;
}

void reads_open(lua_State *L) {
  lua_pushcfunction(L, reads);
  sandbox_global(L, "reads");
}
