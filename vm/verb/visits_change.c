/* What happened to a visit: a run that can be undone, and what follows from it that day. */
#include "verb/out.h"
#include "verb/visits.h"

#include "base/lang.h"
#include "run/direct.h"
#include "store/visits_day.h"

#include <stdlib.h>
#include <string.h>

typedef struct Happening {
  Cli *c;
  const char *what;    /* "done", "missed", "move" … */
  int64_t id, account, staff, contact;
  Day day, to;
  const char *code, *status;
  bool executive, open;
  const char *text;
  int64_t minutes;     /* 0: not said */
  int32_t at;          /* minute, or VISIT_ANY */
  VisitRetime how;
  size_t shifted;      /* visits with another hour */
  int64_t given_up;
} Happening;

static bool take(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Happening *h = ctx;
  Arena *a = &h->c->arena;
  h->account = v[0].u.i;
  h->staff = v[1].t == V_NUM ? v[1].u.i : 0;
  h->contact = v[2].t == V_NUM ? v[2].u.i : 0;
  day_parse(val_str(v[3]), &h->day);
  h->status = v[4].t == V_TEXT ? arena_strndup(a, v[4].u.s, v[4].n) : "";
  h->executive = v[5].t == V_TEXT && str_is(val_str(v[5]), "executive");
  h->code = arena_strndup(a, v[6].u.s, v[6].n);
  h->open = strcmp(h->status, "planned") == 0 || strcmp(h->status, "fixed") == 0 || strcmp(h->status, "moved") == 0;
  return true;
}

static bool find(Cli *c, const char *what, Happening *h, Err *e) {
  char *end;
  *h = (Happening){.c = c, .what = what, .id = strtoll(c->arg[1], &end, 10), .at = VISIT_ANY, .text = cli_opt(c, "text")};
  if (*end || h->id <= 0) {
    err_set(e, ERR_USAGE, "'%s' is not the number of a visit", c->arg[1]);
    return err_todo(e, "the numbers: pareto visits");
  }
  VisitAsk a;
  Val bind = val_int(h->id);
  if (!cli_store(c, STORE_WRITE, e) || !visits_usual_ask(c, &a, e) ||
      !store_query(c->store,
                   "SELECT v.account, v.staff, v.contact, v.day, v.status, v.kind, a.code FROM visit v"
                   " JOIN account a ON a.id = v.account WHERE v.id = ?1",
                   &bind, 1, take, h, e))
    return false;
  if (!h->code) {
    err_set(e, ERR_FAIL, "there is no visit %lld", (long long)h->id);
    return err_todo(e, "the numbers: pareto visits");
  }
  h->how = (VisitRetime){.staff = h->staff, .day = h->day, .at = VISIT_ANY, .a_day = a.a_day, .work = a.work, .kmh = a.kmh, .road = a.road};
  if (h->open) return true;
  return err_set(e, ERR_FAIL, "visit %lld of %s is %s, no longer open", (long long)h->id, h->code, *h->status ? h->status : "without a status");
}

/* The day it left: the road to the next visit is another; when they no longer fit nobody's hour is touched. */
static bool close_gap(Store *s, Happening *h, Day day, Err *e) {
  size_t shifted = 0;
  Err own = {0};
  VisitRetime how = h->how;
  how.day = day;
  if (!h->staff) return true;
  if (!visits_retime(s, &how, &shifted, &own)) {
    bool hard = own.kind != ERR_FAIL;
    if (hard) err_move(e, &own);
    err_free(&own);
    return !hard;
  }
  h->shifted += shifted;
  return true;
}

static bool write_status(Store *s, const Happening *h, const char *status, Err *e) {
  Val bind[] = {val_int(h->id), val_text(str_of(status)), h->text ? val_text(str_of(h->text)) : val_null(),
                h->minutes ? val_int(h->minutes) : val_null()};
  return store_exec(s,
                    "UPDATE visit SET status = ?2, findings = coalesce(?3, findings), minutes = coalesce(?4, minutes),"
                    " sequence = coalesce(sequence, 0) + 1 WHERE id = ?1",
                    bind, 4, e);
}

static bool be_done(void *ctx, Store *s, Err *e) {
  Happening *h = ctx;
  Val met[] = {val_int(h->contact), val_date(h->day)};
  return write_status(s, h, N_("done"), e) &&
         (!h->contact || store_exec(s, "UPDATE contact SET met = ?2 WHERE id = ?1 AND (met IS NULL OR met < ?2)", met, 2, e));
}

static bool be_gone(void *ctx, Store *s, Err *e) {
  Happening *h = ctx;
  bool missed = strcmp(h->what, "missed") == 0;
  return write_status(s, h, missed ? "missed" : "cancelled", e) && close_gap(s, h, h->day, e);
}

static bool be_pinned(void *ctx, Store *s, Err *e) {
  const Happening *h = ctx;
  Val bind[] = {val_int(h->id), val_int(strcmp(h->what, "pin") == 0)};
  return store_exec(s, /* what was agreed stands no longer either */
                    "UPDATE visit SET pinned = ?2, status = CASE WHEN ?2 THEN status ELSE 'planned' END WHERE id = ?1", bind, 2, e);
}

/* Planned visits of the account nearer to the new day than they may be. */
static bool give_up_near(Store *s, Happening *h, Err *e) {
  Val bind[] = {val_int(h->account), val_date(h->to), val_int(h->id)};
  if (h->executive) return true;
  if (!store_exec(s,
                  "UPDATE visit SET status = 'cancelled', sequence = coalesce(sequence, 0) + 1 WHERE account = ?1 AND id <> ?3"
                  " AND status = 'planned' AND coalesce(pinned, 0) = 0 AND kind IS NOT 'executive'"
                  " AND abs(julianday(day) - julianday(?2)) < coalesce(min_gap, (SELECT min_gap FROM visit WHERE id = ?3))",
                  bind, 3, e))
    return false;
  h->given_up = store_changes(s);
  return true;
}

static bool be_moved(void *ctx, Store *s, Err *e) {
  Happening *h = ctx;
  Val bind[] = {val_int(h->id), val_date(h->to)};
  if (!give_up_near(s, h, e)) return false;
  if (!store_exec(s,
                  "UPDATE visit SET day = ?2, status = 'moved', begins = NULL, ends = NULL, sequence = coalesce(sequence, 0) + 1"
                  " WHERE id = ?1",
                  bind, 2, e))
    return false;
  VisitRetime how = h->how;
  how.day = h->to;
  how.place = h->id;
  how.at = h->at;
  if (h->staff && !visits_retime(s, &how, &h->shifted, e)) return false;
  return h->to == h->day || close_gap(s, h, h->day, e);
}

/* When the account is seen next: what a person on the telephone asks then. */
static bool say_next(const Happening *h, Buf *b, Err *e) {
  Val next, bind[] = {val_int(h->account), val_int(h->id), val_date(h->c->asof), val_int(h->executive), val_int(h->contact)};
  if (!store_value(h->c->store,
                   "SELECT min(day) FROM visit WHERE account = ?1 AND id <> ?2 AND status IN ('planned', 'fixed', 'moved') AND day >= ?3"
                   " AND (kind IS 'executive') = ?4 AND (NOT ?4 OR contact IS ?5)",
                   bind, 5, &h->c->arena, &next, e))
    return false;
  if (next.t == V_TEXT) buf_printf(b, "; the other on %.*s", (int)next.n, next.u.s);
  else buf_puts(b, "; no other is planned");
  return true;
}

static bool happen(Happening *h, DirectBody body, const char *became, Err *e) {
  Cli *c = h->c;
  int64_t run = 0, changes = 0;
  const char *what = arena_printf(&c->arena, "visits %s %lld", h->what, (long long)h->id);
  if (!run_direct(c->store, what, h->code, c->asof, body, h, &run, &changes, e)) return false;
  Buf b = {0};
  if (!run) buf_say(&b, "visit %lld of %s is so already", (long long)h->id, h->code);
  else buf_say(&b, "run %lld: visit %lld of %s is %s", (long long)run, (long long)h->id, h->code, _(became));
  if (h->shifted) buf_say(&b, h->shifted == 1 ? "; %zu other has that day another hour" : N_("; %zu others have that day another hour"), h->shifted);
  if (h->given_up) buf_say(&b, "; %lld too near to it given up", (long long)h->given_up);
  bool ok = strstr(h->what, "pin") || say_next(h, &b, e); /* pinned, it stays when it is */
  if (ok) out_say("%s", b.p);
  buf_free(&b);
  return ok;
}

bool visits_done(Cli *c, Err *e) {
  Happening h;
  if (!find(c, "done", &h, e) || !cli_opt_int(c, "minutes", 1, &h.minutes, e)) return false;
  if (h.day > c->asof) {
    Buf day = {0};
    day_print(h.day, &day);
    err_set(e, ERR_FAIL, "visit %lld of %s is on %s, which is still to come", (long long)h.id, h.code, day.p);
    buf_free(&day);
    return err_todo(e, "was it made on another day? pareto visits move %lld --to DAY first", (long long)h.id);
  }
  return happen(&h, be_done, N_("done"), e);
}

bool visits_missed(Cli *c, Err *e) {
  Happening h;
  return find(c, "missed", &h, e) && happen(&h, be_gone, N_("missed; the next plan sees to it"), e);
}

bool visits_cancel(Cli *c, Err *e) {
  Happening h;
  return find(c, "cancel", &h, e) && happen(&h, be_gone, N_("cancelled"), e);
}

bool visits_pin(Cli *c, Err *e) {
  Happening h;
  return find(c, "pin", &h, e) && happen(&h, be_pinned, N_("pinned to its day"), e);
}

bool visits_unpin(Cli *c, Err *e) {
  Happening h;
  return find(c, "unpin", &h, e) && happen(&h, be_pinned, N_("no longer pinned"), e);
}

bool visits_move(Cli *c, Err *e) {
  Happening h;
  const char *to = cli_opt(c, "to"), *at = cli_opt(c, "at");
  if (!to) return err_set(e, ERR_USAGE, "visits move %s: to which day? --to 2026-11-12", c->arg[1]);
  Day day;
  int32_t minute = VISIT_ANY;
  if (!day_parse(str_of(to), &day)) return err_set(e, ERR_USAGE, "--to: '%s' is no date, such as 2026-11-12", to);
  if (at && !visits_clock(str_of(at), &minute)) return err_set(e, ERR_USAGE, "--at: '%s' is no time of day, such as 09:30", at);
  if (!find(c, "move", &h, e)) return false;
  h.to = day;
  h.at = minute;
  return happen(&h, be_moved, arena_say(&c->arena, "moved to %s", to), e);
}
