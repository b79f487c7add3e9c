#include "run/duty.h"

#include "run/record.h"
#include "store/job.h"

static Duty taken;
static bool some;

void duty_take(const Duty *d) {
  some = d != NULL;
  if (d) taken = *d;
}

const Duty *duty_now(void) { return some ? &taken : NULL; }

bool duty_done(Store *s, int64_t run, Err *e) {
  if (!some || !taken.step) return true;
  char now[32];
  JobStep step = {.step = taken.step, .what = taken.what, .state = "ok", .run = run};
  record_now(now);
  return moment_read(str_of(now), STR("UTC"), &step.at) && job_step_put(s, taken.run, &step, e);
}
