#include "run/actor.h"
#include "verb/job.h"
#include "verb/out.h"
#include "verb/verbs.h"

enum { TERM_SECONDS = 60 };

typedef struct Trial { /* a clock that stands where the command line says */
  int64_t now;
  bool set;
} Trial;

static int64_t trial_clock(void *ctx) {
  const Trial *t = ctx;
  return t->set ? t->now : keeper_clock();
}

/* What runs has a deadline of its own; whoever asks twice does not wait for it. */
static bool finish(Keeper *k, Err *e) {
  double end = stop_now() + TERM_SECONDS;
  stop_clear();
  while (keeper_running(k) && !stop_asked() && stop_now() < end) keeper_wait(k, 1);
  stop_raise();
  return keeper_end(k, e);
}

/* What comes due beside a long run begins in its time. */
static double until_due(const Keeper *k, const Trial *t) {
  enum { LOOK = 60 };
  double left = (double)(keeper_due(k) - keeper_clock());
  if (t->set) return LOOK;
  return !keeper_due(k) || left > LOOK ? LOOK : left < 1 ? 1 : left;
}

/* Until nothing runs and nothing more is due. SIGTERM: nothing new, and what runs may finish. */
static bool round_of(Keeper *k, const Trial *t, Err *e) {
  for (;;) {
    size_t begun = keeper_begun(k);
    if (!stop_asked() && !keeper_step(k, e)) return false;
    if (!keeper_busy(k) && (stop_asked() || begun == keeper_begun(k))) return true;
    if (!stop_asked()) keeper_wait(k, until_due(k, t));
    else if (!finish(k, e)) return false;
  }
}

static bool until(const Cli *c, int64_t now, int64_t *out, Err *e) {
  const char *given = cli_opt(c, "until");
  *out = now;
  if (!given) return true;
  if (!cli_opt(c, "now")) return err_set(e, ERR_USAGE, "--until goes with --now: from when?");
  Buf zone = {0};
  zone_here(&zone);
  bool ok = moment_read(str_of(given), buf_view(&zone), out) || err_set(e, ERR_USAGE, "--until: '%s' is no moment", given);
  buf_free(&zone);
  return ok;
}

static bool work(Keeper *k, Trial *t, int64_t end, Err *e) {
  for (int64_t next;;) {
    if (!round_of(k, t, e)) return false;
    if (!t->set || stop_asked()) return true;
    next = keeper_due(k);
    if (!next || next > end) return true;
    t->now = next > t->now ? next : t->now + 1;
  }
}

/* Whose moments these are is decided by the clock: moving it is for those who may write. */
static bool may_pretend(Cli *c, Err *e) {
  if (!cli_opt(c, "now")) return true;
  bool ok = cli_store(c, STORE_READ, e) && actor_may_write(c->store, e);
  store_close(c->store);
  c->store = NULL;
  return ok;
}

static bool tick(Cli *c, Err *e) {
  KeeperSpec spec;
  Keeper *k = NULL;
  Trial trial = {.set = cli_opt(c, "now") != NULL};
  int64_t end;
  if (!may_pretend(c, e) || !job_keeper(c, &spec, e) || !job_now(c, &trial.now, e) || !until(c, trial.now, &end, e)) return false;
  spec.now = trial_clock;
  spec.now_ctx = &trial;
  bool ok = keeper_open(&spec, &k, e) && work(k, &trial, end, e);
  Err later = {0};
  if (!ok && k && !keeper_end(k, &later)) err_free(&later);
  if (ok) ok = keeper_prune(&spec, trial_clock(&trial), e);
  if (ok && keeper_failed(k)) c->exit_code = ERR_FAIL;
  keeper_close(k);
  return ok || err_left(e, "what had ended is recorded");
}

static const OptDef options[] = {
  {"now", "MOMENT", "for trials: as if it were this moment, 2026-11-01T06:00 (takes the right to write)", false},
  {"until", "MOMENT", "for trials, with --now: then from moment to moment until this one", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_tick = {
  .name = "tick",
  .summary = "run what is due by the schedules, and end",
  .usage = (const char *const[]){"tick", "tick --now MOMENT [--until MOMENT]", NULL},
  .about = "Call it every minute (pareto schedule install), or let pareto serve stay. Several may run at once: each moment is\n"
           "claimed by one. At most four jobs run at a time, the others after them. On SIGTERM nothing new begins.\n"
           "Exit 1 when a run failed for good. What runs have said stands in DATABASE.jobs, and in pareto schedule log RUN.",
  .opt = options,
  .run = tick,
};
