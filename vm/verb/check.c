#include "verb/decide_file.h"
#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "base/lang.h"

#include "base/num.h"
#include "feel/analyse.h"
#include "feel/policy.h"
#include "feel/dmn_lint.h"
#include "lua/playbook.h"
#include "store/price_lint.h"

#include <string.h>

typedef struct Checking {
  Cli *c;
  Buf text;        /* for people */
  Report report;   /* for programs: all findings, one a row */
  Val *cell;
  size_t nrow, cap;
  size_t errors;
} Checking;

enum { COLUMNS = 10 };
static const UiColumn column[COLUMNS] = {
    UI_WORD("playbook"), UI_WORD("table"), UI_WORD("severity"), UI_WORD("kind"),
    UI_WORD("file"),     UI_WORD("line"),  UI_WORD("row"),      UI_WORD("column"),
    UI_WORD("message"),  UI_WORD("advice")};

static void count(Buf *out, size_t n, const char *one) {
  buf_say(out, "%s%zu %s%s", out->n && out->p[out->n - 1] != ' ' ? ", " : "", n, _(one), n == 1 ? "" : "s");
}

static void summary(const Playbook *p, size_t errors, size_t notes, Buf *out) {
  const Rules *r = playbook_rules(p);
  const MetricInfo *metric;
  const TableInfo *const *table, *const *score;
  size_t nmetric = rules_metric_list(r, &metric), ntable = rules_table_list(r, &table), rows = 0;
  size_t nscore = rules_score_list(r, &score);
  for (size_t i = 0; i < ntable; i++) rows += table[i]->nrow;
  buf_printf(out, "%s: ", playbook_name(p));
  if (errors) count(out, errors, "error");
  else buf_say(out, "ok");
  if (nmetric || ntable || nscore) buf_puts(out, ": ");
  if (nmetric) count(out, nmetric, "metric");
  if (nscore) count(out, nscore, "score");
  if (ntable) count(out, ntable, "table");
  if (ntable) count(out, rows, "row");
  if (notes) buf_say(out, "; %zu note%s", notes, notes == 1 ? "" : "s");
  buf_char(out, '\n');
}

/* --- findings in a table ---------------------------------------------------- */

static Val text_or_null(Checking *k, const char *z) {
  return z ? val_copy(val_text(str_of(z)), &k->report.arena) : val_null();
}

static void add_row(Checking *k, const char *playbook, const TableInfo *t, const Finding *f) {
  mem_grow(k->cell, k->cap, (k->nrow + 1) * COLUMNS);
  Val *v = k->cell + k->nrow++ * COLUMNS;
  v[0] = text_or_null(k, playbook);
  v[1] = val_copy(val_text(t->name), &k->report.arena);
  v[2] = text_or_null(k, f->error ? "error" : "note");
  v[3] = text_or_null(k, finding_name(f->kind));
  v[4] = text_or_null(k, f->file);
  v[5] = f->line ? val_int(f->line) : val_null();
  v[6] = f->row ? val_int(f->row) : val_null();
  v[7] = text_or_null(k, f->column);
  v[8] = text_or_null(k, f->what);
  v[9] = text_or_null(k, f->todo);
}

static void say(const TableInfo *t, const Finding *f, size_t n, Buf *out) {
  const char *file = table_file(t);
  buf_say(out, "table %.*s", STR_ARG(t->name));
  if (file) buf_printf(out, " · %s:%d", file, t->line);
  buf_say(out, " · %s, %zu row%s\n", hit_policy_name(t->policy), t->nrow, t->nrow == 1 ? "" : "s");
  for (size_t i = 0; i < n; i++) {
    buf_puts(out, "  ");
    if (f[i].file) buf_printf(out, "%s:%d: ", f[i].file, f[i].line);
    buf_printf(out, "%s: %s\n", f[i].error ? _("error") : _("note"), f[i].what);
    if (f[i].todo) buf_printf(out, "    %s\n", f[i].todo);
  }
}

/* The share of a price that policy wants above cost: the argument `thin`, where there is one. */
static double margin_floor(const Rules *r) {
  const ArgInfo *arg;
  size_t n = rules_arg_list(r, &arg);
  for (size_t i = 0; i < n; i++)
    if (str_is(arg[i].name, "thin") && val_is_num(arg[i].val)) return num_double(arg[i].val);
  return 0;
}

static const char *too_deep(const PolicyDepth *row, const PriceDepth *d, double least, Arena *a) {
  const char *of = least > 0 ? arena_say(a, "left with less than %g %% above cost", least * 100) : arena_say(a, "below it");
  if (d->left < 0)
    return arena_say(a, "under cost: %s off list is below the cost of %s; of %lld products %lld are %s", row->says, d->product, (long long)d->of,
                     (long long)d->below, of);
  return arena_say(a, "under the margin floor: %s off list leaves %.1f %% above cost on %s; of %lld products %lld are %s", row->says, d->left * 100,
                   d->product, (long long)d->of, (long long)d->below, of);
}

/* Rows that let more go than list prices and costs in force bear. */
static bool deep_rows(Checking *k, const Rules *r, const TableInfo *t, const char *name, size_t *notes, Arena *a, Err *e) {
  const PolicyDepth *row;
  size_t n = k->c->store ? table_depths(t, a, &row) : 0, found = 0;
  double least = margin_floor(r);
  Finding *f = arena_alloc(a, (n + 1) * sizeof *f);
  for (size_t i = 0; i < n; i++) {
    PriceDepth d;
    if (!price_depth(k->c->store, k->c->asof, row[i].part, least, row[i].cell, row[i].ncell, a, &d, e)) return false;
    if (!d.below) continue;
    f[found] = row[i].at;
    f[found].what = too_deep(&row[i], &d, least, a);
    add_row(k, name, t, &f[found++]);
  }
  *notes += found;
  if (found) say(t, f, found, &k->text);
  return true;
}

static bool analyse(Checking *k, Rules *r, const char *name, size_t *errors, size_t *notes, Err *e) {
  bool ok = true;
  const TableInfo *const *table;
  size_t n = rules_table_list(r, &table);
  Eval *ev = eval_new(r, k->c->asof);
  Arena a = {0};
  for (size_t i = 0; i < n && ok; i++) {
    const Finding *f;
    size_t found = table_analyse(ev, table[i], &a, &f);
    for (size_t m = 0; m < found; m++) {
      if (f[m].error) ++*errors;
      else ++*notes;
      add_row(k, name, table[i], &f[m]);
    }
    if (found) say(table[i], f, found, &k->text);
    found = table_policy(table[i], &a, &f);
    for (size_t m = 0; m < found; m++) {
      ++*notes;
      add_row(k, name, table[i], &f[m]);
    }
    if (found) say(table[i], f, found, &k->text);
    ok = deep_rows(k, r, table[i], name, notes, &a, e);
  }
  arena_free(&a);
  eval_free(ev);
  return ok;
}

/* --- playbooks ---------------------------------------------------------------- */

static bool set_args(Cli *c, Playbook *p, Err *e) {
  const char *given;
  for (size_t i = 0; (given = cli_opt_at(c, "set", i)); i++) {
    const char *eq = strchr(given, '=');
    if (!eq) return err_set(e, ERR_USAGE, "--set %s: a name and a value, as in window=6m", given);
    if (!playbook_set_arg(p, arena_strndup(&c->arena, given, (size_t)(eq - given)), eq + 1, e))
      return err_at(e, arena_printf(&c->arena, "--set %s", given), 0, 0);
  }
  return true;
}

static bool check_one(Checking *k, const char *path, Err *e) {
  Playbook *p = NULL;
  bool ok = playbook_load(path, &p, e);
  if (ok && playbook_kind(p) != TESTS) {
    size_t errors = 0, notes = 0;
    play_grant(k->c, p);
    ok = playbook_check(p, k->c->store, e) && set_args(k->c, p, e);
    if (ok && playbook_rules(p)) {
      ok = analyse(k, playbook_rules(p), playbook_name(p), &errors, &notes, e);
      summary(p, errors, notes, &k->text);
      k->errors += errors;
    }
  }
  playbook_free(p);
  return ok;
}

static bool check_named(Checking *k, const char *name, Err *e) {
  Buf path = {0};
  bool ok = playbook_find(name, &path, e) && check_one(k, path.p, e);
  buf_free(&path);
  return ok;
}

/* --- DMN models ------------------------------------------------------------------ */

typedef struct Modelled {
  Checking *k;
  const char *path;
  size_t tables, rows, errors, notes;
} Modelled;

static const char *kept(Checking *k, const char *z) { return z ? arena_strndup(&k->report.arena, z, strlen(z)) : NULL; }

static bool modelled(void *ctx, const DmnLint *t, Err *e) {
  Modelled *m = ctx;
  m->tables++;
  m->rows += t->rows;
  if (t->r) {
    return analyse(m->k, t->r, m->path, &m->errors, &m->notes, e);
  }
  TableInfo info = {.name = t->name};
  Finding f = {.kind = FIND_OPAQUE, .error = t->wrong, .file = m->path, .line = t->why->line ? t->why->line : t->line};
  f.what = t->wrong ? kept(m->k, t->why->what) : arena_say(&m->k->report.arena, "not looked into: %s", t->why->what);
  f.todo = kept(m->k, t->why->todo);
  add_row(m->k, m->path, &info, &f);
  *(t->wrong ? &m->errors : &m->notes) += 1;
  buf_say(&m->k->text, "table %.*s · %s:%d\n  %s:%d: %s: %s\n", STR_ARG(t->name), m->path, t->line, m->path, f.line,
          t->wrong ? "error" : "note", f.what);
  if (t->why->source) {
    Str rest = str_of(t->why->source);
    while (rest.p) buf_printf(&m->k->text, "      %.*s\n", STR_ARG(str_split(rest, '\n', &rest)));
  }
  if (f.todo) buf_printf(&m->k->text, "    %s\n", f.todo);
  return true;
}

static bool is_model(const char *name) {
  size_t n = strlen(name);
  return n > 4 && strcmp(name + n - 4, ".dmn") == 0;
}

static bool check_model(Checking *k, const char *path, Err *e) {
  Modelled m = {.k = k, .path = path};
  Dmn *model = decide_load(path, &k->report.arena, e);
  bool ok = model && dmn_lint(model, modelled, &m, e);
  if (ok) {
    buf_printf(&k->text, "%s: ", path);
    if (m.errors) count(&k->text, m.errors, "error");
    else buf_say(&k->text, "ok");
    buf_puts(&k->text, ": ");
    count(&k->text, m.tables, "table");
    count(&k->text, m.rows, "row");
    if (m.notes) buf_say(&k->text, "; %zu note%s", m.notes, m.notes == 1 ? "" : "s");
    buf_char(&k->text, '\n');
    k->errors += m.errors;
  }
  dmn_free(model);
  return ok;
}

/* --- policies kept as rows ---------------------------------------------------- */

static bool policy(void *ctx, Str table, Str kind, Str what, Err *e) {
  (void)e;
  Checking *k = ctx;
  TableInfo t = {.name = table};
  Finding f = {.what = arena_strndup(&k->report.arena, what.p, what.n)};
  add_row(k, NULL, &t, &f);
  k->cell[(k->nrow - 1) * COLUMNS + 3] = val_copy(val_text(kind), &k->report.arena);
  buf_say(&k->text, "rows of %.*s: note: %.*s: %.*s\n", STR_ARG(table), STR_ARG(str_of(_(kind.p))), STR_ARG(what));
  return true;
}

/* Every playbook is checked, and every fault shown; the command fails when one did. */
static void report_fault(Cli *c, Err *fault) {
  Buf text = {0};
  err_left(fault, "nothing has run");
  err_print(fault, &text);
  out_say("%.*s", STR_ARG(str_trim(buf_view(&text))));
  buf_free(&text);
  if (!c->exit_code) c->exit_code = (int)fault->kind;
  err_free(fault);
}

static bool print(Checking *k, Err *e) {
  if (!k->c->format_given) return out_text(k->c, buf_view(&k->text), e);
  Val *cell;
  report_table(&k->report, (Str){0}, column, COLUMNS, k->nrow, &cell)->table.words = true;
  if (k->nrow) memcpy(cell, k->cell, k->nrow * COLUMNS * sizeof *cell);
  return out_report(k->c, &k->report, UI_TABLE, e);
}

static bool check(Cli *c, Err *e) {
  char **path = NULL;
  size_t n = 0;
  bool data = c->narg == 0; /* a DMN model needs none */
  for (int i = 0; i < c->narg; i++) data = data || !is_model(c->arg[i]);
  if (data && !cli_store(c, STORE_READ, e)) return false;
  if (c->narg == 0 && !playbook_paths(&c->arena, &path, &n, e)) return false;
  Checking k = {.c = c};
  bool prices = false; /* the rulebook of that name stands for the rows as well */
  for (size_t i = 0; i < (c->narg ? (size_t)c->narg : n); i++) {
    Err fault = {0};
    prices = prices || (c->narg && strcmp(c->arg[i], "prices") == 0);
    bool fine = !c->narg ? check_one(&k, path[i], &fault) : is_model(c->arg[i]) ? check_model(&k, c->arg[i], &fault)
                                                                               : check_named(&k, c->arg[i], &fault);
    if (!fine) report_fault(c, &fault);
  }
  bool ok = (c->narg && !prices) || price_lint(c->store, c->asof, policy, &k, e);
  ok = ok && print(&k, e);
  if (k.errors && !c->exit_code) c->exit_code = ERR_FAIL;
  buf_free(&k.text);
  report_free(&k.report);
  mem_free(k.cell);
  return ok;
}

const Verb verb_check = {
  .name = "check",
  .summary = "check playbooks against the database without running them",
  .usage = (const char *const[]){"check [NAME|MODEL.dmn…] [--set ARG=VALUE]…", NULL},
  .about = "Names, types, units and arguments, then every decision table looked at whole, with the arguments as they\n"
           "stand: cases that no row takes, with an example; rows that overlap (an error in unique, in any where outputs\n"
           "differ, else a note); rows that never hold or are never reached; rows without which nothing would change;\n"
           "columns that never decide. The unknown counts as a value. A cell that does more than test its column's value\n"
           "is named as not analysed. Tables of limits with a ranked output, such as authority: a level that may give less than\n"
           "a lower one, edges beyond which much less is given, levels that no row comes to; bands (target, normal, floor) out\n"
           "of order; rows that let more go (a limit on a share, `discount`, `floor`) than list prices and costs in force bear, or\n"
           "leave less above cost than the argument `thin`. The tables of a DMN model are looked at in the same way, without a database. Without a name, or with `prices`: policies kept as rows (authority, volume, agreement,\n"
           "price) too: levels upside down or never reached, edges at which more costs less, rows under cost. Errors end with exit code 1, notes do not. Without a name: every playbook in reach.\n"
           "--format json, csv … gives one row a finding.",

  .most = -1,
  .run = check,
};
