#include "testing.h"

#include "base/mem.h"
#include "base/stop.h"
#include "run/child.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool gives_bytes(void *ctx, Buf *result, Err *e) {
  (void)e;
  buf_fill(result, *(char *)ctx, 3000000); /* far more than a pipe holds */
  return true;
}

static bool fails(void *ctx, Buf *result, Err *e) {
  (void)ctx;
  buf_puts(result, "half a result");
  err_set(e, ERR_STALE, "row %d is wrong", 7);
  err_at(e, "book.lua", 12, 3);
  return err_todo(e, "mend it");
}

static bool greedy(void *ctx, Buf *result, Err *e) {
  (void)ctx, (void)e;
  for (int i = 0; i < 64; i++) buf_printf(result, "%p", mem_alloc((size_t)256 << 20));
  return true;
}

static volatile int endless = 1;

static bool deaf(void *ctx, Buf *result, Err *e) {
  (void)ctx;
  (void)result;
  (void)e;
  signal(SIGTERM, SIG_IGN);
  while (endless)
    ;
  return true;
}

static bool polite(void *ctx, Buf *result, Err *e) {
  (void)ctx;
  (void)result;
  while (stop_check(e))
    ;
  return err_at(e, "book.lua", 31, 0);
}

static bool crashes(void *ctx, Buf *result, Err *e) {
  (void)ctx;
  (void)result;
  (void)e;
  signal(SIGSEGV, SIG_DFL);
  raise(SIGSEGV);
  return true;
}

static bool leaves(void *ctx, Buf *result, Err *e) {
  (void)ctx;
  (void)result;
  (void)e;
  _exit(9);
}

static bool scribbles(void *ctx, Buf *result, Err *e) {
  (void)e;
  *(int *)ctx = 99;
  buf_puts(result, "done");
  return true;
}

static void the_bytes_of_the_child_arrive_whole(void **state) {
  (void)state;
  Buf b = {0};
  Err e = {0};
  char letter = 'q';
  assert_true(child_run("work", gives_bytes, &letter, 0, &b, &e));
  assert_int_equal(b.n, 3000000);
  assert_int_equal(b.p[2999999], 'q');
  buf_free(&b);
}

static void an_error_arrives_with_kind_place_and_advice(void **state) {
  (void)state;
  Buf b = {0};
  Err e = {0};
  assert_false(child_run("work", fails, NULL, 0, &b, &e));
  assert_int_equal(e.kind, ERR_STALE);
  assert_string_equal(e.what, "row 7 is wrong");
  assert_string_equal(e.file, "book.lua");
  assert_int_equal(e.line, 12);
  assert_string_equal(e.todo, "mend it");
  assert_null(e.source);
  assert_int_equal(b.n, 0);
  err_free(&e);
  buf_free(&b);
}

static void the_parents_memory_stays_as_it_was(void **state) {
  (void)state;
  Buf b = {0};
  Err e = {0};
  int mine = 1;
  assert_true(child_run("work", scribbles, &mine, 5, &b, &e));
  assert_int_equal(mine, 1);
  buf_free(&b);
}

static void work_that_listens_to_nobody_ends_within_limit_and_two_seconds(void **state) {
  (void)state;
  Buf b = {0};
  Err e = {0};
  double from = now();
  assert_false(child_run("work", deaf, NULL, 0.5, &b, &e));
  assert_true(now() - from < 2.5);
  assert_int_equal(e.kind, ERR_TIMEOUT);
  assert_non_null(strstr(e.what, "0.5 s"));
  err_free(&e);
  buf_free(&b);
}

static void work_that_asks_ends_with_its_own_message(void **state) {
  (void)state;
  Buf b = {0};
  Err e = {0};
  double from = now();
  assert_false(child_run("work", polite, NULL, 0.3, &b, &e));
  assert_true(now() - from < 1);
  assert_int_equal(e.kind, ERR_TIMEOUT);
  assert_string_equal(e.file, "book.lua");
  assert_int_equal(e.line, 31);
  err_free(&e);
  buf_free(&b);
}

static void a_crash_says_that_and_how(void **state) {
  (void)state;
  Buf b = {0};
  Err e = {0};
  assert_false(child_run("profit-types", crashes, NULL, 0, &b, &e));
  assert_int_equal(e.kind, ERR_FAIL);
  assert_non_null(strstr(e.what, "profit-types ended in the middle"));
  assert_non_null(strstr(e.what, "signal 11"));
  err_free(&e);
  assert_false(child_run("work", leaves, NULL, 0, &b, &e));
  assert_non_null(strstr(e.what, "exit code 9"));
  err_free(&e);
  buf_free(&b);
}

static void *press_ctrl_c(void *arg) {
  usleep(300000);
  kill(*(pid_t *)arg, SIGINT);
  return NULL;
}

static void ctrl_c_ends_it_also_when_it_does_not_listen(void **state) {
  (void)state;
  stop_on_signals();
  ChildWork works[] = {polite, deaf};
  for (int i = 0; i < 2; i++) {
    Buf b = {0};
    Err e = {0};
    pid_t self = getpid();
    pthread_t t;
    assert_int_equal(pthread_create(&t, NULL, press_ctrl_c, &self), 0);
    double from = now();
    assert_false(child_run("work", works[i], NULL, 0, &b, &e));
    assert_true(now() - from < 2.5);
    assert_int_equal(e.kind, ERR_INTERRUPT);
    pthread_join(t, NULL);
    err_free(&e);
    buf_free(&b);
    stop_clear();
  }
}

static void nothing_starts_after_ctrl_c(void **state) {
  (void)state;
  Buf b = {0};
  Err e = {0};
  int mine = 1;
  stop_raise();
  assert_false(child_run("work", scribbles, &mine, 0, &b, &e));
  assert_int_equal(e.kind, ERR_INTERRUPT);
  stop_clear();
  err_free(&e);
}

static void work_that_takes_all_memory_is_ended_with_a_message(void **state) {
  (void)state;
  Buf result = {0};
  Err e = {0};
  if (getenv("PARETO_SANITIZED")) skip(); /* a sanitizer ends the process itself */
  assert_false(child_run("big", greedy, NULL, 60, &result, &e));
  assert_int_equal(e.kind, ERR_FAIL);
  if (!strstr(e.what, "big needs more memory than a run may take")) fail_msg("%s", e.what);
  assert_int_equal(result.n, 0);
  err_free(&e);
  buf_free(&result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(work_that_takes_all_memory_is_ended_with_a_message),
    cmocka_unit_test(the_bytes_of_the_child_arrive_whole),
    cmocka_unit_test(an_error_arrives_with_kind_place_and_advice),
    cmocka_unit_test(the_parents_memory_stays_as_it_was),
    cmocka_unit_test(work_that_listens_to_nobody_ends_within_limit_and_two_seconds),
    cmocka_unit_test(work_that_asks_ends_with_its_own_message),
    cmocka_unit_test(a_crash_says_that_and_how),
    cmocka_unit_test(ctrl_c_ends_it_also_when_it_does_not_listen),
    cmocka_unit_test(nothing_starts_after_ctrl_c),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
