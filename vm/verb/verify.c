#include "verb/out.h"
#include "verb/verbs.h"

#include "run/chain.h"
#include "store/columns.h"

#include <string.h>

static bool check_head(const Cli *c, const Verified *v, Err *e) {
  const char *head = cli_opt(c, "head");
  if (!head || strcmp(head, v->head) == 0) return true;
  err_set(e, ERR_FAIL,
          "the chain ends in another head than the one given: it was made anew, or ends earlier or later");
  err_todo(e, "given  %s", head);
  return err_todo(e, "found  %s", v->head[0] ? v->head : "(no run yet)");
}

static bool known_head(Cli *c, Verified *v, bool *yes, Err *e) {
  const char *head = cli_opt(c, "head");
  Arena a = {0};
  Val found, bind = val_text(str_of(head ? head : ""));
  bool ok = store_value(c->store, "SELECT run FROM chain WHERE hash = ?1 UNION ALL SELECT id FROM run WHERE what = 'prune' AND args = ?1", &bind, 1, &a, &found, e);
  *yes = ok && head && strcmp(head, v->head) != 0 && found.t == V_NUM;
  if (*yes) out_say("the head given is that of run %lld or its checkpoint; runs were added since", (long long)found.u.i);
  arena_free(&a);
  return ok;
}

static bool column_differs(void *ctx, const char *table, int yyyymm, Err *e) {
  (void)e;
  Verified *v = ctx;
  if (v->faults++ >= 20) return true;
  if (yyyymm) buf_printf(&v->text, "the monthly column of %s for %d-%02d is not what the rows say", table, yyyymm / 100, yyyymm % 100);
  else buf_printf(&v->text, "the list of %s that reach over months is not what the rows say", table);
  buf_puts(&v->text, "; pareto rebuild mends it\n");
  return true;
}

static bool verify(Cli *c, Err *e) {
  Verified v = {0};
  bool older = false;
  int64_t months = 0;
  bool ok = cli_store(c, STORE_READ, e) && store_begin_read(c->store, e) && chain_verify(c->store, &v, e) &&
            store_columns_verify(c->store, column_differs, &v, &months, e) && known_head(c, &v, &older, e);
  if (ok && v.faults) {
    err_set(e, ERR_FAIL, "%s: %zu fault%s found", c->db, v.faults, v.faults == 1 ? "" : "s");
    err_todo(e, "%.*s", STR_ARG(str_trim(buf_view(&v.text))));
    if (v.faults > 20) err_todo(e, "…");
    err_todo(e, "a backup from before: pareto restore FILE");
    ok = err_left(e, "nothing was touched");
  }
  if (ok && !older) ok = check_head(c, &v, e);
  if (ok) {
    Buf b = {0};
    buf_printf(&b, "ok: %zu run%s, %zu rows of the log\n", v.runs, v.runs == 1 ? "" : "s", v.rows);
    if (months) buf_printf(&b, "ok: %lld monthly column%s as the rows say\n", (long long)months, months == 1 ? "" : "s");
    if (v.head[0]) buf_printf(&b, "head %s\n", v.head);
    ok = out_text(c, buf_view(&b), e);
    buf_free(&b);
  }
  buf_free(&v.text);
  return ok;
}

static const OptDef options[] = {
    {"head", "HASH", "a head printed earlier: it has to be in the chain", false},
    {NULL, NULL, NULL, false},
};

const Verb verb_verify = {
    .name = "verify",
    .summary = "find what was altered in the log or the database, by whomever",
    .usage = (const char *const[]){"verify [--head HASH]", NULL},
    .about = "Checks the hash chain over runs, changes and decisions, the history of fields, personal "
             "values, pages, references,\n"
             "invariants and the triggers that hold them. Print the head and keep it elsewhere: who can "
             "write the file can make\n"
             "a chain anew, but not with the same head.",
    .opt = options,
    .run = verify,
};
