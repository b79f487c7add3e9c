/* Built-in functions of contexts (DMN 1.5, 10.3.4.11). */
#include "feel/std.h"

#include <string.h>

static Val get_value(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val v;
  if (std_context_get(arg[0], val_str(arg[1]), &v)) return v;
  return standard_null(s, "the context has no %.*s", STR_ARG(val_str(arg[1])));
}

static Val get_entries(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  const ValContext *c = arg[0].u.p;
  Items out = {0};
  for (size_t i = 0; i < c->n; i++) {
    ValEntry pair[] = {{STR("key"), val_text(c->entry[i].key)}, {STR("value"), c->entry[i].val}};
    if (!items_add(s, &out, std_made(s, standard_context(pair, 2, s->arena)))) return val_null();
  }
  return items_val(s, &out);
}

/* The context with one entry more, or another value for it. */
static Val with_entry(Standard *s, Val context, Str key, Val v) {
  const ValContext *c = context.u.p;
  ValEntry *entry = arena_alloc(s->arena, (c->n + 1) * sizeof *entry);
  if (c->n) memcpy(entry, c->entry, c->n * sizeof *entry);
  size_t at = 0;
  while (at < c->n && !str_eq(entry[at].key, key)) at++;
  entry[at] = (ValEntry){key, v};
  ValContext *to = arena_alloc(s->arena, sizeof *to);
  *to = (ValContext){.n = c->n + (at == c->n), .entry = entry};
  return std_made(s, (Val){.t = V_CONTEXT, .u.p = to});
}

static Val put(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return with_entry(s, arg[0], val_str(arg[1]), arg[2]);
}

/* The entry at the end of a path of names; what stands on the way must be contexts. */
static Val put_deep(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val keys = arg[1], inner;
  if (keys.n == 0 || keys.u.v[0].t != V_TEXT) return standard_null(s, "the keys are one text or more");
  if (!standard_step(s)) return val_null();
  Str first = val_str(keys.u.v[0]);
  if (keys.n == 1) return with_entry(s, arg[0], first, arg[2]);
  if (!std_context_get(arg[0], first, &inner) || inner.t != V_CONTEXT)
    return standard_null(s, "%.*s is no context", STR_ARG(first));
  if (s->depth >= STD_DEPTH) return standard_null(s, "a path of too many keys");
  Val rest[] = {inner, val_list(keys.u.v + 1, keys.n - 1), arg[2]};
  s->depth++;
  Val below = put_deep(s, f, rest, 3);
  s->depth--;
  return below.t == V_NULL ? below : with_entry(s, arg[0], first, below);
}

static Val merge(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val all = standard_context(NULL, 0, s->arena);
  for (uint32_t i = 0; i < arg[0].n; i++) {
    Val one = arg[0].u.v[i];
    if (one.t != V_CONTEXT) return standard_null(s, "only contexts are merged, not a %s", standard_kind(one));
    const ValContext *c = one.u.p;
    for (size_t k = 0; k < c->n; k++) {
      if (!standard_step(s)) return val_null();
      all = with_entry(s, all, c->entry[k].key, c->entry[k].val);
    }
  }
  return all;
}

static Val context(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val all = standard_context(NULL, 0, s->arena), key, value, before;
  for (uint32_t i = 0; i < arg[0].n; i++) {
    Val one = arg[0].u.v[i];
    bool keyed = std_context_get(one, STR("key"), &key) && key.t == V_TEXT;
    if (!keyed || !std_context_get(one, STR("value"), &value))
      return standard_null(s, "an entry has a key, a text, and a value");
    if (std_context_get(all, val_str(key), &before))
      return standard_null(s, "two entries are called %.*s", STR_ARG(val_str(key)));
    if (!standard_step(s)) return val_null();
    all = with_entry(s, all, val_str(key), value);
  }
  return all;
}

const Builtin std_context_table[] = {
    {"get value", "cm,skey", get_value, "The entry of that name."},
    {"get entries", "cm", get_entries, "The entries, each a context of key and value."},
    {"context", "lentries", context, "A context of entries { key, value }."},
    {"context put", "ccontext,skey,avalue", put, "The context with one entry more, or another value for it."},
    {"context put", "ccontext,lkeys,avalue", put_deep, "The same at the end of a path of names."},
    {"context merge", "lcontexts", merge, "All entries of several contexts; the last of a name holds."},
};
const size_t std_context_n = sizeof std_context_table / sizeof *std_context_table;
