/* What the host itself changes on a person's word (a merge, a setting, a role): journalled, recorded and chained as a
 * run is, in one transaction, and undone like one. */
#ifndef RUN_DIRECT_H
#define RUN_DIRECT_H
#include "run/run.h"

typedef bool (*DirectBody)(void *ctx, Store *s, Err *e);
/* *changes: rows, net. Nothing changed: nothing is recorded, *run_id is 0. */
/* `after` may be NULL: what belongs to it once its record is written, before it is chained. */
typedef bool (*DirectAfter)(void *ctx, Store *s, int64_t run, Err *e);
bool run_direct_then(Store *s, const char *what, const char *args, Day asof, DirectBody body, DirectAfter after, void *ctx,
                     int64_t *run_id, int64_t *changes, Err *e);
bool run_direct(Store *s, const char *what, const char *args, Day asof, DirectBody body, void *ctx, int64_t *run_id,
                int64_t *changes, Err *e);
#endif
