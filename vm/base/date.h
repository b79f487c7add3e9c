/* Civil dates as days since 1970-01-01 (proleptic Gregorian), and spans.
 * Months are counted from year 0: month number = year * 12 + (month - 1). */
#ifndef BASE_DATE_H
#define BASE_DATE_H
#include "base/str.h"

typedef int32_t Day;
#define DAY_NONE INT32_MIN

Day day_of(int year, int month, int day);  /* must be a real date: see day_real */
bool day_real(int year, int month, int day);     /* years 1..9999 */
void day_parts(Day d, int *year, int *month, int *day);
int day_month(Day d);                      /* month number */
Day month_start(int number);
int month_length(int year, int month);
/* The same day of the month n months later, clipped to that month's last day. */
Day day_add_months(Day d, int n);
int day_weekday(Day d);                    /* 1 Monday … 7 Sunday */
/* "2026-11-01"; false unless it is a real date and nothing follows. */
bool day_parse(Str s, Day *out);
void day_print(Day d, Buf *out);           /* ISO 8601 */
Day day_today(void);                       /* the local civil day: only for the default of --as-of */
#endif
