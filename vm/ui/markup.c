#include "ui/markup.h"

#include "ui/cells.h"

#include <string.h>

/* What is no text in either language: controls made visible, broken bytes too. */
static void clean(Str s, Buf *out) { str_visible(s, true, out); }

void markup_md_text(Str s, Buf *out) {
  Buf b = {0};
  clean(s, &b);
  for (size_t i = 0; i < b.n; i++) {
    char c = b.p[i];
    if (c == '\n') buf_puts(out, "<br>");
    else if (c == '<') buf_puts(out, "&lt;");
    else if (c == '&') buf_puts(out, "&amp;");
    else {
      if (strchr("|\\`*[]", c)) buf_char(out, '\\');
      buf_char(out, c);
    }
  }
  buf_free(&b);
}

void markup_html_text(Str s, Buf *out) {
  Buf b = {0};
  clean(s, &b);
  for (size_t i = 0; i < b.n; i++) switch (b.p[i]) {
    case '<': buf_puts(out, "&lt;"); break;
    case '>': buf_puts(out, "&gt;"); break;
    case '&': buf_puts(out, "&amp;"); break;
    case '"': buf_puts(out, "&quot;"); break;
    case '\'': buf_puts(out, "&#39;"); break;
    default: buf_char(out, b.p[i]);
    }
  buf_free(&b);
}

static void md_row(const Str *text, size_t n, Buf *out) {
  buf_char(out, '|');
  for (size_t j = 0; j < n; j++) {
    buf_char(out, ' ');
    markup_md_text(text[j], out);
    buf_puts(out, " |");
  }
  buf_char(out, '\n');
}

void markup_md(const UiTable *t, const UiStyle *style, Buf *out) {
  Arena a = {0};
  Cells c;
  size_t shown = cells_shown(t, style);
  cells_of(t, shown, style->env, true, &a, &c);
  if (t->title.n) {
    buf_puts(out, "## ");
    markup_md_text(t->title, out);
    buf_puts(out, "\n\n");
  }
  md_row(c.heading, c.ncol, out);
  buf_char(out, '|');
  for (size_t j = 0; j < c.ncol; j++) buf_puts(out, c.right[j] ? " ---: |" : " --- |");
  buf_char(out, '\n');
  for (size_t i = 0; i < shown; i++) md_row(c.text + i * c.ncol, c.ncol, out);
  if (shown < t->nrow) {
    buf_char(out, '\n');
    cells_more(t->nrow - shown, out);
    buf_char(out, '\n');
  }
  if (t->foot.n) {
    buf_char(out, '\n');
    markup_md_text(t->foot, out);
    buf_char(out, '\n');
  }
  arena_free(&a);
}

static void html_row(const char *tag, const Str *text, const Cells *c, Buf *out) {
  buf_puts(out, "<tr>");
  for (size_t j = 0; j < c->ncol; j++) {
    buf_printf(out, "<%s%s>", tag, c->right[j] ? " class=\"n\"" : "");
    markup_html_text(text[j], out);
    buf_printf(out, "</%s>", tag);
  }
  buf_puts(out, "</tr>\n");
}

void markup_html(const UiTable *t, const UiStyle *style, Buf *out) {
  Arena a = {0};
  Cells c;
  size_t shown = cells_shown(t, style);
  cells_of(t, shown, style->env, true, &a, &c);
  buf_puts(out, "<table>\n");
  if (t->title.n) {
    buf_puts(out, "<caption>");
    markup_html_text(t->title, out);
    buf_puts(out, "</caption>\n");
  }
  buf_puts(out, "<thead>");
  html_row("th", c.heading, &c, out);
  buf_puts(out, "</thead>\n<tbody>\n");
  for (size_t i = 0; i < shown; i++) html_row("td", c.text + i * c.ncol, &c, out);
  buf_puts(out, "</tbody>\n</table>\n");
  if (shown < t->nrow) {
    buf_puts(out, "<p>");
    cells_more(t->nrow - shown, out);
    buf_puts(out, "</p>\n");
  }
  if (t->foot.n) {
    buf_puts(out, "<p>");
    markup_html_text(t->foot, out);
    buf_puts(out, "</p>\n");
  }
  arena_free(&a);
}

void markup_page_begin(Str title, Buf *out) {
  buf_puts(out, "<!DOCTYPE html>\n<html lang=\"und\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
  markup_html_text(title.n ? title : STR("Pareto"), out);
  buf_puts(
      out,
      "</title>\n<style>\n"
      "body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em }\n"
      "table { border-collapse: collapse; margin: 1.5em 0 0.5em }\n"
      "caption { text-align: left; font-weight: bold; padding-bottom: 0.3em }\n"
      "th, td { padding: 0.2em 0.8em; text-align: left; border-bottom: 1px solid #ddd }\n"
      ".n { text-align: right; font-variant-numeric: tabular-nums }\n"
      "pre { line-height: 1.2; overflow-x: auto }\n"
      "p { white-space: pre-line }\n"
      "</style>\n</head>\n<body>\n");
}

void markup_page_end(Buf *out) { buf_puts(out, "</body>\n</html>\n"); }
