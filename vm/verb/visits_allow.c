/* What keeps a visit from being planned, let go on a person's word: a run that can be undone. */
#include "verb/out.h"
#include "verb/visits.h"

#include "base/num.h"
#include "run/direct.h"
#include "store/visits_day.h"

#include <stdlib.h>
#include <string.h>

typedef struct Leave {
  Cli *c;
  const char *code;
  int64_t account, staff, owner; /* staff: whose days; owner: who gets the account */
  Day on;                        /* DAY_NONE: no day is named */
  int32_t at, until;             /* minutes, or VISIT_ANY */
  int64_t visits, gap;           /* -1: not said */
  double lat, lon;
  bool placed;
  VisitRetime how;
  size_t shifted;
} Leave;

static Val clock_val(int32_t minutes, Arena *a) {
  Buf b = {0};
  visits_clock_print(minutes, &b);
  Val v = val_text(str_of(arena_strndup(a, b.p, b.n)));
  buf_free(&b);
  return v;
}

/* --- what was said ----------------------------------------------------------------------------------------------- */

static bool named_day(Cli *c, Day *out, Err *e) {
  const char *on = cli_opt(c, "on");
  *out = DAY_NONE;
  return !on || day_parse(str_of(on), out) || err_set(e, ERR_USAGE, "--on: '%s' is no date, such as 2026-11-12", on);
}

static bool clock_of(Cli *c, const char *name, int32_t *out, Err *e) {
  const char *z = cli_opt(c, name);
  *out = VISIT_ANY;
  return !z || visits_clock(str_of(z), out) || err_set(e, ERR_USAGE, "--%s: '%s' is no time of day, such as 09:30", name, z);
}

static bool degrees(Str s, double most, double *out) {
  Arena a = {0};
  Val v;
  bool ok = num_parse(str_trim(s), &v, &a);
  if (ok) *out = num_double(v);
  arena_free(&a);
  return ok && *out >= -most && *out <= most;
}

static bool place_of(Cli *c, Leave *l, Err *e) {
  const char *z = cli_opt(c, "place");
  if (!z) return true;
  Str rest, lat = str_split(str_of(z), ',', &rest);
  l->placed = degrees(lat, 90, &l->lat) && rest.p && degrees(rest, 180, &l->lon);
  return l->placed || err_set(e, ERR_USAGE, "--place: '%s' is not degrees north, degrees east, such as 31.23,121.47", z);
}

static bool person_of(Cli *c, Leave *l, Err *e) {
  const char *owner = cli_opt(c, "owner");
  if (!owner) return true;
  l->owner = store_find(c->store, catalog_entity(STR("staff")), str_of(owner));
  return l->owner || err_set(e, ERR_FAIL, "there is no staff %s", owner);
}

static bool read_words(Cli *c, Leave *l, Err *e) {
  *l = (Leave){.c = c, .code = c->arg[1], .visits = -1, .gap = -1};
  if (!named_day(c, &l->on, e) || !clock_of(c, "at", &l->at, e) || !clock_of(c, "until", &l->until, e) || !place_of(c, l, e) ||
      !cli_opt_int(c, "visits", 0, &l->visits, e) || !cli_opt_int(c, "gap", 1, &l->gap, e) || !cli_store(c, STORE_WRITE, e) || !person_of(c, l, e))
    return false;
  l->account = store_find(c->store, catalog_entity(STR("account")), str_of(l->code));
  if (!l->account) l->staff = store_find(c->store, catalog_entity(STR("staff")), str_of(l->code));
  return l->account || l->staff || err_set(e, ERR_FAIL, "there is no account or staff %s", l->code);
}

/* --- allow ------------------------------------------------------------------------------------------------------- */

/* A dated row of `table` that covers the day ends before it, and another begins after. */
static bool without_day(Store *s, const char *table, const char *column, int64_t id, Day on, Err *e) {
  Arena a = {0};
#define COVERS "from_day <= ?2 AND ?2 < coalesce(to_day, date(from_day, '+1 day'))"
  Val bind[] = {val_int(id), val_date(on), val_date(on + 1)};
  bool ok =
      store_exec(s, arena_printf(&a, "INSERT INTO %s(%s, from_day, to_day, reason) SELECT %s, ?3, to_day, reason FROM %s WHERE %s = ?1 AND " COVERS
                                     " AND to_day > ?3", table, column, column, table, column), bind, 3, e) &&
      store_exec(s, arena_printf(&a, "DELETE FROM %s WHERE %s = ?1 AND from_day = ?2", table, column), bind, 2, e) &&
      store_exec(s, arena_printf(&a, "UPDATE %s SET to_day = ?2 WHERE %s = ?1 AND " COVERS, table, column), bind, 2, e);
  arena_free(&a);
  return ok;
}

static bool let_in(Store *s, const Leave *l, Err *e) {
  static const char *const weekday[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  Val minutes, bind[] = {val_int(l->account), val_text(str_of(weekday[day_weekday(l->on) - 1])), clock_val(l->at, &l->c->arena), val_null()};
  if (!store_value(s, "SELECT coalesce(visit_minutes, 60) FROM account WHERE id = ?1", bind, 1, &l->c->arena, &minutes, e)) return false;
  int64_t closes = l->at + minutes.u.i;
  bind[3] = clock_val(l->until >= 0 ? l->until : closes < 1440 ? (int32_t)closes : 1439, &l->c->arena);
  return store_exec(s, "INSERT INTO opening(account, weekday, opens, closes) VALUES(?1, ?2, ?3, ?4)", bind, 4, e);
}

/* From as-of on; who is owner until then stays so in the past. */
static bool give(Store *s, const Leave *l, Err *e) {
  Val bind[] = {val_int(l->account), val_date(l->c->asof), val_int(l->owner)};
  return store_exec(s, "DELETE FROM assignment WHERE account = ?1 AND role = 'owner' AND from_day >= ?2", bind, 2, e) &&
         store_exec(s, "UPDATE assignment SET to_day = ?2 WHERE account = ?1 AND role = 'owner' AND (to_day IS NULL OR to_day > ?2)", bind, 2, e) &&
         store_exec(s, "INSERT INTO assignment(account, staff, role, from_day) VALUES(?1, ?3, 'owner', ?2)", bind, 3, e);
}

static bool allow_account(Store *s, const Leave *l, Err *e) {
  Val gap[] = {val_int(l->account), val_int(l->gap)};
  Val place[] = {val_int(l->account), val_real(l->lat), val_real(l->lon)};
  return (l->on == DAY_NONE || without_day(s, "no_visit", "account", l->account, l->on, e)) && (l->at < 0 || let_in(s, l, e)) &&
         (!l->owner || give(s, l, e)) &&
         (l->gap < 0 || store_exec(s, "UPDATE account SET visit_gap = ?2 WHERE id = ?1", gap, 2, e)) &&
         (!l->placed || store_exec(s, "UPDATE account SET latitude = ?2, longitude = ?3 WHERE id = ?1", place, 3, e));
}

/* Whose hours are those of everybody gets both, or neither could be told from the other's. */
static bool allow_staff(Store *s, const Leave *l, Err *e) {
  Arena *a = &l->c->arena;
  Val until[] = {val_int(l->staff), l->until >= 0 ? clock_val(l->until, a) : val_null(), clock_val(l->how.work.from, a)};
  Val visits[] = {val_int(l->staff), val_int(l->visits)};
  return (l->on == DAY_NONE || without_day(s, "absence", "staff", l->staff, l->on, e)) &&
         (l->until < 0 || store_exec(s, "UPDATE staff SET work_to = ?2, work_from = coalesce(work_from, ?3) WHERE id = ?1", until, 3, e)) &&
         (l->visits < 0 || store_exec(s, "UPDATE staff SET visits_a_day = ?2 WHERE id = ?1", visits, 2, e));
}

static bool allow(void *ctx, Store *s, Err *e) {
  const Leave *l = ctx;
  return l->account ? allow_account(s, l, e) : allow_staff(s, l, e);
}

static bool hours_of(Cli *c, Leave *l, Err *e) {
  VisitAsk usual;
  if (!visits_usual_ask(c, &usual, e)) return false;
  l->how = (VisitRetime){.at = l->at, .a_day = usual.a_day, .work = usual.work, .kmh = usual.kmh, .road = usual.road};
  return true;
}

static bool said(const Leave *l, const char *what, DirectBody body, const char *became, Err *e) {
  Cli *c = l->c;
  int64_t run = 0, changes = 0;
  if (!run_direct(c->store, arena_printf(&c->arena, "visits %s %s", what, l->code), l->code, c->asof, body, (void *)l, &run, &changes, e)) return false;
  if (run) out_say("run %lld: %s", (long long)run, became);
  else out_say("%s: nothing stands against it", l->code);
  return true;
}

bool visits_allow(Cli *c, Err *e) {
  Leave l;
  if (!read_words(c, &l, e) || !hours_of(c, &l, e)) return false;
  bool account = l.placed || l.gap >= 0 || l.owner || l.at >= 0, staff = l.until >= 0 || l.visits >= 0;
  if (l.at >= 0 && l.on == DAY_NONE) return err_set(e, ERR_USAGE, "visits allow %s --at: on which day? --on 2026-11-12", l.code);
  if ((account && !l.account) || (staff && l.account && l.at < 0) || (!account && !staff && l.on == DAY_NONE)) {
    err_set(e, ERR_USAGE, "visits allow: what, to whom?");
    return err_todo(e, "an account: --on DAY [--at TIME], --gap DAYS, --place LATITUDE,LONGITUDE, --owner STAFF; "
                       "a person: --on DAY, --until TIME, --visits N");
  }
  return said(&l, "allow", allow, "allowed; the next plan makes use of it", e);
}

/* --- add --------------------------------------------------------------------------------------------------------- */

static bool add(void *ctx, Store *s, Err *e) {
  Leave *l = ctx;
  Val bind[] = {val_int(l->account), val_date(l->on), val_int(l->how.staff)};
  if (!store_exec(s,
                  "INSERT INTO visit(account, staff, day, planned, status, kind, pinned, sequence) VALUES(?1, ?3, ?2, ?2, 'planned', 'regular', 1, 0)",
                  bind, 3, e))
    return false;
  l->how.place = store_last_id(s);
  l->how.day = l->on;
  return visits_retime(s, &l->how, &l->shifted, e);
}

bool visits_add(Cli *c, Err *e) {
  Leave l;
  Val owner;
  if (!read_words(c, &l, e) || !hours_of(c, &l, e)) return false;
  if (!l.account) return err_set(e, ERR_FAIL, "there is no account %s", l.code);
  if (l.on == DAY_NONE) return err_set(e, ERR_USAGE, "visits add %s: on which day? --on 2026-11-12", l.code);
  if (l.on < c->asof) return err_set(e, ERR_FAIL, "a visit is added to days that are still to come");
  Val bind[] = {val_int(l.account), val_date(l.on)};
  if (!store_value(c->store,
                   "SELECT max(staff) FROM assignment WHERE account = ?1 AND role = 'owner' AND from_day <= ?2 AND (to_day IS NULL OR to_day > ?2)",
                   bind, 2, &c->arena, &owner, e))
    return false;
  if (owner.t != V_NUM) return err_set(e, ERR_FAIL, "%s has no owner that day", l.code);
  l.how.staff = owner.u.i;
  return said(&l, "add", add, arena_printf(&c->arena, "a visit of %s on %s, pinned to its day", l.code, cli_opt(c, "on")), e);
}
