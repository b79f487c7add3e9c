#include "verb/schedule.h"

#include <string.h>

#include "feel/src.h"
#include "run/direct.h"
#include "verb/job.h"
#include "verb/out.h"
#include "verb/verbs.h"

void schedule_notes(const Cron *cron, const CronDays *days, Str zone, int64_t now, Buf *out) {
  Buf all = {0};
  cron_warn(cron, &all);
  cron_warn_days(cron, days, zone, now, &all);
  for (Str rest = buf_view(&all); rest.n;) {
    Str one = str_split(rest, '\n', &rest);
    if (!one.n) continue;
    buf_say(out, "note: %.*s", STR_ARG(one));
    buf_char(out, '\n');
  }
  buf_free(&all);
}

/* --- pause, resume, remove */

typedef struct Turned {
  Job job;
  int64_t since;
} Turned;

static bool pause_it(void *ctx, Store *s, Err *e) { return job_pause(s, ((Turned *)ctx)->job.id, true, 0, e); }
static bool resume_it(void *ctx, Store *s, Err *e) { return job_pause(s, ((Turned *)ctx)->job.id, false, ((Turned *)ctx)->since, e); }
static bool remove_it(void *ctx, Store *s, Err *e) { return job_drop(s, ((Turned *)ctx)->job.id, e); }

static bool change(Cli *c, DirectBody body, const char *done, Err *e) {
  Turned x = {.since = 0};
  int64_t run = 0, changes = 0;
  if (c->narg != 2) return err_set(e, ERR_USAGE, "schedule %s: which one?", c->arg[0]);
  if (!job_now(c, &x.since, e) || !cli_store(c, STORE_WRITE, e) || !job_named(c->store, c->arg[1], &c->arena, &x.job, e)) return false;
  const char *what = arena_printf(&c->arena, "schedule %s %s", c->arg[0], c->arg[1]);
  if (!run_direct(c->store, what, x.job.target, c->asof, body, &x, &run, &changes, e)) return false;
  if (run) out_say("run %lld: %s is %s", (long long)run, c->arg[1], done);
  else out_say("%s is %s already", c->arg[1], done);
  return true;
}

static bool pause_one(Cli *c, Err *e) { return change(c, pause_it, "paused", e); }
static bool resume_one(Cli *c, Err *e) { return change(c, resume_it, "resumed: what came due meanwhile is not caught up with", e); }

static bool nobody_behind(Cli *c, Err *e) {
  Job *all;
  size_t n;
  if (!job_list(c->store, &c->arena, &all, &n, e)) return false;
  for (size_t i = 0; i < n; i++)
    if (all[i].after && strcmp(all[i].after, c->arg[1]) == 0) {
      err_set(e, ERR_USAGE, "%s runs after %s", all[i].name, c->arg[1]);
      return err_todo(e, "remove that one first: pareto schedule remove %s", all[i].name);
    }
  return true;
}

/* What was still to come of it never will. */
static bool close_open(Cli *c, int64_t job, Err *e) {
  Val bind = val_int(job);
  if (!store_begin(c->store, e)) return false;
  if (store_exec(c->store,
                 "UPDATE job_run SET state = 'skipped', detail = 'the schedule was removed' WHERE job = ?1 AND state IN"
                 " ('again', 'queued', 'waiting')",
                 &bind, 1, e) &&
      store_commit(c->store, e))
    return true;
  store_rollback(c->store);
  return false;
}

static bool remove_one(Cli *c, Err *e) {
  Job j;
  if (c->narg != 2) return err_set(e, ERR_USAGE, "schedule remove: which one?");
  if (!cli_store(c, STORE_WRITE, e) || !job_named(c->store, c->arg[1], &c->arena, &j, e) || !nobody_behind(c, e)) return false;
  store_close(c->store);
  c->store = NULL;
  return change(c, remove_it, "removed; its runs stay in the log", e) && close_open(c, j.id, e);
}

/* --- the verb */

static const struct {
  const char *word;
  bool (*run)(Cli *c, Err *e);
} parts[] = {{"add", schedule_add},     {"list", schedule_list}, {"next", schedule_next},   {"explain", schedule_explain},
             {"pause", pause_one},      {"resume", resume_one},  {"remove", remove_one},    {"log", schedule_log},
             {"install", schedule_install}};

static bool schedule(Cli *c, Err *e) {
  Str known[sizeof parts / sizeof *parts];
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (strcmp(parts[i].word, c->arg[0]) == 0) return parts[i].run(c, e);
    known[i] = str_of(parts[i].word);
  }
  err_set(e, ERR_USAGE, "schedule has no '%s'", c->arg[0]);
  src_suggest(e, str_of(c->arg[0]), known, sizeof parts / sizeof *parts);
  return err_todo(e, "add, list, next, explain, pause, resume, remove, log, install: pareto help schedule");
}

static const OptDef options[] = {
  {"cron", "[EXPR]", "when: \"0 6 1 * *\", or \"1st 06:00\", \"workday 09:00\" (default: every of the header);\n                            install: a line of the crontab", false},
  {"tz", "ZONE", "whose clock that is: Asia/Shanghai (default: of the header, then of this machine)", false},
  {"timeout", "TIME", "end a run after 90, 20min, 2h (default: 1h)", false},
  {"retries", "N", "try a run that failed or was killed so many times more (default 0)", false},
  {"backoff", "TIME", "wait so long before the first retry, twice as long before each further (default 60)", false},
  {"catch-up", "WHICH", "of moments that passed with nobody there: none, latest, all (default latest)", false},
  {"overlap", "HOW", "what comes due while a run is open: forbid (skipped, and said) or queue (default forbid)", false},
  {"after", "OTHER", "only when that schedule's run for the moment has ended well", false},
  {"on-failure", "CMD", "a shell command when a run has failed for good", false},
  {"on-recovery", "CMD", "… when one ends well after failures", false},
  {"on-late", "CMD", "… when one begins late, or not at all", false},
  {"since", "MOMENT", "what came due before counts for nothing (default: now)", false},
  {"n", "N", "next, explain: so many moments (default 5; also -n N)", false},
  {"last", "N", "log: so many runs (default 20)", false},
  {"now", "MOMENT", "for trials: as if it were this moment", false},
  {"systemd", NULL, "install: a user's service and timer for pareto tick", false},
  {"into", "DIR", "install --systemd: write the units there instead", false},
  {NULL, NULL, NULL, false},
};

static const char about[] =
  "A schedule runs a playbook or chain with the rights of whoever added it, from the folder it was added in; each run\n"
  "looks back from its scheduled day, however late it begins. It runs only while pareto serve runs, or when pareto tick\n"
  "is called (schedule install sets that up). One moment is run once, whatever else runs beside.\n\n"
  "EXPR has five fields: minute hour day-of-month month day-of-week; lists, ranges, steps; JAN-DEC, MON-SUN;\n"
  "  L the last day, L-3 three days before it, 15W the working day nearest to the 15th, LW the last working day;\n"
  "  MON#2 the second Monday, FRIL the last; workday, workday#1, workdayL; @hourly @daily @weekly @monthly @yearly.\n"
  "Or words: \"1st 06:00\", \"last day 18:00\", \"2nd monday 09:00\", \"workday 09:00\", \"15th of quarter 06:00\".\n"
  "Working days are Monday to Friday but for the rows of calendar: pareto import days.csv --as calendar (day,works,name).\n"
  "A time that the clock skips in spring runs at the first moment behind the gap; one that comes twice runs once.\n"
  "Commands get PARETO_JOB, PARETO_RUN, PARETO_DUE, PARETO_STATE, PARETO_DETAIL, PARETO_LOG and PARETO_EVENT.\n"
  "States of a run: running, ok, failed, timeout, abandoned (its process ended unseen), again (a retry is to come),\n"
  "waiting (for pareto approve), queued, skipped, missed. Logs are in DATABASE.jobs; runs older than the setting\n"
  "schedule.keep (days, 800) are forgotten. Changes of schedules are runs in the history and can be undone.";

const Verb verb_schedule = {
  .name = "schedule",
  .summary = "playbooks and chains that run by themselves: add, list, next, explain, pause, log …",
  .usage = (const char *const[]){
    "schedule add NAME PLAYBOOK|CHAIN [--cron EXPR] [--tz ZONE] [--set ARG=VALUE]… [OPTION]…",
    "schedule list", "schedule next [NAME] [-n 5]", "schedule explain \"EXPR\" [--tz ZONE]",
    "schedule pause NAME", "schedule resume NAME", "schedule remove NAME", "schedule log [NAME|RUN] [--last N]",
    "schedule install --systemd | --cron [--yes]", NULL},
  .about = about,
  .opt = options,
  .least = 1,
  .most = 3,
  .run = schedule,
};
