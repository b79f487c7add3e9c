#include "verb/chain_step.h"

#include "base/lang.h"

#include <stdio.h>
#include <string.h>

#include "lua/find.h"
#include "run/direct.h"
#include "run/planfile.h"
#include "verb/must.h"
#include "verb/opts.h"
#include "verb/out.h"
#include "verb/verbs.h"

enum { WORDS_MOST = 160 };

/* The command line of a step, as a person would have typed it. */
typedef struct Line {
  Cli cli;
  char *word[WORDS_MOST + 1];
  int n;
  Arena *a;
} Line;

static void word(Line *l, const char *text) {
  if (l->n < WORDS_MOST) l->word[l->n++] = arena_strndup(l->a, text, strlen(text));
}

static void option(Line *l, const char *name, const char *value) {
  word(l, arena_printf(l->a, "--%s", name));
  word(l, value);
}

static void begin_line(ChainRun *k, const ChainStep *st, Line *l, const char *verb, const char *what) {
  Buf day = {0};
  *l = (Line){.a = &k->c->arena};
  day_print(k->asof, &day);
  word(l, "pareto");
  option(l, "db", k->db);
  word(l, verb);
  word(l, "--yes");
  word(l, "--no-input");
  option(l, "as-of", day.p);
  option(l, "seed", arena_printf(l->a, "%llu", (unsigned long long)k->c->seed));
  double seconds = st->seconds > 0 ? st->seconds : k->c->seconds;
  if (seconds >= 0) option(l, "timeout", arena_printf(l->a, "%g", seconds));
  for (const char **v = st->set; v && *v; v++) option(l, "set", *v);
  word(l, "--");
  word(l, what);
  buf_free(&day);
}

static bool read_line(Line *l, Err *e) {
  l->word[l->n] = NULL;
  return opts_read(&l->cli, l->n, l->word, e);
}

static void end_line(Line *l) {
  store_close(l->cli.store);
  opts_free(&l->cli);
}

const char *step_title(ChainRun *k, const ChainStep *st) {
  if (st->kind == STEP_PLAYBOOK) return st->what;
  Buf file = {0};
  Err ignored = {0};
  bool ok = chain_text(k->p, st->file, k->asof, &file, &ignored);
  const char *slash = ok && file.p ? strrchr(file.p, '/') : NULL;
  const char *out = arena_printf(&k->c->arena, "%s %s", st->what, !ok || !file.p ? "" : slash ? slash + 1 : file.p);
  err_free(&ignored);
  buf_free(&file);
  return out;
}

/* --- a playbook */

static bool by_guard(const Err *e) { return e->kind == ERR_FAIL && e->what && strstr(e->what, "guard max_"); }

static bool show_plan(Cli *c, const Plan *p, Err *e) {
  Buf text = {0};
  if (!out_report(c, plan_report(p), UI_TABLE, e)) return false;
  plan_print(p, c->store, &text);
  bool ok = out_text(c, buf_view(&text), e);
  buf_free(&text);
  return ok;
}

static bool guarded(const Play *b) { return b->spec.max_percent >= 0 || b->spec.max_changes >= 0; }

/* Under the guards of the step, or else of the playbook. Where they stop it and a signature would do, without them. */
static bool make_plan(Cli *c, Play *b, const ChainStep *st, Plan **plan, bool *stopped, Err *e) {
  Err guard = {0};
  play_spec(c, b);
  if (st->max_percent >= 0) b->spec.max_percent = st->max_percent;
  if (st->max_changes >= 0) b->spec.max_changes = st->max_changes;
  *stopped = false;
  if (run_plan(c->store, &b->spec, playbook_run, b->playbook, plan, &guard)) {
    *stopped = st->approve && !guarded(b) && !plan_empty(*plan);
    return true;
  }
  if (!st->approve || !by_guard(&guard)) {
    err_move(e, &guard);
    return false;
  }
  out_say("%s", guard.what);
  err_free(&guard);
  *stopped = true;
  b->spec.max_percent = -1;
  b->spec.max_changes = -1;
  return run_plan(c->store, &b->spec, playbook_run, b->playbook, plan, e);
}

static StepEnd keep_plan(ChainRun *k, Cli *c, Plan *p, char **name, Err *e) {
  Buf where = {0};
  if (k->plan) {
    out_say("here it would wait for a signature");
    return STEP_DONE;
  }
  bool ok = plan_save(p, c->db, NULL, &where, e);
  if (ok) *name = arena_strndup(&k->c->arena, plan_name(p), strlen(plan_name(p)));
  buf_free(&where);
  return ok ? STEP_WAITS : STEP_FAILS;
}

StepEnd step_playbook(ChainRun *k, const ChainStep *st, char **waits, Err *e) {
  Line l;
  Play play = {0};
  Plan *plan = NULL;
  Buf path = {0};
  bool stopped = false;
  int64_t run = 0;
  StepEnd end = STEP_FAILS;
  if (!chain_playbook(k->p, st, &path, e)) goto done;
  begin_line(k, st, &l, "run", path.p);
  bool ok = read_line(&l, e) && cli_store(&l.cli, STORE_WRITE, e) && play_open(&l.cli, path.p, &play, e) &&
            play_runs(play.playbook, false, e) && make_plan(&l.cli, &play, st, &plan, &stopped, e) && show_plan(&l.cli, plan, e);
  if (ok && stopped) end = keep_plan(k, &l.cli, plan, waits, e);
  if (ok && (!stopped || (k->plan && end == STEP_DONE)) && play_apply(&l.cli, &play, &plan, &run, e)) {
    end = STEP_DONE;
    if (!k->plan) play_applied(run, plan_changes(plan));
  } else if (ok && !stopped) {
    end = STEP_FAILS;
  }
  plan_free(plan);
  play_close(&play);
  end_line(&l);
done:
  buf_free(&path);
  return end;
}

/* --- an import */

/* "map: revenue = amount * 100", a line each; empty lines and // say nothing. */
static bool add_mapping(ChainRun *k, const char *name, Line *l, Err *e) {
  Buf path = {0}, text = {0};
  bool ok = chain_mapping(k->p, name, &path, e) && find_read(path.p, &text, e);
  int line = 0;
  for (Str rest = buf_view(&text); ok && rest.p && rest.n;) {
    Str all = str_split(rest, '\n', &rest), value, one = str_trim(all);
    line++;
    if (!one.n || str_starts(one, "//") || *one.p == '#') continue;
    Str key = str_trim(str_split(one, ':', &value));
    const OptDef *def = verb_import.opt;
    while (def->name && !str_is(key, def->name)) def++;
    if (!def->name || (def->arg && !value.p)) {
      ok = err_set(e, ERR_USAGE, "%.*s is no option of an import", STR_ARG(key));
      err_at(e, path.p, line, 1);
      err_todo(e, "a line is   map: revenue = amount * 100   or   dates: d.m.y; the options: pareto help import");
      break;
    }
    word(l, arena_printf(l->a, "--%s", def->name));
    if (def->arg) word(l, arena_strndup(l->a, str_trim(value).p, str_trim(value).n));
  }
  buf_free(&path);
  buf_free(&text);
  return ok;
}

StepEnd step_import(ChainRun *k, const ChainStep *st, Err *e) {
  Line l = {.a = &k->c->arena}, head;
  Buf file = {0};
  bool ok = chain_text(k->p, st->file, k->asof, &file, e);
  if (ok) {
    begin_line(k, st, &head, "import", file.p ? file.p : "");
    head.n -= 2; /* the file comes behind the options */
    l = head;
    option(&l, "as", st->as);
    if (st->must.text.n) option(&l, "must", arena_strndup(l.a, st->must.text.p, st->must.text.n));
    ok = (!st->mapping || add_mapping(k, st->mapping, &l, e));
    word(&l, "--");
    word(&l, file.p ? file.p : "");
    must_know(playbook_rules(k->p));
    ok = ok && read_line(&l, e) && l.cli.verb->run(&l.cli, e);
    must_know(NULL);
    if (ok && l.cli.exit_code) ok = err_set(e, ERR_REJECTED, "rows of %s were rejected", file.p);
    end_line(&l);
  }
  buf_free(&file);
  return ok ? STEP_DONE : STEP_FAILS;
}

/* --- the report */

static bool add_run(Store *s, const JobStep *done, Report *out, Err *e) {
  Arena a = {0};
  Val v, bind = val_int(done->run);
  Report one = {0};
  report_note(out, str_of(arena_printf(&out->arena, "%d  %s", done->step, done->what)));
  bool ok = store_value(s, "SELECT report FROM run WHERE id = ?1", &bind, 1, &a, &v, e);
  if (ok && v.t == V_TEXT && v.n && !str_starts(val_str(v), "personal:")) {
    ok = report_decode(val_str(v), &one, e);
    for (size_t i = 0; ok && i < one.n; i++) *report_add(out, one.item[i].kind) = one.item[i];
    arena_join(&out->arena, &one.arena);
    report_free(&one);
  }
  arena_free(&a);
  return ok;
}

static bool add_steps(ChainRun *k, Store *s, Report *out, Err *e) {
  static const UiColumn col[] = {UI_WORD("step"), UI_WORD("what"), UI_WORD("state"), UI_WORD("run"),
                                 UI_WORD("changes"), UI_WORD("detail")};
  enum { COLS = sizeof col / sizeof *col };
  JobStep *step;
  size_t n;
  Val *cell;
  Arena *a = &out->arena;
  if (!job_steps(s, k->run, a, &step, &n, e)) return false;
  report_table(out, STR(N_("Steps")), col, COLS, n, &cell)->table.words = true;
  for (size_t i = 0; i < n; i++) {
    Val changes = val_null(), bind = val_int(step[i].run);
    if (step[i].run && !store_value(s, "SELECT changes FROM run WHERE id = ?1", &bind, 1, a, &changes, e)) return false;
    Val row[COLS] = {val_int(step[i].step), val_text(str_of(step[i].what)), val_text(str_of(step[i].state)),
                     step[i].run ? bind : val_null(), changes, step[i].detail ? val_text(str_of(step[i].detail)) : val_null()};
    memcpy(cell + i * COLS, row, sizeof row);
  }
  for (size_t i = 0; i < n; i++)
    if (step[i].run && strncmp(step[i].what, "import ", 7) != 0 && !add_run(s, &step[i], out, e)) return false;
  return true;
}

typedef struct Sending {
  const char *name;
  const char **to;
  Str body;
} Sending;

static bool put_out(void *ctx, Store *s, Err *e) {
  const Sending *x = ctx;
  static const char *const nobody[] = {"", NULL};
  const char *const *to = x->to ? (const char *const *)x->to : nobody;
  Arena a = {0};
  Val run;
  bool ok = store_value(s, "SELECT coalesce(max(id), 0) + 1 FROM run", NULL, 0, &a, &run, e);
  for (int seq = 1; ok && *to; to++, seq++) {
    Val body = val_text(x->body);
    body.flags = VAL_BLOB;
    Val bind[] = {run, val_int(seq), val_text(str_of(**to ? "message" : "file")), val_text(str_of(*to)), val_text(str_of(x->name)), body};
    ok = store_exec(s, "INSERT INTO outbox(run, seq, kind, target, name, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", bind, 6, e);
  }
  arena_free(&a);
  return ok;
}

static UiFormat format_of(const char *name) {
  const char *dot = strrchr(name, '.');
  UiFormat f = UI_TABLE;
  if (dot && !ui_format_parse(str_of(dot + 1), &f)) f = UI_TABLE;
  return f == UI_XLSX ? UI_TABLE : f;
}

StepEnd step_report(ChainRun *k, const ChainStep *st, Err *e) {
  Store *s = NULL;
  Report rep = {0};
  Buf name = {0}, body = {0};
  int64_t run = 0, changes = 0;
  if (k->plan) return STEP_DONE;
  bool ok = chain_text(k->p, st->file, k->asof, &name, e) && store_open(k->db, STORE_WRITE, &s, e);
  if (ok) {
    Buf day = {0};
    day_print(k->asof, &day);
    char *head = arena_printf(&rep.arena, "%s · %s", playbook_title(k->p), day.p);
    report_note(&rep, str_of(head));
    buf_free(&day);
    ok = add_steps(k, s, &rep, e);
  }
  if (ok) {
    UiStyle style = {.env = &store_host(s)->fmt};
    report_print(&rep, format_of(name.p), &style, &body);
    Sending x = {.name = name.p, .to = st->to, .body = buf_view(&body)};
    ok = run_direct(s, arena_printf(&k->c->arena, "report %s", name.p), playbook_name(k->p), k->asof, put_out, &x, &run, &changes, e);
    if (ok) out_say("run %lld: %s is on its way", (long long)run, name.p);
  }
  store_close(s);
  report_free(&rep);
  buf_free(&name);
  buf_free(&body);
  return ok ? STEP_DONE : STEP_FAILS;
}
