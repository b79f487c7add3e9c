/* Visit plans at size: an invented field force, its first plan, the search, and a replan after a hundredth has changed.
 * usage: visits [--managers N] [--accounts N] [--days N] [--effort N] [--threads N] [--seed N] [--reasons] */
#include "../../unit/visit_rules.h"

#include "base/mem.h"
#include "base/stop.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

static uint64_t state = 20260907;
static double uniform(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (double)(state >> 11) / 9007199254740992.0;
}
static int below(int n) { return (int)(uniform() * n); }

typedef struct World {
  VisitProblem p;
  VisitStaff *staff;
  VisitDay *at_work;
  VisitSite *sites;
  VisitPin *pins;
  VisitKept *kept;
  double *lat, *lon;
  Travel travel;
} World;

static const VisitHours hours[3] = {
  {{1, 1, 1, 1, 1, 0, 0}, {{{540, 1020}}, {{540, 1020}}, {{540, 1020}}, {{540, 1020}}, {{540, 1020}}}},
  {{2, 2, 2, 2, 2, 0, 0}, {{{540, 690}, {810, 1020}}, {{540, 690}, {810, 1020}}, {{540, 690}, {810, 1020}}, {{540, 690}, {810, 1020}}, {{540, 690}, {810, 1020}}}},
  {{0, 1, 1, 1, 0, 0, 0}, {{{0, 0}}, {{600, 900}}, {{600, 900}}, {{600, 900}}, {{0, 0}}}},
};

static void make_site(World *w, int i, int managers) {
  VisitSite *s = &w->sites[i];
  int owner = below(managers);
  double dice = uniform(), spread = 0.25;
  w->lat[managers + i] = w->lat[owner] + spread * (uniform() + uniform() + uniform() - 1.5);
  w->lon[managers + i] = w->lon[owner] + spread * (uniform() + uniform() + uniform() - 1.5);
  *s = (VisitSite){.place = managers + i, .owner = owner, .hours = below(4) - 1, .with = VISIT_ANY, .worth = 1000 * uniform()};
  bool urgent = uniform() < 0.05;
  if (dice < 0.1 && urgent) s->tier = 0, s->asked = 12, s->target = 7 / 3.0, s->no_sooner = 1, s->no_later = 3, s->minutes = 60;
  else if (dice < 0.1) s->tier = 0, s->asked = 4, s->target = 7, s->no_sooner = 4, s->no_later = 10, s->minutes = 60;
  else if (dice < 0.4) s->tier = 1, s->asked = 2, s->target = 14, s->no_sooner = 10, s->no_later = 21, s->minutes = 45;
  else s->tier = 2, s->asked = 1, s->target = 28, s->no_sooner = 21, s->no_later = 45, s->minutes = 30;
  s->worth *= s->tier == 0 ? 20 : s->tier == 1 ? 5 : 1;
  s->last = uniform() < 0.1 ? VISIT_NEVER : -1 - below((int)(s->target * 1.3) + 1);
  s->same_weekday = uniform() < 0.2;
  if (uniform() < 0.005) s->place = VISIT_ANY;
  if (uniform() < 0.1) s->shut[0] = UINT64_C(0x1f) << 7;
}

static void make_world(World *w, int managers, int accounts, int days) {
  int places = managers + accounts;
  *w = (World){0};
  w->lat = mem_zalloc((size_t)places, sizeof *w->lat);
  w->lon = mem_zalloc((size_t)places, sizeof *w->lon);
  w->staff = mem_zalloc((size_t)managers, sizeof *w->staff);
  w->at_work = mem_zalloc((size_t)managers * (size_t)days, sizeof *w->at_work);
  w->sites = mem_zalloc((size_t)accounts, sizeof *w->sites);
  w->pins = mem_zalloc((size_t)accounts, sizeof *w->pins);
  for (int s = 0; s < managers; s++) {
    w->lat[s] = 22 + 12 * uniform();
    w->lon[s] = 105 + 15 * uniform();
    w->staff[s] = (VisitStaff){s, s};
    int off = uniform() < 0.2 ? below(days) : -1;
    for (int d = 0; d < days; d++)
      if (d % 7 < 5 && d != off) w->at_work[s * days + d] = (VisitDay){{510, 1050}, 5};
  }
  w->travel = (Travel){.lat = w->lat, .lon = w->lon, .road = 1.3, .kmh = 40};
  for (int i = 0; i < accounts; i++) make_site(w, i, managers);
  for (int i = 0; i < accounts; i++) {
    int d = 7 * below(days / 7) + 1 + below(3);
    if (uniform() < 0.02 && w->sites[i].place >= 0)
      w->pins[w->p.pin_count++] = (VisitPin){i, d, uniform() < 0.5 ? 630 : VISIT_ANY};
  }
  w->p = (VisitProblem){.days = days, .staff_count = (size_t)managers, .site_count = (size_t)accounts, .hours_count = 3,
                        .place_count = (size_t)places, .pin_count = w->p.pin_count, .staff = w->staff, .at_work = w->at_work,
                        .sites = w->sites, .hours = hours, .pins = w->pins, .travel = &w->travel, .weights = visits_usual()};
}

static double began;
static bool told_first;
static bool tell(void *told, const VisitProgress *at) {
  (void)told;
  if (!told_first) printf("  first plan   %8.2f s, %d visits, score %.0f\n", stop_now() - began, at->visits, at->score);
  told_first = true;
  return true;
}

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int show(const char *what, const VisitProblem *p, const VisitPlan *plan, double cpu) {
  struct rusage used;
  const VisitCost *c = &plan->cost;
  const char *wrong = visit_rule_broken(p, plan);
  if (!wrong) wrong = visit_pins_broken(p, plan);
  if (!wrong) wrong = visit_left_broken(p, plan);
  getrusage(RUSAGE_SELF, &used);
  printf("  %-12s %8.2f s, %.2f CPU s, %ld MB, %d visits, %d missed at %zu accounts, score %.0f: %s\n", what, stop_now() - began,
         cpu_seconds() - cpu, used.ru_maxrss / 1024, c->visits, c->missed, plan->left_count, c->score, wrong ? wrong : "rules kept");
  printf("               lost %.0f, late %d (%d days), off target %.0f days, other weekday %d, moved %d, travel %lld min, days %d to %d\n",
         c->lost, c->late, c->late_days, c->off_target, c->other_weekday, c->moved, (long long)c->travel, c->idlest, c->busiest);
  return wrong ? 1 : 0;
}

static void show_reasons(const VisitPlan *plan) {
  int reason[16] = {0}, remedy[16] = {0};
  for (size_t i = 0; i < plan->left_count; i++) reason[plan->left[i].reason]++, remedy[plan->left[i].remedy]++;
  printf("  reasons ");
  for (int i = 0; i < 16; i++) printf(" %d:%d", i, reason[i]);
  printf("\n  remedies");
  for (int i = 0; i < 16; i++) printf(" %d:%d", i, remedy[i]);
  puts("");
}

/* A hundredth of the accounts gets another cadence, worth or no place; the plan in force is the last one. */
static void change(World *w, const VisitPlan *plan, unsigned char *changed) {
  w->kept = mem_zalloc(plan->stop_count, sizeof *w->kept);
  w->p.kept = w->kept;
  w->p.kept_count = plan->stop_count;
  w->p.frozen = 7;
  for (size_t i = 0; i < plan->stop_count; i++)
    w->kept[i] = (VisitKept){plan->stops[i].site, plan->stops[i].day, plan->stops[i].begin, plan->stops[i].end - plan->stops[i].begin};
  for (size_t n = 0; n < w->p.site_count / 100; n++) {
    size_t i = (size_t)below((int)w->p.site_count);
    VisitSite *s = &w->sites[i];
    changed[i] = 1;
    if (uniform() < 0.5) s->asked = 4, s->target = 7, s->no_sooner = 4, s->no_later = 10, s->worth = 20000;
    else s->worth *= 3, s->minutes += 15;
  }
}

static int compare(const World *w, const VisitPlan *plan, const unsigned char *changed) {
  int moved = 0, other = 0, frozen = 0;
  uint64_t *days = mem_zalloc(2 * w->p.site_count, sizeof *days);
  for (size_t i = 0; i < plan->stop_count; i++)
    days[2 * (size_t)plan->stops[i].site + (plan->stops[i].day >> 6)] |= UINT64_C(1) << (plan->stops[i].day & 63);
  for (size_t i = 0; i < w->p.kept_count; i++) {
    const VisitKept *k = &w->kept[i];
    bool gone = !(days[2 * (size_t)k->site + (k->day >> 6)] >> (k->day & 63) & 1);
    if (changed[k->site]) continue;
    if (k->day < w->p.frozen && gone) frozen++;
    other++;
    moved += gone;
  }
  printf("  moved %d of %d visits of others (%.2f %%), %d in frozen days\n", moved, other, 100.0 * moved / other, frozen);
  mem_free(days);
  return frozen ? 1 : 0;
}

int main(int argc, char **argv) {
  int managers = 300, accounts = 20000, days = 28, threads = 2, bad;
  VisitSearch how = {.seed = 1, .effort = 200, .tell = tell};
  bool reasons = false;
  for (int i = 1; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : "0";
    if (!strcmp(argv[i], "--managers")) managers = atoi(value), i++;
    else if (!strcmp(argv[i], "--accounts")) accounts = atoi(value), i++;
    else if (!strcmp(argv[i], "--days")) days = atoi(value), i++;
    else if (!strcmp(argv[i], "--threads")) threads = atoi(value), i++;
    else if (!strcmp(argv[i], "--effort")) how.effort = atoll(value), i++;
    else if (!strcmp(argv[i], "--seed")) how.seed = strtoull(value, NULL, 10), i++;
    else if (!strcmp(argv[i], "--reasons")) reasons = true;
  }
  if (managers < 1 || accounts < 1 || days < 7 || days > VISIT_DAYS || threads < 1) return 2;
  World w;
  VisitPlan plan, again;
  Err e = {0};
  how.threads = threads;
  make_world(&w, managers, accounts, days);
  printf("%d managers, %d accounts, %d days, %zu pins, %d threads, effort %lld\n", managers, accounts, days, w.p.pin_count, threads,
         (long long)how.effort);
  began = stop_now();
  double cpu = cpu_seconds();
  if (!visits_plan(&w.p, &how, &plan, &e)) return fprintf(stderr, "%s\n", e.what), 1;
  bad = show("plan", &w.p, &plan, cpu);
  if (reasons) show_reasons(&plan);
  unsigned char *changed = mem_zalloc((size_t)accounts, 1);
  change(&w, &plan, changed);
  began = stop_now();
  cpu = cpu_seconds();
  told_first = false;
  if (!visits_plan(&w.p, &how, &again, &e)) return fprintf(stderr, "%s\n", e.what), 1;
  bad += show("replan", &w.p, &again, cpu);
  bad += compare(&w, &again, changed);
  visit_plan_free(&plan);
  visit_plan_free(&again);
  return bad ? 1 : 0;
}
