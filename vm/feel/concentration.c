#include "feel/concentration.h"

#include "base/num.h"

static Val sum_of(const Val *x, size_t n, Arena *a) {
  Val sum = val_int(0);
  for (size_t i = 0; i < n; i++) sum = num_add(sum, x[i], a);
  return sum;
}

static Val gini(const Val *x, size_t n, Val sum, Arena *a) {
  Val top = val_int(0);
  for (size_t i = 0; i < n; i++) {
    int64_t weight = (int64_t)n - 1 - 2 * (int64_t)i;
    top = num_add(top, num_mul(x[i], val_int(weight), a), a);
  }
  return num_div(top, num_mul(sum, val_int((int64_t)n), a), a);
}

static Val hhi(const Val *x, size_t n, Val sum, Arena *a) {
  Val squares = val_int(0);
  for (size_t i = 0; i < n; i++) squares = num_add(squares, num_mul(x[i], x[i], a), a);
  return num_div(squares, num_mul(sum, sum, a), a);
}

static Val top_share(const Val *x, size_t n, Val sum, Val p, Arena *a) {
  int64_t k;
  if (!num_int(num_round(num_mul(val_int((int64_t)n), p, a), 0, NUM_HALF_UP, a), &k)) return val_null();
  return num_div(sum_of(x, (size_t)k, a), sum, a);
}

static Val carriers(const Val *x, size_t n, Val sum, Val p, Arena *a) {
  Val enough = num_mul(sum, p, a), held = val_int(0);
  size_t k = 0;
  while (k < n && num_cmp(held, enough) < 0) held = num_add(held, x[k++], a);
  return val_int((int64_t)k);
}

Val concentration(SetFn fn, const Val *x, size_t n, Val p, Arena *a) {
  Val sum = sum_of(x, n, a);
  if (!n || !val_is_num(sum) || num_cmp(sum, val_int(0)) <= 0) return val_null();
  bool parts = fn == SET_GINI || fn == SET_HHI;
  if (parts && num_cmp(x[n - 1], val_int(0)) < 0) return val_null();
  switch (fn) {
    case SET_GINI: return gini(x, n, sum, a);
    case SET_HHI: return hhi(x, n, sum, a);
    case SET_TOP_SHARE: return top_share(x, n, sum, p, a);
    default: return carriers(x, n, sum, p, a);
  }
}
