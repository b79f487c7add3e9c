/* The digest of a plan: the same script, arguments, day, seed and changes give the same one, also
 * when the ids of new rows differ because others were inserted meanwhile, or the run has another number. */
#ifndef RUN_DIGEST_H
#define RUN_DIGEST_H
#include "run/run.h"

/* j is compacted. out: 64 hex digits and a NUL. */
void plan_digest_of(const char *script_hash, const char *args, Day asof, uint64_t seed, const Journal *j, char out[65]);
#endif
