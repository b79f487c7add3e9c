/* A visit plan written by a playbook: rows of visit that its `writes` must name. */
#ifndef RUN_VISITS_H
#define RUN_VISITS_H
#include "run/run.h"
#include "store/visits.h"

bool run_visits(Run *r, const VisitWorld *w, const VisitChange *change, size_t n, Err *e);
#endif
