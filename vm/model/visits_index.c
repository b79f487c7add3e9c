/* Sites by owner, pins by site, what a missed visit costs. */
#include "model/visits_work.h"

#include <math.h>
#include <stdlib.h>

VisitWeights visits_usual(void) {
  return (VisitWeights){.lost = 100000, .gap = 500, .move = 1000, .travel = 1, .uneven = 1};
}

static int by_site_day(const void *a, const void *b) {
  const VisitPin *x = a, *y = b;
  if (x->site != y->site) return x->site < y->site ? -1 : 1;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  if (x->at != y->at) return y->at < x->at ? -1 : 1; /* one with a time before one without */
  return 0;
}

static bool is_given(const VisitProblem *p, const VisitPin *pin) {
  for (size_t i = 0; i < p->pin_count; i++)
    if (p->pins[i].site == pin->site && p->pins[i].day == pin->day && p->pins[i].at >= 0) return true;
  return false;
}

static void index_pins(VisitIndex *x) {
  const VisitProblem *p = x->p;
  size_t count = 0, kept = 0;
  x->pins = mem_alloc((p->pin_count + p->kept_count) * sizeof *x->pins);
  for (size_t i = 0; i < p->pin_count; i++) x->pins[count++] = p->pins[i];
  for (size_t i = 0; i < p->kept_count; i++) {
    const VisitKept *k = &p->kept[i];
    if (k->day < p->frozen) x->pins[count++] = (VisitPin){k->site, k->day, k->at};
    else visit_day_add(x->facts[k->site].kept, k->day);
  }
  qsort(x->pins, count, sizeof *x->pins, by_site_day);
  for (size_t i = 0; i < count; i++) {
    if (kept && x->pins[kept - 1].site == x->pins[i].site && x->pins[kept - 1].day == x->pins[i].day) continue;
    VisitFacts *f = &x->facts[x->pins[i].site];
    if (!f->pin_count++) f->first_pin = (int32_t)kept;
    visit_day_add(f->pinned, x->pins[i].day);
    x->pins[kept++] = x->pins[i];
  }
  x->frozen = mem_zalloc(kept, sizeof *x->frozen);
  x->length = mem_zalloc(kept, sizeof *x->length);
  for (size_t i = 0; i < kept; i++) {
    x->frozen[i] = x->pins[i].day < p->frozen && x->pins[i].at >= 0 && !is_given(p, &x->pins[i]);
    x->length[i] = p->sites[x->pins[i].site].minutes;
  }
  for (size_t i = 0; i < p->kept_count; i++) {
    const VisitKept *k = &p->kept[i];
    if (k->day < p->frozen && k->minutes > 0) x->length[visit_pin_on(x, k->site, k->day)] = k->minutes;
  }
}

int32_t visit_pin_on(const VisitIndex *x, int32_t site, int32_t d) {
  const VisitFacts *f = &x->facts[site];
  for (int32_t i = f->first_pin; visit_day_in(f->pinned, d) && i < f->first_pin + f->pin_count; i++)
    if (x->pins[i].day == d) return i;
  return VISIT_ANY;
}

int32_t visit_minutes(const VisitIndex *x, int32_t site, int32_t d) {
  int32_t pin = visit_pin_on(x, site, d);
  return pin >= 0 ? x->length[pin] : x->p->sites[site].minutes;
}

static void index_owners(VisitIndex *x) {
  const VisitProblem *p = x->p;
  x->first_site = mem_zalloc(p->staff_count + 2, sizeof *x->first_site);
  x->site = mem_alloc(p->site_count * sizeof *x->site);
  for (size_t i = 0; i < p->site_count; i++)
    if (p->sites[i].owner >= 0) x->first_site[p->sites[i].owner + 2]++;
  for (size_t s = 2; s <= p->staff_count + 1; s++) x->first_site[s] += x->first_site[s - 1];
  for (size_t i = 0; i < p->site_count; i++)
    if (p->sites[i].owner >= 0) x->site[x->first_site[p->sites[i].owner + 1]++] = (int32_t)i;
}

/* The mean worth of an asked visit among the owner's; of all without owner. */
static void price_missed(VisitIndex *x, const int32_t *site, int32_t count) {
  const VisitProblem *p = x->p;
  double sum = 0, asked = 0;
  for (int32_t i = 0; i < count; i++) {
    const VisitSite *s = &p->sites[site[i]];
    if (s->asked > 0 && s->worth > 0) sum += s->worth, asked += s->asked;
  }
  double mean = sum > 0 ? sum / asked : 1;
  for (int32_t i = 0; i < count; i++) {
    const VisitSite *s = &p->sites[site[i]];
    double worth = s->asked > 0 ? s->worth / s->asked / mean : 0;
    double cost = (worth + 0.1) * p->weights.lost * VISIT_UNIT;
    x->facts[site[i]].missed = (int64_t)floor((cost < VISIT_MISSED_MOST ? cost : VISIT_MISSED_MOST) + 0.5);
  }
}

void visit_index(const VisitProblem *p, VisitIndex *x) {
  *x = (VisitIndex){.p = p};
  x->facts = mem_zalloc(p->site_count, sizeof *x->facts);
  index_pins(x);
  index_owners(x);
  for (size_t i = 0; i < p->site_count; i++) {
    VisitFacts *f = &x->facts[i];
    f->most = p->sites[i].asked > f->pin_count ? p->sites[i].asked : f->pin_count;
    if (f->most > p->days) f->most = p->days;
    int32_t alone = (int32_t)i;
    if (p->sites[i].owner < 0) price_missed(x, &alone, 1);
  }
  for (size_t s = 0; s < p->staff_count; s++)
    price_missed(x, x->site + x->first_site[s], x->first_site[s + 1] - x->first_site[s]);
}

void visit_index_free(VisitIndex *x) {
  mem_free(x->facts);
  mem_free(x->pins);
  mem_free(x->frozen);
  mem_free(x->length);
  mem_free(x->first_site);
  mem_free(x->site);
}
