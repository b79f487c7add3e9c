#include "store/month_code.h"

#include <endian.h>
#include <string.h>

#include "base/mem.h"

enum { WHO_HEAD = 16, WHO_BITS = 1, WHO_LIST = 2, VEC_HEAD = 16, VEC_WIDE = 1, VEC_NULLS = 2 };

void put_u64(Buf *out, uint64_t v, int bytes) {
  uint64_t le = htole64(v);
  buf_add(out, (const char *)&le, (size_t)bytes);
}

uint64_t get_u64(const char *p, int bytes) {
  uint64_t le = 0;
  memcpy(&le, p, (size_t)bytes);
  return le64toh(le);
}

/* --- who: u32 kind, u32 n, i64 lowest id; then bits, or i64 ids -------------- */

void who_encode(const int64_t *id, size_t n, Buf *out) {
  uint64_t spread = n ? (uint64_t)id[n - 1] - (uint64_t)id[0] + 1 : 0;
  bool bits = spread / 64 <= n;
  put_u64(out, bits ? WHO_BITS : WHO_LIST, 4);
  put_u64(out, n, 4);
  put_u64(out, n ? (uint64_t)id[0] : 0, 8);
  if (!bits) {
    for (size_t i = 0; i < n; i++) put_u64(out, (uint64_t)id[i], 8);
    return;
  }
  size_t from = out->n;
  buf_fill(out, 0, ((size_t)spread + 63) / 64 * 8);
  for (size_t i = 0; i < n; i++) {
    uint64_t at = (uint64_t)id[i] - (uint64_t)id[0];
    out->p[from + at / 8] = (char)((unsigned char)out->p[from + at / 8] | 1u << at % 8);
  }
}

bool who_count(Str b, size_t *n) {
  if (b.n < WHO_HEAD) return false;
  *n = (size_t)get_u64(b.p + 4, 4);
  uint64_t kind = get_u64(b.p, 4);
  return kind == WHO_LIST ? b.n == WHO_HEAD + *n * 8 : kind == WHO_BITS && b.n % 8 == 0 && *n <= (b.n - WHO_HEAD) * 8;
}

bool who_decode(Str b, int64_t *id) {
  size_t n, k = 0;
  if (!who_count(b, &n)) return false;
  int64_t low = (int64_t)get_u64(b.p + 8, 8);
  if (get_u64(b.p, 4) == WHO_LIST) {
    for (; k < n; k++) id[k] = (int64_t)get_u64(b.p + WHO_HEAD + k * 8, 8);
    return true;
  }
  for (size_t at = WHO_HEAD; at < b.n; at += 8) {
    for (uint64_t word = get_u64(b.p + at, 8); word; word &= word - 1) {
      if (k == n) return false;
      id[k++] = low + (int64_t)((at - WHO_HEAD) * 8) + __builtin_ctzll(word);
    }
  }
  return k == n;
}

bool who_bits(Str b, int64_t *low, Str *words) {
  if (b.n < WHO_HEAD || b.n % 8 || get_u64(b.p, 4) != WHO_BITS) return false;
  *low = (int64_t)get_u64(b.p + 8, 8);
  *words = str_sub(b, WHO_HEAD, b.n);
  return true;
}

/* --- values: u8 flags, i8 e, u8 bytes a value, 5 × 0, i64 least; null bits; values less the least ---- */

void vector_encode(const Vector *in, Buf *out) {
  int64_t low = 0, high = 0;
  bool any = false, nulls = false;
  for (size_t i = 0; i < in->n && !in->wide; i++) {
    if (in->null && in->null[i]) {
      nulls = true;
      continue;
    }
    if (!any || in->v[i] < low) low = in->v[i];
    if (!any || in->v[i] > high) high = in->v[i];
    any = true;
  }
  uint64_t spread = (uint64_t)high - (uint64_t)low;
  int width = in->wide || !spread ? 0 : spread <= UINT8_MAX ? 1 : spread <= UINT16_MAX ? 2 : spread <= UINT32_MAX ? 4 : 8;
  put_u64(out, (in->wide ? VEC_WIDE : 0u) | (nulls ? VEC_NULLS : 0u), 1);
  put_u64(out, (uint8_t)(int8_t)in->e, 1);
  put_u64(out, (uint64_t)width, 6);
  put_u64(out, (uint64_t)low, 8);
  if (nulls) {
    size_t from = out->n;
    buf_fill(out, 0, (in->n + 7) / 8);
    for (size_t i = 0; i < in->n; i++)
      if (in->null[i]) out->p[from + i / 8] = (char)((unsigned char)out->p[from + i / 8] | 1u << i % 8);
  }
  for (size_t i = 0; width && i < in->n; i++) {
    bool null = nulls && in->null[i];
    put_u64(out, null ? 0 : (uint64_t)in->v[i] - (uint64_t)low, width);
  }
}

/* Of one width, so that the compiler sees a plain loop. */
#define DECODE(type, of_little_end)                                   \
  for (size_t i = 0; i < n; i++) {                                    \
    type x;                                                           \
    memcpy(&x, p + i * sizeof x, sizeof x);                           \
    out->v[i] = (int64_t)(low + of_little_end(x));                    \
  }
#define AS_IT_IS(x) (x)

bool vector_decode(Str b, size_t n, Vector *out) {
  if (b.n < VEC_HEAD) return false;
  unsigned flags = (unsigned char)b.p[0];
  unsigned width = (unsigned char)b.p[2];
  uint64_t low = get_u64(b.p + 8, 8);
  out->n = n;
  out->e = (int8_t)b.p[1];
  out->wide = flags & VEC_WIDE;
  size_t at = VEC_HEAD, nulls = flags & VEC_NULLS ? (n + 7) / 8 : 0;
  if (b.n != at + nulls + (out->wide ? 0 : n * width)) return false;
  if (nulls)
    for (size_t i = 0; i < n; i++) out->null[i] = (unsigned char)b.p[at + i / 8] >> i % 8 & 1;
  else out->null = NULL;
  const char *p = b.p + at + nulls;
  if (out->wide) return true;
  switch (width) {
    case 0:
      for (size_t i = 0; i < n; i++) out->v[i] = (int64_t)low;
      return true;
    case 1: DECODE(uint8_t, AS_IT_IS) return true;
    case 2: DECODE(uint16_t, le16toh) return true;
    case 4: DECODE(uint32_t, le32toh) return true;
    case 8: DECODE(uint64_t, le64toh) return true;
    default: return false;
  }
}

/* --- without decoding --------------------------------------------------------- */

bool vector_packed(Str b, size_t n, Packed *out) {
  if (b.n < VEC_HEAD || b.p[0]) return false;
  *out = (Packed){b.p + VEC_HEAD, (unsigned char)b.p[2], (int8_t)b.p[1], (int64_t)get_u64(b.p + 8, 8)};
  bool known = out->width <= 2 || out->width == 4 || out->width == 8;
  return known && b.n == VEC_HEAD + n * out->width;
}

int64_t packed_at(const Packed *v, size_t i) {
  return v->width ? (int64_t)((uint64_t)v->low + get_u64(v->p + i * v->width, (int)v->width)) : v->low;
}

/* A loop for each width, so that the compiler sees a plain one; `x` is the value of account i at `at`. */
#define EACH_OF(type, of_little_end, ...)                                              \
  for (size_t i = 0; i < n; i++) {                                                      \
    type raw;                                                                           \
    memcpy(&raw, v->p + i * sizeof raw, sizeof raw);                                    \
    const int64_t x = (int64_t)((uint64_t)v->low + of_little_end(raw));                 \
    const uint32_t at = place[i];                                                       \
    if (at == (uint32_t)PLACE_NONE) continue;                                           \
    __VA_ARGS__                                                                         \
  }
#define EACH(...)                                                                       \
  switch (v->width) {                                                                   \
    case 1: EACH_OF(uint8_t, AS_IT_IS, __VA_ARGS__) break;                                     \
    case 2: EACH_OF(uint16_t, le16toh, __VA_ARGS__) break;                                     \
    case 4: EACH_OF(uint32_t, le32toh, __VA_ARGS__) break;                                     \
    case 8: EACH_OF(uint64_t, le64toh, __VA_ARGS__) break;                                     \
    default:                                                                            \
      for (size_t i = 0; i < n; i++) {                                                  \
        const int64_t x = v->low;                                                       \
        const uint32_t at = place[i];                                                   \
        if (at == (uint32_t)PLACE_NONE) continue;                                       \
        __VA_ARGS__                                                                     \
      }                                                                                 \
  }

size_t packed_sum(const Packed *v, size_t n, const uint32_t *place, bool minus, int64_t *sum, uint8_t *some) {
  if (minus) {
    EACH(if (__builtin_sub_overflow(sum[at], x, &sum[at])) {
      sum[at] += (uint64_t)x; /* as it was */
      return i;
    } some[at] = 1;)
  } else {
    EACH(if (__builtin_add_overflow(sum[at], x, &sum[at])) {
      sum[at] -= (uint64_t)x;
      return i;
    } some[at] = 1;)
  }
  return n;
}

void packed_count(const Packed *v, size_t n, const uint32_t *place, uint32_t *rows) { EACH(rows[at] += (uint32_t)x;) }

void packed_days(const Packed *v, size_t n, const uint32_t *place, uint32_t mask, int32_t start, int32_t *first,
                 int32_t *last, uint8_t *some) {
  EACH(const uint32_t days = (uint32_t)x & mask; if (!days) continue;
       const int32_t low = start + __builtin_ctz(days), high = start + 31 - __builtin_clz(days);
       if (!some[at] || low < first[at]) first[at] = low;
       if (!some[at] || high > last[at]) last[at] = high; some[at] = 1;)
}
