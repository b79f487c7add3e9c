#include "verb/out.h"
#include "verb/read.h"
#include "verb/verbs.h"

#include "lua/session.h"

static bool evaluate(Cli *c, Run *r, Err *e) {
  Session *s = session_new(r, e);
  if (!s) return false;
  if (cli_opt(c, "as-of")) session_dated(s);
  Buf out = {0};
  bool more = false;
  bool ok = session_line(s, c->arg[0], &more, &out, e);
  if (ok && more) ok = err_set(e, ERR_FAIL, "the code is not finished: something opened is not closed");
  if (ok) ok = out_text(c, buf_view(&out), e);
  buf_free(&out);
  session_free(s);
  return ok;
}

static bool eval(Cli *c, Err *e) {
  Reading r = {0};
  bool ok = reading_open_later(c, &r, "eval", c->arg[0], e) && evaluate(c, r.run, e);
  reading_close(&r);
  Err why = {0};
  if (!ok && c->store && !store_wake(c->store, &why)) { /* what could not be asked looked like an unknown name */
    err_free(e);
    err_move(e, &why);
  }
  err_free(&why);
  return ok;
}

const Verb verb_eval = {
  .name = "eval",
  .summary = "show the value of a rule (beginning with =) or a piece of Lua",
  .usage = (const char *const[]){"eval CODE [--as-of DAY]", NULL},
  .about = "eval reads only. Examples:\n"
           "  pareto eval \"= tier = 'A' and revenue_12m > 50万\"\n"
           "  pareto eval 'accounts:top(5, \"revenue_12m\"):show \"code, name, revenue_12m:万\"'",
  .least = 1,
  .most = 1,
  .run = eval,
};
