/* Which moments of a job have come. */
#include "run/settle.h"

enum { COUNTED_MOST = 200000, BACK_DAYS = 800 };

typedef struct Ring { /* the last few */
  int64_t *at;
  size_t most;
  int64_t total, first;
} Ring;

static void put(Ring *r, int64_t utc) {
  if (!r->total) r->first = utc;
  r->at[(size_t)r->total++ % r->most] = utc;
}

static void unroll(const Ring *r, Arena *a, int64_t **at, size_t *n) {
  *n = (size_t)r->total < r->most ? (size_t)r->total : r->most;
  *at = arena_alloc(a, (*n + 1) * sizeof **at);
  for (size_t i = 0; i < *n; i++) (*at)[i] = r->at[((size_t)r->total - *n + i) % r->most];
}

/* A clock that was set far ahead brings millions: they are counted no further, but the last are found. */
static bool by_clock(const Job *j, const CronDays *days, int64_t from, int64_t now, Ring *r, Err *e) {
  Cron c;
  CronMoment m;
  if (!cron_parse(str_of(j->cron), &c, e) || !cron_zone(str_of(j->zone), e)) return false;
  while (cron_next(&c, days, str_of(j->zone), from, &m) && m.utc <= now) {
    put(r, from = m.utc);
    if (r->total != COUNTED_MOST) continue;
    for (int64_t back = 3600; back <= (int64_t)BACK_DAYS * 86400; back *= 24)
      if (now - back > from && cron_next(&c, days, str_of(j->zone), now - back, &m) && m.utc <= now) {
        from = now - back;
        break;
      }
  }
  return true;
}

static bool take_moment(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  int64_t utc;
  if (moment_read(val_str(v[0]), STR("UTC"), &utc)) put(ctx, utc);
  return true;
}

/* Without a clock of its own it is due whenever the other one has ended well. */
static bool by_other(Store *s, const Job *j, int64_t from, Ring *r, Arena *a, Err *e) {
  Buf b = {0};
  moment_print(from, &b);
  Val bind[] = {val_text(str_of(j->after)), val_copy(val_text(buf_view(&b)), a)};
  buf_free(&b);
  return store_query(s,
                     "SELECT r.due FROM job_run r JOIN job j ON j.id = r.job WHERE j.name = ?1 AND r.state = 'ok'"
                     " AND r.due > ?2 ORDER BY r.due",
                     bind, 2, take_moment, r, e);
}

bool settle_due(Store *s, const Job *j, const CronDays *days, int64_t from, int64_t now, size_t most, Arena *a,
                int64_t **at, size_t *n, int64_t *total, int64_t *first, Err *e) {
  Ring r = {.at = arena_alloc(a, most * sizeof *r.at), .most = most};
  if (!(j->cron ? by_clock(j, days, from, now, &r, e) : by_other(s, j, from, &r, a, e))) return false;
  unroll(&r, a, at, n);
  *total = r.total;
  *first = r.first;
  return true;
}

static int64_t floor_day(int64_t secs) { return secs / 86400 - (secs % 86400 < 0); }

Day settle_day(const Job *j, int64_t due) {
  Cron c;
  CronMoment m;
  Err ignored = {0};
  int32_t offset = 0;
  if (j->cron && cron_parse(str_of(j->cron), &c, &ignored) && cron_next(&c, NULL, str_of(j->zone), due - 1, &m) && m.utc == due)
    return (Day)floor_day(m.local); /* of a time that the clock skipped: the day it was to be */
  err_free(&ignored);
  zone_at(str_of(j->zone), due, &offset);
  return (Day)floor_day(due + offset);
}
