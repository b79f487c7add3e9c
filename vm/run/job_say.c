#include "run/job_say.h"

#include "base/lang.h"

#include <string.h>

#include "run/joblock.h"
#include "run/settle.h"

typedef struct Say {
  Store *s;
  Report *out;
  Arena *a;
  int64_t now;
  CronDays days;
} Say;

static Val words(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static Val words(Arena *a, const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  Val v = b.n ? val_copy(val_text(buf_view(&b)), a) : val_null();
  buf_free(&b);
  return v;
}

static Val text(const char *z, Arena *a) { return z && *z ? words(a, "%s", z) : val_null(); }

/* As the wall clock there shows it, without seconds. */
static Val local(int64_t utc, const char *zone, Arena *a) {
  int32_t offset = 0;
  if (!utc) return val_null();
  Buf b = {0};
  zone_at(str_of(zone), utc, &offset);
  moment_print_at(utc, offset, &b);
  Val v = words(a, "%.10s %.5s %s", b.p, b.p + 11, b.p + 19);
  buf_free(&b);
  return v;
}

static Val in_utc(int64_t utc, Arena *a) {
  if (!utc) return val_null();
  Buf b = {0};
  moment_print(utc, &b);
  Val v = text(b.p, a);
  buf_free(&b);
  return v;
}

/* --- moments */

static Val note_of(const CronMoment *m, Str zone, Arena *a) {
  if (m->fit == ZONE_TWICE) return words(a, "the clock goes back: this time comes twice, the first counts");
  if (m->fit == ZONE_SKIPPED) {
    Buf b = {0};
    moment_print(m->local, &b);
    Val v = words(a, "the clock skips %.5s%s", b.p + 11, m->utc + m->offset - m->local < 43200 ? "" : " and more: the day is missing");
    buf_free(&b);
    return v;
  }
  int32_t before;
  zone_at(zone, m->utc - 86400, &before);
  if (before != m->offset) return words(a, "the clock has changed by %d min", (m->offset - before) / 60);
  return val_null();
}

typedef struct Line {
  int64_t utc;
  Val cell[4];
} Line;

static size_t lines_of(const Cron *c, const CronDays *days, const char *name, Str zone, int64_t from, size_t n, Line *line, Arena *a) {
  CronMoment m;
  size_t i = 0;
  char *z = arena_strndup(a, zone.p, zone.n);
  for (; i < n && cron_next(c, days, zone, from, &m); i++, from = m.utc) {
    line[i].utc = m.utc;
    line[i].cell[0] = text(name, a);
    line[i].cell[1] = local(m.utc, z, a);
    line[i].cell[2] = in_utc(m.utc, a);
    line[i].cell[3] = note_of(&m, zone, a);
  }
  return i;
}

static void put_lines(Report *out, const Line *line, size_t n, bool named) {
  static const UiColumn col[] = {UI_WORD("schedule"), UI_WORD("local"), UI_WORD("utc"), UI_WORD("note")};
  size_t skip = named ? 0 : 1, ncol = 4 - skip;
  Val *cell;
  report_table(out, (Str){0}, col + skip, ncol, n, &cell)->table.words = true;
  for (size_t i = 0; i < n; i++) memcpy(cell + i * ncol, line[i].cell + skip, ncol * sizeof *cell);
}

bool job_say_moments(const Cron *c, const CronDays *days, Str zone, int64_t from, size_t n, Report *out, Err *e) {
  (void)e;
  Line *line = arena_alloc(&out->arena, (n + 1) * sizeof *line);
  put_lines(out, line, lines_of(c, days, "", zone, from, n, line, &out->arena), false);
  return true;
}

/* Rising, then as they came. */
static void sort_lines(Line *line, size_t n) {
  for (size_t i = 1; i < n; i++)
    for (size_t k = i; k > 0 && line[k].utc < line[k - 1].utc; k--) {
      Line x = line[k];
      line[k] = line[k - 1];
      line[k - 1] = x;
    }
}

bool job_say_next(Store *s, const char *name, int64_t now, size_t n, Report *out, Err *e) {
  Arena *a = &out->arena;
  Job *job, one;
  CronDays days;
  size_t njob = 1, have = 0;
  if (name ? !job_named(s, name, a, &one, e) : !job_list(s, a, &job, &njob, e)) return false;
  if (name) job = &one;
  if (!job_calendar(s, a, &days, e)) return false;
  Line *line = arena_alloc(a, (njob * n + 1) * sizeof *line);
  for (size_t i = 0; i < njob; i++) {
    Cron c;
    if (job[i].paused || !job[i].cron) continue;
    if (!cron_parse(str_of(job[i].cron), &c, e) || !cron_zone(str_of(job[i].zone), e)) return false;
    have += lines_of(&c, &days, job[i].name, str_of(job[i].zone), now, n, line + have, a);
  }
  sort_lines(line, have);
  put_lines(out, line, have < n ? have : n, true);
  if (name && one.paused) report_note(out, val_str(words(a, "%s is paused: pareto schedule resume %s", name, name)));
  if (name && !one.cron) report_note(out, val_str(words(a, "%s runs whenever %s has ended well", name, one.after)));
  return true;
}

/* --- schedules */

static bool last_run(Store *s, int64_t job, Arena *a, JobRun *out, bool *some, Err *e) {
  Val bind = val_int(job);
  JobRun *r;
  size_t n;
  if (!job_runs(s, "job = ?1 AND state NOT IN ('skipped', 'missed', 'queued') ORDER BY id DESC LIMIT 1", &bind, 1, a, &r, &n, e)) return false;
  *some = n > 0;
  if (n) *out = *r;
  return true;
}

static const char *state_now(Store *s, const JobRun *r, Arena *a) {
  bool gone = strcmp(r->state, "running") == 0 && !joblock_held(store_path(s), settle_lock(r, a));
  return gone ? "abandoned" : r->state;
}

static bool next_moment(Say *y, const Job *j, int64_t *out, Err *e) {
  Cron c;
  CronMoment m;
  *out = 0;
  if (j->paused || !j->cron) return true;
  if (!cron_parse(str_of(j->cron), &c, e) || !cron_zone(str_of(j->zone), e)) return false;
  if (cron_next(&c, &y->days, str_of(j->zone), y->now, &m)) *out = m.utc;
  return true;
}

static Val when(const Job *j, Arena *a) {
  if (!j->cron) return words(a, "after %s", j->after);
  Cron c;
  Err ignored = {0};
  Buf b = {0};
  if (cron_parse(str_of(j->cron), &c, &ignored)) cron_say(&c, &b);
  err_free(&ignored);
  if (j->after) buf_say(&b, ", after %s", j->after);
  Val v = text(b.p, a);
  buf_free(&b);
  return v;
}

bool job_say_list(Store *s, int64_t now, Report *out, Err *e) {
  static const UiColumn col[] = {UI_WORD("name"),  UI_WORD("runs"),     UI_WORD("cron"),
                                 UI_WORD("zone"),  UI_WORD("in words"), UI_WORD("next"),
                                 UI_WORD("last"),  UI_WORD("catch up"), UI_WORD("args")};
  enum { COLS = sizeof col / sizeof *col };
  Say y = {.s = s, .out = out, .a = &out->arena, .now = now};
  Job *job;
  size_t n;
  Val *cell;
  if (!job_calendar(s, y.a, &y.days, e) || !job_list(s, y.a, &job, &n, e)) return false;
  report_table(out, (Str){0}, col, COLS, n, &cell)->table.words = true;
  for (size_t i = 0; i < n; i++) {
    Job *j = &job[i];
    JobRun last;
    bool some;
    int64_t next;
    if (!last_run(s, j->id, y.a, &last, &some, e) || !next_moment(&y, j, &next, e)) return false;
    for (char *p = (char *)j->args; *p; p++)
      if (*p == '\n') *p = ' ';
    Val row[COLS] = {text(j->name, y.a), text(j->target, y.a), text(j->cron, y.a), text(j->zone, y.a), when(j, y.a),
                     j->paused ? words(y.a, "paused") : local(next, j->zone, y.a),
                     some ? text(state_now(s, &last, y.a), y.a) : val_null(), text(j->catch_up, y.a), text(j->args, y.a)};
    memcpy(cell + i * COLS, row, sizeof row);
  }
  return true;
}

/* --- runs */

static Val took(const JobRun *r, Arena *a) {
  if (!r->began || !r->ended) return val_null();
  int64_t n = r->ended - r->began;
  return n < 120 ? words(a, "%lld s", (long long)n) : n < 7200 ? words(a, "%lld min", (long long)n / 60) : words(a, "%lld h", (long long)n / 3600);
}

static Val detail_of(const JobRun *r, const char *state, Arena *a) {
  if (strcmp(state, r->state) != 0) return words(a, "its process ended unseen (killed, or the machine went down)");
  if (r->n > 1) return words(a, "%lld moments: %s", (long long)r->n, r->detail ? _(r->detail) : "");
  if (strcmp(state, "waiting") == 0) return words(a, "%s; pareto approve %lld", r->detail ? _(r->detail) : "", (long long)r->id);
  return text(r->detail ? _(r->detail) : NULL, a);
}

bool job_say_log(Store *s, const char *name, size_t most, Report *out, Err *e) {
  static const UiColumn col[] = {UI_WORD("run"),     UI_WORD("schedule"), UI_WORD("due"),   UI_WORD("as of"),
                                 UI_WORD("state"),   UI_WORD("begun"),    UI_WORD("took"),  UI_WORD("attempt"),
                                 UI_WORD("detail")};
  enum { COLS = sizeof col / sizeof *col };
  Arena *a = &out->arena;
  Val bind[] = {name ? val_text(str_of(name)) : val_null(), val_int((int64_t)most)};
  JobRun *r;
  size_t n;
  Val *cell;
  if (!job_runs(s, "?1 IS NULL OR name = ?1 ORDER BY id DESC LIMIT ?2", bind, 2, a, &r, &n, e)) return false;
  report_table(out, (Str){0}, col, COLS, n, &cell)->table.words = true;
  for (size_t i = 0; i < n; i++) {
    const char *state = state_now(s, &r[i], a);
    Val row[COLS] = {val_int(r[i].id), text(r[i].name, a), in_utc(r[i].due, a), val_date(r[i].asof), text(state, a), in_utc(r[i].began, a),
                     took(&r[i], a), r[i].attempt ? val_int(r[i].attempt) : val_null(), detail_of(&r[i], state, a)};
    memcpy(cell + i * COLS, row, sizeof row);
  }
  return true;
}

bool job_say_run(Store *s, const JobRun *r, Buf *out, Err *e) {
  Arena a = {0};
  JobStep *step;
  size_t n;
  bool ok = job_steps(s, r->id, &a, &step, &n, e);
  buf_say(out, "run %lld of %s (%s), due ", (long long)r->id, r->name, r->target);
  moment_print(r->due, out);
  buf_say(out, ", as of ");
  day_print(r->asof, out);
  buf_printf(out, ": %s", state_now(s, r, &a));
  if (r->attempt > 1) buf_say(out, ", attempt %d", r->attempt);
  if (r->detail) buf_printf(out, "; %s", _(r->detail));
  buf_char(out, '\n');
  for (size_t i = 0; ok && i < n; i++) {
    buf_say(out, "  %d of %d  %-28s %s", step[i].step, r->steps, step[i].what, step[i].state);
    if (step[i].run) buf_say(out, ", run %lld in the history", (long long)step[i].run);
    if (step[i].plan && strcmp(step[i].state, "waiting") == 0)
      buf_say(out, " for a signature: pareto show %s, then pareto approve %lld", step[i].plan, (long long)r->id);
    if (step[i].who) buf_say(out, ", signed by %s", step[i].who);
    if (step[i].detail) buf_printf(out, ": %s", step[i].detail);
    buf_char(out, '\n');
  }
  if (r->log) buf_say(out, "log: %s\n", r->log);
  arena_free(&a);
  return ok;
}

/* --- is all well */

static bool in_a_row(Store *s, int64_t job, Arena *a, int64_t *out, Err *e) {
  Val v, bind = val_int(job);
  bool ok = store_value(s,
                        "SELECT count(*) FROM job_run WHERE job = ?1 AND state IN ('failed', 'timeout', 'abandoned') AND id >"
                        " coalesce((SELECT max(id) FROM job_run WHERE job = ?1 AND state = 'ok'), 0)",
                        &bind, 1, a, &v, e);
  *out = ok ? v.u.i : 0;
  return ok;
}

/* Moments that have come more than the grace ago and that nobody has touched. */
static bool overdue(Say *y, const Job *j, int64_t *n, int64_t *first, Err *e) {
  int64_t settled, *at;
  size_t kept;
  *n = 0;
  if (j->paused || !j->cron) return true;
  return job_settled(y->s, j, y->now, &settled, e) &&
         settle_due(y->s, j, &y->days, settled, y->now - JOB_GRACE, 1, y->a, &at, &kept, n, first, e);
}

/* Moments that did not run because the last run stood open. */
static bool passed_behind(Store *s, const JobRun *last, Arena *a, int64_t *n, Err *e) {
  Val v, bind[] = {val_int(last->job), val_int(last->id)};
  bool ok = store_value(s, "SELECT coalesce(sum(n), 0) FROM job_run WHERE job = ?1 AND id > ?2 AND state IN ('skipped', 'queued')", bind, 2, a, &v, e);
  *n = ok ? v.u.i : 0;
  return ok;
}

/* Whom it waits for, when that one fails: it does not run either. */
static bool held_by(Say *y, const Job *j, const char **how, Val *note, Err *e) {
  Val bad, bind = val_text(str_of(j->after));
  if (!store_value(y->s,
                   "SELECT count(*) FROM job_run AS r JOIN job AS o ON o.id = r.job WHERE o.name = ?1 AND"
                   " r.state IN ('failed', 'timeout', 'abandoned') AND r.id > coalesce((SELECT max(id) FROM job_run WHERE job = o.id AND state = 'ok'), 0)",
                   &bind, 1, y->a, &bad, e))
    return false;
  if (!bad.u.i) return true;
  *how = "waiting";
  *note = words(y->a, "runs after %s, which fails", j->after);
  return true;
}

static bool status_of(Say *y, const Job *j, Val *row, bool *well, Err *e) {
  JobRun last = {0};
  bool some;
  int64_t bad, late, first = 0, next;
  if (!last_run(y->s, j->id, y->a, &last, &some, e) || !in_a_row(y->s, j->id, y->a, &bad, e) || !overdue(y, j, &late, &first, e) ||
      !next_moment(y, j, &next, e))
    return false;
  const char *state = some ? state_now(y->s, &last, y->a) : NULL;
  if (state && strcmp(state, last.state) != 0) bad++;
  const char *how = bad ? "failing" : late ? "late" : j->paused ? "paused" : !some ? "new" : state;
  Val note = state && strcmp(state, "ok") != 0 ? detail_of(&last, state, y->a) : val_null();
  if (late)
    note = words(y->a, "%lld moment%s since %.*s not begun: is pareto serve or tick running?", (long long)late, late == 1 ? "" : "s",
                 STR_ARG(val_str(local(first, j->zone, y->a))));
  int64_t behind = 0;
  if (state && strcmp(state, "waiting") == 0 && !passed_behind(y->s, &last, y->a, &behind, e)) return false;
  if (behind)
    note = words(y->a, "%.*s; %lld moment%s came due meanwhile and did not run", STR_ARG(val_str(note)), (long long)behind, behind == 1 ? "" : "s");
  if (j->after && !bad && !j->paused && !held_by(y, j, &how, &note, e)) return false;
  if (bad || late || behind) *well = false;
  Val out[] = {text(j->name, y->a), text(how, y->a), some ? local(last.due, j->zone, y->a) : val_null(), text(state, y->a), val_int(bad),
               val_int(late), j->paused ? val_null() : local(next, j->zone, y->a), note};
  memcpy(row, out, sizeof out);
  return true;
}

bool job_say_status(Store *s, int64_t now, Report *out, bool *well, Err *e) {
  static const UiColumn col[] = {UI_WORD("schedule"),     UI_WORD("status"), UI_WORD("last"), UI_WORD("ended"),
                                 UI_WORD("failed in a row"), UI_WORD("late"),   UI_WORD("next"), UI_WORD("note")};
  enum { COLS = sizeof col / sizeof *col };
  Say y = {.s = s, .out = out, .a = &out->arena, .now = now};
  Job *job;
  JobRun *hand;
  size_t n, nhand;
  Val *cell;
  *well = true;
  if (!job_calendar(s, y.a, &y.days, e) || !job_list(s, y.a, &job, &n, e) ||
      !job_runs(s, "job IS NULL AND state IN ('running', 'waiting') ORDER BY id", NULL, 0, y.a, &hand, &nhand, e))
    return false;
  report_table(out, (Str){0}, col, COLS, n + nhand, &cell)->table.words = true;
  for (size_t i = 0; i < n; i++)
    if (!status_of(&y, &job[i], cell + i * COLS, well, e)) return false;
  for (size_t i = 0; i < nhand; i++) {
    const char *state = state_now(s, &hand[i], y.a);
    Val row[COLS] = {text(hand[i].name, y.a), text(state, y.a), in_utc(hand[i].due, y.a), val_null(), val_null(), val_null(), val_null(),
                     detail_of(&hand[i], state, y.a)};
    memcpy(cell + (n + i) * COLS, row, sizeof row);
  }
  return true;
}
