/* Schedules and their runs as reports for people and programs. */
#ifndef RUN_JOB_SAY_H
#define RUN_JOB_SAY_H
#include "store/job.h"
#include "ui/report.h"

bool job_say_list(Store *s, int64_t now, Report *out, Err *e);
/* The next n moments of one job (NULL: of all of them, in order). */
bool job_say_next(Store *s, const char *name, int64_t now, size_t n, Report *out, Err *e);
/* The latest runs of a schedule or chain (NULL: of all); what holds no lock and is said to run is abandoned. */
bool job_say_log(Store *s, const char *name, size_t most, Report *out, Err *e);
/* One run with its steps, in lines. */
bool job_say_run(Store *s, const JobRun *r, Buf *out, Err *e);
/* *well: nothing is late, failing or abandoned. */
bool job_say_status(Store *s, int64_t now, Report *out, bool *well, Err *e);
/* The moments of an expression. */
bool job_say_moments(const Cron *c, const CronDays *days, Str zone, int64_t from, size_t n, Report *out, Err *e);
#endif
