/* --limit RULE: of what a playbook would change, only what concerns rows for which the rule holds. The rule is
 * evaluated before the playbook runs; the playbook itself sees and computes everything. */
#ifndef RUN_LIMIT_H
#define RUN_LIMIT_H
#include "run/state.h"

typedef struct Limit {
  const CatEntity *ent;
  int64_t *id;      /* ascending: rows for which the rule holds */
  size_t n;
} Limit;
bool limit_open(Limit *l, Store *s, const RunSpec *spec, Err *e);
/* Cuts the run's compacted journal and decisions, and frees l. Fails when a new row that stays refers to one
 * that is left out, or when a changed row has nothing to do with the limit's entity. */
bool limit_hold(Limit *l, Store *s, Run *r, Err *e);
#endif
