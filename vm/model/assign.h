/* Who takes care of whom: owners (account managers, or partners) for accounts that have none.
 *
 * Wished, together: little travel; everybody's load near his fair share; everybody's value near his fair share. In
 * minutes, what the search makes small is
 *   travel × Σ visits × minutes on the road there and back
 *   + load × Σ (load - fair)² ÷ fair + value × M × Σ (value - fair)² ÷ fair
 * over owners, fair being the load (or value) of all accounts times the owner's part of all capacities, and M the minutes
 * of load that a unit of value stands for on average: all visits' minutes ÷ all value. Nobody without an owner comes before
 * that. Kept always: who has an owner keeps him (unless `again`), groups, limits; an owner who is over his limits already
 * gets nobody more.
 *
 * Method: whoever has the fewest owners to choose from comes first, the larger before the smaller, to the owner with whom
 * he costs least; who finds no room makes others go (augmenting paths); then moves and swaps until none helps. With few
 * enough choices all of them are tried instead, and the result is the best there is. No clock, no chance: the same accounts
 * and owners in the same order give the same proposal. Ties go to the smaller number.
 *
 * Ownership: an AssignProblem is the caller's and only read; picks go back by mem_free. */
#ifndef MODEL_ASSIGN_H
#define MODEL_ASSIGN_H
#include "base/err.h"
#include "model/travel.h"

enum {
  ASSIGN_NONE = -1,      /* no owner, no place, no group, no limit */
  ASSIGN_GROUPS = 256    /* groups are numbered 0.. up to here */
};

typedef struct AssignAccount {
  int32_t place;         /* or ASSIGN_NONE: not on record; then travel decides nothing */
  int32_t owner;         /* who has it now, or ASSIGN_NONE */
  int32_t group;         /* only owners of this group (region, product line); ASSIGN_NONE: anybody */
  double minutes;        /* of visits it asks for in the time that is balanced; >= 0 */
  double visits;         /* how many they are; >= 0 */
  double value;          /* >= 0 */
} AssignAccount;

typedef struct AssignOwner {
  int32_t place;         /* or ASSIGN_NONE: not on record; then no nearer than the farthest */
  uint64_t groups[ASSIGN_GROUPS / 64]; /* bit g % 64 of groups[g / 64]: takes accounts of group g; none: of every group */
  int32_t accounts;      /* at most so many; ASSIGN_NONE: any number */
  double minutes;        /* his capacity: his part of what is fair; 0: gets nothing */
  double most;           /* minutes of load, at most; 0: no limit */
} AssignOwner;

typedef struct AssignWeights {
  double travel, load, value; /* 1, 1, 0.5 are usual */
  double move;           /* with `again`: minutes that taking an account from its owner costs; 240 is usual */
} AssignWeights;

typedef struct AssignProblem {
  size_t account_count, owner_count, place_count;
  const AssignAccount *accounts;
  const AssignOwner *owners;
  const Travel *travel;
  bool again;            /* owners in force may change too */
  AssignWeights weights;
} AssignProblem;

typedef enum AssignReason {
  ASSIGN_KEPT,           /* has an owner, who stays */
  ASSIGN_NEAREST,        /* nobody who may have it is nearer */
  ASSIGN_BALANCE,        /* `nearer` is nearer, but has more of his share already: it would cost more balance than it saves road */
  ASSIGN_LIMIT,          /* `nearer` is nearer, but his limit is reached */
  ASSIGN_ONLY,           /* nobody else may have it */
  ASSIGN_BY_LOAD,        /* no place on record: balance alone */
  ASSIGN_NO_GROUP,       /* stays without: no owner takes accounts of its group */
  ASSIGN_ALL_FULL        /* stays without: every owner who might have it is at his limit */
} AssignReason;

typedef struct AssignPick {
  int32_t account, owner;/* or ASSIGN_NONE */
  int32_t before;        /* the owner in force, or ASSIGN_NONE */
  AssignReason reason;
  int32_t nearer;        /* of BALANCE, LIMIT; else ASSIGN_NONE */
  int32_t next;          /* the next-best owner, all else as it is; or ASSIGN_NONE */
  double next_more;      /* what he costs more, minutes; 0 without one */
  int32_t minutes;       /* on the road to it, one way; ASSIGN_NONE: not known */
} AssignPick;

typedef struct AssignLoad {
  double minutes, value; /* of all his accounts */
  double fair_minutes, fair_value;
  int32_t accounts, fresh; /* all; those he got */
  double travel;         /* minutes of travel to them, there and back, in that time */
} AssignLoad;

typedef struct AssignPlan {
  AssignPick *picks;     /* one an account, in their order */
  AssignLoad *before, *loads; /* one an owner; as it is, as proposed */
  size_t moved, placed, without;
  double score;          /* minutes, as above */
  bool exact;            /* every choice was tried */
} AssignPlan;

AssignWeights assign_usual(void);
/* False and a sentence when an index is out of range or a figure is negative or NaN, or when stop_asked. */
bool assign_plan(const AssignProblem *p, AssignPlan *out, Err *e);
void assign_plan_free(AssignPlan *plan);
/* What the search makes small, of any assignment: owner[account] or ASSIGN_NONE. Those without owner cost nothing. */
double assign_score(const AssignProblem *p, const int32_t *owner);

typedef struct AssignNear {
  int32_t owner;
  double km;             /* straight line */
  int32_t minutes;       /* on the road, one way */
  AssignLoad load;       /* as it is now */
  bool full;             /* at his limit */
} AssignNear;

/* The k nearest owners of the account who may have it, himself included, nearest first; fewer when there are fewer with a
 * place on record. Returns how many; 0 when the account has no place. */
size_t assign_near(const AssignProblem *p, int32_t account, size_t k, AssignNear *out);
#endif
