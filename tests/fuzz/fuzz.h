/* What every fuzz target is: a function over bytes that must return 0, and may fail only by a crash, a
 * sanitizer's report, or claim() when a property does not hold.
 *
 * The same source links with libFuzzer (make fuzz) and with replay.c, which gives it the files of the corpus. */
#ifndef FUZZ_H
#define FUZZ_H
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property of the product, in words. */
#define claim(holds, words)                                                 \
  do {                                                                      \
    if (!(holds)) {                                                         \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, words); \
      abort();                                                              \
    }                                                                       \
  } while (0)
#endif
