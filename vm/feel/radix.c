#include "feel/radix.h"

#include <string.h>

typedef struct Placed { uint64_t key; uint32_t at; } Placed;
enum { DIGIT = 11, VALUES = 1 << DIGIT };

/* By the digits in which some keys differ, the lowest first. */
static Placed *by_digits(Placed *a, Placed *b, size_t n, uint64_t differ) {
  for (int shift = 0; shift < 64 && differ >> shift; shift += DIGIT) {
    if (!(differ >> shift & (VALUES - 1))) continue;
    size_t start[VALUES] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++) start[a[i].key >> shift & (VALUES - 1)]++;
    for (size_t d = 0; d < VALUES; d++) {
      size_t count = start[d];
      start[d] = sum;
      sum += count;
    }
    for (size_t i = 0; i < n; i++) b[start[a[i].key >> shift & (VALUES - 1)]++] = a[i];
    Placed *swap = a;
    a = b, b = swap;
  }
  return a;
}

bool radix_order(const Val *x, bool descending, uint32_t *at, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (x[at[i]].t != V_NUM || x[at[i]].e != x[at[0]].e) return false;
  if (n < 2) return true;
  Placed *a = mem_alloc(2 * n * sizeof *a);
  uint64_t differ = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t key = (uint64_t)x[at[i]].u.i ^ UINT64_C(1) << 63;
    a[i] = (Placed){descending ? ~key : key, at[i]};
    differ |= a[i].key ^ a[0].key;
  }
  const Placed *sorted = by_digits(a, a + n, n, differ);
  for (size_t i = 0; i < n; i++) at[i] = sorted[i].at;
  mem_free(a);
  return true;
}
