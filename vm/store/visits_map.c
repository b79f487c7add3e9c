#include "store/visits_map.h"

#include "ui/map.h"

#include <string.h>

/* A route a day: from the start place over the visits to the end place. */
void visits_map(const VisitWorld *w, const VisitPlan *plan, int32_t staff, Buf *out) {
  static const char *const weekday[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const VisitProblem *p = &w->p;
  Arena a = {0};
  MapPlace *place = arena_zalloc(&a, p->place_count + 1, sizeof *place);
  int32_t *number = arena_alloc(&a, (p->place_count + 1) * sizeof *number); /* of a place in the picture; -1: not in it yet */
  MapRoute *route = arena_zalloc(&a, (size_t)p->days + 1, sizeof *route);
  MapPicture m = {.title = str_of(arena_printf(&a, "%s %s", w->person[staff].code, w->person[staff].name)), .place = place, .route = route};
  memset(number, -1, (p->place_count + 1) * sizeof *number);
  int32_t ends[] = {p->staff[staff].start, p->staff[staff].end};
  for (int i = 0; i < 2; i++) {
    if (number[ends[i]] >= 0) continue;
    number[ends[i]] = (int32_t)m.place_count;
    place[m.place_count++] = (MapPlace){p->travel->lat[ends[i]], p->travel->lon[ends[i]], i ? STR("end") : STR("start"), true};
  }
  for (size_t i = 0, end; i < plan->stop_count; i = end) {
    const VisitStop *t = &plan->stops[i];
    for (end = i; end < plan->stop_count && plan->stops[end].staff == t->staff && plan->stops[end].day == t->day;) end++;
    if (t->staff != staff) continue;
    int32_t *stop = arena_alloc(&a, (end - i + 2) * sizeof *stop);
    size_t n = 0;
    stop[n++] = number[ends[0]];
    for (size_t k = i; k < end; k++) {
      int32_t at = p->sites[plan->stops[k].site].place;
      const VisitSpot *spot = &w->spot[plan->stops[k].site];
      if (number[at] < 0) {
        number[at] = (int32_t)m.place_count;
        place[m.place_count++] = (MapPlace){p->travel->lat[at], p->travel->lon[at],
                                            str_of(arena_printf(&a, "%s %s", spot->account_code, spot->name)), false};
      }
      stop[n++] = number[at];
    }
    stop[n++] = number[ends[1]];
    Day day = w->ask.from + t->day;
    Buf date = {0};
    day_print(day, &date);
    const char *name = arena_printf(&a, "%s %s · %zu", weekday[day_weekday(day) - 1], date.p, end - i);
    buf_free(&date);
    route[m.route_count++] = (MapRoute){str_of(name), stop, n};
  }
  map_svg(&m, out);
  arena_free(&a);
}
