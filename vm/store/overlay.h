/* A private copy of a database without copying it: pages are read from the file as long as they were not written, and
 * from a file of the copy's own from then on. What it costs does not depend on how large the database is. */
#ifndef STORE_OVERLAY_H
#define STORE_OVERLAY_H
#include "store/db.h"

typedef struct Overlay Overlay;
/* NULL when the file does not hold what s shows now: no snapshot is open on it, or it has a log of its own (WAL) that is
 * not empty. While s keeps that snapshot nobody writes to the file itself: a checkpoint waits for readers like it. */
Overlay *overlay_of(Store *s);
const char *overlay_vfs(const Overlay *o); /* to open the copy with; its path is that of a file of its own, empty */
void overlay_free(Overlay *o);             /* after the copy is closed; NULL is allowed */
#endif
