/* Visit plans in the schema: triggers that hold what no plan may break, whoever writes, and their invariants.
 *
 * A visit is open while its status is planned, fixed or moved. An account has one open visit a day, and a contact
 * one of kind executive, who goes along. Times are HH:MM, both or none; nobody has two open visits whose times meet, more of
 * them a day than staff.visits_a_day, or one on a day off; nobody is let in on a no-visit day. A regular visit with a time
 * is made by a main owner or deputy of that day. What an absence that is recorded later turns down stays until it is planned
 * anew. Older rows, which have no times, are left alone by the invariants. */
#ifndef STORE_SCHEMA_VISIT_H
#define STORE_SCHEMA_VISIT_H
#include "base/str.h"
#include "store/schema.h"

enum { VISIT_SCHEMA = 14 }; /* the schema version that brought it */

#define VISIT_OPEN "status IN ('planned', 'fixed', 'moved')"

void visit_schema(Buf *sql);
const SchemaInvariant *visit_invariant(size_t i); /* NULL past the end */
#endif
