/* Memory. Every allocation of the host goes through here.
 *
 * Ownership: what mem_* returns is the caller's, given back with mem_free.
 * Failure: none of these returns NULL. When memory is out the process says so
 * on stderr and exits with code 1 without unwinding: the database is
 * transactional, runs work on a private copy, so nothing is half written.
 * Memory of scripts is not taken here but from the Lua allocator, which has a
 * budget and fails softly (vm/lua/limit.h).
 *
 * mem_fail_after(n) (or PARETO_ALLOC_FAIL=n in the environment) makes the n-th
 * allocation from now fail, so that tests walk every such exit. */
#ifndef BASE_MEM_H
#define BASE_MEM_H
#include <stddef.h>

void *mem_alloc(size_t size);              /* not cleared; size 0 is allowed */
void *mem_zalloc(size_t count, size_t size);      /* cleared; overflow checked */
void *mem_resize(void *p, size_t count, size_t size);      /* realloc, checked */
void mem_free(void *p);
void mem_prepare(void);                    /* once, before anything is allocated: the heap in large pages */
/* After a fork: what is allocated from now on is in pages that the two processes never shared. */
void mem_fresh(void);
char *mem_strdup(const char *s);                    /* NULL in, NULL out */
char *mem_strndup(const char *s, size_t n);
/* Called when memory is out, before the process ends: what it says takes the place of the words on stderr when it
 * returns non-zero. It must not allocate. */
void mem_on_failure(int (*say)(void));
void mem_fail_after(long n);                        /* 0 = never (the default) */
/* True when this allocation is one that must fail: for allocators of others (Lua). */
int mem_should_fail(void);

/* Grow the array *p (cap elements) so that it holds at least `need`. */
#define mem_grow(p, cap, need)                                                  \
  do {                                                                          \
    if ((size_t)(need) > (size_t)(cap)) {                                       \
      size_t cap_ = (size_t)(cap) ? (size_t)(cap) * 2 : 8;                      \
      if (cap_ < (size_t)(need)) cap_ = (size_t)(need);                         \
      (p) = mem_resize((p), cap_, sizeof *(p));                                 \
      (cap) = cap_;                                                             \
    }                                                                           \
  } while (0)

/* An arena: many small blocks, freed together. A zeroed Arena is ready.
 * Blocks are aligned to 16 and live until arena_free. */
typedef struct ArenaChunk ArenaChunk;
typedef struct Arena {
  ArenaChunk *chunk;
  char *at, *end;
  size_t total; /* bytes taken from mem_alloc */
} Arena;

void *arena_alloc(Arena *a, size_t size);           /* not cleared */
void *arena_zalloc(Arena *a, size_t count, size_t size);
char *arena_strndup(Arena *a, const char *s, size_t n);      /* NUL-terminated */
char *arena_printf(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same for people: translated (lang.h). */
char *arena_say(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void arena_join(Arena *to, Arena *from); /* blocks of `from` are those of `to` now; `from` is empty */
void arena_free(Arena *a);          /* all blocks; the arena is empty again */
#endif
