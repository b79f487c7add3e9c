/* Small DMN models for the tests, put together from their elements. */
#ifndef DMN_MODEL_H
#define DMN_MODEL_H
#include "testing.h"

#include "feel/dmn.h"

#define DMN_NS "https://www.omg.org/spec/DMN/20230324/MODEL/"

typedef struct Model { /* a loaded model, or the error that it gave */
  Arena arena;
  Err e;
  Dmn *m;
  DmnRun *run;
} Model;

static inline const char *model_text(Arena *a, const char *elements) {
  return arena_printf(
    a, "<definitions xmlns=\"" DMN_NS "\" name=\"test\" namespace=\"urn:test\">\n%s</definitions>", elements);
}

static inline Model model_open(const char *elements, DmnMode mode) {
  Model x = {0};
  DmnFile file = {"test.dmn", str_of(model_text(&x.arena, elements))};
  x.m = dmn_load(&file, NULL, mode, &x.e);
  if (x.m) x.run = dmn_run_new(x.m, (ValClock){.days = day_of(2026, 11, 1), .offset = VAL_NO_ZONE});
  return x;
}

/* FEEL text as the value of an input. */
static inline bool model_give(Model *x, const char *input, const char *feel) {
  Src *src = arena_zalloc(&x->arena, 1, sizeof *src);
  *src = (Src){.text = str_of(feel), .line = 1, .col = 1};
  Node *node = standard_parse(src, NULL, 0, dmn_run_arena(x->run), &x->e);
  const DmnItem *in = dmn_find(x->m, str_of(input), 1U << DMN_INPUT | 1U << DMN_DECISION);
  assert_non_null(node);
  assert_non_null(in);
  return dmn_give(x->run, in, standard_eval(dmn_run_standard(x->run), node, NULL), &x->e);
}

/* The result as FEEL writes it, or the error's sentence. In x's arena. */
static inline const char *model_decide(Model *x, const char *decision) {
  Buf text = {0};
  Val v;
  if (!x->m) return x->e.what;
  const DmnItem *item = dmn_find(x->m, str_of(decision), 1U << DMN_DECISION | 1U << DMN_SERVICE);
  assert_non_null(item);
  bool ok =
    dmn_kind(item) == DMN_SERVICE ? dmn_serve(x->run, item, &v, &x->e) : dmn_decide(x->run, item, &v, &x->e);
  if (!ok) return x->e.what;
  standard_print(v, &text);
  const char *kept = arena_strndup(&x->arena, text.p, text.n);
  buf_free(&text);
  return kept;
}

static inline void model_close(Model *x) {
  dmn_run_free(x->run);
  dmn_free(x->m);
  err_free(&x->e);
  arena_free(&x->arena);
}
#endif
