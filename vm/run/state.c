#include "run/state.h"

bool table_is_record(Str table) {
  static const char *const record[] = {"history", "metric", "metric_value", "field"};
  for (size_t i = 0; i < sizeof record / sizeof *record; i++)
    if (str_is(table, record[i])) return true;
  return false;
}

const CatEntity *entity_of_table(Str table) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++)
    if (str_is(table, ent->table)) return ent;
  return NULL;
}

bool change_touches(const Change *c, size_t col) {
  if (c->op != CHANGE_UPDATE) return true;
  return c->was[col].t != c->now[col].t || val_order(c->was[col], c->now[col]) != 0;
}
