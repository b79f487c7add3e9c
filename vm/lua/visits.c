#include "lua/visits.h"

#include "lua/rule.h"
#include "lua/show.h"
#include "lua/value.h"
#include "run/child.h"
#include "run/visits.h"
#include "store/visits_basis.h"
#include "store/visits_map.h"
#include "store/visits_steady.h"
#include "ui/progress.h"

#include "base/stop.h"

#include <string.h>
#include <unistd.h>

Class CLASS_VISITS = "visit plan";

VisitsPlan *visits_check_plan(lua_State *L, int index) {
  VisitsPlan *v = engine_is(L, index, CLASS_VISITS);
  if (!v) engine_fail(L, "a visit plan is wanted here, not a %s", luaL_typename(L, index));
  return v;
}

static int plan_gc(lua_State *L) {
  VisitsPlan *v = lua_touserdata(L, 1);
  visit_plan_free(&v->plan);
  visits_world_free(&v->world);
  arena_free(&v->arena);
  return 0;
}

static VisitsPlan *new_plan(lua_State *L, int spec) {
  VisitsPlan *v = engine_new(L, CLASS_VISITS, sizeof *v, 0);
  int at = lua_gettop(L);
  visits_ask(L, spec, v);
  lua_settop(L, at);
  return v;
}

typedef struct Other { /* owned by Lua while things may be raised */
  VisitWorld world;
  VisitPlan plan;
} Other;
static Class CLASS_OTHER = "other visit plan";
static int other_gc(lua_State *L) {
  Other *o = lua_touserdata(L, 1);
  visit_plan_free(&o->plan);
  visits_world_free(&o->world);
  return 0;
}

/* "basis_visit_plan": the figure of staff that playbook visit-plan leaves; pushed, so that it stays. */
static const char *basis_figure(lua_State *L) {
  Buf *b = engine_buf(L);
  buf_puts(b, "basis_");
  for (const char *z = run_spec(engine(L)->run)->what; *z; z++) {
    bool plain = (*z & 0x80) || (*z >= '0' && *z <= '9') || (*z >= 'a' && *z <= 'z') || (*z >= 'A' && *z <= 'Z');
    buf_char(b, plain ? *z : '_');
  }
  return b->p;
}

/* --- the search -------------------------------------------------------------------------------------------------- */

typedef struct Search {
  Progress progress;
  double until; /* 0: no deadline */
} Search;

/* What comes behind the search has to find time too. */
static const double PART_OF_TIME = 0.6;

static bool tell(void *told, const VisitProgress *at) {
  Search *s = told;
  s->progress.total = (int64_t)at->staff;
  progress_at(&s->progress, (int64_t)at->done);
  return !child_best_asked() && (s->until <= 0 || stop_now() < s->until);
}

/* Ctrl-C ends the search, not the run: what it found is kept. */
static void search(lua_State *L, VisitsPlan *v) {
  Engine *h = engine(L);
  double seconds = run_spec(h->run)->seconds;
  Search with = {.until = seconds > 0 ? stop_now() + PART_OF_TIME * seconds : 0};
  long threads = sysconf(_SC_NPROCESSORS_ONLN);
  int64_t *basis = visits_basis(&v->world, &v->world.p.weights, v->how.effort);
  if (!visits_settle(h->store, &v->world, basis, basis_figure(L), &h->err)) engine_raise(L);
  lua_pop(L, 1);
  progress_begin(&with.progress, "planning visits", "calendars", 0);
  v->how.threads = threads < 1 ? 1 : threads > 16 ? 16 : (int)threads;
  v->how.tell = tell;
  v->how.told = &with;
  child_keep_best(true);
  bool ok = visits_plan(&v->world.p, &v->how, &v->plan, &h->err);
  child_keep_best(false);
  progress_end(&with.progress);
  if (!ok) engine_raise(L);
  visits_steady(&v->world, &v->plan);
  visits_changes(&v->world, &v->plan, &v->change, &v->changes, &v->refused);
  if (!v->plan.complete) run_log(h->run, "the search for a visit plan was stopped: the best so far is kept");
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static bool declared(const Engine *h) {
  const char *const *w = run_spec(h->run)->writes;
  for (; w && *w; w++)
    if (strcmp(*w, "visit") == 0) return true;
  return false;
}

/* The rows are read again as the next run will find them. */
static void note_basis(lua_State *L, const VisitsPlan *v) {
  Engine *h = engine(L);
  Other *o = engine_new(L, CLASS_OTHER, sizeof *o, 0);
  VisitAsk ask = v->world.ask;
  ask.frozen = v->frozen;
  if (!visits_world(h->store, &ask, &o->world, &h->err)) engine_raise(L);
  int64_t *basis = visits_basis(&o->world, &v->world.p.weights, v->how.effort);
  size_t n = o->world.p.staff_count;
  int64_t *id = engine_array(L, n + 1, sizeof *id);
  Val *val = engine_array(L, n + 1, sizeof *val);
  for (size_t i = 0; i < n; i++) id[i] = o->world.person[i].id, val[i] = val_int(basis[i]);
  if (!run_publish(h->run, "staff", basis_figure(L), UNIT_NONE, id, val, n, &h->err)) engine_raise(L);
  lua_pop(L, 4);
}

static void write_plan(lua_State *L, VisitsPlan *v) {
  Engine *h = engine(L);
  if (v->written) return;
  if (!run_visits(h->run, &v->world, v->change, v->changes, &h->err)) engine_raise(L);
  v->written = true;
  if (v->plan.complete && v->how.effort > 0) note_basis(L, v);
  rule_changed(L);
}

static int plan_write(lua_State *L) {
  VisitsPlan *v = visits_check_plan(L, 1);
  if (engine(L)->prompt) return engine_fail(L, "a session shows plans; a playbook writes them: pareto run visit-plan");
  write_plan(L, v);
  lua_settop(L, 1);
  return 1;
}

/* --- visits.plan, visits.capacity -------------------------------------------------------------------------------- */

static void show_table(lua_State *L, const char *title) {
  show_value(L, -1, str_of(title), 0, 0);
  lua_pop(L, 1);
}

/* The plan in force instead of a new one, for a question; the run ends with the answer. */
static int plan_why(lua_State *L);
static void answer(lua_State *L, VisitsPlan *v) {
  Engine *h = engine(L);
  VisitWorld *w = &v->world;
  visits_in_force(w, &v->plan);
  if (!visits_explain(&w->p, &v->plan, &h->err)) engine_raise(L);
  lua_pushcfunction(L, plan_why);
  lua_pushvalue(L, 2);
  lua_pushstring(L, h->ask_code);
  if (h->ask_day) lua_pushstring(L, h->ask_day);
  lua_call(L, h->ask_day ? 3 : 2, 1);
  Str text;
  text.p = lua_tolstring(L, -1, &text.n);
  report_free(h->report);
  *h->report = (Report){0};
  buf_clear(&h->said);
  report_note(h->report, text);
  h->answered = true;
  engine_fail(L, "answered");
}

static int make_plan(lua_State *L) {
  lua_settop(L, 1);
  VisitsPlan *v = new_plan(L, 1);
  if (engine(L)->ask_code) answer(L, v);
  search(L, v);
  bool write = declared(engine(L)) && !engine(L)->prompt;
  if (lua_getfield(L, 1, "write") != LUA_TNIL) write = lua_toboolean(L, -1);
  lua_pop(L, 1);
  if (write) write_plan(L, v);
  Buf *b = engine_buf(L);
  visits_words(L, 1);
  visits_summary(v, b);
  visits_words(L, -1);
  report_note(show_report(L), buf_view(b));
  visits_push_cost(L, v);
  show_table(L, "What the plan costs, first wishes first");
  lua_settop(L, 2);
  return 1;
}

static int capacity(lua_State *L) {
  lua_settop(L, 1);
  VisitsPlan *v = new_plan(L, 1);
  Buf *b = engine_buf(L);
  visits_words(L, 1);
  visits_nobody_goes(v, b);
  visits_words(L, -1);
  if (b->n) report_note(show_report(L), buf_view(b));
  visits_push_room(L, v);
  return 1;
}

bool visits_function(lua_State *L, const char *name) {
  if (strcmp(name, "plan") == 0) lua_pushcfunction(L, make_plan);
  else if (strcmp(name, "capacity") == 0) lua_pushcfunction(L, capacity);
  else return false;
  return true;
}

/* --- questions --------------------------------------------------------------------------------------------------- */

static int32_t site_of(const VisitWorld *w, Str code) {
  for (size_t i = 0; i < w->p.site_count; i++)
    if (str_is(code, w->spot[i].code)) return (int32_t)i;
  return VISIT_ANY;
}

/* "Tuesday", "Tue" or a date: which days are meant. */
static void days_asked(lua_State *L, int index, const VisitWorld *w, uint64_t days[2]) {
  static const char *const NAME[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  Day date = DAY_NONE;
  int weekday = -1;
  if (lua_type(L, index) == LUA_TSTRING) {
    size_t n;
    const char *z = lua_tolstring(L, index, &n);
    for (int k = 0; k < 7; k++)
      if (n >= 3 && n <= strlen(NAME[k]) && strncasecmp(z, NAME[k], n) == 0) weekday = k;
    if (weekday < 0 && !day_parse((Str){z, n}, &date)) engine_fail(L, "%s is no day: \"Tuesday\" or a date", z);
  } else if (!lua_isnoneornil(L, index)) {
    date = value_check_date(L, index);
  }
  days[0] = days[1] = 0;
  for (int32_t d = 0; d < w->ask.days; d++) {
    Day day = w->ask.from + d;
    if (weekday >= 0 ? day_weekday(day) == weekday + 1 : date == DAY_NONE || day == date) days[d >> 6] |= UINT64_C(1) << (d & 63);
  }
  if (!days[0] && !days[1]) engine_fail(L, "that day is outside of the plan");
}

static const VisitLeft *left_of(const VisitPlan *plan, int32_t site) {
  for (size_t i = 0; i < plan->left_count; i++)
    if (plan->left[i].site == site) return &plan->left[i];
  return NULL;
}

static void head_line(const VisitsPlan *v, int32_t site, const char *playbook, Buf *b) {
  const VisitWorld *w = &v->world;
  const VisitSite *s = &w->p.sites[site];
  buf_printf(b, "%s %s", w->spot[site].code, w->spot[site].name);
  if (s->owner >= 0) buf_say(b, ", with %s %s", w->person[s->owner].code, w->person[s->owner].name);
  int planned = 0;
  for (size_t i = 0; i < v->plan.stop_count; i++) planned += v->plan.stops[i].site == site;
  buf_say(b, ": %d of %d visits planned", planned, s->asked);
  const VisitLeft *l = left_of(&v->plan, site);
  if (!l) return;
  buf_puts(b, "; ");
  visits_reason_text(w, l, b);
  if (l->remedy == VISIT_REMEDY_NONE) return;
  buf_say(b, "; would help: ");
  visits_remedy_text(w, l, b);
  buf_puts(b, "\n  ");
  visits_remedy_command(w, l, playbook, b);
}

static Str code_at(lua_State *L, int index) {
  Str s;
  if (engine_is(L, index, CLASS_ROW)) {
    row_field(L, index, STR("code"));
    lua_replace(L, index);
  }
  s.p = luaL_checklstring(L, index, &s.n);
  return s;
}

/* plan:why("A0412", "Tuesday") */
static int plan_why(lua_State *L) {
  Engine *h = engine(L);
  lua_settop(L, 3);
  VisitsPlan *v = visits_check_plan(L, 1);
  Str code = code_at(L, 2);
  uint64_t days[2];
  int32_t site = site_of(&v->world, code);
  if (site < 0) {
    bool known = store_find(h->store, catalog_entity(STR("account")), code) || store_find(h->store, catalog_entity(STR("contact")), code);
    return engine_fail(L, known ? "%.*s is not among those to be visited: out of scope, without a cadence, or by phone"
                                : "there is no account or contact %.*s", STR_ARG(code));
  }
  days_asked(L, 3, &v->world, days);
  VisitTry *tries = engine_array(L, (size_t)v->world.ask.days, sizeof *tries);
  if (!visits_try(&v->world.p, &v->plan, site, VISIT_ANY, tries, &h->err)) engine_raise(L);
  Buf *b = engine_buf(L);
  visits_words(L, 1);
  head_line(v, site, run_spec(h->run)->what, b);
  for (int32_t d = 0; d < v->world.ask.days; d++) {
    if (!(days[d >> 6] >> (d & 63) & 1)) continue;
    buf_puts(b, "\n  ");
    visits_try_text(&v->world, site, &tries[d], b);
  }
  visits_words(L, -1);
  lua_pushlstring(L, b->p, b->n);
  return 1;
}

/* The stops in a world with one need more at the end of its needs. */
static size_t stops_there(const VisitsPlan *v, const VisitWorld *w, VisitStop *out) {
  size_t needs = v->world.ask.count, n = 0;
  for (size_t i = 0; i < v->plan.stop_count; i++) {
    VisitStop t = v->plan.stops[i];
    if ((size_t)t.site >= needs) {
      const VisitSpot *at = &v->world.spot[t.site];
      size_t k = needs + 1;
      while (k < w->p.site_count && !(w->spot[k].account == at->account && w->spot[k].contact == at->contact)) k++;
      if (k == w->p.site_count) continue;
      t.site = (int32_t)k;
    }
    for (size_t s = 0; s < w->p.staff_count; s++)
      if (w->person[s].id == v->world.person[v->plan.stops[i].staff].id) t.staff = (int32_t)s;
    out[n++] = t;
  }
  return n;
}

static void best_of(const VisitWorld *w, int32_t site, const VisitTry *tries, Buf *b) {
  const VisitTry *best = NULL;
  for (int32_t d = 0; d < w->ask.days; d++)
    if (tries[d].reason == VISIT_PLANNED && !tries[d].planned && (!best || tries[d].score < best->score)) best = &tries[d];
  const VisitSite *s = &w->p.sites[site];
  buf_printf(b, "%s %s", w->spot[site].code, w->spot[site].name);
  if (s->owner >= 0) buf_say(b, ", with %s %s", w->person[s->owner].code, w->person[s->owner].name);
  if (best) {
    buf_say(b, ": fits best on ");
    visits_try_text(w, site, best, b);
    buf_say(b, "; nobody else has to go");
    return;
  }
  buf_say(b, ": fits on no day");
  for (int32_t d = 0; d < w->ask.days; d++) {
    buf_puts(b, "\n  ");
    visits_try_text(w, site, &tries[d], b);
  }
}

/* plan:what_if_add "A0412": one visit more of an account, whether it was asked for or not. */
static int plan_what_if(lua_State *L) {
  Engine *h = engine(L);
  lua_settop(L, 2);
  VisitsPlan *v = visits_check_plan(L, 1);
  Str code = code_at(L, 2);
  int32_t site = site_of(&v->world, code);
  bool need = site >= 0 && (size_t)site < v->world.ask.count;
  VisitTry *tries = engine_array(L, (size_t)v->world.ask.days, sizeof *tries);
  Buf *b = engine_buf(L);
  if (need) {
    if (!visits_try(&v->world.p, &v->plan, site, VISIT_ANY, tries, &h->err)) engine_raise(L);
    visits_words(L, 1);
    best_of(&v->world, site, tries, b);
    visits_words(L, -1);
  } else {
    int64_t id = store_find(h->store, catalog_entity(STR("account")), code);
    if (!id) return engine_fail(L, "there is no account %.*s", STR_ARG(code));
    Other *o = engine_new(L, CLASS_OTHER, sizeof *o, 0);
    VisitAsk ask = v->world.ask;
    VisitNeed *all = engine_array(L, ask.count + 1, sizeof *all);
    if (ask.count) memcpy(all, ask.need, ask.count * sizeof *all);
    all[ask.count] = (VisitNeed){.account = id, .target = ask.days, .minutes = 60, .no_sooner = 1};
    ask.need = all;
    site = (int32_t)ask.count++;
    if (!visits_world(h->store, &ask, &o->world, &h->err)) engine_raise(L);
    o->plan.stops = mem_alloc((v->plan.stop_count + 1) * sizeof *o->plan.stops);
    o->plan.stop_count = stops_there(v, &o->world, o->plan.stops);
    if (!visits_try(&o->world.p, &o->plan, site, VISIT_ANY, tries, &h->err)) engine_raise(L);
    visits_words(L, 1);
    best_of(&o->world, site, tries, b);
    visits_words(L, -1);
  }
  lua_pushlstring(L, b->p, b->n);
  return 1;
}

/* --- views ------------------------------------------------------------------------------------------------------- */

static int plan_calendar(lua_State *L) {
  VisitsPlan *v = visits_check_plan(L, 1);
  const char *kind = luaL_optstring(L, 2, "owner × day");
  if (strcmp(kind, "owner × day") != 0 && strcmp(kind, "owner x day") != 0)
    return engine_fail(L, "a calendar is plan:calendar \"owner × day\"");
  visits_push_calendar(L, v);
  return 1;
}

static int plan_ics(lua_State *L) {
  VisitsPlan *v = visits_check_plan(L, 1);
  if (strcmp(luaL_optstring(L, 2, "owner"), "owner") != 0) return engine_fail(L, "calendars are one an owner: plan:ics \"owner\"");
  visits_push_ics(L, v);
  return 1;
}

/* plan:map "S012": the roads of a person's days, as a picture for book:send. */
static int plan_map(lua_State *L) {
  VisitsPlan *v = visits_check_plan(L, 1);
  const char *code = luaL_checkstring(L, 2);
  int32_t staff = 0;
  while (staff < (int32_t)v->world.p.staff_count && strcmp(v->world.person[staff].code, code) != 0) staff++;
  if (staff == (int32_t)v->world.p.staff_count) return engine_fail(L, "%s has no part in this plan", code);
  Buf *b = engine_buf(L);
  visits_map(&v->world, &v->plan, staff, b);
  lua_createtable(L, 0, 2);
  lua_pushfstring(L, "route-%s.svg", code);
  lua_setfield(L, -2, "file");
  lua_pushlstring(L, b->p, b->n);
  lua_setfield(L, -2, "text");
  return 1;
}

static int plan_index(lua_State *L) {
  static const Str KNOWN[] = {{"left_out", 8}, {"cost", 4}, {"stops", 5}, {"moves", 5}, {"complete", 8}, {"calendar", 8},
                              {"ics", 3}, {"why", 3}, {"what_if_add", 11}, {"write", 5}, {"map", 3}};
  VisitsPlan *v = visits_check_plan(L, 1);
  const char *key = luaL_checkstring(L, 2);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  if (strcmp(key, "left_out") == 0) visits_push_left(L, v);
  else if (strcmp(key, "cost") == 0) visits_push_cost(L, v);
  else if (strcmp(key, "stops") == 0) visits_push_stops(L, v);
  else if (strcmp(key, "moves") == 0) visits_push_moves(L, v);
  else if (strcmp(key, "complete") == 0) lua_pushboolean(L, v->plan.complete);
  else return engine_unknown(L, "part of a visit plan:", str_of(key), KNOWN, sizeof KNOWN / sizeof *KNOWN);
  return 1;
}

static int plan_text(lua_State *L) {
  const VisitsPlan *v = visits_check_plan(L, 1);
  Buf *b = engine_buf(L);
  visits_words(L, 1);
  visits_summary(v, b);
  visits_words(L, -1);
  lua_pushlstring(L, b->p, b->n);
  return 1;
}

void visits_open(lua_State *L) {
  static const luaL_Reg META[] = {{"__gc", plan_gc}, {"__tostring", plan_text}, {NULL, NULL}};
  static const luaL_Reg OTHER[] = {{"__gc", other_gc}, {NULL, NULL}};
  static const luaL_Reg VERB[] = {{"calendar", plan_calendar}, {"ics", plan_ics}, {"why", plan_why},
                                  {"what_if_add", plan_what_if}, {"write", plan_write}, {"map", plan_map}, {NULL, NULL}};
  engine_class(L, CLASS_VISITS, META);
  engine_class(L, CLASS_OTHER, OTHER);
  figures_class_verbs(L, CLASS_VISITS, VERB, plan_index);
}
