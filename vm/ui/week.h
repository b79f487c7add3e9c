/* Calendars for a terminal: the week of one person, days side by side and hours downwards, and a team's days with how
 * many visits each holds. Columns are aligned by what a terminal shows, whatever the script; lines are no wider than
 * asked. The same as tables, for csv and xlsx. Plain arrays in, text out; all only read; nothing fails. */
#ifndef UI_WEEK_H
#define UI_WEEK_H
#include "base/date.h"
#include "ui/table.h"

typedef struct WeekVisit {
  Day day;
  int32_t from, to;      /* minutes after midnight, from <= to; both WEEK_ANY: no time, above the hours */
  Str text;              /* "C0042 华东仪表" */
  char mark;             /* before the text: '!' pinned, '*' kept …; or 0 */
} WeekVisit;

enum { WEEK_ANY = -1 };

typedef struct WeekOff { /* a day off: "off", "春节" under its heading */
  Day day;
  Str text;
} WeekOff;

typedef struct WeekPerson {
  Str name;
  Day first;             /* of the first row of days */
  int32_t days;          /* in all; shown a week at a time, or as many as the width lets through */
  const WeekVisit *visit;/* any order; those on other days are left out */
  size_t count;
  const WeekOff *off;
  size_t off_count;
} WeekPerson;

/* The half hours that hold something. Saturdays and Sundays without a visit or a day off are not shown. A visit stands in
 * the half hour it begins in, with the minute when that is another, and goes on below as │. 0 as width: 100. */
void week_person(const WeekPerson *w, int width, Buf *out);
/* A row a visit, by day and time: date, weekday, from, to, what. Cells live in the arena. */
void week_person_table(const WeekPerson *w, Arena *a, UiTable *out);

typedef struct WeekCell {/* of one person on one day */
  int32_t visits;        /* WEEK_ANY: unknown, and so are the minutes */
  int32_t minutes;       /* of visits and roads */
  int32_t at_work;       /* minutes the day has; 0: off */
} WeekCell;

typedef struct WeekTeam {
  Str title;
  Day first;
  int32_t days, people;
  const Str *name;       /* [people] */
  const WeekCell *cell;  /* [person × days + day] */
} WeekTeam;

/* Person × day: the visits and a mark ▁…█ for how full the day is, ! beyond full, · for a day off; and per person the visits
 * of the days shown and the share of the time at work that is taken. Days that do not fit into the width follow below;
 * weekends when nobody works or visits are not shown. 0 as width: 100. */
void week_team(const WeekTeam *t, int width, Buf *out);
/* A row a person, a column a day (visits; nothing on days off), then visits and load. */
void week_team_table(const WeekTeam *t, Arena *a, UiTable *out);
#endif
