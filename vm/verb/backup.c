#include "verb/out.h"
#include "verb/verbs.h"

#include "run/actor.h"
#include "store/backup.h"

#include <unistd.h>

static bool backup(Cli *c, Err *e) {
  if (!cli_store(c, STORE_READ, e) || !store_backup_file(c->store, c->arg[0], e)) return false;
  out_say("backed up %s to %s", c->db, c->arg[0]);
  return true;
}

const Verb verb_backup = {
    .name = "backup",
    .summary = "copy the database to a file, checked; work goes on meanwhile",
    .usage = (const char *const[]){"backup FILE", NULL},
    .least = 1,
    .most = 1,
    .run = backup,
};

static bool agreed(Cli *c, bool *yes, Err *e) {
  *yes = c->yes;
  if (*yes) return true;
  if (cli_may_ask(c))
    return cli_ask(c, arena_say(&c->arena, "replace %s by %s?", c->db, c->arg[0]), yes, e);
  err_set(e, ERR_USAGE, "nobody is here to confirm that %s is replaced", c->db);
  return err_todo(e, "to do it without asking: pareto restore %s --yes", c->arg[0]);
}

/* The roles of the database that is replaced decide; one too damaged to be asked is just what a backup is for. */
static bool may_replace(Cli *c, Err *e) {
  Err ignored = {0};
  if (access(c->db, F_OK) != 0) return true;
  bool ok = !cli_store(c, STORE_READ, &ignored) || actor_may_write(c->store, e);
  store_close(c->store);
  c->store = NULL;
  err_free(&ignored);
  return ok;
}

/* Nobody is asked about a file that is none. */
static bool is_backup(const Cli *c, Err *e) {
  Store *s = NULL;
  if (access(c->arg[0], F_OK) != 0) {
    err_set(e, ERR_FAIL, "there is no file %s", c->arg[0]);
    err_todo(e, "a backup is made by: pareto backup FILE");
    return err_left(e, "%s is untouched", c->db);
  }
  bool ok = store_open_later(c->arg[0], &s, e) || err_left(e, "%s is untouched", c->db);
  store_close(s);
  return ok;
}

static bool restore(Cli *c, Err *e) {
  Buf old = {0};
  bool yes;
  if (!may_replace(c, e) || !is_backup(c, e) || !agreed(c, &yes, e)) return false;
  bool ok = !yes || store_restore(c->db, c->arg[0], &old, e);
  if (ok && !yes) out_say("nothing was written");
  else if (ok) out_say("restored %s from %s", c->db, c->arg[0]);
  if (ok && old.n) out_say("the old file is kept: %s", old.p);
  buf_free(&old);
  return ok;
}

const Verb verb_restore = {
    .name = "restore",
    .summary = "put a backup in the database's place; the old file is kept",
    .usage = (const char *const[]){"restore FILE [--yes]", NULL},
    .about = "The backup is checked first, and the database appears in one step. Nobody may have it open.",
    .least = 1,
    .most = 1,
    .run = restore,
};
