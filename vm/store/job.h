/* Jobs and their runs as rows (schema_job.h). Moments are seconds since 1970; 0 = none. Texts live in the caller's
 * arena; NULL = none. Writing functions run inside the caller's transaction. */
#ifndef STORE_JOB_H
#define STORE_JOB_H
#include "base/cron.h"
#include "store/store.h"

typedef struct Job {
  int64_t id;
  const char *name, *target, *folder, *path, *cron, *zone, *args;
  const char *catch_up, *overlap, *after, *on_failure, *on_recovery, *on_late, *owner;
  int64_t seconds, retries, backoff, since;
  bool paused;
} Job;

typedef struct JobRun {
  int64_t id, job;        /* job 0: a chain run by hand */
  const char *name, *target, *state, *detail, *log, *args, *folder, *owner, *owed;
  int64_t due, first, n, at, began, ended, again;
  Day asof;
  int attempt, code, steps;  /* code -1, steps 0: not known */
} JobRun;

typedef struct JobStep {
  int step;
  const char *what, *state, *plan, *who, *detail;
  int64_t run, at;
} JobStep;

bool job_list(Store *s, Arena *a, Job **out, size_t *n, Err *e);             /* by name */
bool job_named(Store *s, const char *name, Arena *a, Job *out, Err *e);      /* none: an error with the nearest name */
bool job_add(Store *s, const Job *j, Err *e);
bool job_drop(Store *s, int64_t id, Err *e);
bool job_pause(Store *s, int64_t id, bool paused, int64_t since, Err *e);    /* since 0: as it is */

/* Rows of job_run; `where` is SQL behind WHERE, with ORDER BY if it matters. */
bool job_runs(Store *s, const char *where, const Val *bind, size_t nbind, Arena *a, JobRun **out, size_t *n, Err *e);
bool job_run_of(Store *s, int64_t id, Arena *a, JobRun *out, bool *found, Err *e);
/* A new row. *taken: another process has this moment already, and nothing was written. A row that was recorded as missed or
 * skipped while the clock stood ahead (at > now) gives its moment back. */
bool job_claim(Store *s, const JobRun *r, int64_t now, int64_t *id, bool *taken, Err *e);
/* Writes state, attempt, began, ended, again, code, detail, log, steps and owed of a row that is there. */
bool job_run_put(Store *s, const JobRun *r, Err *e);
bool job_steps(Store *s, int64_t run, Arena *a, JobStep **out, size_t *n, Err *e);
bool job_step_put(Store *s, int64_t run, const JobStep *step, Err *e);       /* replaces the one that is there */
/* The latest moment at or before `now` that is settled for this job; `since` when there is none. */
bool job_settled(Store *s, const Job *j, int64_t now, int64_t *out, Err *e);
/* Forgets runs that ended before `before`, but what is still open and each job's last: of all, of those that ran, of those that ended well. */
bool job_prune(Store *s, int64_t before, Arena *a, JobRun **gone, size_t *n, Err *e);

/* The company's calendar, for cron_next. */
bool job_calendar(Store *s, Arena *a, CronDays *out, Err *e);
#endif
