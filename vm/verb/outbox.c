#include "verb/out.h"
#include "verb/verbs.h"

#include "run/outbox.h"

#include <string.h>

static bool deliver(Cli *c, Err *e) {
  int64_t sent, failed;
  Buf why = {0};
  bool ok = cli_store(c, STORE_WRITE, e) && outbox_deliver(c->store, cli_send_seconds(c), true, &sent, &failed, &why, e);
  if (ok) out_say("%lld delivered, %lld failed", (long long)sent, (long long)failed);
  if (ok && failed) {
    err_set(e, ERR_FAIL, "not everything was delivered: %s", why.p ? why.p : "");
    err_todo(e, "what waits is tried again by a later command that writes, or now: pareto outbox deliver");
    ok = err_left(e, "the data is as the runs left it");
  }
  buf_free(&why);
  return ok;
}

static bool outbox(Cli *c, Err *e) {
  if (c->narg && strcmp(c->arg[0], "deliver") == 0) return deliver(c, e);
  if (c->narg) {
    err_set(e, ERR_USAGE, "outbox: '%s' is no part of it", c->arg[0]);
    return err_todo(e, "pareto outbox, or pareto outbox deliver");
  }
  Report r = {0};
  bool ok = cli_store(c, STORE_READ, e) && outbox_list(c->store, 50, &r, e) && out_report(c, &r, UI_TABLE, e);
  report_free(&r);
  return ok;
}

const Verb verb_outbox = {
    .name = "outbox",
    .summary = "what runs sent, and what became of it; deliver what waits",
    .usage = (const char *const[]){"outbox", "outbox deliver", NULL},
    .about =
        "Files and messages leave after the commit of their run, at least once, each with an id that stays "
        "the same.\n"
        "Files go to DATABASE.outbox (pareto set outbox.folder FOLDER); messages to a program that reads "
        "them on its\n"
        "standard input (pareto set outbox.command COMMAND; PARETO_ID, PARETO_TO, PARETO_NAME say which); one\n"
        "that has not ended after 30 s, or --timeout, is ended, and its message waits.\n"
        "A program that hung is not tried again by every command: after a minute, then two, four … up to an hour; one\n"
        "that failed more than three times after ten seconds, and so on. Another program, or outbox deliver: at once.",
    .most = 1,
    .run = outbox,
};
