#include "base/dec.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const uint64_t dec_tens[20] = {1,
                               10,
                               100,
                               1000,
                               10000,
                               100000,
                               1000000,
                               10000000,
                               100000000,
                               1000000000,
                               10000000000,
                               100000000000,
                               1000000000000,
                               10000000000000,
                               100000000000000,
                               1000000000000000,
                               10000000000000000,
                               100000000000000000,
                               1000000000000000000,
                               10000000000000000000u};

U128 dec_ten(int k) { return k < 20 ? dec_tens[k] : (U128)dec_tens[19] * dec_tens[k - 19]; }

int dec_length(U128 c) {
  uint64_t high = (uint64_t)(c >> 64), low = (uint64_t)c;
  if (!c) return 1;
  int bits = high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low);
  int n = bits * 1233 >> 12; /* bits × log 2: the digits, or one less */
  return n + (n <= 38 && c >= dec_ten(n));
}

/* BID128: sign 1 bit, exponent 14 bits biased by 6176, coefficient 113 bits. Coefficients that
 * would need the second form (from 2^113 on) are above 34 digits and never canonical. */
enum { BIAS = 6176, EXP_AT = 49, EXP_BITS = 0x3fff };
static const uint64_t SIGN = 1ull << 63, SPECIAL = 3ull << 61, HIGH = (1ull << EXP_AT) - 1;

ValBig dec_pack(Dec d) {
  uint64_t exp = (uint64_t)(d.q + BIAS) << EXP_AT;
  return (ValBig){{(uint64_t)d.c, (d.neg ? SIGN : 0) | exp | (uint64_t)(d.c >> 64)}};
}

bool dec_unpack(ValBig b, Dec *out) {
  if ((b.w[1] & SPECIAL) == SPECIAL) return false;
  out->neg = (b.w[1] & SIGN) != 0;
  out->q = (int)(b.w[1] >> EXP_AT & EXP_BITS) - BIAS;
  out->c = (U128)(b.w[1] & HIGH) << 64 | b.w[0];
  return true;
}

#if LDBL_MANT_DIG == 64
/* The shortest decimal that reads back, where 64 bits of mantissa suffice to be sure of every step: the digits are
 * rounded from a product, and tried by a quotient, both of exact operands. False leaves it to the library. */
static bool shortest(double m, Dec *r) {
  enum { EXACT = 27 }; /* 10^27 is the last power of ten that 64 bits hold */
  static const long double tens[EXACT + 1] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
                                              1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
                                              1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
  if (m < 1e-9 || m >= 1e14) return false;
  int before = 0; /* digits before the point; at most 0 below 1 */
  while (m >= (double)tens[before]) before++;
  static const double below[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
  while (before <= 0 && m < below[-before]) before--;
  for (int digits = 15; digits <= 17; digits++) {
    int k = digits - before;
    if (k < 0 || k > EXACT) return false;
    long double scaled = (long double)m * tens[k], whole = rintl(scaled), off = fabsl(scaled - whole);
    if (off > 0.49L || whole >= 1e18L) return false; /* the product's rounding may decide the last digit */
    long double back = whole / tens[k];
    union { long double x; uint64_t mantissa; } bits = {back};
    uint64_t tail = bits.mantissa & 0x7FF; /* what a double cuts off: near one half it was rounded twice */
    if (tail >= 0x3FF && tail <= 0x401) return false;
    if ((double)back != m) continue;
    *r = dec_strip((Dec){.c = (uint64_t)whole, .q = -k});
    return true;
  }
  return false;
}
#else
static bool shortest(double m, Dec *r) {
  (void)m, (void)r;
  return false;
}
#endif

Dec dec_of_double(double d) {
  Dec r = {.neg = d < 0};
  if (d == 0) return r;
  double m = fabs(d);
  if (m < 9007199254740992.0 && m == floor(m)) {
    r.c = (uint64_t)m;
    return r;
  }
  for (int q = 1; q <= 4 && m < 1e11; q++) { /* few digits: one division tells */
    static const double tens[] = {1, 10, 100, 1000, 10000};
    double c = rint(m * tens[q]);
    if (c / tens[q] != m) continue;
    r.c = (uint64_t)c;
    r.q = -q;
    return r;
  }
  if (shortest(m, &r)) {
    r.neg = d < 0;
    return r;
  }
  /* Any decimal of 15 digits survives a normal double, so fewer need no trial there. */
  char text[40];
  for (int digits = m < 2.3e-308 ? 1 : 15;; digits++) {
    snprintf(text, sizeof text, "%.*e", digits - 1, m);
    uint64_t c = 0;
    char *p = text;
    for (; *p != 'e'; p++)
      if (*p >= '0' && *p <= '9') c = c * 10 + (uint64_t)(*p - '0'); /* skips the locale's point */
    r.c = c;
    r.q = (int)strtol(p + 1, NULL, 10) - (digits - 1);
    snprintf(text, sizeof text, "%llue%d", (unsigned long long)c, r.q);
    if (digits >= 17 || strtod(text, NULL) == m) return dec_strip(r);
  }
}

bool dec_of(Val v, Dec *out) {
  switch (v.t) {
  case V_NUM:
    *out = (Dec){.neg = v.u.i < 0, .c = v.u.i < 0 ? 0 - (uint64_t)v.u.i : (uint64_t)v.u.i, .q = v.e};
    return true;
  case V_BIG: return dec_unpack(*(const ValBig *)v.u.p, out);
  case V_REAL: *out = dec_of_double(v.u.d); return true;
  default: return false;
  }
}

Dec dec_strip(Dec d) {
  if (d.c == 0) return (Dec){0};
  while (d.c > UINT64_MAX && (uint64_t)d.c % 2 == 0 && d.c % 10 == 0) d.c /= 10, d.q++;
  if (d.c > UINT64_MAX) return d;
  uint64_t c = (uint64_t)d.c; /* 64-bit division is many times cheaper */
  while (c % 10 == 0) c /= 10, d.q++;
  d.c = c;
  return d;
}

static bool round_away(NumRound how, bool neg, bool odd, bool some, int half) {
  switch (how) { /* half: cut part against one half, <0 0 >0 */
  case NUM_HALF_UP: return half >= 0;
  case NUM_HALF_DOWN: return half > 0;
  case NUM_HALF_EVEN: return half > 0 || (half == 0 && odd);
  case NUM_UP: return some;
  case NUM_DOWN: return false;
  case NUM_FLOOR: return some && neg;
  case NUM_CEILING: return some && !neg;
  }
  return false;
}

Dec dec_round(Dec d, int digits, NumRound how, bool *inexact) {
  int cut = -d.q - digits;
  if (inexact) *inexact = false;
  if (cut <= 0) return d;
  U128 whole = 0, rest = d.c;
  int half = -1; /* 10^39 is above twice any coefficient */
  if (cut <= 38) {
    U128 p = dec_ten(cut);
    whole = d.c / p;
    rest = d.c % p;
    half = rest < p - rest ? -1 : rest > p - rest;
  }
  if (inexact) *inexact = rest != 0;
  if (round_away(how, d.neg, (whole & 1) != 0, rest != 0, half)) whole++;
  return (Dec){.neg = d.neg, .c = whole, .q = -digits};
}

int dec_digits(U128 c, char out[40]) {
  char tmp[40];
  int n = 0;
  for (; c > UINT64_MAX; c /= dec_tens[19]) { /* 64-bit division is many times cheaper */
    uint64_t low = (uint64_t)(c % dec_tens[19]);
    for (int k = 0; k < 19; k++, low /= 10) tmp[n++] = (char)('0' + (int)(low % 10));
  }
  for (uint64_t low = (uint64_t)c; low || n == 0; low /= 10) tmp[n++] = (char)('0' + (int)(low % 10));
  for (int i = 0; i < n; i++) out[i] = tmp[n - 1 - i];
  out[n] = 0;
  return n;
}

static Val big(Dec d, Arena *a) {
  if (d.c >= dec_ten(DEC_DIGITS)) {
    char digits[40];
    int over = dec_digits(d.c, digits) - DEC_DIGITS;
    d = dec_round(d, -(d.q + over), NUM_HALF_EVEN, NULL);
    if (d.c == dec_ten(DEC_DIGITS)) d.c /= 10, d.q++;
  }
  if (d.q < DEC_QMIN) d = dec_round(d, -DEC_QMIN, NUM_HALF_EVEN, NULL);
  while (d.q > DEC_QMAX && d.c < dec_ten(DEC_DIGITS - 1)) d.c *= 10, d.q--;
  if (d.q > DEC_QMAX) return val_null();
  if (d.c == 0) return val_int(0);
  ValBig *b = arena_alloc(a, sizeof *b);
  *b = dec_pack(d);
  return (Val){.t = V_BIG, .u.p = b};
}

/* What is odd has no zero at its end, and so spares the long division. */
static bool ends_in_zero(U128 c) { return !((uint64_t)c & 1) && c % 10 == 0; }

Val dec_val(Dec d, Arena *a) {
  if (d.c == 0) return val_int(0);
  while ((d.c > INT64_MAX || d.q < -18) && ends_in_zero(d.c)) d.c /= 10, d.q++;
  while (d.q > 0 && d.c <= INT64_MAX / 10) d.c *= 10, d.q--;
  if (d.c > INT64_MAX || d.q < -18 || d.q > 18) return big(d, a);
  int64_t m = (int64_t)d.c;
  return val_dec(d.neg ? -m : m, d.q);
}
