#include "run/hash.h"

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
