#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/value.h"
#include "run/direct.h"

#include <string.h>

typedef struct Setting {
  const char *name, *value, *day; /* day: in words, or NULL for a setting without one */
  Day from;
} Setting;

static const char *const plain[] = {"outbox.folder", "outbox.command", "schedule.keep", "year_start", "week", "session.uses", "freight", NULL};
/* What prices are held by, whoever writes: kept as SQL reads it. */
static const struct { const char *name; Unit unit; } of_prices[] = {
  {"interest", UNIT_PERCENT}, {"cost_fresh", UNIT_DAYS}, {"split", UNIT_DAYS}, {"good_for", UNIT_DAYS}};

static bool is_plain(const char *name) {
  for (size_t i = 0; plain[i]; i++)
    if (strcmp(plain[i], name) == 0) return true;
  return false;
}

/* "7.3%" as 0.073, "90d" as 90; whole days above zero, a part of 0 to 100 %. */
static bool price_setting(Cli *c, Setting *v, Err *e) {
  for (size_t i = 0; i < sizeof of_prices / sizeof *of_prices; i++) {
    if (strcmp(v->name, of_prices[i].name) != 0) continue;
    bool days = of_prices[i].unit == UNIT_DAYS;
    Val x, high = days ? val_int(3660) : val_int(1);
    Unit unit;
    if (value_literal(str_of(v->value), &c->arena, &x, &unit) && x.t == V_SECS && days) x = val_int(x.u.i / 86400);
    bool fits = val_is_num(x) && num_cmp(x, val_int(days)) >= 0 && num_cmp(x, high) <= 0 && (!days || x.e >= 0);
    if (!fits) return err_set(e, ERR_USAGE, days ? "%s is a number of days, such as 90d" : N_("%s is a part of 0 to 100 %%, such as 7.3%%"), v->name);
    Buf text = {0};
    num_print(x, &text);
    v->value = arena_strndup(&c->arena, text.p, text.n);
    buf_free(&text);
    break;
  }
  return true;
}

/* Who pays freight that nobody recorded. */
static bool freight_setting(const Setting *v, Err *e) {
  if (strcmp(v->name, "freight") != 0 || strcmp(v->value, "customer") == 0 || strcmp(v->value, "recorded") == 0) return true;
  err_set(e, ERR_USAGE, "freight is 'recorded' or 'customer', not '%s'", v->value);
  return err_todo(e, "recorded: what is not recorded is not known; customer: it is paid by the customer");
}

/* How long runs of schedules are kept: "90" or "90d". */
static bool kept_days(Cli *c, Setting *v, Err *e) {
  enum { DAYS_MOST = 36600 };
  Val x;
  Unit unit;
  int64_t days = 0;
  if (strcmp(v->name, "schedule.keep") != 0) return true;
  bool ok = value_literal(str_of(v->value), &c->arena, &x, &unit);
  if (ok && x.t == V_SECS) ok = x.u.i % 86400 == 0, days = x.u.i / 86400;
  else ok = ok && unit != UNIT_PERCENT && num_int(x, &days);
  if (!ok || days < 1 || days > DAYS_MOST) {
    err_set(e, ERR_USAGE, "schedule.keep is a number of days from 1 to %d, not '%s'", DAYS_MOST, v->value);
    return err_todo(e, "such as pareto set schedule.keep 800");
  }
  v->value = arena_printf(&c->arena, "%lld", (long long)days);
  return true;
}

static bool is_price(const char *name) {
  for (size_t i = 0; i < sizeof of_prices / sizeof *of_prices; i++)
    if (strcmp(name, of_prices[i].name) == 0) return true;
  return false;
}

static bool put(void *ctx, Store *s, Err *e) {
  Setting *v = ctx;
  return v->day ? store_set_from(s, v->name, v->value, v->from, e) : store_set(s, v->name, v->value, e);
}

/* "kam.red": arg red of rulebook kam, whose check says whether the value will do. */
static bool check_arg(Cli *c, const char *name, const char *value, Err *e) {
  const char *dot = strchr(name, '.');
  if (!dot || dot == name || !dot[1]) {
    err_set(e, ERR_USAGE, "there is no setting '%s'", name);
    err_todo(e, "of the program: outbox.folder, outbox.command, schedule.keep, year_start, week, session.uses");
    err_todo(e, "of prices: interest (of a year), cost_fresh, split, good_for (days), freight (recorded, customer)");
    return err_todo(e, "of the company: RULEBOOK.ARG, as in pareto set kam.red 60%%");
  }
  Buf path = {0};
  Playbook *p = NULL;
  char *book = arena_strndup(&c->arena, name, (size_t)(dot - name));
  bool ok = playbook_find(book, &path, e) && playbook_load(path.p, &p, e);
  if (ok && playbook_kind(p) != RULEBOOK)
    ok = err_set(e, ERR_USAGE, "%s is a playbook: its args are given with --set", book);
  ok = ok && playbook_check(p, c->store, e) && playbook_set_arg(p, dot + 1, value, e);
  playbook_free(p);
  buf_free(&path);
  return ok;
}

static bool list_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Buf *b = ctx;
  buf_printf(b, "%.*s = %.*s", STR_ARG(val_str(val[0])), STR_ARG(val_str(val[1])));
  if (val[2].t == V_TEXT) buf_say(b, "   from %.*s", STR_ARG(val_str(val[2])));
  buf_char(b, '\n');
  return true;
}

static bool list(Cli *c, Err *e) {
  Buf b = {0};
  bool ok =
      cli_store(c, STORE_READ, e) &&
      store_query(
          c->store,
          "SELECT name, value, NULL AS day FROM setting UNION ALL SELECT name, value, day FROM setting_day"
          " ORDER BY name, day",
          NULL, 0, list_row, &b, e) &&
      out_text(c, buf_view(&b), e);
  buf_free(&b);
  return ok;
}

static bool set(Cli *c, Err *e) {
  if (c->narg == 0) return list(c, e);
  if (c->narg == 1) return err_set(e, ERR_USAGE, "set %s: to which value?", c->arg[0]);
  Setting v = {.name = c->arg[0], .value = c->arg[1], .from = c->asof};
  Buf day = {0};
  int64_t run = 0, changes = 0;
  day_print(c->asof, &day);
  if (!cli_store(c, STORE_WRITE, e) || !price_setting(c, &v, e) || !freight_setting(&v, e) || !kept_days(c, &v, e)) {
    buf_free(&day);
    return false;
  }
  if (!is_plain(v.name) && !is_price(v.name) && strcmp(v.name, "currency") != 0 && strcmp(v.name, "minor") != 0) {
    v.day = day.p;
    if (!check_arg(c, v.name, v.value, e)) {
      buf_free(&day);
      return false;
    }
  }
  bool ok = run_direct(c->store, arena_printf(&c->arena, "set %s", v.name), v.value, c->asof, put, &v, &run,
                       &changes, e);
  if (ok && run)
    out_say("run %lld: %s = %s%s%s", (long long)run, v.name, v.value, v.day ? _(" from ") : "",
            v.day ? v.day : "");
  else if (ok) out_say("%s is %s already", v.name, v.value);
  buf_free(&day);
  return ok;
}

const Verb verb_set = {
    .name = "set",
    .summary = "settings of the program, and company-wide values of rulebooks, each from a day on",
    .usage = (const char *const[]){"set", "set NAME VALUE", "set RULEBOOK.ARG VALUE [--as-of DAY]", NULL},
    .about = "A change is a run: it is in the history and can be undone.\n"
             "session.uses names the rulebooks that a session, query, eval and explain know beside the fields: \"kam, pricing\" at first;\n"
             "pareto set session.uses \"kam, pricing, prices\" adds one.",
    .most = 2,
    .run = set,
};
