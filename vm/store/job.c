#include "store/job.h"

#include <string.h>

#define COUNT(x) (sizeof(x) / sizeof *(x))

static Val moment(int64_t utc, Arena *a) {
  if (!utc) return val_null();
  Buf b = {0};
  moment_print(utc, &b);
  Val v = val_copy(val_text(buf_view(&b)), a);
  buf_free(&b);
  return v;
}

static int64_t read_moment(Val v) {
  int64_t utc = 0;
  return v.t == V_TEXT && moment_read(val_str(v), STR("UTC"), &utc) ? utc : 0;
}

static Val text(const char *z) { return z ? val_text(str_of(z)) : val_null(); }
static Val whole_or_null(int64_t n) { return n ? val_int(n) : val_null(); }
static const char *kept(Val v, Arena *a) { return v.t == V_TEXT ? arena_strndup(a, val_str(v).p, val_str(v).n) : NULL; }
static int64_t whole(Val v) { return v.t == V_NUM ? v.u.i : 0; }

/* --- jobs */

#define JOB_COLUMNS                                                                                            \
  "id, name, target, folder, path, cron, zone, args, catch_up, overlap, after, on_failure, on_recovery, on_late," \
  " owner, seconds, retries, backoff, since, paused"

typedef struct Jobs {
  Arena *a;
  Job *job;
  size_t n, cap;
} Jobs;

static bool take_job(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Jobs *l = ctx;
  mem_grow(l->job, l->cap, l->n + 1);
  Job *j = &l->job[l->n++];
  *j = (Job){.id = whole(v[0]), .seconds = whole(v[15]), .retries = whole(v[16]), .backoff = whole(v[17]),
             .since = read_moment(v[18]), .paused = whole(v[19]) != 0};
  const char **const words[] = {&j->name, &j->target, &j->folder, &j->path, &j->cron, &j->zone, &j->args,
                                &j->catch_up, &j->overlap, &j->after, &j->on_failure, &j->on_recovery,
                                &j->on_late, &j->owner};
  for (size_t i = 0; i < COUNT(words); i++) *words[i] = kept(v[i + 1], l->a);
  return true;
}

static bool jobs(Store *s, const char *sql, const Val *bind, size_t nbind, Arena *a, Job **out, size_t *n, Err *e) {
  Jobs l = {.a = a};
  bool ok = store_query(s, sql, bind, nbind, take_job, &l, e);
  *out = arena_alloc(a, (l.n + 1) * sizeof **out);
  if (l.n) memcpy(*out, l.job, l.n * sizeof **out);
  *n = l.n;
  mem_free(l.job);
  return ok;
}

bool job_list(Store *s, Arena *a, Job **out, size_t *n, Err *e) {
  return jobs(s, "SELECT " JOB_COLUMNS " FROM job ORDER BY name", NULL, 0, a, out, n, e);
}

static bool no_job(Store *s, const char *name, Arena *a, Err *e) {
  Job *all;
  size_t n;
  if (!job_list(s, a, &all, &n, e)) return false;
  int best = strlen(name) < 5 ? 2 : 4;
  const char *near = NULL;
  for (size_t i = 0; i < n; i++) {
    int far = str_distance(str_of(name), str_of(all[i].name), best);
    if (far < best) best = far, near = all[i].name;
  }
  err_set(e, ERR_USAGE, "no schedule is called %s", name);
  if (near) err_todo(e, "did you mean %s?", near);
  return err_todo(e, "those there are: pareto schedule list");
}

bool job_named(Store *s, const char *name, Arena *a, Job *out, Err *e) {
  Job *one;
  size_t n;
  Val bind = val_text(str_of(name));
  if (!jobs(s, "SELECT " JOB_COLUMNS " FROM job WHERE name = ?1", &bind, 1, a, &one, &n, e)) return false;
  if (!n) return no_job(s, name, a, e);
  *out = *one;
  return true;
}

bool job_add(Store *s, const Job *j, Err *e) {
  Arena a = {0};
  Val bind[] = {text(j->name),       text(j->target),      text(j->folder),   text(j->path),
                text(j->cron),       text(j->zone),        text(j->args),     text(j->catch_up),
                text(j->overlap),    text(j->after),       text(j->on_failure), text(j->on_recovery),
                text(j->on_late),    text(j->owner),       val_int(j->seconds), val_int(j->retries),
                val_int(j->backoff), moment(j->since, &a), val_int(j->paused)};
  bool ok = store_exec(s,
                       "INSERT INTO job(name, target, folder, path, cron, zone, args, catch_up, overlap, after, on_failure,"
                       " on_recovery, on_late, owner, seconds, retries, backoff, since, paused) VALUES(?1, ?2, ?3, ?4, ?5,"
                       " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
                       bind, COUNT(bind), e);
  arena_free(&a);
  return ok;
}

bool job_drop(Store *s, int64_t id, Err *e) {
  Val bind = val_int(id);
  return store_exec(s, "DELETE FROM job WHERE id = ?1", &bind, 1, e);
}

bool job_pause(Store *s, int64_t id, bool paused, int64_t since, Err *e) {
  Arena a = {0};
  Val bind[] = {val_int(id), val_int(paused), moment(since, &a)};
  bool ok = store_exec(s, "UPDATE job SET paused = ?2, since = coalesce(?3, since) WHERE id = ?1 AND paused <> ?2", bind,
                       COUNT(bind), e);
  arena_free(&a);
  return ok;
}

/* --- runs */

#define RUN_COLUMNS                                                                                              \
  "id, job, name, target, state, detail, log, args, folder, owner, owed, due, first, n, at, began, ended, again, asof," \
  " attempt, code, steps"

typedef struct Runs {
  Arena *a;
  JobRun *run;
  size_t n, cap;
} Runs;

static bool take_run(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Runs *l = ctx;
  mem_grow(l->run, l->cap, l->n + 1);
  JobRun *r = &l->run[l->n++];
  *r = (JobRun){.id = whole(v[0]), .job = whole(v[1]), .n = whole(v[13]), .attempt = (int)whole(v[19]),
                .code = v[20].t == V_NUM ? (int)v[20].u.i : -1, .steps = (int)whole(v[21])};
  const char **const words[] = {&r->name, &r->target, &r->state, &r->detail, &r->log, &r->args, &r->folder, &r->owner, &r->owed};
  int64_t *const moments[] = {&r->due, &r->first};
  int64_t *const later[] = {&r->at, &r->began, &r->ended, &r->again};
  for (size_t i = 0; i < COUNT(words); i++) *words[i] = kept(v[i + 2], l->a);
  for (size_t i = 0; i < COUNT(moments); i++) *moments[i] = read_moment(v[i + 11]);
  for (size_t i = 0; i < COUNT(later); i++) *later[i] = read_moment(v[i + 14]);
  if (v[18].t == V_TEXT && !day_parse(val_str(v[18]), &r->asof)) r->asof = 0;
  return true;
}

bool job_runs(Store *s, const char *where, const Val *bind, size_t nbind, Arena *a, JobRun **out, size_t *n, Err *e) {
  Runs l = {.a = a};
  const char *sql = arena_printf(a, "SELECT " RUN_COLUMNS " FROM job_run WHERE %s", where);
  bool ok = store_query(s, sql, bind, nbind, take_run, &l, e);
  *out = arena_alloc(a, (l.n + 1) * sizeof **out);
  if (l.n) memcpy(*out, l.run, l.n * sizeof **out);
  *n = l.n;
  mem_free(l.run);
  return ok;
}

bool job_run_of(Store *s, int64_t id, Arena *a, JobRun *out, bool *found, Err *e) {
  Val bind = val_int(id);
  JobRun *one;
  size_t n;
  if (!job_runs(s, "id = ?1", &bind, 1, a, &one, &n, e)) return false;
  *found = n > 0;
  if (n) *out = *one;
  return true;
}

bool job_claim(Store *s, const JobRun *r, int64_t now, int64_t *id, bool *taken, Err *e) {
  Arena a = {0};
  Val void_rows[] = {val_int(r->job), moment(r->due, &a), moment(now, &a)};
  Val bind[] = {whole_or_null(r->job), text(r->name),        text(r->target),        moment(r->due, &a),  moment(r->first, &a),
                val_int(r->n),         val_date(r->asof),    text(r->state),         val_int(r->attempt), moment(now, &a),
                moment(r->began, &a),  text(r->detail),      text(r->log),           text(r->args),       text(r->folder),
                text(r->owner),        text(r->owed)};
  bool ok = !r->job || store_exec(s, "DELETE FROM job_run WHERE job = ?1 AND due = ?2 AND state IN ('missed', 'skipped') AND at > ?3",
                                  void_rows, COUNT(void_rows), e);
  ok = ok && store_exec(s,
                        "INSERT INTO job_run(job, name, target, due, first, n, asof, state, attempt, at, began, detail, log,"
                        " args, folder, owner, owed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
                        " ?15, ?16, ?17) ON CONFLICT DO NOTHING",
                        bind, COUNT(bind), e);
  *taken = ok && store_changes(s) == 0;
  *id = ok && !*taken ? store_last_id(s) : 0;
  arena_free(&a);
  return ok;
}

bool job_run_put(Store *s, const JobRun *r, Err *e) {
  Arena a = {0};
  Val bind[] = {val_int(r->id),        text(r->state),       val_int(r->attempt),    moment(r->began, &a),
                moment(r->ended, &a),  moment(r->again, &a), r->code < 0 ? val_null() : val_int(r->code),
                text(r->detail),       text(r->log),         whole_or_null(r->steps), text(r->owed)};
  bool ok = store_exec(s,
                       "UPDATE job_run SET state = ?2, attempt = ?3, began = ?4, ended = ?5, again = ?6, code = ?7,"
                       " detail = ?8, log = ?9, steps = ?10, owed = ?11 WHERE id = ?1",
                       bind, COUNT(bind), e);
  arena_free(&a);
  return ok;
}

/* --- steps */

typedef struct Steps {
  Arena *a;
  JobStep *step;
  size_t n, cap;
} Steps;

static bool take_step(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Steps *l = ctx;
  mem_grow(l->step, l->cap, l->n + 1);
  l->step[l->n++] = (JobStep){.step = (int)whole(v[0]),
                              .what = kept(v[1], l->a),
                              .state = kept(v[2], l->a),
                              .run = whole(v[3]),
                              .plan = kept(v[4], l->a),
                              .at = read_moment(v[5]),
                              .who = kept(v[6], l->a),
                              .detail = kept(v[7], l->a)};
  return true;
}

bool job_steps(Store *s, int64_t run, Arena *a, JobStep **out, size_t *n, Err *e) {
  Steps l = {.a = a};
  Val bind = val_int(run);
  bool ok = store_query(s, "SELECT step, what, state, run, plan, at, who, detail FROM job_step WHERE job_run = ?1 ORDER BY step",
                        &bind, 1, take_step, &l, e);
  *out = arena_alloc(a, (l.n + 1) * sizeof **out);
  if (l.n) memcpy(*out, l.step, l.n * sizeof **out);
  *n = l.n;
  mem_free(l.step);
  return ok;
}

bool job_step_put(Store *s, int64_t run, const JobStep *st, Err *e) {
  Arena a = {0};
  Val bind[] = {val_int(run),           val_int(st->step),   text(st->what), text(st->state), whole_or_null(st->run),
                text(st->plan),         moment(st->at, &a),  text(st->who),  text(st->detail)};
  bool ok = store_exec(s,
                       "INSERT INTO job_step(job_run, step, what, state, run, plan, at, who, detail)"
                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(job_run, step) DO UPDATE SET"
                       " what = excluded.what, state = excluded.state, run = excluded.run, plan = excluded.plan,"
                       " at = excluded.at, who = coalesce(excluded.who, who), detail = excluded.detail",
                       bind, COUNT(bind), e);
  arena_free(&a);
  return ok;
}

/* --- what is settled, and what is forgotten */

bool job_settled(Store *s, const Job *j, int64_t now, int64_t *out, Err *e) {
  Arena a = {0};
  Val v, bind[] = {val_int(j->id), moment(now, &a)};
  bool ok = store_value(s,
                        "SELECT max(due) FROM job_run WHERE job = ?1 AND due <= ?2 AND NOT (state IN ('missed', 'skipped') AND at > ?2)",
                        bind, 2, &a, &v, e);
  int64_t last = ok ? read_moment(v) : 0;
  *out = last > j->since ? last : j->since;
  arena_free(&a);
  return ok;
}

bool job_prune(Store *s, int64_t before, Arena *a, JobRun **gone, size_t *n, Err *e) {
  Val bind = moment(before, a);
#define OLD                                                                                                       \
  "at < ?1 AND state NOT IN ('running', 'again', 'waiting', 'queued') AND owed IS NULL AND id NOT IN"             \
  " (SELECT id FROM (SELECT id, max(due) FROM job_run WHERE job IS NOT NULL GROUP BY job, state = 'ok'))"             \
  " AND id NOT IN (SELECT max(id) FROM job_run WHERE job IS NOT NULL AND state NOT IN ('skipped', 'missed') GROUP BY job)"
  return job_runs(s, OLD, &bind, 1, a, gone, n, e) &&
         (!*n || (store_exec(s, "DELETE FROM job_step WHERE job_run IN (SELECT id FROM job_run WHERE " OLD ")", &bind, 1, e) &&
                  store_exec(s, "DELETE FROM job_run WHERE " OLD, &bind, 1, e)));
}

/* --- the calendar */

typedef struct Days {
  Arena *a;
  Day *day;
  bool *works;
  size_t n, cap;
} Days;

static bool take_day(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Days *l = ctx;
  Day day;
  if (v[0].t != V_TEXT || !day_parse(val_str(v[0]), &day) || v[1].t != V_NUM) return true;
  if (l->n == l->cap) {
    mem_grow(l->day, l->cap, l->n + 1);
    l->works = mem_resize(l->works, l->cap, sizeof *l->works);
  }
  l->day[l->n] = day;
  l->works[l->n++] = v[1].u.i != 0;
  return true;
}

bool job_calendar(Store *s, Arena *a, CronDays *out, Err *e) {
  Days l = {.a = a};
  bool ok = store_query(s, "SELECT day, works FROM calendar ORDER BY day", NULL, 0, take_day, &l, e);
  Day *day = arena_alloc(a, (l.n + 1) * sizeof *day);
  bool *works = arena_alloc(a, (l.n + 1) * sizeof *works);
  if (l.n) {
    memcpy(day, l.day, l.n * sizeof *day);
    memcpy(works, l.works, l.n * sizeof *works);
  }
  mem_free(l.day);
  mem_free(l.works);
  *out = (CronDays){day, works, l.n};
  return ok;
}
