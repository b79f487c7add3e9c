/* Dice for random tests: their own generator, so that every machine draws the same. */
#ifndef FEEL_DICE_H
#define FEEL_DICE_H
#include <stdint.h>

static uint64_t seed = 20261101;

static uint32_t roll(uint32_t n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(seed >> 33) % n;
}

static const char *one_of(const char *const *list) {
  uint32_t n = 0;
  while (list[n]) n++;
  return list[roll(n)];
}
#endif
