/* A column in which all known values are of one type and exponent: 8 bytes a row, and a flag for each row where some
 * are not known. Rules over figures are evaluated on such columns (eval_plain.c); whatever does not fit one is a
 * column of values (frame.h) that says the same, slower.
 *
 * Owns nothing: what it points to lives in an arena, a memo or the host. */
#ifndef FEEL_PLAIN_H
#define FEEL_PLAIN_H
#include "base/val.h"

typedef struct PlainVec {
  Val like;            /* type and exponent of the known: V_NUM, V_REAL (as its bits), V_BOOL, V_DATE */
  Val none;            /* what the others are: null or `never` */
  const int64_t *i;    /* NULL: there is no such column */
  const uint8_t *has;  /* a flag for each row; NULL: all are known */
  uint32_t step;       /* 0: all rows have the same */
} PlainVec;

static inline bool plain_has(const PlainVec *p, size_t row) { return !p->has || p->has[row * p->step]; }
static inline Val plain_at(const PlainVec *p, size_t row) {
  Val v = p->like;
  v.u.i = p->i[row * p->step];
  return plain_has(p, row) ? v : p->none;
}
static inline bool plain_type(Val v) { return v.t == V_NUM || v.t == V_REAL || v.t == V_BOOL || v.t == V_DATE; }
static inline bool plain_alike(Val a, Val b) { return a.t == b.t && a.e == b.e; }
/* The column of these values; without one when they are of several kinds. */
PlainVec plain_of(const Val *v, uint32_t step, size_t n, Arena *a);
/* Rows at[0 .. n) of it; a row that is UINT32_MAX is null. */
PlainVec plain_gather(const PlainVec *p, const uint32_t *at, size_t n, Arena *a);
void plain_values(const PlainVec *p, size_t n, Val *out, size_t step);
#endif
