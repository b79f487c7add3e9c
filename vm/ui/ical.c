#include "ui/ical.h"

#include "base/mem.h"
#include "base/zone.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_SECONDS = 86400, LONGEST_LINE = 75 };

/* --- content lines ----------------------------------------------------------------------------------------------- */

/* Lines have at most 75 octets; what follows goes on after a line break and a blank, and no character is torn. */
static void put_line(Str line, Buf *out) {
  size_t used = 0;
  for (size_t i = 0; i < line.n;) {
    size_t from = i;
    utf8_next(line, &i);
    if (used + (i - from) > LONGEST_LINE) {
      buf_puts(out, "\r\n ");
      used = 1;
    }
    buf_str(out, str_sub(line, from, i));
    used += i - from;
  }
  buf_puts(out, "\r\n");
}

/* The next character of a text as the file may have it; 0: to be left out. */
static uint32_t clean_next(Str s, size_t *at) {
  uint32_t c = utf8_next(s, at);
  bool control = (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || (c >= 0x80 && c < 0xa0);
  return control ? 0 : c;
}

static void put_escaped(Str s, Buf *line) {
  for (size_t i = 0; i < s.n;) {
    uint32_t c = clean_next(s, &i);
    if (!c) continue;
    if (c == '\n') {
      buf_puts(line, "\\n");
      continue;
    }
    if (c == '\\' || c == ';' || c == ',') buf_char(line, '\\');
    utf8_put(line, c);
  }
}

/* In quotes: there is no way to write a quote or a new line there. */
static void put_quoted(Str s, Buf *line) {
  buf_char(line, '"');
  for (size_t i = 0; i < s.n;) {
    uint32_t c = clean_next(s, &i);
    if (c) utf8_put(line, c == '"' ? '\'' : c == '\n' ? ' ' : c);
  }
  buf_char(line, '"');
}

static void put_mail(Str mail, Buf *line) {
  for (size_t i = 0; i < mail.n; i++) {
    unsigned char c = (unsigned char)mail.p[i];
    bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr("@.+-_~!$'*=", c));
    if (plain) buf_char(line, (char)c);
    else buf_printf(line, "%%%02X", c);
  }
}

static void text_line(const char *name, Str s, Buf *out) {
  if (!s.n) return;
  Buf line = {0};
  buf_puts(&line, name);
  put_escaped(s, &line);
  put_line(buf_view(&line), out);
  buf_free(&line);
}

static void organizer(const IcalCalendar *c, Buf *out) {
  Buf line = {0};
  buf_puts(&line, "ORGANIZER");
  if (c->person.n) {
    buf_puts(&line, ";CN=");
    put_quoted(c->person, &line);
  }
  /* A published calendar has an organizer; `invalid:` is the address of somebody who has none (RFC 2606). */
  buf_puts(&line, c->mail.n ? ":mailto:" : ":invalid:nomail");
  put_mail(c->mail, &line);
  put_line(buf_view(&line), out);
  buf_free(&line);
}

/* --- moments ----------------------------------------------------------------------------------------------------- */

static Day day_at(int64_t seconds) {
  int64_t d = seconds / DAY_SECONDS;
  return (Day)(seconds % DAY_SECONDS < 0 ? d - 1 : d);
}

static void put_date(Day d, Buf *out) {
  int year, month, day;
  day_parts(d, &year, &month, &day);
  buf_printf(out, "%04d%02d%02d", year, month, day);
}

static void put_moment(int64_t seconds, Buf *out) {
  Day d = day_at(seconds);
  int rest = (int)(seconds - (int64_t)d * DAY_SECONDS);
  put_date(d, out);
  buf_printf(out, "T%02d%02d%02d", rest / 3600, rest / 60 % 60, rest % 60);
}

static int64_t local_of(Day d, int32_t minutes) { return (int64_t)d * DAY_SECONDS + (int64_t)minutes * 60; }
static bool is_utc(const IcalCalendar *c) { return !c->zone.n || str_is(c->zone, "UTC"); }

static void put_time(const IcalCalendar *c, const char *name, const IcalEvent *v, bool end, Buf *out) {
  Buf line = {0};
  buf_puts(&line, name);
  if (v->from == ICAL_ALL_DAY) {
    buf_puts(&line, ";VALUE=DATE:");
    put_date(v->day + (end ? 1 : 0), &line);
  } else {
    if (!is_utc(c)) {
      buf_puts(&line, ";TZID=");
      buf_str(&line, c->zone);
    }
    buf_char(&line, ':');
    put_moment(local_of(v->day, end ? v->to : v->from), &line);
    if (is_utc(c)) buf_char(&line, 'Z');
  }
  put_line(buf_view(&line), out);
  buf_free(&line);
}

/* --- the time zone ----------------------------------------------------------------------------------------------- */

static void put_offset(const char *name, int32_t seconds, Buf *out) {
  int32_t east = seconds < 0 ? -seconds : seconds;
  buf_printf(out, "%s%c%02d%02d", name, seconds < 0 ? '-' : '+', east / 3600, east / 60 % 60);
  if (east % 60) buf_printf(out, "%02d", east % 60);
  buf_puts(out, "\r\n");
}

static void observance(bool summer, int64_t local, int32_t from, int32_t to, Buf *out) {
  buf_printf(out, "BEGIN:%s\r\nDTSTART:", summer ? "DAYLIGHT" : "STANDARD");
  put_moment(local, out);
  buf_puts(out, "\r\n");
  put_offset("TZOFFSETFROM:", from, out);
  put_offset("TZOFFSETTO:", to, out);
  buf_printf(out, "END:%s\r\n", summer ? "DAYLIGHT" : "STANDARD");
}

static int64_t utc_of(Str zone, int64_t local) {
  int32_t offset = 0;
  zone_at_local(zone, local, &offset);
  return local - offset;
}

/* One observance for each offset that is in force between the first appointment and the last. */
static void time_zone(const IcalCalendar *c, Buf *out) {
  int64_t first = INT64_MAX, last = INT64_MIN, when;
  for (size_t i = 0; i < c->count; i++) {
    const IcalEvent *v = &c->event[i];
    if (v->from == ICAL_ALL_DAY) continue;
    int64_t from = utc_of(c->zone, local_of(v->day, v->from)), to = utc_of(c->zone, local_of(v->day, v->to));
    if (from < first) first = from;
    if (to > last) last = to;
  }
  if (first > last) return;
  int32_t offset = 0, next = 0;
  zone_at(c->zone, first, &offset);
  bool turns = zone_turn(c->zone, first, &when);
  if (turns) zone_at(c->zone, when, &next);
  buf_puts(out, "BEGIN:VTIMEZONE\r\nTZID:");
  buf_str(out, c->zone);
  buf_puts(out, "\r\n");
  observance(turns && next < offset, first < 0 ? local_of(day_of(1, 1, 1), 0) : 0, offset, offset, out);
  while (turns && when <= last) {
    zone_at(c->zone, when, &next);
    observance(next > offset, when + offset, offset, next, out);
    offset = next;
    int64_t turned = when;
    turns = zone_turn(c->zone, turned, &when);
  }
  buf_puts(out, "END:VTIMEZONE\r\n");
}

/* --- events ------------------------------------------------------------------------------------------------------ */

static void event(const IcalCalendar *c, const IcalEvent *v, Buf *out) {
  buf_puts(out, "BEGIN:VEVENT\r\n");
  text_line("UID:", v->uid, out);
  buf_puts(out, "DTSTAMP:");
  put_moment(c->stamp, out);
  buf_printf(out, "Z\r\nSEQUENCE:%d\r\nSTATUS:%s\r\n", v->sequence, v->cancelled ? "CANCELLED" : "CONFIRMED");
  organizer(c, out);
  put_time(c, "DTSTART", v, false, out);
  if (v->from == ICAL_ALL_DAY || v->from < v->to) put_time(c, "DTEND", v, true, out);
  text_line("SUMMARY:", v->summary, out);
  text_line("LOCATION:", v->place, out);
  if (v->located) buf_printf(out, "GEO:%.6f;%.6f\r\n", v->lat, v->lon);
  text_line("DESCRIPTION:", v->text, out);
  buf_puts(out, "END:VEVENT\r\n");
}

/* --- what cannot be written -------------------------------------------------------------------------------------- */

static bool is_time(const IcalEvent *v) {
  if (v->from == ICAL_ALL_DAY && v->to == ICAL_ALL_DAY) return true;
  return v->from >= 0 && v->from <= v->to && v->to <= 1440;
}

static bool is_day(Day d) { return d >= day_of(1, 1, 2) && d <= day_of(9999, 12, 30); }

static bool check_event(const IcalEvent *v, size_t i, Err *e) {
  if (!v->uid.n) return err_set(e, ERR_FAIL, "appointment %zu has no UID", i);
  if (v->sequence < 0) return err_set(e, ERR_FAIL, "appointment %zu (%.*s): sequence %d", i, STR_ARG(v->uid), v->sequence);
  if (!is_day(v->day)) return err_set(e, ERR_FAIL, "appointment %zu (%.*s): its day is none of the calendar", i, STR_ARG(v->uid));
  if (!is_time(v))
    return err_set(e, ERR_FAIL, "appointment %zu (%.*s): from minute %d to %d of a day of 1440", i, STR_ARG(v->uid), v->from, v->to);
  if (v->located && !(v->lat >= -90 && v->lat <= 90 && v->lon >= -180 && v->lon <= 180))
    return err_set(e, ERR_FAIL, "appointment %zu (%.*s): %g, %g is no place on earth", i, STR_ARG(v->uid), v->lat, v->lon);
  return true;
}

static int by_uid(const void *a, const void *b) { return str_cmp(*(const Str *)a, *(const Str *)b); }

static bool check(const IcalCalendar *c, Err *e) {
  bool ok = true;
  if (!is_utc(c) && !zone_known(c->zone)) return err_set(e, ERR_FAIL, "there is no time zone %.*s", STR_ARG(c->zone));
  if (!is_day(day_at(c->stamp))) return err_set(e, ERR_FAIL, "the moment of writing is none of the calendar");
  Str *uid = mem_alloc(c->count * sizeof *uid);
  for (size_t i = 0; ok && i < c->count; i++) {
    ok = check_event(&c->event[i], i, e);
    uid[i] = c->event[i].uid;
  }
  if (ok && c->count) qsort(uid, c->count, sizeof *uid, by_uid);
  for (size_t i = 1; ok && i < c->count; i++)
    if (str_eq(uid[i - 1], uid[i])) ok = err_set(e, ERR_FAIL, "two appointments have the UID %.*s", STR_ARG(uid[i]));
  mem_free(uid);
  return ok;
}

bool ical_write(const IcalCalendar *c, Buf *out, Err *e) {
  if (!check(c, e)) return false;
  buf_puts(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Pareto//Visits//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n");
  text_line("X-WR-CALNAME:", c->name, out);
  if (!is_utc(c)) text_line("X-WR-TIMEZONE:", c->zone, out);
  if (!is_utc(c)) time_zone(c, out);
  for (size_t i = 0; i < c->count; i++) event(c, &c->event[i], out);
  buf_puts(out, "END:VCALENDAR\r\n");
  return true;
}
