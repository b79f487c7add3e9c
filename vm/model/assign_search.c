/* The choice of owners. */
#include "base/mem.h"
#include "base/stop.h"
#include "model/assign_work.h"

#include <math.h>
#include <stdlib.h>

#define CHOICES_MOST 300000.0 /* so many are all tried */
#define LESS 1e-7             /* minutes a change has to save */
enum { ROUNDS_MOST = 200, STOP_EVERY = 256 };

/* --- all choices ------------------------------------------------------------------------------------------------- */

typedef struct Best {
  AssignWork *w;
  const int32_t *free;
  int32_t free_count;
  int32_t *owner;   /* [free]: of the best */
  int32_t without;
  double score;
  bool limits;      /* somebody may have to stay without */
} Best;

static double choices(const AssignWork *w, const int32_t *free, int32_t count, bool limits) {
  double all = 1;
  for (int32_t i = 0; i < count && all <= CHOICES_MOST; i++) {
    int32_t may = 0;
    for (int32_t o = 0; o < (int32_t)w->p->owner_count; o++) may += assign_may(w->p, free[i], o);
    all *= may + (limits || !may);
  }
  return all;
}

static void try_all(Best *b, int32_t i, int32_t without, double score) {
  AssignWork *w = b->w;
  if (without > b->without) return;
  if (i == b->free_count) {
    if (without == b->without && score >= b->score - LESS) return;
    b->without = without;
    b->score = score;
    for (int32_t k = 0; k < b->free_count; k++) b->owner[k] = w->owner[b->free[k]];
    return;
  }
  int32_t a = b->free[i], may = 0;
  for (int32_t o = 0; o < (int32_t)w->p->owner_count; o++) {
    if (!assign_may(w->p, a, o)) continue;
    may++;
    if (!assign_has_room(w, o, a, ASSIGN_NONE)) continue;
    double more = assign_join(w, a, o);
    assign_put(w, a, o);
    try_all(b, i + 1, without, score + more);
    assign_take(w, a);
  }
  if (w->p->accounts[a].owner < 0 && (b->limits || !may)) try_all(b, i + 1, without + 1, score);
}

static void best_of_all(AssignWork *w, const int32_t *free, int32_t count, bool limits) {
  Best b = {.w = w, .free = free, .free_count = count, .without = count + 1, .score = INFINITY, .limits = limits};
  b.owner = mem_alloc((size_t)count * sizeof *b.owner);
  for (int32_t i = 0; i < count; i++)
    if (w->owner[free[i]] >= 0) assign_take(w, free[i]);
  try_all(&b, 0, 0, 0);
  for (int32_t i = 0; i < count; i++)
    if (b.owner[i] >= 0) assign_put(w, free[i], b.owner[i]);
  mem_free(b.owner);
}

/* --- a first choice ---------------------------------------------------------------------------------------------- */

typedef struct Turn {
  int32_t account, may;
  double size;
} Turn;

static int comes_first(const void *a, const void *b) {
  const Turn *x = a, *y = b;
  if (x->may != y->may) return x->may < y->may ? -1 : 1;
  if (x->size < y->size || x->size > y->size) return x->size > y->size ? -1 : 1;
  return x->account < y->account ? -1 : x->account > y->account;
}

static int32_t cheapest(const AssignWork *w, int32_t a) {
  int32_t best = ASSIGN_NONE;
  double least = INFINITY;
  for (int32_t o = 0; o < (int32_t)w->p->owner_count; o++) {
    if (!assign_may(w->p, a, o) || !assign_has_room(w, o, a, ASSIGN_NONE)) continue;
    double more = assign_join(w, a, o);
    if (more < least) least = more, best = o;
  }
  return best;
}

/* Room for `a` by a chain of accounts that each go to another owner: breadth first over owners. `closed` owners lead to
 * no room, as was seen before. */
static bool make_room(AssignWork *w, int32_t a, uint8_t *closed) {
  const AssignProblem *p = w->p;
  int32_t owners = (int32_t)p->owner_count, head = 0, tail = 0, end = ASSIGN_NONE;
  int32_t *queue = mem_alloc((size_t)owners * 3 * sizeof *queue), *from = queue + owners, *goes = from + owners;
  uint8_t *seen = mem_zalloc((size_t)owners, 1);
  for (int32_t o = 0; o < owners; o++) {
    if (closed[o] || !assign_may(p, a, o)) continue;
    seen[o] = 1;
    from[o] = ASSIGN_NONE;
    queue[tail++] = o;
  }
  while (head < tail && end < 0) {
    int32_t o = queue[head++];
    for (int32_t b = w->first[o]; b >= 0 && end < 0; b = w->next[b]) {
      if (!assign_is_free(p, b)) continue;
      bool fits = from[o] < 0 ? assign_has_room(w, o, a, b) : assign_has_room(w, o, goes[o], b);
      for (int32_t q = 0; fits && q < owners && end < 0; q++) {
        if (seen[q] || closed[q] || !assign_may(p, b, q)) continue;
        seen[q] = 1;
        from[q] = o;
        goes[q] = b;
        queue[tail++] = q;
        if (assign_has_room(w, q, b, ASSIGN_NONE)) end = q;
      }
    }
  }
  bool found = end >= 0;
  for (int32_t i = 0; !found && i < tail; i++) closed[queue[i]] = 1;
  while (found && from[end] >= 0) {
    assign_take(w, goes[end]);
    assign_put(w, goes[end], end);
    end = from[end];
  }
  if (found) assign_put(w, a, end);
  mem_free(seen);
  mem_free(queue);
  return found;
}

static bool place_all(AssignWork *w, const int32_t *free, int32_t count, Err *e) {
  const AssignProblem *p = w->p;
  bool ok = true;
  Turn *turns = mem_alloc((size_t)count * sizeof *turns);
  uint8_t *closed = mem_zalloc(p->owner_count, 1);
  for (int32_t i = 0; i < count; i++) {
    const AssignAccount *a = &p->accounts[free[i]];
    turns[i] = (Turn){free[i], 0, a->minutes + w->value_minutes * a->value};
    for (int32_t o = 0; o < (int32_t)p->owner_count; o++) turns[i].may += assign_may(p, free[i], o);
  }
  if (count) qsort(turns, (size_t)count, sizeof *turns, comes_first);
  for (int32_t i = 0; i < count && ok; i++) {
    int32_t a = turns[i].account, o = w->owner[a] >= 0 ? ASSIGN_NONE : cheapest(w, a);
    if (i % STOP_EVERY == 0) ok = stop_check(e);
    if (o >= 0) assign_put(w, a, o);
    else if (w->owner[a] < 0) make_room(w, a, closed);
  }
  mem_free(closed);
  mem_free(turns);
  return ok;
}

/* --- better ones ------------------------------------------------------------------------------------------------- */

static bool move(AssignWork *w, int32_t a) {
  int32_t best = ASSIGN_NONE, here = w->owner[a];
  double leave = assign_leave(w, a), least = -LESS;
  for (int32_t o = 0; o < (int32_t)w->p->owner_count; o++) {
    if (o == here || !assign_may(w->p, a, o)) continue;
    double more = leave + assign_join(w, a, o);
    if (more < least && assign_has_room(w, o, a, ASSIGN_NONE)) least = more, best = o;
  }
  if (best < 0) return false;
  assign_take(w, a);
  assign_put(w, a, best);
  return true;
}

/* With the account of one of the owners near to it that makes most of the change. */
static bool swap(AssignWork *w, int32_t a) {
  const AssignProblem *p = w->p;
  int32_t here = w->owner[a], best = ASSIGN_NONE;
  double least = -LESS;
  for (int32_t i = 0; i < w->near_count && w->near[(size_t)a * w->near_count + i] >= 0; i++) {
    int32_t o = w->near[(size_t)a * w->near_count + i];
    if (o == here) continue;
    double roads = assign_cost(w, a, o) - w->paid[a];
    for (int32_t b = w->first[o]; b >= 0; b = w->next[b]) {
      if (!assign_is_free(p, b) || !assign_may(p, b, here)) continue;
      double minutes = p->accounts[b].minutes - p->accounts[a].minutes, value = p->accounts[b].value - p->accounts[a].value;
      double more = roads - w->paid[b] + assign_balance(w, here, minutes, value) + assign_balance(w, o, -minutes, -value);
      if (more + w->least[b] >= least) continue;
      more += assign_cost(w, b, here);
      if (more < least && assign_has_room(w, o, a, b) && assign_has_room(w, here, b, a)) least = more, best = b;
    }
  }
  if (best < 0) return false;
  int32_t there = w->owner[best];
  assign_take(w, a);
  assign_take(w, best);
  assign_put(w, a, there);
  assign_put(w, best, here);
  return true;
}

static bool improve(AssignWork *w, const int32_t *free, int32_t count, Err *e) {
  bool better = true;
  for (int round = 0; better && round < ROUNDS_MOST; round++) {
    better = false;
    for (int32_t i = 0; i < count; i++) {
      if (i % STOP_EVERY == 0 && !stop_check(e)) return false;
      if (w->owner[free[i]] >= 0 && move(w, free[i])) better = true;
    }
    bool moved = better;
    for (int32_t i = 0; i < count && !moved; i++) {
      if (i % STOP_EVERY == 0 && !stop_check(e)) return false;
      if (w->owner[free[i]] >= 0 && swap(w, free[i])) better = true;
    }
  }
  return true;
}

bool assign_search(AssignWork *w, bool *exact, Err *e) {
  const AssignProblem *p = w->p;
  int32_t count = 0, *free = mem_alloc(p->account_count * sizeof *free);
  bool limits = false, ok = true;
  for (int32_t a = 0; a < (int32_t)p->account_count; a++)
    if (assign_is_free(p, a)) free[count++] = a;
  for (size_t o = 0; o < p->owner_count; o++) limits = limits || p->owners[o].accounts >= 0 || p->owners[o].most > 0;
  *exact = choices(w, free, count, limits) <= CHOICES_MOST;
  if (*exact) best_of_all(w, free, count, limits);
  else ok = place_all(w, free, count, e) && improve(w, free, count, e);
  mem_free(free);
  return ok;
}
