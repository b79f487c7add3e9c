/* A plan as a file: what it would change, and all that is needed to compute it again: the bytes of the script and
 * its rulebooks, arguments, day, seed, guards. Text line, then wire.h, then the SHA-256 of all of it. The file
 * holds what the plan saw, personal fields too, and is the owner's alone (mode 0600). */
#ifndef RUN_PLANFILE_H
#define RUN_PLANFILE_H
#include "run/run.h"

/* Keeps it as `path`, or as the next free FILE.plans/p-NNNN beside the database; *where is the path. Whole or not
 * at all. plan_name is known afterwards. */
bool plan_save(Plan *p, const char *db, const char *path, Buf *where, Err *e);
/* `name`: "p-0131", "131" or a path. The plan belongs to no Store: it can be shown and compared; to apply it, make it again. */
bool plan_load(const char *db, const char *name, Plan **out, Err *e);
/* Is this the name of a plan, or of a file that is there? A bare number is a run. */
bool plan_named(const char *db, const char *name);
/* When it was made, UTC. */
const char *plan_made(const Plan *p);
/* The run that applied it; 0 = none. */
bool plan_applied(const Plan *p, Store *s, int64_t *run, Err *e);
#endif
