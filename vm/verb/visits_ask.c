/* What a new plan would move, and why somebody is not seen. */
#include "verb/out.h"
#include "verb/play.h"
#include "verb/visits.h"

#include "base/lang.h"
#include <string.h>

/* --- diff */

static bool known_before(Store *s, int64_t id, const char *column, Arena *a, Val *out, Err *e) {
  Val bind = val_int(id);
  return store_value(s, arena_printf(a, "SELECT %s FROM visit WHERE id = ?1", column), &bind, 1, a, out, e);
}

/* A column of the visit after the plan: what the plan changes, else what stands. */
static bool after(Store *s, const Change *c, const char *column, Arena *a, Val *out, Err *e) {
  for (size_t k = 0; k < c->ncol; k++)
    if (str_is(c->col[k], column)) return *out = c->now[k], true;
  if (c->op == CHANGE_INSERT) return *out = val_null(), true;
  return known_before(s, c->id, column, a, out, e);
}

static bool name_of(Store *s, const char *table, Val id, Arena *a, Val *out, Err *e) {
  *out = val_null();
  return id.t != V_NUM || store_value(s, arena_printf(a, "SELECT code FROM %s WHERE id = ?1", table), &id, 1, a, out, e);
}

/* `words`: people read what happens in their language. */
static bool line(Store *s, const Change *c, bool words, Arena *a, Val *out, Err *e) {
  enum { VISIT, WHAT, CODE, STAFF, WAS, AT, NOW, BEGINS };
  Val account, staff, status, day, begins, was_day = val_null(), was_begins = val_null();
  if (!after(s, c, "account", a, &account, e) || !after(s, c, "staff", a, &staff, e) || !after(s, c, "status", a, &status, e) ||
      !after(s, c, "day", a, &day, e) || !after(s, c, "begins", a, &begins, e))
    return false;
  if (c->op == CHANGE_UPDATE && (!known_before(s, c->id, "day", a, &was_day, e) || !known_before(s, c->id, "begins", a, &was_begins, e)))
    return false;
  bool gone = status.t == V_TEXT && str_is(val_str(status), "cancelled"), same_day = val_order(day, was_day) == 0;
  const char *what = c->op == CHANGE_INSERT ? N_("new") : gone ? N_("given up") : !same_day ? N_("moved")
                     : was_begins.t == V_NULL ? N_("gets a time") : N_("another hour");
  out[VISIT] = c->op == CHANGE_INSERT ? val_null() : val_text(str_of(arena_printf(a, "%lld", (long long)c->id)));
  out[WHAT] = val_text(str_of(words ? _(what) : what));
  out[WAS] = was_day;
  out[AT] = was_begins;
  out[NOW] = gone ? val_null() : day;
  out[BEGINS] = gone ? val_null() : begins;
  return name_of(s, "account", account, a, &out[CODE], e) && name_of(s, "staff", staff, a, &out[STAFF], e);
}

/* Something that who goes and who is seen would notice. */
static bool is_move(const Change *x) {
  if (!str_is(x->table, "visit") || x->op == CHANGE_DELETE) return false;
  bool other = x->op == CHANGE_INSERT;
  for (size_t k = 0; k < x->ncol; k++) other = other || !str_is(x->col[k], "min_gap");
  return other;
}

static bool moves(Cli *c, const Plan *p, Report *rep, Err *e) {
  static const char *const title[] = {N_("visit"), N_("what"), N_("account"), N_("staff"), N_("was"), N_("at"), N_("now"), N_("begins")};
  enum { NCOL = sizeof title / sizeof *title };
  const Journal *j = plan_journal(p);
  size_t n = 0, moved = 0, kept = 0;
  for (size_t i = 0; i < j->n; i++) n += is_move(&j->change[i]);
  UiColumn col[NCOL];
  Val *out, all;
  for (size_t i = 0; i < NCOL; i++) col[i] = (UiColumn){str_of(title[i]), UNIT_NONE, FMT_NONE};
  report_table(rep, (Str){0}, col, NCOL, n, &out)->table.words = true;
  for (size_t i = 0; i < j->n; i++) {
    const Change *x = &j->change[i];
    if (!is_move(x)) continue;
    if (!line(c->store, x, !c->format_given || c->format == UI_TABLE, &c->arena, out, e)) return false;
    for (size_t k = 0; k < NCOL; k++) out[k] = val_copy(out[k], &rep->arena);
    moved += x->op == CHANGE_UPDATE;
    out += NCOL;
  }
  Val bind = val_date(c->asof);
  if (!store_value(c->store, "SELECT count(*) FROM visit WHERE status IN ('planned', 'fixed', 'moved') AND day >= ?1", &bind, 1, &c->arena,
                   &all, e))
    return false;
  kept = (size_t)all.u.i > moved ? (size_t)all.u.i - moved : 0;
  Buf b = {0};
  buf_say(&b, "%zu of %lld visits in force would change, %zu come new, %zu stay as they are", moved, (long long)all.u.i, n - moved, kept);
  report_note(rep, buf_view(&b));
  buf_free(&b);
  return true;
}

static const char *planner(const Cli *c) {
  const char *with = cli_opt(c, "with");
  return with ? with : "visit-plan";
}

bool visits_diff(Cli *c, Err *e) {
  Play play = {0};
  Plan *p = NULL;
  Report rep = {0};
  bool ok = cli_store(c, STORE_READ, e) && play_open(c, c->narg > 1 ? c->arg[1] : planner(c), &play, e) && play_quietly(c, &play, &p, e) &&
            moves(c, p, &rep, e) && out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  plan_free(p);
  play_close(&play);
  return ok;
}

/* --- why */

bool visits_why(Cli *c, Err *e) {
  Play play = {0};
  Plan *p = NULL;
  bool ok = cli_store(c, STORE_READ, e) && play_open(c, planner(c), &play, e);
  if (ok) {
    playbook_ask_visit(play.playbook, c->arg[1], c->narg > 2 ? c->arg[2] : NULL);
    ok = play_quietly(c, &play, &p, e) && out_report(c, plan_report(p), UI_TABLE, e);
  }
  plan_free(p);
  play_close(&play);
  return ok;
}
