#include "feel/dmn_inside.h"

#include <string.h>

/* The most models that import one another, the longest chain of decisions, of imports without a name. */
enum { MODELS = 200, CHAIN = 500, UNNAMED = 20 };

static const DmnImport *import_of(const DmnModel *m, const DmnModel *of, int depth) {
  const DmnImport *found = NULL;
  for (size_t i = 0; i < m->nimport && !found; i++)
    if (m->import[i].model == of) found = &m->import[i];
  for (size_t i = 0; i < m->nimport && !found && depth < UNNAMED; i++)
    if (!m->import[i].name.n && m->import[i].model) found = import_of(m->import[i].model, of, depth + 1);
  return found;
}

const DmnImport *dmn_import(const DmnModel *m, const DmnModel *of) { return import_of(m, of, 0); }

static DmnModel *model_of(const Dmn *d, Str namespace) {
  for (size_t i = 0; i < d->nmodel; i++)
    if (str_eq(d->model[i]->namespace, namespace)) return d->model[i];
  return NULL;
}

static bool is_model(const XmlNode *root) {
  return str_is(root->name, "definitions") && root->ns.n && strstr(root->ns.p, "omg.org/spec/DMN/") != NULL;
}

bool dmn_namespace(Str xml, Arena *a, Str *out) {
  Err none = {0};
  XmlNode *root = xml_read(xml, NULL, a, &none);
  err_free(&none);
  if (!root || !is_model(root)) return false;
  *out = xml_attr(root, "namespace");
  return true;
}

static bool add_model(Dmn *d, const DmnFile *file, Err *e) {
  XmlNode *root = xml_read(file->bytes, file->path, &d->arena, e);
  if (!root) return false;
  DmnModel *m = arena_zalloc(&d->arena, 1, sizeof *m);
  m->all = d;
  m->path = file->path;
  m->root = root;
  if (!is_model(root)) {
    dmn_fault(m, root, e, "<%.*s> is no DMN model", STR_ARG(root->name));
    return err_todo(e, "a model is <definitions> in a namespace of https://www.omg.org/spec/DMN/");
  }
  m->namespace = xml_attr(root, "namespace");
  m->name = dmn_clean(&d->arena, xml_attr(root, "name"));
  mem_grow(d->model, d->capmodel, d->nmodel + 1);
  d->model[d->nmodel++] = m;
  return dmn_read_items(m, e);
}

static bool load_import(Dmn *d, DmnModel *m, DmnImport *i, const XmlNode *x, const DmnFinder *finder,
                        Err *e) {
  i->model = model_of(d, i->namespace);
  if (i->model) return true;
  const DmnFile *file = finder ? finder->find(finder->ctx, i->namespace, xml_attr(x, "locationURI")) : NULL;
  if (!file) {
    dmn_fault(m, x, e, "<import> %.*s: no model with the namespace %.*s was found", STR_ARG(i->name),
              STR_ARG(i->namespace));
    return err_todo(e, "put its .dmn file beside this one");
  }
  if (d->nmodel == MODELS) return dmn_fault(m, x, e, "more than %d models import one another", MODELS);
  if (!add_model(d, file, e)) return false;
  i->model = d->model[d->nmodel - 1];
  if (str_eq(i->model->namespace, i->namespace)) return true;
  return dmn_fault(m, x, e, "<import> %.*s: %s has the namespace %.*s, not %.*s", STR_ARG(i->name),
                   file->path, STR_ARG(i->model->namespace), STR_ARG(i->namespace));
}

static bool load_imports(Dmn *d, DmnModel *m, const DmnFinder *finder, Err *e) {
  for (size_t i = 0; i < m->nimport; i++) {
    const XmlNode *x = m->root->kid;
    while (x && !(str_is(x->name, "import") && str_eq(xml_attr(x, "namespace"), m->import[i].namespace)))
      x = x->next;
    if (x && !load_import(d, m, &m->import[i], x, finder, e)) return false;
    dmn_member(d, m->import[i].name);
  }
  return true;
}

/* --- references */

static const DmnItem *refer(const DmnModel *m, Str href, unsigned kinds) {
  const char *hash = href.n ? memchr(href.p, '#', href.n) : NULL;
  Str space = hash ? str_sub(href, 0, (size_t)(hash - href.p)) : (Str){0};
  Str id = hash ? str_sub(href, (size_t)(hash - href.p) + 1, href.n) : href;
  if (space.n && !str_eq(space, m->namespace)) {
    m = model_of(m->all, space);
    if (!m) return NULL;
  }
  for (size_t i = 0; i < m->nitem; i++)
    if (id.n && str_eq(m->item[i]->id, id) && (kinds & (1U << m->item[i]->kind))) return m->item[i];
  return NULL;
}

/* Adds what the children `element` of x refer to. A letter-true model goes on without what is not there. */
static bool add_refs(DmnItem *item, const XmlNode *x, const char *element, unsigned kinds,
                     const DmnItem **list, size_t *n, Err *e) {
  for (const XmlNode *k = xml_kid(x, element); k; k = xml_again(k)) {
    Str href = xml_attr(k, "href");
    const DmnItem *other = refer(item->model, href, kinds);
    if (other) list[(*n)++] = other;
    else if (item->model->all->mode == DMN_STRICT)
      return dmn_fault(item->model, k, e, "%.*s: <%s> %.*s: there is no such element", STR_ARG(item->name),
                       element, STR_ARG(href));
  }
  return true;
}

static bool link_item(DmnItem *item, Err *e) {
  Arena *a = &item->model->all->arena;
  size_t most = 1;
  for (const XmlNode *k = item->xml->kid; k; k = k->next) most++;
  item->need = arena_zalloc(a, 2 * most, sizeof(DmnItem *));
  item->know = arena_zalloc(a, most, sizeof(DmnItem *));
  item->input = arena_zalloc(a, most, sizeof(DmnItem *));
  if (item->kind == DMN_SERVICE)
    return add_refs(item, item->xml, "outputDecision", 1U << DMN_DECISION, item->need, &item->nneed, e) &&
           add_refs(item, item->xml, "inputData", 1U << DMN_INPUT, item->input, &item->ninput, e) &&
           add_refs(item, item->xml, "inputDecision", 1U << DMN_DECISION, item->input, &item->ninput, e);
  for (const XmlNode *k = xml_kid(item->xml, "informationRequirement"); k; k = xml_again(k))
    if (!add_refs(item, k, "requiredDecision", 1U << DMN_DECISION, item->need, &item->nneed, e) ||
        !add_refs(item, k, "requiredInput", 1U << DMN_INPUT, item->need, &item->nneed, e))
      return false;
  for (const XmlNode *k = xml_kid(item->xml, "knowledgeRequirement"); k; k = xml_again(k))
    if (!add_refs(item, k, "requiredKnowledge", 1U << DMN_BKM | 1U << DMN_SERVICE, item->know, &item->nknow,
                  e))
      return false;
  return true;
}

/* --- rings: a decision that needs itself, directly or through others */

typedef struct Path {
  const DmnItem *item;
  const struct Path *up;
  unsigned depth;
} Path;

static bool ring(const Path *p, Err *e) {
  Buf names = {0};
  buf_str(&names, p->item->name);
  const Path *q = p->up;
  for (; q; q = q->up) {
    buf_puts(&names, ", which is needed by ");
    buf_str(&names, q->item->name);
    if (q->item == p->item) break;
  }
  dmn_fault(p->item->model, p->item->xml, e, "a ring of decisions: %.*s", STR_ARG(buf_view(&names)));
  buf_free(&names);
  return false;
}

/* index of a DmnItem in `state`: 1 on the way, 2 clear. */
static bool no_ring(const Path *p, char *state, Err *e) {
  char *s = &state[p->item->index];
  if (*s == 2) return true;
  if (*s == 1) return ring(p, e);
  if (p->depth == CHAIN)
    return dmn_fault(p->item->model, p->item->xml, e, "%.*s: a chain of more than %d decisions",
                     STR_ARG(p->item->name), CHAIN);
  *s = 1;
  for (size_t i = 0; i < p->item->nneed && p->item->kind == DMN_DECISION; i++) {
    Path next = {p->item->need[i], p, p->depth + 1};
    if (!no_ring(&next, state, e)) return false;
  }
  *s = 2;
  return true;
}

static bool no_rings(Dmn *d, Err *e) {
  char *state = mem_zalloc(d->nitem + 1, 1);
  bool ok = true;
  for (size_t i = 0; i < d->nitem && ok; i++) {
    Path p = {.item = d->item[i]};
    ok = no_ring(&p, state, e);
  }
  mem_free(state);
  return ok;
}

static bool read_all(Dmn *d, const DmnFile *file, const DmnFinder *finder, Err *e) {
  if (!add_model(d, file, e)) return false;
  for (size_t i = 0; i < d->nmodel; i++)
    if (!load_imports(d, d->model[i], finder, e)) return false;
  return true;
}

bool dmn_link(Dmn *d, Err *e) {
  for (size_t i = 0; i < d->nitem; i++)
    if (!link_item(d->item[i], e)) return false;
  return no_rings(d, e);
}

Dmn *dmn_load(const DmnFile *file, const DmnFinder *finder, DmnMode mode, Err *e) {
  Dmn *d = mem_zalloc(1, sizeof *d);
  d->mode = mode;
  if (read_all(d, file, finder, e) && dmn_link(d, e) && dmn_types(d, e) && dmn_bind(d, e)) return d;
  dmn_free(d);
  return NULL;
}

void dmn_free(Dmn *d) {
  if (!d) return;
  arena_free(&d->arena);
  mem_free(d->model);
  mem_free(d->item);
  mem_free(d->member);
  mem_free(d);
}
