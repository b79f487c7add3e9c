#include "base/bid.h"
#include "base/dec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PLAIN_MOST = 40 }; /* digits and zeros a number may take before it is written with an exponent */

static bool digit(Str s, size_t i) { return i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; }

/* Reads the digits of a mantissa: 38 are kept, what follows only says whether it is zero. */
typedef struct Mantissa {
  U128 c;
  int q, kept;
  bool any, more;
} Mantissa;

static size_t read_digits(Str s, size_t i, bool fraction, Mantissa *m) {
  for (; digit(s, i); i++) {
    int d = s.p[i] - '0';
    m->any = true;
    if (m->kept < 37) {
      m->c = m->c * 10 + (unsigned)d;
      if (m->c) m->kept++;
      m->q -= fraction;
    } else {
      m->more |= d != 0;
      m->q += !fraction;
    }
    if (m->q > 1000000 || m->q < -1000000) break;
  }
  return i;
}

/* The common case: up to 18 digits, perhaps a point, no exponent. */
static bool parse_short(Str s, Val *out) {
  size_t i = s.n > 0 && s.p[0] == '-', first = i, point = s.n;
  uint64_t m = 0; /* 19 digits fit, the check comes after */
  if (s.n - i > 19) return false;
  for (; i < s.n; i++) {
    if (s.p[i] == '.' && point == s.n && i + 1 < s.n) point = i;
    else if (digit(s, i)) m = m * 10 + (unsigned)(s.p[i] - '0');
    else return false;
  }
  size_t digits = s.n - first - (point < s.n);
  if (digits == 0 || digits > 18) return false;
  *out = val_dec(first ? -(int64_t)m : (int64_t)m, point < s.n ? -(int)(s.n - point - 1) : 0);
  return true;
}

bool num_parse(Str s, Val *out, Arena *a) {
  if (parse_short(s, out)) return true;
  size_t i = 0;
  Mantissa m = {0};
  bool neg = s.n > 0 && s.p[0] == '-';
  i = read_digits(s, neg, false, &m);
  if (i < s.n && s.p[i] == '.' && digit(s, i + 1)) i = read_digits(s, i + 1, true, &m);
  if (!m.any) return false;
  if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
    int sign = 1, exp = 0;
    i++;
    if (i < s.n && (s.p[i] == '-' || s.p[i] == '+')) sign = s.p[i++] == '-' ? -1 : 1;
    if (!digit(s, i)) return false;
    for (; digit(s, i); i++)
      if (exp < 100000) exp = exp * 10 + (s.p[i] - '0');
    m.q += sign * exp;
  }
  if (i != s.n) return false;
  if (m.more) m.c = m.c * 10 + 1, m.q--; /* breaks a tie that is none */
  Val v = dec_val((Dec){.neg = neg, .c = m.c, .q = m.q}, a);
  if (v.t == V_NULL || (m.c != 0 && v.t == V_NUM && v.u.i == 0)) return false;
  *out = v;
  return true;
}

/* Of n digits times 10^q; the end of what is written. */
static char *plain(const char *digits, int n, int q, char *to) {
  if (q >= 0) {
    memcpy(to, digits, (size_t)n);
    memset(to + n, '0', (size_t)q);
    return to + n + q;
  }
  int whole = n + q;
  if (whole > 0) memcpy(to, digits, (size_t)whole), to += whole;
  else *to++ = '0';
  *to++ = '.';
  if (whole < 0) memset(to, '0', (size_t)-whole), to += -whole;
  if (whole < 0) whole = 0;
  memcpy(to, digits + whole, (size_t)(n - whole));
  return to + (n - whole);
}

/* i × 10^e, -18 <= e <= 0: the common case. */
static char *put_short(int64_t i, int e, char *to) {
  enum { LONGEST = 24 };
  if (i == 0 || (i > 0 && i < 10 && e == 0)) { /* counts and ranks, mostly */
    *to = (char)('0' + i);
    return to + 1;
  }
  char text[2 * LONGEST] = {0}, *end = text + LONGEST, *p = end;
  uint64_t c = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
  for (; e < 0 && c % 10 == 0; c /= 10) e++;
  if (e < 0) {
    p = dec_put(c % dec_tens[-e], -e, p);
    *--p = '.';
    c /= dec_tens[-e];
  }
  p = dec_put(c, 1, p);
  if (i < 0) *--p = '-';
  memcpy(to, p, LONGEST); /* of a length known here, which is a few moves */
  return to + (end - p);
}

char *num_put(Val x, char *to) {
  Dec d;
  if (x.t == V_NUM && x.e <= 0) return put_short(x.u.i, x.e, to);
  if (!dec_of(x, &d)) return to;
  d = dec_strip(d);
  char digits[40];
  int n = dec_digits(d.c, digits);
  if (d.neg && d.c) *to++ = '-';
  if (d.q <= PLAIN_MOST - n && d.q >= -PLAIN_MOST) return plain(digits, n, d.q, to);
  to = plain(digits, n, 1 - n, to);
  return to + sprintf(to, "e%d", d.q + n - 1);
}

void num_print(Val x, Buf *out) {
  buf_reserve(out, NUM_TEXT);
  char *end = num_put(x, out->p + out->n);
  *end = 0;
  out->n = (size_t)(end - out->p);
}

static void grouped(const char *digits, size_t n, Buf *out) {
  for (size_t i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0) buf_char(out, ',');
    buf_char(out, digits[i]);
  }
}

void num_fixed(Val x, int decimals, bool group, Buf *out) {
  Dec d;
  if (!dec_of(x, &d)) return;
  if (decimals < 0) decimals = 0;
  d = dec_round(d, decimals, NUM_HALF_UP, NULL);
  if (d.c == 0) d.q = 0;
  char digits[40];
  int n = dec_digits(d.c, digits);
  Buf b = {0}; /* all digits down to the last decimal, at least one before the point */
  int short_by = decimals + 1 - (n + decimals + d.q);
  if (short_by > 0) buf_fill(&b, '0', (size_t)short_by);
  buf_add(&b, digits, (size_t)n);
  buf_fill(&b, '0', (size_t)(decimals + d.q));
  size_t whole = b.n - (size_t)decimals;
  if (d.neg && d.c) buf_char(out, '-');
  if (group) grouped(b.p, whole, out);
  else buf_add(out, b.p, whole);
  if (decimals) {
    buf_char(out, '.');
    buf_add(out, b.p + whole, (size_t)decimals);
  }
  buf_free(&b);
}

double num_double(Val x) {
  enum { EXACT_TENS = 22 }; /* 10^22 is the last power of ten that a double holds exactly */
  static const double ten[EXACT_TENS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                             1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                             1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (x.t == V_REAL) return x.u.d;
  const int64_t most = (int64_t)1 << 53;
  if (x.t == V_NUM && x.u.i >= -most && x.u.i <= most)
    return x.e < 0 ? (double)x.u.i / ten[-x.e] : (double)x.u.i * ten[x.e];
  Dec d = {0};
  dec_of(x, &d);
  ValBig b = dec_pack(d);
  _IDEC_flags flags = 0;
  return bid128_to_binary64((BID_UINT128){{b.w[0], b.w[1]}}, BID_NEAREST_EVEN, &flags);
}

/* Most doubles that people wrote have few digits: one division tells. */
static bool few_digits(double d, Val *out) {
  static const double tens[] = {1, 10, 100, 1000, 10000};
  if (!(d > -1e11 && d < 1e11)) return false;
  for (int q = 0; q <= 4; q++) {
    double x = d * tens[q];
    int64_t i = (int64_t)(x < 0 ? x - 0.5 : x + 0.5);
    if (fabs(x - (double)i) > 0.1 || (double)i / tens[q] != d) continue; /* the product is never so far off */
    *out = val_dec(i, -q);
    return true;
  }
  return false;
}

Val num_of_double(double d, Arena *a) {
  Val v;
  if (few_digits(d, &v)) return v;
  if (!(d - d == 0)) return val_null();
  return dec_val(dec_of_double(d), a);
}
