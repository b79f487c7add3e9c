/* The cases of the decision bench: 200,000 random quotes, the same on every machine, as
 * tier,churn,sensitivity,discount,margin. */
#include <stdint.h>
#include <stdio.h>

static uint32_t state = 12345;

static double next(void) {
  state = (state * UINT32_C(1103515245) + 12345) & 0x7fffffff;
  return (double)((state >> 8) & 0xffff) / 65536;
}

int main(void) {
  static const char *const sense[] = {"high", "mid", "low"};
  for (int i = 0; i < 200000; i++) {
    int tier = (int)(next() * 3), churn = (int)(next() * 100), s = (int)(next() * 3);
    int discount = (int)(next() * 400), margin = (int)(next() * 600);
    printf("%c,%g,%s,%g,%g\n", 'A' + tier, churn / 100.0, sense[s], discount / 10.0, margin / 10.0);
  }
  return 0;
}
