/* Two rows of an entity become one, and codes that go on meaning a row that was merged into another. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H
#include "store/catalog.h"

/* All references to row `from` go to `into`; `from` is deleted; its code becomes an alias of `into`. Inside a transaction
 * of the caller, who rolls back. A row that would then be there twice (a price of the same day, a second main owner) is
 * an error that names it. */
bool store_merge(Store *s, const CatEntity *ent, int64_t from, int64_t into, Err *e);
/* The row that an old code means today; 0 = none. */
int64_t store_alias(Store *s, const CatEntity *ent, Str code);
#endif
