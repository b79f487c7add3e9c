/* The rows a case is given: entities as grids, segments as codes. */
#include "lua/test.h"

#include <string.h>

static const NamedText *given_of(const Test *item, const CatEntity *ent) {
  for (size_t i = 0; i < item->nrows; i++)
    if (catalog_entity(str_of(item->rows[i].name)) == ent) return &item->rows[i];
  return NULL;
}

static bool check_names(TestRun *t, Err *e) {
  for (size_t i = 0; i < t->item->nrows; i++) {
    const NamedText *rows = &t->item->rows[i];
    if (catalog_entity(str_of(rows->name))) continue;
    Str name[64];
    size_t n = 0;
    for (const CatEntity *c; n < 64 && (c = catalog_at(n)); n++) name[n] = str_of(c->name);
    err_set(e, ERR_FAIL, "given: there is no entity %s", rows->name);
    src_suggest(e, str_of(rows->name), name, n);
    return err_at(e, t->tests->path, rows->text.line, 0);
  }
  return true;
}

static bool insert_row(TestRun *t, const CatEntity *ent, const TestGrid *g, size_t r, Err *e) {
  Str *name = arena_alloc(&t->arena, g->ncol * sizeof *name);
  Val *val = arena_alloc(&t->arena, g->ncol * sizeof *val);
  size_t n = 0;
  for (size_t c = 0; c < g->ncol; c++) {
    const Src *cell = test_cell(g, r, c);
    if (!cell->text.n) continue;
    name[n] = g->head[c].text;
    if (!test_value(cell, test_field_type(t, ent->number, name[n]), &t->arena, &val[n], e)) return false;
    n++;
  }
  int64_t id;
  const Src *first = test_cell(g, r, 0);
  return store_insert(t->store, ent, name, val, n, &id, e) || err_at(e, first->file, first->line, first->col);
}

static bool members(TestRun *t, const NamedText *segment, Err *e) {
  Str rest = segment->text.text;
  int64_t *id = arena_alloc(&t->arena, (rest.n + 1) * sizeof *id);
  size_t n = 0;
  const CatEntity *account = catalog_entity(STR("account"));
  while (rest.p && rest.n) {
    Str code = str_trim(str_split(rest, ',', &rest));
    if (!code.n) continue;
    id[n] = store_find(t->store, account, code);
    if (!id[n++]) {
      err_set(e, ERR_FAIL, "given: segment %s names account %.*s, which is not given", segment->name, STR_ARG(code));
      return err_at(e, segment->text.file, segment->text.line, segment->text.col);
    }
  }
  SegmentMove moved;
  return store_segment_become(t->store, segment->name, day_add_months(t->asof, -12), id, n, &t->arena, &moved, e);
}

static bool fill(TestRun *t, Err *e) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) { /* in the catalog's order, so that what is referred to stands first */
    const NamedText *rows = given_of(t->item, ent);
    TestGrid g;
    if (!rows) continue;
    if (!test_grid(&rows->text, &t->arena, &g, e)) return false;
    for (size_t r = 0; r < g.nrow; r++)
      if (!insert_row(t, ent, &g, r, e)) return false;
  }
  if (!test_monthly(t, e)) return false;
  for (size_t i = 0; i < t->item->nsegment; i++)
    if (!members(t, &t->item->segment[i], e)) return false;
  return true;
}

bool test_given(TestRun *t, Err *e) {
  if (!check_names(t, e) || !store_begin(t->store, e)) return false;
  if (fill(t, e) && store_commit(t->store, e)) return true;
  store_rollback(t->store);
  return false;
}
