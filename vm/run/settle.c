#include "run/settle.h"

#include "base/lang.h"

#include <string.h>
#include <unistd.h>

#include "run/joblock.h"

enum { KEPT_MOST = 1000, QUEUE_MOST = 100 };

static void say(const Settle *t, const char *job, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void say(const Settle *t, const char *job, const char *fmt, ...) {
  if (!t->say) return;
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  t->say(t->say_ctx, job, b.p);
  buf_free(&b);
}

static char *moment(const Job *j, int64_t utc, Arena *a) {
  Buf b = {0};
  int32_t offset = 0;
  zone_at(str_of(j->zone), utc, &offset);
  moment_print_at(utc, offset, &b);
  char *text = arena_strndup(a, b.p, b.n);
  buf_free(&b);
  return text;
}

static bool is(const char *state, const char *what) { return strcmp(state, what) == 0; }

bool settle_failed(const char *state) { return is(state, "failed") || is(state, "timeout") || is(state, "abandoned"); }

const char *settle_lock(const JobRun *r, Arena *a) {
  return r->job ? r->name : arena_printf(a, ".run-%lld", (long long)r->id);
}

/* --- what ended unseen */

static const Job *job_of(const Job *job, size_t njob, int64_t id) {
  for (size_t i = 0; i < njob; i++)
    if (job[i].id == id) return &job[i];
  return NULL;
}

static bool steps_done(Settle *t, const JobRun *r, bool *all, Err *e) {
  JobStep *step;
  size_t n, done = 0;
  if (!job_steps(t->s, r->id, t->a, &step, &n, e)) return false;
  for (size_t i = 0; i < n; i++) done += is(step[i].state, "ok") || is(step[i].state, "skipped") || is(step[i].state, "approved");
  *all = r->steps > 0 && done >= (size_t)r->steps;
  return true;
}

static bool take_back(Settle *t, const Job *j, JobRun r, Err *e) {
  bool all;
  if (!steps_done(t, &r, &all, e)) return false;
  r.ended = t->now;
  if (all) {
    r.state = "ok";
    r.detail = N_("all was done; the end itself was not recorded");
  } else if (j && r.attempt <= j->retries) {
    r.state = "again";
    r.again = t->now + j->backoff;
    r.detail = arena_printf(t->a, "attempt %d was abandoned: its process ended unseen", r.attempt);
  } else {
    r.state = "abandoned";
    r.detail = N_("its process ended unseen (killed, or the machine went down)");
    if (j && j->on_failure) r.owed = "failure";
  }
  say(t, r.name, "run %lld: %s: %s", (long long)r.id, r.state, r.detail);
  return job_run_put(t->s, &r, e);
}

/* Who runs holds the lock: a running row whose lock is free belongs to a process that is gone. */
static bool recover(Settle *t, const Job *job, size_t njob, Err *e) {
  JobRun *r;
  size_t n;
  if (!job_runs(t->s, "state = 'running' ORDER BY id", NULL, 0, t->a, &r, &n, e)) return false;
  for (size_t i = 0; i < n; i++) {
    int lock = joblock_take(t->db, settle_lock(&r[i], t->a), e);
    if (lock < 0 && e->kind) return false;
    if (lock < 0) continue;
    bool ok = take_back(t, job_of(job, njob, r[i].job), r[i], e);
    close(lock);
    if (!ok) return false;
  }
  return true;
}

/* --- rows */

static JobRun row_of(const Settle *t, const Job *j, int64_t due, const char *state) {
  return (JobRun){.job = j->id, .name = j->name, .target = j->target, .state = state, .due = due, .n = 1,
                  .asof = settle_day(j, due), .at = t->now, .args = j->args, .folder = j->folder, .owner = j->owner, .code = -1};
}

/* A row for moments that are not run: n of them, the last at due. */
static bool pass_over(Settle *t, const Job *j, const char *state, int64_t first, int64_t due, int64_t n, const char *why, Err *e) {
  JobRun r = row_of(t, j, due, state);
  int64_t id;
  bool taken;
  r.n = n;
  if (n > 1) r.first = first;
  r.detail = why;
  if (j->on_late) r.owed = "late";
  say(t, j->name, "%s %s%s: %s", moment(j, due, t->a), state, n > 1 ? arena_printf(t->a, " (%lld moments)", (long long)n) : "", why);
  return job_claim(t->s, &r, t->now, &id, &taken, e);
}

static bool push(Settle *t, const Job *j, const JobRun *r, int lock) {
  mem_grow(t->start, t->cap, t->n + 1);
  t->start[t->n++] = (Start){*j, *r, lock};
  return true;
}

static void log_name(JobRun *r, Settle *t) { r->log = arena_printf(t->a, "%s.jobs/%s-%lld.log", t->db, r->name, (long long)r->id); }

/* A row that is there (again, queued) runs now. */
static bool run_row(Settle *t, const Job *j, JobRun r, int lock, Err *e) {
  r.attempt++;
  r.state = "running";
  r.began = t->now;
  r.ended = r.again = 0;
  r.detail = NULL;
  log_name(&r, t);
  return job_run_put(t->s, &r, e) && push(t, j, &r, lock);
}

static bool claim(Settle *t, const Job *j, int64_t due, int lock, bool *taken, Err *e) {
  JobRun r = row_of(t, j, due, "running");
  r.attempt = 1;
  r.began = t->now;
  if (t->now - due > JOB_GRACE && j->on_late) r.owed = "late";
  if (!job_claim(t->s, &r, t->now, &r.id, taken, e) || *taken) return !e->kind;
  log_name(&r, t);
  return job_run_put(t->s, &r, e) && push(t, j, &r, lock);
}

/* --- one behind another */

typedef enum Other { OTHER_FINE, OTHER_OPEN, OTHER_BAD } Other;

/* How the job that this one comes after stands at the moment. */
static bool other_stands(Settle *t, const Job *j, const Job *all, size_t njob, const CronDays *days, int64_t due, Other *out,
                         const char **why, Err *e) {
  const Job *o = NULL;
  for (size_t i = 0; i < njob; i++)
    if (is(all[i].name, j->after)) o = &all[i];
  *out = OTHER_BAD;
  if (!o) {
    *why = arena_printf(t->a, "there is no schedule %s, after which it runs", j->after);
    return true;
  }
  int64_t settled, *at, total, first;
  size_t n;
  JobRun *r;
  if (!job_settled(t->s, o, t->now, &settled, e)) return false;
  if (!o->paused) {
    if (!settle_due(t->s, o, days, settled, due, 1, t->a, &at, &n, &total, &first, e)) return false;
    if (n) {
      *out = OTHER_OPEN;
      return true;
    }
  }
  Val bind = val_int(o->id);
  if (!job_runs(t->s, "job = ?1 ORDER BY due DESC LIMIT 100", &bind, 1, t->a, &r, &n, e)) return false;
  for (size_t i = 0; i < n; i++) {
    if (r[i].due > due) continue;
    bool open = is(r[i].state, "running") || is(r[i].state, "again") || is(r[i].state, "queued") || is(r[i].state, "waiting");
    *out = open ? OTHER_OPEN : is(r[i].state, "ok") ? OTHER_FINE : OTHER_BAD;
    *why = arena_printf(t->a, "after %s, whose run of %s is %s", o->name, moment(o, r[i].due, t->a), r[i].state);
    return true;
  }
  *why = arena_printf(t->a, "after %s, which has not run yet", o->name);
  return true;
}

/* --- one job */

typedef struct One {
  const Job *j;
  const Job *all;
  size_t njob;
  const CronDays *days;
  JobRun *open;      /* its rows that have not ended, by due */
  size_t nopen;
  int64_t *at;       /* moments that have come and are not settled */
  size_t n;
  int64_t total, first;
} One;

static const JobRun *busy(const One *o) {
  for (size_t i = 0; i < o->nopen; i++)
    if (!is(o->open[i].state, "queued")) return &o->open[i];
  return NULL;
}

/* Moments that were there before the run that is open, and whose turn comes. */
static bool backlog(const One *o) {
  const JobRun *b = busy(o);
  return is(o->j->catch_up, "all") && b && o->first <= b->began;
}

static bool all_behind(Settle *t, const One *o, Err *e) {
  const JobRun *b = busy(o);
  static const char *const words[][2] = {{"running", "is still running"}, {"again", "is to be tried again"},
                                         {"waiting", "waits for a signature"}};
  const char *how = "is queued before it";
  for (size_t i = 0; b && i < 3; i++)
    if (is(b->state, words[i][0])) how = words[i][1];
  const char *why = arena_printf(t->a, "run %lld %s", (long long)(b ? b->id : o->open[0].id), how);
  if (is(o->j->overlap, "forbid")) return pass_over(t, o->j, "skipped", o->first, o->at[o->n - 1], o->total, why, e);
  for (size_t i = 0; i < o->n; i++) {
    JobRun r = row_of(t, o->j, o->at[i], "queued");
    int64_t id;
    bool taken;
    if (o->nopen + i >= QUEUE_MOST) return pass_over(t, o->j, "skipped", o->at[i], o->at[o->n - 1], (int64_t)(o->n - i), N_("the queue is full"), e);
    r.detail = why;
    if (!job_claim(t->s, &r, t->now, &id, &taken, e)) return false;
  }
  return true;
}

/* Which of the moments that have come is to run; those before it that are not to be caught up with are recorded. */
static bool choose(Settle *t, One *o, int64_t *due, Err *e) {
  size_t i = 0;
  *due = 0;
  if (is(o->j->catch_up, "none")) {
    while (i < o->n && t->now - o->at[i] > JOB_GRACE) i++;
    int64_t late = o->total - (int64_t)(o->n - i);
    if (late && !pass_over(t, o->j, "missed", o->first, i ? o->at[i - 1] : o->first, late, N_("nothing was there to start it in time"), e))
      return false;
    if (i == o->n) return true;
    o->first = o->at[i];
    o->total = (int64_t)(o->n - i);
  }
  if (is(o->j->catch_up, "all")) {
    *due = o->total > (int64_t)o->n && i == 0 ? o->first : o->at[i];
    return true;
  }
  *due = o->at[o->n - 1];
  if (o->total < 2) return true;
  return pass_over(t, o->j, "missed", o->first, o->at[o->n - 2], o->total - 1,
                   is(o->j->catch_up, "none") ? N_("a later one runs in its place") : N_("caught up with by the latest"), e);
}

static bool start_one(Settle *t, One *o, Err *e) {
  const Job *j = o->j;
  const JobRun *row = NULL;
  int64_t due = 0;
  bool taken = false;
  for (size_t i = 0; i < o->nopen && !row; i++) {
    bool ahead = o->open[i].began > t->now; /* the clock was, and went back */
    if (is(o->open[i].state, "again") && (ahead || o->open[i].again <= t->now)) row = &o->open[i];
    if (is(o->open[i].state, "queued") && !busy(o)) row = &o->open[i];
  }
  if ((!row && (o->nopen || !o->n)) || t->n >= t->room) return true;
  if (!row && j->after && j->cron) {
    Other other;
    const char *why = NULL;
    if (!other_stands(t, j, o->all, o->njob, o->days, o->at[o->n - 1], &other, &why, e)) return false;
    if (other == OTHER_OPEN) return true;
    if (other == OTHER_BAD) return pass_over(t, j, "skipped", o->first, o->at[o->n - 1], o->total, why, e);
  }
  int lock = joblock_take(t->db, j->name, e);
  if (lock < 0) return !e->kind; /* somebody is just claiming it, or looking */
  size_t before = t->n;
  bool ok = row ? run_row(t, j, *row, lock, e) : choose(t, o, &due, e) && (!due || claim(t, j, due, lock, &taken, e));
  if (t->n == before) close(lock);
  return ok;
}

static bool settle_one(Settle *t, One *o, Err *e) {
  int64_t settled;
  Val bind = val_int(o->j->id);
  if (!job_settled(t->s, o->j, t->now, &settled, e)) return false;
  if (!job_runs(t->s, "job = ?1 AND state IN ('running', 'again', 'waiting', 'queued') ORDER BY due", &bind, 1, t->a, &o->open,
                &o->nopen, e))
    return false;
  if (!o->j->paused && !settle_due(t->s, o->j, o->days, settled, t->now, KEPT_MOST, t->a, &o->at, &o->n, &o->total, &o->first, e))
    return err_at(e, arena_printf(t->a, "schedule %s", o->j->name), 0, 0);
  if (o->j->paused) return true;
  if (o->n && o->nopen && !backlog(o) && !all_behind(t, o, e)) return false;
  return start_one(t, o, e);
}

/* What is due the longest goes first; then by name, so that it is the same each time. */
static bool settle_jobs(Settle *t, const Job *job, size_t njob, Err *e) {
  CronDays days;
  if (!job_calendar(t->s, t->a, &days, e)) return false;
  for (size_t i = 0; i < njob; i++) {
    One o = {.j = &job[i], .all = job, .njob = njob, .days = &days};
    if (!settle_one(t, &o, e)) return false;
  }
  return true;
}

bool settle_all(Settle *t, Err *e) {
  Job *job;
  size_t njob;
  if (!store_begin(t->s, e)) return false;
  bool ok = job_list(t->s, t->a, &job, &njob, e) && recover(t, job, njob, e) && settle_jobs(t, job, njob, e);
  ok = ok && store_commit(t->s, e);
  if (ok) return true;
  store_rollback(t->s);
  for (size_t i = 0; i < t->n; i++) close(t->start[i].lock);
  t->n = 0;
  return false;
}
