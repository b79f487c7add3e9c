#include "store/visits_work.h"

#include "base/cron.h"
#include "store/job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL_MINUTES = 60, VISIT_FAR = 100000 };

static int32_t add_place(VisitReader *r, double lat, double lon) {
  if (r->places == r->places_cap) {
    mem_grow(r->lat, r->places_cap, r->places + 1);
    r->lon = mem_resize(r->lon, r->places_cap, sizeof *r->lon);
  }
  r->lat[r->places] = lat;
  r->lon[r->places] = lon;
  return (int32_t)r->places++;
}

/* The person's number in the plan; he is in it from now on. */
static int32_t add_person(VisitReader *r, VisitStaffRow *s) {
  if (s->index >= 0) return s->index;
  s->index = (int32_t)r->persons;
  if (r->persons == r->persons_cap) {
    mem_grow(r->person, r->persons_cap, r->persons + 1);
    r->ends = mem_resize(r->ends, r->persons_cap, sizeof *r->ends);
  }
  r->person[r->persons] = (VisitPerson){s->id, s->code, s->name ? s->name : "", s->region, s->placed, s->active};
  VisitStaff *at = &r->ends[r->persons++];
  at->start = add_place(r, s->placed ? s->lat : 0, s->placed ? s->lon : 0);
  at->end = s->ended ? add_place(r, s->end_lat, s->end_lon) : at->start;
  return s->index;
}

static bool same(const char *x, Str s) { return x && str_is(s, x); }

/* "director", "sales head": the nearest superior of the owner with that grade or role, else anybody active with it, in the
 * owner's region first. */
static VisitStaffRow *resolve(VisitReader *r, VisitStaffRow *owner, Str who) {
  Str last = who;
  for (size_t i = 0; i < who.n; i++)
    if (who.p[i] == ' ') last = str_sub(who, i + 1, who.n);
  VisitStaffRow *up = owner;
  for (int i = 0; up && i < 64; i++) {
    if (up->active && (same(up->grade, who) || same(up->role, who) || same(up->grade, last) || same(up->code, who))) return up;
    up = up->manager ? visits_staff(r, up->manager) : NULL;
  }
  VisitStaffRow *any = NULL;
  for (size_t i = 0; i < r->staffs; i++) {
    VisitStaffRow *s = &r->staff[i];
    if (same(s->code, who)) return s;
    if (!s->active || !(same(s->grade, who) || same(s->role, who) || same(s->grade, last))) continue;
    bool near = owner && owner->region && s->region && strcmp(owner->region, s->region) == 0;
    if (!any || (near && !(any->region && owner->region && strcmp(any->region, owner->region) == 0))) any = s;
  }
  return any;
}

static VisitSite *add_site(VisitReader *r, VisitAccount *a, int64_t contact, VisitStaffRow *owner) {
  if (r->sites == r->sites_cap) {
    mem_grow(r->site, r->sites_cap, r->sites + 1);
    r->spot = mem_resize(r->spot, r->sites_cap, sizeof *r->spot);
  }
  if (a->place < 0 && a->placed) a->place = add_place(r, a->lat, a->lon);
  r->spot[r->sites] = (VisitSpot){.account = a->id, .contact = contact, .code = a->code, .name = a->name ? a->name : "",
                                  .tier = a->tier ? a->tier : "", .account_code = a->code};
  VisitSite *s = &r->site[r->sites++];
  *s = (VisitSite){.place = a->place, .owner = owner ? add_person(r, owner) : VISIT_ANY, .hours = a->hours, .last = VISIT_NEVER,
                   .with = VISIT_ANY, .shut = {a->shut[0], a->shut[1]}};
  const char *tier = a->tier;
  s->tier = tier && tier[0] >= 'A' && tier[0] <= 'Y' && !tier[1] ? tier[0] - 'A' : 25;
  s->minutes = a->minutes ? a->minutes : USUAL_MINUTES;
  return s;
}

/* Visits that fall due within the days: as many targets as fit between the last visit and the end, and no more than the
 * days have room for. */
static int32_t asked(const VisitAsk *ask, const VisitSite *s) {
  double most = floor(ask->days / s->target + 0.5);
  if (most < 1) most = 1;
  if (s->last == VISIT_NEVER) return (int32_t)most;
  double due = floor((ask->days - 1 - s->last) / s->target + 1e-9);
  return due <= 0 ? 0 : due < most ? (int32_t)due : (int32_t)most;
}

/* Days on which the main owner of now is not the owner. */
static void shut_unowned(VisitReader *r, const VisitAccount *a, VisitSite *s) {
  for (int32_t d = 0; d < r->w->ask.days; d++) {
    Day day = r->w->ask.from + d;
    bool owned = day >= a->owned_from && (a->owned_to == DAY_NONE || day < a->owned_to);
    if (owned) continue;
    s->shut[d >> 6] |= UINT64_C(1) << (d & 63);
    s->firm[d >> 6] |= UINT64_C(1) << (d & 63);
  }
}

static bool add_need(VisitReader *r, const VisitNeed *n, Err *e) {
  const VisitAsk *ask = &r->w->ask;
  VisitAccount *a = visits_account(r, n->account);
  if (!a) return err_set(e, ERR_FAIL, "there is no account %lld", (long long)n->account);
  VisitStaffRow *owner = a->owner ? visits_staff(r, a->owner) : NULL;
  bool own = !n->who.n;
  VisitSite *s = add_site(r, a, n->contact, own ? owner : resolve(r, owner, n->who));
  if (!a->minutes) s->minutes = n->minutes;
  s->target = n->target;
  s->no_sooner = a->gap && !n->contact ? a->gap : n->no_sooner;
  s->only = !own;
  s->no_later = n->no_later;
  s->worth = n->worth;
  s->same_weekday = n->same_weekday;
  if (own && s->owner >= 0) shut_unowned(r, a, s);
  if (!n->contact && a->last != DAY_NONE) s->last = a->last - ask->from;
  if (!n->contact && a->next != DAY_NONE && a->next - ask->from <= VISIT_FAR) s->next = a->next - ask->from;
  return true;
}

/* --- contacts ---------------------------------------------------------------------------------------------------- */

typedef struct ContactSite { int64_t contact; size_t site; } ContactSite;
typedef struct ContactSites {
  VisitReader *r;
  ContactSite *list;
  size_t n;
} ContactSites;

static int by_contact(const void *x, const void *y) {
  int64_t a = ((const ContactSite *)x)->contact, b = ((const ContactSite *)y)->contact;
  return (a > b) - (a < b);
}
static ContactSite *contact_site(const ContactSites *c, int64_t contact) {
  ContactSite key = {.contact = contact};
  return c->n ? bsearch(&key, c->list, c->n, sizeof key, by_contact) : NULL;
}

static bool take_contact(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  ContactSites *c = ctx;
  ContactSite *at = contact_site(c, v[0].t == V_NUM ? v[0].u.i : 0);
  Day last;
  if (!at) return true;
  c->r->spot[at->site].code = arena_strndup(c->r->a, v[1].u.s, v[1].n);
  if (v[2].t == V_TEXT && day_parse(val_str(v[2]), &last)) c->r->site[at->site].last = last - c->r->w->ask.from;
  return true;
}

static bool read_contacts(ContactSites *c, Err *e) {
  const VisitAsk *ask = &c->r->w->ask;
  Val from = val_date(ask->from);
  if (!c->n) return true;
  qsort(c->list, c->n, sizeof *c->list, by_contact);
  return store_query(c->r->store,
                     "SELECT c.id, c.code, (SELECT max(day) FROM visit v WHERE v.contact = c.id AND v.day < ?1"
                     " AND v.status IN ('done', 'planned', 'fixed', 'moved')) FROM contact c ORDER BY c.id",
                     &from, 1, take_contact, c, e);
}

/* --- open visits ------------------------------------------------------------------------------------------------- */

typedef struct Rows {
  VisitReader *r;
  const ContactSites *contacts;
  int32_t *of_account; /* by place in r->account: the site that is its need, or VISIT_ANY */
  int32_t *beside;     /* the same: the site of its visits that nobody asks about */
} Rows;

static int32_t clock_of(Val v) {
  int32_t m;
  return v.t == V_TEXT && visits_clock(val_str(v), &m) ? m : VISIT_ANY;
}

static int32_t need_of(const Rows *w, const VisitAccount *a, int64_t contact) {
  if (!contact) return w->of_account[a - w->r->account];
  const ContactSite *c = contact_site(w->contacts, contact);
  return c ? (int32_t)c->site : VISIT_ANY;
}

/* The site of a visit that is no need: one an account, person and length; of whoever goes along (contact -1: of nobody known)
 * one each. */
static int32_t site_beside(Rows *w, VisitAccount *a, int64_t contact, VisitStaffRow *staff, const VisitRow *row, Val minutes) {
  VisitReader *r = w->r;
  int32_t length = a->minutes ? a->minutes : USUAL_MINUTES, *known = contact ? NULL : &w->beside[a - r->account];
  if (row->begins >= 0 && row->ends > row->begins) length = row->ends - row->begins;
  else if (minutes.t == V_NUM && minutes.u.i > 0 && minutes.u.i < 1440) length = (int32_t)minutes.u.i;
  int32_t hours = row->begins >= 0 ? VISIT_ANY : a->hours, owner = staff ? add_person(r, staff) : VISIT_ANY;
  if (known && *known >= 0 && r->site[*known].owner == owner && r->site[*known].minutes == length && r->site[*known].hours == hours) return *known;
  int32_t at = (int32_t)r->sites;
  VisitSite *s = add_site(r, a, contact > 0 ? contact : 0, staff);
  s->hours = hours; /* with a time it is agreed with them */
  s->shut[0] = s->shut[1] = 0;
  s->minutes = length;
  if (known && *known < 0) *known = at;
  return at;
}

/* Somebody else goes: that day is taken care of, and those that are too near to it. */
static void taken_care_of(const VisitReader *r, VisitSite *need, int32_t day) {
  for (int32_t d = 0; d < r->w->ask.days; d++)
    if (d == day || abs(d - day) < need->no_sooner) {
      need->shut[d >> 6] |= UINT64_C(1) << (d & 63);
      need->firm[d >> 6] |= UINT64_C(1) << (d & 63);
    }
  if (need->asked > 0) need->asked--;
}

static bool take_row(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Rows *w = ctx;
  VisitReader *r = w->r;
  Day day;
  VisitAccount *a = visits_account(r, v[1].u.i);
  if (!a || v[4].t != V_TEXT || !day_parse(val_str(v[4]), &day)) return true;
  VisitRow row = {.id = v[0].u.i, .begins = clock_of(v[6]), .ends = clock_of(v[7])};
  bool fixed = !str_is(val_str(v[5]), "planned"), executive = v[9].t == V_TEXT && str_is(val_str(v[9]), "executive");
  if (executive && v[3].t != V_NUM) return true; /* nobody goes: it is not the manager's for that */
  visits_day(r, day, &row.day);
  VisitStaffRow *staff = v[3].t == V_NUM ? visits_staff(r, v[3].u.i) : NULL;
  row.stands = fixed || (v[8].t == V_NUM && v[8].u.i);
  row.timed = fixed && row.begins >= 0;
  row.agreed = fixed;
  if (v[11].t == V_NUM) row.travel = (int32_t)v[11].u.i;
  if (v[12].t == V_NUM) row.min_gap = (int32_t)v[12].u.i;
  row.hours = a->hours;
  int64_t contact = executive && v[2].t == V_NUM ? v[2].u.i : 0;
  row.site = executive && !contact ? VISIT_ANY : need_of(w, a, contact); /* of no contact: not the account's own either */
  if (row.site >= 0 && row.stands && staff && r->site[row.site].owner != staff->index) {
    taken_care_of(r, &r->site[row.site], row.day);
    row.site = VISIT_ANY;
  }
  if (row.site < 0) {
    row.site = site_beside(w, a, executive ? -1 : contact, staff ? staff : a->owner ? visits_staff(r, a->owner) : NULL, &row, v[10]);
    row.stands = true;
    row.timed = row.begins >= 0;
  }
  row.staff = staff ? add_person(r, staff) : VISIT_ANY;
  mem_grow(r->row, r->rows_cap, r->rows + 1);
  r->row[r->rows++] = row;
  return true;
}

static int by_site_day(const void *x, const void *y) {
  const VisitRow *a = x, *b = y;
  if (a->site != b->site) return a->site < b->site ? -1 : 1;
  if (a->day != b->day) return a->day < b->day ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

static bool read_rows(VisitReader *r, const ContactSites *contacts, Err *e) {
  const VisitAsk *ask = &r->w->ask;
  Val span[] = {val_date(ask->from), val_date(ask->from + ask->days)};
  Rows w = {r, contacts, mem_alloc((r->accounts + 1) * sizeof(int32_t)), mem_alloc((r->accounts + 1) * sizeof(int32_t))};
  for (size_t i = 0; i < r->accounts; i++) w.of_account[i] = w.beside[i] = VISIT_ANY;
  for (size_t i = 0; i < ask->count; i++)
    if (!ask->need[i].contact) w.of_account[visits_account(r, ask->need[i].account) - r->account] = (int32_t)i;
  bool ok = store_query(r->store,
                        "SELECT id, account, contact, staff, day, status, begins, ends, pinned, kind, minutes, travel, min_gap FROM visit"
                        " WHERE status IN ('planned', 'fixed', 'moved') AND day >= ?1 AND day < ?2"
                        " AND kind IS NOT 'by phone' ORDER BY id",
                        span, 2, take_row, &w, e);
  for (size_t i = 0; i < ask->count; i++) {
    size_t at = (size_t)(visits_account(r, ask->need[i].account) - r->account);
    if (ask->need[i].bound) r->site[i].with = w.of_account[at] >= 0 ? w.of_account[at] : w.beside[at];
  }
  mem_free(w.of_account);
  mem_free(w.beside);
  if (r->rows) qsort(r->row, r->rows, sizeof *r->row, by_site_day);
  return ok;
}

/* --- the problem ------------------------------------------------------------------------------------------------- */

typedef struct Regional { const char *region; Day day; bool works; } Regional;
typedef struct Regions {
  VisitReader *r;
  Regional *list;
  size_t n, cap;
} Regions;

static bool take_holiday(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Regions *h = ctx;
  Day day;
  if (v[0].t != V_TEXT || v[1].t != V_TEXT || !day_parse(val_str(v[1]), &day)) return true;
  mem_grow(h->list, h->cap, h->n + 1);
  h->list[h->n++] = (Regional){arena_strndup(h->r->a, v[0].u.s, v[0].n), day, v[2].t == V_NUM && v[2].u.i};
  return true;
}

static bool works_on(const Regions *h, const CronDays *calendar, const char *region, Day day) {
  for (size_t i = 0; region && i < h->n; i++)
    if (h->list[i].day == day && strcmp(h->list[i].region, region) == 0) return h->list[i].works;
  return cron_works(calendar, day);
}

static bool make_days(VisitReader *r, Err *e) {
  VisitWorld *w = r->w;
  const VisitAsk *ask = &w->ask;
  Regions h = {.r = r};
  CronDays calendar;
  Val span[] = {val_date(ask->from), val_date(ask->from + ask->days)};
  bool ok = job_calendar(r->store, r->a, &calendar, e) &&
            store_query(r->store, "SELECT region, day, works FROM holiday WHERE day >= ?1 AND day < ?2 ORDER BY id", span, 2, take_holiday, &h, e);
  VisitDay *days = arena_zalloc(r->a, r->persons * (size_t)ask->days + 1, sizeof *days);
  uint64_t *firm = arena_alloc(r->a, (r->persons + 1) * 2 * sizeof *firm); /* off by the calendar, or for good: all but leave */
  VisitWindow *usual = arena_alloc(r->a, (r->persons + 1) * sizeof *usual);
  memset(firm, -1, (r->persons + 1) * 2 * sizeof *firm);
  for (size_t i = 0; ok && i < r->persons; i++) {
    const VisitStaffRow *s = visits_staff(r, r->person[i].id);
    usual[i] = s->work.to > s->work.from ? s->work : ask->work;
    for (int32_t d = 0; d < ask->days && s->active; d++) {
      Day day = ask->from + d;
      bool by_calendar = works_on(&h, &calendar, s->region, day) && !(s->off >> (day_weekday(day) - 1) & 1);
      if (by_calendar) firm[2 * i + (size_t)(d >> 6)] &= ~(UINT64_C(1) << (d & 63));
      if (!by_calendar || (s->away[d >> 6] >> (d & 63) & 1)) continue;
      days[i * (size_t)ask->days + (size_t)d] =
          (VisitDay){usual[i], (int16_t)(s->a_day >= 0 ? s->a_day : ask->a_day)};
    }
  }
  mem_free(h.list);
  w->p.at_work = days;
  w->p.firm_off = firm;
  w->p.usual = usual;
  return ok;
}

/* Who has no start place on record starts in the middle of his accounts. */
static void place_persons(VisitReader *r) {
  double *lat = mem_zalloc(r->persons + 1, sizeof *lat), *lon = mem_zalloc(r->persons + 1, sizeof *lon);
  size_t *n = mem_zalloc(r->persons + 1, sizeof *n);
  for (size_t i = 0; i < r->sites; i++) {
    const VisitSite *s = &r->site[i];
    if (s->owner < 0 || s->place < 0) continue;
    lat[s->owner] += r->lat[s->place];
    lon[s->owner] += r->lon[s->place];
    n[s->owner]++;
  }
  for (size_t i = 0; i < r->persons; i++) {
    if (r->person[i].placed || !n[i]) continue;
    r->lat[r->ends[i].start] = lat[i] / (double)n[i];
    r->lon[r->ends[i].start] = lon[i] / (double)n[i];
    r->w->unplaced++;
  }
  mem_free(lat);
  mem_free(lon);
  mem_free(n);
}

static int by_id(const void *x, const void *y) {
  int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
  return (a > b) - (a < b);
}

static bool to_keep(const VisitAsk *ask, const VisitRow *row) {
  if (row->day < ask->frozen) return true;
  return ask->keep_count && bsearch(&row->id, ask->keep, ask->keep_count, sizeof row->id, by_id);
}

static void make_rows(VisitReader *r) {
  VisitWorld *w = r->w;
  VisitPin *pin = arena_zalloc(r->a, r->rows + 1, sizeof *pin);
  VisitKept *kept = arena_zalloc(r->a, r->rows + 1, sizeof *kept);
  for (size_t i = 0; i < r->rows; i++) {
    const VisitRow *row = &r->row[i];
    if (i && r->row[i - 1].site == row->site && r->row[i - 1].day == row->day) continue; /* twice on a day: one goes */
    if (row->stands) pin[w->p.pin_count++] = (VisitPin){row->site, row->day, row->timed ? row->begins : VISIT_ANY};
    else if (to_keep(&w->ask, row)) kept[w->p.kept_count++] =
          (VisitKept){row->site, row->day, row->begins, row->begins >= 0 && row->ends > row->begins ? row->ends - row->begins : 0};
  }
  w->p.pins = pin;
  w->p.kept = kept;
}

/* Before there is a plan nothing stands that could be frozen. */
static void thaw(VisitReader *r) {
  for (size_t i = 0; i < r->rows; i++)
    if (r->row[i].day < r->w->ask.frozen && r->row[i].begins >= 0 && !r->row[i].stands) return;
  r->w->ask.frozen = 0;
}

static void *moved(VisitReader *r, void *list, size_t n, size_t size) {
  void *out = arena_alloc(r->a, (n + 1) * size);
  if (n) memcpy(out, list, n * size);
  return out;
}

static void hand_over(VisitReader *r) {
  VisitWorld *w = r->w;
  w->person = moved(r, r->person, r->persons, sizeof *r->person);
  w->spot = moved(r, r->spot, r->sites, sizeof *r->spot);
  w->row = moved(r, r->row, r->rows, sizeof *r->row);
  w->row_count = r->rows;
  w->travel = (Travel){.lat = moved(r, r->lat, r->places, sizeof(double)), .lon = moved(r, r->lon, r->places, sizeof(double)),
                       .road = w->ask.road, .kmh = w->ask.kmh, .pairs = moved(r, r->pair, r->pairs, sizeof *r->pair),
                       .pair_count = r->pairs, .both_ways = true};
  travel_index(&w->travel);
  VisitProblem *p = &w->p;
  p->days = w->ask.days;
  p->weekday = day_weekday(w->ask.from) - 1;
  p->frozen = w->ask.frozen < w->ask.days ? w->ask.frozen : w->ask.days;
  p->staff_count = r->persons;
  p->site_count = r->sites;
  p->hours_count = r->nhours;
  p->place_count = r->places;
  p->staff = moved(r, r->ends, r->persons, sizeof *r->ends);
  p->sites = moved(r, r->site, r->sites, sizeof *r->site);
  p->hours = moved(r, r->hours, r->nhours, sizeof *r->hours);
  p->travel = &w->travel;
  p->weights = visits_usual();
}

static void reader_free(VisitReader *r) {
  void *list[] = {r->account, r->staff, r->hours, r->lat, r->lon, r->ends, r->person, r->site, r->spot, r->pair, r->row};
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) mem_free(list[i]);
}

bool visits_world(Store *s, const VisitAsk *ask, VisitWorld *out, Err *e) {
  *out = (VisitWorld){.ask = *ask};
  VisitReader r = {.store = s, .w = out, .a = &out->arena};
  ContactSites contacts = {.r = &r, .list = mem_zalloc(ask->count + 1, sizeof *contacts.list)};
  bool ok = ask->from >= ask->asof || err_set(e, ERR_FAIL, "a plan begins on as-of or later: what was done before is not planned");
  ok = ok && visits_read_all(&r, e);
  for (size_t i = 0; ok && i < ask->count; i++) {
    ok = add_need(&r, &ask->need[i], e);
    if (ok && ask->need[i].contact) contacts.list[contacts.n++] = (ContactSite){ask->need[i].contact, i};
  }
  ok = ok && read_contacts(&contacts, e);
  for (size_t i = 0; ok && i < ask->count; i++) {
    r.site[i].asked = asked(ask, &r.site[i]);
    if (ask->need[i].bound) r.site[i].target = 0; /* when it is due it waits for the account's visit */
  }
  ok = ok && read_rows(&r, &contacts, e);
  if (ok) {
    place_persons(&r);
    thaw(&r);
    make_rows(&r);
  }
  ok = ok && make_days(&r, e) && visits_read_ways(&r, e);
  if (ok) hand_over(&r);
  mem_free(contacts.list);
  reader_free(&r);
  if (!ok) visits_world_free(out);
  return ok;
}

void visits_world_free(VisitWorld *w) {
  travel_free(&w->travel);
  arena_free(&w->arena);
  *w = (VisitWorld){0};
}
