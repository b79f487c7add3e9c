/* A second copy of the database, and putting one in its place. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H
#include "store/store.h"

/* What s shows, as one file at `path`, checked before it gets its name; a file that is there is an error. */
bool store_backup_file(Store *s, const char *path, Err *e);
/* Replaces the database at `path` by the copy at `from`, which is checked first; nobody may have the database open.
 * The old file is kept as *old ("pareto.db.before-restore-1"); empty when there was none. */
bool store_restore(const char *path, const char *from, Buf *old, Err *e);
#endif
