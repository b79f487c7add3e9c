/* A report: what a run shows, in order. Owns everything in it. */
#ifndef UI_REPORT_H
#define UI_REPORT_H
#include "ui/table.h"

typedef enum ItemKind { ITEM_TABLE, ITEM_NOTE, ITEM_CHART, ITEM_PAGE } ItemKind;
typedef struct ReportItem {
  ItemKind kind;
  UiTable table;      /* ITEM_TABLE */
  Str title, text;    /* NOTE, CHART, PAGE: ready text */
} ReportItem;
typedef struct Report {
  size_t n, cap;
  ReportItem *item;
  Arena arena;        /* all texts and cells of the items */
} Report;
ReportItem *report_add(Report *r, ItemKind kind);          /* zeroed */
/* A table item of ncol × nrow with cells to fill in. */
ReportItem *report_table(Report *r, Str title, const UiColumn *col, size_t ncol, size_t nrow, Val **cell);
/* The same with cells that are there already: they and all they point to are blocks of `own`, which is the report's
 * from then on. */
ReportItem *report_take(Report *r, Str title, const UiColumn *col, size_t ncol, size_t nrow, const Val *cell, Arena *own);
/* The same packed; the bytes of its columns are in r->arena. */
ReportItem *report_packed(Report *r, Str title, const UiColumn *col, size_t ncol, size_t nrow, const Str *column);
void report_note(Report *r, Str text);
void report_print(const Report *r, UiFormat f, const UiStyle *style, Buf *out);
void report_encode(const Report *r, Buf *out);             /* bytes for the pipe and the run's record */
bool report_decode(Str bytes, Report *out, Err *e);
bool report_decode_in_place(Str bytes, Report *out, Err *e); /* bytes outlive *out, whose long tables stay in them */
void report_free(Report *r);
#endif
