/* Owners for accounts and the database: who has what, where everybody is, as an AssignProblem (model/assign.h).
 *
 * Owners are staff, through assignments as main owner in force on as-of; or partners, through registrations in force.
 * Staff are where they start from; who has no place on record, as no partner has, is in the middle of his accounts.
 * Accounts of owners who are not asked about keep them. Ownership: all of an OwnersWorld is its own until
 * owners_world_free; what the ask points to is the caller's and read as long. */
#ifndef STORE_OWNERS_H
#define STORE_OWNERS_H
#include "model/assign.h"
#include "store/store.h"

typedef struct OwnersAsk {
  Day asof;
  bool partners;              /* else staff */
  const int64_t *account;     /* rising or not, each once */
  size_t accounts;
  const int64_t *among;       /* staff or partners who may get accounts */
  size_t among_count;
  const double *minutes, *visits, *value; /* [accounts]; NULL: visits and value 1, minutes 60 a visit */
  const Str *group;           /* [accounts]: region …, empty: any; or NULL */
  const Str *takes;           /* [among_count]: groups, comma between; empty: every one; or NULL */
  const double *capacity;     /* [among_count]: parts of what is fair, 0: gets nothing; NULL: all alike */
  int32_t limit;              /* accounts an owner has at most; ASSIGN_NONE: any number */
  bool again;                 /* owners in force may change too */
  double kmh, road;
} OwnersAsk;

typedef struct OwnersName {
  int64_t id;
  const char *code, *name;    /* name may be NULL */
} OwnersName;

typedef struct OwnersWorld {
  Arena arena;
  AssignProblem p;
  Travel travel;
  OwnersName *owner;          /* [p.owner_count]: those asked about first, then who else has some of the accounts */
  OwnersName *account;        /* [p.account_count], as asked */
  int64_t *row;               /* of the assignment or registration in force; 0: none */
  Day *since;                 /* it is in force from; DAY_NONE: none */
  Day *next;                  /* another owner follows from; DAY_NONE: nobody does */
  const char **group;         /* names of groups, by number */
} OwnersWorld;

bool owners_world(Store *s, const OwnersAsk *ask, OwnersWorld *out, Err *e);
void owners_world_free(OwnersWorld *w);
/* Staff or partners, active, who have an account now: who is asked for the nearest owners. The ids live in the arena. */
bool owners_in_force(Store *s, Day asof, bool partners, Arena *a, int64_t **id, size_t *n, Err *e);
#endif
