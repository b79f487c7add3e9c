#include "verb/out.h"
#include "verb/verbs.h"

#include "run/erase.h"

static bool agreed(Cli *c, const char *name, bool *yes, Err *e) {
  *yes = c->yes;
  if (*yes) return true;
  if (cli_may_ask(c))
    return cli_ask(c, arena_say(&c->arena, "erase what is personal about %s? It cannot be undone.", name), yes, e);
  err_set(e, ERR_USAGE, "nobody is here to confirm that %s is erased", name);
  return err_todo(e, "to do it without asking: pareto erase %s --yes", c->arg[0]);
}

static bool erase(Cli *c, Err *e) {
  const char *entity = cli_opt(c, "of") ? cli_opt(c, "of") : "contact";
  const char *name = arena_printf(&c->arena, "%s %s", entity, c->arg[0]);
  RowRef row;
  Erased done;
  bool yes;
  if (!cli_store(c, STORE_WRITE, e) || !lookup_row(c->store, entity, str_of(c->arg[0]), &row, e) ||
      !agreed(c, name, &yes, e))
    return false;
  if (yes && !run_erase(c->store, &row, name, c->asof, &done, e)) return false;
  if (!yes) out_say("nothing was written");
  else
    out_say("run %lld: %s erased: %lld field%s, %lld value%s of the log, %lld text%s that held one", (long long)done.run,
            name, (long long)done.fields, done.fields == 1 ? "" : "s", (long long)done.values,
            done.values == 1 ? "" : "s", (long long)done.texts, done.texts == 1 ? "" : "s");
  return true;
}

static const OptDef options[] = {
    {"of", "ENTITY", "what KEY names (default: contact)", false},
    {NULL, NULL, NULL, false},
};

const Verb verb_erase = {
    .name = "erase",
    .summary = "forget a person: the personal fields of a row, in the data and in the log",
    .usage = (const char *const[]){"erase KEY [--of ENTITY] [--yes]", NULL},
    .about = "Name, title, phone, e-mail go from the row, from the log of every run, and whole reports, decisions and sent\n"
             "messages in which one of them stands. The log's chain holds salted hashes only: verify passes afterwards.\n"
             "What was erased cannot be undone. Backups, and plans kept beside the database, are files of their own.",
    .opt = options,
    .least = 1,
    .most = 1,
    .run = erase,
};
