#include "base/dec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const uint64_t ten[20] = {1,
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

U128 dec_ten(int k) { return k < 20 ? ten[k] : (U128)ten[19] * ten[k - 19]; }

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

Dec dec_of_double(double d) {
  Dec r = {.neg = d < 0};
  if (d == 0) return r;
  double m = fabs(d);
  if (m < 9007199254740992.0 && m == floor(m)) {
    r.c = (uint64_t)m;
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
  while (d.c > UINT64_MAX && d.c % 10 == 0) d.c /= 10, d.q++;
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
  while (c > UINT64_MAX) {
    tmp[n++] = (char)('0' + (int)(c % 10));
    c /= 10;
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

Val dec_val(Dec d, Arena *a) {
  if (d.c == 0) return val_int(0);
  while ((d.c > INT64_MAX || d.q < -18) && d.c % 10 == 0) d.c /= 10, d.q++;
  while (d.q > 0 && d.c <= INT64_MAX / 10) d.c *= 10, d.q--;
  if (d.c > INT64_MAX || d.q < -18 || d.q > 18) return big(d, a);
  int64_t m = (int64_t)d.c;
  return val_dec(d.neg ? -m : m, d.q);
}
