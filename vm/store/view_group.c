/* A company and all that belongs to it: account.parent followed downwards, to any depth. A ring of parents, which
 * the file cannot forbid, is one group to each of its members. */
#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "store/view.h"

typedef struct Tree {    /* accounts that have a parent: children of one stand together, in order of their ids */
  IdMap parent;          /* of the distinct parents */
  size_t *first;         /* children of parent k: child[first[k] .. first[k + 1]) */
  int64_t *child;
} Tree;

static bool read_tree(Store *s, Tree *t, Arena *a, Err *e) {
  sqlite3_stmt *q = sql_prepare(s, "SELECT parent, id FROM account WHERE parent IS NOT NULL ORDER BY parent, id", e);
  if (!q) return false;
  int64_t *child = NULL, *parent = NULL;
  size_t *first = NULL, n = 0, np = 0, cap = 0, cap_parent = 0, cap_first = 0;
  bool row = true, ok = true;
  while ((ok = sql_step(s, q, &row, e)) && row) {
    int64_t p = sqlite3_column_int64(q, 0);
    if (!np || parent[np - 1] != p) {
      mem_grow(parent, cap_parent, np + 1);
      mem_grow(first, cap_first, np + 2);
      first[np] = n;
      parent[np++] = p;
    }
    mem_grow(child, cap, n + 1);
    child[n++] = sqlite3_column_int64(q, 1);
  }
  sql_done(s, q);
  t->first = arena_alloc(a, (np + 1) * sizeof *t->first);
  t->child = arena_alloc(a, (n + 1) * sizeof *t->child);
  int64_t *kept = arena_alloc(a, (np + 1) * sizeof *kept);
  if (np) memcpy(t->first, first, np * sizeof *first), memcpy(kept, parent, np * sizeof *kept);
  if (n) memcpy(t->child, child, n * sizeof *child);
  t->first[np] = n;
  idmap_build(&t->parent, kept, np, a);
  mem_free(parent);
  mem_free(first);
  mem_free(child);
  return ok;
}

static int ascending(const void *x, const void *y) {
  int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
  return a < b ? -1 : a > b;
}

typedef struct Members { int64_t *id; size_t n, cap; uint32_t *seen; uint32_t round; } Members;

static void add(Members *m, int64_t id) {
  mem_grow(m->id, m->cap, m->n + 1);
  m->id[m->n++] = id;
}

/* From m->id[from] on: the account itself, and whoever stands below it, each once. */
static void collect(const Tree *t, Members *m, int64_t root) {
  size_t from = m->n;
  m->round++;
  add(m, root);
  for (size_t at = from; at < m->n; at++) {
    uint32_t k = idmap_at(&t->parent, m->id[at]);
    if (k == IDMAP_NONE || m->seen[k] == m->round) continue;
    m->seen[k] = m->round;
    for (size_t i = t->first[k]; i < t->first[k + 1]; i++)
      if (t->child[i] != root) add(m, t->child[i]);
  }
  qsort(m->id + from, m->n - from, sizeof *m->id, ascending);
}

bool view_group(Host *h, const int64_t *id, size_t n, Arena *a, HostRows *out, Err *e) {
  Tree t;
  Arena own = {0};
  Members m = {0};
  size_t *end = arena_alloc(&own, (n + 1) * sizeof *end);
  bool ok = read_tree(h->s, &t, &own, e);
  if (ok) m.seen = arena_zalloc(&own, t.parent.n + 1, sizeof *m.seen);
  for (size_t i = 0; ok && i < n; i++) {
    if (i % 4096 == 0) ok = stop_check(e);
    collect(&t, &m, id[i]);
    end[i] = m.n;
  }
  if (ok) {
    int64_t *kept = arena_alloc(a, (m.n + 1) * sizeof *kept);
    uint32_t *parent = arena_alloc(a, (m.n + 1) * sizeof *parent);
    if (m.n) memcpy(kept, m.id, m.n * sizeof *kept);
    for (size_t i = 0, k = 0; i < n; i++)
      while (k < end[i]) parent[k++] = (uint32_t)i;
    *out = (HostRows){m.n, kept, parent};
  }
  mem_free(m.id);
  arena_free(&own);
  return ok;
}
