/* A signature (store/sign.h) as a run, in one transaction: after an error nothing was written. */
#ifndef RUN_SIGN_H
#define RUN_SIGN_H
#include "store/sign.h"

bool run_sign(Store *s, const Signing *what, Arena *a, Signed *out, int64_t *run, Err *e);
/* The member of staff who signs: `by` (a code) or whoever has the login of the user at hand. A person on record
 * signs as nobody else. */
bool run_signer(Store *s, const char *by, int64_t *staff, Err *e);
#endif
