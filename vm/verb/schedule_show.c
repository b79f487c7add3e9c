#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/job_say.h"
#include "run/settle.h"
#include "verb/job.h"
#include "verb/out.h"
#include "verb/schedule.h"

static bool count(const Cli *c, const char *option, int64_t *n, Err *e) {
  enum { MOST = 100000 };
  if (!cli_opt_int(c, option, 1, n, e)) return false;
  return *n <= MOST || err_set(e, ERR_USAGE, "--%s: at most %d at once", option, MOST);
}

bool schedule_list(Cli *c, Err *e) {
  Report rep = {0};
  int64_t now;
  bool ok = job_now(c, &now, e) && cli_store(c, STORE_READ, e) && job_say_list(c->store, now, &rep, e) && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}

bool schedule_next(Cli *c, Err *e) {
  Report rep = {0};
  int64_t now, n = 5;
  bool ok = job_now(c, &now, e) && count(c, "n", &n, e) && cli_store(c, STORE_READ, e) &&
            job_say_next(c->store, c->narg > 1 ? c->arg[1] : NULL, now, (size_t)n, &rep, e) && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}

static bool zone_of(const Cli *c, const Buf *header, Buf *out, Err *e) {
  if (cli_opt(c, "tz")) buf_puts(out, cli_opt(c, "tz"));
  else if (header->n) buf_str(out, buf_view(header));
  else zone_here(out);
  return cron_zone(buf_view(out), e);
}

/* With a database its calendar counts; without one the weeks are plain. */
static bool calendar(Cli *c, CronDays *days) {
  Err none = {0};
  bool ok = cli_store(c, STORE_READ, &none) && job_calendar(c->store, &c->arena, days, &none);
  err_free(&none);
  return ok;
}

bool schedule_explain(Cli *c, Err *e) {
  Buf cron = {0}, header = {0}, zone = {0}, text = {0};
  Report rep = {0};
  CronDays days = {0};
  Cron x;
  int64_t now, n = 5;
  if (c->narg != 2) {
    err_set(e, ERR_USAGE, "schedule explain: which expression? In quotes");
    return err_todo(e, "pareto schedule explain \"0 6 1 * *\"");
  }
  bool ok = job_now(c, &now, e) && count(c, "n", &n, e) && cron_header(str_of(c->arg[1]), &cron, &header, e) &&
            cron_parse(buf_view(&cron), &x, e) && zone_of(c, &header, &zone, e);
  if (ok) {
    calendar(c, &days);
    buf_printf(&text, "%s: ", cron.p);
    cron_say(&x, &text);
    buf_printf(&text, ", %s\n", zone.p);
    schedule_notes(&x, &days, buf_view(&zone), now, &text);
    bool data = c->format_given && c->format != UI_TABLE;
    ok = job_say_moments(&x, &days, buf_view(&zone), now, (size_t)n, &rep, e) && (data || out_text(c, buf_view(&text), e)) &&
         out_report(c, &rep, UI_TABLE, e);
  }
  report_free(&rep);
  buf_free(&cron);
  buf_free(&header);
  buf_free(&zone);
  buf_free(&text);
  return ok;
}

static void add_file(const char *path, Buf *out) {
  char part[8192];
  size_t n;
  FILE *f = fopen(path, "re");
  if (!f) return;
  buf_char(out, '\n');
  while ((n = fread(part, 1, sizeof part, f)) > 0) str_visible((Str){part, n}, true, out);
  fclose(f);
}

static bool one_run(Cli *c, int64_t id, Err *e) {
  JobRun r;
  bool found;
  Buf text = {0};
  bool ok = cli_store(c, STORE_READ, e) && job_run_of(c->store, id, &c->arena, &r, &found, e);
  if (ok && !found) {
    ok = err_set(e, ERR_USAGE, "no schedule or chain has had a run %lld", (long long)id);
    err_todo(e, "those there were: pareto schedule log");
  }
  ok = ok && job_say_run(c->store, &r, &text, e);
  if (ok && r.log) add_file(r.log, &text);
  ok = ok && out_text(c, buf_view(&text), e);
  buf_free(&text);
  return ok;
}

bool schedule_log(Cli *c, Err *e) {
  int64_t last = 20;
  const char *name = c->narg > 1 ? c->arg[1] : NULL;
  if (name) {
    char *end;
    long long id = strtoll(name, &end, 10);
    if (end != name && !*end) return one_run(c, id, e);
  }
  Report rep = {0};
  Job known;
  bool ok = count(c, "last", &last, e) && cli_store(c, STORE_READ, e) && job_say_log(c->store, name, (size_t)last, &rep, e);
  if (ok && name && rep.item[0].table.nrow == 0) ok = job_named(c->store, name, &c->arena, &known, e);
  ok = ok && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}
