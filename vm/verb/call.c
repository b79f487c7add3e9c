#include "verb/call.h"

#include "base/lang.h"

#include "run/outbox.h"
#include "verb/opts.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include <stdio.h>

void cli_complain(Err *e) {
  err_left(e, e->kind == ERR_USAGE ? "nothing has run" : N_("nothing was written"));
  Buf text = {0};
  err_print(e, &text);
  fwrite(text.p, 1, text.n, stderr);
  buf_free(&text);
}

static bool run_verb(Cli *c, Err *e) {
  if (c->help) {
    c->narg = 0;
    if (c->verb) c->arg[c->narg++] = (char *)c->verb->name;
    c->verb = &verb_help;
  } else if (!c->verb) {
    c->verb = &verb_repl;
  }
  return c->verb->run(c, e);
}

/* What a run sent leaves after its commit; and what an earlier command could not deliver any more. */
static void deliver(Cli *c, int code) {
  int64_t waiting = 0, sent = 0, failed = 0;
  Err e = {0};
  Buf why = {0};
  if (code || !c->store || !c->writes || !outbox_waiting(c->store, &waiting, &e) || !waiting) {
    err_free(&e);
    return;
  }
  if (outbox_deliver(c->store, cli_send_seconds(c), false, &sent, &failed, &why, &e) && sent)
    out_say("%lld sent", (long long)sent);
  if (failed && outbox_waiting(c->store, &waiting, &e))
    out_say("%lld could not be sent and wait%s: %s", (long long)waiting, waiting == 1 ? "s" : "", why.p ? why.p : "");
  if (e.kind) cli_complain(&e);
  buf_free(&why);
  err_free(&e);
}

int cli_call(int argc, char **argv, bool last, Err *e) {
  Cli cli = {0};
  bool ok = opts_read(&cli, argc, argv, e) && run_verb(&cli, e);
  if (!ok) err_set(e, ERR_FAIL, "failed without saying why"); /* keeps the first error */
  int code = ok ? cli.exit_code : (int)e->kind;
  deliver(&cli, code);
  if (last) store_end(cli.store);
  else store_close(cli.store);
  opts_free(&cli);
  return code;
}
