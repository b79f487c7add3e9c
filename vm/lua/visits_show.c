/* A visit plan as tables of figures. */
#include "lua/visits.h"

#include "base/num.h"
#include "lua/rule.h"

#include <math.h>
#include <string.h>

static Val taken(Figures *f, Buf *b) {
  Val v = b->n ? val_text((Str){arena_strndup(&f->arena, b->p, b->n), b->n}) : val_null();
  buf_clear(b);
  return v;
}

static Val amount(lua_State *L, double x, Unit unit) {
  int minor = unit == UNIT_MONEY ? store_minor(engine(L)->store) : 2;
  double scaled = x * pow(10, minor);
  return fabs(scaled) < 9e15 ? val_dec((int64_t)llround(scaled), -minor) : val_real(x);
}

static void clock_cell(Figures *f, int32_t minutes, Buf *b, Val *out) {
  if (minutes >= 0) visits_clock_print(minutes, b);
  *out = taken(f, b);
}

static const VisitPerson *owner_of(const VisitsPlan *v, int32_t site) {
  int32_t s = v->world.p.sites[site].owner;
  return s >= 0 ? &v->world.person[s] : NULL;
}

void visits_push_left(lua_State *L, VisitsPlan *v) {
  const VisitWorld *w = &v->world;
  const FiguresHead head[] = {{"code", UNIT_NONE, FIGURES_PLAIN}, {"name", UNIT_NONE, FIGURES_PLAIN}, {"tier", UNIT_NONE, FIGURES_PLAIN}, {"owner", UNIT_NONE, FIGURES_PLAIN},
                       {"owner.name", UNIT_NONE, FIGURES_PLAIN}, {"asked", UNIT_NONE, FIGURES_PLAIN}, {"missed", UNIT_NONE, FIGURES_PLAIN},
                       {v->lose ? v->lose : "worth", v->worth, FIGURES_PLAIN}, {"lost", v->worth, FIGURES_PLAIN}, {"reason", UNIT_NONE, FIGURES_PLAIN}, {"best_day", UNIT_NONE, FIGURES_PLAIN},
                       {"remedy", UNIT_NONE, FIGURES_PLAIN}, {"account", UNIT_NONE, FIGURES_PLAIN}, {"command", UNIT_NONE, FIGURES_PLAIN}};
  enum { NCOL = sizeof head / sizeof *head };
  Figures *f = figures_headed(L, head, NCOL, v->plan.left_count);
  Buf *b = engine_buf(L);
  for (size_t i = 0; i < v->plan.left_count; i++) {
    const VisitLeft *l = &v->plan.left[i];
    const VisitSpot *at = &w->spot[l->site];
    const VisitPerson *owner = owner_of(v, l->site);
    Val *c = &f->cell[i * NCOL];
    c[0] = figures_word(f, at->code);
    c[1] = figures_word(f, at->name);
    c[2] = figures_word(f, at->tier);
    if (owner) c[3] = figures_word(f, owner->code), c[4] = figures_word(f, owner->name);
    c[5] = val_int(w->p.sites[l->site].asked);
    c[6] = val_int(l->missed);
    c[7] = amount(L, w->p.sites[l->site].worth, v->worth);
    c[8] = amount(L, l->lost, v->worth);
    visits_words(L, 1);
    visits_reason_text(w, l, b);
    c[9] = taken(f, b);
    if (l->best_day >= 0) c[10] = val_date(w->ask.from + l->best_day);
    visits_remedy_text(w, l, b);
    visits_words(L, -1);
    c[11] = taken(f, b);
    c[12] = figures_word(f, at->account_code);
    visits_remedy_command(w, l, run_spec(engine(L)->run)->what, b);
    c[13] = taken(f, b);
  }
  lua_pop(L, 1);
}

void visits_push_cost(lua_State *L, const VisitsPlan *v) {
  const VisitCost *c = &v->plan.cost;
  const VisitWeights *w = &v->world.p.weights;
  const FiguresHead head[] = {{"wish", UNIT_NONE, FIGURES_PLAIN}, {"figure", UNIT_NONE, FIGURES_PLAIN}, {"weight", UNIT_NONE, FIGURES_PLAIN}};
  const struct { const char *name; Val figure, weight; } line[] = {
      {"1 worth lost to missed and late visits", amount(L, c->lost, v->worth), val_real(w->lost)},
      {"  visits missed", val_int(c->missed), val_null()},
      {"  visits late", val_int(c->late), val_null()},
      {"  days late", val_int(c->late_days), val_null()},
      {"2 days off the wished gap", val_dec((int64_t)llround(c->off_target), 0), val_real(w->gap)},
      {"  on another weekday", val_int(c->other_weekday), val_real(w->gap)},
      {"  not together with the account's visit", val_int(c->apart), val_real(w->gap)},
      {"3 moved against the plan in force", val_int(c->moved), val_real(w->move)},
      {"4 minutes on the road", val_int(c->travel), val_real(w->travel)},
      {"5 squares of the days' visits, summed", val_dec((int64_t)llround(c->uneven), 0), val_real(w->uneven)},
      {"  visits on the busiest day", val_int(c->busiest), val_null()},
      {"  and on the idlest", val_int(c->idlest), val_null()},
      {"visits planned", val_int(c->visits), val_null()},
  };
  enum { NROW = sizeof line / sizeof *line };
  Figures *f = figures_headed(L, head, 3, NROW);
  for (size_t i = 0; i < NROW; i++) {
    f->cell[i * 3] = figures_word(f, line[i].name);
    f->cell[i * 3 + 1] = line[i].figure;
    f->cell[i * 3 + 2] = line[i].weight;
  }
}

/* Who × day: how many visits; nothing on days off. Days on which nobody works are left out. */
void visits_push_calendar(lua_State *L, const VisitsPlan *v) {
  const VisitProblem *p = &v->world.p;
  size_t people = p->staff_count, days = (size_t)p->days, shown = 0;
  int32_t *count = engine_array(L, people * days + 1, sizeof *count), *column = engine_array(L, days + 1, sizeof *column);
  bool *busy = engine_array(L, people + 1, sizeof *busy);
  for (size_t i = 0; i < v->plan.stop_count; i++) count[(size_t)v->plan.stops[i].staff * days + (size_t)v->plan.stops[i].day]++;
  for (size_t i = 0; i < p->site_count; i++)
    if (p->sites[i].owner >= 0) busy[p->sites[i].owner] = true;
  for (size_t d = 0; d < days; d++) {
    bool any = false;
    for (size_t s = 0; s < people && !any; s++) any = count[s * days + d] || p->at_work[s * days + d].work.to > p->at_work[s * days + d].work.from;
    if (any) column[shown++] = (int32_t)d;
  }
  size_t rows = 0, ncol = shown + 4;
  for (size_t s = 0; s < people; s++) rows += busy[s];
  Figures *f = figures_new(L, ncol, rows);
  static const char *const fixed[] = {"owner", "name"};
  Buf *b = engine_buf(L);
  for (size_t c = 0; c < ncol; c++) {
    if (c < 2) buf_puts(b, fixed[c]);
    else if (c < shown + 2) {
      int year, month, day;
      day_parts(v->world.ask.from + column[c - 2], &year, &month, &day);
      buf_printf(b, "%02d-%02d", month, day);
    } else buf_puts(b, c == shown + 2 ? "visits" : "on the road");
    f->text[c] = f->col[c].title = (Str){arena_strndup(&f->arena, b->p, b->n), b->n};
    f->col[c].fmt = FMT_NONE;
    buf_clear(b);
  }
  int64_t *road = engine_array(L, people + 1, sizeof *road);
  for (size_t i = 0; i < v->plan.stop_count; i++) road[v->plan.stops[i].staff] += v->plan.stops[i].travel;
  for (size_t s = 0, r = 0; s < people; s++) {
    if (!busy[s]) continue;
    Val *c = &f->cell[r++ * ncol];
    int64_t visits = 0;
    c[0] = figures_word(f, v->world.person[s].code);
    c[1] = figures_word(f, v->world.person[s].name);
    for (size_t k = 0; k < shown; k++) {
      size_t at = s * days + (size_t)column[k];
      if (count[at] || p->at_work[at].work.to > p->at_work[at].work.from) c[2 + k] = val_int(count[at]);
      visits += count[at];
    }
    c[shown + 2] = val_int(visits);
    c[shown + 3] = val_int(road[s]);
  }
  lua_pop(L, 2);
  lua_insert(L, -4);
  lua_pop(L, 3);
}

void visits_push_stops(lua_State *L, const VisitsPlan *v) {
  const VisitWorld *w = &v->world;
  const FiguresHead head[] = {{"owner", UNIT_NONE, FIGURES_PLAIN}, {"owner.name", UNIT_NONE, FIGURES_PLAIN}, {"day", UNIT_NONE, FIGURES_PLAIN}, {"begins", UNIT_NONE, FIGURES_PLAIN},
                       {"ends", UNIT_NONE, FIGURES_PLAIN}, {"code", UNIT_NONE, FIGURES_PLAIN}, {"name", UNIT_NONE, FIGURES_PLAIN}, {"tier", UNIT_NONE, FIGURES_PLAIN},
                       {"on the road", UNIT_NONE, FIGURES_PLAIN}, {"stands", UNIT_NONE, FIGURES_PLAIN}};
  enum { NCOL = sizeof head / sizeof *head };
  Figures *f = figures_headed(L, head, NCOL, v->plan.stop_count);
  Buf *b = engine_buf(L);
  for (size_t i = 0; i < v->plan.stop_count; i++) {
    const VisitStop *t = &v->plan.stops[i];
    Val *c = &f->cell[i * NCOL];
    c[0] = figures_word(f, w->person[t->staff].code);
    c[1] = figures_word(f, w->person[t->staff].name);
    c[2] = val_date(w->ask.from + t->day);
    clock_cell(f, t->begin, b, &c[3]);
    clock_cell(f, t->end, b, &c[4]);
    c[5] = figures_word(f, w->spot[t->site].code);
    c[6] = figures_word(f, w->spot[t->site].name);
    c[7] = figures_word(f, w->spot[t->site].tier);
    c[8] = val_int(t->travel);
    c[9] = val_bool(t->pinned);
  }
  lua_pop(L, 1);
}

void visits_push_moves(lua_State *L, const VisitsPlan *v) {
  static const char *const what[] = {[VISIT_NEW] = "new", [VISIT_MOVE] = "moved", [VISIT_DROP] = "given up", [VISIT_GAP] = ""};
  const VisitWorld *w = &v->world;
  const FiguresHead head[] = {{"visit", UNIT_NONE, FIGURES_PLAIN}, {"what", UNIT_NONE, FIGURES_PLAIN}, {"code", UNIT_NONE, FIGURES_PLAIN}, {"name", UNIT_NONE, FIGURES_PLAIN},
                       {"owner", UNIT_NONE, FIGURES_PLAIN}, {"was", UNIT_NONE, FIGURES_PLAIN}, {"at", UNIT_NONE, FIGURES_PLAIN}, {"now", UNIT_NONE, FIGURES_PLAIN},
                       {"begins", UNIT_NONE, FIGURES_PLAIN}};
  enum { NCOL = sizeof head / sizeof *head };
  size_t shown = 0;
  for (size_t i = 0; i < v->changes; i++) shown += v->change[i].kind != VISIT_GAP;
  Figures *f = figures_headed(L, head, NCOL, shown);
  Buf *b = engine_buf(L);
  Val *c = f->cell - NCOL;
  for (size_t i = 0; i < v->changes; i++) {
    const VisitChange *m = &v->change[i];
    if (m->kind == VISIT_GAP) continue;
    c += NCOL;
    if (m->id) c[0] = val_int(m->id);
    c[1] = figures_word(f, m->kind == VISIT_MOVE && m->day == m->was_day ? "another hour" : what[m->kind]);
    c[2] = figures_word(f, w->spot[m->site].code);
    c[3] = figures_word(f, w->spot[m->site].name);
    if (m->staff >= 0) c[4] = figures_word(f, w->person[m->staff].code);
    if (m->kind != VISIT_NEW) {
      c[5] = val_date(w->ask.from + m->was_day);
      clock_cell(f, m->was_begins, b, &c[6]);
    }
    if (m->kind != VISIT_DROP) {
      c[7] = val_date(w->ask.from + m->day);
      clock_cell(f, m->begins, b, &c[8]);
    }
  }
  lua_pop(L, 1);
}

void visits_push_room(lua_State *L, const VisitsPlan *v) {
  Engine *h = engine(L);
  const VisitWorld *w = &v->world;
  VisitRoom *room = engine_array(L, w->p.site_count + 1, sizeof *room), *found;
  size_t n;
  if (!visits_capacity(&w->p, &found, &n, &h->err)) engine_raise(L);
  if (n) memcpy(room, found, n * sizeof *room); /* at most one a site */
  mem_free(found);
  const FiguresHead head[] = {{"owner", UNIT_NONE, FIGURES_PLAIN}, {"owner.name", UNIT_NONE, FIGURES_PLAIN}, {"owner.region", UNIT_NONE, FIGURES_PLAIN},
                       {"tier", UNIT_NONE, FIGURES_PLAIN}, {"accounts", UNIT_NONE, FIGURES_PLAIN}, {"needed", UNIT_NONE, FIGURES_PLAIN},
                       {"minutes", UNIT_NONE, FIGURES_PLAIN}, {"possible", UNIT_NONE, FIGURES_PLAIN}, {"over", UNIT_NONE, FIGURES_PLAIN},
                       {"fits_each", UNIT_NONE, {FMT_DECIMALS, 1}}};
  enum { NCOL = sizeof head / sizeof *head };
  Figures *f = figures_headed(L, head, NCOL, n);
  for (size_t i = 0; i < n; i++) {
    const VisitRoom *r = &room[i];
    Val *c = &f->cell[i * NCOL];
    const char tier[] = {(char)('A' + r->tier), 0};
    if (r->staff >= 0) {
      c[0] = figures_word(f, w->person[r->staff].code);
      c[1] = figures_word(f, w->person[r->staff].name);
      c[2] = figures_word(f, w->person[r->staff].region);
    }
    c[3] = r->tier < 25 ? figures_word(f, tier) : val_null();
    c[4] = val_int(r->sites);
    c[5] = val_int(r->needed);
    c[6] = val_int(r->minutes);
    c[7] = val_int(r->possible);
    c[8] = val_int(r->over);
    c[9] = val_dec((int64_t)llround(r->fits_each * 100), -2);
  }
  lua_remove(L, -2);
}
