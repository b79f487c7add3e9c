#include "feel/dmn_inside.h"

#include <stdio.h>
#include <string.h>

bool dmn_fault(const DmnModel *m, const XmlNode *x, Err *e, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  err_vset(e, ERR_FAIL, fmt, ap);
  va_end(ap);
  return err_at(e, m->path, x->line, x->col);
}

Str dmn_clean(Arena *a, Str s) {
  s = str_trim(s);
  if (!s.n) return STR("");
  char *out = arena_strndup(a, s.p, s.n);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    bool blank = strchr(" \t\r\n", s.p[i]) != NULL;
    if (!blank || (n && out[n - 1] != ' ')) out[n++] = blank ? ' ' : s.p[i];
  }
  out[n] = 0;
  return (Str){out, n};
}

Src dmn_text(const DmnModel *m, const XmlNode *x, const char *what) {
  const XmlNode *t = xml_kid(x, "text");
  const XmlNode *at = t ? t : x;
  Src src = {.file = m->path, .line = at->text_line ? at->text_line : at->line,
             .col = at->text_line ? at->text_col : at->col, .what = what};
  src.text = t ? str_trim(t->text) : (Str){"", 0};
  return src;
}

static bool plain(Str s) {
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
    if (!letter && !(c >= '0' && c <= '9')) return false;
  }
  return true;
}

void dmn_member(Dmn *d, Str name) {
  if (!name.n || plain(name)) return;
  for (size_t i = 0; i < d->nmember; i++)
    if (str_eq(d->member[i], name)) return;
  mem_grow(d->member, d->capmember, d->nmember + 1);
  d->member[d->nmember++] = name;
}

static const struct { const char *name; DmnKind kind; } elements[] = {
  {"inputData", DMN_INPUT},
  {"decision", DMN_DECISION},
  {"businessKnowledgeModel", DMN_BKM},
  {"decisionService", DMN_SERVICE},
};

static bool kind_of(const XmlNode *x, DmnKind *out) {
  for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
    if (str_is(x->name, elements[i].name)) {
      *out = elements[i].kind;
      return true;
    }
  return false;
}

static bool unique(const DmnModel *m, const DmnItem *item, Err *e) {
  for (size_t i = 0; i < m->nitem; i++) {
    const DmnItem *other = m->item[i];
    if (item->id.n && str_eq(other->id, item->id))
      return dmn_fault(m, item->xml, e, "<%.*s> %.*s has the id of <%.*s> %.*s in line %d: %.*s",
                       STR_ARG(item->xml->name), STR_ARG(item->name), STR_ARG(other->xml->name),
                       STR_ARG(other->name), other->xml->line, STR_ARG(item->id));
    if (m->all->mode == DMN_STRICT && str_eq(other->name, item->name))
      return dmn_fault(m, item->xml, e, "<%.*s> %.*s has the name of <%.*s> in line %d",
                       STR_ARG(item->xml->name), STR_ARG(item->name), STR_ARG(other->xml->name),
                       other->xml->line);
  }
  return true;
}

static bool read_logic(DmnModel *m, DmnItem *item, Err *e) {
  if (item->kind == DMN_DECISION) return dmn_read_logic(m, item->xml, item->name, &item->logic, e);
  const XmlNode *body = item->kind == DMN_BKM ? xml_kid(item->xml, "encapsulatedLogic") : NULL;
  return !body || dmn_read_function(m, body, item->name, &item->logic, e);
}

static bool read_item(DmnModel *m, const XmlNode *x, DmnKind kind, Err *e) {
  Dmn *d = m->all;
  DmnItem *item = arena_zalloc(&d->arena, 1, sizeof *item);
  const XmlNode *variable = xml_kid(x, "variable");
  Str name = xml_attr(x, "name");
  item->kind = kind;
  item->model = m;
  item->xml = x;
  item->id = xml_attr(x, "id");
  item->name = dmn_clean(&d->arena, name.n ? name : xml_attr(variable, "name"));
  item->typeref = dmn_clean(&d->arena, xml_attr(variable, "typeRef"));
  if (!item->name.n) return dmn_fault(m, x, e, "<%.*s> has no name", STR_ARG(x->name));
  if (!unique(m, item, e)) return false;
  item->index = (unsigned)d->nitem;
  mem_grow(d->item, d->capitem, d->nitem + 1);
  d->item[d->nitem++] = item;
  m->item[m->nitem++] = item;
  dmn_member(d, item->name);
  return read_logic(m, item, e);
}

static bool read_type(DmnModel *m, const XmlNode *x, Err *e) {
  DmnTypeDef *def = &m->type[m->ntype];
  def->name = dmn_clean(&m->all->arena, xml_attr(x, "name"));
  def->xml = x;
  if (!def->name.n) return dmn_fault(m, x, e, "<itemDefinition> has no name");
  for (size_t i = 0; i < m->ntype; i++)
    if (str_eq(m->type[i].name, def->name))
      return dmn_fault(m, x, e, "item definition %.*s is there twice, first in line %d", STR_ARG(def->name),
                       m->type[i].xml->line);
  m->ntype++;
  return true;
}

static bool dmn_import_type(Str type) {
  return !type.n || strstr(type.p, "/DMN/") != NULL || strstr(type.p, "/dmn") != NULL;
}

static void read_import(DmnModel *m, const XmlNode *x) {
  if (!dmn_import_type(xml_attr(x, "importType"))) return; /* PMML and the like: nothing here uses them */
  DmnImport *i = &m->import[m->nimport++];
  i->name = dmn_clean(&m->all->arena, xml_attr(x, "name"));
  i->namespace = xml_attr(x, "namespace");
}

bool dmn_read_items(DmnModel *m, Err *e) {
  Arena *a = &m->all->arena;
  size_t n = 1;
  for (const XmlNode *x = m->root->kid; x; x = x->next) n++;
  m->item = arena_zalloc(a, n, sizeof *m->item);
  m->import = arena_zalloc(a, n, sizeof *m->import);
  m->type = arena_zalloc(a, n, sizeof *m->type);
  for (const XmlNode *x = m->root->kid; x; x = x->next) {
    DmnKind kind;
    if (!str_eq(x->ns, m->root->ns)) continue;
    if (str_is(x->name, "import")) read_import(m, x);
    else if (str_is(x->name, "itemDefinition") ? !read_type(m, x, e)
                                              : kind_of(x, &kind) && !read_item(m, x, kind, e))
      return false;
  }
  return true;
}
