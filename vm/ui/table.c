#include "ui/table.h"

#include "base/lang.h"

#include "ui/cells.h"
#include "ui/data.h"
#include "ui/markup.h"
#include "ui/packed.h"

static const char *const names[] = {"table", "csv", "tsv", "json", "jsonl", "md", "line", "html", "xlsx"};

bool ui_format_parse(Str s, UiFormat *out) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_is(s, names[i])) {
      *out = (UiFormat)i;
      return true;
    }
  return false;
}

enum { INDENT = 2, GAP = 2, NARROWEST = 8 };

static int *widths(const Cells *c, Arena *a) {
  int *w = arena_alloc(a, c->ncol * sizeof *w);
  for (size_t j = 0; j < c->ncol; j++) {
    w[j] = utf8_width(c->heading[j]);
    for (size_t i = 0; i < c->nrow; i++) {
      int n = utf8_width(c->text[i * c->ncol + j]);
      if (n > w[j]) w[j] = n;
    }
  }
  return w;
}

/* Takes from the widest text columns until the row fits; numbers are never clipped. */
static void fit(const Cells *c, int *w, int width) {
  int total = INDENT;
  for (size_t j = 0; j < c->ncol; j++) total += w[j] + (j ? GAP : 0);
  while (total > width) {
    size_t widest = c->ncol;
    for (size_t j = 0; j < c->ncol; j++)
      if (!c->right[j] && w[j] > NARROWEST && (widest == c->ncol || w[j] > w[widest])) widest = j;
    if (widest == c->ncol) return;
    w[widest]--;
    total--;
  }
}

static void put_row(const Cells *c, const Str *text, const int *w, Buf *out) {
  Buf cut = {0};
  buf_fill(out, ' ', INDENT);
  for (size_t j = 0; j < c->ncol; j++) {
    buf_clear(&cut);
    cells_clip(text[j], w[j], &cut);
    int pad = w[j] - utf8_width(buf_view(&cut));
    if (j) buf_fill(out, ' ', GAP);
    if (c->right[j] && pad > 0) buf_fill(out, ' ', (size_t)pad);
    buf_str(out, buf_view(&cut));
    if (!c->right[j] && pad > 0 && j + 1 < c->ncol) buf_fill(out, ' ', (size_t)pad);
  }
  while (out->n && out->p[out->n - 1] == ' ') out->p[--out->n] = 0;
  buf_free(&cut);
}

static void line_of(Str text, Buf *out) {
  if (!text.n) return;
  str_visible(text, true, out);
  buf_char(out, '\n');
}

static void title_of(const UiTable *t, Buf *out) {
  line_of(t->title.n && t->words ? str_of(_(t->title.p)) : t->title, out);
}

static void aligned(const UiTable *t, const UiStyle *style, Buf *out) {
  Arena a = {0};
  Cells c;
  size_t shown = cells_shown(t, style);
  cells_of(t, shown, style->env, false, &a, &c);
  int *w = widths(&c, &a);
  if (style->width > 0) fit(&c, w, style->width);
  title_of(t, out);
  if (style->color) buf_puts(out, "\033[1m");
  put_row(&c, c.heading, w, out);
  buf_puts(out, style->color ? "\033[0m\n" : "\n");
  for (size_t i = 0; i < shown; i++) {
    put_row(&c, c.text + i * c.ncol, w, out);
    buf_char(out, '\n');
  }
  if (t->nrow == 0) buf_say(out, "  (none)\n");
  if (shown < t->nrow) {
    buf_fill(out, ' ', INDENT);
    cells_more(t->nrow - shown, out);
    buf_char(out, '\n');
  }
  line_of(t->foot, out);
  arena_free(&a);
}

/* A field a line, a blank line between records. */
static void lines(const UiTable *t, const UiStyle *style, Buf *out) {
  Arena a = {0};
  Cells c;
  size_t shown = cells_shown(t, style);
  int widest = 0;
  cells_of(t, shown, style->env, false, &a, &c);
  for (size_t j = 0; j < c.ncol; j++) {
    int w = utf8_width(c.heading[j]);
    if (w > widest) widest = w;
  }
  title_of(t, out);
  for (size_t i = 0; i < shown; i++) {
    if (i) buf_char(out, '\n');
    for (size_t j = 0; j < c.ncol; j++) {
      buf_fill(out, ' ', (size_t)(INDENT + widest - utf8_width(c.heading[j])));
      buf_str(out, c.heading[j]);
      buf_puts(out, " = ");
      buf_str(out, c.text[i * c.ncol + j]);
      buf_char(out, '\n');
    }
  }
  if (t->nrow == 0) buf_say(out, "  (none)\n");
  if (shown < t->nrow) {
    buf_puts(out, "\n  ");
    cells_more(t->nrow - shown, out);
    buf_char(out, '\n');
  }
  line_of(t->foot, out);
  arena_free(&a);
}

void ui_table(const UiTable *t, UiFormat f, const UiStyle *style, Buf *out) {
  Arena own = {0};
  UiTable whole;
  if (f != UI_CSV && f != UI_TSV) {
    whole = packed_whole(t, &own);
    t = &whole;
  }
  switch (f) {
  case UI_CSV: data_csv(t, out); break;
  case UI_TSV: data_tsv(t, out); break;
  case UI_JSON: data_json(t, out); break;
  case UI_JSONL: data_jsonl(t, (Str){0}, out); break;
  case UI_MD: markup_md(t, style, out); break;
  case UI_HTML: markup_html(t, style, out); break;
  case UI_LINE: lines(t, style, out); break;
  case UI_TABLE:
  case UI_XLSX: aligned(t, style, out); break;
  }
  arena_free(&own);
}
