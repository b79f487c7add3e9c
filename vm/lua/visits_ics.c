/* Visits as calendars of the people who make them: the open ones, and those given up, so that calendars take them out. */
#include "lua/visits.h"

#include "base/num.h"
#include "lua/rule.h"
#include "ui/ical.h"

#include <string.h>

typedef struct Events {
  const VisitWorld *w;
  Arena *a;
  int64_t *staff;      /* of each event, in the order of the events */
  IcalEvent *list;
  size_t n, most;
  const char *company; /* tells the visits of two databases apart */
} Events;

static Str kept(Arena *a, Val v) { return v.t == V_TEXT ? (Str){arena_strndup(a, v.u.s, v.n), v.n} : (Str){0}; }
static Str of(const char *z) { return str_of(z); }

static bool take(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  enum { ID, STAFF, DAY, BEGINS, ENDS, STATUS, SEQUENCE, CODE, NAME, ADDRESS, LATITUDE, LONGITUDE, CONTACT, TRAVEL };
  (void)ncol, (void)name, (void)e;
  Events *x = ctx;
  Day day;
  if (x->n == x->most || !day_parse(val_str(v[DAY]), &day)) return true;
  x->staff[x->n] = v[STAFF].u.i;
  IcalEvent *at = &x->list[x->n++];
  *at = (IcalEvent){.day = day, .from = ICAL_ALL_DAY, .to = ICAL_ALL_DAY, .sequence = v[SEQUENCE].t == V_NUM ? (int32_t)v[SEQUENCE].u.i : 0,
                    .cancelled = str_is(val_str(v[STATUS]), "cancelled"), .place = kept(x->a, v[ADDRESS])};
  if (v[BEGINS].t == V_TEXT && v[ENDS].t == V_TEXT && !(visits_clock(val_str(v[BEGINS]), &at->from) && visits_clock(val_str(v[ENDS]), &at->to)))
    at->from = at->to = ICAL_ALL_DAY;
  at->uid = of(arena_printf(x->a, "visit-%lld-%s@pareto", (long long)v[ID].u.i, x->company));
  Str account = kept(x->a, v[NAME]), contact = kept(x->a, v[CONTACT]);
  at->summary = of(arena_printf(x->a, "%.*s %.*s", (int)v[CODE].n, v[CODE].u.s, STR_ARG(account)));
  if (contact.n) at->text = of(arena_printf(x->a, "to see %.*s", STR_ARG(contact)));
  else if (v[TRAVEL].t == V_NUM) at->text = of(arena_printf(x->a, "%lld min on the road before", (long long)v[TRAVEL].u.i));
  at->located = val_is_num(v[LATITUDE]) && val_is_num(v[LONGITUDE]);
  if (at->located) at->lat = num_double(v[LATITUDE]), at->lon = num_double(v[LONGITUDE]);
  return true;
}

static const char *company_of(lua_State *L, Arena *a) {
  Engine *h = engine(L);
  Val v;
  if (!store_value(h->store, "SELECT replace(replace(at, '-', ''), ':', '') FROM run ORDER BY id LIMIT 1", NULL, 0, a, &v, &h->err))
    engine_raise(L);
  return v.t == V_TEXT ? arena_strndup(a, v.u.s, v.n) : "new";
}

static void read_events(lua_State *L, const VisitsPlan *v, Events *x) {
#define WHICH                                                                                                     \
  " FROM visit v JOIN account a ON a.id = v.account LEFT JOIN contact c ON c.id = v.contact AND v.kind = 'executive'" \
  " WHERE v.day >= ?1 AND v.day < ?2 AND v.staff IS NOT NULL AND"                                                 \
  " (v.status IN ('planned', 'fixed', 'moved') OR (v.status = 'cancelled' AND v.sequence > 0))"
  Engine *h = engine(L);
  Val span[] = {val_date(v->world.ask.from), val_date(v->world.ask.from + v->world.ask.days)}, n;
  if (!store_value(h->store, "SELECT count(*)" WHICH, span, 2, x->a, &n, &h->err)) engine_raise(L);
  x->most = (size_t)n.u.i;
  x->list = arena_zalloc(x->a, x->most + 1, sizeof *x->list);
  x->staff = arena_zalloc(x->a, x->most + 1, sizeof *x->staff);
  if (!store_query(h->store,
                   "SELECT v.id, v.staff, v.day, v.begins, v.ends, v.status, v.sequence, a.code, a.name, a.address, a.latitude,"
                   " a.longitude, c.code, v.travel" WHICH " ORDER BY v.staff, v.day, v.begins, v.id",
                   span, 2, take, x, &h->err))
    engine_raise(L);
}

static Str zone_of(lua_State *L, Arena *a) {
  Engine *h = engine(L);
  Err ignored = {0};
  Expr *x = rules_expr(h->rules, NULL, (Src){.text = STR("visits_zone"), .line = 1, .col = 1}, WANT_ANY, NULL, 0, &ignored);
  err_free(&ignored);
  Val v = x && !expr_varies(x) ? rule_eval_alone(L, x) : val_null();
  return v.t == V_TEXT ? kept(a, v) : STR("Asia/Shanghai");
}

void visits_push_ics(lua_State *L, VisitsPlan *v) {
  Engine *h = engine(L);
  if (!v->written) engine_fail(L, "calendars are made of visits that are written: writes = { \"visit\" }, or plan:write()");
  Arena *a = engine_arena(L);
  Buf *b = engine_buf(L);
  Events x = {.w = &v->world, .a = a, .company = company_of(L, a)};
  read_events(L, v, &x);
  Str zone = zone_of(L, a);
  lua_newtable(L);
  lua_Integer files = 0;
  for (size_t i = 0, end; i < x.n; i = end) {
    for (end = i; end < x.n && x.staff[end] == x.staff[i];) end++;
    const VisitPerson *p = NULL;
    for (size_t s = 0; s < v->world.p.staff_count && !p; s++)
      if (v->world.person[s].id == x.staff[i]) p = &v->world.person[s];
    if (!p) continue;
    IcalCalendar c = {.name = of(arena_printf(a, "Visits of %s", p->name)), .zone = zone, .person = str_of(p->name),
                      .stamp = (int64_t)v->world.ask.asof * 86400, .event = x.list + i, .count = end - i};
    buf_clear(b);
    if (!ical_write(&c, b, &h->err)) engine_raise(L);
    lua_createtable(L, 0, 2);
    lua_pushfstring(L, "visits-%s.ics", p->code);
    lua_setfield(L, -2, "file");
    lua_pushlstring(L, b->p, b->n);
    lua_setfield(L, -2, "text");
    lua_rawseti(L, -2, ++files);
  }
}
