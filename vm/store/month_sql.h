/* Tables of monthly columns, and what marks a month when its rows change: triggers, whoever writes; month_mark,
 * where triggers are off. A statement's own OR clause stands before that of a trigger's INSERT, so marks are made
 * by INSERTs that cannot conflict; OR REPLACE fires no DELETE trigger, so rows it will push aside are marked before. */
#ifndef STORE_MONTH_SQL_H
#define STORE_MONTH_SQL_H
#include <string.h>

#include "store/db.h"

void month_schema(Buf *sql);
static inline bool month_is_own(const char *table) { return strncmp(table, "month_", 6) == 0; }

/* The rows that the journal names, as they stand now, are about to change or just have. */
bool month_mark_changes(Store *s, const Journal *j, Err *e);
bool month_mark_rows(Store *s, const char *table, int64_t first, int64_t last, Err *e); /* the same of a range of ids */
bool month_mark(Store *s, int table, int yyyymm, Err *e);
#endif
