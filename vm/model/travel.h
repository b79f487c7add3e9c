/* Minutes on the road between places: the straight line (great circle, earth's radius 6371.0088 km) × a road factor
 * ÷ a speed, or what a table says where it has the pair.
 *
 * Whole minutes, rounded up: calendars have no others, and a plan that is kept on paper is kept on the road.
 * Ownership: the caller's arrays are read for as long as the Travel is used; travel_free gives back its index. */
#ifndef MODEL_TRAVEL_H
#define MODEL_TRAVEL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TravelPair {
  int32_t from, to; /* places */
  int32_t minutes;  /* >= 0 */
} TravelPair;

typedef struct Travel {
  const double *lat, *lon;  /* degrees, one a place */
  double road;              /* length of the road ÷ straight line; 1.3 is usual */
  double kmh;               /* > 0 */
  const TravelPair *pairs;  /* or NULL; one direction each; of two lines for a pair the last counts */
  size_t pair_count;
  bool both_ways;           /* a pair absent from the table takes the figure of its way back, if that is there */
  /* made by travel_index */
  int32_t *slots;
  size_t slot_count;
} Travel;

#define TRAVEL_MOST 100000  /* minutes; longer ways count as this */

void travel_index(Travel *t);   /* once the pairs stand; needed only with pairs */
void travel_free(Travel *t);    /* the index; a zeroed Travel is fine */
double travel_km(const Travel *t, int from, int to);        /* the straight line */
int32_t travel_minutes(const Travel *t, int from, int to);  /* 0 from a place to itself */
#endif
