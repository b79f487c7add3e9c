#include "ui/report.h"

#include "ui/cells.h"
#include "ui/data.h"
#include "ui/markup.h"
#include "ui/packed.h"

#include <string.h>

ReportItem *report_add(Report *r, ItemKind kind) {
  mem_grow(r->item, r->cap, r->n + 1);
  ReportItem *item = &r->item[r->n++];
  *item = (ReportItem){.kind = kind};
  return item;
}

static Str kept(Report *r, Str s) { return (Str){arena_strndup(&r->arena, s.p, s.n), s.n}; }

ReportItem *report_take(Report *r, Str title, const UiColumn *col, size_t ncol, size_t nrow, const Val *cell, Arena *own) {
  ReportItem *item = report_add(r, ITEM_TABLE);
  UiColumn *c = arena_alloc(&r->arena, ncol * sizeof *c);
  for (size_t j = 0; j < ncol; j++) {
    c[j] = col[j];
    c[j].title = kept(r, col[j].title);
  }
  item->table = (UiTable){.title = kept(r, title), .ncol = ncol, .nrow = nrow, .col = c, .cell = cell};
  arena_join(&r->arena, own);
  return item;
}

ReportItem *report_table(Report *r, Str title, const UiColumn *col, size_t ncol, size_t nrow, Val **cell) {
  Arena own = {0};
  *cell = arena_zalloc(&r->arena, nrow * ncol, sizeof **cell);
  return report_take(r, title, col, ncol, nrow, *cell, &own);
}

ReportItem *report_packed(Report *r, Str title, const UiColumn *col, size_t ncol, size_t nrow, const Str *column) {
  Arena own = {0};
  ReportItem *item = report_take(r, title, col, ncol, nrow, NULL, &own);
  Str *mine = arena_alloc(&r->arena, (ncol + 1) * sizeof *mine);
  for (size_t j = 0; j < ncol; j++) mine[j] = column[j];
  item->table.packed = mine;
  item->table.packed_rows = nrow;
  return item;
}

void report_note(Report *r, Str text) { report_add(r, ITEM_NOTE)->text = kept(r, text); }

static size_t tables_in(const Report *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->n; i++) n += r->item[i].kind == ITEM_TABLE;
  return n;
}

static void text_line(Str s, Buf *out) {
  if (!s.n) return;
  str_visible(s, true, out);
  if (out->p[out->n - 1] != '\n') buf_char(out, '\n');
}

static void print_text(const Report *r, UiFormat f, const UiStyle *style, Buf *out) {
  for (size_t i = 0; i < r->n; i++) {
    const ReportItem *item = &r->item[i];
    if (i) buf_char(out, '\n');
    if (item->kind == ITEM_TABLE) {
      ui_table(&item->table, f, style, out);
    } else {
      text_line(item->title, out);
      text_line(item->text, out);
    }
  }
}

/* Formats for programs that know only tables: a blank line between two, nothing else. */
static void print_tables(const Report *r, UiFormat f, const UiStyle *style, Buf *out) {
  bool first = true;
  for (size_t i = 0; i < r->n; i++) {
    if (r->item[i].kind != ITEM_TABLE) continue;
    if (!first) buf_char(out, '\n');
    first = false;
    ui_table(&r->item[i].table, f, style, out);
  }
}

static void print_jsonl(const Report *r, Buf *out) {
  bool several = tables_in(r) > 1;
  for (size_t i = 0; i < r->n; i++)
    if (r->item[i].kind == ITEM_TABLE)
      data_jsonl(&r->item[i].table, several ? r->item[i].table.title : (Str){0}, out);
}

static void json_pair(const char *key, Str text, Buf *out) {
  buf_printf(out, "\"%s\": ", key);
  data_json_text(text, out);
}

/* A report of one table is its rows; any other is an array of its items. */
static void print_json(const Report *r, Buf *out) {
  static const char *const key[] = {"rows", "note", "chart", "page"};
  if (r->n == 1 && r->item[0].kind == ITEM_TABLE) {
    data_json(&r->item[0].table, out);
    buf_char(out, '\n');
    return;
  }
  buf_char(out, '[');
  for (size_t i = 0; i < r->n; i++) {
    const ReportItem *item = &r->item[i];
    bool table = item->kind == ITEM_TABLE;
    buf_puts(out, i ? ",\n{" : "\n{");
    json_pair("title", table ? item->table.title : item->title, out);
    buf_puts(out, ", ");
    if (table) {
      buf_puts(out, "\"rows\": ");
      data_json(&item->table, out);
      if (item->table.foot.n) {
        buf_puts(out, ", ");
        json_pair("foot", item->table.foot, out);
      }
    } else {
      json_pair(key[item->kind], item->text, out);
    }
    buf_char(out, '}');
  }
  buf_puts(out, r->n ? "\n]\n" : "]\n");
}

static void print_md(const Report *r, const UiStyle *style, Buf *out) {
  for (size_t i = 0; i < r->n; i++) {
    const ReportItem *item = &r->item[i];
    if (i) buf_char(out, '\n');
    if (item->kind == ITEM_TABLE) {
      markup_md(&item->table, style, out);
      continue;
    }
    if (item->title.n) {
      buf_puts(out, "## ");
      markup_md_text(item->title, out);
      buf_puts(out, "\n\n");
    }
    if (item->kind == ITEM_CHART) { /* indented code: nothing in it can close it */
      for (Str rest = item->text; rest.p && rest.n;) {
        buf_puts(out, "    ");
        str_visible(str_split(rest, '\n', &rest), false, out);
        buf_char(out, '\n');
      }
    } else {
      markup_md_text(item->text, out);
      buf_char(out, '\n');
    }
  }
}

static void print_html(const Report *r, const UiStyle *style, Buf *out) {
  Str title = {0};
  for (size_t i = 0; i < r->n && !title.n; i++)
    title = r->item[i].kind == ITEM_TABLE ? r->item[i].table.title : r->item[i].title;
  markup_page_begin(title, out);
  for (size_t i = 0; i < r->n; i++) {
    const ReportItem *item = &r->item[i];
    if (item->kind == ITEM_TABLE) {
      markup_html(&item->table, style, out);
      continue;
    }
    if (item->title.n) {
      buf_puts(out, "<h2>");
      markup_html_text(item->title, out);
      buf_puts(out, "</h2>\n");
    }
    const char *tag = item->kind == ITEM_CHART ? "pre" : "p";
    buf_printf(out, "<%s>", tag);
    markup_html_text(item->text, out);
    buf_printf(out, "</%s>\n", tag);
  }
  markup_page_end(out);
}

/* The report with the cells of all its tables, which live in `a`. */
static Report with_cells(const Report *r, Arena *a) {
  Report whole = *r;
  whole.item = arena_alloc(a, (r->n + 1) * sizeof *whole.item);
  for (size_t i = 0; i < r->n; i++) {
    whole.item[i] = r->item[i];
    if (r->item[i].kind == ITEM_TABLE) whole.item[i].table = packed_whole(&r->item[i].table, a);
  }
  return whole;
}

void report_print(const Report *r, UiFormat f, const UiStyle *style, Buf *out) {
  Arena own = {0};
  Report whole;
  if (f != UI_CSV && f != UI_TSV) { /* which take a long table as it is */
    whole = with_cells(r, &own);
    r = &whole;
  }
  buf_puts(out, "");
  switch (f) {
  case UI_CSV:
  case UI_TSV: print_tables(r, f, style, out); break;
  case UI_JSON: print_json(r, out); break;
  case UI_JSONL: print_jsonl(r, out); break;
  case UI_MD: print_md(r, style, out); break;
  case UI_HTML: print_html(r, style, out); break;
  case UI_TABLE:
  case UI_LINE:
  case UI_XLSX: print_text(r, f, style, out); break;
  }
  arena_free(&own);
}

void report_free(Report *r) {
  mem_free(r->item);
  arena_free(&r->arena);
  *r = (Report){0};
}
