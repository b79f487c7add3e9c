/* One day of one person, put in order again after a visit of it moved, came or went. Inside the caller's transaction. */
#ifndef STORE_VISITS_DAY_H
#define STORE_VISITS_DAY_H
#include "store/visits.h"

typedef struct VisitRetime {
  int64_t staff;       /* id */
  Day day;
  int64_t place;       /* the row of visit that has no time yet and gets one; 0: none */
  int32_t at;          /* it begins then; VISIT_ANY: when there is room */
  int32_t a_day;       /* as in VisitAsk, like all below */
  VisitWindow work;
  double kmh, road;
} VisitRetime;

/* Visits that are agreed (fixed, moved) keep their time, the others begin as they did or later; *changed counts those with
 * another hour. False when it cannot be: with the reason. */
bool visits_retime(Store *s, const VisitRetime *how, size_t *changed, Err *e);
#endif
