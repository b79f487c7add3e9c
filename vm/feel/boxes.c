#include "feel/boxes.h"

#include <string.h>

static size_t words_of(size_t bits) { return (bits + 63) / 64; }
static bool bit(const uint64_t *w, size_t i) { return w[i / 64] >> (i % 64) & 1; }
static void set(uint64_t *w, size_t i) { w[i / 64] |= UINT64_C(1) << (i % 64); }

/* --- the space ---------------------------------------------------------- */

/* Parts that all rows treat alike are one group; the unknown stays by itself. */
static void group_parts(Space *s, size_t col) {
  const Parts *p = &s->parts[col];
  size_t n = 0, nrow = s->t->grid.nrow;
  size_t *first = arena_alloc(s->a, (p->n + 1) * sizeof *first);
  s->group[col] = arena_alloc(s->a, (p->n + 1) * sizeof **s->group);
  for (size_t i = 0; i < p->n; i++) {
    size_t g = 0;
    for (; g < n; g++) {
      bool same = p->part[i].kind != PART_NULL;
      for (size_t r = 0; r < nrow && same; r++) same = p->says[r * p->n + i] == p->says[r * p->n + first[g]];
      if (same) break;
    }
    if (g == n) first[n++] = i;
    s->group[col][i] = (uint32_t)g;
    if (p->part[i].kind == PART_NULL) s->null[col] = true;
  }
  s->ngroup[col] = n;
}

static void row_boxes(Space *s, size_t i) {
  s->maybe[i] = box_new(s);
  s->hit[i] = box_new(s);
  for (size_t k = 0; k < s->ncol; k++) {
    const Parts *p = &s->parts[k];
    for (size_t x = 0; x < p->n; x++) {
      uint8_t says = p->says[s->grid[i] * p->n + x];
      s->opaque[i] |= says == SAYS_OPAQUE;
      if (says != SAYS_MISS) set(s->maybe[i].w + s->at[k], s->group[k][x]);
      if (says == SAYS_HIT || says == SAYS_OPAQUE) set(s->hit[i].w + s->at[k], s->group[k][x]);
    }
  }
}

/* The column's parts, with what later columns of the same figure say. */
static void column_parts(Space *s, size_t k, bool wide) {
  const Table *t = s->t;
  s->speaks[k] = k;
  size_t *col = arena_alloc(s->a, s->ncol * sizeof *col), n = 0;
  bool list = t->in[k].type.kind == T_LIST;
  for (size_t i = 0; i < k && !list; i++)
    if (op_same(t->in[i].op, t->in[k].op)) {
      s->speaks[k] = i;
      parts_spoken_for(t, s->a, &s->parts[k]);
      return;
    }
  col[n++] = k;
  for (size_t i = k + 1; i < s->ncol && !list; i++)
    if (op_same(t->in[i].op, t->in[k].op)) col[n++] = i;
  parts_joined(s->ev, t, col, n, wide, s->ev->asof, s->a, &s->parts[k]);
}

void space_open(Space *s, Eval *ev, const Table *t, bool wide, Arena *a) {
  *s = (Space){.ev = ev, .t = t, .a = a, .ncol = t->info.nin};
  s->parts = arena_zalloc(a, s->ncol, sizeof *s->parts);
  s->speaks = arena_zalloc(a, s->ncol, sizeof *s->speaks);
  s->ngroup = arena_zalloc(a, s->ncol, sizeof *s->ngroup);
  s->group = arena_zalloc(a, s->ncol, sizeof *s->group);
  s->null = arena_zalloc(a, s->ncol, sizeof *s->null);
  s->at = arena_zalloc(a, s->ncol, sizeof *s->at);
  for (size_t k = 0; k < s->ncol; k++) {
    column_parts(s, k, wide);
    group_parts(s, k);
    s->at[k] = s->words;
    s->words += words_of(s->ngroup[k]);
  }
  s->all = box_new(s);
  s->known = box_new(s);
  for (size_t k = 0; k < s->ncol; k++)
    for (size_t g = 0; g < s->ngroup[k]; g++) {
      set(s->all.w + s->at[k], g);
      if (!s->null[k] || g + 1 < s->ngroup[k]) set(s->known.w + s->at[k], g);
    }
  s->open = box_copy(s, s->known);
  s->grid = arena_alloc(a, t->grid.nrow * sizeof *s->grid);
  s->maybe = arena_alloc(a, t->grid.nrow * sizeof *s->maybe);
  s->hit = arena_alloc(a, t->grid.nrow * sizeof *s->hit);
  s->opaque = arena_zalloc(a, t->grid.nrow, sizeof *s->opaque);
  for (size_t row = 0; row < t->grid.nrow; row++) {
    if (t->number[row] < 0) continue;
    s->grid[s->nrow] = row;
    row_boxes(s, s->nrow++);
  }
  for (size_t k = 0; k < s->ncol; k++) {
    bool open = false;
    for (size_t i = 0; i < s->nrow && s->null[k]; i++) open |= !box_has_null(s, s->maybe[i], k);
    if (open) set(s->open.w + s->at[k], s->ngroup[k] - 1);
  }
}

/* --- boxes -------------------------------------------------------------- */

Box box_new(Space *s) { return (Box){arena_zalloc(s->a, s->words + 1, sizeof(uint64_t))}; }

Box box_copy(Space *s, Box from) {
  Box b = box_new(s);
  memcpy(b.w, from.w, s->words * sizeof *b.w);
  return b;
}

static size_t column_words(const Space *s, size_t col) { return words_of(s->ngroup[col]); }

bool box_empty(const Space *s, Box b) {
  for (size_t k = 0; k < s->ncol; k++) {
    uint64_t any = 0;
    for (size_t i = 0; i < column_words(s, k); i++) any |= b.w[s->at[k] + i];
    if (!any) return true;
  }
  return false;
}

bool box_meet(const Space *s, Box a, Box b, Box to) {
  for (size_t i = 0; i < s->words; i++) to.w[i] = a.w[i] & b.w[i];
  return !box_empty(s, to);
}

bool box_meets(const Space *s, Box a, Box b) {
  for (size_t k = 0; k < s->ncol; k++) {
    uint64_t any = 0;
    for (size_t i = s->at[k], end = i + column_words(s, k); i < end; i++) any |= a.w[i] & b.w[i];
    if (!any) return false;
  }
  return true;
}

bool box_within(const Space *s, Box inner, Box outer) {
  for (size_t i = 0; i < s->words; i++)
    if (inner.w[i] & ~outer.w[i]) return false;
  return true;
}

bool box_has_null(const Space *s, Box b, size_t col) {
  return s->null[col] && bit(b.w + s->at[col], s->ngroup[col] - 1);
}

bool box_same_column(const Space *s, Box a, Box b, size_t col) {
  return memcmp(a.w + s->at[col], b.w + s->at[col], column_words(s, col) * sizeof *a.w) == 0;
}

/* --- what is left over -------------------------------------------------- */

bool space_without(Space *s, Box b, Box row, BoxFn fn, void *ctx) {
  Box rest = box_copy(s, b), piece = box_new(s);
  for (size_t k = 0; k < s->ncol; k++) {
    uint64_t outside = 0, *r = rest.w + s->at[k];
    const uint64_t *o = row.w + s->at[k];
    memcpy(piece.w, rest.w, s->words * sizeof *piece.w);
    for (size_t i = 0; i < column_words(s, k); i++) outside |= piece.w[s->at[k] + i] &= ~o[i];
    if (outside && fn(ctx, piece)) return true;
    for (size_t i = 0; i < column_words(s, k); i++) r[i] &= o[i];
  }
  return false;
}

typedef struct Search {
  Space *s;
  const Box *row;
  const uint32_t *list; /* the rows that meet the box */
  size_t n;
  bool apart;           /* no two of them meet: then sizes tell what is covered */
  Box out;
} Search;

typedef unsigned __int128 Size;

/* How many parts the box holds; 0 = none, or more than can be counted. */
static Size size_of(const Space *s, Box a, Box b) {
  Size all = 1;
  for (size_t k = 0; k < s->ncol; k++) {
    Size n = 0;
    for (size_t i = s->at[k], end = i + column_words(s, k); i < end; i++)
      n += (Size)__builtin_popcountll(a.w[i] & b.w[i]);
    if (!n || all > (Size)-1 / n) return 0;
    all *= n;
  }
  return all;
}

static bool covers(const Space *s, Box b, const Box *row, const uint32_t *list, size_t n) {
  Size left = size_of(s, b, b);
  if (!left) return false;
  for (size_t i = 0; i < n; i++) left -= size_of(s, b, row[list[i]]);
  return left == 0;
}

static bool meet_in(const Space *s, Box a, Box b, Box in) {
  for (size_t k = 0; k < s->ncol; k++) {
    uint64_t any = 0;
    for (size_t i = s->at[k], end = i + column_words(s, k); i < end; i++) any |= a.w[i] & b.w[i] & in.w[i];
    if (!any) return false;
  }
  return true;
}

static bool all_apart(const Space *s, Box in, const Box *row, size_t n) {
  for (size_t j = 1; j < n; j++)
    for (size_t i = 0; i < j; i++)
      if (meet_in(s, row[i], row[j], in)) return false;
  return true;
}

/* In how many columns the row splits the box; and how much of it it takes, as a logarithm would order it. */
static size_t splits(const Space *s, Box b, Box row, double *takes) {
  size_t count = 0;
  *takes = 1;
  for (size_t k = 0; k < s->ncol; k++) {
    size_t in = 0, of = 0;
    for (size_t i = s->at[k], end = i + column_words(s, k); i < end; i++) {
      of += (size_t)__builtin_popcountll(b.w[i]);
      in += (size_t)__builtin_popcountll(b.w[i] & row.w[i]);
    }
    count += in < of;
    *takes *= (double)in / (double)of;
  }
  return count;
}

static bool search(void *ctx, Box b) {
  const Search *up = ctx;
  Space *s = up->s;
  if (space_gave_up(s)) return true;
  uint32_t *list = mem_alloc((up->n + 1) * sizeof *list);
  size_t n = 0, best = 0;
  double most = -1;
  bool covered = false;
  for (size_t i = 0; i < up->n && !covered; i++) {
    double takes;
    if (!box_meets(s, b, up->row[up->list[i]])) continue;
    covered = splits(s, b, up->row[up->list[i]], &takes) == 0;
    if (takes > most) most = takes, best = n;
    list[n++] = up->list[i];
  }
  s->spent += up->n * s->words;
  covered = covered || (up->apart && n && covers(s, b, up->row, list, n));
  bool found = false;
  if (!covered && !n) {
    memcpy(up->out.w, b.w, s->words * sizeof *b.w);
    found = true;
  } else if (!covered) {
    Arena mine = {0}, *was = s->a;
    s->a = &mine; /* pieces go when the search leaves */
    Search down = {s, up->row, list, n, up->apart, up->out};
    found = space_without(s, b, up->row[list[best]], search, &down);
    s->a = was;
    arena_free(&mine);
  }
  mem_free(list);
  return found;
}

void space_begin(Space *s) {
  if (s->spent > s->most) s->spent = s->most;
  s->most = s->spent + SPACE_EACH < SPACE_MOST ? s->spent + SPACE_EACH : SPACE_MOST;
}

bool space_left_over(Space *s, Box b, const Box *row, size_t n, Box out) {
  space_begin(s);
  if (box_empty(s, b)) return false;
  uint32_t *list = mem_alloc((n + 1) * sizeof *list);
  for (size_t i = 0; i < n; i++) list[i] = (uint32_t)i;
  Search top = {s, row, list, n, all_apart(s, b, row, n), out};
  bool found = search(&top, b);
  mem_free(list);
  return found;
}

static bool meets_beside(const Space *s, Box a, Box b, size_t col) {
  for (size_t k = 0; k < s->ncol; k++) {
    uint64_t any = k == col;
    for (size_t i = s->at[k], end = i + column_words(s, k); i < end && !any; i++) any |= a.w[i] & b.w[i];
    if (!any) return false;
  }
  return true;
}

void space_widen(Space *s, Box b, Box limit, const Box *row, size_t n) {
  Box taken = box_new(s);
  for (size_t k = 0; k < s->ncol; k++) {
    size_t from = s->at[k], words = column_words(s, k);
    memset(taken.w, 0, s->words * sizeof *taken.w);
    for (size_t r = 0; r < n; r++)
      if (meets_beside(s, b, row[r], k))
        for (size_t i = from; i < from + words; i++) taken.w[i] |= row[r].w[i];
    for (size_t i = from; i < from + words; i++) b.w[i] = limit.w[i] & ~taken.w[i];
  }
}
