/* The plan in force: a list, the week of a person, the days of a team. */
#include "verb/out.h"
#include "verb/visits.h"

#include "lua/found.h"
#include "lua/value.h"
#include "store/visits_map.h"
#include "ui/week.h"

#include "base/lang.h"
#include "base/num.h"

#include <string.h>

static bool dated_text(Cli *c, const char *name, Str *out, Err *e) {
  *out = (Str){0};
  store_set_day(c->store, c->asof);
  return store_setting_dated(c->store, name, &c->arena, out, e);
}

static bool dated_number(Cli *c, const char *name, double *out, Err *e) {
  Str text;
  Val v;
  Unit unit;
  if (!dated_text(c, name, &text, e)) return false;
  if (text.n && value_literal(text, &c->arena, &v, &unit) && val_is_num(v) && num_double(v) > 0) *out = num_double(v);
  return true;
}

static bool dated_clock(Cli *c, const char *name, int16_t *out, Err *e) {
  Str text;
  int32_t m;
  if (!dated_text(c, name, &text, e)) return false;
  if (text.n >= 2 && text.p[0] == '"') text = str_sub(text, 1, text.n - 1);
  if (visits_clock(text, &m)) *out = (int16_t)m;
  return true;
}

bool visits_usual_ask(Cli *c, VisitAsk *a, Err *e) {
  *a = (VisitAsk){.asof = c->asof, .from = c->asof, .days = 28, .a_day = 5, .work = {510, 1050}, .kmh = 40, .road = 1.3};
  return dated_clock(c, "calendar.visits_from", &a->work.from, e) && dated_clock(c, "calendar.visits_to", &a->work.to, e) &&
         dated_number(c, "calendar.travel_speed", &a->kmh, e) && dated_number(c, "calendar.road_factor", &a->road, e);
}

static bool span(Cli *c, VisitAsk *a, Err *e) {
  const char *from = cli_opt(c, "from");
  int64_t weeks = 4;
  if (from && !day_parse(str_of(from), &a->from)) return err_set(e, ERR_USAGE, "--from: '%s' is no date", from);
  if (!cli_opt_int(c, "weeks", 1, &weeks, e)) return false;
  if (weeks > VISIT_DAYS / 7) return err_set(e, ERR_USAGE, "--weeks: at most %d", VISIT_DAYS / 7);
  a->days = (int32_t)weeks * 7;
  a->asof = a->from;
  return true;
}

/* --- list */

typedef struct Listed {
  Report *rep;
  Val *cell;
  size_t n, rows;
} Listed;

static bool list_row(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)name, (void)e;
  Listed *l = ctx;
  Day day;
  if (l->n == l->rows) return true;
  Val *cell = l->cell + l->n++ * (size_t)ncol;
  for (int i = 0; i < ncol; i++) cell[i] = val_copy(v[i], &l->rep->arena);
  cell[0] = val_text(str_of(arena_printf(&l->rep->arena, "%lld", (long long)v[0].u.i))); /* a name, not an amount */
  if (v[1].t == V_TEXT && day_parse(val_str(v[1]), &day)) cell[1] = val_date(day);
  return true;
}

bool visits_list(Cli *c, Err *e) {
#define OPEN_ROWS                                                                                                 \
  " FROM visit v JOIN account a ON a.id = v.account LEFT JOIN staff s ON s.id = v.staff LEFT JOIN contact p ON p.id = v.contact"  \
  " AND v.kind = 'executive' WHERE v.status IN ('planned', 'fixed', 'moved') AND v.day >= ?1 AND v.day < ?2"        \
  " AND (?3 IS NULL OR s.code = ?3)"
  static const char *const title[] = {N_("visit"), N_("day"), N_("begins"), N_("ends"), N_("staff"), N_("who"), N_("account"), N_("name"),
                                      N_("contact"), N_("status"), N_("on the road")};
  enum { NCOL = sizeof title / sizeof *title };
  VisitAsk a;
  Report rep = {0};
  Val n;
  if (!cli_store(c, STORE_READ, e) || !visits_usual_ask(c, &a, e) || !span(c, &a, e)) return false;
  const char *owner = cli_opt(c, "owner");
  Val bind[] = {val_date(a.from), val_date(a.from + a.days), owner ? val_text(str_of(owner)) : val_null()};
  bool ok = store_value(c->store, "SELECT count(*)" OPEN_ROWS, bind, 3, &c->arena, &n, e);
  UiColumn col[NCOL];
  for (size_t i = 0; i < NCOL; i++) col[i] = (UiColumn){str_of(title[i]), UNIT_NONE, FMT_NONE};
  Listed l = {.rep = &rep, .rows = ok ? (size_t)n.u.i : 0};
  if (ok) {
    report_table(&rep, (Str){0}, col, NCOL, l.rows, &l.cell)->table.words = true;
    ok = store_query(c->store,
                     "SELECT v.id, v.day, v.begins, v.ends, s.code, s.name, a.code, a.name, p.code,"
                     " v.status || CASE WHEN v.pinned THEN ', pinned' ELSE '' END, v.travel" OPEN_ROWS
                     " ORDER BY v.day, s.code, v.begins, v.id",
                     bind, 3, list_row, &l, e) &&
         out_report(c, &rep, UI_TABLE, e);
  }
  report_free(&rep);
  return ok;
}

/* --- calendar */

static Str kept(Arena *a, const char *fmt, const char *x, const char *y) { return str_of(arena_printf(a, fmt, x, y)); }

static bool shown(Cli *c, Buf *text, const UiTable *t, Err *e) {
  bool people = !c->format_given || c->format == UI_TABLE;
  if (c->found && !c->format_given && !c->output) {
    *c->found = found_new("week", cli_opt(c, "owner"));
    found_table(*c->found, "visits", t->col, t->ncol, t->nrow, t->cell, t->words);
    found_says(*c->found, buf_view(text));
    return true;
  }
  if (people) return out_text(c, buf_view(text), e);
  Report rep = {0};
  Val *cell;
  report_table(&rep, t->title, t->col, t->ncol, t->nrow, &cell)->table.words = t->words;
  for (size_t i = 0; i < t->ncol * t->nrow; i++) cell[i] = val_copy(t->cell[i], &rep.arena);
  bool ok = out_report(c, &rep, UI_CSV, e);
  report_free(&rep);
  return ok;
}

static bool person_calendar(Cli *c, const VisitWorld *w, int32_t who, Err *e) {
  Arena *a = &c->arena;
  WeekVisit *visit = arena_zalloc(a, w->row_count + 1, sizeof *visit);
  WeekOff *off = arena_zalloc(a, (size_t)w->ask.days + 1, sizeof *off);
  WeekPerson p = {.name = str_of(w->person[who].name), .first = w->ask.from, .days = w->ask.days, .visit = visit, .off = off};
  for (size_t i = 0; i < w->row_count; i++) {
    const VisitRow *r = &w->row[i];
    const VisitSpot *at = &w->spot[r->site];
    if (r->staff != who) continue;
    visit[p.count++] = (WeekVisit){.day = w->ask.from + r->day, .from = r->begins >= 0 ? r->begins : WEEK_ANY,
                                   .to = r->begins >= 0 ? r->ends : WEEK_ANY, .text = kept(a, "%s %s", at->code, at->name),
                                   .mark = r->agreed ? '!' : 0};
  }
  for (int32_t d = 0; d < w->ask.days; d++) {
    VisitWindow work = w->p.at_work[(size_t)who * w->ask.days + d].work;
    if (work.from >= work.to && day_weekday(w->ask.from + d) < 6) off[p.off_count++] = (WeekOff){w->ask.from + d, str_of(_("off"))};
  }
  Buf text = {0};
  UiTable t;
  FmtEnv env = out_env(c);
  week_person(&p, out_style(c, &env).width, &text);
  week_person_table(&p, a, &t);
  bool ok = shown(c, &text, &t, e);
  buf_free(&text);
  return ok;
}

static bool team_calendar(Cli *c, const VisitWorld *w, Err *e) {
  Arena *a = &c->arena;
  size_t people = w->p.staff_count, days = (size_t)w->ask.days;
  WeekCell *cell = arena_zalloc(a, people * days + 1, sizeof *cell);
  Str *name = arena_alloc(a, (people + 1) * sizeof *name);
  for (size_t s = 0; s < people; s++) {
    name[s] = kept(a, "%s %s", w->person[s].code, w->person[s].name);
    for (size_t d = 0; d < days; d++) {
      VisitWindow work = w->p.at_work[s * days + d].work;
      cell[s * days + d].at_work = work.to > work.from ? work.to - work.from : 0;
    }
  }
  for (size_t i = 0; i < w->row_count; i++) {
    const VisitRow *r = &w->row[i];
    if (r->staff < 0) continue;
    WeekCell *at = &cell[(size_t)r->staff * days + (size_t)r->day];
    at->visits++;
    at->minutes += (r->begins >= 0 ? r->ends - r->begins : w->p.sites[r->site].minutes) + r->travel;
  }
  WeekTeam team = {.title = str_of(_("Visits")), .first = w->ask.from, .days = w->ask.days, .people = (int32_t)people, .name = name, .cell = cell};
  Buf text = {0};
  UiTable t;
  FmtEnv env = out_env(c);
  week_team(&team, out_style(c, &env).width, &text);
  week_team_table(&team, a, &t);
  bool ok = shown(c, &text, &t, e);
  buf_free(&text);
  return ok;
}

/* The visits in force; who: the person --owner names, VISIT_ANY when there is none, or none of his visits. */
static bool open_world(Cli *c, VisitWorld *w, int32_t *who, Err *e) {
  VisitAsk a;
  if (!cli_store(c, STORE_READ, e) || !visits_usual_ask(c, &a, e) || !span(c, &a, e)) return false;
  const char *owner = cli_opt(c, "owner");
  if (owner && !store_find(c->store, catalog_entity(STR("staff")), str_of(owner))) return err_set(e, ERR_FAIL, "there is no staff %s", owner);
  if (!visits_world(c->store, &a, w, e)) return false;
  *who = VISIT_ANY;
  for (size_t i = 0; owner && i < w->p.staff_count; i++)
    if (strcmp(w->person[i].code, owner) == 0) *who = (int32_t)i;
  return true;
}

bool visits_picture(Cli *c, Err *e) {
  VisitWorld w = {0};
  VisitPlan plan = {0};
  int32_t who = VISIT_ANY;
  const char *owner = cli_opt(c, "owner");
  if (!owner) return err_set(e, ERR_USAGE, "visits map: whose roads? --owner STAFF");
  if (!open_world(c, &w, &who, e)) return false;
  bool ok = true;
  if (who < 0) {
    out_say("%s has no visits in these days", owner);
  } else {
    Buf svg = {0};
    visits_in_force(&w, &plan);
    visits_map(&w, &plan, who, &svg);
    ok = out_text(c, buf_view(&svg), e);
    buf_free(&svg);
  }
  visit_plan_free(&plan);
  visits_world_free(&w);
  return ok;
}

bool visits_calendar(Cli *c, Err *e) {
  VisitWorld w = {0};
  int32_t who = VISIT_ANY;
  const char *owner = cli_opt(c, "owner");
  if (!open_world(c, &w, &who, e)) return false;
  bool ok;
  if (owner && who < 0) {
    Buf text = {0};
    const UiTable none = {0};
    buf_say(&text, "%s has no visits in these days", owner);
    if (c->found) ok = shown(c, &text, &none, e);
    else out_say("%s", text.p), ok = true;
    buf_free(&text);
  } else {
    ok = owner ? person_calendar(c, &w, who, e) : team_calendar(c, &w, e);
  }
  visits_world_free(&w);
  return ok;
}
