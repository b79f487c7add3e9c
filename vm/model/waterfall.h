/* The price waterfall of a quote: list price, less what an agreement and the quantity give, less what is asked
 * beyond, less the line's part of a discount on the whole, of rebate, freight and payment terms: what is left in
 * the pocket, and its margin over cost.
 *
 * Money is integer minor units, shares are millionths. Discounts in a row compound: the second is off what the
 * first left. Each amount is rounded half away from zero where it arises; what belongs to the whole quote is
 * spread over its lines by largest remainder, so that lines add up to it to the last minor unit. Results depend
 * on nothing but the figures given. */
#ifndef MODEL_WATERFALL_H
#define MODEL_WATERFALL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WATER_WHOLE = 1000000 }; /* 100 % in millionths */

typedef struct WaterLine {
  int64_t list, net, cost, freight; /* of the whole line */
  int32_t agreement, volume;        /* discounts */
} WaterLine;
typedef struct WaterTerms {
  int64_t bundle, freight;          /* of the whole quote */
  int32_t rebate, interest;         /* interest: of a year */
  int32_t payment_days;
} WaterTerms;
typedef enum WaterStep {
  WATER_LIST, WATER_AGREEMENT, WATER_VOLUME, WATER_ASKED, WATER_BUNDLE, WATER_REBATE, WATER_FREIGHT, WATER_TERMS,
  WATER_POCKET, WATER_COST, WATER_STEPS
} WaterStep;

/* x * share / 1,000,000, rounded half away from zero. */
int64_t water_part(int64_t x, int64_t share);
/* Spreads `total` over n parts as their weights are (all >= 0), by largest remainder; the earlier first among
 * equals. All weights 0: spread evenly. False when n is 0 and there is something to spread, or a weight is
 * negative. */
bool water_spread(int64_t total, const int64_t *weight, size_t n, int64_t *out);
/* out[i * WATER_STEPS + step]: amounts taken off are positive; list - all of them = pocket. False when an amount
 * cannot be (negative price, bundle, freight or days; a share outside 0..100 %; 9e14 and above). */
bool waterfall(const WaterLine *line, size_t n, WaterTerms t, int64_t *out);
#endif
