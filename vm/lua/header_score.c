#include "lua/header_score.h"

#include "lua/engine.h"

#include <stdlib.h>

/* The value on top of the stack as text: numbers are written as they read. Pops it. */
static Src text_or_number(lua_State *L, Header *h, const char *key) {
  if (lua_type(L, -1) == LUA_TNUMBER) {
    const Key *at = scan_key(&h->scan, str_of(key));
    Src src = {.file = h->path, .line = at ? at->line : 0, .col = at ? at->col : 0};
    Str s;
    s.p = lua_tolstring(L, -1, &s.n);
    src.text = (Str){arena_strndup(&h->arena, s.p, s.n), s.n};
    if (src.text.n > 2 && str_is(str_sub(src.text, src.text.n - 2, src.text.n), ".0")) src.text.n -= 2;
    lua_pop(L, 1);
    return src;
  }
  return header_src(L, h, key);
}

static const struct {
  const char *key;
  size_t offset;
} TEXTS[] = {{"out_of", offsetof(ScoreSpec, out_of)},
             {"min_known", offsetof(ScoreSpec, min_known)},
             {"weights", offsetof(ScoreSpec, weights)},
             {"caps", offsetof(ScoreSpec, caps)}};

/* The table of one score on top of the stack; leaves its grid there. */
static void read_options(lua_State *L, Header *h, HeaderScore *s) {
  static const char *const KNOWN[] = {"of", "out_of", "min_known", "weights", "caps", NULL};
  Str name = s->spec.name.text;
  header_known(L, h, name.p, KNOWN, true);
  for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
    if (lua_getfield(L, -1, TEXTS[i].key) == LUA_TNIL)
      lua_pop(L, 1);
    else
      *(Src *)(void *)((char *)&s->spec + TEXTS[i].offset) = text_or_number(L, h, TEXTS[i].key);
  }
  if (lua_getfield(L, -1, "of") == LUA_TNIL)
    lua_pop(L, 1);
  else
    s->of = header_src(L, h, "of").text.p;
  if (lua_rawgeti(L, -1, 1) == LUA_TNIL)
    header_fault(L, h, name.p, "score %s has no grid: %s = { out_of = 100, [[ driver | points | when | say … ]] }", name.p,
                 name.p);
  lua_remove(L, -2);
}

static int by_place(const void *a, const void *b) {
  const Src *x = &((const HeaderScore *)a)->spec.name, *y = &((const HeaderScore *)b)->spec.name;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  return str_cmp(x->text, y->text);
}

void header_scores(lua_State *L, Header *h) {
  if (!lua_istable(L, -1)) header_fault(L, h, "scores", "scores has to be { name = { … [[ grid ]] }, … }");
  int table = lua_gettop(L);
  size_t n = 0;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) n++;
  h->score = arena_zalloc(&h->arena, n + 1, sizeof *h->score);
  for (lua_pushnil(L); lua_next(L, table);) {
    if (lua_type(L, -2) != LUA_TSTRING) header_fault(L, h, "scores", "a score needs a name: scores = { name = { … } }");
    HeaderScore *s = &h->score[h->nscore++];
    Str name;
    name.p = lua_tolstring(L, -2, &name.n);
    s->spec.name = (Src){.text = {arena_strndup(&h->arena, name.p, name.n), name.n}, .file = h->path};
    const Key *at = scan_key(&h->scan, name);
    if (at) s->spec.name.line = at->line, s->spec.name.col = at->col;
    if (lua_istable(L, -1)) read_options(L, h, s);
    s->spec.grid = header_src(L, h, s->spec.name.text.p);
  }
  qsort(h->score, h->nscore, sizeof *h->score, by_place);
  lua_pop(L, 1);
}
