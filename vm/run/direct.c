#include "run/direct.h"

#include "run/actor.h"
#include "run/chain.h"
#include "run/difference.h"
#include "run/guard.h"
#include "run/personal.h"
#include "run/record.h"

static bool write_record(Store *s, const char *what, const char *args, Day asof, const Journal *j,
                         int64_t changes, int64_t *run_id, Err *e) {
  Journal logged = {0};
  Buf detail = {0}, journal = {0};
  bool ok = personal_tokens(s, j, &logged, e);
  if (ok) {
    difference_line(s, &logged, &detail);
    journal_encode(&logged, &journal);
    RunRow row = {.what = what,
                  .args = args,
                  .asof = asof,
                  .seed = 1,
                  .changes = changes,
                  .detail = detail.p,
                  .journal = buf_view(&journal)};
    ok = record_run(s, &row, run_id, e) && record_changes(s, *run_id, &logged, e);
  }
  buf_free(&detail);
  buf_free(&journal);
  journal_free(&logged);
  return ok;
}

static bool next_run(Store *s, int64_t *out, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "SELECT coalesce(max(id), 0) + 1 FROM run", NULL, 0, &a, &v, e);
  *out = ok ? v.u.i : 0;
  arena_free(&a);
  return ok;
}

bool run_direct(Store *s, const char *what, const char *args, Day asof, DirectBody body, void *ctx,
                int64_t *run_id, int64_t *changes, Err *e) {
  return run_direct_then(s, what, args, asof, body, NULL, ctx, run_id, changes, e);
}

bool run_direct_then(Store *s, const char *what, const char *args, Day asof, DirectBody body, DirectAfter after, void *ctx,
                     int64_t *run_id, int64_t *changes, Err *e) {
  Journal j = {0};
  int64_t next;
  *run_id = *changes = 0;
  if (!actor_may_write(s, e) || !store_begin(s, e)) return false;
  bool ok = next_run(s, &next, e) && store_journal_start(s, &j, e);
  if (ok) {
    store_set_run(s, next);
    ok = body(ctx, s, e);
    store_journal_stop(s);
    store_set_run(s, 0);
  }
  if (ok) {
    journal_compact(&j);
    *changes = (int64_t)guard_count(&j);
    bool some = j.n > 0 || after;
    ok = !some || (write_record(s, what, args, asof, &j, *changes, run_id, e) &&
                   (!after || after(ctx, s, *run_id, e)) && chain_append(s, *run_id, e));
  }
  if (ok) ok = store_commit(s, e);
  else store_rollback(s);
  journal_free(&j);
  return ok || err_left(e, "nothing was written");
}
