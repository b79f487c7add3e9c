/* The words the sample company is made of. Companies and people are invented by
 * combining syllables; places are real, so that maps and routes make sense. */
#ifndef COMPANY_NAMES_H
#define COMPANY_NAMES_H
#include "rng.h"

enum { REGIONS = 7, INDUSTRIES = 10, LINES = 6, PER_LINE = 12, PRODUCTS = LINES * PER_LINE, NAME_SIZE = 80 };

typedef struct City {
  const char *name;
  int region, weight;
  double latitude, longitude;
} City;
extern const City city_table[];
extern const int city_count;
extern const char *const region_name[REGIONS];

typedef struct Industry {
  const char *name;
  const char *const words[4]; /* what companies of it are called after */
  int weight;
  double season[12];          /* January to December, mean about 1 */
} Industry;
extern const Industry industry_table[INDUSTRIES];

typedef struct Line {
  const char *name, *letter, *unit;
  const char *const kind[4];
  double cheapest, dearest;   /* list prices, yuan */
  double cost;                /* of list price */
} Line;
extern const Line line_table[LINES];

/* The n-th company name of an industry: different n, different name (up to 10,000). */
void name_company(char out[NAME_SIZE], uint64_t seed, int industry, int n);
void name_group(char out[NAME_SIZE], uint64_t seed, int n);     /* …集团 */
void name_partner(char out[NAME_SIZE], uint64_t seed, int n);
void name_person(char out[NAME_SIZE], Rng *r);
int name_city(Rng *r);
#endif
