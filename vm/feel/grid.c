#include "feel/grid.h"

#include "base/lang.h"

#include <string.h>

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static size_t line_end(Str s, size_t at) {
  const char *nl = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;
  return nl ? (size_t)(nl - s.p) : s.n;
}

/* Behind the } that closes the { at `at`, if it does before `end`. */
static size_t skip_braces(Str s, size_t at, size_t end) {
  int open = 0;
  for (size_t i = at; i < end; i = block_skip_text(s, i, end)) {
    if (s.p[i] == '{') open++;
    if (s.p[i] == '}' && --open == 0) return i + 1;
  }
  return at + 1;
}

/* Behind the ] that closes the [ at `at`. Nothing is skipped when the bracket belongs to
 * a range whose other end is a parenthesis, [1..2), or when it closes one, ]1..2[. */
static size_t skip_brackets(Str s, size_t cell, size_t at, size_t end) {
  int open = 0, round = 0;
  for (size_t i = cell; i + 1 < at; i++)
    if (s.p[i] == '.' && s.p[i + 1] == '.') return at + 1;
  for (size_t i = at; i < end; i = block_skip_text(s, i, end)) {
    char c = s.p[i];
    if (c == '(') round++;
    if (c == ')' && --round < 0) return at + 1;
    if (c == '[') open++;
    if (c == ']' && --open == 0) return i + 1;
  }
  return at + 1;
}

typedef struct Cells { /* of one line */
  size_t *from, *to;
  size_t n, cap;
  size_t nin;  /* cells before "||"; 0 = the line has none */
  bool bars2;  /* more than one "||" */
} Cells;

static void add_cell(Cells *c, Str s, size_t from, size_t to) {
  size_t cap = c->cap;
  while (from < to && blank(s.p[from])) from++;
  while (to > from && blank(s.p[to - 1])) to--;
  mem_grow(c->from, c->cap, c->n + 1);
  mem_grow(c->to, cap, c->n + 1);
  c->from[c->n] = from;
  c->to[c->n++] = to;
}

static size_t comment(Str s, size_t from, size_t end) { /* "//" behind a blank: a URL has none */
  for (size_t i = from; i + 1 < end; i = block_skip_text(s, i, end))
    if (s.p[i] == '/' && s.p[i + 1] == '/' && (i == from || blank(s.p[i - 1]))) return i;
  return end;
}

static void split(Str s, size_t from, size_t end, Cells *out) {
  out->n = out->nin = 0;
  out->bars2 = false;
  end = comment(s, from, end);
  size_t cell = from;
  for (size_t i = from, next; i < end; i = next) {
    char c = s.p[i];
    next = c == '{'   ? skip_braces(s, i, end)
           : c == '[' ? skip_brackets(s, cell, i, end)
                      : block_skip_text(s, i, end);
    if (c != '|') continue;
    add_cell(out, s, cell, i);
    if (i + 1 < end && s.p[i + 1] == '|') {
      out->bars2 = out->bars2 || out->nin;
      if (!out->nin) out->nin = out->n;
      next++;
    }
    cell = next;
  }
  add_cell(out, s, cell, end);
}

typedef struct Reader {
  const Src *src;
  Src rest;      /* from the last line to the end; lines are counted on from here */
  size_t base;   /* where it begins */
  Arena *a;
  Err *e;
  bool marked;   /* a policy and marks stand in the first column */
  Cells line;
  size_t width;  /* cells of the heading, the first column included */
  size_t nin;    /* cells before "||" in the heading, the first column included */
  Grid *out;
  size_t cap, mark_cap, line_cap;
  Src *cell;     /* grown with mem_grow, copied into the arena at the end */
  enum GridMark *mark;
  int *lines;
} Reader;

Src grid_cell(const Src *src, size_t from, size_t to, Arena *a, const char *fmt, ...) {
  Src c = src_sub(src, from, to);
  if (!src->what) return c;
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  c.what = arena_strndup(a, b.p ? b.p : "", b.n);
  buf_free(&b);
  return c;
}

static bool heading(Reader *r, size_t from, size_t end) {
  const Cells *l = &r->line;
  const Src *src = r->src;
  size_t first = r->marked;
  if (l->bars2)
    return src_err(r->e, src, from, end - from, "a heading has one || between inputs and outputs");
  if (r->marked && !l->nin) {
    src_err(r->e, src, from, end - from, "this heading has no ||");
    return err_todo(r->e, "first | input | input || output: inputs stand before ||, outputs behind it");
  }
  if (r->marked && l->nin < 2 && l->n > l->nin && l->nin) {
    src_err(r->e, src, from, end - from, "this heading has no input column");
    return err_todo(r->e, "first | input | input || output: the first cell is the hit policy");
  }
  r->width = l->n;
  r->nin = l->nin ? l->nin : l->n;
  Grid *g = r->out;
  g->nin = r->nin - first;
  g->nout = l->n - r->nin;
  g->in = arena_alloc(r->a, g->nin * sizeof *g->in);
  g->out = arena_alloc(r->a, g->nout * sizeof *g->out);
  g->note = arena_zalloc(r->a, g->nout, sizeof *g->note);
  g->policy = first ? src_sub(src, l->from[0], l->to[0]) : src_sub(src, from, from);
  for (size_t i = first; i < l->n; i++) {
    if (l->from[i] == l->to[i])
      return src_err(r->e, src, l->from[i], 0, "column %zu has no heading", i + 1 - first);
    Src c = grid_cell(src, l->from[i], l->to[i], r->a, "heading of %s, column %zu", src->what,
                      i + 1 - first);
    if (i < r->nin) g->in[i - first] = c;
    else g->out[i - r->nin] = c;
  }
  return true;
}

bool grid_mark(const Src *src, size_t from, size_t to, enum GridMark *out, Err *e) {
  Str s = str_sub(src->text, from, to);
  *out = str_is(s, "else") ? GRID_ELSE : str_is(s, "unknown") ? GRID_UNKNOWN : GRID_ROW;
  if (!s.n || *out != GRID_ROW) return true;
  src_err(e, src, from, s.n, "a row begins with a blank cell, else or unknown, not with %.*s", STR_ARG(s));
  return err_todo(e, "is a | missing at the start of the line?");
}

static bool wrong_width(Reader *r, size_t from, size_t end) {
  const Cells *l = &r->line;
  const Src *src = r->src;
  if (l->n != r->width) {
    src_err(r->e, src, from, end - from, "%zu columns where the heading has %zu", l->n, r->width);
    if (l->n < r->width) return err_todo(r->e, "an empty cell is a blank between two |; any value is -");
    return err_todo(r->e, "is a | meant as text? put the cell in quotes");
  }
  size_t first = r->marked;
  src_err(r->e, src, from, end - from, "%zu inputs before || where the heading has %zu",
          (l->nin ? l->nin : l->n) - first, r->nin - first);
  return err_todo(r->e, "|| stands in the same place in every row");
}

static bool row(Reader *r, size_t from, size_t end) {
  const Cells *l = &r->line;
  Grid *g = r->out;
  size_t first = r->marked;
  bool barred = r->nin != r->width, misplaced = barred ? l->nin != r->nin : l->nin != 0;
  if (l->n != r->width || misplaced || l->bars2) return wrong_width(r, from, end);
  enum GridMark mark = GRID_ROW;
  if (r->marked && !grid_mark(r->src, l->from[0], l->to[0], &mark, r->e)) return false;
  mem_grow(r->mark, r->mark_cap, g->nrow + 1);
  mem_grow(r->lines, r->line_cap, g->nrow + 1);
  r->mark[g->nrow] = mark;
  r->rest = src_sub(&r->rest, from - r->base, r->rest.text.n);
  r->base = from;
  Src line = src_sub(&r->rest, 0, end - from);
  r->lines[g->nrow] = line.line;
  size_t per = g->nin + g->nout, base = g->nrow * per;
  mem_grow(r->cell, r->cap, base + per);
  for (size_t i = 0; i < per; i++) {
    Str head = i < g->nin ? g->in[i].text : g->out[i - g->nin].text;
    r->cell[base + i] = grid_cell(&line, l->from[i + first] - from, l->to[i + first] - from, r->a,
                                  "%s, row %zu, column %.*s", r->src->what, g->nrow + 1, STR_ARG(head));
  }
  g->nrow++;
  return true;
}

void grid_keep(Grid *g, const Src *cell, const enum GridMark *mark, const int *line, Arena *a) {
  size_t n = g->nrow * (g->nin + g->nout);
  g->cell = arena_alloc(a, n * sizeof *g->cell);
  g->mark = arena_alloc(a, g->nrow * sizeof *g->mark);
  g->line = arena_alloc(a, g->nrow * sizeof *g->line);
  for (size_t i = 0; cell && i < n; i++) g->cell[i] = cell[i];
  for (size_t i = 0; mark && line && i < g->nrow; i++) g->mark[i] = mark[i], g->line[i] = line[i];
}

static bool no_rows(const Src *src, bool headed, Err *e) {
  src_err(e, src, 0, 0, headed ? "a grid without rows" : N_("an empty grid"));
  return err_todo(e, "a heading, then a line for each row");
}

static bool read_grid(const Src *text, bool marked, Arena *a, Grid *out, Err *e) {
  Src *src = arena_alloc(a, sizeof *src);
  *src = *text;
  *out = (Grid){0};
  Reader r = {.src = src, .rest = *src, .a = a, .e = e, .marked = marked, .out = out};
  Str s = src->text;
  bool ok = true;
  for (size_t at = 0; ok && at < s.n;) {
    size_t from = at, end = line_end(s, at);
    at = end + 1;
    while (from < end && blank(s.p[from])) from++;
    while (end > from && blank(s.p[end - 1])) end--;
    if (from == end || comment(s, from, end) == from) continue;
    split(s, from, end, &r.line);
    ok = r.width ? row(&r, from, end) : heading(&r, from, end);
  }
  if (ok && !out->nrow) ok = no_rows(src, r.width > 0, e);
  if (ok) grid_keep(out, r.cell, r.mark, r.lines, a);
  mem_free(r.line.from);
  mem_free(r.line.to);
  mem_free(r.cell);
  mem_free(r.mark);
  mem_free(r.lines);
  return ok;
}

bool grid_parse(const Src *text, Arena *a, Grid *out, Err *e) {
  return read_grid(text, true, a, out, e);
}

bool grid_parse_cases(const Src *text, Arena *a, Grid *out, Err *e) {
  return read_grid(text, false, a, out, e);
}
