#include "verb/out.h"
#include "verb/play.h"
#include "verb/read.h"
#include "verb/verbs.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/found.h"
#include "run/backtest.h"

static const UiColumn columns[] = {
    {{N_("as_of"), 5}, UNIT_NONE, {FMT_AUTO, -1}},         {{N_("cases"), 5}, UNIT_NONE, {FMT_AUTO, -1}},
    {{N_("came true"), 9}, UNIT_PERCENT, {FMT_AUTO, -1}},  {{N_("flagged"), 7}, UNIT_PERCENT, {FMT_AUTO, -1}},
    {{N_("precision"), 9}, UNIT_PERCENT, {FMT_AUTO, -1}},  {{N_("recall"), 6}, UNIT_PERCENT, {FMT_AUTO, -1}},
    {{N_("lift"), 4}, UNIT_NONE, {FMT_DECIMALS, 1}},       {{N_("value flagged"), 13}, UNIT_PERCENT, {FMT_AUTO, -1}},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void row(const BacktestCount *c, Val day, Val *cell) {
  const Val v[COLUMNS] = {day,
                          val_int((int64_t)c->cases),
                          backtest_base(c),
                          backtest_flagged(c),
                          backtest_precision(c),
                          backtest_recall(c),
                          backtest_lift(c),
                          backtest_saved(c)};
  for (size_t i = 0; i < COLUMNS; i++) cell[i] = v[i];
}

static const UiColumn driver_columns[] = {
    {{N_("driver"), 6}, UNIT_NONE, {FMT_AUTO, -1}},        {{N_("points"), 6}, UNIT_NONE, {FMT_AUTO, -1}},
    {{N_("known"), 5}, UNIT_PERCENT, {FMT_AUTO, -1}},      {{N_("fired"), 5}, UNIT_PERCENT, {FMT_AUTO, -1}},
    {{N_("then came true"), 14}, UNIT_PERCENT, {FMT_AUTO, -1}}, {{N_("recall without it"), 17}, UNIT_PERCENT, {FMT_SIGNED_PERCENT, -1}},
};
enum { DRIVER_COLUMNS = sizeof driver_columns / sizeof *driver_columns };

static Val part(size_t of, size_t all) { return all ? val_real((double)of / (double)all) : val_null(); }

/* fired and known are shares of the cases with a known outcome; the last column is what recall would gain or lose. */
static void put_drivers(const BacktestResult *r, Report *rep) {
  if (!r->npart) return;
  size_t read = r->all.cases - r->all.unread;
  Val *cell;
  report_table(rep, STR(N_("Driver by driver")), driver_columns, DRIVER_COLUMNS, r->npart, &cell)->table.words = true;
  for (size_t k = 0; k < r->npart; k++, cell += DRIVER_COLUMNS) {
    const BacktestPart *p = &r->part[k];
    cell[0] = val_copy(val_text(p->driver.name), &rep->arena);
    cell[1] = val_copy(p->driver.points, &rep->arena);
    cell[2] = part(p->known, read);
    cell[3] = part(p->fired, read);
    cell[4] = part(p->came, p->fired);
    if (r->all.came) cell[5] = val_real(((double)p->caught - (double)r->all.caught) / (double)r->all.came);
  }
}

static void put_count(Buf *out, size_t n) { num_fixed(val_int((int64_t)n), 0, true, out); }

static const char *head_line(const Backtest *b, const BacktestResult *r, Arena *a) {
  Buf out = {0};
  buf_say(&out, "%zu as-of day%s, ", r->n, r->n == 1 ? "" : "s");
  day_print(r->day[0], &out);
  if (r->n > 1) {
    buf_puts(&out, " … ");
    day_print(r->day[r->n - 1], &out);
  }
  FmtEnv env = {0};
  buf_say(&out, " · horizon ");
  fmt_val(b->horizon, UNIT_NONE, FMT_NONE, &env, &out);
  buf_puts(&out, " · ");
  put_count(&out, r->all.cases);
  buf_say(&out, " cases");
  const char *text = arena_strndup(a, out.p, out.n);
  buf_free(&out);
  return text;
}

static void counted(Report *rep, size_t n, const char *what) {
  if (!n) return;
  Buf out = {0};
  put_count(&out, n);
  buf_puts(&out, _(what));
  report_note(rep, buf_view(&out));
  buf_free(&out);
}

static void notes(const Backtest *b, const BacktestResult *r, Report *rep) {
  counted(rep, r->all.silent, " cases could not be predicted (unknown): counted as not flagged");
  counted(rep, r->all.unread, " cases have an unknown outcome: left out of the figures");
  if (b->value) counted(rep, r->all.worthless, " of those that came true had no value above zero: counted as 0");
  Buf today = {0}, out = {0};
  for (size_t i = 0; i < r->npast; i++) {
    const BacktestPast *p = &r->past[i];
    if (p->since == DAY_NONE) {
      buf_printf(&today, "%s%.*s", today.n ? ", " : "", STR_ARG(p->name));
      continue;
    }
    buf_clear(&out);
    buf_say(&out, "%.*s has history since ", STR_ARG(p->name));
    day_print(p->since, &out);
    buf_say(&out, "; for %zu of %zu days its first known value stood in (--strict refuses)", p->days, r->n);
    report_note(rep, buf_view(&out));
  }
  if (today.n) {
    buf_clear(&out);
    buf_say(&out, "no earlier value than today's is known, which was read: %.*s (--strict refuses)", STR_ARG(buf_view(&today)));
    report_note(rep, buf_view(&out));
  }
  buf_free(&today);
  buf_free(&out);
}

static void tell(Cli *c, const Backtest *b, const BacktestResult *r, Report *rep) {
  size_t nrow = cli_flag(c, "by-day") ? r->n : 1;
  size_t ncol = b->value ? COLUMNS : COLUMNS - 1;
  Val *cell, line[COLUMNS];
  ReportItem *item = report_table(rep, str_of(head_line(b, r, &rep->arena)), columns, ncol, nrow, &cell);
  item->table.words = true;
  (void)item;
  for (size_t i = 0; i < nrow; i++) {
    bool all = nrow == 1 && !cli_flag(c, "by-day");
    row(all ? &r->all : &r->each[i], all ? val_text(STR("all")) : val_date(r->day[i]), line);
    for (size_t k = 0; k < ncol; k++) cell[i * ncol + k] = line[k];
  }
  put_drivers(r, rep);
  notes(b, r, rep);
}

/* --- as a value of a session ------------------------------------------------------------------ */

static void add_days(Found *f, const Backtest *b, const BacktestResult *r) {
  size_t ncol = b->value ? COLUMNS : COLUMNS - 1;
  Val *cell = arena_alloc(&f->arena, (r->n * ncol + 1) * sizeof *cell), line[COLUMNS];
  for (size_t i = 0; i < r->n; i++) {
    row(&r->each[i], val_date(r->day[i]), line);
    for (size_t k = 0; k < ncol; k++) cell[i * ncol + k] = line[k];
  }
  found_table(f, "days", columns, ncol, r->n, cell, true);
}

static Found *as_value(Cli *c, const char *name, const Backtest *b, const BacktestResult *r, const Report *rep) {
  Found *f = found_new("backtest", name);
  const FoundValue value[] = {
    {"cases", val_int((int64_t)r->all.cases), UNIT_NONE},      {"came_true", backtest_base(&r->all), UNIT_PERCENT},
    {"flagged", backtest_flagged(&r->all), UNIT_PERCENT},      {"precision", backtest_precision(&r->all), UNIT_PERCENT},
    {"recall", backtest_recall(&r->all), UNIT_PERCENT},        {"lift", backtest_lift(&r->all), UNIT_NONE},
    {"value_flagged", backtest_saved(&r->all), UNIT_PERCENT},
  };
  f->nvalue = sizeof value / sizeof *value;
  FoundValue *kept = arena_alloc(&f->arena, sizeof value);
  for (size_t i = 0; i < f->nvalue; i++) {
    kept[i] = value[i];
    kept[i].val = val_copy(value[i].val, &f->arena);
  }
  f->value = kept;
  add_days(f, b, r);
  if (r->npart) { /* the report holds them already */
    const UiTable *t = &rep->item[1].table;
    found_table(f, "drivers", driver_columns, DRIVER_COLUMNS, t->nrow, t->cell, true);
  }
  Buf text = {0};
  FmtEnv env = out_env(c);
  UiStyle style = out_style(c, &env);
  report_print(rep, UI_TABLE, &style, &text);
  found_says(f, buf_view(&text));
  buf_free(&text);
  return f;
}

static bool held(const BacktestResult *r, Err *e) {
  if (!r->npast) return true;
  const BacktestPast *p = &r->past[0];
  err_set(e, ERR_FAIL, "%.*s was not known as it stood on %zu of %zu as-of days", STR_ARG(p->name), p->days, r->n);
  return err_todo(e, "begin later (since), or leave out --strict");
}

static bool ask(Cli *c, Play *play, Err *e) {
  const Playbook *p = play->playbook;
  Rules *r = playbook_rules(p);
  Src block = playbook_backtest(p);
  if (!block.text.n) {
    err_set(e, ERR_USAGE, "%s says nothing to hold against its outcome", playbook_name(p));
    return err_todo(e, "add backtest = [[ predict = …, outcome = …, horizon = 6m, since = 2024-01-01, every = 1m ]]");
  }
  Backtest b;
  BacktestResult result;
  Report rep = {0};
  bool ok = rules_backtest(r, block, &b, e) && backtest_run(c->store, r, &b, c->asof, &c->arena, &result, e) &&
            (!cli_flag(c, "strict") || held(&result, e));
  if (ok) {
    tell(c, &b, &result, &rep);
    bool value = c->found && !c->format_given && !c->output;
    if (value) *c->found = as_value(c, playbook_name(p), &b, &result, &rep);
    else ok = out_report(c, &rep, UI_TABLE, e);
  }
  report_free(&rep);
  return ok;
}

static bool backtest(Cli *c, Err *e) {
  Reading reading = {0};
  Play play = {0};
  bool ok = reading_open(c, &reading, "backtest", c->arg[0], e) && play_open(c, c->arg[0], &play, e) && ask(c, &play, e);
  play_close(&play);
  reading_close(&reading);
  return ok;
}

static const OptDef options[] = {
  {"by-day", NULL, "a line for every as-of day", false},
  {"strict", NULL, "refuse when a field was not known as it stood on some as-of day", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_backtest = {
  .name = "backtest",
  .summary = "hold a playbook's prediction against what came of it",
  .usage = (const char *const[]){"backtest NAME [--set ARG=VALUE]… [--by-day] [--strict] [--as-of DAY]", NULL},
  .about = "The playbook's backtest block says what it predicts, which outcome that is held against one horizon\n"
           "later, and on which days. Every day is asked with what was known before it.\n"
           "precision: of those flagged, the share that came true. recall: of those that came true, the share flagged.\n"
           "lift: precision over the share that came true anyway. value flagged: of the value of those that came true.",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = backtest,
};
