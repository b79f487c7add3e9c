#include "base/mem.h"
#include "testing.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void nothing_asked_is_still_a_pointer(void **state) {
  (void)state;
  void *p = mem_alloc(0), *q = mem_zalloc(0, 8), *r = mem_resize(NULL, 0, 8);
  assert_non_null(p);
  assert_non_null(q);
  assert_non_null(r);
  mem_free(p);
  mem_free(q);
  mem_free(r);
  mem_free(NULL);
  assert_null(mem_strdup(NULL));
}

static void arrays_grow_by_doubling(void **state) {
  (void)state;
  int *v = NULL;
  size_t cap = 0, moves = 0;
  for (int i = 0; i < 1000; i++) {
    size_t before = cap;
    mem_grow(v, cap, (size_t)i + 1);
    moves += cap != before;
    v[i] = i;
  }
  for (int i = 0; i < 1000; i++) assert_int_equal(v[i], i);
  assert_true(moves < 10);
  mem_free(v);
}

static void arena_blocks_are_aligned_and_apart(void **state) {
  (void)state;
  Arena a = {0};
  char *block[500];
  for (size_t i = 0; i < 500; i++) {
    block[i] = arena_alloc(&a, i);
    assert_int_equal((uintptr_t)block[i] % 16, 0);
    memset(block[i], (int)(i & 0x7f), i);
  }
  for (size_t i = 0; i < 500; i++)
    for (size_t k = 0; k < i; k++) assert_int_equal(block[i][k], i & 0x7f);
  char *large = arena_alloc(&a, 5 << 20); /* larger than any chunk */
  memset(large, 1, 5 << 20);
  const char *zero = arena_zalloc(&a, 100, 10);
  for (size_t i = 0; i < 1000; i++) assert_int_equal(zero[i], 0);
  assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
  assert_string_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
  assert_string_equal(arena_strndup(&a, NULL, 0), "");
  arena_free(&a);
  assert_null(a.chunk);
  assert_non_null(arena_alloc(&a, 0));
  arena_free(&a);
}

/* The exit code of a child that does `work`, and what it said on stderr. */
static int child(void (*work)(void), char *said, size_t n) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    work();
    _exit(42);
  }
  close(ends[1]);
  ssize_t got = read(ends[0], said, n - 1);
  said[got > 0 ? got : 0] = 0;
  close(ends[0]);
  int status;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void third_fails(void) {
  mem_fail_after(3);
  mem_free(mem_alloc(1));
  mem_free(mem_alloc(1));
  mem_free(mem_alloc(1));
}
static void none_fails(void) {
  mem_fail_after(0);
  for (int i = 0; i < 100; i++) mem_free(mem_alloc(1));
}
static void beyond_any_size(void) {
  static size_t half = SIZE_MAX / 2;
  mem_free(mem_resize(NULL, half, 4));
}

static void memory_out_ends_the_process_in_words(void **state) {
  (void)state;
  char said[256];
  assert_int_equal(child(third_fails, said, sizeof said), 1);
  assert_ptr_equal(strstr(said, "pareto: out of memory\n  nothing was written"), said);
  assert_int_equal(child(none_fails, said, sizeof said), 42);
  assert_string_equal(said, "");
  assert_int_equal(child(beyond_any_size, said, sizeof said), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_asked_is_still_a_pointer),
      cmocka_unit_test(arrays_grow_by_doubling),
      cmocka_unit_test(arena_blocks_are_aligned_and_apart),
      cmocka_unit_test(memory_out_ends_the_process_in_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
