/* Schedules: expressions read and refused, and the moments they name, against an oracle that asks the C library for
 * the wall clock minute by minute. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cron.h"
#include "base/mem.h"

static Cron cron(const char *text) {
  Cron c;
  Err e = {0};
  if (!cron_parse(str_of(text), &c, &e)) fail_msg("%s: %s", text, e.what);
  return c;
}

static int64_t at(const char *text) {
  int64_t utc = 0;
  if (!moment_read(str_of(text), STR("UTC"), &utc)) fail_msg("%s is no moment", text);
  return utc;
}

static const CronDays *calendar;

/* The moments from `from` on, as the wall clock shows them, with "skipped" or "twice". */
static void runs(const char *expr, const char *zone, const char *from, const char *expect) {
  Cron c = cron(expr);
  CronMoment m;
  Buf out = {0};
  int64_t utc = at(from);
  while (out.n < strlen(expect)) {
    assert_true(cron_next(&c, calendar, str_of(zone), utc, &m));
    if (out.n) buf_puts(&out, " ");
    moment_print_at(m.utc, m.offset, &out);
    if (m.fit != ZONE_ONCE) buf_puts(&out, m.fit == ZONE_TWICE ? "(twice)" : "(skipped)");
    utc = m.utc;
  }
  assert_string_equal(out.p, expect);
  buf_free(&out);
}

static void the_days_an_expression_names(void **state) {
  (void)state;
  runs("0 6 1 * *", "Asia/Shanghai", "2026-10-15", "2026-11-01T06:00:00+08:00 2026-12-01T06:00:00+08:00");
  runs("0 6 L * *", "UTC", "2028-01-31T06:00", "2028-02-29T06:00:00+00:00 2028-03-31T06:00:00+00:00");
  runs("0 6 L-3 * *", "UTC", "2026-02-01", "2026-02-25T06:00:00+00:00 2026-03-28T06:00:00+00:00");
  runs("0 6 1W * *", "UTC", "2026-07-15", "2026-08-03T06:00:00+00:00 2026-09-01T06:00:00+00:00");
  runs("0 6 31W * *", "UTC", "2026-10-05", "2026-10-30T06:00:00+00:00 2026-12-31T06:00:00+00:00");
  runs("0 6 LW * *", "UTC", "2026-05-05", "2026-05-29T06:00:00+00:00 2026-06-30T06:00:00+00:00");
  runs("0 6 * * MON#2", "UTC", "2026-11-01", "2026-11-09T06:00:00+00:00 2026-12-14T06:00:00+00:00");
  runs("0 6 * * friL", "UTC", "2026-11-01", "2026-11-27T06:00:00+00:00 2026-12-25T06:00:00+00:00");
  runs("0 6 * * 5L", "UTC", "2026-11-01", "2026-11-27T06:00:00+00:00");
  runs("0 6 29 2 *", "UTC", "2026-11-01", "2028-02-29T06:00:00+00:00 2032-02-29T06:00:00+00:00");
  runs("0 6 29 2 *", "UTC", "2096-11-01", "2104-02-29T06:00:00+00:00");
  runs("59 23 31 12 *", "UTC", "2026-11-01", "2026-12-31T23:59:00+00:00 2027-12-31T23:59:00+00:00");
  runs("*/20 8-9 * JAN,Jul FRI-SUN", "UTC", "2027-01-01T09:00",
       "2027-01-01T09:20:00+00:00 2027-01-01T09:40:00+00:00 2027-01-02T08:00:00+00:00");
  runs("@monthly", "UTC", "2026-11-01", "2026-12-01T00:00:00+00:00");
  runs("0 6 * * 7", "UTC", "2026-11-01T06:00", "2026-11-08T06:00:00+00:00");
  runs("0 6 * * sunday", "UTC", "2026-11-01T06:00", "2026-11-08T06:00:00+00:00");
}

static void working_days_follow_the_calendar(void **state) {
  (void)state;
  /* The national holiday of 2026, 1 to 7 October; Saturday the 10th makes up for one of its days. */
  Day day[8];
  bool works[8] = {0};
  for (int i = 0; i < 7; i++) day[i] = day_of(2026, 10, i + 1);
  day[7] = day_of(2026, 10, 10);
  works[7] = true;
  CronDays days = {day, works, 8};
  calendar = &days;
  runs("0 9 * * workday", "Asia/Shanghai", "2026-09-30T02:00",
       "2026-10-08T09:00:00+08:00 2026-10-09T09:00:00+08:00 2026-10-10T09:00:00+08:00 2026-10-12T09:00:00+08:00");
  runs("0 9 * 10 workday#1", "Asia/Shanghai", "2026-09-30", "2026-10-08T09:00:00+08:00");
  runs("0 9 10W * *", "Asia/Shanghai", "2026-10-01", "2026-10-10T09:00:00+08:00");
  runs("0 9 1W * *", "Asia/Shanghai", "2026-10-01", "2026-10-08T09:00:00+08:00");
  calendar = NULL;
  runs("0 9 * 10 workdayL", "Asia/Shanghai", "2026-09-30", "2026-10-30T09:00:00+08:00");
}

static void a_time_of_the_clock_runs_once(void **state) {
  (void)state;
  runs("30 2 * * *", "America/New_York", "2026-03-07T12:00",
       "2026-03-08T03:00:00-04:00(skipped) 2026-03-09T02:30:00-04:00");
  runs("30 1 * * *", "America/New_York", "2026-10-31T12:00",
       "2026-11-01T01:30:00-04:00(twice) 2026-11-02T01:30:00-05:00");
  runs("0 * * * *", "America/New_York", "2026-11-01T04:30",
       "2026-11-01T01:00:00-04:00(twice) 2026-11-01T02:00:00-05:00");
  runs("*/15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00",
       "2026-10-04T02:30:00+11:00 2026-10-04T02:45:00+11:00");
  runs("0 6 30 * *", "Pacific/Apia", "2011-12-01", "2011-12-31T00:00:00+14:00(skipped) 2012-01-30T06:00:00+14:00");
  runs("30 0 4 5 *", "Asia/Shanghai", "1986-01-01", "1986-05-04T00:30:00+08:00 1987-05-04T00:30:00+09:00");
}

static const char *const zones[] = {"Asia/Shanghai",     "America/New_York", "Europe/Dublin",    "Australia/Lord_Howe",
                                    "Pacific/Apia",      "Africa/Casablanca", "America/Sao_Paulo", "Asia/Kathmandu",
                                    "America/St_Johns",  "Asia/Gaza",         "Antarctica/Troll",  "Pacific/Chatham",
                                    "America/Caracas",   "Asia/Pyongyang",    "Africa/Juba",       "UTC"};
enum { ZONES = sizeof zones / sizeof *zones, EXPRS = 6 };

static uint64_t seed = 88172645463325252ull;
static int pick(int n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (int)(seed % (unsigned)n);
}

/* What the expression says, kept beside it: plain sets, and one rule for the day. */
typedef enum Rule { ANY, NUMBER, FROM_LAST, NEAR, LAST_WORK, WEEKDAY, NTH, LAST_NAMED, RULES } Rule;
typedef struct Said {
  char text[64];
  bool minute[60], hour[24], month[13];
  Rule rule;
  int day, nth;
  Cron c;
  int64_t next; /* what cron_next says comes next */
} Said;

static void put_set(char *text, bool *in, int low, int high, int kind) {
  memset(in, 0, (size_t)high + 1);
  int a = low + pick(high - low + 1), b = a + pick(high - a + 1), by = 1 + pick(high - low > 20 ? 20 : 4);
  if (kind == 0) {
    for (int i = low; i <= high; i++) in[i] = true;
    strcat(text, "*");
  } else if (kind == 1) {
    for (int i = low; i <= high; i += by) in[i] = true;
    sprintf(text + strlen(text), "*/%d", by);
  } else if (kind == 2) {
    for (int i = a; i <= b; i++) in[i] = true;
    sprintf(text + strlen(text), "%d-%d", a, b);
  } else {
    in[a] = in[b] = true;
    sprintf(text + strlen(text), "%d,%d", b, a);
  }
}

static void invent(Said *s) {
  static const char *const name[] = {"", "MON", "TUE", "wed", "THU", "fri", "SAT", "Sun"};
  char dow[16] = "*", dom[16] = "*";
  s->rule = (Rule)pick(RULES);
  s->day = 1 + pick(s->rule == NUMBER || s->rule == NEAR ? 28 : 7);
  s->nth = 1 + pick(4);
  switch (s->rule) {
    case NUMBER: sprintf(dom, "%d", s->day); break;
    case FROM_LAST: sprintf(dom, s->day == 1 ? "L" : "L-%d", s->day - 1); break;
    case NEAR: sprintf(dom, "%dW", s->day); break;
    case LAST_WORK: strcpy(dom, "LW"); break;
    case WEEKDAY: strcpy(dow, name[s->day]); break;
    case NTH: sprintf(dow, "%s#%d", name[s->day], s->nth); break;
    case LAST_NAMED: sprintf(dow, "%sL", name[s->day]); break;
    default: break;
  }
  s->text[0] = 0;
  put_set(s->text, s->minute, 0, 59, pick(4));
  strcat(s->text, " ");
  put_set(s->text, s->hour, 0, 23, pick(4));
  sprintf(s->text + strlen(s->text), " %s ", dom);
  put_set(s->text, s->month, 1, 12, pick(3) ? 0 : 2 + pick(2));
  sprintf(s->text + strlen(s->text), " %s", dow);
  s->c = cron(s->text);
}

static int length_of(int year, int month) {
  static const int n[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : n[month];
}

static bool holds_on(const Said *s, int year, int month, int day, int dow) { /* dow: 1 Monday */
  int length = length_of(year, month), first = ((dow - 1 - (day - 1)) % 7 + 35) % 7; /* of the 1st, 0 Monday */
  int working = 0;
  switch (s->rule) {
    case ANY: return true;
    case NUMBER: return day == s->day;
    case FROM_LAST: return length - day == s->day - 1;
    case WEEKDAY: return dow == s->day;
    case NTH: return dow == s->day && (day - 1) / 7 + 1 == s->nth;
    case LAST_NAMED: return dow == s->day && day + 7 > length;
    case LAST_WORK:
      for (int d = 1; d <= length; d++)
        if ((first + d - 1) % 7 < 5) working = d;
      return day == working;
    default: break;
  }
  int on = (first + s->day - 1) % 7, target = s->day; /* NEAR: Saturday goes back, Sunday on, not out of the month */
  if (on == 5) target = s->day == 1 ? 3 : s->day - 1;
  if (on == 6) target = s->day == length ? s->day - 2 : s->day + 1;
  return day == target;
}

typedef struct Clock { /* of the zone in TZ: asked of the C library every quarter of an hour */
  int64_t quarter;
  int64_t offset;
} Clock;

static int64_t offset_of(Clock *k, int64_t utc) {
  if (k->quarter == utc / 900) return k->offset;
  time_t t = (time_t)utc;
  struct tm tm;
  localtime_r(&t, &tm);
  k->quarter = utc / 900;
  return k->offset = tm.tm_gmtoff;
}

static bool named_at(Said *s, int64_t local) {
  static int64_t known_day = INT64_MIN;
  static struct tm tm;
  if (local / 86400 != known_day) {
    time_t t = (time_t)local;
    gmtime_r(&t, &tm);
    known_day = local / 86400;
  }
  int minute = (int)(local / 60 % 60), hour = (int)(local / 3600 % 24);
  return s->minute[minute] && s->hour[hour] && s->month[tm.tm_mon + 1] &&
         holds_on(s, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_wday ? tm.tm_wday : 7);
}

static void held_against(const char *zone, int64_t from, int64_t to) {
  setenv("TZ", zone, 1);
  tzset();
  Said said[EXPRS];
  CronMoment m;
  Clock k = {.quarter = -1};
  int64_t shown = from + offset_of(&k, from); /* the latest reading so far */
  for (int i = 0; i < EXPRS; i++) {
    invent(&said[i]);
    said[i].next = cron_next(&said[i].c, NULL, str_of(zone), from, &m) ? m.utc : INT64_MAX;
  }
  for (int64_t utc = from + 60; utc <= to; utc += 60) {
    int64_t local = utc + offset_of(&k, utc);
    for (int i = 0; i < EXPRS; i++) {
      bool now = false;
      for (int64_t l = shown + 60; l <= local && !now; l += 60) now = named_at(&said[i], l);
      if (now != (said[i].next == utc)) {
        Buf b = {0};
        moment_print_at(utc, (int32_t)(local - utc), &b);
        fail_msg("%s in %s: %s at %s", said[i].text, zone, now ? "no run" : "a run", b.p);
      }
      if (now) said[i].next = cron_next(&said[i].c, NULL, str_of(zone), utc, &m) ? m.utc : INT64_MAX;
    }
    if (local > shown) shown = local;
  }
}

/* Ten years in every zone; Shanghai's summers of 1986 to 1991 besides. PARETO_CRON_SEED tries other expressions. */
static void minute_by_minute_the_oracle_says_the_same(void **state) {
  (void)state;
  const char *other = getenv("PARETO_CRON_SEED");
  if (other) seed ^= strtoull(other, NULL, 10) * 0x9e3779b97f4a7c15ull;
  for (int i = 0; i < ZONES; i++) {
    int first = strcmp(zones[i], "Pacific/Apia") == 0 ? 2008 : 2019;
    if (strcmp(zones[i], "America/Caracas") == 0 || strcmp(zones[i], "Asia/Pyongyang") == 0) first = 2010;
    held_against(zones[i], at("1970-01-01") + (int64_t)day_of(first, 1, 1) * 86400, (int64_t)day_of(first + 10, 1, 1) * 86400);
  }
  held_against("Asia/Shanghai", (int64_t)day_of(1985, 1, 1) * 86400, (int64_t)day_of(1995, 1, 1) * 86400);
  unsetenv("TZ");
}

/* Behind the last year a zone's table lists, its rule goes on; the C library knows it too. */
static void offsets_are_the_c_library_s(void **state) {
  (void)state;
  for (int i = 0; i < ZONES; i++) {
    setenv("TZ", zones[i], 1);
    tzset();
    for (int n = 0; n < 4000; n++) {
      time_t t = (time_t)((int64_t)pick(1 << 30) * 6 - 400000000);
      struct tm tm;
      int32_t offset;
      int64_t turn;
      localtime_r(&t, &tm);
      assert_true(zone_at(str_of(zones[i]), t, &offset));
      if (offset != tm.tm_gmtoff) fail_msg("%s at %lld: %d, not %ld", zones[i], (long long)t, offset, tm.tm_gmtoff);
      if (!zone_turn(str_of(zones[i]), t, &turn)) continue;
      assert_true(turn > t);
      time_t before = (time_t)turn - 1, after = (time_t)turn;
      localtime_r(&before, &tm);
      assert_int_equal(tm.tm_gmtoff, offset); /* nothing changed on the way */
      localtime_r(&after, &tm);
      assert_int_not_equal(tm.tm_gmtoff, offset);
    }
  }
  unsetenv("TZ");
}

static void mistakes_are_shown_where_they_stand(void **state) {
  (void)state;
  static const struct { const char *text, *what, *caret, *todo; } wrong[] = {
      {"0 6 1 * MON", "both set", "    ^^^^^^^", "0 6 1 * *"},
      {"60 6 1 * *", "there is no minute 60", "^^", "0 to 59"},
      {"0 24 * * *", "there is no hour 24", "  ^^", "0 to 23"},
      {"0 6 32 * *", "there is no day of the month 32", "    ^^", "1 to 31"},
      {"0 6 * JNA *", "there is no month JNA", "      ^^^", "did you mean JAN?"},
      {"0 6 * * MOM", "there is no day of the week MOM", "        ^^^", "did you mean MON?"},
      {"0 6 * * wrkday", "day of the week wrkday", "        ^^^^^^", "did you mean workday?"},
      {"0 6 30 2 *", "never happens", "    ^^", "L is the last day"},
      {"0 6 31 4,6 *", "never happens", "    ^^", "L is the last day"},
      {"0 6 1 *", "five fields, this has 4", "^^^^^^^", "0 6 1 * *"},
      {"0 0 6 1 * *", "five fields, this has 6", "          ^", "seconds and years"},
      {"@reboot", "there is no @reboot", "^^^^^^^", "@monthly"},
      {"@montly", "there is no @montly", "^^^^^^^", "did you mean @monthly?"},
      {"0 18-8 * * *", "ends before it begins", "  ^^^^", "18-23,0-8"},
      {"*/0 6 * * *", "a step is", " ^^", "*/15"},
      {"*/90 6 * * *", "a step of 90", " ^^^", "smaller step"},
      {"0 6 * * MON#6", "which one of the month", "           ^^", "#1 to #5"},
      {"0 6 L-31 * *", "no day of the month", "    ^^^^", "L-3 three days"},
      {"1,,2 6 * * *", "an empty place", "  ^", "0, 30"},
      {"six 6 * * *", "a number from 0 to 59", "^^^", "0, 30"},
      {"0 6 1x * *", "x does not belong", "     ^", "L-3"},
      {"", "five fields, this has 0", "^", "1st 06:00"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    Cron c;
    Err e = {0};
    if (cron_parse(str_of(wrong[i].text), &c, &e)) fail_msg("%s was let through", wrong[i].text);
    assert_int_equal(e.kind, ERR_USAGE);
    if (!strstr(e.what, wrong[i].what)) fail_msg("%s: %s", wrong[i].text, e.what);
    Buf want = {0};
    buf_printf(&want, "%s\n", wrong[i].caret);
    if (!e.source || !strstr(e.source, wrong[i].caret)) fail_msg("%s: %s", wrong[i].text, e.source);
    if (!e.todo || !strstr(e.todo, wrong[i].todo)) fail_msg("%s: %s", wrong[i].text, e.todo);
    buf_free(&want);
    err_free(&e);
  }
}

static void words_of_a_header_are_an_expression(void **state) {
  (void)state;
  static const struct { const char *text, *cron, *zone; } good[] = {
      {"1st 06:00 Asia/Shanghai", "0 6 1 * *", "Asia/Shanghai"},
      {"0 6 1 * * Asia/Shanghai", "0 6 1 * *", "Asia/Shanghai"},
      {"0 6 1 * *", "0 6 1 * *", ""},
      {"@monthly UTC", "@monthly", "UTC"},
      {"last day 18:00", "0 18 L * *", ""},
      {"workday 09:30", "30 9 * * workday", ""},
      {"1st workday 06:00", "0 6 * * workday#1", ""},
      {"last workday 06:00", "0 6 * * workdayL", ""},
      {"2nd monday 9:00", "0 9 * * MON#2", ""},
      {"Friday 18:00 Europe/Berlin", "0 18 * * FRI", "Europe/Berlin"},
      {"every day 23:15", "15 23 * * *", ""},
      {"15th of quarter 06:00", "0 6 15 1,4,7,10 *", ""},
      {"1st of april 06:00", "0 6 1 APR *", ""},
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    Buf c = {0}, zone = {0};
    Err e = {0};
    if (!cron_header(str_of(good[i].text), &c, &zone, &e)) fail_msg("%s: %s", good[i].text, e.what);
    assert_string_equal(c.p, good[i].cron);
    assert_string_equal(zone.p ? zone.p : "", good[i].zone);
    buf_free(&c);
    buf_free(&zone);
  }
  static const char *const bad[] = {"1st", "1st 25:00", "sometimes 06:00", "1st 06:00 Asia/Shanghia", "monthly",
                                    "0 6 1 * * Mars", "1st 06:00 UTC now", "32nd 06:00", "30th of february 06:00"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Buf c = {0}, zone = {0};
    Err e = {0};
    if (cron_header(str_of(bad[i]), &c, &zone, &e)) fail_msg("%s was let through as %s", bad[i], c.p);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(e.todo);
    err_free(&e);
    buf_free(&c);
    buf_free(&zone);
  }
  Err e = {0};
  assert_false(cron_zone(STR("Asia/Shanghia"), &e));
  assert_string_equal(e.todo, "did you mean Asia/Shanghai?");
  err_free(&e);
}

static void an_expression_in_words(void **state) {
  (void)state;
  static const struct { const char *cron, *words; } said[] = {
      {"0 6 1 * *", "at 06:00 on day 1 of every month"},
      {"*/15 * * * *", "every 15 minutes every day"},
      {"0 8-18/2 * * MON-FRI", "at 08:00, 10:00, 12:00, 14:00, 16:00, 18:00 on Monday to Friday"},
      {"30 9 * * workday", "at 09:30 on every working day"},
      {"5 8-18 * * MON-FRI", "at 5 past of hour 8 to 18 on Monday to Friday"},
      {"0 6 * * workday#1", "at 06:00 on the 1st working day of every month"},
      {"0 6 L,L-3 1,4,7,10 *", "at 06:00 on the last day and 3 days before the last of January, April, July, October"},
      {"0 6 1W * *", "at 06:00 on the working day nearest to the 1st of every month"},
      {"0 9 * 3 MON#2,FRIL", "at 09:00 on the 2nd Monday and the last Friday of March"},
      {"* * * * *", "every minute every day"},
  };
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    Buf b = {0};
    Cron c = cron(said[i].cron);
    cron_say(&c, &b);
    assert_string_equal(b.p, said[i].words);
    buf_free(&b);
  }
  Buf b = {0};
  Cron c = cron("0 6 31 * *");
  cron_warn(&c, &b);
  assert_string_equal(b.p, "no run in February, April, June, September, November, which have no 31st; L is the last day of any month\n");
  buf_clear(&b);
  c = cron("0 6 31 1,3 *");
  cron_warn(&c, &b);
  assert_int_equal(b.n, 0);
  buf_free(&b);
}

static void moments_are_read_as_they_are_printed(void **state) {
  (void)state;
  int64_t utc;
  assert_true(moment_read(STR("2026-11-01T06:00:00+08:00"), STR("UTC"), &utc));
  assert_int_equal(utc, at("2026-10-31T22:00:00Z"));
  assert_true(moment_read(STR("2026-11-01 06:00"), STR("Asia/Shanghai"), &utc));
  assert_int_equal(utc, at("2026-10-31T22:00"));
  static const char *const bad[] = {"2026-02-30", "2026-11-01T25:00", "2026-11-01T06", "yesterday", "2026-11-01T06:00+8"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(moment_read(str_of(bad[i]), STR("UTC"), &utc));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_days_an_expression_names),
      cmocka_unit_test(working_days_follow_the_calendar),
      cmocka_unit_test(a_time_of_the_clock_runs_once),
      cmocka_unit_test(minute_by_minute_the_oracle_says_the_same),
      cmocka_unit_test(offsets_are_the_c_library_s),
      cmocka_unit_test(mistakes_are_shown_where_they_stand),
      cmocka_unit_test(words_of_a_header_are_an_expression),
      cmocka_unit_test(an_expression_in_words),
      cmocka_unit_test(moments_are_read_as_they_are_printed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
