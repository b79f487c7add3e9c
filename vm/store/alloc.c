#include "store/alloc.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#ifdef __SANITIZE_ADDRESS__
#define EACH_BY_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_BY_MALLOC 1
#endif
#endif

enum {
  STEP = 16,      /* sizes of small blocks differ by it */
  CLASSES = 64,   /* of them; the last is SMALLEST_LARGE - STEP bytes long */
  SMALLEST_LARGE = STEP * CLASSES,
  CHUNK = 1 << 16 /* bytes, which small blocks are cut from */
};

/* In the 8 bytes before a block: how many bytes it has. */
enum { HEAD = 8 };
typedef struct Free {
  struct Free *next;
} Free;

static _Thread_local Free *kept[CLASSES];
static _Thread_local char *at, *end; /* of the chunk that is cut */
static bool ending;

void alloc_end(void) {
#ifndef EACH_BY_MALLOC
  ending = true;
#endif
}

static uint64_t *head_of(void *p) { return (uint64_t *)((char *)p - HEAD); }
static int size_of(void *p) { return p ? (int)*head_of(p) : 0; }

/* With its head a small block is a multiple of STEP. */
static int round_up(int n) { return ((n + HEAD + STEP - 1) & ~(STEP - 1)) - HEAD; }

static void *with_head(char *p, int n) {
  *(uint64_t *)p = (uint64_t)n;
  return p + HEAD;
}

static void *cut(int n) {
  size_t all = (size_t)n + HEAD;
  if ((size_t)(end - at) < all) {
    char *chunk = malloc(CHUNK);
    if (!chunk) return NULL;
    at = chunk;
    end = chunk + CHUNK;
  }
  char *p = at;
  at += all;
  return with_head(p, n);
}

static void *large(void *old, int n) {
  char *p = realloc(old ? (char *)old - STEP : NULL, (size_t)n + STEP);
  return p ? with_head(p + STEP - HEAD, n) : NULL;
}

static bool is_small(int n) {
#ifdef EACH_BY_MALLOC
  (void)n;
  return false;
#else
  return n + HEAD < SMALLEST_LARGE;
#endif
}

static void *take(int n) {
  n = round_up(n);
  if (!is_small(n)) return large(NULL, n);
  Free **list = &kept[(n + HEAD) / STEP];
  Free *p = *list;
  if (!p) return cut(n);
  *list = p->next;
  return p;
}

static void *allocate(int n) { return mem_should_fail() ? NULL : take(n); }

static void give_back(void *p) {
  if (!p || ending) return;
  int n = size_of(p);
  if (!is_small(n)) {
    free((char *)p - STEP);
    return;
  }
  Free **list = &kept[(n + HEAD) / STEP];
  *(Free *)p = (Free){*list};
  *list = p;
}

static void *reallocate(void *p, int n) {
  if (mem_should_fail()) return NULL;
  int was = size_of(p), now = round_up(n);
  if (was == now) return p;
  if (!is_small(was) && !is_small(now)) return large(p, now);
  void *new = take(n);
  if (!new) return NULL;
  memcpy(new, p, (size_t)(was < now ? was : now));
  give_back(p);
  return new;
}

static int start(void *ctx) {
  (void)ctx;
  return SQLITE_OK;
}

static void stop(void *ctx) { (void)ctx; }

static void install(void) {
  static const sqlite3_mem_methods own = {allocate, give_back, reallocate, size_of, round_up, start, stop, NULL};
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* counting bytes takes a lock at each allocation */
  sqlite3_config(SQLITE_CONFIG_MALLOC, &own);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

void alloc_install(void) { pthread_once(&once, install); }
