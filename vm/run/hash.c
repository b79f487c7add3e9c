#include "run/hash.h"

#include <sys/random.h>

#include <nettle/sha2.h>

void hash_hex(Str bytes, char out[65]) {
  static const char digit[] = "0123456789abcdef";
  struct sha256_ctx ctx;
  uint8_t sum[SHA256_DIGEST_SIZE];
  sha256_init(&ctx);
  if (bytes.n) sha256_update(&ctx, bytes.n, (const uint8_t *)bytes.p);
  sha256_digest(&ctx, sizeof sum, sum);
  for (size_t i = 0; i < sizeof sum; i++) {
    out[i * 2] = digit[sum[i] >> 4];
    out[i * 2 + 1] = digit[sum[i] & 15];
  }
  out[64] = 0;
}

void hash_random(char out[33]) {
  static const char digit[] = "0123456789abcdef";
  unsigned char byte[16];
  while (getrandom(byte, sizeof byte, 0) != (ssize_t)sizeof byte)
    ; /* so few bytes fail only while a signal is handled */
  for (size_t i = 0; i < sizeof byte; i++) {
    out[2 * i] = digit[byte[i] >> 4];
    out[2 * i + 1] = digit[byte[i] & 15];
  }
  out[32] = 0;
}
