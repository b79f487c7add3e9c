/* A plan that asks nobody to come at another hour for nothing. */
#ifndef STORE_VISITS_STEADY_H
#define STORE_VISITS_STEADY_H
#include "store/visits.h"

/* Where a person's day has the very visits that the database has for it, and their hours still keep the rules, the stops get
 * those hours back, unless the others save a quarter of an hour on the road for each that changes. */
void visits_steady(const VisitWorld *w, VisitPlan *plan);
#endif
