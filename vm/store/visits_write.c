#include "store/visits.h"

#include <stdlib.h>
#include <string.h>

/* --- what differs ------------------------------------------------------------------------------------------------ */

typedef struct Matching {
  VisitWorld *w;
  const VisitStop **stop;   /* by site, day */
  size_t stops;
  VisitChange *out;
  size_t n;
} Matching;

static int by_site_day(const void *x, const void *y) {
  const VisitStop *a = *(const VisitStop *const *)x, *b = *(const VisitStop *const *)y;
  if (a->site != b->site) return a->site < b->site ? -1 : 1;
  return (a->day > b->day) - (a->day < b->day);
}

/* Says of itself how near others may be, so that whoever books one is held to it. */
static int32_t min_gap(const VisitWorld *w, int32_t site) {
  return w->p.sites[site].no_sooner > 1 ? w->p.sites[site].no_sooner : 1;
}

static VisitChange of_stop(const Matching *m, VisitChangeKind kind, const VisitRow *row, const VisitStop *t) {
  VisitChange c = {.kind = kind, .site = t->site, .staff = t->staff, .day = t->day, .begins = t->begin, .ends = t->end,
                   .travel = t->travel, .was_day = VISIT_ANY, .was_begins = VISIT_ANY, .min_gap = min_gap(m->w, t->site)};
  if (row) c.id = row->id, c.was_day = row->day, c.was_begins = row->begins;
  return c;
}

static void drop(Matching *m, const VisitRow *row) {
  m->out[m->n++] = (VisitChange){.kind = VISIT_DROP, .id = row->id, .site = row->site, .staff = row->staff, .was_day = row->day,
                                 .was_begins = row->begins, .day = row->day, .begins = row->begins, .ends = row->ends};
}

/* The rows and the stops of one site: those of the same day are the same visit, the others in order. A visit that changes
 * hands is another one, so that calendars of both know. */
static void match_site(Matching *m, const VisitRow *row, size_t rows, const VisitStop **stop, size_t stops) {
  const VisitRow *free_row[VISIT_DAYS * 2];
  const VisitStop *free_stop[VISIT_DAYS];
  size_t nrow = 0, nstop = 0, i = 0, k = 0;
  while (i < rows || k < stops) {
    if (k == stops || (i < rows && row[i].day < stop[k]->day)) {
      if (nrow < VISIT_DAYS * 2) free_row[nrow++] = &row[i];
      i++;
    } else if (i == rows || stop[k]->day < row[i].day) {
      if (nstop < VISIT_DAYS) free_stop[nstop++] = stop[k];
      k++;
    } else if (row[i].staff != stop[k]->staff) {
      if (nrow < VISIT_DAYS * 2) free_row[nrow++] = &row[i];
      if (nstop < VISIT_DAYS) free_stop[nstop++] = stop[k];
      i++, k++;
    } else {
      bool moves = row[i].begins != stop[k]->begin || row[i].ends != stop[k]->end;
      bool needed = (size_t)stop[k]->site < m->w->ask.count && !row[i].agreed;
      if (moves) m->out[m->n++] = of_stop(m, VISIT_MOVE, &row[i], stop[k]);
      else if (needed && row[i].min_gap != min_gap(m->w, stop[k]->site)) m->out[m->n++] = of_stop(m, VISIT_GAP, &row[i], stop[k]);
      i++, k++;
    }
  }
  size_t r = 0;
  for (size_t s = 0; s < nstop; s++) {
    while (r < nrow && (free_row[r]->stands || free_row[r]->staff != free_stop[s]->staff)) {
      if (!free_row[r]->stands) drop(m, free_row[r]);
      r++;
    }
    if (r < nrow) m->out[m->n++] = of_stop(m, VISIT_MOVE, free_row[r++], free_stop[s]);
    else m->out[m->n++] = of_stop(m, VISIT_NEW, NULL, free_stop[s]);
  }
  for (; r < nrow; r++)
    if (!free_row[r]->stands) drop(m, free_row[r]);
}

/* Rows that stand and are not in the plan as they are: an appointment on a day off. */
static size_t unkept_rows(const VisitWorld *w, const VisitPlan *plan, const VisitRow **out) {
  size_t n = 0, left = 0;
  for (size_t i = 0; i < w->row_count; i++) {
    const VisitRow *r = &w->row[i];
    while (left < plan->left_count && plan->left[left].site < r->site) left++;
    if (!r->stands || r->begins < 0 || left == plan->left_count || plan->left[left].site != r->site) continue;
    bool in = false;
    for (size_t k = 0; k < plan->stop_count && !in; k++)
      in = plan->stops[k].site == r->site && plan->stops[k].day == r->day && plan->stops[k].begin == r->begins;
    if (!in) out[n++] = r;
  }
  return n;
}

/* On a day with such a row nobody comes new and nobody's hour changes: its roads were not reckoned with; and nobody comes
 * too near to it. False: no stop. */
static bool fits_beside(const VisitWorld *w, const VisitRow *const *unkept, size_t n, VisitStop *t) {
  bool stuck = false;
  for (size_t i = 0; i < n && !stuck; i++)
    stuck = (unkept[i]->staff == t->staff && unkept[i]->day == t->day) ||
            (unkept[i]->site == t->site && abs(unkept[i]->day - t->day) < min_gap(w, t->site));
  if (!stuck) return true;
  for (size_t i = 0; i < w->row_count; i++) {
    const VisitRow *r = &w->row[i];
    if (r->site != t->site || r->day != t->day || r->staff != t->staff || r->begins < 0) continue;
    t->begin = r->begins;
    t->end = r->ends;
    t->travel = r->travel;
    return true;
  }
  return false;
}

void visits_changes(VisitWorld *w, VisitPlan *plan, VisitChange **out, size_t *n, size_t *refused) {
  Matching m = {.w = w, .stop = mem_alloc((plan->stop_count + 1) * sizeof *m.stop)};
  const VisitRow **unkept = mem_alloc((w->row_count + 1) * sizeof *unkept);
  size_t nunkept = unkept_rows(w, plan, unkept);
  *refused = 0;
  for (size_t i = 0; i < plan->stop_count; i++) {
    if (nunkept && !fits_beside(w, unkept, nunkept, &plan->stops[i])) ++*refused;
    else m.stop[m.stops++] = &plan->stops[i];
  }
  if (m.stops) qsort(m.stop, m.stops, sizeof *m.stop, by_site_day);
  m.out = arena_alloc(&w->arena, (w->row_count + m.stops + 1) * sizeof *m.out);
  size_t r = 0, s = 0;
  for (int32_t site = 0; site < (int32_t)w->p.site_count; site++) {
    size_t r0 = r, s0 = s;
    while (r < w->row_count && w->row[r].site == site) r++;
    while (s < m.stops && m.stop[s]->site == site) s++;
    match_site(&m, w->row + r0, r - r0, m.stop + s0, s - s0);
  }
  mem_free(m.stop);
  mem_free(unkept);
  *out = m.out;
  *n = m.n;
}

static int by_staff_day_time(const void *x, const void *y) {
  const VisitStop *a = x, *b = y;
  if (a->staff != b->staff) return a->staff < b->staff ? -1 : 1;
  if (a->day != b->day) return a->day < b->day ? -1 : 1;
  return (a->begin > b->begin) - (a->begin < b->begin);
}

void visits_in_force(const VisitWorld *w, VisitPlan *plan) {
  plan->stops = mem_zalloc(w->row_count + 1, sizeof *plan->stops);
  for (size_t i = 0; i < w->row_count; i++) {
    const VisitRow *r = &w->row[i];
    if (r->begins < 0 || r->staff < 0 || w->p.sites[r->site].owner != r->staff || w->p.sites[r->site].place < 0) continue;
    plan->stops[plan->stop_count++] = (VisitStop){.staff = r->staff, .day = r->day, .site = r->site, .travel = r->travel,
                                                  .begin = r->begins, .end = r->ends, .pinned = r->stands, .kept = true};
  }
  if (plan->stop_count) qsort(plan->stops, plan->stop_count, sizeof *plan->stops, by_staff_day_time);
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static const char *clock_text(int32_t minutes, Arena *a) {
  Buf b = {0};
  visits_clock_print(minutes, &b);
  char *z = arena_strndup(a, b.p, b.n);
  buf_free(&b);
  return z;
}

/* The sentence of a trigger says what; this says of which visit. */
static bool named(const VisitWorld *w, const VisitChange *c, Err *e) {
  Buf what = {0}, day = {0};
  day_print(w->ask.from + c->day, &day);
  buf_puts(&what, e->what ? e->what : "");
  ErrKind kind = e->kind;
  err_free(e);
  err_set(e, kind, "%s on %s: %s", w->spot[c->site].code, day.p, what.p);
  buf_free(&what);
  buf_free(&day);
  return false;
}

static bool write_one(Store *s, const VisitWorld *w, const VisitChange *c, Arena *a, Err *e) {
  Val begins = val_text(str_of(clock_text(c->begins, a))), ends = val_text(str_of(clock_text(c->ends, a)));
  Val day = val_date(w->ask.from + c->day), minutes = val_int(c->ends - c->begins), travel = val_int(c->travel);
  if (c->kind == VISIT_MOVE) { /* what stands keeps its status */
    Val bind[] = {val_int(c->id), day, begins, ends, travel, minutes, val_int(c->min_gap)};
    return store_exec(s,
                      "UPDATE visit SET day = ?2, begins = ?3, ends = ?4, travel = ?5, minutes = ?6, min_gap = ?7,"
                      " status = replace(status, 'cancelled ', ''), sequence = coalesce(sequence, 0) + 1 WHERE id = ?1",
                      bind, 7, e);
  }
  if (c->kind == VISIT_GAP) {
    Val bind[] = {val_int(c->id), val_int(c->min_gap)};
    return store_exec(s, "UPDATE visit SET min_gap = ?2 WHERE id = ?1", bind, 2, e);
  }
  const VisitSpot *at = &w->spot[c->site];
  Val bind[] = {val_int(at->account), val_int(w->person[c->staff].id), at->contact ? val_int(at->contact) : val_null(), day, begins, ends,
                travel, minutes, val_text(str_of(at->contact ? "executive" : "regular")), val_int(c->min_gap)};
  return store_exec(s,
                    "INSERT INTO visit(account, staff, contact, day, planned, status, begins, ends, travel, minutes, kind, sequence,"
                    " min_gap) VALUES(?1, ?2, ?3, ?4, ?4, 'planned', ?5, ?6, ?7, ?8, ?9, 0, ?10)",
                    bind, 10, e);
}

/* Two visits may change places: all that change make room first. */
bool visits_write(Store *s, const VisitWorld *w, const VisitChange *change, size_t n, Err *e) {
  Arena a = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    Val id = val_int(change[i].id);
    if (change[i].kind == VISIT_MOVE) ok = store_exec(s, "UPDATE visit SET status = 'cancelled ' || status WHERE id = ?1", &id, 1, e);
    if (change[i].kind == VISIT_DROP)
      ok = store_exec(s, "UPDATE visit SET status = 'cancelled', sequence = coalesce(sequence, 0) + 1 WHERE id = ?1", &id, 1, e);
  }
  for (size_t i = 0; ok && i < n; i++)
    if (change[i].kind != VISIT_DROP) ok = write_one(s, w, &change[i], &a, e) || named(w, &change[i], e);
  arena_free(&a);
  return ok;
}
