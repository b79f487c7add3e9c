/* One flag that asks all long work to end: Ctrl-C or a deadline. Loops over
 * rows call stop_check every few thousand rows. */
#ifndef BASE_STOP_H
#define BASE_STOP_H
#include "base/err.h"

double stop_now(void);           /* seconds of a clock that only goes forward */
void stop_on_signals(void);      /* SIGINT and SIGTERM raise the flag */
void stop_at(double seconds);    /* deadline from now, monotonic clock; 0 = none */
void stop_clear(void);           /* lower the flag, keep the deadline */
void stop_raise(void);           /* as Ctrl-C would */
bool stop_asked(void);           /* flag raised or deadline passed; cheap */
/* False and an error (ERR_INTERRUPT or ERR_TIMEOUT) when work has to end. */
bool stop_check(Err *e);
#endif
