#include "base/mem.h"

#include "base/lang.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long fail_in = -1; /* -1: not asked yet; 0: never */

void mem_fail_after(long n) { fail_in = n; }

int mem_should_fail(void) {
  if (fail_in == 0) return 0;
  if (fail_in < 0) {
    const char *s = getenv("PARETO_ALLOC_FAIL");
    fail_in = s ? strtol(s, NULL, 10) : 0;
    if (fail_in < 0) fail_in = 0;
    if (fail_in == 0) return 0;
  }
  return --fail_in == 0;
}

static int (*say_failure)(void);

void mem_on_failure(int (*say)(void)) { say_failure = say; }

static _Noreturn void out_of_memory(void) {
  if (say_failure && say_failure()) _exit(1);
  static const char msg[] = "pareto: out of memory\n  nothing was written; "
                            "free some memory or raise the limit (ulimit -v) and try again\n";
  ssize_t ignored = write(STDERR_FILENO, msg, sizeof msg - 1);
  (void)ignored;
  _exit(1);
}

static void *need(void *p) {
  if (!p) out_of_memory();
  return p;
}

void *mem_alloc(size_t size) { return need(mem_should_fail() ? NULL : malloc(size ? size : 1)); }

void *mem_zalloc(size_t count, size_t size) {
  return need(mem_should_fail() ? NULL : calloc(count ? count : 1, size ? size : 1));
}

void *mem_resize(void *p, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) out_of_memory();
  size_t bytes = count * size;
  return need(mem_should_fail() ? NULL : realloc(p, bytes ? bytes : 1));
}

void mem_free(void *p) { free(p); }

enum { HUGE_PAGE = 2 << 20, FEW = 128 << 10 /* bytes of small pages before them, for what needs little */ };

/* How far it is from here to where large pages begin soon. */
static size_t to_huge(const void *p) { return (size_t)(2 * (uintptr_t)HUGE_PAGE - FEW - (uintptr_t)p % HUGE_PAGE) % HUGE_PAGE; }

/* A page of 4 KiB costs more to get than to fill, and columns take thousands: the heap is made of huge ones as far
 * as the system has them, and threads share it. What is not touched takes no memory. */
void mem_prepare(void) {
  enum { HEAP = 48 << 20, KEEP = 1 << 30 };
  mallopt(M_MMAP_THRESHOLD, KEEP);
  mallopt(M_TRIM_THRESHOLD, KEEP);
  mallopt(M_ARENA_MAX, 1);
  sbrk((intptr_t)to_huge(sbrk(0)));
  char *p = malloc(HEAP);
  if (!p) return;
  char *from = p + (HUGE_PAGE - (uintptr_t)p % HUGE_PAGE);
  madvise(from, (size_t)(p + HEAP - from) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
  free(p);
}

void mem_fresh(void) {
#ifndef __SANITIZE_ADDRESS__
  static void *volatile skipped; /* not touched, so that it takes no memory; one at a time, should there be many runs */
  free(skipped);
  void *end = malloc(HUGE_PAGE);
  size_t room = end ? to_huge(end) : 0;
  free(end);
  skipped = room ? malloc(room) : NULL;
#endif
}

char *mem_strndup(const char *s, size_t n) {
  char *p = mem_alloc(n + 1);
  if (n) memcpy(p, s, n);
  p[n] = 0;
  return p;
}

char *mem_strdup(const char *s) { return s ? mem_strndup(s, strlen(s)) : NULL; }

struct ArenaChunk {
  ArenaChunk *next;
  size_t size;
};
enum { CHUNK_HEAD = 16, CHUNK_FIRST = 4096, CHUNK_MAX = 1 << 20 };
_Static_assert(sizeof(ArenaChunk) <= CHUNK_HEAD, "the head of a chunk fits its room");

void *arena_alloc(Arena *a, size_t size) {
  if (size > SIZE_MAX / 2) out_of_memory();
  size = size ? (size + 15) & ~(size_t)15 : 16;
  if ((size_t)(a->end - a->at) < size) {
    size_t want = a->total < CHUNK_FIRST ? CHUNK_FIRST : a->total;
    if (want > CHUNK_MAX) want = CHUNK_MAX;
    if (want < size + CHUNK_HEAD) want = size + CHUNK_HEAD;
    ArenaChunk *c = mem_alloc(want);
    c->next = a->chunk;
    c->size = want;
    a->chunk = c;
    a->at = (char *)c + CHUNK_HEAD;
    a->end = (char *)c + want;
    a->total += want;
  }
  void *p = a->at;
  a->at += size;
  return p;
}

void *arena_zalloc(Arena *a, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) out_of_memory();
  void *p = arena_alloc(a, count * size);
  memset(p, 0, count * size);
  return p;
}

char *arena_strndup(Arena *a, const char *s, size_t n) {
  char *p = arena_alloc(a, n + 1);
  if (n) memcpy(p, s, n);
  p[n] = 0;
  return p;
}

__attribute__((format(printf, 2, 0))) static char *arena_vprintf(Arena *a, const char *fmt, va_list ap) {
  if (!fmt) return arena_strndup(a, "", 0); /* gcc asks for it where the sanitizers are on */
  va_list again;
  va_copy(again, ap);
  int n = vsnprintf(NULL, 0, fmt, ap);
  char *p = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
  p[0] = 0;
  if (n > 0) vsnprintf(p, (size_t)n + 1, fmt, again);
  va_end(again);
  return p;
}

char *arena_printf(Arena *a, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  char *p = arena_vprintf(a, fmt, ap);
  va_end(ap);
  return p;
}

char *arena_say(Arena *a, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  char *p = arena_vprintf(a, lang_text(fmt), ap);
  va_end(ap);
  return p;
}

void arena_join(Arena *to, Arena *from) {
  if (!from->chunk) return;
  if (!to->chunk) {
    *to = *from;
  } else {
    ArenaChunk *last = from->chunk;
    while (last->next) last = last->next;
    last->next = to->chunk->next;
    to->chunk->next = from->chunk;
    to->total += from->total;
  }
  *from = (Arena){0};
}

void arena_free(Arena *a) {
  ArenaChunk *c = a->chunk;
  while (c) {
    ArenaChunk *next = c->next;
    mem_free(c);
    c = next;
  }
  *a = (Arena){0};
}
