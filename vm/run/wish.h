/* Changes a person asked for where only reading is allowed (a session): kept as asked, to be planned, shown and applied as
 * a run of its own, or forgotten. Nothing of them is written before. */
#ifndef RUN_WISH_H
#define RUN_WISH_H
#include "run/run.h"

typedef struct Wishes Wishes;
Wishes *wishes_new(void);
void wishes_free(Wishes *w);             /* NULL is allowed */
void wishes_forget(Wishes *w);
size_t wishes_count(const Wishes *w);
/* What a plan of them writes: "account.tier", "task"; NULL-terminated, the wishes' until they change. */
const char *const *wishes_writes(const Wishes *w);
/* From now on what is asked of a Run that only reads is kept in w instead of being refused. */
void run_wish(Run *r, Wishes *w);
size_t run_wished(const Run *r);         /* how many it kept */
/* A RunBody: does them, in order; ctx is the Wishes. */
bool wishes_run(void *wishes, Run *r, Err *e);

/* For write.c. */
void wish_assign(Wishes *w, const char *what, const char *entity, const char *field, const int64_t *id, const Val *val, size_t n);
void wish_insert(Wishes *w, const char *what, const char *entity, const Str *name, const Val *val, size_t n);
bool wish_segment(Wishes *w, Run *r, const char *what, const char *name, const int64_t *id, size_t n, Arena *a, SegmentMove *out,
                  Err *e);
#endif
