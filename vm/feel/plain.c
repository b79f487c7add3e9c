#include "feel/plain.h"

#include <string.h>

/* Type and exponent of the first known one, and what the first that is not known is; false: neither is of a kind that fits. */
static bool kinds(const Val *v, size_t n, Val *like, Val *none) {
  bool known = false, lacking = false;
  for (size_t i = 0; i < n && !(known && lacking); i++) {
    if (v[i].t == V_NULL || v[i].t == V_NEVER) {
      if (!lacking) *none = v[i];
      lacking = true;
    } else {
      if (!plain_type(v[i])) return false;
      if (!known) *like = (Val){.t = v[i].t, .e = v[i].e};
      known = true;
    }
  }
  return true;
}

PlainVec plain_of(const Val *v, uint32_t step, size_t n, Arena *a) {
  size_t rows = step ? n : 1;
  Val like = val_int(0), none = val_null();
  if (!kinds(v, rows, &like, &none)) return (PlainVec){0};
  int64_t *x = arena_alloc(a, (rows + 1) * sizeof *x);
  uint8_t *has = arena_alloc(a, rows + 1);
  size_t lacking = 0;
  for (size_t i = 0; i < rows; i++) {
    has[i] = v[i].t == like.t;
    if (has[i] ? v[i].e != like.e || v[i].flags : v[i].t != none.t) return (PlainVec){0};
    x[i] = has[i] ? v[i].u.i : 0;
    lacking += !has[i];
  }
  return (PlainVec){like, none, x, lacking ? has : NULL, step};
}

PlainVec plain_gather(const PlainVec *p, const uint32_t *at, size_t n, Arena *a) {
  if (!p->step) return *p;
  int64_t *x = arena_alloc(a, (n + 1) * sizeof *x);
  uint8_t *has = NULL;
  PlainVec out = {p->like, p->none, x, NULL, 1};
  size_t i = 0;
  if (!p->has)
    for (; i < n && at[i] != UINT32_MAX; i++) x[i] = p->i[at[i]];
  if (i == n) return out;
  has = arena_alloc(a, n);
  memset(has, 1, i);
  bool lacking = false;
  for (; i < n; i++) {
    bool no_row = at[i] == UINT32_MAX;
    has[i] = !no_row && plain_has(p, at[i]);
    x[i] = has[i] ? p->i[at[i]] : 0;
    lacking |= !has[i];
    if (no_row && p->none.t != V_NULL) return (PlainVec){0};
  }
  if (lacking) out.has = has;
  return out;
}

void plain_values(const PlainVec *p, size_t n, Val *out, size_t step) {
  if (p->has || !p->step) {
    for (size_t i = 0; i < n; i++) out[i * step] = plain_at(p, i);
    return;
  }
  Val v = p->like;
  for (size_t i = 0; i < n; i++) {
    v.u.i = p->i[i];
    out[i * step] = v;
  }
}
