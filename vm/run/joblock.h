/* Who is at it: a lock on a file of the folder DATABASE.jobs, which goes with the process that holds it, however it
 * ends. A child that is forked holds it with its parent, until the last of both closes it or ends. */
#ifndef RUN_JOBLOCK_H
#define RUN_JOBLOCK_H
#include "base/err.h"

/* Descriptor of the lock, or -1: with no error set somebody else holds it. */
int joblock_take(const char *db, const char *name, Err *e);
/* Does somebody hold it? Changes nothing. */
bool joblock_held(const char *db, const char *name);
/* DATABASE.jobs, made when it is not there. */
bool joblock_folder(const char *db, Buf *out, Err *e);
#endif
