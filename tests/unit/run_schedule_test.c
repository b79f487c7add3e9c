/* Schedules under a simulated clock: counts are exactly right, whatever is killed, set or full meanwhile. The bodies of
 * the jobs here only record a run, so that the log says how often each moment was run. */
#include "testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/stop.h"
#include "run/direct.h"
#include "run/duty.h"
#include "run/job_say.h"
#include "run/keeper.h"

static char folder[64], path[96];
static volatile int64_t *now_at; /* shared with the servers */

static int64_t clock_now(void *ctx) {
  (void)ctx;
  return *now_at;
}

static int64_t at(const char *text) {
  int64_t utc = 0;
  if (!moment_read(str_of(text), STR("UTC"), &utc)) fail_msg("%s is no moment", text);
  return utc;
}

static void fine(bool ok, Err *e) {
  if (ok) return;
  fail_msg("%s", e->what ? e->what : "failed");
}

static int setup(void **state) {
  (void)state;
  Err e = {0};
  strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/pareto-jobs-XXXXXX" : "/tmp/pareto-jobs-XXXXXX");
  if (!mkdtemp(folder)) return -1;
  snprintf(path, sizeof path, "%s/t.db", folder);
  now_at = mmap(NULL, sizeof *now_at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return store_init(path, (StoreInit){"CNY", 2}, &e) ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  char command[160];
  snprintf(command, sizeof command, "rm -rf %s", folder);
  munmap((void *)now_at, sizeof *now_at);
  return system(command);
}

static Store *opened(void) {
  Store *s = NULL;
  Err e = {0};
  fine(store_open(path, STORE_WRITE, &s, &e), &e);
  return s;
}

static int64_t number(const char *sql) {
  Store *s = opened();
  Arena a = {0};
  Val v = val_null();
  Err e = {0};
  fine(store_value(s, sql, NULL, 0, &a, &v, &e), &e);
  int64_t n = v.t == V_NUM ? v.u.i : -1;
  arena_free(&a);
  store_close(s);
  return n;
}

static int64_t counted(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static int64_t counted(const char *fmt, ...) {
  char sql[400];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(sql, sizeof sql, fmt, ap);
  va_end(ap);
  return number(sql);
}

static void exec(const char *sql) {
  Store *s = opened();
  Err e = {0};
  fine(store_begin(s, &e) && store_exec(s, sql, NULL, 0, &e) && store_commit(s, &e), &e);
  store_close(s);
}

/* Every moment counts from `since` on. */
static void add(const char *name, const char *cron, const char *zone, const char *since, int retries, const char *catch_up) {
  Job j = {.name = name, .target = name, .folder = folder, .zone = zone, .args = "", .catch_up = catch_up, .overlap = "queue",
           .owner = "root", .seconds = strcmp(name, "endless") ? 30 : 1, .retries = retries, .since = at(since)};
  if (strncmp(cron, "after ", 6) == 0) j.after = cron + 6;
  else j.cron = cron;
  Store *s = opened();
  Err e = {0};
  fine(store_begin(s, &e) && job_add(s, &j, &e) && store_commit(s, &e), &e);
  store_close(s);
}

/* --- what the jobs do */

static bool nothing(void *ctx, Store *s, Err *e) { return (void)ctx, (void)s, (void)e, true; }
static bool after(void *ctx, Store *s, int64_t run, Err *e) { return (void)ctx, (void)s, (void)run, (void)e, true; }

static int body(void *ctx, const Job *j, const JobRun *r) {
  (void)ctx;
  Store *s = NULL;
  Err e = {0};
  char actor[80];
  int64_t run, changes;
  if (strcmp(j->name, "fails") == 0) return 1;
  if (strcmp(j->name, "endless") == 0) {
    signal(SIGTERM, SIG_IGN);
    for (;;) pause();
  }
  snprintf(actor, sizeof actor, "schedule:%s", j->name);
  Duty d = {.actor = actor, .owner = j->owner, .run = r->id, .step = 1, .what = j->target};
  Val id = val_int(r->id);
  duty_take(&d);
  bool ok = store_open(path, STORE_WRITE, &s, &e) && store_begin(s, &e) &&
            store_exec(s, "UPDATE job_run SET steps = 1 WHERE id = ?1", &id, 1, &e) && store_commit(s, &e) &&
            run_direct_then(s, j->target, "", r->asof, nothing, after, NULL, &run, &changes, &e);
  if (!ok) fprintf(stderr, "%s\n", e.what);
  store_close(s);
  return ok ? 0 : 1;
}

static KeeperSpec spec(void) { return (KeeperSpec){.db = path, .body = body, .now = clock_now, .patience = 0.1}; }

/* All that is due at this moment of the clock, to its end. */
static void settle(Keeper *k) {
  Err e = {0};
  for (size_t begun = SIZE_MAX; begun != keeper_begun(k) || keeper_busy(k);) {
    begun = keeper_begun(k);
    fine(keeper_step(k, &e), &e);
    if (keeper_busy(k)) keeper_wait(k, 10);
  }
}

static void run_until(Keeper *k, const char *end) {
  for (int64_t next;;) {
    settle(k);
    next = keeper_due(k);
    if (!next || next > at(end)) break;
    *now_at = next > *now_at ? next : *now_at + 1;
  }
  *now_at = at(end);
}

static int64_t runs_of(const char *name) { return counted("SELECT count(*) FROM run WHERE actor = 'schedule:%s'", name); }
static int64_t days_of(const char *name) { return counted("SELECT count(DISTINCT asof) FROM run WHERE actor = 'schedule:%s'", name); }

static void has_run(const char *name, int64_t times) {
  if (runs_of(name) != times) fail_msg("%s ran %lld times, not %lld", name, (long long)runs_of(name), (long long)times);
  if (days_of(name) != times) fail_msg("%s ran for %lld days, not %lld", name, (long long)days_of(name), (long long)times);
}

static void nothing_open(void) {
  assert_int_equal(number("SELECT count(*) FROM job_run WHERE state IN ('running', 'again', 'queued', 'waiting')"), 0);
}

/* --- three years */

static int64_t week_days(Day from, Day to, int which) { /* which: 1 Monday … 7; 0: Monday to Friday */
  int64_t n = 0;
  for (Day d = from; d < to; d++) n += which ? day_weekday(d) == which : day_weekday(d) <= 5;
  return n;
}

static void three_years_of_twelve_jobs(void **state) {
  (void)state;
  const char *since = "2025-12-31T12:00Z";
  Day from = day_of(2026, 1, 1), to = day_of(2029, 1, 1);
  exec("INSERT INTO calendar(day, works) VALUES('2026-10-01', 0), ('2026-10-02', 0), ('2026-10-10', 1), ('2028-02-08', 0)");
  add("monthly", "0 6 1 * *", "Asia/Shanghai", since, 0, "latest");
  add("last-day", "30 23 L * *", "Europe/Berlin", since, 0, "latest");
  add("31st", "0 6 31 * *", "UTC", since, 0, "latest");
  add("leap-day", "0 6 29 2 *", "Asia/Tokyo", since, 0, "latest");
  add("mondays", "0 9 * * MON", "Europe/Dublin", since, 0, "latest");
  add("in-the-gap", "30 2 * * SUN", "America/New_York", since, 0, "latest");
  add("in-the-fold", "30 1 * * SUN", "America/New_York", since, 0, "latest");
  add("quarterly", "0 7 1 1,4,7,10 *", "Australia/Lord_Howe", since, 0, "latest");
  add("working-days", "0 8 * 10 workday", "Asia/Shanghai", since, 0, "latest");
  add("behind", "after monthly", "Asia/Shanghai", since, 0, "latest");
  add("endless", "0 3 1 1 *", "UTC", since, 0, "latest");
  add("fails", "0 4 1 * *", "UTC", since, 1, "latest");
  *now_at = at(since);
  Keeper *k;
  Err e = {0};
  KeeperSpec sp = spec();
  fine(keeper_open(&sp, &k, &e), &e);
  run_until(k, "2028-12-31T16:00Z");
  keeper_close(k);
  has_run("monthly", 36);
  has_run("last-day", 36); /* from that of 2025 on: the last December's is yet to come */
  has_run("31st", 21);
  has_run("leap-day", 1);
  has_run("mondays", week_days(from, to, 1));
  has_run("in-the-gap", week_days(from, to, 7));
  has_run("in-the-fold", week_days(from, to, 7));
  has_run("quarterly", 12);
  has_run("working-days", week_days(day_of(2026, 10, 1), day_of(2026, 11, 1), 0) + week_days(day_of(2027, 10, 1), day_of(2027, 11, 1), 0) + week_days(day_of(2028, 10, 1), day_of(2028, 11, 1), 0) - 2 + 1);
  has_run("behind", 36);
  assert_int_equal(number("SELECT count(*) FROM job_run WHERE name = 'endless' AND state = 'timeout'"), 3);
  assert_int_equal(number("SELECT count(*) FROM job_run WHERE name = 'fails' AND state = 'failed' AND attempt = 2"), 36);
  assert_int_equal(number("SELECT count(*) FROM job_run WHERE state IN ('missed', 'skipped', 'abandoned')"), 0);
  nothing_open();
}

/* --- servers that are killed */

static _Noreturn void serve(void) {
  KeeperSpec sp = spec();
  Keeper *k;
  Err e = {0};
  if (!keeper_open(&sp, &k, &e)) _exit(1);
  for (;;) {
    if (!keeper_step(k, &e)) err_free(&e);
    if (keeper_busy(k)) keeper_wait(k, 0.02);
    else usleep(5000);
  }
}

static pid_t server(void) {
  fflush(NULL);
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    (void)parent;
    serve();
  }
  return pid;
}

/* When the next moment comes, once all that have come are done; else 0. */
static int64_t all_done(void) {
  Store *s = opened();
  Arena a = {0};
  Err e = {0};
  Val open;
  int64_t next = 0;
  fine(store_begin_read(s, &e) && keeper_next_in(s, *now_at, &next, &e) &&
           store_value(s, "SELECT count(*) FROM job_run WHERE state IN ('running', 'again', 'queued')", NULL, 0, &a, &open, &e), &e);
  if (open.u.i) next = 0;
  store_end_read(s);
  store_close(s);
  arena_free(&a);
  return next;
}

/* Two on one database; at every other moment one of them is killed, wherever it stands, and another begins. */
static void two_servers_killed_at_random_lose_and_double_nothing(void **state) {
  (void)state;
  const char *since = "2026-01-31T12:00Z";
  add("weekly", "0 6 * * MON", "Asia/Shanghai", since, 1000, "all");
  add("daily", "0 6 * * *", "Asia/Shanghai", since, 1000, "all");
  add("same-time", "0 6 * * *", "Asia/Shanghai", since, 1000, "all");
  add("monthly", "0 6 1 * *", "Asia/Shanghai", since, 1000, "all");
  *now_at = at(since);
  pid_t pid[2] = {server(), server()};
  unsigned seed = 7;
  int kills = 0;
  bool wanted = false; /* a kill; one a moment at most, or slow machines would get nowhere */
  double end = stop_now() + 300;
  while (*now_at < at("2026-03-16T00:00Z") && stop_now() < end) {
    seed = seed * 1103515245 + 12345;
    usleep(seed >> 16 & 0x3fff);
    if (wanted && (seed >> 8 & 1) == 0) {
      int which = seed >> 12 & 1;
      wanted = false;
      kill(pid[which], SIGKILL);
      waitpid(pid[which], NULL, 0);
      pid[which] = server();
      kills++;
    }
    int64_t next = all_done();
    if (next > *now_at) {
      *now_at = next;
      wanted = (seed >> 9 & 1) == 0;
    }
  }
  for (int i = 0; i < 3000 && all_done() <= *now_at; i++) usleep(10000); /* what came last, too */
  for (int i = 0; i < 2; i++) {
    kill(pid[i], SIGKILL);
    waitpid(pid[i], NULL, 0);
  }
  assert_true(kills > 5);
  has_run("daily", number("SELECT count(*) FROM job_run WHERE name = 'daily'"));
  has_run("same-time", runs_of("daily"));
  assert_true(runs_of("daily") >= 43);
  assert_int_equal(number("SELECT CAST(julianday(max(asof)) - julianday(min(asof)) + 1 AS INTEGER) FROM run WHERE what = 'daily'"), runs_of("daily"));
  assert_int_equal(runs_of("weekly"), number("SELECT count(*) FROM run WHERE what = 'daily' AND strftime('%w', asof) = '1'"));
  assert_int_equal(runs_of("monthly"), number("SELECT count(*) FROM run WHERE what = 'daily' AND strftime('%d', asof) = '01'"));
  nothing_open();
}

/* --- clocks */

static void a_clock_that_is_set_runs_no_moment_twice_and_loses_none(void **state) {
  (void)state;
  Keeper *k;
  Err e = {0};
  KeeperSpec sp = spec();
  add("daily", "0 6 * * *", "UTC", "2026-03-01", 0, "latest");
  *now_at = at("2026-03-01");
  fine(keeper_open(&sp, &k, &e), &e);
  run_until(k, "2026-03-05T12:00Z");
  has_run("daily", 5);
  *now_at = at("2026-03-03T12:00Z"); /* back two days: they are not run again */
  run_until(k, "2026-03-06T12:00Z");
  has_run("daily", 6);
  *now_at = at("2031-01-01T12:00Z"); /* five years ahead: the latest, not two thousand */
  settle(k);
  has_run("daily", 7);
  *now_at = at("2026-03-06T12:30Z"); /* and back: the days that come are run as if nothing had been */
  run_until(k, "2026-03-31T12:00Z");
  keeper_close(k);
  has_run("daily", 32);
  assert_int_equal(number("SELECT count(*) FROM run WHERE what = 'daily' AND asof LIKE '2026-03-%'"), 31);
}

static void a_month_asleep_is_caught_up_with_by_policy(void **state) {
  (void)state;
  Keeper *k;
  Err e = {0};
  KeeperSpec sp = spec();
  add("none", "0 6 * * *", "UTC", "2026-03-01", 0, "none");
  add("latest", "0 6 * * *", "UTC", "2026-03-01", 0, "latest");
  add("all", "0 6 * * *", "UTC", "2026-03-01", 0, "all");
  *now_at = at("2026-04-01T03:00");
  fine(keeper_open(&sp, &k, &e), &e);
  settle(k);
  assert_int_equal(runs_of("none"), 0);
  has_run("latest", 1);
  has_run("all", 31);
  assert_int_equal(number("SELECT sum(n) FROM job_run WHERE name = 'none' AND state = 'missed'"), 31);
  assert_int_equal(number("SELECT sum(n) FROM job_run WHERE name = 'latest' AND state = 'missed'"), 30);
  assert_int_equal(number("SELECT asof = '2026-03-31' FROM run WHERE what = 'latest'"), 1);
  run_until(k, "2026-04-02T12:00Z");
  keeper_close(k);
  has_run("none", 2);
  has_run("latest", 3);
  has_run("all", 33);
}

/* --- a full disk */

static void nothing_is_claimed_that_cannot_be_recorded(void **state) {
  (void)state;
  Err e = {0};
  add("daily", "0 6 * * *", "UTC", "2026-03-01", 0, "latest");
  *now_at = at("2026-03-01T06:00Z");
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    KeeperSpec sp = spec();
    Keeper *k;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, 100});
    _exit(keeper_open(&sp, &k, &e) && !keeper_step(k, &e) && keeper_busy(k) == 0 ? 0 : 1);
  }
  int status;
  waitpid(pid, &status, 0);
  assert_int_equal(status, 0);
  assert_int_equal(number("SELECT count(*) FROM job_run"), 0);
  KeeperSpec sp = spec();
  Keeper *k;
  fine(keeper_open(&sp, &k, &e), &e);
  settle(k);
  keeper_close(k);
  has_run("daily", 1);
}

/* A run whose keeper is killed is abandoned: to whoever looks at once, and in the log from the next keeper on. */
static bool said_abandoned(void) {
  Store *s = opened();
  Report rep = {0};
  Err e = {0};
  bool well;
  fine(job_say_status(s, *now_at, &rep, &well, &e), &e);
  bool is = !well && str_is(val_str(rep.item[0].table.cell[3]), "abandoned");
  report_free(&rep);
  store_close(s);
  return is;
}

static void a_killed_run_is_never_said_to_run(void **state) {
  (void)state;
  Err e = {0};
  add("endless", "0 6 * * *", "UTC", "2026-03-01", 0, "latest");
  exec("UPDATE job SET seconds = 60");
  *now_at = at("2026-03-01T06:00Z");
  pid_t pid = server();
  for (int i = 0; i < 500 && number("SELECT count(*) FROM job_run WHERE state = 'running'") == 0; i++) usleep(10000);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  bool abandoned = false; /* its child goes with it, soon; nothing else but looking says so */
  for (int i = 0; i < 200 && !abandoned; i++) {
    usleep(50000);
    abandoned = said_abandoned();
  }
  assert_true(abandoned);
  KeeperSpec sp = spec();
  Keeper *k;
  fine(keeper_open(&sp, &k, &e), &e);
  settle(k);
  keeper_close(k);
  assert_int_equal(number("SELECT count(*) FROM job_run WHERE state = 'abandoned'"), 1);
  nothing_open();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(three_years_of_twelve_jobs, setup, teardown),
      cmocka_unit_test_setup_teardown(two_servers_killed_at_random_lose_and_double_nothing, setup, teardown),
      cmocka_unit_test_setup_teardown(a_clock_that_is_set_runs_no_moment_twice_and_loses_none, setup, teardown),
      cmocka_unit_test_setup_teardown(a_month_asleep_is_caught_up_with_by_policy, setup, teardown),
      cmocka_unit_test_setup_teardown(nothing_is_claimed_that_cannot_be_recorded, setup, teardown),
      cmocka_unit_test_setup_teardown(a_killed_run_is_never_said_to_run, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
