/* Built-in functions that look for items of lists and make other lists (DMN 1.5, 10.3.4.4). */
#include "feel/std.h"

#include <string.h>

static bool equal(Standard *s, Val a, Val b) { return std_is_true(standard_equal(s, a, b)); }

static bool holds(Standard *s, const Val *v, size_t n, Val wanted) {
  for (size_t i = 0; i < n; i++)
    if (!standard_step(s) || equal(s, v[i], wanted)) return true;
  return false;
}

static Val list_contains(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return val_bool(holds(s, arg[0].u.v, arg[0].n, arg[1]));
}

static Val index_of(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Items out = {0};
  for (uint32_t i = 0; i < arg[0].n; i++) {
    if (!standard_step(s)) return val_null();
    if (equal(s, arg[0].u.v[i], arg[1])) items_add(s, &out, val_int((int64_t)i + 1));
  }
  return items_val(s, &out);
}

static Val no_place(Standard *s, Val list) {
  return standard_null(s, "the list has %u items, none at this place", (unsigned)list.n);
}

static Val sublist(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  size_t from;
  if (!std_index(arg[1], arg[0].n, &from)) return no_place(s, arg[0]);
  int64_t rest = (int64_t)(arg[0].n - from), length = rest;
  if (arg[2].t != V_NULL && (!std_whole(arg[2], &length) || length < 1 || length > rest))
    return standard_null(s, "the list is not that long");
  return std_made_list(s, arg[0].u.v + from, (size_t)length);
}

static Val append(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Items out = {0};
  for (int k = 0; k < 2; k++)
    for (uint32_t i = 0; i < arg[k].n; i++)
      if (!items_add(s, &out, arg[k].u.v[i])) return val_null();
  return items_val(s, &out);
}

static bool add_distinct(Standard *s, Items *out, Val list) {
  for (uint32_t i = 0; i < list.n; i++)
    if (!holds(s, out->v, out->n, list.u.v[i]) && !items_add(s, out, list.u.v[i])) return false;
  return true;
}

/* concatenate and union: arg[0] is the list of the lists. */
static Val joined(Standard *s, Val lists, bool distinct) {
  Items out = {0};
  for (uint32_t k = 0; k < lists.n; k++) {
    Val one = lists.u.v[k];
    if (one.t == V_NULL) return standard_null(s, "one of the lists is null");
    if (one.t != V_LIST) one = std_list(s, &one, 1);
    if (distinct && !add_distinct(s, &out, one)) return val_null();
    for (uint32_t i = 0; !distinct && i < one.n; i++)
      if (!items_add(s, &out, one.u.v[i])) return val_null();
  }
  return items_val(s, &out);
}

static Val concatenate(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return joined(s, arg[0], false);
}

static Val union_of(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return joined(s, arg[0], true);
}

static Val distinct_values(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Items out = {0};
  return add_distinct(s, &out, arg[0]) ? items_val(s, &out) : val_null();
}

static Val insert_before(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  size_t at, all = arg[0].n;
  if (!std_index(arg[1], all, &at)) return no_place(s, arg[0]);
  Val *to = arena_alloc(s->arena, (all + 1) * sizeof *to);
  memcpy(to, arg[0].u.v, at * sizeof *to);
  to[at] = arg[2];
  memcpy(to + at + 1, arg[0].u.v + at, (all - at) * sizeof *to);
  return std_made_list(s, to, all + 1);
}

static Val remove_at(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  size_t at, all = arg[0].n;
  if (!std_index(arg[1], all, &at)) return no_place(s, arg[0]);
  Val *to = arena_alloc(s->arena, all * sizeof *to);
  memcpy(to, arg[0].u.v, at * sizeof *to);
  memcpy(to + at, arg[0].u.v + at + 1, (all - at - 1) * sizeof *to);
  return std_made_list(s, to, all - 1);
}

static Val reverse(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val *to = arena_alloc(s->arena, arg[0].n * sizeof *to);
  for (uint32_t i = 0; i < arg[0].n; i++) to[i] = arg[0].u.v[arg[0].n - 1 - i];
  return std_made_list(s, to, arg[0].n);
}

static Val replace_at(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  size_t at;
  if (!std_index(arg[1], arg[0].n, &at)) return no_place(s, arg[0]);
  Val *to = arena_alloc(s->arena, arg[0].n * sizeof *to);
  memcpy(to, arg[0].u.v, arg[0].n * sizeof *to);
  to[at] = arg[2];
  return std_made_list(s, to, arg[0].n);
}

static Val replace_where(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  if (!std_is_function(arg[1], 2)) return standard_null(s, "match is a function of an item and the new item");
  Val *to = arena_alloc(s->arena, arg[0].n * sizeof *to);
  for (uint32_t i = 0; i < arg[0].n; i++) {
    Val pair[] = {arg[0].u.v[i], arg[2]}, hit = standard_call(s, arg[1], pair, NULL, 2);
    if (hit.t != V_BOOL) return standard_null(s, "match gave a %s", standard_kind(hit));
    to[i] = hit.u.i ? arg[2] : arg[0].u.v[i];
  }
  return std_made_list(s, to, arg[0].n);
}

/* With a stack of places, since lists may be nested deeper than C's stack is. */
static Val flatten(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Items out = {0}, open = {0};
  if (!items_add(s, &open, arg[0])) return val_null();
  while (open.n) {
    Val *top = &open.v[open.n - 1];
    if (top->n == 0) {
      open.n--;
      continue;
    }
    Val v = *top->u.v;
    top->u.v++, top->n--;
    if (!items_add(s, v.t == V_LIST ? &open : &out, v)) return val_null();
  }
  return items_val(s, &out);
}

static Val partition(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  int64_t size;
  Items out = {0};
  if (!std_whole(arg[1], &size) || size < 1) return standard_null(s, "a part has one item or more");
  for (uint32_t i = 0; i < arg[0].n;) {
    uint32_t left = arg[0].n - i, part = size < left ? (uint32_t)size : left;
    if (!items_add(s, &out, std_made_list(s, arg[0].u.v + i, part))) return val_null();
    i += part;
  }
  return items_val(s, &out);
}

const Builtin std_items_table[] = {
    {"list contains", "llist,aelement", list_contains, "Is it among the items?"},
    {"index of", "llist,amatch", index_of, "The places of the items that equal it."},
    {"sublist", "llist,nstart position,?nlength", sublist, "So many items from a place on."},
    {"append", "llist,aitem+", append, "The list with more items at its end."},
    {"concatenate", "llist+", concatenate, "Several lists as one."},
    {"union", "llist+", union_of, "Several lists as one, each value once."},
    {"distinct values", "llist", distinct_values, "Each value once."},
    {"insert before", "llist,nposition,anewItem", insert_before, "With an item before the one at a place."},
    {"remove", "llist,nposition", remove_at, "Without the item at a place."},
    {"reverse", "llist", reverse, "From the last to the first."},
    {"list replace", "llist,nposition,anewItem", replace_at, "With another item at a place."},
    {"list replace", "llist,fmatch,anewItem", replace_where, "With another item wherever match says so."},
    {"flatten", "llist", flatten, "Lists in the list dissolved."},
    {"partition", "llist,nsize", partition, "Cut into lists of a size; the last may be shorter."},
};
const size_t std_items_n = sizeof std_items_table / sizeof *std_items_table;
