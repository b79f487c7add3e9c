/* Tables for people and for programs. Plain arrays in, text out. */
#ifndef UI_TABLE_H
#define UI_TABLE_H
#include "base/err.h"
#include "base/format.h"

typedef struct UiColumn {
  Str title;
  Unit unit;
  Fmt fmt;
} UiColumn;
#define UI_WORD(text) {.title = {(text), sizeof(text) - 1}} /* a heading of a table of `words` */
typedef struct UiTable {
  Str title;             /* may be empty */
  size_t ncol, nrow;
  const UiColumn *col;
  const Val *cell;       /* nrow × ncol; NULL when there is a long table in `packed` */
  const Str *packed;     /* its columns (packed.h), of `packed_rows` rows; those from nrow on are left out */
  size_t packed_rows;
  bool words;            /* title and headings are ours, literals, not the data's: people read them translated */
  Str foot;              /* a line below: "37 accounts · 9 with unknown …" */
} UiTable;

typedef enum UiFormat {
  UI_TABLE, UI_CSV, UI_TSV, UI_JSON, UI_JSONL, UI_MD, UI_LINE, UI_HTML, UI_XLSX
} UiFormat;
bool ui_format_parse(Str s, UiFormat *out);  /* false: no such format */

typedef struct UiStyle {
  const FmtEnv *env;
  int width;             /* of the terminal; 0 = no limit */
  size_t max_rows;       /* 0 = all; the rest is counted in a line "…" */
  bool color;
} UiStyle;
/* Text formats only; UI_XLSX goes through ui_xlsx. For people (table, line, md, html): units, scale and sign
 * stand in the heading, null is –, a column of % has as many decimals as its neediest cell, and control
 * characters are shown escaped. For programs (csv, tsv, json, jsonl): exact values, see data.h. */
void ui_table(const UiTable *t, UiFormat f, const UiStyle *style, Buf *out);
/* One sheet a table, in a file that replaces `path` only when it is whole. Numbers stay numbers (money and %
 * by format, over 15 digits text), texts stay texts whatever they begin with; the same tables, the same bytes. */
bool ui_xlsx(const UiTable *t, size_t ntable, const char *path, const FmtEnv *env, Err *e);

/* Charts as text. */
void ui_spark(const Val *v, size_t n, Buf *out);                     /* ▁▂▃▅█, null is a space */
void ui_bar(double part, int width, Buf *out);                       /* ████▌ */
/* Shares by descending value, with words; at least 3 lines high. */
void ui_lorenz(const Val *v, size_t n, int width, int height, Buf *out);
/* A heat map: first column = row heads, each figure with a mark for its size. */
void ui_matrix(const UiTable *t, const UiStyle *style, Buf *out);
#endif
