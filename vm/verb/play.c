#include "verb/play.h"

#include "verb/out.h"

#include "base/lang.h"
#include "base/num.h"
#include "base/stop.h"
#include "feel/analyse.h"
#include "run/actor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char **given_args(Cli *c) {
  size_t n = 0;
  while (cli_opt_at(c, "set", n))
    n++;
  const char **set = arena_zalloc(&c->arena, n + 1, sizeof *set);
  for (size_t i = 0; i < n; i++)
    set[i] = cli_opt_at(c, "set", i);
  return set;
}

static bool set_args(Cli *c, Play *b, Err *e) {
  for (const char **v = b->set; *v; v++) {
    const char *eq = strchr(*v, '=');
    char *name = arena_strndup(&c->arena, *v, (size_t)(eq - *v));
    if (!playbook_set_arg(b->playbook, name, eq + 1, e))
      return err_at(e, arena_printf(&c->arena, "--set %s", *v), 0, 0);
  }
  return true;
}

/* Nothing goes on with a table that is broken beyond doubt; `check` tells the rest. */
static bool checked(Cli *c, Play *b, Err *e) {
  play_grant(c, b->playbook);
  if (!playbook_check(b->playbook, c->store, e) || !set_args(c, b, e)) return false;
  Rules *r = playbook_rules(b->playbook);
  return !r || tables_sound(r, c->asof, e);
}

static bool open_file(Cli *c, const char *path, Play *out, Err *e) {
  return playbook_load(path, &out->playbook, e) && checked(c, out, e);
}

bool play_open(Cli *c, const char *name, Play *out, Err *e) {
  Buf path = {0};
  out->set = given_args(c);
  bool ok = playbook_find(name, &path, e) && open_file(c, path.p, out, e);
  buf_free(&path);
  return ok;
}

static bool split(Cli *c, const char *given, const char *option, char **name, const char **text, Err *e) {
  const char *eq = strchr(given, '=');
  if (!eq || eq == given || !eq[1]) return err_set(e, ERR_USAGE, "--%s %s: write --%s NAME=FILE", option, given, option);
  *name = arena_strndup(&c->arena, given, (size_t)(eq - given));
  *text = eq + 1;
  return true;
}

/* Args of rulebooks, named with a dot, and files that stand for others. The rest of --set stays in out->set. */
static bool vary(Cli *c, Play *out, Err *e) {
  static const struct { const char *option; VaryKind kind; } file[] = {{"table", VARY_TABLE}, {"book", VARY_BOOK}};
  char *name = NULL;
  const char *text = NULL, *given;
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; (given = cli_opt_at(c, file[k].option, i)); i++) {
      if (!split(c, given, file[k].option, &name, &text, e)) return false;
      playbook_vary(out->playbook, file[k].kind, name, text);
    }
  size_t kept = 0;
  for (const char **v = out->set; *v; v++) {
    const char *eq = strchr(*v, '='), *dot = strchr(*v, '.');
    if (dot && dot < eq)
      playbook_vary(out->playbook, VARY_ARG, arena_strndup(&c->arena, *v, (size_t)(eq - *v)), eq + 1);
    else
      out->set[kept++] = *v;
  }
  out->set[kept] = NULL;
  return true;
}

bool play_vary(Cli *c, const char *name, bool changed, Play *out, Err *e) {
  Buf path = {0};
  out->set = changed ? given_args(c) : arena_zalloc(&c->arena, 1, sizeof *out->set);
  bool ok = playbook_find(name, &path, e) && playbook_load(path.p, &out->playbook, e);
  buf_free(&path);
  return ok && (!changed || vary(c, out, e)) && checked(c, out, e);
}

/* --- the script of a plan ----------------------------------------------------------- */

static bool put_source(Cli *c, Play *b, size_t at, const char *file, Str source, Err *e) {
  char *path = arena_printf(&c->arena, "%s/%s", b->folder, file);
  b->file[at] = path;
  FILE *f = fopen(path, "we");
  bool ok = f && fwrite(source.p, 1, source.n, f) == source.n;
  if (f && fclose(f) != 0) ok = false;
  return ok ||
         err_set(e, ERR_FAIL, "the script of the plan cannot be unpacked: %s: %s", path, strerror(errno));
}

static void remove_sources(Play *b) {
  if (!b->folder) return;
  for (char **path = b->file; *path; path++)
    unlink(*path);
  rmdir(b->folder);
  b->folder = NULL;
}

static const char *book_file(Cli *c, const char *name) {
  const char *dot = strrchr(name, '.');
  bool table = dot && (strcmp(dot, ".csv") == 0 || strcmp(dot, ".dmn") == 0);
  return table ? name : arena_printf(&c->arena, "%s.lua", name);
}

static bool plain_name(const char *name) { return *name && *name != '.' && !strchr(name, '/'); }

/* Into a folder of its own, where the script finds the rulebooks as they were. */
bool play_reopen(Cli *c, const Plan *kept, Play *out, Err *e) {
  RunSpec spec = plan_spec(kept);
  const char *temp = getenv("TMPDIR");
  char *folder = arena_printf(&c->arena, "%s/pareto-plan-XXXXXX", temp && *temp ? temp : "/tmp");
  size_t n = 0;
  while (spec.set[n])
    n++;
  out->set = arena_zalloc(&c->arena, n + 1, sizeof *out->set);
  for (size_t i = 0; i < n; i++)
    out->set[i] = spec.set[i];
  c->asof = spec.asof;
  c->seed = spec.seed;
  store_set_day(c->store, c->asof);
  if (!mkdtemp(folder))
    return err_set(e, ERR_FAIL, "the script of the plan cannot be unpacked: %s: %s", folder, strerror(errno));
  out->folder = folder;
  out->file = arena_zalloc(&c->arena, spec.nbook + 2, sizeof *out->file);
  bool ok = plain_name(spec.file) || err_set(e, ERR_FAIL, "the plan is damaged");
  for (size_t i = 0; ok && i < spec.nbook; i++)
    ok = plain_name(spec.book[i].name)
             ? put_source(c, out, i, book_file(c, spec.book[i].name), spec.book[i].source, e)
             : err_set(e, ERR_FAIL, "the plan is damaged");
  return ok && put_source(c, out, spec.nbook, spec.file, spec.script, e) &&
         open_file(c, out->file[spec.nbook], out, e);
}

void play_grant(Cli *c, const Playbook *p) {
  const char *const *grants = playbook_grants(p);
  size_t n = 0;
  while (grants && grants[n])
    n++;
  Err ignored = {0};
  const char **have;
  if (actor_grants(c->store, grants, &c->arena, &have, &ignored)) {
    for (n = 0; have[n];)
      n++;
    store_grant(c->store, have, n);
  } else {
    store_grant(c->store, NULL, 0);
  }
  err_free(&ignored);
}

static const char *const *granted(Cli *c, const Playbook *p) {
  Err ignored = {0};
  const char **have;
  static const char *const none[] = {NULL};
  bool ok = actor_grants(c->store, playbook_grants(p), &c->arena, &have, &ignored);
  err_free(&ignored);
  return ok ? have : none;
}

static const char *file_of(const Playbook *p) {
  const char *slash = strrchr(playbook_path(p), '/');
  return slash ? slash + 1 : playbook_path(p);
}

void play_spec(Cli *c, Play *b) {
  RunBook *book;
  size_t nbook = playbook_books(b->playbook, &c->arena, &book);
  const CatEntity *of = catalog_at((size_t)rules_entity(playbook_rules(b->playbook)) - 1);
  buf_clear(&b->args);
  playbook_args_text(b->playbook, &b->args);
  b->spec = (RunSpec){
      .what = playbook_name(b->playbook),
      .script = playbook_source(b->playbook),
      .args = b->args.p ? b->args.p : "",
      .asof = c->asof,
      .seed = c->seed,
      .writes = playbook_writes(b->playbook),
      .grants = granted(c, b->playbook),
      .max_percent = playbook_max_percent(b->playbook),
      .max_changes = playbook_max_changes(b->playbook),
      .seconds = c->seconds < 0 ? VERB_SECONDS : c->seconds,
      .limit = cli_opt(c, "limit"),
      .of = of ? of->name : NULL,
      .file = file_of(b->playbook),
      .book = book,
      .nbook = nbook,
      .set = b->set,
  };
}

void play_close(Play *b) {
  playbook_free(b->playbook);
  remove_sources(b);
  buf_free(&b->args);
  *b = (Play){0};
}

bool play_guards(Cli *c, RunSpec *spec, Err *e) {
  const char *percent = cli_opt(c, "allow-percent"), *changes = cli_opt(c, "allow-changes");
  if (!cli_opt_percent(c, "allow-percent", &spec->max_percent, e) ||
      !cli_opt_int(c, "allow-changes", 0, &spec->max_changes, e))
    return false;
  if (percent || changes)
    spec->note =
        arena_printf(&c->arena, "guards loosened on purpose:%s%s%s%s", percent ? " --allow-percent " : "",
                     percent ? percent : "", changes ? " --allow-changes " : "", changes ? changes : "");
  return true;
}

/* Text carries the difference below it; files and other formats stay pure data. */
static bool show_difference(Cli *c, const Plan *plan, Err *e) {
  Buf text = {0};
  bool below = plan_report(plan)->n > 0 && !c->output && !(c->format_given && c->format != UI_TABLE);
  if (below) buf_char(&text, '\n');
  plan_print(plan, c->store, &text);
  bool ok = true;
  if (c->output || (c->format_given && c->format != UI_TABLE))
    out_say("%.*s", STR_ARG(str_trim(buf_view(&text))));
  else ok = out_text(c, buf_view(&text), e);
  buf_free(&text);
  return ok;
}

bool play_runs(const Playbook *p, bool chains, Err *e) {
  static const char *const other[] = {
      [RULEBOOK] = N_("a rulebook: it has rules to share and nothing to run"),
      [CHAIN] = N_("a chain: this takes one playbook"),
      [TESTS] = N_("a file of tests: pareto test runs it"),
  };
  PlaybookKind kind = playbook_kind(p);
  return kind == PLAYBOOK || (chains && kind == CHAIN) || err_set(e, ERR_USAGE, "%s is %s", playbook_name(p), _(other[kind]));
}

/* What the plan was made under holds again, not what this command's options say. */
bool play_again(Cli *c, Play *b, const Plan *kept, Plan **fresh, Err *e) {
  RunSpec was = plan_spec(kept);
  play_spec(c, b);
  b->spec.limit = was.limit;
  b->spec.note = was.note;
  b->spec.max_percent = was.max_percent;
  b->spec.max_changes = was.max_changes;
  return run_plan(c->store, &b->spec, playbook_run, b->playbook, fresh, e);
}

/* Writers wait while this is open; the plan made meanwhile is the one that is written. */
static bool hold_writers(Cli *c, Store **gate, Err *e) {
  if (store_open(c->db, STORE_WRITE, gate, e) && store_begin(*gate, e)) return true;
  store_close(*gate);
  *gate = NULL;
  return false;
}

static void let_go(Store **gate) {
  if (*gate) store_rollback(*gate);
  store_close(*gate);
  *gate = NULL;
}

/* Beside importers that never pause somebody always comes between: a plan that is quickly made is made, after a few
 * tries, while writers wait. A long one keeps nobody waiting. */
bool play_apply(Cli *c, Play *b, Plan **plan, int64_t *run_id, Err *e) {
  enum { TRIES = 20, FREE_TRIES = 4 };
  static const double QUICK = 2.0;
  double took = 0;
  for (int i = 0;; i++) {
    if (run_apply(c->store, *plan, run_id, e)) return true;
    if (e->kind != ERR_STALE || i == TRIES) return false;
    err_free(e);
    Plan *fresh = NULL;
    Store *gate = NULL;
    if (i >= FREE_TRIES && took < QUICK && !hold_writers(c, &gate, e)) return false;
    double began = stop_now();
    bool made = play_again(c, b, *plan, &fresh, e);
    took = stop_now() - began;
    let_go(&gate);
    if (!made) return false;
    bool same = plan_adopt(fresh, *plan, c->store, e);
    plan_free(*plan);
    *plan = fresh;
    if (!same) return false;
  }
}

void play_applied(int64_t run_id, size_t changes) {
  Buf count = {0};
  num_fixed(val_int((int64_t)changes), 0, true, &count);
  out_say("run %lld: %s change%s", (long long)run_id, count.p, changes == 1 ? "" : "s");
  buf_free(&count);
}

bool play_quietly(Cli *c, Play *b, Plan **plan, Err *e) {
  if (!play_runs(b->playbook, false, e)) return false;
  play_spec(c, b);
  b->spec.max_percent = -1;
  b->spec.max_changes = -1;
  return run_plan(c->store, &b->spec, playbook_run, b->playbook, plan, e);
}

bool play_plan(Cli *c, Play *b, Plan **plan, Err *e) {
  if (!play_runs(b->playbook, false, e)) return false;
  play_spec(c, b);
  if (!play_guards(c, &b->spec, e)) return false;
  if (!run_plan(c->store, &b->spec, playbook_run, b->playbook, plan, e)) return false;
  return out_report(c, plan_report(*plan), UI_TABLE, e) && show_difference(c, *plan, e);
}
