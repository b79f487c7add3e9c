#include "verb/chain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/actor.h"
#include "run/duty.h"
#include "run/joblock.h"
#include "run/keeper.h"
#include "run/planfile.h"
#include "store/backup.h"
#include "verb/chain_step.h"
#include "verb/out.h"

/* --- rows of the log */

/* In a transaction of its own. */
static bool in_one(Store *s, bool (*put)(Store *, const void *, int64_t, Err *), const void *row, int64_t id, Err *e) {
  if (!store_begin(s, e)) return false;
  if (put(s, row, id, e) && store_commit(s, e)) return true;
  store_rollback(s);
  return false;
}

static bool put_step(Store *s, const void *row, int64_t id, Err *e) { return job_step_put(s, id, row, e); }
static bool put_run(Store *s, const void *row, int64_t id, Err *e) { return (void)id, job_run_put(s, row, e); }

static bool mark(ChainRun *k, size_t i, const char *state, const char *plan, const char *detail, Err *e) {
  if (k->plan) return true;
  JobStep st = {.step = (int)i + 1, .what = step_title(k, &k->step[i]), .state = state, .plan = plan, .detail = detail, .at = keeper_clock()};
  return in_one(k->c->store, put_step, &st, k->run, e);
}

static bool is_done(const JobStep *d) { return d->state && (strcmp(d->state, "ok") == 0 || strcmp(d->state, "skipped") == 0 || strcmp(d->state, "approved") == 0); }

/* Steps are known by their number: what is done must be what the file still says, or another step would be passed over. */
static bool still_so(ChainRun *k, const JobStep *was, Err *e) {
  const char *now = was->step >= 1 && (size_t)was->step <= k->n ? step_title(k, &k->step[was->step - 1]) : NULL;
  if (!is_done(was) || (now && strcmp(now, was->what) == 0)) return true;
  err_set(e, ERR_STALE, "%s was edited since run %lld began: step %d was %s and is %s now", playbook_name(k->p), (long long)k->run, was->step,
          was->what, now ? now : "gone");
  return err_todo(e, "put that step back, or begin anew: pareto run %s", playbook_name(k->p));
}

/* What the steps did, by their record: step i + 1 is done[i]. */
static bool read_done(ChainRun *k, Err *e) {
  JobStep *there;
  size_t n;
  k->done = arena_zalloc(&k->c->arena, k->n, sizeof *k->done);
  if (k->plan) return true;
  if (!job_steps(k->c->store, k->run, &k->c->arena, &there, &n, e)) return false;
  for (size_t i = 0; i < n; i++) {
    if (!still_so(k, &there[i], e)) return false;
    if (there[i].step >= 1 && (size_t)there[i].step <= k->n) k->done[there[i].step - 1] = there[i];
  }
  return true;
}

/* --- steps */

static bool wanted(ChainRun *k, const ChainStep *st, bool *yes, Err *e) {
  *yes = true;
  return !st->when.text.n || chain_holds(k->p, st->when, NULL, 0, k->asof, yes, e);
}

static StepEnd do_step(ChainRun *k, size_t i, char **plan, Err *e) {
  const ChainStep *st = &k->step[i];
  Duty was = {0}, mine;
  if (duty_now()) was = *duty_now();
  if (!k->plan) {
    mine = (Duty){.actor = was.actor, .owner = was.owner, .run = k->run, .step = (int)i + 1, .what = step_title(k, st)};
    duty_take(&mine);
  }
  StepEnd end = st->kind == STEP_PLAYBOOK ? step_playbook(k, st, plan, e) : st->kind == STEP_IMPORT ? step_import(k, st, e) : step_report(k, st, e);
  if (!k->plan) duty_take(was.run ? &was : NULL);
  return end;
}

static const char *said(Cli *c, const Err *e) { return e->file ? arena_printf(&c->arena, "%s: %s", e->file, e->what) : e->what; }

static bool failed(ChainRun *k, size_t i, Err *own, Err *e) {
  const ChainStep *st = &k->step[i];
  bool ended = own->kind == ERR_INTERRUPT || own->kind == ERR_BUSY;
  Err ignored = {0};
  if (!mark(k, i, "failed", NULL, said(k->c, own), &ignored)) err_free(&ignored);
  if (st->go_on && !ended) {
    out_say("step %zu, %s, failed: %s; going on", i + 1, step_title(k, st), said(k->c, own));
    err_free(own);
    return true;
  }
  err_move(e, own);
  if (!k->plan) err_todo(e, "step %zu of %zu; when it is mended: pareto run %s --resume %lld", i + 1, k->n, playbook_name(k->p), (long long)k->run);
  if (i && !k->plan) { /* what the step says of itself is not true of the chain */
    mem_free(e->left);
    e->left = NULL;
  }
  return err_left(e, "the steps before are done");
}

/* *waits: the step that waits, from 1; 0 = none. */
static bool do_steps(ChainRun *k, size_t *waits, Err *e) {
  *waits = 0;
  for (size_t i = 0; i < k->n; i++) {
    bool yes;
    char *plan = NULL;
    Err own = {0};
    if (i < k->from || is_done(&k->done[i])) continue;
    if (!stop_check(e)) return false;
    out_say("%zu of %zu  %s", i + 1, k->n, step_title(k, &k->step[i]));
    if (!wanted(k, &k->step[i], &yes, e)) return false;
    if (!yes) {
      out_say("  not this time: %.*s", STR_ARG(k->step[i].when.text));
      if (!mark(k, i, "skipped", NULL, "not this time", e)) return false;
      continue;
    }
    StepEnd end = do_step(k, i, &plan, &own);
    if (end == STEP_WAITS) {
      *waits = i + 1;
      return mark(k, i, "waiting", plan, NULL, e);
    }
    if (end == STEP_FAILS && !failed(k, i, &own, e)) return false;
    if (end == STEP_DONE && k->plan) continue;
    JobStep *there = NULL;
    size_t n = 0, m = 0;
    if (!job_steps(k->c->store, k->run, &k->c->arena, &there, &n, e)) return false;
    while (m < n && there[m].step != (int)i + 1) m++;
    if (end == STEP_DONE && (m == n || strcmp(there[m].state, "ok") != 0) && !mark(k, i, "ok", NULL, NULL, e)) return false; /* nothing to record */
  }
  return true;
}

/* --- the run as a whole */

typedef struct Whole {
  JobRun row;
  int lock;       /* -1: a keeper holds it */
  bool scheduled; /* a keeper looks after the row */
  size_t from;    /* steps before this one are not tried again */
} Whole;

/* --set name=value of the command line, a line each. */
static void given_args(Cli *c, Buf *out) {
  const char *given;
  for (size_t i = 0; (given = cli_opt_at(c, "set", i)); i++) buf_printf(out, "%s%s", i ? "\n" : "", given);
}

/* The args with which a run of the chain began. */
static bool keep_args(Cli *c, Playbook *p, const JobRun *r, Err *e) {
  bool ok = true;
  for (Str rest = str_of(r->args); ok && rest.p && rest.n;) {
    Str one = str_split(rest, '\n', &rest), value, name = str_split(one, '=', &value);
    ok = playbook_set_arg(p, arena_strndup(&c->arena, name.p, name.n), arena_strndup(&c->arena, value.p, value.n), e);
  }
  return ok;
}

/* What is taken up again keeps its day and its args: steps that are done stand on them. */
static bool same_question(Cli *c, Playbook *p, const JobRun *r, Err *e) {
  Buf args = {0}, day = {0};
  given_args(c, &args);
  bool other = args.n && !str_eq(buf_view(&args), str_of(r->args));
  buf_free(&args);
  if (cli_opt(c, "as-of") && c->asof != r->asof) {
    day_print(r->asof, &day);
    err_set(e, ERR_USAGE, "run %lld looks back from %s, and goes on so", (long long)r->id, day.p);
    buf_free(&day);
  } else if (other) {
    err_set(e, ERR_USAGE, "run %lld began with other args, and goes on with them", (long long)r->id);
  } else {
    return keep_args(c, p, r, e);
  }
  return err_todo(e, "without --as-of and --set: pareto run %s --resume %lld; or begin anew: pareto run %s", c->arg[0], (long long)r->id, c->arg[0]);
}

static bool new_row(Cli *c, Playbook *p, Whole *w, Err *e) {
  Buf who = {0}, args = {0};
  int64_t now = keeper_clock();
  bool taken;
  char *folder = getcwd(NULL, 0);
  given_args(c, &args);
  actor_login(&who);
  w->row = (JobRun){.name = playbook_name(p), .target = c->arg[0], .state = "queued", .due = now, .n = 1, .asof = c->asof, .attempt = 1,
                    .began = now, .args = arena_strndup(&c->arena, args.p ? args.p : "", args.n), .folder = arena_strndup(&c->arena, folder ? folder : "", folder ? strlen(folder) : 0),
                    .owner = arena_strndup(&c->arena, who.p, who.n), .code = -1};
  free(folder);
  buf_free(&who);
  buf_free(&args);
  if (!store_begin(c->store, e)) return false;
  if (job_claim(c->store, &w->row, now, &w->row.id, &taken, e) && store_commit(c->store, e)) return true;
  store_rollback(c->store);
  return false;
}

static bool old_row(Cli *c, Playbook *p, int64_t id, Whole *w, Err *e) {
  bool found;
  if (!job_run_of(c->store, id, &c->arena, &w->row, &found, e)) return false;
  if (!found) return err_set(e, ERR_USAGE, "there is no run %lld of a chain", (long long)id);
  if (strcmp(w->row.target, c->arg[0]) != 0 && strcmp(w->row.name, playbook_name(p)) != 0)
    return err_set(e, ERR_USAGE, "run %lld is one of %s", (long long)id, w->row.target);
  if (strcmp(w->row.state, "ok") == 0) return err_set(e, ERR_USAGE, "run %lld has ended well: there is nothing left of it", (long long)id);
  return same_question(c, p, &w->row, e);
}

static bool begin_whole(Cli *c, Playbook *p, int64_t resume, Whole *w, Err *e) {
  const Duty *duty = duty_now();
  bool found;
  *w = (Whole){.lock = -1};
  if (duty && !resume) {
    w->scheduled = true;
    return job_run_of(c->store, duty->run, &c->arena, &w->row, &found, e);
  }
  if (!actor_may_write(c->store, e) || !(resume ? old_row(c, p, resume, w, e) : new_row(c, p, w, e))) return false;
  w->lock = joblock_take(store_path(c->store), settle_lock(&w->row, &c->arena), e);
  if (w->lock < 0) return e->kind ? false : err_set(e, ERR_BUSY, "run %lld is being worked on", (long long)w->row.id);
  w->row.state = "running";
  w->row.ended = w->row.again = 0;
  w->row.detail = NULL;
  return in_one(c->store, put_run, &w->row, 0, e);
}

static const char *summary(ChainRun *k, size_t waits) {
  size_t bad = 0;
  Err ignored = {0};
  if (waits) return arena_printf(&k->c->arena, "step %zu, %s, waits for a signature", waits, step_title(k, &k->step[waits - 1]));
  if (read_done(k, &ignored))
    for (size_t i = 0; i < k->n; i++) bad += k->done[i].state && strcmp(k->done[i].state, "failed") == 0;
  err_free(&ignored);
  return bad ? arena_printf(&k->c->arena, "%zu step%s failed and %s passed over", bad, bad == 1 ? "" : "s", bad == 1 ? "was" : "were") : NULL;
}

static bool set_steps(ChainRun *k, Whole *w, Err *e) {
  if (w->row.steps && w->row.steps != (int)k->n)
    out_say("%s has %zu steps now, %d when run %lld began", playbook_name(k->p), k->n, w->row.steps, (long long)k->run);
  w->row.steps = (int)k->n;
  w->row.detail = NULL;
  return in_one(k->c->store, put_run, &w->row, 0, e);
}

static bool end_whole(ChainRun *k, Whole *w, bool ok, size_t waits, Err *e) {
  const char *detail = ok ? summary(k, waits) : said(k->c, e);
  Err own = {0};
  w->row.detail = detail;
  if (!w->scheduled) {
    w->row.state = waits ? "waiting" : ok ? "ok" : e->kind == ERR_TIMEOUT ? "timeout" : "failed";
    w->row.ended = keeper_clock();
    w->row.code = ok ? 0 : (int)e->kind;
  }
  if (!in_one(k->c->store, put_run, &w->row, 0, &own) && ok) {
    err_move(e, &own);
    ok = false;
  }
  err_free(&own);
  if (w->lock >= 0) close(w->lock);
  w->lock = -1;
  if (ok && waits) {
    out_say("run %lld: %s", (long long)k->run, detail);
    out_say("  what it would do: pareto schedule log %lld; to sign: pareto approve %lld", (long long)k->run, (long long)k->run);
    k->c->exit_code = ERR_PENDING;
  } else if (ok) {
    out_say("run %lld: %s has ended%s%s", (long long)k->run, playbook_name(k->p), detail ? "; " : "", detail ? detail : "");
  }
  return ok;
}

static bool go(Cli *c, Playbook *p, Whole *w, Err *e) {
  ChainRun k = {.c = c, .p = p, .db = c->db, .run = w->row.id, .from = w->from};
  size_t waits = 0;
  k.n = chain_steps(p, &k.step);
  bool ok = chain_day(p, w->row.asof, &k.asof, e) && chain_begin(p, k.asof, e) && read_done(&k, e) && set_steps(&k, w, e) &&
            do_steps(&k, &waits, e);
  return end_whole(&k, w, ok, waits, e);
}

bool chain_run(Cli *c, Playbook *p, int64_t resume, Err *e) {
  Whole w;
  if (!begin_whole(c, p, resume, &w, e)) {
    if (w.lock >= 0) close(w.lock);
    return false;
  }
  return go(c, p, &w, e);
}

/* --- on a copy */

bool chain_plan(Cli *c, Playbook *p, Err *e) {
  const char *temp = getenv("TMPDIR");
  char *folder = arena_printf(&c->arena, "%s/pareto-chain-XXXXXX", temp && *temp ? temp : "/tmp");
  if (!mkdtemp(folder)) return err_set(e, ERR_FAIL, "%s cannot be made", folder);
  char *copy = arena_printf(&c->arena, "%s/copy.db", folder);
  ChainRun k = {.c = c, .p = p, .db = copy, .plan = true};
  size_t waits;
  k.n = chain_steps(p, &k.step);
  bool ok = store_backup_file(c->store, copy, e) && chain_day(p, c->asof, &k.asof, e) && chain_begin(p, k.asof, e) && read_done(&k, e) &&
            do_steps(&k, &waits, e);
  static const char *const end[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < 3; i++) unlink(arena_printf(&c->arena, "%s%s", copy, end[i]));
  rmdir(folder);
  if (ok) out_say("nothing was written");
  return ok || err_left(e, "nothing was written");
}

/* --- a signature */

bool chain_waits(Store *s, const char *number, int64_t *id, Err *e) {
  Arena a = {0};
  JobRun r = {0};
  bool found = false;
  char *end;
  *id = strtoll(number, &end, 10);
  bool ok = end == number || *end || job_run_of(s, *id, &a, &r, &found, e);
  if (!found || strcmp(r.state, "waiting") != 0) *id = 0;
  arena_free(&a);
  return ok;
}

static bool waiting_step(Cli *c, int64_t id, JobStep *out, Err *e) {
  JobStep *st = NULL;
  size_t n = 0;
  if (!job_steps(c->store, id, &c->arena, &st, &n, e)) return false;
  for (size_t i = 0; i < n; i++)
    if (strcmp(st[i].state, "waiting") == 0) {
      *out = st[i];
      return true;
    }
  return err_set(e, ERR_USAGE, "run %lld waits for no signature", (long long)id);
}

static bool apply_plan(Cli *c, const JobStep *st, const JobRun *r, Err *e) {
  Plan *kept = NULL, *fresh = NULL;
  Play play = {0};
  int64_t run = 0;
  Day asof = c->asof;
  Duty mine = {.run = r->id, .step = st->step, .what = st->what};
  bool ok = plan_load(c->db, st->plan, &kept, e) && play_reopen(c, kept, &play, e) && play_again(c, &play, kept, &fresh, e) &&
            plan_adopt(fresh, kept, c->store, e);
  if (!ok) err_todo(e, "to plan this step again: pareto run %s --resume %lld --yes", r->target, (long long)r->id);
  duty_take(&mine);
  ok = ok && play_apply(c, &play, &fresh, &run, e);
  duty_take(NULL);
  if (ok) play_applied(run, plan_changes(fresh));
  plan_free(fresh);
  plan_free(kept);
  play_close(&play);
  c->asof = asof;
  store_set_day(c->store, asof);
  return ok;
}

static bool say_who(Cli *c, const JobRun *r, JobStep *st, const char *state, const char *text, Err *e) {
  Buf who = {0};
  bool ok = actor_name(c->store, &who, e);
  JobStep *now = NULL;
  size_t n = 0;
  ok = ok && job_steps(c->store, r->id, &c->arena, &now, &n, e);
  for (size_t i = 0; ok && i < n; i++)
    if (now[i].step == st->step) st->run = now[i].run;
  st->who = who.p;
  st->state = state;
  st->detail = text;
  st->at = keeper_clock();
  ok = ok && in_one(c->store, put_step, st, r->id, e);
  buf_free(&who);
  return ok;
}

/* The chain as the schedule, or whoever began it, had it: its folder, its args, its day. */
static bool go_on(Cli *c, Whole *w, Err *e) {
  Play play = {0};
  Duty duty = {.run = w->row.id};
  if (w->row.job) duty = (Duty){.actor = arena_printf(&c->arena, "schedule:%s", w->row.name), .owner = w->row.owner, .run = w->row.id};
  if (w->row.folder && *w->row.folder && chdir(w->row.folder) != 0) out_say("%s is gone", w->row.folder);
  bool ok = play_open(c, w->row.target, &play, e);
  ok = ok && keep_args(c, play.playbook, &w->row, e);
  if (ok && w->row.job) duty_take(&duty);
  if (ok) ok = go(c, play.playbook, w, e);
  else if (w->lock >= 0) close(w->lock);
  duty_take(NULL);
  play_close(&play);
  return ok;
}

/* The rest may run from another folder. */
static bool open_anywhere(Cli *c, Err *e) {
  char *real = realpath(c->db, NULL);
  if (real) c->db = arena_strndup(&c->arena, real, strlen(real));
  free(real);
  store_close(c->store);
  c->store = NULL;
  return cli_store(c, STORE_WRITE, e);
}

bool chain_sign(Cli *c, int64_t id, bool refuse, const char *text, Err *e) {
  Whole w = {.lock = -1};
  JobStep st = {0};
  bool found;
  if (!open_anywhere(c, e)) return false;
  if (!actor_may_write(c->store, e) || !job_run_of(c->store, id, &c->arena, &w.row, &found, e) || !waiting_step(c, id, &st, e)) return false;
  w.lock = joblock_take(store_path(c->store), settle_lock(&w.row, &c->arena), e);
  if (w.lock < 0) return e->kind ? false : err_set(e, ERR_BUSY, "run %lld is being worked on", (long long)id);
  /* Somebody may have signed it between the look and the lock. */
  bool ok = job_run_of(c->store, id, &c->arena, &w.row, &found, e) && waiting_step(c, id, &st, e);
  if (!ok) {
    close(w.lock);
    return false;
  }
  if (refuse) {
    ok = say_who(c, &w.row, &st, "failed", arena_printf(&c->arena, "refused%s%s", text ? ": " : "", text ? text : ""), e);
    w.row.state = "failed";
    w.row.detail = arena_printf(&c->arena, "step %d, %s, was refused%s%s", st.step, st.what, text ? ": " : "", text ? text : "");
    w.row.ended = keeper_clock();
    ok = ok && in_one(c->store, put_run, &w.row, 0, e);
    close(w.lock);
    if (ok) out_say("run %lld: %s", (long long)id, w.row.detail);
    return ok;
  }
  w.row.state = "running";
  w.from = (size_t)st.step;
  ok = apply_plan(c, &st, &w.row, e) && say_who(c, &w.row, &st, "approved", text, e) && in_one(c->store, put_run, &w.row, 0, e);
  if (ok) return go_on(c, &w, e);
  close(w.lock);
  return false;
}
