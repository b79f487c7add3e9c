/* What a person's plan was made from, as a number: when a plan is asked for again and nothing of it is another, the plan in
 * force stands as it is, however long one might search.
 *
 * It is over the days, hours, weights and effort, the person's working days and ends, his sites with all that is asked of them,
 * the visits in force, and given ways. Not over the seed: another roll of the dice is no reason to move anybody. It is kept as
 * a published figure of staff, one a day and playbook, so that it is undone with the run that left it. */
#ifndef STORE_VISITS_BASIS_H
#define STORE_VISITS_BASIS_H
#include "store/visits.h"

/* [p.staff_count], in the arena of the world, whose rows are the plan in force. Never negative. */
int64_t *visits_basis(VisitWorld *w, const VisitWeights *weights, int64_t effort);
/* Whose number of that figure and as-of is the same now, and whose visits in force are all to be kept: p.settled, p.stood. */
bool visits_settle(Store *s, VisitWorld *w, const int64_t *basis, const char *figure, Err *e);
#endif
