/* From row ids to their positions in a list of ids. Ids that are dense are looked up in an array, others in a
 * hash. An id may stand in the list more than once: `next` leads on. Lives in the arena it was built in. */
#ifndef STORE_IDMAP_H
#define STORE_IDMAP_H
#include "base/mem.h"

#include <stdint.h>

#define IDMAP_NONE UINT32_MAX

typedef struct IdMap {
  const int64_t *id;
  size_t n;
  int64_t low;           /* dense: slot = id - low */
  uint64_t mask;         /* hashed: slots - 1 */
  size_t slots;
  uint32_t *slot;        /* first position, or IDMAP_NONE */
  uint32_t *next;        /* of each position: the next with the same id; NULL when all differ */
} IdMap;

void idmap_build(IdMap *m, const int64_t *id, size_t n, Arena *a); /* id must outlive m; n < 2^32 - 1 */
uint32_t idmap_hashed(const IdMap *m, int64_t id);

static inline uint32_t idmap_at(const IdMap *m, int64_t id) {
  if (m->mask) return idmap_hashed(m, id);
  uint64_t k = (uint64_t)id - (uint64_t)m->low;
  return k < m->slots ? m->slot[k] : IDMAP_NONE;
}
static inline uint32_t idmap_next(const IdMap *m, uint32_t at) { return m->next ? m->next[at] : IDMAP_NONE; }
#endif
