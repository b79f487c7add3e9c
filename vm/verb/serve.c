#include "verb/job.h"
#include "verb/opts.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { LOOK = 15 /* seconds: a schedule that somebody adds meanwhile */, GRACE = 60, PRUNE = 3600 };

/* Sleeps to the moment, or until a signal; true in *set: the clock was set meanwhile. */
static bool sleep_to(int64_t moment, bool *set, Err *e) {
  int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  struct itimerspec at = {.it_value = {.tv_sec = (time_t)moment}};
  bool ok = fd >= 0 && timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL) == 0;
  if (fd >= 0 && !ok && errno == ECANCELED) {
    ok = *set = true; /* since the line before */
  } else if (ok) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    uint64_t n;
    poll(&p, 1, -1);
    *set = read(fd, &n, sizeof n) < 0 && errno == ECANCELED;
  } else {
    err_set(e, ERR_FAIL, "no timer: %s", strerror(errno));
  }
  if (fd >= 0) close(fd);
  return ok;
}

typedef struct Serve {
  const KeeperSpec *spec;
  Keeper *k;
  char *said;         /* the last trouble, said once */
  int64_t pruned;
} Serve;

/* A full disk or a busy database passes: it is said, and tried again. */
static void trouble(Serve *v, Err *e) {
  Buf text = {0};
  err_print(e, &text);
  if (!v->said || strcmp(v->said, text.p) != 0) out_say("%.*s", STR_ARG(str_trim(buf_view(&text))));
  mem_free(v->said);
  v->said = buf_take(&text);
  err_free(e);
}

static int64_t next_look(Serve *v) {
  int64_t now = keeper_clock(), next = keeper_due(v->k);
  if (!next || next > now + LOOK) next = now + LOOK;
  return next <= now ? now + 1 : next;
}

static bool turn(Serve *v, Err *e) {
  Err one = {0};
  int64_t now = keeper_clock();
  bool set = false;
  if (!keeper_step(v->k, &one)) trouble(v, &one);
  else if (v->said) {
    mem_free(v->said);
    v->said = NULL;
  }
  if (now - v->pruned > PRUNE || now < v->pruned) {
    if (!keeper_prune(v->spec, now, &one)) trouble(v, &one);
    v->pruned = now;
  }
  int64_t moment = next_look(v);
  if (keeper_busy(v->k)) {
    double left = (double)(moment - keeper_clock());
    keeper_wait(v->k, left < 1 ? left < 0.05 ? 0.05 : left : 1);
    return true;
  }
  if (!sleep_to(moment, &set, e)) return false;
  if (set) out_say("the clock was set: looking again");
  return true;
}

static bool finish(Serve *v, double grace, Err *e) {
  double end = stop_now() + grace;
  stop_clear();
  if (keeper_running(v->k)) out_say("asked to end: nothing new begins; waiting up to %g s for %zu to finish", grace, keeper_running(v->k));
  while (keeper_running(v->k) && stop_now() < end && !stop_asked()) keeper_wait(v->k, end - stop_now() < 1 ? end - stop_now() : 1);
  return keeper_end(v->k, e);
}

static bool serve(Cli *c, Err *e) {
  KeeperSpec spec;
  Serve v = {.spec = &spec};
  double grace = GRACE;
  if (cli_opt(c, "grace") && !opts_seconds(cli_opt(c, "grace"), &grace))
    return err_set(e, ERR_USAGE, "--grace: '%s' is no time", cli_opt(c, "grace"));
  if (!job_keeper(c, &spec, e) || !keeper_open(&spec, &v.k, e)) return false;
  bool ok = true;
  out_say("serving the schedules of %s", spec.db);
  while (ok && !stop_asked()) ok = turn(&v, e);
  ok = finish(&v, grace, e) && ok;
  if (ok) out_say("ended");
  keeper_close(v.k);
  mem_free(v.said);
  return ok;
}

static const OptDef options[] = {
  {"grace", "TIME", "on SIGTERM: so long for what runs, before it is ended and left to be taken up again (default 60)", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_serve = {
  .name = "serve",
  .summary = "stay, and run the schedules as they come due",
  .usage = (const char *const[]){"serve [--grace TIME]", NULL},
  .about = "In the foreground, for a service manager; it says on stderr what begins and ends. A clock that is set is noticed.\n"
           "Several may serve one database, and pareto tick may be called beside them: each moment is run by one. On SIGTERM\n"
           "nothing new begins, what runs may finish, and behind --grace it is ended; the next serve or tick takes it up again.",
  .opt = options,
  .run = serve,
};
