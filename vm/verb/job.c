#include "verb/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run/duty.h"
#include "verb/call.h"
#include "verb/out.h"

bool job_now(const Cli *c, int64_t *out, Err *e) {
  const char *given = cli_opt(c, "now");
  *out = keeper_clock();
  if (!given) return true;
  Buf zone = {0};
  zone_here(&zone);
  bool ok = cron_zone(cli_opt(c, "tz") ? str_of(cli_opt(c, "tz")) : buf_view(&zone), e);
  if (ok && !moment_read(str_of(given), cli_opt(c, "tz") ? str_of(cli_opt(c, "tz")) : buf_view(&zone), out)) {
    ok = err_set(e, ERR_USAGE, "--now: '%s' is no moment", given);
    err_todo(e, "write it as 2026-11-01T06:00, or with a zone: 2026-11-01T06:00+08:00, 2026-10-31T22:00Z");
  }
  buf_free(&zone);
  return ok;
}

static void say(void *ctx, const char *job, const char *text) {
  (void)ctx;
  out_say("%s: %s", job, text);
}

bool job_keeper(Cli *c, KeeperSpec *out, Err *e) {
  if (!cli_store(c, STORE_READ, e)) return false;
  char *path = realpath(c->db, NULL);
  *out = (KeeperSpec){.db = arena_strndup(&c->arena, path ? path : c->db, strlen(path ? path : c->db)),
                      .body = job_body, .say = say, .patience = 5};
  out->ctx = (void *)out->db;
  free(path);
  store_close(c->store); /* nothing of the database may be open where children are made */
  c->store = NULL;
  return true;
}

/* --- in the child */

void job_detail(const char *db, int64_t run, const char *text) {
  Store *s = NULL;
  Err ignored = {0};
  Val bind[] = {val_int(run), val_text(str_of(text))};
  if (store_open(db, STORE_WRITE, &s, &ignored) && store_begin(s, &ignored)) {
    if (store_exec(s, "UPDATE job_run SET detail = ?2 WHERE id = ?1", bind, 2, &ignored)) store_commit(s, &ignored);
    else store_rollback(s);
  }
  store_close(s);
  err_free(&ignored);
}

bool job_begin_steps(Store *s, int steps, Err *e) {
  const Duty *d = duty_now();
  if (!d) return true;
  Val bind[] = {val_int(d->run), val_int(steps)};
  if (!store_begin(s, e)) return false;
  if (store_exec(s, "UPDATE job_run SET steps = ?2 WHERE id = ?1", bind, 2, e) && store_commit(s, e)) return true;
  store_rollback(s);
  return false;
}

int job_body(void *ctx, const Job *j, const JobRun *r) {
  enum { ARGS_MOST = 64 };
  Arena a = {0};
  char *argv[2 * ARGS_MOST + 16];
  int n = 0;
  Buf day = {0};
  day_print(r->asof, &day);
  const char *head[] = {"pareto", "--db", ctx, "run", j->target, "--yes", "--no-input", "--as-of", day.p, "--timeout",
                        arena_printf(&a, "%lld", (long long)j->seconds)};
  for (size_t i = 0; i < sizeof head / sizeof *head; i++) argv[n++] = (char *)head[i];
  for (Str rest = str_of(j->args); rest.p && rest.n && n < 2 * ARGS_MOST;) {
    Str one = str_split(rest, '\n', &rest);
    argv[n++] = (char *)"--set";
    argv[n++] = arena_strndup(&a, one.p, one.n);
  }
  argv[n] = NULL;
  Duty duty = {.actor = arena_printf(&a, "schedule:%s", j->name), .owner = j->owner, .run = r->id, .what = j->target};
  Err e = {0};
  duty_take(&duty);
  int code = cli_call(n, argv, false, &e);
  if (e.kind) {
    cli_complain(&e);
    job_detail(ctx, r->id, e.file ? arena_printf(&a, "%s: %s", e.file, e.what) : e.what);
  }
  err_free(&e);
  buf_free(&day);
  duty_take(NULL);
  arena_free(&a);
  return code == ERR_PENDING ? KEEPER_WAITING : code;
}
