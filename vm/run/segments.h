/* What a journal does to segments: rows of segment_member that begin or end. */
#ifndef RUN_SEGMENTS_H
#define RUN_SEGMENTS_H
#include "store/catalog.h"
#include "store/journal.h"

typedef struct Moved {
  int64_t segment, account;
  bool joins;
} Moved;
/* The changes [from, to) of table segment_member, in their order, as moves. s is asked for rows
 * that only end: their journal entry names neither segment nor account. */
void segment_moves(Store *s, const Journal *j, size_t from, size_t to, Arena *a, Moved **out, size_t *n);
/* How many of the n moves are of this segment and direction. */
size_t segment_count(const Moved *m, size_t n, int64_t segment, bool joins);
/* The segments named by the moves, each once. */
size_t segment_list(const Moved *m, size_t n, Arena *a, int64_t **out);
#endif
