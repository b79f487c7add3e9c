#include "run/import_log.h"

#include "run/personal.h"
#include "run/record.h"

static bool next_run(ImportLog *log, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(log->s, "SELECT coalesce(max(id), 0) + 1 FROM run", NULL, 0, &a, &v, e);
  log->run = ok ? v.u.i : 0;
  arena_free(&a);
  return ok;
}

bool import_log_changed(void *ctx, const Change *c, Err *e) {
  ImportLog *log = ctx;
  if (!log->run && !next_run(log, e)) return false;
  Journal one = {.n = 1, .change = (Change *)c}, logged = {0};
  bool ok = personal_tokens(log->s, &one, &logged, e) &&
            record_change(log->s, log->run, ++log->seq, &logged.change[0], e);
  journal_free(&logged);
  return ok;
}
