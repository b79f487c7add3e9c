#include "verb/verb.h"

#include "verb/out.h"

#include "base/lang.h"

#include "run/outbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_there(const Cli *c, Err *e) {
  if (access(c->db, F_OK) != 0) {
    err_set(e, ERR_USAGE, "there is no database %s", c->db);
    err_todo(e, "make one: pareto --db %s init", c->db);
    return err_todo(e, "or say where it is: --db FILE, or PARETO_DB in the environment");
  }
  return true;
}

bool cli_store_later(Cli *c, Err *e) {
  if (!is_there(c, e) || !store_open_later(c->db, &c->store, e)) return false;
  store_set_day(c->store, c->asof);
  return true;
}

void cli_look_at_clock(const Cli *c) {
  if (cli_opt(c, "as-of")) return;
  Arena a = {0};
  Err ignored = {0};
  Val at;
  Day last;
  bool ok = store_value(c->store, "SELECT substr(max(at), 1, 10) FROM (SELECT at FROM run ORDER BY id DESC LIMIT 100)", NULL, 0, &a,
                        &at, &ignored);
  if (ok && at.t == V_TEXT && day_parse(val_str(at), &last) && last > c->asof + 1) { /* a day may begin at another hour elsewhere */
    Buf now = {0};
    day_print(c->asof, &now);
    out_say("warning: the clock says %.*s, and the last run was on %.*s; if it went back, name the day with --as-of",
            STR_ARG(buf_view(&now)), STR_ARG(val_str(at)));
    buf_free(&now);
  }
  err_free(&ignored);
  arena_free(&a);
}

bool cli_store(Cli *c, StoreMode mode, Err *e) {
  c->writes = mode == STORE_WRITE;
  if (!is_there(c, e) || !store_open(c->db, mode, &c->store, e)) return false;
  store_set_day(c->store, c->asof);
  if (c->writes) cli_look_at_clock(c);
  return true;
}

double cli_send_seconds(const Cli *c) {
  return c->seconds > 0 && c->seconds < OUTBOX_SECONDS ? c->seconds : OUTBOX_SECONDS;
}

bool cli_may_ask(const Cli *c) { return !c->no_input && isatty(STDIN_FILENO) && isatty(STDERR_FILENO); }

bool cli_ask(const Cli *c, const char *question, bool *yes, Err *e) {
  (void)c;
  fprintf(stderr, _("%s [y]es [n]o  "), _(question));
  fflush(stderr);
  char line[64];
  errno = 0;
  if (!fgets(line, sizeof line, stdin)) {
    fputc('\n', stderr);
    if (!stop_check(e)) return false;
    line[0] = 0;
  }
  *yes = line[0] == 'y' || line[0] == 'Y';
  return true;
}
