/* Chance that is the same on every machine: splitmix64 streams, and e^x from
 * +, - and * alone, since libm's last bit differs between systems. Each thing
 * draws from a stream of its own, so that one more draw here moves nothing there. */
#ifndef COMPANY_RNG_H
#define COMPANY_RNG_H
#include <stdbool.h>
#include <stdint.h>

typedef struct Rng { uint64_t state; } Rng;

static inline uint64_t rng_mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}
static inline uint64_t rng_next(Rng *r) { return rng_mix(r->state += 0x9E3779B97F4A7C15U); }
static inline Rng rng_stream(uint64_t seed, uint64_t stream, uint64_t index) {
  return (Rng){rng_mix(rng_mix(seed + 0x632BE59BD9B4E019U) + stream * 0x9E3779B97F4A7C15U + rng_mix(index))};
}
/* In [0, 1). */
static inline double rng_unit(Rng *r) { return (double)(rng_next(r) >> 11) * 0x1p-53; }
static inline int rng_below(Rng *r, int n) { return (int)(((rng_next(r) >> 32) * (uint64_t)n) >> 32); }
static inline int rng_int(Rng *r, int low, int high) { return low + rng_below(r, high - low + 1); }
static inline double rng_between(Rng *r, double low, double high) { return low + (high - low) * rng_unit(r); }
static inline bool rng_chance(Rng *r, double p) { return rng_unit(r) < p; }
/* Mean 0, deviation 1, within ±6: the sum of twelve (Irwin-Hall). */
static inline double rng_normal(Rng *r) {
  uint64_t sum = 0;
  for (int i = 0; i < 3; i++) {
    uint64_t x = rng_next(r);
    sum += (x & 0xFFFF) + ((x >> 16) & 0xFFFF) + ((x >> 32) & 0xFFFF) + (x >> 48);
  }
  return (double)sum / 65536.0 - 6.0 + 6.0 / 65536.0;
}
/* Which of n weights, in proportion. */
static inline int rng_pick(Rng *r, const int *weight, int n) {
  int total = 0, i = 0;
  for (int k = 0; k < n; k++) total += weight[k];
  int at = rng_below(r, total);
  while (at >= weight[i]) at -= weight[i++];
  return i;
}
static inline double rng_exp(double x) {
  const double ln2 = 0.69314718055994530942;
  int n = (int)(x / ln2 + (x < 0 ? -0.5 : 0.5));
  double r = x - (double)n * ln2, term = 1, sum = 1;
  for (int i = 1; i < 16; i++) sum += (term *= r / i);
  for (; n > 0; n--) sum *= 2;
  for (; n < 0; n++) sum *= 0.5;
  return sum;
}
#endif
