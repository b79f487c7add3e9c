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
typedef struct UiTable {
  Str title;             /* may be empty */
  size_t ncol, nrow;
  const UiColumn *col;
  const Val *cell;       /* nrow × ncol */
  Str foot;              /* a line below: "37 accounts · 9 with unknown …" */
} UiTable;

typedef enum UiFormat { UI_TABLE, UI_CSV, UI_TSV, UI_JSON, UI_JSONL, UI_MD, UI_LINE, UI_HTML, UI_XLSX } UiFormat;
bool ui_format_parse(Str s, UiFormat *out);  /* false: no such format */

typedef struct UiStyle {
  const FmtEnv *env;
  int width;             /* of the terminal; 0 = no limit */
  size_t max_rows;       /* 0 = all; the rest is counted in a line "…" */
  bool color;
} UiStyle;
/* Text formats only; UI_XLSX goes through ui_xlsx. Control characters are shown escaped in UI_TABLE, UI_LINE. */
void ui_table(const UiTable *t, UiFormat f, const UiStyle *style, Buf *out);
bool ui_xlsx(const UiTable *t, size_t ntable, const char *path, const FmtEnv *env, Err *e);

/* Charts as text. */
void ui_spark(const Val *v, size_t n, Buf *out);                     /* ▁▂▃▅█, null is a space */
void ui_bar(double part, int width, Buf *out);                       /* ████▌ */
void ui_lorenz(const Val *v, size_t n, int width, int height, Buf *out);  /* shares by descending value, with words */
void ui_matrix(const UiTable *t, const UiStyle *style, Buf *out);    /* first column = row heads */
#endif
