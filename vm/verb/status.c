#include "run/job_say.h"
#include "verb/job.h"
#include "verb/out.h"
#include "verb/verbs.h"

static bool status(Cli *c, Err *e) {
  Report rep = {0};
  int64_t now;
  bool well = true;
  if (!job_now(c, &now, e) || !cli_store(c, STORE_READ, e) || !job_say_status(c->store, now, &rep, &well, e)) {
    report_free(&rep);
    return false;
  }
  if (!rep.item[0].table.nrow && !c->format_given && !cli_flag(c, "json")) out_say("nothing is scheduled");
  bool ok = out_report(c, &rep, cli_flag(c, "json") ? UI_JSON : UI_TABLE, e);
  if (ok && !well) c->exit_code = ERR_FAIL;
  report_free(&rep);
  return ok;
}

static const OptDef options[] = {
  {"json", NULL, "the same as --format json, for a monitor", false},
  {"now", "MOMENT", "for trials: as if it were this moment", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_status = {
  .name = "status",
  .summary = "the schedules: last and next run, what is late, failures in a row",
  .usage = (const char *const[]){"status [--json]", NULL},
  .about = "Exit 0: all is well. Exit 1: a schedule is failing (its last run ended badly), or late (a moment passed more than\n"
           "ten minutes ago and no run has begun). A run that waits for a signature is shown, and is no\n"
           "fault until further moments come due behind it.",
  .opt = options,
  .run = status,
};
