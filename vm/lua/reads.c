/* reads("verdict", "account", "quote"): the stored fields of these entities that a table and all it leans on decide by,
 * as "account.tier quote.reason"; of a figure that the database works out, the fields it is worked out from. */
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

static bool wanted(lua_State *L, int last, Str entity) {
  for (int i = 2; i <= last; i++)
    if (str_is(entity, luaL_checkstring(L, i))) return true;
  return last < 2;
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

typedef struct Names {
  char **name;
  size_t n, cap;
  Arena *a;
} Names;

static void add(lua_State *L, int last, Names *to, Str name) {
  Str rest, entity = str_split(name, '.', &rest);
  if (!wanted(L, last, entity)) return;
  if (to->n == to->cap) {
    size_t cap = to->cap ? to->cap * 2 : 64;
    char **more = arena_alloc(to->a, cap * sizeof *more);
    if (to->n) memcpy(more, to->name, to->n * sizeof *more);
    to->name = more;
    to->cap = cap;
  }
  to->name[to->n++] = arena_strndup(to->a, name.p, name.n);
}

/* A stored field by its name; one that is worked out by the stored ones below it. */
static void add_field(lua_State *L, int last, Names *to, const HostField *f) {
  const CatEntity *ent = entity_of(store_host(engine(L)->store), f);
  if (ent) add(L, last, to, str_of(arena_printf(to->a, "%s.%.*s", ent->name, STR_ARG(f->name))));
  else if (f->derived)
    for (Str rest = str_of(store_worked_from(f)); rest.p && rest.n;) add(L, last, to, str_split(rest, ' ', &rest));
}

static int reads(lua_State *L) {
  Engine *h = engine(L);
  int last = lua_gettop(L);
  Str table;
  table.p = luaL_checklstring(L, 1, &table.n);
  if (!rules_table_info(h->rules, table)) return engine_fail(L, "there is no table %s", table.p);
  Arena *a = engine_arena(L);
  const HostField **field;
  Names names = {.a = a};
  size_t n = rules_table_reads(h->rules, table, a, &field);
  for (size_t i = 0; i < n; i++) add_field(L, last, &names, field[i]);
  if (names.n) qsort(names.name, names.n, sizeof *names.name, by_text);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < names.n; i++) {
    if (i && strcmp(names.name[i], names.name[i - 1]) == 0) continue;
    if (i) luaL_addchar(&b, ' ');
    luaL_addstring(&b, names.name[i]);
  }
  luaL_pushresult(&b);
  arena_free(a);
  return 1;
}

void reads_open(lua_State *L) {
  lua_pushcfunction(L, reads);
  sandbox_global(L, "reads");
}
