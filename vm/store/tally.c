#include "store/tally.h"

#include <string.h>

#include "base/num.h"

static Val add(Val x, Val y, Arena *a) {
  Val sum = x;
  if (x.t == V_NUM && y.t == V_NUM && x.e == y.e && !__builtin_add_overflow(x.u.i, y.u.i, &sum.u.i))
    return sum;
  return num_add(x, y, a);
}

static void take(Tally *t, TallyKind kind, Val v, Arena *a) {
  if (v.t == V_NULL && kind < TALLY_FIRST) {
    t->unknown = true;
    return;
  }
  bool first = t->value.t == V_NULL;
  switch (kind) {
    case TALLY_SUM: t->value = first ? v : add(t->value, v, a); break;
    case TALLY_MIN:
      if (first || num_cmp(v, t->value) < 0) t->value = val_copy(v, a);
      break;
    case TALLY_MAX:
      if (first || num_cmp(v, t->value) > 0) t->value = val_copy(v, a);
      break;
    case TALLY_FIRST:
      if (!t->rows) t->value = val_copy(v, a);
      break;
    case TALLY_LAST: t->value = val_copy(v, a); break;
    case TALLY_COUNT:
    case TALLY_DAYS:
    case TALLY_RANGE:
    case TALLY_LATEST: break;
  }
}

void tally_add(Tally *t, TallyKind kind, Val v, Day day, Arena *a) {
  take(t, kind, v, a);
  if (kind == TALLY_DAYS) {
    if (!t->rows || t->last != day) t->rows++;
  } else {
    t->rows++;
  }
  if (t->rows == 1) t->first = t->last = day;
  if (day < t->first) t->first = day;
  if (day > t->last) t->last = day;
}

Val tally_value(const Tally *t, Agg agg, bool flow, int minor) {
  if (!t->rows) {
    if (!flow) return val_null();
    return agg == AGG_SUM ? val_dec(0, -minor) : agg == AGG_COUNT ? val_int(0) : val_null();
  }
  switch (agg) {
    case AGG_COUNT:
    case AGG_DAYS: return val_int(t->rows);
    case AGG_FIRST_DAY: return val_date(t->first);
    case AGG_LAST_DAY: return val_date(t->last);
    case AGG_SUM:
    case AGG_MIN:
    case AGG_MAX:
    case AGG_FIRST:
    case AGG_LAST: break;
  }
  return t->unknown ? val_null() : t->value;
}

static void grow(OrderSet *set) {
  size_t slots = set->slots ? set->slots * 2 : 4096;
  struct OrderKey *slot = mem_zalloc(slots, sizeof *slot);
  for (size_t i = 0; i < set->slots; i++) {
    if (!set->slot[i].p) continue;
    size_t k = set->slot[i].hash & (slots - 1);
    while (slot[k].p) k = (k + 1) & (slots - 1);
    slot[k] = set->slot[i];
  }
  mem_free(set->slot);
  set->slot = slot;
  set->slots = slots;
}

bool orderset_add(OrderSet *set, uint32_t account, Str no) {
  if (set->used && set->last_account == account && str_eq(buf_view(&set->last), no)) return false;
  set->last_account = account;
  buf_clear(&set->last);
  buf_str(&set->last, no);
  if (set->used * 2 >= set->slots) grow(set);
  uint64_t hash = (str_hash(no) ^ account * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
  hash ^= hash >> 32;
  size_t k = hash & (set->slots - 1);
  for (; set->slot[k].p; k = (k + 1) & (set->slots - 1)) {
    const struct OrderKey *o = &set->slot[k];
    if (o->hash == hash && o->account == account && o->n == no.n && memcmp(o->p, no.p, no.n) == 0)
      return false;
  }
  set->slot[k] = (struct OrderKey){account, (uint32_t)no.n, arena_strndup(&set->arena, no.p, no.n), hash};
  set->used++;
  return true;
}

void orderset_clear(OrderSet *set) {
  mem_free(set->slot);
  arena_free(&set->arena);
  buf_free(&set->last);
  *set = (OrderSet){0};
}
