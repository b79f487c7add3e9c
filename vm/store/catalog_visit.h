/* The columns of what visit plans are made of: visits, who is away, when accounts are open, regional holidays, ways.
 * Data of the catalog (catalog.c), which alone includes this; sizes are said here so that the catalog can count them. */
#ifndef STORE_CATALOG_VISIT_H
#define STORE_CATALOG_VISIT_H
#include "store/catalog.h"

extern const CatColumn visit_col[16], absence_col[4], no_visit_col[4], opening_col[4], holiday_col[4], travel_col[3];
#endif
