#include "store/latest.h"

#include <string.h>

bool latest_begin(Latest *l, Months *m, FactMonths *f, Scan *scan) {
  const IdMap *map = m->map;
  *l = (Latest){.m = m, .f = f, .scan = scan, .left = map->n};
  if (map->mask || map->next) return false;
  l->open = mem_zalloc(map->slots / 64 + 2, sizeof *l->open);
  for (size_t i = 0; i < map->n; i++) {
    uint64_t at = (uint64_t)map->id[i] - (uint64_t)map->low;
    l->open[at / 64] |= UINT64_C(1) << at % 64;
  }
  return true;
}

void latest_end(Latest *l) {
  mem_free(l->open);
  buf_free(&l->who);
  l->open = NULL;
}

/* 64 of the bits from `at` on; there are none before the first and behind the last. */
static uint64_t open_at(const Latest *l, int64_t at) {
  if (at <= -64 || at >= (int64_t)l->m->map->slots) return 0;
  if (at < 0) return l->open[0] << -at;
  const uint64_t *w = &l->open[at / 64];
  return at % 64 ? w[0] >> at % 64 | w[1] << (64 - at % 64) : w[0];
}

/* A month that was read as any others may have given it a newer one. */
static void close_one(Latest *l, int64_t at, Day last) {
  const uint32_t place = l->m->map->slot[at];
  if (!l->scan->some[place]) l->scan->first[place] = l->scan->last[place] = last;
  l->scan->some[place] = 1;
  l->open[at / 64] &= ~(UINT64_C(1) << at % 64);
  l->left--;
}

typedef struct Meeting {
  Latest *l;
  int64_t at;            /* of the first bit, from the map's lowest id */
  Str words;
  Day start;
  uint32_t mask;
  bool sound;
} Meeting;

static void meet(void *ctx, const Packed *v, size_t n) {
  Meeting *t = ctx;
  size_t before = 0;
  int64_t at = t->at;
  for (size_t k = 0; k < t->words.n; k += 8, at += 64) {
    const uint64_t word = get_u64(t->words.p + k, 8);
    const size_t here = (size_t)__builtin_popcountll(word);
    if (before + here > n) return;
    for (uint64_t hit = word & open_at(t->l, at); hit; hit &= hit - 1) {
      const int bit = __builtin_ctzll(hit);
      const size_t i = before + (size_t)__builtin_popcountll(word & ((UINT64_C(1) << bit) - 1));
      const uint32_t days = (uint32_t)packed_at(v, i) & t->mask;
      if (days) close_one(t->l, at + bit, t->start + 31 - __builtin_clz(days));
    }
    before += here;
  }
  t->sound = before == n;
}

static bool keep_who(void *ctx, Str bytes, Err *e) {
  (void)e;
  Latest *l = ctx;
  buf_clear(&l->who);
  buf_str(&l->who, bytes);
  return true;
}

bool latest_month(Latest *l, int month, uint32_t mask, bool *done, Err *e) {
  int64_t low;
  Meeting t = {.l = l, .start = month_start(month), .mask = mask};
  *done = false;
  if (!months_bytes(l->m, l->f, month, PART_WHO, keep_who, l, e)) return false;
  if (!who_bits(buf_view(&l->who), &low, &t.words)) return true;
  t.at = (int64_t)((uint64_t)low - (uint64_t)l->m->map->low);
  bool packed;
  if (!months_packed(l->m, l->f, month, PART_DAYS, meet, &t, &packed, e)) return false;
  *done = packed && t.sound;
  return true;
}
