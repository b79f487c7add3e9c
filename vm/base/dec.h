/* A decimal taken apart: sign, coefficient, exponent. What num.c and numtext.c
 * share; other floors use num.h.
 *
 * Every number value has exactly one such form up to trailing zeros; a binary
 * double stands for the shortest decimal that reads back as it. */
#ifndef BASE_DEC_H
#define BASE_DEC_H
#include "base/num.h"

typedef unsigned __int128 U128;
typedef struct Dec { /* (-1)^neg × c × 10^q */
  U128 c;
  int q;
  bool neg;
} Dec;

enum { DEC_DIGITS = 34, DEC_QMIN = -6176, DEC_QMAX = 6111 };

extern const uint64_t dec_tens[20];             /* 10^k in 64 bits */
U128 dec_ten(int k);                            /* 10^k, k in 0..38 */
int dec_length(U128 c);                         /* its digits; 1 for zero */
bool dec_of(Val v, Dec *out);                   /* false: v is no number */
Dec dec_of_double(double d);                    /* finite d; shortest digits */
Dec dec_strip(Dec d);                           /* no trailing zeros; zero is 0 × 10^0 */
/* To `digits` decimals; unchanged when it has no more. *inexact (may be NULL): something was cut. */
Dec dec_round(Dec d, int digits, NumRound how, bool *inexact);
/* The value: V_NUM when it fits, else V_BIG in `a`, rounded half even to 34 digits; null on overflow. */
Val dec_val(Dec d, Arena *a);
/* The digits of c, at most 39 and a NUL; returns how many ("0" for zero). */
int dec_digits(U128 c, char out[40]);
char *dec_put(uint64_t c, int least, char *end); /* the digits before `end`, at least `least` of them, two at a time; their begin */
ValBig dec_pack(Dec d);                         /* c < 10^34, q in DEC_QMIN..DEC_QMAX */
bool dec_unpack(ValBig b, Dec *out);            /* false: infinite or not a number */
#endif
