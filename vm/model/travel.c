#include "model/travel.h"

#include "base/mem.h"

#include <math.h>

/* Open addressing, at most half full; a slot holds the number of a pair + 1. */
static size_t slot_of(const Travel *t, int from, int to) {
  uint64_t h = ((uint64_t)(uint32_t)from << 32 | (uint32_t)to) * 0x9E3779B97F4A7C15u;
  return (size_t)(h >> 20) & (t->slot_count - 1);
}

void travel_index(Travel *t) {
  travel_free(t);
  if (!t->pair_count) return;
  t->slot_count = 16;
  while (t->slot_count < 2 * t->pair_count) t->slot_count *= 2;
  t->slots = mem_zalloc(t->slot_count, sizeof *t->slots);
  for (size_t i = 0; i < t->pair_count; i++) {
    size_t s = slot_of(t, t->pairs[i].from, t->pairs[i].to);
    while (t->slots[s]) {
      const TravelPair *there = &t->pairs[t->slots[s] - 1];
      if (there->from == t->pairs[i].from && there->to == t->pairs[i].to) break;
      s = (s + 1) & (t->slot_count - 1);
    }
    t->slots[s] = (int32_t)i + 1;
  }
}

void travel_free(Travel *t) {
  mem_free(t->slots);
  t->slots = NULL;
  t->slot_count = 0;
}

static const TravelPair *pair_of(const Travel *t, int from, int to) {
  if (!t->slot_count) return NULL;
  for (size_t s = slot_of(t, from, to); t->slots[s]; s = (s + 1) & (t->slot_count - 1)) {
    const TravelPair *p = &t->pairs[t->slots[s] - 1];
    if (p->from == from && p->to == to) return p;
  }
  return NULL;
}

double travel_km(const Travel *t, int from, int to) {
  const double radian = 0.017453292519943295, diameter = 2 * 6371.0088;
  double north = sin((t->lat[to] - t->lat[from]) * radian / 2), east = sin((t->lon[to] - t->lon[from]) * radian / 2);
  double h = north * north + cos(t->lat[from] * radian) * cos(t->lat[to] * radian) * east * east;
  return diameter * asin(sqrt(h < 1 ? h : 1));
}

int32_t travel_minutes(const Travel *t, int from, int to) {
  if (from == to) return 0;
  const TravelPair *p = pair_of(t, from, to);
  if (!p && t->both_ways) p = pair_of(t, to, from);
  if (p) return p->minutes < TRAVEL_MOST ? p->minutes : TRAVEL_MOST;
  /* Whole metres first, so that the last bit of a library's sine cannot turn a minute over. */
  double metres = floor(travel_km(t, from, to) * t->road * 1000 + 0.5), minutes = ceil(metres * 60 / (t->kmh * 1000));
  return minutes < TRAVEL_MOST ? (int32_t)minutes : TRAVEL_MOST;
}
