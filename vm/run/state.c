#include "run/state.h"

#include <stdlib.h>
#include <string.h>

bool table_is_record(Str table) {
  static const char *const record[] = {"history", "metric", "metric_value", "field", "outbox"};
  for (size_t i = 0; i < sizeof record / sizeof *record; i++)
    if (str_is(table, record[i])) return true;
  return false;
}

const CatEntity *entity_of_table(Str table) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++)
    if (str_is(table, ent->table)) return ent;
  return NULL;
}

size_t change_at(const Journal *j, Str table, int64_t id) {
  size_t lo = 0, hi = j->n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    const Change *c = &j->change[mid];
    int cmp = str_cmp(c->table, table);
    if (cmp == 0 && c->id == id) return mid;
    if (cmp < 0 || (cmp == 0 && c->id < id)) lo = mid + 1;
    else hi = mid;
  }
  return j->n;
}

size_t table_end(const Journal *j, size_t from) {
  size_t to = from + 1;
  while (to < j->n && str_eq(j->change[to].table, j->change[from].table)) to++;
  return to;
}

bool change_of(const Change *c, Str column, Val *was, Val *now) {
  for (size_t i = 0; c->op == CHANGE_UPDATE && i < c->ncol; i++)
    if (str_eq(c->col[i], column)) {
      *was = c->was[i];
      *now = c->now[i];
      return was->t != now->t || val_order(*was, *now) != 0;
    }
  return false;
}

static int by_name(const void *x, const void *y) { return str_cmp(*(const Str *)x, *(const Str *)y); }

size_t changed_columns(const Journal *j, size_t from, size_t to, Arena *a, Str **out) {
  Str *col = NULL;
  size_t n = 0, cap = 0;
  Val was, now;
  for (size_t i = from; i < to; i++) {
    const Change *c = &j->change[i];
    for (size_t k = 0; k < c->ncol; k++) {
      size_t seen = 0;
      while (seen < n && !str_eq(col[seen], c->col[k])) seen++;
      if (seen < n || !change_of(c, c->col[k], &was, &now)) continue;
      mem_grow(col, cap, n + 1);
      col[n++] = c->col[k];
    }
  }
  if (n) qsort(col, n, sizeof *col, by_name);
  *out = arena_alloc(a, (n + 1) * sizeof **out);
  if (n) memcpy(*out, col, n * sizeof *col);
  mem_free(col);
  return n;
}
