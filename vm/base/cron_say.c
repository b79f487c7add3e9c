#include "base/cron.h"

#include "base/lang.h"

static const char *const weekday[] = {"", N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"), N_("working day")};
static const char *const month[] = {"", N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
                                    N_("September"), N_("October"), N_("November"), N_("December")};

static int count(uint64_t bits) { return __builtin_popcountll(bits); }

static void join(Buf *out, int *n, const char *last) {
  if (*n) buf_puts(out, last);
  ++*n;
}

/* Numbers or names, runs of three and more as "8 to 18". */
static void say_set(uint64_t bits, const char *const *name, Buf *out) {
  int said = 0;
  for (int i = 0; i < 64; i++) {
    if (!(bits >> i & 1)) continue;
    int to = i;
    while (to < 63 && bits >> (to + 1) & 1) to++;
    if (to - i < 2) to = i;
    join(out, &said, ", ");
    if (name) buf_puts(out, _(name[i]));
    else buf_printf(out, "%d", i);
    if (to > i && name) buf_say(out, " to %s", _(name[to]));
    else if (to > i) buf_say(out, " to %d", to);
    i = to;
  }
}

static int even_step(uint64_t bits, int limit) { /* 0, 15, 30, 45: 15 */
  if (!(bits & 1) || count(bits) < 2) return 0;
  int by = __builtin_ctzll(bits & ~1ull);
  uint64_t all = 0;
  for (int i = 0; i < limit; i += by) all |= 1ull << i;
  return all == bits && limit % by == 0 ? by : 0;
}

static void say_time(const Cron *c, Buf *out) {
  enum { TIMES = 6 };
  uint64_t all_minutes = (1ull << 60) - 1;
  uint32_t all_hours = (1u << 24) - 1;
  if (count(c->minute) * count(c->hour) <= TIMES) {
    int said = 0;
    for (int h = 0; h < 24; h++)
      for (int m = 0; m < 60; m++)
        if (c->hour >> h & 1 && c->minute >> m & 1) {
          buf_say(out, said++ ? ", " : N_("at "));
          buf_printf(out, "%02d:%02d", h, m);
        }
    return;
  }
  int by = even_step(c->minute, 60);
  if (c->minute == all_minutes) {
    buf_say(out, "every minute");
  } else if (by) {
    buf_say(out, "every %d minutes", by);
  } else if (count(c->minute) == 1) {
    buf_say(out, "at %d past", __builtin_ctzll(c->minute));
  } else {
    buf_say(out, "at minutes ");
    say_set(c->minute, NULL, out);
  }
  by = even_step(c->hour, 24);
  if (c->hour == all_hours) {
    if (c->minute != all_minutes && !even_step(c->minute, 60)) buf_say(out, " every hour");
  } else if (by) {
    buf_say(out, " of every %d%s hour", by, by == 2 ? "nd" : by == 3 ? "rd" : "th");
  } else {
    buf_say(out, " of hour ");
    say_set(c->hour, NULL, out);
  }
}

static const char *ending(int n) {
  if (n % 100 >= 11 && n % 100 <= 13) return "th";
  return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

static void say_dom(const Cron *c, Buf *out) {
  int said = 0;
  buf_say(out, " on ");
  if (c->dom) {
    join(out, &said, _(" and "));
    buf_say(out, count(c->dom) > 1 ? "days " : N_("day "));
    say_set(c->dom, NULL, out);
  }
  for (int k = 0; k < 31; k++)
    if (c->before_last >> k & 1) {
      join(out, &said, _(" and "));
      if (k == 0) buf_say(out, "the last day");
      else buf_say(out, "%d day%s before the last", k, k == 1 ? "" : "s");
    }
  for (int day = 0; day < 32; day++)
    if (c->near >> day & 1) {
      join(out, &said, _(" and "));
      if (day) buf_say(out, "the working day nearest to the %d%s", day, ending(day));
      else buf_say(out, "the last working day");
    }
}

static void say_dow(const Cron *c, Buf *out) {
  int said = 0;
  buf_say(out, " on ");
  if (c->dow) {
    join(out, &said, _(" and "));
    if (c->dow == 1u << CRON_WORKDAY) buf_say(out, "every working day");
    else say_set(c->dow, weekday, out);
  }
  for (int i = 0; i < c->nplace; i++) {
    int nth = c->place[i].nth;
    join(out, &said, _(" and "));
    if (nth == -1) buf_say(out, "the last ");
    else if (nth < 0) buf_say(out, "the %d%s from the last ", -nth, ending(-nth));
    else buf_say(out, "the %d%s ", nth, ending(nth));
    buf_puts(out, _(weekday[c->place[i].day]));
  }
}

void cron_say(const Cron *c, Buf *out) {
  uint32_t year = ((1u << 12) - 1) << 1;
  say_time(c, out);
  if (c->any_dom && c->any_dow) buf_say(out, " every day");
  else if (!c->any_dom) say_dom(c, out);
  else say_dow(c, out);
  if (c->month != year) {
    Buf months = {0};
    say_set(c->month, month, &months);
    buf_say(out, c->any_dom && !c->nplace ? " in %s" : N_(" of %s"), months.p);
    buf_free(&months);
  } else if (!c->any_dom || c->nplace) {
    buf_say(out, " of every month");
  }
}

/* The months of the schedule that do not have the day. */
static uint32_t lacking(const Cron *c, int day) {
  uint32_t out = 0;
  for (int m = 1; m <= 12; m++)
    if ((c->month >> m & 1) && month_length(2025, m) < day) out |= 1u << m;
  return out;
}

/* Does it run on other days of the month too? */
static bool others(const Cron *c, int day) { return (c->dom | c->near) != UINT32_C(1) << day || c->before_last; }

void cron_warn(const Cron *c, Buf *out) {
  if (c->any_dom) {
    for (int i = 0; i < c->nplace; i++)
      if (c->place[i].nth == 5 && c->place[i].day != CRON_WORKDAY)
        buf_say(out, "most months have no 5th %s: it runs in those that have; %.3sL is the last\n",
                _(weekday[c->place[i].day]), weekday[c->place[i].day]);
    return;
  }
  for (int day = 29; day <= 31; day++) {
    if (!(c->dom >> day & 1) && !(c->near >> day & 1)) continue;
    uint32_t without = lacking(c, day);
    if (!without) continue;
    if (others(c, day)) buf_printf(out, "%d%s: ", day, ending(day));
    buf_say(out, "no run in ");
    say_set(without, month, out);
    buf_say(out, ", which %s no %d%s%s; L is the last day of any month\n", count(without) == 1 ? "has" : "have", day,
            ending(day), day == 29 ? _(" but in leap years") : "");
  }
}

static bool by_working_days(const Cron *c) {
  bool yes = c->near != 0 || (c->dow >> CRON_WORKDAY & 1);
  for (int i = 0; i < c->nplace; i++) yes |= c->place[i].day == CRON_WORKDAY;
  return yes;
}

void cron_warn_days(const Cron *c, const CronDays *days, Str zone, int64_t utc, Buf *out) {
  enum { DAY = 86400 };
  CronMoment m;
  if (!by_working_days(c) || !cron_next(c, days, zone, utc, &m)) return;
  if (!days->n) {
    buf_say(out, "the table calendar is empty: working days are Monday to Friday, holidays or not\n");
  } else if (days->day[days->n - 1] < m.local / DAY) {
    Buf last = {0};
    day_print(days->day[days->n - 1], &last);
    buf_say(out, "the table calendar ends on %s: after it working days are Monday to Friday, holidays or not\n", last.p);
    buf_free(&last);
  }
}
