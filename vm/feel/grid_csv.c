/* A decision table from CSV, as spreadsheets write it, with the damage they do:
 * every fault is told, and the table refused as a whole. */
#include "feel/grid.h"
#include "feel/parse.h"

#include "base/lang.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

enum { FAULTS = 12 }; /* so many are told in full */

typedef struct Record {
  size_t first, n; /* its cells */
  size_t at, end;  /* bytes */
  int line;
} Record;

typedef struct Csv {
  const Src *src;
  Src rest;        /* from the record that is read to the end; lines are counted on from here */
  size_t base;     /* where it begins */
  Arena *a;
  char sep;
  Src *cell;
  size_t ncell, cell_cap;
  Record *rec;
  size_t nrec, rec_cap;
} Csv;

/* --- records */

static char separator(Str s) { /* the one that stands most often in the heading */
  static const char sign[] = ",;\t";
  size_t count[3] = {0}, best = 0;
  bool quoted = false;
  for (size_t i = 0; i < s.n && s.p[i] != '\n'; i++) {
    if (s.p[i] == '"') quoted = !quoted;
    const char *hit = quoted || !s.p[i] ? NULL : strchr(sign, s.p[i]);
    if (hit) count[hit - sign]++;
  }
  for (size_t k = 1; k < 3; k++)
    if (count[k] > count[best]) best = k;
  return sign[best];
}

static void add_cell(Csv *c, Src cell) {
  mem_grow(c->cell, c->cell_cap, c->ncell + 1);
  c->cell[c->ncell++] = cell;
}

/* The text [from, to) of the record `rec`, which begins at byte `base`: places are found from
 * the start of the record, not of the file. */
static Src trimmed(const Csv *c, const Src *rec, size_t base, size_t from, size_t to) {
  Str s = str_trim(str_sub(c->src->text, from, to));
  size_t at = s.n ? (size_t)(s.p - c->src->text.p) : from;
  return src_sub(rec, at - base, at - base + s.n);
}

/* A cell in quotes; "" inside is one quote. *at: on the opening quote, then behind the closing one. */
static bool quoted(Csv *c, const Src *rec, size_t base, size_t *at, Src *out, Err *e) {
  Str s = c->src->text;
  size_t from = *at + 1, i = from;
  bool doubled = false;
  for (;; i++) {
    if (i >= s.n) return src_err(e, c->src, *at, 1, "this quote is never closed");
    if (s.p[i] != '"') continue;
    if (i + 1 >= s.n || s.p[i + 1] != '"') break;
    doubled = true;
    i++;
  }
  *out = trimmed(c, rec, base, from, i);
  *at = i + 1;
  if (!doubled) return true;
  Buf b = {0};
  for (size_t k = 0; k < out->text.n; k++) {
    buf_char(&b, out->text.p[k]);
    if (out->text.p[k] == '"') k++;
  }
  out->text = (Str){arena_strndup(c->a, b.p, b.n), b.n};
  buf_free(&b);
  return true;
}

static bool read_record(Csv *c, size_t *at, Err *e) {
  Str s = c->src->text;
  size_t base = *at;
  Src rec = src_sub(&c->rest, base - c->base, c->rest.text.n);
  c->rest = rec;
  c->base = base;
  Record r = {.first = c->ncell, .at = base, .line = rec.line};
  for (;;) {
    Src cell;
    size_t i = *at;
    while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t') && s.p[i] != c->sep) i++;
    if (i < s.n && s.p[i] == '"') {
      if (!quoted(c, &rec, base, &i, &cell, e)) return false;
      while (i < s.n && s.p[i] != c->sep && s.p[i] != '\n' && s.p[i] != '\r') {
        if (s.p[i] != ' ') return src_err(e, c->src, i, 1, "text behind the closing quote of a cell");
        i++;
      }
    } else {
      size_t from = *at;
      for (i = from; i < s.n && s.p[i] != c->sep && s.p[i] != '\n'; i++) continue;
      cell = trimmed(c, &rec, base, from, i);
    }
    add_cell(c, cell);
    *at = i;
    if (i >= s.n || s.p[i] != c->sep) break;
    ++*at;
  }
  r.end = *at;
  while (*at < s.n && s.p[*at] == '\r') ++*at;
  if (*at < s.n && s.p[*at] == '\n') ++*at;
  r.n = c->ncell - r.first;
  bool empty = true;
  for (size_t i = 0; i < r.n; i++) empty = empty && !c->cell[r.first + i].text.n;
  if (empty) {
    c->ncell = r.first;
    return true;
  }
  mem_grow(c->rec, c->rec_cap, c->nrec + 1);
  c->rec[c->nrec++] = r;
  return true;
}

static bool read_all(Csv *c, Err *e) {
  Str s = c->src->text;
  size_t bad, at = str_starts(s, "\xEF\xBB\xBF") ? 3 : 0;
  if (!utf8_valid(s, &bad)) {
    src_err(e, c->src, bad, 0, "this file is neither UTF-8 nor GB18030, in which Excel saves in China");
    return err_todo(e, "save it as \"CSV UTF-8\"");
  }
  c->sep = separator(s);
  while (at < s.n)
    if (!read_record(c, &at, e)) return false;
  return true;
}

/* --- faults */

/* All are told before the table is refused: each where it stands, then what it is, as lines of one text. */
typedef struct Faults {
  Err *e;
  size_t n;
  Buf place; /* of the first */
  Buf text;
} Faults;

static Buf *place_of(Faults *all, const Src *at, Str column) {
  Buf *to = all->n == 1 ? &all->place : &all->text;
  if (all->n > 1) buf_char(&all->text, '\n');
  buf_printf(to, "%s:%d", at->file ? at->file : "line", at->line);
  if (column.n) buf_say(to, ", column %.*s", STR_ARG(column));
  if (all->n > 1) buf_puts(&all->text, ": ");
  return &all->text;
}

static void fault(Faults *all, const Src *at, Str column, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static void fault(Faults *all, const Src *at, Str column, const char *fmt, ...) {
  if (++all->n > FAULTS) return;
  Buf *text = place_of(all, at, column);
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(text, lang_text(fmt), ap);
  va_end(ap);
}

static bool told(Faults *all) {
  if (all->n) {
    err_set(all->e, ERR_FAIL, "%s", all->text.p);
    err_at(all->e, all->place.p, 0, 0);
    if (all->n == 1) err_left(all->e, "table refused");
    else err_left(all->e, "%zu faults, table refused", all->n);
  }
  bool ok = !all->n;
  buf_free(&all->place);
  buf_free(&all->text);
  return ok;
}

/* --- the table */

typedef struct Table {
  Csv csv;
  Faults faults;
  size_t width;   /* columns of the heading */
  size_t *column; /* inputs, then outputs: the column of the file that each is */
  Grid *out;
} Table;

static const Src *cell_of(const Table *t, const Record *r, size_t column) {
  return &t->csv.cell[r->first + column];
}

/* The length of a prefix like "out:" or "out：", 0 when there is none. */
static size_t prefix(Str s, const char *name) {
  size_t n = strlen(name);
  if (!str_starts(s, name)) return 0;
  if (n < s.n && s.p[n] == ':') return n + 1;
  return n + 3 <= s.n && memcmp(s.p + n, "：", 3) == 0 ? n + 3 : 0;
}

static const char *named(const Table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static const char *named(const Table *t, const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  const char *z = arena_strndup(t->csv.a, b.p ? b.p : "", b.n);
  buf_free(&b);
  return z;
}

static bool heading(Table *t, Err *e) {
  const Record *r = t->csv.rec;
  const Src *src = t->csv.src;
  Grid *g = t->out;
  if (!r) return src_err(e, src, 0, 0, "an empty file");
  for (t->width = r->n; t->width && !cell_of(t, r, t->width - 1)->text.n;) t->width--;
  size_t room = t->width + 1;
  g->policy = *cell_of(t, r, 0);
  g->in = arena_alloc(t->csv.a, room * sizeof *g->in);
  g->out = arena_alloc(t->csv.a, room * sizeof *g->out);
  g->note = arena_zalloc(t->csv.a, room, sizeof *g->note);
  t->column = arena_alloc(t->csv.a, room * sizeof *t->column);
  size_t *outs = arena_alloc(t->csv.a, room * sizeof *outs);
  for (size_t i = 1; i < t->width; i++) {
    Src c = *cell_of(t, r, i);
    if (!c.text.n) return src_err(e, &c, 0, 0, "column %zu has no heading", i + 1);
    size_t out = prefix(c.text, "out"), note = prefix(c.text, "note"), cut = out + note;
    if (cut) c = src_sub(&c, cut, c.text.n);
    if (src->what) c.what = named(t, "heading of %s, column %zu", src->what, i + 1);
    if (cut) g->note[g->nout] = note > 0, outs[g->nout] = i, g->out[g->nout++] = c;
    else t->column[g->nin] = i, g->in[g->nin++] = c;
  }
  memcpy(t->column + g->nin, outs, g->nout * sizeof *outs);
  if (g->nin && g->nout) return true;
  src_err(e, src, r->at, r->end - r->at, "no column of this table is an %s", g->nin ? "output" : "input");
  return err_todo(e, "a heading reads  first,region,tier,out:approver,note:reason");
}

static bool right_width(Table *t, const Record *r) {
  size_t n = r->n;
  while (n > t->width && !cell_of(t, r, n - 1)->text.n) n--;
  if (n == t->width) return true;
  Src at = src_sub(t->csv.src, r->at, r->end);
  if (n > t->width && t->width) {
    const Src *from = cell_of(t, r, t->width - 1), *to = cell_of(t, r, n - 1);
    size_t a = (size_t)(from->text.p - t->csv.src->text.p);
    bool raw = from->whole.n && to->text.p >= from->text.p;
    size_t b = raw ? a + (size_t)(to->text.p + to->text.n - from->text.p) : a;
    Str joined = raw ? str_sub(t->csv.src->text, a, b) : from->text;
    fault(&t->faults, &at, (Str){0},
          "%zu columns where the heading has %zu; is the comma in \"%.*s\" meant as text? quote the cell or write ，", n,
          t->width, STR_ARG(joined));
  } else {
    fault(&t->faults, &at, (Str){0},
          "%zu columns where the heading has %zu; each row has a cell for each heading: write - for \"any\"", n, t->width);
  }
  return false;
}

static bool blank_test(const Table *t, const Record *r, size_t column) {
  Str mark = cell_of(t, r, 0)->text;
  return r->n >= t->width && !mark.n && !cell_of(t, r, column)->text.n;
}

/* One fault for a run of blank tests in a column, told at its first row. */
static void blank_run(Table *t, size_t row, size_t in) {
  const Csv *c = &t->csv;
  size_t column = t->column[in], last = row;
  if (row > 1 && blank_test(t, &c->rec[row - 1], column)) return;
  while (last + 1 < c->nrec && blank_test(t, &c->rec[last + 1], column)) last++;
  const Src *cell = cell_of(t, &c->rec[row], column);
  Str head = t->out->in[in].text;
  static const char blank[] = N_("blank. Merged cells lose all but their first value in CSV.\n  write - for \"any\"");
  if (row == 1) {
    fault(&t->faults, cell, head, "%s", lang_text(blank));
    return;
  }
  Str above = cell_of(t, &c->rec[row - 1], column)->text;
  int a = c->rec[row].line, b = c->rec[last].line;
  const char *rows = a == b ? named(t, "row %d", a) : named(t, "rows %d-%d", a, b);
  fault(&t->faults, cell, head, "%s, or import with --fill down (%s would become \"%.*s\")", lang_text(blank), rows,
        STR_ARG(above));
}

/* Do other cells of the column compare, so that a date or a bare 3-5 is none of its values? */
static bool of_figures(const Table *t, size_t column) {
  const Csv *c = &t->csv;
  for (size_t r = 1; r < c->nrec; r++) {
    if (c->rec[r].n <= column) continue;
    Str s = cell_of(t, &c->rec[r], column)->text;
    if (s.n && strchr("<>[(", s.p[0]) && s.p[0]) return true;
  }
  return false;
}

static bool minus_between(Str s, int *a, int *b) {
  char copy[24] = {0};
  int used = 0;
  if (!s.n || s.n >= sizeof copy) return false;
  memcpy(copy, s.p, s.n);
  return sscanf(copy, "%9d-%9d%n", a, b, &used) == 2 && used == (int)s.n && *a >= 0 && *b >= 0;
}

bool grid_thousands(Str s) {
  size_t i = 0, from;
  while (i < s.n && strchr("<>= ", s.p[i])) i++;
  for (from = i; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';) i++;
  if (i == from || i - from > 3 || i == s.n || s.p[i] != ',') return false;
  while (i < s.n && s.p[i] == ',') {
    for (from = ++i; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';) i++;
    if (i - from != 3) return false;
  }
  if (i < s.n && s.p[i] == '.')
    for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';) i++;
  return i == s.n;
}

Str grid_without_commas(Str s, char *copy, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < s.n && n + 1 < size; i++)
    if (s.p[i] != ',') copy[n++] = s.p[i];
  return (Str){copy, n};
}

/* 1.23457E+11: digits are lost; and 1E+05 where nothing says that the column is one of figures. */
static bool shortened(Str s, bool figures) {
  size_t i = 0, decimals = 0;
  while (i < s.n && strchr("<>= ", s.p[i])) i++;
  if (i == s.n || s.p[i] < '0' || s.p[i] > '9') return false;
  if (++i < s.n && s.p[i] == '.')
    while (++i < s.n && s.p[i] >= '0' && s.p[i] <= '9') decimals++;
  if (i + 3 >= s.n || s.p[i] != 'E' || s.p[i + 1] != '+') return false;
  for (i += 2; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  enum { SHOWN = 5 };
  return !figures || decimals >= SHOWN;
}

/* 1-Nov-26, 2026年11月1日: a whole date as spreadsheets write it, perhaps behind a comparison. */
static bool turned_date(Str s, Buf *iso) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char copy[40] = {0}, name[4] = "";
  int y = 0, m = 0, d = 0, used = 0;
  while (s.n && strchr("<>= ", s.p[0])) s = str_sub(s, 1, s.n);
  if (!s.n || s.n >= sizeof copy) return false;
  memcpy(copy, s.p, s.n);
  bool ok = sscanf(copy, "%4d年%2d月%2d日%n", &y, &m, &d, &used) == 3 && used == (int)s.n;
  if (!ok && sscanf(copy, "%2d-%3[A-Za-z]-%4d%n", &d, name, &y, &used) == 3 && used == (int)s.n) {
    const char *hit = strlen(name) == 3 ? strstr(months, name) : NULL;
    ok = hit && (hit - months) % 3 == 0;
    if (ok) m = (int)(hit - months) / 3 + 1;
    if (ok && y < 100) y += y < 30 ? 2000 : 1900;
  }
  if (ok) buf_printf(iso, "%04d-%02d-%02d", y, m, d);
  return ok;
}

/* Where commas do not part cells they are decimal signs: 0,15. */
static bool decimal_comma(Str s) {
  for (size_t i = 1; i + 1 < s.n; i++)
    if (s.p[i] == ',' && s.p[i - 1] >= '0' && s.p[i - 1] <= '9' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9') return true;
  return false;
}

/* What spreadsheets make of cells; the unharmed stay as they are. */
static void damage(Table *t, Src *cell, size_t column, bool input, Str head) {
  Str s = cell->text;
  int a, b;
  char copy[64];
  if (input && (str_is(s, "TRUE") || str_is(s, "FALSE"))) { /* so they write what was true and false */
    cell->text = s.p[0] == 'T' ? STR("true") : STR("false");
  } else if (s.n > 1 && s.p[0] == '#' && (strchr("!?#", s.p[s.n - 1]) || str_is(s, "#N/A"))) {
    fault(&t->faults, cell, head,
          "%.*s is what a spreadsheet writes where it could not compute; a cell that begins with = was taken for a formula:"
          " write it anew", STR_ARG(s));
  } else if (input && s.n > 1 && s.p[0] == '\'' && !memchr(s.p + 1, '\'', s.n - 1)) {
    fault(&t->faults, cell, head, "this text is never closed. A spreadsheet marks text so; write %.*s",
          STR_ARG(str_sub(s, 1, s.n)));
  } else if (input && parse_spreadsheet_date(s, &a, &b) && of_figures(t, column)) {
    fault(&t->faults, cell, head, "\"%.*s\" is no test for a number. Excel made a date of %d-%d; write [%d..%d].",
          STR_ARG(s), a, b, a, b);
  } else if (input && minus_between(s, &a, &b) && of_figures(t, column)) {
    fault(&t->faults, cell, head, "%.*s would be %d minus %d; a range reads [%d..%d]", STR_ARG(s), a, b, a, b);
  } else if (input && grid_thousands(s) && of_figures(t, column)) {
    fault(&t->faults, cell, head,
          "the comma in %.*s would part two figures; write %.*s, or a blank behind a comma between alternatives",
          STR_ARG(s), STR_ARG(grid_without_commas(s, copy, sizeof copy)));
  } else if (input && t->csv.sep == ';' && decimal_comma(s)) {
    fault(&t->faults, cell, head,
          "the comma in %.*s parts two figures; decimals follow a point, and a blank a comma between alternatives", STR_ARG(s));
  } else if (input && shortened(s, of_figures(t, column))) {
    fault(&t->faults, cell, head, "%.*s is what a spreadsheet makes of a long number or a code: write it out", STR_ARG(s));
  } else {
    Buf iso = {0};
    if (input && turned_date(s, &iso))
      fault(&t->faults, cell, head, "a spreadsheet wrote the date so: %.*s; write %s", STR_ARG(s), iso.p);
    buf_free(&iso);
  }
}

static void damaged_cells(Table *t, const Record *r) {
  Grid *g = t->out;
  for (size_t i = 0; i < g->nin + g->nout; i++) {
    Str head = i < g->nin ? g->in[i].text : g->out[i - g->nin].text;
    if (t->column[i] < r->n) damage(t, &t->csv.cell[r->first + t->column[i]], t->column[i], i < g->nin, head);
  }
}

static void read_row(Table *t, size_t row, Src *cell, enum GridMark *mark) {
  const Record *r = &t->csv.rec[row];
  const Src *src = t->csv.src, *first = cell_of(t, r, 0);
  Grid *g = t->out;
  damaged_cells(t, r);
  if (!right_width(t, r)) return;
  Err f = {0};
  if (!grid_mark(first, 0, first->text.n, mark, &f)) {
    fault(&t->faults, first, (Str){0}, "%s%s%s", f.what, f.todo ? "\n  " : "", f.todo ? f.todo : "");
    err_free(&f);
    return;
  }
  for (size_t i = 0; i < g->nin + g->nout; i++) {
    Str head = i < g->nin ? g->in[i].text : g->out[i - g->nin].text;
    cell[i] = *cell_of(t, r, t->column[i]);
    cell[i].what = src->what ? named(t, "%s, row %zu, column %.*s", src->what, row, STR_ARG(head))
                             : named(t, "column %.*s", STR_ARG(head));
    if (i < g->nin && blank_test(t, r, t->column[i])) blank_run(t, row, i);
  }
}

static bool build(Table *t, Err *e) {
  Csv *c = &t->csv;
  Grid *g = t->out;
  if (!heading(t, e)) return false;
  if (c->nrec == 1) return src_err(e, c->src, c->rec->at, 0, "a heading without rows");
  size_t per = g->nin + g->nout, n = c->nrec - 1;
  Src *cell = mem_zalloc(n * per, sizeof *cell);
  enum GridMark *mark = mem_zalloc(n, sizeof *mark);
  int *line = mem_zalloc(n, sizeof *line);
  for (size_t i = 0; i < n; i++) {
    line[i] = c->rec[i + 1].line;
    read_row(t, i + 1, cell + i * per, &mark[i]);
  }
  g->nrow = n;
  if (!t->faults.n) grid_keep(g, cell, mark, line, c->a);
  mem_free(cell);
  mem_free(mark);
  mem_free(line);
  return told(&t->faults);
}

/* What Excel saves as CSV in China is GB18030 or its subset GBK. */
static Str from_gb18030(Str s, Arena *a) {
  iconv_t cd = iconv_open("UTF-8", "GB18030");
  if (cd == (iconv_t)-1) return s;
  size_t room = s.n * 2 + 16, left = room, rest = s.n;
  char *to = arena_alloc(a, room), *at = to, *from = (char *)(uintptr_t)s.p;
  bool ok = iconv(cd, &from, &rest, &at, &left) != (size_t)-1 && rest == 0;
  iconv_close(cd);
  return ok ? (Str){to, room - left} : s;
}

static Table open_table(const Src *text, Arena *a, Grid *out, Err *e) {
  Src *src = arena_alloc(a, sizeof *src);
  *src = *text;
  if (!utf8_valid(src->text, NULL)) {
    src->text = from_gb18030(src->text, a);
    src->whole = (Str){0};
  }
  *out = (Grid){0};
  return (Table){.csv = {.src = src, .rest = *src, .a = a}, .faults = {.e = e}, .out = out};
}

static void close_table(Table *t) {
  mem_free(t->csv.cell);
  mem_free(t->csv.rec);
}

bool grid_parse_csv(const Src *text, Arena *a, Grid *out, Err *e) {
  Table t = open_table(text, a, out, e);
  bool ok = read_all(&t.csv, e) && build(&t, e);
  close_table(&t);
  return ok;
}

static size_t fill_row(const Table *t, size_t row) {
  size_t filled = 0;
  const Record *r = &t->csv.rec[row];
  for (size_t i = 0; i < t->out->nin; i++) {
    if (!blank_test(t, r, t->column[i])) continue;
    Str above = cell_of(t, &t->csv.rec[row - 1], t->column[i])->text;
    t->csv.cell[r->first + t->column[i]].text = above;
    filled += above.n > 0;
  }
  return filled;
}

bool grid_fill_down(const Src *text, Buf *out, size_t *filled, Err *e) {
  Arena a = {0};
  Grid g;
  Table t = open_table(text, &a, &g, e);
  *filled = 0;
  bool ok = read_all(&t.csv, e) && heading(&t, e);
  if (ok) buf_puts(out, "\xEF\xBB\xBF");
  for (size_t row = 0; row < t.csv.nrec && ok; row++) {
    const Record *r = &t.csv.rec[row];
    if (row > 1 && r->n >= t.width) *filled += fill_row(&t, row);
    for (size_t i = 0; i < r->n; i++) grid_cell_csv(t.csv.cell[r->first + i].text, "", i == 0, out);
    buf_puts(out, "\r\n");
  }
  close_table(&t);
  arena_free(&a);
  return ok;
}
