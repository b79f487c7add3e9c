#include "testing.h"

#include "store/import_pipe.h"

typedef struct Counter { int next, last, fail_at; } Counter;

static bool count_up(void *ctx, void *slot, bool *more, Err *e) {
  Counter *c = ctx;
  if (c->next == c->fail_at) return err_set(e, ERR_FAIL, "failed at %d", c->next);
  *more = c->next < c->last;
  *(int *)slot = c->next++;
  return true;
}

static void slots_arrive_in_order_and_errors_behind_them(void **state) {
  (void)state;
  for (int fail_at = -1; fail_at < 50; fail_at += 17) {
    int slot[PIPE_SLOTS];
    Counter c = {.last = 1000, .fail_at = fail_at};
    Pipe p = {.fill = count_up, .ctx = &c};
    for (int i = 0; i < PIPE_SLOTS; i++) p.slot[i] = &slot[i];
    pipe_start(&p);
    Err e = {0};
    void *got;
    int want = 0;
    while (pipe_next(&p, &got, &e) && got) {
      assert_int_equal(*(int *)got, want++);
      pipe_done(&p);
    }
    assert_int_equal(want, fail_at < 0 ? 1000 : fail_at);
    assert_int_equal(e.kind, fail_at < 0 ? ERR_NONE : ERR_FAIL);
    err_free(&e);
    pipe_stop(&p);
  }
}

static void a_pipe_can_be_stopped_half_way(void **state) {
  (void)state;
  int slot[PIPE_SLOTS];
  Counter c = {.last = 1 << 30, .fail_at = -1};
  Pipe p = {.fill = count_up, .ctx = &c};
  for (int i = 0; i < PIPE_SLOTS; i++) p.slot[i] = &slot[i];
  pipe_start(&p);
  Err e = {0};
  void *got;
  assert_true(pipe_next(&p, &got, &e));
  pipe_stop(&p);
  assert_true(c.next <= PIPE_SLOTS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(slots_arrive_in_order_and_errors_behind_them),
    cmocka_unit_test(a_pipe_can_be_stopped_half_way),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
