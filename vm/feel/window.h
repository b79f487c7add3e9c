/* Windows of time: a duration back from as-of, or a calendar window.
 * As-of D is the first moment of its day; a window w is [D - w, D), months clipped. */
#ifndef FEEL_WINDOW_H
#define FEEL_WINDOW_H
#include "base/val.h"

typedef enum WindowKind { WINDOW_ALL, WINDOW_YTD, WINDOW_LAST_MONTH, WINDOW_LAST_QUARTER, WINDOW_LAST_YEAR,
                          WINDOW_YEAR /* + year */, WINDOW_QUARTER /* + year * 4 + quarter - 1 */,
                          WINDOW_MONTH /* + year * 12 + month - 1 */ } WindowKind;

Val window_val(WindowKind kind, int number);  /* V_WINDOW */
/* all ytd last_month last_quarter last_year 2025 2025Q3 2025-03 */
bool window_named(Str name, Val *out);
/* Calendar windows are whole: `2026` reaches past as-of (a visit planned in 2026Q4 lies in it), so
 * a series cuts them at as-of itself.
 * [*from, *to) of V_WINDOW, V_MONTHS, whole days of V_SECS, or a number that is a year. For `all`
 * *from is DAY_NONE: the caller puts the measure's first day. False: v is no window. */
bool window_days(Val v, Day asof, Day *from, Day *to);
void window_print(Val v, Buf *out);           /* "12m", "last_quarter", "2025Q3" */
#endif
