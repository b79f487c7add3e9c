#include "base/str.h"

#include "base/lang.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

Str str_of(const char *z) { return (Str){z ? z : "", z ? strlen(z) : 0}; }

bool str_eq(Str a, Str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

bool str_is(Str a, const char *z) { return str_eq(a, str_of(z)); }

int str_cmp(Str a, Str b) {
  size_t n = a.n < b.n ? a.n : b.n;
  int c = n ? memcmp(a.p, b.p, n) : 0;
  if (c) return c;
  return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(Str a, const char *z) {
  size_t n = strlen(z);
  return a.n >= n && memcmp(a.p, z, n) == 0;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

Str str_trim(Str s) {
  while (s.n && blank(s.p[0])) s.p++, s.n--;
  while (s.n && blank(s.p[s.n - 1])) s.n--;
  return s;
}

Str str_sub(Str s, size_t from, size_t to) {
  if (to > s.n) to = s.n;
  if (from > to) from = to;
  return (Str){s.p + from, to - from};
}

Str str_split(Str s, char sep, Str *rest) {
  const char *hit = s.n ? memchr(s.p, sep, s.n) : NULL;
  if (!hit) {
    *rest = (Str){NULL, 0};
    return s;
  }
  size_t n = (size_t)(hit - s.p);
  *rest = (Str){hit + 1, s.n - n - 1};
  return (Str){s.p, n};
}

bool str_name_byte(char c) {
  return (unsigned char)c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

uint64_t str_hash(Str s) { /* FNV-1a, 64 bit */
  uint64_t h = 14695981039346656037u;
  for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
  return h;
}

static inline void reserve(Buf *b, size_t more) {
  mem_grow(b->p, b->cap, b->n + more + 1);
}

void buf_add(Buf *b, const char *p, size_t n) {
  reserve(b, n);
  if (n) memcpy(b->p + b->n, p, n);
  b->n += n;
  b->p[b->n] = 0;
}

void buf_str(Buf *b, Str s) { buf_add(b, s.p, s.n); }
void buf_puts(Buf *b, const char *z) { buf_add(b, z, strlen(z)); }
void buf_reserve(Buf *b, size_t more) { reserve(b, more); }

void buf_char(Buf *b, char c) {
  reserve(b, 1);
  b->p[b->n++] = c;
  b->p[b->n] = 0;
}

void buf_fill(Buf *b, char c, size_t n) {
  reserve(b, n);
  memset(b->p + b->n, c, n);
  b->n += n;
  b->p[b->n] = 0;
}

void buf_vprintf(Buf *b, const char *fmt, va_list ap) {
  va_list again;
  if (!fmt) return; /* never; sanitizers make the compiler think of it */
  va_copy(again, ap);
  int n = vsnprintf(NULL, 0, fmt, ap);
  if (n > 0) {
    reserve(b, (size_t)n);
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
    b->n += (size_t)n;
  }
  va_end(again);
}

void buf_printf(Buf *b, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(b, fmt, ap);
  va_end(ap);
}

void buf_say(Buf *b, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(b, lang_text(fmt), ap);
  va_end(ap);
}

void buf_clear(Buf *b) {
  b->n = 0;
  if (b->p) b->p[0] = 0;
}

void buf_free(Buf *b) {
  mem_free(b->p);
  *b = (Buf){0};
}

char *buf_take(Buf *b) {
  reserve(b, 0);
  b->p[b->n] = 0;
  char *p = b->p;
  *b = (Buf){0};
  return p;
}

Str buf_view(const Buf *b) { return (Str){b->p ? b->p : "", b->n}; }

uint32_t utf8_next(Str s, size_t *at) {
  if ((unsigned char)s.p[*at] < 0x80) return (unsigned char)s.p[(*at)++];
  utf8proc_int32_t c = -1;
  utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s.p + *at,
                                        (utf8proc_ssize_t)(s.n - *at), &c);
  if (n <= 0 || c < 0) {
    *at += 1;
    return 0xFFFD;
  }
  *at += (size_t)n;
  return (uint32_t)c;
}

void utf8_put(Buf *b, uint32_t c) {
  utf8proc_uint8_t out[4];
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)c, out);
  buf_add(b, (const char *)out, (size_t)n);
}

bool utf8_valid(Str s, size_t *bad_at) {
  for (size_t i = 0; i < s.n;) {
    if ((unsigned char)s.p[i] < 0x80) {
      i++;
      continue;
    }
    utf8proc_int32_t c = -1;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i), &c);
    if (n <= 0) {
      if (bad_at) *bad_at = i;
      return false;
    }
    i += (size_t)n;
  }
  return true;
}

size_t utf8_count(Str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; n++) {
    if ((unsigned char)s.p[i] < 0x80) i++;
    else utf8_next(s, &i);
  }
  return n;
}

static bool ambiguous_wide;

void utf8_ambiguous_wide(bool wide) { ambiguous_wide = wide; }

/* East_Asian_Width A (Unicode UAX #11), the blocks that figures and texts of ours meet, and Latin-1. */
static bool ambiguous(uint32_t c) {
  static const uint32_t RANGE[][2] = {
    {0xA1, 0xA1}, {0xA4, 0xA4}, {0xA7, 0xA8}, {0xAA, 0xAA}, {0xAE, 0xAE}, {0xB0, 0xB4}, {0xB6, 0xBA}, {0xBC, 0xBF},
    {0xD7, 0xD8}, {0xF7, 0xF8}, {0x391, 0x3C9}, {0x401, 0x451}, {0x2010, 0x2010}, {0x2013, 0x2016}, {0x2018, 0x2019},
    {0x201C, 0x201D}, {0x2020, 0x2022}, {0x2024, 0x2027}, {0x2030, 0x2030}, {0x2032, 0x2033}, {0x203B, 0x203B},
    {0x2103, 0x2103}, {0x2116, 0x2116}, {0x2160, 0x216B}, {0x2190, 0x2199}, {0x2200, 0x22BF}, {0x2460, 0x24FE},
    {0x2500, 0x2573}, {0x2580, 0x258F}, {0x2592, 0x2595}, {0x25A0, 0x25A9}, {0x25B2, 0x25BD}, {0x25C6, 0x25CB},
    {0x25CE, 0x25D1}, {0x2605, 0x2606}, {0x2640, 0x2642},
  };
  size_t low = 0, high = sizeof RANGE / sizeof *RANGE;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (c > RANGE[mid][1]) low = mid + 1;
    else high = mid;
  }
  return low < sizeof RANGE / sizeof *RANGE && c >= RANGE[low][0];
}

int utf8_width(Str s) {
  int w = 0;
  for (size_t i = 0; i < s.n;) {
    uint32_t c = utf8_next(s, &i);
    w += c < 0x20 || c == 0x7F ? 1 : utf8proc_charwidth((utf8proc_int32_t)c);
    if (ambiguous_wide && c >= 0xA1 && ambiguous(c)) w++;
  }
  return w;
}

static bool turns_direction(uint32_t c) { /* or breaks a line where no newline is */
  return c == 0x2028 || c == 0x2029 || c == 0x200E || c == 0x200F || c == 0x061C ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void str_visible(Str s, bool keep_newlines, Buf *out) {
  for (size_t i = 0; i < s.n;) {
    size_t from = i;
    uint32_t c = utf8_next(s, &i);
    bool broken = c == 0xFFFD && i == from + 1;
    if (broken) buf_printf(out, "\\x%02x", (unsigned char)s.p[from]);
    else if (c == '\n' && keep_newlines) buf_char(out, '\n');
    else if (c == '\n') buf_puts(out, "\\n");
    else if (c == '\t') buf_puts(out, "\\t");
    else if (c == '\r') buf_puts(out, "\\r");
    else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) buf_printf(out, "\\x%02x", c);
    else if (turns_direction(c)) buf_printf(out, "\\u%04x", c);
    else buf_add(out, s.p + from, i - from);
  }
}

int str_distance(Str a, Str b, int max) {
  enum { LONGEST = 64 };
  uint32_t x[LONGEST], y[LONGEST];
  int n = 0, m = 0;
  for (size_t i = 0; i < a.n;) {
    if (n == LONGEST) return max + 1;
    x[n++] = utf8_next(a, &i);
  }
  for (size_t i = 0; i < b.n;) {
    if (m == LONGEST) return max + 1;
    y[m++] = utf8_next(b, &i);
  }
  if (n - m > max || m - n > max) return max + 1;
  int row[3][LONGEST + 1]; /* two rows back, last row, this row */
  for (int j = 0; j <= m; j++) row[1][j] = j;
  for (int i = 1; i <= n; i++) {
    row[2][0] = i;
    for (int j = 1; j <= m; j++) {
      int d = row[1][j - 1] + (x[i - 1] != y[j - 1]);
      if (row[1][j] + 1 < d) d = row[1][j] + 1;
      if (row[2][j - 1] + 1 < d) d = row[2][j - 1] + 1;
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] && row[0][j - 2] + 1 < d)
        d = row[0][j - 2] + 1;
      row[2][j] = d;
    }
    memcpy(row[0], row[1], sizeof row[0]);
    memcpy(row[1], row[2], sizeof row[1]);
  }
  return row[1][m] > max ? max + 1 : row[1][m];
}
