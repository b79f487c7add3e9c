#include "run/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/stop.h"
#include "run/child.h"
#include "run/joblock.h"

enum { HOOK_SECONDS = 30, BACKOFF_MOST = 86400, FILES_MOST = 1024 };

typedef struct Kid {
  pid_t pid;
  int lock;
  Arena a;         /* of the texts of job and run */
  Job job;
  JobRun run;
  const char *hook;/* it is a command for people: "failure", "recovery", "late" */
  double term_at, kill_at;
  bool late, stopped;
  int status;      /* once it has ended */
} Kid;

struct Keeper {
  KeeperSpec spec;
  Kid *kid[2 * KEEPER_AT_ONCE];
  size_t nkid;
  Kid **gone;      /* ended, and still to be recorded; they keep their locks */
  size_t ngone, capgone;
  size_t failed, begun;
  int64_t next;
};

int64_t keeper_clock(void) { return (int64_t)time(NULL); }

static int64_t clock_of(const KeeperSpec *s) { return s->now ? s->now(s->now_ctx) : keeper_clock(); }

static void say(const Keeper *k, const char *job, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void say(const Keeper *k, const char *job, const char *fmt, ...) {
  if (!k->spec.say) return;
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  k->spec.say(k->spec.say_ctx, job, b.p);
  buf_free(&b);
}

/* SIGCHLD is waited for; it interrupts nothing. */
static sigset_t child_signal(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

bool keeper_open(const KeeperSpec *spec, Keeper **out, Err *e) {
  (void)e;
  sigset_t set = child_signal();
  Keeper *k = mem_zalloc(1, sizeof *k);
  k->spec = *spec;
  if (k->spec.patience <= 0) k->spec.patience = 5;
  sigprocmask(SIG_BLOCK, &set, NULL);
  *out = k;
  return true;
}

size_t keeper_busy(const Keeper *k) { return k->nkid + k->ngone; }
size_t keeper_running(const Keeper *k) { return k->nkid; }
int64_t keeper_due(const Keeper *k) { return k->next; }
size_t keeper_failed(const Keeper *k) { return k->failed; }
size_t keeper_begun(const Keeper *k) { return k->begun; }

/* --- the child */

static void limit(int what, rlim_t most) {
  struct rlimit now;
  if (getrlimit(what, &now) != 0) return;
  if (now.rlim_max != RLIM_INFINITY && most > now.rlim_max) most = now.rlim_max;
  setrlimit(what, &(struct rlimit){most, most});
}

static void set_limits(int64_t seconds) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, FILES_MOST);
  limit(RLIMIT_CPU, (rlim_t)seconds * 4 + 60); /* several threads at most; the deadline comes first */
  child_limit_memory(2 * CHILD_MEMORY);
}

/* Nothing of the keeper's but the lock of this run stays open in its child. */
static void enter_child(const Keeper *k, const Kid *kid, pid_t parent) {
  sigset_t set = child_signal();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  setpgid(0, 0);
  for (size_t i = 0; i < k->nkid; i++) close(k->kid[i]->lock);
  for (size_t i = 0; i < k->ngone; i++) close(k->gone[i]->lock);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC), log = open(kid->run.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (null >= 0) dup2(null, STDIN_FILENO);
  if (log < 0) log = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  stop_clear();
  stop_on_signals();
}

static void heading(const Kid *kid) {
  Buf b = {0};
  buf_puts(&b, "--- run ");
  buf_printf(&b, "%lld of %s, attempt %d, due ", (long long)kid->run.id, kid->job.name, kid->run.attempt);
  moment_print(kid->run.due, &b);
  buf_puts(&b, ", begun ");
  moment_print(kid->run.began, &b);
  fprintf(stderr, "%s\n", b.p);
  buf_free(&b);
}

static _Noreturn void job_child(const Keeper *k, const Kid *kid, pid_t parent) {
  enter_child(k, kid, parent);
  set_limits(kid->job.seconds);
  heading(kid);
  if (chdir(kid->job.folder) != 0) {
    fprintf(stderr, _("%s cannot be entered: %s\n"), kid->job.folder, strerror(errno));
    _exit(1);
  }
  if (kid->job.path) setenv("PARETO_PATH", kid->job.path, 1);
  int code = k->spec.body(k->spec.ctx, &kid->job, &kid->run);
  fflush(NULL);
  _exit(code);
}

static void put_env(const char *name, int64_t utc) {
  Buf b = {0};
  moment_print(utc, &b);
  setenv(name, b.p, 1);
  buf_free(&b);
}

static _Noreturn void hook_child(const Keeper *k, const Kid *kid, pid_t parent) {
  static const char *const name[] = {"failure", "recovery", "late"};
  const char *const command[] = {kid->job.on_failure, kid->job.on_recovery, kid->job.on_late};
  char number[32];
  enter_child(k, kid, parent);
  limit(RLIMIT_CORE, 0);
  snprintf(number, sizeof number, "%lld", (long long)kid->run.id);
  setenv("PARETO_JOB", kid->run.name, 1);
  setenv("PARETO_RUN", number, 1);
  setenv("PARETO_STATE", kid->run.state, 1);
  setenv("PARETO_DETAIL", kid->run.detail ? kid->run.detail : "", 1);
  setenv("PARETO_LOG", kid->run.log ? kid->run.log : "", 1);
  setenv("PARETO_DB", k->spec.db, 1);
  setenv("PARETO_EVENT", kid->hook, 1);
  put_env("PARETO_DUE", kid->run.due);
  if (chdir(kid->job.folder) != 0) fprintf(stderr, _("%s cannot be entered: %s\n"), kid->job.folder, strerror(errno));
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  for (size_t i = 0; i < 3; i++)
    if (strcmp(kid->hook, name[i]) == 0) execl("/bin/sh", "sh", "-c", command[i], (char *)NULL);
  _exit(127);
}

/* --- starting */

static const char *keep(Kid *kid, const char *z) { return z ? arena_strndup(&kid->a, z, strlen(z)) : NULL; }

static Kid *kid_of(const Job *j, const JobRun *r, int lock) {
  Kid *kid = mem_zalloc(1, sizeof *kid);
  kid->job = *j;
  kid->run = *r;
  kid->lock = lock;
  const char **const text[] = {&kid->job.name, &kid->job.target, &kid->job.folder, &kid->job.path, &kid->job.cron, &kid->job.zone,
                               &kid->job.args, &kid->job.catch_up, &kid->job.overlap, &kid->job.after, &kid->job.on_failure,
                               &kid->job.on_recovery, &kid->job.on_late, &kid->job.owner, &kid->run.name, &kid->run.target,
                               &kid->run.state, &kid->run.detail, &kid->run.log, &kid->run.args, &kid->run.folder,
                               &kid->run.owner, &kid->run.owed, &kid->hook};
  for (size_t i = 0; i < sizeof text / sizeof *text; i++) *text[i] = keep(kid, *text[i]);
  return kid;
}

static void kid_free(Kid *kid) {
  close(kid->lock);
  arena_free(&kid->a);
  mem_free(kid);
}

static bool start(Keeper *k, Kid *kid, double seconds, Err *e) {
  fflush(NULL);
  pid_t parent = getpid();
  kid->pid = fork();
  if (kid->pid == 0) {
    if (kid->hook) hook_child(k, kid, parent);
    job_child(k, kid, parent);
  }
  if (kid->pid < 0) {
    err_set(e, ERR_FAIL, "cannot start %s: %s", kid->job.name, strerror(errno));
    kid_free(kid);
    return false;
  }
  setpgid(kid->pid, kid->pid);
  kid->term_at = stop_now() + seconds;
  k->kid[k->nkid++] = kid;
  return true;
}

static bool start_job(Keeper *k, const Start *s, Err *e) {
  Kid *kid = kid_of(&s->job, &s->run, s->lock);
  say(k, kid->job.name, "run %lld begins%s", (long long)kid->run.id, kid->run.attempt > 1 ? " again" : "");
  k->begun++;
  return start(k, kid, (double)kid->job.seconds, e);
}

/* --- words to people that are owed */

static bool start_hook(Keeper *k, Store *s, const JobRun *r, Arena *a, Err *e) {
  Job j;
  Err gone = {0};
  if (!job_named(s, r->name, a, &j, &gone) || j.id != r->job) { /* nobody is left who wanted to know */
    err_free(&gone);
    JobRun put = *r;
    put.owed = NULL;
    return job_run_put(s, &put, e);
  }
  const char *lock = arena_printf(a, ".hook-%lld", (long long)r->id);
  int fd = joblock_take(k->spec.db, lock, e);
  if (fd < 0) return !e->kind;
  Str rest, first = str_split(str_of(r->owed), ' ', &rest);
  Kid *kid = kid_of(&j, r, fd);
  kid->hook = arena_strndup(&kid->a, first.p, first.n);
  if (!kid->run.log) kid->run.log = arena_printf(&kid->a, "%s.jobs/%s-%lld.log", k->spec.db, r->name, (long long)r->id);
  k->kid[k->nkid++] = kid; /* started once the database is closed */
  return true;
}

static bool is_open(const Keeper *k, int64_t run, bool hook) {
  for (size_t i = 0; i < k->nkid; i++)
    if (k->kid[i]->run.id == run && (k->kid[i]->hook != NULL) == hook) return true;
  return false;
}

static bool owed(Keeper *k, Store *s, Arena *a, Err *e) {
  JobRun *r;
  size_t n;
  if (!job_runs(s, "owed IS NOT NULL AND state NOT IN ('running', 'again') ORDER BY id LIMIT 20", NULL, 0, a, &r, &n, e)) return false;
  if (!n) return true;
  if (!store_begin(s, e)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n && k->nkid < sizeof k->kid / sizeof *k->kid; i++)
    if (!is_open(k, r[i].id, true)) ok = start_hook(k, s, &r[i], a, e);
  if (ok) return store_commit(s, e);
  store_rollback(s);
  return false;
}

static bool start_hooks(Keeper *k, size_t from, Err *e) {
  size_t to = k->nkid;
  Kid *later[2 * KEEPER_AT_ONCE] = {NULL};
  for (size_t i = from; i < to; i++) later[i - from] = k->kid[i];
  k->nkid = from;
  bool ok = true;
  for (size_t i = 0; i < to - from; i++) ok = start(k, later[i], HOOK_SECONDS, e) && ok;
  return ok;
}

/* --- the end of one */

static bool was_bad(Store *s, const JobRun *r, bool *bad, Arena *a, Err *e) {
  Val bind[] = {val_int(r->job), val_int(r->id)};
  JobRun *last;
  size_t n;
  if (!job_runs(s, "job = ?1 AND id < ?2 AND state IN ('ok', 'failed', 'timeout', 'abandoned') ORDER BY id DESC LIMIT 1", bind, 2, a,
                &last, &n, e))
    return false;
  *bad = n && settle_failed(last->state);
  return true;
}

static void owe(JobRun *r, const char *what, const char *command, Arena *a) {
  if (command) r->owed = r->owed ? arena_printf(a, "%s %s", r->owed, what) : what;
}

static void judge(const Kid *kid, int status, int64_t now, JobRun *r, Arena *a) {
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  r->ended = now;
  r->code = code;
  r->state = "failed";
  if (code == 0) r->state = "ok";
  else if (code == KEEPER_WAITING) r->state = "waiting";
  else if (kid->late || code == ERR_TIMEOUT) r->state = "timeout";
  else if (kid->stopped) r->state = "again";
  if (WIFSIGNALED(status)) r->detail = arena_printf(a, "ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
  if (kid->late) r->detail = arena_printf(a, "did not end within %lld s", (long long)kid->job.seconds);
  else if (kid->stopped) r->detail = N_("stopped with its server; taken up again with the next");
  else if (code > 0 && code != KEEPER_WAITING && !r->detail) r->detail = arena_printf(a, "exit code %d", code);
}

/* Tried again, later each time; or that was it. */
static bool settle_end(const Kid *kid, Store *s, JobRun *r, int64_t now, Arena *a, Err *e) {
  bool bad;
  if (strcmp(r->state, "again") == 0) { /* stopped by us: that was no attempt */
    r->attempt--;
    r->again = now;
  } else if (settle_failed(r->state) && r->attempt <= kid->job.retries) {
    int64_t wait = kid->job.backoff;
    for (int i = 1; i < r->attempt && wait < BACKOFF_MOST; i++) wait *= 2;
    r->state = "again";
    r->again = now + (wait < BACKOFF_MOST ? wait : BACKOFF_MOST);
    r->detail = arena_printf(a, "attempt %d: %s", r->attempt, r->detail ? r->detail : "failed");
  } else if (settle_failed(r->state)) {
    owe(r, "failure", kid->job.on_failure, a);
  } else if (strcmp(r->state, "ok") == 0) {
    if (!was_bad(s, r, &bad, a, e)) return false;
    if (bad) owe(r, "recovery", kid->job.on_recovery, a);
  }
  return true;
}

static bool end_job(Store *s, const Kid *kid, int status, int64_t now, JobRun *r, Arena *a, Err *e) {
  bool found;
  *r = kid->run;
  JobRun there;
  if (!job_run_of(s, r->id, a, &there, &found, e) || !found) return !e->kind;
  r->steps = there.steps;   /* which the child has written */
  r->detail = there.detail;
  r->owed = there.owed;
  judge(kid, status, now, r, a);
  return settle_end(kid, s, r, now, a, e) && job_run_put(s, r, e);
}

static bool end_hook(Store *s, const Kid *kid, int status, JobRun *r, Arena *a, Err *e) {
  bool found;
  if (!job_run_of(s, kid->run.id, a, r, &found, e) || !found) return !e->kind;
  Str rest = {0};
  if (r->owed) str_split(str_of(r->owed), ' ', &rest);
  r->owed = rest.p && rest.n ? rest.p : NULL;
  if (status != 0)
    r->detail = arena_printf(a, "%s%sthe command for its %s failed", r->detail ? r->detail : "", r->detail ? "; " : "", kid->hook);
  return job_run_put(s, r, e);
}

static void told(Keeper *k, const Kid *kid, const JobRun *r) {
  if (kid->hook) return;
  if (settle_failed(r->state)) k->failed++;
  const char *detail = r->detail && strcmp(r->state, "ok") != 0 ? r->detail : NULL;
  say(k, r->name, "run %lld %s%s%s", (long long)r->id, strcmp(r->state, "again") != 0 ? r->state : "is to be tried again",
      detail ? ": " : "", detail ? detail : "");
}

static bool record(Keeper *k, Store *s, Kid *kid, Err *e) {
  Arena a = {0};
  JobRun r = {0};
  if (!store_begin(s, e)) return false;
  bool ok = (kid->hook ? end_hook(s, kid, kid->status, &r, &a, e) : end_job(s, kid, kid->status, clock_of(&k->spec), &r, &a, e)) &&
            store_commit(s, e);
  if (!ok) store_rollback(s);
  if (ok && r.id) told(k, kid, &r);
  arena_free(&a);
  return ok;
}

/* What cannot be recorded now (a full disk) keeps its lock, and is recorded when it can be. */
static bool record_ends(Keeper *k, Store *s, Err *e) {
  while (k->ngone) {
    Kid *kid = k->gone[k->ngone - 1];
    if (!record(k, s, kid, e)) return false;
    k->ngone--;
    kid_free(kid);
  }
  return true;
}

/* --- a step */

static size_t jobs_running(const Keeper *k) {
  size_t n = 0;
  for (size_t i = 0; i < k->nkid; i++) n += !k->kid[i]->hook;
  return n;
}

bool keeper_step(Keeper *k, Err *e) {
  Arena a = {0};
  size_t running = jobs_running(k), before = k->nkid;
  Settle t = {.db = k->spec.db, .now = clock_of(&k->spec), .room = running < KEEPER_AT_ONCE ? KEEPER_AT_ONCE - running : 0,
              .a = &a, .say = k->spec.say, .say_ctx = k->spec.say_ctx};
  bool ok = store_open(k->spec.db, STORE_WRITE, &t.s, e) && record_ends(k, t.s, e) && settle_all(&t, e);
  Err late = {0};
  if (ok && !(owed(k, t.s, &a, &late) && keeper_next_in(t.s, t.now, &k->next, &late))) err_free(&late); /* what is claimed starts all the same */
  store_close(t.s);
  size_t hooks = k->nkid;
  Kid *waiting[2 * KEEPER_AT_ONCE] = {NULL};
  for (size_t i = before; i < hooks; i++) waiting[i - before] = k->kid[i];
  k->nkid = before;
  for (size_t i = 0; i < t.n; i++) ok = start_job(k, &t.start[i], e) && ok;
  size_t from = k->nkid;
  for (size_t i = 0; i < hooks - before; i++) {
    if (k->nkid < sizeof k->kid / sizeof *k->kid) k->kid[k->nkid++] = waiting[i];
    else kid_free(waiting[i]);
  }
  ok = start_hooks(k, from, e) && ok;
  mem_free(t.start);
  arena_free(&a);
  return ok;
}

/* --- waiting */

static void watch(Keeper *k) {
  double now = stop_now();
  for (size_t i = 0; i < k->nkid; i++) {
    Kid *kid = k->kid[i];
    if (kid->kill_at <= 0 && now >= kid->term_at) {
      kid->late = !kid->stopped;
      kill(-kid->pid, SIGTERM);
      kid->kill_at = now + k->spec.patience;
    } else if (kid->kill_at > 0 && now >= kid->kill_at) {
      kill(-kid->pid, SIGKILL);
    }
  }
}

static double until_next(const Keeper *k, double seconds) {
  double now = stop_now();
  for (size_t i = 0; i < k->nkid; i++) {
    double left = (k->kid[i]->kill_at > 0 ? k->kid[i]->kill_at : k->kid[i]->term_at) - now;
    if (left < seconds) seconds = left;
  }
  return seconds < 0.01 ? 0.01 : seconds;
}

static void reap(Keeper *k) {
  for (size_t i = 0; i < k->nkid;) {
    Kid *kid = k->kid[i];
    if (waitpid(kid->pid, &kid->status, WNOHANG) != kid->pid) {
      i++;
      continue;
    }
    kill(-kid->pid, SIGKILL); /* what it left behind in its group */
    k->kid[i] = k->kid[--k->nkid];
    mem_grow(k->gone, k->capgone, k->ngone + 1);
    k->gone[k->ngone++] = kid;
  }
}

void keeper_wait(Keeper *k, double seconds) {
  sigset_t set = child_signal();
  double end = stop_now() + seconds;
  for (;;) {
    watch(k);
    reap(k);
    double left = until_next(k, end - stop_now());
    if (k->ngone || stop_now() >= end) return;
    struct timespec t = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
    if (sigtimedwait(&set, NULL, &t) < 0 && errno == EINTR && stop_asked()) return;
  }
}

bool keeper_end(Keeper *k, Err *e) {
  Store *s = NULL;
  for (size_t i = 0; i < k->nkid; i++) {
    k->kid[i]->stopped = true;
    k->kid[i]->term_at = 0;
  }
  while (k->nkid) {
    watch(k);
    reap(k);
    if (k->nkid) usleep(5000);
  }
  if (!k->ngone) return true;
  bool ok = store_open(k->spec.db, STORE_WRITE, &s, e) && record_ends(k, s, e);
  store_close(s);
  return ok;
}

void keeper_close(Keeper *k) {
  sigset_t set = child_signal();
  if (!k) return;
  for (size_t i = 0; i < k->nkid; i++) kid_free(k->kid[i]);
  for (size_t i = 0; i < k->ngone; i++) kid_free(k->gone[i]);
  mem_free(k->gone);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  mem_free(k);
}
