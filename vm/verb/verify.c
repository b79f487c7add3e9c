#include "verb/out.h"
#include "verb/verbs.h"

#include "base/lang.h"

#include "run/chain.h"
#include "run/origin.h"
#include "store/columns.h"

#include <string.h>

static bool check_head(const Cli *c, const Verified *v, Err *e) {
  const char *head = cli_opt(c, "head");
  if (!head || strcmp(head, v->head) == 0) return true;
  err_set(e, ERR_FAIL,
          "the chain ends in another head than the one given: it was made anew, or ends earlier or later");
  err_todo(e, "given  %s", head);
  return err_todo(e, "found  %s", v->head[0] ? v->head : _("(no run yet)"));
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
  if (yyyymm) buf_say(&v->text, "the monthly column of %s for %d-%02d is not what the rows say", table, yyyymm / 100, yyyymm % 100);
  else buf_say(&v->text, "the list of %s that reach over months is not what the rows say", table);
  buf_say(&v->text, "; pareto rebuild mends it\n");
  return true;
}

static bool agreed(Cli *c, bool *yes, Err *e) {
  *yes = c->yes;
  if (*yes) return true;
  if (cli_may_ask(c)) return cli_ask(c, "take the rows as they are from now on?", yes, e);
  err_set(e, ERR_USAGE, "nobody is here to confirm that the rows are meant to be as they are");
  err_todo(e, "to see them first: pareto verify");
  return err_todo(e, "to do it without asking: pareto verify --adopt --yes");
}

static bool adopt(Cli *c, Err *e) {
  bool yes;
  int64_t run, faults;
  if (!cli_store(c, STORE_WRITE, e) || !agreed(c, &yes, e)) return false;
  if (yes && !origin_adopt(c->store, c->asof, &run, &faults, e)) return false;
  if (!yes) out_say("nothing was written");
  else if (!run) out_say("nothing to adopt: every row is as the runs left it");
  else out_say("run %lld: took note of the rows as they are; %lld finding%s settled", (long long)run, (long long)faults, faults == 1 ? "" : "s");
  return true;
}

static bool verify(Cli *c, Err *e) {
  if (cli_flag(c, "adopt")) return adopt(c, e);
  Verified v = {0};
  bool older = false;
  int64_t months = 0;
  bool ok = cli_store(c, STORE_READ, e) && store_begin_read(c->store, e) && chain_verify(c->store, &v, e) &&
            store_columns_verify(c->store, column_differs, &v, &months, e) && known_head(c, &v, &older, e);
  if (ok && v.faults) {
    err_set(e, ERR_FAIL, "%s: %zu fault%s found", c->db, v.faults, v.faults == 1 ? "" : "s");
    err_todo(e, "%.*s", STR_ARG(str_trim(buf_view(&v.text))));
    if (v.faults > 20) err_todo(e, "…");
    if (v.rows_astray) err_todo(e, "rows that are meant to be as they are: pareto verify --adopt takes note of them, as a run");
    err_todo(e, "a backup from before: pareto restore FILE");
    ok = err_left(e, "nothing was touched");
  }
  if (ok && !older) ok = check_head(c, &v, e);
  if (ok) {
    Buf b = {0};
    buf_say(&b, "ok: %zu run%s, %zu rows of the log\n", v.runs, v.runs == 1 ? "" : "s", v.rows);
    if (months) buf_say(&b, "ok: %lld monthly column%s as the rows say\n", (long long)months, months == 1 ? "" : "s");
    if (v.counted)
      buf_say(&b, "%zu range%s of rows only counted, since values of them were erased; pareto verify --adopt takes note anew\n",
              v.counted, v.counted == 1 ? "" : "s");
    if (v.head[0]) buf_say(&b, "head %s\n", v.head);
    ok = out_text(c, buf_view(&b), e);
    buf_free(&b);
  }
  buf_free(&v.text);
  return ok;
}

static const OptDef options[] = {
    {"head", "HASH", "a head printed earlier: it has to be in the chain", false},
    {"adopt", NULL, "take the rows as they are, as a run: for what was written past pareto on purpose", false},
    {NULL, NULL, NULL, false},
};

const Verb verb_verify = {
    .name = "verify",
    .summary = "find what was altered in the log or the database, by whomever",
    .usage = (const char *const[]){"verify [--head HASH]", "verify --adopt [--yes]", NULL},
    .about = "Checks the hash chain over runs, changes and decisions, personal values, pages, references, invariants and the\n"
             "triggers that hold them; and reads every row once, order lines too: does it stand as the runs left it? A row that\n"
             "was changed, taken away or added past pareto (in the sqlite3 shell) is named with the run that brought it. Exit\n"
             "1 when anything is found. What was meant is settled by --adopt: a run that takes note of the rows as they are;\n"
             "what it found before stays in nobody's log, so print it first.\n"
             "Print the head and keep it elsewhere: who can write the file can make a chain anew, but not with the same head.",
    .opt = options,
    .run = verify,
};
