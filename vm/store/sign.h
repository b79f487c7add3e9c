/* Signing a quote: the chain of signatures a judgement asked for, in order, and the approval that follows the last.
 *
 * Given are the signatures of the step at hand that `staff` may give, by their own level or one that is delegated to
 * them on that day; when none waits any more the quote is approved, decided on that day, and expires setting good_for
 * days (30) later. A refusal refuses the quote. Within the caller's transaction; the triggers of the database hold who
 * may and what was signed, and what they say is the error. */
#ifndef STORE_SIGN_H
#define STORE_SIGN_H
#include "store/catalog.h"

typedef struct Signing {
  int64_t quote, staff;
  bool refuse;
  const char *text; /* why, or NULL */
  Day day;
  const char *code; /* of the quote, for messages */
} Signing;
typedef struct Signed {
  size_t given;     /* signatures */
  bool approved, refused;
  Str waits;        /* who must sign next; in the arena */
} Signed;
bool store_sign(Store *s, const Signing *what, Arena *a, Signed *out, Err *e);
#endif
