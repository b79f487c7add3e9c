#include "store/import_quick.h"

#include "store/import_cell.h"

#include <string.h>

static bool quick_kind(const Target *t, QuickKind *kind) {
  switch (t->type) {
    case COL_REF: *kind = QUICK_REF; return true;
    case COL_DATE: *kind = QUICK_DAY; return t->day_number && !t->dates_unsure;
    case COL_TEXT: *kind = QUICK_TEXT; return true;
    case COL_MONEY: *kind = QUICK_MONEY; return true;
    case COL_INT:
    case COL_NUM: *kind = QUICK_WHOLE; return true;
    case COL_BOOL:
    case COL_PERCENT:
    case COL_DAYS: break;
  }
  return false;
}

bool quick_open(Import *im) {
  im->quick = arena_zalloc(&im->arena, im->ntarget + 1, sizeof *im->quick);
  if (im->where || im->joined || im->nkey || im->self || im->judge.nulls.n) return false;
  for (size_t k = 0; k < im->ntarget; k++) {
    const Target *t = &im->target[k];
    QuickColumn *q = &im->quick[k];
    if (t->rule || t->from < 0 || t->nalias || t->domain || t->history || !quick_kind(t, &q->kind)) return false;
    q->at = (uint32_t)im->view.column[t->from].at;
    q->target = (uint32_t)k;
    q->required = t->required;
  }
  return im->ntarget > 0;
}

/* Nothing to trim, and not the word NULL. */
static inline bool plain(Str c) {
  unsigned char first = (unsigned char)c.p[0], last = (unsigned char)c.p[c.n - 1];
  return first > ' ' && first < 0x7f && last > ' ' && last < 0x7f && !(c.n == 4 && memcmp(c.p, "NULL", 4) == 0);
}

static inline bool whole(Str c, int64_t *out) {
  size_t i = c.p[0] == '-';
  int64_t v = 0;
  if (i == c.n || c.n > 18) return false;
  for (; i < c.n; i++) {
    unsigned d = (unsigned char)c.p[i] - '0';
    if (d > 9) return false;
    v = v * 10 + d;
  }
  *out = c.p[0] == '-' ? -v : v;
  return true;
}

/* [-]digits[.digits], no more of them than the currency has, in minor units. */
static inline bool money(Str c, char decimal, int minor, int64_t *out) {
  size_t i = c.p[0] == '-', from = i;
  int64_t v = 0;
  int part = 0;
  if (c.n > 14) return false;
  for (; i < c.n; i++) {
    unsigned d = (unsigned char)c.p[i] - '0';
    if (d > 9) break;
    v = v * 10 + d;
  }
  if (i == from) return false;
  if (i < c.n) {
    if (c.p[i++] != decimal || i == c.n) return false;
    for (; i < c.n; i++, part++) {
      unsigned d = (unsigned char)c.p[i] - '0';
      if (d > 9) return false;
      v = v * 10 + d;
    }
    if (part > minor) return false;
  }
  for (; part < minor; part++) v *= 10;
  *out = c.p[0] == '-' ? -v : v;
  return true;
}

static inline uint64_t word(const char *p) {
  uint64_t w;
  memcpy(&w, p, 8);
  return w;
}

/* Without a call: a date has ten bytes, a code seven or so. */
static inline bool same(Str a, Str b) {
  if (a.n != b.n) return false;
  if (a.n > 16) return memcmp(a.p, b.p, a.n) == 0;
  if (a.n >= 8) return word(a.p) == word(b.p) && word(a.p + a.n - 8) == word(b.p + b.n - 8);
  for (size_t i = 0; i < a.n; i++)
    if (a.p[i] != b.p[i]) return false;
  return true;
}

/* Places of a million codes are not in any cache. */
enum { AHEAD = 12, FEW_CODES = 1 << 15 };

static inline void look_ahead(const Import *im, const CsvRows *csv, const CsvRow *row) {
  for (size_t k = 0; k < im->ntarget; k++) {
    const QuickColumn *q = &im->quick[k];
    if (q->kind == QUICK_REF && im->target[k].refs->n > FEW_CODES) refs_soon(im->target[k].refs, csv->field[row->first + q->at]);
  }
}

bool quick_row(const Import *im, RowBatch *b, size_t row, bool again, Val *val) {
  const CsvRows *csv = &b->batch.rows.csv;
  const Str *field = csv->field + csv->row[b->batch.row[row]].first;
  if (row + AHEAD < b->batch.n) look_ahead(im, csv, &csv->row[b->batch.row[row + AHEAD]]);
  for (size_t k = 0; k < im->ntarget; k++) {
    const QuickColumn *q = &im->quick[k];
    const Target *t = &im->target[k];
    Str c = field[q->at];
    int64_t v = 0;
    if (!c.n) {
      if (q->required) return false;
      b->before[k] = c;
      val[k] = val_null();
      continue;
    }
    Refusal why;
    switch (q->kind) {
      case QUICK_REF:
      case QUICK_DAY:
        if (!again || !same(c, b->before[k])) {
          if (!plain(c)) return false;
          if (q->kind == QUICK_REF && !(v = refs_find(t->refs, c))) return false;
          if (q->kind == QUICK_REF) val[k] = val_int(v);
          else if (!target_text(t, c, &b->arena, &val[k], &why)) return false;
        } else {
          val[k] = (val - im->ntarget)[k];
        }
        b->before[k] = c;
        break;
      case QUICK_TEXT:
        if (!plain(c)) return false;
        val[k] = val_text(c);
        break;
      case QUICK_MONEY:
        if (!money(c, t->decimal, t->minor, &v)) return false;
        val[k] = val_int(v);
        break;
      case QUICK_WHOLE:
        if (!whole(c, &v)) return false;
        val[k] = val_int(v);
        break;
    }
  }
  return true;
}
