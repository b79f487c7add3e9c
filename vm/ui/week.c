#include "ui/week.h"

#include "base/lang.h"
#include "base/mem.h"
#include "ui/cells.h"

#include <stdlib.h>

enum { SLOT = 30, SLOTS = 1440 / SLOT, HOUR_WIDTH = 7, GAP = 2, NARROWEST = 12, WIDEST = 34, WIDTH = 100 };

static const char *const weekday_name[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};

typedef struct Column {
  Day day;
  const WeekVisit **visit; /* of that day, by time */
  size_t count;
  size_t next;             /* the first that has not begun yet */
} Column;

static int by_time(const void *a, const void *b) {
  const WeekVisit *x = *(const WeekVisit *const *)a, *y = *(const WeekVisit *const *)b;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  if (x->from != y->from) return x->from < y->from ? -1 : 1;
  return str_cmp(x->text, y->text);
}

static const WeekVisit **sorted(const WeekPerson *w, Arena *a, size_t *count) {
  const WeekVisit **list = arena_alloc(a, w->count * sizeof *list);
  *count = 0;
  for (size_t i = 0; i < w->count; i++)
    if (w->visit[i].day >= w->first && w->visit[i].day - w->first < w->days) list[(*count)++] = &w->visit[i];
  if (*count) qsort(list, *count, sizeof *list, by_time);
  return list;
}

static Str off_on(const WeekPerson *w, Day d) {
  for (size_t i = 0; i < w->off_count; i++)
    if (w->off[i].day == d) return w->off[i].text.n ? w->off[i].text : str_of(_("off"));
  return (Str){0};
}

/* Text of unknown origin, cut to the width and filled up to it. */
static void put_cell(Str text, int width, Buf *out) {
  Buf safe = {0}, cut = {0};
  str_visible(text, false, &safe);
  cells_clip(buf_view(&safe), width, &cut);
  buf_str(out, buf_view(&cut));
  buf_fill(out, ' ', (size_t)(width - utf8_width(buf_view(&cut))));
  buf_free(&safe);
  buf_free(&cut);
}

static void end_line(Buf *out) {
  while (out->n && out->p[out->n - 1] == ' ') out->p[--out->n] = 0;
  buf_char(out, '\n');
}

static int slot_of(const WeekVisit *v) { return v->from < 0 ? -1 : v->from / SLOT; }

/* Is a visit that began before this half hour still under way in it? */
static bool goes_on(const Column *c, int slot) {
  for (size_t i = 0; i < c->count; i++)
    if (slot_of(c->visit[i]) >= 0 && slot_of(c->visit[i]) < slot && c->visit[i]->to > slot * SLOT) return true;
  return false;
}

static void put_visit(const WeekVisit *v, int width, Buf *out) {
  Buf text = {0};
  if (v->mark) {
    buf_char(&text, v->mark);
    buf_char(&text, ' ');
  }
  if (v->from >= 0 && v->from % SLOT) buf_printf(&text, ":%02d ", v->from % 60);
  buf_str(&text, v->text);
  put_cell(buf_view(&text), width, out);
  buf_free(&text);
}

/* The lines of one half hour (-1: visits without a time); none when nothing is in it. */
static void put_slot(Column *column, int columns, int slot, int width, Buf *out) {
  bool any = true, first = true;
  for (int k = 0; k < columns && first; k++) first = !goes_on(&column[k], slot);
  for (int line = 0; any; line++) {
    any = !line && !first;
    for (int k = 0; k < columns; k++) {
      const Column *c = &column[k];
      any = any || (c->next < c->count && slot_of(c->visit[c->next]) == slot);
    }
    if (!any) return;
    if (line) buf_fill(out, ' ', HOUR_WIDTH);
    else if (slot < 0) put_cell(str_of(_("  any  ")), HOUR_WIDTH, out);
    else buf_printf(out, " %02d:%02d ", slot * SLOT / 60, slot * SLOT % 60);
    for (int k = 0; k < columns; k++) {
      Column *c = &column[k];
      if (k) buf_fill(out, ' ', GAP);
      if (c->next < c->count && slot_of(c->visit[c->next]) == slot) put_visit(c->visit[c->next++], width, out);
      else put_cell(goes_on(c, slot) ? STR("│") : STR(""), width, out);
    }
    end_line(out);
  }
}

static void put_days(const WeekPerson *w, Column *column, int columns, int width, Buf *out) {
  bool off = false;
  Buf head = {0};
  buf_fill(out, ' ', HOUR_WIDTH);
  for (int k = 0; k < columns; k++) {
    int year, month, day;
    day_parts(column[k].day, &year, &month, &day);
    buf_clear(&head);
    buf_printf(&head, "%s %02d-%02d", _(weekday_name[day_weekday(column[k].day) - 1]), month, day);
    if (k) buf_fill(out, ' ', GAP);
    put_cell(buf_view(&head), width, out);
    off = off || off_on(w, column[k].day).n;
  }
  buf_free(&head);
  end_line(out);
  if (off) {
    buf_fill(out, ' ', HOUR_WIDTH);
    for (int k = 0; k < columns; k++) {
      if (k) buf_fill(out, ' ', GAP);
      put_cell(off_on(w, column[k].day), width, out);
    }
    end_line(out);
  }
  for (int slot = -1; slot < SLOTS; slot++) put_slot(column, columns, slot, width, out);
}

void week_person(const WeekPerson *w, int width, Buf *out) {
  Arena a = {0};
  size_t count, at = 0;
  const WeekVisit **list = sorted(w, &a, &count);
  if (width <= 0) width = WIDTH;
  int most = (width - HOUR_WIDTH + GAP) / (NARROWEST + GAP);
  if (most < 1) most = 1;
  str_visible(w->name, false, out);
  if (w->name.n) buf_char(out, '\n');
  for (int32_t d = 0; d < w->days;) {
    Column column[7];
    int columns = 0;
    do { /* up to the end of the week */
      Column c = {.day = w->first + d, .visit = list + at};
      while (at < count && list[at]->day == c.day) at++, c.count++;
      if (day_weekday(c.day) < 6 || c.count || off_on(w, c.day).n) column[columns++] = c;
      d++;
    } while (d < w->days && day_weekday(w->first + d) != 1);
    for (int from = 0; from < columns; from += most) {
      int shown = columns - from < most ? columns - from : most;
      int each = (width - HOUR_WIDTH + GAP) / (columns < most ? columns : most) - GAP;
      if (each > WIDEST) each = WIDEST;
      if (each < 1) each = 1;
      put_days(w, column + from, shown, each, out);
    }
  }
  if (!count) buf_say(out, "  no visits\n");
  arena_free(&a);
}

static Val time_text(int32_t minutes, Arena *a) {
  if (minutes < 0) return val_null();
  return val_text(str_of(arena_printf(a, "%02d:%02d", minutes / 60, minutes % 60)));
}

void week_person_table(const WeekPerson *w, Arena *a, UiTable *out) {
  static const UiColumn col[] = {{STR(N_("date")), UNIT_NONE, {FMT_AUTO, -1}}, {STR(N_("weekday")), UNIT_NONE, {FMT_AUTO, -1}},
                                 {STR(N_("begins")), UNIT_NONE, {FMT_AUTO, -1}}, {STR(N_("ends")), UNIT_NONE, {FMT_AUTO, -1}},
                                 {STR(N_("visit")), UNIT_NONE, {FMT_AUTO, -1}}};
  enum { COLUMNS = sizeof col / sizeof *col };
  size_t count;
  const WeekVisit **list = sorted(w, a, &count);
  Val *cell = arena_alloc(a, count * COLUMNS * sizeof *cell);
  for (size_t i = 0; i < count; i++) {
    Val *row = cell + i * COLUMNS;
    row[0] = val_date(list[i]->day);
    row[1] = val_text(str_of(weekday_name[day_weekday(list[i]->day) - 1]));
    row[2] = time_text(list[i]->from, a);
    row[3] = time_text(list[i]->to, a);
    row[4] = val_text((Str){arena_strndup(a, list[i]->text.p, list[i]->text.n), list[i]->text.n});
  }
  *out = (UiTable){.title = w->name, .ncol = COLUMNS, .nrow = count, .col = col, .cell = cell, .words = true};
}
