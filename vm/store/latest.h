/* Inside the store: the last day with a row of every account, from the newest month back. Accounts that have one are
 * passed over in older months, most of whose bytes are not even decoded. */
#ifndef STORE_LATEST_H
#define STORE_LATEST_H
#include "store/window.h"

typedef struct Latest {
  Months *m;
  FactMonths *f;
  Scan *scan;            /* TALLY_LATEST */
  uint64_t *open;        /* a bit for each id from the map's lowest: an account without a day so far */
  size_t left;           /* how many there are */
  Buf who;
} Latest;

/* False: the accounts' ids lie too far apart for that. */
bool latest_begin(Latest *l, Months *m, FactMonths *f, Scan *scan);
/* Days of `mask` in this month, for accounts that have none in a newer one. *done is false where its columns are of
 * another form: the caller reads them as any others. */
bool latest_month(Latest *l, int month, uint32_t mask, bool *done, Err *e);
void latest_end(Latest *l);
#endif
