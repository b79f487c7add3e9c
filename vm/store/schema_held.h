/* What a quote, or a signature, is held to when it is written, whoever writes: the price floor, authority and who signs. Each
 * stands once, in a trigger of a view without rows that those of the tables write an id to: SQLite compiles and reads at
 * every start what stands in a trigger. */
#ifndef STORE_SCHEMA_HELD_H
#define STORE_SCHEMA_HELD_H
#include "base/str.h"

enum { HELD_SCHEMA = 16, HELD_DAYS_SCHEMA = 19 };
void held_schema(Buf *sql); /* of that version; makes views anew that are there no more, and the triggers */
void held_schema_days(Buf *sql); /* the floor anew: a day that is none, and a line of no product, let nothing pass */
void held_views(Buf *sql);  /* the views alone, those that are missing */
#endif
