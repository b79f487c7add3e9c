#include "verb/play.h"

#include "verb/out.h"

#include <string.h>

static bool set_args(Cli *c, Playbook *p, Err *e) {
  const char *v;
  for (size_t i = 0; (v = cli_opt_at(c, "set", i)); i++) {
    const char *eq = strchr(v, '=');
    char *name = arena_strndup(&c->arena, v, (size_t)(eq - v));
    if (!playbook_set_arg(p, name, eq + 1, e)) return err_at(e, arena_printf(&c->arena, "--set %s", v), 0, 0);
  }
  return true;
}

bool play_open(Cli *c, const char *name, Play *out, Err *e) {
  Buf path = {0};
  bool ok = playbook_find(name, &path, e) && playbook_load(path.p, &out->playbook, e);
  buf_free(&path);
  if (!ok) return false;
  play_grant(c, out->playbook);
  return playbook_check(out->playbook, c->store, e) && set_args(c, out->playbook, e);
}

void play_grant(Cli *c, const Playbook *p) {
  const char *const *grants = playbook_grants(p);
  size_t n = 0;
  while (grants && grants[n]) n++;
  store_grant(c->store, grants, n);
}

void play_spec(Cli *c, Play *b) {
  playbook_args_text(b->playbook, &b->args);
  b->spec = (RunSpec){
    .what = playbook_name(b->playbook),
    .script = playbook_source(b->playbook),
    .args = b->args.p ? b->args.p : "",
    .asof = c->asof,
    .seed = c->seed,
    .writes = playbook_writes(b->playbook),
    .grants = playbook_grants(b->playbook),
    .max_percent = playbook_max_percent(b->playbook),
    .max_changes = playbook_max_changes(b->playbook),
    .seconds = c->seconds < 0 ? VERB_SECONDS : c->seconds,
  };
}

void play_close(Play *b) {
  playbook_free(b->playbook);
  buf_free(&b->args);
  *b = (Play){0};
}

bool play_guards(Cli *c, RunSpec *spec, Err *e) {
  const char *percent = cli_opt(c, "allow-percent"), *changes = cli_opt(c, "allow-changes");
  if (!cli_opt_percent(c, "allow-percent", &spec->max_percent, e) ||
      !cli_opt_int(c, "allow-changes", 0, &spec->max_changes, e))
    return false;
  if (percent || changes)
    spec->note = arena_printf(&c->arena, "guards loosened on purpose:%s%s%s%s", percent ? " --allow-percent " : "",
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
  else
    ok = out_text(c, buf_view(&text), e);
  buf_free(&text);
  return ok;
}

static bool runs(const Playbook *p, Err *e) {
  static const char *const other[] = {
    [RULEBOOK] = "a rulebook: it has rules to share and nothing to run",
    [CHAIN] = "a chain: run its steps one by one",
    [TESTS] = "a file of tests: pareto test runs it",
  };
  PlaybookKind kind = playbook_kind(p);
  return kind == PLAYBOOK || err_set(e, ERR_USAGE, "%s is %s", playbook_name(p), other[kind]);
}

bool play_plan(Cli *c, Play *b, Plan **plan, Err *e) {
  if (!runs(b->playbook, e)) return false;
  play_spec(c, b);
  if (!play_guards(c, &b->spec, e)) return false;
  if (!run_plan(c->store, &b->spec, playbook_run, b->playbook, plan, e)) return false;
  return out_report(c, plan_report(*plan), UI_TABLE, e) && show_difference(c, *plan, e);
}
