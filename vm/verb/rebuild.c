#include "verb/out.h"
#include "verb/verbs.h"

#include "store/columns.h"

static bool rebuild(Cli *c, Err *e) {
  int64_t months = 0;
  bool ok = cli_store(c, STORE_WRITE, e) && store_begin(c->store, e);
  if (!ok) return false;
  ok = store_columns_rebuild(c->store, &months, e) && store_commit(c->store, e);
  if (!ok) {
    store_rollback(c->store);
    return false;
  }
  Buf b = {0};
  buf_printf(&b, "%lld month%s built anew from the rows\n", (long long)months, months == 1 ? "" : "s");
  ok = out_text(c, buf_view(&b), e);
  buf_free(&b);
  return ok;
}

const Verb verb_rebuild = {
  .name = "rebuild",
  .summary = "build the monthly columns of histories anew, from the rows",
  .usage = (const char *const[]){"rebuild", NULL},
  .about = "Never needed for right figures: months whose rows changed are built again when they are next asked for. It builds\n"
           "all of them ahead, with smallest, largest, first and last values, and mends columns that `verify` finds damaged.",
  .run = rebuild,
};
