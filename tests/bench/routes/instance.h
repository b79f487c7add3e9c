/* Instances of the literature: Cordeau's periodic VRP, Solomon's VRPTW, Christofides' CVRP in TSPLIB's form.
 * Everything is in the units of the file; memory lives until the process ends. */
#ifndef BENCH_INSTANCE_H
#define BENCH_INSTANCE_H
#include <stdbool.h>
#include <stdint.h>

typedef struct Instance {
  char name[64];
  int customers, days, vehicles;  /* vehicles a day */
  double *x, *y, *service;        /* [0] is the depot */
  int *demand;
  double *open, *close;           /* begin of service; NULL: no windows. close[0]: back by then */
  double longest[64];             /* duration of a route on that day, with service; 0: any */
  int most_load[64];              /* 0: any */
  int *first_pattern;             /* [customers + 2]: of customer c = 1.. */
  uint64_t *pattern;              /* bit d for day d */
  double known;                   /* cost to compare with; 0: none on record */
} Instance;

bool read_pvrp(const char *path, Instance *to);
bool read_vrptw(const char *path, Instance *to);
bool read_cvrp(const char *path, Instance *to);
double distance(const Instance *p, int a, int b);

/* A route of a solution: customers 1.. in order. */
typedef struct Tour {
  int day, count, *stop;
} Tour;

/* The checker: from the instance and the tours alone. NULL and the cost, or what is broken. */
const char *check_tours(const Instance *p, const Tour *tours, int count, double *cost);

/* Reads the arguments, solves each file, prints a line each and the mean. */
int bench_main(int argc, char **argv, bool (*read)(const char *, Instance *));
#endif
