#include "instance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double distance(const Instance *p, int a, int b) { return hypot(p->x[a] - p->x[b], p->y[a] - p->y[b]); }

static void *numbers(size_t count, size_t size) {
  void *p = calloc(count, size);
  if (!p) exit(1);
  return p;
}

static void allocate(Instance *p, size_t n) {
  p->x = numbers(n + 1, sizeof *p->x);
  p->y = numbers(n + 1, sizeof *p->y);
  p->service = numbers(n + 1, sizeof *p->service);
  p->demand = numbers(n + 1, sizeof *p->demand);
  p->first_pattern = numbers(n + 2, sizeof *p->first_pattern);
}

static void one_day(Instance *p) {
  p->days = 1;
  p->pattern = numbers((size_t)p->customers, sizeof *p->pattern);
  for (int c = 1; c <= p->customers; c++) {
    p->pattern[c - 1] = 1;
    p->first_pattern[c + 1] = c;
  }
}

/* PATH without folder and ending. */
static void name_of(const char *path, char *name, size_t size) {
  const char *slash = strrchr(path, '/');
  snprintf(name, size, "%s", slash ? slash + 1 : path);
  char *dot = strrchr(name, '.');
  if (dot) *dot = 0;
}

/* The cost of the line NAME,… in best_known.csv beside the file, from the column of that number. */
static double known_of(const char *path, const char *name, int column) {
  char file[4096], line[1024];
  const char *slash = strrchr(path, '/');
  snprintf(file, sizeof file, "%.*sbest_known.csv", slash ? (int)(slash + 1 - path) : 0, path);
  FILE *f = fopen(file, "r");
  double known = 0;
  while (f && fgets(line, sizeof line, f)) {
    size_t n = strlen(name);
    if (strncmp(line, name, n) != 0 || line[n] != ',') continue;
    const char *at = line;
    for (int i = 0; i < column && at; i++) at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL;
    known = at ? strtod(at, NULL) : 0;
  }
  if (f) fclose(f);
  return known;
}

/* The first line of a published solution, NAME.res beside the file, is its cost. */
static double published(const char *path) {
  char file[4096];
  double cost = 0;
  const char *dot = strrchr(path, '.');
  snprintf(file, sizeof file, "%.*s.res", (int)(dot ? dot - path : (long)strlen(path)), path);
  FILE *f = fopen(file, "r");
  if (!f) return 0;
  if (fscanf(f, "%lf", &cost) != 1) cost = 0;
  fclose(f);
  return cost;
}

static bool read_days(FILE *f, Instance *p) {
  for (int d = 0; d < p->days; d++) {
    double load;
    if (fscanf(f, "%lf %lf", &p->longest[d], &load) != 2) return false;
    p->most_load[d] = (int)load;
  }
  return true;
}

/* A code is the days as binary digits from left to right. */
static uint64_t days_of(uint64_t code, int days) {
  uint64_t pattern = 0;
  for (int d = 0; d < days; d++)
    if (code >> (days - 1 - d) & 1) pattern |= UINT64_C(1) << d;
  return pattern;
}

bool read_pvrp(const char *path, Instance *p) {
  FILE *f = fopen(path, "r");
  int type, patterns = 0, cap = 0;
  *p = (Instance){0};
  name_of(path, p->name, sizeof p->name);
  if (!f) return false;
  bool ok = fscanf(f, "%d %d %d %d", &type, &p->vehicles, &p->customers, &p->days) == 4 && type == 1 && p->days > 0 &&
            p->days < 64 && p->customers > 0 && p->vehicles > 0 && read_days(f, p);
  if (ok) allocate(p, (size_t)p->customers);
  for (int i = 0; ok && i <= p->customers; i++) {
    int id, often, many;
    double demand;
    ok = fscanf(f, "%d %lf %lf %lf %lf %d %d", &id, &p->x[i], &p->y[i], &p->service[i], &demand, &often, &many) == 7;
    p->demand[i] = (int)demand;
    p->first_pattern[i + 1] = patterns;
    for (int k = 0; ok && k < many; k++) {
      unsigned long code;
      ok = fscanf(f, "%lu", &code) == 1;
      if (patterns == cap) p->pattern = realloc(p->pattern, (size_t)(cap = cap ? 2 * cap : 256) * sizeof *p->pattern);
      if (!p->pattern) exit(1);
      if (i) p->pattern[patterns++] = days_of(code, p->days);
    }
    p->first_pattern[i + 1] = patterns;
  }
  fclose(f);
  p->known = published(path);
  if (p->known <= 0) p->known = known_of(path, p->name, 5);
  return ok;
}

bool read_vrptw(const char *path, Instance *p) {
  FILE *f = fopen(path, "r");
  char line[256];
  *p = (Instance){0};
  name_of(path, p->name, sizeof p->name);
  if (!f) return false;
  while (fgets(line, sizeof line, f))
    if (sscanf(line, "%d %d", &p->vehicles, &p->most_load[0]) == 2) break;
  int size = 256;
  allocate(p, (size_t)size);
  p->open = numbers((size_t)size + 1, sizeof *p->open);
  p->close = numbers((size_t)size + 1, sizeof *p->close);
  p->customers = -1;
  while (fgets(line, sizeof line, f) && p->customers < size) {
    int id, i = p->customers + 1;
    double demand;
    if (sscanf(line, "%d %lf %lf %lf %lf %lf %lf", &id, &p->x[i], &p->y[i], &demand, &p->open[i], &p->close[i], &p->service[i]) != 7)
      continue;
    p->demand[i] = (int)demand;
    p->customers = i;
  }
  fclose(f);
  if (p->customers < 1 || p->vehicles < 1) return false;
  one_day(p);
  p->known = known_of(path, p->name, 1);
  return true;
}

/* Sections NODE_COORD_SECTION and DEMAND_SECTION; node 1 is the depot; SERVICE_TIME and DISTANCE where there are. */
bool read_cvrp(const char *path, Instance *p) {
  FILE *f = fopen(path, "r");
  char line[256];
  double service = 0;
  int section = 0, size = 0;
  *p = (Instance){0};
  name_of(path, p->name, sizeof p->name);
  if (!f) return false;
  while (fgets(line, sizeof line, f)) {
    const char *colon = strchr(line, ':');
    if (colon && !strncmp(line, "DIMENSION", 9)) allocate(p, (size_t)(size = atoi(colon + 1)));
    else if (colon && !strncmp(line, "CAPACITY", 8)) p->most_load[0] = atoi(colon + 1);
    else if (colon && !strncmp(line, "DISTANCE", 8)) p->longest[0] = strtod(colon + 1, NULL);
    else if (colon && !strncmp(line, "SERVICE_TIME", 12)) service = strtod(colon + 1, NULL);
    else if (colon && !strncmp(line, "COMMENT", 7)) {
      const char *digit = colon + 1 + strcspn(colon + 1, "0123456789");
      p->known = strtod(digit, NULL);
    } else if (!strncmp(line, "NODE_COORD", 10)) section = 1;
    else if (!strncmp(line, "DEMAND", 6)) section = 2;
    else if (!strncmp(line, "DEPOT", 5)) section = 3;
    int id;
    double a, b;
    int got = sscanf(line, "%d %lf %lf", &id, &a, &b);
    if (got < 2 || id < 1 || id > size) continue;
    if (section == 1 && got == 3) p->x[id - 1] = a, p->y[id - 1] = b;
    if (section == 2) p->demand[id - 1] = (int)a;
  }
  fclose(f);
  p->customers = size - 1;
  if (size < 2) return false;
  for (int i = 1; i < size; i++) p->service[i] = service;
  p->vehicles = p->customers;
  one_day(p);
  return true;
}
