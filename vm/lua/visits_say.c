/* Reasons, remedies and sums of a visit plan in words. */
#include "lua/visits.h"

#include "base/lang.h"

static const char *const WEEKDAY[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};

void visits_words(lua_State *L, int by) {
  const Engine *h = engine(L);
  if (!h->prompt && !h->ask_code) lang_plain(by);
}

void visits_day_text(const VisitWorld *w, int32_t day, Buf *out) {
  Day d = w->ask.from + day;
  buf_printf(out, "%s ", _(WEEKDAY[day_weekday(d) - 1]));
  day_print(d, out);
}

static const char *site_name(const VisitWorld *w, int32_t site) { return site >= 0 ? w->spot[site].code : _("somebody"); }

static void on_day(const VisitWorld *w, const char *before, int32_t day, Buf *out) {
  if (day < 0) return;
  buf_puts(out, before);
  visits_day_text(w, day, out);
}

static void person(const VisitWorld *w, int32_t staff, Buf *out) {
  if (staff < 0) buf_say(out, "somebody");
  else buf_printf(out, "%s %s", w->person[staff].code, w->person[staff].name);
}

void visits_reason_text(const VisitWorld *w, const VisitLeft *l, Buf *out) {
  int32_t site = l->site;
  switch (l->reason) {
    case VISIT_PLANNED: break;
    case VISIT_NO_PLACE: buf_say(out, "no place on record"); break;
    case VISIT_NO_OWNER: buf_puts(out, w->spot[site].contact ? _("nobody of that grade goes") : _("no owner")); break;
    case VISIT_OWNER_OFF:
      buf_puts(out, w->person[w->p.sites[site].owner].active ? _("owner off on all days left: ") : _("owner no longer active: "));
      person(w, w->p.sites[site].owner, out);
      break;
    case VISIT_SHUT: buf_say(out, "no-visit days leave none of the owner's days"); break;
    case VISIT_WINDOW: buf_say(out, "opening hours and the owner's leave no %d min", w->p.sites[site].minutes); break;
    case VISIT_TOO_FAR: buf_say(out, "too far: there, back and the visit take %d min more than a day", l->minutes); break;
    case VISIT_MIN_GAP: buf_say(out, "every day left is nearer than %d d to another visit", w->p.sites[site].no_sooner); break;
    case VISIT_FROZEN: buf_say(out, "only frozen days are left"); break;
    case VISIT_PIN_CLASH:
      buf_say(out, "its appointment cannot be kept");
      if (l->other >= 0) buf_say(out, ": %s is in the way", site_name(w, l->other));
      break;
    case VISIT_DAY_FULL: buf_say(out, "day full, %d min short", l->minutes); break;
    case VISIT_NO_SLOT: buf_say(out, "the day has all its visits"); break;
    case VISIT_OUTBID: buf_say(out, "day full, outbid by %s", site_name(w, l->other)); break;
    case VISIT_PINNED_DAY: buf_say(out, "day full of fixed visits: %s", site_name(w, l->other)); break;
    case VISIT_WINDOW_TAKEN: buf_say(out, "room on the day, but %d min outside the opening hours", l->minutes); break;
    case VISIT_UNWISHED: buf_say(out, "fits, but the gaps it makes cost more than it brings"); break;
  }
}

void visits_remedy_text(const VisitWorld *w, const VisitLeft *l, Buf *out) {
  int32_t owner = w->p.sites[l->site].owner;
  switch (l->remedy) {
    case VISIT_REMEDY_NONE: break;
    case VISIT_REMEDY_PLACE: buf_say(out, "record latitude and longitude of %s", w->spot[l->site].account_code); break;
    case VISIT_REMEDY_OWNER:
      buf_say(out, "give it to ");
      person(w, l->to, out);
      on_day(w, _(", who has room on "), l->day, out);
      break;
    case VISIT_REMEDY_LONGER:
      person(w, owner, out);
      buf_say(out, " works %d min longer", l->amount);
      on_day(w, _(" on "), l->day, out);
      break;
    case VISIT_REMEDY_SLOT:
      buf_say(out, "one visit more");
      on_day(w, _(" on "), l->day, out);
      break;
    case VISIT_REMEDY_BOTH:
      buf_say(out, "one visit more and %d min longer", l->amount);
      on_day(w, _(" on "), l->day, out);
      break;
    case VISIT_REMEDY_OPEN:
      buf_say(out, "be let in at ");
      visits_clock_print(l->amount, out);
      on_day(w, _(" on "), l->day, out);
      break;
    case VISIT_REMEDY_SOONER:
      buf_say(out, "allow %d d nearer", l->amount);
      on_day(w, _(": fits on "), l->day, out);
      break;
    case VISIT_REMEDY_WORK:
      person(w, owner, out);
      on_day(w, _(" works on "), l->day, out);
      break;
    case VISIT_REMEDY_UNSHUT: on_day(w, _("be let in on "), l->day, out); break;
    case VISIT_REMEDY_UNPIN:
      buf_say(out, "unpin %s", site_name(w, l->to));
      on_day(w, _(" on "), l->day, out);
      break;
    case VISIT_REMEDY_THAW: on_day(w, _("let change: "), l->day, out); break;
    case VISIT_REMEDY_PIN: on_day(w, _("pin it to "), l->day, out); break;
  }
}

static void clock_option(const char *before, int32_t minutes, Buf *out) {
  buf_puts(out, before);
  visits_clock_print(minutes, out);
}

static void day_option(const VisitWorld *w, const char *before, int32_t day, Buf *out) {
  buf_puts(out, before);
  day_print(w->ask.from + day, out);
}

static int64_t row_on(const VisitWorld *w, int32_t site, int32_t day) {
  for (size_t i = 0; i < w->row_count; i++)
    if (w->row[i].site == site && w->row[i].day == day) return w->row[i].id;
  return 0;
}

void visits_remedy_command(const VisitWorld *w, const VisitLeft *l, const char *playbook, Buf *out) {
  int32_t owner = w->p.sites[l->site].owner;
  const char *account = w->spot[l->site].account_code, *person = owner >= 0 ? w->person[owner].code : "";
  const VisitDay *day = owner >= 0 && l->day >= 0 ? &w->p.at_work[(size_t)owner * (size_t)w->ask.days + (size_t)l->day] : NULL;
  switch (l->remedy) {
    case VISIT_REMEDY_NONE: return;
    case VISIT_REMEDY_PLACE: buf_printf(out, "pareto visits allow %s --place LATITUDE,LONGITUDE", account); return;
    case VISIT_REMEDY_OWNER: buf_printf(out, "pareto visits allow %s --owner %s", account, w->person[l->to].code); return;
    case VISIT_REMEDY_LONGER: case VISIT_REMEDY_SLOT: case VISIT_REMEDY_BOTH:
      buf_printf(out, "pareto visits allow %s", person);
      if (day && l->remedy != VISIT_REMEDY_SLOT) clock_option(" --until ", day->work.to + l->amount, out);
      if (day && l->remedy != VISIT_REMEDY_LONGER) buf_printf(out, " --visits %d", day->visits + 1);
      return;
    case VISIT_REMEDY_OPEN:
      buf_printf(out, "pareto visits allow %s", account);
      day_option(w, " --on ", l->day, out);
      clock_option(" --at ", l->amount, out);
      clock_option(" --until ", l->amount + w->p.sites[l->site].minutes, out);
      return;
    case VISIT_REMEDY_SOONER:
      buf_printf(out, "pareto visits allow %s --gap %d", account, w->p.sites[l->site].no_sooner - l->amount);
      return;
    case VISIT_REMEDY_WORK: buf_printf(out, "pareto visits allow %s", person); break;
    case VISIT_REMEDY_UNSHUT: buf_printf(out, "pareto visits allow %s", account); break;
    case VISIT_REMEDY_UNPIN: buf_printf(out, "pareto visits unpin %lld", (long long)row_on(w, l->to, l->day)); return;
    case VISIT_REMEDY_THAW: buf_printf(out, "pareto run %s --set froze=0d", playbook); return;
    case VISIT_REMEDY_PIN: buf_printf(out, "pareto visits add %s", account); break;
  }
  day_option(w, " --on ", l->day, out);
}

void visits_try_text(const VisitWorld *w, int32_t site, const VisitTry *t, Buf *out) {
  visits_day_text(w, t->day, out);
  buf_puts(out, "  ");
  if (t->reason == VISIT_PLANNED) {
    buf_puts(out, t->planned ? _("planned at ") : _("would fit at "));
    visits_clock_print(t->begin, out);
    if (!t->planned) buf_say(out, ", %+d min on the road", t->travel_more);
    return;
  }
  VisitLeft l = {.site = site, .reason = t->reason, .minutes = t->minutes, .other = t->other, .best_day = t->day};
  if (t->planned) buf_say(out, "planned, though: ");
  switch (t->reason) { /* what is said otherwise of one day */
    case VISIT_OWNER_OFF:
      person(w, w->p.sites[site].owner, out);
      buf_say(out, " is off");
      break;
    case VISIT_SHUT: buf_say(out, "a no-visit day"); break;
    case VISIT_FROZEN: buf_say(out, "frozen: nothing moves this near"); break;
    case VISIT_MIN_GAP: buf_say(out, "nearer than %d d to another visit", w->p.sites[site].no_sooner); break;
    default: visits_reason_text(w, &l, out);
  }
}

void visits_nobody_goes(const VisitsPlan *v, Buf *out) {
  const VisitProblem *p = &v->world.p;
  for (size_t i = 0; i < p->staff_count; i++) {
    size_t sites = 0, days = 0;
    for (size_t k = 0; k < p->site_count; k++) sites += p->sites[k].owner == (int32_t)i && p->sites[k].asked > 0;
    for (int32_t d = 0; d < p->days; d++) days += p->at_work[i * (size_t)p->days + (size_t)d].visits > 0;
    if (!sites || days) continue;
    const VisitPerson *who = &v->world.person[i];
    if (out->n) buf_char(out, '\n');
    buf_printf(out, "%s %s", who->code, who->name);
    if (who->region) buf_printf(out, " (%s)", who->region);
    buf_puts(out, who->active ? _(" is off on all these days") : _(" is no longer active"));
    buf_say(out, ": none of %zu accounts can be visited until somebody else has them", sites);
  }
}

void visits_summary(const VisitsPlan *v, Buf *out) {
  const VisitCost *c = &v->plan.cost;
  Buf day = {0};
  day_print(v->world.ask.from, &day);
  buf_say(out, "%d visits planned in %d days from %s; %d missed of %zu accounts", c->visits, v->world.ask.days, day.p, c->missed,
             v->plan.left_count);
  buf_free(&day);
  if (v->phoned) buf_say(out, "; %zu are called instead", v->phoned);
  if (v->undue) buf_say(out, "; %zu have no cadence", v->undue);
  if (v->world.unplaced) buf_say(out, "; %zu persons without a start place begin amid their accounts", v->world.unplaced);
  if (v->refused) buf_say(out, "; %zu make way for appointments that cannot be kept as they stand", v->refused);
  if (!v->plan.complete) buf_say(out, "; stopped early, the best so far");
}
