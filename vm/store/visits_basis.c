#include "store/visits_basis.h"

#include "base/mem.h"

#include <string.h>

/* A step of splitmix64 (Steele, Lea, Flood 2014) over what came before and x. */
static void mix(uint64_t *h, uint64_t x) {
  uint64_t z = *h + 0x9E3779B97F4A7C15u + x;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  *h = z ^ (z >> 31);
}
static void mix_int(uint64_t *h, int64_t x) { mix(h, (uint64_t)x); }
static void mix_real(uint64_t *h, double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  mix(h, bits);
}
static void mix_window(uint64_t *h, VisitWindow x) { mix_int(h, (int64_t)x.from * 2048 + x.to); }
static void mix_place(uint64_t *h, const VisitWorld *w, int32_t place) {
  mix_real(h, place >= 0 ? w->travel.lat[place] : 1000);
  mix_real(h, place >= 0 ? w->travel.lon[place] : 1000);
}

/* What is the same for everybody. */
static uint64_t common(const VisitWorld *w, const VisitWeights *weights, int64_t effort) {
  const VisitAsk *ask = &w->ask;
  uint64_t h = 1;
  mix_int(&h, ask->from);
  mix_int(&h, ask->days);
  mix_int(&h, ask->frozen);
  mix_real(&h, ask->kmh);
  mix_real(&h, ask->road);
  mix_int(&h, effort);
  const double of[] = {weights->lost, weights->gap, weights->move, weights->travel, weights->uneven};
  for (size_t i = 0; i < sizeof of / sizeof *of; i++) mix_real(&h, of[i]);
  for (size_t i = 0; i < w->travel.pair_count; i++) {
    const TravelPair *t = &w->travel.pairs[i];
    mix_place(&h, w, t->from);
    mix_place(&h, w, t->to);
    mix_int(&h, t->minutes);
  }
  return h;
}

static void mix_hours(uint64_t *h, const VisitHours *x) {
  for (int k = 0; k < 7; k++) {
    mix_int(h, x->count[k]);
    for (int i = 0; i < x->count[k]; i++) mix_window(h, x->open[k][i]);
  }
}

static void mix_site(uint64_t *h, const VisitWorld *w, size_t at) {
  const VisitSite *s = &w->p.sites[at];
  const VisitSpot *spot = &w->spot[at];
  const int64_t of[] = {spot->account, spot->contact, s->minutes, s->asked, s->last, s->next, s->no_sooner, s->no_later,
                        s->same_weekday, (int64_t)s->shut[0], (int64_t)s->shut[1], s->hours >= 0, s->with >= 0,
                        at < w->ask.count};
  for (size_t i = 0; i < sizeof of / sizeof *of; i++) mix_int(h, of[i]);
  mix_real(h, s->target);
  mix_real(h, s->worth);
  mix_place(h, w, s->place);
  if (s->hours >= 0) mix_hours(h, &w->p.hours[s->hours]);
}

static void mix_row(uint64_t *h, const VisitRow *r) {
  const int64_t of[] = {r->id, r->day, r->begins, r->ends, r->stands, r->timed, r->staff};
  for (size_t i = 0; i < sizeof of / sizeof *of; i++) mix_int(h, of[i]);
}

/* The rows of site i: from first[i] up to first[i + 1]. */
static size_t *rows_of_sites(VisitWorld *w) {
  size_t *first = arena_zalloc(&w->arena, w->p.site_count + 1, sizeof *first), row = 0;
  for (size_t at = 0; at < w->p.site_count; at++) {
    first[at] = row;
    while (row < w->row_count && w->row[row].site == (int32_t)at) row++;
  }
  first[w->p.site_count] = row;
  return first;
}

int64_t *visits_basis(VisitWorld *w, const VisitWeights *weights, int64_t effort) {
  const VisitProblem *p = &w->p;
  uint64_t *h = arena_alloc(&w->arena, (p->staff_count + 1) * sizeof *h), all = common(w, weights, effort);
  int64_t *out = arena_alloc(&w->arena, (p->staff_count + 1) * sizeof *out);
  for (size_t i = 0; i < p->staff_count; i++) {
    h[i] = all;
    mix_int(&h[i], w->person[i].id);
    mix_place(&h[i], w, p->staff[i].start);
    mix_place(&h[i], w, p->staff[i].end);
    for (int32_t d = 0; d < p->days; d++) {
      const VisitDay *day = &p->at_work[i * (size_t)p->days + (size_t)d];
      mix_window(&h[i], day->work);
      mix_int(&h[i], day->visits);
    }
  }
  size_t *first = rows_of_sites(w);
  for (size_t at = 0; at < p->site_count; at++) {
    const VisitSite *s = &p->sites[at];
    for (size_t i = first[at]; i < first[at + 1]; i++)
      if (w->row[i].staff >= 0) mix_row(&h[w->row[i].staff], &w->row[i]);
    if (s->owner < 0) continue;
    mix_site(&h[s->owner], w, at);
    if (s->with < 0) continue;
    for (size_t i = first[s->with]; i < first[s->with + 1]; i++) mix_int(&h[s->owner], w->row[i].day);
  }
  for (size_t i = 0; i < p->staff_count; i++) out[i] = (int64_t)(h[i] >> 16);
  return out;
}

/* --- who is settled ---------------------------------------------------------------------------------------------- */

typedef struct Known {
  VisitWorld *w;
  const int64_t *basis;
  bool *settled;
} Known;

static bool take_known(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Known *k = ctx;
  for (size_t i = 0; i < k->w->p.staff_count; i++)
    if (v[0].t == V_NUM && v[1].t == V_NUM && k->w->person[i].id == v[0].u.i) k->settled[i] = v[1].e == 0 && v[1].u.i == k->basis[i];
  return true;
}

/* Whose rows are not all in the problem, or would go: they are planned. */
static void need_all_rows(VisitWorld *w, bool *settled) {
  const VisitProblem *p = &w->p;
  int32_t *more = mem_zalloc(p->staff_count + 1, sizeof *more);
  for (size_t i = 0; i < w->row_count; i++) {
    const VisitRow *r = &w->row[i];
    if (r->staff < 0) continue;
    more[r->staff]++;
    const VisitSite *s = &p->sites[r->site];
    if (r->begins >= 0 && (s->owner != r->staff || s->place < 0)) settled[r->staff] = false; /* without an hour: left so before */
  }
  for (size_t i = 0; i < p->pin_count; i++)
    if (p->sites[p->pins[i].site].owner >= 0) more[p->sites[p->pins[i].site].owner]--;
  for (size_t i = 0; i < p->kept_count; i++)
    if (p->sites[p->kept[i].site].owner >= 0) more[p->sites[p->kept[i].site].owner]--;
  for (size_t i = 0; i < p->staff_count; i++) settled[i] = settled[i] && !more[i];
  mem_free(more);
}

bool visits_settle(Store *s, VisitWorld *w, const int64_t *basis, const char *figure, Err *e) {
  Known k = {w, basis, arena_zalloc(&w->arena, w->p.staff_count + 1, sizeof(bool))};
  Val bind[] = {val_text(str_of(figure)), val_date(w->ask.asof)};
  if (!store_query(s,
                   "SELECT v.row, v.value FROM metric m JOIN metric_value v ON v.metric = m.id WHERE m.entity = 'staff' AND m.name = ?1"
                   " AND v.day = ?2",
                   bind, 2, take_known, &k, e))
    return false;
  need_all_rows(w, k.settled);
  VisitPlan all = {0};
  visits_in_force(w, &all);
  VisitStop *stood = arena_alloc(&w->arena, (all.stop_count + 1) * sizeof *stood);
  size_t n = 0;
  for (size_t i = 0; i < all.stop_count; i++)
    if (k.settled[all.stops[i].staff]) stood[n++] = all.stops[i];
  visit_plan_free(&all);
  w->p.settled = k.settled;
  w->p.stood = stood;
  w->p.stood_count = n;
  return true;
}
