#include "verb/out.h"
#include "verb/read.h"
#include "verb/verbs.h"

#include "lua/session.h"

/* The first rows of a table; "3 of 4 accounts" below says that there are more. */
static void keep_top(Report *r, ReportItem *item, size_t top) {
  UiTable *t = &item->table;
  if (item->kind != ITEM_TABLE || t->nrow <= top) return;
  t->nrow = top;
  t->foot = str_of(arena_say(&r->arena, "%zu of %.*s", top, STR_ARG(t->foot)));
}

static bool ask(Cli *c, Run *r, Err *e) {
  int64_t top = -1;
  if (!cli_opt_int(c, "top", 0, &top, e)) return false;
  bool cut = cli_opt(c, "top") != NULL;
  const char *entity = cli_opt(c, "of");
  Session *s = session_new(r, e);
  if (!s) return false;
  Report rep = {0};
  bool ok = session_query(s, entity ? entity : "account", c->arg[0], cli_opt(c, "columns"), cli_opt(c, "sort"),
                          &rep, e);
  for (size_t i = 0; ok && cut && i < rep.n; i++) keep_top(&rep, &rep.item[i], (size_t)top);
  if (ok) ok = out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  session_free(s);
  return ok;
}

static bool query(Cli *c, Err *e) {
  Reading r = {0};
  bool ok = reading_open(c, &r, "query", c->arg[0], e) && ask(c, r.run, e);
  reading_close(&r);
  return ok;
}

static const OptDef options[] = {
  {"of", "ENTITY", "whose rows: account (the default), contact, quote …", false},
  {"columns", "COLUMNS", "\"code, name, revenue_12m:万 as 收入\" (default: key, name, what the rule names)", false},
  {"sort", "RULES", "\"-revenue_12m, code\"", false},
  {"top", "N", "only the first N rows", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_query = {
  .name = "query",
  .summary = "the rows for which a rule holds, as a table",
  .usage = (const char *const[]){"query RULE [--of ENTITY] [--columns COLUMNS] [--sort RULES] [--top N]", NULL},
  .opt = options,
  .least = 1,
  .most = 1,
  .run = query,
};
