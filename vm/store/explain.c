#include "store/explain.h"

#include <string.h>
#include <time.h>

#include "store/db.h"

void store_explain(Store *s, MeasureLog *log) { s->log = log; }

void measure_log_free(MeasureLog *log) {
  mem_free(log->use);
  arena_free(&log->arena);
  *log = (MeasureLog){0};
}

double explain_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void explain_note(Store *s, const char *measure, Day from, Day to, const MeasureUse *use) {
  MeasureLog *log = s->log;
  if (!log) return;
  mem_grow(log->use, log->cap, log->n + 1);
  MeasureUse *own = &log->use[log->n++];
  *own = use ? *use : (MeasureUse){.shared = true};
  own->measure = arena_strndup(&log->arena, measure, strlen(measure));
  own->from = from;
  own->to = to;
}
