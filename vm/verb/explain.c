#include "verb/out.h"
#include "verb/read.h"
#include "verb/verbs.h"

#include "base/lang.h"

#include "lua/session.h"
#include "store/explain.h"

#include <string.h>

static const char *const title[] = {N_("measure"), N_("from"), N_("before"), N_("months"), N_("built"), N_("edge days"), N_("rows read"), N_("ms")};
enum { COLUMNS = sizeof title / sizeof *title };

static void show(const MeasureLog *log, size_t rows, const char *entity, double seconds, Report *rep) {
  UiColumn column[COLUMNS];
  for (size_t i = 0; i < COLUMNS; i++) column[i] = (UiColumn){str_of(title[i]), UNIT_NONE, FMT_NONE};
  Val *cell;
  ReportItem *item = report_table(rep, (Str){0}, column, COLUMNS, log->n, &cell);
  item->table.words = true;
  int64_t read = 0;
  for (size_t i = 0; i < log->n; i++, cell += COLUMNS) {
    const MeasureUse *u = &log->use[i];
    cell[0] = val_copy(val_text(str_of(u->measure)), &rep->arena);
    cell[1] = val_date(u->from);
    cell[2] = val_date(u->to);
    if (u->shared) continue; /* it came with the one before it */
    cell[3] = val_int(u->months);
    cell[4] = val_int(u->built);
    cell[5] = val_int(u->edge_days);
    cell[6] = val_int(u->edge_rows + u->built_rows);
    cell[7] = val_dec((int64_t)(u->seconds * 10000 + 0.5), -1);
    read += u->edge_rows + u->built_rows;
  }
  item->table.foot = str_of(arena_say(&rep->arena, "%zu %s · %zu window%s · %lld rows read · %.1f ms in all", rows, entity,
                                      log->n, log->n == 1 ? "" : "s", (long long)read, seconds * 1000));
}

static bool evaluate(Cli *c, Run *r, Err *e) {
  const char *entity = cli_opt(c, "of");
  Session *s = session_new(r, e);
  if (!s) return false;
  MeasureLog log = {0};
  Report asked = {0}, rep = {0};
  store_explain(c->store, &log);
  double start = explain_clock();
  bool ok = session_query(s, entity ? entity : "account", "true", c->arg[0], NULL, &asked, e);
  double seconds = explain_clock() - start;
  store_explain(c->store, NULL);
  size_t rows = 0;
  for (size_t i = 0; i < asked.n; i++)
    if (asked.item[i].kind == ITEM_TABLE) rows = asked.item[i].table.nrow;
  if (ok) {
    show(&log, rows, entity ? entity : "accounts", seconds, &rep);
    ok = out_report(c, &rep, UI_TABLE, e);
  }
  report_free(&asked);
  report_free(&rep);
  measure_log_free(&log);
  session_free(s);
  return ok;
}

static bool explain(Cli *c, Err *e) {
  Reading r = {0};
  bool ok = reading_open(c, &r, "explain", c->arg[0], e) && evaluate(c, r.run, e);
  reading_close(&r);
  return ok;
}

static const OptDef options[] = {
  {"of", "ENTITY", "whose rows: account (the default), contact, quote …", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_explain = {
  .name = "explain",
  .summary = "what a rule reads of histories, and what that takes",
  .usage = (const char *const[]){"explain RULE [--of ENTITY] [--as-of DAY]", NULL},
  .about = "One line for each window: months taken from columns, how many of them had to be built first, days at its edges,\n"
           "and rows read for both. Figures that came with the line above have no numbers of their own. Example:\n"
           "  pareto explain \"sum(profit, 90d) / revenue_12m\" --as-of 2026-11-15",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = explain,
};
