/* Measures that stand in the database itself: names of observations, and views measure_NAME. */
#include <string.h>

#include "store/measure.h"

const Measure *measure_in(const Store *s, size_t i) {
  if (i < MEASURES) return measure_at(i);
  return s->host && i - MEASURES < s->host->nown ? s->host->own[i - MEASURES] : NULL;
}

static Measure *own_measure(Host *h, Str name, const char *about) {
  Measure *m = arena_zalloc(&h->arena, 1, sizeof *m);
  const Measure **more = arena_alloc(&h->arena, (h->nown + 1) * sizeof *more);
  if (h->nown) memcpy(more, h->own, h->nown * sizeof *more);
  more[h->nown++] = m;
  h->own = more;
  m->name = arena_strndup(&h->arena, name.p, name.n);
  m->about = about;
  return m;
}

static bool observed(void *ctx, int ncol, const Str *col, const Val *val, Err *e) {
  (void)ncol, (void)col, (void)e;
  Host *h = ctx;
  Measure *m = own_measure(h, val_str(val[1]), "observed: rows of `observation`");
  Fact *f = arena_zalloc(&h->arena, 1, sizeof *f);
  *f = (Fact){.number = FACT_OBSERVED + (int)val[0].u.i, .table = &fact_table[FACT_TABLES - 1], .from = "observation",
              .day = "day", .figure = {"value"}};
  Buf where = {0};
  buf_puts(&where, "measure = '");
  for (const char *p = m->name; *p; p++) {
    if (*p == '\'') buf_char(&where, '\'');
    buf_char(&where, *p);
  }
  buf_char(&where, '\'');
  f->where = arena_strndup(&h->arena, where.p, where.n);
  buf_free(&where);
  m->source[0] = (Source){f, 0, false};
  return true;
}

static bool viewed(void *ctx, int ncol, const Str *col, const Val *val, Err *e) {
  (void)ncol, (void)col, (void)e;
  Host *h = ctx;
  Str view = val_str(val[0]);
  Measure *m = own_measure(h, str_sub(view, strlen("measure_"), view.n), "a view of this database, scanned");
  Fact *f = arena_zalloc(&h->arena, 1, sizeof *f);
  Buf from = {0};
  sql_name(&from, view);
  *f = (Fact){.from = arena_strndup(&h->arena, from.p, from.n), .day = "day", .figure = {"value"}};
  buf_free(&from);
  m->source[0] = (Source){f, 0, false};
  return true;
}

bool measure_read_own(Host *h, Err *e) {
  bool before = h->s->host_sql;
  h->s->host_sql = true; /* table-valued PRAGMA functions */
  bool ok = store_query(h->s, "SELECT id, name FROM month_name WHERE length(name) > 0 ORDER BY name", NULL, 0, observed, h, e) &&
         store_query(h->s,
                     "SELECT name FROM sqlite_schema v WHERE type = 'view' AND name GLOB 'measure_?*' AND (SELECT count(*) "
                     "FROM pragma_table_info(v.name) WHERE name IN ('account', 'day', 'value')) = 3 ORDER BY name",
                     NULL, 0, viewed, h, e);
  h->s->host_sql = before;
  return ok;
}
