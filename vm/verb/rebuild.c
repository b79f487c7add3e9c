#include "verb/out.h"
#include "verb/verbs.h"

#include "store/columns.h"
#include "store/health.h"

static bool rebuild(Cli *c, Err *e) {
  int64_t months = 0, triggers = 0;
  bool ok = cli_store(c, STORE_WRITE, e) && store_mend_triggers(c->store, &triggers, e) && store_begin(c->store, e);
  if (!ok) return false;
  ok = store_columns_rebuild(c->store, &months, e) && store_commit(c->store, e);
  if (!ok) {
    store_rollback(c->store);
    return false;
  }
  Buf b = {0};
  if (triggers)
    buf_say(&b, "%lld trigger%s put back; pareto verify says what was written without\n", (long long)triggers,
               triggers == 1 ? "" : "s");
  buf_say(&b, "%lld month%s built anew from the rows\n", (long long)months, months == 1 ? "" : "s");
  ok = out_text(c, buf_view(&b), e);
  buf_free(&b);
  return ok;
}

const Verb verb_rebuild = {
  .name = "rebuild",
  .summary = "build the monthly columns anew, from the rows; put back triggers that are gone",
  .usage = (const char *const[]){"rebuild", NULL},
  .about = "Never needed for right figures: months whose rows changed are built again when they are next asked for. It builds\n"
           "all of them ahead, with smallest, largest, first and last values, and mends columns that `verify` finds damaged.\n"
           "Triggers that were dropped or altered in the sqlite3 shell are made again as they were.",
  .run = rebuild,
};
