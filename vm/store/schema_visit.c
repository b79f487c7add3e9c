#include "store/schema_visit.h"

#define SAYS(text) "RAISE(ABORT, '" text "')"
#define OPEN_OF(row) row ".status IN ('planned', 'fixed', 'moved')"
#define COVERS(row, day) row ".from_day <= " day " AND " day " < coalesce(" row ".to_day, date(" row ".from_day, '+1 day'))"
#define ONE_A_DAY "an account has one visit a day"
#define TWO_PLACES "nobody is in two places at once: this visit meets another of the same person"

/* On the day of NEW there is another open visit for which `holds`. */
#define ANOTHER(holds)                                                                                            \
  "EXISTS(SELECT 1 FROM visit v WHERE v.day = NEW.day AND v.id IS NOT NEW.id AND v." VISIT_OPEN " AND " holds ")"

/* Whoever goes along (an executive, to a contact) is counted apart. */
#define SAME_VISIT(a, b)                                                                                          \
  a ".account = " b ".account AND (" a ".kind IS 'executive') = (" b ".kind IS 'executive') AND (" a ".kind IS NOT 'executive' OR " \
  a ".contact IS " b ".contact)"
#define NO_TIME(x) "(" x " IS NOT strftime('%H:%M', " x ") OR length(" x ") <> 5)"

#define HELD                                                                                                      \
  "SELECT CASE"                                                                                                   \
  " WHEN (NEW.begins IS NULL) <> (NEW.ends IS NULL) OR NEW.begins >= NEW.ends THEN "                               \
  SAYS("a visit has both times or none, and begins before it ends")                                               \
  " WHEN " ANOTHER(SAME_VISIT("v", "NEW")) " THEN " SAYS(ONE_A_DAY)                                                \
  " WHEN NEW.begins IS NOT NULL AND " ANOTHER("v.staff = NEW.staff AND v.begins < NEW.ends AND v.ends > NEW.begins") \
  " THEN " SAYS(TWO_PLACES)                                                                                       \
  " WHEN (SELECT count(*) FROM visit v WHERE v.day = NEW.day AND v.staff = NEW.staff AND v.id IS NOT NEW.id AND v." VISIT_OPEN \
  ") >= (SELECT s.visits_a_day FROM staff s WHERE s.id = NEW.staff) THEN "                                         \
  SAYS("more visits that day than the person may make (visits_a_day)")                                            \
  " WHEN EXISTS(SELECT 1 FROM absence x WHERE x.staff = NEW.staff AND " COVERS("x", "NEW.day") ") THEN "           \
  SAYS("the person is off that day (table absence)")                                                              \
  " WHEN EXISTS(SELECT 1 FROM no_visit x WHERE x.account = NEW.account AND " COVERS("x", "NEW.day") ") THEN "      \
  SAYS("the account takes no visits that day (table no_visit)")                                                   \
  " WHEN NEW.status = 'planned' AND NEW.begins IS NOT NULL AND NEW.contact IS NULL AND NEW.kind = 'regular' AND NOT EXISTS(" \
  "SELECT 1 FROM assignment a WHERE a.account = NEW.account AND a.staff = NEW.staff AND a.role IN ('owner', 'deputy')" \
  " AND a.from_day <= NEW.day AND (a.to_day IS NULL OR a.to_day > NEW.day)) THEN "                                \
  SAYS("a regular visit is made by an owner of the account") " END"

#define CHANGED(column) "NEW." column " IS NOT OLD." column
#define SPAN(table)                                                                                               \
  "CREATE TRIGGER " table "_dates_insert BEFORE INSERT ON " table " WHEN NEW.to_day <= NEW.from_day\n"              \
  "BEGIN SELECT " SAYS("it ends before it begins") "; END;\n"                                                      \
  "CREATE TRIGGER " table "_dates_update BEFORE UPDATE ON " table " WHEN NEW.to_day <= NEW.from_day\n"              \
  "BEGIN SELECT " SAYS("it ends before it begins") "; END;\n"
#define CLOCK(table, from, to, event, name)                                                                       \
  "CREATE TRIGGER " table "_times_" name " BEFORE " event " ON " table " WHEN\n"                                   \
  "  (NEW." from " IS NULL) <> (NEW." to " IS NULL) OR " NO_TIME("NEW." from) " OR " NO_TIME("NEW." to) " OR NEW." from " >= NEW." to "\n" \
  "BEGIN SELECT " SAYS(from " and " to " are times of the day, 09:00, in that order") "; END;\n"
#define CLOCKS(table, from, to) CLOCK(table, from, to, "INSERT", "insert") CLOCK(table, from, to, "UPDATE OF " from ", " to, "update")

static const char rules[] =
    "CREATE INDEX visit_open_staff ON visit(staff, day) WHERE " VISIT_OPEN ";\n"
    "CREATE INDEX visit_open_account ON visit(account, day) WHERE " VISIT_OPEN ";\n"
    "CREATE TRIGGER visit_times_insert BEFORE INSERT ON visit WHEN " NO_TIME("NEW.begins") " OR " NO_TIME("NEW.ends") "\n"
    "BEGIN SELECT " SAYS("begins and ends are times of the day, 09:30") "; END;\n"
    "CREATE TRIGGER visit_times_update BEFORE UPDATE OF begins, ends ON visit WHEN " NO_TIME("NEW.begins") " OR " NO_TIME("NEW.ends") "\n"
    "BEGIN SELECT " SAYS("begins and ends are times of the day, 09:30") "; END;\n"
    "CREATE TRIGGER visit_held_insert BEFORE INSERT ON visit WHEN " OPEN_OF("NEW") "\n"
    "BEGIN " HELD "; END;\n"
    "CREATE TRIGGER visit_held_update BEFORE UPDATE OF account, staff, contact, day, status, begins, ends, kind ON visit\n"
    "WHEN " OPEN_OF("NEW") " AND (NOT coalesce(" OPEN_OF("OLD") ", 0) OR " CHANGED("account") " OR " CHANGED("staff") " OR "
    CHANGED("contact") " OR " CHANGED("day") " OR " CHANGED("begins") " OR " CHANGED("ends") " OR " CHANGED("kind") ")\n"
    "BEGIN " HELD "; END;\n"
    SPAN("absence") SPAN("no_visit") CLOCKS("opening", "opens", "closes") CLOCKS("staff", "work_from", "work_to")
    "CREATE TRIGGER holiday_once BEFORE INSERT ON holiday WHEN EXISTS(\n"
    "  SELECT 1 FROM holiday h WHERE h.region = NEW.region AND h.day = NEW.day AND h.id IS NOT NEW.id)\n"
    "BEGIN SELECT " SAYS("this region has a row for that day already") "; END;\n"
    "CREATE TRIGGER travel_minutes_insert BEFORE INSERT ON travel WHEN NEW.minutes < 0\n"
    "BEGIN SELECT " SAYS("minutes on the road are not below zero") "; END;\n"
    "CREATE TRIGGER travel_minutes_update BEFORE UPDATE ON travel WHEN NEW.minutes < 0\n"
    "BEGIN SELECT " SAYS("minutes on the road are not below zero") "; END;\n";

/* --- what a plan keeps besides ------------------------------------------------------------------------------------ */

#define DAY_NAME(day, names) "substr('" names "', 1 + 3 * CAST(strftime('%w', " day ") AS INTEGER), 3)"
#define WEEKDAY_IS(row) "coalesce(" row ".weekday, " WEEKDAY ") = " WEEKDAY
#define WEEKDAY DAY_NAME("NEW.day", "SunMonTueWedThuFriSat")
#define OPENS(row, holds) "EXISTS(SELECT 1 FROM opening " row " WHERE " row ".account = NEW.account AND " WEEKDAY_IS(row) " AND " holds ")"

/* Everything from begins to ends lies in opening hours: those that close meanwhile are followed by others at once. */
#define LET_IN                                                                                                    \
  "(NOT EXISTS(SELECT 1 FROM opening o WHERE o.account = NEW.account) OR ("                                        \
  OPENS("o", "o.opens <= NEW.begins AND o.closes > NEW.begins") " AND NOT "                                        \
  OPENS("o", "o.closes > NEW.begins AND o.closes < NEW.ends AND o.opens < NEW.ends AND NOT "                       \
        OPENS("n", "n.opens <= o.closes AND n.closes > o.closes")) "))"

#define AT_WORK                                                                                                   \
  "EXISTS(SELECT 1 FROM staff s WHERE s.id = NEW.staff AND coalesce((SELECT h.works FROM holiday h WHERE h.region = s.region"  \
  " AND h.day = NEW.day), (SELECT c.works FROM calendar c WHERE c.day = NEW.day), strftime('%w', NEW.day) NOT IN ('0', '6'))"  \
  " AND instr(lower(coalesce(s.weekdays_off, '')), " DAY_NAME("NEW.day", "sunmontuewedthufrisat") ") = 0)"

#define REGULAR(row) row ".kind IS NOT 'by phone'"
#define GAP(x, y) "abs(julianday(" x ".day) - julianday(" y ".day))"

/* A visit among those `which` that is nearer than it may be: by what NEW says, else by what it says itself. */
#define TOO_NEAR(which)                                                                                           \
  "EXISTS(SELECT 1 FROM visit v WHERE v.account = NEW.account AND v.id IS NOT NEW.id AND v.status IN (" which ")"    \
  " AND v.day <> NEW.day AND " REGULAR("v") " AND " SAME_VISIT("v", "NEW") " AND " GAP("v", "NEW")                  \
  " < coalesce(NEW.min_gap, v.min_gap))"
#define NEAR_SAYS "this visit is nearer to another of the account than min_gap lets it be"

#define PLANNED(row) row ".status = 'planned' AND " row ".begins IS NOT NULL"
#define KEPT                                                                                                      \
  "SELECT CASE WHEN NOT " AT_WORK " THEN "                                                                         \
  SAYS("the person is off that day (tables calendar, holiday; weekdays_off)")                                     \
  " WHEN EXISTS(SELECT 1 FROM staff s WHERE s.id = NEW.staff AND (NEW.begins < s.work_from OR NEW.ends > s.work_to)) THEN " \
  SAYS("the visit is outside the hours of the person (work_from, work_to)")                                       \
  " WHEN NOT " LET_IN " THEN " SAYS("the account lets nobody in then (table opening)") " END"

static const char plan_rules[] =
    "CREATE TRIGGER visit_gap_insert BEFORE INSERT ON visit WHEN NEW.status = 'planned' AND " REGULAR("NEW") "\n"
    "BEGIN SELECT CASE WHEN " TOO_NEAR("'planned', 'fixed', 'moved', 'done'") " THEN " SAYS(NEAR_SAYS) " END; END;\n"
    "CREATE TRIGGER visit_gap_update BEFORE UPDATE OF account, contact, day, status, kind ON visit\n"
    "WHEN NEW.status = 'planned' AND " REGULAR("NEW") " AND (OLD.status IS NOT 'planned' OR " CHANGED("account") " OR "
    CHANGED("contact") " OR " CHANGED("day") " OR " CHANGED("kind") ")\n"
    "BEGIN SELECT CASE WHEN " TOO_NEAR("'planned', 'done'") " THEN " SAYS(NEAR_SAYS) " END; END;\n"
    "CREATE TRIGGER visit_kept_insert BEFORE INSERT ON visit WHEN " PLANNED("NEW") "\n"
    "BEGIN " KEPT "; END;\n"
    "CREATE TRIGGER visit_kept_update BEFORE UPDATE OF account, staff, day, status, begins, ends ON visit\n"
    "WHEN " PLANNED("NEW") " AND (OLD.status IS NOT 'planned' OR " CHANGED("account") " OR " CHANGED("staff") " OR "
    CHANGED("day") " OR " CHANGED("begins") " OR " CHANGED("ends") ")\n"
    "BEGIN " KEPT "; END;\n";

void visit_schema(Buf *sql) { buf_puts(sql, rules); }
void visit_schema_plan(Buf *sql) { buf_puts(sql, plan_rules); }

static const SchemaInvariant invariant[] = {
    {"visit", NULL,
     "SELECT a.code FROM visit v JOIN visit w ON w.day = v.day AND w.id > v.id AND " SAME_VISIT("w", "v")
     " JOIN account a ON a.id = v.account WHERE v." VISIT_OPEN " AND w." VISIT_OPEN
     " AND v.begins IS NOT NULL AND w.begins IS NOT NULL LIMIT 1",
     ONE_A_DAY},
    {"visit", NULL,
     "SELECT s.code FROM visit v JOIN visit w ON w.staff = v.staff AND w.day = v.day AND w.id > v.id AND w.begins < v.ends"
     " AND w.ends > v.begins JOIN staff s ON s.id = v.staff WHERE v." VISIT_OPEN " AND w." VISIT_OPEN " LIMIT 1",
     TWO_PLACES},
    {"visit", NULL,
     "SELECT a.code FROM visit NEW JOIN visit v ON v.account = NEW.account AND v.id > NEW.id AND v.day <> NEW.day AND " SAME_VISIT("v", "NEW")
     " JOIN account a ON a.id = v.account WHERE NEW.status = 'planned' AND v.status = 'planned' AND " REGULAR("NEW")
     " AND " REGULAR("v") " AND " GAP("v", "NEW") " < min(v.min_gap, NEW.min_gap) LIMIT 1",
     NEAR_SAYS},
};

const SchemaInvariant *visit_invariant(size_t i) { return i < sizeof invariant / sizeof *invariant ? &invariant[i] : NULL; }
