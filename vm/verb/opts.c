#include "verb/opts.h"

#include "verb/verbs.h"

#include "base/lang.h"
#include "base/num.h"
#include "feel/src.h"

#include <stdlib.h>
#include <string.h>

const OptDef verb_common[] = {
  {"db", "FILE", "the database (default: $PARETO_DB, then ./pareto.db)", false},
  {"as-of", "DAY", "the day that rules look back from, as 2026-11-01 (default: today)", false},
  {"set", "ARG=VALUE", "an argument of the playbook", true},
  {"format", "FORMAT", "table, csv, tsv, json, jsonl, md, line, html or xlsx", false},
  {"output", "FILE", "write the result to FILE instead of stdout", false},
  {"yes", NULL, "apply without asking", false},
  {"no-input", NULL, "never ask; fail where an answer would be needed", false},
  {"timeout", "SECONDS", "end the work after so many seconds, or 20min, 2h (default 600, in a session none; 0: no limit)", false},
  {"seed", "N", "seed of everything random (default: 1)", false},
  {"lang", "LANG", "language of messages: en or zh (default: as LC_ALL, LC_MESSAGES, LANG say)", false},
  {"help", NULL, "what this command does", false},
  {NULL, NULL, NULL, false},
};

static const OptDef *def_in(const OptDef *def, Str name) {
  for (; def && def->name; def++)
    if (str_is(name, def->name)) return def;
  return NULL;
}

/* Without a command: a session. */
static const Verb *meant(const Cli *c) { return c->verb ? c->verb : &verb_repl; }

static void add_names(const OptDef *def, Str *known, size_t *n, Arena *a) {
  for (; def && def->name && *n < 64; def++) known[(*n)++] = str_of(arena_printf(a, "--%s", def->name));
}

static bool unknown_option(const Cli *c, Str name, Err *e) {
  Arena a = {0};
  Str known[64], wrong = str_of(arena_printf(&a, "--%.*s", STR_ARG(name)));
  size_t n = 0;
  err_set(e, ERR_USAGE, "unknown option %.*s", STR_ARG(wrong));
  add_names(meant(c)->opt, known, &n, &a);
  add_names(verb_common, known, &n, &a);
  src_suggest(e, wrong, known, n);
  arena_free(&a);
  if (c->verb) return err_todo(e, "its options: pareto help %s", c->verb->name);
  return err_todo(e, "the commands: pareto help");
}

static void keep(Cli *c, const OptDef *def, const char *value) {
  mem_grow(c->opt, c->capopt, c->nopt + 1);
  c->opt[c->nopt++] = (CliOpt){def, value};
}

/* One "--name", "--name=value" or "--name value" at argv[*i]. */
static bool read_option(Cli *c, int argc, char **argv, int *i, Err *e) {
  const char *text = argv[*i] + 2;
  const char *eq = strchr(text, '=');
  Str name = {text, eq ? (size_t)(eq - text) : strlen(text)};
  const OptDef *def = def_in(meant(c)->opt, name);
  if (!def) def = def_in(verb_common, name);
  if (!def) return unknown_option(c, name, e);
  if (!def->arg) {
    if (eq) return err_set(e, ERR_USAGE, "--%s takes no value", def->name);
    keep(c, def, "");
    return true;
  }
  if (eq) {
    keep(c, def, eq + 1);
    return true;
  }
  const char *value = *i + 1 < argc ? argv[*i + 1] : NULL;
  bool may_lack = def->arg[0] == '[', none = !value || (may_lack && strncmp(value, "--", 2) == 0);
  if (none && may_lack) {
    keep(c, def, "");
    return true;
  }
  if (none) {
    err_set(e, ERR_USAGE, "--%s needs a value", def->name);
    return err_todo(e, "--%s %s: %s", def->name, def->arg, _(def->about));
  }
  keep(c, def, argv[++*i]);
  return true;
}

/* Seconds: 90, 90s, 20min, 2h, 1d. */
bool opts_seconds(const char *text, double *out) {
  static const struct { const char *unit; double seconds; } units[] = {
      {"", 1}, {"s", 1}, {"min", 60}, {"m", 60}, {"h", 3600}, {"d", 86400}};
  char *end;
  *out = strtod(text, &end);
  if (end == text || !(*out >= 0)) return false;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (strcmp(end, units[i].unit) == 0) {
      *out *= units[i].seconds;
      return *out < 1e15;
    }
  return false;
}

/* The common options as values of the Cli. */
static bool take_common(Cli *c, Err *e) {
  const char *v;
  c->db = cli_opt(c, "db");
  if (!c->db) c->db = getenv("PARETO_DB");
  if (!c->db || !*c->db) c->db = "pareto.db";
  if ((v = cli_opt(c, "as-of"))) {
    if (!day_parse(str_of(v), &c->asof)) {
      err_set(e, ERR_USAGE, "--as-of: '%s' is no date", v);
      return err_todo(e, "write it as 2026-11-01");
    }
  } else {
    c->asof = day_today();
  }
  if ((v = cli_opt(c, "format"))) {
    if (!ui_format_parse(str_of(v), &c->format)) {
      err_set(e, ERR_USAGE, "--format: there is no format '%s'", v);
      return err_todo(e, "one of %s", _(def_in(verb_common, STR("format"))->about));
    }
    c->format_given = true;
  }
  c->output = cli_opt(c, "output");
  if (c->format_given && c->format == UI_XLSX && !c->output) {
    err_set(e, ERR_USAGE, "a spreadsheet needs a file");
    return err_todo(e, "add --output FILE.xlsx");
  }
  c->yes = cli_flag(c, "yes");
  c->no_input = cli_flag(c, "no-input");
  c->help = cli_flag(c, "help");
  c->seconds = -1;
  if ((v = cli_opt(c, "timeout")) && !opts_seconds(v, &c->seconds))
    return err_set(e, ERR_USAGE, "--timeout: '%s' is no number of seconds", v);
  int64_t seed = 1;
  if (!cli_opt_int(c, "seed", 0, &seed, e)) return false;
  c->seed = (uint64_t)seed;
  for (size_t i = 0; (v = cli_opt_at(c, "set", i)); i++) {
    const char *eq = strchr(v, '=');
    if (!eq || eq == v) {
      err_set(e, ERR_USAGE, "--set: '%s' does not name an argument", v);
      return err_todo(e, "write --set ARG=VALUE, as in --set window=24m");
    }
  }
  return true;
}

static bool check_arguments(const Cli *c, Err *e) {
  const Verb *v = c->verb;
  if (c->help || (c->narg >= v->least && (v->most < 0 || c->narg <= v->most))) return true;
  if (c->narg < v->least)
    err_set(e, ERR_USAGE, "%s: an argument is missing", v->name);
  else
    err_set(e, ERR_USAGE, "%s: '%s' is one argument too many", v->name, c->arg[v->most]);
  for (const char *const *u = v->usage; *u; u++) err_todo(e, "%s pareto %s", u == v->usage ? _("usage:") : "      ", *u);
  return false;
}

static bool unknown_verb(Str name, Err *e) {
  err_set(e, ERR_USAGE, "unknown command '%.*s'", STR_ARG(name));
  Str known[64];
  size_t n = 0;
  for (const Verb *const *v = verb_all(); *v && n < 64; v++) known[n++] = str_of((*v)->name);
  src_suggest(e, name, known, n);
  return err_todo(e, "the commands: pareto help");
}

/* Options may stand before the verb, and which options there are depends on the verb. */
static const char *verb_word(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], "--", 2) != 0) {
      if (argv[i][0] == '-' && argv[i][1]) continue;
      return argv[i];
    }
    if (!argv[i][2]) return i + 1 < argc ? argv[i + 1] : NULL;
    const OptDef *def = def_in(verb_common, str_of(argv[i] + 2));
    if (def && def->arg) i++;
  }
  return NULL;
}

/* The option "-n" of a verb that has one of that name, with a value. */
static const OptDef *one_letter(const Cli *c, const char *text) {
  if (text[0] != '-' || !text[1] || text[2] || !c->verb) return NULL;
  return def_in(c->verb->opt, str_of(text + 1));
}

bool opts_read(Cli *c, int argc, char **argv, Err *e) {
  c->arg = arena_zalloc(&c->arena, (size_t)argc + 1, sizeof *c->arg);
  const char *word = verb_word(argc, argv);
  if (word && !(c->verb = verb_find(str_of(word)))) return unknown_verb(str_of(word), e);
  bool options = true, verb_seen = false;
  for (int i = 1; i < argc; i++) {
    char *text = argv[i];
    if (!text) break;
    if (options && strcmp(text, "--") == 0) {
      options = false;
    } else if (options && strcmp(text, "-h") == 0) {
      keep(c, def_in(verb_common, STR("help")), "");
    } else if (options && strncmp(text, "--", 2) == 0) {
      if (!read_option(c, argc, argv, &i, e)) return false;
    } else if (options && one_letter(c, text)) { /* -n 5 is --n 5 */
      if (i + 1 >= argc) return err_set(e, ERR_USAGE, "%s needs a value", text);
      keep(c, one_letter(c, text), argv[++i]);
    } else if (options && text[0] == '-' && text[1]) {
      err_set(e, ERR_USAGE, "unknown option %s", text);
      return err_todo(e, "options have long names: --db, --as-of …; an argument that begins with - comes after --");
    } else if (!verb_seen) {
      verb_seen = true;
    } else {
      c->arg[c->narg++] = text;
    }
  }
  if (!take_common(c, e)) return false;
  return !c->verb || check_arguments(c, e);
}

void opts_free(Cli *c) {
  mem_free(c->opt);
  arena_free(&c->arena);
}

const char *cli_opt(const Cli *c, const char *name) {
  for (size_t i = c->nopt; i-- > 0;)
    if (strcmp(c->opt[i].def->name, name) == 0) return c->opt[i].value;
  return NULL;
}

bool cli_flag(const Cli *c, const char *name) { return cli_opt(c, name) != NULL; }

const char *cli_opt_at(const Cli *c, const char *name, size_t i) {
  for (size_t k = 0; k < c->nopt; k++)
    if (strcmp(c->opt[k].def->name, name) == 0 && i-- == 0) return c->opt[k].value;
  return NULL;
}

bool cli_opt_int(const Cli *c, const char *name, int64_t least, int64_t *out, Err *e) {
  const char *v = cli_opt(c, name);
  if (!v) return true;
  Arena a = {0};
  Val num;
  int64_t n;
  bool ok = num_parse(str_of(v), &num, &a) && num_int(num, &n) && n >= least;
  arena_free(&a);
  if (!ok) return err_set(e, ERR_USAGE, "--%s: '%s' is no whole number from %lld", name, v, (long long)least);
  *out = n;
  return true;
}

bool cli_opt_percent(const Cli *c, const char *name, double *out, Err *e) {
  const char *v = cli_opt(c, name);
  if (!v) return true;
  Str text = str_of(v);
  if (text.n && text.p[text.n - 1] == '%') text.n--;
  Arena a = {0};
  Val num;
  bool ok = num_parse(str_trim(text), &num, &a) && num_double(num) >= 0;
  if (ok) *out = num_double(num);
  arena_free(&a);
  return ok || err_set(e, ERR_USAGE, "--%s: '%s' is no percentage", name, v);
}
