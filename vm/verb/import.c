#include "verb/import_table.h"
#include "verb/must.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include "base/num.h"
#include "run/actor.h"
#include "run/import_log.h"
#include "store/import.h"
#include "ui/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what was asked for ------------------------------------------------------------ */

static const char *const *all_values(Cli *c, const char *name) {
  size_t n = 0;
  while (cli_opt_at(c, name, n)) n++;
  if (!n) return NULL;
  const char **list = arena_zalloc(&c->arena, n + 1, sizeof *list);
  for (size_t i = 0; i < n; i++) list[i] = cli_opt_at(c, name, i);
  return list;
}

static bool same_file(const char *path, const char *input) {
  struct stat a, b;
  int found = strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &b) : stat(input, &b);
  return found == 0 && S_ISREG(b.st_mode) && stat(path, &a) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Rejected rows would take the place of the file they come from. */
static bool check_rejects(Cli *c, const ImportSpec *spec, Err *e) {
  const char *input[] = {spec->file.path, spec->join};
  if (!spec->rejects) return true;
  const char *part = arena_printf(&c->arena, "%s.part", spec->rejects);
  for (size_t i = 0; i < 2; i++) {
    if (!input[i] || !(same_file(spec->rejects, input[i]) || same_file(part, input[i]))) continue;
    err_set(e, ERR_USAGE, "--rejects: %s is a file that is read", spec->rejects);
    return err_todo(e, "name another file for the rejected rows");
  }
  return true;
}

static bool read_spec(Cli *c, ImportSpec *spec, Err *e) {
  *spec = (ImportSpec){
    .file = {.path = c->arg[0], .encoding = cli_opt(c, "encoding"), .sep = cli_opt(c, "sep"),
             .quote = cli_opt(c, "quote"), .header = cli_opt(c, "header")},
    .entity = cli_opt(c, "as"),
    .map = all_values(c, "map"),
    .where = cli_opt(c, "where"),
    .key = cli_opt(c, "key"),
    .create = all_values(c, "create"),
    .join = cli_opt(c, "join"),
    .on = cli_opt(c, "on"),
    .dates = cli_opt(c, "dates"),
    .decimal = cli_opt(c, "decimal"),
    .null_words = all_values(c, "null"),
    .alias = all_values(c, "alias"),
    .round = cli_flag(c, "round"),
    .rejects = cli_opt(c, "rejects"),
    .asof = c->asof,
  };
  if (!spec->entity) {
    err_set(e, ERR_USAGE, "import: what are these rows?");
    return err_todo(e,
                    "say it with --as: pareto import %s --as orders   (account, contact, product, quote …)",
                    c->arg[0]);
  }
  if (!cli_opt_int(c, "max-errors", 0, &spec->max_errors, e)) return false;
  if (spec->max_errors && !spec->rejects)
    spec->rejects = arena_printf(&c->arena, "%s.rejects.csv", c->arg[0]);
  return check_rejects(c, spec, e);
}

/* Its own options as they were given: what history shows. */
static char *args_text(Cli *c) {
  Buf b = {0};
  for (const OptDef *d = c->verb->opt; d->name; d++)
    for (size_t i = 0; cli_opt_at(c, d->name, i); i++) {
      const char *v = cli_opt_at(c, d->name, i);
      buf_printf(&b, "%s--%s", b.n ? " " : "", d->name);
      if (*v) buf_printf(&b, strpbrk(v, " \t\n\"'*$") ? " '%s'" : " %s", v);
    }
  char *text = arena_strndup(&c->arena, b.p ? b.p : "", b.n);
  buf_free(&b);
  return text;
}

/* --- one import ----------------------------------------------------------------------- */

static void show_progress(void *ctx, int64_t done, int64_t total) {
  Progress *p = ctx;
  p->total = total;
  progress_at(p, done);
}

/* The staged transaction and its plan; *refused: too many rows are rejected, and e says so. */
static bool stage(Cli *c, const ImportSpec *spec, Import **im, Err *e) {
  Progress progress;
  ImportSpec with = *spec;
  with.progress = show_progress;
  with.progress_ctx = &progress;
  ImportLog log = {.s = c->store};
  with.changed = import_log_changed;
  with.changed_ctx = &log;
  progress_begin(&progress, arena_printf(&c->arena, "importing %s", c->arg[0]), "B", 0);
  bool ok = import_open(c->store, &with, im, e) && import_stage(*im, e);
  progress_end(&progress);
  return ok;
}

static void show(const Import *im, bool with_report) {
  Buf text = {0};
  if (with_report) import_report(im, &text);
  import_rejected(im, &text);
  if (text.n) fwrite(text.p, 1, text.n, stderr);
  buf_free(&text);
}

static bool record(Cli *c, Import *im, int64_t *run, Err *e) {
  static const char *const nothing[] = {NULL};
  const ImportCounts *n = import_counts(im);
  const char *base = strrchr(c->arg[0], '/');
  RunSpec spec = {
    .what = arena_printf(&c->arena, "import %s", base ? base + 1 : c->arg[0]),
    .args = args_text(c),
    .asof = c->asof,
    .seed = c->seed,
    .writes = nothing,
    .grants = nothing,
    .max_percent = -1,
    .max_changes = -1,
  };
  Buf detail = {0};
  num_fixed(val_int(n->added), 0, true, &detail);
  buf_puts(&detail, " added, ");
  num_fixed(val_int(n->changed), 0, true, &detail);
  buf_puts(&detail, " changed");
  if (n->rejected) {
    buf_puts(&detail, ", ");
    num_fixed(val_int(n->rejected), 0, true, &detail);
    buf_puts(&detail, " rejected");
  }
  Arena a = {0};
  Val next;
  bool ok = store_value(c->store, "SELECT coalesce(max(id), 0) + 1 FROM run", NULL, 0, &a, &next, e) &&
            import_added(im, next.u.i, e) && run_record(c->store, &spec, n->added + n->changed + n->made, detail.p, run, e);
  arena_free(&a);
  buf_free(&detail);
  return ok;
}

static bool writes(const Import *im) {
  const ImportCounts *n = import_counts(im);
  return n->added + n->changed + n->made > 0;
}

static bool nobody_to_ask(const Cli *c, Err *e) {
  err_set(e, ERR_USAGE, "nobody is here to confirm the import");
  err_todo(e, "to import without asking: pareto import %s --as %s --yes", c->arg[0], cli_opt(c, "as"));
  err_todo(e, "to see the plan alone: --dry-run");
  return err_left(e, "nothing was written");
}

static bool finish(Cli *c, const ImportSpec *spec, Import *im, Err *e) {
  const ImportCounts *n = import_counts(im);
  bool kept = false, some = writes(im);
  int64_t run = 0;
  if (cli_opt(c, "must") && !must_hold(c->store, c->asof, cli_opt(c, "must"), n, e)) return false;
  if (some && !record(c, im, &run, e)) return false;
  if (!stop_check(e) || !store_commit(c->store, e)) return false;
  if (some) out_say("  run %lld", (long long)run);
  else out_say("  nothing to write");
  if (!import_keep_rejects(im, &kept, e)) return err_left(e, "the other rows are imported");
  if (kept) out_say("  the rejected rows: %s", spec->rejects);
  if (n->rejected) c->exit_code = ERR_REJECTED; /* the others are in, and a job that is not watched can tell */
  return true;
}

static bool same_counts(const ImportCounts *a, const ImportCounts *b) {
  return a->added == b->added && a->changed == b->changed && a->unchanged == b->unchanged &&
         a->rejected == b->rejected && a->made == b->made;
}

/* Nobody waits for the database while a person thinks: the plan is rolled back and made again. */
static bool ask_and_stage_again(Cli *c, const ImportSpec *spec, Import **im, bool *yes, Err *e) {
  ImportCounts planned = *import_counts(*im);
  store_rollback(c->store);
  import_close(*im);
  *im = NULL;
  if (!cli_ask(c, "import?", yes, e)) return false;
  if (!*yes) return true;
  if (!stage(c, spec, im, e)) return false;
  if (same_counts(&planned, import_counts(*im))) return true;
  show(*im, true);
  err_set(e, ERR_STALE, "the file or the database changed meanwhile: the plan above is another one");
  return err_todo(e, "run the command again");
}

static bool settle(Cli *c, const ImportSpec *spec, Import **im, Err *e) {
  bool yes = true, refused = import_refused(*im, e), kept = false;
  show(*im, !refused);
  if (refused) {
    bool wanted = cli_opt(c, "rejects") != NULL;
    Err other = {0};
    if (wanted && import_keep_rejects(*im, &kept, &other) && kept)
      err_todo(e, "the rejected rows: %s", spec->rejects);
    err_free(&other);
    return false;
  }
  if (cli_flag(c, "dry-run")) {
    out_say("nothing was written (--dry-run)");
    return !cli_opt(c, "rejects") || import_keep_rejects(*im, &kept, e);
  }
  if (!c->yes && writes(*im)) {
    bool may_ask = cli_may_ask(c) && strcmp(c->arg[0], "-") != 0; /* standard input is read once */
    if (!(may_ask ? ask_and_stage_again(c, spec, im, &yes, e) : nobody_to_ask(c, e))) return false;
  }
  if (yes) return finish(c, spec, *im, e);
  out_say("nothing was written");
  return true;
}

static bool import(Cli *c, Err *e) {
  ImportSpec spec;
  Import *im = NULL;
  if (str_is(str_of(cli_opt(c, "as")), "table")) return import_table(c, e);
  if (!read_spec(c, &spec, e) || !cli_store(c, STORE_WRITE, e) || !actor_may_write(c->store, e)) return false;
  if (c->seconds > 0) stop_at(c->seconds);
  bool ok = stage(c, &spec, &im, e) && settle(c, &spec, &im, e);
  store_rollback(c->store);
  import_close(im);
  return ok;
}

static const OptDef options[] = {
  {"as", "ENTITY", "what the rows are: account, orders, quote …", false},
  {"map", "MAP", "which columns fill which fields: \"field = column, field = rule over columns\"", true},
  {"where", "RULE", "only rows for which this rule over the file's columns holds", false},
  {"key", "FIELDS", "fields that tell rows apart; known ones are updated (default: the code)", false},
  {"create", "ENTITY", "make the accounts (products …) that rows mention and that are not there", true},
  {"join", "FILE", "a second file whose columns are added to each row", false},
  {"on", "KEY", "the column both files have: KEY, or LEFT=RIGHT", false},
  {"alias", "ALIAS", "\"field: what the file says = what it means\"", true},
  {"dates", "PATTERN", "how dates are written: y-m-d, m/d/y, d.m.y, yyyymmdd", false},
  {"decimal", "SIGN", "the decimal sign: . or a comma", false},
  {"null", "WORD", "a cell that says \"not known\", besides the empty one (default: NULL)", true},
  {"round", NULL, "round amounts that have more digits than the currency", false},
  {"encoding", "NAME", "GB18030, BIG5, windows-1252 … (default: UTF-8)", false},
  {"sep", "TEXT", "what stands between columns (default: judged); tab for a tab", false},
  {"quote", "SIGN", "what stands around text, or none (default: \")", false},
  {"header", "YES|NO", "does the first line name the columns? (default: judged)", false},
  {"max-errors", "N", "import the other rows when at most N are rejected (default: 0)", false},
  {"rejects", "FILE", "where rejected rows go, with the reason (default: FILE.rejects.csv)", false},
  {"must", "RULE", "write only if this holds of rows, added, changed, unchanged, rejected: \"rows > 10000\"", false},
  {"dry-run", NULL, "show the plan and write nothing", false},
  {"fill", "DOWN", "of a decision table: tests that merged cells left blank are filled from above", false},
  {NULL, NULL, NULL, false},
};

static const char *const usage[] = {
  "import FILE --as ENTITY [--map MAP] [--where RULE] [--key FIELDS] [--create ENTITY]",
  "import FILE --as ENTITY --join FILE --on KEY",
  "import - --as ENTITY    (standard input)",
  "import FILE --as table [--fill down]    (a decision table, written back mended)",
  NULL,
};

static const char about[] =
  "Columns that have a field's name, or a usual one for it (客户编码, customer_id, 金额 …), fill it by\n"
  "themselves; --map says the rest: --map \"revenue = Quantity * UnitPrice, day = InvoiceDate\";\n"
  "field = null leaves one alone.\n"
  "Rules name a column as the heading does; what is no letter, digit or _ in a heading is _ in a rule\n"
  "(\"Order ID\" is Order_ID, \"2024\" is c_2024), a word of the language gets one behind (for_).\n"
  "c1, c2 … are the columns by number, in --map. In a joined file a name that both files have is FILE_name.\n"
  "A column is one of numbers or of dates only if every cell is; leading zeros, a plus sign, or more than\n"
  "15 digits make it text. Empty cells are null, which no condition accepts.\n"
  "The plan is shown first and confirmed at the terminal, or by --yes; where nobody can be asked nothing is written (exit 2).\n"
  "Exit 6: rows were rejected, whether nothing was imported or, with --max-errors, the others.";

const Verb verb_import = {
  .name = "import",
  .summary = "read rows from a CSV file: a plan, then all of them or none",
  .usage = usage,
  .about = about,
  .opt = options,
  .least = 1,
  .most = 1,
  .run = import,
};
