#include "run/wish.h"

#include "run/state.h"

#include <stdlib.h>
#include <string.h>

typedef enum WishKind { WISH_ASSIGN, WISH_INSERT, WISH_SEGMENT } WishKind;

typedef struct Wish {
  WishKind kind;
  const char *entity, *field; /* of a segment its name */
  int64_t *id;
  Str *name;
  Val *val;
  size_t n;
} Wish;

struct Wishes {
  Wish *wish;
  size_t n, cap;
  const char **writes;
  size_t nwrites, capwrites;
  Arena arena;
};

Wishes *wishes_new(void) { return mem_zalloc(1, sizeof(Wishes)); }

void wishes_forget(Wishes *w) {
  mem_free(w->wish);
  mem_free(w->writes);
  arena_free(&w->arena);
  *w = (Wishes){0};
}

void wishes_free(Wishes *w) {
  if (w) wishes_forget(w);
  mem_free(w);
}

size_t wishes_count(const Wishes *w) { return w->n; }

const char *const *wishes_writes(const Wishes *w) {
  static const char *const nothing[] = {NULL};
  return w->writes ? w->writes : nothing;
}

void run_wish(Run *r, Wishes *w) { r->wishes = w; }

size_t run_wished(const Run *r) { return r->wishes ? r->wishes->n : 0; }

static char *kept(Wishes *w, const char *text) { return arena_strndup(&w->arena, text, strlen(text)); }

static int64_t *kept_ids(Wishes *w, const int64_t *id, size_t n) {
  int64_t *copy = arena_alloc(&w->arena, (n + 1) * sizeof *copy);
  if (n) memcpy(copy, id, n * sizeof *copy);
  return copy;
}

static Val *kept_values(Wishes *w, const Val *val, size_t n) {
  Val *copy = arena_alloc(&w->arena, (n + 1) * sizeof *copy);
  for (size_t i = 0; i < n; i++) copy[i] = val_copy(val[i], &w->arena);
  return copy;
}

static Wish *add(Wishes *w, WishKind kind, const char *what) {
  bool listed = false;
  for (size_t i = 0; i < w->nwrites; i++) listed = listed || strcmp(w->writes[i], what) == 0;
  mem_grow(w->writes, w->capwrites, w->nwrites + 2);
  if (!listed) w->writes[w->nwrites++] = kept(w, what);
  w->writes[w->nwrites] = NULL;
  mem_grow(w->wish, w->cap, w->n + 1);
  w->wish[w->n] = (Wish){.kind = kind};
  return &w->wish[w->n++];
}

void wish_assign(Wishes *w, const char *what, const char *entity, const char *field, const int64_t *id, const Val *val, size_t n) {
  Wish *wish = add(w, WISH_ASSIGN, what);
  wish->entity = kept(w, entity);
  wish->field = kept(w, field);
  wish->id = kept_ids(w, id, n);
  wish->val = kept_values(w, val, n);
  wish->n = n;
}

void wish_insert(Wishes *w, const char *what, const char *entity, const Str *name, const Val *val, size_t n) {
  Wish *wish = add(w, WISH_INSERT, what);
  wish->entity = kept(w, entity);
  wish->name = arena_alloc(&w->arena, (n + 1) * sizeof *wish->name);
  for (size_t i = 0; i < n; i++) wish->name[i] = (Str){arena_strndup(&w->arena, name[i].p, name[i].n), name[i].n};
  wish->val = kept_values(w, val, n);
  wish->n = n;
}

static int by_id(const void *x, const void *y) {
  int64_t i = *(const int64_t *)x, j = *(const int64_t *)y;
  return (i > j) - (i < j);
}

static bool among(const int64_t *sorted, size_t n, int64_t id) {
  return n && bsearch(&id, sorted, n, sizeof id, by_id) != NULL;
}

/* Who would come and go, as told at once; the plan finds it again. */
bool wish_segment(Wishes *w, Run *r, const char *what, const char *name, const int64_t *id, size_t n, Arena *a, SegmentMove *out,
                  Err *e) {
  int64_t *was = NULL;
  size_t nwas = 0;
  Err none = {0};
  (void)e;
  if (!store_segment_members(r->store, name, r->spec->asof, a, &was, &nwas, &none)) nwas = 0; /* a new one */
  err_free(&none);
  Wish *wish = add(w, WISH_SEGMENT, what);
  wish->field = kept(w, name);
  wish->id = kept_ids(w, id, n);
  wish->n = n;
  int64_t *now = arena_alloc(a, (n + 1) * sizeof *now);
  if (n) memcpy(now, id, n * sizeof *now);
  qsort(now, n, sizeof *now, by_id);
  if (nwas) qsort(was, nwas, sizeof *was, by_id);
  *out = (SegmentMove){.joined = arena_alloc(a, (n + 1) * sizeof(int64_t)),
                       .left = arena_alloc(a, (nwas + 1) * sizeof(int64_t)),
                       .stayed = arena_alloc(a, (n + 1) * sizeof(int64_t))};
  for (size_t i = 0; i < n; i++)
    if (among(was, nwas, now[i])) out->stayed[out->nstayed++] = now[i];
    else out->joined[out->njoined++] = now[i];
  for (size_t i = 0; i < nwas; i++)
    if (!among(now, n, was[i])) out->left[out->nleft++] = was[i];
  return true;
}

bool wishes_run(void *wishes, Run *r, Err *e) {
  Wishes *w = wishes;
  bool ok = true;
  for (size_t i = 0; ok && i < w->n; i++) {
    const Wish *wish = &w->wish[i];
    Arena a = {0};
    SegmentMove move;
    switch (wish->kind) {
    case WISH_ASSIGN: ok = run_assign(r, wish->entity, wish->field, wish->id, wish->val, wish->n, e); break;
    case WISH_INSERT: ok = run_insert(r, wish->entity, wish->name, wish->val, wish->n, e); break;
    case WISH_SEGMENT: ok = run_segment(r, wish->field, wish->id, wish->n, &a, &move, e); break;
    }
    arena_free(&a);
  }
  return ok;
}
