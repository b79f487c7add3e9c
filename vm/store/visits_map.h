/* The roads of one person's days as a picture (SVG, ui/map.h). */
#ifndef STORE_VISITS_MAP_H
#define STORE_VISITS_MAP_H
#include "store/visits.h"

void visits_map(const VisitWorld *w, const VisitPlan *plan, int32_t staff, Buf *out);
#endif
