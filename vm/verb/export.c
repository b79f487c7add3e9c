#include "verb/export_dmn.h"
#include "verb/export_table.h"
#include "verb/out.h"
#include "verb/read.h"
#include "verb/verbs.h"

#include "lua/session.h"

#include <string.h>

/* Every field that import would take back; personal ones and the host's own stay out. */
static void default_columns(const CatEntity *ent, Buf *out) {
  for (size_t i = 0; i < ent->ncol; i++) {
    if (ent->col[i].flags & (CAT_PERSONAL | CAT_HIDDEN)) continue;
    if (out->n) buf_puts(out, ", ");
    buf_puts(out, ent->col[i].name);
    if (ent->col[i].type != COL_REF) continue;
    const CatEntity *other = catalog_entity(str_of(ent->col[i].ref));
    for (size_t k = 0; other && k < other->ncol; k++)
      if (other->col[k].flags & CAT_KEY) buf_printf(out, ".%s as %s", other->col[k].name, ent->col[i].name);
  }
}

static bool segment_exists(Cli *c, const char *name, bool *yes, Err *e) {
  Val bind = val_text(str_of(name)), id;
  if (!store_value(c->store, "SELECT id FROM segment WHERE name = ?1", &bind, 1, &c->arena, &id, e)) return false;
  *yes = id.t != V_NULL;
  return true;
}

/* What to export: an entity's rows, or the accounts in a segment. */
static bool resolve(Cli *c, const CatEntity **ent, Buf *rule, Err *e) {
  const char *name = c->arg[0], *where = cli_opt(c, "where");
  *ent = catalog_entity(str_of(name));
  if (*ent) {
    buf_puts(rule, where ? where : "true");
    return true;
  }
  bool yes = false;
  if (!segment_exists(c, name, &yes, e)) return false;
  if (!yes) {
    err_set(e, ERR_USAGE, "'%s' is neither an entity nor a segment", name);
    return err_todo(e, "entities: account, contact, orders …");
  }
  *ent = catalog_entity(STR("account"));
  char quote = strchr(name, '\'') ? '"' : '\'';
  buf_printf(rule, "in_segment(%c%s%c)", quote, name, quote);
  if (where) buf_printf(rule, " and (%s)", where);
  return true;
}

static bool produce(Cli *c, Run *r, Err *e) {
  const CatEntity *ent;
  Buf rule = {0}, columns = {0};
  Report rep = {0};
  Session *s = NULL;
  bool ok = resolve(c, &ent, &rule, e);
  if (!ok) goto done;
  default_columns(ent, &columns);
  const char *wanted = cli_opt(c, "columns");
  ok = (s = session_new(r, e)) != NULL &&
       session_query(s, ent->name, rule.p, wanted ? wanted : columns.p, NULL, &rep, e) &&
       out_report(c, &rep, UI_CSV, e);
done:
  session_free(s);
  report_free(&rep);
  buf_free(&rule);
  buf_free(&columns);
  return ok;
}

static bool export(Cli *c, Err *e) {
  if (cli_flag(c, "dmn")) return export_dmn(c, e);
  if (strchr(c->arg[0], '@')) return export_table(c, e);
  Reading r = {0};
  bool ok = reading_open(c, &r, "export", c->arg[0], e) && produce(c, r.run, e);
  reading_close(&r);
  return ok;
}

static const OptDef options[] = {
  {"where", "RULE", "only rows for which the rule holds", false},
  {"columns", "COLUMNS", "which columns (default: every field that is not personal)", false},
  {"dmn", NULL, "a playbook's decision table as a DMN model", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_export = {
  .name = "export",
  .summary = "write rows of an entity, or the accounts of a segment, as csv",
  .usage = (const char *const[]){"export ENTITY|SEGMENT [--where RULE] [--columns COLUMNS] [--output FILE]",
                                 "export TABLE@PLAYBOOK [--dmn] [--output FILE]", NULL},
  .about = "A decision table of a playbook is written as the CSV (or, with --output FILE.xlsx, the workbook) that\n"
           "tables = { name = \"FILE.csv\" } reads: edit it in a spreadsheet, save it, and it is the playbook's table. What\n"
           "spreadsheets damage is named, with its row and column, when the playbook is read.",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = export,
};
