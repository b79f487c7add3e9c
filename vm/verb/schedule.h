/* The parts of pareto schedule: one function for each of its words. */
#ifndef VERB_SCHEDULE_H
#define VERB_SCHEDULE_H
#include "base/cron.h"
#include "verb/verb.h"

bool schedule_add(Cli *c, Err *e);
bool schedule_list(Cli *c, Err *e);
bool schedule_next(Cli *c, Err *e);
bool schedule_explain(Cli *c, Err *e);
bool schedule_log(Cli *c, Err *e);
bool schedule_install(Cli *c, Err *e);
/* "note: …" a line, of what it may surprise with: a 31st that months lack, holidays that nobody has entered. */
void schedule_notes(const Cron *cron, const CronDays *days, Str zone, int64_t now, Buf *out);
#endif
