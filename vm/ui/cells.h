/* A table as the texts a person will see: headings with unit and scale, cells formatted
 * column by column, control characters made visible. All texts live in the arena. */
#ifndef UI_CELLS_H
#define UI_CELLS_H
#include "ui/table.h"

typedef struct Cells {
  size_t ncol, nrow;
  Str *heading;  /* ncol: "at_risk, 万" */
  Str *text;     /* nrow × ncol */
  bool *right;   /* ncol: aligned right */
} Cells;

/* The first `nrow` rows of t. With `raw` texts are left as they are: markup escapes by itself. */
void cells_of(const UiTable *t, size_t nrow, const FmtEnv *env, bool raw, Arena *a, Cells *out);
/* How many rows style lets through, and what to say of the rest ("… 32 more rows"). */
size_t cells_shown(const UiTable *t, const UiStyle *style);
void cells_more(size_t hidden, Buf *out);
/* The format of a column with its decimals settled over the rows shown. */
Fmt cells_fmt(const UiTable *t, size_t col, size_t nrow);
/* s cut to `width` columns, the last of them "…" when something was cut. */
void cells_clip(Str s, int width, Buf *out);
#endif
