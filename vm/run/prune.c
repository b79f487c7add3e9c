/* Cutting the log at a day. */
#include "run/actor.h"
#include "run/chain.h"
#include "run/origin.h"
#include "run/record.h"
#include "store/log.h"

typedef struct Cut {
  int64_t before; /* the first run that stays */
  Val anchor;     /* hash of the last link that goes */
} Cut;

/* Runs go in the order of their numbers, so that nothing is left between two that are gone, whatever a clock said. */
static bool find_cut(Store *s, Day day, Cut *c, Arena *a, Err *e) {
  Val v, bind = val_date(day);
  if (!store_value(s,
                   "SELECT coalesce((SELECT min(id) FROM run WHERE at >= ?1), (SELECT max(id) + 1 FROM run), 0)",
                   &bind, 1, a, &v, e))
    return false;
  c->before = v.u.i;
  Val before = val_int(c->before);
  return store_value(s, "SELECT hash FROM chain WHERE run < ?1 ORDER BY id DESC LIMIT 1", &before, 1, a, &c->anchor, e);
}

static bool count_fault(void *ctx, const char *text, Err *e) {
  (void)text, (void)e;
  ++*(int64_t *)ctx;
  return true;
}

/* What was changed past the runs could not be found afterwards. */
static bool rows_stand(Store *s, Err *e) {
  int64_t faults = 0;
  OriginCount count = {0};
  if (!origin_verify(s, count_fault, &faults, &count, e)) return false;
  if (!faults) return true;
  err_set(e, ERR_FAIL, "the log is not cut: some rows are not as the runs left them, which nobody could tell afterwards");
  err_todo(e, "see them: pareto verify");
  return err_todo(e, "if they are meant to be so: pareto verify --adopt");
}

static bool prune(Store *s, Day day, Day asof, Arena *a, int64_t *run_id, int64_t *n, Err *e) {
  Cut c;
  if (!find_cut(s, day, &c, a, e) || c.anchor.t != V_TEXT) return e->kind == ERR_NONE;
  if (!rows_stand(s, e)) return false;
  Buf detail = {0};
  buf_printf(&detail, "runs up to %lld", (long long)c.before - 1);
  RunRow row = {.what = "prune", .args = c.anchor.u.s, .asof = asof, .seed = 1, .detail = detail.p};
  bool ok = record_run(s, &row, run_id, e) && store_log_prune(s, c.before, n, e) && origin_note(s, *run_id, e) &&
            chain_append(s, *run_id, e) && store_log_prune_chain(s, c.before, e);
  buf_free(&detail);
  return ok;
}

bool chain_prune(Store *s, Day day, Day asof, int64_t *run_id, int64_t *n, Err *e) {
  Arena a = {0};
  *run_id = *n = 0;
  if (!actor_may_write(s, e) || !store_begin(s, e)) return false;
  bool ok = prune(s, day, asof, &a, run_id, n, e);
  if (ok && *run_id) ok = store_commit(s, e);
  else store_rollback(s);
  arena_free(&a);
  if (ok && *run_id) store_fold(s);
  return ok || err_left(e, "nothing was written");
}
