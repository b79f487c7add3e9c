#include "ui/tree.h"

#include <string.h>

typedef struct Work {
  const int64_t *above;
  size_t n;
  size_t *first, *next;  /* children in order: of each row the first, and who follows it; n = none */
  size_t *below;
  int *level;            /* -1: not met yet */
  int depth;
  Arena *a;
  UiTree *out;
} Work;

static bool at_top(const Work *w, size_t i) { return w->above[i] < 0 || (size_t)w->above[i] >= w->n; }

static void hang_up(Work *w) {
  for (size_t i = 0; i < w->n; i++) w->first[i] = w->next[i] = w->n;
  for (size_t i = w->n; i-- > 0;) {
    if (at_top(w, i)) continue;
    size_t up = (size_t)w->above[i];
    w->next[i] = w->first[up];
    w->first[up] = i;
  }
}

/* The row after i in the tree of `top`, a row before those below it; n: there is none. Levels are noted on the way,
 * and a row that was met stays where it was met. */
static size_t step(Work *w, size_t top, size_t i) {
  for (size_t down = w->first[i]; down < w->n; down = w->next[down])
    if (w->level[down] < 0) {
      w->level[down] = w->level[i] + 1;
      return down;
    }
  while (i != top) {
    size_t up = (size_t)w->above[i];
    for (size_t k = w->next[i]; k < w->n; k = w->next[k])
      if (w->level[k] < 0) {
        w->level[k] = w->level[up] + 1;
        return k;
      }
    i = up;
  }
  return w->n;
}

/* Levels, and how many stand below each, of one tree; order[] gets its rows. */
static size_t measure(Work *w, size_t top, size_t *order) {
  size_t m = 0;
  w->level[top] = 0;
  for (size_t i = top; i < w->n; i = step(w, top, i)) {
    order[m++] = i;
    if (w->level[i] >= w->out->levels) w->out->levels = w->level[i] + 1;
  }
  for (size_t k = m; k-- > 1;) w->below[w->above[order[k]]] += w->below[order[k]] + 1;
  return m;
}

/* Is there a row of the tree behind i that stands below the same one? */
static bool follows(const Work *w, size_t top, size_t i) {
  for (size_t k = w->next[i]; k < w->n; k = w->next[k])
    if (k != top) return true;
  return false;
}

/* "│  ├─ ": one step for each level, whether the row of that level has another behind it. */
static Str lead_of(const Work *w, size_t top, size_t i) {
  size_t path[UI_TREE_MOST + 1], n = 0;
  for (size_t k = i; k != top; k = (size_t)w->above[k]) path[n++] = k;
  Buf b = {0};
  while (n-- > 0) {
    bool more = follows(w, top, path[n]);
    if (n) buf_puts(&b, more ? "│  " : "   ");
    else buf_puts(&b, more ? "├─ " : "└─ ");
  }
  Str lead = {arena_strndup(w->a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return lead;
}

static void draw(Work *w, size_t top, const size_t *order, size_t m) {
  for (size_t k = 0; k < m; k++) {
    size_t i = order[k];
    if (w->level[i] >= w->depth) continue;
    w->out->row[w->out->n++] = (UiTreeRow){.row = i, .level = w->level[i], .below = w->below[i],
                                           .cut = w->below[i] && w->level[i] + 1 == w->depth, .lead = lead_of(w, top, i)};
  }
}

/* The first row of the ring that i stands in or below. */
static size_t ring_top(const Work *w, size_t i) {
  for (size_t k = 0; k < w->n; k++) i = (size_t)w->above[i];
  size_t top = i;
  for (size_t k = (size_t)w->above[i]; k != i; k = (size_t)w->above[k])
    if (k < top) top = k;
  return top;
}

void ui_tree(const int64_t *above, size_t n, int depth, Arena *a, UiTree *out) {
  *out = (UiTree){.row = arena_alloc(a, (n + 1) * sizeof *out->row)};
  Work w = {.above = above, .n = n, .a = a, .out = out};
  w.depth = depth <= 0 ? UI_TREE_LEVELS : depth > UI_TREE_MOST ? UI_TREE_MOST : depth;
  w.first = arena_alloc(a, (n + 1) * sizeof *w.first);
  w.next = arena_alloc(a, (n + 1) * sizeof *w.next);
  w.below = arena_zalloc(a, n + 1, sizeof *w.below);
  w.level = arena_alloc(a, (n + 1) * sizeof *w.level);
  size_t *order = arena_alloc(a, (n + 1) * sizeof *order);
  for (size_t i = 0; i < n; i++) w.level[i] = -1;
  hang_up(&w);
  for (int ring = 0; ring < 2; ring++) /* who is left when all below a top were met stands in a ring, or below one */
    for (size_t i = 0; i < n; i++) {
      if (w.level[i] >= 0 || (!ring && (!at_top(&w, i) || w.first[i] == n))) continue;
      if (ring && at_top(&w, i)) continue;
      size_t top = ring ? ring_top(&w, i) : i;
      out->rings += ring;
      out->trees++;
      size_t m = measure(&w, top, order);
      draw(&w, top, order, m);
    }
  for (size_t i = 0; i < n; i++)
    if (w.level[i] < 0) {
      out->alone++;
      out->row[out->n++] = (UiTreeRow){.row = i};
    }
  if (out->alone && !out->levels) out->levels = 1;
}
