/* When a keeper has something to do next, and what it forgets. */
#include "run/keeper.h"

#include <stdlib.h>
#include <unistd.h>

static void sooner(int64_t *out, int64_t utc) {
  if (utc && (!*out || utc < *out)) *out = utc;
}

static bool next_of(Store *s, const Job *j, const CronDays *days, int64_t now, int64_t *out, Err *e) {
  Cron c;
  CronMoment m;
  int64_t settled;
  if (j->paused || !j->cron) return true;
  if (!job_settled(s, j, now, &settled, e) || !cron_parse(str_of(j->cron), &c, e) || !cron_zone(str_of(j->zone), e)) return false;
  if (cron_next(&c, days, str_of(j->zone), settled, &m)) sooner(out, m.utc);
  return true;
}

static bool next_all(Store *s, int64_t now, Arena *a, int64_t *out, Err *e) {
  Job *job;
  JobRun *open;
  size_t n, nopen;
  CronDays days;
  *out = 0;
  if (!job_calendar(s, a, &days, e) || !job_list(s, a, &job, &n, e)) return false;
  for (size_t i = 0; i < n; i++)
    if (!next_of(s, &job[i], &days, now, out, e)) return false;
  if (!job_runs(s, "state = 'again'", NULL, 0, a, &open, &nopen, e)) return false;
  for (size_t i = 0; i < nopen; i++) sooner(out, open[i].again);
  return true;
}

bool keeper_next_in(Store *s, int64_t now, int64_t *out, Err *e) {
  Arena a = {0};
  bool ok = next_all(s, now, &a, out, e);
  arena_free(&a);
  return ok;
}

bool keeper_prune(const KeeperSpec *spec, int64_t now, Err *e) {
  enum { KEPT_DAYS = 800 };
  Arena a = {0};
  Store *s = NULL;
  JobRun *gone = NULL;
  size_t n = 0;
  bool ok = store_open(spec->db, STORE_WRITE, &s, e) && store_begin(s, e);
  if (ok) {
    const char *days = store_setting(s, "schedule.keep");
    int64_t keep = days ? strtoll(days, NULL, 10) : KEPT_DAYS;
    ok = job_prune(s, now - keep * 86400, &a, &gone, &n, e) && store_commit(s, e);
    if (!ok) store_rollback(s);
  }
  store_close(s);
  for (size_t i = 0; ok && i < n; i++) {
    long long id = (long long)gone[i].id;
    if (gone[i].log) unlink(gone[i].log);
    unlink(arena_printf(&a, "%s.jobs/.hook-%lld.lock", spec->db, id));
    unlink(arena_printf(&a, "%s.jobs/.run-%lld.lock", spec->db, id));
  }
  if (!ok && e->kind == ERR_BUSY) { /* there will be another time */
    err_free(e);
    ok = true;
  }
  arena_free(&a);
  return ok;
}
