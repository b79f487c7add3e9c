#include "feel/dmn_inside.h"

#include <string.h>

enum { IMPORTS = 20, DEEP = 500 }; /* imports, and definitions, that lead to one another */

typedef struct Finding { /* what the look-up of a name has to know */
  DmnModel *m;
  Err *e;
} Finding;

static bool resolve(DmnModel *m, DmnTypeDef *def, Err *e);

static DmnTypeDef *own_type(const DmnModel *m, Str name) {
  for (size_t i = 0; i < m->ntype; i++)
    if (str_eq(m->type[i].name, name)) return &m->type[i];
  return NULL;
}

static DmnTypeDef *type_below(const DmnModel *m, Str name, const DmnModel **home, int depth) {
  DmnTypeDef *def = own_type(m, name);
  *home = m;
  for (size_t i = 0; i < m->nimport && !def && depth < IMPORTS; i++) {
    const DmnImport *im = &m->import[i];
    size_t n = im->name.n;
    bool behind = n && name.n > n + 1 && memcmp(name.p, im->name.p, n) == 0 && name.p[n] == '.';
    if (!im->model) continue;
    if (!n) def = type_below(im->model, name, home, depth + 1);
    else if (behind) def = type_below(im->model, str_sub(name, n + 1, name.n), home, depth + 1);
  }
  return def;
}

/* "tPerson", "import.tPerson", and what an import without a name brings. */
static DmnTypeDef *type_named(const DmnModel *m, Str name, const DmnModel **home) {
  return type_below(m, name, home, 0);
}

static const StdType *find_type(void *ctx, Str name) {
  Finding *f = ctx;
  const DmnModel *home;
  DmnTypeDef *def = type_named(f->m, name, &home);
  if (!def || (!def->state && !resolve((DmnModel *)home, def, f->e))) return NULL;
  return &def->type;
}

static const StdType *find_resolved(void *ctx, Str name) {
  const DmnModel *home;
  DmnTypeDef *def = type_named(ctx, name, &home);
  return def ? &def->type : NULL;
}

StdTypes dmn_types_of(const DmnModel *m) { return (StdTypes){find_resolved, (void *)m}; }

/* DMN 1.1 writes types as QNames: feel:number, ns1:tPerson. */
static Str without_prefix(Str ref) {
  const char *colon = memchr(ref.p, ':', ref.n);
  const char *sign = memchr(ref.p, '<', ref.n);
  return colon && !sign ? str_sub(ref, (size_t)(colon - ref.p) + 1, ref.n) : ref;
}

static bool unknown(const DmnModel *m, Str ref, const XmlNode *x, Err *e) {
  Str name[512];
  size_t n = 0;
  static const char *const builtin[] = {"number", "string", "boolean", "date", "time", "date and time",
                                        "days and time duration", "years and months duration", "Any"};
  for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++) name[n++] = str_of(builtin[i]);
  for (size_t i = 0; i < m->ntype && n < 512; i++) name[n++] = m->type[i].name;
  dmn_fault(m, x, e, "<%.*s> %.*s: there is no type %.*s", STR_ARG(x->name), STR_ARG(xml_attr(x, "name")),
            STR_ARG(ref));
  return src_suggest(e, ref, name, n);
}

bool dmn_type(DmnModel *m, Str ref, const XmlNode *x, const StdType **out, Err *e) {
  Finding f = {m, e};
  StdTypes types = {find_type, &f};
  *out = NULL;
  if (!ref.n) return true;
  *out = standard_type(ref, &types, &m->all->arena);
  if (!*out && !e->kind) *out = standard_type(without_prefix(ref), &types, &m->all->arena);
  if (*out || e->kind) return !e->kind;
  return m->all->mode == DMN_LETTER || unknown(m, ref, x, e);
}

static bool read_tests(DmnModel *m, const XmlNode *x, const char *element, const Node **out, Err *e) {
  const XmlNode *k = xml_kid(x, element);
  if (!k) return true;
  Src *src = arena_alloc(&m->all->arena, sizeof *src);
  *src = dmn_text(m, k, NULL);
  src->what = arena_say(&m->all->arena, "allowed values of %.*s", STR_ARG(xml_attr(x, "name")));
  if (!src->text.n) return true;
  Err fault = {0};
  *out = standard_parse_tests(src, NULL, 0, &m->all->arena, &fault);
  if (m->all->mode == DMN_LETTER) err_free(&fault);
  err_move(e, &fault);
  return !e->kind;
}

static bool is_true(Str s) { return str_is(s, "true") || str_is(s, "1"); }

static bool build(DmnModel *m, const XmlNode *x, StdType *out, Err *e);

static bool build_context(DmnModel *m, const XmlNode *x, StdType *out, Err *e) {
  Arena *a = &m->all->arena;
  size_t n = 0;
  for (const XmlNode *k = xml_kid(x, "itemComponent"); k; k = xml_again(k)) n++;
  Str *key = arena_zalloc(a, n, sizeof *key);
  const StdType **part = arena_zalloc(a, n, sizeof(StdType *));
  StdType *type = arena_zalloc(a, n, sizeof *type);
  out->kind = STD_CONTEXT;
  out->key = key;
  out->part = part;
  for (const XmlNode *k = xml_kid(x, "itemComponent"); k; k = xml_again(k), out->n++) {
    key[out->n] = dmn_clean(a, xml_attr(k, "name"));
    part[out->n] = &type[out->n];
    if (!key[out->n].n)
      return dmn_fault(m, k, e, "<itemComponent> of %.*s has no name", STR_ARG(xml_attr(x, "name")));
    dmn_member(m->all, key[out->n]);
    if (!build(m, k, &type[out->n], e)) return false;
  }
  return true;
}

static bool build_function(DmnModel *m, const XmlNode *x, StdType *out, Err *e) {
  Arena *a = &m->all->arena;
  size_t n = 0;
  for (const XmlNode *k = xml_kid(x, "parameters"); k; k = xml_again(k)) n++;
  const StdType **part = arena_zalloc(a, n + 1, sizeof(StdType *));
  out->kind = STD_FUNCTION;
  out->part = part;
  for (const XmlNode *k = xml_kid(x, "parameters"); k; k = xml_again(k), out->n++) {
    if (!dmn_type(m, dmn_clean(a, xml_attr(k, "typeRef")), k, &part[out->n], e)) return false;
    if (!part[out->n]) part[out->n] = standard_builtin_type(STR("Any"));
  }
  return dmn_type(m, dmn_clean(a, xml_attr(x, "outputTypeRef")), x, &out->of, e);
}

static bool build_alias(DmnModel *m, const XmlNode *x, Str ref, StdType *out, Err *e) {
  const StdType *base;
  const DmnModel *home;
  const DmnTypeDef *def = type_named(m, without_prefix(ref), &home);
  if (def && def->state == 1)
    return dmn_fault(m, x, e, "type %.*s is defined by itself, through %.*s", STR_ARG(xml_attr(x, "name")),
                     STR_ARG(ref));
  if (!dmn_type(m, ref, x, &base, e)) return false;
  if (base) *out = *base;
  return true;
}

/* The element type of a collection may be the very type that is being defined: a tree of parts. */
static bool build_base(DmnModel *m, const XmlNode *x, StdType *out, Err *e) {
  const XmlNode *function = xml_kid(x, "functionItem"), *ref = xml_kid(x, "typeRef");
  if (xml_kid(x, "itemComponent")) return build_context(m, x, out, e);
  if (function) return build_function(m, function, out, e);
  Str name = dmn_clean(&m->all->arena, ref ? ref->text : xml_attr(x, "typeRef"));
  return !name.n || build_alias(m, x, name, out, e);
}

static bool build_elements(DmnModel *m, const XmlNode *x, StdType *out, Err *e) {
  const XmlNode *ref = xml_kid(x, "typeRef");
  const DmnModel *home;
  const DmnTypeDef *def =
    ref ? type_named(m, without_prefix(dmn_clean(&m->all->arena, ref->text)), &home) : NULL;
  out->kind = STD_LIST;
  if (def && def->state == 1) {
    out->of = &def->type;
    return true;
  }
  StdType *of = arena_zalloc(&m->all->arena, 1, sizeof *of);
  out->of = of;
  return build_base(m, x, of, e);
}

static bool build(DmnModel *m, const XmlNode *x, StdType *out, Err *e) {
  const XmlNode *ref = xml_kid(x, "typeRef");
  bool list = is_true(xml_attr(x, "isCollection"));
  const DmnModel *home;
  const DmnTypeDef *def = ref && !xml_kid(x, "itemComponent")
                            ? type_named(m, without_prefix(dmn_clean(&m->all->arena, ref->text)), &home)
                            : NULL;
  bool inner =
    str_is(x->name, "itemComponent") && def && def->state == 1 && !list; /* person.manager : person */
  if (inner) {
    const Node *none = NULL;
    *out = (StdType){.kind = STD_CONTEXT, .open = true};
    return read_tests(m, x, "allowedValues", &none, e);
  }
  if (!(list ? build_elements(m, x, out, e) : build_base(m, x, out, e))) return false;
  const Node *before = list ? NULL : out->allowed;
  if (str_is(x->name, "itemDefinition")) out->name = dmn_clean(&m->all->arena, xml_attr(x, "name"));
  if (!read_tests(m, x, "allowedValues", &out->allowed, e) ||
      !read_tests(m, x, "typeConstraint", &out->constraint, e))
    return false;
  if (before && before != out->allowed && !out->constraint && out->kind != STD_LIST) out->constraint = before;
  return true;
}

static bool resolve(DmnModel *m, DmnTypeDef *def, Err *e) {
  if (def->state) return true;
  if (m->all->depth == DEEP) return dmn_fault(m, def->xml, e, "a chain of more than %d types", DEEP);
  m->all->depth++;
  def->state = 1;
  if (!build(m, def->xml, &def->type, e)) return false;
  def->state = 2;
  m->all->depth--;
  return true;
}

bool dmn_types(Dmn *d, Err *e) {
  for (size_t i = 0; i < d->nmodel; i++)
    for (size_t k = 0; k < d->model[i]->ntype; k++)
      if (!resolve(d->model[i], &d->model[i]->type[k], e)) return false;
  for (size_t i = 0; i < d->nitem; i++) {
    DmnItem *item = d->item[i];
    const XmlNode *variable = xml_kid(item->xml, "variable");
    if (!dmn_type(item->model, item->typeref, variable ? variable : item->xml, &item->type, e)) return false;
    if (!item->type) item->type = standard_builtin_type(STR("Any"));
  }
  return true;
}
