#include "verb/verbs.h"

static const Verb *const verbs[] = {
  &verb_init,  &verb_import,  &verb_export, &verb_list, &verb_help,   &verb_check, &verb_plan,
  &verb_apply, &verb_run,     &verb_undo,   &verb_diff, &verb_history, &verb_show, &verb_why,
  &verb_whynot, &verb_verify, &verb_backup, &verb_restore, &verb_merge, &verb_outbox, &verb_set, &verb_grant,
  &verb_field, &verb_prune, &verb_erase, &verb_eval, &verb_query, &verb_explain, &verb_test,
  &verb_rebuild, &verb_backtest, &verb_whatif, &verb_decide, &verb_judge, &verb_approve,
  &verb_visits, &verb_schedule, &verb_tick, &verb_serve, &verb_status,
  &verb_api, &verb_new, &verb_repl,  &verb_version, NULL,
};

const Verb *const *verb_all(void) { return verbs; }

const Verb *verb_find(Str name) {
  for (const Verb *const *v = verbs; *v; v++)
    if (str_is(name, (*v)->name)) return *v;
  return NULL;
}
