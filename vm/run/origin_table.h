/* One table as verify looks at it: since which run, which ranges of ids came at once. Internal to origin*.c. */
#ifndef RUN_ORIGIN_TABLE_H
#define RUN_ORIGIN_TABLE_H
#include "run/origin.h"
#include "store/added.h"
#include "store/catalog.h"

typedef struct OriginRange {
  int64_t first, last, n, run;
  uint64_t want[2];
  bool summed, undone;
} OriginRange;

typedef struct OriginTable {
  Store *s;
  const char *name;
  const CatEntity *ent; /* NULL for tables of the host */
  int64_t since;        /* the run that took note last, or 0: earlier ones say nothing */
  OriginRange *range;   /* in order of ids; where two meet, the later run's stands */
  size_t n, cap;
  StoreFaultFn fn;
  void *ctx;
  bool seeking;         /* rows are looked for: nothing is reported */
  int64_t span_first, span_last, span_n; /* rows that no run brought, not reported yet */
  Arena a;
} OriginTable;

bool origin_open(OriginTable *t, Err *e); /* s, name, fn, ctx are set */
void origin_close(OriginTable *t);
bool origin_fault(const OriginTable *t, Err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* "account C0042 华东仪表", "orders #17". */
void origin_row(const OriginTable *t, int64_t id, Buf *out);
/* "run 4 (tiers)". */
void origin_run(const OriginTable *t, int64_t run, Buf *out);
/* A row that no run brought; neighbours are told as one. */
void origin_stranger(OriginTable *t, int64_t id);
bool origin_strangers_end(OriginTable *t, Err *e);
#endif
