#include "store/import_source.h"

#include "base/lang.h"
#include "base/stop.h"
#include "store/import_decode.h"
#include "store/import_shape.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW = 1 << 18, SAMPLE = 1 << 16 };

static bool fail(const FileSource *s, Err *e, const char *what) {
  int why = errno;
  err_set(e, ERR_FAIL, "%s: %s", _(what), strerror(why));
  return err_at(e, s->path, 0, 0);
}

/* Fills buf as far as the file goes. */
static bool read_full(FileSource *s, char *buf, size_t cap, size_t *got, Err *e) {
  *got = 0;
  while (*got < cap) {
    ssize_t n = read(s->fd, buf + *got, cap - *got);
    if (n < 0 && errno == EINTR) {
      if (!stop_check(e)) return false;
      continue;
    }
    if (n < 0) return fail(s, e, "cannot be read");
    if (n == 0) break;
    *got += (size_t)n;
  }
  return true;
}

/* --- what the file is ------------------------------------------------------ */

static bool not_text(const FileSource *s, Str head, Err *e) {
  static const struct Kind {
    const char *magic;
    size_t n;
    const char *what, *todo;
  } kinds[] = {
      {"PK\003\004", 4, N_("a spreadsheet or an archive, not CSV"), N_("save it as \"CSV UTF-8\" and import that")},
      {"\320\317\021\340", 4, N_("an old spreadsheet (xls), not CSV"), N_("save it as \"CSV UTF-8\" and import that")},
      {"\037\213", 2, N_("compressed (gzip)"), N_("gunzip it first")},
      {"SQLite format 3", 15, N_("an SQLite database, not CSV"), N_("write the table as CSV: sqlite3 -header -csv FILE \"SELECT …\"")},
      {"\377\376", 2, N_("UTF-16"), N_("say so: --encoding UTF-16")},
      {"\376\377", 2, N_("UTF-16"), N_("say so: --encoding UTF-16")},
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (head.n >= kinds[i].n && memcmp(head.p, kinds[i].magic, kinds[i].n) == 0) {
      err_set(e, ERR_FAIL, "is %s", _(kinds[i].what));
      err_at(e, s->path, 0, 0);
      return err_todo(e, "%s", _(kinds[i].todo));
    }
  return true;
}

static bool judge_shape(FileSource *s, const SourceSpec *spec, Str head, Err *e) {
  bool whole = head.n == s->size - s->start;
  s->shape.quote = '"';
  if (spec->quote && !strcmp(spec->quote, "none")) {
    s->shape.quote = 0;
  } else if (spec->quote && strlen(spec->quote) == 1) {
    s->shape.quote = spec->quote[0];
  } else if (spec->quote) {
    err_set(e, ERR_USAGE, "--quote is one character, or none");
    return false;
  }
  s->shape.lone_cr = head.n && memchr(head.p, '\r', head.n) && !memchr(head.p, '\n', head.n);
  char sep = ',';
  if (spec->sep) {
    const char *given = !strcmp(spec->sep, "\\t") || !strcasecmp(spec->sep, "tab") ? "\t" : spec->sep;
    size_t n = strlen(given);
    if (n < 1 || n >= sizeof s->sep || strpbrk(given, "\"\r\n"))
      return err_set(e, ERR_USAGE, "--sep is one to %zu characters, no quote and no line end",
                     sizeof s->sep - 1);
    memcpy(s->sep, given, n + 1);
  } else {
    shape_separator(head, whole, s->shape.quote, &sep);
    Buf compound = {0};
    if (shape_compound(head, whole, sep, &compound)) {
      err_set(e, ERR_FAIL, "its columns seem to be separated by %s", compound.p);
      err_at(e, s->path, 1, 0);
      err_todo(e, "say so: --sep '%s'", compound.p);
      buf_free(&compound);
      return false;
    }
    s->sep[0] = sep;
  }
  s->shape.sep = str_of(s->sep);
  return true;
}

/* --- columns ---------------------------------------------------------------- */

static bool name_char(uint32_t c) {
  return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
         (c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x2BFF) &&
          !(c >= 0x3000 && c <= 0x303F && c != 0x3005 && c != 0x3007) && !(c >= 0xFF00 && c <= 0xFF0F) &&
          !(c >= 0xFF1A && c <= 0xFF20) && !(c >= 0xFF3B && c <= 0xFF40) && !(c >= 0xFF5B && c <= 0xFF65) &&
          c != 0xFEFF && c != 0xFFFD);
}

static bool reserved(Str name) {
  static const char *const word[] = {
      "and",      "or",     "not",   "in",    "between",    "if",           "then",     "else",
      "for",      "return", "some",  "every", "satisfies",  "instance",     "of",       "function",
      "external", "true",   "false", "null",  "within",     "among",        "this",     "row",
      "rows",     "never",  "all",   "ytd",   "last_month", "last_quarter", "last_year"};
  for (size_t i = 0; i < sizeof word / sizeof *word; i++)
    if (str_is(name, word[i])) return true;
  return false;
}

/* "Order ID" -> Order_ID, "金额(元)" -> 金额_元, "2024" -> c_2024, "for" -> for_. */
static Str rule_name(FileSource *s, Str title, size_t number) {
  Buf b = {0};
  for (size_t i = 0; i < title.n;) {
    size_t from = i;
    uint32_t c = utf8_next(title, &i);
    if (name_char(c)) buf_add(&b, title.p + from, i - from);
    else if (b.n && b.p[b.n - 1] != '_') buf_char(&b, '_');
  }
  while (b.n && b.p[b.n - 1] == '_') b.p[--b.n] = 0;
  Str name = buf_view(&b);
  char *text = !name.n                                  ? arena_printf(&s->arena, "c%zu", number)
               : name.p[0] >= '0' && name.p[0] <= '9' ? arena_printf(&s->arena, "c_%s", name.p)
               : reserved(name)                         ? arena_printf(&s->arena, "%s_", name.p)
                                                        : arena_strndup(&s->arena, name.p, name.n);
  buf_free(&b);
  return str_of(text);
}

static bool name_taken(const FileSource *s, Str name, size_t upto) {
  for (size_t i = 0; i < upto; i++)
    if (str_eq(s->column[i].name, name)) return true;
  return false;
}

static void name_columns(FileSource *s, const CsvRows *rows) {
  s->ncol = rows->n ? rows->row[0].n : 0;
  s->column = arena_zalloc(&s->arena, s->ncol, sizeof *s->column);
  for (size_t i = 0; i < s->ncol; i++) {
    SourceColumn *c = &s->column[i];
    Str title = s->header ? str_trim(rows->field[i]) : (Str){0};
    c->title = title.n ? str_of(arena_strndup(&s->arena, title.p, title.n))
                       : str_of(arena_printf(&s->arena, "c%zu", i + 1));
    Str name = c->name = rule_name(s, c->title, i + 1);
    for (int k = 2; name_taken(s, c->name, i); k++)
      c->name = str_of(arena_printf(&s->arena, "%.*s_%d", STR_ARG(name), k));
  }
}

/* Words over figures: the cell of the first row is no number or date, all those below it are. */
static bool words_over_figures(const CsvRows *rows, uint32_t column) {
  size_t below = 0;
  if (!rows->field[column].n || shape_is_data(str_trim(rows->field[column]))) return false;
  for (size_t i = 1; i < rows->n; i++) {
    if (column >= rows->row[i].n) continue;
    Str f = str_trim(rows->field[rows->row[i].first + column]);
    if (f.n && !shape_is_data(f)) return false;
    below += f.n > 0;
  }
  return below > 0;
}

/* 2024, or 12: a figure that may be a title. */
static bool short_figure(Str cell) {
  for (size_t i = 0; i < cell.n; i++)
    if (cell.p[i] < '0' || cell.p[i] > '9') return false;
  return cell.n <= 4;
}

/* The first row is the heading when it holds words only, or words over figures and at most years too. */
static bool looks_heading(const CsvRows *rows) {
  bool figures = false, over = false;
  for (uint32_t i = 0; i < rows->row[0].n; i++) {
    Str cell = str_trim(rows->field[i]);
    over = over || words_over_figures(rows, i);
    if (!shape_is_data(cell)) continue;
    if (!short_figure(cell)) return false;
    figures = true;
  }
  return !figures || over;
}

int filesource_column(const FileSource *s, Str name) {
  for (size_t i = 0; i < s->ncol; i++)
    if (str_eq(s->column[i].title, name)) return (int)i;
  for (size_t i = 0; i < s->ncol; i++)
    if (str_eq(s->column[i].name, name)) return (int)i;
  for (size_t i = 0; i < s->ncol; i++)
    if (s->column[i].title.n == name.n && !strncasecmp(s->column[i].title.p, name.p, name.n)) return (int)i;
  size_t number = 0;
  for (size_t i = 1; i < name.n && i < 6; i++) {
    if (name.p[i] < '0' || name.p[i] > '9') return -1;
    number = number * 10 + (size_t)(name.p[i] - '0');
  }
  return name.n > 1 && name.p[0] == 'c' && number >= 1 && number <= s->ncol ? (int)number - 1 : -1;
}

/* --- reading ------------------------------------------------------------------ */

static void grow_window(SourceRows *out, size_t need) {
  if (out->cap >= need) return;
  mem_free(out->window);
  out->cap = need;
  out->window = mem_alloc(need);
}

/* `at` is where bytes start in the file, counted from 0. */
static bool check_utf8(const FileSource *s, Str bytes, uint64_t at, uint64_t line, Err *e) {
  size_t bad = 0;
  if (shape_utf8(bytes, &bad)) return true;
  unsigned char c = (unsigned char)bytes.p[bad];
  line += shape_count_lines(str_sub(bytes, 0, bad), &s->shape);
  err_set(e, ERR_FAIL, "byte %llu of the file (0x%02X) is not UTF-8", (unsigned long long)(at + bad + 1), c);
  err_at(e, s->path, (int)line, 0);
  if (c == 0) return err_todo(e, "a zero byte is no text; if the file is UTF-16, say so: --encoding UTF-16");
  return err_todo(
      e, "say what it is: --encoding GB18030 (Chinese Windows), windows-1252 (Western), macintosh …");
}

/* Rows until the window is full, at most `most`. The bytes of a record cut off at its end wait in s->rest. */
static bool next_rows(FileSource *s, size_t most, SourceRows *out, Err *e) {
  csv_clear(&out->csv);
  for (size_t want = WINDOW; !out->csv.n && !(s->ended && !s->rest.n); want *= 2) {
    size_t have = s->rest.n, got = 0, used = 0;
    grow_window(out, want > have + WINDOW / 2 ? want : have + WINDOW / 2);
    if (have) memcpy(out->window, s->rest.p, have);
    if (!s->ended && !read_full(s, out->window + have, out->cap - have, &got, e)) return false;
    uint64_t at = s->start + s->read - have, line = s->place.line;
    s->read += got;
    s->ended = s->ended || have + got < out->cap;
    Str bytes = {out->window, have + got};
    if (!csv_scan(&s->shape, bytes, s->ended, most, &s->place, &out->csv, &used, e)) {
      int bad = e->line;
      e->line = 0;
      return err_at(e, s->path, bad, 0);
    }
    buf_clear(&s->rest);
    buf_add(&s->rest, bytes.p + used, bytes.n - used);
    out->bytes = used;
    if (!s->checked && !check_utf8(s, str_sub(bytes, 0, used), at, line, e)) return false;
  }
  return true;
}

static bool unchanged(FileSource *s, Err *e) {
  struct stat st;
  if (fstat(s->fd, &st) == 0 && st.st_mtim.tv_sec == s->stamp[0] && st.st_mtim.tv_nsec == s->stamp[1] &&
      (uint64_t)st.st_size == s->size)
    return true;
  err_set(e, ERR_FAIL, "changed while it was read");
  err_at(e, s->path, 0, 0);
  return err_todo(e, "import it again when whoever writes it is done");
}

bool filesource_next(FileSource *s, SourceRows *out, Err *e) {
  if (!next_rows(s, SIZE_MAX, out, e)) return false;
  if (out->csv.n) return true;
  s->checked = true;
  return unchanged(s, e);
}

bool filesource_rewind(FileSource *s, Err *e) {
  if (lseek(s->fd, (off_t)s->start, SEEK_SET) < 0) return fail(s, e, "cannot be read");
  s->ended = false;
  s->read = 0;
  s->place = (CsvPlace){1};
  buf_clear(&s->rest);
  if (!s->header) return true;
  SourceRows heading = {0};
  bool ok = next_rows(s, 1, &heading, e);
  filesource_rows_free(&heading);
  return ok;
}

void filesource_rows_free(SourceRows *rows) {
  csv_free(&rows->csv);
  mem_free(rows->window);
  *rows = (SourceRows){0};
}

/* --- opening -------------------------------------------------------------------- */

static bool open_file(FileSource *s, const SourceSpec *spec, Err *e) {
  bool standard = !strcmp(spec->path, "-");
  s->path = standard ? "standard input" : spec->path;
  s->fd = standard ? dup(STDIN_FILENO) : open(spec->path, O_RDONLY | O_CLOEXEC);
  if (s->fd < 0) return fail(s, e, "cannot be opened");
  struct stat st;
  if (fstat(s->fd, &st) < 0) return fail(s, e, "cannot be read");
  if (S_ISDIR(st.st_mode)) {
    err_set(e, ERR_FAIL, "is a folder");
    return err_at(e, s->path, 0, 0);
  }
  if (spec->encoding || !S_ISREG(st.st_mode)) {
    int plain = -1;
    if (!decode_file(s->fd, s->path, spec->encoding, &plain, e)) return false;
    close(s->fd);
    s->fd = plain;
    if (fstat(s->fd, &st) < 0) return fail(s, e, "cannot be read");
  }
  s->size = (uint64_t)st.st_size;
  s->stamp[0] = st.st_mtim.tv_sec;
  s->stamp[1] = st.st_mtim.tv_nsec;
  return true;
}

static bool read_heading(FileSource *s, const SourceSpec *spec, Err *e) {
  enum { SEEN = 50 };
  SourceRows rows = {0};
  bool ok = filesource_rewind(s, e) && next_rows(s, SEEN, &rows, e);
  if (!ok) goto done;
  s->empty = rows.csv.n == 0;
  if (s->empty) goto done;
  s->header = spec->header ? !strcmp(spec->header, "yes") : looks_heading(&rows.csv);
  name_columns(s, &rows.csv);
  ok = filesource_rewind(s, e);
done:
  filesource_rows_free(&rows);
  return ok;
}

/* A file cut off inside its last cell looks like this, and so do some that are whole. */
static bool open_end(const FileSource *s) {
  char c;
  return s->size > s->start && pread(s->fd, &c, 1, (off_t)s->size - 1) == 1 && c != '\n' && c != '\r' &&
         (!s->shape.quote || c != s->shape.quote);
}

bool filesource_open(FileSource *s, const SourceSpec *spec, Err *e) {
  *s = (FileSource){.fd = -1};
  if (spec->header && strcmp(spec->header, "yes") != 0 && strcmp(spec->header, "no") != 0)
    return err_set(e, ERR_USAGE, "--header is yes or no, not '%s'", spec->header);
  if (!open_file(s, spec, e)) return false;
  char *head = mem_alloc(SAMPLE);
  size_t n = 0;
  bool ok = lseek(s->fd, 0, SEEK_SET) >= 0 && read_full(s, head, SAMPLE, &n, e);
  if (ok && n >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3)) s->start = 3;
  Str sample = {head + s->start, n - s->start};
  ok = ok && not_text(s, sample, e) && judge_shape(s, spec, sample, e) && read_heading(s, spec, e);
  mem_free(head);
  s->open_end = ok && open_end(s);
  return ok;
}

void filesource_close(FileSource *s) {
  if (s->path && s->fd >= 0) close(s->fd);
  buf_free(&s->rest);
  arena_free(&s->arena);
  *s = (FileSource){.fd = -1};
}
