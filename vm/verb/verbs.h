/* The verbs, each defined in the file of its name. */
#ifndef VERB_VERBS_H
#define VERB_VERBS_H
#include "verb/verb.h"

extern const Verb verb_init, verb_import, verb_export, verb_list, verb_help, verb_check, verb_plan, verb_run,
  verb_history, verb_show, verb_why, verb_whynot, verb_eval, verb_query, verb_test, verb_repl, verb_version,
  verb_apply, verb_diff, verb_undo, verb_verify, verb_backup, verb_restore,
  verb_merge, verb_outbox, verb_set, verb_grant, verb_explain, verb_rebuild, verb_backtest, verb_whatif, verb_decide, verb_judge, verb_approve,
  verb_field, verb_prune, verb_erase, verb_visits, verb_schedule, verb_tick, verb_serve, verb_status, verb_api, verb_new;
#endif
