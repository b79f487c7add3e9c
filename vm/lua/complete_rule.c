/* Words of the rule language at a cursor: fields, measures, metrics, functions; within '…' the values of a field. */
#include "lua/complete.h"

#include "feel/func.h"
#include "store/catalog.h"

#include <string.h>

static bool path_byte(char c) { return str_name_byte(c) || c == '.'; }

static const HostField *field_of(const FeelHost *f, int entity, Str name) {
  const HostField *have = f->field(f->ctx, entity, name);
  bool masked = have && have->personal && !(f->granted && f->granted(f->ctx, entity, have));
  return masked ? NULL : have;
}

/* The entity that the path leads to: account.owner of a visit; 0 = nowhere. */
static int follow(const FeelHost *f, int entity, Str path) {
  for (Str rest = path; entity && rest.n;) {
    const HostField *step = field_of(f, entity, str_split(rest, '.', &rest));
    entity = step && (step->kind == HOST_ONE || step->kind == HOST_MANY) ? step->target : 0;
  }
  return entity;
}

/* Within visits[…] the fields are those of visits. */
static int inner_entity(const FeelHost *f, int entity, Str s, size_t from) {
  size_t open[16];
  int depth = 0;
  bool text = false;
  for (size_t i = from; i < s.n; i++) {
    if (s.p[i] == '\'') text = !text;
    if (text) continue;
    if (s.p[i] == '[' && depth < 16) open[depth++] = i;
    if (s.p[i] == ']' && depth > 0) depth--;
  }
  for (int d = 0; d < depth; d++) {
    size_t start = open[d];
    while (start > from && path_byte(s.p[start - 1])) start--;
    Str path = str_sub(s, start, open[d]);
    int of = follow(f, entity, path);
    if (!of && path.n) of = f->entity(f->ctx, path);
    if (of) entity = of;
  }
  return entity;
}

static bool take(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  if (val[0].t == V_TEXT) offering_add(ctx, val_str(val[0]));
  return true;
}

/* The values that a field has: those it may have, or else those that are there. */
static void values(lua_State *L, const FeelHost *f, int entity, Str name, Offering *o) {
  const HostField *field = field_of(f, entity, name);
  if (!field || field->kind != HOST_FIELD || field->type.kind != T_TEXT) return;
  const Domain *d = field->type.domain;
  for (size_t i = 0; d && i < d->n; i++) offering_add(o, d->value[i]);
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  const CatColumn *c = catalog_column(ent, name);
  if (d || (c && c->sql)) return;
  Arena *a = engine_arena(L);
  Err ignored = {0};
  Val typed = val_text(o->typed);
  store_query(engine(L)->store,
              arena_printf(a, "SELECT DISTINCT \"%s\" FROM \"%s\" WHERE substr(\"%s\", 1, length(?1)) = ?1 ORDER BY 1 LIMIT 500",
                           c ? c->name : arena_strndup(a, name.p, name.n), ent->table, c ? c->name : arena_strndup(a, name.p, name.n)),
              &typed, 1, take, o, &ignored);
  err_free(&ignored);
}

/* The path that is compared with what begins at `quote`: region = '…', tier in ('A', '…'. */
static Str compared(Str s, size_t from, size_t quote) {
  size_t i = quote;
  while (i > from) {
    char c = s.p[i - 1];
    if (strchr(" =!<>(,", c)) {
      i--;
    } else if (c == '\'') {
      for (i--; i > from && s.p[i - 1] != '\''; i--) {}
      if (i > from) i--;
    } else {
      size_t start = i;
      while (start > from && path_byte(s.p[start - 1])) start--;
      Str word = str_sub(s, start, i);
      if (!str_is(word, "in")) return word;
      i = start;
    }
  }
  return (Str){0};
}

static void words(lua_State *L, const FeelHost *f, int entity, Offering *o, bool top) {
  static const char *const KEYWORD[] = {"and", "or", "not", "in", "between", "is", "known", "unknown", "null", "true", "false",
                                        "if", "then", "else", "as_of", "as"};
  const HostField *const *list;
  size_t n = f->fields(f->ctx, entity, &list);
  Arena *a = engine_arena(L);
  for (size_t i = 0; i < n; i++) {
    if (!field_of(f, entity, list[i]->name)) continue;
    offering_add(o, list[i]->name);
    if (list[i]->kind == HOST_MEASURE && top)
      offering_add(o, str_of(arena_printf(a, "%.*s_12m", STR_ARG(list[i]->name))));
  }
  const MetricInfo *m;
  n = rules_metric_list(engine(L)->rules, &m);
  for (size_t i = 0; i < n; i++) offering_add(o, m[i].name);
  if (!top) return;
  const Func *func = func_list(&n);
  for (size_t i = 0; i < n; i++) offering_add(o, str_of(func[i].name));
  for (size_t i = 0; i < sizeof KEYWORD / sizeof *KEYWORD; i++) offering_add(o, str_of(KEYWORD[i]));
}

void complete_rule(lua_State *L, int entity, Str s, size_t from, Arena *a, SessionOffer *out) {
  const FeelHost *f = store_host(engine(L)->store);
  size_t quote = 0, start = s.n;
  bool text = false;
  for (size_t i = from; i < s.n; i++)
    if (s.p[i] == '\'') text = !text, quote = i;
  entity = inner_entity(f, entity, s, from);
  Offering o = {.arena = a};
  Str path;
  if (text) {
    path = compared(s, from, quote);
    out->close = '\'';
    start = quote + 1;
  } else {
    while (start > from && path_byte(s.p[start - 1])) start--;
    path = str_sub(s, start, s.n);
    out->close = 0;
  }
  size_t dot = path.n;
  while (dot > 0 && path.p[dot - 1] != '.') dot--;
  if (dot) entity = follow(f, entity, str_sub(path, 0, dot - 1));
  if (!text) start += dot;
  out->from = start;
  o.typed = str_sub(s, start, s.n);
  if (entity && text) values(L, f, entity, str_sub(path, dot, path.n), &o);
  else if (entity) words(L, f, entity, &o, dot == 0);
  offering_done(&o, out);
}
