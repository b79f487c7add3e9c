#include "verb/out.h"
#include "verb/verbs.h"

#include "run/actor.h"
#include "run/direct.h"

#include <string.h>

static bool list_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  buf_printf(ctx, "%.*s: %.*s\n", STR_ARG(val_str(val[0])), STR_ARG(val_str(val[1])));
  return true;
}

static bool list(Cli *c, Err *e) {
  Buf b = {0};
  bool ok =
      cli_store(c, STORE_READ, e) &&
      store_query(
          c->store,
          "SELECT role, group_concat(name, ', ') FROM (SELECT role, name FROM rolegrant ORDER BY role, name)"
          " GROUP BY role ORDER BY role",
          NULL, 0, list_row, &b, e);
  if (ok && !b.n)
    buf_say(&b, "no roles are configured: everybody may write and see what a playbook is granted\n");
  ok = ok && out_text(c, buf_view(&b), e);
  buf_free(&b);
  return ok;
}

static bool known(const char *grant, Err *e) {
  if (strcmp(grant, "approve") == 0) return true;
  Str rest = str_of(grant), entity = str_split(rest, '.', &rest);
  const CatEntity *ent = catalog_entity(entity);
  const CatColumn *col = ent && rest.p ? catalog_column(ent, rest) : NULL;
  if (col && (col->flags & CAT_PERSONAL)) return true;
  err_set(e, ERR_USAGE, "there is no grant '%s'", grant);
  return err_todo(e, "approve, or a personal field: contact.name, contact.phone …");
}

static bool put(void *ctx, Store *s, Err *e) {
  Cli *c = ctx;
  bool revoke = cli_flag(c, "revoke");
  for (int i = 1; i < c->narg; i++)
    if (!store_role_may(s, c->arg[0], c->arg[i], !revoke, e)) return false;
  if (actor_may_write(s, e)) return true;
  return err_todo(e, "with this you could not take it back yourself: give your own role approve first, and "
                     "your login to staff");
}

static bool grant(Cli *c, Err *e) {
  if (c->narg == 0) return list(c, e);
  if (c->narg == 1) return err_set(e, ERR_USAGE, "grant %s: what?", c->arg[0]);
  Buf args = {0};
  int64_t run = 0, changes = 0;
  for (int i = 1; i < c->narg; i++) {
    if (!known(c->arg[i], e)) return false;
    buf_printf(&args, "%s%s", i > 1 ? " " : "", c->arg[i]);
  }
  const char *what = arena_printf(&c->arena, "%s %s", cli_flag(c, "revoke") ? "revoke" : "grant", c->arg[0]);
  bool ok =
      cli_store(c, STORE_WRITE, e) && run_direct(c->store, what, args.p, c->asof, put, c, &run, &changes, e);
  if (ok && run) out_say("run %lld: %s %s", (long long)run, what, args.p);
  else if (ok) out_say("nothing changes");
  buf_free(&args);
  return ok;
}

static const OptDef options[] = {
    {"revoke", NULL, "take it away instead", false},
    {NULL, NULL, NULL, false},
};

const Verb verb_grant = {
    .name = "grant",
    .summary = "what a role of staff may: approve, or a personal field",
    .usage = (const char *const[]){"grant", "grant ROLE GRANT… [--revoke]", NULL},
    .about = "The person is the operating-system user whose login a member of staff has; the role is that of "
             "staff. Without any\n"
             "grant nobody is held. With some, a personal field needs the grant of the playbook and of the "
             "person's role; and\n"
             "once a role may approve, only such roles write: apply, run, undo, merge, set. Every run "
             "records who and with what.",
    .opt = options,
    .most = -1,
    .run = grant,
};
