/* What is to be started now, and what became of the moments that are not: the policies of schedules.
 *
 * A moment of a job is settled when job_run has a row for it. Moments come due one after another; those that nobody
 * started in time are caught up with: none (recorded as missed), the latest only, or all, one after another. While a
 * run of the job is open (running, to be tried again, waiting for a signature), a moment is skipped, or queued. */
#ifndef RUN_SETTLE_H
#define RUN_SETTLE_H
#include "store/job.h"

enum { JOB_GRACE = 600 /* seconds behind its moment that a start counts as punctual */ };

typedef struct Start {  /* a run that was claimed; texts live in the Settle's arena */
  Job job;
  JobRun run;
  int lock;             /* the descriptor; the caller's to close */
} Start;

typedef struct Settle {
  Store *s;             /* opened for writing, no transaction open */
  const char *db;
  int64_t now;
  size_t room;          /* so many may be started */
  Arena *a;
  Start *start;         /* out; mem_free */
  size_t n, cap;
  void (*say)(void *ctx, const char *job, const char *text); /* for people; NULL = nobody listens */
  void *say_ctx;
} Settle;

/* Takes back what ended unseen, records what is missed or skipped, claims what starts. On failure nothing is claimed. */
bool settle_all(Settle *t, Err *e);
/* The moments behind `from` up to `now` at which the job is due: the last `most` of them, rising; *total counts all. */
bool settle_due(Store *s, const Job *j, const CronDays *days, int64_t from, int64_t now, size_t most, Arena *a,
                int64_t **at, size_t *n, int64_t *total, int64_t *first, Err *e);
/* The scheduled day of a moment of a job: what its runs look back from. */
Day settle_day(const Job *j, int64_t due);
/* Has this row ended badly, for good? */
bool settle_failed(const char *state);
/* Name of the lock of a run's process. */
const char *settle_lock(const JobRun *r, Arena *a);
#endif
