/* Claims about the standard dialect: an expression, and the expression that gives the same. */
#ifndef FEEL_STANDARD_CLAIMS_H
#define FEEL_STANDARD_CLAIMS_H
#include "testing.h"

#include "feel/standard.h"

#include <stdio.h>
#include <string.h>

typedef struct Claim {
  const char *text, *same_as;
} Claim;

static char noted[256]; /* the last note */

static void take_note(void *ctx, const Src *src, size_t at, size_t len, const char *text) {
  (void)ctx, (void)src, (void)at, (void)len;
  snprintf(noted, sizeof noted, "%s", text);
}

static Standard standard_at(Arena *a, Err *e) {
  Standard s;
  standard_init(&s, a, e);
  s.now = (ValClock){.days = 20627, .nanos = 3600000000000, .offset = 0}; /* 2026-06-23T01:00:00Z */
  s.note = take_note;
  return s;
}

static Val value_of(const char *text, const Scope *scope, Arena *a, Err *e) {
  Src src = {.text = str_of(text), .line = 1, .col = 1};
  const Str *known;
  size_t n;
  noted[0] = 0;
  standard_names(scope, a, &known, &n);
  Node *x = standard_parse(&src, known, n, a, e);
  if (!x) return val_null();
  Standard s = standard_at(a, e);
  return standard_eval(&s, x, scope);
}

static inline bool same(const char *text, const char *as, const Scope *scope) {
  Arena a = {0};
  Err e = {0};
  Val got = value_of(text, scope, &a, &e);
  char kept[sizeof noted];
  memcpy(kept, noted, sizeof kept);
  Val want = value_of(as, scope, &a, &e);
  bool ok = !e.kind && standard_same(got, want);
  if (!ok) {
    Buf b = {0};
    standard_print(got, &b);
    print_error("%s\n  gives %s (%s)%s%s, not %s\n", text, b.p ? b.p : "\"\"", standard_kind(got),
                *kept ? ": " : "", kept, as);
    buf_clear(&b);
    if (e.kind) err_print(&e, &b);
    if (e.kind) print_error("%s", b.p);
    buf_free(&b);
  }
  err_free(&e);
  arena_free(&a);
  return ok;
}

#define hold(claims) hold_all((claims), sizeof(claims) / sizeof *(claims))
static inline void hold_all(const Claim *c, size_t n) {
  int wrong = 0;
  for (size_t i = 0; i < n; i++) wrong += !same(c[i].text, c[i].same_as, NULL);
  assert_int_equal(wrong, 0);
}
#endif
