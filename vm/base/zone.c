#include "base/zone.h"

#include "base/date.h"
#include "base/mem.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT = 64, NAME_MOST = 64, FILE_MOST = 1 << 20, DAY = 86400, HEAD = 44 };

typedef struct Turn { /* when a rule of the footer takes effect: "M3.5.0/2", "J60", "59" */
  char kind;          /* 'M', 'J', 'n' */
  int month, week, day;
  int64_t secs;
} Turn;

typedef struct Zone {
  char name[NAME_MOST + 1];
  bool found;
  size_t n;
  int64_t *from;      /* moments of change, rising */
  int32_t *offset;    /* from then on */
  int32_t first;      /* before all of them */
  bool rule, saves;   /* what holds behind the last one */
  int32_t standard, summer;
  Turn begin, end;
} Zone;

static Zone *kept[KEPT];

/* --- the file */

static uint64_t big_endian(const unsigned char *p, int bytes) {
  uint64_t v = 0;
  for (int i = 0; i < bytes; i++) v = v << 8 | p[i];
  return v;
}

static const char *folder_of_zones(void) {
  const char *folder = getenv("TZDIR");
  return folder && *folder ? folder : "/usr/share/zoneinfo";
}

static unsigned char *read_file(const char *name, size_t *n) {
  char path[512];
  int len = snprintf(path, sizeof path, "%s/%s", folder_of_zones(), name);
  FILE *f = len > 0 && (size_t)len < sizeof path ? fopen(path, "rb") : NULL;
  if (!f) return NULL;
  unsigned char *data = mem_alloc(FILE_MOST);
  *n = fread(data, 1, FILE_MOST, f); /* 0 for a folder */
  fclose(f);
  return data;
}

typedef struct Counts {
  size_t isut, isstd, leap, time, type, chars;
} Counts;

static bool header(const unsigned char *p, size_t n, Counts *c) {
  if (n < HEAD || memcmp(p, "TZif", 4) != 0) return false;
  size_t *const part[] = {&c->isut, &c->isstd, &c->leap, &c->time, &c->type, &c->chars};
  for (int i = 0; i < 6; i++) *part[i] = (size_t)big_endian(p + 20 + 4 * i, 4);
  return c->type > 0 && c->time < FILE_MOST && c->type < 256 && c->leap < FILE_MOST && c->chars < FILE_MOST &&
         c->isut < FILE_MOST && c->isstd < FILE_MOST;
}

static size_t body(const Counts *c, size_t width) {
  return c->time * (width + 1) + c->type * 6 + c->chars + c->leap * (width + 4) + c->isstd + c->isut;
}

static bool moments(const unsigned char *p, const Counts *c, Zone *z) {
  const unsigned char *which = p + c->time * 8, *type = which + c->time;
  z->n = c->time;
  z->from = mem_alloc((c->time + 1) * sizeof *z->from);
  z->offset = mem_alloc((c->time + 1) * sizeof *z->offset);
  z->first = (int32_t)big_endian(type, 4);
  for (size_t i = 0; i < c->time; i++) {
    if (which[i] >= c->type) return false;
    z->from[i] = (int64_t)big_endian(p + i * 8, 8);
    z->offset[i] = (int32_t)big_endian(type + which[i] * 6, 4);
  }
  return true;
}

/* --- the footer, a POSIX TZ text: CET-1CEST,M3.5.0,M10.5.0/3 */

static int number(const char **p) {
  int v = 0;
  for (; **p >= '0' && **p <= '9' && v < 100000; ++*p) v = v * 10 + (**p - '0');
  return v;
}

static bool skip_name(const char **p) {
  const char *from = *p;
  if (**p == '<') {
    while (**p && **p != '>') ++*p;
    if (**p) ++*p;
  } else {
    while ((**p >= 'A' && **p <= 'Z') || (**p >= 'a' && **p <= 'z')) ++*p;
  }
  return *p > from;
}

static int32_t hours(const char **p) {
  int sign = 1;
  if (**p == '+' || **p == '-') sign = *(*p)++ == '-' ? -1 : 1;
  int secs = number(p) * 3600;
  for (int unit = 60; unit > 0 && **p == ':'; unit /= 60) ++*p, secs += number(p) * unit;
  return sign * secs;
}

static bool turn(const char **p, Turn *t) {
  if (**p != ',') return false;
  ++*p;
  t->kind = **p == 'M' || **p == 'J' ? *(*p)++ : 'n';
  t->day = number(p);
  if (t->kind == 'M') {
    t->month = t->day;
    if (*(*p)++ != '.') return false;
    t->week = number(p);
    if (*(*p)++ != '.') return false;
    t->day = number(p);
    if (t->month < 1 || t->month > 12 || t->week < 1 || t->week > 5 || t->day > 6) return false;
  }
  t->secs = 2 * 3600;
  if (**p == '/') ++*p, t->secs = hours(p);
  return true;
}

static void footer(const char *p, Zone *z) {
  if (!skip_name(&p)) return;
  z->standard = -hours(&p);
  z->summer = z->standard + 3600;
  z->rule = true;
  if (*p && *p != ',' && *p != '\n' && skip_name(&p)) {
    if (*p != ',') z->summer = -hours(&p);
    z->saves = turn(&p, &z->begin) && turn(&p, &z->end);
  }
}

static int year_of(int64_t days) { /* the Gregorian calendar comes round every 146,097 days */
  int y, m, d;
  int64_t cycle = days >= 0 ? days / 146097 : -((-days + 146096) / 146097);
  day_parts((Day)(days - cycle * 146097), &y, &m, &d);
  return y;
}

/* Seconds from the start of the year `year` (of the calendar's cycle) to the turn, by the wall clock. */
static int64_t turn_secs(const Turn *t, int year) {
  Day first = day_of(year, 1, 1), day;
  bool leap = month_length(year, 2) == 29;
  if (t->kind == 'M') {
    Day month = day_of(year, t->month, 1);
    day = month + (t->day - day_weekday(month) % 7 + 7) % 7 + 7 * (t->week - 1);
    if (day >= month + month_length(year, t->month)) day -= 7;
  } else {
    day = first + t->day - (t->kind == 'J') + (t->kind == 'J' && leap && t->day >= 60);
  }
  return (int64_t)(day - first) * DAY + t->secs;
}

static int64_t floor_days(int64_t secs) { return secs >= 0 ? secs / DAY : -((-secs + DAY - 1) / DAY); }

static int32_t by_rule(const Zone *z, int64_t utc) {
  if (!z->saves) return z->standard;
  int64_t days = floor_days(utc + z->standard);
  int year = year_of(days);
  int64_t cycle = days >= 0 ? days / 146097 : -((-days + 146096) / 146097);
  int64_t in_year = utc - (cycle * 146097 + day_of(year, 1, 1)) * DAY;
  int64_t begin = turn_secs(&z->begin, year) - z->standard, end = turn_secs(&z->end, year) - z->summer;
  bool summer = begin < end ? in_year >= begin && in_year < end : in_year >= begin || in_year < end;
  return summer ? z->summer : z->standard;
}

/* --- zones */

static bool parse(const unsigned char *p, size_t n, Zone *z) {
  Counts c = {0};
  if (!header(p, n, &c) || p[4] < '2') return false;
  size_t second = HEAD + body(&c, 4);
  if (second > n || !header(p + second, n - second, &c)) return false;
  size_t from = second + HEAD, to = from + body(&c, 8);
  if (to > n || !moments(p + from, &c, z)) return false;
  if (to < n && p[to] == '\n') {
    char text[128];
    size_t len = n - to - 1 < sizeof text - 1 ? n - to - 1 : sizeof text - 1;
    memcpy(text, p + to + 1, len);
    text[len] = 0;
    footer(text, z);
  }
  return true;
}

/* Names of the table, not of the machine's own settings; nothing that leaves the folder. */
static bool proper(Str s) {
  static const char *const own[] = {"localtime", "posixrules", "posix/", "right/"};
  if (!s.n || s.n > NAME_MOST || s.p[0] == '/') return false;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && !memchr("_/+-", c, 4)) return false;
  }
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (str_starts(s, own[i])) return false;
  return true;
}

static const Zone *find(Str name) {
  if (!proper(name)) return NULL;
  size_t at = 0;
  for (; at < KEPT && kept[at]; at++)
    if (str_is(name, kept[at]->name)) return kept[at]->found ? kept[at] : NULL;
  if (at == KEPT) {
    at = KEPT - 1;
    mem_free(kept[at]->from);
    mem_free(kept[at]->offset);
    mem_free(kept[at]);
  }
  Zone *z = kept[at] = mem_zalloc(1, sizeof *z);
  memcpy(z->name, name.p, name.n);
  size_t n = 0;
  unsigned char *data = read_file(z->name, &n);
  z->found = data && parse(data, n, z);
  mem_free(data);
  return z->found ? z : NULL;
}

static int32_t offset_at(const Zone *z, int64_t utc) {
  if (z->n == 0 || utc < z->from[0]) return z->n == 0 && z->rule ? by_rule(z, utc) : z->first;
  if (utc >= z->from[z->n - 1]) return z->rule ? by_rule(z, utc) : z->offset[z->n - 1];
  size_t low = 0, high = z->n - 1;
  while (low + 1 < high) {
    size_t mid = (low + high) / 2;
    if (z->from[mid] <= utc) low = mid;
    else high = mid;
  }
  return z->offset[low];
}

bool zone_known(Str name) { return find(name) != NULL; }

bool zone_fixed(Str name, int32_t *offset) {
  const Zone *z = find(name);
  if (!z || z->n || z->saves) return false;
  *offset = offset_at(z, 0);
  return true;
}

bool zone_at(Str name, int64_t utc, int32_t *offset) {
  const Zone *z = find(name);
  if (z) *offset = offset_at(z, utc);
  return z != NULL;
}

bool zone_at_local(Str name, int64_t local, int32_t *offset) {
  const Zone *z = find(name);
  if (!z) return false;
  int32_t before = offset_at(z, local - DAY), after = offset_at(z, local + DAY);
  bool fits_before = offset_at(z, local - before) == before;
  *offset = fits_before || offset_at(z, local - after) != after ? before : after;
  return true;
}

/* --- changes of the offset */

static void nearer(const Zone *z, int64_t at, int64_t utc, int64_t *best) {
  if (at > utc && at < *best && offset_at(z, at) != offset_at(z, at - 1)) *best = at;
}

static int64_t turn_by_rule(const Zone *z, int64_t utc) {
  int64_t best = INT64_MAX, days = floor_days(utc);
  int64_t cycle = days >= 0 ? days / 146097 : -((-days + 146096) / 146097);
  int year = year_of(days);
  for (int y = year - 1; y <= year + 1; y++) {
    int64_t first = (cycle * 146097 + day_of(y, 1, 1)) * DAY;
    nearer(z, first + turn_secs(&z->begin, y) - z->standard, utc, &best);
    nearer(z, first + turn_secs(&z->end, y) - z->summer, utc, &best);
  }
  return best;
}

static bool turn_after(const Zone *z, int64_t utc, int64_t *when) {
  size_t low = 0, high = z->n; /* the first listed moment behind utc */
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (z->from[mid] <= utc) low = mid + 1;
    else high = mid;
  }
  for (; low < z->n; low++)
    if (offset_at(z, z->from[low]) != offset_at(z, z->from[low] - 1)) {
      *when = z->from[low];
      return true;
    }
  if (!z->rule || !z->saves) return false;
  *when = turn_by_rule(z, utc);
  return *when != INT64_MAX;
}

bool zone_turn(Str name, int64_t utc, int64_t *when) {
  const Zone *z = find(name);
  return z && turn_after(z, utc, when);
}

/* From one stretch of constant offset to the next: what it shows there is local = moment + offset. */
bool zone_first(Str name, int64_t local, int64_t *utc, ZoneFit *fit) {
  const Zone *z = find(name);
  if (!z) return false;
  int64_t from = local - 2 * DAY, to; /* more than any offset is */
  for (;; from = to) {
    bool last = !turn_after(z, from, &to);
    *utc = local - offset_at(z, from);
    *fit = ZONE_ONCE;
    if (*utc < from) {
      *utc = from;
      *fit = ZONE_SKIPPED;
      return true;
    }
    if (last) return true;
    if (*utc < to) {
      if (local - offset_at(z, to) >= to) *fit = ZONE_TWICE;
      return true;
    }
  }
}

/* --- names */

void zone_here(Buf *out) {
  const char *set = getenv("TZ");
  if (set && *set == ':') set++;
  if (set && *set) {
    buf_puts(out, set);
    return;
  }
  char path[PATH_MAX];
  ssize_t n = readlink("/etc/localtime", path, sizeof path - 1);
  path[n > 0 ? n : 0] = 0;
  const char *at = strstr(path, "zoneinfo/");
  buf_puts(out, at ? at + strlen("zoneinfo/") : "UTC");
}

typedef struct Nearest {
  Str wrong;
  int best;
  Buf *out;
} Nearest;

static void seek_folder(Nearest *s, const char *folder, const char *within, int depth) {
  DIR *d = opendir(folder);
  if (!d) return;
  for (struct dirent *x; (x = readdir(d));) {
    char path[512], name[256];
    struct stat st;
    if (x->d_name[0] == '.') continue;
    int n = snprintf(path, sizeof path, "%s/%s", folder, x->d_name);
    int m = snprintf(name, sizeof name, "%s%s%s", within, *within ? "/" : "", x->d_name);
    if (n >= (int)sizeof path || m >= (int)sizeof name || stat(path, &st) != 0) continue;
    if (S_ISDIR(st.st_mode)) {
      if (depth < 3) seek_folder(s, path, name, depth + 1);
      continue;
    }
    int far = str_distance(s->wrong, str_of(name), s->best);
    bool better = far < s->best || (far == s->best && s->out->n && str_cmp(str_of(name), buf_view(s->out)) < 0);
    if (!better || far > 3 || !zone_known(str_of(name))) continue;
    s->best = far;
    buf_clear(s->out);
    buf_puts(s->out, name);
  }
  closedir(d);
}

bool zone_nearest(Str wrong, Buf *out) {
  Nearest s = {.wrong = wrong, .best = wrong.n < 9 ? 2 : 4, .out = out};
  seek_folder(&s, folder_of_zones(), "", 0);
  return out->n > 0;
}
