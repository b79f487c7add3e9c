#include "store/idmap.h"

#include <string.h>

static uint64_t mix(int64_t id) { /* the finalizer of SplitMix64 (Steele, Lea, Flood 2014) */
  uint64_t z = (uint64_t)id;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static uint32_t *find(const IdMap *m, int64_t id) {
  if (!m->mask) return &m->slot[(uint64_t)id - (uint64_t)m->low];
  uint64_t k = mix(id) & m->mask;
  while (m->slot[k] != IDMAP_NONE && m->id[m->slot[k]] != id) k = (k + 1) & m->mask;
  return &m->slot[k];
}

uint32_t idmap_hashed(const IdMap *m, int64_t id) { return *find(m, id); }

void idmap_build(IdMap *m, const int64_t *id, size_t n, Arena *a) {
  *m = (IdMap){.id = id, .n = n};
  if (!n) return;
  int64_t low = id[0], high = id[0];
  for (size_t i = 1; i < n; i++) {
    if (id[i] < low) low = id[i];
    if (id[i] > high) high = id[i];
  }
  uint64_t spread = (uint64_t)high - (uint64_t)low;
  if (spread < 4 * (uint64_t)n + 1024) {
    m->low = low;
    m->slots = (size_t)spread + 1;
  } else {
    m->slots = 16;
    while (m->slots < n * 2) m->slots *= 2;
    m->mask = m->slots - 1;
  }
  m->slot = arena_alloc(a, m->slots * sizeof *m->slot);
  memset(m->slot, 0xFF, m->slots * sizeof *m->slot);
  for (size_t k = n; k-- > 0;) { /* backwards, so that chains run forwards */
    uint32_t *at = find(m, id[k]);
    if (*at != IDMAP_NONE && !m->next) {
      m->next = arena_alloc(a, n * sizeof *m->next);
      memset(m->next, 0xFF, n * sizeof *m->next);
    }
    if (m->next) m->next[k] = *at;
    *at = (uint32_t)k;
  }
}
