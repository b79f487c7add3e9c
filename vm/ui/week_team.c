/* The days of a team: people downwards, days side by side. */
#include "base/lang.h"
#include "base/mem.h"
#include "ui/cells.h"
#include "ui/week.h"

enum { CELL = 4, SUMS = 16, WIDTH = 100, NAME_MOST = 24, NAME_LEAST = 6 };

static const char *const weekday_short[] = {N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su")};

static const WeekCell *cell_of(const WeekTeam *t, int32_t person, int32_t day) {
  return &t->cell[(size_t)person * t->days + day];
}

static bool is_idle(const WeekTeam *t, int32_t day) {
  if (day_weekday(t->first + day) < 6) return false;
  for (int32_t i = 0; i < t->people; i++)
    if (cell_of(t, i, day)->at_work > 0 || cell_of(t, i, day)->visits) return false;
  return true;
}

static void put_cell(const WeekCell *c, Buf *out) {
  Buf b = {0};
  if (c->visits > 0) buf_printf(&b, "%d", c->visits);
  else buf_puts(&b, c->visits < 0 ? "?" : c->at_work > 0 ? "0" : "·");
  int pad = CELL - 1 - utf8_width(buf_view(&b));
  if (pad > 0) buf_fill(out, ' ', (size_t)pad);
  buf_str(out, buf_view(&b));
  if (c->at_work > 0 && c->minutes > c->at_work) buf_char(out, '!');
  else if (c->at_work > 0 && c->minutes > 0) fmt_level((double)c->minutes / c->at_work - 1.0 / 16, out);
  else buf_char(out, c->visits > 0 ? '!' : ' '); /* a visit on a day off */
  buf_free(&b);
}

static void put_name(Str name, int width, Buf *out) {
  Buf safe = {0}, cut = {0};
  str_visible(name, false, &safe);
  cells_clip(buf_view(&safe), width, &cut);
  buf_puts(out, "  ");
  buf_str(out, buf_view(&cut));
  buf_fill(out, ' ', (size_t)(width - utf8_width(buf_view(&cut))));
  buf_free(&safe);
  buf_free(&cut);
}

static void end_line(Buf *out) {
  while (out->n && out->p[out->n - 1] == ' ') out->p[--out->n] = 0;
  buf_char(out, '\n');
}

/* To the right of so many columns. */
static void put_right(const char *text, int width, Buf *out) {
  int pad = width - utf8_width(str_of(text));
  if (pad > 0) buf_fill(out, ' ', (size_t)pad);
  buf_puts(out, text);
}

static void put_heads(const WeekTeam *t, const int32_t *day, int days, int name_width, Buf *out) {
  buf_puts(out, "  ");
  day_print(t->first + day[0], out);
  buf_puts(out, " … ");
  day_print(t->first + day[days - 1], out);
  buf_char(out, '\n');
  put_name(STR(""), name_width, out);
  for (int k = 0; k < days; k++) {
    put_right(_(weekday_short[day_weekday(t->first + day[k]) - 1]), CELL - 1, out);
    buf_char(out, ' ');
  }
  end_line(out);
  put_name(STR(""), name_width, out);
  for (int k = 0; k < days; k++) {
    int year, month, date;
    day_parts(t->first + day[k], &year, &month, &date);
    buf_printf(out, " %2d ", date);
  }
  put_right(_("visits"), 8, out);
  put_right(_("load"), 7, out);
  buf_char(out, '\n');
}

/* Of some days of a person. */
typedef struct Sum {
  int64_t visits, minutes, at_work;
  bool unknown;
} Sum;

static Sum sum_of(const WeekTeam *t, int32_t person, const int32_t *day, int days) {
  Sum s = {0};
  for (int k = 0; k < days; k++) {
    const WeekCell *c = cell_of(t, person, day ? day[k] : k);
    if (c->visits < 0) s.unknown = true;
    else s.visits += c->visits;
    s.minutes += c->minutes;
    s.at_work += c->at_work > 0 ? c->at_work : 0;
  }
  return s;
}

static void put_block(const WeekTeam *t, const int32_t *day, int days, int name_width, Buf *out) {
  put_heads(t, day, days, name_width, out);
  for (int32_t i = 0; i < t->people; i++) {
    Sum s = sum_of(t, i, day, days);
    put_name(t->name[i], name_width, out);
    for (int k = 0; k < days; k++) put_cell(cell_of(t, i, day[k]), out);
    if (s.unknown) buf_puts(out, "       ?      ?");
    else buf_printf(out, "  %6lld", (long long)s.visits);
    if (s.at_work && !s.unknown) buf_printf(out, "  %3.0f %%", 100 * (double)s.minutes / (double)s.at_work);
    buf_char(out, '\n');
  }
}

void week_team(const WeekTeam *t, int width, Buf *out) {
  Arena a = {0};
  int name_width = NAME_LEAST, shown = 0;
  int32_t *day = arena_alloc(&a, ((size_t)t->days + 1) * sizeof *day);
  if (width <= 0) width = WIDTH;
  for (int32_t i = 0; i < t->people; i++) {
    int w = utf8_width(t->name[i]);
    if (w > name_width) name_width = w < NAME_MOST ? w : NAME_MOST;
  }
  while (name_width > NAME_LEAST && 2 + name_width + 5 * CELL + SUMS > width) name_width--;
  for (int32_t d = 0; d < t->days; d++)
    if (!is_idle(t, d)) day[shown++] = d;
  int most = (width - 2 - name_width - SUMS) / CELL;
  if (most < 1) most = 1;
  str_visible(t->title, false, out);
  if (t->title.n) buf_char(out, '\n');
  for (int from = 0; from < shown;) {
    int count = 1, whole = 0; /* as many whole weeks as fit, or as many days */
    while (from + count < shown && count < most) {
      if (day_weekday(t->first + day[from + count]) <= day_weekday(t->first + day[from + count - 1])) whole = count;
      count++;
    }
    bool next_begins = from + count < shown && day_weekday(t->first + day[from + count]) <= day_weekday(t->first + day[from + count - 1]);
    if (from + count < shown && whole && !next_begins) count = whole;
    put_block(t, day + from, count, name_width, out);
    from += count;
  }
  if (!t->people || !shown) buf_say(out, "  nobody\n");
  arena_free(&a);
}

void week_team_table(const WeekTeam *t, Arena *a, UiTable *out) {
  size_t columns = (size_t)t->days + 3, people = (size_t)t->people;
  UiColumn *col = arena_zalloc(a, columns, sizeof *col);
  Val *cell = arena_alloc(a, people * columns * sizeof *cell);
  Buf b = {0};
  for (size_t k = 0; k < columns; k++) col[k].fmt = FMT_NONE;
  col[0].title = STR(N_("person"));
  col[columns - 2].title = STR(N_("visits"));
  col[columns - 1] = (UiColumn){STR(N_("load")), UNIT_PERCENT, FMT_NONE};
  for (int32_t d = 0; d < t->days; d++) {
    buf_clear(&b);
    day_print(t->first + d, &b);
    col[d + 1].title = (Str){arena_strndup(a, b.p, b.n), b.n};
  }
  for (int32_t i = 0; i < t->people; i++) {
    Val *row = cell + (size_t)i * columns;
    Sum s = sum_of(t, i, NULL, t->days);
    row[0] = val_text((Str){arena_strndup(a, t->name[i].p, t->name[i].n), t->name[i].n});
    for (int32_t d = 0; d < t->days; d++) {
      const WeekCell *c = cell_of(t, i, d);
      row[d + 1] = c->visits < 0 || (!c->visits && c->at_work <= 0) ? val_null() : val_int(c->visits);
    }
    row[columns - 2] = s.unknown ? val_null() : val_int(s.visits);
    row[columns - 1] = s.at_work && !s.unknown ? val_dec((s.minutes * 1000 + s.at_work / 2) / s.at_work, -3) : val_null();
  }
  buf_free(&b);
  *out = (UiTable){.title = t->title, .ncol = columns, .nrow = people, .col = col, .cell = cell, .words = true};
}
