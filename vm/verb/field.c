#include "verb/out.h"
#include "verb/verbs.h"

#include "feel/rules.h"
#include "run/direct.h"
#include "run/fields.h"

#include <string.h>

static bool list(Cli *c, Err *e) {
  Report rep = {0};
  bool ok = cli_store(c, STORE_READ, e) && fields_list(c->store, &rep, e) && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}

static const char *entity_of(const Cli *c) { return cli_opt(c, "of") ? cli_opt(c, "of") : "account"; }

static bool history(Cli *c, Err *e) {
  Report rep = {0};
  RowRef row;
  bool ok = cli_store(c, STORE_READ, e) && lookup_row(c->store, entity_of(c), str_of(c->arg[0]), &row, e) &&
            fields_history(c->store, &row, str_of(c->arg[1]), &rep, e) && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}

/* --- adding and taking away ------------------------------------------------------------ */

static const char *text_of(Cli *c, Str s) { return arena_strndup(&c->arena, s.p ? s.p : "", s.n); }

static bool put(void *ctx, Store *s, Err *e) {
  Cli *c = ctx;
  Rules *rules = rules_new(store_host(s), DIALECT_RULES, "field", entity_of(c));
  Src src = {.text = str_of(c->arg[1]), .file = "field", .line = 1, .col = 1};
  const FieldInfo *list;
  bool ok = rules_fields(rules, src, e) && rules_check(rules, e);
  size_t n = ok ? rules_field_list(rules, &list) : 0;
  if (ok && !n) ok = err_set(e, ERR_USAGE, "field add: which field? as in \"size : one of large, small\"");
  for (size_t i = 0; ok && i < n; i++) {
    const char *entity = text_of(c, list[i].entity), *name = text_of(c, list[i].name);
    ok = store_add_field(s, entity, name, list[i].type, text_of(c, list[i].about), e) &&
         store_field_range(s, entity, name, list[i].low, list[i].high, e);
  }
  rules_free(rules);
  return ok;
}

static bool take(void *ctx, Store *s, Err *e) {
  Cli *c = ctx;
  const char *dot = strchr(c->arg[1], '.');
  return dot ? store_drop_field(s, text_of(c, (Str){c->arg[1], (size_t)(dot - c->arg[1])}), dot + 1, e)
             : store_drop_field(s, entity_of(c), c->arg[1], e);
}

static bool change(Cli *c, DirectBody body, Err *e) {
  const char *what = arena_printf(&c->arena, "field %s", c->arg[0]);
  int64_t run, changes;
  if (!cli_store(c, STORE_WRITE, e) || !catalog_entity(str_of(entity_of(c)))) {
    if (!e->kind) err_set(e, ERR_USAGE, "there is no entity '%s'", entity_of(c));
    return false;
  }
  if (!run_direct(c->store, what, c->arg[1], c->asof, body, c, &run, &changes, e)) return false;
  if (run) out_say("run %lld: %s %s", (long long)run, what, c->arg[1]);
  else out_say("there it is already");
  return true;
}

static bool field(Cli *c, Err *e) {
  if (c->narg == 0) return list(c, e);
  if (c->narg == 1) {
    err_set(e, ERR_USAGE, "field %s: which one?", c->arg[0]);
    return err_todo(e, "its options: pareto help field");
  }
  if (strcmp(c->arg[0], "add") == 0) return change(c, put, e);
  if (strcmp(c->arg[0], "drop") == 0) return change(c, take, e);
  return history(c, e);
}

static const OptDef options[] = {
    {"of", "ENTITY", "whose field (default: account)", false},
    {NULL, NULL, NULL, false},
};

const Verb verb_field = {
    .name = "field",
    .summary = "the fields that keep a history: list, add, take away, and what one held over time",
    .usage = (const char *const[]){"field", "field ACCOUNT FIELD [--of ENTITY]", "field add DEFINITION [--of ENTITY]",
                                   "field drop FIELD [--of ENTITY]", NULL},
    .about = "A definition is as playbooks write them under fields: \"size : one of large, small   // by heads\", ranked A, B,\n"
             "number [0..10], money, percent, date, text. Only a field that never held a value can be taken away: the rest\n"
             "is part of the log. Both are runs: see history, and undo takes them back.",
    .opt = options,
    .most = 2,
    .run = field,
};
