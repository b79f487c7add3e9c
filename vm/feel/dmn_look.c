#include "feel/dmn_inside.h"

#include <string.h>

Str dmn_name(const Dmn *m) { return m->model[0]->name; }

size_t dmn_items(const Dmn *m, const DmnItem *const **list) {
  *list = (const DmnItem *const *)m->model[0]->item;
  return m->model[0]->nitem;
}

DmnKind dmn_kind(const DmnItem *item) { return item->kind; }
Str dmn_item_name(const DmnItem *item) { return item->name; }
const StdType *dmn_item_type(const DmnItem *item) { return item->type; }
Str dmn_item_type_name(const DmnItem *item) { return item->typeref; }

static const DmnItem *in_model(const DmnModel *m, Str name, unsigned kinds) {
  for (size_t i = 0; i < m->nitem; i++)
    if (str_eq(m->item[i]->name, name) && (kinds & (1U << m->item[i]->kind))) return m->item[i];
  return NULL;
}

static const DmnItem *behind_import(const DmnModel *m, Str name, unsigned kinds) {
  const DmnItem *found = NULL;
  for (size_t i = 0; i < m->nimport && !found; i++) {
    size_t n = m->import[i].name.n;
    if (!n) found = in_model(m->import[i].model, name, kinds);
    else if (name.n > n + 1 && !memcmp(name.p, m->import[i].name.p, n) && name.p[n] == '.')
      found = in_model(m->import[i].model, str_sub(name, n + 1, name.n), kinds);
  }
  return found;
}

const DmnItem *dmn_find(const Dmn *m, Str name, unsigned kinds) {
  const DmnItem *found = in_model(m->model[0], name, kinds);
  if (!found) found = behind_import(m->model[0], name, kinds);
  for (size_t i = 1; i < m->nmodel && !found; i++) found = in_model(m->model[i], name, kinds);
  return found;
}

const DmnItem *dmn_find_in(const Dmn *m, Str namespace, Str name, unsigned kinds) {
  for (size_t i = 0; i < m->nmodel; i++)
    if (str_eq(m->model[i]->namespace, namespace)) return in_model(m->model[i], name, kinds);
  return NULL;
}

size_t dmn_outputs(const DmnItem *service, const DmnItem *const **list) {
  *list = service->need;
  return service->kind == DMN_SERVICE ? service->nneed : 0;
}

bool dmn_is_needed(const Dmn *m, const DmnItem *item) {
  for (size_t i = 0; i < m->nitem; i++)
    for (size_t k = 0; m->item[i]->kind == DMN_DECISION && k < m->item[i]->nneed; k++)
      if (m->item[i]->need[k] == item) return true;
  return false;
}

static void reach(const DmnItem *item, char *seen, const DmnItem **out, size_t *n) {
  if (seen[item->index]) return;
  seen[item->index] = 1;
  if (item->kind == DMN_INPUT) out[(*n)++] = item;
  for (size_t i = 0; i < item->ninput; i++) {
    if (seen[item->input[i]->index]) continue;
    seen[item->input[i]->index] = 1;
    out[(*n)++] = item->input[i];
  }
  for (size_t i = 0; i < item->nneed && item->kind == DMN_DECISION; i++) reach(item->need[i], seen, out, n);
}

size_t dmn_needs(const Dmn *m, const DmnItem *const *item, size_t n, Arena *a,
                 const DmnItem *const **inputs) {
  const DmnItem **out = arena_zalloc(a, m->nitem + 1, sizeof(DmnItem *));
  char *seen = mem_zalloc(m->nitem + 1, 1);
  size_t found = 0;
  for (size_t i = 0; i < n; i++) reach(item[i], seen, out, &found);
  mem_free(seen);
  *inputs = out;
  return found;
}
