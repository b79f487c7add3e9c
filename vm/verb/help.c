#include "verb/guide.h"
#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"
#include "verb/words.h"

#include "base/lang.h"

#include "lua/playbook.h"

static void pad(Buf *out, Str text, int width) {
  buf_str(out, text);
  int w = utf8_width(text);
  buf_fill(out, ' ', w < width ? (size_t)(width - w) : 1);
}

static void about_options(const OptDef *opt, Buf *out) {
  for (; opt->name; opt++) {
    Buf head = {0};
    buf_printf(&head, "  --%s%s%s", opt->name, opt->arg ? " " : "", opt->arg ? opt->arg : "");
    pad(out, buf_view(&head), 28);
    buf_printf(out, "%s%s\n", _(opt->about), opt->many ? _(" (repeatable)") : "");
    buf_free(&head);
  }
}

static void about_everything(Buf *out) {
  buf_say(out, "Pareto runs sales-strategy playbooks against a company's account database.\n\n"
             "  pareto [--db FILE] COMMAND …      without a command: a session\n\n");
  for (const Verb *const *v = verb_all(); *v; v++) {
    buf_puts(out, "  ");
    pad(out, str_of((*v)->name), 10);
    buf_printf(out, "%s\n", _((*v)->summary));
  }
  buf_say(out, "\nMore: pareto help COMMAND, pareto help PLAYBOOK (their names: pareto list)\n"
             "      pareto help rules, what a rule can say; pareto help account, its fields and measures\n"
             "      pareto help tables, pareto help scores: how to write them, with examples\n"
             "      pareto help feel, the dialect of DMN models\n\n"
             "Every command takes\n");
  about_options(verb_common, out);
  buf_say(out, "\nExit: 0 ok, 1 failed, 2 usage, 3 changes pending (plan --detailed-exitcode), 4 stale plan,\n"
             "5 database busy, 6 rows rejected, 124 timed out, 130 interrupted.\n");
}

static void about_verb(const Verb *v, Buf *out) {
  buf_printf(out, "pareto %s: %s\n\n", v->name, _(v->summary));
  for (const char *const *u = v->usage; *u; u++) buf_printf(out, "  pareto %s\n", *u);
  if (v->about) buf_printf(out, "\n%s\n", _(v->about));
  if (v->opt) {
    buf_char(out, '\n');
    about_options(v->opt, out);
  }
  buf_say(out, "\nOptions of every command: pareto help\n");
}

static void list_of(Buf *out, const char *head, const char *const *name) {
  if (!name || !*name) return;
  buf_puts(out, _(head));
  for (size_t i = 0; name[i]; i++) buf_printf(out, "%s %s", i ? "," : "", name[i]);
  buf_char(out, '\n');
}

static void about_args(const Playbook *p, const FmtEnv *env, Buf *out) {
  const ArgInfo *arg;
  size_t n = rules_arg_list(playbook_rules(p), &arg);
  bool company = playbook_kind(p) == RULEBOOK;
  if (n && company) buf_say(out, "\nSettings of the company (pareto set %s.NAME VALUE [--as-of DAY])\n", playbook_name(p));
  else if (n) buf_say(out, "\nArguments (--set NAME=VALUE)\n");
  for (size_t i = 0; i < n; i++) {
    Buf head = {0};
    buf_printf(&head, "  %.*s = %.*s", STR_ARG(arg[i].name), STR_ARG(arg[i].text));
    pad(out, buf_view(&head), 22);
    pad(out, arg[i].type, 10);
    buf_printf(out, "%.*s", STR_ARG(arg[i].about));
    if (company) {
      buf_say(out, "   now ");
      fmt_val(arg[i].val, arg[i].unit, FMT_NONE, env, out);
    }
    buf_char(out, '\n');
    buf_free(&head);
  }
}

static void about_metrics(const Rules *r, Buf *out) {
  const MetricInfo *m;
  size_t n = rules_metric_list(r, &m);
  if (n) buf_say(out, "\nMetrics\n");
  for (size_t i = 0; i < n; i++) {
    Buf head = {0};
    buf_printf(&head, "  %.*s%s%s", STR_ARG(m[i].name), m[i].unit ? " : " : "", unit_name(m[i].unit));
    pad(out, buf_view(&head), 22);
    buf_printf(out, "%.*s\n", STR_ARG(m[i].about.n ? m[i].about : m[i].text));
    buf_free(&head);
  }
}

static void about_fields(const Rules *r, Buf *out) {
  const FieldInfo *f;
  size_t n = rules_field_list(r, &f);
  if (n) buf_say(out, "\nColumns it adds\n");
  for (size_t i = 0; i < n; i++) {
    Buf head = {0};
    buf_printf(&head, "  %.*s.%.*s", STR_ARG(f[i].entity), STR_ARG(f[i].name));
    pad(out, buf_view(&head), 26);
    const Domain *d = f[i].type.domain;
    if (d) buf_say(out, d->ranked ? "ranked " : N_("one of "));
    for (size_t k = 0; d && k < d->n; k++) buf_printf(out, "%s%.*s", k ? ", " : "", STR_ARG(d->value[k]));
    if (!d) buf_puts(out, type_name(f[i].type.kind));
    if (f[i].about.n) buf_printf(out, "   %.*s", STR_ARG(f[i].about));
    buf_char(out, '\n');
    buf_free(&head);
  }
}

static void about_tables(const Rules *r, Buf *out) {
  const TableInfo *const *t;
  size_t n = rules_table_list(r, &t);
  if (n) buf_say(out, "\nDecision tables\n");
  for (size_t i = 0; i < n; i++) {
    buf_printf(out, "  %.*s: ", STR_ARG(t[i]->name));
    for (size_t k = 0; k < t[i]->nin; k++) buf_printf(out, "%s%.*s", k ? ", " : "", STR_ARG(t[i]->in[k]));
    buf_puts(out, " → ");
    for (size_t k = 0; k < t[i]->nout; k++) buf_printf(out, "%s%.*s", k ? ", " : "", STR_ARG(t[i]->out[k]));
    buf_say(out, " (%zu row%s)\n", t[i]->nrow, t[i]->nrow == 1 ? "" : "s");
  }
}

static void about_scores(const Rules *r, Buf *out) {
  const TableInfo *const *t;
  size_t n = rules_score_list(r, &t);
  if (n) buf_say(out, "\nScores\n");
  for (size_t i = 0; i < n; i++) {
    buf_printf(out, "  %.*s: ", STR_ARG(t[i]->name));
    score_about(t[i], out);
    buf_char(out, '\n');
  }
}

/* Text blocks are indented as the file is. */
static void about_text(const char *text, Buf *out) {
  for (Str rest = str_of(text); rest.p;) {
    buf_str(out, str_trim(str_split(rest, '\n', &rest)));
    buf_char(out, '\n');
  }
}

static void about_steps(const Playbook *p, Buf *out) {
  const ChainStep *st;
  size_t n = chain_steps(p, &st);
  if (playbook_every(p)) buf_say(out, "every:  %s\n", playbook_every(p));
  for (size_t i = 0; i < n; i++) {
    buf_printf(out, "%s  %zu  %s%s%.*s", i ? "" : _("\nSteps\n"), i + 1, st[i].what, st[i].file.text.n ? " " : "", STR_ARG(st[i].file.text));
    if (st[i].as) buf_say(out, " as %s", st[i].as);
    if (st[i].must.text.n) buf_say(out, ", must: %.*s", STR_ARG(st[i].must.text));
    if (st[i].when.text.n) buf_say(out, ", when %.*s", STR_ARG(st[i].when.text));
    if (st[i].max_percent >= 0) buf_say(out, ", max_percent %g", st[i].max_percent);
    if (st[i].approve) buf_say(out, ", waits for a signature");
    if (st[i].go_on) buf_say(out, ", passed over when it fails");
    buf_char(out, '\n');
  }
}

static void about_guards(const Playbook *p, Buf *out) {
  double percent = playbook_max_percent(p);
  int64_t changes = playbook_max_changes(p);
  if (percent < 0 && changes < 0) return;
  buf_say(out, "guards:");
  if (changes >= 0) buf_printf(out, " max_changes %lld%s", (long long)changes, percent >= 0 ? "," : "");
  if (percent >= 0) buf_printf(out, " max_percent %g", percent);
  buf_char(out, '\n');
}

static void about_playbook(const Playbook *p, const FmtEnv *env, Buf *out) {
  buf_printf(out, "%s: %s\n\n", playbook_name(p), playbook_title(p));
  if (*playbook_about(p)) {
    about_text(playbook_about(p), out);
    buf_char(out, '\n');
  }
  list_of(out, N_("writes:"), playbook_writes(p));
  list_of(out, N_("grants:"), playbook_grants(p));
  about_guards(p, out);
  list_of(out, N_("tags:  "), playbook_tags(p));
  buf_say(out, "file:   %s\n", playbook_path(p));
  about_steps(p, out);
  const Rules *r = playbook_rules(p);
  if (!r) {
    buf_say(out, "\nIts arguments and tables are shown where there is a database to check them against.\n");
    return;
  }
  about_args(p, env, out);
  about_metrics(r, out);
  about_scores(r, out);
  about_tables(r, out);
  about_fields(r, out);
}

static bool help_playbook(Cli *c, const char *name, Buf *out, Err *e) {
  Buf path = {0};
  Playbook *p = NULL;
  bool ok = playbook_find(name, &path, e) && playbook_load(path.p, &p, e);
  Err ignored = {0};
  if (ok && cli_store(c, STORE_READ, &ignored)) {
    play_grant(c, p);
    ok = playbook_check(p, c->store, e);
  }
  err_free(&ignored);
  const FmtEnv plain = {0};
  if (ok) about_playbook(p, c->store ? &store_host(c->store)->fmt : &plain, out);
  playbook_free(p);
  buf_free(&path);
  return ok;
}

static bool help_entity(Cli *c, const CatEntity *ent, Buf *out, Err *e) {
  if (!cli_store(c, STORE_READ, e)) return false;
  words_entity(c->store, ent, out);
  return true;
}

static bool help(Cli *c, Err *e) {
  Buf out = {0};
  bool ok = true;
  const Verb *v = c->narg ? verb_find(str_of(c->arg[0])) : NULL;
  if (c->narg == 0)
    about_everything(&out);
  else if (v)
    about_verb(v, &out);
  else if (str_is(str_of(c->arg[0]), "rules"))
    words_rules(&out);
  else if (str_is(str_of(c->arg[0]), "feel"))
    words_feel(&out);
  else if (guide_page(str_of(c->arg[0])))
    buf_puts(&out, guide_page(str_of(c->arg[0])));
  else if (words_function(str_of(c->arg[0]), &out))
    words_call(str_of(c->arg[0]), &out);
  else if (catalog_entity(str_of(c->arg[0])))
    ok = help_entity(c, catalog_entity(str_of(c->arg[0])), &out, e);
  else if (words_call(str_of(c->arg[0]), &out))
    ;
  else
    ok = help_playbook(c, c->arg[0], &out, e);
  if (ok) ok = out_text(c, buf_view(&out), e);
  buf_free(&out);
  return ok;
}

const Verb verb_help = {
  .name = "help",
  .summary = "explain a command, a playbook, the rules, a function, an entity",
  .usage = (const char *const[]){"help", "help COMMAND", "help PLAYBOOK", "help rules", "help tables", "help scores", "help feel", "help FUNCTION", "help ENTITY", NULL},
  .most = 1,
  .run = help,
};
