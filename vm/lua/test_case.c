/* case "sentence" { given, expect }: the whole playbook on given rows. */
#include "lua/test.h"

#include <string.h>

static void fault_of(TestRun *t, const Err *x) {
  Buf text = {0};
  err_print(x, &text);
  test_faults(t, buf_view(&text));
  buf_free(&text);
}

/* The run has to fail, and say this. */
static void expect_failure(TestRun *t, bool ran, const Err *fault) {
  Str want = t->item->fails.text;
  Buf text = {0};
  err_print(fault, &text);
  if (ran)
    test_fault(t, "the run was to fail with \"%.*s\", but it went well", STR_ARG(want));
  else if (!memmem(text.p, text.n, want.p, want.n))
    test_fault(t, "the run was to fail with \"%.*s\", but said: %s", STR_ARG(want), fault->what);
  buf_free(&text);
}

bool test_case(TestRun *t, Err *e) {
  Plan *plan = NULL;
  Err fault = {0};
  bool ok = false;
  if (!test_given(t, e)) return false;
  Expected *x = expect_before(t, e);
  if (!x) return false;
  bool ran = test_play(t, &plan, &fault);
  if (t->item->fails.text.n)
    expect_failure(t, ran, &fault);
  else if (!ran)
    fault_of(t, &fault);
  ok = !ran || expect_after(t, x, plan, e);
  plan_free(plan);
  err_free(&fault);
  if (ok) test_done(t, t->item->name, t->item->line);
  return ok;
}
