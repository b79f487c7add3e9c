/* Fields that keep a history: the list of them, and what one held over time in one row. */
#ifndef RUN_FIELDS_H
#define RUN_FIELDS_H
#include "run/lookup.h"
#include "ui/report.h"

bool fields_list(Store *s, Report *out, Err *e);
/* The latest first: from which day, the value, the run that set it and whose that was. */
bool fields_history(Store *s, const RowRef *row, Str field, Report *out, Err *e);
#endif
