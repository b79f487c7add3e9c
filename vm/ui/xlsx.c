#include "base/dec.h"
#include "base/lib.h"
#include "ui/cells.h"
#include "ui/packed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <xlsxwriter.h>
#pragma GCC diagnostic pop

/* What is called of the library. It brings a whole cryptographic one along, which every start would pay for. */
#define XLSX_CALLS(X)                                                                              \
  X(workbook_new) X(workbook_close) X(workbook_add_format) X(workbook_add_worksheet)               \
  X(workbook_set_properties) X(format_set_bold) X(format_set_num_format) X(worksheet_write_string) \
  X(worksheet_write_number) X(worksheet_write_boolean) X(worksheet_write_datetime)                 \
  X(worksheet_set_column) X(worksheet_freeze_panes) X(worksheet_autofilter) X(lxw_strerror)

static struct {
#define CALL(f) __typeof__(&(f)) (f);
  XLSX_CALLS(CALL)
#undef CALL
} xlsx;

static bool load_library(Err *e) {
#define NAME(f) {#f, &xlsx.f},
  static const LibName name[] = {XLSX_CALLS(NAME)};
#undef NAME
  return xlsx.workbook_new || lib_load("libxlsxwriter.so." LXW_SOVERSION, "libxlsxwriter" LXW_SOVERSION, name,
                                       sizeof name / sizeof *name, e);
}

enum {
  MOST_ROWS = 1048576,
  MOST_COLUMNS = 16384,
  MOST_TEXT = 32767,  /* characters of a cell */
  MOST_NAME = 31,     /* characters of a sheet's name */
  SURE_DIGITS = 15,   /* that a cell's double keeps */
  WIDEST = 60
};

typedef struct Book {
  lxw_workbook *w;
  lxw_format *head, *date;
  const FmtEnv *env;
  size_t nsheet;
  Str *name; /* of the sheets so far */
  Arena arena;
} Book;

/* Text as a sheet may hold it: valid UTF-8, no longer than a cell. */
static const char *cell_text(Book *b, Str s) {
  Buf out = {0};
  buf_puts(&out, "");
  size_t units = 0; /* UTF-16, which is what the limit counts */
  for (size_t i = 0; i < s.n;) {
    uint32_t c = utf8_next(s, &i);
    units += c > 0xFFFF ? 2 : 1;
    if (units >= MOST_TEXT) {
      buf_puts(&out, "…");
      break;
    }
    utf8_put(&out, c == 0 ? 0xFFFD : c);
  }
  const char *kept = arena_strndup(&b->arena, out.p, out.n);
  buf_free(&out);
  return kept;
}

static bool name_taken(const Book *b, Str name) {
  for (size_t i = 0; i < b->nsheet; i++)
    if (b->name[i].n == name.n && strncasecmp(b->name[i].p, name.p, name.n) == 0) return true;
  return false;
}

static void add_name(Str title, size_t most, Buf *out) {
  size_t n = 0;
  for (size_t i = 0; i < title.n && n < most;) {
    uint32_t c = utf8_next(title, &i);
    n += c > 0xFFFF ? 2 : 1;
    utf8_put(out, c < 0x20 || (c < 0x80 && strchr("[]:*?/\\'", (int)c)) ? '_' : c);
  }
}

/* Sheet names are at most 31 characters, without []:*?/\, each once whatever its case. */
static const char *sheet_name(Book *b, Str title) {
  Buf out = {0};
  add_name(title.n ? title : STR("Sheet"), MOST_NAME, &out);
  if (strcasecmp(out.p, "History") == 0) buf_char(&out, '_'); /* reserved by Excel */
  for (int n = 2; name_taken(b, buf_view(&out)); n++) {
    buf_clear(&out);
    add_name(title.n ? title : STR("Sheet"), MOST_NAME - 4, &out);
    buf_printf(&out, " %d", n);
  }
  Str kept = {arena_strndup(&b->arena, out.p, out.n), out.n};
  buf_free(&out);
  b->name[b->nsheet++] = kept;
  return kept.p;
}

static void decimals(Buf *out, int n) {
  if (n > 0) {
    buf_char(out, '.');
    buf_fill(out, '0', (size_t)n);
  }
}

/* The number format of a column: what fmt_val shows, in a spreadsheet's words. */
static lxw_format *column_format(Book *b, const UiTable *t, size_t col) {
  Fmt f = cells_fmt(t, col, t->nrow);
  Unit unit = t->col[col].unit;
  Buf code = {0};
  if (f.kind == FMT_PERCENT || f.kind == FMT_SIGNED_PERCENT || (unit == UNIT_PERCENT && f.kind == FMT_AUTO)) {
    buf_puts(&code, "0");
    decimals(&code, f.decimals < 0 ? 1 : f.decimals);
    buf_puts(&code, "%");
  } else if (f.kind == FMT_DECIMALS) {
    buf_puts(&code, "#,##0");
    decimals(&code, f.decimals);
    if (unit == UNIT_PERCENT) buf_puts(&code, "%");
  } else if (f.kind == FMT_MONEY || f.kind == FMT_WAN || f.kind == FMT_YI || unit == UNIT_MONEY) {
    buf_puts(&code, "#,##0");
    decimals(&code, f.kind == FMT_MONEY && f.decimals >= 0 ? f.decimals : b->env->minor);
  } else if (f.kind == FMT_DAYS || f.kind == FMT_POINTS || unit == UNIT_DAYS) {
    buf_puts(&code, "0");
  }
  if (!code.n) return NULL;
  lxw_format *format = xlsx.workbook_add_format(b->w);
  xlsx.format_set_num_format(format, code.p);
  buf_free(&code);
  return format;
}

/* Codes of 16 digits would lose their end in a double; a ratio only loses what nobody reads. */
static bool survives(Val v) {
  Dec d = {0};
  dec_of(v, &d);
  d = dec_strip(d);
  char digits[40];
  return d.q < 0 || dec_digits(d.c, digits) <= SURE_DIGITS;
}

static lxw_error put_day(Book *b, lxw_worksheet *s, lxw_row_t row, lxw_col_t col, Val v) {
  int y, m, d;
  day_parts((Day)v.u.i, &y, &m, &d);
  lxw_datetime at = {.year = y, .month = m, .day = d};
  if (y >= 1900 && y <= 9999) return xlsx.worksheet_write_datetime(s, row, col, &at, b->date);
  Buf text = {0};
  day_print((Day)v.u.i, &text);
  lxw_error bad = xlsx.worksheet_write_string(s, row, col, text.p, NULL);
  buf_free(&text);
  return bad;
}

static lxw_error put_cell(Book *b, lxw_worksheet *s, lxw_row_t row, lxw_col_t col, Val v,
                          lxw_format *format) {
  if (v.t == V_NULL) return LXW_NO_ERROR;
  if (v.t == V_BOOL) return xlsx.worksheet_write_boolean(s, row, col, (int)v.u.i, NULL);
  if (v.t == V_DATE) return put_day(b, s, row, col, v);
  if (val_is_num(v) && survives(v)) return xlsx.worksheet_write_number(s, row, col, num_double(v), format);
  Buf text = {0};
  buf_puts(&text, "");
  fmt_data(v, &text);
  int64_t days;
  Val n;
  lxw_error bad;
  if (v.t == V_SECS && num_parse(buf_view(&text), &n, &b->arena) && num_int(n, &days))
    bad = xlsx.worksheet_write_number(s, row, col, (double)days, format);
  else
    bad = xlsx.worksheet_write_string(s, row, col, cell_text(b, buf_view(&text)), NULL);
  buf_free(&text);
  return bad;
}

static void set_widths(lxw_worksheet *s, const UiTable *t, const FmtEnv *env) {
  enum { LOOK = 200 }; /* rows that decide the width */
  Arena a = {0};
  Cells c;
  cells_of(t, t->nrow < LOOK ? t->nrow : LOOK, env, false, &a, &c);
  for (size_t j = 0; j < t->ncol; j++) {
    int widest = utf8_width(t->col[j].title);
    for (size_t i = 0; i < c.nrow; i++) {
      int w = utf8_width(c.text[i * c.ncol + j]);
      if (w > widest) widest = w;
    }
    xlsx.worksheet_set_column(s, (lxw_col_t)j, (lxw_col_t)j, widest + 2 > WIDEST ? WIDEST : widest + 2, NULL);
  }
  arena_free(&a);
}

static bool put_sheet(Book *b, const UiTable *t, Err *e) {
  if (t->nrow >= MOST_ROWS || t->ncol > MOST_COLUMNS) {
    err_set(e, ERR_FAIL, "a sheet holds %d rows and %d columns, the table has %zu and %zu", MOST_ROWS - 1,
            MOST_COLUMNS, t->nrow, t->ncol);
    return err_todo(e, "write it as csv");
  }
  lxw_worksheet *s = xlsx.workbook_add_worksheet(b->w, sheet_name(b, t->title));
  if (!s) return err_set(e, ERR_FAIL, "no sheet can be named %.*s", STR_ARG(t->title));
  set_widths(s, t, b->env);
  lxw_format **format = arena_zalloc(&b->arena, t->ncol, sizeof(lxw_format *));
  lxw_error bad = LXW_NO_ERROR;
  for (size_t j = 0; j < t->ncol && !bad; j++) {
    format[j] = column_format(b, t, j);
    bad = xlsx.worksheet_write_string(s, 0, (lxw_col_t)j, cell_text(b, t->col[j].title), b->head);
  }
  for (size_t i = 0; i < t->nrow && !bad; i++)
    for (size_t j = 0; j < t->ncol && !bad; j++)
      bad = put_cell(b, s, (lxw_row_t)i + 1, (lxw_col_t)j, t->cell[i * t->ncol + j], format[j]);
  xlsx.worksheet_freeze_panes(s, 1, 0);
  if (t->ncol && t->nrow) xlsx.worksheet_autofilter(s, 0, 0, (lxw_row_t)t->nrow, (lxw_col_t)(t->ncol - 1));
  return !bad || err_set(e, ERR_FAIL, "cannot write sheet %zu: %s", b->nsheet, xlsx.lxw_strerror(bad));
}

/* Where the workbook is made before it goes to its place. */
typedef struct Place {
  const char *path; /* behind links */
  char *owned;
  bool direct;      /* no regular file: a device or a pipe is written to, never replaced */
  Buf tmp;
} Place;

/* Beside the file, so that a half-written one never takes its place. */
static bool place_open(Place *p, const char *path, Err *e) {
  struct stat st;
  bool there = stat(path, &st) == 0;
  p->direct = there ? !S_ISREG(st.st_mode) : lstat(path, &st) == 0;
  p->owned = there && !p->direct ? realpath(path, NULL) : NULL;
  p->path = p->owned ? p->owned : path;
  const char *folder = getenv("TMPDIR");
  if (p->direct) buf_printf(&p->tmp, "%s/pareto-XXXXXX", folder && *folder ? folder : "/tmp");
  else buf_printf(&p->tmp, "%s.%ld.tmp", p->path, (long)getpid());
  int fd = p->direct ? mkostemp(p->tmp.p, O_CLOEXEC)
                     : open(p->tmp.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return err_set(e, ERR_FAIL, "cannot write %s: %s", path, strerror(errno));
  close(fd);
  return true;
}

static bool copy_to(const char *from, const char *to) {
  char part[1 << 14];
  FILE *in = fopen(from, "rbe"), *out = fopen(to, "wbe");
  bool ok = in && out;
  size_t n;
  while (ok && (n = fread(part, 1, sizeof part, in)) > 0) ok = fwrite(part, 1, n, out) == n;
  ok = ok && !ferror(in);
  if (in) fclose(in);
  if (out && fclose(out) != 0) ok = false;
  return ok;
}

static bool place_fill(Place *p, Err *e) {
  bool ok = p->direct ? copy_to(p->tmp.p, p->path) : rename(p->tmp.p, p->path) == 0;
  return ok || err_set(e, ERR_FAIL, "cannot write %s: %s", p->path, strerror(errno));
}

/* libxlsxwriter prints to stderr what it also returns, and its words are not ours: nobody hears it. */
static int hush(void) {
  fflush(stderr);
  int was = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (was >= 0 && null >= 0) dup2(null, STDERR_FILENO);
  if (null >= 0) close(null);
  return was;
}

static void unhush(int was) {
  fflush(stderr);
  if (was < 0) return;
  dup2(was, STDERR_FILENO);
  close(was);
}

bool ui_xlsx(const UiTable *t, size_t ntable, const char *path, const FmtEnv *env, Err *e) {
  bool ok = false;
  Place to = {0};
  Book b = {.env = env};
  if (!load_library(e)) return false;
  int heard = hush();
  if (!place_open(&to, path, e)) goto done;
  b.w = xlsx.workbook_new(to.tmp.p);
  if (!b.w) {
    err_set(e, ERR_FAIL, "cannot write %s: no workbook could be made", path);
    goto done;
  }
  lxw_doc_properties fixed = {.created = 315532800}; /* 1980: the same tables give the same bytes */
  xlsx.workbook_set_properties(b.w, &fixed);
  b.name = arena_alloc(&b.arena, (ntable + 1) * sizeof *b.name);
  b.head = xlsx.workbook_add_format(b.w);
  xlsx.format_set_bold(b.head);
  b.date = xlsx.workbook_add_format(b.w);
  xlsx.format_set_num_format(b.date, "yyyy-mm-dd");
  ok = true;
  for (size_t i = 0; i < ntable && ok; i++) {
    UiTable whole = packed_whole(&t[i], &b.arena);
    ok = put_sheet(&b, &whole, e);
  }
  lxw_error bad = xlsx.workbook_close(b.w);
  if (ok && bad) ok = err_set(e, ERR_FAIL, "cannot write %s: %s", path, xlsx.lxw_strerror(bad));
  ok = ok && place_fill(&to, e);
  if (!ok || to.direct) unlink(to.tmp.p);
done:
  unhush(heard);
  arena_free(&b.arena);
  buf_free(&to.tmp);
  free(to.owned);
  return ok;
}
