/* Commands of the command line from within a session: .history, history(3), whatif("profit-types", { fade = "3%" }). */
#include "verb/repl.h"

#include "verb/opts.h"
#include "verb/verbs.h"

#include <stdlib.h>
#include <string.h>

/* What leaves the database as it is, and what writes no file either. */
static const struct {
  const char *name;
  bool safe;
} READING[] = {
  {"list", true},    {"help", true},    {"check", true},   {"diff", true},     {"history", true}, {"show", true},
  {"why", true},     {"whynot", true},  {"verify", true},  {"eval", true},     {"query", true},   {"explain", true},
  {"backtest", true}, {"whatif", true}, {"decide", true},  {"judge", true},    {"test", true},    {"version", true},
  {"plan", false},   {"export", false}, {"status", true},
};

/* Words of `visits` that only look; map writes nothing but a file. */
static bool looks_at_visits(const Cli *sub) {
  static const char *const WORD[] = {"list", "calendar", "map", "diff", "why"};
  if (sub->verb != &verb_visits) return false;
  for (size_t i = 0; sub->narg && i < sizeof WORD / sizeof *WORD; i++)
    if (strcmp(sub->arg[0], WORD[i]) == 0) return true;
  return !sub->narg;
}

static bool allowed(const Repl *r, const Cli *sub, Err *e) {
  const Verb *v = sub->verb;
  bool reads = looks_at_visits(sub), safe = reads;
  for (size_t i = 0; i < sizeof READING / sizeof *READING; i++)
    if (strcmp(READING[i].name, v->name) == 0) reads = true, safe = READING[i].safe;
  if (strcmp(v->name, "repl") == 0) return err_set(e, ERR_USAGE, "this is a session already");
  if (r->safe && !safe) return err_set(e, ERR_FAIL, "the session is --safe: %s is not for it", v->name);
  if (r->readonly && !reads) return err_set(e, ERR_FAIL, "the session is --readonly: %s would change the database", v->name);
  return r->typed || reads || err_set(e, ERR_FAIL, "lines from a file change nothing: %s is for the command line", v->name);
}

static bool no_output(const Repl *r, const Cli *sub, Err *e) {
  return !r->safe || !sub->output || err_set(e, ERR_FAIL, "the session is --safe: no file is written");
}

bool repl_command(Repl *r, const char *const *word, size_t n, struct Found **found, Err *e) {
  Arena a = {0};
  Buf day = {0};
  Cli sub = {.found = found};
  const char **argv = arena_zalloc(&a, n + 8, sizeof *argv);
  size_t k = 0;
  day_print(r->c->asof, &day);
  argv[k++] = "pareto";
  argv[k++] = word[0];
  argv[k++] = "--db";
  argv[k++] = r->c->db;
  if (cli_opt(r->c, "as-of")) {
    argv[k++] = "--as-of";
    argv[k++] = day.p;
  }
  for (size_t i = 1; i < n; i++) argv[k++] = word[i];
  bool ok = opts_read(&sub, (int)k, (char **)argv, e) && allowed(r, &sub, e) && no_output(r, &sub, e);
  if (ok && strcmp(sub.db, r->c->db) != 0) ok = err_set(e, ERR_USAGE, "another database: .open %s", sub.db);
  if (ok && sub.help) {
    sub.arg[0] = (char *)sub.verb->name;
    sub.narg = 1;
    sub.verb = verb_find(STR("help"));
  }
  fflush(stdout);
  ok = ok && sub.verb->run(&sub, e);
  store_close(sub.store);
  opts_free(&sub);
  arena_free(&a);
  buf_free(&day);
  return ok;
}

const char *const repl_commands[] = {"history", "undo", "whatif", "backtest", "plan", "run", "verify", "week", NULL};

/* How an entry of the table is given on the command line: options of the command by their name, all else an argument
 * of the playbook. */
static bool option_of(const Verb *v, Str key) {
  for (const OptDef *d = v->opt; d && d->name; d++)
    if (str_is(key, d->name)) return true;
  return str_is(key, "as-of") || str_is(key, "seed") || str_is(key, "format");
}

typedef struct Changed { /* the field that a run changed in most rows */
  Arena *a;
  const CatEntity *ent;
  const char *field;
} Changed;

static bool take_changed(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Changed *c = ctx;
  for (size_t i = 0; v[0].t == V_TEXT && v[1].t == V_TEXT && catalog_at(i); i++)
    if (str_is(val_str(v[0]), catalog_at(i)->table)) {
      c->ent = catalog_at(i);
      c->field = arena_strndup(c->a, v[1].u.s, v[1].n);
    }
  return true;
}

/* A part of a run is put back by a change of its own: the line that plans it. */
static bool whole_or_not(const Repl *r, const Str *arg, size_t narg, Str limit, Arena *a, Err *e) {
  long long run = narg ? atoll(arena_strndup(a, arg[0].p, arg[0].n)) : 0;
  Changed c = {a, NULL, NULL};
  Val bind = val_int(run);
  Err none = {0};
  bool known = run > 0 && store_query(r->c->store,
                                      "SELECT c.tbl, j.key FROM change c, json_each(c.now) j WHERE c.run = ?1 AND c.op = 'U'"
                                      " GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT 1",
                                      &bind, 1, take_changed, &c, &none);
  err_free(&none);
  err_set(e, ERR_USAGE, "a run is undone whole or not at all");
  if (!known || !c.ent) return err_todo(e, "to put back a part, plan the opposite: accounts \"…\":put(\"field\", value)");
  return err_todo(e, "to put back a part, plan the opposite:  %s \"changed_by(%lld)%s%.*s\":restore(\"%s\", %lld)", c.ent->plural, run,
                  limit.n ? " and " : "", STR_ARG(limit), c.field, run - 1);
}

bool repl_called(void *repl, const char *name, const Str *arg, size_t narg, const Str *key, const Str *value, size_t nset,
                 struct Found **out, Err *e) {
  Repl *r = repl;
  Arena a = {0};
  bool week = strcmp(name, "week") == 0; /* week("S010") is: visits calendar --owner S010 */
  const Verb *v = week ? &verb_visits : verb_find(str_of(name));
  const char **word = arena_zalloc(&a, 2 * (narg + nset) + 4, sizeof *word);
  size_t n = 0;
  bool last = strcmp(name, "history") == 0 && narg == 1, undo = strcmp(name, "undo") == 0, ok = true;
  word[n++] = v->name;
  if (week) word[n++] = "calendar";
  if (week && narg) word[n++] = "--owner";
  if (last) word[n++] = "--last";
  for (size_t i = 0; i < narg; i++) word[n++] = arena_strndup(&a, arg[i].p, arg[i].n);
  for (size_t i = 0; ok && i < nset; i++) {
    if (undo) {
      ok = whole_or_not(r, arg, narg, str_is(key[i], "limit") ? value[i] : (Str){0}, &a, e);
    } else if (option_of(v, key[i])) {
      word[n++] = arena_printf(&a, "--%.*s", STR_ARG(key[i]));
      if (!str_is(value[i], "true")) word[n++] = arena_strndup(&a, value[i].p, value[i].n);
    } else {
      word[n++] = "--set";
      word[n++] = arena_printf(&a, "%.*s=%.*s", STR_ARG(key[i]), STR_ARG(value[i]));
    }
  }
  r->called = true;
  ok = ok && repl_command(r, word, n, out, e);
  arena_free(&a);
  return ok;
}
