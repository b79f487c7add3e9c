#include "run/visits.h"

#include "run/state.h"

bool run_visits(Run *r, const VisitWorld *w, const VisitChange *change, size_t n, Err *e) {
  if (!run_may_write(r, "visit", e)) return false;
  if (r->wishes) return err_set(e, ERR_FAIL, "a session shows plans; a playbook writes them: pareto run visit-plan");
  return visits_write(r->store, w, change, n, e);
}
