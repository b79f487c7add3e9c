#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/actor.h"
#include "run/direct.h"
#include "verb/job.h"
#include "verb/opts.h"
#include "verb/out.h"
#include "verb/play.h"
#include "verb/schedule.h"

enum { JOB_SECONDS = 3600, BACKOFF_SECONDS = 60 };

static bool name_fits(const char *name, Err *e) {
  Str s = str_of(name);
  bool ok = s.n > 0 && s.n <= 64 && *name != '.' && *name != '-' && utf8_valid(s, NULL);
  for (size_t i = 0; i < s.n; i++) ok = ok && (unsigned char)name[i] > ' ' && name[i] != '/' && name[i] != 127;
  if (ok) return true;
  err_set(e, ERR_USAGE, "'%s' is no name of a schedule", name);
  return err_todo(e, "letters, digits, - and _: monthly, warn-daily");
}

static bool one_of(const Cli *c, const char *option, const char *const *known, const char **out, Err *e) {
  const char *given = cli_opt(c, option);
  if (!given) return true;
  for (size_t i = 0; known[i]; i++)
    if (strcmp(known[i], given) == 0) {
      *out = known[i];
      return true;
    }
  err_set(e, ERR_USAGE, "--%s: there is no '%s'", option, given);
  Buf b = {0};
  for (size_t i = 0; known[i]; i++) buf_printf(&b, "%s%s", i ? ", " : "", known[i]);
  err_todo(e, "one of %s", b.p);
  buf_free(&b);
  return false;
}

static char *kept(Cli *c, const Buf *b) { return arena_strndup(&c->arena, b->p ? b->p : "", b->n); }

/* --cron and --tz, or what the header says. */
static bool read_when(Cli *c, const Playbook *p, Job *j, Err *e) {
  Buf cron = {0}, zone = {0};
  const char *given = cli_opt(c, "cron"), *tz = cli_opt(c, "tz"), *text = given ? given : playbook_every(p);
  bool ok = true;
  if (!given && cli_opt(c, "after")) text = NULL;
  if (text && !cron_header(str_of(text), &cron, &zone, e)) ok = err_at(e, given ? "--cron" : playbook_path(p), 0, 0);
  if (ok && !text && !cli_opt(c, "after")) {
    ok = err_set(e, ERR_USAGE, "when is %s to run?", j->name);
    err_todo(e, "say it with --cron \"0 6 1 * *\" or --cron \"1st 06:00\", or with every = \"…\" in the header of %s", j->target);
    err_todo(e, "or --after OTHER: whenever that schedule has ended well");
  }
  if (ok && tz) {
    buf_clear(&zone);
    buf_puts(&zone, tz);
  }
  if (ok && !zone.n && !tz) zone_here(&zone);
  if (ok && !cron_zone(buf_view(&zone), e)) ok = err_at(e, tz ? "--tz" : "TZ", 0, 0);
  if (ok) {
    j->cron = cron.n ? kept(c, &cron) : NULL;
    j->zone = kept(c, &zone);
  }
  buf_free(&cron);
  buf_free(&zone);
  return ok;
}

static bool read_seconds(const Cli *c, const char *option, int64_t least, int64_t *out, Err *e) {
  double seconds;
  const char *given = cli_opt(c, option);
  if (!given) return true;
  if (opts_seconds(given, &seconds) && seconds >= (double)least && seconds <= 86400.0 * 30) {
    *out = (int64_t)seconds;
    return true;
  }
  err_set(e, ERR_USAGE, "--%s: '%s' is no time of %lld s to 30 days", option, given, (long long)least);
  return err_todo(e, "such as 90, 20min, 2h");
}

/* A ring of schedules that wait for one another never begins. */
static bool read_after(Cli *c, Job *j, Err *e) {
  const char *name = cli_opt(c, "after");
  if (!name) return true;
  Job other = {.after = name};
  for (int i = 0; other.after; i++) {
    if (strcmp(other.after, j->name) == 0 || i == 100)
      return err_set(e, ERR_USAGE, "--after %s: they would wait for each other", name);
    if (!job_named(c->store, other.after, &c->arena, &other, e)) return err_at(e, "--after", 0, 0);
  }
  j->after = name;
  return true;
}

static char *args_of(Cli *c) {
  Buf b = {0};
  const char *given;
  for (size_t i = 0; (given = cli_opt_at(c, "set", i)); i++) buf_printf(&b, "%s%s", b.n ? "\n" : "", given);
  char *text = kept(c, &b);
  buf_free(&b);
  return text;
}

static bool read_retries(const Cli *c, Job *j, Err *e) {
  enum { RETRIES_MOST = 1000 };
  if (!cli_opt_int(c, "retries", 0, &j->retries, e)) return false;
  return j->retries <= RETRIES_MOST || err_set(e, ERR_USAGE, "--retries: at most %d", RETRIES_MOST);
}

static bool read_since(const Cli *c, Job *j, Err *e) {
  const char *given = cli_opt(c, "since");
  j->since = keeper_clock();
  if (!given || moment_read(str_of(given), str_of(j->zone), &j->since)) return true;
  err_set(e, ERR_USAGE, "--since: '%s' is no moment", given);
  return err_todo(e, "write it as 2026-11-01 or 2026-11-01T06:00");
}

static bool read_job(Cli *c, const Playbook *p, Job *j, Err *e) {
  static const char *const catching[] = {"none", "latest", "all", NULL}, *const overlapping[] = {"forbid", "queue", NULL};
  const char *header = playbook_catch_up(p);
  for (size_t i = 0; catching[i] && header; i++)
    if (strcmp(header, catching[i]) == 0) j->catch_up = catching[i];
  char *folder = getcwd(NULL, 0);
  const char *path = getenv("PARETO_PATH");
  j->folder = arena_strndup(&c->arena, folder ? folder : "/", strlen(folder ? folder : "/"));
  j->path = path && *path ? path : NULL;
  free(folder);
  j->args = args_of(c);
  j->on_failure = cli_opt(c, "on-failure");
  j->on_recovery = cli_opt(c, "on-recovery");
  j->on_late = cli_opt(c, "on-late");
  Buf login = {0};
  actor_login(&login);
  j->owner = kept(c, &login);
  buf_free(&login);
  return read_when(c, p, j, e) && one_of(c, "catch-up", catching, &j->catch_up, e) &&
         one_of(c, "overlap", overlapping, &j->overlap, e) && read_seconds(c, "timeout", 1, &j->seconds, e) &&
         read_seconds(c, "backoff", 0, &j->backoff, e) && read_retries(c, j, e) && read_after(c, j, e) &&
         read_since(c, j, e);
}

static bool is_new(Cli *c, const char *name, Err *e) {
  Job there;
  Err none = {0};
  bool found = job_named(c->store, name, &c->arena, &there, &none);
  err_free(&none);
  if (!found) return true;
  err_set(e, ERR_USAGE, "there is a schedule %s already", name);
  return err_todo(e, "to replace it: pareto schedule remove %s", name);
}

static bool put(void *ctx, Store *s, Err *e) { return job_add(s, ctx, e); }

static void say_next(Cli *c, const Job *j) {
  Cron cron;
  CronMoment m;
  CronDays days;
  Buf b = {0};
  Err e = {0};
  if (j->cron && cron_parse(str_of(j->cron), &cron, &e) && job_calendar(c->store, &c->arena, &days, &e)) {
    cron_say(&cron, &b);
    out_say("%s: %s, %s (%s)", j->name, b.p, j->zone, j->cron);
    buf_clear(&b);
    schedule_notes(&cron, &days, str_of(j->zone), keeper_clock(), &b);
    if (b.n) out_say("%.*s", STR_ARG(str_trim(buf_view(&b))));
    buf_clear(&b);
    if (cron_next(&cron, &days, str_of(j->zone), keeper_clock(), &m)) {
      moment_print_at(m.utc, m.offset, &b);
      out_say("next: %s", b.p);
    }
  } else {
    out_say("%s: whenever %s has ended well", j->name, j->after ? j->after : "?");
  }
  out_say("runs only while pareto serve runs, or pareto tick is called: pareto schedule install --systemd | --cron");
  err_free(&e);
  buf_free(&b);
}

bool schedule_add(Cli *c, Err *e) {
  if (c->narg != 3) {
    err_set(e, ERR_USAGE, "schedule add: a name, and what is to run");
    return err_todo(e, "pareto schedule add monthly profit-types --cron \"0 6 1 * *\" --tz Asia/Shanghai");
  }
  Job j = {.name = c->arg[1], .target = c->arg[2], .catch_up = "latest", .overlap = "forbid", .seconds = JOB_SECONDS,
           .backoff = BACKOFF_SECONDS};
  Play play = {0};
  int64_t run = 0, changes = 0;
  if (!name_fits(j.name, e) || !cli_store(c, STORE_WRITE, e)) return false;
  bool ok = is_new(c, j.name, e) && play_open(c, j.target, &play, e) && play_runs(play.playbook, true, e) && read_job(c, play.playbook, &j, e) &&
            run_direct(c->store, arena_printf(&c->arena, "schedule add %s", j.name), j.target, c->asof, put, &j, &run, &changes, e);
  if (ok) {
    out_say("run %lld: schedule %s", (long long)run, j.name);
    say_next(c, &j);
  }
  play_close(&play);
  return ok;
}
