#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "run/direct.h"
#include "run/lookup.h"
#include "store/merge.h"

typedef struct Pair {
  RowRef from, into;
} Pair;

static bool body(void *ctx, Store *s, Err *e) {
  Pair *p = ctx;
  return store_merge(s, p->from.ent, p->from.id, p->into.id, e);
}

static bool agreed(Cli *c, bool *yes, Err *e) {
  *yes = c->yes;
  if (*yes) return true;
  if (cli_may_ask(c))
    return cli_ask(c, arena_say(&c->arena, "merge %s into %s?", c->arg[0], c->arg[1]), yes, e);
  err_set(e, ERR_USAGE, "nobody is here to confirm the merge");
  return err_todo(e, "to merge without asking: pareto merge %s %s --yes", c->arg[0], c->arg[1]);
}

static bool merge(Cli *c, Err *e) {
  const char *entity = cli_opt(c, "of") ? cli_opt(c, "of") : "account";
  Pair p;
  bool yes;
  int64_t run = 0, changes = 0;
  if (!cli_store(c, STORE_WRITE, e) || !lookup_row(c->store, entity, str_of(c->arg[0]), &p.from, e) ||
      !lookup_row(c->store, entity, str_of(c->arg[1]), &p.into, e) || !agreed(c, &yes, e))
    return false;
  if (!yes) {
    out_say("nothing was written");
    return true;
  }
  if (!run_direct(c->store, arena_printf(&c->arena, "merge %s %s", c->arg[0], c->arg[1]), NULL, c->asof, body,
                  &p, &run, &changes, e))
    return false;
  play_applied(run, (size_t)changes);
  return true;
}

static const OptDef options[] = {
    {"of", "ENTITY", "what the codes name (default: account)", false},
    {NULL, NULL, NULL, false},
};

const Verb verb_merge = {
    .name = "merge",
    .summary = "make two accounts one: everything of the first moves to the second",
    .usage = (const char *const[]){"merge FROM INTO [--of ENTITY] [--yes]", NULL},
    .about = "The fields of INTO stay as they are. The code of FROM goes on meaning INTO, in imports, in "
             "scripts and in why.\n"
             "A merge is a run: see show, and undo takes it back.",
    .opt = options,
    .least = 2,
    .most = 2,
    .run = merge,
};
