/* What the tests of the rule language's grammar share: a text goes in, its tree as an
 * S-expression or its error as one line comes out. */
#ifndef FEEL_SAID_H
#define FEEL_SAID_H
#include "testing.h"

#include <string.h>

#include "feel/ast.h"

typedef enum How { RULE, STANDARD, CELL, WORDS, TEMPLATE, COLUMNS } How;

/* "!line:col what · todo" */
static inline void said_error(const Err *e, Buf *out) {
  buf_printf(out, "!%d:%d %s", e->line, e->col, e->what);
  for (const char *p = e->todo; p && *p; p++) {
    if (p == e->todo || p[-1] == '\n') buf_puts(out, " · ");
    if (*p != '\n') buf_char(out, *p);
  }
}

static inline void said_columns(const Src *src, Arena *a, Buf *out, Err *e) {
  Column *c;
  size_t n;
  if (!feel_parse_columns(src, DIALECT_RULES, a, &c, &n, e)) return;
  for (size_t i = 0; i < n; i++) {
    if (i) buf_puts(out, " ; ");
    feel_dump(c[i].expr, out);
    if (c[i].fmt.kind != FMT_AUTO) buf_printf(out, " :%s", fmt_name(c[i].fmt));
    buf_printf(out, " \"%.*s\"", STR_ARG(c[i].title));
  }
}

/* The caller frees what comes back with mem_free. */
static inline char *said(How how, Str text) {
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  Src src = {.text = text, .file = "t", .line = 1, .col = 1};
  Node *x = NULL;
  switch (how) {
    case RULE: x = feel_parse(&src, DIALECT_RULES, &a, &e); break;
    case STANDARD: x = feel_parse(&src, DIALECT_STANDARD, &a, &e); break;
    case CELL: x = feel_parse_tests(&src, DIALECT_RULES, false, &a, &e); break;
    case WORDS: x = feel_parse_tests(&src, DIALECT_RULES, true, &a, &e); break;
    case TEMPLATE: x = feel_parse_template(&src, DIALECT_RULES, &a, &e); break;
    case COLUMNS: said_columns(&src, &a, &b, &e); break;
  }
  if (x) feel_dump(x, &b);
  if (!x && how != COLUMNS) assert_int_not_equal(e.kind, ERR_NONE);
  if (e.kind) buf_clear(&b), said_error(&e, &b);
  err_free(&e);
  arena_free(&a);
  return buf_take(&b);
}

typedef struct Case {
  const char *text, *want;
} Case;

static inline void check_cases(How how, const Case *c, size_t n) {
  for (size_t i = 0; i < n; i++) {
    char *got = said(how, str_of(c[i].text));
    if (strcmp(got, c[i].want) != 0) print_error("%s\n", c[i].text);
    assert_string_equal(got, c[i].want);
    mem_free(got);
  }
}
#define CHECK(how, cases) check_cases(how, cases, sizeof(cases) / sizeof *(cases))

/* A small generator of its own, so that the same texts come on every machine. */
static inline uint32_t said_random(uint64_t *seed) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*seed >> 33);
}
#endif
