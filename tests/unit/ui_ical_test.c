/* What ical_write writes, byte for byte where the standard says how, and read back by libical where that is installed. */
#include "base/lib.h"
#include "base/mem.h"
#include "testing.h"
#include "ui/ical.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static Buf B;
static Err E;

static IcalEvent visit(const char *uid, Day day, int32_t from, int32_t to, const char *summary) {
  return (IcalEvent){.uid = str_of(uid), .day = day, .from = from, .to = to, .summary = str_of(summary)};
}

static bool write_events(const char *zone, const IcalEvent *v, size_t n) {
  IcalCalendar c = {.name = STR("拜访 李敏"), .zone = str_of(zone), .person = STR("李 \"敏\""), .mail = STR("li min@example.cn"),
                    .stamp = 1793491200, .event = v, .count = n};
  buf_clear(&B);
  err_free(&E);
  return ical_write(&c, &B, &E);
}

static bool has_line(const char *line) {
  Buf want = {0};
  buf_printf(&want, "\r\n%s\r\n", line);
  bool found = strstr(B.p, want.p) != NULL;
  if (!found) fprintf(stderr, "no line %s in\n%s", line, B.p);
  buf_free(&want);
  return found;
}

static void an_appointment_is_written_in_its_zone(void **state) {
  (void)state;
  IcalEvent v = visit("visit-1@x", day_of(2026, 11, 2), 540, 600, "C0042 华东仪表");
  v.located = true, v.lat = 31.23, v.lon = 121.47;
  assert_true(write_events("Asia/Shanghai", &v, 1));
  assert_true(has_line("METHOD:PUBLISH"));
  assert_true(has_line("DTSTART;TZID=Asia/Shanghai:20261102T090000"));
  assert_true(has_line("DTEND;TZID=Asia/Shanghai:20261102T100000"));
  assert_true(has_line("DTSTAMP:20261101T000000Z"));
  assert_true(has_line("TZOFFSETTO:+0800"));
  assert_true(has_line("STATUS:CONFIRMED"));
  assert_true(has_line("GEO:31.230000;121.470000"));
  assert_true(has_line("ORGANIZER;CN=\"李 '敏'\":mailto:li%20min@example.cn"));
  assert_null(strstr(B.p, "DAYLIGHT"));
}

static void without_a_zone_times_are_utc(void **state) {
  (void)state;
  IcalEvent v = visit("a", day_of(2026, 11, 2), 540, 1440, "x");
  assert_true(write_events("", &v, 1));
  assert_true(has_line("DTSTART:20261102T090000Z"));
  assert_true(has_line("DTEND:20261103T000000Z"));
  assert_null(strstr(B.p, "TZID"));
}

static void a_whole_day_ends_with_the_next(void **state) {
  (void)state;
  IcalEvent v = visit("a", day_of(2026, 12, 31), ICAL_ALL_DAY, ICAL_ALL_DAY, "x");
  assert_true(write_events("Asia/Shanghai", &v, 1));
  assert_true(has_line("DTSTART;VALUE=DATE:20261231"));
  assert_true(has_line("DTEND;VALUE=DATE:20270101"));
}

static void a_cancelled_appointment_stays_with_a_greater_sequence(void **state) {
  (void)state;
  IcalEvent v = visit("a", day_of(2026, 11, 2), 540, 540, "x");
  v.cancelled = true, v.sequence = 3;
  assert_true(write_events("Asia/Shanghai", &v, 1));
  assert_true(has_line("STATUS:CANCELLED"));
  assert_true(has_line("SEQUENCE:3"));
  assert_null(strstr(B.p, "DTEND")); /* it has to be after the beginning */
}

static void texts_are_escaped_and_lose_their_controls(void **state) {
  (void)state;
  IcalEvent v = visit("a", day_of(2026, 11, 2), 540, 600, "a,b;c\\d\r\ne\a\xff");
  assert_true(write_events("UTC", &v, 1));
  assert_true(has_line("SUMMARY:a\\,b\\;c\\\\d\\ne\xef\xbf\xbd"));
}

/* No text can begin a line of its own. */
static void a_text_is_no_property(void **state) {
  (void)state;
  IcalEvent v = visit("a\r\nEND:VEVENT", day_of(2026, 11, 2), 540, 600, "x\nBEGIN:VALARM");
  v.place = STR("\rATTACH:file");
  assert_true(write_events("UTC", &v, 1));
  assert_null(strstr(B.p, "\r\nBEGIN:VALARM"));
  assert_null(strstr(B.p, "\r\nATTACH"));
  assert_true(has_line("UID:a\\nEND:VEVENT"));
}

static void lines_are_folded_at_75_octets_between_characters(void **state) {
  (void)state;
  Buf text = {0};
  for (int length = 1; length < 90; length++) {
    buf_clear(&text);
    for (int i = 0; i < length; i++) buf_puts(&text, i % 7 ? "仪" : i % 3 ? "a" : "😀");
    IcalEvent v = visit("a", day_of(2026, 11, 2), 540, 600, text.p);
    assert_true(write_events("UTC", &v, 1));
    Buf unfolded = {0};
    for (const char *line = B.p, *end; *line; line = end + 2) {
      end = strstr(line, "\r\n");
      assert_true(end - line <= 75);
      assert_true(utf8_valid((Str){line, (size_t)(end - line)}, NULL));
      if (*line != ' ' && unfolded.n) buf_char(&unfolded, '\n');
      buf_add(&unfolded, line + (*line == ' '), (size_t)(end - line - (*line == ' ')));
    }
    assert_non_null(strstr(unfolded.p, text.p));
    buf_free(&unfolded);
  }
  buf_free(&text);
}

static void a_turn_of_the_clock_is_in_the_zone(void **state) {
  (void)state;
  IcalEvent v[] = {visit("a", day_of(2026, 10, 24), 540, 600, "x"), visit("b", day_of(2026, 10, 26), 540, 600, "y")};
  assert_true(write_events("Europe/Berlin", v, 2));
  assert_true(has_line("BEGIN:DAYLIGHT\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT"));
  assert_true(has_line("BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD"));
}

static void what_cannot_be_written_is_refused_and_nothing_is_added(void **state) {
  (void)state;
  const Day d = day_of(2026, 11, 2);
  IcalEvent good = visit("a", d, 540, 600, "x"), nowhere = good;
  nowhere.located = true, nowhere.lat = 91;
  const IcalEvent bad[] = {visit("", d, 540, 600, "x"), visit("a", d, 600, 540, "x"), visit("a", d, -1, 540, "x"),
                           visit("a", d, 540, 1441, "x"), visit("a", DAY_NONE, 540, 600, "x"), nowhere};
  const char *const what[] = {"appointment 0 has no UID", "appointment 0 (a): from minute 600 to 540 of a day of 1440",
                              "appointment 0 (a): from minute -1 to 540 of a day of 1440",
                              "appointment 0 (a): from minute 540 to 1441 of a day of 1440",
                              "appointment 0 (a): its day is none of the calendar",
                              "appointment 0 (a): 91, 0 is no place on earth"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_false(write_events("UTC", &bad[i], 1));
    assert_string_equal(E.what, what[i]);
    assert_int_equal(B.n, 0);
  }
  assert_false(write_events("Asia/Shanghia", &good, 1));
  assert_string_equal(E.what, "there is no time zone Asia/Shanghia");
  assert_false(write_events("UTC", (IcalEvent[]){good, good}, 2));
  assert_string_equal(E.what, "two appointments have the UID a");
}

static void no_appointments_are_a_calendar_too(void **state) {
  (void)state;
  assert_true(write_events("Asia/Shanghai", NULL, 0));
  assert_null(strstr(B.p, "VTIMEZONE"));
  assert_non_null(strstr(B.p, "END:VCALENDAR\r\n"));
}

/* --- libical reads it -------------------------------------------------------------------------------------------- */

typedef struct Moment { /* struct icaltimetype of libical 3 */
  int year, month, day, hour, minute, second, is_date, is_daylight;
  const void *zone;
} Moment;

static void *(*parse)(const char *);
static void (*drop)(void *);
static int (*errors)(void *);
static int (*restrictions)(void *);
static int (*component_kind)(const char *), (*property_kind)(const char *);
static void *(*first_component)(void *, int), *(*next_component)(void *, int), *(*first_property)(void *, int);
static const char *(*summary_of)(void *), *(*place_of)(void *), *(*text_of)(void *), *(*uid_of)(void *);
static const char *(*parameter_of)(void *, const char *);
static const char *(*value_of)(void *);
static int (*sequence_of)(void *);
static Moment (*begin_of)(void *), (*end_of)(void *);
static time_t (*seconds_of)(Moment, const void *);

static bool libical(void) {
  const LibName name[] = {{"icalparser_parse_string", &parse}, {"icalcomponent_free", &drop},
                          {"icalcomponent_count_errors", &errors}, {"icalrestriction_check", &restrictions},
                          {"icalcomponent_string_to_kind", &component_kind}, {"icalproperty_string_to_kind", &property_kind},
                          {"icalcomponent_get_first_component", &first_component},
                          {"icalcomponent_get_next_component", &next_component},
                          {"icalcomponent_get_first_property", &first_property}, {"icalcomponent_get_summary", &summary_of},
                          {"icalcomponent_get_location", &place_of}, {"icalcomponent_get_description", &text_of},
                          {"icalcomponent_get_uid", &uid_of}, {"icalproperty_get_parameter_as_string", &parameter_of},
                          {"icalproperty_get_value_as_string", &value_of}, {"icalcomponent_get_sequence", &sequence_of},
                          {"icalcomponent_get_dtstart", &begin_of}, {"icalcomponent_get_dtend", &end_of},
                          {"icaltime_as_timet_with_zone", &seconds_of}};
  Err e = {0};
  bool there = lib_load("libical.so.3", "libical3", name, sizeof name / sizeof *name, &e);
  if (!there) fprintf(stderr, "%s\n", e.what);
  err_free(&e);
  return there;
}

static const char *value(void *of, const char *property) {
  void *p = first_property(of, property_kind(property));
  return p ? value_of(p) : NULL;
}

static void libical_reads_it_back(void **state) {
  (void)state;
  if (!libical()) {
    fprintf(stderr, "skipped: what Debian calls libical3 is not installed\n");
    skip();
  }
  const char *text = "拜访内容:一、报价;二、质量,三\\四\n第二行 — 一行很长很长很长很长很长很长很长很长很长很长很长很长很长很长的说明😀";
  IcalEvent v[40];
  char uid[40][16];
  for (int i = 0; i < 40; i++) {
    snprintf(uid[i], sizeof uid[i], "visit-%d@x", i);
    v[i] = visit(uid[i], day_of(2026, 10, 10) + i, 480 + 7 * i, 540 + 7 * i, text);
    v[i].place = STR("上海市, 浦东新区; 世纪大道 100 号");
    v[i].text = str_of(text);
    v[i].sequence = i, v[i].cancelled = i % 3 == 0;
    v[i].located = i % 2, v[i].lat = 31.25, v[i].lon = -121.5;
  }
  static const char *const zones[] = {"Asia/Shanghai", "Europe/Berlin", "UTC"};
  for (int z = 0; z < 3; z++) {
    assert_true(write_events(zones[z], v, 40));
    void *calendar = parse(B.p), *one;
    assert_non_null(calendar);
    assert_int_equal(errors(calendar), 0);
    assert_true(restrictions(calendar));
    assert_string_equal(value(calendar, "METHOD"), "PUBLISH");
    int n = 0, kind = component_kind("VEVENT");
    for (one = first_component(calendar, kind); one; one = next_component(calendar, kind), n++) {
      assert_string_equal(summary_of(one), text);
      assert_string_equal(text_of(one), text);
      assert_string_equal(place_of(one), "上海市, 浦东新区; 世纪大道 100 号");
      assert_string_equal(uid_of(one), uid[n]);
      assert_int_equal(sequence_of(one), n);
      assert_string_equal(value(one, "STATUS"), n % 3 ? "CONFIRMED" : "CANCELLED");
      assert_string_equal(value(one, "ORGANIZER"), "mailto:li%20min@example.cn");
      assert_string_equal(parameter_of(first_property(one, property_kind("ORGANIZER")), "CN"), "李 '敏'");
      /* hours east of UTC; Berlin's clocks go back on 25 October */
      int east = z == 0 ? 8 : z == 1 ? (n < 15 ? 2 : 1) : 0;
      Moment begin = begin_of(one), end = end_of(one);
      int64_t from = ((int64_t)v[n].day * 1440 + v[n].from - east * 60) * 60;
      assert_int_equal(seconds_of(begin, begin.zone), from);
      assert_int_equal(seconds_of(end, end.zone), from + 3600);
    }
    assert_int_equal(n, 40);
    drop(calendar);
  }
}

static int free_all(void **state) {
  (void)state;
  buf_free(&B);
  err_free(&E);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_appointment_is_written_in_its_zone),
      cmocka_unit_test(without_a_zone_times_are_utc),
      cmocka_unit_test(a_whole_day_ends_with_the_next),
      cmocka_unit_test(a_cancelled_appointment_stays_with_a_greater_sequence),
      cmocka_unit_test(texts_are_escaped_and_lose_their_controls),
      cmocka_unit_test(a_text_is_no_property),
      cmocka_unit_test(lines_are_folded_at_75_octets_between_characters),
      cmocka_unit_test(a_turn_of_the_clock_is_in_the_zone),
      cmocka_unit_test(what_cannot_be_written_is_refused_and_nothing_is_added),
      cmocka_unit_test(no_appointments_are_a_calendar_too),
      cmocka_unit_test(libical_reads_it_back),
  };
  return cmocka_run_group_tests(tests, NULL, free_all);
}
