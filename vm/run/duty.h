/* Runs that are made for a schedule or as a step of a chain. While a duty is taken, what is recorded carries the
 * schedule's name and is held to the rights of whoever ordered it; the step is marked done in the same transaction
 * as its record, so that whatever ends the process, a step is done once. */
#ifndef RUN_DUTY_H
#define RUN_DUTY_H
#include "store/store.h"

typedef struct Duty {
  const char *actor; /* "schedule:monthly"; NULL: the person at hand */
  const char *owner; /* the login whose rights hold; NULL: of the person at hand */
  int64_t run;       /* job_run.id */
  int step;          /* from 1 */
  const char *what;  /* "rfm", "import orders-2026-10.csv" */
} Duty;

/* Texts have to last until the next call; NULL: from now on as the person at hand. */
void duty_take(const Duty *d);
const Duty *duty_now(void); /* NULL = none */
/* Inside the transaction that records `run`: its step is done. Without a duty it does nothing. */
bool duty_done(Store *s, int64_t run, Err *e);
#endif
