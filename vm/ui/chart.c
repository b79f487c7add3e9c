#include "base/num.h"
#include "ui/cells.h"

#include "base/lang.h"

#include <stdlib.h>

void ui_spark(const Val *v, size_t n, Buf *out) {
  double low = 0, high = 0;
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    if (!val_is_num(v[i])) continue;
    double d = num_double(v[i]);
    if (!any || d < low) low = d;
    if (!any || d > high) high = d;
    any = true;
  }
  for (size_t i = 0; i < n; i++) {
    if (!val_is_num(v[i])) buf_char(out, ' ');
    else if (high > low) fmt_level((num_double(v[i]) - low) / (high - low), out);
    else fmt_level(high == 0 ? 0 : 0.5, out); /* all the same */
  }
}

void ui_bar(double part, int width, Buf *out) {
  static const char *const eighth[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (!(part > 0) || width <= 0) return;
  if (part > 1) part = 1;
  int eighths = (int)(part * width * 8 + 0.5);
  for (int i = 0; i < eighths / 8; i++) buf_puts(out, "█");
  buf_puts(out, eighth[eighths % 8]);
}

/* The known values in descending order, and what they add up to. */
typedef struct Ranked {
  Val *v;
  size_t n, unknown;
  Val total;
  bool negative; /* some value is */
} Ranked;

static int descending(const void *a, const void *b) { return num_cmp(*(const Val *)b, *(const Val *)a); }

static Ranked ranked_of(const Val *v, size_t n, Arena *a) {
  Ranked r = {.v = arena_alloc(a, n * sizeof *v), .total = val_int(0)};
  for (size_t i = 0; i < n; i++) {
    if (!val_is_num(v[i])) {
      r.unknown++;
      continue;
    }
    r.v[r.n++] = v[i];
    r.total = num_add(r.total, v[i], a);
    if (num_cmp(v[i], val_int(0)) < 0) r.negative = true;
  }
  if (r.n) qsort(r.v, r.n, sizeof *r.v, descending);
  return r;
}

/* Gini coefficient, Σ (n + 1 - 2i) x_i / (n Σ x) for x_1 ≥ x_2 ≥ … */
static double gini(const Ranked *r) {
  double weighted = 0, n = (double)r->n;
  for (size_t i = 0; i < r->n; i++) weighted += (n - 1 - 2 * (double)i) * num_double(r->v[i]);
  return weighted / (n * num_double(r->total));
}

/* The fewest of the largest that hold `part` of the total. */
static size_t carriers(const Ranked *r, Val part, Arena *a) {
  Val want = num_mul(r->total, part, a), sum = val_int(0);
  for (size_t i = 0; i < r->n; i++) {
    sum = num_add(sum, r->v[i], a);
    if (num_cmp(sum, want) >= 0) return i + 1;
  }
  return r->n;
}

static double share_of_first(const Ranked *r, size_t k) {
  double sum = 0;
  for (size_t i = 0; i < k; i++) sum += num_double(r->v[i]);
  return sum / num_double(r->total);
}

static void words(const Ranked *r, Buf line[3], Arena *a) {
  size_t fifth = (r->n + 4) / 5, most = carriers(r, val_dec(8, -1), a);
  buf_say(&line[0], "the first 20 %% hold %.1f %%", 100 * share_of_first(r, fifth));
  buf_say(&line[1], "80 %% is carried by %zu of %zu (%.1f %%)", most, r->n,
          100 * (double)most / (double)r->n);
  if (!r->negative) buf_say(&line[1], " · Gini %.3f", gini(r));
  buf_say(&line[2], "the largest alone: %.1f %%", 100 * share_of_first(r, 1));
  if (r->unknown) buf_say(&line[2], " · %zu unknown left out", r->unknown);
}

/* Cumulative share at the right edge of each of `width` slices of the ranking. */
static double *curve(const Ranked *r, int width, Arena *a) {
  double *y = arena_alloc(a, (size_t)width * sizeof *y), sum = 0, total = num_double(r->total);
  size_t i = 0;
  for (int x = 0; x < width; x++) {
    size_t upto = (r->n * (size_t)(x + 1) + (size_t)width - 1) / (size_t)width;
    for (; i < upto && i < r->n; i++) sum += num_double(r->v[i]);
    y[x] = sum / total;
  }
  return y;
}

static void axis(int row, int height, Buf *out) {
  int percent = (200 * (height - row) + height) / (2 * height);
  bool bottom = row == height - 1;
  if (bottom) buf_puts(out, "    0 ┼");
  else buf_printf(out, "%3d %% ┤", percent);
}

void ui_lorenz(const Val *v, size_t n, int width, int height, Buf *out) {
  Arena a = {0};
  Ranked r = ranked_of(v, n, &a);
  if (width < 1) width = 1;
  if (height < 3) height = 3; /* one line for each of the three sentences */
  if (r.n == 0 || num_cmp(r.total, val_int(0)) <= 0) {
    buf_say(out, r.n ? "no shares: the total is not positive\n" : N_("no shares: no value is known\n"));
    arena_free(&a);
    return;
  }
  Buf line[3] = {{0}};
  words(&r, line, &a);
  double *y = curve(&r, width, &a);
  for (int row = 0; row < height; row++) {
    axis(row, height, out);
    for (int x = 0; x < width; x++) {
      double level = y[x] * height - (height - 1 - row); /* how much of this row is filled */
      if (level < 1.0 / 16) buf_char(out, ' ');
      else fmt_level(level - 1.0 / 16, out);
    }
    if (row < 3) buf_printf(out, "   %s", line[row].p);
    while (out->p[out->n - 1] == ' ') out->n--;
    buf_char(out, '\n');
  }
  for (int i = 0; i < 3; i++) buf_free(&line[i]);
  arena_free(&a);
}

/* The largest magnitude in the body: what a full mark stands for. */
static double largest(const UiTable *t, size_t rows) {
  double most = 0;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 1; j < t->ncol; j++) {
      Val v = t->cell[i * t->ncol + j];
      double d = val_is_num(v) ? num_double(v) : 0;
      if (d > most) most = d;
    }
  return most;
}

static void mark(Val v, double most, Buf *out) {
  double d = val_is_num(v) ? num_double(v) : 0;
  buf_char(out, ' ');
  if (d > 0 && most > 0) fmt_level(d / most - 1.0 / 16, out);
  else buf_char(out, ' ');
}

void ui_matrix(const UiTable *t, const UiStyle *style, Buf *out) {
  enum { GAP = 2 };
  Arena a = {0};
  Cells c;
  size_t shown = cells_shown(t, style);
  cells_of(t, shown, style->env, false, &a, &c);
  double most = largest(t, shown);
  int head = 0, body = 1;
  for (size_t j = 0; j < c.ncol; j++)
    for (size_t i = 0; i <= shown; i++) {
      int w = utf8_width(i ? c.text[(i - 1) * c.ncol + j] : c.heading[j]);
      int *widest = j ? &body : &head;
      if (w > *widest) *widest = w;
    }
  str_visible(t->title, true, out);
  if (t->title.n) buf_char(out, '\n');
  for (size_t i = 0; i <= shown; i++) {
    const Str *text = i ? c.text + (i - 1) * c.ncol : c.heading;
    buf_fill(out, ' ', GAP);
    for (size_t j = 0; j < c.ncol; j++) {
      int pad = (j ? body : head) - utf8_width(text[j]);
      if (j) buf_fill(out, ' ', (size_t)(GAP + pad));
      buf_str(out, text[j]);
      if (!j) buf_fill(out, ' ', (size_t)pad);
      else if (i) mark(t->cell[(i - 1) * c.ncol + j], most, out);
      else buf_fill(out, ' ', 2);
    }
    while (out->n && out->p[out->n - 1] == ' ') out->p[--out->n] = 0;
    buf_char(out, '\n');
  }
  if (shown < t->nrow) {
    buf_fill(out, ' ', GAP);
    cells_more(t->nrow - shown, out);
    buf_char(out, '\n');
  }
  str_visible(t->foot, true, out);
  if (t->foot.n) buf_char(out, '\n');
  arena_free(&a);
}
