/* Runs what is due: each job in a process of its own, with a deadline, limits and a log.
 *
 *   keeper_open -> keeper_step, keeper_wait … -> keeper_close
 *
 * Several keepers may work on one database: a moment is claimed by one of them. A keeper that is killed takes its
 * children with it; the next one finds what they left. Single-threaded; nothing of the database is open between calls. */
#ifndef RUN_KEEPER_H
#define RUN_KEEPER_H
#include "run/settle.h"

/* In the child: does the job and returns the exit code of it. Standard output and error go to the log. */
typedef int (*KeeperBody)(void *ctx, const Job *j, const JobRun *r);
enum { KEEPER_WAITING = 75 /* a body's exit code: it waits for a signature */, KEEPER_AT_ONCE = 4 };

typedef struct KeeperSpec {
  const char *db;                                            /* an absolute path */
  KeeperBody body;
  void *ctx;
  void (*say)(void *ctx, const char *job, const char *text); /* NULL = nobody listens */
  void *say_ctx;
  int64_t (*now)(void *ctx);                                 /* NULL: the clock of the machine */
  void *now_ctx;
  double patience;                                           /* seconds between SIGTERM and SIGKILL */
} KeeperSpec;

typedef struct Keeper Keeper;
bool keeper_open(const KeeperSpec *spec, Keeper **out, Err *e);
/* Records what has ended and starts what is due, as far as there is room. */
bool keeper_step(Keeper *k, Err *e);
/* Until a child has ended, a signal comes, or at most so many seconds; holds the deadlines. The next step records. */
void keeper_wait(Keeper *k, double seconds);
size_t keeper_busy(const Keeper *k);   /* children that run, or whose end is still to be recorded */
int64_t keeper_due(const Keeper *k);   /* when something is due next, as of the last step; 0 = never as things stand */
size_t keeper_running(const Keeper *k);/* children that run */
size_t keeper_failed(const Keeper *k); /* runs that ended badly for good so far */
size_t keeper_begun(const Keeper *k);
/* Asks all children to end, waits for them, and leaves their runs to be taken up again. */
bool keeper_end(Keeper *k, Err *e);
void keeper_close(Keeper *k);
/* Inside: when something is due next. */
bool keeper_next_in(Store *s, int64_t now, int64_t *out, Err *e);
/* Forgets runs and logs older than the setting schedule.keep (days; 800 unless set). */
bool keeper_prune(const KeeperSpec *spec, int64_t now, Err *e);
int64_t keeper_clock(void); /* seconds since 1970 */
#endif
