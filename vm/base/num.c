#include "base/num.h"

#include "base/bid.h"
#include "base/dec.h"

#include <math.h>

static bool binary(Val x, Val y) { return x.t == V_REAL || y.t == V_REAL; }
static bool is_zero(Val x) { return x.t == V_NUM && x.u.i == 0; }
static bool numbers(Val x, Val y) { return val_is_num(x) && val_is_num(y); }

static BID_UINT128 to_bid(Val x) {
  ValBig b;
  if (x.t == V_BIG) {
    b = *(const ValBig *)x.u.p;
  } else {
    Dec d = {0};
    dec_of(x, &d);
    b = dec_pack(d);
  }
  return (BID_UINT128){{b.w[0], b.w[1]}};
}

static Val of_bid(BID_UINT128 b, Arena *a) {
  Dec d;
  return dec_unpack((ValBig){{b.w[0], b.w[1]}}, &d) ? dec_val(d, a) : val_null();
}

static bool scale(int64_t m, int by, int64_t *out) {
  int64_t scaled;
  if (by > 18 || __builtin_mul_overflow(m, (int64_t)dec_ten(by), &scaled)) return false;
  *out = scaled;
  return true;
}

/* Both as integers × 10^*e; false when that leaves int64. */
static bool align(Val x, Val y, int64_t *i, int64_t *j, int *e) {
  *i = x.u.i;
  *j = y.u.i;
  *e = x.e;
  if (x.e == y.e) return true;
  if (x.e < y.e) return scale(y.u.i, y.e - x.e, j);
  *e = y.e;
  return scale(x.u.i, x.e - y.e, i);
}

/* x ± y, where both fit 38 digits under one exponent: exact, then rounded once, as the library would. */
static bool add_dec(Val x, Val y, bool minus, Dec *out) {
  enum { MOST = 37 };
  Dec d, f;
  if (!dec_of(x, &d) || !dec_of(y, &f)) return false;
  Dec *high = d.q > f.q ? &d : &f, *low = d.q > f.q ? &f : &d;
  int up = high->c ? high->q - low->q : 0;
  if (dec_length(low->c) > MOST || up > MOST || dec_length(high->c) + up > MOST) return false;
  high->c *= dec_ten(up);
  high->q = low->q;
  f.neg ^= minus;
  bool same = d.neg == f.neg, less = d.c < f.c;
  *out = (Dec){.neg = same || !less ? d.neg : f.neg, .c = same ? d.c + f.c : less ? f.c - d.c : d.c - f.c, .q = d.q};
  int over = dec_length(out->c) - DEC_DIGITS;
  if (over > 0) *out = dec_round(*out, -(out->q + over), NUM_HALF_EVEN, NULL);
  return true;
}

Val num_add(Val x, Val y, Arena *a) {
  if (x.t == V_NUM && y.t == V_NUM) {
    int64_t i, j, sum;
    int e;
    if (align(x, y, &i, &j, &e) && !__builtin_add_overflow(i, j, &sum)) return val_dec(sum, e);
  }
  if (!numbers(x, y)) return val_null();
  if (is_zero(x) && y.t == V_BIG) return y;
  if (is_zero(y) && x.t == V_BIG) return x;
  if (binary(x, y)) return val_real(num_double(x) + num_double(y));
  Dec d;
  if (add_dec(x, y, false, &d)) return dec_val(d, a);
  _IDEC_flags flags = 0;
  return of_bid(bid128_add(to_bid(x), to_bid(y), BID_NEAREST_EVEN, &flags), a);
}

Val num_sub(Val x, Val y, Arena *a) {
  if (x.t == V_NUM && y.t == V_NUM) {
    int64_t i, j, diff;
    int e;
    if (align(x, y, &i, &j, &e) && !__builtin_sub_overflow(i, j, &diff)) return val_dec(diff, e);
  }
  if (!numbers(x, y)) return val_null();
  if (binary(x, y)) return val_real(num_double(x) - num_double(y));
  Dec d;
  if (add_dec(x, y, true, &d)) return dec_val(d, a);
  _IDEC_flags flags = 0;
  return of_bid(bid128_sub(to_bid(x), to_bid(y), BID_NEAREST_EVEN, &flags), a);
}

Val num_mul(Val x, Val y, Arena *a) {
  if (x.t == V_NUM && y.t == V_NUM) {
    int64_t m;
    int e = x.e + y.e;
    if (e >= -18 && e <= 18 && !__builtin_mul_overflow(x.u.i, y.u.i, &m)) return val_dec(m, e);
  }
  if (!numbers(x, y)) return val_null();
  if ((is_zero(x) && y.t == V_BIG) || (is_zero(y) && x.t == V_BIG)) return val_int(0);
  if (binary(x, y)) return val_real(num_double(x) * num_double(y));
  _IDEC_flags flags = 0;
  return of_bid(bid128_mul(to_bid(x), to_bid(y), BID_NEAREST_EVEN, &flags), a);
}

static uint64_t gcd(uint64_t x, uint64_t y) {
  while (y) {
    uint64_t r = x % y;
    x = y;
    y = r;
  }
  return x;
}

static int take_fives(uint64_t *n) {
  int k = 0;
  for (; *n % 5 == 0; k++) *n /= 5;
  return k;
}

static int take_twos(uint64_t *n) {
  int k = __builtin_ctzll(*n);
  *n >>= k;
  return k;
}

/* Does above / below end? All of below but its twos and fives has to go into above; looking for their common factor
 * first would be dear, and most quotients do not end. */
static bool ends(uint64_t above, uint64_t below) {
  take_twos(&below);
  if (above % below == 0) return true;
  take_fives(&below);
  return above % below == 0;
}

/* A quotient that ends within int64 × 10^e; y is not zero. */
static bool div_exact(Val x, Val y, Val *out) {
  if (x.u.i == INT64_MIN || y.u.i == INT64_MIN) return false;
  int e = x.e - y.e;
  int64_t m = x.u.i / y.u.i;
  if (x.u.i % y.u.i != 0) {
    uint64_t above = (uint64_t)(x.u.i < 0 ? -x.u.i : x.u.i), below = (uint64_t)(y.u.i < 0 ? -y.u.i : y.u.i);
    if (!ends(above, below)) return false;
    uint64_t common = gcd(above, below), rest = below / common;
    int twos = take_twos(&rest), fives = take_fives(&rest);
    int k = twos > fives ? twos : fives;
    if (rest != 1 || k > 18) return false; /* never ends, or needs more digits */
    U128 up = (U128)(above / common) * dec_ten(k) / (below / common);
    if (up > INT64_MAX) return false;
    m = (x.u.i < 0) != (y.u.i < 0) ? -(int64_t)up : (int64_t)up;
    e -= k;
  }
  if (e > 0 && scale(m, e, &m)) e = 0;
  if (e < -18 || e > 18) return false;
  *out = val_dec(m, e);
  return true;
}

NumBy num_by(Val y) {
  NumBy by = {.y = y};
  if (y.t != V_NUM || y.u.i == 0) return by;
  by.below = by.rest = y.u.i < 0 ? 0 - (uint64_t)y.u.i : (uint64_t)y.u.i;
  take_twos(&by.rest);
  take_fives(&by.rest);
  by.shift = __builtin_clzll(by.below);
  by.norm = by.below << by.shift;
  by.inverse = (uint64_t)(~(U128)0 / by.norm);
  return by;
}

/* n / below for n < below × 2^64, by Möller and Granlund, "Improved division by invariant integers" (2011), alg. 4. */
static uint64_t divide(U128 n, const NumBy *by, uint64_t *rest) {
  n <<= by->shift;
  const U128 guess = (U128)by->inverse * (uint64_t)(n >> 64) + n;
  uint64_t q = (uint64_t)(guess >> 64) + 1, r = (uint64_t)n - q * by->norm;
  if (r > (uint64_t)guess) q--, r += by->norm;
  if (r >= by->norm) q++, r -= by->norm;
  *rest = r >> by->shift;
  return q;
}

/* |x| / |y| to 34 digits, rounded half even, as the library would; false: it ends before, which the library takes. */
static bool div_long(Val x, const NumBy *by, Dec *out) {
  enum { STEP = 18 }; /* rest × 10^18 / below < 10^18 */
  const uint64_t below = by->below, above = x.u.i < 0 ? 0 - (uint64_t)x.u.i : (uint64_t)x.u.i;
  U128 c = above / below;
  uint64_t rest = above % below;
  int digits = c ? dec_length(c) : 0, k = 0;
  while (rest && digits < DEC_DIGITS) {
    int step = DEC_DIGITS - digits < STEP ? DEC_DIGITS - digits : STEP;
    c = c * dec_tens[step] + divide((U128)rest * dec_tens[step], by, &rest);
    k += step;
    digits = digits ? digits + step : c ? dec_length(c) : 0;
  }
  if (!rest) return false;
  uint64_t other = below - rest;
  if (rest > other || (rest == other && (c & 1))) c++;
  if (c == dec_ten(DEC_DIGITS)) c /= 10, k--;
  *out = (Dec){.neg = (x.u.i < 0) != (by->y.u.i < 0), .c = c, .q = x.e - by->y.e - k};
  return true;
}

static Val div_library(Val x, Val y, Arena *a) {
  _IDEC_flags flags = 0;
  return of_bid(bid128_div(to_bid(x), to_bid(y), BID_NEAREST_EVEN, &flags), a);
}

Val num_div(Val x, Val y, Arena *a) {
  if (!numbers(x, y)) return val_null();
  if (binary(x, y)) return val_real(num_double(x) / num_double(y));
  if (y.t == V_NUM && y.u.i == 0) return val_null();
  Val exact;
  if (x.t == V_NUM && y.t == V_NUM && div_exact(x, y, &exact)) return exact;
  const NumBy by = num_by(y);
  Dec d;
  if (x.t == V_NUM && by.below && div_long(x, &by, &d)) return dec_val(d, a);
  return div_library(x, y, a);
}

Val num_div_by(Val x, const NumBy *by, Arena *a) {
  Dec d;
  if (x.t != V_NUM || !by->below || x.u.i == INT64_MIN) return num_div(x, by->y, a);
  const uint64_t above = x.u.i < 0 ? 0 - (uint64_t)x.u.i : (uint64_t)x.u.i;
  if (above % by->rest == 0) return num_div(x, by->y, a); /* it ends, perhaps soon */
  return div_long(x, by, &d) ? dec_val(d, a) : div_library(x, by->y, a);
}

/* x^n by squaring while nothing is rounded. */
static bool pow_exact(BID_UINT128 x, uint64_t n, BID_UINT128 *out) {
  _IDEC_flags flags = 0;
  BID_UINT128 r = to_bid(val_int(1));
  for (;;) {
    if (n & 1) r = bid128_mul(r, x, BID_NEAREST_EVEN, &flags);
    n >>= 1;
    if (n == 0 || flags) break;
    x = bid128_mul(x, x, BID_NEAREST_EVEN, &flags);
  }
  *out = r;
  return flags == 0;
}

Val num_pow(Val x, Val y, Arena *a) {
  if (!numbers(x, y)) return val_null();
  if (binary(x, y)) return val_real(pow(num_double(x), num_double(y)));
  if (y.t == V_NUM && y.u.i < 0 && num_cmp(x, val_int(0)) == 0) return val_null();
  int64_t n;
  BID_UINT128 r;
  _IDEC_flags flags = 0;
  if (num_int(y, &n) && n > -100000 && n < 100000 && pow_exact(to_bid(x), (uint64_t)(n < 0 ? -n : n), &r)) {
    Val p = of_bid(r, a);
    return n < 0 ? num_div(val_int(1), p, a) : p;
  }
  return of_bid(bid128_pow(to_bid(x), to_bid(y), BID_NEAREST_EVEN, &flags), a);
}

Val num_neg(Val x, Arena *a) {
  if (x.t == V_NUM && x.u.i != INT64_MIN) return val_dec(-x.u.i, x.e);
  if (x.t == V_REAL) return val_real(-x.u.d);
  Dec d;
  if (!dec_of(x, &d)) return val_null();
  d.neg = !d.neg;
  return dec_val(d, a);
}

Val num_abs(Val x, Arena *a) {
  Dec d;
  if (!dec_of(x, &d)) return val_null();
  return d.neg ? num_neg(x, a) : x;
}

Val num_modulo(Val x, Val y, Arena *a) {
  if (!numbers(x, y)) return val_null();
  if (binary(x, y)) {
    double d = num_double(y), r = fmod(num_double(x), d);
    return val_real(r != 0 && (r < 0) != (d < 0) ? r + d : r);
  }
  if (y.t == V_NUM && y.u.i == 0) return val_null();
  int64_t i, j;
  int e;
  if (x.t == V_NUM && y.t == V_NUM && align(x, y, &i, &j, &e)) {
    int64_t r = j == -1 ? 0 : i % j;
    return val_dec(r != 0 && (r < 0) != (j < 0) ? r + j : r, e);
  }
  _IDEC_flags flags = 0;
  Val r = of_bid(bid128_fmod(to_bid(x), to_bid(y), &flags), a);
  int sign = num_cmp(r, val_int(0));
  return sign != 0 && (sign < 0) != (num_cmp(y, val_int(0)) < 0) ? num_add(r, y, a) : r;
}

Val num_round(Val x, int digits, NumRound how, Arena *a) {
  if (x.t == V_NUM && -x.e <= digits) return x;
  Dec d;
  if (!dec_of(x, &d)) return val_null();
  if (digits < -DEC_QMAX - DEC_DIGITS) digits = -DEC_QMAX - DEC_DIGITS;
  if (digits > -DEC_QMIN) digits = -DEC_QMIN;
  return dec_val(dec_round(d, digits, how, NULL), a);
}

Val num_sqrt(Val x, Arena *a) {
  if (x.t == V_REAL) return val_real(sqrt(x.u.d));
  if (!val_is_num(x)) return val_null();
  _IDEC_flags flags = 0;
  return of_bid(bid128_sqrt(to_bid(x), BID_NEAREST_EVEN, &flags), a);
}

Val num_exp(Val x, Arena *a) {
  if (x.t == V_REAL) return val_real(exp(x.u.d));
  if (!val_is_num(x)) return val_null();
  _IDEC_flags flags = 0;
  return of_bid(bid128_exp(to_bid(x), BID_NEAREST_EVEN, &flags), a);
}

Val num_ln(Val x, Arena *a) {
  if (x.t == V_REAL) return val_real(log(x.u.d));
  if (!val_is_num(x)) return val_null();
  _IDEC_flags flags = 0;
  return of_bid(bid128_log(to_bid(x), BID_NEAREST_EVEN, &flags), a);
}

static int sign_of(int64_t i) { return (i > 0) - (i < 0); }

static int cmp_num(Val x, Val y) {
  if (x.e == y.e) return x.u.i < y.u.i ? -1 : x.u.i > y.u.i;
  int sx = sign_of(x.u.i), sy = sign_of(y.u.i);
  if (sx != sy) return sx < sy ? -1 : 1;
  if (x.e < y.e) return -cmp_num(y, x);
  int by = x.e - y.e;
  if (by > 18) return sx; /* |x| × 10^19 is above any int64; both zero gives 0 */
  __int128 scaled = (__int128)x.u.i * (int64_t)dec_ten(by);
  return scaled < y.u.i ? -1 : scaled > y.u.i;
}

/* By sign, by where the first digit stands, then digit by digit under one exponent: at most 38 of them. */
static int cmp_dec(Dec x, Dec y) {
  int sx = x.c ? x.neg ? -1 : 1 : 0, sy = y.c ? y.neg ? -1 : 1 : 0;
  if (sx != sy || !sx) return (sx > sy) - (sx < sy);
  int hx = x.q + dec_length(x.c), hy = y.q + dec_length(y.c);
  if (hx != hy) return hx < hy ? -sx : sx;
  if (x.q > y.q) x.c *= dec_ten(x.q - y.q);
  else y.c *= dec_ten(y.q - x.q);
  return x.c < y.c ? -sx : x.c > y.c ? sx : 0;
}

/* To a few units in the last place. */
static double about(Dec d) {
  static const double tenth[] = {1e0,   1e-1,  1e-2,  1e-3,  1e-4,  1e-5,  1e-6,  1e-7,  1e-8,  1e-9,  1e-10,
                                 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18, 1e-19, 1e-20, 1e-21,
                                 1e-22, 1e-23, 1e-24, 1e-25, 1e-26, 1e-27, 1e-28, 1e-29, 1e-30, 1e-31, 1e-32,
                                 1e-33, 1e-34, 1e-35, 1e-36, 1e-37, 1e-38, 1e-39, 1e-40};
  if (d.q > 0 || d.q < -40) return NAN;
  const double c = ((double)(uint64_t)(d.c >> 64) * 0x1p64 + (double)(uint64_t)d.c) * tenth[-d.q];
  return d.neg ? -c : c;
}

int num_cmp(Val x, Val y) {
  if (x.t == V_NUM && y.t == V_NUM) return cmp_num(x, y);
  if (x.t == V_REAL && y.t == V_REAL) return x.u.d < y.u.d ? -1 : x.u.d > y.u.d;
  if (binary(x, y)) { /* rounding is monotone: only a tie of doubles needs the decimals */
    double d = num_double(x), f = num_double(y);
    if (d != f) return d < f ? -1 : 1;
  }
  Dec p = {0}, q = {0};
  dec_of(x, &p);
  dec_of(y, &q);
  const double a = about(p), b = about(q), off = a - b, doubt = 1e-12 * (fabs(a) + fabs(b));
  if (off > doubt) return 1;
  if (off < -doubt) return -1;
  return cmp_dec(p, q);
}

bool num_minor(Val x, int digits, int64_t *out, bool *inexact) {
  if (inexact) *inexact = false;
  if (x.t == V_NUM && x.e == -digits) {
    *out = x.u.i;
    return true;
  }
  Dec d;
  bool cut;
  if (!dec_of(x, &d)) return false;
  d = dec_round(d, digits, NUM_HALF_UP, &cut);
  if (cut && !inexact) return false;
  int up = d.q + digits;
  if (d.c == 0) up = 0;
  if (up > 18 || d.c > INT64_MAX || d.c * dec_ten(up) > INT64_MAX) return false;
  int64_t m = (int64_t)(d.c * dec_ten(up));
  *out = d.neg ? -m : m;
  if (inexact) *inexact = cut;
  return true;
}

bool num_int(Val x, int64_t *out) { return num_minor(x, 0, out, NULL); }

Val num_norm(Val x) {
  if (x.t != V_NUM || x.e == 0) return x;
  int64_t m = x.u.i;
  int e = x.e;
  if (m == 0) return val_int(0);
  if (e > 0 && scale(m, e, &m)) return val_int(m);
  while ((e < 0 || (e > 0 && e < 18)) && m % 10 == 0) m /= 10, e++;
  return val_dec(m, e);
}
