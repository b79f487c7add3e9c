#include "feel/dmn_inside.h"

#include "base/lang.h"

#include <stdlib.h>

static const struct { const char *name; DmnBoxKind kind; } boxes[] = {
  {"literalExpression", BOX_LITERAL}, {"decisionTable", BOX_TABLE},     {"context", BOX_CONTEXT},
  {"list", BOX_LIST},                 {"relation", BOX_RELATION},       {"functionDefinition", BOX_FUNCTION},
  {"invocation", BOX_INVOCATION},     {"conditional", BOX_IF},          {"for", BOX_FOR},
  {"some", BOX_SOME},                 {"every", BOX_EVERY},             {"filter", BOX_FILTER},
};

static bool box_kind(const XmlNode *x, DmnBoxKind *out) {
  for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++)
    if (str_is(x->name, boxes[i].name)) {
      *out = boxes[i].kind;
      return true;
    }
  return false;
}

bool dmn_is_box(const XmlNode *x) {
  DmnBoxKind kind;
  return box_kind(x, &kind);
}

static const XmlNode *boxed_kid(const XmlNode *x) {
  for (const XmlNode *k = x->kid; k; k = k->next)
    if (str_eq(k->ns, x->ns) && dmn_is_box(k)) return k;
  return NULL;
}

bool dmn_read_logic(DmnModel *m, const XmlNode *x, Str owner, DmnBox **out, Err *e) {
  const XmlNode *kid = boxed_kid(x);
  *out = NULL;
  return !kid || dmn_read_box(m, kid, owner, out, e);
}

static size_t count_kids(const XmlNode *x) {
  size_t n = 1;
  for (const XmlNode *k = x->kid; k; k = k->next) n++;
  return n;
}

static void set_param(DmnModel *m, DmnParam *p, const XmlNode *x, const XmlNode *at) {
  Arena *a = &m->all->arena;
  p->name = dmn_clean(a, xml_attr(x, "name"));
  p->typeref = dmn_clean(a, xml_attr(x, "typeRef"));
  p->line = (x ? x : at)->line;
}

static bool missing(DmnModel *m, const XmlNode *x, Str owner, const char *what, Err *e) {
  return dmn_fault(m, x, e, "%.*s: <%.*s> has no %s", STR_ARG(owner), STR_ARG(x->name), _(what));
}

static bool read_entries(DmnModel *m, DmnBox *b, Err *e) {
  for (const XmlNode *k = xml_kid(b->xml, "contextEntry"); k; k = xml_again(k)) {
    const XmlNode *variable = xml_kid(k, "variable");
    set_param(m, &b->param[b->nparam++], variable, k);
    dmn_member(m->all, b->param[b->nparam - 1].name);
    if (!dmn_read_logic(m, k, b->owner, &b->kid[b->nkid], e)) return false;
    if (!b->kid[b->nkid]) return missing(m, k, b->owner, "expression", e);
    b->nkid++;
    if (variable && !b->param[b->nparam - 1].name.n) return missing(m, variable, b->owner, "name", e);
    if (!variable && xml_again(k))
      return dmn_fault(m, k, e,
                       "%.*s: a context entry without a variable is its result and has to be the last",
                       STR_ARG(b->owner));
  }
  return true;
}

static bool read_list(DmnModel *m, DmnBox *b, Err *e) {
  for (const XmlNode *k = b->xml->kid; k; k = k->next)
    if (str_eq(k->ns, b->xml->ns) && dmn_is_box(k) && !dmn_read_box(m, k, b->owner, &b->kid[b->nkid++], e))
      return false;
  return true;
}

static DmnBox *box_new(DmnModel *m, const XmlNode *x, DmnBoxKind kind, Str owner) {
  Arena *a = &m->all->arena;
  DmnBox *b = arena_zalloc(a, 1, sizeof *b);
  size_t most = count_kids(x);
  b->kind = kind;
  b->xml = x;
  b->owner = owner;
  b->typeref = dmn_clean(a, xml_attr(x, "typeRef"));
  b->kid = arena_zalloc(a, most, sizeof(DmnBox *));
  b->param = arena_zalloc(a, most, sizeof *b->param);
  return b;
}

static bool read_relation(DmnModel *m, DmnBox *b, Err *e) {
  for (const XmlNode *k = xml_kid(b->xml, "column"); k; k = xml_again(k)) {
    set_param(m, &b->param[b->nparam++], k, k);
    dmn_member(m->all, b->param[b->nparam - 1].name);
    if (!b->param[b->nparam - 1].name.n) return missing(m, k, b->owner, "name", e);
  }
  for (const XmlNode *k = xml_kid(b->xml, "row"); k; k = xml_again(k)) {
    DmnBox *row = b->kid[b->nkid++] = box_new(m, k, BOX_LIST, b->owner);
    if (!read_list(m, row, e)) return false;
    if (row->nkid != b->nparam)
      return dmn_fault(m, k, e, "%.*s: row %zu of the relation has %zu cells, there are %zu columns",
                       STR_ARG(b->owner), b->nkid, row->nkid, b->nparam);
  }
  return true;
}

static bool read_function(DmnModel *m, DmnBox *b, Err *e) {
  for (const XmlNode *k = xml_kid(b->xml, "formalParameter"); k; k = xml_again(k)) {
    set_param(m, &b->param[b->nparam++], k, k);
    if (!b->param[b->nparam - 1].name.n) return missing(m, k, b->owner, "name", e);
  }
  Str kind = xml_attr(b->xml, "kind");
  b->external = kind.n && !str_is(kind, "FEEL") && !str_is(kind, "feel") && !str_is(kind, "F");
  if (!dmn_read_logic(m, b->xml, b->owner, &b->kid[0], e)) return false;
  b->nkid = b->kid[0] != NULL;
  return true;
}

static bool read_invocation(DmnModel *m, DmnBox *b, Err *e) {
  if (!dmn_read_logic(m, b->xml, b->owner, &b->kid[0], e)) return false;
  if (!b->kid[0]) return missing(m, b->xml, b->owner, "function to invoke", e);
  b->nkid = 1;
  for (const XmlNode *k = xml_kid(b->xml, "binding"); k; k = xml_again(k)) {
    set_param(m, &b->param[b->nparam++], xml_kid(k, "parameter"), k);
    if (!b->param[b->nparam - 1].name.n) return missing(m, k, b->owner, "parameter", e);
    if (!dmn_read_logic(m, k, b->owner, &b->kid[b->nkid++], e)) return false;
  }
  return true;
}

/* The boxed expressions with parts of fixed names. */
static const char *const parts[][3] = {
  [BOX_IF] = {"if", "then", "else"},
  [BOX_FOR] = {"in", "return"},
  [BOX_SOME] = {"in", "satisfies"},
  [BOX_EVERY] = {"in", "satisfies"},
  [BOX_FILTER] = {"in", "match"},
};

static bool read_parts(DmnModel *m, DmnBox *b, Err *e) {
  b->kid = arena_zalloc(&m->all->arena, 3, sizeof(DmnBox *)); /* the element may have fewer children */
  for (size_t i = 0; i < 3 && parts[b->kind][i]; i++) {
    const XmlNode *part = xml_kid(b->xml, parts[b->kind][i]);
    if (!part) return missing(m, b->xml, b->owner, parts[b->kind][i], e);
    if (!dmn_read_logic(m, part, b->owner, &b->kid[i], e)) return false;
    if (!b->kid[i]) return missing(m, part, b->owner, "expression", e);
    b->nkid++;
  }
  if (b->kind == BOX_FOR || b->kind == BOX_SOME || b->kind == BOX_EVERY) {
    b->param[0].name = dmn_clean(&m->all->arena, xml_attr(b->xml, "iteratorVariable"));
    b->param[0].line = b->xml->line;
    b->nparam = 1;
    if (!b->param[0].name.n) return missing(m, b->xml, b->owner, "iteratorVariable", e);
  }
  return true;
}

bool dmn_read_function(DmnModel *m, const XmlNode *x, Str owner, DmnBox **out, Err *e) {
  *out = box_new(m, x, BOX_FUNCTION, owner);
  return read_function(m, *out, e);
}

bool dmn_read_box(DmnModel *m, const XmlNode *x, Str owner, DmnBox **out, Err *e) {
  DmnBoxKind kind;
  if (!box_kind(x, &kind))
    return dmn_fault(m, x, e, "%.*s: <%.*s> is no expression", STR_ARG(owner), STR_ARG(x->name));
  DmnBox *b = *out = box_new(m, x, kind, owner);
  switch (kind) {
    case BOX_LITERAL:
      b->text.src = dmn_text(m, x, NULL);
      b->text.src.what = arena_say(&m->all->arena, "expression of %.*s", STR_ARG(owner));
      return true;
    case BOX_TABLE: return dmn_read_table(m, x, owner, &b->table, e);
    case BOX_CONTEXT: return read_entries(m, b, e);
    case BOX_LIST: return read_list(m, b, e);
    case BOX_RELATION: return read_relation(m, b, e);
    case BOX_FUNCTION: return read_function(m, b, e);
    case BOX_INVOCATION: return read_invocation(m, b, e);
    default: return read_parts(m, b, e);
  }
}
