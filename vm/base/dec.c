#include "base/dec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The shortest decimal that reads back, in whole numbers of 128 bits: m = f / 2^s, its digits are f × 10^k / 2^s
 * rounded, and read back as m when they lie within half a step of it. False leaves it to the library. */
static bool shortest(double m, Dec *r) {
  enum { EXACT = 22, FRACTION = 53 }; /* f × 10^22 is below 2^127 */
  if (m < 1e-6 || m >= 1e15) return false;
  int e, before = 0; /* digits before the point; at most 0 below 1 */
  const uint64_t f = (uint64_t)ldexp(frexp(m, &e), FRACTION);
  const int s = FRACTION - e;
  if (f == UINT64_C(1) << (FRACTION - 1)) return false; /* the step below is half as long */
  while (before < 15 && m >= (double)dec_tens[before]) before++;
  static const double below[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
  while (before <= 0 && m < below[-before]) before--;
  for (int digits = 15; digits <= 17; digits++) {
    const int k = digits - before;
    if (k < 0 || k > EXACT) return false;
    const U128 scaled = f * dec_ten(k), one = (U128)1 << s, rest = scaled & (one - 1);
    const bool up = rest > one - rest || (rest == one - rest && (scaled >> s & 1));
    const U128 off = 2 * (up ? one - rest : rest);
    if (off > dec_ten(k) || (off == dec_ten(k) && f % 2)) continue;
    *r = dec_strip((Dec){.c = (scaled >> s) + up, .q = -k});
    return true;
  }
  return false;
}

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

/* What is odd has no zero at its end, and so spares the long division. */
static bool ends_in_zero(U128 c) {
  return !((uint64_t)c & 1) && ((uint64_t)(c >> 64) % 5 + (uint64_t)c % 5) % 5 == 0; /* 2^64 is 1 more than fives */
}

Dec dec_strip(Dec d) {
  if (d.c == 0) return (Dec){0};
  while (d.c > UINT64_MAX && ends_in_zero(d.c)) d.c /= 10, d.q++;
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

char *dec_put(uint64_t c, int least, char *end) {
  static const char pairs[] =
      "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869"
      "707172737475767778798081828384858687888990919293949596979899";
  char *p = end;
  for (; c >= 100; c /= 100) p -= 2, memcpy(p, pairs + c % 100 * 2, 2);
  if (c >= 10) p -= 2, memcpy(p, pairs + c * 2, 2);
  else *--p = (char)('0' + c);
  while (end - p < least) *--p = '0';
  return p;
}

int dec_digits(U128 c, char out[40]) {
  char text[64], *end = text + sizeof text, *p = end;
  while (c > UINT64_MAX) { /* 64-bit division is many times cheaper */
    U128 rest = c / dec_tens[19];
    p = dec_put((uint64_t)(c - rest * dec_tens[19]), 19, p);
    c = rest;
  }
  p = dec_put((uint64_t)c, 1, p);
  int n = (int)(end - p);
  memcpy(out, p, (size_t)n);
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

Val dec_val(Dec d, Arena *a) {
  if (d.c == 0) return val_int(0);
  while ((d.c > INT64_MAX || d.q < -18) && ends_in_zero(d.c)) d.c /= 10, d.q++;
  while (d.q > 0 && d.c <= INT64_MAX / 10) d.c *= 10, d.q--;
  if (d.c > INT64_MAX || d.q < -18 || d.q > 18) return big(d, a);
  int64_t m = (int64_t)d.c;
  return val_dec(d.neg ? -m : m, d.q);
}
