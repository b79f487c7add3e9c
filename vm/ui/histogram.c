#include "ui/histogram.h"

#include "base/mem.h"
#include "base/num.h"

#include <math.h>

enum { CLASSES = 12, WIDTH = 80, NARROWEST = 8, COUNT_WIDTH = 10 };

/* Edges are whole multiples of m × 10^e. */
typedef struct Step {
  int m, e;
  double size;
  int64_t first; /* multiple below the least value */
  int count;     /* of classes */
} Step;

static Step step_of(double low, double high, bool whole) {
  static const int nice[] = {1, 2, 5};
  Step s = {.m = 1, .e = 0, .size = 1};
  double span = high - low;
  if (!(span > 0)) span = fabs(high) > 0 ? fabs(high) / CLASSES : 1;
  s.e = (int)floor(log10(span / CLASSES));
  if (whole && s.e < 0) s.e = 0;
  for (; s.e < 300; s.e++)
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++) {
      s.m = nice[i];
      s.size = s.m * pow(10, s.e);
      s.first = (int64_t)floor(low / s.size);
      s.count = (int)ceil(high / s.size) - (int)s.first;
      if (s.count < 1) s.count = 1;
      if (s.count <= CLASSES) return s;
    }
  return s;
}

static void edge(const Histogram *h, const Step *s, int64_t k, Buf *out) {
  Val v = s->e >= -20 && s->e <= 12 ? val_dec(k * s->m, 0) : val_real((double)k * s->size);
  Arena a = {0};
  if (v.t == V_NUM && s->e) v = num_mul(v, val_dec(1, s->e), &a);
  fmt_val(v, h->unit, h->fmt, h->env, out);
  arena_free(&a);
}

static void put_lines(const Histogram *h, const Step *s, const size_t *count, Buf *out) {
  Buf head[CLASSES] = {{0}};
  int width = 0, room;
  size_t most = 0;
  for (int i = 0; i < s->count; i++) {
    edge(h, s, s->first + i, &head[i]);
    buf_puts(&head[i], " … ");
    edge(h, s, s->first + i + 1, &head[i]);
    int w = utf8_width(buf_view(&head[i]));
    if (w > width) width = w;
    if (count[i] > most) most = count[i];
  }
  room = (h->width > 0 ? h->width : WIDTH) - width - COUNT_WIDTH - 4;
  if (room < NARROWEST) room = NARROWEST;
  FmtEnv grouped = {.cell = true};
  for (int i = 0; i < s->count; i++) {
    buf_fill(out, ' ', (size_t)(2 + width - utf8_width(buf_view(&head[i]))));
    buf_str(out, buf_view(&head[i]));
    buf_puts(out, "  ");
    size_t from = out->n;
    ui_bar((double)count[i] / (double)most, room, out);
    if (out->n > from) buf_char(out, ' ');
    fmt_val(val_int((int64_t)count[i]), UNIT_NONE, FMT_NONE, &grouped, out);
    buf_char(out, '\n');
    buf_free(&head[i]);
  }
}

void ui_histogram(const Histogram *h, Buf *out) {
  double low = INFINITY, high = -INFINITY;
  size_t known = 0, count[CLASSES] = {0};
  bool whole = true;
  for (size_t i = 0; i < h->n; i++) {
    if (!val_is_num(h->v[i])) continue;
    double d = num_double(h->v[i]);
    if (!isfinite(d)) continue;
    known++;
    whole = whole && floor(d) >= d;
    low = fmin(low, d);
    high = fmax(high, d);
  }
  if (!known) {
    buf_puts(out, "no value is known\n");
    return;
  }
  Step s = step_of(low, high, whole);
  for (size_t i = 0; i < h->n; i++) {
    double d = val_is_num(h->v[i]) ? num_double(h->v[i]) : INFINITY;
    if (!isfinite(d)) continue;
    double at = floor(d / s.size) - (double)s.first;
    count[at < 0 ? 0 : at >= s.count ? s.count - 1 : (int)at]++;
  }
  put_lines(h, &s, count, out);
  FmtEnv grouped = {.cell = true};
  buf_puts(out, "  ");
  fmt_val(val_int((int64_t)known), UNIT_NONE, FMT_NONE, &grouped, out);
  buf_puts(out, known == 1 ? " value" : " values");
  if (h->n > known) {
    buf_puts(out, " · ");
    fmt_val(val_int((int64_t)(h->n - known)), UNIT_NONE, FMT_NONE, &grouped, out);
    buf_puts(out, " unknown left out");
  }
  buf_char(out, '\n');
}
