/* What leaves the house: files and messages are rows of table outbox, written with the run that sends them, and delivered
 * after its commit: at least once, each with an id that stays the same. What the machine's end left undelivered goes out
 * with the next command that writes.
 *
 * Files go to the folder of setting outbox.folder (FILE.outbox beside the database otherwise), under their id and name,
 * whole or not at all. Messages go to the program of setting outbox.command: text on its standard input, PARETO_ID,
 * PARETO_TO and PARETO_NAME in its environment, exit 0 = delivered; without one they are files too. A program that has
 * not ended after OUTBOX_SECONDS is ended with all it started, and its message waits. */
#ifndef RUN_OUTBOX_H
#define RUN_OUTBOX_H
#include "run/run.h"

/* Plans one, from a playbook. kind: "file" or "message". */
bool run_send(Run *r, const char *kind, Str target, Str name, Str body, Err *e);
/* How many wait. */
bool outbox_waiting(Store *s, int64_t *n, Err *e);
/* Delivers what waits, in order; each outcome is recorded at once. A failure is counted in *failed with the last reason
 * in `why`, and the others go on; messages wait too when a program outlived its `seconds`, and for a while after it failed,
 * unless somebody `asked`. */
enum { OUTBOX_SECONDS = 30 };
bool outbox_deliver(Store *s, double seconds, bool asked, int64_t *sent, int64_t *failed, Buf *why, Err *e);
/* All of it with what became of it, the latest first. */
bool outbox_list(Store *s, size_t most, Report *out, Err *e);
#endif
