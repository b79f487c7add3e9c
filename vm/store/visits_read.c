/* Rows of the database that visits are planned from. */
#include "store/visits_work.h"

#include "base/num.h"

#include <stdlib.h>
#include <string.h>

/* --- values ------------------------------------------------------------------------------------------------------ */

static const char *text(VisitReader *r, Val v) {
  return v.t == V_TEXT ? arena_strndup(r->a, v.u.s, v.n) : NULL;
}
static Day date(Val v) {
  Day d;
  return v.t == V_TEXT && day_parse(val_str(v), &d) ? d : DAY_NONE;
}
static int64_t whole(Val v) { return v.t == V_NUM ? v.u.i : 0; }

static bool number(Val v, double *out) {
  Arena a = {0};
  Val n = v;
  bool ok = val_is_num(v) || (v.t == V_TEXT && num_parse(val_str(v), &n, &a));
  if (ok) *out = num_double(n);
  arena_free(&a);
  return ok;
}

bool visits_clock(Str s, int32_t *minutes) {
  bool form = s.n == 5 && s.p[2] == ':';
  for (size_t i = 0; form && i < 5; i++) form = i == 2 || (s.p[i] >= '0' && s.p[i] <= '9');
  if (!form) return false;
  int h = (s.p[0] - '0') * 10 + s.p[1] - '0', m = (s.p[3] - '0') * 10 + s.p[4] - '0';
  *minutes = h * 60 + m;
  return m < 60 && *minutes <= 1440;
}

void visits_clock_print(int32_t minutes, Buf *out) { buf_printf(out, "%02d:%02d", minutes / 60 % 100, minutes % 60); }

static int32_t clock_of(Val v) {
  int32_t m;
  return v.t == V_TEXT && visits_clock(val_str(v), &m) ? m : VISIT_ANY;
}

static bool on_earth(double lat, double lon) { return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180; }

/* --- who --------------------------------------------------------------------------------------------------------- */

static int by_account(const void *key, const void *x) {
  int64_t id = *(const int64_t *)key, other = ((const VisitAccount *)x)->id;
  return (id > other) - (id < other);
}
static int by_staff(const void *key, const void *x) {
  int64_t id = *(const int64_t *)key, other = ((const VisitStaffRow *)x)->id;
  return (id > other) - (id < other);
}
VisitAccount *visits_account(const VisitReader *r, int64_t id) {
  return r->accounts ? bsearch(&id, r->account, r->accounts, sizeof *r->account, by_account) : NULL;
}
VisitStaffRow *visits_staff(const VisitReader *r, int64_t id) {
  return r->staffs ? bsearch(&id, r->staff, r->staffs, sizeof *r->staff, by_staff) : NULL;
}

static bool take_account(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name;
  VisitReader *r = ctx;
  mem_grow(r->account, r->accounts_cap, r->accounts + 1);
  VisitAccount *a = &r->account[r->accounts++];
  *a = (VisitAccount){.id = v[0].u.i, .code = text(r, v[1]), .name = text(r, v[2]), .tier = text(r, v[3]),
                      .owned_from = DAY_NONE, .owned_to = DAY_NONE, .place = VISIT_ANY, .hours = VISIT_ANY, .last = DAY_NONE, .next = DAY_NONE};
  a->placed = number(v[4], &a->lat) && number(v[5], &a->lon);
  if (a->placed && !on_earth(a->lat, a->lon))
    return err_set(e, ERR_FAIL, "account %s: %g north, %g east is no place on earth", a->code, a->lat, a->lon);
  int64_t minutes = whole(v[6]);
  if (minutes < 0 || minutes > 1440 || (v[6].t == V_NUM && minutes == 0))
    return err_set(e, ERR_FAIL, "account %s: a visit of %lld minutes (visit_minutes)", a->code, (long long)minutes);
  a->minutes = (int32_t)minutes;
  int64_t gap = whole(v[7]);
  if (gap < 0 || gap > 100000) return err_set(e, ERR_FAIL, "account %s: %lld days between visits (visit_gap)", a->code, (long long)gap);
  a->gap = (int32_t)gap;
  return true;
}

static bool take_weekdays(VisitStaffRow *s, Str list, Err *e) {
  static const char *const day[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  Str rest = list;
  while (rest.p && rest.n) {
    Str one = str_trim(str_split(rest, ',', &rest));
    int k = 0;
    while (k < 7 && !(one.n >= 3 && strncasecmp(one.p, day[k], 3) == 0)) k++;
    if (one.n && k == 7)
      return err_set(e, ERR_FAIL, "staff %s: '%.*s' in weekdays_off is no day of the week (Mon, Tue …)", s->code, STR_ARG(one));
    if (one.n) s->off |= (uint8_t)(1 << k);
  }
  return true;
}

static bool take_staff(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name;
  VisitReader *r = ctx;
  mem_grow(r->staff, r->staff_cap, r->staffs + 1);
  VisitStaffRow *s = &r->staff[r->staffs++];
  *s = (VisitStaffRow){.id = v[0].u.i, .code = text(r, v[1]), .name = text(r, v[2]), .region = text(r, v[3]),
                       .grade = text(r, v[4]), .role = text(r, v[5]), .manager = whole(v[6]), .active = v[7].t != V_NUM || v[7].u.i,
                       .index = VISIT_ANY};
  s->placed = number(v[8], &s->lat) && number(v[9], &s->lon);
  s->ended = number(v[10], &s->end_lat) && number(v[11], &s->end_lon);
  if ((s->placed && !on_earth(s->lat, s->lon)) || (s->ended && !on_earth(s->end_lat, s->end_lon)))
    return err_set(e, ERR_FAIL, "staff %s: the start or end place is no place on earth", s->code);
  int32_t from = clock_of(v[12]), to = clock_of(v[13]);
  if (from >= 0 && to > from) s->work = (VisitWindow){(int16_t)from, (int16_t)to};
  int64_t most = whole(v[14]);
  s->a_day = v[14].t != V_NUM ? VISIT_ANY : most < 0 ? 0 : most > 1000 ? 1000 : (int32_t)most;
  return v[15].t != V_TEXT || take_weekdays(s, val_str(v[15]), e);
}

/* --- days -------------------------------------------------------------------------------------------------------- */

static void mark(VisitReader *r, Day from, Day to, uint64_t days[2]) {
  for (int32_t d = 0; d < r->w->ask.days; d++)
    if (r->w->ask.from + d >= from && (to == DAY_NONE || r->w->ask.from + d < to)) days[d >> 6] |= UINT64_C(1) << (d & 63);
}

/* Who is away, or not to be visited, from a day until before another; empty: for that day. */
static bool take_absence(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  VisitReader *r = ctx;
  VisitStaffRow *s = visits_staff(r, whole(v[0]));
  Day from = date(v[1]), to = date(v[2]);
  if (s && from != DAY_NONE) mark(r, from, to == DAY_NONE ? from + 1 : to, s->away);
  return true;
}
static bool take_no_visit(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  VisitReader *r = ctx;
  VisitAccount *a = visits_account(r, whole(v[0]));
  Day from = date(v[1]), to = date(v[2]);
  if (a && from != DAY_NONE) mark(r, from, to == DAY_NONE ? from + 1 : to, a->shut);
  return true;
}

static bool take_owner(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  VisitReader *r = ctx;
  VisitAccount *a = visits_account(r, whole(v[0]));
  if (!a || a->owner) return true;
  a->owner = whole(v[1]);
  a->owned_from = date(v[2]);
  a->owned_to = date(v[3]);
  return true;
}

static bool take_last(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  VisitAccount *a = visits_account(ctx, whole(v[0]));
  if (a) a->last = date(v[1]);
  return true;
}

static bool take_next(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  VisitAccount *a = visits_account(ctx, whole(v[0]));
  if (a) a->next = date(v[1]);
  return true;
}

/* --- opening hours ----------------------------------------------------------------------------------------------- */

static bool add_window(VisitHours *h, int weekday, VisitWindow open) {
  int n = h->count[weekday];
  VisitWindow *last = n ? &h->open[weekday][n - 1] : NULL;
  if (last && open.from <= last->to) { /* they come in order of opening */
    if (open.to > last->to) last->to = open.to;
    return true;
  }
  if (n == 3) return false;
  h->open[weekday][n] = open;
  h->count[weekday]++;
  return true;
}

static bool take_opening(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  static const char *const day[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  (void)ncol, (void)name;
  VisitReader *r = ctx;
  VisitAccount *a = visits_account(r, whole(v[0]));
  int32_t opens = clock_of(v[2]), closes = clock_of(v[3]);
  if (!a || opens < 0 || closes <= opens) return true;
  if (a->hours < 0) {
    mem_grow(r->hours, r->hours_cap, r->nhours + 1);
    a->hours = (int32_t)r->nhours;
    r->hours[r->nhours++] = (VisitHours){0};
  }
  for (int k = 0; k < 7; k++) {
    if (v[1].t == V_TEXT && !str_is(val_str(v[1]), day[k])) continue;
    if (add_window(&r->hours[a->hours], k, (VisitWindow){(int16_t)opens, (int16_t)closes})) continue;
    return err_set(e, ERR_FAIL, "account %s opens more than three times on %s", a->code, day[k]);
  }
  return true;
}

/* --- ways -------------------------------------------------------------------------------------------------------- */

static int places_of(const VisitReader *r, Val account, Val staff, int32_t place[2]) {
  const VisitAccount *a = visits_account(r, whole(account));
  const VisitStaffRow *s = visits_staff(r, whole(staff));
  if (a && a->place >= 0) return place[0] = a->place, 1;
  if (a || !s || s->index < 0) return 0;
  place[0] = r->ends[s->index].start;
  place[1] = r->ends[s->index].end;
  return place[1] == place[0] ? 1 : 2;
}

static bool take_way(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  VisitReader *r = ctx;
  int32_t from[2], to[2];
  int nfrom = places_of(r, v[0], v[1], from), nto = places_of(r, v[2], v[3], to);
  int64_t minutes = whole(v[4]);
  if (minutes < 0) return true;
  for (int i = 0; i < nfrom; i++)
    for (int k = 0; k < nto; k++) {
      mem_grow(r->pair, r->pairs_cap, r->pairs + 1);
      r->pair[r->pairs++] = (TravelPair){from[i], to[k], minutes > TRAVEL_MOST ? TRAVEL_MOST : (int32_t)minutes};
    }
  return true;
}

bool visits_read_ways(VisitReader *r, Err *e) {
  return store_query(r->store,
                     "SELECT ao.id, so.id, ad.id, sd.id, t.minutes FROM travel t LEFT JOIN account ao ON ao.code = t.origin"
                     " LEFT JOIN staff so ON so.code = t.origin LEFT JOIN account ad ON ad.code = t.destination"
                     " LEFT JOIN staff sd ON sd.code = t.destination ORDER BY t.id",
                     NULL, 0, take_way, r, e);
}

bool visits_read_all(VisitReader *r, Err *e) {
  const VisitAsk *ask = &r->w->ask;
  Val span[] = {val_date(ask->from), val_date(ask->from + ask->days)};
  return store_query(r->store, "SELECT id, code, name, tier, latitude, longitude, visit_minutes, visit_gap FROM account ORDER BY id", NULL, 0,
                     take_account, r, e) &&
         store_query(r->store,
                     "SELECT id, code, name, region, grade, role, manager, active, start_latitude, start_longitude, end_latitude,"
                     " end_longitude, work_from, work_to, visits_a_day, weekdays_off FROM staff ORDER BY id",
                     NULL, 0, take_staff, r, e) &&
         store_query(r->store, "SELECT staff, from_day, to_day FROM absence ORDER BY id", NULL, 0, take_absence, r, e) &&
         store_query(r->store, "SELECT account, from_day, to_day FROM no_visit ORDER BY id", NULL, 0, take_no_visit, r, e) &&
         store_query(r->store, "SELECT account, weekday, opens, closes FROM opening ORDER BY account, opens, id", NULL, 0, take_opening,
                     r, e) &&
         /* the owner on the first day, else whoever follows within these days */
         store_query(r->store,
                     "SELECT account, staff, from_day, to_day FROM assignment WHERE role = 'owner' AND from_day < ?2"
                     " AND (to_day IS NULL OR to_day > ?1) ORDER BY account, from_day",
                     span, 2, take_owner, r, e) &&
         store_query(r->store,
                     "SELECT account, max(day) FROM visit WHERE ((status IN ('done', 'planned', 'fixed', 'moved') AND day < ?1)"
                     " OR (status = 'done' AND day < ?2)) AND kind IS NOT 'by phone' GROUP BY account",
                     span, 2, take_last, r, e) &&
         store_query(r->store,
                     "SELECT account, min(day) FROM visit WHERE status IN ('planned', 'fixed', 'moved') AND day >= ?1"
                     " AND kind IS NOT 'by phone' AND kind IS NOT 'executive' GROUP BY account",
                     &span[1], 1, take_next, r, e);
}
