#include "store/visits_day.h"

#include <stdlib.h>
#include <string.h>

typedef struct Item {
  const VisitRow *row;
  int32_t place, minutes, begins, travel; /* as it will be */
} Item;

typedef struct Line {
  const VisitWorld *w;
  Item *item;
  size_t n;
  int32_t staff;
  VisitWindow work;
} Line;

static int by_begin(const void *x, const void *y) {
  const Item *a = x, *b = y;
  return (a->begins > b->begins) - (a->begins < b->begins);
}

/* The first moment from t on at which they are let in for so long; -1: none. */
static int32_t let_in(const VisitWorld *w, const VisitRow *r, int32_t day, int32_t minutes, int32_t t) {
  if (r->hours < 0) return t;
  const VisitHours *h = &w->p.hours[r->hours];
  int weekday = (w->p.weekday + day) % 7;
  for (int i = 0; i < h->count[weekday]; i++) {
    int32_t begin = t > h->open[weekday][i].from ? t : h->open[weekday][i].from;
    if (begin + minutes <= h->open[weekday][i].to) return begin;
  }
  return -1;
}

/* Goes through the day; minute of coming home, or -1. `at` is the item that may begin at any time (its place in the line). */
static int32_t drive(const Line *l, Item *item, size_t free_item) {
  const VisitProblem *p = &l->w->p;
  int32_t t = l->work.from, place = p->staff[l->staff].start;
  for (size_t i = 0; i < l->n; i++) {
    item[i].travel = travel_minutes(p->travel, place, item[i].place);
    t += item[i].travel;
    bool free = i == free_item;
    int32_t begin = free ? let_in(l->w, item[i].row, 0, item[i].minutes, t) : t > item[i].begins ? t : item[i].begins;
    if (!free && begin > item[i].begins) {
      if (item[i].row->agreed) return -1;
      begin = let_in(l->w, item[i].row, 0, item[i].minutes, begin);
    }
    if (begin < 0) return -1;
    item[i].begins = begin;
    t = begin + item[i].minutes;
    place = item[i].place;
  }
  t += travel_minutes(p->travel, place, p->staff[l->staff].end);
  return t <= l->work.to ? t : -1;
}

static bool write_item(Store *s, const Item *x, Err *e) {
  Buf begins = {0}, ends = {0};
  visits_clock_print(x->begins, &begins);
  visits_clock_print(x->begins + x->minutes, &ends);
  Val bind[] = {val_int(x->row->id), val_text(buf_view(&begins)), val_text(buf_view(&ends)), val_int(x->travel), val_int(x->minutes)};
  bool ok = store_exec(s,
                       "UPDATE visit SET begins = ?2, ends = ?3, travel = ?4, minutes = ?5,"
                       " sequence = coalesce(sequence, 0) + (begins IS NOT ?2) WHERE id = ?1",
                       bind, 5, e);
  buf_free(&begins);
  buf_free(&ends);
  return ok;
}

/* The row's place among the others that takes least of the day; false: none. */
static bool best_place(Line *l, const Item *x, int32_t at, Item *best) {
  size_t others = l->n;
  Item *trial = mem_alloc((others + 1) * sizeof *trial);
  int32_t least = INT32_MAX;
  l->n = others + 1;
  for (size_t k = 0; k <= others; k++) {
    memcpy(trial, l->item, k * sizeof *trial);
    trial[k] = *x;
    memcpy(trial + k + 1, l->item + k, (others - k) * sizeof *trial);
    if (at >= 0) trial[k].begins = at;
    int32_t home = drive(l, trial, at >= 0 ? SIZE_MAX : k);
    if (home < 0 || home >= least || (at >= 0 && trial[k].begins != at)) continue;
    least = home;
    memcpy(best, trial, l->n * sizeof *best);
  }
  mem_free(trial);
  return least < INT32_MAX;
}

static bool put_in_order(Store *s, Line *l, const VisitRetime *how, const Item *placed, size_t *changed, Err *e) {
  Item *best = mem_alloc((l->n + 2) * sizeof *best);
  bool ok;
  if (placed) {
    ok = best_place(l, placed, how->at, best);
    if (!ok) err_set(e, ERR_FAIL, how->at >= 0 ? "it cannot be at that time: the visits and roads of the day leave no room"
                                               : "there is no room for it that day, by its opening hours and the visits and roads of the day");
  } else {
    memcpy(best, l->item, l->n * sizeof *best);
    ok = drive(l, best, SIZE_MAX) >= 0 || err_set(e, ERR_FAIL, "the visits that are left of the day no longer fit");
  }
  for (size_t i = l->n; ok && i-- > 0;) { /* later ones make room first */
    *changed += best[i].row->begins >= 0 && best[i].begins != best[i].row->begins;
    ok = write_item(s, &best[i], e);
  }
  mem_free(best);
  return ok;
}

bool visits_retime(Store *s, const VisitRetime *how, size_t *changed, Err *e) {
  VisitAsk ask = {.asof = how->day, .from = how->day, .days = 1, .a_day = how->a_day, .work = how->work, .kmh = how->kmh, .road = how->road};
  VisitWorld w;
  *changed = 0;
  if (!visits_world(s, &ask, &w, e)) return false;
  Line l = {.w = &w, .item = mem_alloc((w.row_count + 2) * sizeof *l.item), .staff = VISIT_ANY};
  for (size_t i = 0; i < w.p.staff_count; i++)
    if (w.person[i].id == how->staff) l.staff = (int32_t)i;
  Item placed = {.row = NULL};
  bool ok = true;
  for (size_t i = 0; ok && i < w.row_count; i++) {
    const VisitRow *r = &w.row[i];
    if (l.staff < 0 || r->staff != l.staff) continue;
    Item x = {r, w.p.sites[r->site].place, w.p.sites[r->site].minutes, r->begins, 0};
    if (r->begins < 0 && r->id != how->place) continue; /* nobody knows when: it holds up nobody */
    if (x.place < 0) ok = err_set(e, ERR_FAIL, "%s has no place on record", w.spot[r->site].code);
    else if (r->id == how->place) placed = x;
    else l.item[l.n++] = x;
  }
  if (l.n) qsort(l.item, l.n, sizeof *l.item, by_begin);
  if (ok && l.staff >= 0) {
    l.work = w.p.at_work[l.staff].work;
    if (how->place && l.work.from >= l.work.to) ok = err_set(e, ERR_FAIL, "%s %s is off that day", w.person[l.staff].code, w.person[l.staff].name);
    int32_t most = w.p.at_work[l.staff].visits;
    if (ok && how->place && l.n >= (size_t)most)
      ok = err_set(e, ERR_FAIL, "%s %s has %zu visits that day, and may make %d", w.person[l.staff].code, w.person[l.staff].name, l.n, most);
    ok = ok && (l.work.from >= l.work.to || put_in_order(s, &l, how, how->place && placed.row ? &placed : NULL, changed, e));
  }
  mem_free(l.item);
  visits_world_free(&w);
  return ok;
}
