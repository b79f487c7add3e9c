#include "store/import_judge.h"

#include "base/lang.h"
#include "base/stop.h"
#include "store/import_cell.h"

#include <string.h>

bool cell_is_null(const NullWords *nulls, Str cell) {
  if (!cell.n) return true;
  if (nulls->judged) return cell.n == 4 && memcmp(cell.p, "NULL", 4) == 0;
  for (size_t i = 0; i < nulls->n; i++)
    if (str_is(cell, nulls->word[i])) return true;
  return false;
}

void judge_start(Judge *j, size_t ncol) {
  j->ncol = ncol;
  j->column = arena_zalloc(&j->arena, ncol, sizeof *j->column);
  for (size_t i = 0; i < ncol; i++) {
    j->column[i].number = j->column[i].date = true;
    j->column[i].orders = DATES_YMD | DATES_MDY | DATES_DMY;
  }
}

/* The first cell that is no number after numbers, or no date after dates. */
static void note_odd(Judge *j, Judged *c, JudgedKind before, Str cell, uint64_t line) {
  enum { SHOWN = 40 };
  if (c->odd_line || c->cells == 1) return;
  c->odd_line = line;
  c->before = before;
  size_t n = cell.n < SHOWN ? cell.n : SHOWN;
  while (n < cell.n && n > 0 && ((unsigned char)cell.p[n] & 0xC0) == 0x80) n--;
  c->odd = (Str){arena_strndup(&j->arena, cell.p, n), n};
}

static void judge_date(Judge *j, Judged *c, Str cell, uint64_t line) {
  enum { ENOUGH = 100 };
  if (!c->date && c->cells > ENOUGH && !(c->fit[0] | c->fit[1] | c->fit[2])) return;
  if (j->dates) {
    Day day;
    if (cell_date(cell, j->dates, &day) == CELL_NOT) {
      if (c->date && c->fit[0]) note_odd(j, c, JUDGED_DATE, cell, line);
      c->date = false;
    } else {
      c->fit[0]++;
      c->timed = c->timed || cell.n > 10;
    }
    return;
  }
  bool timed = false;
  unsigned orders = cell_date_orders(cell, &timed);
  for (int k = 0; k < 3; k++) c->fit[k] += orders >> k & 1;
  if (c->date && !(c->orders & orders)) note_odd(j, c, JUDGED_DATE, cell, line);
  c->orders &= orders;
  c->date = c->date && c->orders;
  c->timed = c->timed || timed;
}

static void judge_cell(Judge *j, Judged *c, Str cell, uint64_t line) {
  cell = str_trim(cell);
  if (cell_is_null(&j->nulls, cell)) {
    c->words += cell.n == 4 && j->nulls.judged;
    return;
  }
  c->cells++;
  if (c->number) {
    if (cell_looks_number(cell, j->decimal)) {
      if (j->dates & DATES_COMPACT) judge_date(j, c, cell, line);
      else if (c->cells == 1) c->date = false;
      else if (c->date) judge_date(j, c, cell, line);
      return;
    }
    note_odd(j, c, JUDGED_NUMBER, cell, line);
    c->number = false;
  }
  judge_date(j, c, cell, line);
}

/* --- cells that change nothing ---- */

/* [-]digits[.digits] as cell_looks_number takes them, up to 15 digits in front. */
static inline bool simple_number(Str c, char decimal) {
  size_t i = c.n && c.p[0] == '-', from = i;
  while (i < c.n && (unsigned)(c.p[i] - '0') <= 9) i++;
  size_t digits = i - from;
  if (!digits || digits > 15 || (digits > 1 && c.p[from] == '0')) return false;
  if (i == c.n) return true;
  if (c.p[i++] != decimal || i == c.n || c.n - i > 30) return false;
  while (i < c.n && (unsigned)(c.p[i] - '0') <= 9) i++;
  return i == c.n;
}

/* What a column is taken for, as far as its next cells mostly agree. */
typedef enum Steady { STEADY_NOT, STEADY_NUMBER, STEADY_TEXT, STEADY_DATE } Steady;

static Steady steady(const Judge *j, const Judged *c) {
  enum { ENOUGH = 100 };
  if (!j->nulls.judged || j->dates || c->cells <= ENOUGH) return STEADY_NOT;
  if (c->number) return c->date ? STEADY_NOT : STEADY_NUMBER;
  if (c->date) return STEADY_DATE;
  return c->fit[0] | c->fit[1] | c->fit[2] ? STEADY_NOT : STEADY_TEXT;
}

static inline bool plain_text(Str c) {
  return c.n && c.n != 4 && (unsigned char)(c.p[0] - '!') < 0x7f - '!' && (unsigned char)(c.p[c.n - 1] - '!') < 0x7f - '!';
}

/* A column down the rows. Of dates the same one often comes many times. */
static void judge_column(Judge *j, const CsvRows *rows, size_t k) {
  Judged *c = &j->column[k];
  Steady is = STEADY_NOT;
  Str day = {0};
  uint64_t fit[3] = {0};
  for (size_t i = 0; i < rows->n; i++) {
    const CsvRow *row = &rows->row[i];
    if (row->n < j->ncol) continue;
    Str cell = rows->field[row->first + k];
    if (is == STEADY_NUMBER ? simple_number(cell, j->decimal) : is == STEADY_TEXT && plain_text(cell)) {
      c->cells++;
      continue;
    }
    if (is == STEADY_DATE && day.n && str_eq(cell, day)) {
      c->cells++;
      for (int f = 0; f < 3; f++) c->fit[f] += fit[f];
      continue;
    }
    Judged was = *c;
    judge_cell(j, c, cell, row->line);
    is = steady(j, c);
    day = is == STEADY_DATE && c->cells > was.cells && c->orders == was.orders ? cell : (Str){0};
    for (int f = 0; f < 3; f++) fit[f] = c->fit[f] - was.fit[f];
  }
}

void judge_rows(Judge *j, const CsvRows *rows) {
  for (size_t i = 0; i < rows->n; i++) j->short_rows += rows->row[i].n != j->ncol;
  j->rows += rows->n;
  for (size_t k = 0; k < j->ncol; k++) judge_column(j, rows, k);
}

/* Of the orders that fit most cells the first; 0 when hardly any cell is a date. */
static unsigned likeliest(const Judged *c) {
  int best = 0;
  for (int k = 1; k < 3; k++)
    if (c->fit[k] > c->fit[best]) best = k;
  return c->fit[best] * 2 > c->cells ? 1u << best : 0;
}

void judge_end(Judge *j) {
  for (size_t i = 0; i < j->ncol; i++) {
    Judged *c = &j->column[i];
    c->kind = !c->cells                             ? JUDGED_EMPTY
              : c->date && (!c->number || j->dates) ? JUDGED_DATE
              : c->number                           ? JUDGED_NUMBER
                                                    : JUDGED_TEXT;
    c->dates = j->dates ? j->dates : likeliest(c);
    c->unsure = !j->dates && (c->dates & (DATES_MDY | DATES_DMY)) && c->fit[1] == c->fit[2];
    if (c->kind == JUDGED_DATE && c->unsure) c->kind = JUDGED_TEXT;
  }
}

void judge_free(Judge *j) {
  arena_free(&j->arena);
  j->column = NULL;
  j->ncol = 0;
}

bool judge_source(Judge *j, FileSource *s, Err *e) {
  SourceRows rows = {0};
  bool ok = true;
  judge_start(j, s->ncol);
  while ((ok = stop_check(e) && filesource_next(s, &rows, e)) && rows.csv.n) judge_rows(j, &rows.csv);
  judge_end(j);
  filesource_rows_free(&rows);
  return ok && filesource_rewind(s, e);
}

const char *judged_name(JudgedKind kind) {
  static const char *const name[] = {N_("empty"), N_("number"), N_("date"), N_("text")};
  return name[kind];
}

void judged_describe(const Judged *c, Buf *out) {
  buf_puts(out, _(judged_name(c->kind)));
  if (c->kind == JUDGED_TEXT && c->unsure)
    buf_say(out, " (dates, but day and month could be exchanged: say --dates m/d/y or d/m/y)");
  else if (c->kind == JUDGED_TEXT && c->odd_line)
    buf_say(out, " (%ss, until line %llu says '%.*s')", _(judged_name(c->before)),
            (unsigned long long)c->odd_line, STR_ARG(c->odd));
}
