/* Texts into trees: the parser with the names that are known. */
#include "feel/std.h"

#include "feel/lex.h"

#include <string.h>

Node *standard_parse(const Src *src, const Str *known, size_t n, Arena *a, Err *e) {
  return feel_parse_named(src, DIALECT_STANDARD, known, n, a, e);
}

Node *standard_parse_tests(const Src *src, const Str *known, size_t n, Arena *a, Err *e) {
  return feel_parse_tests_named(src, DIALECT_STANDARD, known, n, a, e);
}

typedef struct Names {
  Str *v;
  size_t n, cap;
  Arena *a;
} Names;

static void add(Names *to, Str name) {
  bool plain = true;
  for (size_t at = 0; at < name.n;) plain = lex_name_part(DIALECT_STANDARD, utf8_next(name, &at)) && plain;
  for (size_t i = 0; i < to->n; i++) plain = plain || str_eq(to->v[i], name);
  if (plain) return;
  if (to->n == to->cap) {
    size_t cap = to->cap ? to->cap * 2 : 16;
    Str *v = arena_alloc(to->a, cap * sizeof *v);
    if (to->n) memcpy(v, to->v, to->n * sizeof *v);
    to->v = v, to->cap = cap;
  }
  to->v[to->n++] = name;
}

static void add_below(Names *to, Val v, int depth) {
  enum { DEEPEST = 50, LOOK = 100 }; /* items of one list are mostly alike: the first tell the names */
  if (depth > DEEPEST) return;
  if (v.t == V_LIST)
    for (uint32_t i = 0; i < v.n && i < LOOK; i++) add_below(to, v.u.v[i], depth + 1);
  if (v.t != V_CONTEXT) return;
  const ValContext *c = v.u.p;
  for (size_t i = 0; i < c->n; i++) {
    add(to, c->entry[i].key);
    add_below(to, c->entry[i].val, depth + 1);
  }
}

void standard_names(const Scope *s, Arena *a, const Str **out, size_t *n) {
  Names names = {.a = a};
  for (; s; s = s->up)
    for (size_t i = 0; i < s->n; i++) {
      add(&names, s->entry[i].key);
      add_below(&names, s->entry[i].val, 0);
    }
  *out = names.v;
  *n = names.n;
}
