/* Work in a process of its own, ended from outside when it outlives its deadline or the
 * person presses Ctrl-C. Whatever happens in there, the caller's memory stays as it was. */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H
#include "base/err.h"

/* Runs in the child; the bytes it adds to result come to the parent, or else its error. */
typedef bool (*ChildWork)(void *ctx, Buf *result, Err *e);

/* seconds = 0: no deadline. Inside, stop_check fails at the deadline, so that work which asks
 * ends with its own message; work that does not ask gets SIGTERM and, CHILD_GRACE later, SIGKILL.
 * ERR_TIMEOUT names the limit, ERR_INTERRUPT; a crash is ERR_FAIL and says how it ended.
 * `name` is what the message calls the work. */
bool child_run(const char *name, ChildWork work, void *ctx, double seconds, Buf *result, Err *e);
#define CHILD_GRACE 1.0
/* What the work may take of memory besides what its parent has, or three quarters of the machine's when that is less:
 * more is ERR_FAIL and says so. Lua has a budget of its own inside. */
#define CHILD_MEMORY ((size_t)4 << 30)
/* This process and those it starts may take so many bytes besides what it has now (which may be much that costs nothing:
 * a sanitizer's tables); malloc fails beyond. */
void child_limit_memory(size_t most);
/* Of work that has something to show at any time (a search): between (true) and (false) a first Ctrl-C ends that work
 * alone, and a second one, or one later, the whole. In the child; elsewhere nothing happens. */
void child_keep_best(bool on);
bool child_best_asked(void); /* the parent had that Ctrl-C */
#endif
