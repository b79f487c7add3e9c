/* Decimal arithmetic on number values (V_NUM, V_BIG, V_REAL).
 *
 * Exact int64 × 10^k on the fast path, IEEE 754 decimal128 (34 digits, round half
 * even; libintelrdfpmath) beyond it, a double as soon as either side is V_REAL.
 * Results are normalised back to V_NUM when they fit. `a` takes V_BIG results.
 * A non-number operand, division by zero, overflow: null. */
#ifndef BASE_NUM_H
#define BASE_NUM_H
#include "base/val.h"

typedef enum NumRound {
  NUM_HALF_UP, NUM_HALF_DOWN, NUM_HALF_EVEN, NUM_UP, NUM_DOWN, NUM_FLOOR, NUM_CEILING
} NumRound;
/* NUM_HALF_UP rounds half away from zero (money's rule); NUM_UP away from zero; NUM_DOWN towards it. */

Val num_add(Val x, Val y, Arena *a);
Val num_sub(Val x, Val y, Arena *a);
Val num_mul(Val x, Val y, Arena *a);
Val num_div(Val x, Val y, Arena *a);
/* Many quotients by one number: what num_div says, without finding out each time what the divisor alone tells. */
typedef struct NumBy {
  Val y;
  uint64_t below;          /* |y| without its exponent; 0: of another kind, which num_div takes */
  uint64_t rest;           /* the same without twos and fives: a quotient ends where it goes into the dividend */
  uint64_t norm, inverse;  /* the same with its highest bit set, and the reciprocal of that */
  int shift;
} NumBy;
NumBy num_by(Val y);
Val num_div_by(Val x, const NumBy *by, Arena *a);
Val num_pow(Val x, Val y, Arena *a);
Val num_neg(Val x, Arena *a);
Val num_abs(Val x, Arena *a);
Val num_modulo(Val x, Val y, Arena *a);         /* x - y × floor(x / y), FEEL's modulo */
/* To `digits` decimals, may be negative. A double is rounded as its shortest decimal and becomes one. */
Val num_round(Val x, int digits, NumRound how, Arena *a);
Val num_sqrt(Val x, Arena *a);
Val num_exp(Val x, Arena *a);
Val num_ln(Val x, Arena *a);
int num_cmp(Val x, Val y);                      /* by value; a double is its shortest decimal */
bool num_parse(Str s, Val *out, Arena *a);      /* "-1.5", ".5", "1e3"; nothing may follow */
enum { NUM_TEXT = 96 };
char *num_put(Val x, char *to);                 /* num_print into NUM_TEXT bytes; the end, where no NUL need be */
void num_print(Val x, Buf *out);                /* shortest: 1.5, 1200, 0.001, -3; 1e50 from 40 digits on */
void num_fixed(Val x, int decimals, bool group, Buf *out); /* half away from zero; 1,234.50 */
double num_double(Val x);                       /* nearest double */
Val num_of_double(double d, Arena *a);          /* shortest decimal that reads back as d; or null */
/* Exactly x × 10^digits as an integer; false when it does not fit or *inexact would be lost.
 * With `inexact` non-NULL it rounds half away from zero and reports whether it had to. */
bool num_minor(Val x, int digits, int64_t *out, bool *inexact);
bool num_int(Val x, int64_t *out);              /* an integer value that fits */
Val num_norm(Val x);                            /* one form a value: no zeros after the point, e > 0 if it must */
#endif
