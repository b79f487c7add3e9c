#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "base/lang.h"
#include "run/json.h"

typedef struct Judge {
  Cli *c;
  Play play;
  Eval *ev;
  int64_t id;
  Buf out;
} Judge;

static bool sentence(Judge *j, const char *text, Str *out, Err *e) {
  Src src = {.text = str_of(text)};
  Expr *x = rules_expr(playbook_rules(j->play.playbook), NULL, src, WANT_TEMPLATE, NULL, 0, e);
  Val v;
  if (!x || !eval_expr(j->ev, x, &j->id, 1, &v, e)) return false;
  *out = v.t == V_TEXT ? val_str(v) : (Str){0};
  return true;
}

static void indented(Str text, Buf *out) {
  for (Str rest = text; rest.p && rest.n;) {
    Str line = str_split(rest, '\n', &rest);
    if (line.n) buf_printf(out, "    %.*s\n", STR_ARG(line));
  }
}

static void say_outputs(const Judge *j, const Decision *d, Buf *out) {
  FmtEnv env = store_host(j->c->store)->fmt;
  for (size_t k = 0; k < d->table->nout; k++) {
    buf_printf(out, "%s%.*s ", k ? ", " : "", STR_ARG(d->table->out[k]));
    fmt_val(d->out[k], UNIT_NONE, FMT_NONE, &env, out);
  }
}

static void words(Judge *j, const Decision *d, Buf *why) {
  Arena a = {0};
  decision_why(j->ev, d->table, d->row[0], d->blocked[0], d->in, why);
  const Str *root = decision_roots(j->ev, d, &a);
  if (root) buf_str(why, root[0]);
  arena_free(&a);
}

static void say_table(Judge *j, const Decision *d) {
  Buf why = {0};
  words(j, d, &why);
  buf_printf(&j->out, "  %.*s: ", STR_ARG(d->table->name));
  say_outputs(j, d, &j->out);
  buf_char(&j->out, '\n');
  indented(buf_view(&why), &j->out);
  buf_free(&why);
}

static void json_table(Judge *j, const Decision *d, bool first) {
  Buf why = {0};
  words(j, d, &why);
  buf_printf(&j->out, "%s{\"table\":", first ? "" : ",");
  json_text(d->table->name, &j->out);
  buf_printf(&j->out, ",\"row\":%d,\"blocked\":%d,\"inputs\":", (int)d->row[0], (int)d->blocked[0]);
  json_object(d->table->in, d->in, d->table->nin, &j->out);
  buf_puts(&j->out, ",\"outputs\":");
  json_object(d->table->out, d->out, d->table->nout, &j->out);
  buf_puts(&j->out, ",\"why\":");
  json_text(buf_view(&why), &j->out);
  buf_char(&j->out, '}');
  buf_free(&why);
}

/* The tables that `verdict` leans on, and it last. */
static bool decide_all(Judge *j, bool json, Err *e) {
  const TableInfo *verdict = rules_table_info(playbook_rules(j->play.playbook), STR("verdict"));
  if (!verdict) return err_set(e, ERR_FAIL, "%s has no table verdict", playbook_name(j->play.playbook));
  const Decision *d;
  for (size_t i = 0; i <= verdict->nlean; i++) {
    Str name = i < verdict->nlean ? verdict->lean[i] : verdict->name;
    const TableInfo *t = rules_table_info(playbook_rules(j->play.playbook), name);
    if (!t || t->score || t->entity != verdict->entity) continue; /* of accounts: shown as the figures they give */
    if (!eval_decide(j->ev, name, &j->id, 1, &d, e)) return false;
    if (json) json_table(j, d, buf_view(&j->out).p[j->out.n - 1] == '[');
    else say_table(j, d);
  }
  return true;
}

static bool say_quote(Judge *j, Err *e) {
  Str head, stands;
  if (!sentence(j, _("{code}  {account.name} · {count(lines)} lines · list {list_value:¥} · asks {list_value - given_away:¥} "
                     "({given_away / list_value:%} off, {given_away:¥})"), &head, e) ||
      !sentence(j, "{status}", &stands, e))
    return false;
  buf_printf(&j->out, "%.*s\n", STR_ARG(head));
  if (!str_is(stands, "requested"))
    buf_say(&j->out, "it is %.*s, no open request; this is how it would be judged on this day\n", STR_ARG(stands));
  return decide_all(j, false, e);
}

static bool json_quote(Judge *j, Err *e) {
  Str stands;
  if (!sentence(j, "{status}", &stands, e)) return false;
  buf_puts(&j->out, "{\"quote\":");
  json_text(str_of(j->c->arg[0]), &j->out);
  buf_puts(&j->out, ",\"as_of\":\"");
  day_print(j->c->asof, &j->out);
  buf_puts(&j->out, "\",\"status\":");
  json_text(stands, &j->out);
  buf_puts(&j->out, ",\"tables\":[");
  if (!decide_all(j, true, e)) return false;
  buf_puts(&j->out, "]}\n");
  return true;
}

static bool find(Judge *j, Err *e) {
  const CatEntity *quote = catalog_entity(STR("quote"));
  j->id = store_find(j->c->store, quote, str_of(j->c->arg[0]));
  if (!j->id) return err_set(e, ERR_FAIL, "there is no quote %s", j->c->arg[0]);
  if (rules_entity(playbook_rules(j->play.playbook)) == quote->number) return true;
  return err_set(e, ERR_FAIL, "%s decides no quotes", playbook_name(j->play.playbook));
}

static bool judge(Cli *c, Err *e) {
  const char *name = cli_opt(c, "by");
  Judge j = {.c = c};
  bool json = false;
  if (!out_words_or_json(c, &json, e) || !cli_store(c, STORE_READ, e)) return false;
  json = json || cli_opt(c, "json");
  bool ok = store_begin_read(c->store, e) && play_open(c, name ? name : "concession-judge", &j.play, e) && find(&j, e);
  if (ok) {
    j.ev = eval_new(playbook_rules(j.play.playbook), c->asof);
    ok = (json ? json_quote : say_quote)(&j, e) && out_text(c, buf_view(&j.out), e);
    eval_free(j.ev);
  }
  store_end_read(c->store);
  play_close(&j.play);
  buf_free(&j.out);
  return ok;
}

static const OptDef options[] = {
  {"by", "PLAYBOOK", "whose table `verdict` judges it (default: concession-judge)", false},
  {"json", NULL, "the same as --format json, for another system", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_judge = {
  .name = "judge",
  .summary = "judge one price request: every row passed or missed, with reasons",
  .usage = (const char *const[]){"judge QUOTE [--json] [--by PLAYBOOK] [--set ARG=VALUE]… [--as-of DAY]", NULL},
  .about = "Nothing is written: pareto run concession-judge judges all open requests and records it.",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = judge,
};
