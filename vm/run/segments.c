#include "run/segments.h"

#include "run/rawtext.h"

static int64_t stored(Store *s, const char *sql, int64_t id) {
  Arena a = {0};
  Err ignored = {0};
  Val v, bind = val_int(id);
  int64_t n = store_value(s, sql, &bind, 1, &a, &v, &ignored) && v.t == V_NUM ? v.u.i : 0;
  err_free(&ignored);
  arena_free(&a);
  return n;
}

static int64_t ref(Store *s, const Change *c, const char *column, const char *sql) {
  Val v = change_cell(c, c->now ? c->now : c->was, column);
  return v.t == V_NUM ? v.u.i : stored(s, sql, c->id);
}

static bool joins(const Change *c) {
  return c->op == CHANGE_INSERT || (c->op == CHANGE_UPDATE && change_cell(c, c->now, "to_day").t == V_NULL);
}

void segment_moves(Store *s, const Journal *j, size_t from, size_t to, Arena *a, Moved **out, size_t *n) {
  *n = to - from;
  *out = arena_zalloc(a, *n + 1, sizeof **out);
  for (size_t i = 0; i < *n; i++) {
    const Change *c = &j->change[from + i];
    (*out)[i] = (Moved){.segment = ref(s, c, "segment", "SELECT segment FROM segment_member WHERE id = ?1"),
                        .account = ref(s, c, "account", "SELECT account FROM segment_member WHERE id = ?1"),
                        .joins = joins(c)};
  }
}

size_t segment_count(const Moved *m, size_t n, int64_t segment, bool joins_it) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += m[i].segment == segment && m[i].joins == joins_it;
  return count;
}

size_t segment_list(const Moved *m, size_t n, Arena *a, int64_t **out) {
  int64_t *id = NULL;
  size_t count = 0, cap = 0;
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    while (k < count && id[k] != m[i].segment) k++;
    if (k < count) continue;
    mem_grow(id, cap, count + 1);
    id[count++] = m[i].segment;
  }
  *out = arena_alloc(a, (count + 1) * sizeof **out);
  for (size_t i = 0; i < count; i++) (*out)[i] = id[i];
  mem_free(id);
  return count;
}
