/* Columns as bytes: who has a row in a month, and one value for each of them. Little end first, so that a file
 * may move between machines. Decoding trusts nothing: false when the bytes are no such column. */
#ifndef STORE_MONTH_CODE_H
#define STORE_MONTH_CODE_H
#include "base/str.h"

/* Accounts in ascending order of their ids: a bitmap, or a list where ids lie far apart. */
void who_encode(const int64_t *id, size_t n, Buf *out);
bool who_count(Str bytes, size_t *n);
bool who_decode(Str bytes, int64_t *id);      /* room for who_count ids */
/* Its bits, one for each id from *low on, in words of 64 with the lowest first; false: it is a list. */
bool who_bits(Str bytes, int64_t *low, Str *words);

typedef struct Vector {          /* figures are v × 10^e */
  size_t n;
  int e;
  bool wide;                     /* some figure does not fit: there are no values, the rows have to be read */
  int64_t *v;
  uint8_t *null;                 /* n flags, or NULL: none is unknown */
} Vector;
void vector_encode(const Vector *in, Buf *out); /* as few bytes a value as the spread of values needs */
bool vector_decode(Str bytes, size_t n, Vector *out); /* out->v and out->null have room for n; null becomes NULL when none is */

/* Without decoding: each value goes to the place of its account, IDMAP_NONE = to none. */
typedef struct Packed {
  const char *p;                 /* values, `width` bytes each */
  unsigned width;
  int e;
  int64_t low;
} Packed;
enum { PLACE_NONE = -1 };
/* False: the bytes are no column of n values, or one with nulls, or wide: vector_decode tells. */
bool vector_packed(Str bytes, size_t n, Packed *out);
int64_t packed_at(const Packed *v, size_t i);
/* sum[place] += value, or -= where `minus`; some[place] = 1. Returns how many went in before one did not fit. */
size_t packed_sum(const Packed *v, size_t n, const uint32_t *place, bool minus, int64_t *sum, uint8_t *some);
void packed_count(const Packed *v, size_t n, const uint32_t *place, uint32_t *rows);
/* Bits of days in `mask`, of a month that starts on `start`: first and last so far. */
void packed_days(const Packed *v, size_t n, const uint32_t *place, uint32_t mask, int32_t start, int32_t *first,
                 int32_t *last, uint8_t *some);

void put_u64(Buf *out, uint64_t v, int bytes);
uint64_t get_u64(const char *p, int bytes);
#endif
