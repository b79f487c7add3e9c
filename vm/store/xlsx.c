#include "store/xlsx.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/lib.h"
#include "base/mem.h"
#include "feel/dmn_xml.h"

#include <minizip/unzip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is called of the library: few commands read a workbook. */
#define ZIP_CALLS(X)                                                                                      \
  X(unzOpen64) X(unzClose) X(unzLocateFile) X(unzGetCurrentFileInfo64) X(unzOpenCurrentFile)              \
  X(unzReadCurrentFile) X(unzCloseCurrentFile)

static struct {
#define CALL(f) __typeof__(&(f)) (f);
  ZIP_CALLS(CALL)
#undef CALL
} zip;

static bool load_library(Err *e) {
#define NAME(f) {#f, &zip.f},
  static const LibName name[] = {ZIP_CALLS(NAME)};
#undef NAME
  return zip.unzOpen64 || lib_load("libminizip.so.1", "libminizip1", name, sizeof name / sizeof *name, e);
}

enum { MOST_ROWS = 100000, MOST_COLUMNS = 1000 };
typedef enum Look { LOOK_PLAIN, LOOK_PERCENT, LOOK_DATE, LOOK_DAY_ZH, LOOK_DAY_EN, LOOK_TIME } Look;

typedef struct Workbook {
  unzFile file;
  const char *path;
  Arena a;
  Err *e;
  Str *text;     /* shared strings */
  size_t ntext;
  Look *look;    /* by cell format */
  size_t nlook;
  bool from_1904;
  size_t width;  /* columns of the heading: a row's last cells may be blank and not stand there */
} Workbook;

/* --- the parts of the archive -------------------------------------------- */

static bool no_workbook(const Workbook *w, const char *why) {
  err_set(w->e, ERR_FAIL, "%s is no .xlsx workbook: %s", w->path, _(why));
  return err_todo(w->e, "save it anew as .xlsx, or as CSV UTF-8");
}

/* The part's XML; *out NULL when there is none of this name. False: it cannot be read. */
static bool part(Workbook *w, const char *name, XmlNode **out) {
  unz_file_info64 info;
  *out = NULL;
  if (zip.unzLocateFile(w->file, name, 2) != UNZ_OK) return true; /* as on a file system that minds no case */
  if (zip.unzGetCurrentFileInfo64(w->file, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK)
    return no_workbook(w, "its list of parts is damaged");
  if (info.uncompressed_size > XML_BYTES) return no_workbook(w, "a part of it is larger than 64 MiB");
  char *bytes = arena_alloc(&w->a, info.uncompressed_size + 1);
  if (zip.unzOpenCurrentFile(w->file) != UNZ_OK) return no_workbook(w, "a part of it is encrypted or damaged");
  int n = zip.unzReadCurrentFile(w->file, bytes, (unsigned)info.uncompressed_size);
  bool whole = zip.unzCloseCurrentFile(w->file) == UNZ_OK && n >= 0 && (ZPOS64_T)n == info.uncompressed_size;
  if (!whole) return no_workbook(w, "a part of it is damaged");
  *out = xml_read((Str){bytes, (size_t)n}, w->path, &w->a, w->e);
  return *out != NULL;
}

/* The relation's id stands in a namespace of its own, which differs between the standard's two forms. */
static Str relation_id(const XmlNode *x) {
  for (size_t i = 0; i < x->nattr; i++)
    if (x->attr[i].ns.n && str_is(x->attr[i].name, "id")) return x->attr[i].value;
  return (Str){0};
}

static bool yes(Str s) { return str_is(s, "1") || str_is(s, "true"); }

/* Where the first sheet's part is. */
static bool first_sheet(Workbook *w, const char **out) {
  XmlNode *book, *rels;
  if (!part(w, "xl/workbook.xml", &book)) return false;
  if (!book) return no_workbook(w, "it holds no sheets");
  w->from_1904 = yes(xml_attr(xml_kid(book, "workbookPr"), "date1904"));
  const XmlNode *sheet = xml_kid(xml_kid(book, "sheets"), "sheet");
  while (sheet && xml_attr(sheet, "state").n && !str_is(xml_attr(sheet, "state"), "visible")) sheet = xml_again(sheet);
  if (!sheet) return no_workbook(w, "it holds no sheet that can be seen");
  if (!part(w, "xl/_rels/workbook.xml.rels", &rels)) return false;
  Str id = relation_id(sheet);
  for (const XmlNode *r = xml_kid(rels, "Relationship"); r; r = xml_again(r)) {
    if (!str_eq(xml_attr(r, "Id"), id)) continue;
    Str to = xml_attr(r, "Target");
    bool whole = to.n && to.p[0] == '/';
    *out = whole ? arena_printf(&w->a, "%.*s", STR_ARG(str_sub(to, 1, to.n))) : arena_printf(&w->a, "xl/%.*s", STR_ARG(to));
    return true;
  }
  return no_workbook(w, "it does not say where its first sheet is");
}

/* --- texts and formats ---------------------------------------------------- */

/* The runs of a text, without the readings beside Chinese and Japanese characters. */
static void runs(const XmlNode *x, Buf *out) {
  if (str_is(x->name, "rPh")) return;
  if (str_is(x->name, "t")) buf_str(out, x->text);
  for (const XmlNode *k = x->kid; k; k = k->next) runs(k, out);
}

static Str text_of(Workbook *w, const XmlNode *x) {
  Buf b = {0};
  if (x) runs(x, &b);
  Str s = {arena_strndup(&w->a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return s;
}

static bool read_texts(Workbook *w) {
  XmlNode *all;
  if (!part(w, "xl/sharedStrings.xml", &all)) return false;
  for (const XmlNode *x = xml_kid(all, "si"); x; x = xml_again(x)) w->ntext++;
  w->text = arena_zalloc(&w->a, w->ntext + 1, sizeof *w->text);
  size_t n = 0;
  for (const XmlNode *x = xml_kid(all, "si"); x; x = xml_again(x)) w->text[n++] = text_of(w, x);
  return true;
}

/* What a number format makes of a number, as far as a rule minds. Quoted and bracketed parts are no signs. */
static Look look_of(Str code) {
  bool year = false, month = false, day = false, hour = false;
  for (size_t i = 0; i < code.n && code.p[i] != ';'; i++) {
    char c = code.p[i];
    if (c == '"' || c == '[') {
      char end = c == '"' ? '"' : ']';
      while (i + 1 < code.n && code.p[++i] != end) continue;
    } else if (c == '\\' || c == '_' || c == '*') {
      i++;
    } else if (c == '%') {
      return LOOK_PERCENT;
    }
    year |= c == 'y' || c == 'Y' || c == 'e';
    month |= c == 'm' || c == 'M';
    day |= c == 'd' || c == 'D';
    hour |= c == 'h' || c == 'H' || c == 's';
  }
  if (year) return LOOK_DATE;
  bool chinese = false;
  for (size_t i = 0; i + 2 < code.n && !chinese; i++) chinese = memcmp(code.p + i, "月", 3) == 0;
  if (month && day) return chinese ? LOOK_DAY_ZH : LOOK_DAY_EN;
  return hour ? LOOK_TIME : LOOK_PLAIN;
}

/* The formats that every spreadsheet knows by number and no file spells out. */
static Look known_look(int id) {
  if (id == 9 || id == 10) return LOOK_PERCENT;
  if (id == 16) return LOOK_DAY_EN;
  if (id == 58) return LOOK_DAY_ZH;
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 35) || id == 55 || id == 56) return LOOK_TIME;
  if (id == 14 || id == 15 || id == 17 || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 57))
    return LOOK_DATE;
  return LOOK_PLAIN;
}

static int number(Str s) { return s.n && s.n < 10 ? atoi(s.p) : 0; }

static bool read_formats(Workbook *w) {
  XmlNode *styles;
  if (!part(w, "xl/styles.xml", &styles)) return false;
  const XmlNode *formats = xml_kid(styles, "numFmts"), *cells = xml_kid(styles, "cellXfs");
  for (const XmlNode *x = xml_kid(cells, "xf"); x; x = xml_again(x)) w->nlook++;
  w->look = arena_zalloc(&w->a, w->nlook + 1, sizeof *w->look);
  size_t n = 0;
  for (const XmlNode *x = xml_kid(cells, "xf"); x; x = xml_again(x), n++) {
    Str id = xml_attr(x, "numFmtId");
    w->look[n] = known_look(number(id));
    for (const XmlNode *f = xml_kid(formats, "numFmt"); f; f = xml_again(f))
      if (str_eq(xml_attr(f, "numFmtId"), id)) w->look[n] = look_of(xml_attr(f, "formatCode"));
  }
  return true;
}

/* --- cells ------------------------------------------------------------------ */

static void say_number(double v, Buf *out) {
  char text[40];
  snprintf(text, sizeof text, v >= 1e15 || v <= -1e15 ? "%.0f" : "%.15g", v);
  if (strchr(text, 'e')) snprintf(text, sizeof text, "%.18f", v);
  buf_puts(out, text);
}

static void say_day(const Workbook *w, double v, Look look, Buf *out) {
  static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  Day d = (w->from_1904 ? day_of(1904, 1, 1) : day_of(1899, 12, 30)) + (Day)v;
  int y, m, dd;
  day_parts(d, &y, &m, &dd);
  if (look == LOOK_DAY_ZH) buf_printf(out, "%d月%d日", m, dd);
  else if (look == LOOK_DAY_EN) buf_printf(out, "%d-%s", dd, month[m - 1]);
  else day_print(d, out);
}

static void say_figure(const Workbook *w, Str text, Look look, Buf *out) {
  enum { LAST_DAY = 2958465 }; /* 9999-12-31 */
  char copy[48] = {0}, *end;
  if (!text.n || text.n >= sizeof copy) {
    buf_str(out, text);
    return;
  }
  memcpy(copy, text.p, text.n);
  double v = strtod(copy, &end);
  bool day = v >= 1 && v <= LAST_DAY;
  if (*end) buf_str(out, text);
  else if (look == LOOK_PERCENT) say_number(v * 100, out), buf_char(out, '%');
  else if (look >= LOOK_DATE && look <= LOOK_DAY_EN && day) say_day(w, v, look, out);
  else if (look == LOOK_TIME && v >= 0 && v < 1)
    buf_printf(out, "%d:%02d", (int)(v * 1440 + 0.5) / 60, (int)(v * 1440 + 0.5) % 60);
  else say_number(v, out);
}

static void say_cell(Workbook *w, const XmlNode *c, Buf *out) {
  Str type = xml_attr(c, "t"), v = xml_kid(c, "v") ? str_trim(xml_kid(c, "v")->text) : (Str){0};
  size_t n = (size_t)number(v), style = (size_t)number(xml_attr(c, "s"));
  if (str_is(type, "s")) {
    if (v.n && n < w->ntext) buf_str(out, w->text[n]);
  } else if (str_is(type, "inlineStr")) {
    buf_str(out, text_of(w, xml_kid(c, "is")));
  } else if (str_is(type, "b")) {
    buf_puts(out, yes(v) ? "TRUE" : "FALSE");
  } else if (str_is(type, "str") || str_is(type, "e") || str_is(type, "d")) {
    buf_str(out, v);
  } else {
    say_figure(w, v, style < w->nlook ? w->look[style] : LOOK_PLAIN, out);
  }
}

/* A cell of CSV; a line end inside it would move all lines below. */
static void put(Str s, Buf *out) {
  bool quote = false;
  for (size_t i = 0; i < s.n && !quote; i++) quote = s.p[i] && strchr(",;\"\t", s.p[i]);
  if (quote) buf_char(out, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_char(out, '"');
    buf_char(out, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
  }
  if (quote) buf_char(out, '"');
}

/* "AB12": column 27, row 12, counted from 0 and 1. */
static void place(Str at, size_t *column, size_t *row) {
  size_t c = 0, i = 0;
  for (; i < at.n && at.p[i] >= 'A' && at.p[i] <= 'Z' && i < 3; i++) c = c * 26 + (size_t)(at.p[i] - 'A' + 1);
  if (c) *column = c - 1;
  if (i < at.n) *row = (size_t)number(str_sub(at, i, at.n));
}

static bool say_row(Workbook *w, const XmlNode *row, Buf *out) {
  Buf cell = {0};
  size_t at = 0, ignored, done = 0;
  bool fits = true;
  for (const XmlNode *c = xml_kid(row, "c"); c && fits; c = xml_again(c), at++) {
    place(xml_attr(c, "r"), &at, &ignored);
    fits = at < MOST_COLUMNS;
    buf_clear(&cell);
    say_cell(w, c, &cell);
    if (!cell.n || !fits) continue;
    for (; done < at; done++) buf_char(out, ',');
    put(buf_view(&cell), out);
  }
  if (!w->width) w->width = done;
  for (; done < w->width && fits; done++) buf_char(out, ',');
  buf_free(&cell);
  return fits || no_workbook(w, "a decision table has no more than 1,000 columns");
}

static bool say_sheet(Workbook *w, const char *name, Buf *out) {
  XmlNode *sheet;
  if (!part(w, name, &sheet)) return false;
  if (!sheet) return no_workbook(w, "its first sheet is missing");
  size_t line = 1, at = 0;
  for (const XmlNode *row = xml_kid(xml_kid(sheet, "sheetData"), "row"); row; row = xml_again(row)) {
    Str r = xml_attr(row, "r");
    at = r.n ? (size_t)number(r) : at + 1;
    if (at > MOST_ROWS) return no_workbook(w, "a decision table has no more than 100,000 rows");
    for (; line < at; line++) buf_char(out, '\n');
    if (!say_row(w, row, out)) return false;
  }
  buf_char(out, '\n');
  return true;
}

bool xlsx_as_csv(const char *path, Buf *out, Err *e) {
  if (!load_library(e)) return false;
  Workbook w = {.path = path, .e = e, .file = zip.unzOpen64(path)};
  const char *sheet = NULL;
  bool ok = w.file || no_workbook(&w, "it is no archive of parts (an older .xls, or encrypted?)");
  ok = ok && first_sheet(&w, &sheet) && read_texts(&w) && read_formats(&w) && say_sheet(&w, sheet, out);
  if (w.file) zip.unzClose(w.file);
  arena_free(&w.a);
  return ok;
}
