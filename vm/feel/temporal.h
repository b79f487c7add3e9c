/* Dates, times and durations as ISO 8601 writes them: what stands in @"…" and
 * in the texts that date(), time() and duration() read. */
#ifndef FEEL_TEMPORAL_H
#define FEEL_TEMPORAL_H
#include "base/val.h"

/* "2026-11-01" V_DATE, "08:30:00+08:00" V_TIME, "2026-11-01T08:30:00@Asia/Shanghai" V_DATETIME,
 * "P1DT2H" V_SECS, "-P1Y2M" V_MONTHS. Years -999999..999999. False: none of these, *out untouched. */
bool temporal_parse(Str s, Arena *a, Val *out);
/* The same as the standard dialect has it: years of up to nine digits, zones that exist. */
bool temporal_parse_standard(Str s, Arena *a, Val *out);
/* Appends the same form. Values of other types append nothing. */
void temporal_print(Val v, Buf *out);
#endif
