/* The state of a search for owners, shared by assign*.c alone. */
#ifndef MODEL_ASSIGN_WORK_H
#define MODEL_ASSIGN_WORK_H
#include "model/assign.h"

enum { ASSIGN_NEAREST_OWNERS = 12 };

typedef struct AssignWork {
  const AssignProblem *p;
  int32_t *road;           /* [account × owners]: minutes one way, 0 for all when the place is not known */
  int32_t *near;           /* [account × near_count]: owners who may have it, nearest first; then ASSIGN_NONE */
  int32_t near_count;
  int32_t *owner;          /* [account]: now, or ASSIGN_NONE */
  int32_t *first, *next, *before; /* accounts of an owner, as a chain: [owner], [account], [account] */
  double *paid, *least;    /* [account]: assign_cost with its owner; less there is with none */
  double *load, *value;    /* [owner] */
  int32_t *count, *fresh;  /* [owner]: accounts; those of them he did not have */
  double *fair_load, *fair_value; /* [owner]; 0: no wish */
  double value_minutes;    /* what a unit of value is worth, in minutes */
} AssignWork;

void assign_open(const AssignProblem *p, AssignWork *w); /* owners in force */
void assign_close(AssignWork *w);
static inline bool assign_is_free(const AssignProblem *p, int32_t a) {
  return p->again || p->accounts[a].owner == ASSIGN_NONE;
}
/* Whoever has it may keep it, whatever the limits, as long as he gets nobody new. */
bool assign_may(const AssignProblem *p, int32_t a, int32_t o);          /* group and capacity */
bool assign_has_room(const AssignWork *w, int32_t o, int32_t a, int32_t without); /* `without` (or ASSIGN_NONE) leaves */
double assign_cost(const AssignWork *w, int32_t a, int32_t o);          /* of the pair alone: roads, a changed owner */
/* What changes when o's load and value do. */
double assign_balance(const AssignWork *w, int32_t o, double minutes, double value);
double assign_join(const AssignWork *w, int32_t a, int32_t o);          /* what changes when a without owner joins o */
double assign_leave(const AssignWork *w, int32_t a);                    /* when a leaves its owner */
void assign_put(AssignWork *w, int32_t a, int32_t o);
void assign_take(AssignWork *w, int32_t a);

/* assign_search.c: fails when stop_asked. *exact: every choice was tried. */
bool assign_search(AssignWork *w, bool *exact, Err *e);
#endif
