#include "store/csv.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef struct Scan {
  const CsvShape *shape;
  const char *p, *end; /* next byte, end of the bytes */
  bool last;
  char eol;            /* LF, or CR in files that have no LF */
  uint64_t line;
  CsvRows *out;
} Scan;

typedef enum Step { STEP_FIELD, STEP_RECORD, STEP_MORE, STEP_ERROR } Step;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static const uint64_t ONES = 0x0101010101010101u, HIGHS = 0x8080808080808080u;

/* Eight bytes at once: the lowest marked byte is the first that equals c. */
static inline uint64_t bytes_equal(uint64_t word, uint64_t c) {
  uint64_t x = word ^ c;
  return (x - ONES) & ~x & HIGHS;
}

static const char *find_either(const char *p, const char *end, char a, char b) {
  uint64_t wa = ONES * (unsigned char)a, wb = ONES * (unsigned char)b;
  for (; end - p >= 8; p += 8) {
    uint64_t w;
    memcpy(&w, p, 8);
    uint64_t hit = bytes_equal(w, wa) | bytes_equal(w, wb);
    if (hit) return p + (__builtin_ctzll(hit) >> 3);
  }
  while (p < end && *p != a && *p != b) p++;
  return p;
}
#else
static const char *find_either(const char *p, const char *end, char a, char b) {
  while (p < end && *p != a && *p != b) p++;
  return p;
}
#endif

static inline void push_field(CsvRows *out, const char *p, size_t n) {
  mem_grow(out->field, out->field_cap, out->nfield + 1);
  out->field[out->nfield++] = (Str){p, n};
}

static uint32_t column(const Scan *s, const CsvRow *row) {
  return (uint32_t)(s->out->nfield - row->first) + 1;
}

static Step too_long(const Scan *s, const CsvRow *row, uint64_t line, Err *e) {
  err_set(e, ERR_FAIL, "column %u holds more than %d bytes", column(s, row), CSV_FIELD_MAX);
  err_at(e, NULL, 0, 0);
  e->line = (int)line;
  err_todo(e, "is a quote opened there and never closed? --quote none reads quotes as plain text");
  return STEP_ERROR;
}

static bool sep_at(const Scan *s, const char *p) {
  Str sep = s->shape->sep;
  return (size_t)(s->end - p) >= sep.n && memcmp(p, sep.p, sep.n) == 0;
}

/* At p the bytes may still become a separator when more of them arrive. */
static bool sep_cut(const Scan *s, const char *p) {
  size_t left = (size_t)(s->end - p);
  return !s->last && left < s->shape->sep.n && memcmp(p, s->shape->sep.p, left) == 0;
}

/* The end of a plain field that starts at p: at a separator, a line end or the end of the bytes. */
static const char *plain_end(const Scan *s, const char *p) {
  char first = s->shape->sep.p[0];
  for (;;) {
    p = find_either(p, s->end, first, s->eol);
    if (p == s->end || *p == s->eol || sep_at(s, p) || sep_cut(s, p)) return p;
    p++;
  }
}

/* Ends the field [from, to) with s->p standing at `to` or behind its closing quote. */
static Step end_field(Scan *s, const CsvRow *row, const char *from, const char *to, uint64_t line, Err *e) {
  if ((size_t)(to - from) > CSV_FIELD_MAX) return too_long(s, row, line, e);
  if (s->p == s->end) {
    if (!s->last) return STEP_MORE;
    if (to == s->p && to > from && to[-1] == '\r' && s->eol == '\n') to--;
    push_field(s->out, from, (size_t)(to - from));
    return STEP_RECORD;
  }
  if (*s->p == s->eol) {
    if (to == s->p && to > from && to[-1] == '\r') to--;
    push_field(s->out, from, (size_t)(to - from));
    return STEP_RECORD;
  }
  if (sep_cut(s, s->p)) return STEP_MORE;
  push_field(s->out, from, (size_t)(to - from));
  s->p += s->shape->sep.n;
  return STEP_FIELD;
}

static Step plain_field(Scan *s, const CsvRow *row, Err *e) {
  const char *from = s->p;
  s->p = plain_end(s, from);
  return end_field(s, row, from, s->p, s->line, e);
}

/* Copies [from, to) with doubled quotes made single. */
static Str undouble(Scan *s, const char *from, const char *to) {
  char *text = arena_alloc(&s->out->text, (size_t)(to - from)), *at = text;
  for (const char *p = from; p < to; p++) {
    *at++ = *p;
    if (*p == s->shape->quote) p++;
  }
  return (Str){text, (size_t)(at - text)};
}

static uint64_t count_lines(const char *p, const char *end, char eol) {
  uint64_t n = 0;
  while ((p = memchr(p, eol, (size_t)(end - p)))) n++, p++;
  return n;
}

/* What follows a closing quote and is no separator or line end: blanks are let pass, anything else
 * makes the field torn, and it is taken as it stands, quotes and all. */
static bool behind_quote(Scan *s) {
  const char *p = s->p;
  if (s->eol == '\n' && p < s->end && *p == '\r' && (p + 1 < s->end ? p[1] == '\n' : s->last)) p++;
  if (p == s->end || *p == s->eol || sep_at(s, p) || sep_cut(s, p)) {
    s->p = p;
    return true;
  }
  const char *stop = plain_end(s, s->p);
  for (p = s->p; p < stop && (*p == ' ' || *p == '\t' || *p == '\r');) p++;
  bool blank = p == stop;
  s->p = stop;
  return blank;
}

static Step quoted_field(Scan *s, CsvRow *row, Err *e) {
  const char *open = s->p, *from = open + 1, *p = from;
  char quote = s->shape->quote;
  bool doubled = false;
  for (;;) {
    size_t left = (size_t)(s->end - p);
    if (left > CSV_FIELD_MAX + 1) left = CSV_FIELD_MAX + 1;
    const char *hit = left ? memchr(p, quote, left) : NULL;
    if ((hit ? hit : p + left) - from > CSV_FIELD_MAX) return too_long(s, row, s->line, e);
    if (!hit && !s->last) return STEP_MORE;
    if (!hit) {
      err_set(e, ERR_FAIL, "the quote opened in column %u is never closed: half a file?", column(s, row));
      e->line = (int)s->line;
      err_todo(e, "mend the file, or read quotes as plain text with --quote none");
      return STEP_ERROR;
    }
    if (hit + 1 == s->end && !s->last) return STEP_MORE;
    p = hit + 1;
    if (p < s->end && *p == quote) {
      doubled = true;
      p++;
      continue;
    }
    uint64_t line = s->line;
    const char *close = hit;
    s->p = p;
    bool whole = behind_quote(s);
    if (s->p == s->end && !s->last) return STEP_MORE;
    s->line += count_lines(from, close, s->eol);
    if (!whole) {
      if (!row->torn) row->torn = column(s, row);
      return end_field(s, row, open, s->p, line, e);
    }
    if (!doubled) return end_field(s, row, from, close, line, e);
    Str text = undouble(s, from, close);
    return end_field(s, row, text.p, text.p + text.n, line, e);
  }
}

static Step scan_record(Scan *s, CsvRow *row, Err *e) {
  for (;;) {
    bool quoted = s->p < s->end && s->shape->quote && *s->p == s->shape->quote;
    Step step = quoted ? quoted_field(s, row, e) : plain_field(s, row, e);
    if (step != STEP_FIELD) return step;
  }
}

/* Moves over one line end; true when there was one. */
static bool skip_eol(Scan *s) {
  if (s->p < s->end && *s->p == s->eol) {
    s->p++;
    s->line++;
    return true;
  }
  if (s->eol == '\n' && s->end - s->p >= 2 && s->p[0] == '\r' && s->p[1] == '\n') {
    s->p += 2;
    s->line++;
    return true;
  }
  return false;
}

/* --- many records at once ---- */

#ifdef __SSE2__
/* Bit i: byte i of 64 is a or b. */
static inline uint64_t either_of_64(const char *p, __m128i a, __m128i b) {
  uint64_t bits = 0;
  for (int k = 0; k < 4; k++) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + (size_t)k * 16));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(x, a), _mm_cmpeq_epi8(x, b));
    bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << k * 16;
  }
  return bits;
}

/* Whole records from s->p on, as long as none has a quote before a field, none is blank and all lie in front of the
 * last 64 bytes: what scan_record would make of them. */
static void plain_records(Scan *s, size_t max_rows) {
  enum { BLOCK = 64 };
  const CsvShape *shape = s->shape;
  CsvRows *out = s->out;
  const __m128i sep = _mm_set1_epi8(shape->sep.p[0]), eol = _mm_set1_epi8(s->eol);
  const char *block = s->p, *from = s->p, *record = s->p;
  size_t first = out->nfield;
  for (; s->end - block >= BLOCK; block += BLOCK) {
    mem_grow(out->field, out->field_cap, out->nfield + BLOCK);
    mem_grow(out->row, out->cap, out->n + BLOCK);
    for (uint64_t bits = either_of_64(block, sep, eol); bits; bits &= bits - 1) {
      const char *at = block + __builtin_ctzll(bits);
      size_t n = (size_t)(at - from);
      if ((shape->quote && *from == shape->quote) || n > CSV_FIELD_MAX) goto done;
      if (*at != s->eol) {
        out->field[out->nfield++] = (Str){from, n};
        from = at + 1;
        continue;
      }
      if (n && at[-1] == '\r') n--;
      if (at == record || (out->nfield == first && !n)) goto done;
      out->field[out->nfield++] = (Str){from, n};
      size_t raw = (size_t)(at - record);
      if (at[-1] == '\r') raw--;
      out->row[out->n++] = (CsvRow){.raw = {record, raw}, .line = s->line++, .first = (uint32_t)first,
                                    .n = (uint32_t)(out->nfield - first)};
      first = out->nfield;
      s->p = record = from = at + 1;
      if (--max_rows == 0) goto done;
    }
  }
done:
  out->nfield = first; /* a record that was begun comes again */
}
#else
static void plain_records(Scan *s, size_t max_rows) { (void)s, (void)max_rows; }
#endif

bool csv_scan(const CsvShape *shape, Str bytes, bool last, size_t max_rows, CsvPlace *place, CsvRows *out,
              size_t *used, Err *e) {
  Scan s = {.shape = shape, .p = bytes.p, .end = bytes.p + bytes.n, .last = last,
            .eol = shape->lone_cr ? '\r' : '\n', .line = place->line, .out = out};
  Step step = STEP_RECORD;
  *used = 0;
  while (max_rows > 0) {
    while (skip_eol(&s)) {}
    if (shape->sep.n == 1) {
      size_t before = out->n;
      plain_records(&s, max_rows);
      max_rows -= out->n - before;
      while (skip_eol(&s)) {}
    }
    *used = (size_t)(s.p - bytes.p);
    place->line = s.line;
    if (!max_rows || s.p == s.end || (!last && s.end - s.p == 1 && *s.p == '\r')) break;
    if (last && s.end - s.p == 1 && *s.p == '\r' && s.eol == '\n') {
      *used = bytes.n;
      break;
    }
    CsvRow row = {.line = s.line, .first = (uint32_t)out->nfield};
    const char *from = s.p;
    step = scan_record(&s, &row, e);
    if (step == STEP_ERROR) return false;
    if (step == STEP_MORE) {
      out->nfield = row.first;
      if (bytes.n - *used > CSV_RECORD_MAX) {
        err_set(e, ERR_FAIL, "a record of more than %d bytes", CSV_RECORD_MAX);
        e->line = (int)row.line;
        return err_todo(e, "is --sep right, and are its quotes closed?");
      }
      break;
    }
    row.n = (uint32_t)out->nfield - row.first;
    row.raw = (Str){from, (size_t)(s.p - from)};
    if (row.raw.n && row.raw.p[row.raw.n - 1] == '\r') row.raw.n--;
    mem_grow(out->row, out->cap, out->n + 1);
    out->row[out->n++] = row;
    max_rows--;
    skip_eol(&s);
    *used = (size_t)(s.p - bytes.p);
    place->line = s.line;
  }
  return true;
}

void csv_clear(CsvRows *rows) {
  rows->n = rows->nfield = 0;
  arena_free(&rows->text);
}

void csv_free(CsvRows *rows) {
  mem_free(rows->row);
  mem_free(rows->field);
  arena_free(&rows->text);
  *rows = (CsvRows){0};
}

static bool needs_quotes(const CsvShape *shape, Str f) {
  if (!f.n) return false;
  if (f.p[0] == ' ' || f.p[f.n - 1] == ' ') return true;
  if (memchr(f.p, '\n', f.n) || memchr(f.p, '\r', f.n)) return true;
  if (shape->quote && memchr(f.p, shape->quote, f.n)) return true;
  return memmem(f.p, f.n, shape->sep.p, shape->sep.n) != NULL;
}

void csv_put(const CsvShape *shape, Str field, Buf *out) {
  char quote = shape->quote ? shape->quote : '"';
  if (!needs_quotes(shape, field)) {
    buf_str(out, field);
    return;
  }
  buf_char(out, quote);
  for (size_t i = 0; i < field.n; i++) {
    buf_char(out, field.p[i]);
    if (field.p[i] == quote) buf_char(out, quote);
  }
  buf_char(out, quote);
}
