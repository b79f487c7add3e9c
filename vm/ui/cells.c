#include "ui/cells.h"

#include "base/lang.h"

size_t cells_shown(const UiTable *t, const UiStyle *style) {
  /* one row too many takes no more room than the line that would say so */
  return style->max_rows && style->max_rows + 1 < t->nrow ? style->max_rows : t->nrow;
}

void cells_more(size_t hidden, Buf *out) {
  buf_puts(out, "… ");
  FmtEnv grouped = {.cell = true};
  fmt_val(val_int((int64_t)hidden), UNIT_NONE, FMT_NONE, &grouped, out);
  buf_say(out, " more rows");
}

void cells_clip(Str s, int width, Buf *out) {
  if (utf8_width(s) <= width) {
    buf_str(out, s);
    return;
  }
  int used = 0;
  for (size_t i = 0; i < s.n;) {
    size_t from = i;
    utf8_next(s, &i);
    used += utf8_width(str_sub(s, from, i));
    if (used > width - 1) break;
    buf_str(out, str_sub(s, from, i));
  }
  if (width > 0) buf_puts(out, "…");
}

Fmt cells_fmt(const UiTable *t, size_t col, size_t nrow) {
  Fmt f = t->col[col].fmt;
  int most = -1;
  for (size_t i = 0; i < nrow; i++) {
    int d = fmt_decimals(t->cell[i * t->ncol + col], t->col[col].unit, f);
    if (d > most) most = d;
  }
  if (most >= 0) f.decimals = most;
  return f;
}

static bool column_right(const UiTable *t, size_t col, size_t nrow) {
  const UiColumn *c = &t->col[col];
  bool known = false;
  for (size_t i = 0; i < nrow; i++) {
    Val v = t->cell[i * t->ncol + col];
    if (v.t == V_NULL) continue;
    known = true;
    if (!fmt_right(v, c->unit, c->fmt)) return false;
  }
  return known || fmt_right(val_null(), c->unit, c->fmt);
}

static Str kept(const Buf *b, Arena *a) { return (Str){arena_strndup(a, b->p, b->n), b->n}; }

static Str visible(const Buf *b, bool raw, Buf *scratch, Arena *a) {
  if (raw) return kept(b, a);
  buf_clear(scratch);
  str_visible(buf_view(b), false, scratch);
  return kept(scratch, a);
}

void cells_of(const UiTable *t, size_t nrow, const FmtEnv *env, bool raw, Arena *a, Cells *out) {
  FmtEnv cell = env ? *env : (FmtEnv){.currency_sign = "¥", .minor = 2};
  cell.cell = true;
  cell.null = "–";
  *out = (Cells){.ncol = t->ncol, .nrow = nrow};
  out->heading = arena_alloc(a, t->ncol * sizeof(Str));
  out->right = arena_alloc(a, t->ncol * sizeof(bool));
  out->text = arena_alloc(a, t->ncol * nrow * sizeof(Str));
  Buf b = {0}, scratch = {0};
  for (size_t j = 0; j < t->ncol; j++) {
    Fmt f = cells_fmt(t, j, nrow);
    const char *unit = fmt_heading(t->col[j].unit, f, &cell);
    out->right[j] = column_right(t, j, nrow);
    buf_clear(&b);
    buf_str(&b, t->words ? str_of(_(t->col[j].title.p)) : t->col[j].title);
    if (*unit) buf_printf(&b, ", %s", unit);
    out->heading[j] = visible(&b, raw, &scratch, a);
    for (size_t i = 0; i < nrow; i++) {
      buf_clear(&b);
      fmt_val(t->cell[i * t->ncol + j], t->col[j].unit, f, &cell, &b);
      out->text[i * t->ncol + j] = visible(&b, raw, &scratch, a);
    }
  }
  buf_free(&b);
  buf_free(&scratch);
}
