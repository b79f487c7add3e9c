/* Whether a VisitProblem is one. */
#include "model/visits_work.h"

#include <math.h>

static bool in(int32_t i, size_t count) { return i >= 0 && (size_t)i < count; }
static bool in_or_none(int32_t i, size_t count) { return i == VISIT_ANY || in(i, count); }
static bool is_window(VisitWindow w) { return w.from >= 0 && w.to <= 1440; }

static bool check_staff(const VisitProblem *p, Err *e) {
  for (size_t s = 0; s < p->staff_count; s++) {
    if (!in(p->staff[s].start, p->place_count) || !in(p->staff[s].end, p->place_count))
      return err_set(e, ERR_FAIL, "staff %zu has no start or end place", s);
    for (int32_t d = 0; d < p->days; d++) {
      const VisitDay *day = visit_at_work(p, (int32_t)s, d);
      if (!is_window(day->work)) return err_set(e, ERR_FAIL, "staff %zu, day %d: hours are not within 0..1440", s, d);
    }
  }
  return true;
}

static bool check_site(const VisitProblem *p, size_t i, Err *e) {
  const VisitSite *s = &p->sites[i];
  if (!in_or_none(s->place, p->place_count)) return err_set(e, ERR_FAIL, "site %zu: there is no place %d", i, s->place);
  if (!in_or_none(s->owner, p->staff_count)) return err_set(e, ERR_FAIL, "site %zu: there is no staff %d", i, s->owner);
  if (!in_or_none(s->hours, p->hours_count)) return err_set(e, ERR_FAIL, "site %zu: there are no hours %d", i, s->hours);
  if (!in_or_none(s->with, p->site_count) || s->with == (int32_t)i)
    return err_set(e, ERR_FAIL, "site %zu: it cannot go with site %d", i, s->with);
  if (s->minutes < 1 || s->minutes > 1440) return err_set(e, ERR_FAIL, "site %zu: a visit of %d minutes", i, s->minutes);
  if (s->asked < 0) return err_set(e, ERR_FAIL, "site %zu: %d visits asked", i, s->asked);
  if (s->last != VISIT_NEVER && (s->last >= p->days || s->last < -100000))
    return err_set(e, ERR_FAIL, "site %zu: last visit on day %d", i, s->last);
  if (s->next && (s->next < p->days || s->next > 100000)) return err_set(e, ERR_FAIL, "site %zu: next visit on day %d", i, s->next);
  if (s->no_sooner < 0 || s->no_later < 0 || s->no_later > 100000)
    return err_set(e, ERR_FAIL, "site %zu: no sooner than %d, no later than %d days", i, s->no_sooner, s->no_later);
  if (!isfinite(s->worth) || s->worth < 0) return err_set(e, ERR_FAIL, "site %zu: worth %g", i, s->worth);
  if (!isfinite(s->target) || s->target < 0) return err_set(e, ERR_FAIL, "site %zu: target %g", i, s->target);
  if (s->tier < 0) return err_set(e, ERR_FAIL, "site %zu: tier %d", i, s->tier);
  return true;
}

static bool check_hours(const VisitProblem *p, Err *e) {
  for (size_t h = 0; h < p->hours_count; h++)
    for (int weekday = 0; weekday < 7; weekday++) {
      const VisitWindow *open = p->hours[h].open[weekday];
      int count = p->hours[h].count[weekday];
      if (count > 3) return err_set(e, ERR_FAIL, "hours %zu: %d windows on a day; 3 is the most", h, count);
      for (int i = 0; i < count; i++)
        if (!is_window(open[i]) || open[i].from >= open[i].to || (i && open[i].from < open[i - 1].to))
          return err_set(e, ERR_FAIL, "hours %zu, weekday %d: windows are empty, overlap or are out of order", h, weekday);
    }
  return true;
}

static bool check_visits(const VisitProblem *p, Err *e) {
  for (size_t i = 0; i < p->pin_count; i++)
    if (!in(p->pins[i].site, p->site_count) || p->pins[i].day < 0 || p->pins[i].day >= p->days || p->pins[i].at < VISIT_ANY)
      return err_set(e, ERR_FAIL, "pin %zu: site %d, day %d, at %d", i, p->pins[i].site, p->pins[i].day, p->pins[i].at);
  for (size_t i = 0; i < p->kept_count; i++)
    if (!in(p->kept[i].site, p->site_count) || p->kept[i].day < 0 || p->kept[i].day >= p->days || p->kept[i].at < VISIT_ANY ||
        p->kept[i].minutes < 0 || p->kept[i].minutes > 1440)
      return err_set(e, ERR_FAIL, "visit in force %zu: site %d, day %d, at %d, %d minutes", i, p->kept[i].site, p->kept[i].day,
                     p->kept[i].at, p->kept[i].minutes);
  return true;
}

static bool check_weights(const VisitProblem *p, Err *e) {
  const double of[] = {p->weights.lost, p->weights.gap, p->weights.move, p->weights.travel, p->weights.uneven};
  const double most[] = {1e7, 1e6, 1e6, 10, 1e4};
  const char *const name[] = {"lost", "gap", "move", "travel", "uneven"};
  for (size_t i = 0; i < sizeof of / sizeof *of; i++)
    if (!(of[i] >= 0) || of[i] > most[i]) return err_set(e, ERR_FAIL, "weight %s is %g; it must be 0..%g", name[i], of[i], most[i]);
  return true;
}

bool visits_check(const VisitProblem *p, Err *e) {
  if (p->days < 1 || p->days > VISIT_DAYS) return err_set(e, ERR_FAIL, "a plan of %d days; 1 to %d can be", p->days, VISIT_DAYS);
  if (p->weekday < 0 || p->weekday > 6) return err_set(e, ERR_FAIL, "weekday %d", p->weekday);
  if (p->frozen < 0 || p->frozen > p->days) return err_set(e, ERR_FAIL, "%d frozen days of %d", p->frozen, p->days);
  if (!p->travel || !(p->travel->road > 0) || !(p->travel->kmh > 0) || !isfinite(p->travel->road))
    return err_set(e, ERR_FAIL, "travel needs a road factor and a speed above 0");
  for (size_t i = 0; i < p->place_count; i++)
    if (!isfinite(p->travel->lat[i]) || !isfinite(p->travel->lon[i])) return err_set(e, ERR_FAIL, "place %zu is nowhere", i);
  if (!check_weights(p, e) || !check_hours(p, e) || !check_staff(p, e)) return false;
  for (size_t i = 0; i < p->site_count; i++)
    if (!check_site(p, i, e)) return false;
  return check_visits(p, e);
}
