/* Visit plans in the schema: triggers that hold what no plan may break, whoever writes, and their invariants.
 *
 * A visit is open while its status is planned, fixed or moved. An account has one open visit a day, and a contact
 * one of kind executive, who goes along. Times are HH:MM, both or none; nobody has two open visits whose times meet, more of
 * them a day than staff.visits_a_day, or one on a day off; nobody is let in on a no-visit day. A regular visit with a time
 * is made by a main owner or deputy of that day. What an absence that is recorded later turns down stays until it is planned
 * anew. Older rows, which have no times, are left alone by the invariants.
 *
 * What a plan puts there (planned, with times) is on a day at work, within the hours of the person and the opening hours.
 * A planned visit is not nearer to another of the account, planned or done, than min_gap days: its own, which the plan wrote
 * from the cadence, or for a row that says nothing the other's. A new one is as far from fixed and moved visits; these
 * themselves are agreed with the account and may be where it likes. */
#ifndef STORE_SCHEMA_VISIT_H
#define STORE_SCHEMA_VISIT_H
#include "base/str.h"
#include "store/schema.h"

enum { VISIT_SCHEMA = 14, VISIT_PLAN_SCHEMA = 17, VISIT_LEAVE_SCHEMA = 18 }; /* the schema versions that brought it */

#define VISIT_OPEN "status IN ('planned', 'fixed', 'moved')"

void visit_schema(Buf *sql);
void visit_schema_plan(Buf *sql); /* what a plan keeps besides */
const SchemaInvariant *visit_invariant(size_t i); /* NULL past the end */
#endif
