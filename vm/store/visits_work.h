/* Between the files that read a VisitWorld. */
#ifndef STORE_VISITS_WORK_H
#define STORE_VISITS_WORK_H
#include "store/visits.h"

typedef struct VisitAccount {
  int64_t id, owner;        /* staff row, 0: none */
  Day owned_from, owned_to; /* the main owner's span; DAY_NONE: open */
  const char *code, *name, *tier;
  double lat, lon;
  bool placed;
  int32_t minutes, gap;     /* 0: not said */
  int32_t place, hours;     /* VISIT_ANY until wanted */
  Day last, next;           /* DAY_NONE: never; none behind the days */
  uint64_t shut[2];         /* no_visit */
} VisitAccount;

typedef struct VisitStaffRow {
  int64_t id, manager;
  const char *code, *name, *region, *grade, *role;
  bool active, placed, ended;
  double lat, lon, end_lat, end_lon;
  VisitWindow work;         /* from >= to: not said */
  int32_t a_day;            /* 0: not said */
  uint8_t off;              /* bit 0 Monday */
  int32_t index;            /* in VisitWorld.person, or VISIT_ANY */
  uint64_t away[2];
} VisitStaffRow;

typedef struct VisitReader {
  Store *store;
  VisitWorld *w;
  Arena *a;
  VisitAccount *account;    /* by id */
  size_t accounts, accounts_cap;
  VisitStaffRow *staff;     /* by id */
  size_t staffs, staff_cap;
  VisitHours *hours;
  size_t nhours, hours_cap;
  double *lat, *lon;        /* places */
  size_t places, places_cap;
  VisitStaff *ends;         /* of persons */
  size_t persons, persons_cap;
  VisitPerson *person;
  VisitSite *site;
  VisitSpot *spot;
  size_t sites, sites_cap;
  TravelPair *pair;
  size_t pairs, pairs_cap;
  VisitRow *row;
  size_t rows, rows_cap;
} VisitReader;

VisitAccount *visits_account(const VisitReader *r, int64_t id); /* NULL: none */
VisitStaffRow *visits_staff(const VisitReader *r, int64_t id);
/* Accounts, staff, their days, hours, last visits (visits_read.c); then the sites and rows (visits_world.c). */
bool visits_read_all(VisitReader *r, Err *e);
bool visits_read_ways(VisitReader *r, Err *e);
/* The day as a number of the plan; false: outside of it. */
static inline bool visits_day(const VisitReader *r, Day d, int32_t *out) {
  *out = d - r->w->ask.from;
  return *out >= 0 && *out < r->w->ask.days;
}
#endif
