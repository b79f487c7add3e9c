/* A line on stderr for work that takes more than a second: what, how much of how much,
 * how fast, how long still. Nothing at all when stderr is no terminal. */
#ifndef UI_PROGRESS_H
#define UI_PROGRESS_H
#include "base/str.h"

typedef struct Progress {
  const char *what;     /* "reading orders.csv"; not owned */
  const char *unit;     /* "rows"; "B" is shown as MB */
  int64_t total;        /* 0 = not known */
  int64_t done;
  double began, shown;  /* monotonic seconds */
  bool tty, visible;
} Progress;

void progress_begin(Progress *p, const char *what, const char *unit, int64_t total);
void progress_at(Progress *p, int64_t done);   /* cheap; draws at most ten times a second */
void progress_end(Progress *p);                /* erases the line */
/* The line as it would stand after `seconds` of work, at most `width` columns. */
void progress_line(const Progress *p, double seconds, int width, Buf *out);
#endif
