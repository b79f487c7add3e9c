/* The items of a test file, as data. */
#include "lua/header.h"
#include "lua/engine.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b) {
  return strcmp(((const NamedText *)a)->name, ((const NamedText *)b)->name);
}

/* { key = text, … } on top of the stack, in order of the file (then of the names); pops it. Numbers are
 * taken as text. Keys in `skip` (NULL-terminated) are left out. */
static NamedText *named_texts(lua_State *L, Header *h, const char *what, const char *const *skip, size_t *n) {
  if (!lua_istable(L, -1)) header_fault(L, h, what, "%s has to be { name = \"…\" }", what);
  int table = lua_gettop(L);
  size_t cap = 0;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) cap++;
  NamedText *list = arena_zalloc(&h->arena, cap + 1, sizeof *list);
  *n = 0;
  for (lua_pushnil(L); lua_next(L, table);) {
    if (lua_type(L, -2) != LUA_TSTRING) header_fault(L, h, what, "%s: every entry is name = \"…\"", what);
    const char *key = lua_tostring(L, -2);
    bool skipped = false;
    for (size_t i = 0; skip && skip[i]; i++) skipped = skipped || strcmp(skip[i], key) == 0;
    if (skipped) {
      lua_pop(L, 1);
      continue;
    }
    NamedText *t = &list[(*n)++];
    t->name = arena_strndup(&h->arena, key, strlen(key));
    if (lua_type(L, -1) == LUA_TNUMBER) lua_tostring(L, -1);
    t->text = header_src(L, h, t->name);
  }
  qsort(list, *n, sizeof *list, by_name);
  lua_pop(L, 1);
  return list;
}

/* Reads field `key` of the table on top as a text, when it is there. */
static Src optional(lua_State *L, Header *h, const char *key) {
  Src src = {0};
  if (lua_getfield(L, -1, key) == LUA_TNIL)
    lua_pop(L, 1);
  else
    src = header_src(L, h, key);
  return src;
}

static bool field(lua_State *L, const char *key) {
  if (lua_getfield(L, -1, key) != LUA_TNIL) return true;
  lua_pop(L, 1);
  return false;
}

static void read_given(lua_State *L, Header *h, Test *t) {
  if (!lua_istable(L, -1)) header_fault(L, h, "given", "given has to be { account = [[ rows ]], … }");
  t->monthly = optional(L, h, "monthly");
  if (field(L, "segment")) t->segment = named_texts(L, h, "segment", NULL, &t->nsegment);
  lua_pushvalue(L, -1);
  t->rows = named_texts(L, h, "given", (const char *const[]){"monthly", "segment", NULL}, &t->nrows);
}

static void read_expect(lua_State *L, Header *h, Test *t) {
  static const char *const KNOWN[] = {"changed", "values", "segment", "why", "untouched", "fails", NULL};
  if (!lua_istable(L, -1)) header_fault(L, h, "expect", "expect has to be { changed = [[ rows ]], … }");
  header_known(L, h, "expect", KNOWN, false);
  t->changed = optional(L, h, "changed");
  t->values = optional(L, h, "values");
  t->untouched = optional(L, h, "untouched");
  t->fails = optional(L, h, "fails");
  if (field(L, "segment")) t->after = named_texts(L, h, "segment", NULL, &t->nafter);
  if (field(L, "why")) t->why = named_texts(L, h, "why", NULL, &t->nwhy);
}

static void read_case(lua_State *L, Header *h, Test *t) {
  static const char *const KNOWN[] = {"given", "args", "expect", NULL};
  if (!lua_istable(L, -1)) header_fault(L, h, "", "case \"%.*s\" needs { given = …, expect = … }", STR_ARG(t->name));
  header_known(L, h, "case", KNOWN, false);
  if (field(L, "args")) t->arg = named_texts(L, h, "args", NULL, &t->narg);
  if (field(L, "given")) {
    read_given(L, h, t);
    lua_pop(L, 1);
  }
  if (!field(L, "expect")) header_fault(L, h, "", "case \"%.*s\" expects nothing: write expect = { … }", STR_ARG(t->name));
  read_expect(L, h, t);
  lua_pop(L, 1);
}

static void read_property(lua_State *L, Header *h, Test *t) {
  static const char *const KNOWN[] = {"accounts", "holds", "args", NULL};
  if (!lua_istable(L, -1)) header_fault(L, h, "", "property needs { accounts = \"random 1000\", holds = \"rule\" }");
  header_known(L, h, "property", KNOWN, false);
  if (field(L, "args")) t->arg = named_texts(L, h, "args", NULL, &t->narg);
  t->accounts = optional(L, h, "accounts");
  t->holds = optional(L, h, "holds");
  if (!t->accounts.text.n || !t->holds.text.n)
    header_fault(L, h, "", "property \"%.*s\" needs accounts = \"random 1000\" and holds = \"rule\"", STR_ARG(t->name));
}

void header_tests(lua_State *L, Header *h) {
  int items = lua_gettop(L);
  size_t n = lua_rawlen(L, items);
  h->test = arena_zalloc(&h->arena, n + 1, sizeof *h->test);
  for (size_t i = 0; i < n; i++) {
    Test *t = &h->test[h->ntest++];
    lua_rawgeti(L, items, (lua_Integer)i + 1);
    if (!lua_istable(L, -1) || lua_rawgeti(L, -1, 1) != LUA_TNUMBER)
      header_fault(L, h, "", "item %zu of tests is none: write decide, case or property", i + 1);
    t->kind = (TestKind)lua_tointeger(L, -1);
    lua_rawgeti(L, -2, 2);
    t->name = header_src(L, h, "").text;
    lua_rawgeti(L, -2, 4);
    t->line = (int)lua_tointeger(L, -1);
    lua_pop(L, 2);
    lua_rawgeti(L, -1, 3);
    switch (t->kind) {
      case TEST_DECIDE:
        if (lua_type(L, -1) != LUA_TSTRING)
          header_fault(L, h, "", "decide \"%.*s\" needs its grid: [[ … ]]", STR_ARG(t->name));
        t->grid = header_src(L, h, "");
        lua_pushnil(L);
        break;
      case TEST_CASE: read_case(L, h, t); break;
      case TEST_PROPERTY: read_property(L, h, t); break;
    }
    lua_settop(L, items);
  }
}
